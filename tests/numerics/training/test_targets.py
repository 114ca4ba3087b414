"""Targets: their moments against the definition, singular covariances, and what is refused."""

import numpy as np
import pytest

from numerics.training.data import from_samples, synthetic
from numerics.training.targets import with_targets

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 5)) + 3, RNG.normal(size=(30, 3)) - 7


def test_moments_and_spectrum_are_those_of_centred_tables():
    data = with_targets(from_samples(X), Y)
    x, y = X - X.mean(0), Y - Y.mean(0)
    np.testing.assert_allclose(data.targets.cross, y.T @ x / 30, atol=1e-14)
    assert data.targets.trace == pytest.approx(np.sum(y**2) / 30, rel=1e-14)
    sigma = y.T @ x @ np.linalg.inv(x.T @ x) @ x.T @ y / 30
    np.testing.assert_allclose(data.explained, np.linalg.eigvalsh(sigma)[::-1], rtol=1e-10)
    np.testing.assert_allclose((data.output_basis * data.explained) @ data.output_basis.T, sigma, atol=1e-13)
    assert data.unexplained == pytest.approx(np.sum(y**2) / 30 - np.trace(sigma), rel=1e-10)
    best = data.output_basis @ data.best_map(2) @ data.basis.T
    top = data.output_basis[:, :2]
    np.testing.assert_allclose(best, top @ top.T @ y.T @ x @ np.linalg.inv(x.T @ x), atol=1e-12)


def test_more_features_than_samples_and_constant_features_are_projected_out():
    wide = from_samples(np.hstack([X, 2 * X, np.ones((30, 2))]))
    narrow = from_samples(X)
    np.testing.assert_allclose(with_targets(wide, Y).explained, with_targets(narrow, Y).explained, rtol=1e-9)
    few = with_targets(from_samples(RNG.normal(size=(4, 9))), RNG.normal(size=(4, 6)))
    assert np.count_nonzero(few.explained) == 3
    assert few.unexplained == pytest.approx(0, abs=1e-12)


def test_a_fingerprint_tells_targets_apart_and_is_the_old_one_without_them():
    data = from_samples(X)
    assert len({data.digest, with_targets(data, Y).digest, with_targets(data, 2 * Y).digest}) == 3


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (Y[:29], "targets: got 29 rows; want 30"),
        (np.where(Y > 0, np.nan, np.nan), "targets: row 1, column 1 is nan"),
        (np.ones((30, 2)), "targets: all samples are equal; want some variance"),
        (1e200 * Y, r"targets: deviations of about 3e\+200 leave double precision"),
        (np.array([["a"]] * 30), "targets: got entries of type"),
        (np.zeros((30, 0)), r"targets: got shape \(30, 0\)"),
        (np.zeros((30, 2, 2)), r"targets: got shape \(30, 2, 2\)"),
    ],
)
def test_bad_targets_are_refused(targets, message):
    with pytest.raises(ValueError, match=message):
        with_targets(from_samples(X), targets)


def test_targets_without_any_linear_relation_are_refused():
    x = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    with pytest.raises(ValueError, match="no linear map"):
        with_targets(from_samples(x), np.array([1.0, 1.0, -1.0, -1.0]))
    with pytest.raises(ValueError, match="only a spectrum is known"):
        with_targets(synthetic([2.0, 1.0], n=None, rng=RNG), Y)
