"""Processes end with the one that started them, whatever ends it, and a signal is answered once, in one line."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from joblib import delayed

from numerics import processes, signals

STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
KILLS = [signal.SIGKILL, signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV]


def endless(path):
    """What a command with two processes that never ends is told, and whether its processes are at work."""
    sweep = [
        "sweep",
        "--families",
        "even",
        "--k",
        "400:403",
        "--samples",
        3000,
        "--jobs",
        2,
        "--out",
        path / "rows.csv",
    ]
    return sweep, lambda: (path / "rows.csv").exists() and (path / "rows.csv").read_bytes().count(b"\n") > 1


@pytest.mark.slow
@pytest.mark.parametrize("number", KILLS)
def test_they_end_when_the_command_alone_is_killed(tmp_path, stopped, number):
    """What is read of their standard error has an end."""
    command, ready = endless(tmp_path)
    status, error = stopped(command, lambda pid: os.kill(pid, number), ready)
    assert status == -number
    assert "Traceback" not in error


@pytest.mark.slow
@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["command", "all"])
def test_they_end_when_the_command_is_asked_to_stop(tmp_path, stopped, send, number):
    command, ready = endless(tmp_path)
    status, error = stopped(command, lambda pid: send(pid, number), ready)
    assert status == 130
    lines = [line for line in error.splitlines() if not line.startswith("[")]
    assert len(lines) == 1
    assert lines[0].startswith("lae sweep: interrupted; ")


@pytest.mark.slow
@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("command", [["check", "bao2020"], ["mutate", "bao2020/B"]], ids=lambda command: command[0])
@pytest.mark.parametrize("delay", [0, 1, 2])
def test_a_signal_while_processes_start_shows_no_traceback(tmp_path, monkeypatch, stopped, command, number, delay):
    """At whatever point that is: the moments differ, what is seen does not."""
    monkeypatch.setenv("LAE_CACHE", str(tmp_path))
    looks = iter(range(200_000 * (delay + 1)))
    ready = lambda: next(looks, None) is None  # noqa: E731
    status, error = stopped([*command, "--jobs", 2], lambda pid: os.killpg(pid, number), ready)
    assert status in (130, -number)
    assert "Traceback" not in error


def test_a_signal_that_is_ignored_stays_ignored():
    """As under `nohup`, or of SIGINT in the background of a script."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.interruptible() as interrupted:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interrupted()
            os.kill(os.getpid(), signal.SIGTERM)
            assert interrupted()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_signals_wait_while_they_are_held_and_what_is_started_never_sees_them():
    script = "import signal; print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    with signals.interruptible() as interrupted:
        with signals.held():
            os.kill(os.getpid(), signal.SIGTERM)
            assert not interrupted()
            seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
        assert interrupted()
    assert all(repr(number) in seen for number in STOPS)
    assert not set(STOPS) & signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_outside_the_main_thread_nobody_is_asked_to_stop():
    answers = []

    def ask():
        with signals.interruptible() as interrupted:
            answers.append(interrupted())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert answers == [False]


def end_itself(number):
    os.kill(os.getpid(), number)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_is_told_and_the_next_ones_work(number):
    with pytest.raises(processes.ProcessDied, match="a process was killed, perhaps for want of memory"):
        list(processes.pool(2)(delayed(end_itself)(number) for _ in range(2)))
    assert sorted(processes.pool(2)(delayed(abs)(-x) for x in range(4))) == [0, 1, 2, 3]


@pytest.mark.slow
def test_the_environment_is_as_before_when_the_results_are_read(monkeypatch):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setenv("PYTHONPATH", "/absent")
    assert sorted(processes.pool(2)(delayed(abs)(-x) for x in range(4))) == [0, 1, 2, 3]
    assert "PYTHONSAFEPATH" not in os.environ
    assert os.environ["PYTHONPATH"] == "/absent"


def test_one_process_is_this_one():
    assert list(processes.pool(1)(delayed(os.getpid)() for _ in range(2))) == [os.getpid()] * 2
