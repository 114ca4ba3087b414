"""What is affine by its form, and the affine spaces of solutions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.affine import affine, solutions
from proofs.algebra.evaluate import Undefined, evaluate, matrix
from proofs.kernel import expressions as E
from proofs.kernel.propositions import Rel, rel

k = E.size("k")
A, B, C = (E.Letter(name, k, k) for name in "ABC")
x, y = E.Sym("x"), E.Sym("y")
f = E.Family("f", length=k)
AT = {"k": 2, "A": matrix([[1, 2], [2, 4]]), "C": matrix([[1, 0], [2, 0]])}


@pytest.mark.parametrize(
    ("e", "name", "is_affine"),
    [
        (A @ B @ A.T + B, B, True),
        (A @ B @ A.T + B, A, False),
        (E.Tr(A @ B) * x, B, True),
        (E.SqNorm(A), A, False),
        (x**2, x, False),
        (x * y + y, x, True),
        (E.Diag(f, k) @ A, f, True),
        (f[1] * f[2], f, False),
        (E.Inner(A, B), A, True),
        (E.LowerMask(A).T, A, True),
        (1 / x, x, False),
    ],
)
def test_affine_is_what_has_degree_one_at_most(e: E.Expr, name: E.Expr, is_affine: bool) -> None:
    assert affine(e, name) == is_affine


def test_every_member_of_the_space_solves_the_equations_and_none_is_left_out() -> None:
    equation = Rel(A @ B, "=", C)  # A has rank 1: two entries of B are free
    found = solutions([equation], B, AT)
    assert found is not None
    assert len(found.directions) == 2
    for seed in range(5):
        at = {**AT, "B": found.some(Random(seed))}
        assert np.all(evaluate(A @ B, at) == AT["C"])


def test_no_solution_is_told_from_one_and_from_what_is_not_computed() -> None:
    assert solutions([Rel(A @ B, "=", E.Eye(k))], B, AT) is None
    assert solutions([rel(2 * x, "=", 3)], x, {}).origin == fmpq(3, 2)  # type: ignore[union-attr]
    with pytest.raises(Undefined):
        solutions([rel(x**2, "=", 3)], x, {})


def test_a_letter_keeps_its_linear_traits() -> None:
    S, K = (E.Letter(name, k, k, frozenset({trait})) for name, trait in (("S", "symmetric"), ("K", "skew")))
    assert solutions([Rel(S, "=", C)], S, AT) is None  # C is not symmetric
    assert solutions([Rel(S, "=", A)], S, AT) is not None
    assert len(solutions([Rel(K, "=", -K.T)], K, AT).directions) == 1  # type: ignore[union-attr]
