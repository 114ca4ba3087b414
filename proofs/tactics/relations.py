"""Reasons of a relation between scalars that lead from one side to the other.

Main results
    as_wanted       a relation as the goal writes it: turned round, weakened
    Choose          values of what is said to exist
    Supposing       p ⇒ q, with a reason for q
    Via, via        a derivation in between: ``via("≥", a, "=", b)``
    Arithmetic      real arithmetic, from facts that are proved first
    Tight           an inequality with the limit in which it becomes an equality: near it, it is tested
    Within          a proof for some sizes only
    BothWays        a = b, from a ≤ b and a ≥ b with a reason for each
    Scaled          from a ≤ b and c ≥ 0: ca ≤ cb
    OfLetters       an instance of what holds of any matrices
    Surplus         a + b ≥ a where b ≥ 0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Letter
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import MIRROR, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.definite import nonnegative
from proofs.tactics.equality import needed
from proofs.tactics.equations import rewritten
from proofs.tactics.extrema import TIMES
from proofs.tactics.ground import Ground, NotFound
from proofs.tactics.ordering import quantity
from proofs.tactics.prove import prove
from proofs.tactics.vanishing import discharged


def as_wanted(t: Theorem, goal: Rel) -> Theorem:
    """The theorem in the goal's words: turned round, weakened.

    Raises
    ------
    NotFound
        When it says something else, or less.
    """
    r = rules.relation(t)
    if not (rules.same(r.left, goal.left) and rules.same(r.right, goal.right)):
        t, r = rules.mirror(t), Rel(r.right, MIRROR[r.op], r.left)
    if r.op != goal.op:
        t = rules.weaken(t, goal.op)
    if not rules.same(t.says, goal):
        raise NotFound(f"{t.says} is not {goal}")
    return t


@dataclass(frozen=True, init=False)
class Choose:
    """Values of names that exist: ``Choose((C, U.T @ A))``."""

    values: tuple[tuple[Any, Any], ...]

    def __init__(self, *values: tuple[Any, Any]):
        object.__setattr__(self, "values", values)

    def theorem(self, ground: Ground, goal: Expr) -> Theorem:
        return ground.choosing(*self.values).prove(goal)


@dataclass(frozen=True)
class Supposing:
    """p ⇒ q, where q follows from p and what is known for a reason."""

    why: Any

    def theorem(self, ground: Ground, goal: Any) -> Theorem:
        there = prove(ground.supposing(goal.premise), goal.conclusion, self.why)
        return rules.discharge(there, goal.premise)


@dataclass(frozen=True)
class Via:
    """Intermediate members, each link proved; the last is equal to the right side."""

    steps: tuple[tuple[str, Expr, Any], ...]
    last: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        here, links = goal.left, []
        for op, there, why in self.steps:
            links.append(prove(ground, Rel(here, op, there), why))
            here = there
        if not rules.same(here, goal.right):
            links.append(prove(ground, Rel(here, "=", goal.right), self.last))
        return as_wanted(rules.chain(tuple(links)), goal)


def via(*members: Any, last: Any = "") -> Via:
    """``via("≥", a, "=", (b, lemma))``: a derivation between the two sides of a link, whose last member is the right
    side."""
    steps = []
    for op, member in zip(members[::2], members[1::2], strict=True):
        expr, why = member if isinstance(member, tuple) else (member, "")
        steps.append((op, E.lift(expr), why))
    return Via(tuple(steps), last)


@dataclass(frozen=True, init=False)
class Tight:
    """An inequality that is an equality, or of the right order, in the limit that is named: near it, it is tested."""

    tight_at: tuple[tuple[Expr, Expr], ...]
    why: Any

    def __init__(self, *limit: tuple[Expr, E.Scalar], why: Any = ""):
        object.__setattr__(self, "tight_at", tuple((a, E.lift(b)) for a, b in limit))
        object.__setattr__(self, "why", why)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        return prove(ground, goal, self.why)


@dataclass(frozen=True)
class Within:
    """A proof for some sizes only: the theorem supposes ``limit``, such as k ≤ 17, and the verdict says so."""

    limit: Rel
    why: Any

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        return prove(ground.supposing(self.limit), goal, self.why)


@dataclass(frozen=True)
class BothWays:
    """a = b, from a ≤ b and a ≥ b."""

    below: Any = ""
    above: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        below = prove(ground, Rel(goal.left, "≤", goal.right), self.below)
        return rules.antisymmetry(below, prove(ground, Rel(goal.left, "≥", goal.right), self.above))


@dataclass(frozen=True)
class Scaled:
    """The goal is ``fact``, a ≤ b, times ``factor`` ≥ 0."""

    fact: Lemma
    factor: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        t = prove(ground, Rel(self.fact.left, self.fact.op, E.lift(self.fact.right)), self.fact.why)
        sign = nonnegative(ground, self.factor)
        known = [x for p in (goal, t.says, sign.says) for x in needed(ground, p)]
        return rules.positive(goal, (t, sign), TIMES, (*dict.fromkeys(known), *ground.indices))


ITSELF = Positive((((1,), fmpq(1)),), (((0,), fmpq(1)),))


@dataclass(frozen=True)
class Surplus:
    """The left side exceeds the right one by ``more``, which is not negative for a reason."""

    more: Expr
    why: Any = ""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        t = prove(ground, Rel(self.more, "≥", ZERO), self.why)
        known = (x for p in (goal, t.says) for x in needed(ground, p))
        return rules.positive(goal, (t,), ITSELF, (*dict.fromkeys(known), *ground.indices))


# -- lemmas ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lemma:
    """``left op right``, proved for a reason before it is used."""

    left: Expr
    op: str
    right: Expr
    why: Any = ""


@dataclass(frozen=True, init=False)
class Arithmetic:
    """Real arithmetic, from what is known and from facts that are proved first; an equation that says what a quantity
    is, is used from left to right."""

    facts: tuple[Lemma, ...]

    def __init__(self, *facts: Lemma):
        object.__setattr__(self, "facts", facts)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        before: tuple[Theorem, ...] = ()
        after: tuple[Theorem, ...] = ()
        here = goal
        for fact in self.facts:
            t = prove(ground, Rel(fact.left, fact.op, E.lift(fact.right)), fact.why)
            if fact.op == "=" and quantity(fact.left) is not None:
                here, first, last = rewritten(ground, here, t)
                before, after = (*before, *first), (*last, *after)
            else:
                ground = ground.knowing(t)
        return as_wanted(rules.chain((*before, ground.prove(here), *after)), goal)


@dataclass(frozen=True)
class OfLetters:
    """The goal is ``lemma`` with expressions in place of its letters; they have what is ``supposed`` of the letters."""

    lemma: Rel
    letters: tuple[tuple[Letter, Expr], ...]
    why: Any = ""
    supposed: tuple[Rel, ...] = ()

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        t = prove(ground.supposing(*self.supposed), self.lemma, self.why)
        return as_wanted(discharged(rules.rename(t, self.letters), len(t.given), ground), goal)
