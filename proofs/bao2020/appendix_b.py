"""Bao et al. 2020, Appendix B: curvature of the non-uniform L2 loss at its global minimum, along two directions.

Main results
    lemma1                    the Rayleigh quotient is h''(0) over the squared tangent norm
    scaling_curvature         h''(0) = 4σ_1²(1 − λ_1σ_1⁻²)² along the leading component
    rotation_derivatives      γ''(0) = 2(ν_j − ν_i)(λ_i − λ_j) along a Givens rotation of the latents i and j
    rotation_rayleigh         its quotient (ν_j − ν_i)(λ_i − λ_j)/(ν_i + ν_j)
"""

from __future__ import annotations

from proofs.algebra.evaluate import zeros
from proofs.bao2020.notation import (
    DATA,
    FEWER,
    FULL_RANK,
    HALF,
    ONE,
    ORDERED,
    PENALTIES,
    SCALE_HALF,
    SCALE_MAIN,
    SHRINK,
    TWO,
    TWO_INDICES,
    W1,
    W2,
    Z1,
    Z2,
    ZERO,
    Λ,
    I_m,
    S,
    U,
    V,
    W,
    X,
    Z,
    e1,
    i,
    j,
    k,
    l,
    l2_half,
    l2_loss,
    n,
    α,
    θ,
    λ,
    ν,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Coeff,
    Diff,
    Expr,
    Letter,
    Named,
    SqNorm,
    Sum,
    Tr,
    cos,
    givens,
    sin,
    size,
    sqrt,
)
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both

MINIMUM = [FULL_RANK, PENALTIES]
ROTATION = [FULL_RANK, PENALTIES, TWO_INDICES]

# Lemma 1 ---------------------------------------------------------------------------------------------------------
# ℓ to third order about u = g(0), and g to second order about 0; higher orders do not reach h''(0).
N = size("N")
g1, g2 = Letter("J", N, 1), Letter("K", N, 1)
slope, H, cubic = Letter("b", N, 1), Letter("H", N, N, frozenset({"symmetric"})), Letter("a", N, 1)
STEP = α * g1 + HALF * α**2 * g2


def along(step: Expr, gradient: Expr | None = None) -> Expr:
    """h(α) = ℓ(g(α)) − ℓ(g(0)) for ℓ with the given gradient (none: g(0) is stationary), Hessian H and a cubic term."""
    curved = HALF * Tr(step.T @ H @ step) + Tr(cubic.T @ step) ** 3
    return Named("h(α)", curved if gradient is None else Tr(gradient.T @ step) + curved, r"h(\alpha)")


def quotient() -> Chain:
    """f_H(v) = h''(0)/vᵀv for v = J_g(0)."""
    return eq(Tr(g1.T @ H @ g1) / Tr(g1.T @ g1), Diff(along(STEP), α, 2, True) / Tr(g1.T @ g1))


@claim("bao2020/B/lemma1", where="Appendix B, Lemma 1", note="ℓ to third order, g to second; J_g(0) may be 0.")
def lemma1() -> Chain:
    """At a stationary point the Rayleigh quotient of the tangent is h''(0) over its squared norm."""
    return quotient()


MOVES = Hypothesis(
    "J_g(0) ≠ 0",
    r"J_g(0) \neq 0",
    (Rel(SqNorm(g1), ">", ZERO),),
    None,
    lambda rng, at: {"J": zeros(at["m"], 1), "N": at["m"]},
)


@claim("bao2020/B/lemma1+", where="Appendix B, Lemma 1", given=[MOVES], note="ℓ to third order, g to second.")
def lemma1_corrected() -> Chain:
    """At a stationary point the Rayleigh quotient of a tangent that is not 0 is h''(0) over its squared norm."""
    return quotient()


@claim("bao2020/B/lemma1/chain-rule", where="Appendix B, proof of Lemma 1, (9)", tag="9")
def chain_rule() -> Chain:
    """The second derivative of h is the Hessian's quadratic form plus the gradient along the path's curvature."""
    return eq(Diff(along(STEP, slope), α, 2, True), Tr(g1.T @ H @ g1) + Tr(slope.T @ g2))


REMAINDER_NOTE = "A remainder o(α³) has no term in α³."


@claim("bao2020/B/lemma1/remainder", where="Appendix B, proof of Lemma 1, (8)", tag="8", note=REMAINDER_NOTE)
def remainder() -> Chain:
    """After the second-order Taylor polynomial of h the remainder is o(α³)."""
    return eq(Coeff(along(STEP, slope), α, 3), ZERO)


