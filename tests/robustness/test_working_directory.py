"""No process of ours imports from the working directory, whatever lies there and however it came onto the path."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest

from numerics import safe_path

BY_PYTHON = {"types", "warnings", "enum", "functools", "collections", "copyreg", "contextlib", "inspect", "ast"}
"""What Python itself may import before a command begins."""
OTHERS = {
    *("random", "typing", "signal", "threading", "socket", "json", "logging", "pickle", "struct", "tempfile"),
    *("subprocess", "asyncio", "queue", "string", "dataclasses", "numbers", "fractions", "decimal", "zipfile"),
    *("joblib", "numpy", "scipy", "sympy", "flint", "mpmath", "typer", "rich", "click", "threadpoolctl"),
    *("psutil", "viztracer", "matplotlib", "pandas", "sklearn", "array_api_compat", "dask", "cloudpickle"),
}
LAE = "import sys; sys.argv[0] = 'lae'; from proofs.start import main; main()"
PATIENCE = 120
"""Seconds after which a cluster hangs, however busy the machine is."""
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
    found = subprocess.run(
        [sys.executable, *command], cwd=folder, env=variables, capture_output=True, text=True, timeout=PATIENCE
    )
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


@contextmanager
def dask(folder, *options, python_path=safe_path.HOME):
    """A scheduler and a worker that were started in a folder by `python -m`, which puts the folder first."""
    pytest.importorskip("dask.distributed", reason="the dask extra is not installed")
    address = folder.parent / "scheduler.json"
    variables = os.environ | {"PYTHONPATH": python_path, "PYTHONSAFEPATH": ""}
    program = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(address), "--no-dashboard"]
    with ExitStack() as running:
        for what, *more in (["scheduler", "--port", "0"], ["worker", "--nthreads", "2", *options]):
            command = [part.format(what) for part in program] + more
            process = subprocess.Popen(command, cwd=folder, env=variables, stderr=subprocess.DEVNULL)
            running.callback(process.wait)
            running.callback(process.terminate)
        at(address, "None")
        yield address


def at(address, expression):
    """An expression as the worker of a cluster has it, with `os` and `sys`."""
    from distributed import Client

    expression = f"(lambda os, sys: {expression})(__import__('os'), __import__('sys'))"
    with Client(scheduler_file=str(address), timeout=PATIENCE) as client:
        client.wait_for_workers(1, timeout=PATIENCE)
        (found,) = client.run(eval, expression).values()
        return found


def sweep_on(address):
    return [*SWEEP[:-3], "--scheduler", json.loads(address.read_text())["address"], "--out", "rows.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("nanny", ["--nanny", "--no-nanny"])
def test_a_cluster_imports_nothing_planted_once_it_has_started(folder, nanny):
    with dask(folder, nanny) as address:
        here, path = at(address, "(os.getcwd(), sys.path)")
        assert here in path
        plant(folder, {"numerics", "proofs"} | OTHERS)
        run(folder, "-P", "-c", LAE, *sweep_on(address), PYTHONPATH=safe_path.HOME)
        assert at(address, "sys.modules['numerics'].__file__").startswith(safe_path.HOME)
        assert at(address, "sys.path") == path


@pytest.mark.slow
def test_a_scheduler_without_joblib_is_refused(folder):
    """Its tasks would wait for ever."""
    (folder.parent / "lacking").mkdir()
    (folder.parent / "lacking" / "joblib.py").write_text("raise ImportError('No module named joblib')")
    with dask(folder, python_path=str(folder.parent / "lacking")) as address:
        command = [sys.executable, "-P", "-c", LAE, *sweep_on(address)]
        variables = os.environ | {"PYTHONPATH": safe_path.HOME}
        found = subprocess.run(command, env=variables, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert found.returncode == 2
    assert found.stderr.startswith("lae sweep: scheduler: tcp://")
    assert found.stderr.endswith(" or its workers lack this package: No module named joblib\n")


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
