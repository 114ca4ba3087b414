"""Bounds for all regularisers and priors hold at each of them, and come near the exact value at the best ones."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import uniform
from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.optimal import best_regularisers
from numerics.spectra import FAMILIES, sample

GOLDEN = (1 + 5**0.5) / 2


def shares(sigma2: np.ndarray, k: int) -> np.ndarray:
    """The prior in proportion to what each direction of the bound asks for."""
    a, b, last = sigma2[: k - 1], sigma2[1:k], sigma2[k - 1]
    ends = [1 / (2 * last), *((last**2 + x**2) / (last * x * (last - x)) for x in sigma2[k:])]
    parts = np.append(2 * (a**2 + b**2) / (a * b * (a - b)), max(ends))
    return parts / parts.sum()


@pytest.mark.parametrize("family", FAMILIES)
def test_l2_bound_is_within_a_factor_ten_of_the_best_regularisers(family):
    for k, m in ((2, 2), (2, 4), (3, 5), (8, 9)):
        sigma2 = FAMILIES[family](m)
        bounds = uniform.l2_bounds(sigma2, k)
        found = l2_conditioning(sigma2, best_regularisers(sigma2, k).weights, scale="half")
        assert all(b.holds(found) for b in bounds)
        assert max(b.ratio(found) for b in bounds) > 0.1


def test_many_nearly_equal_components_are_where_the_l2_bound_is_weakest():
    """There λ_i near σ_i² may be spaced geometrically, which the sum of all steps does not allow for."""
    sigma2 = FAMILIES["nearly-equal"](20, 1e-3)
    found = l2_conditioning(sigma2, best_regularisers(sigma2, 20).weights, scale="half")
    assert 1 / 20 < max(b.ratio(found) for b in uniform.l2_bounds(sigma2, 20)) < 1 / 10


@pytest.mark.parametrize("family", FAMILIES)
def test_nested_dropout_bound_is_within_the_square_of_the_golden_section(family):
    """At the prior in proportion to the shares; the best one is better still."""
    for k, m in ((2, 2), (3, 3), (3, 5), (8, 9), (20, 20), (20, 50)):
        sigma2 = FAMILIES[family](m)
        found = nested_dropout_conditioning(sigma2, shares(sigma2, k), scale="half")
        bounds = uniform.nested_dropout_bounds(sigma2, k)
        assert all(b.holds(found) for b in bounds)
        assert max(b.ratio(found) for b in bounds) >= GOLDEN**-2 - 1e-9


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.integers(2, 9), st.integers(0, 3), st.data())
def test_no_regularisers_and_no_prior_escape(seed, k, more, data):
    sigma2 = sample(k + more, np.random.default_rng(seed))
    parts = np.array(data.draw(st.lists(st.floats(1e-6, 1), min_size=k + 1, max_size=k + 1)))
    found = l2_conditioning(sigma2, sigma2[k - 1] * parts.cumsum()[:-1] / parts.sum(), scale="half")
    assert [b.id for b in uniform.l2_bounds(sigma2, k) if not b.holds(found)] == []
    found = nested_dropout_conditioning(sigma2, parts[:k] / parts[:k].sum(), scale="half")
    assert [b.id for b in uniform.nested_dropout_bounds(sigma2, k) if not b.holds(found)] == []
    near = nested_dropout_conditioning(sigma2, shares(sigma2, k), scale="half")
    assert max(b.ratio(near) for b in uniform.nested_dropout_bounds(sigma2, k)) > GOLDEN**-2 - 1e-9


def test_bounds_are_not_vacuous_at_two_latents_and_absent_at_one():
    assert all(
        b.value > 1 for f in (uniform.l2_bounds, uniform.nested_dropout_bounds) for b in f(np.array([2.0, 1]), 2)
    )
    assert uniform.l2_bounds(np.array([1.0]), 1) == uniform.nested_dropout_bounds(np.array([1.0]), 1) == []


def test_components_without_variance_ask_for_nothing():
    sigma2 = np.array([3.0, 2.0, 0.0])
    found = nested_dropout_conditioning(sigma2, np.array([0.9, 0.1]), scale="half")
    assert all(b.holds(found) and np.isfinite(b.value) for b in uniform.nested_dropout_bounds(sigma2, 2))


def test_gaps_of_a_rounding_do_not_push_a_bound_over_the_condition_number():
    """Against the claims' formulas at 60 digits; 1 − σ_i²/σ_j² from a rounded quotient made both too large."""
    s = np.array([1.400000000000002, 1.4, 1.3999999999999997])
    with mpmath.workdps(60):
        a, b, c = map(mpmath.mpf, s)
        slowest = min(b, 4 * b**2 * (a - b) / (b * (a + b)), b * (b**2 - c**2) / (b**2 + c**2))
        reference = max(2 * (a - b), (a + 3 * b) / 2) / slowest
    bound = uniform.l2_bounds(s, 2)[0]
    assert bound.value == pytest.approx(float(reference), rel=1e-15)
    assert bound.holds(l2_conditioning(s, s[1] * np.array([1, 2]) / 3, scale="half"))
    s, prior = (
        np.array([0.8594672830607906, 0.8594672830607902]),
        np.array([0.9999594094691843, 4.0590530815809564e-05]),
    )
    with mpmath.workdps(60):
        a, b = map(mpmath.mpf, s)
        reference = 2 * a * (2 * (a**2 + b**2) / (a * b * (a - b)) + 1 / (2 * b))
    bound = uniform.nested_dropout_bounds(s, 2)[0]
    assert bound.value == pytest.approx(float(reference), rel=1e-15)
    assert bound.holds(nested_dropout_conditioning(s, prior, scale="half"))
