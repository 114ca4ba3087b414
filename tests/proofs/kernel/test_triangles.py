"""Sums over j < i against masks: both ways of writing a triangle are one, for every size."""

from __future__ import annotations

import pytest

from proofs.kernel import expressions as E
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Family,
    Letter,
    LowerMask,
    SqNorm,
    Sum,
    Tr,
    integer,
    size,
)
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import Every, Rel
from proofs.tactics.prove import Ground

k, m = size("k"), size("m")
i, j = integer("i"), integer("j")
ONE = E.lift(1)
A, B, W = Letter("A", m, m), Letter("B", m, m), Letter("W", m, k)
S = Letter("S", m, m, frozenset({"symmetric"}))
d = Family("d", length=m)
D = Diag(d, m)
LOW = LowerMask(S, True)
K = LOW - LOW.T


def below(body: Expr) -> Expr:
    """Σ_i Σ_{j < i}."""
    return Sum(i, ONE, m, Sum(j, ONE, i - 1, body))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (SqNorm(LowerMask(A, True)), below(Entry(A, i, j) ** 2)),
        (Tr(LowerMask(A, True).T @ B), below(Entry(A, i, j) * Entry(B, i, j))),
        (below(Entry(A, i, j) ** 2), Sum(j, ONE, m, Sum(i, j + 1, m, Entry(A, i, j) ** 2))),
        (SqNorm(S), 2 * below(Entry(S, i, j) ** 2) + Sum(i, ONE, m, Entry(S, i, i) ** 2)),
        (Tr(D @ (K @ S - S @ K)), 2 * below((d[i] - d[j]) * Entry(S, i, j) ** 2)),
        (SqNorm(LowerMask(A)), Sum(i, ONE, m, Sum(j, ONE, i, Entry(A, i, j) ** 2))),
    ],
)
def test_a_triangle_is_a_double_sum(left: Expr, right: Expr) -> None:
    assert equal(left, right)
    assert not equal(left, 2 * right)


def test_the_whole_square_is_no_triangle() -> None:
    assert not equal(SqNorm(A), 2 * below(Entry(A, i, j) ** 2) + Sum(i, ONE, m, Entry(A, i, i) ** 2))
    assert not equal(SqNorm(LowerMask(A)), below(Entry(A, i, j) ** 2))


def test_the_rows_of_a_triangle() -> None:
    rows = Basis(i, m).T @ LowerMask(A, True) @ W
    before = Sum(j, ONE, i - 1, Entry(A, i, j) * (Basis(j, m).T @ W))
    after = Sum(j, i + 1, m, Entry(A, j, i) * (Basis(j, m).T @ W))
    ground = Ground.of(())
    assert ground.prove(Every(i, ONE, m, Rel(rows, "=", before)))
    assert ground.prove(Every(i, ONE, m, Rel(Basis(i, m).T @ LowerMask(A, True).T @ W, "=", after)))
