"""Kunin et al. 2019, Figure 2: the sum of squared distances from a point cloud to a line, L_X, on Gr_1(R²) and
Gr_1(R³).

For a unit vector v it is L_X(v) = ‖X‖² − vᵀXXᵀv. By the Grassmannian Theorem its critical points are the principal
directions, of index 0, 1, 2 in their order. The text lets u_1 "descend to u_2 or u_3" along the negative gradient,
though u_1 is the minimum: both directions are followed.
"""

from __future__ import annotations

from itertools import combinations
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

SIGMA2 = {2: np.array([4.0, 1.0]), 3: np.array([4.0, 2.0, 1.0])}
"""Eigenvalues of XXᵀ; they are not printed."""
TILT = 1e-3
KINDS = {2: ["minimum", "maximum"], 3: ["minimum", "saddle", "maximum"]}


def trials(asked: Asked) -> list[Trial]:
    """Nothing is trained."""
    return []


def height(v: np.ndarray, sigma2: np.ndarray) -> np.ndarray:
    """L_X of the lines along v (…, m), in the basis of the principal directions."""
    return sigma2.sum() - np.sum(v**2 * sigma2, axis=-1) / np.sum(v**2, axis=-1)


def kind(i: int, sigma2: np.ndarray) -> tuple[str, np.ndarray]:
    """What u_i is, by tilting it towards each other direction, and the second differences."""
    m, here = len(sigma2), float(height(np.eye(len(sigma2))[i], sigma2))
    bends = []
    for j in range(m):
        if j != i:
            tilted = np.cos(TILT) * np.eye(m)[i] + np.sin(TILT) * np.eye(m)[j]
            bends.append(2 * (float(height(tilted, sigma2)) - here) / TILT**2)
    signs = np.sign(bends)
    word = "minimum" if (signs > 0).all() else "maximum" if (signs < 0).all() else "saddle"
    return word, np.array(bends)


def flow(start: np.ndarray, sigma2: np.ndarray, steps: int) -> np.ndarray:
    """Where −∇L_X leads on the sphere, in small steps."""
    path: list[Any] = [start / np.linalg.norm(start)]
    for _ in range(steps):
        v = path[-1]
        v = v + 0.02 * 2 * (sigma2 * v - (v @ (sigma2 * v)) * v)
        path.append(v / np.linalg.norm(v))
    return np.array(path)


def measure(asked: Asked, trials: Trials) -> Readings:
    """Critical lines, the kinds of the principal directions, and where the flow leads."""
    values: dict[str, Any] = {}
    rows: list[list[Any]] = [["m", "direction", "L_X", "kind", "second differences"]]
    theory = []
    for m, sigma2 in SIGMA2.items():
        kinds = [kind(i, sigma2) for i in range(m)]
        flows = {}
        for i, j in ((a, b) for pair in combinations(range(m), 2) for a, b in (pair, pair[::-1])):
            beside = np.cos(TILT) * np.eye(m)[i] + np.sin(TILT) * np.eye(m)[j]
            flows[i + 1, j + 1] = flow(beside, sigma2, asked["steps"])
        values[str(m)] = {
            "kinds": [word for word, _ in kinds],
            "flows": flows,
            "critical": _critical(sigma2, asked["starts"]),
        }
        rows += [
            [m, i + 1, float(height(np.eye(m)[i], sigma2)), word, " ".join(f"{x:.5g}" for x in bends)]
            for i, (word, bends) in enumerate(kinds)
        ]
        predicted = [2 * (sigma2[i] - sigma2[j]) for i in range(m) for j in range(m) if j != i]
        theory.append(
            Compared(f"curvature at u_i towards u_j, m = {m}", predicted, np.concatenate([b for _, b in kinds]))
        )
    return {ONLY: Measured(values, rows, theory)}


def _critical(sigma2: np.ndarray, starts: int) -> np.ndarray:
    """Stationary lines found by Rayleigh quotient iteration from random starts, one of each."""
    rng = np.random.default_rng(0)
    m, found = len(sigma2), []
    for _ in range(starts):
        v: Any = rng.normal(size=m)
        v /= np.linalg.norm(v)
        for _ in range(30):
            rest = np.diag(sigma2) - (v @ (sigma2 * v)) * np.eye(m)
            if np.linalg.norm(rest @ v) < 1e-13:
                break
            v = np.linalg.lstsq(rest, v, rcond=None)[0]
            v /= np.linalg.norm(v)
        found.append(np.abs(v))
    return np.unique(np.array(found).round(6), axis=0)


def extrema(values: Any, m: int) -> Answer:
    """Whether the principal directions, and no others, are critical, and of the printed kinds."""
    seen = values[str(m)]
    only = len(seen["critical"]) == m and np.allclose(seen["critical"][::-1], np.eye(m), atol=1e-5)
    told = {f"u_{i + 1}": word for i, word in enumerate(seen["kinds"])}
    return seen["kinds"] == KINDS[m] and bool(only), {**told, "critical lines found": len(seen["critical"])}


def descends(values: Any, pairs: list[tuple[int, int, int]]) -> Answer:
    """Whether the flow from beside u_i, tilted towards u_j, ends at u_j."""
    ends = {}
    for m, i, j in pairs:
        end = values[str(m)]["flows"][i, j][-1]
        ends[f"m = {m}, from u_{i} towards u_{j}"] = f"ends at u_{int(np.argmax(np.abs(end))) + 1}"
    return all(end == f"ends at u_{j}" for end, (_, _, j) in zip(ends.values(), pairs, strict=True)), ends


