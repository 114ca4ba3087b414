"""Chains ``a = b ≤ c = …``: each link a theorem, all of them decided by exact instances.

A chain is what a paper prints in one display. Its first witness proves link by link for all sizes; its second
evaluates every member at exact random instances of the hypotheses, small ones first, and shares no formula with the
first. A link that fails is named, with the instance.

Main results
    eq, chain    build a chain
    Chain        the statement
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain as joined
from random import Random
from typing import Any

import numpy as np
from flint import arb, fmpq

from proofs.algebra.evaluate import COMPARE, ENCLOSED, Drawn, Instance, Irrational, Undefined, definite, evaluate
from proofs.algebra.inertia import indefinite
from proofs.algebra.printing import RELATIONS, latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.exceptions import exception
from proofs.hypotheses import (
    Plan,
    Tally,
    asked_of,
    complete,
    free_names,
    instances,
    larger,
    show,
    simplest,
    value,
    value_text,
    without_value,
)
from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Item, Scalar, lift, misfit, shape_text
from proofs.kernel.propositions import NEGATED, Rel, both
from proofs.kernel.theorem import Theorem
from proofs.methods.explicit import by_explicit, needs_calculus
from proofs.proof import Judged
from proofs.tactics.prove import NotFound, explained, prove, valued
from proofs.tactics.relations import Within

MORE = 3  # instances of what is seldom broken for each one of another statement
NEAR = fmpq(1, 1000)
"""How near to a limit an instance is moved, as a share of the way."""


@dataclass(frozen=True)
class Link:
    """``… relation expr``, with the reason for it.

    ``why`` is a word for the reader, or an object that makes the theorem, such as those of
    :mod:`proofs.tactics.relations`.
    """

    relation: str
    expr: Expr
    why: Any = field(default="", metadata=HOW)


@dataclass(frozen=True)
class Chain:
    """``first relation expr relation expr …``."""

    first: Expr
    links: tuple[Link, ...]
    plan: Plan | None = None

    def __post_init__(self) -> None:
        for left, link in zip(self.parts, self.links, strict=False):
            if left.shape != link.expr.shape:
                misfit(
                    f"{text(left)} [{shape_text(left.shape)}] {link.relation} "
                    f"{text(link.expr)} [{shape_text(link.expr.shape)}] does not conform"
                )

    @property
    def proposition(self) -> Expr:
        return both(*relations_of(self))

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.first, *(link.expr for link in self.links))

    @property
    def relations(self) -> tuple[str, ...]:
        return tuple(link.relation for link in self.links)

    def with_parts(self, parts: Sequence[Expr]) -> Chain:
        links = tuple(replace(link, expr=p) for link, p in zip(self.links, parts[1:], strict=True))
        return replace(self, first=parts[0], links=links)

    def with_relations(self, relations: Sequence[str]) -> Chain:
        links = tuple(replace(link, relation=r) for link, r in zip(self.links, relations, strict=True))
        return replace(self, links=links)

    @property
    def limits(self) -> tuple[Expr, ...]:
        """The limits of sizes that the reasons of links suppose."""
        return tuple(link.why.limit for link in self.links if isinstance(link.why, Within))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        if not needs_calculus(self.parts):
            return (by_theorems, by_instances)
        return (by_theorems, by_instances, by_explicit)

    def latex(self) -> str:
        return latex(self.first) + "".join(f" {RELATIONS[r.relation]} {latex(r.expr)}" for r in self.links)

    def text(self) -> str:
        return text(self.first) + "".join(f" {r.relation} {text(r.expr)}" for r in self.links)


def eq(left: Expr, right: Scalar, why: Any = "", plan: Plan | None = None) -> Chain:
    """``left = right``."""
    return Chain(left, (Link("=", lift(right), why),), plan)


def chain(first: Expr, *rest: Any, plan: Plan | None = None) -> Chain:
    """``chain(a, "=", b, "≤", c)``; a reason may follow a member: ``chain(a, "=", (b, "by (11)"))``."""
    links = []
    for relation, member in zip(rest[::2], rest[1::2], strict=True):
        expr, why = member if isinstance(member, tuple) else (member, "")
        links.append(Link(relation, lift(expr), why))
    return Chain(first, tuple(links), plan)


# -- witnesses -------------------------------------------------------------------------------------


def by_theorems(statement: Chain, context: Context) -> Evidence:
    """Each link as a theorem, found by the tactics or as its reason says.

    Where only the outcome is asked for, the first link without a theorem decides it.
    """
    found: list[Theorem] = []
    judged: list[tuple[Rel, Judged]] = []
    for left, link in zip(statement.parts, statement.links, strict=False):
        goal = Rel(left, link.relation, link.expr)
        (t, how), _ = context.once(("theorem", goal, id(link.why)), partial(sought, goal, link.why, context))
        judged.append((goal, Judged("✓" if t else "?", how)))
        found += [t] if t else []
        if t is None and not context.shrink:
            break
    steps = tuple(f"{j.mark} {text(goal)} — {j.how}" for goal, j in judged)
    if len(found) == len(judged):
        return concluded(found[0] if len(found) == 1 else rules.conjunction(tuple(found)), steps, context)
    missing = "; ".join(f"no theorem for {text(goal)}: {j.how}" for goal, j in judged if j.mark == "?")
    return Evidence("kernel", Outcome.UNDECIDED, detail=missing, steps=steps, links=tuple(j for _, j in judged))


def concluded(t: Theorem, steps: tuple[str, ...], context: Context) -> Evidence:
    """The evidence of a theorem, once everything in it is known to have a value."""
    try:
        whole = valued(context.ground(), t)
    except NotFound as reason:
        return Evidence("kernel", Outcome.UNDECIDED, detail=str(reason), steps=steps)
    return Evidence("kernel", Outcome.PROVED, "all sizes", steps=steps, theorem=whole)


def sought(goal: Rel, why: Any, context: Context) -> tuple[tuple[Theorem | None, str], Any]:
    """A theorem that says the goal, and by which rule; or None, and why not. What is kept keeps its reason alive."""
    try:
        t = prove(context.ground(), goal, why)
    except NotFound as reason:
        return (None, str(reason)), why
    return (t, explained(t)), why


def by_instances(statement: Chain, context: Context) -> Evidence:
    """Every member evaluated exactly at random instances of the hypotheses; a failure is made small.

    A link fails where it is false, and where a member has no real value. Where a member is irrational it is enclosed in
    a ball, which refutes a link but certifies none. Where it is cheap, an instance is larger than the degree of the
    statement, so that nothing holds by an accident of small matrices.
    """
    count = enclosed = overlap = 0
    sizes: set[tuple[int, int, int]] = set()
    tally = Tally()
    for piece in pieces(statement):
        for at in joined(samples(piece, context, tally=tally), large_samples(piece, context, tally)):
            try:
                broken = breaks(piece, at)
            except Undefined as problem:
                tally.add(at, problem)
                continue
            if broken:
                if context.shrink:
                    wanted = partial(breaks, piece)
                    at = simplest(piece.parts, context, wanted, piece.plan) or at
                return Evidence("exact instances", Outcome.FAILS, "an exact instance", "", failure(piece, at))
            count += ENCLOSED not in at
            enclosed += ENCLOSED in at
            overlap += ENCLOSED in at and overlaps(piece, at)
            sizes.add((at["k"], at["m"], at["n"]))
        if tally.without_value:
            return Evidence("exact instances", Outcome.FAILS, "an exact instance", "", undefined(piece, tally, context))
    unclear = f"{tally.unclear} instances had no exact value" if tally.unclear else ""
    if not sizes:
        detail = unclear or "no instance of the hypotheses was found"
        return Evidence("exact instances", Outcome.UNDECIDED, detail=detail)
    if context.shrink and not context.settled:
        found = exception(statement.parts, relations_of(statement), context, partial(breaks, statement))
        if found is not None:
            return Evidence("exact instances", Outcome.FAILS, "an exact instance", "", found)
    if overlap == count + enclosed:
        return Evidence("exact instances", Outcome.UNDECIDED, detail="at every instance the balls overlap")
    exact = count and not tally.unclear and set(statement.relations) <= {"="}
    outcome = Outcome.CERTIFIED if exact else Outcome.SUPPORTED
    balls = f" and {enclosed} in ball arithmetic" if enclosed else ""
    scope = f"{count} exact instances{balls}, (k, m, n) up to {max(sizes)}"
    unsure = f"at {overlap} the balls overlap" if overlap else ""
    detail = "; ".join(filter(None, (unclear, unsure, narrow(statement, sizes, context))))
    return Evidence("exact instances", outcome, scope, detail)


def relations_of(statement: Chain) -> list[Rel]:
    return [Rel(a, op, b) for a, op, b in zip(statement.parts, statement.relations, statement.parts[1:], strict=False)]


def breaks(statement: Chain, at: Instance) -> bool:
    return broken_link(statement, at) is not None


def narrow(statement: Chain, sizes: set[tuple[int, int, int]], context: Context) -> str:
    """What is said where the statement speaks of sizes and none of the instances was large in every respect."""
    names = {s.name for s in asked_of(statement.parts, context.given)[0].symbols}
    if "k" in names and not any(k >= 2 for k, _, _ in sizes):
        return "no instance with k ≥ 2"
    if {"k", "m"} <= names and not any(m > k >= 2 for k, m, _ in sizes):
        return "no instance with k ≥ 2 and m > k"
    return ""


def undefined(statement: Chain, tally: Tally, context: Context) -> Counterexample:
    """An instance at which a member has no real value, and the reason."""
    at, problem = tally.without_value[0]
    if context.shrink:
        wanted = lambda x: bool(without_value(statement.parts, x))  # noqa: E731
        at = simplest(statement.parts, context, wanted, statement.plan) or at
    shown = show(at, free_names(statement.parts))
    return Counterexample(shown, {}, f"a member has no value: {without_value(statement.parts, at) or problem}")


def pieces(statement: Chain) -> Iterator[Chain]:
    """The chain, and those of its links that need no Hessian where others do: they are sampled at all sizes."""
    yield statement
    light = [not costly(part) for part in statement.parts]
    if not all(light):
        for place, link in enumerate(statement.links):
            if light[place] and light[place + 1]:
                yield Chain(statement.parts[place], (link,))


def costly(e: Expr) -> bool:
    """Whether its value takes a Hessian."""
    return any(kind.costly for kind in e.kinds)


def large_samples(statement: Chain, context: Context, tally: Tally) -> Iterator[Instance]:
    """Instances at sizes above the degrees of the statement, where that is cheap."""
    for sizes in larger(statement.parts) if statement.plan is None else ():
        yield from instances(statement.parts, context, Plan((sizes,), per_size=2, tries=6), tally=tally)


def samples(
    statement: Any, context: Context, more: Sequence[Expr] = (), tally: Tally | None = None
) -> Iterator[Instance]:
    """Instances of the hypotheses, and ones near to where an inequality is said to be tight."""
    parts = (*statement.parts, *more)
    plan = statement.plan or Plan()
    if seldom_broken(statement.relations, statement.parts):
        plan = replace(plan, per_size=MORE * plan.per_size)
    rng = context.rng("near")
    for at in instances(parts, context, plan, enclosed=True, tally=tally):
        yield at
        limits = [link.why.tight_at for link in getattr(statement, "links", ()) if hasattr(link.why, "tight_at")]
        for limit in limits:
            with suppress(Undefined):
                near = moved(at, limit, rng)
                if near is not None and all(h.holds(near) for h in context.given):
                    yield with_values(parts, near)


def with_values(parts: Sequence[Expr], at: Instance) -> Instance:
    """The instance, irrational roots enclosed if there are some, once everything has a value there."""
    try:
        for p in parts:
            value(p, at)
    except Irrational:
        if ENCLOSED in at:
            raise
        return with_values(parts, {**at, ENCLOSED: True})
    return at


def seldom_broken(relations: Sequence[str], parts: Sequence[Expr]) -> bool:
    """Whether a false statement may hold at most instances: an inequality, or an identity of what is not smooth.

    Ranks and maxima are alike in whole regions; another wrong identity is broken nearly always.
    """
    rough = any(not kind.smooth for p in parts for kind in p.kinds)
    return (rough or bool(set(relations) - {"="})) and not any(map(costly, parts))


def moved(at: Instance, limit: Sequence[tuple[Expr, Expr]], rng: Random) -> Instance | None:
    """An instance near to the limit a → b of numbers or matrices that were drawn; what else b names is drawn now."""
    near = Drawn(at)
    complete(free_names([b for _, b in limit]), rng, near, near["height"])
    for a, b in limit:
        name = a.family.name if isinstance(a, Item) else getattr(a, "name", "")
        if not isinstance(near.get(name), list if isinstance(a, Item) else fmpq | np.ndarray):
            return None
        end = rounded(evaluate(b, {**near, ENCLOSED: True}))
        there = end + (evaluate(a, near) - end) * NEAR
        if isinstance(a, Item):
            place = int(evaluate(a.index, near)) - 1
            near[name] = [*near[name][:place], there, *near[name][place + 1 :]]
        else:
            near[name] = there
    return near


def rounded(x: Any) -> Any:
    """Rational numbers, within NEAR² of what is enclosed."""
    if isinstance(x, np.ndarray):
        return np.array([[rounded(y) for y in row] for row in x], dtype=object)
    return NEAR**2 * round(float(x.mid()) / float(NEAR**2)) if isinstance(x, arb) else x


def broken_link(statement: Chain, at: Instance) -> int | None:
    """The first link that fails at an instance."""
    values = [value(p, at) for p in statement.parts]
    links = enumerate(zip(values, statement.relations, values[1:], strict=False))
    return next((i for i, (a, relation, b) in links if violated(a, relation, b)), None)


def violated(left: Any, relation: str, right: Any) -> bool:
    """Whether the relation fails; certainly so, where a side is a ball."""
    if isinstance(left, np.ndarray) and relation in "⪰≻":
        gap = left - right
        return indefinite(gap) if any(isinstance(x, arb) for x in gap.flat) else not definite(gap, relation)
    if isinstance(left, np.ndarray):
        differ = left.shape != right.shape or bool(np.any(left != right))
        return differ if relation == "=" else left.shape == right.shape and bool(np.all(left == right))
    return COMPARE[NEGATED[relation]](left, right)


def overlaps(statement: Chain, at: Instance) -> bool:
    """Whether the balls of two sides that are said to differ, or to be in order, do not tell."""
    values = [value(p, at) for p in statement.parts]
    links = zip(values, statement.relations, values[1:], strict=False)
    return any(op in COMPARE and op != "=" and not np.all(COMPARE[op](a, b)) for a, op, b in links)


def failure(statement: Chain, at: Instance) -> Counterexample:
    """The instance with both sides of the link that it breaks."""
    i = broken_link(statement, at) or 0
    pair = statement.parts[i : i + 2]
    sides = {text(p): value_text(value(p, at)) for p in pair}
    return Counterexample(show(at, free_names(statement.parts)), sides, f"but {statement.relations[i]} is printed")
