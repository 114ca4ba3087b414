"""How a table is laid out: what its first row says, which column only counts the rows, which columns are wanted.

A first row without a number names the columns. If its first cell is empty, or if it has one cell fewer than the
rows, the first column is an index, as pandas and R write it. What is left out, or may be meant otherwise, is said.

Main results
    Layout         what a user says of it: columns, rows to skip, decimal mark, header, index
    arrange        an Arrangement from the first rows of a text
    choose         one from the names and the number of its columns
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

Row = list[str]
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
"""What spreadsheets write into a cell that could not be computed."""

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-", "--", ".", "\\n", *map(str.lower, ERRORS)}
"""How files write a value that is missing."""

INDICES = {"", "unnamed: 0", "index", "level_0", "__index_level_0__", "row.names", "rownames", "row_names"}
"""What pandas and R call the column that counts or names the rows."""

LABELS = {"id", "idx", "key", "no", "no.", "nr", "date", "time", "timestamp", "day", "month", "year"}
"""What people call such a column, but others too."""

WHOLE = 2.0**53
"""From here on doubles are whole numbers and skip some: files that hold such numbers are read as long doubles."""


@dataclass(frozen=True)
class Layout:
    """What a user says about a file; what is not said is found out.

    Parameters
    ----------
    columns : str, optional
        Those to read: `1,3:5`, counted from 1, or their names.
    skip_rows : int
        Lines to leave out at the beginning; of an array or a frame, rows.
    decimal : str, optional
        The decimal mark, `.` or `,`.
    header : bool, optional
        Whether the first row names the columns.
    index_column : str, optional
        The column to leave out, by its number or name; `none` if every column is data.

    Raises
    ------
    ValueError
        If the number of rows is negative, or the mark is another.

    Examples
    --------
    >>> Layout(decimal="x")
    Traceback (most recent call last):
        ...
    ValueError: decimal: got 'x'; want . or ,
    """

    columns: str | None = None
    skip_rows: int = 0
    decimal: str | None = None
    header: bool | None = None
    index_column: str | None = None

    def __post_init__(self) -> None:
        if self.skip_rows < 0:
            raise ValueError(f"skip-rows: got {self.skip_rows}; want a number that is not negative")
        if self.decimal not in (None, ".", ","):
            raise ValueError(f"decimal: got {self.decimal!r}; want . or ,")

    def refuse(self, *names: str, where: str) -> None:
        """Refuse those of its options that mean nothing here; all of them if none is named.

        >>> Layout(header=True).refuse(where="a list")
        Traceback (most recent call last):
            ...
        ValueError: header: means nothing for a list; want a file, or no --header
        """
        for field in fields(self):
            if (not names or field.name in names) and getattr(self, field.name) != field.default:
                option = field.name.replace("_", "-")
                said = "no-header" if self.header is False and option == "header" else option
                raise ValueError(f"{option}: means nothing for {where}; want a file, or no --{said}")


@dataclass(frozen=True)
class Arrangement:
    """What the columns of a table are.

    Attributes
    ----------
    names : tuple of str, optional
        One for each column.
    width : int
        The number of columns.
    kept : tuple of int
        The columns that are data, from 0.
    words : tuple of str
        What was taken as what.
    warnings : tuple of str
        What was left out, or may be meant otherwise, `name: words`.
    """

    names: tuple[str, ...] | None
    width: int
    kept: tuple[int, ...]
    words: tuple[str, ...]
    warnings: tuple[str, ...]

    def column(self, index: int) -> str:
        """A column in words, from 1, with its name."""
        name = self.names[index] if self.names else ""
        return f"column {index + 1}" + (f" ({name})" if name else "")


def is_number(text: str) -> bool:
    """Whether a cell of a text file is a number.

    >>> is_number("1e-3"), is_number("'a'"), is_number("1_000")
    (True, False, False)
    """
    try:
        float(text.strip().strip('"'))
    except ValueError:
        return False
    return "_" not in text


def is_complex(text: str) -> bool:
    """Whether a cell of a text file is a complex number with an imaginary part; j alone is a name.

    >>> is_complex("1+2j"), is_complex("-2.5j"), is_complex("j"), is_complex("3")
    (True, True, False, False)
    """
    text = text.strip().strip('"')
    try:
        complex(text)
    except ValueError:
        return False
    return not is_number(text) and any(map(str.isdigit, text)) and "_" not in text


def is_missing(cell: str) -> bool:
    """Whether a cell says that a value is missing.

    >>> is_missing("NA"), is_missing("0")
    (True, False)
    """
    return cell.strip().lower() in MISSING


def arrange(rows: Sequence[Row], layout: Layout, *, quoted: bool = False) -> Arrangement:
    """Find out what the first rows of a text are; `quoted` if the rows begin with a quotation mark.

    Raises
    ------
    ValueError
        If the rows differ in length, or what they mean is not clear.

    Examples
    --------
    >>> arrange([["", "x", "y"], ["0", "5", "1"], ["1", "6", "3"]], Layout()).kept
    (1, 2)
    """
    header, warnings = _header(rows, layout)
    body = rows[1:] if header else rows
    if not body:
        raise ValueError("it has no numbers")
    width = len(body[0])
    trailing = width > 1 and all(len(row) == width and not row[-1] for row in body)
    first = list(rows[0]) if header else []
    wanted = width - trailing
    if len(first) == wanted + 1 and not first[-1]:
        first.pop()
    indexed = header and len(first) == wanted - 1 > 0 and layout.index_column != "none"
    if header and not indexed and len(first) != wanted:
        raise ValueError(_unequal("the header", len(first), "the first row", wanted))
    if indexed and len(first) == 1 and not quoted and not counts([row[0] for row in body]):
        option = "--decimal , or --index-column 1 or --skip-rows 1"
        raise ValueError(f"the header has one cell and the first row two; want {option}")
    names = tuple(["", *first] if indexed else first) if header else None
    found = choose(names, wanted, layout, index=_index(names, body), label=label(names, [row[0] for row in body]))
    words = (f"header {_some([name for name in first if name])}" if header else "no header", *found.words)
    return Arrangement(names, width, found.kept, words, (*warnings, *found.warnings))


def choose(
    names: tuple[str, ...] | None, width: int, layout: Layout, *, index: bool = False, label: str = ""
) -> Arrangement:
    """The columns that are wanted, of so many with these names.

    Parameters
    ----------
    names : tuple of str, optional
    width : int
    layout : Layout
    index : bool
        Whether the first column is one that pandas or R has put there.
    label : str
        What the first column seems to do to the rows, if it is not that.

    Raises
    ------
    ValueError
        If a column is asked for that is not there, or none is left.

    Examples
    --------
    >>> choose(("x", "y", "z"), 3, Layout(columns="z,x")).kept
    (2, 0)
    """
    words, warnings = [], []
    kept = list(range(width))
    left = None
    if layout.index_column not in (None, "none"):
        left = _columns("index-column", str(layout.index_column), names, width)[0]
    elif layout.columns is None and layout.index_column is None and width > 1:
        left = 0 if index else None
        which = f"column 1 ({names[0]})" if names and names[0] else "column 1"
        if index:
            warnings.append(f"index-column: {which} was left out, as it names the rows; --index-column none keeps it")
        elif label:
            warnings.append(f"index-column: {which} {label}, but was read; --index-column 1 leaves it out")
    if left is not None:
        kept.remove(left)
        words.append(f"column {left + 1} left out as the index")
    if layout.columns is not None:
        kept = [c for c in _columns("columns", layout.columns, names, width) if c != left]
        words.append(f"columns {layout.columns}")
    if not kept:
        raise ValueError("no column is left")
    return Arrangement(names, width, tuple(kept), tuple(words), tuple(warnings))


def _header(rows: Sequence[Row], layout: Layout) -> tuple[bool, list[str]]:
    """Whether the first row names the columns, and what to say about that."""
    first, body = rows[0], rows[1:]
    if layout.header is not None:
        return layout.header, []
    if first[0] == "" and len(first) > 1 and body and body[0][0] != "" and _could_name(first[1:]):
        return True, []
    if all(map(is_missing, first)):
        raise ValueError("row 1 has missing values only; want --skip-rows, or --header if these are names")
    if (found := next(filter(is_complex, first), None)) is not None:
        raise ValueError(f"{found} in row 1 is a complex number; want real ones, or --header if it names a column")
    if not any(map(is_number, first)):
        return True, []
    if not all(map(is_number, first)) or not body:
        return False, []
    row = _some(first)
    if (len(first) > 1 and first == [str(i) for i in range(len(first))]) or len(first) + 1 == len(body[0]):
        return True, [f"numeric-header: row 1 ({row}) was taken as the names of the columns; --no-header reads it"]
    if first == ["0"] or _looks_like_names(first, body):
        return False, [f"numeric-header: row 1 ({row}) was read as data; --header takes it as names of the columns"]
    return False, []


def _could_name(cells: Row) -> bool:
    """Whether cells beside an empty one name columns: words, or pandas's own numbers."""
    return (any(cells) and not any(map(is_number, cells))) or cells == [str(i) for i in range(len(cells))]


