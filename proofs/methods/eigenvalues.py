"""Extreme eigenvalues and condition numbers, as quantities of a statement.

At an instance they are algebraic numbers, compared exactly: the characteristic polynomial of a rational symmetric
matrix has only real roots, so by Descartes' rule its sign changes count the roots above a rational. For all sizes
they are bounded by Rayleigh quotients along paths through a stationary point.

The condition number is s_max/s_min, a number where s_min > 0. ``null`` directions along which the point may slide are
left out: s_min is then the smallest eigenvalue on their orthogonal complement.

Main results
    HessianAt               the Hessian of a loss at a point, as a matrix
    s_max, s_min, cond      of a symmetric matrix; ``singular=True`` takes singular values
    Algebraic               a root of a rational polynomial, compared exactly
    Rayleigh                s_min ≤ h''(0)/‖g'(0)‖² ≤ s_max along a path g
    Averaged                a mean of such quotients
    RayleighRitz            s_min ≤ vᵀHv/vᵀv ≤ s_max, by the spectral theorem
    Quotient                cond ≥ a/b from s_max ≥ a, s_min ≤ b and s_min > 0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.algebra import evaluate as V
from proofs.algebra.evaluate import Instance, NoValue, Undefined, dense_hessian, evaluate
from proofs.algebra.printing import latex, text
from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.propositions import MIRROR, Rel
from proofs.kernel.spectrum import Extreme, HessianAt, Null, absolute, opened
from proofs.kernel.theorem import Theorem
from proofs.tactics import spectral
from proofs.tactics.prove import Ground, NotFound, prove

BITS = 200
NOTHING, ONE = fmpq(0), fmpq(1)

# -- nodes -----------------------------------------------------------------------------------------


TEX = {"s_max": r"s_{\max}", "s_min": r"s_{\min}", "cond": r"\operatorname{cond}"}


def named(kind: str, matrix: E.Expr, null: Any = 0, singular: bool = False) -> E.Named:
    """The quantity by its name; a Hessian is H."""
    hessian = HessianAt in matrix.kinds
    said, tex = ("H", "H") if hessian else (text(matrix), latex(matrix))
    return E.Named(f"{kind}({said})", Extreme(kind, matrix, null, singular), f"{TEX[kind]}({tex})")


s_max = partial(named, "s_max")
s_min = partial(named, "s_min")
cond = partial(named, "cond")


# -- exact values ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Algebraic:
    """``factor · x + offset`` for a quantity x known by its comparison with rationals: the sign of x − r.

    ``poly`` has the number itself, if that is known, among its roots, which are all real.
    """

    against: Callable[[fmpq], int]
    factor: fmpq = ONE
    offset: fmpq = NOTHING
    poly: fmpq_poly | None = field(default=None, compare=False)

    def compare(self, other: Any) -> int:
        """The sign of self − other."""
        if isinstance(other, Algebraic):
            if other.against is not self.against:
                return apart(self, other)
            return Algebraic(self.against, self.factor - other.factor, self.offset - other.offset).compare(0)
        if not isinstance(other, int | fmpq):
            raise Undefined(f"an algebraic number is compared with {other}")
        rest = fmpq(other) - self.offset
        if self.factor == 0:
            return -1 if rest > 0 else int(rest < 0)
        found = self.against(rest / self.factor)
        return found if self.factor > 0 else -found

    def __lt__(self, other: Any) -> bool:
        return self.compare(other) < 0

    def __le__(self, other: Any) -> bool:
        return self.compare(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self.compare(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self.compare(other) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | fmpq | Algebraic) and self.compare(other) == 0

    def __hash__(self) -> int:
        return id(self.against)

    def __mul__(self, other: Any) -> Algebraic:
        if not isinstance(other, int | fmpq):
            raise Undefined("a product of algebraic numbers")
        poly = self.poly(fmpq_poly([0, 1 / fmpq(other)])) if self.poly is not None and other != 0 else None
        return Algebraic(self.against, self.factor * other, self.offset * other, poly)

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Algebraic:
        if not isinstance(other, int | fmpq):
            raise Undefined("a sum of algebraic numbers")
        poly = None if self.poly is None else self.poly(fmpq_poly([-fmpq(other), 1]))
        return Algebraic(self.against, self.factor, self.offset + other, poly)

    __radd__ = __add__

    def __neg__(self) -> Algebraic:
        return self * fmpq(-1)

    def __sub__(self, other: Any) -> Algebraic:
        return self + (-other)

    def __rsub__(self, other: Any) -> Algebraic:
        return (-self) + other

    def __rtruediv__(self, other: Any) -> Algebraic:
        raise Undefined("the inverse of an algebraic number")

    def __str__(self) -> str:
        low, high = self.enclosure(40)
        middle = Fraction(int(low.p), int(low.q)) / 2 + Fraction(int(high.p), int(high.q)) / 2
        simple = middle.limit_denominator(10**5)
        if self == fmpq(simple.numerator, simple.denominator):
            return str(simple)
        return f"{float(middle):.6g}…"

    def __float__(self) -> float:
        return float(self.factor) * approximate(self.against) + float(self.offset)

    def enclosure(self, bits: int) -> tuple[fmpq, fmpq]:
        """Rationals low ≤ self ≤ high, close to a relative 2^−bits."""
        low, high = fmpq(-1), fmpq(1)
        while self.compare(high) > 0:
            high *= 2
        while self.compare(low) < 0:
            low *= 2
        for _ in range(2 * BITS):
            if (high - low) * 2**bits <= max(abs(low), abs(high)):
                break
            middle = (low + high) / 2
            sign = self.compare(middle)
            if sign == 0:
                return middle, middle
            low, high = (middle, high) if sign > 0 else (low, middle)
        return low, high


def apart(a: Algebraic, b: Algebraic) -> int:
    """The sign of a − b: by enclosures, or by the only root that their polynomials share there.

    Examples
    --------
    >>> two, root = fmpq_poly([2, -3, 1]), fmpq_poly([-2, 0, 1])  # roots 1, 2; ±√2
    >>> apart(largest(two), largest(root)), apart(largest(root * two), largest(two))
    (1, 0)
    """
    for bits in (8, 32, BITS):
        (low, high), (least, most) = a.enclosure(bits), b.enclosure(bits)
        if low > most or high < least:
            return 1 if low > most else -1
    low, high = min(low, least), max(high, most)
    polys = [p for p in (a.poly, b.poly) if p is not None and distinct(p, low, high) == 1]
    if len(polys) == 2 and touches(polys[0].gcd(polys[1]), low, high):
        return 0
    raise Undefined("two algebraic numbers are too close to compare")


def distinct(poly: fmpq_poly, low: fmpq, high: fmpq) -> int:
    """How many different roots lie in [low, high]."""
    simple = divmod(poly, poly.gcd(poly.derivative()))[0]
    return sum(roots_above(simple, low)) - roots_above(simple, high)[0]


@lru_cache(maxsize=4096)
def approximate(against: Callable[[fmpq], int]) -> float:
    """A quantity to six digits."""
    low, high = Algebraic(against).enclosure(20)
    return float((low + high) / 2)


def roots_above(poly: fmpq_poly, r: fmpq) -> tuple[int, int]:
    """How many roots of a polynomial with only real roots lie above r, and how many at r.

    Examples
    --------
    >>> roots_above(fmpq_poly([-6, 11, -6, 1]), fmpq(2))  # roots 1, 2, 3
    (1, 1)
    """
    coefficients = poly(fmpq_poly([r, 1])).coeffs()
    at = next((place for place, c in enumerate(coefficients) if c != 0), 0)
    signs = [c > 0 for c in coefficients if c != 0]
    return sum(a != b for a, b in pairwise(signs)), at


def largest(poly: fmpq_poly) -> Algebraic:
    """The largest root."""

    def against(r: fmpq) -> int:
        above, at = roots_above(poly, r)
        return 1 if above else 0 if at else -1

    return Algebraic(against, poly=poly)


def smallest(poly: fmpq_poly) -> Algebraic:
    """The smallest root."""

    def against(r: fmpq) -> int:
        above, at = roots_above(poly, r)
        return -1 if above + at < poly.degree() else 0 if at else 1

    return Algebraic(against, poly=poly)


def ratio(poly: fmpq_poly) -> Algebraic:
    """Largest root over smallest root, which is positive."""
    top, bottom = largest(poly), smallest(poly)
    if bottom <= 0:
        raise NoValue(f"s_min = {bottom} gives no condition number")
    around = cache(bottom.enclosure)

    def against(r: fmpq) -> int:
        if r <= 0:
            return 1
        for bits in (8, 32, BITS):
            low, high = around(bits)
            if top > r * high:
                return 1
            if top < r * low:
                return -1
        common = poly.gcd(poly(fmpq_poly([0, r])))  # x and r x are both roots
        if common.degree() > 0 and smallest(poly).compare(low) >= 0 and touches(common, low, high):
            return 0
        raise Undefined("the condition number is too close to decide")

    return Algebraic(against)


def touches(poly: fmpq_poly, low: fmpq, high: fmpq) -> bool:
    """Whether a root lies in [low, high]."""
    return roots_above(poly, low)[0] + roots_above(poly, low)[1] > roots_above(poly, high)[0]


@lru_cache(maxsize=4096)
def extreme(kind: str, entries: tuple[fmpq, ...], size: int, null: int) -> Algebraic:
    """s_max, s_min or cond of a symmetric matrix; the same object for the same matrix, so that multiples compare."""
    coefficients = fmpq_mat(size, size, list(entries)).charpoly().coeffs()
    if any(c != 0 for c in coefficients[:null]):
        raise NoValue(f"fewer than {null} null directions")
    poly = fmpq_poly(coefficients[null:])
    if poly.degree() < 1:
        raise NoValue("no direction is left")
    return {"s_max": largest, "s_min": smallest, "cond": ratio}[kind](poly)


def _extreme(e: Extreme, at: Instance) -> Algebraic:
    matrix = evaluate(e.matrix, at)
    if not all(isinstance(x, fmpq) for x in matrix.flat):
        raise Undefined("eigenvalues of a matrix that is not rational")
    if e.singular:
        matrix = matrix @ matrix.T
    found = extreme(e.kind, tuple(matrix.flat), len(matrix), V.size(e.null, at))
    return square_root(found) if e.singular else found


@lru_cache(maxsize=4096)
def square_root(square: Algebraic) -> Algebraic:
    """The nonnegative root of a nonnegative algebraic number."""
    return Algebraic(lambda r: 1 if r < 0 else square.compare(r * r))


@lru_cache(maxsize=512)
def _dense(loss: E.Expr, letters: tuple[E.Letter, ...], values: tuple, count: int) -> np.ndarray:
    at: Instance = {name: value for name, value in values if not isinstance(value, tuple)}
    for name, value in values:
        if isinstance(value, tuple):
            shape, entries = value
            at[name] = np.array(entries, dtype=object).reshape(shape) if shape else list(entries)
    return dense_hessian(loss, letters[:count], at)


def _hessian(e: HessianAt, at: Instance) -> np.ndarray:
    """The dense Hessian at rational weights, whatever else is enclosed; remembered by the values it depends on."""
    here = {name: value for name, value in at.items() if name != V.ENCLOSED}
    here |= {letter.name: evaluate(value, here) for letter, value in zip(e.letters, e.values, strict=True)}
    wanted = [(name, frozen(here[name])) for name in sorted(used_names(e.loss)) if name in here]
    return _dense(e.loss, e.letters, tuple(wanted), e.weights)


@lru_cache(maxsize=64)
def used_names(loss: E.Expr) -> frozenset[str]:
    from proofs.hypotheses import free_names

    names = free_names([loss])
    return frozenset(x.name for group in (names.symbols, names.letters, names.families) for x in group)


def frozen(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, tuple(value.flat)
    return ((), tuple(value)) if isinstance(value, list) else value


V.RULES[HessianAt] = _hessian
V.RULES[Extreme] = _extreme


# -- bounds for all sizes --------------------------------------------------------------------------


@dataclass(frozen=True)
class Rayleigh:
    """s_min ≤ h''(0)/‖g'(0)‖² ≤ s_max for h the loss along a path g through a stationary point (Lemma 1).

    Attributes
    ----------
    path, var
        The letters as functions of a variable that is 0 at the point.
    null
        Directions n_i along which the gradient stays zero and which the path's tangent is orthogonal to; the bound on
        s_min is then one on their complement.
    value
        The quotient in numbers, where the bound is not.
    """

    path: tuple[E.Expr, ...]
    var: E.Sym
    null: Null | None = None
    value: E.Expr | None = None

    @property
    def tangent(self) -> tuple[E.Expr, ...]:
        return tuple(E.Diff(g, self.var, 1, True) for g in self.path)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        """By the curvature along the tangent: at a stationary point it is that along the path."""
        side = opened(goal.left)
        null = self.null if isinstance(side, Extreme) and side.null != 0 else None
        if self.value is None:
            return spectral.bounded_by(ground, goal, self.tangent, null)
        found = spectral.bounded_by(ground, Rel(goal.left, goal.op, self.value), self.tangent, null)
        return rules.chain((found, ground.prove(Rel(self.value, "=", goal.right))))


@dataclass(frozen=True)
class Averaged:
    """s_min ≤ Σ w h''(0) / Σ w ‖g'(0)‖² over several paths with weights w > 0, as each path says s_min ‖g'‖² ≤ h''."""

    paths: tuple[tuple[E.Expr, Rayleigh], ...]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        side = opened(goal.left)
        if not isinstance(side, Extreme) or (side.kind, goal.op) != ("s_min", "≤") or side.null != 0:
            raise NotFound("not an upper bound on the smallest eigenvalue")
        return spectral.mean(ground, goal, tuple((weight, path.tangent) for weight, path in self.paths))


@dataclass(frozen=True)
class Quotient:
    """cond ≥ a/b from s_max ≥ a > 0, s_min ≤ b and s_min > 0, which the blocks of the Hessian show."""

    top: E.Expr
    above: Any
    bottom: E.Expr
    below: Any
    blocks: Any = None

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        side = opened(goal.left)
        if not isinstance(side, Extreme) or side.kind != "cond" or goal.op != "≥" or self.blocks is None:
            raise NotFound("not a lower bound of a condition number")
        high, low = (Extreme(kind, side.matrix, side.null) for kind in ("s_max", "s_min"))
        top = prove(ground, Rel(high, "≥", self.top), self.above)
        bottom = prove(ground, Rel(low, "≤", self.bottom), self.below)
        positive = ground.prove(Rel(self.top, ">", E.lift(0)))
        ratio = Rel(goal.left, "≥", self.top / self.bottom)
        found = spectral.conditioned(ratio, top, bottom, self.blocks.definite(ground, low), positive)
        return rules.chain((found, ground.prove(Rel(ratio.right, "=", goal.right))))


@dataclass(frozen=True)
class RayleighRitz:
    """s_min(H) ≤ vᵀHv/vᵀv ≤ s_max(H) for symmetric H, by the spectral theorem H = O diag(d) Oᵀ, OᵀO = OOᵀ = I.

    With w = Oᵀv, vᵀHv − d_min vᵀv = Σ (d_i − d_min) w_i² ≥ 0, and the same from above. For positive semi-definite H
    the singular values are the eigenvalues.
    """

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        side: Any = opened(goal.left)
        if isinstance(opened(goal.right), Extreme) and not isinstance(side, Extreme):
            return rules.mirror(self.theorem(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
        if not isinstance(side, Extreme):
            raise NotFound("no extreme eigenvalue")
        v = next((x for x in goal.right.walk() if isinstance(x, E.Letter) and x.shape[1] == 1), None)
        if v is None:
            raise NotFound("no vector")
        if side.singular:
            same = absolute(goal.left)
            as_eigenvalue = same.says.right  # type: ignore[attr-defined]
            return rules.chain((same, spectral.bounded_by(ground, Rel(as_eigenvalue, goal.op, goal.right), (v,))))
        return spectral.bounded_by(ground, goal, (v,))
