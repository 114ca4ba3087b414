"""What an expression says, as a polynomial of tensors; with it, whether two expressions are equal for every size.

Every node has a rule. A node without one — a maximum, an eigenvalue — is an unknown number that depends on the indices
in it. Divisions and roots are total here, 1/0 and √−1 being some number of which nothing is known: a rule that uses
``equal`` asks for theorems that the denominators are not 0 and the radicands not negative (``propositions.needs``).

Main results
    equal(a, b, facts)     True: a = b for every size and all values of the letters; False says nothing
    Meaning.value          the polynomial of an expression; of a matrix in the slots row and column
    index_of               an index expression as base and offset
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product
from math import factorial
from typing import Any

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import tensor as t
from proofs.kernel.binding import free, member, opened, plain, renewed, said, substitute
from proofs.kernel.expressions import Expr, integer
from proofs.kernel.propositions import Every, Rel, diagonal_entry
from proofs.kernel.tensor import (
    COLUMN,
    EQUAL,
    MIDDLE,
    ROW,
    Facts,
    Index,
    Normal,
    Polynomial,
    Undecided,
    at_most,
    atom,
    bind,
    constant,
    index_number,
    inside,
    number,
    plus,
    replaced,
    times,
)

ONE = constant(1)
SIDE = 4
"""Matrices with a side of known length up to this are compared entry by entry."""


def equal(
    a: Expr,
    b: Expr,
    facts: Facts = Facts(),  # noqa: B008
    equations: Sequence[tuple[Expr, Expr]] = (),
    apart: Iterable[Expr] = (),
) -> bool:
    """Whether a = b follows from the facts, and from equations of scalars, for every size; False says nothing.

    Denominators are cleared that are among what is ``apart``: relations, of one or of every index, that say ≠ 0.

    Examples
    --------
    >>> k, m = integer("k"), integer("m")
    >>> A, B = E.Letter("A", k, m), E.Letter("B", m, k)
    >>> equal(E.Tr(A @ B), E.Tr(B @ A)), equal(E.Tr(A @ B), E.Tr(A @ A.T))
    (True, False)
    >>> x, y = E.Sym("x"), E.Sym("y")
    >>> equal(E.sqrt(x**2), x), equal(x**2, y * x, equations=[(x, y)])
    (False, True)
    """
    if a.shape != b.shape:
        raise E.ShapeError(f"{E.shape_text(a.shape)} = {E.shape_text(b.shape)} does not conform: {a} = {b}")
    meaning = under_facts(facts)
    p = meaning.normal(plus(meaning.value(a), plus(meaning.value(b), by=-1)))
    shape = tuple(map(index_of, map(E.lift, a.shape)))
    return vanishes(p, shape, meaning, rewrites(meaning, equations), apart)


Rewrite = tuple[t.Monomial, Polynomial]
ROUNDS = 30


def rewrites(meaning: Meaning, equations: Sequence[tuple[Expr, Expr]]) -> list[Rewrite]:
    """Each equation as a term, its longest in one part, and what it is."""
    found = []
    for a, b in equations:
        p = meaning.normal(plus(meaning.value(a), plus(meaning.value(b), by=-1)))
        whole = [m for m in p if m[1] and (m[0] == 0 or len(list(t.components(*m))) == 1)]
        if whole:
            m = max(whole, key=lambda m: (len(m[1]), m[0], m))
            found.append((m, plus({x: c for x, c in p.items() if x != m}, by=-1 / p[m])))
    return found


def rewritten(p: Polynomial, rules: Sequence[Rewrite], normal: Normal) -> Polynomial:
    """With terms replaced by what they are, wherever they are factors, unless an equation speaks of what is beyond."""
    for _ in range(ROUNDS if rules else 0):
        rules = [r for r in rules if normal.beyond.isdisjoint(spoken(r))]
        out: Polynomial = {}
        for m, c in p.items():
            rest = next(((r, q) for x, q in rules for r in [quotient(m, x)] if r is not None), None)
            if rest is None:
                t.put(out, m, c)
            else:
                out = plus(out, times({rest[0]: c}, rest[1]))
        if out == p:
            return p
        p = normal(out)
    return p


def spoken(rule: Rewrite) -> set[Any]:
    """The symbols in an equation."""
    return {s for m in (rule[0], *rule[1]) for a in m[1] for s in t.symbols(a)}


def quotient(m: t.Monomial, by: t.Monomial) -> t.Monomial | None:
    """What is left of a term without a factor, or None."""
    parts = list(t.components(*m))
    if by[0] == 0:
        free_ = list(parts[0][1]) if parts and not parts[0][0] else []
        if any(free_.count(a) < by[1].count(a) for a in by[1]):
            return None
        for a in by[1]:
            free_.remove(a)
        kept = [((), tuple(free_)), *parts[1:]]
    else:
        own = [place for place, (ps, atoms) in enumerate(parts) if ps and t.canonical((len(ps), atoms))[0] == by]
        if not own:
            return None
        kept = [x for place, x in enumerate(parts) if place != own[0]]
    out: Polynomial = {t.ONE_TERM: fmpq(1)}
    for ps, atoms in kept:
        out = times(out, {(len(ps), atoms): fmpq(1)})
    return next(iter(out))


def vanishes(
    p: Polynomial, shape: tuple[Index, ...], meaning: Meaning, rules: Sequence[Rewrite], apart: Iterable[Expr]
) -> bool:
    """Whether a polynomial in the slots of a matrix of this shape is zero, its denominators cleared."""
    slots = tuple(zip((ROW, COLUMN), shape, strict=False))
    facts = meaning.normal.facts
    order = facts.order | {pair for slot, side in slots for pair in ((ONE, slot), (slot, side))}
    normal = remembered(Facts(order, facts.apart)).normal
    normal.beyond = meaning.normal.beyond
    small = [(slot[0], range(1, side[1] + 1)) for slot, side in slots if side[0] == t.CONSTANT and side[1] <= SIDE]
    sure: list[Sure] | None = None
    for places in product(*(span for _, span in small)):
        entry = replaced(p, *[(slot, constant(c)) for (slot, _), c in zip(small, places, strict=True)])
        entry = rewritten(normal(entry), rules, normal)
        if sure is None and any(a[0][0] == "1/" for _, atoms in entry for a in atoms):
            sure = [x for e in apart for x in meaning.denominators(e)]
        if not cancels(rewritten(cleared(entry, normal, sure or ()), rules, normal), normal.facts):
            return False
    return True


def cancels(p: Polynomial, facts: Facts) -> bool:
    """Whether a polynomial is zero, its indices being compared where that is needed."""
    try:
        return not p or not t.Sorted(facts)(p)
    except Undecided:
        return False


def cleared(p: Polynomial, normal: Normal, sure: Sequence[Sure]) -> Polynomial:
    """Times the denominators outside sums that are sure not to be 0.

    Others may stand where a range says that there is no such term: 1/0 there is some number, and 0 times it is 0.
    """
    while True:
        count: dict[t.Atom, int] = {}
        for _, atoms in p:
            for a in set(atoms):
                if a[0][0] == "1/" and any(x.covers(a, normal.facts) for x in sure):
                    count[a] = max(count.get(a, 0), atoms.count(a))
        if not count:
            return p
        a = max(count, key=depth)
        powers = [number(1)]
        for _ in range(count[a]):
            powers.append(times(powers[-1], t.thawed(a[0][1], a[1])))
        out: Polynomial = {}
        for (n, atoms), c in p.items():
            rest = tuple(x for x in atoms if x != a)
            missing = powers[count[a] - len(atoms) + len(rest)]
            out = plus(out, times({(n, rest): c}, missing))
        p = normal(out)


@dataclass(frozen=True)
class Sure:
    """1/x where x is not 0, for every index of the ranges."""

    atom: t.Atom
    ranges: tuple[tuple[t.Base, Index, Index], ...] = ()

    def covers(self, a: t.Atom, facts: Facts) -> bool:
        """Whether it is this denominator, at indices in the ranges; none of a sum."""
        if a[0] != self.atom[0] or any(i[0][0] == 2 for i in a[1]):
            return False
        at: dict[t.Base, Index] = {}
        own = {base for base, _, _ in self.ranges}
        for (base, offset), i in zip(self.atom[1], a[1], strict=True):
            there = at.setdefault(base, t.shifted(i, -offset)) if base in own else (base, 0)
            if t.shifted(there, offset) != i:
                return False

        def placed(i: Index) -> Index:
            return t.shifted(at[i[0]], i[1]) if i[0] in at else i

        return own == at.keys() and all(
            facts.at_most(placed(lo), at[base]) and facts.at_most(at[base], placed(hi)) for base, lo, hi in self.ranges
        )


def depth(a: t.Atom) -> tuple[int, str]:
    """How deep denominators are nested: the outer ones are cleared first."""
    return (str(a[0]).count("1/"), str(a))


# -- indices ---------------------------------------------------------------------------------------


def index_of(e: Expr, bound: Any = None) -> Index:
    """An index as base and offset.

    Examples
    --------
    >>> index_of(integer("k") - 1)
    ((1, 'k'), -1)
    """
    bound = bound or {}
    if isinstance(e, E.Named):
        return index_of(e.body, bound)
    if isinstance(e, E.Num) and e.value.denominator == 1:
        return constant(int(e.value))
    if isinstance(e, E.Sym) and e.sort == E.Sort.INTEGER:
        return (bound[e] if e in bound else t.name(e.name), 0)
    if isinstance(e, E.Item) and e.family.random is not None:
        return ((3, drawn_name(e.family), index_of(e.index, bound)), 0)
    if isinstance(e, E.Add):
        parts = [index_of(x, bound) for x in e.terms]
        named = [p for p in parts if p[0] != t.CONSTANT]
        if len(named) <= 1:
            return ((named or [constant(0)])[0][0], sum(p[1] for p in parts))
    raise Undecided(f"the index {e}")


# -- the rules of nodes ----------------------------------------------------------------------------


def under_facts(facts: Facts) -> Meaning:
    """What was found before under the same facts, for a new question; one that was broken off leaves nothing behind."""
    found = remembered(facts)
    found.normal.beyond, found.count, found.bound = set(), 0, {}
    return found


class Meaning:
    """The polynomials of expressions under facts; ``bound`` gives the bases of bound indices."""

    def __init__(self, facts: Facts):
        self.normal = Normal(facts)
        self.bound: dict[Expr, t.Base] = {}
        self.count = 0
        self.known: dict[Any, tuple[Polynomial, set[Any]]] = {}

    def value(self, e: Expr) -> Polynomial:
        """The normal form of an expression; what it leaves beyond is noted each time."""
        key = (e, *((x, self.bound[x]) for x in sorted(self.bound.keys() & free(e), key=str)))
        before = self.normal.beyond
        if key not in self.known:
            self.normal.beyond = set()
            try:
                rule = RULES.get(type(e))
                self.known[key] = self.normal(rule(self, e) if rule else self.unknown(e)), self.normal.beyond
            finally:
                self.normal.beyond = before
        found, beyond = self.known[key]
        before |= beyond
        return found

    def index(self, e: Any) -> Index:
        return index_of(E.lift(e), self.bound)

    def fresh(self) -> t.Base:
        self.count += 1
        return (1, f"{t.FRESH}{self.count:06}")  # in the order in which they are made

    def denominators(self, p: Any) -> list[Sure]:
        """1/x, of its factors too, and 1/√x, of a relation that x is not 0, or not 0 for every index of a range."""
        ranges, before = [], self.bound
        try:
            while isinstance(p, Every):
                base = self.fresh()
                ranges.append((base, self.index(p.lo), self.index(p.hi)))
                self.bound = {**self.bound, p.var: base}
                p = p.body
            if not (isinstance(p, Rel) and p.op in "≠<>" and p.left.is_scalar):
                return []
            x = self.value(p.left - p.right)
            both = [self.inverse(y, 1) for y in (x, self.parametrised("√", x)) if x]
            return [Sure(a, tuple(ranges)) for q in both for _, atoms in q for a in atoms if a[0][0] == "1/"]
        except Undecided:
            return []
        finally:
            self.bound = before

    def under(self, var: Expr, base: t.Base, body: Expr) -> Polynomial:
        """The polynomial of a body in which a variable has a base."""
        before = self.bound
        self.bound = {**before, var: base}
        try:
            return self.value(body)
        finally:
            self.bound = before

    def unknown(self, e: Expr) -> Polynomial:
        """Numbers of which nothing is known, but that they depend on the indices in the expression."""
        indices = sorted((x for x in self.bound if x in free(e)), key=str)
        taken = free(e)
        holes: dict[Expr, Expr] = {x: renewed(integer(f"•hole{place}"), taken) for place, x in enumerate(indices)}
        key = plain(substitute(e, holes))
        slots = () if e.is_scalar else (ROW, COLUMN)
        found = atom(("?", interned((key, *holes.values()))), *slots, *((self.bound[x], 0) for x in indices))
        return self.within(found, *map(self.index, e.shape)) if slots else found

    # numbers
    def sym(self, e: Any) -> Polynomial:
        if e == E.PI:
            return atom(("π",))
        return index_number(self.index(e)) if e.sort == E.Sort.INTEGER else atom(("x", e.name))

    def item(self, e: Any) -> Polynomial:
        f = e.family
        if f.define is not None:
            return self.value(member(e))
        if f.random is not None:
            return index_number(self.index(e))
        if f.tail is not None:
            return self.tail(f, self.index(e.index))
        return atom(family_symbol(f), self.index(e.index))

    def tail(self, f: E.Family, i: Index) -> Polynomial:
        """Σ_{b ≥ i} w[b]."""
        base = self.fresh()
        return bind(times(self.weight(f, base), at_most(i, (base, 0))), base, ONE, self.index(f.length))

    def weight(self, f: E.Family, base: t.Base) -> Polynomial:
        """w[b] of a family of tails, at a base."""
        b = renewed(integer("b"), opened(f))
        return self.under(b, base, said(f, b, True))

    def mul(self, e: Any) -> Polynomial:
        scalars, matrices = [f for f in e.factors if f.is_scalar], [f for f in e.factors if not f.is_scalar]
        out = number(1)
        for f in scalars:
            out = self.normal(times(out, self.value(f)))
        product = None
        for f in matrices:
            product = self.value(f) if product is None else self.matmul(product, self.value(f), f.shape[0])
        return out if product is None else times(out, product)

    def matmul(self, p: Polynomial, q: Polynomial, between: Any) -> Polynomial:
        joined = times(replaced(p, (COLUMN[0], MIDDLE)), replaced(q, (ROW[0], MIDDLE)))
        return self.normal(bind(joined, MIDDLE[0], ONE, self.index(between)))

    def pow(self, e: Any) -> Polynomial:
        exponent = e.exponent.value if isinstance(e.exponent, E.Num) else None
        if not e.base.is_scalar:
            return self.matrix_power(e, exponent)
        if exponent is None:
            return self.symbolic_power(e)
        if exponent.denominator == 1 and exponent >= 0:
            out, base = number(1), self.value(e.base)
            for _ in range(int(exponent)):
                out = self.normal(times(out, base))
            return out
        return self.power(e.base, exponent)

    def symbolic_power(self, e: Any) -> Polynomial:
        """x^{k+2} = x^k x², for positive x; x^k is an unknown number."""
        base, offset = self.index(e.exponent)
        if base[0] != 1:
            raise Undecided(f"the exponent {e.exponent}")
        index = next(x for x in free(e.exponent) if isinstance(x, E.Sym) and self.index(x)[0] == base)
        rest = self.unknown(E.Pow(e.base, index))
        return times(rest, self.value(E.Pow(e.base, E.lift(offset)))) if offset else rest

    def power(self, base: Expr, p: Any) -> Polynomial:
        """A root or a reciprocal, of products factor by factor: the powers of x need x > 0 or x ≠ 0, and so on."""
        while isinstance(base, E.Named):
            base = base.body
        if isinstance(base, E.Item) and base.family.define is not None:
            return self.power(member(base), p)
        if isinstance(base, E.Num) and p.denominator == 1 and base.value:
            return number(fmpq(base.value.numerator, base.value.denominator) ** int(p))
        if p.denominator == 1:
            return self.inverse(self.value(base), int(-p))
        if p.denominator != 2:
            raise Undecided(f"the power {p}")
        radicand, sides = self.value(base), int(abs(2 * p))
        root = radicand if radicand == number(1) else self.parametrised("√", radicand)
        out = self.inverse(root, 1) if p < 0 else root
        total = number(1)
        for _ in range(sides):
            total = self.normal(times(total, out))
        return total

    def inverse(self, p: Polynomial, times_: int) -> Polynomial:
        """1/p: of a single term factor by factor; a common factor of all terms is taken out."""
        if not p:
            raise Undecided("a division by 0")
        common = list(next(iter(p))[1])
        for _, atoms in p:
            common = [a for n, a in enumerate(common) if common[: n + 1].count(a) <= atoms.count(a)]
        plain_ = [a for a in common if not any(i[0][0] == 2 for i in a[1]) and a[0] not in (EQUAL, t.AT_MOST)]
        rest: Polynomial = {}
        for (n, atoms), c in p.items():
            left = list(atoms)
            for a in plain_:
                left.remove(a)
            t.put(rest, (n, tuple(left)), c)
        lead = rest[min(rest)]
        one = number(1 / lead)
        for a in plain_:
            one = times(one, self.reciprocal(a))
        if rest != number(lead):
            one = times(one, self.parametrised("1/", plus(rest, by=1 / lead)))
        out = number(1)
        for _ in range(times_):
            out = self.normal(times(out, one))
        return out

    def reciprocal(self, a: t.Atom) -> Polynomial:
        """1/a of an atom; of 1/x it is x."""
        if a[0][0] == "1/":
            return t.thawed(a[0][1], a[1])
        return self.parametrised("1/", {(0, (a,)): fmpq(1)})

    def parametrised(self, kind: str, p: Polynomial) -> Polynomial:
        """An atom for a function of a polynomial: its free indices are the atom's, from their least offsets on."""
        bases = parameters(p)
        options = []
        for chosen in orders(list(bases)):
            place = {base: at for at, base in enumerate(chosen)}

            def change(i: Index, at: dict[t.Base, int] = place) -> Index:
                return ((4, 10 + at[i[0]]), i[1] - bases[i[0]]) if i[0] in at else i

            form: Polynomial = {}
            for (n, atoms), c in p.items():
                moved = tuple(a if end(a) else t.renamed((a,), change)[0] for a in atoms)
                moved = t.renamed(moved, lambda i: change(i) if i[0] != t.CONSTANT else i)
                named, sign = t.canonical((n, tuple(sorted(moved))))
                t.put(form, named, c * sign)
            options.append((t.frozen(form), tuple((base, bases[base]) for base in chosen)))
        inner, indices = min(options)
        if kind != "1/":
            return atom((kind, inner), *indices)
        lead = inner[0][1]
        return plus(atom(("1/", t.frozen(dict(inner), 1 / lead)), *indices), by=1 / lead)

    def fn(self, e: Any) -> Polynomial:
        if e.name == "exp":
            power = self.normal(self.value(e.arg))
            return self.parametrised("exp", power) if power else number(1)
        if e.name == "log":
            of = self.normal(self.value(e.arg))
            return {} if of == number(1) else self.parametrised("log", of)
        cos, sin = number(1), number(0)
        for m, c in self.value(e.arg).items():
            x, y = angle(m, c)
            cos, sin = plus(times(cos, x), plus(times(sin, y), by=-1)), plus(times(sin, x), times(cos, y))
        return sin if e.name == "sin" else cos

    # matrices
    def eye(self, e: Any) -> Polynomial:
        size = self.index(e.shape[0])
        return self.within(atom(EQUAL, ROW, COLUMN), size, size)

    def within(self, p: Polynomial, *shape: Index) -> Polynomial:
        """A polynomial in row and column, 0 outside the matrix."""
        ends = tuple(end for slot, side in zip((ROW, COLUMN), shape, strict=True) for end in inside(slot, ONE, side))
        return times(p, {(0, tuple(sorted(ends))): fmpq(1)})

    def letter(self, e: E.Letter) -> Polynomial:
        m, n = self.index(e.rows), self.index(e.cols)
        symbol = letter_symbol(e)
        if (m, n) != symbol[3:]:
            raise Undecided(f"the sides of {e}, which an index binds")
        if "diagonal" in e.traits:
            return times(atom(EQUAL, ROW, COLUMN), atom(symbol, ROW, ROW))
        return atom(symbol, ROW, COLUMN)

    def diagonal(self, e: Expr, entry: Callable[[Expr], Expr]) -> Polynomial:
        """A diagonal matrix, of its entries."""
        side = self.index(e.shape[0])
        return self.within(times(atom(EQUAL, ROW, COLUMN), self.at(ROW, free(e), entry)), side, side)

    def at(self, slot: Index, taken: frozenset[Any], entry: Callable[[Expr], Expr]) -> Polynomial:
        """A number of an index, at a slot, which has another meaning in the matrices that the number is made of."""
        x, base = renewed(integer("•x"), taken), self.fresh()
        return replaced(self.under(x, base, entry(x)), (base, slot))

    def matrix_power(self, e: Any, p: Any) -> Polynomial:
        formless = diagonal_entry(e.base, integer("•x")) is None
        if p is not None and p.denominator == 1 and (p >= 0 or formless):
            out = self.value(E.Eye(e.shape[0]))
            step = self.value(e.base) if p >= 0 else self.inverted(e.base)
            for _ in range(abs(int(p))):
                out = self.matmul(out, step, e.shape[0])
            return out
        if formless:
            raise Undecided(f"a power of {e.base}, which is not diagonal by its form")
        return self.diagonal(e, lambda x: E.Pow(diagonal_entry(e.base, x), e.exponent))  # type: ignore[arg-type]

    def inverted(self, a: Expr) -> Polynomial:
        """A⁻¹: of a letter one whose products with it are known, else unknown numbers."""
        while isinstance(a, E.Named):
            a = a.body
        if not isinstance(a, E.Letter):
            return self.unknown(E.Pow(a, E.lift(-1)))
        self.letter(a)  # looks at its sides
        return atom(t.inverse(letter_symbol(a)), ROW, COLUMN)

    def projection(self, e: Any) -> Polynomial:
        return times(self.eye(e), at_most(ROW, self.index(e.b)))

    def basis(self, e: Any) -> Polynomial:
        return self.within(atom(EQUAL, ROW, self.index(e.i)), self.index(e.size), ONE)

    def first(self, e: Any) -> Polynomial:
        return self.within(atom(EQUAL, ROW, COLUMN), self.index(e.rows), self.index(e.cols))

    def transpose(self, e: Any) -> Polynomial:
        return replaced(self.value(e.arg), (ROW[0], COLUMN), (COLUMN[0], ROW))

    def max_mask(self, e: Any) -> Polynomial:
        """f[max(i, j)] = Σ_b [i ≤ b] [j ≤ b] w[b], or by cases."""
        p, f = self.value(e.arg), e.family
        if f.tail is not None and (f.define is None or self.agree(f, e.shape[0])):
            base = self.fresh()
            weight = times(self.weight(f, base), times(at_most(ROW, (base, 0)), at_most(COLUMN, (base, 0))))
            return times(p, bind(weight, base, ONE, self.index(f.length)))
        row, column = (self.at(slot, opened(f), lambda x: f[x]) for slot in (ROW, COLUMN))
        upper = at_most(ROW, COLUMN)
        return times(p, plus(times(upper, column), row, plus(times(upper, row), by=-1)))

    def agree(self, f: E.Family, size: Any) -> bool:
        """Whether the members 1, …, size of a family that is defined are the tails of its weights too."""
        i, side = self.fresh(), self.index(size)
        order = {(constant(1), (i, 0)), ((i, 0), side)}
        normal = Normal(Facts(self.normal.facts.order | order, self.normal.facts.apart))
        x = renewed(integer("•x"), opened(f))
        return not normal(plus(self.tail(f, (i, 0)), plus(self.under(x, i, said(f, x)), by=-1)))

    def lower_mask(self, e: Any) -> Polynomial:
        keep = at_most(COLUMN, ROW)
        return times(plus(keep, plus(atom(EQUAL, ROW, COLUMN), by=-1)) if e.strict else keep, self.value(e.arg))

    def drop_mask(self, e: Any) -> Polynomial:
        return times(at_most(ROW, ((3, drawn_name(e.b), COLUMN), 0)), self.value(e.arg))

    def written(self, rows: Sequence[Sequence[Expr]]) -> Polynomial:
        """Σ_ij a_ij [row = i] [column = j]."""

        def unit(i: int, j: int) -> Polynomial:
            return times(atom(EQUAL, ROW, constant(i + 1)), atom(EQUAL, COLUMN, constant(j + 1)))

        return plus(*(times(self.value(x), unit(i, j)) for i, row in enumerate(rows) for j, x in enumerate(row)))

    # scalars of matrices
    def determinant(self, e: E.Det) -> Polynomial:
        """Of a known size: Σ over permutations, row by row."""
        if not isinstance(e.size, int):
            return self.unknown(e)
        p, out, size = self.value(e.arg), Polynomial(), range(e.size)
        entry = [
            [self.normal(replaced(p, (ROW[0], constant(i + 1)), (COLUMN[0], constant(j + 1)))) for j in size]
            for i in size
        ]
        for order in permutations(size):
            term = number((-1) ** sum(order[a] > order[b] for b in size for a in range(b)))
            for row, col in enumerate(order):
                term = self.normal(times(term, entry[row][col]))
            out = plus(out, term)
        return out

    def trace(self, e: Any) -> Polynomial:
        joined = replaced(self.value(e.arg), (ROW[0], MIDDLE), (COLUMN[0], MIDDLE))
        return bind(joined, MIDDLE[0], ONE, self.index(e.arg.shape[0]))

    def inner(self, e: Any) -> Polynomial:
        if e.left.is_scalar:
            return times(self.value(e.left), self.value(e.right))
        out, (m, n) = times(self.value(e.left), self.value(e.right)), map(self.index, e.left.shape)
        return bind(self.normal(bind(out, ROW[0], ONE, m)), COLUMN[0], ONE, n)

    def square(self, e: Any) -> Polynomial:
        return self.inner(E.Inner(e.arg, e.arg))

    def entry(self, e: Any) -> Polynomial:
        i, j = self.index(e.i), self.index(e.j)
        return replaced(self.value(e.arg), (ROW[0], i), (COLUMN[0], j))

    # binders
    def sum(self, e: Any) -> Polynomial:
        base = self.fresh()
        body = self.under(e.var, base, e.body)
        for w in e.without:
            body = plus(body, plus(times(body, atom(EQUAL, (base, 0), self.index(w))), by=-1))
        return bind(body, base, self.index(e.lo), self.index(e.hi))

    def expect(self, e: Any) -> Polynomial:
        from proofs.kernel import calculus

        if isinstance(e.over, E.Letter):
            return calculus.noisy(self.value(e.body), letter_symbol(e.over), self.value(E.lift(e.over.noise)))
        w, name = e.over.random, drawn_name(e.over)
        if w.define or w.tail or w.random:
            raise Undecided(f"an expectation with the weights {w.name}")
        if any(draws(i, name) for pair in self.normal.facts.order | self.normal.facts.apart for i in pair):
            raise Undecided(f"something is known of {e.over.name}, which the expectation is over")
        return calculus.drawn(self.value(e.body), name, family_symbol(w), self.index(e.over.length))

    def differentiated(self, e: Any) -> Polynomial:
        from proofs.kernel import calculus

        by, p = self.variable(e.var), self.value(e.body)
        at_zero = isinstance(e, E.Coeff) or e.at_zero
        if at_zero and (found := calculus.coefficient(p, by, e.order)) is not None:
            return plus(found, by=1 if isinstance(e, E.Coeff) else factorial(e.order))
        for _ in range(e.order):
            p = self.normal(calculus.derivative(p, by))
        if at_zero:
            p = calculus.at_zero(p, by)
        return plus(p, by=fmpq(1, factorial(e.order))) if isinstance(e, E.Coeff) else p

    def variable(self, var: Expr) -> t.Atom:
        """What a derivative is taken by, as an atom."""
        if isinstance(var, E.Item) and not (var.family.define or var.family.tail or var.family.random):
            return (family_symbol(var.family), (self.index(var.index),))
        if isinstance(var, E.Sym) and var.sort == E.Sort.REAL:
            return (("x", var.name), ())
        raise Undecided(f"a derivative by {var}")

    def gradient(self, e: Any) -> Polynomial:
        from proofs.kernel import calculus

        if e.letter.traits:
            raise Undecided(f"a gradient by {e.letter}, whose entries are not independent")
        return calculus.derivative(self.value(e.body), (letter_symbol(e.letter), (ROW, COLUMN)))


