"""Which of the listed stationary points are minima: a descending direction at every other one.

A loss that grows without bound has a global minimum, it is stationary, and it has no descending direction. If all
stationary points but some, of equal loss, have a descending direction, those are the global minima, and there are no
other local ones.

Main results
    Minima    the minima are exactly the points of a printed form
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from flint import arb, fmpq

from proofs.algebra.evaluate import ENCLOSED, Instance, Undefined, dense_hessian, evaluate
from proofs.algebra.inertia import curvature, definite
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.declared import declared
from proofs.hypotheses import Plan
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused
from proofs.methods.chain import Chain, by_theorems
from proofs.methods.stationarity import (
    SMALL,
    About,
    Complete,
    Points,
    empty,
    listed_text,
    relabel,
    shortest,
    solutions,
    zero,
)
from proofs.tactics.prove import NotFound
from proofs.tactics.vanishing import by_ring

NONE = "no stationary point was found"
CLOSE = 1e-6
NOT_STATIONARY = {"gradient": "not zero at a listed point"}


@dataclass(frozen=True)
class Minima(About):
    """The global (or local) minima of ``loss`` are exactly ``points``.

    Attributes
    ----------
    listed
        All stationary points, by the claim that is named in the note.
    value
        The loss at the points, in canonical coordinates.
    descents
        ``−(second variation) = … > 0`` along directions at the other stationary points, supposing ``order``: hints of
        the author, and one that is no theorem is a fault of the claim.
    kind
        ``global`` or ``local``.
    """

    loss: Expr
    points: Points
    listed: Points
    value: Expr
    descents: tuple[Chain, ...]
    order: tuple[Expr, ...]
    kind: str
    plan: Plan = SMALL

    def with_parts(self, parts: Sequence[Expr]) -> Minima:
        return replace(self, loss=parts[0], points=replace(self.points, form=tuple(parts[1:])))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_descents, by_losses if self.kind == "global" else by_curvature)

    def text(self) -> str:
        return f"{text(self.loss)} is {self.kind}ly minimal ⇔ {self.form_text()}"

    def latex(self) -> str:
        return rf"{latex(self.loss)} \text{{ is {self.kind}ly minimal}} \iff {self.form_latex()}"


def by_descents(statement: Minima, context: Context) -> Evidence:
    """The second variations and their signs as theorems; the same loss at all the points.

    That one of the directions descends at every other stationary point is our word, so this proves nothing by itself.
    """
    method = "descending directions"
    if not statement.descents:
        return Evidence(method, Outcome.UNDECIDED, detail="no descending direction is given")
    if fault := idle(statement, context):
        return Evidence(method, Outcome.UNDECIDED, detail=fault)
    steps = tuple(f"✓ {step.text()}" for step in statement.descents)
    detail = "that one of them descends at every other stationary point is not shown"
    return Evidence(method, Outcome.ARGUED, "all sizes", detail, steps=steps)


def idle(statement: Minima, context: Context) -> str:
    """What the author says of the descents, or of the loss where nothing descends, and is no theorem.

    It is a fault of the claim, which is not certified with it.
    """
    key = "idle", statement.loss, statement.points.form, statement.value, statement.descents, statement.order
    return context.once(key, lambda: found_idle(statement, context))


def found_idle(statement: Minima, context: Context) -> str:
    if not statement.descents:
        return ""
    for step in statement.descents:
        supposed = (*statement.order, *declared(*step.parts, *statement.order))
        found = by_theorems(step, Context(shrink=False, supposed=supposed))
        if found.outcome != Outcome.PROVED:
            return f"hint idle: {step.text()} is not shown: {found.detail}"
    points = statement.points
    forms = zip(points.letters, points.form, strict=True)
    there: dict[Expr, Expr] = {w: relabel(f, points.canonical or {}) for w, f in forms}
    try:
        by_ring(context.ground().supposing(*statement.order), substitute(statement.loss, there), statement.value)
    except (Refused, Undecided, NotFound) as why:
        return f"hint idle: the loss at the points is not shown to be {text(statement.value)}: {why}"
    return ""


def by_losses(statement: Minima, context: Context) -> Evidence:
    """The loss at every listed stationary point, exactly or in balls: least at the points of the form alone."""
    method, count, unclear, sizes = "loss at every stationary point", 0, 0, set()
    failures: list[Counterexample] = []
    for data in statement.situations(context):
        if failures and (data["k"], data["m"]) not in sizes:
            break
        sizes.add((data["k"], data["m"]))
        best = [value(statement, here) for here in every(statement.points, data)]
        if not best:
            return Evidence(method, Outcome.UNDECIDED, detail="the form has no value")
        for here in every(statement.listed, data):
            if moves(statement, here):
                return Evidence(method, Outcome.FAILS, "an instance", "", example(statement, here, NOT_STATIONARY))
            loss = value(statement, here)
            ours = is_of_form(statement, here, data)
            count += 1
            if any(loss < b for b in best) or (not ours and any(exactly(loss, b) for b in best)):
                failures.append(example(statement, here, {"loss": str(loss), "loss at the form": str(best[0])}))
            elif not ours:
                unclear += not all(loss > b for b in best)
    if failures:
        return Evidence(method, Outcome.FAILS, "an instance", "", shortest(failures))
    if not count:
        return Evidence(method, Outcome.UNDECIDED, detail=NONE)
    missed = overlooked(statement, context)
    if missed:
        return Evidence(method, Outcome.UNDECIDED, detail=missed)
    if unclear:
        return Evidence(method, Outcome.UNDECIDED, detail=f"{unclear} losses are too close to the least to compare")
    return compared(statement, context, method, f"{count} stationary points, (k, m) up to {max(sizes)}")


def compared(statement: Minima, context: Context, method: str, scope: str) -> Evidence:
    """Exact at the listed points; that there are no others is searched in floats, and needs an argument beside it."""
    if by_descents(statement, context).outcome == Outcome.ARGUED:
        return Evidence(method, Outcome.CERTIFIED, scope)
    return Evidence(method, Outcome.SUPPORTED, scope, "no argument speaks for it: at these points alone")


def by_curvature(statement: Minima, context: Context) -> Evidence:
    """At every listed stationary point but those of the form, a rational direction of certainly negative curvature.

    The statement fails where a point of the form descends, and where another is certainly a strict minimum.
    """
    method, count, unclear, sizes = "curvature at every other stationary point", 0, 0, set()
    for data in statement.situations(context):
        for here in every(statement.listed, data):
            if moves(statement, here):
                return Evidence(method, Outcome.FAILS, "an instance", "", example(statement, here, NOT_STATIONARY))
            hessian = dense_hessian(statement.loss, statement.points.letters, here)
            values, vectors = np.linalg.eigh(np.array([[float(x) for x in row] for row in hessian]))
            descends = bool(values[0] < 0) and curvature(hessian, vectors[:, 0]) < 0
            ours = is_of_form(statement, here, data)
            count += 1
            sizes.add((data["k"], data["m"]))
            if descends if ours else definite(hessian):
                shown = {"least eigenvalue": f"{values[0]:.6g}"}
                return Evidence(method, Outcome.FAILS, "an instance", "", example(statement, here, shown))
            unclear += not (ours or descends)
    if not count:
        return Evidence(method, Outcome.UNDECIDED, detail=NONE)
    missed = overlooked(statement, context)
    if missed:
        return Evidence(method, Outcome.UNDECIDED, detail=missed)
    if unclear:
        detail = f"at {unclear} points neither a direction that descends was found, nor that there is none"
        return Evidence(method, Outcome.SUPPORTED, f"{count} stationary points, (k, m) up to {max(sizes)}", detail)
    return compared(statement, context, method, f"{count} stationary points, (k, m) up to {max(sizes)}")


SEARCHED = 6
"""Situations in which other stationary points are searched."""


def overlooked(statement: Minima, context: Context) -> str:
    """A stationary point, found from many starts, that is lower than the printed ones, or another local minimum; a
    hint that is idle.

    The list of stationary points is another claim; what it lacks would be missed by a comparison of its members.
    """
    letters = statement.points.letters
    for data in islice(statement.situations(context), SEARCHED):
        if wrong := misvalued(statement, data):
            return wrong
        losses = [float(arb(value(statement, here)).mid()) for here in every(statement.points, data)]
        unknowns = Unknowns(letters, empty(statement, data))
        try:
            _, roots = solutions(statement, unknowns, statement.gradients, context)
            there = Compiled(polynomials([statement.loss], unknowns), len(unknowns))
        except (Undefined, TypeError):
            continue
        for root, loss in zip(roots, there(roots)[:, 0], strict=True):
            lower = loss < min(losses) - CLOSE
            other = min(abs(loss - x) for x in losses) > CLOSE
            if lower or (statement.kind == "local" and other and bottom(there, unknowns, root)):
                at = ", ".join(
                    f"{name}{list(index)} = {x:.4g}" for (name, index, _), x in zip(unknowns.places, root, strict=True)
                )
                return f"a stationary point is not listed: {at}, with the loss {loss:.6g} against {losses[0]:.6g}"
    return idle(statement, context)


def misvalued(statement: Minima, data: Instance) -> str:
    """That the loss at a point of the form is certainly not the value that the argument goes by."""
    for here in every(statement.points, data):
        loss, said = value(statement, here), evaluate(statement.value, here)
        if not arb(loss - said).contains(0):
            return f"the loss at a point of the form is {loss}, not {text(statement.value)} = {said}"
    return ""


def bottom(loss: Compiled, unknowns: Unknowns, root: np.ndarray) -> bool:
    """Whether no direction descends in the second order, in floats."""
    (poly,) = loss.polys
    slopes = [poly.derivative(a) for a in range(len(unknowns))]
    second = Compiled([s.derivative(b) for s in slopes for b in range(len(unknowns))], len(unknowns))
    hessian = second(root[None, :]).reshape(len(unknowns), len(unknowns))
    return bool(np.linalg.eigvalsh(hessian)[0] > -CLOSE)


def moves(statement: Minima, here: Instance) -> bool:
    """Whether the gradient is certainly not zero, or not even defined."""
    try:
        return not all(zero(x) for g in statement.gradients for x in evaluate(g, here).flat)
    except (KeyError, Undefined):
        return True


def every(points: Points, data: Instance) -> list[Instance]:
    """Every listed point."""
    return [{**here, ENCLOSED: True} for here in points.listed(points.choices(data))]


def value(statement: Minima, here: Instance) -> Any:
    """The loss: a rational, or a ball."""
    return evaluate(statement.loss, here)


def exactly(a: Any, b: Any) -> bool:
    """Whether both are rational, and equal."""
    return isinstance(a, fmpq) and isinstance(b, fmpq) and bool(a == b)


def is_of_form(statement: Minima, here: Instance, data: Instance) -> bool:
    return not all(statement.points.excludes(here, choice) for choice in statement.points.choices(data))


def example(statement: Minima, here: Instance, sides: dict[str, str]) -> Counterexample:
    return Counterexample(listed_text(Complete(statement.loss, statement.listed), here), sides)
