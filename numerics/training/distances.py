"""How far W1 and W2 are from the nearest global minimum, in closed form, in the eigenbasis of the covariance.

All global minima have one product, W2W1 = U diag(a)Uᵀ, if equal eigenvalues do not leave it open; columns along which
the data do not vary are left out, as no loss without regularisers sees them. Where both layers are regularised the
minima themselves are W1 = W2ᵀ = O diag(√a)Uᵀ, with O orthogonal among latents of equal λ_i: signs, if all differ. For
the other losses the minima form a manifold of changes of basis, and the distance to it has no closed form.

Main results
    NAMES       distance (of the products) and weight_distance (of W1 and W2; NaN where it has no closed form)
    Distances   both, for R runs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from numerics.training.models import Model

Array = Any
NAMES = ("distance", "weight_distance")


class Distances:
    """The distances of R models from their global minima.

    Parameters
    ----------
    models : sequence of R models of equal k
    sigma2 : array (m,)
    dtype : dtype of the weights
    xp : module

    Examples
    --------
    From W = 0 to W1 = W2ᵀ = √(3/4)e_1, the minimum for σ² = (4, 1), λ = 1, and from its product:

    >>> from numerics.training.catalogue import make
    >>> sigma2, w = np.array([4.0, 1.0]), np.zeros((1, 1, 2))
    >>> found = Distances([make("l2", 1, sigma2, lam=[1.0])], sigma2, w.dtype, np).measure(w, w)
    >>> float(found["distance"][0]), round(float(found["weight_distance"][0]) ** 2, 12)
    (0.75, 1.5)
    """

    def __init__(self, models: Sequence[Model], sigma2: np.ndarray, dtype: Any, xp: Any) -> None:
        self._xp, self._live = xp, int(np.count_nonzero(sigma2))
        kept = np.array([model.kept(sigma2) for model in models])
        lam = np.array([model.loss.ridge for model in models])
        apart = np.array([not model.regularises_both_layers for model in models])
        self._kept = xp.asarray(kept[:, :, None] * np.eye(kept.shape[1]), dtype=dtype)
        self._root = xp.asarray(np.sqrt(kept)[:, None, :], dtype=dtype)
        self._same = xp.asarray(lam[:, :, None] == np.sort(lam, axis=1)[:, None, :], dtype=dtype)
        self._open = xp.asarray(apart | np.isnan(kept).any(axis=1))

    def measure(self, w1: Array, w2: Array) -> dict[str, Array]:
        """By name, arrays (R,), for W1 and W2ᵀ (R, k, m)."""
        return {"distance": self._of_products(w1, w2), "weight_distance": self._of_weights(w1, w2)}

    def _of_products(self, w1: Array, w2: Array) -> Array:
        """‖W2W1 − U diag(a)Uᵀ‖ in blocks of which none is a difference of large numbers."""
        xp, t, k = self._xp, self._xp.matrix_transpose, w1.shape[1]
        near, far = w1[..., : min(k, self._live)], w1[..., min(k, self._live) : self._live]
        block = xp.matmul(t(w2[..., :k]), near) - self._kept[..., : near.shape[-1]]
        below = w2[..., k:]
        square = xp.sum(block**2, axis=(1, 2))
        square = square + xp.sum(xp.matmul(below, t(below)) * xp.matmul(near, t(near)), axis=(1, 2))
        return xp.sqrt(square + xp.sum(xp.matmul(w2, t(w2)) * xp.matmul(far, t(far)), axis=(1, 2)))

    def _of_weights(self, w1: Array, w2: Array) -> Array:
        """‖(W1, W2ᵀ) − (O, O) diag(√a)Uᵀ‖, O the polar factor of what the weights have in common with a minimum."""
        xp, k = self._xp, w1.shape[1]
        root = xp.where(self._open[:, None, None], xp.zeros_like(self._root), self._root)
        left, _, right = xp.linalg.svd((w1 + w2)[..., :k] * root * self._same, full_matrices=False)
        goal = xp.matmul(left, right) * root
        square = sum(
            xp.sum((w[..., :k] - goal) ** 2, axis=(1, 2)) + xp.sum(w[..., k:] ** 2, axis=(1, 2)) for w in (w1, w2)
        )
        return xp.where(self._open, xp.full_like(square, xp.nan), xp.sqrt(square))
