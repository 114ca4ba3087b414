"""Conditions that chain the regularisers: (16) solved exactly, and what no placement can escape.

Each of these curvatures bounds s_min from above, and asks of λ_{i+1} to lie some way beyond λ_i (half scale):

    rotation of the latents i, j       (λ_j − λ_i)(ν_i − ν_j)/(ν_i + ν_j)            Bao et al. 2020, Appendix B
    rotation of the components i, j    (s_i − s_j)((λ_j/s_j)² − (λ_i/s_i)²)/(2(ν_i + ν_j))
    (asymmetric) scaling               2λ_1, 2(s_k − λ_k)
    rotation towards unlearned         an increasing function of λ_i

with s = σ² and ν = 1 − λ/s. The second line is the curvature along W1 → W1R, W2 → RᵀW2 with a rotation R of the
plane of u_i and u_j, which the paper does not consider (lae/chains/component-rotation proves it); it rules where
eigenvalues are nearly equal. It is largest at ν_i = 2√ν_j − ν_j, and counts with that value where ν_i lies above, so
that it falls with λ_i and rises with λ_j like the others. So the least λ with all curvatures ≥ t is found latent by
latent, and the largest t for which it fits into (0, s_k) by bisection: no regularisers have a larger s_min.

(16) of the paper sees the first line only. Its terms fall as λ_1 falls and λ_k rises, so that its minimum lies at
λ_1 = 0, λ_k = σ_k², where two curvatures vanish and the exact condition number is infinite.

Main results
    printed_optimum     the λ that solve (16), on the boundary; or within an ε of it
    relaxed_optimum     the λ of the largest relaxed s_min, near the best ones
    kappa_bound         no λ has a condition number below it
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from numerics.conditioning import TINY

Floats = NDArray[np.float64]
HALVINGS = 100
DEPTH = 500.0
"""The search for t begins at s_k e^−500, where double precision reaches so far."""


def printed_optimum(sigma2: Floats, k: int, epsilon: float = 0.0) -> Floats:
    """The regularisers that minimise the objective of Bao et al. 2020, (16), over ε σ_k² ≤ λ_i ≤ (1 − ε) σ_k².

    At ε = 0 they lie on the boundary, λ_1 = 0 and λ_k = σ_k²: the minimum over the admissible λ is not attained.

    Parameters
    ----------
    sigma2 : array (m,)
        Decreasing, distinct up to the k-th.
    k : int
        At least 2; at k = 1 the objective is an empty maximum.
    epsilon : float
        Below 1/2.

    Returns
    -------
    array (k,)

    Examples
    --------
    The objective is then equal for all neighbours:

    >>> lam = printed_optimum(np.array([3.0, 2.0, 1.0]), 3)
    >>> nu = 1 - lam / np.array([3.0, 2.0, 1.0])
    >>> curvature = np.diff(lam) * -np.diff(nu) / (nu[1:] + nu[:-1])
    >>> float(lam[0]), float(lam[-1]), round(float(curvature[0] / curvature[1]), 12)
    (0.0, 1.0, 1.0)
    """
    top = float(sigma2[k - 1])
    first, last = epsilon * top, (1 - epsilon) * top

    def place(t: float) -> list[float] | None:
        return _chain(k, first, last, lambda i, x: _after_latents(x, float(sigma2[i]), float(sigma2[i + 1]), t))

    lam = np.cumsum(_largest(place, top)[0])
    lam[-1] = last
    return lam


def relaxed_optimum(sigma2: Floats, k: int) -> tuple[Floats, float]:
    """The gaps of (0, σ_k²) at which the smallest of the module's curvatures is largest, and how large it is.

    Returns
    -------
    gaps : array (k + 1,)
        λ_1, λ_2 − λ_1, …, σ_k² − λ_k.
    s_min : float
        No regularisers have a larger smallest curvature (half scale).

    Examples
    --------
    At k = m = 1 the curvatures 2λ and 2(σ² − λ) are equal halfway:

    >>> gaps, s_min = relaxed_optimum(np.array([3.0]), 1)
    >>> gaps.round(8), round(s_min, 8)
    (array([1.5, 1.5]), 3.0)
    """
    s = [float(x) for x in sigma2]
    top, unlearned = s[k - 1], [s[j] for j in sorted({k, len(s) - 1}) if k <= j < len(s)]

    def place(t: float) -> list[float] | None:
        if t >= top:
            return None

        def advance(i: int, x: float) -> float:
            ends = (_after_latents(x, s[i], s[i + 1], t), _after_components(x, s[i], s[i + 1], t))
            return max(*ends, *(_least(s[i + 1], sj, t) - x for sj in unlearned))

        return _chain(k, max(t / 2, *(_least(s[0], sj, t) for sj in unlearned), 0.0), top - t / 2, advance)

    gaps, t = _largest(place, 2 * top)
    return np.append(gaps, top - sum(gaps)), t


def kappa_bound(sigma2: Floats, k: int) -> float:
    """No regularisers have a smaller exact condition number: s_max is bounded below, s_min above, over all λ.

    The larger of 2(s_1 − λ_1) and 2λ_1 is at least s_1 and 2(s_1 − s_k); the largest curvature of latent 1 and
    component k+1 rises with λ_1, from (s_1 + s_j + √((s_1 − s_j)² + 4s_j²))/2.

    Examples
    --------
    At k = m = 1 it is attained:

    >>> round(kappa_bound(np.array([3.0]), 1), 8)
    1.0
    """
    first, last = float(sigma2[0]), float(sigma2[k - 1])
    after = float(sigma2[k]) if k < len(sigma2) else 0.0
    mixing = (first + after + sqrt((first - after) ** 2 + 4 * after**2)) / 2
    return max(first, 2 * (first - last), mixing) / relaxed_optimum(sigma2, k)[1]


def _chain(k: int, first: float, last: float, advance: Callable[[int, float], float]) -> list[float] | None:
    """λ_1 = first, then λ_{i+1} = λ_i + advance(i, λ_i), as gaps; None if one exceeds `last`."""
    gaps, x = [first], first
    for i in range(k - 1):
        gaps.append(advance(i, x))
        x += gaps[-1]
    return gaps if x <= last else None


def _largest(place: Callable[[float], list[float] | None], top: float) -> tuple[list[float], float]:
    """The last placement found by bisection of log t, and a t at which there is none."""
    low, high = max(log(top) - DEPTH, log(TINY)), log(top)
    if low >= high:
        raise ArithmeticError("the smallest curvature underflows double precision wherever the weights are placed")
    best = place(exp(low)) or []
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = place(exp(middle))
        if found:
            low, best = middle, found
        else:
            high = middle
    return best, exp(high)


def _after_latents(x: float, si: float, sj: float, t: float) -> float:
    """The least λ_j − λ_i at which the rotation of the latents has curvature t: a root of a quadratic."""
    if x >= sj:
        return inf
    gap = x * ((si - sj) / si)
    half, product = (gap + t) / 2, t * (sj * ((si - x) / si) + (sj - x))
    return product / (half + sqrt(half**2 + product))


def _after_components(x: float, si: float, sj: float, t: float) -> float:
    """The least λ_j − λ_i at which the rotation of the components has curvature t, or may have it at a larger λ_i."""
    taken, share, lost = x / si, 2 * t / (si - sj), x * ((si - sj) / si)
    if share >= 2:
        return inf
    if taken <= share / 2:
        root = sqrt(share / 2)
        return sj * (root * (2 - root) - taken) - lost
    half, product = taken + share / 2, 2 * share * ((si - x) / si)
    return sj * (product / (half + sqrt(half**2 + product))) - lost


def _least(si: float, sj: float, t: float) -> float:
    """The least λ_i at which the rotation of latent i towards an unlearned component has curvature t < s_i."""
    return si / (si - sj) * (t + sj * ((t - (si - sj)) / (si - t)))
