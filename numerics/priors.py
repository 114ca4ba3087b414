"""The prior p_B of nested dropout as a user names it: one reading for every command.

Main results
    read            `uniform`, `geometric:RATIO`, or numbers ↦ probabilities, in words and, where written so, exact
    geometric       p_B(b) = ρ^b (1 − ρ) for b < k, the rest at k: as bao2020, Appendix H.1, prints it
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from numerics import spectra

DEFAULT = "uniform"
RATIO = "0.9"
"""That of the paper's experiments."""
MOST = 200
"""Up to how many powers of a ratio are written out exactly."""


class Prior(NamedTuple):
    """Probabilities, where they are from in words, and the rationals that were written, if they were."""

    values: spectra.Floats
    words: str
    exact: Sequence[Fraction] | None = None


def geometric(k: int, ratio: float = float(RATIO)) -> spectra.Floats:
    """p_B(b) = ρ^b (1 − ρ) for b < k, and the rest for p_B(k), as bao2020, Appendix H prints it: they sum to 1.

    >>> geometric(3, 0.5)
    array([0.25 , 0.125, 0.625])
    """
    if not 0 < ratio < 1:
        raise ValueError(f"prior geometric: got {ratio:g}; want a ratio between 0 and 1")
    first = ratio ** np.arange(1, k) * (1 - ratio)
    return np.append(first, 1 - ratio + ratio**k)


def read(text: str | None, k: int) -> Prior:
    """The prior of k latents that a text names; uniform if there is none.

    Raises
    ------
    ValueError
        If the text is no prior of k latents.

    Examples
    --------
    >>> found = read("geometric:0.5", 3)
    >>> found.values.tolist(), found.words
    ([0.25, 0.125, 0.625], 'p_B(b) = 0.5^b (1 − 0.5) for b < k, the rest at k')
    """
    text = DEFAULT if text is None else text
    kind, colon, ratio = text.partition(":")
    if text == "uniform":
        return Prior(np.full(k, 1 / k), "p_B uniform", [Fraction(1, k)] * k)
    if kind == "geometric":
        ratio = ratio if colon else RATIO
        if not spectra.is_number(ratio):
            raise ValueError(f"prior: got {text!r}; want geometric:RATIO, as geometric:{RATIO}")
        values = geometric(k, float(ratio))
        words = f"p_B(b) = {ratio}^b (1 − {ratio}) for b < k, the rest at k"
        return Prior(values, words, _powers(Fraction(ratio), k) if k <= MOST else None)
    found = spectra.parse_numbers(text, name="prior", count=k)
    if len(found.values) != k:
        raise ValueError(f"prior: got {len(found.values)} values; want k = {k}")
    return Prior(found.values, "p_B given", found.exact)


def _powers(ratio: Fraction, k: int) -> list[Fraction]:
    """The geometric prior exactly."""
    return [*(ratio**b * (1 - ratio) for b in range(1, k)), 1 - ratio + ratio**k]