@claim("bao2020/B/lemma1/remainder+", where="Appendix B, proof of Lemma 1, (8)", tag="8")
def remainder_corrected() -> Chain:
    """The remainder is o(α²): it has no terms up to α², but in general one in α³."""
    h = along(STEP, slope)
    taylor = α * Diff(h, α, 1, True) + α**2 / 2 * Diff(h, α, 2, True)
    return eq(Coeff(h - taylor, α, 2), ZERO)


# Scaling curvature -------------------------------------------------------------------------------------------------
h_Z = Named("h_Z(α)", l2_half(W1 + α * Z1, W2 + α * Z2, X), r"h_Z(\alpha)")
MAIN_ALONG = Named(
    "L_σ'(W1 + αZ1, W2 + αZ2)", l2_loss(W1 + α * Z1, W2 + α * Z2, X), r"L_{\sigma'}(W_1+\alpha Z_1, W_2+\alpha Z_2)"
)
QUADRATIC = Named(
    "vec([Z1ᵀ Z2])ᵀ H vec([Z1ᵀ Z2])",
    Diff(MAIN_ALONG, α, 2, True),
    r"\operatorname{vec}([Z_1^\top\ Z_2])^\top H \operatorname{vec}([Z_1^\top\ Z_2])",
)


@claim(
    "bao2020/B/hz-second-derivative/definition",
    where="Appendix B, definition of h_Z",
    convention=SCALE_MAIN,
    given=[ORDERED, FEWER],
)
def definition() -> Chain:
    """h_Z is the objective (3) along the path."""
    return eq(
        MAIN_ALONG,
        1 / (2 * n) * SqNorm(X - (W2 + α * Z2) @ (W1 + α * Z1) @ X)
        + HALF * SqNorm(Λ**HALF @ (W1 + α * Z1))
        + HALF * SqNorm((W2 + α * Z2) @ Λ**HALF),
    )


@claim(
    "bao2020/B/hz-second-derivative/definition+",
    where="Appendix B, definition of h_Z",
    convention=SCALE_MAIN,
    given=[ORDERED],
)
def definition_corrected() -> Chain:
    """h_Z is half of the objective (3) along the path."""
    return eq(
        HALF * MAIN_ALONG,
        1 / (2 * n) * SqNorm(X - (W2 + α * Z2) @ (W1 + α * Z1) @ X)
        + HALF * SqNorm(Λ**HALF @ (W1 + α * Z1))
        + HALF * SqNorm((W2 + α * Z2) @ Λ**HALF),
    )


@claim(
    "bao2020/B/hz-second-derivative",
    given=[ORDERED],
    where="Appendix B, after the definition of h_Z",
    convention="H is the Hessian of objective (3), as Section 4.3.1 defines it; h_Z is half of (3)",
)
def second_derivative() -> Chain:
    """h_Z''(0) is half of the Hessian's quadratic form."""
    return eq(Diff(h_Z, α, 2, True), HALF * QUADRATIC)


@claim("bao2020/B/alpha2-terms", where="Appendix B, Scaling curvature", convention=SCALE_HALF, given=[ORDERED])
def alpha2_terms() -> Chain:
    """The terms of h_Z in α² collect to two traces."""
    reconstruction = Tr(
        X.T @ (Z2 @ W1 + W2 @ Z1).T @ (Z2 @ W1 + W2 @ Z1) @ X - 2 * (X.T @ Z1.T @ Z2.T @ (X - W2 @ W1 @ X))
    )
    penalty = Tr(Λ @ (Z1 @ Z1.T + Z2.T @ Z2))
    return eq(Coeff(h_Z, α, 2), 1 / (2 * n) * reconstruction + HALF * penalty)


@claim("bao2020/B/eq10", where="Appendix B, (10)", tag="10", given=[*MINIMUM, FEWER])
def residual() -> Chain:
    """What the global minimum leaves unexplained."""
    return chain(DATA - W @ W.T @ DATA, "=", n * (U @ (S - SHRINK @ S) @ V.T), "=", n * (U @ Λ @ S**-1 @ V.T))


@claim("bao2020/B/eq10+", where="Appendix B, (10)", tag="10", given=MINIMUM)
def residual_corrected() -> Chain:
    """The data are √n U S Vᵀ, and with k < m the components that are not learned remain."""
    return chain(
        DATA - W @ W.T @ DATA,
        "=",
        sqrt(n) * (U @ (S - SHRINK @ S) @ V.T) + (I_m - U @ U.T) @ DATA,
        "=",
        sqrt(n) * (U @ Λ @ S**-1 @ V.T) + (I_m - U @ U.T) @ DATA,
    )


