"""Quadratic forms: positive of definite matrices away from 0, and nothing more."""

from __future__ import annotations

import pytest

from proofs.kernel.expressions import Expr, Letter, Tr, size
from proofs.kernel.propositions import ONE, ZERO, Implies, Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused
from proofs.tactics.inverses import Inverted
from proofs.tactics.prove import Ground, NotFound

k, m = size("k"), size("m")
B, x = Letter("B", m, k), Letter("x", m, 1)
PD, PSD = (Letter("A", m, m, frozenset({trait})) for trait in ("pd", "psd"))
ANY = Letter("A", m, m, frozenset({"symmetric"}))
GROUND = Ground.of((Rel(k, "≥", ONE), Rel(m, "≥", ONE)))


def form(a: Expr, b: Expr) -> Expr:
    return Tr(b.T @ a @ b)


@pytest.mark.parametrize(
    "goal",
    [
        Implies(Rel(x, "≠", zero(x)), Rel(form(PD, x), ">", ZERO)),
        Implies(Rel(B, "≠", zero(B)), Rel(form(PD, B), ">", ZERO)),
        Implies(Rel(B, "≠", zero(B)), Rel(form(PD + PSD, B), ">", ZERO)),
    ],
)
def test_the_form_of_a_definite_matrix_is_positive_away_from_zero(goal: Expr) -> None:
    assert GROUND.prove(goal).says == goal


@pytest.mark.parametrize(
    "goal",
    [
        Rel(form(PD, x), ">", ZERO),
        Implies(Rel(x, "≠", zero(x)), Rel(form(PSD, x), ">", ZERO)),
        Implies(Rel(x, "≠", zero(x)), Rel(form(ANY, x), ">", ZERO)),
        Implies(Rel(x, "≠", zero(x)), Rel(form(PD, B), ">", ZERO)),
        Implies(Rel(x, "≠", zero(x)), Rel(form(-PD, x), ">", ZERO)),
        Implies(Rel(x, "≠", zero(x)), Rel(form(PSD - PD, x), ">", ZERO)),
    ],
)
def test_no_other_form_is(goal: Expr) -> None:
    with pytest.raises(NotFound):
        GROUND.prove(goal)


C, D = Letter("C", m, m), Letter("D", m, m)


def test_what_is_above_another_has_a_semidefinite_difference() -> None:
    above, below = Rel(C, "⪰", D), Rel(D, "⪰", C)
    assert GROUND.prove(Implies(above, Rel(C - D, "⪰", zero(C)))).says
    with pytest.raises(NotFound):
        GROUND.prove(Implies(below, Rel(C - D, "⪰", zero(C))))
    with pytest.raises(NotFound):
        GROUND.prove(Implies(above, Rel(C, "⪰", zero(C))))


def test_a_definite_matrix_is_multiplied_away_with_its_inverse_and_no_other() -> None:
    n = PD + PSD
    for after, left in ((False, n @ n**-1 @ C), (True, n**-1 @ n @ C)):
        assert Inverted(n, lambda one: one @ C, after).theorem(GROUND, Rel(left, "=", C)).says == Rel(left, "=", C)
        with pytest.raises((NotFound, Refused, Undecided)):
            Inverted(n, lambda one: one @ C, after).theorem(GROUND, Rel(left, "=", D))
    with pytest.raises((NotFound, Refused, Undecided)):
        Inverted(PSD, lambda one: one @ C).theorem(GROUND, Rel(PSD @ PSD**-1 @ C, "=", C))
