"""The flow ẇ = −direction of any field, followed with error control; Euler's method for it is gradient descent.

A step of the rule "flow" takes the time η, so that n of them and n of gradient descent reach the same time ηn. Each is
integrated by itself, from its beginning to its end, by an adaptive Runge–Kutta method of order 8: a run that is
resumed repeats it exactly, whatever else is trained beside it.

Main results
    FlowField       the step of time η, for R runs
    TOLERANCE       the relative error that the integrator allows itself in a step
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.training.arrays import as_numpy
from numerics.training.setting import Field, Setting

Array = Any
Floats = NDArray[np.float64]
TOLERANCE = 1e-9


class FlowField:
    """What a step of the flow takes away from the parameters of R runs, each integrated by itself.

    The field is evaluated by the array library that the parameters are of; the integrator's own sums are NumPy's.

    Parameters
    ----------
    family : callable
        (setting, parameters) ↦ a field whose direction has the length η; its velocity is minus that.
    setting : Setting
    parameters : dict of arrays (R, …)
    """

    drifts = False

    def __init__(self, family: Callable[[Setting, dict[str, Array]], Any], setting: Setting, parameters: dict) -> None:
        self.parameters, self._xp = parameters, setting.xp
        if any(array.dtype != self._xp.float64 for array in parameters.values()):
            raise ValueError("dtype: got float32, too coarse for the errors that flow controls; want float64")
        self._whole = family(setting, parameters)
        self._alone = []
        for i, parts in enumerate(zip(setting.models, setting.seeds, setting.rates, strict=True)):
            model, seed, rate = parts
            one = replace(setting, models=[model], seeds=[seed], rates=[rate])
            copies = {name: self._xp.asarray(as_numpy(array[i : i + 1, ...])) for name, array in parameters.items()}
            self._alone.append(family(one, copies))
        self._out = {name: self._xp.empty_like(array) for name, array in parameters.items()}

    def descent(self, step: int) -> dict[str, Array]:
        """Where the flow comes from minus where it goes in a time η."""
        now = {name: as_numpy(array) for name, array in self.parameters.items()}
        for i, field in enumerate(self._alone):
            begin = np.concatenate([array[i].ravel() for array in now.values()])
            change = begin - _integrate(field, begin, step, self._xp)
            for (name, array), part in zip(now.items(), _parts(field, change), strict=True):
                self._out[name][i, ...] = self._xp.asarray(part.reshape(array[i].shape))
        return self._out

    def value(self) -> Array:
        """The losses (R,)."""
        return self._whole.value()

    def factors(self) -> tuple[Array, Array]:
        """Of the field that flows."""
        return self._whole.factors()

    def inside(self) -> list[Array]:
        """Of the field that flows."""
        return self._whole.inside()

    def measure(self, turns: tuple[Array, Array] | None) -> dict[str, Array]:
        """Of the field that flows."""
        return self._whole.measure(turns)

    def invariants(self) -> Array | None:
        """Of the field that flows."""
        return self._whole.invariants()

    def drift(self, step: int) -> Array:
        """Part of the flow already."""
        raise TypeError("a flow does not drift beside itself")


def _parts(field: Field, flat: Floats) -> list[Floats]:
    """A vector cut into the parameters of one run."""
    cuts = np.cumsum([int(np.prod(array.shape)) for array in field.parameters.values()])[:-1]
    return np.split(flat, cuts)


def _integrate(field: Field, begin: Floats, step: int, xp: Any) -> Floats:
    """The parameters of one run after a time η; not a number where the integrator gives up."""
    from scipy.integrate import solve_ivp

    def velocity(_: float, flat: Floats) -> Floats:
        for array, part in zip(field.parameters.values(), _parts(field, flat), strict=True):
            array[...] = xp.asarray(part.reshape(array.shape))
        beside = as_numpy(field.drift(step)).ravel() if field.drifts else 0.0
        return beside - np.concatenate([as_numpy(g).ravel() for g in field.descent(step).values()])

    # The whole step is tried first: where it is too long it is shortened, even if it overflows.
    options = {"first_step": 1.0, "rtol": TOLERANCE, "atol": TOLERANCE * 1e-3}
    with np.errstate(all="ignore"):
        found = solve_ivp(velocity, (0.0, 1.0), begin, "DOP853", (1.0,), **options)
    return found.y[:, -1] if found.success else np.full_like(begin, np.nan)
