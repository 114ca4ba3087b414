"""Exact inertia: how many eigenvalues of a rational symmetric matrix are negative, zero and positive.

Main results
    inertia       by symmetric elimination (LDLᵀ with 1 × 1 and 2 × 2 pivots) over the rationals
    definite      whether it is positive definite for sure; its entries may be balls
    indefinite    whether it is not semi-definite for sure, or not symmetric; its entries may be balls
    curvature     vᵀAv for v rounded to rationals
    root_signs    by the signs of the characteristic polynomial, which has only real roots (Descartes' rule is exact)
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from flint import arb, fmpq, fmpq_mat


class Inertia(NamedTuple):
    """Numbers of negative, zero and positive eigenvalues."""

    negative: int
    zero: int
    positive: int


def inertia(a: np.ndarray) -> Inertia:
    """Sylvester's law: eliminate symmetrically and count the signs of the pivots.

    Examples
    --------
    >>> from proofs.algebra.evaluate import matrix
    >>> inertia(matrix([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    Inertia(negative=1, zero=1, positive=1)
    """
    a = a.copy()
    negative = positive = 0
    while len(a):
        i = next((i for i in range(len(a)) if a[i, i] != 0), None)
        if i is not None:
            negative, positive = negative + (a[i, i] < 0), positive + (a[i, i] > 0)
            a = eliminate(a, [i])
            continue
        pair = next(((i, j) for i, j in np.ndindex(a.shape) if a[i, j] != 0), None)
        if pair is None:
            break
        negative, positive = negative + 1, positive + 1  # a zero diagonal and b ≠ 0 beside it: eigenvalues ±b
        a = eliminate(a, list(pair))
    return Inertia(negative, len(a), positive)


def definite(a: np.ndarray) -> bool:
    """Whether a symmetric matrix is positive definite for sure: every pivot is.

    Examples
    --------
    >>> from proofs.algebra.evaluate import matrix
    >>> definite(matrix([[2, 1], [1, 1]])), definite(matrix([[1, 1], [1, 1]]))
    (True, False)
    """
    while len(a):
        if not a[0, 0] > 0:
            return False
        a = eliminate(a, [0])
    return True


def indefinite(a: np.ndarray) -> bool:
    """Whether a matrix is for sure not symmetric, or has a direction in which it is negative.

    Examples
    --------
    >>> from proofs.algebra.evaluate import matrix
    >>> indefinite(matrix([[1, 2], [2, 1]])), indefinite(matrix([[1, 1], [1, 1]]))
    (True, False)
    """
    if np.any(a != a.T):
        return True
    if not a.size:
        return False
    middle = np.array([[float(arb(x).mid()) for x in row] for row in a])
    return bool(curvature(a, np.linalg.eigh(middle)[1][:, 0]) < 0)


def curvature(a: np.ndarray, direction: np.ndarray) -> arb:
    """vᵀAv for a direction v, rounded to a rational one."""
    v = np.array([fmpq(round(float(x) * 1000), 1000) for x in direction], dtype=object)
    return arb(v @ a @ v)


def eliminate(a: np.ndarray, pivots: list[int]) -> np.ndarray:
    """The Schur complement of one diagonal pivot, or of two that have a zero diagonal."""
    rest = [r for r in range(len(a)) if r not in pivots]
    block = a[np.ix_(rest, rest)]
    if len(pivots) == 1:
        column = a[rest, pivots[0]]
        return block - np.outer(column, column) / a[pivots[0], pivots[0]]
    i, j = pivots
    cross = np.outer(a[rest, i], a[rest, j]) / a[i, j]
    return block - cross - cross.T


def root_signs(a: np.ndarray) -> Inertia:
    """Changes of sign of the characteristic polynomial count its positive roots, with multiplicity.

    Examples
    --------
    >>> from proofs.algebra.evaluate import matrix
    >>> root_signs(matrix([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    Inertia(negative=1, zero=1, positive=1)
    """
    size = len(a)
    c = [x for x in fmpq_mat(size, size, [fmpq(x) for x in a.flat]).charpoly()]
    zero = next(i for i, x in enumerate(c) if x != 0)
    positive = changes([x for x in c if x != 0])
    return Inertia(size - zero - positive, zero, positive)


def changes(values: list[Any]) -> int:
    return sum((a > 0) != (b > 0) for a, b in pairwise(values))
