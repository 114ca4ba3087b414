"""Curvatures and bounds decided in exact rational arithmetic, of rationals, or of doubles at their exact values.

Each block of the Hessian stands here by its characteristic polynomial t^n − c_1 t^(n−1) + c_2 t^(n−2) − …, with
c_r ≥ 0 written in closed form, unlike the squares of `minima`: the two confirm each other. All roots are real, so
by Descartes' rule they all exceed x exactly if the coefficients of the polynomial in t − x alternate in sign, and
all stay below x exactly if these are positive. Repeated eigenvalues are no obstacle, and null directions are
coefficients c_n = 0, which are left off. So the extreme curvatures are enclosed by bisection.

The c_r are sums and products of nonnegative numbers, of the inputs and of their differences, so that floats have
them to a relative error far below `CAUTION`; a block whose signs are sure beyond it is left out, and the few
others are decided exactly, as are those with a difference that rounding rationals to floats may have changed. Of the
blocks of latent i and an unlearned component j only the first and the last j are needed (and the next smaller one where
σ_j = σ_i), as the smallest eigenvalue is concave in s_j, the largest convex.

Main results
    certify     enclosures of s_min, s_max and κ, and a verdict for each printed bound
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, pairwise
from math import inf, nextafter
from sys import float_info
from typing import Any

import numpy as np
from flint import fmpq, fmpq_poly

from numerics.bounds import Bound
from numerics.conditioning import Conditioning, l2_conditioning, nested_dropout_conditioning
from numerics.degenerate import LEAVES_A_MANIFOLD, degeneracies
from numerics.minima import L2Minimum, NestedDropoutMinimum
from numerics.scales import SCALES
from numerics.sharper import every_bound

Array = Any
Coefficients = Callable[[Array, Array, Array, Array], list[Array]]
Task = tuple[Coefficients, Array, Array]
BITS = 400
"""How far an enclosure of κ is narrowed, in bits, to decide a bound."""

ROUNDED = 1e-9
"""A change of the condition number by rounding that is worth a word."""

LEAST = fmpq(1, 2**4000)
"""Below it no curvature is looked for."""

CAUTION = 2.0**-40
"""The relative error granted to coefficients in floats, some thousand times what sixty roundings can do."""

CLOSE = 2.0**-10
"""Numbers that are relatively closer have a difference that is not known to `CAUTION`, if they are rounded."""

SMALL = 1e-280
"""Floats below it may have lost digits to underflow."""


@dataclass(frozen=True)
class Certificate:
    """What is decided in exact arithmetic.

    Attributes
    ----------
    enclosures : dict
        [low, high] of s_min, s_max and condition_number, rounded outwards.
    bounds : list of Bound
        Their values evaluated exactly, and rounded once.
    verdicts : dict
        By the id of the bound: True (holds), False (violated) or None (undecided after `BITS` bits).
    """

    enclosures: dict[str, tuple[float, float]]
    bounds: list[Bound]
    verdicts: dict[str, bool | None]

    @property
    def violated(self) -> list[str]:
        """The ids of the bounds on the wrong side."""
        return [name for name, verdict in self.verdicts.items() if verdict is False]

    def condition(self, found: Conditioning) -> Conditioning:
        """What was found in floats, with the curvatures that are certified."""
        low, high = (a / 2 + b / 2 for a, b in (self.enclosures[name] for name in ("s_min", "s_max")))
        slowest, fastest = replace(found.slowest, curvature=low), replace(found.fastest, curvature=high)
        return replace(found, slowest=slowest, fastest=fastest)

    def doubts(self, found: Conditioning) -> list[str]:
        """A warning where rounding what was written to doubles has changed the condition number."""
        exact = self.condition(found).condition_number
        if abs(found.condition_number - exact) <= ROUNDED * exact:
            return []
        return [
            f"rounding: the numbers as written have condition number {exact:.10g}, the doubles next to them "
            f"{found.condition_number:.10g}; the certificate and the bounds are of the former, all else of the latter"
        ]


def certify(loss: str, sigma2: Array, weights: Array, *, scale: str, degenerate: bool = False) -> Certificate:
    """Enclose the extreme curvatures at the global minimum, off its null directions, and decide every printed bound.

    Parameters
    ----------
    loss : "l2" or "nested-dropout" (at W1 = Uᵀ)
    sigma2 : array (m,)
        Of floats, or of `Fraction`.
    weights : array (k,)
        The regularisers λ, or the prior p_B; likewise.
    scale : "half" or "main"
    degenerate : bool
        As for `l2_conditioning`; the bounds are those of the latents that are left, none where it is not isolated.

    Raises
    ------
    ValueError, ArithmeticError
        As `l2_conditioning` and `nested_dropout_conditioning`.

    Examples
    --------
    >>> import numpy as np
    >>> found = certify("nested-dropout", np.array([2.0, 1.0]), np.array([0.5, 0.5]), scale="half")
    >>> low, high = found.enclosures["s_max"]
    >>> 4 - 1e-13 < low <= 4 <= high < 4 + 1e-13, set(found.verdicts.values())
    (True, {True})
    """
    given = [np.asarray(values) for values in (sigma2, weights)]
    sigma2, weights = (values.astype(np.float64) for values in given)
    s, w = map(_exact, given)
    minimum: L2Minimum | NestedDropoutMinimum
    if loss == "l2":
        found = l2_conditioning(sigma2, weights, scale="half", degenerate=degenerate)
        minimum = l2 = L2Minimum(*given)
        tasks = partial(_l2_tasks, l2)
    else:
        found = nested_dropout_conditioning(sigma2, weights, scale="half", degenerate=degenerate)
        minimum = dropout = NestedDropoutMinimum(*given)
        tasks, weights = partial(_nested_dropout_tasks, dropout), dropout.chances.astype(np.float64)
        w = np.append(w[: minimum.trained - 1], w[minimum.trained - 1 :].sum())
    numbers = _Numbers(s, w, sigma2, weights, rounded=bool((_exact(sigma2) != s).any() or (_exact(weights) != w).any()))
    slow, fast = _Enclosed(numbers, tasks, found.s_min, -1), _Enclosed(numbers, tasks, found.s_max, 1)
    isolated = not set(LEAVES_A_MANIFOLD) & set(degeneracies(minimum))
    r = minimum.trained
    bounds = every_bound(loss, s, w[:r], scale=scale, idle=minimum.k - r) if r and isolated else []
    unit = int(SCALES[scale])
    verdicts = {bound.id: _decide(bound, slow, fast, unit) for bound in bounds}
    enclosures = {
        "s_min": _outwards(unit * slow.outer, unit * slow.inner),
        "s_max": _outwards(unit * fast.inner, unit * fast.outer),
        "condition_number": _outwards(*_quotient(slow, fast)),
    }
    return Certificate(enclosures, [replace(bound, value=_nearest(bound.value)) for bound in bounds], verdicts)


def settled(
    loss: str, sigma2: Array, weights: Array, *, scale: str, found: Conditioning, bounds: list[Bound]
) -> tuple[list[Bound], list[str]]:
    """The bounds, and the ids of those that are violated: what looks so in floats is decided in exact arithmetic.

    Parameters
    ----------
    loss, sigma2, weights, scale
        As for `certify`, where the minimum is isolated.
    found : Conditioning
    bounds : list of Bound
        What was measured there in floats.

    Examples
    --------
    >>> import numpy as np
    >>> sigma2, lam = np.array([4.0, 1.0]), np.array([0.5])
    >>> wrong = Bound("bao2020/B/smax-bound", "s_max", 100.0)
    >>> found = l2_conditioning(sigma2, lam, scale="half")
    >>> bounds, violated = settled("l2", sigma2, lam, scale="half", found=found, bounds=[wrong])
    >>> bounds[0], violated
    (Bound(id='bao2020/B/smax-bound', bounds='s_max', value=0.0, above=False), [])
    """
    if all(bound.holds(found) for bound in bounds):
        return bounds, []
    certificate = certify(loss, sigma2, weights, scale=scale)
    return certificate.bounds, certificate.violated


@dataclass(frozen=True)
class _Numbers:
    """Spectrum and weights, exactly and in floats; whether these are rounded."""

    s: Array
    w: Array
    s_float: Array
    w_float: Array
    rounded: bool

    def exact(self, task: Task) -> list[tuple[Any, ...]]:
        """The coefficients of a task's polynomials; those that end in zeros are cut."""
        coefficients, i, j = task
        found: list[tuple[Any, ...]] = []
        if not len(i):
            return found
        for polynomial in zip(*coefficients(self.s, self.w, i, j), strict=True):
            while polynomial and polynomial[-1] == 0:
                polynomial = polynomial[:-1]
            if polynomial:
                found.append(polynomial)
        return found

    def near(self, task: Task, x: float, sign: int) -> list[tuple[Any, ...]]:
        """The exact coefficients of those polynomials that may have a root beyond x: below (−1) or above (+1)."""
        coefficients, i, j = task
        unit = 2.0 ** np.floor(np.log2(self.s_float[0]))
        s, w = self.s_float / unit, self.w_float / (unit if coefficients in _L2 else 1)
        if min(s[s > 0].min(), w[w > 0].min(initial=1)) < SMALL:
            return self.exact(task)
        with np.errstate(all="ignore"):
            sure = _sure(coefficients(s, w, i, j), x / unit, sign)
        if self.rounded:
            sure &= ~_blurred(s, w, i, j)
        return self.exact((coefficients, i[~sure], j[~sure]))


