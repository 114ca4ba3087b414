"""Tables of numbers: named data sets and files, read in pieces of bounded memory.

Main results
    open_table      a table from a file, or a data set of scikit-learn by name
    read_numbers    one list of numbers from a file
    read_list       the same, exactly as it is written
    whole           all its rows, if they fit into memory
    Table.pieces    its rows, a few at a time, as arrays (rows, columns)
"""

from __future__ import annotations

import lzma
import os
import select
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from io import BufferedReader
from math import prod
from pathlib import Path
from stat import S_ISFIFO
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from numerics import foreign_tables as foreign
from numerics.layouts import Layout
from numerics.resources import want_memory
from numerics.text_tables import UTF_16, TextTable, decompressed

BUILT_IN = {"digits": ("digits.csv.gz", 0), "wine": ("wine_data.csv", 1), "breast-cancer": ("breast_cancer.csv", 1)}
"""The data sets that are known by name: scikit-learn's files, and how many lines go before the numbers."""

NUMBERS = 2**20
"""About how many numbers a piece holds."""

KEYED = (".npz", ".mat", ".xlsx", ".xls", ".ods")
"""The files that hold several tables, of which FILE:NAME is one."""

PATIENCE = 10.0
"""Seconds until a pipe that nobody writes to is given up."""


@dataclass(frozen=True)
class Table:
    """Rows of numbers, a piece at a time.

    Attributes
    ----------
    name : str
        Where they are from, in words.
    pieces : callable
        () ↦ an iterator of arrays (rows, columns), of any type of entries; once.
    layout : tuple of str
        What was taken as separator, header, index and so on, in words.
    warnings : tuple of str
        What of it may be meant otherwise, `name: words`.
    cells : callable, optional
        Of a text: the same as `pieces`, with the numbers as they are written.
    """

    name: str
    pieces: Callable[[], Iterator[NDArray[Any]]]
    layout: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cells: Callable[[], Iterator[NDArray[Any]]] | None = None

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.layout)})" if self.layout else self.name


@dataclass(frozen=True)
class Numbers:
    """One list of numbers, and where it is from.

    Attributes
    ----------
    values : array (n,)
    exact : tuple of Fraction, optional
        What was written, if that is text; None if the numbers are doubles.
    origin : str
        A file and its layout, in words; empty for what was typed.
    warnings : tuple of str
    """

    values: NDArray[Any]
    exact: tuple[Fraction, ...] | None
    origin: str = ""
    warnings: tuple[str, ...] = ()


def open_table(text: str | Path, *, name: str = "data", layout: Layout = Layout()) -> Table:  # noqa: B008
    """A table by the name of a data set, or from a file: text, `x.npy`, `x.npz:array`, and other programs' formats.

    Text is separated by commas, semicolons, tabs or blanks, and may be compressed. It may open with a header (a line
    without a number); `#` starts a comment; blank lines are skipped. A one-dimensional array is a column; of an array
    with more than two axes the first one counts the rows. SciPy reads .mat files and sparse .npz, pandas .parquet,
    .feather, .xlsx and .ods, where it is installed.

    Parameters
    ----------
    text : str or Path
        A file in the current directory that has the name of a data set is reached as `./digits`.
    name : str
        What an error message calls it.
    layout : Layout
        What is known of it; the rest is found out.

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
    if text == "":
        raise ValueError(f"{name}: got ''; want a file, or one of {', '.join(BUILT_IN)}")
    if str(text) in BUILT_IN:
        return _built_in(str(text), name, layout)
    file, key = split(text)
    with _reading(name, file):
        stream = _open(file)
        try:
            return _told_apart(file, key, stream, name, layout)
        except BaseException:
            stream.close()
            raise


def read_numbers(text: str | Path, *, name: str) -> NDArray[Any]:
    """One list of numbers from a file with one row or one column (or commas, any layout).

    Raises
    ------
    ValueError
        If the file cannot be read, or does not hold one list of numbers.
    """
    return read_list(text, name=name).values


def read_list(text: str | Path, *, name: str, layout: Layout = Layout()) -> Numbers:  # noqa: B008
    """The same, with what was written, where it is from, and what of it may be meant otherwise."""
    table = open_table(text, name=name, layout=layout)
    array = whole(table, table.cells)
    if 1 not in array.shape:
        raise ValueError(f"{name}: {text} holds a {array.shape[0]}×{array.shape[1]} table; want one row or one column")
    values = array.ravel()
    if table.cells is None:
        return Numbers(values, None, str(table), table.warnings)
    return Numbers(*as_written(values.tolist(), name=name), str(table), table.warnings)


def as_written(cells: list[str], *, name: str) -> tuple[NDArray[np.float64], tuple[Fraction, ...] | None]:
    """Decimal numbers as doubles and as the rationals that they are; without these, if some are not finite.

    Raises
    ------
    ValueError
        If a cell is not a number, or a number other than zero is zero in double precision.

    Examples
    --------
    >>> as_written(["0.1"], name="sigma")
    (array([0.1]), (Fraction(1, 10),))
    """
    cells = [cell.strip().strip('"') for cell in cells]
    values = np.array([float(cell) for cell in cells])
    if not np.isfinite(values).all():
        return values, None
    for index in np.flatnonzero(values == 0):
        if any(digit in cells[index].lower().partition("e")[0] for digit in "123456789"):
            raise ValueError(f"{name}: entry {index + 1} is {cells[index]}, zero in double precision")
    try:
        exact = tuple(
            Fraction(cell.strip()) if value else Fraction(0) for cell, value in zip(cells, values, strict=True)
        )
    except ValueError:
        raise ValueError(f"{name}: an entry has too many digits; want at most 4000") from None
    return values, exact


def whole(table: Table, pieces: Callable[[], Iterator[NDArray[Any]]] | None = None) -> NDArray[Any]:
    """All rows of a table, or of other pieces of it, in memory.

    Raises
    ------
    ValueError
        If they do not fit.
    """
    found: list[NDArray[Any]] = []
    held = 0
    for piece in (pieces or table.pieces)():
        held += piece.nbytes
        want_memory(held if found else 0, f"{table.name}, all in memory,", "want fewer rows")
        found.append(piece)
    return np.concatenate(found)


def rows_of(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The rows of an array (n, m) in pieces; none if it is empty."""
    step = _step(array.shape)
    for start in range(0, array.shape[0], step):
        yield array[start : start + step]


