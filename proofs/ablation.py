"""Which hypotheses a claim needs: each is dropped in turn, and the claim tried where only that one is violated.

Main results
    sample      an instance that satisfies the hypotheses, or None: the claim may be vacuous
    ablate      for every hypothesis: needed, with an instance that breaks the claim; or not needed in k instances
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from proofs.claim import Claim, Context, Evidence, Outcome, Verdict, seed_of
from proofs.hypotheses import Hypothesis, Plan, free_names, instances, show
from proofs.kernel.expressions import Expr

NEEDED, NOT_NEEDED, UNTRIED = "needed", "not needed", "no instance without it"
HOLDS = {Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED}


@dataclass(frozen=True)
class Violated(Hypothesis):
    """A hypothesis turned round: its samples are those that violate it."""

    original: Hypothesis | None = None

    def holds(self, at: dict) -> bool:
        return self.original is not None and not self.original.holds(at)


def violated(h: Hypothesis) -> Violated:
    return Violated(f"not {h.name}", h.tex, draw=h.broken, original=h)


def sample(parts: Sequence[Expr], given: Sequence[Hypothesis], seed: int = 0) -> dict[str, str] | None:
    """An instance of the hypotheses, short to write, as text; None if none was found.

    Where the expressions have no exact value at any instance, the hypotheses alone are sampled.
    """
    context, names = Context(tuple(given), seed), free_names(parts)
    for expressions in (parts, ()):
        found = [show(at, names) for at in islice(instances(expressions, context, Plan(per_size=4)), 4)]
        if found:
            return min(found, key=lambda at: sum(map(len, at.values())))
    return None


def ablate(claim: Claim, seconds: float = 0.1) -> tuple[dict[str, str], ...]:
    """What becomes of the claim without each of its hypotheses.

    Returns
    -------
    tuple of dict
        ``name``, ``latex``, ``without`` (``needed``, ``not needed`` or ``no instance without it``) and ``detail``.
    """
    return tuple({"name": h.name, "latex": h.tex, **without(claim, h, seconds / len(claim.given))} for h in claim.given)


def without(claim: Claim, h: Hypothesis, seconds: float) -> dict[str, str]:
    """The claim's sampling witness, run where only ``h`` is violated."""
    if h.broken is None:
        return {"without": UNTRIED, "detail": "nothing that can be drawn violates it"}
    given = tuple(violated(g) if g is h else g for g in claim.given)
    context = Context(given, seed_of(claim.id), time.process_time() + seconds, shrink=False)
    try:
        found = claim.statement.witnesses[1](claim.statement, context)
    except (ArithmeticError, ValueError, LookupError) as problem:
        return {"without": UNTRIED, "detail": f"the statement has no value there ({problem})"}
    return judged(found)


def judged(found: Evidence) -> dict[str, str]:
    if found.outcome == Outcome.FAILS:
        return {"without": NEEDED, "detail": str(found.counterexample or found.detail)}
    if found.outcome == Outcome.UNDECIDED:
        return {"without": UNTRIED, "detail": found.detail}
    return {"without": NOT_NEEDED, "detail": found.scope}
