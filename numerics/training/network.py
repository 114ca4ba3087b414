"""Linear networks x ↦ W_N ⋯ W_1x of two layers or more that predict X or other targets Y, their last latents masked.

With Q = W_{N−1} ⋯ W_1, Z = W_N, C = XXᵀ/n, M = YXᵀ/n, G = ZᵀZ and H = QCQᵀ the loss Σ_b w_b ‖Y − ZΠ_bQX‖²/n is

    Σ_b w_b Tr YYᵀ/n − 2 Tr P_D QMᵀZ + Tr (G ∘ P_L)H,

the loss of Oftadeh et al. (2020, Lemma 1) for w_b = 1 and N = 2, and twice that of Bah et al. (2019, (2)) if only the
last w is one. Its gradient is

    ∂Zᵀ = 2[(H ∘ P_L)Zᵀ − P_D QMᵀ],   S = ∂Q = 2[(G ∘ P_L)QC − P_D ZᵀM],
    ∂W_j = (W_{N−1} ⋯ W_{j+1})ᵀ S (W_{j−1} ⋯ W_1)ᵀ.

Main results
    NetworkField    its gradients and losses, for R runs
    Deep            the model of several layers
    hypotheses      what the theorems assume of the data
    optimum         the balanced layers of a global minimum
    curvature       the largest eigenvalue of the Hessian there
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from numerics.namespaces import array_namespace
from numerics.training import metrics, starts
from numerics.training.arrays import Operations, as_numpy, per_run
from numerics.training.covariances import Covariance, Diagonal
from numerics.training.crosses import BatchCross, Cross
from numerics.training.curvatures import largest_curvature
from numerics.training.data import Data
from numerics.training.models import Model, Premise, checked
from numerics.training.run import Run
from numerics.training.setting import Setting
from numerics.training.still import StillField

Array = Any
LAST = "decoder"
"""The name of W_Nᵀ among the parameters; the others are layer1, …, layer{N−1}."""


class NetworkField(StillField):
    """The field of R networks.

    Parameters
    ----------
    setting : Setting
        Of models of equal widths d_1, …, d_{N−1}, without regularisers.
    parameters : {"layer1": array (R, d_1, d_0), …, "decoder": array (R, d_{N−1}, d_N)}
        W_1, …, W_{N−1} and W_Nᵀ, which may change in place, not be replaced.
    """

    layered: ClassVar[bool] = True

    @staticmethod
    def start(runs: Sequence[Run], data: Data, turned: bool) -> dict[str, np.ndarray]:
        """Layers as :func:`numerics.training.starts.layers` draws them."""
        drawn = [starts.layers(run.start, run.model.sizes(data), run.seed, data.reach(run.model.rank)) for run in runs]
        layers = [np.stack(column) for column in zip(*drawn, strict=True)]
        layers[-1] = layers[-1].swapaxes(1, 2)
        if turned:
            layers[0], layers[-1] = layers[0] @ data.basis, layers[-1] @ data.output_basis
        return _named(layers)

    def __init__(self, setting: Setting, parameters: dict[str, Array]) -> None:
        self.parameters, xp = parameters, setting.xp
        self._xp, self._do = xp, Operations(xp)
        self._goal: Array = setting.goal
        self._moving, self._full, self._trace = setting.moving, setting.full, setting.trace
        self._layers = [array for name, array in parameters.items() if name != LAST]
        self._last = parameters[LAST]
        self._rank = min(setting.models[0].widths)
        self._cross, self._moving_cross = setting.cross, setting.moving_cross

        def constant(values: Any) -> Array:
            return xp.asarray(np.asarray(values), dtype=self._last.dtype)

        keep = np.array([np.cumsum(model.loss.masks[::-1])[::-1] for model in setting.models])
        self._masked = not (keep == keep[:, :1]).all()
        self._keep = constant(keep[:, :, None])
        self._shared = constant(np.minimum(keep[:, :, None], keep[:, None, :]))
        self._weight = constant(keep[:, 0])
        self._gain = per_run(constant(2 * setting.scale), self._last, xp)
        runs, k, _ = self._last.shape
        wide = self._layers[0].shape[-1]
        self._partial = [xp.empty((runs, w.shape[1], wide), dtype=w.dtype) for w in self._layers[1:]]
        self._slopes = [xp.empty((runs, w.shape[1], wide), dtype=w.dtype) for w in self._layers]
        self._seen, self._fit = xp.empty_like(self._slopes[-1]), xp.empty_like(self._slopes[-1])
        self._g = xp.empty((runs, k, k), dtype=self._last.dtype)
        self._h = xp.empty_like(self._g)
        self._out = {name: xp.empty_like(array) for name, array in parameters.items()}
        self._target = xp.empty_like(self._last)
        self._out["layer1"] = self._slopes[0]

    def descent(self, step: int) -> dict[str, Array]:
        """The gradients, times the learning rate unless raw."""
        do, t = self._do, self._xp.matrix_transpose
        (self._moving_cross or self._moving).at(step)
        self._evaluate(self._moving, self._moving_cross)
        self._g *= self._shared
        self._h *= self._shared
        out = self._out[LAST]
        do.matmul(self._h, self._last, out=out)
        self._target *= self._keep
        out -= self._target
        out *= self._gain
        slope = self._slopes[-1]
        do.matmul(self._g, self._seen, out=slope)
        self._fit *= self._keep
        slope -= self._fit
        slope *= self._gain
        below = [self._layers[0], *self._partial]
        for j in range(len(self._layers) - 1, 0, -1):
            do.matmul(self._slopes[j], t(below[j - 1]), out=self._out[f"layer{j + 1}"])
            do.matmul(t(self._layers[j]), self._slopes[j], out=self._slopes[j - 1])
        return self._out

    def value(self) -> Array:
        """The losses (R,), on all samples."""
        xp = self._xp
        self._evaluate(self._full, self._cross)
        fitted = xp.sum(self._keep * self._fit * self._encoder(), axis=(1, 2))
        return self._weight * self._trace - 2 * fitted + xp.sum(self._g * self._shared * self._h, axis=(1, 2))

    def factors(self) -> tuple[Array, Array]:
        """Q = W_{N−1} ⋯ W_1 and W_Nᵀ."""
        self._multiply()
        return self._encoder(), self._last

    def inside(self) -> list[Array]:
        """W_1, …, W_{N−1} if N > 2."""
        return self._layers if self._partial else []

    def measure(self, turns: tuple[Array, Array] | None) -> dict[str, Array]:
        """Metrics of the decoder's columns, of the product's range, and of the layers' balance."""
        xp, (q, zt) = self._xp, self.factors()
        if turns is not None:
            q, zt = xp.matmul(q, turns[0]), xp.matmul(zt, turns[1])
        inside, outside, total = metrics.ratios(zt)
        product = xp.matmul(xp.matrix_transpose(zt), q)
        found = {
            "alignment": metrics.alignment(zt),
            "ordered_alignment": metrics.ordered_alignment(zt),
            "subspace": metrics.subspace(_range(q, zt, self._rank)),
            "ratio_tp": inside,
            "ratio_fp": outside,
            "ratio_total": total,
            "balance": xp.sqrt(sum(xp.sum(b**2, axis=(1, 2)) for b in self.imbalances())),
            "effective_rank": metrics.effective_rank(q, zt),
            "distance": xp.sqrt(xp.sum((product[..., : self._goal.shape[1]] - self._goal) ** 2, axis=(1, 2))),
        }
        if self._cross is None:
            found["transpose"] = xp.sqrt(xp.sum((q - zt) ** 2, axis=(1, 2)))
        return found

    def invariants(self) -> Array:
        """What the flow conserves: W_{j+1}ᵀW_{j+1} − W_jW_jᵀ; of the last, if latents are masked, the diagonal."""
        xp, found = self._xp, self.imbalances()
        if self._masked:
            found[-1] = xp.linalg.diagonal(found[-1])[:, None, :]
        return xp.concat([xp.reshape(b, (b.shape[0], -1)) for b in found], axis=1)

    def imbalances(self) -> list[Array]:
        """W_{j+1}ᵀW_{j+1} − W_jW_jᵀ for j < N."""
        t = self._xp.matrix_transpose
        after = [t(w) @ w for w in self._layers[1:]] + [self._last @ t(self._last)]
        return [gram - w @ t(w) for gram, w in zip(after, self._layers, strict=True)]

    def _encoder(self) -> Array:
        return [self._layers[0], *self._partial][-1]

    def _multiply(self) -> None:
        """W_j ⋯ W_1 for j = 2, …, N − 1, in their places."""
        before = self._layers[0]
        for w, place in zip(self._layers[1:], self._partial, strict=True):
            self._do.matmul(w, before, out=place)
            before = place

    def _evaluate(self, covariance: Covariance, cross: Cross | BatchCross | None) -> None:
        """QC, ZᵀM, QMᵀ, G and H, in their places."""
        do, t = self._do, self._xp.matrix_transpose
        self._multiply()
        q = self._encoder()
        covariance.times(q, out=self._seen)
        if cross is None:
            covariance.times(self._last, out=self._fit)
            self._target[...] = self._seen
        else:
            cross.forward(self._last, out=self._fit)
            cross.back(q, out=self._target)
        do.matmul(self._last, t(self._last), out=self._g)
        do.matmul(self._seen, t(q), out=self._h)


