"""Section 4 of kunin2019: counts that can be derived by hand, and points that the printed list lacks."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, dense_hessian, diagonal, evaluate, matrix
from proofs.algebra.inertia import Inertia, inertia
from proofs.claim import Claim, Context, Outcome, seed_of
from proofs.kernel.expressions import Grad, Num, add, mul
from proofs.kunin2019 import section_4
from proofs.kunin2019.notation import W1, W2, summed, unregularized
from proofs.kunin2019.section_4 import data, frame, index_sets, orthonormal_frame

LOSS = unregularized(W1, W2)


@pytest.fixture
def plane() -> Instance:
    """k = m = 2, σ = (2, 1), I = {1}, G = (1, 0)ᵀ and its left inverse (1, 1), which is not the pseudoinverse."""
    at = {"k": 2, "m": 2, "n": 2, "X": diagonal([fmpq(2), fmpq(1)])}
    return {**at, "W1": matrix([[1, 0], [0, 0]]), "W2": matrix([[1, 1], [0, 0]])}


def test_left_inverse_that_is_no_pseudoinverse_gives_a_critical_point(plane: Instance) -> None:
    assert all(np.all(evaluate(Grad(LOSS, w), plane) == 0) for w in (W1, W2))


def test_inertia_there(plane: Instance) -> None:
    """d_I + (k − ℓ)(m − ℓ) = 0 + 1 descending; G has kℓ = 2 and L another (k − ℓ)ℓ = 1 flat directions."""
    assert inertia(dense_hessian(LOSS, (W1, W2), plane)) == Inertia(1, 3, 4)


@pytest.mark.parametrize(("x", "negative"), [(2, 1), (fmpq(1, 2), 0)])
def test_origin_of_the_scalar_sum_loss(x: fmpq, negative: int) -> None:
    """(1 − w2w1)²x² + λ(w1² + w2²) has Hessian (2λ, −2x²; −2x², 2λ) at 0: a saddle for λ < x², a minimum for λ > x²."""
    at = {"k": 1, "m": 1, "n": 1, "X": matrix([[x]]), "λ": fmpq(1), "W1": matrix([[0]]), "W2": matrix([[0]])}
    found = inertia(dense_hessian(summed(W1, W2), (W1, W2), at))
    assert found == Inertia(negative, 0, 2 - negative)


def test_frames_are_left_inverse_pairs_and_not_only_pseudoinverses() -> None:
    rng, other = Random(0), 0
    for _ in range(20):
        drawn = frame(rng, {"k": 3, "ℓ": 2})
        assert np.all(drawn["L"] @ drawn["G"] == diagonal([fmpq(1)] * 2))
        projection = drawn["G"] @ drawn["L"]
        other += not np.all(projection == projection.T)
    assert other > 5


def test_orthonormal_frames_are_orthonormal() -> None:
    drawn = [orthonormal_frame(Random(s), {"k": 3, "ℓ": 2})["O"] for s in range(10)]
    assert all(np.all(o.T @ o == diagonal([fmpq(1)] * 2)) for o in drawn)


def test_spectra_fall_below_the_penalty_at_every_size() -> None:
    for m in (1, 2, 3):
        drawn = [data(Random(s), {"m": m, "height": 2}) for s in range(40)]
        below = {sum(x * x < d["λ"] for x in d["σ"]) for d in drawn}
        assert {0, 1, m} <= below


def test_index_sets_include_the_empty_one() -> None:
    sets = [
        tuple(map(int, c["i"])) for c in index_sets({"k": 2, "m": 3, "σ": [fmpq(3), fmpq(2), fmpq(1)], "λ": fmpq(1)})
    ]
    assert sets == [(), (1,), (2,), (3,), (1, 2), (1, 3), (2, 3)]


COUNTS = [section_4.descending_sum_corrected, section_4.flat_sum, section_4.ascending_sum_corrected]


@pytest.mark.parametrize("change", [lambda c: mul(2, c), lambda c: add(c, Num(fmpq(1))), lambda c: mul(-1, c)])
@pytest.mark.parametrize("found", COUNTS, ids=lambda c: c.id)
def test_wrong_count_is_seen_by_every_witness(found: Claim, change) -> None:  # type: ignore[no-untyped-def]
    statement = replace(found.statement, plan=section_4.small((1, 1), (2, 2), per_size=2))
    context = Context(found.given, seed_of(found.id))
    planted = statement.with_parts([change(statement.count)])
    found_true = [w(statement, context).outcome for w in statement.witnesses]
    assert found_true == [Outcome.CERTIFIED, Outcome.CERTIFIED]
    assert [w(planted, context).outcome for w in statement.witnesses] == [Outcome.FAILS] * 2


def test_printed_list_of_the_unregularised_loss_needs_two_latent_components() -> None:
    example = section_4.critical_points.decide().counterexample
    assert example is not None
    assert (example.instance["k"], example.instance["m"]) == ("2", "2")
