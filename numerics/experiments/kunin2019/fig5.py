"""Kunin et al. 2019, Figure 5: the eigenvalues τ_i² of W2W1 after training against those of XXᵀ, for many λ.

Section 5.1's setting; the values of λ are not printed. Lines are the Landscape Theorem: 1, (1 + λ/σ²)⁻¹ and 1 − λ/σ²,
which is cut at zero where λ > σ².
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import look
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
    setting,
)
from numerics.experiments.kunin2019.common import LOSSES, NAMES, READINGS, by_loss, of, product, shrunk
from numerics.experiments.kunin2019.common import trials as train

VISIBLE = 0.005
"""A deviation of half a percent of the axis, about the width of a line, cannot be seen."""


def trials(asked: Asked) -> list[Trial]:
    """Every λ, three losses, three seeds, two readings."""
    return train(m=asked["m"], k=asked["k"], lam=asked["lam"], epochs=asked["epochs"], seeds=asked["seeds"])


def measure(asked: Asked, trials: Trials) -> Readings:
    """τ_i² by loss, λ and seed."""
    m, k = asked["m"], asked["k"]
    readings = {}
    for reading in READINGS:
        trained = of(reading, list(trials.values()))
        sigma2 = trained[0].data.sigma2[:k] * m
        values: dict[str, Any] = {"sigma2": sigma2}
        for loss in LOSSES:
            values[loss] = {
                lam: [np.linalg.eigvals(product(one)).real for one in by_loss(trial)[loss]]
                for lam, trial in zip(asked["lam"], trained, strict=True)
            }
            values[loss] = {lam: [np.sort(x)[::-1][:k] for x in seeds] for lam, seeds in values[loss].items()}
        rows: list[list[Any]] = [["loss", "λ", "seed", "σ²", "τ²", "predicted"]]
        for loss, lam, seed, tau2 in _each(values):
            predicted = shrunk(loss, sigma2, lam)
            rows += [
                [loss, f"{lam:g}", seed, *(f"{x:.6g}" for x in row)]
                for row in zip(sigma2, tau2, predicted, strict=True)
            ]
        theory = [
            Compared(
                f"{NAMES[loss]}, λ = {lam:g}: τ_i²",
                np.tile(shrunk(loss, sigma2, lam), len(seeds)),
                np.concatenate(seeds),
            )
            for loss in LOSSES
            for lam, seeds in values[loss].items()
        ]
        readings[reading] = Measured(values, rows, theory, [one for trial in trained for one in trial.finished])
    return readings


def _each(values: Any) -> list[tuple[str, float, int, np.ndarray]]:
    return [
        (loss, lam, seed, tau2)
        for loss in LOSSES
        for lam, seeds in values[loss].items()
        for seed, tau2 in enumerate(seeds)
    ]


def aligned(values: Any) -> Answer:
    """Whether no point is visibly off its line."""
    off = {
        loss: max(
            float(np.abs(tau2 - shrunk(loss, values["sigma2"], lam)).max())
            for name, lam, _, tau2 in _each(values)
            if name == loss
        )
        for loss in LOSSES
    }
    return all(x <= VISIBLE for x in off.values()), {"largest |τ² − predicted|": off}


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading, a column for each loss; colours and markers are the λ: medians and ranges of seeds."""
    panels = figure.subplots(len(readings), len(LOSSES), squeeze=False, sharex=True, sharey=True)
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        sigma2 = measured.values["sigma2"]
        fine = np.geomspace(sigma2.min(), sigma2.max(), 200)
        for panel, loss in zip(row, LOSSES, strict=True):
            for (lam, seeds), (colour, _, marker) in zip(measured.values[loss].items(), look.LINES, strict=False):
                panel.plot(fine, shrunk(loss, fine, lam), color=colour, linewidth=0.9)
                line = {"color": colour, "marker": marker, "linestyle": "none", "label": f"λ = {lam:g}"}
                panel.plot(sigma2, np.median(seeds, axis=0), **line)
                panel.vlines(sigma2, np.min(seeds, axis=0), np.max(seeds, axis=0), colour)
            panel.set_title(f"{NAMES[loss]}, {reading}")
        row[0].set_ylabel("τ²")
    for panel in panels[-1]:
        panel.set_xlabel("σ²")
    look.explain(panels[0][0], "exact", color=look.GREY, linewidth=0.9)
    look.legend(figure, panels[0][0], columns=8)


FIGURE = Figure(
    "kunin2019/fig5",
    "eigenvalues τ² of the trained map against σ² of the data, for many λ",
    {
        "smoke": setting(3, m=6, k=3, lam=(1.0, 3.0), epochs=1500, seeds=3),
        "small": setting(10, m=20, k=10, lam=(1.0, 10.0, 30.0, 60.0, 100.0), epochs=4000, seeds=3),
        "paper": setting(14, m=20, k=10, lam=(1.0, 10.0, 30.0, 60.0, 100.0, 150.0), epochs=4000, seeds=5),
    },
    trials,
    measure,
    [
        Sentence(
            "visually-perfect",
            "Section 5.1",
            "the (literal) alignment of theory and practice is visually perfect",
            f"|τ_i² − predicted| ≤ {VISIBLE:g} for every point",
            aligned,
        )
    ],
    draw,
    (8.4, 5.4),
    ("epochs",),
)
