"""Absolute values and roots: by comparing squares, and by the sign of what is inside.

Main results
    by_squares       a ≤ b and a = b of roots and absolute values, from their squares
    by_sign          a relation with |x|: by the sign of x where it is known, else for x ≤ 0 and for x > 0
    by_magnitudes    with |x| ≥ x and |x| ≥ −x for what is known of |x|
    by_vanishing     x = 0 from x² = 0, ‖A‖² = 0, |x| = 0
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import binds, taken_by
from proofs.kernel.expressions import Expr, Num, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import MIRROR, ZERO, Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.determinants import replaced
from proofs.tactics.equality import by_normal_form
from proofs.tactics.ground import Ground, NotFound, tactic
from proofs.tactics.vanishing import discharged

HALF, TWO = Num(Fraction(1, 2)), Num(Fraction(2))
WEAK = {"<": "≤", ">": "≥"}
MANY = 4
"""Absolute values in a relation, beyond which their signs are not gone through."""


def rooted(e: Expr) -> bool:
    """Whether a root or an absolute value is a factor."""
    while isinstance(e, E.Named):
        e = e.body
    if isinstance(e, E.Mul):
        return any(map(rooted, e.factors))
    return isinstance(e, E.Abs) or (isinstance(e, E.Pow) and e.is_scalar and e.exponent == HALF)


@tactic
def by_squares(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "=≤≥" or not goal.left.is_scalar or not (rooted(goal.left) or rooted(goal.right)):
        raise NotFound("")
    if goal.op == "≥":
        return rules.mirror(by_squares(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
    a, b = goal.left, goal.right
    if goal.op == "≤":
        return from_squares(ground, a, b, ground.prove(Rel(a**2, "≤", b**2)))
    same = by_normal_form(ground, Rel(a**2, "=", b**2))
    below = from_squares(ground, a, b, rules.weaken(same, "≤"))
    above = from_squares(ground, b, a, rules.weaken(rules.mirror(same), "≤"))
    return rules.antisymmetry(below, rules.mirror(above))


def from_squares(ground: Ground, a: Expr, b: Expr, t: Theorem) -> Theorem:
    """a ≤ b, from a² ≤ b² and b ≥ 0."""
    of_any = ordered()
    moved = rules.rename(of_any, ((Sym("a"), a), (Sym("b"), b)))
    return discharged(moved, len(of_any.given), ground.knowing(t))


@cache
def ordered() -> Theorem:
    """From a² ≤ b² and b ≥ 0: a ≤ b; else a > b ≥ 0, and a² − b² = (a − b)² + 2b(a − b) > 0."""
    a, b = Sym("a"), Sym("b")
    cover, goal = rules.total(a, b), Rel(a, "≤", b)
    facts = (rules.hypothesis(Rel(a, ">", b)), rules.hypothesis(Rel(b, "≥", ZERO)))
    one, two = fmpq(1), fmpq(2)
    shape = Positive((((2, 0), one), ((1, 1), two)), (((0, 0), one),))
    greater = rules.positive(Rel(a**2, ">", b**2), facts, shape)
    absurd = rules.absurd(greater, rules.hypothesis(Rel(a**2, "≤", b**2)), goal)
    first, second = cover.says.terms  # type: ignore[attr-defined]
    return rules.cases(cover, (rules.discharge(rules.hypothesis(first), first), rules.discharge(absurd, second)))


@tactic
def by_sign(ground: Ground, goal: Rel) -> Theorem:
    found = list(dict.fromkeys(x for x in outside(goal) if isinstance(x, E.Abs)))
    if not found or len(found) > MANY or not goal.left.is_scalar:
        raise NotFound("")
    inner = [x for x in found if not any(isinstance(y, E.Abs) for y in x.arg.walk())]
    for x in inner:
        for op in "≥≤":
            try:
                sign = ground.prove(Rel(x.arg, op, ZERO))
            except (NotFound, Refused, Undecided):
                continue
            return rewritten(ground, goal, x, rules.magnitude(sign))
    x = min(inner, key=lambda x: x.nodes)
    apart = next((t for t in ground.known if rules.same(t.says, Rel(x.arg, "≠", ZERO))), None)
    cover = rules.total(x.arg, ZERO) if apart is None else rules.split(apart)
    proofs = []
    for case in map(rules.hypothesis, cover.says.terms):  # type: ignore[attr-defined]
        sign = case if case.says.op == "≤" else rules.weaken(case, WEAK[case.says.op])  # type: ignore[attr-defined]
        t = rewritten(ground.knowing(case), goal, x, rules.magnitude(sign))
        proofs.append(rules.discharge(t, case.says))
    return rules.cases(cover, tuple(proofs))


def outside(e: Expr) -> Iterator[Expr]:
    """What stands under nothing that binds a name, or is a derivative."""
    yield e
    if binds(e) is None and taken_by(e) is None:
        for child in e.children():
            yield from outside(child)


def rewritten(ground: Ground, goal: Rel, x: Expr, t: Theorem) -> Theorem:
    """The goal, from what it is with the right side of x = y in the place of x."""
    hole = Sym("°")
    left, right = (rules.replace(replaced(side, {x: hole}), ((hole, t),)) for side in (goal.left, goal.right))
    middle = ground.prove(Rel(left.says.right, goal.op, right.says.right))  # type: ignore[attr-defined]
    return rules.chain((left, middle, rules.mirror(right)))


@tactic
def by_magnitudes(ground: Ground, goal: Rel) -> Theorem:
    spoken = {x for t in ground.known for x in t.says.walk() if isinstance(x, E.Abs)}
    bounds = [Rel(x, "≥", y) for x in sorted(spoken - set(goal.walk()), key=str) for y in (x.arg, -x.arg)]
    more = [r for r in bounds if not rules.among(r, ground.known)]
    if not more or not goal.left.is_scalar:
        raise NotFound("")
    return ground.knowing(*map(Ground(ground.indices).prove, more)).prove(goal)


@tactic
def by_vanishing(ground: Ground, goal: Rel) -> Theorem:
    if goal.op != "=" or not rules.same(goal.right, zero(goal.left)):
        raise NotFound("")
    square = goal.left**2 if goal.left.is_scalar else E.SqNorm(goal.left)
    for t in ground.known:
        r = t.says
        if not (isinstance(r, Rel) and r.op == "=" and r.left.is_scalar and rules.same(r.right, ZERO)):
            continue
        hole = Sym("°")
        for e, power, at in ((square, hole, r.left), (square, hole**2, r.left**2), (goal.left, hole**2, r.left**2)):
            try:
                first = by_normal_form(ground, Rel(e, "=", at))
                gone = rules.replace(power, ((hole, t),))
                last = by_normal_form(ground, Rel(gone.says.right, "=", ZERO))  # type: ignore[attr-defined]
            except (NotFound, Refused, Undecided, E.ShapeError):
                continue
            whole = rules.chain((first, gone, last))
            return whole if e == goal.left else rules.vanishing(whole)
    raise NotFound("")
