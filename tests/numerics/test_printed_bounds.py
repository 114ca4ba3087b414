"""Printed bounds and their certificates: on every sampled spectrum, and what a false bound would look like."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import enclosures
from numerics.bounds import Bound, l2_bounds, nested_dropout_bounds
from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.enclosures import _beyond, _decide, _Enclosed, _Numbers, _sure, certify
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
        assert values["bao2020/B/eq16"] == pytest.approx(ratio, rel=1e-5)
        dropout = max(8 * sigma2[0] / ((sigma2[i] - sigma2[j]) * (keep[i] - keep[j])) for i, j in pairs)
        assert values["bao2020/D/ratio+"] == pytest.approx(dropout, rel=1e-9)


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


def extreme(value, sign, guess=None):
    """The extreme of one block of size one with this curvature."""
    value = np.array([fmpq(value)], dtype=object)
    one = np.array([0])
    floats = value.astype(float)
    numbers = _Numbers(value, value, floats, floats, rounded=False)
    return _Enclosed(numbers, lambda: iter([(lambda s, w, i, j: [s[i]], one, one)]), guess or float(value[0]), sign)


def test_certificate_decides_an_exact_tie_and_a_violation_by_one_part_in_1e60():
    """s_max = 2p₁σ₁² exactly at Q = I; for κ the enclosures are narrowed until they decide."""
    slow, fast, tiny = extreme(1, -1), extreme(4, 1), fmpq(1, 10**60)
    bound = Bound("any", "s_max", fmpq(4))
    assert _decide(bound, slow, fast, 1) is True
    assert _decide(replace(bound, value=4 + tiny), slow, fast, 1) is False
    assert _decide(replace(bound, value=8 + tiny), slow, fast, 2) is False
    upper = Bound("any", "s_min", fmpq(1), above=True)
    assert _decide(upper, slow, fast, 1) is True
    assert _decide(replace(upper, value=1 - tiny), slow, fast, 1) is False
    assert _decide(replace(upper, above=False), slow, fast, 1) is True
    assert _decide(replace(upper, above=False, value=1 + tiny), slow, fast, 1) is False
    assert _decide(replace(bound, above=True), slow, fast, 1) is True
    assert _decide(replace(bound, above=True, value=4 - tiny), slow, fast, 1) is False
    kappa = Bound("any", "condition_number", 4 - tiny)
    assert _decide(kappa, slow, fast, 1) is True
    assert _decide(replace(kappa, value=4 + tiny), slow, fast, 1) is False
    assert _decide(replace(kappa, value=fmpq(4)), slow, fast, 1) is True
    assert _decide(replace(kappa, value=fmpq(4), above=True), slow, fast, 1) is True
    assert _decide(replace(kappa, above=True), slow, fast, 1) is False
    assert _decide(replace(kappa, above=True, value=4 + tiny), slow, fast, 1) is True


def test_certificate_knows_components_without_variance():
    sigma2, prior = np.array([3.0, 0.0]), np.array([1.0])
    found = nested_dropout_conditioning(sigma2, prior, scale="half")
    low, high = certify("nested-dropout", sigma2, prior, scale="half").enclosures["s_min"]
    assert (found.s_min, found.s_max, found.null_directions) == (3, 6, 2)
    assert low <= 3 <= high


def plain_block(loss, s, w, i, j):
    """The block of (A_ij, A_ji, B_ij, B_ji) in the plain coordinates, √ν_i√ν_j moved by a diagonal similarity."""
    zero = fmpq(0)
    if loss == "l2":
        nui, nuj = 1 - w[i] / s[i], 1 - w[j] / s[j]
        rows = [
            [s[j] * nui + w[i], zero, s[j] * nui * nuj, -w[j]],
            [zero, s[i] * nuj + w[j], -w[i], s[i]],
            [s[j], -w[i], s[j], zero],
            [-w[j], s[i] * nui * nuj, zero, s[i]],
        ]
    else:
        pi, pj = sum(w[i:]), sum(w[j:])
        drop = pi - pj
        rows = [
            [pi * s[j], zero, pj * s[j], -drop * s[j]],
            [zero, pj * s[i], zero, pj * s[i]],
            [pj * s[j], zero, pj * s[j], zero],
            [-drop * s[j], pj * s[i], zero, pi * s[i]],
        ]
    return fmpq_mat(4, 4, [entry for row in rows for entry in row])


def product(*polynomials):
    """Of monic polynomials t^n − c_1 t^(n−1) + …, each given by its c; ascending coefficients."""
    result = fmpq_poly([1])
    for c in polynomials:
        result *= fmpq_poly([(-1) ** r * x for r, x in enumerate([1, *c])][::-1])
    return result


def test_coefficients_in_closed_form_are_the_characteristic_polynomials_of_the_plain_blocks():
    rng = np.random.default_rng(0)
    i, j = np.array([0, 0]), np.array([1, 2])
    for _ in range(30):
        s = np.array([fmpq(int(x), 7) for x in np.sort(rng.integers(1, 9, 3))[::-1]], dtype=object)
        lam = np.array([fmpq(int(x), 20) for x in np.sort(rng.integers(1, 20, 3))], dtype=object) * s[2]
        prior = np.array([fmpq(int(x), 11) for x in rng.integers(0, 9, 3)], dtype=object)
        l2 = [f(s, lam, i, j) for f in (enclosures._l2_asymmetric_rotation, enclosures._l2_pair)]
        dropout = enclosures._dropout_pair(s, prior, i, j)
        for at, other in enumerate(j):
            factors = [[c[at] for c in coefficients] for coefficients in l2]
            assert product(*factors) == plain_block("l2", s, lam, 0, other).charpoly()
            found = product([c[at] for c in dropout])
            assert found == plain_block("nested-dropout", s, prior, 0, other).charpoly()


@pytest.mark.parametrize("sigma2", [[2, 2, 2, 2], [3, 2, 2, 1], [3, 3, 1, 1], [3, 2, 1, 0], [3, 0, 0, 0]])
@pytest.mark.parametrize(
    ("loss", "weights"),
    [("l2", w) for w in ([0.5, 0.5, 1], [0.25, 2, 2], [0.5, 1, 4], [4, 4, 5])]
    + [("nested-dropout", p) for p in ([0.5, 0, 0.5], [0.5, 0.5, 0], [0, 0, 1], [0.25, 0.25, 0.5])],
)
def test_certificate_survives_repeated_eigenvalues_ties_and_collapsed_latents(loss, sigma2, weights):
    sigma2, weights = np.array(sigma2, dtype=float), np.array(weights, dtype=float)
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    found = measure(sigma2, weights, scale="main", degenerate=True)
    certificate = certify(loss, sigma2, weights, scale="main", degenerate=True)
    for name, (low, high) in certificate.enclosures.items():
        assert low <= getattr(found, name) * (1 + 1e-14)
        assert getattr(found, name) <= high * (1 + 1e-14)
        assert high - low < 1e-12 * high
    assert set(certificate.verdicts.values()) <= {True}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=4), st.floats(1e-3, 2e3), st.sampled_from([-1, 1]))
def test_signs_that_floats_are_sure_of_are_the_exact_ones(roots, x, sign):
    polynomial = np.poly(roots)
    coefficients = [np.array([abs(c)]) for c in polynomial[1:]]
    exact = tuple(fmpq(*float(abs(c)).as_integer_ratio()) for c in polynomial[1:])
    if _sure(coefficients, x, sign)[0]:
        assert not _beyond(exact, fmpq(*x.as_integer_ratio()), sign)
    else:
        near = min(roots) if sign < 0 else max(roots)
        assert sign * (near - x) > -1e-6 * x


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_blocks_left_out_by_floats_change_nothing(loss, monkeypatch):
    rng = np.random.default_rng(3)
    sigma2 = sample(12, rng)
    weights = np.sort(rng.uniform(0, sigma2[7], 8)) if loss == "l2" else np.full(8, 1 / 8)
    quick = certify(loss, sigma2, weights, scale="half")
    monkeypatch.setattr(_Numbers, "near", lambda self, task, x, sign: self.exact(task))
    assert certify(loss, sigma2, weights, scale="half") == quick


def test_certificate_finds_the_extreme_however_far_off_the_float_is():
    found = extreme(1, -1, guess=1e3)
    assert found.outer <= 1 <= found.inner
    assert (found.inner - found.outer) * 2**40 < 1


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
