"""Spectra: the families, the readers, and every way of getting them wrong."""

import numpy as np
import pytest

from numerics import spectra

BAD_SPECTRA = [
    ([], "empty list"),
    ([[1.0]], r"shape \(1, 1\)"),
    ([float("nan")], "entry 1 is nan"),
    ([2.0, float("inf")], "entry 2 is inf"),
    ([1.0, -2.0], "entry 2 is -2; want no negative"),
    ([1.0, 2.0], "entry 2 is 2, above entry 1"),
    ([0.0, 0.0], "zeros only"),
    ([1j], "complex128; want real"),
    (["a"], "want real numbers"),
    ([object()], "want real numbers"),
]


@pytest.mark.parametrize(("values", "complaint"), BAD_SPECTRA)
def test_bad_spectra_are_refused_with_the_reason(values, complaint):
    with pytest.raises(ValueError, match=f"^sigma2: .*{complaint}"):
        spectra.as_spectrum(values)


@pytest.mark.parametrize("name", spectra.FAMILIES)
@pytest.mark.parametrize("m", [1, 2, 7, 50])
def test_families_are_spectra_of_distinct_positive_eigenvalues(name, m):
    values = spectra.family(name, m)
    assert len(spectra.as_spectrum(values)) == m
    assert values[-1] > 0
    assert (np.diff(values) < 0).all()


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("odd", "want one of even, geometric"),
        ("power:x", "got parameter 'x'; want a number"),
        ("power:-1", "want a positive number"),
        ("geometric:1", "want a number between 0 and 1"),
        ("extreme:nan", "want a number between 0 and 1"),
        ("even:3", "it takes none"),
        ("nearly-equal:0.5", "want 0 < gap < 1/m"),
    ],
)
def test_bad_families_are_refused_with_the_reason(name, complaint):
    with pytest.raises(ValueError, match=complaint):
        spectra.family(name, 5)


def test_sampler_is_seeded_and_gives_distinct_positive_eigenvalues():
    one, two = (spectra.sample(6, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    rng = np.random.default_rng(0)
    for _ in range(100):
        values = spectra.sample(6, rng)
        assert values[-1] > 0
        assert (np.diff(values) < 0).all()


@pytest.mark.parametrize("shape", [(50, 4), (3, 6)])
def test_spectrum_of_data_is_that_of_the_centred_covariance_over_n(shape):
    table = np.random.default_rng(0).normal(size=shape) + 5
    covariance = np.cov(table, rowvar=False, bias=True)
    expected = np.linalg.eigvalsh(covariance)[::-1]
    values = spectra.from_data(table)
    np.testing.assert_allclose(values, expected, atol=1e-13)
    assert np.count_nonzero(values) == min(shape[0] - 1, shape[1])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ([1.0, 2.0], "want a table"),
        (np.ones((0, 3)), "want a table"),
        (np.ones((4, 3)), "all samples are equal"),
        ([[1.0, np.nan]], "row 1, column 2 is nan"),
        ([[1j]], "want real numbers"),
    ],
)
def test_bad_data_is_refused_with_the_reason(table, complaint):
    with pytest.raises(ValueError, match=f"^data: .*{complaint}"):
        spectra.from_data(table)


def test_spectrum_of_data_in_pieces_is_that_of_the_whole_table():
    table = np.random.default_rng(0).normal(size=(1000, 5)) @ np.diag([5, 4, 3, 2, 1e-7]) + 1e3
    whole, pieces = spectra.from_data(table), spectra.from_pieces(np.array_split(table, 37))
    np.testing.assert_allclose(pieces.sigma2, whole, rtol=1e-5)
    np.testing.assert_allclose(whole[:4], np.linalg.eigvalsh(np.cov(table.T, bias=True))[:0:-1], rtol=1e-12)
    assert pieces.samples == 1000


@pytest.mark.parametrize("offset", [0.1, 1e16, -3.0])
def test_constant_columns_are_named_and_leave_no_variance_whatever_their_size(offset):
    table = np.random.default_rng(0).normal(size=(100, 3)) * 1e-3
    found = spectra.from_pieces([np.insert(table, 1, offset, axis=1)])
    assert found.constant == (2,)
    np.testing.assert_allclose(found.sigma2[:3], spectra.from_data(table), rtol=1e-12)
    assert found.sigma2[3] == 0


@pytest.mark.parametrize("value", [0.1, 1e300])
def test_constant_data_is_refused_even_where_its_mean_would_be_rounded(value):
    with pytest.raises(ValueError, match="all samples are equal"):
        spectra.from_data(np.full((7, 3), value))


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_data_whose_variance_leaves_double_precision_is_refused(unit):
    with pytest.raises(ValueError, match="want other units"):
        spectra.from_data(np.eye(3) * unit)


def test_small_components_keep_digits_that_a_covariance_would_lose():
    """σ² = 1 and 1e-20: exact from a table with columns ±1 and ±1e-10."""
    table = np.array([[1, 1e-10], [1, -1e-10], [-1, 1e-10], [-1, -1e-10]])
    np.testing.assert_allclose(spectra.from_data(table), [1, 1e-20], rtol=1e-5)


def test_a_bad_entry_is_named_by_its_row_in_the_whole_table():
    table = np.ones((10, 2))
    table[7, 1] = np.inf
    with pytest.raises(ValueError, match="row 8, column 2 is inf"):
        spectra.from_pieces(np.array_split(table, 3))


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="got no rows"):
        spectra.from_pieces([])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("5,x", "want numbers like"),
        ("2:1", "want low:high"),
        ("", "want numbers like|cannot read"),
        ("1,nan", "entry 2"),
    ],
)
def test_bad_numbers_on_the_command_line_are_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        spectra.parse_numbers(text, name="sigma", count=3)


def test_a_range_without_a_count_is_refused():
    with pytest.raises(ValueError, match="wants --m"):
        spectra.parse_numbers("1:2", name="sigma")
