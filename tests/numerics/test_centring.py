"""Centring: what entries share is subtracted without a rounding error, for `lae bounds`, training and targets alike."""

from fractions import Fraction

import numpy as np
import pytest

from numerics.centring import Centre, scatter
from numerics.spectra import from_data, from_pieces
from numerics.tables import open_table, rows_of
from numerics.training.data import from_samples
from numerics.training.targets import with_targets

RNG = np.random.default_rng(7)
SMALL = RNG.integers(-1000, 1000, size=(200, 3))
DEVIATIONS = SMALL - SMALL.mean(axis=0)


def exact_variance(column):
    """In rationals: of whatever type the entries are, they are the numbers that they are."""
    entries = [Fraction(int(x)) if np.issubdtype(type(x), np.integer) else Fraction(x) for x in column]
    mean = sum(entries) / len(entries)
    return sum((x - mean) ** 2 for x in entries) / len(entries)


OFFSETS = {
    "int64 above 2^53": np.int64(2**62 + 12345),
    "int64 far below": np.int64(-(2**63) + 5000),
    "uint64 above 2^63": np.uint64(2**64 - 5000),
    "double": np.float64(2**52),
    "long double": np.longdouble(2**62) + 1,
}


@pytest.mark.parametrize("kind", OFFSETS)
def test_an_offset_of_any_size_and_type_changes_nothing(kind):
    offset = OFFSETS[kind]
    table = (SMALL.astype(offset.dtype) + offset) if kind != "uint64 above 2^63" else offset + SMALL.astype(np.uint64)
    if kind == "long double" and np.finfo(np.longdouble).nmant < 63:
        pytest.skip("the long double of this machine is a double")
    here, there = from_samples(SMALL), from_samples(table)
    np.testing.assert_array_equal(from_data(table), from_data(SMALL))
    np.testing.assert_array_equal(there.sigma2, here.sigma2)
    np.testing.assert_array_equal(there.basis, here.basis)
    np.testing.assert_array_equal(there.centred(), here.centred())
    np.testing.assert_allclose(there.centred(), DEVIATIONS, atol=1e-12)


@pytest.mark.parametrize("offset", [0.1, 14.62, 1.6e9 + 0.1, -1e16, 3e300, 5e-324, 2**53 + 1, 2**63 - 1])
def test_a_constant_column_has_no_variance_and_no_part_in_an_eigenvector(offset):
    """A mean that is rounded left 1.6e9 + 0.1 a variance above real ones of 1e-5."""
    column = np.full(100, offset)
    varying = RNG.normal(size=(100, 2)) * 3e-3
    table = np.column_stack([column.astype(np.float64), varying])
    data = from_samples(table)
    assert data.constant == (1,)
    assert data.rank == 2
    assert np.all(data.centred()[:, 0] == 0)
    assert np.all(data.basis[0, :2] == 0)
    np.testing.assert_allclose(data.sigma2, from_data(table), rtol=1e-12)
    with pytest.raises(ValueError, match="all samples are equal"):
        from_samples(column[:, None])
    with pytest.raises(ValueError, match="all samples are equal"):
        from_data(column[:, None])


@pytest.mark.parametrize(
    "column",
    [
        [2**53 + 1, 2**53 + 3, 2**53 + 6],
        [-(2**63), 2**63 - 1, 0],
        [2**63 - 1, 2**63 - 2, 2**63 - 4],
        [1e15 + 0.125, 1e15 + 0.25, 1e15 + 0.5],
        [1 + 2.0**-52, 1 - 2.0**-53, 1.0],
        [0.1, 0.2, 0.30000000000000004],
    ],
)
def test_the_variance_of_a_column_is_that_of_its_numbers_in_rationals(column):
    wanted = float(exact_variance(np.array(column)))
    np.testing.assert_allclose(from_data(np.array(column)[:, None]), [wanted], rtol=1e-14)
    np.testing.assert_allclose(from_samples(np.array(column)[:, None]).sigma2, [wanted], rtol=1e-14)


def test_pieces_of_several_types_share_one_origin():
    """The first row 2⁵³ + 1 is no double: a later piece of doubles must not see another one."""
    first, second = np.array([[2**53 + 1], [2**53 + 3]]), np.array([[2.0**53 + 4]])
    np.testing.assert_allclose(
        scatter([first, second]).spectrum(), [float(exact_variance([2**53 + i for i in (1, 3, 4)]))]
    )


def test_training_keeps_the_small_components_that_bounds_keeps():
    """σ² = 1 and 1e-20, which a covariance does not hold beside each other, and what is below rounding is zero."""
    turn = np.linalg.qr(RNG.normal(size=(2, 2)))[0]
    table = np.array([[1, 1e-10], [1, -1e-10], [-1, 1e-10], [-1, -1e-10]])
    for samples in (table, table[:, :1] * [1, 0]):
        data = from_samples(samples + np.array([7.0, 0.0]))
        np.testing.assert_allclose(data.sigma2, from_data(samples), rtol=1e-5)
    data = from_samples(table @ turn)
    np.testing.assert_allclose(data.sigma2, [1, 1e-20], rtol=1e-4)
    np.testing.assert_allclose(np.var(data.centred() @ data.basis, axis=0), [1, 1e-20], rtol=1e-4)
    data = from_samples(table, divisor=4.0)
    np.testing.assert_allclose(data.sigma2, [1 / 16, 1e-20 / 16], rtol=1e-5)