def hypotheses(model: Model, data: Data) -> list[Premise]:
    """What the theorems about networks assume of the data, checked.

    Oftadeh et al. (2020, Assumption 1, relaxed as in Remark 9), who need the eigenvectors of Σ one by one if latents
    are masked; Bah et al. (2019, Theorems 5, 12 and, for Y = X, 31) for deep networks, who need the first r together.
    """
    values, masked = data.explained, any(model.loss.masks[:-1])
    r = min(model.sizes(data))
    first = 1 if masked else r
    pairs = [(i, values[i - 1], values[i]) for i in range(first, min(r + 1, len(values)))]
    ties = [f"λ_{i} = λ_{i + 1} = {a:g}" for i, a, b in pairs if not a > b and a > 0]
    positive = int(np.count_nonzero(values))
    text = f"λ_1 > … > λ_{r + 1} for Σ = Σ_yxΣ_xx⁻¹Σ_xy" if masked else f"λ_{r} > λ_{r + 1} for Σ = Σ_yxΣ_xx⁻¹Σ_xy"
    return [
        checked("Σ_xx has full rank", [f"its rank is {data.rank}, m = {data.m}"] if data.rank < data.m else []),
        checked(f"λ_{r}(Σ) > 0", [f"only {positive} eigenvalues are positive"] if positive < r else []),
        checked(text, ties),
    ]


