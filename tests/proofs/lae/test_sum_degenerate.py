"""The sum loss at repeated σ_i and at λ = σ_i²: what the counts for distinct ones miss, and signs that are planted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import fmpq

from proofs.claim import Claim, Context, Outcome, seed_of
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import ell, k, λ
from proofs.kunin2019.section_4 import PAIRS
from proofs.lae import sum_degenerate
from proofs.methods.conjunction import All
from proofs.methods.counts import Directions
from proofs.methods.implication import Implication


def context(found: Claim) -> Context:
    return Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(found.statement))


def test_groups_of_equal_singular_values() -> None:
    """σ² = 4, 4, 1 and λ = 1: two levels, of 2 and 1; one is λ. I = {1} takes one of the first."""
    at = {"k": 1, "m": 3, "n": 3, "σ": [fmpq(2), fmpq(2), fmpq(1)], "λ": fmpq(1)}
    found = [(x["g"], x["n"], x["h"]) for x in sum_degenerate.grouped(at) if x["i"] == [1]]
    assert found == [([2, 1], [1, 0], 1)]


@pytest.mark.parametrize("without", ["within", "spare"])
def test_flat_directions_of_distinct_values_are_too_few(without: str) -> None:
    found = sum_degenerate.flat
    statement = found.statement
    assert isinstance(statement, Directions)
    within, spare = statement.count.children()[-2:]
    planted = replace(statement, count=k * ell - PAIRS + (spare if without == "within" else within))
    assert {w(planted, context(found)).outcome for w in planted.witnesses} == {Outcome.FAILS}


@pytest.mark.parametrize("found", [sum_degenerate.critical, sum_degenerate.quartic], ids=lambda c: c.id)
def test_wrong_sign_of_the_penalty_is_seen(found: Claim) -> None:
    """XXᵀW_2(I − W_2ᵀW_2) = −λW_2, and a loss that falls."""
    statement = found.statement.members[0] if isinstance(found.statement, All) else found.statement
    assert isinstance(statement, Implication)
    last = statement.conclusions[-1]
    planted = replace(statement, conclusions=(*statement.conclusions[:-1], Rel(last.left, "=", -last.right)))
    assert λ in last.right.walk()
    outcomes = [w(planted, context(found)).outcome for w in planted.witnesses]
    assert outcomes == [Outcome.UNDECIDED, Outcome.FAILS]
