"""Lower bounds on the condition number that no regularisers, and no prior, escape: by the spectrum alone.

Every direction asks for a step of λ, or a share of the prior, and all of them must fit into (0, σ_k²), or into 1.
The claims `lae/bounds/…/uniform…` prove them for all sizes. Against the exact condition number at the best weights,
`tests/numerics/test_uniform.py` measures them.

Main results
    l2_bounds                the non-uniform L2 loss
    nested_dropout_bounds    nested dropout at W1 = Uᵀ
"""

from __future__ import annotations

from typing import Any

from numerics.bounds import Bound
from numerics.namespaces import array_namespace

Array = Any


def l2_bounds(sigma2: Array, k: int) -> list[Bound]:
    """Lower bounds on the condition number of the non-uniform L2 loss for all regularisers; none at k = 1.

    Parameters
    ----------
    sigma2 : array (m,)
        Decreasing, distinct up to the (k+1)-th.
    k : int

    Examples
    --------
    >>> import numpy as np
    >>> [float(b.value) for b in l2_bounds(np.array([3.0, 2.0, 1.0]), 2)]
    [3.75]
    """
    if k == 1:
        return []
    xp = array_namespace(sigma2)
    s, last = sigma2[:k], sigma2[k - 1]
    top = max(2 * (s[0] - last), (s[0] + 3 * s[1]) / 2)
    gap, both = (s[:-1] - s[1:]) / s[1:], (s[:-1] + s[1:]) / s[1:]
    slowest = min(last, xp.min(4 * last * (last / s[1:]) * (gap / both)))
    if k < sigma2.shape[0]:
        q, rest = _beside(sigma2[k], last)
        slowest = min(slowest, last * rest * ((1 + q) / (1 + q**2)))
    found = [Bound("lae/bounds/l2/uniform", "condition_number", top / slowest)]
    if k > 2:
        steps = xp.sum((both / gap * ((s[1:] - last) / last))[:-1])
        found.append(Bound("lae/bounds/l2/uniform-sum", "condition_number", top / last * steps))
    return found


def nested_dropout_bounds(sigma2: Array, k: int) -> list[Bound]:
    """Lower bounds on the condition number of nested dropout for every prior; none at k = 1.

    Parameters
    ----------
    sigma2 : array (m,)
    k : int

    Notes
    -----
    Of the unlearned components with σ_u² > 0 the first or the last one asks for the largest share.

    Examples
    --------
    Two shares, 2(σ_1⁴ + σ_2⁴)/(σ_1²σ_2²(σ_1² − σ_2²)) = 5 and 1/(2σ_2²) = ½, times 2σ_1²:

    >>> import numpy as np
    >>> [float(b.value) for b in nested_dropout_bounds(np.array([2.0, 1.0]), 2)]
    [22.0]
    """
    if k == 1:
        return []
    xp = array_namespace(sigma2)
    s, last = sigma2[:k], sigma2[k - 1]
    q, rest = _beside(s[1:], s[:-1])
    shares = xp.sum(2 * (s[0] / s[1:]) * ((1 + q**2) / rest))
    found = [Bound("lae/bounds/nested-dropout/uniform", "condition_number", 2 * (shares + s[0] / last / 2))]
    seen = int(xp.sum(xp.astype(sigma2 > 0, xp.int64)))
    if k < seen:
        ends = (_beside(sigma2[u], last) for u in (k, seen - 1))
        rotation = s[0] / last * max((1 + r**2) / (r * rest) for r, rest in ends)
        found.append(Bound("lae/bounds/nested-dropout/uniform-beyond", "condition_number", 2 * (shares + rotation)))
    return found


def _beside(small: Array, large: Array) -> tuple[Array, Array]:
    """q = small/large, and 1 − q; that by the difference of the two, as it would lose what q has been rounded by."""
    return small / large, (large - small) / large
