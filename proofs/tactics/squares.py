"""Inequalities by squares: a ≥ b because a − b is a sum of them.

Main results
    Squares    a − b = x² + y² + …
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound


@dataclass(frozen=True, init=False)
class Squares:
    """The roots of the squares that the sides of ≥ differ by."""

    roots: tuple[Expr, ...]

    def __init__(self, *roots: Expr):
        object.__setattr__(self, "roots", roots)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        if goal.op != "≥":
            raise NotFound("squares give ≥")
        facts = tuple(map(rules.square, self.roots))
        count = len(facts)
        each = tuple((tuple(int(a == b) for b in range(count)), fmpq(1)) for a in range(count))
        known = (t for e in (goal, *(f.says for f in facts)) for t in needed(ground, e))
        shape = Positive(each, (((0,) * count, fmpq(1)),))
        return rules.positive(goal, facts, shape, (*dict.fromkeys(known), *ground.indices))
