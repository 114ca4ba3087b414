"""Regularisers (or priors) side by side: the best ones, those that the paper's optimisation picks, and the usual ones.

What the paper minimises, (16) for the L2 loss and its like in Appendix D, bounds the condition number from below by
rotations alone. Its minimum is not attained: it lies on the boundary of the admissible set, where other curvatures
vanish and the exact condition number is infinite. `Comparison.approach` follows it there.

Main results
    compare      every choice, measured, for one spectrum
    measured     one choice
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from numerics import priors
from numerics.conditioning import Conditioning, l2_conditioning, nested_dropout_conditioning
from numerics.minimax import Watch
from numerics.optimal import (
    Optimum,
    best_prior,
    best_regularisers,
    even_regularisers,
    even_roots,
    printed_prior,
    printed_regularisers,
)
from numerics.sharper import every_bound

Floats = NDArray[np.float64]
EPSILONS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8)
"""How far inside the boundary, in units of σ_k² or of p_1, the printed optimum is approached."""
OBJECTIVES = {"l2": "bao2020/B/eq16", "nested-dropout": "bao2020/D/ratio+"}
"""The bounds that (16), and Appendix D after it, minimise over the weights."""


@dataclass(frozen=True)
class Choice:
    """Weights under a name, and what is measured at them.

    Attributes
    ----------
    id, name : str
        The name in words says how the weights are chosen.
    weights : array (k,)
        λ, or p_B.
    found : Conditioning or None
        None where there is no such minimum; `reason` says why.
    reason : str
    objective : float
        What the paper minimises; NaN at k = 1, where it is an empty maximum, and where weights are not admissible.
    """

    id: str
    name: str
    weights: Floats
    found: Conditioning | None
    reason: str
    objective: float

    @property
    def condition_number(self) -> float:
        """The exact one, infinite where the minimum does not exist."""
        return self.found.condition_number if self.found else inf


@dataclass(frozen=True)
class Comparison:
    """All choices for one spectrum, the best one first.

    Attributes
    ----------
    optimum : Optimum
        What vouches for the best one.
    choices : list of Choice
    approach : list of (ε, Choice)
        The printed optimum at the distance ε from its boundary; empty at k = 1.
    """

    optimum: Optimum
    choices: list[Choice]
    approach: list[tuple[float, Choice]]


def compare(loss: str, sigma2: Floats, k: int, *, scale: str, watch: Watch | None = None) -> Comparison:
    """Measure the best weights, the printed ones, those of the paper's experiments, and even ones.

    Parameters
    ----------
    loss : "l2" or "nested-dropout"
    sigma2 : array (m,)
    k : int
    scale : "half" or "main"
    watch : callable, optional
        As for `minimax.descend`.

    Raises
    ------
    ValueError, ArithmeticError
        As `optimal.best_regularisers`.

    Examples
    --------
    >>> found = compare("l2", np.array([4.0, 2.0, 1.0]), 2, scale="half")
    >>> [choice.id for choice in found.choices if choice.found]
    ['best', 'experiment', 'experiment-scaled', 'even']
    >>> kappas = [choice.condition_number for _, choice in found.approach]
    >>> kappas == sorted(kappas)
    True
    """
    optimum = (best_regularisers if loss == "l2" else best_prior)(sigma2, k, watch=watch)
    plan = [("best", "least exact κ", optimum.weights)]
    if loss == "l2":
        root, printed = float(sigma2[k - 1]) ** 0.5, printed_regularisers
        edge = ("(16): λ₁ = 0, λₖ = σₖ²", "not attained: scalings vanish")
        others = [
            ("experiment", "√λ even 0.1…0.9 (App. H)", even_roots(0.1, 0.9, k)),
            ("experiment-scaled", "√λ even (0.1…0.9) σₖ", even_roots(0.1 * root, 0.9 * root, k)),
            ("even", "λ even, i σₖ²/(k + 1)", even_regularisers(sigma2, k)),
        ]
    else:
        printed = printed_prior
        edge = ("App. D: p_B ∝ 1/(σᵢ² − σᵢ₊₁²)", "not attained: latent k is left out")
        others = [
            ("experiment", "p_B(b) = 0.9ᵇ·0.1 (App. H)", priors.geometric(k)),
            ("uniform", "p_B uniform", np.full(k, 1 / k)),
        ]
    choices = [measured(loss, sigma2, weights, scale=scale, id=id, name=name) for id, name, weights in plan + others]
    if k == 1:
        return Comparison(optimum, choices, [])
    bare = printed(sigma2, k)
    choices.insert(1, Choice("printed", edge[0], bare, None, edge[1], _objective(loss, sigma2, bare)))
    approach = [
        (
            epsilon,
            measured(
                loss,
                sigma2,
                printed(sigma2, k, epsilon),
                scale=scale,
                id="printed",
                name=f"{edge[0]}, within {epsilon:g}",
            ),
        )
        for epsilon in EPSILONS
    ]
    return Comparison(optimum, choices, approach)


def measured(loss: str, sigma2: Floats, weights: Floats, *, scale: str, id: str, name: str) -> Choice:
    """One choice, measured; with the reason where there is no isolated minimum at it."""
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    try:
        found = measure(sigma2, weights, scale=scale)
    except (ValueError, ArithmeticError) as error:
        return Choice(id, name, weights, None, str(error), np.nan)
    return Choice(id, name, weights, found, "", _objective(loss, sigma2, weights))


def _objective(loss: str, sigma2: Floats, weights: Floats) -> float:
    with np.errstate(all="ignore"):
        bounds = every_bound(loss, sigma2, weights, scale="half")
    return next((float(bound.value) for bound in bounds if bound.id == OBJECTIVES[loss]), np.nan)
