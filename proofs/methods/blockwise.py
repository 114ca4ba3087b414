"""Bounds on the extreme eigenvalues of a Hessian, for all sizes, from the blocks that it falls into.

Of each block the characteristic polynomial is a product of factors xʳ − e_1 xʳ⁻¹ + e_2 xʳ⁻² − …, whose coefficients a
claim prints. Where they are positive, so are the roots, and simple quotients of them enclose the largest and the
smallest (:mod:`proofs.kernel.roots`). The two ends differ by a factor of at most 3/2 for r = 2, and 2 for r = 3.

Main results
    Roots       the blocks of a Hessian, with how their characteristic polynomials factor
    Bracket     s_min or s_max against the least or greatest of such bounds
    Over        cond against a bound on s_max over one on s_min
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import roots, rules
from proofs.kernel import spectrum as S
from proofs.kernel.binding import plain, substitute
from proofs.kernel.expressions import Expr, Sym, Symmetric, det, lift
from proofs.kernel.propositions import MIRROR, ONE, ZERO, Rel
from proofs.kernel.roots import Factor
from proofs.kernel.theorem import Theorem
from proofs.methods.block_types import ITSELF, OUTWARD, PAIR, Kind, a, b, d
from proofs.tactics import spectral
from proofs.tactics.covering import Cover, Line, Part, covered, definite, every, generic, picked, reached, within
from proofs.tactics.generic import equation
from proofs.tactics.prove import Ground, NotFound, prove

KINDS = (ITSELF, PAIR, OUTWARD)
X = Sym("x·")
k, m = E.integer("k"), E.integer("m")
RANGES = {ITSELF: ((a, ONE, k),), PAIR: ((a, ONE, k - 1), (b, a + 1, k)), OUTWARD: ((d, k + 1, m), (a, ONE, k))}
"""Where the indices of a block lie; those that may be none come first."""


# -- blocks ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slide:
    """A null direction for every latent: the block of one latent has one eigenvalue off it.

    Attributes
    ----------
    null
        The directions.
    value
        The eigenvalue.
    slip
        The null direction in the coordinates of the block.
    weight, along
        The square of the other coordinate is weight · along².
    other
        The other coordinate's direction.
    """

    null: S.Null
    value: Callable[..., Expr]
    slip: Callable[..., Sequence[Expr]]
    weight: Callable[..., Expr]
    along: Callable[[Sequence[Expr], Sequence[Expr]], Expr]
    other: Callable[..., tuple[Expr, ...]]

    def size(self, index: Expr) -> Expr:
        """The square of the null direction's length."""
        return substitute(self.null.size, {self.null.i: index})


