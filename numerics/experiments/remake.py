"""A figure made again: trained, measured, judged, drawn, and written into a folder.

Main results
    reproduce   train (or continue), measure, judge, write
    judge       every statement under every reading
    left_out    what was not made of a setting
    made        what a folder holds already
    code        a digest of what the findings were made by
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

import numerics
from numerics import scales
from numerics.experiments.figure import Asked, Figure, Measured, Readings, Sentence, Trial, Trials, number
from numerics.storing import check_writable, write_whole
from numerics.training import campaign
from numerics.training.campaign import Finished
from numerics.training.job import Job

PICTURE = "figure.svg"
FILES = ("data.csv", PICTURE, "findings.json")
ENDS = ("loss", "excess", "alignment", "ordered_alignment", "subspace", "ratio_tp", "ratio_total", "transpose")
"""The metrics whose last values the findings keep."""
DIGITS = 6


def reproduce(
    figure: Figure,
    asked: Asked,
    out: Path,
    trials: Sequence[Trial],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    looked: Callable[[Trial, Job], None] = lambda trial, job: None,
) -> dict[str, Any] | None:
    """Train, or continue, in `out/training`; then write `data.csv`, `figure.svg` and `findings.json` into `out`.

    Parameters
    ----------
    figure : Figure
    asked : Asked
    out : Path
    trials : sequence of Trial
        What `figure.planned(asked)` said.
    jobs, scheduler, looked
        As for :func:`numerics.training.campaign.train`; `looked` is told the trial, too.

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
    trained = {}
    for trial in trials:
        trained[trial.name] = _train(trial, out / "training" / trial.name, jobs, scheduler, looked)
        if len(trained[trial.name].finished) < len(trial.runs):
            return None
    readings = figure.measure(asked, trained)
    out.mkdir(parents=True, exist_ok=True)
    told = findings(figure, asked, trained, readings)
    drawing = look.as_svg(lambda empty: figure.draw(readings, empty), figure.size)
    text = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    for name, content in zip(FILES, (_as_csv(readings), drawing, text), strict=True):
        write_whole(out / name, content)
    return told


def _train(trial: Trial, folder: Path, jobs: int, scheduler: str | None, looked: Callable[[Trial, Job], None]) -> Trial:
    """The trial with its finished runs; with none of them if training was interrupted."""
    if not trial.runs:
        return trial
    done = campaign.train(
        folder, trial.config, trial.data, jobs=jobs, scheduler=scheduler, looked=lambda job: looked(trial, job)
    )
    return trial.trained(campaign.results(folder)) if done else trial


def judge(statements: Sequence[Sentence], readings: Readings) -> list[dict[str, Any]]:
    """Every statement under every reading: what the paper says, the rule, whether it was seen, and the numbers."""
    judged = []
    for statement in statements:
        for reading, measured in readings.items():
            seen, numbers = statement.decide(measured.values)
            judged.append(
                {
                    "id": statement.id,
                    "reading": reading,
                    "where": statement.where,
                    "text": statement.text,
                    "judged": statement.rule,
                    "seen": None if seen is None else bool(seen),
                    "numbers": plain(numbers),
                }
            )
    return judged


def findings(figure: Figure, asked: Asked, trials: Trials, readings: Readings) -> dict[str, Any]:
    """All that is said of a figure."""
    return {
        "figure": figure.id,
        "title": figure.title,
        "setting": asked.setting,
        "given": plain(asked.given),
        "scale": asked.scale,
        "left_out": left_out(figure, asked),
        "key": key(figure, asked),
        "code": code(),
        "data": [_described(trial) for trial in trials.values()],
        "statements": judge(figure.statements, readings),
        "theory": [
            {
                "reading": reading,
                "what": one.what,
                "predicted": plain(one.predicted),
                "measured": plain(one.measured),
                "deviation": plain(one.deviation),
            }
            for reading, measured in readings.items()
            for one in measured.theory
        ],
        "violated": _violated(trials, readings),
        "runs": [
            _summary(trial.name, one, shown=id(one) in {id(x) for m in readings.values() for x in m.shown})
            for trial in trials.values()
            for one in trial.finished
        ],
    }


