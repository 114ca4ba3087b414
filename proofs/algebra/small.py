"""Matrices written out entry by entry, of sizes such as 2 and 4: their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra.evaluate import Instance, evaluate
from proofs.kernel import expressions as E
from proofs.kernel.small import Column, Det, Symmetric, column, det, signed_permutations, symmetric

__all__ = ["Column", "Det", "Symmetric", "column", "det", "symmetric"]


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
