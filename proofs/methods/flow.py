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
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, evaluate
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import free_names, instances, show
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Diff, Expr, Grad, Inner, Letter, Num, Sym, Zero, lift, misfit, shape_text
from proofs.methods.chain import Chain, by_instances, by_theorems, eq

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


def fit(letters: Sequence[Letter], values: Sequence[Expr]) -> None:
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
        return " = ".join("0" if is_zero(q) else f"\\frac{{d}}{{dt}}\\left({latex(q)}\\right)" for q in self.parts)

    def text(self) -> str:
        return " = ".join("0" if is_zero(q) else f"d/dt ({text(q)})" for q in self.parts)


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
    """The exponential e^{growth·t}, written as a symbol s: ṡ = growth·s and s = 1 at t = 0."""

    symbol: Sym
    growth: Expr


@dataclass(frozen=True)
class Solves:
    """``solution`` solves ``letter' = system`` with the initial values, and tends to the limit.

    Attributes
    ----------
    letters, system
        The moving letters and their printed velocities. What the system is, is another claim: a solution of a system
        also solves many that are alike.
    solution, initial, limit
        For each letter; the solution in terms of the clock's symbol.
    """

    letters: tuple[Letter, ...]
    system: tuple[Expr, ...]
    solution: tuple[Expr, ...]
    initial: tuple[Expr, ...]
    limit: tuple[Expr, ...]
    clock: Clock

    def __post_init__(self) -> None:
        for values in (self.system, self.solution, self.initial, self.limit):
            fit(self.letters, values)

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (*self.solution, *self.initial, *self.limit, self.clock.growth)

    def with_parts(self, parts: Sequence[Expr]) -> Solves:
        count = len(self.letters)
        solution, initial, limit = (tuple(parts[count * r : count * (r + 1)]) for r in range(3))
        clock = replace(self.clock, growth=parts[-1])
        return replace(self, solution=solution, initial=initial, limit=limit, clock=clock)

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
        return (solves_by_normal_form, solves_by_instances)

    def latex(self) -> str:
        rows = [f"\\dot {latex(w)} = {latex(v)}" for w, v in zip(self.letters, self.system, strict=True)]
        rows += [f"{latex(w)}(t) = {latex(x)}" for w, x in zip(self.letters, self.solution, strict=True)]
        rows += [f"{latex(w)}(0) = {latex(x)}" for w, x in zip(self.letters, self.initial, strict=True)]
        rows += [f"{latex(w)}(t) \\to {latex(x)}" for w, x in zip(self.letters, self.limit, strict=True)]
        return r" \quad ".join(rows)

    def text(self) -> str:
        rows = [f"{text(w)}' = {text(v)}" for w, v in zip(self.letters, self.system, strict=True)]
        rows += [f"{text(w)}(t) = {text(x)}" for w, x in zip(self.letters, self.solution, strict=True)]
        rows += [f"{text(w)}(0) = {text(x)}" for w, x in zip(self.letters, self.initial, strict=True)]
        rows += [f"{text(w)}(t) → {text(x)}" for w, x in zip(self.letters, self.limit, strict=True)]
        return "; ".join(rows)


def solves_by_normal_form(statement: Solves, context: Context) -> Evidence:
    """Both equations for all sizes, and the order of growth in s of what separates the solution from its limit."""
    found = statement.equations.witnesses[0](statement.equations, context)
    if found.outcome != Outcome.PROVED:
        return found
    for x, x_end in zip(statement.solution, statement.limit, strict=True):
        order = growth_order(normal.normal_form(x - x_end), statement.clock.symbol)
        if order is not None and order >= 0:
            why = f"{text(x)} − ({text(x_end)}) is of order s^{order} in s = {text(statement.clock.symbol)} → ∞"
            return Evidence("normal form", Outcome.FAILS, "all sizes", why)
    steps = (*found.steps, f"✓ the distance to the limit falls as a power of {text(statement.clock.symbol)}")
    return replace(found, steps=steps)


def growth_order(form: normal.Form, s: Sym) -> Fraction | None:
    """The largest exponent of s among the terms as s → ∞; None for zero."""
    atom = ("s", s.name)

    def order(mono: normal.Mono) -> Fraction:
        total = Fraction(0)
        for a, e in mono:
            if a == atom:
                total += e
            elif a[0] == "p":
                total += e * max(order(m) for m, _ in a[1])
        return total

    return max((order(mono) for _, mono, _ in form.terms), default=None)


