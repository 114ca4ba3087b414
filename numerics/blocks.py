"""Many small symmetric matrices at once, given as sums of squares: their extreme eigenvalues.

A block Σ_r D_r (row_r · x)², of as many squares as it has variables, has the inverse Σ_r column_r column_rᵀ /
D_r. If the D_r and the columns are known to full relative accuracy and no cancellation occurs, then so is the
largest eigenvalue of the inverse, and the smallest of the block, whatever its condition number.

Main results
    Blocks              the record; smallest, largest, eigenvalues, and cheap brackets of the first two
    from_squares        blocks from their squares
    single              blocks of size one
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, or_
from typing import Any

from numerics.namespaces import array_namespace, every, some

Array = Any
Rows = Sequence[Sequence[Any]]
Entries = dict[tuple[int, int], Any]
"""Symmetric matrices: arrays (…, n) or integers by row a and column b ≤ a. What is not there is zero."""
Form = dict[int, Any]
"""A row or a column: arrays (…, n) or integers by their places, ascending. What is not there is zero."""
WELL = 2.0**-10
"""An eigenvalue above this fraction of the largest one has some 43 bits as LAPACK finds it."""

TINY = 2.0**-960
"""Products below this may have lost digits to underflow."""

WEIGHTS = ("A_ij", "A_ji", "B_ij", "B_ji")


@dataclass(slots=True)
class Blocks:
    """Many symmetric positive semidefinite matrices of one small size, kept entry by entry.

    Attributes
    ----------
    kind : str
        The direction of the smallest eigenvalue, in words.
    latent, other : integer arrays (n,)
        The indices i and j, from 0. For a single latent, j = i.
    size : int
        The number of rows.
    entries : Entries
        Those of the blocks H.
    floor : array (…, n)
    inverse : Entries
        Those of floor · H⁻¹, each to full relative accuracy or small against the largest.
    factors : sequence of arrays (…, n)
        Their product is the determinant.
    turn : callable
        () ↦ `axes`, which few want.
    """

    kind: str
    latent: Array
    other: Array
    size: int
    entries: Entries
    floor: Array
    inverse: Entries
    factors: Sequence[Array]
    turn: Callable[[], Rows] = list

    @property
    def matrix(self) -> Rows:
        """The entries, in rows."""
        places = range(self.size)
        return [[self.entries.get((max(a, b), min(a, b)), 0) for b in places] for a in places]

    @property
    def determinant(self) -> Array:
        """The determinant of each block."""
        return reduce(mul, self.factors)

    @property
    def axes(self) -> Rows:
        """For each coordinate of the block, the orthonormal direction (A_ij, A_ji, B_ij, B_ji) it stands for."""
        return self.turn()

    def largest(self, where: Array = ...) -> Array:
        """The largest eigenvalue of each block, or of those that the mask `where` (…, n) selects."""
        return _largest_eigenvalue(self.size, self.entries, where)

    def smallest(self, where: Array = ...) -> Array:
        """The smallest eigenvalue of each block, to full relative accuracy."""
        return self.floor[where] / _largest_eigenvalue(self.size, self.inverse, where)

    def bracket_largest(self) -> tuple[Array, Array]:
        """Cheap lower and upper bounds of `largest`, within a factor of the block's size."""
        if self.size == 1:
            return self.floor, self.floor
        xp = array_namespace(self.floor)
        diagonal, trace = _diagonal(xp, self.size, self.entries)
        return diagonal, xp.minimum(trace, _circles(xp, self.size, self.entries))

    def bracket_smallest(self) -> tuple[Array, Array]:
        """Cheap lower and upper bounds of `smallest`, within a factor of the block's size."""
        if self.size == 1:
            return self.floor, self.floor
        diagonal, trace = _diagonal(array_namespace(self.floor), self.size, self.inverse)
        return self.floor / trace, self.floor / diagonal

    def eigenvalues(self) -> Array:
        """All eigenvalues (…, n, size), ascending; the smallest to full relative accuracy.

        It is the determinant over the others, where these are known well; the largest of the inverse elsewhere.
        """
        xp = array_namespace(self.floor)
        if self.size == 1:
            return self.floor[..., None]
        if self.size == 2:
            return xp.stack([self.smallest(), self.largest()], axis=-1)
        others = xp.linalg.eigvalsh(_stack(self.size, self.entries, ...))[..., 1:]
        product, determinant = xp.prod(others, axis=-1), self.determinant
        unsure = ~((others[..., 0] > WELL * others[..., -1]) & (product > TINY) & (determinant > TINY))
        smallest = determinant / xp.where(unsure, xp.ones_like(product), product)
        if some(unsure):
            smallest[unsure] = self.smallest(unsure)
        return xp.concat([smallest[..., None], others], axis=-1)