def test_training_and_bounds_agree_on_many_tables():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        n, m = rng.integers(2, 12, size=2)
        table = rng.normal(size=(n, m)) * 10.0 ** rng.uniform(-9, 0, m) + 10.0 ** rng.uniform(-3, 9, m)
        data = from_samples(table)
        np.testing.assert_allclose(data.sigma2, from_data(table), rtol=1e-9, atol=1e-30 * data.sigma2[0])
        assert data.rank == np.count_nonzero(from_data(table))


def test_targets_are_centred_as_samples_are():
    x = RNG.normal(size=(50, 3))
    y = RNG.integers(-9, 9, size=(50, 2))
    data = from_samples(x)
    here, there = with_targets(data, y), with_targets(data, y + (2**60 + 1))
    np.testing.assert_array_equal(here.explained, there.explained)
    np.testing.assert_array_equal(here.targets.samples, there.targets.samples)
    still = np.column_stack([y, np.full(50, 1.6e9 + 0.1)])
    assert with_targets(data, still).targets.trace == here.targets.trace
    with pytest.raises(ValueError, match="targets: all samples are equal"):
        with_targets(data, np.full(50, 14.62))


def test_targets_of_nearly_collinear_samples_are_predicted_from_what_products_hold():
    """M = YXᵀ/n has errors of rounding, which a division by the smallest σ_i that X holds would blow up."""
    x = RNG.normal(size=(200, 2))
    samples = np.column_stack([x, x.sum(axis=1) * (1 + 1e-13 * RNG.normal(size=200))])
    data = with_targets(from_samples(samples), x)
    np.testing.assert_allclose(data.explained, from_samples(x).sigma2, rtol=1e-9)
    assert data.unexplained < 1e-12


def test_the_mean_is_a_double_that_users_see():
    centre = scatter(rows_of(np.array([[2**53 + 1, 0], [2**53 + 3, 1]]))).centre
    np.testing.assert_array_equal(centre.mean, [2.0**53 + 2, 0.5])
    assert isinstance(centre, Centre)
    np.testing.assert_array_equal(centre.subtracted(np.array([[2**53 + 2, 5]])), [[0, 4.5]])


@pytest.mark.parametrize("divisor", [1e-200, 1e200, 1e-170])
def test_a_divisor_that_takes_variances_beyond_doubles_is_refused(divisor):
    with pytest.raises(ValueError, match=r"divide: got .* beyond double precision"):
        from_samples(SMALL, divisor=divisor)


def test_rows_of_several_lengths_are_refused():
    with pytest.raises(ValueError, match="data: row 3 has 3 columns, the first 2"):
        scatter([np.ones((2, 2)), np.ones((1, 3))])


@pytest.mark.parametrize("n", [8, 4096])
def test_eigenvalues_that_only_rounding_tells_apart_are_equal(n):
    """A factorial design, turned: σ² = 9, 1, 1, 1 exactly."""
    signs = np.array([[1 - 2 * (i >> j & 1) for j in range(4)] for i in range(n)]) * [3.0, 1, 1, 1]
    if n == 8:
        signs[:, 3] = signs[:, 0] * signs[:, 1] / 3
    for _ in range(10):
        turn = np.linalg.qr(RNG.normal(size=(4, 4)))[0]
        for found in (from_data(signs @ turn), from_samples(signs @ turn + 3).sigma2):
            assert found[0] > found[1] == found[2] == found[3]
            np.testing.assert_allclose(found, [9, 1, 1, 1], rtol=1e-13)
    np.testing.assert_array_equal(np.diff(from_data(signs * [1, 1, 1 + 1e-12, 1])) == 0, [False, False, True])


LONG = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the long double of this machine is a double")


@LONG
@pytest.mark.parametrize("step", [10, 2**20])
@pytest.mark.parametrize("offset", [0, 2**60 + 1, -(2**63), 2**64 - 60])
def test_whole_numbers_in_a_text_are_not_rounded_before_the_mean_is_subtracted(tmp_path, monkeypatch, step, offset):
    monkeypatch.setattr("numerics.tables.NUMBERS", step)
    rows = [(i, i * i % 7 + 0.5) for i in range(50)]
    for name, start in (("near", 0), ("far", offset)):
        (tmp_path / f"{name}.csv").write_text("id,x\n" + "".join(f"{start + i},{x}\n" for i, x in rows))
    near, far = (from_pieces(open_table(tmp_path / f"{name}.csv").pieces()) for name in ("near", "far"))
    np.testing.assert_array_equal(far.sigma2, near.sigma2)


@LONG
@pytest.mark.parametrize("dtype", ["int64", "Int64", "int64[pyarrow]"])
def test_whole_numbers_beside_fractions_in_a_frame_are_not_rounded_either(tmp_path, dtype):
    pandas, _ = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    found = []
    for start in (0, 2**60 + 1):
        frame = pandas.DataFrame({"count": range(50), "x": np.arange(50) ** 2 % 7 + 0.5})
        frame["count"] = (frame["count"] + start).astype(dtype)
        frame.to_parquet(tmp_path / f"{start}.parquet")
        found.append(from_pieces(open_table(tmp_path / f"{start}.parquet").pieces()).sigma2)
    np.testing.assert_array_equal(*found)
