"""How fast gradient descent can go near the minimum: extreme curvatures, exactly, and what they mean.

Near a minimum whose Hessian has eigenvalues in [s_min, s_max], gradient descent with learning rate η
multiplies the error along an eigenvector of curvature s by 1 − ηs. It is stable for η < 2/s_max; the best η,
2/(s_min + s_max), multiplies the slowest error by (κ − 1)/(κ + 1) per step, κ = s_max/s_min. Null directions,
along which the minimum may slide, are counted and left out.

Main results
    l2_conditioning                 the non-uniform L2 loss at its global minimum
    nested_dropout_conditioning     deterministic nested dropout at W1 = Uᵀ, or any W1 = QUᵀ
    extremes                        (s_min, s_max) for a batch of spectra at once

The cost is O(k²), whatever m: bounds of all blocks, then eigenvalues of the few that may hold an extreme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import floor, inf, log, log1p, log2, nan
from typing import Any

from numerics import scales
from numerics.blocks import Blocks
from numerics.minima import PIECE, L2Minimum, Minimum, NestedDropoutMinimum, extreme_blocks
from numerics.namespaces import array_namespace, count, every, floats, greatest, least, some

Array = Any
LOSSES = ("l2", "nested-dropout")
TINY = 2.0**-1020
"""Curvatures below this (at σ_1² in [1, 2)) may have lost digits to underflow."""

STIFF = {"rotation": "mixing", "rotation towards unlearned": "mixing of unlearned"}
"""The stiff direction of a block named after its soft one: W1 and W2 change so that reconstructions mix."""


@dataclass(frozen=True)
class Direction:
    """A direction in weight space: what moves, which latent i (and j), from 1, and its curvature."""

    kind: str
    i: int
    j: int
    curvature: float

    def __str__(self) -> str:
        if self.i == self.j and "growth" not in self.kind:
            return f"{self.kind} of latent {self.i}"
        if self.kind.endswith("growth"):
            return f"{self.kind} of collapsed latent {self.i} along component {self.j}"
        if self.kind == "rotation towards unlearned":
            return f"rotation of latent {self.i} towards unlearned component {self.j}"
        if self.kind == STIFF["rotation towards unlearned"]:
            return f"mixing of unlearned component {self.j} into latent {self.i}"
        return f"{self.kind} of latents {self.i}, {self.j}"


@dataclass(frozen=True)
class Conditioning:
    """Extreme curvatures at a global minimum, off the null directions.

    Examples
    --------
    >>> import numpy as np
    >>> found = l2_conditioning(np.array([4.0, 1.0]), np.array([0.5]), scale="half")
    >>> str(found.fastest), found.s_max
    ('scaling of latent 1', 7.0)
    >>> found.max_learning_rate == 2 / 7.0
    True
    """

    loss: str
    scale: str
    k: int
    trained: int
    m: int
    null_directions: int
    slowest: Direction
    fastest: Direction

    @property
    def s_min(self) -> float:
        """The smallest curvature that is not null."""
        return self.slowest.curvature

    @property
    def s_max(self) -> float:
        """The largest curvature."""
        return self.fastest.curvature

    @property
    def condition_number(self) -> float:
        """s_max / s_min; free of the scale."""
        return self.s_max / self.s_min

    @property
    def max_learning_rate(self) -> float:
        """2/s_max: gradient descent diverges above it."""
        return 2 / self.s_max

    @property
    def best_learning_rate(self) -> float:
        """2/(s_min + s_max): the fastest decay of the slowest error."""
        return 1 / (self.s_min / 2 + self.s_max / 2)

    @property
    def steps_to_halve(self) -> float:
        """Steps that halve the slowest error at the best learning rate: ln 2 / ln((κ + 1)/(κ − 1)).

        They are 0 at κ = 1, and infinite beyond double precision.
        """
        low, gap = self.s_min, self.s_max - self.s_min
        decay = log1p(2 * (low / gap)) if gap > 0 else inf
        return log(2) / decay if decay > 0 else inf


def l2_conditioning(sigma2: Array, lam: Array, *, scale: str, degenerate: bool = False) -> Conditioning:
    """Exact conditioning of the non-uniform L2 loss at its global minimum (Bao et al. 2020, eq. (3)).

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, decreasing, σ_1² > … > σ_k² > σ_{k+1}².
    lam : array (k,)
        The regularisers, 0 < λ_1 < … < λ_k < σ_k².
    scale : "half" or "main"
    degenerate : bool
        Answer also where σ_i² or λ_i are equal or λ_i ≥ σ_i² (see `degenerate`), off the null directions.

    Raises
    ------
    ValueError
        If k > m, or the λ_i or the σ_i² do not satisfy the hypotheses.
    ArithmeticError
        If the smallest curvature is below what double precision can hold.

    Examples
    --------
    At k = 1, with s_2 = 0, the slow direction has curvature λ (half scale):

    >>> import numpy as np
    >>> l2_conditioning(np.array([1.0, 0.0]), np.array([0.25]), scale="half").s_min
    0.25
    """
    check_hypotheses(sigma2, lam.shape[-1], degenerate=degenerate)
    check_regularisers(sigma2, lam, degenerate=degenerate)
    unit = power_of_two(sigma2)
    minimum = L2Minimum(scaled(sigma2, unit, lam.shape[-1]), lam / unit)
    return _conditioning("l2", minimum, unit, scale)


def nested_dropout_conditioning(
    sigma2: Array, prior: Array, *, scale: str, scaling: Array | None = None, degenerate: bool = False
) -> Conditioning:
    """Exact conditioning of nested dropout at W1 = QUᵀ, W2 = UQ⁻¹ (Bao et al. 2020, Appendix D).

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, decreasing, σ_1² > … > σ_k² > σ_{k+1}².
    prior : array (k,)
        p_B(1), …, p_B(k), all positive.
    scale : "half" (as the appendix prints it) or "main"
    scaling : array (k,), optional
        The diagonal of Q, not zero; all ones by default.
    degenerate : bool
        Answer also where σ_i² are equal, p_B(b) = 0 or σ_k² = 0 (see `degenerate`), off the null directions.

    Raises
    ------
    ValueError
        If k > m, or the σ_i² or p_B(b) do not satisfy the hypotheses.
    ArithmeticError
        If the smallest curvature is below what double precision can hold.

    Examples
    --------
    At k = m = 1 only the scaling is left, with curvature p_1 σ_1² (1 + 1), and one null direction:

    >>> import numpy as np
    >>> found = nested_dropout_conditioning(np.array([3.0]), np.array([1.0]), scale="half")
    >>> found.s_max, found.null_directions
    (6.0, 1)
    """
    check_hypotheses(sigma2, prior.shape[-1], degenerate=degenerate)
    check_prior(prior, degenerate=degenerate)
    unit = power_of_two(sigma2)
    minimum = NestedDropoutMinimum(scaled(sigma2, unit, sigma2.shape[-1]), prior, scaling)
    return _conditioning("nested-dropout", minimum, unit, scale)


def extremes(minimum: Minimum) -> tuple[Array, Array]:
    """The smallest and the largest curvature off the null directions (half scale), for a batch of spectra at once.

    Parameters
    ----------
    minimum : L2Minimum or NestedDropoutMinimum
        Its arrays may have leading axes. Hypotheses are not checked.

    Returns
    -------
    s_min, s_max : arrays (…)
        In a batch a tie gives s_min = 0, and a spectrum with λ_i ≥ σ_i² NaN; the others are not affected.

    Examples
    --------
    >>> import numpy as np
    >>> s_min, s_max = extremes(L2Minimum(np.array([[1.0], [2.0]]), np.array([[0.5], [0.5]])))
    >>> s_min.tolist(), s_max.tolist()
    ([1.0, 1.0], [1.0, 3.0])
    """
    low, high = (_known(extreme) for extreme in _search(minimum))
    return low, high


def _known(extreme: _Extreme) -> Array:
    """The value, and NaN for a spectrum of the batch whose curvatures leave the range of floats."""
    if extreme.value is None:
        raise ArithmeticError("every direction is null")
    if extreme.unknown is None:
        return extreme.value
    xp = array_namespace(extreme.value)
    return xp.where(extreme.unknown, xp.full_like(extreme.value, nan), extreme.value)


class _Extreme:
    """The extreme eigenvalue (smallest: sign −1, largest: +1) of the blocks seen so far, and its block.

    Only blocks whose cheap bound reaches the best known value are solved.
    """

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.known: Array = None
        self.value: Array = None
        self.unknown: Array = None
        self.block: Blocks | None = None
        self.index = 0

    def see(self, blocks: list[Blocks]) -> None:
        """Solve those blocks that may hold the extreme, judged by the bounds of all of them."""
        xp, sign = array_namespace(blocks[0].floor), self.sign
        fold, extreme = (xp.maximum, greatest) if sign > 0 else (xp.minimum, least)
        brackets = [block.bracket_largest() if sign > 0 else block.bracket_smallest()[::-1] for block in blocks]
        sure, reach = (xp.concat(side, axis=-1) for side in zip(*brackets, strict=True))
        if not every(finite := xp.isfinite(reach)):
            if reach.ndim == 1:
                kind = self._kind_at(blocks, finite)
                raise ArithmeticError(f"the curvatures of kind {kind!r} leave the range of double precision")
            unknown = ~xp.all(finite, axis=-1)
            self.unknown = unknown if self.unknown is None else self.unknown | unknown
            sure, reach = (xp.where(finite, x, xp.full_like(x, -sign * inf)) for x in (sure, reach))
        best = extreme(sure)
        self.known = best if self.known is None else fold(self.known, best)
        candidates = reach >= self.known[..., None] if sign > 0 else reach <= self.known[..., None]
        stop = 0
        for block in blocks:
            start, stop = stop, stop + block.floor.shape[-1]
            chosen = candidates[..., start:stop]
            if some(chosen):
                self._solve(block, chosen)

    def _kind_at(self, blocks: list[Blocks], finite: Array) -> str:
        """The kind of the first block that is not finite."""
        at = int(array_namespace(finite).argmax(~finite))
        sizes = accumulate(block.floor.shape[-1] for block in blocks)
        return next(block.kind for block, stop in zip(blocks, sizes, strict=True) if at < stop)

    def _solve(self, block: Blocks, chosen: Array) -> None:
        """The extreme eigenvalue of the chosen members of a block, beside what is known."""
        xp, rising = array_namespace(block.floor), self.sign > 0
        found, fold = (block.largest(chosen), xp.maximum) if rising else (block.smallest(chosen), xp.minimum)
        if chosen.ndim == 1:
            at = int(xp.argmax(found) if rising else xp.argmin(found))
            best = found[at]
            if self.value is None or (best > self.value if rising else best < self.value):
                self.block, self.index = block, int(xp.nonzero(chosen)[0][at])
        else:
            each = xp.full_like(block.floor, -self.sign * inf)
            each[chosen] = found
            best = greatest(each) if rising else least(each)
        self.value = best if self.value is None else fold(self.value, best)
        self.known = fold(self.known, best)

    def direction(self, unit: float) -> Direction:
        """The direction of the extreme eigenvalue, of one spectrum."""
        block, at = self.block, self.index
        if block is None:
            raise ArithmeticError("every direction is null")
        kind = STIFF.get(block.kind, block.kind) if self.sign > 0 else block.kind
        return Direction(kind, int(block.latent[at]) + 1, int(block.other[at]) + 1, float(self.value) * unit)


def _search(minimum: Minimum) -> tuple[_Extreme, _Extreme]:
    low, high = _Extreme(-1), _Extreme(1)
    for blocks in _groups(extreme_blocks(minimum)):
        low.see(blocks)
        high.see(blocks)
    return low, high


def _groups(blocks: Iterator[Blocks]) -> Iterator[list[Blocks]]:
    """Blocks together up to about `PIECE` of them."""
    group: list[Blocks] = []
    size = 0
    for block in blocks:
        group.append(block)
        size += block.floor.size
        if size >= PIECE:
            yield group
            group, size = [], 0
    if group:
        yield group


def power_of_two(sigma2: Array) -> float:
    """The power of two that brings σ_1² into [1, 2): dividing by it is exact."""
    return 2.0 ** floor(log2(float(sigma2[0])))


def scaled(sigma2: Array, unit: float, first: int) -> Array:
    """σ²/unit, refused where one of the first values vanishes by it, as a null direction would come out of nothing."""
    values = sigma2 / unit
    if count(values[:first]) < count(sigma2[:first]):
        lost = (sigma2[:first] != 0) & (values[:first] == 0)
        at = int(array_namespace(lost).argmax(lost)) + 1
        raise ArithmeticError(f"sigma2: σ_{at}²/σ_1² underflows double precision")
    return values


def _conditioning(loss: str, minimum: Minimum, unit: float, scale: str) -> Conditioning:
    """Measure at σ_1² in [1, 2), and scale back."""
    scales.check(scale)
    slow, fast = (extreme.direction(unit * scales.SCALES[scale]) for extreme in _search(minimum))
    if not fast.curvature < inf:
        raise ArithmeticError(f"the largest curvature ({fast}) overflows double precision")
    if not slow.curvature > TINY * max(1.0, unit):
        raise ArithmeticError(f"the smallest curvature ({slow}) underflows double precision")
    m = minimum.sigma2.shape[-1]
    return Conditioning(loss, scale, minimum.k, minimum.trained, m, minimum.null_directions, slow, fast)


def check_hypotheses(sigma2: Array, k: int, *, degenerate: bool = False) -> None:
    """Refuse a spectrum at which the global minimum is not isolated (up to the null directions).

    Parameters
    ----------
    sigma2 : array (m,)
    k : int
    degenerate : bool
        Allow equal and zero eigenvalues.

    Raises
    ------
    ValueError
        If not 1 ≤ k ≤ m, the first k eigenvalues are not positive, or the first k+1 not decreasing.
    """
    m = sigma2.shape[-1]
    if not 1 <= k <= m:
        raise ValueError(f"k: got {k}; want 1 ≤ k ≤ m = {m}")
    values = floats(sigma2[: min(k + 1, m)])
    if values[0 if degenerate else k - 1] <= 0:
        rank = sum(x > 0 for x in values)
        raise ValueError(f"sigma2: only {rank} eigenvalues are positive; k = {k} latents want k of them")
    for index, (a, b) in enumerate(pairwise(values), start=1):
        if a == b and not degenerate:
            raise ValueError(
                f"sigma2: σ_{index}² = σ_{index + 1}² = {a:g}, so the minimum is not isolated (components "
                f"{index} and {index + 1} may rotate freely); want distinct values up to the (k+1)-th"
            )
        if a < b:
            raise ValueError(f"sigma2: got {a:g} before {b:g}; want decreasing values")


def check_regularisers(sigma2: Array, lam: Array, *, degenerate: bool = False) -> None:
    """Refuse regularisers outside 0 < λ_1 < … < λ_k < σ_k²; with `degenerate`, only those outside 0 < λ_1 ≤ … ≤ λ_k.

    Raises
    ------
    ValueError
        Naming the components that collapse to zero, those with λ_i ≥ σ_i².
    """
    values = floats(lam)
    for x in values:
        if not 0 < x < inf:
            raise ValueError(f"lambda: got {x:g}; want positive values")
    for index, (a, b) in enumerate(pairwise(values), start=1):
        if a == b and not degenerate:
            raise ValueError(
                f"lambda: λ_{index} = λ_{index + 1} = {a:g}, so the minimum is not isolated (latents {index} "
                f"and {index + 1} may rotate freely); want distinct values"
            )
        if a > b:
            raise ValueError(f"lambda: got {a:g} before {b:g}; want increasing values")
    pairs = enumerate(zip(values, floats(sigma2[: len(values)]), strict=True))
    if not degenerate and (collapsed := [at for at, (x, s) in pairs if x >= s]):
        which = ", ".join(str(index + 1) for index in collapsed)
        remedy = f"want k ≤ {collapsed[0]}, or smaller λ" if collapsed[0] else "want smaller λ"
        raise ValueError(f"lambda: λ_i ≥ σ_i² for component(s) {which}, which collapse to zero; {remedy}")


def check_prior(prior: Array, *, degenerate: bool = False) -> None:
    """Refuse a prior that leaves latents untrained or unordered; with `degenerate`, only one that is no prior.

    Raises
    ------
    ValueError
        If some p_B(b) is not positive, or they do not sum to one.
    """
    values = floats(prior)
    for index, x in enumerate(values, start=1):
        if not (x > 0 or (degenerate and x == 0)):
            effect = (
                f"latents {index} and {index + 1} may rotate freely"
                if index < len(values)
                else "latent k is never kept"
            )
            raise ValueError(f"prior: p_B({index}) = {x:g}, so that {effect}; want positive values")
    if not abs(sum(values) - 1) <= 1e-9:
        raise ValueError(f"prior: the values sum to {sum(values):.12g}; want 1")
