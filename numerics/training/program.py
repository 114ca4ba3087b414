"""Runs of equal shape as one array program.

Main results
    Program     R runs that move together; its state is a handful of arrays
    field_of    the field that moves a run
    automatic_rate, memory_needed

Rules that commute with rotations run in the eigenbasis of the covariance, the others in that of the features; the
choice follows from the rule. Start and metrics do not depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import numpy as np

from numerics.training.alternating import AlternatingField
from numerics.training.arrays import as_numpy, threads
from numerics.training.covariances import Batches, Covariance, Dense, Diagonal
from numerics.training.crosses import BatchCross, Cross
from numerics.training.data import Data
from numerics.training.distances import Distances
from numerics.training.flow_steps import FlowField
from numerics.training.models import Model
from numerics.training.run import Run
from numerics.training.sampled import PIECE
from numerics.training.setting import Field, Setting
from numerics.training.targets import ROWS
from numerics.training.update_rules import RULES

Array = Any
TIDY = 32
"""Steps after which what has decayed to nothing is set to zero."""
CONSERVED = "invariants.start"
"""The name, in a state, of what the flow conserves as it was at the start."""


def field_of(run: Run, data: Data) -> Any:
    """The class of the field that moves a run."""
    return AlternatingField if run.optimizer == "alternating" else run.model.field_for(data)


def automatic_rate(model: Model, optimizer: str, sigma2: Array, s_max: float | None = None) -> float:
    """A learning rate from s_max, the largest eigenvalue of the Hessian at the global minimum.

    Gradient descent and flow: 1/s_max, half of the stability limit of the former. Nesterov: 1/s_max (limit
    1.357/s_max), but a tenth of it for a loss that leaves the scale of the latents free, because momentum may unbalance
    W1 and W2 before the minimum is reached, which raises the curvature there; so, too, where s_max is given, as with
    targets. Adam, whose step has length η in every weight whatever the curvature: 0.1/√m, a tenth of the entries of an
    orthonormal basis.

    Raises
    ------
    ValueError
        If there is no minimum, or no curvature at it.

    Examples
    --------
    >>> from numerics.training.catalogue import make
    >>> automatic_rate(make("rag", 1, np.array([2.0, 1.0])), "gd", np.array([2.0, 1.0]))
    0.125
    """
    if optimizer == "alternating":
        return 1.0
    if not RULES[optimizer].commutes:
        return 0.1 / float(np.sqrt(len(sigma2)))
    delicate = model.scale_is_free or model.draws != "none" or s_max is not None
    share = 0.1 if optimizer == "nesterov" and delicate else 1.0
    s_max = model.curvature(sigma2) if s_max is None else s_max
    if not s_max < float("inf"):
        raise ValueError(f"lr: {model.name} has no minimum at k = {model.k}, so auto has no answer; want a number")
    if s_max <= 0:
        raise ValueError(f"lr: {model.name} is flat at its minimum, where all latents vanish, so auto has no answer")
    return share / s_max


def memory_needed(k: int, m: int, runs: int, itemsize: int) -> int:
    """Bytes that the weights, the memory of the rule and the buffers of so many runs take."""
    return runs * 2 * k * m * itemsize * 7


class Program:
    """R runs that move together.

    Parameters
    ----------
    runs : sequence of runs of equal shape
    data : Data
    xp : module
        The array library: any of the array API standard.
    dtype : str
        "float32" or "float64".
    state : dict, optional
        What :meth:`state` returned: to continue from there.
    covariances : pair of Covariance, optional
        What a step sees and what losses are measured with, where another program has prepared them.
    """

    def __init__(
        self,
        runs: Sequence[Run],
        data: Data,
        *,
        xp: Any = np,
        dtype: str = "float64",
        state: dict[str, np.ndarray] | None = None,
        covariances: tuple[Covariance, Covariance] | None = None,
    ) -> None:
        if len({run.shape for run in runs}) != 1:
            raise ValueError("runs: got several shapes (k, optimizer, batch); want one for a program")
        self.runs, self.data, self._xp, self._dtype = list(runs), data, xp, dtype
        self.step = 0
        rule = RULES[runs[0].optimizer]
        self.basis = "eigenvectors" if rule.commutes else "features"
        family = field_of(runs[0], data)
        with self._one_rotation():
            start = family.start(runs, data, self.basis == "eigenvectors") if state is None else state
        names = [name for name in start if name != "step" and "." not in name]
        self._parameters = {name: self._array(start[name]) for name in names}
        self._seen = covariances or self._covariances()
        moving, full = self._seen
        cross = self._cross()
        setting = Setting(
            models=[run.model for run in runs],
            seeds=[run.seed for run in runs],
            rates=[run.rate for run in runs],
            raw=not rule.commutes,
            moving=moving,
            full=full,
            trace=float(data.sigma2.sum()) if data.targets is None else data.targets.trace,
            xp=xp,
            cross=cross,
            moving_cross=cross if runs[0].batch is None else self._batch_cross(),
            goal=self._goal() if family.layered else None,
        )
        flows = runs[0].optimizer == "flow"
        self._weights = setting.weights
        self._field: Field = (partial(FlowField, family) if flows else family)(setting, self._parameters)
        self._conserved = self._watched(state)
        self._least = np.array([run.model.least(data) for run in runs])
        self._distances = None
        if not family.layered:
            self._distances = Distances(setting.models, data.sigma2, self.weights.dtype, xp)
        self._rules = {name: rule(array, setting.rates, xp) for name, array in self._parameters.items()}
        if state is not None:
            self.step = int(state["step"])
            for name, array in self._memory().items():
                array[...] = self._array(state[name])

    @property
    def steps_per_epoch(self) -> int:
        """One with all samples in a batch, else the batches that an epoch holds."""
        batch = self.runs[0].batch
        return 1 if batch is None or self.data.samples is None else len(self.data.samples) // batch

    def advance(self, steps: int) -> None:
        """Take so many steps."""
        with self._threads():
            for t in range(self.step, self.step + steps):
                drift = self._field.drift(t) if self._field.drifts else None
                for name, direction in self._field.descent(t).items():
                    self._rules[name].step(t, direction)
                if drift is not None:
                    self._parameters["weights"] += drift
                if (t + 1) % TIDY == 0:
                    self._tidy()
        self.step += steps

    def _tidy(self) -> None:
        """Set to zero what has decayed so far that a step would soon compute with subnormal numbers.

        Some processors take fifty times as long for these, and none of them decays on, as the smallest is rounded to
        itself. Where a number falls below the smallest normal one over the machine's precision, 5·10⁻²⁹² or 10⁻³¹, no
        digit of a weight that a loss could see depends on it.
        """
        for array in (*self._parameters.values(), *self._memory().values()):
            limits = self._xp.finfo(array.dtype)
            array[self._xp.abs(array) < float(limits.smallest_normal) / float(limits.eps)] = 0

    @property
    def parameters(self) -> dict[str, Array]:
        """What is learned, by name, in the basis that the program runs in."""
        return self._parameters

    @property
    def weights(self) -> Array:
        """W1 and W2ᵀ of two layers as an array (R, 2, k, m), in the basis that the program runs in."""
        return self._parameters["weights"]

    def losses(self) -> np.ndarray:
        """The loss of each run, on all samples."""
        return self._weights * as_numpy(self._field.value()).astype(np.float64)

    def measure(self) -> dict[str, np.ndarray]:
        """Loss, its excess over the least one, and all metrics: names to arrays (R,)."""
        with self._threads():
            loss = self.losses()
            turns = self._turns()
            metrics = self._field.measure(turns)
            if self._distances is not None:
                w1, w2 = self._field.factors()
                if turns is not None:
                    w1, w2 = (self._xp.matmul(w, turns[0]) for w in (w1, w2))
                metrics |= self._distances.measure(w1, w2)
        least = np.array([run.model.least(self.data) for run in self.runs])
        if self._conserved is not None:
            metrics["drift"] = self._xp.max(self._xp.abs(self._field.invariants() - self._conserved), axis=1)
        found = {name: as_numpy(value) for name, value in metrics.items()}
        return {"loss": loss, "excess": loss - least} | found

    def decoders(self) -> tuple[np.ndarray, np.ndarray]:
        """Encoders (R, k, m), the products of all layers but the last, and decoders (R, d, k), of the features."""
        w1, w2 = (as_numpy(w).astype(np.float64) for w in self._field.factors())
        if self.basis == "eigenvectors":
            with self._one_rotation():
                w1, w2 = w1 @ self.data.basis.T, w2 @ self.data.output_basis.T
        return w1, w2.swapaxes(-1, -2)

    def layers(self) -> list[np.ndarray]:
        """W_1, …, W_{N−1} of networks of more than two layers, each (R, d_j, d_{j−1}), the first of the features."""
        found = [as_numpy(w).astype(np.float64) for w in self._field.inside()]
        if found and self.basis == "eigenvectors":
            found[0] = found[0] @ self.data.basis.T
        return found

    def state(self) -> dict[str, np.ndarray]:
        """A copy of all that the coming steps depend on."""
        arrays = self._parameters | self._memory()
        if self._conserved is not None:
            arrays[CONSERVED] = self._conserved
        return {"step": np.array(self.step)} | {name: as_numpy(array) for name, array in arrays.items()}

    def select(self, indices: Sequence[int], state: dict[str, np.ndarray] | None = None) -> Program:
        """The program of some of the runs, from the present state or another one."""
        state = self.state() if state is None else state
        rows = list(indices)
        kept = {name: array if name == "step" else array[rows] for name, array in state.items()}
        runs = [self.runs[i] for i in rows]
        return Program(runs, self.data, xp=self._xp, dtype=self._dtype, state=kept, covariances=self._seen)

    def _threads(self) -> AbstractContextManager[Any]:
        """One, unless the largest product of a step is large."""
        k, m = self._field.factors()[0].shape[-2:]
        samples = self._seen[0].samples
        seen = 0 if samples is None else min(samples.shape[0], PIECE)
        both = 2 * len(self.runs)
        return threads(k * m * max(k, both * seen, 0 if self.basis == "eigenvectors" else both * m))

    def _watched(self, state: dict[str, np.ndarray] | None) -> Array | None:
        """What the flow conserves as it was at the start; of a state that does not say, as it is now."""
        if state is not None and CONSERVED in state:
            return self._array(state[CONSERVED])
        now = self._field.invariants()
        return None if now is None else self._array(as_numpy(now))

    def _one_rotation(self) -> AbstractContextManager[Any]:
        """For turning one run's weights into, or out of, the eigenbasis."""
        return threads(self.runs[0].model.k * self.data.m**2)

    def _memory(self) -> dict[str, Array]:
        """What the rules remember of each parameter."""
        return {
            f"{name}.{memory}": array for name, rule in self._rules.items() for memory, array in rule.memory.items()
        }

    def _array(self, values: np.ndarray) -> Array:
        return self._xp.asarray(np.array(values, dtype=self._dtype, order="C"))

    def _goal(self) -> Array:
        """The best map, on the columns along which the data vary; NaN where equal eigenvalues leave it open."""
        data, rank = self.data, self.runs[0].model.rank
        goal = data.best_map(rank)[:, : data.rank]
        tied = 0 < rank < len(data.explained) and data.explained[rank - 1] == data.explained[rank] > 0
        return self._array(np.full_like(goal, np.nan) if tied else goal)

    def _cross(self) -> Cross | None:
        """YXᵀ/n in the coordinates of a step, or None if Y = X."""
        if (targets := self.data.targets) is None:
            return None
        turned = self.basis == "eigenvectors"
        return Cross(
            self._array(targets.basis.T @ targets.cross @ self.data.basis if turned else targets.cross), self._xp
        )

    def _batch_cross(self) -> BatchCross | None:
        """That of the samples of a step, which the covariance of a step has taken, too."""
        (moving, _), targets, first = self._seen, self.data.targets, self.runs[0]
        if targets is None or first.batch is None or not isinstance(moving, Batches):
            return None
        y = self._array(targets.samples @ targets.basis if self.basis == "eigenvectors" else targets.samples)
        return BatchCross(moving, Batches(y, first.batch, first.seed, self._xp), self._xp)

    def _covariances(self) -> tuple[Covariance, Covariance]:
        """What a step sees, and what losses are measured with."""
        xp, data, first = self._xp, self.data, self.runs[0]
        samples = self._samples() if first.batch is not None or first.model.draws == "sample" else None
        full: Covariance
        if self.basis == "eigenvectors":
            full = Diagonal(self._array(data.sigma2), xp, samples)
        else:
            full = Dense(self._array(data.covariance()), xp, samples)
        if first.batch is None:
            return full, full
        return Batches(samples, first.batch, first.seed, xp), full

    def _samples(self) -> Array:
        """Centred samples (n, m) in the basis that the program runs in, never all of them in double precision."""
        assert self.data.samples is not None
        table = np.empty(self.data.samples.shape, dtype=self._dtype)
        for first in range(0, len(table), ROWS):
            rows = self.data.centred(slice(first, first + ROWS))
            table[first : first + ROWS] = rows if self.basis == "features" else rows @ self.data.basis
        return self._xp.asarray(table)

    def _turns(self) -> tuple[Array, Array] | None:
        """What brings samples and targets into their eigenbases."""
        if self.basis == "eigenvectors":
            return None
        return self._array(self.data.basis), self._array(self.data.output_basis)
