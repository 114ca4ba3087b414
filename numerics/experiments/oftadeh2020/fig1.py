"""Oftadeh et al. 2020, Figure 1: the decoder columns that two losses give in three dimensions, p = 2.

m = 1000 Gaussian samples with zero mean and a diagonal covariance "with reducing diagonal elements", which are not
printed: diag(3, 2, 1) here. By Theorem 1 the columns of the decoder are eigenvectors at every minimum of L; at a
minimum of L̃ they span the plane of the first two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from numerics.experiments import look
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
from numerics.experiments.oftadeh2020.common import FOUND, LOSSES, NAMES, by_loss, cosines, runs
from numerics.training.data import from_samples
from numerics.training.job import Schedule

SEED = 2020
LARGEST = 0.05
"""The distance to the eigenspace at which it counts as found."""


def trials(asked: Asked) -> list[Trial]:
    """Both losses on one sample, for several seeds."""
    spread = np.sqrt(np.asarray(asked["variances"]))
    samples = np.random.default_rng(SEED).normal(size=(asked["m"], len(spread))) * spread
    data = from_samples(samples)
    source = {"synthetic": "Gaussian", "variances": asked["variances"], "samples": asked["m"], "seed": SEED}
    return [Trial("both", data, source, runs(data, 2, asked["seeds"], 1e-2), Schedule(asked["epochs"]))]


def measure(asked: Asked, trials: Trials) -> Readings:
    """The decoder's columns against the eigenvectors of the sampled covariance."""
    trial = trials["both"]
    values: dict[str, Any] = {"basis": trial.data.basis, "sigma2": trial.data.sigma2}
    rows: list[list[Any]] = [["loss", "seed", "column", "x", "y", "z", "|cos| to u_1", "|cos| to u_2"]]
    for loss, finished in by_loss(trial).items():
        values[loss] = [
            {
                "decoder": ending.decoder,
                "cosines": cosines(ending.decoder, trial.data.basis),
                "subspace": float(history["subspace"][-1]),
            }
            for _, ending, history in finished
        ]
        rows += [
            [loss, seed, j + 1, *(f"{x:.6g}" for x in (*one["decoder"][:, j], *one["cosines"][:, j]))]
            for seed, one in enumerate(values[loss])
            for j in range(2)
        ]
    theory = [
        Compared("L: |cos| of column i and eigenvector i (Theorem 1)", np.ones(2 * asked["seeds"]), _inside(values)),
    ]
    theory += [
        Compared(
            f"{NAMES[loss]}: the least loss",
            [one[0].model.minimum(trial.data.sigma2) for one in finished],
            [one[2]["loss"][-1] for one in finished],
        )
        for loss, finished in by_loss(trial).items()
    ]
    return {ONLY: Measured(values, rows, theory, trial.finished)}


def _inside(values: Any) -> list[float]:
    return [float(x) for one in values["summed"] for x in np.diag(one["cosines"])]


def exact(values: Any) -> Answer:
    """Whether L gives both eigenvectors, in order."""
    return all(x > FOUND for x in _inside(values)), {"|cos|": _inside(values)}


def fails(values: Any) -> Answer:
    """Whether no seed of L̃ gives both, in any order."""
    best = [float(one["cosines"].max(axis=1).min()) for one in values["unregularised"]]
    return all(x <= FOUND for x in best), {"|cos| of the eigenvector that is met worst": best}


def projects(values: Any) -> Answer:
    """Whether L̃ finds the plane."""
    found = [one["subspace"] for one in values["unregularised"]]
    return all(x <= LARGEST for x in found), {"d_sub": found}


def draw(readings: Readings, figure: Any) -> None:
    """The columns of each seed seen from above (x, y) and from the side (x, z), over the sample's ellipse."""
    values = readings[ONLY].values
    panels = figure.subplots(2, len(LOSSES), squeeze=False, sharex=True, sharey=True)
    angle = np.linspace(0, 2 * np.pi, 100)
    axes = np.sqrt(values["sigma2"])
    for column, loss in enumerate(LOSSES):
        for row, (first, second) in enumerate(((0, 1), (0, 2))):
            panel = panels[row, column]
            panel.fill(axes[0] * np.cos(angle), axes[first + second] * np.sin(angle), color=look.GREY, alpha=0.2)
            _arrows(panel, values[loss], (first, second))
            panel.set(aspect="equal", xlim=(-2, 2), ylim=(-2, 2), title=f"{NAMES[loss]}, seen in x, {'xyz'[second]}")
            panel.set_xlabel("x" if row else "")
            panel.set_ylabel("xyz"[second] if column == 0 else "")
    look.legend(figure, panels[0, 0], columns=2)


def _arrows(panel: Any, seeds: Sequence[dict[str, Any]], plane: tuple[int, int]) -> None:
    """Columns scaled to length 3/2."""
    for seed, one in enumerate(seeds):
        for j, (colour, dash) in enumerate(((look.BLUE, "-"), (look.VERMILION, "--"))):
            arrow = 1.5 * one["decoder"][:, j] / np.linalg.norm(one["decoder"][:, j])
            label = f"column {j + 1} (a line per seed)" if seed == 0 else None
            panel.plot([0, arrow[plane[0]]], [0, arrow[plane[1]]], color=colour, linestyle=dash, label=label)
            panel.plot(arrow[plane[0]], arrow[plane[1]], color=colour, marker="os"[j], markersize=5)


FIGURE = Figure(
    "oftadeh2020/fig1",
    "decoder columns of the summed loss L and of the MSE in three dimensions",
    {
        "smoke": setting(2, m=200, variances=(3.0, 2.0, 1.0), epochs=4000, seeds=3),
        "small": setting(4, m=1000, variances=(3.0, 2.0, 1.0), epochs=10_000, seeds=5),
        "paper": setting(4, m=1000, variances=(3.0, 2.0, 1.0), epochs=20_000, seeds=10),
    },
    trials,
    measure,
    [
        Sentence(
            "L-exact",
            "Figure 1",
            "the newly proposed L yields the exact desired eigenvectors",
            f"|cos| of column i and eigenvector i of the sampled covariance > {FOUND}, for i = 1, 2 and every seed",
            exact,
        ),
        Sentence(
            "mse-fails",
            "Figure 1",
            "the MSE loss fails to do so",
            f"for every seed there is an eigenvector that no column meets with |cos| > {FOUND}",
            fails,
        ),
        Sentence(
            "mse-projects",
            "Section 2",
            "and only projects onto the eigenspace spanned by the principal eigenvectors",
            f"d_sub ≤ {LARGEST} for every seed of the MSE loss",
            projects,
        ),
    ],
    draw,
    (6.6, 7),
    ("epochs",),
)
