"""The functions for arrays of a library: NumPy's own, or by way of the array API those of CuPy and the like.

Main results
    array_namespace     the module that has them
    count, some, every  of the truths in an array
    take                entries along the last axis
    greatest, least     along the last axis

The latter spare NumPy's arrays the layers around its functions, which cost several times what a hundred numbers do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NATIVE = (np.ndarray, np.generic)


def array_namespace(*arrays: Any) -> Any:
    """The module with the functions for these arrays, in the array API's names.

    NumPy has those names itself. To find that out by `array_api_compat` takes longer than a sum of a hundred numbers,
    and the first time as long as importing NumPy.

    Examples
    --------
    >>> array_namespace(np.ones(2), np.float64(1)).__name__
    'numpy'
    """
    for array in arrays:
        if type(array) is not np.ndarray and not isinstance(array, NATIVE):
            from array_api_compat import array_namespace

            return array_namespace(*arrays)
    return np


def floats(values: Any) -> list[float]:
    """The entries of an array (n,) as Python's floats."""
    return values.tolist() if isinstance(values, NATIVE) else [float(x) for x in values]


def count(mask: Any) -> int:
    """How many entries are true, or not zero."""
    return int(np.count_nonzero(mask) if isinstance(mask, NATIVE) else array_namespace(mask).count_nonzero(mask))


def some(mask: Any) -> bool:
    """Whether any entry is true.

    >>> some(np.zeros((2, 0)) > 0)
    False
    """
    return count(mask) > 0


def every(mask: Any) -> bool:
    """Whether all entries are true."""
    return count(mask) == mask.size


def take(array: Any, index: Any) -> Any:
    """The entries of an array (…, n) at an array of indices, along the last axis."""
    return array[..., index] if isinstance(array, np.ndarray) else array_namespace(array).take(array, index, axis=-1)


def greatest(values: Any) -> Any:
    """The greatest along the last axis; NaN where there is one."""
    if isinstance(values, NATIVE):
        return np.maximum.reduce(values, axis=-1)
    return array_namespace(values).max(values, axis=-1)


def least(values: Any) -> Any:
    """The least along the last axis; NaN where there is one."""
    if isinstance(values, NATIVE):
        return np.minimum.reduce(values, axis=-1)
    return array_namespace(values).min(values, axis=-1)
