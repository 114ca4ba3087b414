"""Flows: conserved quantities, closed forms and limits, and what a planted error does to each witness."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from numerics.deep_flow import balance, integrate, product
from proofs.bah2019 import section_2, section_6_conjecture
from proofs.claim import Claim, Context, Outcome, Verdict
from proofs.kernel.expressions import Sym, lift
from proofs.methods.convergence import determinant, turned
from proofs.methods.flow import ONE, Falls, Rates, constant, descent

REJECTED = {Outcome.FAILS, Outcome.UNDECIDED}


def outcomes(statement: Any, claim: Claim | None = None) -> list[Outcome]:
    """What the witnesses find under what a claim is given."""
    given, supposed = ((), ()) if claim is None else (claim.given, claim.supposed(statement))
    return [w(statement, Context(given, shrink=False, supposed=supposed)).outcome for w in statement.witnesses]


def network(seed: int, widths: tuple[int, ...]) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in zip(widths[1:], widths, strict=False)]


@pytest.mark.parametrize("widths", [(2, 1, 2), (3, 2, 2), (2, 3, 1, 2), (3, 2, 4, 2, 3)])
def test_balance_is_conserved_numerically_within_the_error_of_the_integration(widths: tuple[int, ...]) -> None:
    layers = network(1, widths)
    x, y = np.random.default_rng(2).normal(size=(widths[0], 5)), np.random.default_rng(3).normal(size=(widths[-1], 5))
    end = integrate(layers, x @ x.T, y @ x.T, 3.0)
    drift = max(float(np.max(np.abs(a - b))) for a, b in zip(balance(layers), balance(end.layers), strict=True))
    scale = 1 + max(float(np.max(np.abs(w))) for w in (*layers, *end.layers))
    assert end.error < 1e-5
    assert drift <= 10 * scale * max(end.error, 1e-9)
    assert not np.allclose(product(layers), product(end.layers))


def test_a_quantity_that_moves_is_not_called_constant() -> None:
    members = section_2.conserved.statement.members
    rates = members[0]
    assert outcomes(rates, section_2.conserved) == [Outcome.PROVED, Outcome.CERTIFIED]
    left, right = rates.parts
    moving = [rates.with_parts(changed) for changed in ((2 * left, right), (left, -right), (left + right, right))]
    for statement in (*moving, constant(rates.flow, left)):
        proved, followed = outcomes(statement, section_2.conserved)
        assert (proved in (Outcome.UNDECIDED, Outcome.FAILS), followed) == (True, Outcome.FAILS)


def test_the_closed_form_of_remark_33_is_followed_by_the_integrated_flow() -> None:
    λ = np.diag([2.0, 1.0])
    start = [np.array([[1.0, 0.0]]), np.array([[-1.0], [0.0]])]
    for t in (0.1, 0.5, 1.0):
        end = integrate(start, λ, λ, t)
        printed = 1 / np.sqrt(2 * np.exp(2 * 2.0 * t) - 1)
        assert abs(end.layers[0][0, 0] - printed) < 1e-7
        assert abs(end.layers[1][0, 0] + printed) < 1e-7


def test_a_closed_form_with_a_planted_error_is_caught_by_both_witnesses() -> None:
    claim = section_6_conjecture.remark
    solves = claim.statement
    assert outcomes(solves, claim) == [Outcome.PROVED, Outcome.SUPPORTED]  # of roots the limit is only followed
    for place in range(len(solves.parts) - 1):
        parts = list(solves.parts)
        parts[place] = 2 * parts[place]
        if parts[place].shape and place in (4, 5, 6):
            continue  # twice the zero matrix is the zero matrix
        assert set(outcomes(solves.with_parts(parts), claim)) <= REJECTED, place
    slower = replace(solves, clock=replace(solves.clock, growth=solves.clock.growth / 2))
    elsewhere = replace(solves, limit=(*solves.initial, solves.limit[2]))
    unsaid = replace(solves, falls=(Falls(lift(0), ONE),) * 3)
    for changed in (slower, elsewhere):
        assert outcomes(changed, claim) == [Outcome.UNDECIDED, Outcome.FAILS]
    assert outcomes(unsaid, claim)[0] == Outcome.UNDECIDED


def test_a_curve_with_a_wrong_speed_or_point_is_caught_by_both_witnesses() -> None:
    claim = section_6_conjecture.deeper
    curve = claim.statement
    assert outcomes(curve, claim) == [Outcome.PROVED, Outcome.CERTIFIED]
    for place in range(len(curve.parts)):
        parts = list(curve.parts)
        parts[place] = -parts[place]
        assert set(outcomes(curve.with_parts(parts), claim)) <= REJECTED, place


def test_the_counterexample_to_conjecture_32_rests_away_from_the_claimed_limit() -> None:
    statement = section_6_conjecture.conjecture.statement
    rng = Context().rng("test")
    start = next(s for s in statement.starts(rng, 2, (True,)) if turned(statement, s))
    assert statement.admits(start)
    assert determinant(start.top_block) < 0
    xx = np.diag([float(x.p) / float(x.q) for x in start.spectrum])
    for until in (10.0, 50.0):
        end = product(integrate(start.floats(), xx, xx, until).layers)
        assert np.linalg.det(end[:2, :2]) < 1e-9
        assert np.max(np.abs(end - np.diag([1.0, 1.0, 0.0]))) > 0.5


def test_every_drawn_start_is_balanced_and_of_the_rank_that_was_asked_for() -> None:
    statement = section_6_conjecture.conjecture.statement
    for rank in (1, 2):
        for start in list(statement.starts(Context().rng("balance"), rank, (True, False)))[:20]:
            layers = start.layers
            assert all(np.all(b.T @ b == a @ a.T) for a, b in pairwise(layers))
            assert len(layers) > 2


def test_the_conjecture_falls_and_its_rank_one_case_stands_on_its_lemmas() -> None:
    assert section_6_conjecture.rank_one.decide().verdict == Verdict.SUPPORTED
    assert outcomes(section_6_conjecture.rank_one.statement)[0] == Outcome.ARGUED  # by Theorem 12, which is cited
    doubled = section_6_conjecture.rank_one.statement
    doubled = doubled.with_parts((doubled.condition, 2 * doubled.target))
    assert outcomes(doubled)[0] == Outcome.UNDECIDED
    assert outcomes(doubled)[1] in REJECTED


def test_the_rate_of_a_letter_is_its_velocity() -> None:
    flow = descent(
        section_6_conjecture.distance(section_6_conjecture.β @ section_6_conjecture.α.T),
        section_6_conjecture.α,
        section_6_conjecture.β,
    )
    assert flow.rate(section_6_conjecture.α).var == Sym("τ")
    assert isinstance(section_2.conserved.statement.members[0], Rates)
