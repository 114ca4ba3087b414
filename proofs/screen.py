"""What the commands say, and to whom: tables and JSON on standard output, one line at a time on standard error.

Whatever is said may hold a file's name or a line of a file: control characters, and others that nobody sees, are
shown as escapes. Tables are as wide as the numbers in them need, even on a narrower terminal.

Main results
    console      a console of the terminal's width, or of a width that is good in a file
    say          one line on standard error
    progress     how far a long run is
    refuse       bad input: one line, status 2
    print_json   a value as JSON that any encoding can carry
    printable    text with escapes for what is not seen
"""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderableType

T = TypeVar("T")
WIDE = 126
"""Columns where there is no terminal."""
ENDLESS = 10_000
"""Columns that no table needs."""


class Screen(Console):
    """A console without markup that escapes what is not seen, and that never cuts a word or a number."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else printable(text), style, control)

    def print(self, *objects: Any, **how: Any) -> None:
        narrow = self.width
        self.width = max([narrow, *map(self._needed, objects)])
        super().print(*objects, **how)
        self.width = narrow

    def _needed(self, content: Any) -> int:
        """The columns without which words, or cells that are not wrapped, would be cut."""
        endless = self.options.update(width=ENDLESS)
        for column in content.columns if isinstance(content, Table) else ():
            cells = [Measurement.get(self, endless, cell) for cell in (column.header, *column.cells)]
            column.min_width = max(cell.maximum if column.no_wrap else cell.minimum for cell in cells)
        return Measurement.get(self, endless, content).minimum


def console(error: bool = False) -> Screen:
    """A console; where there is no terminal the width is one that reads well in a file."""
    out = Screen(stderr=error, highlight=False, markup=False, emoji=False)
    if not out.is_terminal and "COLUMNS" not in out._environ:
        out.width = WIDE
    return out


def say(message: str) -> None:
    """One line on standard error."""
    print(printable(message).replace("\n", "\\n"), file=sys.stderr, flush=True)


def warn(message: str) -> None:
    """A warning, one line."""
    say(f"lae: warning: {message}")


def refuse(command: str, message: str) -> NoReturn:
    """Bad input: one line, status 2."""
    say(f"lae {command}: {message}")
    raise typer.Exit(2)


def progress(
    found: Iterator[T],
    total: int,
    name: Callable[[T], str],
    told: Callable[[T], str | None] = lambda _: None,
    quiet: float = 0,
) -> Iterator[T]:
    """What is found, with a bar on a terminal; elsewhere a line for each thing of which something is told.

    Parameters
    ----------
    told
        What stands behind the name in a line; none is written for what it says None of.
    quiet
        Seconds between two lines; the last is always written.
    """
    out = console(error=True)
    if not out.is_terminal:
        last = time.monotonic() - quiet
        for number, x in enumerate(found, 1):
            what = told(x)
            if what is not None and (number == total or time.monotonic() - last >= quiet):
                last = time.monotonic()
                say(f"[{number:{len(str(total))}}/{total}] {name(x)}  {what}".rstrip())
            yield x
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (MofNCompleteColumn(), BarColumn(24), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("", total=total)
        for x in found:
            bar.update(task, advance=1, description=name(x))
            yield x


def print_json(value: Any) -> None:
    """Print a value; letters that standard output cannot encode, or that nobody sees, as JSON's escapes.

    What is no number, or infinite, is null.
    """
    import json

    universal = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(_finite(value), ensure_ascii=not universal, indent=1, allow_nan=False)
    print("".join(c if _is_seen(c) else json.dumps(c)[1:-1] for c in text))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def printable(text: str) -> str:
    """Text in which control characters, and others that are not seen, are escapes.

    Examples
    --------
    >>> print(printable("σ.csv" + chr(27) + "[31m"))
    σ.csv\\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(c if _is_seen(c) else c.encode("unicode_escape").decode() for c in text)


def _is_seen(c: str) -> bool:
    return c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs"
