"""Oftadeh et al. 2020: no map of rank b regresses Y on X better than the first b eigenvectors of Σ.

With Q = ΣyxΣxx⁻¹ the distance of Y from AI_bBX is ‖Y − QX‖² + ‖QX − AI_bBX‖². QX = UΛ^½Vᵀ is a singular value
decomposition, V = XᵀQᵀUΛ^−½, as QΣxxQᵀ = Σ = UΛUᵀ; so the second part is at least Σ_{i > b} λ_i, by Eckart–Young.

Main results
    Parted      ‖Y − AI_bBX‖² is ‖Y − QX‖² + ‖QX − AI_bBX‖²
    Beyond      which is at least ‖Y − QX‖² + Σ_{i > b} λ_i
    Reached     as it is for the first b eigenvectors
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flint import fmpq

from proofs.kernel import approximation, existence, rules
from proofs.kernel.expressions import Diag, Expr, Eye, Family, Letter, Proj, SqNorm, Sum, Sym, Tr, integer, lift, sqrt
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Every, Exists, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Argument, Known, Step, follow
from proofs.oftadeh2020.critical import AXES_GAP, EIGEN, REGRESSED, Inverse, Q, combined, undone
from proofs.oftadeh2020.notation import ONE, ZERO, A, B, U, X, Y, Σxx, Σyx, m, n, p, λ
from proofs.tactics.equality import needed
from proofs.tactics.generic import specialised
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import Zeros, by_ring

V = Letter("V", m, n, frozenset({"orthonormal"}))
ROOTS, INVERSE_ROOTS = (
    Diag(Family("√λ", define=lambda a: sqrt(λ[a])), n),
    Diag(Family("1/√λ", define=lambda a: 1 / sqrt(λ[a])), n),
)
FRAME = X.T @ Q.T @ U @ INVERSE_ROOTS
NOISE = SqNorm(Y - Q @ X)
SOLVED: tuple[Argument, ...] = (Known(EIGEN), Inverse(Σxx), combined(REGRESSED.body, Σyx @ undone(Σxx)))
"""Σ = UΛUᵀ, and QΣxx = Σyx."""


def fit(rank: Expr) -> SqNorm:
    """‖QX − AI_bBX‖²."""
    return SqNorm(Q @ X - A @ Proj(rank, p) @ B @ X)


def beyond(rank: Expr) -> Sum:
    """Σ_{i > b} λ_i."""
    a = integer("a")
    return Sum(a, rank + 1, n, λ[a])


@dataclass(frozen=True)
class Solved:
    """An equation, as a combination of what vanishes with Σ − UΛUᵀ and QΣxx − Σyx."""

    by: Callable[[], Expr]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        zeros = Zeros(ground)
        follow(SOLVED, (), zeros)
        return Step(lambda *_: self.by()).theorem(goal, zeros)


def parted(rank: Expr) -> Solved:
    """‖Y − AI_bBX‖² = ‖Y − QX‖² + ‖QX − AI_bBX‖²."""
    return Solved(lambda: -2 * Tr((Q - A @ Proj(rank, p) @ B) @ REGRESSED.T))


def reached(rank: Expr) -> Solved:
    """‖Y − QX‖² + Σ_{i > b} λ_i = ‖Y − UI_bUᵀQX‖²."""
    kept = U @ Proj(rank, n) @ U.T
    return Solved(lambda: Tr((Eye(n) - kept) @ (REGRESSED @ Q.T - AXES_GAP.T)) + Tr(kept @ (AXES_GAP - AXES_GAP.T)) * 2)


def decomposition(frame: Expr) -> Rel:
    return Rel(Q @ X, "=", U @ ROOTS @ frame.T)


def decomposed(ground: Ground) -> Theorem:
    """There is a V with orthonormal columns and QX = UΛ^½Vᵀ."""
    unit = Rel(FRAME.T @ FRAME, "=", Eye(n))
    trait = Solved(lambda: INVERSE_ROOTS @ U.T @ (REGRESSED @ Q.T + AXES_GAP.T) @ U @ INVERSE_ROOTS)
    same = by_ring(ground, Q @ X, decomposition(FRAME).right)
    return existence.witness(Exists(V, decomposition(V)), FRAME, same, trait.theorem(ground, unit))


@cache
def rooted() -> Theorem:
    """From x² ≥ y², x > 0 and y > 0: x ≥ y, as x − y = (x² − y²)/(x + y)."""
    x, y, one = Sym("x"), Sym("y"), fmpq(1)
    facts = (Rel(x**2, "≥", y**2), Rel(x, ">", ZERO), Rel(y, ">", ZERO))
    shape = Positive((((1, 0, 0), one),), (((0, 1, 0), one), ((0, 0, 1), one)))
    return rules.positive(Rel(x, "≥", y), tuple(map(rules.hypothesis, facts)), shape)


def falling(ground: Ground) -> Theorem:
    """√λ_i ≥ √λ_{i+1}."""
    i, inside = ground.generic(integer("i"), ONE, n - 1)
    here, after = sqrt(λ[i]), sqrt(λ[i + 1])
    order = inside.prove(Rel(λ[i], "≥", λ[i + 1]))
    squares = rules.chain((by_ring(inside, here**2, λ[i]), order, by_ring(inside, λ[i + 1], after**2)))
    signs = (inside.prove(Rel(x, ">", ZERO)) for x in (here, after))
    t = specialised(rooted(), {Sym("x"): here, Sym("y"): after}, squares, *signs)
    return rules.generalise(t, i, ONE, n - 1)


@dataclass(frozen=True)
class Beyond:
    """‖Y − QX‖² + ‖QX − AI_bBX‖² ≥ ‖Y − QX‖² + Σ_{i > b} λ_i."""

    rank: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        i = integer("i")
        signs = ground.prove(Every(i, ONE, lift(n), Rel(sqrt(λ[i]), "≥", ZERO)))
        counted = ground.order(ZERO, "≤", self.rank)
        svd = rules.hypothesis(decomposition(V))
        bound = approximation.eckart_young(svd, falling(ground), signs, A, B @ X, self.rank, counted)
        t = existence.obtain(decomposed(ground), bound)
        last = by_ring(ground, t.says.right, beyond(self.rank))  # type: ignore[attr-defined]
        exact, one = rules.chain((t, last)), fmpq(1)
        known = [x for r in (goal, exact.says) for x in needed(ground, r)]
        return rules.positive(goal, (exact,), Positive((((1,), one),), (((0,), one),)), (*known, *ground.indices))
