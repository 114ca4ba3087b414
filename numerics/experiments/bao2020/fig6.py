"""Bao et al. 2020, Figure 6: non-uniform L2 with the λ of Figure 5, beside those of Appendix H, under Adam, 1000
epochs.

The λ that minimise (16) have λ_1 = 0 and λ_k = σ_k², which Theorems 2 and 3 exclude; what the authors' solver
returned is not known. Two readings: the minimum itself, and the same a hundredth of σ_k² inside of the boundary. The
λ of the least exact condition number are trained as well. Learning rates are those of Table 2 for Adam.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import images, look
from numerics.experiments.bao2020.common import GOAL, regularisers
from numerics.experiments.curves import epochs_to, every, median
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
from numerics.optimal import best_regularisers, printed_regularisers
from numerics.training.job import Schedule
from numerics.training.plan import plan

RATES = (1e-3, 3e-3, 1e-2, 3e-2)
READINGS = {"minimum of (16)": 0.0, "0.01 inside": 0.01}
MUCH = 1.2
"""How many times as many epochs are significantly more."""
COLOURS = {"H": (look.BLUE, "-", "o"), "16": (look.VERMILION, "--", "s"), "κ": (look.GREEN, "-.", "^")}


def trials(asked: Asked) -> list[Trial]:
    """A trial for each choice of λ: all rates and seeds."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout)
    k, seen = asked["k"], data.sigma2[: data.rank]
    scale = float(np.sqrt(seen[k - 1])) if asked["scaled"] else 1.0
    choices = {"H": regularisers(k, 0.1 * scale, 0.9 * scale), "κ": best_regularisers(seen, k).weights}
    choices |= {f"16-{i}": printed_regularisers(seen, k, inside) for i, inside in enumerate(READINGS.values())}
    schedule = Schedule(asked["epochs"], asked["every"])
    how: dict[str, Any] = {"ks": [k], "models": ["l2"], "optimizers": ["adam"], "seeds": range(asked["seeds"])}
    return [
        Trial(
            name.replace("κ", "best"),
            data,
            {**source, "λ": name},
            tuple(plan(data, rates=RATES, lam=lam, **how)),
            schedule,
        )
        for name, lam in choices.items()
    ]


def measure(asked: Asked, trials: Trials) -> Readings:
    """The curves of each choice at each rate; a reading is a choice of what Figure 5 means."""
    readings = {}
    for i, (reading, inside) in enumerate(READINGS.items()):
        chosen = {"H": trials["H"], "16": trials[f"16-{i}"], "κ": trials["best"]}
        values = {name: _by_rate(trial) for name, trial in chosen.items()}
        shown = [one for trial in chosen.values() for one in trial.finished]
        lam = np.array(chosen["16"].finished[0][0].model.loss.ridge)
        sigma2 = trials["H"].data.sigma2
        violated = [] if inside else [Unmet("(16)", "0 < λ_1 and λ_k < σ_k²", f"λ_1 = 0, λ_k = σ_k² = {lam[-1]:.4g}")]
        theory = [
            Compared(
                f"{name}: the least loss, at the best rate",
                [run.model.minimum(sigma2) for run, *_ in _best(values[name])],
                [history["loss"][-1] for *_, history in _best(values[name])],
            )
            for name in values
        ]
        readings[reading] = Measured(values, records(shown), theory, shown, violated)
    return readings


def _by_rate(trial: Trial) -> dict[float, list[Any]]:
    found: dict[float, list[Any]] = {}
    for one in trial.finished:
        if one[1].status != "diverged":
            found.setdefault(one[0].rate, []).append(one)
    return found


def _mean(seeds: list[Any], metric: str = "alignment") -> list[float]:
    """The mean of a distance over the epochs, by seed: the smaller, the faster."""
    return [float(history[metric].mean()) for *_, history in seeds]


def _best(rates: dict[float, list[Any]]) -> list[Any]:
    return min(rates.values(), key=lambda seeds: float(np.mean(_mean(seeds))))


def slower(values: Any, other: str = "16") -> Answer:
    """Whether the mean distance to alignment is larger than with the λ of Appendix H, each at its best rate."""
    means = {name: _mean(_best(values[name])) for name in values}
    pairs = zip(means[other], means["H"], strict=True)
    return every(a > b for a, b in pairs), {"mean d_align over the epochs": means}


