"""Runs claims: in parallel, each within a time limit, those already decided from the cache.

Main results
    find      ids or prefixes → claims; an unknown one is answered with the nearest
    check     decides claims and yields them as they come
    settle    decides one claim: verdict, hypotheses, a sample; whatever happens inside it
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FrameType
from typing import TYPE_CHECKING

from proofs import ablation
from proofs.cache import Cache
from proofs.claim import Claim, Decision, Evidence, Outcome, Verdict, registry, select, since
from proofs.hypotheses import Hypothesis, faulty
from proofs.kernel.expressions import ShapeError
from proofs.papers import Paper, admit, papers, told

if TYPE_CHECKING:
    from proofs.export.accepted import Mark

TIMEOUT = 60.0
LONGEST = 1e6  # seconds; timers hold no more
START_UP = 2.0  # seconds; what takes less in all is not worth starting processes for
GRACE = 1.2  # a witness that watches the deadline itself may finish its sentence
RAISES = "error"
UNFINISHED = ("time limit", RAISES)  # evidence that a later run may not repeat: never cached


class UnknownId(ValueError):
    """An id that no claim has."""


class OutOfTime(BaseException):
    """Not an Exception, so that no method takes it for one of its own."""


@dataclass(frozen=True)
class Checked:
    """A claim with its decision, and what it is in Coq where that was asked."""

    claim: Claim
    decision: Decision
    cached: bool = False
    coq: Mark | None = None

    @property
    def raises(self) -> bool:
        """Whether something went wrong in the claim itself, so that nothing was decided."""
        return [e.method for e in self.decision.evidence] == [RAISES]


def correction(claim: Claim, every: Mapping[str, Checked]) -> Checked | None:
    """What holds instead of a claim: its own correction, or that of the nearest claim it is a step of."""
    parts = claim.id.split("/")
    nearest = ("/".join(parts[:end]) + "+" for end in range(len(parts), 1, -1))
    return next((every[id] for id in nearest if id in every), None)


def find(ids: Sequence[str], claims: dict[str, Claim]) -> list[Claim]:
    """The claims with these ids or prefixes, in the papers' order; all of them if there are no ids.

    Raises
    ------
    UnknownId
        One line, with the nearest ids.
    """
    for wanted in ids:
        if not any(select([wanted], claims)):
            raise UnknownId(unknown(wanted, claims))
    return list(select(ids, claims))


def unknown(wanted: str, claims: dict[str, Claim]) -> str:
    """What to answer to an unknown id."""
    known = {"/".join(parts[:depth]) for parts in (c.split("/") for c in claims) for depth in range(1, len(parts) + 1)}
    nearest = difflib.get_close_matches(wanted, sorted(known), 3, 0.5)
    return f"no claim {wanted!r}" + (f"; nearest: {', '.join(nearest)}" if nearest else "; see `lae check` for the ids")


def check(
    claims: Sequence[Claim], cache: Cache, jobs: int = -1, fresh: bool = False, timeout: float = TIMEOUT
) -> Iterator[Checked]:
    """Decide claims; the cached ones come first, the others as they are decided.

    Parameters
    ----------
    cache
        Where decisions are kept; each is written as soon as it is made.
    jobs
        Processes; -1 for as many as there are processors.
    fresh
        Decide again what the cache holds.
    timeout
        Seconds per claim; a claim that takes longer is open.
    """
    stale = []
    for c in claims:
        known = None if fresh else cache.load(c)
        if known is None:
            stale.append(c)
        else:
            yield Checked(c, known, cached=True)
    stale.sort(key=cache.seconds, reverse=True)  # the long ones first, so that the processes end together
    quick = sum(map(cache.seconds, stale)) < START_UP
    for checked in decide(stale, 1 if quick else jobs, timeout):
        if not any(e.method in UNFINISHED for e in checked.decision.evidence):
            cache.save(checked.claim, checked.decision)
        yield checked


def decide(claims: Sequence[Claim], jobs: int, timeout: float) -> Iterator[Checked]:
    """Decide claims in this process if there is one, else in several."""
    if len(claims) < 2 or jobs == 1:
        yield from (Checked(c, settle(c, timeout)) for c in claims)
        return
    from numerics.processes import ProcessDied

    waiting = {c.id: c for c in claims}
    try:
        for name, decision in in_processes(claims, jobs, timeout):
            yield Checked(waiting.pop(name), decision)
    except ProcessDied:
        yield from (one_by_one(c, timeout) for c in waiting.values())


def one_by_one(claim: Claim, timeout: float) -> Checked:
    """A claim in a process of its own: a process has died, and it may have been this claim's."""
    from numerics.processes import ProcessDied

    try:
        ((_, decision),) = in_processes([claim], 2, timeout)
    except ProcessDied:
        decision = unfinished(RAISES, "its process was killed, perhaps for memory", 0)
    return Checked(claim, decision)


def in_processes(claims: Sequence[Claim], jobs: int, timeout: float) -> Iterator[tuple[str, Decision]]:
    from joblib import delayed

    from numerics.processes import pool

    known = papers()
    yield from pool(jobs)(delayed(settle_named)(c.id, known[c.paper], timeout) for c in claims)


def settle_named(name: str, paper: Paper, timeout: float) -> tuple[str, Decision]:
    """What a worker process runs: claims themselves do not travel, their ids do, and where their paper lies."""
    admit(paper)
    return name, settle(registry((paper.name,))[name], timeout)


def settle(claim: Claim, timeout: float = TIMEOUT) -> Decision:
    """Decide a claim within a time limit. What goes wrong inside it leaves it open, and is told."""
    start = time.monotonic()
    timeout = min(timeout, LONGEST)
    try:
        with uncollected(), time_limit(GRACE * timeout):
            if found := faulty(claim.given):
                return unfinished(RAISES, wrong_sampler(*found), since(start))
            return examined(claim, claim.decide(timeout))
    except OutOfTime:
        return unfinished("time limit", f"not decided within {timeout:g} s", since(start))
    except (Exception, SystemExit) as problem:
        return unfinished(RAISES, told(problem), since(start))


def wrong_sampler(h: Hypothesis, problem: Exception) -> str:
    """What is wrong with what draws instances of a hypothesis."""
    hint = "; it may read k, m, n, p and what samplers before it drew" if isinstance(problem, KeyError) else ""
    return f"the sampler of {h.name}: {told(problem)}{hint}"


def unfinished(method: str, detail: str, seconds: float) -> Decision:
    return Decision(Verdict.OPEN, detail, (Evidence(method, Outcome.UNDECIDED, detail=detail),), None, seconds)


def examined(claim: Claim, decision: Decision) -> Decision:
    """The decision with a sample of the hypotheses and with what becomes of the claim without each of them."""
    try:
        parts = claim.statement.parts
    except ShapeError:
        return decision
    found = ablation.sample(parts, claim.given)
    if found is None and decision.verdict != Verdict.REFUTED:
        vacuous = "no instance of the hypotheses was found: it may be vacuous"
        return replace(decision, verdict=Verdict.OPEN, scope=vacuous)
    if decision.verdict not in ablation.HOLDS:
        return replace(decision, sample=found or {})
    return replace(decision, sample=found or {}, hypotheses=ablation.ablate(claim, decision))


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """No cycles are looked for in what this block makes: expressions and theorems are many, and have none."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after some processor seconds; without effect outside the main thread."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
