"""Kunin et al. 2019, Figure 3: ‖W1 − W2ᵀ‖² while training, for the three losses.

Section 5.1's setting: σ_i = i for i ≤ 20, k = λ = 10. By the Transpose Theorem W1 = W2ᵀ at every critical point of the
sum loss. What the other losses end with is what the start gave: their gradient flow keeps W1W1ᵀ − W2ᵀW2 (the
unregularised and the product loss have the symmetry under GL), Adam nearly does not.
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
    records,
    setting,
)
from numerics.experiments.kunin2019.common import LOSSES, READINGS, by_loss, of
from numerics.experiments.kunin2019.common import trials as train

GONE, LEFT = 1e-6, 1e-2
"""The shares of the distance at the start that count as gone and as left at the end."""
Values = dict[str, list[dict[str, np.ndarray]]]


def trials(asked: Asked) -> list[Trial]:
    """One λ, three losses, three seeds, two readings."""
    return train(m=asked["m"], k=asked["k"], lam=[asked["lam"]], epochs=asked["epochs"], seeds=asked["seeds"])


def measure(asked: Asked, trials: Trials) -> Readings:
    """The distance at every record, by loss and seed."""
    return {reading: _measured(of(reading, list(trials.values()))[0]) for reading in READINGS}


def _measured(trial: Trial) -> Measured:
    runs = by_loss(trial)
    values: Values = {
        loss: [
            {
                "epoch": history["epoch"],
                "distance": history["transpose"] ** 2,
            }
            for *_, history in runs[loss]
        ]
        for loss in LOSSES
    }
    last = [one["distance"][-1] for one in values["uniform-l2"]]
    theory = [Compared("sum: ‖W1 − W2ᵀ‖² at a critical point (Theorem 2.1)", [0.0] * len(last), last)]
    theory += [
        Compared(
            f"{loss}: the least loss",
            [one[0].model.minimum(trial.data.sigma2) for one in runs[loss]],
            [one[2]["loss"][-1] for one in runs[loss]],
        )
        for loss in LOSSES
    ]
    return Measured(values, records(trial.finished), theory, trial.finished)


def shares(values: Values, loss: str) -> list[float]:
    """‖W1 − W2ᵀ‖² at the end as a share of what it was at the start, by seed."""
    return [float(one["distance"][-1] / one["distance"][0]) for one in values[loss]]


def pulled(values: Values) -> Answer:
    """Whether the sum loss makes them equal."""
    found = shares(values, "uniform-l2")
    return all(x <= GONE for x in found), {"sum": found}


def only(values: Values) -> Answer:
    """Whether no other loss does."""
    found = {loss: shares(values, loss) for loss in LOSSES if loss != "uniform-l2"}
    return all(x >= LEFT for column in found.values() for x in column), found


def draw(readings: Readings, figure: Any) -> None:
    """A panel for each reading."""
    panels = figure.subplots(1, len(readings), sharey=True)
    for panel, (reading, measured) in zip(panels, readings.items(), strict=True):
        for loss in LOSSES:
            seeds = measured.values[loss]
            look.band(panel, seeds[0]["epoch"], [np.maximum(one["distance"], 1e-18) for one in seeds], look.style(loss))
        panel.set(yscale="log", xlabel="epoch", title=reading)
    panels[0].set_ylabel("‖W₁ − W₂ᵀ‖²  (median and range of the seeds)")
    look.legend(figure, panels[0])


FIGURE = Figure(
    "kunin2019/fig3",
    "‖W₁ − W₂ᵀ‖² while training with three losses",
    {
        "smoke": setting(2, m=6, k=3, lam=3.0, epochs=1500, seeds=3),
        "small": setting(4, m=20, k=10, lam=10.0, epochs=4000, seeds=3),
        "paper": setting(6, m=20, k=10, lam=10.0, epochs=4000, seeds=10),
    },
    trials,
    measure,
    [
        Sentence(
            "sum-pulls",
            "Section 5.1",
            "the sum loss pulls the encoder and (transposed) decoder together",
            f"for every seed ‖W1 − W2ᵀ‖² ends at or below {GONE:g} of what it was at the start",
            pulled,
        ),
        Sentence(
            "only-the-sum-pulls",
            "Section 5.1",
            "only the sum loss pulls the encoder and (transposed) decoder together",
            f"for every seed and both other losses ‖W1 − W2ᵀ‖² ends at or above {LEFT:g} of what it was at the start",
            only,
        ),
    ],
    draw,
    (8, 3.8),
    ("epochs",),
)
