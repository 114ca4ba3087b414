"""What no placement of the regularisers escapes: a second rotation, which the paper leaves out.

Appendix B of Bao et al. 2020 rotates the latents, W1 → RW1. Where two eigenvalues of the data are close, rotating the
*components* is slower: W1 → D^½GUᵀ with D = I − ΛS⁻² and a Givens rotation G of the plane of u_i and u_j.
`numerics.relaxation` builds its bound for all regularisers on both.

Main results
    component_derivative    the second derivative of the loss along that path
    component_rotation      s_min(H) ≤ (σ_i² − σ_j²)((λ_j/σ_j²)² − (λ_i/σ_i²)²)/(2(ν_i + ν_j))
"""

from __future__ import annotations

from proofs.bao2020.appendix_b_conditioning import SPECTRAL, H
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    PENALTIES,
    SCALE_HALF,
    SHRINK,
    TWO_INDICES,
    U,
    i,
    j,
    k,
    l2_half,
    θ,
    λ,
    ν,
    σ,
)
from proofs.claim import claim
from proofs.kernel.expressions import Diff, Expr, Named, SqNorm, givens
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import Rayleigh, s_min

ROTATION = [FULL_RANK, PENALTIES, TWO_INDICES]
WHERE = "the global minimum of the non-uniform L2 loss"


def path(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    """The encoder and the decoder along the Givens rotation of the components a and b."""
    g = givens(a, b, θ, k)
    return SHRINK**HALF @ g @ U.T, U @ g.T @ SHRINK**HALF


def curvature(a: Expr, b: Expr) -> Expr:
    return (σ[a] ** 2 - σ[b] ** 2) * ((λ[b] / σ[b] ** 2) ** 2 - (λ[a] / σ[a] ** 2) ** 2)


ENCODER, DECODER = path(i, j)
ALONG = Named("γ_G(θ)", l2_half(ENCODER, DECODER, DATA), r"\gamma_G(\theta)")


SECOND = Named("γ_G″(0)", Diff(ALONG, θ, 2, True), r"\gamma_G''(0)")
SPEED = Named(
    "‖Ẇ1‖² + ‖Ẇ2‖²",
    SqNorm(Diff(ENCODER, θ, 1, True)) + SqNorm(Diff(DECODER, θ, 1, True)),
    r"\lVert\dot W_1\rVert_F^2 + \lVert\dot W_2\rVert_F^2",
)


@claim("lae/chains/component-derivative", where=WHERE, given=ROTATION, convention=SCALE_HALF)
def component_derivative() -> All:
    """The second derivative of the loss along a rotation of the components, and the squared norm of its tangent."""
    return both(eq(SECOND, curvature(i, j)), eq(SPEED, 2 * (ν[i] + ν[j])))


@claim("lae/chains/component-rotation", where=WHERE, given=ROTATION, convention=SCALE_HALF)
def component_rotation() -> Chain:
    """The smallest curvature is at most that of the rotation of any two components."""
    return chain(
        s_min(H),
        "≤",
        (SECOND / SPEED, Rayleigh(path(i, j), θ)),
        "=",
        curvature(i, j) / (2 * (ν[i] + ν[j])),
        plan=SPECTRAL,
    )
