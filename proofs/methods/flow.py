"""Flows: quantities that stay constant, solutions in closed form, limits.

A flow gives every moving letter its velocity. The rate of a quantity is its derivative along the velocities, which
is an expression like any other: the normal form decides it for all sizes, exact instances confirm it.

Main results
    Flow, descent    velocities; those of the gradient flow of a loss
    Rates            d/dt a = d/dt b along a flow; ``constant`` for d/dt a = 0
    Descends         the flow follows a curve down to 0
    Solves           a printed closed form has the initial values, satisfies the differential equation, has the limit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

import numpy as np
from flint import fmpq, fmpq_poly

from proofs.algebra.evaluate import ENCLOSED, Instance, evaluate
from proofs.algebra.printing import RELATIONS, latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.exceptions import NO_RATIO, Ratio
from proofs.hypotheses import Hypothesis, free_names, instances, rational, show
from proofs.kernel import flows, rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Diff, Expr, Grad, Letter, Num, Sym, Zero, exp, lift, misfit, shape_text
from proofs.kernel.propositions import ZERO, And, Fades, ForAll, Implies, Rel
from proofs.kernel.theorem import Refused
from proofs.methods.chain import Chain, by_instances, by_theorems, concluded, eq
from proofs.tactics.limits import faded
from proofs.tactics.prove import NotFound

τ = Sym("τ")


ONE = Num(Fraction(1))


@dataclass(frozen=True)
class Flow:
    """Moving letters with their velocities."""

    velocities: tuple[tuple[Letter, Expr], ...]

    def rate(self, quantity: Expr) -> Expr:
        """The time derivative of a quantity: the first order of it at W + τẆ."""
        return Diff(substitute(quantity, {w: w + τ * v for w, v in self.velocities}), τ, 1, True)


def descent(loss: Expr, *letters: Letter) -> Flow:
    """The gradient flow Ẇ = −∇_W loss of the letters."""
    return Flow(tuple((w, -Grad(loss, w)) for w in letters))


def fit(letters: Sequence[Expr], values: Sequence[Expr]) -> None:
    """Refuse values that do not have the shapes of the letters they stand for."""
    for w, x in zip(letters, values, strict=True):
        if w.shape != x.shape:
            misfit(f"{text(w)} [{shape_text(w.shape)}] cannot be {text(x)} [{shape_text(x.shape)}]")


# -- rates -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rates:
    """``d/dt a = d/dt b = …`` along a flow; a member that is a plain rate stands as it is."""

    flow: Flow
    quantities: Chain

    @property
    def parts(self) -> tuple[Expr, ...]:
        return self.quantities.parts

    def with_parts(self, parts: Sequence[Expr]) -> Rates:
        return replace(self, quantities=self.quantities.with_parts(parts))

    @property
    def relations(self) -> tuple[str, ...]:
        return self.quantities.relations

    def with_relations(self, relations: Sequence[str]) -> Rates:
        return replace(self, quantities=self.quantities.with_relations(relations))

    @property
    def resolved(self) -> Chain:
        """The chain between the rates."""
        return self.quantities.with_parts([self.flow.rate(q) for q in self.parts])

    @property
    def proposition(self) -> Expr:
        return self.resolved.proposition

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """The equations that it states, quantities differing by a constant being alike."""
        rates = self.resolved
        return list(zip(rates.relations, rates.parts, rates.parts[1:], strict=False))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (rates_by_theorems, rates_by_instances)

    def latex(self) -> str:
        rates = ["0" if is_zero(q) else f"\\frac{{d}}{{dt}}\\left({latex(q)}\\right)" for q in self.parts]
        moves = [f"\\dot {latex(w)} = {latex(v)}" for w, v in self.flow.velocities]
        return r",\quad ".join([linked(rates, [RELATIONS[op] for op in self.relations]), *moves])

    def text(self) -> str:
        rates = ["0" if is_zero(q) else f"d/dt ({text(q)})" for q in self.parts]
        moves = [f"{text(w)}' = {text(v)}" for w, v in self.flow.velocities]
        return f"{linked(rates, self.relations)} where {', '.join(moves)}"


def linked(members: Sequence[str], relations: Sequence[str]) -> str:
    """a = b ≤ c."""
    return members[0] + "".join(f" {op} {member}" for op, member in zip(relations, members[1:], strict=True))


def is_zero(quantity: Expr) -> bool:
    return isinstance(quantity, Zero) or quantity == lift(0)


def rates_by_theorems(statement: Rates, context: Context) -> Evidence:
    """The relations between the rates as theorems."""
    return by_theorems(statement.resolved, context)


def rates_by_instances(statement: Rates, context: Context) -> Evidence:
    """The rates are equal at exact instances, where gradients are taken entry by entry."""
    return replace(by_instances(statement.resolved, context), method="exact rates at instances")


def constant(flow: Flow, quantity: Expr) -> Rates:
    """``d/dt quantity = 0``."""
    zero = Zero(*quantity.shape) if quantity.shape else lift(0)
    return Rates(flow, eq(quantity, zero))


# -- closed forms ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The exponential e^{growth·time}, written as a symbol s: ṡ = growth·s and s = 1 at time 0."""

    symbol: Sym
    growth: Expr
    time: Sym = Sym("t")  # noqa: RUF009 - a constant

    def at(self, e: Expr) -> Expr:
        """What an expression in s is in time."""
        return substitute(e, {self.symbol: exp(self.growth * self.time)})


