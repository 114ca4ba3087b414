"""The regularisers, or the prior, at which the exact condition number is smallest.

Towards every boundary of the admissible set a curvature vanishes: 2λ_1, 2(σ_k² − λ_k) or a rotation for the
L2 loss; p_k, or a rotation, for nested dropout. The largest curvature stays bounded away from 0. So the exact
optimum is attained inside, while the optimum of bao2020 (16), which sees the rotations only, lies on the
boundary λ_1 = 0, λ_k = σ_k², where the exact condition number is infinite.

Main results
    best_regularisers    λ for the non-uniform L2 loss
    best_prior           p_B for nested dropout
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.conditioning import Conditioning, check_hypotheses, l2_conditioning, nested_dropout_conditioning

Floats = NDArray[np.float64]


def best_regularisers(sigma2: Floats, k: int) -> Floats:
    """The λ at which the exact condition number of the non-uniform L2 loss is smallest, found by local search.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th.
    k : int

    Returns
    -------
    array (k,)
        0 < λ_1 < … < λ_k < σ_k².

    Raises
    ------
    ValueError
        If the spectrum does not satisfy the hypotheses.

    Notes
    -----
    Nelder and Mead's search on the logarithms of the k + 1 gaps of (0, σ_k²), from even gaps: reliable for k
    up to about ten, an upper bound of the optimum beyond.

    Examples
    --------
    At k = m = 1 the curvatures 2(σ² − λ) and 2λ are equal halfway:

    >>> best_regularisers(np.array([3.0]), 1).round(4)
    array([1.5])
    """
    check_hypotheses(sigma2, k)

    def place(gaps: Floats) -> Floats:
        return sigma2[k - 1] * np.cumsum(gaps)[:-1]

    return place(_search(k + 1, lambda gaps: l2_conditioning(sigma2, place(gaps), scale="half")))


def best_prior(sigma2: Floats, k: int) -> Floats:
    """The p_B at which the exact condition number of nested dropout (at W1 = Uᵀ) is smallest, likewise.

    Examples
    --------
    >>> best_prior(np.array([2.0, 1.0]), 1)
    array([1.])
    """
    check_hypotheses(sigma2, k)
    return _search(k, lambda prior: nested_dropout_conditioning(sigma2, prior, scale="half"))


def _search(size: int, measure: Callable[[Floats], Conditioning]) -> Floats:
    """The point of the open simplex with the smallest condition number; infinite where it cannot be measured."""
    from scipy.optimize import minimize

    def simplex(logs: Any) -> Floats:
        parts = np.exp(np.append(logs, 0.0) - max(0.0, *logs)) if size > 1 else np.ones(1)
        return parts / parts.sum()

    def objective(logs: Any) -> float:
        try:
            return float(np.log(measure(simplex(logs)).condition_number))
        except (ValueError, ArithmeticError):
            return np.inf

    if size == 1:
        return simplex([])
    best = np.zeros(size - 1)
    for _ in range(3):
        options = {"adaptive": True, "maxiter": 400 * size, "xatol": 1e-8, "fatol": 1e-12}
        best = minimize(objective, best, method="Nelder-Mead", options=options).x
    return simplex(best)
