"""Matrices written out entry by entry, of sizes such as 2 and 4: the blocks that a Hessian falls into.

Main results
    Symmetric, symmetric    a symmetric matrix from its upper triangle
    Column, column          a column from its entries
    Det                     a determinant, by permutations
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from math import isqrt
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, evaluate
from proofs.kernel import expressions as E

# -- nodes -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Symmetric(E.Expr):
    """A symmetric matrix, by its upper triangle row by row."""

    entries: tuple[E.Expr, ...]

    @property
    def size(self) -> int:
        return (isqrt(8 * len(self.entries) + 1) - 1) // 2

    @property
    def shape(self) -> E.Shape:
        return (self.size, self.size)

    def at(self, row: int, col: int) -> E.Expr:
        """An entry, from 0."""
        low, high = sorted((row, col))
        return self.entries[low * self.size - low * (low + 1) // 2 + high]

    def rows(self) -> list[list[E.Expr]]:
        return [[self.at(row, col) for col in range(self.size)] for row in range(self.size)]


@dataclass(frozen=True, eq=False)
class Column(E.Expr):
    """A column, by its entries."""

    entries: tuple[E.Expr, ...]

    @property
    def shape(self) -> E.Shape:
        return (len(self.entries), 1)


@dataclass(frozen=True, eq=False)
class Det(E.Expr):
    """The determinant of a matrix of known size."""

    arg: E.Expr
    size: int = field(metadata=E.LEAF)


def symmetric(*rows: Sequence[E.Scalar]) -> Symmetric:
    """``symmetric((a, b), (c,))`` is [[a, b], [b, c]]: each row from its diagonal on.

    Examples
    --------
    >>> print(symmetric((1, 2), (3,)))
    [[1, 2], [2, 3]]
    """
    if [len(row) for row in rows] != list(range(len(rows), 0, -1)):
        raise E.ShapeError("the rows of an upper triangle fall in length by one")
    return Symmetric(tuple(E.lift(x) for row in rows for x in row))


def column(*entries: E.Scalar) -> Column:
    return Column(tuple(map(E.lift, entries)))


def det(arg: E.Expr) -> Det:
    rows, cols = arg.shape
    if rows != cols or not isinstance(rows, int):
        E.misfit(f"the determinant of a matrix of shape {E.shape_text(arg.shape)}")
    return Det(arg, rows)


# -- exact values ----------------------------------------------------------------------------------


def signed_permutations(size: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every permutation with its sign.

    Examples
    --------
    >>> list(signed_permutations(2))
    [(1, (0, 1)), (-1, (1, 0))]
    """
    for order in permutations(range(size)):
        inversions = sum(order[a] > order[b] for b in range(size) for a in range(b))
        yield (-1) ** inversions, order


def _determinant(e: Det, at: Instance) -> Any:
    a = evaluate(e.arg, at)
    total = fmpq(0)
    for sign, order in signed_permutations(len(a)):
        term = fmpq(sign)
        for row, col in enumerate(order):
            term = term * a[row, col]
        total = total + term
    return total


def _written_out(rows: Sequence[Sequence[E.Expr]], at: Instance) -> np.ndarray:
    return V.matrix([[evaluate(x, at) for x in row] for row in rows])


V.RULES[Symmetric] = lambda e, at: _written_out(e.rows(), at)
V.RULES[Column] = lambda e, at: _written_out([[x] for x in e.entries], at)
V.RULES[Det] = _determinant


# -- normal forms ----------------------------------------------------------------------------------


def written_out(rows: Sequence[Sequence[E.Expr]]) -> E.Expr:
    """Σ_ij a_ij e_i e_jᵀ."""

    def unit(i: int, j: int) -> E.Expr:
        e_i, e_j = E.Basis(E.lift(i + 1), len(rows)), E.Basis(E.lift(j + 1), len(rows[0]))
        return e_i @ e_j.T

    return E.add(*(x * unit(i, j) for i, row in enumerate(rows) for j, x in enumerate(row)))


@lru_cache(maxsize=256)
def _entries(arg: E.Expr, size: int) -> list[list[normal.Form]]:
    index = [E.Num(Fraction(i + 1)) for i in range(size)]
    return [[normal.normal_form(E.Entry(arg, i, j)) for j in index] for i in index]


def _expanded(e: Det) -> normal.Form:
    rows, out = _entries(e.arg, e.size), normal.Form(())
    for sign, order in signed_permutations(e.size):
        term = normal.scalar(sign)
        for row, col in enumerate(order):
            term = normal.times(term, rows[row][col])
        out.include(term)
    return out


normal.RULES[Symmetric] = lambda e: normal.normal_form(written_out(e.rows()))
normal.RULES[Column] = lambda e: normal.normal_form(written_out([[x] for x in e.entries]))
normal.RULES[Det] = _expanded
