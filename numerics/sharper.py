"""Bounds on curvatures and condition number that are nearly exact, in closed form.

The Hessian at the minimum falls into blocks. The characteristic polynomial of each is a product of factors
xʳ − e_1 xʳ⁻¹ + e_2 xʳ⁻² − …, r ≤ 4, with short coefficients and positive roots. As Σx² ≤ max x · Σx ≤ (Σx)² −
Σ_{a<b} x_a x_b for positive x, of the roots and of their inverses,

    (e_1² − 2e_2)/e_1 ≤ largest ≤ (e_1² − e_2)/e_1,
    x/(1 − xy) ≤ smallest ≤ x/(1 − 2xy)    with x = e_r/e_{r−1}, y = e_{r−2}/e_{r−1}.

The claims `lae/bounds/…` prove them for all sizes. They bound the whole condition number from both sides, within
a factor 2 on every family of `spectra` (`tests/numerics/test_sharper.py`).

Main results
    l2_bounds                the non-uniform L2 loss
    nested_dropout_bounds    nested dropout at W1 = Uᵀ
    every_bound              the printed bounds, then these
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

from numerics import bounds, uniform
from numerics.bounds import Bound
from numerics.conditioning import power_of_two
from numerics.minima import PIECE
from numerics.namespaces import array_namespace
from numerics.scales import SCALES

Array = Any
Factor = Callable[[Array, Array, Array, Array], tuple[Array, ...]]
MARGIN = 1e-9
"""Relative distance from an extreme within which a pair is looked at again, exactly if the inputs are exact."""
ROUNDINGS = 2.0**-50
"""What rounding two neighbours, and a few more times, can change in units of their size."""

CLOSE = 2.0**-20
"""Pairs of rationals that are relatively closer are always looked at exactly, unless all are floats."""


def every_bound(loss: str, sigma2: Array, weights: Array, *, scale: str, idle: int = 0) -> list[Bound]:
    """The printed bounds, and, unless some latents are idle, the sharper and the uniform ones.

    Idle latents have curvatures of their own.

    Parameters
    ----------
    loss : "l2" or "nested-dropout"
    sigma2 : array (m,)
    weights : array (k − idle,)
        λ or p_B of the latents that are not idle.
    scale : "half" or "main"
    idle : int
    """
    is_l2, k, unit = loss == "l2", weights.shape[-1], _unit(sigma2)
    s, w = sigma2 / unit, weights / unit if is_l2 else weights
    found = (bounds.l2_bounds if is_l2 else bounds.nested_dropout_bounds)(s, w, scale=scale)
    if not idle:
        found += (l2_bounds if is_l2 else nested_dropout_bounds)(s, w, scale=scale)
        found += (uniform.l2_bounds if is_l2 else uniform.nested_dropout_bounds)(s, k)
    return [b if b.bounds == "condition_number" else replace(b, value=b.value * unit) for b in found]


def _unit(sigma2: Array) -> Any:
    """`power_of_two`, as a rational if the spectrum is one: measured in it, nothing overflows."""
    unit = power_of_two(sigma2)
    return type(sigma2[0])(*unit.as_integer_ratio()) if str(sigma2.dtype) == "object" else unit


def l2_bounds(sigma2: Array, lam: Array, *, scale: str) -> list[Bound]:
    """Bounds on the curvatures of the non-uniform L2 loss at its global minimum, from both sides.

    Parameters
    ----------
    sigma2 : array (m,)
    lam : array (k,)
    scale : "half" or "main"

    Notes
    -----
    Of the unlearned components the first and the last are enough: the bounds of the others lie between theirs.

    Examples
    --------
    At k = m = 1 the curvatures are 2(σ² − λ) and 2λ:

    >>> import numpy as np
    >>> for b in l2_bounds(np.array([3.0]), np.array([1.0]), scale="half"):
    ...     print(b.id, b.value)
    lae/bounds/l2/smin-below 2.0
    lae/bounds/l2/smin-above 2.0
    lae/bounds/l2/smax-below 4.0
    lae/bounds/l2/smax-above 4.0
    lae/bounds/l2/cond-below 2.0
    lae/bounds/l2/cond-above 2.0
    """
    xp = array_namespace(sigma2, lam)
    k, m = lam.shape[-1], sigma2.shape[-1]
    s = sigma2[:k]
    roots = [(xp.stack([2 * lam[0], 2 * (s[-1] - lam[-1])]), 0, xp.stack([2 * (s[0] - lam[0]), 2 * lam[-1]]), 0)]
    if k > 1:
        roots.append(_l2_pairs(s, lam, *_deciding_pairs(_l2_pairs, s, lam, _margin(s, lam))))
    roots += [_l2_outward(s, sigma2[j], lam) for j in sorted({k, m - 1} & set(range(k, m)))]
    return _enclosing("lae/bounds/l2", roots, int(SCALES[scale]))


def _margin(*spaced: Array) -> float:
    """How far floats may misplace a pair, relatively: beyond `MARGIN` where rounding to floats has moved the gaps."""
    margin = MARGIN
    for values in spaced:
        if str(values.dtype) == "object" and any(type(x)(*float(x).as_integer_ratio()) != x for x in values):
            closest = min(abs(float((b - a) / b)) for a, b in pairwise(values))
            margin = max(margin, ROUNDINGS / closest if closest else inf)
    return margin


def _deciding_pairs(factor: Factor, s: Array, w: Array, margin: float) -> tuple[Array, Array]:
    """The few pairs i < j among which the bounds are attained, found in floats and in pieces of bounded memory.

    Nothing cancels in the coefficients, so that floats rank the pairs up to `margin`; if it is wide, all are taken.
    """
    xp, k = array_namespace(s), s.shape[0]
    if margin > 1 / 4:
        i, j = xp.nonzero(xp.arange(k)[:, None] < xp.arange(k)[None, :])
        return i, j
    rounded = any(_is_rounded(x) for values in (s, w) if values.dtype == object for x in values)
    s, w = (xp.asarray([float(x) for x in values]) for values in (s, w))
    latent, step, kept = xp.arange(k), max(1, PIECE // k), []
    extremes = [inf, inf, -inf, -inf]
    for first in range(0, k - 1, step):
        i, j = xp.nonzero(latent[first : min(first + step, k), None] < latent[None, :])
        i, near = i + first, None
        for at, values in enumerate(_bounds_of(*factor(s, w, i, j))):
            low = at < 2
            extremes[at] = min(extremes[at], float(xp.min(values))) if low else max(extremes[at], float(xp.max(values)))
            end = extremes[at] * (1 + margin if low else 1 - margin)
            some = values <= end if low else values >= end
            near = some if near is None else near | some
        if rounded:
            near = near | _blurred(s, i, j) | _blurred(w, i, j)
        kept.append((i[near], j[near]))
    i, j = (xp.concat(part) for part in zip(*kept, strict=True))
    return i, j


def _is_rounded(x: Any) -> bool:
    """Whether a rational is no float."""
    return bool(type(x)(*float(x).as_integer_ratio()) != x)


def _blurred(values: Array, i: Array, j: Array) -> Array:
    """Whether two numbers are so close that rounding them to floats may have changed their difference by `MARGIN`."""
    return abs(values[i] - values[j]) <= CLOSE * (values[i] + values[j])


def _bounds_of(x: Array, xy: Array, *largest: Array) -> tuple[Array, ...]:
    """Of each factor: below and above its smallest root and, given e_1 and e_2/e_1, below and above its largest."""
    smallest = x / (1 - xy), x / (1 - 2 * xy)
    if not largest:
        return smallest
    e1, rest = largest
    return *smallest, e1 - 2 * rest, e1 - rest


def _l2_pairs(s: Array, lam: Array, i: Array, j: Array) -> tuple[Array, Array, Array, Array]:
    """x, xy, e_1 and e_2/e_1 of x³ − e_1x² + e_2x − e_3; e_2 and e_3 are taken in units of s_i s_j."""
    si, sj, li, lj = s[i], s[j], lam[i], lam[j]
    gap, rest = (si - sj) / si, li / si + lj / sj
    norm = (si - li) / si + (sj - lj) / sj
    total = (li + lj) / sj
    e1 = (si + sj) * norm + li + lj
    e2 = norm**2 + (total * (1 + sj / si) * norm + gap * ((lj - li) / sj) * rest) / 2
    x = gap * (lj - li) * (total / e2)
    return x, x * (e1 / si / sj / e2), e1, e2 * (si / e1) * sj


def _l2_outward(si: Array, sj: Array, li: Array) -> tuple[Array, Array, Array, Array]:
    """The same of x² − tx + d."""
    gap = si - sj
    t = si + sj + li * (gap / si)
    x = gap * ((sj + li) / t)
    return x, x / t, t, x


def nested_dropout_bounds(sigma2: Array, prior: Array, *, scale: str) -> list[Bound]:
    """Bounds on the curvatures of nested dropout at W1 = Uᵀ, from both sides, off the null directions.

    The largest curvature is 2p_1σ_1² exactly.

    Parameters
    ----------
    sigma2 : array (m,)
    prior : array (k,)
    scale : "half" or "main"

    Examples
    --------
    >>> import numpy as np
    >>> for b in nested_dropout_bounds(np.array([3.0, 1.0]), np.array([1.0]), scale="half"):
    ...     print(b.id, b.value)
    lae/bounds/nested-dropout/smax 6.0
    lae/bounds/nested-dropout/smin-below 0.5714285714285714
    lae/bounds/nested-dropout/smin-above 0.6666666666666666
    lae/bounds/nested-dropout/cond-below 9.0
    lae/bounds/nested-dropout/cond-above 10.5
    """
    xp = array_namespace(sigma2, prior)
    k, s, unit = prior.shape[-1], sigma2[: prior.shape[-1]], int(SCALES[scale])
    keep = _keep(prior)
    seen = int(xp.sum(xp.astype(sigma2 > 0, xp.int64)))
    roots = [(2 * keep[-1:] * s[-1:], 0)]
    if k > 1:
        roots.append(_dropout_pairs(s, prior, *_deciding_pairs(_dropout_pairs, s, prior, _margin(s))))
    roots += [_dropout_outward(s, sigma2[j], keep) for j in sorted({k, seen - 1} & set(range(k, seen)))]
    roots += [(keep * s, 0)] if seen < sigma2.shape[-1] else []
    low, high = (unit * min(xp.min(x / (1 - times * xy)) for x, xy in roots) for times in (1, 2))
    top, family = 2 * unit * keep[0] * s[0], "lae/bounds/nested-dropout"
    return [
        Bound(f"{family}/smax", "s_max", top, above=True),
        Bound(f"{family}/smin-below", "s_min", low),
        Bound(f"{family}/smin-above", "s_min", high, above=True),
        Bound(f"{family}/cond-below", "condition_number", top / high),
        Bound(f"{family}/cond-above", "condition_number", top / low, above=True),
    ]


def _keep(prior: Array) -> Array:
    """p_i = Σ_{b≥i} p_B(b)."""
    xp = array_namespace(prior)
    return xp.flip(xp.cumulative_sum(xp.flip(prior)))


def _dropout_pairs(s: Array, prior: Array, i: Array, j: Array) -> tuple[Array, Array]:
    """x and xy of x⁴ − e_1x³ + e_2x² − e_3x + e_4; p_i − p_j is a sum, s_j is taken in units of s_i."""
    xp = array_namespace(s)
    rows, row = xp.unique_inverse(i)
    tails = xp.where(rows[:, None] <= xp.arange(prior.shape[0])[None, :], prior[None, :], 0 * prior[None, :])
    drop, pj = xp.cumulative_sum(tails, axis=1)[row, j - 1], _keep(prior)[j]
    si, sj = s[i], s[j]
    q, gap = sj / si, (si - sj) / si
    both = 1 + q
    fall = drop * gap + 2 * pj
    e2 = drop**2 * q * gap + drop * pj * (both**2 + 2 * q) + 4 * pj**2 * q
    return sj * pj * (drop * gap / fall / both), gap / both**2 * (e2 / fall**2)


def _dropout_outward(si: Array, sj: Array, pi: Array) -> tuple[Array, Array]:
    """The same of x² − tx + d."""
    rest = (si - sj) / (si + sj)
    return pi * sj * rest, rest * (sj / (si + sj))


def _enclosing(family: str, roots: list[tuple[Array, Any, Array, Any]], unit: int) -> list[Bound]:
    """The six bounds, from x, xy, e_1 and e_2/e_1 of every factor."""
    xp = array_namespace(roots[0][0])
    sides = list(zip(*(_bounds_of(*root) for root in roots), strict=True))
    low, high = (unit * min(xp.min(values) for values in side) for side in sides[:2])
    below, above = (unit * max(xp.max(values) for values in side) for side in sides[2:])
    return [
        Bound(f"{family}/smin-below", "s_min", low),
        Bound(f"{family}/smin-above", "s_min", high, above=True),
        Bound(f"{family}/smax-below", "s_max", below),
        Bound(f"{family}/smax-above", "s_max", above, above=True),
        Bound(f"{family}/cond-below", "condition_number", below / high),
        Bound(f"{family}/cond-above", "condition_number", above / low, above=True),
    ]
