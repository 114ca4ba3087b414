"""Kunin et al. 2019, Figure 8: the latent representation of the sum loss, k = 2, beside that of PCA.

At a minimum W1X = O(I − λΣ⁻²)^½UᵀX, O orthogonal: the principal components, compressed and turned. The O that fits
best is found by the singular vectors of W1X(UᵀX)ᵀ; what it leaves is measured. Trained as for Figure 7.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.experiments import images, look
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
from numerics.experiments.kunin2019.mnist import strength
from numerics.experiments.kunin2019.mnist import trials as train

K = 2
LEFT = 0.05
"""The share of the latent representation that the best turn may leave unexplained."""
POINTS = 250


def trials(asked: Asked) -> list[Trial]:
    """The sum loss, three seeds, four readings."""
    return train(asked, K, ("uniform-l2",))


def measure(asked: Asked, trials: Trials) -> Readings:
    """The representations of some samples, and how far they are from turned and compressed principal components."""
    shows = images.labels(asked.mnist, "test")
    return {str(trial.source["reading"]): _measured(trial, asked, shows) for trial in trials.values()}


def _measured(trial: Trial, asked: Asked, shows: np.ndarray) -> Measured:
    data = trial.data
    lam = strength(str(trial.source["reading"]), asked["lam"], data)
    compression = np.sqrt(np.maximum(0, 1 - lam / data.sigma2[:K]))
    chosen = np.linspace(0, trial.source["samples"] - 1, POINTS).astype(int)
    components = data.centred(chosen) @ data.basis[:, :K]
    seeds = [
        _turned(ending.encoder, data.basis[:, :K], data.sigma2[:K], compression) for _, ending, _ in trial.finished
    ]
    latent = data.centred(chosen) @ trial.finished[0][1].encoder.T
    labels = np.resize(shows, trial.source["samples"])[chosen]
    values = {"components": components, "latent": latent @ seeds[0]["turn"], "labels": labels, "seeds": seeds}
    rows: list[list[Any]] = [["sample", "label", "pc1", "pc2", "latent1, turned", "latent2, turned"]]
    rows += [
        [i, label, *(f"{x:.5g}" for x in (*a, *b))]
        for i, label, a, b in zip(chosen, labels, components, values["latent"], strict=True)
    ]
    theory = Compared(
        "compression of the components, (1 − λ/σ_i²)^½",
        np.tile(compression, len(seeds)),
        np.concatenate([one["compression"] for one in seeds]),
    )
    return Measured(values, rows, [theory], trial.finished)


def _turned(encoder: np.ndarray, basis: np.ndarray, sigma2: np.ndarray, compression: np.ndarray) -> dict[str, Any]:
    """The orthogonal O nearest to what maps DUᵀX to W1X, what it leaves of W1X, and the lengths of OᵀW1U's columns."""
    seen = encoder @ basis
    u, _, vt = np.linalg.svd((seen * sigma2) @ np.diag(compression).T)
    turn = u @ vt
    left = np.linalg.norm((seen - turn * compression) * np.sqrt(sigma2)) ** 2
    outside = encoder - seen @ basis.T
    whole = np.linalg.norm(seen * np.sqrt(sigma2)) ** 2
    return {
        "turn": turn,
        "left": float(left / whole),
        "outside": float(np.linalg.norm(outside) / np.linalg.norm(encoder)),
        "compression": np.diag(turn.T @ seen),
    }


def embedding(values: Any) -> Answer:
    """Whether hardly anything is left, inside and outside of the plane of principal components."""
    numbers = {name: [one[name] for one in values["seeds"]] for name in ("left", "outside")}
    return all(x <= LEFT for column in numbers.values() for x in column), numbers


def draw(readings: Readings, figure: Any) -> None:
    """PCA, and the turned latent representation of the first seed under each reading; a numeral a sample."""
    panels = figure.subplots(1, len(readings) + 1, squeeze=False)[0]
    first = next(iter(readings.values())).values
    _numerals(panels[0], first["components"], first["labels"])
    panels[0].set_title("PCA")
    for panel, (reading, measured) in zip(panels[1:], readings.items(), strict=True):
        _numerals(panel, measured.values["latent"], measured.values["labels"])
        panel.set_title(reading.replace(", ", ",\n"))


def _numerals(panel: Any, points: np.ndarray, labels: np.ndarray) -> None:
    for digit in range(10):
        colour = look.LINES[digit][0]
        these = points[labels == digit]
        panel.plot(*these.T, linestyle="none", marker=f"${digit}$", markersize=5, color=colour, markeredgewidth=0.2)
    panel.set(xlabel="first direction", ylabel="second", aspect="equal")


FIGURE = Figure(
    "kunin2019/fig8",
    "latent representation of the sum loss beside PCA, k = 2",
    {
        "smoke": setting(3, lam=3.0, epochs=2, seeds=3),
        "small": setting(7, lam=3.0, epochs=100, seeds=3),
        "paper": setting(30, lam=10.0, epochs=100, seeds=3),
    },
    trials,
    measure,
    [
        Sentence(
            "compressed-components",
            "Appendix D.1",
            "the latent representation is, up to orthogonal transformation, the principal component embedding "
            "compressed along each principal direction",
            f"turned as fits best, W1X leaves at most {LEFT} of its variance unexplained, for every seed; and "
            f"W1 lies outside of the principal plane by at most {LEFT} of its length",
            embedding,
        ),
    ],
    draw,
    (12.5, 3.6),
    ("mnist", "epochs"),
)
