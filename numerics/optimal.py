"""The regularisers, or the prior, at which the exact condition number is smallest, and those that a paper picks.

Towards every boundary of the admissible set a curvature vanishes: 2λ_1, 2(σ_k² − λ_k) or a rotation for the
L2 loss; p_k, or a rotation, for nested dropout. The largest curvature stays bounded away from 0. So the exact
optimum is attained inside, while the optimum of bao2020 (16), which sees the rotations only, lies on the
boundary λ_1 = 0, λ_k = σ_k², where the exact condition number is infinite; that of Appendix D lies at p_k = 0.

Main results
    best_regularisers, best_prior        the optimum, with a bound that no choice can beat
    printed_regularisers, printed_prior  what (16) and Appendix D pick; ε inside the boundary
    even_regularisers, even_roots        the usual choices, and those of the paper's experiments
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.conditioning import check_hypotheses, power_of_two, scaled
from numerics.minimax import Descent, DropoutPlacement, L2Placement, Watch, cut_bound, descend
from numerics.relaxation import kappa_bound, printed_optimum, relaxed_optimum
from numerics.spectra import evenly_spaced

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Optimum:
    """The best weights that were found, and what vouches for them.

    Attributes
    ----------
    weights : array (k,)
        λ, or p_B.
    condition_number : float
    lower_bound : float
        No admissible weights have a smaller condition number. For nested dropout, a quasi-convex problem, it meets
        `condition_number` up to rounding; for the L2 loss it is that of `relaxation.kappa_bound`.
    agreement : float
        By how much, relative to the best, the worst of the descents from different starts exceeds it.
    promise, radius : float
        To first order, changing each gap by at most a factor e^±radius gains at most this relative part.
    steps : int
        Linear programs solved.
    """

    weights: Floats
    condition_number: float
    lower_bound: float
    agreement: float
    promise: float
    radius: float
    steps: int


def best_regularisers(sigma2: Floats, k: int, *, watch: Watch | None = None) -> Optimum:
    """The λ at which the exact condition number of the non-uniform L2 loss is smallest.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, decreasing, distinct up to the (k+1)-th.
    k : int
    watch : callable, optional
        As for `minimax.descend`.

    Raises
    ------
    ValueError
        If the spectrum does not satisfy the hypotheses.
    ArithmeticError
        If no placement can be measured in double precision.

    Notes
    -----
    Descents (`minimax.descend`) from the optimum of `relaxation` and from even gaps. Where eigenvalues are nearly equal
    the second may end in a worse local minimum, which `agreement` then says.

    Examples
    --------
    At k = m = 1 the curvatures 2(σ² − λ) and 2λ are equal halfway:

    >>> found = best_regularisers(np.array([3.0]), 1)
    >>> found.weights.round(8), round(found.condition_number, 8), round(found.lower_bound, 8)
    (array([1.5]), 1.0, 1.0)
    """
    check_hypotheses(sigma2, k)
    unit = power_of_two(sigma2)
    placement = L2Placement(scaled(sigma2, unit, k), k)
    runs = _runs(placement, [relaxed_optimum(placement.sigma2, k)[0], np.ones(k + 1)], watch)
    return _optimum(placement, runs, unit, kappa_bound(placement.sigma2, k))


def best_prior(sigma2: Floats, k: int, *, watch: Watch | None = None) -> Optimum:
    """The p_B at which the exact condition number of nested dropout (at W1 = Uᵀ) is smallest, likewise.

    Notes
    -----
    The Hessian is linear in p_B, so that s_min is concave and s_max convex: every local minimum of the condition
    number is a global one, and supporting planes (`minimax.cut_bound`) certify it.

    Examples
    --------
    >>> best_prior(np.array([2.0, 1.0]), 1).weights
    array([1.])
    """
    check_hypotheses(sigma2, k)
    placement = DropoutPlacement(scaled(sigma2, power_of_two(sigma2), len(sigma2)), k)
    rungs = np.append(1 / (placement.sigma2[: k - 1] - placement.sigma2[1:k]), 1 / placement.sigma2[k - 1])
    runs = _runs(placement, [rungs, np.ones(k)], watch)
    return _optimum(placement, runs, 1.0, cut_bound(placement, runs[0].gaps))


def printed_regularisers(sigma2: Floats, k: int, epsilon: float = 0.0) -> Floats:
    """The λ that minimise the objective of bao2020 (16) on [ε σ_k², (1 − ε) σ_k²]: see `relaxation.printed_optimum`.

    >>> printed_regularisers(np.array([2.0, 1.0]), 2, 0.25)
    array([0.25, 0.75])
    """
    unit = power_of_two(sigma2)
    return printed_optimum(sigma2 / unit, k, epsilon) * unit


def printed_prior(sigma2: Floats, k: int, epsilon: float = 0.0) -> Floats:
    """The p_B with p_B(k) = ε that minimises the objective of bao2020, Appendix D: p_B(i) ∝ 1/(σ_i² − σ_{i+1}²).

    At ε = 0, where it is smallest, the last latent is never kept: the minimum over the admissible p is not attained.

    >>> printed_prior(np.array([4.0, 3.0, 1.0]), 3)
    array([0.66666667, 0.33333333, 0.        ])
    """
    rungs = np.min(sigma2[: k - 1] - sigma2[1:k]) / (sigma2[: k - 1] - sigma2[1:k])
    return np.append(rungs / rungs.sum() * (1 - epsilon), epsilon)


def even_regularisers(sigma2: Floats, k: int) -> Floats:
    """λ_i = i σ_k²/(k + 1).

    >>> even_regularisers(np.array([5.0, 3.0]), 2)
    array([1., 2.])
    """
    return sigma2[k - 1] * np.arange(1, k + 1) / (k + 1)


def even_roots(low: float, high: float, k: int) -> Floats:
    """√λ evenly spaced over [low, high], as in the experiments of bao2020, Appendix H.

    >>> even_roots(1.0, 3.0, 3)
    array([1., 4., 9.])
    """
    return evenly_spaced(low, high, k) ** 2


def _runs(placement: L2Placement | DropoutPlacement, starts: Sequence[Floats], watch: Watch | None) -> list[Descent]:
    """Descents from every start, the best one first."""
    runs = sorted((descend(placement, start, watch=watch) for start in starts), key=lambda run: run.kappa)
    if not np.isfinite(runs[0].kappa):
        raise ArithmeticError("the smallest curvature underflows double precision wherever the weights are placed")
    return runs


def _optimum(
    placement: L2Placement | DropoutPlacement, runs: Sequence[Descent], unit: float, lower_bound: float
) -> Optimum:
    best = runs[0]
    return Optimum(
        placement.weights(best.gaps) * unit,
        best.kappa,
        lower_bound,
        runs[-1].kappa / best.kappa - 1,
        best.promise,
        best.radius,
        sum(run.steps for run in runs),
    )
