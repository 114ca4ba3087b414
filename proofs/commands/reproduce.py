"""`lae reproduce`: a figure of a paper, trained again; each statement about it is judged by what was measured.

Main results
    reproduce   the command: read the data, train or continue, write, and say what was seen
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.commands.layout import reads_files
from proofs.commands.options import check_workers, given
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numerics.training.campaign import Config
    from numerics.training.data import Data
    from numerics.training.job import Job

INTERRUPTED = 130
DIVERGED = 1
SEEN = {True: "seen", False: "not seen", None: "undecided"}


@reads_files
def reproduce(
    context: typer.Context,
    experiment: Annotated[str, typer.Argument(help="bao2020/fig2 or bao2020/fig4.")],
    out: Annotated[Path, typer.Option(help="Folder for what is written; the same command continues what it holds.")],
    setting: Annotated[
        str | None, typer.Option(help="small (two minutes) or paper; small unless --mnist is given.")
    ] = None,
    mnist: Annotated[
        str | None, typer.Option(help="MNIST's training images: FILE.npz[:ARRAY] or FILE.npy; else digits.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Fewer, or more, than the setting has.")] = None,
    without: Annotated[
        str, typer.Option(help="Models to leave out, comma-separated; nested-dropout-sample takes hours on MNIST.")
    ] = "",
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask scheduler, tcp://host:port, whose workers share the folder; lae[dask].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Train what a figure of a paper shows, draw it, and say which of the paper's statements were seen.

    Status 1: a run that the figure shows diverged.
    """
    from numerics import experiments
    from numerics.drawing import library
    from numerics.experiments.experiment import SETTINGS
    from numerics.experiments.experiment import reproduce as train
    from numerics.limits import want_processes
    from numerics.training.asked import MOST_EPOCHS, positive

    if setting is None:
        setting = "small" if mnist is None else "paper"
    try:
        check_workers(given(context))
        found = experiments.find(experiment)
        if setting not in SETTINGS:
            raise ValueError(f"setting: got {setting!r}; want {' or '.join(SETTINGS)}")
        if epochs is not None:
            positive(epochs, "epochs", most=MOST_EPOCHS)
        jobs = want_processes(jobs)
        library()  # missing after an hour of training would be late

        data, source = found.read(setting, mnist, layout)
        left_out = without.split(",") if without else []
        config = found.ask(setting, data, {"experiment": experiment, "setting": setting} | source, epochs, left_out)
        with _progress(config, data, hidden=jobs != 1 or scheduler is not None) as looked:
            findings = train(found, out, config, data, jobs=jobs, scheduler=scheduler, looked=looked)
    except ImportError as error:
        refuse("reproduce", f"{error.name} is not installed; want pip install {error.name}")
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("reproduce", str(error) or "not enough memory for this size")
    except OSError as error:
        refuse("reproduce", f"out: cannot write {error.filename or out}: {error.strerror}")
    if findings is None:
        say("lae reproduce: interrupted; the same command continues")
        raise typer.Exit(INTERRUPTED)
    print_json(findings) if json else _print_text(findings, out)
    if lost := [run["name"] for run in findings["runs"] if run["shown"] and run["status"] == "diverged"]:
        say(f"lae reproduce: {', '.join(lost)} diverged")
        raise typer.Exit(DIVERGED)


@contextmanager
def _progress(config: Config, data: Data, *, hidden: bool) -> Iterator[Callable[[Job], None]]:
    """A bar over the epochs of all jobs, where someone is looking."""
    import numpy as np
    from rich.progress import Progress

    from numerics.training.campaign import split

    screen = console(error=True)
    if hidden or not screen.is_terminal:
        yield lambda job: None
        return
    parts = split(config.runs, data.m, np.dtype(config.dtype).itemsize)
    first = {config.runs[part[0]].name: index for index, part in enumerate(parts)}
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task("", total=config.schedule.epochs * len(parts))

        def looked(job: Job) -> None:
            run = job.runs[0]
            done = config.schedule.epochs if job.is_done else job.epoch
            before = config.schedule.epochs * first[run.name]
            bar.update(task, completed=before + done, description=f"{run.optimizer}, k = {run.model.k}")

        yield looked


def _print_text(findings: dict[str, Any], out: Path) -> None:
    from rich.table import Table

    screen = console()
    screen.print(findings["title"])
    runs = Table(show_edge=False)
    for name in ("model", "optimizer", "k"):
        runs.add_column(name)
    for name in ("rate", "epoch", "d_align", "ordered", "d_sub"):
        runs.add_column(name, justify="right")
    for run in findings["runs"]:
        if run["shown"]:
            values = (run[name] for name in ("rate", "epoch", "alignment", "ordered_alignment", "subspace"))
            numbers = ("–" if value is None else f"{value:.3g}" for value in values)
            runs.add_row(run["model"], run["optimizer"], str(run["k"]), *numbers)
    screen.print(runs)
    for violated in findings["violated"]:
        screen.print(f"hypothesis   {violated['model']}, k = {violated['k']}: {violated['assumes']}; {violated['but']}")
    statements = Table(show_edge=False)
    for name in ("the paper says", "", "judged by"):
        statements.add_column(name)
    for statement in findings["statements"]:
        statements.add_row(f"{statement['text']}  ({statement['where']})", SEEN[statement["seen"]], statement["judged"])
    screen.print(statements)
    screen.print(f"written      {out}/data.csv, figure.svg, findings.json")


app = typer.Typer(add_completion=False)
app.command()(reproduce)
