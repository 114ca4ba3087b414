"""What rests on what: the graph of uses, drawn from what is recorded of decided claims.

A theorem remembers the facts of the literature that it takes. A correction corrects its claim. An id
below that of a claim is a step of it, or a reading. A claim's function may name another claim, and an observation names
the figure that shows it. Nobody else is asked, and the graph has no cycle.

Main results
    Use         one edge: who uses what, and how
    uses_of     the edges of decided claims
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType

from proofs.check import Checked
from proofs.claim import Claim, Verdict

FIGURE = "figure "
"""What the name of a figure begins with here."""


class How(StrEnum):
    """In which way something is used."""

    FACT = "rests on"
    STEP = "has the step or reading"
    CORRECTS = "corrects"
    NAMES = "is stated with"
    SHOWN = "is seen in"


@dataclass(frozen=True)
class Use:
    """A claim, and what it uses: another claim, a fact, a figure, which may have the id of a claim."""

    user: str
    used: str
    how: How


def uses_of(checked: Sequence[Checked]) -> list[Use]:
    """The edges of decided claims, in their order, each once."""
    every = {c.claim.id for c in checked}
    return list(dict.fromkeys(use for c in checked for use in of_claim(c, every)))


def of_claim(c: Checked, every: set[str]) -> Iterator[Use]:
    claim = c.claim
    if c.decision.verdict == Verdict.PROVED:
        for name in sorted({name for e in c.decision.evidence for name in e.rests_on}):
            yield Use(claim.id, name, How.FACT)
    if claim.correction_of in every:
        yield Use(claim.id, str(claim.correction_of), How.CORRECTS)
    if above := nearest_above(claim, every):
        yield Use(above, claim.id, How.STEP)
    for other in named(claim.build.__code__, claim.build.__globals__):
        if other.id in every and other.id != claim.id:
            yield Use(claim.id, other.id, How.NAMES)
    if figure := getattr(claim.printed, "figure", ""):
        yield Use(claim.id, f"{FIGURE}{figure}", How.SHOWN)


def nearest_above(claim: Claim, every: set[str]) -> str | None:
    """The claim below whose id this one's lies; a correction stands with what it corrects."""
    if claim.correction_of in every:
        return None
    parts = claim.id.split("/")
    above = ("/".join(parts[:end]) for end in range(len(parts) - 1, 1, -1))
    return next((id for id in above if id in every), None)


def named(code: CodeType, known: dict[str, object]) -> Iterator[Claim]:
    """The claims that a function names."""
    for name in code.co_names:
        if isinstance(found := known.get(name), Claim):
            yield found
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from named(inner, known)
