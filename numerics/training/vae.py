"""The linear VAE with a diagonal latent covariance, by its analytic ELBO (Lucas et al. 2019; Bao et al. 2020, F).

p(x|z) = N(W2z, sI), q(z|x) = N(W1x, diag(d)), prior N(0, I). With C = XXᵀ/n, G = W2ᵀW2 and H = W1CW1ᵀ the loss, minus
the ELBO of a sample, is

    ½ Σ_i (d_i + H_ii − 1 − log d_i) + E/2s + (m/2) log 2πs,   E = Σ_i d_i G_ii + Tr C − 2 Tr W2W1C + Tr GH.

Learned are W1, W2, log d and log s, the last two from zero, as in the code of Bao et al.

Main results
    LinearVAE       its minimum is minus the likelihood of probabilistic PCA, its curvature is measured there
    VAEField        gradients and losses of R runs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from numerics.training.arrays import Operations, as_numpy, per_run
from numerics.training.covariances import Diagonal
from numerics.training.curvatures import largest_curvature
from numerics.training.data import Data
from numerics.training.models import Model, Premise
from numerics.training.run import Run
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any


class VAEField(StillField):
    """The field of R linear VAEs.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m), "log_variance": array (R, k), "log_noise": array (R, 1)}
    """

    @staticmethod
    def start(runs: Sequence[Run], data: Data, turned: bool) -> dict[str, np.ndarray]:
        """Unit variances and unit noise."""
        variances, noise = np.zeros((len(runs), runs[0].model.k)), np.zeros((len(runs), 1))
        return StillField.start(runs, data, turned) | {"log_variance": variances, "log_noise": noise}

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, xp = parameters, setting.xp
        self._xp, self._moving, self._full, self._trace = xp, setting.moving, setting.full, setting.trace
        self._do = Operations(xp)
        w = self._w = parameters["weights"]
        scale = xp.asarray(setting.scale, dtype=w.dtype)
        self._scale = {name: per_run(scale, array, xp) for name, array in parameters.items()}
        self._v, self._out = xp.empty_like(w), xp.empty_like(w)
        self._w1, self._w2 = w[:, 0, ...], w[:, 1, ...]
        self._w1t, self._w2t = xp.matrix_transpose(self._w1), xp.matrix_transpose(self._w2)
        self._v1, self._v2 = self._v[:, 0, ...], self._v[:, 1, ...]
        self._out1, self._out2 = self._out[:, 0, ...], self._out[:, 1, ...]
        self._eye = xp.eye(w.shape[2], dtype=w.dtype)
        self._g, self._h, self._spare = (xp.empty((w.shape[0], *self._eye.shape), dtype=w.dtype) for _ in range(3))

    def descent(self, step: int) -> dict[str, Array]:
        """The gradients, times the learning rate unless raw."""
        do = self._do
        self._moving.at(step)
        d, noise, error = self._evaluate(self._moving)
        inverse = (1 / noise)[:, None, None]
        size = self._diagonal(self._g)
        do.matmul(self._g, self._v1, out=self._out1)
        self._out1 -= self._v2
        self._out1 *= inverse
        self._out1 += self._v1
        do.multiply(self._eye, d[:, :, None], out=self._spare)
        self._h += self._spare
        do.matmul(self._h, self._w2, out=self._out2)
        self._out2 -= self._v1
        self._out2 *= inverse
        self._out *= self._scale["weights"]
        variance = (d - 1 + d * size / noise[:, None]) / 2
        level = (self._w.shape[-1] - error / noise)[:, None] / 2
        return {
            "weights": self._out,
            "log_variance": variance * self._scale["log_variance"],
            "log_noise": level * self._scale["log_noise"],
        }

    def value(self) -> Array:
        """Minus the ELBO of a sample (R,), on all samples."""
        xp = self._xp
        d, noise, error = self._evaluate(self._full)
        latent = xp.sum(d + self._diagonal(self._h) - 1 - self.parameters["log_variance"], axis=1)
        logarithm = float(np.log(2 * np.pi)) + self.parameters["log_noise"][:, 0]
        return (latent + error / noise + self._w.shape[-1] * logarithm) / 2

    def _evaluate(self, covariance: Any) -> tuple[Array, Array, Array]:
        """V, G and H in their places; d (R, k), s (R,) and E (R,)."""
        xp, do = self._xp, self._do
        covariance.times(self._w, out=self._v)
        do.matmul(self._w2, self._w2t, out=self._g)
        do.matmul(self._v1, self._w1t, out=self._h)
        d, noise = xp.exp(self.parameters["log_variance"]), xp.exp(self.parameters["log_noise"][:, 0])
        error = xp.sum(d * self._diagonal(self._g), axis=1) + self._trace
        do.multiply(self._w2, self._v1, out=self._out2)
        do.multiply(self._g, self._h, out=self._spare)
        error = error - 2 * xp.sum(self._out2, axis=(1, 2)) + xp.sum(self._spare, axis=(1, 2))
        return d, noise, error

    def _diagonal(self, matrices: Array) -> Array:
        return self._xp.linalg.diagonal(matrices)


class LinearVAE(Model):
    """The linear VAE as a model.

    Examples
    --------
    For σ² = (e, 1), k = 1 the noise is 1, and the loss ½(log e + 2) + log 2π:

    >>> from numerics.training.catalogue import make
    >>> float(round(make("vae", 1, np.array([np.e, 1.0])).minimum(np.array([np.e, 1.0])) - np.log(2 * np.pi), 12))
    1.5
    """

    name, has_scale, field = "vae", False, VAEField
    formula = "minus the ELBO of a sample"

    @property
    def finds(self) -> str:
        """Its latents are independent, which fixes directions and not their order."""
        return "alignment"

    def noise(self, sigma2: Array) -> float:
        """The most likely noise: the mean of the eigenvalues that are left out; zero if there are none."""
        rest = np.asarray(sigma2, dtype=np.float64)[self.k :]
        return float(rest.mean()) if rest.size else 0.0

    def hypotheses(self, sigma2: Array) -> list[Premise]:
        """Distinct eigenvalues, and some noise: without any the likelihood is unbounded."""
        noisy = self.noise(sigma2) > 0
        why = "" if noisy else "nothing is left out, so that the likelihood grows without bound as the noise falls"
        return [*super().hypotheses(sigma2), Premise("noise: Σ_{i>k} σ_i² > 0", noisy, why)]

    def minimum(self, sigma2: Array) -> float:
        """½[Σ_{i≤k} log σ_i² + (m − k) log s + m + m log 2π], s the mean of what is left out."""
        values, noise = np.asarray(sigma2, dtype=np.float64), self.noise(sigma2)
        if noise == 0:
            return -float("inf")
        logs = np.log(values[: self.k]).sum() + (len(values) - self.k) * np.log(noise)
        return float(logs + len(values) * (1 + np.log(2 * np.pi))) / 2

    def kept(self, sigma2: Array) -> np.ndarray:
        """(σ_i² − s)/σ_i², s the noise: W2W1 reconstructs the posterior mean; NaN without noise, or as for others."""
        values, noise = np.asarray(sigma2, dtype=np.float64), self.noise(sigma2)
        if noise == 0:
            return np.full(self.k, np.nan)
        return self._determined(np.maximum(1 - noise / values[: self.k], 0.0), values)

    def curvature(self, sigma2: Array) -> float:
        """The largest eigenvalue of the Hessian at the minimum, by Lanczos on differences of the gradient."""
        noise = self.noise(sigma2)
        if noise == 0:
            return float("inf")
        values = np.asarray(sigma2, dtype=np.float64)
        return largest_curvature(_gradient(self, values), _optimum(values, self.k, noise))


def _optimum(sigma2: np.ndarray, k: int, noise: float) -> dict[str, np.ndarray]:
    """W2 = (S² − s)^½, W1 = (W2ᵀW2 + s)⁻¹W2ᵀ, d = s/σ², in the eigenbasis."""
    size = np.sqrt(np.maximum(sigma2[:k] - noise, 0))
    w = np.zeros((1, 2, k, len(sigma2)))
    w[0, 0, :, :k], w[0, 1, :, :k] = np.diag(size / sigma2[:k]), np.diag(size)
    return {"weights": w, "log_variance": np.log(noise / sigma2[:k])[None], "log_noise": np.array([[np.log(noise)]])}


def _gradient(model: LinearVAE, sigma2: np.ndarray) -> Any:
    """Parameters ↦ their gradients, on exact data of a spectrum."""

    covariance = Diagonal(sigma2, np)
    setting = Setting([model], [0], [1.0], True, covariance, covariance, float(sigma2.sum()), np)

    def gradient(parameters: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: as_numpy(g) for name, g in VAEField(setting, parameters).descent(0).items()}

    return gradient
