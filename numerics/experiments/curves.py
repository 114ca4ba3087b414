"""How fast a recorded run was, and which learning rate was best.

Main results
    epochs_to   when a metric first reaches a goal
    sooner      which of two is first, where either may never arrive
    every       whether all of several answers are yes, where some may be undecided
    fastest     of each model, optimiser and number of latents, the run whose learning rate was best
"""

from __future__ import annotations

from collections.abc import Iterable

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


def fastest(runs: Iterable[Finished]) -> dict[Key, Finished]:
    """Of runs that differ in learning rate and seed the one that aligns fastest: with the least d_align on average.

    A run that diverged is kept only where all have.
    """
    best: dict[Key, Finished] = {}
    for one in sorted(runs, key=_slowness):
        best.setdefault(key(one), one)
    return best


def _slowness(finished: Finished) -> tuple[bool, float]:
    _, ending, history = finished
    return ending.status == "diverged", float(history["alignment"].mean())
