"""The look of the figures: one colour and one marker per model, dashes for Adam, the same bytes on every run.

The colours are those of Okabe and Ito (2008), which are told apart with any kind of colour vision, and two that are
darker than all of them; lines differ in marker or dash as well.

Main results
    MODELS      names, colours and markers
    style       of a line
    chosen      which points of a long curve are drawn
    band        the median of several seeds, and their range
    matrices    matrices as images with a common scale
    digits      vectors of pixels as images
    explain     a line of the legend for what has no label of its own
    as_svg      a figure as bytes that depend on what is drawn alone
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from numerics.drawing import picture, styled
from numerics.figures import BLACK, BLUE, GREEN, GREY, LINES, ORANGE, PURPLE, SKY, STYLE, VERMILION

WINE, BROWN = "#882255", "#8c510a"
MODELS: dict[str, tuple[str, str, str]] = {
    "uniform-l2": ("uniform L2 (sum)", BLACK, "v"),
    "l2": ("non-uniform L2", BLUE, "o"),
    "rag": ("rotation augmented gradient", GREEN, "s"),
    "nested-dropout-sample": ("nested dropout", VERMILION, "^"),
    "nested-dropout": ("deterministic nested dropout", ORANGE, "D"),
    "vae": ("linear VAE", PURPLE, "P"),
    "unregularised": ("unregularised (MSE)", SKY, "X"),
    "product": ("product", BROWN, "<"),
    "summed": ("summed loss", WINE, ">"),
}
"""Of each model what it is called, its colour, its marker."""
THEORY = {"color": BLACK, "linewidth": 1.0, "linestyle": ":"}
"""Of a line that exact theory draws."""
FAILED = {"color": BLACK, "marker": "x", "markersize": 10, "markeredgewidth": 2, "linestyle": "none"}
"""Of what did not arrive, or diverged."""
HEIGHTS = "cividis"
POINTS = 100
"""Of a longer curve so many points are drawn, denser at its beginning."""
__all__ = ["BLACK", "BLUE", "GREEN", "GREY", "HEIGHTS", "LINES", "MODELS", "ORANGE", "VERMILION"]


def style(model: str, optimizer: str | None = None) -> dict[str, Any]:
    """Keywords of a line: solid is Nesterov, dashed is Adam, as in the papers; no optimiser, no word of it.

    >>> style("rag", "adam")["linestyle"]
    '--'
    """
    label, colour, marker = MODELS[model]
    dashed = optimizer == "adam"
    named = {"adam": ", Adam", "nesterov": ", Nesterov"}.get(optimizer or "", "")
    return {
        "color": colour,
        "marker": marker,
        "markersize": 4,
        "linewidth": 1.4,
        "linestyle": "--" if dashed else "-",
        "markerfacecolor": "white" if dashed else colour,
        "label": label + named,
    }


def band(panel: Any, x: np.ndarray, curves: Sequence[np.ndarray], line: Mapping[str, Any], points: int = 10) -> None:
    """The median of several seeds' curves, and their range; shorter curves stay at their last value.

    Markers of different lines stand at different places, so that lines on top of each other are seen.
    """
    tall = np.array([np.pad(np.asarray(c, float), (0, len(x) - len(c)), "edge") for c in curves])
    some = chosen(len(x))
    x, tall = np.asarray(x)[some], tall[:, some]
    low, middle, high = tall.min(axis=0), np.median(tall, axis=0), tall.max(axis=0)
    every = max(1, len(x) // points)
    panel.plot(x, middle, markevery=(len(panel.lines) * every // 5 % every, every), **line)
    panel.fill_between(x, low, high, color=line["color"], alpha=0.2, linewidth=0)


def chosen(count: int) -> np.ndarray:
    """The indices of the points that are drawn of a curve of so many.

    >>> chosen(3)
    array([0, 1, 2])
    """
    return np.unique(np.geomspace(1, count, POINTS).round().astype(int)) - 1 if count > POINTS else np.arange(count)


def matrices(figure: Any, panels: Sequence[Any], images: Sequence[np.ndarray], *, bar: bool = True) -> None:
    """Matrices of entries in [−1, 1], black for −1 and white for 1 as in the papers, and the bar that says so."""
    for panel, image in zip(panels, images, strict=True):
        drawn = panel.imshow(image, cmap="gray", vmin=-1.0, vmax=1.0, interpolation="none")
        bare(panel)
    if bar:
        figure.colorbar(drawn, ax=list(panels), shrink=0.8, pad=0.02)


def digits(panel: Any, vectors: np.ndarray, columns: int, *, signed: bool = True) -> None:
    """Rows of square images of pixels, side by side: each divided by its largest entry if signed, else as it is.

    What is no square of a number of pixels is a line of them.
    """
    side = round(vectors.shape[1] ** 0.5)
    high, wide = (side, side) if side**2 == vectors.shape[1] else (1, vectors.shape[1])
    rows = -(-len(vectors) // columns)
    sheet = np.full((rows * (high + 1) - 1, columns * (wide + 1) - 1), np.nan)
    for i, vector in enumerate(vectors):
        size = np.abs(vector).max() or 1.0
        top, left = (i // columns) * (high + 1), (i % columns) * (wide + 1)
        sheet[top : top + high, left : left + wide] = (vector / size if signed else vector).reshape(high, wide)
    low = -1.0 if signed else 0.0
    panel.imshow(sheet, cmap="gray", vmin=low, vmax=1.0, interpolation="none")
    bare(panel)


def bare(panel: Any) -> None:
    """Neither ticks nor grid."""
    panel.set_xticks([])
    panel.set_yticks([])
    panel.grid(False)


def legend(figure: Any, panel: Any, columns: int = 3, where: str = "outside lower center") -> None:
    """What the lines of a panel are, outside of all panels."""
    figure.legend(*panel.get_legend_handles_labels(), loc=where, ncols=columns, frameon=False)


def explain(panel: Any, label: str, **line: Any) -> None:
    """A line of the legend for what has no label of its own."""
    panel.plot([], [], label=label, **line)


def as_svg(draw: Callable[[Any], None], size: tuple[float, float], format: str = "svg") -> bytes:
    """The figure that `draw` fills, as SVG, its coordinates to a hundredth of a point.

    Parameters
    ----------
    draw : callable
        Given an empty matplotlib figure.
    size : (float, float)
        Width and height in inches.
    format : str

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    with styled(size, STYLE) as figure:
        draw(figure)
    drawn = picture(figure, format, STYLE)
    return _ATTRIBUTES.sub(lambda found: _DIGITS.sub(rb"\1", found[0]), drawn) if format == "svg" else drawn


_ATTRIBUTES = re.compile(rb' (?:d|x|y)="[^"]*"')
"""Where an SVG has coordinates."""
_DIGITS = re.compile(rb"(\.\d\d)\d+")
