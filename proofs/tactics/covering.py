"""Bounds on all eigenvalues of a Hessian from the blocks that it falls into.

In principal axes the second variation is a sum of forms of few coordinates each, and ‖Z‖² the sum of their squares:
two identities for any change Z of the weights. So c ≤ s_min of every block gives c ≤ s_min of the Hessian. The other
way round, a block is the Hessian on the span of its directions.

Main results
    Cover, Part, Line    the blocks of a Hessian, of full rank or with a null direction
    covered              s_min(H) ≥ c, s_max(H) ≤ c from the blocks
    within               s_min(H) ≤ s_min(M), s_max(H) ≥ s_max(M) for a block M
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel import spectrum as S
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Letter, Sym, column, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.generic import equation, specialised
from proofs.tactics.ground import Ground
from proofs.tactics.spectral import added, known_null, shared

Indices = Sequence[Expr]
Each = Callable[["Part", Indices, Ground], Theorem]
"""That a bound is one on the eigenvalues of a part, at generic indices."""


@cache
def weighed(op: str) -> Theorem:
    """From x ≥ y and z ≥ 0: x z ≥ y z."""
    x, y, z = Sym("x"), Sym("y"), Sym("z")
    facts = rules.hypothesis(Rel(x, op, y)), rules.hypothesis(Rel(z, "≥", ZERO))
    return rules.positive(Rel(x * z, op, y * z), facts, Positive((((1, 1), fmpq(1)),), (((0, 0), fmpq(1)),)))


def scaled(t: Theorem, by: Theorem) -> Theorem:
    """x z ≥ y z from x ≥ y and z ≥ 0."""
    r, x, y, z = t.says, Sym("x"), Sym("y"), Sym("z")
    return specialised(weighed(r.op), {x: r.left, y: r.right, z: by.says.left}, t, by)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Part:
    """A block at indices in ranges: its coordinates, entries of the change of the weights, and its matrix.

    ``ranges`` may be in another order than the names of the indices, in which the matrix is given.
    """

    names: tuple[Sym, ...]
    ranges: tuple[tuple[Sym, Expr, Expr], ...]
    coordinates: tuple[tuple[int, Sym, Sym], ...]
    matrix: Callable[..., Expr]

    def extreme(self, kind: str, indices: Indices) -> Expr:
        """Its least or greatest eigenvalue."""
        return S.Extreme(kind, self.matrix(*indices))

    def extremum(self, kind: str) -> Expr:
        """The least or the greatest over all its indices."""
        found = self.extreme(kind, self.names)
        for var, lo, hi in reversed(self.ranges):
            found = E.Extremum(kind[2:], var, lo, hi, found)
        return found

    def vector(self, z: S.Vector, indices: Indices) -> tuple[Expr, ...]:
        """Its coordinates of a change."""
        at = dict(zip(self.names, indices, strict=True))
        return tuple(E.Entry(z[weight], at[row], at[col]) for weight, row, col in self.coordinates)

    def directions(self, axes: Letter, shapes: Sequence[E.Shape], indices: Indices) -> tuple[S.Vector, ...]:
        """The changes that its coordinates stand for: W1 ↦ e_p ū_qᵀ, and W2 ↦ ū_p e_qᵀ."""
        at = dict(zip(self.names, indices, strict=True))
        (k, m), other = shapes
        out: list[S.Vector] = []
        for weight, row, col in self.coordinates:
            first = E.Basis(at[row], k) @ (axes @ E.Basis(at[col], m)).T if weight == 0 else E.Zero(k, m)
            second = axes @ E.Basis(at[row], m) @ E.Basis(at[col], k).T if weight else E.Zero(*other)
            out.append((first, second))
        return tuple(out)

    def bound(self, inside: Ground, c: Expr, kind: str, v: tuple[Expr, ...], indices: Indices, each: Each) -> Theorem:
        """c ‖v‖² ≤ vᵀMv from c ≤ s_min(M)."""
        m, x = self.matrix(*indices), column(*v)
        found = S.rayleigh(S.Extreme(kind, m), (x,), (), equation(inside, Rel(m, "=", m.T)))
        return rules.chain((scaled(each(self, indices, inside), rules.square(x)), found))


@dataclass(frozen=True)
class Line(Part):
    """A block with a null direction and one eigenvalue off it.

    Attributes
    ----------
    value
        The eigenvalue.
    slip, size
        The null direction in the coordinates of the block, and the square of its length.
    weight, along
        Off it, the square of a vector is weight · along².
    """

    value: Callable[..., Expr] = lambda *_: ZERO
    slip: Callable[..., Sequence[Expr]] = lambda *_: ()
    size: Callable[..., Expr] = lambda *_: ONE
    weight: Callable[..., Expr] = lambda *_: ONE
    along: Callable[[Indices, Sequence[Expr]], Expr] = lambda *_: ZERO

    def extreme(self, kind: str, indices: Indices) -> Expr:
        return self.value(*indices)

    def bound(self, inside: Ground, c: Expr, kind: str, v: tuple[Expr, ...], indices: Indices, each: Each) -> Theorem:
        """c (‖v‖² − ⟨n, v⟩²/‖n‖²) ≤ vᵀMv from c ≤ value."""
        x, slip = column(*v), E.add(*(a * b for a, b in zip(self.slip(*indices), v, strict=True)))
        long = scaled(inside.prove(Rel(self.weight(*indices), "≥", ZERO)), rules.square(self.along(indices, v)))
        zero = inside.prove(Rel(long.says.right, "=", ZERO))  # type: ignore[attr-defined]
        found = scaled(each(self, indices, inside), rules.chain((long, zero)))
        off, own = E.SqNorm(x) - slip**2 / self.size(*indices), E.Tr(x.T @ self.matrix(*indices) @ x)
        before = shared(inside, Rel(c * off, "=", found.says.left))  # type: ignore[attr-defined]
        after = shared(inside, Rel(found.says.right, "=", own))  # type: ignore[attr-defined]
        return rules.chain((before, found, after))


@dataclass(frozen=True)
class Cover:
    """A Hessian by two weights, k × m and m × k, in principal axes, and its parts.

    Attributes
    ----------
    null
        Null directions that are left out.
    """

    hessian: Expr
    axes: Letter
    parts: tuple[Part, ...]
    null: S.Null | None = None

    @property
    def shapes(self) -> tuple[E.Shape, ...]:
        h: S.HessianAt = S.opened(self.hessian)  # type: ignore[assignment]
        return tuple(w.shape for w in h.letters[: h.weights])

    def turned(self, z: S.Vector) -> S.Vector:
        """A change given in principal axes."""
        return z[0] @ self.axes.T, self.axes @ z[1]

    def back(self, z: S.Vector) -> S.Vector:
        """A change, in principal axes."""
        return z[0] @ self.axes, self.axes.T @ z[1]


def generic(part: Part, ground: Ground) -> tuple[list[Expr], list[tuple[Sym, Expr, Expr]], Ground]:
    """Indices of any block of a part, their ranges, and what is known then."""
    named: dict[Expr, Expr] = {}
    ranges: list[tuple[Sym, Expr, Expr]] = []
    for var, lo, hi in part.ranges:
        low, high = substitute(lo, named), substitute(hi, named)
        new, ground = ground.generic(var, low, high)
        named[var] = new
        ranges.append((new, low, high))
    return [named[s] for s in part.names], ranges, ground


def reached(ground: Ground, e: Expr, ranges: Sequence[tuple[Sym, Expr, Expr]]) -> Theorem:
    """min ≤ its member at indices of the ranges; max ≥."""
    found: Theorem | None = None
    for var, lo, hi in ranges:
        t = rules.member(e, var, ground.order(lo, "≤", var), ground.order(var, "≤", hi))
        found = t if found is None else rules.chain((found, t))
        e = t.says.right  # type: ignore[attr-defined]
    return found  # type: ignore[return-value]


def picked(ground: Ground, e: Expr, place: int, t: Theorem) -> Theorem:
    """min {…} ≤ r from a term ≤ r, the term being over some index; max ≥."""
    term = rules.alternatives(e)[1][place]
    filled = ground.order(term.lo, "≤", term.hi) if isinstance(term, E.Extremum) else None
    return rules.picked(e, place, t, filled)


def every(ground: Ground, t: Theorem, kind: str, ranges: Sequence[tuple[Sym, Expr, Expr]]) -> Theorem:
    """What holds at all indices, for the extremum over the first of them of the extrema over the others."""
    for place in range(len(ranges) - 1, -1, -1):
        var, lo, hi = ranges[place]
        t = rules.generalise(t, var, lo, hi)
        if place:
            outside = ground
            for other, low, high in ranges[:place]:
                outside = outside.supposing(Rel(low, "≤", other), Rel(other, "≤", high))
            inner = E.Extremum(kind, var, lo, hi, t.says.body.left)  # type: ignore[attr-defined]
            t = rules.bounded(inner, (t,), (outside.order(lo, "≤", hi),))
    return t


def positive_least(ground: Ground, least: Expr, cover: Cover, positive: Each) -> Theorem:
    """The least over all parts is positive where each is."""
    found: list[Theorem] = []
    for part in cover.parts:
        indices, ranges, inside = generic(part, ground)
        found.append(every(ground, positive(part, indices, inside), "min", ranges))
    _, terms = rules.alternatives(least)
    filled = [term for term in terms if isinstance(term, E.Extremum) and ground.orders(term.lo, "≤", term.hi)]
    some = tuple(ground.order(term.lo, "≤", term.hi) for term in filled)
    return rules.bounded(least, tuple(found), some)


def definite(ground: Ground, e: Expr, cover: Cover, positive: Each) -> Theorem:
    """s_min > 0 where that of every part is."""
    least = E.Pick("min", tuple(part.extremum("s_min") for part in cover.parts))

    def each(part: Part, indices: Indices, inside: Ground) -> Theorem:
        place = cover.parts.index(part)
        named: dict[Expr, Expr] = dict(zip(part.names, indices, strict=True))
        ranges = [(named[var], substitute(lo, named), substitute(hi, named)) for var, lo, hi in part.ranges]
        return picked(inside, least, place, reached(inside, part.extremum("s_min"), ranges))  # type: ignore[arg-type]

    bound = covered(ground, e, least, cover, each)
    return rules.chain((bound, positive_least(ground, least, cover, positive)))


def covered(ground: Ground, e: Expr, c: Expr, cover: Cover, each: Each) -> Theorem:
    """s_min ≥ c or s_max ≤ c."""
    kind: str = S.opened(e).kind  # type: ignore[attr-defined]
    z = tuple(Letter(f"Z{place}", *shape) for place, shape in enumerate(cover.shapes, 1))
    total: Theorem | None = None
    x, y, p, q = (Sym(name) for name in "xyzw")
    for part in cover.parts:
        indices, ranges, inside = generic(part, ground)
        t = part.bound(inside, c, kind, part.vector(z, indices), indices, each)
        for var, lo, hi in reversed(ranges):
            t = rules.terms(rules.generalise(t, var, lo, hi))
        if total is not None:
            a, b = total.says, t.says
            mapping: dict[Expr, Expr] = {x: a.left, y: a.right, p: b.left, q: b.right}  # type: ignore[attr-defined]
            t = specialised(added(a.op), mapping, total, t)  # type: ignore[attr-defined]
        total = t
    whole: Rel = total.says  # type: ignore[union-attr, assignment]
    turned = cover.turned(z)
    left = shared(ground, Rel(c * S.length(e, turned, cover.null), "=", whole.left))
    right = shared(ground, Rel(whole.right, "=", S.form(cover.hessian, turned)))
    found = rules.chain((left, total, right))
    return for_every_change(ground, e, c, cover, found, z)


def for_every_change(ground: Ground, e: Expr, c: Expr, cover: Cover, t: Theorem, z: S.Vector) -> Theorem:
    """A bound on the form of every change in principal axes is one of every change, as the axes are orthonormal."""
    d = tuple(Letter(f"D{place}", *shape) for place, shape in enumerate(cover.shapes, 1))
    turned = cover.turned(cover.back(d))
    holes = tuple((x, shared(ground, Rel(y, "=", w))) for x, y, w in zip(z, turned, d, strict=True))
    again = specialised(t, dict(zip(z, cover.back(d), strict=True)), *map(rules.hypothesis, t.given))
    before = rules.mirror(rules.replace(c * S.length(e, z, cover.null), holes))
    after = rules.replace(S.form(cover.hessian, z), holes)
    known, other = known_null(ground, e, cover.null)
    first = (E.Basis(ONE, cover.shapes[0][0]) @ (cover.axes @ E.Basis(ONE, cover.shapes[0][1])).T,)
    some = ground.prove(Rel(S.length(e, (*first, first[0].T), cover.null), ">", ZERO))
    return S.extremal(e, c, rules.chain((before, again, after)), d, some, known, None, cover.null, other)


def within(ground: Ground, e: Expr, cover: Cover, part: Part, indices: Indices) -> Theorem:
    """s_min(H) ≤ s_min(M), s_max(H) ≥ s_max(M) for a block M, off the null directions."""
    kind: str = S.opened(e).kind  # type: ignore[attr-defined]
    m = part.matrix(*indices)
    count = m.shape[0]
    x = Letter("x", count, 1)
    directions = part.directions(cover.axes, cover.shapes, indices)
    change = tuple(
        E.add(*(E.Entry(x, lift(place), ONE) * d[weight] for place, d in enumerate(directions, 1)))
        for weight in range(len(cover.shapes))
    )
    known, other = known_null(ground, e, cover.null)
    found = S.rayleigh(e, change, known, None, cover.null, other)
    before = shared(ground, Rel(e * E.SqNorm(x), "=", found.says.left))  # type: ignore[attr-defined]
    after = shared(ground, Rel(found.says.right, "=", S.form(m, (x,))))  # type: ignore[attr-defined]
    some = ground.prove(Rel(E.SqNorm(E.Basis(ONE, count)), ">", ZERO))
    even = equation(ground, Rel(m, "=", m.T))
    t = S.extremal(S.Extreme(kind, m), e, rules.chain((before, found, after)), (x,), some, (), even)
    return rules.mirror(t)
