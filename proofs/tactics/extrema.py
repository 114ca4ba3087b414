"""Maxima and minima: bounds on every member, and members.

Main results
    by_each         c ≥ max a when c ≥ a(i) for every i
    Each            the same, for a reason that may depend on the index
    Member          max a ≥ a(i); then on from there
    EachTerm        x ≤ min or x ≥ max of terms, with a reason for each
    WeightedMean    max_j x_j ≥ Σ w_j x_j / Σ w_j
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import MIRROR, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound, tactic

BOUNDED = {"max": "≤<", "min": "≥>"}
"""What a bound on every member bounds."""


def turned(goal: Rel, kinds: type[Any], ops: dict[str, str]) -> tuple[Rel, Any]:
    """The goal with an extremum of these on the left, and the extremum."""
    for r in (goal, Rel(goal.right, MIRROR[goal.op], goal.left)):
        x: Any = r.left
        while isinstance(x, E.Named):
            x = x.body
        if isinstance(x, kinds) and r.op in ops[x.kind]:
            return r, x
    raise NotFound("")


def facing(t: Theorem, goal: Rel) -> Theorem:
    """The theorem, turned round if the goal is."""
    return t if rules.same(t.says, goal) else rules.mirror(t)


@dataclass(frozen=True)
class Each:
    """A bound on every member of an extremum is a bound on it; ``why`` may depend on the generic index."""

    why: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        r, x = turned(goal, E.Extremum, BOUNDED)
        every = for_every(ground, x, lambda body: Rel(body, r.op, r.right), self.why, goal)
        return facing(rules.bounded(r.left, (every,), (ground.order(x.lo, "≤", x.hi),)), goal)


def for_every(ground: Ground, x: Any, says: Callable[[Expr], Rel], why: Any, goal: Rel) -> Theorem:
    """A relation of every member of a sum or an extremum; the reason proves it as the goal writes it."""
    var, inside = ground.generic(x.var, x.lo, x.hi)
    r = says(substitute(x.body, {x.var: var}))
    if r.op != goal.op:
        t = rules.mirror(inside.reasoned(Rel(r.right, MIRROR[r.op], r.left), why(var) if callable(why) else why))
    else:
        t = inside.reasoned(r, why(var) if callable(why) else why)
    return rules.generalise(t, var, x.lo, x.hi)


@tactic
def by_each(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "≤<≥>" or not goal.left.is_scalar:
        raise NotFound("")
    return Each().theorem(ground, goal)


@dataclass(frozen=True)
class Member:
    """An extremum is at least, or at most, its member at an index; then on from there."""

    index: Expr
    why: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        r, x = turned(goal, E.Extremum, {"max": "≥>", "min": "≤<"})
        inside = ground.order(x.lo, "≤", self.index), ground.order(self.index, "≤", x.hi)
        member = rules.member(r.left, self.index, *inside)
        body = member.says.right  # type: ignore[attr-defined]
        if rules.same(body, r.right) and r.op in "≤≥":
            return facing(member, goal)
        rest = Rel(body, r.op, r.right) if r.op == goal.op else Rel(r.right, goal.op, body)
        t = ground.reasoned(rest, self.why)
        return facing(rules.chain((member, t if r.op == goal.op else rules.mirror(t))), goal)


@dataclass(frozen=True, init=False)
class EachTerm:
    """x is at most the least of terms, or at least the greatest, as each of them says for a reason of its own.

    The reason of a term with an index is its range and a reason at that index.
    """

    whys: tuple[Any, ...]

    def __init__(self, *whys: Any):
        object.__setattr__(self, "whys", whys)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        r, x = turned(goal, E.Pick, BOUNDED)
        if len(x.terms) != len(self.whys):
            raise NotFound("not terms with a reason for each")
        found, filled = [], []
        for term, why in zip(x.terms, self.whys, strict=True):
            if isinstance(term, E.Extremum) and term.kind == x.kind:
                found.append(for_every(ground, term, lambda body: Rel(body, r.op, r.right), why[2], goal))
                if ground.orders(term.lo, "≤", term.hi):
                    filled.append(ground.order(term.lo, "≤", term.hi))
            else:
                t = ground.reasoned(Rel(goal.left, goal.op, term) if r.op != goal.op else Rel(term, r.op, r.right), why)
                found.append(facing(t, Rel(term, r.op, r.right)))
        ops = {f.says.op if isinstance(f.says, Rel) else f.says.body.op for f in found}  # type: ignore[attr-defined]
        if len(ops) > 1:
            raise NotFound("the terms are bounded in different ways")
        return facing(rules.bounded(r.left, tuple(found), tuple(filled)), goal)


@dataclass(frozen=True)
class WeightedMean:
    """max_j x_j ≥ Σ_j w_j x_j / Σ_j w_j for weights w_j > 0: Σ_j w_j (max x − x_j) ≥ 0."""

    weight: Callable[[Expr], Expr]
    total: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        r, x = turned(goal, E.Extremum, {"max": "≥"})
        var, inside = ground.generic(x.var, x.lo, x.hi)
        w, body = self.weight(var), substitute(x.body, {x.var: var})
        largest = rules.member(r.left, var, inside.order(x.lo, "≤", var), inside.order(var, "≤", x.hi))
        heavy = inside.prove(Rel(w, ">", E.lift(0)))
        known = (*needed(inside, w), *needed(inside, largest.says))
        each = rules.positive(Rel(w * r.left, "≥", w * body), (heavy, largest), TIMES, (*known, *inside.indices))
        mixed = quotient(w * body)
        each = rules.chain((each, inside.prove(Rel(w * body, "=", mixed))))
        summed = rules.terms(rules.generalise(each, var, x.lo, x.hi))
        a, b = summed.says.left, summed.says.right  # type: ignore[attr-defined]
        links = (
            ground.prove(Rel(self.total * r.left, "=", a)),
            summed,
            ground.prove(Rel(b, "=", self.total * r.right)),
        )
        t = rules.chain(links)
        positive = ground.prove(Rel(self.total, ">", E.lift(0)))
        known = (*needed(ground, t.says), *needed(ground, goal), *ground.indices)
        return facing(rules.positive(r, (t, positive), OVER, known), goal)


ONE = fmpq(1)
TIMES = Positive((((1, 1), ONE),), (((0, 0), ONE),))
"""a b, of two facts."""
OVER = Positive((((1, 0), ONE),), (((0, 1), ONE),))
"""a/b, of two facts."""


def quotient(e: Expr) -> Expr:
    """A product with what stands both above and below a line left out."""
    above: list[Expr] = []
    below: list[Expr] = []
    for f, inverse in spread(e):
        other, own = (above, below) if inverse else (below, above)
        if f in other:
            other.remove(f)
        else:
            own.append(f)
    top = E.mul(*above) if above else E.lift(1)
    return top / E.mul(*below) if below else top


def spread(e: Expr, inverse: bool = False) -> list[tuple[Expr, bool]]:
    """The factors of a product, with whether they stand in the denominator."""
    from proofs.kernel.binding import plain

    if isinstance(e, E.Named):
        return spread(e.body, inverse)
    if isinstance(e, E.Mul):
        return [x for f in e.factors for x in spread(f, inverse)]
    if isinstance(e, E.Pow) and e.exponent == E.lift(-1):
        return spread(e.base, not inverse)
    return [(plain(e), inverse)]
