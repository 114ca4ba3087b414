"""The cross-covariance M = YXᵀ/n of samples and targets as linear maps, Zᵀ ↦ ZᵀM and Q ↦ QMᵀ.

Main results
    Cross           of all samples, as a matrix
    BatchCross      of the mini-batch of a step
"""

from __future__ import annotations

from typing import Any

from numerics.training.arrays import Operations
from numerics.training.covariances import Batches

Array = Any


class Cross:
    """M as a matrix (d, m).

    Examples
    --------
    >>> import numpy as np
    >>> cross, out = Cross(np.array([[2.0, 3.0]]), np), np.empty((1, 1, 2))
    >>> cross.forward(np.array([[[10.0]]]), out=out)
    >>> out
    array([[[20., 30.]]])
    """

    def __init__(self, matrix: Array, xp: Any) -> None:
        self._matrix, self._transposed, self._matmul = matrix, xp.matrix_transpose(matrix), Operations(xp).matmul

    def at(self, step: int) -> None:
        """The same in every step."""

    def forward(self, zt: Array, out: Array) -> None:
        """Write ZᵀM for Zᵀ (R, k, d) into out (R, k, m)."""
        self._matmul(zt, self._matrix, out=out)

    def back(self, q: Array, out: Array) -> None:
        """Write QMᵀ for Q (R, k, m) into out (R, k, d)."""
        self._matmul(q, self._transposed, out=out)


class BatchCross:
    """M of a step's samples.

    Parameters
    ----------
    samples, targets : Batches
        Of equal size and seed, so that both take the same rows; of the same number of rows.
    """

    def __init__(self, samples: Batches, targets: Batches, xp: Any) -> None:
        self._samples, self._targets, self._xp, self._matmul = samples, targets, xp, Operations(xp).matmul
        self._latent: Array = xp.empty(0)

    def at(self, step: int) -> None:
        """Be the cross-covariance of a step."""
        self._samples.at(step)
        self._targets.at(step)

    def forward(self, zt: Array, out: Array) -> None:
        """Write ZᵀM for Zᵀ (R, k, d) into out (R, k, m)."""
        self._through(zt, self._targets.samples, self._samples.samples, out)

    def back(self, q: Array, out: Array) -> None:
        """Write QMᵀ for Q (R, k, m) into out (R, k, d)."""
        self._through(q, self._samples.samples, self._targets.samples, out)

    def _through(self, w: Array, near: Array, far: Array, out: Array) -> None:
        shape = (*w.shape[:-1], near.shape[0])
        if self._latent.shape != shape:
            self._latent = self._xp.empty(shape, dtype=w.dtype)
        self._matmul(w, near.T, out=self._latent)
        self._latent /= near.shape[0]
        self._matmul(self._latent, far, out=out)
