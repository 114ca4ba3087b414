"""Extreme eigenvalues and condition numbers, as quantities of a statement.

At an instance they are algebraic numbers, compared exactly: the characteristic polynomial of a rational symmetric
matrix has only real roots, so by Descartes' rule its sign changes count the roots above a rational. For all sizes
they are bounded by Rayleigh quotients along paths through a stationary point.

The condition number is s_max/s_min, infinite when s_min = 0. ``null`` directions along which the point may slide are
left out: s_min is then the smallest eigenvalue on their orthogonal complement.

Main results
    HessianAt               the Hessian of a loss at a point, as a matrix
    s_max, s_min, cond      of a symmetric matrix; ``singular=True`` takes singular values
    Algebraic               a root of a rational polynomial, compared exactly
    Rayleigh                s_min ≤ h''(0)/‖g'(0)‖² ≤ s_max along a path g
    Averaged                a mean of such quotients
    RayleighRitz            s_min ≤ vᵀHv/vᵀv ≤ s_max, by the spectral theorem
    Quotient                cond ≥ a/b from s_max ≥ a and s_min ≤ b
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.algebra import evaluate as V
from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, Undefined, dense_hessian, evaluate
from proofs.claim import Outcome
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.methods.inequality import Verdict, no, prove, proves
from proofs.methods.order import Arena, opened

BITS = 200
NOTHING, ONE = fmpq(0), fmpq(1)
INFINITE = fmpq(2) ** 1024  # a condition number above it is that of a singular or indefinite matrix

# -- nodes -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class HessianAt(E.Expr):
    """The Hessian of a loss by the first letters, where all letters take the given values."""

    loss: E.Expr = field(metadata=E.LEAF)
    letters: tuple[E.Letter, ...] = field(metadata=E.LEAF)
    values: tuple[E.Expr, ...] = ()
    size: Any = field(metadata=E.LEAF, default=None)
    count: int = field(metadata=E.LEAF, default=2)
    costly = True

    @property
    def shape(self) -> E.Shape:
        return (self.size, self.size)

    def along(self, path: Sequence[E.Expr]) -> E.Expr:
        """The loss where the first letters follow a path."""
        at = (*path, *self.values[len(path) :])
        return substitute(self.loss, dict(zip(self.letters, at, strict=True)))


@dataclass(frozen=True, eq=False)
class Extreme(E.Expr):
    """s_max, s_min or cond of a symmetric matrix."""

    kind: str
    matrix: E.Expr
    null: Any = field(metadata=E.LEAF, default=0)
    singular: bool = False


def named(kind: str, matrix: E.Expr, null: Any = 0, singular: bool = False) -> E.Named:
    tex = {"s_max": r"s_{\max}(H)", "s_min": r"s_{\min}(H)", "cond": r"\operatorname{cond}(H)"}[kind]
    return E.Named(f"{kind}(H)", Extreme(kind, matrix, null, singular), tex)


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
        return Algebraic(self.against, self.factor * other, self.offset * other)

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Algebraic:
        if not isinstance(other, int | fmpq):
            raise Undefined("a sum of algebraic numbers")
        return Algebraic(self.against, self.factor, self.offset + other)

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
        if self > INFINITE:
            return "∞"
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
    if Algebraic(against) > INFINITE:
        return float("inf")
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
    """Largest root over smallest root; infinite when the smallest is not positive."""
    top, bottom = largest(poly), smallest(poly)
    around = cache(bottom.enclosure)

    def against(r: fmpq) -> int:
        if bottom <= 0 or r <= 0:
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
        raise Undefined(f"fewer than {null} null directions")
    poly = fmpq_poly(coefficients[null:])
    if poly.degree() < 1:
        raise Undefined("no direction is left")
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
    """The dense Hessian, remembered by the values it depends on."""
    if V.ENCLOSED in at:
        raise Undefined("the Hessian at irrational weights")
    here = dict(at)
    for letter, value in zip(e.letters, e.values, strict=True):
        here[letter.name] = evaluate(value, at)
    wanted = [(name, frozen(here[name])) for name in sorted(used_names(e.loss)) if name in here]
    return _dense(e.loss, e.letters, tuple(wanted), e.count)


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


@lru_cache(maxsize=64)
def stationary(h: HessianAt) -> bool:
    """Whether the loss is stationary at the point: no first-order term along any direction."""
    ε = E.Sym("ε")
    moved = [v + ε * E.Letter(f"D{i}", *v.shape) for i, v in enumerate(h.values[: h.count])]
    return normal.equal(E.Coeff(h.along(moved), ε, 1), E.lift(0))


@lru_cache(maxsize=256)
def quotient(h: HessianAt, path: tuple[E.Expr, ...], var: E.Sym) -> E.Expr | None:
    """h''(0)/‖g'(0)‖² along a path, or None when the path does not start at the point."""
    starts = (substitute(g, {var: E.lift(0)}) for g in path)
    if not all(normal.equal(g, v) for g, v in zip(starts, h.values, strict=False)):
        return None
    speed = E.add(*(E.SqNorm(E.Diff(g, var, 1, True)) for g in path))
    return E.Diff(h.along(path), var, 2, True) / speed


