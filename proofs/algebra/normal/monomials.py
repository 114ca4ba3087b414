"""Monomials of scalars, and their rewriting into polynomials.

A monomial is a frozenset of pairs (atom, exponent) with rational exponents; a polynomial maps monomials to their
coefficients. The atoms are

    ("s", name)          a symbol λ             ("f", family, i)     an item σ_i
    ("i", index)         an index as a number   ("t", word)          the trace of a word
    ("b", i, j)          the indicator [i ≤ j]  ("d", i, j, size)    δ_ij of indices that run to size
    ("cos", name)        cos θ, and ("sin", name)
    ("p", polynomial)    a sum of monomials under a root or in a denominator

Main results
    combine      the product of two monomials
    raised       a root or a quotient
    expand       sin² = 1 − cos², powers of sums multiplied out, indicators decided: a polynomial
    counted      hi − lo + 1, the number of indices of a range
    clipped      [lo ≤ i ≤ hi]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import isqrt
from typing import Any

from proofs.algebra.normal.indices import (
    DUMMY,
    FIRST,
    Binders,
    Index,
    Number,
    Undecided,
    below,
    beyond,
    bounded,
    gather,
    is_bound,
    least,
    mentions,
    named,
    same_index,
    shifted,
    stable,
)

Atom = tuple
Mono = frozenset  # of (atom, exponent)
Poly = dict[Mono, Number]
ONE: Mono = frozenset()


# -- numbers ---------------------------------------------------------------------------------------


def whole(c: Number) -> Number:
    """The same number, an int if it is one."""
    return c.numerator if c.denominator == 1 else c


def is_count(e: Number) -> bool:
    """Whether an exponent is a positive integer."""
    return e.denominator == 1 and e > 0


def rational_power(c: Number, p: Number) -> Number | None:
    """c^p when it is rational.

    Examples
    --------
    >>> rational_power(Fraction(4, 9), Fraction(-1, 2)), rational_power(2, Fraction(1, 2))
    (Fraction(3, 2), None)
    """
    if p.denominator == 1:
        return whole(Fraction(c) ** int(p))
    if p.denominator == 2 and c > 0:
        a, b = isqrt(c.numerator), isqrt(c.denominator)
        if a * a == c.numerator and b * b == c.denominator:
            return Fraction(a, b) ** p.numerator
    return None


# -- products and sums -----------------------------------------------------------------------------


def power(atom: Atom, e: Number = 1) -> Mono:
    """A power of one atom.

    Examples
    --------
    >>> power(("s", "λ"), 0) == ONE
    True
    """
    return frozenset({(atom, e)}) if e else ONE


def combine(a: Mono, b: Mono) -> Mono:
    """The product of two monomials; indicators are idempotent."""
    if not a:
        return b
    if not b:
        return a
    return gather((*a, *b))


def collect(terms: Iterable[tuple[Mono, Number]]) -> Poly:
    """The polynomial of terms that may coincide."""
    total: Poly = {}
    for mono, c in terms:
        total[mono] = total.get(mono, 0) + c
    return {mono: c for mono, c in total.items() if c}


def expand(mono: Mono) -> Poly:
    """Rewrite sin² = 1 − cos², expand polynomials with exponent ≥ 1 and decide indicators.

    Examples
    --------
    >>> expand(power(("sin", "θ"), 2)) == {ONE: 1, power(("cos", "θ"), 2): -1}
    True
    """
    for atom, e in mono:
        rule = REWRITTEN.get(atom[0])
        found = rule(atom, e) if rule else None
        if found is not None:
            rest = mono - {(atom, e)}
            return collect((m2, c * c2) for m, c in found for m2, c2 in expand(combine(rest, m)).items())
    return {mono: 1}


Rewritten = list[tuple[Mono, Number]] | None


def _sine(atom: Atom, e: Number) -> Rewritten:
    """sin² = 1 − cos²."""
    if e < 2:
        return None
    lower = power(atom, e - 2)
    return [(lower, 1), (combine(lower, power(("cos", atom[1]), 2)), -1)]


def _polynomial(atom: Atom, e: Number) -> Rewritten:
    """(a + b)² = (a + b) a + (a + b) b."""
    if e < 1:
        return None
    lower = power(atom, e - 1)
    return [(combine(lower, m), c) for m, c in atom[1]]


def _indicator(atom: Atom, e: Number) -> Rewritten:
    """[i ≤ j] where the names decide it."""
    _, i, j = atom
    return [(ONE, 1)] if below(i, j) else [] if beyond(i, j) else None


def _delta(atom: Atom, e: Number) -> Rewritten:
    """δ_ij where the names decide it."""
    same = same_index(atom[1], atom[2])
    return None if same is None else [(ONE, 1)] if same else []


def _index(atom: Atom, e: Number) -> Rewritten:
    """(i + 1)² = (i + 1) i + (i + 1), for an index that was renamed."""
    i = atom[1]
    value = index_value(i) if i[0] == "x" and (i[2] or not i[1] or not (is_bound(i) or i == DUMMY)) else None
    if value is None:
        return None
    if not is_count(e):
        return list(raised(value, e).items())
    lower = power(atom, e - 1)
    return [(combine(lower, m), c) for m, c in value.items()]


REWRITTEN: dict[str, Callable[[Atom, Number], Rewritten]] = {
    "sin": _sine,
    "p": _polynomial,
    "i": _index,
    "b": _indicator,
    "d": _delta,
}


def depends(obj: Any, variable: Atom) -> bool:
    """Whether an atom, a word or a polynomial depends on a symbol, an angle or an item of a family."""
    if isinstance(obj, tuple) and obj and obj[0] in ("s", "cos", "sin", "f"):
        return obj[1] == variable[1] and (obj[0] == "f") == (variable[0] == "f")
    return isinstance(obj, tuple | frozenset) and any(depends(part, variable) for part in obj)


def raised(base: Poly, p: Number) -> Poly:
    """A negative or fractional power: of a monomial, factor by factor; of a sum, an atom with its content taken out.

    Roots are of positive quantities.
    """
    if not base:
        raise Undecided("a negative or fractional power of 0")
    if len(base) == 1:
        ((mono, c),) = base.items()
        powered = rational_power(c, p)
        if powered is not None:
            return {m: c2 * powered for m, c2 in expand(frozenset((a, x * p) for a, x in mono)).items()}
    content = base[min(base, key=stable)] if p.denominator == 1 else 1
    primitive = frozenset((m, Fraction(c) / content) for m, c in base.items())
    return {power(("p", primitive), p): whole(Fraction(content) ** int(p)) if p.denominator == 1 else 1}


# -- indices as scalars ----------------------------------------------------------------------------


def delta(i: Index, j: Index, size: Index | None = None) -> Mono:
    """δ_ij of two indices that run to ``size``."""
    return power(("d", *sorted((i, j), key=str), size))


def at_most(i: Index, j: Index) -> Mono:
    """[i ≤ j]."""
    return power(("b", i, j))


NOWHERE = at_most(FIRST, ("x", "", 0))
"""[1 ≤ 0], which is decided to be 0."""


def clipped(i: Index, lo: Index, hi: Index, reach: Index | None, binders: Binders) -> Poly:
    """[lo ≤ i ≤ hi], for an index that is known to be at most ``reach``."""
    above = ONE if lo == FIRST and (i[0] != "x" or least(i, binders) >= 1) else at_most(lo, i)
    if reach == hi or bounded(i, hi, binders):
        return expand(above)
    beyond = combine(above, at_most(shifted(hi, 1), i))
    return collect((m, c * sign) for mono, sign in ((above, 1), (beyond, -1)) for m, c in expand(mono).items())


def index_value(i: Index) -> Poly:
    """An index as a number: a free name is a symbol, one that is or will be summed over stays an index."""
    out: Poly = {ONE: i[2]} if i[2] else {}
    if i[1]:
        base = named(i[1])
        out[power(("i", base) if is_bound(base) or base == DUMMY else ("s", i[1]))] = 1
    return out


def counted(lo: Index, hi: Index) -> Poly:
    """hi − lo + 1, the number of indices from lo to hi."""
    return collect([*index_value(hi).items(), *((m, -c) for m, c in index_value(lo).items()), (ONE, 1)])


# -- entries of diagonal matrices ------------------------------------------------------------------


def split_dummy(mono: Mono) -> tuple[Mono, Mono]:
    """The scalars, and what depends on the index • of the entries of a diagonal matrix."""
    inside = frozenset(x for x in mono if mentions(x[0], "•"))
    return mono - inside, inside


def pinned(mono: Mono) -> Index | None:
    """The index i of a diagonal with both [• ≤ i] and [i ≤ •]: only its i-th entry is left."""
    return next((a[1] for a, _ in mono if a[0] == "b" and a[2] == DUMMY and (("b", DUMMY, a[1]), 1) in mono), None)
