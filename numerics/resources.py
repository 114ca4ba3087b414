"""What is too much is refused before it begins: an estimate, a limit, one line.

Main results
    want_memory    refuse what does not fit into the memory that is free
    want_time      refuse what would take many hours
    want_latents   the same, of what is quadratic in the number of latents, or worse
    want_processes refuse more processes than there is memory, or than there are open files, for
    want_room      refuse to begin where not even the libraries fit
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

LONGEST = 6 * 3600.0
"""Seconds that a command may take by its estimate."""

COSTS = {"measured": (2, 2e-7), "certified": (2, 4e-7), "optimised": (3, 4e-6)}
"""Of what is done for k latents, the exponent of k and the factor of the seconds."""

PAIRS = 12000.0
"""Bytes by which k² is multiplied for the linear programs of `optimal`."""

LITTLE = 2**24
"""Bytes that are not worth a look at what is free."""

PROCESS = 130 * 2**20
"""Bytes that a process takes before it does anything."""

ROOM = 2**30
"""Bytes of addresses that the libraries, their threads and a small problem take."""

OPEN, FILES = 16, 4
"""Files that a command has open, and those for each of its processes."""


def free_memory() -> float:
    """Bytes that this process can still have, under its own limits too.

    >>> free_memory() > 0
    True
    """
    page = os.sysconf("SC_PAGE_SIZE")
    bounds = [float(os.sysconf("SC_AVPHYS_PAGES") * page)]
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text().splitlines()
        bounds = [1024.0 * int(next(line for line in lines if line.startswith("MemAvailable")).split()[1])]
    with suppress(OSError, ValueError):
        bounds.append(_limit("AS") - int(Path("/proc/self/statm").read_text().split()[0]) * page)
    with suppress(OSError, ValueError, StopIteration):
        group = Path("/sys/fs/cgroup")
        lines = (group / "memory.stat").read_text().splitlines()
        held = int(next(line for line in lines if line.startswith("anon ")).split()[1])
        bounds.append(float(int((group / "memory.max").read_text()) - held))
    return max(min(bounds), 0.0)


def want_memory(need: float, what: str, advice: str) -> None:
    """Refuse a piece of work that needs more bytes than are free.

    Raises
    ------
    ValueError
        So many for `what`, so many are free; the advice.

    Examples
    --------
    >>> want_memory(1e18, "m = 10000000", "want a smaller m")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: memory: Unable to allocate 931322574.6 GiB for m = 10000000, as ... are free; want a smaller m
    """
    if need > LITTLE and need > (free := free_memory()):
        size, left = (f"{x / 2**30:.1f} GiB" for x in (need, free))
        raise ValueError(f"memory: Unable to allocate {size} for {what}, as {left} are free; {advice}")


def want_time(seconds: float, what: str, advice: str) -> None:
    """Refuse a piece of work that would take more than `LONGEST`.

    Raises
    ------
    ValueError
        `what` takes about so long; the advice.

    Examples
    --------
    >>> want_time(1e6, "k = 1000000", "want a smaller k")
    Traceback (most recent call last):
        ...
    ValueError: time: k = 1000000 takes about 278 hours; want a smaller k
    """
    if seconds > LONGEST:
        raise ValueError(f"time: {what} takes about {seconds / 3600:.0f} hours; {advice}")


def seconds(k: int, done: str) -> float:
    """About how long something takes for so many latents, on a processor of 2020.

    >>> round(seconds(1000, "measured"), 3)
    0.2
    """
    power, factor = COSTS[done]
    return factor * float(k) ** power


def want_latents(k: int, done: str) -> float:
    """Refuse so many latents if what is done takes more time or memory than there is; else about how many seconds.

    Parameters
    ----------
    k : int
    done : "measured", "certified" or "optimised"

    Raises
    ------
    ValueError
        Naming the estimate.
    """
    want_time(seconds(k, done), f"k = {k}", "want a smaller k")
    if done == "optimised":
        want_memory(PAIRS * float(k) ** 2, f"k = {k}", "want a smaller k")
    return seconds(k, done)


def want_processes(jobs: int) -> int:
    """The number of processes that is asked for; of −1, as many as there are processors, fewer where there is no room.

    Raises
    ------
    ValueError
        If it is no such number, or there is no room for so many.

    Examples
    --------
    >>> want_processes(1)
    1
    >>> want_processes(10**7)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: jobs: got 10000000; each process takes about 0.1 GiB, and ... are free; want at most ...
    """
    if jobs < 1 and jobs != -1:
        raise ValueError(f"jobs: got {jobs}; want -1 or at least 1")
    free, files = free_memory(), _limit("NOFILE")
    room, holders = max(int(free // PROCESS), 1), max(int(min(files - OPEN, 1e9) // FILES), 1)
    if jobs == -1:
        fits = min(room, holders)
        return -1 if fits >= (os.cpu_count() or 1) else fits
    if jobs > room:
        each = f"each process takes about {PROCESS / 2**30:.1f} GiB, and {free / 2**30:.1f} GiB are free"
        raise ValueError(f"jobs: got {jobs}; {each}; want at most {room}")
    if jobs > holders:
        each = f"each process takes {FILES} open files, and {files:.0f} are allowed (ulimit -n)"
        raise ValueError(f"jobs: got {jobs}; {each}; want at most {holders}")
    return jobs


def want_room() -> None:
    """Refuse to begin under a limit below which the libraries fail in ways of their own.

    Raises
    ------
    ValueError
        So many bytes are allowed, so many wanted.
    """
    if (allowed := min(_limit("AS"), _limit("DATA"))) < ROOM:
        has, wants = (f"{x / 2**20:.0f} MiB" for x in (allowed, ROOM))
        raise ValueError(f"memory: this process may have {has} (ulimit -v, -d); want at least {wants}")


def _limit(name: str) -> float:
    """A limit of this process that the system enforces; infinite if there is none."""
    try:
        import resource

        soft, _ = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))
    except (ImportError, AttributeError, OSError):
        return float("inf")
    return float("inf") if soft == resource.RLIM_INFINITY else float(soft)
