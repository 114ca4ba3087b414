"""Spectra: the eigenvalues σ_1² ≥ … ≥ σ_m² of a data covariance XXᵀ/n, checked, sampled, or read.

Convention: σ² is an eigenvalue of XXᵀ/n, and σ its square root, so that σ√n is a singular value of X.
Functions here return σ² in decreasing order as float64 arrays.

Main results
    as_spectrum      check a list of eigenvalues
    family, FAMILIES spectra of a named shape: even, geometric, power, clustered, nearly-equal, extreme
    parse_numbers    numbers as a user names them: a list, a range, a file
    sample           a random member of a random family
    from_data        the spectrum of a data matrix, centred
    from_pieces      the same, of a table of any length, a few rows at a time
    short            a few of many numbers, in words
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import tables
from numerics.centring import scatter
from numerics.layouts import Layout, is_number
from numerics.resources import want_memory
from numerics.tables import Numbers, rows_of

Floats = NDArray[np.float64]


def short(values: Iterable[float]) -> str:
    """At most six of the numbers.

    >>> short(range(9))
    '0, 1, 2, …, 7, 8'
    """
    texts = [f"{x:.6g}" for x in values]
    return ", ".join(texts if len(texts) <= 6 else [*texts[:3], "…", *texts[-2:]])


def as_numbers(values: ArrayLike, *, name: str) -> Floats:
    """A non-empty list of finite real numbers as float64.

    Parameters
    ----------
    values : array_like (n,)
    name : str
        What an error message calls it.

    Raises
    ------
    ValueError
        If the list is empty or not one-dimensional, or an entry is not a finite real number.

    Examples
    --------
    >>> as_numbers([2, 1], name="sigma2")
    array([2., 1.])
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name}: got entries of type {array.dtype}; want real numbers")
    if array.ndim != 1:
        raise ValueError(f"{name}: got shape {array.shape}; want one list of numbers")
    if array.size == 0:
        raise ValueError(f"{name}: got an empty list; want at least one number")
    array = array.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise ValueError(f"{name}: entry {bad[0] + 1} is {array[bad[0]]}; want finite numbers")
    return array


def as_spectrum(values: ArrayLike, *, name: str = "sigma2") -> Floats:
    """Eigenvalues of a covariance: finite, not negative, not all zero, in decreasing order (ties allowed).

    Raises
    ------
    ValueError
        Naming the argument, the first offending entry, and what is wanted.

    Examples
    --------
    >>> as_spectrum([1, 2])
    Traceback (most recent call last):
        ...
    ValueError: sigma2: entry 2 is 2, above entry 1, 1; want decreasing order
    """
    array = as_numbers(values, name=name)
    negative = np.flatnonzero(array < 0)
    if negative.size:
        raise ValueError(f"{name}: entry {negative[0] + 1} is {array[negative[0]]:g}; want no negative numbers")
    rising = np.flatnonzero(np.diff(array) > 0)
    if rising.size:
        at = rising[0]
        raise ValueError(
            f"{name}: entry {at + 2} is {array[at + 1]:g}, above entry {at + 1}, {array[at]:g}; want decreasing order"
        )
    if array[0] == 0:
        raise ValueError(f"{name}: got zeros only; want at least one positive number")
    return array


def even(m: int) -> Floats:
    """m, m−1, …, 1, divided by m.

    >>> even(4)
    array([1.  , 0.75, 0.5 , 0.25])
    """
    return np.arange(m, 0, -1, dtype=np.float64) / m


def geometric(m: int, ratio: float = 0.9) -> Floats:
    """1, r, r², …

    >>> geometric(3, 0.5)
    array([1.  , 0.5 , 0.25])
    """
    return _in_unit_interval("geometric", ratio) ** np.arange(m, dtype=np.float64)


def power(m: int, exponent: float = 1.0) -> Floats:
    """i^(−a), i = 1…m.

    >>> power(3, 2.0)[1]
    np.float64(0.25)
    """
    if not exponent > 0:
        raise ValueError(f"family power: got exponent {exponent:g}; want a positive number")
    return np.arange(1, m + 1, dtype=np.float64) ** -float(exponent)


