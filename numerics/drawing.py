"""Figures that are the same everywhere: matplotlib without anybody's settings, and pictures as bytes.

Main results
    styled     an empty figure, in a style of ours for as long as it is drawn
    picture    a figure as the bytes of a file, the same every time
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BARE: Mapping[str, Any] = {
    "svg.hashsalt": "lae",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
}
FORMATS = ("svg", "pdf", "png")


@contextlib.contextmanager
def styled(figsize: tuple[float, float], style: Mapping[str, Any] = BARE) -> Iterator[Figure]:
    """An empty figure, in this style for as long as it is drawn.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    with _settings(style):
        from matplotlib.figure import Figure

        yield Figure(figsize=figsize, layout="constrained")


def picture(figure: Figure, format: str = "svg", style: Mapping[str, Any] = BARE) -> bytes:
    """The file of a figure."""
    without = {"svg": ("Date", "Creator"), "pdf": ("CreationDate", "Creator", "Producer"), "png": ("Software",)}[format]
    content = io.BytesIO()
    with _settings(style):
        figure.savefig(content, format=format, metadata=dict.fromkeys(without))
    return content.getvalue()


@contextlib.contextmanager
def _settings(style: Mapping[str, Any]) -> Iterator[None]:
    """matplotlib's own settings and this style, whatever matplotlibrc says."""
    library()
    from matplotlib.style import context

    with context(["default", dict(style)]):
        yield


@cache
def library() -> Any:
    """matplotlib, imported away from the working directory, where it would read any matplotlibrc, even a pipe.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    try:
        here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        import matplotlib

        return matplotlib
    try:
        os.chdir("/")
        import matplotlib
    finally:
        os.fchdir(here)
        os.close(here)
    return matplotlib