@dataclass(frozen=True)
class Falls:
    """Why something tends to 0: its squared norm, which times s stays below a bound."""

    square: Expr
    bound: Expr


@dataclass(frozen=True)
class Solves:
    """``solution`` solves ``letter' = system`` with the initial values; the letters and products tend to the limit.

    Attributes
    ----------
    letters, system
        The moving letters and their printed velocities. What the system is, is another claim: a solution of a system
        also solves many that are alike.
    solution, initial
        For each letter; the solution in terms of the clock's symbol.
    limit, falls
        For each letter, and then each product of letters: what it tends to, and why.
    """

    letters: tuple[Letter, ...]
    system: tuple[Expr, ...]
    solution: tuple[Expr, ...]
    initial: tuple[Expr, ...]
    limit: tuple[Expr, ...]
    clock: Clock
    falls: tuple[Falls, ...] = field(default=(), metadata=HOW)
    products: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        for values in (self.system, self.solution, self.initial):
            fit(self.letters, values)
        fit(self.followed, self.limit)

    @property
    def followed(self) -> tuple[Expr, ...]:
        """What tends to a limit."""
        return (*self.letters, *self.products)

    @property
    def paths(self) -> tuple[Expr, ...]:
        """What is followed, in terms of the clock's symbol."""
        filled: dict[Expr, Expr] = dict(zip(self.letters, self.solution, strict=True))
        return tuple(substitute(x, filled) for x in self.followed)

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (*self.solution, *self.initial, *self.limit, self.clock.growth)

    def with_parts(self, parts: Sequence[Expr]) -> Solves:
        count = len(self.letters)
        solution, initial, limit = (tuple(p) for p in (parts[:count], parts[count : 2 * count], parts[2 * count : -1]))
        clock = replace(self.clock, growth=parts[-1])
        return replace(self, solution=solution, initial=initial, limit=limit, clock=clock)

    @property
    def proposition(self) -> Expr:
        """At every time t ≥ 0 the solution has its velocity; it begins at the initial values and tends to the limit."""
        return And(
            (
                ForAll(self.clock.time, Implies(Rel(ZERO, "≤", self.clock.time), And(self.moving))),
                *self.starting,
                *self.tending,
            )
        )

    @property
    def curve(self) -> tuple[Expr, ...]:
        """The solution in terms of time."""
        return tuple(map(self.clock.at, self.solution))

    @property
    def moving(self) -> tuple[Rel, ...]:
        filled = dict(zip(self.letters, self.curve, strict=True))
        pairs = zip(self.system, self.curve, strict=True)
        return tuple(Rel(substitute(v, filled), "=", Diff(x, self.clock.time)) for v, x in pairs)  # type: ignore[arg-type]

    @property
    def starting(self) -> tuple[Rel, ...]:
        pairs = zip(self.curve, self.initial, strict=True)
        return tuple(Rel(substitute(x, {self.clock.time: ZERO}), "=", x0) for x, x0 in pairs)

    @property
    def tending(self) -> tuple[Fades, ...]:
        pairs = zip(self.paths, self.limit, strict=True)
        return tuple(Fades(self.clock.time, ZERO, self.clock.at(x) - end) for x, end in pairs)

    @property
    def equations(self) -> Chain | Any:
        """Velocity against time derivative, start against initial value, for every letter."""
        from proofs.methods.conjunction import both

        s = self.clock.symbol
        filled = dict(zip(self.letters, self.solution, strict=True))
        moving = (
            eq(substitute(v, filled), self.clock.growth * s * Diff(x, s))  # type: ignore[arg-type]
            for v, x in zip(self.system, self.solution, strict=True)
        )
        starting = (eq(substitute(x, {s: ONE}), x0) for x, x0 in zip(self.solution, self.initial, strict=True))
        return both(*moving, *starting)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (solves_by_theorems, solves_by_instances)

    def latex(self) -> str:
        rows = [f"\\dot {latex(w)} = {latex(v)}" for w, v in zip(self.letters, self.system, strict=True)]
        rows += [f"{latex(w)}(t) = {latex(x)}" for w, x in zip(self.letters, self.solution, strict=True)]
        rows += [f"{latex(w)}(0) = {latex(x)}" for w, x in zip(self.letters, self.initial, strict=True)]
        rows += [f"{latex(w)}(t) \\to {latex(x)}" for w, x in zip(self.followed, self.limit, strict=True)]
        return r" \quad ".join([*rows, f"{latex(self.clock.symbol)} = {latex(self.clock.at(self.clock.symbol))}"])

    def text(self) -> str:
        rows = [f"{text(w)}' = {text(v)}" for w, v in zip(self.letters, self.system, strict=True)]
        rows += [f"{text(w)}(t) = {text(x)}" for w, x in zip(self.letters, self.solution, strict=True)]
        rows += [f"{text(w)}(0) = {text(x)}" for w, x in zip(self.letters, self.initial, strict=True)]
        rows += [f"{text(w)}(t) → {text(x)}" for w, x in zip(self.followed, self.limit, strict=True)]
        return "; ".join([*rows, f"{text(self.clock.symbol)} = {text(self.clock.at(self.clock.symbol))}"])


