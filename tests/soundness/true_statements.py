"""True statements near the false ones: each must be proved, and its instance satisfies it.

Main results
    TRUE    name → True_
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction as F
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import And, Implies, Rel, rel
from tests.soundness.false_statements import (
    HALF,
    I2,
    ONE,
    TWO,
    A,
    B,
    D,
    K,
    O,
    P,
    R,
    S,
    U,
    a22,
    b,
    b22,
    c,
    draws,
    each,
    eq,
    f,
    g,
    i,
    j,
    k,
    l,
    m,
    n,
    rows,
    total,
    turn,
    v,
    weights,
    x,
    y,
    z,
    α,
    θ,
    λ,
    σ,
)


@dataclass(frozen=True)
class True_:
    """``given ⇒ goal`` holds, and does at an instance."""

    name: str
    given: tuple[Expr, ...]
    goal: Expr
    at: dict[str, Any]


def in_range(*indices: E.Sym) -> tuple[Rel, ...]:
    return tuple(r for s in indices for r in (rel(1, "≤", s), rel(s, "≤", k)))


def statements() -> Iterator[tuple[str, tuple[Expr, ...], Expr, dict[str, Any]]]:
    for part in (reals, ranges, binding, division, matrices, calculus, orders, extrema, chances, propositions):
        yield from part()


def reals() -> Iterator[Any]:
    at = {"x": F(2), "y": F(3), "z": F(5), "c": F(1)}
    yield "x² ≥ 0", (), rel(x**2, "≥", 0), {"x": F(-1)}
    yield "√(x²) = √(x²)", (), eq(E.sqrt(x**2), E.sqrt(x**2)), at
    yield "√x² = x, x ≥ 0", (rel(x, "≥", 0),), eq(E.sqrt(x) ** 2, x), {"x": F(4)}
    yield "x² + y² ≥ 2xy", (), rel(x**2 + y**2, "≥", 2 * x * y), at
    yield "x + 1/x ≥ 2", (rel(x, ">", 0),), rel(x + 1 / x, "≥", 2), at
    yield "x ≤ y ⇒ c x ≤ c y, c ≥ 0", (rel(x, "≤", y), rel(c, "≥", 0)), rel(c * x, "≤", c * y), at
    yield "x < y, y ≤ z ⇒ x < z", (rel(x, "<", y), rel(y, "≤", z)), rel(x, "<", z), at
    yield "x > 0 ⇒ x ≠ 0", (rel(x, ">", 0),), rel(x, "≠", 0), at
    yield "1/x > 0", (rel(x, ">", 0),), rel(1 / x, ">", 0), at
    yield "x < y ⇒ 1/y < 1/x", (rel(0, "<", x), rel(x, "<", y)), rel(1 / y, "<", 1 / x), at
    yield "√x > 0", (rel(x, ">", 0),), rel(E.sqrt(x), ">", 0), {"x": F(4)}
    yield "cos² + sin² = 1", (), eq(E.cos(θ) ** 2 + E.sin(θ) ** 2, 1), {"θ": (F(0), F(1))}
    yield "cos 2θ", (), eq(E.cos(2 * θ), 2 * E.cos(θ) ** 2 - 1), {"θ": (F(3, 5), F(4, 5))}


def ranges() -> Iterator[Any]:
    at = {"k": 2, "i": 1, "j": 2, "f": [F(1), F(2), F(3)], "g": [F(3), F(5), F(7)], "m": 1, "n": 3, "b": 1}
    yield "Σ_{m+1..n} 1 = n − m", (rel(m, "≤", n),), eq(total(1, l, m + 1, n), n - m), at
    yield "Σ 1 = k", (rel(k, "≥", 0),), eq(total(1), k), {"k": 0}
    yield "Σ l = k(k+1)/2", (rel(k, "≥", 0),), eq(total(l), k * (k + 1) / 2), at
    yield "Σ_{..k−1} = Σ − f_k", (rel(k, "≥", 1),), eq(total(f[l], l, ONE, k - 1), total(f[l]) - f[k]), at
    yield "Σ_{2..} = Σ − f_1", (rel(k, "≥", 1),), eq(total(f[l], l, TWO), total(f[l]) - f[1]), {"k": 1, "f": [F(4)]}
    yield "telescoping", (rel(k, "≥", 1),), eq(total(f[l + 1] - f[l], l, ONE, k - 1), f[k] - f[1]), at
    yield "Σ_{l≠j} = Σ − f_j", in_range(j), eq(total(f[l], l, ONE, k, (j,)), total(f[l]) - f[j]), at
    two = (*in_range(i, j), rel(i, "≠", j))
    yield "Σ_{l≠i,j} = Σ − f_i − f_j", two, eq(total(f[l], l, ONE, k, (i, j)), total(f[l]) - f[i] - f[j]), at
    yield "Σ over nothing", (rel(k, "≤", 0),), eq(total(f[l]), 0), {"k": 0, "f": []}
    yield "Tr Π_b = b", (rel(0, "≤", b), rel(b, "≤", k)), eq(E.Tr(E.Proj(b, k)), b), at
    yield "Π_b Π_c = Π_b", (rel(b, "≤", i),), eq(E.Proj(b, k) @ E.Proj(i, k), E.Proj(b, k)), at
    yield "JᵀJ = I", (rel(k, "≤", m),), eq(E.First(m, k).T @ E.First(m, k), E.Eye(k)), {"k": 1, "m": 2}
    yield "Σ e_i e_iᵀ = I", (), eq(total(E.Basis(l, k) @ E.Basis(l, k).T), E.Eye(k)), {"k": 2}
    yield "Σ f ≥ 0", (each(rel(f[l], "≥", 0)),), rel(total(f[l]), "≥", 0), {"k": 0, "f": []}
    yield "Σ f > 0", (each(rel(f[l], ">", 0)), rel(k, "≥", 1)), rel(total(f[l]), ">", 0), at
    yield "Σ f ≤ Σ g", (each(rel(f[l], "≤", g[l])),), rel(total(f[l]), "≤", total(g[l])), at


def binding() -> Iterator[Any]:
    at = {"k": 2, "i": 1, "j": 2, "f": [F(1), F(2)], "g": [F(3), F(5)]}
    yield "Σ_j f_i g_j = f_i Σ g", (), eq(total(f[i] * g[j], j), f[i] * total(g[l])), at
    yield "Σ_i Σ_i f_i", (rel(k, "≥", 0),), eq(total(total(f[i], i), i), k * total(f[l])), at
    yield "Σ_i Σ_j f_i g_j", (), eq(total(total(f[i] * g[j], j), i), total(f[l]) * total(g[l])), at
    yield "α is bound", (), eq(E.Coeff(α * y, α, 1), y), {"y": F(1), "α": F(1)}
    yield "∀ renamed", (each(rel(f[l], "≤", g[i])),), each(rel(f[j], "≤", g[i]), var=j), at


def division() -> Iterator[Any]:
    at = {"x": F(2), "y": F(3), "z": F(5), "k": 2, "f": [F(1), F(2)]}
    yield "x/x = 1", (rel(x, "≠", 0),), eq(x / x, 1), at
    yield "(y x)/(z x) = y/z", (rel(x, "≠", 0), rel(z, "≠", 0)), eq(y * x / (z * x), y / z), at
    yield "Σ f/f = k", (rel(k, "≥", 1), each(rel(f[l], "≠", 0))), eq(total(f[l] / f[l]), k), at
    yield "S⁻¹S = I", (each(rel(f[l], ">", 0)),), eq(E.Diag(f, k) ** -1 @ E.Diag(f, k), E.Eye(k)), at
    yield "1/x + 1/y", (rel(x, ">", 0), rel(y, ">", 0)), eq(1 / x + 1 / y, (x + y) / (x * y)), at


def matrices() -> Iterator[Any]:
    two = {"k": 2, "A": a22, "B": b22}
    yield "tr AB = tr BA", (), eq(E.Tr(A @ B), E.Tr(B @ A)), two
    yield "(AB)ᵀ = BᵀAᵀ", (), eq((A @ B).T, B.T @ A.T), two
    yield "‖A+B‖²", (), eq(E.SqNorm(A + B), E.SqNorm(A) + E.SqNorm(B) + 2 * E.Inner(A, B)), two
    yield "triangles", (), eq(E.LowerMask(A) + E.LowerMask(A.T, True).T, A), two
    yield "UᵀU = I", (), eq(U.T @ U, E.Eye(k)), {"k": 1, "m": 2, "U": rows((1,), (0,))}
    yield "OOᵀ = I", (), eq(O @ O.T, E.Eye(k)), {"k": 2, "O": turn}
    yield "Kᵀ = −K", (), eq(K.T, -K), {"k": 2, "K": turn}
    yield "tr SK = 0", (), eq(E.Tr(S @ K), 0), {"k": 2, "S": I2, "K": turn}
    yield "diagonal matrices commute", (), eq(E.Diag(f, k) @ E.Diag(g, k), E.Diag(g, k) @ E.Diag(f, k)), {
        "k": 2, "f": [F(1), F(2)], "g": [F(3), F(4)],
    }  # fmt: skip
    yield "D diag(f) = diag(f) D", (), eq(D @ E.Diag(f, k), E.Diag(f, k) @ D), {
        "k": 2, "D": rows((1, 0), (0, 2)), "f": [F(1), F(2)],
    }  # fmt: skip
    yield "‖A‖² ≥ 0", (), rel(E.SqNorm(A), "≥", 0), two
    yield "‖R‖² = ‖Rᵀ‖²", (), eq(E.SqNorm(R), E.SqNorm(R.T)), {"k": 1, "m": 2, "R": rows((1, 2))}
    yield "vᵀv = ‖v‖²", (), eq(E.Tr(v.T @ v), E.SqNorm(v)), {"k": 2, "v": rows((1,), (2,))}
    yield "‖A‖² = 0 ⇒ A = 0", (eq(E.SqNorm(A), 0),), eq(E.SqNorm(A), 0), {"k": 1, "A": rows((0,))}


def calculus() -> Iterator[Any]:
    at = {"x": F(5), "y": F(3), "α": F(1), "f": [F(1), F(2)]}
    yield "∂x² = 2x", (), eq(E.Diff(x**2, x), 2 * x), at
    yield "∂(1/x)", (rel(x, ">", 0),), eq(E.Diff(1 / x, x), -1 / x**2), at
    yield "[α²](1+α)³ = 3", (), eq(E.Coeff((1 + α) ** 3, α, 2), 3), at
    yield "∂f_1/∂f_2 = 0", (), eq(E.Diff(f[1], f[2]), 0), at
    yield "∇‖A‖² = 2A", (), eq(E.Grad(E.SqNorm(A), A), 2 * A), {"k": 1, "A": rows((1,))}
    yield "∇tr AᵀB = B", (), eq(E.Grad(E.Tr(A.T @ B), A), B), {"k": 2, "A": a22, "B": b22}


def orders() -> Iterator[Any]:
    falling = each(rel(σ[l], ">", σ[l + 1]), ONE, k - 1)
    at = {"k": 2, "i": 1, "j": 2, "σ": [F(3), F(2)], "λ": [F(1), F(2)]}
    yield "i < j ⇒ i + 1 ≤ j", (rel(i, "<", j),), rel(i + 1, "≤", j), at
    yield "σ_i > σ_j", (falling, rel(1, "≤", i), rel(i, "<", j), rel(j, "≤", k)), rel(σ[i], ">", σ[j]), at
    yield "σ_1 ≥ σ_k", (falling, rel(k, "≥", 1)), rel(σ[1], "≥", σ[k]), {"k": 1, "σ": [F(3)]}
    yield "σ_i > 0", (falling, rel(σ[k], ">", 0), *in_range(i)), rel(σ[i], ">", 0), at
    yield "every λ > 0", (each(rel(λ[l], ">", 0)), *in_range(i)), rel(λ[i], ">", 0), at


def extrema() -> Iterator[Any]:
    top = E.Extremum("max", l, ONE, k, f[l])
    at = {"k": 2, "i": 1, "f": [F(1), F(2)], "x": F(3), "y": F(4), "z": F(5)}
    yield "max ≥ member", in_range(i), rel(top, "≥", f[i]), at
    yield "max = max of another index", (rel(k, "≥", 1),), eq(top, E.Extremum("max", j, ONE, k, f[j])), at


def chances() -> Iterator[Any]:
    sum1 = (rel(k, "≥", 1), eq(total(weights[l]), 1), each(rel(weights[l], "≥", 0)))
    at = {"k": 2, "p_B": [F(1, 2), F(1, 2)], "f": [F(1), F(3)]}
    mean = E.Expect(draws, f[draws[1]])
    yield "E f = Σ p f", sum1, eq(mean, total(weights[l] * f[l])), at
    yield "independent draws", sum1, eq(E.Expect(draws, f[draws[1]] * f[draws[2]]), mean**2), at
    yield "E of a constant", sum1, eq(E.Expect(draws, x), x), at | {"x": F(2)}


def propositions() -> Iterator[Any]:
    null = E.Zero(k, k)
    yield "AᵀA ⪰ 0", (), Rel(A.T @ A, "⪰", null), {"k": 2, "A": a22}
    yield "P ⪰ 0", (), Rel(P, "⪰", null), {"k": 1, "P": rows((1,))}
    yield "x = 0 ∧ y = 0", (eq(x, 0), eq(y, 0)), And((eq(x, 0), eq(y, 0))), {"x": F(0), "y": F(0)}
    yield "x > 0 ⇒ 2x > x", (), Implies(rel(x, ">", 0), rel(2 * x, ">", x)), {"x": F(-1)}
    yield "half", (), eq(HALF * x + HALF * x, x), {"x": F(1)}


TRUE = {name: True_(name, given, goal, at) for name, given, goal, at in statements()}
assert len(TRUE) == sum(1 for _ in statements()), "two statements have one name"
