"""`lae reproduce`: a figure or table of a paper, made again; each statement about it is judged by what was measured.

Main results
    reproduce   the command: one figure, all of them, or the list of what there is and what was seen last
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.commands.layout import reads_files
from proofs.commands.options import check_workers, given
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numerics.experiments.figure import Asked, Figure, Part
    from numerics.training.job import Job

INTERRUPTED = 130
DIVERGED = 1
SEEN = {True: "seen", False: "not seen", None: "undecided"}
EVERY = "all"


@reads_files
def reproduce(
    context: typer.Context,
    figure: Annotated[str | None, typer.Argument(help="Like kunin2019/fig5; all; see --list.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; the same command continues what it holds.")
    ] = None,
    setting: Annotated[
        str | None, typer.Option(help="smoke (seconds), small (two minutes) or paper; small unless --mnist is given.")
    ] = None,
    mnist: Annotated[str | None, typer.Option(help="MNIST: FILE.npz[:ARRAY] or FILE.npy; else digits.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Fewer, or more, than the setting has.")] = None,
    without: Annotated[
        str, typer.Option(help="Models to leave out, comma-separated; nested-dropout-sample takes hours on MNIST.")
    ] = "",
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask scheduler, tcp://host:port, whose workers share the folder; lae[dask].")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="All figures: settings, cost, what was seen last.")] = False,
    record: Annotated[bool, typer.Option(help="Keep the findings among those that --list shows.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Make what a figure of a paper shows, draw it beside exact theory, and say which statements were seen.

    Status 1: a run that a figure shows diverged.
    """
    from numerics import experiments
    from numerics.drawing import library
    from numerics.experiments.figure import SETTINGS
    from numerics.limits import want_processes
    from numerics.training.asked import MOST_EPOCHS, positive

    if list_:
        return _list(json)
    if setting is None:
        setting = "small" if mnist is None else "paper"
    try:
        if figure is None:
            raise ValueError("figure: got none; want all, or one of those that --list shows")
        if out is None:
            raise ValueError("out: got none; want --out FOLDER")
        check_workers(given(context))
        wanted = [experiments.find(name) for name in (experiments.FIGURES if figure == EVERY else (figure,))]
        if setting not in SETTINGS:
            raise ValueError(f"setting: got {setting!r}; want one of {', '.join(SETTINGS)}")
        if epochs is not None:
            positive(epochs, "epochs", most=MOST_EPOCHS)
        jobs = want_processes(jobs)
        library()  # missing after an hour of training would be late
        left_out = tuple(without.split(",")) if without else ()
        options = {"mnist": mnist, "epochs": epochs, "without": left_out}
        if figure == EVERY:
            wanted, options, layouts = _able(wanted, options)
            all_asked = [
                one.asked(setting, layout=layout if reads else type(layout)(), **some)
                for one, some, reads in zip(wanted, options, layouts, strict=True)
            ]
        else:
            all_asked = [wanted[0].asked(setting, layout=layout, **options)]
        told = []
        for one, asked in zip(wanted, all_asked, strict=True):
            folder = out / one.id if figure == EVERY else out
            findings = _make(one, asked, folder, jobs, scheduler, record=record, again=figure != EVERY)
            told.append(findings)
            if figure == EVERY:
                _progressed(findings, len(told), len(wanted))
    except ImportError as error:
        refuse("reproduce", f"{error.name} is not installed; want pip install {error.name}")
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("reproduce", str(error) or "not enough memory for this size")
    except OSError as error:
        refuse("reproduce", f"out: cannot write {error.filename or out}: {error.strerror}")
    if json:
        print_json(told[0] if figure != EVERY else {"figures": told})
    elif figure != EVERY:
        _print_text(told[0], out)
    lost = [run["name"] for one in told for run in one["runs"] if run["shown"] and run["status"] == "diverged"]
    if lost:
        say(f"lae reproduce: {', '.join(lost)} diverged")
        raise typer.Exit(DIVERGED)


def _able(figures: Sequence[Figure], options: dict[str, Any]) -> tuple[list[Any], list[dict[str, Any]], list[bool]]:
    """Every figure with those options that it has a use for."""
    some = [{name: value for name, value in options.items() if name in one.options} for one in figures]
    return list(figures), some, ["mnist" in one.options and options["mnist"] is not None for one in figures]


def _make(
    figure: Figure, asked: Asked, folder: Path, jobs: int, scheduler: str | None, *, record: bool, again: bool
) -> dict[str, Any]:
    """One figure in its folder; what is there already is not made again unless that is wanted."""
    from numerics.experiments import record as records
    from numerics.experiments.reproduce import reproduce as make

    if not again and (found := _made(figure, asked, folder)):
        return found
    begun = monotonic()
    fresh = not folder.exists()
    parts = figure.parts(asked)
    with _progress(figure, parts, hidden=jobs != 1 or scheduler is not None) as looked:
        findings = make(figure, asked, folder, parts, jobs=jobs, scheduler=scheduler, looked=looked)
    if findings is None:
        say("lae reproduce: interrupted; the same command continues")
        raise typer.Exit(INTERRUPTED)
    if record:
        if not fresh:
            raise ValueError(f"record: {folder} held something already, so the time is not known; want a new folder")
        records.keep(findings, monotonic() - begun)
    return findings


