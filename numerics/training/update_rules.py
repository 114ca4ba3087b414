"""Update rules: what is done with a direction.

A rule owns what it remembers between steps, in arrays that are changed in place, so that a copy of them is a
checkpoint. Those that are linear in the direction commute with rotations of the data, and run in the eigenbasis.

Main results
    FLOWS               those that follow a flow
    RULES               gd, nesterov, adam and two that decay; alternating and flow, whose direction is a whole step
    GradientDescent     w ← w − ηg
    Nesterov            u ← μu + g, w ← w − η(g + μu), μ = 0.9
    Adam                w ← w − η m̂/(√v̂ + ε), with β = (0.9, 0.999), ε = 10⁻⁸; two more whose η decays
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from numerics.training.arrays import Operations, per_run, spread

Array = Any


class Rule(Protocol):
    """An update rule for one array of weights (R, …)."""

    commutes: ClassVar[bool]
    memory: dict[str, Array]

    def step(self, t: int, direction: Array) -> None:
        """Change the weights, at step t = 0, 1, …; the direction is the rule's to overwrite."""


class GradientDescent:
    """w ← w − ηg.

    Parameters
    ----------
    weights : array (R, …)
        Changed in place.
    rates : sequence of R floats

    Examples
    --------
    >>> w = np.array([[1.0]])
    >>> GradientDescent(w, [0.1], np).step(0, 0.1 * 2 * w)
    >>> w
    array([[0.8]])
    """

    commutes: ClassVar[bool] = True

    def __init__(self, weights: Array, rates: Sequence[float], xp: Any) -> None:
        self._w = weights
        self.memory: dict[str, Array] = {}

    def step(self, t: int, direction: Array) -> None:
        """The direction includes η."""
        self._w -= direction


class Nesterov:
    """u ← μu + g, w ← w − η(g + μu): Nesterov's momentum in the form of torch.optim.SGD; u = 0 at first.

    The memory is the part of the next step that is known already, ημu.

    For a curvature s it contracts where 0 < ηs < 2(1 + μ)/(1 + 2μ); error multipliers are the roots z of
    z² − (1 + μ)(1 − ηs)z + μ(1 − ηs) = 0.

    Examples
    --------
    >>> w = np.array([[1.0]])
    >>> rule = Nesterov(w, [0.1], np)
    >>> rule.step(0, np.array([[0.1]]))
    >>> w, rule.memory["velocity"]
    (array([[0.81]]), array([[0.09]]))
    """

    commutes: ClassVar[bool] = True
    momentum = 0.9

    def __init__(self, weights: Array, rates: Sequence[float], xp: Any) -> None:
        self._w = weights
        self.memory: dict[str, Array] = {"velocity": xp.zeros_like(weights)}

    def step(self, t: int, direction: Array) -> None:
        """The direction includes η."""
        velocity = self.memory["velocity"]
        velocity += direction
        velocity *= self.momentum
        self._w -= direction
        self._w -= velocity


class Adam:
    """Adam (Kingma and Ba 2015) as in torch.optim.Adam. It is not equivariant under rotations of the data.

    Examples
    --------
    The first step has length η in every entry, whatever the gradient:

    >>> w = np.array([[1.0, 1.0]])
    >>> Adam(w, [0.1], np).step(0, np.array([[5.0, -0.01]]))
    >>> w.round(6)
    array([[0.9, 1.1]])
    """

    commutes: ClassVar[bool] = False
    betas = (0.9, 0.999)
    epsilon = 1e-8

    def __init__(self, weights: Array, rates: Sequence[float], xp: Any) -> None:
        self._w, self._do = weights, Operations(xp)
        self._rates = spread(per_run(xp.asarray(np.asarray(rates), dtype=weights.dtype), weights, xp), weights, xp)
        self._scratch = xp.empty_like(weights)
        self.memory: dict[str, Array] = {"first": xp.zeros_like(weights), "second": xp.zeros_like(weights)}

    @staticmethod
    def pace(t: int) -> float:
        """What the learning rate is multiplied by at step t."""
        return 1.0

    def step(self, t: int, direction: Array) -> None:
        """The direction is the gradient itself, without η."""
        first, second, scratch, do = self.memory["first"], self.memory["second"], self._scratch, self._do
        (b1, b2), g = self.betas, direction
        first *= b1
        do.multiply(g, 1 - b1, out=scratch)
        first += scratch
        g *= g
        g *= 1 - b2
        second *= b2
        second += g
        do.sqrt(second, out=scratch)
        scratch *= (1 - b2 ** (t + 1)) ** -0.5
        scratch += self.epsilon
        do.divide(first, scratch, out=scratch)
        scratch *= self.pace(t) / (1 - b1 ** (t + 1))
        scratch *= self._rates
        self._w -= scratch


class AdamInverseTime(Adam):
    """Adam whose rate is η/(1 + t/10) at step t: inverse time, as the notebook of Kunin et al. (2019) decays it."""

    @staticmethod
    def pace(t: int) -> float:
        """1/(1 + t/10)."""
        return 1 / (1 + t / 10)


class AdamGeometric(Adam):
    """Adam whose rate falls from η to η/1000 over 100,000 steps, by the same factor each: 10⁻³ to 10⁻⁶.

    Oftadeh et al. (2020) print both ends, and neither the shape nor the steps.
    """

    @staticmethod
    def pace(t: int) -> float:
        """10^(−3 min(t/100,000, 1))."""
        return 10 ** (-3 * min(t / 100_000, 1.0))


FLOWS = ("gd", "flow")
"""The rules that follow a flow: step n is at time ηn."""
RULES: dict[str, type[GradientDescent] | type[Nesterov] | type[Adam]] = {
    "gd": GradientDescent,
    "alternating": GradientDescent,
    "flow": GradientDescent,
    "nesterov": Nesterov,
    "adam": Adam,
    "adam-inverse-time": AdamInverseTime,
    "adam-geometric": AdamGeometric,
}
