"""The arithmetic and the geometric mean: the fact as a rule, false uses refused, and numbers."""

from __future__ import annotations

from math import prod
from random import Random

import pytest

from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Family, integer, lift
from proofs.kernel.means import arithmetic_geometric
from proofs.kernel.propositions import Every, Rel
from proofs.kernel.textbook import FACTS
from proofs.kernel.theorem import Refused

g, h = Family("g"), Family("h")
j, k = integer("j"), integer("k")
ONE, ZERO = lift(1), lift(0)
POSITIVE, CLOSED = Every(j, ONE, k, Rel(g[j], ">", ZERO)), Rel(g[k], "=", g[1])


def test_a_closed_round_of_quotients() -> None:
    t = arithmetic_geometric(rules.hypothesis(POSITIVE), rules.hypothesis(CLOSED))
    assert t.rests_on == {"AM–GM"}
    assert t.says.right == k - 1  # type: ignore[attr-defined]
    assert "AM–GM" in FACTS


@pytest.mark.parametrize(
    ("positive", "closed"),
    [
        (Every(j, ONE, k, Rel(g[j], "≥", ZERO)), CLOSED),
        (Every(j, ONE, k, Rel(g[j], "≠", ZERO)), CLOSED),
        (Every(j, ONE, k, Rel(g[j], ">", lift(-1))), CLOSED),
        (Every(j, ONE, k - 1, Rel(g[j], ">", ZERO)), CLOSED),
        (POSITIVE, Rel(g[k], "=", g[2])),
        (POSITIVE, Rel(g[k - 1], "=", g[1])),
        (POSITIVE, Rel(g[k], "≥", g[1])),
        (POSITIVE, Rel(h[k], "=", h[1])),
        (Rel(g[1], ">", ZERO), CLOSED),
    ],
)
def test_less_is_refused(positive: Expr, closed: Expr) -> None:
    with pytest.raises(Refused):
        arithmetic_geometric(rules.hypothesis(positive), rules.hypothesis(closed))


def test_numbers_with_product_one() -> None:
    rng = Random(0)
    for n in (0, 1, 2, 5, 9):
        for _ in range(50):
            round_ = [rng.uniform(0.01, 9) for _ in range(n)]
            quotients = [b / a for a, b in zip(round_, [*round_[1:], *round_[:1]], strict=True)]
            assert abs(prod(quotients) - 1) < 1e-9
            assert sum(quotients) >= n - 1e-9