@dataclass(frozen=True)
class Roots:
    """The blocks of a Hessian at a point whose latent axis a holds component a, all latents having learned one.

    Attributes
    ----------
    axes
        The principal axes of the data.
    matrices, factors
        Of a block at its indices, the matrix, and how its characteristic polynomial factors.
    slide
        Null directions, if there are some.
    """

    axes: E.Letter
    matrices: Mapping[Kind, Callable[..., Symmetric]]
    factors: Mapping[Kind, Callable[..., tuple[Factor, ...]]]
    slide: Slide | None = None

    def part(self, kind: Kind) -> Part:
        held = (kind.indices, RANGES[kind], kind.coordinates, self.matrices[kind])
        if kind != ITSELF or self.slide is None:
            return Part(*held)
        slide = self.slide
        return Line(*held, slide.value, slide.slip, slide.size, slide.weight, slide.along)

    def cover(self, hessian: Expr) -> Cover:
        return Cover(hessian, self.axes, tuple(map(self.part, KINDS)), self.slide.null if self.slide else None)

    def kind(self, part: Part) -> Kind:
        return next(kind for kind in KINDS if kind.coordinates == part.coordinates)

    def polynomial(self, ground: Ground, kind: Kind, indices: Sequence[Expr]) -> tuple[Any, ...]:
        """What the rules about roots take: det(xI − M) in factors, x, and the factors."""
        matrix, factors = self.matrices[kind](*indices), self.factors[kind](*indices)
        return (
            spectral.shared(ground, Rel(det(X * E.Eye(matrix.size) - matrix), "=", roots.characteristic(factors, X))),
            X,
            factors,
        )

    def signs(self, ground: Ground, kind: Kind, indices: Sequence[Expr]) -> tuple[Theorem, ...]:
        """The coefficients are positive."""
        return tuple(spectral.shared(ground, Rel(e, ">", ZERO)) for f in self.factors[kind](*indices) for e in f)

    def even(self, ground: Ground, kind: Kind, indices: Sequence[Expr]) -> Theorem:
        matrix = self.matrices[kind](*indices)
        return equation(ground, Rel(matrix, "=", matrix.T))

    def positive(self, part: Part, indices: Sequence[Expr], ground: Ground) -> Theorem:
        """The least eigenvalue of a block is positive."""
        kind, least = self.kind(part), part.extreme("s_min", indices)
        if isinstance(part, Line):
            return ground.prove(Rel(least, ">", ZERO))
        known = self.polynomial(ground, kind, indices)
        return roots.definite(least, *known, self.signs(ground, kind, indices), self.even(ground, kind, indices))

    def definite(self, ground: Ground, least: Expr) -> Theorem:
        """s_min > 0."""
        e: S.Extreme = S.opened(least)  # type: ignore[assignment]
        own = spectral.about(ground, least)
        key = id(self), plain(least), frozenset(t.says for t in own.known if t.rule == "hypothesis")
        if key not in DEFINITE:
            DEFINITE[key] = definite(own, least, self.cover(e.matrix), self.positive), self
        return DEFINITE[key][0]


DEFINITE: dict[Any, tuple[Theorem, Roots]] = {}
"""What was shown to be definite, from which hypotheses and by which blocks, which it keeps alive: for every claim that
asks."""


