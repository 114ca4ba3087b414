"""What the figures of Bah et al. 2019 share: their data, Euler's method for their flow, and exact facts about it.

X is d × 3d with entries N(0, 1/d), as printed; neither d, r, the step h, the number of steps nor seeds are given for
any figure. The flow is that of ½‖X − W_N ⋯ W_1X‖²; Euler's step h is here the learning rate 3dh/2 of ‖·‖²/n, n = 3d.

Main results
    data            one X
    euler           runs of N layers of width r by Euler's method
    start           W(0) of a run
    satisfying      seeds whose W(0) satisfies (47)
    slowest         the rate at which the flow comes to U_rU_rᵀ in the end, of any depth
    slope           the rate at which a distance fell
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, islice
from typing import Any

import numpy as np

from numerics.deep_flow import product
from numerics.training import starts
from numerics.training.campaign import Finished
from numerics.training.catalogue import make
from numerics.training.data import Data, from_samples
from numerics.training.program import Run

SEED = 2019
LAST = 1e-3
"""The distance to U_rU_rᵀ that counts as none, in units of √r, its norm."""


def data(d: int) -> tuple[Data, dict[str, Any]]:
    """X for one d, not centred, and what is to be said of it."""
    rng = np.random.default_rng(SEED + d)
    samples = rng.normal(size=(3 * d, d)) / np.sqrt(d)
    return from_samples(samples, centre=False), {"synthetic": "N(0, 1/d)", "d": d, "n": 3 * d, "seed": SEED + d}


def euler(data: Data, depth: int, r: int, h: float, seeds: Sequence[int], start: str) -> list[Run]:
    """Euler's method with the step h for N = depth layers of width r."""
    assert data.samples is not None
    model = make("deep", r, data.sigma2, inner=(r,) * (depth - 2))
    return [Run(model, "gd", h * len(data.samples) / 2, seed, start) for seed in seeds]


def start(run: Run, data: Data) -> np.ndarray:
    """W(0) in the eigenbasis of XXᵀ."""
    layers = starts.layers(run.start, run.model.sizes(data), run.seed, data.reach(run.model.rank))
    return data.basis.T @ product(layers) @ data.basis


def satisfies(run: Run, data: Data) -> bool:
    """Whether u_iᵀW(0)u_i > 0 for every i ≤ r: (47)."""
    return bool((np.diag(start(run, data))[: run.model.rank] > 0).all())


def satisfying(data: Data, depth: int, r: int, h: float, seeds: int, kind: str) -> list[Run]:
    """Runs of the first seeds whose start satisfies (47)."""
    drawn = (euler(data, depth, r, h, [seed], kind)[0] for seed in count())
    return list(islice((run for run in drawn if satisfies(run, data)), seeds))


def depth(run: Run) -> int:
    """N."""
    return len(run.model.widths) + 1


def time(finished: Finished, h: float) -> np.ndarray:
    """The time of every record."""
    return finished[2]["epoch"] * h


def slowest(values: np.ndarray, r: int) -> float:
    """The rate of the flow's slowest approach to U_rU_rᵀ, for eigenvalues λ of XXᵀ, decreasing.

    With δW = a u_ju_iᵀ + b u_iu_jᵀ for i ≤ r < j the linearisation of the flow at U_rU_rᵀ is, for any number of layers,
    ȧ = −λ_i a + λ_j b, ḃ = λ_j a − λ_j b; errors among i, i' ≤ r fall at λ_r or faster.

    >>> round(slowest(np.array([2.0, 1.0]), 1), 6)
    0.381966
    """
    i, j = values[:r, None], values[None, r:]
    least = (i + j - np.sqrt((i - j) ** 2 + 4 * j**2)) / 2
    return float(min(least.min(initial=np.inf), values[r - 1]))


def slope(times: np.ndarray, distance: np.ndarray, high: float = 1e-5, low: float = 1e-10) -> float:
    """−d log distance/dt over the last thousandfold between two distances; NaN where that is not reached.

    >>> t = np.linspace(0, 20, 201)
    >>> round(slope(t, np.exp(-t)), 6)
    1.0
    """
    inside = (distance < high) & (distance > low)
    lowest = distance[inside].min(initial=np.inf)
    inside &= distance <= 1000 * lowest
    if np.count_nonzero(inside) < 4:
        return float("nan")
    return float(-np.polyfit(times[inside], np.log(distance[inside]), 1)[0])
