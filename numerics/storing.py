"""Files written whole or not at all, and files of others read without trust.

A file is written under a random name, created exclusively beside its target, and moved into place: a reader sees the
old one or the new one, and nobody can plant a link where we write. What a user names is treated as a shell would treat
it: links are followed, permissions stay, devices are written to. A named pipe, whose reader may never come, is refused.

Main results
    write_whole         write what a user named
    check_writable      refuse, before the work begins, what could not be written after it
    replace             put a new file in the place of whatever has its name: for folders that are ours
    read_regular        the content of a regular file
    read_trusted        the content of one that is this user's and that nobody else may write
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from pathlib import Path

DESCRIPTOR = re.compile(r"/dev/(?P<name>stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(?P<number>\d+)")
PART = re.compile(r"\.[0-9a-f]{16}\.part")
"""The name of a file that is not finished."""
KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a block device"}
"""What nothing is written to."""


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written; then nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answer"
    >>> write_whole(path, "42")
    >>> path.read_text(), [p.name for p in path.parent.iterdir()]
    ('42', ['answer'])
    """
    found = _target(path)
    if _is_special(path, found):
        sys.stdout.flush()
        with os.fdopen(_open_special(path), "wb") as file:
            file.write(_encoded(content))
    else:
        replace(Path(os.path.realpath(path)), content, like=found)


def check_writable(path: Path) -> None:
    """See that a file could be written now, without changing what it holds.

    Raises
    ------
    OSError
        As :func:`write_whole` would.
    """
    if _is_special(path, _target(path)):
        os.close(_open_special(path))
    else:
        name, number = _new_file(Path(os.path.realpath(path)).parent, 0o600)
        os.close(number)
        name.unlink()


def replace(path: Path, content: bytes | str, mode: int = 0o666, like: os.stat_result | None = None) -> None:
    """Put a file in the place of whatever has this name, a link included.

    Parameters
    ----------
    path : Path
    content : bytes or str
    mode : int
        Permissions of a new file, less the user's umask.
    like : os.stat_result, optional
        Of the file that is replaced: permissions, and where that is allowed owner and group, stay as they were.

    Raises
    ------
    OSError
        If it cannot be written; then nothing is left behind.
    """
    name, number = _new_file(path.parent, 0o600 if like else mode)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(_encoded(content))
            file.flush()
            if like:
                with contextlib.suppress(PermissionError):
                    os.fchown(number, like.st_uid, like.st_gid)
                os.fchmod(number, stat.S_IMODE(like.st_mode))
            os.fsync(number)
        name.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            name.unlink()
        raise


def read_regular(path: Path, limit: int) -> bytes:
    """What a regular file holds, no link and no pipe, which could keep us waiting.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is not a regular file, or longer than the limit.
    OSError
        If it cannot be read.
    """
    return _read(path, limit)[0]


def read_trusted(path: Path, limit: int) -> bytes:
    """The same, if it is a file of this user that nobody else may write.

    Raises
    ------
    FileNotFoundError, ValueError, OSError
        As :func:`read_regular`; a ValueError, too, if somebody else may have written it.
    """
    content, found = _read(path, limit)
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise ValueError(f"{path} may have been written by somebody else")
    return content


def _read(path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENXIO):
            raise ValueError(f"{path} is not a regular file") from None
        raise
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            raise ValueError(f"{path} is not a regular file of at most {limit} bytes")
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read(found.st_size), found
    finally:
        os.close(number)


def _target(path: Path) -> os.stat_result | None:
    """What a name stands for, None if it is new; an OSError if nothing can be written to it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    kind = KINDS.get(stat.S_IFMT(found.st_mode))
    if kind and not (DESCRIPTOR.fullmatch(str(path)) and stat.S_ISFIFO(found.st_mode)):
        raise OSError(errno.EINVAL, f"it is {kind}")
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return found


def _is_special(path: Path, found: os.stat_result | None) -> bool:
    """Whether it is written to as it is: a device, or a descriptor of ours."""
    return found is not None and (DESCRIPTOR.fullmatch(str(path)) is not None or not stat.S_ISREG(found.st_mode))


def _open_special(path: Path) -> int:
    """A descriptor of a device, or a copy of one of ours, which shares its place in the file."""
    if ours := DESCRIPTOR.fullmatch(str(path)):
        return os.dup(int(ours["number"] or ("stdin", "stdout", "stderr").index(ours["name"])))
    return os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)


def _new_file(folder: Path, mode: int) -> tuple[Path, int]:
    """A file that nobody has made before us: its name and its descriptor."""
    name = folder / f".{secrets.token_hex(8)}.part"
    return name, os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)


def _encoded(content: bytes | str) -> bytes:
    return content.encode(errors="backslashreplace") if isinstance(content, str) else content
