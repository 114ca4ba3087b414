"""Bao et al. 2020, Table 4: the learning rates used on the synthetic data, for every number of latents.

Three texts disagree on these data (see Figure 4). The printed rates are tried on two readings: eigenvalues spaced over
1 … 100, as in the authors' code, and singular values spaced over 1 … 100, as Appendix H.2 says.
"""

from __future__ import annotations

import numpy as np

from numerics.experiments.bao2020 import searches
from numerics.experiments.bao2020.common import kept, regularisers
from numerics.experiments.bao2020.fig4 import READINGS, SEED, SHOWN
from numerics.experiments.bao2020.table3 import used
from numerics.experiments.figure import Asked, Figure, Readings, Sentence, Trial, Trials, setting
from numerics.training.data import synthetic
from numerics.training.job import Schedule


def trials(asked: Asked) -> list[Trial]:
    """Every model at its rate, for each k and reading."""
    m, n = asked["m"], asked["n"]
    found = []
    for i, (reading, spaced) in enumerate(READINGS.items()):
        data = synthetic(spaced(m), n=n, rng=np.random.default_rng(SEED))
        source = {"synthetic": reading, "m": m, "n": n, "seed": SEED}
        for k in asked["ks"]:
            lam = regularisers(k, 0.1, 10.0)
            runs = searches.tried(data, k, used(k), kept(SHOWN, asked.without), asked["seeds"], lam)
            found.append(
                Trial(f"data{i}-k{k}", data, source, runs, Schedule(asked["epochs"], asked["every"]), "float32")
            )
    return found


def measure(asked: Asked, trials: Trials) -> Readings:
    """How every rate fares."""
    return {
        reading: searches.searched([trial for trial in trials.values() if trial.source["synthetic"] == reading])
        for reading in READINGS
    }


FIGURE = Figure(
    "bao2020/table4",
    "the learning rates used on the synthetic data, and the largest stable ones",
    {
        "smoke": setting(3, m=20, n=100, ks=(2, 5), seeds=3, epochs=100, every=10),
        "small": setting(8, m=200, n=1000, ks=(2, 5, 10, 20), seeds=3, epochs=600, every=20),
        "paper": setting(740, m=1000, n=5000, ks=(2, 5, 10, 20, 50, 100, 200), seeds=1, epochs=2000, every=50),
    },
    trials,
    measure,
    [
        Sentence(
            "stable",
            "Table 4",
            "learning rate used for experiments on the synthetic dataset",
            "no run diverged at the rates of Table 4",
            searches.stable,
        ),
        Sentence(
            "below-the-limit",
            "Table 4",
            "(the same, in theory)",
            "every rate under Nesterov is below 2(1 + μ)/((1 + 2μ)s_max), s_max exact at the balanced minimum",
            searches.below_limit,
        ),
    ],
    searches.draw_limits,
    (9, 4.4),
    ("epochs", "without"),
)
