"""Nested dropout with a mask for each sample: the one field that needs the samples themselves.

Main results
    SampledField    its gradients, at 4nmk multiplications a step
"""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import is_numpy_namespace

from numerics.training.arrays import Operations, per_run
from numerics.training.fields import PairField
from numerics.training.masks import Masks
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any
PIECE = 512
"""Samples that are looked at together: a megabyte or two, which stay in a processor's cache."""
PIECE_OF_BOARD = 2**16
"""The same where the arrays are on a GPU, which wants large products."""


class SampledField(StillField):
    """The field of R nested dropout models with a mask for each sample, M (k, n) of zeros and ones.

    With Z = M ∘ W1X and Y = W2ᵀX the gradients at the scale 1/2n are ∂W1 = (1/n)[M ∘ (W2ᵀW2 Z − Y)]Xᵀ and
    ∂W2ᵀ = (1/n)[ZZᵀ W2ᵀ − ZXᵀ]. The samples are gone through in pieces, each read once and used for both layers of
    all runs. Losses are those of the expectation over masks.

    Parameters
    ----------
    setting : Setting
        Its moving covariance has samples.
    parameters : {"weights": array (R, 2, k, m)}
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, self._xp, self._moving = parameters, setting.xp, setting.moving
        self._expected = PairField(setting, parameters)
        xp, w = setting.xp, parameters["weights"]
        self._do = Operations(xp)
        self._masks = [Masks(model, seed) for model, seed in zip(setting.models, setting.seeds, strict=True)]
        total = np.array([2 * sum(model.loss.masks) for model in setting.models])
        self._gain = per_run(xp.asarray(setting.scale * total, dtype=w.dtype), w, xp)
        runs, _, k, _ = w.shape
        self._ladder = xp.asarray(np.arange(k)[:, None] - 1, dtype=w.dtype)
        self._zero, self._one = (xp.asarray(x, dtype=w.dtype) for x in (0.0, 1.0))
        self._piece = PIECE if is_numpy_namespace(xp) else PIECE_OF_BOARD
        self._out, self._part = xp.empty_like(w), xp.empty_like(w)
        self._g, self._zz, self._zz_part = (xp.empty((runs, k, k), dtype=w.dtype) for _ in range(3))
        self._buffers: dict[int, tuple[Array, Array, Array]] = {}

    def descent(self, step: int) -> dict[str, Array]:
        """The direction to subtract, times the learning rate unless raw: (R, 2, k, m)."""
        do, w, out = self._do, self.parameters["weights"], self._out
        self._moving.at(step)
        x: Array = self._moving.samples
        n = x.shape[0]
        last = np.stack([masks.of_samples(step, n) for masks in self._masks])
        do.matmul(w[:, 1, ...], self._xp.matrix_transpose(w[:, 1, ...]), out=self._g)
        out[...] = 0.0
        self._zz[...] = 0.0
        for first in range(0, n, self._piece):
            piece = slice(first, min(first + self._piece, n))
            self._add(x[piece, :], last[:, piece])
        do.matmul(self._zz, w[:, 1, ...], out=self._part[:, 1, ...])
        out[:, 1, ...] += self._part[:, 1, ...]
        out *= self._gain
        out /= n
        return {"weights": out}

    def value(self) -> Array:
        """The losses (R,) of the expectation over masks, on all samples."""
        return self._expected.value()

    def _add(self, x: Array, last: np.ndarray) -> None:
        """Add M ∘ (GZ − Y) and −Z, times Xᵀ, and ZZᵀ of a piece (b, m) of the samples."""
        do, w = self._do, self.parameters["weights"]
        latent, mask, turned = self._buffer(x.shape[0])
        z, y = latent[:, 0, ...], latent[:, 1, ...]
        do.matmul(self._rows(w), self._xp.matrix_transpose(x), out=self._rows(latent))
        do.subtract(self._xp.asarray(last, dtype=w.dtype)[:, None, :], self._ladder, out=mask)
        do.maximum(mask, self._zero, out=mask)
        do.minimum(mask, self._one, out=mask)
        z *= mask
        do.matmul(z, self._xp.matrix_transpose(z), out=self._zz_part)
        self._zz += self._zz_part
        do.matmul(self._g, z, out=turned)
        turned -= y
        turned *= mask
        do.multiply(z, -1, out=y)
        z[...] = turned
        do.matmul(self._rows(latent), x, out=self._rows(self._part))
        self._out += self._part

    def _buffer(self, count: int) -> tuple[Array, Array, Array]:
        """W1X and W2ᵀX (R, 2, k, b), and two arrays (R, k, b), for b samples."""
        if count not in self._buffers:
            runs, _, k, _ = self._out.shape
            shapes = ((runs, 2, k, count), (runs, k, count), (runs, k, count))
            arrays = [self._xp.empty(shape, dtype=self._out.dtype) for shape in shapes]
            self._buffers[count] = (arrays[0], arrays[1], arrays[2])
        return self._buffers[count]

    def _rows(self, array: Array) -> Array:
        return self._xp.reshape(array, (-1, array.shape[-1]))
