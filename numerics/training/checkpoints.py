"""The files of a folder of runs: arrays that are believed only as they were written, by one program at a time.

Main results
    write_arrays    named arrays, whole or not at all, with a digest
    read_arrays     the same, if they are whole, unchanged and of the same runs
    occupied        keep others out of a folder
    clear           remove what a run that was killed left
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from numerics.storing import PART, read_regular
from numerics.storing import replace as replace_file

SIZE = 64
"""Letters of a digest."""
LARGEST = 2**36
"""Bytes of a file; more is not ours."""
FOLDERS = ("jobs", "runs")


def write_arrays(path: Path, arrays: Mapping[str, Any], key: str) -> None:
    """Write named arrays as an .npz file whose comment is a digest of its content and of a key.

    Raises
    ------
    OSError
        If it cannot be written; then nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "x.npz"
    >>> write_arrays(path, {"x": np.eye(1)}, key="these runs")
    >>> read_arrays(path, "these runs")
    {'x': array([[1.]])}
    >>> read_arrays(path, "others")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: folder: ...x.npz is damaged, was changed, or is of other runs; want it removed
    """
    content = BytesIO()
    np.savez(content, **arrays)
    body = content.getvalue()[:-2]  # a zip file ends with the length of its comment
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, body + SIZE.to_bytes(2, "little") + _digest(body, key))


def read_arrays(path: Path, key: str) -> dict[str, np.ndarray] | None:
    """What `write_arrays` wrote with this key; None if there is no file.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    try:
        content = read_regular(path, LARGEST)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        content = b""
    body = content[: -SIZE - 2]
    if content[-SIZE:] != _digest(body, key):
        raise ValueError(f"folder: {path} is damaged, was changed, or is of other runs; want it removed")
    with np.load(BytesIO(body + bytes(2))) as saved:
        return dict(saved)


def _digest(body: bytes, key: str) -> bytes:
    return sha256(key.encode() + body).hexdigest().encode()


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """A folder, made if there is none, that no other program of ours writes to meanwhile; nothing tells it to halt.

    Raises
    ------
    ValueError
        If it is no folder, another program writes to it, or a part of it is a link to elsewhere.
    OSError
        If it cannot be made.
    """
    import fcntl

    if folder.exists() and not folder.is_dir():
        raise ValueError(f"out: {folder} is no folder; want a new or empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"out: another run is writing to {folder}; want to wait for it, or a new folder") from None
        except OSError:  # some network file systems lock no folders
            pass
        for name in FOLDERS:
            if (folder / name).is_symlink():
                raise ValueError(f"out: {folder / name} is a link; want a folder there")
        yield
    finally:
        with suppress(OSError):
            (folder / "halt").unlink(missing_ok=True)
        os.close(number)


def left_over(folder: Path) -> Iterator[Path]:
    """What a folder holds beside files that were never finished."""
    return (path for path in folder.iterdir() if not PART.fullmatch(path.name))


def clear(folder: Path) -> None:
    """Remove files that were never finished, and what told a run to halt."""
    (folder / "halt").unlink(missing_ok=True)
    for place in (folder, *(folder / name for name in FOLDERS)):
        for path in place.glob(".*.part"):
            if PART.fullmatch(path.name):
                path.unlink(missing_ok=True)
