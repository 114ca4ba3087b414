"""The papers' experiments, run again: a module per figure, which trains, draws, and judges what the paper says of it.

experiment      the parts of one: asked, trained, judged, written
curves          how fast a recorded run was, and which learning rate was best
look            the look of the figures
images          MNIST by its path, or digits
bao2020         what the figures of that paper share
bao2020_fig2    alignment and subspace distance of six models under two optimisers
bao2020_fig4    epochs to alignment against the number of latents
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numerics.experiments.experiment import Experiment

EXPERIMENTS = {"bao2020/fig2": "bao2020_fig2", "bao2020/fig4": "bao2020_fig4"}
"""Names of experiments, and the modules that hold them."""


def find(name: str) -> Experiment:
    """An experiment by its name.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> find("bao2020/fig1")
    Traceback (most recent call last):
        ...
    ValueError: experiment: got 'bao2020/fig1'; want one of bao2020/fig2, bao2020/fig4
    """
    if name not in EXPERIMENTS:
        raise ValueError(f"experiment: got {name!r}; want one of {', '.join(EXPERIMENTS)}")
    return import_module(f"numerics.experiments.{EXPERIMENTS[name]}").EXPERIMENT
