"""Polynomials of tensors: sums over integer indices of products of indexed atoms, and their normal form.

Every scalar, and every entry of a matrix, is Σ c · Σ_{p ∈ ℤ} … ∏ atoms. Bound indices run over all integers; atoms such
as [1 ≤ p] and [p ≤ k] keep a sum finite, so that a range may be empty, or an index outside it, and nothing is assumed.
An atom is a symbol with indices, an index a base plus an integer: a number, a name, a bound index, a slot.

The rules replace a term by terms of the same value, whatever the names stand for; nothing depends on a name. What is
known of names — orders, differences — is given by :class:`Facts`, whose rows are theorems or traits of letters.

Main results
    Polynomial      {(how many bound indices, atoms): coefficient}
    plus, times, bind, atom    build polynomials
    Facts           what is known of the indices
    Normal          the rules: ``Normal(facts)(polynomial)``; equal values are not promised equal forms
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations, permutations, product
from typing import Any

from flint import fmpq

Base = tuple[Any, ...]
Index = tuple[Base, int]
Atom = tuple[tuple[Any, ...], tuple[Index, ...]]
Monomial = tuple[int, tuple[Atom, ...]]
Polynomial = dict[Monomial, fmpq]
Terms = list[tuple[Any, Monomial]]
Edge = tuple[Base, Base, int]
Edges = tuple[Edge, ...]

CONSTANT: Base = (0,)
EQUAL, AT_MOST, NUMBER = ("=",), ("≤",), ("#",)
OF_POLYNOMIALS = ("1/", "√", "exp", "log")
"""The atoms that are functions of polynomials."""
ROW, COLUMN, MIDDLE = ((4, 0), 0), ((4, 1), 0), ((4, 2), 0)
ONE_TERM: Monomial = (0, ())
STEPS = 150_000
"""How many rules may be applied to one polynomial, and how far a range may be written out."""
SPAN = 6
SORTED = 4
Renaming = Callable[[Index], Index]


class Undecided(Exception):
    """No normal form: a node without rules, or more work than is allowed."""


def name(of: str) -> Base:
    return (1, of if not of.startswith(FRESH) else FRESH + of)


FRESH = "°"
"""With what the names of indices begin that no formula has."""


BOUND: tuple[Base, ...] = tuple((2, place) for place in range(256))


def bound(place: int) -> Base:
    return BOUND[place]


def constant(value: int) -> Index:
    return (CONSTANT, value)


def shifted(index: Index, by: int) -> Index:
    return (index[0], index[1] + by)


# -- polynomials -----------------------------------------------------------------------------------


def put(p: Polynomial, m: Monomial, c: Any) -> None:
    """Add c · m."""
    c = p.get(m, 0) + c
    if c == 0:
        p.pop(m, None)
    else:
        p[m] = c


def number(value: Any) -> Polynomial:
    return {ONE_TERM: fmpq(value)} if value != 0 else {}


def atom(symbol: tuple[Any, ...], *indices: Index) -> Polynomial:
    return {(0, ((symbol, indices),)): fmpq(1)}


def index_number(i: Index) -> Polynomial:
    """An index as a number."""
    base, offset = i
    out = number(offset)
    return out if base == CONSTANT else plus(out, atom(NUMBER, (base, 0)))


def at_most(i: Index, j: Index) -> Polynomial:
    """[i ≤ j]."""
    return atom(AT_MOST, i, j)


def inside(i: Index, lo: Index, hi: Index) -> tuple[Atom, ...]:
    return ((AT_MOST, (lo, i)), (AT_MOST, (i, hi)))


def plus(*ps: Polynomial, by: Any = 1) -> Polynomial:
    out: Polynomial = {}
    for p in ps:
        for m, c in p.items():
            put(out, m, c * by)
    return out


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    out: Polynomial = {}
    for (n, a), c in p.items():
        for (m, b), d in q.items():
            put(out, (n + m, tuple(sorted(a + (later(b, n) if m and n else b)))), c * d)
    return out


def numbered(place: Mapping[int, int]) -> Renaming:
    """Bound indices renumbered."""
    return lambda i: (bound(place[i[0][1]]), i[1]) if i[0][0] == 2 else i


def later(atoms: tuple[Atom, ...], n: int) -> tuple[Atom, ...]:
    """With bound indices numbered from n on."""
    return renamed(atoms, lambda i: (bound(i[0][1] + n), i[1]) if i[0][0] == 2 else i)


def bind(p: Polynomial, base: Base, lo: Index, hi: Index) -> Polynomial:
    """Σ_{base = lo}^{hi} p."""

    def change(i: Index) -> Index:
        if i[0][0] == 2:
            return (bound(i[0][1] + 1), i[1])
        return (bound(0), i[1]) if i[0] == base else i

    out: Polynomial = {}
    for (n, a), c in p.items():
        put(out, (n + 1, tuple(sorted(renamed(a + inside((base, 0), lo, hi), change)))), c)
    return out


def renamed(atoms: Sequence[Atom], change: Renaming) -> tuple[Atom, ...]:
    """The atoms with every index changed, those inside drawn ones too."""

    seen: dict[Index, Index] = {}

    def changed(i: Index) -> Index:
        if i not in seen:
            seen[i] = change(((3, i[0][1], changed(i[0][2])), i[1]) if i[0][0] == 3 else i)
        return seen[i]

    return tuple([(s, tuple([changed(i) for i in ix])) for s, ix in atoms])


def replaced(p: Polynomial, *pairs: tuple[Base, Index]) -> Polynomial:
    """With bases replaced by indices, all at once."""
    table = dict(pairs)

    def change(i: Index) -> Index:
        return shifted(table[i[0]], i[1]) if i[0] in table else i

    out: Polynomial = {}
    for (n, a), c in p.items():
        put(out, (n, tuple(sorted(renamed(a, change)))), c)
    return out


def moving(base: Base, to: Index) -> Renaming:
    """One base replaced by an index."""
    return lambda i: shifted(to, i[1]) if i[0] == base else i


def holds(i: Index, base: Base) -> bool:
    """Whether an index is made of a base."""
    return i[0] == base or (i[0][0] == 3 and holds(i[0][2], base))


def symbols(a: Atom) -> Iterator[tuple[Any, ...]]:
    """The symbol of an atom, and those in the polynomial that it is a function of; the name of a letter or inverse."""
    yield a[0]
    if a[0][0] == "L":
        yield ("L", a[0][1].removesuffix(INVERSE))
    if a[0][0] in OF_POLYNOMIALS:
        yield from (s for (_, atoms), _ in a[0][1] for b in atoms for s in symbols(b))


def inverts(a: Atom) -> bool:
    """Whether it is an entry of the inverse of a letter."""
    return a[0][0] == "L" and a[0][1].endswith(INVERSE)


@lru_cache(maxsize=100_000)
def indices_of(a: Atom) -> tuple[int, ...]:
    """The bound indices of which an atom speaks."""
    inner = [i[0] for i in a[1]]
    for base in inner:
        inner += [base[2][0]] if base[0] == 3 else []
    return tuple(sorted({base[1] for base in inner if base[0] == 2}))


class Frozen(tuple[tuple[Monomial, Any], ...]):
    """A polynomial as part of a symbol: ((monomial, coefficient), …) in order, its hash computed once."""

    def __hash__(self) -> int:
        found = self.__dict__.get("hash")
        if found is None:
            found = self.__dict__["hash"] = tuple.__hash__(self)
        return found


_FROZEN: dict[Frozen, Frozen] = {}


def frozen(p: Polynomial, by: Any = 1) -> Frozen:
    """c · p, frozen: one object for equal ones."""
    found = Frozen((m, c * by) for m, c in sorted(p.items()))
    return _FROZEN.setdefault(found, found)


def thawed(p: Sequence[tuple[Monomial, Any]], indices: Sequence[Index] = (), n: int = 0) -> Polynomial:
    """A frozen polynomial, its bound indices numbered from n on, its parameters, the slots 10, 11, …, replaced.

    The parameters may be bound indices below n.
    """
    table = {(4, 10 + place): i for place, i in enumerate(indices)}

    def change(i: Index) -> Index:
        if i[0][0] == 2:
            return (bound(i[0][1] + n), i[1])
        return shifted(table[i[0]], i[1]) if i[0] in table else i

    return {(m, tuple(sorted(renamed(atoms, change)))): c for (m, atoms), c in p}


# -- what is known ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What is known of indices.

    Attributes
    ----------
    order
        (i, j) for i ≤ j.
    apart
        (i, j) for i ≠ j.
    """

    order: frozenset[tuple[Index, Index]] = frozenset()
    apart: frozenset[tuple[Index, Index]] = frozenset()

    @cached_property
    def bases(self) -> frozenset[Base]:
        return frozenset(i[0] for pair in self.order for i in pair)

    def of(self, atoms: Iterable[Atom]) -> Edges:
        """What follows for the bases that atoms speak of."""
        return following(self, self.bases & {CONSTANT}.union(*map(bases, atoms)))

    def at_most(self, i: Index, j: Index) -> bool:
        """Whether i ≤ j follows."""
        return between(self, i[0], j[0]) >= i[1] - j[1]

    def differ(self, i: Index, j: Index) -> bool:
        """Whether i ≠ j follows."""
        pairs = {(i, j), (j, i)}
        stated = any((shifted(a, d), shifted(b, d)) in pairs for a, b in self.apart for d in (i[1], i[1] - a[1]))
        return stated or self.at_most(shifted(i, 1), j) or self.at_most(shifted(j, 1), i)


