"""Bao et al. 2020, Section 4.3: slow convergence to the global minima of the non-uniform L2 loss.

Main results
    rate            gradient descent at its best step shrinks the error by (κ − 1)/(κ + 1) per step
    directions      in the plane of Figure 1 the radial curvature exceeds that of the rotation
    main_bound      the lower bound on the condition number
    optimal         no λ solves (16); along the λ that approach its infimum the condition number grows without bound
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.appendix_b_conditioning import (
    COND,
    DIMENSION,
    H_MAIN,
    LATENTS,
    LOOSE,
    ORDERED,
    SCALING,
    SOME,
    SPECTRAL,
    N,
    between,
    bounded,
    largest_pair,
    printed_bound,
    printed_ratio,
    ε,
)
from proofs.bao2020.curvature import blocks
from proofs.bao2020.notation import (
    DATA,
    FEWER,
    FULL_RANK,
    ONE,
    PENALTIES,
    SCALE_HALF,
    SCALE_MAIN,
    SPECTRUM,
    TWO,
    TWO_LATENTS,
    ZERO,
    W,
    givens,
    i,
    k,
    l,
    l2_half,
    α,
    θ,
    λ,
    ν,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Basis, Diff, Expr, Letter, Named, SqNorm, Sum, Sym
from proofs.kernel.propositions import Rel
from proofs.methods.attained import Attained
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.spectrum import Quotient, Rayleigh, cond
from proofs.tactics.relations import Arithmetic, Fact, Tight, via

# Gradient descent on a quadratic ------------------------------------------------------------------
low, high, s = Sym("s_min", r"s_{\min}"), Sym("s_max", r"s_{\max}"), Sym("s")
η, r = Sym("η", r"\eta"), Sym("r")
κ = high / low


def curvatures(rng: Random, at: Instance) -> Instance:
    """0 < s_min ≤ s ≤ s_max, also equal."""
    values = sorted(rational(rng, at["height"] + 2, True) / rng.choice((1, 1, 5)) for _ in range(3))
    values = [values[0]] * 3 if rng.random() < 0.2 else values
    return dict(zip(("s_min", "s", "s_max"), values, strict=True))


def worst_factor(rng: Random, at: Instance) -> Instance:
    """A step of either sign, small, large or the best, and a factor that no component exceeds, or the least such."""
    best = 2 / (at["s_min"] + at["s_max"])
    step = rng.choice((rational(rng, at["height"] + 1), 2 * best, best))
    factor = max(abs(1 - step * at[x]) for x in ("s_min", "s_max"))
    return {"η": step, "r": factor + fmpq(rng.choice((0, 0, 2, 20)), 7)}


CURVATURES = Hypothesis(
    "0 < s_min ≤ s ≤ s_max",
    r"0 < s_{\min} \le s \le s_{\max}",
    (Rel(low, ">", ZERO), Rel(s, "≥", low), Rel(high, "≥", s)),
    curvatures,
    lambda rng, at: {"s_min": fmpq(1), "s": fmpq(3), "s_max": fmpq(2)},
)
FACTOR = Hypothesis(
    "|1 − η s_min| ≤ r, |1 − η s_max| ≤ r",
    r"|1-\eta s_{\min}| \le r,\ |1-\eta s_{\max}| \le r",
    tuple(Rel(r, "≥", x) for y in (low, high) for x in (1 - η * y, η * y - 1)),
    worst_factor,
    lambda rng, at: {"η": rational(rng, 3, True), "r": fmpq(0)},
)


@claim(
    "bao2020/4.3.1/cond-rate",
    where="Section 4.3.1",
    given=[CURVATURES, FACTOR],
    note="Gradient descent with step η multiplies the error along an eigenvector of curvature s by 1 − ηs, near the "
    "minimum. r bounds these factors; κ = s_max/s_min.",
)
def rate() -> All:
    """No step shrinks every error by less than (κ − 1)/(κ + 1), and η = 2/(s_min + s_max) attains it."""
    best = 2 / (low + high)
    return both(
        chain(r, "≥", ((κ - 1) / (κ + 1), Tight((r, 1 - η * low), (η, best)))),
        eq(1 - best * low, (κ - 1) / (κ + 1)),
        eq(best * high - 1, (κ - 1) / (κ + 1)),
        chain((1 - best * s) ** 2, "≤", (((κ - 1) / (κ + 1)) ** 2, Tight((s, low)))),
    )


@claim("bao2020/4.3.1/rayleigh", where="Section 4.3.1", given=[DIMENSION, SOME])
def rayleigh() -> Chain:
    """Any Rayleigh quotient is an upper bound on the smallest eigenvalue and a lower bound on the largest."""
    return between(Letter("H", N, N, frozenset({"symmetric"})), False)


# The plane of Figure 1 ----------------------------------------------------------------------------
PLANE = Hypothesis("k = 2", "k = 2", (Rel(k, "=", TWO),), None, lambda rng, at: {})
RADIAL = Named(
    "∂²L/∂α²", Diff(l2_half((1 + α) * W.T, (1 + α) * W, DATA), α, 2, True), r"\partial^2\mathcal L/\partial\alpha^2"
)
TURN = givens(TWO, ONE, θ, k)
TURNED = Named(
    "∂²L/∂θ²", Diff(l2_half(TURN @ W.T, W @ TURN.T, DATA), θ, 2, True), r"\partial^2\mathcal L/\partial\theta^2"
)
RADIAL_SPEED = Named("‖∂W/∂α‖²", SqNorm(W.T) + SqNorm(W), r"\lVert\partial W/\partial\alpha\rVert_F^2")
TURN_SPEED = Named(
    "‖∂W/∂θ‖²",
    SqNorm(Diff(TURN @ W.T, θ, 1, True)) + SqNorm(Diff(W @ TURN.T, θ, 1, True)),
    r"\lVert\partial W/\partial\theta\rVert_F^2",
)


@claim(
    "bao2020/4.3.1/directions",
    where="Section 4.3.1 and Figure 1",
    given=[SPECTRUM, PENALTIES, PLANE],
    convention=SCALE_HALF,
    note="Figure 1's W1 = αO(I − ΛS⁻²)^½Uᵀ = W2ᵀ with k = 2, at its minimum: Rayleigh quotients along α and along the "
    "angle of O.",
)
def directions() -> All:
    """The radial direction, a rescaling, has the larger curvature, and the rotation the smaller."""
    radial = 4 * Sum(l, ONE, k, σ[l] ** 2 * ν[l] ** 2)
    speed = 2 * Sum(l, ONE, k, ν[l])
    written_out = 4 * (σ[1] ** 2 * ν[1] ** 2 + σ[2] ** 2 * ν[2] ** 2)
    turned = 2 * (ν[1] - ν[2]) * (λ[2] - λ[1])
    return both(
        chain(RADIAL / RADIAL_SPEED, "=", radial / speed),
        chain(TURNED / TURN_SPEED, "=", turned / (2 * (ν[1] + ν[2]))),
        chain(
            RADIAL / RADIAL_SPEED,
            ">",
            (
                TURNED / TURN_SPEED,
                via("=", written_out / (2 * (ν[1] + ν[2])), ">", TURNED / TURN_SPEED),
            ),
        ),
    )


# The bound ----------------------------------------------------------------------------------------


@claim("bao2020/4.3.1/main-bound", where="Section 4.3.1", given=LATENTS, convention=SCALE_MAIN)
def main_bound() -> Chain:
    """The condition number of the Hessian at a global minimum is at least a bound by the spectrum."""
    return chain(cond(H_MAIN), "≥", (printed_bound(), bounded(TWO)), plan=SPECTRAL)


@claim(
    "bao2020/4.3.1/grows-with-k",
    where="Section 4.3.1",
    given=[FULL_RANK, TWO_LATENTS, FEWER],
    note="One more latent for the same spectrum.",
)
def grows() -> Chain:
    """For a fixed spectrum the bound grows with k."""
    fewer = Sum(i, TWO, k - 1, σ[i] ** 2 - σ[k] ** 2)
    more = Sum(i, TWO, k, σ[i] ** 2 - σ[k + 1] ** 2)
    lower = Sum(i, TWO, k - 1, σ[i] ** 2 - σ[k + 1] ** 2)
    added = via("=", lower + (σ[k] ** 2 - σ[k + 1] ** 2), ">", lower, "≥", fewer)
    then = 2 * k * (1 - σ[k + 1] ** 2 / σ[1] ** 2) * (more / σ[k + 1] ** 2)
    steps = via("<", (then, Arithmetic(Fact(more, ">", fewer, added))))
    return chain(printed_bound(k), "<", (printed_bound(k + 1), steps), plan=LOOSE)


# Optimal λ ----------------------------------------------------------------------------------------


@claim(
    "bao2020/4.3.1/optimal-lambda",
    where="Section 4.3.1, footnote 2, and Appendix I.1",
    given=ORDERED,
    note="λ_j + (j − 1)ε lowers every term of (16), so no λ solves it.",
)
def optimal() -> Attained:
    """Some λ solve (16), and they minimise the condition number."""
    return Attained(largest_pair(printed_ratio), λ, lambda a: (a - 1) * ε, ε)


@claim(
    "bao2020/4.3.1/optimal-lambda+",
    where="Section 4.3.1, footnote 2, and Appendix I.1",
    given=[FULL_RANK, PENALTIES],
    convention=SCALE_HALF,
    note="The infimum of (16) is approached as λ_k tends to σ_k², where this bound grows without limit.",
)
def optimal_corrected() -> Chain:
    """The condition number is at least (σ_1² − λ_1)/(σ_k² − λ_k): solving (16) does not minimise it."""
    last = W @ Basis(k, k) @ Basis(k, k).T
    shrink = Rayleigh((W.T + α * last.T, W + α * last), α)
    quotient = Quotient(2 * σ[1] ** 2 * ν[1], SCALING, 2 * σ[k] ** 2 * ν[k], shrink, blocks(ONE))
    bound: Expr = (σ[1] ** 2 - λ[1]) / (σ[k] ** 2 - λ[k])
    return chain(COND, "≥", (bound, quotient), plan=SPECTRAL)
