"""What moves the weights: gradients, and fields that are no gradient, for many runs at once.

The weights of R runs are one array w of shape (R, 2, k, m): w[:, 0] = W1 and w[:, 1] = W2ᵀ. With V = wC, G = W2ᵀW2
and H = W1CW1ᵀ the gradient of every loss of :mod:`numerics.losses` is

    ∂W1  = 2[(G ∘ P_L) V1 − P_D V2 + ΛW1 + γGW1],
    ∂W2ᵀ = 2[(H ∘ P_L) W2ᵀ − P_D V1 + ΛW2ᵀ + γ(W1W1ᵀ)W2ᵀ],

so that C enters through V alone: in the eigenbasis a step costs O(mk²).

Main results
    PairField       descent directions and losses of R two-layer models
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.training.arrays import NARROW, Operations, spread
from numerics.training.covariances import Diagonal
from numerics.training.masks import Masks
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any
FAINT = 1e-6
"""A share of kept masks by which nothing is divided."""


class PairField(StillField):
    """The field of R two-layer models.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m)}
        Read again in every step: they may change in place, not be replaced.
    """

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, weights = parameters, parameters["weights"]
        models, xp = setting.models, setting.xp
        self._xp, self._full, self._trace = xp, setting.full, setting.trace
        self._w, self._do = weights, Operations(xp)

        def constant(values: Any) -> Array:
            return xp.asarray(np.asarray(values), dtype=weights.dtype)

        gain = 2 * setting.scale
        keep = np.array([np.cumsum(model.loss.masks[::-1])[::-1] for model in models])
        k = keep.shape[1]
        self._masks = [Masks(model, seed) for model, seed in zip(models, setting.seeds, strict=True)]
        self._drawing = any(model.draws == "batch" for model in models)
        self._masked = not (keep == 1).all()
        # Masks that never change and keep every latent now and then are multiplied into V once and for all, by the
        # table that makes V of the weights, and out of G and H by those that make them G ∘ P_L and H ∘ P_L.
        self._passed = self._masked and (self._drawing or not (keep > FAINT).all())
        folded = np.ones_like(keep) if self._passed else keep
        self._moving = setting.moving.scaled(constant(gain[:, None] * folded), weights)
        self._root: Array | None = None
        if isinstance(self._moving, Diagonal) and k > NARROW:  # a matrix by its own transpose: half the multiplications
            self._root = self._moving.root()[:, 0, ...]
        rows = folded[:, :, None]
        freed = 1 / rows + np.zeros(k) if self._root is None else (rows * folded[:, None, :]) ** -0.5
        self._keep, self._shared = constant(keep), constant(np.minimum(keep[:, :, None], keep[:, None, :]))
        paired = np.minimum(keep[:, :, None], keep[:, None, :])
        self._kept, self._paired_g, self._paired_h = (
            constant(x) for x in (keep.copy(), paired / folded[:, None, :], paired * freed)
        )
        ridge = np.array([model.loss.ridge for model in models])
        gamma = np.array([model.loss.product for model in models])
        self._ridge, self._gamma = constant(ridge), constant(gamma)
        self._ridged, self._producted = bool(ridge.any()), bool(gamma.any())
        skew = (np.tri(k, k, -1).T - np.tri(k, k, -1)) / 2
        inside, outside = (
            np.array([skew * (model.rotation == place) for model in models]) for place in ("gradient", "update")
        )
        # H arrives multiplied by the gain, 2w times what a rotation is multiplied by, w the weight of a scale.
        self._inside = constant(-inside * freed / 2 / setting.weights[:, None, None])
        shares = np.asarray(setting.rates) / gain
        self._outside = constant(outside / rows * shares[:, None, None])
        self._mixed, self.drifts = self._producted or bool(inside.any()), bool(outside.any())
        decay = gain[:, None, None] * ridge[:, :, None]
        self._decay = spread(constant(decay), weights[:, 0, ...], xp)
        self._diagonal = constant(decay * np.eye(k))
        self._product = constant((gain * gamma)[:, None, None])
        self._tied = models[0].tied

        self._v, self._out = xp.empty_like(weights), xp.empty_like(weights)
        self._drift = xp.empty_like(weights) if self.drifts else self._v
        self._g, self._h, self._mix, self._spare = (
            xp.empty((len(models), k, k), dtype=weights.dtype) for _ in range(4)
        )
        self._w1, self._w2 = weights[:, 0, ...], weights[:, 1, ...]
        self._w1t, self._w2t = xp.matrix_transpose(self._w1), xp.matrix_transpose(self._w2)
        self._v1, self._v2 = self._v[:, 0, ...], self._v[:, 1, ...]
        self._out1, self._out2 = self._out[:, 0, ...], self._out[:, 1, ...]
        self._out1t = xp.matrix_transpose(self._out1)

    def descent(self, step: int) -> dict[str, Array]:
        """The direction to subtract, times the learning rate unless raw: (R, 2, k, m).

        V and H are computed times twice the rate; with T the rotation and A = 2η(Λ + γG) − ηT, B = 2η(Λ + γW1W1ᵀ) − ηT

            η∂W1 = (G ∘ P_L) V1 − P_D V2 + A W1,    η∂W2ᵀ = (H ∘ P_L + B) W2ᵀ − P_D V1,

        so that few operations are as large as the weights.
        """
        do = self._do
        if self._drawing:
            self._draw(step)
        self._moving.at(step)
        self._moving.times(self._w, out=self._v)
        self._gram(self._w2, self._w2t, out=self._g)
        if self._root is None:
            do.matmul(self._v1, self._w1t, out=self._h)
        else:
            do.multiply(self._w1, self._root, out=self._out1)
            do.matmul(self._out1, self._out1t, out=self._h)
        self._mix_latents()
        do.matmul(self._g, self._v1, out=self._out1)
        do.matmul(self._h, self._w2, out=self._out2)
        if self._passed:
            self._v *= self._kept[:, None, :, None]
        self._out1 -= self._v2
        self._out2 -= self._v1
        if self._mixed:
            do.matmul(self._mix, self._w1, out=self._v1)
            self._out1 += self._v1
        elif self._ridged:
            do.multiply(self._w1, self._decay, out=self._v1)
            self._out1 += self._v1
        if self._tied:
            self._v1[...] = self._out2
            self._out1 += self._v1
            self._v1[...] = self._out1
            self._out2[...] = self._v1
        return {"weights": self._out}

    def drift(self, step: int) -> Array:
        """The rotation that stands outside of the optimiser, times the learning rate: to add after the step."""
        do = self._do
        self._moving.at(step)
        self._moving.times(self._w, out=self._v)
        do.matmul(self._v1, self._w1t, out=self._h)
        self._h *= self._outside
        do.matmul(self._h, self._w1, out=self._drift[:, 0, ...])
        do.matmul(self._h, self._w2, out=self._drift[:, 1, ...])
        return self._drift

    def value(self) -> Array:
        """The losses (R,), on all samples."""
        xp = self._xp
        self._full.times(self._w, out=self._v)
        self._gram(self._w2, self._w2t, out=self._g)
        self._do.matmul(self._v1, self._w1t, out=self._h)
        kept = xp.sum(self._keep[:, :, None] * self._w2 * self._v1, axis=(1, 2))
        error = self._keep[:, 0] * self._trace - 2 * kept
        error = error + xp.sum(self._g * self._shared * self._h, axis=(1, 2))
        error = error + xp.sum(self._ridge[:, None, :, None] * self._w**2, axis=(1, 2, 3))
        size = xp.sum(xp.matmul(self._w1, self._w1t) * self._g, axis=(1, 2))
        return error + self._gamma * size

    def _gram(self, w: Array, transposed: Array, out: Array) -> None:
        """WWᵀ, of a copy where that is faster."""
        if w.shape[1] <= NARROW:
            self._out1[...] = w
            w = self._out1
        self._do.matmul(w, transposed, out=out)

    def _mix_latents(self) -> None:
        """G ∘ P_L, H ∘ P_L + B and A in the places of G, H and the mix."""
        if self._mixed:
            self._do.multiply(self._h, self._inside, out=self._mix)
        if self._masked:
            self._h *= self._paired_h
        if self._mixed:
            self._h += self._mix
        if self._producted:
            self._gram(self._w1, self._w1t, out=self._spare)
            self._spare *= self._product
            self._h += self._spare
            self._do.multiply(self._g, self._product, out=self._spare)
            self._mix += self._spare
        if self._masked:
            self._g *= self._paired_g
        if self._ridged:
            self._h += self._diagonal
        if self._ridged and self._mixed:
            self._mix += self._diagonal

    def _draw(self, step: int) -> None:
        """P_D and P_L of the masks of a step instead of those of their expectation."""
        keep = np.stack([masks.of_batch(step) for masks in self._masks])
        self._kept[...] = self._xp.asarray(keep, dtype=self._w.dtype)
        self._do.minimum(self._kept[:, :, None], self._kept[:, None, :], out=self._paired_h)
        self._paired_g[...] = self._paired_h
