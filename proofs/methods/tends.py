"""Where a gradient flow goes from every start that meets the hypotheses: its letters converge, and what holds there.

Main results
    Tends     the statement; one witness is a theorem, one follows the flow from drawn starts
    at_end    what follows from what is known of a limit that exists
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import Plan, free_names, instances, show
from proofs.kernel import existence, rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Grad, Letter
from proofs.kernel.flows import Reaches
from proofs.kernel.propositions import And, Exists, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.chain import concluded
from proofs.methods.flow import fit
from proofs.methods.implication import parts_of
from proofs.tactics.prove import NotFound, prove
from proofs.tactics.vanishing import residual

UNTIL, NEAR, FAR, LOST = 400.0, 1e-3, 0.1, 1e6
"""How long a flow is followed; what is near its target, and what is far from it; what has left every bound."""


@dataclass(frozen=True)
class Tends:
    """The gradient flow of ``loss`` from ``start`` exists for all times and converges, to where the equations hold.

    ``limit`` names where the letters go; ``ends``, equations, are written in the letters.
    """

    loss: Expr
    letters: tuple[Letter, ...]
    start: tuple[Expr, ...]
    limit: tuple[Letter, ...]
    ends: tuple[Rel, ...]
    why: Any = field(default="", metadata=HOW)
    plan: Plan | None = None

    def __post_init__(self) -> None:
        fit(self.letters, self.start)

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.loss, *(side for p in self.ends for side in (p.left, p.right)))

    def with_parts(self, parts: Sequence[Expr]) -> Tends:
        loss, *sides = parts
        pairs = zip(sides[::2], sides[1::2], strict=True)
        return replace(self, loss=loss, ends=tuple(Rel(left, "=", right) for left, right in pairs))

    @property
    def proposition(self) -> Expr:
        end: dict[Expr, Expr] = dict(zip(self.letters, self.limit, strict=True))
        flow = Reaches(self.loss, self.letters, self.start, self.limit)
        said: Expr = And((flow, *(substitute(p, end) for p in self.ends)))
        for x in reversed(self.limit):
            said = Exists(x, said)
        return said

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """As relations: a positive multiple of the loss has the same flow, at another speed."""
        return [(">", self.loss, 0 * self.loss), *(("=", p.left, p.right) for p in self.ends)]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_theorem, by_following)

    def latex(self) -> str:
        pairs = list(zip(self.letters, self.start, strict=True))
        moves = r",\ ".join(f"\\dot {latex(w)} = -\\nabla_{{{latex(w)}}} {latex(self.loss)}" for w in self.letters)
        begins = r",\ ".join(f"{latex(w)}(0) = {latex(x)}" for w, x in pairs)
        ends = r",\ ".join(f"{latex(p.left)} \\to {latex(p.right)}" for p in self.ends)
        return rf"{moves},\quad {begins} \implies {ends}"

    def text(self) -> str:
        pairs = list(zip(self.letters, self.start, strict=True))
        moves = ", ".join(f"{text(w)}' = −∇_{text(w)} L" for w in self.letters)
        begins = ", ".join(f"{text(w)}(0) = {text(x)}" for w, x in pairs)
        ends = ", ".join(f"{text(p.left)} → {text(p.right)}" for p in self.ends)
        return f"{moves}, {begins}, L = {text(self.loss)} ⇒ {ends}"


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
            sides = {"distance from where it is claimed to go": f"{gap:.4f}", "speed": f"{speed:.0e}"}
            example = Counterexample(
                show(at, free_names(statement.start)), sides, "the flow rests elsewhere, or leaves every bound"
            )
            return Evidence(method, Outcome.FAILS, f"{arrived} starts arrive, 1 rests elsewhere", "", example)
        else:
            unclear += 1
    scope = f"{arrived} starts arrive, 0 rest elsewhere, {unclear} still move at t = {UNTIL:g}"
    return Evidence(method, Outcome.SUPPORTED if arrived else Outcome.UNDECIDED, scope)


def followed(statement: Tends, at: Instance) -> tuple[float, float]:
    """By how much the equations fail where a flow from a start is at the end, and how fast it then moves."""
    from scipy.integrate import solve_ivp

    unknowns = Unknowns(statement.letters, at)
    slopes = [Grad(statement.loss, w) for w in statement.letters]
    field_ = Compiled(polynomials(slopes, unknowns), len(unknowns))
    gap = Compiled(polynomials([residual(p) for p in statement.ends], unknowns), len(unknowns))
    begin = np.array([float(x.p) / float(x.q) for e in statement.start for x in evaluate(e, at).flat])

    def velocity(_: float, point: np.ndarray) -> np.ndarray:
        if lost(point):
            return np.zeros_like(point)
        moved: np.ndarray = -field_(point[None, :])[0]
        return moved

    end = solve_ivp(velocity, (0.0, UNTIL), begin, method="LSODA", rtol=1e-7, atol=1e-10).y[:, -1]
    if lost(end):
        return np.inf, 0.0
    return float(np.max(np.abs(gap(end[None, :])))), float(np.max(np.abs(velocity(0.0, end))))


def lost(point: np.ndarray) -> bool:
    """Whether a flow has left every bound; it is left alone there."""
    return not np.max(np.abs(point)) < LOST


def at_end(found: Theorem, limit: Sequence[Letter], then: Callable[[Sequence[Theorem]], Theorem]) -> Theorem:
    """∃ limit: q from ∃ limit: p, where ``then`` makes q of the parts of p."""
    some: list[Any] = [found.says]
    for _ in limit:
        some.append(some[-1].body)
    t = then(parts_of(rules.hypothesis(some[-1])))
    for x in reversed(limit):
        t = existence.witness(Exists(x, t.says), x, t)
    for p in reversed(some[1:-1]):
        t = existence.obtain(rules.hypothesis(p), t)
    return existence.obtain(found, t)
