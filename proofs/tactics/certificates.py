"""Certificates of signs: why a polynomial in positive gaps has a sign.

Factor by factor: coefficients of one sign; else a sum of products of what is known, which linear programming finds, as
it stands or multiplied by a positive quantity; else an even power.

Main results
    certified    a ≥ b, a > b or a ≠ b
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement, zip_longest
from operator import add, ge, sub
from random import Random
from typing import Any

from flint import fmpq

from proofs.kernel import rules
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.equality import needed
from proofs.tactics.gaps import Gap, Gaps
from proofs.tactics.generic import positive
from proofs.tactics.ground import NotFound
from proofs.tactics.ordering import Made, lazily

Powers = tuple[tuple[int, int], ...]
Terms = dict[Powers, Any]
"""A polynomial in facts: ((fact, power), …) → coefficient."""
Monomials = dict[tuple[int, ...], Any]
"""A polynomial in gaps."""
COLUMNS, KNOWN, TINY = 600, 14, 1e-7
DRAWN, SIZES = 24, (1, 1, 2, 3, 7, 20)


@dataclass(frozen=True)
class Piece:
    """± over/under, polynomials with positive coefficients in facts."""

    over: Terms
    under: Terms
    sign: int = 1

    def times(self, other: Piece) -> Piece:
        return Piece(product(self.over, other.over), product(self.under, other.under), self.sign * other.sign)

    def inverse(self) -> Piece:
        return Piece(self.under, self.over, self.sign)


def product(p: Terms, q: Terms) -> Terms:
    out: Terms = {}
    for a, c in p.items():
        for b, d in q.items():
            powers = dict(a)
            for n, e in b:
                powers[n] = powers.get(n, 0) + e
            key = tuple(sorted(powers.items()))
            out[key] = out.get(key, 0) + c * d
    return out


ONE: Terms = {(): fmpq(1)}


@dataclass
class Signs:
    """Signs of polynomials in gaps; ``facts`` are the theorems that they rest on."""

    gaps: Gaps
    facts: list[tuple[Made, bool]] = field(default_factory=list)
    places: dict[Any, int] = field(default_factory=dict)

    def use(self, key: Any, made: Made, strict: bool) -> int:
        if key not in self.places:
            self.places[key] = len(self.facts)
            self.facts.append((made, strict))
        return self.places[key]

    def known(self, g: Gap) -> Terms:
        fact = self.use(str(g.poly), g.made, g.strict)
        return product({((fact, 1),): fmpq(1)}, ONE if g.under == 1 else self.terms(g.under))

    def squared(self, poly: Any) -> int:
        made = lazily(lambda: rules.square(self.gaps.expression(poly)))
        return self.use(f"({poly})²", made, False)

    def of(self, poly: Any, strictly: bool) -> Piece:
        """The sign of a polynomial, by its factors; ``strictly`` asks for one that is not 0.

        Raises
        ------
        NotFound
            When that of a factor is not found.
        """
        if poly == 0:
            return Piece({}, ONE)
        sign = self.gaps.sign(poly)
        if sign is not None and (self.gaps.sure(poly) or not strictly):
            return Piece(self.terms(poly * sign), ONE, sign)
        c, factors = poly.factor()
        whole = Piece({(): abs(c)}, ONE, 1 if c > 0 else -1)
        for f, e in factors:
            piece, power = self.factor(f, int(e), strictly)
            for _ in range(power):
                whole = whole.times(piece)
        return whole

    def factor(self, f: Any, e: int, strictly: bool) -> tuple[Piece, int]:
        sign = self.gaps.sign(f)
        if sign is not None and (self.gaps.sure(f) or not strictly):
            return Piece(self.terms(f * sign), ONE, sign), e
        for turn in (1, -1):
            found = self.combined(f * turn)
            if found is not None:
                return Piece(found.over, found.under, turn), e
        if e % 2 or strictly:
            raise NotFound("the signs are mixed in the gaps")
        return Piece({((self.squared(f), 1),): fmpq(1)}, ONE), e // 2

    def terms(self, poly: Any) -> Terms:
        """A polynomial whose terms are positive, in facts."""
        monomials = zip(poly.monoms(), poly.coeffs(), strict=True)
        return {self.monomial(tuple(map(int, e))): c for e, c in monomials}

    def monomial(self, powers: Sequence[int]) -> Powers:
        found = []
        for n, e in enumerate(powers):
            if e:
                g = self.gaps.gaps[n]
                found.append(
                    (self.squared(self.gaps.context.gens()[n]), e // 2)
                    if g is None
                    else (self.use(str(g.poly), g.made, g.strict), e)
                )
        return tuple(sorted(found))

    @cached_property
    def points(self) -> list[list[Any]]:
        """Some values of the gaps at which all that is known holds: what is negative at one has no certificate."""
        rng, gaps, found = Random(len(self.gaps.gaps)), self.gaps.gaps, list[list[Any]]()
        for _ in range(DRAWN):
            sizes = [fmpq(rng.choice(SIZES), rng.choice(SIZES)) for _ in self.gaps.context.gens()]
            at = [x * rng.choice((1, -1)) if g is None else x for x, g in zip_longest(sizes, gaps)]
            if all(k.poly(*at) > 0 for k in self.gaps.known):
                found.append(at)
        return found

    # linear programming
    def combined(self, f: Any) -> Piece | None:
        """f q = Σ c · products of what is known, with c ≥ 0, for q = 1 or a positive quantity."""
        if any(f(*at) < 0 for at in self.points):
            return None
        for q in self.multipliers(f):
            found = self.programme(f if q is None else f * q.poly)
            if found is not None:
                return Piece(found, ONE if q is None else self.known(q))
        return None

    def multipliers(self, f: Any) -> Iterator[Gap | None]:
        yield None
        own = set(variables(f))
        met = {n for k in self.gaps.known for n in variables(k.poly) if own & set(variables(k.poly))}
        for n in (*own, *(met - own)):
            g = self.gaps.gaps[n]
            if g is not None and g.strict:
                yield g
        yield from (g for g in self.gaps.known if g.strict and own & set(variables(g.poly)))

    def programme(self, p: Any) -> Terms | None:
        wanted = {tuple(map(int, e)): c for e, c in zip(p.monoms(), p.coeffs(), strict=True)}
        columns = self.columns(wanted)
        rows = list(dict.fromkeys((*wanted, *(t for _, _, poly in columns for t in poly))))
        if not columns and not all(self.allowed(t) and c > 0 for t, c in wanted.items()):
            return None
        weights = self.solution(rows, wanted, columns)
        if weights is None:
            return None
        left = dict(wanted)
        out: Terms = {}
        for c, (m, ks, poly) in zip(weights, columns, strict=True):
            if c:
                for t, d in poly.items():
                    left[t] = left.get(t, 0) - c * d
                whole = {self.monomial(m): c}
                for k in ks:
                    whole = product(whole, self.known(k))
                for t, d in whole.items():
                    out[t] = out.get(t, 0) + d
        if any(c < 0 or (c and not self.allowed(t)) for t, c in left.items()):
            return None
        for t, c in left.items():
            if c:
                place = self.monomial(t)
                out[place] = out.get(place, 0) + c
        return out

    def allowed(self, t: Sequence[int]) -> bool:
        """Whether a monomial is not negative."""
        return all(e % 2 == 0 for n, e in enumerate(t) if self.gaps.gaps[n] is None)

    def strict(self, t: Sequence[int]) -> bool:
        gaps = self.gaps.gaps
        return all((g := gaps[n]) is not None and g.strict for n, e in enumerate(t) if e)

    def columns(self, wanted: Monomials) -> list[tuple[tuple[int, ...], tuple[Gap, ...], dict[Any, Any]]]:
        """Products of what is known with monomials, as far as their terms meet."""
        speaks = {n for t in wanted for n, e in enumerate(t) if e}
        known = [k for k in self.gaps.known if set(variables(k.poly)) & speaks][:KNOWN]
        degree = max((sum(t) for t in wanted), default=0) + 1
        factors: list[tuple[tuple[Gap, ...], Any]] = [((k,), k.poly) for k in known]
        factors += [((a, b), a.poly * b.poly) for a, b in combinations_with_replacement(known, 2)]
        spelled = [{tuple(map(int, e)): c for e, c in zip(f.monoms(), f.coeffs(), strict=True)} for _, f in factors]
        found: dict[Any, Any] = {}
        pool, met = set(wanted), set[Any]()
        for _ in range(2):
            new = [(t, sum(t)) for t in pool if t not in met]
            met = set(pool)
            for place, ((ks, _), own) in enumerate(zip(factors, spelled, strict=True)):
                sums = [(u, sum(u)) for u in own]
                room = degree - max((size for _, size in sums), default=0)
                for t, u in ((t, u) for t, a in new for u, b in sums if a - b <= room and all(map(ge, t, u))):
                    m = tuple(map(sub, t, u))
                    if self.allowed(m) and (place, m) not in found:
                        found[place, m] = (m, ks, {tuple(map(add, m, v)): c for v, c in own.items()})
                        if len(found) == COLUMNS:
                            return list(found.values())
            pool |= {t for _, _, terms in found.values() for t in terms}
        return list(found.values())

    def solution(self, rows: list[Any], wanted: Monomials, columns: Sequence[Any]) -> list[Any] | None:
        """Weights of the columns that leave no term negative, and what is surely positive as heavy as can be."""
        if not columns:
            return []
        import numpy as np
        from scipy.optimize import linprog

        at = {t: n for n, t in enumerate(rows)}
        matrix = np.zeros((len(rows), len(columns)))
        for n, (_, _, terms) in enumerate(columns):
            for t, c in terms.items():
                matrix[at[t], n] = float(c)
        right = np.array([float(wanted.get(t, 0)) for t in rows])
        free = np.array([self.allowed(t) for t in rows])
        heavy = np.array([float(self.strict(t)) for t in rows])
        gain = np.array([float(self.strict(m) and all(k.strict for k in ks)) for m, ks, _ in columns])
        found = linprog(
            heavy @ matrix - gain + 1e-3,
            A_ub=matrix[free] if free.any() else None,
            b_ub=right[free] if free.any() else None,
            A_eq=matrix[~free] if (~free).any() else None,
            b_eq=right[~free] if (~free).any() else None,
            bounds=(0, 1e4),
            method="highs-ds",
        )
        if not found.success:
            return None
        near = [Fraction(float(x)).limit_denominator(720) for x in found.x]
        return [fmpq(x.numerator, x.denominator) if x > TINY else fmpq(0) for x in near]


def variables(poly: Any) -> list[int]:
    return [n for n, d in enumerate(poly.degrees()) if d]


def certified(gaps: Gaps, goal: Rel) -> Theorem:
    """The goal a ≥ b, a > b or a ≠ b, by the sign of the difference in the gaps.

    Raises
    ------
    NotFound
        When no certificate is found.
    """
    signs = Signs(gaps)
    num, den = gaps.difference(goal)
    whole = signs.of(num, goal.op in "<>≠").times(signs.of(den, True).inverse())
    if whole.sign < 0 and goal.op != "≠":
        raise NotFound(f"{goal}: it has the other sign")
    count = len(signs.facts)
    shape = Positive(listed(whole.over, count), listed(whole.under, count), whole.sign)
    if not shape.certain([s for _, s in signs.facts], goal.op in "<>≠"):
        raise NotFound(f"{goal}: nothing is surely positive")
    facts = tuple(made() for made, _ in signs.facts)
    extra = [t for e in (goal, *(f.says for f in facts)) for t in needed(gaps.ground, e)]
    known = (*dict.fromkeys(extra), *gaps.ground.indices)
    try:
        return positive(goal, facts, shape, known)
    except (Refused, NotFound):
        return rules.positive(goal, facts, shape, known)


def listed(p: Terms, count: int) -> tuple[tuple[tuple[int, ...], Any], ...]:
    out = []
    for powers, c in p.items():
        e = [0] * count
        for n, k in powers:
            e[n] = k
        out.append((tuple(e), c))
    return tuple(out)
