"""Inequalities between scalars: the difference of the sides in positive gaps, and a certificate of its sign.

Main results
    by_gaps            a ≥ b, a > b, a ≠ b
    by_closed_form     sides that hold traces or derivatives
    by_instance        what is known of every index
    by_factors         a product is not 0
    by_cases           i < j and i > j, for i ≠ j
"""

from __future__ import annotations

from collections.abc import Iterator

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain, substitute
from proofs.kernel.expressions import Expr, Num, Pow
from proofs.kernel.propositions import MIRROR, ZERO, Every, Implies, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.certificates import certified
from proofs.tactics.closed import closed, opaque
from proofs.tactics.gaps import Gaps
from proofs.tactics.ground import Ground, NotFound, tactic
from proofs.tactics.ordering import indices_in, instances

STRONGER = {"≥": ">=", "≤": "<=", "≠": "<>"}
"""What gives a relation besides itself."""


@tactic
def by_instance(ground: Ground, goal: Rel) -> Theorem:
    """What is known of every index, at an index that the goal speaks of."""
    for op in goal.op + STRONGER.get(goal.op, ""):
        stated = Rel(goal.left, op, goal.right)
        for t in ground.known:
            says = t.says
            if not (isinstance(says, Every) and isinstance(says.body, Rel) and says.body.op == op):
                continue
            for key in dict.fromkeys(indices_in(goal)):
                if rules.same(substitute(says.body, {says.var: key}), stated):
                    found = rules.instance(t, key, ground.order(says.lo, "≤", key), ground.order(key, "≤", says.hi))
                    return found if op == goal.op else rules.weaken(found, goal.op)
    raise NotFound("")


@tactic
def by_closed_form(ground: Ground, goal: Rel) -> Theorem:
    """A side that holds traces or derivatives is first written as what it is in numbers."""
    if goal.op == "=" or not goal.left.is_scalar:
        raise NotFound("")
    sides, links = [goal.left, goal.right], list[Theorem]()
    for place, side in enumerate(sides):
        if opaque(side):
            sides[place] = closed(side, rules.facts_of(ground.indices))
            links.append(ground.prove(Rel(side, "=", sides[place])))
    if not links:
        raise NotFound("")
    middle = ground.prove(Rel(sides[0], goal.op, sides[1]))
    before = [links[0]] if opaque(goal.left) else []
    after = [rules.mirror(links[-1])] if opaque(goal.right) else []
    return rules.chain((*before, middle, *after))


@tactic
def by_gaps(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "≤<≥>≠" or not goal.left.is_scalar:
        raise NotFound("")
    if goal.op in "≤<":
        return rules.mirror(by_gaps(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
    try:
        return certified(Gaps(ground, (goal.left, goal.right)), goal)
    except NotFound:
        wider = Gaps(ground, (goal.left, goal.right), compound=True)
        if not wider.compound:
            raise
        return certified(wider, goal)


@tactic
def by_factors(ground: Ground, goal: Rel) -> Theorem:
    """A product is not 0 when no factor is; a ≠ b gives a − b ≠ 0 and b − a ≠ 0."""
    left = plain(goal.left)
    if goal.op != "≠" or plain(goal.right) != ZERO:
        raise NotFound("")
    if isinstance(left, E.Mul | Pow):
        factors = dict.fromkeys(factors_of(left))
        if list(factors) != [left]:
            return rules.nonzero(goal.left, tuple(ground.prove(Rel(f, "≠", ZERO)) for f in factors))
    for t in (*ground.known, *(made() for made in instances(ground, indices_in(goal.left)))):
        if isinstance(t.says, Rel) and t.says.op in "≠<>" and t.says.left.is_scalar:
            apart = rules.differ(t) if t.says.op == "≠" else rules.weaken(rules.differ(t), "≠")
            for sign in (1, -1):
                scaled = apart if sign == 1 else rules.nonzero(-apart.says.left, (apart,))  # type: ignore[attr-defined]
                try:
                    same = ground.prove(Rel(goal.left, "=", scaled.says.left))  # type: ignore[attr-defined]
                except NotFound:
                    continue
                return rules.chain((same, scaled))
    raise NotFound(f"{goal}: no factor is known not to be 0")


def factors_of(e: Expr) -> Iterator[Expr]:
    """The factors of a product that are no numbers, powers opened."""
    if isinstance(e, E.Mul):
        for f in e.factors:
            yield from factors_of(f)
    elif isinstance(e, Pow) and isinstance(e.exponent, Num) and e.exponent.value.denominator == 1:
        yield from factors_of(e.base)
    elif not isinstance(e, Num):
        yield e


@tactic
def by_cases(ground: Ground, goal: Rel) -> Theorem:
    """For two indices that differ: the first before the second, and after it."""
    for t in ground.indices:
        r = t.says
        if isinstance(r, Rel) and r.op == "≠":
            if ground.orders(r.left, "<", r.right) or ground.orders(r.left, ">", r.right):
                continue
            cover = rules.split(t)
            cases = cover.says.terms  # type: ignore[attr-defined]
            return rules.cases(cover, tuple(ground.prove(Implies(p, goal)) for p in cases))
    raise NotFound("")
