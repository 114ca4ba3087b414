"""What hypotheses say about order: of indices, and of the quantities that carry them.

Main results
    Indices    difference constraints between indices (1 ≤ j, j + 1 ≤ i, k ≤ m), with their consequences
    Arena      the hypotheses and the indices of a proof; narrower ones for a generic index or with more facts
    Order      the strongest order that follows between 0 and quantities such as λ_j, σ_k²
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from proofs.algebra import normal
from proofs.claim import Context
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.kernel.propositions import Every, Rel

SIZES = ("k", "m", "n", "N")
FREE = ("i", "j", "l")
OTHERS = ("u",)  # an index that may lie outside 1, …, k
IndexKey = tuple[str, int]
MIRROR = {"<": ">", "≤": "≥", ">": "<", "≥": "≤", "=": "=", "≠": "≠"}
ONE = E.Num(Fraction(1))


def index_key(e: E.Expr) -> IndexKey:
    """An index as ``(name, offset)``; the name of an integer is empty."""
    kind, name, offset = normal.index_of(e)
    if kind != "x":
        raise normal.Undecided(f"the index {e}")
    return name, offset


@dataclass(frozen=True)
class Indices:
    """Known lower bounds x − y ≥ d between index names; the empty name is 0."""

    bounds: tuple[tuple[str, str, int], ...] = (*((s, "", 1) for s in SIZES), ("m", "k", 0))

    def learn(self, left: IndexKey, op: str, right: IndexKey) -> Indices:
        """With one more comparison of indices."""
        if op in "<≤":
            return self.learn(right, MIRROR[op], left)
        gap = right[1] - left[1] + (op == ">")
        more: tuple[tuple[str, str, int], ...] = ((left[0], right[0], gap),) if op in ">≥=" else ()
        if op == "=":
            more += ((right[0], left[0], -gap),)
        return Indices(self.bounds + more)

    def least(self, left: IndexKey, right: IndexKey) -> int | None:
        """The greatest d for which left − right ≥ d is known, or None."""
        gap = self.gaps(right[0]).get(left[0])
        return None if gap is None else gap + left[1] - right[1]

    def gaps(self, name: str) -> dict[str, int]:
        """The greatest d for which x − name ≥ d is known, for every such x: the longest path from name to x."""
        if name in self._gaps:
            return self._gaps[name]
        best = {name: 0}
        for _ in range(len(self.bounds) + 1):
            grown = dict(best)
            for x, y, d in self.bounds:
                if y in best and best[y] + d > grown.get(x, -(10**9)):
                    grown[x] = best[y] + d
            if grown == best:
                break
            best = grown
        return self._gaps.setdefault(name, best)

    @cached_property
    def _gaps(self) -> dict[str, dict[str, int]]:
        return {}

    def consistent(self) -> bool:
        """Whether no cycle of bounds says x > x."""
        return all((self.least((x, 0), (x, 0)) or 0) <= 0 for x, _, _ in self.bounds)

    def at_least(self, left: IndexKey, right: IndexKey, gap: int = 0) -> bool:
        known = self.least(left, right)
        return known is not None and known >= gap

    def at_most(self, i: normal.Index, j: normal.Index) -> bool:
        """As the normal form asks for i ≤ j."""
        return i[0] == j[0] == "x" and self.at_least(j[1:], i[1:])

    def same(self, left: IndexKey, right: IndexKey) -> bool:
        return left == right or (self.at_least(left, right) and self.at_least(right, left))


@dataclass(frozen=True)
class Arena:
    """What a proof may use.

    Attributes
    ----------
    relations
        The hypotheses, and what was proved on the way.
    indices
        What is known of the indices that occur.
    """

    context: Context
    relations: tuple[Rel | Every, ...] = ()
    indices: Indices = field(default_factory=Indices)

    @staticmethod
    def of(context: Context) -> Arena:
        """The hypotheses of a claim; free indices are members of 1, …, k, and comparisons of them are recognised."""
        arena = Arena(context, tuple(r for h in context.given for r in h.relations))
        for name in FREE:
            arena = arena.comparing(E.integer(name), "≥", ONE).comparing(E.integer(name), "≤", E.integer("k"))
        for r in arena.relations:
            if isinstance(r, Rel) and index_relation(r):
                arena = arena.comparing(r.left, r.op, r.right)
        return arena

    def comparing(self, left: E.Expr, op: str, right: E.Expr) -> Arena:
        """With a comparison of indices."""
        return replace(self, indices=self.indices.learn(index_key(left), op, index_key(right)))

    def generic(self, var: E.Sym, lo: E.Expr, hi: E.Expr) -> tuple[E.Sym, Arena]:
        """A new index lo ≤ var' ≤ hi."""
        name = var.name
        while any(name in bound[:2] for bound in self.indices.bounds):
            name += "′"
        new = E.integer(name)
        return new, self.comparing(new, "≥", lo).comparing(new, "≤", hi)

    def knowing(self, *facts: Rel | Every) -> Arena:
        """With facts that were proved."""
        return replace(self, relations=(*self.relations, *facts))

    def filled(self, lo: E.Expr, hi: E.Expr) -> bool:
        """Whether the range is known to hold an index."""
        return self.indices.at_least(index_key(hi), index_key(lo))


