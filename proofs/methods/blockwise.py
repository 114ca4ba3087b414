"""Bounds on the extreme eigenvalues of a Hessian, for all sizes, from the blocks that it falls into.

The blocks are derived from the second variation (:mod:`proofs.methods.blocks`). Of each, the characteristic polynomial
is a product of factors xʳ − e_1 xʳ⁻¹ + e_2 xʳ⁻² − …, whose coefficients a claim prints. A symmetric matrix has only
real eigenvalues, so by Descartes' rule those of a factor with e_1, …, e_r > 0 are all positive, and then

    (e_1² − 2e_2)/e_1 ≤ the largest ≤ (e_1² − e_2)/e_1,

as Σx² ≤ max x · Σx ≤ (Σx)² − Σ_{a<b} x_a x_b for positive x; the same for the inverses encloses the smallest. The two
ends differ by a factor of at most 3/2 for r = 2, and 2 for r = 3.

Main results
    largest_below, largest_above, smallest_below, smallest_above    the four bounds, as expressions
    Roots       how a block type factors
    Bracket     s_min or s_max against the least or greatest of such bounds
    Over        cond against a bound on s_max over one on s_min
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from math import comb
from typing import Any

from flint import Ordering, fmpq_mpoly_ctx

from proofs.algebra import normal
from proofs.algebra.printing import text
from proofs.claim import Outcome
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.methods.blocks import (
    ITSELF,
    LEARNED,
    OUTWARD,
    PAIR,
    STEP,
    UNLEARNED,
    Kind,
    a,
    b,
    d,
    second_variation,
)
from proofs.methods.inequality import Verdict, atomic, no, prove, proves, within
from proofs.methods.order import Arena, index_key, opened
from proofs.methods.spectrum import Extreme, HessianAt, named, stationary

KINDS = (ITSELF, PAIR, OUTWARD)
Bound = Callable[["Factor"], E.Expr]
Factor = tuple[E.Expr, ...]
"""e_1, …, e_r of a factor of a characteristic polynomial; of the factor x, none."""


# -- roots of a polynomial from its coefficients ---------------------------------------------------


def at(e: Factor, r: int) -> E.Expr:
    return E.lift(1) if r == 0 else e[r - 1] if r > 0 else E.lift(0)


def largest_above(e: Factor) -> E.Expr:
    """The largest root is at most (e_1² − e_2)/e_1."""
    return e[0] if len(e) == 1 else (e[0] ** 2 - e[1]) / e[0]


def largest_below(e: Factor) -> E.Expr:
    """The largest root is at least (e_1² − 2e_2)/e_1."""
    return e[0] if len(e) == 1 else (e[0] ** 2 - 2 * e[1]) / e[0]


def smallest_below(e: Factor) -> E.Expr:
    """The smallest root is at least e_{r−1}e_r/(e_{r−1}² − e_{r−2}e_r)."""
    r = len(e)
    return e[0] if r == 1 else at(e, r - 1) * e[-1] / (at(e, r - 1) ** 2 - at(e, r - 2) * e[-1])


def smallest_above(e: Factor) -> E.Expr:
    """The smallest root is at most e_{r−1}e_r/(e_{r−1}² − 2e_{r−2}e_r)."""
    r = len(e)
    return e[0] if r == 1 else at(e, r - 1) * e[-1] / (at(e, r - 1) ** 2 - 2 * at(e, r - 2) * e[-1])


BOUNDS: dict[tuple[str, str], Bound] = {
    ("s_max", "≤"): largest_above,
    ("s_max", "≥"): largest_below,
    ("s_min", "≤"): smallest_above,
    ("s_min", "≥"): smallest_below,
}


@cache
def enclosed(r: int) -> bool:
    """Σx² ≤ max x · Σx ≤ (Σx)² − Σ_{a<b} x_a x_b for r positive numbers: both differences, in gaps, have no minus.

    Examples
    --------
    >>> [enclosed(r) for r in (1, 2, 3, 4)]
    [True, True, True, True]
    """
    gaps = fmpq_mpoly_ctx.get([f"g{i}" for i in range(r)], Ordering.degrevlex).gens()
    xs = [sum(gaps[i:], gaps[0] * 0) for i in range(r)]
    total, pairs = sum(xs, gaps[0] * 0), sum((x * y for x, y in combinations(xs, 2)), gaps[0] * 0)
    below = xs[0] * total - (total**2 - 2 * pairs)
    above = total**2 - pairs - xs[0] * total
    return all(c >= 0 for poly in (below, above) for c in poly.coeffs())


# -- blocks ----------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def blocks(h: HessianAt, axes: E.Letter) -> dict[Kind, tuple[tuple[E.Expr, ...], ...]]:
    """The blocks of the Hessian at a point whose latent axis a holds component a; all latents learn one.

    Raises
    ------
    Undecided
        When the second variation does not split.
    """
    rows, cols = h.letters[0].shape
    zones = {rows: {LEARNED}, cols: {LEARNED, UNLEARNED}}
    moves = (E.Letter("Z1", rows, cols), E.Letter("Z2", cols, rows))
    along = (moves[0] @ axes.T, axes @ moves[1])
    moved = h.along([v + STEP * z for v, z in zip(h.values[:2], along, strict=True)])
    halves = second_variation(moved, moves, zones, KINDS)
    return {kind: tuple(tuple(2 * e for e in row) for row in half) for kind, half in halves.items()}


def coefficients(entries: Sequence[Sequence[E.Expr]]) -> list[E.Expr]:
    """e_1, …, e_r of a matrix: sums of principal minors."""
    size = range(len(entries))
    return [E.add(*(minor(entries, rows) for rows in combinations(size, r + 1))) for r in size]


def minor(entries: Sequence[Sequence[E.Expr]], rows: tuple[int, ...]) -> E.Expr:
    """A principal minor, expanded along its first row."""

    def det(left: tuple[int, ...], right: tuple[int, ...]) -> E.Expr:
        if not left:
            return E.lift(1)
        terms = [
            (-1) ** place * entries[left[0]][col] * det(left[1:], right[:place] + right[place + 1 :])
            for place, col in enumerate(right)
        ]
        return E.add(*terms)

    return det(rows, rows)


def multiplied(factors: Sequence[Factor]) -> list[E.Expr]:
    """e_1, …, e_r of a product of factors."""
    out: list[E.Expr] = [E.lift(1)]
    for f in factors:
        one = (E.lift(1), *(f or (E.lift(0),)))
        out = [
            E.add(*(out[p] * one[q - p] for p in range(len(out)) if 0 <= q - p < len(one)))
            for q in range(len(out) + len(one) - 1)
        ]
    return out[1:]


@dataclass(frozen=True)
class Roots:
    """How the characteristic polynomials of the blocks factor.

    Attributes
    ----------
    axes
        The principal axes of the data.
    factors
        Of a block at its indices, the factors.
    """

    axes: E.Letter
    factors: Mapping[Kind, Callable[..., tuple[Factor, ...]]]

    def __hash__(self) -> int:
        return id(self.factors)

    @lru_cache(maxsize=64)  # noqa: B019
    def hold(self, h: HessianAt, kind: Kind) -> bool:
        """Whether the factors of a block type are those of its matrix."""
        printed = multiplied(self.factors[kind](*kind.indices))
        derived = coefficients(blocks(h, self.axes)[kind])
        return all(normal.equal(atomic(x), atomic(y)) for x, y in zip(derived, printed, strict=True))

    def positive(self, kind: Kind, indices: Sequence[E.Expr], arena: Arena) -> bool:
        """Whether all roots that are not identically zero are positive."""
        es = [e for f in self.factors[kind](*indices) for e in f]
        return all(proves(prove(e, ">", E.lift(0), "", arena)) for e in es)

    def null(self) -> E.Expr:
        """How many roots are identically zero."""
        zeros = {kind: sum(not f for f in self.factors[kind](*kind.indices)) for kind in KINDS}
        if zeros[PAIR] or zeros[OUTWARD]:
            raise normal.Undecided("null directions of pairs are not counted")
        return zeros[ITSELF] * E.integer("k")


def generic(kind: Kind, arena: Arena) -> tuple[list[E.Expr], Arena]:
    """Indices of any block of a type: a ≤ k, or a < b ≤ k, or a ≤ k < d ≤ m."""
    k, m = E.integer("k"), E.integer("m")
    first, arena = arena.generic(a, E.lift(1), k)
    if kind == ITSELF:
        return [first], arena
    second, arena = arena.generic(b, first + 1, k) if kind == PAIR else arena.generic(d, k + 1, m)
    return [first, second], arena


def belongs(kind: Kind, indices: Sequence[E.Expr], arena: Arena) -> bool:
    """Whether indices are those of a block of the type."""
    k, m, one = E.integer("k"), E.integer("m"), E.lift(1)
    key = [index_key(i) for i in indices]
    if kind == ITSELF:
        return within(arena, key[0], one, k)
    lo, hi = (indices[0] + 1, k) if kind == PAIR else (k + 1, m)
    return within(arena, key[0], one, k) and within(arena, key[1], lo, hi)


# -- bounds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Where a term of a bound comes from: a factor of a block type, at given indices or at those the term ranges over.

    ``covers`` names factors of other blocks that the term bounds as well: their only root, or, as all their roots lie
    on one side of it, by the source's root at their first index.
    """

    kind: Kind
    factor: int = 0
    at: tuple[E.Expr, ...] = ()
    covers: tuple[tuple[Kind, int], ...] = ()


