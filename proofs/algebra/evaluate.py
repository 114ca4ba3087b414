"""Exact values of expressions at an instance: the second witness, by plain arithmetic.

An instance maps the names of symbols, families and letters to numbers, lists and matrices. Numbers are exact
rationals (``fmpq``), but every rule is plain arithmetic, so floats, balls and truncated power series go through the
same lines. Derivatives are taken by power series (:class:`Jet`, and :class:`Germ` in many variables), expectations over
masks by enumeration: nothing of the kernel's normal form is used.

Main results
    evaluate(e, instance)    a number, or a matrix as an object array
    Jet, Germ                truncated power series, in one variable and in many
    Angle                    an angle known by its cosine and sine, so that both are rational
    dense_hessian(...)       the Hessian of a scalar expression by its letters' entries, exactly
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial, reduce
from itertools import permutations, product
from random import Random
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat, fmpq_mpoly
from flint.utils.flint_exceptions import DomainError

from proofs.algebra.inertia import inertia
from proofs.kernel import expressions as E
from proofs.kernel import propositions as P

Instance = dict[str, Any]


ENCLOSED = "enclosed"
BEYOND = "beyond"
"""Where a drawn instance keeps the members of families of any length beyond those that were drawn."""
FEW = 6
"""Up to this size a determinant is a sum over permutations."""
DEPTH = "∂"
"""Marks how many derivatives are being taken around an expression."""


class Undefined(ArithmeticError):
    """No exact value is found here: there is none, or it is not computed."""


class NoValue(Undefined):
    """There is no real value: a division by zero, the root of a negative number, an index outside its range."""


class NoIndex(NoValue):
    """An extremum over no index."""


class Unsettled(Undefined):
    """A proposition of which it was not computed whether it holds; ``likely`` where nothing spoke against it."""

    def __init__(self, message: str, likely: bool = False):
        super().__init__(message)
        self.likely = likely


class Irrational(Undefined):
    """An irrational root; an instance that is marked ``ENCLOSED`` takes a ball around it instead."""


# -- numbers ---------------------------------------------------------------------------------------


class Series:
    """A truncated power series.

    A derivative inside another has an ε of its own, of a deeper level; series of lesser levels are its coefficients.
    """

    __slots__ = ("level",)
    level: int

    def _step(self, other: Any) -> int:
        """By how much the level of another is greater; negative for what is a coefficient here."""
        return other.level - self.level if isinstance(other, Series) else -1

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other  # type: ignore[operator]


class Jet(Series):
    """c₀ + c₁ε + … truncated after ε^order."""

    __slots__ = ("c",)

    def __init__(self, c: Sequence[Any], level: int = 1):
        self.c = list(c)
        self.level = level

    @staticmethod
    def variable(value: Any, order: int, level: int = 1) -> Jet:
        return Jet([value, fmpq(1), *[fmpq(0)] * (order - 1)][: order + 1], level)

    def __add__(self, other: Any) -> Any:
        step = self._step(other)
        if step > 0:
            return other + self
        c = other.c if step == 0 else [other, *[0 * other] * (len(self.c) - 1)]
        return Jet([a + b for a, b in zip(self.c, c, strict=True)], self.level)

    def __neg__(self) -> Jet:
        return Jet([-a for a in self.c], self.level)

    def __mul__(self, other: Any) -> Any:
        step = self._step(other)
        if step > 0:
            return other * self
        if step < 0:
            return Jet([a * other for a in self.c], self.level)
        n = len(self.c)
        return Jet([sum((self.c[i] * other.c[r - i] for i in range(r + 1)), fmpq(0)) for r in range(n)], self.level)

    def inverse(self) -> Jet:
        head = reciprocal(self.c[0])
        out = [head]
        for r in range(1, len(self.c)):
            out.append(-head * sum((self.c[i] * out[r - i] for i in range(1, r + 1)), fmpq(0)))
        return Jet(out, self.level)

    def sqrt(self, enclosed: bool = False) -> Jet:
        head = root(self.c[0], enclosed)
        out = [head]
        for r in range(1, len(self.c)):
            inner = sum((out[i] * out[r - i] for i in range(1, r)), fmpq(0))
            out.append((self.c[r] - inner) * reciprocal(2 * head))
        return Jet(out, self.level)


Terms = dict[Any, Any]


class Germ(Series):
    """c + Σ g_a ε_a + Σ h_ab ε_a ε_b, of many variables at once; ``square``, by pairs a ≤ b, is None to first order."""

    __slots__ = ("c", "linear", "square")

    def __init__(self, c: Any, linear: Terms, square: Terms | None, level: int):
        self.c, self.linear, self.square, self.level = c, linear, square, level

    def __add__(self, other: Any) -> Any:
        step = self._step(other)
        if step > 0:
            return other + self
        if step < 0:
            return Germ(self.c + other, self.linear, self.square, self.level)
        square = None if self.square is None else added(self.square, other.square)
        return Germ(self.c + other.c, added(self.linear, other.linear), square, self.level)

    def __neg__(self) -> Germ:
        return self * fmpq(-1)

    def __mul__(self, other: Any) -> Any:
        step = self._step(other)
        if step > 0:
            return other * self
        if step < 0:
            square = None if self.square is None else by(self.square, other)
            return Germ(self.c * other, by(self.linear, other), square, self.level)
        linear = added(by(self.linear, other.c), by(other.linear, self.c))
        if self.square is None:
            return Germ(self.c * other.c, linear, None, self.level)
        square = added(by(self.square, other.c), by(other.square, self.c))
        for a, x in self.linear.items():
            for b, y in other.linear.items():
                pair = (a, b) if a <= b else (b, a)
                square[pair] = square[pair] + x * y if pair in square else x * y
        return Germ(self.c * other.c, linear, square, self.level)

    def small(self, factor: Any) -> Germ:
        """What it is beside its constant, times a factor."""
        square = None if self.square is None else by(self.square, factor)
        return Germ(fmpq(0), by(self.linear, factor), square, self.level)

    def inverse(self) -> Germ:
        head = reciprocal(self.c)
        u = self.small(head)
        return (1 - u + u * u) * head

    def sqrt(self, enclosed: bool = False) -> Germ:
        head = root(self.c, enclosed)
        u = self.small(reciprocal(self.c))
        return (fmpq(1) + u * fmpq(1, 2) - u * u * fmpq(1, 8)) * head


def added(p: Terms, q: Terms) -> Terms:
    out = dict(p)
    for key, x in q.items():
        out[key] = out[key] + x if key in out else x
    return out


def by(p: Terms, factor: Any) -> Terms:
    return {} if isinstance(factor, fmpq) and factor == 0 else {key: x * factor for key, x in p.items()}


def germs(values: np.ndarray, name: str, second: bool, level: int) -> np.ndarray:
    """A matrix plus an ε for every entry, which goes by the matrix's name and its place."""
    out = np.empty(values.shape, dtype=object)
    for index, x in np.ndenumerate(values):
        out[index] = Germ(x, {(name, *index): fmpq(1)}, {} if second else None, level)
    return out


