"""Extremes by blocks: what the lemma refuses, and algebraic numbers of different polynomials."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq, fmpq_poly

from proofs.algebra.evaluate import Undefined
from proofs.bao2020.notation import ONE, i, k, λ, σ
from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Extremum, Pick
from proofs.lae import blocks_minimum as minimum
from proofs.lae import blocks_nested_minimum as nested
from proofs.methods.inequality import prove
from proofs.methods.order import Arena
from proofs.methods.spectrum import Extreme, largest, smallest

ARENA = Arena.of(Context(tuple(minimum.TELLING)))
S_MIN, S_MAX = (Extreme(kind, minimum.HESSIAN) for kind in ("s_min", "s_max"))


def outcome(left: Any, right: Any, blocks: Any = minimum.BLOCKS, arena: Arena = ARENA) -> Outcome:
    return prove(left, "=", right, blocks, arena)[0]


def test_extremes_are_those_of_the_blocks() -> None:
    assert outcome(S_MIN, minimum.BLOCKS.over("min")) == Outcome.PROVED
    assert outcome(S_MAX, minimum.BLOCKS.over("max")) == Outcome.PROVED


@pytest.mark.parametrize("place", range(5))
def test_no_type_of_block_may_be_left_out(place: int) -> None:
    terms = minimum.BLOCKS.over("min").terms
    fewer = Pick("min", terms[:place] + terms[place + 1 :])
    assert outcome(S_MIN, fewer) == Outcome.UNDECIDED


def test_largest_is_not_the_smallest() -> None:
    assert outcome(S_MAX, minimum.BLOCKS.over("min")) == Outcome.UNDECIDED
    assert outcome(S_MIN, minimum.BLOCKS.over("max")) == Outcome.UNDECIDED


def test_all_latents_must_be_learned_and_the_order_known() -> None:
    for given in (minimum.TELLING[:2], minimum.TELLING[1:]):
        assert outcome(S_MIN, minimum.BLOCKS.over("min"), arena=Arena.of(Context(tuple(given)))) == Outcome.UNDECIDED


@pytest.mark.parametrize(
    "change",
    [
        {"singles": (lambda a: 2 * (σ[a] ** 2 - λ[a]), lambda a: λ[a])},
        {"places": {"min": (ONE, k), "max": (k, ONE)}},
        {"weight": lambda a: σ[a]},
    ],
)
def test_wrong_facts_about_the_blocks_prove_nothing(change: dict[str, Any]) -> None:
    wrong = replace(minimum.BLOCKS, **change)
    assert outcome(S_MIN, wrong.over("min"), wrong) == Outcome.UNDECIDED


def test_wrong_slope_proves_nothing() -> None:
    wrong = replace(minimum.BLOCKS, slope=lambda a, b, over: over + σ[b] ** 2)
    assert outcome(S_MAX, wrong.over("max"), wrong) == Outcome.UNDECIDED


def test_terms_range_over_the_latents() -> None:
    *_, last = minimum.BLOCKS.over("max").terms
    assert isinstance(last, Extremum)
    assert (last.var, last.lo, last.hi) == (i, ONE, k)


def test_roots_of_different_polynomials_compare() -> None:
    golden, third, same = fmpq_poly([-1, -1, 1]), fmpq_poly([-5, 3]), fmpq_poly([-1, -1, 1]) * fmpq_poly([2, 1])
    assert smallest(golden) < largest(third)
    assert largest(golden) < largest(third)
    assert largest(golden) == largest(same)
    assert smallest(golden) > smallest(same)


def test_number_whose_polynomial_is_not_known_is_not_called_equal() -> None:
    root = largest(fmpq_poly([-2, 0, 1]))
    with pytest.raises(Undefined):
        root.compare(replace(largest(fmpq_poly([-2, 0, 1])), poly=None, offset=fmpq(0)))


def test_smallest_of_nested_dropout_is_off_its_null_directions() -> None:
    arena, right = Arena.of(Context((*nested.MINIMUM, minimum.FEWER))), nested.BLOCKS.over("min")
    assert outcome(Extreme("s_min", nested.HESSIAN, k), right, nested.BLOCKS, arena) == Outcome.PROVED
    assert outcome(Extreme("s_min", nested.HESSIAN), right, nested.BLOCKS, arena) == Outcome.UNDECIDED


def test_latent_whose_curvature_is_left_out_must_be_covered() -> None:
    """2λ_1 may be less than every entry of the blocks of two indices."""
    wrong = replace(minimum.BLOCKS, places={"min": (k, None), "max": (ONE, k)})
    assert outcome(S_MIN, wrong.over("min"), wrong) == Outcome.UNDECIDED
