"""What a proof stands on: the propositions that are supposed, as theorems, and what was proved from them.

Main results
    Ground          suppositions, with ``prove`` for any goal; narrower ones for a generic index or one more supposition
    NotFound        no proof was found, which says nothing of the goal
    TACTICS         relation → what is tried, in order
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from proofs.kernel import existence, rules
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, plain, renewed, substitute
from proofs.kernel.expressions import Expr, Sym
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import And, Every, ForAll, Implies, Rel
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
    """

    known: tuple[Theorem, ...] = ()
    proved: dict[Any, Theorem | NotFound] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)

    @staticmethod
    def of(given: Iterable[Expr]) -> Ground:
        """The ground of a claim's hypotheses."""
        return Ground(tuple(map(rules.hypothesis, dict.fromkeys(given))))

    def knowing(self, *more: Theorem) -> Ground:
        """With theorems that were proved; what was found before still holds."""
        found: dict[Any, Theorem | NotFound] = {key: t for key, t in self.proved.items() if isinstance(t, Theorem)}
        return Ground((*self.known, *more), found)

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
            try:
                self.proved[key] = self.search(goal)
            except (Refused, Undecided) as why:
                self.proved[key] = NotFound(str(why))
            except NotFound as why:
                self.proved[key] = why
        found = self.proved[key]
        if isinstance(found, NotFound):
            raise found
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
        for t in self.known:
            if rules.same(t.says, goal):
                return t
        if isinstance(goal, Every):
            var, inside = self.generic(goal.var, goal.lo, goal.hi)
            body = inside.prove(substitute(goal.body, {goal.var: var}))
            return rules.generalise(body, var, goal.lo, goal.hi)
        if isinstance(goal, ForAll):
            return existence.whatever(self.prove(goal.body), goal.var)
        if isinstance(goal, Implies):
            return rules.discharge(self.supposing(goal.premise).prove(goal.conclusion), goal.premise)
        if isinstance(goal, And):
            return rules.conjunction(tuple(map(self.prove, goal.terms)))
        failures = []
        for attempt in TACTICS:
            try:
                return attempt(self, goal)
            except (Refused, Undecided, NotFound) as why:
                failures.append(str(why))
        raise NotFound("; ".join(dict.fromkeys(filter(None, failures))))

    def order(self, left: Any, op: str, right: Any) -> Theorem:
        """A comparison of integers."""
        return rules.order(Rel(E.lift(left), op, E.lift(right)), self.indices)

    def orders(self, left: Any, op: str, right: Any) -> bool:
        """Whether it follows."""
        key = ("order", left, op, right)
        if key not in self.proved:
            try:
                self.proved[key] = self.order(left, op, right)
            except (Refused, Undecided) as why:
                self.proved[key] = NotFound(str(why))
        return isinstance(self.proved[key], Theorem)


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
