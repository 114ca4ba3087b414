"""What is known of a claim beside its statement, point by point; terminal and LaTeX print the same points.

Main results
    particulars     place, convention, hypotheses, ranges, letters, note, what it rests on, an example, what it corrects
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from proofs.algebra.printing import latex, text
from proofs.check import Checked, correction
from proofs.claim import Claim, Verdict
from proofs.declared import declared
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Rel
from proofs.vocabulary import Word, words


@dataclass(frozen=True)
class Particular:
    """A point: its name, what is told, the same as a formula in LaTeX where it is one, and what is added.

    An example tells exact values by their names.
    """

    name: str
    told: str = ""
    tex: str = ""
    verdict: Verdict | None = None
    aside: str = ""
    values: dict[str, str] = field(default_factory=dict)


def particulars(c: Checked, every: dict[str, Checked]) -> Iterator[Particular]:
    """The points of a decided claim; a name that has several is told once.

    Parameters
    ----------
    every
        What is known of other claims, for the correction of a refuted one.
    """
    claim, decision = c.claim, c.decision
    if claim.where:
        yield Particular("place", f"{claim.paper}, {claim.where}")
    if claim.convention:
        yield Particular("convention", claim.convention)
    necessity = {h["name"]: h for h in decision.hypotheses}
    for number, h in enumerate(claim.given):
        yield Particular("" if number else "given", h.name, h.tex, aside=without(necessity.get(h.name)))
    for number, p in enumerate(ranges(claim)):
        yield Particular("" if number else "ranges", text(p), latex(p))
    for number, word in enumerate(vocabulary(claim)):
        yield Particular("" if number else "letters", word.text, word.latex, aside=word.known)
    if claim.note:
        yield Particular("note", claim.note)
    if rests_on := sorted({name for e in decision.evidence for name in e.rests_on}):
        yield Particular("rests on", "; ".join(rests_on))
    if decision.sample:
        yield Particular("for example", values=decision.sample)
    if claim.correction_of:
        yield Particular("corrects", claim.correction_of)
    elif decision.verdict == Verdict.REFUTED and (better := correction(claim, every)):
        found = better.decision
        yield Particular("holds instead", better.claim.id, verdict=found.verdict, aside=found.scope)
    yield Particular("decided in", f"{decision.seconds:.2f} s", rf"{decision.seconds:.2f}\,\mathrm{{s}}")


def without(found: dict[str, str] | None) -> str:
    """What the claim is without a hypothesis."""
    if found is None:
        return ""
    return ": ".join(filter(None, (found["without"], found["detail"])))


def ranges(claim: Claim) -> tuple[Rel, ...]:
    """The ranges that the claim's integers are declared with."""
    return declared(*formulas(claim))


def vocabulary(claim: Claim) -> list[Word]:
    """What the claim's letters are, and what its names stand for."""
    return words(formulas(claim))


def formulas(claim: Claim) -> tuple[Expr, ...]:
    """What the claim states and what it is given; none if it cannot be built, which its verdict says."""
    try:
        statement = claim.statement
    except Exception:
        return ()
    return (*statement.parts, *(r for h in claim.given for r in h.relations))