@dataclass(frozen=True)
class Bracket:
    """s_min ≥ min, s_min ≤ min, s_max ≤ max or s_max ≥ max of terms, one for each source.

    ``s_min ≤`` and ``s_max ≥`` need every term to bound its root; the other two need every root to be bounded. Every
    term is positive, as the roots and the bounds on them are.
    """

    roots: Roots
    sources: tuple[Source, ...]

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        if relation == "=":
            ends = [self.prove(left, end, right, arena) for end in "≥≤"]
            return next((found for found in ends if not proves(found)), ends[0])
        side, picked = opened(left), opened(right)
        if not isinstance(side, Extreme) or side.singular or (side.kind, relation) not in BOUNDS:
            return no("not an extreme eigenvalue and a bound on it")
        terms = picked.terms if isinstance(picked, E.Pick) and picked.kind == side.kind[2:] else (picked,)
        if len(terms) != len(self.sources):
            return no("not the terms that the sources are of")
        h: HessianAt = opened(side.matrix)  # type: ignore[assignment]
        if not isinstance(h, HessianAt) or not stationary(h):
            return no("the point is not stationary")
        if not normal.equal(self.roots.null(), E.lift(side.null)):
            return no("the null directions are not those of the blocks")
        for kind in KINDS:
            if not self.roots.hold(h, kind):
                return no(f"the characteristic polynomial of the blocks {kind.indices} differs")
            indices, inside = generic(kind, arena)
            if not self.roots.positive(kind, indices, inside):
                return no(f"the coefficients of the blocks {indices} are not known to be positive")
        bound = BOUNDS[side.kind, relation]
        each = self.from_inside if (side.kind, relation) in (("s_min", "≤"), ("s_max", "≥")) else self.from_outside
        for term, source in zip(terms, self.sources, strict=True):
            found = each(bound, relation, term, source, arena)
            if not proves(found):
                return found
        if each == self.from_outside and not self.complete():
            return no("some eigenvalues are bounded by no term")
        return Outcome.PROVED, "block by block, by the coefficients of the characteristic polynomials"

    def complete(self) -> bool:
        """Whether every factor with roots is bounded by a term."""
        bounded = {x for s in self.sources for x in ((s.kind, s.factor), *s.covers)}
        return all(
            (kind, place) in bounded
            for kind in KINDS
            for place, f in enumerate(self.roots.factors[kind](*kind.indices))
            if f
        )

    def from_inside(self, bound: Any, relation: str, term: E.Expr, source: Source, arena: Arena) -> Verdict:
        """A term is the bound of one root, for all indices of its block type unless the source names one."""
        indices, body, inside = ranging(term, source, arena)
        member(term, *generic(source.kind, arena))
        return agrees(bound, "=", body, self.roots.factors[source.kind](*indices)[source.factor], inside)

    def from_outside(self, bound: Any, relation: str, term: E.Expr, source: Source, arena: Arena) -> Verdict:
        """All roots of a factor, at generic indices, are bounded by the term, which is the bound of one of them."""
        found = self.from_inside(bound, relation, term, source, arena)
        indices, inside = generic(source.kind, arena)
        own = self.roots.factors[source.kind](*indices)[source.factor]
        if proves(found):
            found = agrees(bound, relation, member(term, indices, inside), own, inside)
        for kind, factor in source.covers if proves(found) else ():
            indices, inside = generic(kind, arena)
            f, root = (
                self.roots.factors[x](*at)[n]
                for x, n, at in ((kind, factor, indices), (source.kind, source.factor, indices[:1]))
            )
            if len(f) == 1:
                found = agrees(bound, relation, member(term, indices, inside), f, inside)
            elif not on_one_side(f, relation, root[0], inside):
                found = no(
                    f"the roots of the blocks {kind.indices} are not known to lie on one side of {text(root[0])}"
                )
        return found


