"""The command line: exit status, one line for bad input, machine-readable output."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from proofs import lock
from proofs.claim import registry
from proofs.cli import COMMANDS, app
from proofs.render.terminal import setting_beside

HEAVY = ("numpy", "scipy", "sympy", "flint", "joblib", "mpmath")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """A cache and a record of the test's own, and a terminal of 80 columns."""
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(lock, "file_of", lambda paper: tmp_path / "verdicts.json")


def lae(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_help_names_every_command_and_imports_nothing_heavy():
    loaded = f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    script = f"import sys\nfrom proofs.cli import main\ntry: main()\nfinally: {loaded}"
    found = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True)
    assert found.returncode == 0
    assert all(f" {name} " in found.stdout for name in COMMANDS)
    assert found.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["check", "show", "derive", "errata"])
def test_an_unknown_id_is_one_line_with_the_nearest_and_status_2(command):
    found = lae(command, "bao2020/B/eq1O")
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1
    assert "bao2020/B/eq10" in found.stderr


@pytest.mark.parametrize(
    "options", [["--verdict", "true"], ["--jobs", "x"], ["--jobs", "0"], ["--timeout", "0"], ["--timeout", "nan"]]
)
def test_a_bad_option_is_status_2(options):
    assert lae("check", "bao2020/B/eq10", *options).exit_code == 2


def test_check_shows_verdicts_within_80_columns():
    found = lae("check", "bao2020/B/eq10")
    assert found.exit_code == 0
    assert "refuted" in found.stdout
    assert "corrected: proved" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_check_filters_what_it_shows_by_verdict():
    found = lae("check", "bao2020/B/eq10", "--verdict", "proved", "--json")
    assert [c["id"] for c in json.loads(found.stdout)["claims"]] == ["bao2020/B/eq10+"]


def test_json_has_the_fields_of_the_design_and_rationals_as_strings():
    printed, corrected = json.loads(lae("check", "bao2020/B/eq10", "--json").stdout)["claims"]
    wanted = {"id", "paper", "where", "statement", "convention", "verdict", "scope", "correction_of", "evidence"}
    assert wanted | {"counterexample", "seconds"} <= printed.keys()
    assert printed["correction_of"] is None
    assert corrected["correction_of"] == "bao2020/B/eq10"
    assert corrected["counterexample"] is None
    assert set(printed["evidence"][0]) >= {"method", "scope", "detail"}
    assert all(isinstance(v, str) for v in printed["counterexample"]["sides"].values())
    assert "\\Lambda" in printed["statement"]


def test_a_changed_verdict_is_status_1_and_the_record_restores_0(tmp_path):
    assert lae("check", "bao2020/B/eq10", "--record").exit_code == 0
    record = json.loads((tmp_path / "verdicts.json").read_text())
    assert record == {"bao2020/B/eq10": "refuted", "bao2020/B/eq10+": "proved"}
    (tmp_path / "verdicts.json").write_text('{"bao2020/B/eq10": "proved"}')
    found = lae("check", "bao2020/B/eq10")
    assert found.exit_code == 1
    assert "bao2020/B/eq10 was proved, is refuted" in found.stderr


def test_a_second_run_comes_from_the_cache():
    lae("check", "bao2020/B/eq10")
    assert "2 from the cache" in " ".join(lae("check", "bao2020/B/eq10").stdout.split())
    assert "cache" not in lae("check", "bao2020/B/eq10", "--fresh").stdout


def test_show_tells_all_that_is_known_of_a_claim():
    found = lae("show", "bao2020/B/eq10+").stdout
    for part in ("bao2020/B/eq10+", "proved", "all sizes", "given", "corrects", "exact instances", "needed: "):
        assert part in found


def test_show_prints_a_latex_document():
    document = lae("show", "bao2020/B/eq10", "--format", "latex").stdout
    assert r"\Lambda S^{-1}" in document
    assert document.isascii()
    assert document.rstrip().endswith(r"\end{document}")


def test_errata_puts_the_print_the_counterexample_and_the_correction_together():
    found = lae("errata", "bao2020/B/eq10").stdout
    assert found.index("printed") < found.index("fails") < found.index("instead") < found.index("bao2020/B/eq10+")
    (erratum,) = json.loads(lae("errata", "bao2020/B/eq10", "--json").stdout)["errata"]
    assert erratum["correction"]["verdict"] == "proved"


def test_errata_shows_the_hypothesis_where_only_that_is_corrected():
    printed, instead = lae("errata", "bao2020/E.2/lemma4").stdout.split("instead")
    assert "given    d_i ≠ d_j" in printed
    assert "given    d_i² ≠ d_j²" in instead


def test_no_erratum_prints_the_same_twice():
    claims = registry()
    for better in (c for c in claims.values() if c.correction_of):
        wrong = claims[better.correction_of]
        shown = [(a.printed.text(), setting_beside(a, b)) for a, b in ((wrong, better), (better, wrong))]
        assert shown[0] != shown[1], better.id


def test_a_document_is_written_whole_or_refused_in_one_line(tmp_path):
    assert lae("derive", "bao2020/B/eq10", "--format", "latex", "--out", str(tmp_path / "b.tex")).exit_code == 0
    assert (tmp_path / "b.tex").read_text().rstrip().endswith(r"\end{document}")
    refused = lae("derive", "bao2020/B/eq10", "--out", str(tmp_path / "nowhere" / "b.txt"))
    assert refused.exit_code == 2
    assert "cannot be written" in refused.stderr
