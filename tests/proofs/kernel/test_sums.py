"""Sums that leave indices out: the relation of terms must be of every index but those."""

from __future__ import annotations

import pytest

from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Family, Sum, integer, lift
from proofs.kernel.propositions import Every, Implies, Rel
from proofs.kernel.theorem import Refused, recheck

i, j, s, m = (integer(name) for name in "ijsm")
f, g = Family("f"), Family("g")
ONE = lift(1)


def said(body: Expr) -> Expr:
    return Every(i, ONE, m, body)


def test_terms_of_every_other_index() -> None:
    t = rules.hypothesis(said(Implies(Rel(i, "≠", j), Rel(f[i], "=", g[i]))))
    whole = rules.terms(t, None, (j,))
    assert rules.same(whole.says, Rel(Sum(i, ONE, m, f[i], (j,)), "=", Sum(i, ONE, m, g[i], (j,))))
    recheck(whole)


def test_a_strict_relation_is_weak_where_an_index_is_left_out() -> None:
    """It may be the only one."""
    t = rules.hypothesis(said(Implies(Rel(i, "≠", j), Rel(f[i], "<", g[i]))))
    whole = rules.terms(t, rules.hypothesis(Rel(ONE, "≤", m)), (j,))
    assert rules.same(whole.says, Rel(Sum(i, ONE, m, f[i], (j,)), "≤", Sum(i, ONE, m, g[i], (j,))))


@pytest.mark.parametrize(
    ("body", "without"),
    [
        (Implies(Rel(i, "≠", j), Rel(f[i], "=", g[i])), ()),
        (Implies(Rel(i, "≠", j), Rel(f[i], "=", g[i])), (s,)),
        (Implies(Rel(i, "≠", j), Rel(f[i], "=", g[i])), (j, s)),
        (Implies(Rel(i, "<", j), Rel(f[i], "=", g[i])), (j,)),
        (Implies(Rel(i, "≠", j), Rel(f[i], "≠", g[i])), (j,)),
        (Implies(Rel(i, "≠", i), Rel(f[i], "=", g[i])), (i,)),
    ],
)
def test_other_relations_are_refused(body: Expr, without: tuple) -> None:
    with pytest.raises(Refused):
        rules.terms(rules.hypothesis(said(body)), None, without)
