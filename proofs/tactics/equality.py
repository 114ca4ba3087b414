"""Equations: by normal form, once what stands under lines and roots is known to allow it.

Main results
    by_normal_form    a = b for all sizes
    needed            theorems for what an expression needs to have a value
"""

from __future__ import annotations

from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Rel, needs
from proofs.kernel.theorem import Theorem
from proofs.tactics.ground import Ground, NotFound, tactic


def needed(ground: Ground, e: Expr) -> tuple[Theorem, ...]:
    """What an expression needs, proved."""
    return tuple(ground.prove(p) for p in needs(e, False) if not rules.granted(p))


@tactic
def by_normal_form(ground: Ground, goal: Rel) -> Theorem:
    if goal.op != "=":
        raise NotFound("")
    return rules.ring(goal, (*needed(ground, goal), *ground.indices))
