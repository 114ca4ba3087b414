"""`lae train`: linear autoencoders trained on data or on a spectrum, in a folder that can be resumed.

Main results
    train       the command: read what is asked, check it, train, and say what came of it
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from numerics import scales
from proofs.commands.layout import reads_files
from proofs.commands.options import Scale, belong, check_workers, given
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    from numerics.training.campaign import Finished
    from numerics.training.config import Config
    from numerics.training.data import Data
    from numerics.training.job import Job

INTERRUPTED = 130
DIVERGED = 1
SHOWN = ("excess", "alignment", "ordered_alignment", "subspace", "drift")


@reads_files
def train(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; it must be new, or hold these runs.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Continue the runs of a folder.")] = None,
    data: Annotated[
        str | None,
        typer.Option(help="Samples as rows (centred): a csv, npy, npz[:NAME] file, or digits, wine, breast-cancer."),
    ] = None,
    targets: Annotated[
        str | None,
        typer.Option(help="What to predict instead of the data, Y ≠ X: a file with a row for each sample (centred)."),
    ] = None,
    divide: Annotated[float, typer.Option(help="Divide the data by this: 255 brings bytes into [0, 1].")] = 1.0,
    synthetic: Annotated[
        str | None,
        typer.Option(help="eigenvalues:LOW:HIGH (evenly spaced), or a family as in `lae bounds`; with --m."),
    ] = None,
    m: Annotated[int | None, typer.Option("--m", help="Features of synthetic data.")] = None,
    n: Annotated[
        int | None, typer.Option("--n", help="Samples of synthetic data; without it the covariance is exact.")
    ] = None,
    data_seed: Annotated[int, typer.Option(help="Of synthetic data.")] = 0,
    k: Annotated[str, typer.Option("--k", help="Latents: one number or several, 2,5,10.")] = "2",
    widths: Annotated[
        list[str] | None,
        typer.Option(
            help="Hidden layers of deep and riemannian, as 20,10,20 (four factors); may be repeated; k,k by default."
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(help="Models, comma-separated, or all; a name that is none lists them.")
    ] = "rag",
    optimizer: Annotated[
        str,
        typer.Option(
            help="gd, nesterov, adam, adam-inverse-time and adam-geometric (its rate decays), alternating, flow (gd is "
            "Euler's method for it); comma-separated."
        ),
    ] = "nesterov",
    lr: Annotated[
        str,
        typer.Option(
            help="Learning rates: numbers, auto (from the exact curvature), grid. Of a flow: the time of an epoch."
        ),
    ] = "auto",
    epochs: Annotated[int, typer.Option(help="How long; with all samples in a batch an epoch is a step.")] = 1000,
    every: Annotated[int | None, typer.Option(help="Epochs between records; by default about 200 records.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Stop a run when METRIC:VALUE is reached, as alignment:0.3.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Seeds of initial weights: 0,1,2 or 0:5 (5 not included).")] = "0",
    init: Annotated[str, typer.Option(help="normal, balanced, orthogonal, subspace; KIND:SCALE.")] = "normal",
    batch_size: Annotated[int | None, typer.Option(help="Samples in a mini-batch; all by default.")] = None,
    lam: Annotated[
        str | None, typer.Option("--lambda", help="λ_i: a list, low:high (evenly spaced) or a file.")
    ] = None,
    sqrt_lambda: Annotated[str | None, typer.Option(help="√λ_i, likewise.")] = None,
    prior: Annotated[
        str | None,
        typer.Option(help="p_B of nested dropout: uniform (the default), geometric:RATIO, a list or a file."),
    ] = None,
    scale: Scale = scales.DEFAULT,
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float64",
    device: Annotated[str, typer.Option(help="cpu, or gpu by CuPy (lae[gpu]).")] = "cpu",
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask scheduler, tcp://host:port, whose workers share the folder; lae[dask].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Train linear autoencoders; a run that is interrupted is continued by --resume, on the same trajectory.

    Status 1: a run diverged.
    """
    from numerics.resources import want_processes
    from numerics.training import asked, campaign
    from numerics.training.config import Config
    from numerics.training.source import Source

    said, tell = given(context), lambda text: say(f"lae train: {text}")
    try:
        if (out is None) == (resume is None):
            raise ValueError("out: got both --out and --resume; want one" if out else "out: want --out, or --resume")
        check_workers(said)
        jobs = want_processes(jobs)
        if resume is not None:
            folder, config = resume, campaign.read_config(resume)
            _check_nothing_new(said)
            samples = _data_of(config, folder, tell)
        else:
            assert out is not None
            folder = out
            belong(said, ("divide", "targets"), "data")
            belong(said, ("m", "n", "data_seed"), "synthetic")
            source = Source(data, targets, divide, synthetic, m, n, data_seed, layout)
            samples = source.read(tell)
            asked.check_units(samples, dtype)
            runs = asked.runs(
                samples,
                k=k if "k" in said else None,
                model=model,
                optimizer=optimizer,
                lr=lr,
                seeds=seeds,
                init=init,
                batch_size=batch_size,
                lam=lam,
                sqrt_lambda=sqrt_lambda,
                prior=prior,
                widths=widths or (),
                scale=scale if "scale" in said else None,
            )
            schedule = asked.schedule(runs, samples, epochs=epochs, every=every, until=until)
            asked.check_precision(runs, dtype, device)
            config = Config(tuple(runs), schedule, dtype, samples.digest, source.found_again(), device)
        if not json:
            _announce(config, samples)
        done = _train(folder, config, samples, jobs, scheduler)
        finished = campaign.results(folder)
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("train", str(error) or "not enough memory for this size")
    except OSError as error:
        refuse("train", f"out: cannot write {error.filename or folder}: {error.strerror}")
    _print_answer(folder, config, finished, samples) if json else _print_table(finished, config.dtype)
    _leave(folder, done, finished)


