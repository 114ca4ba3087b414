"""Spectra at the edges of double precision: an answer that is right, or one line that says what leaves its range.

Gaps of a rounding, four hundred decades in one spectrum, denormal numbers, the largest floats, and several of them.
"""

import json
from math import isfinite

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import priors
from numerics.conditioning import extremes, l2_conditioning, nested_dropout_conditioning
from numerics.minima import L2Minimum
from numerics.optimal import best_prior, best_regularisers
from numerics.relaxation import kappa_bound, relaxed_optimum
from numerics.spectra import family
from numerics.survey import Case, measure
from proofs.commands.bounds import app

SPECTRA = {
    "two far apart": ["--sigma2", "1e200,1e-200"],
    "three far apart": ["--sigma2", "1e160,1e-150,1e-160"],
    "a tiny last one": ["--sigma2", "3,2,3e-320"],
    "the largest": ["--sigma2", "8.8e307,8e307,1e307"],
    "above the largest": ["--sigma2", "1e308,1e300,1e-300"],
    "denormal": ["--sigma2", "1e-310,1e-311"],
    "the least float": ["--sigma2", "5e-324,5e-324"],
    "neighbouring floats": ["--sigma2", "1,0.9999999999999999,0.9999999999999998"],
    "neighbours that look violated": ["--sigma2", "1.400000000000002,1.4,1.3999999999999997"],
    "σ whose squares are neighbours": ["--sigma", "1.0000000000000002,1,0.5"],
    "σ whose squares vanish": ["--sigma", "1,1e-170"],
    "extreme:1e-320": ["--family", "extreme:1e-320", "--m", "4"],
    "extreme:1e-300": ["--family", "extreme:1e-300", "--m", "4"],
    "nearly-equal:1e-16": ["--family", "nearly-equal:1e-16", "--m", "5"],
    "nearly-equal:1e-15": ["--family", "nearly-equal:1e-15", "--m", "5"],
    "clustered:2e-15": ["--family", "clustered:2e-15", "--m", "6"],
}
LOSSES = ("l2", "nested-dropout")


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("name", SPECTRA)
def test_an_answer_or_one_line(name, k, loss):
    result = run(*SPECTRA[name], "--k", k, "--loss", loss)
    if result.exit_code == 2:
        assert result.stdout == ""
        assert sum(not line.startswith("lae bounds: warning") for line in result.stderr.splitlines()) == 1
        return
    assert result.exit_code == 0, result.output
    assert "nan" not in result.stdout
    assert "VIOLATED" not in result.stdout


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("name", SPECTRA)
def test_what_is_certified_stands_beside_right_numbers(name, k, loss):
    result = run(*SPECTRA[name], "--k", k, "--loss", loss, "--certify", "--json")
    if result.exit_code == 2:
        return
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(word))
    if not any(warning.startswith("rounding:") for warning in found["warnings"]):
        for quantity, (low, high) in found["enclosure"].items():
            assert low * (1 - 1e-12) <= found[quantity] <= high * (1 + 1e-12)
    for bound in found["bounds"]:
        assert bound["certified"] in (True, None)
        assert bound["holds"] or bound["value"] is None
        if bound["ratio"] is not None:
            assert bound["ratio"] >= 1 - 1e-12 if bound["from"] == "above" else bound["ratio"] <= 1 + 1e-12


