"""The trace of a product of a semi-definite matrix that is not 0 and a definite one.

Main results
    Pairing    tr(AB) > 0, from A ⪰ 0, A ≠ 0 and B ≻ 0
"""

from __future__ import annotations

from dataclasses import dataclass

from proofs.kernel import matrices, rules
from proofs.kernel.expressions import Expr, Tr
from proofs.kernel.propositions import ZERO, Rel, zero
from proofs.kernel.theorem import Theorem
from proofs.tactics.definite import semidefinite, surely
from proofs.tactics.ground import Ground


@dataclass(frozen=True)
class Pairing:
    """tr(AB) > 0: it is at least 0, and 0 only where A = 0."""

    left: Expr
    right: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        trace = Tr(self.left @ self.right)
        above, definite = semidefinite(ground, self.left), surely(ground, self.right)
        at_least = matrices.paired(above, definite)
        vanishes, differs = Rel(trace, "=", ZERO), Rel(trace, "≠", ZERO)
        none = matrices.unpaired(above, definite, rules.hypothesis(vanishes))
        some = ground.prove(Rel(self.left, "≠", zero(self.left)))
        ends = rules.discharge(rules.absurd(none, some, differs), vanishes)
        stays = rules.discharge(rules.hypothesis(differs), differs)
        cover = rules.split(rules.cases(rules.total(trace, ZERO, "="), (ends, stays)))
        below, beyond = cover.says.terms  # type: ignore[attr-defined]
        never = rules.discharge(rules.absurd(rules.hypothesis(below), at_least, goal), below)
        return rules.cases(cover, (never, rules.discharge(rules.hypothesis(beyond), beyond)))
