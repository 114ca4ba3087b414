"""Runs of equal shape as one array program.

Main results
    Run         what one run is: model, rule, learning rate, seed, start
    Program     R runs that move together; its state is a handful of arrays
    automatic_rate, memory_needed

Rules that commute with rotations run in the eigenbasis of the covariance, the others in that of the features; the
choice follows from the rule. Start and metrics do not depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.training import starts
from numerics.training.arrays import as_numpy
from numerics.training.covariances import Batches, Covariance, Dense, Diagonal
from numerics.training.data import Data
from numerics.training.fields import PairField
from numerics.training.metrics import measure
from numerics.training.models import Checked, Model
from numerics.training.rules import RULES

Array = Any


@dataclass(frozen=True)
class Run:
    """One run.

    Parameters
    ----------
    model : Model
    optimizer : str
        A name in RULES.
    rate : float
        The learning rate η.
    seed : int
        Of the initial weights.
    start : str
        As in :func:`numerics.training.starts.draw`.
    batch : int, optional
        Samples in a mini-batch; all by default. A step counts as an epoch only in full-batch training.
    """

    model: Model
    optimizer: str
    rate: float
    seed: int = 0
    start: str = "normal"
    batch: int | None = None

    @property
    def name(self) -> str:
        """A name that tells it from the other runs of a sweep."""
        batch = "" if self.batch is None else f"-batch{self.batch}"
        return f"{self.model.name}-{self.optimizer}-k{self.model.k}-lr{self.rate:.6g}{batch}-seed{self.seed}"

    @property
    def shape(self) -> tuple[int, str, int | None, int | None]:
        """Runs of equal shape can be one program: latents, rule, batch size, and the seed that orders batches."""
        return self.model.k, self.optimizer, self.batch, self.seed if self.batch else None

    def hypotheses(self, sigma2: Array) -> list[Checked]:
        """What the theorem that the run illustrates assumes, checked: the model's, and for RAG a balanced start.

        RAG makes W1CW1ᵀ diagonal. At a minimum W1 = MUᵀ, W2 = UM⁻¹ that aligns the columns of W2 only if M is
        orthogonal, that is W1W1ᵀ = W2ᵀW2. The flow conserves the difference of the two (Bao et al. 2020, Sections
        6.1 and 6.3 start from W1 = W2ᵀ); a step changes it by O(η²), which leaves d_align a little above zero.
        """
        found = self.model.hypotheses(sigma2)
        if self.model.rotation != "none":
            balanced = not self.start.startswith("normal")
            why = (
                "" if balanced else f"the start is {self.start}, so that d_align may end above 0; want --init balanced"
            )
            found.append(Checked("W1W1ᵀ = W2ᵀW2 at the start", balanced, why))
        return found


def automatic_rate(model: Model, optimizer: str, sigma2: Array) -> float:
    """A learning rate from s_max, the largest eigenvalue of the Hessian at the global minimum.

    Gradient descent: 1/s_max, half of the stability limit. Nesterov: 1/s_max (limit 1.357/s_max), but a tenth of it
    for a loss that leaves the scale of the latents free, because momentum may unbalance W1 and W2 before the
    minimum is reached, which raises the curvature there. Adam, whose step has length η in every weight whatever the
    curvature: 0.1/√m, a tenth of the entries of an orthonormal basis.

    Examples
    --------
    >>> from numerics.training.models import make
    >>> automatic_rate(make("rag", 1, np.array([2.0, 1.0])), "gd", np.array([2.0, 1.0]))
    0.125
    """
    if not RULES[optimizer].commutes:
        return 0.1 / float(np.sqrt(len(sigma2)))
    share = 0.1 if optimizer == "nesterov" and model.scale_is_free else 1.0
    return share / model.curvature(sigma2)


def memory_needed(k: int, m: int, runs: int, itemsize: int) -> int:
    """Bytes that the weights, the memory of the rule and the buffers of so many runs take."""
    return runs * 2 * k * m * itemsize * 6


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
    """

    def __init__(
        self,
        runs: Sequence[Run],
        data: Data,
        *,
        xp: Any = np,
        dtype: str = "float64",
        state: dict[str, np.ndarray] | None = None,
    ) -> None:
        if len({run.shape for run in runs}) != 1:
            raise ValueError("runs: got several shapes (k, optimizer, batch); want one for a program")
        self.runs, self.data, self._xp, self._dtype = list(runs), data, xp, dtype
        self.step = 0
        rule = RULES[runs[0].optimizer]
        self.basis = "eigenvectors" if rule.commutes else "features"
        w = self._start() if state is None else state["weights"]
        self.weights = self._array(w)
        moving, full = self._covariances()
        rates = [run.rate for run in runs]
        self._field = PairField(
            [run.model for run in runs],
            moving,
            full,
            float(data.sigma2.sum()),
            self.weights,
            rates,
            not rule.commutes,
            xp,
        )
        self._rule = rule(self.weights, rates, xp)
        if state is not None:
            self.step = int(state["step"])
            for name, array in self._rule.memory.items():
                array[...] = self._array(state[name])

    @property
    def steps_per_epoch(self) -> int:
        """One with all samples in a batch, else the batches that an epoch holds."""
        batch = self.runs[0].batch
        return 1 if batch is None or self.data.samples is None else len(self.data.samples) // batch

    def advance(self, steps: int) -> None:
        """Take so many steps."""
        for t in range(self.step, self.step + steps):
            if self._field.drifts:
                drift = self._field.drift(t)
                self._rule.step(t, self._field.descent(t))
                self.weights += drift
            else:
                self._rule.step(t, self._field.descent(t))
        self.step += steps

    def losses(self) -> np.ndarray:
        """The loss of each run, on all samples."""
        return as_numpy(self._field.value()).astype(np.float64)

    def measure(self) -> dict[str, np.ndarray]:
        """Loss, its distance to the global minimum, and all metrics: names to arrays (R,)."""
        loss = self.losses()
        least = np.array([run.model.minimum(self.data.sigma2) for run in self.runs])
        found = {name: as_numpy(value) for name, value in measure(self._in_eigenbasis()).items()}
        return {"loss": loss, "excess": loss - least} | found

    def decoders(self) -> tuple[np.ndarray, np.ndarray]:
        """W1 (R, k, m) and W2 (R, m, k) in the basis of the features."""
        w = as_numpy(self.weights).astype(np.float64)
        w = w if self.basis == "features" else w @ self.data.basis.T
        return w[:, 0], w[:, 1].swapaxes(-1, -2)

    def state(self) -> dict[str, np.ndarray]:
        """A copy of all that the coming steps depend on."""
        memory = {name: as_numpy(array) for name, array in self._rule.memory.items()}
        return {"step": np.array(self.step), "weights": as_numpy(self.weights)} | memory

    def select(self, indices: Sequence[int], state: dict[str, np.ndarray] | None = None) -> Program:
        """The program of some of the runs, from the present state or another one."""
        state = self.state() if state is None else state
        rows = list(indices)
        kept = {name: array if name == "step" else array[rows] for name, array in state.items()}
        return Program([self.runs[i] for i in rows], self.data, xp=self._xp, dtype=self._dtype, state=kept)

    def _array(self, values: np.ndarray) -> Array:
        return self._xp.asarray(np.array(values, dtype=self._dtype))

    def _start(self) -> np.ndarray:
        w = np.stack([starts.draw(run.start, run.model.k, self.data, run.seed) for run in self.runs])
        return w if self.basis == "features" else w @ self.data.basis

    def _covariances(self) -> tuple[Covariance, Covariance]:
        """What a step sees, and what losses are measured with."""
        xp, data, first = self._xp, self.data, self.runs[0]
        full: Covariance
        if self.basis == "eigenvectors":
            full = Diagonal(self._array(data.sigma2), xp)
        else:
            full = Dense(self._array(data.covariance()), xp)
        if first.batch is None:
            return full, full
        samples = data.centred()
        samples = samples if self.basis == "features" else samples @ data.basis
        if not 1 <= first.batch <= len(samples):
            raise ValueError(f"batch-size: got {first.batch}; want between 1 and n = {len(samples)}")
        return Batches(self._array(samples), first.batch, first.seed, xp), full

    def _in_eigenbasis(self) -> Array:
        if self.basis == "eigenvectors":
            return self.weights
        return self._xp.matmul(self.weights, self._array(self.data.basis))
