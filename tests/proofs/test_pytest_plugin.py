"""Claims as tests of pytest: what fails, how it is told, and that pytest's own options choose among them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

INSTALLED = any(e.value == "proofs.pytest_plugin" for e in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "proofs.pytest_plugin")
"""Sources that are not installed have no entry point."""
RIDGE = Path(__file__).parents[1] / "papers" / "ridge"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(RIDGE, tmp_path / "ridge", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    return tmp_path


@pytest.fixture
def tested(folder):
    """`tested(*options)`: the status and the output of pytest in a folder with a paper and a test of another kind."""

    def run(*options: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", *PLUGIN, "--rootdir", str(folder), *options]
        where = os.environ | {"LAE_CACHE": str(folder / "cache"), "PYTHONPATH": os.pathsep.join(sys.path)}
        found = subprocess.run(command, cwd=folder, env=where, capture_output=True, text=True)
        return found.returncode, found.stdout + found.stderr

    return run


def test_claims_are_tests_that_pass_as_recorded_and_fail_with_what_changed(folder, tested):
    status, told = tested("--lae", "ridge/")
    assert (status, "10 passed" in told) == (0, True), told
    section = folder / "ridge" / "fit.py"
    section.write_text(section.read_text().replace("2 * λ * w)", "λ * w)"))
    (folder / "ridge" / "verdicts.json").write_text(json.dumps({"ridge/1/gradient": "proved"}))
    (folder / "ridge" / "statements.json").write_text(json.dumps({"ridge/1/gradient": "∇_w L = 2Xᵀ(X w − y) + 2λ w"}))
    status, told = tested("--lae", "ridge/", "-k", "gradient", "-v")
    assert status == 1
    assert "ridge/1/gradient is refuted; recorded as proved" in told
    assert "∇_w L = 2Xᵀ(X w − y) + λ w" in told
    assert "∇_w L = 2Xᵀ(X w − y) + [-2-]λ w" in told
    assert "fails at" in told
    assert "9 deselected" in told
    status, told = tested("--lae", "ridge/", "--lf")
    assert (status, "1 failed" in told and "passed" not in told) == (1, True), told


@pytest.mark.slow
def test_several_processes_other_tests_and_requirements(tested):
    status, told = tested("--lae", "ridge/2", "test_other.py", "--lae-require", "proved", "-n", "2")
    assert status == 1
    assert "ridge/2/degrees-of-freedom is supported; wanted: proved" in told
    assert "1 failed, 5 passed" in told


def test_mutants_that_survive_fail_below_a_threshold(tested):
    status, told = tested("--lae", "ridge/1/push-through", "--lae-mutants", "0.9")
    assert (status, "2 passed" in told) == (0, True), told


def test_a_paper_that_cannot_be_read_is_one_line(tested):
    status, told = tested("--lae", "nothing/")
    assert status == 4
    assert "--lae: no claim 'nothing" in told


def test_without_the_option_nothing_of_the_referee_is_imported(tested, folder):
    (folder / "test_other.py").write_text("import sys\ndef test_other(): assert 'proofs.check' not in sys.modules\n")
    assert tested()[0] == 0
