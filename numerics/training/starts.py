"""Initial weights, drawn in the basis of the features, so that they are the same whatever basis a run uses.

Main results
    STARTS      normal, balanced, orthogonal, subspace
    draw        (W1, W2ᵀ) of a start named `kind` or `kind:scale`
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from numerics.training.data import Data

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]


def normal(rng: np.random.Generator, k: int, data: Data, scale: float = 0.01) -> Pair:
    """Independent entries N(0, scale²): Bao et al. (2020, H.1) print N(0, 10⁻⁴); their code draws N(0, 10⁻⁸)."""
    return scale * rng.normal(size=(k, data.m)), scale * rng.normal(size=(k, data.m))


def balanced(rng: np.random.Generator, k: int, data: Data, scale: float = 0.01) -> Pair:
    """W1 = W2ᵀ, entries N(0, scale²)."""
    w1 = scale * rng.normal(size=(k, data.m))
    return w1, w1


def orthogonal(rng: np.random.Generator, k: int, data: Data, scale: float = 1.0) -> Pair:
    """W1 = W2ᵀ with orthonormal rows, uniformly distributed, times scale."""
    w1 = scale * np.linalg.qr(rng.normal(size=(data.m, k)))[0].T
    return w1, w1


def subspace(rng: np.random.Generator, k: int, data: Data, scale: float = 1.0) -> Pair:
    """W1 = W2ᵀ = scale·OUᵀ, U the first k eigenvectors, O orthogonal: where Theorem 4 of Bao et al. (2020) starts."""
    turn = np.linalg.qr(rng.normal(size=(k, k)))[0]
    w1 = scale * turn @ data.basis[:, :k].T
    return w1, w1


STARTS: dict[str, Callable[..., Pair]] = {
    "normal": normal,
    "balanced": balanced,
    "orthogonal": orthogonal,
    "subspace": subspace,
}


def draw(start: str, k: int, data: Data, seed: int) -> Pair:
    """W1 and W2ᵀ, each (k, m), of the start that `kind` or `kind:scale` names.

    Raises
    ------
    ValueError
        If the kind is unknown or the scale not a positive number.
    """
    kind, _, parameter = start.partition(":")
    if kind not in STARTS:
        raise ValueError(f"init: got {kind!r}; want one of {', '.join(STARTS)}")
    rng = np.random.default_rng(seed)
    if not parameter:
        return STARTS[kind](rng, k, data)
    try:
        scale = float(parameter)
    except ValueError:
        scale = float("nan")
    if not 0 < scale < float("inf"):
        raise ValueError(f"init {kind}: got {parameter!r}; want a positive number")
    return STARTS[kind](rng, k, data, scale)
