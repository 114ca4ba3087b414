"""Printed lists of stationary points: whether every listed point is stationary, and whether the list is complete.

A list is a printed form, one point for every choice of its discrete letters (index sets, signed permutations, of
every rank) and every value of its free ones. As a proposition it says that letters exist that satisfy its equations.
Listed points are tried one by one, exactly; that all are stationary follows from the equations. Completeness is tried
by root finding from many starts: every stationary point found is compared with the list, and an unlisted one is made
exact. For all sizes, letters are found for every stationary point.

Main results
    Points        a printed form with its choices
    Stationary    every listed point is stationary
    Complete      every stationary point is listed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np
from flint import arb, fmpq

from proofs.algebra.evaluate import ENCLOSED, Instance, Irrational, Undefined, answer, evaluate, size, zeros
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials, rational_root
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import SITUATION, Names, Plan, asked_of, draw_instance, free_names, show, value_text
from proofs.kernel.binding import free
from proofs.kernel.expressions import Expr, Eye, Grad, Letter, ShapeError, Sym, Zero
from proofs.kernel.propositions import And, Every, Implies, Rel, both
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused
from proofs.methods.listed import Converse, Selected, nested
from proofs.methods.proposition import Proposition, by_instances
from proofs.tactics.prove import NotFound
from proofs.tactics.vanishing import residual

FAR = 1e-3
"""How far from every listed point a float root must be to be a candidate; roots are accurate to 1e-10."""
SMALL = Plan(
    tuple({"k": k, "m": m, "n": n, "p": k} for k, m, n in ((1, 1, 1), (1, 2, 4), (2, 2, 4), (1, 3, 4), (2, 3, 4))),
    per_size=3,
    tries=30,
)


@dataclass(frozen=True)
class Points:
    """A printed form of points.

    Attributes
    ----------
    letters, form
        ``letters[a] = form[a]``.
    choices
        At an instance of the data: every choice of the discrete letters, as instances.
    chosen
        The names that ``choices`` and ``draw`` assign.
    draw
        Adds the free letters at a choice.
    recover
        The free letters of a point, where it is a listed one.
    where
        What the letters must satisfy; with their traits, all of it.
    names
        The letters of the list, as they are quantified; none where the list has no such equations.
    canonical
        What the discrete and free letters become after relabelling components and changing the latent basis; the
        loss is invariant, the spectrum and the penalties are then in no particular order.
    """

    letters: tuple[Letter, ...]
    form: tuple[Expr, ...]
    choices: Callable[[Instance], Iterator[Instance]]
    chosen: frozenset[str]
    draw: Callable[[Random, Instance], Instance] | None = None
    recover: tuple[tuple[Letter, Expr], ...] = ()
    where: tuple[Rel | Every, ...] = ()
    canonical: Mapping[Any, Any] | None = None
    names: tuple[Any, ...] = ()

    @property
    def forms(self) -> tuple[Rel, ...]:
        """That the point is the printed expression."""
        return tuple(Rel(w, "=", f) for w, f in zip(self.letters, self.form, strict=True))

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """That the letters satisfy the list's equations, and that the point is the printed expression."""
        return (*self.where, *self.forms)

    @property
    def orthonormal(self) -> tuple[Rel, ...]:
        """What the traits of the letters say."""
        letters = [x for x in self.names if isinstance(x, Letter) and "orthonormal" in x.traits]
        return tuple(Rel(x.T @ x, "=", Eye(x.cols)) for x in letters)

    @property
    def listed_proposition(self) -> Expr:
        """That the point is of the form."""
        return nested(self.names, And(self.conditions))

    def at(self, choice: Instance) -> Instance:
        """The instance with the letters at the listed point; balls where it is irrational."""
        try:
            values = [evaluate(f, choice) for f in self.form]
        except Irrational:
            values = [evaluate(f, {**choice, ENCLOSED: True}) for f in self.form]
        except KeyError as name:
            raise Undefined(f"{name} is given by nothing") from name
        return {**choice, **{w.name: numbers(v) for w, v in zip(self.letters, values, strict=True)}}

    def listed(self, choices: Iterable[Instance]) -> Iterator[Instance]:
        """The points of the choices at which the form has a value, and the inequalities of the list do not fail."""
        for choice in choices:
            try:
                here = self.at(choice)
                if self.unequal(here):
                    continue
            except Undefined:
                continue
            yield here

    def unequal(self, here: Instance) -> bool:
        """Whether something that is said of the letters, and is no equation, certainly fails."""
        others = (w for w in self.where if not (isinstance(w, Rel) and w.op == "="))
        return any(answer(w, {**here, ENCLOSED: True}) is False for w in others)

    def gap(self, point: Instance, choice: Instance) -> list[arb]:
        """The entries of point − form for a choice, as balls; empty if the form has no value there."""
        here = {**point, **choice, ENCLOSED: True}
        try:
            for letter, rule in self.recover:
                here[letter.name] = evaluate(rule, here)
            differences = [point[w.name] - evaluate(f, here) for w, f in zip(self.letters, self.form, strict=True)]
            differences += [evaluate(residual(f), here) for f in self.where if isinstance(f, Rel) and f.op == "="]
            if self.unequal(here):
                return []
        except Undefined:
            return []
        return [arb(x) for d in differences for x in np.asarray(d, dtype=object).flat]

    def excludes(self, point: Instance, choice: Instance) -> bool:
        """Whether the point is certainly not the one of this choice."""
        gap = self.gap(point, choice)
        return not gap or any(not x.contains(0) for x in gap)

    def distance(self, point: Instance, choice: Instance) -> float:
        gap = self.gap(point, choice)
        sizes = [abs(float(x.mid())) for x in gap if x.is_finite()]
        return max(sizes) if len(sizes) == len(gap) > 0 else float("inf")


