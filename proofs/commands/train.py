"""`lae train`: linear autoencoders trained on data or on a spectrum, in a folder that can be resumed.

Main results
    train       the command: read what is asked, check it, train, and say what came of it
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.commands.layout import reads_files
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    import numpy as np

    from numerics.layouts import Layout
    from numerics.training.campaign import Config
    from numerics.training.data import Data
    from numerics.training.job import Job
    from numerics.training.program import Run

INTERRUPTED = 130
SHOWN = ("excess", "alignment", "ordered_alignment", "subspace", "drift")


@reads_files
def train(
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
        str, typer.Option(help="gd, nesterov, adam, alternating, flow (gd is Euler's method for it); comma-separated.")
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
        str | None, typer.Option(help="p_B of nested dropout: uniform, geometric:RATIO, a list or a file.")
    ] = None,
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float64",
    device: Annotated[str, typer.Option(help="cpu, or gpu by CuPy (lae[gpu]).")] = "cpu",
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask scheduler, tcp://host:port, whose workers share the folder; lae[dask].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Train linear autoencoders; a run that is interrupted is continued by --resume, on the same trajectory."""
    from numerics.training import campaign
    from numerics.training.job import Schedule
    from numerics.training.plan import allowed, plan

    try:
        if (out is None) == (resume is None):
            raise ValueError("out: got both --out and --resume; want one" if out else "out: want --out, or --resume")
        if resume is not None:
            folder, config = resume, campaign.read_config(resume)
            samples = _data_of(config, folder)
            if samples.digest != config.digest:
                raise ValueError(f"resume: the data have changed since {folder} was begun")
        else:
            assert out is not None
            folder = out
            source: dict[str, Any] = {"data": data and _absolute(data), "targets": targets and _absolute(targets)}
            source |= {"divide": divide, "synthetic": synthetic}
            source |= {"m": m, "n": n, "data_seed": data_seed, "layout": asdict(layout)}
            samples = _read_data(**source)
            rules = optimizer.split(",")
            _check_flow(rules, dtype, device)
            ks = [_whole(part, "k") for part in k.split(",")]
            runs = plan(
                samples,
                ks=ks,
                models=allowed(rules, batch_size, samples) if model == "all" else model.split(","),
                optimizers=rules,
                rates=lr.split(","),
                seeds=_seeds(seeds),
                start=init,
                batch=batch_size,
                lam=_regularisers(lam, sqrt_lambda, ks),
                prior=_prior(prior, ks),
                widths=[[_whole(part, "widths") for part in text.split(",")] for text in widths or ()],
            )
            goal = _until(until, runs, samples)
            schedule = Schedule(_positive(epochs, "epochs"), every and _positive(every, "every"), goal)
            config = campaign.Config(tuple(runs), schedule, _dtype(dtype), samples.digest, source, device)
        _positive(jobs, "jobs")
        if not json:
            _announce(config, samples)
        done = _train(folder, config, samples, jobs, scheduler)
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("train", str(error) or "not enough memory for this size")
    except OSError as error:
        refuse("train", f"out: cannot write {error.filename or folder}: {error.strerror}")
    _print_answer(folder, config, samples) if json else _print_table(folder)
    if not done:
        say(f"lae train: interrupted; continue with: lae train --resume {folder}")
        raise typer.Exit(INTERRUPTED)


def _absolute(text: str) -> str:
    """The same file from wherever it is resumed."""
    from numerics.tables import split

    path, _ = split(text)
    return text if not path.exists() else str(path.resolve()) + text[len(str(path)) :]


def _data_of(config: Config, folder: Path) -> Data:
    """The data that a folder was begun with."""
    try:
        return _read_data(**config.source)
    except (TypeError, AttributeError):
        raise ValueError(f"resume: {folder} was not begun by lae train; want the command that began it") from None


