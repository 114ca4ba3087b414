"""How far a run has come: metrics of W1 and W2 in the eigenbasis of the covariance, for many runs at once.

There the principal directions are the first k coordinate axes, so that ⟨u_i, w_j⟩ is the entry (j, i) of W2ᵀ.

Main results
    measure             all metrics of R runs
    alignment           d_align of Bao et al. (2020, Definition 7.1): order is not seen
    ordered_alignment   the same for w_i and u_i: zero only if the order is right
    subspace            d_sub of Bao et al. (2020, Definition 7.2)
    ratios              RatioTP, RatioFP, RatioTotal of Oftadeh et al. (2020, (22)–(25))
    effective_rank      exp of the entropy of the singular values of W2W1 (Roy and Vetterli 2007)
    UNSEEN              what a metric cannot see
    resolution          below which its values are rounding
"""

from __future__ import annotations

from typing import Any

from numerics.namespaces import array_namespace

Array = Any
TOLERANCE = 0.01
"""ε of Oftadeh et al. (2020): two directions count as equal if their cosine is above 1 − ε."""

NAMES = (
    "alignment",
    "ordered_alignment",
    "subspace",
    "ratio_tp",
    "ratio_fp",
    "ratio_total",
    "transpose",
    "balance",
    "effective_rank",
)

UNSEEN = {
    "excess": "how far the weights are from a minimum",
    "alignment": "the order of the columns, their lengths and signs, and the encoder",
    "ordered_alignment": "lengths and signs of the columns, and the encoder",
    "subspace": "which columns span the subspace, their lengths, and the encoder",
    "ratio_tp": "differences of directions below ε = 0.01, lengths, and the encoder",
    "ratio_fp": "differences of directions below ε = 0.01, lengths, and the encoder",
    "ratio_total": "differences of directions below ε = 0.01, order, lengths, and the encoder",
    "transpose": "what both layers have in common, right or wrong",
    "balance": "rotations of the data, and so what is learned",
    "effective_rank": "which directions W2W1 keeps, and how much of them",
    "distance": "how W2W1 is shared between the layers",
    "weight_distance": "models that do not regularise both layers: it is not a number there",
    "drift": "what the flow does not conserve",
}
"""What leaves a metric as it is, so that it cannot be seen by it; in words."""


def resolution(name: str, eps: float, loss: float) -> float:
    """Below which a value of a metric is rounding, for weights and eigenvectors known to a relative eps.

    d_sub is of the second order in an angle, which eigenvectors are known to eps only; the others are differences.

    >>> resolution("subspace", 2.0**-52, 1.0) == 2.0**-104, resolution("drift", 2.0**-52, 1.0)
    (True, 0.0)
    """
    return {"subspace": eps**2, "alignment": eps, "ordered_alignment": eps, "excess": eps * abs(loss)}.get(name, 0.0)


def cosines2(w2: Array) -> Array:
    """⟨u_i, w_j⟩²/‖w_j‖² for W2ᵀ (…, k, m), as (…, j, i); zero for a zero column w_j."""
    xp = array_namespace(w2)
    k = w2.shape[-2]
    largest = xp.max(xp.abs(w2), axis=-1, keepdims=True)
    unit = w2 / xp.where(largest > 0, largest, xp.ones_like(largest))
    norm2 = xp.sum(unit**2, axis=-1, keepdims=True)
    return unit[..., :k] ** 2 / xp.where(norm2 > 0, norm2, xp.ones_like(norm2))


def alignment(w2: Array) -> Array:
    """d_align = 1 − (1/k) Σ_i max_j ⟨u_i, w_j⟩²/‖w_j‖² for W2ᵀ (…, k, m).

    Examples
    --------
    >>> import numpy as np
    >>> float(alignment(np.eye(2, 3)[::-1])), float(ordered_alignment(np.eye(2, 3)[::-1]))
    (0.0, 1.0)
    """
    return _alignment(cosines2(w2))


def ordered_alignment(w2: Array) -> Array:
    """1 − (1/k) Σ_i ⟨u_i, w_i⟩²/‖w_i‖² for W2ᵀ (…, k, m)."""
    return _ordered_alignment(cosines2(w2))