def split(text: str | Path) -> tuple[Path, str | None]:
    """The file, and the array or sheet in it that `x.npz:array` asks for.

    >>> split("x.npz:train")[1], split("x.csv")[1]
    ('train', None)
    """
    file, colon, key = str(text).rpartition(":")
    return (Path(file), key) if colon and file.endswith(KEYED) and not Path(text).exists() else (Path(text), None)


def _built_in(title: str, name: str, layout: Layout) -> Table:
    """A data set from scikit-learn's own file, its last column the class: the library takes seconds to import."""
    library = find_spec("sklearn")
    if library is None or library.origin is None:
        raise ValueError(f"{name}: the data set {title} is scikit-learn's; want pip install scikit-learn")
    file, header = BUILT_IN[title]
    path = Path(library.origin).parent / "datasets" / "data" / file
    with _reading(name, path):
        samples = np.loadtxt(path, delimiter=",", skiprows=header)[:, :-1]
    return _held(f"scikit-learn's {title}", foreign.array_table(samples, layout), name, Path(title))


def _open(file: Path) -> BufferedReader:
    """A file, device or pipe, to be read once; a pipe that nobody writes to is not waited for for ever."""
    if not (file.exists() and S_ISFIFO(file.stat().st_mode)):
        return file.open("rb")
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    waiting = select.poll()
    waiting.register(handle, select.POLLIN | select.POLLHUP)
    if not waiting.poll(PATIENCE * 1000):
        try:
            os.read(handle, 1)
        except BlockingIOError:
            pass  # somebody has opened it, and will write
        else:
            os.close(handle)
            raise foreign.Unreadable(f"it is a pipe that nobody writes to, for {PATIENCE:g} seconds")
    os.set_blocking(handle, True)
    return os.fdopen(handle, "rb")


def _told_apart(file: Path, key: str | None, stream: BufferedReader, name: str, layout: Layout) -> Table:
    """A table by what its first bytes say that it is."""
    stream = decompressed(stream)
    head = stream.peek(2**12)[: 2**12]
    kind = foreign.kind_of(head, file if file.is_file() else None)
    if file.suffix in (".npy", ".npz"):
        kind = _checked(file, kind, head)
    if kind is None and b"\0" in head and not head.startswith(UTF_16):
        raise foreign.Unreadable("it is neither text, .npy nor .npz, nor of another kind that is known")
    if kind is None or kind in ("xls", "xlsx", "ods"):
        return _text(file, key, kind, stream, name, layout)
    stream.close()
    if not file.is_file():
        raise foreign.Unreadable("it is a pipe or a device that holds no text; want a file")
    return _binary(file, key, kind, name, layout)


def _checked(file: Path, kind: str | None, head: bytes) -> str:
    """The kind of a file that is named as NumPy names its own."""
    if not head:
        raise EOFError("it is empty")
    if kind == "xlsx" or (kind is None and not file.is_file()):
        raise ValueError("it is not what its name says")
    if file.suffix == ".npz" and kind == "npy":
        raise ValueError("it is one array, no .npz archive")
    if file.suffix == ".npy" and kind == "npz":
        raise ValueError("it is a .npz archive")
    if kind in foreign.NAMED and kind not in ("npy", "npz", "zip"):
        raise foreign.unreadable(kind)
    if kind not in ("npy", "npz", "zip"):
        raise ValueError(f"it does not begin as {file.suffix} files do")
    return "npz" if kind == "zip" else kind


