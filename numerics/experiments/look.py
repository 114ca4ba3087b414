"""The look of the figures: one colour and one marker per model, dashes for Adam, the same bytes on every run.

The colours are those of Okabe and Ito (2008), which are told apart with any kind of colour vision.

Main results
    MODELS      names, colours and markers
    style       of a line
    as_svg      a figure as bytes that depend on what is drawn alone
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numerics.drawing import picture, styled

MODELS: dict[str, tuple[str, str, str]] = {
    "uniform-l2": ("uniform L2", "#000000", "v"),
    "l2": ("non-uniform L2", "#0072B2", "o"),
    "rag": ("rotation augmented gradient", "#009E73", "s"),
    "nested-dropout-sample": ("nested dropout", "#D55E00", "^"),
    "nested-dropout": ("deterministic nested dropout", "#E69F00", "D"),
    "vae": ("linear VAE", "#CC79A7", "P"),
}
"""Of each model what it is called, its colour, its marker."""


def style(model: str, optimizer: str) -> dict[str, Any]:
    """Keywords of a line: solid is Nesterov, dashed is Adam, as in the papers.

    >>> style("rag", "adam")["linestyle"]
    '--'
    """
    label, colour, marker = MODELS[model]
    dashed = optimizer == "adam"
    return {
        "color": colour,
        "marker": marker,
        "markersize": 4,
        "linewidth": 1.4,
        "linestyle": "--" if dashed else "-",
        "markerfacecolor": "white" if dashed else colour,
        "label": f"{label}, {'Adam' if dashed else 'Nesterov'}",
    }


def as_svg(draw: Callable[[Any], None], size: tuple[float, float]) -> bytes:
    """The figure that `draw` fills, as SVG.

    Parameters
    ----------
    draw : callable
        Given an empty matplotlib figure.
    size : (float, float)
        Width and height in inches.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    with styled(size) as figure:
        draw(figure)
    return picture(figure)
