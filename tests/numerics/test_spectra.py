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


@pytest.mark.parametrize(
    "text",
    [
        "3,2,1",
        "3\n2\n1\n",
        "sigma\n3\n2\n1",
        "# spectrum\n\n3 # first\n\n2\n1\n",
        "3 2 1",
        "3;2;1",
        "\ufeff3\r\n2\r\n1\r\n",
        "3,2,1,",
        "a,b,c\n3,2,1",
    ],
)
def test_text_files_with_headers_comments_and_blanks_are_read(tmp_path, text):
    file = tmp_path / "sigma.csv"
    file.write_text(text, encoding="utf-8")
    np.testing.assert_array_equal(spectra.read_numbers(file, name="sigma"), [3, 2, 1])


@pytest.mark.parametrize("array", [np.array([3, 2, 1]), np.array([[3.0, 2.0, 1.0]])])
def test_npy_files_are_read(tmp_path, array):
    np.save(tmp_path / "s.npy", array)
    np.testing.assert_array_equal(spectra.read_numbers(tmp_path / "s.npy", name="sigma"), [3, 2, 1])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "it is empty"),
        (b"# nothing\n", "it is empty"),
        (b"sigma\n", "no numbers"),
        (b"1,2\n3,4\n", "2×2 table; want one row or one column"),
        (b"1,2\n3\n", "not a table"),
        (b"1,2\n3,x\n", "not a table"),
        (b"1,,2\n", "not a table|no numbers"),
        (b"\xff\xfe\x00", "cannot read|not a table"),
        (b"1\nnan\n", "entry 2 is nan"),
    ],
)
def test_bad_text_files_are_refused_with_the_reason(tmp_path, content, complaint):
    file = tmp_path / "s.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=complaint):
        spectra.read_numbers(file, name="sigma")


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY garbage", b"not an npy"])
def test_truncated_npy_files_are_refused(tmp_path, content):
    file = tmp_path / "s.npy"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^data: "):
        spectra.read_table(file)


def test_pickled_and_missing_files_are_refused(tmp_path):
    np.save(tmp_path / "o.npy", np.array([object()]), allow_pickle=True)
    with pytest.raises(ValueError, match="not a table"):
        spectra.read_table(tmp_path / "o.npy")
    with pytest.raises(ValueError, match=r"cannot read .*No such file"):
        spectra.read_table(tmp_path / "absent.csv")
    with pytest.raises(ValueError, match="cannot read"):
        spectra.read_table(tmp_path)


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