def numbers(a: np.ndarray) -> np.ndarray:
    """The entries as exact numbers or balls; a product over no index, of rank 0, is the integer 0."""
    out = zeros(*a.shape)
    for index, x in np.ndenumerate(a):
        out[index] = x if isinstance(x, fmpq | arb) else fmpq(x)
    return out


class About:
    """What both statements share: a loss and a list."""

    loss: Expr
    points: Points
    plan: Plan

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.loss, *self.points.form)

    @property
    def gradients(self) -> list[Expr]:
        return [Grad(self.loss, w) for w in self.points.letters]

    @property
    def vanishing(self) -> tuple[Rel, ...]:
        """That the gradients vanish."""
        return tuple(Rel(g, "=", Zero(*g.shape)) for g in self.gradients)

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """The equations that it speaks of, losses of parallel gradients being alike."""
        vanishing = [("=", g, Zero(*g.shape)) for g in self.gradients]
        return vanishing + [("=", w, f) for w, f in zip(self.points.letters, self.points.form, strict=True)]

    def situations(self, context: Context) -> Iterator[Instance]:
        """The data, a few times for every size, the smallest sizes first and more often."""
        found, ranges = asked_of(self.parts, context.given)
        keep = self.points.chosen | {w.name for w in self.points.letters}
        names = Names(
            frozenset(s for s in found.symbols if s.name not in keep),
            frozenset(w for w in found.letters if w.name not in keep),
            frozenset(f for f in found.families if f.name not in keep),
            found.random,
        )
        ranges = tuple(r for r in ranges if not {x.name for x in free(r) if isinstance(x, Sym)} & keep)
        for number, sizes in enumerate(self.plan.sizes):
            rng = context.rng(f"points/{number}")
            wanted = self.plan.per_size * (4 if sizes["k"] * sizes["m"] <= 2 else 1)
            count = 0
            for attempt in range(self.plan.tries):
                if count == wanted or context.expired:
                    break
                at = draw_instance(names, context.given, rng, sizes, ranges, (1, 1, 2, 3)[attempt % 4])
                if at is not None:
                    count += 1
                    context.spend(SITUATION)
                    yield dict(at)

    def form_text(self) -> str:
        """The form, and what its letters satisfy."""
        forms = zip(self.points.letters, self.points.form, strict=True)
        conditions = ", ".join(map(text, (*self.points.orthonormal, *self.points.where)))
        return ", ".join(f"{text(w)} = {text(f)}" for w, f in forms) + (f" with {conditions}" if conditions else "")

    def form_latex(self) -> str:
        forms = zip(self.points.letters, self.points.form, strict=True)
        conditions = r",\ ".join(map(latex, (*self.points.orthonormal, *self.points.where)))
        shown = r",\ ".join(f"{latex(w)} = {latex(f)}" for w, f in forms)
        return shown + (rf" \text{{ with }} {conditions}" if conditions else "")


