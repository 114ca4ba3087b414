"""Twelve digits of the extreme curvatures at any condition number, and full accuracy of every bound on them.

Curvatures are held against references of 120 digits, bounds against their own lines in exact rational arithmetic
(`tests/proofs/test_bounds_agree.py` holds those against the claims).

Spectra, regularisers and priors are drawn to hurt: neighbouring floats, gaps over sixteen decades, λ_k next to σ_k²,
units from 1e-150 to 1e150. The reference takes the exact binary values of the inputs through the plain blocks.
"""

from itertools import combinations

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.enclosures import certify
from numerics.minima import L2Minimum, NestedDropoutMinimum, stream
from numerics.sharper import every_bound

DIGITS = 1e-12
ACCURATE = fmpq(1, 2**46)
UNITS = [1.0, 1e-150, 1e150, 3e-77]


def smallest_and_largest(matrices):
    values = [mpmath.eigsy(mpmath.matrix(matrix), eigvals_only=True) for matrix in matrices]
    return min(min(v) for v in values), max(max(v) for v in values)


def l2_reference(sigma2, lam):
    """Extremes over the plain blocks of (A_ij, A_ji, B_ij, B_ji), at 120 digits."""
    with mpmath.workdps(120):
        s, lam = [mpmath.mpf(float(x)) for x in sigma2], [mpmath.mpf(float(x)) for x in lam]
        k = len(lam)
        q = [mpmath.sqrt(1 - lam[i] / s[i]) for i in range(k)]
        blocks = [[[2 * (s[i] - lam[i])]] for i in range(k)] + [[[2 * lam[i]]] for i in range(k)]
        for i in range(k):
            for j in range(k, len(s)):
                blocks.append([[s[j] * q[i] ** 2 + lam[i], -s[j]], [-s[j], s[i]]])
        for i, j in combinations(range(k), 2):
            both = q[i] * q[j]
            blocks.append(
                [
                    [s[j] * q[i] ** 2 + lam[i], 0, s[j] * both, -lam[j]],
                    [0, s[i] * q[j] ** 2 + lam[j], -lam[i], s[i] * both],
                    [s[j] * both, -lam[i], s[j] * q[j] ** 2 + lam[j], 0],
                    [-lam[j], s[i] * both, 0, s[i] * q[i] ** 2 + lam[i]],
                ]
            )
        return smallest_and_largest(blocks)


def nested_dropout_reference(sigma2, prior):
    """Likewise, at W1 = Uᵀ and without the k null directions A_ii = −B_ii."""
    with mpmath.workdps(120):
        s, prior = [mpmath.mpf(float(x)) for x in sigma2], [mpmath.mpf(float(x)) for x in prior]
        k = len(prior)
        p = [mpmath.fsum(prior[i:]) for i in range(k)]
        blocks = [[[2 * p[i] * s[i]]] for i in range(k)]
        for i in range(k):
            for j in range(k, len(s)):
                blocks.append([[p[i] * s[j], -p[i] * s[j]], [-p[i] * s[j], p[i] * s[i]]])
        for i, j in combinations(range(k), 2):
            drop = mpmath.fsum(prior[i:j])
            blocks.append(
                [
                    [p[i] * s[j], 0, p[j] * s[j], -drop * s[j]],
                    [0, p[j] * s[i], 0, p[j] * s[i]],
                    [p[j] * s[j], 0, p[j] * s[j], 0],
                    [-drop * s[j], p[j] * s[i], 0, p[i] * s[i]],
                ]
            )
        return smallest_and_largest(blocks)


@st.composite
def decreasing(draw, size):
    """Distinct numbers in (0, 1], the first in [½, 1]: gaps of any size, or neighbouring floats."""
    values = [draw(st.floats(0.5, 1))]
    for _ in range(size - 1):
        kind = draw(st.sampled_from(["next", "gap", "ratio"]))
        last = values[-1]
        gap = 10.0 ** draw(st.floats(-16, 0))
        values.append({"next": np.nextafter(last, 0), "gap": last * (1 - gap / 2), "ratio": last * gap / 2}[kind])
        if not 0 < values[-1] < last:
            values[-1] = np.nextafter(last, 0)
    return np.array(values)


@st.composite
def l2_problems(draw):
    k = draw(st.integers(1, 3))
    sigma2 = draw(decreasing(k + draw(st.integers(0, 2))))
    top = np.nextafter(sigma2[k - 1], 0) if draw(st.booleans()) else sigma2[k - 1] * draw(st.floats(0.01, 0.99))
    lam = (draw(decreasing(k)) * top)[::-1].copy()
    for i in range(1, k):  # rounding may have closed a gap
        lam[i] = max(lam[i], np.nextafter(lam[i - 1], 1))
    return (sigma2, lam) if lam[-1] < sigma2[k - 1] else (sigma2, lam * 0.5)


