"""The Hessian of a loss from its gradient alone: no closed form enters, so it can confirm closed forms.

Every loss here is a polynomial of degree four, its gradient G of degree three, and for a cubic

    G'(w)v = (4 D(1) − D(2)) / 3,    D(t) = (G(w + tv) − G(w − tv)) / 2t,

holds exactly, whatever the length of v. So the result is exact up to rounding, and no step size is chosen.

Main results
    hessian_product     the Hessian times one direction
    dense_hessian       the whole 2km×2km matrix, column by column
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numerics.namespaces import array_namespace

Array = Any
Gradient = Callable[[Array, Array], tuple[Array, Array]]


def hessian_product(gradient: Gradient, w1: Array, w2: Array, v1: Array, v2: Array) -> tuple[Array, Array]:
    """The Hessian of a quartic loss at (W1, W2), applied to the direction (V1, V2).

    Parameters
    ----------
    gradient : callable
        (W1, W2) ↦ (∂L/∂W1, ∂L/∂W2), polynomial of degree at most three.
    w1, v1 : array (k, m)
    w2, v2 : array (m, k)

    Returns
    -------
    (array (k, m), array (m, k))

    Examples
    --------
    L = w1² w2²/2 at (1, 1) has Hessian [[1, 2], [2, 1]]:

    >>> import numpy as np
    >>> one, zero = np.ones((1, 1)), np.zeros((1, 1))
    >>> [float(x[0, 0]) for x in hessian_product(lambda a, b: (a * b**2, a**2 * b), one, one, one, zero)]
    [1.0, 2.0]
    """

    def difference(t: float) -> tuple[Array, Array]:
        ahead, behind = gradient(w1 + t * v1, w2 + t * v2), gradient(w1 - t * v1, w2 - t * v2)
        return (ahead[0] - behind[0]) / (2 * t), (ahead[1] - behind[1]) / (2 * t)

    near, far = difference(1.0), difference(2.0)
    return (4 * near[0] - far[0]) / 3, (4 * near[1] - far[1]) / 3


def dense_hessian(gradient: Gradient, w1: Array, w2: Array) -> Array:
    """The Hessian of a quartic loss at (W1, W2) as a symmetric matrix of size 2km.

    The order of the weights is W1 row by row, then W2 row by row.

    Examples
    --------
    >>> import numpy as np
    >>> dense_hessian(lambda a, b: (a * b**2, a**2 * b), np.ones((1, 1)), np.ones((1, 1)))
    array([[1., 2.],
           [2., 1.]])
    """
    xp = array_namespace(w1, w2)
    (k, m), size = w1.shape, w1.shape[0] * w1.shape[1]
    columns = []
    unit = xp.eye(2 * size, dtype=w1.dtype)
    for index in range(2 * size):
        v1, v2 = xp.reshape(unit[index, :size], (k, m)), xp.reshape(unit[index, size:], (m, k))
        h1, h2 = hessian_product(gradient, w1, w2, v1, v2)
        columns.append(xp.concat([xp.reshape(h1, (-1,)), xp.reshape(h2, (-1,))]))
    matrix = xp.stack(columns)
    return (matrix + matrix.T) / 2
