"""How fast the rotation augmented gradient (RAG) converges near the ordered solution W1 = Uᵀ, W2 = U.

RAG (Bao et al. 2020, Algorithm 1) adds αAW1/n to the step of W1 and −αW2A/n to that of W2, with A = ½(▽ − △)(W1XXᵀW1ᵀ),
the upper minus the lower triangle, halved. It is no gradient, but its linearisation has real eigenvalues only. Per
step and unit of α an error along one of them shrinks by its rate. With s_i = σ_i², c = 1 for the loss at half scale
(the paper's comparison with GHA) and c = 2 at main scale:

    2c s_i                      scaling of latent i (its rescaling is null)
    2c s_i, 2c s_j              mixing of latents i < j (a joint mixing of them is null)
    (s_i − s_j)/2               rotation of latents i < j
    c × those of [[s_j, −s_j], [−s_j, s_i]]     latent i and the unlearned component j

Main results
    rag_convergence     the slowest and the fastest of them, with the learning rates they allow
    slowest_rotation    the slowest rotation of latents, which is what RAG is for
"""

from __future__ import annotations

from math import inf
from typing import Any

from numerics import scales
from numerics.conditioning import Conditioning, Direction, check_hypotheses
from numerics.namespaces import array_namespace

Array = Any


def rag_convergence(sigma2: Array, k: int, *, scale: str) -> Conditioning:
    """RAG's extreme rates at W1 = Uᵀ, W2 = U, off the null directions, as if they were curvatures.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of XXᵀ/n, decreasing, σ_1² > … > σ_k² > σ_{k+1}².
    k : int
    scale : "half" or "main"
        Of the reconstruction loss; the rotation term does not depend on it.

    Raises
    ------
    ValueError
        If k > m, or the σ_i² do not satisfy the hypotheses.
    ArithmeticError
        If the largest rate overflows double precision.

    Notes
    -----
    Theorem 5 of the paper has σ_i² − σ_j² for the rotation; with the ½ of Algorithm 1 it is half of that.

    Examples
    --------
    >>> import numpy as np
    >>> found = rag_convergence(np.array([4.0, 3.0]), 2, scale="half")
    >>> str(found.slowest), found.s_min, found.s_max
    ('rotation of latents 1, 2', 0.5, 8.0)
    """
    scales.check(scale)
    check_hypotheses(sigma2, k)
    xp, m, unit = array_namespace(sigma2), sigma2.shape[-1], scales.SCALES[scale]
    s = sigma2[:k]
    slow = [Direction("scaling", k, k, 2 * unit * float(s[-1]))]
    if k > 1:
        slow.append(slowest_rotation(sigma2, k))
    fast = Direction("scaling", 1, 1, 2 * unit * float(s[0]))
    visible = int(xp.sum(xp.astype(sigma2 > 0, xp.int64)))
    for j in sorted({k, visible - 1} & set(range(k, visible))):
        ratio, gap = sigma2[j] / s, (s - sigma2[j]) / s
        low = 2 * sigma2[j] * (gap / (1 + ratio + (gap**2 + 4 * ratio**2) ** 0.5))
        at = int(xp.argmin(low))
        slow.append(Direction("rotation towards unlearned", at + 1, j + 1, unit * float(low[at])))
    if visible < m:
        slow.append(Direction("rotation towards unlearned", k, visible + 1, unit * float(s[-1])))
    if not fast.curvature < inf:
        raise ArithmeticError(f"the largest rate ({fast}) overflows double precision")
    null = k + k * (k - 1) // 2 + k * (m - visible)
    return Conditioning("rag", scale, k, k, m, null, min(slow, key=lambda one: one.curvature), fast)


def slowest_rotation(sigma2: Array, k: int) -> Direction:
    """The rotation of latents that RAG undoes most slowly: min (s_i − s_{i+1})/2, for k > 1.

    >>> import numpy as np
    >>> slowest_rotation(np.array([4.0, 2.0, 1.5]), 3).curvature
    0.25
    """
    gaps = sigma2[: k - 1] - sigma2[1:k]
    at = int(array_namespace(sigma2).argmin(gaps))
    return Direction("rotation", at + 1, at + 2, float(gaps[at]) / 2)
