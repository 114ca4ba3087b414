"""The largest eigenvalue of a Hessian at a global minimum: closed forms, and Lanczos where there is none.

Main results
    regularised             ‖X − W2W1X‖²/n + ‖Λ^½W1‖² + ‖W2Λ^½‖², whatever λ: equal, zero, larger than σ²
    tied                    ‖X − WᵀWX‖²/n + 2λ‖W‖²
    largest_curvature       by Lanczos on differences of a gradient
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from numerics.conditioning import extremes
from numerics.minima import L2Minimum

Floats = NDArray[np.float64]
Named = dict[str, Floats]
TOLERANCE = 1e-6
"""The relative error that Lanczos is allowed."""


def regularised(sigma2: Floats, lam: Floats) -> float:
    """By the blocks of Appendix B of Bao et al. (2020), at W1 = W2ᵀ; the order of the λ_i does not matter.

    Where λ_i = 0 the value is the limit λ_i → 0.

    Examples
    --------
    At k = 1 the eigenvalues are 4(σ_1² − λ), 4λ, and for the component that is left out 2(σ_1² − σ_2²) and more:

    >>> regularised(np.array([4.0, 0.0]), np.array([1.0]))
    12.0
    """
    unit = float(sigma2[0])
    least = np.maximum(np.sort(lam) / unit, 2.0**-60)
    return 2 * unit * float(extremes(L2Minimum(sigma2 / unit, least))[1])


def tied(sigma2: Floats, lam: float, k: int) -> float:
    """By blocks in the eigenbasis, at W = diag(√a) with a_i = (1 − λ/σ_i²)₊: the second variation along V is

    Σ_ij (a_i(σ_i² + σ_j²) − 2σ_j² + 2λ)V_ij² + Σ_ij (√a_j V_ij + √a_i V_ji)(σ_j²√a_j V_ij + σ_i²√a_i V_ji),

    so that V_ij and V_ji for i < j ≤ k make a block of two, and every other V_ij stands alone.

    Examples
    --------
    >>> tied(np.array([4.0, 0.0]), 1.0, 1)
    24.0
    """
    s = sigma2[:k]
    a = np.where(s > lam, 1 - lam / np.where(s > 0, s, 1.0), 0.0)
    alone = a[:, None] * (s[:, None] + sigma2) - 2 * sigma2 + 2 * lam
    own = alone[:, :k] + 2 * a * s
    across = np.sqrt(np.outer(a, a)) * np.add.outer(s, s)
    pairs = (own + own.T) / 2 + np.hypot((own - own.T) / 2, across)
    return 2 * float(max(alone.max(), pairs.max()))


def largest_curvature(gradient: Callable[[Named], Named], at: Named) -> float:
    """The largest eigenvalue of the Hessian of the function with that gradient, to about six digits.

    Examples
    --------
    Half of x² + 3y² at (1, 2):

    >>> round(largest_curvature(lambda at: {"x": at["x"] * [1, 3]}, {"x": np.array([1.0, 2.0])}), 6)
    3.0
    """
    from scipy.sparse.linalg import LinearOperator, eigsh

    cuts = np.cumsum([array.size for array in at.values()])[:-1]
    total = sum(array.size for array in at.values())
    step = 1e-5

    def slope(moved: np.ndarray) -> np.ndarray:
        parts = np.split(moved, cuts)
        point = {name: array + part.reshape(array.shape) for (name, array), part in zip(at.items(), parts, strict=True)}
        return np.concatenate([g.ravel() for g in gradient(point).values()])

    def product(vector: np.ndarray) -> np.ndarray:
        size = np.linalg.norm(vector)
        unit = step * vector.ravel() / size
        return (slope(unit) - slope(-unit)) / (2 * step) * size

    if total <= 2:
        dense = np.stack([product(column) for column in np.eye(total)])
        return float(np.linalg.eigvalsh((dense + dense.T) / 2)[-1])
    operator = LinearOperator((total, total), matvec=product, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=total)
    return float(eigsh(operator, k=1, which="LA", v0=start, tol=TOLERANCE, return_eigenvectors=False)[0])
