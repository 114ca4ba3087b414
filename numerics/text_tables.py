"""Tables as text: separators and decimal marks found out, rows parsed in pieces, reading stopped at the first nonsense.

Main results
    TextTable      how a text is written, from its first lines, and its rows
    decompressed   a stream of bytes, unpacked if it was compressed
"""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import chain, islice
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from numerics.layouts import ERRORS, WHOLE, Layout, Row, arrange, is_missing, is_number

SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars", None: "blanks"}
BLOCK = 2**19
"""Characters that are read at a time."""

LONGEST = 2**25
"""Characters of the longest line."""

FIRST, HEAD = 100, 2**20
"""Lines, and about how many characters, by which a text is judged."""

ENDLESS = 2**26
"""Numbers that are read from a source whose length is not known."""

WITH_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
"""A number with a decimal comma."""

COMMENT = re.compile(f"#(?!{'|'.join(re.escape(error[1:]) for error in ERRORS)})")
"""What begins a comment."""

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How text begins as Excel writes it under the name Unicode."""

COMPRESSED: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}


def decompressed(stream: BufferedReader) -> BufferedReader:
    """The same stream, or what is packed in it by gzip, bzip2 or xz.

    >>> from io import BytesIO
    >>> decompressed(BufferedReader(BytesIO(gzip.compress(b"1,2")))).read()
    b'1,2'
    """
    opened = next((unpack for magic, unpack in COMPRESSED.items() if stream.peek(8).startswith(magic)), None)
    return stream if opened is None else BufferedReader(opened(stream))


@dataclass(frozen=True)
class Dialect:
    """How the cells of a line are written."""

    separator: str | None
    decimal: str

    def cells(self, line: str) -> Row:
        """The cells of a line without comment."""
        if '"' not in line:
            return [cell.strip() for cell in line.split(self.separator)]
        plain = line.replace("\t", " ") if self.separator is None else line
        reader = csv.reader([plain.strip(" ")], delimiter=self.separator or " ", skipinitialspace=True)
        try:
            return [cell.strip() for cell in next(reader)]
        except csv.Error as error:
            raise ValueError(f"its quotation marks do not match: {error}") from None

    def number(self, cell: str) -> str:
        """A cell that is a number, with a decimal point; where commas are the mark, points are no numbers."""
        if self.decimal == ".":
            return cell
        if "." in cell:
            return cell.replace(".", "?") if is_number(cell) else cell
        return cell.replace(",", ".") if WITH_COMMA.fullmatch(cell) else cell

    def lines(self, lines: Iterator[str]) -> Iterator[str]:
        """Lines as NumPy reads them."""
        if self.decimal == ".":
            return lines
        return (line.replace(".", "?").replace(",", ".") for line in lines)


class TextTable:
    """A table as text.

    Parameters
    ----------
    stream : BufferedReader
        Its bytes, not compressed.
    layout : Layout
    endless : bool
        Whether the length of the source is not known, so that it is limited.

    Raises
    ------
    ValueError
        If the first lines are no table of numbers, or what they mean is not clear.
    """

    def __init__(self, stream: BufferedReader, layout: Layout, *, endless: bool = False) -> None:
        encoding = "utf-16" if stream.peek(2).startswith(UTF_16) else "utf-8-sig"
        self._text = TextIOWrapper(stream, encoding=encoding, newline=None)
        self._lines = _lines(self._text)
        self._skipped = sum(1 for _ in islice(self._lines, layout.skip_rows))
        self._limit = ENDLESS if endless else None
        raw, texts = self._first()
        if not texts:
            raise ValueError("it is empty" if not layout.skip_rows else f"it has no line {layout.skip_rows + 1}")
        contents = [text for _, text in texts]
        self.dialect = _dialect(contents, layout.decimal)
        rows = [[self.dialect.number(cell) for cell in self.dialect.cells(text)] for text in contents]
        self.arrangement = arrange(rows, layout, quoted=all(text.startswith('"') for text in contents[1:]))
        header = self.arrangement.names is not None
        self._check(rows[header:], texts[header:])
        self._raw = raw[texts[header][0] :]

    @property
    def words(self) -> tuple[str, ...]:
        """What was taken as what."""
        mark = ("decimal commas",) if self.dialect.decimal == "," else ()
        separated = f"separated by {SEPARATORS[self.dialect.separator]}" if self.arrangement.width > 1 else "one column"
        return (separated, *mark, *self.arrangement.words)

    def rows(self, step: int, dtype: Any = float) -> Iterator[NDArray[Any]]:
        """Its rows of data, so many at a time, once: as floats, or as text (`str`).

        Raises
        ------
        ValueError
            At the first cell that is not a number, or row of another length.
        """
        found, count = self.arrangement, 0
        body = self.dialect.lines(chain(self._raw, self._lines))
        with self._text:
            while len(piece := self._parse(body, step, count, dtype)):
                count += len(piece)
                if self._limit is not None and count * found.width > self._limit:
                    raise ValueError(f"it has no end after {count * found.width} numbers; want a file")
                yield piece if found.kept == tuple(range(found.width)) else piece[:, found.kept]

    def _first(self) -> tuple[list[str], list[tuple[int, str]]]:
        """The first lines as they are; of those with content, the number and the content."""
        raw: list[str] = []
        texts: list[tuple[int, str]] = []
        for line in self._lines:
            if text := line.strip(" \r\n"):
                texts.append((len(raw), text))
            raw.append(line)
            if len(texts) > 1 and (len(texts) == FIRST or sum(map(len, raw)) > HEAD):
                break
        return raw, [(at, text) for at, text in texts if text.strip()]

    def _check(self, rows: list[Row], texts: list[tuple[int, str]]) -> None:
        """Refuse the first cell that is no number, with what may be meant."""
        found = self.arrangement
        for count, row in enumerate(rows):
            for index in sorted(found.kept):
                if index < len(row) and not is_number(row[index]):
                    raise ValueError(self._complaint(rows, count, index, texts[count][0] + self._skipped + 1))
            if len(row) != found.width:
                raise ValueError(_lengths(count + 1, len(row), found.width))

    def _complaint(self, rows: list[Row], count: int, index: int, line: int) -> str:
        """A cell that is no number: where it is, and the option that helps."""
        cell, width = rows[count][index], self.arrangement.width
        pointed = cell.replace("?", ".") if self.dialect.decimal == "," else cell
        cell = pointed if is_number(pointed) else cell
        place = f"row {count + 1}, {self.arrangement.column(index)}"
        shown = cell if cell.isprintable() else repr(cell)[1:-1]
        said = f"could not convert string '{shown[:40]}' to float64 in {place}"
        column = [row[index] for row in rows if index < len(row)]
        if is_missing(cell):
            return f"{said}: a missing value; want every value, or other --columns"
        if is_number(cell) or WITH_COMMA.fullmatch(cell):
            return f"{said}; want one decimal mark, --decimal , or ."
        if not count and sum(map(is_number, rows[0])) and all(map(is_number, column[1:])) and len(column) > 1:
            return f"{said}; if row 1 names the columns, want --header"
        if not any(map(is_number, rows[count])):
            return f"{said}; --skip-rows {line} leaves out the lines up to it"
        if sum(map(is_number, column)) * 2 <= len(column) and width > 1:
            wish = "--index-column 1" if not index else "--columns with the others"
            return f"{said}; {wish} leaves it out"
        return said

    def _parse(self, lines: Iterator[str], rows: int, before: int, dtype: Any) -> NDArray[Any]:
        """The next rows, at most `rows` of them, with whole numbers beyond doubles; an empty array after the last."""
        kept: list[str] = []

        def noted() -> Iterator[str]:
            for line in lines:
                kept.append(line)
                yield line

        piece = self._numbers(noted(), rows, before, dtype)
        if dtype is float and np.abs(piece).max(initial=0.0) >= WHOLE:
            return self._numbers(iter(kept), rows, before, np.longdouble)
        return piece

    def _numbers(self, lines: Iterator[str], rows: int, before: int, dtype: Any) -> NDArray[Any]:
        found = self.arrangement
        ignored: Any = None
        if dtype is not str:
            ignored = {index: lambda cell: 0.0 for index in set(range(found.width)) - set(found.kept)}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                piece = np.loadtxt(
                    lines,
                    dtype=dtype,
                    comments=None,
                    delimiter=self.dialect.separator,
                    ndmin=2,
                    max_rows=rows,
                    quotechar='"',
                    converters=ignored,
                )
        except ValueError as error:
            raise ValueError(self._loadtxt(error, before)) from None
        if len(piece) and piece.shape[1] != found.width:
            raise ValueError(_lengths(before + 1, piece.shape[1], found.width))
        return piece

    def _loadtxt(self, error: ValueError, before: int) -> str:
        """NumPy's complaint, with rows and columns counted from 1 and named."""
        reason = str(error).partition("; use `")[0].rstrip(".")
        if changed := re.search(r"changed from (\d+) to (\d+) at row (\d+)", reason):
            return _lengths(before + int(changed[3]), int(changed[2]), int(changed[1]))
        if not (place := re.search(r" at row (\d+), column (\d+)", reason)):
            return reason
        index = int(place[2]) - 1
        column = self.arrangement.column(index) if index < self.arrangement.width else f"column {index + 1}"
        what = reason[: place.start()].replace("?", "." if self.dialect.decimal == "," else "?")
        missing = any(is_missing(cell) for cell in re.findall(r"'(.*)'", what))
        hint = ": a missing value; want every value, or other --columns" if missing else ""
        return f"{what} in row {int(place[1]) + before + 1}, {column}{hint}"


