"""Bao et al. 2020, Table 2: the learning-rate search on MNIST, k = 20.

The table prints the optimum of each row in boldface, which our text of it does not have: whether it is found again
cannot be judged. The small setting tries the same number of rates on digits, by factors of the automatic one.
"""

from __future__ import annotations

import numpy as np

from numerics.experiments import images
from numerics.experiments.bao2020 import searches
from numerics.experiments.bao2020.common import MODELS, kept, prior, regularisers
from numerics.experiments.bao2020.fig2 import RATES
from numerics.experiments.figure import ONLY, Asked, Figure, Readings, Sentence, Trial, Trials, setting
from numerics.training.catalogue import make
from numerics.training.job import Schedule
from numerics.training.program import automatic_rate

WITHOUT_MASKS = tuple(model for model in MODELS if model != "nested-dropout-sample")


def trials(asked: Asked) -> list[Trial]:
    """Every rate of every model but nested dropout with drawn masks, whose steps cost a pass over all samples."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout)
    k = asked["k"]
    scale = float(np.sqrt(data.sigma2[k - 1])) if asked["scaled"] else 1.0
    lam = regularisers(k, 0.1 * scale, 0.9 * scale)
    rates: searches.Rates = RATES
    if asked["scaled"]:
        rates = {
            model: {
                optimizer: [
                    factor
                    * automatic_rate(make(model, k, data.sigma2, lam=lam, prior=prior(k)), optimizer, data.sigma2)
                    for factor in asked["factors"]
                ]
                for optimizer in RATES[model]
            }
            for model in WITHOUT_MASKS
        }
    runs = searches.tried(data, k, rates, kept(WITHOUT_MASKS, asked.without), asked["seeds"], lam)
    return [Trial("search", data, source, runs, Schedule(asked["epochs"], asked["every"]), "float32")]


def measure(asked: Asked, trials: Trials) -> Readings:
    """How fast every rate is."""
    return {ONLY: searches.searched([trials["search"]])}


FIGURE = Figure(
    "bao2020/table2",
    "learning-rate search on MNIST, k = 20, Nesterov and Adam",
    {
        "smoke": setting(3, k=3, scaled=True, factors=(0.3, 1.0, 3.0), seeds=3, epochs=200, every=10),
        "small": setting(8, k=10, scaled=True, factors=(0.1, 0.3, 1.0, 3.0, 10.0), seeds=3, epochs=2000, every=20),
        "paper": setting(130, k=20, scaled=False, factors=None, seeds=1, epochs=10_000, every=50),
    },
    trials,
    measure,
    [
        Sentence(
            "optimal",
            "Table 2",
            "the optimal learning rates are labelled in boldface",
            "boldface is not in the text that we have: cannot be judged; the numbers are the best rates found",
            lambda values: (None, {name: searches.best(column) for name, column in values.items()}),
        ),
        Sentence(
            "searched-far-enough",
            "Appendix H.1",
            "the learning rate for each model and each optimizer is searched to be optimal",
            "no best rate is the largest that was tried, unless three times it is unstable in theory",
            searches.optimum_inside,
        ),
        Sentence(
            "stable",
            "Appendix H.1",
            "(the rates that were searched can be trained with)",
            "no run diverged; the numbers are those that did, and rates above the largest that theory allows",
            searches.stable,
        ),
    ],
    searches.draw,
    (9, 4.4),
    ("mnist", "epochs", "without"),
)