def _sure(coefficients: list[Array], x: float, sign: int) -> Array:
    """Whether polynomials in floats surely have all roots above x (sign −1), or below x (+1)."""
    values, sizes = _taylor(coefficients, x, -1), _taylor(coefficients, x, 1)
    sure = np.ones(np.shape(coefficients[0]), dtype=bool)
    for power, (value, size) in enumerate(zip(values, sizes, strict=True)):
        expected = value * (-1) ** (power + 1) if sign < 0 else value
        sure &= (expected > CAUTION * size) & (expected > SMALL) & (size < 1 / SMALL)
    return sure


def _blurred(s: Array, w: Array, i: Array, j: Array) -> Array:
    """Whether a difference of two of s_i, s_j, w_i, w_j may have lost too much by rounding."""
    values = [s[i], s[j], w[i], w[np.minimum(j, len(w) - 1)]]
    close = [abs(a - b) <= CLOSE * (a + b) for a, b in combinations(values, 2)]
    return np.logical_or.reduce(close)


def _taylor(coefficients: Any, x: Any, alternate: int) -> list[Any]:
    """The coefficients, after the leading 1, of t^n + a c_1 t^(n−1) + a² c_2 t^(n−2) + … in powers of t − x."""
    row = [1, *(alternate ** (r + 1) * c for r, c in enumerate(coefficients))]
    size, out = len(row), []
    for last in range(size - 1, 0, -1):
        for r in range(1, last + 1):
            row[r] = row[r] + x * row[r - 1]
        out.append(row[last])
    return out[::-1]


