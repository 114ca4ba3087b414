"""Tables in the formats of other programs: read where the library for them is installed, else named.

Main results
    kind_of        what a file is, by its first bytes
    unreadable     what to say of a kind that is not read
    frame_table    a frame (Parquet, Feather) through pandas
    sheet_text     a sheet (Excel, OpenDocument) as text, through pandas
    matlab_table   an array of a .mat file, through SciPy
    sparse_table   a sparse matrix of SciPy's save_npz
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.layouts import INDICES, WHOLE, Arrangement, Layout, choose, label
from numerics.resources import want_memory

SIGNATURES = {
    b"\x93NUMPY": "npy",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PAR1": "parquet",
    b"ARROW1": "feather",
    b"FEA1": "feather",
    b"MATLAB 5.0": "mat",
    b"MATLAB 7.3": "hdf5",
    b"\x89HDF": "hdf5",
    b"\xd0\xcf\x11\xe0": "xls",
    b"\x80\x02": "pickle",
    b"\x80\x03": "pickle",
    b"\x80\x04": "pickle",
    b"\x80\x05": "pickle",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"%PDF": "pdf",
    b"SQLite format 3": "sqlite",
    b"RDX": "rdata",
    b"CDF\x01": "netcdf",
    b"CDF\x02": "netcdf",
    b"\x7fELF": "elf",
    b"RIFF": "riff",
    b"SIMPLE  =": "fits",
}

NAMED = {
    "hdf5": "an HDF5 file (MATLAB writes it as 7.3); h5py reads it",
    "pickle": "a Python pickle, which runs code when it is read; want np.save of its array",
    "zstd": "compressed by zstd; want it decompressed",
    "7z": "a 7z archive; want it unpacked",
    "tar": "a tar archive; want it unpacked",
    "zip": "a zip archive; want it unpacked",
    "torch": "a checkpoint of PyTorch, a pickle; want np.save of its array",
    "png": "a PNG image; Pillow reads it",
    "jpeg": "a JPEG image; Pillow reads it",
    "gif": "a GIF image; Pillow reads it",
    "pdf": "a PDF document",
    "sqlite": "an SQLite database; sqlite3 reads it",
    "rdata": "a workspace of R; want write.csv, or the package rdata",
    "netcdf": "a NetCDF file; SciPy's netcdf_file or xarray reads it",
    "fits": "a FITS file; Astropy reads it",
    "elf": "a program",
    "riff": "a RIFF file (sound, video or an image)",
    "npy": "an array of NumPy under another name; want a name that ends in .npy",
    "npz": "an archive of NumPy under another name; want a name that ends in .npz",
}

ENGINES = {"xlsx": "openpyxl", "xls": "xlrd", "ods": "odfpy", "parquet": "pyarrow", "feather": "pyarrow"}
"""What pandas needs beside itself."""


@dataclass(frozen=True)
class Foreign:
    """A table in memory: what its columns are, and its rows in pieces of so many."""

    arrangement: Arrangement
    height: int
    part: Any

    def rows(self, step: int) -> Iterator[NDArray[Any]]:
        """Its rows, `step` at a time."""
        for start in range(0, self.height, step):
            yield self.part(start, start + step)


def kind_of(head: bytes, file: Path | None = None) -> str | None:
    """What a file is, by its first bytes and, of a zip archive, its members; None if it may be text.

    >>> kind_of(b"PAR1"), kind_of(b"1,2,3")
    ('parquet', None)
    """
    kind = next((kind for magic, kind in SIGNATURES.items() if head.startswith(magic)), None)
    if head[257:262] == b"ustar":
        return "tar"
    if kind == "zip" and file is not None:
        return _zipped(file)
    return kind


def _zipped(file: Path) -> str:
    """What a zip archive is: the formats of offices, NumPy and PyTorch are some."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return "zip"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if any(name.endswith("data.pkl") for name in names):
        return "torch"
    return "npz" if names and all(name.endswith(".npy") for name in names) else "zip"