def edge(i: Index, j: Index) -> Edge:
    """i ≤ j as a bound on the difference of the bases."""
    return (i[0], j[0], i[1] - j[1])


@lru_cache(maxsize=100_000)
def between(facts: Facts, x: Base, y: Base) -> int:
    """The greatest d for which y − x ≥ d follows."""
    return longest(tuple(edge(i, j) for i, j in facts.order), x, y)


@lru_cache(maxsize=100_000)
def following(facts: Facts, some: frozenset[Base]) -> Edges:
    """(x, y, d) for y − x ≥ d, of some bases."""
    return tuple((x, y, d) for x, y in permutations(some, 2) if (d := between(facts, x, y)) > FAR)


FAR: Any = -float("inf")
"""Where no bound is known: no integer is so far away."""


@lru_cache(maxsize=20_000)
def longest(edges: Edges, start: Base, end: Base) -> int:
    """The greatest d for which end − start ≥ d follows by adding bounds; hardly any where none does."""
    if start != end and not any([y == end for _, y, _ in edges]):
        return FAR
    best = {start: 0}
    for _ in range(len(edges) + 1):
        grown = False
        for x, y, d in edges:
            if (here := best.get(x)) is not None and here + d > best.get(y, FAR):
                best[y] = here + d
                grown = True
        if not grown:
            return best.get(end, FAR)
    return -FAR if end in best else FAR  # the bounds contradict each other: nothing satisfies them


