"""A linear autoencoder as an estimator of scikit-learn.

Main results
    LinearAutoencoder       fit, transform, inverse_transform, components_
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

try:
    from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise ImportError("LinearAutoencoder needs scikit-learn: pip install scikit-learn") from None

from numerics.training.catalogue import make
from numerics.training.data import from_samples
from numerics.training.job import Job, Schedule
from numerics.training.plan import check
from numerics.training.program import Run, automatic_rate
from numerics.training.rules import RULES

START = "balanced:0.001"
"""Small and balanced, because RAG aligns the decoder only as far as the layers are balanced."""
RECORDS = 20
"""How often convergence is looked at."""


class LinearAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """A linear autoencoder x ↦ W2W1x, trained on centred samples with all of them in a batch, from W1 = W2ᵀ.

    Parameters
    ----------
    n_components : int, optional
        The number k of latents; by default all that the samples support, min(n, m).
    model : str
        A name in `numerics.training.catalogue.MODELS`. All but "unregularised", "product" and "uniform-l2" learn the
        principal directions themselves, in order.
    optimizer : {"gd", "nesterov", "adam"}
        "nesterov" is about ten times as fast where a regulariser fixes the scale of the latents ("l2"); elsewhere it
        unbalances the layers.
    learning_rate : float or "auto"
        "auto" takes it from the exact largest curvature.
    regularisers : array_like (k,), optional
        λ_i of "l2"; a uniform loss uses (the mean of √λ_i)².
    prior : array_like (k,), optional
        p_B of "nested-dropout".
    max_iter : int
        Steps.
    tol : float
        Training stops when d_align (order not seen) is at most tol.
    random_state : int, RandomState or None
        Of the initial weights.

    Attributes
    ----------
    components_ : array (k, m)
        The columns of the decoder W2, each of unit length (a column that has collapsed is zero).
    encoder_, decoder_ : arrays (k, m) and (m, k)
        W1 and W2.
    mean_ : array (m,)
    loss_ : float
        The loss of the model at the end.
    status_ : str
        "reached" (tol), "completed" (max_iter) or "diverged".
    n_iter_ : int
    history_ : dict of arrays
        What was recorded on the way.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> auto = LinearAutoencoder(n_components=2, random_state=0).fit(load_iris().data)
    >>> bool(np.linalg.norm(auto.encoder_ @ auto.decoder_ - np.eye(2)) < 0.1)
    True
    """

    def __init__(
        self,
        n_components: int | None = None,
        *,
        model: str = "rag",
        optimizer: str = "gd",
        learning_rate: float | str = "auto",
        regularisers: ArrayLike | None = None,
        prior: ArrayLike | None = None,
        max_iter: int = 5000,
        tol: float = 1e-6,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.model = model
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.regularisers = regularisers
        self.prior = prior
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> LinearAutoencoder:
        """Train on samples (n, m).

        Raises
        ------
        ValueError
            If the samples or a parameter are not valid, or training diverged.
        """
        samples = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        data = from_samples(samples)
        k = min(samples.shape) if self.n_components is None else self.n_components
        model = make(self.model, k, data.sigma2, lam=self.regularisers, prior=self.prior)
        if self.optimizer not in RULES:
            raise ValueError(f"optimizer: got {self.optimizer!r}; want one of {', '.join(RULES)}")
        check(model, self.optimizer, None, data)
        rate = self.learning_rate
        rate = automatic_rate(model, self.optimizer, data.sigma2) if rate == "auto" else float(rate)
        seed = int(check_random_state(self.random_state).randint(2**31))
        schedule = Schedule(self.max_iter, max(1, self.max_iter // RECORDS), ("alignment", self.tol))
        job = Job([Run(model, self.optimizer, rate, seed, START)], data, schedule, dtype=str(samples.dtype))
        job.proceed()
        ending = job.endings[0]
        if ending.status == "diverged":
            raise ValueError(f"learning_rate: {rate:g} diverged at step {ending.epoch:g}; want a smaller one")
        self.encoder_, self.decoder_ = ending.encoder.astype(samples.dtype), ending.decoder.astype(samples.dtype)
        sizes = np.linalg.norm(self.decoder_, axis=0)
        self.components_ = (self.decoder_ / np.where(sizes > 0, sizes, 1)).T
        assert data.centre is not None
        self.mean_ = data.centre.mean.astype(samples.dtype)
        self.status_, self.n_iter_, self.history_ = ending.status, int(ending.epoch), job.history(0)
        self.loss_ = float(self.history_["loss"][-1])
        return self

    def transform(self, X: ArrayLike) -> np.ndarray:
        """W1(x − mean) for samples (n, m): (n, k)."""
        check_is_fitted(self)
        samples = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return (samples - self.mean_) @ self.encoder_.T

    def inverse_transform(self, Z: ArrayLike) -> np.ndarray:
        """W2z + mean for latents (n, k): (n, m)."""
        check_is_fitted(self)
        return np.asarray(Z) @ self.decoder_.T + self.mean_

    @property
    def _n_features_out(self) -> int:
        return self.components_.shape[0]