@dataclass(frozen=True)
class Rayleigh:
    """s_min ≤ h''(0)/‖g'(0)‖² ≤ s_max for h the loss along a path g through a stationary point (Lemma 1).

    Attributes
    ----------
    path, var
        The letters as functions of a variable that is 0 at the point.
    null
        Directions along which the gradient stays zero and which the path's tangent is orthogonal to; the bound on
        s_min is then one on their complement.
    """

    path: tuple[E.Expr, ...]
    var: E.Sym
    null: tuple[E.Expr, ...] = ()

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(left)
        if not isinstance(side, Extreme) or side.singular or not isinstance(opened(side.matrix), HessianAt):
            return no("not an extreme eigenvalue of a Hessian")
        if (side.kind, relation) not in (("s_max", "≥"), ("s_min", "≤")):
            return no(f"a Rayleigh quotient does not give {side.kind} {relation}")
        h: HessianAt = opened(side.matrix)  # type: ignore[assignment]
        if not stationary(h):
            return no("the point is not stationary")
        found = quotient(h, self.path, self.var)
        if found is None:
            return no("the path does not start at the point")
        if side.null != 0 and side.kind == "s_min" and not self.leaves_out(h):
            return no("the tangent is not known to be orthogonal to the null directions")
        ends = prove(found, "=", right, "", arena)
        return (ends[0], "Rayleigh quotient h''(0)/‖g'(0)‖² at a stationary point") if proves(ends) else ends

    def leaves_out(self, h: HessianAt) -> bool:
        """Whether the null directions are null, and orthogonal to the tangent."""
        ε, δ = E.Sym("ε"), E.Sym("δ")
        point = h.values[: h.count]
        moved = [
            v + ε * E.Letter(f"D{i}", *v.shape) + δ * z for i, (v, z) in enumerate(zip(point, self.null, strict=True))
        ]
        flat = normal.equal(E.Coeff(E.Coeff(h.along(moved), ε, 1), δ, 1), E.lift(0))
        inner = E.add(*(E.Inner(E.Diff(g, self.var, 1, True), z) for g, z in zip(self.path, self.null, strict=True)))
        return flat and normal.equal(inner, E.lift(0))


@dataclass(frozen=True)
class Averaged:
    """s_min ≤ Σ w h''(0) / Σ w ‖g'(0)‖² over several paths with weights w > 0, as each path says s_min ‖g'‖² ≤ h''."""

    paths: tuple[tuple[E.Expr, Rayleigh], ...]

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(left)
        if not isinstance(side, Extreme) or (side.kind, relation) != ("s_min", "≤") or side.null != 0:
            return no("not an upper bound on the smallest eigenvalue")
        h: HessianAt = opened(side.matrix)  # type: ignore[assignment]
        if not stationary(h):
            return no("the point is not stationary")
        overs, unders = [], []
        for weight, path in self.paths:
            found = quotient(h, path.path, path.var)
            if found is None or not proves(prove(weight, ">", E.lift(0), "", arena)):
                return no("a path does not start at the point, or its weight is not known to be positive")
            curvature, speed = found.factors[0], found.factors[1].base  # type: ignore[attr-defined]
            overs.append(weight * curvature)
            unders.append(weight * speed)
        ends = prove(E.add(*overs), "=", right * E.add(*unders), "", arena)
        return (ends[0], "a mean of Rayleigh quotients at a stationary point") if proves(ends) else ends


