"""Extreme eigenvalues: exact comparisons, and bounds along paths that do not accept another quotient."""

from __future__ import annotations

import pytest
from flint import fmpq, fmpq_poly

from proofs.algebra.evaluate import NoValue, Undefined, evaluate, matrix
from proofs.bao2020.appendix_b_conditioning import SCALING, H, rotation, slow
from proofs.bao2020.appendix_d import SCALES
from proofs.bao2020.appendix_d_conditioning import SLIDING, curvature, speed
from proofs.bao2020.appendix_d_conditioning import H as H_ND
from proofs.bao2020.appendix_d_conditioning import rotation as turned
from proofs.bao2020.notation import DESCENDING_PAIR, FULL_RANK, PENALTIES, PRIOR, i, j, k, ν, σ
from proofs.declared import declared
from proofs.kernel.expressions import Letter, Tr, lift, size
from proofs.kernel.propositions import Rel
from proofs.methods.eigenvalues import Rayleigh, RayleighRitz, cond, largest, ratio, roots_above, s_max, s_min, smallest
from proofs.tactics.prove import Ground, NotFound, prove

N = size("N")
A = Letter("A", N, N, frozenset({"symmetric"}))
SWAP = {"N": 2, "A": matrix([[0, 1], [1, 1]])}  # eigenvalues (1 ± √5)/2


def at(*hypotheses) -> Ground:
    given = [r for h in hypotheses for r in h.relations]
    return Ground.of([*given, *declared(*given, H)])


AT_MINIMUM = at(FULL_RANK, PENALTIES, DESCENDING_PAIR)
AT_MINIMA = at(FULL_RANK, PRIOR, SCALES, DESCENDING_PAIR)


def test_roots_are_counted_with_multiplicity() -> None:
    double = fmpq_poly([1, -2, 1]) * fmpq_poly([-3, 1])  # 1, 1, 3
    assert roots_above(double, fmpq(1)) == (1, 2)
    assert roots_above(double, fmpq(0)) == (3, 0)


def test_irrational_eigenvalues_compare_exactly() -> None:
    golden = evaluate(s_max(A), SWAP)
    assert fmpq(1618033988, 10**9) < golden < fmpq(1618033989, 10**9)
    assert evaluate(s_min(A), SWAP) < 0
    assert evaluate(s_min(A, singular=True), SWAP) > fmpq(618033988, 10**9)
    assert 2 * golden > golden
    assert -golden < 0


def test_rational_eigenvalues_are_equal_to_themselves() -> None:
    at = {"N": 2, "A": matrix([[2, 1], [1, 2]])}
    assert evaluate(s_max(A), at) == 3
    assert evaluate(s_min(A), at) == 1
    assert evaluate(cond(A), at) == 3
    assert str(evaluate(cond(A), at)) == "3"


def test_a_singular_matrix_has_no_condition_number() -> None:
    flat = {"N": 2, "A": matrix([[1, 1], [1, 1]])}
    with pytest.raises(NoValue, match="s_min = 0"):
        evaluate(cond(A), flat)
    assert evaluate(cond(A, 1), flat) == 1
    with pytest.raises(Undefined):
        evaluate(cond(A, 2), flat)


def test_extremes_of_one_polynomial() -> None:
    poly = fmpq_poly([-6, 11, -6, 1])  # 1, 2, 3
    assert largest(poly) == 3
    assert smallest(poly) == 1
    assert ratio(poly) == 3


def proves(left, relation, right, why, ground) -> bool:
    try:
        return bool(prove(ground, Rel(left, relation, right), why))
    except NotFound:
        return False


def test_the_scaling_direction_gives_its_own_quotient_only() -> None:
    for factor in (1, 2, 4):
        assert proves(s_max(H), "≥", factor * σ[1] ** 2 * ν[1], SCALING, AT_MINIMUM) == (factor == 2)
    assert not proves(s_min(H), "≥", 2 * σ[1] ** 2 * ν[1], SCALING, AT_MINIMUM)


def test_the_rotation_gives_its_own_quotient_only() -> None:
    assert proves(s_min(H), "≤", slow(i, j), rotation(i, j), AT_MINIMUM)
    assert not proves(s_min(H), "≤", 2 * slow(i, j), rotation(i, j), AT_MINIMUM)


def test_another_tangent_has_another_quotient() -> None:
    path = SCALING.path
    elsewhere = Rayleigh((2 * path[0], path[1]), SCALING.var)
    assert not proves(s_max(H), "≥", 2 * σ[1] ** 2 * ν[1], elsewhere, AT_MINIMUM)


def test_null_directions_are_left_out_only_where_the_tangent_is_orthogonal() -> None:
    bound = curvature(i, j) / speed(i, j)
    assert proves(s_min(H_ND, k), "≤", bound, turned(i, j), AT_MINIMA)
    slide = Rayleigh((H_ND.body.values[0] + SCALING.var * SLIDING.at[0], H_ND.body.values[1]), SCALING.var, SLIDING)  # type: ignore[attr-defined]
    assert not proves(s_min(H_ND, k), "≤", bound, slide, AT_MINIMA)


def test_roots_of_which_one_is_not_positive_have_no_ratio() -> None:
    for poly in ([0, -2, 1], [-1, 0, 1]):
        with pytest.raises(NoValue):
            ratio(fmpq_poly(poly))


def test_rayleighs_quotient_beside_no_eigenvalue_has_no_bound() -> None:
    v = Letter("v", N, lift(1))
    quotient = Tr(v.T @ A @ v) / Tr(v.T @ v)
    for goal in (Rel(s_min(A) / 2, "≤", quotient), Rel(quotient, "≤", s_max(A) / 2)):
        with pytest.raises(NotFound, match="no extreme eigenvalue"):
            RayleighRitz().theorem(Ground.of([]), goal)
