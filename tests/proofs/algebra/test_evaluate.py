"""Exact evaluation against closed forms and against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Angle, Germ, Jet, Undefined, dense_hessian, evaluate, germs, inverse, matrix
from proofs.kernel import expressions as E

k, m, θ, x = E.size("k"), E.size("m"), E.Sym("θ"), E.Sym("x")
A = E.Letter("A", k, m)


def test_jets_give_the_taylor_coefficients_of_a_quotient() -> None:
    series = Jet.variable(fmpq(0), 3)
    assert [int(c) for c in (1 - series).inverse().c] == [1, 1, 1, 1]


def test_the_root_of_a_series_squares_to_it() -> None:
    series = Jet([fmpq(4), fmpq(3), fmpq(-1)])
    assert (series.sqrt() * series.sqrt()).c == series.c


@pytest.mark.parametrize("of", [lambda x: (x * x + x * 2 + 1).sqrt(), lambda x: (x * x - x * 5).inverse()])
def test_roots_and_inverses_in_all_entries_are_those_in_one(of) -> None:
    ((series,),) = germs(matrix([[3]]), "A", True, 0)
    all_, one, x = of(series), of(Jet.variable(fmpq(3), 2)), ("A", 0, 0)
    assert isinstance(all_, Germ)
    assert [all_.c, all_.linear[x], all_.square[x, x]] == one.c


def test_mixed_terms_of_a_root_in_all_entries() -> None:
    """√(4 + 4a + 8b)² is that again."""
    ((a, b),) = germs(matrix([[0, 0]]), "A", True, 0)
    series = a * 4 + b * 8 + 4
    again = series.sqrt() * series.sqrt()
    kept = {pair: c for pair, c in again.square.items() if c != 0}
    assert (again.c, again.linear, kept) == (series.c, series.linear, {})


def test_irrational_roots_and_zero_denominators_are_undefined() -> None:
    with pytest.raises(Undefined):
        evaluate(E.sqrt(x), {"x": fmpq(2)})
    with pytest.raises(Undefined):
        evaluate(1 / x, {"x": fmpq(0)})


def test_multiples_of_an_angle_follow_the_addition_theorems() -> None:
    angle = Angle.rational(fmpq(1, 3))
    at = {"θ": angle}
    assert evaluate(E.cos(2 * θ), at) == angle.cos**2 - angle.sin**2
    assert evaluate(E.sin(θ + E.PI / 2), at) == angle.cos


def test_derivatives_at_a_rational_angle() -> None:
    angle = Angle.rational(fmpq(2, 5))
    assert evaluate(E.Diff(E.sin(θ) ** 2, θ), {"θ": angle}) == 2 * angle.sin * angle.cos
    assert evaluate(E.Diff(E.cos(3 * θ), θ, 2, True), {}) == -9


y, μ, i = E.Sym("y"), E.Family("μ", length=k), E.integer("i")
NESTED = {
    "of what does not vary": (E.Diff(E.Diff(x, y) * x**2, x), 0 * x),
    "of a derivative": (E.Diff(x * E.Diff(y**2 * x, y), x), 4 * x * y),
    "twice by one variable": (E.Diff(E.Diff(x**3 / y, x), x), 6 * x / y),
    "at zero inside another": (E.Diff(x * E.Diff((x + y) ** 3, y, 1, True), x), 9 * x**2),
    "by an item inside one by a symbol": (E.Diff(E.Diff(x**2 * μ[i] ** 2, μ[i]), x), 4 * x * μ[i]),
    "a root": (E.Diff(x * E.Diff(E.sqrt(x**2 * y**2), y), x), 2 * x),
    "of a gradient": (E.Diff(E.SqNorm(E.Grad(x * E.SqNorm(A), A)), x), 8 * x * E.SqNorm(A)),
    "a gradient of a derivative": (E.SqNorm(E.Grad(E.Diff(E.SqNorm(A) * x**2, x), A)), 16 * x**2 * E.SqNorm(A)),
    "a coefficient of a derivative": (E.Coeff(x + y * E.Diff(x * y**2, y), y, 2), 2 * x),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_derivative_inside_another_is_of_its_own_variable(name: str) -> None:
    left, right = NESTED[name]
    at = {
        "x": fmpq(3, 2),
        "y": fmpq(5),
        "k": 2,
        "m": 2,
        "i": 2,
        "μ": [fmpq(1), fmpq(2, 3)],
        "A": matrix([[1, 2], [3, -4]]),
    }
    assert evaluate(left, at) == evaluate(right, at)


def test_the_dense_hessian_of_a_quadratic_form_is_its_matrix() -> None:
    at = {"k": 1, "m": 3, "A": matrix([[1, 2, 3]])}
    hessian = dense_hessian(E.SqNorm(A) + E.Entry(A, E.lift(1), E.lift(1)) * E.Entry(A, E.lift(1), E.lift(3)), [A], at)
    assert np.array_equal(hessian.astype(int), [[2, 0, 1], [0, 2, 0], [1, 0, 2]])


def test_exact_inverse() -> None:
    a = matrix([[2, 1], [7, 4]])
    assert np.all(a @ inverse(a) == matrix([[1, 0], [0, 1]]))
    with pytest.raises(Undefined):
        inverse(matrix([[1, 2], [2, 4]]))


def test_the_expectation_over_random_signs_has_the_given_variance() -> None:
    s2 = E.Sym("s2")
    noise = E.Letter("ε", k, m, noise=s2)
    at = {"k": 2, "m": 1, "s2": fmpq(4), "ε": matrix([[0], [0]])}
    assert evaluate(E.Expect(noise, E.SqNorm(noise)), at) == 8
