"""Bao et al. 2020, Tables 2, 3 and 4: the learning rates that were searched, and those that were used.

Every rate of a table is tried. Beside it stands what theory allows: a rate η is stable at a minimum of largest
curvature s_max under Nesterov's method if η s_max < 2(1 + μ)/(1 + 2μ), μ = 0.9; of the losses that leave lengths of
columns free s_max is that of the balanced minimum. Rates are those of losses at scale main.

Main results
    tried           runs of all rates
    searched        what was measured of them
    draw, draw_limits
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from numerics.experiments import look
from numerics.experiments.bao2020.common import GOAL, STABLE, prior
from numerics.experiments.curves import epochs_to, every, median
from numerics.experiments.figure import ONLY, Answer, Compared, Measured, Readings, Trial
from numerics.training.campaign import Finished
from numerics.training.plan import plan
from numerics.training.program import Run

WITH_MINIMUM = ("uniform-l2", "l2", "rag", "nested-dropout")
Rates = Mapping[str, Mapping[str, Sequence[float]]]
"""Printed learning rates, by model and optimiser."""


def tried(data: Any, k: int, rates: Rates, models: Sequence[str], seeds: int, lam: np.ndarray) -> tuple[Run, ...]:
    """A run for each rate of each model and optimiser, and seed."""
    runs: list[Run] = []
    for model in models:
        for optimizer, printed in rates[model].items():
            how: dict[str, Any] = {"seeds": range(seeds), "lam": lam, "prior": prior(k)}
            runs += plan(data, ks=[k], models=[model], optimizers=[optimizer], rates=printed, **how)
    return tuple(runs)


def searched(trials: Sequence[Trial]) -> Measured:
    """Of each model, optimiser and k: by rate the epochs to alignment, d_align on average, and how it ended."""
    values: dict[str, Any] = {}
    for trial in trials:
        for one in trial.finished:
            run = one[0]
            column = values.setdefault(_named(one), {})
            entry = column.setdefault(run.rate, {"times": [], "mean": [], "diverged": 0, "limit": _limit(one, trial)})
            entry["times"].append(epochs_to(one, "alignment", GOAL))
            entry["mean"].append(float(one[2]["alignment"].mean()))
            entry["diverged"] += one[1].status == "diverged"
    rows: list[list[Any]] = [["search", "rate", "seed", "epochs to 0.3", "mean d_align", "diverged"]]
    for name, column in values.items():
        for tried_rate, entry in column.items():
            rows += [
                [name, f"{tried_rate:.6g}", seed, "" if t is None else f"{t:g}", f"{mean:.6g}", entry["diverged"]]
                for seed, (t, mean) in enumerate(zip(entry["times"], entry["mean"], strict=True))
            ]
    shown = [
        one
        for trial in trials
        for one in trial.finished
        if one[1].status != "diverged" and one[0].rate == best(values[_named(one)])
    ]
    entries = [e | {"rate": r} for column in values.values() for r, e in column.items() if e["limit"] is not None]
    theory = Compared(
        "whether a rate under Nesterov diverges (1) or not (0)",
        [float(one["rate"] > one["limit"]) for one in entries],
        [float(one["diverged"] > 0) for one in entries],
    )
    return Measured(values, rows, [theory], shown)


def _named(finished: Finished) -> str:
    run = finished[0]
    return f"{run.model.name}, {run.optimizer}, k = {run.model.k}"


def _limit(finished: Finished, trial: Trial) -> float | None:
    """The largest stable rate, where theory has one."""
    run = finished[0]
    if run.optimizer != "nesterov" or run.model.name not in WITH_MINIMUM:
        return None
    return STABLE / run.model.curvature(trial.data.sigma2)


def best(column: Mapping[float, Any]) -> float:
    """The rate that aligns first in the median; of several, or none, the one with the least d_align on average."""

    def slowness(tried_rate: float) -> tuple[bool, float, float]:
        entry = column[tried_rate]
        arrival = median(entry["times"])
        return entry["diverged"] > 0, np.inf if arrival is None else arrival, float(np.mean(entry["mean"]))

    return min(column, key=slowness)


def optimum_inside(values: Any) -> Answer:
    """Whether the best rate is not the largest that was tried, unless the next one, three times it, were unstable."""
    answers, numbers = [], {}
    for name, column in values.items():
        if len(column) > 1:
            found, limit = best(column), next(iter(column.values()))["limit"]
            numbers[name] = {"best": found, "tried": sorted(column), "stable below": limit}
            answers.append(found < max(column) or (limit is not None and 3 * found > limit))
    return every(answers), numbers


def as_used(values: Any, used: Rates) -> Answer:
    """Whether the rates that were used are the best of those tried."""
    answers, numbers = [], {}
    for name, column in values.items():
        model, optimizer, _ = name.split(", ")
        if len(column) > 1 and optimizer in used.get(model, {}):
            printed = used[model][optimizer][0]
            numbers[name] = {"best": best(column), "used": printed}
            answers.append(bool(np.isclose(best(column), printed, rtol=1e-6)))
    return every(answers), numbers


def stable(values: Any) -> Answer:
    """Whether no run diverged at a rate; with the rates that did, and those above what theory allows."""
    every_rate = {(name, r): entry for name, column in values.items() for r, entry in column.items()}
    numbers = {
        "rates": len(every_rate),
        "diverged (seeds)": {f"{name}, {r:g}": e["diverged"] for (name, r), e in every_rate.items() if e["diverged"]},
        "stable below": {
            f"{name}, {r:g}": e["limit"] for (name, r), e in every_rate.items() if e["limit"] and r > e["limit"]
        },
    }
    return not numbers["diverged (seeds)"], numbers


def draw(readings: Readings, figure: Any) -> None:
    """Mean d_align against the rate by optimiser; a cross where a seed diverged, a line where theory ends."""
    values = readings[ONLY].values
    panels = figure.subplots(1, 2, sharey=True)
    ks = sorted({name.rpartition(" = ")[2] for name in values}, key=int)
    for panel, optimizer in zip(panels, ("nesterov", "adam"), strict=True):
        for name, column in values.items():
            model, which, size = name.split(", ")
            if which != optimizer:
                continue
            line = look.style(model)
            line["linestyle"] = ("-", "--", ":", "-.")[ks.index(size.rpartition(" = ")[2]) % 4]
            line["label"] = look.MODELS[model][0] + (f", {size}" if len(ks) > 1 else "")
            x = sorted(column)
            means = [column[r]["mean"] for r in x]
            panel.plot(x, [np.median(m) for m in means], **line)
            panel.vlines(x, [min(m) for m in means], [max(m) for m in means], line["color"], linewidth=0.8)
            for r in x:
                if column[r]["diverged"]:
                    panel.plot([r], [np.median(column[r]["mean"])], **look.FAILED)
            limit = column[x[0]]["limit"]
            if limit is not None and limit < 30 * max(x):
                panel.axvline(limit, color=line["color"], linestyle=":", linewidth=1)
        panel.set(xscale="log", xlabel="learning rate", title=f"{optimizer}: mean d_align while training")
    look.explain(panels[0], "a seed diverged", **look.FAILED)
    look.explain(panels[0], "largest stable rate, exact", **look.THEORY)
    handles = dict(zip(*reversed(panels[0].get_legend_handles_labels()), strict=True))
    handles |= dict(zip(*reversed(panels[1].get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=3, frameon=False)


def below_limit(values: Any) -> Answer:
    """Whether theory allows every rate that it says something of."""
    numbers = {
        f"{name}, {tried_rate:g}": {"η/limit": tried_rate / entry["limit"], "diverged": entry["diverged"]}
        for name, column in values.items()
        for tried_rate, entry in column.items()
        if entry["limit"] is not None
    }
    return every(one["η/limit"] < 1 for one in numbers.values()), numbers


def draw_limits(readings: Readings, figure: Any) -> None:
    """Each rate over the largest stable one by k, a panel for each reading; a cross where a seed diverged."""
    panels = figure.subplots(1, len(readings), sharey=True, squeeze=False)[0]
    for panel, (reading, measured) in zip(panels, readings.items(), strict=True):
        columns: dict[str, list[tuple[int, float, int]]] = {}
        for name, column in measured.values.items():
            model, _, size = name.split(", ")
            for tried_rate, entry in column.items():
                if entry["limit"] is not None:
                    share = tried_rate / entry["limit"]
                    columns.setdefault(model, []).append((int(size[4:]), share, entry["diverged"]))
        for i, (model, points) in enumerate(columns.items()):
            k, share, diverged = (list(x) for x in zip(*sorted(points), strict=True))
            thick = {"linewidth": 4 - 1.3 * i, "markersize": 9 - 2 * i}  # what lies on top of each other is seen
            panel.plot(k, share, **(look.style(model) | thick))
            bad = [at for at, count in enumerate(diverged) if count]
            panel.plot([k[at] for at in bad], [share[at] for at in bad], **look.FAILED)
        panel.axhline(1.0, **look.THEORY)
        panel.set(xscale="log", yscale="log", xlabel="latents k", title=reading)
        sizes = sorted({int(name.rpartition(" = ")[2]) for name in measured.values})
        panel.set_xticks(sizes, [str(x) for x in sizes])
        panel.set_xticks([], minor=True)
    panels[0].set_ylabel("rate of Table 4 / largest stable rate")
    look.explain(panels[0], "diverged", **look.FAILED)
    look.explain(panels[0], "the largest stable rate", **look.THEORY)
    look.legend(figure, panels[0])
