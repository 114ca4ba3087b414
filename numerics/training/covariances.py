"""The covariance as a linear map W ↦ WC, in the three forms that training needs.

Main results
    Diagonal    in the eigenbasis: m multiplications a row
    Dense       in the basis of the features: m² a row
    Batches     of a fresh batch of samples in every step: 2bm a row, b samples in a batch
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from numerics.training.arrays import Operations, per_latent, spread

Array = Any


class Covariance(Protocol):
    """W ↦ WC, and the samples (n, m) behind it if a field wants them."""

    samples: Array | None

    def times(self, w: Array, out: Array) -> None:
        """Write WC for w (R, …, k, m), contiguous, into out."""

    def at(self, step: int) -> None:
        """Be the covariance of a step."""

    def scaled(self, factors: Array, like: Array) -> Covariance:
        """W ↦ fWC for weights like these, with a factor f for each of the R runs, (R,), or of their latents, (R, k)."""


class Diagonal:
    """C = diag(σ²), given as a row or as a table that multiplies the weights.

    Examples
    --------
    >>> w = np.ones((1, 2, 1, 2))
    >>> covariance = Diagonal(np.array([3.0, 1.0]), np).scaled(np.array([10.0]), w)
    >>> covariance.times(w, out=(out := np.empty_like(w)))
    >>> out[0, 0]
    array([[30., 10.]])
    """

    def __init__(self, sigma2: Array, xp: Any, samples: Array | None = None) -> None:
        self._sigma2, self._xp, self._multiply, self.samples = sigma2, xp, Operations(xp).multiply, samples

    def times(self, w: Array, out: Array) -> None:
        self._multiply(w, self._sigma2, out=out)

    def root(self) -> Array:
        """What multiplies W so that (fWCWᵀ) is a matrix times its own transpose."""
        return self._xp.sqrt(self._sigma2)

    def at(self, step: int) -> None:
        """The same in every step."""

    def scaled(self, factors: Array, like: Array) -> Diagonal:
        rows = per_latent(factors, like, self._xp) * self._sigma2
        return Diagonal(spread(rows, like, self._xp), self._xp, self.samples)


class Dense:
    """C as a matrix; all rows of all runs are one product."""

    def __init__(self, matrix: Array, xp: Any, samples: Array | None = None, factors: Array | None = None) -> None:
        self._matrix, self._xp, self._matmul, self.samples = matrix, xp, Operations(xp).matmul, samples
        self._factors = factors

    def times(self, w: Array, out: Array) -> None:
        rows = (-1, w.shape[-1])
        self._matmul(self._xp.reshape(w, rows), self._matrix, out=self._xp.reshape(out, rows))
        if self._factors is not None:
            out *= per_latent(self._factors, out, self._xp)

    def at(self, step: int) -> None:
        """The same in every step."""

    def scaled(self, factors: Array, like: Array) -> Dense:
        return Dense(self._matrix, self._xp, self.samples, factors)


class Batches:
    """C of the step's samples: each epoch a new order of the samples, cut into batches of equal size.

    The order depends on seed and epoch alone, so a run that is resumed sees the batches that it would have seen.

    Parameters
    ----------
    samples : array (n, m)
        Centred.
    size : int
        Samples in a batch; what is left over at the end of an epoch is not used in it.
    seed : int
    factors : array (R,) or (R, k), optional
    """

    def __init__(self, samples: Array, size: int, seed: int, xp: Any, factors: Array | None = None) -> None:
        self._all, self._size, self._seed, self._xp = samples, size, seed, xp
        self._do = Operations(xp)
        self._per_epoch = samples.shape[0] // size
        self._epoch = -1
        self._order = np.zeros(0, dtype=np.int64)
        self._shares = (xp.ones(1, dtype=samples.dtype) if factors is None else factors) / size
        self.samples: Array = xp.empty((size, samples.shape[1]), dtype=samples.dtype)
        self._latent: Array = xp.empty(0, dtype=samples.dtype)

    def at(self, step: int) -> None:
        epoch, index = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            self._order = np.random.default_rng([self._seed, epoch]).permutation(self._all.shape[0])
            self._epoch = epoch
        chosen = self._order[index * self._size : (index + 1) * self._size]
        self._do.rows(self._all, self._xp.asarray(chosen), out=self.samples)

    def times(self, w: Array, out: Array) -> None:
        shape = (*w.shape[:-1], self._size)
        if self._latent.shape != shape:
            self._latent = self._xp.empty(shape, dtype=w.dtype)
        self._do.matmul(w, self.samples.T, out=self._latent)
        self._latent *= per_latent(self._shares, self._latent, self._xp)
        self._do.matmul(self._latent, self.samples, out=out)

    def scaled(self, factors: Array, like: Array) -> Batches:
        return Batches(self._all, self._size, self._seed, self._xp, factors)