# -- every listed point is stationary --------------------------------------------------------------


@dataclass(frozen=True)
class Stationary(About):
    """``form ⇒ ∇loss = 0``."""

    loss: Expr
    points: Points
    plan: Plan = SMALL
    proof: Converse | None = field(default=None, metadata=HOW)

    @property
    def proposition(self) -> Expr | None:
        points = self.points
        if not points.names:
            return None
        return Implies(And(points.where), Implies(And(points.forms), And(self.vanishing)))

    def with_parts(self, parts: Sequence[Expr]) -> Stationary:
        return replace(self, loss=parts[0], points=replace(self.points, form=tuple(parts[1:])))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_list, by_choices, by_conditions) if self.points.names else (by_list, by_choices)

    def text(self) -> str:
        return f"{self.form_text()} ⇒ ∇ {text(self.loss)} = 0"

    def latex(self) -> str:
        return rf"{self.form_latex()} \implies \nabla {latex(self.loss)} = 0"


def by_list(statement: Stationary, context: Context) -> Evidence:
    """The gradients vanish with the equations of the list."""
    method, points = "equations of the list", statement.points
    if statement.proof is None:
        return Evidence(method, Outcome.UNDECIDED, detail="no proof for all sizes")
    try:
        t = statement.proof.theorem(context.supposed, points.where, points.forms, statement.vanishing)
    except (Refused, Undecided, NotFound, ShapeError) as why:
        return Evidence(method, Outcome.UNDECIDED, detail=str(why))
    return Evidence(method, Outcome.PROVED, "all sizes", theorem=t)


def relabel(e: Expr, canonical: Mapping[Any, Any]) -> Expr:
    """Replace letters by expressions, and families by families."""
    if e in canonical:
        return canonical[e]
    node: Any = e
    if getattr(e, "family", None) in canonical:
        node = replace(node, family=canonical[node.family])
    children = node.children()
    new = tuple(relabel(c, canonical) for c in children)
    return node if new == children else node.rebuild(new)


def zero(x: Any) -> bool:
    """Whether a number is zero, or a ball may hold zero."""
    return bool(x.contains(0)) if isinstance(x, arb) else bool(x == 0)


def by_choices(statement: Stationary, context: Context) -> Evidence:
    """The gradient at the listed point of every choice, exactly; in balls where the point is irrational."""
    exact = enclosed = 0
    sizes: set[tuple[int, int]] = set()
    failures: list[Counterexample] = []
    rng = context.rng("free letters")
    for data in statement.situations(context):
        if failures and (data["k"], data["m"]) not in sizes:
            break
        sizes.add((data["k"], data["m"]))
        for choice in statement.points.choices(data):
            if statement.points.draw is not None:
                choice = {**choice, **statement.points.draw(rng, choice)}
            try:
                here = statement.points.at(choice)
            except Undefined as why:
                return Evidence("every choice", Outcome.UNDECIDED, detail=f"a listed point has no value: {why}")
            strange = next((w for w in statement.points.where if answer(w, {**here, ENCLOSED: True}) is False), None)
            if strange is not None:
                detail = f"a choice is not of the list: {text(strange)} fails at {listed_text(statement, here)}"
                return Evidence("every choice", Outcome.UNDECIDED, detail=detail)
            values = [evaluate(g, {**here, ENCLOSED: True}) for g in statement.gradients]
            balls = [x for v in values for x in v.flat if isinstance(x, arb)]
            if not all(zero(x) for v in values for x in v.flat):
                failures.append(moving(statement, here, values))
            exact, enclosed = exact + (not balls), enclosed + bool(balls)
    if failures:
        return Evidence("every choice", Outcome.FAILS, "an instance", "", shortest(failures))
    if not exact:
        return Evidence("every choice", Outcome.UNDECIDED, detail="no listed point is rational")
    scope = f"{exact} listed points exactly, {enclosed} in balls, (k, m) up to {max(sizes)}"
    return Evidence("every choice", Outcome.CERTIFIED, scope)


