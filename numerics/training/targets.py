"""What is to be predicted, Y ≠ X: seen through M = YXᵀ/n and Tr YYᵀ/n alone.

The best map of rank r is U_rU_rᵀMC⁻¹, U the eigenvectors of Σ = MC⁻¹Mᵀ (Σ_yx Σ_xx⁻¹ Σ_xy of Oftadeh et al. 2020, for
whom no factor 1/n stands), and leaves Tr YYᵀ/n − Σ_{i≤r} λ_i(Σ). Where C is singular C⁻¹ is the pseudo-inverse: the
range of Mᵀ lies in that of C. M is made of products, so that eigenvalues of C that rounding hides in them count as zero
here. A step runs with X turned by the eigenvectors of C, and Y by those of Σ, so that metrics find the directions of
the theorem on the first axes. For Y = X both are the same, and Σ = C.

Main results
    with_targets    data that are to predict something else than themselves
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from numerics.centring import scatter, settled, signs
from numerics.tables import rows_of
from numerics.training.data import Data, Targets

ROWS = 4096
"""How many samples are converted to double precision at a time."""


def with_targets(data: Data, targets: ArrayLike) -> Data:
    """The same samples, to predict a table (n, d) with a row for each of them; it is centred.

    Raises
    ------
    ValueError
        If it is not a table of finite real numbers with a row per sample, or all rows are equal.

    Examples
    --------
    Only what Y shares with X can be predicted, here the first of two features:

    >>> from numerics.training.data import from_samples
    >>> x = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    >>> data = with_targets(from_samples(x), np.hstack([2 * x, np.array([[1.0], [1.0], [-1.0], [-1.0]])]))
    >>> data.explained.round(12), round(data.unexplained, 12)
    (array([4., 0.]), 1.0)
    """
    if data.samples is None:
        raise ValueError("targets: only a spectrum is known; want samples (--data)")
    table = np.asarray(targets)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim and (n := len(table)) != len(data.samples):
        raise ValueError(f"targets: got {n} rows; want {len(data.samples)}, one for each sample")
    found = scatter(rows_of(table) if table.ndim == 2 else [table], name="targets")
    y = found.centre.subtracted(table)
    trace = float(np.sum(y**2) / n)
    pieces = [slice(first, first + ROWS) for first in range(0, n, ROWS)]
    cross = np.sum([y[piece].T @ data.centred(piece) for piece in pieces], axis=0) / n
    data = replace(data, sigma2=np.where(data.sigma2 > data.m * 2.0**-52 * data.sigma2[0], data.sigma2, 0.0))
    kept = cross @ data.basis[:, : data.rank] / np.sqrt(data.sigma2[: data.rank])
    basis, sizes, _ = np.linalg.svd(kept, full_matrices=True)
    unit, d = 2.0**-52 * trace, len(basis)
    padded = np.append(sizes**2, np.zeros(d - len(sizes)))
    explained = settled(padded, zero=max(cross.shape) * unit, gap=(d + 8) * unit)
    if explained[0] == 0:
        raise ValueError("targets: no linear map of the samples predicts any of them (YXᵀ = 0)")
    return replace(data, targets=Targets(cross, trace, basis * signs(basis), explained, y))
