"""Exponentials that tend to 0: proved where they grow below the line, refuted where they do not."""

from __future__ import annotations

import pytest
from flint import fmpq

from proofs.claim import Context, Outcome
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Expr, Num, Sym
from proofs.kernel.propositions import Rel
from proofs.methods.decay import Decays

a, c, t = Sym("a"), Sym("c"), Sym("t")
ZERO = Num(fmpq(0))
GROWS = Hypothesis("a > 0", "", (Rel(a, ">", ZERO),), lambda rng, at: {"a": rational(rng, 3, True)})
STAYS = Hypothesis("a ≥ 0", "", (Rel(a, "≥", ZERO),), lambda rng, at: {"a": fmpq(rng.randint(0, 2))})


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize(
    ("coefficient", "growth", "given", "expected"),
    [
        (c, a, GROWS, [Outcome.PROVED, Outcome.CERTIFIED]),
        (c, a, STAYS, [Outcome.UNDECIDED, Outcome.FAILS]),
        (c, -a, GROWS, [Outcome.UNDECIDED, Outcome.FAILS]),
        (a * c, a, STAYS, [Outcome.UNDECIDED, Outcome.CERTIFIED]),
    ],
    ids=["grows", "may be constant", "falls", "constant 0"],
)
def test_what_is_divided_by_an_exponential_decays_exactly_if_that_grows(
    coefficient: Expr, growth: Expr, given: Hypothesis, expected: list[Outcome], power: int
) -> None:
    statement = Decays(coefficient, growth, t, power)
    context = Context((given,), shrink=False, supposed=given.relations)
    assert [w(statement, context).outcome for w in statement.witnesses] == expected