# -- rules -----------------------------------------------------------------------------------------


@dataclass
class Normal:
    """Normal forms under facts, remembered."""

    facts: Facts = field(default_factory=Facts)
    memo: dict[Monomial, tuple[Any, frozenset[Any]]] = field(default_factory=dict)
    beyond: set[tuple[Any, ...]] = field(default_factory=set)
    """What is under lines and roots in terms outside the ranges in which they are known to allow their laws.

    Such terms cancel each other; the laws hold of all of them, unless something else is said of what is in them.
    """

    def __call__(self, p: Polynomial) -> Polynomial:
        out: Polynomial = {}
        todo = list(p.items())
        for _ in range(STEPS):
            if not todo:
                return out
            m, c = todo.pop()
            found, beyond = self.memo.get(m) or self.memo.setdefault(m, self.rewritten(m))
            self.beyond |= beyond
            if isinstance(found, tuple):
                put(out, found[0], c * found[1])
            else:
                todo.extend((t, c * d) for d, t in found)
        raise Undecided("more steps than allowed")

    def rewritten(self, m: Monomial) -> tuple[Any, frozenset[Any]]:
        """Terms of the same value, or the canonical monomial with its sign; and what it leaves beyond."""
        first = (self.equals, shift, numbers, self.outside, self.ranges, offsets, products, contracted)
        for rule in (*first, self.counted, self.few):
            found = rule(m)
            if found is not None:
                return found, left(m, found if rule is offsets else ())
        found = self.covered(m) or self.turned(m, named := canonical(m))
        return found or named, left(m, found or ())

    def few(self, m: Monomial) -> Terms | None:
        """A sum over few known numbers is written out."""
        n, atoms = m
        edges = bounds(atoms) + self.facts.of(atoms) if n else ()
        for p in range(n):
            least, greatest = longest(edges, CONSTANT, bound(p)), -longest(edges, bound(p), CONSTANT)
            if FAR < least <= greatest + 1 and greatest - least <= SPAN:
                return [(1, without(n, atoms, p, constant(c))) for c in range(least, greatest + 1)]
            if greatest < least and least > FAR and greatest < -FAR:
                return []
        return None

    # δ
    def equals(self, m: Monomial) -> Terms | None:
        """δ_ij with a bound index is the sum's only term; between names it makes them one, or is 0, or 1 if known."""
        n, atoms = m
        for place, (symbol, ix) in enumerate(atoms):
            if symbol != EQUAL:
                continue
            (i, a), (j, b) = ix
            rest = atoms[:place] + atoms[place + 1 :]
            if i == j:
                return [(1, (n, rest))] if a == b else []
            for (x, c), y in (((i, a), (j, b)), ((j, b), (i, a))):
                if x[0] == 2 and not holds(y, x):
                    return [(1, without(n, rest, x[1], shifted(y, -c)))]
            if self.facts.differ(*ix):
                return []
            small, large = sorted(((i, a), (j, b)))
            target, base = shifted(small, -large[1]), large[0]
            if not holds(small, base) and any(holds(i, base) for _, ix in rest for i in ix):
                moved = renamed(rest, moving(base, target))
                return [(1, (n, tuple(sorted((*moved, (EQUAL, (small, large)))))))]
            if self.facts.at_most(*ix) and self.facts.at_most(*ix[::-1]):
                return [(1, (n, rest))]
            if ix != (small, large) or large[1]:
                return [(1, (n, tuple(sorted((*rest, (EQUAL, (target, (base, 0))))))))]
        return None

    # ranges
    def outside(self, m: Monomial) -> Terms | None:
        """An entry that the facts place outside its matrix is 0."""
        placed = ((i, end) for s, ix in m[1] if s[0] == "L" for i, end in zip(ix, s[3:], strict=True))
        named = {(i, end) for i, end in placed if i[0][0] == 1}
        after = any(self.facts.at_most(shifted(end, 1), i) for i, end in named)
        return [] if after or any(self.facts.at_most(shifted(i, 1), constant(1)) for i, _ in named) else None

    def ranges(self, m: Monomial) -> Terms | None:
        """[i ≤ j] is dropped where the facts, the letters' sides and the other ranges say it; 0 where they deny it."""
        n, atoms = m
        if not any(s == AT_MOST for s, _ in atoms):
            return None
        known = self.facts.of(atoms) + tuple(e for a in atoms for e in sides(a))
        stated = {place: edge(*ix) for place, (s, ix) in enumerate(atoms) if s == AT_MOST}
        kept = dict(enumerate(atoms))
        for place, (x, y, d) in stated.items():
            others = known + tuple(e for p, e in stated.items() if p in kept and p != place)
            if any(x == v and y == w and d <= e for v, w, e in others) or longest(others, x, y) >= d:
                del kept[place]
            elif (back := longest(others, y, x)) >= -d:
                _, ix = kept.pop(place)
                return [] if back > -d else [(1, (n, tuple(sorted((*kept.values(), (EQUAL, ix))))))]
        return [(1, (n, tuple(kept.values())))] if len(kept) < len(atoms) else None

    def counted(self, m: Monomial) -> Terms | None:
        """Σ_{p=a}^{b} 1 = b − a + 1, and Σ p likewise, where a ≤ b + 1 is known."""
        n, atoms = m
        for p in range(n):
            hit = [a for a in atoms if p in indices_of(a)]
            lows = [a for a in hit if a[0] == AT_MOST and a[1][1] == (bound(p), 0)]
            highs = [a for a in hit if a[0] == AT_MOST and a[1][0] == (bound(p), 0)]
            rest = [a for a in hit if a not in lows and a not in highs]
            if len(lows) != 1 or len(highs) != 1 or rest not in ([], [(NUMBER, ((bound(p), 0),))]):
                continue
            others = [a for a in atoms if a not in hit]
            lo, hi = lows[0][1][0], highs[0][1][1]
            if longest(self.facts.of(atoms) + bounds(others), *edge(lo, hi)[:2]) < edge(lo, hi)[2] - 1:
                continue
            a, b, one = index_number(lo), index_number(hi), number(1)
            value = plus(b, one, plus(a, by=-1))
            if rest:
                value = plus(times(b, plus(b, one)), times(a, plus(one, plus(a, by=-1))), by=fmpq(1, 2))
            return [(c, without(n, [*others, *t[1]], p, constant(0))) for t, c in value.items()]
        return None

    def covered(self, m: Monomial) -> Terms | None:
        """[i ≤ j] [j ≤ l] = [i ≤ j] + [j ≤ l] − 1 where i ≤ l + 1 is known, as one of them holds; sums stay finite.

        Of tests that share a bound index only: others are of different factors.
        """
        n, atoms = m
        tests = [place for place, a in enumerate(atoms) if a[0] == AT_MOST]
        for p, q in combinations(tests, 2):
            shared = {i[0] for i in atoms[p][1]} & {i[0] for i in atoms[q][1]}
            if not any(base[0] == 2 for base in shared):
                continue
            rest = tuple(a for place, a in enumerate(atoms) if place not in (p, q))
            i, j = atoms[p][1]
            known = (*self.facts.of(atoms), *bounds(rest), edge(shifted(j, 1), i))
            x, y, d = edge(*atoms[q][1])
            if longest(known, x, y) < d or not all(finite(rest, r) for r in range(n)):
                continue
            both = ((n, tuple(sorted((*rest, atoms[place])))) for place in (p, q))
            return [*((1, t) for t in both), (-1, (n, rest))]
        return None

    def turned(self, m: Monomial, here: tuple[Monomial, int]) -> Terms | None:
        """[i ≤ j] = 1 − [j ≤ i] + δ_ij where every sum stays finite: what is less tied comes before what is more; of
        two alike, towards the lesser term.

        Where i ≥ 1 is known, [i ≤ p] of a bound index is [i ≤ p] [1 ≤ p], which keeps the sum over p finite.
        """
        n, atoms = m
        for place, (s, ix) in enumerate(atoms):
            if s != AT_MOST or CONSTANT in (ix[0][0], ix[1][0]):
                continue
            before, after = (tied(i[0], atoms) for i in ix)
            rest = atoms[:place] + atoms[place + 1 :]
            if after < before and longest(self.facts.of(atoms) + bounds(rest), CONSTANT, ix[0][0]) >= 1 - ix[0][1]:
                rest = (*rest, (AT_MOST, (constant(1), ix[1])))
            if before < after or not all(finite(rest, p) for p in indices_of((s, ix))):
                continue
            other = (n, tuple(sorted((*rest, (s, ix[::-1])))))
            whole, equal = ((n, tuple(sorted((*rest, *x)))) for x in ((), ((EQUAL, ix),)))
            if after < before:
                return [(1, whole), (1, equal), (-1, other)]
            there = canonical(other)
            if there == here:
                return [(fmpq(1, 2), whole), (fmpq(1, 2), equal)]
            if there[0] < here[0]:
                return [(1, whole), (1, equal), (-1, other)]
        return None


