"""Sections 1 to 4 of kunin2019: what is found by hand, planted errors, and sections that are selected by number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import evaluate, matrix
from proofs.claim import Claim, Context, Outcome, registry, seed_of, select
from proofs.kernel.expressions import Grad, Num, add, mul
from proofs.kunin2019 import (
    section_1,
    section_2_1,
    section_2_2,
    section_3,
    section_3_ppca,
    section_4_1,
    section_4_1_theorem,
    section_4_proofs,
    section_4_sum,
)
from proofs.kunin2019.notation import W1, W2, summed
from proofs.methods.implication import is_zero

PROVED = [
    section_1.projection,
    section_2_1.saddle_of_sum,
    section_2_1.least_sum,
    section_3.posterior_product,
    section_3_ppca.related,
    section_4_1.rotation,
    section_4_1.descent,
    section_4_1_theorem.unique,
    section_4_1_theorem.saddle,
    section_4_1_theorem.pairs_below,
    section_4_proofs.expanded_sum,
    section_4_proofs.distinct_for_small_penalty,
    section_4_sum.left_singular,
]


def context(found: Claim) -> Context:
    return Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(found.statement))


@pytest.mark.parametrize("found", PROVED, ids=lambda c: c.id)
def test_factor_planted_in_a_proved_formula_is_seen_by_two_witnesses(found: Claim) -> None:
    statement = found.statement
    parts = list(statement.parts)
    place = max(p for p, part in enumerate(parts) if not is_zero(part))
    parts[place] = mul(-3, parts[place]) if parts[place].shape else add(mul(-3, parts[place]), Num(fmpq(-7)))
    planted = statement.with_parts(parts)
    outcomes = [w(planted, context(found)).outcome for w in planted.witnesses[:2]]
    assert outcomes[0] == Outcome.UNDECIDED
    assert outcomes[1] == Outcome.FAILS


@pytest.mark.parametrize("found", [section_3_ppca.coincide, section_3_ppca.stationary_of_pca], ids=lambda c: c.id)
def test_pca_and_the_sum_loss_differ_from_two_data_points_on(found: Claim) -> None:
    """k = m = 1: pPCA is at w² = σ²/n − v, the whitened sum loss at w² = σ² − λ: the same for n = 1 alone."""
    example = found.decide().counterexample
    assert example is not None
    assert example.instance["n"] == "2"


def test_more_planes_are_critical_if_one_may_be_no_projection() -> None:
    """P = diag(2, 0) commutes with XXᵀ and has no first variation, but 2² ≠ 2."""
    statement = section_4_1_theorem.listed()
    premises = tuple(p for p in statement.premises if p is not section_4_1.PROJECTION[1])
    wider = replace(statement, premises=premises)
    assert wider.witnesses[1](wider, context(section_4_1_theorem.principal)).outcome == Outcome.FAILS


def test_sum_loss_has_no_critical_point_over_a_dominated_direction() -> None:
    """k = m = 1, σ = 1, λ = 4: ∂ = 2w(w² − 1) + 8w vanishes at w = 0 alone."""
    data = {"k": 1, "m": 1, "n": 1, "σ": [fmpq(1)], "λ": fmpq(4), "ℓ": 0}
    assert [c["i"] for c in section_4_sum.compressed(data)] == [[]]


def test_listed_point_of_the_sum_loss_is_critical() -> None:
    """σ = 5, λ = 9: w² = 1 − 9/25 = 16/25."""
    x = fmpq(5)
    w = matrix([[fmpq(4, 5)]])
    at = {"k": 1, "m": 1, "n": 1, "X": matrix([[x]]), "λ": fmpq(9), "W1": w, "W2": w}
    assert all(np.all(evaluate(Grad(summed(W1, W2), letter), at) == 0) for letter in (W1, W2))


@pytest.mark.parametrize(
    ("found", "size"),
    [(section_2_2.pseudoinverses, "2"), (section_4_proofs.proposition, "2")],
    ids=lambda x: getattr(x, "id", x),
)
def test_pseudoinverses_fail_with_two_latent_components(found: Claim, size: str) -> None:
    example = found.decide().counterexample
    assert example is not None
    assert example.instance["k"] == size


def test_equal_levels_of_the_sum_loss() -> None:
    """σ² = 4, 1 and λ = 2: (4 − 2)²/4 = (1 − 2)²/1."""
    at = {"σ": [fmpq(2), fmpq(1)], "λ": fmpq(2)}
    one, other = (evaluate(section_4_proofs.level(Num(fmpq(place))), at) for place in (1, 2))
    assert one == other == 1


@pytest.mark.parametrize("section", ["1", "2", "3", "4", "2.1"])
def test_section_is_selected_by_its_number(section: str) -> None:
    found = list(select([f"kunin2019/{section}"], registry(("kunin2019",))))
    name = "section_" + section.replace(".", "_")
    assert found
    assert all(c.module.rpartition(".")[2].startswith(name) for c in found)


def test_number_of_no_section_selects_nothing() -> None:
    assert not list(select(["kunin2019/7"], registry(("kunin2019",))))