# -- bounds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where a term of a bound comes from: a factor of a block type, at given indices or at those the term ranges over.

    ``covers`` names factors of other blocks that the term bounds as well: their only root, or, as all their roots lie
    on one side of it, by the source's root at their first index.
    """

    kind: Kind
    factor: int = 0
    at: tuple[Expr, ...] = ()
    covers: tuple[tuple[Kind, int], ...] = ()


@dataclass(frozen=True)
class Bracket:
    """s_min ≥ min, s_min ≤ min, s_max ≤ max or s_max ≥ max of terms, one for each source."""

    roots: Roots
    sources: tuple[Origin, ...]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        e = S.opened(goal.left)
        if not isinstance(e, S.Extreme) or e.singular or e.kind not in roots.INSIDE:
            raise NotFound("not an extreme eigenvalue")
        if goal.op == "=":
            ends = (self.theorem(ground, Rel(goal.left, op, goal.right)) for op in "≤≥")
            return rules.antisymmetry(*ends)
        outside = (e.kind, goal.op) in (("s_min", "≥"), ("s_max", "≤"))
        terms = rules.alternatives(goal.right)[1] if isinstance(S.opened(goal.right), E.Pick) else (goal.right,)
        if len(terms) != len(self.sources):
            raise NotFound("not the terms that the sources are of")
        bounding = Bounding(self, ground, goal, e, terms)
        return bounding.outside() if outside else bounding.inside()


@dataclass(frozen=True)
class Bounding:
    """A bound on an extreme eigenvalue, term by term."""

    why: Bracket
    ground: Ground
    goal: Rel
    e: S.Extreme
    terms: tuple[Expr, ...]

    @property
    def cover(self) -> Cover:
        return self.why.roots.cover(self.e.matrix)

    # from outside: every root of every block is bounded by a term
    def outside(self) -> Theorem:
        return covered(self.ground, self.goal.left, self.goal.right, self.cover, self.each)

    def each(self, part: Part, indices: Sequence[Expr], inside: Ground) -> Theorem:
        """c ≤ s_min of a part."""
        kind, own = self.why.roots.kind(part), self.why.roots
        if isinstance(part, Line):
            return self.reaching(kind, 0, part.extreme(self.e.kind, indices), indices, inside)
        least, factors = part.extreme(self.e.kind, indices), own.factors[kind](*indices)
        known, even = own.polynomial(inside, kind, indices), own.even(inside, kind, indices)
        beyond = self.beyond(kind, indices)
        if beyond is not None:
            end, source = beyond
            ahead = tuple(
                tuple(
                    spectral.shared(inside, Rel(roots.taylor(f, end, order, self.e.kind), "≥", ZERO))
                    for order in range(len(f))
                )
                for f in factors
            )
            found = rules.mirror(roots.every_root(least, end, *known, ahead, (), even))
            return rules.chain((self.reaching(source.kind, source.factor, end, indices[:1], inside), found))
        outside = roots.OUTSIDE[self.e.kind]
        bounds = tuple((self.reaching(kind, n, outside(f), indices, inside),) for n, f in enumerate(factors))
        signs = own.signs(inside, kind, indices)
        return rules.mirror(roots.every_root(least, self.goal.right, *known, bounds, signs, even))

    def beyond(self, kind: Kind, indices: Sequence[Expr]) -> tuple[Expr, Origin] | None:
        """The root of another block on whose side all roots of this one lie."""
        for source in self.why.sources:
            if any(c[0] == kind and len(self.why.roots.factors[kind](*indices)[c[1]]) > 1 for c in source.covers):
                return self.why.roots.factors[source.kind](*indices[:1])[source.factor][0], source
        return None

    def reaching(self, kind: Kind, factor: int, root: Expr, indices: Sequence[Expr], inside: Ground) -> Theorem:
        """c ≤ a bound of a factor, by the term that bounds it."""
        bounding = (
            (place, s)
            for place, s in enumerate(self.why.sources)
            if (s.kind, s.factor) == (kind, factor) or (kind, factor) in s.covers
        )
        place, source = next(bounding, (0, None))
        if source is None:
            raise NotFound(f"no term bounds the factor {factor} of the blocks {kind.indices}")
        term, op = self.terms[place], MIRROR[self.goal.op]
        if source.at:
            found = inside.prove(Rel(term, op, root))
        else:
            named = dict(zip(kind.indices, indices, strict=True))
            found = reached(inside, term, [(named[v], *ends(named, lo, hi)) for v, lo, hi in RANGES[kind]])  # type: ignore[misc]
            if not rules.same(found.says.right, root):  # type: ignore[attr-defined]
                found = rules.chain((found, inside.prove(Rel(found.says.right, "=", root))))  # type: ignore[attr-defined]
        return found if len(self.terms) == 1 else picked(inside, self.goal.right, place, found)

    # from inside: every term bounds a root of a block
    def inside(self) -> Theorem:
        found = []
        for term, source in zip(self.terms, self.why.sources, strict=True):
            part = self.why.roots.part(source.kind)
            if source.at:
                found.append(self.bounds(part, source, source.at, term, self.ground))
                continue
            indices, ranges, inside = generic(part, self.ground)
            body = term
            for new, _, _ in ranges:
                body = substitute(body.body, {body.var: new})  # type: ignore[attr-defined]
            known = self.bounds(part, source, indices, body, inside)
            found.append(every(self.ground, known, term.kind, ranges))  # type: ignore[attr-defined]
        if len(found) == 1:
            return rules.mirror(found[0])
        filled = tuple(
            self.ground.order(t.lo, "≤", t.hi)
            for t in self.terms
            if isinstance(t, E.Extremum) and self.ground.orders(t.lo, "≤", t.hi)
        )
        return rules.mirror(rules.bounded(self.goal.right, tuple(found), filled))

    def bounds(self, part: Part, source: Origin, indices: Sequence[Expr], term: Expr, inside: Ground) -> Theorem:
        """A term ≥ s_min, being the bound of a root of a block."""
        own, kind = self.why.roots, source.kind
        if isinstance(part, Line):
            v = own.slide.other(*indices)  # type: ignore[union-attr]
            value = part.extreme(self.e.kind, indices)
            found = spectral.bounded_by(inside, Rel(self.goal.left, self.goal.op, value), v, own.slide.null)  # type: ignore[union-attr]
        else:
            known, even = own.polynomial(inside, kind, indices), own.even(inside, kind, indices)
            root = roots.some_root(
                part.extreme(self.e.kind, indices), *known, source.factor, own.signs(inside, kind, indices), even
            )
            found = rules.chain((within(inside, self.goal.left, self.cover, part, indices), root))
        if not rules.same(found.says.right, term):  # type: ignore[attr-defined]
            found = rules.chain((found, inside.prove(Rel(found.says.right, "=", term))))  # type: ignore[attr-defined]
        return rules.mirror(found)


def ends(named: Mapping[Any, Expr], lo: Expr, hi: Expr) -> tuple[Expr, Expr]:
    return substitute(lo, dict(named)), substitute(hi, dict(named))


# -- condition numbers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Over:
    """cond ≥ a/b from s_max ≥ a > 0 and s_min ≤ b; cond ≤ a/b from s_max ≤ a and s_min ≥ b > 0."""

    top: Any
    bottom: Any
    blocks: Roots

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        e, fraction = S.opened(goal.left), S.opened(goal.right)
        if not isinstance(e, S.Extreme) or e.kind != "cond" or goal.op not in "≤≥":
            raise NotFound("not a bound on a condition number")
        *above, below = fraction.factors if isinstance(fraction, E.Mul) else (fraction,)
        if not above or not isinstance(below, E.Pow) or below.exponent != lift(-1):
            raise NotFound("not a fraction")
        high, low = (S.Extreme(kind, e.matrix, e.null) for kind in ("s_max", "s_min"))
        top = prove(ground, Rel(high, goal.op, above[0] if len(above) == 1 else E.mul(*above)), self.top)
        bottom = prove(ground, Rel(low, MIRROR[goal.op], below.base), self.bottom)
        definite = self.blocks.definite(ground, low)
        least: Any = top.says
        signs = [positive(ground, least.right)]
        if goal.op == "≥":
            known = rules.mirror(rules.chain((rules.mirror(definite), bottom)))
        else:
            signs.append(known := positive(ground, below.base))
        ground.proved[plain(Rel(below.base, "≠", ZERO))] = rules.weaken(known, "≠")
        return spectral.conditioned(goal, top, bottom, definite, *signs)


def positive(ground: Ground, e: Expr) -> Theorem:
    """A quantity is positive: of a maximum some term, of a minimum every one."""
    x = S.opened(e)
    if not isinstance(x, E.Pick):
        return ground.prove(Rel(e, ">", ZERO))
    if x.kind == "max":
        place = next(place for place, term in enumerate(x.terms) if not isinstance(term, E.Extremum))
        return picked(ground, e, place, ground.prove(Rel(x.terms[place], ">", ZERO)))
    found: list[Theorem] = []
    filled: list[Theorem] = []
    for term in x.terms:
        if not isinstance(term, E.Extremum):
            found.append(ground.prove(Rel(term, ">", ZERO)))
            continue
        inside, ranges = ground, list[tuple[Sym, Expr, Expr]]()
        body: Expr = term
        while isinstance(body, E.Extremum):
            var, inside = inside.generic(body.var, body.lo, body.hi)
            ranges.append((var, body.lo, body.hi))
            body = substitute(body.body, {body.var: var})
        found.append(every(ground, inside.prove(Rel(body, ">", ZERO)), term.kind, ranges))
        if ground.orders(term.lo, "≤", term.hi):
            filled.append(ground.order(term.lo, "≤", term.hi))
    return rules.bounded(e, tuple(found), tuple(filled))
