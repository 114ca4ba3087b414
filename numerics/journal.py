"""A table on disk that grows by a row at a time and survives being killed at any moment.

Each row is one line, appended by one write. A line without its end is torn: it is dropped when the journal is opened
again. The file is locked while it is open, and a file that is not such a table is left as it is.

Main results
    Journal     open, read what is there, append
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any


class Journal:
    """A CSV file with given columns, of which the first few name the row.

    Parameters
    ----------
    path : str or Path
        Created, with a header, if it does not exist.
    columns : list of str
    keys : int
        How many columns name a row. No two rows have the same name.

    Attributes
    ----------
    rows : dict
        The rows that the file holds, as dictionaries of strings, by name.

    Raises
    ------
    ValueError
        If the file cannot be opened, is being written by another process, or is not a table with these columns.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "squares.csv"
    >>> with Journal(path, ["x", "square"], keys=1) as journal:
    ...     journal.append({"x": 3, "square": 9})
    >>> _ = path.open("a").write("4,1")
    >>> with Journal(path, ["x", "square"], keys=1) as journal:
    ...     print(journal.rows)
    {('3',): {'x': '3', 'square': '9'}}
    """

    def __init__(self, path: str | Path, columns: Sequence[str], keys: int) -> None:
        self.path, self.columns, self.keys = Path(path), list(columns), keys
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666)
        except OSError as problem:
            raise ValueError(f"out: cannot open {self.path}: {problem.strerror}") from None
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise ValueError(f"out: cannot open {self.path}: a table grows in a regular file only")
            self._lock()
            self.rows = self._read()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def append(self, row: Mapping[str, Any]) -> None:
        """Add a row, unless one of this name is there.

        Raises
        ------
        ValueError
            If it lacks a column or has another one, or cannot be written.
        """
        if set(row) != set(self.columns):
            raise ValueError(f"out: a row has the columns {sorted(set(row) ^ set(self.columns))} too many or too few")
        texts = {column: str(row[column]).replace("\n", " ") for column in self.columns}
        name = tuple(texts[column] for column in self.columns[: self.keys])
        if name not in self.rows:
            self._write(_line(texts.values()))
            self.rows[name] = texts

    def _lock(self) -> None:
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ValueError(f"out: {self.path} is being written by another process") from None

    def _read(self) -> dict[tuple[str, ...], dict[str, str]]:
        """What is there, after a torn end is cut off."""
        content = self.path.read_bytes()
        header = _line(self.columns)
        whole = content[: content.rfind(b"\n") + 1]
        if not (whole.startswith(header) if whole else header.startswith(content)):
            raise ValueError(f"out: {self.path} is not a table of this kind (other columns); want a new file")
        try:
            lines = list(csv.reader(io.StringIO(whole.decode())))[1:]
        except (UnicodeDecodeError, csv.Error):
            lines = [[]]
        for number, line in enumerate(lines, start=2):
            if len(line) != len(self.columns):
                raise ValueError(f"out: {self.path}, line {number} is damaged; want a new file")
        os.ftruncate(self._file, len(whole))
        if not whole:
            self._write(header)
        return {tuple(line[: self.keys]): dict(zip(self.columns, line, strict=True)) for line in lines}

    def _write(self, line: bytes) -> None:
        try:
            while line:  # what is left of a line that was cut brings the reason
                line = line[os.write(self._file, line) :]
        except OSError as problem:
            raise ValueError(f"out: cannot write {self.path}: {problem.strerror}") from None


def _line(texts: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(texts)
    return line.getvalue().encode()
