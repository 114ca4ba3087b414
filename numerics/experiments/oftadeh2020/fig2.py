"""Oftadeh et al. 2020, Figure 2: losses beside their optima, and the principal directions that two losses find.

n = 1000 features with the covariance diag(1000, …, 1) ("diag(N_p)"), 2000 samples, p = 100. The paper stops when one
model has found all principal directions (ACS > 0.99); here each is trained for the 100,000 steps of the schedule, at
the end of which the rate is 10⁻⁶, so that what every seed comes to is seen. The small setting has a fifth of the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import look
from numerics.experiments.curves import epochs_to
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
from numerics.experiments.oftadeh2020.common import FOUND, LOSSES, NAMES, by_loss, runs
from numerics.training.data import from_samples
from numerics.training.job import Schedule

SEED = 2020
NEAR = 1e-3
"""A loss within this share above its minimum counts as converged."""
SHORT = 0.1
"""The last share of the directions: "some final ones"."""


def trials(asked: Asked) -> list[Trial]:
    """Both losses on one sample, for several seeds."""
    variances = np.arange(asked["n"], 0, -1.0)
    samples = np.random.default_rng(SEED).normal(size=(asked["m"], len(variances))) * np.sqrt(variances)
    data = from_samples(samples)
    source = {"synthetic": "Gaussian, covariance diag(n, …, 1)", "n": asked["n"], "m": asked["m"], "seed": SEED}
    schedule = Schedule(asked["epochs"], every=asked["every"])
    return [Trial("both", data, source, runs(data, asked["p"], asked["seeds"]), schedule, asked["dtype"])]


def measure(asked: Asked, trials: Trials) -> Readings:
    """Loss ratios and the ratios of directions, of every seed."""
    trial = trials["both"]
    runs = by_loss(trial)
    gaps = -np.diff(trial.data.sigma2[: asked["p"] + 1])
    values: dict[str, Any] = {"gaps": gaps, "p": asked["p"]}
    for loss, finished in runs.items():
        least = finished[0][0].model.minimum(trial.data.sigma2)
        values[loss] = [_followed(one, least) for one in finished]
    theory = [
        Compared(
            f"{NAMES[loss]}: loss over its least value, at the end",
            np.ones(len(runs[loss])),
            [one["ratio"][-1] for one in values[loss]],
        )
        for loss in LOSSES
    ]
    theory.append(
        Compared("L: RatioTP at the minimum", np.ones(len(runs["summed"])), [one["tp"][-1] for one in values["summed"]])
    )
    return {ONLY: Measured(values, records(trial.finished), theory, trial.finished)}


def _followed(finished: Any, least: float) -> dict[str, Any]:
    history = finished[2]
    inverted = {**history, "missing": 1 - history["ratio_tp"], "some missing": 1 - history["ratio_tp"] - SHORT}
    turned = (finished[0], finished[1], inverted)
    return {
        "epoch": history["epoch"],
        "ratio": history["loss"] / least,
        "tp": history["ratio_tp"],
        "fp": history["ratio_fp"],
        "total": history["ratio_total"],
        "all": epochs_to(turned, "missing", 1e-6),
        "most": epochs_to(turned, "some missing", 1e-6),
    }


def converge(values: Any) -> Answer:
    """Whether both losses end at their optimum."""
    found = {loss: [float(one["ratio"][-1] - 1) for one in values[loss]] for loss in LOSSES}
    return all(x <= NEAR for column in found.values() for x in column), {"loss/least − 1": found}


def decrease(values: Any) -> Answer:
    """Whether no record of a loss ratio is above the one before."""
    found = {loss: [float(np.diff(one["ratio"]).max()) for one in values[loss]] for loss in LOSSES}
    return all(x <= 1e-6 for column in found.values() for x in column), {"largest increase of loss/least": found}


def every_direction(values: Any) -> Answer:
    """Whether L finds all directions in place."""
    found = [float(one["tp"][-1]) for one in values["summed"]]
    return all(x == 1 for x in found), {
        "RatioTP at the end": found,
        "at epoch": [one["all"] for one in values["summed"]],
    }


def fluctuates(values: Any) -> Answer:
    """Whether L's RatioFP ever rises above zero, and always returns to it."""
    peaks = [float(one["fp"].max()) for one in values["summed"]]
    last = [float(one["fp"][-1]) for one in values["summed"]]
    return any(p > 0 for p in peaks) and all(x == 0 for x in last), {"largest RatioFP": peaks, "at the end": last}


def none(values: Any) -> Answer:
    """Whether the MSE never finds any."""
    found = [float(one["total"].max()) for one in values["unregularised"]]
    return all(x == 0 for x in found), {"largest RatioTP + RatioFP": found}


