"""The ranges that integers are declared with: a claim that speaks of an integer supposes that it lies in its range.

Main results
    declared    the ranges, as propositions
    spoken      the free symbols of an expression as they were declared
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proofs.kernel.binding import binds, families, free, rules_of, sizes
from proofs.kernel.expressions import ANY, Expr, Letter, Sort, Sym, lift
from proofs.kernel.propositions import Rel


def declared(*parts: Expr) -> tuple[Rel, ...]:
    """The ranges that the free integers of expressions are declared with, and those of the integers in the ranges.

    Examples
    --------
    >>> from proofs.kernel.expressions import integer, size
    >>> k = size("k")
    >>> i = integer("i", "", 1, k)
    >>> [(p.left == i, p.right == i) for p in declared(i + 1)]  # 1 ≤ i, i ≤ k, 1 ≤ k
    [(False, True), (True, False), (False, False)]
    """
    found: dict[Rel, None] = {}
    todo, seen = list(parts), set[str]()
    while todo:
        p = todo.pop()
        unbound = {x.name for x in free(p) if isinstance(x, Sym)}
        for s in spoken(p):
            if s.name in unbound and s.name not in seen and s.sort == Sort.INTEGER:
                seen.add(s.name)
                least, greatest = (None if end is None else lift(end) for end in s.span)
                ends = [] if least is None else [Rel(least, "≤", s)]
                ends += [] if greatest is None else [Rel(s, "≤", greatest)]
                found.update(dict.fromkeys(ends))
                todo += ends
    return tuple(found)


def spoken(e: Expr) -> tuple[Sym, ...]:
    """The free symbols of an expression as they were declared: two papers may declare one name in two ways."""
    if "spoken" not in e.__dict__:  # of this object: equal ones may be declared otherwise
        e.__dict__["spoken"] = tuple(_spoken(e))
    return e.__dict__["spoken"]


def _spoken(e: Expr) -> Iterator[Sym]:
    todo: list[tuple[Expr, frozenset[Any]]] = [(e, frozenset())]
    seen = dict[tuple[int, frozenset[Any]], Expr]()  # which keeps them alive, and so their ids their own
    while todo:
        x, bound = todo.pop()
        if (id(x), bound) in seen:
            continue
        seen[id(x), bound] = x
        if isinstance(x, Sym) and x not in bound:
            yield x
        own = binds(x)
        inside = bound if own is None else bound | {own}
        more = [*sizes(x)]
        more += rules_of(x)
        for f in families(x):
            more += [] if f.length is None else [f.length]
            more += [] if f.random is None else [f.random[ANY]]
        if isinstance(x, Letter) and isinstance(x.noise, Expr):
            more.append(x.noise)
        body = getattr(x, "body", None)
        todo += [*((c, inside if c is body else bound) for c in x.children()), *((y, bound) for y in more)]