remembered = lru_cache(maxsize=8)(Meaning)


def angle(m: t.Monomial, c: fmpq) -> tuple[Polynomial, Polynomial]:
    """cos and sin of a multiple of π/2 or of a real, by the addition theorems."""
    if m == (0, ((("π",), ()),)) and (2 * c).q == 1:
        x, y = ((1, 0), (0, 1), (-1, 0), (0, -1))[int(2 * c) % 4]
        return number(x), number(y)
    symbol = m[1][0][0] if len(m[1]) == 1 else ("",)
    if symbol[0] != "x" or c.q != 1:
        raise Undecided("an angle that is no integer multiple of a real or of π/2")
    one, cos, sin = (atom(("cos", symbol[1])), atom(("sin", symbol[1]))), number(1), number(0)
    for _ in range(abs(int(c))):
        cos, sin = (
            plus(times(cos, one[0]), plus(times(sin, one[1]), by=-1)),
            plus(times(sin, one[0]), times(cos, one[1])),
        )
    return cos, sin if c > 0 else plus(sin, by=-1)


def end(a: t.Atom) -> bool:
    """Whether an atom is the end of a range, whose number is no parameter."""
    return a[0] == t.AT_MOST


def parameters(p: Polynomial) -> dict[t.Base, int]:
    """The bases on which a polynomial depends, numbers as one of them, with their least offsets."""
    found: dict[t.Base, int] = {}
    for _, atoms in sorted(p):
        for a in atoms:
            for base, offset in a[1]:
                if base[0] == 3:
                    raise Undecided("a drawn index under a root or a denominator")
                if base[0] in (1, 4) or (base == t.CONSTANT and not end(a)):
                    found[base] = min(offset, found.get(base, offset))
    return found


