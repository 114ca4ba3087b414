"""The largest eigenvalue of a Hessian, by Lanczos on differences of the gradient.

Main results
    largest_curvature       at a point that is given as named arrays
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Named = dict[str, np.ndarray]
TOLERANCE = 1e-6
"""The relative error that Lanczos is allowed."""


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
