"""Flows that converge, from Łojasiewicz's theorem: what bounds them is needed, and a wrong sign is refuted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.bah2019.section_4_limit import three_layers, two_layers
from proofs.bah2019.section_5_limit import limit_exists
from proofs.claim import Claim, Outcome, Verdict
from proofs.methods.tends import Tends

CLAIMS = [two_layers, three_layers, limit_exists]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
def test_it_is_proved_from_the_fact_alone(claim: Claim) -> None:
    decision = claim.decide()
    assert decision.verdict == Verdict.PROVED
    assert decision.evidence[0].rests_on == ("Łojasiewicz",)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
def test_a_loss_of_the_other_sign_bounds_nothing(claim: Claim) -> None:
    statement: Tends = claim.statement  # type: ignore[assignment]
    loss, *sides = statement.parts
    decision = replace(claim, build=lambda: statement.with_parts((-loss, *sides))).decide()
    assert decision.verdict == Verdict.REFUTED
    assert decision.evidence[0].outcome != Outcome.PROVED


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
def test_every_hypothesis_of_a_bound_is_used(claim: Claim) -> None:
    for place, hypothesis in enumerate(claim.given):
        if hypothesis.relations:
            given = (*claim.given[:place], *claim.given[place + 1 :])
            assert replace(claim, given=given).decide().evidence[0].outcome != Outcome.PROVED
