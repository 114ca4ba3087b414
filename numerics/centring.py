"""Centring a table of samples without losing what its entries do not share.

A column may lie far from zero beside what it varies by: 1.6·10⁹ + 0.1 throughout, or integers above 2⁵³. So the first
row is subtracted before anything is rounded, each difference rounded once; then the mean of the differences. Entries
that are equal differ by zero exactly, whatever their size, which is how constant columns are found.

The scatter of the centred table is known by its triangular factor R, not by XXᵀ: σ_i to about 2⁻⁵³σ_1, where a
covariance would lose what lies below 2⁻²⁶σ_1. Spectra (`lae bounds`) and training see data through this alone.

Main results
    Centre      what is subtracted; of any rows of the table
    scatter     the centre, the triangular factor and the constant columns of a table that comes in pieces
    Scatter     and its eigenvalues σ² of XXᵀ/n, with or without eigenvectors
    settled     eigenvalues that rounding alone keeps from zero, or from each other
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.resources import want_memory
from numerics.training.arrays import threads

Floats = NDArray[np.float64]
HALF = 2**32
"""Integers of 64 bits are two halves, each of which a double holds exactly."""


@dataclass(frozen=True)
class Centre:
    """What is subtracted from the rows of a table.

    Parameters
    ----------
    origin : pair of arrays (m,)
        A row of the table, as an exact sum of two doubles.
    offset : array (m,)
        The mean of what differs from it.
    """

    origin: tuple[Floats, Floats]
    offset: Floats

    @property
    def mean(self) -> Floats:
        """The mean of the table, rounded to doubles."""
        return self.origin[0] + (self.origin[1] + self.offset)

    def subtracted(self, rows: NDArray[Any]) -> Floats:
        """Rows minus the mean.

        >>> Centre((np.array([2.0**60]), np.array([1.0])), np.array([0.5])).subtracted(np.array([[2**60 + 3]]))
        array([[1.5]])
        """
        return _differences(_halves(rows), self.origin) - self.offset


@dataclass(frozen=True)
class Scatter:
    """A table of n samples of m features, as far as its covariance XXᵀ/n tells.

    Parameters
    ----------
    samples : int
        n.
    centre : Centre
        Of zeros if the table is not centred.
    triangle : array (rows, m)
        R with RᵀR = XXᵀ, X centred.
    constant : tuple of int
        The columns that are constant (or zero, if the table is not centred), counted from 1.
    """

    samples: int
    centre: Centre
    triangle: Floats
    constant: tuple[int, ...]

    def spectrum(self) -> Floats:
        """σ² (m,), decreasing.

        Up to max(n, m)·2⁻⁵²·σ_1, what rounding leaves of an exact zero, σ_i counts as zero; neighbours closer than
        (m + 8)·2⁻⁵²·σ_1 count as equal.
        """
        return self._squares(np.linalg.svd(self.triangle, compute_uv=False))

    def eigen(self) -> tuple[Floats, Floats]:
        """The same σ², and the eigenvectors as columns (m, m), the largest entry of each positive."""
        _, sigma, rows = np.linalg.svd(self.triangle)
        sigma2 = self._squares(sigma)
        rows[np.ix_(np.flatnonzero(sigma2), np.array(self.constant, dtype=int) - 1)] = 0
        return sigma2, np.ascontiguousarray(rows.T * signs(rows.T))

    def _squares(self, sigma: NDArray[Any]) -> Floats:
        m, unit = self.triangle.shape[1], 2.0**-52 * sigma[0]
        padded = np.append(sigma, np.zeros(m - len(sigma)))
        return settled(padded, zero=max(self.samples, m) * unit, gap=(m + 8) * unit) ** 2 / self.samples


def scatter(pieces: Iterable[NDArray[Any]], *, name: str = "data", centre: bool = True) -> Scatter:
    """What a table says that comes a few rows at a time, in memory of about m·min(n, m) numbers.

    Parameters
    ----------
    pieces : iterable of arrays (rows, m)
    name : str
        What an error message calls the table.
    centre : bool
        Whether the mean is subtracted.

    Raises
    ------
    ValueError
        If a piece is not two-dimensional, not real or not finite, all rows are equal, or squares leave double
        precision.

    Notes
    -----
    The triangular factor of [1 | X − c], with c the first row, is [[√n, …], [0, R]], up to signs; it is updated by each
    piece.

    Examples
    --------
    >>> found = scatter([np.array([[1.0, 7.0], [2.0, 7.0]]), np.array([[3.0, 7.0]])])
    >>> found.spectrum(), found.centre.mean, found.constant
    (array([0.66666667, 0.        ]), array([2., 7.]), (2,))
    """
    pieces = iter(pieces)
    opening = next(pieces, None)
    if opening is None:
        raise ValueError(f"{name}: got no rows; want a table, a row per sample, a column per feature")
    top = _checked(opening, name, 0)
    m = top[0].shape[1]
    origin = (top[0][0], top[1][0]) if centre else (np.zeros(m), np.zeros(m))
    count, total, largest, triangle = 0, np.zeros(m), np.zeros(m), np.zeros((0, m + centre))
    for piece in chain([opening], pieces):
        moved = _differences(_checked(piece, name, count, m), origin)
        largest = np.maximum(largest, np.abs(moved).max(axis=0))
        _check_size(largest.max(), name)
        held = min(len(triangle), m + centre) + len(moved)
        want_memory(24.0 * held * m, f"{name} of {m} features", "want fewer features (--columns)")
        rows = np.column_stack([np.ones(len(moved)), moved]) if centre else moved
        with threads(0):  # several gain little, and lose much where others want the processors
            triangle = np.asarray(np.linalg.qr(np.concatenate([triangle, rows]), mode="r"))
        count, total = count + len(piece), total + moved.sum(axis=0)
    if not largest.any():
        raise ValueError(f"{name}: all samples are equal; want some variance")
    _check_size(largest.max(), name, least=1e-150)
    constant = tuple((np.flatnonzero(largest == 0) + 1).tolist())
    if not centre:
        return Scatter(count, Centre(origin, np.zeros(m)), triangle, constant)
    return Scatter(count, Centre(origin, total / count), triangle[1:, 1:], constant)


def settled(values: NDArray[Any], *, zero: float, gap: float) -> Floats:
    """Decreasing values without what rounding made of them: zero up to `zero`, equal to neighbours up to `gap` away.

    >>> settled(np.array([2.0, 1.0 + 1e-15, 1.0 - 1e-15, 1e-15]), zero=1e-14, gap=1e-14)
    array([2., 1., 1., 0.])
    """
    live = values[values > zero]
    group = np.cumsum(np.append(0, -np.diff(live) > gap)) if len(live) else np.zeros(0, dtype=int)
    means = np.bincount(group, live) / np.maximum(np.bincount(group), 1)
    return np.append(means[group], np.zeros(len(values) - len(live)))


def signs(vectors: Floats) -> Floats:
    """±1 for each column, the sign of its entry of largest size; +1 if it is zero.

    >>> signs(np.array([[1.0, 0.6, 0.0], [0.0, -0.8, 0.0]]))
    array([ 1., -1.,  1.])
    """
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)[0]
    return np.where(largest < 0, -1.0, 1.0)


def _checked(piece: NDArray[Any], name: str, before: int, columns: int | None = None) -> tuple[Floats, Floats]:
    """The entries of a piece as sums of two doubles; `before` rows of so many columns were read earlier."""
    if piece.dtype.kind not in "biuf":
        raise ValueError(f"{name}: got entries of type {piece.dtype}; want real numbers")
    if piece.ndim != 2 or 0 in piece.shape:
        raise ValueError(f"{name}: got shape {piece.shape}; want a table, a row per sample, a column per feature")
    if columns not in (None, piece.shape[1]):
        raise ValueError(f"{name}: row {before + 1} has {piece.shape[1]} columns, the first {columns}")
    halves = _halves(piece)
    if not np.isfinite(halves[0]).all():
        row, column = np.argwhere(~np.isfinite(halves[0]))[0]
        value = piece[row, column]
        raise ValueError(f"{name}: row {before + row + 1}, column {column + 1} is {value}; want finite numbers")
    return halves


def _check_size(largest: float, name: str, least: float = 0.0) -> None:
    if not least <= largest < 1e150:
        raise ValueError(
            f"{name}: deviations of about {largest:.1g} leave double precision when squared; want other units"
        )


def _halves(table: NDArray[Any]) -> tuple[Floats, Floats]:
    """Entries as sums of two doubles: exactly, of every type that NumPy has on this machine but quadruple precision."""
    if table.dtype.kind in "iu" and table.dtype.itemsize == 8:
        return np.asarray((table >> 32) * float(HALF), dtype=np.float64), (table & (HALF - 1)).astype(np.float64)
    with np.errstate(over="ignore"):
        high = table.astype(np.float64)
    exact = table.dtype.kind != "f" or table.dtype.itemsize <= 8
    return high, np.zeros_like(high) if exact else (table - high).astype(np.float64)


def _differences(left: tuple[Floats, Floats], right: tuple[Floats, Floats]) -> Floats:
    """Rounded once: of integers both differences are exact, of doubles the second is zero."""
    with np.errstate(over="ignore"):
        return (left[0] - right[0]) + (left[1] - right[1])
