"""Ranks compared by what is mapped to 0: where Ax = 0 gives Bx = 0, rank B ≤ rank A.

Main results
    NullSpace    rank A ≥ rank B, by steps from Ax = 0 to Bx = 0
    Factor       rank(AB) ≤ rank A, rank(AB) ≤ rank B, also read from the right
"""

from __future__ import annotations

from dataclasses import dataclass

from proofs.kernel import existence, matrices, rules
from proofs.kernel.expressions import Expr, Letter, Rank, Sym
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Argument, fact, follow, supposed
from proofs.tactics.ground import Ground, NotFound
from proofs.tactics.relations import as_wanted
from proofs.tactics.vanishing import Zeros


@dataclass(frozen=True)
class NullSpace:
    """rank A ≥ rank B: any column x with Ax = 0 has Bx = 0, by the steps."""

    x: Letter
    steps: tuple[Argument, ...]
    generic: tuple[Sym, ...] = ()

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        larger, smaller = goal.left, goal.right
        if goal.op != "≥" or not isinstance(larger, Rank) or not isinstance(smaller, Rank):
            raise NotFound(f"{goal} does not compare ranks")
        a, b = larger.arg, smaller.arg
        gone = mapped(a, self.x)
        inside = ground.supposing(gone)
        zeros = supposed(gone, Zeros(inside, frozenset(self.generic)))
        (none,), _ = follow(self.steps, (mapped(b, self.x),), zeros)
        every = existence.whatever(rules.discharge(none, gone), self.x)
        return rules.mirror(matrices.rank_nullity(a, b, every))


@dataclass(frozen=True)
class Factor:
    """rank(AB) ≤ rank A, or rank(AB) ≤ rank B with ``second``."""

    a: Expr
    b: Expr
    second: bool = False

    def theorem(self, _: Ground, goal: Rel) -> Theorem:
        return as_wanted(matrices.rank_of_product(self.a, self.b, self.second), goal)


def mapped(a: Expr, x: Letter) -> Rel:
    """Ax = 0."""
    return fact(a @ x, "=", 0)
