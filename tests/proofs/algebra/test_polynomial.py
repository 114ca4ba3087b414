"""Polynomials at fixed sizes: the ring against power series, floats against the ring, rational roots."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, evaluate, matrix, zeros
from proofs.algebra.polynomial import Compiled, Unknowns, polynomials, rational_root
from proofs.kernel.expressions import Grad, Letter, Num, SqNorm, integer

k, m = integer("k"), integer("m")
W1, W2, X = Letter("W1", k, m), Letter("W2", m, k), Letter("X", m, m)
LOSS = SqNorm(X - W2 @ W1 @ X)


@pytest.fixture
def at() -> Instance:
    return {"k": 1, "m": 2, "X": matrix([[2, 1], [0, 1]]), "W1": zeros(1, 2), "W2": zeros(2, 1)}


def test_ring_derivatives_are_the_gradient_by_series(at: Instance) -> None:
    unknowns = Unknowns((W1, W2), at)
    (loss,) = polynomials([LOSS], unknowns)
    gradient = polynomials([Grad(LOSS, W1), Grad(LOSS, W2)], unknowns)
    assert [loss.derivative(i) for i in range(len(unknowns))] == gradient


def test_compiled_values_and_jacobian_are_those_of_the_ring(at: Instance) -> None:
    unknowns = Unknowns((W1, W2), at)
    polys = polynomials([Grad(LOSS, W1), Grad(LOSS, W2)], unknowns)
    system = Compiled(polys, len(unknowns))
    point = [fmpq(1, 2), fmpq(-3), fmpq(2, 5), fmpq(1)]
    floats = np.array([[float(x.p) / float(x.q) for x in point]])
    exact = [p(*point) for p in polys]
    assert np.allclose(system(floats)[0], [float(x.p) / float(x.q) for x in exact])
    slopes = [[p.derivative(i)(*point) for i in range(4)] for p in polys]
    assert np.allclose(system.jacobian(floats)[0], [[float(x.p) / float(x.q) for x in row] for row in slopes])


def test_symmetric_letters_have_one_unknown_for_two_entries() -> None:
    Q = Letter("Q", m, m, frozenset({"symmetric"}))
    unknowns = Unknowns((Q,), {"m": 2, "Q": zeros(2, 2)})
    assert len(unknowns) == 3
    value = unknowns.instance([fmpq(1), fmpq(2), fmpq(3)])["Q"]
    assert value[0, 1] == value[1, 0] == 2


def test_rational_root_stays_on_the_family_of_roots_and_keeps_the_property(at: Instance) -> None:
    x, y = Letter("x", 1, 1), Letter("y", 1, 1)
    unknowns = Unknowns((x, y), {"x": zeros(1, 1), "y": zeros(1, 1)})
    system = Compiled(polynomials([x @ y - Num(fmpq(2)) * x**0], unknowns), 2)
    found = rational_root(system, np.array([1.7, 2 / 1.7]), lambda v: v[0] > 1.2)
    assert found is not None
    assert found[0] * found[1] == 2
    assert found[0] > fmpq(6, 5)


def test_irrational_roots_are_not_made_rational() -> None:
    x = Letter("x", 1, 1)
    unknowns = Unknowns((x,), {"x": zeros(1, 1)})
    system = Compiled(polynomials([x @ x - Num(fmpq(2)) * x**0], unknowns), 1)
    assert rational_root(system, np.array([2**0.5]), lambda v: True) is None


def test_a_polynomial_times_a_row_is_not_taken_for_a_list(at: Instance) -> None:
    row = SqNorm(W2) * W1
    unknowns = Unknowns((W1, W2), at)
    first, second, third, fourth = unknowns.ring.gens()
    assert polynomials([row], unknowns) == [(third**2 + fourth**2) * x for x in (first, second)]


def test_generic_instance_evaluates_like_numbers(at: Instance) -> None:
    unknowns = Unknowns((W1,), at)
    (p,) = polynomials([LOSS], unknowns)
    values = [fmpq(3), fmpq(-1, 2)]
    assert p(*values) == evaluate(LOSS, unknowns.instance(values))
