"""Rules that move one matrix W = W1 = W2ᵀ along V and HW, where V = WC and H = WCWᵀ.

Main results
    FrameField      the direction (S ∘ H)W − EV, for R runs
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.training.arrays import Operations, spread
from numerics.training.fields import PairField
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any


class FrameField(StillField):
    """The direction (S ∘ H)W − EV of R runs; the loss that is reported is that of reconstruction.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m)}
        Both halves are W.
    inside : array (R, k, k)
        S.
    outside : array (R, k, 1) or (R, 1, 1)
        The diagonal of E.
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array], inside: np.ndarray, outside: np.ndarray) -> None:
        self.parameters, self._moving = parameters, setting.moving
        self._reconstruction = PairField(setting, parameters)
        xp, w = setting.xp, parameters["weights"]
        scale = setting.scale[:, None, None]
        self._xp, self._do, self._w1 = xp, Operations(xp), w[:, 0, ...]
        self._w1t = xp.matrix_transpose(self._w1)
        self._inside = xp.asarray(inside * scale, dtype=w.dtype)
        self._outside = spread(xp.asarray(outside * scale, dtype=w.dtype), self._w1, xp)
        self._w, self._v, self._out = xp.empty_like(self._w1), xp.empty_like(self._w1), xp.empty_like(w)
        self._h = xp.empty(self._inside.shape, dtype=w.dtype)
        self._out1, self._out2 = self._out[:, 0, ...], self._out[:, 1, ...]

    def descent(self, step: int) -> dict[str, Array]:
        """The direction, times the learning rate unless raw, in both halves: (R, 2, k, m)."""
        do = self._do
        self._moving.at(step)
        self._w[...] = self._w1
        self._moving.times(self._w, out=self._v)
        do.matmul(self._v, self._w1t, out=self._h)
        self._h *= self._inside
        do.matmul(self._h, self._w, out=self._out1)
        self._v *= self._outside
        self._out1 -= self._v
        self._v[...] = self._out1
        self._out2[...] = self._v
        return {"weights": self._out}

    def value(self) -> Array:
        """The reconstruction errors, of all masks (R,), on all samples."""
        return self._reconstruction.value()