class Sorted(Normal):
    """Normal forms in which every two bound indices are compared, and each with the names that ranges end at.

    Terms that differ in which comparisons they state, but not in value, then agree.
    """

    def rewritten(self, m: Monomial) -> tuple[Any, frozenset[Any]]:
        for rule in (self.equals, shift, numbers, self.ranges, offsets, products, contracted, self.few, self.compared):
            found = rule(m)
            if found is not None:
                return found, left(m, found if rule is offsets else ())
        return canonical(m), frozenset()

    def compared(self, m: Monomial) -> Terms | None:
        """1 = [x ≤ y] + [y ≤ x] − δ_xy."""
        n, atoms = m
        if n > SORTED:
            raise Undecided("more indices than are sorted")
        edges, places = self.facts.of(atoms) + bounds(atoms), [bound(p) for p in range(n)]
        names = sorted({i[0] for s, ix in atoms if s == AT_MOST for i in ix if i[0][0] == 1})
        for x, y in (*combinations(places, 2), *product(places, names)):
            if longest(edges, x, y) < 0 and longest(edges, y, x) < 0:
                i, j = (x, 0), (y, 0)
                tests = ((1, (AT_MOST, (i, j))), (1, (AT_MOST, (j, i))), (-1, (EQUAL, (i, j))))
                return [(c, (n, tuple(sorted((*atoms, t))))) for c, t in tests]
        return None


