"""Bao et al. 2020, Figure 2: how six models come to the optimal representation of MNIST (k = 20), under two optimisers.

The paper's setting is that of Appendix H.1: full batches, centred pixels in [0, 1], √λ_i evenly spaced over
0.1 … 0.9, p_B geometric with ratio 0.9, entries of the start N(0, 10⁻⁴), momentum 0.9, the learning rates of Table 2,
and 30,000 epochs as in the published figure. On MNIST these λ violate what Theorems 2 and 3 assume: λ_19 > σ_19² and
λ_20 > σ_20², so that two latents collapse at the minimum, where W2 has rank 18 and d_align and d_sub are at least 2/20.

The small setting is scikit-learn's digits with k = 10 and √λ_i over 0.1σ_k … 0.9σ_k, which satisfies the hypothesis;
the learning rates are multiples of the automatic one (of nested dropout with drawn masks only that of its expectation).
Everything is float32, as in the authors' code.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from numerics.experiments import images
from numerics.experiments.bao2020.common import (
    BREAKING,
    FOUND,
    GOAL,
    MODELS,
    OPTIMIZERS,
    ORDERED,
    Curves,
    followed,
    kept,
    prior,
    regularisers,
)
from numerics.experiments.curves import fastest
from numerics.experiments.figure import (
    ONLY,
    Answer,
    Asked,
    Figure,
    Measured,
    Readings,
    Sentence,
    Trial,
    Trials,
    records,
    setting,
)
from numerics.training.catalogue import make
from numerics.training.job import Schedule
from numerics.training.plan import plan
from numerics.training.program import Run, automatic_rate

RAG, L2 = "rag, nesterov", "l2, nesterov"
RATES: dict[str, dict[str, tuple[float, ...]]] = {
    "uniform-l2": {"nesterov": (1e-3,), "adam": (1e-3,)},
    "l2": {"nesterov": (1e-4, 3e-4, 1e-3, 3e-3), "adam": (1e-3, 3e-3, 1e-2, 3e-2)},
    "rag": {"nesterov": (1e-3, 3e-3, 1e-2)},
    "nested-dropout-sample": {"nesterov": (3e-2,), "adam": (1e-2,)},
    "nested-dropout": {"nesterov": (1e-2, 3e-2, 1e-1), "adam": (3e-3, 1e-2, 3e-2, 1e-1)},
    "vae": {"nesterov": (3e-4, 1e-3, 3e-3), "adam": (3e-4, 1e-3, 3e-3)},
}
"""Table 2. RAG is no gradient, so that Adam does not apply to it. Of nested dropout with drawn masks, a step of which
costs a pass over all samples, only the rates that the authors' code calls optimal."""


def trials(asked: Asked) -> list[Trial]:
    """All models but some, with all optimisers, learning rates and seeds."""
    if asked.setting == "paper" and asked.mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    data, source = images.read(asked.mnist, asked.layout)
    k = asked["k"]
    scale = float(np.sqrt(data.sigma2[min(k, data.m) - 1])) if asked["scaled"] else 1.0
    lam = regularisers(k, 0.1 * scale, 0.9 * scale)
    runs: list[Run] = []
    for model in kept(MODELS, asked.without):
        for optimizer, printed in RATES[model].items():
            tried = list(printed)
            if asked["factors"]:
                known = "nested-dropout" if model == "nested-dropout-sample" else model
                automatic = automatic_rate(make(known, k, data.sigma2, lam=lam, prior=prior(k)), optimizer, data.sigma2)
                factors = (1.0,) if model == "nested-dropout-sample" else asked["factors"][OPTIMIZERS.index(optimizer)]
                tried = [automatic * factor for factor in factors]
            how: dict[str, Any] = {"seeds": range(asked["seeds"]), "lam": lam, "prior": prior(k)}
            runs += plan(data, ks=[k], models=[model], optimizers=[optimizer], rates=tried, **how)
    return [Trial("all", data, source, tuple(runs), Schedule(asked["epochs"], asked["every"]), "float32")]


def measure(asked: Asked, trials: Trials) -> Readings:
    """The curves of each model and optimiser at the learning rate that aligns fastest."""
    trial = trials["all"]
    curves = followed(fastest(trial.finished), trial.data)
    shown = [one for seeds in curves.runs.values() for one in seeds]
    return {ONLY: Measured(curves, records(shown), curves.theory(), shown)}