@dataclass(frozen=True)
class Angle:
    """An angle by its cosine and sine."""

    cos: Any
    sin: Any

    @staticmethod
    def rational(t: Any) -> Angle:
        """The angle 2·arctan t."""
        t = fmpq(t)
        return Angle((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))

    def __add__(self, other: Any) -> Angle:
        if not isinstance(other, Angle):
            if other == 0:
                return self
            raise Undefined("an angle plus a number")
        return Angle(
            self.cos * other.cos - self.sin * other.sin,
            self.sin * other.cos + self.cos * other.sin,
        )

    __radd__ = __add__

    def __neg__(self) -> Angle:
        return Angle(self.cos, -self.sin)

    def __mul__(self, times: Any) -> Angle:
        if self == Angle(fmpq(-1), fmpq(0)) and times == fmpq(1, 2):
            return Angle(fmpq(0), fmpq(1))
        count = int(times)
        if count != times:
            raise Undefined("a fraction of an angle")
        turned = Angle(fmpq(1), fmpq(0))
        for _ in range(abs(count)):
            turned = turned + self
        return turned if count >= 0 else -turned

    __rmul__ = __mul__

    def jet(self, order: int, level: int = 1) -> Angle:
        """The angle plus ε."""
        c = [fmpq((-1) ** (r // 2) * (r % 2 == 0), math.factorial(r)) for r in range(order + 1)]
        s = [fmpq((-1) ** (r // 2) * (r % 2 == 1), math.factorial(r)) for r in range(order + 1)]
        return Angle(Jet(c, level), Jet(s, level)) + Angle(self.cos, self.sin)


def reciprocal(x: Any) -> Any:
    if isinstance(x, Jet | Germ):
        return x.inverse()
    if isinstance(x, int):
        x = fmpq(x)
    if x == 0:
        raise NoValue("division by zero")
    if isinstance(x, arb) and x.contains(0):
        raise Undefined(f"division by {x}, which may be 0")
    try:
        return 1 / x
    except DomainError:
        raise Undefined(f"1/({x}), which is no polynomial") from None


def root(x: Any, enclosed: bool = False) -> Any:
    """The square root; of an exact number it is exact, or a ball where that is ``enclosed``."""
    if isinstance(x, Jet | Germ):
        return x.sqrt(enclosed)
    if isinstance(x, arb | float) and x < 0:
        raise NoValue("the root of a negative number")
    if isinstance(x, arb):
        if not x >= 0:
            raise Undefined(f"the root of {x}, which may be negative")
        return x.sqrt()
    if isinstance(x, float):
        return math.sqrt(x)
    if not isinstance(x, int | fmpq):
        raise Undefined(f"the root of {x}")
    x = fmpq(x)
    p, q = int(x.p), int(x.q)
    if p < 0:
        raise NoValue(f"the root of {x}")
    if math.isqrt(p) ** 2 != p or math.isqrt(q) ** 2 != q:
        if enclosed:
            return arb(x).sqrt()
        raise Irrational(f"√({x}) is not rational")
    return fmpq(math.isqrt(p), math.isqrt(q))


def power(x: Any, p: Fraction, enclosed: bool = False) -> Any:
    if p.denominator == 2:
        x, p = root(x, enclosed), p * 2
    if p.denominator != 1:
        raise Undefined(f"the power {p}")
    count = int(p)
    if count < 0:
        x, count = reciprocal(x), -count
    out = fmpq(1) if not isinstance(x, float) else 1.0
    for _ in range(count):
        out = out * x
    return out


def exact(value: Any) -> fmpq:
    return fmpq(value.numerator, value.denominator) if isinstance(value, Fraction) else fmpq(value)


# -- matrices --------------------------------------------------------------------------------------


def matrix(rows: Sequence[Sequence[Any]]) -> np.ndarray:
    """A matrix of exact numbers as an object array."""
    out = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            out[i, j] = exact(value) if isinstance(value, int | Fraction | fmpq) else value
    return out


def zeros(rows: int, cols: int) -> np.ndarray:
    out = np.empty((rows, cols), dtype=object)
    out[:] = fmpq(0)
    return out


def diagonal(values: Sequence[Any]) -> np.ndarray:
    out = zeros(len(values), len(values))
    for i, v in enumerate(values):
        out[i, i] = v
    return out


def is_diagonal(a: np.ndarray) -> bool:
    return all(not isinstance(a[i, j], Jet) and a[i, j] == 0 for i in range(len(a)) for j in range(len(a)) if i != j)


def head(x: Any) -> Any:
    """The constant term of a power series."""
    if isinstance(x, Germ):
        return head(x.c)
    return head(x.c[0]) if isinstance(x, Jet) else x


def inverse(a: np.ndarray) -> np.ndarray:
    """Gauss–Jordan elimination."""
    n = len(a)
    work = np.concatenate([a.copy(), diagonal([fmpq(1)] * n)], axis=1)
    for col in range(n):
        pivot = next((r for r in range(col, n) if head(work[r, col]) != 0), None)
        if pivot is None:
            raise NoValue("a singular matrix has no inverse")
        work[[col, pivot]] = work[[pivot, col]]
        work[col] = scaled(work[col], reciprocal(work[col, col]))
        for r in range(n):
            if r != col:
                work[r] = work[r] - scaled(work[col], work[r, col])
    return work[:, n:]


# -- rules -----------------------------------------------------------------------------------------


def evaluate(e: E.Expr, at: Instance) -> Any:
    """The exact value of an expression at an instance.

    Raises
    ------
    NoValue
        Where there is no real value: true, false and undefined are three answers of a proposition.
    Undefined
        Where the value is not computed: it is irrational.
    KeyError
        When the instance lacks a name.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, Tr, size
    >>> A = Letter("A", size("k"), size("k"))
    >>> evaluate(Tr(A @ A), {"k": 2, "A": matrix([[1, 2], [3, 4]])})
    29
    """
    return RULES[type(e)](e, at)


class Drawn(dict[str, Any]):
    """An instance that remembers the values of the expressions that were asked of it.

    ``freely`` drawn is one without the samplers of hypotheses.
    """

    def __init__(self, at: Instance, freely: bool = False):
        super().__init__(at)
        self.freely = freely
        self.values_of: dict[E.Expr, Any] = {}


def value(e: E.Expr, at: Instance) -> Any:
    """The value of a member of a statement or of a definition, computed once where the instance remembers."""
    if not isinstance(at, Drawn):
        return evaluate(e, at)
    if e not in at.values_of:
        try:
            at.values_of[e] = evaluate(e, at)
        except Undefined as problem:
            at.values_of[e] = problem.with_traceback(None)
    found = at.values_of[e]
    if isinstance(found, Undefined):
        raise found.with_traceback(None)
    return found


def number(e: E.Expr, at: Instance) -> int:
    """An index or a size."""
    if isinstance(e, E.Sym) and isinstance(known := at.get(e.name), int):
        return known
    found = evaluate(e, at)
    if found != int(found):
        raise NoValue(f"the index {found}")
    return int(found)


def size(value: Any, at: Instance) -> int:
    return number(value, at) if isinstance(value, E.Expr) else int(value)


def _sym(e: E.Sym, at: Instance) -> Any:
    if e.name == E.PI.name and e == E.PI:
        return Angle(fmpq(-1), fmpq(0))
    value = at[e.name]
    return fmpq(value) if isinstance(value, int) else value


@lru_cache(maxsize=10_000)
def defined(e: E.Item) -> E.Expr:
    """A member of a family by its definition."""
    assert e.family.define is not None
    return e.family.define(e.index)


@lru_cache(maxsize=10_000)
def member(f: E.Family, place: int) -> E.Item:
    """f[place + 1]."""
    return f[place + 1]


class Beyond(dict[str, fmpq]):
    """Members of families beyond those that were drawn, of which nothing is given: some number each, once asked for."""

    def __init__(self, seed: int):
        super().__init__()
        self.seed = seed

    def __missing__(self, name: str) -> fmpq:
        rng = Random(f"{name}/{self.seed}")
        self[name] = fmpq(rng.randint(-9, 9), rng.randint(1, 4))
        return self[name]


def _item(e: E.Item, at: Instance) -> Any:
    values = at.get(e.family.name)
    if e.family.define is None and e.family.random is None and e.family.length is not None:
        index, last = number(e.index, at), number(e.family.length, at)
        if not 1 <= index <= last:
            raise NoValue(f"{e.family.name}_{index}, of {last} members")
    if isinstance(values, dict):
        place = number(e.index, at)
        if place not in values:
            raise NotYet(e.family.name, place)
        return values[place]
    if isinstance(values, list):  # a size may have the name of a family
        index = number(e.index, at)
        if not 1 <= index <= len(values):
            if BEYOND not in at or e.family.length is not None:
                raise Undefined(f"{e.family.name}_{index} was not drawn")
            return at[BEYOND][f"{e.family.name}_{index}"]
        return values[index - 1]
    if e.family.define is not None:
        return evaluate(defined(e), at)
    if e.family.tail is not None and e.family.length is not None:
        b = E.integer("b·")
        return evaluate(E.Sum(b, e.index, e.family.length, e.family.tail(b)), at)
    if e.family.random is not None:
        raise Undefined(f"{e.family.name} outside an expectation")
    raise KeyError(e.family.name)


def _fn(e: E.Fn, at: Instance) -> Any:
    angle = evaluate(e.arg, at)
    if isinstance(angle, Jet):
        return series(e.name, angle, ENCLOSED in at)
    if isinstance(angle, Germ):
        raise Undefined(f"{e.name} of many variables")
    if e.name == "exp":
        return exponential(angle, ENCLOSED in at)
    if e.name == "log":
        return logarithm(angle, ENCLOSED in at)
    if not isinstance(angle, Angle):
        if ENCLOSED in at:
            return arb(angle).cos() if e.name == "cos" else arb(angle).sin()
        if angle != 0:
            raise Irrational(f"{e.name}({angle}) is not rational")
        angle = Angle(fmpq(1), fmpq(0))
    return angle.cos if e.name == "cos" else angle.sin


def exponential(x: Any, enclosed: bool) -> Any:
    if x == 0:
        return fmpq(1)
    if enclosed:
        return arb(x).exp()
    raise Irrational(f"exp({x}) is not rational")


def logarithm(x: Any, enclosed: bool) -> Any:
    if x <= 0:
        raise NoValue(f"log {x}")
    if isinstance(x, arb) and not x > 0:
        raise Undefined(f"log {x}")
    if x == 1:
        return fmpq(0)
    if enclosed:
        return arb(x).log()
    raise Irrational(f"log({x}) is not rational")


def series(name: str, x: Jet, enclosed: bool) -> Jet:
    """exp or log of a power series, cos or sin of one without constant term."""
    start, order = x.c[0], len(x.c)
    if name in ("cos", "sin") and start != 0:
        raise Undefined(f"{name} of the number {start}")
    first: Any = fmpq(0)
    if name in ("exp", "log"):
        of_number = exponential if name == "exp" else logarithm
        first = series(name, start, enclosed) if isinstance(start, Jet) else of_number(start, enclosed)
    rest = Jet([0 * start, *x.c[1:]], x.level)
    if name == "log":
        rest = rest * reciprocal(start)
    out, term = (Jet([fmpq(c)] + [fmpq(0)] * (order - 1), x.level) for c in (0, 1))
    for r in range(order):
        if name == "log":
            out = out + term * fmpq((-1) ** (r + 1), r) if r else out
        elif name == "exp" or r % 2 == (name == "sin"):
            out = out + term * fmpq(1 if name == "exp" else (-1) ** (r // 2), math.factorial(r))
        term = term * rest
    return out * first if name == "exp" else out + first


def magnitude(x: Any) -> Any:
    if not isinstance(x, Jet):
        return abs(x)
    if head(x) == 0:
        raise Undefined("the slope of |x| at 0")
    return x if head(x) > 0 else -x


def _add(e: E.Add, at: Instance) -> Any:
    out = evaluate(e.terms[0], at)
    for t in e.terms[1:]:
        out = out + evaluate(t, at)
    return out


def _mul(e: E.Mul, at: Instance) -> Any:
    out: Any = None
    for f in e.factors:
        value = evaluate(f, at)
        if out is None:
            out = value
        elif isinstance(out, np.ndarray) and isinstance(value, np.ndarray):
            out = out @ value
        elif isinstance(value, np.ndarray):
            out = value * out if not isinstance(out, LISTLIKE) else scaled(value, out)
        else:
            out = out * value if not isinstance(value, LISTLIKE) else scaled(out, value)
    return out


LISTLIKE = (Series, fmpq_mpoly)
"""Numbers that NumPy takes for lists of their coefficients."""


def scaled(a: Any, factor: Any) -> Any:
    """A matrix times a number, entry by entry."""
    if not isinstance(a, np.ndarray):
        return a * factor
    out = np.empty(a.shape, dtype=object)
    for index, value in np.ndenumerate(a):
        out[index] = factor * value
    return out


def _pow(e: E.Pow, at: Instance) -> Any:
    base, enclosed = evaluate(e.base, at), ENCLOSED in at
    if isinstance(e.exponent, E.Num):
        p = e.exponent.value
    else:
        exponent = evaluate(e.exponent, at)
        p = Fraction(int(exponent.p), int(exponent.q))
    if not isinstance(base, np.ndarray):
        return power(base, p, enclosed)
    if is_diagonal(base):
        return diagonal([power(base[i, i], p, enclosed) for i in range(len(base))])
    if p.denominator == 1:
        step = inverse(base) if p < 0 else base
        out = diagonal([fmpq(1)] * len(base))
        for _ in range(abs(int(p))):
            out = out @ step
        return out
    raise Undefined("a fractional power of a matrix that is not diagonal")


def _diag(e: E.Diag, at: Instance) -> np.ndarray:
    return diagonal([evaluate(member(e.family, i), at) for i in range(size(e.size, at))])


def _proj(e: E.Proj, at: Instance) -> np.ndarray:
    b = number(e.b, at)
    return diagonal([fmpq(int(i < b)) for i in range(size(e.size, at))])


def _basis(e: E.Basis, at: Instance) -> np.ndarray:
    out = zeros(size(e.size, at), 1)
    i = number(e.i, at)
    if not 1 <= i <= len(out):
        raise NoValue(f"e_{i} in dimension {len(out)}")
    out[i - 1, 0] = fmpq(1)
    return out


def _first(e: E.First, at: Instance) -> np.ndarray:
    out = zeros(size(e.rows, at), size(e.cols, at))
    if out.shape[1] > out.shape[0]:
        raise NoValue(f"the first {out.shape[1]} columns of the identity of size {out.shape[0]}")
    for i in range(out.shape[1]):
        out[i, i] = fmpq(1)
    return out


def _max_mask(e: E.MaxMask, at: Instance) -> np.ndarray:
    a = evaluate(e.arg, at)
    mask = [evaluate(member(e.family, i), at) for i in range(len(a))]
    out = np.empty(a.shape, dtype=object)
    for (i, j), value in np.ndenumerate(a):
        out[i, j] = value * mask[max(i, j)]
    return out


def _lower_mask(e: E.LowerMask, at: Instance) -> np.ndarray:
    out = evaluate(e.arg, at).copy()
    for i, j in np.ndindex(out.shape):
        if j > i or (e.strict and i == j):
            out[i, j] = fmpq(0)
    return out


def _drop_mask(e: E.DropMask, at: Instance) -> np.ndarray:
    out = evaluate(e.arg, at).copy()
    for j, i in np.ndindex(out.shape):
        if j >= number(e.b[i + 1], at):
            out[j, i] = fmpq(0)
    return out


def _sq_norm(e: E.SqNorm, at: Instance) -> Any:
    a = evaluate(e.arg, at)
    return sum((x * x for x in a.flat), fmpq(0)) if isinstance(a, np.ndarray) else a * a


def _trace(e: E.Tr, at: Instance) -> Any:
    a = evaluate(e.arg, at)
    return sum((a[i, i] for i in range(len(a))), fmpq(0))


def _inner(e: E.Inner, at: Instance) -> Any:
    a, b = evaluate(e.left, at), evaluate(e.right, at)
    return sum((x * y for x, y in zip(a.flat, b.flat, strict=True)), fmpq(0))


def _entry(e: E.Entry, at: Instance) -> Any:
    a, i, j = evaluate(e.arg, at), number(e.i, at), number(e.j, at)
    if not (1 <= i <= a.shape[0] and 1 <= j <= a.shape[1]):
        raise NoValue(f"the entry ({i}, {j}) of a {a.shape[0]}×{a.shape[1]} matrix")
    return a[i - 1, j - 1]


def _determinant(e: E.Det, at: Instance) -> Any:
    """By elimination; of what has no pivot by permutations."""
    a = evaluate(e.arg, at)
    if all(isinstance(x, fmpq) for x in a.flat):
        return fmpq_mat(len(a), len(a), list(a.flat)).det()
    pivots = eliminated(a)
    return permuted(a) if pivots is None else math.prod(pivots, start=fmpq(1))


def eliminated(a: np.ndarray) -> list[Any] | None:
    """The pivots, with a sign where rows were exchanged; None where one may be 0."""
    work, out, n = a.copy(), list[Any](), len(a)
    for col in range(n):
        pivot = next((r for r in range(col, n) if head(work[r, col]) != 0), None)
        if pivot is None:
            return None
        if pivot != col:
            work[[col, pivot]] = work[[pivot, col]]
            out.append(fmpq(-1))
        out.append(work[col, col])
        over = reciprocal(work[col, col])
        for r in range(col + 1, n):
            work[r] = work[r] - scaled(work[col], work[r, col] * over)
    return out


def permuted(a: np.ndarray) -> Any:
    """Σ over permutations."""
    if len(a) > FEW:
        raise Undefined("a determinant without pivots")
    total = fmpq(0)
    for order in permutations(range(len(a))):
        term = fmpq((-1) ** sum(order[i] > order[j] for j in range(len(a)) for i in range(j)))
        for row, col in enumerate(order):
            term = term * a[row, col]
        total = total + term
    return total


def _rank(e: E.Rank, at: Instance) -> fmpq:
    a = evaluate(e.arg, at)
    if not all(isinstance(x, fmpq) for x in a.flat):
        raise Undefined("the rank of a matrix that is not rational")
    return fmpq(fmpq_mat(a.shape[0], a.shape[1], list(a.flat)).rank())


def _written_out(rows: Sequence[Sequence[E.Expr]], at: Instance) -> np.ndarray:
    return matrix([[evaluate(x, at) for x in row] for row in rows])


def indices(e: E.Sum | E.Extremum | P.Every, at: Instance) -> Iterator[Instance]:
    skipped = {number(w, at) for w in getattr(e, "without", ())}
    for i in range(number(e.lo, at), number(e.hi, at) + 1):
        if i not in skipped:
            yield {**at, e.var.name: i}


def _sum(e: E.Sum, at: Instance) -> Any:
    values = [evaluate(e.body, here) for here in indices(e, at)]
    if not values:
        return fmpq(0) if e.is_scalar else zeros(*(size(s, at) for s in e.shape))
    out = values[0]
    for v in values[1:]:
        out = out + v
    return out


def _extremum(e: E.Extremum, at: Instance) -> Any:
    values = [evaluate(e.body, here) for here in indices(e, at)]
    if not values:
        raise NoIndex(f"the {e.kind} over no index")
    return max(values) if e.kind == "max" else min(values)


def _pick(e: E.Pick, at: Instance) -> Any:
    values = []
    for term in e.terms:
        with suppress(NoIndex):
            values.append(evaluate(term, at))
    if not values:
        raise NoIndex(f"the {e.kind} over no index")
    return max(values) if e.kind == "max" else min(values)


def _expect(e: E.Expect, at: Instance) -> Any:
    if isinstance(e.over, E.Letter):
        return weighted((weight, evaluate(e.body, here)) for weight, here in outcomes(e.over, at))
    over = e.over
    weights = [evaluate(over.random[b + 1], at) for b in range(number(over.length, at))]
    if all(isinstance(w, fmpq) for w in weights) and (sum(weights, fmpq(0)) != 1 or min(weights, default=0) < 0):
        raise NoValue("the weights of an expectation are no distribution")

    def mean(draws: dict[int, fmpq]) -> Any:
        """Over what is not drawn yet, and is asked for."""
        try:
            return evaluate(e.body, {**at, over.name: draws})
        except NotYet as wanted:
            if wanted.name != over.name:
                raise
            place = wanted.place
        return weighted((w, mean({**draws, place: fmpq(b)})) for b, w in enumerate(weights, 1))

    return mean({})


def weighted(values: Iterable[tuple[Any, Any]]) -> Any:
    """Σ weight · value."""
    return reduce(operator.add, (value * weight for weight, value in values))


class NotYet(Exception):
    """A draw that is asked for before it was drawn."""

    def __init__(self, name: str, place: int):
        super().__init__(f"{name}_{place} is not drawn yet")
        self.name, self.place = name, place


def outcomes(over: E.Letter, at: Instance) -> Iterator[tuple[fmpq, Instance]]:
    """Every outcome of noise with its probability: entries are one of two numbers with the given variance."""
    rows, cols = (size(s, at) for s in over.shape)
    step, up = root(evaluate(over.noise, at), ENCLOSED in at), lean(over, at)
    chances, steps = (1 / (1 + up * up), up * up / (1 + up * up)), (step * up, -step / up)
    for drawn in product((0, 1), repeat=rows * cols):
        value = matrix([[steps[drawn[r * cols + c]] for c in range(cols)] for r in range(rows)])
        yield math.prod((chances[x] for x in drawn), start=fmpq(1)), {**at, over.name: value}


LEANS = (fmpq(1), fmpq(2), fmpq(1, 2))


def lean(noise: E.Letter, at: Instance) -> fmpq:
    """How far noise of variance 1 goes up, and its inverse down: of its distribution no more is given than that.

    An instance that was drawn says so.
    """
    if BEYOND not in at:
        return LEANS[0]
    up = LEANS[at[BEYOND].seed % len(LEANS)]
    at[BEYOND][f"skewness of {noise.name}"] = up - 1 / up
    return up


def deeper(at: Instance) -> Instance:
    """The instance inside one more derivative."""
    return {**at, DEPTH: at.get(DEPTH, 0) + 1}


def along(var: Any, at: Instance, order: int, at_zero: bool) -> Instance:
    """The instance with a variable replaced by its value plus ε."""
    here = deeper(at)
    if isinstance(var, E.Sym):
        value = fmpq(0) if at_zero else at[var.name]
        moved = value.jet if isinstance(value, Angle) else partial(Jet.variable, value)
        return {**here, var.name: moved(order, here[DEPTH])}
    values = list(at[var.family.name])
    index = number(var.index, at) - 1
    values[index] = Jet.variable(values[index], order, here[DEPTH])
    return {**here, var.family.name: values}


def part(value: Any, order: int, at: Instance) -> Any:
    """The coefficient of ε^order of the derivative that the instance is inside of, also entrywise."""
    if isinstance(value, np.ndarray):
        out = np.empty(value.shape, dtype=object)
        for index, x in np.ndenumerate(value):
            out[index] = part(x, order, at)
        return out
    if isinstance(value, Jet) and value.level == at[DEPTH]:
        return value.c[order]
    return value if order == 0 else fmpq(0)


def _coeff(e: E.Coeff, at: Instance) -> Any:
    here = along(e.var, at, e.order, True)
    return part(evaluate(e.body, here), e.order, here)


def _diff(e: E.Diff, at: Instance) -> Any:
    here = along(e.var, at, e.order, e.at_zero)
    return part(evaluate(e.body, here), e.order, here) * fmpq(math.factorial(e.order))


def _grad(e: E.Grad, at: Instance) -> np.ndarray:
    """From one series of first order in all entries."""
    base, here = at[e.letter.name], deeper(at)
    name, level = e.letter.name, here[DEPTH]
    found = evaluate(e.body, {**here, name: germs(base, name, False, level)})
    slopes = found.linear if isinstance(found, Germ) and found.level == level else {}
    out = zeros(*base.shape)
    for index in np.ndindex(base.shape):
        out[index] = slopes.get((name, *index), fmpq(0))
    return out


def dense_hessian(loss: E.Expr, letters: Sequence[E.Letter], at: Instance) -> np.ndarray:
    """The Hessian of a scalar by all entries of the letters, row by row, from one series of second order in them.

    No closed form of the Hessian is used.
    """
    places = [(w.name, *index) for w in letters for index in np.ndindex(at[w.name].shape)]
    here = deeper(at)
    moved = {w.name: germs(at[w.name], w.name, True, here[DEPTH]) for w in letters}
    found = evaluate(loss, {**here, **moved})
    terms = (found.square or {}) if isinstance(found, Germ) and found.level == here[DEPTH] else {}
    out = zeros(len(places), len(places))
    for a, place in enumerate(places):
        out[a, a] = 2 * terms.get((place, place), fmpq(0))
        for b in range(a):
            pair = (places[b], place) if places[b] <= place else (place, places[b])
            out[a, b] = out[b, a] = terms.get(pair, fmpq(0))
    return out


# -- propositions ----------------------------------------------------------------------------------

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "≤": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "≥": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def _rel(e: P.Rel, at: Instance) -> bool:
    left, right = evaluate(e.left, at), evaluate(e.right, at)
    if not isinstance(left, np.ndarray):
        return told(compared(e.op, left, right))
    gap = left - right
    if e.op in "⪰≻":
        if any(isinstance(x, arb) for x in gap.flat):
            raise Unsettled("a matrix whose entries are enclosed", likely=True)
        return definite(gap, e.op)
    same = every_one([compared("=", x, fmpq(0)) for x in gap.flat])
    return told(same if e.op == "=" else opposite(same))


Answer = bool | Unsettled
"""True, false, or not settled."""


def compared(op: str, left: Any, right: Any) -> Answer:
    """How numbers compare; of balls that overlap it is not known."""
    if COMPARE[op](left, right):
        return True
    balls = isinstance(left, arb) or isinstance(right, arb)
    overlap = balls and not COMPARE[P.NEGATED[op]](left, right)
    return Unsettled("balls that overlap", likely=True) if overlap else False


def answer(p: E.Expr, at: Instance) -> Answer:
    try:
        return bool(evaluate(p, at))
    except Unsettled as unsettled:
        return unsettled


def told(found: Answer) -> bool:
    if isinstance(found, Unsettled):
        raise found
    return found


def every_one(answers: Sequence[Answer]) -> Answer:
    """Whether all hold: one that fails settles it."""
    if any(a is False for a in answers):
        return False
    left = [a for a in answers if isinstance(a, Unsettled)]
    return Unsettled(str(left[0]), all(a.likely for a in left)) if left else True


def some_one(answers: Sequence[Answer]) -> Answer:
    return opposite(every_one(list(map(opposite, answers))))


def opposite(a: Answer) -> Answer:
    return Unsettled(str(a), not a.likely) if isinstance(a, Unsettled) else not a


def definite(a: np.ndarray, op: str) -> bool:
    """Whether a matrix is symmetric and ⪰ 0 or ≻ 0."""
    if not np.all(a == a.T):
        return False
    counts = inertia(a)
    return counts.negative == 0 and (op == "⪰" or counts.zero == 0)


def _implies(e: P.Implies, at: Instance) -> bool:
    """The conclusion need have a value only where the premise holds."""
    premise = answer(e.premise, at)
    return premise is False or told(some_one([opposite(premise), answer(e.conclusion, at)]))


def _iff(e: P.Iff, at: Instance) -> bool:
    left, right = answer(e.left, at), answer(e.right, at)
    return told(every_one([some_one([opposite(left), right]), some_one([left, opposite(right)])]))


def truth(p: E.Expr, at: Instance) -> bool | None:
    """Whether a proposition holds at an instance; None where something in it has no real value.

    Examples
    --------
    >>> x = E.Sym("x")
    >>> [truth(P.rel(1 / x, ">", 1), {"x": v}) for v in (fmpq(1, 2), fmpq(2), fmpq(0))]
    [True, False, None]
    """
    try:
        return bool(evaluate(p, at))
    except NoValue:
        return None


RULES: dict[type, Callable[[Any, Instance], Any]] = {
    E.Num: lambda e, at: fmpq(e.value.numerator, e.value.denominator),
    E.Sym: _sym,
    E.Item: _item,
    E.Fn: _fn,
    E.Abs: lambda e, at: magnitude(evaluate(e.arg, at)),
    E.Add: _add,
    E.Mul: _mul,
    E.Pow: _pow,
    E.Letter: lambda e, at: at[e.name],
    E.Named: lambda e, at: value(e.body, at),
    E.Eye: lambda e, at: diagonal([fmpq(1)] * size(e.size, at)),
    E.Zero: lambda e, at: zeros(size(e.rows, at), size(e.cols, at)),
    E.Diag: _diag,
    E.Proj: _proj,
    E.Basis: _basis,
    E.First: _first,
    E.T: lambda e, at: evaluate(e.arg, at).T,
    E.MaxMask: _max_mask,
    E.LowerMask: _lower_mask,
    E.DropMask: _drop_mask,
    E.Tr: _trace,
    E.SqNorm: _sq_norm,
    E.Inner: _inner,
    E.Entry: _entry,
    E.Det: _determinant,
    E.Rank: _rank,
    E.Symmetric: lambda e, at: _written_out(e.rows(), at),
    E.Column: lambda e, at: _written_out([[x] for x in e.entries], at),
    E.Sum: _sum,
    E.Extremum: _extremum,
    E.Pick: _pick,
    E.Expect: _expect,
    E.Coeff: _coeff,
    E.Diff: _diff,
    E.Grad: _grad,
    P.Rel: _rel,
    P.And: lambda e, at: told(every_one([answer(t, at) for t in e.terms])),
    P.Or: lambda e, at: told(some_one([answer(t, at) for t in e.terms])),
    P.Implies: _implies,
    P.Iff: _iff,
    P.Every: lambda e, at: told(every_one([answer(e.body, here) for here in indices(e, at)])),
}
