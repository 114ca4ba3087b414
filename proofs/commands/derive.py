"""`lae derive`: an appendix step by step, each step decided as it is printed.

Main results
    derive      the command
    check_out   refuse a file that could not be written
    emit        a document to standard output, or to a file as a whole
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.commands.check import Fresh, Jobs, Timeout
from proofs.screen import console, refuse

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


class Format(StrEnum):
    TEXT = "text"
    LATEX = "latex"


class Derived(StrEnum):
    """What a derivation may be, too."""

    TEXT = "text"
    LATEX = "latex"
    HTML = "html"
    NOTEBOOK = "notebook"


Out = Annotated[Path | None, typer.Option(help="Write to this file.")]


def derive(
    section: Annotated[str, typer.Argument(help="A prefix of claims, such as bao2020/B, or a section.")],
    format: Annotated[Derived, typer.Option(help="How it is written.")] = Derived.TEXT,
    out: Out = None,
    jobs: Jobs = -1,
    fresh: Fresh = False,
    timeout: Timeout = 60,
) -> None:
    """A section as a derivation: every link with its reason and ✓, ✗ or ?; what fails is followed by what holds."""
    from proofs.commands.check import asked, run
    from proofs.derive import derivation
    from proofs.papers import papers
    from proofs.render import latex, notebook, site, terminal

    check_out("derive", out)
    ids, known = asked("derive", [section])
    checked = run("derive", ids, known, corrections=True, jobs=jobs, fresh=fresh, timeout=timeout)
    found = derivation(ids[0], checked)
    if format is Derived.LATEX:
        emit("derive", latex.derivation_document(found), out)
    elif format is Derived.HTML:
        emit("derive", site.derivation_page(ids[0], checked), out)
    elif format is Derived.NOTEBOOK:
        paper = papers()[checked[0].claim.paper]
        emit("derive", notebook.derivation_notebook(found, paper.folder or paper.name), out)
    else:
        emit("derive", lambda console: terminal.derivation_page(found, console.width), out)


def check_out(command: str, out: Path | None) -> None:
    """Refuse, before anything is decided, a file that could not be written."""
    from numerics.storing import check_writable

    try:
        if out is not None:
            check_writable(out)
    except OSError as problem:
        refuse(command, f"out: {out} cannot be written: {problem.strerror}")


def emit(command: str, content: str | Callable[[Console], RenderableType], out: Path | None) -> None:
    """Print a text, or what a console shows; to a file whole or not at all."""
    from numerics.storing import write_whole

    if not isinstance(content, str):
        screen = console()
        if out is None:
            screen.print(content(screen))
            return
        with screen.capture() as captured:
            screen.print(content(screen))
        content = captured.get()
    if out is None:
        sys.stdout.write(content)
        return
    try:
        write_whole(out, content)
    except OSError as problem:
        refuse(command, f"out: {out} cannot be written: {problem.strerror}")
