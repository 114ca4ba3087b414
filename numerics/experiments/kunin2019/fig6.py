"""Kunin et al. 2019, Figure 6: the image of the unit circle under A, B and AB of (9), for k = 2.

Section 5.1's setting with k = 2. A = Σ_*^{−½}UᵀW2 and B = W1UΣ_*^{−½}, with the first k columns of U and the k singular
values of W2W1 in Σ_*. By the Landscape Theorem AB = I for every loss, and A and B are orthogonal for the sum loss.
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
from numerics.experiments.kunin2019.common import LOSSES, NAMES, READINGS, by_loss, of, product
from numerics.experiments.kunin2019.common import trials as train
from numerics.training.campaign import Finished

NEAR = 0.01
"""Deviations from the identity up to this count as none."""
PARTS = {"A": (look.BLUE, "-"), "B": (look.VERMILION, "--"), "AB": (look.GREEN, "-.")}


def trials(asked: Asked) -> list[Trial]:
    """One λ, three losses, three seeds, two readings."""
    return train(m=asked["m"], k=2, lam=[asked["lam"]], epochs=asked["epochs"], seeds=asked["seeds"])


def measure(asked: Asked, trials: Trials) -> Readings:
    """A and B, how far AB is from I, and how far A and B are from orthogonal."""
    return {reading: _measured(of(reading, list(trials.values()))[0]) for reading in READINGS}


def _measured(trial: Trial) -> Measured:
    runs = by_loss(trial)
    values = {loss: [_maps(one, trial.data.basis) for one in runs[loss]] for loss in LOSSES}
    rows: list[list[Any]] = [["loss", "seed", "|AB − I|", "|AᵀA − I|", "|BBᵀ − I|"]]
    rows += [
        [loss, seed, *(f"{one[name]:.6g}" for name in ("product", "A orthogonal", "B orthogonal"))]
        for loss in LOSSES
        for seed, one in enumerate(values[loss])
    ]
    theory = [
        Compared(f"{NAMES[loss]}: |AB − I|", np.zeros(len(seeds)), [one["product"] for one in seeds])
        for loss, seeds in values.items()
    ]
    theory.append(Compared("sum: |AᵀA − I|", [0.0] * len(runs["uniform-l2"]), _off(values, "uniform-l2")))
    return Measured(values, rows, theory, trial.finished)


def _maps(finished: Finished, basis: np.ndarray) -> dict[str, Any]:
    """A, B and their deviations, by the spectral norm."""
    _, ending, _ = finished
    k = ending.encoder.shape[0]
    roots = np.sqrt(np.linalg.svd(product(finished))[1][:k])
    a, b = (basis[:, :k].T @ ending.decoder) / roots[:, None], (ending.encoder @ basis[:, :k]) / roots
    off = {"product": a @ b, "A orthogonal": a.T @ a, "B orthogonal": b @ b.T}
    return {"A": a, "B": b, "AB": a @ b} | {name: _from_one(matrix) for name, matrix in off.items()}


def _from_one(matrix: np.ndarray) -> float:
    return float(np.linalg.norm(matrix - np.eye(len(matrix)), 2))


def _off(values: Any, loss: str) -> list[float]:
    """How far A or B is from orthogonal, by seed."""
    return [max(one["A orthogonal"], one["B orthogonal"]) for one in values[loss]]


def inverse(values: Any) -> Answer:
    """Whether AB = I."""
    found = {NAMES[loss]: [one["product"] for one in values[loss]] for loss in LOSSES}
    return all(x <= NEAR for column in found.values() for x in column), {"|AB − I|": found}


def orthogonal(values: Any) -> Answer:
    """Whether A and B are orthogonal for the sum loss."""
    found = _off(values, "uniform-l2")
    return all(x <= NEAR for x in found), {"largest of |AᵀA − I|, |BBᵀ − I|": found}


def deformed(values: Any) -> Answer:
    """Whether they are not for the others."""
    found = {NAMES[loss]: _off(values, loss) for loss in LOSSES if loss != "uniform-l2"}
    return all(x > 0.1 for column in found.values() for x in column), {"largest of |AᵀA − I|, |BBᵀ − I|": found}


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading, a column for each loss: the circle's images for the first seed."""
    panels = figure.subplots(len(readings), len(LOSSES), squeeze=False, sharex=True, sharey=True)
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.array([np.cos(angle), np.sin(angle)])
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        for panel, loss in zip(row, LOSSES, strict=True):
            panel.plot(*circle, color=look.GREY, linewidth=4, alpha=0.35, label="unit circle")
            for name, (colour, dash) in PARTS.items():
                panel.plot(*(measured.values[loss][0][name] @ circle), color=colour, linestyle=dash, label=name)
            panel.set(aspect="equal", title=f"{NAMES[loss]}, {reading}")
    look.legend(figure, panels[0][0], columns=4)


FIGURE = Figure(
    "kunin2019/fig6",
    "the unit circle under A, B and AB of (9), k = 2",
    {
        "smoke": setting(2, m=6, lam=3.0, epochs=1500, seeds=3),
        "small": setting(4, m=20, lam=10.0, epochs=4000, seeds=3),
        "paper": setting(4, m=20, lam=10.0, epochs=4000, seeds=10),
    },
    trials,
    measure,
    [
        Sentence(
            "inverse",
            "Appendix D, (9)",
            "A and B satisfy AB = I_k for all losses",
            f"|AB − I| ≤ {NEAR:g} in the spectral norm for every loss and seed",
            inverse,
        ),
        Sentence(
            "orthogonal",
            "Appendix D, (9)",
            "and are each orthogonal for the sum loss",
            f"|AᵀA − I| and |BBᵀ − I| ≤ {NEAR:g} for every seed",
            orthogonal,
        ),
        Sentence(
            "deformed",
            "Figure 6",
            "non-orthogonal transformations deform the circle to an ellipse (unregularized and product loss)",
            "|AᵀA − I| or |BBᵀ − I| > 0.1 for every seed of both",
            deformed,
        ),
    ],
    draw,
    (8.4, 5.8),
    ("epochs",),
)
