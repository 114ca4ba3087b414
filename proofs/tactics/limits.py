"""What grows like an exponential, and what tends to 0 because of it.

Main results
    by_root           √P > 0 and √P ≠ 0 from P > 0; √P ≥ 0 from P ≥ 0
    by_exponential    a relation of exponentials, of which only exp x ≥ 1 + x, and exp x ≥ 1 where x ≥ 0, is used
    faded             a(t) → 0 where ‖a(t)‖² exp(g t) stays bounded
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from flint import fmpq

from proofs.kernel import existence, limits, rules
from proofs.kernel import expressions as E
from proofs.kernel import logarithms as laws
from proofs.kernel.binding import binds, free, plain, substitute
from proofs.kernel.expressions import Expr, Num, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Fades, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.ground import Ground, NotFound, tactic
from proofs.tactics.spectral import specialised
from proofs.tactics.vanishing import discharged


@tactic
def by_root(ground: Ground, goal: Rel) -> Theorem:
    left = plain(goal.left)
    if goal.op not in ">≥≠" or not rules.same(goal.right, ZERO) or not isinstance(left, E.Pow):
        raise NotFound("")
    if left.exponent != Num(Fraction(1, 2)):
        raise NotFound("")
    found = rules.root(ground.prove(Rel(left.base, "≥" if goal.op == "≥" else ">", ZERO)))
    return rules.weaken(found, "≠") if goal.op == "≠" else found


def exponentials(e: Expr) -> Iterator[E.Fn]:
    """Those that are in no other, and speak of nothing that is bound around them."""
    if isinstance(e, E.Fn):
        if e.name in ("exp", "log"):
            yield e
        return
    for child in e.children():
        yield from (x for x in exponentials(child) if binds(e) not in free(x))


def known_of(ground: Ground, e: E.Fn, s: Sym) -> Iterator[tuple[Theorem, Rel]]:
    """exp x ≥ 1 + x, exp x > 0, and exp x ≥ 1 where that follows; log x ≤ x − 1; each said of another name too."""
    if e.name == "log":
        inside = laws.logarithm(e.arg, ground.prove(Rel(e.arg, ">", ZERO)))
        whole = rules.chain((rules.mirror(inside), limits.exponential(e)))
        yield whole, Rel(e.arg, "≥", ONE + s)
        return
    above = limits.exponential(e.arg)
    yield above, Rel(s, "≥", ONE + e.arg)
    yield laws.exponential_sign(e.arg), Rel(s, ">", ZERO)
    try:
        least = ground.prove(Rel(ONE + e.arg, "≥", ONE))
    except NotFound:
        return
    yield rules.chain((above, least)), Rel(s, "≥", ONE)


@tactic
def by_exponential(ground: Ground, goal: Rel) -> Theorem:
    """Proved of any numbers that exceed what the exponentials do."""
    opened = plain(goal)
    found = list(dict.fromkeys(exponentials(opened)))
    if goal.op in "=⪰≻" or not found or opened.kinds & {E.Diff, E.Coeff, E.Grad}:
        raise NotFound("")
    taken = {x.name for x in free(goal) if isinstance(x, Sym)}
    back: dict[Expr, Expr] = {}
    facts: list[Theorem] = []
    supposed: list[Expr] = []
    for place, e in enumerate(found):
        s = Sym(next(f"s{n}" for n in range(place, len(taken) + len(found) + 1) if f"s{n}" not in taken))
        taken.add(s.name)
        back[s] = e
        for fact, said in known_of(ground, e, s):
            facts.append(fact)
            supposed.append(said)
    named = {e: s for s, e in back.items()}
    t = ground.supposing(*supposed).prove(substitute(opened, named))
    return discharged(rules.rename(t, tuple(back.items())), len(t.given), ground.knowing(*facts))


@cache
def outgrown() -> Theorem:
    """From n e ≤ c, e ≥ 1 + g t, n ≥ 0 and g > 0: n t ≤ c/g."""
    n, e, c, g, t = (Sym(name) for name in "necgt")
    above = rules.hypothesis(Rel(g, ">", ZERO))
    facts = (
        rules.hypothesis(Rel(n * e, "≤", c)),
        rules.hypothesis(Rel(e, "≥", ONE + g * t)),
        rules.hypothesis(Rel(n, "≥", ZERO)),
        above,
    )
    one = fmpq(1)
    shape = Positive((((1, 0, 0, 0), one), ((0, 1, 1, 0), one), ((0, 0, 1, 0), one)), (((0, 0, 0, 1), one),))
    return rules.positive(Rel(n * t, "≤", c / g), facts, shape, (rules.weaken(above, "≠"),))


def faded(ground: Ground, goal: Fades, growth: Expr, square: Expr, bound: Expr) -> Theorem:
    """The goal from ‖a(t)‖² = square and square · exp(growth · t) ≤ bound."""
    time, since = goal.var, Rel(goal.lo, "≤", goal.var)
    inside = ground.supposing(since)
    rising = limits.exponential(growth * time)
    norm, power = E.SqNorm(goal.body), rising.says.left  # type: ignore[attr-defined]
    hole = Sym("°")
    moved = rules.replace(hole * power, ((hole, inside.prove(Rel(norm, "=", square))),))
    stays = rules.chain((moved, inside.prove(Rel(square * power, "≤", bound))))
    up, positive = inside.prove(Rel(growth, ">", ZERO)), rules.square(goal.body)
    n, e, c, g, t = (Sym(name) for name in "necgt")
    mapping: dict[Expr, Expr] = {n: norm, e: power, c: bound, g: growth, t: time}
    falls = specialised(outgrown(), mapping, stays, rising, positive, up)
    return limits.squeezed(goal, existence.whatever(rules.discharge(falls, since), time))
