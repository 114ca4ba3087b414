"""Roots of characteristic polynomials: what follows from coefficients is true; what would need more is refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from proofs.algebra.evaluate import evaluate
from proofs.kernel import roots, rules
from proofs.kernel.expressions import Eye, Sym, det, lift, symmetric
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.roots import characteristic, definite, every_root, some_root, taylor
from proofs.kernel.spectrum import Extreme
from proofs.kernel.theorem import Refused, Theorem

a, b, c, x = (Sym(name) for name in "abcx")
M = symmetric((a, b), (c,))
FACTOR = (a + c, a * c - b**2)
DIAGONAL = symmetric((a, 0), (c,))
EVEN = rules.ring(Rel(M, "=", M.T))
EVEN_TOO = rules.ring(Rel(DIAGONAL, "=", DIAGONAL.T))


def given(p) -> Theorem:
    return rules.hypothesis(p)


def known(matrix, *factors) -> Theorem:
    return rules.ring(Rel(det(x * Eye(matrix.size) - matrix), "=", characteristic(factors, x)))


SIGNS = tuple(given(Rel(e, ">", ZERO)) for e in FACTOR)
ONES = tuple(given(Rel(e, ">", ZERO)) for e in (a, c))
WHOLE, SPLIT = known(M, FACTOR), known(DIAGONAL, (a,), (c,))


# -- what they give --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_bounds_enclose_the_roots_of_any_positive_numbers(size):
    rng = np.random.default_rng(size)
    for _ in range(200):
        xs = np.exp(3 * rng.normal(size=size))
        e = tuple(
            lift(round(sum(np.prod(s) for s in combinations(xs, r + 1)), 12).as_integer_ratio()[0])
            / round(sum(np.prod(s) for s in combinations(xs, r + 1)), 12).as_integer_ratio()[1]
            for r in range(size)
        )
        low, up, down, high = (
            float(evaluate(f(e), {}))
            for f in (roots.smallest_below, roots.smallest_above, roots.largest_below, roots.largest_above)
        )
        assert low * (1 - 1e-6) <= min(xs) <= up * (1 + 1e-6)
        assert down * (1 - 1e-6) <= max(xs) <= high * (1 + 1e-6)


def test_what_they_say():
    least, greatest = Extreme("s_min", M), Extreme("s_max", M)
    assert definite(least, WHOLE, x, (FACTOR,), SIGNS, EVEN).says == Rel(least, ">", ZERO)
    assert some_root(greatest, WHOLE, x, (FACTOR,), 0, SIGNS, EVEN).says.op == "≥"
    assert some_root(Extreme("s_min", DIAGONAL), SPLIT, x, ((a,), (c,)), 1, ONES, EVEN_TOO).says.right == c


def test_every_root():
    """Of diag(a, c), b ≤ a and b ≤ c give b ≤ s_min, with no signs; Taylor coefficients do likewise."""
    e, bounds = Extreme("s_min", DIAGONAL), tuple((given(Rel(b, "≤", f)),) for f in (a, c))
    assert every_root(e, b, SPLIT, x, ((a,), (c,)), bounds, (), EVEN_TOO).says == Rel(e, "≥", b)
    ahead = tuple(given(Rel(taylor(FACTOR, b, order, "s_max"), "≥", ZERO)) for order in range(2))
    top = Extreme("s_max", M)
    assert every_root(top, b, WHOLE, x, (FACTOR,), (ahead,), (), EVEN).says == Rel(top, "≤", b)


def test_taylor_coefficients_are_those():
    """(x − 1)(x − 2) at 3: 2 + 3y + y²; and from below at 0: 2 + 3y + y²."""
    factor = (lift(3), lift(2))
    assert [evaluate(taylor(factor, lift(3), o, "s_max"), {}) for o in range(2)] == [2, 3]
    assert [evaluate(taylor(factor, lift(0), o, "s_min"), {}) for o in range(2)] == [2, 3]


# -- what is refused -------------------------------------------------------------------------------


def test_not_without_a_sign():
    for missing in range(2):
        signs = SIGNS[:missing] + SIGNS[missing + 1 :]
        with pytest.raises(Refused):
            definite(Extreme("s_min", M), WHOLE, x, (FACTOR,), signs, EVEN)
        with pytest.raises(Refused):
            some_root(Extreme("s_max", M), WHOLE, x, (FACTOR,), 0, signs, EVEN)


def test_coefficients_that_are_not_negative_are_not_enough():
    """x² has e_1 = e_2 = 0."""
    weak = tuple(given(Rel(e, "≥", ZERO)) for e in FACTOR)
    with pytest.raises(Refused):
        definite(Extreme("s_min", M), WHOLE, x, (FACTOR,), weak, EVEN)


def test_not_of_another_polynomial():
    other = given(Rel(det(x * Eye(2) - M), "=", characteristic((FACTOR,), x)))  # of this x only
    with pytest.raises(Refused):
        definite(Extreme("s_min", M), other, x, (FACTOR,), SIGNS, EVEN)
    with pytest.raises(Refused):
        definite(Extreme("s_min", DIAGONAL), WHOLE, x, (FACTOR,), SIGNS, EVEN_TOO)
    with pytest.raises(Refused):
        definite(Extreme("s_min", M), WHOLE, x, (FACTOR[::-1],), SIGNS, EVEN)


def test_not_where_the_variable_is_in_the_matrix():
    m = symmetric((x, 0), (c,))
    t = rules.ring(Rel(det(x * Eye(2) - m), "=", characteristic(((x,), (c,)), x)))
    with pytest.raises(Refused):
        definite(Extreme("s_min", m), t, x, ((x,), (c,)), ONES, rules.ring(Rel(m, "=", m.T)))


def test_every_root_is_of_every_factor():
    e, bounds = Extreme("s_min", DIAGONAL), ((given(Rel(b, "≤", a)),), ())
    with pytest.raises(Refused):
        every_root(e, b, SPLIT, x, ((a,), (c,)), bounds, ONES, EVEN_TOO)
    with pytest.raises(Refused):
        every_root(e, b, SPLIT, x, ((a,), (c,)), bounds[:1], ONES, EVEN_TOO)


def test_every_root_is_on_the_right_side():
    below = tuple((given(Rel(b, "≤", f)),) for f in (a, c))
    with pytest.raises(Refused):
        every_root(Extreme("s_max", DIAGONAL), b, SPLIT, x, ((a,), (c,)), below, ONES, EVEN_TOO)
    inside = (given(Rel(b, "≤", roots.smallest_above(FACTOR))),)
    with pytest.raises(Refused):
        every_root(Extreme("s_min", M), b, WHOLE, x, (FACTOR,), (inside,), SIGNS, EVEN)


def test_not_every_taylor_coefficient_but_one():
    """x² − 1 at 0 from above: the constant is negative, the slope is 0."""
    ahead = (given(Rel(taylor(FACTOR, b, 1, "s_max"), "≥", ZERO)),)
    with pytest.raises(Refused):
        every_root(Extreme("s_max", M), b, WHOLE, x, (FACTOR,), (ahead,), SIGNS, EVEN)


def test_not_of_singular_values_nor_where_zeros_are_left_out():
    for e in (Extreme("s_min", M, 0, True), Extreme("s_min", M, 1), Extreme("cond", M)):
        with pytest.raises(Refused):
            definite(e, WHOLE, x, (FACTOR,), SIGNS, EVEN)


def test_not_of_a_matrix_that_is_not_known_to_be_symmetric():
    with pytest.raises(Refused):
        definite(Extreme("s_min", M), WHOLE, x, (FACTOR,), SIGNS)