def left(m: Monomial, found: Terms | tuple[()]) -> frozenset[Any]:
    """What stands under lines and roots of a term, where terms are taken away again."""
    if not any(c < 0 for c, _ in found):
        return frozenset()
    return frozenset(s for a in m[1] if a[0][0] in ("1/", "√") or inverts(a) for s in symbols(a))


def without(n: int, atoms: Sequence[Atom], p: int, target: Index) -> Monomial:
    """The term with the bound index p replaced, and one bound index fewer."""

    def change(i: Index) -> Index:
        if i[0][0] != 2 or i[0][1] < p:
            return i
        return shifted(lower(target), i[1]) if i[0][1] == p else (bound(i[0][1] - 1), i[1])

    def lower(i: Index) -> Index:
        if i[0][0] == 3:
            return ((3, i[0][1], lower(i[0][2])), i[1])
        return (bound(i[0][1] - 1), i[1]) if i[0][0] == 2 and i[0][1] > p else i

    return (n - 1, tuple(sorted(renamed(atoms, change))))


@lru_cache(maxsize=100_000)
def ends(a: Atom) -> tuple[Atom, ...]:
    """The ranges outside which the entry of a matrix is 0."""
    pairs = zip(a[1], a[0][3:], strict=True) if a[0][0] == "L" else ()
    return tuple(r for i, side in pairs for r in inside(i, constant(1), side))


