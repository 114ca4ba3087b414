"""No process imports from the working directory, where anybody's `random.py` may lie.

Python puts the working directory first on the path of `python -m` and `python -c`, which is how worker processes are
started, and wherever PYTHONPATH has an empty entry (as in `PYTHONPATH=$PYTHONPATH:/mine`).

Main results
    leave_working_directory     for this process and all that it starts
    environment                 for a process that is about to be started
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def leave_working_directory(before: tuple[str, ...] = ()) -> Callable[[], None]:
    """Take the working directory off the path, unless this package itself is run from it.

    It is only taken from where it stands by rule: where a folder was named in full, that was somebody's wish.

    Parameters
    ----------
    before : tuple of str
        Folders that were put before those with which Python started.

    Returns
    -------
    callable
        What puts it back.
    """
    path, variables = list(sys.path), dict(os.environ)

    def back() -> None:
        sys.path[:] = path
        for name in ("PYTHONSAFEPATH", "PYTHONPATH"):
            os.environ.pop(name, None)
            os.environ.update({name: variables[name]} if name in variables else {})

    if not _here(HOME):
        everywhere = any(map(_accidental, _python_path()))
        first = next((i for i, p in enumerate(path) if p not in before), 0)
        sys.path[:] = [p for i, p in enumerate(path) if p and not (_here(p) and (everywhere or i == first))]
        os.environ.update(environment())
    return back


def environment() -> dict[str, str]:
    """Environment variables with which Python starts without the working directory on its path.

    Examples
    --------
    >>> environment()["PYTHONSAFEPATH"]
    '1'
    """
    named = (entry for entry in _python_path() if not _accidental(entry))
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(named)}


def _python_path() -> list[str]:
    text = os.environ.get("PYTHONPATH", "")
    return text.split(os.pathsep) if text else []


def _accidental(entry: str) -> bool:
    """Whether an entry of PYTHONPATH is empty or another short name of the working directory."""
    return not os.path.isabs(entry) and _here(entry)


def _here(folder: str) -> bool:
    try:
        return os.path.samestat(os.stat(folder or os.curdir), os.stat(os.curdir))
    except OSError:  # there is no such folder, or no working directory any more
        return False
