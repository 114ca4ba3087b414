"""Kunin et al. 2019, Figure 1: the three losses for n = m = k = 1, x² = 4.

The λ of the figure is not printed: λ = 2 here, and λ = 6 > x² for the sum loss, which Section 2.1 speaks of.
Stationary points are found by Newton's method from a grid of starts and told apart by the eigenvalues of the
Hessian; what they should be is printed. The flow from beside the origin is followed to see where it ends (footnotes
16 and 19).
"""

from __future__ import annotations

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
from numerics.hessians import dense_hessian
from numerics.losses import Loss, product, uniform_sum, unregularised

X2 = 4.0
LOSSES: dict[str, tuple[Loss, float]] = {
    "unregularised": (unregularised(1), 0.0),
    "product, λ = 2": (product(1, 2.0), 2.0),
    "sum, λ = 2": (uniform_sum(1, 2.0), 2.0),
    "sum, λ = 6": (uniform_sum(1, 6.0), 6.0),
}
CLOSE = 1e-6
FLAT = 1e-5
"""Eigenvalues of the Hessian up to this size count as zero."""


def trials(asked: Asked) -> list[Trial]:
    """Nothing is trained."""
    return []


def value(loss: Loss, w: np.ndarray) -> float:
    """The loss at w = (w_1, w_2)."""
    return loss.value(w[:1, None], w[1:, None], np.array([[X2]]))


def slope(loss: Loss, w: np.ndarray) -> np.ndarray:
    """Its gradient."""
    return np.concatenate([g.ravel() for g in loss.gradient(w[:1, None], w[1:, None], np.array([[X2]]))])


def bending(loss: Loss, w: np.ndarray) -> np.ndarray:
    """The eigenvalues of its Hessian."""
    return np.linalg.eigvalsh(_hessian(loss, w))


def _hessian(loss: Loss, w: np.ndarray) -> np.ndarray:
    return dense_hessian(lambda a, b: loss.gradient(a, b, np.array([[X2]])), w[:1, None], w[1:, None])


def stationary(loss: Loss, starts: int) -> np.ndarray:
    """The stationary points that Newton's method finds from a grid of starts, (N, 2)."""
    found = []
    for a in np.linspace(-2, 2, starts):
        for b in np.linspace(-2, 2, starts):
            w = np.array([a, b])
            for _ in range(60):
                w = w - np.linalg.pinv(_hessian(loss, w), rcond=1e-9) @ slope(loss, w)
                if not np.abs(w).max() < 1e3:
                    break
            if np.abs(w).max() < 3 and np.abs(slope(loss, w)).max() < 1e-9:
                found.append(w)
    return np.array(found)