def orders(bases: list[t.Base]) -> Iterable[tuple[t.Base, ...]]:
    """The orders in which parameters are tried; of many only the given one."""
    return permutations(bases) if len(bases) <= 4 else [tuple(bases)]


_INTERNED: dict[Any, int] = {}


def interned(e: Any) -> int:
    """A number for an expression, a letter or a family: one for those that are the same."""
    return _INTERNED.setdefault(e, len(_INTERNED))


def told_apart(name: str, x: Any, plainly: bool) -> str:
    """A name; with a number, where the name and the sides do not say all."""
    return name if plainly and "\0" not in name else f"{name}\0{interned(x)}"


def family_symbol(f: E.Family) -> tuple[Any, ...]:
    plainly = f.length is None or (isinstance(f.length, E.Sym) and f.length.name != "None")
    return ("f", told_apart(f.name, f, plainly), f.length.name if isinstance(f.length, E.Sym) else "None")


def drawn_name(f: E.Family) -> str:
    return told_apart(f.name, f, False)


def draws(i: Index, name: str) -> bool:
    """Whether an index is one that is drawn under this name, or depends on one."""
    return i[0][0] == 3 and (i[0][1] == name or draws(i[0][2], name))


def letter_symbol(e: E.Letter) -> tuple[Any, ...]:
    plainly = e.noise is None and all(isinstance(side, E.Sym | int) for side in (e.rows, e.cols))
    name = told_apart(e.name, e, plainly)
    return ("L", name, tuple(sorted(e.traits)), index_of(E.lift(e.rows)), index_of(E.lift(e.cols)))