def _lengths(row: int, count: int, width: int) -> str:
    return f"row {row} has {count} columns, the first {width}"


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Lines of a text, a block at a time; bytes that are no text, or a line without an end, stop it."""
    rest, count, commented = "", 0, False
    while block := text.read(BLOCK):
        if "\0" in block:
            line = count + 1 + block[: block.index("\0")].count("\n")
            raise ValueError(f"it is not text: line {line} has a byte that is zero")
        *lines, rest = (rest + block).split("\n")
        if len(rest) > LONGEST:
            raise ValueError(f"line {count + 1 + len(lines)} has more than {LONGEST} characters")
        if commented := commented or "#" in block:
            lines = [_uncommented(line) for line in lines]
        if " " in block:
            lines = ["" if line.isspace() and "\t" not in line else line for line in lines]
        yield from lines
        count += len(lines)
    if (rest := _uncommented(rest)).strip(" \r"):
        yield rest


def _uncommented(line: str) -> str:
    """A line up to its comment; a spreadsheet's error in a cell is none."""
    return COMMENT.split(line, maxsplit=1)[0] if "#" in line else line


def _dialect(contents: list[str], decimal: str | None) -> Dialect:
    """Separator and decimal mark; a comma is a mark only where nothing else can be meant."""
    written = [c for c in ";\t,|" if any(c in text for text in contents) and not (c == decimal == ",")]
    everywhere = [c for c in written if all(c in text for text in contents)]
    separator = next(iter(everywhere or written), None)
    if separator == "\t" and _blanks_and_tabs(contents):
        separator = None
    blanks = separator == "," and decimal is None and len(contents[-1].split()) > 1
    if blanks and _is_read(contents, Dialect(None, ",")) and not _is_read(contents, Dialect(",", ".")):
        separator = None
    if decimal is None:
        decimal = "." if separator == "," else _decimal(contents, separator)
    return Dialect(separator, decimal)


