"""Bounds against the exact condition number over families of spectra and numbers of latents.

A case is a family, a size and a sample; its spectrum and weights follow from these and the seed, so that cases may be
measured in any order, on any machine, and a run that was stopped goes on where it was. Sample 0 is the family itself;
the others scale each of its gaps at random.

Main results
    cases       every case of a sweep
    measure     the row of one case: exact values, and each bound divided by the exact one
    run         rows as they are finished, by joblib, on this machine or a dask cluster
    columns     what a row holds
    sizes       numbers of latents as a user names them
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from os import cpu_count
from typing import Any
from zlib import crc32

import numpy as np

from numerics import scales, spectra
from numerics.bounds import Bound
from numerics.conditioning import LOSSES, Conditioning, l2_conditioning, nested_dropout_conditioning
from numerics.enclosures import settled
from numerics.optimal import best_prior, best_regularisers, even_regularisers
from numerics.processes import cluster, pool
from numerics.resources import seconds, want_latents, want_time
from numerics.sharper import every_bound

WEIGHTS = ("even", "best")
CASES = 1_000_000
"""The most cases of a sweep."""

POINTS = 12
"""How many sizes a range stands for."""
EXACT = ("s_max", "s_min", "condition_number", "slow_direction")


@dataclass(frozen=True)
class Case:
    """One spectrum of a sweep, by what it follows from; the fields name its row.

    Attributes
    ----------
    loss : "l2" or "nested-dropout"
    weights : "even" or "best"
        λ_i = i σ_k²/(k + 1) or p_B uniform; or the weights of the smallest exact condition number.
    family : str
    k, m, sample, seed : int
    scale : "half" or "main"
    """

    loss: str
    weights: str
    family: str
    k: int
    m: int
    sample: int
    seed: int
    scale: str = scales.DEFAULT

    def spectrum(self) -> spectra.Floats:
        """σ²: the family's for sample 0, else with gaps scaled at random."""
        base = spectra.family(self.family, self.m)
        if self.sample == 0:
            return base
        key = [self.seed, crc32(self.family.encode()), self.k, self.m, self.sample]
        return spectra.jittered(base, np.random.default_rng(key))

    def placed(self) -> spectra.Floats:
        """λ or p_B."""
        if self.loss == "l2":
            place = even_regularisers if self.weights == "even" else lambda *of: best_regularisers(*of).weights
            return place(self.spectrum(), self.k)
        return np.full(self.k, 1 / self.k) if self.weights == "even" else best_prior(self.spectrum(), self.k).weights


def cases(
    loss: str,
    weights: str,
    families: Sequence[str],
    sizes: Sequence[int],
    m: int | None,
    samples: int,
    seed: int,
    *,
    scale: str = scales.DEFAULT,
) -> list[Case]:
    """Every case, small sizes first; without m there are 2k components.

    Raises
    ------
    ValueError
        If an option is not one of those known, or no spectrum has this size.

    Examples
    --------
    >>> [(c.family, c.k, c.m) for c in cases("l2", "even", ["even", "power:1.2"], [2, 5], None, 1, 0)]
    [('even', 2, 4), ('power:1.2', 2, 4), ('even', 5, 10), ('power:1.2', 5, 10)]
    """
    scales.check(scale)
    for name, value, known in (("loss", loss, LOSSES), ("weights", weights, WEIGHTS)):
        if value not in known:
            raise ValueError(f"{name}: got {value!r}; want one of {', '.join(known)}")
    if samples < 1:
        raise ValueError(f"samples: got {samples}; want at least 1")
    if seed < 0:
        raise ValueError(f"seed: got {seed}; want a number that is not negative")
    if m is not None and m < max(sizes):
        raise ValueError(f"m: got {m}; want at least the largest k, {max(sizes)}")
    _check_work(weights, len(families) * samples, sizes)
    for family in families:
        spectra.family(family, m or 2 * max(sizes))
    return [
        Case(loss, weights, family, k, m or 2 * k, sample, seed, scale)
        for k in sizes
        for family in families
        for sample in range(samples)
    ]


def _check_work(weights: str, each: int, sizes: Sequence[int]) -> None:
    """Refuse more cases than anybody looks at, or than can be measured."""
    count = each * len(sizes)
    if count > CASES:
        raise ValueError(f"samples: these are {count} cases; want at most {CASES}")
    done = "measured" if weights == "even" else "optimised"
    work = each * sum(seconds(k, done) for k in sizes) / (cpu_count() or 1)
    want_time(work, f"a sweep of {count} cases up to k = {max(sizes)}", "want fewer, or smaller ones")
    want_latents(max(sizes), done)


