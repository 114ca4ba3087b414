"""Printed counts of descending, flat and ascending directions, compared with the inertia of the Hessian.

At small sizes the whole Hessian is measured, in two ways that share nothing.

Main results
    Directions    so many directions of a kind at every listed critical point
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, dense_hessian, evaluate, matrix
from proofs.algebra.inertia import Inertia, inertia, root_signs
from proofs.algebra.polynomial import Unknowns, polynomials
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import Plan, free_names, show, value_text
from proofs.kernel.expressions import Expr
from proofs.methods.stationarity import Points, Stationary

SIGNS = ("descending", "flat", "ascending")


@dataclass(frozen=True)
class Directions:
    """``count`` directions of one kind at every listed critical point of a loss.

    The loss and the points are those of another claim; the printed formula of this one is the count. ``within``
    restricts the directions to a coordinate subspace.
    """

    kind: str  # one of SIGNS
    count: Expr
    loss: Expr
    points: Points
    plan: Plan
    within: Callable[[Instance, str, tuple], bool] | None = None
    per_manifold: int = 2
    """Points of each critical manifold; one at the sizes above 2 × 2."""

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.count,)

    def with_parts(self, parts: Sequence[Expr]) -> Directions:
        return replace(self, count=parts[0])

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_elimination, by_characteristic_polynomial)

    def text(self) -> str:
        return f"{text(self.count)} {self.kind} directions"

    def latex(self) -> str:
        return rf"{latex(self.count)}\ \text{{{self.kind} directions}}"


def by_elimination(statement: Directions, context: Context) -> Evidence:
    """The Hessian by power series, its inertia by symmetric elimination."""

    def measured(here: Instance) -> Inertia:
        hessian = dense_hessian(statement.loss, statement.points.letters, here)
        kept = directions(statement, here)
        return inertia(hessian[np.ix_(kept, kept)])

    return counted(statement, context, "Hessian by series, LDLᵀ", measured)


def by_characteristic_polynomial(statement: Directions, context: Context) -> Evidence:
    """The Hessian by derivatives in a polynomial ring, its inertia by the signs of its characteristic polynomial."""

    def measured(here: Instance) -> Inertia:
        unknowns = Unknowns(statement.points.letters, here)
        (loss,) = polynomials([statement.loss], unknowns)
        place = [here[name][index] for name, index, _ in unknowns.places]
        kept = directions(statement, here)
        return root_signs(matrix([[loss.derivative(a).derivative(b)(*place) for b in kept] for a in kept]))

    return counted(statement, context, "Hessian in a polynomial ring, characteristic polynomial", measured)


def directions(statement: Directions, here: Instance) -> list[int]:
    """The coordinates of the letters, row by row, that the statement speaks of."""
    everywhere = [(w.name, index) for w in statement.points.letters for index in np.ndindex(here[w.name].shape)]
    within = statement.within
    return [a for a, (name, index) in enumerate(everywhere) if within is None or within(here, name, index)]


def counted(statement: Directions, context: Context, method: str, measured: Callable[[Instance], Inertia]) -> Evidence:
    """Compare at several points of every critical manifold."""
    rng = context.rng(method)
    tried, skipped, sizes = 0, 0, set()
    place = SIGNS.index(statement.kind)
    about = Stationary(statement.loss, statement.points, statement.plan)
    for data in about.situations(context):
        for choice in statement.points.choices(data):
            try:
                expected = evaluate(statement.count, choice)
            except Undefined as why:
                failure = Counterexample(situation(choice), {text(statement.count): "undefined"}, str(why))
                return Evidence(method, Outcome.FAILS, "an instance", "", failure)
            for _ in range(statement.per_manifold if data["k"] * data["m"] <= 4 else 1):
                here = statement.points.at({**choice, **draw(statement.points, rng, choice)})
                if not all(isinstance(x, fmpq) for w in statement.points.letters for x in here[w.name].flat):
                    skipped += 1
                    continue
                slopes = [x for g in about.gradients for x in evaluate(g, here).flat]
                if any(x != 0 for x in slopes):
                    shown = show(here, free_names((statement.loss, *statement.points.letters)))
                    detail = f"a listed point is not critical: {', '.join(map(' = '.join, shown.items()))}"
                    return Evidence(method, Outcome.UNDECIDED, detail=detail)
                found = measured(here)
                tried += 1
                sizes.add((data["k"], data["m"]))
                if found[place] != expected:
                    sides = {text(statement.count): str(expected), f"{statement.kind} directions": str(found[place])}
                    shown = {**situation(choice), **show(here, free_names((statement.loss, *statement.points.letters)))}
                    return Evidence(method, Outcome.FAILS, "an instance", "", Counterexample(shown, sides))
    if not tried:
        return Evidence(method, Outcome.UNDECIDED, detail="no rational critical point was found")
    scope = f"{tried} critical points of every index set, (k, m) up to {max(sizes)}"
    return Evidence(method, Outcome.CERTIFIED, scope, f"{skipped} irrational ones left out" if skipped else "")


def draw(points: Points, rng: Random, choice: Instance) -> Instance:
    return points.draw(rng, choice) if points.draw is not None else {}


def situation(choice: Instance) -> dict[str, str]:
    """The sizes and the index set."""
    return {name: value_text(choice[name]) for name in ("k", "m", "ℓ", "i") if name in choice}
