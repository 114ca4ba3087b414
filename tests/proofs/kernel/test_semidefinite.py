"""Rules of semi-definiteness: what they give, and what they must refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules, semidefinite
from proofs.kernel.expressions import Diag, Eye, Family, Letter, LowerMask, Sym, Tr, Zero, integer, lift
from proofs.kernel.propositions import Every, Rel
from proofs.kernel.theorem import Refused, Theorem, recheck

k, m = integer("k"), integer("m")
i = integer("i")
c, x = Sym("c"), Sym("x")
B, C = Letter("B", m, k), Letter("C", m, m)
P, D = Letter("P", m, m, frozenset({"psd"})), Letter("D", m, m, frozenset({"pd"}))
f = Family("f")
ZERO = lift(0)
given = rules.hypothesis


def above(e: E.Expr, op: str = "⪰") -> Rel:
    return Rel(e, op, Zero(*e.shape))


def every(body: E.Expr, last: E.Expr = m) -> Theorem:
    return given(Every(i, lift(1), last, body))


SEMI, PD = semidefinite.trait(P), semidefinite.trait(D)
TRIANGLE = LowerMask(C)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: semidefinite.gram(B), above(B.T @ B)),
        (lambda: semidefinite.trait(P), above(P)),
        (lambda: semidefinite.trait(D), above(D, "≻")),
        (lambda: semidefinite.diagonal(Diag(f, m), every(Rel(f[i], "≥", ZERO))), above(Diag(f, m))),
        (lambda: semidefinite.diagonal(Diag(f, m), every(Rel(f[i], ">", ZERO))), above(Diag(f, m), "≻")),
        (
            lambda: semidefinite.triangular(TRIANGLE, every(Rel(E.Entry(TRIANGLE, i, i), "≠", ZERO))),
            above(TRIANGLE.T @ TRIANGLE, "≻"),
        ),
        (lambda: semidefinite.congruence(PD, B), above(B.T @ D @ B)),
        (lambda: semidefinite.multiple(PD, given(Rel(c, ">", ZERO))), above(c * D, "≻")),
        (lambda: semidefinite.multiple(PD, given(Rel(c, "≥", ZERO))), above(c * D)),
        (lambda: semidefinite.added((SEMI, PD)), above(P + D, "≻")),
        (lambda: rules.chain((given(Rel(C, "=", P)), SEMI)), above(C)),
        (lambda: rules.weaken(PD, "⪰"), above(D)),
        (lambda: semidefinite.above(Rel(C, "⪰", P), given(above(C - P))), Rel(C, "⪰", P)),
        (lambda: rules.differ(given(Rel(C, "≻", P))), above(C - P, "≻")),
        (lambda: semidefinite.formless(PD, B, given(Rel(Tr(B.T @ D @ B), "=", ZERO))), Rel(B, "=", Zero(m, k))),
        (lambda: semidefinite.form(SEMI, B), Rel(Tr(B.T @ P @ B), "≥", ZERO)),
        (lambda: semidefinite.symmetric(SEMI), Rel(P.T, "=", P)),
    ],
)
def test_rule_says(made: Callable[[], Theorem], says: Rel) -> None:
    t = made()
    assert rules.same(t.says, says)
    recheck(t)


@pytest.mark.parametrize(
    "made",
    [
        lambda: semidefinite.gram(x),
        lambda: semidefinite.trait(C),
        lambda: semidefinite.trait(Letter("N", m, k, frozenset({"psd"}))),
        lambda: semidefinite.diagonal(Diag(f, m), every(Rel(f[i], "≥", ZERO), m - 1)),
        lambda: semidefinite.diagonal(Diag(f, m), given(Every(i, lift(2), m, Rel(f[i], "≥", ZERO)))),
        lambda: semidefinite.diagonal(Diag(f, m), every(Rel(f[i], "≠", ZERO))),
        lambda: semidefinite.diagonal(Diag(f, m), every(Rel(f[i] + 1, "≥", ZERO))),
        lambda: semidefinite.diagonal(Diag(f, m), given(Rel(f[i], "≥", ZERO))),
        lambda: semidefinite.diagonal(C, every(Rel(E.Entry(C, i, i), "≥", ZERO))),
        lambda: semidefinite.triangular(C, every(Rel(E.Entry(C, i, i), "≠", ZERO))),
        lambda: semidefinite.triangular(LowerMask(C, True), every(Rel(E.Entry(LowerMask(C, True), i, i), "≠", ZERO))),
        lambda: semidefinite.triangular(TRIANGLE, every(Rel(E.Entry(TRIANGLE, i, lift(1)), "≠", ZERO))),
        lambda: semidefinite.congruence(given(Rel(P, "=", Zero(m, m))), B),
        lambda: semidefinite.congruence(given(Rel(P, "⪰", C)), B),
        lambda: semidefinite.congruence(SEMI, B.T),
        lambda: semidefinite.multiple(SEMI, given(Rel(c, "≠", ZERO))),
        lambda: semidefinite.multiple(SEMI, given(Rel(c, "≤", ZERO))),
        lambda: semidefinite.multiple(SEMI, given(Rel(c, "≥", lift(-1)))),
        lambda: semidefinite.added(()),
        lambda: semidefinite.added((SEMI, given(Rel(C, "⪰", P)))),
        lambda: rules.chain((SEMI, given(Rel(C, "=", P)))),
        lambda: rules.chain((SEMI, given(Rel(Zero(m, m), "≠", C)))),
        lambda: rules.weaken(SEMI, "≻"),
        lambda: semidefinite.formless(SEMI, B, given(Rel(Tr(B.T @ P @ B), "=", ZERO))),
        lambda: semidefinite.formless(PD, B, given(Rel(Tr(B.T @ D @ B), "≥", ZERO))),
        lambda: semidefinite.formless(PD, B, given(Rel(Tr(B.T @ P @ B), "=", ZERO))),
        lambda: semidefinite.above(Rel(C, "⪰", P), given(above(P - C))),
        lambda: semidefinite.above(Rel(C, "≻", P), given(above(C - P))),
        lambda: semidefinite.form(given(Rel(P, "⪰", C)), B),
        lambda: semidefinite.symmetric(given(Rel(C, "=", Eye(m)))),
    ],
)
def test_rule_refuses(made: Callable[[], Theorem]) -> None:
    with pytest.raises((Refused, E.ShapeError)):
        made()
