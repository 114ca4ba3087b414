"""Derivatives and expectations of polynomials of tensors: term by term, for every size.

Main results
    derivative      by an atom: a real, a member of a family, the entry (row, column) of a letter
    coefficient     of x^r where x stands in no denominator, root or angle
    at_zero         the value where a real is 0
    drawn           over indices drawn independently with weights
    noisy           over a matrix of independent entries of mean 0 and known variance, degree 3 at most
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flint import fmpq

from proofs.kernel.tensor import (
    EQUAL,
    INVERSE,
    OF_POLYNOMIALS,
    Atom,
    Index,
    Polynomial,
    Undecided,
    atom,
    bind,
    constant,
    ends,
    frozen,
    inside,
    plus,
    put,
    thawed,
    times,
)


def derivative(p: Polynomial, by: Atom) -> Polynomial:
    """Σ over the atoms of each term, one replaced by its slope."""
    out: Polynomial = {}
    for (n, atoms), c in p.items():
        for place, a in enumerate(atoms):
            rest = atoms[:place] + atoms[place + 1 :]
            for (m, more), d in slope(a, by, n).items():
                put(out, (n + m, tuple(sorted(rest + more))), c * d)
    return out


def slope(a: Atom, by: Atom, n: int) -> Polynomial:
    """The derivative of an atom by another; its own bound indices are numbered from n on."""
    symbol, indices = a
    kind = symbol[0]
    if symbol == by[0]:
        same = ((EQUAL, pair) for pair in zip(indices, by[1], strict=True))
        return {(0, tuple(sorted((*same, *ends(a))))): fmpq(1)}  # the entry is 0 outside its matrix, and so its slope
    if kind == "L" and by[0][0] == "L" and symbol[1] == by[0][1] + INVERSE:
        (i, j), (row, column) = indices, by[1]  # (A⁻¹)′ = −A⁻¹ A′ A⁻¹
        return {(0, tuple(sorted(((symbol, (i, row)), (symbol, (column, j)))))): fmpq(-1)}
    if kind in ("cos", "sin") and by[0] == ("x", symbol[1]):
        return atom(("cos", symbol[1])) if kind == "sin" else {(0, ((("sin", symbol[1]), ()),)): fmpq(-1)}
    if kind == "?":
        raise Undecided("a derivative of a number of which nothing is known")
    return chained(a, by, n) if kind in OF_POLYNOMIALS else {}


def chained(a: Atom, by: Atom, n: int) -> Polynomial:
    """(1/P)′ = −P′/P², √P′ = P′/(2√P), exp(P)′ = P′ exp(P), log(P)′ = P′/P."""
    symbol, indices = a
    inner = derivative(dict(symbol[1]), by)
    factors: tuple[Atom, ...]
    if symbol[0] == "1/":
        factors, scale = (a, a), fmpq(-1)
    elif symbol[0] == "exp":
        factors, scale = (a,), fmpq(1)
    elif symbol[0] == "log":
        scale = 1 / symbol[1][0][1]
        factors = ((("1/", frozen(dict(symbol[1]), scale)), indices),)
    else:
        slots = tuple(((4, 10 + place), 0) for place in range(len(indices)))
        factors, scale = ((("1/", frozen({(0, ((symbol, slots),)): fmpq(1)})), indices),), fmpq(1, 2)
    opened = thawed(frozen(inner), indices, n)
    return {(m, tuple(sorted(atoms + factors))): c * scale for (m, atoms), c in opened.items()}


def coefficient(p: Polynomial, by: Atom, order: int) -> Polynomial | None:
    """The coefficient of x^order; None where x stands in another atom."""
    if by[1]:
        return None
    out: Polynomial = {}
    for (n, atoms), c in p.items():
        rest = tuple(a for a in atoms if a != by)
        if any(felt(a, by[0]) for a in rest):
            return None
        if len(atoms) - len(rest) == order:
            put(out, (n, rest), c)
    return out


def felt(a: Atom, symbol: tuple[Any, ...]) -> bool:
    """Whether an atom may depend on a symbol in another way than by being it."""
    kind = a[0][0]
    if kind in ("cos", "sin"):
        return symbol == ("x", a[0][1])
    if kind == "L" and symbol[0] == "L" and a[0][1] == symbol[1] + INVERSE:
        return True
    inside_ = kind in OF_POLYNOMIALS and any(b[0] == symbol or felt(b, symbol) for m, _ in a[0][1] for b in m[1])
    return inside_ or kind == "?"


def at_zero(p: Polynomial, by: Atom) -> Polynomial:
    """The value where a real is 0."""
    if by[1]:
        raise Undecided("the value where a member of a family is 0")
    out: Polynomial = {}
    for (n, atoms), c in p.items():
        if any(a == by or a[0] == ("sin", by[0][1]) for a in atoms):
            continue
        rest = tuple(a for a in atoms if a[0] != ("cos", by[0][1]))
        if any(felt(a, by[0]) for a in rest):
            raise Undecided("the value at 0 of a denominator, a root or an unknown number")
        put(out, (n, rest), c)
    return out


# -- expectations ----------------------------------------------------------------------------------


def drawn(p: Polynomial, family: str, weights: tuple[Any, ...], length: Index) -> Polynomial:
    """Over F[x] drawn independently from 1, …, length: a sum over which of the x agree, and over what they draw."""
    out: Polynomial = {}
    for (n, atoms), c in p.items():
        xs = sorted({i[0][2] for _, ix in atoms for i in ix if i[0][0] == 3 and i[0][1] == family})
        if any(i[0][0] == 3 and i[0][2][0][0] == 3 for _, ix in atoms for i in ix):
            raise Undecided("drawn indices of drawn indices")
        if any(a[0][0] == "?" for a in atoms):
            raise Undecided("a number of which nothing is known, which may depend on what is drawn")
        if any(a[0][0] in OF_POLYNOMIALS and any(i[0][0] == 3 for i in a[1]) for a in atoms):
            raise Undecided("a drawn index under a root, a denominator or in an unknown number")
        for parts in partitions(xs):
            out = plus(out, agreeing(n, atoms, c, family, weights, length, parts))
    return out


def agreeing(
    n: int,
    atoms: Sequence[Atom],
    c: Any,
    family: str,
    weights: tuple[Any, ...],
    length: Index,
    parts: list[list[Index]],
) -> Polynomial:
    """The term where exactly the indices of one part are equal, with one draw for each part."""
    draws = {x: ((4, 20 + place), 0) for place, part in enumerate(parts) for x in part}

    def change(i: Index) -> Index:
        return (draws[i[0][2]][0], i[1]) if i[0][0] == 3 and i[0][1] == family else i

    moved = tuple((s, tuple(change(i) for i in ix)) for s, ix in atoms)
    same = tuple((EQUAL, (part[0], x)) for part in parts for x in part[1:])
    chosen = tuple((weights, (draws[part[0]],)) for part in parts)
    q: Polynomial = {(n, tuple(sorted((*moved, *same, *chosen)))): c}
    for place, part in enumerate(parts):
        for other in parts[:place]:
            apart = {(m, tuple(sorted((*a, (EQUAL, (part[0], other[0])))))): d for (m, a), d in q.items()}
            q = plus(q, plus(apart, by=-1))
    for place in range(len(parts)):
        q = bind(q, (4, 20 + place), constant(1), length)
    return q


def partitions(xs: Sequence[Index]) -> Iterator[list[list[Index]]]:
    if not xs:
        yield []
        return
    for rest in partitions(xs[1:]):
        yield [[xs[0]], *rest]
        for place in range(len(rest)):
            yield [*rest[:place], [xs[0], *rest[place]], *rest[place + 1 :]]


def noisy(p: Polynomial, letter: tuple[Any, ...], variance: Polynomial) -> Polynomial:
    """E L_ab = 0, E L_ab L_cd = v δ_ac δ_bd; third moments are not known to be 0."""
    out: Polynomial = {}
    for (n, atoms), c in p.items():
        hit, rest = [a for a in atoms if a[0] == letter], tuple(a for a in atoms if a[0] != letter)
        if any(felt(a, letter) for a in atoms) or len(hit) > 2:
            raise Undecided("a moment of noise of degree 3 or more, or under a root or a denominator")
        if not hit:
            put(out, (n, rest), c)
        if len(hit) == 2:
            (a, b), (d, e) = hit[0][1], hit[1][1]
            ends = inside(a, constant(1), letter[3]) + inside(b, constant(1), letter[4])
            term: Polynomial = {(n, tuple(sorted((*rest, (EQUAL, (a, d)), (EQUAL, (b, e)), *ends)))): c}
            if any(m for m, _ in variance):
                raise Undecided("the variance is a sum")
            out = plus(out, times(term, variance))
    return out
