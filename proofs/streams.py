"""Standard output and standard error of the command: never a traceback, whatever becomes of them.

What a stream cannot encode is replaced. Standard error that is closed or full is written to in vain. Standard output
that is closed or full ends the command: by :class:`OutputLost`, which is no OSError, so that nobody takes it for a
fault of a file that is being written.

Main results
    guarded      a context in which the streams behave so
    OutputLost   what standard output raises
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

PIPE_CLOSED = 141
"""Exit status when the reader of standard output has left, as of a command that SIGPIPE ends."""
FAILED = 2


class OutputLost(Exception):
    """Standard output cannot be written."""

    def __init__(self, problem: OSError) -> None:
        super().__init__("it is closed" if problem.errno == errno.EBADF else problem.strerror)
        self.status = PIPE_CLOSED if problem.errno == errno.EPIPE else FAILED


class Descriptor(io.RawIOBase):
    """A descriptor that is written to until it fails; then it takes everything, and keeps nothing.

    Parameters
    ----------
    number : int
    fails : bool
        Whether the first failure is raised, as OutputLost.
    """

    def __init__(self, number: int, fails: bool) -> None:
        self.number, self.fails, self.lost = number, fails, False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.number

    def isatty(self) -> bool:
        return os.isatty(self.number)

    def write(self, content: Any) -> int:
        if not self.lost:
            try:
                return os.write(self.number, content)
            except OSError as problem:
                self.lost = True
                if self.fails:
                    raise OutputLost(problem) from None
        return len(content)


@contextmanager
def guarded() -> Iterator[None]:
    """Standard output and standard error that behave; the exit status says when the former is lost."""
    for number in (0, 1, 2):
        _occupy(number)
    sys.stdout, sys.stderr = _stream(sys.stdout, 1, fails=True), _stream(sys.stderr, 2, fails=False)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OutputLost as lost:
        if lost.status != PIPE_CLOSED:
            print(f"lae: standard output cannot be written: {lost}", file=sys.stderr)
        raise SystemExit(lost.status) from None


def _occupy(number: int) -> None:
    """A closed descriptor is taken, so that no file that is opened later gets its number: by one that fails alike."""
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDONLY if number else os.O_RDWR)


def _stream(before: TextIO | None, number: int, fails: bool) -> TextIO:
    encoding = before.encoding if before else None
    buffered = io.BufferedWriter(Descriptor(number, fails))
    line_buffering = number == 2 or os.isatty(number)
    return io.TextIOWrapper(buffered, encoding, errors="replace", line_buffering=line_buffering)
