"""What a figure or table of a paper is here: how it is made, what is measured, what the paper says of it.

A module per figure fills in a :class:`Figure`; :mod:`numerics.experiments.remake` does the rest.

Main results
    Figure      settings, trials, measurement, statements, drawing
    Preset     one way to make it: parameters, and what that costs
    Asked       what a user asked for
    Trial        data, and what is trained on them
    Measured    what was measured under one reading of the print, beside what theory predicts
    Compared    a prediction and its measurement
    Sentence   a sentence of the paper, with the rule that judges it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np

from numerics import scales
from numerics.layouts import Layout
from numerics.training.campaign import Config, Finished
from numerics.training.data import Data
from numerics.training.job import Schedule
from numerics.training.program import Run

SETTINGS = ("smoke", "small", "paper")
"""To see that it runs; for a laptop; as printed."""
ONLY = ""
"""The name of the reading where the print has just one."""
Answer = tuple[bool | None, Mapping[str, Any]]
"""Whether it was seen (None: what was measured does not decide), and the numbers that say so."""


@dataclass(frozen=True)
class Preset:
    """One way to make a figure.

    Parameters
    ----------
    seconds : float
        About what it takes on two cores.
    given : mapping
        Its parameters, by name.
    """

    seconds: float
    given: Mapping[str, Any]


def setting(seconds: float, **given: Any) -> Preset:
    """A setting of these parameters.

    >>> setting(2, k=3).given
    {'k': 3}
    """
    return Preset(seconds, given)


@dataclass(frozen=True)
class Asked:
    """What a user asked for.

    Parameters
    ----------
    setting : str
    given : mapping
        The setting's parameters, changed as the user wanted; `asked["k"]` is one of them.
    mnist : str, optional
        The path of MNIST.
    layout : Layout
        What is known of that file.
    without : sequence of str
        Models to leave out.
    scale : str
        Of the losses that are trained.
    """

    setting: str
    given: Mapping[str, Any]
    mnist: str | None = None
    layout: Layout = field(default_factory=Layout)
    without: tuple[str, ...] = ()
    scale: str = scales.DEFAULT

    def __getitem__(self, name: str) -> Any:
        return self.given[name]


@dataclass(frozen=True)
class Trial:
    """Data of a figure, and what is trained on them.

    Parameters
    ----------
    name : str
        Of its folder.
    data : Data
    source : mapping
        Where the data are from.
    runs : sequence of runs
        None if nothing is trained.
    schedule : Schedule
    dtype : str
    finished : sequence
        The runs, after training.
    """

    name: str
    data: Data
    source: Mapping[str, Any]
    runs: tuple[Run, ...] = ()
    schedule: Schedule = field(default_factory=lambda: Schedule(1))
    dtype: str = "float64"
    finished: tuple[Finished, ...] = ()

    @property
    def config(self) -> Config:
        """What its folder holds."""
        return Config(self.runs, self.schedule, self.dtype, self.data.digest, dict(self.source))

    @property
    def has_scale(self) -> bool:
        """Whether a loss that is trained has a scale."""
        return any(run.model.has_scale for run in self.runs)

    def at(self, scale: str) -> Trial:
        """The same with losses at another scale and the same learning rates."""
        return replace(self, runs=tuple(replace(run, model=run.model.at(scale)) for run in self.runs))

    def trained(self, finished: Sequence[Finished]) -> Trial:
        """The trial with its runs at their ends."""
        return replace(self, finished=tuple(finished))


Trials = Mapping[str, Trial]
"""By their names."""


@dataclass(frozen=True)
class Compared:
    """A prediction of exact theory beside what was measured.

    Parameters
    ----------
    what : str
    predicted, measured : float or sequence of floats
    """

    what: str
    predicted: Any
    measured: Any

    @property
    def deviation(self) -> float:
        """The largest difference, relative to the largest prediction unless that is zero.

        >>> Compared("τ²", [1.0, 0.5], [1.0, 0.4]).deviation
        0.1
        """
        predicted, measured = np.asarray(self.predicted, float), np.asarray(self.measured, float)
        if not predicted.size:
            return 0.0
        scale = float(np.abs(predicted).max()) or 1.0
        return round(float(np.abs(predicted - measured).max()) / scale, 15)


@dataclass(frozen=True)
class Unmet:
    """A hypothesis of a theorem that the setting does not satisfy."""

    of: str
    assumes: str
    but: str


@dataclass(frozen=True)
class Measured:
    """What was measured under one reading of the print.

    Parameters
    ----------
    values : any
        What the statements and the drawing read.
    rows : sequence of sequences
        The figure's data; the first row names the columns.
    theory : sequence of Compared
    shown : sequence of Finished
        The runs that the figure shows.
    violated : sequence of Unmet
        Beside those hypotheses that the runs themselves know.
    """

    values: Any
    rows: Sequence[Sequence[Any]]
    theory: Sequence[Compared] = ()
    shown: Sequence[Finished] = ()
    violated: Sequence[Unmet] = ()


Readings = Mapping[str, Measured]
"""What was measured, by the reading of the print; the only one is called ONLY."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the paper, and the rule that judges whether it was seen.

    Parameters
    ----------
    id : str
    where : str
        In the paper.
    text : str
        What the paper says.
    rule : str
        What is decided, in words.
    decide : callable
        The values of what was measured ↦ an Answer.
    """

    id: str
    where: str
    text: str
    rule: str
    decide: Callable[[Any], Answer] = field(repr=False)


@dataclass(frozen=True)
class Figure:
    """A figure or table of a paper.

    Parameters
    ----------
    id : str
        Like "kunin2019/fig5".
    title : str
        What it shows, in a line.
    settings : mapping
        By the names of SETTINGS.
    trials : callable
        What was asked ↦ the data, and what is to be trained.
    measure : callable
        What was asked, the trials after training ↦ what was measured, by reading.
    statements : sequence of Sentence
    draw : callable
        What was measured by reading, an empty matplotlib figure ↦ None.
    size : (float, float)
        Width and height in inches.
    options : sequence of str
        What else a user may give: "mnist", "epochs", "seeds", "k", "without".
    """

    id: str
    title: str
    settings: Mapping[str, Preset]
    trials: Callable[[Asked], Sequence[Trial]]
    measure: Callable[[Asked, Trials], Readings]
    statements: Sequence[Sentence]
    draw: Callable[[Readings, Any], None]
    size: tuple[float, float]
    options: tuple[str, ...] = ()

    def asked(
        self,
        setting: str = "small",
        *,
        mnist: str | None = None,
        layout: Layout = Layout(),  # noqa: B008
        epochs: int | None = None,
        seeds: int | None = None,
        k: int | None = None,
        without: Sequence[str] = (),
        scale: str = scales.DEFAULT,
    ) -> Asked:
        """What a user wants of it, checked.

        Raises
        ------
        ValueError
            Naming what this figure does not have.
        """
        if setting not in self.settings:
            raise ValueError(f"setting: got {setting!r}; want one of {', '.join(self.settings)}")
        given = dict(self.settings[setting].given)
        wanted = {"mnist": mnist, "epochs": epochs, "seeds": seeds, "k": k, "without": without or None}
        for name, value in wanted.items():
            if value is not None and name not in self.options:
                raise ValueError(f"{name}: {self.id} has no use for it; want no --{name}")
        if mnist is None:
            layout.refuse(where="a figure without --mnist")
        given |= {name: number for name, number in (("epochs", epochs), ("seeds", seeds)) if number is not None}
        if k is not None:
            given["ks"] = tuple(one for one in given["ks"] if one <= k)
            if not given["ks"]:
                raise ValueError(f"k: got {k}, below all of {self.id}; want a larger one")
        return Asked(setting, given, mnist, layout, tuple(without), scales.check(scale))

    def planned(self, asked: Asked) -> list[Trial]:
        """The trials, with their losses at the scale that is asked."""
        return [trial.at(asked.scale) for trial in self.trials(asked)]


def number(value: Any) -> float | None:
    """A number that JSON can hold, or None.

    >>> number(float("nan")), number(2)
    (None, 2.0)
    """
    return float(value) if isfinite(value) else None


def records(shown: Sequence[Finished]) -> list[list[Any]]:
    """Every record of every run that is shown; the first row names the columns."""
    metrics = list(dict.fromkeys(name for *_, history in shown for name in history))
    rows: list[list[Any]] = [["model", "optimizer", "k", "rate", "seed", *metrics]]
    for run, _, history in shown:
        first = [run.model.name, run.optimizer, run.model.k, f"{run.rate:.6g}", run.seed]
        columns = [history.get(name, [float("nan")] * len(history["epoch"])) for name in metrics]
        rows += [[*first, *(f"{x:.6g}" for x in row)] for row in zip(*columns, strict=True)]
    return rows
