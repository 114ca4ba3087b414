"""What the figures of Bao et al. 2020 share: models, optimisers, the scale of the learning rates, curves and rules.

The authors' code has every loss at the scale 1/n, nested dropout too, of which the text prints the half; it counts its
prior from b = 0, the text from b = 1; RAG's rotation stands inside of the gradient, under momentum. That is trained.

Main results
    MODELS, OPTIMIZERS, GOAL
    kept            the models of a figure but some
    prior           that of nested dropout
    regularisers    λ_i from evenly spaced √λ_i
    collapsed       the latents that regularisers leave nothing at the minimum
    condition_number    the exact one at the minimum
    followed        the curves of chosen runs, by model and optimiser
    Curves          … and what the paper says of them, as rules
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.experiments import look
from numerics.experiments.curves import epochs_to, every, sooner
from numerics.experiments.figure import Answer, Compared, number
from numerics.rag import rag_convergence
from numerics.training.campaign import Finished
from numerics.training.data import Data
from numerics.training.program import Run
from numerics.training.update_rules import Nesterov

OPTIMIZERS = ("nesterov", "adam")
MODELS = ("uniform-l2", "l2", "rag", "nested-dropout-sample", "nested-dropout", "vae")
"""In the paper's order; its nested dropout draws a mask for each sample."""
BREAKING = ("l2", "nested-dropout-sample", "nested-dropout", "vae")
"""The models whose loss breaks the symmetry; RAG breaks it by its rule."""
ORDERED = ("l2", "rag", "nested-dropout")
"""The models whose minimum is ordered."""
RATIO = 0.9
"""Of the geometric prior."""
GOAL = 0.3
"""The distance to alignment at which Figure 4 calls a model aligned."""
FOUND = 0.05
"""The distance to the subspace at which it counts as found."""
STABLE = 2 * (1 + Nesterov.momentum) / (1 + 2 * Nesterov.momentum)
"""ηs_max up to which Nesterov's method is stable at a minimum."""
PANELS = (("alignment", "linear", "distance to alignment"), ("subspace", "log", "distance to the subspace"))


def kept(models: Sequence[str], without: Sequence[str]) -> list[str]:
    """The models of a figure but some.

    Raises
    ------
    ValueError
        If one of those is not in it, or none is left.

    Examples
    --------
    >>> kept(("l2", "rag"), ["rag"])
    ['l2']
    """
    for name in without:
        if name not in models:
            raise ValueError(f"without: got {name!r}; want some of {', '.join(models)}")
    if not (left := [name for name in models if name not in without]):
        raise ValueError("without: no model is left")
    return left


def prior(k: int) -> np.ndarray:
    """p_B(b) = ρ^{b−1}(1 − ρ) for b < k, the rest at k, ρ = 0.9, as the authors' code counts; the text has ρ^b(1 − ρ).

    >>> prior(3).round(12)
    array([0.1 , 0.09, 0.81])
    """
    found = RATIO ** np.arange(k) * (1 - RATIO)
    found[-1] = RATIO ** (k - 1)
    return found


def regularisers(k: int, low: float, high: float) -> np.ndarray:
    """λ_i of k latents, √λ_i evenly spaced from low to high.

    >>> regularisers(3, 1.0, 3.0)
    array([1., 4., 9.])
    """
    return np.linspace(low, high, k) ** 2


def collapsed(run: Run, sigma2: np.ndarray) -> list[int]:
    """The latents, from 1, with λ_i ≥ σ_i²: they vanish at the minimum.

    >>> from numerics.training.catalogue import make
    >>> sigma2 = np.array([3.0, 2.0, 1.0])
    >>> collapsed(Run(make("l2", 2, sigma2, lam=[1.0, 2.5]), "gd", 0.1), sigma2)
    [2]
    """
    lam = run.model.loss.ridge
    return [i + 1 for i in range(run.model.k) if lam[i] >= sigma2[i]]


