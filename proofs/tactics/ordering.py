"""What suppositions say about the order of quantities: edges between quantities and numbers, each with its theorem.

Main results
    Order            edges x ≥ y and x > y, closed under transitivity; a theorem is made when it is asked for
    quantity         the canonical form of λ_{i+1}, σ_k², k, a sum over a symbolic range
    instances        the suppositions about every index, at the indices that occur
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain, substitute
from proofs.kernel.expressions import Expr, Num, Pow
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import MIRROR, ONE, ZERO, Every, Rel
from proofs.kernel.tensor import CONSTANT, Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.ground import Ground, NotFound

TWO = Num(Fraction(2))
Made = Callable[[], Theorem]


def lazily(make: Made) -> Made:
    """A theorem that is made once, when it is asked for."""
    made: list[Theorem] = []

    def ask() -> Theorem:
        if not made:
            made.append(make())
        return made[0]

    return ask


def weakened(made: Made) -> Theorem:
    return rules.weaken(made(), "≥")


def chained(a: Made, b: Made) -> Theorem:
    return rules.chain((a(), b()))


def at_index(e: Expr) -> Expr:
    """An index in one form: a name plus a number."""
    base, offset = index_of(e)
    if base == CONSTANT:
        return E.lift(offset)
    if base[0] != 1:
        raise Undecided(f"the index {e}")
    named = E.integer(base[1])
    return named + offset if offset else named


@lru_cache(maxsize=50_000)
def quantity(e: Expr) -> Expr | None:
    """The canonical form of a quantity, or None for what is made of others."""
    e = plain(e)
    if isinstance(e, E.Item):
        try:
            return E.Item(e.family, at_index(e.index))
        except Undecided:
            return None
    if isinstance(e, E.Sym | Num):
        return e
    if isinstance(e, Pow) and e.is_scalar and not isinstance(e.exponent, Num):
        return e
    if isinstance(e, Pow) and e.is_scalar:
        base = quantity(e.base)
        return Pow(base, e.exponent) if isinstance(base, E.Item | E.Sym) else None
    if isinstance(e, E.Add):
        try:
            index = index_of(e)
        except Undecided:
            return None
        return None if index[0] == CONSTANT or index[1] else E.integer(index[0][1])
    if (
        isinstance(e, E.Sum | E.Extremum | E.Pick | E.Tr | E.SqNorm | E.Entry | E.Det | E.Rank | E.Abs)
        or (isinstance(e, E.Fn) and e.name == "log")
        or (e.is_scalar and not e.children())
    ):
        return e
    return None


@dataclass
class Order:
    """``above[x, y]`` is whether x > y (True) or only x ≥ y, with the theorem."""

    above: dict[tuple[Expr, Expr], tuple[bool, Made]] = field(default_factory=dict)
    under: dict[Expr, dict[Expr, bool]] = field(default_factory=dict)
    over: dict[Expr, dict[Expr, bool]] = field(default_factory=dict)

    def put(self, upper: Expr, lower: Expr, strict: bool, made: Made) -> None:
        known = self.above.get((upper, lower))
        if upper != lower and (known is None or (strict and not known[0])):
            self.above[upper, lower] = strict, made
            self.under.setdefault(upper, {})[lower] = strict
            self.over.setdefault(lower, {})[upper] = strict

    def learn(self, t: Theorem) -> None:
        """An edge from a theorem that compares two quantities."""
        r = t.says
        if not isinstance(r, Rel) or r.op not in "=≤<≥>":
            return
        left, right = quantity(r.left), quantity(r.right)
        if left is None or right is None or (isinstance(left, Num) and isinstance(right, Num)):
            return
        for upper, lower, op, made in (
            (left, right, r.op, lambda: t),
            (right, left, MIRROR[r.op], lambda: rules.mirror(t)),
        ):
            if op in "≥>":
                self.put(upper, lower, op == ">", lazily(made))
            elif op == "=":
                self.put(upper, lower, False, lazily(partial(weakened, made)))

    def close(self) -> None:
        """All that follows by transitivity."""
        for middle in [x for x in self.over if x in self.under]:
            for x, s in list(self.over[middle].items()):
                for y, r in list(self.under[middle].items()):
                    known = self.above.get((x, y))
                    if known and (known[0] or not (s or r)):
                        continue
                    if x != y and not (isinstance(x, Num) and isinstance(y, Num)):
                        a, b = self.above[x, middle][1], self.above[middle, y][1]
                        self.put(x, y, s or r, lazily(partial(chained, a, b)))

    def below(self, x: Expr) -> list[tuple[Expr, bool]]:
        return list(self.under.get(x, {}).items())

    def theorem(self, upper: Expr, lower: Expr) -> Theorem:
        """``upper ≥ lower`` or ``upper > lower``."""
        return self.above[upper, lower][1]()


def instances(ground: Ground, indices: Iterable[Expr]) -> Iterator[Made]:
    """What is known of every index, at those that occur and lie in the range; of neighbours, for every pair."""
    keys = list(dict.fromkeys(indices))
    for t in ground.known:
        says = t.says
        if not (isinstance(says, Every) and isinstance(says.body, Rel)):
            continue
        try:
            step = neighbours(says)
        except Undecided:
            continue
        if step:
            yield from pairs(ground, t, says, keys)
            continue
        for key in keys:
            if ground.orders(says.lo, "≤", key) and ground.orders(key, "≤", says.hi):
                yield partial(once, ground, (t.says, key), partial(instance, ground, t, key))


def neighbours(says: Every) -> bool:
    """Whether a relation compares an expression with itself at the next index."""
    left, right, l = says.body.left, says.body.right, says.var
    return any(rules.tidy(b) == rules.tidy(substitute(a, {l: l + 1})) for a, b in ((left, right), (right, left)))


def pairs(ground: Ground, t: Theorem, says: Every, keys: list[Expr]) -> Iterator[Made]:
    """A monotone expression at every two indices whose order is known."""
    inside = [key for key in keys if ground.orders(says.lo, "≤", key) and ground.orders(key, "≤", says.hi + 1)]
    for a in inside:
        for b in inside:
            if a != b and ground.orders(a, "≤", b):
                yield partial(once, ground, (t.says, a, b), partial(rules.monotone, t, a, b, ground.indices))


def instance(ground: Ground, t: Theorem, key: Expr) -> Theorem:
    """What is known of every index, at one."""
    says: Any = t.says
    return rules.instance(t, key, ground.order(says.lo, "≤", key), ground.order(key, "≤", says.hi))


def once(ground: Ground, key: Any, make: Made) -> Theorem:
    """A theorem that the ground remembers, or that there is none."""
    if key not in ground.proved:
        try:
            ground.proved[key] = make()
        except (Refused, Undecided, NotFound) as why:
            ground.proved[key] = NotFound(str(why))
    found = ground.proved[key]
    if isinstance(found, NotFound):
        raise NotFound(str(found))
    return found


def indices_in(e: Expr) -> Iterator[Expr]:
    """The indices at which families occur, in one form; bound ones left out."""
    bound = {x.var for x in e.walk() if isinstance(x, E.Binder)}
    for x in e.walk():
        if isinstance(x, E.Named):
            yield from indices_in(x.body)
        if isinstance(x, E.Item) and x.family.random is None:
            try:
                key = at_index(x.index)
            except Undecided:
                continue
            if not bound & {s for s in key.walk() if isinstance(s, E.Sym)}:
                yield key


__all__ = ["ONE", "TWO", "ZERO", "NotFound", "Order", "at_index", "indices_in", "instances", "quantity"]
