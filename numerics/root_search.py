"""Roots of systems of equations from many starts at once, by Levenberg–Marquardt in batches.

Main results
    solve    roots from a batch of starts; equations may outnumber unknowns, and roots need not be isolated
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FLAT = 1e-7
"""The cosine between residual and derivatives below which a start has come to rest."""
Map = Callable[[np.ndarray], np.ndarray]


def solve(
    residual: Map, jacobian: Map, starts: np.ndarray, steps: int = 60, free: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Least-squares roots of ``residual`` from every row of ``starts``.

    Parameters
    ----------
    residual, jacobian
        Map a batch of points (B × n) to B × p values and B × p × n derivatives.
    free
        Which unknowns may move; all of them by default.

    Returns
    -------
    points, sizes
        The last points and the largest absolute residual at each.

    Examples
    --------
    >>> import numpy as np
    >>> x, size = solve(lambda x: x**2 - 2, lambda x: 2 * x[:, :, None], np.array([[1.0], [-3.0]]))
    >>> np.round(x.ravel(), 6).tolist()
    [1.414214, -1.414214]
    """
    x = np.array(starts, dtype=float)
    moving = np.ones(x.shape[1]) if free is None else np.asarray(free, dtype=float)
    damping = np.ones(len(x))
    r = residual(x)
    for _ in range(steps):
        J = jacobian(x) * moving
        slope = np.swapaxes(J, 1, 2) @ r[:, :, None]
        steepness = np.linalg.norm(J, axis=(1, 2)) * np.linalg.norm(r, axis=1)
        if np.all((np.max(np.abs(r), axis=1) < 1e-14) | (np.linalg.norm(slope, axis=(1, 2)) <= FLAT * steepness)):
            break  # every start is at a root or at a least residual that is none
        A = np.swapaxes(J, 1, 2) @ J
        regular = damping + 1e-13 * np.trace(A, axis1=1, axis2=2) + 1e-300  # singular J are common: roots form families
        step = np.linalg.solve(A + regular[:, None, None] * np.eye(x.shape[1]), slope)
        step = step[:, :, 0]
        tried = x - step
        r_tried = residual(tried)
        better = np.sum(r_tried**2, axis=1) < np.sum(r**2, axis=1)
        x[better], r[better] = tried[better], r_tried[better]
        damping = np.clip(np.where(better, damping / 5, damping * 3), 1e-24, 1e8)
    return x, np.max(np.abs(r), axis=1)