def condition_number(run: Run, sigma2: np.ndarray) -> float | None:
    """κ at the minimum of non-uniform L2 or nested dropout, and of RAG's linearisation; None where it degenerates.

    >>> from numerics.training.catalogue import make
    >>> sigma2 = np.array([3.0, 2.0, 1.0])
    >>> round(condition_number(Run(make("l2", 2, sigma2, lam=[1.0, 1.5]), "gd", 0.1), sigma2), 2)
    39.67
    >>> condition_number(Run(make("l2", 2, sigma2, lam=[1.0, 2.5]), "gd", 0.1), sigma2)
    """
    loss, scale = run.model.loss, run.model.scale
    try:
        if run.model.name == "rag":
            return number(rag_convergence(sigma2, run.model.k, scale=scale).condition_number)
        if run.model.name == "l2":
            return number(l2_conditioning(sigma2, np.array(loss.ridge), scale=scale).condition_number)
        prior = np.array(loss.masks) / sum(loss.masks)
        return number(nested_dropout_conditioning(sigma2, prior, scale=scale).condition_number)
    except (ValueError, ArithmeticError):
        return None


@dataclass(frozen=True)
class Curves:
    """The chosen runs of a figure, all seeds of each model and optimiser, named "model, optimiser".

    Parameters
    ----------
    runs : mapping
        Names to finished runs.
    data : Data
    """

    runs: Mapping[str, Sequence[Finished]]
    data: Data

    def times(self, name: str, metric: str = "alignment") -> list[float | None]:
        """The epochs to GOAL, by seed."""
        return [epochs_to(one, metric, GOAL) for one in self.runs.get(name, ())]

    def last(self, name: str, metric: str) -> list[float | None]:
        """The final value, by seed."""
        return [number(history[metric][-1]) for *_, history in self.runs.get(name, ())]

    def named(self, models: Sequence[str], optimizer: str = "") -> list[str]:
        """The names that are there of some models, perhaps under one optimiser."""
        return [name for name in self.runs if name.partition(", ")[0] in models and name.endswith(optimizer)]

    def before(self, first: str, second: str, metric: str = "alignment", other: str = "alignment") -> bool | None:
        """Whether the first is sooner than the second for every seed."""
        return every(map(sooner, self.times(first, metric), self.times(second, other)))

    # -- rules ------------------------------------------------------------------------------------

    def never_aligns(self, name: str) -> Answer:
        """Whether it never aligns, though it finds the subspace."""
        numbers = {metric: self.last(name, metric) for metric in ("alignment", "ordered_alignment", "subspace")}
        found = [x is not None and x <= FOUND for x in numbers["subspace"]]
        answers = (t is None if f else None for t, f in zip(self.times(name), found, strict=True))
        return every(answers), numbers

    def is_first(self, name: str, others: Sequence[str]) -> Answer:
        """Whether it aligns before all of the others."""
        return every(self.before(name, x) for x in others), {x: self.times(x) for x in (name, *others)}

    def is_last(self, name: str, others: Sequence[str]) -> Answer:
        """Whether it aligns after all of the others."""
        numbers = {x: self.times(x) for x in (name, *others)}
        return every(self.before(x, name) for x in others if x != name), numbers

    def adam_accelerates(self, names: Sequence[str]) -> Answer:
        """Whether each, named with Nesterov, aligns sooner with Adam."""
        pairs = [(x.replace("nesterov", "adam"), x) for x in names]
        return every(self.before(*pair) for pair in pairs), {x: self.times(x) for pair in pairs for x in pair}

    def subspace_first(self) -> Answer:
        """Whether the subspace is reached before the alignment."""
        numbers = {x: {m: self.times(x, m) for m in ("subspace", "alignment")} for x in self.runs}
        return every(self.before(x, x, "subspace") for x in self.runs), numbers

    def order(self, models: Sequence[str], *, ordered: bool) -> Answer:
        """Whether the aligned ones are ordered, up to 0.05, or whether none of them is."""
        names = self.named(models)
        answers, numbers = [], {}
        for name in names:
            free, strict = (self.last(name, metric) for metric in ("alignment", "ordered_alignment"))
            numbers[name] = {"alignment": free, "ordered_alignment": strict}
            for arrived, x, y in zip(self.times(name), free, strict, strict=True):
                if arrived is not None:
                    answers.append((x is not None and y is not None and y - x <= 0.05) == ordered)
        return every(answers), numbers

    def alive(self) -> Answer:
        """Whether λ_i < σ_i² for every latent of non-uniform L2."""
        names, sigma2 = self.named(("l2",)), self.data.sigma2
        if not names:
            return None, {}
        run = self.runs[names[0]][0][0]
        dead = collapsed(run, sigma2)
        numbers = {
            "latents that collapse": dead,
            "λ of these": [run.model.loss.ridge[i - 1] for i in dead],
            "σ² of these": [float(sigma2[i - 1]) for i in dead],
            "least d_align and d_sub at the minimum": len(dead) / run.model.k,
        }
        return not dead, numbers

    # -- theory and drawing -----------------------------------------------------------------------

    def theory(self) -> list[Compared]:
        """The least losses against the last ones, and where d_sub and d_align can come to, for models with a loss."""
        found, sigma2 = [], self.data.sigma2
        for name, seeds in self.runs.items():
            if name.startswith("vae"):
                continue
            least = [run.model.minimum(sigma2) for run, *_ in seeds]
            found.append(Compared(f"{name}: the least loss", least, [h["loss"][-1] for *_, h in seeds]))
            lost = [len(collapsed(run, sigma2)) / run.model.k for run, *_ in seeds]
            for metric, word in (("subspace", "d_sub"), ("alignment", "d_align")):
                if metric == "subspace" or not name.startswith("uniform-l2"):
                    found.append(Compared(f"{name}: the least {word}", lost, [h[metric][-1] for *_, h in seeds]))
        return found

    def condition_numbers(self) -> dict[str, float | None]:
        """The exact κ of each model that has one."""
        names = self.named(("l2", "rag", "nested-dropout"), "nesterov")
        return {name.partition(",")[0]: condition_number(self.runs[name][0][0], self.data.sigma2) for name in names}

    def draw(self, figure: Any, thin: str | None = None) -> None:
        """The distances over the epochs: medians and ranges of the seeds; what thin lines are, if others are drawn."""
        drawn = figure.subplots(1, len(PANELS))
        for panel, (metric, scale, title) in zip(drawn, PANELS, strict=True):
            for seeds in self.runs.values():
                run, _, history = max(seeds, key=lambda one: len(one[2]["epoch"]))
                later = slice(1, None)
                curves = [np.maximum(h[metric][later], 1e-16) for *_, h in seeds]
                look.band(panel, history["epoch"][later], curves, look.style(run.model.name, run.optimizer))
            if least := self.alive()[1].get("least d_align and d_sub at the minimum"):
                panel.axhline(least, **look.THEORY, label="non-uniform L2, at its minimum")
            panel.set(xscale="log", yscale=scale, xlabel="epoch", title=title)
        drawn[0].set_ylim(-0.03, 1.03)
        if thin:
            look.explain(drawn[0], thin, color=look.GREY, linewidth=0.6)
        look.legend(figure, drawn[0])


def followed(chosen: Mapping[Any, Sequence[Finished]], data: Data) -> Curves:
    """Curves in the paper's order."""
    ordered = sorted(
        chosen.values(), key=lambda s: (MODELS.index(s[0][0].model.name), OPTIMIZERS.index(s[0][0].optimizer))
    )
    return Curves({f"{s[0][0].model.name}, {s[0][0].optimizer}": s for s in ordered}, data)
