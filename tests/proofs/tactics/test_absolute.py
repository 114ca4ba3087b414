"""|x| and ‖A‖: what the default tactics find, each checked again by the kernel, and their values."""

from __future__ import annotations

import pytest
from flint import fmpq

from proofs.algebra.evaluate import Undefined, evaluate
from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.expressions import Abs, Diff, Letter, Sym, norm, size
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import And, Iff, Implies, needs, rel
from proofs.kernel.theorem import Refused, recheck
from proofs.tactics.prove import Ground, NotFound, valued

k, m = size("k"), size("m")
x, y, z = (Sym(name) for name in "xyz")
A, B = Letter("A", k, m), Letter("B", k, m)
SIZES = (rel(1, "≤", k), rel(1, "≤", m))
TRUE = [
    rel(Abs(x) ** 2, "=", x**2),
    rel(Abs(x), "≥", 0),
    rel(x, "≤", Abs(x)),
    rel(Abs(x), "≥", -x),
    rel(Abs(x * y), "=", Abs(x) * Abs(y)),
    rel(Abs(x + y), "≤", Abs(x) + Abs(y)),
    rel(Abs(Abs(x) - Abs(y)), "≤", Abs(x - y)),
    Implies(rel(x, "≥", 0), rel(Abs(x), "=", x)),
    Implies(rel(x, "≤", 0), rel(Abs(x), "=", -x)),
    Implies(rel(y, "≠", 0), rel(Abs(x / y), "=", Abs(x) / Abs(y))),
    Iff(rel(Abs(x), "=", 0), rel(x, "=", 0)),
    Iff(rel(Abs(x), "≤", y), And((rel(x, "≤", y), rel(-x, "≤", y)))),
    rel(E.sqrt(x**2), "=", Abs(x)),
    rel(norm(A), "≥", 0),
    rel(norm(x * A), "=", Abs(x) * norm(A)),
    rel(norm(A) ** 2, "=", E.SqNorm(A)),
    Iff(rel(norm(A), "=", 0), rel(E.SqNorm(A), "=", 0)),
]


@pytest.mark.parametrize("goal", TRUE, ids=str)
def test_is_found(goal: E.Expr) -> None:
    ground = Ground.of(SIZES)
    t = valued(ground, ground.prove(goal))
    assert t.given <= set(SIZES)
    recheck(t)


def test_the_rule_asks_for_the_sign() -> None:
    for p in (rel(x, "≥", 1), rel(x, "≠", 0), rel(x, "=", 0)):
        with pytest.raises(Refused):
            rules.magnitude(rules.hypothesis(p))


def test_values_and_derivatives_away_from_0() -> None:
    for value in (fmpq(-2), fmpq(0), fmpq(3)):
        assert evaluate(Abs(x), {"x": value}) == abs(value)
    assert evaluate(Diff(Abs(x), x), {"x": fmpq(-2)}) == -1
    with pytest.raises(Undefined):
        evaluate(Diff(Abs(x), x), {"x": fmpq(0)})
    assert rel(0, "≠", 0) in needs(Diff(Abs(x), x))
    with pytest.raises(NotFound):
        valued(Ground.of(()), rules.hypothesis(rel(Diff(Abs(x), x), "=", 1)))


def test_is_printed_between_bars() -> None:
    assert str(Abs(x + y) * norm(A)) == "|x + y| ‖A‖"
    assert Abs(x)._repr_latex_() == r"$\displaystyle \left|x\right|$"
    assert norm(A)._repr_latex_() == r"$\displaystyle \left\lVert A\right\rVert_F$"
    assert not equal(Abs(x), x)
