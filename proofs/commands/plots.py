"""`--plot FILE.svg`, `--report FILE.html`: checked before anything long begins, written whole or not at all.

Main results
    check_plot     refuse a file that cannot become a picture
    check_page     refuse one that cannot become a page
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
    _check(plot, "plot", ".svg")


def check_page(page: Path | None) -> None:
    """Refuse a file that no page can be written to.

    Raises
    ------
    ValueError
        If the name does not end in .html, or its folder does not exist, or it cannot be written.
    """
    _check(page, "report", ".html")


def _check(file: Path | None, option: str, ending: str) -> None:
    if file is None:
        return
    if file.suffix.lower() != ending:
        raise ValueError(f"{option}: got {str(file)!r}; want a file name that ends in {ending}")
    if not file.parent.is_dir():
        raise ValueError(f"{option}: there is no folder {file.parent}")
    try:
        check_writable(file)
    except OSError as problem:
        raise ValueError(f"{option}: {file} cannot be written: {problem.strerror}") from None


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
