"""Section 4 and Appendix E of bao2020: what is found by hand must be found by the claims, planted errors too."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, evaluate, matrix
from proofs.bao2020 import appendix_e, section_4
from proofs.bao2020.notation import W1, W2
from proofs.bao2020.section_4 import SPECTRAL_LOSS, matched, signed_matchings
from proofs.claim import Claim, Context, Outcome, seed_of
from proofs.kernel.expressions import Grad, mul
from proofs.methods.implication import is_zero

RIGHT = [
    section_4.transpose_theorem,
    appendix_e.lemma_2_gradient_corrected,
    appendix_e.gradient_difference_corrected,
    appendix_e.rotated_loss_corrected,
    appendix_e.rotated_penalty_corrected,
    appendix_e.amplitude_cosine,
    appendix_e.amplitude_sine_corrected,
]


@pytest.fixture
def unsorted_point() -> Instance:
    """k = 1, m = 2, σ = (2, 1), λ = 16/25: the second direction is learned, with w² = 1 − λ/σ_2² = 9/25."""
    data = {"k": 1, "m": 2, "n": 4, "σ": [fmpq(2), fmpq(1)], "λ": [fmpq(16, 25)], "Ū": matrix([[1, 0], [0, 1]])}
    w = matrix([[0, fmpq(3, 5)]])
    return {**data, "V̄": matrix([[1, 0], [0, 1], [0, 0], [0, 0]]), "W1": w, "W2": w.T}


def test_point_that_learns_a_direction_beyond_the_kth_is_stationary_and_listed(unsorted_point: Instance) -> None:
    at = unsorted_point
    assert all(np.all(evaluate(Grad(SPECTRAL_LOSS, w), at) == 0) for w in (W1, W2))
    data = {name: value for name, value in at.items() if name not in ("W1", "W2")}
    listed = [p for p in map(matched().at, signed_matchings(data)) if np.all(p["W1"] == at["W1"])]
    assert len(listed) == 1


def test_printed_list_misses_such_a_point() -> None:
    example = section_4.landscape.decide().counterexample
    assert example is not None
    assert (example.instance["k"], example.instance["m"]) == ("1", "2")


@pytest.mark.parametrize("found", RIGHT, ids=lambda c: c.id)
def test_factor_planted_in_the_last_formula_is_seen_by_two_witnesses(found: Claim) -> None:
    statement = found.statement
    context = Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(statement))
    parts = list(statement.parts)
    place = max(p for p, part in enumerate(parts) if not is_zero(part))
    target = place if not is_zero(parts[-1]) else place - 2
    parts[target] = mul(-3, parts[target])
    planted = statement.with_parts(parts)
    before, after = ([w(s, context).outcome for w in statement.witnesses[:2]] for s in (statement, planted))
    assert Outcome.FAILS not in before
    assert all(a != b for a, b in zip(after, before, strict=True))


def test_lemma_4_falls_to_opposite_entries() -> None:
    """With D² = I every Q satisfies 2QD²Q = Q²D² + D²Q²; d = (1, −1) is distinct."""
    example = appendix_e.lemma_4.decide().counterexample
    assert example is not None
    first, second = example.instance["d"].strip("()").split(", ")
    assert int(first) == -int(second)


def test_gradient_difference_does_not_conform() -> None:
    assert appendix_e.gradient_difference.decide().evidence[0].method == "shapes"
