"""∃ and ∀ at an instance: true, false, without a value, or not settled."""

from __future__ import annotations

import pytest
from flint import fmpq

from proofs.algebra.evaluate import NoValue, Unsettled, matrix
from proofs.hypotheses import evaluate, free_names
from proofs.kernel import expressions as E
from proofs.kernel.expressions import integer
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Rel, rel, zero

k = E.size("k")
A, B, S, v = (
    E.Letter("A", k, k),
    E.Letter("B", k, k),
    E.Letter("S", k, k, frozenset({"symmetric"})),
    E.Letter("v", k, 1),
)
U = E.Letter("U", k, k, frozenset({"orthonormal"}))
P = E.Letter("P", k, k, frozenset({"psd"}))
x, y, i = E.Sym("x"), E.Sym("y"), integer("i")
AT = {"k": 2, "A": matrix([[1, 2], [3, 4]]), "S": matrix([[0, 1], [1, 0]]), "B": matrix([[1, 0], [0, 0]])}
FORM = E.Tr(v.T @ S @ v)


@pytest.mark.parametrize(
    ("p", "truth"),
    [
        (Exists(B, Rel(A @ B, "=", E.Eye(k))), True),  # an affine equation with one solution
        (Exists(A, Rel(A @ B, "=", E.Eye(k))), False),  # B is singular
        (Exists(A, Rel(A @ B, "=", B)), True),
        (Exists(U, Rel(U, "=", S)), True),
        (Exists(U, Rel(U, "=", A)), False),  # the one solution is not orthonormal
        (Exists(P, Rel(P, "=", B)), True),
        (Exists(P, Rel(P, "=", S)), False),
        (Exists(x, rel(x, ">", 0)), True),
        (Exists(i, And((rel(1, "≤", i), rel(i, "≤", k), rel(i, ">", 2)))), False),  # a range is gone through
        (ForAll(v, rel(FORM, "≥", 0)), False),
        (ForAll(x, rel(x**2, ">", 0)), False),
        (ForAll(i, Implies(And((rel(1, "≤", i), rel(i, "≤", k))), rel(i, "<", 3))), True),
        (Iff(Rel(A, "=", B), Exists(x, rel(x, "=", 0))), False),
        (Or((Exists(x, rel(x**2, "=", 2)), rel(k, "=", 2))), True),  # a case that is not settled does not matter
        (Implies(Exists(x, rel(x**2, "=", 2)), rel(k, "=", 2)), True),
        (Rel(A, "≠", B), True),
        (Rel(A, "≠", A), False),
    ],
)
def test_is_decided(p: E.Expr, truth: bool) -> None:
    assert evaluate(p, dict(AT)) is truth


@pytest.mark.parametrize(
    ("p", "likely"),
    [
        (Exists(x, rel(x**2, "=", 2)), False),
        (ForAll(x, rel(x**2, "≥", 0)), True),
        (ForAll(v, rel(E.SqNorm(v), "≥", 0)), True),
        (Iff(ForAll(x, rel(x**2, "≥", 0)), rel(k, "=", 2)), True),
        (Iff(ForAll(x, rel(x**2, "≥", 0)), rel(k, "=", 3)), False),
        (And((ForAll(x, rel(x**2, "≥", 0)), rel(k, "=", 2))), True),
        (Every(i, E.lift(1), k, ForAll(x, rel(x**2, "≥", 0))), True),
    ],
)
def test_what_no_value_settles_is_not_settled_and_says_for_which_side_the_values_speak(p: E.Expr, likely: bool) -> None:
    with pytest.raises(Unsettled) as found:
        evaluate(p, dict(AT))
    assert found.value.likely == likely


def test_every_value_needs_the_body_to_have_one_and_some_value_does_not() -> None:
    with pytest.raises(NoValue):
        evaluate(ForAll(x, rel(1 / x, "≠", 0)), {})
    assert evaluate(Exists(x, rel(1 / x, "=", 1)), {}) is True


def test_what_is_bound_is_not_drawn() -> None:
    names = free_names([ForAll(A, Exists(x, Rel(A, "=", x * B)))])
    assert {w.name for w in names.letters} == {"B"}
    assert {s.name for s in names.symbols} == {"k"}
    assert free_names([E.Sum(i, E.lift(1), i, i)]).symbols == {i}  # the bound is another i


def test_balls_that_overlap_compare_in_no_way() -> None:
    root = {"x": fmpq(2), "enclosed": True}
    assert evaluate(rel(E.sqrt(x), ">", 1), root) is True
    assert evaluate(rel(E.sqrt(x), "=", 1), root) is False
    with pytest.raises(Unsettled):
        evaluate(rel(E.sqrt(x) ** 2, "=", 2), root)


def test_zero_matrices_of_no_rows() -> None:
    empty = {"k": 0, "A": matrix([])}
    assert evaluate(Rel(A, "=", zero(A)), empty) is True
