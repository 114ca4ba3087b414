"""The functions for arrays of a library: NumPy's own, or by way of the array API those of CuPy and the like.

Main results
    array_namespace    the module that has them
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
        if not isinstance(array, NATIVE):
            from array_api_compat import array_namespace

            return array_namespace(*arrays)
    return np
