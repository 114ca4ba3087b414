"""`--plot FILE.svg`: checked before anything long begins, written whole or not at all.

Main results
    check_plot     refuse a file that cannot become a picture
    write_plot     write a figure to it
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from numerics.storing import check_writable, write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def check_plot(plot: Path | None) -> None:
    """Refuse a file that no picture can be written to.

    Raises
    ------
    ValueError
        If the name does not end in .svg, or its folder does not exist, or it cannot be written.
    """
    if plot is None:
        return
    if plot.suffix.lower() != ".svg":
        raise ValueError(f"plot: got {str(plot)!r}; want a file name that ends in .svg")
    if not plot.parent.is_dir():
        raise ValueError(f"plot: there is no folder {plot.parent}")
    try:
        check_writable(plot)
    except OSError as problem:
        raise ValueError(f"plot: {plot} cannot be written: {problem.strerror}") from None


def write_plot(figure: Figure, plot: Path) -> None:
    """Write a figure.

    Raises
    ------
    ValueError
        If the file cannot be written.
    """
    from numerics.figures import svg

    try:
        write_whole(plot, svg(figure))
    except OSError as problem:
        raise ValueError(f"plot: {plot} cannot be written: {problem.strerror}") from None
