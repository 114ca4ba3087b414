"""The covariance of tables: against NumPy's, in pieces, for bytes, and refused where there is none."""

import numpy as np
import pytest

from numerics import tables
from numerics.training import starts
from numerics.training.data import from_samples, synthetic


def test_covariance_is_numpys_for_real_and_for_byte_tables(monkeypatch):
    monkeypatch.setattr(tables, "NUMBERS", 28)
    table = np.random.default_rng(0).integers(0, 256, size=(50, 4)).astype(np.uint8)
    wanted = np.cov(table.astype(float), rowvar=False, bias=True)
    for samples, divisor in ((table, 1.0), (table.astype(np.float32), 1.0), (table, 255.0)):
        data = from_samples(samples, divisor=divisor)
        np.testing.assert_allclose(data.covariance(), wanted / divisor**2, rtol=1e-10)
        np.testing.assert_allclose(data.centre.mean, table.mean(axis=0))
        np.testing.assert_allclose(data.basis.T @ data.basis, np.eye(4), atol=1e-12)
        assert np.all(np.diff(data.sigma2) <= 0)
        np.testing.assert_allclose(data.centred().mean(axis=0), 0, atol=1e-10)


def test_fewer_samples_than_features_leave_exact_zeros():
    data = from_samples(np.random.default_rng(0).normal(size=(3, 6)))
    assert data.rank == 2
    assert np.all(data.sigma2[2:] == 0)


def test_synthetic_samples_are_not_centred_and_scatter_around_the_spectrum():
    rng = np.random.default_rng(0)
    data = synthetic([4.0, 1.0], n=20_000, rng=rng)
    assert np.all(data.centre.mean == 0)
    np.testing.assert_allclose(data.sigma2, [4.0, 1.0], rtol=0.05)
    samples = data.centred()
    np.testing.assert_allclose(samples.T @ samples / 20_000, data.covariance(), rtol=1e-10)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([[1.0, np.nan], [0.0, 1.0]], "row 1, column 2 is nan"),
        ([[1.0, 1.0], [1.0, 1.0]], "all samples are equal"),
        ([1.0, 2.0], "want a table"),
        (np.zeros((0, 3)), "want a table"),
        ([[1j, 2]], "want real numbers"),
        ([["a"]], "want real numbers"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(samples, message):
    with pytest.raises(ValueError, match=message):
        from_samples(samples)


def test_a_spectrum_has_no_samples():
    with pytest.raises(ValueError, match="only a spectrum is known"):
        synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0)).centred()


def test_starts_have_the_properties_that_they_are_named_for():
    data = synthetic(np.arange(9.0, 0, -1), n=None, rng=np.random.default_rng(0))
    for start in ("balanced", "orthogonal", "subspace", "balanced:2"):
        assert np.array_equal(*starts.draw(start, 3, data, 0))
    for start in ("orthogonal", "subspace"):
        w1, _ = starts.draw(start, 3, data, 0)
        np.testing.assert_allclose(w1 @ w1.T, np.eye(3), atol=1e-12)
    inside, _ = starts.draw("subspace", 3, data, 1)
    np.testing.assert_allclose(inside @ data.basis[:, 3:], 0, atol=1e-12)
    w1, w2 = starts.draw("normal:5", 3, data, 0)
    assert not np.array_equal(w1, w2)
    np.testing.assert_allclose(w1, 500 * starts.draw("normal", 3, data, 0)[0])


@pytest.mark.parametrize("start", ["zero", "normal:x", "normal:0", "normal:-1", "normal:inf", "normal:nan"])
def test_bad_starts_are_refused(start):
    with pytest.raises(ValueError, match="init"):
        starts.draw(start, 1, synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0)), 0)
