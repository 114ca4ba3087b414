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
    damping, diagonal = np.ones(len(x)), np.arange(x.shape[1])
    r = residual(x)
    error = squares(r)
    for _ in range(steps):
        J = jacobian(x) if free is None else jacobian(x) * np.asarray(free, dtype=float)
        back = np.swapaxes(J, 1, 2)
        slope = back @ r[:, :, None]
        steepness = np.sqrt(squares(J) * error)
        if np.all((np.max(np.abs(r), axis=1) < 1e-14) | (np.sqrt(squares(slope)) <= FLAT * steepness)):
            break  # every start is at a root or at a least residual that is none
        A = back @ J
        regular = damping + 1e-13 * squares(J) + 1e-300  # singular J are common: roots form families
        A[:, diagonal, diagonal] += regular[:, None]
        tried = x - np.linalg.solve(A, slope)[:, :, 0]
        r_tried = residual(tried)
        error_tried = squares(r_tried)
        better = error_tried < error
        x[better], r[better], error[better] = tried[better], r_tried[better], error_tried[better]
        damping = np.clip(np.where(better, damping / 5, damping * 3), 1e-24, 1e8)
    return x, np.max(np.abs(r), axis=1)


def squares(a: np.ndarray) -> np.ndarray:
    """The squared norm of every member of a batch."""
    return np.einsum("bi,bi->b", flat := a.reshape(len(a), -1), flat)