def solves_by_theorems(statement: Solves, context: Context) -> Evidence:
    """The equations at every time by normal form; the limits, as the distance falls like an exponential."""
    clock, ground = statement.clock, context.ground()
    moving, *starting = statement.proposition.terms[: 1 + len(statement.letters)]  # type: ignore[attr-defined]
    try:
        found = [ground.prove(p) for p in (moving, *starting)]
        if len(statement.falls) != len(statement.tending):
            raise NotFound("no reason why it tends to the limit; want a Falls for every letter and product")
        for goal, why in zip(statement.tending, statement.falls, strict=True):
            found.append(faded(ground, goal, clock.growth, clock.at(why.square), clock.at(why.bound)))
    except (NotFound, Refused) as reason:
        return Evidence("kernel", Outcome.UNDECIDED, detail=str(reason))
    return concluded(rules.conjunction(tuple(found)), (), context)


FAR = (10**3, 10**6)
FOLLOWED = 12
"""Instances at which a solution is followed to late times."""


@dataclass(frozen=True)
class Ticking(Hypothesis):
    """What a clock shows at a time t ≥ 0: from 1 on upwards where it grows, down to 0 where it falls."""

    clock: Clock | None = None

    def holds(self, at: Instance) -> bool:
        assert self.clock is not None
        s, growth = at[self.clock.symbol.name], evaluate(self.clock.growth, at)
        return bool(s == 1 or (s > 1 and growth > 0) or (0 < s < 1 and growth < 0))


