"""What is too much is refused in one line, with status 2, before anything is begun or written."""

import errno
import subprocess
import sys
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from numerics import resources
from proofs import cli, start, streams
from proofs.cli import app

EVEN = ["--family", "even"]
SYNTHETIC = ["train", "--synthetic", "even", "--out", "new"]
SWEEP = ["sweep", "--families", "even", "--out", "new"]
FIGURE = ["reproduce", "bao2020/fig4", "--out", "new"]
MANY = 10**9


@pytest.mark.parametrize("jobs", [100_000, MANY, 10**18])
@pytest.mark.parametrize(
    "command",
    [
        ["check", "bao2020/B"],
        ["mutate", "bao2020/B/eq10"],
        ["errata", "bao2020/B"],
        ["derive", "bao2020/B"],
        SWEEP,
        [*SYNTHETIC, "--m", 4],
        FIGURE,
    ],
    ids=lambda command: command[0],
)
def test_more_processes_than_there_is_memory_for(tmp_path, monkeypatch, command, jobs):
    assert f"jobs: got {jobs}; each process takes about" in refused(tmp_path, monkeypatch, *command, "--jobs", jobs)


@pytest.mark.parametrize("jobs", [0, -2])
@pytest.mark.parametrize("command", [[*SYNTHETIC, "--m", 4], FIGURE], ids=lambda command: command[0])
def test_a_number_of_processes_that_is_none(tmp_path, monkeypatch, command, jobs):
    assert f"jobs: got {jobs}; want -1 or at least 1" in refused(tmp_path, monkeypatch, *command, "--jobs", jobs)


@pytest.mark.parametrize(
    ("command", "k"),
    [
        (["bounds", *EVEN], 10**6),
        (["bounds", *EVEN, "--loss", "nested-dropout"], 10**6),
        (["bounds", *EVEN, "--certify"], 10**6),
        (["optimise", *EVEN], 10**4),
        (["optimise", *EVEN], 10**6),
        (["optimise", *EVEN, "--loss", "nested-dropout"], 10**5),
    ],
    ids=str,
)
def test_every_pair_of_too_many_latents(tmp_path, monkeypatch, command, k):
    line = refused(tmp_path, monkeypatch, *command, "--k", k, "--m", 2 * k)
    assert f"time: k = {k} takes about " in line
    assert line.endswith(" hours; want a smaller k\n")


@pytest.mark.parametrize("k", [10**6, f"2:{10**6}", f"2,3,{10**7}"])
@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_a_sweep_to_too_many_latents(tmp_path, monkeypatch, loss, k):
    assert "time: a sweep of" in refused(tmp_path, monkeypatch, *SWEEP, "--k", k, "--loss", loss)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--samples", MANY], "samples: these are 12000000000 cases"),
        (["--samples", 10**18], "cases; want at most"),
        (["--k", 2, "--samples", MANY], f"samples: these are {MANY} cases"),
        (["--k", f"2:1000:{MANY}"], f"k: got {MANY} numbers"),
        (["--k", 2, "--m", 10**12], f"for m = {10**12}"),
        (["--k", 2, "--m", 10**30], f"for m = {10**30}"),
        (["--k", f"2:3:{10**30}"], "k: got a number of 31 digits"),
    ],
    ids=str,
)
def test_a_sweep_over_too_much(tmp_path, monkeypatch, options, complaint):
    assert complaint in refused(tmp_path, monkeypatch, *SWEEP, *options)


@pytest.mark.parametrize("command", ["bounds", "optimise"])
@pytest.mark.parametrize("source", [["--family", "even"], ["--family", "power:1.2"], ["--sigma2", "1:9"]], ids=str)
@pytest.mark.parametrize("m", [10**12, 10**30])
def test_more_components_than_there_is_memory_for(tmp_path, monkeypatch, command, source, m):
    assert "memory: Unable to allocate" in refused(tmp_path, monkeypatch, command, *source, "--k", 2, "--m", m)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--m", 10**6], "for no samples of 1000000 features"),
        (["--m", 10**12], f"for m = {10**12}"),
        (["--m", 5, "--n", 10**12], f"for {10**12} samples of 5 features"),
        (["--m", 5, "--seeds", f"0:{MANY}"], f"seeds: got {MANY} of them"),
        (["--m", 5, "--seeds", f"0:{10**30}"], f"seeds: got {10**30} of them"),
        (["--m", 5, "--k", "1,2", "--model", "rag,l2", "--lr", "1e-3,1e-4", "--seeds", "0:50000"], "runs: got 400000"),
        (["--m", 5, "--epochs", 10**21], f"epochs: got {10**21}; want at most"),
        (["--m", 5, "--epochs", 10**12, "--every", 1], "records, as "),
        (["--m", 5, "--seeds", "0:50000", "--lr", "0.01", "--epochs", 10**6, "--every", 1], "records, as "),
        (["--m", 5, "--model", "deep", "--widths", MANY], f"for widths {MANY}"),
        (["--m", 5, "--model", "deep", "--widths", f"{10**6},{10**6},2"], "for widths 1000000,1000000,2"),
        (["--m", 5, "--k", 10**6], "k: got 1000000; want 1 ≤ k ≤ m = 5"),
    ],
    ids=str,
)
def test_training_too_much(tmp_path, monkeypatch, options, complaint):
    assert complaint in refused(tmp_path, monkeypatch, *SYNTHETIC, *options)