def _read_data(
    data: str | None,
    divide: float,
    synthetic: str | None,
    m: int | None,
    n: int | None,
    data_seed: int,
    targets: str | None = None,
    layout: dict[str, Any] | None = None,
) -> Data:
    import numpy as np

    from numerics import spectra
    from numerics.layouts import Layout
    from numerics.training import data as reading
    from numerics.training.targets import with_targets

    said = Layout(**layout or {})
    if (data is None) == (synthetic is None):
        raise ValueError(
            "data: got both --data and --synthetic; want one" if data else "data: want --data or --synthetic"
        )
    if data is not None:
        if m is not None or n is not None:
            raise ValueError("m: --m and --n belong to --synthetic")
        found = reading.from_samples(_whole_table(data, "data", said), divisor=divide)
        return found if targets is None else with_targets(found, _whole_table(targets, "targets"))
    said.refuse(where="synthetic data")
    if targets is not None:
        raise ValueError("targets: --targets belongs to --data")
    if m is None:
        raise ValueError("m: --synthetic wants --m, the number of features")
    if n is not None:
        _positive(n, "n")
    kind, _, rest = str(synthetic).partition(":")
    if kind == "eigenvalues":
        sigma2 = spectra.parse_numbers(rest, name="synthetic", count=_positive(m, "m")).values
        if len(sigma2) != m:
            raise ValueError(f"m: got {m}, but --synthetic has {len(sigma2)} values")
        sigma2 = spectra.as_spectrum(np.sort(sigma2)[::-1], name="synthetic")
    else:
        sigma2 = spectra.family(str(synthetic), m)
    return reading.synthetic(sigma2, n=n, rng=np.random.default_rng(data_seed))


def _whole_table(text: str, name: str, layout: Layout | None = None) -> np.ndarray:
    """All rows of a file; what was left out of it, or may be meant otherwise, is said."""
    from numerics import tables
    from numerics.layouts import Layout

    table = tables.open_table(text, name=name, layout=layout or Layout())
    rows = tables.whole(table)
    if table.layout:
        say(f"lae train: {name}: {table}")
    for warning in table.warnings:
        say(f"lae train: warning: {warning}")
    return rows


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name}: got {text!r}; want a whole number") from None


def _positive(number: int, name: str) -> int:
    if number < 1:
        raise ValueError(f"{name}: got {number}; want at least 1")
    return number


def _seeds(text: str) -> list[int]:
    if ":" in text:
        low, high = (_whole(part, "seeds") for part in text.split(":", 1))
        found = list(range(low, high))
    else:
        found = [_whole(part, "seeds") for part in text.split(",")]
    if not found or min(found) < 0:
        raise ValueError(f"seeds: got {text!r}; want numbers from 0 on, as 0,1,2 or 0:3")
    return found


def _dtype(text: str) -> str:
    if text not in ("float32", "float64"):
        raise ValueError(f"dtype: got {text!r}; want float32 or float64")
    return text


def _check_flow(rules: list[str], dtype: str, device: str) -> None:
    """The errors that its integrator controls are below single precision, and its own sums are NumPy's."""
    if "flow" in rules and dtype == "float32":
        raise ValueError("dtype: got float32, too coarse for the errors that flow controls; want float64")
    if "flow" in rules and device == "gpu":
        raise ValueError("device: got gpu, but the integrator of flow runs on the cpu; want --device cpu")


def _until(text: str | None, runs: list[Run], data: Data) -> tuple[str, float] | None:
    """The metric, which every run must have, and its value."""
    from numerics.training.program import Program

    if text is None:
        return None
    name, _, value = text.partition(":")
    for run in {run.shape: run for run in runs}.values():
        if name not in (known := Program([run], data).measure()):
            raise ValueError(f"until: got {name!r}; want one of {', '.join(known)} for {run.model.name}")
    try:
        return name, float(value)
    except ValueError:
        raise ValueError(f"until: got {text!r}; want METRIC:VALUE, as alignment:0.3") from None


def _regularisers(lam: str | None, sqrt_lambda: str | None, ks: list[int]) -> np.ndarray | None:
    from numerics import spectra

    if lam is not None and sqrt_lambda is not None:
        raise ValueError("lambda: got --lambda and --sqrt-lambda; want one of them")
    if lam is None and sqrt_lambda is None:
        return None
    if len(set(ks)) > 1:
        raise ValueError("lambda: several k want several lists; want one k, or the λ that are chosen")
    name, text = ("lambda", lam) if lam is not None else ("sqrt-lambda", sqrt_lambda)
    values = spectra.parse_numbers(str(text), name=name, count=ks[0]).values
    return values if lam is not None else values**2


