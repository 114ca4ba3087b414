"""Array operations that write into arrays which exist already, so that an inner loop allocates nothing.

The array API standard has no ``out``; NumPy and CuPy do. Elsewhere the result is assigned, which any array type
with mutable arrays understands. Nothing is converted to another array type.

Products of small matrices are slower on several threads than on one, much slower where other work wants the cores.

Main results
    Operations      sums, products, rows of a table, each with ``out``
    per_run         one number per run, shaped to multiply arrays of weights
    per_latent      one number per run, or per run and latent, likewise
    spread          factors as a table as large as what they multiply, where that is faster
    threads         as many as a product of so many multiplications is worth
    library         NumPy, or CuPy for a GPU
    as_numpy        any array of an array API library as a NumPy array
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from typing import Any

import numpy as np
from array_api_compat import is_cupy_namespace, is_numpy_namespace

Array = Any
DEVICES = ("cpu", "gpu")
WIDE = 5e7
"""Multiplications from which a product of matrices gains by several threads."""
NARROW = 32
"""Rows up to which OpenBLAS multiplies a matrix by the transpose of a copy faster than by its own."""


class Operations:
    """What an inner loop computes, written into `out`.

    Examples
    --------
    >>> out = np.empty(2)
    >>> Operations(np).multiply(np.array([1.0, 2.0]), 3.0, out=out)
    array([3., 6.])
    """

    def __init__(self, xp: Any) -> None:
        native = is_numpy_namespace(xp) or is_cupy_namespace(xp)
        # Of NumPy's modes the default one copies, in case an index is wrong.
        take = partial(xp.take, axis=0, mode="clip") if is_numpy_namespace(xp) else partial(xp.take, axis=0)
        wrap: Callable[..., Any] = (lambda function: function) if native else _assigning
        self.subtract, self.multiply, self.divide = map(wrap, (xp.subtract, xp.multiply, xp.divide))
        self.minimum, self.maximum = wrap(xp.minimum), wrap(xp.maximum)
        self.sqrt, self.matmul, self.rows = map(wrap, (xp.sqrt, xp.matmul, take))


def _assigning(function: Callable[..., Array]) -> Callable[..., None]:
    def call(*inputs: Array, out: Array) -> None:
        out[...] = function(*inputs)

    return call


def library(device: str) -> Any:
    """The array library of a device.

    Raises
    ------
    ValueError
        If it is not one of DEVICES, or there is no CuPy or no GPU.

    Examples
    --------
    >>> library("cpu").__name__
    'numpy'
    """
    if device not in DEVICES:
        raise ValueError(f"device: got {device!r}; want {' or '.join(DEVICES)}")
    if device == "cpu":
        return np
    try:
        import cupy
        from array_api_compat import cupy as xp
    except ImportError:
        raise ValueError("device: gpu wants CuPy, which is not installed; want pip install 'lae[gpu]'") from None
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise ValueError(f"device: CuPy finds no GPU ({error}); want --device cpu") from None
    return xp


def threads(multiplications: float) -> AbstractContextManager[Any]:
    """Let the linear algebra use one thread unless its products are large.

    >>> with threads(1e4):
    ...     pass
    """
    if multiplications > WIDE:
        return nullcontext()
    return _controller().limit(limits=1)


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def per_run(values: Array, like: Array, xp: Any) -> Array:
    """Numbers (R,) as an array (R, 1, …, 1) with as many axes as `like`.

    >>> per_run(np.array([1.0, 2.0]), np.zeros((2, 3, 4)), np).shape
    (2, 1, 1)
    """
    return xp.reshape(values, (-1, *[1] * (like.ndim - 1)))


def per_latent(values: Array, like: Array, xp: Any) -> Array:
    """Numbers (R,) or (R, k) as an array that multiplies weights (R, …, k, m).

    >>> per_latent(np.ones((2, 3)), np.zeros((2, 2, 3, 4)), np).shape
    (2, 1, 3, 1)
    """
    if values.ndim == 1:
        return per_run(values, like, xp)
    return xp.reshape(values, (values.shape[0], *[1] * (like.ndim - 3), values.shape[1], 1))


def spread(values: Array, like: Array, xp: Any) -> Array:
    """Factors that broadcast to the shape of `like`; in NumPy as a table, by which it multiplies twice as fast.

    >>> spread(np.array([1.0, 2.0]), np.zeros((3, 2)), np).strides
    (16, 8)
    """
    wide = xp.broadcast_to(values, like.shape)
    return wide.copy() if is_numpy_namespace(xp) else wide


def as_numpy(array: Array) -> np.ndarray:
    """A copy as a NumPy array: what is written to files and shown to people."""
    array = array.get() if hasattr(array, "get") else array
    return np.array(array)
