"""What training sees of the data: the covariance C = XXᵀ/n, its eigenvectors, and the samples where a rule wants them.

Full-batch training needs C alone. A rule that commutes with rotations needs only the eigenvalues σ²: with
C = U diag(σ²) Uᵀ it runs on W1U and UᵀW2 and takes exactly the same steps, turned by U.

Main results
    Data                    spectrum, eigenvectors, mean, samples
    from_samples            of a table, centred
    synthetic               Gaussian samples of a given spectrum, or exactly that spectrum
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.training.arrays import threads
from numerics.training.targets import ROWS, Targets

Floats = NDArray[np.float64]
EIGEN = 500.0
"""By how much larger an eigendecomposition has to be than a product to gain by several threads."""


@dataclass(frozen=True)
class Data:
    """The data of a run.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of the covariance, decreasing; zero where rounding leaves nothing else.
    basis : array (m, m)
        The eigenvectors, as columns.
    mean : array (m,)
        What was subtracted from the samples.
    samples : array (n, m), optional
        A row per sample, as read: of any real type, not divided, not centred.
    divisor : float
        What samples are divided by, before the mean is subtracted.
    targets : Targets, optional
        What is to be predicted; the samples themselves by default.
    """

    sigma2: Floats
    basis: Floats
    mean: Floats
    samples: NDArray | None = None
    divisor: float = 1.0
    targets: Targets | None = None

    @property
    def m(self) -> int:
        """The number of features."""
        return len(self.sigma2)

    @property
    def rank(self) -> int:
        """The number of eigenvalues that are not zero."""
        return int(np.count_nonzero(self.sigma2))

    def covariance(self) -> Floats:
        """C = U diag(σ²) Uᵀ."""
        return (self.basis * self.sigma2) @ self.basis.T

    def centred(self, rows: slice | NDArray = slice(None)) -> Floats:
        """Samples in double precision, divided, the mean subtracted.

        Raises
        ------
        ValueError
            If only the spectrum is known.
        """
        if self.samples is None:
            raise ValueError("data: only a spectrum is known; want samples (--data, or --synthetic with --n)")
        return np.asarray(self.samples[rows], dtype=np.float64) / self.divisor - self.mean

    @property
    def explained(self) -> Floats:
        """The eigenvalues of Σ_yx Σ_xx⁻¹ Σ_xy: those of the covariance if the samples are their own targets."""
        return self.sigma2 if self.targets is None else self.targets.explained

    @property
    def unexplained(self) -> float:
        """What no linear map of the samples can predict of the targets' variance."""
        return 0.0 if self.targets is None else max(0.0, self.targets.trace - float(self.targets.explained.sum()))

    @property
    def output_basis(self) -> Floats:
        """The eigenvectors of Σ_yx Σ_xx⁻¹ Σ_xy, as columns."""
        return self.basis if self.targets is None else self.targets.basis

    def best_map(self, rank: int) -> Floats:
        """The best map of a rank from samples to targets, U_rU_rᵀMC⁻¹, in both eigenbases.

        >>> synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0)).best_map(1)
        array([[1., 0.],
               [0., 0.]])
        """
        if self.targets is None:
            return np.diag((np.arange(self.m) < rank) * (self.sigma2 > 0) * 1.0)
        best = self.targets.basis.T @ self.targets.cross @ self.basis
        best[rank:] = 0
        best[:, self.rank :] = 0
        best[:, : self.rank] /= self.sigma2[: self.rank]
        return best

    def reach(self, rank: int) -> float:
        """The spectral norm of the best map of a rank, to which a start is fitted: one if Y = X."""
        return 1.0 if self.targets is None else float(np.linalg.norm(self.best_map(rank), 2))

    @property
    def digest(self) -> str:
        """A fingerprint of spectrum, eigenvectors and targets."""
        seen = [self.sigma2, self.basis]
        if self.targets is not None:
            seen += [self.targets.cross, np.array(self.targets.trace)]
        return hashlib.sha256(b"".join(np.ascontiguousarray(x).tobytes() for x in seen)).hexdigest()[:16]


def from_samples(samples: ArrayLike, *, centre: bool = True, divisor: float = 1.0) -> Data:
    """The data of a table with a row per sample and a column per feature (the transpose of the papers' X).

    The table is read piece by piece: a table of bytes is never held in double precision. Samples are divided by
    `divisor` (255 brings bytes into [0, 1]).

    Raises
    ------
    ValueError
        If it is not a table of finite real numbers, or all samples are equal.

    Examples
    --------
    >>> data = from_samples([[1.0, 0.0], [-1.0, 0.0], [3.0, 0.0], [1.0, 0.0]])
    >>> data.sigma2, data.mean, data.rank
    (array([2., 0.]), array([1., 0.]), 1)
    """
    table = np.asarray(samples)
    if table.dtype.kind not in "biuf":
        raise ValueError(f"data: got entries of type {table.dtype}; want real numbers")
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"data: got shape {table.shape}; want a table, a row per sample, a column per feature")
    if not 0 < divisor < float("inf"):
        raise ValueError(f"divide: got {divisor:g}; want a positive number")
    n, m = table.shape
    pieces = [slice(first, first + ROWS) for first in range(0, n, ROWS)]
    total = sum(np.asarray(table[piece], dtype=np.float64).sum(axis=0) for piece in pieces)
    if not np.isfinite(total).all():
        row, column = np.argwhere(~np.isfinite(table.astype(np.float64)))[0]
        raise ValueError(f"data: row {row + 1}, column {column + 1} is {table[row, column]}; want finite numbers")
    data = Data(np.zeros(m), np.eye(m), total / (n * divisor) if centre else np.zeros(m), table, divisor)
    covariance = np.zeros((m, m))
    for piece in pieces:
        rows = data.centred(piece)
        covariance += rows.T @ rows
    sigma2, basis = _eigen(covariance / n)
    if not np.isfinite(sigma2).all() or sigma2[0] == 0:
        raise ValueError("data: all samples are equal; want some variance")
    return Data(sigma2, basis, data.mean, table, divisor)


def synthetic(sigma2: ArrayLike, *, n: int | None, rng: np.random.Generator) -> Data:
    """Data of a given covariance, turned at random: n Gaussian samples of it, or (n = None) exactly that covariance.

    Samples are not centred, as in the code of Bao et al. (2020, Appendix H.2): C is the *sampled* covariance XXᵀ/n.

    Examples
    --------
    >>> synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0)).sigma2
    array([2., 1.])
    """
    wanted = np.asarray(sigma2, dtype=np.float64)
    m = len(wanted)
    turn, triangle = np.linalg.qr(rng.normal(size=(m, m)))
    turn *= np.sign(np.diag(triangle))
    if n is None:
        return Data(wanted, turn, np.zeros(m))
    return from_samples(rng.normal(size=(n, m)) * np.sqrt(wanted) @ turn.T, centre=False)


def _eigen(covariance: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues, decreasing, zero below the rounding error; eigenvectors, the largest entry of each positive."""
    with threads(len(covariance) ** 3 / EIGEN):
        values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1].copy(), vectors[:, ::-1]
    values[values <= len(values) * 2.0**-52 * max(values[0], 0.0)] = 0
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)
    return values, np.ascontiguousarray(vectors * np.sign(largest))
