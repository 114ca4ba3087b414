"""A conditioning problem as a user names it: a spectrum, a loss with its regularisers or prior, a scale.

Main results
    read       the problem that a few texts name; ValueError names the one that is wrong
    Problem    the record; what is measured on it, and what is special about it in words
    read_spectrum, check_names    its parts, for those who choose the weights themselves
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from numerics import conditioning, degenerate, priors, scales, sharper, spectra, tables
from numerics.conditioning import LOSSES, Conditioning, check_hypotheses
from numerics.layouts import Layout
from numerics.minima import L2Minimum, NestedDropoutMinimum
from numerics.rag import rag_convergence
from numerics.resources import want_latents

Exact = Sequence[Fraction] | None

if TYPE_CHECKING:
    from numerics.bounds import Bound
    from numerics.enclosures import Certificate


class Given(NamedTuple):
    """Numbers, where they are from in words, and the rationals that were written, if they were."""

    values: Any
    words: str
    exact: Exact = None


@dataclass
class Problem:
    """A spectrum with its regularisers or prior.

    Attributes
    ----------
    loss : "l2" or "nested-dropout"
    scale : "half" or "main"
    k : int
    sigma2, weights : arrays (m,), (k,)
        The weights are λ or p_B.
    given, chosen : str
        In words, what the spectrum and the weights were read from.
    warnings : list of str
        What is special, each by name: about what was read, and then about the minimum.
    exact : (sequence of Fraction or None, sequence of Fraction or None)
        Spectrum and weights as they were written; None for what is known in doubles only.
    isolated : bool
        Whether the minimum is, up to the rescalings of nested dropout; known after `measure`.

    Examples
    --------
    >>> found, bounds = read(k=1, sigma2="4,1", lam="0.5").measure()
    >>> str(found.slowest), bounds[0].id, float(bounds[0].value)
    ('asymmetric scaling of latent 1', 'bao2020/B/smax-bound', 0.0)
    """

    loss: str
    scale: str
    k: int
    sigma2: Any
    weights: Any
    given: str
    chosen: str
    warnings: list[str]
    exact: tuple[Exact, Exact] = (None, None)
    isolated: bool = True

    def measure(self) -> tuple[Conditioning, list[Bound]]:
        """The exact conditioning, and the bounds for the latents that are left."""
        is_l2 = self.loss == "l2"
        measure = conditioning.l2_conditioning if is_l2 else conditioning.nested_dropout_conditioning
        found = measure(self.sigma2, self.weights, scale=self.scale, degenerate=True)
        minimum = (L2Minimum if is_l2 else NestedDropoutMinimum)(self.sigma2, self.weights)
        special = degenerate.degeneracies(minimum)
        self.warnings += [f"{name}: {words}" for name, words in special.items()]
        self.isolated = not set(degenerate.LEAVES_A_MANIFOLD) & set(special)
        if not (self.isolated and found.trained):
            return found, []
        left, idle = degenerate.rest(minimum), self.k - found.trained
        return found, sharper.every_bound(self.loss, self.sigma2, left, scale=self.scale, idle=idle)

    def certify(self) -> Certificate:
        """Enclosures of what `measure` found, and a verdict for every bound: of the numbers as they were written."""
        from numerics.enclosures import certify

        want_latents(self.k, "certified")
        numbers = [
            doubles if exact is None else np.array(exact, dtype=object)
            for doubles, exact in zip((self.sigma2, self.weights), self.exact, strict=True)
        ]
        return certify(self.loss, *numbers, scale=self.scale, degenerate=True)

    @property
    def certified(self) -> str:
        """What a certificate is of, in words."""
        sigma2, weights = (exact is not None for exact in self.exact)
        letter = "λ" if self.loss == "l2" else "p_B"
        if sigma2 and weights:
            return "of the numbers as written"
        if not sigma2 and not weights:
            return "of the doubles"
        return f"of the doubles of {letter if sigma2 else 'σ²'}, and {'σ²' if sigma2 else letter} as written"

    def rag(self) -> Conditioning | None:
        """The local rates of the rotation augmented gradient on this spectrum, where its solution is isolated."""
        try:
            return rag_convergence(self.sigma2, self.k, scale=self.scale)
        except (ValueError, ArithmeticError):
            return None


def read(
    *,
    k: int,
    loss: str = "l2",
    scale: str = scales.DEFAULT,
    sigma: str | None = None,
    sigma2: str | None = None,
    data: str | None = None,
    family: str | None = None,
    m: int | None = None,
    lam: str | None = None,
    sqrt_lambda: str | None = None,
    prior: str | None = None,
    layout: Layout = Layout(),  # noqa: B008
) -> Problem:
    """The problem that these texts name, one of `sigma`, `sigma2`, `data` and `family` giving the spectrum.

    Parameters
    ----------
    k : int
    loss : "l2" or "nested-dropout"
    scale : "half" or "main"
    sigma, sigma2 : str, optional
        As for `spectra.parse_numbers`.
    data : str, optional
        As for `tables.open_table`.
    family : str, optional
        As for `spectra.family`, with m components.
    m : int, optional
    lam, sqrt_lambda : str, optional
        Of the L2 loss; evenly spaced in (0, σ_k²) by default.
    prior : str, optional
        Of nested dropout, as for `priors.read`.
    layout : Layout
        What is known of the file that `sigma`, `sigma2` or `data` names.

    Raises
    ------
    ValueError
        Naming the text that is wrong.

    Examples
    --------
    >>> read(k=2, sigma="3,2,1").weights.round(6)
    array([1.333333, 2.666667])
    """
    check_names(loss, scale)
    warnings: list[str] = []
    spectrum = read_spectrum(sigma, sigma2, data, family, m, warnings, layout)
    check_hypotheses(spectrum.values, k, degenerate=True)
    want_latents(k, "measured")
    if loss == "l2":
        if prior is not None:
            raise ValueError("prior: only nested dropout has one; want --loss nested-dropout, or --lambda")
        weights = _read_regularisers(lam, sqrt_lambda, k, spectrum, warnings)
    else:
        if lam is not None or sqrt_lambda is not None:
            raise ValueError("lambda: nested dropout has none; want --prior, or --loss l2")
        weights = Given(*priors.read(prior, k))
    exact = spectrum.exact, weights.exact
    return Problem(loss, scale, k, spectrum.values, weights.values, spectrum.words, weights.words, warnings, exact)


def check_names(loss: str, scale: str) -> None:
    """Refuse a loss or a scale that is not known; ValueError names it."""
    if loss not in LOSSES:
        raise ValueError(f"loss: got {loss!r}; want one of {', '.join(LOSSES)}")
    scales.check(scale)


def read_spectrum(
    sigma: str | None,
    sigma2: str | None,
    data: str | None,
    family: str | None,
    m: int | None,
    warnings: list[str],
    layout: Layout = Layout(),  # noqa: B008
) -> Given:
    """The spectrum σ², and what it was read from; what is special about it is added to `warnings`."""
    sources = {"sigma": sigma, "sigma2": sigma2, "data": data, "family": family}
    given = [name for name, value in sources.items() if value]
    if len(given) != 1:
        got = " and ".join(f"--{name}" for name in given) or "none"
        raise ValueError(f"spectrum: got {got}; want one of --sigma, --sigma2, --data, --family")
    if m is not None and m < 1:
        raise ValueError(f"m: got {m}; want at least 1")
    if family:
        layout.refuse(where="a family")
        if m is None:
            raise ValueError("m: --family wants --m, the number of components")
        return Given(spectra.as_spectrum(spectra.family(family, m), name="family"), f"the family {family} of σᵢ²")
    if data:
        if m is not None:
            raise ValueError(f"m: got {m}, but --data has its own number of features; want no --m beside it")
        return _read_data(data, warnings, layout)
    name, text = ("sigma", sigma) if sigma else ("sigma2", sigma2)
    read = spectra.parse_numbers(str(text), name=name, count=m, layout=layout)
    values, origin = read.values, read.origin and f", from {read.origin}"
    exact: Exact = read.exact
    warnings += read.warnings
    is_range = ":" in str(text) and len(values) == m
    if m is not None and len(values) != m:
        raise ValueError(f"m: got {m}, but --{name} has {len(values)} values")
    if (np.diff(values) > 0).any() and not is_range:
        warnings.append(f"unsorted-spectrum: --{name} was sorted into decreasing order")
    values, exact = np.sort(values)[::-1], exact and sorted(exact, reverse=True)
    values = spectra.as_spectrum(values, name=name)
    if name == "sigma2":
        return Given(values, f"σᵢ², the eigenvalues of XXᵀ/n{origin}", exact)
    squares, exact = _squares(values, exact, name)
    return Given(
        spectra.as_spectrum(squares, name="sigma squared"), f"σᵢ; σᵢ² are the eigenvalues of XXᵀ/n{origin}", exact
    )


def _squares(values: Any, exact: Exact, name: str) -> tuple[Any, Exact]:
    """The squares of numbers, rounded once where they are known exactly."""
    with np.errstate(over="ignore"):
        squares = values**2
    if ((squares == 0) & (values != 0)).any():
        raise ValueError(
            f"{name}: the square of {values[(squares == 0) & (values != 0)][0]:g} is zero in double precision"
        )
    if exact is None or not np.isfinite(squares).all():
        return squares, None
    exact = [x * x for x in exact]
    return np.array([float(x) for x in exact]), exact


def _read_data(text: str, warnings: list[str], layout: Layout) -> Given:
    """The spectrum of a table of samples; warnings name its constant features and its zero components."""
    table = tables.open_table(text, layout=layout)
    warnings += table.warnings
    found = spectra.from_pieces(table.pieces())
    m, rank = len(found.sigma2), int((found.sigma2 > 0).sum())
    warnings += degenerate.of_samples(found.constant, rank, m)
    return Given(found.sigma2, f"{table}: {found.samples} samples (rows) of {m} features, centred; σᵢ² of XXᵀ/n")


def _read_regularisers(lam: str | None, sqrt_lambda: str | None, k: int, spectrum: Given, warnings: list[str]) -> Given:
    """λ, and where it is from."""
    if lam is not None and sqrt_lambda is not None:
        raise ValueError("lambda: got --lambda and --sqrt-lambda; want one of them")
    if lam is None and sqrt_lambda is None:
        rank = int((spectrum.values[:k] > 0).sum())
        name = "σₖ²" if rank == k else f"σ²({rank})"
        even = spectrum.values[rank - 1] * np.arange(1, k + 1) / (k + 1)
        if not even[0] > 0:
            raise ValueError(f"sigma2: {spectrum.values[rank - 1]:g} leaves no room for λ below it; want other units")
        exact = spectrum.exact and [spectrum.exact[rank - 1] * i / (k + 1) for i in range(1, k + 1)]
        return Given(even, f"chosen: evenly spaced, λᵢ = i {name}/(k + 1)", exact)
    name, text = ("lambda", lam) if lam is not None else ("sqrt-lambda", sqrt_lambda)
    read = spectra.parse_numbers(str(text), name=name, count=k)
    values, exact = read.values, read.exact
    warnings += read.warnings
    if len(values) != k:
        raise ValueError(f"{name}: got {len(values)} values; want k = {k}")
    if (values <= 0).any():
        raise ValueError(f"{name}: got {values.min():g}; want positive values")
    if (np.diff(values) < 0).any():
        warnings.append(f"unsorted-lambda: --{name} was sorted; the minimum pairs the i-th smallest λ with σ_i")
    values, exact = np.sort(values), exact and sorted(exact)
    if lam is not None:
        return Given(values, "given as λᵢ", exact)
    squares, exact = _squares(values, exact, name)
    return Given(squares, "given as √λᵢ", exact)
