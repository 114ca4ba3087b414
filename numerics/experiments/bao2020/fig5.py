"""Bao et al. 2020, Figure 5: the λ that minimise (16), k = 20, on MNIST.

(16) bounds the condition number from below by the rotations alone. Its minimum lies on the boundary λ_1 = 0, λ_k = σ_k²
of what is admissible, where other curvatures vanish: there the exact condition number is infinite. Drawn beside it are
the λ of the least exact condition number, those of Appendix H, and how the exact one grows on the way to the boundary.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.choices import Comparison, compare
from numerics.experiments import images, look
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
from numerics.sharper import every_bound

LOOKS = {
    "best": (look.BLUE, "-", "o"),
    "printed": (look.VERMILION, "--", "s"),
    "experiment": (look.GREEN, "-.", "^"),
    "experiment-scaled": (look.ORANGE, ":", "D"),
}
NAMES = {
    "best": "least exact κ",
    "printed": "(16)",
    "experiment": "√λ even over 0.1 … 0.9 (App. H)",
    "experiment-scaled": "√λ even over (0.1 … 0.9) σₖ",
}
AS_GOOD = 1.01


def trials(asked: Asked) -> list[Trial]:
    """The images."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    return [Trial("images", *images.read(asked.mnist, asked.layout))]


def measure(asked: Asked, trials: Trials) -> Readings:
    """Every choice of λ with its exact condition number, and (16) near its minimum."""
    data, k = trials["images"].data, asked["k"]
    found = compare("l2", data.sigma2[: data.rank], k, scale="main")
    sigma2 = data.sigma2[: data.rank]
    printed = next(choice for choice in found.choices if choice.id == "printed")
    least = _nearby(sigma2, printed.weights, asked["tries"])
    values = {"sigma2": sigma2, "found": found, "nearby": least, "printed": printed}
    rows: list[list[Any]] = [["i", "sigma2", *(choice.id for choice in found.choices)]]
    rows += [[i + 1, f"{sigma2[i]:.6g}", *(f"{choice.weights[i]:.6g}" for choice in found.choices)] for i in range(k)]
    theory = [
        Compared("value of (16) at its minimum, and 10⁻⁸ inside", printed.objective, found.approach[-1][1].objective)
    ]
    return {ONLY: Measured(values, rows, theory)}


def _nearby(sigma2: np.ndarray, lam: np.ndarray, tries: int) -> float:
    """The least value of (16) at admissible λ drawn around the printed one, and far from it."""
    rng = np.random.default_rng(0)
    least = np.inf
    for scale in np.geomspace(1e-4, 3, tries):
        gaps = np.diff(lam) * np.exp(scale * rng.normal(size=len(lam) - 1))
        drawn = np.concatenate([[0.0], np.cumsum(gaps)]) * (lam[-1] / gaps.sum()) * (1 - 1e-9) + 1e-12 * lam[-1]
        bounds = every_bound("l2", sigma2, drawn, scale="half")
        least = min(least, next(float(b.value) for b in bounds if b.id == "bao2020/B/eq16"))
    return float(least)


def _kappa(found: Comparison, id: str) -> float:
    return next(choice.condition_number for choice in found.choices if choice.id == id)


def solves(values: Any) -> Answer:
    """Whether no other λ that was tried has a smaller value of (16)."""
    here = values["printed"].objective
    return values["nearby"] >= here * (1 - 1e-6), {
        "(16) at its minimum": here,
        "least of those tried": values["nearby"],
    }


def optimal(values: Any) -> Answer:
    """Whether the exact condition number is least there."""
    found: Comparison = values["found"]
    numbers = {
        "exact κ at the minimum of (16)": _kappa(found, "printed"),
        "least exact κ": found.optimum.condition_number,
        "no choice is below": found.optimum.lower_bound,
        "on the way, ε: κ": {f"{epsilon:g}": choice.condition_number for epsilon, choice in found.approach},
    }
    return _kappa(found, "printed") <= AS_GOOD * found.optimum.condition_number, numbers


def draw(readings: Readings, figure: Any) -> None:
    """λ by latent, and the exact condition number on the way to the minimum of (16)."""
    values = readings[ONLY].values
    found: Comparison = values["found"]
    left, right = figure.subplots(1, 2)
    k = len(found.choices[0].weights)
    left.plot(range(1, k + 1), values["sigma2"][:k], color=look.BLACK, marker="_", linestyle="none", label="σᵢ²")
    for choice in found.choices:
        if choice.id in LOOKS:
            colour, dash, marker = LOOKS[choice.id]
            kappa = f"{choice.condition_number:.3g}" if np.isfinite(choice.condition_number) else "∞"
            label = f"{NAMES[choice.id]}: κ = {kappa}"
            left.plot(
                range(1, k + 1), choice.weights, color=colour, linestyle=dash, marker=marker, label=label, markersize=3
            )
    left.set(yscale="log", xlabel="latent i", title="λᵢ")
    epsilon = [e for e, _ in found.approach]
    right.plot(
        epsilon, [c.condition_number for _, c in found.approach], color=look.VERMILION, marker="s", label="exact κ"
    )
    right.plot(
        epsilon, [c.objective for _, c in found.approach], color=look.BLUE, linestyle="--", marker="o", label="(16)"
    )
    right.axhline(found.optimum.condition_number, **look.THEORY, label="least exact κ")
    right.set(
        xscale="log", yscale="log", xlabel="distance ε from the boundary", title="on the way to the minimum of (16)"
    )
    right.invert_xaxis()
    right.legend()
    look.legend(figure, left, columns=2)


FIGURE = Figure(
    "bao2020/fig5",
    "the λ that minimise (16), beside those of the least exact condition number",
    {
        "smoke": setting(2, k=3, tries=20),
        "small": setting(5, k=10, tries=200),
        "paper": setting(120, k=20, tries=200),
    },
    trials,
    measure,
    [
        Sentence(
            "solves-16",
            "Appendix I.1",
            "we obtain λ_1, …, λ_k by solving the min max optimization problem in (16)",
            "no admissible λ of those drawn around it, and far from it, has a smaller value of (16)",
            solves,
        ),
        Sentence(
            "optimal",
            "Appendix I.1",
            "these choices are optimal at global minima, because the condition number of the Hessian is minimized",
            f"the exact condition number there is at most {AS_GOOD:g} times the least one",
            optimal,
        ),
    ],
    draw,
    (9, 4.6),
    ("mnist",),
)
