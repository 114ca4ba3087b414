"""The Hessian at the global minima, split into blocks of size 1 to 4 and factored by hand.

In the eigenbasis of the covariance (Q1 = W1U, Q2 = UᵀW2, s_i = σ_i²) the Hessian at a diagonal global minimum
couples only A_ij, A_ji, B_ij, B_ji, where (A, B) is the change of (Q1, Q2). Each block below is a sum of as
many squares as it has variables, Σ_r D_r (row_r · x)², in which no two numbers of the same sign are
subtracted but the given s_i − s_j, λ_j − λ_i, s_i − λ_i. Hence its inverse, and with it its smallest
eigenvalue, is known to full relative accuracy, whatever the condition number.

All curvatures are those of the half scale, (1/2n)‖X − W2W1X‖² + …; the main scale doubles them.

Main results (i < j ≤ k are latents, ν_i = 1 − λ_i/s_i)
    l2_blocks               non-uniform L2: curvatures 2(s_i − λ_i) and 2λ_i for latent i, λ_i + λ_j and
                            the three of a tridiagonal block for a pair, two for an unlearned component
    nested_dropout_blocks   nested dropout at W1 = QUᵀ: 0 and p_i s_i (q_i² + q_i⁻²) for latent i, the four
                            of a tridiagonal block for a pair, two for an unlearned component
    Blocks.smallest, Blocks.largest     extreme eigenvalues of each block

In a pair's block the printed rotation curvature is the pivot of the rotation, so the smallest eigenvalue lies
below it by the factor that `Blocks.inverse` shows: the rotation is never an eigenvector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

Array = Any
Rows = Sequence[Sequence[Any]]
WEIGHTS = ("A_ij", "A_ji", "B_ij", "B_ji")


@dataclass(frozen=True)
class Blocks:
    """Many symmetric positive semidefinite matrices of one small size, kept entry by entry.

    Attributes
    ----------
    kind : str
        The direction they belong to, in words.
    latent, other : integer arrays (n,)
        The indices i and j, from 0. For a single latent, j = i.
    matrix : nested lists of arrays (…, n)
        The entries of the blocks H.
    floor : array (…, n)
    inverse : nested lists of arrays (…, n)
        The entries of floor · H⁻¹, each to full relative accuracy or small against the largest.
    axes : nested lists
        For each coordinate of the block, the orthonormal direction (A_ij, A_ji, B_ij, B_ji) it stands for.
    """

    kind: str
    latent: Array
    other: Array
    matrix: Rows
    floor: Array
    inverse: Rows
    axes: Rows

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
        """All eigenvalues (…, n, size), ascending; the smallest to full relative accuracy."""
        xp = array_namespace(self.floor)
        smallest, size = self.smallest(), len(self.matrix)
        if size == 1:
            return smallest[..., None]
        if size == 2:
            return xp.stack([smallest, self.largest()], axis=-1)
        rest = xp.linalg.eigvalsh(_stack(self.matrix, ...))[..., 1:]
        return xp.concat([smallest[..., None], rest], axis=-1)


def l2_blocks(sigma2: Array, lam: Array, *, every_unlearned: bool = False) -> list[Blocks]:
    """The blocks of the non-uniform L2 loss at W1 = W2ᵀ = (I − ΛS⁻²)^½Uᵀ (half scale).

    Parameters
    ----------
    sigma2 : array (…, m)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th.
    lam : array (…, k)
        The regularisers, increasing, 0 < λ_i, λ_k < σ_k².
    every_unlearned : bool
        All components j > k, or only j = k+1 and j = m. These two hold the extremes: the block of (i, j) is
        affine in s_j, so that its smallest eigenvalue is concave in s_j and its largest convex.

    Examples
    --------
    One latent, s = (4, 1), λ = 1: scaling 2(4 − 1), asymmetric scaling 2·1, and a block of determinant
    (4 − 1)(1 + 1) and trace 1 + 1·(4 − 1)/4 + 4:

    >>> import numpy as np
    >>> [block.eigenvalues().tolist() for block in l2_blocks(np.array([4.0, 1.0]), np.array([1.0]))[:2]]
    [[[6.0]], [[2.0]]]
    >>> low, high = l2_blocks(np.array([4.0, 1.0]), np.array([1.0]))[-1].eigenvalues()[0].tolist()
    >>> round(low * high, 12), round(low + high, 12)
    (6.0, 5.75)
    """
    xp = array_namespace(sigma2, lam)
    k = lam.shape[-1]
    each = xp.arange(k)
    s = sigma2[..., :k]
    half = 0.5**0.5
    blocks = [
        _single("scaling", each, 2 * (s - lam), [half, 0, half, 0]),
        _single("asymmetric scaling", each, 2 * lam, [half, 0, -half, 0]),
    ]
    if k > 1:
        blocks += _l2_pairs(sigma2, lam, *_pairs(xp, k))
    i, j = _unlearned(xp, k, sigma2.shape[-1], every_unlearned)
    if j.shape[0]:
        si, sj, li = (xp.take(a, index, axis=-1) for a, index in ((sigma2, i), (sigma2, j), (lam, i)))
        top = sj + li * ((si - sj) / si)
        ratio = sj / top
        weights = [(si - sj) * ((sj + li) / top), top]
        blocks.append(
            _from_squares(
                "rotation towards unlearned",
                i,
                j,
                weights,
                [[0, 1], [1, -ratio]],
                [[ratio, 1], [1, 0]],
                _UNLEARNED_AXES,
            )
        )
    return blocks


def nested_dropout_blocks(
    sigma2: Array, prior: Array, scaling: Array | None = None, *, every_unlearned: bool = False
) -> list[Blocks]:
    """The blocks of nested dropout at W1 = QUᵀ, W2 = UQ⁻¹ ((1/2n) scale), off its null directions.

    Left out are, for each latent i, the rescaling (q_i, −1/q_i) of (A_ii, B_ii), and for each unlearned
    component with s_j = 0, the weights A_ij that read it: k(1 + number of zeros) null directions.

    Parameters
    ----------
    sigma2 : array (…, m)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th; with `every_unlearned`, zeros give
        eigenvalues 0, otherwise they are passed over (for one spectrum at a time).
    prior : array (…, k)
        p_B(1)…p_B(k), positive. The keep probabilities p_i = Σ_{b≥i} p_B(b), and their differences, are sums.
    scaling : array (…, k), optional
        The diagonal of Q, by default all ones.

    Examples
    --------
    >>> import numpy as np
    >>> [block.kind for block in nested_dropout_blocks(np.array([3.0, 2.0]), np.array([0.5, 0.5]))]
    ['scaling', 'rotation']
    """
    xp = array_namespace(sigma2, prior)
    k = prior.shape[-1]
    q = xp.ones_like(prior) if scaling is None else scaling
    keep = xp.flip(xp.cumulative_sum(xp.flip(prior, axis=-1), axis=-1), axis=-1)
    norm2 = q**2 + q**-2
    norm = norm2**0.5
    blocks = [_single("scaling", xp.arange(k), keep * sigma2[..., :k] * norm2, [1 / (q * norm), 0, q / norm, 0])]
    if k > 1:
        blocks.append(_nested_dropout_pairs(sigma2, prior, keep, q, *_pairs(xp, k)))
    positive = sigma2.shape[-1]
    if not every_unlearned and sigma2.ndim == 1:
        positive = max(k, int(xp.sum(xp.astype(sigma2 > 0, xp.int64))))
    i, j = _unlearned(xp, k, positive, every_unlearned)
    if j.shape[0]:
        si, sj, pi, qi = (xp.take(a, index, axis=-1) for a, index in ((sigma2, i), (sigma2, j), (keep, i), (q, i)))
        weights = [pi * sj, pi * (si - sj)]
        squares, columns = [[1 / qi, -qi], [0, qi]], [[qi, 0], [qi, 1 / qi]]
        blocks.append(_from_squares("rotation towards unlearned", i, j, weights, squares, columns, _UNLEARNED_AXES))
    return blocks


_UNLEARNED_AXES = ((1, 0, 0, 0), (0, 0, 0, 1))


def _l2_pairs(sigma2: Array, lam: Array, i: Array, j: Array) -> list[Blocks]:
    """The two parts of a pair's block: λ_i + λ_j alone, and rotation r, scaled rotations p and e.

    Let A_ij = a + b, B_ji = a − b, B_ij = c + d, A_ji = c − d, and g = q_i a + q_j c, h = q_i b + q_j d with
    q² = ν. With δ = λ_j − λ_i and Σ = λ_i + λ_j, the second variation is
    (s_i + s_j)(g² + h²) − 2(s_i − s_j)gh + 2δ(c² − a²) + 2Σ(b² + d²).
    """
    xp = array_namespace(sigma2, lam)
    si, sj, li, lj = (xp.take(a, index, axis=-1) for a, index in ((sigma2, i), (sigma2, j), (lam, i), (lam, j)))
    gap, rise = si - sj, lj - li
    nui, nuj = (si - li) / si, (sj - lj) / sj
    norm2 = nui + nuj
    drop = (rise + li * (gap / si)) / sj  # ν_i − ν_j
    shear = 2 * (nui * nuj) ** 0.5 / drop
    t = 2 * (li / si) / drop
    tilt = 1 / (1 + t)
    weights = [
        rise * (drop / norm2),
        gap * (1 + t) * norm2 / 2,
        (2 * sj + gap * (t * tilt)) * norm2 / 2 + li + lj,
    ]
    rows = [[1, -shear, 0], [0, 1, -tilt], [0, 0, 1]]
    columns = [[1, 0, 0], [shear, 1, 0], [shear * tilt, tilt, 1]]
    u, v = (nui / (2 * norm2)) ** 0.5, (nuj / (2 * norm2)) ** 0.5
    axes = [[v, -u, -u, v], [u, v, v, u], [u, -v, v, -u]]
    return [
        _single("asymmetric rotation", i, li + lj, [v, u, -u, -v], j),
        _from_squares("rotation", i, j, weights, rows, columns, axes),
    ]


def _nested_dropout_pairs(sigma2: Array, prior: Array, keep: Array, q: Array, i: Array, j: Array) -> Blocks:
    """A pair's block: p_j s_j (a + b)² + p_j s_i (c + d)² + (p_i − p_j)(s_j (a − c)² + (s_i − s_j) c²).

    Here A_ij = q_i a, B_ij = b/q_j, B_ji = c/q_i, A_ji = q_j d.
    """
    xp = array_namespace(sigma2, prior)
    si, sj, pj = (xp.take(a, index, axis=-1) for a, index in ((sigma2, i), (sigma2, j), (keep, j)))
    qi, qj = xp.take(q, i, axis=-1), xp.take(q, j, axis=-1)
    drop = _sum_between(xp, prior, i, j)
    weights = [drop * (si - sj), drop * sj, pj * sj, pj * si]
    rows = [[0, 0, 0, qi], [1 / qi, 0, 0, -qi], [1 / qi, 0, qj, 0], [0, 1 / qj, 0, qi]]
    columns = [[qi, -qj, -1 / qj, 1 / qi], [qi, 0, -1 / qj, 0], [0, 0, 1 / qj, 0], [0, qj, 0, 0]]
    axes = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    return _from_squares("rotation", i, j, weights, rows, columns, axes)


def _sum_between(xp: Any, prior: Array, i: Array, j: Array) -> Array:
    """p_i − p_j = Σ_{i≤b<j} p_B(b), never by subtraction."""
    k = prior.shape[-1]
    index = xp.arange(k)
    started = index[:, None] <= index[None, :]
    sums = xp.cumulative_sum(xp.where(started, prior[..., None, :], xp.zeros_like(prior)[..., None, :]), axis=-1)
    return xp.take(xp.reshape(sums, (*prior.shape[:-1], k * k)), i * k + j - 1, axis=-1)


def _pairs(xp: Any, k: int) -> tuple[Array, Array]:
    """The latents i < j < k, in lexicographic order."""
    index = xp.arange(k)
    row, column = xp.nonzero(index[:, None] < index[None, :])
    return row, column


def _unlearned(xp: Any, k: int, m: int, every: bool) -> tuple[Array, Array]:
    """Each latent with each unlearned component, or with the first and the last of them."""
    components = list(range(k, m)) if every else sorted({k, m - 1} & set(range(k, m)))
    i = xp.reshape(xp.broadcast_to(xp.arange(k)[:, None], (k, len(components))), (-1,))
    j = xp.tile(xp.asarray(components, dtype=i.dtype), (k,))
    return i, j


def _single(kind: str, i: Array, value: Array, axis: Sequence[Any], j: Array | None = None) -> Blocks:
    """Blocks of size one."""
    one = array_namespace(value).ones_like(value)
    return Blocks(kind, i, i if j is None else j, [[value]], value, [[one]], [axis])


def _from_squares(
    kind: str, i: Array, j: Array, weights: Sequence[Array], rows: Rows, columns: Rows, axes: Rows
) -> Blocks:
    """The blocks Σ_r D_r row_r row_rᵀ, and D_1 times their inverses, Σ_r (D_1/D_r) column_r column_rᵀ."""
    floor = weights[0]
    ratios = [1, *(floor / weight for weight in weights[1:])]
    return Blocks(kind, i, j, _gram(rows, weights), floor, _gram(columns, ratios), axes)


def _gram(rows: Rows, weights: Sequence[Any]) -> Rows:
    """The entries of Σ_r weight_r row_r row_rᵀ; entries that are the integer 0 cost nothing."""
    size = len(rows[0])
    entries: list[list[Any]] = [[0] * size for _ in range(size)]
    for row, weight in zip(rows, weights, strict=True):
        for a in range(size):
            for b in range(a, size):
                if not (_is_zero(row[a]) or _is_zero(row[b])):
                    entries[a][b] = entries[a][b] + weight * row[a] * row[b]
    return [[entries[min(a, b)][max(a, b)] for b in range(size)] for a in range(size)]


def _entry(value: Any, like: Array, where: Array) -> Array:
    """One entry of the selected blocks, as an array even if it is a constant."""
    xp = array_namespace(like)
    return (xp.full_like(like, value) if isinstance(value, int) else value)[where]


def _stack(entries: Rows, where: Array) -> Array:
    """The selected blocks as matrices (…, n, size, size)."""
    like = entries[0][0]
    xp = array_namespace(like)
    return xp.stack([xp.stack([_entry(x, like, where) for x in row], axis=-1) for row in entries], axis=-2)


def _largest_eigenvalue(entries: Rows, where: Array) -> Array:
    """The largest eigenvalue of the selected blocks, by closed form up to size two."""
    like = entries[0][0]
    if len(entries) == 1:
        return like[where]
    if len(entries) == 2:
        a, b, d = (_entry(x, like, where) for x in (entries[0][0], entries[0][1], entries[1][1]))
        return (a + d) / 2 + (((a - d) / 2) ** 2 + b**2) ** 0.5
    return array_namespace(like).linalg.eigvalsh(_stack(entries, where))[..., -1]


def _bracket_largest(entries: Rows) -> tuple[Array, Array]:
    """Lower and upper bounds of the largest eigenvalue: the diagonal, and trace or Gershgorin's circles."""
    like = entries[0][0]
    xp = array_namespace(like)
    lower = trace = like
    circles = sum(xp.abs(x) if not isinstance(x, int) else abs(x) for x in entries[0])
    for index, row in enumerate(entries[1:], start=1):
        lower, trace = xp.maximum(lower, row[index]), trace + row[index]
        circles = xp.maximum(circles, sum(xp.abs(x) if not isinstance(x, int) else abs(x) for x in row))
    return lower, xp.minimum(trace, circles)


def _is_zero(value: Any) -> bool:
    return isinstance(value, int) and value == 0
