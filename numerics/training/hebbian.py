"""Hebbian rules for W = W1 = W2ᵀ: the generalised Hebbian algorithm (Sanger 1989) and Oja's subspace rule (1989).

With V = WC and H = WCWᵀ they move W along V − T ∘ H W, where T keeps the lower triangle with the diagonal (GHA,
Bao et al. 2020, Section 6.1), or all (Oja). Neither is the gradient of a loss; that of reconstruction is reported.

Main results
    Hebbian         the model
    HebbianField    its direction, for R runs
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.training.arrays import Operations, per_run
from numerics.training.fields import PairField, Setting
from numerics.training.models import Model
from numerics.training.still import StillField

Array = Any


class Hebbian(Model):
    """GHA or Oja's rule as a model.

    Examples
    --------
    >>> from numerics.training.catalogue import make
    >>> make("gha", 1, np.array([3.0, 1.0])).curvature(np.array([3.0, 1.0]))
    6.0
    """

    @property
    def family(self) -> str:
        """Its direction is its own."""
        return "hebbian"

    def curvature(self, sigma2: Array) -> float:
        """2σ_1²: at W = Uᵀ the linearised rule shrinks a change of length of w_i at the rate 2σ_i², all else slower."""
        return float(2 * sigma2[0])


class HebbianField(StillField):
    """The direction of R Hebbian models.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m)}
        Both halves are W.
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, self._moving = parameters, setting.moving
        self._reconstruction = PairField(setting, parameters)
        xp, w = setting.xp, parameters["weights"]
        self._do, k = Operations(xp), w.shape[2]
        kept = [np.tri(k) if model.name == "gha" else np.ones((k, k)) for model in setting.models]
        self._kept = xp.asarray(np.array(kept), dtype=w.dtype)
        self._w1 = w[:, 0, ...]
        self._scale = per_run(xp.asarray(setting.scale, dtype=w.dtype), self._w1, xp)
        self._w, self._v, self._out = xp.empty_like(self._w1), xp.empty_like(self._w1), xp.empty_like(w)
        self._h = xp.empty((w.shape[0], k, k), dtype=w.dtype)
        self._w1t = xp.matrix_transpose(self._w1)
        self._out1, self._out2 = self._out[:, 0, ...], self._out[:, 1, ...]

    def descent(self, step: int) -> dict[str, Array]:
        """T ∘ H W − V, times the learning rate unless raw: (R, 2, k, m)."""
        do = self._do
        self._moving.at(step)
        self._w[...] = self._w1
        self._moving.times(self._w, out=self._v)
        do.matmul(self._v, self._w1t, out=self._h)
        self._h *= self._kept
        do.matmul(self._h, self._w, out=self._out1)
        self._out1 -= self._v
        self._out1 *= self._scale
        self._v[...] = self._out1
        self._out2[...] = self._v
        return {"weights": self._out}

    def value(self) -> Array:
        """The reconstruction error (R,), on all samples."""
        return self._reconstruction.value()
