"""Gradient flows beyond two layers, followed with error control or by Euler's method, their invariants watched.

Main results
    DeepFlow            N layers, Y = X or Y ≠ X; W_{j+1}ᵀW_{j+1} − W_jW_jᵀ is conserved
    RiemannianFlow      the product of balanced layers, on the matrices of rank r (Bah et al. 2019, (26) and (31))
    BrockettFlow        on the Stiefel manifold (Bao et al. 2020, (51)); W2ᵀW2 = I is conserved
    follow, euler       a flow to given times, by an adaptive integrator or by explicit Euler steps
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import flows

Floats = NDArray[np.float64]
Layers = Sequence[Floats]


class Flow(Protocol):
    """A vector field on lists of matrices."""

    def velocity(self, state: Layers) -> list[Floats]:
        """The time derivative of each matrix."""

    def loss(self, state: Layers) -> float:
        """What falls along the flow."""

    def invariants(self, state: Layers) -> list[Floats]:
        """What the exact flow leaves as it is."""


@dataclass(frozen=True)
class DeepFlow:
    """Ẇ_j = −∇_{W_j} ½‖Y − W_N ⋯ W_1X‖² (Bah et al. 2019, (5)).

    Parameters
    ----------
    xx, yx : arrays (d_0, d_0) and (d_N, d_0)
        XXᵀ and YXᵀ; equal for an autoencoder.
    yy : float
        Tr YYᵀ.
    """

    xx: Floats
    yx: Floats
    yy: float

    def velocity(self, state: Layers) -> list[Floats]:
        """Minus the gradient by each layer."""
        return [-g for g in flows.gradient(state, self.xx, self.yx)]

    def loss(self, state: Layers) -> float:
        """½‖Y − WX‖² of the product W."""
        w = flows.product(state)
        return float(self.yy - 2 * np.sum(w * self.yx) + np.sum((w @ self.xx) * w)) / 2

    def invariants(self, state: Layers) -> list[Floats]:
        """W_{j+1}ᵀW_{j+1} − W_jW_jᵀ."""
        return flows.balance(state)


@dataclass(frozen=True)
class RiemannianFlow:
    """Ẇ = −𝒜_W(WXXᵀ − YXᵀ), 𝒜_W(Z) = Σ_j (WWᵀ)^{(N−j)/N} Z (WᵀW)^{(j−1)/N} (Bah et al. 2019, (25), (26)).

    It is the flow of the product of N balanced layers (Corollary 8) and keeps the rank of W.

    Parameters
    ----------
    xx, yx, yy
        As for a DeepFlow.
    depth : int
        The number N of layers.
    rank : int
        The rank of W.
    """

    xx: Floats
    yx: Floats
    yy: float
    depth: int
    rank: int

    def velocity(self, state: Layers) -> list[Floats]:
        """Minus the Riemannian gradient."""
        (w,) = state
        slope = w @ self.xx - self.yx
        left, right = (_powers(gram, self.depth, self.rank) for gram in (w @ w.T, w.T @ w))
        terms = [left(self.depth - j) @ slope @ right(j - 1) for j in range(1, self.depth + 1)]
        return [-np.sum(terms, axis=0)]

    def loss(self, state: Layers) -> float:
        """½‖Y − WX‖²."""
        return DeepFlow(self.xx, self.yx, self.yy).loss(state)

    def invariants(self, state: Layers) -> list[Floats]:
        """The singular values beyond the rank, which are zero."""
        return [np.asarray(np.linalg.svd(state[0], compute_uv=False)[self.rank :], dtype=np.float64)]


@dataclass(frozen=True)
class BrockettFlow:
    """Ẇ = 2(I − WWᵀ)CWD + 2W skew(WᵀCWD) on WᵀW = I (Bao et al. 2020, (51)).

    Parameters
    ----------
    covariance : array (m, m)
    weights : array (k,)
        The diagonal of D, decreasing and positive: it orders the eigenvectors.
    """

    covariance: Floats
    weights: Floats

    def velocity(self, state: Layers) -> list[Floats]:
        """Minus the Riemannian gradient of the loss."""
        (w,) = state
        pull = self.covariance @ w * self.weights
        inner = w.T @ pull
        return [2 * (pull - w @ inner) + w @ (inner - inner.T)]

    def loss(self, state: Layers) -> float:
        """−Tr(WᵀCWD)."""
        (w,) = state
        return -float(np.sum((self.covariance @ w) * w * self.weights))

    def invariants(self, state: Layers) -> list[Floats]:
        """WᵀW − I."""
        return [state[0].T @ state[0] - np.eye(state[0].shape[1])]


@dataclass(frozen=True)
class Path:
    """A flow that was followed.

    Attributes
    ----------
    times, losses : arrays (n,)
    drift : array (n,)
        The largest change of an entry of an invariant since the start.
    state : list of arrays
        At the end.
    """

    times: Floats
    losses: Floats
    drift: Floats
    state: list[Floats]


def follow(flow: Flow, start: Layers, times: ArrayLike, rtol: float = 1e-9) -> Path:
    """Follow a flow to increasing times from zero, by LSODA with error control.

    Raises
    ------
    ValueError
        If the times do not increase from zero.
    ArithmeticError
        If the integrator gives up.

    Examples
    --------
    One layer of one number, ẇ = −(w − 1):

    >>> one = np.eye(1)
    >>> path = follow(DeepFlow(one, one, 1.0), [np.zeros((1, 1))], [0.0, 1.0])
    >>> bool(abs(path.state[0][0, 0] - (1 - np.exp(-1))) < 1e-8)
    True
    """
    from scipy.integrate import solve_ivp

    grid = np.asarray(times, dtype=np.float64)
    if grid.ndim != 1 or grid.size < 2 or grid[0] != 0 or not (np.diff(grid) > 0).all():
        raise ValueError("times: want numbers that increase from 0")
    begin = [np.asarray(w, dtype=np.float64) for w in start]
    cuts = np.cumsum([w.size for w in begin])[:-1]

    def unpack(flat: Floats) -> list[Floats]:
        return [part.reshape(w.shape) for part, w in zip(np.split(flat, cuts), begin, strict=True)]

    def velocity(_: float, flat: Floats) -> Floats:
        return np.concatenate([v.ravel() for v in flow.velocity(unpack(flat))])

    packed = np.concatenate([w.ravel() for w in begin])
    found = solve_ivp(velocity, (0, grid[-1]), packed, "LSODA", grid, rtol=rtol, atol=rtol * 1e-3)
    if not found.success:
        raise ArithmeticError(f"the integrator stopped at time {found.t[-1]:g}: {found.message}")
    return _path(flow, grid, [unpack(column) for column in found.y.T])


def euler(flow: Flow, start: Layers, step: float, steps: int, every: int = 1) -> Path:
    """Follow a flow by explicit Euler steps, as Bah et al. (2019, Section 7) do; every so many are recorded.

    Raises
    ------
    ValueError
        If the step is not positive.
    ArithmeticError
        If the loss is not finite.
    """
    if not step > 0:
        raise ValueError(f"step: got {step:g}; want a positive number")
    state = [np.asarray(w, dtype=np.float64) for w in start]
    times, states = [0.0], [state]
    with np.errstate(all="ignore"):
        for count in range(1, steps + 1):
            state = [w + step * v for w, v in zip(state, flow.velocity(state), strict=True)]
            if count % every == 0 or count == steps:
                if not np.isfinite(flow.loss(state)):
                    raise ArithmeticError(f"the loss is not finite after {count} steps; want a smaller step")
                times.append(count * step)
                states.append(state)
    return _path(flow, np.array(times), states)


def _powers(gram: Floats, depth: int, rank: int) -> Callable[[int], Floats]:
    """j ↦ gram^{j/N} for a positive semidefinite matrix of a given rank; the identity for j = 0.

    What rounding leaves of the other eigenvalues is dropped: its N-th root would not be small.
    """
    values, vectors = np.linalg.eigh(gram)
    values[: len(values) - rank] = 0
    roots = np.maximum(values, 0) ** (1 / depth)
    return lambda j: (vectors * roots**j) @ vectors.T


def _path(flow: Flow, times: Floats, states: list[list[Floats]]) -> Path:
    first = flow.invariants(states[0])
    drift = [
        max(
            (float(np.max(np.abs(a - b), initial=0)) for a, b in zip(flow.invariants(s), first, strict=True)), default=0
        )
        for s in states
    ]
    return Path(times, np.array([flow.loss(s) for s in states]), np.array(drift), states[-1])
