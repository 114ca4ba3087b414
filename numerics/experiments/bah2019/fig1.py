"""Bah et al. 2019, Figure 1: ‖W(t) − U_rU_rᵀ‖ for networks of N = 2, 3, 4 layers from balanced starts.

Section 7 a): for N = 2 W1(0) and W2(0)ᵀ have orthonormal rows; for N > 2 the balanced factors of a W(0) with entries
N(0, 1/d). The paper says that condition (47) of Conjecture 32, u_iᵀW(0)u_i > 0 for i ≤ r, is satisfied: such starts are
not drawn as it says, but chosen among those. Both readings are run: all starts as drawn, and those that satisfy (47).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import look
from numerics.experiments.bah2019.common import (
    LAST,
    data,
    depth,
    euler,
    satisfies,
    satisfying,
    slope,
    slowest,
    time,
)
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
    Unmet,
    records,
    setting,
)
from numerics.training.campaign import Finished
from numerics.training.job import Schedule

DEPTHS = (2, 3, 4)
READINGS = ("as drawn", "(47) satisfied")
CONSERVED = "W_{j+1}ᵀW_{j+1} − W_jW_jᵀ: largest change by Euler's method"


def kind(layers: int, d: int) -> str:
    """The start of the paper."""
    return "orthogonal:1" if layers == 2 else f"balanced:{d**-0.5:.6g}"


def trials(asked: Asked) -> list[Trial]:
    """A trial for each reading and (d, r), of all depths and seeds."""
    found = []
    for d, r in asked["sizes"]:
        x, source = data(d)
        drawn = [run for n in DEPTHS for run in euler(x, n, r, asked["h"], range(asked["seeds"]), kind(n, d))]
        chosen = [run for n in DEPTHS for run in satisfying(x, n, r, asked["h"], asked["seeds"], kind(n, d))]
        schedule = Schedule(asked["epochs"], every=asked["every"])
        for reading, runs in zip(READINGS, (drawn, chosen), strict=True):
            name = f"{'drawn' if runs is drawn else 'chosen'}-d{d}-r{r}"
            found.append(Trial(name, x, source | {"starts": reading}, tuple(runs), schedule))
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """Distances over time, the rate at which they fall, and what the flow conserves."""
    readings = {}
    for reading in READINGS:
        chosen = [trial for trial in trials.values() if trial.source["starts"] == reading]
        values = [_followed(one, trial, asked["h"]) for trial in chosen for one in trial.finished]
        measurable = [one for one in values if np.isfinite(one["slope"])]
        theory = [
            Compared(
                "rate of the approach to U_rU_rᵀ", [x["rate"] for x in measurable], [x["slope"] for x in measurable]
            ),
            Compared(CONSERVED, [0.0] * len(values), [x["drift"] for x in values]),
        ]
        missing = [f"N = {x['N']}, d = {x['d']}, r = {x['r']}, seed {x['seed']}" for x in values if not x["(47)"]]
        violated = [Unmet("Conjecture 32", "(47): u_iᵀW(0)u_i > 0 for i ≤ r", "; ".join(missing))] if missing else []
        shown = [one for trial in chosen for one in trial.finished]
        readings[reading] = Measured(values, records(shown), theory, shown, violated)
    return readings


def _followed(finished: Finished, trial: Trial, h: float) -> dict[str, Any]:
    run, _, history = finished
    r, values = run.model.rank, trial.data.sigma2 * trial.source["n"]
    times, distance = time(finished, h), history["distance"]
    found = {"N": depth(run), "d": trial.data.m, "r": r, "seed": run.seed, "(47)": satisfies(run, trial.data)}
    fall = {"rate": slowest(values, r), "slope": slope(times, distance)}
    return found | fall | {"t": times, "distance": distance / r**0.5, "drift": float(history["drift"].max())}


def limit(values: Any) -> Answer:
    """Whether every run comes to U_rU_rᵀ."""
    missed = [one for one in values if not one["distance"][-1] <= LAST]
    told = [f"N = {x['N']}, d = {x['d']}, r = {x['r']}, seed {x['seed']}: {x['distance'][-1]:.3g}" for x in missed]
    worst = {n: max(float(x["distance"][-1]) for x in values if x["N"] == n) for n in DEPTHS}
    return not missed, {"runs": len(values), "largest ‖W − U_rU_rᵀ‖/√r at the end": worst, "missed": told}


def hypothesis(values: Any) -> Answer:
    """Whether (47) holds at every start."""
    return all(one["(47)"] for one in values), {
        "runs": len(values),
        "of them satisfy (47)": sum(one["(47)"] for one in values),
    }


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading, a column for each depth; a colour and a dash for each (d, r); dotted is theory."""
    panels = figure.subplots(len(readings), len(DEPTHS), squeeze=False, sharex=True, sharey=True)
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        sizes = list(dict.fromkeys((one["d"], one["r"]) for one in measured.values))
        for panel, n in zip(row, DEPTHS, strict=True):
            for (d, r), (colour, dash, marker) in zip(sizes, look.LINES, strict=False):
                seeds = [x for x in measured.values if (x["N"], x["d"], x["r"]) == (n, d, r)]
                line = {"color": colour, "linestyle": dash, "marker": marker, "label": f"d = {d}, r = {r}"}
                t = max((x["t"] for x in seeds), key=len)
                look.band(panel, t, [np.maximum(x["distance"], 1e-12) for x in seeds], line)
                fall = np.exp(-seeds[0]["rate"] * (t - t[-1] / 3)) * 1e-4
                panel.plot(
                    t, np.where((fall < 1e-4) & (fall > 1e-10), fall, np.nan), **(look.THEORY | {"color": colour})
                )
            panel.set(yscale="log", title=f"N = {n}, {reading}")
        row[0].set_ylabel("‖W − UᵣUᵣᵀ‖ / √r (from 10⁻¹²)")
    for panel in panels[-1]:
        panel.set_xlabel("time t")
    look.explain(panels[0][0], "exact rates", **look.THEORY)
    look.legend(figure, panels[0][0], columns=5)


FIGURE = Figure(
    "bah2019/fig1",
    "‖W(t) − U_r U_rᵀ‖ for N = 2, 3, 4 layers, balanced starts",
    {
        "smoke": setting(3, sizes=((10, 2),), h=0.02, epochs=2400, every=40, seeds=3),
        "small": setting(10, sizes=((10, 2), (20, 4), (30, 3)), h=0.02, epochs=8000, every=80, seeds=3),
        "paper": setting(30, sizes=((10, 2), (20, 5), (30, 5), (50, 5)), h=0.02, epochs=20_000, every=100, seeds=5),
    },
    trials,
    measure,
    [
        Sentence(
            "limit",
            "Section 7 a)",
            "for all the values of N and the different ranks the limiting value of W(t) is U_rU_rᵀ",
            f"‖W − U_rU_rᵀ‖ ≤ {LAST:g} √r at the end of every run",
            limit,
        ),
        Sentence(
            "condition-47",
            "Section 7 a)",
            "the starts are as described and condition (47) of Conjecture 32 is satisfied",
            "u_iᵀW(0)u_i > 0 for i ≤ r at the start of every run",
            hypothesis,
        ),
    ],
    draw,
    (9, 5.6),
    ("epochs",),
)
