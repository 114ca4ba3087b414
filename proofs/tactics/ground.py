"""What a proof stands on: the propositions that are supposed, as theorems, and what was proved from them.

Main results
    Ground          suppositions, with ``prove`` for any goal; narrower ones for a generic index or one more supposition
    NotFound        no proof was found, which says nothing of the goal
    TACTICS         relation → what is tried, in order
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import Any

from proofs.kernel import existence, rules
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, plain, renewed, substitute
from proofs.kernel.expressions import Expr, Family, ShapeError, Sym
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem


class NotFound(Exception):
    """No proof was found."""


Tactic = Callable[["Ground", Any], Theorem]
TACTICS: list[Tactic] = []
"""What is tried for a relation, in order; a file of :mod:`proofs.tactics` adds its own."""


def tactic(f: Tactic) -> Tactic:
    TACTICS.append(f)
    return f


@dataclass(frozen=True, eq=False)
class Ground:
    """Suppositions and theorems.

    Attributes
    ----------
    known
        Theorems that may be used: of what is supposed, and what was proved.
    chosen
        Pairs of a name and the value that is shown to be one where something exists.
    """

    known: tuple[Theorem, ...] = ()
    proved: dict[Any, Theorem | NotFound] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    chosen: tuple[tuple[Any, Any], ...] = ()

    @staticmethod
    def of(given: Iterable[Expr]) -> Ground:
        """The ground of a claim's hypotheses."""
        return Ground(tuple(map(rules.hypothesis, dict.fromkeys(given))))

    def knowing(self, *more: Theorem) -> Ground:
        """With theorems that were proved; what was found before still holds."""
        found: dict[Any, Theorem | NotFound] = {key: t for key, t in self.proved.items() if isinstance(t, Theorem)}
        return Ground((*self.known, *more), found, chosen=self.chosen)

    def choosing(self, *values: tuple[Any, Any]) -> Ground:
        """With values for what exists."""
        return Ground(self.known, chosen=(*values, *self.chosen))

    def supposing(self, *props: Expr) -> Ground:
        """With more suppositions."""
        return self.knowing(*map(rules.hypothesis, props))

    def generic(self, var: Sym, lo: Expr, hi: Expr) -> tuple[Sym, Ground]:
        """A new index lo ≤ var′ ≤ hi."""
        key = ("generic", var, lo, hi)
        if key not in self.memo:
            taken = frozenset().union(*(free(p) for t in self.known for p in (t.says, *t.given)), free(lo), free(hi))
            new = renewed(var, taken | {var}) if var in taken else var
            self.memo[key] = new, self.supposing(Rel(lo, "≤", new), Rel(new, "≤", hi))
        return self.memo[key]

    @cached_property
    def stated(self) -> dict[Expr, Theorem]:
        """What is known, by what it says; of two that say the same, the first."""
        return {plain(t.says): t for t in reversed(self.known)}

    @cached_property
    def indices(self) -> tuple[Theorem, ...]:
        """What is known of integers."""
        return tuple(t for t in self.known if isinstance(t.says, Rel) and of_integers(t.says))

    def prove(self, goal: Expr) -> Theorem:
        """A theorem that says the goal.

        Raises
        ------
        NotFound
            With what was tried last.
        """
        key = plain(goal)
        if key not in self.proved:
            self.proved[key] = NotFound("it would rest on itself")  # unless it is found otherwise
            try:
                self.proved[key] = self.search(goal)
            except (Refused, Undecided, NotFound) as why:
                self.proved[key] = NotFound(str(why))
        found = self.proved[key]
        if isinstance(found, NotFound):
            raise NotFound(str(found))  # a new one: what is kept holds on to no frames
        return found

    def reasoned(self, goal: Rel, why: Any) -> Theorem:
        """The goal for a reason, if it is one; an object that makes theorems is asked once."""
        if not hasattr(why, "theorem"):
            return self.prove(goal)
        key = ("reason", goal, id(why))
        if key not in self.memo:
            self.memo[key] = why.theorem(self, goal), why
        return self.memo[key][0]

    def search(self, goal: Expr) -> Theorem:
        if (stated := self.stated.get(plain(goal))) is not None:
            return stated
        if isinstance(goal, Every):
            var, inside = self.generic(goal.var, goal.lo, goal.hi)
            body = inside.prove(substitute(goal.body, {goal.var: var}))
            return rules.generalise(body, var, goal.lo, goal.hi)
        if isinstance(goal, ForAll):
            return existence.whatever(self.prove(goal.body), goal.var)
        if isinstance(goal, Implies):
            premise = rules.hypothesis(goal.premise)
            return rules.discharge(supposed(self.knowing(premise), [premise], goal.conclusion), goal.premise)
        if isinstance(goal, Iff):
            there, back = Implies(goal.left, goal.right), Implies(goal.right, goal.left)
            return rules.equivalent(self.prove(there), self.prove(back))
        if isinstance(goal, And):
            return rules.conjunction(tuple(map(self.prove, goal.terms)))
        if isinstance(goal, Exists):
            tries: Iterable[Callable[[], Theorem]] = (partial(shown, self, goal, x) for x in candidates(self, goal))
        elif isinstance(goal, Or):
            tries = (partial(case, self, goal, place) for place in range(len(goal.terms)))
        else:
            tries = (partial(attempt, self, goal) for attempt in TACTICS if isinstance(goal, Rel))
        failures = []
        for attempt in tries:
            try:
                return attempt()
            except (Refused, Undecided, NotFound, ShapeError) as why:
                failures.append(str(why))
        raise NotFound("; ".join(dict.fromkeys(filter(None, failures))))

    def order(self, left: Any, op: str, right: Any) -> Theorem:
        """A comparison of integers."""
        return rules.order(Rel(E.lift(left), op, E.lift(right)), self.indices)

    def orders(self, left: Any, op: str, right: Any) -> bool:
        """Whether it follows."""
        key = ("order", left, op, right)
        if key not in self.proved:
            self.proved[key] = NotFound("it would rest on itself")  # unless it is found otherwise
            try:
                self.proved[key] = self.order(left, op, right)
            except (Refused, Undecided) as why:
                self.proved[key] = NotFound(str(why))
        return isinstance(self.proved[key], Theorem)


