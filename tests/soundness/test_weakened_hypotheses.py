"""A relation is left out of a hypothesis, or its boundary let in, and the sampler stays as it was: as an author would
who forgot it. What is false then must not be believed because the sampler is narrower than the hypothesis.

That it is false is known from an instance that satisfies what is left and breaks the claim: it is drawn by disturbing
what the sampler draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from proofs.ablation import unprepared, violating
from proofs.algebra.evaluate import Instance
from proofs.algebra.printing import text
from proofs.claim import Claim, Context, Outcome, Verdict, registry, seed_of, witness
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import ShapeError
from proofs.kernel.propositions import Every, Rel

LET_IN = {">": "≥", "<": "≤", "≻": "⪰"}
DRAWN, BUDGET = 120, 2e6
CAUGHT = 0.75
"""The least share of the false ones that is refuted."""


@dataclass(frozen=True)
class Between(Hypothesis):
    """What satisfies the weaker hypothesis and not the one that is printed."""

    printed: Hypothesis | None = None

    def holds(self, at: Instance) -> bool:
        return super().holds(at) and self.printed is not None and not self.printed.holds(at)


def weakened(h: Hypothesis) -> Iterator[tuple[str, Hypothesis]]:
    """Without one of its relations, and with the boundary of one."""
    for place, r in enumerate(h.relations):
        before, after = h.relations[:place], h.relations[place + 1 :]
        if before + after:
            yield f"without {text(r)}", replace(h, relations=before + after)
        wider = let_in(r)
        if wider != r:
            yield text(wider), replace(h, relations=(*before, wider, *after))


def let_in(r: Any) -> Any:
    if isinstance(r, Every):
        return replace(r, body=let_in(r.body))
    return replace(r, op=LET_IN.get(r.op, r.op)) if isinstance(r, Rel) else r


def planted() -> Iterator[tuple[str, Claim, Hypothesis, Hypothesis]]:
    """Claims with a weaker hypothesis."""
    for c in registry().values():
        for h in c.given:
            for name, weaker in weakened(h):
                yield f"{c.id}: {name}", c, h, weaker


def is_false(c: Claim, h: Hypothesis, weaker: Hypothesis) -> bool:
    """Whether an instance of the weaker hypothesis breaks the claim."""
    between = Between(h.name, h.tex, weaker.relations, violating(h), None, h)
    given = tuple(between if g is h else unprepared(g) for g in c.given)
    members = getattr(c.statement, "members", (c.statement,))
    contexts = [Context(given, seed_of(c.id), budget=BUDGET / len(members), shrink=False) for _ in members]
    found = (witness(s.witnesses[1], s, context) for s, context in zip(members, contexts, strict=True))
    return any(e.outcome == Outcome.FAILS for e in found)


def holds(c: Claim) -> bool:
    """Whether there is a statement, and the second witness has nothing against what is printed."""
    try:
        costly = any(kind.costly for p in c.statement.parts for kind in p.kinds)
    except ShapeError:
        return False
    if costly:
        return False
    context = Context(c.given, seed_of(c.id), budget=BUDGET, shrink=False)
    said = witness(c.statement.witnesses[1], c.statement, context)
    return said.outcome in (Outcome.CERTIFIED, Outcome.SUPPORTED)


@pytest.mark.slow
def test_a_hypothesis_that_lost_a_relation_is_not_believed_for_its_sampler(capsys: pytest.CaptureFixture) -> None:
    drawn = Random(9).sample(list(planted()), DRAWN)
    false = [
        (name, replace(c, given=tuple(weaker if g is h else g for g in c.given)))
        for name, c, h, weaker in drawn
        if holds(c) and is_false(c, h, weaker)
    ]
    missed = [name for name, c in false if c.decide(20).verdict != Verdict.REFUTED]
    with capsys.disabled():
        print(f"\n{len(missed)} of {len(false)} false ones missed", *missed, sep="\n    ")
    assert len(false) > DRAWN / 10
    assert len(missed) <= (1 - CAUGHT) * len(false)
