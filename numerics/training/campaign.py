"""A sweep of runs in a folder: cut into jobs, trained, checkpointed, resumed.

A folder holds `config.json` (what was asked, and the data's fingerprint), `jobs/N.npz` (checkpoints of what is under
way) and `runs/NAME.npz` (a finished run). Every file is written whole or not at all, and bears a digest.

Main results
    train       begin or continue the sweep of a folder
    split       runs to jobs: equal shapes together, as many as a processor's cache holds
    results     the finished runs of a folder
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from socket import gethostname
from time import monotonic

import numpy as np

from numerics.processes import cluster, pool
from numerics.resources import want_memory
from numerics.signals import interruptible
from numerics.storing import read_regular
from numerics.storing import replace as replace_file
from numerics.training.arrays import library
from numerics.training.checkpoints import clear, left_over, occupied, read_arrays, write_arrays
from numerics.training.config import Config
from numerics.training.data import Data
from numerics.training.job import Ending, Job
from numerics.training.program import Run, memory_needed

LARGEST = 2**30
"""Bytes of a configuration; more is none."""
CACHE = 3 * 2**20
"""Bytes that a batch of runs may take: beyond what caches hold it is slower than one run after another."""
MANY = 16
"""Runs of equal shape of which half are almost as efficient a batch."""
BOARD = 2**32
"""Bytes of a GPU's memory that a batch may take."""
Finished = tuple[Run, Ending, dict[str, np.ndarray]]
"""A run, how it ended, and what was recorded."""
SECONDS = 10.0
"""Between two checkpoints of a job."""