def slowest(curves: Curves) -> Answer:
    """Whether non-uniform L2 is last, with the exact condition numbers."""
    seen, times = curves.is_last(L2, curves.named(BREAKING, "nesterov"))
    return seen, {**times, "exact κ": curves.condition_numbers()}


def draw(readings: Readings, figure: Any) -> None:
    """Both distances over the epochs."""
    readings[ONLY].values.draw(figure)


FIGURE = Figure(
    "bao2020/fig2",
    "alignment and subspace distance of six models, Nesterov and Adam",
    {
        "smoke": setting(5, k=3, scaled=True, factors=((1.0,), (1.0,)), seeds=3, epochs=200, every=10),
        "small": setting(
            30,
            k=10,
            scaled=True,
            factors=((0.5, 1.0, 2.0, 4.0, 8.0), (0.5, 1.0, 2.0, 4.0)),
            seeds=3,
            epochs=6000,
            every=20,
        ),
        "paper": setting(120_000, k=20, scaled=False, factors=None, seeds=3, epochs=30_000, every=50),
    },
    trials,
    measure,
    [
        *(
            Sentence(
                f"uniform-l2-does-not-align-{optimizer}",
                "Section 7",
                "the uniform ℓ2 regularization fails to learn the axis-aligned solutions",
                f"uniform-l2, {optimizer}: for no seed d_align reaches {GOAL}, though d_sub ends at or below {FOUND}",
                partial(Curves.never_aligns, name=f"uniform-l2, {optimizer}"),
            )
            for optimizer in OPTIMIZERS
        ),
        Sentence(
            "rag-faster-than-l2",
            "Section 7",
            "optimized with Nesterov, non-uniform ℓ2 has slow convergence; RAG has a faster convergence",
            f"for every seed RAG reaches d_align ≤ {GOAL} before non-uniform ℓ2",
            lambda curves: curves.is_first(RAG, [L2]),
        ),
        Sentence(
            "rag-fastest",
            "Section 7",
            "optimized with Nesterov, the regularized models have slow convergence; RAG has a faster convergence",
            f"for every seed RAG is the first of all to reach d_align ≤ {GOAL}",
            lambda curves: curves.is_first(RAG, curves.named(BREAKING, "nesterov")),
        ),
        Sentence(
            "l2-slowest",
            "Section 7",
            "the regularized models, especially non-uniform ℓ2, have slow convergence",
            f"under Nesterov non-uniform ℓ2 is, for every seed, the last that breaks the symmetry to reach {GOAL}",
            slowest,
        ),
        Sentence(
            "adam-accelerates",
            "Section 7",
            "Adam accelerates the learning of the regularized models and the linear VAE",
            f"each reaches d_align ≤ {GOAL} in fewer epochs with Adam than with Nesterov, for every seed",
            lambda curves: curves.adam_accelerates(curves.named(BREAKING, "nesterov")),
        ),
        Sentence(
            "subspace-first",
            "Section 6.4",
            "learning the PCA subspace is usually much more efficient than the rotation",
            f"d_sub ≤ {GOAL} is reached before d_align ≤ {GOAL}, for every model, optimiser and seed",
            Curves.subspace_first,
        ),
        Sentence(
            "ordered",
            "Figure 3",
            "an ordered, axis-aligned solution corresponds to diagonal UᵀW2 with ±1 diagonal entries",
            f"where d_align ≤ {GOAL} was reached, the ordered distance ends within 0.05 of the final d_align",
            lambda curves: curves.order(ORDERED, ordered=True),
        ),
        Sentence(
            "vae-not-ordered",
            "Figure 3",
            "the linear VAE does not enforce order over the hidden dimensions",
            f"where d_align ≤ {GOAL} was reached, the ordered distance ends more than 0.05 above the final d_align",
            lambda curves: curves.order(("vae",), ordered=False),
        ),
        Sentence(
            "l2-hypothesis",
            "Theorems 2 and 3",
            "assume λ_k < σ_k² (then the minimum of non-uniform ℓ2 is ordered and axis-aligned)",
            "λ_i < σ_i² for every latent, on the eigenvalues of the covariance",
            Curves.alive,
        ),
    ],
    draw,
    (9, 4.6),
    ("mnist", "epochs", "seeds", "without"),
)