def _beyond(polynomial: tuple[Any, ...], x: Any, sign: int, at: bool = True) -> bool:
    """Whether a polynomial has a root on the outer side of x (< x for sign −1, > x for +1), or at it."""
    values = [value * sign ** (power + 1) for power, value in enumerate(_taylor(polynomial, x, -1))]
    return not all(value > 0 if at else value >= 0 for value in values)


class _Enclosed:
    """The extreme root (smallest: sign −1, largest: +1) of many polynomials: beyond `inner` or at it, not `outer`."""

    def __init__(self, numbers: _Numbers, tasks: Callable[[], Iterator[Task]], guess: float, sign: int) -> None:
        self.sign = sign
        start, margin = _rational(guess), 2.0**-30
        while True:
            edge = guess * (1 - sign * margin) if margin < 1 else guess * (1 / margin if sign > 0 else margin)
            near = (numbers.near(task, edge, sign) for task in tasks())
            self.polynomials = [polynomial for found in near for polynomial in found]
            if self.reached(_rational(edge)):
                break
            margin *= 2**5
        width = start / 2**50
        self.outer = start + sign * width
        while self.reached(self.outer):
            if self.outer < LEAST:
                raise ArithmeticError(f"the extreme curvature is not near {guess:g}, its value in floats")
            self.outer = max(self.outer + sign * width, self.outer / 2)
            width *= 2
        width = start / 2**50
        self.inner = start - sign * width
        while not self.reached(self.inner):
            self.inner -= sign * width
            width *= 2
        while abs(self.outer - self.inner) * 2**49 > self.outer:
            self.halve()
        self.polynomials = [p for p in self.polynomials if _beyond(p, self.inner, sign)]

    def reached(self, x: Any) -> bool:
        """Whether the extreme root is beyond x or at it; for x no further inside than `inner`."""
        return any(_beyond(polynomial, x, self.sign) for polynomial in self.polynomials)

    def at_least(self, x: Any) -> bool:
        """Whether the extreme root lies beyond x, or at it."""
        if self.sign * (x - self.inner) <= 0:
            return True
        return self.sign * (x - self.outer) < 0 and self.reached(x)

    def beyond(self, x: Any) -> bool:
        """Whether the extreme root lies beyond x, and not at it."""
        if self.sign * (x - self.inner) < 0:
            return True
        return self.sign * (x - self.outer) < 0 and any(_beyond(p, x, self.sign, at=False) for p in self.polynomials)

    def alone(self) -> fmpq_poly | None:
        """A polynomial whose roots are simple, with only the extreme one in the enclosure; None if there are others."""
        product = fmpq_poly([1])
        for found in {p for p in self.polynomials if _beyond(p, self.inner, self.sign)}:
            product *= fmpq_poly([(-1) ** r * c for r, c in enumerate([1, *found])][::-1])
        simple = product / product.gcd(product.derivative())
        monic = [c / simple[simple.degree()] for c in simple.coeffs()][::-1]
        shifted = [1, *_taylor([(-1) ** r * c for r, c in enumerate(monic)][1:], self.inner, -1)]
        outside = [c * self.sign**power for power, c in enumerate(shifted)]
        signs = [c > 0 for c in outside if c != 0]
        changes = sum(a != b for a, b in pairwise(signs)) + (outside[-1] == 0)
        return simple if changes == 1 else None

    def halve(self) -> None:
        """Halve the enclosure."""
        middle = (self.outer + self.inner) / 2
        if self.reached(middle):
            self.inner = middle
        else:
            self.outer = middle