def _prior(text: str | None, ks: list[int]) -> np.ndarray | None:
    import numpy as np

    from numerics import spectra
    from numerics.training.catalogue import truncated_geometric

    if text is None:
        return None
    if len(set(ks)) > 1:
        raise ValueError("prior: several k want several lists; want one k, or the prior that is chosen")
    k = ks[0]
    kind, _, parameter = text.partition(":")
    if text == "uniform":
        return np.full(k, 1 / k)
    if kind == "geometric":
        return truncated_geometric(k, float(spectra.as_numbers([float(parameter or 0.9)], name="prior")[0]))
    return spectra.parse_numbers(text, name="prior", count=k).values


def _train(folder: Path, config: Config, data: Data, jobs: int, scheduler: str | None) -> bool:
    """Train with a progress bar where someone is looking."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from numerics.training import campaign

    screen = console(error=True)
    if jobs > 1 or scheduler is not None or not screen.is_terminal:
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
    """What is about to run, and which hypotheses do not hold."""
    from numerics.training.rules import RULES

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
    for optimizer in dict.fromkeys(run.optimizer for run in config.runs):
        reason = "commutes with rotations" if RULES[optimizer].commutes else "does not commute with rotations"
        basis = "eigenvectors" if RULES[optimizer].commutes else "features"
        print(f"basis        {basis}: {optimizer} {reason}")
    if len(config.runs) == 1:
        print(f"rate         {first.rate:.6g}")
    for warning in _warnings(config, data):
        say(f"lae train: warning: {warning}")


def _warnings(config: Config, data: Data) -> list[str]:
    """The hypotheses that are violated, once for each model and size."""
    kinds = {(run.model.name, run.model.size.replace("k", "k = ")): run for run in config.runs}
    return [
        f"{name}, {size}: the theorem assumes {checked.text}; {checked.why}"
        for (name, size), run in kinds.items()
        for checked in run.hypotheses(data)
        if not checked.holds
    ]


def _print_table(folder: Path) -> None:
    from rich.table import Table

    from numerics.training import campaign

    table = Table(show_edge=False)
    table.add_column("run", no_wrap=True)
    table.add_column("ended")
    results = campaign.results(folder)
    shown = [name for name in SHOWN if any(name in history for *_, history in results)]
    for name in shown:
        table.add_column(name.replace("_", " "), justify="right")
    for run, ending, history in results:
        how = ending.status if ending.status == "completed" else f"{ending.status} at {ending.epoch:g}"
        table.add_row(run.name, how, *(f"{history[name][-1]:.3g}" if name in history else "" for name in shown))
    console().print(table)


def _print_answer(folder: Path, config: Config, data: Data) -> None:
    from math import isfinite

    from numerics.training import campaign
    from numerics.training.flows import FLOWS
    from numerics.training.rules import RULES

    runs = [
        {
            "name": run.name,
            "model": run.model.name,
            "k": run.model.k,
            "widths": run.model.widths,
            "optimizer": run.optimizer,
            "rate": run.rate,
            "seed": run.seed,
            "basis": "eigenvectors" if RULES[run.optimizer].commutes else "features",
            "hypotheses": [vars(checked) for checked in run.hypotheses(data)],
            "status": ending.status,
            "epoch": ending.epoch,
            "time": ending.epoch * run.rate if run.optimizer in FLOWS else None,
            "metrics": {name: _number(column[-1], isfinite) for name, column in history.items()},
        }
        for run, ending, history in campaign.results(folder)
    ]
    print_json({"folder": str(folder), "runs": runs, "asked": len(config.runs)})


def _number(value: Any, isfinite: Any) -> float | None:
    return float(value) if isfinite(value) else None


app = typer.Typer(add_completion=False)
app.command()(train)
