"""Kunin et al. 2019, Theorem 4.2 for the sum loss: its critical points, for every λ > 0.

D stands for I − λΣ_I⁻²; that its square root is real, d_l > 0, says that only directions with σ_i² > λ are learned.

Main results
    sum_landscape           (2): the critical points are exactly (O D^½ U_Iᵀ, U_I D^½ Oᵀ), OᵀO = I, also for λ = σ_i²
    any_index_set           which fails for index sets that the print does not leave out
    flat_at_equality        at λ = σ_i² the Hessian has more flat directions
    dominated               a direction with σ_i² ≤ λ is not learned at any critical point
    leading_directions      the minima learn I = {1, …, min(k, m_0)}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Entry,
    Expr,
    Family,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    integer,
    lift,
)
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, W1, W2, I_m, j, k, m, summed, λ
from proofs.kunin2019.section_4 import (
    APART,
    CHOSEN,
    DATA,
    EVERY_SET,
    HALF,
    NONE,
    ONE,
    PENALIZED,
    PLAN,
    SHRUNK,
    SPECTRUM,
    STIEFEL,
    SVD,
    U_I,
    WEIGHTS,
    Ū,
    Σ,
    Σ_I,
    F,
    I_ell,
    O,
    canonical_frame,
    ell,
    index_sets_above,
    l,
    orthonormal_frame,
    s,
    σ,
    σ_I,
)
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.listed import Converse, Selected
from proofs.methods.stationarity import Complete, Points, Stationary

SUM = summed(W1, W2, DATA)
d = Family("d")
TWO = lift(2)
D = Diag(d, ell, "D")
ROOT = D**HALF


def compressed(at: Instance) -> Iterator[Instance]:
    """Every I whose σ_i² exceed λ, with d_l = 1 − λσ_l⁻²."""
    for choice in index_sets_above(at):
        yield {**choice, "d": [1 - at["λ"] / x**2 for x in choice["σ_I"]]}


LISTED = Points(
    WEIGHTS,
    (O @ ROOT @ U_I.T, U_I @ ROOT @ O.T),
    compressed,
    CHOSEN | {"d"},
    orthonormal_frame,
    recover=((O, W1 @ U_I @ ROOT**-1),),
    where=(
        Rel(NONE, "≤", ell),
        fact(Σ @ F, "=", F @ Σ_I),
        Every(l, ONE, ell, Rel(σ_I[l], ">", NONE)),
        Every(l, ONE, ell, Rel(d[l], ">", NONE)),
        Rel(D @ Σ_I**2, "=", Σ_I**2 - λ * I_ell),
        Rel(O.T @ O, "=", I_ell),
    ),
    names=(ell, F, σ_I, d, O),
)

# The proof of the list ----------------------------------------------------------------------------
T = Named("T", Ū.T @ W2)
Q = T @ T.T
M = Ū @ Σ**2 @ Ū.T
TIED = fact((Q - I_m) @ Σ**2 @ T + λ * T, "=", 0)
STATIONARY = tuple(fact(g, "=", 0) for g in Complete(SUM, LISTED).gradients)
GAP = W1 - W2.T


def balanced(g1: Expr, g2: Expr) -> Expr:
    """What holds ‖W1 − W2ᵀ‖² vanishes with the gradients: Theorem 2.1."""
    skew = (g2 @ W2.T - W2 @ g2.T) / 2
    return Tr(((g1 - g2.T) / 2 - W1 @ skew + GAP @ g2 @ W2.T / 2) @ GAP.T)


def squares(gap: Expr) -> Expr:
    return SqNorm(gap @ (I_m - W2 @ W1) @ DATA) + λ * SqNorm(gap @ W2) + λ * SqNorm(gap)


def tie(g1: Expr, g2: Expr, gap: Expr) -> Expr:
    return Ū.T @ (g2 / 2 - (W2 @ W1 - I_m) @ M @ gap.T - W2 @ gap @ M @ W2)


TO_TIED = (Step(balanced, Rel(W1, "=", W2.T), squares), Step(tie, TIED))


def diagonal_product() -> Implication:
    """From vanishing gradients: W1 = W2ᵀ, and TTᵀ is diagonal for T = ŪᵀW2."""
    steps = (
        *TO_TIED,
        Step(lambda g1, g2, gap, h: T @ h.T - h @ T.T, fact(Σ**2 @ Q - Q @ Σ**2, "=", 0)),
        Step(lambda *known: Entry(known[-1], s, j), squares=lambda gap: (σ[s] ** 2 - σ[j] ** 2) * gap),
    )
    return Implication(STATIONARY, (fact(Entry(Q, s, j), "=", 0),), WEIGHTS, steps)


def completeness() -> Selected:
    """With TTᵀ = F D Fᵀ the latent axes are the columns of O = TᵀF D^−½, and D = I − λΣ_I⁻²."""
    N = F @ F.T
    axes = T.T @ F @ ROOT**-1
    gap, tied, selected, sorted_, rest, more = 2, 3, 6, 7, 8, 9

    def level(*f: Expr) -> Expr:
        p = f[selected]
        inner = F.T @ f[tied] @ T.T @ F - (D - I_ell) @ F.T @ f[more] @ D - (D - I_ell) @ F.T @ Σ**2 @ p @ F
        return (inner - F.T @ p @ Σ**2 @ Q @ F - λ * F.T @ p @ F) @ D**-1

    steps = (
        Step(lambda *f: Tr((I_m - N) @ f[selected] @ (I_m - N)), fact(T - N @ T, "=", 0), SqNorm),
        Step(lambda *f: Σ @ f[sorted_] + f[sorted_] @ Σ_I, fact(Σ**2 @ F - F @ Σ_I**2, "=", 0)),
        Step(level),
        Step(lambda *f: ROOT**-1 @ F.T @ f[selected] @ F @ ROOT**-1),
        Step(lambda *f: f[gap] + (Ū @ f[rest]).T),
        Step(lambda *f: Ū @ f[rest]),
    )
    names = (ell, F, d, σ_I)
    return Selected(diagonal_product(), Q, (s, j), σ, names, lambda i: SqNorm(Basis(i, m).T @ T), steps, {O: axes})


def converse() -> Converse:
    """The gradients of the sum loss, and how they vanish where ΣF = FΣ_I, D = I − λΣ_I⁻² and OᵀO = I."""
    u = Ū @ F

    def gradients(w1: Expr, w2: Expr) -> tuple[Expr, Expr]:
        rest = (w2 @ w1 - I_m) @ M
        return 2 * (w2.T @ rest) + 2 * λ * w1, 2 * (rest @ w1.T) + 2 * λ * w2

    def by_encoder(f: Expr, level: Expr, unit: Expr) -> Expr:
        more = Σ @ f + f @ Σ_I
        inner = level @ F.T + (D - I_ell) @ more.T + ROOT @ unit @ ROOT @ F.T @ Σ**2
        return 2 * (O @ ROOT @ inner @ Ū.T)

    def by_decoder(f: Expr, level: Expr, unit: Expr) -> Expr:
        more = Σ @ f + f @ Σ_I
        turned = ROOT @ unit @ ROOT
        inside = u @ (level + turned @ Σ_I**2) + (u @ (D + turned) @ u.T - I_m) @ Ū @ more
        return 2 * (inside @ ROOT @ O.T)

    return Converse(gradients, (by_encoder, by_decoder))


def exactly() -> All:
    """Every critical point of the sum loss is listed, and every listed point is critical."""
    return both(Complete(SUM, LISTED, completeness(), PLAN), Stationary(SUM, LISTED, PLAN, converse()))


GIVEN = [SPECTRUM, PENALIZED]


@claim(
    "kunin2019/eq2",
    where="Section 3, (2)",
    tag="2",
    given=GIVEN,
    convention=SCALE,
    note="Read with the I for which the square root is real, σ_i² > λ. λ ≠ σ_i² is not supposed.",
)
def sum_landscape() -> All:
    """The critical points of the sum loss are W_1ᵀ = W_2 = U_I D^½ Oᵀ with D = I − λΣ_I⁻² and orthonormal O."""
    return exactly()


@claim(
    "kunin2019/thm4.2/fn12",
    where="Theorem 4.2, footnote 12",
    given=GIVEN,
    convention=SCALE,
    note="'For the sum loss, we also assume λ is distinct from all σ_i²': for the list of critical points it is not "
    "needed; for the curvature it is, see fn12/curvature.",
)
def list_without_footnote() -> All:
    """The list of critical points of the sum loss holds whether or not λ is one of the σ_i²."""
    return exactly()


EQUAL = Hypothesis(
    "λ = σ_1²", r"\lambda = \sigma_1^2", (Rel(λ, "=", σ[ONE] ** 2),), lambda rng, at: {"λ": at["σ"][0] ** 2}
)


@claim(
    "kunin2019/thm4.2/fn12/curvature",
    where="Theorem 4.4, footnote 12",
    given=[SPECTRUM, EQUAL, SVD],
    convention=SCALE,
    note="λ = σ_1², so that the origin, with ℓ = 0, is the only critical point: Theorem 4.4 would have none.",
)
def flat_at_equality() -> Directions:
    """Footnote 12 is needed for the curvature: at λ = σ_1² the origin has k flat directions."""
    return Directions("flat", k, summed(W1, W2), STIEFEL, EVERY_SET)


# Which directions are learned ---------------------------------------------------------------------
i = integer("i", "", 1, m)


@claim(
    "kunin2019/thm4.2/sum-index-range",
    where="Theorem 4.2",
    given=[*GIVEN, APART],
    convention=SCALE,
    note="The union is printed over all I ⊂ {1, …, m} of size at most k; m_0 is named and not used. For I = {i} the "
    "point holds (1 − λσ_i⁻²)^½.",
)
def any_index_set() -> Chain:
    """The points of the printed list exist for every index set."""
    return chain((1 - λ * σ[i] ** -2) ** HALF, "≥", NONE)


@claim("kunin2019/thm4.2/sum-index-range+", where="Theorem 4.2", given=GIVEN, convention=SCALE, note="I ⊂ {1, …, m_0}.")
def index_sets_of_large() -> All:
    """The union is over the index sets with σ_i² > λ."""
    return exactly()


def dominated_by(rng: Random, at: Instance) -> Instance:
    """λ at or above some σ_i²."""
    place = rng.randint(1, at["m"])
    return {"i": place, "λ": at["σ"][place - 1] ** 2 * rng.choice((1, fmpq(101, 100), 4))}


def not_dominated(rng: Random, at: Instance) -> Instance:
    return {"i": 1, "λ": at["σ"][0] ** 2 * fmpq(16, 25)}


DOMINATED = Hypothesis("σ_i² ≤ λ", r"\sigma_i^2 \le \lambda", (Rel(σ[i] ** 2, "≤", λ),), dominated_by, not_dominated)


def not_learned() -> Implication:
    """(λ − σ_i²)‖T_i‖² + ‖T_iTᵀΣ‖² = 0 for the row T_i = e_iᵀT."""
    row = Basis(i, m).T @ T
    inner = fact(row @ T.T @ Σ, "=", 0)

    def cubes(gap: Expr) -> Expr:
        return SqNorm(gap) + (λ - σ[i] ** 2) * SqNorm(row)

    steps = (
        *TO_TIED,
        Step(lambda g1, g2, gap, h: Tr(Basis(i, m).T @ h @ row.T), inner, cubes),
        Step(lambda *f: Tr(f[-1] @ Σ**-1 @ Basis(i, m)), squares=SqNorm),
    )
    return Implication(STATIONARY, (fact(row, "=", 0),), WEIGHTS, (*steps[:-1], replace(steps[-1], goal=None)))


@claim(
    "kunin2019/thm4.2/real",
    where="Theorem 4.2, proof",
    given=[*GIVEN, DOMINATED],
    convention=SCALE,
    note="Where σ_i² = λ nothing is learned either.",
)
def real() -> Implication:
    """A direction with σ_i² ≤ λ is not learned: u_iᵀW_2 = 0 at every critical point."""
    return not_learned()


@claim(
    "kunin2019/s3/data-points",
    where="Section 3",
    given=[*GIVEN, DOMINATED],
    convention=SCALE,
    note="At every n. With one more reading, of the same data seen again: data-points/repeated. Of pPCA the same, with "
    "σ² for λ, is not decided here.",
)
def dominated() -> Implication:
    """Of directions whose eigenvalue is dominated by λ all information is lost, no matter the number of data points."""
    return not_learned()


count = integer("N", "", 1)
REPEATED = Hypothesis("N ≥ 1", r"N \ge 1", (), lambda rng, at: {"N": rng.choice((1, 2, 3, 10))})


@claim(
    "kunin2019/s3/data-points/repeated",
    where="Section 3",
    given=[*GIVEN, DOMINATED, REPEATED],
    convention=SCALE,
    note="Data that are seen N times have the eigenvalues Nσ_i² of XXᵀ, as the loss has no 1/n.",
)
def repeated() -> Chain:
    """An eigenvalue that λ dominates is dominated after N times as many data of the same covariance."""
    return chain(count * σ[i] ** 2, "≤", λ)


# The minima ---------------------------------------------------------------------------------------
def on_axes(at: Instance) -> Iterator[Instance]:
    return ({**choice, **canonical_frame(Random(0), choice)} for choice in index_sets_above(at))


def leading(at: Instance) -> Iterator[Instance]:
    """I = {1, …, min(k, m_0)}."""
    for choice in on_axes(at):
        if choice["i"] == list(range(1, min(at["k"], choice["m_0"]) + 1)):
            yield choice


BEST = replace(STIEFEL, choices=leading, recover=((O, W1 @ U_I @ SHRUNK**-HALF.value),))
VALUE = Sum(l, ONE, m, σ[l] ** 2) - Sum(l, ONE, ell, (σ[l] ** 2 - λ) ** 2 * σ[l] ** -2)


def minima() -> Minima:
    """The minima of the sum loss among its critical points."""
    α, axis = Sym("α"), Basis(ONE, k)
    first, second = Ū @ Basis(ONE, m), Ū @ Basis(TWO, m)

    def tied(w: Expr) -> Expr:
        return summed(w, w.T, DATA)

    empty = tied(α * axis @ first.T)
    worse = tied((1 - λ * σ[2] ** -2) ** HALF * axis @ second.T + α * axis @ first.T)
    descents = (
        chain(-Coeff(empty, α, 2), "=", 2 * (σ[1] ** 2 - λ), ">", NONE),
        chain(-Coeff(worse, α, 2), "=", (σ[1] ** 2 - σ[2] ** 2) * (1 + λ * σ[2] ** -2), ">", NONE),
    )
    order = (
        Rel(m, "≥", TWO),
        Rel(λ, ">", NONE),
        Rel(σ[1], ">", NONE),
        Rel(σ[2], ">", NONE),
        Rel(σ[1] ** 2, ">", σ[2] ** 2),
        Rel(σ[1] ** 2, ">", λ),
        Rel(σ[2] ** 2, ">", λ),
        Rel(ell, "≤", k),
        Rel(ell, "≤", m),
        Every(l, ONE, ell, Rel(σ[l], ">", NONE)),
        Every(l, ONE, ell, Rel(1 - λ * σ[l] ** -2, "≥", NONE)),
    )
    return Minima(SUM, BEST, replace(STIEFEL, choices=on_axes), VALUE, descents, order, "global", EVERY_SET)


TRIED = (
    "Tried at the critical points of kunin2019/eq2, with the first latent axes; O turns them. Of all weights, as "
    "theorems: lae/sum/bounded and /only for k ≥ m_0, lae/sum/fewer and /only for k ≤ m_0."
)


@claim("kunin2019/s4.1/Lsigma-dominated", where="Theorem 4.2", given=GIVEN, convention=SCALE, note=TRIED)
def leading_directions() -> Minima:
    """The minimum of the sum loss keeps the directions I = {1, …, min(k, m_0)}."""
    return minima()


@claim(
    "kunin2019/s3/min-description",
    where="Section 3",
    given=GIVEN,
    convention=SCALE,
    note="W_2 maps the latents into the data, so that W_2 = U_I(I − λΣ_I⁻²)^½Oᵀ is read for the 'orthogonal "
    f"projection followed by compression'. {TRIED}",
)
def compressed_projection() -> Minima:
    """At the minima W_2 compresses the i-th of the top k directions by (1 − λσ_i⁻²)^½ if σ_i² > λ, and by 0 else."""
    return minima()


AXES_ = Letter("O", k, ell, frozenset({"orthonormal"}))


def some_factors(rng: Random, at: Instance) -> Instance:
    rank = rng.randint(1, at["k"])
    return {"ℓ": rank, "d": [fmpq(rng.randint(1, 9), rng.choice((3, 9))) ** 2 for _ in range(rank)]}


COMPRESSED = Hypothesis(
    "d > 0",
    "d > 0",
    (Every(l, ONE, ell, Rel(d[l], ">", NONE)),),
    some_factors,
)


@claim(
    "kunin2019/s1/abstract-left-sv",
    where="Abstract and Section 1",
    given=[COMPRESSED],
    note="At the points of kunin2019/eq2. The eigenvalues d_l = 1 − λσ_l⁻² differ as the σ_l do, so that the singular "
    "vectors are these up to sign.",
)
def left_singular() -> All:
    """The learned principal directions are the left singular vectors of the decoder."""
    w2 = U_I @ ROOT @ AXES_.T
    return both(eq(w2 @ w2.T @ U_I, U_I @ D), eq(w2 @ w2.T, U_I @ D @ U_I.T))
