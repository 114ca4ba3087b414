"""The models by name.

Main results
    MODELS      the names
    make        the model of a name, its regularisers chosen where none are given
    check_used  regularisers and a prior belong to some models only
    rebuild     a model from its parts, as a folder keeps them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numerics import losses, priors, scales
from numerics.losses import Loss
from numerics.training.hebbian import Hebbian
from numerics.training.models import DEEP, Model
from numerics.training.vae import LinearVAE

Array = Any


def _regularisers(k: int, sigma2: Array, lam: ArrayLike | None) -> np.ndarray:
    """λ as given; by default λ_i = iσ_k²/(k + 1), which satisfies the theorem, with the last positive σ_i² for σ_k²."""
    if lam is None:
        return float(np.min(sigma2[:k], where=sigma2[:k] > 0, initial=sigma2[0])) * np.arange(1, k + 1) / (k + 1)
    values = np.asarray(lam, dtype=np.float64)
    if values.shape != (k,):
        raise ValueError(f"lambda: got {values.size} values; want k = {k}")
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError(f"lambda: got {', '.join(f'{x:g}' for x in values)}; want finite numbers, none negative")
    return values


def _uniform(k: int, sigma2: Array, lam: ArrayLike | None) -> float:
    """One λ for all latents: (the mean of √λ_i)², as in the code of Bao et al. (2020)."""
    return float(np.sqrt(_regularisers(k, sigma2, lam)).mean() ** 2)


def _prior(k: int, prior: ArrayLike | None) -> np.ndarray:
    """p_B as given; uniform by default."""
    values = priors.read(None, k).values if prior is None else np.asarray(prior, dtype=np.float64)
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
TIED = ("uniform-l2-tied", "contractive", "gha", "oja")
REGULARISED = ("product", "uniform-l2", "uniform-l2-tied", "denoising", "contractive", "l2")
WITH_PRIOR = ("nested-dropout", "nested-dropout-batch", "nested-dropout-sample")
MODELS = tuple(LOSSES)
SCALED = tuple(name for name in MODELS if name not in ("vae", "gha", "oja"))
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

FORMULAS = {
    "product": "(1/n)‖X − W₂W₁X‖² + γ‖W₂W₁‖²",
    "uniform-l2": "(1/n)‖X − W₂W₁X‖² + λ(‖W₁‖² + ‖W₂‖²)",
    "uniform-l2-tied": "(1/n)‖X − WᵀWX‖² + 2λ‖W‖²",
    "denoising": "(1/n) E‖X − W₂W₁(X + N)‖², N of variance γ",
    "contractive": "(1/n)‖X − WᵀWX‖² + 2λ‖W‖²",
    "l2": "(1/n)‖X − W₂W₁X‖² + ‖Λ^½W₁‖² + ‖W₂Λ^½‖²",
    "summed": "Σ_b (1/n)‖X − W₂Π_bW₁X‖²",
    "vae": "minus the ELBO of a sample",
    "deep": "(1/n)‖X − W_N⋯W₁X‖²",
    "riemannian": "(1/n)‖X − WX‖²",
    "brockett": "Σ_b (1/n)‖X − WΠ_bWᵀX‖²",
} | dict.fromkeys(WITH_PRIOR, "E_b (1/n)‖X − W₂Π_bW₁X‖²")


def formula(name: str) -> str:
    """What a model minimises, or reports, at scale main."""
    return FORMULAS.get(name, "(1/n)‖X − W₂W₁X‖²")


def check_used(models: Sequence[str], **given: Any) -> None:
    """Refuse regularisers and priors, by the names that a user gave them, if no model has them.

    >>> check_used(["rag", "summed"], prior="uniform", regularisers=None)
    Traceback (most recent call last):
        ...
    ValueError: prior: rag, summed have none; only nested-dropout, nested-dropout-batch, nested-dropout-sample have
    """
    for name, value in given.items():
        able = {"prior": WITH_PRIOR, "scale": SCALED}.get(name, REGULARISED)
        if value is not None and not set(able) & set(models):
            have = "has" if len(models) == 1 else "have"
            raise ValueError(f"{name}: {', '.join(models)} {have} none; only {', '.join(able)} have")


def rebuild(
    name: str,
    loss: Loss,
    rotation: str = "none",
    draws: str = "none",
    tied: bool = False,
    inner: Sequence[int] = (),
    scale: str = scales.DEFAULT,
) -> Model:
    """A model from its parts."""
    kinds: dict[str, type[Model]] = {"vae": LinearVAE, "gha": Hebbian, "oja": Hebbian}
    return kinds.get(name, Model)(name, loss, rotation, draws, tied, tuple(inner), scale)


def make(
    name: str,
    k: int,
    sigma2: Array,
    *,
    lam: ArrayLike | None = None,
    prior: ArrayLike | None = None,
    inner: Sequence[int] | None = None,
    scale: str = scales.DEFAULT,
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
    scale : "main" or "half"
        Of models that have one.

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
    scale = scales.check(scale) if name in SCALED else scales.DEFAULT
    loss = LOSSES[name](k, sigma2, lam, prior)
    return rebuild(name, loss, ROTATION.get(name, "none"), DRAWS.get(name, "none"), name in TIED, inner, scale)