def _made(figure: Figure, asked: Asked, folder: Path) -> dict[str, Any] | None:
    """The findings of a folder, if they say the same as they would now."""
    import json

    from numerics.experiments.reproduce import FILES, code, key

    if not all((folder / name).is_file() for name in FILES):
        return None
    try:
        found = json.loads((folder / FILES[-1]).read_text())
        same = (found["key"], found["code"]) == (key(figure, asked), code())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if same else None


@contextmanager
def _progress(figure: Figure, parts: Sequence[Part], *, hidden: bool) -> Iterator[Callable[[Part, Job], None]]:
    """A bar over the epochs of all jobs, where someone is looking."""
    import numpy as np
    from rich.progress import Progress

    from numerics.training.campaign import split

    screen = console(error=True)
    if hidden or not screen.is_terminal:
        yield lambda part, job: None
        return
    before, total = {}, 0
    for part in parts:
        for members in split(part.runs, part.data.m, np.dtype(part.dtype).itemsize):
            before[part.name, part.runs[members[0]].name] = total
            total += part.schedule.epochs
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task(figure.id, total=max(total, 1))

        def looked(part: Part, job: Job) -> None:
            run = job.runs[0]
            done = part.schedule.epochs if job.is_done else job.epoch
            name = f"{figure.id}, {part.name}, {run.optimizer}, k = {run.model.k}"
            bar.update(task, completed=before[part.name, run.name] + done, description=name)

        yield looked


def _progressed(findings: dict[str, Any], done: int, of: int) -> None:
    say(f"lae reproduce: {done} of {of}: {findings['figure']}, {_count(findings['statements'])}")


def _count(statements: Sequence[dict[str, Any]]) -> str:
    """How many statements were seen, in words.

    >>> _count([{"seen": True}, {"seen": False}, {"seen": None}])
    '1 of 3 seen, 1 not seen, 1 undecided'
    """
    seen = [statement["seen"] for statement in statements]
    others = [f", {seen.count(value)} {SEEN[value]}" for value in (False, None) if value in seen]
    return f"{seen.count(True)} of {len(seen)} seen{''.join(others)}"


def _list(json: bool) -> None:
    """Every figure: what it shows, its settings and their cost, what was seen last."""
    from rich.table import Table

    from numerics import experiments
    from numerics.experiments.record import kept

    rows = []
    for name in experiments.FIGURES:
        figure, last = experiments.find(name), kept(name)
        judged = {
            (one["id"], one["reading"]): one["seen"] for one in (last["statements"] if last else [])
        }
        rows.append(
            {
                "id": name,
                "paper": name.partition("/")[0],
                "title": figure.title,
                "settings": {which: one.seconds for which, one in figure.settings.items()},
                "last": last and {"setting": last["setting"], **last["made"]},
                "statements": [
                    {
                        "id": one.id,
                        "text": one.text,
                        "seen": {reading: seen for (id, reading), seen in judged.items() if id == one.id},
                    }
                    for one in figure.statements
                ],
                "found": _count(last["statements"]) if last else "not recorded",
            }
        )
    if json:
        return print_json({"figures": rows})
    table = Table(show_edge=False)
    for head in ("figure", "what it shows", "small", "paper", "last finding"):
        table.add_column(head)
    for row in rows:
        cost = [_duration(row["settings"].get(which)) for which in ("small", "paper")]
        last = row["last"]
        when = f" ({last['setting']}, {last['date']})" if last else ""
        table.add_row(row["id"], row["title"], *cost, row["found"] + when)
    console().print(table)


def _duration(seconds: float | None) -> str:
    """Seconds as people say them.

    >>> _duration(20), _duration(600), _duration(7200), _duration(None)
    ('20 s', '10 min', '2 h', '–')
    """
    if seconds is None:
        return "–"
    if seconds < 120:
        return f"{seconds:g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _print_text(findings: dict[str, Any], out: Path) -> None:
    from rich.table import Table

    screen = console()
    screen.print(f"{findings['figure']}  {findings['title']}")
    if findings["theory"]:
        theory = Table(show_edge=False)
        for name in ("exact theory", "predicted", "measured", "deviation"):
            theory.add_column(name, justify="left" if name == "exact theory" else "right")
        for one in findings["theory"]:
            told = [_shortly(one[name]) for name in ("predicted", "measured")]
            theory.add_row(_read_as(one["what"], one["reading"]), *told, f"{one['deviation'] or 0:.2g}")
        screen.print(theory)
    for violated in findings["violated"]:
        screen.print(f"hypothesis   {violated['of']}: {violated['assumes']}; {violated['but']}")
    statements = Table(show_edge=False)
    for name in ("the paper says", "", "judged by"):
        statements.add_column(name)
    for one in findings["statements"]:
        text = f"{_read_as(one['text'], one['reading'])}  ({one['where']})"
        statements.add_row(text, SEEN[one["seen"]], one["judged"])
    screen.print(statements)
    screen.print(f"written      {out}/data.csv, figure.svg, findings.json")


def _read_as(text: str, reading: str) -> str:
    return f"[{reading}] {text}" if reading else text


def _shortly(value: Any) -> str:
    """A number, or the first few of several."""
    if not isinstance(value, list):
        return "–" if value is None else f"{value:.4g}"
    few = ", ".join(_shortly(one) for one in value[:3])
    return f"{few}, …" if len(value) > 3 else few


app = typer.Typer(add_completion=False)
app.command()(reproduce)
