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
from proofs.kernel.meaning import Meaning, family_symbol
from proofs.kernel.tensor import Facts
from proofs.tactics.ground import NotFound

OPAQUE = (E.Tr, E.SqNorm, E.Inner, E.Entry, E.Diff, E.Coeff, E.Expect)


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
        When its normal form holds sums, entries of letters or unknown numbers.
    """
    return Reader(known_families(e)).total(Meaning(facts).value(e))


class Reader:
    """Expressions of polynomials."""

    def __init__(self, named: dict[Any, Family]):
        self.families = named

    def total(self, p: Any, indices: tuple[t.Index, ...] = ()) -> Expr:
        terms = [self.term(m, c, indices) for m, c in sorted(p.items())]
        return E.add(*terms) if len(terms) > 1 else terms[0] if terms else lift(0)

    def term(self, m: t.Monomial, c: Any, indices: tuple[t.Index, ...]) -> Expr:
        n, atoms = m
        if n:
            raise NotFound("a sum in a closed form")
        factors = [raised(self.factor(a, indices), count) for a, count in Counter(atoms).items()]
        value = E.Num(Fraction(int(c.p), int(c.q)))
        parts = [*([value] if value.value != 1 or not factors else []), *factors]
        return parts[0] if len(parts) == 1 else E.mul(*parts)

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