def subspace(w2: Array) -> Array:
    """d_sub = 1 − (1/k) Tr(UUᵀ U_W U_Wᵀ), U_W an orthonormal basis of the range of W2, for W2ᵀ (…, k, m).

    What lies outside of the first k axes is summed, so that small distances keep their digits; a direction that
    W2 lacks counts as one.

    Examples
    --------
    >>> import numpy as np
    >>> float(subspace(np.array([[1.0, 0.0, 0.0], [1.0, 1e-9, 0.0]]))), float(subspace(np.zeros((2, 3))))
    (0.0, 1.0)
    """
    xp = array_namespace(w2)
    return _subspace(*xp.linalg.qr(xp.matrix_transpose(w2)))


def ratios(w2: Array) -> tuple[Array, Array, Array]:
    """RatioTP, RatioFP and their sum: the share of directions found in place, elsewhere, at all.

    Examples
    --------
    >>> import numpy as np
    >>> [float(x) for x in ratios(np.array([[1.0, 0.0], [1.0, 0.0]]))]
    [0.5, 0.5, 1.0]
    """
    return _ratios(cosines2(w2))


def effective_rank(w1: Array, w2: Array) -> Array:
    """exp(−Σ p_i log p_i), p the singular values of W2W1 over their sum; zero for W2W1 = 0.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(effective_rank(np.eye(2, 5), np.eye(2, 5))), 12)
    2.0
    """
    xp = array_namespace(w1, w2)
    return _effective_rank(*(xp.linalg.qr(xp.matrix_transpose(w))[1] for w in (w1, w2)))


def _alignment(cosines: Array) -> Array:
    xp = array_namespace(cosines)
    return 1 - xp.mean(xp.max(cosines, axis=-2), axis=-1)


def _ordered_alignment(cosines: Array) -> Array:
    return 1 - array_namespace(cosines).linalg.trace(cosines) / cosines.shape[-2]


def _ratios(cosines: Array) -> tuple[Array, Array, Array]:
    xp = array_namespace(cosines)
    k = cosines.shape[-2]
    found = xp.astype(cosines > (1 - TOLERANCE) ** 2, cosines.dtype)
    inside, total = xp.linalg.trace(found) / k, xp.sum(found, axis=(-2, -1)) / k
    return inside, total - inside, total


def _subspace(q: Array, triangle: Array) -> Array:
    """d_sub of W2 = QR, whose range is that of Q times the left singular vectors of R."""
    xp = array_namespace(q)
    m, k = q.shape[-2], triangle.shape[-1]
    left, sizes, _ = xp.linalg.svd(triangle, full_matrices=False)
    present = sizes > m * xp.finfo(q.dtype).eps * xp.max(sizes, axis=-1, keepdims=True)
    outside = xp.sum(xp.matmul(q[..., k:, :], left) ** 2, axis=-2)
    return xp.mean(xp.where(present, outside, xp.ones_like(outside)), axis=-1)


def _effective_rank(first: Array, second: Array) -> Array:
    """Of W2W1 = Q2R2(Q1R1)ᵀ, whose singular values are those of R2R1ᵀ."""
    xp = array_namespace(first, second)
    sizes = xp.linalg.svdvals(xp.matmul(second, xp.matrix_transpose(first)))
    total = xp.sum(sizes, axis=-1, keepdims=True)
    one = xp.ones_like(total)
    p = sizes / xp.where(total > 0, total, one)
    entropy = -xp.sum(p * xp.log(xp.where(p > 0, p, xp.ones_like(p))), axis=-1)
    return xp.where(total[..., 0] > 0, xp.exp(entropy), xp.zeros_like(entropy))


def measure(w: Array) -> dict[str, Array]:
    """All metrics of weights (R, 2, k, m): names to arrays (R,)."""
    xp = array_namespace(w)
    w1, w2 = w[:, 0, ...], w[:, 1, ...]
    cosines = cosines2(w2)
    inside, outside, total = _ratios(cosines)
    q, triangles = xp.linalg.qr(xp.matrix_transpose(w))
    grams = xp.matmul(w, xp.matrix_transpose(w))
    return {
        "alignment": _alignment(cosines),
        "ordered_alignment": _ordered_alignment(cosines),
        "subspace": _subspace(q[:, 1, ...], triangles[:, 1, ...]),
        "ratio_tp": inside,
        "ratio_fp": outside,
        "ratio_total": total,
        "transpose": xp.sqrt(xp.sum((w1 - w2) ** 2, axis=(1, 2))),
        "balance": xp.sqrt(xp.sum((grams[:, 0, ...] - grams[:, 1, ...]) ** 2, axis=(1, 2))),
        "effective_rank": _effective_rank(triangles[:, 0, ...], triangles[:, 1, ...]),
    }
