"""What Figures 7 and 8 of Kunin et al. 2019 share: training on MNIST's test images in mini-batches of 32.

λ = 10, Adam at 0.05, 100 epochs, "random normal initialization". Not said: whether λ stands beside the error of a
batch or of all samples, and whether the rate decays as in their notebook for the synthetic data, which also starts
from entries of standard deviation 0.05. All four are run. Pixels are in [0, 1] and centred here, of which the paper
says nothing either. On scikit-learn's digits λ is 3, as 10 beside a batch is above σ_5², so that five latents would
collapse.

Main results
    READINGS    by name: λ beside a batch, rule, start
    trials       the training, by reading
    strength    λ over n, as the losses have it here
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numerics.experiments import images
from numerics.experiments.figure import Asked, Trial
from numerics.training.data import Data
from numerics.training.job import Schedule
from numerics.training.plan import plan

READINGS = {
    "λ a batch, as printed": (True, "adam", "normal:1"),
    "λ a batch, notebook": (True, "adam-inverse-time", "normal:0.05"),
    "λ in all, as printed": (False, "adam", "normal:1"),
    "λ in all, notebook": (False, "adam-inverse-time", "normal:0.05"),
}
BATCH = 32


def strength(reading: str, lam: float, data: Data) -> float:
    """λ divided by the samples that it stands beside."""
    assert data.samples is not None
    return lam / (BATCH if READINGS[reading][0] else len(data.samples))


def trials(asked: Asked, k: int, losses: Sequence[str]) -> list[Trial]:
    """A trial for each reading: the losses, for several seeds."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout, "test")
    found = []
    for i, (reading, (_, rule, start)) in enumerate(READINGS.items()):
        runs = plan(
            data,
            ks=[k],
            models=losses,
            optimizers=[rule],
            rates=[0.05],
            seeds=range(asked["seeds"]),
            start=start,
            batch=BATCH,
            lam=np.full(k, strength(reading, asked["lam"], data)),
        )
        schedule = Schedule(asked["epochs"], every=max(1, asked["epochs"] // 10))
        found.append(Trial(f"reading{i}", data, {**source, "reading": reading}, tuple(runs), schedule, "float32"))
    return found
