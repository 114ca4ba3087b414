"""The critical points of the summed loss: those found by hand are found by the claims, planted errors are refuted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, evaluate, matrix, zeros
from proofs.claim import Claim, Context, Outcome, seed_of
from proofs.kernel.expressions import Expr, Grad, mul
from proofs.kernel.propositions import Rel
from proofs.methods.implication import Implication, by_proof, by_solutions
from proofs.oftadeh2020 import section_2, section_3, section_3_landscape, section_4
from proofs.oftadeh2020.critical import CORRELATED, CRITICAL, OVERLAPPING
from proofs.oftadeh2020.notation import LOSS, MSE, A, B, p, scaled

MIXED = matrix([[1, 0, 2, 0], [0, 1, 2, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]])


@pytest.fixture
def mixed_column() -> Instance:
    """n = 5, p = 4, X = Y = diag(5, …, 1): the third column is twice the sum of the first two, and learns nothing."""
    data = diagonal([fmpq(x) for x in (5, 4, 3, 2, 1)])
    encoder = zeros(4, 5)
    encoder[0, 0] = encoder[1, 1] = encoder[3, 2] = fmpq(1)
    return {"p": 4, "n": 5, "m": 5, "A": MIXED, "B": encoder, "X": data, "Y": data}


def test_rank_deficient_point_beyond_the_conjecture_of_remark_6_is_critical(mixed_column: Instance) -> None:
    assert all(np.all(evaluate(Grad(of, w), mixed_column) == 0) for of in (LOSS, MSE) for w in (A, B))


def test_moving_the_idle_column_off_the_learned_span_is_seen_only_by_the_decoders_equation(
    mixed_column: Instance,
) -> None:
    """a_3 = u_4 is orthogonal to what comes before: its code learns nothing only at a point that is not critical."""
    moved = mixed_column["A"].copy()
    moved[:, 2] = 0
    moved[3, 2] = fmpq(1)
    at = {**mixed_column, "A": moved}
    assert not np.all(evaluate(Grad(LOSS, B), at) == 0)


def test_zero_column_allows_correlated_codes() -> None:
    """Corollary 1.1 needs its hypothesis: a_2 = 0 and Σyxb_2 = u_1, n = 3, p = 2."""
    data = diagonal([fmpq(x) for x in (3, 2, 1)])
    decoder, encoder = zeros(3, 2), zeros(2, 3)
    decoder[0, 0] = encoder[0, 0] = encoder[1, 0] = fmpq(1)
    at = {"p": 2, "n": 3, "m": 3, "A": decoder, "B": encoder, "X": data, "Y": data, "j": 1, "d": 2}
    assert all(np.all(evaluate(Grad(LOSS, w), at) == 0) for w in (A, B))
    assert evaluate(CORRELATED, at)[0, 0] == 0
    assert evaluate(section_3_landscape.diagonal_codes.statement.conclusions[0].left, at) == 9


def outcomes(c: Claim, statement: Implication) -> tuple[Outcome, Outcome]:
    context = Context(c.given, seed_of(c.id), shrink=False, drawn={}, supposed=c.supposed(statement))
    return by_proof(statement, context).outcome, by_solutions(statement, context).outcome


@pytest.mark.parametrize(
    "found",
    [
        section_3_landscape.critical_of_mse,
        section_3_landscape.directions,
        section_3_landscape.at_best_encoder,
        section_3_landscape.conditions_on_C,
    ],
    ids=lambda c: c.id,
)
def test_wrong_factor_in_a_conclusion_is_neither_proved_nor_supported(found: Claim) -> None:
    right: Implication = found.statement  # type: ignore[assignment]
    last = right.conclusions[-1]
    planted = replace(right, conclusions=(*right.conclusions[:-1], Rel(last.left, "=", mul(2, last.right))))
    proved, searched = outcomes(found, planted)
    assert proved == Outcome.UNDECIDED
    assert searched in (Outcome.FAILS, Outcome.UNDECIDED)


def test_corollary_is_not_proved_with_the_latents_in_reverse() -> None:
    """T_p in the place of the identity: its tails do not count the sizes that keep a latent."""
    found = section_3_landscape.orthogonal_later
    right: Implication = found.statement  # type: ignore[assignment]
    wrong = Rel(CRITICAL[0].left, "=", scaled(p) @ CRITICAL[0].right)
    assert outcomes(found, replace(right, premises=(wrong, CRITICAL[1])))[0] == Outcome.UNDECIDED


def test_overlap_is_not_forced_before_a_latent_that_learns_nothing(mixed_column: Instance) -> None:
    """a_1ᵀa_3 ≠ 0 with b_3 = 0, while a_1ᵀa_4 = 0 with b_4 ≠ 0."""
    pairs = {"idle": {"j": 1, "d": 3}, "used": {"j": 1, "d": 4}}
    assert all(np.all(evaluate(OVERLAPPING, {**mixed_column, **pair}) == 0) for pair in pairs.values())
    gram = mixed_column["A"].T @ mixed_column["A"]
    assert gram[0, 2] != 0
    assert gram[0, 3] == 0


@pytest.mark.parametrize(
    ("found", "rejected"),
    [
        (section_2.cross_positive, "m"),
        (section_2.scaled_gradients, "A"),
        (section_3.critical_of_both, "A"),
        (section_3_landscape.zero_columns, "Π"),
        (section_3_landscape.axes_first, "C"),
        (section_4.cosine, "A"),
    ],
    ids=lambda x: getattr(x, "id", x),
)
def test_print_that_fails_is_refuted_by_an_instance(found: Claim, rejected: str) -> None:
    decision = found.decide()
    assert decision.verdict == "refuted"
    assert decision.counterexample is not None
    assert rejected in decision.counterexample.instance


def test_smallest_count_of_latents_against_the_conjecture_is_four() -> None:
    example = section_3_landscape.axes_first.decide().counterexample
    assert example is not None
    assert (example.instance["p"], example.instance["ℓ"]) == ("4", "3")


def test_products_are_counted_once_and_scalings_not_at_all() -> None:
    square: Expr = A.T @ A
    assert section_2.products(square, square @ B) == 2
    assert section_2.products(A @ section_2.T_p) == 0
    assert section_2.products(section_2.BY_SAMPLES) == 4
