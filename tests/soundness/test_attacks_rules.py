"""Every rule in its degenerate cases: signs of certificates, ranges without integers, what is compared at a real."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import means, rules, semidefinite, spectrum
from proofs.kernel.expressions import Expr, Family, Letter, Named, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Every, Rel, rel
from proofs.kernel.theorem import Theorem
from tests.soundness.attacks import (
    CONSTANT,
    ONE,
    ZERO,
    Attempt,
    each,
    eq,
    f,
    g,
    given,
    h,
    i,
    j,
    k,
    l,
    m,
    number,
    refused,
    ring,
    total,
    x,
    y,
    z,
)

HALF = lift(Fraction(1, 2))
ONE_UP = rules.positive(rel(1, ">", 0), (), Positive(CONSTANT, CONSTANT))
B = Letter("B", k, k)


def between(lo: Fraction, hi: Fraction) -> Theorem:
    return number(rel(lo, "≤", hi), fmpq((hi - lo).numerator, (hi - lo).denominator))


def nowhere(op: str) -> Every:
    return each(rel(f[l], op, g[l]), lo=Fraction(1, 4), hi=Fraction(3, 4))


QUARTERS = between(Fraction(1, 4), Fraction(3, 4))
EMPTY = E.Extremum("max", l, lift(Fraction(1, 4)), lift(Fraction(3, 4)), f[l])
TOP = E.Extremum("max", l, ONE, k, f[l])


def left_out(pick: Callable[[Expr, Expr], E.Pick]) -> Theorem:
    """max {a, a − 1} is at least a, unless a is a maximum over nothing: then it is left out, and it is a − 1."""
    a = E.Extremum("max", l, ONE, ZERO, f[l])
    named = Family("h", define=lambda i: a)[1]
    nowhere = rules.order(rel(1, "≤", 0), (given(rel(1, "≤", l)), given(rel(l, "≤", 0))))
    every = rules.generalise(rules.absurd(nowhere, ONE_UP, rel(f[l], "≤", a - 1)), l, ONE, ZERO)
    above = rules.picked(pick(named, a - 1), 0, ring(named, a))
    below = rules.bounded(E.Pick("max", (a, a - 1)), (every, rules.weaken(ring(a - 1, a - 1), "≤")))
    return rules.chain((rules.mirror(above), below))


LATER = E.Sum(l, lift(2), k, 1 / f[l])
BEYOND = given(each(rel(f[l], "≠", 0), lo=2)), given(eq(f[1], 0)), given(rel(1, "≤", k))
"""Of f_1 it is known that it is 0; the sum begins behind it."""


def orthonormal_noise() -> Theorem:
    """x k = E ‖ε e_1‖² = 1, were there noise with orthonormal columns."""
    ε = Letter("ε", k, k, frozenset({"orthonormal"}), noise=x)
    return ring(E.Expect(ε, E.Sum(l, ONE, k, E.Entry(ε, l, ONE) ** 2)), 1, given(rel(x, "≥", 0)), given(rel(k, "≥", 1)))


def one_of_two_weights() -> Theorem:
    """v² − w² has the curvatures 2 and −2; a Hessian of size 1 has one eigenvalue."""
    letters = Letter("V", 1, 1), Letter("W", 1, 1)
    loss = E.SqNorm(letters[0]) - E.SqNorm(letters[1])
    return rules.square(spectrum.Extreme("s_max", spectrum.HessianAt(loss, letters, (E.Zero(1, 1),) * 2, 1)))


def nothing_times(body: Expr, is_: Expr, *known: Theorem, lo: int = 2, hi: Expr = k) -> Theorem:
    """c Σ 1/body where c = 0, but not in its normal form: beyond the sum the body is 0, by which nothing is cleared."""
    W = Letter("A", 2, 2)
    a, b = (E.Entry(W, ONE, lift(place)) for place in (1, 2))
    c = a / (a + b) + b / (a + b) - 1
    told = given(each(rel(body, "≠", 0), lo=lo, hi=hi)), given(rel(a + b, "≠", 0)), *known
    return ring(c * E.Sum(l, lift(lo), hi, 1 / body), is_, *told)


def divisor_of_zero() -> Theorem:
    """(√g² − g)(√g² + g) = 0."""
    root = E.sqrt(g[l] ** 2)
    known = given(each(rel(g[l] ** 2, "≥", 0), lo=2)), given(rel(g[1] ** 2, "≥", 0))
    return nothing_times(root - g[l], z * (E.sqrt(g[1] ** 2) + g[1]), *known)


HIDDEN = Family("h", define=lambda a: E.Pick("max", (x, -x)))
SHORT = Family("f", length=k)

ATTACKS: dict[str, Attempt] = {
    "a term left out, by a definition": lambda: left_out(lambda a, b: E.Pick("max", (a, b))),
    "a denominator beyond its range": lambda: ring(f[1] * LATER, -1, *BEYOND),
    "a denominator that is 0, cleared": lambda: nothing_times(l - 1, z),
    "a denominator outside its matrix, cleared": lambda: nothing_times(E.Entry(B, l + 1, l), z, lo=1, hi=k - 1),
    "a denominator that divides 0, cleared": divisor_of_zero,
    "noise with orthonormal columns": orthonormal_noise,
    "a Hessian of another size": one_of_two_weights,
    "a derivative of a maximum, by a definition": lambda: rules.with_values(
        rules.replace(E.Diff(h * HIDDEN[1], x), ((h, given(eq(y, z))),)), ()
    ),
    "a derivative of a sum to a real": lambda: rules.with_values(
        rules.replace(E.Diff(h * E.Sum(l, ONE, x, f[l]), x), ((h, given(eq(y, z))),)), ()
    ),
    "a derivative of an order below 0": lambda: ring(E.Diff(x**2, x, -1), x**2),
    "neither max nor min": lambda: rules.picked(E.Pick("least", (x, y)), 0, rules.weaken(ring(x, x), "≤")),
    "a maximum of a matrix": lambda: rules.square(E.Pick("max", (B,))),
    "a number as a proposition": lambda: given(x),
    "a derivative by a member beyond": lambda: rules.with_values(ring(E.Diff(x, SHORT[k + 1]), 0), ()),
    "a diagonal longer than its family": lambda: rules.with_values(
        rules.ring(Rel(E.Diag(SHORT, m), "=", E.Diag(SHORT, m))), ()
    ),
    "a mask longer than its family": lambda: rules.with_values(rules.square(E.MaxMask(Letter("A", m, m), SHORT)), ()),
    "a matrix as an exponent": lambda: rules.power(given(rel(x, ">", 0)), B),
    "a matrix as an entry": lambda: rules.square(E.Symmetric((B,))),
    "an entry of a number": lambda: ring(E.Entry(x, ONE, ONE), x),
    "a certificate of the other sign": lambda: rules.positive(rel(-1, ">", 0), (), Positive(CONSTANT, CONSTANT, -1)),
    "a certificate of no sign": lambda: rules.positive(rel(x, ">", x), (), Positive(CONSTANT, CONSTANT, 0)),
    "no sign for ≠": lambda: rules.positive(rel(x, "≠", x), (), Positive(CONSTANT, CONSTANT, 0)),
    "a sign of 2": lambda: rules.positive(rel(2, ">", 0), (), Positive(CONSTANT, CONSTANT, 2)),
    "a term listed twice": lambda: rules.positive(
        rel(x, ">", x), (ONE_UP,), Positive((((1,), fmpq(1)), ((1,), fmpq(0))), (((0,), fmpq(1)),))
    ),
    "a denominator listed twice": lambda: rules.positive(
        rel(x, ">", x), (ONE_UP,), Positive((((0,), fmpq(1)),), (((1,), fmpq(1)), ((1,), fmpq(0))))
    ),
    "a denominator 0": lambda: rules.positive(rel(x, ">", y), (), Positive(CONSTANT, (((), fmpq(0)),))),
    "an empty denominator": lambda: rules.positive(rel(x, ">", y), (), Positive(CONSTANT, ())),
    "a negative exponent": lambda: rules.positive(
        rel(x, ">", 0),
        (given(rel(1 / x, ">", 0)), given(rel(x, "≠", 0))),
        Positive((((-1, 0), fmpq(1)),), (((0, 0), fmpq(1)),)),
    ),
    "a fact ≠": lambda: rules.positive(
        rel(x, ">", 0), (given(rel(x, "≠", 0)),), Positive((((1,), fmpq(1)),), (((0,), fmpq(1)),))
    ),
    "a fact =": lambda: rules.positive(
        rel(x, ">", 0), (given(eq(x, 0)),), Positive((((1,), fmpq(1)),), (((0,), fmpq(1)),))
    ),
    "a weak fact": lambda: rules.positive(
        rel(x, ">", 0), (given(rel(x, "≥", 0)),), Positive((((1,), fmpq(1)),), (((0,), fmpq(1)),))
    ),
    "a denominator that may vanish": lambda: rules.positive(
        rel(1 / x, "≥", 0), (given(rel(x, "≥", 0)),), Positive((((0,), fmpq(1)),), (((1,), fmpq(1)),))
    ),
    "an equation with a division in it": lambda: ring(z, 0, given(eq(z * x * (1 / x), 0))),
    "an equation with a root in it": lambda: ring(z, 0, given(eq(z - E.sqrt(x) ** 2 + x, 0))),
    "an equation with a root, squared": lambda: ring(E.sqrt(x) ** 2, x),
    "roots of a negative product": lambda: ring(
        E.sqrt(x * y), E.sqrt(x) * E.sqrt(y), given(rel(x * y, "≥", 0)), given(rel(x, "≥", 0))
    ),
    "a root of a square": lambda: ring(E.sqrt(x**2), x, given(rel(x**2, "≥", 0))),
    "a root in a denominator": lambda: ring(1 / E.sqrt(x), E.sqrt(x) / x, given(rel(x, "≥", 0))),
    "1/(1/x)": lambda: ring(1 / (1 / x), x, given(rel(1 / x, "≠", 0))),
    "0⁻¹ · 0": lambda: ring(x**0 - x / x, 0),
    "a symbolic power of what may be 0": lambda: ring(x ** (k + 1), x**k * x, given(rel(x, "≥", 0))),
    "a maximum at a real": lambda: rules.member(
        E.Extremum("max", l, ONE, lift(2), l * (3 - l)), x, given(rel(1, "≤", x)), given(rel(x, "≤", 2))
    ),
    "an instance at a real": lambda: rules.instance(
        given(each(rel(l * (3 - l), "≤", 2), hi=2)), x, given(rel(1, "≤", x)), given(rel(x, "≤", 2))
    ),
    "an index renamed to a real": lambda: rules.rename(ring(f[i] - f[i], 0), ((i, x),)),
    "a range without an integer, <": lambda: rules.terms(given(nowhere("<")), QUARTERS),
    "a range without an integer, >": lambda: rules.terms(given(nowhere(">")), QUARTERS),
    "a maximum over no integer": lambda: rules.bounded(
        EMPTY, (given(each(rel(f[l], "≤", x), lo=Fraction(1, 4), hi=Fraction(3, 4))),), (QUARTERS,)
    ),
    "a term over no integer": lambda: rules.picked(E.Pick("max", (EMPTY, y)), 0, given(rel(EMPTY, "≥", x)), QUARTERS),
    "terms over no integer": lambda: rules.bounded(
        E.Pick("max", (EMPTY,)), (given(each(rel(f[l], "≤", x), lo=Fraction(1, 4), hi=Fraction(3, 4))),), (QUARTERS,)
    ),
    "a term left out, by another name": lambda: rules.picked(
        E.Pick("max", (Named("M", TOP), y)), 0, given(rel(Named("M", TOP), "≥", x))
    ),
    "terms left out, by another name": lambda: rules.bounded(
        E.Pick("max", (Named("M", TOP),)), (given(rel(Named("M", TOP), "≤", x)),)
    ),
    "a closed round of no integers": lambda: means.arithmetic_geometric(
        given(each(rel(f[l], ">", 0), lo=HALF, hi=HALF + 1)), given(eq(f[HALF + 1], f[HALF]))
    ),
    "a strict sum over nothing": lambda: rules.terms(given(each(rel(f[l], "<", g[l]))), given(rel(0, "≤", k))),
    "an index that is supposed": lambda: rules.generalise(given(rel(i, "≤", m)), i, ONE, k),
    "a range that speaks of its index": lambda: rules.generalise(given(rel(i, "≤", k)), i, ONE, i),
    "cut of another": lambda: rules.apply(given(rel(x, ">", 0)), given(rel(x, ">", 0))),
    "cases of which one is missing": lambda: rules.cases(
        rules.total(x, y), (rules.discharge(given(rel(z, ">", 0)), rel(x, "≤", y)),)
    ),
    "no contradiction": lambda: rules.absurd(given(rel(x, "≤", y)), given(rel(x, "≥", y)), eq(1, 0)),
    "links both ways": lambda: rules.chain((given(rel(x, "≤", y)), given(rel(y, "≥", z)))),
    "≠ twice": lambda: rules.chain((given(rel(x, "≠", y)), given(rel(y, "≠", z)))),
    "≠ and ≤": lambda: rules.chain((given(rel(x, "≠", y)), given(rel(y, "≤", z)))),
    "≤ is not <": lambda: rules.weaken(given(rel(x, "≤", y)), "<"),
    "a square that is not 0": lambda: rules.vanishing(given(eq(x**3, 0))),
    "a square below": lambda: rules.vanishing(given(rel(x**2, "≥", 0))),
    "monotone beyond": lambda: rules.monotone(
        given(each(rel(f[l], "<", f[l + 1]), hi=k - 1)),
        i,
        j,
        (given(rel(1, "≤", i)), given(rel(i, "≤", j)), given(rel(j, "≤", k + 1))),
    ),
    "monotone of no neighbours": lambda: rules.monotone(
        given(each(rel(f[l], "<", g[l + 1]), hi=k - 1)),
        i,
        j,
        (given(rel(1, "≤", i)), given(rel(i, "≤", j)), given(rel(j, "≤", k))),
    ),
    "A ≻ 0 is not skew": lambda: semidefinite.trait(Letter("X", k, k, frozenset({"pd", "skew"}))),
    "a derivative of a maximum": lambda: rules.with_values(
        rules.replace(E.Diff(h * E.Pick("max", (x, -x)), x), ((h, given(eq(y, z))),)), ()
    ),
    "a coefficient of a maximum": lambda: rules.with_values(
        rules.replace(E.Coeff(h * E.Extremum("max", l, ONE, k, f[l] * x), x, 1), ((h, given(eq(y, z))),)), ()
    ),
    "orthonormal and skew": lambda: Letter("X", k, k, frozenset({"orthonormal", "skew"})),
    "semi-definite, not square": lambda: semidefinite.trait(Letter("X", k, m, frozenset({"psd"}))),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused(name: str) -> None:
    refused(ATTACKS[name])


def test_what_is_not_reached_from_below_is_written_out() -> None:
    """Σ from i − 10 on, i ≥ 1: the terms at i − 10, …, 0 stay, however far below."""
    known = given(rel(1, "≤", i)), given(rel(i, "≤", k))
    for off in (5, 8, 10):
        refused(lambda off=off: ring(total(f[l], lo=i - off), total(f[l]) - total(f[l], hi=i - off - 1), *known))


def test_a_monotone_family_is_weak_where_the_indices_may_agree() -> None:
    rising = given(each(rel(f[l], "<", f[l + 1]), hi=k - 1))
    known = given(rel(1, "≤", i)), given(rel(i, "≤", j)), given(rel(j, "≤", k))
    assert rules.monotone(rising, i, j, known).says == Rel(f[i], "≤", f[j])
