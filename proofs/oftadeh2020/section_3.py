"""Oftadeh et al. 2020, Sections 2 and 3: the summed loss, its constant matrices, its gradients and its closed form.

Main results
    sum_of_columns   (1) is the same summed over samples and as norms
    constants        (6) T_p = Σ_i I_{i;p} = diag(p, …, 1)
    positive         S_p ≻ 0
    derivative       (8) the directional derivative by the encoder
    critical         the equations of critical points, for L and for the mean square error
    closed_form      Lemma 1: L without a sum over the latents
    nested           L is 2mp times nested dropout with a uniform prior
"""

from __future__ import annotations

from proofs.bao2020 import notation as bao
from proofs.claim import claim
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Diff,
    Expr,
    Family,
    Grad,
    Inner,
    LowerMask,
    MaxMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Tr,
    lift,
    sqrt,
)
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.definite import Definite
from proofs.oftadeh2020.notation import (
    ONE,
    UNSCALED,
    A,
    B,
    S_p,
    T_p,
    W,
    X,
    Y,
    Σxx,
    Σxy,
    Σyx,
    Σyy,
    i,
    j,
    loss,
    m,
    masked,
    mse,
    ones,
    p,
    scaled,
    α,
)

LOSS = Named("L(A, B)", loss(A, B, X, Y))
MSE = Named("L̃(A, B)", mse(A, B, X, Y), r"\tilde L(A, B)")


# Section 2 ----------------------------------------------------------------------------------------
@claim("oftadeh2020/eq1", where="Section 2, (1)", tag="1", convention=UNSCALED)
def sum_of_columns() -> Chain:
    """The loss summed over the samples is the loss in norms of matrices."""
    residual = Y @ Basis(j, m) - A @ Proj(i, p) @ B @ (X @ Basis(j, m))
    return eq(Sum(i, ONE, p, Sum(j, ONE, m, SqNorm(residual))), loss(A, B, X, Y))


# Section 3: constant matrices ---------------------------------------------------------------------
@claim("oftadeh2020/eq6", where="Section 3, (6)", tag="6", note="Σ_i I_{i;p} is where T_p comes from in the loss.")
def constants() -> Chain:
    """T_p = diag(p, p − 1, …, 1) adds up the projections I_{i;p}."""
    printed = Family("t", define=lambda a: p - a + 1)
    return eq(Diag(printed, p), Sum(i, ONE, p, Proj(i, p)))


@claim("oftadeh2020/eq7", where="Section 3, (7)", tag="7")
def mask() -> Chain:
    """The mask (S_p)_ij = p − max(i, j) + 1 for p = 3."""
    three = lift(3)
    example = ((3, 2, 1), (2, 2, 1), (1, 1, 1))
    printed = sum(
        (
            value * (Basis(lift(r + 1), three) @ Basis(lift(c + 1), three).T)
            for r, row in enumerate(example)
            for c, value in enumerate(row)
        ),
        start=0 * (Basis(ONE, three) @ Basis(ONE, three).T),
    )
    return eq(masked(ones(three) @ ones(three).T), Named("S_3", printed))


@claim(
    "oftadeh2020/Sp-pd",
    where="Section 3, after (7)",
    note="S_p = Lᵀ L for the lower triangle L of the matrix of ones: xᵀ S_p x = Σ_i (x_1 + … + x_i)².",
)
def positive() -> Definite:
    """S_p is positive definite."""
    return Definite(S_p, LowerMask(ones(p) @ ones(p).T))


# Section 3: gradients -----------------------------------------------------------------------------
def along(step: Expr) -> Expr:
    """L(A, B + step)."""
    return Named("L(A, B + αW)", loss(A, B + step, X, Y), r"L(A, B + \alpha W)")


SLOPE = -2 * Inner(T_p @ A.T @ Σyx - masked(A.T @ A) @ B @ Σxx, W)


@claim(
    "oftadeh2020/eq8", where="Section 3, (8)", tag="8", convention=UNSCALED, note="d_B L(A, B)W = d/dα L(A, B + αW)."
)
def derivative() -> Chain:
    """The derivative of the loss by the encoder, along a direction W."""
    return eq(Diff(along(α * W), α, 1, True), SLOPE)


@claim(
    "oftadeh2020/dirder-def",
    where="Section 3, before (8)",
    convention=UNSCALED,
    note="The limit along αW, α → 0+, of the printed difference quotient; (8) gives the left side of it.",
)
def quotient() -> Chain:
    """The derivative is the limit of the difference of the losses over the norm of the step."""
    rise = along(α * W) - LOSS
    return eq(SLOPE, Coeff(rise, α, 1) / sqrt(SqNorm(W)))


@claim("oftadeh2020/dirder-def+", where="Section 3, before (8)", convention=UNSCALED)
def quotient_corrected() -> All:
    """Along αW the difference of the losses over α tends to the derivative."""
    rise = along(α * W) - LOSS
    return both(eq(Coeff(rise, α, 0), 0), eq(SLOPE, Coeff(rise, α, 1)))


@claim(
    "oftadeh2020/crit-eqs",
    where="Section 3, critical points",
    convention=UNSCALED,
    note="Each equation is half a gradient set to zero: its left side minus its right side is that half.",
)
def critical() -> All:
    """The equations of the critical points, for the mean square error and for L."""
    return both(
        eq(Grad(MSE, B) / 2, A.T @ A @ B @ Σxx - A.T @ Σyx),
        eq(Grad(MSE, A) / 2, A @ B @ Σxx @ B.T - Σyx @ B.T),
        eq(Grad(LOSS, B) / 2, masked(A.T @ A) @ B @ Σxx - T_p @ A.T @ Σyx),
        eq(Grad(LOSS, A) / 2, A @ masked(B @ Σxx @ B.T) - Σyx @ B.T @ T_p),
    )


# Section 3: closed form ---------------------------------------------------------------------------
@claim("oftadeh2020/lem1", where="Section 3, Lemma 1, (21)", tag="21", convention=UNSCALED)
def closed_form() -> Chain:
    """The loss without a sum over the latents."""
    return eq(LOSS, p * Tr(Σyy) - 2 * Tr(A @ T_p @ B @ Σxy) + Tr(B.T @ masked(A.T @ A) @ B @ Σxx))


# Bao et al. on this loss --------------------------------------------------------------------------
uniform = Family("p", tail=lambda b: 1 / bao.k, length=bao.k)


@claim(
    "oftadeh2020/bao-relation",
    where="Bao et al. 2020, Section 3",
    convention="L is not divided by the number of samples n, L_ND has 1/2n; k latents, as in Bao et al.",
)
def nested() -> All:
    """With a uniform prior nested dropout has the matrices T_p/p and S_p/p, and the summed loss is a multiple of it."""
    W1, W2, data, k, size = bao.W1, bao.W2, bao.X, bao.k, bao.n
    square = W2.T @ W2
    return both(
        eq(Diag(uniform, k, "P_D"), scaled(k) / k),
        eq(MaxMask(square, uniform, "P_L"), masked(square) / k),
        eq(loss(W2, W1, data, data), 2 * size * k * bao.nested_dropout(W1, W2, data, uniform)),
    )
