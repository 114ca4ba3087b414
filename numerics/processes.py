"""Work in several processes, of this machine or of a cluster.

Main results
    pool        joblib's processes, which leave signals to the one that started them and end when it does
    cluster     joblib on the workers of a dask scheduler
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from numerics import safe_path, signals

PATIENCE = 10.0
"""Seconds that a scheduler and its workers are waited for."""
GLANCE = 0.5
"""Seconds between two looks of a process at whether its parent is there."""
PR_SET_PDEATHSIG = 1
"""Of prctl, in linux/prctl.h: the signal that a process gets when its parent ends."""


class ProcessDied(MemoryError):
    """A process ended before its work was done; most often the system has killed it, for memory."""


def pool(jobs: int, batch_size: int | str = 1) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """What turns :func:`joblib.delayed` tasks into results, as they come, by several processes.

    A signal from a terminal reaches every process of the command; only the first one answers it. The others end when it
    does, whatever ended it, and import nothing from the working directory.

    Parameters
    ----------
    jobs : int
        Processes; −1 for as many as there are processors.
    batch_size : int or "auto"
        Tasks that are handed over together.

    Raises
    ------
    ProcessDied
        While the results come.
    """

    def results(tasks: Iterable[Any]) -> Iterator[Any]:
        from joblib import Parallel, effective_n_jobs, parallel_config
        from joblib.externals.loky.process_executor import BrokenProcessPool

        if effective_n_jobs(jobs) == 1:
            yield from (task(*args, **options) for task, args, options in tasks)
            return
        follow = {"initializer": _follow, "initargs": (os.getpid(), signals.in_main_thread())}
        with parallel_config(backend="loky", **follow):
            parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=batch_size)
        with _environment(safe_path.environment()):
            try:
                with _starting():
                    found = parallel(tasks)
                for result in found:  # noqa: UP028  `yield from` would close it before the warnings are off
                    yield result
            except GeneratorExit:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # that not every result was wanted is no surprise
                    found.close()
                raise
            except BrokenProcessPool:
                raise ProcessDied("a process was killed, perhaps for want of memory; want fewer --jobs") from None

    return results


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Environment variables of what is started in this context."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def _starting() -> Iterator[None]:
    """Signals wait while joblib starts processes; its helpers come first, since they would let signals through."""
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as joblibs_tracker

    with signals.held():
        resource_tracker.ensure_running()
        joblibs_tracker.ensure_running()
    with signals.held():
        yield


def _follow(parent: int, by_the_kernel: bool) -> None:
    """What a process does first: it makes sure to end when its parent does.

    Linux tells it at once, whatever it is doing, but what it tells is that the parent's *thread* has ended: only where
    that is the main one may it be asked.
    """
    if by_the_kernel and sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(GLANCE)
    os._exit(1)


@contextmanager
def cluster(scheduler: str | None) -> Iterator[None]:
    """What joblib does in this context is done by the workers of a scheduler, if one is named.

    They import nothing from their working directories meanwhile. What they imported as they started is theirs.

    Parameters
    ----------
    scheduler : str, optional
        The address of a dask scheduler, like tcp://host:8786. Its workers need this package.

    Raises
    ------
    ValueError
        If it cannot be reached or has no workers, or dask or this package is not installed.
    """
    if scheduler is None:
        yield
        return
    try:
        from dask.distributed import Client
        from distributed.comm import connect
    except ImportError:
        raise ValueError("scheduler: dask is not installed; want pip install 'lae[dask]'") from None
    from joblib import parallel_config

    async def reach() -> None:
        (await connect(scheduler, timeout=PATIENCE)).abort()

    try:  # by a bare connection: a Client that fails to start may hang when it is collected
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, reach()).result()
    except (OSError, ValueError, TypeError) as problem:
        raise ValueError(f"scheduler: cannot reach {scheduler}: {str(problem).splitlines()[0]}") from None
    with (
        Client(scheduler, timeout=PATIENCE) as client,
        _away_from_working_directories(client),
        parallel_config(backend="dask", wait_for_workers_timeout=PATIENCE),
    ):
        try:
            client.run_on_scheduler(exec, "import joblib")  # else its tasks are never done
            yield
        except TimeoutError:
            raise ValueError(f"scheduler: {scheduler} has no workers") from None
        except ImportError as problem:
            raise ValueError(f"scheduler: {scheduler} or its workers lack this package: {problem}") from None


@contextmanager
def _away_from_working_directories(client: Any) -> Iterator[None]:
    """A cluster's scheduler and workers, those that join it too, keep their working directories off their paths."""
    import cloudpickle
    from distributed import SchedulerPlugin, WorkerPlugin

    leave = safe_path.leave_working_directory
    name = f"lae-{uuid4()}"

    def away(node: Any) -> Callable[[], None]:
        return leave((node.local_directory, str(Path(node.local_directory).parent)))  # dask puts them first

    class OfWorker(WorkerPlugin):
        def setup(self, worker: Any) -> None:
            self.back = away(worker)

        def teardown(self, worker: Any) -> None:
            self.back()

    class OfScheduler(SchedulerPlugin):
        async def start(self, scheduler: Any) -> None:
            self.back = away(scheduler)

    def back(dask_scheduler: Any) -> None:
        dask_scheduler.plugins[name].back()

    cloudpickle.register_pickle_by_value(safe_path)  # as importing it is what might find another one there
    try:
        client.register_plugin(OfScheduler(), name=name)
        client.register_plugin(OfWorker(), name=name)
    finally:
        cloudpickle.unregister_pickle_by_value(safe_path)
    try:
        yield
    finally:
        with suppress(OSError):  # one that has died has no path any more
            client.unregister_worker_plugin(name)
        with suppress(OSError):
            client.run_on_scheduler(back)
            client.unregister_scheduler_plugin(name)
