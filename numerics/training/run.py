"""One run: a model, a rule, a learning rate, a seed, a start.

Main results
    Run         what one run is
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.training.data import Data
from numerics.training.models import Model, Premise


@dataclass(frozen=True)
class Run:
    """One run.

    Parameters
    ----------
    model : Model
    optimizer : str
        A name in RULES.
    rate : float
        The learning rate η.
    seed : int
        Of the initial weights.
    start : str
        As in :func:`numerics.training.starts.draw`.
    batch : int, optional
        Samples in a mini-batch; all by default. A step counts as an epoch only in full-batch training.
    """

    model: Model
    optimizer: str
    rate: float
    seed: int = 0
    start: str = "normal"
    batch: int | None = None

    @property
    def name(self) -> str:
        """A name that tells it from the other runs of a sweep."""
        batch = "" if self.batch is None else f"-batch{self.batch}"
        return f"{self.model.name}-{self.optimizer}-{self.model.size}-lr{self.rate:.6g}{batch}-seed{self.seed}"

    @property
    def shape(self) -> tuple[Any, ...]:
        """Runs of equal shape can be one program: widths, field, rule, batch size, the seed that orders batches."""
        kind = self.model.kind, self.optimizer, self.batch
        return self.model.widths, *kind, self.seed if self.batch else None

    def hypotheses(self, data: Data) -> list[Premise]:
        """What the theorem that the run illustrates assumes, checked."""
        return self.model.premises(data, self.start)