@st.composite
def nested_dropout_problems(draw):
    k = draw(st.integers(1, 3))
    sigma2 = draw(decreasing(k + draw(st.integers(0, 2))))
    if len(sigma2) > k and draw(st.booleans()):
        sigma2[-1] = 0
    prior = np.array([10.0 ** draw(st.floats(-16, 0)) for _ in range(k)])
    return sigma2, prior / prior.sum()


def assert_twelve_digits(found, reference):
    for value, exact in zip((found.s_min, found.s_max), reference, strict=True):
        assert abs(mpmath.mpf(value) / exact - 1) < DIGITS
    assert abs(mpmath.mpf(found.condition_number) * reference[0] / reference[1] - 1) < 2 * DIGITS


@settings(max_examples=100, deadline=None)
@given(l2_problems(), st.sampled_from(UNITS))
@example((np.array([1.0, np.nextafter(1, 0)]), np.array([0.5, np.nextafter(0.5, 1)])), 1.0)
@example((np.array([1.0, 1e-16]), np.array([1e-17, 1e-16 * (1 - 1e-15)])), 1.0)
@example((np.array([1.0, 1 - 1e-8, 1e-3]), np.array([0.25, 0.25 + 1e-8])), 1e150)
def test_l2_extremes_have_twelve_digits(problem, unit):
    sigma2, lam = problem[0] * unit, problem[1] * unit
    if (np.diff(sigma2) >= 0).any() or (np.diff(lam) <= 0).any() or lam[-1] >= sigma2[len(lam) - 1]:
        return  # scaling has closed a gap
    assert_twelve_digits(l2_conditioning(sigma2, lam, scale="half"), l2_reference(sigma2, lam))


@settings(max_examples=100, deadline=None)
@given(nested_dropout_problems(), st.sampled_from(UNITS))
@example((np.array([1.0, np.nextafter(1, 0)]), np.array([1 - 1e-16, 1e-16])), 1.0)
@example((np.array([1.0, 0.5, 0.25]), np.array([1e-16, 1e-16, 1.0])), 1.0)
@example((np.array([1.0, 0.5]), np.array([1.0, 1e-16])), 1e-150)
def test_nested_dropout_extremes_have_twelve_digits(problem, unit):
    sigma2, prior = problem[0] * unit, problem[1]
    if (np.diff(sigma2) >= 0).any() or abs(prior.sum() - 1) > 1e-9:
        return
    reference = nested_dropout_reference(sigma2, prior)
    null = sigma2[-1] == 0  # then the blocks of the last component have null directions, left out here
    found = nested_dropout_conditioning(sigma2, prior, scale="half")
    if null:
        reference = nested_dropout_reference(sigma2[:-1], prior)
        p = prior[::-1].cumsum()[::-1]
        reference = min(reference[0], *(mpmath.mpf(x) for x in p * sigma2[: len(p)])), reference[1]
    assert_twelve_digits(found, reference)


def assert_enclosed(certificate, reference):
    s_min, s_max = reference
    with mpmath.workdps(100):
        for name, exact in (("s_min", s_min), ("s_max", s_max), ("condition_number", s_max / s_min)):
            low, high = map(mpmath.mpf, certificate.enclosures[name])
            assert low <= exact * (1 + mpmath.mpf(10) ** -60)
            assert exact <= high * (1 + mpmath.mpf(10) ** -60)
            assert high - low < DIGITS * low
    assert None not in certificate.verdicts.values()


@settings(max_examples=40, deadline=None)
@given(l2_problems(), nested_dropout_problems())
def test_certificates_enclose_the_references_narrowly(l2, dropout):
    assert_enclosed(certify("l2", *l2, scale="half"), l2_reference(*l2))
    sigma2, prior = dropout
    if sigma2[-1] > 0:
        assert_enclosed(certify("nested-dropout", sigma2, prior, scale="half"), nested_dropout_reference(sigma2, prior))


def test_condition_numbers_of_1e16_and_more_are_among_the_cases():
    sigma2 = np.array([1.0, np.nextafter(1, 0)])
    lam, prior = np.array([0.5, np.nextafter(0.5, 1)]), np.array([1 - 1e-16, 1e-16])
    assert l2_conditioning(sigma2, lam, scale="half").condition_number > 1e31
    assert nested_dropout_conditioning(sigma2, prior, scale="half").condition_number > 1e16