def _decide(bound: Bound, slow: _Enclosed, fast: _Enclosed, unit: int) -> bool | None:
    """Exactly for a bound on a curvature; for one on κ by narrowing it until the value falls outside."""
    value = _rational(bound.value)
    if bound.bounds != "condition_number":
        extreme, outside = (slow, not bound.above) if bound.bounds == "s_min" else (fast, bound.above)
        return not extreme.beyond(value / unit) if outside else extreme.at_least(value / unit)
    for _ in range(BITS):
        low, high = _quotient(slow, fast)
        if value < low or value >= high:
            return bound.above == (value >= high)
        if value == low and not bound.above:
            return True
        slow.halve()
        fast.halve()
    return True if _tied(value, slow, fast) else None


def _tied(value: Any, slow: _Enclosed, fast: _Enclosed) -> bool:
    """Whether s_max = value · s_min exactly.

    If the largest root of P is the only one in its enclosure, and the smallest of Q likewise, they are so tied just
    if P and Q(t/value) have one root in common, as it is the smallest of the one and the largest of the other.
    """
    low, high = slow.alone(), fast.alone()
    if low is None or high is None:
        return False
    scaled = fmpq_poly([c * value ** (low.degree() - power) for power, c in enumerate(low.coeffs())])
    common = scaled.gcd(high)
    if common.degree() != 1:
        return False
    root = -common[0] / common[1]
    return bool(fast.inner <= root <= fast.outer and slow.outer <= root / value <= slow.inner)


def _quotient(slow: _Enclosed, fast: _Enclosed) -> tuple[Any, Any]:
    """κ = s_max/s_min lies in [low, high)."""
    return fast.inner / slow.inner, fast.outer / slow.outer


def _l2_tasks(minimum: L2Minimum) -> Iterator[Task]:
    """All blocks that may hold an extreme curvature, by their coefficients and indices."""
    r, k, m = minimum.trained, minimum.k, len(minimum.sigma2)
    if r:
        latent = np.arange(r)
        yield _l2_scaling, latent, latent
        yield _l2_asymmetric_scaling, latent, latent
        yield from _grid(_l2_unlearned, latent, _columns(minimum.sigma2, r))
    for i in range(r - 1):
        j = np.arange(i + 1, r)
        yield _l2_asymmetric_rotation, np.full_like(j, i), j
        yield _l2_pair, np.full_like(j, i), j
    if r < k:
        yield from _grid(_l2_idle_above, np.arange(r, k), set(range(r)))
        yield from _grid(_l2_idle_beyond, np.arange(r, k), _columns(minimum.sigma2, r) | ({r} & set(range(m))))


def _nested_dropout_tasks(minimum: NestedDropoutMinimum) -> Iterator[Task]:
    """Likewise."""
    r, latent = minimum.trained, np.arange(minimum.trained)
    yield _dropout_scaling, latent, latent
    yield from _grid(_dropout_unlearned, latent, _columns(minimum.sigma2, r))
    for i in range(r - 1):
        j = np.arange(i + 1, r)
        yield _dropout_pair, np.full_like(j, i), j


