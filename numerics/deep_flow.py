"""Gradient flow of deep linear networks, integrated with an error estimate.

The layers W_1, …, W_N move along Ẇ_j = −∇_{W_j} L, L = ½‖Y − W_N ⋯ W_1 X‖². The data enter through XXᵀ and YXᵀ only.

Main results
    gradient     of the loss by every layer
    integrate    the layers at a time, with an estimate of the error
    balance      W_{j+1}ᵀW_{j+1} − W_jW_jᵀ, which the flow leaves as it is
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np

Layers = Sequence[np.ndarray]


class Trajectory(NamedTuple):
    """The layers at the end, and how far two integrations of different accuracy lie apart."""

    layers: list[np.ndarray]
    error: float


def product(layers: Layers) -> np.ndarray:
    """W_N ⋯ W_1."""
    return reduce(lambda below, above: above @ below, layers)


def gradient(layers: Layers, xx: np.ndarray, yx: np.ndarray) -> list[np.ndarray]:
    """∇_{W_j} L = (W_N ⋯ W_{j+1})ᵀ (W XXᵀ − YXᵀ) (W_{j−1} ⋯ W_1)ᵀ for every j.

    Examples
    --------
    >>> gradient([np.array([[2.0]]), np.array([[3.0]])], np.eye(1), np.eye(1))
    [array([[15.]]), array([[10.]])]
    """
    below, above = [np.eye(layers[0].shape[1])], [np.eye(layers[-1].shape[0])]
    for w in layers[:-1]:
        below.append(w @ below[-1])
    for w in reversed(layers[1:]):
        above.append(above[-1] @ w)
    slope = product(layers) @ xx - yx
    return [a.T @ slope @ b.T for a, b in zip(reversed(above), below, strict=True)]


def balance(layers: Layers) -> list[np.ndarray]:
    """W_{j+1}ᵀW_{j+1} − W_jW_jᵀ for j = 1, …, N − 1; all zero for balanced layers."""
    return [after.T @ after - before @ before.T for before, after in pairwise(layers)]


def integrate(layers: Layers, xx: np.ndarray, yx: np.ndarray, until: float, rtol: float = 1e-9) -> Trajectory:
    """Follow the flow up to a time, twice: the coarser run, a hundred times less accurate, gives the error."""
    fine, coarse = (_solve(layers, xx, yx, until, r) for r in (rtol, 100 * rtol))
    error = max(float(np.max(np.abs(a - b))) for a, b in zip(fine, coarse, strict=True))
    return Trajectory(fine, error)


def _solve(layers: Layers, xx: np.ndarray, yx: np.ndarray, until: float, rtol: float) -> list[np.ndarray]:
    from scipy.integrate import solve_ivp

    shapes = [w.shape for w in layers]
    cuts = np.cumsum([w.size for w in layers])[:-1]

    def unpack(flat: np.ndarray) -> list[np.ndarray]:
        return [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]

    def velocity(_: float, flat: np.ndarray) -> np.ndarray:
        return -np.concatenate([g.ravel() for g in gradient(unpack(flat), xx, yx)])

    start = np.concatenate([np.asarray(w, dtype=float).ravel() for w in layers])
    found = solve_ivp(velocity, (0.0, until), start, method="LSODA", rtol=rtol, atol=rtol * 1e-3)
    return unpack(found.y[:, -1])
