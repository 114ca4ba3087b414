"""How fast a recorded run was, and which learning rate was best.

Main results
    epochs_to   when a metric first reaches a goal
    sooner      which of two is first, where either may never arrive
    every       whether all of several answers are yes, where some may be undecided
    fastest     of each model, optimiser and number of latents, the runs at the learning rate that was best
    median      the middle one of arrivals
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from numerics.training.campaign import Finished

Key = tuple[str, str, int]
"""Model, optimiser, latents."""


def key(finished: Finished) -> Key:
    """What runs that differ only in learning rate and seed share."""
    run = finished[0]
    return run.model.name, run.optimizer, run.model.k


def epochs_to(finished: Finished, metric: str, goal: float) -> float | None:
    """The epoch of the first record at which a metric is at or below a goal; None if there is none."""
    history = finished[2]
    reached = history["epoch"][history[metric] <= goal]
    return float(reached[0]) if reached.size else None


def sooner(first: float | None, second: float | None) -> bool | None:
    """Whether the first time is before the second; None (never) is after any time. A tie decides nothing.

    Examples
    --------
    >>> sooner(10.0, None), sooner(10.0, 20.0), sooner(10.0, 10.0), sooner(None, None)
    (True, True, None, None)
    """
    if first == second:
        return None
    return second is None or (first is not None and first < second)


def every(decided: Iterable[bool | None]) -> bool | None:
    """Whether all hold: False if one fails, None if one is undecided or there is none.

    Examples
    --------
    >>> every([True, None, False]), every([True, None]), every([True]), every([])
    (False, None, True, None)
    """
    answers = list(decided)
    if False in answers:
        return False
    return True if answers and None not in answers else None


def fastest(runs: Iterable[Finished]) -> dict[Key, list[Finished]]:
    """Of each model, optimiser and size the runs, one a seed, at the learning rate that aligns fastest.

    That is the rate with the least d_align on average over epochs and seeds; a rate at which one of the runs diverged
    is chosen only where each rate has such a run.
    """
    tried: dict[Key, dict[float, list[Finished]]] = {}
    for one in runs:
        tried.setdefault(key(one), {}).setdefault(one[0].rate, []).append(one)
    return {name: min(rates.values(), key=_slowness) for name, rates in tried.items()}


def _slowness(seeds: list[Finished]) -> tuple[bool, float]:
    diverged = any(ending.status == "diverged" for _, ending, _ in seeds)
    return diverged, float(np.mean([history["alignment"].mean() for *_, history in seeds]))


def median(times: Iterable[float | None]) -> float | None:
    """The middle one of arrivals, never being later than any; the later of two middle ones.

    >>> median([3.0, None, 1.0]), median([None, None, 1.0])
    (3.0, None)
    """
    ordered = sorted(times, key=lambda x: float("inf") if x is None else x)
    return ordered[len(ordered) // 2]