@pytest.mark.parametrize("kind", ["nearly-equal:1e-15", "nearly-equal:1e-16", "clustered:2e-15", "extreme:1e-320"])
@pytest.mark.parametrize("weights", ["even", "best"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("k", [2, 5])
def test_a_sweep_measures_each_case_or_says_why_not(kind, weights, loss, k):
    for sample in range(2):
        row = measure(Case(loss, weights, kind, k, 2 * k, sample, 0))
        assert row["violated"] == ""
        if row["reason"]:
            assert "σ_" in row["reason"] or "double precision" in row["reason"]
        else:
            assert isfinite(row["condition_number"])


@pytest.mark.parametrize("kind", ["nearly-equal:1e-12", "nearly-equal:1e-15", "nearly-equal:1e-16", "clustered:1e-15"])
def test_the_best_weights_of_nearly_equal_components_are_isolated_and_no_choice_is_below_the_bound(kind):
    for k, m in ((1, 2), (2, 2), (2, 4), (3, 3), (4, 6)):
        sigma2 = family(kind, m)
        found = best_regularisers(sigma2, k)
        assert found.weights[0] > 0
        assert (np.diff(found.weights) > 0).all()
        assert found.weights[-1] < sigma2[k - 1]
        assert found.lower_bound <= found.condition_number * (1 + 1e-9)
        assert l2_conditioning(sigma2, found.weights, scale="half").condition_number == pytest.approx(
            found.condition_number, rel=1e-6
        )
        prior = best_prior(sigma2, k)
        assert prior.lower_bound <= prior.condition_number * (1 + 1e-9)


@pytest.mark.parametrize("gap", [1e-3, 1e-8, 1e-13, 1e-15])
def test_the_relaxed_optimum_has_the_gaps_that_it_promises(gap):
    """k = 2 = m, at 60 digits: both rotations, as they count, and both scalings are at least t."""
    import mpmath

    sigma2 = np.array([1.0, 1 - gap])
    gaps, t = relaxed_optimum(sigma2, 2)
    with mpmath.workdps(60):
        a, b = map(mpmath.mpf, sigma2)
        x = mpmath.mpf(gaps[0])
        y = x + mpmath.mpf(gaps[1])
        first, second = 1 - x / a, 1 - y / b
        latents = (y - x) * (first - second) / (first + second)
        counted = min(first, 2 * mpmath.sqrt(second) - second)
        components = (a - b) * ((1 - second) ** 2 - (1 - counted) ** 2) / (2 * (counted + second))
        assert min(2 * x, latents, components) >= t * (1 - 1e-6)
        assert 2 * (b - y) >= t - 2.0**-51  # the sum of the gaps is rounded
    assert kappa_bound(sigma2, 2) >= 1


def test_steps_and_rates_at_the_ends_of_the_condition_number():
    """κ = 1; κ − 1 of a few roundings; κ beyond the largest float."""
    from dataclasses import replace

    found = l2_conditioning(np.array([1.0]), np.array([0.5]), scale="half")
    assert found.condition_number == 1
    assert found.steps_to_halve == 0
    low, high = (replace(found.slowest, curvature=x) for x in (1 - 2.0**-52, 1.0))
    close = replace(found, slowest=low, fastest=high)
    assert close.steps_to_halve == pytest.approx(np.log(2) / np.log(2**53), rel=1e-12)
    far = replace(found, slowest=replace(low, curvature=1e-200), fastest=replace(low, curvature=1e200))
    assert far.steps_to_halve == np.inf
    assert far.best_learning_rate == 2e-200
    top = replace(found, slowest=replace(low, curvature=1e308), fastest=replace(low, curvature=1.5e308))
    assert top.best_learning_rate == pytest.approx(8e-309)


def test_components_that_vanish_by_scaling_are_no_null_directions():
    sigma2 = np.array([1e200, 1e-200])
    with pytest.raises(ArithmeticError, match="σ_2²/σ_1² underflows"):
        nested_dropout_conditioning(sigma2, np.array([1.0]), scale="half")
    assert l2_conditioning(sigma2, np.array([5e199]), scale="half").condition_number == 2
    assert best_regularisers(sigma2, 1).condition_number == pytest.approx(2)
    for place, k in ((best_regularisers, 2), (best_prior, 1), (best_prior, 2)):
        with pytest.raises(ArithmeticError, match="σ_2²/σ_1² underflows"):
            place(sigma2, k)


def test_a_minimum_without_curvature_is_refused():
    with pytest.raises(ArithmeticError, match="null"):
        extremes(L2Minimum(np.array([1.0, 1.0]), np.zeros(0)))


@pytest.mark.parametrize("ratio", [0.9, 0.5, 1e-3, 1 - 1e-12])
def test_the_last_share_of_the_geometric_prior_is_no_rest_of_a_subtraction(ratio):
    """1 − ρ + ρᵏ, to a few roundings, however many terms were subtracted from 1."""
    for k in (2, 40, 1000):
        prior = priors.geometric(k, ratio)
        assert prior[-1] == pytest.approx(1 - ratio + ratio**k, rel=1e-15)
        assert prior.sum() == pytest.approx(1, abs=1e-12)