@lru_cache(maxsize=100_000)
def bases(a: Atom) -> frozenset[Base]:
    """The bases of an atom, of the sides of its matrix too."""
    return frozenset(i[0] for i in (*a[1], *(a[0][3:] if a[0][0] == "L" else ())))


@lru_cache(maxsize=100_000)
def sides(a: Atom) -> tuple[Edge, ...]:
    """The same as bounds on differences."""
    return tuple(edge(*ix) for _, ix in ends(a))


def bounds(atoms: Iterable[Atom]) -> Edges:
    """What the ranges and the sides of matrices say where no atom is 0."""
    return tuple([e for a in atoms for e in ((edge(*a[1]),) if a[0] == AT_MOST else sides(a))])


def shift(m: Monomial) -> Terms | None:
    """A bound index runs over all integers: the least offset at which it occurs becomes 0."""
    n, atoms = m
    if not any([i[1] for _, ix in atoms for i in ix]):
        return None
    for p in range(n):
        used: list[int] = [i[1] for s, ix in atoms if s not in (AT_MOST, EQUAL, NUMBER) for i in ix if i[0] == bound(p)]
        deep = (i for _, ix in atoms for i in ix if i[0] != bound(p) and holds(i, bound(p)))
        if used and min(used) != 0 and not any(deep):
            by = -min(used)
            moved = renamed(atoms, moving(bound(p), (bound(p), by)))
            return [(1, (n, tuple(sorted(moved))))]
    return None


def numbers(m: Monomial) -> Terms | None:
    """An index as a number is its base plus its offset."""
    n, atoms = m
    for place, (s, ix) in enumerate(atoms):
        if s == NUMBER and (ix[0][1] or ix[0][0] == CONSTANT):
            rest = atoms[:place] + atoms[place + 1 :]
            return [(c, (n, tuple(sorted(rest + t[1])))) for t, c in index_number(ix[0]).items()]
    return None


def offsets(m: Monomial) -> Terms | None:
    """[p ≤ k + 1] = [p ≤ k] + δ_{p,k+1}: ranges begin at 1 and end at names, boundary terms are written out."""
    n, atoms = m
    for place, (s, (i, j)) in ((place, a) for place, a in enumerate(atoms) if a[0] == AT_MOST):
        assert s == AT_MOST
        d = j[1] - i[1]  # base of i ≤ base of j + d
        free_of_offset = 1 if CONSTANT in (i[0], j[0]) else 0
        rest = atoms[:place] + atoms[place + 1 :]
        if i[0] == CONSTANT:
            wanted: tuple[Index, Index] = (constant(1), (j[0], 0))
            steps = -d - free_of_offset  # [1 + steps ≤ j]
            at: Iterable[Index] = (constant(1 + t) for t in range(min(steps, 0), max(steps, 0)))
            sign, other = (-1 if steps > 0 else 1), (j[0], 0)
        elif j[0] == CONSTANT:
            if (i, j) == ((i[0], 0), constant(d)):
                continue
            wanted, at, sign, other = ((i[0], 0), constant(d)), [], 1, (i[0], 0)
            steps = 0
        else:
            wanted, steps = ((i[0], 0), (j[0], 0)), d
            at = ((j[0], t) for t in range(min(d, 0) + 1, max(d, 0) + 1))
            sign, other = (1 if d > 0 else -1), (i[0], 0)
        if (i, j) == wanted or abs(steps) > SPAN:
            continue
        terms = [(1, (*rest, (AT_MOST, wanted)))] + [(sign, (*rest, (EQUAL, (other, x)))) for x in at]
        return [(c, (n, tuple(sorted(a)))) for c, a in terms]
    return None


