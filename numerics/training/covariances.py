"""The covariance as a linear map W ↦ WC, in the three forms that training needs.

Main results
    Diagonal    in the eigenbasis: m multiplications a row
    Dense       in the basis of the features: m² a row
    Batches     of a fresh batch of samples in every step: 2bm a row, b samples in a batch
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from numerics.training.arrays import Operations

Array = Any


class Covariance(Protocol):
    """W ↦ WC, and the samples (n, m) behind it if a field wants them."""

    samples: Array | None

    def times(self, w: Array, out: Array) -> None:
        """Write WC for w (…, k, m) into out."""

    def at(self, step: int) -> None:
        """Be the covariance of a step."""


class Diagonal:
    """C = diag(σ²)."""

    def __init__(self, sigma2: Array, xp: Any, samples: Array | None = None) -> None:
        self._sigma2, self._multiply, self.samples = sigma2, Operations(xp).multiply, samples

    def times(self, w: Array, out: Array) -> None:
        self._multiply(w, self._sigma2, out=out)

    def at(self, step: int) -> None:
        """The same in every step."""


class Dense:
    """C as a matrix; all rows of all runs are one product."""

    def __init__(self, matrix: Array, xp: Any, samples: Array | None = None) -> None:
        self._matrix, self._xp, self._matmul, self.samples = matrix, xp, Operations(xp).matmul, samples

    def times(self, w: Array, out: Array) -> None:
        rows = (-1, w.shape[-1])
        self._matmul(self._xp.reshape(w, rows), self._matrix, out=self._xp.reshape(out, rows))

    def at(self, step: int) -> None:
        """The same in every step."""


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
    """

    def __init__(self, samples: Array, size: int, seed: int, xp: Any) -> None:
        self._all, self._size, self._seed, self._xp = samples, size, seed, xp
        self._matmul = Operations(xp).matmul
        self._per_epoch = samples.shape[0] // size
        self._epoch = -1
        self._order = np.zeros(0, dtype=np.int64)
        self.samples: Array = samples[:0]

    def at(self, step: int) -> None:
        epoch, index = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            self._order = np.random.default_rng([self._seed, epoch]).permutation(self._all.shape[0])
            self._epoch = epoch
        chosen = self._order[index * self._size : (index + 1) * self._size]
        self.samples = self._xp.take(self._all, self._xp.asarray(chosen), axis=0)

    def times(self, w: Array, out: Array) -> None:
        latent = self._xp.matmul(w, self.samples.T)
        self._matmul(latent, self.samples, out=out)
        out /= self._size
