"""Nested dropout with masks that are drawn: one for all samples of a step, or one for each sample.

A mask keeps the first b latents, b ~ p_B (Rippel et al. 2014; Bao et al. 2020, Section 5). What is drawn depends on
seed and step alone, so that a run that is resumed draws what it would have drawn.

Main results
    Masks           the draws of one run
    SampledField    the field with a mask for each sample; it needs the samples, 8nmk multiplications a step
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from numerics.training.arrays import Operations, per_run
from numerics.training.models import Model
from numerics.training.still import StillField

if TYPE_CHECKING:
    from numerics.training.fields import Setting

Array = Any
BLOCK = 1024
"""Steps whose masks are drawn at a time."""


class Masks:
    """The masks that one run draws; without draws, their expectation.

    Examples
    --------
    The mean over many steps is the expectation, p_i = Σ_{b≥i} p_B(b) (and ½ from the scale of the loss):

    >>> from numerics.training.models import make
    >>> masks = Masks(make("nested-dropout-batch", 2, np.array([2.0, 1.0]), prior=[0.5, 0.5]), seed=0)
    >>> np.mean([masks.of_batch(step) for step in range(4096)], axis=0).round(1)
    array([0.5, 0.2])
    """

    def __init__(self, model: Model, seed: int) -> None:
        weights = np.asarray(model.loss.masks)
        self._total = float(weights.sum())
        self._share = np.cumsum(weights) / self._total
        self._expected = np.cumsum(weights[::-1])[::-1]
        self._draws, self._seed = model.draws, seed
        self._block, self._drawn = -1, np.zeros(0, dtype=np.int64)

    def of_batch(self, step: int) -> np.ndarray:
        """The weight of each latent (k,) in a step: that of the loss if it is kept, else zero."""
        if self._draws != "batch":
            return self._expected
        block, place = divmod(step, BLOCK)
        if block != self._block:
            self._block, self._drawn = block, self._choose([self._seed, block, 0], BLOCK)
        return self._total * (np.arange(len(self._share)) <= self._drawn[place])

    def of_samples(self, step: int, count: int) -> np.ndarray:
        """For each of so many samples the index, from 0, of the last latent that is kept."""
        return self._choose([self._seed, step, 1], count)

    def _choose(self, seed: list[int], count: int) -> np.ndarray:
        uniform = np.random.default_rng(seed).random(count)
        return np.minimum(np.searchsorted(self._share, uniform, side="right"), len(self._share) - 1)


class SampledField(StillField):
    """The field of R nested dropout models with a mask for each sample, M (n, k) of zeros and ones.

    With Z = M ∘ XᵀW1ᵀ and Y = XᵀW2 the gradients at the scale 1/2n are ∂W1 = (1/n)[M ∘ (Z W2ᵀW2 − Y)]ᵀXᵀ and
    ∂W2ᵀ = (1/n)[ZᵀZ W2ᵀ − ZᵀXᵀ]. Losses are those of the expectation over masks.

    Parameters
    ----------
    setting : Setting
        Its moving covariance has samples.
    parameters : {"weights": array (R, 2, k, m)}
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        from numerics.training.fields import PairField

        self.parameters, self._xp = parameters, setting.xp
        self._expected = PairField(setting, parameters)
        xp, w = setting.xp, parameters["weights"]
        self._masks = [Masks(model, seed) for model, seed in zip(setting.models, setting.seeds, strict=True)]
        self._moving, self._matmul = setting.moving, Operations(xp).matmul
        total = np.array([2 * sum(model.loss.masks) for model in setting.models])
        self._gain = per_run(xp.asarray(setting.scale * total, dtype=w.dtype), w, xp)
        self._out = xp.empty_like(w)

    def descent(self, step: int) -> dict[str, Array]:
        """The direction to subtract, times the learning rate unless raw: (R, 2, k, m)."""
        xp, w = self._xp, self.parameters["weights"]
        w1, w2 = w[:, 0, ...], w[:, 1, ...]
        self._moving.at(step)
        x: Array = self._moving.samples
        n, k = x.shape[0], w1.shape[1]
        last = np.stack([masks.of_samples(step, n) for masks in self._masks])
        mask = xp.asarray(np.arange(k) <= last[..., None], dtype=w.dtype)
        z = mask * xp.matmul(x, xp.matrix_transpose(w1))
        residual = mask * (z @ (w2 @ xp.matrix_transpose(w2)) - xp.matmul(x, xp.matrix_transpose(w2)))
        self._matmul(xp.matrix_transpose(residual), x, out=self._out[:, 0, ...])
        zt = xp.matrix_transpose(z)
        self._matmul(zt @ z, w2, out=self._out[:, 1, ...])
        self._out[:, 1, ...] -= zt @ x
        self._out *= self._gain
        self._out /= n
        return {"weights": self._out}

    def value(self) -> Array:
        """The losses (R,) of the expectation over masks, on all samples."""
        return self._expected.value()