def products(m: Monomial) -> Terms | None:
    """cos² = 1 − sin², √P √P = P, x · 1/x = 1: the kernel asks for theorems P ≥ 0 and x ≠ 0 before."""
    n, atoms = m
    for place, a in enumerate(atoms):
        kind = a[0][0]
        if kind == "cos" and atoms[place + 1 : place + 2] == (a,):
            rest = atoms[:place] + atoms[place + 2 :]
            sine = (("sin", *a[0][1:]), a[1])
            return [(1, (n, rest)), (-1, (n, tuple(sorted((*rest, sine, sine)))))]
        if kind == "√" and atoms[place + 1 : place + 2] == (a,):
            rest = atoms[:place] + atoms[place + 2 :]
            return [(c, (n + k, tuple(sorted(rest + more)))) for (k, more), c in thawed(a[0][1], a[1], n).items()]
        if kind == "1/" and (x := inverted(a)) in atoms:
            left = list(atoms)
            left.remove(a)
            left.remove(x)
            return [(1, (n, tuple(sorted((*left, *ends(x))))))]
    return None


@lru_cache(maxsize=100_000)
def inverted(a: Atom) -> Atom | None:
    """x where the atom is 1/x."""
    terms = thawed(a[0][1], a[1])
    (n, atoms), c = next(iter(terms.items()))
    return atoms[0] if len(terms) == 1 and c == 1 and n == 0 and len(atoms) == 1 else None


INVERSE = "\0⁻¹"
"""What the names of inverses end with."""


def inverse(symbol: tuple[Any, ...]) -> tuple[Any, ...]:
    """The symbol of the inverse of a letter, which is symmetric where the letter is."""
    return ("L", symbol[1] + INVERSE, ("symmetric",) if symmetry(symbol) == 1 else (), *symbol[3:])


def contracted(m: Monomial) -> Terms | None:
    """Σ_p L_pa L_pb = δ_ab [1 ≤ a ≤ n] for orthonormal columns; of a square matrix, rows too.

    Σ_p A⁻¹_ap A_pb and Σ_p A_ap A⁻¹_pb likewise: the kernel asks for a theorem det A ≠ 0 before.
    """
    n, atoms = m
    for p in range(n):
        hit = [a for a in atoms if p in indices_of(a)]
        for (u, x), (v, y), side in joints(*hit) if len(hit) == 2 else ():
            if u == v and u[0] == bound(p) and not holds(x, bound(p)) and not holds(y, bound(p)):
                new = ((EQUAL, (x, y)), *inside(x, constant(1), side))
                rest = [a for a in atoms if a not in hit]
                return [(1, without(n, [*rest, *new], p, constant(0)))]
    return None


def joints(a: Atom, b: Atom) -> Iterator[tuple[tuple[Index, ...], tuple[Index, ...], Index]]:
    """The ways to sum two entries to δ: of each what is summed over and what is left, which reaches to a side."""
    s, r = a[0], b[0]
    if s[0] == r[0] == "L":
        there, back, other, turned = a[1], a[1][::-1], b[1], b[1][::-1]
        if s == r and "orthonormal" in s[2]:
            yield from ((there, other, s[4]), *([(back, turned, s[3])] if s[3] == s[4] else []))
        if s[1] == r[1] + INVERSE or r[1] == s[1] + INVERSE:
            yield from ((back, other, s[3]), (there, turned, s[3]))
            if symmetry(s) == 1:
                yield from ((there, other, s[3]), (back, turned, s[3]))


# -- names of bound indices ------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def symmetry(symbol: tuple[Any, ...]) -> int:
    """1 where the two indices may be exchanged, −1 where that turns the sign, else 0."""
    if symbol == EQUAL:
        return 1
    if symbol[0] != "L":
        return 0
    return -1 if "skew" in symbol[2] else int(bool({"symmetric", "psd", "pd"} & set(symbol[2])))


def labelled(n: int, atoms: Sequence[Atom], names: Sequence[int]) -> tuple[tuple[Atom, ...], int]:
    """The atoms with the bound indices in the order of their names, and a sign."""
    place = {p: at for at, p in enumerate(sorted(range(n), key=names.__getitem__))}
    sign, out = 1, []
    for s, ix in atoms if all([p == at for p, at in place.items()]) else renamed(atoms, numbered(place)):
        if len(ix) == 2 and ix[0] > ix[1]:
            swap = symmetry(s)
            if swap:
                ix, sign = ix[::-1], sign * swap
        out.append((s, ix))
    return tuple(sorted(out)), sign


