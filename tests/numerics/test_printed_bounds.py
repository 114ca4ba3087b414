"""Printed bounds and their certificates: on every sampled spectrum, and what a false bound would look like."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from numerics.bounds import Bound, l2_bounds, nested_dropout_bounds
from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.enclosures import _decide, _Smallest, certify
from numerics.spectra import FAMILIES, sample


def problems(count):
    rng = np.random.default_rng(0)
    for _ in range(count):
        k = int(rng.integers(1, 7))
        sigma2 = sample(k + int(rng.integers(0, 3)), rng)
        yield sigma2, np.sort(rng.uniform(0, sigma2[k - 1], k)), rng.dirichlet(np.ones(k)) * 0.99 + 0.01 / k


def test_every_printed_bound_holds_on_sampled_spectra():
    for sigma2, lam, prior in problems(200):
        for scale in ("half", "main"):
            found = l2_conditioning(sigma2, lam, scale=scale)
            assert [b.id for b in l2_bounds(sigma2, lam, scale=scale) if not b.holds(found)] == []
            found = nested_dropout_conditioning(sigma2, prior, scale=scale)
            assert [b.id for b in nested_dropout_bounds(sigma2, prior, scale=scale) if not b.holds(found)] == []


def test_bounds_over_pairs_are_the_printed_extremes_over_all_pairs():
    for sigma2, lam, prior in problems(30):
        k = len(lam)
        if k == 1:
            continue
        nu, keep = 1 - lam / sigma2[:k], prior[::-1].cumsum()[::-1]
        pairs = list(combinations(range(k), 2))
        values = {b.id: b.value for b in l2_bounds(sigma2, lam, scale="half")}
        values |= {b.id: b.value for b in nested_dropout_bounds(sigma2, prior, scale="half")}
        ratio = max(
            2 * (sigma2[0] - sigma2[k - 1]) * (nu[i] + nu[j]) / ((lam[j] - lam[i]) * (nu[i] - nu[j])) for i, j in pairs
        )
        assert values["bao2020/B/ratio"] == pytest.approx(ratio, rel=1e-5)
        dropout = max(8 * sigma2[0] / ((sigma2[i] - sigma2[j]) * (keep[i] - keep[j])) for i, j in pairs)
        assert values["bao2020/D/ratio"] == pytest.approx(dropout, rel=1e-9)


def test_final_bound_of_appendix_b_is_vacuous_at_two_latents():
    bounds = l2_bounds(np.array([3.0, 2.0]), np.array([0.5, 1.0]), scale="half")
    assert [b.id for b in bounds if b.is_vacuous] == ["bao2020/B/final"]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_certificates_enclose_the_floats_and_confirm_every_bound(family, loss):
    k, sigma2 = 3, FAMILIES[family](5)
    weights = sigma2[k - 1] * np.arange(1, k + 1) / (k + 1) if loss == "l2" else np.array([0.5, 0.3, 0.2])
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    for scale in ("half", "main"):
        found, certificate = measure(sigma2, weights, scale=scale), certify(loss, sigma2, weights, scale=scale)
        for name, (low, high) in certificate.enclosures.items():
            assert low <= getattr(found, name) <= high
            assert high - low < 1e-12 * high
        assert set(certificate.verdicts.values()) == {True}


def test_certificate_decides_an_exact_tie_and_a_violation_by_one_part_in_1e60():
    """s_max = 2p₁σ₁² exactly at Q = I; for κ the enclosures are narrowed until they decide."""
    from flint import fmpq

    slow, fast = _Smallest([((fmpq(1),),)], fmpq(1)), _Smallest([((fmpq(-4),),)], fmpq(-4))
    tiny = fmpq(1, 10**60)
    bound = Bound("any", "4", "s_max", fmpq(4))
    assert _decide(bound, slow, fast) is True
    assert _decide(replace(bound, value=4 + tiny), slow, fast) is False
    kappa = Bound("any", "4", "condition_number", 4 - tiny)
    assert _decide(kappa, slow, fast) is True
    assert _decide(replace(kappa, value=4 + tiny), slow, fast) is False
    assert _decide(replace(kappa, value=fmpq(4)), slow, fast) in (True, None)


def test_certificate_knows_components_without_variance():
    sigma2, prior = np.array([3.0, 0.0]), np.array([1.0])
    found = nested_dropout_conditioning(sigma2, prior, scale="half")
    low, high = certify("nested-dropout", sigma2, prior, scale="half").enclosures["s_min"]
    assert (found.s_min, found.s_max, found.null_directions) == (3, 6, 2)
    assert low <= 3 <= high


def test_certificate_survives_repeated_eigenvalues():
    from flint import fmpq

    identity = ((fmpq(1), fmpq(0)), (fmpq(0), fmpq(1)))
    smallest = _Smallest([identity, identity], fmpq(1))
    assert smallest.low < 1 <= smallest.high


def test_certified_smallest_curvature_agrees_at_condition_1e16():
    sigma2 = np.array([1.0, 1 - 1e-8, 1e-3])
    lam = np.array([0.25, 0.25 + 1e-8])
    found = l2_conditioning(sigma2, lam, scale="half")
    low, high = certify("l2", sigma2, lam, scale="half").enclosures["s_min"]
    assert found.condition_number > 1e15
    assert low * (1 - 1e-12) <= found.s_min <= high * (1 + 1e-12)


def test_floats_keep_twelve_digits_up_to_condition_1e25():
    """Gaps of σ² and λ over nine decades; enclosures are widened from the float until exact signs confirm them."""
    rng = np.random.default_rng(5)
    largest = 0.0
    for _ in range(60):
        k = int(rng.integers(2, 6))
        sigma2 = np.cumsum(10 ** rng.uniform(-9, 0, k + 1))[::-1].copy()
        gaps = np.cumsum(10 ** rng.uniform(-9, 0, k + 1))
        lam = gaps[:k] / gaps[k] * sigma2[k - 1] * (1 - 1e-9)
        largest = max(largest, l2_conditioning(sigma2, lam, scale="half").condition_number)
        for low, high in certify("l2", sigma2, lam, scale="half").enclosures.values():
            assert high - low < 1e-12 * low
    assert largest > 1e25
