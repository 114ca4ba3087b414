"""log and exp: rules, values as series and balls, what the tactics find, and the gradient of log det."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from flint import arb, fmpq

from proofs.algebra.evaluate import Irrational, NoValue, evaluate
from proofs.kernel import expressions as E
from proofs.kernel import limits, matrices, rules
from proofs.kernel import logarithms as laws
from proofs.kernel.expressions import Diff, Eye, Grad, Letter, Sym, Tr, det, exp, log, size
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import Rel, needs, rel
from proofs.kernel.theorem import Refused, Theorem, recheck
from proofs.tactics.prove import Ground, valued

k, m = size("k"), size("m")
x, y, s, c = (Sym(name) for name in "xysc")
W, C = Letter("W", k, m), Letter("C", k, k)
P = Letter("P", k, k, frozenset({"pd"}))
M = W @ W.T + s**2 * Eye(k)
ENCLOSED = {"enclosed": True}
given = rules.hypothesis
SLOPE = rules.ring(Rel(Grad(Tr(C @ M), W), "=", (C + C.T) @ W))


@pytest.mark.parametrize(
    "made",
    [
        lambda: limits.exponential(x),
        lambda: laws.exponential_sign(x),
        lambda: laws.exponents(x, y),
        lambda: laws.logarithm(x),
        lambda: laws.logarithm(x, given(rel(x, ">", 0))),
        lambda: matrices.jacobi(SLOPE, M, C, (given(rel(det(M), ">", 0)), given(rel(det(M), "≠", 0)))),
    ],
)
def test_rule_holds(made: Callable[[], Theorem]) -> None:
    recheck(made())


@pytest.mark.parametrize(
    "made",
    [
        lambda: laws.exponential_sign(W),
        lambda: laws.exponents(x, W),
        lambda: laws.logarithm(x, given(rel(x, "≥", 0))),
        lambda: laws.logarithm(x, given(rel(y, ">", 0))),
        lambda: matrices.jacobi(SLOPE, M, C, ()),
        lambda: matrices.jacobi(SLOPE, W @ W.T, C, (given(rel(det(M), ">", 0)),)),
        lambda: matrices.jacobi(given(SLOPE.says), M, C, (given(rel(det(M), ">", 0)), given(rel(det(M), "≠", 0)))),
        lambda: matrices.jacobi(SLOPE, M, P, (given(rel(det(M), ">", 0)), given(rel(det(M), "≠", 0)))),
    ],
)
def test_rule_refuses(made: Callable[[], Theorem]) -> None:
    with pytest.raises((Refused, E.ShapeError)):
        made()


def test_values_are_exact_where_they_are_rational_and_balls_elsewhere() -> None:
    assert evaluate(log(x), {"x": fmpq(1)}) == 0
    assert evaluate(Diff(x * exp(x), x), {"x": fmpq(0)}) == 1
    assert evaluate(Diff(log(x), x, 3), {"x": fmpq(1)}) == 2
    with pytest.raises(Irrational):
        evaluate(log(x), {"x": fmpq(2)})
    with pytest.raises(NoValue):
        evaluate(log(x), {"x": fmpq(0)})
    assert abs(evaluate(log(x), {"x": fmpq(2), **ENCLOSED}) - arb(2).log()) < 1e-12
    slope = evaluate(Diff(x * log(x), x), {"x": fmpq(2), **ENCLOSED})
    assert abs(slope - 1 - arb(2).log()) < 1e-12
    assert needs(log(x)) == (rel(x, ">", 0),)


def test_a_determinant_of_series_has_the_slope_of_the_dense_one() -> None:
    at = {"k": 3, "P": np.array([[fmpq(v) for v in row] for row in ((0, 1, 2), (1, 0, 3), (2, 3, 1))], dtype=object)}
    inverse = evaluate(det(P) * (P**-1), at)
    assert np.all(evaluate(Grad(det(P), P), at) == inverse.T)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (log(E.lift(1)), E.lift(0), True),
        (Diff(log(x**2 + 1), x), 2 * x / (x**2 + 1), True),
        (Diff(log(3 * x), x), 1 / x, True),
        (Diff(log(x) * y, y), log(x), True),
        (log(x + y), log(y + x), True),
        (log(x), x, False),
        (log(2 * x), 2 * log(x), False),
        (Diff(log(x), x), E.lift(1), False),
        (log(x) * log(x), log(x**2), False),
    ],
)
def test_normal_forms(left: E.Expr, right: E.Expr, same: bool) -> None:
    assert equal(left, right) == same


POSITIVE = (rel(x, ">", 0), rel(y, ">", 0), rel(s, "≠", 0))
TRUE = [
    rel(log(x * y), "=", log(x) + log(y)),
    rel(log(x**3 / y**2), "=", 3 * log(x) - 2 * log(y)),
    rel(log(E.sqrt(x) * y), "=", log(x) / 2 + log(y)),
    rel(log(x), "≤", x - 1),
    rel(exp(x), ">", 0),
    rel(exp(x + y), "=", exp(x) * exp(y)),
    rel(exp(x) * exp(-x), "=", 1),
    rel(exp(log(x) + y), "=", x * exp(y)),
    rel(log(det(P @ P)), "=", 2 * log(det(P))),
    Rel(Grad(log(det(M)), W), "=", 2 * M**-1 @ W),
    rel(Diff(log(det(P + x * Eye(k))), x), "=", Tr((P + x * Eye(k)) ** -1)),
]


@pytest.mark.parametrize("goal", TRUE, ids=str)
def test_the_default_tactics_find(goal: Rel) -> None:
    ground = Ground.of(POSITIVE)
    t = valued(ground, ground.prove(goal))
    assert t.given <= set(POSITIVE)
    recheck(t)