def refined(n: int, atoms: Sequence[Atom], colours: list[int]) -> list[int]:
    """Colours told apart by where the bound indices stand."""

    def code(i: Index, p: int) -> tuple[Any, ...]:
        if i[0] == bound(p):
            return (9, i[1])
        if i[0][0] == 2:
            return (2, colours[i[0][1]], i[1])
        return (3, i[0][1], code(i[0][2], p), i[1]) if i[0][0] == 3 else (5, i)

    spoken = [[(*a, symmetry(a[0])) for a in atoms if p in indices_of(a)] for p in range(n)]
    while True:
        signatures = []
        for p in range(n):
            around = []
            for s, ix, alike in spoken[p]:
                codes = [code(i, p) for i in ix]
                around.append((s, tuple(sorted(codes) if alike else codes)))
            signatures.append((colours[p], tuple(sorted(around))))
        ranks = {x: at for at, x in enumerate(sorted(set(signatures)))}
        new = [ranks[x] for x in signatures]
        if len(ranks) in (n, len(set(colours))):
            return new
        colours = new


def least(n: int, atoms: Sequence[Atom], colours: list[int]) -> tuple[tuple[Atom, ...], int]:
    """The least labelling: colours refined, then every member of the first tie in turn, exchangeable ones once."""
    colours = refined(n, atoms, colours)
    tie = next((c for c in sorted(set(colours)) if colours.count(c) > 1), None)
    if tie is None:
        return labelled(n, atoms, colours)
    same, tried = labelled(n, atoms, range(n)), list[int]()
    for p in (p for p in range(n) if colours[p] == tie):
        swapped = ([q if r == p else p if r == q else r for r in range(n)] for q in tried)
        if not any(labelled(n, atoms, s) == same for s in swapped):
            tried.append(p)
    found = [least(n, atoms, [2 * c - (at == p) for at, c in enumerate(colours)]) for p in tried]
    best = min(f[0] for f in found)
    signs = {f[1] for f in found if f[0] == best}
    return best, signs.pop() if len(signs) == 1 else 0  # equal to its negative: 0


def canonical(m: Monomial) -> tuple[Monomial, int]:
    """The term with canonical names, and its sign; connected parts are named on their own, then put in order."""
    n, atoms = m
    if not n:
        best, sign = labelled(0, atoms, [])
        return (0, best), sign
    sign, total, out = 1, 0, list[Atom]()
    named = []
    for own in components(n, atoms):
        part, turn = least(len(own[0]), own[1], [0] * len(own[0]))
        named.append((len(own[0]), part))
        sign *= turn
    for count, part in sorted(named):
        out += later(part, total)
        total += count
    return (total, tuple(sorted(out))), sign


def components(n: int, atoms: Sequence[Atom]) -> Iterator[tuple[tuple[int, ...], tuple[Atom, ...]]]:
    """The parts that share no bound index, each with bound indices 0, 1, …; first what has none."""
    spoken = [indices_of(a) for a in atoms]
    group = list(range(n))
    for ps in spoken:
        for p in ps[1:]:
            group = [group[ps[0]] if g == group[p] else g for g in group]
    free = tuple(a for a, ps in zip(atoms, spoken, strict=True) if not ps)
    if free:
        yield (), free
    for g in sorted(set(group)):
        ps = tuple(p for p in range(n) if group[p] == g)
        at = {p: place for place, p in enumerate(ps)}
        own = [a for a, s in zip(atoms, spoken, strict=True) if s and group[s[0]] == g]
        yield ps, renamed(own, numbered(at))


def tied(base: Base, atoms: Iterable[Atom]) -> int:
    """2 for what is no bound index, 1 for an index of a letter, 0 for an index of families alone."""
    if base[0] != 2:
        return 2
    return int(any(s[0] == "L" and any(i[0] == base for i in ix) for s, ix in atoms))


def finite(atoms: Iterable[Atom], p: int) -> bool:
    """Whether a bound index has a lower and an upper end that is no bound index."""
    edges = bounds(atoms)
    free = {x for e in edges for x in e[:2] if x[0] in (0, 1)}
    return any(longest(edges, x, bound(p)) > FAR for x in free) and any(longest(edges, bound(p), x) > FAR for x in free)
