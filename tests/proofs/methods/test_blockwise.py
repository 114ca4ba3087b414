"""Bounds from blocks do not accept other coefficients, other ranges, missing eigenvalues, or the other direction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.algebra import normal
from proofs.bao2020.appendix_b_conditioning import COND, MINIMUM, S_MAX, H
from proofs.bao2020.notation import ONE, i, k, λ, σ
from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Extremum, Pick, lift
from proofs.lae import bounds_l2 as B
from proofs.methods.blocks import ITSELF, OUTWARD, PAIR
from proofs.methods.blockwise import Over, Roots, coefficients, multiplied
from proofs.methods.inequality import decide

CONTEXT = Context(tuple(MINIMUM))


def proved(left, relation, right, why) -> bool:
    return decide(left, relation, right, why, CONTEXT)[0] == Outcome.PROVED


def test_bounds_are_proved_only_in_their_direction() -> None:
    assert proved(B.S_MIN, "≥", B.SMALLEST_BELOW, B.SLOW)
    assert proved(B.S_MIN, "≤", B.SMALLEST_ABOVE, B.SLOW)
    assert not proved(B.S_MIN, "≤", B.SMALLEST_BELOW, B.SLOW)
    assert not proved(B.S_MIN, "≥", B.SMALLEST_ABOVE, B.SLOW)
    assert not proved(S_MAX, "≥", B.LARGEST_ABOVE, B.FAST)
    assert not proved(B.S_MIN, "≥", B.LARGEST_BELOW, B.SLOW)


@pytest.mark.parametrize("kind", [ITSELF, PAIR, OUTWARD])
def test_other_coefficients_are_refused(kind) -> None:
    changed = B.ROOTS.factors | {kind: lambda *at: tuple((2 * f[0], *f[1:]) for f in B.ROOTS.factors[kind](*at))}
    assert not proved(B.S_MIN, "≥", B.SMALLEST_BELOW, replace(B.SLOW, roots=Roots(B.ROOTS.axes, changed)))


def test_a_lower_bound_names_every_eigenvalue() -> None:
    first, *rest = B.SLOW.sources
    assert not proved(B.S_MIN, "≥", B.SMALLEST_BELOW, replace(B.SLOW, sources=(replace(first, covers=()), *rest)))
    shorter = Pick("min", B.SMALLEST_BELOW.terms[:-1])
    assert not proved(B.S_MIN, "≥", shorter, replace(B.SLOW, sources=B.SLOW.sources[:-1]))


@pytest.mark.parametrize(("lo", "hi"), [(ONE, k - 2), (ONE + 1, k - 1), (ONE, k)])
def test_other_ranges_of_pairs_are_refused(lo, hi) -> None:
    terms = list(B.SMALLEST_BELOW.terms)
    terms[2] = Extremum("min", i, lo, hi, terms[2].body)
    for relation in "≤≥":
        assert not proved(B.S_MIN, relation, Pick("min", tuple(terms)), B.SLOW)


@pytest.mark.parametrize("end", [λ[1], 3 * λ[1], 2 * λ[k], 2 * σ[1] ** 2])
def test_another_first_term_is_refused(end) -> None:
    other = Pick("min", (end, *B.SMALLEST_BELOW.terms[1:]))
    assert not proved(B.S_MIN, "≥", other, B.SLOW)


def test_condition_number_needs_the_bounds_of_its_side() -> None:
    why = Over(B.FAST, B.SLOW)
    assert proved(COND, "≥", B.LARGEST_BELOW / B.SMALLEST_ABOVE, why)
    assert not proved(COND, "≤", B.LARGEST_BELOW / B.SMALLEST_ABOVE, why)
    assert not proved(COND, "≥", B.LARGEST_BELOW / B.SMALLEST_BELOW, why)
    assert not proved(COND, "≥", B.SMALLEST_ABOVE / B.LARGEST_BELOW, why)


def test_coefficients_of_a_product_are_those_of_a_block_diagonal_matrix() -> None:
    a, b, c = λ[1], λ[2], λ[3]
    found = coefficients(((a, lift(0), lift(0)), (lift(0), b, c), (lift(0), c, b)))
    wanted = multiplied([(a,), (2 * b, b**2 - c**2)])
    assert len(found) == len(wanted) == 3
    assert all(map(normal.equal, found, wanted))


def test_null_directions_are_counted() -> None:
    from proofs.methods.spectrum import s_min

    assert not proved(s_min(H, 1), "≥", B.SMALLEST_BELOW, B.SLOW)


def test_largest_curvature_of_nested_dropout_is_exact() -> None:
    from proofs.bao2020.notation import p
    from proofs.lae import bounds_nested as N

    def holds(relation: str, bound) -> bool:
        return decide(N.S_MAX, relation, bound, N.FAST, Context(tuple(N.GIVEN)))[0] == Outcome.PROVED

    assert all(holds(relation, 2 * p[1] * σ[1] ** 2) for relation in "≤≥")
    assert not any(holds(relation, c * p[1] * σ[1] ** 2) for relation in "≤≥" for c in (1, 3))
    assert not holds("≤", 2 * p[k] * σ[1] ** 2)
    assert not holds("≤", 2 * p[1] * σ[k] ** 2)
