"""What most fields share: they move W1 and W2 and nothing else, and only by the rule's step.

Main results
    StillField    the base of fields without a drift
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np


class StillField:
    """A field whose parameters are the weights, and which adds nothing beside the rule's step."""

    names: ClassVar[tuple[str, ...]] = ("weights",)
    drifts = False

    @staticmethod
    def start(weights: np.ndarray) -> dict[str, np.ndarray]:
        """The weights are all that is learned."""
        return {"weights": weights}

    def drift(self, step: int) -> Any:
        """Asked of fields that drift only."""
        raise TypeError(f"{type(self).__name__} does not drift")
