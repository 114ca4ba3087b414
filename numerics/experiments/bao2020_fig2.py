"""Bao et al. 2020, Figure 2: how six models come to the optimal representation of MNIST (k = 20), under two optimisers.

The paper's setting is that of Appendix H.1: full batches, centred pixels in [0, 1], √λ_i evenly spaced over
0.1 … 0.9, p_B geometric with ratio 0.9, entries of the start N(0, 10⁻⁴), momentum 0.9, the learning rates of Table 2,
and 30,000 epochs as in the published figure. On MNIST these λ violate what Theorems 2 and 3 assume: λ_19 > σ_19² and
λ_20 > σ_20², so that two latents collapse at the minimum, where W2 has rank 18 and d_align and d_sub are at least 2/20.

The small setting is scikit-learn's digits with k = 10 and √λ_i over 0.1σ_k … 0.9σ_k, which satisfies the hypothesis;
the learning rates are multiples of the automatic one (of nested dropout with drawn masks only that of its expectation).
Everything is float32, as in the authors' code.

Main results
    EXPERIMENT      for :func:`numerics.experiments.experiment.reproduce`
    judge           what the paper says about the figure, and whether it was seen
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from numerics.experiments import images, look
from numerics.experiments.bao2020 import GOAL, MODELS, OPTIMIZERS, collapsed, kept, named, rate, regularisers
from numerics.experiments.curves import epochs_to, every, fastest, sooner
from numerics.experiments.experiment import Experiment, Sentence, number, tabulate
from numerics.layouts import Layout
from numerics.training.campaign import Config, Finished
from numerics.training.catalogue import make
from numerics.training.data import Data
from numerics.training.job import Schedule
from numerics.training.plan import plan
from numerics.training.program import Run, automatic_rate

RAG, L2 = "rag, nesterov", "l2, nesterov"
BREAKING = ("l2", "nested-dropout-sample", "nested-dropout", "vae")
"""The models whose loss breaks the symmetry; RAG breaks it by its rule."""
ORDERED = ("l2", "rag", "nested-dropout")
"""The models whose minimum is ordered."""
PANELS = (("alignment", "linear", "distance to alignment"), ("subspace", "log", "distance to the subspace"))
FOUND = 0.05
"""The distance to the subspace at which it counts as found."""
EPOCHS = {"small": 10_000, "paper": 30_000}
EVERY = {"small": 10, "paper": 50}
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


def read(setting: str, mnist: str | None, layout: Layout = Layout()) -> tuple[Data, dict[str, Any]]:  # noqa: B008
    """MNIST, or the digits in the small setting if no file is given."""
    if setting == "paper" and mnist is None:
        raise ValueError("mnist: the paper's setting wants --mnist FILE (.npz or .npy, an image a row)")
    return images.read(mnist, layout)


def ask(setting: str, data: Data, source: dict[str, Any], epochs: int | None, without: Sequence[str]) -> Config:
    """All models but some, with all optimisers and learning rates."""
    k = 20 if setting == "paper" else 10
    scale = 1.0 if setting == "paper" else float(np.sqrt(data.sigma2[min(k, data.m) - 1]))
    lam = regularisers(k, 0.1 * scale, 0.9 * scale)
    runs: list[Run] = []
    for model in kept(MODELS, without):
        for optimizer, printed in RATES[model].items():
            tried: list[float | str] = ["grid"]
            if setting == "paper":
                tried = [rate(model, optimizer, x) for x in printed]
            elif model == "nested-dropout-sample":
                tried = [automatic_rate(make("nested-dropout", k, data.sigma2), optimizer, data.sigma2)]
            runs += plan(data, ks=[k], models=[model], optimizers=[optimizer], rates=tried, lam=lam)
    schedule = Schedule(epochs or EPOCHS[setting], EVERY[setting])
    return Config(tuple(runs), schedule, "float32", data.digest, source)


def choose(finished: Sequence[Finished]) -> list[Finished]:
    """Of each model and optimiser the run whose learning rate was best, in the paper's order."""
    best = fastest(finished)
    return sorted(best.values(), key=lambda one: (MODELS.index(one[0].model.name), OPTIMIZERS.index(one[0].optimizer)))