def _blanks_and_tabs(contents: list[str]) -> bool:
    """Whether tabs and blanks separate alike: no two tabs enclose nothing, but blanks stand between numbers."""
    cells = [cell for text in contents for cell in Dialect("\t", ".").cells(text)]
    return all(cells) and any(len(parts := cell.split()) > 1 and all(map(is_number, parts)) for cell in cells)


def _is_read(contents: list[str], dialect: Dialect) -> bool:
    """Whether all lines, but perhaps the first, are numbers, as many in each."""
    rows = [dialect.cells(text) for text in (contents[1:] or contents)]
    return len(set(map(len, rows))) == 1 and all(is_number(dialect.number(cell)) for row in rows for cell in row)


def _decimal(contents: list[str], separator: str | None) -> str:
    """A comma if some cells are numbers only with it, and no cell has a point."""
    lines = contents[1:] or contents
    cells = [cell for text in lines for cell in Dialect(separator, ".").cells(text)]
    with_comma = [cell for cell in cells if WITH_COMMA.fullmatch(cell)]
    if not with_comma or any("." in cell and is_number(cell) for cell in cells):
        return "."
    if all(re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", cell) for cell in with_comma):
        raise ValueError(f"{with_comma[0]} may be a decimal or a thousand; want --decimal , or --decimal .")
    return ","
