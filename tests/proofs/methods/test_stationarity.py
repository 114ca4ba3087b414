"""Lists of stationary points: incomplete lists, wrong points and wrong proofs must be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, matrix
from proofs.bao2020.notation import Λ, λ, σ
from proofs.bao2020.section_4 import (
    ORDER,
    SPECTRAL_LOSS,
    Λ_I,
    E,
    global_minima,
    global_minima_corrected,
    landscape_corrected,
    local_minima,
    local_minima_of_full_rank,
    matched,
    matchings,
)
from proofs.claim import Context, Evidence, Outcome, Verdict, checked, seed_of, witness
from proofs.hypotheses import Plan
from proofs.kernel.expressions import Basis, Letter, Num, SqNorm, integer
from proofs.kernel.propositions import Every, Rel
from proofs.methods.global_minima import Minima, by_curvature, by_descents, by_losses
from proofs.methods.stationarity import (
    Complete,
    Points,
    Stationary,
    by_choices,
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


def test_matchings_are_every_partial_signed_injection() -> None:
    # Σ_r C(2, r)·3!/(3 − r)!·2^r = 1 + 2·3·2 + 1·6·4
    assert len(list(matchings(2, 3))) == 37


LIST, BACK = landscape_corrected.statement.members  # type: ignore[attr-defined]


def told(statement: Complete | Stationary) -> Evidence:
    """What the first witness says, theorems looked at."""
    supposed = landscape_corrected.supposed(statement)
    context = Context(landscape_corrected.given, seed_of("planted"), supposed=supposed)
    return checked(witness(statement.witnesses[0], statement, context), statement, supposed)


def test_the_landscape_is_a_theorem_both_ways() -> None:
    assert told(LIST).outcome == told(BACK).outcome == Outcome.PROVED


def test_proof_of_completeness_is_about_its_own_loss() -> None:
    evidence = told(replace(LIST, loss=2 * SPECTRAL_LOSS))
    assert evidence.outcome == Outcome.UNDECIDED
    assert "another loss" in evidence.detail


@pytest.mark.parametrize("factor", [2, -1])
def test_wrong_scale_of_a_listed_point_is_caught_by_both_witnesses(factor: int) -> None:
    points = matched()
    wrong = replace(points, form=(factor * points.form[0], points.form[1]))
    planted = replace(BACK, points=wrong)
    assert told(planted).outcome == Outcome.UNDECIDED
    assert by_choices(planted, Context(landscape_corrected.given, seed_of("planted"))).outcome == Outcome.FAILS
    assert told(replace(LIST, points=wrong)).outcome == Outcome.UNDECIDED


@pytest.mark.parametrize("dropped", range(1, 5))
def test_every_equation_of_the_list_is_used_or_shown(dropped: int) -> None:
    """Without an equation listed points need not be stationary, or have no value; more that is claimed is not shown."""
    points = matched()
    fewer = replace(points, where=points.where[:dropped] + points.where[dropped + 1 :])
    assert told(replace(BACK, points=fewer)).outcome == Outcome.UNDECIDED
    more = replace(points, where=(*points.where, Rel(Λ @ E, "=", 2 * (E @ Λ_I))))
    assert told(replace(LIST, points=more)).outcome == Outcome.UNDECIDED


def test_without_the_order_of_the_spectrum_the_list_is_not_complete() -> None:
    supposed = tuple(p for p in landscape_corrected.supposed(LIST) if not (isinstance(p, Every) and "σ" in str(p)))
    evidence = LIST.witnesses[0](LIST, Context(landscape_corrected.given, supposed=supposed))
    assert evidence.outcome == Outcome.UNDECIDED


@pytest.mark.parametrize("place", range(6))
def test_every_step_of_the_landscape_proof_is_needed(place: int) -> None:
    steps = LIST.proof.steps
    without = replace(LIST.proof, steps=steps[:place] + steps[place + 1 :])
    assert told(replace(LIST, proof=without)).outcome == Outcome.UNDECIDED
    turned = replace(steps[place], by=lambda *f: -1 * steps[place].by(*f))
    wrong = replace(LIST.proof, steps=(*steps[:place], turned, *steps[place + 1 :]))
    assert told(replace(LIST, proof=wrong)).outcome == Outcome.UNDECIDED


def test_minima_with_unsorted_components_are_caught() -> None:
    statement = local_minima.statement
    everything = replace(statement, points=matched(), plan=Plan(({"k": 2, "m": 3, "n": 4},), per_size=1))
    context = Context(local_minima.given, seed_of("planted"))
    assert by_curvature(everything, context).outcome == Outcome.FAILS
    assert by_losses(everything, context).outcome == Outcome.FAILS


def test_a_strict_minimum_that_is_not_of_the_form_refutes_and_the_whole_form_does_not() -> None:
    """Of the signs in P one alone: the points with others are minima as well."""
    claim = local_minima_of_full_rank
    small = replace(claim.statement, plan=Plan(({"k": 1, "m": 2, "n": 4}, {"k": 2, "m": 2, "n": 4}), per_size=1))
    context = Context(claim.given, seed_of(claim.id))
    assert by_curvature(small, context).outcome == Outcome.CERTIFIED
    one_sign = replace(small.points, choices=lambda at: islice(small.points.choices(at), 1))
    assert by_curvature(replace(small, points=one_sign), context).outcome == Outcome.FAILS


def descending(statement: Minima) -> Evidence:
    supposed = global_minima_corrected.supposed(statement)
    return by_descents(statement, Context(global_minima_corrected.given, supposed=supposed))


def test_descent_needs_its_suppositions() -> None:
    """λ_1 < λ_2 and σ_1² > σ_2² are needed; without a direction nothing descends."""
    statement = global_minima_corrected.statement
    assert descending(statement).outcome == Outcome.ARGUED
    for needed in (Rel(λ[2], ">", λ[1]), Rel(σ[1] ** 2, ">", σ[2] ** 2)):
        assert needed in ORDER
        without = replace(statement, order=tuple(p for p in ORDER if p != needed))
        assert descending(without).outcome == Outcome.UNDECIDED
    assert descending(replace(statement, descents=())).outcome == Outcome.UNDECIDED


def test_identity_of_a_curvature_with_a_wrong_factor_is_caught() -> None:
    statement = global_minima_corrected.statement
    first, *rest = statement.descents
    planted = replace(
        statement, descents=(first.with_parts([first.parts[0], *(2 * p for p in first.parts[1:])]), *rest)
    )
    assert descending(planted).outcome == Outcome.UNDECIDED


def test_a_descent_that_does_not_descend_is_a_fault_of_its_claim() -> None:
    """Though at every stationary point that is tried the printed ones have the least loss."""
    claim, statement = global_minima_corrected, global_minima_corrected.statement
    first, *rest = statement.descents
    upwards = first.with_parts([-1 * p for p in first.parts])
    small = replace(statement, plan=Plan(({"k": 2, "m": 2, "n": 3},), per_size=1))
    planted = replace(claim, build=lambda: replace(small, descents=(upwards, *rest)))
    assert replace(claim, build=lambda: small).decide().verdict == Verdict.CERTIFIED
    found = planted.decide()
    assert found.verdict == Verdict.OPEN
    assert found.scope.startswith("hint idle: ")


def test_a_wrong_value_of_the_loss_at_the_minima_certifies_nothing() -> None:
    statement, context = global_minima_corrected.statement, Context(global_minima_corrected.given, seed_of("planted"))
    assert by_losses(statement, context).outcome == Outcome.CERTIFIED
    found = by_losses(replace(statement, value=-statement.value), context)
    assert found.outcome == Outcome.UNDECIDED
    assert "the loss at a point of the form is" in found.detail


def test_signs_of_the_minima_are_all_there() -> None:
    points = global_minima.statement.points
    choices = list(points.choices({"k": 2, "m": 2}))
    assert sorted(tuple(map(int, c["ε"])) for c in choices) == sorted(product((-1, 1), repeat=2))