def descent(loss: Loss, start: np.ndarray, steps: int) -> np.ndarray:
    """Small steps against the gradient."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - 0.01 * slope(loss, path[-1]))
    return np.array(path)


def shrinkage(name: str) -> float:
    """w_2w_1 at the printed minima."""
    lam = LOSSES[name][1]
    if name.startswith("sum"):
        return max(0.0, 1 - lam / X2)
    return 1 / (1 + lam / X2)


def measure(asked: Asked, trials: Trials) -> Readings:
    """Stationary points, their kinds, and the ends of the flow from both sides of the origin."""
    values: dict[str, Any] = {}
    rows: list[list[Any]] = [["loss", "w1", "w2", "value", "least curvature", "kind"]]
    for name, (loss, _) in LOSSES.items():
        points = stationary(loss, asked["starts"])
        bends = np.array([bending(loss, w) for w in points])
        kinds = np.where(bends[:, 0] < -FLAT, "saddle", "minimum")
        ends = [descent(loss, np.array(start), asked["steps"]) for start in ((0.01, 0.012), (-0.01, -0.008))]
        values[name] = {"points": points, "bends": bends, "kinds": kinds, "paths": ends}
        rows += [
            [name, *(f"{x:.6g}" for x in (*w, value(loss, w), bend[0])), kind]
            for w, bend, kind in zip(points, bends, kinds, strict=True)
        ]
    theory = []
    for name, seen in values.items():
        at_minimum = seen["points"][seen["kinds"] == "minimum"].prod(axis=1)
        theory.append(Compared(f"{name}: w₂w₁ at the minima", np.full(len(at_minimum), shrinkage(name)), at_minimum))
    return {ONLY: Measured(values, rows, theory)}


def _at_origin(seen: dict[str, Any]) -> np.ndarray:
    return np.abs(seen["points"]).max(axis=1) < CLOSE


def origin(values: Any) -> Answer:
    """Whether the origin is the one stationary point of rank 0, a saddle, but a minimum of the sum for λ > x²."""
    told = {}
    for name, seen in values.items():
        rank_zero = np.abs(seen["points"].prod(axis=1)) < CLOSE
        kinds = set(seen["kinds"][_at_origin(seen)].tolist())
        told[name] = {"kind": sorted(kinds), "only one": bool((rank_zero == _at_origin(seen)).all())}
    wanted = {name: ["minimum"] if name == "sum, λ = 6" else ["saddle"] for name in LOSSES}
    return all(one["kind"] == wanted[name] and one["only one"] for name, one in told.items()), told


def hyperbolas(values: Any) -> Answer:
    """Whether all other points of the first two losses are minima on the printed hyperbola."""
    off: dict[str, dict[str, Any]] = {}
    for name in list(LOSSES)[:2]:
        seen = values[name]
        rest = ~_at_origin(seen)
        on = np.abs(seen["points"][rest].prod(axis=1) - shrinkage(name))
        off[name] = {"points": int(rest.sum()), "farthest": float(on.max()), "kinds": sorted(set(seen["kinds"][rest]))}
    return all(x["farthest"] <= CLOSE and x["kinds"] == ["minimum"] for x in off.values()), off


def isolated(values: Any) -> Answer:
    """Whether the sum with λ < x² has just two other points, minima with w_1 = w_2 = ±(1 − λ/x²)^½."""
    seen = values["sum, λ = 2"]
    rest = seen["points"][~_at_origin(seen)]
    distinct = np.unique(rest.round(6), axis=0)
    wanted = shrinkage("sum, λ = 2") ** 0.5
    seen_there = np.allclose(distinct, [[-wanted, -wanted], [wanted, wanted]], atol=CLOSE)
    least = float(seen["bends"][~_at_origin(seen)].min())
    return bool(len(distinct) == 2 and seen_there and least > FLAT), {"points": distinct, "least curvature": least}


def vanished(values: Any) -> Answer:
    """Whether the sum with λ > x² has none beside the origin."""
    seen = values["sum, λ = 6"]
    return bool(_at_origin(seen).all()), {"farthest stationary point": float(np.abs(seen["points"]).max())}


def trajectories(values: Any) -> Answer:
    """Whether the flow from both sides of the origin ends in one minimum each."""
    ends = np.array([path[-1] for path in values["sum, λ = 2"]["paths"]])
    wanted = shrinkage("sum, λ = 2") ** 0.5
    return bool(np.allclose(ends, [[wanted, wanted], [-wanted, -wanted]], atol=1e-4)), {"ends": ends}


def draw(readings: Readings, figure: Any) -> None:
    """Contours of each loss, its stationary points, the printed minima, and the flow from the origin."""
    values = readings[ONLY].values
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    side = np.linspace(-2.2, 2.2, 61)
    a = np.linspace(-2.2, 2.2, 400)
    for panel, (name, (loss, _)) in zip(panels.ravel(), LOSSES.items(), strict=True):
        heights = np.array([[value(loss, np.array([x, y])) for x in side] for y in side])
        levels = np.geomspace(heights.min() + 0.05, heights.max(), 10)
        panel.contourf(side, side, np.log(heights + 0.05), levels=12, cmap=look.HEIGHTS).set_rasterized(True)
        panel.contour(side[::2], side[::2], heights[::2, ::2], levels=levels, colors="white", linewidths=0.4)
        seen = values[name]
        if name in list(LOSSES)[:2]:
            with np.errstate(divide="ignore"):
                curve = np.where(np.abs(a) > 0.05, shrinkage(name) / a, np.nan)
            panel.plot(a, np.where(np.abs(curve) < 2.2, curve, np.nan), color="white", linewidth=2.2)
        for path in seen["paths"]:
            panel.plot(*path[::10].T, color=look.ORANGE, linewidth=1.6, linestyle="--")
        for kind, colour, marker in (("minimum", look.VERMILION, "o"), ("saddle", "#f0e442", "X")):
            points = seen["points"][seen["kinds"] == kind]
            points = points[:: 1 + len(points) // 80]
            style = {"color": colour, "marker": marker, "markersize": 5, "markeredgecolor": look.BLACK}
            panel.plot(*points.T, linestyle="none", label=kind, **style)
        panel.set(title=name, aspect="equal", xlim=(-2.2, 2.2), ylim=(-2.2, 2.2))
        panel.grid(False)
    for panel in panels[-1]:
        panel.set_xlabel("w₁")
    for panel in panels[:, 0]:
        panel.set_ylabel("w₂")
    look.explain(panels[0, 0], "flow from beside the saddle", color=look.ORANGE, linestyle="--")
    look.explain(panels[0, 0], "minima, exact (white)", color=look.GREY, linewidth=2.2)
    look.legend(figure, panels[0, 0], columns=4)


FIGURE = Figure(
    "kunin2019/fig1",
    "scalar loss landscapes of three losses, x² = 4",
    {
        "smoke": setting(2, starts=5, steps=1500),
        "small": setting(16, starts=13, steps=3000),
        "paper": setting(38, starts=21, steps=10_000),
    },
    trials,
    measure,
    [
        Sentence(
            "origin",
            "Section 2.1",
            "the origin is the unique rank-0 critical point, a saddle; for the sum a minimum if λ exceeds x²",
            "every stationary point with w₂w₁ = 0 is the origin; its Hessian has a negative eigenvalue (λ > x²: none)",
            origin,
        ),
        Sentence(
            "hyperbolas",
            "Section 2.1",
            "the global minima of the first two are the hyperbolas w₂w₁ = 1 and w₂w₁ = (1 + λx⁻²)⁻¹",
            f"every other stationary point is on them within {CLOSE:g}, with no negative curvature",
            hyperbolas,
        ),
        Sentence(
            "isolated-minima",
            "Section 2.1",
            "for λ < x² the minima of the sum loss are two isolated points, w₂w₁ = 1 − λx⁻², w₁ = w₂",
            "there are just two other stationary points, there, with positive curvatures",
            isolated,
        ),
        Sentence(
            "collapse",
            "Section 2.1",
            "as λ exceeds x² the origin becomes the unique global minimum",
            "no other stationary point is found for λ = 6",
            vanished,
        ),
        Sentence(
            "one-trajectory-each",
            "Footnotes 16 and 19",
            "the red minima are each connected to the yellow saddle by one gradient trajectory",
            "descent from either side of the origin ends at one of them each",
            trajectories,
        ),
    ],
    draw,
    (7.4, 7.8),
)
