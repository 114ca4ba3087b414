"""Sums: term by term, pooled, by Lagrange's identity.

Main results
    by_terms         Σ a ≤ Σ b when a(i) ≤ b(i) for every i
    Termwise         the same, for a reason
    of_one_sign      Σ a ≥ 0 when a(i) ≥ 0 for every i that is not left out
    Pooled           x ≤ a_j/b_j for every j gives x ≤ Σ a_j / Σ b_j
    Mediant          x ≥ a/c and x ≥ b/d give x ≥ (a + b)/(c + d)
    CauchySchwarz    Σ a_j/d_j · Σ a_j d_j ≥ (Σ a_j)²
    ProductOne       Σ x_j ≥ k − 1 when Π x_j = 1
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.gaps import Positive
from proofs.kernel.means import arithmetic_geometric
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.definite import term_by_term
from proofs.tactics.equality import needed
from proofs.tactics.equations import combination
from proofs.tactics.extrema import ONE, OVER, TIMES
from proofs.tactics.ground import Ground, NotFound, tactic
from proofs.tactics.ordering import at_index


def sum_of(e: Expr) -> E.Sum:
    while isinstance(e, E.Named):
        e = e.body
    if not isinstance(e, E.Sum) or e.without:
        raise NotFound("no sum over a range")
    return e


@dataclass(frozen=True)
class Termwise:
    """Sums over the same range compare as their terms do."""

    why: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        a, b = sum_of(goal.left), sum_of(goal.right)
        if not (rules.same(a.lo, b.lo) and rules.same(a.hi, b.hi)):
            raise NotFound("not two sums over one range")
        var, inside = ground.generic(a.var, a.lo, a.hi)
        bodies = (substitute(x.body, {x.var: var}) for x in (a, b))
        each = inside.reasoned(Rel(next(bodies), goal.op, next(bodies)), self.why)
        filled = (ground.order(a.lo, "≤", a.hi),) if goal.op in "<>" else ()
        return rules.terms(rules.generalise(each, var, a.lo, a.hi), *filled)


@tactic
def by_terms(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "=≤<≥>" or not goal.left.is_scalar:
        raise NotFound("")
    return Termwise().theorem(ground, goal)


@tactic
def of_one_sign(ground: Ground, goal: Rel) -> Theorem:
    if goal.op != "≥" or not rules.same(goal.right, ZERO) or not isinstance(goal.left, E.Sum):
        raise NotFound("")
    return term_by_term(ground, goal.left)


@dataclass(frozen=True)
class Pooled:
    """x ≤ a_j/b_j with b_j > 0 for every j gives x ≤ Σ a_j / Σ b_j, as x b_j ≤ a_j; ``total`` is Σ a_j."""

    over: Callable[[Expr], Expr]
    total: Expr
    under: E.Sum
    why: Callable[[Expr], Any]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        s, x = self.under, goal.left
        if goal.op != "≤":
            raise NotFound("no upper bound")
        var, inside = ground.generic(s.var, s.lo, s.hi)
        below, above = substitute(s.body, {s.var: var}), self.over(var)
        positive = inside.prove(Rel(below, ">", E.lift(0)))
        each = cleared(inside, inside.reasoned(Rel(x, "≤", above / below), self.why(var)), positive, above)
        summed = rules.terms(rules.generalise(each, var, s.lo, s.hi))
        a, b = summed.says.left, summed.says.right  # type: ignore[attr-defined]
        t = rules.chain((ground.prove(Rel(x * s, "=", a)), summed, ground.prove(Rel(b, "=", self.total))))
        bounded = divided(ground, t, ground.prove(Rel(s, ">", E.lift(0))), x, self.total)
        return rules.chain((bounded, ground.prove(Rel(self.total / s, "=", goal.right))))


def cleared(ground: Ground, t: Theorem, positive: Theorem, above: Expr) -> Theorem:
    """From x ≤ a/c and c > 0: x c ≤ a."""
    r, c = rules.relation(t), positive.says.left  # type: ignore[attr-defined]
    known = (*needed(ground, r), *needed(ground, c), *ground.indices)
    return rules.positive(Rel(r.left * c, r.op, above), (t, positive), TIMES, known)


def divided(ground: Ground, t: Theorem, positive: Theorem, x: Expr, above: Expr) -> Theorem:
    """From x c ≤ a and c > 0: x ≤ a/c."""
    c, op = positive.says.left, rules.relation(t).op  # type: ignore[attr-defined]
    goal = Rel(x, op, above / c)
    known = (*needed(ground, t.says), *ground.indices, rules.weaken(positive, "≠"))
    return rules.positive(goal, (t, positive), OVER, (*known, *needed(ground, goal)))


@dataclass(frozen=True, init=False)
class Mediant:
    """x ≥ a/c and x ≥ b/d with c, d > 0 give x ≥ (a + b)/(c + d), for any number of fractions: xc ≥ a and xd ≥ b.

    Likewise for ≤. Each is given as numerator, denominator and the reason of x ≥ numerator/denominator.
    """

    fractions: tuple[tuple[Expr, Expr, Any], ...]

    def __init__(self, *fractions: tuple[E.Scalar, E.Scalar, Any]):
        object.__setattr__(self, "fractions", tuple((E.lift(a), E.lift(c), why) for a, c, why in fractions))

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        if goal.op not in "≤≥":
            raise NotFound("fractions bound from one side")
        x, facts = goal.left, list[Theorem]()
        for over, under, why in self.fractions:
            positive = ground.prove(Rel(under, ">", E.lift(0)))
            facts.append(cleared(ground, ground.reasoned(Rel(x, goal.op, over / under), why), positive, over))
            facts.append(positive)
        overs, unders = (E.add(*(f[place] for f in self.fractions)) for place in (0, 1))
        count = len(facts)
        unit = [tuple(int(n == place) for n in range(count)) for place in range(count)]
        shape = Positive(tuple((u, ONE) for u in unit[::2]), tuple((u, ONE) for u in unit[1::2]))
        there = Rel(x, goal.op, overs / unders)
        extra = [t for p in (there, *(f.says for f in facts)) for t in needed(ground, p)]
        t = rules.positive(there, tuple(facts), shape, (*dict.fromkeys(extra), *ground.indices))
        return rules.chain((t, ground.prove(Rel(overs / unders, "=", goal.right))))


@dataclass(frozen=True)
class CauchySchwarz:
    """Σ a_j/d_j · Σ a_j d_j ≥ (Σ a_j)² for positive a_j, d_j.

    With S, R, T for Σ a, Σ a/d, Σ a d and r = S/R, the sum of a_j (d_j − r)²/d_j ≥ 0 is T − 2 r S + r² R, that is
    T − S²/R.
    """

    a: Callable[[Expr], Expr]
    d: Callable[[Expr], Expr]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        total = next((s for s in goal.left.walk() if isinstance(s, E.Sum)), None)
        if total is None or goal.op != "≥":
            raise NotFound("no sum to bound below")
        lo, hi = total.lo, total.hi
        j, inside = ground.generic(total.var, lo, hi)
        a, d = self.a(j), self.d(j)
        plain, mixed, weighted = (E.Sum(j, lo, hi, x) for x in (a, a / d, a * d))
        r = plain / mixed
        ground.prove(Rel(mixed, ">", E.lift(0)))
        each = square_over(inside, a, d, r)
        summed = rules.terms(rules.generalise(each, j, lo, hi))
        zero = ground.prove(Rel(summed.says.right, "=", E.lift(0)))  # type: ignore[attr-defined]
        spread = weighted - 2 * r * plain + r**2 * mixed
        same = ground.prove(Rel(spread, "=", summed.says.left))  # type: ignore[attr-defined]
        t = rules.chain((same, summed, zero))
        positive = ground.prove(Rel(mixed, ">", E.lift(0)))
        there = Rel(mixed * weighted, "≥", plain**2)
        known = (*needed(ground, t.says), *needed(ground, there), *ground.indices)
        whole = rules.positive(there, (t, positive), TIMES, known)
        return rules.chain(
            (ground.prove(Rel(goal.left, "=", there.left)), whole, ground.prove(Rel(there.right, "=", goal.right)))
        )


def square_over(ground: Ground, a: Expr, d: Expr, r: Expr) -> Theorem:
    """a d − 2 r a + r² a/d ≥ 0 for a, d > 0, as a (d − r)²/d."""
    zero = E.lift(0)
    facts = (ground.prove(Rel(a, ">", zero)), ground.prove(Rel(d, ">", zero)), rules.square(d - r))
    goal = Rel(a * d - 2 * r * a + r**2 * (a / d), "≥", zero)
    shape = Positive((((1, 0, 1), ONE),), (((0, 1, 0), ONE),))
    extra = [t for p in (goal, *(f.says for f in facts)) for t in needed(ground, p)]
    return rules.positive(goal, facts, shape, (*dict.fromkeys(extra), *ground.indices))


@dataclass(frozen=True)
class ProductOne:
    """Σ_{j<k} x_j ≥ k − 1 for x_j = (b/a) f_{j+1}/f_j when f_k b^{k−1} = a^{k−1} f_1, so that Π x_j = 1."""

    family: E.Family
    a: Expr
    b: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        total = sum_of(goal.left)
        first, last = total.lo, at_index(total.hi + 1)
        power = lambda at: self.family[at] * E.Pow(self.b, at) / E.Pow(self.a, at)  # noqa: E731
        var, inside = ground.generic(total.var, first, last)
        positive = rules.generalise(inside.prove(Rel(power(var), ">", E.lift(0))), var, first, last)
        closed = ground.prove(
            Rel(self.family[last] * E.Pow(self.b, last - first), "=", E.Pow(self.a, last - first) * self.family[first])
        )
        multiple = E.Pow(self.b, first) / E.Pow(self.a, last)
        closes = combination(ground, Rel(power(last), "=", power(first)), [(multiple, closed)])
        mean = arithmetic_geometric(positive, closes)
        r = rules.relation(mean)
        return rules.chain(
            (ground.prove(Rel(goal.left, "=", r.left)), mean, ground.prove(Rel(r.right, "=", goal.right)))
        )