@dataclass(frozen=True)
class Quotient:
    """cond ≥ a/b from s_max ≥ a > 0 and s_min ≤ b, 0 < b; at s_min = 0 the condition number is infinite."""

    top: E.Expr
    above: Any
    bottom: E.Expr
    below: Any

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(left)
        if not isinstance(side, Extreme) or side.kind != "cond" or relation not in "≥>":
            return no("not a lower bound of a condition number")
        steps = [
            (named("s_max", side.matrix, side.null), "≥", self.top, self.above),
            (named("s_min", side.matrix, side.null), "≤", self.bottom, self.below),
            (self.top, ">", E.lift(0), ""),
            (self.bottom, ">", E.lift(0), ""),
            (self.top / self.bottom, "=", right, ""),
        ]
        hows = []
        for step in steps:
            found = prove(*step, arena)
            if not proves(found):
                return no(f"{step[0]} {step[1]} {step[2]}: {found[1]}")
            hows.append(found[1])
        if relation == ">":
            return no("a quotient of bounds gives ≥")
        return Outcome.PROVED, f"s_max: {hows[0]}; s_min: {hows[1]}"


@dataclass(frozen=True)
class RayleighRitz:
    """s_min(H) ≤ vᵀHv/vᵀv ≤ s_max(H) for symmetric H, by the spectral theorem H = O diag(d) Oᵀ, OᵀO = OOᵀ = I.

    With w = Oᵀv, vᵀHv − d_min vᵀv = Σ (d_i − d_min) w_i² ≥ 0, and the same from above. For positive semi-definite H
    the singular values are the eigenvalues.
    """

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        sides = [opened(left), opened(right)]
        place = 0 if isinstance(sides[0], Extreme) else 1
        side = sides[place]
        kind = "s_min" if (place == 0) == (relation == "≤") else "s_max"
        if not isinstance(side, Extreme) or relation not in "≤≥" or side.kind != kind:
            return no("not a bound by an extreme eigenvalue")
        h = opened(side.matrix)
        traits = h.traits if isinstance(h, E.Letter) else frozenset()
        if not traits & ({"psd", "pd"} if side.singular else {"symmetric", "psd", "pd"}):
            return no("the singular values of a symmetric matrix are its eigenvalues only when none is negative")
        v = next((x for x in sides[1 - place].walk() if isinstance(x, E.Letter) and x.shape[1] == 1), None)
        if v is None or not spectral_identity():
            return no("no vector, or the spectral identity fails")
        wanted = E.Tr(v.T @ h @ v) / E.Tr(v.T @ v)
        ends = prove(sides[1 - place], "=", wanted, "", arena)
        return (ends[0], "Σ (d_i − d_min) w_i² ≥ 0 by the spectral theorem") if proves(ends) else ends


def spectral_identity() -> bool:
    """vᵀ(O diag(d) Oᵀ − d₀)v = Σ_i (d_i − d₀) w_i² with w = Oᵀv, for every size."""
    n, i = E.integer("n"), E.integer("i")
    d, d0 = E.Family("d"), E.Sym("d0")
    o, v = E.Letter("O", n, n, frozenset({"orthonormal"})), E.Letter("v", n, 1)
    h = o @ E.Diag(d, n) @ o.T
    weight = E.Tr(v.T @ o @ E.Basis(i, n)) ** 2
    return normal.equal(E.Tr(v.T @ h @ v) - d0 * E.Tr(v.T @ v), E.Sum(i, E.lift(1), n, (d[i] - d0) * weight))
