"""Equations that are affine in a letter, a real or a family: solved exactly, or shown to have no solution.

Main results
    affine       whether an expression is affine in a name, by its form
    solutions    the affine space of the values that satisfy equations at an instance; None where there is none
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from proofs.algebra.evaluate import Instance, Undefined, evaluate, size, zeros
from proofs.kernel import expressions as E
from proofs.kernel import propositions as P
from proofs.kernel.binding import binds, free

Value = Any
"""A number, a list or a matrix."""
LINEAR = (E.Add, E.T, E.LowerMask, E.MaxMask, E.DropMask, E.Tr, E.Entry, E.Named, E.Sum)


@lru_cache(maxsize=20_000)
def affine(e: E.Expr, x: Any) -> bool:
    """Whether an expression is affine in a name, by its form.

    Examples
    --------
    >>> k = E.size("k")
    >>> A, B = E.Letter("A", k, k), E.Letter("B", k, k)
    >>> affine(A @ B + B.T, B), affine(B @ A @ B, B)
    (True, False)
    """
    if x not in free(e) or e == x or (isinstance(e, E.Item) and e.family == x):
        return True
    if isinstance(e, E.Mul | E.Inner):
        hit = [f for f in e.children() if x in free(f)]
        return len(hit) == 1 and affine(hit[0], x)
    if isinstance(e, E.Named):
        return affine(e.body, x)
    if isinstance(e, E.Diag):
        return e.family == x
    if not isinstance(e, LINEAR) or binds(e) == x:
        return False
    return all(affine(c, x) for c in e.children())


@dataclass(frozen=True)
class Space:
    """A value and the directions in which it may be moved."""

    origin: Value
    directions: tuple[Value, ...] = ()

    def some(self, rng: Random, height: int = 3) -> Value:
        """One of its members."""
        out = self.origin
        for d in self.directions:
            out = moved(out, d, fmpq(rng.randint(-height, height), rng.randint(1, 2)))
        return out


def moved(x: Value, d: Value, by: fmpq) -> Value:
    if isinstance(x, list):
        return [a + by * b for a, b in zip(x, d, strict=True)]
    return x + d * by


def coordinates(name: Any, at: Instance) -> Space | None:
    """All values that a name may have: matrices with the linear traits of a letter, numbers, lists of them."""
    if isinstance(name, E.Sym):
        return Space(fmpq(0), (fmpq(1),)) if name.sort == E.Sort.REAL else None
    if isinstance(name, E.Family):
        count = 0 if name.length is None else size(name.length, at)
        unit = lambda i: [fmpq(int(i == j)) for j in range(count)]  # noqa: E731
        return Space([fmpq(0)] * count, tuple(map(unit, range(count)))) if name.length is not None else None
    rows, cols = (size(s, at) for s in name.shape)
    places = [[(p, 1)] for p in np.ndindex(rows, cols)]
    if "diagonal" in name.traits:
        places = [[((i, i), 1)] for i in range(min(rows, cols))]
    elif "skew" in name.traits:
        places = [[((i, j), 1), ((j, i), -1)] for i, j in combinations(range(rows), 2)]
    elif name.traits & {"symmetric", "psd", "pd"}:
        places = [[((i, i), 1)] for i in range(rows)]
        places += [[((i, j), 1), ((j, i), 1)] for i, j in combinations(range(rows), 2)]

    def direction(entries: list[Any]) -> np.ndarray:
        out = zeros(rows, cols)
        for p, c in entries:
            out[p] = fmpq(c)
        return out

    return Space(zeros(rows, cols), tuple(map(direction, places)))


def solutions(equations: Sequence[P.Rel], name: Any, at: Instance) -> Space | None:
    """The values of a name that satisfy equations, which are affine in it; None where there is none.

    Raises
    ------
    Undefined
        When it is not computed.

    Examples
    --------
    >>> x = E.Sym("x")
    >>> solutions([P.rel(2 * x, "=", 3)], x, {}).origin
    3/2
    """
    whole = coordinates(name, at)
    if whole is None or not all(affine(side, name) for r in equations for side in (r.left, r.right)):
        raise Undefined("the equations are not affine")

    def residuals(value: Value) -> list[Any]:
        here = {**at, name.name: value}
        gaps = [evaluate(r.left, here) - evaluate(r.right, here) for r in equations]
        found = [x for gap in gaps for x in (gap.flat if isinstance(gap, np.ndarray) else (gap,))]
        if not all(isinstance(x, fmpq) for x in found):
            raise Undefined("a residual that is no rational number")
        return found

    constant = residuals(whole.origin)
    columns = [residuals(moved(whole.origin, d, fmpq(1))) for d in whole.directions]
    count = len(columns)
    if not constant:
        return whole
    table = [[columns[j][i] - c for j in range(count)] + [-c] for i, c in enumerate(constant)]
    reduced, rank = fmpq_mat(len(table), count + 1, [x for row in table for x in row]).rref()
    pivots = [next(j for j in range(count + 1) if reduced[i, j] != 0) for i in range(rank)]
    if count in pivots:
        return None
    origin = whole.origin
    for i, p in enumerate(pivots):
        origin = moved(origin, whole.directions[p], reduced[i, count])
    free_ = [j for j in range(count) if j not in pivots]
    return Space(origin, tuple(direction(whole, reduced, pivots, j) for j in free_))


def direction(whole: Space, reduced: Any, pivots: list[int], j: int) -> Value:
    """A free coordinate, and those that follow it."""
    out = whole.directions[j]
    for i, p in enumerate(pivots):
        out = moved(out, whole.directions[p], -reduced[i, j])
    return out
