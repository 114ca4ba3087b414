"""Equations of matrices, what differs, and what is invertible, as they are given: found by the default tactics."""

from __future__ import annotations

import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.expressions import Eye, Letter, Rank, SqNorm, Sym, Tr, det, norm, size
from proofs.kernel.propositions import And, Exists, ForAll, Iff, Implies, Or, Rel, rel, zero
from proofs.kernel.theorem import Refused, recheck
from proofs.tactics.prove import Ground, NotFound, valued
from proofs.tactics.relations import Choose

k, m, r = size("k"), size("m"), size("r")
A, B, Q, Y = (Letter(name, m, m) for name in "ABQY")
S = Letter("S", m, m, frozenset({"symmetric"}))
U, D = Letter("U", m, k, frozenset({"orthonormal"})), Letter("D", k, m)
F, G = Letter("F", m, r), Letter("G", r, m)
v = Letter("v", m, 1)
x = Sym("x")
SIZES = (*(rel(1, "≤", s) for s in (k, m, r)), rel(k, "≤", m))
NULL = zero(A)


def none(e: E.Expr) -> Rel:
    return Rel(e, "=", zero(e))


def some(e: E.Expr) -> Rel:
    return Rel(e, "≠", zero(e))


TRUE = [
    (Iff(Exists(D, Rel(B, "=", U @ D)), Rel(U @ U.T @ B, "=", B)), Choose((D, U.T @ B))),
    (Implies(Rel(B, "=", F @ G), rel(Rank(B), "≤", r)), None),
    (Implies(none(S @ v), rel(Tr(v.T @ S @ v), "=", 0)), None),
    (ForAll(v, Iff(none(S @ v), rel(SqNorm(S @ v), "=", 0))), None),
    (Implies(some(B), rel(SqNorm(B), ">", 0)), None),
    (Implies(some(B), rel(norm(B), ">", 0)), None),
    (Implies(some(B @ Q), some(Q)), None),
    (Implies(And((Rel(B, "⪰", NULL), Rel(Y, "=", B))), Rel(Y, "⪰", NULL)), None),
    (Implies(And((rel(det(B), "≠", 0), none(B @ v))), none(v)), None),
    (Implies(And((rel(det(B), "≠", 0), Rel(B @ Q, "=", B @ Y))), Rel(Q, "=", Y)), None),
    (Implies(And((Rel(B, "=", Q @ Y), Rel(Q, "=", A @ Y))), Rel(B, "=", A @ Y @ Y)), None),
    (Implies(Rel(Q.T @ Q, "=", Eye(m)), Rel(Q @ Q.T, "=", Eye(m))), None),
]


@pytest.mark.parametrize(("goal", "why"), TRUE, ids=lambda p: str(p) if isinstance(p, E.Expr) else "")
def test_is_found(goal: E.Expr, why: Choose | None) -> None:
    ground = Ground.of(SIZES)
    t = valued(ground, ground.prove(goal) if why is None else why.theorem(ground, goal))
    assert rules.same(t.says, goal)
    assert t.given <= set(SIZES)
    recheck(t)


FALSE = [
    Implies(some(B), some(B @ B)),
    Implies(And((Rel(A @ B, "=", NULL), some(A))), Rel(B, "=", NULL)),
    Implies(Rel(B @ Q, "=", B @ Y), Rel(Q, "=", Y)),
    Implies(Rel(Q.T @ Q, "=", Q), Rel(Q @ Q.T, "=", Eye(m))),
    Implies(rel(SqNorm(B), "≥", 0), some(B)),
    Implies(Rel(F.T @ F, "=", Eye(r)), Rel(F @ F.T, "=", Eye(m))),
]


@pytest.mark.parametrize("goal", FALSE, ids=str)
def test_what_is_false_is_not_found(goal: E.Expr) -> None:
    with pytest.raises(NotFound):
        Ground.of(SIZES).prove(goal)


def test_of_two_matrices_of_one_shape_it_is_decided_whether_they_are_equal() -> None:
    assert rules.total(A, B, "=").says == Or((Rel(A, "=", B), Rel(A, "≠", B)))
    for made in (lambda: rules.total(A, F, "="), lambda: rules.total(A, B), lambda: rules.total(x, x, "<")):
        with pytest.raises(Refused):
            made()