@pytest.mark.parametrize("ratio", [1e-100, 1e-200, 1e-299])
def test_three_hundred_decades_in_one_spectrum_keep_twelve_digits(ratio):
    sigma2 = np.array([1e150, 1e150 * ratio])
    lam = sigma2[1] * np.array([0.25, 0.75])
    with mpmath.workdps(1000):
        s, w = [mpmath.mpf(x) for x in sigma2], [mpmath.mpf(x) for x in lam]
        determinant = (s[0] - s[1]) * (w[1] ** 2 - w[0] ** 2)  # of the pair's tridiagonal block
        trace = s[1] * (1 - w[0] / s[0]) + s[0] * (1 - w[1] / s[1]) + s[0] + s[1]
        found = l2_conditioning(sigma2, lam, scale="half")
        plain = [[2 * (s[1] - w[1])], [2 * w[0]]]
        norm2 = 2 - w[0] / s[0] - w[1] / s[1]
        middle = norm2 * (norm2 * s[0] * s[1] + (s[0] + s[1]) * (w[0] + w[1]) / 2)
        middle += (s[0] - s[1]) * (w[1] - w[0]) * (w[0] / s[0] + w[1] / s[1]) / 2
        roots = mpmath.polyroots([1, -trace, middle, -determinant], maxsteps=2000, extraprec=6000)
        exact = min(*(row[0] for row in plain), *(mpmath.re(root) for root in roots))
        assert abs(found.s_min / exact - 1) < DIGITS


@settings(max_examples=100, deadline=None)
@given(l2_problems(), nested_dropout_problems())
def test_the_streamed_smallest_eigenvalue_of_each_block_is_the_accurate_one(l2, dropout):
    """By determinant over the others, or by the inverse: the same to twelve digits."""
    with np.errstate(all="ignore"):
        for minimum in (L2Minimum(*l2), NestedDropoutMinimum(*dropout)):
            for block in stream(minimum):
                np.testing.assert_allclose(block.eigenvalues()[..., 0], block.smallest(), rtol=DIGITS)


def assert_bounds_are_accurate(loss, sigma2, weights):
    """In floats as in rationals, up to a few dozen roundings of 2⁻⁵³."""
    s, w = (np.array([fmpq(*x.as_integer_ratio()) for x in v.tolist()], dtype=object) for v in (sigma2, weights))
    floats, rationals = (every_bound(loss, *problem, scale="half") for problem in ((sigma2, weights), (s, w)))
    for bound, truth in zip(floats, rationals, strict=True):
        assert bound.id == truth.id
        error = abs(fmpq(*float(bound.value).as_integer_ratio()) - truth.value)
        assert error <= ACCURATE * abs(truth.value), bound


@settings(max_examples=200, deadline=None)
@given(l2_problems(), nested_dropout_problems())
@example(
    (np.array([1.400000000000002, 1.4, 1.3999999999999997]), np.array([0.4, 0.9])),
    (np.array([0.8594672830607906, 0.8594672830607902]), np.array([0.9999594094691843, 4.0590530815809564e-05])),
)
def test_every_bound_has_full_accuracy_at_any_gap(l2, dropout):
    assert_bounds_are_accurate("l2", *l2)
    assert_bounds_are_accurate("nested-dropout", *dropout)


def test_every_bound_has_full_accuracy_where_all_eigenvalues_are_neighbouring_floats():
    for size in (2, 3, 8, 40):
        sigma2 = np.array([1 - i * 2.0**-53 for i in range(size + 2)])
        assert_bounds_are_accurate("l2", sigma2, 0.9 * np.arange(1, size + 1) / size)
        assert_bounds_are_accurate("nested-dropout", sigma2, np.full(size, 1 / size))


def test_pairs_that_only_rationals_tell_apart_decide_the_bounds():
    """Gaps of 10⁻¹⁸ and 10⁻¹⁷: in doubles all eigenvalues are equal; the slowest pair is found exactly all the same."""
    s = np.array([1, 1 - fmpq(1, 10**17), 1 - fmpq(1, 10**17) - fmpq(1, 10**18)], dtype=object) * fmpq(1)
    lam, prior = (np.array([fmpq(i, 4) for i in parts], dtype=object) for parts in ((1, 2, 3), (2, 1, 1)))
    for loss, weights in (("l2", lam), ("nested-dropout", prior)):
        found = {b.id.split("/")[-1]: b.value for b in every_bound(loss, s, weights, scale="half")}
        one = {b.id.split("/")[-1]: b.value for b in every_bound(loss, s[1:], weights[1:], scale="half")}
        assert 0 < found["smin-below"] <= found["smin-above"] <= one["smin-above"] * 2
