"""Kunin et al. 2019, Sections 2 and 2.2: centred data, norms and orthogonality, pseudoinverses.

Main results
    centred              with the best bias an autoencoder sees the centred data
    centred_full_rank    of which the singular values need not be positive where those of the data are
    smallest_volume      ‖A‖² ≥ k where det(A)² = 1, with equality for orthogonal A alone
    smallest_inverse     ‖A‖² + ‖B‖² ≥ 2k where AB = I, with equality for A = Bᵀ alone
    pseudoinverses       critical points of 𝓛 are no pseudoinverses of each other; three of the four laws hold
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Expr,
    Family,
    Grad,
    Letter,
    Named,
    SqNorm,
    Sum,
    Tr,
    Zero,
    det,
    integer,
)
from proofs.kernel.propositions import ONE, ZERO, And, Every, Implies, Rel
from proofs.kunin2019 import section_4
from proofs.kunin2019.notation import SCALE, W1, W2, I_k, I_m, X, k, m, n
from proofs.kunin2019.section_2_1 import POINT
from proofs.kunin2019.section_4 import SPECTRUM, Ū, Σ
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import Proposition, says
from proofs.quantities import orthogonal
from proofs.tactics.sums import ProductOne

WEIGHTS = (W1, W2)

# Centred data -------------------------------------------------------------------------------------
a = integer("a", "", 1, n)
ONES = Named("e_n", Sum(a, ONE, n, Basis(a, n)), "e_n")
CENTRED = Named("X̄", X - 1 / n * (X @ ONES @ ONES.T), r"\bar X")
b = Letter("b", m, 1)


@claim(
    "kunin2019/s2/mean-centred-wlog",
    where="Section 2",
    note="The biases of both layers act through b = W_2b_1 + b_2; the square vanishes for one b. What centring does to "
    "the assumptions of Section 1 is mean-centred-wlog/positive.",
)
def centred() -> Chain:
    """With the best bias the loss is that of centred data without a bias."""
    P = W2 @ W1
    gap = b - 1 / n * ((I_m - P) @ X @ ONES)
    loss = SqNorm(X - P @ X - b @ ONES.T)
    return chain(loss, "=", SqNorm(CENTRED - P @ CENTRED) + n * SqNorm(gap), "≥", SqNorm(CENTRED - P @ CENTRED))


FULL = Rel(X @ X.T, "≻", Zero(m, m))


@claim(
    "kunin2019/s2/mean-centred-wlog/positive",
    where="Section 2",
    note="Section 1 assumes of X that σ_m > 0; 'without loss of generality' X is centred. X̄e = 0, so that X̄ has rank "
    "n − 1 at most: with σ_m > 0 of centred data goes n > m.",
)
def centred_full_rank() -> Proposition:
    """Centring keeps the assumption that the singular values are positive."""
    return says(Implies(FULL, Rel(CENTRED @ CENTRED.T, "≻", Zero(m, m))))


@claim("kunin2019/s2/mean-centred-wlog/positive+", where="Section 2")
def centred_covariance() -> Proposition:
    """Centring takes a semi-definite part away from XXᵀ."""
    return says(
        And(
            (
                Rel(X @ X.T - CENTRED @ CENTRED.T, "=", 1 / n * (X @ ONES @ (X @ ONES).T)),
                Rel(1 / n * (X @ ONES @ (X @ ONES).T), "⪰", Zero(m, m)),
            )
        )
    )


# Norms and orthogonality --------------------------------------------------------------------------
M, N = Letter("A", k, k), Letter("B", k, k)


def volume_one(rng: Random, at: Instance) -> Instance:
    """Orthogonal, and sheared and stretched from there."""
    size = at["k"]
    value = orthogonal(rng, size, at["height"])
    if size > 1 and rng.random() < 0.8:
        r = rational(rng, at["height"], positive=True)
        value[0], value[1] = value[0] * r + value[1] * rng.choice((0, 1)), value[1] / r
    return {"A": value}


VOLUME = Hypothesis(
    "det(A)² = 1",
    r"\det(A)^2 = 1",
    (Rel(det(M) ** 2, "=", ONE),),
    volume_one,
    lambda rng, at: {"A": orthogonal(rng, at["k"], at["height"]) / 2},
)


@claim(
    "kunin2019/s2.2/a",
    where="Section 2.2 (a)",
    given=[VOLUME],
    note="In terms of the squared singular values, as footnote 7 has it, it is s2.2/a/singular-values; for 2 × 2 "
    "matrices, with the case of equality, s2.2/a/plane.",
)
def smallest_volume() -> Chain:
    """No matrix of determinant ±1 has a smaller Frobenius norm than the orthogonal ones, whose norm squared is k."""
    return chain(SqNorm(M), "≥", k)


P, Q = (Letter(name, k, k, frozenset({"orthonormal"})) for name in "PQ")
c = integer("c")
g = Family("g")
ROOTS = Diag(Family("s", define=lambda at: (g[at + 1] / g[at]) ** Fraction(1, 2)), k, "S")


def closed_round(rng: Random, at: Instance) -> Instance:
    """g_{j+1}/g_j are squares, whose product is 1."""
    steps = [rational(rng, at["height"], positive=True) ** 2 * rng.choice((1, 1, 9)) for _ in range(at["k"])]
    values = [rng.choice((fmpq(1), fmpq(1, 9), fmpq(4)))]
    for x in steps[:-1]:
        values.append(values[-1] * x)
    return {"g": [*values, values[0]]}


PRODUCT_ONE = Hypothesis(
    "s_j² = g_{j+1}/g_j, g > 0, g_{k+1} = g_1",
    r"s_j^2 = g_{j+1}/g_j,\ g > 0,\ g_{k+1} = g_1",
    (Every(c, ONE, k + 1, Rel(g[c], ">", ZERO)), Rel(g[k + 1], "=", g[1])),
    closed_round,
    lambda rng, at: {"g": [fmpq(1, 2**x) for x in range(at["k"] + 1)]},
)


@claim(
    "kunin2019/s2.2/a/singular-values",
    where="Section 2.2 (a), footnote 7",
    given=[PRODUCT_ONE],
    note="A = PSQᵀ; that the squared determinant is the product of the s_j², here Π g_{j+1}/g_j = 1, is footnote 7.",
)
def smallest_of_product_one() -> Chain:
    """The squared norm is the sum of the squared singular values; with product 1 their sum is at least k."""
    total = Sum(c, ONE, k, g[c + 1] / g[c])
    return chain(SqNorm(P @ ROOTS @ Q.T), "=", total, "≥", (k, ProductOne(g, ONE, ONE)))


h = Family("a")


@claim(
    "kunin2019/s2.2/a/plane",
    where="Section 2.2 (a)",
    note="A = (a_1, a_2; a_3, a_4). AᵀA has trace N and determinant det(A)²: where both are as for I, it is I.",
)
def smallest_volume_in_the_plane() -> All:
    """For k = 2: ‖A‖⁴ ≥ 4 det(A)², and half the difference is ‖AᵀA − ½‖A‖²I‖², 0 where AᵀA is a multiple of I."""
    squared = h[1] ** 2 + h[2] ** 2 + h[3] ** 2 + h[4] ** 2
    volume = h[1] * h[4] - h[2] * h[3]
    like, other = (h[1] - h[4]) ** 2 + (h[2] + h[3]) ** 2, (h[1] + h[4]) ** 2 + (h[2] - h[3]) ** 2
    first, second = h[1] ** 2 + h[3] ** 2, h[2] ** 2 + h[4] ** 2
    distance = (first - squared / 2) ** 2 + (second - squared / 2) ** 2 + 2 * (h[1] * h[2] + h[3] * h[4]) ** 2
    return both(
        chain(squared**2 - 4 * volume**2, "=", like * other, "≥", ZERO, plan=POINT),
        eq(distance, (squared**2 - 4 * volume**2) / 2, plan=POINT),
    )


@claim("kunin2019/s2.2/b", where="Section 2.2 (b)")
def smallest_inverse() -> All:
    """Of inverse matrices, A = Bᵀ orthogonal have the least total norm, and no others."""
    total = SqNorm(M) + SqNorm(N)
    inverse, least = Rel(M @ N, "=", I_k), Rel(total, "=", 2 * k)
    orthogonal_ = Rel(M @ M.T, "=", I_k)
    tied = Rel(M, "=", N.T)
    plan = Plan(tuple({"k": x, "m": x, "n": x, "p": x} for x in (1, 2)))

    def follows(premises: tuple[Rel, ...], conclusions: tuple[Rel, ...], *steps: Step) -> Implication:
        return Implication(premises, conclusions, (M, N), steps, plan)

    unequal = Step(lambda f, least: least - 2 * Tr(f), squares=SqNorm)
    return both(
        follows((inverse,), (Rel(total - 2 * k, "=", SqNorm(M - N.T)),), Step(lambda f: 2 * Tr(f))),
        follows((inverse, least), (tied, orthogonal_), unequal, Step(lambda f, _, gap: f + M @ gap.T)),
        follows((inverse, tied), (least,), Step(lambda f, gap: SqNorm(gap) + 2 * Tr(f))),
    )


# Pseudoinverses -----------------------------------------------------------------------------------
PRODUCT = W2 @ W1
PLAIN = tuple(fact(Grad(section_4.LOSS, w), "=", 0) for w in WEIGHTS)
PRECISION = Ū @ Σ**-2 @ Ū.T
LAWS = (
    Rel(PRODUCT, "=", PRODUCT.T),
    Rel(W2 @ W1 @ W2, "=", W2),
    Rel(W1 @ W2 @ W1, "=", W1),
)
LAST_LAW = Rel(W1 @ W2, "=", (W1 @ W2).T)
LEFT = Letter("L", k, m)


def by_encoder(g2: Expr) -> Expr:
    """(I − W)MW_1ᵀ, and MWᵀ = WM, from the gradient by W_2; XXᵀ = M has an inverse."""
    skew = (W2 @ g2.T - g2 @ W2.T) / 2
    return (PRECISION @ (g2 / 2 + skew @ W1.T)).T


FIRST_THREE = (
    Step(lambda g1, g2: g1 @ PRECISION / 2, fact(W2.T @ PRODUCT - W2.T, "=", 0)),
    Step(lambda g1, g2, kept: W1.T @ kept - kept.T @ W1),
    Step(lambda g1, g2, kept, even: kept.T + even @ W2),
    Step(lambda g1, g2, *_: by_encoder(g2)),
)
FOUR_LAWS = "W1 = W2⁺ is read as the four laws of Penrose."


@claim("kunin2019/s2.2/pseudoinverse", where="Section 2.2", given=[SPECTRUM], convention=SCALE, note=FOUR_LAWS)
def pseudoinverses() -> Implication:
    """Without regularisation all critical points are pseudoinverses, W_1 = W_2⁺."""
    return Implication(PLAIN, (*LAWS, LAST_LAW), WEIGHTS, FIRST_THREE)


@claim("kunin2019/s2.2/pseudoinverse/three", where="Section 2.2", given=[SPECTRUM], convention=SCALE)
def three_laws() -> Implication:
    """At every critical point three of the four laws hold: each inverts the other, and W_2W_1 is symmetric."""
    return Implication(PLAIN, LAWS, WEIGHTS, FIRST_THREE)


@claim(
    "kunin2019/s2.2/pseudoinverse+",
    where="Section 2.2",
    given=[SPECTRUM],
    convention=SCALE,
    note="LW_2 = I for some L says that W_2 has rank k.",
)
def pseudoinverses_of_full_rank() -> Implication:
    """At the critical points of rank k, W_1 = W_2⁺."""

    def commute(*f: Expr) -> Expr:
        """W_1W_2 = LW_2W_1W_2 = LW_2 = I."""
        left, inner = f[2], f[5]
        unit = LEFT @ inner - left @ W1 @ W2 + left
        return unit - unit.T

    steps = (
        Step(lambda g1, g2, left: g1 @ PRECISION / 2, fact(W2.T @ PRODUCT - W2.T, "=", 0)),
        Step(lambda g1, g2, left, kept: W1.T @ kept - kept.T @ W1),
        Step(lambda g1, g2, left, kept, even: kept.T + even @ W2),
        Step(lambda g1, g2, *_: by_encoder(g2)),
        Step(commute),
    )
    return Implication((*PLAIN, Rel(LEFT @ W2, "=", I_k)), (*LAWS, LAST_LAW), (*WEIGHTS, LEFT), steps)
