"""What most fields share: W1 and W2 of equal shape in one array, moved by the rule's step and nothing else.

Main results
    StillField    the base of fields without a drift
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from numerics.namespaces import array_namespace
from numerics.training import metrics, starts
from numerics.training.data import Data
from numerics.training.run import Run

Array = Any


class StillField:
    """A field that moves weights (R, 2, k, m), W1 and W2ᵀ, and adds nothing beside the rule's step."""

    parameters: dict[str, Array]
    drifts: bool = False
    layered: ClassVar[bool] = False
    """Whether it moves layers of any number and widths, whose targets may be others than the samples."""

    @staticmethod
    def start(runs: Sequence[Run], data: Data, turned: bool) -> dict[str, np.ndarray]:
        """The parameters at the beginning, in the eigenbasis if turned; here the weights are all that is learned."""
        w = np.stack([starts.draw(run.start, run.model.k, data, run.seed) for run in runs])
        for i, run in enumerate(runs):
            if run.model.tied:
                w[i, 1] = w[i, 0]
        return {"weights": w @ data.basis if turned else w}

    def factors(self) -> tuple[Array, Array]:
        """The encoder (R, k, m) and the transposed decoder (R, k, d), in the basis of the parameters."""
        w = self.parameters["weights"]
        return w[:, 0, ...], w[:, 1, ...]

    def inside(self) -> list[Array]:
        """The layers whose product the encoder is, if they are several."""
        return []

    def measure(self, turns: tuple[Array, Array] | None) -> dict[str, Array]:
        """All metrics: names to arrays (R,); `turns` bring samples and targets into their eigenbases."""
        w = self.parameters["weights"]
        return metrics.measure(w if turns is None else array_namespace(w).matmul(w, turns[0]))

    def invariants(self) -> Array | None:
        """What the flow of the field conserves (R, …), if that is known and watched."""
        return None

    def drift(self, step: int) -> Array:
        """Asked of fields that drift only."""
        raise TypeError(f"{type(self).__name__} does not drift")
