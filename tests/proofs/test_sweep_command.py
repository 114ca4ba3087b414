"""The command `lae sweep`: resumes after a kill at any moment, an interrupt is status 130, bad input one line."""

import csv
import json
import os
import re
import signal

import pytest
from typer.testing import CliRunner

from numerics import enclosures, survey
from numerics.bounds import Bound
from proofs.cli import app

SMALL = ["--families", "even,power:1.2", "--k", "2,4", "--samples", "2", "--jobs", "1"]


def run(*arguments):
    return CliRunner().invoke(app, ["sweep", *[str(a) for a in arguments]])


def rows(path):
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def grown(path, size):
    return path.exists() and path.read_bytes().count(b"\n") > size + 1


def test_rows_summary_and_picture(tmp_path):
    out, plot = tmp_path / "rows.csv", tmp_path / "rows.svg"
    result = run(*SMALL, "--out", out, "--plot", plot, "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert (summary["cases"], summary["measured_before"], summary["unmeasured"]) == (8, 0, [])
    assert len(rows(out)) == 8
    for bound in summary["bounds"]:
        ratios = [float(row[bound["id"]]) for row in rows(out) if row[bound["id"]]]  # some need k ≥ 2
        assert bound["largest_ratio"] == max(ratios)
        assert bound["vacuous"] == sum(ratio <= 0 for ratio in ratios)
    assert plot.read_text().endswith("</svg>\n")


def test_a_second_run_measures_what_is_missing_only(tmp_path, monkeypatch):
    out = tmp_path / "rows.csv"
    run(*SMALL, "--out", out)
    whole = out.read_bytes()
    torn = whole[: whole.index(b"\n", len(whole) // 2) + 20]
    out.write_bytes(torn)
    result = run(*SMALL, "--out", out)
    assert result.exit_code == 0
    assert "were measured before" in result.stderr
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())
    monkeypatch.setattr(survey, "measure", lambda case: pytest.fail("measured again"))
    assert run(*SMALL, "--out", out).exit_code == 0
    assert "8 cases, 8 of them measured before" in run(*SMALL, "--out", out).stdout


def test_all_families_are_swept(tmp_path):
    out = tmp_path / "rows.csv"
    assert run("--k", "2:3", "--samples", "1", "--jobs", "1", "--out", out).exit_code == 0
    assert {row["family"] for row in rows(out)} == set(survey.spectra.FAMILIES)


def test_a_violated_bound_gives_status_1(tmp_path, monkeypatch):
    for module in (survey, enclosures):  # in floats, and then in exact arithmetic
        monkeypatch.setattr(module, "every_bound", lambda *a, **k: [Bound("bao2020/B/final", "condition_number", 1e9)])
    monkeypatch.setattr(survey, "columns", survey.columns.__wrapped__)
    result = run("--k", 2, "--families", "even", "--jobs", "1", "--out", tmp_path / "rows.csv")
    assert result.exit_code == 1


@pytest.mark.slow
@pytest.mark.parametrize(("end", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopped_at_any_moment_it_goes_on(tmp_path, stopped, end, status):
    """Of more cases than can be measured meanwhile some are, and a second start measures others."""
    out = tmp_path / "rows.csv"
    command = ["sweep", "--families", "even", "--k", "400:403", "--samples", 3000, "--jobs", 2, "--out", out]
    size = 0
    for _ in range(2):
        found, error = stopped(command, lambda pid: os.killpg(pid, end), lambda: grown(out, size))  # noqa: B023
        assert found == status
        assert "Traceback" not in error
        size = len(rows(out))
    names = [tuple(row.values())[:7] for row in rows(out)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--families", "odd"], "family: got 'odd'"),
        (["--k", "5:2"], "k: got '5:2'"),
        (["--jobs", 0], "jobs: got 0"),
        (["--m", 1], "m: got 1; want at least the largest k"),
        (["--loss", "l1"], "loss: got 'l1'"),
        (["--weights", "odd"], "weights: got 'odd'"),
        (["--samples", 0], "samples: got 0"),
        (["--seed", -1], "seed: got -1"),
        (["--plot", "picture.png"], "ends in .svg"),
        (["--scheduler", "nonsense"], "scheduler: cannot reach nonsense"),
        (["--out", "absent/rows.csv"], "cannot open absent/rows.csv"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_status_2(tmp_path, arguments, complaint):
    result = run("--out", tmp_path / "rows.csv", "--k", "2", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("lae sweep: ")
    assert result.stderr.count("\n") == 1
    assert re.search(complaint, result.stderr)


def test_a_file_that_is_not_a_sweep_is_left_as_it_is(tmp_path):
    out = tmp_path / "mine.csv"
    out.write_text("name,age\nme,42\n")
    result = run(*SMALL, "--out", out)
    assert result.exit_code == 2
    assert "is not a table of this kind" in result.stderr
    assert out.read_text() == "name,age\nme,42\n"
