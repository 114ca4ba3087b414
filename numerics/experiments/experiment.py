"""The parts of an experiment: what it asks for, what it trains, what it judges, what it writes.

Main results
    Experiment      a figure of a paper: its data, its runs, its statements, its drawing
    Sentence       a sentence of the paper about the figure, and whether it was seen
    reproduce       train (or continue), judge, write
    tabulate        every record of runs
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

from numerics.layouts import Layout
from numerics.storing import check_writable, write_whole
from numerics.training import campaign
from numerics.training.campaign import Config, Finished
from numerics.training.data import Data
from numerics.training.job import Job

SETTINGS = ("small", "paper")
FILES = ("data.csv", "figure.svg", "findings.json")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the paper about its figure, judged by what was measured.

    Parameters
    ----------
    id : str
    where : str
        In the paper.
    text : str
        What the paper says.
    judged : str
        The rule that decides.
    seen : bool, optional
        None: what was measured does not decide.
    numbers : mapping
        What the rule was applied to.
    """

    id: str
    where: str
    text: str
    judged: str
    seen: bool | None
    numbers: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """A figure of a paper.

    Parameters
    ----------
    title : str
    read : callable
        (setting, path of MNIST or None, its layout) ↦ data and where they are from.
    ask : callable
        (setting, data, where they are from, epochs or None, models to leave out) ↦ what to train.
    choose : callable
        All finished runs ↦ those that the figure shows.
    judge : callable
        The runs that the figure shows, data, what was asked ↦ statements.
    tabulate : callable
        The runs that the figure shows ↦ rows of its data, the first one names the columns.
    draw : callable
        The runs that the figure shows, a figure to draw them into.
    size : (float, float)
        Of the figure, in inches.
    """

    title: str
    read: Callable[[str, str | None, Layout], tuple[Data, dict[str, Any]]]
    ask: Callable[[str, Data, dict[str, Any], int | None, Sequence[str]], Config]
    choose: Callable[[Sequence[Finished]], list[Finished]]
    judge: Callable[[Sequence[Finished], Data, Config], list[Sentence]]
    tabulate: Callable[[Sequence[Finished]], list[list[Any]]]
    draw: Callable[[Sequence[Finished], Any], None]
    size: tuple[float, float]


def reproduce(
    experiment: Experiment,
    out: Path,
    config: Config,
    data: Data,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    looked: Callable[[Job], None] = lambda job: None,
) -> dict[str, Any] | None:
    """Train, or continue, in `out/training`; then write `data.csv`, `figure.svg` and `findings.json` into `out`.

    Returns
    -------
    dict, optional
        What `findings.json` holds; None if training was interrupted, to be continued by the same call.

    Raises
    ------
    ValueError, OSError
        As :func:`numerics.training.campaign.train`.
    ImportError
        If matplotlib is not installed.
    """
    from numerics.experiments import look

    for name in FILES:
        if (out / name).exists():
            check_writable(out / name)
    if not campaign.train(out / "training", config, data, jobs=jobs, scheduler=scheduler, looked=looked):
        return None
    finished = campaign.results(out / "training")
    shown = experiment.choose(finished)
    drawing = look.as_svg(lambda figure: experiment.draw(shown, figure), experiment.size)
    findings = _findings(experiment, config, data, finished, shown)
    told = (json.dumps(findings, ensure_ascii=False, indent=1) + "\n").encode()
    for name, content in zip(FILES, (_as_csv(experiment.tabulate(shown)), drawing, told), strict=True):
        write_whole(out / name, content)
    return findings


def _findings(
    experiment: Experiment, config: Config, data: Data, finished: Sequence[Finished], shown: Sequence[Finished]
) -> dict[str, Any]:
    names = {run.name for run, *_ in shown}
    return {
        "title": experiment.title,
        "source": config.source,
        "data": {"digest": config.digest, "m": data.m, "rank": data.rank, "trace": float(data.sigma2.sum())},
        "epochs": config.schedule.epochs,
        "dtype": config.dtype,
        "statements": [asdict(statement) for statement in experiment.judge(shown, data, config)],
        "violated": _violated(shown, data),
        "runs": [_summary(one, shown=one[0].name in names) for one in finished],
    }


def _violated(shown: Sequence[Finished], data: Data) -> list[dict[str, Any]]:
    """The hypotheses of theorems that the data or the start do not satisfy."""
    found = {}
    for run, *_ in shown:
        for checked in run.hypotheses(data):
            if not checked.holds:
                found[run.model.name, run.model.k, checked.text] = checked.why
    return [{"model": model, "k": k, "assumes": text, "but": why} for (model, k, text), why in found.items()]


def _summary(finished: Finished, *, shown: bool) -> dict[str, Any]:
    run, ending, history = finished
    return {
        "name": run.name,
        "model": run.model.name,
        "optimizer": run.optimizer,
        "k": run.model.k,
        "rate": run.rate,
        "seed": run.seed,
        "start": run.start,
        "shown": shown,
        "status": ending.status,
        "epoch": ending.epoch,
        **{name: number(history[name][-1]) for name in ("alignment", "ordered_alignment", "subspace", "excess")},
    }


def tabulate(shown: Sequence[Finished]) -> list[list[Any]]:
    """Every record of every run that is shown; the first row names the columns."""
    metrics = list(dict.fromkeys(name for *_, history in shown for name in history))
    rows: list[list[Any]] = [["model", "optimizer", "k", "rate", "seed", *metrics]]
    for run, _, history in shown:
        first = [run.model.name, run.optimizer, run.model.k, f"{run.rate:.6g}", run.seed]
        columns = [history.get(name, [float("nan")] * len(history["epoch"])) for name in metrics]
        rows += [[*first, *(f"{x:.6g}" for x in row)] for row in zip(*columns, strict=True)]
    return rows


def _as_csv(rows: list[list[Any]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def number(value: Any) -> float | None:
    """A number that JSON can hold, or None.

    >>> number(float("nan")), number(2)
    (None, 2.0)
    """
    return float(value) if isfinite(value) else None
