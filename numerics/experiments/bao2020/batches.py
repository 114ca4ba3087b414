"""Bao et al. 2020, Figures 7 and 8: the models of Figure 2 but uniform L2, trained with mini-batches.

An epoch is a pass over all samples; the paper's are of 1000 and of 100 of MNIST's 60,000 images, 60 and 600 steps.
In the small setting batches of digits make 10 and 60 steps. Learning rates are not printed for these figures: here
they are those of Figure 2 (a quarter of the automatic one in the small setting). Beside them the same runs are
trained with full batches, for as many steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import images, look
from numerics.experiments.bao2020.common import (
    BREAKING,
    GOAL,
    MODELS,
    PANELS,
    Curves,
    followed,
    kept,
    prior,
    regularisers,
)
from numerics.experiments.bao2020.fig2 import RATES
from numerics.experiments.curves import every, fastest, median
from numerics.experiments.figure import (
    ONLY,
    Answer,
    Asked,
    Figure,
    Measured,
    Preset,
    Readings,
    Sentence,
    Trial,
    Trials,
    records,
)
from numerics.training.catalogue import make
from numerics.training.job import Schedule
from numerics.training.plan import plan
from numerics.training.program import Run, automatic_rate

RAG, L2 = "rag, nesterov", "l2, nesterov"
SHOWN = tuple(model for model in MODELS if model != "uniform-l2")
SHARE = 0.25
"""Of the automatic learning rate."""


def trials(asked: Asked) -> list[Trial]:
    """The same runs with mini-batches and with full ones."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout)
    assert data.samples is not None
    k, steps = asked["k"], len(data.samples) // asked["batch"]
    scale = float(np.sqrt(data.sigma2[k - 1])) if asked["scaled"] else 1.0
    lam = regularisers(k, 0.1 * scale, 0.9 * scale)
    found = []
    for name, batch, epochs in (("mini", asked["batch"], asked["epochs"]), ("full", None, asked["epochs"] * steps)):
        runs: list[Run] = []
        for model in kept(asked["models"], asked.without):
            for optimizer, printed in RATES[model].items():
                tried = printed[len(printed) // 2]
                if asked["scaled"]:
                    known = "nested-dropout" if model == "nested-dropout-sample" else model
                    made = make(known, k, data.sigma2, lam=lam, prior=prior(k))
                    tried = SHARE * automatic_rate(made, optimizer, data.sigma2)
                how: dict[str, Any] = {"seeds": range(asked["seeds"]), "batch": batch, "lam": lam, "prior": prior(k)}
                runs += plan(data, ks=[k], models=[model], optimizers=[optimizer], rates=[tried], **how)
        schedule = Schedule(epochs, every=1 if batch else steps)
        about = {**source, "batch": batch or len(data.samples), "steps in an epoch": steps if batch else 1}
        found.append(Trial(name, data, about, tuple(runs), schedule, "float32"))
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """The curves with mini-batches and with full ones, the latter counted in the epochs of the former."""
    values = {name: followed(fastest(trial.finished), trial.data) for name, trial in trials.items()}
    steps = trials["mini"].source["steps in an epoch"]
    full = {
        name: [(run, ending, {**h, "epoch": h["epoch"] / steps}) for run, ending, h in seeds]
        for name, seeds in values["full"].runs.items()
    }
    values["full"] = Curves(full, trials["full"].data)
    shown = [one for seeds in values["mini"].runs.values() for one in seeds]
    return {ONLY: Measured(values, records(shown), values["mini"].theory(), shown)}


def similar(values: Any) -> Answer:
    """Whether what aligns with full batches aligns with mini-batches, and nothing else."""
    mini, full = values["mini"], values["full"]
    times = {name: {"mini": mini.times(name), "full": full.times(name)} for name in mini.runs}
    same = ((median(one["mini"]) is None) == (median(one["full"]) is None) for one in times.values())
    return every(same), times


def roughness(curves: Curves, name: str) -> float:
    """The mean change of log d_sub between records, over the last half, by seeds."""
    halves = [np.log(np.maximum(h["subspace"], 1e-16))[len(h["epoch"]) // 2 :] for *_, h in curves.runs[name]]
    return float(np.mean([np.abs(np.diff(half)).mean() for half in halves]))


def stochastic(values: Any) -> Answer:
    """Whether d_sub fluctuates more with mini-batches, where nothing else is random."""
    names = [name for name in values["mini"].runs if "sample" not in name and name.endswith("nesterov")]
    numbers = {name: {which: roughness(values[which], name) for which in ("mini", "full")} for name in names}
    return every(one["mini"] > one["full"] for one in numbers.values()), numbers


def floor(values: Any) -> Answer:
    """Whether d_sub ends higher with mini-batches."""
    numbers = {
        name: {which: values[which].last(name, "subspace") for which in ("mini", "full")}
        for name in values["mini"].runs
        if name.endswith("nesterov")
    }
    return every(min(one["mini"]) > max(one["full"]) for one in numbers.values()), numbers


def draw(readings: Readings, figure: Any) -> None:
    """Both distances over the epochs; thin lines are full batches."""
    values = readings[ONLY].values
    values["mini"].draw(figure, thin="full batches, as many steps (median)")
    for panel, (metric, *_) in zip(figure.axes, PANELS, strict=True):
        for name, seeds in values["full"].runs.items():
            colour = look.MODELS[name.partition(",")[0]][1]
            some = 1 + look.chosen(len(seeds[0][2]["epoch"]) - 1)
            curve = np.median([np.maximum(h[metric][some], 1e-16) for *_, h in seeds], axis=0)
            dash = "--" if name.endswith("adam") else "-"
            panel.plot(seeds[0][2]["epoch"][some], curve, color=colour, linewidth=0.6, linestyle=dash)


def mini_batches(id: str, size: int, settings: dict[str, Preset]) -> Figure:
    """Figure 7 or 8."""
    return Figure(
        id,
        f"five models trained with mini-batches of {size}, beside full batches",
        settings,
        trials,
        measure,
        [
            Sentence(
                "similar",
                "Appendix I.2",
                "we observe similar results as in the full-batch setting (Figure 2)",
                f"the same models and optimisers reach d_align ≤ {GOAL} (median of the seeds) as with full batches",
                similar,
            ),
            Sentence(
                "rag-faster-than-l2",
                "Appendix I.2, Section 7",
                "similar results: with Nesterov RAG has a faster convergence than non-uniform ℓ2",
                f"for every seed RAG reaches d_align ≤ {GOAL} before non-uniform ℓ2",
                lambda values: values["mini"].is_first(RAG, [L2]),
            ),
            Sentence(
                "adam-accelerates",
                "Appendix I.2, Section 7",
                "similar results: Adam accelerates the learning of the regularized models and the linear VAE",
                f"each reaches d_align ≤ {GOAL} in fewer epochs with Adam than with Nesterov, for every seed",
                lambda values: values["mini"].adam_accelerates(values["mini"].named(BREAKING, "nesterov")),
            ),
            Sentence(
                "stochastic",
                "Appendix I.2",
                "with additional stochasticity introduced by mini-batch training",
                "over the last half of training log d_sub changes more from record to record than with full batches",
                stochastic,
            ),
            Sentence(
                "floor",
                "Appendix I.2",
                "the stochasticity keeps the models from the exact subspace",
                "under Nesterov d_sub ends higher than with full batches, for every model and seed",
                floor,
            ),
        ],
        draw,
        (9, 4.6),
        ("mnist", "epochs", "seeds", "without"),
    )
