"""Bah et al. 2019, Figure 4: the start W1 = V_rᵀ, W2 = −V_r, V_r the first r eigenvectors, from which W tends to zero.

By Remark 33, here for r directions at once, ‖W(t)‖² = Σ_i (2e^{2λ_i t} − 1)⁻². Zero is a strict saddle: what
rounding adds to W1 + W2ᵀ grows at the rate λ_1. Euler's method is run twice: in the eigenbasis, where W2 = −W1ᵀ
holds to the last bit at every step, and in the basis of the features, as the paper must have, where it does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.deep_flow import balance, gradient, product
from numerics.experiments import look
from numerics.experiments.bah2019.common import LAST, data
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

READINGS = ("features' basis", "eigenbasis")
NEAR_ZERO = 1e-6
"""‖W‖ that counts as having come near zero."""
UNTIL = 12.0
"""The time up to which ‖W‖ is drawn."""


def trials(asked: Asked) -> list[Trial]:
    """The data of each (d, r)."""
    return [Trial(f"d{d}-r{r}", *data(d)) for d, r in asked["sizes"]]


def measure(asked: Asked, trials: Trials) -> Readings:
    """‖W‖ and the distance to U_rU_rᵀ over time."""
    readings = {}
    for reading in READINGS:
        values = [
            _followed(trial, r, asked, turned=reading == READINGS[1])
            for trial, (_, r) in zip(trials.values(), asked["sizes"], strict=True)
        ]
        rows: list[list[Any]] = [["d", "r", "t", "|W|", "|W| predicted", "|W - U_rU_r^T|"]]
        rows += [
            [x["d"], x["r"], *(f"{v:.6g}" for v in row)]
            for x in values
            for row in zip(x["t"], x["norm"], x["predicted"], x["distance"], strict=True)
        ]
        early = [x["t"] <= asked["early"] for x in values]
        theory = [
            Compared(
                f"log ‖W(t)‖ until t = {asked['early']:g}",
                np.concatenate([np.log(x["predicted"][e]) for x, e in zip(values, early, strict=True)]),
                np.concatenate([np.log(x["norm"][e]) for x, e in zip(values, early, strict=True)]),
            ),
            Compared("W2ᵀW2 − W1W1ᵀ at the start", [0.0] * len(values), [x["imbalance"] for x in values]),
        ]
        readings[reading] = Measured(values, rows, theory)
    return readings


def _followed(trial: Trial, r: int, asked: Asked, *, turned: bool) -> dict[str, Any]:
    """Euler's method for two layers."""
    values, basis = trial.data.sigma2 * trial.source["n"], trial.data.basis
    if turned:
        basis = np.eye(len(values))
    xx, first = (basis * values) @ basis.T, basis[:, :r]
    if turned:
        xx = np.diag(values)
    layers, goal, h = [first.T.copy(), -first], first @ first.T, asked["h"]
    imbalance = float(np.abs(balance(layers)[0]).max())
    times, norms, distances = [], [], []
    for step in range(asked["steps"] + 1):
        if step % asked["every"] == 0:
            w = product(layers)
            times.append(h * step)
            norms.append(float(np.linalg.norm(w)))
            distances.append(float(np.linalg.norm(w - goal)) / r**0.5)
        layers = [w - h * g for w, g in zip(layers, gradient(layers, xx, xx), strict=True)]
    t = np.array(times)
    # 1/(2e^x − 1) = e^−x/(2 − e^−x), which does not overflow
    fall = np.exp(-2 * values[:r, None] * t)
    predicted = np.sqrt(np.sum((fall / (2 - fall)) ** 2, axis=0))
    told = {"d": len(values), "r": r, "t": t, "norm": np.array(norms), "distance": np.array(distances)}
    return told | {"predicted": predicted, "imbalance": imbalance}


def dips(values: Any) -> Answer:
    """Whether W comes near zero."""
    found = [float(x["norm"].min()) for x in values]
    return all(x <= NEAR_ZERO for x in found), {"least ‖W‖": found}


