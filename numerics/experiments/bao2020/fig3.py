"""Bao et al. 2020, Figure 3: UᵀW2 while training with Nesterov's method, and the decoder's columns as images.

The epochs are 0, 1000, 5000 and 10,000, on MNIST with k = 20; in the small setting fewer, on digits with k = 10. The
caption calls ±1 what the diagonal of UᵀW2 holds at an ordered solution. Theory has other lengths: (1 − λ_i/σ_i²)^½ for
non-uniform L2, and any for RAG and nested dropout, whose losses leave the lengths of the columns free. The flow of both
conserves the diagonal of W1W1ᵀ − W2ᵀW2, nearly zero at the start, so that their columns come to length 1 where steps
follow the flow. Both are drawn beside the runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import images, look
from numerics.experiments.bao2020.common import MODELS, ORDERED, kept, prior, regularisers
from numerics.experiments.bao2020.fig2 import RATES
from numerics.experiments.curves import every
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
    setting,
)
from numerics.training import starts
from numerics.training.catalogue import make
from numerics.training.data import Data
from numerics.training.job import Schedule
from numerics.training.plan import plan
from numerics.training.program import Run, automatic_rate

UNIT = 0.1
"""How far from 1 a diagonal entry may be to be "±1", and from 0 the others."""
ALIGNED = 0.05
"""d_align of an axis-aligned solution."""
FACTORS = {"rag": 1.0, "vae": 4.0}
"""Multiples of the automatic rate in the small setting; 1 for the others."""
FREE = {"uniform-l2": "any rotation", "vae": "any order"}
"""What minima leave open."""
PUBLISHED = {"l2": 1e-3, "rag": 3e-3, "vae": 1e-3}
"""Rates of the paper's setting; the larger ones of Table 2's search would be other choices."""


def trials(asked: Asked) -> list[Trial]:
    """All models, trained to each of the epochs: the same runs, looked at when they have come so far."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout)
    k = asked["k"]
    scale = float(np.sqrt(data.sigma2[k - 1])) if asked["scaled"] else 1.0
    lam = regularisers(k, 0.1 * scale, 0.9 * scale)
    runs: list[Run] = []
    for model in kept(asked["models"], asked.without):
        tried = PUBLISHED.get(model, RATES[model]["nesterov"][0])
        if asked["scaled"]:
            known = "nested-dropout" if model == "nested-dropout-sample" else model
            automatic = automatic_rate(make(known, k, data.sigma2, lam=lam, prior=prior(k)), "nesterov", data.sigma2)
            tried = FACTORS.get(model, 1.0) * automatic
        how: dict[str, Any] = {"seeds": range(asked["seeds"]), "lam": lam, "prior": prior(k)}
        runs += plan(data, ks=[k], models=[model], optimizers=["nesterov"], rates=[tried], **how)
    return [Trial(f"epoch-{epochs}", data, source, tuple(runs), Schedule(epochs)) for epochs in asked["epochs"]]


def measure(asked: Asked, trials: Trials) -> Readings:
    """UᵀW2 at the start and at each of the epochs, and the decoders at the last."""
    values: dict[str, Any] = {"epochs": (0, *asked["epochs"]), "models": {}}
    last = list(trials.values())[-1]
    for one in last.finished:
        run, ending, history = one
        seen = values["models"].setdefault(run.model.name, [])
        turned = [_start(run, last.data)]
        for trial in trials.values():
            decoder = next(e.decoder for r, e, _ in trial.finished if r.name == run.name)
            turned.append(last.data.basis[:, : run.model.k].T @ decoder)
        seen.append(
            {
                "maps": turned,
                "decoder": ending.decoder,
                "run": run,
                "alignment": float(history["alignment"][-1]),
                "ordered": float(history["ordered_alignment"][-1]),
                "subspace": float(history["subspace"][-1]),
            }
        )
    rows: list[list[Any]] = [["model", "seed", "epoch", "i", "j", "u_i·w_j"]]
    rows += [
        [model, seed, epoch, i + 1, j + 1, f"{x:.6g}"]
        for model, seeds in values["models"].items()
        for seed, one in enumerate(seeds)
        for epoch, image in zip(values["epochs"], one["maps"], strict=True)
        for (i, j), x in np.ndenumerate(image)
    ]
    theory = []
    for model in (*ORDERED, "nested-dropout-sample"):
        if seeds := values["models"].get(model):
            seeds[0]["exact"] = lengths = exact_lengths(seeds[0]["run"], last.data.sigma2)
            what = "(1 − λ_i/σ_i²)^½" if model == "l2" else "1 along the flow"
            found = np.concatenate([np.linalg.norm(x["decoder"], axis=0) for x in seeds])
            name = look.MODELS[model][0]
            theory.append(Compared(f"{name}: lengths of the columns, {what}", np.tile(lengths, len(seeds)), found))
    return {ONLY: Measured(values, rows, theory, last.finished)}


def exact_lengths(run: Run, sigma2: np.ndarray) -> np.ndarray:
    """The lengths of W2's columns at the minimum that the flow comes to from a start that is nearly zero.

    >>> from numerics.training.catalogue import make
    >>> sigma2 = np.array([4.0, 2.0])
    >>> exact_lengths(Run(make("l2", 2, sigma2, lam=[1.0, 3.0]), "gd", 0.1), sigma2).round(3)
    array([0.866, 0.   ])
    """
    return np.sqrt(np.maximum(0, 1 - np.array(run.model.loss.ridge) / sigma2[: run.model.k]))


def _start(run: Run, data: Data) -> np.ndarray:
    """UᵀW2 at the start."""
    return (starts.draw(run.start, run.model.k, data, run.seed)[1] @ data.basis[:, : run.model.k]).T


