"""The sharper bounds hold from both sides, and lie within a factor 2 of the exact values, on every family."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import sharper
from numerics.bounds import ROUNDING
from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.spectra import FAMILIES, sample

SIZES = [(k, k + more) for k, more in product((1, 2, 3, 5, 8, 20, 50), (0, 1, 30))]


def gaps(placement: str, count: int) -> np.ndarray:
    """Numbers in proportion to which the interval of the regularisers, or the prior, is divided."""
    at = np.arange(count)
    return {
        "even": np.ones(count),
        "rising": 2.0**at,
        "falling": 2.0**-at,
        "at the bottom": np.where(at < count - 1, 1e-6, 1.0),
        "at the top": np.where(at > 0, 1e-6, 1.0),
        "at both ends": np.where(at == count // 2, 1.0, 1e-6),
        "one wide gap": np.where(at == count - 1, 1e3, 1.0),
        "pairs": np.where(at % 2, 1e-5, 1.0),
    }[placement]


PLACEMENTS = ("even", "rising", "falling", "at the bottom", "at the top", "at both ends", "one wide gap", "pairs")


def regularisers(sigma2: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """λ_1 < … < λ_k < σ_k² with gaps in these proportions."""
    return sigma2[len(parts) - 2] * parts.cumsum()[:-1] / parts.sum()


def assert_close(bounds, found, factor=2.0):
    assert {b.bounds for b in bounds} == {"s_min", "s_max", "condition_number"}
    for b in bounds:
        assert b.holds(found), b
        ratio = b.ratio(found) if b.above else 1 / b.ratio(found)
        assert 1 - ROUNDING <= ratio <= factor, (b, ratio)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_l2_bounds_are_within_a_factor_two_on_every_family(family, placement):
    for k, m in SIZES:
        sigma2 = FAMILIES[family](m)
        lam = regularisers(sigma2, gaps(placement, k + 1))
        if np.all(np.diff(lam) > 0) and lam[0] > 0 and lam[-1] < sigma2[k - 1]:
            assert_close(sharper.l2_bounds(sigma2, lam, scale="half"), l2_conditioning(sigma2, lam, scale="half"))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(0, 3), st.data())
def test_l2_bounds_are_within_a_factor_two_wherever_they_are_placed(seed, k, more, data):
    sigma2 = sample(k + more, np.random.default_rng(seed))
    parts = np.array(data.draw(st.lists(st.floats(1e-6, 1), min_size=k + 1, max_size=k + 1)))
    lam = regularisers(sigma2, parts)
    for scale in ("half", "main"):
        assert_close(sharper.l2_bounds(sigma2, lam, scale=scale), l2_conditioning(sigma2, lam, scale=scale))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_nested_dropout_bounds_are_within_a_factor_two_on_every_family(family, placement):
    for k, m in SIZES:
        sigma2, prior = FAMILIES[family](m), gaps(placement, k)
        prior = prior / prior.sum()
        found = nested_dropout_conditioning(sigma2, prior, scale="half")
        assert_close(sharper.nested_dropout_bounds(sigma2, prior, scale="half"), found)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(0, 3), st.integers(0, 2), st.data())
def test_nested_dropout_bounds_are_within_a_factor_two_for_every_prior(seed, k, more, zeros, data):
    """Components without variance add null directions, and curvatures p_iσ_i²."""
    sigma2 = np.append(sample(k + more, np.random.default_rng(seed)), np.zeros(zeros))
    prior = np.array(data.draw(st.lists(st.floats(1e-6, 1), min_size=k, max_size=k)))
    prior /= prior.sum()
    for scale in ("half", "main"):
        found = nested_dropout_conditioning(sigma2, prior, scale=scale)
        assert_close(sharper.nested_dropout_bounds(sigma2, prior, scale=scale), found)


def test_bounds_do_not_overflow():
    for unit in (1e-150, 1e150):
        sigma2, lam = unit * np.array([1.0, 0.5, 0.1]), unit * np.array([0.1, 0.2])
        assert_close(sharper.l2_bounds(sigma2, lam, scale="half"), l2_conditioning(sigma2, lam, scale="half"))
        prior = np.array([0.5, 0.5])
        found = nested_dropout_conditioning(sigma2, prior, scale="half")
        assert_close(sharper.nested_dropout_bounds(sigma2, prior, scale="half"), found)
