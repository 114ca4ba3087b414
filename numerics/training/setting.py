"""What a field is made of, and what a program asks of it.

Main results
    Setting     models, seeds, learning rates, covariances: all but the parameters
    Field       directions, losses, metrics
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from numerics.training.covariances import Covariance
from numerics.training.crosses import BatchCross, Cross
from numerics.training.models import Model

Array = Any


@dataclass(frozen=True)
class Setting:
    """What a field is made of, besides the parameters that it moves.

    Parameters
    ----------
    models : sequence of R models of equal k
    seeds : sequence of R integers
        Of what is drawn on the way.
    rates : sequence of R floats
        Learning rates.
    raw : bool
        Leave the learning rate out of the direction: for rules that are not linear in it.
    moving, full : Covariance
        The covariance that a step sees, and that of all samples, by which losses are measured.
    trace : float
        Tr YYᵀ/n of all samples; Y = X unless `cross` is given.
    xp : module
    cross, moving_cross : Cross, optional
        YXᵀ/n of all samples, and of those that a step sees.
    goal : array (d, rank), optional
        The best map, in the eigenbases, where the data vary: what a distance is measured from.
    """

    models: Sequence[Model]
    seeds: Sequence[int]
    rates: Sequence[float]
    raw: bool
    moving: Covariance
    full: Covariance
    trace: float
    xp: Any
    cross: Cross | None = None
    moving_cross: Cross | BatchCross | None = None
    goal: Array | None = None

    @property
    def scale(self) -> np.ndarray:
        """What a gradient at scale main is multiplied by: the models' weights, times the learning rates unless raw."""
        return self.weights if self.raw else self.weights * np.asarray(self.rates)

    @property
    def weights(self) -> np.ndarray:
        """What losses at scale main are multiplied by."""
        return np.array([model.weight for model in self.models])


class Field(Protocol):
    """Descent directions and losses of R models that move together."""

    parameters: dict[str, Array]
    drifts: bool

    def factors(self) -> tuple[Array, Array]:
        """The encoder (R, k, m) and the transposed decoder (R, k, d), in the basis of the parameters."""

    def inside(self) -> list[Array]:
        """The layers whose product the encoder is, if they are several."""

    def measure(self, turns: tuple[Array, Array] | None) -> dict[str, Array]:
        """All metrics: names to arrays (R,); `turns` bring samples and targets into their eigenbases."""

    def invariants(self) -> Array | None:
        """What the flow of the field conserves (R, …), if that is known and watched."""

    def descent(self, step: int) -> dict[str, Array]:
        """The directions to subtract, by parameter; valid until the next call."""

    def drift(self, step: int) -> Array:
        """What is added to the weights beside the rule's step, if `drifts`."""

    def value(self) -> Array:
        """The losses (R,), on all samples."""