FAR = (10, 10**3, 10**6)


def solves_by_instances(statement: Solves, context: Context) -> Evidence:
    """Both equations at exact times, derivatives by power series; the distance to the limit at late times."""
    equations = statement.equations
    found = equations.witnesses[1](equations, context)
    if found.outcome == Outcome.FAILS:
        return found
    for at in instances(statement.parts, context):
        for x, x_end in zip(statement.solution, statement.limit, strict=True):
            distances = [distance(x - x_end, {**at, statement.clock.symbol.name: fmpq(q * q + 1, 2)}) for q in FAR]
            if distances[0] != 0 and distances[-1] * 1000 > distances[0]:
                name = f"{text(x)} − limit at s = "
                sides = {f"{name}{(q * q + 1) // 2}": str(d) for q, d in zip(FAR, distances, strict=True)}
                example = Counterexample(show(at, free_names(statement.parts)), sides, "does not fall")
                return Evidence("exact instances", Outcome.FAILS, "late times", counterexample=example)
        break
    return found


def distance(difference: Expr, at: Instance) -> Any:
    """The largest entry in absolute value."""
    value = evaluate(difference, at)
    return max(abs(x) for x in value.flat) if isinstance(value, np.ndarray) else abs(value)


# -- curves ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Descends:
    """The gradient flow of ``loss`` follows the curve a ↦ ``points`` down to a = 0: ȧ = ``speed`` < 0 for a > 0.

    The parameter falls and cannot pass the equilibrium at 0, so it has a limit, at which the speed vanishes: 0.
    """

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
    def equations(self) -> Any:
        """At every point of the curve, −d loss(Z) = ⟨speed · tangent, Z⟩ for all directions Z of every letter."""
        from proofs.methods.conjunction import both

        on_curve = dict(zip(self.letters, self.points, strict=True))
        members = []
        for w, x in on_curve.items():
            z = Letter("Z", *w.shape)
            moved = substitute(self.loss, {**on_curve, w: x + τ * z})  # type: ignore[dict-item]
            members.append(eq(-Diff(moved, τ, 1, True), Inner(self.speed * Diff(x, self.parameter), z)))
        return both(*members)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (descends_by_normal_form, descends_by_instances)

    def latex(self) -> str:
        curve = r",\ ".join(f"{latex(w)} = {latex(x)}" for w, x in zip(self.letters, self.points, strict=True))
        return f"{curve}, \\quad \\dot {latex(self.parameter)} = {latex(self.speed)} \\implies W(t) \\to 0"

    def text(self) -> str:
        curve = ", ".join(f"{text(w)} = {text(x)}" for w, x in zip(self.letters, self.points, strict=True))
        return f"{curve}, {text(self.parameter)}' = {text(self.speed)} ⇒ W(t) → 0"


def descends_by_normal_form(statement: Descends, context: Context) -> Evidence:
    """The equations for all sizes; a speed all of whose terms are negative and vanish with the parameter."""
    found = statement.equations.witnesses[0](statement.equations, context)
    if found.outcome != Outcome.PROVED:
        return found
    atom = ("s", statement.parameter.name)
    terms = normal.normal_form(statement.speed).terms
    if not all(value < 0 and dict(mono).get(atom, Fraction(0)) > 0 for (_, mono, _), value in terms.items()):
        why = f"{text(statement.speed)} does not fall to 0 term by term"
        return Evidence("normal form", Outcome.UNDECIDED, detail=why)
    return replace(found, steps=(*found.steps, f"✓ {text(statement.speed)} < 0 for {statement.parameter} > 0, 0 at 0"))


def descends_by_instances(statement: Descends, context: Context) -> Evidence:
    """The equations at exact instances, and the sign of the speed there."""
    found = statement.equations.witnesses[1](statement.equations, context)
    for at in instances(statement.parts, context) if found.outcome != Outcome.FAILS else ():
        speeds = {
            x: evaluate(statement.speed, {**at, statement.parameter.name: x}) for x in (fmpq(0), fmpq(1, 9), fmpq(1))
        }
        if speeds[fmpq(0)] != 0 or any(v >= 0 for x, v in speeds.items() if x > 0):
            shown = {f"{statement.parameter}' at {x}": str(v) for x, v in speeds.items()}
            example = Counterexample(show(at, free_names(statement.parts)), shown, "does not fall to 0")
            return Evidence("exact instances", Outcome.FAILS, "an exact instance", counterexample=example)
    return found
