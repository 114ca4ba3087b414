"""Bao et al. 2020, Appendix B: conditioning of the non-uniform L2 loss at its global minimum."""

from __future__ import annotations

from proofs.algebra.expr import Coeff, Sum, Tr
from proofs.bao2020.notation import (
    DATA, HALF, ONE, PENALTIES, SCALE_HALF, SHRINK, SPECTRUM, TWO_INDICES, W1, W2, Z1, Z2, S, U, V, W, X, Z,
    cos, givens, i, j, k, l, l2_half, n, sin, Λ, α, θ, λ, ν, σ, sqrt,
)  # fmt: skip
from proofs.claim import claim
from proofs.methods.chain import Chain, chain, eq

MINIMUM = [SPECTRUM, PENALTIES]


@claim("bao2020/B/alpha2-terms", where="Appendix B, Scaling curvature", convention=SCALE_HALF)
def alpha2_terms() -> Chain:
    """The terms of h_Z in α² collect to two traces."""
    reconstruction = Tr(
        X.T @ (Z2 @ W1 + W2 @ Z1).T @ (Z2 @ W1 + W2 @ Z1) @ X - 2 * (X.T @ Z1.T @ Z2.T @ (X - W2 @ W1 @ X))
    )
    penalty = Tr(Λ @ (Z1 @ Z1.T + Z2.T @ Z2))
    return eq(
        Coeff(l2_half(W1 + α * Z1, W2 + α * Z2, X), α, 2), 1 / (2 * n) * reconstruction + HALF * penalty
    )


@claim("bao2020/B/eq10", where="Appendix B, (10)", tag="10", given=MINIMUM)
def residual() -> Chain:
    """What the global minimum leaves unexplained."""
    return chain(DATA - W @ W.T @ DATA, "=", n * (U @ (S - SHRINK @ S) @ V.T), "=", n * (U @ Λ @ S**-1 @ V.T))


@claim("bao2020/B/trace-expansion", where="Appendix B, Rotation curvature", given=[*MINIMUM, TWO_INDICES])
def trace_expansion() -> Chain:
    """The penalties along a Givens rotation of the latent components i and j."""
    R = givens(i, j, θ, k)
    rest = Sum(l, ONE, k, λ[l] * ν[l], (i, j))
    return chain(
        Tr(Λ @ R @ W.T @ W @ R.T),
        "=",
        λ[i] * (ν[i] * cos(θ) ** 2 + ν[j] * sin(θ) ** 2)
        + λ[j] * (ν[i] * sin(θ) ** 2 + ν[j] * cos(θ) ** 2)
        + rest,
        "=",
        ν[i] * (λ[i] - λ[j]) * cos(θ) ** 2 + ν[j] * (λ[i] - λ[j]) * sin(θ) ** 2 + rest,
    )