def by_conditions(statement: Stationary, context: Context) -> Evidence:
    """Letters that satisfy what is printed of them, whatever the choices are: the gradients vanish there."""
    assert statement.proposition is not None
    found = by_instances(Proposition(statement.proposition, plan=statement.plan), replace(context, drawn={}))
    told = f"no exception among {found.scope}" if found.scope else found.detail
    return found if found.outcome == Outcome.FAILS else replace(found, outcome=Outcome.UNDECIDED, scope="", detail=told)


def shortest(examples: Sequence[Counterexample]) -> Counterexample:
    """The counterexample that is shortest to write, exact ones first."""
    return min(examples, key=lambda c: ("+/-" in str(c), len(str(c))))


def moving(statement: Stationary, here: Instance, values: Sequence[np.ndarray]) -> Counterexample:
    sides = {f"∇_{w.name}": value_text(v) for w, v in zip(statement.points.letters, values, strict=True)}
    return Counterexample(listed_text(statement, here), sides, "a listed point that is not stationary")


def listed_text(statement: About, here: Instance) -> dict[str, str]:
    return show(here, free_names((*statement.parts, *statement.points.letters)))


# -- every stationary point is listed --------------------------------------------------------------


@dataclass(frozen=True)
class Complete(About):
    """``∇loss = 0 ⇒ form``, for some choice of its letters."""

    loss: Expr
    points: Points
    proof: Selected | None = field(default=None, metadata=HOW)
    plan: Plan = SMALL

    @property
    def proposition(self) -> Expr | None:
        return Implies(both(*self.vanishing), self.points.listed_proposition) if self.points.names else None

    def with_parts(self, parts: Sequence[Expr]) -> Complete:
        return replace(self, loss=parts[0], points=replace(self.points, form=tuple(parts[1:])))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_letters, by_roots)

    def text(self) -> str:
        return f"∇ {text(self.loss)} = 0 ⇒ {self.form_text()}"

    def latex(self) -> str:
        return rf"\nabla {latex(self.loss)} = 0 \implies {self.form_latex()}"


def by_letters(statement: Complete, context: Context) -> Evidence:
    """Letters of the list are found for every point at which the gradients vanish."""
    method, points = "letters of the list", statement.points
    if statement.proof is None:
        return Evidence(method, Outcome.UNDECIDED, detail="no proof of completeness")
    if statement.proof.equations.premises != statement.vanishing:
        return Evidence(method, Outcome.UNDECIDED, detail="the proof is about another loss")
    try:
        t = statement.proof.theorem(context.supposed, points.names, points.conditions)
    except (Refused, Undecided, NotFound, ShapeError) as why:
        return Evidence(method, Outcome.UNDECIDED, detail=str(why))
    return Evidence(method, Outcome.PROVED, "all sizes", theorem=t)


