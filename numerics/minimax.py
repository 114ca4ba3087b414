"""The placement of weights that makes the condition number smallest: sequential linear programs over the gaps.

The weights of a minimum are sums of gaps: λ_i of the first i of the k + 1 gaps that divide (0, σ_k²), keep
probabilities p_i of the last k + 1 − i of the k values p_B. A block of the Hessian reads two of these sums, the
smaller weight `base` and the distance `rise` to the other one, so that its extreme curvatures have two
derivatives, each to full relative accuracy however close the weights are. With y the changes of the gaps'
logarithms, log κ = max log s_b − min log s_b is linearised in every block b that may hold an extreme, and

    minimise U − V   with   log s_b + g_b·y ≤ U  (largest),   log s_b + g_b·y ≥ V  (smallest),   |y| ≤ r

is a linear program. It moves all the blocks that tie for the extreme at once, which a descent method cannot. The
radius r follows the agreement of prediction and outcome.

Main results
    descend      a local minimum of κ, with what the linear program still promises
    cut_bound    a bound of κ from below, where the blocks are linear in the weights (nested dropout)
    L2Placement, DropoutPlacement    the two families of weights
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from numerics.blocks import Blocks
from numerics.conditioning import extremes
from numerics.minima import L2Minimum, Minimum, NestedDropoutMinimum, extreme_blocks

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Watch = Callable[[int, float], None]

STEP = 1e-4
"""Relative step of the central differences; their error is its square."""
RADIUS = 0.9
"""The largest relative change of a gap in one step."""
PROMISE = 1e-9
"""A descent ends when the linear program promises less than this, relative to κ."""
MARGIN = 3.0
"""Blocks within e^(MARGIN · radius) of the extreme one take part in a program."""
TOLERANCES = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Placement(Protocol):
    """Weights as sums of gaps: a family of minima with one for every point of the open simplex."""

    @property
    def sigma2(self) -> Floats:
        """The spectrum."""

    @property
    def size(self) -> int:
        """The number of gaps."""

    @property
    def total(self) -> float:
        """The sum of the gaps."""

    def weights(self, gaps: Floats) -> Floats:
        """λ, or p_B."""

    def is_open(self, gaps: Floats) -> bool:
        """Whether the weights are distinct, and inside their range, also once they have been rounded."""

    def minimum(self, gaps: Floats) -> Minimum:
        """The minimum with these gaps."""

    def small(self, sigma2: Floats, base: Floats, rise: Floats | None) -> Minimum:
        """A batch of minima of one latent, or of two whose weights differ by `rise`."""

    def room(self, sigma2: Floats, base: Floats, rise: Floats) -> Floats:
        """How far the weights may grow."""

    def sums(self, i: Integers, j: Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which gaps (…, size) make up the base and the rise of the blocks of latents i, j."""


