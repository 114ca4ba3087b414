"""What is said of runs: before, which hypotheses do not hold; after, how each ended and what was measured at its end.

Main results
    losses      what is minimised, at which scale, with which regularisers and priors
    warnings    what is special about the data, and the hypotheses that are violated
    rows        a record of each finished run
    told        a metric at the end of a run, or that it is below what can be resolved
    diverged    the names of those that diverged
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from numerics import scales
from numerics.degenerate import of_samples
from numerics.spectra import short
from numerics.training.campaign import Config, Finished
from numerics.training.data import Data
from numerics.training.metrics import resolution
from numerics.training.models import Model
from numerics.training.update_rules import FLOWS, RULES


def warnings(config: Config, data: Data) -> list[str]:
    """About the data, then the hypotheses that are violated, once for each model and size."""
    found = [] if data.samples is None else of_samples(data.constant, data.rank, data.m)
    kinds = {(run.model.name, run.model.size.replace("k", "k = ")): run for run in config.runs}
    return found + [
        f"{name}, {size}: the theorem assumes {checked.text}; {checked.why}"
        for (name, size), run in kinds.items()
        for checked in run.hypotheses(data)
        if not checked.holds
    ]


def losses(config: Config, data: Data) -> list[str]:
    """What each model minimises, once for each: its formula, scale, and the numbers in it."""
    found = []
    for model in dict.fromkeys(run.model for run in config.runs):
        said = model.formula if data.targets is None else model.formula.replace("‖X −", "‖Y −")
        said = scales.said(said, model.scale) if model.has_scale else said
        found.append(", ".join([f"{model.name}, {said}", *_weights(model)]))
    return found


def _weights(model: Model) -> list[str]:
    """λ, γ and p_B in words, of a model that has them."""
    loss = model.loss
    named = {"λ": loss.ridge if any(loss.ridge) else (), "γ": (loss.product,) if loss.product else ()}
    named["p_B"] = loss.masks if "prior" in model.takes else ()
    return [f"{letter} = {short(values)}" for letter, values in named.items() if values]


def basis(optimizer: str) -> str:
    """The coordinates that a rule runs in.

    >>> basis("adam")
    'features'
    """
    return "eigenvectors" if RULES[optimizer].commutes else "features"


def rows(finished: Sequence[Finished], data: Data, dtype: str) -> list[dict[str, Any]]:
    """What each run was, how it ended, and its last metrics; None for what is no finite number."""
    return [
        {
            "name": run.name,
            "model": run.model.name,
            "k": run.model.k,
            "widths": run.model.widths,
            "scale": run.model.scale if run.model.has_scale else None,
            "optimizer": run.optimizer,
            "rate": run.rate,
            "seed": run.seed,
            "basis": basis(run.optimizer),
            "hypotheses": [vars(checked) for checked in run.hypotheses(data)],
            "status": ending.status,
            "epoch": ending.epoch,
            "time": ending.epoch * run.rate if run.optimizer in FLOWS else None,
            "resolution": _resolution(history, dtype),
            "metrics": {name: float(c[-1]) if isfinite(c[-1]) else None for name, c in history.items()},
        }
        for run, ending, history in finished
    ]


def _resolution(history: Mapping[str, Any], dtype: str) -> dict[str, float]:
    """Of each metric, the size below which its last value is rounding; what has none is left out."""
    loss, eps = history["loss"][-1], float(np.finfo(dtype).eps)
    sizes = {name: resolution(name, eps, loss) for name in history}
    return {name: size for name, size in sizes.items() if size and isfinite(size)}


def told(name: str, history: Mapping[str, Any], dtype: str) -> str:
    """The last value of a metric, or what it is below of; nothing if it is not measured.

    >>> told("subspace", {"subspace": [1e-175], "loss": [1.0]}, "float64"), told("alignment", {}, "float64")
    ('< 4.9e-32', '')
    """
    if name not in history:
        return ""
    value, least = history[name][-1], resolution(name, float(np.finfo(dtype).eps), history["loss"][-1])
    return f"< {least:.2g}" if abs(value) < least else f"{value:.3g}"


def diverged(finished: Sequence[Finished]) -> list[str]:
    """The names of the runs that diverged."""
    return [run.name for run, ending, _ in finished if ending.status == "diverged"]
