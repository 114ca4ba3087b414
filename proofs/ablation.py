"""Which hypotheses a claim needs: each is dropped in turn.

A hypothesis is needed if an instance that violates it, and nothing else, breaks the claim; it is not needed if the
claim is proved without it; otherwise that is not known, however many instances hold. Budgets are counted in operations,
so that every machine says the same.

Main results
    sample      an instance that satisfies the hypotheses, or None: the claim may be vacuous
    ablate      for every hypothesis: needed, not needed, or not known
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Any

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import Claim, Context, Decision, Evidence, Outcome, Verdict, checked, seed_of, witness
from proofs.hypotheses import Draw, Hypothesis, Plan, complete, free_names, instances, nearly, only, show
from proofs.kernel.expressions import Expr

NEEDED, NOT_NEEDED, NOT_KNOWN = "needed", "not needed", "not known"
HOLDS = {Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED}
BUDGET = 2e6
"""Operations to look for an instance that violates a hypothesis and breaks the claim, for all hypotheses together."""
SAMPLED = 1e7
"""Operations to look for an instance that satisfies the hypotheses and gives the claim a value."""
SHORT = 50
"""Steps of a proof that is looked for again without a hypothesis: a long one takes long to be missed."""


@dataclass(frozen=True)
class Violated(Hypothesis):
    """A hypothesis turned round: its samples are those that violate it."""

    original: Hypothesis | None = None

    def holds(self, at: dict) -> bool:
        return self.original is not None and not self.original.holds(at)


def violated(h: Hypothesis) -> Violated:
    return Violated(f"not {h.name}", h.tex, draw=violating(h), original=h)


def violating(h: Hypothesis) -> Draw:
    """What violates it as it is written, or nearly satisfies it, or anything: in place of all that it draws."""
    spoken = free_names(h.relations)

    def draw(rng: Random, at: Instance) -> Instance:
        kind = rng.randrange(4)
        if kind <= 1 and h.broken is not None:
            return h.broken(rng, at)
        found = h.draw(rng, at) if h.draw is not None else {}
        if kind <= 2:
            return nearly(found, spoken, rng, at)
        other = {name: x for name, x in at.items() if name not in found}
        complete(only(found, spoken), rng, other, at["height"])
        return {name: other[name] for name in found if name in other}

    return draw


def unprepared(h: Hypothesis) -> Hypothesis:
    """A hypothesis whose sampler may be given what it was not made for: then there is no draw."""
    sampler = h.draw
    if sampler is None:
        return h

    def draw(rng: Random, at: Instance) -> Instance:
        try:
            return sampler(rng, at)
        except (TypeError, ValueError) as problem:
            raise Undefined(str(problem)) from problem

    return replace(h, draw=draw)


def sample(parts: Sequence[Expr], given: Sequence[Hypothesis], seed: int = 0) -> dict[str, str] | None:
    """An instance of the hypotheses, short to write, as text; None if none was found.

    Where the expressions have no exact value at the instances that the budget allows, the hypotheses alone are sampled.
    """
    names = free_names(parts)
    for expressions in (parts, ()):
        context = Context(tuple(given), seed, budget=SAMPLED)
        found = [show(at, names) for at in islice(instances(expressions, context, Plan(per_size=4)), 4)]
        if found:
            return min(found, key=lambda at: sum(map(len, at.values())))
    return None


def ablate(claim: Claim, decision: Decision, budget: float = BUDGET) -> tuple[dict[str, str], ...]:
    """What becomes of a claim that holds without each of its hypotheses.

    Returns
    -------
    tuple of dict
        ``name``, ``latex``, ``without`` (``needed``, ``not needed`` or ``not known``) and ``detail``.
    """
    share = budget / max(1, len(claim.given))
    return tuple({"name": h.name, "latex": h.tex, **without(claim, h, decision, share)} for h in claim.given)


def without(claim: Claim, h: Hypothesis, decision: Decision, budget: float) -> dict[str, str]:
    if not h.relations:
        return said(NOT_KNOWN, "a convention: nothing violates it")
    proofs = [e for e in decision.evidence if e.outcome == Outcome.PROVED]
    if any(h.name not in e.used for e in proofs):
        return said(NOT_NEEDED, "the proof does not suppose it")
    found = where_violated(claim, h, budget)
    if found.outcome == Outcome.FAILS:
        return said(NEEDED, str(found.counterexample or found.detail))
    if any(len(e.proof) <= SHORT for e in proofs) and proved_without(claim, h):
        return said(NOT_NEEDED, "proved without it")
    return said(NOT_KNOWN, f"holds where it is violated: {found.scope}" if found.scope else found.detail)


def said(outcome: str, detail: str) -> dict[str, str]:
    return {"without": outcome, "detail": detail}


def where_violated(claim: Claim, h: Hypothesis, budget: float) -> Evidence:
    """The claim's second witness, run where only ``h`` is violated, each member of a conjunction with its share."""
    given = tuple(violated(g) if g is h else unprepared(g) for g in claim.given)
    members = getattr(claim.statement, "members", (claim.statement,))
    drawn: dict[Any, Any] = {}
    found = []
    for s in members:
        context = Context(given, seed_of(claim.id), budget=budget / len(members), shrink=False, drawn=drawn)
        found.append(witness(s.witnesses[1], s, context))
        if found[-1].outcome == Outcome.FAILS:
            return found[-1]
    return next((e for e in found if e.scope), found[0])


def proved_without(claim: Claim, h: Hypothesis) -> bool:
    """Whether the claim's first witness proves it from the other hypotheses."""
    rest = replace(claim, given=tuple(g for g in claim.given if g is not h))
    supposed = rest.supposed(claim.statement)
    context = Context(rest.given, seed_of(claim.id), shrink=False, drawn={}, supposed=supposed)
    found = witness(claim.statement.witnesses[0], claim.statement, context)
    return checked(found, claim.statement, supposed, told=False).outcome == Outcome.PROVED
