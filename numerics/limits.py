"""What is too much is refused before it begins: an estimate, a limit, one line.

Main results
    want_memory    refuse what does not fit into the memory that is free
    want_time      refuse what would take many hours
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

LONGEST = 6 * 3600.0
"""Seconds that a command may take by its estimate."""


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
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            bounds.append(float(soft - int(Path("/proc/self/statm").read_text().split()[0]) * page))
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
    if need > (free := free_memory()):
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
