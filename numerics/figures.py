"""Pictures of what is measured, as SVG: deterministic to the byte, legible without colour.

Colours are those of Okabe and Ito; lines differ in marker or dash as well. matplotlib is imported when a picture is
drawn, and never its interactive part.

Main results
    portrait     one minimum: spectrum and weights, the Hessian's eigenvalues by kind of direction, bounds against exact
    choices      weights side by side, as Figure 5 of bao2020, and the approach to the minimum of (16)
    ratios       bound / exact over a sweep, a panel per family
    svg          a figure as text
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import cycle
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numerics.drawing import BARE, picture, styled
from numerics.minima import L2Minimum, NestedDropoutMinimum, stream
from numerics.scales import SCALES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from numerics.bounds import Bound
    from numerics.choices import Comparison
    from numerics.conditioning import Conditioning

Floats = NDArray[np.float64]
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
)
LINES = [
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    (GREEN, "-.", "^"),
    (PURPLE, ":", "D"),
    (ORANGE, "-", "v"),
    (SKY, "--", "P"),
    (BLACK, "-.", "X"),
    (BLUE, ":", "<"),
    (VERMILION, "-", ">"),
    (GREEN, "--", "h"),
]
GREY = "#777777"
STYLE: Any = {
    **BARE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "grid.color": "#e5e5e5",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
}
BINS = 60
POINTS = 200
"""A spectrum of more components is drawn on a logarithmic axis, by as many of them."""


def portrait(loss: str, sigma2: Floats, weights: Floats, found: Conditioning, bounds: Sequence[Bound]) -> Figure:
    """Three panels for one minimum: spectrum, curvatures, and bounds if there are any.

    Parameters
    ----------
    loss : "l2" or "nested-dropout"
    sigma2, weights : arrays (m,), (k,)
        The spectrum, and λ or p_B.
    found : Conditioning
        At these weights, on its scale.
    bounds : list of Bound
        On the same scale.
    """
    with _styled(figsize=(7.2, 8.4)) as figure:
        heights = [1, 1, 0.35 + 0.11 * len(bounds)] if bounds else [1, 1]
        spectrum, hessian, *against = figure.subplots(len(heights), 1, height_ratios=heights)
        _draw_spectrum(spectrum, loss, sigma2, weights)
        _draw_eigenvalues(hessian, loss, sigma2, weights, found)
        if bounds:
            _draw_bounds(against[0], found, bounds)
    return figure


def choices(loss: str, sigma2: Floats, found: Comparison) -> Figure:
    """The weights of every choice by latent, and the exact condition number on the way to the minimum of (16)."""
    k = len(found.choices[0].weights)
    latent = np.arange(1, k + 1)
    with _styled(figsize=(7.2, 7.2 if found.approach else 3.8)) as figure:
        panels = figure.subplots(2 if found.approach else 1, 1, squeeze=False)[:, 0]
        if loss == "l2":
            panels[0].plot(latent, sigma2[:k], color=BLACK, marker="_", linestyle="none", label="σᵢ²")
        for choice, (colour, dash, marker) in zip(found.choices, cycle(LINES), strict=False):
            values = choice.weights if loss == "l2" else choice.weights[::-1].cumsum()[::-1]
            kappa = f"exact κ = {choice.condition_number:.4g}" if choice.found else _why_not(choice.id)
            positive = np.where(values > 0, values, np.nan)
            panels[0].plot(
                latent, positive, color=colour, linestyle=dash, marker=marker, label=f"{choice.name}   {kappa}"
            )
        panels[0].set(
            yscale="log",
            xlabel="latent i",
            ylabel="λᵢ" if loss == "l2" else "keep probability pᵢ",
            title=f"Weights of {k} latent{'s' if k > 1 else ''}",
        )
        _whole_numbers(panels[0])
        panels[0].legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), alignment="left")
        if found.approach:
            _draw_approach(panels[1], loss, found)
    return figure


def ratios(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Figure:
    """Bound / exact against k, a panel per family: the median of the samples, and their range.

    Parameters
    ----------
    rows : sequence of mappings
        With "family", "k", and for each name the ratio, or an empty string where there is none.
    names : list of str
        The bounds to draw.
    """
    families = list(dict.fromkeys(str(row["family"]) for row in rows))
    columns = min(3, max(1, len(families)))
    with _styled(
        figsize=(3.1 * columns + 0.6, 2.6 * ceil(max(1, len(families)) / columns) + 0.35 * len(names))
    ) as figure:
        panels = figure.subplots(ceil(max(1, len(families)) / columns), columns, squeeze=False, sharex=True).ravel()
        for panel, family in zip(panels, families, strict=False):
            panel.axhline(1, color=BLACK, linewidth=1)
            chosen = [row for row in rows if row["family"] == family]
            for name, (colour, dash, marker) in zip(names, cycle(LINES), strict=False):
                by_size: dict[int, list[float]] = defaultdict(list)
                for row in chosen:
                    if row[name] not in ("", None) and float(row[name]) > 0:
                        by_size[int(row["k"])].append(float(row[name]))
                sizes = sorted(by_size)
                low, middle, high = ([float(np.quantile(by_size[k], q)) for k in sizes] for q in (0.0, 0.5, 1.0))
                panel.plot(sizes, middle, color=colour, linestyle=dash, marker=marker, markersize=3, label=name)
                panel.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)
            panel.set(xscale="log", yscale="log", title=family)
        for panel in panels[len(families) :]:
            panel.set_axis_off()
        figure.supxlabel("number of latents k", fontsize=9)
        figure.supylabel("bound / exact (median and range of the samples)", fontsize=9)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2)
    return figure


def svg(figure: Figure) -> str:
    """A figure as SVG text, the same every time."""
    return picture(figure, style=STYLE).decode()


def _styled(figsize: tuple[float, float]) -> AbstractContextManager[Figure]:
    """An empty figure, in our style for as long as it is drawn."""
    return styled(figsize, STYLE)


def _draw_spectrum(axes: Axes, loss: str, sigma2: Floats, weights: Floats) -> None:
    k, m = len(weights), len(sigma2)
    learned, beyond = _thinned(0, k), _thinned(k, int((sigma2 > 0).sum()))
    axes.plot(learned + 1, sigma2[learned], color=BLUE, marker="o", linestyle="none", label="σᵢ², learned")
    axes.plot(beyond + 1, sigma2[beyond], color=GREY, marker=".", linestyle="none", label="σᵢ², not learned")
    values = weights if loss == "l2" else weights[::-1].cumsum()[::-1] * sigma2[:k]
    label = "λᵢ" if loss == "l2" else "pᵢσᵢ²"
    axes.plot(learned + 1, values[learned], color=VERMILION, marker="^", linestyle="none", label=label)
    hidden = int((sigma2 == 0).sum())
    note = f", {hidden} of them zero" if hidden else ""
    axes.set(
        yscale="log",
        xlabel="component i",
        title=f"Spectrum and weights: k = {k} of m = {m} components{note}",
    )
    if m > POINTS:
        axes.set_xscale("log")
    else:
        _whole_numbers(axes)
    axes.legend(ncols=3)


def _draw_eigenvalues(axes: Axes, loss: str, sigma2: Floats, weights: Floats, found: Conditioning) -> None:
    """Histograms of the eigenvalues by kind of block, streamed: their number is of the order of 2km."""
    minimum = L2Minimum(sigma2, weights) if loss == "l2" else NestedDropoutMinimum(sigma2, weights)
    low, high = np.log10(found.s_min), np.log10(found.s_max)
    margin = 0.02 * (high - low) + 1e-9
    edges = np.linspace(low - margin, high + margin, BINS + 1)
    counts: dict[str, Any] = defaultdict(lambda: np.zeros(BINS))
    with np.errstate(all="ignore"):
        for block in stream(minimum):
            values = np.log10(block.eigenvalues().ravel() * SCALES[found.scale])
            counts[block.kind] += np.histogram(values, edges)[0]
    for (kind, count), (colour, dash, _) in zip(counts.items(), cycle(LINES), strict=False):
        total = int(count.sum())
        axes.stairs(count, 10**edges, color=colour, linestyle=dash, linewidth=1.3, label=f"{kind} ({total})")
    axes.axvline(found.s_min, color=GREY, linewidth=0.8)
    axes.axvline(found.s_max, color=GREY, linewidth=0.8)
    axes.set(
        xscale="log",
        yscale="log",
        ylim=(0.7, None),
        xlabel=f"curvature, scale {found.scale}; slowest: {found.slowest}",
        ylabel="eigenvalues",
        title="The Hessian's eigenvalues, by kind of block",
    )
    axes.legend(loc="upper left")


def _draw_bounds(axes: Axes, found: Conditioning, bounds: Sequence[Bound]) -> None:
    """Each bound divided by the exact value: left of 1 from below, right of it from above."""
    shapes = {"s_max": (BLUE, "o"), "s_min": (VERMILION, "s"), "condition_number": (GREEN, "^")}
    words = {"s_max": "s_max", "s_min": "s_min", "condition_number": "κ"}
    axes.axvline(1, color=BLACK, linewidth=1)
    drawn: set[str] = set()
    for row, bound in enumerate(bounds):
        colour, marker = shapes[bound.bounds]
        ratio = bound.ratio(found)
        if bound.is_vacuous or not (isfinite(ratio) and ratio > 0):
            axes.text(1, row, "vacuous", color=GREY, va="center", ha="center", backgroundcolor="white", fontsize=8)
            continue
        label = f"of {words[bound.bounds]}" if bound.bounds not in drawn else None
        drawn.add(bound.bounds)
        axes.plot([1, ratio], [row, row], color=colour, linewidth=1)
        axes.plot([ratio], [row], color=colour, marker=marker, linestyle="none", label=label)
    axes.set(
        xscale="log",
        ylim=(len(bounds) - 0.5, -0.5),
        xlabel="bound / exact value",
        title=f"Bounds against exact: κ = {found.condition_number:.6g}",
    )
    axes.set_yticks(range(len(bounds)), [bound.id for bound in bounds])
    if drawn:
        axes.legend(loc="upper left")


def _draw_approach(axes: Axes, loss: str, found: Comparison) -> None:
    """Exact κ and the printed objective against ε; the least exact κ as a line."""
    objective = "(16)" if loss == "l2" else "Appendix D"
    epsilon = [e for e, _ in found.approach]
    axes.plot(
        epsilon,
        [choice.condition_number for _, choice in found.approach],
        color=VERMILION,
        linestyle="--",
        marker="s",
        label=f"exact κ at the minimum of {objective}",
    )
    axes.plot(
        epsilon,
        [choice.objective for _, choice in found.approach],
        color=BLUE,
        marker="o",
        label=f"value of {objective} there",
    )
    axes.axhline(found.optimum.condition_number, color=BLACK, linewidth=1, label="least exact κ")
    axes.axhline(found.optimum.lower_bound, color=BLACK, linewidth=1, linestyle=":", label="no choice below")
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="ε, distance from the boundary on which that minimum lies",
        title=f"The minimum of {objective} is not attained",
    )
    axes.invert_xaxis()
    axes.legend()


def _why_not(id: str) -> str:
    return "exact κ = ∞" if id == "printed" else "components collapse"


def _thinned(start: int, stop: int) -> NDArray[np.int64]:
    """The integers of [start, stop), or those of them nearest to `POINTS` ones evenly spaced by ratio."""
    if stop - start <= POINTS:
        return np.arange(start, stop)
    return np.unique(np.geomspace(start + 1, stop, POINTS).round().astype(np.int64)) - 1


def _whole_numbers(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
