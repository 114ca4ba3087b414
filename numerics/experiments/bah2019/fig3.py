"""Bah et al. 2019, Figure 3: ‖W2 − W1ᵀ‖ and ‖W − U_rU_rᵀ‖ for N = 2 from Gaussian starts, which are not balanced.

The flow keeps D = W1W1ᵀ − W2ᵀW2. Where W2W1 = U_rU_rᵀ there is M with W1 = MU_rᵀ, W2 = U_rM⁻¹ and D = MMᵀ − (MMᵀ)⁻¹, so
that ‖W2 − W1ᵀ‖² = Σ(s_i − 1/s_i)², s_i² − s_i⁻² the eigenvalues of D(0): W2 → W1ᵀ only from balanced starts. The size
of the Gaussian entries is not given: it decides whether the eye sees that.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import look
from numerics.experiments.bah2019.common import LAST, data, euler, time
from numerics.experiments.figure import (
    Answer,
    Asked,
    Compared,
    Figure,
    Measured,
    Readings,
    Sentence,
    Trial,
    Trials,
    records,
    setting,
)
from numerics.training import starts
from numerics.training.campaign import Finished
from numerics.training.job import Schedule

READINGS = ("entries N(0, 1/d)", "entries N(0, 10⁻⁴)")
GONE = 1e-6
"""The share of ‖W2 − W1ᵀ‖ at the start that counts as gone."""


def scale(reading: str, d: int) -> float:
    """The standard deviation of the start's entries."""
    return d**-0.5 if reading == READINGS[0] else 0.01


def trials(asked: Asked) -> list[Trial]:
    """A trial for each reading and (d, r), of all seeds."""
    found = []
    for d, r in asked["sizes"]:
        x, source = data(d)
        for i, reading in enumerate(READINGS):
            runs = euler(x, 2, r, asked["h"], range(asked["seeds"]), f"normal:{scale(reading, d):.6g}")
            schedule = Schedule(asked["epochs"], every=asked["every"])
            found.append(Trial(f"start{i}-d{d}-r{r}", x, source | {"start": reading}, tuple(runs), schedule))
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """Both distances over time, and the limit that the start gives ‖W2 − W1ᵀ‖."""
    readings = {}
    for reading in READINGS:
        chosen = [trial for trial in trials.values() if trial.source["start"] == reading]
        values = [_followed(one, trial, asked["h"]) for trial in chosen for one in trial.finished]
        theory = [
            Compared(
                "‖W2 − W1ᵀ‖ at the end, from D(0)",
                [x["limit"] for x in values],
                [x["transpose"][-1] for x in values],
            ),
            Compared("largest change of D by Euler's method", [0.0] * len(values), [x["drift"] for x in values]),
        ]
        shown = [one for trial in chosen for one in trial.finished]
        readings[reading] = Measured(values, records(shown), theory, shown)
    return readings


def _followed(finished: Finished, trial: Trial, h: float) -> dict[str, Any]:
    run, _, history = finished
    return {
        "d": trial.data.m,
        "r": run.model.rank,
        "t": time(finished, h),
        "transpose": history["transpose"],
        "distance": history["distance"] / run.model.rank**0.5,
        "limit": limit(*starts.layers(run.start, run.model.sizes(trial.data), run.seed)),
        "drift": float(history["drift"].max()),
    }


def limit(w1: np.ndarray, w2: np.ndarray) -> float:
    """‖W2 − W1ᵀ‖ where the flow from W1, W2 comes to U_rU_rᵀ.

    >>> limit(np.array([[2.0, 0.0]]), np.array([[0.0], [2.0]])), round(limit(np.array([[1.5]]), np.zeros((1, 1))), 6)
    (0.0, 1.005186)
    """
    kept = np.linalg.eigvalsh(w1 @ w1.T - w2.T @ w2)
    s = np.sqrt((kept + np.sqrt(kept**2 + 4)) / 2)
    return float(np.linalg.norm(s - 1 / s))


def equal(values: Any) -> Answer:
    """Whether W2 comes to W1ᵀ."""
    numbers = {
        "‖W2 − W1ᵀ‖ at the start": [float(x["transpose"][0]) for x in values],
        "at the end": [float(x["transpose"][-1]) for x in values],
        "predicted": [x["limit"] for x in values],
    }
    return all(x["transpose"][-1] <= GONE * x["transpose"][0] for x in values), numbers


def projection(values: Any) -> Answer:
    """Whether W comes to U_rU_rᵀ."""
    found = [float(x["distance"][-1]) for x in values]
    return all(x <= LAST for x in found), {"‖W − U_rU_rᵀ‖/√r at the end": found}


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading; dotted is the limit that the start gives, for each seed."""
    panels = figure.subplots(len(readings), 2, squeeze=False, sharex=True)
    for (left, right), (reading, measured) in zip(panels, readings.items(), strict=True):
        sizes = list(dict.fromkeys((x["d"], x["r"]) for x in measured.values))
        for (d, r), (colour, dash, marker) in zip(sizes, look.LINES, strict=False):
            seeds = [x for x in measured.values if (x["d"], x["r"]) == (d, r)]
            line = {"color": colour, "linestyle": dash, "marker": marker, "label": f"d = {d}, r = {r}"}
            look.band(left, seeds[0]["t"], [x["transpose"] for x in seeds], line)
            look.band(right, seeds[0]["t"], [np.maximum(x["distance"], 1e-12) for x in seeds], line)
            for x in seeds:
                left.axhline(x["limit"], **(look.THEORY | {"color": colour}))
        left.set(yscale="log", title=f"‖W₂ − W₁ᵀ‖, {reading}; dotted: its limit")
        right.set(yscale="log", title="‖W − UᵣUᵣᵀ‖ / √r (from 10⁻¹²)")
    for panel in panels[-1]:
        panel.set_xlabel("time t")
    look.legend(figure, panels[0][0], columns=4)


FIGURE = Figure(
    "bah2019/fig3",
    "‖W₂ − W₁ᵀ‖ and ‖W − U_r U_rᵀ‖ for N = 2, starts that are not balanced",
    {
        "smoke": setting(2, sizes=((10, 2),), h=0.02, epochs=2400, every=40, seeds=3),
        "small": setting(5, sizes=((10, 2), (20, 4), (30, 3)), h=0.02, epochs=6000, every=50, seeds=3),
        "paper": setting(10, sizes=((10, 2), (20, 5), (30, 5), (50, 10)), h=0.02, epochs=20_000, every=100, seeds=5),
    },
    trials,
    measure,
    [
        Sentence(
            "transpose",
            "Section 7 b)",
            "W2(t) converges to W1ᵀ(t) even with non-balanced initial conditions",
            f"‖W2 − W1ᵀ‖ ends at or below {GONE:g} of what it was at the start, for every run",
            equal,
        ),
        Sentence(
            "projection",
            "Section 7 b)",
            "the solutions of the flow with non-balanced initial conditions still converge to U_rU_rᵀ",
            f"‖W − U_rU_rᵀ‖ ≤ {LAST:g} √r at the end of every run",
            projection,
        ),
    ],
    draw,
    (8.4, 5.6),
    ("epochs",),
)
