"""The models by name.

Main results
    MODELS      the classes, by their names: a new model is a class, and its name here
    able        the names of those that have something: a scale, a prior, widths
    make        the model of a name, its regularisers chosen where none are given
    check_used  regularisers, priors and scales belong to some models only
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import ArrayLike

from numerics import scales
from numerics.training import hebbian, manifolds, network, two_layers, vae
from numerics.training.models import Ingredients, Model

Array = Any
MODELS: dict[str, type[Model]] = {
    kind.name: kind
    for kind in (
        two_layers.Unregularised,
        two_layers.Product,
        two_layers.UniformL2,
        two_layers.UniformL2Tied,
        two_layers.Denoising,
        two_layers.Contractive,
        two_layers.L2,
        two_layers.NestedDropout,
        two_layers.NestedDropoutBatch,
        two_layers.NestedDropoutSample,
        two_layers.Summed,
        vae.LinearVAE,
        hebbian.Gha,
        hebbian.Oja,
        network.Deep,
        manifolds.Riemannian,
        manifolds.Brockett,
        two_layers.Rag,
        two_layers.RagPrinted,
    )
}


def able(has: Callable[[type[Model]], bool]) -> list[str]:
    """The names of the models that have something.

    >>> able(lambda kind: kind.has_widths)
    ['deep', 'riemannian']
    """
    return [name for name, kind in MODELS.items() if has(kind)]


def check_used(models: Sequence[str], **given: Any) -> None:
    """Refuse regularisers, priors and scales, by the names that a user gave them, if no model has them.

    >>> check_used(["rag", "summed"], prior="uniform", regularisers=None)
    Traceback (most recent call last):
        ...
    ValueError: prior: rag, summed have none; only nested-dropout, nested-dropout-batch, nested-dropout-sample have
    """
    for name, value in given.items():
        if name == "scale":
            those = able(lambda kind: kind.has_scale)
        else:
            what = "prior" if name == "prior" else "lambda"
            those = able(lambda kind, what=what: what in kind.takes)  # type: ignore[misc]
        if value is not None and not set(those) & set(models):
            have = "has" if len(models) == 1 else "have"
            raise ValueError(f"{name}: {', '.join(models)} {have} none; only {', '.join(those)} have")


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
    >>> import numpy as np
    >>> make("rag", 2, np.array([3.0, 2.0, 1.0])).minimum(np.array([3.0, 2.0, 1.0]))
    1.0
    """
    if name not in MODELS:
        raise ValueError(f"model: got {name!r}; want one of {', '.join(MODELS)}")
    kind = MODELS[name]
    hidden = ((k,) if inner is None else tuple(inner)) if kind.has_widths else ()
    if kind.has_widths and min(widths := (*hidden, k)) < 1:
        raise ValueError(f"widths: got {min(widths)}; want at least 1")
    if not kind.has_widths and not 1 <= k <= len(sigma2):
        raise ValueError(f"k: got {k}; want 1 ≤ k ≤ m = {len(sigma2)}")
    scale = scales.check(scale) if kind.has_scale else scales.DEFAULT
    return kind(kind.of(k, Ingredients(sigma2, lam, prior)), scale, hidden)
