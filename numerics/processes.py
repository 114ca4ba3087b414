"""Work in several processes of this machine.

Main results
    pool    joblib's processes, which leave Ctrl-C to the one that started them
"""

from __future__ import annotations

import signal
from typing import Any


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
