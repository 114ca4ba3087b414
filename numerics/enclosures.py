"""Curvatures and bounds decided in exact rational arithmetic, at the exact binary values of the inputs.

Whether every eigenvalue of a block lies above (below) a rational x is decided by the signs of the pivots of H
− x (of x − H), so the smallest and the largest curvature are enclosed by bisection, and repeated eigenvalues
are no obstacle. The blocks are written here in the plain coordinates A_ij, A_ji, B_ij, B_ji, unlike the
factored ones of `blocks`: the two confirm each other. Where √ν_i√ν_j would occur, a diagonal similarity
removes it; it leaves the pivots as they are.

Of the blocks of latent i and an unlearned component j only j = k+1 and the last j (with s_j > 0 for nested
dropout) are needed, as the smallest eigenvalue is concave in s_j, and the largest convex.

Main results
    certify     enclosures of s_min, s_max and κ, and a verdict for each printed bound
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import inf, nextafter
from typing import Any

import numpy as np
from flint import fmpq

from numerics.bounds import Bound, l2_bounds, nested_dropout_bounds
from numerics.conditioning import SCALES, l2_conditioning, nested_dropout_conditioning

Array = Any
Matrix = tuple[tuple[Any, ...], ...]
BITS = 400
"""How far an enclosure of κ is narrowed, in bits, to decide a bound."""


@dataclass(frozen=True)
class Certificate:
    """Enclosures [low, high] of s_min, s_max and condition_number, rounded outwards; verdicts by bound id.

    A verdict is True (holds), False (violated) or None (undecided after `BITS` bits).
    """

    enclosures: dict[str, tuple[float, float]]
    verdicts: dict[str, bool | None]


def certify(loss: str, sigma2: Array, weights: Array, *, scale: str) -> Certificate:
    """Enclose the extreme curvatures at the global minimum, and decide every printed bound.

    Parameters
    ----------
    loss : "l2" or "nested-dropout" (at W1 = Uᵀ)
    sigma2 : array (m,)
    weights : array (k,)
        The regularisers λ, or the prior p_B.
    scale : "half" or "main"

    Raises
    ------
    ValueError, ArithmeticError
        As `l2_conditioning` and `nested_dropout_conditioning`.

    Examples
    --------
    >>> import numpy as np
    >>> found = certify("nested-dropout", np.array([2.0, 1.0]), np.array([0.5, 0.5]), scale="half")
    >>> low, high = found.enclosures["s_max"]
    >>> low, high < 4 + 1e-13, set(found.verdicts.values())
    (3.9999999999999964, True, {True})
    """
    sigma2, weights = np.asarray(sigma2, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    s, w = _exact(sigma2), _exact(weights)
    if loss == "l2":
        found = l2_conditioning(sigma2, weights, scale=scale)
        blocks, bounds = list(_l2_blocks(s, w)), l2_bounds(s, w, scale=scale)
    else:
        found = nested_dropout_conditioning(sigma2, weights, scale=scale)
        blocks, bounds = list(_nested_dropout_blocks(s, w)), nested_dropout_bounds(s, w, scale=scale)
    unit = int(SCALES[scale])
    slow = _Smallest([_times(unit, block) for block in blocks], _rational(found.s_min))
    fast = _Smallest([_times(-unit, block) for block in blocks], -_rational(found.s_max))
    verdicts = {bound.id: _decide(bound, slow, fast) for bound in bounds}
    enclosures = {
        "s_min": _outwards(slow.low, slow.high),
        "s_max": _outwards(-fast.high, -fast.low),
        "condition_number": _outwards(*_quotient(slow, fast)),
    }
    return Certificate(enclosures, verdicts)


class _Smallest:
    """The smallest eigenvalue of many matrices, in (low, high], narrowed on demand."""

    def __init__(self, matrices: list[Matrix], guess: Any) -> None:
        self.matrices = matrices
        width = abs(guess) / 2**50
        while not self.exceeds(guess - width):
            width *= 2
        self.low, self.high = guess - width, guess + width
        while self.exceeds(self.high):
            self.high += width
            width *= 2
        self.candidates = [matrix for matrix in matrices if not _exceeds(matrix, self.high)]

    def exceeds(self, x: Any) -> bool:
        """Whether all eigenvalues are larger than x."""
        return all(_exceeds(matrix, x) for matrix in self.matrices)

    def halve(self) -> None:
        """Halve the enclosure; only matrices with an eigenvalue in it can decide."""
        middle = (self.low + self.high) / 2
        if all(_exceeds(matrix, middle) for matrix in self.candidates):
            self.low = middle
        else:
            self.high = middle


def _exceeds(matrix: Matrix, x: Any) -> bool:
    """Whether matrix − x is positive definite: whether all pivots are positive (Sylvester)."""
    rows = [[entry - x if a == b else entry for b, entry in enumerate(row)] for a, row in enumerate(matrix)]
    for pivot, row in enumerate(rows):
        if not row[pivot] > 0:
            return False
        for other in rows[pivot + 1 :]:
            if other[pivot] != 0:
                factor = other[pivot] / row[pivot]
                for column in range(pivot + 1, len(rows)):
                    other[column] -= factor * row[column]
    return True


def _decide(bound: Bound, slow: _Smallest, fast: _Smallest) -> bool | None:
    """Exactly for a bound on a curvature; for one on κ by narrowing it until the value falls outside."""
    value = _rational(bound.value)
    if bound.bounds == "s_min":
        return not slow.exceeds(value)
    if bound.bounds == "s_max":
        return not fast.exceeds(-value)
    for _ in range(BITS):
        low, high = _quotient(slow, fast)
        if value <= low:
            return True
        if value >= high:
            return False
        slow.halve()
        fast.halve()
    return None


def _quotient(slow: _Smallest, fast: _Smallest) -> tuple[Any, Any]:
    """κ = s_max/s_min lies in [low, high)."""
    return -fast.high / slow.high, -fast.low / slow.low


def _l2_blocks(s: Array, lam: Array) -> Iterator[Matrix]:
    """The second variation of the half-scale L2 loss at Q1 = Q2ᵀ = diag(√ν).

    Σ s_j (√ν_j B_ij + √ν_i A_ij)² + Λ-terms − 2 Σ μ_i B_ij A_ji, μ = λ for learned components and s beyond.
    Of a pair, B_ij and A_ji are taken in units of √ν_i√ν_j.
    """
    k, m = len(lam), len(s)
    nu = [1 - lam[i] / s[i] for i in range(k)]
    for i in range(k):
        yield (s[i], s[i] - 2 * lam[i]), (s[i] - 2 * lam[i], s[i])
        for j in sorted({k, m - 1} & set(range(k, m))):
            yield (s[j] * nu[i] + lam[i], -s[j]), (-s[j], s[i])
    for i, j in combinations(range(k), 2):
        both = nu[i] * nu[j]
        yield (
            (s[j] * nu[i] + lam[i], s[j] * both, -lam[j], 0),
            (s[j], s[j] * nu[j] + lam[j], 0, -lam[i]),
            (-lam[j], 0, s[i] * nu[i] + lam[i], s[i] * both),
            (0, -lam[i], s[i], s[i] * nu[j] + lam[j]),
        )


def _nested_dropout_blocks(s: Array, prior: Array) -> Iterator[Matrix]:
    """The second variation of nested dropout at Q1 = Q2ᵀ = I, off the null directions.

    These are A_ii = −B_ii, and A_ij where s_j = 0.

    Σ_b p_B(b) [Σ s_j (B_ij [j ≤ b] + A_ij [i ≤ b])² − 2 Σ_{i > b ≥ j} s_i B_ij A_ji]; the order of a pair's
    coordinates is B_ij, A_ij, B_ji, A_ji.
    """
    k = len(prior)
    keep = [sum(prior[i:], fmpq(0)) for i in range(k)]
    positive = sum(x > 0 for x in s)
    for i in range(k):
        yield ((2 * keep[i] * s[i],),)
        for j in sorted({k, positive - 1} & set(range(k, positive))):
            yield (keep[i] * s[j], -keep[i] * s[j]), (-keep[i] * s[j], keep[i] * s[i])
        if positive < len(s):
            yield ((keep[i] * s[i],),)
    for i, j in combinations(range(k), 2):
        fall = keep[i] - keep[j]
        yield (
            (keep[j] * s[j], keep[j] * s[j], 0, 0),
            (keep[j] * s[j], keep[i] * s[j], -fall * s[j], 0),
            (0, -fall * s[j], keep[i] * s[i], keep[j] * s[i]),
            (0, 0, keep[j] * s[i], keep[j] * s[i]),
        )


def _times(unit: int, matrix: Matrix) -> Matrix:
    return tuple(tuple(unit * entry for entry in row) for row in matrix)


def _exact(values: Array) -> Array:
    """The floats as rationals, in an array of objects."""
    return np.array([_rational(x) for x in values.tolist()], dtype=object)


def _rational(value: Any) -> Any:
    return value if isinstance(value, fmpq) else fmpq(*value.as_integer_ratio())


def _outwards(low: Any, high: Any) -> tuple[float, float]:
    """The floats next to two rationals, on the outer side."""
    below, above = (float(Fraction(int(x.p), int(x.q))) for x in (low, high))
    below = below if _rational(below) <= low else nextafter(below, -inf)
    above = above if _rational(above) >= high else nextafter(above, inf)
    return below, above
