"""Where a gradient flow goes from every start that meets the hypotheses: its layers converge, and what they make tends
to a claimed matrix.

Main results
    Tends    the statement; one witness is a theorem, one follows the flow from drawn starts
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import Plan, free_names, instances, show
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Grad, Letter, misfit
from proofs.kernel.flows import Reaches
from proofs.kernel.propositions import And, Exists, Rel
from proofs.methods.chain import concluded
from proofs.methods.flow import fit
from proofs.tactics.prove import NotFound, prove

UNTIL, NEAR, FAR, LOST = 400.0, 1e-3, 0.1, 1e6
"""How long a flow is followed; what is near its target, and what is far from it; what has left every bound."""


@dataclass(frozen=True)
class Tends:
    """The gradient flow of ``loss`` from ``start`` exists for all times and converges, to where ``made = target``.

    ``limit`` names where the letters go; ``made`` is written in the letters.
    """

    loss: Expr
    letters: tuple[Letter, ...]
    start: tuple[Expr, ...]
    limit: tuple[Letter, ...]
    made: Expr
    target: Expr
    why: Any = field(default="", metadata=HOW)
    plan: Plan | None = None

    def __post_init__(self) -> None:
        fit(self.letters, self.start)
        if self.made.shape != self.target.shape:
            misfit(f"{text(self.made)} cannot be {text(self.target)}")

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.loss, self.made, self.target)

    def with_parts(self, parts: Sequence[Expr]) -> Tends:
        loss, made, target = parts
        return replace(self, loss=loss, made=made, target=target)

    @property
    def proposition(self) -> Expr:
        end: dict[Expr, Expr] = dict(zip(self.letters, self.limit, strict=True))
        flow = Reaches(self.loss, self.letters, self.start, self.limit)
        said: Expr = And((flow, Rel(substitute(self.made, end), "=", self.target)))
        for x in reversed(self.limit):
            said = Exists(x, said)
        return said

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_theorem, by_following)

    def latex(self) -> str:
        pairs = list(zip(self.letters, self.start, strict=True))
        moves = r",\ ".join(f"\\dot {latex(w)} = -\\nabla_{{{latex(w)}}} {latex(self.loss)}" for w in self.letters)
        begins = r",\ ".join(f"{latex(w)}(0) = {latex(x)}" for w, x in pairs)
        return rf"{moves},\quad {begins} \implies {latex(self.made)} \to {latex(self.target)}"

    def text(self) -> str:
        pairs = list(zip(self.letters, self.start, strict=True))
        moves = ", ".join(f"{text(w)}' = −∇_{text(w)} L" for w in self.letters)
        begins = ", ".join(f"{text(w)}(0) = {text(x)}" for w, x in pairs)
        return f"{moves}, {begins}, L = {text(self.loss)} ⇒ {text(self.made)} → {text(self.target)}"


def by_theorem(statement: Tends, context: Context) -> Evidence:
    """A theorem that the limit exists and is such."""
    try:
        found = prove(context.ground(), statement.proposition, statement.why)  # type: ignore[arg-type]
    except NotFound as why:
        return Evidence("kernel", Outcome.UNDECIDED, detail=f"no theorem: {why}")
    return concluded(found, (f"✓ {statement.text()}",), context)


def by_following(statement: Tends, context: Context) -> Evidence:
    """The flow from exact starts, followed in floats until it rests."""
    method, arrived, unclear = "following the flow", 0, 0
    spoken = (*statement.parts, *statement.start)
    for at in instances(spoken, context, statement.plan):
        try:
            gap, speed = followed(statement, at)
        except Undefined:
            continue
        if gap < NEAR:
            arrived += 1
        elif gap > FAR and speed < NEAR**2:
            sides = {"‖made − target‖_max": f"{gap:.4f}", "speed": f"{speed:.0e}"}
            example = Counterexample(show(at, free_names(statement.start)), sides, "the flow rests elsewhere")
            return Evidence(method, Outcome.FAILS, f"{arrived} starts arrive, 1 rests elsewhere", "", example)
        else:
            unclear += 1
    scope = f"{arrived} starts arrive, 0 rest elsewhere, {unclear} still move at t = {UNTIL:g}"
    return Evidence(method, Outcome.SUPPORTED if arrived else Outcome.UNDECIDED, scope)


def followed(statement: Tends, at: Instance) -> tuple[float, float]:
    """How far the flow from a start is from the target at the end, and how fast it then moves."""
    from scipy.integrate import solve_ivp

    unknowns = Unknowns(statement.letters, at)
    slopes = [Grad(statement.loss, w) for w in statement.letters]
    field_ = Compiled(polynomials(slopes, unknowns), len(unknowns))
    gap = Compiled(polynomials([statement.made - statement.target], unknowns), len(unknowns))
    begin = np.array([float(x.p) / float(x.q) for e in statement.start for x in evaluate(e, at).flat])

    def velocity(_: float, point: np.ndarray) -> np.ndarray:
        moved: np.ndarray = -field_(point[None, :])[0]
        return moved

    end = solve_ivp(velocity, (0.0, UNTIL), begin, "LSODA", events=Escape(), rtol=1e-7, atol=1e-10).y[:, -1]
    return float(np.max(np.abs(gap(end[None, :])))), float(np.max(np.abs(velocity(0.0, end))))


class Escape:
    """Where a flow that leaves every bound is left alone."""

    terminal = True

    def __call__(self, _: float, point: np.ndarray) -> float:
        return LOST - float(np.max(np.abs(point)))
