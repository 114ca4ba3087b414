"""Gradient flows on manifolds: of the map W itself among those of rank r, and of an orthonormal frame.

Main results
    Riemannian, Brockett    the models
    RiemannianField     the product of N balanced layers (Bah et al. 2019, (25), (26)): its rank stays as it is
    BrockettField       W = W1ᵀ = W2 on the Stiefel manifold (Bao et al. 2020, (51)): WᵀW stays as it is
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar

import numpy as np

from numerics import losses
from numerics.losses import Loss
from numerics.training import metrics, starts
from numerics.training.arrays import per_run
from numerics.training.covariances import Covariance
from numerics.training.crosses import BatchCross, Cross
from numerics.training.data import Data
from numerics.training.frames import FrameField
from numerics.training.models import Ingredients, Model
from numerics.training.network import Layered
from numerics.training.run import Run
from numerics.training.setting import Setting
from numerics.training.still import StillField
from numerics.training.update_rules import FLOWS

Array = Any


class RiemannianField(StillField):
    """Ẇ = −𝒜_W(∇), ∇ = 2(WC − M), 𝒜_W(Z) = Σ_j (WWᵀ)^{(N−j)/N} Z (WᵀW)^{(j−1)/N}, for R runs.

    It is the flow of the product of N balanced layers (Corollary 8) at twice the scale of Bah et al. With
    W = PSQᵀ of rank r the sum is P S^{2(N−1)/N} PᵀZ + Z Q S^{2(N−1)/N} Qᵀ and, between the two, in P and Q.

    Parameters
    ----------
    setting : Setting
    parameters : {"map": array (R, d_N, d_0)}
    """

    layered: ClassVar[bool] = True

    @staticmethod
    def start(runs: Sequence[Run], data: Data, turned: bool) -> dict[str, np.ndarray]:
        """The product of the layers from which a deep network starts."""
        drawn = [starts.layers(run.start, run.model.sizes(data), run.seed, data.reach(run.model.rank)) for run in runs]
        maps = np.stack([reduce(lambda below, above: above @ below, layers) for layers in drawn])
        return {"map": data.output_basis.T @ maps @ data.basis if turned else maps}

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, xp = parameters, setting.xp
        w = self._w = parameters["map"]
        self._xp = xp
        self._goal: Array = setting.goal
        self._moving, self._full, self._trace = setting.moving, setting.full, setting.trace
        first = setting.models[0]
        self._depth, self._rank = len(first.widths) + 1, min(first.rank, *w.shape[1:])
        self._cross, self._moving_cross = setting.cross, setting.moving_cross
        self._gain = per_run(xp.asarray(2 * setting.scale, dtype=w.dtype), w, xp)
        self._seen = xp.empty_like(w)

    def descent(self, step: int) -> dict[str, Array]:
        """The Riemannian gradient, times the learning rate unless raw."""
        xp, depth = self._xp, self._depth
        (self._moving_cross or self._moving).at(step)
        slope = (self._times(self._moving) - self._target(self._moving, self._moving_cross)) * self._gain
        p, sizes, qt = self._decompose()
        pt, q = xp.matrix_transpose(p), xp.matrix_transpose(qt)
        powers = [sizes ** (2 * a / depth) for a in range(depth)]
        outer = powers[-1]
        whole = (p * outer[:, None, :]) @ (pt @ slope) + (slope @ q) * outer[:, None, :] @ qt
        inner = pt @ slope @ q
        for j in range(2, depth):
            whole = whole + (p * powers[depth - j][:, None, :]) @ inner @ (powers[j - 1][:, :, None] * qt)
        return {"map": whole}

    def value(self) -> Array:
        """The losses ‖Y − WX‖²/n (R,), on all samples."""
        xp, seen = self._xp, self._times(self._full)
        return self._trace + xp.sum((seen - 2 * self._target(self._full, self._cross)) * self._w, axis=(1, 2))

    def factors(self) -> tuple[Array, Array]:
        """Balanced: S^½Qᵀ and S^½Pᵀ."""
        p, sizes, qt = self._decompose()
        root = sizes[:, :, None] ** 0.5
        return root * qt, root * self._xp.matrix_transpose(p)

    def measure(self, turns: tuple[Array, Array] | None) -> dict[str, Array]:
        """Metrics of the map: it has no columns to align."""
        xp, (q, zt) = self._xp, self.factors()
        w = self._w
        if turns is not None:
            zt, w = xp.matmul(zt, turns[1]), xp.matmul(xp.matmul(xp.matrix_transpose(turns[1]), w), turns[0])
        return {
            "subspace": metrics.subspace(zt),
            "effective_rank": metrics.effective_rank(q, zt),
            "distance": xp.sqrt(xp.sum((w[..., : self._goal.shape[1]] - self._goal) ** 2, axis=(1, 2))),
        }

    def invariants(self) -> Array:
        """The singular values beyond the rank, which are zero, and the number zero, if there are none."""
        beyond = self._xp.linalg.svdvals(self._w)[:, self._rank :]
        return self._xp.concat([beyond, self._xp.zeros_like(self._w[:, 0, :1])], axis=1)

    def _decompose(self) -> tuple[Array, Array, Array]:
        """P, the singular values and Qᵀ, of the rank of the manifold.

        What rounding leaves of the other singular values is dropped: its N-th root would not be small. A map that has
        exploded has none; elsewhere it leaves its mark on the direction.
        """
        xp, r = self._xp, self._rank
        finite = xp.all(xp.isfinite(self._w), axis=(1, 2), keepdims=True)
        p, sizes, qt = xp.linalg.svd(xp.where(finite, self._w, xp.zeros_like(self._w)), full_matrices=False)
        return p[..., :r], sizes[..., :r], qt[..., :r, :]

    def _times(self, covariance: Covariance) -> Array:
        covariance.times(self._w, out=self._seen)
        return self._seen

    def _target(self, covariance: Covariance, cross: Cross | BatchCross | None) -> Array:
        """M, for Y = X the covariance itself."""
        eye = self._xp.eye(self._w.shape[1], dtype=self._w.dtype)
        target = self._xp.empty(self._w.shape[1:], dtype=self._w.dtype)
        (covariance.times if cross is None else cross.forward)(eye, out=target)
        return target


class BrockettField(FrameField):
    """Ẇ = 2(I − WWᵀ)CWD + W(WᵀCWD − DWᵀCW) for R runs, D the weights Σ_{b≥i} w_b of the latents i.

    Where WᵀW = I it is minus the gradient on the Stiefel manifold of −Tr WᵀCWD, which is, up to a constant, the loss
    Σ_b w_b ‖X − WΠ_bWᵀX‖²/n that is reported. D decreases, which orders the eigenvectors.

    Parameters
    ----------
    setting : Setting
    parameters : {"weights": array (R, 2, k, m)}
        Both halves are Wᵀ.
    """

    @staticmethod
    def start(runs: Sequence[Run], data: Data, turned: bool) -> dict[str, np.ndarray]:
        """The orthonormal frame of the encoder that is drawn."""
        w1 = StillField.start(runs, data, turned)["weights"][:, 0]
        frame, triangle = np.linalg.qr(w1.swapaxes(1, 2))
        frame = frame * np.sign(np.diagonal(triangle, axis1=1, axis2=2))[:, None, :]
        return {"weights": np.stack([frame.swapaxes(1, 2)] * 2, axis=1)}

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        keep = np.array([np.cumsum(model.loss.masks[::-1])[::-1] for model in setting.models])[:, :, None]
        super().__init__(setting, parameters, keep + keep.swapaxes(1, 2), 2 * keep)

    def invariants(self) -> Array:
        """WᵀW."""
        gram = self._xp.matmul(self._w1, self._w1t)
        return self._xp.reshape(gram, (gram.shape[0], -1))


def check(model: Model, optimizer: str) -> None:
    """Refuse a rule with a memory, which would leave the manifold."""
    if optimizer not in FLOWS:
        raise ValueError(
            f"optimizer: {model.name} flows on a manifold; want flow, or gd (Euler's method); got {optimizer}"
        )


class Riemannian(Layered):
    """The product of the layers of a deep network, which flows among the matrices of its rank."""

    name, field, formula = "riemannian", RiemannianField, "(1/n)‖X − WX‖²"

    def check(self, optimizer: str, batch: int | None) -> None:
        """Flows alone."""
        super().check(optimizer, batch)
        check(self, optimizer)

    def rows(self, m: int) -> int:
        """The map itself."""
        return max(m, self.rank)


class Brockett(Model):
    """The summed loss with W1 = W2ᵀ orthonormal, which flows on the Stiefel manifold."""

    name, field, formula = "brockett", BrockettField, "Σ_b (1/n)‖X − WΠ_bWᵀX‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """Every mask counts once."""
        return losses.summed(k)

    def check(self, optimizer: str, batch: int | None) -> None:
        """Flows alone."""
        super().check(optimizer, batch)
        check(self, optimizer)
