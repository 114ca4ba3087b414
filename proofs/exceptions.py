"""Where a statement may fail at single points: what must not vanish there, and what is nearly tight.

Random instances miss what happens at a point, or on a short interval. Here a denominator, a radicand or the gap of an
inequality is a quotient of polynomials of one number of an instance, the others fixed: a real, the tangent of half an
angle, an integer where nothing has a size. The statement is asked at its rational roots and between its roots; at an
irrational root what must not vanish does. It is asked too where the quantity is stationary in all numbers at once, if
it is a quadratic form of them.

Main results
    exception    an instance of the hypotheses at which a statement fails, found in this way
    Ratio        a quotient of polynomials, as a number
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly

from proofs.algebra.evaluate import Angle, Instance, NoValue, Undefined, evaluate
from proofs.algebra.printing import text
from proofs.claim import Context, Counterexample
from proofs.effort import effort
from proofs.hypotheses import SIZES, Names, Plan, asked_of, drawn, show
from proofs.kernel.expressions import Expr, Sort
from proofs.kernel.propositions import ZERO, Rel, needs

Line = tuple[str, Any]
"""The name of a quantity, and the place of a number in it; None where it is the number."""

PLAN = Plan(tuple(SIZES[place] for place in (0, 5, 8)), per_size=2)
QUANTITIES, LINES, DEGREE, ASKED = 6, 6, 8, 200
"""How many quantities and lines are looked at, of which degree, and how often the statement is asked in all."""
CHEAP = 3e3
"""Operations that an instance may take, of which many are asked."""
NO_RATIO = (ArithmeticError, TypeError, AttributeError, ValueError, KeyError)


class Ratio:
    """p/q for polynomials p and q of one variable; what compares numbers does not take it.

    Examples
    --------
    >>> x = Ratio(fmpq_poly([0, 1]))
    >>> (1 / (x * x - 2) + 1).p
    x^2 + (-1)
    """

    __slots__ = ("p", "q")

    def __init__(self, p: fmpq_poly, q: fmpq_poly | None = None):
        self.p, self.q = p, fmpq_poly([1]) if q is None else q
        if self.p.degree() + self.q.degree() > 3 * DEGREE:
            raise ArithmeticError("a quotient of too high a degree")

    @staticmethod
    def of(x: Any) -> Ratio:
        return x if isinstance(x, Ratio) else Ratio(fmpq_poly([fmpq(x)]))

    def __add__(self, other: Any) -> Ratio:
        other = Ratio.of(other)
        if self.q == other.q:
            return Ratio(self.p + other.p, self.q)
        return Ratio(self.p * other.q + other.p * self.q, self.q * other.q)

    __radd__ = __add__

    def __neg__(self) -> Ratio:
        return Ratio(-self.p, self.q)

    def __sub__(self, other: Any) -> Ratio:
        return self + (-Ratio.of(other))

    def __rsub__(self, other: Any) -> Ratio:
        return Ratio.of(other) - self

    def __mul__(self, other: Any) -> Ratio:
        other = Ratio.of(other)
        return Ratio(self.p * other.p, self.q * other.q)

    __rmul__ = __mul__

    def __rtruediv__(self, other: Any) -> Ratio:
        return Ratio(self.q, self.p) * other

    def __truediv__(self, other: Any) -> Ratio:
        return self * (1 / Ratio.of(other))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | fmpq | Ratio) and (self - other).p == 0

    __hash__ = None  # type: ignore[assignment]


def exception(
    parts: Sequence[Expr], claimed: Sequence[Rel], context: Context, fails: Callable[[Instance], bool]
) -> Counterexample | None:
    """An instance that satisfies the hypotheses and at which ``fails`` says so; None where none was found.

    ``claimed`` are the relations that the statement says, of all instances.
    """
    convention = any(h.draw is not None and not h.relations for h in context.given)  # what it ties together stays tied
    if convention or any(node.costly for p in parts for node in p.kinds):
        return None
    needed = [r for p in parts for r in needs(p) if isinstance(r, Rel) and r.right == ZERO]
    quantities = dict.fromkeys(
        (r.left - r.right, r.op in "≠<>") for r in (*needed, *claimed) if r.left.is_scalar and r.op != "="
    )
    names, ranges = asked_of(tuple(parts), context.given)
    asked = 0
    for at in sampled(parts, context):
        along = list(islice(lines(at, names), LINES))
        for q, sharp in islice(quantities, QUANTITIES):
            for here, exact in (*moved(q, at, along), *stationary(q, at, along)):
                asked += 1
                if asked > ASKED:
                    return None
                if not allowed(context, here, ranges):
                    continue
                if exact and said(fails, here):
                    return Counterexample(show(here, names), {}, f"found by way of {text(q)} = 0")
                if sharp and not exact:
                    return Counterexample(show(here, names), {text(q): "0"}, "at the root that the ball encloses")
    return None


def moved(q: Expr, at: Instance, along: Sequence[Line]) -> Iterator[tuple[Instance, bool]]:
    """The instance with one number at a root of a quantity, or between roots; whether it is exact."""
    for line in along:
        found = points(q, at, line)
        if isinstance(at[line[0]], int):
            near = {int(float(x)) + step for x, _ in found for step in (-1, 0, 1)}
            found = ((x, True) for x in sorted(near))
        yield from ((placed(at, line, x), exact) for x, exact in found)


def stationary(q: Expr, at: Instance, along: Sequence[Line]) -> Iterator[tuple[Instance, bool]]:
    """The instance where the quadratic form of its numbers that agrees with a quantity near it is stationary."""
    start = [number_at(at, line) for line in along]
    if len(along) < 2 or not all(isinstance(x, fmpq) for x in start):
        return

    def there(*steps: tuple[int, int]) -> Instance:
        here = at
        for place, step in steps:
            here = placed(here, along[place], number_at(here, along[place]) + step)
        return here

    def value(*steps: tuple[int, int]) -> fmpq:
        return fmpq(evaluate(q, there(*steps)))

    count, places = len(along), range(len(along))
    try:
        here, up, down = value(), [value((i, 1)) for i in places], [value((i, -1)) for i in places]
        curved = fmpq_mat(count, count)
        for i, j in product(places, repeat=2):
            curved[i, j] = up[i] + down[i] - 2 * here if i == j else value((i, 1), (j, 1)) - up[i] - up[j] + here
        slope = fmpq_mat(count, 1, [(b - a) / 2 for a, b in zip(up, down, strict=True)])
        step = curved.solve(slope)
    except (*NO_RATIO, Undefined):
        return
    for place, line in enumerate(along):
        at = placed(at, line, start[place] + step[place, 0])
    yield at, True


def number_at(at: Instance, line: Line) -> Any:
    """The number in a place."""
    name, place = line
    return at[name] if place is None else at[name][place]


def sampled(parts: Sequence[Expr], context: Context) -> Iterator[Instance]:
    """A few instances of the hypotheses, whether or not everything has a value there."""
    for number, sizes in enumerate(PLAN.sizes):
        if effort(parts, sizes) > CHEAP:
            return
        yield from islice(drawn(parts, context, PLAN, number, sizes, None), PLAN.per_size)


def lines(at: Instance, names: Names) -> Iterator[Line]:
    """Numbers of an instance that may be any, by themselves: symbols first, then members and entries, by turns."""
    sized = names.letters | names.families | names.random
    for s in sorted(names.symbols, key=lambda s: s.name):
        if isinstance(at.get(s.name), int if s.sort == Sort.INTEGER and not sized else fmpq | Angle):
            yield s.name, None
    plain = [w.name for w in names.letters if not w.traits and w.noise is None]
    lists = sorted((*(f.name for f in names.families), *plain))
    for place in range(LINES):
        for name in lists:
            value = at.get(name)
            if isinstance(value, list) and len(value) > place:
                yield name, place
            elif isinstance(value, np.ndarray) and value.size > place:
                yield name, np.unravel_index(place, value.shape)


def placed(at: Instance, line: Line, x: Any) -> Instance:
    """The instance with another number in a place; of an angle it is the tangent of its half."""
    name, place = line
    if isinstance(at[name], Angle):
        return {**at, name: Angle((1 - x * x) / (1 + x * x), 2 * x / (1 + x * x))}
    if place is None:
        return {**at, name: x}
    value = at[name].copy()
    value[place] = x
    return {**at, name: value}


def points(q: Expr, at: Instance, line: Line) -> Iterator[tuple[Any, bool]]:
    """The real roots of a quantity along a line, and numbers between them; whether each is exact."""
    try:
        p = evaluate(q, placed(at, line, Ratio(fmpq_poly([0, 1])))).p
        if not 1 <= p.degree() <= DEGREE:
            return
        factors = [f for f, _ in p.numer().factor()[1]]
    except NO_RATIO:
        return
    found: list[Any] = [-fmpq(int(f[0]), int(f[1])) for f in factors if f.degree() == 1]
    found += [x.real for f in factors if f.degree() > 1 for x, _ in f.complex_roots() if x.imag == 0]
    found.sort(key=float)
    yield from ((x, isinstance(x, fmpq)) for x in found)
    ends = [float(x) for x in found]
    for low, high in pairwise([ends[0] - 2, *ends, ends[-1] + 2] if ends else []):
        yield between(low, high), True


def between(low: float, high: float) -> fmpq:
    """A short rational in the middle."""
    middle, bits = Fraction(low) / 2 + Fraction(high) / 2, 1
    while not low < (x := Fraction(round(middle * 2**bits), 2**bits)) < high and bits < 60:
        bits += 1
    return fmpq(x.numerator, x.denominator)


def allowed(context: Context, here: Instance, ranges: Sequence[Rel]) -> bool:
    """Whether the hypotheses hold for sure, and integers are in their ranges."""
    try:
        return all(evaluate(r, here) for r in ranges) and all(h.holds(here) for h in context.given)
    except Undefined:
        return False


def said(fails: Callable[[Instance], bool], here: Instance) -> bool:
    try:
        return fails(here)
    except NoValue:
        return True
    except Undefined:
        return False
