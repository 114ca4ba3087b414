"""Bao et al. 2020, Table 3: the learning-rate searches on the synthetic data, k = 20, 200 and 500.

Its boldface is not in our text, but Table 4 prints the rates that were used. RAG was searched under Adam, too, though
"Adam does not apply to RAG"; that row is left out here. The small setting has m = 200 with the same eigenvalues 1 … 100
(the authors' code; see Figure 4), on which the printed rates mean the same, and k = 20 alone.
"""

from __future__ import annotations

import numpy as np

from numerics.experiments.bao2020 import searches
from numerics.experiments.bao2020.common import GOAL, kept, regularisers
from numerics.experiments.bao2020.fig4 import RATES as USED
from numerics.experiments.bao2020.fig4 import SEED, SHOWN
from numerics.experiments.figure import ONLY, Asked, Figure, Readings, Sentence, Trial, Trials, setting
from numerics.training.data import synthetic
from numerics.training.job import Schedule

RATES: dict[int, dict[str, dict[str, tuple[float, ...]]]] = {
    20: {
        "l2": {"nesterov": (1e-4, 3e-4, 1e-3, 3e-3), "adam": (1e-3, 3e-3, 1e-2, 3e-2)},
        "rag": {"nesterov": (3e-5, 1e-4, 3e-4, 1e-3)},
        "nested-dropout": {"nesterov": (1e-4, 3e-4, 1e-3, 3e-3), "adam": (1e-3, 3e-3, 1e-2, 3e-2)},
        "vae": {"nesterov": (3e-5, 1e-4, 3e-4, 1e-3), "adam": (3e-4, 1e-3, 3e-3, 1e-2)},
    }
}
RATES[200] = RATES[20]
"""The rows of (b) for these models are those of (a)."""


def used(k: int) -> searches.Rates:
    """The rates of Table 4 for one k."""
    return {
        model: {
            optimizer: (printed[max(first for first in printed if first <= k)],)
            for optimizer, printed in USED[model].items()
        }
        for model in SHOWN
    }


def trials(asked: Asked) -> list[Trial]:
    """Every rate of every model, on data of evenly spaced eigenvalues."""
    m, n = asked["m"], asked["n"]
    data = synthetic(np.linspace(100.0, 1.0, m), n=n, rng=np.random.default_rng(SEED))
    source = {"synthetic": "eigenvalues 1…100", "m": m, "n": n, "seed": SEED}
    found = []
    for k in asked["ks"]:
        rates = RATES[200 if k >= 200 else 20]
        runs = searches.tried(data, k, rates, kept(SHOWN, asked.without), asked["seeds"], regularisers(k, 0.1, 10.0))
        found.append(Trial(f"k{k}", data, source, runs, Schedule(asked["epochs"], asked["every"]), "float32"))
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """How fast every rate is."""
    return {ONLY: searches.searched(list(trials.values()))}


FIGURE = Figure(
    "bao2020/table3",
    "learning-rate searches on the synthetic data",
    {
        "smoke": setting(4, m=20, n=100, ks=(3,), seeds=3, epochs=200, every=10),
        "small": setting(14, m=200, n=1000, ks=(20,), seeds=3, epochs=2000, every=20),
        "paper": setting(1200, m=1000, n=5000, ks=(20, 200), seeds=1, epochs=5000, every=50),
    },
    trials,
    measure,
    [
        Sentence(
            "used-is-best",
            "Tables 3 and 4",
            "the optimal learning rates are labelled in boldface (and used: Table 4)",
            f"for each model and optimiser the rate of Table 4 is the first of those tried to reach d_align ≤ {GOAL}",
            lambda values: searches.as_used(values, used(20)),
        ),
        Sentence(
            "searched-far-enough",
            "Appendix H.2",
            "we perform a search to find the optimal learning rates for each model and optimizer",
            "no best rate is the largest that was tried, unless three times it is unstable in theory",
            searches.optimum_inside,
        ),
        Sentence(
            "stable",
            "Appendix H.2",
            "(the rates that were searched can be trained with)",
            "no run diverged; the numbers are those that did, and rates above the largest that theory allows",
            searches.stable,
        ),
    ],
    searches.draw,
    (9, 4.4),
    ("epochs", "without"),
)
