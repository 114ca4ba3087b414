"""Inertia of a Hessian for all sizes: the second variation splits into blocks of size 2 and 4.

After relabelling components and changing the latent basis, latent axis a ≤ ℓ holds component a and nothing else is
learned. With Z1 and Z2 the change of W1 and W2 in principal axes, every term of the second variation is then a sum
Σ_pq w_pq Z[…] Z′[…] over two indices; so it is a sum of forms of few coordinates each, one for every pair of

    a, b    components that are learned, with their latent axes
    s       spare latent axes
    d       components that are not learned.

The terms are those of the normal form, for all sizes; nothing is written down by hand. A block type has one matrix in
generic indices. Its inertia is that of its pivots, whose signs follow from the hypotheses about the order of the
spectrum; where they leave the order open, a type is divided into cases.

Main results
    Splitting         a loss near its listed points: coordinates, symmetry, cases
    Splitting.blocks  every block type with its matrix and its cases
    invariant         the symmetry of the loss carries the canonical point to every listed one
    signature         the inertia of a block, from the signs of its pivots
    placed            the cases by the place of a component in the spectrum, counted
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any

from proofs.algebra import normal
from proofs.algebra.inertia import Inertia
from proofs.algebra.normal import Form, Mono, Undecided
from proofs.claim import Context
from proofs.hypotheses import free_names
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    ANY,
    Coeff,
    Diag,
    Expr,
    Eye,
    Family,
    Item,
    Letter,
    MaxMask,
    Num,
    Sum,
    Sym,
    add,
    integer,
    lift,
    mul,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.inequality import Gaps, atomic, reduced
from proofs.methods.order import Arena
from proofs.methods.stationarity import Points, relabel

a, b, s, d = (integer(name) for name in "absd")
LEARNED, SPARE, UNLEARNED = "learned", "spare", "not learned"
ZONE = {a: LEARNED, b: LEARNED, s: SPARE, d: UNLEARNED}
LATENTS = (a, b, s)
"""The latent axes of a block in their order: those that are learned come first."""
ONE, HALF = Num(Fraction(1)), Fraction(1, 2)
STEP = Sym("α·")
UNIT = normal.scalar(1)
P, Q = (("x", f"{name}·", 0) for name in "pq")

Coordinate = tuple[int, Sym, Sym]
"""An entry of Z1 (0) or Z2 (1): which, its row, its column."""


@dataclass(frozen=True)
class Kind:
    """A block type: the indices of a block, in order, and its coordinates."""

    indices: tuple[Sym, ...]
    coordinates: tuple[Coordinate, ...]


ITSELF = Kind((a,), ((0, a, a), (1, a, a)))
PAIR = Kind((a, b), ((0, a, b), (1, b, a), (0, b, a), (1, a, b)))
OUTWARD = Kind((a, d), ((0, a, d), (1, d, a)))
INWARD = Kind((s, a), ((0, s, a), (1, a, s)))
SLOT = Kind((s, d), ((0, s, d), (1, d, s)))
KINDS = (ITSELF, PAIR, OUTWARD, INWARD, SLOT)
"""Every entry of Z1 and Z2 is a coordinate of one block; a pair is taken once, for a < b."""


@dataclass(frozen=True)
class Case:
    """Blocks of one type of which the same is known: ``facts`` about their indices, and how many there are."""

    facts: tuple[Rel, ...]
    count: Expr


@dataclass(frozen=True)
class Block:
    """A block type: the quadratic form ``vᵀ matrix v`` in its coordinates, and the cases it falls into."""

    kind: Kind
    matrix: tuple[tuple[Expr, ...], ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Symmetry:
    """A group that acts by W1 ↦ g W1, W2 ↦ W2 g⁻¹ and leaves the loss as it is.

    ``frames`` gives the free letters of the listed points for the image of the canonical point: that these are all
    points of the list is what completing a basis says.
    """

    g: Expr
    inverse: Expr
    frames: Mapping[Any, Expr]


@dataclass(frozen=True)
class Splitting:
    """A loss near its listed points.

    Attributes
    ----------
    data
        The data in principal axes: X ↦ U Σ Vᵀ.
    axes
        U.
    sizes
        ℓ, k and m: how many components are learned, the latent axes, the components.
    symmetry
        What makes every listed point like the canonical one.
    cases
        The cases of each block type.
    known
        Relations that define the quantities in the facts of the cases.
    kinds
        The block types that the directions in question belong to.
    """

    data: Mapping[Expr, Expr]
    axes: Letter
    sizes: tuple[Sym, Sym, Sym]
    symmetry: Symmetry
    cases: Mapping[Kind, tuple[Case, ...]] = field(default_factory=dict)
    known: tuple[Rel | Every, ...] = ()
    kinds: tuple[Kind, ...] = KINDS

    def blocks(self, loss: Expr, points: Points) -> Iterator[Block]:
        """The block types of the second variation at the canonical point."""
        for kind, entries in self.entries(loss, points).items():
            yield Block(kind, entries, self.cases[kind])

    def entries(self, loss: Expr, points: Points) -> dict[Kind, tuple[tuple[Expr, ...], ...]]:
        """The matrix of every block type."""
        ell, k, m = self.sizes
        zones = {ell: {LEARNED}, k: {LEARNED, SPARE}, m: {LEARNED, UNLEARNED}}
        moves = tuple(Letter(f"Z{place}", w.rows, w.cols) for place, w in enumerate(points.letters, 1))
        return second_variation(substitute(loss, self.moved(points, moves)), moves, zones, self.kinds)

    def moved(self, points: Points, moves: Sequence[Letter]) -> dict[Expr, Expr]:
        """The weights along a line through the canonical point, its direction in principal axes."""
        z1, z2 = moves[0] @ self.axes.T, self.axes @ moves[1]
        lines = (f + STEP * z for f, z in zip(canonical(points), (z1, z2), strict=True))
        return {**self.data, **dict(zip(points.letters, lines, strict=True))}

    def numbers(self) -> dict[Kind, Expr]:
        """How many blocks there are of each type."""
        ell, k, m = self.sizes
        return {
            ITSELF: ell,
            PAIR: ell * (ell - 1) / 2,
            OUTWARD: ell * (m - ell),
            INWARD: (k - ell) * ell,
            SLOT: (k - ell) * (m - ell),
        }

    def total(self, loss: Expr, points: Points, context: Context) -> tuple[Expr, Expr, Expr]:
        """The numbers of descending, flat and ascending directions, for all sizes.

        Raises
        ------
        Undecided
            When the form does not split, the cases are not all, or a sign does not follow.
        """
        if not invariant(self, loss, points):
            raise Undecided("the symmetry does not carry the canonical point to the listed ones")
        arena = Arena.of(context).knowing(*self.known)
        totals = [lift(0)] * 3
        for block in self.blocks(loss, points):
            if not normal.equal(add(*(c.count for c in block.cases)), self.numbers()[block.kind]):
                raise Undecided("the cases of a block type are not all")
            for case in block.cases:
                found = signature(equated(block.matrix, case), supposing(arena, case))
                totals = [so_far + number * case.count for so_far, number in zip(totals, found, strict=True)]
        descending, flat, ascending = totals
        return descending, flat, ascending


def second_variation(
    moved: Expr, moves: Sequence[Letter], zones: Mapping[Any, set[str]], kinds: Sequence[Kind]
) -> dict[Kind, tuple[tuple[Expr, ...], ...]]:
    """The matrix of every block type, from a loss along a line in the direction of the moves."""
    families = {f.name: f for f in free_names([moved]).families}
    tails = weights_of(moved)
    families |= {f.name: f for f in tails.values()}
    second = normal.normal_form(Coeff(moved, STEP, 2))
    terms = [Term.of(key, c, moves, zones, tails) for key, c in second.terms.items()]
    forms = {kind: matrix(kind, terms) for kind in kinds}
    return {kind: tuple(tuple(expression(e, families) for e in row) for row in form) for kind, form in forms.items()}


def canonical(points: Points) -> tuple[Expr, ...]:
    """The listed point whose latent axis a holds component a."""
    if points.canonical is None:
        raise Undecided("no canonical coordinates")
    return tuple(relabel(f, points.canonical) for f in points.form)


def invariant(splitting: Splitting, loss: Expr, points: Points) -> bool:
    """Whether the symmetry leaves the loss as it is and takes the canonical point to points of the list.

    The group acts linearly, so the inertia is the same all along its orbit.
    """
    (w1, w2), symmetry = points.letters, splitting.symmetry
    form = substitute(loss, dict(splitting.data))
    turned = substitute(form, {w1: symmetry.g @ w1, w2: w2 @ symmetry.inverse})
    c1, c2 = canonical(points)
    framed = {**(points.canonical or {}), **symmetry.frames}
    images = (relabel(f, framed) for f in points.form)
    equations = [f for f in points.where if isinstance(f, Rel) and f.op == "="]
    return (
        normal.equal(symmetry.g @ symmetry.inverse, Eye(w1.rows))
        and normal.equal(turned, form)
        and all(map(normal.equal, images, (symmetry.g @ c1, c2 @ symmetry.inverse)))
        and all(normal.equal(relabel(f.left, framed), relabel(f.right, framed)) for f in equations)
    )


# -- terms of two indices --------------------------------------------------------------------------


def weights_of(e: Expr) -> dict[str, Family]:
    """The families f[i] = Σ_{b ≥ i} w[b] of masks, by the name of w."""
    found = (node.family for node in e.walk() if isinstance(node, Diag | MaxMask) and node.family.tail is not None)
    return {f.tail(ANY).family.name: f for f in found if f.tail is not None and isinstance(f.tail(ANY), Item)}  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Term:
    """``Σ_pq weight · f[max] · x · y``, over p and q in zones; x and y are entries of Z1 and Z2 in p and q.

    ``mask`` names f and says which of p and q the maximum is over.
    """

    weight: Mono
    factor: normal.Number
    ranges: tuple[set[str], set[str]]
    x: tuple[int, bool]  # which letter, and whether its entry is (q, p) rather than (p, q)
    y: tuple[int, bool]
    mask: tuple[str, frozenset[Any]] | None = None

    @staticmethod
    def of(
        key: normal.Key,
        c: normal.Number,
        moves: Sequence[Letter],
        zones: Mapping[Any, set[str]],
        tails: Mapping[str, Family],
    ) -> Term:
        """Read Tr(x D y D′), with diagonal D and D′, as a sum over the indices of D (p) and of D′ (q)."""
        binders, mono, _ = key
        traces = [atom for atom, e in mono if atom[0] == "t" and e == 1]
        word = traces[0][1] if len(traces) == 1 else ()
        places = [place for place, token in enumerate(word) if token[0] == "L" and token[1] in moves]
        if len(binders) > 1 or len(places) != 2 or any(atom[0] == "t" for atom, _ in mono - {(traces[0], 1)}):
            raise Undecided("the second variation has a term that is no sum over two indices")
        first, second = places
        weight, ranges = mono - {(traces[0], 1)}, []
        for index, path, start in (
            (P, word[first + 1 : second], second),
            (Q, word[second + 1 :] + word[:first], first),
        ):
            along, reached = diagonal(path, zones, normal.width(word[start]))
            weight = normal.combine(weight, normal.rename(along, normal.DUMMY, index))
            ranges.append(reached)
        x, y = ((moves.index(word[place][1]), word[place][2]) for place in places)
        found = Term(weight, c, (ranges[0], ranges[1]), (x[0], not x[1]), y)
        return found.masked(binders[0], tails) if binders else found

    def masked(self, binder: tuple[str, Any, Any], tails: Mapping[str, Family]) -> Term:
        """With Σ_b w[b] [p ≤ b] [q ≤ b] = f[max(p, q)] taken."""
        name, lo, hi = binder
        here = ("x", name, 0)
        bounded = {(atom, e) for atom, e in self.weight if normal.mentions(atom, name)}
        weights = [atom for atom, _ in bounded if atom[0] == "f"]
        after = frozenset(atom[1] for atom, _ in bounded if atom[0] == "b" and atom[2] == here)
        family = tails.get(weights[0][1]) if len(weights) == 1 else None
        whole = (
            family is not None
            and family.length is not None
            and (lo, hi) == (("x", "", 1), ("x", family.length.name, 0))
        )
        if family is None or not whole or not after or len(bounded) != 1 + len(after):
            raise Undecided("the second variation has a sum that is no mask")
        return replace(self, weight=self.weight - bounded, mask=(family.name, after))

    def at(self, p: Sym, q: Sym) -> tuple[Coordinate, Coordinate, Form]:
        """The summand of two indices."""
        weight: Any = self.weight
        if self.mask is not None:
            family, after = self.mask
            latest = max((value for index, value in ((P, p), (Q, q)) if index in after), key=LATENTS.index)
            weight = normal.combine(weight, frozenset({(("f", family, normal.index_of(latest)), 1)}))
        for index, value in ((P, p), (Q, q)):
            weight = normal.rename(weight, index, normal.index_of(value))
        x, y = ((z, *((q, p) if turned else (p, q))) for z, turned in (self.x, self.y))
        return x, y, Form(()).include(normal.settle(weight), self.factor)


def diagonal(path: Sequence[Any], zones: Mapping[Any, set[str]], size: Any) -> tuple[Mono, set[str]]:
    """The entry of a product of diagonal matrices and first columns of the identity, and where it is not zero."""
    weight, reached = normal.ONE, set(zones[size])
    for token in path:
        if token[0] == "D":
            weight = normal.combine(weight, token[1])
            reached &= zones[token[2]]
        elif token[0] == "J" and zones[token[2]] == {LEARNED}:
            reached &= zones[token[1]] & zones[token[2]]
        else:
            raise Undecided("the second variation is not diagonal in these coordinates")
    return weight, reached


def matrix(kind: Kind, terms: Sequence[Term]) -> list[list[Form]]:
    """The form in the coordinates of a block type."""
    size = len(kind.coordinates)
    out = [[Form(()) for _ in range(size)] for _ in range(size)]
    pairs = {(kind.indices[0], kind.indices[-1]), (kind.indices[-1], kind.indices[0])}
    for term, (p, q) in product(terms, sorted(pairs, key=str)):
        if ZONE[p] in term.ranges[0] and ZONE[q] in term.ranges[1]:
            x, y, weight = term.at(p, q)
            i, j = kind.coordinates.index(x), kind.coordinates.index(y)
            out[i][j].include(weight, HALF)
            out[j][i].include(weight, HALF)
    return out


def smooth(entries: list[list[Form]]) -> list[list[Form]]:
    """Without square roots: coordinates are multiplied by positive roots, which leaves the inertia as it is."""

    def odd(form: Form, radical: Any) -> bool:
        return any(atom == radical and e % 1 for _, mono, _ in form.terms for atom, e in mono)

    radicals = {atom for row in entries for e in row for _, mono, _ in e.terms for atom, p in mono if p % 1}
    for radical in sorted(radicals, key=normal.stable):
        root = normal.scalar(1, frozenset({(radical, HALF)}))
        turned = colours([[odd(e, radical) for e in row] for row in entries])
        entries = [
            [
                normal.times(normal.times(e, root if x else UNIT), root if y else UNIT)
                for e, y in zip(row, turned, strict=True)
            ]
            for row, x in zip(entries, turned, strict=True)
        ]
    return entries


def colours(edges: list[list[bool]]) -> list[bool]:
    """Two colours for the places such that the edges join places of different colours, if that can be."""
    found: dict[int, bool] = {}
    for start in range(len(edges)):
        queue = [start] if found.setdefault(start, False) is not None else []
        for place in queue:
            fresh = [other for other, edge in enumerate(edges[place]) if edge and other not in found]
            found.update(dict.fromkeys(fresh, not found[place]))
            queue += fresh
    return [found[place] for place in range(len(edges))]


def expression(form: Form, families: Mapping[str, Family]) -> Expr:
    """A scalar normal form without traces and sums, as an expression."""

    def quantity(atom: Any) -> Expr:
        if atom[0] == "s":
            return Sym(atom[1])
        if atom[0] == "f":
            return Item(families[atom[1]], Sym(atom[2][1]))
        if atom[0] == "p":
            return total(atom[1])
        raise Undecided(f"the quantity {atom}")

    def term(mono: Mono, c: normal.Number) -> Expr:
        powers = sorted(mono, key=normal.stable)
        factors = [quantity(atom) if e == 1 else quantity(atom) ** Fraction(e) for atom, e in powers]
        return mul(*([c] if c != 1 or not factors else []), *factors)

    def total(terms: Any) -> Expr:
        return add(*(term(m, c) for m, c in sorted(terms, key=normal.stable))) if terms else lift(0)

    return total([(m, c) for (_, m, _), c in form.terms.items()])


# -- signs -----------------------------------------------------------------------------------------


def supposing(arena: Arena, case: Case) -> Arena:
    """The arena with the facts of a case; a learned index stands for the place of its component."""
    for fact in case.facts:
        try:
            arena = arena.comparing(fact.left, fact.op, fact.right)
        except Undecided:
            arena = arena.knowing(fact)
    return arena


def equated(entries: Sequence[Sequence[Expr]], case: Case) -> Sequence[Sequence[Expr]]:
    """The matrix where quantities that are equal by the facts of the case have one name."""
    same: dict[Expr, Expr] = {fact.left: fact.right for fact in case.facts if fact.op == "="}
    return [[substitute(e, same) for e in row] for row in entries]


def signature(entries: Sequence[Sequence[Expr]], arena: Arena) -> Inertia:
    """The inertia of a symmetric matrix of scalars: signs of pivots under the hypotheses.

    Square roots are of positive quantities, as everywhere in the normal form.

    Raises
    ------
    Undecided
        When no pivot has a sign that follows from the hypotheses.

    Examples
    --------
    >>> from proofs.hypotheses import Hypothesis
    >>> x, y = Sym("x"), Sym("y")
    >>> ordered = Hypothesis("x > y > 0", "", (Rel(x, ">", y), Rel(y, ">", lift(0))))
    >>> signature([[x, -y], [-y, x]], Arena.of(Context((ordered,))))
    Inertia(negative=0, zero=0, positive=2)
    >>> signature([[y, -x], [-x, y]], Arena.of(Context((ordered,))))
    Inertia(negative=1, zero=0, positive=1)
    """
    items = {node.family for row in entries for e in row for node in e.walk() if isinstance(node, Item)}
    families = {name: f for f in items for name in (f.name, atomic(f[ANY]).family.name)}  # type: ignore[attr-defined]
    forms = smooth([[normal.normal_form(atomic(e)) for e in row] for row in entries])
    rational = [[expression(form, families) for form in row] for row in forms]
    gaps = Gaps(arena, [e for row in rational for e in row])
    left = [[gaps.ratio(e) for e in row] for row in rational]
    negative = positive = 0
    while any(num != 0 for row in left for num, _ in row):
        pivots = [(place, sign_of(gaps, left[place][place])) for place in range(len(left))]
        place, sign = next(((p, s) for p, s in pivots if s), (0, 0))
        if sign:
            negative, positive = negative + (sign < 0), positive + (sign > 0)
            left = complement(left, place)
        elif all(left[p][p][0] == 0 for p in range(len(left))) and len(left) == 2:
            if not sign_of(gaps, left[0][1]):
                raise Undecided("whether an entry is zero does not follow from the hypotheses")
            return Inertia(negative + 1, 0, positive + 1)
        else:
            raise Undecided("the sign of a pivot does not follow from the hypotheses")
    return Inertia(negative, len(left), positive)


def sign_of(gaps: Gaps, ratio: tuple[Any, Any]) -> int:
    """The sign of a quotient of polynomials in the gaps; 0 if it is zero or does not follow."""
    over, under = (sign_by_factors(gaps, poly) for poly in ratio)
    return over * under


def sign_by_factors(gaps: Gaps, poly: Any) -> int:
    """Each factor has coefficients of one sign, or is a difference of quantities whose order is known."""
    found = gaps.sign(poly)
    if found:
        return found[0] * found[1]
    constant, factors = poly.factor()
    sign = 1 if constant > 0 else -1
    for factor, power in factors:
        here = gaps.sign(factor)
        sign *= (here[0] * here[1] if here else known_difference(gaps, factor)) ** power
    return sign


def known_difference(gaps: Gaps, poly: Any) -> int:
    """The sign of c(x − y) for quantities x > y."""
    for x, below in gaps.nodes_below.items():
        for y, strict in below:
            difference = gaps.value[x] - gaps.value[y] if y in gaps.value else poly * 0
            if strict and difference != 0:
                scale = poly.leading_coefficient() / difference.leading_coefficient()
                if poly == scale * difference:
                    return 1 if scale > 0 else -1
    return 0


def complement(entries: list[list[Any]], pivot: int) -> list[list[Any]]:
    """The Schur complement of a pivot, in a field of fractions."""
    (top, bottom), rest = entries[pivot][pivot], [p for p in range(len(entries)) if p != pivot]

    def reduce(i: int, j: int) -> tuple[Any, Any]:
        (x, dx), (y, dy), (z, dz) = entries[i][j], entries[i][pivot], entries[pivot][j]
        return reduced(x * dy * dz * top - y * z * bottom * dx, dx * dy * dz * top)

    return [[reduce(i, j) for j in rest] for i in rest]


# -- places in the spectrum ------------------------------------------------------------------------


def placed(sizes: tuple[Sym, Sym, Sym], index: Family, last: Expr) -> dict[Kind, tuple[Case, ...]]:
    """The cases of a list in which every index set I = {i_1 < … < i_ℓ} ⊂ {1, …, last} is possible.

    The place of component a ≤ ℓ is i_a; component d > ℓ has any other place. Those places before i_a are
    i_a − 1 less the a − 1 that are in I, and so on; after ``last`` no place is in I.
    """
    ell, k, m = sizes
    zero = lift(0)
    between = (Rel(last, "≥", zero), Rel(last, "≤", m))
    learned = (*between, Rel(a, "≥", ONE), Rel(a, "≤", last))
    ordered = (*learned, Rel(b, "≥", a + 1), Rel(b, "≤", last))

    def outside(before: Expr, lo: Expr, after: Expr, hi: Expr) -> tuple[tuple[Rel, ...], Expr]:
        """The places lo ≤ d ≤ hi that are not in I, of which ``before`` are less than lo and ``after`` up to hi."""
        facts = (*between, Rel(d, "≥", lo), Rel(d, "≤", hi))
        at: dict[Expr, Expr] = {a: index[a]}
        return facts, (substitute(hi, at) - substitute(lo, at) + 1) - (after - before)

    beyond = () if last == m else (outside(ell, last + 1, ell, m),)
    around = (outside(zero, ONE, a - 1, a - 1), outside(a, a + 1, ell, last), *beyond)
    free = (outside(zero, ONE, ell, last), *beyond)
    return {
        ITSELF: (Case(learned, ell),),
        PAIR: (Case(ordered, ell * (ell - 1) / 2),),
        OUTWARD: tuple(Case((*learned, *facts), Sum(a, ONE, ell, count)) for facts, count in around),
        INWARD: (Case(learned, (k - ell) * ell),),
        SLOT: tuple(Case(facts, (k - ell) * count) for facts, count in free),
    }
