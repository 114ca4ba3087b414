"""Tables of numbers: named data sets and files, read in pieces of bounded memory.

Main results
    open_table      a table from a file, or a data set of scikit-learn by name
    read_numbers    one list of numbers from a file
    Table.pieces    its rows, a few at a time, as arrays (rows, columns)
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

BUILT_IN = {"digits": "load_digits", "wine": "load_wine", "breast-cancer": "load_breast_cancer"}
"""The data sets that are known by name, and scikit-learn's functions that load them."""

NUMBERS = 2**20
"""About how many numbers a piece holds."""


@dataclass(frozen=True)
class Table:
    """Rows of numbers, a piece at a time.

    Attributes
    ----------
    name : str
        Where they are from, in words.
    pieces : callable
        () ↦ an iterator of arrays (rows, columns), of any type of entries.
    """

    name: str
    pieces: Callable[[], Iterator[NDArray[Any]]]


def open_table(text: str | Path, *, name: str = "data") -> Table:
    """A table by the name of a data set, or from a file: `x.npy`, `x.npz`, `x.npz:array`, or text.

    Text is separated by commas, semicolons or blanks. It may open with a header (a line without a number);
    `#` starts a comment; blank lines are skipped. A one-dimensional array is a column; of an array with more
    than two axes the first one counts the rows.

    Parameters
    ----------
    text : str or Path
        A file in the current directory that has the name of a data set is reached as `./digits`.
    name : str
        What an error message calls it.

    Raises
    ------
    ValueError
        If there is no such file, or (also while its pieces are read) it is not a table of numbers.

    Examples
    --------
    >>> open_table("absent.csv")
    Traceback (most recent call last):
        ...
    ValueError: data: cannot read absent.csv: No such file or directory
    """
    if str(text) in BUILT_IN:
        return _built_in(str(text), name)
    file, key = _split(text)
    with _reading(name, file):
        if file.suffix == ".npy":
            return Table(file.name, lambda: _guard(name, file, _rows_of_npy(file)))
        if file.suffix == ".npz":
            key = _only_table(file) if key is None else key
            return Table(f"{file.name}:{key}", lambda: _guard(name, file, _rows_of_npz(file, key)))
        if _is_binary(file):
            raise ValueError("it is neither text, .npy nor .npz")
        return Table(file.name, lambda: _guard(name, file, _rows_of_text(file)))


def read_numbers(text: str | Path, *, name: str) -> NDArray[Any]:
    """One list of numbers from a file with one row or one column (or commas, any layout).

    Raises
    ------
    ValueError
        If the file cannot be read, or does not hold one list of numbers.
    """
    pieces = list(open_table(text, name=name).pieces())
    table = np.concatenate(pieces)
    if 1 not in table.shape:
        raise ValueError(f"{name}: {text} holds a {table.shape[0]}×{table.shape[1]} table; want one row or one column")
    return table.ravel()