def supposed(ground: Ground, todo: list[Theorem], goal: Expr) -> Theorem:
    """The goal, where theorems are known with all their parts; of what exists, some such one."""
    if not todo:
        return ground.prove(goal)
    t, *rest = todo
    says: Any = t.says
    if isinstance(says, And):
        parts = [rules.part(t, place) for place in range(len(says.terms))]
        return supposed(ground.knowing(*parts), parts + rest, goal)
    if isinstance(says, Exists) and says.var not in free(goal):
        one = rules.hypothesis(says.body)
        found = supposed(ground.knowing(one), [one, *rest], goal)
        return existence.obtain(t, found) if any(rules.same(p, says.body) for p in found.given) else found
    return supposed(ground, rest, goal)


def case(ground: Ground, goal: Or, place: int) -> Theorem:
    return rules.either(goal, place, ground.prove(goal.terms[place]))


CANDIDATES = 12
"""How many expressions are tried in the place of what is to exist."""


def candidates(ground: Ground, goal: Exists) -> Iterator[Any]:
    """What was chosen; else what the goal and what is known speak of, of the same shape."""
    chosen = [value for name, value in ground.chosen if name == goal.var]
    if chosen or isinstance(goal.var, Family):
        yield from chosen
        return
    spoken = (x for e in (goal.body, *(t.says for t in ground.known)) for x in e.walk())
    bound = {x.var for x in goal.walk() if isinstance(x, E.Binder)}
    simple: list[Expr] = [] if goal.var.is_scalar else [zero(goal.var)]
    simple += [E.Eye(goal.var.rows)] if simple and goal.var.rows == goal.var.cols else []
    found = (x for x in spoken if x.shape == goal.var.shape and not bound & free(x))
    yield from islice(dict.fromkeys((*simple, *found)), CANDIDATES)


def shown(ground: Ground, goal: Exists, value: Any) -> Theorem:
    """That something exists, as this value is one."""
    x, trait = goal.var, None
    if getattr(x, "traits", None):
        trait = ground.prove(Rel(value.T @ value, "=", E.Eye(value.shape[1])))
    return existence.witness(goal, value, ground.prove(existence.at_value(goal.body, x, value, trait)), trait)


def of_integers(p: Rel) -> bool:
    """Whether a relation compares indices."""
    try:
        index_of(p.left), index_of(p.right)
    except Undecided:
        return False
    return True


@tactic
def comparison_of_integers(ground: Ground, goal: Rel) -> Theorem:
    if not of_integers(goal):
        raise NotFound("")
    return rules.order(goal, ground.indices)


WEAKER = {"=": "≤≥", "<": "≤≠", ">": "≥≠"}
"""What follows from a relation of the same sides."""


@tactic
def stated(ground: Ground, goal: Rel) -> Theorem:
    """What is known of the same sides, turned round or stronger."""
    for t in ground.known:
        r = t.says
        if not (isinstance(r, Rel) and r.left.shape == goal.left.shape and r.left.is_scalar):
            continue
        if rules.same(r.left, goal.right) and rules.same(r.right, goal.left):
            t = rules.mirror(t)
        elif not (rules.same(r.left, goal.left) and rules.same(r.right, goal.right)):
            continue
        op = t.says.op  # type: ignore[attr-defined]
        if op == goal.op:
            return t
        if goal.op in WEAKER.get(op, ""):
            return rules.weaken(t, goal.op)
    raise NotFound("")
