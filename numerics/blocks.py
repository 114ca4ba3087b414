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

from numerics.namespaces import array_namespace

Array = Any
Rows = Sequence[Sequence[Any]]
WELL = 2.0**-10
"""An eigenvalue above this fraction of the largest one has some 43 bits as LAPACK finds it."""

TINY = 2.0**-960
"""Products below this may have lost digits to underflow."""

WEIGHTS = ("A_ij", "A_ji", "B_ij", "B_ji")


@dataclass(frozen=True)
class Blocks:
    """Many symmetric positive semidefinite matrices of one small size, kept entry by entry.

    Attributes
    ----------
    kind : str
        The direction of the smallest eigenvalue, in words.
    latent, other : integer arrays (n,)
        The indices i and j, from 0. For a single latent, j = i.
    matrix : nested lists of arrays (…, n)
        The entries of the blocks H.
    floor : array (…, n)
    inverse : nested lists of arrays (…, n)
        The entries of floor · H⁻¹, each to full relative accuracy or small against the largest.
    factors : sequence of arrays (…, n)
        Their product is the determinant.
    turn : callable
        () ↦ `axes`, which few want.
    """

    kind: str
    latent: Array
    other: Array
    matrix: Rows
    floor: Array
    inverse: Rows
    factors: Sequence[Array]
    turn: Callable[[], Rows] = list

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
        return _largest_eigenvalue(self.matrix, where)

    def smallest(self, where: Array = ...) -> Array:
        """The smallest eigenvalue of each block, to full relative accuracy."""
        return self.floor[where] / _largest_eigenvalue(self.inverse, where)

    def bracket_largest(self) -> tuple[Array, Array]:
        """Cheap lower and upper bounds of `largest`, within a factor of the block's size."""
        return _bracket_largest(self.matrix)

    def bracket_smallest(self) -> tuple[Array, Array]:
        """Cheap lower and upper bounds of `smallest`, within a factor of the block's size."""
        lower, upper = _bracket_largest(self.inverse)
        return self.floor / upper, self.floor / lower

    def eigenvalues(self) -> Array:
        """All eigenvalues (…, n, size), ascending; the smallest to full relative accuracy.

        It is the determinant over the others, where these are known well; the largest of the inverse elsewhere.
        """
        xp, size = array_namespace(self.floor), len(self.matrix)
        if size == 1:
            return self.floor[..., None]
        if size == 2:
            return xp.stack([self.smallest(), self.largest()], axis=-1)
        others = xp.linalg.eigvalsh(_stack(self.matrix, ...))[..., 1:]
        product, determinant = xp.prod(others, axis=-1), self.determinant
        unsure = ~((others[..., 0] > WELL * others[..., -1]) & (product > TINY) & (determinant > TINY))
        smallest = determinant / xp.where(unsure, xp.ones_like(product), product)
        if xp.any(unsure):
            smallest[unsure] = self.smallest(unsure)
        return xp.concat([smallest[..., None], others], axis=-1)


def single(kind: str, i: Array, value: Array, axis: Callable[[], Sequence[Any]], j: Array | None = None) -> Blocks:
    """Blocks of size one, with eigenvalue `value` (…, n) along `axis()`."""
    one = array_namespace(value).ones_like(value)
    return Blocks(kind, i, i if j is None else j, [[value]], value, [[one]], [value], lambda: [axis()])


