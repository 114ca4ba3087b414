"""Kunin et al. 2019, Figure 7: left singular vectors of the trained decoder as images, beside principal directions.

k = 9, on MNIST's test images; on scikit-learn's digits in the small setting. How it is trained is said, and left
unsaid, in :mod:`numerics.experiments.kunin2019.mnist`.
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
from numerics.experiments.kunin2019.common import LOSSES, NAMES, by_loss, principal
from numerics.experiments.kunin2019.mnist import strength
from numerics.experiments.kunin2019.mnist import trials as train

K = 9
ALIKE = 0.9
"""Images whose cosine is above this look alike."""


def trials(asked: Asked) -> list[Trial]:
    """Three losses, three seeds, four readings."""
    return train(asked, K, LOSSES)


def measure(asked: Asked, trials: Trials) -> Readings:
    """The singular vectors, and their cosines with the principal directions."""
    return {str(trial.source["reading"]): _measured(trial, asked) for trial in trials.values()}


def _measured(trial: Trial, asked: Asked) -> Measured:
    basis, runs = trial.data.basis, by_loss(trial)
    values: dict[str, Any] = {"basis": basis[:, :K]}
    for loss in LOSSES:
        values[loss] = [
            {
                "left": np.linalg.svd(ending.decoder, full_matrices=False)[0],
                "cosines": principal(ending.decoder, basis),
                "sizes": np.linalg.svd(ending.decoder, compute_uv=False),
            }
            for _, ending, _ in runs[loss]
        ]
    rows: list[list[Any]] = [["loss", "seed", "i", "|cos|"]]
    rows += [
        [loss, seed, i + 1, f"{x:.6g}"]
        for loss in LOSSES
        for seed, one in enumerate(values[loss])
        for i, x in enumerate(one["cosines"])
    ]
    lam = strength(str(trial.source["reading"]), asked["lam"], trial.data)
    shrunk = np.sqrt(np.maximum(0, 1 - lam / trial.data.sigma2[:K]))
    theory = Compared(
        "sum: singular values of the decoder, (1 − λ/σ_i²)^½",
        np.tile(shrunk, len(runs["uniform-l2"])),
        np.concatenate([one["sizes"] for one in values["uniform-l2"]]),
    )
    return Measured(values, rows, [theory], trial.finished)


def _least(values: Any, loss: str) -> list[float]:
    return [float(one["cosines"].min()) for one in values[loss]]


def matches(values: Any) -> Answer:
    """Whether the sum loss finds all nine."""
    found = _least(values, "uniform-l2")
    counts = [int((one["cosines"] > ALIKE).sum()) for one in values["uniform-l2"]]
    return all(x > ALIKE for x in found), {"least |cos|": found, f"directions with |cos| > {ALIKE}": counts}


def others(values: Any) -> Answer:
    """Whether each other loss misses one for every seed."""
    found = {NAMES[loss]: _least(values, loss) for loss in LOSSES if loss != "uniform-l2"}
    return all(x <= ALIKE for column in found.values() for x in column), {"least |cos|": found}


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading: the vectors of three losses, signs as those of the principal directions, and these."""
    panels = figure.subplots(len(readings), len(LOSSES) + 1, squeeze=False)
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        basis = measured.values["basis"]
        for panel, loss in zip(row, LOSSES, strict=False):
            left = measured.values[loss][0]["left"]
            look.digits(panel, (left * np.sign(np.sum(left * basis, axis=0))).T, columns=3)
            panel.set_title(NAMES[loss])
        look.digits(row[-1], basis.T, columns=3)
        row[-1].set_title("principal directions")
        row[0].set_ylabel(reading.replace(", ", ",\n"))


FIGURE = Figure(
    "kunin2019/fig7",
    "left singular vectors of the trained decoder as images, k = 9",
    {
        "smoke": setting(4, lam=3.0, epochs=2, seeds=3),
        "small": setting(8, lam=3.0, epochs=100, seeds=3),
        "paper": setting(2000, lam=10.0, epochs=100, seeds=3),
    },
    trials,
    measure,
    [
        Sentence(
            "sum-matches",
            "Appendix D.1",
            "the decoder from the LAE trained on the sum loss has left singular vectors that match the principal "
            "directions up to sign",
            f"|⟨u_i, v_i⟩| > {ALIKE} for i ≤ {K} and every seed",
            matches,
        ),
        Sentence(
            "only-the-sum",
            "Appendix D.1",
            "only the decoder from the LAE trained on the sum loss does",
            f"for both other losses and every seed there is i ≤ {K} with |⟨u_i, v_i⟩| ≤ {ALIKE}",
            others,
        ),
    ],
    draw,
    (8.4, 9),
    ("mnist", "epochs"),
)