def on_one_side(e: Factor, relation: str, end: E.Expr, arena: Arena) -> bool:
    """Whether all roots are ≥ or ≤ an end: the Taylor coefficients of the polynomial there have the signs."""
    r = len(e)
    for order in range(r):
        terms = [(-1) ** q * comb(r - q, order) * at(e, q) * end ** (r - q - order) for q in range(r - order + 1)]
        value = E.add(*terms) if relation == "≤" else (-1) ** (r - order) * E.add(*terms)
        if not proves(prove(value, "≥", E.lift(0), "", arena)):
            return False
    return True


def ranging(term: E.Expr, source: Source, arena: Arena) -> tuple[list[E.Expr], E.Expr, Arena]:
    """The generic member of a term, with its indices: those of a block for all that it ranges over."""
    indices: list[E.Expr] = list(source.at)
    for _ in source.kind.indices if not source.at else ():
        if not isinstance(term, E.Extremum):
            raise normal.Undecided(f"{text(term)} does not range over blocks")
        if any(i in (*term.lo.walk(), *term.hi.walk()) for i in indices) and not arena.filled(term.lo, term.hi):
            raise normal.Undecided(f"the range {term.lo}, …, {term.hi} may be empty")
        var, arena = arena.generic(term.var, term.lo, term.hi)
        indices, term = [*indices, var], substitute(term.body, {term.var: var})
    if not belongs(source.kind, indices, arena):
        raise normal.Undecided(f"the indices of {text(term)} are not those of a block")
    return indices, term, arena


