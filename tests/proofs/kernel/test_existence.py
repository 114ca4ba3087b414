"""For some and for every value: witnesses, names that are any, and the columns at which a diagonal matrix is not 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from proofs.kernel import existence, rules
from proofs.kernel import expressions as E
from proofs.kernel.expressions import PI, Diag, Entry, Eye, Family, Letter, Sum, Sym, Zero, integer, lift
from proofs.kernel.propositions import And, Every, Exists, ForAll, Implies, Rel, needs
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem, recheck

k, m, n, i, j, count = (integer(name) for name in ("k", "m", "n", "i", "j", "ℓ"))
x, y = Sym("x"), Sym("y")
A, B, Q = Letter("A", m, k), Letter("B", m, k), Letter("Q", m, m)
T = Letter("T", m, k, frozenset({"orthonormal"}))
F = Letter("F", m, count, frozenset({"orthonormal"}))
d, f, g = Family("d"), Family("f"), Family("g")
ONE, ZERO = lift(1), lift(0)
given, ring = rules.hypothesis, rules.ring
NAMES = (count, F, d, g)
OFF = given(Every(i, ONE, m, Every(j, ONE, m, Implies(Rel(i, "≠", j), Rel(Entry(Q, i, j), "=", ZERO)))))
SQUARES = Family("s", define=lambda a: x**2 + a)


def some(name: object, body: E.Expr) -> Exists:
    return Exists(name, body)


@pytest.mark.parametrize(
    "made",
    [
        lambda: existence.witness(some(x, Rel(x * y, "=", y * y)), y, ring(Rel(y * y, "=", y * y))),
        lambda: existence.witness(some(A, Rel(A, "=", B)), B, ring(Rel(B, "=", B))),
        lambda: existence.witness(some(T, Rel(T, "=", A)), A, ring(Rel(A, "=", A)), given(Rel(A.T @ A, "=", Eye(k)))),
        lambda: existence.witness(some(i, Rel(i, "=", k + 1)), k + 1, ring(Rel(k + 1, "=", k + 1))),
        lambda: existence.witness(some(f, Rel(f[1], "=", x**2 + 1)), SQUARES, ring(Rel(x**2 + 1, "=", x**2 + 1))),
        lambda: existence.obtain(
            given(some(x, Rel(x, ">", y))), existence.witness(some(x, Rel(x, ">", y)), x, given(Rel(x, ">", y)))
        ),
        lambda: existence.whatever(ring(Rel(x * y, "=", y * x)), x),
        lambda: existence.selection(Q, OFF, f, NAMES),
        lambda: existence.selection(
            Q,
            OFF,
            f,
            NAMES,
            (given(Every(i, ONE, m, Rel(f[i], ">", ZERO))),),
            given(Every(i, ONE, m, Rel(Entry(Q, i, i), "≥", ZERO))),
        ),
    ],
)
def test_rule_holds(made: Callable[[], Theorem]) -> None:
    recheck(made())


def test_definedness_is_of_every_such_value() -> None:
    assert needs(some(x, And((Rel(x, ">", ZERO), Rel(1 / x, "=", y))))) == (
        ForAll(x, Implies(And((Rel(x, ">", ZERO), Rel(1 / x, "=", y))), Rel(x, "≠", ZERO))),
    )


LESS = given(Rel(x, ">", y))


@pytest.mark.parametrize(
    "made",
    [
        # another value, a value of another kind, one without the traits
        lambda: existence.witness(some(x, Rel(x, "=", y)), y + 1, ring(Rel(y, "=", y))),
        lambda: existence.witness(some(i, Rel(2 * i, "=", k)), k / 2, ring(Rel(2 * (k / 2), "=", k))),
        lambda: existence.witness(some(i, Rel(2 * i, "=", x)), x / 2, ring(Rel(2 * (x / 2), "=", x))),
        lambda: existence.witness(some(T, Rel(T, "=", A)), A, ring(Rel(A, "=", A))),
        lambda: existence.witness(some(T, Rel(T, "=", A)), A, ring(Rel(A, "=", A)), given(Rel(B.T @ B, "=", Eye(k)))),
        lambda: existence.witness(some(A, Rel(A, "=", A)), Zero(k, m), ring(Rel(Zero(k, m), "=", Zero(k, m)))),
        lambda: existence.witness(some(PI, Rel(PI, "=", x)), x, ring(Rel(x, "=", x))),
        # capture: f_i = i for every i is not said of the family that is constant i
        lambda: existence.witness(
            some(f, Every(i, ONE, k, Rel(f[i], "=", i))),
            Family("c", define=lambda a: i),
            rules.generalise(ring(Rel(i, "=", i)), i, ONE, k),
        ),
        # what is obtained must not be spoken of
        lambda: existence.obtain(given(some(x, Rel(x, ">", y))), LESS),
        lambda: existence.obtain(given(some(x, Rel(x, ">", y))), rules.chain((LESS, given(Rel(y, ">", x))))),
        lambda: existence.obtain(
            existence.witness(some(x, Rel(x, ">", y)), x, LESS),
            rules.absurd(LESS, given(Rel(x, "≤", y)), Rel(y, ">", y)),
        ),
        lambda: existence.obtain(
            existence.witness(some(x, Rel(x, ">", y)), x, LESS),
            existence.witness(some(x, Rel(x, ">", y)), x, LESS),
        ),
        lambda: existence.whatever(LESS, x),
        lambda: existence.whatever(ring(Rel(PI, "=", PI)), PI),
        # a matrix that is not diagonal, or diagonal but at one place; names that are in use
        lambda: existence.selection(A, OFF, f, NAMES),
        lambda: existence.selection(
            Q,
            given(Every(i, ONE, m - 1, Every(j, ONE, m, Implies(Rel(i, "≠", j), Rel(Entry(Q, i, j), "=", ZERO))))),
            f,
            NAMES,
        ),
        lambda: existence.selection(
            Q,
            given(Every(i, ONE, m, Every(j, ONE, m, Implies(Rel(i, "<", j), Rel(Entry(Q, i, j), "=", ZERO))))),
            f,
            NAMES,
        ),
        lambda: existence.selection(Q, OFF, d, NAMES),
        lambda: existence.selection(Q, OFF, f, (m, Letter("F", m, m, frozenset({"orthonormal"})), d, g)),
        lambda: existence.selection(Q, OFF, f, (count, Letter("F", m, count), d, g)),
        lambda: existence.selection(Q, OFF, f, (count, Letter("F", m, k, frozenset({"orthonormal"})), d, g)),
        lambda: existence.selection(Q, OFF, f, (count, F, d, d)),
        lambda: existence.selection(Q, OFF, f, NAMES, (given(Every(i, lift(2), m, Rel(f[i], ">", ZERO))),)),
        lambda: existence.selection(Q, OFF, f, NAMES, (given(Every(i, ONE, m, Rel(f[i], ">", i))),)),
        lambda: existence.selection(Q, OFF, f, NAMES, (), given(Every(i, ONE, m - 1, Rel(Entry(Q, i, i), "≥", ZERO)))),
    ],
)
def test_rule_refuses(made: Callable[[], Theorem]) -> None:
    with pytest.raises((Refused, Undecided, E.ShapeError)):
        made()


@pytest.mark.parametrize("seed", range(10))
def test_selection_in_numbers(seed: int) -> None:
    """Some, all or no entries of the diagonal vanish, repeated ones among them."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(0, 5))
    q, values = rng.choice([0.0, 0.0, 1.0, -2.0], size), rng.normal(size=size)
    places = np.flatnonzero(q)
    columns = np.eye(size)[:, places]
    assert np.array_equal(columns.T @ columns, np.eye(len(places)))
    assert np.array_equal(np.diag(q), columns @ np.diag(q[places]) @ columns.T)
    assert np.array_equal(np.diag(values) @ columns, columns @ np.diag(values[places]))


def test_a_name_like_those_of_bound_indices_is_not_captured() -> None:
    odd = integer("•0")
    assert not rules.same(Every(i, ONE, k, Rel(i, "=", odd)), Every(i, ONE, k, Rel(i, "=", i)))
    assert rules.same(Every(i, ONE, k, Rel(i, "=", odd)), Every(j, ONE, k, Rel(j, "=", odd)))
    assert not rules.same(some(odd, Every(i, ONE, k, Rel(i, "=", odd))), some(odd, Every(i, ONE, k, Rel(i, "=", i))))


def test_a_bound_index_of_a_sum_is_not_captured() -> None:
    constant = Family("c", define=lambda a: i * x)
    goal = some(f, Rel(Sum(i, ONE, k, f[i]), "=", y))
    with pytest.raises(Refused):
        existence.witness(goal, constant, given(Rel(Sum(i, ONE, k, i * x), "=", y)))


def test_diagonals_are_replaced_with_their_members() -> None:
    goal = some(f, Rel(Diag(f, m), "=", Diag(SQUARES, m)))
    recheck(existence.witness(goal, SQUARES, ring(Rel(Diag(SQUARES, m), "=", Diag(SQUARES, m)))))