def ticking(clock: Clock) -> Ticking:
    def draw(rng: Random, at: Instance) -> Instance:
        up = 1 + abs(rational(rng, at["height"]))
        return {clock.symbol.name: up if rng.random() < 0.5 else 1 / up}

    return Ticking("a time t ≥ 0", "", draw=draw, clock=clock)


def solves_by_instances(statement: Solves, context: Context) -> Evidence:
    """Both equations at exact times, derivatives by power series; the distance to the limit at late times."""
    here = replace(context, given=(ticking(statement.clock), *context.given), drawn={})
    found = statement.equations.witnesses[1](statement.equations, here)
    for at in islice(instances(statement.parts, here), FOLLOWED) if found.outcome != Outcome.FAILS else ():
        growth = evaluate(statement.clock.growth, at)
        for x, x_end in zip(statement.paths, statement.limit, strict=True):
            times = [shown_late(growth, q) for q in FAR]
            seen = [distance(x - x_end, {**at, ENCLOSED: True, statement.clock.symbol.name: s}) for s in times]
            if seen[0] != 0 and seen[1] * 10 > seen[0] * 9:
                sides = {f"{text(x)} − limit at s = {s}": str(d) for s, d in zip(times, seen, strict=True)}
                example = Counterexample(show(at, free_names(statement.parts)), sides, "does not fall")
                return Evidence("exact instances", Outcome.FAILS, "late times", counterexample=example)
            if found.outcome == Outcome.CERTIFIED and not vanishes(x - x_end, at, statement.clock.symbol, growth):
                found = replace(found, outcome=Outcome.SUPPORTED, detail=f"{text(x)} is followed to late times alone")
    return found


def vanishes(difference: Expr, at: Instance, symbol: Sym, growth: Any) -> bool:
    """Whether a quotient of polynomials of what the clock shows tends to 0, as it grows or falls to 0."""
    try:
        entries = evaluate(difference, {**at, symbol.name: Ratio(fmpq_poly([0, 1]))})
        ratios = [Ratio.of(x) for x in np.atleast_1d(np.asarray(entries, dtype=object)).flat]
    except NO_RATIO:
        return False
    if growth > 0:
        return all(r.p.degree() < r.q.degree() or r.p == 0 for r in ratios)
    return growth < 0 and all(r.p(fmpq(0)) == 0 != r.q(fmpq(0)) for r in ratios)


def shown_late(growth: Any, q: int) -> fmpq:
    """What the clock shows, of which 2s − 1 or its inverse is a square."""
    late = fmpq(q * q + 1, 2)
    return late if growth > 0 else 1 / late if growth < 0 else fmpq(1)


def distance(difference: Expr, at: Instance) -> Any:
    """The largest entry in absolute value."""
    value = evaluate(difference, at)
    return max(abs(x) for x in value.flat) if isinstance(value, np.ndarray) else abs(value)