def every_rate(values: Any) -> Answer:
    """The same at every learning rate."""
    shared = [rate for rate in values["16"] if rate in values["H"]]
    means = {f"{rate:g}": {name: float(np.mean(_mean(values[name][rate]))) for name in ("16", "H")} for rate in shared}
    return every(one["16"] > one["H"] for one in means.values()), {"mean d_align over the epochs": means}


def slow_subspace(values: Any) -> Answer:
    """Whether it takes significantly more epochs to the subspace, at every learning rate."""
    times = {
        f"{rate:g}": {
            name: median(epochs_to(one, "subspace", GOAL) for one in values[name][rate]) for name in ("16", "H")
        }
        for rate in values["16"]
        if rate in values["H"]
    }
    answers = (
        None if one["H"] is None else one["16"] is None or one["16"] >= MUCH * one["H"] for one in times.values()
    )
    return every(answers), {f"epochs to d_sub ≤ {GOAL}": times}


def draw(readings: Readings, figure: Any) -> None:
    """d_align and d_sub over the epochs for every choice at its best rate; thin lines are the other rates."""
    panels = figure.subplots(len(readings), 2, squeeze=False, sharex=True)
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        labels = {"H": "λ of Appendix H", "16": "λ of (16)", "κ": "λ of the least exact κ"}
        for panel, (metric, scale, title) in zip(
            row,
            (("alignment", "linear", "distance to alignment"), ("subspace", "log", "distance to the subspace")),
            strict=True,
        ):
            for name, rates in measured.values.items():
                colour, dash, marker = COLOURS[name]
                best = _best(rates)
                for seeds in rates.values():
                    curve = np.median([h[metric] for *_, h in seeds], axis=0)
                    some = 1 + look.chosen(len(curve) - 1)
                    panel.plot(seeds[0][2]["epoch"][some], curve[some], color=colour, linestyle=dash, linewidth=0.4)
                line = {"color": colour, "linestyle": dash, "marker": marker, "label": labels[name]}
                curves = [np.maximum(h[metric][1:], 1e-16) for *_, h in best]
                look.band(panel, best[0][2]["epoch"][1:], curves, line)
            panel.set(xscale="log", yscale=scale, title=f"{title}, {reading}")
        row[0].set_ylim(-0.03, 1.03)
    for panel in panels[-1]:
        panel.set_xlabel("epoch")
    look.explain(panels[0][0], "other rates (median)", color=look.GREY, linewidth=0.4)
    look.legend(figure, panels[0][0], columns=4)


FIGURE = Figure(
    "bao2020/fig6",
    "non-uniform L2 trained with the λ of (16), beside others",
    {
        "smoke": setting(3, k=3, scaled=True, seeds=3, epochs=100, every=5),
        "small": setting(8, k=10, scaled=True, seeds=3, epochs=1000, every=5),
        "paper": setting(900, k=20, scaled=False, seeds=3, epochs=1000, every=10),
    },
    trials,
    measure,
    [
        Sentence(
            "slow-phase",
            "Appendix I.1",
            "using the λ values optimal at global optima significantly slows down the initial phase of training",
            "at its best rate the mean d_align over the epochs is larger with the λ of (16), for every seed",
            slower,
        ),
        Sentence(
            "slow-at-every-rate",
            "Figure 6",
            "results with different learning rates are shown (with the same outcome)",
            "at every rate at which neither diverges the mean d_align is larger with the λ of (16)",
            every_rate,
        ),
        Sentence(
            "slow-to-the-subspace",
            "Appendix I.1",
            "the same, the initial phase being that in which the subspace is found",
            f"at every rate at which neither diverges d_sub ≤ {GOAL} takes {MUCH:g} times as many epochs or more",
            slow_subspace,
        ),
        Sentence(
            "slow-with-the-least-κ",
            "Section 4.3",
            "the λ values that minimize the Hessian condition number may slow down the earlier phase of training",
            "the same with the λ of the least exact condition number, for every seed",
            lambda values: slower(values, "κ"),
        ),
    ],
    draw,
    (9, 6.4),
    ("mnist", "epochs"),
)
