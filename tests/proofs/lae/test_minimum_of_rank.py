"""Eckart–Young with equality: what breaks when the spectrum is tied, a weight is 0, or the value is another."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq

from proofs.api import decide
from proofs.bao2020.notation import PRIOR, W1, W2, U
from proofs.claim import Claim, registry
from proofs.hypotheses import Hypothesis
from proofs.kernel.propositions import Rel
from proofs.lae.blocks_nested import NUMBERED
from proofs.lae.nested_widths import HAS_WEIGHT

UNIQUE, MINIMUM = registry()["kunin2019/s1/eckart-young/unique"], registry()["lae/nested/minimum"]


def verdict(claim: Claim, given: tuple[Hypothesis, ...] | None = None, **changes: object) -> str:
    changed = replace(claim.statement, **changes)  # type: ignore[type-var]
    given = claim.given if given is None else given
    return decide(replace(claim, id="test/claim", given=given, build=lambda: changed)).verdict


def test_the_nearest_is_not_its_negative() -> None:
    assert verdict(UNIQUE, conclusions=(Rel(W2 @ W1, "=", -(U @ U.T)),)) == "refuted"


def test_a_lower_value_is_not_the_least_and_proves_nothing() -> None:
    (premise,) = UNIQUE.statement.premises  # type: ignore[attr-defined]
    assert verdict(UNIQUE, premises=(Rel(premise.left, "=", premise.right / 2),)) != "proved"


def test_widths_without_weight_are_free() -> None:
    assert verdict(MINIMUM, MINIMUM.given[:2]) != "proved"


def test_tied_components_may_be_exchanged() -> None:
    tied = replace(NUMBERED, draw=lambda rng, at: {"σ": [fmpq(1)] * at["m"]})
    assert verdict(MINIMUM, (tied, PRIOR, HAS_WEIGHT)) != "proved"
