"""Implications between equations: premises ⇒ conclusions.

The first witness checks a proof. Each of its steps is an identity: a sum of squares that holds the goal equals a
combination of the premises that vanishes with them, so that the goal is zero wherever the premises are. Identities
are decided by normal form, for all sizes. The second witness looks for a counterexample: it solves the premises from
many starts at small sizes, checks the conclusions at every solution, and makes a violation exact.

Main results
    Fact           ``left = right``, ``left ⪰ right`` or ``left ≻ right``
    Step           one identity of a proof
    Implication    the statement
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.inertia import inertia
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials, rational_root
from proofs.algebra.printing import RELATIONS, latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import Plan, draw_instance, free_names, show, value_text
from proofs.kernel.expressions import Expr, Family, Letter, Num, Scalar, ShapeError, Zero, lift, shape_text
from proofs.methods.signs import Signs

VIOLATION = 1e-3
"""By how much a float solution must break a conclusion to be a candidate; roots are accurate to 1e-10."""
DRAWS = 64
"""The situations of a size with one unknown."""
SMALL = Plan(tuple({"k": k, "m": m, "n": m, "p": k} for k, m in ((1, 1), (1, 2), (2, 2), (2, 3))), per_size=2, tries=40)


@dataclass(frozen=True)
class Fact:
    """A relation between expressions of one shape; ``op`` is ``=``, ``⪰`` or ``≻``."""

    left: Expr
    op: str
    right: Expr

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            shapes = f"[{shape_text(self.left.shape)}] {self.op} [{shape_text(self.right.shape)}]"
            raise ShapeError(f"{text(self.left)} {self.op} {text(self.right)} does not conform: {shapes}")

    @property
    def residual(self) -> Expr:
        return self.left if is_zero(self.right) else self.left - self.right

    def holds(self, at: Instance) -> bool:
        gap = evaluate(self.left, at) - evaluate(self.right, at)
        if self.op == "=":
            return bool(np.all(gap == 0))
        counts = inertia(gap)
        return bool(np.all(gap == gap.T)) and counts.negative == 0 and (self.op == "⪰" or counts.zero == 0)


def fact(left: Expr, op: str, right: Scalar) -> Fact:
    """A fact; the number 0 stands for a zero matrix too."""
    target = lift(right)
    return Fact(left, op, nothing(left) if is_zero(target) and left.shape else target)


def nothing(like: Expr) -> Expr:
    """Zero, of the same shape."""
    return Zero(*like.shape) if like.shape else Num(lift(0).value)  # type: ignore[attr-defined]


def is_zero(e: Expr) -> bool:
    return isinstance(e, Zero) or (isinstance(e, Num) and e.value == 0)


@dataclass(frozen=True)
class Step:
    """``squares(goal) = by(facts)``, with ``by`` a combination of the facts known so far that vanishes with them.

    Attributes
    ----------
    by
        Of the residuals of the premises and of the goals of the steps before.
    goal
        What the step proves; None for the next conclusion.
    squares
        Of the goal's residual, which it must force to zero; the residual itself by default. For ``⪰``: the
        semi-definite matrix that the residual equals up to ``by``.
    """

    by: Callable[..., Expr]
    goal: Fact | None = None
    squares: Callable[[Expr], Expr] | None = None


@dataclass(frozen=True)
class Implication:
    """``premises ⇒ conclusions``; ``solve_for`` names the unknowns of the premises."""

    premises: tuple[Fact, ...]
    conclusions: tuple[Fact, ...]
    solve_for: tuple[Letter | Family, ...]
    proof: tuple[Step, ...] = ()
    plan: Plan = SMALL

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.premises + self.conclusions

    @property
    def parts(self) -> tuple[Expr, ...]:
        return tuple(side for f in self.facts for side in (f.left, f.right))

    def with_parts(self, parts: Sequence[Expr]) -> Implication:
        sides = zip(parts[::2], parts[1::2], strict=True)
        facts = tuple(Fact(left, f.op, right) for f, (left, right) in zip(self.facts, sides, strict=True))
        count = len(self.premises)
        return replace(self, premises=facts[:count], conclusions=facts[count:])

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_proof, by_solutions)

    def latex(self) -> str:
        def side(facts: Sequence[Fact]) -> str:
            return r",\quad ".join(f"{latex(f.left)} {RELATIONS[f.op]} {latex(f.right)}" for f in facts)

        return side(self.premises) + r" \implies " + side(self.conclusions)

    def text(self) -> str:
        def side(facts: Sequence[Fact]) -> str:
            return ", ".join(f"{text(f.left)} {f.op} {text(f.right)}" for f in facts)

        return f"{side(self.premises)} ⇒ {side(self.conclusions)}"


# -- the proof -------------------------------------------------------------------------------------


def by_proof(statement: Implication, context: Context) -> Evidence:
    """Every step an identity of normal forms; the goals must include every conclusion."""
    known = list(statement.premises)
    open_goals = list(statement.conclusions)
    signs = Signs(context.given)
    steps = []
    for step in statement.proof:
        goal = step.goal or open_goals.pop(0)
        problem = flaw(step, goal, known, signs)
        if problem:
            return Evidence("identity certificate", Outcome.UNDECIDED, detail=f"{goal_text(goal)}: {problem}")
        steps.append(f"✓ {goal_text(goal)}")
        known.append(goal)
    if open_goals:
        missing = ", ".join(map(goal_text, open_goals))
        return Evidence("identity certificate", Outcome.UNDECIDED, detail=f"no certificate for {missing}")
    return Evidence("identity certificate", Outcome.PROVED, "all sizes", steps=tuple(steps))


def goal_text(goal: Fact) -> str:
    return f"{text(goal.left)} {goal.op} {text(goal.right)}"


def flaw(step: Step, goal: Fact, known: Sequence[Fact], signs: Signs) -> str:
    """What is wrong with a step; empty if nothing is."""
    equations = [f for f in known if f.op == "="]
    gap = goal.residual
    try:
        combination = step.by(*(f.residual for f in equations))
        at_zero = step.by(*(nothing(f.left) for f in equations))
        if not normal.equal(at_zero, nothing(at_zero)):
            return "the combination does not vanish with the premises"
        squares = step.squares(gap) if step.squares else gap
        if goal.op == "=":
            if not signs.definite(squares, gap):
                return f"{text(squares)} = 0 does not force the goal"
            return "" if normal.equal(squares, combination) else "the identity does not hold"
        if goal.op != "⪰" or not signs.semidefinite(squares):
            return f"{text(squares)} is not seen to be {goal.op} 0"
        return "" if normal.equal(gap, squares + combination) else "the identity does not hold"
    except (ShapeError, normal.Undecided) as why:
        return str(why)


# -- the search ------------------------------------------------------------------------------------


def by_solutions(statement: Implication, context: Context) -> Evidence:
    """Solutions of the premises from many starts; a conclusion that one of them breaks is made exact."""
    count, candidates, sizes = 0, 0, set()
    patience = 4 if context.shrink else 1
    for unknowns, system, roots in solutions(statement, context):
        try:
            checks = [Check(f, unknowns) for f in statement.conclusions]
        except Undefined:
            continue
        count += len(roots)
        sizes.add((unknowns.at["k"], unknowns.at["m"]))
        for check in checks:
            for root in roots[check.broken(roots)][:patience]:
                candidates += 1
                exact = rational_root(system, root, check.breaks)
                if exact is not None and (found := counterexample(statement, unknowns.instance(exact))):
                    return Evidence("solutions of the premises", Outcome.FAILS, "an exact instance", "", found)
        if candidates > patience and not context.shrink:
            break
    if candidates:
        detail = f"{candidates} solutions in floats break the conclusion; none could be made exact"
        return Evidence("solutions of the premises", Outcome.UNDECIDED, detail=detail)
    if not count:
        return Evidence("solutions of the premises", Outcome.UNDECIDED, detail="no solution of the premises was found")
    scope = f"{count} solutions, (k, m) up to {max(sizes)}"
    return Evidence("solutions of the premises", Outcome.SUPPORTED, scope)


def solutions(statement: Implication, context: Context) -> Iterator[tuple[Unknowns, Compiled, np.ndarray]]:
    """The premises as a system and its roots, at every situation; kept for the next statement with these premises."""
    key = (statement.premises, statement.solve_for, statement.plan, free_names(statement.parts))
    kept: dict[Any, Any] = {} if context.drawn is None else context.drawn
    known, found = kept.get("solutions", (None, []))
    if key == known:
        yield from found
        return
    found = []
    for at in situations(statement, context):
        unknowns = Unknowns(statement.solve_for, at)
        rng = np.random.default_rng(context.seed + len(unknowns))
        try:
            system = Compiled(polynomials([f.residual for f in statement.premises], unknowns), len(unknowns))
        except Undefined:
            continue
        starts = np.concatenate([np.zeros((1, len(unknowns))), rng.normal(0, 1.5, (30, len(unknowns)))])
        solved = unknowns, system, system.roots(starts)
        found.append(solved)
        yield solved
    kept["solutions"] = key, found


def situations(statement: Implication, context: Context) -> Iterator[Instance]:
    """What the hypotheses fix, a few times for every size, more often where there are few unknowns."""
    names = free_names(statement.parts)
    for number, sizes in enumerate(statement.plan.sizes):
        rng = context.rng(f"solutions/{number}")
        found = 0
        for attempt in range(statement.plan.tries):
            if context.expired:
                break
            at = draw_instance(names, context.given, rng, sizes, 1 + attempt % 3)
            if at is None:
                continue
            yield at
            found += 1
            if found >= max(statement.plan.per_size, DRAWS // len(Unknowns(statement.solve_for, at))):
                break


class Check:
    """A conclusion at float solutions, through polynomials."""

    def __init__(self, goal: Fact, unknowns: Unknowns):
        self.goal = goal
        self.gap = Compiled(polynomials([goal.residual], unknowns), len(unknowns))

    def breaks(self, root: np.ndarray) -> bool:
        return bool(self.broken(root[None, :])[0])

    def broken(self, roots: np.ndarray) -> np.ndarray:
        """Which of the solutions break it."""
        gaps = self.gap(roots)
        if self.goal.op == "=":
            return np.max(np.abs(gaps), axis=1) > VIOLATION
        size = round(gaps.shape[1] ** 0.5)
        a = gaps.reshape(-1, size, size)
        mirrored = np.swapaxes(a, 1, 2)
        least = np.linalg.eigvalsh((a + mirrored) / 2)[:, 0]
        skew = np.max(np.abs(a - mirrored), axis=(1, 2)) > VIOLATION
        return skew | (least < (-VIOLATION if self.goal.op == "⪰" else VIOLATION * 1e-3))


def counterexample(statement: Implication, at: Instance) -> Counterexample | None:
    """The exact instance, if it satisfies the premises and breaks a conclusion by plain arithmetic."""
    if not all(f.holds(at) for f in statement.premises):
        return None
    broken = next((f for f in statement.conclusions if not f.holds(at)), None)
    if broken is None:
        return None
    sides: dict[str, Any] = {text(s): value_text(evaluate(s, at)) for s in (broken.left, broken.right)}
    remark = f"the premises hold, but {broken.op} does not"
    return Counterexample(show(at, free_names(statement.parts)), sides, remark)
