"""Implications between equations: premises ⇒ conclusions.

The first witness follows a proof. Each of its steps is an identity: an expression that holds the goal, such as a sum of
squares, equals a combination of the premises that vanishes with them. What the expression forces to vanish, the
kernel's rules say. The second witness looks for a counterexample: it solves the premises from many starts at small
sizes, checks the conclusions at every solution, and makes a violation exact.

Main results
    fact           ``left = right``, ``left ⪰ right`` or ``left ≻ right``
    Step           one identity of a proof; Argument, whatever else proves its goal
    OffDiagonal    a step for every entry off the diagonal
    Known          what follows from what is given alone
    Implication    the statement
    follow         the theorems that a proof's steps make
    Follows        one identity as the reason of a link, on the equations that are given
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials, rational_root
from proofs.algebra.printing import RELATIONS, latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import SITUATION, Plan, asked_of, draw_instance, free_names, show, value_text
from proofs.kernel import rules, semidefinite
from proofs.kernel.expressions import Expr, Family, Letter, Scalar, ShapeError, Sym, lift
from proofs.kernel.propositions import And, Implies, Rel, both, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics import definite
from proofs.tactics.prove import Ground, NotFound, valued
from proofs.tactics.vanishing import Zeros, by_ring, forced, from_residual, is_zero, narrowed, residual

VIOLATION = 1e-3
"""By how much a float solution must break a conclusion to be a candidate; roots are accurate to 1e-10."""
DRAWS = 64
"""The situations of a size with one unknown."""
SMALL = Plan(tuple({"k": k, "m": m, "n": m, "p": k} for k, m in ((1, 1), (1, 2), (2, 2), (2, 3))), per_size=2, tries=40)


def fact(left: Expr, op: str, right: Scalar) -> Rel:
    """A relation; the number 0 stands for a zero matrix too."""
    target = lift(right)
    return Rel(left, op, zero(left) if is_zero(target) and left.shape else target)


class Argument(Protocol):
    """What proves its goal, or the next conclusion where it has none, from what is known to vanish."""

    @property
    def goal(self) -> Rel | None: ...

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem: ...


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
    goal: Rel | None = None
    squares: Callable[[Expr], Expr] | None = None

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        """The goal, from what is known to vanish."""
        ground, gap = zeros.ground, residual(goal)
        combination = self.by(*zeros.residuals)
        vanishing = zeros.of(combination)
        if goal.op == "=":
            squares = self.squares(gap) if self.squares else gap
            t = rules.chain((by_ring(ground, squares, combination), vanishing))
            return from_residual(forced(squares, t, gap, ground), goal, ground)
        if self.squares is None:
            raise NotFound(f"{text(gap)} is not seen to be {goal.op} 0")
        squares = self.squares(gap)
        above = definite.semidefinite(narrowed(ground, squares), squares)
        hole = Letter("°", *gap.shape)
        alone = rules.chain(
            (
                by_ring(ground, gap, squares + combination),
                rules.replace(squares + hole, ((hole, vanishing),)),
                by_ring(ground, squares + zero(gap), squares),
            )
        )
        t = rules.chain((alone, above))
        return t if is_zero(goal.right) else semidefinite.above(goal, t)


@dataclass(frozen=True)
class OffDiagonal:
    """A step about the entry (r, s) with r ≠ s, which is used at all such places from then on."""

    pair: tuple[Sym, Sym]
    step: Step

    @property
    def goal(self) -> Rel | None:
        return self.step.goal

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        zeros.generic |= set(self.pair)
        r, s = self.pair
        return self.step.theorem(goal, replace(zeros, ground=zeros.ground.supposing(Rel(r, "≠", s))))


@dataclass(frozen=True)
class Known:
    """What the tactics prove from what is given."""

    goal: Rel

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        return narrowed(zeros.ground, goal).prove(goal)


@dataclass(frozen=True)
class Implication:
    """``premises ⇒ conclusions``; ``solve_for`` names the unknowns of the premises.

    What a step proves of indices in ``generic`` is used at any others that satisfy what is given of them.
    """

    premises: tuple[Rel, ...]
    conclusions: tuple[Rel, ...]
    solve_for: tuple[Letter | Family, ...]
    proof: tuple[Argument, ...] = field(default=(), metadata=HOW)
    plan: Plan = SMALL
    generic: tuple[Sym, ...] = ()

    @property
    def proposition(self) -> Expr:
        return Implies(both(*self.premises), both(*self.conclusions))

    @property
    def facts(self) -> tuple[Rel, ...]:
        return self.premises + self.conclusions

    @property
    def parts(self) -> tuple[Expr, ...]:
        return tuple(side for f in self.facts for side in (f.left, f.right))

    def with_parts(self, parts: Sequence[Expr]) -> Implication:
        sides = zip(parts[::2], parts[1::2], strict=True)
        facts = tuple(Rel(left, f.op, right) for f, (left, right) in zip(self.facts, sides, strict=True))
        count = len(self.premises)
        return replace(self, premises=facts[:count], conclusions=facts[count:])

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_proof, by_solutions)

    def latex(self) -> str:
        def side(facts: Sequence[Rel]) -> str:
            return r",\quad ".join(f"{latex(f.left)} {RELATIONS[f.op]} {latex(f.right)}" for f in facts)

        return side(self.premises) + r" \implies " + side(self.conclusions)

    def text(self) -> str:
        def side(facts: Sequence[Rel]) -> str:
            return ", ".join(f"{text(f.left)} {f.op} {text(f.right)}" for f in facts)

        return f"{side(self.premises)} ⇒ {side(self.conclusions)}"


# -- the proof -------------------------------------------------------------------------------------


def by_proof(statement: Implication, context: Context) -> Evidence:
    """Every step a theorem; the goals must include every conclusion."""
    method = "identity certificate"
    premise = both(*statement.premises)
    try:
        ground = context.ground().supposing(premise)
        zeros = supposed(premise, Zeros(ground, frozenset(statement.generic)))
        found, steps = follow(statement.proof, statement.conclusions, zeros)
        says = found[0] if len(found) == 1 else rules.conjunction(tuple(found))
        theorem = valued(context.ground(), rules.discharge(says, premise))
    except NotFound as why:
        return Evidence(method, Outcome.UNDECIDED, detail=str(why))
    return Evidence(method, Outcome.PROVED, "all sizes", steps=steps, theorem=theorem)


def supposed(premise: Expr, zeros: Zeros) -> Zeros:
    """With the equations of a conjunction that is supposed; its other parts are known too."""
    equations: list[Theorem] = []
    others: list[Theorem] = []
    for t in parts_of(rules.hypothesis(premise)):
        (equations if isinstance(t.says, Rel) and t.says.op == "=" else others).append(t)
    found = Zeros(zeros.ground.knowing(*others), zeros.generic, list(zeros.known), list(zeros.stated))
    for t in equations:
        found.add(t)
    return found


def parts_of(t: Theorem) -> list[Theorem]:
    """The parts of a conjunction."""
    if not isinstance(t.says, And):
        return [t]
    return [rules.part(t, place) for place in range(len(t.says.terms))]


def follow(
    proof: Sequence[Argument], conclusions: Sequence[Rel], zeros: Zeros
) -> tuple[list[Theorem], tuple[str, ...]]:
    """The theorems of the conclusions, in order, and what every step proves.

    Raises
    ------
    NotFound
        At the first step that proves nothing.
    """
    goals, found, steps = list(conclusions), [], []
    for step in proof:
        if step.goal is None and not goals:
            raise NotFound("a step proves nothing that is stated")
        goal = step.goal or goals.pop(0)
        try:
            t = step.theorem(goal, zeros)
        except (Refused, Undecided, NotFound, ShapeError) as why:
            raise NotFound(f"{goal_text(goal)}: {why}") from why
        if step.goal is None:
            found.append(t)
        steps.append(f"✓ {goal_text(goal)}")
        if goal.op == "=":
            zeros.add(t)
    if goals:
        raise NotFound(f"no certificate for {', '.join(map(goal_text, goals))}")
    return found, tuple(steps)


@dataclass(frozen=True)
class Follows:
    """An equation that a step proves from the equations that are given."""

    step: Step

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        zeros = Zeros(ground)
        for t in ground.known:
            if isinstance(t.says, Rel) and t.says.op == "=":
                zeros.add(t)
        return self.step.theorem(goal, zeros)


def goal_text(goal: Rel) -> str:
    return f"{text(goal.left)} {goal.op} {text(goal.right)}"


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


def unknown(statement: Implication, at: Instance) -> Unknowns:
    """What the premises are solved for: of what is named, what occurs."""
    return Unknowns(tuple(c for c in statement.solve_for if c.name in at), at)


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
        unknowns = unknown(statement, at)
        rng = np.random.default_rng(context.seed + len(unknowns))
        try:
            system = Compiled(polynomials([residual(f) for f in statement.premises], unknowns), len(unknowns))
        except Undefined:
            continue
        starts = np.concatenate([np.zeros((1, len(unknowns))), rng.normal(0, 1.5, (30, len(unknowns)))])
        solved = unknowns, system, system.roots(starts)
        found.append(solved)
        yield solved
    kept["solutions"] = key, found


def situations(statement: Implication, context: Context) -> Iterator[Instance]:
    """What the hypotheses fix, a few times for every size, more often where there are few unknowns."""
    names, ranges = asked_of(statement.parts, context.given)
    for number, sizes in enumerate(statement.plan.sizes):
        rng = context.rng(f"solutions/{number}")
        found = 0
        for attempt in range(statement.plan.tries):
            if context.expired:
                break
            at = draw_instance(names, context.given, rng, sizes, ranges, 1 + attempt % 3)
            if at is None:
                continue
            context.spend(SITUATION)
            yield at
            found += 1
            if found >= max(statement.plan.per_size, DRAWS // max(1, len(unknown(statement, at)))):
                break


class Check:
    """A conclusion at float solutions, through polynomials."""

    def __init__(self, goal: Rel, unknowns: Unknowns):
        self.goal = goal
        self.gap = Compiled(polynomials([residual(goal)], unknowns), len(unknowns))

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
    if not all(evaluate(f, at) for f in statement.premises):
        return None
    broken = next((f for f in statement.conclusions if not evaluate(f, at)), None)
    if broken is None:
        return None
    sides: dict[str, Any] = {text(s): value_text(evaluate(s, at)) for s in (broken.left, broken.right)}
    remark = f"the premises hold, but {broken.op} does not"
    return Counterexample(show(at, free_names(statement.parts)), sides, remark)
