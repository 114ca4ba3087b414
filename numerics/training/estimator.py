"""A linear autoencoder as an estimator of scikit-learn.

Main results
    LinearAutoencoder       fit, transform, inverse_transform, score, components_, explained_variance_
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

try:
    from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils import check_array, check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise ImportError("LinearAutoencoder needs scikit-learn: pip install scikit-learn") from None

from numerics.centring import signs
from numerics.training.catalogue import MODELS, check_used, make
from numerics.training.data import Data, from_samples
from numerics.training.job import Ending, Job, Schedule
from numerics.training.models import Model
from numerics.training.plan import check
from numerics.training.program import Run, automatic_rate
from numerics.training.update_rules import RULES

NORM = 0.01
"""Of a latent's weights at the start: small, because RAG aligns the decoder only as far as the layers are balanced."""
IDLE = 1e-6
"""Below this share of the variance along its direction a latent carries nothing: at the start it is NORM⁴."""
RECORDS = 100
"""How often convergence is looked at."""
Floats = NDArray[np.float64]


class LinearAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """A linear autoencoder x ↦ W2W1x of centred samples, trained on all of them at once from small balanced weights.

    Whether its components are those of PCA depends on the model: "rag", "l2", "nested-dropout", "summed", "gha" and
    "brockett" learn the principal directions in order, "vae" in an order that is sorted out after training. Of
    "unregularised", "product", "denoising", "contractive", "uniform-l2", "oja", "deep" and "riemannian" only the space
    that the components span is determined; the components depend on the random state, and a warning says so.

    Parameters
    ----------
    n_components : int, optional
        The number k of latents; by default min(n, m). Beyond the rank of the samples they are zero, with a warning.
    model : str
        A name in `numerics.training.catalogue.MODELS`.
    optimizer : str
        "gd", "nesterov", "adam", "alternating" (of "l2" and "uniform-l2") or "flow". "nesterov" is about ten times as
        fast as "gd" where a regulariser fixes the scale of the latents ("l2"); elsewhere it unbalances the layers.
    learning_rate : float or "auto"
        "auto" takes it from the exact largest curvature. Rates and losses are those of scale main, as in `lae bounds`.
    regularisers : array_like (k,), optional
        λ_i ≥ 0 of a regularised model, sorted (with a warning) if they are not ascending; a uniform model uses the
        square of the mean of √λ_i.
    prior : array_like (k,), optional
        p_B of nested dropout.
    max_iter : int
        Steps.
    tol : float, optional
        Training stops when the distance of the components from what the model determines (see `status_`), and what the
        loss exceeds its least value by, as a share of what it did at the start, are at most tol; a ConvergenceWarning
        says if they are not after max_iter steps. With None all steps are taken, without a warning.
    random_state : int, RandomState or None
        Of the initial weights.

    Attributes
    ----------
    components_ : array (k, m)
        The directions of the decoder's columns, each of unit length, with the sign of the principal direction that is
        nearest (whose entry of largest size is positive, as PCA has it); zero for a latent that has nothing to
        reconstruct or has learned nothing.
    explained_variance_, explained_variance_ratio_ : arrays (k,)
        The variance of the samples along each component (of n − 1 degrees of freedom, as PCA's), and its share of all
        variance. They add up to what the components keep together only where these are orthogonal.
    encoder_, decoder_ : arrays (k, m) and (m, k)
        W1 (of "deep" and "riemannian": all factors but the last) and W2, on the span of the samples.
    mean_ : array (m,)
    n_components_, n_samples_, n_iter_ : int
    loss_ : float
        The loss of the model at the end.
    status_ : str
        "reached" (tol) or "completed" (max_iter). What is reached: d_align with the i-th component at the i-th
        eigenvector where the model orders them, d_align in any order for "vae", d_sub where it determines a space.
    history_ : dict of arrays
        What was recorded on the way.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.decomposition import PCA
    >>> auto = LinearAutoencoder(n_components=2, random_state=0).fit(load_iris().data)
    >>> bool(np.abs(auto.components_ - PCA(2).fit(load_iris().data).components_).max() < 0.01)
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
        max_iter: int = 20_000,
        tol: float | None = 1e-5,
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

        Warns
        -----
        ConvergenceWarning
            If tol is not reached.
        UserWarning
            For every hypothesis of the theorem about the model that the samples or parameters violate.

        Raises
        ------
        ValueError
            If the samples or a parameter are not valid, or training diverged.
        """
        self._check_parameters()
        samples = validate_data(self, X, dtype="numeric", ensure_min_samples=2)
        data, k = from_samples(samples), self._latents(min(samples.shape))
        self.n_components_, self.n_samples_ = k, len(samples)
        model = self._model(k, data)
        self._train(model, data, np.float32 if samples.dtype == np.float32 else np.float64)
        self._warn(model, data)
        assert data.centre is not None
        self._centre, self.mean_ = data.centre, data.centre.mean.astype(self.encoder_.dtype)
        return self

    def transform(self, X: ArrayLike) -> np.ndarray:
        """W1(x − mean) for samples (n, m): (n, k)."""
        check_is_fitted(self)
        samples = validate_data(self, X, dtype="numeric", reset=False)
        latents = self._centre.subtracted(samples) @ self.encoder_.T
        return latents.astype(np.float32) if samples.dtype == np.float32 else latents

    def inverse_transform(self, Z: ArrayLike) -> np.ndarray:
        """W2z + mean for latents (n, k): (n, m)."""
        check_is_fitted(self)
        return check_array(Z, dtype=[np.float64, np.float32], input_name="Z") @ self.decoder_.T + self.mean_

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """The share of the variance of samples around `mean_` that is reconstructed, 1 − ‖X − X̂‖²/‖X‖²; at most one."""
        check_is_fitted(self)
        centred = self._centre.subtracted(validate_data(self, X, dtype="numeric", reset=False))
        missed = np.sum((centred - centred @ self.encoder_.T @ self.decoder_.T) ** 2)
        return float(1 - missed / total) if (total := np.sum(centred**2)) > 0 else 1.0

    @property
    def _n_features_out(self) -> int:
        return self.components_.shape[0]

    def _check_parameters(self) -> None:
        """Refuse what is wrong whatever the samples are; the rest is refused where it is used."""
        for name, known in (("model", tuple(MODELS)), ("optimizer", tuple(RULES))):
            if (value := getattr(self, name)) not in known:
                raise ValueError(f"{name}: got {value!r}; want one of {', '.join(known)}")
        if not _is_whole(self.max_iter) or self.max_iter < 1:
            raise ValueError(f"max_iter: got {self.max_iter!r}; want a whole number from 1 on")
        if self.tol is not None and not _is_real(self.tol, lambda tol: 0 <= tol < np.inf):
            raise ValueError(f"tol: got {self.tol!r}; want a finite number that is not negative, or None")
        rate = self.learning_rate
        if not (rate == "auto" if isinstance(rate, str) else _is_real(rate, lambda rate: 0 < rate < np.inf)):
            raise ValueError(f'learning_rate: got {rate!r}; want a positive number or "auto"')
        if self.optimizer == "alternating" and rate != "auto":
            raise ValueError('learning_rate: alternating takes whole steps; want "auto"')
        check_used([self.model], regularisers=self.regularisers, prior=self.prior)

    def _seed(self) -> int:
        """The seed of the start."""
        try:
            return int(check_random_state(self.random_state).randint(2**31))
        except ValueError:
            wanted = "a whole number from 0 to 2^32 - 1, a RandomState, or None"
            raise ValueError(f"random_state: got {self.random_state!r}; want {wanted}") from None

    def _latents(self, most: int) -> int:
        """The number of latents."""
        k = most if self.n_components is None else self.n_components
        if not _is_whole(k) or not 1 <= k <= most:
            raise ValueError(f"n_components: got {k!r}; want a whole number from 1 to min(n, m) = {most}, or None")
        return int(k)

    def _model(self, k: int, data: Data) -> Model:
        lam = None if self.regularisers is None else _numbers(self.regularisers, "regularisers", k)
        if lam is not None and (np.diff(lam) < 0).any():
            lam = np.sort(lam)
            warnings.warn(
                "regularisers: they were sorted, the least for the first component", UserWarning, stacklevel=3
            )
        prior = None if self.prior is None else _numbers(self.prior, "prior", k)
        return make(self.model, k, data.sigma2, lam=lam, prior=prior)

    def _train(self, asked: Model, data: Data, dtype: type) -> None:
        """Learn the weights of the latents that have something to learn; the others are zero."""
        check(asked, self.optimizer, None, data)
        model = asked.with_latents(max(1, asked.live(data.sigma2)))
        rate = self._rate(model, data)
        seed = self._seed()
        start = "balanced" if model.has_widths else f"balanced:{NORM / np.sqrt(data.m)}"
        schedule = Schedule(int(self.max_iter), max(1, int(self.max_iter) // RECORDS))
        precision = "float64" if self.optimizer == "flow" else np.dtype(dtype).name
        job = Job([Run(model, self.optimizer, rate, seed, start)], data, schedule, dtype=precision)
        job.proceed(lambda: self._is_reached(model, job))
        if not job.is_done:
            job.finish("reached")
        ending = job.endings[0]
        if ending.status == "diverged":
            raise ValueError(f"learning_rate: {rate:g} diverged at step {ending.epoch:g}; want a smaller one")
        self.status_ = "reached" if self._is_reached(model, job) else "completed"
        self.n_iter_, self.history_ = int(ending.epoch), job.history(0)
        self.loss_ = float(self.history_["loss"][-1])
        self._keep(ending, model, asked.k, data, dtype)
        if self.tol is not None and self.status_ == "completed":
            warnings.warn(_unconverged(model, job, data, self.tol), ConvergenceWarning, stacklevel=3)

    def _rate(self, model: Model, data: Data) -> float:
        if self.learning_rate != "auto":
            return float(self.learning_rate)
        try:
            return automatic_rate(model, self.optimizer, data.sigma2)
        except ValueError as error:
            raise ValueError(f"learning_rate: {str(error).removeprefix('lr: ')}") from None

    def _is_reached(self, model: Model, job: Job) -> bool:
        return self.tol is not None and all(distance <= self.tol for distance in _distances(model, job))

    def _keep(self, ending: Ending, model: Model, k: int, data: Data, dtype: type) -> None:
        """The weights on the span of the samples and what follows from them, with zeros for latents left out."""
        span, sigma2 = data.basis[:, : data.rank], data.sigma2[: data.rank]
        encoder, decoder = ending.encoder @ span, span.T @ ending.decoder
        sizes = np.linalg.norm(decoder, axis=0)
        if model.finds != "ordered_alignment":
            order = np.argsort(-(sigma2 @ decoder**2) / np.where(sizes > 0, sizes, 1) ** 2, kind="stable")
            encoder, decoder, sizes = encoder[order], decoder[:, order], sizes[order]
        directions = decoder / np.where(sizes > 0, sizes, 1)
        idle = sizes**2 * (encoder**2 @ sigma2) <= IDLE * (sigma2 @ directions**2)
        directions[:, idle] = 0
        turn = signs(decoder)

        def padded(rows: Floats) -> NDArray:
            return np.concatenate([rows, np.zeros((k - len(rows), *rows.shape[1:]))]).astype(dtype)

        self.encoder_ = padded(turn[:, None] * (encoder @ span.T))
        self.decoder_ = np.ascontiguousarray(padded((span @ decoder * turn).T).T)
        self.components_ = padded((span @ directions * turn).T)
        variance = sigma2 @ directions**2
        self.explained_variance_ = padded(variance * self.n_samples_ / (self.n_samples_ - 1))
        self.explained_variance_ratio_ = padded(variance / sigma2.sum())

    def _warn(self, model: Model, data: Data) -> None:
        """As `lae train` does: what the theorem assumes and the samples or parameters violate."""
        if (live := model.live(data.sigma2)) < model.k:
            what = f"only {live} of {model.k} latents have something to learn (the samples have rank {data.rank})"
            warnings.warn(f"n_components: {what}; the other components are zero", UserWarning, stacklevel=3)
        if model.finds == "subspace" and model.k > 1:
            what = "determines the space that the components span; the components themselves depend on random_state"
            warnings.warn(f"model: {model.name} {what}", UserWarning, stacklevel=3)
        for checked in Run(model, self.optimizer, 1.0, start="balanced").hypotheses(data):
            if not checked.holds:
                text = f"model: the theorem about {model.name} assumes {checked.text}; {checked.why}"
                warnings.warn(text, UserWarning, stacklevel=3)


def _distances(model: Model, job: Job) -> tuple[float, float]:
    """How far directions are from what the model determines, and the loss from its least value, as a share."""
    history = job.history(0)
    first, last = (float(history["excess"][i]) for i in (0, -1))
    return float(history[model.finds][-1]), max(last / first, 0.0) if first > 0 else 0.0


def _unconverged(model: Model, job: Job, data: Data, tol: float) -> str:
    (apart, excess), what = _distances(model, job), model.finds.replace("_", " ")
    spread = data.sigma2[0] / data.sigma2[model.k - 1]
    wish = "more steps (max_iter), fewer components, or features of similar scale (StandardScaler)"
    if any(model.loss.ridge) and job.runs[0].optimizer == "gd":
        wish = f'optimizer="nesterov", {wish}'
    if model.rotation != "none" and excess <= tol:
        wish = "a smaller learning_rate: a rotation aligns components only as far as steps leave the layers balanced"
    return (
        f"{model.name} has not converged after {job.epoch:g} steps: {what} is {apart:.2g}, and "
        f"{excess:.2g} of the loss is left to lose (tol = {tol:g}); variances differ by σ_1²/σ_k² = {spread:.3g}. "
        f"Want {wish}"
    )


def _numbers(values: ArrayLike, name: str, k: int) -> Floats:
    """k finite numbers, none negative."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" or array.shape != (k,):
        raise ValueError(f"{name}: got {array.dtype} of shape {array.shape}; want {k} numbers, one for each latent")
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError(f"{name}: got {', '.join(f'{x:g}' for x in array)}; want finite numbers, none negative")
    return array.astype(np.float64)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool | np.bool_)


def _is_real(value: Any, among: Callable[[Any], bool]) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_) and bool(among(value))