class Unreadable(ValueError):
    """What a file is, which is not read."""


def unreadable(kind: str) -> Unreadable:
    """The error for a kind that is not read here."""
    return Unreadable(f"it is {NAMED[kind]}")


def _pandas(kind: str) -> Any:
    """pandas, if it and what it needs for a kind are installed."""
    from importlib.util import find_spec

    absent = [name for name in ("pandas", ENGINES[kind]) if find_spec("odf" if name == "odfpy" else name) is None]
    if absent:
        raise Unreadable(
            f"it is a file of kind {kind}, which pandas reads with {ENGINES[kind]}; want pip install {' '.join(absent)}"
        )
    import pandas

    return pandas


def sheet_text(file: Path, kind: str, sheet: str | None) -> BytesIO:
    """The cells of a sheet, separated by tabs; of the only one, if none is named.

    Raises
    ------
    ValueError
        If pandas is not installed, or there are several sheets.
    """
    pandas = _pandas(kind)
    _room(file, 60.0 * unpacked(file))
    with _library(kind), pandas.ExcelFile(file, engine={"ods": "odf"}.get(kind, ENGINES[kind])) as book:
        names = [str(name) for name in book.sheet_names]
        if sheet is None and len(names) != 1:
            raise ValueError(f"it holds the sheets {', '.join(names)}; want one of them by {file}:NAME")
        if sheet is not None and sheet not in names:
            raise ValueError(f"it has no sheet {sheet!r}; want one of {', '.join(names)}")
        cells = book.parse(sheet or names[0], header=None, dtype=object)
    text = cells.to_csv(sep="\t", header=False, index=False)
    return BytesIO(text.encode())


def frame_table(file: Path, kind: str, layout: Layout) -> Foreign:
    """The columns of a frame that are wanted; an index that pandas stored is none of them.

    Raises
    ------
    ValueError
        If pandas is not installed, or a column does not hold numbers.
    """
    pandas = _pandas(kind)
    layout.refuse("decimal", "header", where=f"a file of kind {kind}")
    _room(file, 24.0 * _cells(file, kind))
    with _library(kind):
        frame = (pandas.read_parquet if kind == "parquet" else pandas.read_feather)(file)
    names = tuple(str(name) for name in frame.columns)
    frame = frame.iloc[layout.skip_rows :]
    if not len(frame) or not names:
        raise ValueError(f"its shape is {frame.shape}")
    index = names[0].lower() in INDICES
    found = choose(names, len(names), layout, index=index, label=label(names, [str(x) for x in frame.iloc[:100, 0]]))
    for column in found.kept:
        dtype = frame.dtypes.iloc[column]
        if not pandas.api.types.is_numeric_dtype(dtype) or pandas.api.types.is_complex_dtype(dtype):
            raise ValueError(f"{found.column(column)} is of type {dtype}, no numbers; --columns with the others")
    kept = frame.iloc[:, list(found.kept)]

    def part(start: int, stop: int) -> NDArray[Any]:
        piece = kept.iloc[start:stop]
        if len(set(kept.dtypes)) == 1 and isinstance(kept.dtypes.iloc[0], np.dtype):
            return np.asarray(piece.to_numpy())
        doubles = piece.to_numpy(dtype=np.float64, na_value=np.nan)
        large = np.nanmax(np.abs(doubles), initial=0.0) >= WHOLE
        return piece.to_numpy(dtype=np.longdouble, na_value=np.nan) if large else doubles

    return Foreign(found, len(kept), part)


def matlab_table(file: Path, key: str | None, layout: Layout) -> tuple[str, Foreign]:
    """An array of a .mat file by its name, or the only one with rows and columns; and the name.

    Raises
    ------
    ValueError
        If there is none, or several, or it does not hold numbers.
    """
    from scipy import io

    with _library("mat"):
        shapes = {name: shape for name, shape, _ in io.whosmat(str(file))}
        tables = [name for name, shape in shapes.items() if len(shape) > 1 and min(shape) > 1]
        key = pick(file, {name: shapes[name] for name in tables}, shapes) if key is None else known(key, shapes)
        want_memory(8.0 * prod(shapes[key]), f"{file.name}:{key}", "want a smaller array")
        array = io.loadmat(str(file), variable_names=[key])[key]
    return key, array_table(array, layout)