class Layered(Model):
    """Models that have layers of any number and widths."""

    has_widths: ClassVar[bool] = True
    predicts: ClassVar[bool] = True

    def premises(self, data: Data, start: str) -> list[Premise]:
        """Those of networks, and that nothing is widened."""
        found, outputs = hypotheses(self, data), len(data.explained)
        return found + ([checked("d_y ≤ d_x", [f"d_y = {outputs}, d_x = {data.m}"])] if outputs > data.m else [])


class Deep(Layered):
    """‖X − W_N ⋯ W_1X‖²/n, twice that of Bah et al. (2019, (2)), with any number of factors of any widths."""

    name, field, formula = "deep", NetworkField, "(1/n)‖X − W_N⋯W₁X‖²"

    def premises(self, data: Data, start: str) -> list[Premise]:
        """And, for Y = X, balanced layers at the start."""
        found = super().premises(data, start)
        if data.targets is not None:
            return found
        loose = [] if starts.are_balanced(start, self.sizes(data)) else [f"the start is {start}; want --init balanced"]
        return [*found, checked("W_{j+1}ᵀW_{j+1} = W_jW_jᵀ at the start", loose)]


def optimum(model: Model, data: Data) -> list[np.ndarray]:
    """Layers of a global minimum in the eigenbases, W_1, …, W_{N−1}, W_Nᵀ, each a batch of one run.

    The best map of rank r is PSQᵀ. Its balanced factors are S^{1/N}Qᵀ, S^{1/N}, …, PS^{1/N}; with masks the columns of
    the decoder are eigenvectors of Σ, and only their lengths can be balanced with those of the encoder's rows.
    """
    k, best = model.k, data.best_map(model.rank)
    if any(model.loss.masks[:-1]):
        rows = best[:k]
        root = np.sqrt(np.linalg.norm(rows, axis=1))[:, None]
        return [(rows / np.where(root > 0, root, 1))[None], (root * np.eye(k, len(best)))[None]]
    p, sizes, qt = np.linalg.svd(best)
    r, depth = min(model.rank, len(sizes)), len(model.widths) + 1
    widths = [data.m, *model.widths, len(best)]
    layers = [np.zeros((after, before)) for before, after in pairwise(widths)]
    for w in layers:
        w[range(r), range(r)] = sizes[:r] ** (1 / depth)
    layers[0], layers[-1] = layers[0] @ qt, p @ layers[-1]
    return [w[None] for w in (*layers[:-1], layers[-1].T)]


def curvature(model: Model, data: Data) -> float:
    """The largest eigenvalue of the Hessian at :func:`optimum`: 2N Σ_b w_b σ_1² if Y = X, else by Lanczos.

    Examples
    --------
    A single sample feature and target, Y = 4X: (4 − w_2w_1)² at w_1 = w_2 = 2 bends as 2 · (2² + 2²):

    >>> from numerics.training.data import from_samples
    >>> from numerics.training.catalogue import make
    >>> from numerics.training.targets import with_targets
    >>> x = np.array([[1.0], [-1.0]])
    >>> round(curvature(make("unregularised", 1, np.ones(1)), with_targets(from_samples(x), 4 * x)), 6)
    16.0
    """

    if data.targets is None:
        return model.curvature(data.sigma2)
    covariance = Diagonal(data.sigma2, np)
    cross = Cross(data.targets.basis.T @ data.targets.cross @ data.basis, np)
    setting = Setting([model], [0], [1.0], True, covariance, covariance, data.targets.trace, np, cross, cross)

    def gradient(parameters: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: as_numpy(g) for name, g in NetworkField(setting, parameters).descent(0).items()}

    return largest_curvature(gradient, _named(optimum(model, data)))


def _named(layers: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"layer{j}": w for j, w in enumerate(layers[:-1], start=1)} | {LAST: layers[-1]}


def _range(q: Array, zt: Array, rank: int) -> Array:
    """The first left singular vectors of ZQ times their singular values, as rows (R, rank, d)."""
    xp = array_namespace(q, zt)
    left, above = xp.linalg.qr(xp.matrix_transpose(zt))
    core = above @ xp.matrix_transpose(xp.linalg.qr(xp.matrix_transpose(q))[1])
    u, sizes, _ = xp.linalg.svd(core, full_matrices=False)
    return xp.matrix_transpose(left @ (u * sizes[:, None, :]))[:, :rank, :]
