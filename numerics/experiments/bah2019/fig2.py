"""Bah et al. 2019, Figure 2: ‖W2 − W1ᵀ‖ for N = 2, and ‖X − W(t)X‖ for N = 3 and 4, from balanced starts.

The runs are those of Figure 1 from starts as drawn. At the end ‖X − WX‖_F is to be (Σ_{i>r} σ_i²)^½; for N = 2 a
balanced start makes W2ᵀW2 = W1W1ᵀ, so that W2 = W1ᵀ where W2W1 = U_rU_rᵀ.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import look
from numerics.experiments.bah2019.common import LAST, data, depth, euler, time
from numerics.experiments.bah2019.fig1 import DEPTHS, kind
from numerics.experiments.figure import (
    ONLY,
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
from numerics.training.campaign import Finished
from numerics.training.job import Schedule

EULER = 0.1
"""‖W2 − W1ᵀ‖/√r at the end that Euler's method, which keeps the balance up to O(h), may leave."""


def trials(asked: Asked) -> list[Trial]:
    """A trial for each (d, r), of all depths and seeds."""
    found = []
    for d, r in asked["sizes"]:
        x, source = data(d)
        runs = [run for n in DEPTHS for run in euler(x, n, r, asked["h"], range(asked["seeds"]), kind(n, d))]
        found.append(Trial(f"d{d}-r{r}", x, source, tuple(runs), Schedule(asked["epochs"], every=asked["every"])))
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """Both distances over time, and the least error."""
    values = [_followed(one, trial, asked["h"]) for trial in trials.values() for one in trial.finished]
    theory = [
        Compared(
            f"N = {n}: ‖X − WX‖ at the end, (Σ_{{i>r}} σ_i²)^½",
            [x["least"] for x in values if x["N"] == n],
            [x["error"][-1] for x in values if x["N"] == n],
        )
        for n in DEPTHS
    ]
    shown = [one for trial in trials.values() for one in trial.finished]
    return {ONLY: Measured(values, records(shown), theory, shown)}


def _followed(finished: Finished, trial: Trial, h: float) -> dict[str, Any]:
    run, _, history = finished
    r, n = run.model.rank, trial.source["n"]
    return {
        "N": depth(run),
        "d": trial.data.m,
        "r": r,
        "t": time(finished, h),
        "error": np.sqrt(n * history["loss"]),
        "least": float(np.sqrt(n * trial.data.sigma2[r:].sum())),
        "transpose": history["transpose"] / r**0.5,
    }


def equal(values: Any) -> Answer:
    """Whether W2 = W1ᵀ at the end for N = 2."""
    found = [float(x["transpose"][-1]) for x in values if x["N"] == 2]
    return all(x <= EULER for x in found), {"‖W2 − W1ᵀ‖/√r at the end": found}


def optimal(values: Any) -> Answer:
    """Whether the error is the least one at the end for N = 3, 4."""
    found = [float(x["error"][-1] / x["least"] - 1) for x in values if x["N"] > 2]
    return all(x <= LAST for x in found), {"largest error/least − 1": max(found)}


def draw(readings: Readings, figure: Any) -> None:
    """‖W2 − W1ᵀ‖ for N = 2, ‖X − WX‖ for N = 3, 4 with its least value dotted."""
    values = readings[ONLY].values
    sizes = list(dict.fromkeys((x["d"], x["r"]) for x in values))
    panels = figure.subplots(1, len(DEPTHS))
    for panel, n in zip(panels, DEPTHS, strict=True):
        name = "transpose" if n == 2 else "error"
        for (d, r), (colour, dash, marker) in zip(sizes, look.LINES, strict=False):
            seeds = [x for x in values if (x["N"], x["d"], x["r"]) == (n, d, r)]
            line = {"color": colour, "linestyle": dash, "marker": marker, "label": f"d = {d}, r = {r}"}
            look.band(panel, seeds[0]["t"], [x[name] for x in seeds], line, points=40 if n > 2 else 10)
            if n > 2:
                panel.axhline(seeds[0]["least"], **(look.THEORY | {"color": colour}))
                panel.set_xlim(-0.5, 20)
        title = "‖W₂ − W₁ᵀ‖ / √r" if n == 2 else "‖X − WX‖; dotted: least"
        panel.set(xlabel="time t", title=f"N = {n}: {title}", yscale="log" if n == 2 else "linear")
    look.legend(figure, panels[0], columns=4)


FIGURE = Figure(
    "bah2019/fig2",
    "‖W₂ − W₁ᵀ‖ for N = 2; ‖X − WX‖ for N = 3, 4; balanced starts",
    {
        "smoke": setting(2, sizes=((10, 2),), h=0.02, epochs=2400, every=40, seeds=3),
        "small": setting(5, sizes=((10, 2), (20, 4), (30, 3)), h=0.02, epochs=6000, every=50, seeds=3),
        "paper": setting(15, sizes=((10, 2), (20, 5), (30, 5), (50, 5)), h=0.02, epochs=20_000, every=100, seeds=5),
    },
    trials,
    measure,
    [
        Sentence(
            "transpose",
            "Section 7 a)",
            "when N = 2 we showed that W2 = W1ᵀ; this is confirmed",
            f"‖W2 − W1ᵀ‖ ≤ {EULER:g} √r at the end of every run (Euler's method keeps the balance up to O(h))",
            equal,
        ),
        Sentence(
            "least-error",
            "Section 7 a)",
            "‖X − W(t)X‖_F converges to (Σ_{i>r} σ_i²)^½; confirmed for N = 3, 4",
            f"‖X − WX‖ is at most {LAST:g} of it above it at the end of every run",
            optimal,
        ),
    ],
    draw,
    (9.4, 3.6),
    ("epochs",),
)