def _columns(sigma2: Array, r: int) -> set[int]:
    """Unlearned components: the first, the first with a smaller σ², the last with σ² > 0, the first with σ² = 0."""
    visible = int(np.count_nonzero(sigma2 > 0))
    smaller = int(np.count_nonzero(sigma2 >= sigma2[r - 1])) if r else r
    return {r, smaller, visible - 1, visible} & set(range(r, len(sigma2)))


def _grid(coefficients: Coefficients, i: Array, chosen: set[int]) -> Iterator[Task]:
    for j in sorted(chosen):
        yield coefficients, i, np.full_like(i, j)


def _l2_scaling(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    return [2 * (s[i] - lam[i])]


def _l2_asymmetric_scaling(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    return [2 * lam[i]]


def _l2_asymmetric_rotation(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    return [lam[i] + lam[j]]


def _l2_pair(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    """The other three of a pair; the determinant is (s_i − s_j)(λ_j² − λ_i²)."""
    si, sj, li, lj = s[i], s[j], lam[i], lam[j]
    nui, nuj = (si - li) / si, (sj - lj) / sj
    both, total, norm2, gaps = si + sj, li + lj, nui + nuj, (si - sj) * (lj - li)
    return [
        sj * nui + si * nuj + both,
        norm2 * (norm2 * si * sj + both * total / 2) + gaps * (li / si + lj / sj) / 2,
        gaps * total,
    ]


def _l2_unlearned(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    si, sj, li = s[i], s[j], lam[i]
    return [sj * ((si - li) / si) + li + si, (si - sj) * (sj + li)]


def _l2_idle_above(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    """λ_i ± λ_j: a collapsed latent i along a learned component."""
    return [2 * lam[i], (lam[i] - lam[j]) * (lam[i] + lam[j])]


def _l2_idle_beyond(s: Array, lam: Array, i: Array, j: Array) -> list[Array]:
    """λ_i ± s_j: a collapsed latent i along another component."""
    return [2 * lam[i], (lam[i] - s[j]) * (lam[i] + s[j])]


_L2 = {
    _l2_scaling,
    _l2_asymmetric_scaling,
    _l2_asymmetric_rotation,
    _l2_pair,
    _l2_unlearned,
    _l2_idle_above,
    _l2_idle_beyond,
}


def _keep(prior: Array) -> Array:
    return np.cumsum(prior[::-1])[::-1]


def _dropout_scaling(s: Array, prior: Array, i: Array, j: Array) -> list[Array]:
    return [2 * _keep(prior)[i] * s[i]]


def _dropout_pair(s: Array, prior: Array, i: Array, j: Array) -> list[Array]:
    """The four of a pair; p_i − p_j is a sum, and all i are equal."""
    si, sj, pj = s[i], s[j], _keep(prior)[j]
    drop = np.cumsum(prior[i[0] :])[j - i[0] - 1] if len(i) else pj
    gap, both = si - sj, si + sj
    return [
        (drop + 2 * pj) * both,
        drop * (drop * sj * gap + pj * (si * si + 4 * si * sj + sj * sj)) + 4 * pj * pj * si * sj,
        drop * pj * sj * both * (drop * gap + 2 * pj * si),
        drop * drop * pj * pj * si * sj * sj * gap,
    ]


def _dropout_unlearned(s: Array, prior: Array, i: Array, j: Array) -> list[Array]:
    si, sj, pi = s[i], s[j], _keep(prior)[i]
    return [pi * (si + sj), pi * pi * sj * (si - sj)]


def _exact(values: Array) -> Array:
    """The floats as rationals, in an array of objects."""
    return np.array([_rational(x) for x in values.tolist()], dtype=object)


def _rational(value: Any) -> Any:
    return value if isinstance(value, fmpq) else fmpq(*value.as_integer_ratio())


def _outwards(low: Any, high: Any) -> tuple[float, float]:
    """The floats next to two rationals, on the outer side."""
    below, above = min(_nearest(low), float_info.max), _nearest(high)
    below = below if _rational(below) <= low else nextafter(below, -inf)
    above = above if above == inf or _rational(above) >= high else nextafter(above, inf)
    return below, above


def _nearest(value: Any) -> float:
    """The float next to a rational; infinite beyond the largest one."""
    value = _rational(value)
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return inf