def _looks_like_names(first: Row, body: Sequence[Row]) -> bool:
    """Whether a row of numbers may be years, wavelengths, or the numbers of columns."""
    if len(first) < 2 or not all(cell.strip().isdecimal() for cell in first):
        return False
    steps = {int(b) - int(a) for a, b in pairwise(first)}
    fractions = any(not cell.strip().lstrip("+-").isdecimal() for row in body for cell in row)
    return len(steps) == 1 and steps.pop() > 0 and (fractions or len(first) > 2)


def _index(names: tuple[str, ...] | None, body: Sequence[Row]) -> bool:
    """Whether the first column is named as pandas and R name an index, and is one."""
    if not names or names[0].strip().lower() not in INDICES:
        return False
    column = [row[0] for row in body]
    return names[0] == "" or counts(column) or not all(map(is_number, column))


def label(names: Sequence[str] | None, column: Sequence[str]) -> str:
    """What the first column seems to do, by its entries or its name; empty if nothing.

    >>> label(("year", "x"), ["2001", "2002", "2003"]), label(("id", "x"), ["7", "2"]), label(None, ["7", "2"])
    ('counts the rows', 'may name the rows', '')
    """
    if counts(column):
        return "counts the rows"
    return "may name the rows" if names and names[0].strip().lower() in LABELS else ""


