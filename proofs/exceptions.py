"""Where a statement may fail at single points: what must not vanish there, and what is nearly tight.

Random instances miss what happens at a point, or on a short interval. Here a denominator, a radicand or the gap of an
inequality is a quotient of polynomials of one number of an instance, the others fixed. The statement is asked at its
rational roots and between its roots; at an irrational root what must not vanish does.

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
from flint import fmpq, fmpq_poly

from proofs.algebra.evaluate import Instance, NoValue, Undefined, evaluate
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
    names, asked = asked_of(tuple(parts), context.given)[0], 0
    for at in sampled(parts, context):
        for (q, sharp), line in product(islice(quantities, QUANTITIES), islice(lines(at, names), LINES)):
            for x, exact in points(q, at, line):
                here, asked = placed(at, line, x), asked + 1
                if asked > ASKED:
                    return None
                if not allowed(context, here):
                    continue
                if exact and said(fails, here):
                    return Counterexample(show(here, names), {}, f"found by way of {text(q)} = 0")
                if sharp and not exact:
                    return Counterexample(show(here, names), {text(q): "0"}, "at the root that the ball encloses")
    return None


def sampled(parts: Sequence[Expr], context: Context) -> Iterator[Instance]:
    """A few instances of the hypotheses, whether or not everything has a value there."""
    for number, sizes in enumerate(PLAN.sizes):
        if effort(parts, sizes) > CHEAP:
            return
        yield from islice(drawn(parts, context, PLAN, number, sizes, None), PLAN.per_size)


def lines(at: Instance, names: Names) -> Iterator[Line]:
    """Numbers of an instance that may be any, by themselves: symbols first, then members and entries, by turns."""
    for s in sorted(names.symbols, key=lambda s: s.name):
        if isinstance(at.get(s.name), fmpq) and s.sort == Sort.REAL:
            yield s.name, None
    plain = [w.name for w in names.letters if not w.traits and w.noise is None]
    lists = sorted((*(f.name for f in names.families), *plain))
    for place in range(2):
        for name in lists:
            value = at.get(name)
            if isinstance(value, list) and len(value) > place:
                yield name, place
            elif isinstance(value, np.ndarray) and value.size > place:
                yield name, np.unravel_index(place, value.shape)


def placed(at: Instance, line: Line, x: Any) -> Instance:
    """The instance with another number in a place."""
    name, place = line
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


def allowed(context: Context, here: Instance) -> bool:
    """Whether the hypotheses hold for sure."""
    try:
        return all(h.holds(here) for h in context.given)
    except Undefined:
        return False


def said(fails: Callable[[Instance], bool], here: Instance) -> bool:
    try:
        return fails(here)
    except NoValue:
        return True
    except Undefined:
        return False
