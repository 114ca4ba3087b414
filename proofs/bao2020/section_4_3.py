"""Bao et al. 2020, Section 4.3: slow convergence to the global minima of the non-uniform L2 loss.

Main results
    rate            gradient descent at its best step shrinks the error by (κ − 1)/(κ + 1) per step
    directions      in the plane of Figure 1 the radial curvature exceeds that of the rotation
    ring_corrected  the ring of Figure 1 has the radius α² = 1 − c sin²θ, 0 < c < σ_2²/σ_1²
    strict_saddles  directions of negative curvature at the other stationary points
    diverges        from some starts gradient descent diverges, whatever its step
    main_bound      the lower bound on the condition number
    optimal         no λ solves (16); along the λ that approach its infimum the condition number grows without bound
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
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
    Z1,
    Z2,
    ZERO,
    Ū,
    W,
    givens,
    i,
    k,
    l,
    l2_half,
    m,
    penalties,
    sin,
    spectrum_of_latents,
    α,
    θ,
    λ,
    ν,
    σ,
)
from proofs.bao2020.section_4 import ORDER, descents
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Basis, Coeff, Diff, Expr, Inner, Letter, Named, Num, SqNorm, Sum, Sym
from proofs.kernel.propositions import Rel
from proofs.lae.numbering import sizes
from proofs.methods.attained import Attained
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import Quotient, Rayleigh, cond
from proofs.methods.words import Open
from proofs.tactics.relations import Arithmetic, Lemma, Tight, via

# Gradient descent on a quadratic ------------------------------------------------------------------
low, high, s = Sym("s_min", r"s_{\min}"), Sym("s_max", r"s_{\max}"), Sym("s")
THREE = Num(Fraction(3))
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


# Samplers of the plane and of the saddles ----------------------------------------------------------
def saddle(rng: Random, at: Instance) -> Instance:
    """The first two components and latents, with rational λ^½ and (1 − λ/σ²)^½; the others of any size."""
    scale = fmpq(rng.choice((1, 8)), 8)
    s_2, s_1 = sorted(scale * rational(rng, at["height"] + 2, True) for _ in range(2))
    x, y = (fmpq(*rng.choice(((3, 5), (4, 5), (5, 13), (12, 13), (24, 25)))) for _ in range(2))
    more = [rational(rng, at["height"] + 1, True) for _ in range(at["m"])]
    return {"σ": [s_1, s_2, *more[2:]], "λ": [(s_2 * x) ** 2, (s_1 * y) ** 2, *(a**2 for a in more[2 : at["k"]])]}


def close_pair(rng: Random, at: Instance) -> Instance:
    """σ_1 a little above σ_2, or any spectrum."""
    if rng.random() < 0.5:
        return spectrum_of_latents(rng, at)
    scale, last = rng.choice((fmpq(1, 4), fmpq(1), fmpq(3))), fmpq(rng.randint(0, 2), 2)
    return {"σ": [scale * x for x in (fmpq(101, 100), fmpq(1), *([last] * (at["m"] - 2)))]}


def separated(rng: Random, at: Instance) -> Instance:
    """σ_2 = 4/5 σ_1, or below."""
    values = list(at["σ"])
    values[0] = max(values[0], values[1] * fmpq(5, 4))
    return {"σ": values}


def far_apart(rng: Random, at: Instance) -> Instance:
    """λ_1 near 0 and λ_2 near σ_2², or both nearly equal, or any penalties."""
    if rng.random() < 0.4:
        return penalties(rng, at)
    return {"λ": [at["σ"][1] ** 2 * fmpq(x, 100) for x in rng.choice(((1, 99), (50, 51)))]}


def beyond_bound(rng: Random, at: Instance) -> Instance:
    t = rational(rng, at["height"] + 1)
    return {"t": t, "c": 2 * at["σ"][0] ** 2 * (3 * t * t - 1) - rational(rng, at["height"], True)}


def far_start(rng: Random, at: Instance) -> Instance:
    """A start at which the condition is tight, or holds by far."""
    t = 1 + rational(rng, at["height"] + 1, True)
    slope = at["σ"][0] ** 2 * (t * t - 1) + at["λ"][0]
    return {"t": t * rng.choice((1, -1)), "η": 3 / slope * rng.choice((fmpq(1), fmpq(1), fmpq(3, 2)))}


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


RING = Named("L(α, θ)", l2_half(α * TURN @ W.T, α * W @ TURN.T, DATA), r"\mathcal L(\alpha, \theta)")
AT_RADIUS_1 = Named(
    "∂L/∂α|_{α = 1}",
    Diff(l2_half((1 + α) * TURN @ W.T, (1 + α) * W @ TURN.T, DATA), α, 1, True),
    r"\partial\mathcal L/\partial\alpha\,|_{\alpha=1}",
)
MASS = Named("N", σ[1] ** 2 * ν[1] ** 2 + σ[2] ** 2 * ν[2] ** 2)
FLATTENING = Named("c", (λ[2] - λ[1]) * (ν[1] - ν[2]) / MASS)
SPECTRUM_2, PENALTIES_2 = replace(SPECTRUM, draw=close_pair), replace(PENALTIES, draw=far_apart)
ON_RING = (
    "The low-loss set is read as the radius α(θ) at which the loss is least for the angle θ; θ = 0 at the minimum."
)


@claim(
    "bao2020/4.3/fig1-ring",
    where="Section 4.3 and Figure 1",
    given=[SPECTRUM, PENALTIES, PLANE],
    convention=SCALE_HALF,
    note=ON_RING,
)
def ring() -> Chain:
    """The low-loss set of Figure 1 is a ring of radius 1: there the loss has no radial slope, at any angle."""
    return eq(AT_RADIUS_1, ZERO)


@claim(
    "bao2020/4.3/fig1-ring+",
    where="Section 4.3 and Figure 1",
    given=[SPECTRUM_2, PENALTIES_2, PLANE],
    convention=SCALE_HALF,
    note=f"{ON_RING} So α(θ)² = 1 − c sin²θ, and 1 − σ_2²/σ_1² ≤ α² ≤ 1.",
)
def ring_corrected() -> All:
    """The radius is 1 at the minimum, and less at other angles: α² = 1 − c sin²θ with 0 < c < σ_2²/σ_1²."""
    return both(
        eq(Diff(RING, α), 2 * α * MASS * (α**2 - (1 - FLATTENING * sin(θ) ** 2)), plan=sizes((2, 3), (2, 4))),
        chain(FLATTENING, ">", ZERO),
        chain(FLATTENING, "<", σ[2] ** 2 / σ[1] ** 2),
    )


SEPARATED = Hypothesis(
    "σ_2 ≤ 4/5 σ_1",
    r"\sigma_2 \le \tfrac45\sigma_1",
    (Rel(σ[2], "≤", Fraction(4, 5) * σ[1]),),
    separated,
    close_pair,
)
FIGURE = "Section 4.3 and Figure 1"
NEARLY = f"{ON_RING} Approximately is read as: nowhere less than 3/5 of the radius, c ≤ 16/25."


@claim(
    "bao2020/4.3/fig1-ring/approximately",
    where="Section 4.3 and Figure 1",
    given=[SPECTRUM_2, PENALTIES_2, PLANE],
    note=NEARLY,
)
def nearly_circular() -> Chain:
    """The ring is approximately circular."""
    return chain(FLATTENING, "≤", Num(Fraction(16, 25)))


@claim(
    "bao2020/4.3/fig1-ring/approximately+",
    where=FIGURE,
    given=[SPECTRUM_2, SEPARATED, PENALTIES_2, PLANE],
    note=NEARLY,
)
def nearly_circular_if_separated() -> Chain:
    """It is if the eigenvalues are apart."""
    return chain(FLATTENING, "<", σ[2] ** 2 / σ[1] ** 2, "≤", Num(Fraction(4, 5)) ** 2)


# Saddle points ------------------------------------------------------------------------------------
SADDLES = Hypothesis(
    "1, 2: components with σ_1 > σ_2 > 0 and latents with 0 < λ_1 < λ_2, λ_2 < σ_1², λ_1 < σ_2²",
    r"\sigma_1 > \sigma_2 > 0,\ 0 < \lambda_1 < \lambda_2 < \sigma_1^2,\ \lambda_1 < \sigma_2^2",
    ORDER,
    saddle,
)


@claim(
    "bao2020/4.3/strict-saddle",
    where="Section 4.3",
    given=[SADDLES],
    convention=SCALE_MAIN,
    note="What such optimisers need: a direction of negative curvature at every stationary point that is no minimum. "
    "Each of the three descends at one kind of the other points listed in bao2020/4.1/thm2+: where a latent is empty, "
    "where a better component is free, where two latents are crossed (c_αα c_ββ < c_αβ²/4). That every other listed "
    "point is of one of the kinds is bao2020/4.2/thm3-local.",
)
def strict_saddles() -> All:
    """Theorem 3 makes every saddle strict."""
    return both(*(replace(step, plan=sizes((2, 2), (2, 3), (3, 4), per_size=2)) for step in descents()))


far, bound = Sym("t"), Sym("c")
e_1, u_1 = Basis(ONE, k), Ū @ Basis(ONE, m)
BOUND = Hypothesis(
    "t² > (c + 2σ_1²)/(6σ_1²)",
    r"t^2 > (c + 2\sigma_1^2)/(6\sigma_1^2)",
    (Rel(6 * σ[1] ** 2 * far**2, ">", bound + 2 * σ[1] ** 2),),
    beyond_bound,
    lambda rng, at: {"t": fmpq(0), "c": at["σ"][0] ** 2 * 2},
)


@claim(
    "bao2020/4.3/strict-saddle/not-smooth",
    where="Section 4.3",
    given=[SPECTRUM, PENALTIES, BOUND],
    convention=SCALE_HALF,
    note="The results cited suppose gradients and Hessians that are Lipschitz everywhere.",
)
def not_smooth() -> Chain:
    """The curvature exceeds any bound c far out: along W1 = t e_1 u_1ᵀ = W2ᵀ."""
    curvature = Diff(l2_half(far * e_1 @ u_1.T, far * u_1 @ e_1.T, DATA), far, 2)
    return chain(curvature, "=", 6 * σ[1] ** 2 * far**2 - 2 * σ[1] ** 2 + 2 * λ[1], ">", bound)


SLOPE = σ[1] ** 2 * (far**2 - 1) + λ[1]
FAR = Hypothesis(
    "η(σ_1²(t² − 1) + λ_1) ≥ 3",
    r"\eta(\sigma_1^2(t^2-1)+\lambda_1) \ge 3",
    (Rel(η * SLOPE, "≥", THREE), Rel(η, ">", ZERO)),
    far_start,
    lambda rng, at: {"η": fmpq(1), "t": fmpq(1, 100)},
)


@claim(
    "bao2020/4.3/strict-saddle/diverges",
    where="Section 4.3",
    given=[SPECTRUM, PENALTIES, FAR],
    convention=SCALE_HALF,
    note="From W1 = t e_1 u_1ᵀ = W2ᵀ a step of gradient descent leads to t(1 − ηg) in the place of t.",
)
def diverges() -> All:
    """Gradient descent diverges from some starts, whatever its step: the weights double and are far again."""
    after = Named("t′", far * (1 - η * SLOPE), "t'")
    along = l2_half(far * e_1 @ u_1.T + α * Z1, far * u_1 @ e_1.T + α * Z2, DATA)
    pull = far * SLOPE
    return both(
        eq(Coeff(along, α, 1), pull * (Inner(e_1 @ u_1.T, Z1) + Inner(u_1 @ e_1.T, Z2))),
        chain(after**2, "≥", 4 * far**2),
        chain(η * (σ[1] ** 2 * (after**2 - 1) + λ[1]), "≥", THREE),
    )


@claim("bao2020/4.3/strict-saddle/convergence", where="Section 4.3")
def convergence() -> Open:
    """Perturbed gradient methods reach a global optimum."""
    return Open(
        "A (perturbed) gradient based optimizer that efficiently escapes saddle points will eventually converge to a "
        "global optimum [7, 12].",
        "no step size does from every start (bao2020/4.3/strict-saddle/diverges), and the cited results suppose what "
        "the objective is not (bao2020/4.3/strict-saddle/not-smooth); for bounded iterates it would follow from strict "
        "saddles by a theorem about random perturbations, which the kernel does not hold",
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
    steps = via("<", (then, Arithmetic(Lemma(more, ">", fewer, added))))
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
