"""What the figures of Kunin et al. 2019 share: their synthetic data, three losses, and both readings of how they train.

Their losses have no 1/n; here everything is divided by n, which moves no minimum: σ_i² and λ below are those of the
paper divided by n. Of X only its left singular vectors and singular values enter, not V.

Section 5.1 says: Adam, rate 0.05, 4000 epochs, "random normal initialization". The authors' notebook also lets the
rate decay, η/(1 + t/10), and starts from entries of standard deviation 0.05. Both are run.

Main results
    LOSSES      the names of the losses
    NAMES       what the figures call them
    trials       the training of Section 5.1, by reading
    product     W2W1 of a finished run
    shrunk      τ_i², what the Landscape Theorem predicts of the eigenvalues of W2W1
    principal   |⟨u_i, w_i⟩| for the singular vectors of the decoder
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numerics.experiments.figure import Trial
from numerics.training.campaign import Finished
from numerics.training.data import synthetic
from numerics.training.job import Schedule
from numerics.training.plan import plan

LOSSES = ("unregularised", "product", "uniform-l2")
NAMES = {"unregularised": "unregularised", "product": "product", "uniform-l2": "sum"}
READINGS = {"as printed": ("adam", "normal:1"), "notebook": ("adam-inverse-time", "normal:0.05")}
"""Of each reading the rule and the start."""
SEED = 2019


def trials(
    *, m: int, k: int, lam: Sequence[float], epochs: int, seeds: int, losses: Sequence[str] = LOSSES
) -> list[Trial]:
    """Section 5.1: X of size m × m, σ_i = i, Haar singular vectors, for every λ and loss, under both readings."""
    sigma2 = np.arange(m, 0, -1.0) ** 2 / m
    data = synthetic(sigma2, n=None, rng=np.random.default_rng(SEED))
    source = {"synthetic": "σ_i = i, U Haar", "m": m, "n": m, "seed": SEED}
    return [
        Trial(
            f"{reading.replace(' ', '-')}-{i}",
            data,
            source | {"λ": strength},
            tuple(
                plan(
                    data,
                    ks=[k],
                    models=losses,
                    optimizers=[rule],
                    rates=[0.05],
                    seeds=range(seeds),
                    start=start,
                    lam=np.full(k, strength / m),
                )
            ),
            Schedule(epochs),
        )
        for reading, (rule, start) in READINGS.items()
        for i, strength in enumerate(lam)
    ]


def of(reading: str, trials: Sequence[Trial]) -> list[Trial]:
    """The trials of a reading, one for each λ."""
    return [trial for trial in trials if trial.name.startswith(reading.replace(" ", "-"))]


def by_loss(trial: Trial) -> dict[str, list[Finished]]:
    """Finished runs by loss, one for each seed."""
    found: dict[str, list[Finished]] = {}
    for one in trial.finished:
        found.setdefault(one[0].model.name, []).append(one)
    return found


def product(finished: Finished) -> np.ndarray:
    """W2W1 at the end of a run."""
    return finished[1].decoder @ finished[1].encoder


def shrunk(loss: str, sigma2: np.ndarray, lam: float) -> np.ndarray:
    """τ_i² of the global minimum: 1, (1 + λ/σ_i²)⁻¹, or 1 − λ/σ_i² (zero where that is negative).

    >>> shrunk("uniform-l2", np.array([4.0, 1.0]), 2.0)
    array([0.5, 0. ])
    """
    if loss == "unregularised":
        return np.ones_like(sigma2)
    return 1 / (1 + lam / sigma2) if loss == "product" else np.maximum(0.0, 1 - lam / sigma2)


def principal(decoder: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """|⟨u_i, v_i⟩| for the left singular vectors v_i of a decoder and the principal directions u_i.

    >>> principal(np.array([[2.0, 0.0], [0.0, -1.0]]), np.eye(2))
    array([1., 1.])
    """
    left = np.linalg.svd(decoder, full_matrices=False)[0]
    return np.abs(np.sum(left * basis[:, : left.shape[1]], axis=0))
