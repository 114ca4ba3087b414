"""Equations: by normal form, once what stands under lines and roots is known to allow it.

Main results
    by_normal_form    a = b for all sizes
    needed            theorems for what an expression needs to have a value
"""

from __future__ import annotations

from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Rel, needs
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.ground import Ground, NotFound, tactic


def needed(ground: Ground, e: Expr) -> tuple[Theorem, ...]:
    """What an expression needs, proved."""
    return tuple(ground.prove(p) for p in needs(e, False) if not rules.granted(p))


@tactic
def by_normal_form(ground: Ground, goal: Rel) -> Theorem:
    if goal.op != "=":
        raise NotFound("")
    known = (*needed(ground, goal), *ground.indices)
    try:
        return rules.ring(goal, known)
    except Refused:
        stated = equations(ground)
        if not stated:
            raise
        return rules.ring(goal, (*known, *stated, *(n for t in stated for n in needed(ground, t.says))))


def equations(ground: Ground) -> tuple[Theorem, ...]:
    """The equations between scalars that are known; what they need has to be provable."""
    found = []
    for t in ground.known:
        if isinstance(t.says, Rel) and t.says.op == "=" and t.says.left.is_scalar and t not in ground.indices:
            try:
                needed(ground, t.says)
            except NotFound:
                continue
            found.append(t)
    return tuple(found)