def single(kind: str, i: Array, value: Array, axis: Callable[[], Sequence[Any]], j: Array | None = None) -> Blocks:
    """Blocks of size one, with eigenvalue `value` (…, n) along `axis()`."""
    return Blocks(kind, i, i if j is None else j, 1, {(0, 0): value}, value, {(0, 0): 1}, [value], lambda: [axis()])


def from_squares(
    kind: str,
    i: Array,
    j: Array,
    weights: Sequence[Array],
    rows: Sequence[Form],
    columns: Sequence[Form],
    turn: Callable[[], Rows] = list,
) -> Blocks:
    """The blocks Σ_r D_r row_r row_rᵀ, and D_1 times their inverses, Σ_r (D_1/D_r) column_r column_rᵀ.

    Where some D_r = 0 the block is singular, and its smallest eigenvalue 0.

    Parameters
    ----------
    kind, i, j, turn
        As in `Blocks`.
    weights : list of arrays (…, n)
        D_1, D_2, …
    rows, columns : list of dict
        The rows of a matrix T of determinant ±1, and the columns of T⁻¹: what is not zero, by its place.

    Examples
    --------
    [[2, 1], [1, 1]] = (x + y)² + x²:

    >>> import numpy as np
    >>> one, index = np.ones(1), np.array([0])
    >>> block = from_squares("any", index, index, [one, one], [{0: 1, 1: 1}, {0: 1}], [{1: 1}, {0: 1, 1: -1}])
    >>> block.smallest() * block.largest()
    array([1.])
    """
    xp, floor, divisors = array_namespace(weights[0]), weights[0], weights
    if not every(reduce(xp.minimum, weights) > 0):
        zeros = [weight == 0 for weight in weights]
        floor = xp.where(reduce(or_, zeros), xp.zeros_like(floor), floor)
        divisors = [xp.where(zero, xp.ones_like(weight), weight) for zero, weight in zip(zeros, weights, strict=True)]
    ratios = [1, *(floor / divisor for divisor in divisors[1:])]
    return Blocks(kind, i, j, len(weights), _gram(rows, weights), floor, _gram(columns, ratios), weights, turn)


def _gram(forms: Sequence[Form], weights: Sequence[Any]) -> Entries:
    """The entries of Σ_r weight_r form_r form_rᵀ; a factor of the integer 1 costs nothing."""
    entries: Entries = {}
    for form, weight in zip(forms, weights, strict=True):
        present = list(form.items())
        for at, (b, left) in enumerate(present):
            scaled = _times(weight, left)
            for a, right in present[at:]:
                term = _times(scaled, right)
                entries[a, b] = entries[a, b] + term if (a, b) in entries else term
    return entries


def _times(x: Any, y: Any) -> Any:
    if type(y) is int and y == 1:
        return x
    return y if type(x) is int and x == 1 else x * y


def _stack(size: int, entries: Entries, where: Array) -> Array:
    """The selected blocks as matrices (…, n, size, size)."""
    first = entries[0, 0][where]
    out = array_namespace(first).zeros((*first.shape, size, size), dtype=first.dtype, device=first.device)
    for (a, b), entry in entries.items():
        out[..., a, b] = out[..., b, a] = entry if isinstance(entry, int) else entry[where]
    return out


def _largest_eigenvalue(size: int, entries: Entries, where: Array) -> Array:
    """The largest eigenvalue of the selected blocks, by closed form up to size two."""
    if size <= 2:
        a, b, d = (
            entry if isinstance(entry := entries.get(place, 0), int) else entry[where]
            for place in ((0, 0), (1, 0), (1, 1))
        )
        return a if size == 1 else (a + d) / 2 + (((a - d) / 2) ** 2 + b**2) ** 0.5
    matrices = _stack(size, entries, where)
    xp = array_namespace(matrices)
    if not every(xp.isfinite(matrices)):
        raise ArithmeticError("the curvatures of a block leave the range of double precision")
    return xp.linalg.eigvalsh(matrices)[..., -1]


def _diagonal(xp: Any, size: int, entries: Entries) -> tuple[Array, Array]:
    """The greatest of the diagonal, and the trace: between them lies the largest eigenvalue, as none is negative."""
    diagonal = [entries[a, a] for a in range(size)]
    return reduce(xp.maximum, diagonal), reduce(add, diagonal)


def _circles(xp: Any, size: int, entries: Entries) -> Array:
    """The end of the longest of Gershgorin's circles, which no eigenvalue exceeds."""
    ends = [entries[a, a] for a in range(size)]
    for (a, b), entry in entries.items():
        if b < a:
            length = abs(entry)
            ends[a], ends[b] = ends[a] + length, ends[b] + length
    return reduce(xp.maximum, ends)