def stays(values: Any) -> Answer:
    """Whether it is there at the end."""
    found = [float(x["norm"][-1]) for x in values]
    return all(x <= NEAR_ZERO for x in found), {"‖W‖ at the end": found}


def escapes(values: Any) -> Answer:
    """Whether it leaves zero for U_rU_rᵀ."""
    found = [float(x["distance"][-1]) for x in values]
    return all(x <= LAST for x in found), {"‖W − U_rU_rᵀ‖/√r at the end": found}


def unbalanced(values: Any) -> Answer:
    """Whether the start is not balanced."""
    found = [x["imbalance"] for x in values]
    return all(x > 1e-8 for x in found), {"|W2ᵀW2 − W1W1ᵀ| at the start": found}


def _some(t: np.ndarray, where: np.ndarray | bool = True) -> np.ndarray:
    """A hundred or so of the places where it holds, evenly."""
    found = np.flatnonzero(np.broadcast_to(where, t.shape))
    return found[:: max(1, len(found) // look.POINTS)]


def draw(readings: Readings, figure: Any) -> None:
    """‖W‖ and the distance to U_rU_rᵀ; dotted is Remark 33."""
    left, right = figure.subplots(1, 2)
    markers = iter(look.LINES)
    for reading, measured in readings.items():
        for x in measured.values:
            colour, dash, marker = next(markers)
            line = {"color": colour, "linestyle": dash, "marker": marker, "markevery": 0.07}
            label = f"d = {x['d']}, r = {x['r']}, {reading}"
            early = _some(x["t"], x["t"] <= UNTIL)
            left.plot(x["t"][early], np.maximum(x["norm"][early], 1e-30), label=label, **line)
            whole = _some(x["t"])
            right.plot(x["t"][whole], np.maximum(x["distance"][whole], 1e-12), **line)
    for x in measured.values:
        shown = _some(x["t"], x["predicted"] > 1e-30)
        left.plot(x["t"][shown], x["predicted"][shown], **look.THEORY)
    look.explain(left, "Remark 33", **look.THEORY)
    left.set(yscale="log", xlabel="time t", title="‖W‖ (from 10⁻³⁰)", ylim=(1e-31, 30), xlim=(-0.3, UNTIL))
    right.set(yscale="log", xlabel="time t", title="‖W − UᵣUᵣᵀ‖ / √r (from 10⁻¹²)")
    look.legend(figure, left, columns=2)


FIGURE = Figure(
    "bah2019/fig4",
    "the start W₁ = V_rᵀ, W₂ = −V_r, from which W should tend to zero",
    {
        "smoke": setting(2, sizes=((10, 1),), h=0.01, steps=3000, every=20, early=1.0),
        "small": setting(4, sizes=((10, 1), (20, 2), (30, 3)), h=0.01, steps=6000, every=10, early=1.0),
        "paper": setting(10, sizes=((10, 1), (20, 2), (30, 5), (50, 10)), h=0.005, steps=40_000, every=40, early=1.0),
    },
    trials,
    measure,
    [
        Sentence(
            "approaches-zero",
            "Section 7 c)",
            "the dip shows that W(t) was approaching zero",
            f"‖W‖ is at or below {NEAR_ZERO:g} at some record",
            dips,
        ),
        Sentence(
            "converges-to-zero",
            "Section 7 c), Remark 33",
            "in such a case the solution should converge to 0",
            f"‖W‖ ≤ {NEAR_ZERO:g} at the end",
            stays,
        ),
        Sentence(
            "escapes",
            "Section 7 c)",
            "due to numerical errors the flow escapes the equilibrium at zero, and converges to U_rU_rᵀ",
            f"‖W − U_rU_rᵀ‖ ≤ {LAST:g} √r at the end",
            escapes,
        ),
        Sentence(
            "not-balanced",
            "Section 7, c) of the list",
            "special balanced, where the balanced conditions are not satisfied",
            "W2ᵀW2 ≠ W1W1ᵀ at the start (by more than 10⁻⁸)",
            unbalanced,
        ),
    ],
    draw,
    (8.6, 4.6),
)
