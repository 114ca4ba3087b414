"""The papers' figures and tables, made again: a module per figure, which trains, measures, draws and judges.

figure          what one is made of: what is asked, trained, measured, judged, drawn
remake          one made in a folder
record          the findings that the repository keeps
curves          how fast a recorded run was, and which learning rate was best
look            the look of the figures
images          MNIST by its path, or digits
bao2020, kunin2019, oftadeh2020, bah2019
                a module per figure, and what those of a paper share in `common`

Main results
    FIGURES     all of them, by paper
    find        one by its name
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numerics.experiments.figure import Figure

FIGURES = (
    *(f"bao2020/fig{i}" for i in range(1, 9)),
    *(f"bao2020/table{i}" for i in (2, 3, 4)),
    *(f"kunin2019/fig{i}" for i in range(1, 9)),
    "kunin2019/appendix-e",
    *(f"oftadeh2020/fig{i}" for i in range(1, 4)),
    *(f"bah2019/fig{i}" for i in range(1, 5)),
)
"""The names of all figures and tables."""


def find(name: str) -> Figure:
    """A figure by its name.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> find("bao2020/fig9")
    Traceback (most recent call last):
        ...
    ValueError: figure: got 'bao2020/fig9'; want all, or one of those that --list shows
    """
    if name not in FIGURES:
        raise ValueError(f"figure: got {name!r}; want all, or one of those that --list shows")
    paper, _, figure = name.partition("/")
    return import_module(f"numerics.experiments.{paper}.{figure.replace('-', '_')}").FIGURE
