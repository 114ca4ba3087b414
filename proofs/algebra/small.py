"""Matrices written out entry by entry, of sizes such as 2 and 4: their values, and their normal forms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, evaluate
from proofs.kernel import expressions as E
from proofs.kernel.small import Column, Det, Symmetric, column, det, signed_permutations, symmetric

__all__ = ["Column", "Det", "Symmetric", "column", "det", "symmetric", "written_out"]

# -- exact values ----------------------------------------------------------------------------------


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