RULES: dict[type, Callable[[Meaning, Any], Polynomial]] = {
    E.Num: lambda m, e: number(fmpq(e.value.numerator, e.value.denominator)),
    E.Sym: Meaning.sym,
    E.Item: Meaning.item,
    E.Fn: Meaning.fn,
    E.Abs: lambda m, e: m.value(E.sqrt(e.arg**2)),
    E.Add: lambda m, e: plus(*map(m.value, e.terms)),
    E.Mul: Meaning.mul,
    E.Pow: Meaning.pow,
    E.Named: lambda m, e: m.value(e.body),
    E.Letter: Meaning.letter,
    E.Eye: Meaning.eye,
    E.Zero: lambda m, e: {},
    E.Diag: lambda m, e: m.diagonal(e, lambda x: e.family[x]),
    E.Symmetric: lambda m, e: m.written(e.rows()),
    E.Column: lambda m, e: m.written([[x] for x in e.entries]),
    E.Proj: Meaning.projection,
    E.Basis: Meaning.basis,
    E.First: Meaning.first,
    E.T: Meaning.transpose,
    E.MaxMask: Meaning.max_mask,
    E.LowerMask: Meaning.lower_mask,
    E.DropMask: Meaning.drop_mask,
    E.Det: Meaning.determinant,
    E.Tr: Meaning.trace,
    E.SqNorm: Meaning.square,
    E.Inner: Meaning.inner,
    E.Entry: Meaning.entry,
    E.Sum: Meaning.sum,
    E.Expect: Meaning.expect,
    E.Coeff: Meaning.differentiated,
    E.Diff: Meaning.differentiated,
    E.Grad: Meaning.gradient,
}