first = 1 - λ[1] * σ[1] ** -2


@claim("bao2020/B/eq11-15", where="Appendix B, (11)–(15)", tag="11–15", given=MINIMUM)
def products() -> All:
    """The products of U, W and Z at the global minimum."""
    return both(
        eq(U.T @ W, SHRINK**HALF),
        eq(U.T @ Z, sqrt(first) * (e1 @ e1.T)),
        eq(W.T @ W, SHRINK),
        eq(Z.T @ Z, first * (e1 @ e1.T)),
        eq(Z.T @ W, first * (e1 @ e1.T)),
    )


@claim("bao2020/B/scaling-term1", where="Appendix B, first term", given=MINIMUM)
def scaling_term1() -> Chain:
    """The first trace along the leading component."""
    both_ways = Z @ W.T + W @ Z.T
    UW, UZ = U.T @ W, U.T @ Z
    return chain(
        Tr(DATA.T @ both_ways.T @ both_ways @ DATA),
        "=",
        Tr(DATA @ DATA.T @ (Z @ W.T + W @ Z.T) @ (Z @ W.T + W @ Z.T)),
        "=",
        n * Tr(S**2 @ U.T @ (Z @ W.T + W @ Z.T) @ (Z @ W.T + W @ Z.T) @ U),
        "=",
        n * Tr(S**2 @ (U.T @ Z @ W.T + U.T @ W @ Z.T) @ (Z @ UW.T + W @ UZ.T)),
        "=",
        n * Tr(S**2 @ (UZ @ (W.T @ Z) @ UW.T + UZ @ (W.T @ W) @ UZ.T + UW @ (Z.T @ Z) @ UW.T + UW @ (Z.T @ W) @ UZ.T)),
        "=",
        4 * n * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2) ** 2,
    )


@claim("bao2020/B/scaling-term2-3", where="Appendix B, second and third terms", given=MINIMUM)
def scaling_terms() -> All:
    """The second and the third trace along the leading component."""
    return both(
        chain(
            -2 * Tr(DATA.T @ Z @ Z.T @ (DATA - W @ W.T @ DATA)),
            "=",
            -2 * n * Tr(V @ S @ U.T @ Z @ Z.T @ U @ Λ @ S**-1 @ V.T),
            "=",
            -2 * n * Tr(U.T @ Z @ Z.T @ U @ Λ),
            "=",
            -2 * n * λ[1] * (1 - λ[1] * σ[1] ** -2),
        ),
        chain(Tr(Λ @ (Z.T @ Z + Z.T @ Z)), "=", 2 * Tr(Λ @ (Z.T @ Z)), "=", 2 * λ[1] * (1 - λ[1] * σ[1] ** -2)),
    )


SCALED = Named("h_Z(α)", l2_half(W.T + α * Z.T, W + α * Z, DATA), r"h_Z(\alpha)")


@claim("bao2020/B/scaling-curvature", where="Appendix B, Scaling curvature", given=MINIMUM, convention=SCALE_HALF)
def scaling_curvature() -> Chain:
    """The second derivative along the leading component."""
    return chain(
        Diff(SCALED, α, 2, True),
        "=",
        (1 - λ[1] * σ[1] ** -2) * (4 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2) + 2 * λ[1] - 2 * λ[1]),
        "=",
        4 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2) ** 2,
    )


# Rotation curvature --------------------------------------------------------------------------------------------------
R = givens(i, j, θ, k)
ROTATED = Named("γ_R(θ)", l2_half(R @ W.T, W @ R.T, DATA), r"\gamma_R(\theta)")
PENALTY = Tr(Λ @ R @ W.T @ W @ R.T)
REST = Sum(l, ONE, k, λ[l] * ν[l], (i, j))


@claim(
    "bao2020/B/gammaR-const",
    where="Appendix B, Rotation curvature",
    given=MINIMUM,
    convention=SCALE_HALF,
    note="R is any orthogonal matrix; the reconstruction term is independent of it at every W1, W2.",
)
def rotation_invariance() -> All:
    """The reconstruction term does not depend on the rotation; the penalties are one trace."""
    any_rotation = Letter("R", k, k, frozenset({"orthonormal"}))
    return both(
        eq(SqNorm(X - W2 @ any_rotation.T @ any_rotation @ W1 @ X), SqNorm(X - W2 @ W1 @ X)),
        eq(
            HALF * SqNorm(Λ**HALF @ any_rotation @ W.T) + HALF * SqNorm(W @ any_rotation.T @ Λ**HALF),
            Tr(Λ @ any_rotation @ W.T @ W @ any_rotation.T),
        ),
    )