def index_relation(r: Rel) -> bool:
    """Whether a relation compares indices or sizes."""
    names = {s.name for side in (r.left, r.right) for s in side.walk() if isinstance(s, E.Sym)}
    others = any(isinstance(s, E.Item) for side in (r.left, r.right) for s in side.walk())
    return bool(names) and not others and names <= {*SIZES, *FREE, *OTHERS}


# -- quantities ------------------------------------------------------------------------------------

Node = tuple  # ("f", family name, index key, power), ("s", name), ("Σ", expr), or ZERO
ZERO: Node = ("0",)


@dataclass
class Order:
    """Strict and weak comparisons between nodes, closed under transitivity."""

    arena: Arena
    above: dict[tuple[Node, Node], bool] = field(default_factory=dict)  # (x, y) ↦ x > y (True) or x ≥ y (False)

    def put(self, upper: Node, lower: Node, strict: bool) -> None:
        self.above[upper, lower] = strict or self.above.get((upper, lower), False)

    def close(self) -> None:
        nodes = {x for pair in self.above for x in pair}
        for middle in nodes:
            uppers = [(x, s) for (x, y), s in self.above.items() if y == middle]
            lowers = [(y, s) for (x, y), s in self.above.items() if x == middle]
            for x, s in uppers:
                for y, t in lowers:
                    if x != y:
                        self.put(x, y, s or t)

    def below(self, node: Node) -> list[tuple[Node, bool]]:
        return [(y, s) for (x, y), s in self.above.items() if x == node]


def build_order(arena: Arena, nodes: Iterable[Node], families: dict[str, E.Family]) -> Order:
    """The order that the relations of the arena give between the nodes and 0."""
    order = Order(arena)
    wanted = set(nodes)
    powers = {n[1]: n[3] for n in wanted if n[0] == "f"}
    keys = {n[2] for n in wanted if n[0] == "f"} | {("", 1)} | {(s, 0) for s in SIZES if s != "n"}
    for r in arena.relations:
        for s in (r.left, r.right) if isinstance(r, Rel) else ():
            keys |= {index_key(x.index) for x in s.walk() if isinstance(x, E.Item)}
    for r in arena.relations:
        for upper, lower, strict in comparisons(arena, r, keys, powers):
            order.put(upper, lower, strict)
    for family in families.values():
        for upper, lower, strict in tail_comparisons(arena, family, keys, powers.get(family.name, 1)):
            order.put(upper, lower, strict)
    for a in keys:
        for b in keys:
            if a != b and arena.indices.same(a, b):
                for name, power in powers.items():
                    order.put(("f", name, a, power), ("f", name, b, power), False)
    for node in wanted:
        if node[0] == "s" and node[1] in SIZES:
            order.put(node, ZERO, True)
    order.close()
    return order


