"""Inverses at work: what they are multiplied away with, and that one on the left is one on the right.

Main results
    by_cancelling    X = Y from AX = AY and det A ≠ 0
    by_other_side    MN = I from NM = I, both square
    Inverted         a definite matrix beside its inverse
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from proofs.kernel import expressions as E
from proofs.kernel import matrices as M
from proofs.kernel import rules
from proofs.kernel.binding import plain
from proofs.kernel.expressions import Expr, Letter, mul
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import product, surely
from proofs.tactics.equality import by_normal_form
from proofs.tactics.ground import Ground, NotFound, tactic


def equation(goal: Rel) -> None:
    if goal.op != "=" or goal.left.is_scalar:
        raise NotFound("")


@tactic
def by_cancelling(ground: Ground, goal: Rel) -> Theorem:
    equation(goal)
    for t in ground.known:
        r = t.says
        if not isinstance(r, Rel) or r.op != "=" or r.left.shape != goal.left.shape:
            continue
        first = plain(r.left)
        a = first.factors[0] if isinstance(first, E.Mul) else None
        if not isinstance(a, Letter) or a.rows != a.cols:
            continue
        try:
            inside = ground.knowing(ground.prove(Rel(E.det(a), "≠", ZERO)))
            return between(inside, goal, partial(mul, a**-1), t)
        except (NotFound, Refused, Undecided):
            continue
    raise NotFound("")


def between(ground: Ground, goal: Rel, template: Callable[[Expr], Expr], t: Theorem) -> Theorem:
    """The goal, where its sides are those of an equation in a template."""
    hole = Letter("°", *t.says.left.shape)  # type: ignore[attr-defined]
    moved = rules.replace(template(hole), ((hole, t),))
    first = by_normal_form(ground, Rel(goal.left, "=", moved.says.left))  # type: ignore[attr-defined]
    return rules.chain((first, moved, by_normal_form(ground, Rel(moved.says.right, "=", goal.right))))  # type: ignore[attr-defined]


def around(m: Expr, hole: Expr) -> Expr:
    return m @ hole @ m**-1


@tactic
def by_other_side(ground: Ground, goal: Rel) -> Theorem:
    """MN = M(NM)M⁻¹ = MM⁻¹ = I."""
    equation(goal)
    e = plain(goal.left)
    if not isinstance(e, E.Mul) or not rules.same(goal.right, E.Eye(goal.left.shape[0])):
        raise NotFound("")
    for cut in range(1, len(e.factors)):
        m, n = product(list(e.factors[:cut])), product(list(e.factors[cut:]))
        if m.shape != n.shape or not isinstance(m, Letter):
            continue
        turned = Rel(n @ m, "=", goal.right)
        t = next((t for t in ground.known if rules.same(t.says, turned)), None)
        if t is not None:
            apart = M.one_sided(n, m, t)
            return between(ground.knowing(apart), goal, partial(around, m), t)
    raise NotFound("")


@dataclass(frozen=True)
class Inverted:
    """The left side is ``within(AA⁻¹)``, or of A⁻¹A, where A ≻ 0; the right side is ``within(I)``."""

    matrix: Expr
    within: Callable[[Expr], Expr]
    after: bool = False
    """Whether the inverse comes first."""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        apart = rules.weaken(M.of_definite(surely(ground, self.matrix)), "≠")
        one = rules.part(M.invertible(apart), 0 if self.after else 1)
        return between(ground.knowing(apart), goal, self.within, one)