def rows_of(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The rows of an array (n, m) in pieces; none if it is empty."""
    step = _step(array.shape)
    for start in range(0, array.shape[0], step):
        yield array[start : start + step]


def is_number(text: str) -> bool:
    """Whether a cell of a text file is a number.

    >>> is_number("1e-3"), is_number("'a'")
    (True, False)
    """
    try:
        float(text.strip().strip('"'))
    except ValueError:
        return False
    return True


def _built_in(title: str, name: str) -> Table:
    try:
        from sklearn import datasets
    except ImportError:
        raise ValueError(f"{name}: the data set {title} is scikit-learn's; want pip install scikit-learn") from None
    samples = getattr(datasets, BUILT_IN[title])().data
    return Table(f"scikit-learn's {title}", lambda: rows_of(samples))


def _is_binary(file: Path) -> bool:
    """Whether the first bytes of a file say so; a pipe cannot be read twice."""
    if file.exists() and not file.is_file():
        return False
    with file.open("rb") as opened:
        return b"\0" in opened.read(2**12)


def _split(text: str | Path) -> tuple[Path, str | None]:
    """The file, and the array in it that `x.npz:array` asks for."""
    file, colon, key = str(text).rpartition(":")
    return (Path(file), key) if colon and file.endswith(".npz") and not Path(text).exists() else (Path(text), None)


def _step(shape: tuple[int, ...]) -> int:
    columns = int(np.prod(shape[1:]))
    return max(NUMBERS // max(columns, 1), 2 * columns, 1)


def _matrix(array: NDArray[Any]) -> NDArray[Any]:
    return array.reshape(len(array), -1) if array.ndim and array.size else array


def _rows_of_npy(file: Path) -> Iterator[NDArray[Any]]:
    """Mapped anew for each piece, so that pages already read can go."""
    shape = (mapped := _load(file)).shape
    if mapped.size == 0 or mapped.ndim == 0:
        raise ValueError(f"its shape is {shape}")
    step = _step(shape)
    for start in range(0, shape[0], step):
        yield _matrix(np.array(_load(file)[start : start + step]))


def _load(file: Path) -> NDArray[Any]:
    small = file.stat().st_size < 2**20
    array = np.load(file, mmap_mode=None if small else "r", allow_pickle=False)
    if not isinstance(array, np.ndarray):
        array.close()
        raise ValueError("it is a .npz archive")
    return array


def _only_table(file: Path) -> str:
    """The name of the only array with rows and columns in an archive."""
    with _archive(file) as arrays:
        shapes = {key: "×".join(map(str, arrays[key].shape)) for key in arrays.files if arrays[key].ndim > 1}
    if len(shapes) != 1:
        names = ", ".join(f"{key} ({shape})" for key, shape in shapes.items()) or "none with rows and columns"
        raise ValueError(f"it holds {names}; want one of them by {file}:NAME" if shapes else f"it holds {names}")
    return next(iter(shapes))


def _rows_of_npz(file: Path, key: str) -> Iterator[NDArray[Any]]:
    with _archive(file) as arrays:
        if key not in arrays.files:
            raise ValueError(f"it has no array {key!r}; want one of {', '.join(arrays.files)}")
        array = arrays[key]
    if array.size == 0 or array.ndim == 0:
        raise ValueError(f"the shape of {key} is {array.shape}")
    yield from rows_of(_matrix(array))


@contextmanager
def _archive(file: Path) -> Iterator[Any]:
    archive: Any = np.load(file, allow_pickle=False)
    if isinstance(archive, np.ndarray):
        raise ValueError("it is one array, no .npz archive")
    with archive as arrays:
        yield arrays


def _rows_of_text(file: Path) -> Iterator[NDArray[Any]]:
    with file.open(encoding="utf-8-sig") as lines:
        first = _content(lines)
        if first is None:
            raise ValueError("it is empty")
        separator = next((c for c in ",;" if c in first), None)
        trailing = first.endswith((",", ";"))
        if _is_header(first.rstrip(",;").split(separator)):
            first = _content(lines)
            if first is None:
                raise ValueError("it has no numbers")
        body: Iterator[str] = chain([first + "\n"], lines)
        if trailing:
            body = (line.split("#")[0].rstrip(",; \t\r\n") + "\n" for line in body)
        columns, count = len(first.rstrip(",;").split(separator)), 0
        step = _step((0, columns))
        while len(piece := _parse(body, separator, step, count)):
            if piece.shape[1] != columns:
                raise ValueError(f"row {count + 1} has {piece.shape[1]} columns, the first {columns}")
            count += len(piece)
            yield piece


def _parse(lines: Iterator[str], separator: str | None, rows: int, before: int) -> NDArray[Any]:
    """The next rows, at most `rows` of them; an empty array after the last."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return np.loadtxt(lines, delimiter=separator, ndmin=2, max_rows=rows, quotechar='"')
    except ValueError as error:
        reason = str(error).partition("; use `")[0].rstrip(".")
        from_one = re.sub(r"at row (\d+), column", lambda match: f"in row {int(match[1]) + before + 1}, column", reason)
        raise ValueError(f"{from_one} (after {before} rows)" if before and from_one == reason else from_one) from None


def _content(lines: TextIO) -> str | None:
    """The next line with content, without comment; None at the end."""
    return next((text for line in lines if (text := line.split("#", 1)[0].strip())), None)


def _is_header(cells: list[str]) -> bool:
    """Whether no cell is a number; a line of both is no header."""
    return not any(is_number(cell) for cell in cells)


@contextmanager
def _reading(name: str, file: Path) -> Iterator[None]:
    """Every way in which a file fails, as one line that names the argument and the file."""
    try:
        yield
    except (OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ValueError(f"{name}: cannot read {file}: {reason}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {file} is not one table of numbers: {' '.join(str(error).split())}") from None


def _guard(name: str, file: Path, pieces: Iterator[NDArray[Any]]) -> Iterator[NDArray[Any]]:
    """The pieces, with errors of reading named."""
    while True:
        with _reading(name, file):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