def split(runs: Sequence[Run], m: int, itemsize: int, device: str = "cpu") -> list[list[int]]:
    """Indices of runs that make a job: equal shapes, as many at a time as fit into CACHE, or into BOARD of a GPU.

    On processors MANY runs of a shape make two jobs at least, so that two of them have work.

    Examples
    --------
    >>> from numerics.training.catalogue import make
    >>> one = Run(make("rag", 2, np.array([3.0, 2.0, 1.0])), "gd", 0.1)
    >>> split([one, Run(one.model, "adam", 0.1), one], 3, 8)
    [[0, 2], [1]]
    """
    groups: dict[tuple, list[int]] = {}
    for index, run in enumerate(runs):
        groups.setdefault(run.shape, []).append(index)
    jobs = []
    for members in groups.values():
        room = CACHE if device == "cpu" else BOARD
        size = max(1, room // memory_needed(runs[members[0]].model.rows(m), m, 1, itemsize))
        if device == "cpu" and len(members) >= MANY:
            size = min(size, (len(members) + 1) // 2)
        jobs += [members[first : first + size] for first in range(0, len(members), size)]
    return jobs


def train(
    folder: Path,
    config: Config,
    data: Data,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    looked: Callable[[Job], None] = lambda job: None,
) -> bool:
    """Begin, or continue, the sweep of a folder.

    Parameters
    ----------
    folder : Path
    config : Config
    data : Data
    jobs : int
        Processes. On a cluster, all its workers are used.
    scheduler : str, optional
        The address of a dask scheduler, like tcp://host:8786. Its workers need this package and must see the folder.
    looked : callable
        Called with a job now and then (with one process only).

    Returns
    -------
    bool
        Whether it is done; if not it was interrupted (SIGINT, SIGTERM, SIGHUP), and a checkpoint lies in the folder.

    Raises
    ------
    ValueError
        If the folder holds another configuration or version, what it holds is damaged, another run is writing to it,
        there is too little memory, or the cluster cannot be used.
    OSError
        If the folder cannot be written.
    """
    parts = split(config.runs, data.m, np.dtype(config.dtype).itemsize, config.device)
    shares = [config.of([config.runs[i] for i in part]) for part in parts]
    if config.device == "cpu":
        _check_memory(config, data, max(len(part) for part in parts), jobs)
    if scheduler is None:
        library(config.device)
    halt = folder / "halt"

    def tell_others() -> None:
        if folder.is_dir():
            halt.touch()

    with cluster(scheduler), occupied(folder), interruptible(tell_others) as interrupted:
        _open(folder, config)
        clear(folder)
        if interrupted():
            return False
        if jobs == 1 and scheduler is None:
            return all(_train_job(folder, share, data, i, interrupted, looked) for i, share in enumerate(shares))
        from joblib import Parallel, delayed

        tasks = (delayed(_train_apart)(folder.resolve(), share, data, i) for i, share in enumerate(shares))
        run = Parallel(n_jobs=-1) if scheduler else pool(min(jobs, len(shares)))
        return all(list(run(tasks)))  # all of them: those that are told to stop still write their checkpoints


def results(folder: Path) -> list[Finished]:
    """The finished runs of a folder, with what was recorded of them.

    Raises
    ------
    ValueError
        If there is no such folder, or it is of another version, or damaged.
    """
    config = read_config(folder)
    found = (_read_result(folder / "runs" / f"{run.name}.npz", run, config) for run in config.runs)
    return [finished for finished in found if finished is not None]


def read_config(folder: Path) -> Config:
    """The configuration of a folder.

    Raises
    ------
    ValueError
        If there is none, or it is of another version.
    """
    try:
        return Config.from_json(read_regular(folder / "config.json", LARGEST).decode())
    except OSError as problem:
        why = f"cannot be read: {problem.strerror}" if (folder / "config.json").exists() else "is not there"
        raise ValueError(f"folder: {folder} holds no run: its config.json {why}") from None
    except ValueError as error:
        raise ValueError(f"folder: cannot use {folder}: {error}") from None


def _train_apart(folder: Path, share: Config, data: Data, index: int) -> bool:
    """A job in a process of its own, perhaps on another machine; it also stops when the folder says so."""
    if not (folder / "config.json").exists():
        raise ValueError(
            f"out: a worker on {gethostname()} does not see {folder}; want a folder that all of them share"
        )
    return _train_job(folder, share, data, index, (folder / "halt").exists, lambda job: None)


def _train_job(
    folder: Path,
    share: Config,
    data: Data,
    index: int,
    stop: Callable[[], bool],
    looked: Callable[[Job], None],
) -> bool:
    """Train the runs of one job, its share of the configuration, from its checkpoint if there is one."""
    runs = share.runs
    files = [folder / "runs" / f"{run.name}.npz" for run in runs]
    if all([_read_result(file, run, share) for file, run in zip(files, runs, strict=True)]):
        return True
    if stop():
        return False
    checkpoint = folder / "jobs" / f"{index}.npz"
    xp, state = library(share.device), read_arrays(checkpoint, share.key)
    job = Job(runs, data, share.schedule, xp=xp, dtype=share.dtype, state=state)
    due = monotonic() + SECONDS

    def save() -> None:
        write_arrays(checkpoint, job.state(), share.key)

    def after(job: Job) -> None:
        nonlocal due
        looked(job)
        if monotonic() > due:
            save()
            due = monotonic() + SECONDS

    if not job.proceed(stop, after):
        save()
        return False
    for i, (file, run) in enumerate(zip(files, runs, strict=True)):
        _write_result(file, job.endings[i], job.history(i), share.of([run]).key)
    checkpoint.unlink(missing_ok=True)
    return True


def _write_result(path: Path, ending: Ending, history: dict[str, np.ndarray], key: str) -> None:
    write_arrays(path, {f"history/{name}": column for name, column in history.items()} | ending.arrays(), key)


def _read_result(path: Path, run: Run, config: Config) -> Finished | None:
    """A finished run, if there is one."""
    saved = read_arrays(path, config.of([run]).key)
    if saved is None:
        return None
    history = {name.removeprefix("history/"): saved[name] for name in saved if name.startswith("history/")}
    return run, Ending.read(saved), history


def _open(folder: Path, config: Config) -> None:
    """Write what is asked, or see that the folder holds the same."""
    if not (folder / "config.json").exists():
        if any(left_over(folder)):
            raise ValueError(f"out: {folder} exists and holds no run; want a new or empty folder")
        replace_file(folder / "config.json", config.to_json())
        return
    if differences := read_config(folder).differences(config):
        raise ValueError(
            f"out: {folder} holds runs of another configuration: {'; '.join(differences)}; want a new folder, or these"
        )


def _check_memory(config: Config, data: Data, batch: int, jobs: int) -> None:
    """Refuse what cannot fit before starting it."""
    itemsize = np.dtype(config.dtype).itemsize
    need = max(memory_needed(run.model.rows(data.m), data.m, batch, itemsize) for run in config.runs) * max(jobs, 1)
    size = f"k = {max(run.model.k for run in config.runs)} and m = {data.m}"
    want_memory(need, size, "want a smaller k, fewer processes, or float32")