@claim("bao2020/B/trace-expansion", where="Appendix B, Rotation curvature", given=[*ROTATION, FEWER])
def trace_expansion() -> Chain:
    """The penalties along a Givens rotation of the latent components i and j."""
    return chain(
        PENALTY,
        "=",
        λ[i] * (ν[i] * cos(θ) ** 2 + ν[j] * sin(θ) ** 2) + λ[j] * (ν[i] * sin(θ) ** 2 + ν[j] * cos(θ) ** 2) + REST,
        "=",
        ν[i] * (λ[i] - λ[j]) * cos(θ) ** 2 + ν[j] * (λ[i] - λ[j]) * sin(θ) ** 2 + REST,
    )


@claim("bao2020/B/trace-expansion+", where="Appendix B, Rotation curvature", given=ROTATION)
def trace_expansion_corrected() -> Chain:
    """The constant λ_j(ν_i + ν_j) was dropped; it does not change the derivatives."""
    return chain(
        PENALTY,
        "=",
        λ[i] * (ν[i] * cos(θ) ** 2 + ν[j] * sin(θ) ** 2) + λ[j] * (ν[i] * sin(θ) ** 2 + ν[j] * cos(θ) ** 2) + REST,
        "=",
        ν[i] * (λ[i] - λ[j]) * cos(θ) ** 2 + ν[j] * (λ[i] - λ[j]) * sin(θ) ** 2 + λ[j] * (ν[i] + ν[j]) + REST,
    )


@claim("bao2020/B/rot-derivatives", where="Appendix B, Rotation curvature", given=ROTATION, convention=SCALE_HALF)
def rotation_derivatives() -> All:
    """The loss along a Givens rotation of the latents i and j has second derivative 2(ν_j − ν_i)(λ_i − λ_j)."""
    return both(
        chain(
            Diff(Named("Tr(Λ R Wᵀ W Rᵀ)", PENALTY, r"\operatorname{Tr}(\Lambda R W^\top W R^\top)"), θ),
            "=",
            2 * sin(θ) * cos(θ) * (ν[j] - ν[i]) * (λ[i] - λ[j]),
            "=",
            sin(2 * θ) * (ν[j] - ν[i]) * (λ[i] - λ[j]),
        ),
        eq(Diff(ROTATED, θ, 2), 2 * (ν[j] - ν[i]) * (λ[i] - λ[j]) * cos(2 * θ)),
        eq(Diff(ROTATED, θ, 2, True), 2 * (ν[j] - ν[i]) * (λ[i] - λ[j])),
    )


TANGENT = SqNorm(Diff(R @ W.T, θ)) + SqNorm(Diff(W @ R.T, θ))


@claim(
    "bao2020/B/tangent-norm",
    where="Appendix B, Rotation curvature",
    given=[*ROTATION, FEWER],
    note="The path moves W1 = R Wᵀ and W2 = W Rᵀ together; Lemma 1 divides by the squared norm of that tangent.",
)
def tangent_norm() -> All:
    """The squared tangent norm that divides the curvature is ν_i + ν_j."""
    return both(
        chain(SqNorm(W @ Diff(R.T, θ)), "=", SqNorm(SHRINK**HALF @ Diff(R.T, θ)), "=", ν[i] + ν[j]),
        eq(TANGENT, ν[i] + ν[j]),
    )


@claim("bao2020/B/tangent-norm+", where="Appendix B, Rotation curvature", given=ROTATION)
def tangent_norm_corrected() -> All:
    """Each factor moves with squared speed ν_i + ν_j, the pair with twice that."""
    return both(
        chain(SqNorm(W @ Diff(R.T, θ)), "=", SqNorm(SHRINK**HALF @ Diff(R.T, θ)), "=", ν[i] + ν[j]),
        eq(TANGENT, TWO * (ν[i] + ν[j])),
    )


@claim("bao2020/B/rot-rayleigh", where="Appendix B, Rotation curvature", given=ROTATION, convention=SCALE_HALF)
def rotation_rayleigh() -> Chain:
    """The Rayleigh quotient of the rotation of the latents i and j."""
    return eq(Diff(ROTATED, θ, 2, True) / TANGENT, (ν[j] - ν[i]) / (ν[i] + ν[j]) * (λ[i] - λ[j]))
