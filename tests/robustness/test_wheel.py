"""A wheel works without the repository beside it: its papers, templates and records are in it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PARTS = ("proofs", "numerics", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what a wheel of the sources holds."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    for part in PARTS:
        path = REPOSITORY / part
        shutil.copytree(path, source / part) if path.is_dir() else shutil.copy(path, source)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(pip, check=True, capture_output=True)
    return target


@pytest.fixture
def lae(installed, tmp_path):
    """`lae(*arguments)` of the wheel, in a folder of its own."""

    def run(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
        where = os.environ | {"PYTHONPATH": str(installed), "LAE_CACHE": str(tmp_path / "cache")}
        command = ["-c", code] if code else ["-m", "proofs", *arguments]
        return subprocess.run([sys.executable, "-P", *command], cwd=tmp_path, env=where, capture_output=True, text=True)

    return run


@pytest.mark.slow
def test_the_papers_are_found_by_entry_points(lae, installed):
    code = "from proofs.papers import PROJECT, papers; print(PROJECT.is_file(), *papers())"
    assert lae(code=code).stdout.split() == ["False", "bah2019", "bao2020", "kunin2019", "oftadeh2020", "lae"]
    assert (installed / "proofs" / "py.typed").is_file()


@pytest.mark.slow
def test_a_new_paper_is_decided_and_reported(lae, tmp_path):
    assert lae("new", "mine").returncode == 0
    found = lae("check", "mine/", "--json", "--jobs", "1")
    assert {c["verdict"] for c in json.loads(found.stdout)["claims"]} == {"proved", "refuted"}
    assert lae("report", "mine/", "--out", "site").returncode == 0
    assert "<math" in (tmp_path / "site" / "mine" / "1" / "gradient.html").read_text()


@pytest.mark.slow
def test_a_data_set_of_a_library_that_is_absent_is_one_line(lae):
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'sklearn' else find(name, *a)\n"
        "sys.argv = ['lae', 'bounds', '--data', 'digits', '--k', '2']\n"
        "from proofs.start import main; main()"
    )
    found = lae(code=code)
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1
    assert "pip install scikit-learn" in found.stderr
