"""Indices, what their names decide, and how they are renamed inside a term.

An index is ``("x", name, offset)``, an affine ``i + 1`` or a number (of the empty name), or ``("r", family, index)``,
the random index ``b_i`` of an expectation. A term is a nested tuple, and its monomials are frozensets of pairs (atom,
exponent); renaming, counting and printing go through all of it.

Main results
    index_of                an index from an expression
    compare, same_index     the sign of i − j, and whether i = j, or None where the names do not decide
    rename, mentions        replace an index in a term; whether a name is in it
    gather                  monomials and polynomials from items that may coincide
    stable                  a representation that does not depend on the order of a set
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from proofs.kernel import expressions as E

Index = tuple
Number = int | Fraction
"""Coefficients and exponents; whole ones are int, which is equal to the fraction and much faster."""
Binders = tuple  # of (name, lo, hi): the bound indices of a term with their ranges
FIRST: Index = ("x", "", 1)
DUMMY: Index = ("x", "•", 0)
"""The index of the entries of a diagonal matrix."""


class Undecided(Exception):
    """The normal form does not cover this expression; says why."""


# -- from expressions ------------------------------------------------------------------------------


def index_of(e: E.Expr) -> Index:
    """An affine index ``name + offset``, an integer, or a random index ``b[i]``.

    Examples
    --------
    >>> index_of(E.Sym("i") - 1)
    ('x', 'i', -1)
    """
    if isinstance(e, E.Num):
        return number_index(int(e.value))
    if isinstance(e, E.Sym):
        return named(e.name)
    if isinstance(e, E.Item):
        return ("r", e.family.name, index_of(e.index))
    if isinstance(e, E.Add):
        name, offset = "", 0
        for t in e.terms:
            kind, part, step = index_of(t)
            if kind != "x" or (name and part):
                raise Undecided(f"index {e}")
            name, offset = name or part, offset + step
        return ("x", name, offset)
    raise Undecided(f"index {e}")


def size_index(size: Any) -> Index:
    """A size, which is an expression or an integer, as an index: the last of its range."""
    return index_of(size) if isinstance(size, E.Expr) else number_index(size)


def named(name: str) -> Index:
    return ("x", name, 0)


def number_index(value: int) -> Index:
    return ("x", "", value)


def shifted(i: Index, by: int) -> Index:
    return ("x", i[1], i[2] + by)


# -- what the names decide -------------------------------------------------------------------------


def compare(i: Index, j: Index) -> int | None:
    """Sign of i − j where the names decide it.

    Examples
    --------
    >>> compare(("x", "k", -1), ("x", "k", 0)), compare(("x", "i", 0), ("x", "k", 0))
    (-1, None)
    """
    if i[0] == j[0] == "x" and i[1] == j[1]:
        return (i[2] > j[2]) - (i[2] < j[2])
    return 0 if i == j else None


def below(i: Index, j: Index) -> bool:
    """Whether the names decide i ≤ j."""
    c = compare(i, j)
    return c is not None and c <= 0


def beyond(i: Index, j: Index) -> bool:
    """Whether the names decide i > j; the index • of the entries of a diagonal matrix starts at 1.

    Examples
    --------
    >>> beyond(DUMMY, number_index(0)), beyond(DUMMY, FIRST)
    (True, False)
    """
    c = compare(i, j)
    return c > 0 if c is not None else i == DUMMY and j[1] == "" and j[2] < 1


def same_index(i: Index, j: Index) -> bool | None:
    """Different free names are different indices; an integer and a name are undecided."""
    c = compare(i, j)
    if c is not None:
        return c == 0
    free = all(x[0] == "x" and x[1] and x[1] != "•" and not is_bound(x) for x in (i, j))
    return False if free and i[2] == j[2] == 0 else None


def is_bound(i: Index) -> bool:
    """Whether an index is summed over (#0, #1, …) or about to be (i°)."""
    return i[0] == "x" and (i[1].startswith("#") or i[1].endswith("°"))


def bounded(i: Index, hi: Index, binders: Binders) -> bool:
    """Whether i ≤ hi is known from the range that i is summed over."""
    return any(i[1] == name and below(shifted(top, i[2]), hi) for name, _, top in binders)


def least(i: Index, binders: Binders) -> int:
    """The least value of an index: names start at 1, bound ones where their range does.

    Examples
    --------
    >>> least(("x", "#0", -1), (("#0", FIRST, ("x", "k", 0)),)), least(("x", "i", 0), ())
    (0, 1)
    """
    start = next((lo for name, lo, _ in binders if name == i[1]), None)
    return i[2] + (bool(i[1]) if start is None else least(start, binders))


def fresh(binders: Binders) -> str:
    """A name #0, #1, … that no binder has."""
    taken = {b[0] for b in binders}
    return next(name for r in range(len(binders) + 1) if (name := f"#{r}") not in taken)


# -- inside a term ---------------------------------------------------------------------------------


def rename(obj: Any, old: Index, new: Index) -> Any:
    """Replace the index ``old`` (with offsets carried over) everywhere inside a term.

    Examples
    --------
    >>> rename((("f", "σ", ("x", "i", 1)),), ("x", "i", 0), ("x", "k", -1))
    (('f', 'σ', ('x', 'k', 0)),)
    """
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            if old[0] == "x" and obj[1] == old[1] and old[1]:
                if new[0] != "x":
                    return new
                return ("x", new[1], new[2] + obj[2] - old[2])
            return obj
        if obj == old:
            return new
        return tuple([rename(o, old, new) for o in obj])
    return gather((rename(o, old, new), e) for o, e in obj) if isinstance(obj, frozenset) else obj


def name_all(obj: Any, names: Mapping[str, str]) -> Any:
    """Replace names of indices by names that are not in use, all at once, everywhere inside a term."""
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            return ("x", names.get(obj[1], obj[1]), obj[2])
        return tuple([name_all(o, names) for o in obj])
    return frozenset([(name_all(o, names), e) for o, e in obj]) if isinstance(obj, frozenset) else obj


def gather(items: Iterable[tuple[Any, Number]]) -> frozenset:
    """A monomial (exponents of atoms) or a polynomial (coefficients of monomials) from items that may coincide."""
    total: dict[Any, Number] = {}
    for what, number in items:
        if isinstance(what, tuple) and what[0] in ("b", "d"):
            total[what] = 1  # indicators are idempotent
        else:
            total[what] = total.get(what, 0) + number
    return frozenset((what, number) for what, number in total.items() if number)


def mentions(obj: Any, name: str) -> bool:
    """Whether an index of this name is in a term."""
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            return obj[1] == name
        return any(mentions(o, name) for o in obj)
    return isinstance(obj, frozenset) and any(mentions(o, name) for o in obj)


def count_mentions(obj: Any, name: str) -> int:
    """How often an index of this name is in a term."""
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            return int(obj[1] == name)
        return sum(count_mentions(o, name) for o in obj)
    return sum(count_mentions(o, name) for o in obj) if isinstance(obj, frozenset) else 0


def random_indices(obj: Any, family: str) -> Iterator[Index]:
    """The random indices of a family in a term."""
    if isinstance(obj, tuple) and len(obj) == 3 and obj[0] == "r" and obj[1] == family:
        yield obj
    elif isinstance(obj, tuple | frozenset):
        for o in obj:
            yield from random_indices(o, family)


def stable(obj: Any) -> str:
    """A representation that does not depend on the order of a set."""
    if isinstance(obj, tuple):
        return "(" + ",".join(stable(o) for o in obj) + ")"
    if isinstance(obj, frozenset):
        return "{" + ",".join(sorted(stable(o) for o in obj)) + "}"
    if isinstance(obj, E.Letter | E.Sym):
        return obj.name
    return str(obj) if isinstance(obj, Fraction) else repr(obj)
