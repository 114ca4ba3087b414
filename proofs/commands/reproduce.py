"""`lae reproduce`: a figure or table of a paper, made again; each statement about it is judged by what was measured.

Main results
    reproduce   the command: one figure, all of them, or the list of what there is and what was seen last
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from numerics import scales
from proofs.commands.layout import reads_files
from proofs.commands.options import Scale, check_workers, given
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numerics.experiments.figure import Asked, Figure, Trial
    from numerics.layouts import Layout
    from numerics.training.job import Job

INTERRUPTED = 130
DIVERGED = 1
LEFT_OUT = 2
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
    seeds: Annotated[int | None, typer.Option(help="Of each run fewer, or more, than the setting has.")] = None,
    k: Annotated[int | None, typer.Option("--k", help="Of several numbers of latents those up to this one.")] = None,
    without: Annotated[
        str, typer.Option(help="Models to leave out, comma-separated; nested-dropout-sample takes hours on MNIST.")
    ] = "",
    scale: Scale = scales.DEFAULT,
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask scheduler, tcp://host:port, whose workers share the folder; lae[dask].")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="All figures: settings, cost, what was seen last.")] = False,
    record: Annotated[bool, typer.Option("--record", help="Keep the findings among those that --list shows.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Make what a figure of a paper shows, draw it beside exact theory, and say which statements were seen.

    Status 1: a run that a figure shows diverged. Status 2: bad input; of all figures, one could not be made.
    """
    from numerics.drawing import library
    from proofs.render import figure_lists as tables

    if list_:
        rows = tables.listed()
        return print_json({"figures": rows}) if json else tables.show_list(rows)
    try:
        said = given(context)
        check_workers(said)
        if figure is None or out is None:
            raise ValueError("figure: want all, or one of those that --list shows, and --out FOLDER")
        left = tuple(without.split(",")) if without else ()
        options: dict[str, Any] = {"mnist": mnist, "epochs": epochs, "seeds": seeds, "k": k, "without": left}
        options["scale"] = scale
        if setting is None:
            setting = "small" if mnist is None else "paper"
        wanted = _wanted(figure, out, setting, options, layout)
        how = _How(_processes(jobs), scheduler, record, again=figure != EVERY, scaled="scale" in said)
        library()  # missing after an hour of training would be late
        told = list(_make_all(wanted, how)) if figure == EVERY else [_make(*wanted[0], how)]
    except ImportError as error:
        refuse("reproduce", f"{error.name} is not installed; want pip install {error.name}")
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("reproduce", str(error) or "not enough memory for this size")
    except OSError as error:
        refuse("reproduce", f"out: cannot write {error.filename or out}: {error.strerror}")
    if json:
        print_json({"figures": told} if figure == EVERY else told[0])
    elif figure != EVERY:
        tables.show(told[0], out)
    if lost := [run["name"] for one in told for run in one["runs"] if run["shown"] and run["status"] == "diverged"]:
        say(f"lae reproduce: {', '.join(lost)} diverged")
        raise typer.Exit(DIVERGED)
    if len(told) < len(wanted):
        raise typer.Exit(LEFT_OUT)


@dataclass(frozen=True)
class _How:
    """How figures are made."""

    jobs: int
    scheduler: str | None
    record: bool
    again: bool
    scaled: bool


def _processes(jobs: int) -> int:
    from numerics.resources import want_processes

    return want_processes(jobs)


def _wanted(
    name: str, out: Path, setting: str, options: dict[str, Any], layout: Layout
) -> list[tuple[Figure, Asked, Path]]:
    """The figures, what is asked of each, and their folders; of all of them each gets the options that it has."""
    from numerics import experiments
    from numerics.experiments.figure import SETTINGS
    from numerics.layouts import Layout
    from numerics.training.asked import MOST_EPOCHS, positive
    from numerics.training.plan import MOST_RUNS

    if setting not in SETTINGS:
        raise ValueError(f"setting: got {setting!r}; want one of {', '.join(SETTINGS)}")
    for option, most in (("epochs", MOST_EPOCHS), ("seeds", MOST_RUNS), ("k", None)):
        if options[option] is not None:
            positive(options[option], option, most=most)
    if name != EVERY:
        one = experiments.find(name)
        return [(one, one.asked(setting, layout=layout, **options), out)]
    found = []
    for figure in map(experiments.find, experiments.FIGURES):
        its = {option: value for option, value in options.items() if option in (*figure.options, "scale")}
        asked = figure.asked(setting, layout=layout if its.get("mnist") else Layout(), **its)
        found.append((figure, asked, out / figure.id))
    return found


def _make_all(wanted: Sequence[tuple[Figure, Asked, Path]], how: _How) -> Iterator[dict[str, Any]]:
    """One figure after the other; what cannot be made (without MNIST, say) is left out, and why is said."""
    from proofs.render.figure_lists import count

    for i, one in enumerate(wanted, start=1):
        try:
            findings = _make(*one, how)
        except (ImportError, ValueError) as error:
            why = f"{error.name} is not installed" if isinstance(error, ImportError) else str(error)
            say(f"lae reproduce: {i} of {len(wanted)}: {one[0].id} is left out: {why}")
            continue
        say(f"lae reproduce: {i} of {len(wanted)}: {one[0].id}, {count(findings['statements'])}")
        yield findings


def _make(figure: Figure, asked: Asked, folder: Path, how: _How) -> dict[str, Any]:
    """One figure in its folder; what is there already is not made again unless that is wanted."""
    from numerics.experiments import record
    from numerics.experiments.remake import PICTURE, made
    from numerics.experiments.remake import reproduce as make

    if not how.again and (found := made(figure, asked, folder)):
        return found
    begun = None if folder.exists() else monotonic()
    trials = figure.planned(asked)
    if how.scaled and how.again and not any(trial.has_scale for trial in trials):
        raise ValueError(f"scale: {figure.id} trains no loss that has one; want no --scale")
    with _progress(figure, trials, hidden=how.jobs != 1 or how.scheduler is not None) as looked:
        findings = make(figure, asked, folder, trials, jobs=how.jobs, scheduler=how.scheduler, looked=looked)
    if findings is None:
        say("lae reproduce: interrupted; the same command continues")
        raise typer.Exit(INTERRUPTED)
    if how.record:
        record.keep(findings, None if begun is None else monotonic() - begun, folder / PICTURE)
    return findings


@contextmanager
def _progress(figure: Figure, trials: Sequence[Trial], *, hidden: bool) -> Iterator[Callable[[Trial, Job], None]]:
    """A bar over the epochs of all jobs, where someone is looking."""
    import numpy as np
    from rich.progress import Progress

    from numerics.training.campaign import split

    screen = console(error=True)
    if hidden or not screen.is_terminal:
        yield lambda trial, job: None
        return
    before, total = {}, 0
    for trial in trials:
        for members in split(trial.runs, trial.data.m, np.dtype(trial.dtype).itemsize):
            before[trial.name, trial.runs[members[0]].name] = total
            total += trial.schedule.epochs
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task(figure.id, total=max(total, 1))

        def looked(trial: Trial, job: Job) -> None:
            run = job.runs[0]
            done = trial.schedule.epochs if job.is_done else job.epoch
            name = f"{figure.id}, {trial.name}, {run.optimizer}, k = {run.model.k}"
            bar.update(task, completed=before[trial.name, run.name] + done, description=name)

        yield looked


app = typer.Typer(add_completion=False)
app.command()(reproduce)
