"""Where training data come from, as a user says it: a file or data set, with targets; or a spectrum to draw from.

Main results
    Source      what was said; it reads the data, and tells what it took files for
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, get_type_hints

import numpy as np

from numerics import spectra, tables
from numerics.layouts import Layout
from numerics.resources import want_memory
from numerics.training.data import Data, from_samples, synthetic
from numerics.training.targets import with_targets


@dataclass(frozen=True)
class Source:
    """What a user says of the data.

    Parameters
    ----------
    data : str, optional
        As for `tables.open_table`, laid out as `layout` says.
    targets : str, optional
        Likewise, with a row for each sample.
    divide : float
        What samples are divided by.
    synthetic : str, optional
        `eigenvalues:LOW:HIGH`, numbers, or a family as for `spectra.family`, with m features.
    m, n, data_seed
        The features; the samples, or the exact covariance; the seed of both.
    layout : Layout

    Examples
    --------
    >>> Source(synthetic="eigenvalues:1:3", m=3).read().sigma2
    array([3., 2., 1.])
    """

    data: str | None = None
    targets: str | None = None
    divide: float = 1.0
    synthetic: str | None = None
    m: int | None = None
    n: int | None = None
    data_seed: int = 0
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        if (self.data is None) == (self.synthetic is None):
            both = "data: got both --data and --synthetic; want one"
            raise ValueError(both if self.data else "data: want --data or --synthetic")
        if self.data is None:
            self.layout.refuse(where="synthetic data")
            if self.m is None:
                raise ValueError("m: --synthetic wants --m, the number of features")
        for name in ("m", "n"):
            if (number := getattr(self, name)) is not None and number < 1:
                raise ValueError(f"{name}: got {number}; want at least 1")
        if self.data_seed < 0:
            raise ValueError(f"data-seed: got {self.data_seed}; want a number that is not negative")

    def found_again(self) -> dict[str, Any]:
        """As a configuration keeps it, with files by their whole paths; `of` reads it."""
        return asdict(replace(self, data=_absolute(self.data), targets=_absolute(self.targets)))

    @staticmethod
    def of(kept: dict[str, Any]) -> Source:
        """From what `found_again` gave.

        Raises
        ------
        ValueError, TypeError, AttributeError
            If it is anything else.
        """
        source = Source(**kept | {"layout": Layout(**kept.get("layout") or {})})
        for part in (source, source.layout):
            for name, kind in get_type_hints(type(part)).items():
                if not isinstance(getattr(part, name), kind):
                    raise TypeError(f"{name} is no {kind}")
        return source

    def read(self, say: Callable[[str], None] = lambda text: None) -> Data:
        """The data; `say` is told what files were taken for, and what may be meant otherwise.

        Raises
        ------
        ValueError
            Naming what is wrong.
        """
        if self.data is None:
            rng = np.random.default_rng(self.data_seed)
            m, n = self.m or 0, self.n or 0
            spectrum = _spectrum(str(self.synthetic), m)
            want_memory(24.0 * m * (m + n), f"{n or 'no'} samples of {m} features", "want a smaller --m or --n")
            return synthetic(spectrum, n=self.n, rng=rng)
        found = from_samples(_whole(self.data, "data", self.layout, say), divisor=self.divide)
        return found if self.targets is None else with_targets(found, _whole(self.targets, "targets", Layout(), say))


def _spectrum(text: str, m: int) -> spectra.Floats:
    kind, _, rest = text.partition(":")
    if kind != "eigenvalues":
        return spectra.family(text, m)
    sigma2 = spectra.parse_numbers(rest, name="synthetic", count=m).values
    if len(sigma2) != m:
        raise ValueError(f"m: got {m}, but --synthetic has {len(sigma2)} values")
    return spectra.as_spectrum(np.sort(sigma2)[::-1], name="synthetic")


def _whole(text: str, name: str, layout: Layout, say: Callable[[str], None]) -> np.ndarray:
    table = tables.open_table(text, name=name, layout=layout)
    rows = tables.whole(table)
    if table.layout:
        say(f"{name}: {table}")
    for warning in table.warnings:
        say(f"warning: {warning}")
    return rows


def _absolute(text: str | None) -> str | None:
    """The same file from wherever it is resumed."""
    if text is None:
        return None
    path, _ = tables.split(text)
    return text if not path.exists() else str(path.resolve()) + text[len(str(path)) :]
