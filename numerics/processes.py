"""Work in several processes, of this machine or of a cluster.

Main results
    pool        joblib's processes, which leave Ctrl-C to the one that started them
    cluster     joblib on the workers of a dask scheduler
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

PATIENCE = 10.0
"""Seconds that a scheduler and its workers are waited for."""


def pool(jobs: int, batch_size: int | str = 1) -> Any:
    """A :class:`joblib.Parallel` that yields results as they come.

    Ctrl-C on a terminal reaches every process of the command; only the first one should answer it.

    Parameters
    ----------
    jobs : int
        Processes; −1 for as many as there are processors.
    batch_size : int or "auto"
        Tasks that are handed over together.
    """
    from joblib import Parallel, parallel_config

    with parallel_config(backend="loky", initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)):
        return Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=batch_size)


@contextmanager
def cluster(scheduler: str | None) -> Iterator[None]:
    """What joblib does in this context is done by the workers of a scheduler, if one is named.

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
    with Client(scheduler, timeout=PATIENCE), parallel_config(backend="dask", wait_for_workers_timeout=PATIENCE):
        try:
            yield
        except TimeoutError:
            raise ValueError(f"scheduler: {scheduler} has no workers") from None
        except ImportError as problem:
            raise ValueError(f"scheduler: the workers of {scheduler} lack this package: {problem}") from None