def test_a_figure_of_too_many_epochs(tmp_path, monkeypatch):
    assert f"epochs: got {10**21}; want at most" in refused(tmp_path, monkeypatch, *FIGURE, "--epochs", 10**21)


@pytest.mark.parametrize(
    ("memory", "files", "jobs", "found"),
    [
        (64e9, 1024, -1, -1),
        (1e9, 1024, -1, 7),
        (1e6, 1024, -1, 1),
        (64e9, 40, -1, 6),
        (64e9, 10, -1, 1),
        (64e9, float("inf"), -1, -1),
        (1e6, 4, 1, 1),
        (64e9, 1024, 200, 200),
    ],
)
def test_as_many_processes_as_there_is_room_for(monkeypatch, memory, files, jobs, found):
    monkeypatch.setattr(resources, "free_memory", lambda: memory)
    monkeypatch.setattr(resources, "_limit", lambda name: files)
    monkeypatch.setattr(resources.os, "cpu_count", lambda: 64)
    assert resources.want_processes(jobs) == found


def test_more_processes_than_files_may_be_open(monkeypatch):
    monkeypatch.setattr(resources, "free_memory", lambda: 64e9)
    monkeypatch.setattr(resources, "_limit", lambda name: 20)
    with pytest.raises(ValueError, match=r"4 open files, and 20 are allowed \(ulimit -n\); want at most 1$"):
        resources.want_processes(2)


@pytest.mark.parametrize("name", ["AS", "DATA"])
@pytest.mark.parametrize("command", ["check", "bounds", "train", "mutate"])
def test_a_process_that_may_not_have_the_libraries_does_not_begin(tmp_path, monkeypatch, name, command):
    monkeypatch.setattr(resources, "_limit", lambda asked: 200 * 2**20 if asked == name else float("inf"))
    assert "this process may have 200 MiB (ulimit -v, -d); want at least 1024 MiB" in refused(
        tmp_path, monkeypatch, command
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "limit"), [("AS", 200 * 2**20), ("DATA", 100 * 2**20), ("NOFILE", 4), ("NOFILE", 9)])
@pytest.mark.parametrize(
    "command",
    [["check", "bao2020/B/eq10", "--jobs", "2"], ["mutate", "bao2020/B/eq10", "--jobs", "2"], [*SWEEP, "--jobs", "2"]],
    ids=lambda command: command[0],
)
def test_under_a_limit_of_the_system_one_line(tmp_path, name, limit, command):
    confined = f"import resource; resource.setrlimit(resource.RLIMIT_{name}, ({limit}, {limit}))"
    script = f"{confined}; from proofs.start import main; main()"
    found = subprocess.run([sys.executable, "-c", script, *command], cwd=tmp_path, capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    assert found.stderr.startswith("lae")


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (MemoryError(), "not enough memory"),
        (OSError(errno.EMFILE, "Too many open files"), "too many open files"),
        (OSError(errno.ENFILE, "Too many open files in system"), "too many open files"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "not enough memory"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "no more processes"),
        (RuntimeError("can't start new thread"), "no more processes or threads"),
        (ImportError("libm.so: cannot map: Cannot allocate memory"), "not enough memory"),
    ],
    ids=repr,
)
def test_what_the_system_has_run_out_of_is_one_line(monkeypatch, capsys, problem, line):
    def fail(**options):
        raise problem

    monkeypatch.setattr(start, "leave_working_directory", lambda: None)
    monkeypatch.setattr(start, "_answer_signals", lambda: None)
    monkeypatch.setattr(start, "_answer_no_more", lambda: None)
    monkeypatch.setattr(streams, "guarded", nullcontext)
    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as end:
        start.main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(f"lae: {line}")


def refused(tmp_path, monkeypatch, *arguments):
    """The one line of a command that refuses, and writes nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("lae")
    assert result.stderr.count("\n") == 1, result.stderr
    assert not list(tmp_path.iterdir())
    return result.stderr
