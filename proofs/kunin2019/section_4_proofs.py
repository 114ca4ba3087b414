"""Kunin et al. 2019, Section 4.2 and Appendix B: the lines of the proofs of Theorem 4.2 and of Proposition 4.3.

Main results
    rotated                     the losses in the principal axes
    expanded, expanded_sum      as traces
    critical_of_parts           crit(𝓛_σ) = crit(𝓛_1) ∩ {Q_1 = Q_2ᵀ}
    gradients                   (5) and (6)
    idempotent, diagonal_step   D⁻²S²Qᵀ is symmetric, idempotent and diagonal
    distinct_for_sum            which Proposition 4.3 cannot be asked for of the sum loss: (σ² − λ)²/σ² may repeat
    printed_factors             the printed table of Proposition 4.3 does not conform
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Entry, Expr, Family, Grad, Letter, Named, SqNorm, Tr, integer
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, I_m, k, m, product, summed, unregularized, λ
from proofs.kunin2019.section_4 import (
    DATA,
    HALF,
    NONE,
    ONE,
    PENALIZED,
    SPECTRUM,
    Ū,
    Σ,
    F,
    G,
    ell,
    l,
    σ,
)
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import Proposition, says

Q1, Q2 = Letter("Q1", k, m, tex="Q_1"), Letter("Q2", m, k, tex="Q_2")
Q = Q2 @ Q1
PAIR = (Q1, Q2)

# Theorem 4.2 --------------------------------------------------------------------------------------


@claim("kunin2019/thm4.2/rotate", where="Theorem 4.2, proof", convention=SCALE, note="With W_1 = Q_1Uᵀ, W_2 = UQ_2.")
def rotated() -> All:
    """In the principal axes the losses are the same with Σ for X."""
    w1, w2 = Q1 @ Ū.T, Ū @ Q2
    return both(*(eq(loss(w1, w2, DATA), loss(Q1, Q2, Σ)) for loss in (unregularized, product, summed)))


@claim("kunin2019/thm4.2/expand-L", where="Theorem 4.2, proof", convention=SCALE)
def expanded() -> Chain:
    """𝓛 as a trace."""
    return eq(unregularized(Q1, Q2, Σ), Tr(Q @ Σ**2 @ Q.T - 2 * Q @ Σ**2 + Σ**2))


@claim("kunin2019/thm4.2/expand-Lpi", where="Theorem 4.2, proof", convention=SCALE)
def expanded_product() -> Chain:
    """𝓛_π as a trace."""
    return eq(product(Q1, Q2, Σ), Tr(Q @ (Σ**2 + λ * I_m) @ Q.T - 2 * Q @ Σ**2 + Σ**2))


FIRST = Named("L_1", Tr(Q @ Σ**2 @ Q.T - 2 * Q @ (Σ**2 - λ * I_m) + Σ**2), r"\mathcal L_1")
SECOND = Named("L_2", λ * SqNorm(Q1 - Q2.T), r"\mathcal L_2")
SUM = Named("L_σ", summed(Q1, Q2, Σ), r"\mathcal L_\sigma")


@claim("kunin2019/thm4.2/expand-Lsigma", where="Theorem 4.2, proof", convention=SCALE)
def expanded_sum() -> Chain:
    """𝓛_σ is a trace and λ‖Q_1 − Q_2ᵀ‖²."""
    return eq(SUM, FIRST + SECOND)


def stationary(loss: Expr) -> tuple[Rel, ...]:
    return tuple(fact(Grad(loss, q), "=", 0) for q in PAIR)


TIED = Rel(Q1, "=", Q2.T)


@claim("kunin2019/thm4.2/crit-L1", where="Theorem 4.2, proof", given=[PENALIZED], convention=SCALE)
def critical_of_parts() -> All:
    """The critical points of 𝓛_σ are those of 𝓛_1 with Q_1 = Q_2ᵀ."""
    gap = Q1 - Q2.T

    def balanced(g1: Expr, g2: Expr) -> Expr:
        skew = (g2 @ Q2.T - Q2 @ g2.T) / 2
        return Tr(((g1 - g2.T) / 2 - Q1 @ skew + gap @ g2 @ Q2.T / 2) @ gap.T)

    def squares(x: Expr) -> Expr:
        return SqNorm(x @ (I_m - Q) @ Σ) + λ * SqNorm(x @ Q2) + λ * SqNorm(x)

    there = (
        Step(balanced, squares=squares),
        Step(lambda g1, g2, tie: g1 - 2 * λ * tie),
        Step(lambda g1, g2, tie, _: g2 + 2 * λ * tie.T),
    )
    back = (Step(lambda g1, g2, tie: g1 + 2 * λ * tie), Step(lambda g1, g2, tie, _: g2 - 2 * λ * tie.T))
    return both(
        Implication(stationary(SUM), (TIED, *stationary(FIRST)), PAIR, there),
        Implication((*stationary(FIRST), TIED), stationary(SUM), PAIR, back),
    )


# Proposition 4.3 ----------------------------------------------------------------------------------
a, b = Family("s"), Family("d")
S, D = Diag(a, m, "S"), Diag(b, m, "D")


def two_lists(rng: Random, at: Instance) -> Instance:
    """S and D of any signs; that the d_i⁴/s_i² differ is not used by the lines below."""
    some = lambda: rational(rng, at["height"], positive=True) * rng.choice((-1, 1))  # noqa: E731
    return {"s": [some() for _ in range(at["m"])], "d": [some() for _ in range(at["m"])]}


r, t = integer("r", "", 1, m), integer("t", "", 1, m)
LISTS = Hypothesis(
    "s_i ≠ 0, d_i ≠ 0",
    r"s_i \neq 0,\ d_i \neq 0",
    (
        Every(l, ONE, m, Rel(a[l], "≠", NONE)),
        Every(l, ONE, m, Rel(b[l], "≠", NONE)),
    ),
    two_lists,
    lambda rng, at: {"s": [fmpq(0)] * at["m"], "d": [fmpq(0)] * at["m"]},
)
STAR = Named("L_*", Tr(Q @ S**2 @ Q.T - 2 * Q @ D**2), r"\mathcal L_*")
FIVE = Rel(Q2.T @ Q2 @ Q1 @ S**2, "=", Q2.T @ D**2)
SIX = Rel(Q2 @ Q1 @ S**2 @ Q1.T, "=", D**2 @ Q1.T)
SHORT = Named("P", D**-2 @ S**2 @ Q.T)


@claim("kunin2019/prop4.3/eq5-6", where="Proposition 4.3, proof, (5) and (6)", tag="5, 6")
def gradients() -> All:
    """The gradients of 𝓛_* vanish where (5) and (6) hold."""
    return both(
        Implication(stationary(STAR), (FIVE, SIX), PAIR, (Step(lambda g, h: g / 2), Step(lambda g, h, _: h / 2))),
        Implication((FIVE, SIX), stationary(STAR), PAIR, (Step(lambda g, h: 2 * g), Step(lambda g, h, _: 2 * h))),
    )


@claim("kunin2019/prop4.3/idempotent", where="Proposition 4.3, proof", given=[LISTS])
def idempotent() -> Implication:
    """From (5): D⁻²S²QᵀQS²D⁻² = D⁻²S²Qᵀ, so that this matrix is symmetric and idempotent."""
    product_ = D**-2 @ S**2 @ Q.T @ Q @ S**2 @ D**-2
    steps = (
        Step(lambda five: D**-2 @ S**2 @ Q1.T @ five @ D**-2),
        Step(lambda five, f: f.T - f),
        Step(lambda five, f, even: f + SHORT @ even),
    )
    return Implication(
        (FIVE,), (Rel(product_, "=", SHORT), Rel(SHORT, "=", SHORT.T), Rel(SHORT @ SHORT, "=", SHORT)), PAIR, steps
    )


@claim(
    "kunin2019/prop4.3/diag-step",
    where="Proposition 4.3, proof, (7)",
    tag="7",
    given=[LISTS],
    note="For any two places r and t: (d_r⁴s_r⁻² − d_t⁴s_t⁻²)P_rt = 0 for P = D⁻²S²Qᵀ, which is 0 off the diagonal "
    "where these numbers differ.",
)
def diagonal_step() -> Implication:
    """QS²Qᵀ = (D²S⁻²D²)P, which is symmetric, so that P is diagonal; then Q = Pᵀ D²S⁻²."""
    weights = D**2 @ S**-2 @ D**2

    def level(row: Expr) -> Expr:
        return b[row] ** 4 * a[row] ** -2

    steps = (
        Step(lambda five, six: six @ Q2.T),
        Step(lambda five, six, f: D**-2 @ S**2 @ Q1.T @ five @ D**-2, fact(SHORT @ SHORT.T - SHORT, "=", 0)),
        Step(lambda five, six, f, g: g.T - g, Rel(SHORT, "=", SHORT.T)),
        Step(lambda five, six, f, g, even: Entry(f.T - f, r, t) - level(t) * Entry(even, r, t)),
    )
    return Implication(
        (FIVE, SIX),
        (
            Rel(Q @ S**2 @ Q.T, "=", weights @ SHORT),
            fact((level(r) - level(t)) * Entry(SHORT, r, t), "=", 0),
        ),
        PAIR,
        steps,
    )


# The hypothesis of Proposition 4.3 ----------------------------------------------------------------
def two_places(rng: Random, at: Instance) -> Instance:
    if at["m"] < 2:
        raise Undefined("m = 1 has no two places")
    return dict(zip("rt", rng.sample(range(1, at["m"] + 1), 2), strict=True))


PLACES = Hypothesis("r ≠ t", r"r \neq t", (Rel(r, "<", t),), two_places)


@claim("kunin2019/prop4.3/hyp-L", where="Theorem 4.2, proof", given=[SPECTRUM, PLACES], note="D = S = Σ: D²S⁻²D² = Σ².")
def distinct_for_plain() -> All:
    """For 𝓛 the diagonal of D²S⁻²D² has distinct non-zero elements."""
    return both(
        eq(Σ**2 @ Σ**-2 @ Σ**2, Σ**2),
        chain(σ[r] ** 2, ">", σ[t] ** 2, ">", NONE),
    )


@claim("kunin2019/prop4.3/hyp-Lpi", where="Theorem 4.2, proof", given=[SPECTRUM, PENALIZED, PLACES])
def distinct_for_product() -> Chain:
    """For 𝓛_π they are σ⁴/(σ² + λ), which fall strictly."""
    x, y = σ[r] ** 2, σ[t] ** 2
    return chain(x**2 / (x + λ), ">", y**2 / (y + λ), ">", NONE)


def level(place: Expr) -> Expr:
    return (σ[place] ** 2 - λ) ** 2 / σ[place] ** 2


def with_equal_levels(rng: Random, at: Instance) -> Instance:
    """λ = σ_rσ_t, at which both are equal, or another penalty."""
    return {"λ": at["σ"][0] * at["σ"][-1] if rng.random() < 0.5 else rational(rng, at["height"], positive=True)}


PENALTY_HERE = Hypothesis("λ > 0", r"\lambda > 0", (Rel(λ, ">", NONE),), with_equal_levels)
SMALL_PENALTY = Hypothesis(
    "0 < λ < σ_m²",
    r"0 < \lambda < \sigma_m^2",
    (Rel(λ, ">", NONE), Rel(λ, "<", σ[m] ** 2)),
    lambda rng, at: {"λ": at["σ"][-1] ** 2 * fmpq(rng.choice((1, 50, 99)), 100)},
    lambda rng, at: {"λ": at["σ"][-1] ** 2 * 2},
)


@claim(
    "kunin2019/prop4.3/hyp-Lsigma",
    where="Theorem 4.2, proof",
    given=[SPECTRUM, PENALTY_HERE, PLACES],
    note="S = Σ and D = (Σ² − λI)^½: the diagonal of D²S⁻²D² holds (σ_i² − λ)²/σ_i².",
)
def distinct_for_sum() -> Proposition:
    """For 𝓛_σ they are distinct."""
    return says(Rel(level(r), "≠", level(t)))


@claim("kunin2019/prop4.3/hyp-Lsigma+", where="Theorem 4.2, proof", given=[SPECTRUM, SMALL_PENALTY, PLACES])
def distinct_for_small_penalty() -> Chain:
    """They are distinct, and not 0, if λ < σ_m²."""
    x, y = σ[r] ** 2, σ[t] ** 2
    gap = (x - y) * ((x - λ) * y + λ * (y - λ)) * x**-1 * y**-1
    return chain(level(r) - level(t), "=", gap, ">", NONE)


@claim(
    "kunin2019/thm4.2/sum-proof",
    where="Theorem 4.2, proof",
    given=[SPECTRUM, PENALTY_HERE, PLACES],
    convention=SCALE,
    note="D = (Σ² − λI)^½ has to be real, and the hypothesis of Proposition 4.3 has to hold. The list itself is proved "
    "without it: kunin2019/eq2.",
)
def proof_of_sum() -> All:
    """Proposition 4.3 gives the row of 𝓛_σ, with S = Σ and D = (Σ² − λI)^½."""
    return both(chain((σ[r] ** 2 - λ) ** HALF, "≥", NONE), says(Rel(level(r), "≠", level(t))))


@claim(
    "kunin2019/thm4.2/sum-proof+", where="Theorem 4.2, proof", given=[SPECTRUM, SMALL_PENALTY, PLACES], convention=SCALE
)
def proof_of_sum_for_small_penalty() -> All:
    """It does if λ < σ_m²."""
    x, y = σ[r] ** 2, σ[t] ** 2
    gap = (x - y) * ((x - λ) * y + λ * (y - λ)) * x**-1 * y**-1
    return both(
        chain((σ[r] ** 2 - λ) ** HALF, "≥", NONE),
        chain(level(r) - level(t), "=", gap, ">", NONE),
    )


# The table of Proposition 4.3 ---------------------------------------------------------------------
a_I, b_I = Family("s_I", r"s_{\mathcal I}"), Family("d_I", r"d_{\mathcal I}")
S_I, D_I = Diag(a_I, ell, "S_I"), Diag(b_I, ell, "D_I")
LEFT = Letter("G⁺", ell, k, tex="G^+")


@claim(
    "kunin2019/prop4.3/table-dims",
    where="Proposition 4.3",
    note="Footnote 15: D_I and S_I are ℓ × ℓ, I_I is m × ℓ.",
)
def printed_factors() -> All:
    """The printed factors: Q_2 = D_I S_I⁻¹ I_I G⁺, Q_1 = G I_Iᵀ D_I S_I⁻¹."""
    return both(eq(Q2, D_I @ S_I**-1 @ F @ LEFT), eq(Q1, G @ F.T @ D_I @ S_I**-1))