def judge(shown: Sequence[Finished], data: Data, config: Config) -> list[Sentence]:
    """What Section 7 says about Figure 2, and whether it was seen."""
    times = {named(one): epochs_to(one, "alignment", GOAL) for one in shown}
    subspace = {named(one): epochs_to(one, "subspace", GOAL) for one in shown}
    last = {
        metric: {named(one): number(one[2][metric][-1]) for one in shown}
        for metric in ("alignment", "ordered_alignment", "subspace")
    }
    breaking = [name for name in times if name.partition(", ")[0] in BREAKING]
    slow = [name for name in breaking if name.endswith("nesterov")]
    uniform = [name for name in times if name.startswith("uniform-l2")]
    aligned = [name for name in times if times[name] is not None]
    ordered = [name for name in aligned if name.startswith(ORDERED)]
    free = [name for name in aligned if name.startswith("vae")]

    def never(name: str) -> bool | None:
        found = last["subspace"][name]
        return times[name] is None if found is not None and found <= FOUND else None

    def before(first: str, second: str) -> bool | None:
        return sooner(times[first], times[second]) if first in times and second in times else None

    return [
        *(
            Sentence(
                f"uniform-l2-does-not-align-{name.partition(', ')[2]}",
                "Section 7",
                "the uniform ℓ2 regularization fails to learn the axis-aligned solutions",
                f"{name}: d_align never reaches {GOAL}, though d_sub ends at or below {FOUND}",
                never(name),
                {metric: column[name] for metric, column in last.items()},
            )
            for name in uniform
        ),
        Sentence(
            "rag-faster-than-l2",
            "Section 7",
            "optimized with Nesterov, non-uniform ℓ2 has slow convergence; RAG has a faster convergence",
            f"RAG reaches d_align ≤ {GOAL} before non-uniform ℓ2",
            before(RAG, L2),
            {name: times.get(name) for name in (RAG, L2)},
        ),
        Sentence(
            "rag-fastest",
            "Section 7",
            "optimized with Nesterov, the regularized models have slow convergence; RAG has a faster convergence",
            f"RAG is the first of all to reach d_align ≤ {GOAL}",
            every(before(RAG, name) for name in slow),
            {name: times.get(name) for name in (RAG, *slow)},
        ),
        Sentence(
            "l2-slowest",
            "Section 7",
            "the regularized models, especially non-uniform ℓ2, have slow convergence",
            f"under Nesterov non-uniform ℓ2 is the last of those that break the symmetry to reach d_align ≤ {GOAL}",
            every(before(name, L2) for name in slow if name != L2),
            {name: times[name] for name in slow},
        ),
        Sentence(
            "adam-accelerates",
            "Section 7",
            "Adam accelerates the learning of the regularized models and the linear VAE",
            f"each reaches d_align ≤ {GOAL} in fewer epochs with Adam than with Nesterov",
            every(before(name.replace("nesterov", "adam"), name) for name in slow),
            {name: times[name] for name in breaking},
        ),
        Sentence(
            "subspace-first",
            "Section 6.4",
            "learning the PCA subspace is usually much more efficient than the rotation",
            f"under either optimiser d_sub ≤ {GOAL} is reached before d_align ≤ {GOAL}",
            every(sooner(subspace[name], times[name]) for name in times),
            {name: {"subspace": subspace[name], "alignment": times[name]} for name in times},
        ),
        Sentence(
            "ordered",
            "Figure 3",
            "an ordered, axis-aligned solution corresponds to diagonal UᵀW2 with ±1 diagonal entries",
            f"where d_align ≤ {GOAL} was reached, the ordered distance ends within 0.05 of the final d_align",
            every(_difference(last, name) <= 0.05 for name in ordered),
            {name: {metric: last[metric][name] for metric in ("alignment", "ordered_alignment")} for name in ordered},
        ),
        Sentence(
            "vae-not-ordered",
            "Figure 3",
            "the linear VAE does not enforce order over the hidden dimensions",
            f"where d_align ≤ {GOAL} was reached, the ordered distance ends more than 0.05 above the final d_align",
            every(_difference(last, name) > 0.05 for name in free),
            {name: {metric: last[metric][name] for metric in ("alignment", "ordered_alignment")} for name in free},
        ),
        *(_alive(one[0], data, last) for one in shown if named(one) == L2),
    ]


def _alive(run: Run, data: Data, last: dict[str, dict[str, float | None]]) -> Sentence:
    """Latents with λ_i ≥ σ_i² vanish at the minimum; they keep both distances away from zero."""
    dead = collapsed(run, data.sigma2)
    names = [name for name in last["alignment"] if name.startswith("l2")]
    return Sentence(
        "l2-hypothesis",
        "Theorems 2 and 3",
        "assume λ_k < σ_k² (then the minimum of non-uniform ℓ2 is ordered and axis-aligned)",
        "λ_i < σ_i² for every latent, on the eigenvalues of the covariance",
        not dead,
        {
            "latents that collapse": dead,
            "λ of these": [run.model.loss.ridge[i - 1] for i in dead],
            "σ² of these": [float(data.sigma2[i - 1]) for i in dead],
            "least d_align and d_sub at the minimum": len(dead) / run.model.k,
            **{name: {metric: last[metric][name] for metric in ("alignment", "subspace")} for name in names},
        },
    )


def _difference(last: dict[str, dict[str, float | None]], name: str) -> float:
    unordered, ordered = last["alignment"][name], last["ordered_alignment"][name]
    return float("inf") if unordered is None or ordered is None else ordered - unordered


def draw(shown: Sequence[Finished], figure: Any) -> None:
    """Both distances over the epochs."""
    panels = figure.subplots(1, 2)
    for panel, (metric, scale, title) in zip(panels, PANELS, strict=True):
        for run, _, history in shown:
            positive = (history[metric] > 0) & (history["epoch"] > 0)
            panel.plot(
                history["epoch"][positive],
                history[metric][positive],
                markevery=0.1,
                **look.style(run.model.name, run.optimizer),
            )
        panel.set_xscale("log")
        panel.set_yscale(scale)
        panel.set_xlabel("epoch")
        panel.set_title(title)
        panel.grid(alpha=0.3)
    panels[1].set_ylim(bottom=1e-16)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)


EXPERIMENT = Experiment(
    "Bao et al. 2020, Figure 2: alignment and subspace distance while training",
    read,
    ask,
    choose,
    judge,
    tabulate,
    draw,
    (9, 4.5),
)
