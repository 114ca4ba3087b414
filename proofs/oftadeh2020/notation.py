"""Oftadeh, Shen, Wang, Shell (2020): letters, losses and constant matrices.

X and Y are n × m, one centred sample per column; the decoder A is n × p, the encoder B is p × n; I_{i;p} keeps the
first i latents. Covariances are not divided by the number of samples.

Main results
    loss, mse     L(A, B) = Σ_i ‖Y − A I_{i;p} B X‖², and the mean square error ‖Y − A B X‖²
    T_p, S_p      diag(p, …, 1), and the mask p − max(i, j) + 1
"""

from __future__ import annotations

from fractions import Fraction

from proofs.kernel.expressions import (
    Basis,
    Diag,
    Expr,
    Family,
    Letter,
    MaxMask,
    Named,
    Num,
    Proj,
    SqNorm,
    Sum,
    Sym,
    integer,
    size,
)

ONE = Num(Fraction(1))

p = size("p")
m, n = size("m"), size("n", least=p)
i, j, α = integer("i", "", 1, p), integer("j", "", 1, p), Sym("α")

A, B = Letter("A", n, p), Letter("B", p, n)
W = Letter("W", p, n)
X, Y = Letter("X", n, m), Letter("Y", n, m)

Σxx = Named("Σxx", X @ X.T, r"\Sigma_{xx}")
Σxy = Named("Σxy", X @ Y.T, r"\Sigma_{xy}")
Σyx = Named("Σyx", Y @ X.T, r"\Sigma_{yx}")
Σyy = Named("Σyy", Y @ Y.T, r"\Sigma_{yy}")


def staircase(size: Expr) -> Family:
    """t_i = p − i + 1: the number of the sizes b = 1, …, p that keep latent i."""
    return Family("t", define=lambda a: size - a + 1, tail=lambda b: ONE, length=size)  # type: ignore[arg-type]


def scaled(size: Expr) -> Diag:
    """T_p = diag(p, p − 1, …, 1)."""
    return Diag(staircase(size), size, "T_p")


def masked(square: Expr) -> MaxMask:
    """S_p ∘ (a square matrix)."""
    return MaxMask(square, staircase(square.shape[0]), "S_p")


def ones(size: Expr) -> Expr:
    """The vector of ones."""
    return Named("1", Sum(j, ONE, size, Basis(j, size)), r"\mathbf{1}")


T_p = scaled(p)
S_p = Named("S_p", masked(ones(p) @ ones(p).T))


def loss(a: Expr, b: Expr, x: Expr, y: Expr) -> Sum:
    """(1): Σ_i ‖Y − A I_{i;p} B X‖²."""
    size = a.shape[1]
    return Sum(i, ONE, size, SqNorm(y - a @ Proj(i, size) @ b @ x))


def mse(a: Expr, b: Expr, x: Expr, y: Expr) -> SqNorm:
    """(2): ‖Y − A B X‖²."""
    return SqNorm(y - a @ b @ x)


UNSCALED = "losses are sums of squares without 1/m; Σxx = XXᵀ and its kin are not divided by m; ′ is the transpose"
