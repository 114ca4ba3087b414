"""A proposition as a claim's statement: quantifiers, connectives and relations as they are printed.

The first witness is a theorem that says it, found by the tactics or as its reason says. The second evaluates it at
instances of what is given; premises are met by solving them for what they are affine in, so that they are not vacuous.

Main results
    says           a claim that states a proposition
    Proposition    the statement
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Any

from proofs.algebra.evaluate import (
    ENCLOSED,
    Instance,
    Irrational,
    NoValue,
    Undefined,
    Unsettled,
    answer,
    evaluate,
)
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.effort import effort
from proofs.exceptions import exception
from proofs.hypotheses import BARREN, SIZES, Hypothesis, Plan, drawn, free_names, larger, show, too_long, value_text
from proofs.kernel.binding import free, substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Prop, Rel, both
from proofs.methods.chain import MORE, seldom_broken
from proofs.premises import met
from proofs.tactics.prove import NotFound, explained, prove, valued

ENOUGH = 8
"""Counterexamples from which the shortest is shown."""


@dataclass(frozen=True)
class Proposition:
    """A proposition, with a reason that the tactics are told."""

    proposition: Expr
    why: Any = field(default="", metadata=HOW)
    plan: Plan | None = None

    @property
    def parts(self) -> tuple[Expr, ...]:
        return tuple(members(self.proposition))

    def with_parts(self, parts: Sequence[Expr]) -> Proposition:
        rest = iter(parts)
        return replace(self, proposition=rebuilt(self.proposition, rest))

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """Its relations in printed order."""
        return [(r.op, r.left, r.right) for r in relations(self.proposition)]

    @property
    def relations(self) -> tuple[str, ...]:
        return tuple(op for op, _, _ in self.meaning)

    def with_relations(self, ops: Sequence[str]) -> Proposition:
        rest = iter(ops)
        return replace(self, proposition=turned(self.proposition, rest))

    @property
    def variants(self) -> Iterator[tuple[str, Proposition]]:
        """Other connectives and quantifiers in the place of one."""
        for name, p in changed(self.proposition):
            yield name, replace(self, proposition=p)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_theorem, by_instances)

    def latex(self) -> str:
        return latex(self.proposition)

    def text(self) -> str:
        return text(self.proposition)


def says(proposition: Expr, why: Any = "", plan: Plan | None = None) -> Proposition:
    """A claim that states a proposition; ``why`` as in a chain."""
    return Proposition(proposition, why, plan)


# -- its parts -------------------------------------------------------------------------------------


def members(p: Expr) -> Iterator[Expr]:
    """The numbers and matrices of which a proposition speaks, in printed order."""
    for c in p.children():
        if isinstance(c, Prop):
            yield from members(c)
        else:
            yield c


def rebuilt(p: Expr, rest: Iterator[Expr]) -> Expr:
    return p.rebuild([rebuilt(c, rest) if isinstance(c, Prop) else next(rest) for c in p.children()])


def relations(p: Expr) -> Iterator[Rel]:
    if isinstance(p, Rel):
        yield p
    for c in p.children():
        if isinstance(c, Prop):
            yield from relations(c)


def turned(p: Expr, ops: Iterator[str]) -> Expr:
    if isinstance(p, Rel):
        op = next(ops)
        return Rel(p.right, "⪰", p.left) if op == "⪯" else replace(p, op=op)
    return p.rebuild([turned(c, ops) if isinstance(c, Prop) else c for c in p.children()])


def changed(p: Expr) -> Iterator[tuple[str, Expr]]:
    """∃ as ∀, ∧ as ∨ and back, ≠ as =, ≻ turned round, a premise or a case left out."""
    if isinstance(p, Rel) and p.op == "≠":
        yield "≠ → =", replace(p, op="=")
    if isinstance(p, Rel) and p.op == "≻":
        yield "≻ turned round", replace(p, left=p.right, right=p.left)
    if isinstance(p, Exists):
        yield "∃ → ∀", ForAll(p.var, p.body)
    if isinstance(p, And | Or):
        other: type[And] | type[Or] = Or if isinstance(p, And) else And
        yield f"{'∧ → ∨' if other is Or else '∨ → ∧'}", other(p.terms)
    if isinstance(p, Implies):
        yield "dropped premise", p.conclusion
        terms = p.premise.terms if isinstance(p.premise, And) else ()
        for place, t in enumerate(terms):
            rest = terms[:place] + terms[place + 1 :]
            yield f"dropped premise {text(t)}", replace(p, premise=And(rest) if len(rest) > 1 else rest[0])
    if isinstance(p, Or):
        for place, t in enumerate(p.terms):
            rest = p.terms[:place] + p.terms[place + 1 :]
            yield f"dropped case {text(t)}", Or(rest)
    children = p.children()
    for place, c in enumerate(children):
        for name, new in changed(c) if isinstance(c, Prop) else ():
            yield name, p.rebuild((*children[:place], new, *children[place + 1 :]))


# -- witnesses -------------------------------------------------------------------------------------


def by_theorem(statement: Proposition, context: Context) -> Evidence:
    """A theorem that says it, everything in it having a value."""
    ground = context.ground()
    try:
        found = prove(ground, statement.proposition, statement.why)  # type: ignore[arg-type]
        whole = valued(ground, found)
    except NotFound as why:
        return Evidence("kernel", Outcome.UNDECIDED, detail=f"no theorem: {why}")
    step = f"✓ {statement.text()} — {explained(found)}"
    return Evidence("kernel", Outcome.PROVED, "all sizes", steps=(step,), theorem=whole)


def opened(p: Expr, context: Context) -> tuple[list[Expr], Expr]:
    """What a proposition supposes, and what it then says: of any value of what it binds outside."""
    premises: list[Expr] = []
    elsewhere = frozenset().union(*(free(r) for h in context.given for r in h.relations))
    while True:
        if isinstance(p, ForAll) and p.var not in elsewhere.union(*map(free, premises)):
            p = p.body
        elif isinstance(p, Implies):
            todo = [p.premise]
            p = p.conclusion
            while todo:
                q = todo.pop(0)
                if isinstance(q, And):
                    todo = [*q.terms, *todo]
                elif isinstance(q, Exists) and q.var not in elsewhere.union(*map(free, (*premises, *todo, p))):
                    todo = [q.body, *todo]
                else:
                    premises.append(q)
        else:
            return premises, p


def read(p: Expr, context: Context) -> Iterator[tuple[list[Expr], Expr]]:
    """What is supposed and then said: of an equivalence each side of the other, and that no side holds alone."""
    premises, goal = opened(p, context)
    yield premises, goal
    if isinstance(goal, Iff):
        yield opened(Implies(both(*premises, goal.left), goal.right), context)
        yield opened(Implies(both(*premises, goal.right), goal.left), context)


def equations(p: Expr) -> bool:
    """Whether it says nothing but equations."""
    if isinstance(p, And | Every | Exists):
        return all(equations(c) for c in p.children() if isinstance(c, Prop))
    return isinstance(p, Rel) and p.op == "="


@dataclass
class Seen:
    """What became of the instances."""

    held: int = 0
    likely: int = 0
    open: str = ""
    largest: tuple[int, int, int] = (0, 0, 0)


def by_instances(statement: Proposition, context: Context) -> Evidence:
    """Its truth at exact instances of what is given and of its premises."""
    method = "exact instances"
    readings = list(read(statement.proposition, context))
    plan = statement.plan or Plan((*SIZES, *larger([p for premises, goal in readings for p in (goal, *premises)])))
    seen = Seen()
    for number, (premises, goal) in product(range(len(plan.sizes)), readings):
        broken = []
        for at in examples(premises, goal, context, plan, number):
            try:
                found = judged(goal, at)
            except NoValue as problem:
                broken.append((at, f"something has no value: {problem}"))
                continue
            except Undefined as problem:
                found = Unsettled(str(problem))
            if isinstance(goal, Iff) and found is not False:
                continue
            if found is False:
                broken.append((at, "does not hold"))
            elif isinstance(found, Unsettled):
                seen.likely += found.likely
                seen.open = seen.open if found.likely else str(found)
            else:
                seen.held += 1
            seen.largest = max(seen.largest, (at["k"], at["m"], at["n"]))
            if len(broken) >= (ENOUGH if context.shrink else 1):
                break
        if broken:
            shown = min((counterexample(premises, goal, *b) for b in broken), key=lambda c: (len(str(c)), str(c)))
            return Evidence(method, Outcome.FAILS, "an exact instance", counterexample=shown)
    if seen.open or not seen.held + seen.likely:
        detail = f"not settled: {seen.open}" if seen.open else "no instance of what is supposed was found"
        return Evidence(method, Outcome.UNDECIDED, detail=detail)
    if context.shrink and not context.settled and (example := exceptional(*readings[0], context)):
        return Evidence(method, Outcome.FAILS, "an exact instance", counterexample=example)
    exact = all(not premises and equations(goal) for premises, goal in readings) and not seen.likely
    more = f" and {seen.likely} at which nothing speaks against it" if seen.likely else ""
    scope = f"{seen.held} exact instances{more}, (k, m, n) up to {seen.largest}"
    return Evidence(method, Outcome.CERTIFIED if exact else Outcome.SUPPORTED, scope)


def exceptional(premises: Sequence[Expr], goal: Expr, context: Context) -> Counterexample | None:
    """A point at which it fails, if it speaks of inequalities or something in it must not vanish."""
    claimed = list(spoken_of(goal))
    if not claimed:
        return None
    if premises:
        supposed = Hypothesis("the premises", "", tuple(premises))  # type: ignore[arg-type]
        context = replace(context, given=(*context.given, supposed), drawn={})
    return exception([goal, *premises], claimed, context, partial(refuses, goal))


def spoken_of(goal: Expr) -> Iterator[Rel]:
    """The relations in a proposition, those of a range at its first index."""
    if isinstance(goal, Rel):
        yield goal
    elif isinstance(goal, Every):
        yield from spoken_of(substitute(goal.body, {goal.var: goal.lo}))
    elif isinstance(goal, And | Or | Implies | Iff):
        for c in goal.children():
            yield from spoken_of(c)


def refuses(goal: Expr, at: Instance) -> bool:
    return judged(goal, at) is False


def judged(goal: Expr, at: Instance) -> Any:
    """Whether it holds; with irrational numbers in balls, where there are some."""
    try:
        return answer(goal, at)
    except Irrational:
        return answer(goal, {**at, ENCLOSED: True})


def examples(premises: Sequence[Expr], goal: Expr, context: Context, plan: Plan, number: int) -> Iterator[Instance]:
    """Instances of one size that satisfy the premises, as far as they could be met, and still what is given."""
    parts, sizes, found = (goal, *premises), plan.sizes[number], 0
    if too_long(parts, sizes):
        return
    rare = seldom_broken([r.op for p in parts for r in relations(p)], parts)
    per_size = plan.per_size * (2 if premises else MORE if rare else 1)
    for attempt, at in enumerate(drawn(parts, context, plan, number, sizes, None)):
        if attempt == BARREN and not found:
            return
        context.spend(effort(parts, sizes))
        rng = context.rng(f"{number}/{attempt}")
        here = met(premises, at, rng)
        if here is not None and all(h.holds(here) for h in context.given):
            found += 1
            yield here
        if found == per_size:
            return


def side(e: Expr, at: Instance) -> Any:
    """A side of a relation, in a ball where it is irrational."""
    try:
        return evaluate(e, at)
    except Irrational:
        return evaluate(e, {**at, ENCLOSED: True})


def counterexample(premises: Sequence[Expr], goal: Expr, at: Instance, remark: str) -> Counterexample:
    """The instance, and both sides where a relation is broken."""
    sides = {}
    if isinstance(goal, Rel) and remark == "does not hold":
        sides = {text(e): value_text(side(e, at)) for e in (goal.left, goal.right)}
        remark = f"but {goal.op} is printed"
    else:
        remark = f"{text(goal)} {remark}"
    return Counterexample(show(at, free_names((goal, *premises))), sides, remark)