def from_squares(
    kind: str,
    i: Array,
    j: Array,
    weights: Sequence[Array],
    rows: Rows,
    columns: Rows,
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
    rows, columns : nested lists of arrays or integers
        The rows of a matrix T of determinant ±1, and the columns of T⁻¹.

    Examples
    --------
    [[2, 1], [1, 1]] = (x + y)² + x²:

    >>> import numpy as np
    >>> one, index = np.ones(1), np.array([0])
    >>> block = from_squares("any", index, index, [one, one], [[1, 1], [1, 0]], [[0, 1], [1, -1]])
    >>> block.smallest() * block.largest()
    array([1.])
    """
    xp, floor, divisors = array_namespace(weights[0]), weights[0], weights
    if not xp.min(reduce(xp.minimum, weights)) > 0:
        zeros = [weight == 0 for weight in weights]
        floor = xp.where(reduce(or_, zeros), xp.zeros_like(floor), floor)
        divisors = [xp.where(zero, xp.ones_like(weight), weight) for zero, weight in zip(zeros, weights, strict=True)]
    ratios = [1, *(floor / divisor for divisor in divisors[1:])]
    return Blocks(kind, i, j, _gram(rows, weights), floor, _gram(columns, ratios), weights, turn)


def _gram(rows: Rows, weights: Sequence[Any]) -> Rows:
    """The entries of Σ_r weight_r row_r row_rᵀ; what is the integer 0 or 1 costs nothing."""
    size = len(rows[0])
    entries: list[list[Any]] = [[0] * size for _ in range(size)]
    for row, weight in zip(rows, weights, strict=True):
        for a, left in enumerate(row):
            if not _is_integer(left, 0):
                scaled = _times(weight, left)
                for b in range(a, size):
                    if not _is_integer(row[b], 0):
                        term, known = _times(scaled, row[b]), entries[a][b]
                        entries[a][b] = entries[b][a] = term if _is_integer(known, 0) else known + term
    return entries


def _times(x: Any, y: Any) -> Any:
    return x if _is_integer(y, 1) else y if _is_integer(x, 1) else x * y


def _entry(value: Any, like: Array, where: Array) -> Array:
    """One entry of the selected blocks, as an array even if it is a constant."""
    return (array_namespace(like).full_like(like, value) if isinstance(value, int) else value)[where]


def _stack(entries: Rows, where: Array) -> Array:
    """The selected blocks as matrices (…, n, size, size)."""
    first, size = entries[0][0][where], len(entries)
    shape = (*first.shape, size, size)
    out = array_namespace(first).zeros(shape, dtype=first.dtype, device=first.device)
    for a, row in enumerate(entries):
        for b, entry in enumerate(row[: a + 1]):
            if not _is_integer(entry, 0):
                out[..., a, b] = out[..., b, a] = entry if isinstance(entry, int) else entry[where]
    return out


def _largest_eigenvalue(entries: Rows, where: Array) -> Array:
    """The largest eigenvalue of the selected blocks, by closed form up to size two."""
    like = entries[0][0]
    if len(entries) == 1:
        return like[where]
    if len(entries) == 2:
        a, b, d = (_entry(x, like, where) for x in (entries[0][0], entries[0][1], entries[1][1]))
        return (a + d) / 2 + (((a - d) / 2) ** 2 + b**2) ** 0.5
    xp, matrices = array_namespace(like), _stack(entries, where)
    if not xp.all(xp.isfinite(matrices)):
        raise ArithmeticError("the curvatures of a block leave the range of double precision")
    return xp.linalg.eigvalsh(matrices)[..., -1]


def _bracket_largest(entries: Rows) -> tuple[Array, Array]:
    """Lower and upper bounds of the largest eigenvalue: the diagonal, and trace or Gershgorin's circles."""
    diagonal = [row[index] for index, row in enumerate(entries)]
    if len(diagonal) == 1:
        return diagonal[0], diagonal[0]
    xp, circles = array_namespace(diagonal[0]), list(diagonal)
    for a, row in enumerate(entries):
        for b in range(a):
            if not _is_integer(row[b], 0):
                size = abs(row[b])
                circles[a], circles[b] = circles[a] + size, circles[b] + size
    return reduce(xp.maximum, diagonal), xp.minimum(reduce(add, diagonal), reduce(xp.maximum, circles))


def _is_integer(value: Any, wanted: int) -> bool:
    return type(value) is int and value == wanted
