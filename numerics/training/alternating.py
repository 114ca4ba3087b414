"""Exact alternating minimisation of a regularised loss (Kunin et al. 2019, Section 6.1, "second order").

The loss is convex in each layer. With V = WC, G = W2ᵀW2 and H = W1CW1ᵀ the minimum over W2 at given W1 is
W2ᵀ = (H + Λ)⁻¹V1; over W1 at given W2, column by column in the eigenbasis, (σ_j²G + Λ)w_j = σ_j²(W2ᵀ)_j. One
eigendecomposition of Λ^{−½}GΛ^{−½} solves all columns, so that a step costs O(mk²).

Main results
    AlternatingField    one step: W2, then W1
    check               which models it can minimise
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.training.fields import PairField
from numerics.training.models import Model
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any


def check(model: Model, batch: int | None = None) -> None:
    """Refuse a model whose layers are not the solutions of such equations, and mini-batches, which have no eigenbasis.

    Raises
    ------
    ValueError
        If it is not a loss with positive regularisers on both layers and all latents kept, or on all samples.
    """
    if batch is not None:
        raise ValueError("batch-size: alternating takes all samples; want no --batch-size")
    if not model.alternates or 0 in model.loss.ridge:
        raise ValueError(f"optimizer: alternating minimises l2 and uniform-l2 with λ > 0; got {model.name}")


class AlternatingField(StillField):
    """The step to the minimum over W2, then over W1, for R runs in the eigenbasis.

    Parameters
    ----------
    setting : Setting
        Of models that `check` accepts.
    parameters : {"weights": array (R, 2, k, m)}
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, self._xp, self._moving = parameters, setting.xp, setting.moving
        self._loss = PairField(setting, parameters)
        xp, w = setting.xp, parameters["weights"]
        ridge = np.array([model.loss.ridge for model in setting.models])
        self._ridge = xp.asarray(ridge[:, :, None] * np.eye(w.shape[2]), dtype=w.dtype)
        self._root = xp.asarray(ridge[:, :, None] ** -0.5, dtype=w.dtype)
        self._out = xp.empty_like(w)

    def descent(self, step: int) -> dict[str, Array]:
        """The weights minus those after the step: (R, 2, k, m)."""
        xp, w = self._xp, self.parameters["weights"]
        w1, old = w[:, 0, ...], w[:, 1, ...]
        self._moving.at(step)
        self._moving.times(w, out=self._out)
        v1 = self._out[:, 0, ...] + 0.0
        w2 = xp.linalg.solve(v1 @ xp.matrix_transpose(w1) + self._ridge, v1)
        scaled = self._root * w2
        sizes, axes = xp.linalg.eigh(scaled @ xp.matrix_transpose(scaled))
        turned = xp.matrix_transpose(axes) @ scaled
        self._moving.times(xp.ones_like(turned), out=(variance := xp.empty_like(turned)))
        turned *= variance
        turned /= 1 + variance * sizes[:, :, None]
        self._out[:, 0, ...] = w1 - self._root * (axes @ turned)
        self._out[:, 1, ...] = old - w2
        return {"weights": self._out}

    def value(self) -> Array:
        """The losses (R,), on all samples."""
        return self._loss.value()