def _check_nothing_new(said: dict[str, str]) -> None:
    """A folder that is resumed knows what it was asked."""
    new = [option for name, option in said.items() if name not in ("resume", "jobs", "scheduler", "json")]
    if new:
        raise ValueError(f"resume: got {', '.join(new)} beside it; the folder knows what was asked, want a new --out")


def _data_of(config: Config, folder: Path, tell: Callable[[str], None]) -> Data:
    """The data that a folder was begun with."""
    from numerics.training.source import Source

    try:
        source = Source.of(config.source)
    except (TypeError, AttributeError, ValueError):
        raise ValueError(f"resume: {folder} was not begun by lae train; want the command that began it") from None
    samples = source.read(tell)
    if samples.digest != config.digest:
        raise ValueError(f"resume: the data have changed since {folder} was begun")
    return samples


def _leave(folder: Path, done: bool, finished: Sequence[Finished]) -> None:
    """With the status that says how it went."""
    from numerics.training.outcome import diverged

    if not done:
        say(f"lae train: interrupted; continue with: lae train --resume {folder}")
        raise typer.Exit(INTERRUPTED)
    if lost := diverged(finished):
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        say(f"lae train: {lost[0]}{more} diverged; want a smaller --lr")
        raise typer.Exit(DIVERGED)


def _train(folder: Path, config: Config, data: Data, jobs: int, scheduler: str | None) -> bool:
    """Train with a progress bar where someone is looking."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from numerics.training import campaign

    screen = console(error=True)
    if jobs != 1 or scheduler is not None or not screen.is_terminal:
        return campaign.train(folder, config, data, jobs=jobs, scheduler=scheduler)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}"), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("", total=config.schedule.epochs)

        def looked(job: Job) -> None:
            last = job.history(0)
            subspace, excess = last["subspace"][-1], last["excess"][-1]
            alignment = f"align {last['alignment'][-1]:.3g}  " if "alignment" in last else ""
            description = f"{job.runs[0].name}  {alignment}subspace {subspace:.3g}  excess {excess:.3g}"
            progress.update(task, completed=job.epoch, description=description)

        return campaign.train(folder, config, data, looked=looked)


def _announce(config: Config, data: Data) -> None:
    """What is about to run, and what is special about it."""
    from numerics.training.outcome import basis, losses, warnings

    first = config.runs[0]
    samples = "exact covariance" if data.samples is None else f"{len(data.samples)} samples"
    print(f"data         {samples}, m = {data.m}, rank {data.rank}, σ_1² = {data.sigma2[0]:.6g}")
    if (targets := data.targets) is not None:
        share = 1 - data.unexplained / targets.trace
        print(
            f"targets      {targets.d} features, {share:.4g} of their variance is linear in the data, the rest is noise"
        )
    where = ", on the GPU" if config.device == "gpu" else ""
    print(f"runs         {len(config.runs)} × {config.schedule.epochs} epochs, {config.dtype}{where}")
    for line in losses(config, data):
        print(f"loss         {line}")
    for optimizer in dict.fromkeys(run.optimizer for run in config.runs):
        reason = "commutes" if (found := basis(optimizer)) == "eigenvectors" else "does not commute"
        print(f"basis        {found}: {optimizer} {reason} with rotations")
    if len(config.runs) == 1:
        print(f"rate         {first.rate:.6g}")
    for warning in warnings(config, data):
        say(f"lae train: warning: {warning}")


def _print_table(finished: Sequence[Finished], dtype: str) -> None:
    from rich.table import Table

    from numerics.training.metrics import UNSEEN
    from numerics.training.outcome import told

    table = Table(show_edge=False)
    table.add_column("run", no_wrap=True)
    table.add_column("ended")
    shown = [name for name in SHOWN if any(name in history for *_, history in finished)]
    for name in shown:
        table.add_column(name.replace("_", " "), justify="right")
    for run, ending, history in finished:
        how = ending.status if ending.status == "completed" else f"{ending.status} at {ending.epoch:g}"
        table.add_row(run.name, how, *(told(name, history, dtype) for name in shown))
    screen = console()
    screen.print(table)
    for name in shown:
        screen.print(f"{name.replace('_', ' ')} does not see {UNSEEN[name]}")


def _print_answer(folder: Path, config: Config, finished: Sequence[Finished], data: Data) -> None:
    from numerics.training.metrics import UNSEEN
    from numerics.training.outcome import rows

    told = rows(finished, data, config.dtype)
    print_json({"folder": str(folder), "runs": told, "asked": len(config.runs), "unseen": UNSEEN})


app = typer.Typer(add_completion=False)
app.command()(train)