def counts(column: Sequence[str]) -> bool:
    """Whether entries count on by one; fewer than three say nothing.

    >>> counts(["1", "2", "3"]), counts(["2001", "2002", "2003"]), counts(["0", "1"])
    (True, True, False)
    """
    numbers = [int(cell) for cell in column if cell.strip().isdecimal()]
    return len(numbers) == len(column) > 2 and all(b - a == 1 for a, b in pairwise(numbers))


def _columns(option: str, text: str, names: tuple[str, ...] | None, width: int) -> list[int]:
    """Columns by number, by range, by name, from 0; in the order asked for."""
    if names and text in names:
        return [names.index(text)]
    found: list[int] = []
    for part in (part.strip() for part in text.split(",")):
        low, colon, high = part.partition(":") if not (names and part in names) else (part, "", "")
        ends = [_column(option, end, names, width) for end in ([low, high] if colon else [low])]
        found += range(ends[0], ends[-1] + 1)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"{option}: got {text!r}; want each column once, and ranges as 1:3")
    return found


def _column(option: str, text: str, names: tuple[str, ...] | None, width: int) -> int:
    if names and text in names:
        if names.count(text) > 1:
            raise ValueError(f"{option}: several columns are called {text!r}; want a number from 1 to {width}")
        return names.index(text)
    if text.isdecimal() and 1 <= int(text) <= width:
        return int(text) - 1
    known = f", or a name: {_some([name for name in names if name])}" if names else ""
    raise ValueError(f"{option}: got {text!r}; want a number from 1 to {width}{known}")


def _unequal(what: str, count: int, other: str, wanted: int) -> str:
    return f"{what} has {count} cells, {other} {wanted}; want --skip-rows if the first lines are no table"


def _some(cells: Sequence[str]) -> str:
    """At most six of the cells."""
    shown = [cell if len(cell) < 20 else cell[:18] + "…" for cell in cells[:6]]
    return ", ".join(repr(x)[1:-1] if not x.isprintable() else x for x in shown) + (", …" if len(cells) > 6 else "")
