"""Hebbian rules for W = W1 = W2ᵀ: the generalised Hebbian algorithm (Sanger 1989) and Oja's subspace rule (1989).

With V = WC and H = WCWᵀ they move W along V − T ∘ H W, where T keeps the lower triangle with the diagonal (GHA,
Bao et al. 2020, Section 6.1), or all (Oja). Neither is the gradient of a loss; that of reconstruction is reported.

Main results
    Gha, Oja        the models
    HebbianField    their direction, for R runs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

import numpy as np

from numerics.training.frames import FrameField
from numerics.training.models import Model
from numerics.training.setting import Setting

Array = Any


class HebbianField(FrameField):
    """The direction T ∘ H W − V of R Hebbian models.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m)}
        Both halves are W.
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        k = setting.models[0].k
        kept = np.array([model.kept_entries(k) for model in cast("Sequence[Hebbian]", setting.models)])
        super().__init__(setting, parameters, kept, np.ones((len(kept), 1, 1)))


class Hebbian(Model):
    """A Hebbian rule as a model; it has no loss, and that of reconstruction is reported."""

    field: ClassVar[Any] = HebbianField
    tied: ClassVar[bool] = True
    has_scale: ClassVar[bool] = False

    def kept_entries(self, k: int) -> np.ndarray:
        """T, as a table (k, k) of ones and zeros."""
        raise NotImplementedError

    def curvature(self, sigma2: Array) -> float:
        """2σ_1²: at W = Uᵀ the linearised rule shrinks a change of length of w_i at the rate 2σ_i², all else slower."""
        return float(2 * sigma2[0])


class Gha(Hebbian):
    """The generalised Hebbian algorithm.

    Examples
    --------
    >>> from numerics.training.catalogue import make
    >>> make("gha", 1, np.array([3.0, 1.0])).curvature(np.array([3.0, 1.0]))
    6.0
    """

    name = "gha"

    @property
    def finds(self) -> str:
        """It orders the latents."""
        return "ordered_alignment"

    def kept_entries(self, k: int) -> np.ndarray:
        """The lower triangle with the diagonal."""
        return np.tri(k)


class Oja(Hebbian):
    """Oja's subspace rule, which finds the subspace alone."""

    name = "oja"

    def kept_entries(self, k: int) -> np.ndarray:
        """All."""
        return np.ones((k, k))
