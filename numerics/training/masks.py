"""Nested dropout with masks that are drawn: one for all samples of a step, or one for each sample.

A mask keeps the first b latents, b ~ p_B (Rippel et al. 2014; Bao et al. 2020, Section 5). What is drawn depends on
seed and step alone, so that a run that is resumed draws what it would have drawn.

Main results
    Masks    the draws of one run
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.training.models import Model

Array = Any
BLOCK = 1024
"""Steps whose masks are drawn at a time."""


class Masks:
    """The masks that one run draws; without draws, their expectation.

    Examples
    --------
    The mean over many steps is the expectation, p_i = Σ_{b≥i} p_B(b) :

    >>> from numerics.training.catalogue import make
    >>> masks = Masks(make("nested-dropout-batch", 2, np.array([2.0, 1.0]), prior=[0.5, 0.5]), seed=0)
    >>> np.mean([masks.of_batch(step) for step in range(4096)], axis=0).round(1)
    array([1. , 0.5])
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