def _entries(one: dict[str, Any]) -> tuple[float, float]:
    """How far the diagonal is from ±1, and the largest entry beside it."""
    last = one["maps"][-1]
    beside = last - np.diag(np.diag(last))
    return float(np.abs(np.abs(np.diag(last)) - 1).max()), float(np.abs(beside).max())


def diagonal(values: Any) -> Answer:
    """Whether ordered solutions have ±1 on the diagonal of UᵀW2, and nothing beside it."""
    answers, numbers = [], {}
    for model, seeds in values["models"].items():
        for seed, one in enumerate(seeds):
            if one["ordered"] <= ALIGNED:
                off, beside = _entries(one)
                numbers[f"{model}, seed {seed}"] = {"farthest from ±1": off, "largest beside the diagonal": beside}
                answers.append(off <= UNIT and beside <= UNIT)
    return every(answers), numbers


def directions(values: Any) -> Answer:
    """The same of columns of length one."""
    answers, numbers = [], {}
    for model, seeds in values["models"].items():
        for seed, one in enumerate(seeds):
            if one["ordered"] <= ALIGNED:
                unit = one["maps"][-1] / np.linalg.norm(one["decoder"], axis=0)
                off, beside = _entries({"maps": [unit]})
                numbers[f"{model}, seed {seed}"] = {"farthest from ±1": off, "largest beside the diagonal": beside}
                answers.append(off <= UNIT and beside <= 2 * UNIT)
    return every(answers), numbers


def permutation(values: Any) -> Answer:
    """Whether the linear VAE's UᵀW2 is near a permutation that is not the identity."""
    seeds = values["models"].get("vae", [])
    numbers = {"d_align": [x["alignment"] for x in seeds], "ordered": [x["ordered"] for x in seeds]}
    return every(x["alignment"] <= ALIGNED < x["ordered"] for x in seeds), numbers


def uniform(values: Any) -> Answer:
    """Whether the uniform L2's is not."""
    seeds = values["models"].get("uniform-l2", [])
    return every(x["alignment"] > ALIGNED if x["subspace"] <= 0.05 else None for x in seeds), {
        "d_align": [x["alignment"] for x in seeds],
        "d_sub": [x["subspace"] for x in seeds],
    }


def draw(readings: Readings, figure: Any) -> None:
    """A row for each model; UᵀW2 of the first seed by epochs, each divided by its largest entry, and the decoder."""
    values = readings[ONLY].values
    models, epochs = values["models"], values["epochs"]
    wide = [1] * (len(epochs) + 1) + [1.25]
    panels = figure.subplots(len(models), len(wide), squeeze=False, width_ratios=wide)
    for row, (model, seeds) in zip(panels, models.items(), strict=True):
        one = seeds[0]
        maps = [*one["maps"], *([np.diag(one["exact"])] if "exact" in one else [])]
        look.matrices(figure, row[: len(maps)], [x / (np.abs(x).max() or 1.0) for x in maps], bar=False)
        if "exact" not in one:
            row[-2].set(aspect="equal", frame_on=False)
            look.bare(row[-2])
            row[-2].text(0.5, 0.5, FREE[model], ha="center", va="center")
        look.digits(row[-1], one["decoder"].T, columns=5)
        row[0].set_ylabel(look.MODELS[model][0].replace(" ", "\n", 1).replace("nested dropout", "nested\ndropout"))
    for panel, title in zip(panels[0], [*(f"epoch {epoch}" for epoch in epochs), "exact, but for signs"], strict=False):
        panel.set_title(title)
    panels[0][-1].set_title(f"W₂, epoch {epochs[-1]}")
    figure.supxlabel("UᵀW₂ and W₂, each divided by its largest entry: black −1, grey 0, white 1", fontsize=9)


FIGURE = Figure(
    "bao2020/fig3",
    "UᵀW₂ while training, and decoder columns as images",
    {
        "smoke": setting(3, k=3, scaled=True, models=("l2", "rag", "vae"), seeds=3, epochs=(20, 200)),
        "small": setting(20, k=10, scaled=True, models=MODELS, seeds=3, epochs=(100, 1000, 5000)),
        "paper": setting(60_000, k=20, scaled=False, models=MODELS, seeds=3, epochs=(1000, 5000, 10_000)),
    },
    trials,
    measure,
    [
        Sentence(
            "diagonal-of-ones",
            "Figure 3",
            "an ordered, axis-aligned solution corresponds to diagonal UᵀW2 with ±1 diagonal entries",
            f"where the ordered distance is ≤ {ALIGNED}, the diagonal is within {UNIT} of ±1, the rest of 0",
            diagonal,
        ),
        Sentence(
            "diagonal-of-directions",
            "Figure 3",
            "the same, of columns of W2 divided by their lengths",
            f"where the ordered distance is ≤ {ALIGNED}: the diagonal within {UNIT} of ±1, the rest {2 * UNIT} of 0",
            directions,
        ),
        Sentence(
            "vae-permutation",
            "Figure 3",
            "the linear VAE does not enforce order, so UᵀW2 will resemble a permutation matrix at convergence",
            f"d_align ≤ {ALIGNED} at the last epoch, but not the ordered distance, for every seed",
            permutation,
        ),
        Sentence(
            "uniform-l2-fails",
            "Section 7",
            "the uniform ℓ2 regularization fails to learn the axis-aligned solutions",
            f"d_align > {ALIGNED} at the last epoch, though d_sub ≤ 0.05, for every seed",
            uniform,
        ),
    ],
    draw,
    (10.6, 10.5),
    ("mnist", "seeds", "without"),
)