def _text(file: Path, key: str | None, kind: str | None, stream: BufferedReader, name: str, layout: Layout) -> Table:
    """A text, or a sheet as one."""
    title = file.name if key is None else f"{file.name}:{key}"
    if kind is not None:
        stream.close()
        stream = BufferedReader(foreign.sheet_text(file, kind, key))
    table = TextTable(stream, layout, endless=not file.is_file())

    def rows(dtype: Any) -> Iterator[NDArray[Any]]:
        return _guard(name, file, table.rows(_step((0, table.arrangement.width)), dtype))

    words = table.words[1:] if kind else table.words
    return Table(title, lambda: rows(float), words, table.arrangement.warnings, lambda: rows(str))


def _binary(file: Path, key: str | None, kind: str, name: str, layout: Layout) -> Table:
    """A table that is no text."""
    if kind == "npy" and file.suffix == ".npy":
        return _npy(file, name, layout)
    if kind == "npz" and file.suffix == ".npz":
        return _npz(file, key, name, layout)
    if kind == "mat":
        key, held = foreign.matlab_table(file, key, layout)
        return _held(f"{file.name}:{key}", held, name, file)
    if kind in ("parquet", "feather"):
        return _held(file.name, foreign.frame_table(file, kind, layout), name, file)
    raise foreign.unreadable(kind)


def _held(title: str, held: foreign.Foreign, name: str, file: Path) -> Table:
    """A table that is in memory."""
    found = held.arrangement
    return Table(title, lambda: _guard(name, file, held.rows(_step((0, found.width)))), found.words, found.warnings)


def _step(shape: tuple[int, ...]) -> int:
    columns = int(np.prod(shape[1:]))
    return max(NUMBERS // max(columns, 1), 2 * columns, 1)


def _npy(file: Path, name: str, layout: Layout) -> Table:
    """An array in a file of its own, mapped anew for each piece, so that pages already read can go."""
    with file.open("rb") as opened:
        shape, size = _header(opened)
        if size > file.stat().st_size - opened.tell():
            raise EOFError(f"it is cut off: its shape {shape} wants {size} bytes")
    if 0 in shape or not shape:
        raise ValueError(f"its shape is {shape}")
    found = foreign.choose_of_array(prod(shape[1:]), layout)
    step = _step(shape)

    def rows() -> Iterator[NDArray[Any]]:
        for start in range(layout.skip_rows, shape[0], step):
            piece = np.array(np.load(file, mmap_mode="r", allow_pickle=False)[start : start + step])
            yield piece.reshape(len(piece), -1)[:, found.kept]

    return Table(file.name, lambda: _guard(name, file, rows()), found.words, found.warnings)


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], int]:
    """The shape of an array and its bytes, from the beginning of a .npy file."""
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    try:
        shape, _, dtype = read(stream)
    except ValueError as error:
        raise ValueError("its header is none of an array" if "max_header_size" in str(error) else str(error)) from None
    if min(shape, default=1) < 0:
        raise ValueError(f"its shape is {shape}")
    if dtype.hasobject:
        raise ValueError("its entries are Python objects, not numbers")
    return shape, prod(shape) * dtype.itemsize


def _npz(file: Path, key: str | None, name: str, layout: Layout) -> Table:
    """An array of an archive by its name, the only table in it, or a sparse matrix."""
    with zipfile.ZipFile(file) as archive:
        members = {Path(member).stem: member for member in archive.namelist() if member.endswith(".npy")}
        if {"format", "shape", "data"} <= set(members) and key is None:
            return _held(file.name, foreign.sparse_table(file, layout), name, file)
        headers = {}
        for known, member in members.items():
            with archive.open(member) as opened:
                headers[known] = _header(opened)
    shapes = {known: shape for known, (shape, _) in headers.items()}
    tables = {known: shape for known, shape in shapes.items() if len(shape) > 1}
    key = foreign.pick(file, tables, tables) if key is None else foreign.known(key, shapes)
    if 0 in shapes[key] or not shapes[key]:
        raise ValueError(f"the shape of {key} is {shapes[key]}")
    want_memory(headers[key][1], f"{file.name}:{key}", "want it as .npy, which is read in pieces")
    with np.load(file, allow_pickle=False) as arrays:
        return _held(f"{file.name}:{key}", foreign.array_table(arrays[key], layout), name, file)


@contextmanager
def _reading(name: str, file: Path) -> Iterator[None]:
    """Every way in which a file fails, as one line that names the argument and the file."""
    try:
        yield
    except foreign.Unreadable as error:
        raise ValueError(f"{name}: cannot read {file}: {error}") from None
    except UnicodeDecodeError as error:
        bad = error.object[error.start]
        raise ValueError(f"{name}: cannot read {file}: it is not text (a byte {bad:#04x} is not UTF-8)") from None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ValueError(f"{name}: cannot read {file}: {' '.join(reason.split())}") from None
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