def left_out(figure: Figure, asked: Asked) -> list[str]:
    """In words, what was made otherwise than its setting has it: fewer epochs, models left out, another scale."""
    whole, here = dict(figure.settings[asked.setting].given), dict(asked.given)
    whole["scale"], here["scale"] = scales.DEFAULT, asked.scale
    changed = [f"{name}: {here[name]}, not {value}" for name, value in whole.items() if here[name] != value]
    return changed + [f"without {name}" for name in asked.without]


def key(figure: Figure, asked: Asked) -> str:
    """A digest of what was asked: of one figure, findings with the same key and code say the same."""
    wanted = [figure.id, asked.setting, plain(asked.given), asked.mnist, list(asked.without), asked.scale]
    return sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]


def made(figure: Figure, asked: Asked, out: Path) -> dict[str, Any] | None:
    """The findings that a folder holds, if they are whole and would be the same now."""
    if not all((out / name).is_file() for name in FILES):
        return None
    try:
        found = json.loads((out / FILES[-1]).read_text())
        same = (found["key"], found["code"]) == (key(figure, asked), code())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if same else None


@cache
def code() -> str:
    """A digest of every module of `numerics`."""
    root = Path(str(numerics.__file__)).parent
    found = sha256()
    for path in sorted(root.rglob("*.py")):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def plain(value: Any) -> Any:
    """What JSON can hold, numbers to a few digits; None for what is not finite.

    >>> plain({2: np.array([1 / 3, np.nan]), "ok": np.True_})
    {'2': [0.333333, None], 'ok': True}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return None if number(value) is None else float(f"{value:.{DIGITS}g}")
    return value


def _described(trial: Trial) -> dict[str, Any]:
    data = trial.data
    about = {"trial": trial.name, "digest": data.digest, "m": data.m, "rank": data.rank, "trace": data.sigma2.sum()}
    trained = {"epochs": trial.schedule.epochs, "dtype": trial.dtype, "runs": len(trial.runs)} if trial.runs else {}
    return plain({**about, "source": dict(trial.source), **trained})


def _violated(trials: Trials, readings: Readings) -> list[dict[str, Any]]:
    """The hypotheses of theorems that the data or the start do not satisfy."""
    found: dict[tuple[str, str, str], str] = {}
    for reading, measured in readings.items():
        for one in measured.violated:
            found[reading, one.of, one.assumes] = one.but
        shown = {id(x) for x in measured.shown}
        for trial in trials.values():
            for finished in trial.finished:
                if id(finished) in shown:
                    run = finished[0]
                    for checked in run.hypotheses(trial.data):
                        if not checked.holds:
                            found[reading, f"{run.model.name}, k = {run.model.k}", checked.text] = checked.why
    return [{"reading": reading, "of": of, "assumes": text, "but": why} for (reading, of, text), why in found.items()]


def _summary(trial: str, finished: Finished, *, shown: bool) -> dict[str, Any]:
    run, ending, history = finished
    about = {"trial": trial, "name": run.name, "model": run.model.name, "optimizer": run.optimizer, "k": run.model.k}
    how = {"rate": run.rate, "seed": run.seed, "start": run.start, "shown": shown}
    last = {name: history[name][-1] for name in ENDS if name in history}
    return plain({**about, **how, "status": ending.status, "epoch": ending.epoch, **last})


def _as_csv(readings: Readings) -> bytes:
    """The rows of every reading, in a column of its own where there are several."""
    rows: list[list[Any]] = []
    for reading, measured in readings.items():
        rows += _with_reading(reading, measured, first=not rows) if len(readings) > 1 else map(list, measured.rows)
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _with_reading(reading: str, measured: Measured, *, first: bool) -> list[list[Any]]:
    head, *rows = measured.rows
    return ([["reading", *head]] if first else []) + [[reading, *row] for row in rows]
