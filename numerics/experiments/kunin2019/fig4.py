"""Kunin et al. 2019, Figure 4: the heat map of [U V_*]ᵀ[U U_*], where W2W1 = U_*Σ_*V_*ᵀ after training.

Section 5.1's setting. U_* and V_* have k columns here, those of positive singular values: the others span the null
space in any basis. By the Landscape Theorem W2W1 is UᵢDUᵢᵀ at every minimum; D is the identity for the unregularised
loss, so that its singular vectors may be any basis of the subspace.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from numerics.training.campaign import Finished

NEAR = 0.01
"""Two directions are called the same if the absolute value of their cosine is above 1 − NEAR."""
REGULARISED = ("product", "uniform-l2")


def trials(asked: Asked) -> list[Trial]:
    """One λ, three losses, three seeds, two readings."""
    return train(m=asked["m"], k=asked["k"], lam=[asked["lam"]], epochs=asked["epochs"], seeds=asked["seeds"])


def measure(asked: Asked, trials: Trials) -> Readings:
    """The heat maps, and the cosines on the diagonals of their blocks."""
    return {reading: _measured(of(reading, list(trials.values()))[0], asked) for reading in READINGS}


def _measured(trial: Trial, asked: Asked) -> Measured:
    basis, k, runs = trial.data.basis, asked["k"], by_loss(trial)
    values = {loss: [_compared(one, basis, k) for one in runs[loss]] for loss in LOSSES}
    rows: list[list[Any]] = [["loss", "seed", "i", "u·u*", "u·v*", "v*·u*"]]
    for loss, seeds in values.items():
        for seed, one in enumerate(seeds):
            columns = [one[name] for name in ("uu", "uv", "vu")]
            rows += [[loss, seed, i + 1, *(f"{c[i]:.6g}" for c in columns)] for i in range(k)]
    sigma2 = trial.data.sigma2[:k]
    theory = [
        Compared(
            f"{NAMES[loss]}: singular values of W2W1",
            np.tile(shrunk(loss, sigma2, asked["lam"] / asked["m"]), len(values[loss])),
            np.concatenate([one["sizes"] for one in values[loss]]),
        )
        for loss in LOSSES
    ]
    return Measured(values, rows, theory, trial.finished)


def _compared(finished: Finished, basis: np.ndarray, k: int) -> dict[str, np.ndarray]:
    u, sizes, vt = np.linalg.svd(product(finished))
    left, right = u[:, :k], vt[:k].T
    return {
        "map": np.hstack([basis, right]).T @ np.hstack([basis, left]),
        "uu": np.sum(basis[:, :k] * left, axis=0),
        "uv": np.sum(basis[:, :k] * right, axis=0),
        "vu": np.sum(right * left, axis=0),
        "sizes": sizes[:k],
    }


def _least(values: Any, losses: Sequence[str], name: str) -> dict[str, list[float]]:
    """The least |cosine| of each loss, by seed."""
    return {loss: [float(np.abs(one[name]).min()) for one in values[loss]] for loss in losses}


def same(values: Any) -> Answer:
    """Whether U_* ≈ V_*, signs included."""
    found = {loss: [float(one["vu"].min()) for one in values[loss]] for loss in LOSSES}
    return all(x > 1 - NEAR for column in found.values() for x in column), found


def found(values: Any) -> Answer:
    """Whether U ≈ U_* and U ≈ V_* for both regularised losses."""
    cosines = {name: _least(values, REGULARISED, name) for name in ("uu", "uv")}
    return all(x > 1 - NEAR for block in cosines.values() for column in block.values() for x in column), cosines


def lost(values: Any) -> Answer:
    """Whether the unregularised loss misses a direction for every seed."""
    cosines = _least(values, ("unregularised",), "uu")
    return all(x <= 1 - NEAR for x in cosines["unregularised"]), cosines


def draw(readings: Readings, figure: Any) -> None:
    """A row for each reading, a column for each loss."""
    panels = figure.subplots(len(readings), len(LOSSES), squeeze=False)
    maps = [measured.values[loss][0]["map"] for measured in readings.values() for loss in LOSSES]
    look.matrices(figure, panels.ravel(), maps)
    for row, (reading, measured) in zip(panels, readings.items(), strict=True):
        row[0].set_ylabel(reading)
        for panel, loss in zip(row, LOSSES, strict=True):
            m = measured.values[loss][0]["map"].shape[0] - len(measured.values[loss][0]["uu"])
            size = measured.values[loss][0]["map"].shape[0]
            panel.axhline(m - 0.5, color=look.VERMILION, linewidth=0.8)
            panel.axvline(m - 0.5, color=look.VERMILION, linewidth=0.8)
            panel.set_xticks([m / 2, (m + size) / 2], ["U", "U*"])
            panel.set_yticks([m / 2, (m + size) / 2], ["U", "V*"])
            panel.set_title(NAMES[loss])


FIGURE = Figure(
    "kunin2019/fig4",
    "heat map of [U V*]ᵀ[U U*], the singular vectors of data and trained map",
    {
        "smoke": setting(2, m=6, k=3, lam=3.0, epochs=1500, seeds=3),
        "small": setting(4, m=20, k=10, lam=10.0, epochs=4000, seeds=3),
        "paper": setting(6, m=20, k=10, lam=10.0, epochs=4000, seeds=10),
    },
    trials,
    measure,
    [
        Sentence(
            "lower-right",
            "Section 5.1",
            "the lower right quadrant shows U* ≈ V* for each loss",
            f"⟨v*_i, u*_i⟩ > {1 - NEAR:g} for every i ≤ k, loss and seed",
            same,
        ),
        Sentence(
            "regularised-find-U",
            "Section 5.1",
            "U ≈ U* and U ≈ V* up to column sign for the product and sum losses",
            f"|⟨u_i, u*_i⟩| and |⟨u_i, v*_i⟩| > {1 - NEAR:g} for every i ≤ k, both losses and every seed",
            found,
        ),
        Sentence(
            "unregularised-does-not",
            "Section 5.1",
            "but not for the unregularized loss",
            f"for every seed there is i ≤ k with |⟨u_i, u*_i⟩| ≤ {1 - NEAR:g}",
            lost,
        ),
    ],
    draw,
    (8.4, 5.4),
    ("epochs",),
)
