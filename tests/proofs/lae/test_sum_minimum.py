"""The bound on the sum loss: multipliers beyond λ, and a loss that is not that at the minimum, are refuted."""

from __future__ import annotations

from dataclasses import replace

from proofs.api import decide
from proofs.claim import registry
from proofs.lae import sum_minimum


def test_multipliers_beyond_the_penalty_bound_nothing() -> None:
    claim = registry()["lae/sum/bounded"]
    beyond = replace(sum_minimum.WITHIN, relations=(), draw=sum_minimum.WITHIN.broken)
    assert decide(replace(claim, id="test/claim", given=(*claim.given[:2], beyond))).verdict != "proved"


def test_another_value_is_not_the_loss() -> None:
    claim = registry()["lae/sum/attained"]
    loss, value = claim.statement.parts
    wrong = claim.statement.with_parts((loss, 2 * value))
    assert decide(replace(claim, id="test/claim", build=lambda: wrong)).verdict == "refuted"