def sparse_table(file: Path, layout: Layout) -> Foreign:
    """A sparse matrix, made dense a few rows at a time."""
    from scipy import sparse

    with _library("npz"):
        return array_table(sparse.load_npz(file), layout)


def array_table(array: Any, layout: Layout) -> Foreign:
    """An array with a row per sample, dense or sparse, in memory.

    Raises
    ------
    ValueError
        If it does not hold real numbers.

    Examples
    --------
    >>> list(array_table(np.eye(2), Layout(columns="2")).rows(1))
    [array([[0.]]), array([[1.]])]
    """
    is_sparse = not isinstance(array, np.ndarray)
    if not hasattr(array, "dtype") or array.dtype.kind not in "biuf":
        raise ValueError(f"its entries are of type {getattr(array, 'dtype', type(array).__name__)}; want real numbers")
    if array.ndim == 0 or 0 in array.shape:
        raise ValueError(f"its shape is {array.shape}")
    matrix = array.tocsr() if is_sparse else array.reshape(len(array), -1)
    found, matrix = choose_of_array(matrix.shape[1], layout), matrix[layout.skip_rows :]
    if not matrix.shape[0]:
        raise ValueError(f"it has no row after {layout.skip_rows}")

    def part(start: int, stop: int) -> NDArray[Any]:
        rows = matrix[start:stop]
        return np.asarray(rows.toarray() if is_sparse else rows)[:, found.kept]

    return Foreign(found, matrix.shape[0], part)


def choose_of_array(width: int, layout: Layout) -> Arrangement:
    """The columns of an array that are wanted."""
    layout.refuse("decimal", "header", where="an array")
    return choose(None, width, layout)


def pick(file: Path, tables: dict[str, tuple[int, ...]], shapes: dict[str, tuple[int, ...]]) -> str:
    """The name of the only table in an archive, or else of its only array.

    Raises
    ------
    ValueError
        If there are several.
    """
    if len(tables) == 1 or (not tables and len(shapes) == 1):
        return next(iter(tables or shapes))
    held = ", ".join(f"{key} ({'×'.join(map(str, shape))})" for key, shape in tables.items())
    if not held:
        raise ValueError("it holds none with rows and columns")
    raise ValueError(f"it holds {held}; want one of them by {file}:NAME")


def known(key: str, shapes: dict[str, tuple[int, ...]]) -> str:
    """A name, if the archive has it.

    Raises
    ------
    ValueError
        If it has not.
    """
    if key not in shapes:
        raise ValueError(f"it has no array {key!r}; want one of {', '.join(shapes)}")
    return key


def unpacked(file: Path) -> int:
    """Bytes of a file, or of the members of a zip archive as they say themselves."""
    if not zipfile.is_zipfile(file):
        return file.stat().st_size
    with zipfile.ZipFile(file) as archive:
        return sum(member.file_size for member in archive.infolist())


def _cells(file: Path, kind: str) -> int:
    """How many numbers a frame has; of Feather, at least about how many."""
    if kind == "feather":
        return file.stat().st_size
    from pyarrow import parquet

    with _library(kind):
        said = parquet.read_metadata(file)
    return int(said.num_rows * said.num_columns)


def _room(file: Path, need: float) -> None:
    """Whether what a file holds fits into memory."""
    want_memory(need, file.name, "want it in parts, as text or .npy")


@contextmanager
def _library(kind: str) -> Iterator[None]:
    """Errors of other libraries as ours: whatever they raise on a damaged file is about the file."""
    try:
        yield
    except (ValueError, OSError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, NotImplementedError) and kind == "mat":
            raise unreadable("hdf5") from None
        raise ValueError(f"it is damaged: {type(error).__name__}: {error}") from None
