"""Initial weights, drawn in the basis of the features, so that they are the same whatever basis a run uses.

Main results
    STARTS              normal, balanced, orthogonal, subspace
    draw                (W1, W2ᵀ) of a start named `kind` or `kind:scale`
    layers              the layers of a network of such a start
    are_balanced        whether they are balanced
    balanced_layers     layers of a given product (Bah et al. 2019, Section 7)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from numerics.training.data import Data

Floats = NDArray[np.float64]
LARGEST = 1e50
"""The largest scale: losses are of the fourth power."""
Pair = tuple[Floats, Floats]


def normal(rng: np.random.Generator, k: int, data: Data, scale: float = 0.01) -> Pair:
    """Independent entries N(0, scale²): Bao et al. (2020, H.1) print N(0, 10⁻⁴); their code draws N(0, 10⁻⁸)."""
    return scale * rng.normal(size=(k, data.m)), scale * rng.normal(size=(k, data.m))


def balanced(rng: np.random.Generator, k: int, data: Data, scale: float = 0.01) -> Pair:
    """W1 = W2ᵀ, entries N(0, scale²)."""
    w1 = scale * rng.normal(size=(k, data.m))
    return w1, w1


def orthogonal(rng: np.random.Generator, k: int, data: Data, scale: float = 1.0) -> Pair:
    """W1 = W2ᵀ with orthonormal rows, uniformly distributed, times scale."""
    w1 = scale * np.linalg.qr(rng.normal(size=(data.m, k)))[0].T
    return w1, w1


def subspace(rng: np.random.Generator, k: int, data: Data, scale: float = 1.0) -> Pair:
    """W1 = W2ᵀ = scale·OUᵀ, U the first k eigenvectors, O orthogonal: where Theorem 4 of Bao et al. (2020) starts."""
    turn = np.linalg.qr(rng.normal(size=(k, k)))[0]
    w1 = scale * turn @ data.basis[:, :k].T
    return w1, w1


STARTS: dict[str, Callable[..., Pair]] = {
    "normal": normal,
    "balanced": balanced,
    "orthogonal": orthogonal,
    "subspace": subspace,
}


def draw(start: str, k: int, data: Data, seed: int) -> Pair:
    """W1 and W2ᵀ, each (k, m), of the start that `kind` or `kind:scale` names.

    Raises
    ------
    ValueError
        If the kind is unknown or the scale not a positive number.
    """
    kind, scale = _parse(start)
    rng = np.random.default_rng(seed)
    return STARTS[kind](rng, k, data) if scale is None else STARTS[kind](rng, k, data, scale)


def layers(start: str, sizes: Sequence[int], seed: int, reach: float = 1.0) -> list[Floats]:
    """W_1, …, W_N of a network of widths d_0, …, d_N, by the name of a start, for a goal of a given spectral norm.

    normal
        Independent entries N(0, scale²); by default of the scale reach^{1/N}/(√d_j + √d_{j−1}) at which the spectral
        norms of layers multiply to about the goal's: the flow of N layers leaves zero only at the speed of the
        (N − 1)-th power.
    balanced
        W_{j+1}ᵀW_{j+1} = W_jW_jᵀ; the product is a matrix of entries N(0, scale²), by default of the scale
        reach/√max(d_0, d_N), cut to the rank that the layers leave it (Bah et al. 2019, Section 7).
    orthogonal
        Layers with orthonormal rows or columns, uniformly distributed, times scale, by default reach^{1/N}.

    Raises
    ------
    ValueError
        If the kind is unknown or about two layers only, or the scale is not a positive number.

    Examples
    --------
    >>> [w.shape for w in layers("balanced", [4, 2, 3], seed=0)]
    [(2, 4), (3, 2)]
    """
    kind, scale = _parse(start)
    rng = np.random.default_rng(seed)
    shapes = [(after, before) for before, after in pairwise(sizes)]
    unit = reach ** (1 / len(shapes))
    if kind == "normal":
        return [(scale or unit / (a**0.5 + b**0.5)) * rng.normal(size=(a, b)) for a, b in shapes]
    if kind == "orthogonal":
        return [(scale or unit) * _isometry(rng, *shape) for shape in shapes]
    if kind == "balanced":
        wanted = (scale or reach * max(sizes[0], sizes[-1]) ** -0.5) * rng.normal(size=(sizes[-1], sizes[0]))
        u, values, vt = np.linalg.svd(wanted, full_matrices=False)
        rank = min(sizes)
        return balanced_layers((u[:, :rank] * values[:rank]) @ vt[:rank], sizes[1:-1], rng)
    raise ValueError(f"init: got {start!r}; for networks and targets want normal, balanced or orthogonal")


def are_balanced(start: str, sizes: Sequence[int]) -> bool:
    """Whether layers of a start are balanced: orthogonal ones only if no hidden layer is wider than its neighbours.

    >>> [are_balanced("orthogonal", sizes) for sizes in ((5, 2, 2, 5), (5, 2, 3, 2))]
    [True, False]
    """
    narrow = all(b <= min(a, c) for a, b, c in zip(sizes, sizes[1:], sizes[2:], strict=False))
    kind = start.partition(":")[0]
    return kind == "balanced" or (kind == "orthogonal" and narrow)


def balanced_layers(product: Floats, widths: Sequence[int], rng: np.random.Generator) -> list[Floats]:
    """Balanced layers of a given product: W_j = V_jΣ_j^{1/N}V_{j−1}ᵀ, V_j orthogonal (Bah et al. 2019, Section 7).

    Parameters
    ----------
    product : array (d_N, d_0)
        Of rank at most the least width.
    widths : sequence
        d_1, …, d_{N−1}.

    Raises
    ------
    ValueError
        If a width is below the rank.

    Examples
    --------
    >>> layers = balanced_layers(np.diag([8.0, 0.0]), [1, 3], np.random.default_rng(0))
    >>> [w.shape for w in layers], bool(np.allclose(layers[2] @ layers[1] @ layers[0], np.diag([8.0, 0.0])))
    ([(1, 2), (3, 1), (2, 3)], True)
    """
    u, sizes, vt = np.linalg.svd(product)
    rank = int(np.sum(sizes > len(sizes) * 2.0**-50 * max(sizes[0], 1e-300)))
    if min(widths) < rank:
        raise ValueError(f"widths: got {min(widths)}; want at least the rank of the product, {rank}")
    depth, before = len(widths) + 1, vt
    layers: list[Floats] = []
    for width in (*widths, product.shape[0]):
        turn = np.linalg.qr(rng.normal(size=(width, width)))[0] if len(layers) < depth - 1 else u
        middle = np.zeros((width, before.shape[0]))
        middle[range(rank), range(rank)] = sizes[:rank] ** (1 / depth)
        layers.append(turn @ middle @ before)
        before = turn.T
    return layers


def _parse(start: str) -> tuple[str, float | None]:
    """The kind of a start, and its scale if it names one."""
    kind, colon, parameter = start.partition(":")
    if kind not in STARTS:
        raise ValueError(f"init: got {kind!r}; want one of {', '.join(STARTS)}")
    if not colon:
        return kind, None
    try:
        scale = float(parameter)
    except ValueError:
        scale = float("nan")
    if not 0 < scale <= LARGEST:
        raise ValueError(f"init {kind}: got {parameter!r}; want a positive number, at most {LARGEST:g}")
    return kind, scale


def _isometry(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Orthonormal rows or columns, whichever are fewer."""
    tall = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))[0]
    return tall if rows >= columns else tall.T
