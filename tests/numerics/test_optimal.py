"""Best regularisers: against a grid, and against the optimum of bao2020 (16), which lies on the boundary."""

import numpy as np
import pytest

from numerics.bounds import l2_bounds
from numerics.conditioning import extremes, l2_conditioning, nested_dropout_conditioning
from numerics.minima import L2Minimum, NestedDropoutMinimum
from numerics.optimal import best_prior, best_regularisers

SIGMA2 = np.array([2.0, 1.0])


def test_no_regularisers_of_a_grid_beat_the_best_ones():
    first, second = (x.ravel() for x in np.meshgrid(np.linspace(0.01, 0.99, 99), np.linspace(0.01, 0.99, 99)))
    lam = np.stack([first, second], axis=-1)[first < second]
    s_min, s_max = extremes(L2Minimum(np.broadcast_to(SIGMA2, lam.shape), lam))
    best = l2_conditioning(SIGMA2, best_regularisers(SIGMA2, 2), scale="half").condition_number
    assert best <= (s_max / s_min).min()
    assert (s_max / s_min).min() < 1.05 * best


def test_no_prior_of_a_grid_beats_the_best_one():
    first = np.linspace(0.001, 0.999, 999)
    prior = np.stack([first, 1 - first], axis=-1)
    s_min, s_max = extremes(NestedDropoutMinimum(np.broadcast_to(SIGMA2, prior.shape), prior))
    best = nested_dropout_conditioning(SIGMA2, best_prior(SIGMA2, 2), scale="half").condition_number
    assert best == pytest.approx((s_max / s_min).min(), rel=1e-4)


def test_the_optimum_of_equation_16_is_approached_where_the_exact_condition_number_explodes():
    """At σ² = (2, 1), λ = (ε, 1 − ε): (16) falls to 2, while 2λ_1 makes κ = 2(2 − ε)/2ε."""
    for epsilon in (0.1, 0.01, 0.001):
        lam = np.array([epsilon, 1 - epsilon])
        found = l2_conditioning(SIGMA2, lam, scale="half")
        printed = {b.id: b.value for b in l2_bounds(SIGMA2, lam, scale="half")}["bao2020/B/ratio"]
        assert printed == pytest.approx(2, rel=6 * epsilon)
        assert found.condition_number == pytest.approx((2 - epsilon) / epsilon)
        assert str(found.slowest) in ("asymmetric scaling of latent 1", "scaling of latent 2")
