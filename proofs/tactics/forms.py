"""Quadratic forms of definite matrices.

Main results
    null        from A ≻ 0 and tr(BᵀAB) = 0: B = 0
    by_form     tr(BᵀAB) > 0 for B ≠ 0
"""

from __future__ import annotations

from proofs.kernel import expressions as E
from proofs.kernel import rules, semidefinite
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ZERO, Rel, zero
from proofs.kernel.theorem import Theorem
from proofs.tactics.definite import equal, product, surely, unfold
from proofs.tactics.ground import Ground, NotFound, tactic


def middle(e: Expr, b: Expr) -> Expr:
    """The A of tr(BᵀAB)."""
    if isinstance(e, E.Tr):
        around, inner = unfold(b), unfold(e.arg)
        turned, count = unfold(b.T), len(around)
        ends = inner[:count] == turned and inner[-count:] == around
        if ends and len(inner) > 2 * count and not any(f.is_scalar for f in inner):
            return product(inner[count:-count])
    raise NotFound(f"{e} is no quadratic form of {b}")


def null(e: Expr, t: Theorem, b: Expr, ground: Ground) -> Theorem:
    """B = 0, from the theorem that a form tr(BᵀAB) is 0, or at most 0, where A ≻ 0."""
    a = middle(e, b)
    form = E.Tr(b.T @ a @ b)
    return semidefinite.formless(surely(ground, a), b, rules.chain((equal(ground, form, e), t)))


@tactic
def by_form(ground: Ground, goal: Rel) -> Theorem:
    """A form of a definite matrix is positive where what it is of is known not to be 0: else it would be."""
    if goal.op != ">" or not isinstance(goal.left, E.Tr) or not rules.same(goal.right, ZERO):
        raise NotFound("")
    b = unfold(goal.left.arg)[-1]
    apart = ground.prove(Rel(b, "≠", zero(b)))
    cover = rules.total(goal.left, ZERO)
    one, other = cover.says.terms  # type: ignore[attr-defined]
    vanishes = null(goal.left, rules.hypothesis(one), b, ground)
    never = rules.discharge(rules.absurd(vanishes, apart, goal), one)
    return rules.cases(cover, (never, rules.discharge(rules.hypothesis(other), other)))
