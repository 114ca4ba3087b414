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
    (both)                  where the minimum is not isolated or latents collapse: the same without the null
                            directions, which are counted
    extreme_blocks          O(k²) blocks that hold the smallest and the largest curvature
    stream                  all blocks, in pieces of bounded memory

In a pair's block the printed rotation curvature is the first pivot, so the smallest eigenvalue lies strictly
below it: the rotation is never an eigenvector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any, Protocol

from numerics.blocks import Blocks, Form, from_squares, single
from numerics.namespaces import array_namespace, count, every, some, take

Array = Any
Build = Callable[[Array, Array], list[Blocks]]


class Minimum(Protocol):
    """A diagonal global minimum: its spectrum (…, m), its latents, and its blocks by index.

    Ties and collapsed latents are seen where there is one spectrum, (m,). In a batch every latent counts as
    trained, and a null direction of one spectrum as a curvature of zero.
    """

    @property
    def sigma2(self) -> Array: ...

    @property
    def k(self) -> int:
        """The number of latents."""

    @property
    def trained(self) -> int:
        """How many of them learn a component; the others are zero."""

    @property
    def visible(self) -> int:
        """How many components the loss sees; A_ij is a null direction for each one beyond."""

    @property
    def null_directions(self) -> int:
        """The directions left out: along them the curvature is zero."""

    def latents(self) -> list[Blocks]:
        """The blocks of (A_ii, B_ii), i trained."""

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of pairs of trained latents i < j; i ascending."""

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of trained latents i and components j that no latent learns."""

    def idle(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of latents i that are zero and components j."""

    @property
    def dear(self) -> list[int]:
        """Components j among which idle latents have their extreme blocks."""


@dataclass(frozen=True)
class L2Minimum:
    """The non-uniform L2 loss at W1 = W2ᵀ = (I − ΛS⁻²)^½Uᵀ (Bao et al. 2020, (4) and (5); half scale).

    Parameters
    ----------
    sigma2 : array (…, m)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th.
    lam : array (…, k)
        The regularisers, positive, increasing. A latent with λ_i ≥ σ_i² collapses: its weights are zero.

    Notes
    -----
    σ_i = σ_j makes a rotation of the data null, λ_i = λ_j one of the latents; both together are one direction.

    Examples
    --------
    One latent, s = (4, 1), λ = 1: scaling 2(4 − 1), asymmetric scaling 2·1, and a block of determinant
    (4 − 1)(1 + 1) and trace 1 + 1·(4 − 1)/4 + 4:

    >>> import numpy as np
    >>> blocks = list(extreme_blocks(L2Minimum(np.array([4.0, 1.0]), np.array([1.0]))))
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

    @cached_property
    def trained(self) -> int:
        """The latents with λ_i < σ_i²."""
        if self.lam.ndim > 1:
            return self.k
        return count(self.lam < self.sigma2[: self.k])

    @property
    def visible(self) -> int:
        """All components: the regulariser curves every direction."""
        return int(self.sigma2.shape[-1])

    @property
    def null_directions(self) -> int:
        """One for each pair with σ_i = σ_j or λ_i = λ_j, and for each zero of λ_i − μ_j, latent i collapsed."""
        r, ties = self.trained, 0
        if self._ties:
            same_s, same_lam = _repeats(self.sigma2[:r]), _repeats(self.lam[:r])
            ties = _tied(same_s) + _tied(same_lam) - _tied(same_s & same_lam)
        return ties + _ties_across(self.sigma2, r) + self._idle_null

    @cached_property
    def _ties(self) -> bool:
        """Whether trained latents may share their σ² or their λ; of a batch it is not asked."""
        if self.lam.ndim > 1:
            return False
        return some(_repeats(self.sigma2[: self.trained])) or some(_repeats(self.lam[: self.trained]))

    @property
    def _idle_null(self) -> int:
        """How many of λ_i − μ_j vanish, latent i collapsed."""
        if self.trained == self.k:
            return 0
        left = self._left
        top = left == array_namespace(left).max(left)
        return count(self.lam[self.trained :] == left[self.dear[0]]) * count(top)

    @cached_property
    def _left(self) -> Array:
        """μ: what the minimum leaves of each component, λ_j of a learned one and s_j of another."""
        r = self.trained
        return array_namespace(self.lam).concat([self.lam[:r], self.sigma2[r:]], axis=-1)

    @property
    def dear(self) -> list[int]:
        """The components of the largest μ_j, and of the next smaller one."""
        xp, left = array_namespace(self.lam), self._left
        below = xp.where(left < xp.max(left), left, xp.full_like(left, -1.0))
        return [int(xp.argmax(left)), int(xp.argmax(below))]

    def latents(self) -> list[Blocks]:
        """Scaling, 2(s_i − λ_i), and asymmetric scaling, 2λ_i."""
        r, half = self.trained, 0.5**0.5
        if not r:
            return []
        each, lam = array_namespace(self.lam).arange(r), self.lam[..., :r]
        return [
            single("scaling", each, 2 * (self.sigma2[..., :r] - lam), lambda: [half, 0, half, 0]),
            single("asymmetric scaling", each, 2 * lam, lambda: [half, 0, -half, 0]),
        ]

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of pairs, after ties."""
        if not self._ties:
            return self._distinct(i, j)
        si, sj, li, lj = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i), (self.lam, j))
        same_s, same_lam = si == sj, li == lj
        return [
            *_where(~(same_s | same_lam), self._distinct, i, j),
            *_where(same_s, self._same_variance, i, j),
            *_where(same_lam & ~same_s, self._same_regulariser, i, j),
        ]

    def _distinct(self, i: Array, j: Array) -> list[Blocks]:
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
        if drop.ndim > 1:  # in a batch gap and rise may both be 0, and then it does not count
            xp = array_namespace(drop)
            drop = xp.where(drop == 0, xp.ones_like(drop), drop)
        half, mean = drop / 2, norm2 / 2
        shear, t = (nui * nuj) ** 0.5 / half, li / si / half
        above = 1 + t
        tilt = 1 / above
        weights = [
            rise * (drop / norm2),
            gap * above * mean,
            (2 * sj + gap * (t * tilt)) * mean + li + lj,
        ]
        rows = [{0: 1, 1: -shear}, {1: 1, 2: -tilt}, {2: 1}]
        columns = [{0: 1}, {0: shear, 1: 1}, {0: shear * tilt, 1: tilt, 2: 1}]

        def turn() -> list[list[Array]]:
            u, v = (nui / (2 * norm2)) ** 0.5, (nuj / (2 * norm2)) ** 0.5
            return [[v, -u, -u, v], [u, v, v, u], [u, -v, v, -u], [v, u, -u, -v]]

        return [
            single("asymmetric rotation", i, li + lj, lambda: turn()[3], j),
            from_squares("rotation", i, j, weights, rows, columns, lambda: turn()[:3]),
        ]

    def _same_variance(self, i: Array, j: Array) -> list[Blocks]:
        """σ_i = σ_j: Σ, N s and Σ + N s, where N s = (s_i − λ_i) + (s_j − λ_j); the rotation of the data is null."""
        si, sj, li, lj = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i), (self.lam, j))
        stiff = (si - li) + (sj - lj)
        u, v = ((si - li) / (2 * stiff)) ** 0.5, ((sj - lj) / (2 * stiff)) ** 0.5
        return [
            single("asymmetric rotation", i, li + lj, lambda: [v, u, -u, -v], j),
            single("mixing", i, stiff, lambda: [v, u, u, v], j),
            single("mixing", i, stiff + li + lj, lambda: [u, -v, v, -u], j),
        ]

    def _same_regulariser(self, i: Array, j: Array) -> list[Blocks]:
        """λ_i = λ_j: 2λ_i, and N s_j (x² + y²) + N (s_i − s_j)(x − y)²/2 + 2λ_i y²; rotating the latents is null."""
        si, sj, lam = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i))
        nui, nuj = (si - lam) / si, (sj - lam) / sj
        norm2, total = nui + nuj, si + sj
        ratio = (si - sj) / total
        weights = [2 * lam + 2 * norm2 * (sj * (si / total)), norm2 * total / 2]

        def turn() -> list[list[Array]]:
            u, v = (nui / (2 * norm2)) ** 0.5, (nuj / (2 * norm2)) ** 0.5
            return [[u, v, v, u], [u, -v, v, -u], [v, u, -u, -v]]

        return [
            single("asymmetric rotation", i, 2 * lam, lambda: turn()[2], j),
            from_squares("mixing", i, j, weights, *_sheared(ratio), lambda: turn()[:2]),
        ]

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """s_j (A_ij − B_ji)² + (s_i − s_j)(B_ji² + (λ_i/s_i) A_ij²), of determinant (s_i − s_j)(s_j + λ_i)."""
        if self.lam.ndim > 1 or self.sigma2[self.trained - 1] > self.sigma2[self.trained]:
            return self._towards_less(i, j)
        si, sj = _take((self.sigma2, i), (self.sigma2, j))
        return [*_where(si > sj, self._towards_less, i, j), *_where(si == sj, self._towards_equal, i, j)]

    def _towards_less(self, i: Array, j: Array) -> list[Blocks]:
        si, sj, li = _take((self.sigma2, i), (self.sigma2, j), (self.lam, i))
        gap = si - sj
        top = sj + li * (gap / si)
        ratio = sj / top
        weights = [gap * ((sj + li) / top), top]
        return [from_squares("rotation towards unlearned", i, j, weights, *_sheared(ratio), lambda: _UNLEARNED_AXES)]

    def _towards_equal(self, i: Array, j: Array) -> list[Blocks]:
        half, sj = 0.5**0.5, _take((self.sigma2, j))[0]
        return [single("mixing of unlearned", i, 2 * sj, lambda: [half, 0, 0, -half], j)]

    def idle(self, i: Array, j: Array) -> list[Blocks]:
        """λ_i ∓ μ_j: what the regulariser of a collapsed latent leaves it to gain from component j, and to lose."""
        li, left = _take((self.lam, i), (self._left, j))
        half = 0.5**0.5

        def gain(a: Array, b: Array) -> list[Blocks]:
            lam, mu = _take((self.lam, a), (self._left, b))
            return [single("growth", a, lam - mu, lambda: [half, 0, 0, half], b)]

        return [
            *_where(li > left, gain, i, j),
            single("asymmetric growth", i, li + left, lambda: [half, 0, 0, -half], j),
        ]


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
        return count(xp.any(xp.reshape(self.sigma2 > 0, (-1, self.sigma2.shape[-1])), axis=0))

    @cached_property
    def trained(self) -> int:
        """The latents that are ever kept, and find a component with s_i > 0."""
        if self.prior.ndim > 1:
            return self.k
        kept = [b for b in range(1, self.k + 1) if self.prior[b - 1] > 0]
        return min(kept[-1], self.visible)

    @property
    def null_directions(self) -> int:
        """For each latent its rescaling, and its encoder along components with s_j = 0; 2m for one that is zero.

        A pair with σ_i = σ_j adds a rotation, one with p_i = p_j all mixtures of its latents: two directions.
        """
        r, m = self.trained, self.sigma2.shape[-1]
        same_s, same_p, ties = _repeats(self.sigma2[:r]), self.chances[:-1] == 0, 0
        if some(same_s | same_p):
            ties = _tied(same_s) + 2 * _tied(same_p) - _tied(same_s & same_p)
        across = _ties_across(self.sigma2, r) if r < self.visible else 0
        return r * (1 + m - self.visible) + ties + across + 2 * m * (self.k - r)

    @cached_property
    def chances(self) -> Array:
        """p_B for the trained latents; the last one stands for all masks that keep it."""
        r, prior = self.trained, self.prior
        if r == self.k:
            return prior
        xp = array_namespace(prior)
        return xp.concat([prior[: r - 1], xp.sum(prior[r - 1 :], keepdims=True)])

    @cached_property
    def _keep(self) -> Array:
        xp = array_namespace(self.prior)
        return xp.flip(xp.cumulative_sum(xp.flip(self.chances, axis=-1), axis=-1), axis=-1)

    def _q(self, *indices: Array) -> list[Any]:
        """q at arrays of indices; without a scaling the integer 1, by which nothing is multiplied."""
        return [1 if self.scaling is None else _take((self.scaling, index))[0] for index in indices]

    @cached_property
    def _plain(self) -> bool:
        """Whether no two components that are seen have the same σ², all are seen, and every mask may come."""
        if self.prior.ndim > 1:
            return False
        tied = some(_repeats(self.sigma2[: self.trained + 1])) or some(self.chances == 0)
        return not tied and self.visible == self.sigma2.shape[-1]

    def latents(self) -> list[Blocks]:
        """Scaling, p_i s_i (q_i² + q_i⁻²)."""
        ones = array_namespace(self.prior).ones_like(self.chances)
        q = ones if self.scaling is None else self.scaling[..., : self.trained]
        norm2 = q**2 + q**-2
        norm = norm2**0.5
        value = self._keep * self.sigma2[..., : self.trained] * norm2
        each = array_namespace(q).arange(self.trained)
        return [single("scaling", each, value, lambda: [1 / (q * norm), 0, q / norm, 0])]

    def pairs(self, i: Array, j: Array) -> list[Blocks]:
        """The blocks of pairs, after ties."""
        if self._plain or self.prior.ndim > 1:
            return self._distinct(i, j)
        si, sj, drop = *_take((self.sigma2, i), (self.sigma2, j)), self._sum_between(i, j)
        return [
            *_where((si > sj) & (drop > 0), self._distinct, i, j),
            *_where((si == sj) & (drop > 0), self._same_variance, i, j),
            *_where(drop == 0, self._same_chance, i, j),
        ]

    def _distinct(self, i: Array, j: Array) -> list[Blocks]:
        """p_j s_j (a + b)² + p_j s_i (c + d)² + (p_i − p_j)(s_j (a − c)² + (s_i − s_j) c²).

        Here A_ij = q_i a, B_ij = b/q_j, B_ji = c/q_i, A_ji = q_j d.
        """
        si, sj, pj = _take((self.sigma2, i), (self.sigma2, j), (self._keep, j))
        qi, qj = self._q(i, j)
        ri, rj, drop = _inverse(qi), _inverse(qj), self._sum_between(i, j)
        weights = [drop * (si - sj), drop * sj, pj * sj, pj * si]
        rows = [{3: qi}, {0: ri, 3: -qi}, {0: ri, 2: qj}, {1: rj, 3: qi}]
        columns = [{0: qi, 1: -qj, 2: -rj, 3: ri}, {0: qi, 2: -rj}, {2: rj}, {1: qj}]
        return [from_squares("rotation", i, j, weights, rows, columns, lambda: _PAIR_AXES)]

    def _same_variance(self, i: Array, j: Array) -> list[Blocks]:
        """σ_i = σ_j: the square of c is missing, and the block R D Rᵀ of the other rows R has the same curvatures.

        R Rᵀ, D^½ R Rᵀ D^½ and its inverse are written out; the determinant of R Rᵀ is q_i² + q_i⁻² + q_j² + q_j⁻².
        """
        s, pj = _take((self.sigma2, i), (self._keep, j))
        qi, qj = (q * array_namespace(s).ones_like(s) for q in self._q(i, j))
        a, b, c, d = qi**-2, qi**2, qj**2, qj**-2
        drop = self._sum_between(i, j) * s
        gram = [[a + b, a, -b], [a, a + c, 0], [-b, 0, d + b]]
        total = a + b + c + d
        cofactors = [
            [(a + c) * (d + b), -a * (d + b), b * (a + c)],
            [-a * (d + b), a * d + 1 + b * d, -1],
            [b * (a + c), -1, a * c + 1 + b * c],
        ]
        roots = [drop**0.5, (pj * s) ** 0.5, (pj * s) ** 0.5]
        scaled = [1.0, roots[0] / roots[1], roots[0] / roots[2]]
        places = [(x, y) for x in range(3) for y in range(x + 1)]
        matrix = {(x, y): roots[x] * gram[x][y] * roots[y] for x, y in places}
        inverse = {(x, y): scaled[x] * (cofactors[x][y] / total) * scaled[y] for x, y in places}
        return [Blocks("mixing", i, j, 3, matrix, drop, inverse, [drop, (pj * s) ** 2, total])]

    def _same_chance(self, i: Array, j: Array) -> list[Blocks]:
        """p_i = p_j: p_j s_j (a + b)² and p_j s_i (c + d)² alone."""
        (si, sj, pj), (qi, qj) = _take((self.sigma2, i), (self.sigma2, j), (self._keep, j)), self._q(i, j)
        first, second = qi**-2 + qj**2, qj**-2 + qi**2
        return [
            single("mixing", i, pj * sj * first, lambda: [1 / (qi * first**0.5), 0, qj / first**0.5, 0], j),
            single("mixing", i, pj * si * second, lambda: [0, 1 / (qj * second**0.5), 0, qi / second**0.5], j),
        ]

    def unlearned(self, i: Array, j: Array) -> list[Blocks]:
        """p_i (s_j (a − c)² + (s_i − s_j) c²) with A_ij = q_i a, B_ji = c/q_i; if s_j = 0, p_i s_i c² alone."""
        if self._plain:
            return self._towards_less(i, j)
        if self.prior.ndim > 1:
            seen = j < self.visible
            return [*_where(seen, self._towards_less, i, j), *_where(~seen, self._towards_invisible, i, j)]
        si, sj = _take((self.sigma2, i), (self.sigma2, j))
        return [
            *_where((si > sj) & (sj > 0), self._towards_less, i, j),
            *_where(si == sj, self._towards_equal, i, j),
            *_where(sj == 0, self._towards_invisible, i, j),
        ]

    def _towards_less(self, i: Array, j: Array) -> list[Blocks]:
        (si, sj, pi), (qi,) = _take((self.sigma2, i), (self.sigma2, j), (self._keep, i)), self._q(i)
        weights, ri = [pi * sj, pi * (si - sj)], _inverse(qi)
        rows, columns = [{0: ri, 1: -qi}, {1: qi}], [{0: qi}, {0: qi, 1: ri}]
        return [from_squares("rotation towards unlearned", i, j, weights, rows, columns, lambda: _UNLEARNED_AXES)]

    def _towards_equal(self, i: Array, j: Array) -> list[Blocks]:
        (sj, pi), (qi,) = _take((self.sigma2, j), (self._keep, i)), self._q(i)
        norm2 = qi**2 + qi**-2
        norm = norm2**0.5
        return [single("mixing of unlearned", i, pi * sj * norm2, lambda: [1 / (qi * norm), 0, 0, -qi / norm], j)]

    def _towards_invisible(self, i: Array, j: Array) -> list[Blocks]:
        (si, pi), (qi,) = _take((self.sigma2, i), (self._keep, i)), self._q(i)
        return [single("rotation towards unlearned", i, pi * si * qi**2, lambda: [0, 0, 0, 1], j)]

    def idle(self, i: Array, j: Array) -> list[Blocks]:
        """None: the loss does not change to second order."""
        return []

    @property
    def dear(self) -> list[int]:
        """None."""
        return []

    def _sum_between(self, i: Array, j: Array) -> Array:
        """p_i − p_j = Σ_{i≤b<j} p_B(b), never by subtraction."""
        xp = array_namespace(self.prior)
        first, last, chances = int(i[0]), int(i[-1]), self.chances
        latent = xp.arange(chances.shape[-1])
        started = latent[first : last + 1, None] <= latent[None, :]
        terms = xp.where(started, chances[..., None, :], xp.zeros_like(chances)[..., None, :])
        sums = xp.cumulative_sum(terms, axis=-1)
        flat = xp.reshape(sums, (*chances.shape[:-1], started.shape[0] * latent.shape[0]))
        return xp.take(flat, (i - first) * latent.shape[0] + j - 1, axis=-1)


PIECE = 2**15
"""About how many blocks are built at once."""


def extreme_blocks(minimum: Minimum) -> Iterator[Blocks]:
    """Blocks among which are those of the smallest and the largest curvature: O(k²) of them, whatever m.

    Of the unlearned components only the first and the last visible one are needed, and one that is invisible:
    the block of (i, j) is affine in s_j, so that its smallest eigenvalue is concave in s_j, its largest
    convex. Where s_j = σ_k² has a null direction, the next smaller s_j is needed too. Of the blocks of
    collapsed latents those with the largest μ_j hold both extremes.
    """
    r, k, m, home = minimum.trained, minimum.k, minimum.sigma2.shape[-1], _home(minimum)
    columns = {r, minimum.visible - 1, minimum.visible}
    if r and minimum.sigma2.ndim == 1:
        columns.add(count(minimum.sigma2 >= minimum.sigma2[r - 1]))
    yield from minimum.latents()
    if r and (chosen := tuple(j for j in sorted(columns) if r <= j < m)):
        yield from minimum.unlearned(*_each(home, range(r), chosen))
    if r < k and (chosen := tuple(minimum.dear)):
        yield from minimum.idle(*_each(home, range(r, k), chosen))
    for block in _grid(home, minimum.pairs, range(r), range(r), PIECE // _batch(minimum)):
        if block.kind != "asymmetric rotation":  # λ_i + λ_j lies between 2λ_1 and 2λ_k
            yield block


def stream(minimum: Minimum, size: int = PIECE) -> Iterator[Blocks]:
    """All blocks of the Hessian off its null directions, in pieces of about `size`.

    Examples
    --------
    The trace of the Hessian, at k = 1, m = 3, s = (3, 2, 1), λ = 1: 2·2 + 2·1, and s_j + (s_i − s_j)/s_i + s_i:

    >>> import numpy as np
    >>> minimum = L2Minimum(np.array([3.0, 2.0, 1.0]), np.array([1.0]))
    >>> round(sum(float(block.eigenvalues().sum()) for block in stream(minimum)), 12)
    16.0
    """
    r, k, m, home = minimum.trained, minimum.k, minimum.sigma2.shape[-1], _home(minimum)
    yield from minimum.latents()
    yield from _grid(home, minimum.pairs, range(r), range(r), size)
    yield from _grid(home, minimum.unlearned, range(r), range(r, m), size)
    yield from _grid(home, minimum.idle, range(r, k), range(m), size, full=True)


Home = tuple[Any, Any]
"""A library of arrays, and one of its devices."""


def _home(minimum: Minimum) -> Home:
    return array_namespace(minimum.sigma2), minimum.sigma2.device


def _grid(home: Home, build: Build, latents: range, others: range, size: int, full: bool = False) -> Iterator[Blocks]:
    """The blocks of all i < j, or of every i and j, in pieces of about `size`."""
    step, full = max(1, size // max(1, len(others))), full or latents.stop <= others.start
    for first in range(latents.start, latents.stop, step):
        i, j = _places(home, range(first, min(first + step, latents.stop)), others, full)
        if i.shape[0]:
            yield from build(i, j)


@lru_cache(maxsize=4)  # many spectra of one size come one after another
def _places(home: Home, latents: range, others: range, full: bool) -> tuple[Array, Array]:
    """All i < j of two ranges, or every i and j."""
    xp, device = home
    latent, other = (xp.arange(indices.start, indices.stop, device=device) for indices in (latents, others))
    if full:
        i, j = xp.meshgrid(latent, other, indexing="ij")
        return xp.reshape(i, (-1,)), xp.reshape(j, (-1,))
    i, j = xp.nonzero(latent[:, None] < other[None, :])
    return i + latents.start, j + others.start


@lru_cache(maxsize=4)
def _each(home: Home, latents: range, chosen: tuple[int, ...]) -> tuple[Array, Array]:
    """Every i of a range with each of the few j."""
    xp, device = home
    latent = xp.arange(latents.start, latents.stop, device=device)
    return xp.concat([latent for _ in chosen]), xp.concat([xp.full_like(latent, j) for j in chosen])


def _where(mask: Array, build: Build, i: Array, j: Array) -> list[Blocks]:
    """The blocks of the pairs of indices that the mask selects."""
    if not some(mask):
        return []
    return build(i, j) if every(mask) else build(i[mask], j[mask])


def _repeats(values: Array) -> Array:
    """Whether each value is followed by an equal one."""
    return values[1:] == values[:-1] if values.shape[0] > 1 else values[:0] == values[:0]


def _tied(repeats: Array) -> int:
    """How many pairs of values are equal, equal ones being neighbours."""
    pairs = run = 0
    for repeat in repeats:
        run = run + 1 if repeat else 0
        pairs += run
    return pairs


def _ties_across(sigma2: Array, r: int) -> int:
    """How many of the first r values equal one of the others."""
    if not 0 < r < sigma2.shape[-1] or sigma2[r - 1] != sigma2[r]:
        return 0
    same = sigma2 == sigma2[r - 1]
    return count(same[:r]) * count(same[r:])


def _batch(minimum: Minimum) -> int:
    return max(1, prod(minimum.sigma2.shape[:-1]))


def _inverse(q: Any) -> Any:
    return 1 if isinstance(q, int) else 1 / q


def _sheared(ratio: Array) -> tuple[list[Form], list[Form]]:
    """The squares y² and (x − ratio·y)², and the columns of the inverse."""
    return [{1: 1}, {0: 1, 1: -ratio}], [{0: ratio, 1: 1}, {0: 1}]


_PAIR_AXES = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
_UNLEARNED_AXES = (_PAIR_AXES[0], _PAIR_AXES[3])


def _take(*requests: tuple[Array, Array]) -> list[Array]:
    """The entries of arrays (…, n) at index arrays, along the last axis."""
    return [take(array, index) for array, index in requests]
