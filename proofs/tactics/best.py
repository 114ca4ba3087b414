"""What is nearest to X of a given rank is stationary: from the best value of ‖X − AB‖² to X − AB ⊥ A, B.

For D = (X − AB)Bᵀ and any t the distance ‖X − (A + tD)B‖² = ‖X − AB‖² − 2t‖D‖² + t²‖DB‖² is no less than that of the
best, by Eckart–Young; at t = ‖D‖²/(1 + ‖DB‖²) it would be, were D not 0. Likewise for AᵀD with D = Aᵀ(X − AB).

Main results
    Best    D = 0 as an argument
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flint import fmpq

from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Family, SqNorm, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ZERO, Rel, zero
from proofs.kernel.theorem import Theorem
from proofs.tactics.generic import specialised
from proofs.tactics.ground import NotFound
from proofs.tactics.nearest import Nearest
from proofs.tactics.vanishing import Zeros, by_ring, discharged


@cache
def sunk() -> Theorem:
    """From r − 2ta + t²e ≥ v at t = a/(1 + e), e ≥ 0 and r = v: a² ≤ 0."""
    r, a, e, v = map(Sym, "raev")
    step, one = a / (1 + e), fmpq(1)
    facts = (
        rules.hypothesis(Rel(r - 2 * step * a + step**2 * e, "≥", v)),
        rules.hypothesis(Rel(e, "≥", ZERO)),
        rules.weaken(rules.hypothesis(Rel(r, "=", v)), "≤"),
    )
    square = ((0, one), (1, 2 * one), (2, one))  # (1 + e)²
    numerator = tuple((powers, x) for p, x in square for powers in ((1, p, 0), (0, p, 1)))
    shape = Positive(numerator, (((0, 0, 0), 2 * one), ((0, 1, 0), one)))
    return rules.positive(Rel(a**2, "≤", ZERO), facts, shape, (apart(e, facts[1]),))


def apart(e: Expr, sign: Theorem) -> Theorem:
    """1 + e ≠ 0 for e ≥ 0."""
    one = fmpq(1)
    return rules.positive(Rel(1 + e, "≠", ZERO), (sign,), Positive((((0,), one), ((1,), one)), (((0,), one),)))


@dataclass(frozen=True)
class Best:
    """(X − AB)Bᵀ = 0, or Aᵀ(X − AB) = 0 with ``after``, where ‖X − AB‖² is known to be the least value.

    Attributes
    ----------
    svd, values
        P diag(σ) Qᵀ, which is X, and σ.
    left, right
        A and B.
    value
        Σ_{i > b} σ_i².
    """

    svd: Expr
    values: Family
    left: Expr
    right: Expr
    value: Expr
    after: bool = False

    @property
    def rest(self) -> Expr:
        return self.svd - self.left @ self.right

    @property
    def goal(self) -> Rel:
        slope = self.left.T @ self.rest if self.after else self.rest @ self.right.T
        return Rel(slope, "=", zero(slope))

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        ground, t, slope = zeros.ground, Sym("t•"), goal.left
        left, right = (self.left, self.right + t * slope) if self.after else (self.left + t * slope, self.right)
        far = SqNorm(self.left @ slope if self.after else slope @ self.right)
        distance, falls = SqNorm(self.rest), SqNorm(slope)
        moved = Rel(SqNorm(self.svd - left @ right), "≥", self.value)
        above = Nearest(self.svd, self.values, left, right).theorem(ground, moved)
        line = distance - 2 * t * falls + t**2 * far
        along = rules.chain((by_ring(ground, line, moved.left), above))
        there = rules.rename(along, ((t, falls / (1 + far)),))
        there = discharged(there, len(along.given), ground)
        least = next((x for x in zeros.stated if rules.same(x.says, Rel(distance, "=", self.value))), None)
        if least is None:
            raise NotFound(f"{distance} is not known to be {self.value}")
        mapping: dict[Expr, Expr] = dict(zip(map(Sym, "raev"), (distance, falls, far, self.value), strict=True))
        square = specialised(sunk(), mapping, there, rules.square(far.arg), least)
        return rules.vanishing(rules.weaken(rules.vanishing(square), "≤"))
