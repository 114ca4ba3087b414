"""Kunin et al. 2019, Appendix E: the table of Morse indices of L_X at the critical points of Gr_2(R⁴).

At the plane of u_i, i ∈ I, the index is measured: L_X is ‖X‖² − Tr PXXᵀ for the projection P on a plane, and each of
the k(m − k) rotations of an included direction towards an excluded one is a direction of its Hessian, which is built
whole by second differences. Formula (4) says Σ(i_j − j).
"""

from __future__ import annotations

from itertools import combinations, product
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

M, K = 4, 2
PRINTED = {(3, 4): 4, (2, 4): 3, (2, 3): 2, (1, 4): 2, (1, 3): 1, (1, 2): 0}
"""The table as printed: the dots of a row, and its d."""
STEP = 1e-3
SEED = 2019


def trials(asked: Asked) -> list[Trial]:
    """Nothing is trained."""
    return []


def height(frame: np.ndarray, covariance: np.ndarray) -> float:
    """L_X of the span of a frame's columns."""
    q = np.linalg.qr(frame)[0]
    return float(np.trace(covariance) - np.trace(q.T @ covariance @ q))


def hessian(chosen: tuple[int, ...], basis: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Of L_X in the rotations of an included direction towards an excluded one, (k(m − k), k(m − k))."""
    included = [i - 1 for i in chosen]
    excluded = [j for j in range(M) if j not in included]
    moves = [np.outer(basis[:, j], np.eye(K)[a]) for a, j in product(range(K), excluded)]
    frame = basis[:, included]

    def at(a: float, b: float, first: np.ndarray, second: np.ndarray) -> float:
        return height(frame + a * first + b * second, covariance)

    return np.array(
        [
            [
                (at(STEP, STEP, u, v) - at(STEP, -STEP, u, v) - at(-STEP, STEP, u, v) + at(-STEP, -STEP, u, v))
                / (4 * STEP**2)
                for v in moves
            ]
            for u in moves
        ]
    )


def measure(asked: Asked, trials: Trials) -> Readings:
    """The index at every critical point, for several random spectra and bases."""
    rng = np.random.default_rng(SEED)
    values: dict[tuple[int, ...], list[int]] = {chosen: [] for chosen in PRINTED}
    predicted, measured = [], []
    rows: list[list[Any]] = [["spectrum", "directions", "index", "printed", "eigenvalues of the Hessian"]]
    for n in range(asked["spectra"]):
        sigma2 = np.sort(rng.uniform(0.5, 4, size=M))[::-1]
        basis = np.linalg.qr(rng.normal(size=(M, M)))[0]
        covariance = (basis * sigma2) @ basis.T
        for chosen, index in PRINTED.items():
            bends = np.linalg.eigvalsh(hessian(chosen, basis, covariance))
            values[chosen].append(int((bends < 0).sum()))
            gaps = [2 * (sigma2[i - 1] - sigma2[j - 1]) for i in chosen for j in range(1, M + 1) if j not in chosen]
            predicted += sorted(gaps)
            measured += bends.tolist()
            told = " ".join(f"{x:.4g}" for x in bends)
            rows.append([n, " ".join(map(str, chosen)), values[chosen][-1], index, told])
    theory = [Compared("eigenvalues of the Hessian, 2(σ_i² − σ_j²) for i ∈ I, j ∉ I", predicted, measured)]
    return {ONLY: Measured(values, rows, theory)}


def table(values: Any) -> Answer:
    """Whether every index is the printed one."""
    told = {f"u_{a}, u_{b}": {"measured": sorted(set(values[a, b])), "printed": d} for (a, b), d in PRINTED.items()}
    return all(one["measured"] == [one["printed"]] for one in told.values()), told


def formula(values: Any) -> Answer:
    """Whether every index is Σ(i_j − j)."""
    told = {f"u_{a}, u_{b}": {"measured": sorted(set(values[a, b])), "(4)": (a - 1) + (b - 2)} for a, b in PRINTED}
    return all(one["measured"] == [one["(4)"]] for one in told.values()), told


def every_plane(values: Any) -> Answer:
    """Whether the table has a row for each of the planes."""
    wanted = set(combinations(range(1, M + 1), K))
    return set(PRINTED) == wanted, {"planes": len(wanted), "rows": len(PRINTED)}


def dual(values: Any) -> Answer:
    """Whether the index of a plane and that of its complement sum to k(m − k), as measured."""
    told = {}
    for chosen in PRINTED:
        rest = tuple(i for i in range(1, M + 1) if i not in chosen)
        told[f"{chosen} and {rest}"] = sorted({a + b for a, b in zip(values[chosen], values[rest], strict=True)})
    return all(x == K * (M - K) for sums in told.values() for x in sums), told


def draw(readings: Readings, figure: Any) -> None:
    """The table, with a dot where a direction is included, the printed index and the measured one."""
    values = readings[ONLY].values
    panel = figure.subplots()
    for row, (chosen, index) in enumerate(PRINTED.items()):
        for i in range(1, M + 1):
            filled = {"markerfacecolor": look.BLUE if i in chosen else "white", "color": look.BLUE}
            panel.plot([i], [row], marker="o", markersize=14, **filled)
        panel.text(0.2, row, str(index), ha="center", va="center")
        panel.text(M + 0.9, row, ", ".join(str(x) for x in sorted(set(values[chosen]))), ha="center", va="center")
    panel.set(xlim=(-0.3, M + 1.5), ylim=(len(PRINTED) - 0.4, -0.6))
    panel.set_xticks([0.2, 1, 2, 3, 4, M + 0.9], ["d printed", "u₁", "u₂", "u₃", "u₄", "d measured"])
    panel.set_yticks([])
    panel.xaxis.tick_top()
    panel.grid(False)


FIGURE = Figure(
    "kunin2019/appendix-e",
    "Morse indices of L_X at the critical planes of R⁴",
    {"smoke": setting(1, spectra=3), "small": setting(2, spectra=20), "paper": setting(2, spectra=100)},
    trials,
    measure,
    [
        Sentence(
            "table",
            "Appendix E",
            "the table of Morse indices of Gr_2(R⁴)",
            "the number of negative eigenvalues of the Hessian is the printed d for every row and spectrum",
            table,
        ),
        Sentence(
            "formula-4",
            "Appendix E",
            "we encourage the reader to check the Morse index formula (4) in the case of Gr_2(R⁴)",
            "the number of negative eigenvalues is Σ(i_j − j) for every row and spectrum",
            formula,
        ),
        Sentence(
            "complete",
            "Theorem 4.1",
            "there are (m choose k) critical points",
            "every pair of directions has a row",
            every_plane,
        ),
        Sentence(
            "duality",
            "Appendix E",
            "the symmetries of the table reflect the duality between a plane and its orthogonal complement",
            "the measured indices of a plane and of its complement sum to k(m − k)",
            dual,
        ),
    ],
    draw,
    (5, 4),
)
