"""What every model has: a loss and a scale, what its theorem assumes, where its minimum lies, what moves it.

A model is a class: it says how its loss is made, which field moves it, and where it differs from what is written here,
which holds for every loss of :mod:`numerics.losses`. Its name in `catalogue.MODELS` is all that the rest needs.

Main results
    Model               the base of all models
    Model.of            the loss for k latents
    Model.field_for     what moves the weights
    Model.check         which rules it goes with
    Model.premises      what its theorem assumes, each checked on data and a start
    Model.minimum       the least loss
    Model.curvature     the largest eigenvalue of the Hessian at the minimum, exact: what learning rates are made of
    Premise             a hypothesis, and whether it holds
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from numerics import losses, scales
from numerics.losses import Loss
from numerics.training import curvatures
from numerics.training.data import Data

Array = Any


@dataclass(frozen=True)
class Premise:
    """A hypothesis of a theorem on a given spectrum; `why` says where it fails."""

    text: str
    holds: bool
    why: str = ""


@dataclass(frozen=True)
class Ingredients:
    """What a loss is made with: what a user gave, or None.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, from which regularisers are chosen.
    lam, prior : array_like (k,), optional
    """

    sigma2: Array
    lam: Any = None
    prior: Any = None


@dataclass(frozen=True)
class Model:
    """A model of k latents.

    Parameters
    ----------
    loss : Loss
        At scale main, as the hypotheses of theorems have it.
    scale : "main" or "half"
        Of what is minimised, its gradient, curvature and least value; a rotation is the same at both.
    inner : tuple of integers
        The widths d_1, …, d_{N−2} before the last hidden layer: the encoder is a product of N − 1 layers.
    """

    loss: Loss
    scale: str = scales.DEFAULT
    inner: tuple[int, ...] = ()

    name: ClassVar[str]
    field: ClassVar[Any]
    """The class of its field."""
    formula: ClassVar[str] = "(1/n)‖X − W₂W₁X‖²"
    """What is minimised, or reported, at scale main."""
    takes: ClassVar[tuple[str, ...]] = ()
    """Which numbers its loss is made with: "lambda", "prior"."""
    has_scale: ClassVar[bool] = True
    has_widths: ClassVar[bool] = False
    """Whether it has layers of any number and widths."""
    rotation: ClassVar[str] = "none"
    """Where a rotation W1 ← (I + ηA)W1, W2 ← W2(I − ηA) stands: inside of the "gradient", or in the "update"."""
    draws: ClassVar[str] = "none"
    """Whether masks are drawn in each step, one for the "batch" or for each "sample", instead of their expectation."""
    tied: ClassVar[bool] = False
    """Whether W2 = W1ᵀ throughout; the gradient is that by W1."""
    alternates: ClassVar[bool] = False
    """Whether each layer can be minimised over exactly."""
    predicts: ClassVar[bool] = False
    """Whether it is about reconstruction alone, so that it can predict targets as well."""

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """The loss of k latents; that of reconstruction unless a model says otherwise."""
        return losses.unregularised(k)

    @property
    def kind(self) -> tuple[str, bool]:
        """Models of one kind can be one program."""
        return self.field.__name__, self.tied

    @classmethod
    def field_for(cls, data: Data) -> Any:
        """The class of what moves the weights on these data."""
        return cls.field

    @property
    def weight(self) -> float:
        """What the loss at scale main is multiplied by."""
        return scales.SCALES[self.scale] / scales.SCALES["main"]

    def at(self, scale: str) -> Model:
        """The model with its loss at another scale, if it has one."""
        return replace(self, scale=scale) if self.has_scale else self

    @property
    def k(self) -> int:
        """The number of latents: the width of the last hidden layer."""
        return len(self.loss.masks)

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths d_1, …, d_{N−1} of the hidden layers; just k for two layers."""
        return (*self.inner, self.k)

    @property
    def rank(self) -> int:
        """The largest rank that the product of the layers can have."""
        return min(self.widths)

    @property
    def size(self) -> str:
        """The widths of the hidden layers in short: k5, or 20x5x20 of a network that may have several."""
        return "x".join(map(str, self.widths)) if self.has_widths else f"k{self.k}"

    def rows(self, m: int) -> int:
        """How many rows of length m an encoder and a decoder take, each, of the memory."""
        return sum(after * max(before, m) for before, after in pairwise((m, *self.widths))) // m

    def sizes(self, data: Data) -> tuple[int, ...]:
        """The widths of all layers, d_0, …, d_N."""
        return data.m, *self.widths, len(data.explained)

    @property
    def scale_is_free(self) -> bool:
        """Whether W1 → aW1, W2 → W2/a leaves the loss as it is, and nothing else fixes the order of the latents."""
        return not any(self.loss.ridge) and not any(self.loss.masks[:-1])

    @property
    def finds(self) -> str:
        """The metric that is zero where all is found that the model determines.

        "ordered_alignment" if the i-th latent belongs to the i-th eigenvector, "subspace" if latents may be mixed.

        >>> from numerics.training.catalogue import make
        >>> [make(name, 2, np.array([3.0, 2.0])).finds for name in ("l2", "uniform-l2", "summed", "rag", "oja", "vae")]
        ['ordered_alignment', 'subspace', 'ordered_alignment', 'ordered_alignment', 'subspace', 'alignment']
        """
        ordered = all(self.loss.masks) or len(set(self.loss.ridge)) == self.k > 1
        return "ordered_alignment" if ordered else "subspace"

    def live(self, sigma2: Array) -> int:
        """How many latents have something to learn: those that a mask keeps, a positive σ_i² and its λ_i leave.

        Examples
        --------
        >>> from numerics.training.catalogue import make
        >>> make("l2", 3, np.array([3.0, 2.0, 0.0]), lam=[1.0, 2.5, 2.6]).live(np.array([3.0, 2.0, 0.0]))
        1
        """
        kept, rank = self.kept(sigma2), int(np.count_nonzero(sigma2))
        used = int(np.flatnonzero(self.loss.masks)[-1]) + 1
        return min(used, rank if np.isnan(kept).any() else int(np.count_nonzero(kept)))

    def with_latents(self, count: int) -> Model:
        """The model of so many latents that has the same minimum, if the others have nothing to learn.

        Examples
        --------
        >>> from numerics.training.catalogue import make
        >>> make("nested-dropout", 2, np.array([3.0, 0.0]), prior=[0.5, 0.5]).with_latents(1).loss.masks
        (1.0,)
        """
        masks, ridge = self.loss.masks, tuple(sorted(self.loss.ridge))
        loss = replace(self.loss, masks=(*masks[: count - 1], sum(masks[count - 1 :])), ridge=ridge[:count])
        return replace(self, loss=loss, inner=tuple(min(width, count) for width in self.inner))

    @property
    def can_have_targets(self) -> bool:
        """Whether its loss is made of reconstruction errors alone, so that they can be errors of prediction."""
        return self.predicts and not any(self.loss.ridge) and not self.loss.product

    def check(self, optimizer: str, batch: int | None) -> None:
        """Refuse a rule that the model does not go with: a flow of something random.

        Raises
        ------
        ValueError
            Naming what it does not go with.
        """
        if optimizer == "flow" and (batch is not None or self.draws != "none"):
            what = "batch-size: a" if batch is not None else f"model: {self.name} draws, and a"
            raise ValueError(f"{what} flow is of all samples and of expectations; want neither batches nor drawn masks")

    def premises(self, data: Data, start: str) -> list[Premise]:
        """What the theorem that the model illustrates assumes of data and start, checked."""
        return self.hypotheses(data.sigma2)

    def assumed(self, sigma2: Array) -> list[Premise]:
        """What it assumes beside a spectrum without ties, and beside latents that do not collapse."""
        return []

    def hypotheses(self, sigma2: Array) -> list[Premise]:
        """What the theorem that the model illustrates assumes of the spectrum, checked.

        Examples
        --------
        >>> from numerics.training.catalogue import make
        >>> [h.why for h in make("l2", 1, np.array([2.0, 1.0]), lam=[3.0]).hypotheses(np.array([2.0, 1.0])) if h.why]
        ['λ_1 = 3 ≥ σ_1² = 2: latent 1 collapses']
        """
        gaps = [i for i, (a, b) in enumerate(pairwise(sigma2[: self.k + 1]), 1) if not a > b and a > 0]
        found = [
            checked(f"σ_{self.k}² > 0", [f"only {np.count_nonzero(sigma2)} eigenvalues are positive"])
            if not sigma2[self.k - 1] > 0
            else Premise(f"σ_{self.k}² > 0", True),
            checked("σ_1², …, σ_{k+1}² are distinct", [f"σ_{i}² = σ_{i + 1}² = {sigma2[i]:g}" for i in gaps]),
        ]
        found += self.assumed(sigma2)
        if any(self.loss.ridge):
            dead = [
                f"λ_{i} = {x:g} ≥ σ_{i}² = {s:g}: latent {i} collapses"
                for i, (x, s) in enumerate(zip(self.loss.ridge, sigma2, strict=False), 1)
                if x >= s
            ]
            found.append(checked("λ_i < σ_i² for every latent (λ_k < σ_k²)", dead))
        return found

    def minimum(self, sigma2: Array) -> float:
        """The least loss on data of eigenvalues σ² (decreasing).

        Σ_b w_b Σ_{i>b} σ_i² for weighted masks; with λ ascending Σ_{i>k} σ_i² + Σ_{i≤k} λ_i(2 − λ_i/σ_i²), where a
        latent with λ_i ≥ σ_i² collapses and leaves σ_i²; Σ_{i>k} σ_i² + Σ_{i≤k} γσ_i²/(γ + σ_i²) for the product.

        Examples
        --------
        >>> from numerics.training.catalogue import make
        >>> make("l2", 1, np.array([4.0, 1.0]), lam=[1.0]).minimum(np.array([4.0, 1.0]))
        2.75
        """
        s, k, loss = np.asarray(sigma2, dtype=np.float64), self.k, self.loss
        tail = np.append(np.cumsum(s[::-1])[::-1], 0.0)
        rest = sum(w * tail[min(b, self.rank, len(s))] for b, w in enumerate(loss.masks, start=1))
        if not any(loss.ridge) and not loss.product:
            return self.weight * float(rest)
        lam = np.sort(np.asarray(loss.ridge))
        alive = lam < s[:k]
        safe = np.where(s[:k] > 0, s[:k], 1.0)
        penalty = np.where(alive, lam * (2 - lam / safe), s[:k]).sum()
        if loss.product:
            penalty += (loss.product * s[:k] / (loss.product + s[:k])).sum()
        return self.weight * float(rest + penalty)

    def least(self, data: Data) -> float:
        """The least loss on data: what no map predicts counts in every reconstruction error."""
        return self.minimum(data.explained) + self.weight * sum(self.loss.masks) * data.unexplained

    @property
    def regularises_both_layers(self) -> bool:
        """Whether every latent is regularised in both layers, which fixes its scale at a minimum."""
        return min(self.loss.ridge) > 0

    def kept(self, sigma2: Array) -> np.ndarray:
        """a_i of the product U diag(a)Uᵀ of every global minimum, (k,); NaN if the minima have several products.

        σ_i²/(γ + σ_i²) − λ_i/σ_i² with λ ascending, or zero; one without regularisers. Equal eigenvalues leave the
        product open, unless equally much of them is kept, and so do latents that no mask keeps.

        Examples
        --------
        >>> from numerics.training.catalogue import make
        >>> make("l2", 2, np.array([4.0, 2.0, 1.0]), lam=[3.0, 1.0]).kept(np.array([4.0, 2.0, 1.0]))
        array([0.75, 0.  ])
        >>> make("rag", 1, np.ones(2)).kept(np.ones(2))
        array([nan])
        """
        s, loss = np.asarray(sigma2, dtype=np.float64), self.loss
        lam, safe = np.sort(np.asarray(loss.ridge)), np.where(s > 0, s, 1.0)[: self.k]
        kept = np.where(s[: self.k] > lam, safe / (safe + loss.product) - lam / safe, 0.0)
        return self._determined(np.maximum(kept, 0.0) if loss.masks[-1] else np.full(self.k, np.nan), s)

    def _determined(self, kept: np.ndarray, sigma2: np.ndarray) -> np.ndarray:
        """What is kept, or NaN where equal eigenvalues are not kept equally."""
        padded = np.append(kept, 0.0)[: len(sigma2)]
        ties = (sigma2[: len(padded)][:-1] == sigma2[1 : len(padded)]) & (sigma2[1 : len(padded)] > 0)
        return np.full(self.k, np.nan) if (ties & (padded[:-1] != padded[1:])).any() else kept

    def curvature(self, sigma2: Array) -> float:
        """The largest eigenvalue of the Hessian at the balanced global minimum, at the model's own scale; exact.

        2N Σ_b w_b σ_1² without regularisers or with that of the product, N the number of layers.
        """
        s, loss = np.asarray(sigma2, dtype=np.float64), self.loss
        if any(loss.ridge):
            return self.weight * curvatures.regularised(s, np.asarray(loss.ridge))
        return self.weight * float(2 * (len(self.widths) + 1) * sum(loss.masks) * s[0])


def checked(text: str, failures: list[str]) -> Premise:
    """A hypothesis that holds if nothing speaks against it."""
    return Premise(text, not failures, "; ".join(failures))