def draw(readings: Readings, figure: Any) -> None:
    """The cloud with its principal directions, L_X on the circle of lines, L_X on the disc of lines with its flow."""
    values = readings[ONLY].values
    cloud, circle, disc = figure.subplots(1, 3, width_ratios=[1, 1.2, 1.2])
    points = np.random.default_rng(4).normal(size=(60, 2)) * np.sqrt(SIGMA2[2])
    cloud.plot(*points.T, marker=".", linestyle="none", color=look.GREY)
    for i, (colour, dash) in enumerate(((look.VERMILION, "-"), (look.BLUE, "--"))):
        end = 1.6 * np.sqrt(SIGMA2[2][i]) * np.eye(2)[i]
        cloud.plot([-end[0], end[0]], [-end[1], end[1]], color=colour, linestyle=dash, label=f"u{'₁₂'[i]}")
    cloud.set(aspect="equal", title="a point cloud", xlim=(-5, 5), ylim=(-5, 5))
    cloud.legend(loc="upper left")
    angle = np.linspace(0, np.pi, 200)
    circle.plot(angle / np.pi, height(np.array([np.cos(angle), np.sin(angle)]).T, SIGMA2[2]), color=look.BLACK)
    for i, (colour, marker) in enumerate(((look.VERMILION, "o"), (look.BLUE, "s"))):
        at = height(np.eye(2)[i], SIGMA2[2])
        circle.plot([i / 2], [at], color=colour, marker=marker, markersize=8)
        circle.annotate(
            f"u{'₁₂'[i]}, {values['2']['kinds'][i]}", (i / 2, at), (10, -4 + 5 * i), textcoords="offset points"
        )
    circle.set(xlabel="angle of the line / π", title="L_X on Gr₁(R²)")
    x, y = np.meshgrid(np.linspace(-1, 1, 121), np.linspace(-1, 1, 121))
    inside = x**2 + y**2 <= 1
    z = np.sqrt(np.maximum(0, 1 - x**2 - y**2))
    on_disc = np.array([x, z, y]).transpose(1, 2, 0)
    heights = np.where(inside, height(on_disc, SIGMA2[3]), np.nan)
    drawn = disc.contourf(x, y, heights, levels=14, cmap=look.HEIGHTS)
    drawn.set_rasterized(True)
    figure.colorbar(drawn, ax=disc, shrink=0.8, label="L_X")
    for turn in np.linspace(0, 2 * np.pi, 16, endpoint=False) + 0.2:
        start = np.array([0.25 * np.cos(turn), 0.4, 0.9 * np.sin(turn)])
        path = flow(start, SIGMA2[3], 120)[::3]
        disc.plot(path[:, 0], path[:, 2], color="white", linewidth=1)
        disc.annotate("", path[12, ::2], path[9, ::2], arrowprops={"arrowstyle": "->", "color": "white"})
    for i, (end, colour, marker) in enumerate(
        (((1, 0), look.VERMILION, "o"), ((0, 0), "#56b4e9", "s"), ((0, 1), "#f0e442", "^"))
    ):
        where = [(end[0], end[1]), (-end[0], -end[1])]
        disc.plot(
            *zip(*where, strict=True),
            color=colour,
            marker=marker,
            markersize=8,
            linestyle="none",
            markeredgecolor=look.BLACK,
            label=f"u{'₁₂₃'[i]}, {values['3']['kinds'][i]}",
            clip_on=False,
        )
    disc.set(aspect="equal", title="L_X on Gr₁(R³), opposite ends glued")
    look.bare(disc)
    look.legend(figure, disc)


FIGURE = Figure(
    "kunin2019/fig2",
    "L_X on the lines of the plane and of space, with its flow",
    {
        "smoke": setting(1, steps=400, starts=60),
        "small": setting(2, steps=1000, starts=300),
        "paper": setting(2, steps=2000, starts=1000),
    },
    trials,
    measure,
    [
        Sentence(
            "extrema-plane",
            "Section 4.1",
            "the min and max in (a) are the principal directions u_1 and u_2",
            "no other line is stationary; second differences at u_1 are positive, at u_2 negative",
            lambda values: extrema(values, 2),
        ),
        Sentence(
            "extrema-space",
            "Section 4.1",
            "the min, saddle, and max in (b) are the principal directions u_1, u_2, and u_3",
            "no other line is stationary; second differences are positive, of both signs, negative",
            lambda values: extrema(values, 3),
        ),
        Sentence(
            "descends-as-printed",
            "Section 4.1",
            "u_1 may descend to u_2 in (a); in (b) u_1 to u_2 or u_3, and u_2 to u_3",
            "−∇L_X from beside u_i, tilted towards u_j, ends at u_j",
            lambda values: descends(values, [(2, 1, 2), (3, 1, 2), (3, 1, 3), (3, 2, 3)]),
        ),
        Sentence(
            "descends-reversed",
            "Section 4.1, turned round",
            "u_2 may descend to u_1 in (a); in (b) u_3 to u_2 or u_1, and u_2 to u_1",
            "−∇L_X from beside u_i, tilted towards u_j, ends at u_j",
            lambda values: descends(values, [(2, 2, 1), (3, 3, 2), (3, 3, 1), (3, 2, 1)]),
        ),
    ],
    draw,
    (10.4, 4),
)