def member(term: E.Expr, indices: Sequence[E.Expr], arena: Arena) -> E.Expr:
    """The member of a term at indices; a term without indices itself."""
    for index in indices:
        if isinstance(term, E.Extremum):
            if not within(arena, index_key(index), term.lo, term.hi):
                raise normal.Undecided(f"the index {index} may lie outside {term.lo}, …, {term.hi}")
            term = substitute(term.body, {term.var: index})
    return term


def agrees(bound: Bound, relation: str, term: E.Expr, factor: Factor, arena: Arena) -> Verdict:
    """A term is the bound of a factor; a factor's only root may also be compared with it."""
    if not enclosed(len(factor)):
        return no("the bound on the roots fails")
    wanted = bound(factor)
    if spelled(wanted) == spelled(term):
        return Outcome.PROVED, "the bound itself"
    if len(factor) > 1:
        wanted, term, relation = atomic(wanted), atomic(term), "="
    found = prove(wanted, relation, term, "", arena)
    return found if proves(found) else no(f"{text(wanted)} against {text(term)}: {found[1]}")


def spelled(e: E.Expr) -> E.Expr:
    """With the definitions of names written out."""
    if isinstance(e, E.Named):
        return spelled(e.body)
    children = e.children()
    return e.rebuild([spelled(c) for c in children]) if children else e


@dataclass(frozen=True)
class Over:
    """cond ≥ a/b from s_max ≥ a > 0 and s_min ≤ b; cond ≤ a/b from s_max ≤ a and s_min ≥ b > 0."""

    top: Any
    bottom: Any

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side, fraction = opened(left), opened(right)
        if not isinstance(side, Extreme) or side.kind != "cond" or relation not in "≤≥":
            return no("not a bound on a condition number")
        *over, under = fraction.factors if isinstance(fraction, E.Mul) else (fraction,)
        if not over or not isinstance(under, E.Pow) or under.exponent != E.lift(-1):
            return no("not a fraction")
        top = over[0] if len(over) == 1 else E.mul(*over)
        positive, why = (top, self.top) if relation == "≥" else (under.base, self.bottom)
        steps = (
            ("s_max", relation, top, self.top),
            ("s_min", "≥" if relation == "≤" else "≤", under.base, self.bottom),
        )
        hows = []
        for kind, op, bound, why in steps:
            found = prove(named(kind, side.matrix, side.null), op, bound, why, arena)
            if not proves(found):
                return no(f"{kind} {op} {text(bound)}: {found[1]}")
            hows.append(found[1])
        if not isinstance(why, Bracket) and not known_positive(opened(positive), arena):
            return no(f"{text(positive)} is not known to be positive")
        return Outcome.PROVED, f"s_max: {hows[0]}; s_min: {hows[1]}"


def known_positive(e: E.Expr, arena: Arena) -> bool:
    """Whether a quantity is positive: of a maximum, some term."""
    if isinstance(e, E.Pick) and e.kind == "max":
        return any(known_positive(t, arena) for t in e.terms)
    return proves(prove(e, ">", E.lift(0), "", arena))
