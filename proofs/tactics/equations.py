"""Equations from equations: replacement, and sums of multiples of what is known to be 0.

Main results
    by_equations    a = b, where a − b is a combination of known equations
    combination     the same, the multiples being given
    rewritten       a relation with an expression replaced by its equal
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import free, plain, renewed, substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.equality import by_normal_form
from proofs.tactics.gaps import Gaps
from proofs.tactics.ground import Ground, NotFound, of_integers, tactic
from proofs.tactics.ordering import indices_in, instances


def hole(*speaking: Expr) -> E.Sym:
    """A symbol that no expression speaks of."""
    return renewed(E.Sym("•"), frozenset().union(*map(free, speaking)))


def rewritten(ground: Ground, goal: Rel, t: Theorem) -> tuple[Rel, tuple[Theorem, ...], tuple[Theorem, ...]]:
    """The goal with a = b used from left to right, and what leads from its left side there, and back to its right."""
    r = rules.relation(t, "=")
    left = plain(r.left)
    x = hole(goal, r)
    ends: list[list[Theorem]] = [[], []]
    sides = []
    for place, side in enumerate((goal.left, goal.right)):
        template = substitute(plain(side), {left: x})
        if x not in free(template):
            sides.append(side)
            continue
        equal = rules.replace(template, ((x, t),))
        sides.append(equal.says.right)  # type: ignore[attr-defined]
        ends[place].append(equal if place == 0 else rules.mirror(equal))
    return Rel(sides[0], goal.op, sides[1]), tuple(ends[0]), tuple(ends[1])


def combination(ground: Ground, goal: Rel, multiples: Sequence[tuple[Expr, Theorem]]) -> Theorem:
    """a = b, as a − b = Σ c (l − r) for equations l = r."""
    holes: list[tuple[Expr, Theorem]] = []
    template = before = after = goal.right
    for c, t in multiples:
        r = rules.relation(t, "=")
        x = hole(goal, template, *(y for y, _ in holes), c, r)
        holes.append((x, t))
        template = E.add(template, c * (x - r.right))
        before = E.add(before, c * (r.left - r.right))
        after = E.add(after, c * (r.right - r.right))
    links = (
        by_normal_form(ground, Rel(goal.left, "=", before)),
        rules.replace(template, tuple(holes)),
        by_normal_form(ground, Rel(after, "=", goal.right)),
    )
    return rules.chain(links)


PASSES = 3
"""How often the equations are gone through."""


@tactic
def by_equations(ground: Ground, goal: Rel) -> Theorem:
    """a = b, where a − b is a multiple of what is known to be 0, or a sum of such multiples."""
    if goal.op != "=" or not goal.left.is_scalar:
        raise NotFound("")
    keys = list(indices_in(goal))
    stated = [t for t in ground.known if isinstance(t.says, Rel) and t.says.op == "=" and t.says.left.is_scalar]
    stated += [t for t in (made() for made in instances(ground, keys)) if t.says.op == "="]  # type: ignore[attr-defined]
    stated = [t for t in stated if not of_integers(t.says)]  # type: ignore[arg-type]
    if not stated:
        raise NotFound("")
    sides = [x for p in (goal, *(t.says for t in stated)) for x in (p.left, p.right)]  # type: ignore[attr-defined]
    gaps = Gaps(Ground(ground.indices), sides)
    num, den = gaps.difference(goal)
    if num == 0:
        raise NotFound("")
    for order in (*([t] for t in reversed(stated)), stated * PASSES):
        found = multiples(gaps, num, den, order)
        if found is not None:
            return combination(ground, goal, found)
    raise NotFound(f"{goal}: it does not follow from equations")


def multiples(gaps: Gaps, num: Any, den: Any, order: Sequence[Theorem]) -> list[tuple[Expr, Theorem]] | None:
    """num/den as a sum of multiples of the equations, by division by each in turn."""
    found = []
    for t in order:
        over, under = gaps.difference(rules.relation(t))
        many, rest = divmod(num, over) if over != 0 else (0, num)
        if many != 0:
            found.append((gaps.expression(many * under) / gaps.expression(den), t))
        num = rest
    return found if num == 0 else None
