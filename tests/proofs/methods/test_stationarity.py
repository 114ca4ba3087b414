"""Lists of stationary points: incomplete lists, wrong points and wrong proofs must be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, matrix
from proofs.bao2020.section_4 import (
    ORDER,
    SPECTRAL_LOSS,
    completeness,
    global_minima,
    landscape_corrected,
    local_minima,
    matched,
    matchings,
)
from proofs.claim import Context, Outcome, seed_of
from proofs.hypotheses import Plan
from proofs.kernel.expressions import Basis, Grad, Letter, Num, SqNorm, Tr, integer
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.minima import by_curvature, by_descents, by_losses
from proofs.methods.stationarity import (
    Complete,
    Points,
    Stationary,
    by_canonical_form,
    by_choices,
    by_equations,
    by_roots,
)

ONE = Num(fmpq(1))
m = integer("m")
w = Letter("w", m, 1)
DOUBLE_WELL = (SqNorm(w) - 1) ** 2
AXIS = Basis(ONE, m)
PLAN = Plan(({"k": 1, "m": 1, "n": 1},), per_size=1)


def multiples(*values: int) -> Points:
    """The points s·e_1 for some numbers s."""
    s = Letter("s", 1, 1)

    def choices(at: Instance) -> Iterator[Instance]:
        return ({**at, "s": matrix([[v]])} for v in values)

    return Points((w,), (AXIS @ s,), choices, frozenset({"s"}))


@pytest.mark.parametrize(
    ("values", "stationary", "complete"),
    [
        ((-1, 0, 1), Outcome.CERTIFIED, Outcome.SUPPORTED),
        ((0, 1), Outcome.CERTIFIED, Outcome.FAILS),
        ((-1, 0, 1, 2), Outcome.FAILS, Outcome.SUPPORTED),
    ],
    ids=["exact", "one missing", "one too many"],
)
def test_list_of_a_double_well(values: tuple[int, ...], stationary: Outcome, complete: Outcome) -> None:
    listed = multiples(*values)
    assert by_choices(Stationary(DOUBLE_WELL, listed, PLAN), Context()).outcome == stationary
    evidence = by_roots(Complete(DOUBLE_WELL, listed, plan=PLAN), Context())
    assert evidence.outcome == complete
    if complete == Outcome.FAILS:
        assert evidence.counterexample is not None
        assert evidence.counterexample.instance["w"] == "[[-1]]"


def test_equations_must_describe_the_list() -> None:
    gradient = fact(Grad(DOUBLE_WELL, w), "=", 0)
    goal = fact(4 * (SqNorm(w) - 1) * SqNorm(w), "=", 0)
    proof = Implication((gradient,), (goal,), (w,), (Step(lambda g: Tr(w.T @ g)),))
    whole, part = (Complete(DOUBLE_WELL, multiples(*v), proof, plan=PLAN) for v in ((-1, 0, 1), (0, 1)))
    assert by_equations(whole, Context()).outcome == Outcome.PROVED
    assert by_equations(part, Context()).outcome == Outcome.UNDECIDED


def test_matchings_are_every_partial_signed_injection() -> None:
    # Σ_r C(2, r)·3!/(3 − r)!·2^r = 1 + 2·3·2 + 1·6·4
    assert len(list(matchings(2, 3))) == 37


def test_proof_of_completeness_is_about_its_own_loss() -> None:
    other = Complete(2 * SPECTRAL_LOSS, matched(), completeness())
    evidence = by_equations(other, Context(landscape_corrected.given))
    assert evidence.outcome == Outcome.UNDECIDED
    assert "another loss" in evidence.detail


@pytest.mark.parametrize("factor", [2, -1])
def test_wrong_scale_of_a_listed_point_is_caught_by_both_witnesses(factor: int) -> None:
    points = matched()
    planted = Stationary(SPECTRAL_LOSS, replace(points, form=(factor * points.form[0], points.form[1])))
    context = Context(landscape_corrected.given, seed_of("planted"))
    assert by_canonical_form(planted, context).outcome == Outcome.FAILS
    assert by_choices(planted, context).outcome == Outcome.FAILS


def test_step_of_the_landscape_proof_with_the_wrong_sign_does_not_pass() -> None:
    proof = completeness()
    steps = list(proof.proof)
    steps[2] = replace(steps[2], by=lambda *known: -proof.proof[2].by(*known))
    planted = Complete(SPECTRAL_LOSS, matched(), replace(proof, proof=tuple(steps)))
    assert by_equations(planted, Context(landscape_corrected.given)).outcome == Outcome.UNDECIDED


def test_minima_with_unsorted_components_are_caught() -> None:
    statement = local_minima.statement
    everything = replace(statement, points=matched(), plan=Plan(({"k": 2, "m": 2, "n": 4},), per_size=1))
    context = Context(local_minima.given, seed_of("planted"))
    assert by_curvature(everything, context).outcome == Outcome.FAILS
    assert by_losses(everything, context).outcome == Outcome.FAILS


def test_descent_needs_the_order_of_its_hypothesis() -> None:
    statement = global_minima.statement
    assert by_descents(statement, Context(global_minima.given)).outcome == Outcome.PROVED
    without = replace(statement, order=replace(ORDER, relations=ORDER.relations[:3]))
    assert by_descents(without, Context(global_minima.given)).outcome == Outcome.UNDECIDED


def test_identity_of_a_curvature_with_a_wrong_factor_is_caught() -> None:
    statement = global_minima.statement
    first, *rest = statement.descents
    planted = replace(statement, descents=(first.with_parts([first.parts[0], 2 * first.parts[1]]), *rest))
    assert by_descents(planted, Context(global_minima.given)).outcome == Outcome.UNDECIDED


def test_signs_of_the_minima_are_all_there() -> None:
    points = global_minima.statement.points
    choices = list(points.choices({"k": 2, "m": 2}))
    assert sorted(tuple(map(int, c["ε"])) for c in choices) == sorted(product((-1, 1), repeat=2))
