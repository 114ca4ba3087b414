"""What the figures of Bao et al. 2020 share: the models, the optimisers, the scale of the authors' learning rates.

Main results
    MODELS, OPTIMIZERS, GOAL
    kept            the models of a figure but some
    rate            a learning rate of the paper's tables, for the losses as printed
    named           a run as "model, optimiser"
    regularisers    λ_i from evenly spaced √λ_i
    collapsed       the latents that non-uniform L2 loses at its minimum
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numerics.training.campaign import Finished
from numerics.training.program import Run

OPTIMIZERS = ("nesterov", "adam")
MODELS = ("uniform-l2", "l2", "rag", "nested-dropout-sample", "nested-dropout", "vae")
"""In the paper's order; its nested dropout draws a mask for each sample."""
GOAL = 0.3
"""The distance to alignment at which Figure 4 calls a model aligned."""


def kept(models: Sequence[str], without: Sequence[str]) -> list[str]:
    """The models of a figure but some.

    Raises
    ------
    ValueError
        If one of those is not in it, or none is left.

    Examples
    --------
    >>> kept(("l2", "rag"), ["rag"])
    ['l2']
    """
    for name in without:
        if name not in models:
            raise ValueError(f"without: got {name!r}; want some of {', '.join(models)}")
    if not (left := [name for name in models if name not in without]):
        raise ValueError("without: no model is left")
    return left


def rate(model: str, optimizer: str, printed: float) -> float:
    """A learning rate of Tables 2 and 4, for the losses as the paper prints them.

    The authors' code trains nested dropout at the scale 1/n, twice that of the printed loss; Adam does not see scale.

    >>> rate("nested-dropout", "nesterov", 0.03), rate("nested-dropout", "adam", 0.03), rate("rag", "nesterov", 0.03)
    (0.06, 0.03, 0.03)
    """
    return 2 * printed if model.startswith("nested-dropout") and optimizer == "nesterov" else printed


def regularisers(k: int, low: float, high: float) -> np.ndarray:
    """λ_i of k latents, √λ_i evenly spaced from low to high.

    >>> regularisers(3, 1.0, 3.0)
    array([1., 4., 9.])
    """
    return np.linspace(low, high, k) ** 2


def named(finished: Finished) -> str:
    """A run as a reader of the findings sees it."""
    return f"{finished[0].model.name}, {finished[0].optimizer}"


def collapsed(run: Run, sigma2: np.ndarray) -> list[int]:
    """The latents, from 1, with λ_i ≥ σ_i²: they vanish at the minimum of non-uniform L2.

    >>> from numerics.training.catalogue import make
    >>> sigma2 = np.array([3.0, 2.0, 1.0])
    >>> collapsed(Run(make("l2", 2, sigma2, lam=[1.0, 2.5]), "gd", 0.1), sigma2)
    [2]
    """
    lam = run.model.loss.ridge
    return [i + 1 for i in range(run.model.k) if lam[i] >= sigma2[i]]
