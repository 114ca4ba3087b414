"""How much arithmetic a value takes, and how many matrices a statement multiplies: what budgets are counted in.

A budget in operations is the same on every machine; one in seconds is not.

Main results
    effort    scalar operations to value expressions at given sizes, to the order of magnitude
    degree    how many matrices stand in the longest product: what holds for matrices of a greater size holds for all
    order     the degree in integers: a polynomial that vanishes for more of them vanishes for all
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofs.kernel import expressions as E

ATOMS = E.Letter | E.Diag | E.Proj | E.First | E.Basis
UNKNOWN = 3
"""What an integer is taken for that is not among the sizes."""


def effort(parts: Sequence[E.Expr], sizes: Mapping[str, int]) -> float:
    """Scalar operations to value the expressions at some sizes, roughly."""
    known = tuple(sorted((name, x) for name, x in sizes.items() if isinstance(x, int)))
    return sum((operations(p, known) for p in parts), 0.0)


@lru_cache(maxsize=100_000)
def operations(e: E.Expr, sizes: tuple[tuple[str, int], ...]) -> float:
    inside = sum(operations(c, sizes) for c in e.children())
    shape = [length(s, sizes) for s in e.shape] if len(e.shape) == 2 else [1, 1]
    area = shape[0] * shape[1]
    if isinstance(e, E.Mul):
        inner = max((length(f.shape[1], sizes) for f in e.factors if len(f.shape) == 2), default=1)
        return inside + len(e.factors) * area * inner
    if isinstance(e, E.Sum | E.Extremum):
        return inside * max(1, length(e.hi, sizes) - length(e.lo, sizes) + 1)
    if isinstance(e, E.Grad):
        return 2 * inside * area
    if isinstance(e, E.Coeff | E.Diff):
        return inside * (e.order + 1) ** 2
    if isinstance(e, E.Expect):
        return inside * outcomes(e.over, sizes)
    if e.costly:
        loss, weights = getattr(e, "loss", None), area
        return inside + (weights * operations(loss, sizes) * 4 if loss is not None else inside * weights)
    return inside + area


def outcomes(over: Any, sizes: tuple[tuple[str, int], ...]) -> float:
    """How many there are: n masks, or entries of noise that are one of two numbers."""
    if isinstance(over, E.Letter):
        return 2.0 ** (length(over.rows, sizes) * length(over.cols, sizes))
    return float(max(1, length(over.length, sizes))) ** dict(sizes).get("n", UNKNOWN)


def length(e: Any, sizes: tuple[tuple[str, int], ...]) -> int:
    """A size or an index, where it is known."""
    if isinstance(e, int):
        return e
    if isinstance(e, E.Num):
        return int(e.value)
    if isinstance(e, E.Sym):
        return dict(sizes).get(e.name, UNKNOWN)
    if isinstance(e, E.Add):
        return sum(length(t, sizes) for t in e.terms)
    if isinstance(e, E.Mul):
        out = 1
        for f in e.factors:
            out *= length(f, sizes)
        return out
    return UNKNOWN


@lru_cache(maxsize=100_000)
def order(e: E.Expr) -> int:
    """The degree in integers, roughly: a sum over a range, and a trace, add one."""
    if isinstance(e, E.Sym):
        return int(e.sort == E.Sort.INTEGER)
    below = [order(c) for c in e.children()]
    if isinstance(e, E.Mul):
        return sum(below)
    if isinstance(e, E.Pow) and isinstance(e.exponent, E.Num):
        return below[0] * max(1, int(e.exponent.value))
    return max(below, default=0) + isinstance(e, E.Sum | E.Tr | E.SqNorm | E.Inner | E.Rank)


@lru_cache(maxsize=100_000)
def degree(e: E.Expr) -> int:
    """How many matrices are multiplied, at most."""
    if isinstance(e, ATOMS):
        return 1
    below = [degree(c) for c in e.children()]
    if isinstance(e, E.Mul | E.Inner):
        return sum(below)
    if isinstance(e, E.SqNorm):
        return 2 * below[0]
    if isinstance(e, E.Pow) and isinstance(e.exponent, E.Num):
        return int(-(-abs(below[0] * Fraction(e.exponent.value)) // 1))
    return max(below, default=0)
