"""Lower bounds on the condition number of the non-uniform L2 loss that hold for all regularisers.

A change of W1 and W2 = W1ᵀ that rotates the latents i and j against the components i and j is slow when λ_i and λ_j
are close, and when σ_i and σ_j are. With ρ = λ/σ² its curvature is at most

    2(λ_j − λ_i)(σ_i² − σ_j²)(ρ_i + ρ_j)/((σ_i² + σ_j²)(2 − ρ_i − ρ_j)).

So neighbours ask for steps of λ, and the steps must fit below σ_k². The rotation towards an unlearned component and
the two scalings set limits of their own.

Main results
    tied           the curvature of two latents, as above
    every_λ        cond(H) against the slowest of these directions
    every_λ_sum    cond(H) against the sum of all steps
"""

from __future__ import annotations

from proofs.bao2020.appendix_b_conditioning import COND, MINIMUM, S_MAX, SCALING, SPREAD, rotation
from proofs.bao2020.appendix_b_conditioning import slow as turned
from proofs.bao2020.notation import (
    DESCENDING_PAIR,
    HALF,
    ONE,
    SCALE_HALF,
    SHRINK,
    TWO,
    TWO_LATENTS,
    Ū,
    U,
    W,
    i,
    j,
    k,
    m,
    α,
    λ,
    ν,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import SIZES, Hypothesis, Plan
from proofs.kernel.expressions import Basis, Expr, Extremum, Pick, Sum, sqrt
from proofs.kernel.propositions import Rel
from proofs.lae.bounds_l2 import PLAN, ROOTS, S_MIN, SLOW, WHERE
from proofs.methods.blockwise import Bracket, Over
from proofs.methods.chain import Chain, chain
from proofs.methods.eigenvalues import Averaged, Rayleigh
from proofs.tactics.extrema import EachTerm
from proofs.tactics.relations import Tight, Via, via
from proofs.tactics.sums import Mediant, Pooled

WIDE = Plan(tuple(s for s in SIZES if s["k"] == 3), per_size=6)


# Directions -----------------------------------------------------------------------------------------
def together(a: Expr, b: Expr, x: Expr, y: Expr) -> Rayleigh:
    """W1 and W2 = W1ᵀ change by x where latent a reads component b, and by y where b reads a."""
    change = x * (Basis(a, k) @ Basis(b, k).T) + y * (Basis(b, k) @ Basis(a, k).T)
    return Rayleigh((W.T + α * change @ U.T, W + α * U @ change.T), α)


def mixing(a: Expr, b: Expr) -> Rayleigh:
    """The components a and b rotate, in W2 against W1, so that reconstructions mix."""
    turn = Basis(a, k) @ Basis(b, k).T - Basis(b, k) @ Basis(a, k).T
    return Rayleigh((W.T + α * SHRINK**HALF @ turn @ U.T, W + α * U @ turn @ SHRINK**HALF), α)


def towards(b: Expr) -> Rayleigh:
    """The last latent rotates towards the unlearned component b."""
    axis, latent = Ū @ Basis(b, m), Basis(k, k)
    return Rayleigh((W.T + α * (latent @ axis.T), W + α * σ[b] ** 2 * σ[k] ** -2 * (axis @ latent.T)), α)


def step(a: Expr, b: Expr) -> Expr:
    rest = λ[a] / σ[a] ** 2 + λ[b] / σ[b] ** 2
    return 2 * (λ[b] - λ[a]) * (σ[a] ** 2 - σ[b] ** 2) * rest / ((σ[a] ** 2 + σ[b] ** 2) * (ν[a] + ν[b]))


def slow(a: Expr, b: Expr) -> Via:
    """The form on the two changes is [[A, B], [B, C]]; the mean of its adjugate's columns, with weights A and C."""
    half, rise = HALF * (σ[a] ** 2 + σ[b] ** 2), λ[b] - λ[a]
    first, last, cross = half * ν[a] - rise, half * ν[b] + rise, half * sqrt(ν[a]) * sqrt(ν[b])
    square = half**2 * ν[a] * ν[b]
    det = HALF * rise * (σ[a] ** 2 - σ[b] ** 2) * (λ[a] / σ[a] ** 2 + λ[b] / σ[b] ** 2)
    mean = 2 * det * first * last / (half * (ν[a] + ν[b]) * (first * last + square))
    paths = ((first, together(a, b, last, -cross)), (last, together(a, b, -cross, first)))
    return via("≤", (mean, Averaged(paths)), "≤", step(a, b))


@claim("lae/bounds/l2/rotation", where=WHERE, given=[*MINIMUM, DESCENDING_PAIR], convention=SCALE_HALF)
def rotated() -> Chain:
    """The curvature of the rotation of two latents, as Appendix B has it, bounds the smallest one."""
    return chain(S_MIN, "≤", (turned(i, j), rotation(i, j)), plan=PLAN)


@claim("lae/bounds/l2/tied", where=WHERE, given=[*MINIMUM, DESCENDING_PAIR], convention=SCALE_HALF)
def tied() -> Chain:
    """The curvature of two latents is bounded by the gap of their λ times the gap of their σ²."""
    return chain(S_MIN, "≤", (step(j, i), slow(j, i)), plan=PLAN)


@claim("lae/bounds/l2/mixing", where=WHERE, given=[*MINIMUM, DESCENDING_PAIR], convention=SCALE_HALF)
def mixed() -> Chain:
    """The curvature of a mixing of two latents is large for all regularisers."""
    exact = σ[j] ** 2 + σ[i] ** 2 - HALF * (σ[j] ** 2 - σ[i] ** 2) * (ν[j] - ν[i])
    end = HALF * (σ[j] ** 2 + 3 * σ[i] ** 2), Tight((ν[j], 1), (ν[i], 0))
    return chain(S_MAX, "≥", (exact, mixing(j, i)), ">", end, plan=PLAN)


# For all regularisers -------------------------------------------------------------------------------
TOPS = Pick("max", (2 * (σ[1] ** 2 - σ[k] ** 2), HALF * (σ[1] ** 2 + 3 * σ[TWO] ** 2)))
MIXED = σ[1] ** 2 + σ[TWO] ** 2 - HALF * (σ[1] ** 2 - σ[TWO] ** 2) * (ν[1] - ν[TWO])
FASTEST = EachTerm(
    via("≥", (2 * σ[1] ** 2 * ν[1], SCALING), "≥", SPREAD),
    via("≥", (MIXED, mixing(ONE, TWO)), ">", HALF * (σ[1] ** 2 + 3 * σ[TWO] ** 2)),
)


def widest(a: Expr, b: Expr) -> Expr:
    """What the curvature of neighbours is at most, with all of (0, σ_k²) between their λ."""
    return 4 * σ[k] ** 4 * (σ[a] ** 2 - σ[b] ** 2) / (σ[b] ** 2 * (σ[a] ** 2 + σ[b] ** 2))


def outermost(b: Expr) -> Expr:
    return σ[k] ** 2 * (σ[k] ** 4 - σ[b] ** 4) / (σ[k] ** 4 + σ[b] ** 4)


def beyond(b: Expr) -> Via:
    exact = σ[k] ** 2 * (σ[k] ** 2 - σ[b] ** 2) * (σ[b] ** 2 + λ[k]) / (σ[k] ** 4 + σ[b] ** 4)
    return via("≤", (exact, towards(b)), "≤", outermost(b))


SCALINGS = tuple(Bracket(SLOW.roots, (source,)) for source in SLOW.sources[:2])
HALFWAY = Mediant((2 * λ[1], 1, SCALINGS[0]), (2 * (σ[k] ** 2 - λ[k]), 1, SCALINGS[1]))
NEIGHBOURS = Extremum("min", i, ONE, k - 1, widest(i, i + 1))
OTHERS = Extremum("min", j, k + 1, m, outermost(j))
SLOWEST = EachTerm(
    via("≤", (σ[k] ** 2 - (λ[k] - λ[1]), HALFWAY), "≤", σ[k] ** 2),
    (ONE, k - 1, lambda a: via("≤", (step(a, a + 1), slow(a, a + 1)), "≤", widest(a, a + 1))),
    (k + 1, m, beyond),
)


@claim("lae/bounds/l2/uniform", where=WHERE, given=[*MINIMUM, TWO_LATENTS], note="Free of the scale of the loss.")
def every_λ() -> Chain:
    """For all regularisers, a lower bound on the condition number by the spectrum alone."""
    bound = TOPS / Pick("min", (σ[k] ** 2, NEIGHBOURS, OTHERS))
    near = Tight((σ[k + 1], σ[k]), why=Over(FASTEST, SLOWEST, ROOTS))
    return chain(COND, "≥", (bound, near), plan=PLAN)


# The sum of all steps -------------------------------------------------------------------------------
THREE_LATENTS = Hypothesis("k ≥ 3", r"k \ge 3", (Rel(k, "≥", TWO + 1),), None, lambda rng, at: {})


def length(a: Expr, b: Expr) -> Expr:
    """How far λ² must rise for a unit of curvature."""
    return (σ[a] ** 2 + σ[b] ** 2) * (σ[b] ** 2 - σ[k] ** 2) / (σ[a] ** 2 - σ[b] ** 2)


STEPS = Sum(i, ONE, k - 2, length(i, i + 1))
RISE = λ[k - 1] ** 2 - λ[1] ** 2


def rises(a: Expr) -> Via:
    """With ρ = λ/σ² ≤ λ/σ_b² for the later of two neighbours, b, and ν ≥ 1 − σ_k²/σ_b²."""
    b = a + 1
    bound = (λ[b] ** 2 - λ[a] ** 2) / length(a, b)
    return via("≤", (step(a, b), slow(a, b)), "≤", bound)


POOLED = Pooled(lambda a: λ[a + 1] ** 2 - λ[a] ** 2, RISE, STEPS, rises)


@claim("lae/bounds/l2/uniform-sum", where=WHERE, given=[*MINIMUM, THREE_LATENTS], note="Free of the scale of the loss.")
def every_λ_sum() -> Chain:
    """For all regularisers: the steps of all neighbours but the last fit below σ_k² together."""
    bottom = via("≤", (RISE / STEPS, POOLED), "≤", σ[k] ** 4 / STEPS)
    return chain(COND, "≥", (TOPS / (σ[k] ** 4 / STEPS), Over(FASTEST, bottom, ROOTS)), plan=WIDE)
