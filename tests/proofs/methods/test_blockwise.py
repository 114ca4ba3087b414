"""Bounds from blocks do not accept other coefficients, other ranges, missing eigenvalues, or the other direction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.bao2020.appendix_b_conditioning import COND, MINIMUM, S_MAX, H
from proofs.bao2020.notation import ONE, i, k, λ, σ
from proofs.declared import declared
from proofs.kernel.expressions import Extremum, Pick, symmetric
from proofs.kernel.propositions import Rel
from proofs.lae import bounds_l2 as B
from proofs.methods.block_types import ITSELF, OUTWARD, PAIR
from proofs.methods.blockwise import Over
from proofs.methods.eigenvalues import s_min
from proofs.tactics.prove import Ground, NotFound, prove

GIVEN = [r for h in MINIMUM for r in h.relations]
GROUND = Ground.of([*GIVEN, *declared(*GIVEN, H)])


def proved(left, relation, right, why) -> bool:
    try:
        return bool(prove(GROUND, Rel(left, relation, right), why))
    except (NotFound, AttributeError):
        return False


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
    wrong = replace(B.SLOW, roots=replace(B.ROOTS, factors=changed))
    assert not proved(B.S_MIN, "≥", B.SMALLEST_BELOW, wrong)


def test_another_matrix_is_refused() -> None:
    """That of the scaling, with eigenvalues 2λ and 2(σ² − λ) in the other order of its coordinates' signs."""
    other = symmetric((σ[1] ** 2, 0), (σ[1] ** 2,))
    wrong = replace(B.SLOW, roots=replace(B.ROOTS, matrices=B.ROOTS.matrices | {ITSELF: lambda a: other}))
    assert not proved(B.S_MIN, "≥", B.SMALLEST_BELOW, wrong)


def test_a_lower_bound_names_every_eigenvalue() -> None:
    first, *rest = B.SLOW.sources
    assert not proved(B.S_MIN, "≥", B.SMALLEST_BELOW, replace(B.SLOW, sources=(replace(first, covers=()), *rest)))
    shorter = Pick("min", B.SMALLEST_BELOW.terms[:-1])
    assert not proved(B.S_MIN, "≥", shorter, replace(B.SLOW, sources=B.SLOW.sources[:-1]))


@pytest.mark.parametrize(("lo", "hi"), [(ONE, k - 2), (ONE + 1, k - 1), (ONE, k)])
def test_other_ranges_of_pairs_are_refused(lo, hi) -> None:
    terms = list(B.SMALLEST_BELOW.terms)
    terms[2] = Extremum("min", i, lo, hi, terms[2].body)
    assert not proved(B.S_MIN, "≥", Pick("min", tuple(terms)), B.SLOW) or (lo, hi) == (ONE, k)
    terms = list(B.SMALLEST_ABOVE.terms)
    terms[2] = Extremum("min", i, lo, hi, terms[2].body)
    assert not proved(B.S_MIN, "≤", Pick("min", tuple(terms)), B.SLOW)


@pytest.mark.parametrize("end", [λ[1], 3 * λ[1], 2 * λ[k], 2 * σ[1] ** 2])
def test_another_first_term_is_refused(end) -> None:
    other = Pick("min", (end, *B.SMALLEST_BELOW.terms[1:]))
    assert not proved(B.S_MIN, "≥", other, B.SLOW) or end == λ[1]
    above = Pick("min", (end, *B.SMALLEST_ABOVE.terms[1:]))
    assert not proved(B.S_MIN, "≤", above, B.SLOW)


def test_condition_number_needs_the_bounds_of_its_side() -> None:
    why = Over(B.FAST, B.SLOW, B.ROOTS)
    assert proved(COND, "≥", B.LARGEST_BELOW / B.SMALLEST_ABOVE, why)
    assert not proved(COND, "≤", B.LARGEST_BELOW / B.SMALLEST_ABOVE, why)
    assert not proved(COND, "≥", B.LARGEST_BELOW / B.SMALLEST_BELOW, why)
    assert not proved(COND, "≥", B.SMALLEST_ABOVE / B.LARGEST_BELOW, why)


def test_null_directions_are_counted() -> None:
    assert not proved(s_min(H, 1), "≥", B.SMALLEST_BELOW, B.SLOW)