def more_iterations(values: Any) -> Answer:
    """Whether L is later than the MSE within NEAR of its optimum."""
    times = {loss: [_first(one["epoch"], one["ratio"] <= 1 + NEAR) for one in values[loss]] for loss in LOSSES}
    pairs = zip(times["summed"], times["unregularised"], strict=True)
    decided = [None if b is None else (a is None or a > b) for a, b in pairs]
    return None if None in decided else all(decided), {f"epochs to within {NEAR:g} of the optimum": times}


def _first(epochs: np.ndarray, holds: np.ndarray) -> float | None:
    return float(epochs[holds][0]) if holds.any() else None


def slow_end(values: Any) -> Answer:
    """Whether the last tenth of the directions takes at least as long again as all before."""
    most, whole = ([one[name] for one in values["summed"]] for name in ("most", "all"))
    numbers = {"epochs to 90 %": most, "to 100 %": whole, "least gap of eigenvalues": float(values["gaps"].min())}
    if None in most:
        return None, numbers
    return all(w is None or w >= 2 * m for m, w in zip(most, whole, strict=True)), numbers


def draw(readings: Readings, figure: Any) -> None:
    """Losses above their optima, and the shares of directions found."""
    values = readings[ONLY].values
    left, right = figure.subplots(1, 2)
    for loss in LOSSES:
        seeds = values[loss]
        later = slice(1, None)
        epoch = seeds[0]["epoch"][later]
        above = [np.maximum(one["ratio"][later] - 1, 1e-9) for one in seeds]
        line = look.style(loss)
        look.band(left, epoch, above, (line | {"label": NAMES[loss]}))
        name = "RatioTP" if loss == "summed" else "RatioTotal"
        shares = [one["tp" if loss == "summed" else "total"][later] for one in seeds]
        look.band(right, epoch, shares, (line | {"label": f"{name}, {NAMES[loss]}"}))
    wrong = {"color": look.VERMILION, "linestyle": ":", "label": "RatioFP, L"}
    look.band(right, values["summed"][0]["epoch"][1:], [one["fp"][1:] for one in values["summed"]], wrong)
    left.set(xscale="log", yscale="log", xlabel="iteration", title="loss / least loss − 1")
    right.set(xscale="log", xlabel="iteration", title="share of the principal directions found", ylim=(-0.03, 1.03))
    left.legend(loc="lower left")
    right.legend(loc="center left")


FIGURE = Figure(
    "oftadeh2020/fig2",
    "losses beside their optima; principal directions found, in place and out of place",
    {
        "smoke": setting(3, n=12, m=60, p=3, epochs=3000, every=50, seeds=3, dtype="float64"),
        "small": setting(25, n=200, m=400, p=20, epochs=30_000, every=100, seeds=3, dtype="float64"),
        "paper": setting(1800, n=1000, m=2000, p=100, epochs=100_000, every=500, seeds=3, dtype="float32"),
    },
    trials,
    measure,
    [
        Sentence(
            "both-converge",
            "Section 4",
            "the loss ratio of both losses converges to 1, i.e. they both converge to the optimal loss value",
            f"at the end loss/least − 1 ≤ {NEAR:g} for both and every seed",
            converge,
        ),
        Sentence(
            "decreases",
            "Section 4",
            "the loss ratio of both losses continuously decreases",
            "no record of loss/least is more than 10⁻⁶ above the one before",
            decrease,
        ),
        Sentence(
            "L-finds-all",
            "Section 4",
            "L ultimately affords all correct and ordered principal directions, with RatioTP ending with 100%",
            f"RatioTP = 1 at the end for every seed (|cos| > {FOUND})",
            every_direction,
        ),
        Sentence(
            "false-positives-vanish",
            "Section 4",
            "occasionally some principal direction is found at a wrong position; RatioFP goes back to zero",
            "RatioFP is above zero at some record of some seed, and zero at the end of every one",
            fluctuates,
        ),
        Sentence(
            "mse-finds-none",
            "Section 4",
            "L̃ fails to identify any principal direction: both RatioTP and RatioFP stay at 0",
            "RatioTP + RatioFP = 0 at every record of every seed",
            none,
        ),
        Sentence(
            "L-needs-more",
            "Section 4",
            "when both get close enough, L requires more iterations",
            f"for every seed L is within {NEAR:g} of its optimum later than L̃",
            more_iterations,
        ),
        Sentence(
            "last-are-slow",
            "Section 4",
            "it requires much more iterations to find some final ones",
            "from 90 % of the directions to all takes at least as long as from the start to 90 %, for every seed",
            slow_end,
        ),
    ],
    draw,
    (9, 3.8),
    ("epochs",),
)
