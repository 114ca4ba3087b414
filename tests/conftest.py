"""What tests share: rare searches for cycles, a key of their own, signals to a training itself and to a command."""

import gc
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from numerics.signals import NUMBERS
from numerics.training import campaign
from numerics.training.job import Job

LAE = [sys.executable, "-P", "-m", "proofs.cli"]
PATIENCE = 120.0
"""Seconds after which something hangs, however busy the machine is."""


def pytest_configure():
    """Expressions are many and hold no cycles: looking for some is a third of the time of a search for proofs."""
    gc.set_threshold(200_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def _signals_are_heard():
    """Also where the tests run under `nohup`, or in the background of a script: there some are ignored."""
    sent = {*NUMBERS, signal.SIGQUIT}
    before = {number: signal.getsignal(number) for number in sent}
    for number in sent:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True, scope="session")
def _width_of_no_terminal():
    """What is printed to no terminal is wide; processes that run tests side by side are told the width of one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("COLUMNS", raising=False)
        yield


@pytest.fixture(autouse=True, scope="session")
def _key_of_the_tests(tmp_path_factory):
    """The key that seals a cache is none of the user's."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def signalled():
    """`with signalled(number):` each job within gets that signal after its first look at the losses.

    Jobs run in this process, those for other processes too, so that the moment does not depend on the machine's load.
    """

    @contextmanager
    def arranged(number):
        whole = Job.proceed

        def proceed(self, stop, looked):
            def look(job):
                os.kill(os.getpid(), number)
                looked(job)

            return whole(self, stop, look)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Job, "proceed", proceed)
            patched.setattr(campaign, "pool", lambda jobs: lambda tasks: (f(*a, **k) for f, a, k in tasks))
            yield

    return arranged


@pytest.fixture
def stopped():
    """`stopped(arguments, send, ready)`: send a command a signal once it is ready; its status, and its standard error.

    Every process of the command holds its standard error: that its end is read shows that all of them have ended.
    """

    def answer(arguments, send, ready):
        command = [*LAE, *map(str, arguments)]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, start_new_session=True, **pipes) as process:
            while process.poll() is None and not ready():
                pass
            send(process.pid)
            error = process.communicate(timeout=PATIENCE)[1]
            return process.returncode, error

    return answer