@dataclass(frozen=True)
class L2Placement:
    """The regularisers of the non-uniform L2 loss: λ_i is the sum of the first i of k + 1 gaps of (0, σ_k²)."""

    sigma2: Floats
    k: int

    @property
    def size(self) -> int:
        """The number of gaps."""
        return self.k + 1

    @property
    def total(self) -> float:
        """The sum of the gaps."""
        return float(self.sigma2[self.k - 1])

    def weights(self, gaps: Floats) -> Floats:
        """λ."""
        return np.cumsum(gaps)[:-1]

    def is_open(self, gaps: Floats) -> bool:
        """Whether 0 < λ_1 < … < λ_k < σ_k²."""
        return bool((np.diff(self.weights(gaps), prepend=0.0, append=self.total) > 0).all())

    def minimum(self, gaps: Floats) -> L2Minimum:
        """The global minimum with these regularisers."""
        return L2Minimum(self.sigma2, self.weights(gaps))

    def small(self, sigma2: Floats, base: Floats, rise: Floats | None) -> L2Minimum:
        """λ = (base), or (base, base + rise)."""
        return L2Minimum(sigma2, np.stack([base] if rise is None else [base, base + rise], axis=-1))

    def room(self, sigma2: Floats, base: Floats, rise: Floats) -> Floats:
        """To s_j, or to s_i for a single latent."""
        return sigma2 - base - rise

    def sums(self, i: Integers, j: Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """λ_i is the base, λ_j − λ_i the rise."""
        gap = np.arange(self.size)
        return gap <= i[:, None], (i[:, None] < gap) & (gap <= j[:, None])


@dataclass(frozen=True)
class DropoutPlacement:
    """The prior of nested dropout: p_i is the sum of the gaps p_B(i), …, p_B(k)."""

    sigma2: Floats
    k: int

    @property
    def size(self) -> int:
        """The number of gaps."""
        return self.k

    @property
    def total(self) -> float:
        """The sum of the gaps."""
        return 1.0

    def weights(self, gaps: Floats) -> Floats:
        """p_B."""
        return gaps

    def is_open(self, gaps: Floats) -> bool:
        """Whether p_B > 0."""
        return bool((gaps > 0).all())

    def minimum(self, gaps: Floats) -> NestedDropoutMinimum:
        """The minimum at W1 = Uᵀ with this prior."""
        return NestedDropoutMinimum(self.sigma2, gaps)

    def small(self, sigma2: Floats, base: Floats, rise: Floats | None) -> NestedDropoutMinimum:
        """p = (base), or (base + rise, base)."""
        return NestedDropoutMinimum(sigma2, np.stack([base] if rise is None else [rise, base], axis=-1))

    def room(self, sigma2: Floats, base: Floats, rise: Floats) -> Floats:
        """No end: the curvatures are linear in the weights."""
        return np.full_like(base, np.inf)

    def sums(self, i: Integers, j: Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """p_j is the base, p_i − p_j the rise."""
        gap = np.arange(self.size)
        return gap >= j[:, None], (i[:, None] <= gap) & (gap < j[:, None])


@dataclass(frozen=True)
class Descent:
    """Where a descent ended.

    Attributes
    ----------
    gaps : array
    kappa : float
        The condition number there.
    promise : float
        By how much, relative to κ, the last linear program would reduce it by changes of the gaps up to `radius`.
    radius : float
    steps : int
    """

    gaps: Floats
    kappa: float
    promise: float
    radius: float
    steps: int


def descend(placement: Placement, start: Floats, limit: int = 200, watch: Watch | None = None) -> Descent:
    """Minimise the condition number from `start`, by linear programs within a trust region.

    Parameters
    ----------
    placement : L2Placement or DropoutPlacement
    start : array (size,)
        Positive gaps; only their ratios count.
    limit : int
        The largest number of programs.
    watch : callable, optional
        Told the number of the program and the condition number before each of them.

    Examples
    --------
    At k = m = 1 the curvatures 2(σ² − λ) and 2λ of the L2 loss are equal halfway:

    >>> found = descend(L2Placement(np.array([3.0]), 1), np.array([1.0, 9.0]))
    >>> found.gaps.round(8), round(found.kappa, 8)
    (array([1.5, 1.5]), 1.0)
    """
    gaps = _scaled(placement, start)
    best, radius, promise, steps = _log_kappa(placement, gaps), 0.5, np.inf, 0
    while best < np.inf and steps < limit and radius > PROMISE:
        steps += 1
        if watch:
            watch(steps, float(np.exp(best)))
        change, promise = _program(placement, gaps, radius)
        if promise < PROMISE:
            break
        tried = _scaled(placement, gaps * np.exp(change))
        value = _log_kappa(placement, tried)
        kept = (best - value) / promise
        if kept > 0:
            gaps, best = tried, value
        radius = min(2 * radius, RADIUS) if kept > 0.75 else radius if kept > 0.25 else radius / 2
    return Descent(gaps, float(np.exp(best)), promise, radius, steps)


def cut_bound(placement: DropoutPlacement, gaps: Floats) -> float:
    """No prior has a condition number below this: the value of one linear program of supporting planes.

    The blocks are linear in the weights, so that a smallest eigenvalue is concave and a largest one convex: their
    linearisations at `gaps` bound them from above and below at every prior. The bound is as sharp as `gaps` is
    close to the best prior, less 1e-7 of it for the error of the differences.

    Examples
    --------
    >>> placement = DropoutPlacement(np.array([2.0, 1.0]), 2)
    >>> best = descend(placement, np.ones(2))
    >>> 0 <= best.kappa / cut_bound(placement, best.gaps) - 1 < 1e-3
    True
    """
    from scipy.optimize import linprog

    low, high = _slopes(placement, gaps, margin=1.0)
    s_min, s_max = np.exp(low.logs.min()), np.exp(high.logs.max())
    floors, ceilings = (np.exp(side.logs)[:, None] * side.slopes for side in (low, high))
    rows = np.concatenate([-floors / s_min, ceilings / s_max])
    rows = np.column_stack([rows, np.append(np.zeros(len(floors)), -np.ones(len(ceilings)))])
    limits = np.append(-np.ones(len(floors)), np.zeros(len(ceilings)))
    answer = linprog(np.append(np.zeros(placement.size), 1.0), A_ub=rows, b_ub=limits, bounds=(0, None))
    return float(answer.fun * s_max / s_min) * (1 - 10 * STEP**2) if answer.status == 0 else 1.0


@dataclass(frozen=True)
class _Side:
    """Blocks that may hold an extreme: logs (n,) of their curvatures, slopes (n, size) by the logs of the gaps."""

    logs: Floats
    slopes: Floats


def _program(placement: Placement, gaps: Floats, radius: float) -> tuple[Floats, float]:
    """The changes of the gaps' logarithms that the linear program chooses, in units of `radius`, and its promise."""
    from scipy.optimize import linprog

    near, far = _slopes(placement, gaps, MARGIN * radius)
    low, high = _binding(_along(near, gaps), radius, 1), _binding(_along(far, gaps), radius, -1)
    size, down, up = placement.size, len(low.logs), len(high.logs)
    rows = np.zeros((down + up, size + 2))
    rows[:down, :size], rows[:down, size + 1] = -low.slopes, 1
    rows[down:, :size], rows[down:, size] = high.slopes, -1
    limits = np.concatenate([low.logs - low.logs.min(), high.logs.max() - high.logs]) / radius
    cost = np.append(np.zeros(size), [1.0, -1.0])
    bounds = [(-1, 1)] * size + [(None, None)] * 2
    answer = linprog(cost, A_ub=rows, b_ub=limits, bounds=bounds, method="highs", options=TOLERANCES)
    if answer.status != 0:
        return np.zeros(size), 0.0
    return radius * answer.x[:size], -radius * float(answer.fun)


def _along(side: _Side, gaps: Floats) -> _Side:
    """The slopes with the sum of the gaps kept as it is."""
    return _Side(side.logs, side.slopes - side.slopes.sum(axis=1)[:, None] * (gaps / gaps.sum()))


def _binding(side: _Side, radius: float, sign: int) -> _Side:
    """The blocks that can hold the extreme (smallest: sign 1, largest: −1) within the radius."""
    values, reach = sign * side.logs, radius * np.abs(side.slopes).sum(axis=1)
    kept = values - reach <= (values + reach).min()
    return _Side(side.logs[kept], side.slopes[kept])


def _slopes(placement: Placement, gaps: Floats, margin: float) -> tuple[_Side, _Side]:
    """The blocks whose smallest (largest) curvature is within a factor e^margin of the extreme one."""
    blocks = list(extreme_blocks(placement.minimum(gaps)))
    lowest = min(block.bracket_smallest()[1].min() for block in blocks)
    highest = max(block.bracket_largest()[0].max() for block in blocks)
    sides: tuple[list[_Side], list[_Side]] = ([], [])
    for block in blocks:
        near = block.bracket_smallest()[0] <= lowest * np.exp(margin)
        near[near] = block.smallest(near) <= lowest * np.exp(margin)
        far = block.bracket_largest()[1] >= highest * np.exp(-margin)
        far[far] = block.largest(far) >= highest * np.exp(-margin)
        for side, chosen, sign in zip(sides, (near, far), (-1, 1), strict=True):
            if chosen.any():
                side.append(_side(placement, gaps, block, chosen, sign))
    low, high = (
        _Side(np.concatenate([s.logs for s in side]), np.concatenate([s.slopes for s in side])) for side in sides
    )
    return low, high


def _side(placement: Placement, gaps: Floats, block: Blocks, chosen: NDArray[np.bool_], sign: int) -> _Side:
    """Logarithms of the chosen blocks' extreme curvatures, with slopes by differences in base and rise."""
    i, j = np.asarray(block.latent)[chosen], np.asarray(block.other)[chosen]
    k = placement.minimum(gaps).k
    paired = bool(block.latent[0] != block.other[0] and j[0] < k)
    of_base, of_rise = placement.sums(i, j if paired else i)
    base, rise = of_base @ gaps, of_rise @ gaps
    columns = [placement.sigma2[i]] if i[0] == j[0] else [placement.sigma2[i], placement.sigma2[j]]
    sigma2 = np.stack(columns, axis=-1)
    room = placement.room(columns[-1] if paired else columns[0], base, rise)

    def logs(base: Floats, rise: Floats) -> Floats:
        small = list(extreme_blocks(placement.small(sigma2, base, rise if paired else None)))
        same = next(other for other in small if other.kind == block.kind)
        return np.log((same.smallest() if sign < 0 else same.largest())[:, 0])

    def slope(of: Floats, along: str) -> Floats:
        step = STEP * np.minimum(1.0, room / of)
        moved = {"base": base, "rise": rise}
        above, below = (logs(**(moved | {along: of * (1 + end * step)})) for end in (1, -1))
        return (above - below) / (2 * step)

    with np.errstate(all="ignore"):
        slopes = of_base * gaps * (slope(base, "base") / base)[:, None]
        if paired:
            slopes = slopes + of_rise * gaps * (slope(rise, "rise") / rise)[:, None]
        sure = np.isfinite(slopes).all(axis=1)
        return _Side(logs(base, rise)[sure], slopes[sure])


def _scaled(placement: Placement, gaps: Floats) -> Floats:
    return gaps * (placement.total / gaps.sum())


def _log_kappa(placement: Placement, gaps: Floats) -> float:
    """log κ, infinite where rounding has closed a gap: the weights tie there, and a null direction is left out."""
    if not placement.is_open(gaps):
        return np.inf
    with np.errstate(all="ignore"):
        try:
            low, high = extremes(placement.minimum(gaps))
        except ArithmeticError:
            return np.inf
        value = float(np.log(high / low))
    return value if np.isfinite(value) else np.inf
