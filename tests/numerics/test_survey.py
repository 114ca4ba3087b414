"""Sweeps: the same rows in any order, on processes or a cluster; every bound of the table has its column."""

import numpy as np
import pytest

from numerics import processes, spectra, survey
from numerics.sharper import every_bound

CASES = survey.cases("l2", "even", ["even", "power:1.2"], [2, 6], None, 2, seed=5)


def by_case(rows):
    return sorted(rows, key=lambda row: (row["family"], row["k"], row["sample"]))


def test_sample_zero_is_the_family_and_the_others_are_seeded():
    first, second = (case.spectrum() for case in CASES[:2])
    np.testing.assert_array_equal(first, spectra.even(4))
    np.testing.assert_array_equal(second, CASES[1].spectrum())
    assert (np.diff(second) < 0).all()
    other = survey.cases("l2", "even", ["even"], [2], None, 2, seed=6)[1].spectrum()
    assert (other != second).any()


@pytest.mark.parametrize("loss", survey.LOSSES)
def test_every_bound_of_the_table_is_a_column_at_every_size(loss):
    for k in (1, 2, 3, 7):
        case = survey.cases(loss, "even", ["power"], [k], None, 1, 0)[0]
        row = survey.measure(case)
        assert row["reason"] == row["violated"] == ""
        assert list(row) == survey.columns(loss)
        for bound in every_bound(loss, case.spectrum(), case.placed(), scale=case.scale):
            assert row[bound.id] * row[bound.bounds] == pytest.approx(float(bound.value))


def test_the_best_weights_have_the_smaller_condition_number():
    for loss in survey.LOSSES:
        even, best = (survey.measure(survey.cases(loss, w, ["power"], [3], None, 1, 0)[0]) for w in survey.WEIGHTS)
        assert best["condition_number"] < even["condition_number"]


def test_what_cannot_be_measured_is_a_row_with_its_reason():
    row = survey.measure(survey.Case("l2", "even", "clustered", 1600, 1600, 0, 0))
    assert row["reason"]
    assert row["condition_number"] == row["violated"] == ""


def test_processes_give_the_rows_of_one_process():
    assert by_case(survey.run(CASES, jobs=2)) == by_case(map(survey.measure, CASES))


def test_a_dask_cluster_gives_the_rows_of_one_process():
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        rows = by_case(survey.run(CASES, scheduler=cluster.scheduler_address))
    assert rows == by_case(map(survey.measure, CASES))


def test_a_scheduler_that_cannot_be_reached_is_named(monkeypatch):
    pytest.importorskip("dask.distributed")
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    for address in ("tcp://127.0.0.1:1", "nonsense", "smoke://signal:1"):
        with pytest.raises(ValueError, match=f"^scheduler: cannot reach {address}"):
            list(survey.run(CASES, scheduler=address))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"loss": "l1"}, "loss: got 'l1'"),
        ({"weights": "odd"}, "weights: got 'odd'; want one of even, best"),
        ({"families": ["odd"]}, "family: got 'odd'"),
        ({"families": [""]}, "family: got ''"),
        ({"families": ["nearly-equal:0.1"]}, "want 0 < gap"),
        ({"m": 3}, "m: got 3; want at least the largest k, 6"),
        ({"samples": 0}, "samples: got 0"),
        ({"seed": -1}, "seed: got -1"),
    ],
)
def test_bad_options_are_refused_with_the_reason(change, complaint):
    good = {"loss": "l2", "weights": "even", "families": ["even"], "sizes": [2, 6], "m": None, "samples": 1, "seed": 0}
    with pytest.raises(ValueError, match=complaint):
        survey.cases(**good | change)


@pytest.mark.parametrize("text", ["", "x", "0", "0:5", "5:2", "1:2:3:4", "1:2,3", "2:9:0", "-3", "2.5"])
def test_bad_sizes_are_refused(text):
    with pytest.raises(ValueError, match=r"^k: got"):
        survey.sizes(text)


def test_sizes_are_distinct_and_include_both_ends():
    for text, low, high in (("2:200", 2, 200), ("1:3", 1, 3), ("7:7", 7, 7)):
        found = survey.sizes(text)
        assert (found[0], found[-1]) == (low, high)
        assert found == sorted(set(found))
