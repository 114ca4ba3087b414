"""What the figures of Oftadeh et al. 2020 share: two losses, their optimiser, and the reading of its schedule.

L is the summed loss Σ_i ‖X − A Π_i B X‖², L̃ the mean squared error; here both are divided by the number of samples.
The paper starts from entries of standard deviation 10⁻⁷ and uses Adam "with a scheduled learning rate (starting from
10⁻³ and ending with 10⁻⁶)", whose shape is not given: here it falls by the same factor each step, over 100,000 of
them. The samples are not said to be centred; they are here.

Main results
    LOSSES      the names of the losses
    runs        of both losses, for several seeds
    cosines     |cos| of eigenvectors and decoder columns: the paper's ACS matrix
    by_loss     the finished runs of a trial
"""

from __future__ import annotations

import numpy as np

from numerics.experiments.figure import Trial
from numerics.training.campaign import Finished
from numerics.training.data import Data
from numerics.training.plan import plan
from numerics.training.program import Run

LOSSES = ("summed", "unregularised")
NAMES = {"summed": "L", "unregularised": "L̃ (MSE)"}
FOUND = 0.99
"""The paper's threshold: a direction is found where the absolute cosine similarity is above it."""


def runs(data: Data, k: int, seeds: int, rate: float = 1e-3) -> tuple[Run, ...]:
    """Both losses, for several seeds."""
    return tuple(
        plan(
            data,
            ks=[k],
            models=LOSSES,
            optimizers=["adam-geometric"],
            rates=[rate],
            seeds=range(seeds),
            start="normal:1e-7",
        )
    )


def by_loss(trial: Trial) -> dict[str, list[Finished]]:
    """Finished runs by loss, one for each seed."""
    return {loss: [one for one in trial.finished if one[0].model.name == loss] for loss in LOSSES}


def cosines(decoder: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """The absolute cosine similarity of eigenvector i and decoder column j, (k, k).

    >>> cosines(np.array([[2.0, 0.0], [0.0, -1.0]]), np.eye(2))
    array([[1., 0.],
           [0., 1.]])
    """
    norms = np.linalg.norm(decoder, axis=0)
    return np.abs(basis[:, : decoder.shape[1]].T @ decoder) / np.where(norms > 0, norms, 1.0)
