"""Kunin et al. 2019, Section 4: the critical points of the three losses and the curvature at them.

Main results
    critical_points_corrected            {(G U_Iᵀ, U_I L): LG = I}, for the unregularised loss
    product_critical_points_corrected    the same, shrunk, for the product loss
    flat_corrected                       ℓ(2k − ℓ) flat directions of both
    descending_sum_corrected             d_I + (k − ℓ)(m₀ − ℓ) descending directions of the sum loss
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, diagonal, inverse, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import Diag, Entry, Expr, Eye, Family, First, Grad, Letter, Named, Num, Sum, integer
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import (
    PENALTY,
    SCALE,
    W1,
    W2,
    X,
    ell,
    j,
    k,
    m,
    n,
    product,
    summed,
    unregularized,
    λ,
)
from proofs.methods.block_types import Splitting
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.listed import Converse, Selected
from proofs.methods.stationarity import Complete, Points, Stationary
from proofs.quantities import orthogonal

HALF, ONE = Num(Fraction(1, 2)), Num(Fraction(1))
s, l = integer("s", "", 1, m), integer("l")
σ, σ_I, index = Family("σ"), Family("σ_I", r"\sigma_{\mathcal I}"), Family("i")
m_0 = integer("m_0")
Ū = Letter("Ū", m, m, frozenset({"orthonormal"}), "U")
V̄ = Letter("V̄", n, m, frozenset({"orthonormal"}), "V")
Σ, Σ_I = Diag(σ, m, "Σ"), Diag(σ_I, ell, "Σ_I")
DATA = Named("X", Ū @ Σ @ V̄.T)
WEIGHTS = (W1, W2)
I_ell, I_m = Eye(ell), Eye(m)

LOSS, PRODUCT = unregularized(W1, W2, DATA), product(W1, W2, DATA)


# Hypotheses ---------------------------------------------------------------------------------------
SINES = tuple(fmpq(*x) for x in ((3, 5), (4, 5), (5, 13), (12, 13), (8, 17), (15, 17), (7, 25), (24, 25)))


def data(rng: Random, at: Instance) -> Instance:
    """σ_i = √λ / sin φ_i, so that every (1 − λ/σ_i²)^½ is rational; some σ_i may lie below √λ, or at it."""
    root = rational(rng, at["height"], positive=True) / rng.choice((1, 1, 6))
    if at["m"] > len(SINES):
        raise Undefined(f"there are {len(SINES)} sines")
    small = rng.choice([0, 1, at["m"]])
    values = [root / x for x in rng.sample(SINES, at["m"] - small)] if small < at["m"] else []
    values += [root * x for x in rng.sample(SINES, small)]
    penalty = rng.choice(values) if rng.random() < 0.2 else root  # λ = σ_i² is excluded for the sum loss alone
    return {"σ": sorted(values, reverse=True), "λ": penalty**2}


def shuffled(rng: Random, at: Instance) -> Instance:
    found = data(rng, at)
    rng.shuffle(found["σ"])
    return found


SPECTRUM = Hypothesis(
    "σ_1 > … > σ_m > 0",
    r"\sigma_1 > \dots > \sigma_m > 0",
    (Every(l, ONE, m - 1, Rel(σ[l], ">", σ[l + 1])), Rel(σ[m], ">", Num(Fraction(0)))),
    data,
    shuffled,
)
"""Section 1, throughout: the singular values of X are positive and distinct."""
PENALIZED = replace(PENALTY, draw=None)
APART = Hypothesis(
    "λ ≠ σ_i²",
    r"\lambda \neq \sigma_i^2",
    (Every(l, ONE, m, Rel(λ, "≠", σ[l] ** 2)),),
    None,
    lambda rng, at: {"λ": rng.choice(at["σ"]) ** 2},
)
"""Footnote 12, for the sum loss."""


def axes(rng: Random, at: Instance) -> Instance:
    return {"Ū": diagonal([fmpq(1)] * at["m"])}


def decomposed(rng: Random, at: Instance) -> Instance:
    """Data with these singular values, in the drawn principal axes."""
    if at["n"] < at["m"]:
        raise Undefined("m singular values take as many data points")
    left = at.get("Ū", orthogonal(rng, at["m"], at["height"]))
    right = orthogonal(rng, at["n"], at["height"])[:, : at["m"]]
    return {"Ū": left, "X": left @ diagonal(at["σ"]) @ right.T}


SVD = Hypothesis("X = UΣVᵀ", r"X = U\Sigma V^\top", (), decomposed)
AXES = Hypothesis("in the principal axes", r"\text{in the principal axes}", (), axes)


# Lists of points ----------------------------------------------------------------------------------
F = Letter("F", m, ell, frozenset({"orthonormal"}), r"I_{\mathcal I}")
G, L = Letter("G", k, ell), Letter("L", ell, k)
O = Letter("O", k, ell)
U_I = Named("U_I", Ū @ F, r"U_{\mathcal I}")
G_PLUS = Named("G⁺", (G.T @ G) ** -1 @ G.T, "G^+")
GROWN, SHRUNK = I_ell + λ * Σ_I**-2, I_ell - λ * Σ_I**-2
CHOSEN = frozenset({"F", "G", "L", "O", "ℓ", "σ_I", "i", "m_0"})
CANONICAL = {F: First(m, ell), G: First(k, ell), L: First(k, ell).T, G_PLUS: First(k, ell).T, O: First(k, ell), σ_I: σ}


def index_sets(at: Instance) -> Iterator[Instance]:
    """Every I ⊂ {1, …, m} of at most k indices."""
    above = sum(x * x > at["λ"] for x in at["σ"])
    for size in range(min(at["k"], at["m"]) + 1):
        for chosen in combinations(range(at["m"]), size):
            columns = zeros(at["m"], size)
            for place, row in enumerate(chosen):
                columns[row, place] = fmpq(1)
            lists = {"σ_I": [at["σ"][a] for a in chosen], "i": [fmpq(a + 1) for a in chosen]}
            yield {**at, "ℓ": size, "F": columns, "m_0": above, **lists}


def index_sets_above(at: Instance) -> Iterator[Instance]:
    """Every I whose σ_i² exceed λ."""
    return (choice for choice in index_sets(at) if all(x * x > at["λ"] for x in choice["σ_I"]))


def frame(rng: Random, at: Instance) -> Instance:
    """G with independent columns and any left inverse L: the pseudoinverse, or one that it is not."""
    size, rank = at["k"], at["ℓ"]
    if rank == 0:
        return {"G": zeros(size, 0), "L": zeros(0, size)}
    for _ in range(50):
        value = zeros(size, rank)
        for place in range(value.size):
            value.flat[place] = rational(rng, 2)
        try:
            plus = inverse(value.T @ value) @ value.T
        except Undefined:
            continue
        more = zeros(rank, size)
        for place in range(more.size):
            more.flat[place] = fmpq(rng.randint(-1, 1))
        return {"G": value, "L": plus + more @ (diagonal([fmpq(1)] * size) - value @ plus)}
    raise Undefined("no frame was found")


def orthonormal_frame(rng: Random, at: Instance) -> Instance:
    """O with orthonormal columns: part of a rational reflection."""
    size = at["k"]
    value = diagonal([fmpq(1)] * size)
    v = zeros(size, 1)
    for place in range(size):
        v[place, 0] = fmpq(rng.randint(-2, 2))
    norm = (v.T @ v)[0, 0]
    if norm != 0:
        value = value - v @ v.T * (2 / norm)
    return {"O": value[:, : at["ℓ"]]}


def canonical_frame(rng: Random, at: Instance) -> Instance:
    """The first ℓ latent axes."""
    axes = diagonal([fmpq(1)] * at["k"])[:, : at["ℓ"]]
    return {"G": axes, "L": axes.T, "O": axes}


NONE = Num(Fraction(0))


def points(w1: Expr, w2: Expr, *recover: tuple[Letter, Expr]) -> Points:
    return Points(WEIGHTS, (w1, w2), index_sets, CHOSEN, frame, recover, canonical=CANONICAL)


def framed(w1: Expr, w2: Expr, *recover: tuple[Letter, Expr]) -> Points:
    """A list with a left inverse L of G. Orthonormal columns F with ΣF = FΣ_I are axes, as the σ_i are distinct."""
    where = (
        Rel(NONE, "≤", ell),
        fact(Σ @ F, "=", F @ Σ_I),
        Every(l, ONE, ell, Rel(σ_I[l], ">", NONE)),
        Rel(L @ G, "=", I_ell),
    )
    return replace(points(w1, w2, *recover), where=where, names=(ell, F, σ_I, G, L))


PRINTED = points(G @ U_I.T, U_I @ G_PLUS, (G, W1 @ U_I))
PRINTED_PRODUCT = points(G @ GROWN**-HALF.value @ U_I.T, U_I @ GROWN**-HALF.value @ G_PLUS, (G, W1 @ U_I @ GROWN**HALF))
FRAMES = framed(G @ U_I.T, U_I @ L, (G, W1 @ U_I), (L, U_I.T @ W2))
FRAMES_PRODUCT = framed(G @ U_I.T, U_I @ GROWN**-1 @ L, (G, W1 @ U_I), (L, GROWN @ U_I.T @ W2))
STIEFEL = Points(
    WEIGHTS,
    (O @ SHRUNK**HALF @ U_I.T, U_I @ SHRUNK**HALF @ O.T),
    index_sets_above,
    CHOSEN,
    orthonormal_frame,
    canonical=CANONICAL,
)


# Theorem 4.2 --------------------------------------------------------------------------------------
def identity(left: Expr, right: Expr) -> Step:
    """left − right = 0, which is so by itself."""
    return Step(lambda *f: left - right, fact(left - right, "=", 0))


Q1, Q2 = Named("Q1", W1 @ Ū), Named("Q2", Ū.T @ W2)
P = Q2 @ Q1


def diagonal_product(loss: Expr, t: Callable[[Expr], Expr], T: Expr, weight: Expr) -> Implication:
    """From vanishing gradients: P = ŪᵀW2W1Ū is diagonal.

    The loss is Tr(P T Pᵀ − 2PΣ²) up to a constant, with T = diag(t); ``weight`` is t_jσ_s⁴ − t_sσ_j⁴, factored.
    """
    steps = (
        Step(lambda g1, g2: Q1.T @ g1 @ Ū / 2, fact(P.T @ P @ T - P.T @ Σ**2, "=", 0)),
        Step(lambda g1, g2, a: a.T @ T - T @ a, fact(T @ P.T @ Σ**2 - Σ**2 @ P @ T, "=", 0)),
        Step(lambda g1, g2, a, b: (Q2 @ g2.T @ Ū - Ū.T @ g2 @ Q2.T) / 2, fact(Σ**2 @ P.T - P @ Σ**2, "=", 0)),
        Step(
            lambda g1, g2, a, b, c: σ[s] ** 2 * Entry(b, j, s) - t(s) * σ[j] ** 2 * Entry(c, j, s),
            squares=lambda gap: weight * gap,
        ),
    )
    stationary = tuple(fact(Grad(loss, w), "=", 0) for w in WEIGHTS)
    return Implication(stationary, (fact(Entry(P, s, j), "=", 0),), WEIGHTS, steps)


def completeness(equations: Implication, penalty: Expr, shrunk: Expr) -> Selected:
    """With P = F D Fᵀ the weights live on F, and D(Σ_I² + λ) = Σ_I²; λ is 0 or the penalty, S(I + λΣ_I⁻²) = I."""
    d = Family("d")
    D, N = Diag(d, ell), F @ F.T
    T, T_I = Σ**2 + penalty * I_m, Σ_I**2 + penalty * I_ell
    first, second, squared, selected, sorted_ = 0, 1, 2, 6, 7
    squares, commutes, encoder, decoder, level, undone = 8, 9, 10, 11, 12, 13
    rest = I_m - N

    def by_encoder(*f: Expr) -> Expr:
        gradient = Ū.T @ f[second] / 2
        return Σ**-2 @ (rest @ f[selected] @ T @ Q1.T - rest @ gradient - f[commutes] @ Q1.T)

    def by_decoder(*f: Expr) -> Expr:
        gradient = (f[first] @ Ū / 2).T
        outside = rest @ (T @ f[selected].T @ Q2 + f[squares] @ D @ F.T @ Q2 - gradient) - f[commutes] @ Q2
        return Σ**-2 @ outside

    def by_level(*f: Expr) -> Expr:
        p, e = f[selected], f[squares]
        inner = F.T @ (f[squared] - p.T @ P @ T - F @ D @ F.T @ p @ T + p.T @ Σ**2) @ F
        return D**-1 @ (inner - D**2 @ F.T @ e + D @ F.T @ e)

    encoding = Q1 @ F
    grown = I_ell + penalty * Σ_I**-2
    decoding = grown @ F.T @ Q2
    steps = (
        Step(lambda *f: Σ @ f[sorted_] + f[sorted_] @ Σ_I, fact(Σ**2 @ F - F @ Σ_I**2, "=", 0)),
        Step(lambda *f: f[squares] @ F.T - F @ f[squares].T, fact(Σ**2 @ N - N @ Σ**2, "=", 0)),
        Step(by_encoder, fact(Q1.T - N @ Q1.T, "=", 0)),
        Step(by_decoder, fact(Q2 - N @ Q2, "=", 0)),
        Step(by_level, fact(D @ T_I - Σ_I**2, "=", 0)),
        identity(shrunk @ grown, I_ell),
        Step(lambda *f: Σ_I**-2 @ f[level] + grown @ F.T @ f[selected] @ F),
        Step(lambda *f: f[encoder].T @ Ū.T),
        Step(lambda *f: Ū @ f[decoder] - Ū @ F @ f[undone] @ F.T @ Q2),
    )
    return Selected(equations, P, (s, j), σ, (ell, F, d, σ_I), None, steps, {G: encoding, L: decoding})


def converse(penalty: Expr, shrunk: Expr) -> Converse:
    """The gradients of the loss with λ‖W2W1‖², λ being 0 or the penalty, and how they vanish at (G U_Iᵀ, U_I S L)."""
    M = Ū @ Σ**2 @ Ū.T
    u = Ū @ F

    def gradients(w1: Expr, w2: Expr) -> tuple[Expr, Expr]:
        slope = (w2 @ w1 - I_m) @ M + penalty * (w2 @ w1)
        return 2 * (w2.T @ slope), 2 * (slope @ w1.T)

    def by_encoder(f: Expr, left: Expr, level: Expr) -> Expr:
        more = Σ @ f + f @ Σ_I
        slope = (shrunk - I_ell) @ more.T + level @ F.T + shrunk @ left @ F.T @ (Σ**2 + penalty * I_m)
        return 2 * (L.T @ shrunk @ slope @ Ū.T)

    def by_decoder(f: Expr, left: Expr, level: Expr) -> Expr:
        more = Σ @ f + f @ Σ_I
        inside = u @ (shrunk @ left @ (F.T @ Σ**2 @ F + penalty * I_ell) + level) + (u @ shrunk @ F.T - Ū) @ more
        return 2 * (inside @ G.T)

    level = identity(shrunk @ (Σ_I**2 + penalty * I_ell), Σ_I**2)
    return Converse(gradients, (by_encoder, by_decoder), (level,))


AS_SETS = "Stated as equality of sets; that the map is a diffeomorphism onto each component is not decided."
GAP = σ[s] ** 2 - σ[j] ** 2
PLAIN = completeness(diagonal_product(LOSS, lambda a: σ[a] ** 2, Σ**2, σ[j] ** 2 * σ[s] ** 2 * GAP), NONE, I_ell)
RIDGE = completeness(
    diagonal_product(
        PRODUCT,
        lambda a: σ[a] ** 2 + λ,
        Σ**2 + λ * I_m,
        (σ[j] ** 2 * σ[s] ** 2 + λ * (σ[j] ** 2 + σ[s] ** 2)) * GAP,
    ),
    λ,
    GROWN**-1,
)


def exactly(loss: Expr, listed: Points, complete: Selected | None = None, back: Converse | None = None) -> All:
    """Every critical point is listed and every listed point is critical."""
    return both(Complete(loss, listed, complete, PLAN), Stationary(loss, listed, PLAN, back))


def small(*sizes: tuple[int, int], per_size: int = 1) -> Plan:
    return Plan(tuple({"k": a, "m": b, "n": b, "p": a} for a, b in sizes), per_size=per_size, tries=20)


PLAN = small((1, 1), (1, 2), (2, 2), (2, 3))
EVERY_SET = small((1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (3, 3))


@claim("kunin2019/thm4.2/L", where="Theorem 4.2", given=[SPECTRUM], convention=SCALE, note=AS_SETS)
def critical_points() -> All:
    """The critical points of the unregularised loss are (G U_Iᵀ, U_I G⁺), for G with independent columns."""
    return exactly(LOSS, PRINTED)


@claim("kunin2019/thm4.2/L+", where="Theorem 4.2", given=[SPECTRUM], convention=SCALE, note=AS_SETS)
def critical_points_corrected() -> All:
    """The critical points of the unregularised loss are (G U_Iᵀ, U_I L), for every G and left inverse L of it."""
    return exactly(LOSS, FRAMES, PLAIN, converse(NONE, I_ell))


@claim("kunin2019/thm4.2/product", where="Theorem 4.2", given=[SPECTRUM, PENALIZED], convention=SCALE, note=AS_SETS)
def product_critical_points() -> All:
    """The critical points of the product loss are those of the unregularised one, shrunk on both sides."""
    return exactly(PRODUCT, PRINTED_PRODUCT)


@claim("kunin2019/thm4.2/product+", where="Theorem 4.2", given=[SPECTRUM, PENALIZED], convention=SCALE, note=AS_SETS)
def product_critical_points_corrected() -> All:
    """The critical points of the product loss are (G U_Iᵀ, U_I (I + λΣ_I⁻²)⁻¹ L), for every left inverse L of G."""
    return exactly(PRODUCT, FRAMES_PRODUCT, RIDGE, converse(λ, GROWN**-1))


# Theorem 4.4 --------------------------------------------------------------------------------------
def descents(last: Expr) -> Expr:
    """d_I = Σ_j (i_j − j), up to ``last``."""
    return Sum(j, ONE, last, index[j] - j)


d_I = descents(ell)
EMPTY = (k - ell) * (m - ell)
PAIRS = ell * (ell + 1) / 2
GIVEN = [SPECTRUM, SVD]
OF_BOTH = [SPECTRUM, PENALIZED, SVD]
OF_SUM = [SPECTRUM, PENALIZED, APART, SVD]
CURVATURE = "d_I is read with the sum up to ℓ, the size of I (see ell-in-eq4)"


SPLIT = Splitting({X: DATA}, Ū, (ell, k, m))


def at_frames(kind: str, count: Expr) -> Directions:
    """So many directions of the unregularised loss."""
    return Directions(kind, count, unregularized(W1, W2), FRAMES, EVERY_SET)


def at_both(kind: str, count: Expr) -> All:
    """So many directions of the unregularised and of the product loss."""
    of_product = replace(at_frames(kind, count), loss=product(W1, W2), points=FRAMES_PRODUCT)
    return both(at_frames(kind, count), of_product)


def at_sum(kind: str, count: Expr) -> Directions:
    """So many directions of the sum loss."""
    return Directions(kind, count, summed(W1, W2), STIEFEL, replace(EVERY_SET, per_size=3))


@claim("kunin2019/thm4.4/ell-in-eq4", where="Theorem 4.4", given=GIVEN, tag="4", convention=SCALE)
def descending_of_four() -> Directions:
    """The descending directions of the unregularised loss, with d_I as (4) defines it: a sum up to k."""
    return at_frames("descending", descents(k) + EMPTY)


@claim("kunin2019/thm4.4/ell-in-eq4+", where="Theorem 4.4", given=GIVEN, tag="4", convention=SCALE)
def descending_up_to_rank() -> Directions:
    """The descending directions of the unregularised loss, with d_I a sum up to ℓ."""
    return at_frames("descending", d_I + EMPTY)


@claim("kunin2019/thm4.4/desc-L", where="Theorem 4.4", given=OF_BOTH, convention=SCALE, note=CURVATURE)
def descending() -> All:
    """The unregularised and the product loss have d_I + (k − ℓ)(m − ℓ) descending directions."""
    return at_both("descending", d_I + EMPTY)


@claim("kunin2019/thm4.4/flat-L", where="Theorem 4.4", given=OF_BOTH, convention=SCALE)
def flat() -> All:
    """The unregularised and the product loss have kℓ flat directions."""
    return at_both("flat", k * ell)


@claim("kunin2019/thm4.4/flat-L+", where="Theorem 4.4", given=OF_BOTH, convention=SCALE)
def flat_corrected() -> All:
    """The unregularised and the product loss have kℓ + (k − ℓ)ℓ flat directions."""
    return at_both("flat", k * ell + (k - ell) * ell)


@claim("kunin2019/thm4.4/desc-sigma", where="Theorem 4.4", given=OF_SUM, convention=SCALE, note=CURVATURE)
def descending_sum() -> Directions:
    """The sum loss has d_I + (k − ℓ)(m − ℓ) descending directions."""
    return at_sum("descending", d_I + EMPTY)


@claim("kunin2019/thm4.4/desc-sigma+", where="Theorem 4.4", given=OF_SUM, convention=SCALE, note=CURVATURE)
def descending_sum_corrected() -> Directions:
    """The sum loss has d_I + (k − ℓ)(m₀ − ℓ) descending directions, m₀ the number of σ_i² above λ."""
    return at_sum("descending", d_I + (k - ell) * (m_0 - ell))


@claim("kunin2019/thm4.4/flat-sigma", where="Theorem 4.4", given=OF_SUM, convention=SCALE)
def flat_sum() -> Directions:
    """The sum loss has kℓ − ℓ(ℓ + 1)/2 flat directions."""
    return at_sum("flat", k * ell - PAIRS)


@claim("kunin2019/thm4.4/proof-asc-L", where="Theorem 4.4, proof", given=OF_BOTH, convention=SCALE, note=CURVATURE)
def ascending() -> All:
    """The ascending directions of both losses are the k(m − k) − d_I of the loss on the Grassmannian."""
    return at_both("ascending", k * (m - k) - d_I)


@claim("kunin2019/thm4.4/proof-asc-L+", where="Theorem 4.4, proof", given=OF_BOTH, convention=SCALE, note=CURVATURE)
def ascending_corrected() -> All:
    """Both losses have k(m − ℓ) + mℓ − d_I ascending directions."""
    return at_both("ascending", k * (m - ell) + m * ell - d_I)


@claim(
    "kunin2019/thm4.4/proof-asc-sigma",
    where="Theorem 4.4, proof",
    given=OF_SUM,
    convention=SCALE,
    note=CURVATURE,
)
def ascending_sum() -> Directions:
    """The sum loss has ℓ(ℓ + 1)/2 more: k(m − k) − d_I + ℓ(ℓ + 1)/2 ascending directions."""
    return at_sum("ascending", k * (m - k) - d_I + PAIRS)


@claim(
    "kunin2019/thm4.4/proof-asc-sigma+",
    where="Theorem 4.4, proof",
    given=OF_SUM,
    convention=SCALE,
    note=CURVATURE,
)
def ascending_sum_corrected() -> Directions:
    """The sum loss has 2km − kℓ + ℓ(ℓ + 1)/2 − d_I − (k − ℓ)(m₀ − ℓ) ascending directions."""
    return at_sum("ascending", 2 * k * m - k * ell + PAIRS - d_I - (k - ell) * (m_0 - ell))


def empty_slot(here: Instance, name: str, place: tuple) -> bool:
    """Whether an entry of W1 or W2 joins a latent axis beyond ℓ with a principal direction outside I."""
    latent, direction = place if name == "W1" else place[::-1]
    return latent >= here["ℓ"] and direction + 1 not in here["i"]


def along_slots(count_of_sum: Expr) -> All:
    """Descending directions among the empty slots, in the principal axes and with the first latent axes learned."""
    members = (
        (unregularized, FRAMES, EMPTY),
        (product, FRAMES_PRODUCT, EMPTY),
        (summed, STIEFEL, count_of_sum),
    )
    return both(
        *(
            Directions(
                "descending",
                count,
                loss(W1, W2),
                replace(listed, draw=canonical_frame),
                EVERY_SET,
                empty_slot,
                1,
            )
            for loss, listed, count in members
        )
    )


@claim(
    "kunin2019/thm4.4/proof-slots",
    where="Theorem 4.4, proof",
    given=[SPECTRUM, PENALIZED, APART, AXES, SVD],
    convention=SCALE,
)
def empty_slots() -> All:
    """(k − ℓ)(m − ℓ) descending directions fill one of k − ℓ empty slots with one of m − ℓ principal directions."""
    return along_slots(EMPTY)


@claim(
    "kunin2019/thm4.4/proof-slots+",
    where="Theorem 4.4, proof",
    given=[SPECTRUM, PENALIZED, APART, AXES, SVD],
    convention=SCALE,
)
def empty_slots_corrected() -> All:
    """Of the sum loss, only the m₀ − ℓ principal directions with σ_i² > λ descend."""
    return along_slots((k - ell) * (m_0 - ell))
