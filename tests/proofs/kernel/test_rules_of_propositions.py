"""⇔, ∨ and relations of matrices: accepted uses, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.expressions import ShapeError
from proofs.kernel.propositions import Iff, Implies, Or, Rel, rel, zero
from proofs.kernel.theorem import Refused, Theorem, recheck
from proofs.tactics.prove import Ground

k = E.size("k")
A, B = E.Letter("A", k, k), E.Letter("B", k, k)
x, y = E.Sym("x"), E.Sym("y")
p, q = rel(x, ">", 0), rel(y, ">", 0)
given = rules.hypothesis
THERE, BACK = given(Implies(p, q)), given(Implies(q, p))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: rules.equivalent(THERE, BACK), Iff(p, q)),
        (lambda: rules.either(Or((p, q)), 1, given(q)), Or((p, q))),
        (lambda: rules.differ(given(Rel(A, "≠", B))), Rel(A - B, "≠", zero(A))),
        (lambda: rules.mirror(given(Rel(A, "≠", B))), Rel(B, "≠", A)),
    ],
)
def test_rule_holds(made: Callable[[], Theorem], says: E.Expr) -> None:
    t = made()
    assert rules.same(t.says, says)
    recheck(t)


@pytest.mark.parametrize(
    "made",
    [
        lambda: rules.equivalent(THERE, THERE),
        lambda: rules.equivalent(THERE, given(Implies(q, rel(x, "≥", 0)))),
        lambda: rules.equivalent(given(p), given(q)),
        lambda: rules.either(Or((p, q)), 0, given(q)),
        lambda: rules.split(given(Rel(A, "≠", B))),
        lambda: rules.weaken(given(Rel(A, "=", B)), "≤"),
    ],
)
def test_rule_refuses(made: Callable[[], Theorem]) -> None:
    with pytest.raises((Refused, ShapeError)):
        made()


def test_tactics_go_both_ways_and_open_what_exists() -> None:
    both = Iff(rel(x, "<", y), rel(x - y, "<", 0))
    recheck(Ground.of(()).prove(both))
    some = Implies(Implies(p, q), Implies(p, Or((q, p))))
    recheck(Ground.of(()).prove(some))