# -- curves ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Descends:
    """The gradient flow of ``loss`` follows the curve a ↦ ``points`` from a = 1 down to a = 0: ȧ = ``speed`` < 0."""

    loss: Expr
    letters: tuple[Letter, ...]
    points: tuple[Expr, ...]
    parameter: Sym
    speed: Expr

    def __post_init__(self) -> None:
        fit(self.letters, self.points)

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (*self.points, self.speed)

    def with_parts(self, parts: Sequence[Expr]) -> Descends:
        return replace(self, points=tuple(parts[:-1]), speed=parts[-1])

    @property
    def slopes(self) -> tuple[Rel, ...]:
        """At every point of the curve, −d loss(Z) = ⟨speed · tangent, Z⟩ for all directions Z of every letter."""
        places = range(len(self.letters))
        return tuple(flows.descent(self.loss, self.letters, self.points, self.speed, self.parameter, p) for p in places)

    @property
    def goal(self) -> flows.Reaches:
        """Where the flow goes."""
        start, limit = (tuple(substitute(x, {self.parameter: a}) for x in self.points) for a in (ONE, ZERO))
        return flows.Reaches(self.loss, self.letters, start, limit)

    @property
    def proposition(self) -> Expr:
        return And((*self.slopes, flows.falling(self.speed, self.parameter, ONE), self.goal))

    @property
    def equations(self) -> Any:
        """The slopes, to be evaluated."""
        from proofs.methods.conjunction import both

        return both(*(eq(r.left, r.right) for r in self.slopes))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (descends_by_theorems, descends_by_instances)

    def latex(self) -> str:
        curve = r",\ ".join(f"{latex(w)} = {latex(x)}" for w, x in zip(self.letters, self.points, strict=True))
        speed = f"\\dot {latex(self.parameter)} = {latex(self.speed)}"
        return rf"{curve}, \quad {speed} \implies {latex(self.goal)}"

    def text(self) -> str:
        curve = ", ".join(f"{text(w)} = {text(x)}" for w, x in zip(self.letters, self.points, strict=True))
        return f"{curve}, {text(self.parameter)}' = {text(self.speed)} ⇒ {text(self.goal)}"


def descends_by_theorems(statement: Descends, context: Context) -> Evidence:
    """The slopes along the curve by normal form; a flow of one variable falls to where it rests."""
    ground, speed, a = context.ground(), statement.speed, statement.parameter
    try:
        slopes = tuple(map(ground.prove, statement.slopes))
        falls = ground.prove(flows.falling(speed, a, ONE))
        rests = ground.prove(Rel(substitute(speed, {a: ZERO}), "=", ZERO))
        starts = ground.prove(Rel(ONE, ">", ZERO))
        goes = flows.rolls_down(statement.goal, statement.points, speed, a, ONE, slopes, falls, rests, starts)
    except (NotFound, Refused) as reason:
        return Evidence("kernel", Outcome.UNDECIDED, detail=str(reason))
    return concluded(rules.conjunction((*slopes, falls, goes)), (), context)


def descends_by_instances(statement: Descends, context: Context) -> Evidence:
    """The equations at exact instances, and the sign of the speed there."""
    found = statement.equations.witnesses[1](statement.equations, context)
    for at in instances(statement.parts, context) if found.outcome != Outcome.FAILS else ():
        rest = resting(statement, at)
        if rest:
            example = Counterexample(show(at, free_names(statement.parts)), {statement.parameter.name: rest}, "rests")
            return Evidence("exact instances", Outcome.FAILS, "an exact instance", counterexample=example)
        speeds = {
            x: evaluate(statement.speed, {**at, statement.parameter.name: x}) for x in (fmpq(0), fmpq(1, 9), fmpq(1))
        }
        if speeds[fmpq(0)] != 0 or any(v >= 0 for x, v in speeds.items() if x > 0):
            shown = {f"{statement.parameter}' at {x}": str(v) for x, v in speeds.items()}
            example = Counterexample(show(at, free_names(statement.parts)), shown, "does not fall to 0")
            return Evidence("exact instances", Outcome.FAILS, "an exact instance", counterexample=example)
    return found


def resting(statement: Descends, at: Instance) -> str:
    """A point of the curve, 0 < a ≤ 1, at which the speed is 0, where it is a polynomial of a; else empty."""
    speed = evaluate(statement.speed, {**at, statement.parameter.name: fmpq_poly([0, 1])})
    if not isinstance(speed, fmpq_poly) or speed == 0:
        return ""
    roots: Any = speed.complex_roots()
    real = (x.real for x, _ in roots if x.imag == 0)
    return next((str(x) for x in real if 0 < x <= 1), "")
