"""Oftadeh, Shen, Wang, Shell (2020): letters, losses and constant matrices.

X and Y are n × m, one centred sample per column; the decoder A is n × p, the encoder B is p × n; I_{i;p} keeps the
first i latents; p < n, as Section 2 supposes. Covariances are not divided by the number of samples.

Main results
    loss, mse       L(A, B) = Σ_i ‖Y − A I_{i;p} B X‖², and the mean square error ‖Y − A B X‖²
    T_p, S_p        diag(p, …, 1), and the mask p − max(i, j) + 1
    DEFINITE, POSITIVE, AXES, FALLING, NO_ZERO_COLUMN    Assumption 1, part by part
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, zeros
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Expr,
    Eye,
    Family,
    Letter,
    MaxMask,
    Named,
    Num,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Zero,
    integer,
    size,
)
from proofs.kernel.propositions import Every, Rel
from proofs.quantities import orthogonal, rational

ZERO, ONE, TWO, HALF = (Num(Fraction(x)) for x in (0, 1, 2, Fraction(1, 2)))

p = size("p")
m, n = size("m"), size("n", least=p + 1)
i, j, α = integer("i", "", 1, p), integer("j", "", 1, p), Sym("α")
l, u = integer("l"), integer("u", "", 1, n)

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


LOSS = Named("L(A, B)", loss(A, B, X, Y))
MSE = Named("L̃(A, B)", mse(A, B, X, Y), r"\tilde L(A, B)")
UNSCALED = "losses are sums of squares without 1/m; Σxx = XXᵀ and its kin are not divided by m; ′ is the transpose"


# Assumption 1 -------------------------------------------------------------------------------------
U, λ = Letter("U", n, n, frozenset({"orthonormal"})), Family("λ")
Λ = Diag(λ, n, "Λ")
I_n, I_p = Eye(n), Eye(p)
REGRESSION = Named("ΣyxΣxx⁻¹", Σyx @ Σxx**-1, r"\Sigma_{yx}\Sigma_{xx}^{-1}")
Σ = Named("Σ", Σyx @ Σxx**-1 @ Σxy, r"\Sigma")


def table(rng: Random, rows: int, cols: int, height: int = 2) -> Any:
    """A rational matrix."""
    out = zeros(rows, cols)
    for place in range(out.size):
        out.flat[place] = rational(rng, height)
    return out


def full_rank(rng: Random, at: Instance) -> Instance:
    """Data with as many samples as features, or more."""
    m = at["n"] + rng.randint(0, 1)
    return {"m": m, "X": table(rng, at["n"], m), "Y": table(rng, at["n"], m)}


def silent(rng: Random, at: Instance) -> Instance:
    """Data without a first feature."""
    found = full_rank(rng, at)
    found["X"][0, :] = fmpq(0)
    return found


DEFINITE = Hypothesis("Σxx ≻ 0", r"\Sigma_{xx} \succ 0", (Rel(Σxx, "≻", Zero(n, n)),), full_rank, silent)


HALF_THE_TIME, SELDOM = 0.5, 0.1


def in_axes(rng: Random, at: Instance) -> Instance:
    """X = PVᵀ and Y = USVᵀ + noise that Σyx does not see, λ = σ²: all data with Σxx ≻ 0 have this form.

    At times P = UKS⁻¹ with a positive definite K, so that Σyx = UKUᵀ is positive definite too, as Assumption 1 has it;
    seldom Σyx = 0.
    """
    side = at["n"]
    m = side + rng.randint(0, 1)
    axes, frame = orthogonal(rng, side, 2), orthogonal(rng, m, 2)[:, :side]
    scale = fmpq(*rng.choice(((1, 1), (1, 5), (3, 2))))
    σ = [scale * x for x in sorted(rng.sample(range(1, side + 3), side), reverse=True)]
    k = table(rng, side, side)
    k = k @ k.T + diagonal([fmpq(1)] * side) if rng.random() < 2 / 3 else diagonal(σ)
    p = axes @ k @ diagonal([1 / x for x in σ])
    if rng.random() < SELDOM:
        σ = [fmpq(0)] * side
    noise = table(rng, side, m) @ (diagonal([fmpq(1)] * m) - frame @ frame.T)
    return {"m": m, "X": p @ frame.T, "Y": axes @ diagonal(σ) @ frame.T + noise, "U": axes, "λ": [x**2 for x in σ]}


def repeated(rng: Random, at: Instance) -> Instance:
    """Equal eigenvalues: data X = Y with Σ = I."""
    axes = diagonal([fmpq(1)] * at["n"])
    return {"m": at["n"], "X": axes, "Y": axes, "U": axes, "λ": [fmpq(1)] * at["n"]}


POSITIVE = Hypothesis(
    "Σxy, Σyx, Σyy ≻ 0",
    r"\Sigma_{xy}, \Sigma_{yx}, \Sigma_{yy} \succ 0",
    tuple(Rel(x, "≻", Zero(n, n)) for x in (Σxy, Σyx, Σyy)),
    None,
)
"""The second part of Assumption 1 as it is printed: positive definite matrices are symmetric by definition."""
AXES = Hypothesis(
    "Σ = UΛUᵀ",
    r"\Sigma = U\Lambda U^\top",
    (Rel(Σyx @ Σxx**-1 @ Σxy, "=", U @ Λ @ U.T),),
    in_axes,
)
FALLING = Hypothesis(
    "λ_1 > … > λ_n > 0",
    r"\lambda_1 > \dots > \lambda_n > 0",
    (Every(l, ONE, n - 1, Rel(λ[l], ">", λ[l + 1])), Rel(λ[n], ">", ZERO)),
    None,
    repeated,
)
ASSUMPTION = (replace(DEFINITE, draw=None, broken=None), AXES, FALLING)


def with_columns(rng: Random, at: Instance) -> Instance:
    """A decoder of any rank and scale."""
    a = table(rng, at["n"], at["p"])
    if rng.random() < HALF_THE_TIME:
        a = a[:, :1] @ table(rng, 1, at["p"])
    return {"A": a * fmpq(*rng.choice(((1, 1), (1, 1), (1, 8))))}


def without_column(rng: Random, at: Instance) -> Instance:
    a = table(rng, at["n"], at["p"])
    a[:, rng.randrange(at["p"])] = fmpq(0)
    return {"A": a}


NO_ZERO_COLUMN = Hypothesis(
    "a_l ≠ 0",
    r"a_l \neq 0",
    (Every(l, ONE, p, Rel(SqNorm(A @ Basis(l, p)), ">", ZERO)),),
    with_columns,
    without_column,
)
"""The fourth part: the decoder has no zero column."""
SITUATIONS = Plan(
    tuple({"k": a, "p": a, "m": b, "n": b} for a, b in ((1, 2), (2, 3))),
    per_size=2,
    tries=40,
)
"""Sizes with p < n ≤ m, for searches."""
