"""Array operations that write into arrays which exist already, so that an inner loop allocates nothing.

The array API standard has no ``out``; NumPy and CuPy do. Elsewhere the result is assigned, which any array type
with mutable arrays understands. Nothing is converted to another array type.

Products of small matrices are slower on several threads than on one, much slower where other work wants the cores.

Main results
    Operations      multiply, divide, square root and matrix product, each with ``out``
    per_run         one number per run, shaped to multiply arrays of weights
    threads         as many as a product of so many multiplications is worth
    as_numpy        any array of an array API library as a NumPy array
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import numpy as np
from array_api_compat import is_cupy_namespace, is_numpy_namespace

Array = Any
WIDE = 5e7
"""Multiplications from which a product of matrices gains by several threads."""


class Operations:
    """Element-wise and matrix products that write into `out`.

    Examples
    --------
    >>> out = np.empty(2)
    >>> Operations(np).multiply(np.array([1.0, 2.0]), 3.0, out=out)
    >>> out
    array([3., 6.])
    """

    def __init__(self, xp: Any) -> None:
        native = is_numpy_namespace(xp) or is_cupy_namespace(xp)
        wrap = _discarding if native else _assigning
        self.multiply, self.divide, self.sqrt, self.matmul = map(wrap, (xp.multiply, xp.divide, xp.sqrt, xp.matmul))


def _discarding(function: Callable[..., Array]) -> Callable[..., None]:
    def call(*inputs: Array, out: Array) -> None:
        function(*inputs, out=out)

    return call


def _assigning(function: Callable[..., Array]) -> Callable[..., None]:
    def call(*inputs: Array, out: Array) -> None:
        out[...] = function(*inputs)

    return call


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


def as_numpy(array: Array) -> np.ndarray:
    """A copy as a NumPy array: what is written to files and shown to people."""
    array = array.get() if hasattr(array, "get") else array
    return np.array(array)
