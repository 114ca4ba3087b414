"""No process of ours imports from the working directory, whatever lies there and however it came onto the path."""

import os
import subprocess
import sys

import pytest

from numerics import safe_path

BY_PYTHON = {"types", "warnings", "enum", "functools", "collections", "copyreg", "contextlib", "inspect", "ast"}
"""What Python itself may import before a command begins."""
OTHERS = {
    *("random", "typing", "signal", "threading", "socket", "json", "logging", "pickle", "struct", "tempfile"),
    *("subprocess", "asyncio", "queue", "string", "dataclasses", "numbers", "fractions", "decimal", "zipfile"),
    *("joblib", "numpy", "scipy", "sympy", "flint", "z3", "mpmath", "typer", "rich", "click", "threadpoolctl"),
    *("psutil", "viztracer", "matplotlib", "pandas", "sklearn", "array_api_compat", "dask", "cloudpickle"),
}
LAE = "import sys; sys.argv[0] = 'lae'; from proofs.start import main; main()"
SWEEP = ["sweep", "--families", "even", "--k", "2", "--jobs", "2", "--out"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "planted").mkdir()
    return tmp_path / "planted"


def plant(folder, names):
    """Modules that leave a trace when they are imported, and fail."""
    for name in names:
        trace = f"open({str(folder.parent / 'trace')!r}, 'a').write({name + ' '!r})"
        (folder / f"{name}.py").write_text(f"{trace}\nraise ImportError({name!r})\n")


def run(folder, *command, **environment):
    """A command in the folder succeeds, and nothing leaves a trace."""
    variables = os.environ | {"LAE_CACHE": str(folder.parent / "cache")} | environment
    found = subprocess.run([sys.executable, *command], cwd=folder, env=variables, capture_output=True, text=True)
    trace = folder.parent / "trace"
    assert not trace.exists(), trace.read_text() + found.stderr
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        [*SWEEP, "rows.csv"],
        ["check", "bao2020/B/final", "--fresh", "--jobs", "2"],
        ["train", "--synthetic", "even", "--m", "4", "--epochs", "9", "--jobs", "2", "--seeds", "0:2", "--out", "run"],
        ["bounds", "--family", "even", "--m", "9", "--k", "2", "--plot", "bounds.svg"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_and_its_processes_import_nothing_planted(folder, arguments):
    plant(folder, OTHERS | BY_PYTHON)
    run(folder, "-P", "-c", LAE, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "path"), [(("-P", "-c", LAE), f"{os.pathsep}/absent"), (("-m", "proofs.start"), "")], ids=["empty", "-m"]
)
def test_nothing_planted_is_imported_once_the_command_begins(folder, start, path):
    """An empty entry of PYTHONPATH, or `python -m`, puts the folder onto the path of Python itself."""
    plant(folder, OTHERS)
    run(folder, *start, *SWEEP, "rows.csv", PYTHONPATH=path)


@pytest.mark.slow
def test_processes_of_the_library_import_nothing_planted(folder):
    """The calling process follows its own rules; those that are started for it do not look where it stands."""
    plant(folder, OTHERS | BY_PYTHON)
    (folder.parent / "script.py").write_text(
        "from numerics import survey\n"
        "if __name__ == '__main__':\n"
        "    todo = survey.cases('l2', 'even', ['even'], [2, 3], None, 2, 0)\n"
        "    assert len(list(survey.run(todo, jobs=2))) == 4\n"
    )
    run(folder, folder.parent / "script.py")


@pytest.mark.parametrize(
    ("python_path", "before", "after"),
    [
        ("", ["HERE", "/a"], ["/a"]),
        ("", ["", "/a"], ["/a"]),
        ("", ["/bin", "/a", "HERE"], ["/bin", "/a", "HERE"]),
        (":/x", ["/bin", "HERE", "/x", "/a"], ["/bin", "/x", "/a"]),
        ("/x:", ["/bin", "/x", "HERE", "/a"], ["/bin", "/x", "/a"]),
        ("/x::/y", ["/bin", "/x", "HERE", "/y"], ["/bin", "/x", "/y"]),
        (".:/x", ["/bin", "HERE", "/x"], ["/bin", "/x"]),
        ("../planted", ["/bin", "HERE"], ["/bin"]),
        ("HERE", ["/bin", "HERE", "/a"], ["/bin", "HERE", "/a"]),
    ],
)
def test_the_working_directory_goes_from_where_it_stands_by_rule(folder, monkeypatch, python_path, before, after):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.setenv("PYTHONPATH", python_path.replace("HERE", str(folder)))
    monkeypatch.setattr(sys, "path", [entry.replace("HERE", str(folder)) for entry in before])
    safe_path.leave_working_directory()
    assert sys.path == [entry.replace("HERE", str(folder)) for entry in after]
    assert os.environ["PYTHONSAFEPATH"] == "1"
    named = os.environ["PYTHONPATH"]
    assert not named or not {"", ".", "../planted"} & set(named.split(os.pathsep))


def test_a_checkout_that_is_not_installed_runs_from_its_own_folder(monkeypatch):
    monkeypatch.chdir(safe_path.HOME)
    monkeypatch.setattr(sys, "path", ["", safe_path.HOME])
    safe_path.leave_working_directory()
    assert sys.path == ["", safe_path.HOME]
