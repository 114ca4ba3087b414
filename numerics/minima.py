"""The global minima, and the Hessian there, split into blocks of size 1 to 4 and factored by hand.

In the eigenbasis of the covariance (Q1 = W1U, Q2 = UᵀW2, s_i = σ_i²) the Hessian at a diagonal global minimum
couples only A_ij, A_ji, B_ij, B_ji, where (A, B) is the change of (Q1, Q2). Each block is a sum of as many
squares as it has variables, in which no two numbers of the same sign are subtracted but the given s_i − s_j,
λ_j − λ_i and s_i − λ_i, so that its smallest eigenvalue is known to full relative accuracy.

All curvatures are those of the half scale, (1/2n)‖X − W2W1X‖² + …; the main scale doubles them.

Main results (i < j ≤ k are latents, ν_i = 1 − λ_i/s_i)
    L2Minimum               non-uniform L2: curvatures 2(s_i − λ_i) and 2λ_i for latent i, λ_i + λ_j and
                            the three of a tridiagonal block for a pair, two for an unlearned component
    NestedDropoutMinimum    nested dropout at W1 = QUᵀ: 0 and p_i s_i (q_i² + q_i⁻²) for latent i, the four
                            of a tridiagonal block for a pair, two for an unlearned component
    extreme_blocks          O(k²) blocks that hold the smallest and the largest curvature
    stream                  all blocks, in pieces of bounded memory

In a pair's block the printed rotation curvature is the first pivot, so the smallest eigenvalue lies strictly
below it: the rotation is never an eigenvector.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from array_api_compat import array_namespace

from numerics.blocks import Blocks, from_squares, single

Array = Any


class Minimum(Protocol):
    """A diagonal global minimum: its spectrum (…, m), its number of latents, and its blocks by index."""

    @property
    def sigma2(self) -> Array: ...

    @property
    def k(self) -> int: ...

    @property
    def visible(self) -> int:
        """How many components the loss sees; A_ij is a null direction for each one beyond."""

    def latents(self) -> list[Blocks]:
        """The blocks of (A_ii, B_ii)."""

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of pairs of latents i < j < k; i ascending."""

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of latents i < k and components j ≥ k."""


@dataclass(frozen=True)
class L2Minimum:
    """The non-uniform L2 loss at W1 = W2ᵀ = (I − ΛS⁻²)^½Uᵀ (Bao et al. 2020, (4) and (5); half scale).

    Parameters
    ----------
    sigma2 : array (…, m)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th.
    lam : array (…, k)
        The regularisers, increasing, 0 < λ_i, λ_k < σ_k².

    Examples
    --------
    One latent, s = (4, 1), λ = 1: scaling 2(4 − 1), asymmetric scaling 2·1, and a block of determinant
    (4 − 1)(1 + 1) and trace 1 + 1·(4 − 1)/4 + 4:

    >>> import numpy as np
    >>> blocks = extreme_blocks(L2Minimum(np.array([4.0, 1.0]), np.array([1.0])))
    >>> [block.eigenvalues().tolist() for block in blocks[:2]]
    [[[6.0]], [[2.0]]]
    >>> low, high = blocks[-1].eigenvalues()[0].tolist()
    >>> round(low * high, 12), round(low + high, 12)
    (6.0, 5.75)
    """

    sigma2: Array
    lam: Array

    @property
    def k(self) -> int:
        """The number of latents."""
        return int(self.lam.shape[-1])

    @property
    def visible(self) -> int:
        """All components: the regulariser curves every direction."""
        return int(self.sigma2.shape[-1])

    def latents(self) -> list[Blocks]:
        """Scaling, 2(s_i − λ_i), and asymmetric scaling, 2λ_i."""
        each = array_namespace(self.lam).arange(self.k)
        half = 0.5**0.5
        return [
            single("scaling", each, 2 * (self.sigma2[..., : self.k] - self.lam), [half, 0, half, 0]),
            single("asymmetric scaling", each, 2 * self.lam, [half, 0, -half, 0]),
        ]

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """The two parts of a pair's block: λ_i + λ_j alone, and rotation r, scaled rotations p and e.

        Let A_ij = a + b, B_ji = a − b, B_ij = c + d, A_ji = c − d, and g = q_i a + q_j c, h = q_i b + q_j d
        with q² = ν. With δ = λ_j − λ_i and Σ = λ_i + λ_j, the second variation is (s_i + s_j)(g² + h²) −
        2(s_i − s_j)gh + 2δ(c² − a²) + 2Σ(b² + d²).
        """
        si, sj, li, lj = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i), (self.lam, j))
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
            single("asymmetric rotation", i, li + lj, [v, u, -u, -v], j),
            from_squares("rotation", i, j, weights, rows, columns, axes),
        ]

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """s_j (A_ij − B_ji)² + (s_i − s_j)(B_ji² + (λ_i/s_i) A_ij²), of determinant (s_i − s_j)(s_j + λ_i)."""
        si, sj, li = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i))
        top = sj + li * ((si - sj) / si)
        ratio = sj / top
        weights = [(si - sj) * ((sj + li) / top), top]
        rows, columns = [[0, 1], [1, -ratio]], [[ratio, 1], [1, 0]]
        return [from_squares("rotation towards unlearned", i, j, weights, rows, columns, _UNLEARNED_AXES)]


@dataclass(frozen=True)
class NestedDropoutMinimum:
    """Deterministic nested dropout at W1 = QUᵀ, W2 = UQ⁻¹ (Bao et al. 2020, (21) and (22); 1/2n scale).

    Left out are its null directions: for each latent i the rescaling (q_i, −1/q_i) of (A_ii, B_ii). For each
    unlearned component with s_j = 0 the weights A_ij that read it are null as well.

    Parameters
    ----------
    sigma2 : array (…, m)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th; zeros at the same places in all of
        a batch.
    prior : array (…, k)
        p_B(1)…p_B(k), positive. The keep probabilities p_i = Σ_{b≥i} p_B(b), and their differences, are sums.
    scaling : array (…, k), optional
        The diagonal of Q, by default all ones.

    Examples
    --------
    >>> import numpy as np
    >>> minimum = NestedDropoutMinimum(np.array([3.0, 2.0]), np.array([0.5, 0.5]))
    >>> [(block.kind, block.matrix[0][0].tolist()) for block in minimum.latents()]
    [('scaling', [6.0, 2.0])]
    """

    sigma2: Array
    prior: Array
    scaling: Array | None = None

    @property
    def k(self) -> int:
        """The number of latents."""
        return int(self.prior.shape[-1])

    @cached_property
    def visible(self) -> int:
        """The components with s_j > 0."""
        xp = array_namespace(self.sigma2)
        seen = xp.any(xp.reshape(self.sigma2 > 0, (-1, self.sigma2.shape[-1])), axis=0)
        return int(xp.sum(xp.astype(seen, xp.int64)))

    @cached_property
    def _keep(self) -> Array:
        xp = array_namespace(self.prior)
        return xp.flip(xp.cumulative_sum(xp.flip(self.prior, axis=-1), axis=-1), axis=-1)

    @cached_property
    def _q(self) -> Array:
        return array_namespace(self.prior).ones_like(self.prior) if self.scaling is None else self.scaling

    def latents(self) -> list[Blocks]:
        """Scaling, p_i s_i (q_i² + q_i⁻²)."""
        q = self._q
        norm2 = q**2 + q**-2
        norm = norm2**0.5
        value = self._keep * self.sigma2[..., : self.k] * norm2
        each = array_namespace(q).arange(self.k)
        return [single("scaling", each, value, [1 / (q * norm), 0, q / norm, 0])]

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """p_j s_j (a + b)² + p_j s_i (c + d)² + (p_i − p_j)(s_j (a − c)² + (s_i − s_j) c²).

        Here A_ij = q_i a, B_ij = b/q_j, B_ji = c/q_i, A_ji = q_j d.
        """
        q = self._q
        si, sj, pj, qi, qj = _take((self.sigma2, i), (self.sigma2, j), (self._keep, j), (q, i), (q, j))
        drop = self._sum_between(i, j)
        weights = [drop * (si - sj), drop * sj, pj * sj, pj * si]
        rows = [[0, 0, 0, qi], [1 / qi, 0, 0, -qi], [1 / qi, 0, qj, 0], [0, 1 / qj, 0, qi]]
        columns = [[qi, -qj, -1 / qj, 1 / qi], [qi, 0, -1 / qj, 0], [0, 0, 1 / qj, 0], [0, qj, 0, 0]]
        axes = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
        return [from_squares("rotation", i, j, weights, rows, columns, axes)]

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """p_i (s_j (a − c)² + (s_i − s_j) c²) with A_ij = q_i a, B_ji = c/q_i; if s_j = 0, p_i s_i c² alone."""
        seen = j < self.visible
        return self._towards_visible(i[seen], j[seen]) + self._towards_invisible(i[~seen], j[~seen])

    def _towards_visible(self, i: Array, j: Array) -> list[Blocks]:
        if not j.shape[0]:
            return []
        si, sj, pi, qi = _take((self.sigma2, i), (self.sigma2, j), (self._keep, i), (self._q, i))
        weights = [pi * sj, pi * (si - sj)]
        rows, columns = [[1 / qi, -qi], [0, qi]], [[qi, 0], [qi, 1 / qi]]
        return [from_squares("rotation towards unlearned", i, j, weights, rows, columns, _UNLEARNED_AXES)]

    def _towards_invisible(self, i: Array, j: Array) -> list[Blocks]:
        if not j.shape[0]:
            return []
        si, pi, qi = _take((self.sigma2, i), (self._keep, i), (self._q, i))
        return [single("rotation towards unlearned", i, pi * si * qi**2, [0, 0, 0, 1], j)]

    def _sum_between(self, i: Array, j: Array) -> Array:
        """p_i − p_j = Σ_{i≤b<j} p_B(b), never by subtraction."""
        xp = array_namespace(self.prior)
        first, last = int(i[0]), int(i[-1])
        latent = xp.arange(self.k)
        started = latent[first : last + 1, None] <= latent[None, :]
        terms = xp.where(started, self.prior[..., None, :], xp.zeros_like(self.prior)[..., None, :])
        sums = xp.cumulative_sum(terms, axis=-1)
        flat = xp.reshape(sums, (*self.prior.shape[:-1], started.shape[0] * self.k))
        return xp.take(flat, (i - first) * self.k + j - 1, axis=-1)


def extreme_blocks(minimum: Minimum) -> list[Blocks]:
    """Blocks among which are those of the smallest and the largest curvature: O(k²) of them, whatever m.

    Of the unlearned components only the first and the last visible one are needed, and one that is invisible:
    the block of (i, j) is affine in s_j, so that its smallest eigenvalue is concave in s_j, its largest
    convex.
    """
    xp, k = array_namespace(minimum.sigma2), minimum.k
    latent = xp.arange(k)
    blocks = minimum.latents()
    if k > 1:
        blocks += minimum.pairs(*xp.nonzero(latent[:, None] < latent[None, :]))
    m = minimum.sigma2.shape[-1]
    for j in sorted({k, minimum.visible - 1, minimum.visible} & set(range(k, m))):
        blocks += minimum.unlearned(latent, xp.full_like(latent, j))
    return blocks


def stream(minimum: Minimum, size: int = 2**13) -> Iterator[Blocks]:
    """All blocks of the Hessian off its null directions, in pieces of about `size`.

    Examples
    --------
    The trace of the Hessian, at k = 1, m = 3, s = (3, 2, 1), λ = 1: 2·2 + 2·1, and s_j + (s_i − s_j)/s_i + s_i:

    >>> import numpy as np
    >>> minimum = L2Minimum(np.array([3.0, 2.0, 1.0]), np.array([1.0]))
    >>> round(sum(float(block.eigenvalues().sum()) for block in stream(minimum)), 12)
    16.0
    """
    xp, k, m = array_namespace(minimum.sigma2), minimum.k, minimum.sigma2.shape[-1]
    yield from minimum.latents()
    for start, stop, build in ((0, k, minimum.pairs), (k, m, minimum.unlearned)):
        component = xp.arange(start, stop)
        step = max(1, size // max(1, stop - start))
        for first in range(0, k, step):
            rows = xp.arange(first, min(first + step, k))
            i, j = xp.nonzero(rows[:, None] < component[None, :])
            if i.shape[0]:
                yield from build(i + first, j + start)


_UNLEARNED_AXES = ((1, 0, 0, 0), (0, 0, 0, 1))


def _take(*requests: tuple[Array, Array]) -> list[Array]:
    """The entries of arrays (…, n) at index arrays, along the last axis."""
    return [array_namespace(array).take(array, index, axis=-1) for array, index in requests]
