"""Closed forms: what a scalar is in numbers and members of families, read off its normal form.

Main results
    closed    an expression without traces, norms and derivatives that should equal a given one
    opaque    whether an expression has some
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import tensor as t
from proofs.kernel.binding import families, plain
from proofs.kernel.expressions import Expr, Family, lift
from proofs.kernel.meaning import family_symbol, under_facts
from proofs.kernel.tensor import Facts
from proofs.tactics.ground import NotFound

OPAQUE = (E.Tr, E.SqNorm, E.Inner, E.Entry, E.Diff, E.Coeff, E.Expect)


VAR = E.integer("s°")
"""The index of sums in closed forms."""


@lru_cache(maxsize=10_000)
def opaque(e: Expr) -> bool:
    """Whether an expression holds traces, norms, entries, derivatives or expectations."""
    return any(isinstance(x, OPAQUE) for x in plain(e).walk())


def known_families(e: Expr) -> dict[Any, Family]:
    found: dict[Any, Family] = {}
    todo = [e]
    while todo:
        for x in todo.pop().walk():
            if isinstance(x, E.Named):
                todo.append(x.body)
            for f in families(x):
                while f.random is not None:
                    f = f.random
                rule = f.define or f.tail
                if rule is not None:
                    todo.append(rule(E.ANY))
                else:
                    found[family_symbol(f)] = f
    return found


def closed(e: Expr, facts: Facts = Facts()) -> Expr:  # noqa: B008 - immutable
    """The closed form of a scalar, under what is known of indices.

    Raises
    ------
    NotFound
        When its normal form holds double sums, entries of letters or unknown numbers.
    """
    return Reader(known_families(e)).total(under_facts(facts).value(e))


class Reader:
    """Expressions of polynomials."""

    def __init__(self, named: dict[Any, Family]):
        self.families = named

    def total(self, p: Any, indices: tuple[t.Index, ...] = ()) -> Expr:
        terms = [(value(c), self.factors(m, indices)) for m, c in sorted(p.items())]
        found = [product(*term) for term in gathered(terms)]
        return E.add(*found) if len(found) > 1 else found[0] if found else lift(0)

    def factors(self, m: t.Monomial, indices: tuple[t.Index, ...]) -> list[Expr]:
        factors: list[Expr] = []
        for bound, atoms in t.components(*m):
            if bound:
                factors.append(self.sum(len(bound), atoms, indices))
            else:
                factors += [raised(self.factor(a, indices), count) for a, count in Counter(atoms).items()]
        return factors

    def sum(self, n: int, atoms: tuple[t.Atom, ...], indices: tuple[t.Index, ...]) -> Expr:
        """Σ over one index between two ends."""
        here = (t.bound(0), 0)
        lows = [a for a in atoms if a[0] == t.AT_MOST and a[1][1] == here]
        highs = [a for a in atoms if a[0] == t.AT_MOST and a[1][0] == here]
        if n != 1 or len(lows) != 1 or len(highs) != 1:
            raise NotFound("a sum in a closed form")
        rest = t.renamed([a for a in atoms if a not in (*lows, *highs)], t.moving(t.bound(0), (t.name(VAR.name), 0)))
        body = [raised(self.factor(a, indices), count) for a, count in Counter(rest).items()]
        return E.Sum(VAR, index(lows[0][1][0]), index(highs[0][1][1]), product(lift(1), body))

    def factor(self, a: t.Atom, indices: tuple[t.Index, ...]) -> Expr:
        symbol, ix = a
        kind = symbol[0]
        places = tuple(indices[i[0][1] - 10] if i[0][0] == 4 and i[0][1] >= 10 else i for i in ix)
        places = tuple((p[0], p[1] + i[1]) if p is not i else i for p, i in zip(places, ix, strict=True))
        if kind == "f" and symbol in self.families:
            return E.Item(self.families[symbol], index(places[0]))
        if kind == "x":
            return E.Sym(symbol[1])
        if kind == "π":
            return E.PI
        if kind == "#":
            return index(places[0])
        if kind in ("cos", "sin"):
            return E.Fn(kind, E.Sym(symbol[1]))
        if kind in ("1/", "√"):
            return E.Pow(self.total(dict(symbol[1]), places), lift(-1) if kind == "1/" else E.Num(Fraction(1, 2)))
        raise NotFound(f"{kind} in a closed form")


def value(c: Any) -> E.Num:
    return E.Num(Fraction(int(c.p), int(c.q)))


def product(c: Expr, factors: list[Expr]) -> Expr:
    parts = [*([c] if c != lift(1) or not factors else []), *factors]
    return parts[0] if len(parts) == 1 else E.mul(*parts)


def gathered(terms: list[tuple[E.Num, list[Expr]]]) -> list[tuple[E.Num, list[Expr]]]:
    """Sums over one range are one sum, and c k is Σ_{s=1}^k c where there is another such sum."""
    out: list[tuple[E.Num, list[Expr]]] = []
    sums: dict[Any, list[Expr]] = {}
    for c, factors in terms:
        own = [f for f in factors if isinstance(f, E.Sum)]
        if len(own) == 1:
            key = own[0].lo, own[0].hi, tuple(f for f in factors if f is not own[0])
            sums.setdefault(key, []).append(product(c, [own[0].body]))
        else:
            out.append((c, factors))
    for (lo, hi, rest), bodies in sums.items():
        for c, factors in [x for x in out if lo == lift(1) and sorted(map(str, x[1])) == sorted(map(str, (hi, *rest)))]:
            out.remove((c, factors))
            bodies.append(c)
        body = E.add(*bodies) if len(bodies) > 1 else bodies[0]
        out.append((lift(1), [*rest, E.Sum(VAR, lo, hi, body)]))  # type: ignore[arg-type]
    return out


def raised(e: Expr, count: int) -> Expr:
    """A power; of a reciprocal, the negative one."""
    if isinstance(e, E.Pow) and e.exponent == lift(-1):
        return E.Pow(e.base, lift(-count))
    return e if count == 1 else E.Pow(e, lift(count))


def index(i: t.Index) -> Expr:
    base, offset = i
    if base == t.CONSTANT:
        return lift(offset)
    if base[0] != 1:
        raise NotFound("a bound index in a closed form")
    return E.integer(base[1]) + offset if offset else E.integer(base[1])
