"""Bao et al. 2020, Appendix D: curvature of deterministic nested dropout at its global minima.

Main results
    stationary            W1 = QUᵀ, W2 = UQ⁻¹ is stationary for every invertible diagonal Q
    scaling_curvature     g''(0) = 2p_1σ_1²(1 + ½(q_1² + q_1⁻²))
    rotation_derivative   the loss along the scaled rotation has second derivative (σ_i² − σ_j²)(p_i − p_j)
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import (
    DATA,
    HALF,
    ONE,
    P_D,
    PRIOR,
    SCALE_ND,
    SPECTRUM,
    TWO,
    TWO_INDICES,
    V̄,
    W1,
    W2,
    Z1,
    Z2,
    ZERO,
    Ū,
    Q,
    U,
    X,
    e1,
    i,
    j,
    k,
    l,
    n,
    nested_dropout,
    p,
    p_B,
    q,
    α,
    θ,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Coeff, Diff, MaxMask, Named, SqNorm, Tr, cos, givens, sin
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.rank import EckartYoung
from proofs.tactics.squares import Squares


def scales(rng: Random, at: Instance) -> Instance:
    """Nonzero scales of both signs."""
    return {"q": [rational(rng, at["height"] + 1, True) * rng.choice((1, -1)) for _ in range(at["k"])]}


SCALES = Hypothesis("q_i ≠ 0", r"q_i \neq 0", (Every(l, ONE, k, Rel(q[l], "≠", ZERO)),), scales)
MINIMA = [SPECTRUM, PRIOR, SCALES]
ROTATION = [*MINIMA, TWO_INDICES]

W1_MIN = Named("W1*", Q @ U.T, "W_1^*")
W2_MIN = Named("W2*", U @ Q**-1, "W_2^*")


@claim(
    "bao2020/D/minima/stationary",
    where="Appendix D, (21), (22)",
    tag="21–22",
    given=MINIMA,
    convention=SCALE_ND,
    note="Z1 and Z2 are arbitrary, so the gradient is zero.",
)
def stationary() -> Chain:
    """The first derivative of the loss along every direction vanishes at the printed minima."""
    return eq(Coeff(nested_dropout(Q @ U.T + α * Z1, U @ Q**-1 + α * Z2, DATA), α, 1), ZERO)


@claim(
    "bao2020/D/minima",
    where="Appendix D, (21), (22)",
    tag="21–22",
    given=MINIMA,
    convention=SCALE_ND,
    note="Read as: no weights have a smaller loss. That only these reach it, the case of equality, is not decided.",
)
def minima() -> Chain:
    """The printed points are global minima, for every Q."""
    best = EckartYoung(p_B, 1 / (2 * n), DATA, W2, W1, U, Ū, σ, V̄, n)
    return chain(
        nested_dropout(W1, W2, DATA),
        "≥",
        (nested_dropout(U.T, U, DATA), best),
        "=",
        nested_dropout(Q @ U.T, U @ Q**-1, DATA),
    )


@claim("bao2020/D/eq23", where="Appendix D, (23)", tag="23", convention=SCALE_ND, given=[PRIOR])
def second_order() -> Chain:
    """The second-order terms of the loss along a straight path."""
    both_ways = W2.T @ Z2 + Z2.T @ W2
    return eq(
        Coeff(nested_dropout(W1 + α * Z1, W2 + α * Z2, X), α, 2),
        -1 / n * Tr(X.T @ Z2 @ P_D @ Z1 @ X)
        + 1 / (2 * n) * Tr(2 * (X.T @ Z1.T @ MaxMask(both_ways, p, "P_L") @ W1 @ X))
        + 1 / (2 * n) * Tr(X.T @ W1.T @ MaxMask(Z2.T @ Z2, p, "P_L") @ W1 @ X)
        + 1 / (2 * n) * Tr(X.T @ Z1.T @ MaxMask(W2.T @ W2, p, "P_L") @ Z1 @ X),
    )


LEADING = Named("Z", U @ e1 @ e1.T)


@claim("bao2020/D/eq24", where="Appendix D, (24)", tag="24")
def leading_products() -> Chain:
    """The products of the leading direction."""
    return chain(LEADING.T @ LEADING, "=", U.T @ LEADING, "=", e1 @ e1.T)


SCALED = Named("g(α)", nested_dropout(W1_MIN + α * LEADING.T, W2_MIN + α * LEADING, DATA), r"g(\alpha)")


@claim("bao2020/D/scaling", where="Appendix D, Scaling curvature", given=MINIMA, convention=SCALE_ND)
def scaling_curvature() -> All:
    """The second derivative along the leading component, and its least value over the scale q_1."""
    return both(
        chain(
            HALF * α**2 * Diff(SCALED, α, 2, True),
            "=",
            α**2 * p[1] * σ[1] ** 2 * (1 + HALF * (q[1] ** 2 + 1 / q[1] ** 2)),
            "≥",
            α**2 * 2 * p[1] * σ[1] ** 2,
        ),
        chain(
            Diff(SCALED, α, 2, True),
            "=",
            2 * p[1] * σ[1] ** 2 * (1 + HALF * (q[1] ** 2 + 1 / q[1] ** 2)),
            "≥",
            4 * p[1] * σ[1] ** 2,
        ),
    )


R = givens(i, j, θ, k)
PATH1 = Q @ R @ Q**-1 @ W1_MIN
PATH2 = W2_MIN @ Q @ R.T @ Q**-1
ALONG = Named("L_ND(W1(θ), W2(θ))", nested_dropout(PATH1, PATH2, DATA), r"L_{\mathrm{ND}}(W_1(\theta), W_2(\theta))")
CONSTANT = 1 / (2 * n) * Tr(DATA.T @ DATA)


@claim(
    "bao2020/D/eq25",
    where="Appendix D, (25)",
    tag="25",
    given=ROTATION,
    convention=SCALE_ND,
    note="Const is Tr(XᵀX)/2n in the first line and the other components' part in the last.",
)
def rotated_loss() -> Chain:
    """The loss along the scaled rotation is a constant minus a quadratic in cos θ and sin θ."""
    masked = MaxMask(Q**-1 @ R @ Q @ W2_MIN.T @ W2_MIN @ Q @ R.T @ Q**-1, p, "P_L")
    others = HALF * (Tr(P_D @ U.T @ DATA @ DATA.T @ U) / n - σ[i] ** 2 * p[i] - σ[j] ** 2 * p[j])
    return chain(
        ALONG,
        "=",
        CONSTANT
        - 1 / n * Tr(DATA.T @ W2_MIN @ Q @ R.T @ Q**-1 @ P_D @ Q @ R @ Q**-1 @ W1_MIN @ DATA)
        + 1 / (2 * n) * Tr(DATA.T @ W1_MIN.T @ Q**-1 @ R.T @ Q @ masked @ Q @ R @ Q**-1 @ W1_MIN @ DATA),
        "=",
        CONSTANT
        - others
        - HALF
        * ((σ[i] ** 2 * p[i] + σ[j] ** 2 * p[j]) * cos(θ) ** 2 + (σ[j] ** 2 * p[i] + σ[i] ** 2 * p[j]) * sin(θ) ** 2),
    )


@claim("bao2020/D/rot-derivative", where="Appendix D, Rotation curvature", given=ROTATION, convention=SCALE_ND)
def rotation_derivative() -> All:
    """The second derivative along the scaled rotation of the latents i and j."""
    return both(
        eq(Diff(ALONG, θ), HALF * (σ[i] ** 2 - σ[j] ** 2) * (p[i] - p[j]) * sin(2 * θ)),
        eq(Diff(ALONG, θ, 2), (σ[i] ** 2 - σ[j] ** 2) * (p[i] - p[j]) * cos(2 * θ)),
        eq(Diff(ALONG, θ, 2, True), (σ[i] ** 2 - σ[j] ** 2) * (p[i] - p[j])),
    )


@claim("bao2020/D/norm", where="Appendix D, Rotation curvature", given=ROTATION)
def tangent_norm() -> All:
    """The squared speeds of the encoder and the decoder along the scaled rotation, and their least sum."""
    return both(
        eq(SqNorm(Diff(PATH1.T, θ)), q[i] ** 2 + q[j] ** 2),
        eq(SqNorm(Diff(PATH2, θ)), 1 / q[i] ** 2 + 1 / q[j] ** 2),
        chain(
            SqNorm(Diff(PATH1.T, θ)) + SqNorm(Diff(PATH2, θ)),
            "=",
            q[i] ** 2 + 1 / q[i] ** 2 + q[j] ** 2 + 1 / q[j] ** 2,
            "≥",
            (TWO * TWO, Squares(q[i] - 1 / q[i], q[j] - 1 / q[j])),
        ),
    )
