"""Bao et al. 2020, Figure 1: the loss of non-uniform L2 on a plane through its minimum, k = 2.

W1 = αO(I − ΛS⁻²)^½Uᵀ, W2 = W1ᵀ, O the rotation by θ; the plane's coordinates are (α cos θ, α sin θ). With
d_i = 1 − λ_i/σ_i² and r(θ) = Tr ΛO diag(d)Oᵀ the loss is there

    L(α, θ) = Σ_i σ_i²(1 − α²d_i)² + 2α² r(θ) + Σ_{i>2} σ_i²,

so that for each θ it is least at α(θ)² = (Σσ_i²d_i − r(θ))/Σσ_i²d_i², α(0) = 1. At the minimum its
curvatures are 8Σσ_i²d_i² along the radius and 4(λ_2 − λ_1)(d_1 − d_2) along the circle. Neither σ² nor λ of the figure
are printed: σ² = (2, 1) here, with weak and with strong regularisers; both are run.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.conditioning import l2_conditioning
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
from numerics.losses import non_uniform_l2

SIGMA2 = np.array([2.0, 1.0])
READINGS = {"weak λ": np.array([0.02, 0.06]), "strong λ": np.array([0.1, 0.6])}
CIRCULAR = 0.05
"""How far from radius 1 the valley may be to be "approximately circular" and "of radius 1"."""
NEAR = 0.01
"""The distance from the valley, and from the angle zero, that counts as there."""
STARTS = ((0.2, 1.2), (1.4, 2.2), (0.6, -1.0))
"""(α, θ) of the starts of gradient descent on the plane."""


def trials(asked: Asked) -> list[Trial]:
    """Nothing is trained but a point of the plane."""
    return []


def encoder(x: float, y: float, lam: np.ndarray) -> np.ndarray:
    """W1 at a point of the plane."""
    return np.array([[x, -y], [y, x]]) * np.sqrt(1 - lam / SIGMA2)


def loss(x: float, y: float, lam: np.ndarray) -> float:
    """The loss at a point of the plane, by the loss itself."""
    w1 = encoder(x, y, lam)
    return non_uniform_l2(lam).value(w1, w1.T, np.diag(SIGMA2))


def slope(x: float, y: float, lam: np.ndarray) -> np.ndarray:
    """Its gradient in the plane."""
    w1 = encoder(x, y, lam)
    g1, g2 = non_uniform_l2(lam).gradient(w1, w1.T, np.diag(SIGMA2))
    both = (g1 + g2.T) * np.sqrt(1 - lam / SIGMA2)
    return np.array([both[0, 0] + both[1, 1], both[1, 0] - both[0, 1]])


def valley(theta: np.ndarray, lam: np.ndarray) -> np.ndarray:
    """α(θ), exactly."""
    d = 1 - lam / SIGMA2
    r = (lam @ d) * np.cos(theta) ** 2 + (lam @ d[::-1]) * np.sin(theta) ** 2
    return np.sqrt((SIGMA2 @ d - r) / (SIGMA2 @ d**2))


def curvatures(lam: np.ndarray) -> tuple[float, float]:
    """Along the radius and along the circle, exactly."""
    d = 1 - lam / SIGMA2
    return float(8 * SIGMA2 @ d**2), float(4 * (lam[1] - lam[0]) * (d[0] - d[1]))


def measure(asked: Asked, trials: Trials) -> Readings:
    """The loss on a grid, where it is least along each ray, curvatures by differences, and paths of descent."""
    return {name: _measured(lam, asked) for name, lam in READINGS.items()}


def _measured(lam: np.ndarray, asked: Asked) -> Measured:
    side = np.linspace(-1.6, 1.6, asked["grid"])
    heights = np.array([[loss(x, y, lam) for x in side] for y in side])
    theta = np.linspace(-np.pi, np.pi, asked["rays"])
    radii = np.array([_least_radius(t, lam, asked["radii"]) for t in theta])
    step, radial, angular = 1e-3, 1.0, 0.0

    def around(alpha: float, angle: float) -> float:
        return loss(alpha * np.cos(angle), alpha * np.sin(angle), lam)

    here = around(radial, angular)
    measured = (
        (around(1 + step, 0) - 2 * here + around(1 - step, 0)) / step**2,
        (around(1, step) - 2 * here + around(1, -step)) / step**2,
    )
    rate = 1 / curvatures(lam)[0]
    paths = [_descend(*start, lam, rate, asked["steps"]) for start in STARTS]
    values = {
        "lam": lam,
        "side": side,
        "heights": heights,
        "theta": theta,
        "radii": radii,
        "paths": paths,
        "curvatures": measured,
        "arrivals": [_arrivals(path, lam) for path in paths],
        "κ": l2_conditioning(SIGMA2, lam, scale="main").condition_number,
    }
    predicted = curvatures(lam)
    least = float(lam @ (2 - lam / SIGMA2))
    theory = [
        Compared("radius of the valley α(θ)", valley(theta, lam), radii),
        Compared("curvature along the radius", predicted[0], measured[0]),
        Compared("curvature along the circle", predicted[1], measured[1]),
        Compared("the least loss", [least] * len(paths), [loss(path[-1][0], path[-1][1], lam) for path in paths]),
    ]
    rows: list[list[Any]] = [["x", "y", "loss"]]
    rows += [[f"{x:.4g}", f"{y:.4g}", f"{heights[i, j]:.6g}"] for i, y in enumerate(side) for j, x in enumerate(side)]
    return Measured(values, rows, theory)


def _least_radius(theta: float, lam: np.ndarray, count: int) -> float:
    """Where the loss is least along a ray: the vertex of the parabola through the least of many points, in α²."""
    squares = np.linspace(0.2, 1.8, count)
    heights = [loss(np.sqrt(s) * np.cos(theta), np.sqrt(s) * np.sin(theta), lam) for s in squares]
    i = int(np.clip(np.argmin(heights), 1, count - 2))
    fit = np.polyfit(squares[i - 1 : i + 2], heights[i - 1 : i + 2], 2)
    return float(np.sqrt(-fit[1] / (2 * fit[0])))


def _descend(alpha: float, theta: float, lam: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """Gradient descent on the plane."""
    path = [np.array([alpha * np.cos(theta), alpha * np.sin(theta)])]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1][0], path[-1][1], lam))
    return np.array(path)


def _arrivals(path: np.ndarray, lam: np.ndarray) -> dict[str, float | None]:
    """The steps until the path is near the valley, and near a minimum: θ = 0 or π."""
    theta = np.arctan2(path[:, 1], path[:, 0])
    off = np.abs(np.hypot(*path.T) - valley(theta, lam))
    turned = np.abs(np.sin(theta))
    return {
        name: float(np.argmax(x <= NEAR)) if (x <= NEAR).any() else None
        for name, x in (("radius", off), ("angle", turned))
    }


def ring(values: Any) -> Answer:
    """Whether the valley is a circle of radius 1."""
    radii = values["radii"]
    return bool(np.abs(radii - 1).max() <= CIRCULAR), {
        "least radius": float(radii.min()),
        "largest radius": float(radii.max()),
        "λ": values["lam"],
        "σ²": SIGMA2,
    }


def two_stages(values: Any) -> Answer:
    """Whether every path is in the valley long before it is at the angle."""
    found = values["arrivals"]
    numbers = {"steps to the valley and to the angle": found}
    if any(one["radius"] is None for one in found):
        return False, numbers
    return all(one["angle"] is None or one["angle"] >= 10 * one["radius"] for one in found), numbers


def narrow(values: Any) -> Answer:
    """Whether the curvature along the radius is at least ten times that along the circle."""
    radial, angular = values["curvatures"]
    numbers = {"along the radius": radial, "along the circle": angular, "exact κ of the whole Hessian": values["κ"]}
    return radial >= 10 * angular, numbers


def draw(readings: Readings, figure: Any) -> None:
    """For each reading the landscape, its valley and the paths, and the distance to valley and angle over steps."""
    panels = figure.subplots(len(readings), 2, squeeze=False, width_ratios=[1, 1.2])
    for (left, right), (name, measured) in zip(panels, readings.items(), strict=True):
        values = measured.values
        lam, side = values["lam"], values["side"]
        above = np.log10(values["heights"] - float(lam @ (2 - lam / SIGMA2)) + 1e-4)
        drawn = left.contourf(side, side, above, levels=14, cmap=look.HEIGHTS)
        drawn.set_rasterized(True)
        rough = slice(None, None, max(1, len(side) // 40))  # as fine as an SVG of few bytes allows
        left.contour(side[rough], side[rough], above[rough, rough], levels=8, colors=look.BLACK, linewidths=0.3)
        figure.colorbar(drawn, ax=left, label="log₁₀(loss − least)", shrink=0.9)
        exact = valley(values["theta"], lam)
        left.plot(exact * np.cos(values["theta"]), exact * np.sin(values["theta"]), color="white", linestyle=":")
        for whole, (colour, dash, marker) in zip(values["paths"], _LINES, strict=True):
            steps = np.unique(np.geomspace(1, len(whole), look.POINTS).round().astype(int))
            path = whole[steps - 1]
            left.plot(*path.T, color=colour, linewidth=1.8)
            left.plot(*path[0], color=colour, marker=marker, markersize=7, markeredgecolor="black")
            theta = np.arctan2(path[:, 1], path[:, 0])
            off = np.abs(np.hypot(*path.T) - valley(theta, lam))
            first = whole is values["paths"][0]
            line = {"linestyle": dash, "marker": marker, "markevery": (0.05, 0.12), "color": look.BLUE}
            right.plot(steps, np.maximum(off, 1e-8), label="distance to the valley" if first else None, **line)
            line["color"] = look.VERMILION
            right.plot(steps, np.abs(np.sin(theta)), label="|sin θ|" if first else None, **line)
        left.set(aspect="equal", title=f"{name}: λ = {lam[0]:g}, {lam[1]:g}", xlabel="α cos θ", ylabel="α sin θ")
        right.set(xscale="log", yscale="log", ylim=(1e-6, 3), xlabel="step", title="descent on the plane")
        left.grid(False)
    look.explain(panels[0][1], "the valley, exact", **(look.THEORY | {"color": look.GREY}))
    for i, (_, dash, marker) in enumerate(_LINES, start=1):
        look.explain(panels[0][1], f"start {i}", linestyle=dash, marker=marker, color=look.BLACK)
    look.legend(figure, panels[0][1])


_LINES = (("#ffffff", "-", "o"), ("#f0e442", "--", "s"), ("#ff9f80", "-.", "^"))

FIGURE = Figure(
    "bao2020/fig1",
    "loss of non-uniform L2 on a plane through its minimum, k = 2, and descent on it",
    {
        "smoke": setting(1, grid=21, rays=13, radii=81, steps=2000),
        "small": setting(10, grid=81, rays=73, radii=161, steps=20_000),
        "paper": setting(36, grid=161, rays=145, radii=321, steps=100_000),
    },
    trials,
    measure,
    [
        Sentence(
            "ring",
            "Section 4.3",
            'the approximately circular "ring" of radius 1 with low loss',
            f"along each ray the loss is least at a radius within {CIRCULAR:g} of 1",
            ring,
        ),
        Sentence(
            "two-stages",
            "Section 4.3",
            "fast convergence to the correct subspace, then the very slow stage of finding the optimal rotation angle",
            f"every path needs ten times as many steps to |sin θ| ≤ {NEAR:g} as to within {NEAR:g} of the valley",
            two_stages,
        ),
        Sentence(
            "narrow-valley",
            "Section 4.3",
            "the high-curvature direction is radial, the low-curvature direction corresponds to rotation",
            "at the minimum the curvature along the radius is at least ten times that along the circle",
            narrow,
        ),
    ],
    draw,
    (9, 7.4),
)
