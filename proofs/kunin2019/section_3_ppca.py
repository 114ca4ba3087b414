"""Kunin et al. 2019, Section 3: probabilistic PCA, its critical points, and those of the whitened sum loss.

X = UΣVᵀ has n columns, M = XXᵀ. The model's covariance is C = W_0W_0ᵀ + σ²I, and its negative log likelihood, up to a
constant, n/2 (log det C + tr(C⁻¹M/n)), with the gradient C⁻¹(nC − M)C⁻¹W_0. So W_0 is critical where (nC − M)Y = 0 for
the Y with CY = W_0. As C holds n data points and M their sum, all that is printed holds for n = 1 alone; for others σ²
stands for nσ², and W_0 for √nW_0.

Main results
    gradient                    the derivatives of det C and of tr(C⁻¹M)
    critical_of_pca_corrected   the complete list of critical points, for every n
    coincide_corrected          𝓛_σ⁰ is critical at (W_1, W_2) exactly if W_1 = W_2ᵀ and pPCA is at W_2/√n
    related                     √n W_0 = (XXᵀ)^½ W_2 at the minima
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    First,
    Grad,
    Letter,
    Named,
    Scalar,
    SqNorm,
    Sym,
    Tr,
    det,
    integer,
    lift,
)
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, W1, W2, I_k, I_m, X, k, m, n, summed, λ
from proofs.kunin2019.section_4 import (
    CHOSEN,
    DATA,
    HALF,
    NONE,
    ONE,
    PENALIZED,
    SPECTRUM,
    U_I,
    Ū,
    Σ,
    Σ_I,
    F,
    I_ell,
    O,
    ell,
    index_sets_above,
    j,
    l,
    orthonormal_frame,
    s,
    small,
    σ,
    σ_I,
)
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import SMALL, Implication, Step, fact
from proofs.methods.listed import Converse, Selected
from proofs.methods.stationarity import Complete, Points, Stationary

Y = Letter("Y", m, k)
M = Named("XXᵀ", Ū @ Σ**2 @ Ū.T, "XX^\\top")
ROOT, WHITE, PRECISION = Ū @ Σ @ Ū.T, Ū @ Σ**-1 @ Ū.T, Ū @ Σ**-2 @ Ū.T
WHITENED = summed(W1 @ WHITE, WHITE @ W2, DATA)
"""𝓛_σ⁰."""
GIVEN = [SPECTRUM, PENALIZED]
PLAN = replace(SMALL, sizes=({"k": 1, "m": 1, "n": 1, "p": 1}, {"k": 1, "m": 1, "n": 2, "p": 1}, *SMALL.sizes[1:]))
PRINTED = "W_0 = W_2 and σ² = λ."
CORRECTED = "W_2 is √nW_0 and λ is nσ², so that C = W_2W_2ᵀ/n + (λ/n)I; Y is √n C⁻¹W_0."

# The likelihood -----------------------------------------------------------------------------------
W0, variance = Letter("W0", m, k, tex="W_0"), Sym("v", r"\sigma^2")
NOISE = Hypothesis(
    "σ² > 0",
    r"\sigma^2 > 0",
    (Rel(variance, ">", NONE),),
    lambda rng, at: {"v": rational(rng, at["height"], positive=True)},
    lambda rng, at: {"v": fmpq(0)},
)


@claim(
    "kunin2019/eq3/gradient",
    where="Section 3, (3)",
    given=[NOISE],
    convention=SCALE,
    note="The gradient of log det C is that of det C over det C. So that of n/2 log det C + ½ tr(C⁻¹XXᵀ) is "
    "nC⁻¹W_0 − C⁻¹XXᵀC⁻¹W_0 = C⁻¹(nC − XXᵀ)C⁻¹W_0.",
)
def gradient() -> All:
    """The gradients of det C and of tr(C⁻¹XXᵀ), for C = W_0W_0ᵀ + σ²I."""
    C = W0 @ W0.T + variance * I_m
    return both(
        eq(Grad(det(C), W0), 2 * det(C) * (C**-1 @ W0)),
        eq(Grad(Tr(C**-1 @ X @ X.T), W0), -2 * (C**-1 @ X @ X.T @ C**-1 @ W0)),
    )


def rests(points: Scalar, noise: Expr) -> tuple[Rel, Rel]:
    """CY = W_2 with C = W_2W_2ᵀ/points + noise, and that pPCA is critical there: (nC − M)Y = 0."""
    C = (W2 @ W2.T if points == 1 else W2 @ W2.T / lift(points)) + noise * I_m
    return Rel(C @ Y, "=", W2), fact((n * C - M) @ Y, "=", 0)


# (W_2W_2ᵀ + λ − M)Y = 0 where (W_2W_2ᵀ + λ − M)W_2 = 0, and back ----------------------------------
GAP = Named("T", W2 @ W2.T + λ * I_m - M)
SHARED = W2.T @ W2 + λ * I_k
PUSHED = Y @ SHARED - n * W2
"""0, as (W_2W_2ᵀ + λI)Y = nW_2."""
THROUGH = fact(PUSHED, "=", 0)
CRITICAL = fact(GAP @ W2, "=", 0)


def by_rows(gap: Expr) -> Expr:
    """tr(gapᵀ(W_2W_2ᵀ + λI)gap)."""
    return SqNorm(W2.T @ gap) + λ * SqNorm(gap)


def by_columns(gap: Expr) -> Expr:
    """tr(gap(W_2ᵀW_2 + λI)gapᵀ)."""
    return SqNorm(gap @ W2.T) + λ * SqNorm(gap)


def push(solved: Expr) -> Expr:
    return n * Tr(PUSHED.T @ solved @ SHARED)


def likely(pushed: Expr, critical: Expr) -> Expr:
    return Tr((GAP @ pushed + n * critical) @ (GAP @ Y).T)


# The critical points of pPCA ----------------------------------------------------------------------
QUARTIC = SqNorm(GAP.body) / 4
"""Of which (W_2W_2ᵀ + λI − M)W_2 is the gradient."""
d = Family("d")
D = Diag(d, ell, "D")


def above(at: Instance) -> Iterator[Instance]:
    """Every I whose σ_i² exceed λ, with d_l = σ_l² − λ."""
    for choice in index_sets_above(at):
        yield {**choice, "d": [x**2 - at["λ"] for x in choice["σ_I"]]}


LISTED = Points(
    (W2,),
    (U_I @ D**HALF @ O.T,),
    above,
    CHOSEN | {"d"},
    orthonormal_frame,
    recover=((O, W2.T @ U_I @ D**-HALF.value),),
    where=(
        Rel(NONE, "≤", ell),
        fact(Σ @ F, "=", F @ Σ_I),
        Every(l, ONE, ell, Rel(σ_I[l], ">", NONE)),
        Every(l, ONE, ell, Rel(d[l], ">", NONE)),
        Rel(D, "=", Σ_I**2 - λ * I_ell),
        Rel(O.T @ O, "=", I_ell),
    ),
    names=(ell, F, σ_I, d, O),
)
T = Named("T", Ū.T @ W2)
Q = T @ T.T


def completeness() -> Selected:
    """With TTᵀ = F D Fᵀ the latent axes are the columns of O = TᵀF D^−½, and D = Σ_I² − λI."""
    N = F @ F.T
    here, selected, sorted_, rest, more = 1, 4, 5, 6, 7

    def level(*f: Expr) -> Expr:
        p, apart = f[selected], f[more]
        inner = F.T @ f[here] @ T.T @ F + apart.T @ (F @ D + p @ F) + Σ_I**2 @ F.T @ p @ F
        return (inner - D @ F.T @ p @ F - F.T @ p @ (F @ D + p @ F) - λ * F.T @ p @ F) @ D**-1

    equations = Implication(
        tuple(fact(g, "=", 0) for g in Complete(QUARTIC, LISTED).gradients),
        (fact(Entry(Q, s, j), "=", 0),),
        (W2,),
        (
            Step(lambda g: Ū.T @ g, fact((Q + λ * I_m - Σ**2) @ T, "=", 0)),
            Step(lambda g, h: T @ h.T - h @ T.T, fact(Σ**2 @ Q - Q @ Σ**2, "=", 0)),
            Step(lambda *f: Entry(f[-1], s, j), squares=lambda gap: (σ[s] ** 2 - σ[j] ** 2) * gap),
        ),
    )
    steps = (
        Step(lambda *f: Tr((I_m - N) @ f[selected] @ (I_m - N)), fact(T - N @ T, "=", 0), SqNorm),
        Step(lambda *f: Σ @ f[sorted_] + f[sorted_] @ Σ_I, fact(Σ**2 @ F - F @ Σ_I**2, "=", 0)),
        Step(level),
        Step(lambda *f: D**-HALF.value @ F.T @ f[selected] @ F @ D**-HALF.value),
        Step(lambda *f: Ū @ f[rest]),
    )
    axes = T.T @ F @ D**-HALF.value
    return Selected(equations, Q, (s, j), σ, (ell, F, d, σ_I), lambda i: SqNorm(Basis(i, m).T @ T), steps, {O: axes})


def converse() -> Converse:
    """The gradient where ΣF = FΣ_I, D = Σ_I² − λI and OᵀO = I."""
    root = D**HALF

    def gradient(w: Expr) -> tuple[Expr]:
        return ((w @ w.T + λ * I_m - M) @ w,)

    def vanish(f: Expr, level: Expr, unit: Expr) -> Expr:
        return Ū @ (F @ (level + root @ unit @ root) - Σ @ f - f @ Σ_I) @ root @ O.T

    return Converse(gradient, (vanish,))


def critical_of_pca(points: Scalar, noise: Expr) -> All:
    """(3) is the complete list: pPCA is critical exactly where the quartic is, at whatever is listed."""
    solved, at_rest = rests(points, noise)
    quartic = Complete(QUARTIC, LISTED).vanishing
    there = (Step(lambda z, c: push(c), THROUGH, by_rows), Step(lambda z, c, p: likely(p, z), squares=by_columns))
    back = (
        Step(lambda c, z: push(c), THROUGH, by_rows),
        Step(lambda c, z, p: (z @ SHARED - GAP @ p) / n),
    )
    return both(
        Implication((*quartic, solved), (at_rest,), (W2, Y), there, PLAN),
        Implication((solved, at_rest), quartic, (W2, Y), back, PLAN),
        Complete(QUARTIC, LISTED, completeness(), SIZES),
        Stationary(QUARTIC, LISTED, SIZES, converse()),
    )


SIZES = small((1, 1), (1, 2), (2, 2), (2, 3))
AS_QUARTIC = "(nC − XXᵀ)Y = 0 exactly where (W_2W_2ᵀ + λI − XXᵀ)W_2 = 0, the gradient of ¼‖W_2W_2ᵀ + λI − XXᵀ‖², of "
AS_LISTED = "which the list is proved; D^½ = Σ_I(I − λΣ_I⁻²)^½."


@claim(
    "kunin2019/eq3",
    where="Section 3, (3)",
    tag="3",
    given=GIVEN,
    convention=SCALE,
    note=f"{PRINTED} {AS_QUARTIC}{AS_LISTED}",
)
def stationary_of_pca() -> All:
    """The critical points of pPCA are W_0 = U_IΣ_I(I − σ²Σ_I⁻²)^½Oᵀ, with the singular values of X."""
    return critical_of_pca(1, λ)


@claim(
    "kunin2019/eq3+",
    where="Section 3, (3)",
    tag="3",
    given=GIVEN,
    convention=SCALE,
    note=f"{CORRECTED} {AS_QUARTIC}{AS_LISTED}",
)
def stationary_of_pca_corrected() -> All:
    """They are with the singular values of X/√n: √nW_0 = U_IΣ_I(I − nσ²Σ_I⁻²)^½Oᵀ."""
    return critical_of_pca(n, λ / n)


# Theorem 3.1 --------------------------------------------------------------------------------------
MOVED_1, MOVED_2 = W1 @ WHITE, WHITE @ W2


def balanced(by_encoder: Expr, by_decoder: Expr, *_: Expr) -> Expr:
    """What holds ‖(W_1 − W_2ᵀ)(XXᵀ)^−½‖² vanishes with the gradients: Theorem 2.1, of the moved weights."""
    g1, g2 = by_encoder @ ROOT, ROOT @ by_decoder
    gap = MOVED_1 - MOVED_2.T
    skew = (g2 @ MOVED_2.T - MOVED_2 @ g2.T) / 2
    return Tr(((g1 - g2.T) / 2 - MOVED_1 @ skew + gap @ g2 @ MOVED_2.T / 2) @ gap.T)


def squares(gap: Expr) -> Expr:
    return SqNorm(gap @ (I_m - MOVED_2 @ MOVED_1) @ DATA) + λ * SqNorm(gap @ MOVED_2) + λ * SqNorm(gap)


def replaced(gap: Expr) -> Expr:
    """What W_1 = W_2ᵀ + gap adds to (W_2W_1W_1ᵀ + λW_2 − MW_1ᵀ)."""
    return W2 @ gap @ W2 + W2 @ W1 @ gap.T - M @ gap.T


def same_points(points: Scalar, noise: Expr) -> All:
    """𝓛_σ⁰ is critical at (W_1, W_2) exactly if W_1 = W_2ᵀ and pPCA is critical at W_2."""
    solved, at_rest = rests(points, noise)
    tied = Rel(W1, "=", W2.T)
    gradients = tuple(fact(Grad(WHITENED, w), "=", 0) for w in (W1, W2))
    turned = W2.T @ PRECISION @ GAP
    there = (
        Step(balanced, fact(MOVED_1 - MOVED_2.T, "=", 0), squares),
        Step(lambda *f: f[3] @ ROOT),
        Step(lambda g1, g2, c, moved, gap: M @ g2 / 2 - replaced(gap), CRITICAL),
        Step(lambda g1, g2, c, *_: push(c), THROUGH, by_rows),
        Step(lambda *f: likely(f[6], f[5]), squares=by_columns),
    )
    back = (
        Step(lambda gap, c, z: push(c), THROUGH, by_rows),
        Step(lambda gap, c, z, p: (z @ SHARED - GAP @ p) / n, CRITICAL),
        Step(
            lambda *f: Tr(turned.T @ f[4].T @ (I_m + PRECISION @ GAP)),
            fact(turned, "=", 0),
            lambda gap: SqNorm(W2 @ gap) + λ * SqNorm(gap),
        ),
        Step(lambda *f: 2 * f[5] + 2 * (W2.T @ PRECISION @ W2 @ f[0]) + 2 * λ * (f[0] @ PRECISION)),
        Step(lambda *f: 2 * PRECISION @ (f[4] + replaced(f[0]))),
    )
    return both(
        Implication((*gradients, solved), (tied, at_rest), (W1, W2, Y), there, PLAN),
        Implication((tied, solved, at_rest), gradients, (W1, W2, Y), back, PLAN),
    )


@claim("kunin2019/thm3.1", where="Theorem 3.1", given=GIVEN, convention=SCALE, note=PRINTED)
def coincide() -> All:
    """With σ² = λ the critical points of 𝓛_σ⁰ are those of pPCA."""
    return same_points(1, λ)


@claim("kunin2019/thm3.1+", where="Theorem 3.1", given=GIVEN, convention=SCALE, note=CORRECTED)
def coincide_corrected() -> All:
    """With λ = nσ² the critical points of 𝓛_σ⁰, over √n, are those of pPCA."""
    return same_points(n, λ / n)


# The proof of Theorem 3.1, and the minima ---------------------------------------------------------
rank = integer("ℓ", r"\ell", 1, m)
E, FRAME = Letter("I_I", m, rank, tex=r"I_{\mathcal I}"), Letter("O", k, rank)
KEPT, SHRUNK = Diag(Family("σ_I", r"\sigma_{\mathcal I}"), rank, "Σ_I"), Diag(Family("d"), rank, "D")


@claim(
    "kunin2019/thm3.1/whitening",
    where="Theorem 3.1, proof",
    given=[SPECTRUM],
    convention=SCALE,
    note="(XXᵀ)^½ = UΣUᵀ; D stands for (I − λΣ_I⁻²)^½. With W_1 = V_1(XXᵀ)^−½ and W_2 = (XXᵀ)^−½V_2, (V_1, V_2) is "
    "critical for 𝓛_σ⁰ where (W_1, W_2) is for 𝓛_σ, as the change of variables is linear and invertible.",
)
def whitened() -> All:
    """(XXᵀ)^½ is a square root with the inverse (XXᵀ)^−½, and takes the W_2 of (2) to the W_0 of (3)."""
    return both(
        eq(ROOT @ ROOT, DATA @ DATA.T),
        eq(WHITE @ ROOT, I_m),
        moved(),
    )


def moved() -> Implication:
    """(XXᵀ)^½U_I = U_IΣ_I where ΣI_I = I_IΣ_I."""
    selected = fact(Σ @ E, "=", E @ KEPT)
    left, right = ROOT @ Ū @ E @ SHRUNK @ FRAME.T, Ū @ E @ KEPT @ SHRUNK @ FRAME.T
    return Implication((selected,), (Rel(left, "=", right),), (E,), (Step(lambda f: Ū @ f @ SHRUNK @ FRAME.T),))


def learned(rng: Random, at: Instance) -> Instance:
    """Some of the first that exceed λ, and no more than there are latents."""
    count = min(sum(x**2 > at["λ"] for x in at["σ"]), at["k"])
    return {"ℓ": rng.randint(0, count)}


LEARNED = Hypothesis(
    "ℓ ≤ k, ℓ ≤ m, σ_l² > λ for l ≤ ℓ",
    r"\ell \le k,\ \ell \le m,\ \sigma_l^2 > \lambda \text{ for } l \le \ell",
    (Rel(ell, "≤", k), Rel(ell, "≤", m), Every(l, ONE, ell, Rel(σ[l] ** 2, ">", λ))),
    learned,
    lambda rng, at: {"λ": 2 * at["σ"][0] ** 2, "ℓ": 1},
)


@claim(
    "kunin2019/s1/MAP-pPCA",
    where="Abstract",
    given=[*GIVEN, LEARNED],
    convention=SCALE,
    note="The minima of 𝓛_σ are W_2 = U_ℓ(I − λΣ_ℓ⁻²)^½Oᵀ with ℓ = min(k, m_0). That pPCA is likeliest with the first "
    "directions, at √nW_0 = U_ℓ(Σ_ℓ² − nσ²I)^½Oᵀ, is taken from Tipping and Bishop (1999). λ is nσ²; with σ² = λ, as "
    "printed, see thm3.1.",
)
def related() -> All:
    """The minima of 𝓛_σ and the estimate of probabilistic PCA determine each other: √nW_0 = (XXᵀ)^½W_2."""
    Σ_ℓ, first = Diag(σ, ell, "Σ_ℓ"), Ū @ First(m, ell)
    shrunk = (Eye(ell) - λ * Σ_ℓ**-2) ** HALF
    w2, w0 = first @ shrunk @ O.T, first @ Σ_ℓ @ shrunk @ O.T
    return both(
        eq(Σ_ℓ @ shrunk @ (Σ_ℓ @ shrunk), Σ_ℓ**2 - λ * Eye(ell)),
        eq(ROOT @ w2, w0),
        eq(WHITE @ w0, w2),
    )
