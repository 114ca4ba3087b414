"""Bah et al. 2019, Section 2: gradient flows of deep linear networks and what they conserve.

Lemma 2 (1)–(4) hold for every depth: a layer stands between the product of those above and of those below. What takes
the product of all layers apart, (11), (15) and (9), is said of N = 2, 3 and 4 layers.

Main results
    zero_loss         an autoencoder has something to learn exactly where r < rank X, which is not r < m
    curl              the flow of the product is no gradient flow for N = 2 and one output, but where XXᵀ = λI
    gradient_layers   the gradient by a layer is that of L^1 between the other layers
    product_flow      (6), the flow of the product
    conserved         Lemma 2 (3): W_{j+1}ᵀW_{j+1} − W_jW_jᵀ and ‖W_i‖² − ‖W_j‖² are constant
    balanced_roots    (7): the products of balanced layers are the powers of WWᵀ and WᵀW
    layer_bound       (9) for N = 2, with its constants: ‖W_1‖⁴ ≤ d_1(2‖W‖² + ‖W_2ᵀW_2 − W_1W_1ᵀ‖²)
    gram_norms        that ‖W_NW_Nᵀ‖ and ‖W_iW_iᵀ‖ differ by a constant, in the proof of (9), fails for N = 2
    holder            (16) for N = 2, with its constant: ‖A − B‖⁴ ≤ d‖A² − B²‖² for semi-definite A and B
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal
from proofs.bah2019.notation import (
    HALF,
    ONE,
    ORTHONORMAL,
    SINGULAR,
    U_W,
    V_W,
    WIDTHS,
    T,
    W,
    X,
    Y,
    a,
    b,
    c,
    cols,
    d_x,
    d_y,
    e,
    half_loss,
    i,
    j,
    layers,
    left_root,
    m,
    of_depth,
    product,
    r,
    right_root,
    rows,
    slope,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Diff,
    Entry,
    Expr,
    Eye,
    Family,
    Grad,
    Inner,
    Letter,
    Named,
    Rank,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    add,
    integer,
    size,
    sqrt,
)
from proofs.kernel.propositions import ZERO, And, Exists, Implies, Rel, rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Rates, constant, descent
from proofs.methods.implication import Implication, Step
from proofs.methods.proposition import Proposition, says
from proofs.methods.words import Open
from proofs.tactics.relations import Choose

P, R = Letter("P", d_y, b), Letter("R", a, d_x)
READING = "P stands for the product of the layers above, R for that of the layers below; either may be the identity"
SCAN = "The text at hand prints the index j as i in places; the layers are read as the proof uses them."
DEPTHS = (2, 3, 4)
SMALL_DEPTHS = "N = 2, 3 and 4; the argument is the same for every N, but no symbolic number of factors is stated"

# The autoencoder's rank ---------------------------------------------------------------------------
d = size("d", least=r)
V, V_X, K, F = Letter("W", d, d), Letter("X", d, m), Letter("K", r, m), Letter("F", d, r, ORTHONORMAL)
NARROW = "r is the least width, so r ≤ d_x, which is d here; W is any matrix of rank at most r."


def shapes(rng: Random, at: Instance) -> Instance:
    """r ≤ d, m on either side of both; W is often the identity."""
    rank = int(at["k"])
    side = rank + rng.randint(0, 2)
    drawn = {"r": rank, "d": side, "m": rng.randint(1, rank + 2)}
    return {**drawn, "W": diagonal([fmpq(1)] * side)} if rng.random() < 0.5 else drawn


RANKS = Hypothesis("r ≤ d_x", r"r \le d_x", (Rel(r, "≤", d),), shapes)


@claim("bah2019/sec2-rank-deficient-case", where="Section 2, before (5)", given=[RANKS], note=NARROW)
def identity_attains() -> Proposition:
    """Unless r < m one can set W = I: the identity has rank at most r."""
    return says(Implies(rel(m, "≤", r), rel(Rank(Eye(d)), "≤", r)))


@claim(
    "bah2019/sec2-rank-deficient-case+",
    where="Section 2, before (5)",
    given=[RANKS],
    note="X = FK with orthonormal columns F, by QR, wherever X has rank at most r, in particular for m ≤ r.",
)
def zero_loss() -> All:
    """Where rank X ≤ r some W of rank at most r has no loss, and where rank X > r none has."""
    copies = And((Rel(V @ V_X, "=", V_X), rel(Rank(V), "≤", r)))
    return both(
        says(Implies(Rel(V_X, "=", F @ K), Exists(V, copies)), Choose((V, F @ F.T))),
        chain(Rank(V @ V_X), "≤", Rank(V)),
    )


@claim(
    "bah2019/sec2-rank-deficient-case/only",
    where="Section 2, before (5)",
    given=[RANKS],
    note=f"The converse: where r < m there is something to learn, as no W has no loss. {NARROW}",
)
def something_to_learn() -> Proposition:
    """Where r < m no W of rank at most r reproduces the data."""
    return says(Implies(And((rel(r, "<", m), rel(Rank(V), "≤", r))), Rel(V @ V_X, "≠", V_X)))


@claim("bah2019/gradL1", where="Section 2, before (5)", given=[WIDTHS])
def gradient_one() -> Chain:
    """The gradient of the loss by the product."""
    return eq(Grad(half_loss(W), W), W @ X @ X.T - Y @ X.T)


# No Euclidean gradient flow -----------------------------------------------------------------------
w_1, w_2, λ_1, λ_2, y_1, y_2 = (Sym(f"{name}_{place}") for name in "wλy" for place in (1, 2))
LENGTH = Named("|w|", sqrt(w_1**2 + w_2**2))
SLOPES = (λ_1 * w_1 - y_1, λ_2 * w_2 - y_2)
ALONG = SLOPES[0] * w_1 + SLOPES[1] * w_2
FIELD = tuple(LENGTH * g + ALONG * w / LENGTH for g, w in zip(SLOPES, (w_1, w_2), strict=True))
PYTHAGOREAN = ((3, 4), (4, 3), (5, 12), (-3, 4), (8, -15))


def row(rng: Random, at: Instance) -> Instance:
    """A row of rational length, of any size."""
    scale = fmpq(1, rng.choice((1, 1, 7, 40)))
    return dict(zip(("w_1", "w_2"), (scale * x for x in rng.choice(PYTHAGOREAN)), strict=True))


ROW = Hypothesis("w ≠ 0", r"w \neq 0", (Rel(w_1**2 + w_2**2, ">", ZERO),), row)
ONE_OUTPUT = "N = 2, W = (w_1, w_2), XXᵀ = diag(λ_1, λ_2), YXᵀ = (y_1, y_2): A_W(G) = |w|G + (Gwᵀ)w/|w|"
APART = Hypothesis(
    "λ_1 ≠ λ_2, w_1, w_2 ≠ 0",
    r"\lambda_1 \neq \lambda_2,\ w_1, w_2 \neq 0",
    (Rel(λ_1, "≠", λ_2), Rel(w_1, "≠", ZERO), Rel(w_2, "≠", ZERO)),
    None,
    lambda rng, at: {"λ_1": fmpq(1), "λ_2": fmpq(1)},
)
TURNING = Named("curl", Diff(FIELD[0], w_2) - Diff(FIELD[1], w_1))


@claim(
    "bah2019/intro-notgradient",
    where="Section 1",
    given=[ROW],
    convention=ONE_OUTPUT,
    note="A gradient field has the curl 0; read as: this one has another, whatever the data.",
)
def turning() -> Chain:
    """The flow of the product is the gradient flow of no functional."""
    return chain(TURNING, "≠", ZERO)


@claim(
    "bah2019/intro-notgradient+",
    where="Section 1",
    given=[ROW, APART],
    convention=ONE_OUTPUT,
    note="So it is a gradient field near W exactly where XXᵀ is a multiple of the identity: there |w|(2λ|w|²/3 − y·w) "
    "has this gradient. The theorem that is cited supposes N > 2.",
)
def curl() -> All:
    """It is not where the data have two variances."""
    λ = Sym("λ")
    inner = y_1 * w_1 + y_2 * w_2
    potential = LENGTH * (2 * λ * LENGTH**2 / 3 - inner)
    alike = [LENGTH * (λ * w - y) + (λ * LENGTH**2 - inner) * w / LENGTH for w, y in ((w_1, y_1), (w_2, y_2))]
    found = (λ_2 - λ_1) * w_1 * w_2 / LENGTH
    return both(
        chain(TURNING, "=", found, "≠", ZERO),
        *(eq(Diff(potential, w), field) for w, field in zip((w_1, w_2), alike, strict=True)),
    )


# Definition 1 -------------------------------------------------------------------------------------
lower, upper = Letter("W_j", c, a, tex="W_j"), Letter("W_j+1", b, c, tex="W_{j+1}")
HIGH, MIDDLE, LOW = (Letter(f"V_{place}", side, r) for place, side in ((2, b), (1, c), (0, a)))


@claim(
    "bah2019/def1",
    where="Section 2, Definition 1",
    given=[WIDTHS],
    convention="MᵀM = I for M = V_1; V_0, V_2 likewise",
    note="Both sides are d_j × d_j. That W = V_N T^N V_0ᵀ has balanced layers V_jTV_{j−1}ᵀ for all widths d_j ≥ r, "
    "whatever the orthonormal columns V_j, shows that balanced starts exist for every W of rank r.",
)
def balanced() -> All:
    """Balanced layers have equal norms; every W has balanced layers of any widths that its rank allows."""
    top, middle, bottom = (Letter(f"V_{place}", side, r, ORTHONORMAL) for place, side in ((2, rows), (1, e), (0, cols)))
    return both(
        Implication(
            (Rel(upper.T @ upper, "=", lower @ lower.T),),
            (Rel(SqNorm(upper), "=", SqNorm(lower)),),
            (upper, lower),
            (Step(Tr),),
        ),
        eq((top @ T @ middle.T).T @ (top @ T @ middle.T), (middle @ T @ bottom.T) @ (middle @ T @ bottom.T).T),
        eq((top @ T @ middle.T) @ (middle @ T @ bottom.T), top @ T**2 @ bottom.T),
    )


# Lemma 2 (1)–(4) ----------------------------------------------------------------------------------
LAYER = Letter("W_j", b, a)


@claim("bah2019/lem2-1", where="Section 2, Lemma 2 (1)", given=[WIDTHS], convention=READING, note=SCAN)
def gradient_layers() -> Chain:
    """The gradient by a layer is the gradient by the product between the transposes of the other layers."""
    whole = P @ LAYER @ R
    return eq(Grad(half_loss(whole), LAYER), P.T @ slope(whole) @ R.T)


def term(above: Expr | None, whole: Expr, below: Expr | None) -> Expr:
    """W_N ⋯ W_{j+1} W_{j+1}ᵀ ⋯ W_Nᵀ ∇L^1(W) W_1ᵀ ⋯ W_{j−1}ᵀ W_{j−1} ⋯ W_1."""
    out: Expr = slope(whole)
    out = out if above is None else above @ above.T @ out
    return out if below is None else out @ below.T @ below


@claim(
    "bah2019/lem2-2/eq6",
    where="Section 2, Lemma 2 (2), (6)",
    tag="6",
    given=[WIDTHS],
    note="Layer j of any depth moves the product by its term of the sum; the whole sum for N = 2.",
)
def product_flow() -> All:
    """The flow of the product of the layers."""
    one, two = layers(2)
    any_layer, pair = P @ LAYER @ R, two @ one
    return both(
        eq(descent(half_loss(any_layer), LAYER).rate(any_layer), -term(P, any_layer, R)),
        eq(descent(half_loss(pair), one, two).rate(pair), -add(term(two, pair, None), term(None, pair, one))),
    )


@claim("bah2019/lem2-3", where="Section 2, Lemma 2 (3)", given=[WIDTHS], convention=READING, note=SCAN)
def conserved() -> All:
    """Neighbouring layers keep the difference of their Gram matrices, any two layers that of their norms."""
    first, between, last = Letter("W_i", c, a, tex="W_i"), Letter("Q", e, c), Letter("W_l", b, e, tex="W_l")
    neighbours = descent(half_loss(P @ upper @ lower @ R), lower, upper)
    distant = descent(half_loss(P @ last @ between @ first @ R), first, last)
    return both(
        Rates(neighbours, eq(upper.T @ upper, lower @ lower.T)),
        constant(neighbours, upper.T @ upper - lower @ lower.T),
        constant(neighbours, SqNorm(upper) - SqNorm(lower)),
        constant(distant, SqNorm(first) - SqNorm(last)),
    )


def gaps(ws: tuple[Expr, ...]) -> list[Expr]:
    """A_{j,j+1} = W_jW_jᵀ − W_{j+1}ᵀW_{j+1}, which is constant."""
    return [low @ low.T - high.T @ high for low, high in pairwise(ws)]


def balance(ws: tuple[Expr, ...]) -> tuple[Rel, ...]:
    return tuple(Rel(high.T @ high, "=", low @ low.T) for low, high in pairwise(ws))


@claim(
    "bah2019/lem2-4/eq7",
    where="Section 2, Lemma 2 (4), (7)",
    tag="7",
    given=[WIDTHS],
    convention=SMALL_DEPTHS,
    note="That balanced layers stay so is bah2019/lem2-3, as the difference is constant. By what is stated here "
    "(W_NW_Nᵀ)^{N−j} is the semi-definite root (WWᵀ)^{(N−j)/N}, and the products in (6) are these roots: R = 0.",
)
def balanced_roots() -> All:
    """Of balanced layers WWᵀ = (W_NW_Nᵀ)^N, and the products above and below a layer are powers of W_NW_Nᵀ, W_1ᵀW_1."""
    two, three = layers(2), layers(3, "V")
    (w1, w2), (v1, v2, v3) = two, three
    pair, triple = product(two), product(three)

    return both(
        Implication(
            balance(two),
            (
                Rel(pair @ pair.T, "=", (w2 @ w2.T) ** 2),
                Rel(pair.T @ pair, "=", (w1.T @ w1) ** 2),
            ),
            two,
            (Step(lambda g: -(w2 @ g @ w2.T)), Step(lambda g, _: w1.T @ g @ w1)),
        ),
        Implication(
            balance(three),
            (
                Rel(v3 @ v2 @ v2.T @ v3.T, "=", (v3 @ v3.T) ** 2),
                Rel(v1.T @ v2.T @ v2 @ v1, "=", (v1.T @ v1) ** 2),
                Rel(triple @ triple.T, "=", (v3 @ v3.T) ** 3),
                Rel(triple.T @ triple, "=", (v1.T @ v1) ** 3),
            ),
            three,
            (
                Step(lambda g, h: -(v3 @ h @ v3.T)),
                Step(lambda g, h, *_: v1.T @ g @ v1),
                Step(lambda g, h, *_: -(v3 @ (v2 @ g @ v2.T) @ v3.T) - v3 @ (h @ v2 @ v2.T + v3.T @ v3 @ h) @ v3.T),
                Step(lambda g, h, *_: v1.T @ (v2.T @ h @ v2) @ v1 + v1.T @ (g @ v2.T @ v2 + v1 @ v1.T @ g) @ v1),
            ),
        ),
    )


# Lemma 2 (5), (6) ---------------------------------------------------------------------------------
one, two = layers(2)
M, S, PAIR = one @ one.T, two.T @ two, two @ one
IMBALANCE = Named("A", S - M)
CONSTANTS = (
    "C = (2d_1)^{1/4} and C̃ = (d_1)^{1/4}‖A‖^{1/2} do, as (x + y)^{1/4} ≤ x^{1/4} + y^{1/4}; A is constant by "
    "bah2019/lem2-3"
)


def spread(gram: Expr) -> Expr:
    """‖G − (tr G/d_1)I‖²."""
    return SqNorm(gram - Tr(gram) / a * Eye(a))


@claim("bah2019/lem2-5/eq8", where="Section 2, Lemma 2 (5), (8)", tag="8")
def remainder() -> Open:
    """In the non-balanced case the remainder R of (7) is bounded by a power of the norm of the product."""
    return Open(
        "‖R(t)‖ ≤ C‖W(t)‖^{3−2/N−2/N²} + C̃, where C and C̃ depend only on the initial conditions",
        "the exponents of its proof add up (bah2019/eq18-19, bah2019/eq22-24), and (9), (11), (15), (16) hold at "
        "N = 2, with constants; for N > 2 (16) is Bhatia's Theorem X.1.1, which is no fact of the kernel, and (9) is "
        "open. Tried: N = 2 in one statement, where (16) is proved in the eigenbasis of a difference that turns with "
        "W; for one number per layer see bah2019/lem2-5/eq8/numbers",
    )


def falling_pair(rng: Random, at: Instance) -> Instance:
    """w_1 ≥ w_2 ≥ 0, often equal or 0."""
    low = rational(rng, at["height"], True) * rng.randint(0, 1)
    return {"w_2": low, "w_1": low + rational(rng, at["height"], True) * rng.randint(0, 1)}


@claim(
    "bah2019/lem2-5/eq8/numbers",
    where="Section 2, Lemma 2 (5), (8)",
    tag="8",
    convention="N = 2, all widths 1, w_1 ≥ w_2 ≥ 0; R = (2w_1w_2 − w_1² − w_2²)∇L¹",
    given=[
        Hypothesis(
            "w_1 ≥ w_2 ≥ 0",
            r"w_1 \ge w_2 \ge 0",
            (Rel(w_1, "≥", w_2), Rel(w_2, "≥", ZERO)),
            falling_pair,
            lambda rng, at: {"w_1": fmpq(1), "w_2": fmpq(2)},
        )
    ],
    note="So |R| ≤ |w_1² − w_2²||∇L¹|: the remainder grows like ‖W‖, not like ‖W‖^{3/2}.",
)
def remainder_of_numbers() -> Chain:
    """For one number per layer the factor of R is at most the constant w_1² − w_2²."""
    return chain(w_1**2 + w_2**2 - 2 * w_1 * w_2, "≤", w_1**2 - w_2**2)


@claim(
    "bah2019/lem2-6/eq9",
    where="Section 2, Lemma 2 (6), (9)",
    tag="9",
    given=[WIDTHS],
    convention="N = 2; A = W_2ᵀW_2 − W_1W_1ᵀ, and d_a is d_1",
    note=f"In fourth powers: ‖W_i‖⁴ ≤ d_1(2‖W‖² + ‖A‖²). {CONSTANTS}. N ≥ 3 is not decided: there the terms of (11) "
    "are of mixed degrees, and (13) needs a bound of a polynomial by its highest power.",
)
def layer_bound() -> All:
    """The norms of the layers are bounded by a power of the norm of their product and constants of the flow."""
    bound = a * (2 * SqNorm(PAIR) + SqNorm(IMBALANCE))
    return both(
        *(
            chain(
                bound - SqNorm(layer) ** 2,
                "=",
                a * SqNorm(other) + a * spread(gram),
                "≥",
                ZERO,
            )
            for layer, gram, other in ((one, M, S), (two, S, M))
        ),
    )


# Definition 3, and the proof of Lemma 2 -----------------------------------------------------------
FACTOR, OTHER = Letter("A", d_y, a), Letter("B", a, d_x)
k_, l_ = integer("k"), integer("l")


@claim(
    "bah2019/def3",
    where="Section 2, Definition 3",
    given=[WIDTHS],
    note="Read of the polynomial as a map: a monomial of degree 1 is not one of degree 0.",
)
def degree() -> Proposition:
    """The degree of a polynomial in matrices, the maximal number of factors of its monomials, is defined by it."""
    left, right = Letter("A_1", d_y, b), Letter("A_2", a, d_x)
    monomial = left @ Letter("X", b, a) @ right
    nonzero = And((Rel(left, "≠", Zero(d_y, b)), Rel(right, "≠", Zero(a, d_x))))
    constant_ = Letter("A_3", d_y, d_x)
    return says(Implies(nonzero, Rel(monomial - monomial, "≠", constant_ - constant_)))


@claim(
    "bah2019/def3+",
    where="Section 2, Definition 3",
    given=[WIDTHS],
    note="Of the sum as it is written; its norm is then at most a polynomial of that degree in the norms of the X_i.",
)
def submultiplicative() -> Chain:
    """What the proofs use of the degree: the norm of a product is at most the product of the norms."""
    minor = Entry(FACTOR, i, k_) * Entry(OTHER, l_, j) - Entry(FACTOR, i, l_) * Entry(OTHER, k_, j)
    minors = Sum(i, ONE, d_y, Sum(j, ONE, d_x, Sum(k_, ONE, a, Sum(l_, ONE, a, minor**2))))
    return chain(SqNorm(FACTOR) * SqNorm(OTHER) - SqNorm(FACTOR @ OTHER), "=", HALF * minors, "≥", ZERO)


@claim("bah2019/eq11", where="Section 2, (11)", tag="11", given=[WIDTHS], convention="N = 2 and 3", note=SMALL_DEPTHS)
def gram_of_product() -> All:
    """WWᵀ is (W_NW_Nᵀ)^N and a polynomial of degree 2N − 2 in the layers, the A_{j,j+1} being constant."""
    (w1, w2), (v1, v2, v3) = layers(2), layers(3, "V")
    (A12,), (B12, B23) = gaps((w1, w2)), gaps((v1, v2, v3))
    G = v3.T @ v3
    pair, triple = product((w1, w2)), product((v1, v2, v3))
    return both(
        eq(pair @ pair.T, (w2 @ w2.T) ** 2 + w2 @ A12 @ w2.T),
        eq(
            triple @ triple.T,
            (v3 @ v3.T) ** 3 + v3 @ (G @ B23 + B23 @ G + B23 @ B23) @ v3.T + v3 @ v2 @ B12 @ v2.T @ v3.T,
        ),
    )


μ = Sym("μ")
GRAM, AXIS = Letter("G", d_y, d_y, frozenset({"symmetric"})), Letter("v", d_y, 1)


@claim(
    "bah2019/eq12-14",
    where="Section 2, (12)–(14)",
    tag="12–14",
    given=[WIDTHS],
    convention="(13) for N = 2; of (12) the first inequality, G = (W_NW_Nᵀ)^N, μ = σ_N^{2N}, Gv = μv, |v| = 1",
    note="(13): W_2W_2ᵀv = σ²v gives σ⁴ ≤ ‖W_2ᵀW_2‖² ≤ 2‖W‖² + ‖A‖², and (14) by fourth roots. The second "
    "inequality of (12) is the triangle inequality of (11).",
)
def largest_singular_value() -> All:
    """No eigenvalue of a symmetric matrix exceeds its norm; that of W_2ᵀW_2 is bounded by ‖W‖ and a constant."""
    return both(
        Implication(
            (Rel(GRAM @ AXIS, "=", μ * AXIS), Rel(Tr(AXIS.T @ AXIS), "=", ONE)),
            (Rel(SqNorm(GRAM), "=", μ**2 + SqNorm(GRAM - μ * AXIS @ AXIS.T)),),
            (AXIS, GRAM),
            (Step(lambda g, n: 2 * μ * Tr(AXIS.T @ g) - μ**2 * n * (Tr(AXIS.T @ AXIS) - 1)),),
        ),
        chain(2 * SqNorm(PAIR) + SqNorm(IMBALANCE) - SqNorm(S), "=", SqNorm(M), "≥", ZERO),
    )


@claim(
    "bah2019/lem2-proof-norms",
    where="Section 2, proof of Lemma 2, after (12)",
    given=[WIDTHS],
    convention="N = 2, i = 1",
)
def gram_norms() -> Rates:
    """The squared norms of W_NW_Nᵀ and W_iW_iᵀ differ only by a constant along the flow."""
    return Rates(descent(half_loss(PAIR), one, two), eq(SqNorm(two @ two.T), SqNorm(one @ one.T)))


@claim(
    "bah2019/lem2-proof-norms+",
    where="Section 2, proof of Lemma 2, after (12)",
    given=[WIDTHS],
    convention=READING,
    note="As ‖W_N‖² ≤ d_Nσ_N², ‖W_i‖² ≤ d_Nσ_N² + c: what the proof draws from it, ‖W_i‖ ≤ a_iσ_N + b_i, holds.",
)
def norms() -> Rates:
    """Those of W_N and W_i do."""
    first, between, last = Letter("W_i", c, a, tex="W_i"), Letter("Q", e, c), Letter("W_N", d_y, e, tex="W_N")
    return constant(descent(half_loss(last @ between @ first @ R), first, last), SqNorm(last) - SqNorm(first))


@claim("bah2019/eq15", where="Section 2, (15)", tag="15", given=[WIDTHS], convention="N = 2 and 3", note=SMALL_DEPTHS)
def flow_in_outer_layers() -> All:
    """The terms of (6) are those in W_N and W_1 alone and a polynomial of degree 2N − 4, which is 0 for N = 2."""
    (v1, v2, v3), G = layers(3), Letter("∇", d_y, d_x, tex=r"\nabla")
    B12, B23 = gaps((v1, v2, v3))
    left, right = v3 @ v3.T, v1.T @ v1
    return both(
        eq(v3 @ v2 @ (v3 @ v2).T @ G, left**2 @ G + v3 @ B23 @ v3.T @ G),
        eq(G @ (v2 @ v1).T @ v2 @ v1, G @ right**2 - G @ v1.T @ B12 @ v1),
    )


δ = Family("δ")
n = size("n")
SUM, D = Letter("S", n, n, frozenset({"symmetric"})), Diag(δ, n, "D")


def dominating(rng: Random, at: Instance) -> Instance:
    """S ⪰ ±D."""
    side = int(at["k"])
    values = [rational(rng, at["height"]) for _ in range(side)]
    root = diagonal([rational(rng, at["height"]) for _ in range(side)])
    root[0, :] = [rational(rng, 2) for _ in range(side)]
    return {"n": side, "δ": values, "S": root.T @ root + diagonal([abs(x) for x in values])}


SEMIDEFINITE = Hypothesis(
    "A = (S + D)/2 ⪰ 0, B = (S − D)/2 ⪰ 0",
    r"A = \tfrac12(S + D) \succeq 0,\ B = \tfrac12(S - D) \succeq 0",
    (Rel(SUM + D, "⪰", Zero(n, n)), Rel(SUM - D, "⪰", Zero(n, n))),
    dominating,
)


@claim(
    "bah2019/eq16-17",
    where="Section 2, (16), (17)",
    tag="16–17",
    given=[SEMIDEFINITE],
    convention="N = 2; in the eigenbasis of A − B = D = diag(δ), with A = W_2W_2ᵀ and B = (WWᵀ)^{1/2}, or W_1ᵀW_1 and "
    "(WᵀW)^{1/2}; n is the size",
    note="‖A − B‖⁴ ≤ n‖A² − B²‖², so K = n^{1/4} does. For N ≥ 3 it is Theorem X.1.1 of Bhatia, no fact of the kernel.",
)
def holder() -> Chain:
    """The difference of semi-definite matrices is bounded by the root of that of their squares."""
    squares = Named("A² − B²", HALF * (SUM @ D + D @ SUM), "(A^2 - B^2)")
    axis, square = Basis(i, n), D @ D
    level = SqNorm(square - Tr(square) / n * Eye(n))
    diagonal_ = Sum(i, ONE, n, δ[i] ** 2 * Tr(axis.T @ (SUM + D) @ axis) * Tr(axis.T @ (SUM - D) @ axis))
    others = Sum(i, ONE, n, Sum(j, ONE, n, (HALF * Entry(SUM, i, j) * (δ[i] + δ[j])) ** 2, (i,)))
    return chain(n * SqNorm(squares) - SqNorm(D) ** 2, "=", n * level + n * diagonal_ + n * others, "≥", ZERO)


N = integer("N", "", 2)
place = integer("j", "", 1, N - 1)
factors = integer("p", "", 1)


@claim(
    "bah2019/eq18-19",
    where="Section 2, (18), (19)",
    tag="18–19",
    convention="p = N − j in (18), p = j − 1 in (19)",
    note="The degree 2Np − 2, by (9) over N, and the root over N. That it is not negative is needed to bound ‖W_i‖^q "
    "by ‖W‖^{q/N} and constants.",
)
def exponents() -> Chain:
    """The exponents of the two estimates are those of their degrees, and are not negative."""
    root = 2 * factors / N - 2 / N**2
    return chain((2 * N * factors - 2) / N**2, "=", root, "=", 2 * (N - 1 + N * (factors - 1)) / N**2, "≥", ZERO)


@claim(
    "bah2019/eq20-21",
    where="Section 2, (20), (21)",
    tag="20–21",
    given=[WIDTHS],
    note="(21) with D_7 = ‖XXᵀ‖ and D_8 = ‖YXᵀ‖, in squares: ‖∇L¹‖² ≤ 2‖WXXᵀ‖² + 2‖YXᵀ‖², and ‖WXXᵀ‖ ≤ ‖W‖‖XXᵀ‖ is "
    "bah2019/def3+. (20) as exponents: degree 2N − 4 over N, and 1 of the gradient.",
)
def gradient_bound() -> All:
    """The gradient is bounded by the norm of W, and the exponent of (20) is that of its degree."""
    gradient = slope(W)
    return both(
        chain(
            2 * SqNorm(W @ X @ X.T) + 2 * SqNorm(Y @ X.T) - SqNorm(gradient),
            "=",
            SqNorm(W @ X @ X.T + Y @ X.T),
            "≥",
            ZERO,
        ),
        eq((2 * N - 4) / N + 1, 3 - 4 / N),
    )


@claim(
    "bah2019/eq22-24",
    where="Section 2, (22)–(24)",
    tag="22–24",
    note="The terms with one difference of roots, (16) or (17); with both; and F.",
)
def combined() -> All:
    """The exponents of the three kinds of terms are at most 3 − 2/N − 2/N²."""
    whole = 3 - 2 / N - 2 / N**2
    one_root = 2 * (N - place) / N - 2 / N**2 + 2 * (place - 1) / N + 1
    two_roots = 2 * (N - place) / N - 2 / N**2 + 2 * (place - 1) / N - 2 / N**2 + 1
    return both(eq(one_root, whole), chain(two_roots, "≤", whole), chain(3 - 4 / N, "≤", whole))


# Definition 4 -------------------------------------------------------------------------------------
Z = Letter("Z", rows, cols)
FRAMES = "W = UT^NVᵀ with orthonormal columns and a positive diagonal T, the N-th root of the singular values"


@claim(
    "bah2019/def4/eq25-26",
    where="Section 2, Definition 4, (25), (26)",
    tag="25–26",
    given=[SINGULAR],
    convention=f"N = 2, 3, 4; {FRAMES}; the power 0 is the identity",
    note="UT^{2(N−j)}Uᵀ is semi-definite and its N-th power is (WWᵀ)^{N−j}: it is the root, for j < N. (26) is (6) "
    "where the layers are V_jTV_{j−1}ᵀ: the product above a layer is UT^{N−j}V_jᵀ.",
)
def roots() -> All:
    """The powers in A_W are the roots of WWᵀ and WᵀW, and those of balanced layers."""
    found = []
    for depth in DEPTHS:
        w = of_depth(depth)
        for place_ in range(1, depth):
            above = U_W @ T ** (depth - place_) @ Letter("M", e, r, ORTHONORMAL).T
            found += [
                eq(left_root(depth, place_) ** depth, (w @ w.T) ** (depth - place_)),
                eq(right_root(depth, place_ + 1) ** depth, (w.T @ w) ** place_),
                eq(above @ above.T, left_root(depth, place_)),
            ]
    return both(*found)


@claim(
    "bah2019/def4/eq25-26/power-zero",
    where="Section 2, Definition 4, (25), (26)",
    tag="25–26",
    given=[SINGULAR],
    convention=f"N = 2; {FRAMES}; the power 0 is the projection on the image",
    note="The other reading of M^0 for a semi-definite M, by its spectral calculus on the image.",
)
def power_zero() -> Chain:
    """With the projection on the image for the power 0, (26) is the flow of balanced layers."""
    left, right = U_W @ T**2 @ U_W.T, V_W @ T**2 @ V_W.T
    return eq(left @ Z @ (V_W @ V_W.T) + (U_W @ U_W.T) @ Z @ right, left @ Z + Z @ right)


# Theorem 5, as it is cited ------------------------------------------------------------------------
t = Sym("t")


@claim("bah2019/thm5", where="Section 2, Theorem 5")
def landscape() -> Open:
    """Under the conditions of Kawaguchi every local minimum is global, and every other critical point a saddle."""
    return Open(
        "(1) L^N is non-convex and non-concave; (2) every local minimum is global; (3) every other critical point is a "
        "saddle point; (4) if W_{N−1} ⋯ W_2 has rank r, then the Hessian at any saddle has a negative eigenvalue",
        "cited from Kawaguchi (2016), Theorem 2.3. Tried: (1), along lines through 0 (bah2019/thm5/lines); (2)–(4) "
        "for Y = X and W on M_r (bah2019/prop29-1, bah2019/prop30); for the layers they need all critical points of "
        "L^N of any rank, Y ≠ X, of which only the balanced ones of N = 2 and Y = X are known here (bah2019/lem21)",
    )


@claim(
    "bah2019/thm5/lines",
    where="Section 2, Theorem 5 (1)",
    given=[WIDTHS],
    convention="N = 2: along (tW_1, tW_2) from 0, and along (−tW_1, tW_2)",
    note="Where Tr(YᵀW_2W_1X) ≠ 0 one of the second derivatives is negative and the other positive.",
)
def neither_convex_nor_concave() -> All:
    """L^N is neither convex nor concave: along two lines through 0 its second derivatives have opposite signs."""
    overlap = Inner(Y, PAIR @ X)
    return both(
        eq(Coeff(half_loss(t * two @ (t * one)), t, 2), -overlap),
        eq(Coeff(half_loss(t * two @ (-t * one)), t, 2), overlap),
    )
