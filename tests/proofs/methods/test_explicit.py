"""SymPy at explicit sizes: what an orthonormal letter stands for there tells it from its transpose and from I."""

from __future__ import annotations

import pytest

from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Basis, Expr, Eye, Letter, lift, size
from proofs.methods.chain import eq
from proofs.methods.explicit import by_explicit

k, m = size("k"), size("m")
R, U = Letter("R", k, k, frozenset({"orthonormal"})), Letter("U", m, k, frozenset({"orthonormal"}))
FIRST = Basis(lift(1), k)


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        (R.T @ R, Eye(k), Outcome.PROVED),
        (R @ R.T, Eye(k), Outcome.PROVED),
        (U.T @ U, Eye(k), Outcome.PROVED),
        (R @ R, Eye(k), Outcome.FAILS),
        (R, R.T, Outcome.FAILS),
        (R @ FIRST, FIRST, Outcome.FAILS),
    ],
)
def test_an_orthonormal_letter_is_neither_symmetric_nor_the_identity(left: Expr, right: Expr, outcome: Outcome) -> None:
    assert by_explicit(eq(left, right), Context()).outcome == outcome