def by_roots(statement: Complete, context: Context) -> Evidence:
    """Roots of the gradient from many starts, each compared with every listed point."""
    count, candidates = 0, 0
    sizes: set[tuple[int, int]] = set()
    examples: list[Counterexample] = []
    for data in statement.situations(context):
        if (examples and (data["k"], data["m"]) not in sizes) or (candidates > 1 and not context.shrink):
            break
        unknowns = Unknowns(statement.points.letters, empty(statement, data))
        try:
            system, roots = solutions(statement, unknowns, statement.gradients, context)
        except Undefined:
            continue
        choices = list(statement.points.choices(data))
        far = Far(statement.points, unknowns, choices)
        count += len(roots)
        sizes.add((data["k"], data["m"]))
        for root in astray(system, roots, far)[: 6 if context.shrink else 1]:
            candidates += 1
            exact = rational_root(system, root, far)
            if exact is not None and (example := unlisted_example(statement, unknowns.instance(exact), choices)):
                examples.append(example)
    if examples:
        return Evidence("roots of the gradient", Outcome.FAILS, "an exact instance", "", shortest(examples))
    if candidates:
        detail = f"{candidates} stationary points in floats are not listed; none could be made exact"
        return Evidence("roots of the gradient", Outcome.UNDECIDED, detail=detail)
    if not count:
        return Evidence("roots of the gradient", Outcome.UNDECIDED, detail="no stationary point was found")
    scope = f"{count} stationary points, all listed, (k, m) up to {max(sizes)}"
    return Evidence("roots of the gradient", Outcome.SUPPORTED, scope)


def empty(statement: About, data: Instance) -> Instance:
    """The data with letters of the right shape."""
    shapes = {w.name: [size(s, data) for s in w.shape] for w in statement.points.letters}
    return {**data, **{name: np.empty(shape, dtype=object) for name, shape in shapes.items()}}


def solutions(
    statement: About, unknowns: Unknowns, equations: Sequence[Expr], context: Context
) -> tuple[Compiled, np.ndarray]:
    """The system of equations and the roots that many starts lead to, among them starts at few nonzero entries."""
    rng = np.random.default_rng(context.seed + len(unknowns))
    system = Compiled([p for e in equations for p in polynomials([e], unknowns)], len(unknowns))
    starts = rng.normal(0, 1.5, (40, len(unknowns)))
    starts[::2] *= rng.random((20, len(unknowns))) < 0.4
    return system, system.roots(starts)


class Far:
    """Whether a float point is far from every listed point."""

    def __init__(self, points: Points, unknowns: Unknowns, choices: Sequence[Instance]):
        self.points, self.unknowns, self.choices = points, unknowns, choices
        self.listed: np.ndarray | None = None
        if not points.recover:
            rows = list(points.listed(choices))
            values = [[float(r[name][index]) for name, index, _ in unknowns.places] for r in rows]
            self.listed = np.array(values).reshape(len(rows), len(unknowns))

    def __call__(self, root: np.ndarray) -> bool:
        if self.listed is not None:
            return bool(np.min(np.max(np.abs(self.listed - root), axis=1), initial=np.inf) > FAR)
        point = self.unknowns.instance([arb(float(x)) for x in root])
        return all(self.points.distance(point, c) > FAR for c in self.choices)


def astray(system: Compiled, roots: np.ndarray, far: Far) -> list[np.ndarray]:
    """The roots that are far from every listed point, and stay so when solved again: degenerate ones come slowly."""
    found = [r for r in roots if far(r)]
    return [r for r in system.roots(np.array(found)) if far(r)] if found else []


def unlisted_example(statement: Complete, here: Instance, choices: Sequence[Instance]) -> Counterexample | None:
    """The exact point, if its gradient is zero by power series and no choice can give it."""
    values = [evaluate(g, here) for g in statement.gradients]
    if any(x != 0 for v in values for x in v.flat):
        return None
    if not all(statement.points.excludes(here, c) for c in choices):
        return None
    sides = {f"∇_{w.name}": value_text(v) for w, v in zip(statement.points.letters, values, strict=True)}
    shown = show(here, free_names((statement.loss, *statement.points.letters)))
    return Counterexample(shown, sides, f"stationary, but none of the {len(choices)} listed forms gives it")