def clustered(m: int, width: float = 0.01) -> Floats:
    """Clusters of up to five, one decade apart, each of relative width w.

    >>> clustered(6, 0.5)
    array([1.   , 0.875, 0.75 , 0.625, 0.5  , 0.1  ])
    """
    index = np.arange(m, dtype=np.float64)
    return 10.0 ** (-(index // 5)) * (1 - _in_unit_interval("clustered", width) * (index % 5) / 4)


def nearly_equal(m: int, gap: float = 1e-6) -> Floats:
    """1, 1 − g, 1 − 2g, … with a relative spread of m·g.

    >>> nearly_equal(3, 0.25)
    array([1.  , 0.75, 0.5 ])
    """
    if not 0 < gap * m < 1:
        raise ValueError(f"family nearly-equal: got gap {gap:g}; want 0 < gap < 1/m = {1 / m:g}")
    return 1 - gap * np.arange(m, dtype=np.float64)


def extreme(m: int, ratio: float = 1e-12) -> Floats:
    """Geometric from 1 to r, the ratio of smallest to largest.

    >>> extreme(3, 1e-4)
    array([1.e+00, 1.e-02, 1.e-04])
    """
    return _in_unit_interval("extreme", ratio) ** (np.arange(m) / max(m - 1, 1))


FAMILIES: dict[str, Callable[..., Floats]] = {
    "even": even,
    "geometric": geometric,
    "power": power,
    "clustered": clustered,
    "nearly-equal": nearly_equal,
    "extreme": extreme,
}


def family(name: str, m: int) -> Floats:
    """The spectrum of m eigenvalues that `name` or `name:parameter` stands for.

    Raises
    ------
    ValueError
        If the name is unknown, the parameter is not a number of its range, or m < 1.

    Examples
    --------
    >>> family("power:1", 4)
    array([1.        , 0.5       , 0.33333333, 0.25      ])
    """
    if m < 1:
        raise ValueError(f"m: got {m}; want at least 1")
    want_memory(100.0 * m, f"m = {m}", "want a smaller m")
    kind, _, parameter = name.partition(":")
    if kind not in FAMILIES:
        raise ValueError(f"family: got {kind!r}; want one of {', '.join(FAMILIES)}")
    if not parameter:
        return FAMILIES[kind](m)
    if kind == "even":
        raise ValueError(f"family even: got parameter {parameter!r}; it takes none")
    try:
        number = float(parameter)
    except ValueError:
        raise ValueError(f"family {kind}: got parameter {parameter!r}; want a number") from None
    return FAMILIES[kind](m, number)


def jittered(base: Floats, rng: np.random.Generator) -> Floats:
    """A decreasing positive spectrum with each gap (that to zero included) scaled by ½ to 1½ at random.

    >>> bool(np.all(np.diff(jittered(even(5), np.random.default_rng(0))) < 0))
    True
    """
    gaps = -np.diff(base, append=0.0) * rng.uniform(0.5, 1.5, len(base))
    return np.cumsum(gaps[::-1])[::-1]


def sample(m: int, rng: np.random.Generator) -> Floats:
    """m distinct positive eigenvalues: a random family, each gap scaled at random, any scale.

    >>> bool(np.all(np.diff(sample(5, np.random.default_rng(0))) < 0))
    True
    """
    base = FAMILIES[str(rng.choice(list(FAMILIES)))](m)
    return jittered(base, rng) * 10.0 ** rng.uniform(-3, 3)


def evenly_spaced(low: float, high: float, count: int) -> Floats:
    """`count` numbers from low to high, both included (the middle one if only one is asked for).

    Raises
    ------
    ValueError
        If low > high.

    >>> evenly_spaced(1, 2, 3), evenly_spaced(1, 2, 1)
    (array([1. , 1.5, 2. ]), array([1.5]))
    """
    if low > high:
        raise ValueError(f"range: got {low:g}:{high:g}; want low:high with low ≤ high")
    return np.linspace(low, high, count) if count > 1 else np.array([(low + high) / 2])


def parse_numbers(text: str, *, name: str, count: int | None = None, layout: Layout = Layout()) -> Numbers:  # noqa: B008
    """The numbers that a user names: `5,4,3`, or `low:high` (evenly spaced, ascending), or a file.

    Parameters
    ----------
    text : str
    name : str
        What an error message calls it.
    count : int, optional
        How many a range stands for.
    layout : Layout
        What is known of a file.

    Returns
    -------
    Numbers
        As float64 and, where they were written as decimals, as the rationals that these are.

    Raises
    ------
    ValueError
        If it is none of these, or a range comes without a count.

    Examples
    --------
    >>> parse_numbers("5,4.1", name="sigma")
    Numbers(values=array([5. , 4.1]), exact=(Fraction(5, 1), Fraction(41, 10)), origin='', warnings=())
    >>> parse_numbers("0:1", name="lambda", count=3).values
    array([0. , 0.5, 1. ])
    """
    if all(map(is_number, cells := text.split(","))):
        layout.refuse(where=f"the list {text}" if len(text) < 40 else "a list")
        return _typed(cells, name)
    if len(ends := text.split(":")) == 2 and all(map(is_number, ends)):
        layout.refuse(where=f"the range {text}")
        if count is None:
            raise ValueError(f"{name}: got the range {text}; it wants --m, the number of values")
        typed = _typed(ends, name)
        want_memory(500.0 * count, f"a range of {count} values", "want fewer")
        low, high = typed.values
        return Numbers(evenly_spaced(low, high, count), typed.exact and _evenly_spaced(*typed.exact, count=count))
    if not text or (not Path(text).exists() and tables.split(text)[1] is None):
        raise ValueError(f"{name}: got {text!r}; want numbers like 3,2,1, a range low:high, or a file")
    found = tables.read_list(text, name=name, layout=layout)
    return replace(found, values=as_numbers(found.values, name=name))


def _typed(cells: list[str], name: str) -> Numbers:
    values, exact = tables.as_written(cells, name=name)
    return Numbers(as_numbers(values, name=name), exact)


def _evenly_spaced(low: Fraction, high: Fraction, *, count: int) -> tuple[Fraction, ...]:
    """As `evenly_spaced`, exactly."""
    return tuple(low + (high - low) * i / (count - 1) for i in range(count)) if count > 1 else ((low + high) / 2,)


@dataclass(frozen=True)
class DataSpectrum:
    """What a table of samples says about its covariance XXᵀ/n.

    Attributes
    ----------
    sigma2 : array (m,)
        Its eigenvalues, decreasing.
    samples : int
        n, the number of rows.
    constant : tuple of int
        The columns that are constant, counted from 1.
    """

    sigma2: Floats
    samples: int
    constant: tuple[int, ...]


def from_data(samples: ArrayLike) -> Floats:
    """The eigenvalues of XXᵀ/n for a table of samples, centred; numerically zero ones are set to zero.

    Parameters
    ----------
    samples : array_like (n, m)
        A row per sample, a column per feature: the transpose of the papers' X.

    Returns
    -------
    array (m,)

    Raises
    ------
    ValueError
        As `from_pieces`.

    Examples
    --------
    >>> from_data([[1.0, 0.0], [-1.0, 0.0], [3.0, 0.0], [1.0, 0.0]])
    array([2., 0.])
    """
    table = np.asarray(samples)
    return from_pieces(rows_of(table) if table.ndim == 2 else [table]).sigma2


def from_pieces(pieces: Iterable[NDArray[Any]]) -> DataSpectrum:
    """The spectrum of a table that comes a few rows at a time, in memory of about m·min(n, m) numbers.

    Parameters
    ----------
    pieces : iterable of arrays (rows, m)

    Raises
    ------
    ValueError
        If a piece is not two-dimensional, not real or not finite, or all rows are equal.

    Examples
    --------
    >>> from_pieces([np.array([[1.0, 7.0], [2.0, 7.0]]), np.array([[3.0, 7.0]])])
    DataSpectrum(sigma2=array([0.66666667, 0.        ]), samples=3, constant=(2,))
    """
    found = scatter(pieces)
    return DataSpectrum(found.spectrum(), found.samples, found.constant)


def _in_unit_interval(kind: str, value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"family {kind}: got parameter {value:g}; want a number between 0 and 1")
    return float(value)
