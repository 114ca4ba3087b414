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

from numerics.training.fields import Setting
from numerics.training.frames import FrameField
from numerics.training.models import Model

Array = Any


class Hebbian(Model):
    """GHA or Oja's rule as a model.

    Examples
    --------
    >>> from numerics.training.catalogue import make
    >>> make("gha", 1, np.array([3.0, 1.0])).curvature(np.array([3.0, 1.0]))
    6.0
    """

    has_scale = False

    @property
    def family(self) -> str:
        """Its direction is its own."""
        return "hebbian"

    @property
    def finds(self) -> str:
        """Oja's rule finds the subspace alone."""
        return "ordered_alignment" if self.name == "gha" else "subspace"

    def curvature(self, sigma2: Array) -> float:
        """2σ_1²: at W = Uᵀ the linearised rule shrinks a change of length of w_i at the rate 2σ_i², all else slower."""
        return float(2 * sigma2[0])


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
        kept = np.array([np.tri(k) if model.name == "gha" else np.ones((k, k)) for model in setting.models])
        super().__init__(setting, parameters, kept, np.ones((len(kept), 1, 1)))
