"""The models: what each minimises, what the theorem about it assumes, and where its minimum lies.

A model is a loss of :mod:`numerics.losses`, at the scale printed there, and for the rotation augmented gradient the
place at which the rotation stands.

Main results
    MODELS, make        the models by name
    Model               a loss and a rotation
    Model.hypotheses    what its theorem assumes, each checked on a spectrum
    Model.minimum       the least loss
    Model.curvature     the largest eigenvalue of the Hessian at the minimum, exact: what learning rates are made of
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from numerics import losses
from numerics.losses import Loss
from numerics.training import curvatures

if TYPE_CHECKING:
    from numerics.training.data import Data

Array = Any


@dataclass(frozen=True)
class Checked:
    """A hypothesis of a theorem on a given spectrum; `why` says where it fails."""

    text: str
    holds: bool
    why: str = ""


@dataclass(frozen=True)
class Model:
    """A model of k latents.

    Parameters
    ----------
    name : str
    loss : Loss
    rotation : "none", "gradient" or "update"
        Where the rotation W1 ← (I + ηA)W1, W2 ← W2(I − ηA) of the rotation augmented gradient stands, with
        A = ½(upper − lower triangle of W1CW1ᵀ): in no place; inside of the gradient, so that momentum accumulates
        it (the authors' code); or outside (Bao et al. 2020, Algorithm 1 as printed). Without momentum both agree.
    draws : "none", "batch" or "sample"
        Whether masks are drawn in each step, one for all samples or one for each, instead of their expectation.
    tied : bool
        Whether W2 = W1ᵀ throughout; the gradient is that by W1.
    inner : sequence of integers
        The widths d_1, …, d_{N−2} before the last hidden layer: the encoder is a product of N − 1 layers.
    """

    name: str
    loss: Loss
    rotation: str = "none"
    draws: str = "none"
    tied: bool = False
    inner: tuple[int, ...] = ()

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
        return "x".join(map(str, self.widths)) if self.name in DEEP else f"k{self.k}"

    def rows(self, m: int) -> int:
        """How many rows of length m an encoder and a decoder take, each, of the memory."""
        if self.name == "riemannian":
            return max(m, self.rank)
        return sum(after * max(before, m) for before, after in pairwise((m, *self.widths))) // m

    def sizes(self, data: Data) -> tuple[int, ...]:
        """The widths of all layers, d_0, …, d_N."""
        return data.m, *self.widths, len(data.explained)

    @property
    def family(self) -> str:
        """Models of one family can be one program."""
        if self.name in OWN:
            return OWN[self.name]
        if self.draws == "sample":
            return "sampled"
        return "tied" if self.tied else "pair"

    @property
    def scale_is_free(self) -> bool:
        """Whether W1 → aW1, W2 → W2/a leaves the loss as it is, and nothing else fixes the order of the latents."""
        return not any(self.loss.ridge) and not any(self.loss.masks[:-1])

    @property
    def is_manifold(self) -> bool:
        """Whether it moves on a manifold, which a rule with a memory would leave."""
        return self.family in ("riemannian", "stiefel")

    @property
    def can_have_targets(self) -> bool:
        """Whether its loss is made of reconstruction errors alone, so that they can be errors of prediction."""
        regularised = any(self.loss.ridge) or self.loss.product
        return (
            self.family in ("pair", "network", "riemannian")
            and self.rotation == self.draws == "none"
            and not regularised
        )

    def hypotheses(self, sigma2: Array) -> list[Checked]:
        """What the theorem that the model illustrates assumes of the spectrum, checked.

        Examples
        --------
        >>> [h.why for h in make("l2", 1, np.array([2.0, 1.0]), lam=[3.0]).hypotheses(np.array([2.0, 1.0])) if h.why]
        ['λ_1 = 3 ≥ σ_1² = 2: latent 1 collapses']
        """
        gaps = [i for i, (a, b) in enumerate(pairwise(sigma2[: self.k + 1]), start=1) if not a > b]
        found = [
            checked(f"σ_{self.k}² > 0", [f"only {np.count_nonzero(sigma2)} eigenvalues are positive"])
            if not sigma2[self.k - 1] > 0
            else Checked(f"σ_{self.k}² > 0", True),
            checked("σ_1², …, σ_{k+1}² are distinct", [f"σ_{i}² = σ_{i + 1}² = {sigma2[i]:g}" for i in gaps]),
        ]
        if self.name == "l2":
            lam = self.loss.ridge
            ties = [f"λ_{i} = {a:g}, λ_{i + 1} = {b:g}" for i, (a, b) in enumerate(pairwise(lam), 1) if not a < b]
            found += [
                checked("0 < λ_1", [f"λ_1 = {lam[0]:g}"] if lam[0] <= 0 else []),
                checked("λ_1 < … < λ_k", ties),
            ]
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
        >>> make("l2", 1, np.array([4.0, 1.0]), lam=[1.0]).minimum(np.array([4.0, 1.0]))
        2.75
        """
        s, k, loss = np.asarray(sigma2, dtype=np.float64), self.k, self.loss
        tail = np.append(np.cumsum(s[::-1])[::-1], 0.0)
        rest = sum(w * tail[min(b, self.rank, len(s))] for b, w in enumerate(loss.masks, start=1))
        if not any(loss.ridge) and not loss.product:
            return float(rest)
        lam = np.sort(np.asarray(loss.ridge))
        alive = lam < s[:k]
        safe = np.where(s[:k] > 0, s[:k], 1.0)
        penalty = np.where(alive, lam * (2 - lam / safe), s[:k]).sum()
        if loss.product:
            penalty += (loss.product * s[:k] / (loss.product + s[:k])).sum()
        return float(rest + penalty)

    def least(self, data: Data) -> float:
        """The least loss on data: what no map predicts counts in every reconstruction error."""
        return self.minimum(data.explained) + sum(self.loss.masks) * data.unexplained

    @property
    def regularises_both_layers(self) -> bool:
        """Whether every latent is regularised in both layers, which fixes its scale at a minimum."""
        return self.family in ("pair", "tied") and min(self.loss.ridge) > 0

    def kept(self, sigma2: Array) -> np.ndarray:
        """a_i of the product U diag(a)Uᵀ of every global minimum, (k,); NaN if the minima have several products.

        σ_i²/(γ + σ_i²) − λ_i/σ_i² with λ ascending, or zero; one without regularisers. Equal eigenvalues leave the
        product open, unless equally much of them is kept, and so do latents that no mask keeps.

        Examples
        --------
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
        if self.tied:
            return curvatures.tied(s, loss.ridge[0], self.k)
        if any(loss.ridge):
            return curvatures.regularised(s, np.asarray(loss.ridge))
        return float(2 * (len(self.widths) + 1) * sum(loss.masks) * s[0])


def checked(text: str, failures: list[str]) -> Checked:
    """A hypothesis that holds if nothing speaks against it."""
    return Checked(text, not failures, "; ".join(failures))


def truncated_geometric(k: int, ratio: float) -> np.ndarray:
    """p_B(b) = ρ^{b−1}(1 − ρ) for b < k, the rest at k (Bao et al. 2020, Appendix H.1, counted as its code does).

    >>> truncated_geometric(3, 0.5)
    array([0.5 , 0.25, 0.25])
    """
    if not 0 < ratio < 1:
        raise ValueError(f"prior geometric: got {ratio:g}; want a ratio between 0 and 1")
    prior = ratio ** np.arange(k) * (1 - ratio)
    prior[-1] = ratio ** (k - 1)
    return prior


def _regularisers(k: int, sigma2: Array, lam: ArrayLike | None) -> np.ndarray:
    """λ as given; by default λ_i = iσ_k²/(k + 1), which satisfies the theorem."""
    if lam is None:
        return float(sigma2[k - 1]) * np.arange(1, k + 1) / (k + 1)
    values = np.asarray(lam, dtype=np.float64)
    if values.shape != (k,):
        raise ValueError(f"lambda: got {values.size} values; want k = {k}")
    if not (values >= 0).all():
        raise ValueError(f"lambda: got {values.min():g}; want no negative value")
    return values


def _uniform(k: int, sigma2: Array, lam: ArrayLike | None) -> float:
    """One λ for all latents: (the mean of √λ_i)², as in the code of Bao et al. (2020)."""
    return float(np.sqrt(_regularisers(k, sigma2, lam)).mean() ** 2)


def _prior(k: int, prior: ArrayLike | None) -> np.ndarray:
    """p_B as given; by default geometric of ratio 0.9."""
    values = truncated_geometric(k, 0.9) if prior is None else np.asarray(prior, dtype=np.float64)
    if values.shape != (k,):
        raise ValueError(f"prior: got {values.size} values; want k = {k}")
    if not (values >= 0).all() or abs(values.sum() - 1) > 1e-9:
        raise ValueError("prior: want probabilities that sum to one")
    return values


LOSSES: dict[str, Callable[..., Loss]] = {
    "unregularised": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "product": lambda k, sigma2, lam, prior: losses.product(k, _uniform(k, sigma2, lam)),
    "uniform-l2": lambda k, sigma2, lam, prior: losses.uniform_sum(k, _uniform(k, sigma2, lam)),
    "uniform-l2-tied": lambda k, sigma2, lam, prior: losses.uniform_sum(k, _uniform(k, sigma2, lam)),
    "denoising": lambda k, sigma2, lam, prior: losses.product(k, _uniform(k, sigma2, lam)),
    "contractive": lambda k, sigma2, lam, prior: losses.uniform_sum(k, _uniform(k, sigma2, lam) / 2),
    "l2": lambda k, sigma2, lam, prior: losses.non_uniform_l2(_regularisers(k, sigma2, lam)),
    "nested-dropout": lambda k, sigma2, lam, prior: losses.nested_dropout(_prior(k, prior)),
    "nested-dropout-batch": lambda k, sigma2, lam, prior: losses.nested_dropout(_prior(k, prior)),
    "nested-dropout-sample": lambda k, sigma2, lam, prior: losses.nested_dropout(_prior(k, prior)),
    "summed": lambda k, sigma2, lam, prior: losses.summed(k),
    "vae": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "gha": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "oja": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "deep": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "riemannian": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "brockett": lambda k, sigma2, lam, prior: losses.summed(k),
    "rag": lambda k, sigma2, lam, prior: losses.unregularised(k),
    "rag-printed": lambda k, sigma2, lam, prior: losses.unregularised(k),
}
ROTATION = {"rag": "gradient", "rag-printed": "update"}
DRAWS = {"nested-dropout-batch": "batch", "nested-dropout-sample": "sample"}
OWN = {"deep": "network", "riemannian": "riemannian", "brockett": "stiefel"}
"""Models that are a family of their own."""
DEEP = ("deep", "riemannian")
"""Those that have layers of any number and widths."""
TIED = ("uniform-l2-tied", "contractive", "gha", "oja")
MODELS = tuple(LOSSES)
"""What they minimise, with λ = (mean √λ_i)² where one number regularises all latents:

- unregularised, product, uniform-l2, l2, nested-dropout, summed: the losses of :mod:`numerics.losses`; uniform-l2 is
  LAE-PCA (Kunin et al. 2019, Algorithm 1, at twice its scale), "synchronised" when it starts balanced.
- uniform-l2-tied: the same with W2 = W1ᵀ.
- denoising: E‖X − W2W1(X + N)‖²/n with noise N of variance λ; equal to the product loss.
- contractive: ‖X − W2W1X‖²/n + λ‖W1‖², the squared Jacobian of the encoder, with W2 = W1ᵀ (Rifai et al. 2011).
- nested-dropout-batch, nested-dropout-sample: with masks that are drawn.
- deep: ‖X − W_N ⋯ W_1X‖²/n, twice that of Bah et al. (2019, (2)), with any number of factors of any widths.
- riemannian: the product of the layers of "deep", which flows among the matrices of its rank; brockett: the summed loss
  with W1 = W2ᵀ orthonormal, which flows on the Stiefel manifold. Rules for both are the flow, and gd, Euler's method.
- vae: minus the ELBO. rag, rag-printed: the rotation augmented gradient. gha, oja: Hebbian rules, which have no loss;
  that of reconstruction is reported.
"""


def rebuild(
    name: str,
    loss: Loss,
    rotation: str = "none",
    draws: str = "none",
    tied: bool = False,
    inner: Sequence[int] = (),
) -> Model:
    """A model from its parts."""
    from numerics.training.hebbian import Hebbian
    from numerics.training.vae import LinearVAE

    kinds: dict[str, type[Model]] = {"vae": LinearVAE, "gha": Hebbian, "oja": Hebbian}
    return kinds.get(name, Model)(name, loss, rotation, draws, tied, tuple(inner))


def make(
    name: str,
    k: int,
    sigma2: Array,
    *,
    lam: ArrayLike | None = None,
    prior: ArrayLike | None = None,
    inner: Sequence[int] | None = None,
) -> Model:
    """A model by its name.

    Parameters
    ----------
    name : str
        One of MODELS.
    k : int
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, from which regularisers are chosen that are not given.
    lam : array_like (k,), optional
        λ_i of the regularised losses; a uniform one uses (the mean of √λ_i)².
    prior : array_like (k,), optional
        p_B of nested dropout.
    inner : sequence of integers, optional
        The widths of the hidden layers of a deep network before the last, whose width is k; by default one, of width k.

    Raises
    ------
    ValueError
        If the name is unknown, k is not between 1 and m, or λ or p_B are not valid.

    Examples
    --------
    >>> make("rag", 2, np.array([3.0, 2.0, 1.0])).minimum(np.array([3.0, 2.0, 1.0]))
    1.0
    """
    if name not in LOSSES:
        raise ValueError(f"model: got {name!r}; want one of {', '.join(MODELS)}")
    deep = name in DEEP
    inner = ((k,) if inner is None else tuple(inner)) if deep else ()
    if deep and min(widths := (*inner, k)) < 1:
        raise ValueError(f"widths: got {min(widths)}; want at least 1")
    if not deep and not 1 <= k <= len(sigma2):
        raise ValueError(f"k: got {k}; want 1 ≤ k ≤ m = {len(sigma2)}")
    loss = LOSSES[name](k, sigma2, lam, prior)
    return rebuild(name, loss, ROTATION.get(name, "none"), DRAWS.get(name, "none"), name in TIED, inner)
