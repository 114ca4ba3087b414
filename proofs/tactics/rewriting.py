"""What is given of matrices: their equations used from left to right, and that they differ.

Main results
    by_substitution     a relation with a matrix replaced by what it is known to be
    by_contradiction    A ≠ B, as A = B would make equal what is known to differ
    by_size             ‖A‖² > 0, ‖A‖ > 0 and |x| > 0 from ≠ 0
"""

from __future__ import annotations

from fractions import Fraction

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import binds, free, plain, taken_by
from proofs.kernel.expressions import Expr, Letter, Num
from proofs.kernel.propositions import ZERO, Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import nonnegative
from proofs.tactics.ground import Ground, NotFound, tactic


@tactic
def by_substitution(ground: Ground, goal: Rel) -> Theorem:
    """Each equation once: what it was used in is then proved without it."""
    failures = []
    for t in ground.known:
        if not (isinstance(t.says, Rel) and t.says.op == "=" and not t.says.left.is_scalar):
            continue
        for turn in (t, rules.mirror(t)):
            r: Rel = turn.says  # type: ignore[assignment]
            x = Letter("°s", *r.left.shape)
            sides = [slotted(plain(side), plain(r.left), x) for side in (goal.left, goal.right)]
            if not simpler(r) or all(x not in free(side) for side in sides):
                continue
            left, right = (rules.replace(side, ((x, turn),)) for side in sides)
            rest = Ground(tuple(u for u in ground.known if u is not t), chosen=ground.chosen)
            try:
                middle = rest.prove(Rel(left.says.right, goal.op, right.says.right))  # type: ignore[attr-defined]
            except (NotFound, Refused, Undecided) as why:
                failures.append(str(why))
                continue
            links = (left, middle, rules.mirror(right))
            return rules.chain(links)
    raise NotFound("; ".join(failures))


def simpler(r: Rel) -> bool:
    """Whether an equation does away with a letter, or makes what it is used in shorter."""
    if isinstance(r.left, Letter):
        return r.left not in free(r.right) and not (isinstance(r.right, Letter) and r.right.name > r.left.name)
    return r.right.nodes < r.left.nodes


def slotted(e: Expr, old: Expr, x: Letter) -> Expr:
    """An expression with a letter in the place of another, also of neighbouring factors."""
    if e == old:
        return x
    if binds(e) is not None or taken_by(e) is not None or not e.children():
        return e
    if isinstance(e, E.Mul):
        return product_slotted(e, list(old.factors) if isinstance(old, E.Mul) else [old], old, x)
    return e.rebuild([slotted(c, old, x) for c in e.children()])


def product_slotted(e: E.Mul, window: list[Expr], old: Expr, x: Letter) -> Expr:
    factors, place = list(e.factors), 0
    while place + len(window) <= len(factors):
        if factors[place : place + len(window)] == window:
            factors[place : place + len(window)] = [x]
        place += 1
    new = [f if f == x else slotted(f, old, x) for f in factors]
    return new[0] if len(new) == 1 else E.Mul(tuple(new))


@tactic
def by_contradiction(ground: Ground, goal: Rel) -> Theorem:
    if goal.op != "≠":
        raise NotFound("")
    same = Rel(goal.left, "=", goal.right)
    for t in ground.known:
        r = t.says
        if not (isinstance(r, Rel) and r.op == "≠") or (r.left.is_scalar and goal.left.is_scalar):
            continue
        rest = Ground(tuple(u for u in ground.known if u is not t)).supposing(same)
        try:
            found = rest.prove(Rel(r.left, "=", r.right))
        except (NotFound, Refused, Undecided):
            continue
        cover = rules.total(goal.left, goal.right, "=")
        one = rules.discharge(rules.absurd(found, t, goal), same)
        return rules.cases(cover, (one, rules.discharge(rules.hypothesis(goal), goal)))
    raise NotFound("")


@tactic
def by_size(ground: Ground, goal: Rel) -> Theorem:
    """e > 0, as e ≥ 0 and e ≠ 0; ≠ 0 of a square as of what is squared."""
    e = goal.left
    half = isinstance(e, E.Pow) and e.exponent == Num(Fraction(1, 2))
    if goal.op != ">" or not rules.same(goal.right, ZERO) or not (isinstance(e, E.SqNorm | E.Abs) or half):
        raise NotFound("")
    inside = e.arg if isinstance(e, E.SqNorm | E.Abs) else e.base  # type: ignore[attr-defined]
    if not any(rules.same(t.says, Rel(inside, "≠", zero(inside))) for t in ground.known) and not half:
        raise NotFound(f"{inside} may be 0")
    at_least, apart = nonnegative(ground, e), ground.prove(Rel(e, "≠", ZERO))
    cover = rules.split(apart)
    below, above = cover.says.terms  # type: ignore[attr-defined]
    never = rules.absurd(rules.hypothesis(below), at_least, goal)
    return rules.cases(cover, (rules.discharge(never, below), rules.discharge(rules.hypothesis(above), above)))
