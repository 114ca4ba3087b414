"""Where flows go: a wrong target or sign is refuted by following the flow, and no theorem says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.bah2019.notation import product
from proofs.bah2019.section_5 import d, r
from proofs.bah2019.section_6_limit import BALANCED_LOW, LOSS, MOVING, START, three_layers
from proofs.claim import Outcome, Verdict
from proofs.kernel.expressions import Expr, Proj, Zero
from proofs.methods.tends import Tends

STATEMENT: Tends = three_layers.statement  # type: ignore[assignment]


def test_the_flow_below_the_level_arrives() -> None:
    decision = three_layers.decide()
    assert decision.verdict == Verdict.PROVED
    assert decision.evidence[1].outcome == Outcome.SUPPORTED
    assert set(decision.evidence[0].rests_on) == {"Eckart–Young", "Łojasiewicz"}


@pytest.mark.parametrize(
    "parts",
    [
        (LOSS, product(MOVING), -Proj(r, d)),
        (LOSS, product(MOVING), Zero(d, d)),
        (LOSS, product(MOVING), 2 * Proj(r, d)),
        (-LOSS, product(MOVING), Proj(r, d)),
        (LOSS, product(START), Proj(r, d)),
    ],
)
def test_a_wrong_target_is_not_reached(parts: tuple[Expr, ...]) -> None:
    decision = replace(three_layers, build=lambda: STATEMENT.with_parts(parts)).decide()
    assert decision.evidence[0].outcome != Outcome.PROVED
    assert decision.verdict != Verdict.PROVED


def test_above_the_level_or_without_balance_there_is_no_theorem() -> None:
    *balance, low = BALANCED_LOW.relations
    for relations in (tuple(balance), (low, *balance[1:]), (low,)):
        given = (*three_layers.given[:2], replace(BALANCED_LOW, relations=relations))
        assert replace(three_layers, given=given).decide().evidence[0].outcome != Outcome.PROVED
