"""The best weights: against grids, global bounds and other starts; and those that the paper picks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import priors, spectra
from numerics.bounds import l2_bounds, nested_dropout_bounds
from numerics.conditioning import extremes, l2_conditioning, nested_dropout_conditioning
from numerics.minima import L2Minimum, NestedDropoutMinimum
from numerics.minimax import DropoutPlacement, L2Placement, descend
from numerics.optimal import (
    best_prior,
    best_regularisers,
    even_roots,
    printed_prior,
    printed_regularisers,
)
from numerics.relaxation import kappa_bound, relaxed_optimum

SIGMA2 = np.array([2.0, 1.0])
FAMILIES = [*spectra.FAMILIES, "nearly-equal:1e-3"]


def kappas(minimum):
    low, high = extremes(minimum)
    return high / low


def printed(bounds, name):
    return next(float(b.value) for b in bounds if b.id == name)


def test_no_regularisers_of_a_grid_beat_the_best_ones():
    first, second = (x.ravel() for x in np.meshgrid(np.linspace(0.01, 0.99, 99), np.linspace(0.01, 0.99, 99)))
    lam = np.stack([first, second], axis=-1)[first < second]
    grid = kappas(L2Minimum(np.broadcast_to(SIGMA2, lam.shape), lam))
    best = best_regularisers(SIGMA2, 2).condition_number
    assert best <= grid.min() < 1.05 * best


def test_no_three_regularisers_of_a_refined_grid_beat_the_best_ones():
    """Grids of 20³ points, each around the best point of the one before: a search that shares nothing with ours."""
    sigma2 = np.array([4.0, 2.5, 1.5, 1.0])
    low, high = np.zeros(3), np.full(3, 1.5)
    for _ in range(12):
        axes = [np.linspace(a, b, 22)[1:-1] for a, b in zip(low, high, strict=True)]
        lam = np.stack([x.ravel() for x in np.meshgrid(*axes)], axis=-1)
        lam = lam[(np.diff(lam, axis=1) > 0).all(axis=1) & (lam[:, 0] > 0) & (lam[:, -1] < 1.5)]
        grid = kappas(L2Minimum(np.broadcast_to(sigma2, (len(lam), 4)), lam))
        width, centre = (high - low) * 0.3, lam[grid.argmin()]
        low, high = centre - width, centre + width
    best = best_regularisers(sigma2, 3).condition_number
    assert best <= grid.min() < 1.005 * best


def test_no_prior_of_a_grid_beats_the_best_one():
    first = np.linspace(0.001, 0.999, 999)
    prior = np.stack([first, 1 - first], axis=-1)
    grid = kappas(NestedDropoutMinimum(np.broadcast_to(SIGMA2, prior.shape), prior))
    assert best_prior(SIGMA2, 2).condition_number == pytest.approx(grid.min(), rel=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("k", "m"), [(2, 2), (4, 7)])
def test_the_best_weights_are_measured_agree_and_lie_near_a_bound_for_all_weights(family, k, m):
    sigma2 = spectra.family(family, m) * 3e7
    for loss, best, factor in ((l2_conditioning, best_regularisers, 3), (nested_dropout_conditioning, best_prior, 1)):
        found = best(sigma2, k)
        assert loss(sigma2, found.weights, scale="half").condition_number == pytest.approx(
            found.condition_number, rel=1e-6
        )
        assert found.agreement < 1e-6 or found.condition_number < 1.01 * found.lower_bound
        assert found.lower_bound <= found.condition_number * (1 + 1e-12)
        assert found.condition_number <= factor * found.lower_bound * (1 + 1e-3)


@given(st.integers(0, 10**6), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_no_regularisers_escape_the_chained_conditions(seed, k):
    rng = np.random.default_rng(seed)
    sigma2 = spectra.sample(k + int(rng.integers(0, 3)), rng)
    lam = sigma2[k - 1] * np.cumsum(rng.dirichlet(np.full(k + 1, rng.choice([0.3, 1.0, 10.0]))))[:-1]
    found = l2_conditioning(sigma2, lam, scale="half")
    assert found.s_min <= relaxed_optimum(sigma2, k)[1] * (1 + 1e-12)
    assert found.condition_number >= kappa_bound(sigma2, k) * (1 - 1e-12)


@given(st.integers(0, 10**6))
@settings(max_examples=2, deadline=None)
def test_a_random_start_descends_to_the_same_condition_number(seed):
    rng = np.random.default_rng(seed)
    sigma2 = spectra.family("power:1.2", 12)
    for placement, best in ((L2Placement(sigma2, 4), best_regularisers), (DropoutPlacement(sigma2, 4), best_prior)):
        found = descend(placement, rng.dirichlet(np.ones(placement.size)))
        assert found.kappa == pytest.approx(best(sigma2, 4).condition_number, rel=1e-7)


def test_scale_does_not_matter():
    one, other = (best_regularisers(np.array([3.0, 2.0, 1.0]) * c, 2) for c in (1.0, 1e-150))
    assert other.condition_number == pytest.approx(one.condition_number, rel=1e-9)
    np.testing.assert_allclose(other.weights * 1e150, one.weights, rtol=1e-6)


def test_the_printed_optimum_solves_equation_16_within_its_interval():
    sigma2 = np.array([4.0, 2.5, 1.5, 1.0])
    for epsilon in (0.1, 0.001):
        best = printed_regularisers(sigma2, 3, epsilon)
        assert best[0] == pytest.approx(epsilon * 1.5)
        assert best[-1] == pytest.approx((1 - epsilon) * 1.5)
        middles = np.linspace(best[0], best[-1], 402)[1:-1]
        others = [
            printed(l2_bounds(sigma2, np.array([best[0], x, best[-1]]), scale="half"), "bao2020/B/eq16")
            for x in middles
        ]
        value = printed(l2_bounds(sigma2, best, scale="half"), "bao2020/B/eq16")
        assert value <= min(others) < 1.01 * value


def test_the_optimum_of_equation_16_is_approached_where_the_exact_condition_number_explodes():
    """At σ² = (2, 1), λ = (ε, 1 − ε): (16) falls to 2, while 2λ_1 makes κ = 2(2 − ε)/2ε."""
    for epsilon in (0.1, 0.01, 0.001):
        lam = printed_regularisers(SIGMA2, 2, epsilon)
        np.testing.assert_allclose(lam, [epsilon, 1 - epsilon])
        found = l2_conditioning(SIGMA2, lam, scale="half")
        value = printed(l2_bounds(SIGMA2, lam, scale="half"), "bao2020/B/eq16")
        assert value == pytest.approx(2, rel=6 * epsilon)
        assert found.condition_number == pytest.approx((2 - epsilon) / epsilon)
        assert str(found.slowest) in ("asymmetric scaling of latent 1", "scaling of latent 2")


def test_the_optimum_of_appendix_d_is_approached_where_the_exact_condition_number_explodes():
    sigma2 = np.array([4.0, 3.0, 1.0])
    values, exact = [], []
    for epsilon in (0.1, 0.01, 0.001):
        prior = printed_prior(sigma2, 3, epsilon)
        values.append(printed(nested_dropout_bounds(sigma2, prior, scale="half"), "bao2020/D/ratio+"))
        exact.append(nested_dropout_conditioning(sigma2, prior, scale="half").condition_number)
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(8 * 4 * (1 + 1 / 2), rel=2e-3)
    assert exact[2] == pytest.approx(10 * exact[1], rel=0.1)


def test_the_priors_and_roots_of_the_experiments():
    assert priors.geometric(20).sum() == pytest.approx(1)
    assert priors.geometric(1).tolist() == [1.0]
    np.testing.assert_allclose(even_roots(0.1, 0.9, 3), [0.01, 0.25, 0.81])


def test_a_spectrum_without_an_isolated_minimum_is_refused():
    for best in (best_regularisers, best_prior):
        with pytest.raises(ValueError, match="not isolated"):
            best(np.array([2.0, 1.0, 1.0]), 2)
