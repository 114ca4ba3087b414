"""Chains at exact instances: near to where an inequality is said to be tight."""

from __future__ import annotations

from fractions import Fraction

import pytest

from proofs.algebra.evaluate import Irrational
from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Expr, Letter, Num, SqNorm, Sym, integer
from proofs.kernel.propositions import ZERO
from proofs.methods.chain import by_instances, chain, with_values
from proofs.tactics.relations import Tight

x = Sym("x")
k, m = integer("k", "", 1), integer("m", "", 1)
A, Q = Letter("A", k, m), Letter("Q", k, m)
ROOT_2 = Num(Fraction(2)) ** Num(Fraction(1, 2))


@pytest.mark.parametrize(
    ("left", "right", "limit", "outcome"),
    [
        (x**4 - 4 * x**2, Num(Fraction(-4)), (x, ROOT_2), Outcome.SUPPORTED),
        (x**4 - 4 * x**2, Num(Fraction(-39999, 10000)), (x, ROOT_2), Outcome.FAILS),
        (SqNorm(A) ** Num(Fraction(1, 2)), ZERO, (A, 0 * Q), Outcome.SUPPORTED),
        (SqNorm(A) ** Num(Fraction(1, 2)), Num(Fraction(1, 100)), (A, 0 * Q), Outcome.FAILS),
    ],
    ids=["least at a root", "too large there", "roots of norms", "with what only the limit names"],
)
def test_a_bound_is_tried_near_where_it_is_tight(left: Expr, right: Expr, limit: tuple, outcome: Outcome) -> None:
    assert by_instances(chain(left, "≥", (right, Tight(limit))), Context((), seed=1)).outcome == outcome


def test_what_is_irrational_in_balls_too_has_no_value_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a dense Hessian at irrational weights has not."""

    def irrational(*_: object) -> None:
        raise Irrational

    monkeypatch.setattr("proofs.methods.chain.value", irrational)
    with pytest.raises(Irrational):
        with_values([x], {})