def sizes(text: str) -> list[int]:
    """Numbers of latents: `2,5,10`, or `low:high` or `low:high:count`, evenly spaced by ratio.

    Raises
    ------
    ValueError
        If the text is none of these.

    Examples
    --------
    >>> sizes("2:200:5"), sizes("3"), sizes("8,2")
    ([2, 6, 20, 63, 200], [3], [2, 8])
    """
    try:
        numbers = [int(cell) for cell in text.replace(":", ",").split(",")]
    except ValueError:
        numbers = [0]
    if max(numbers) > sys.maxsize:
        raise ValueError(f"k: got a number of {len(str(max(numbers)))} digits; want a smaller k")
    ranged = ":" in text
    if min(numbers) < 1 or (ranged and ("," in text or len(numbers) > 3 or numbers[0] > numbers[1])):
        raise ValueError(f"k: got {text!r}; want positive numbers like 2,5,10, or low:high, or low:high:count")
    if not ranged:
        return sorted(set(numbers))
    low, high, count = (*numbers, POINTS)[:3]
    if count > CASES:
        raise ValueError(f"k: got {count} numbers of latents; want at most {CASES}")
    return sorted({round(float(x)) for x in np.geomspace(low, high, count)})


@cache
def columns(loss: str) -> list[str]:
    """The columns of a row: the case, the exact values, the ratio of each bound, and what went wrong.

    >>> columns("l2")[:8], columns("l2")[-2:]
    (['loss', 'weights', 'family', 'k', 'm', 'sample', 'seed', 'scale'], ['violated', 'reason'])
    """
    return [*(field.name for field in fields(Case)), *EXACT, *bound_columns(loss), "violated", "reason"]


def bound_columns(loss: str, *, of: Sequence[str] = EXACT) -> list[str]:
    """The columns that hold a ratio, bound / exact: of bounds of these values.

    >>> bound_columns("l2", of=["s_max"])[0]
    'bao2020/B/smax-bound'
    """
    example = Case(loss, "even", "even", 4, 8, 0, 0)
    return [bound.id for bound in _measured(example)[1] if bound.bounds in of]


def measure(case: Case) -> dict[str, Any]:
    """The row of a case; where the minimum cannot be measured, all but the case and the reason are empty.

    `violated` lists the bounds that lie on the wrong side of the exact value.

    Examples
    --------
    >>> row = measure(Case("l2", "even", "even", 2, 4, 0, 0))
    >>> row["violated"], row["bao2020/B/smax-bound"] <= 1, row["reason"]
    ('', True, '')
    """
    row: dict[str, Any] = dict.fromkeys(columns(case.loss), "") | asdict(case)
    try:
        with np.errstate(all="ignore"):
            found, bounds, violated = _measured(case)
            row |= {name: getattr(found, name) for name in EXACT[:-1]} | {"slow_direction": str(found.slowest)}
            row |= {bound.id: bound.ratio(found) for bound in bounds}
            row["violated"] = " ".join(violated)
    except (ValueError, ArithmeticError) as problem:
        row["reason"] = str(problem)
    return row


def run(todo: Sequence[Case], *, jobs: int = -1, scheduler: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of cases, in the order in which they are finished.

    Parameters
    ----------
    todo : sequence of Case
    jobs : int
        Processes; −1 for as many as processors. On a cluster, all its workers are used.
    scheduler : str, optional
        The address of a dask scheduler, like tcp://host:8786. Its workers need this package.

    Raises
    ------
    ValueError
        If the scheduler cannot be reached, or dask is not installed.
    """
    from joblib import Parallel, delayed

    with cluster(scheduler):
        parallel = pool(jobs, "auto") if scheduler is None else Parallel(n_jobs=-1, return_as="generator_unordered")
        yield from parallel(delayed(measure)(case) for case in todo)


def _measured(case: Case) -> tuple[Conditioning, list[Bound], list[str]]:
    """The exact conditioning of a case, its bounds, and the ids of those that are violated."""
    sigma2, weights = case.spectrum(), case.placed()
    measure = l2_conditioning if case.loss == "l2" else nested_dropout_conditioning
    found = measure(sigma2, weights, scale=case.scale)
    bounds = every_bound(case.loss, sigma2, weights, scale=case.scale)
    return found, *settled(case.loss, sigma2, weights, scale=case.scale, found=found, bounds=bounds)