def comparisons(
    arena: Arena, r: Rel | Every, keys: set[IndexKey], powers: dict[str, int]
) -> Iterator[tuple[Node, Node, bool]]:
    """The edges of one relation, at every index where it applies."""
    if isinstance(r, Rel):
        yield from oriented(node_of(r.left, powers, r.right), r.op, node_of(r.right, powers, r.left))
        return
    lo, hi = index_key(r.lo), index_key(r.hi)
    step = monotone(r)
    if step is not None:
        name, op = step
        power = powers.get(name, 1)
        inside = [a for a in keys if arena.indices.at_least(a, lo) and arena.indices.at_least((hi[0], hi[1] + 1), a)]
        for a in inside:
            for b in inside:
                if a != b and arena.indices.at_least(b, a):
                    strict = arena.indices.at_least(b, a, 1) and op in "<>"
                    pair = oriented(("f", name, a, power), op, ("f", name, b, power))
                    yield from ((u, v, strict) for u, v, _ in pair)
        return
    for a in keys:
        if arena.indices.at_least(a, lo) and arena.indices.at_least(hi, a):
            index = E.add(E.integer(a[0]), a[1]) if a[0] else E.Num(Fraction(a[1]))
            sides = [substitute(s, {r.var: index}) for s in (r.body.left, r.body.right)]
            nodes = node_of(sides[0], powers, sides[1]), node_of(sides[1], powers, sides[0])
            yield from oriented(nodes[0], r.body.op, nodes[1])


def oriented(left: Node | None, op: str, right: Node | None) -> Iterator[tuple[Node, Node, bool]]:
    if left is None or right is None or op == "≠":
        return
    if op in "<≤":
        left, right = right, left
    yield left, right, op in "<>"
    if op == "=":
        yield right, left, False


def monotone(r: Every) -> tuple[str, str] | None:
    """``(family, op)`` when the relation says f[l] op f[l + 1]."""
    left, right = r.body.left, r.body.right
    if not (isinstance(left, E.Item) and isinstance(right, E.Item) and left.family == right.family):
        return None
    a, b = index_key(left.index), index_key(right.index)
    if {a, b} != {(r.var.name, 0), (r.var.name, 1)}:
        return None
    return left.family.name, r.body.op if a[1] == 0 else MIRROR[r.body.op]


def tail_comparisons(
    arena: Arena, family: E.Family, keys: set[IndexKey], power: int
) -> Iterator[tuple[Node, Node, bool]]:
    """f[i] = Σ_{b ≥ i} w[b] is positive and decreasing when every weight is positive, and so is its square."""
    if family.tail is None or family.length is None:
        return
    probe = family.tail(E.ANY)
    positive = any(
        isinstance(r, Every)
        and substitute(r.body.left, {r.var: E.ANY}) == probe
        and (r.body.op, r.body.right) == (">", E.Num(Fraction(0)))
        for r in arena.relations
    )
    top = index_key(family.length)
    inside = [a for a in keys if arena.indices.at_least(a, ("", 1)) and arena.indices.at_least(top, a)]
    for a in inside if positive else ():
        yield ("f", family.name, a, power), ZERO, True
        for b in inside:
            if a != b and arena.indices.at_least(b, a):
                yield ("f", family.name, a, power), ("f", family.name, b, power), arena.indices.at_least(b, a, 1)


def node_of(e: E.Expr, powers: dict[str, int], other: E.Expr) -> Node | None:
    """The node that an expression is, if it is one.

    Of a positive family that occurs in squares only the squares are nodes; between its members, and against 0, they
    are ordered as the members are.
    """
    e = opened(e)
    if isinstance(e, E.Num):
        return ZERO if e.value == 0 else None
    if isinstance(e, E.Sym):
        return ("s", e.name)
    power = 1
    if isinstance(e, E.Pow) and isinstance(e.exponent, E.Num) and isinstance(opened(e.base), E.Item):
        power, e = int(e.exponent.value), opened(e.base)
    if isinstance(e, E.Item) and e.family.define is None:
        wanted = powers.get(e.family.name, power)
        alike = opened(other) == E.Num(Fraction(0)) or (
            isinstance(opened(other), E.Item) and opened(other).family == e.family  # type: ignore[attr-defined]
        )
        if power == wanted or (power == 1 and alike):
            return ("f", e.family.name, index_key(e.index), wanted)
    return None


def opened(e: E.Expr) -> E.Expr:
    return opened(e.body) if isinstance(e, E.Named) else e
