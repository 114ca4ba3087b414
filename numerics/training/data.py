"""What training sees of the data: the covariance C = XXᵀ/n, its eigenvectors, and the samples where a rule wants them.

Full-batch training needs C alone. A rule that commutes with rotations needs only the eigenvalues σ²: with
C = U diag(σ²) Uᵀ it runs on W1U and UᵀW2 and takes exactly the same steps, turned by U.

Main results
    Data                    spectrum, eigenvectors, samples and their centre, targets
    Targets                 what is to be predicted instead: YXᵀ/n, Tr YYᵀ/n, the eigenvectors and eigenvalues of Σ
    from_samples            of a table, centred
    synthetic               Gaussian samples of a given spectrum, or exactly that spectrum
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.centring import Centre, scatter
from numerics.tables import rows_of
from numerics.training.arrays import threads

Floats = NDArray[np.float64]
EIGEN = 500.0
"""By how much larger an eigendecomposition has to be than a product to gain by several threads."""


@dataclass(frozen=True)
class Targets:
    """Targets of d features; Σ is Σ_yx Σ_xx⁻¹ Σ_xy (see :mod:`numerics.training.targets`).

    Parameters
    ----------
    cross : array (d, m)
        M = YXᵀ/n.
    trace : float
        Tr YYᵀ/n.
    basis : array (d, d)
        The eigenvectors of Σ, as columns.
    explained : array (d,)
        The eigenvalues of Σ, decreasing; zero beyond its rank.
    samples : array (n, d)
        Centred.
    """

    cross: Floats
    trace: float
    basis: Floats
    explained: Floats
    samples: Floats

    @property
    def d(self) -> int:
        """The number of features of the targets."""
        return len(self.explained)


@dataclass(frozen=True)
class Data:
    """The data of a run.

    Parameters
    ----------
    sigma2 : array (m,)
        The eigenvalues of the covariance, decreasing; zero where rounding leaves nothing else.
    basis : array (m, m)
        The eigenvectors, as columns.
    samples : array (n, m), optional
        A row per sample, as read: of any real type, not centred, not divided.
    centre : Centre, optional
        What is subtracted from samples as read.
    divisor : float
        What centred samples are divided by.
    constant : tuple of int
        The features that are constant, counted from 1.
    targets : Targets, optional
        What is to be predicted; the samples themselves by default.
    """

    sigma2: Floats
    basis: Floats
    samples: NDArray | None = None
    centre: Centre | None = None
    divisor: float = 1.0
    constant: tuple[int, ...] = ()
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
        """Samples in double precision, the mean subtracted, divided.

        Raises
        ------
        ValueError
            If only the spectrum is known.
        """
        if self.samples is None or self.centre is None:
            raise ValueError("data: only a spectrum is known; want samples (--data, or --synthetic with --n)")
        return self.centre.subtracted(self.samples[rows]) / self.divisor

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

    The table is read piece by piece: a table of bytes is never held in double precision. Centred samples are divided by
    `divisor` (255 brings bytes into [0, 1]).

    Raises
    ------
    ValueError
        If it is not a table of finite real numbers, or all samples are equal.

    Examples
    --------
    >>> data = from_samples([[1.0, 0.0], [-1.0, 0.0], [3.0, 0.0], [1.0, 0.0]])
    >>> data.sigma2, data.centre.mean, data.rank, data.constant
    (array([2., 0.]), array([1., 0.]), 1, (2,))
    """
    table = np.asarray(samples)
    if not 0 < divisor < float("inf"):
        raise ValueError(f"divide: got {divisor:g}; want a positive number")
    found = scatter(rows_of(table) if table.ndim == 2 else [table], centre=centre)
    with threads(table.shape[1] ** 3 / EIGEN):
        sigma2, basis = found.eigen()
    with np.errstate(all="ignore"):
        scaled = sigma2 / divisor / divisor
    if not (np.isfinite(scaled).all() and np.array_equal(scaled > 0, sigma2 > 0)):
        raise ValueError(f"divide: got {divisor:g}, which takes the variances {sigma2[0]:.3g}… beyond double precision")
    return Data(scaled, basis, table, found.centre, divisor, found.constant)


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
        return Data(wanted, turn)
    return from_samples(rng.normal(size=(n, m)) * np.sqrt(wanted) @ turn.T, centre=False)
