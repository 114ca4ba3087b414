"""Running a program to its end: records, divergence, checkpoints, interruption.

Between records nothing is computed but steps. Every CHECK steps, and at each record, the losses are looked at: a run
whose loss is not finite or has exploded is replayed from the last look to find the first such step, and leaves the
program; the others are not touched by it.

Main results
    Schedule    how long, what is recorded when, when to stop early
    Job         runs of equal shape on their way
    Ending      how a run ended: completed, reached, diverged, and after how many steps
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any

import numpy as np

from numerics.training.data import Data
from numerics.training.program import Program, Run

CHECK = 100
"""Steps between two looks at the losses."""
EXPLODED = 1e3
"""A run has diverged when its loss exceeds this times the larger of its first loss and the trace of C."""

State = dict[str, np.ndarray]


@dataclass(frozen=True)
class Schedule:
    """When a run ends and what is recorded.

    Parameters
    ----------
    epochs : int
        With all samples in a batch an epoch is a step.
    every : int, optional
        Epochs between records, the first and the last one always among them; by default about 200 records.
    until : (str, float), optional
        A metric, and the value at or below which a run stops; looked at when recording.
    """

    epochs: int
    every: int | None = None
    until: tuple[str, float] | None = None

    @property
    def period(self) -> int:
        """Epochs between records."""
        return self.every or max(1, self.epochs // 200)


@dataclass(frozen=True)
class Ending:
    """How a run ended, and at which epoch; the weights are those at that epoch (before it, if it diverged).

    Of a network of more than two layers the encoder is the product of all but the last, and `layers` are these.
    """

    status: str
    epoch: float
    encoder: np.ndarray
    decoder: np.ndarray
    layers: tuple[np.ndarray, ...] = ()

    def arrays(self) -> State:
        """As named arrays; `read` reads them."""
        named = {f"layer{j}": w for j, w in enumerate(self.layers, start=1)}
        told = {"status": np.array(self.status), "epoch": np.array(self.epoch)}
        return told | {"encoder": self.encoder, "decoder": self.decoder} | named

    @staticmethod
    def read(arrays: Mapping[str, np.ndarray]) -> Ending:
        """From named arrays, among which others may be.

        >>> ending = Ending("completed", 1.0, np.eye(1), np.eye(1), (np.eye(1), 2 * np.eye(1)))
        >>> Ending.read(ending.arrays()).layers
        (array([[1.]]), array([[2.]]))
        """
        numbers = takewhile(lambda j: f"layer{j}" in arrays, count(1))
        layers = tuple(arrays[f"layer{j}"] for j in numbers)
        return Ending(str(arrays["status"]), float(arrays["epoch"]), arrays["encoder"], arrays["decoder"], layers)


class Job:
    """Runs of equal shape on their way.

    Parameters
    ----------
    runs : sequence of runs of equal shape
    data : Data
    schedule : Schedule
    xp, dtype
        As for a Program.
    state : dict, optional
        What :meth:`state` returned: the job continues on the identical trajectory.

    Examples
    --------
    >>> from numerics.training.data import synthetic
    >>> from numerics.training.catalogue import make
    >>> data = synthetic([4.0, 1.0], n=None, rng=np.random.default_rng(0))
    >>> job = Job([Run(make("l2", 1, data.sigma2, lam=[1.0]), "gd", 0.1)], data, Schedule(500))
    >>> job.proceed()
    True
    >>> job.endings[0].status, round(float(job.history(0)["loss"][-1]), 9)
    ('completed', 2.75)
    """

    def __init__(
        self,
        runs: Sequence[Run],
        data: Data,
        schedule: Schedule,
        *,
        xp: Any = np,
        dtype: str = "float64",
        state: State | None = None,
    ) -> None:
        self.runs, self.schedule = list(runs), schedule
        self.endings: dict[int, Ending] = {}
        self._records: dict[int, list[list[float]]] = {i: [] for i in range(len(runs))}
        self._active = list(range(len(runs)))
        self._program: Program
        if state is None:
            self._program = Program(runs, data, xp=xp, dtype=dtype)
            trace = float(data.sigma2.sum())
            with np.errstate(all="ignore"):
                self._limits = EXPLODED * np.maximum(np.abs(self._program.losses()), trace)
                self.names = ["epoch", *self._program.measure()]
                if schedule.until and schedule.until[0] not in self.names:
                    raise ValueError(f"until: got {schedule.until[0]!r}; want one of {', '.join(self.names[1:])}")
                self._record()
        else:
            self._restore(state, data, xp, dtype)
        self._per_epoch = self._program.steps_per_epoch

    @property
    def epoch(self) -> float:
        """Where the job is."""
        return self._program.step / self._per_epoch

    @property
    def basis(self) -> str:
        """The coordinates that the job runs in."""
        return self._program.basis

    @property
    def is_done(self) -> bool:
        """Whether every run has ended."""
        return not self._active

    def proceed(
        self,
        stop: Callable[[], bool] = lambda: False,
        looked: Callable[[Job], None] = lambda job: None,
    ) -> bool:
        """Train until every run has ended, or `stop` says so; after each look at the losses `looked` is called.

        Returns
        -------
        bool
            Whether every run has ended.
        """
        last, period = self.schedule.epochs * self._per_epoch, self.schedule.period * self._per_epoch
        with np.errstate(all="ignore"):
            while self._active and not stop():
                step = self._program.step
                target = min(last, (step // CHECK + 1) * CHECK, (step // period + 1) * period)
                before = self._program.state()
                self._program.advance(target - step)
                self._retire_diverged(before)
                if self._active and (target % period == 0 or target == last):
                    self._record()
                if self._active and target == last:
                    self._retire(list(range(len(self._active))), "completed")
                looked(self)
        return self.is_done

    def finish(self, status: str) -> None:
        """End here all runs that have not ended."""
        self._retire(list(range(len(self._active))), status)

    def history(self, run: int) -> dict[str, np.ndarray]:
        """What was recorded of a run: "epoch" and each metric, as arrays."""
        table = np.array(self._records[run]).reshape(-1, len(self.names))
        return dict(zip(self.names, table.T, strict=True))

    def state(self) -> State:
        """A copy of everything: what :class:`Job` continues from."""
        saved: State = {"active": np.array(self._active, dtype=np.int64), "names": np.array(self.names)}
        saved["limits"] = self._limits
        if self._active:
            saved |= {f"program/{name}": array for name, array in self._program.state().items()}
        else:
            saved["program/step"] = np.array(self._program.step)
        for i, rows in self._records.items():
            saved[f"records/{i}"] = np.array(rows)
        for i, ending in self.endings.items():
            saved |= {f"ending/{i}/{name}": array for name, array in ending.arrays().items()}
        return saved

    def _restore(self, state: State, data: Data, xp: Any, dtype: str) -> None:
        self._active = [int(i) for i in state["active"]]
        self.names, self._limits = [str(name) for name in state["names"]], state["limits"]
        for i in self._records:
            self._records[i] = [[float(x) for x in row] for row in state[f"records/{i}"]]
            if ended := _under(f"ending/{i}/", state):
                self.endings[i] = Ending.read(ended)
        kept = _under("program/", state)
        if self._active:
            chosen = [self.runs[i] for i in self._active]
            self._program = Program(chosen, data, xp=xp, dtype=dtype, state=kept)
        else:
            self._program = Program(self.runs, data, xp=xp, dtype=dtype)
            self._program.step = int(kept["step"])

    def _record(self) -> None:
        """Append a row to each active run; retire those that have reached their goal."""
        found = self._program.measure()
        epoch = self._program.step / self._program.steps_per_epoch
        for place, run in enumerate(self._active):
            self._records[run].append([epoch, *(float(column[place]) for column in found.values())])
        if self.schedule.until:
            name, goal = self.schedule.until
            reached = np.flatnonzero(found[name] <= goal)
            if reached.size:
                self._retire([int(i) for i in reached], "reached")

    def _retire_diverged(self, before: State) -> None:
        bad = [int(i) for i in np.flatnonzero(self._exploded(self._program, self._limits[self._active]))]
        if not bad:
            return
        replay = self._program.select(bad, before)
        left = list(bad)
        while left:
            last = replay.state()
            replay.advance(1)
            runs = [self._active[i] for i in left]
            exploded = self._exploded(replay, self._limits[runs]) | (replay.step == self._program.step)
            over = [int(i) for i in np.flatnonzero(exploded)]
            if over:
                self._end([runs[i] for i in over], replay.select(over, last), "diverged", replay.step)
                left = [x for i, x in enumerate(left) if i not in over]
                if left:
                    replay = replay.select([i for i in range(len(runs)) if i not in over])
        self._drop(bad)

    @staticmethod
    def _exploded(program: Program, limits: np.ndarray) -> np.ndarray:
        losses = program.losses()
        return ~(np.isfinite(losses) & (losses <= limits))

    def _retire(self, places: Sequence[int], status: str) -> None:
        self._end([self._active[i] for i in places], self._program.select(places), status, self._program.step)
        self._drop(places)

    def _end(self, runs: Sequence[int], program: Program, status: str, step: int) -> None:
        (encoders, decoders), layers = program.decoders(), program.layers()
        for i, run in enumerate(runs):
            inside = tuple(w[i] for w in layers)
            self.endings[run] = Ending(status, step / program.steps_per_epoch, encoders[i], decoders[i], inside)

    def _drop(self, places: Sequence[int]) -> None:
        rest = [i for i in range(len(self._active)) if i not in set(places)]
        self._active = [self._active[i] for i in rest]
        if rest:
            self._program = self._program.select(rest)


def _under(prefix: str, state: State) -> State:
    """The part of a state whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}
