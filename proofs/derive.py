"""A section as a derivation: its claims in the paper's order, each link with its reason and whether it holds.

Text and LaTeX come from the same objects: what is printed is what was decided.

Main results
    derivation      decided claims → chapters of steps
    displays        the formulas of a decided claim, link by link
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from proofs.algebra.printing import RELATIONS, latex, text
from proofs.check import Checked
from proofs.claim import Decision, Verdict
from proofs.proof import Judged, ProofStep, tree

HOLDS, FAILS, UNDECIDED = "✓", "✗", "?"


@dataclass(frozen=True)
class Shown:
    """``relation member``, why, and whether it holds; the first member of a display has no relation and no mark.

    ``proof`` are the steps that the link follows from, with how deep each lies.
    """

    text: str
    latex: str
    relation: str = ""
    relation_latex: str = ""
    mark: str = ""
    reason: str = ""
    proof: tuple[tuple[int, ProofStep], ...] = ()


@dataclass(frozen=True)
class Passage:
    """A claim in a derivation, with its correction if it is refuted."""

    checked: Checked
    displays: tuple[tuple[Shown, ...], ...]
    correction: Passage | None = None


@dataclass(frozen=True)
class Chapter:
    """The steps of one module; its title is the module's first line."""

    title: str
    steps: tuple[Passage, ...]


@dataclass(frozen=True)
class Derivation:
    prefix: str
    chapters: tuple[Chapter, ...]

    @property
    def checked(self) -> list[Checked]:
        steps = [s for chapter in self.chapters for s in chapter.steps]
        return [c.checked for s in steps for c in (s, s.correction) if c]


def derivation(prefix: str, checked: Sequence[Checked]) -> Derivation:
    """The decided claims as a derivation; corrections stand with what they correct."""
    every = {c.claim.id: c for c in checked}
    alone = [c for c in checked if c.claim.correction_of not in every]
    chapters = groupby(alone, key=lambda c: c.claim.module)
    return Derivation(
        prefix,
        tuple(Chapter(title(module), tuple(step(c, every) for c in steps)) for module, steps in chapters),
    )


def title(module: str) -> str:
    """The first line of a module's docstring."""
    return (sys.modules[module].__doc__ or module).strip().splitlines()[0].rstrip(".")


def step(c: Checked, every: dict[str, Checked]) -> Passage:
    better = every.get(c.claim.id + "+")
    return Passage(c, tuple(displays(c)), Passage(better, tuple(displays(better))) if better else None)


def displays(c: Checked) -> Iterator[tuple[Shown, ...]]:
    """The formulas of a claim; a conjunction has several."""
    statement, first = c.claim.printed, 0
    for member in getattr(statement, "members", (statement,)):
        yield tuple(links(member, c.decision, first))
        first += len(getattr(member, "links", ())) or 1


def links(statement: Any, decision: Decision, first: int) -> Iterator[Shown]:
    """The links of a chain, whose decisions begin at a place; another statement is one link."""
    if not hasattr(statement, "links"):
        how = judged((), decision, first)
        yield Shown(statement.text(), statement.latex(), mark=how.mark, reason=how.how, proof=below(decision, how))
        return
    members = statement.parts
    yield Shown(text(members[0]), latex(members[0]))
    for place, (left, link) in enumerate(zip(members, statement.links, strict=False), first):
        how = judged((left, link.expr), decision, place)
        why = link.why if isinstance(link.why, str) else ""
        reason = "; ".join(filter(None, (why, how.how)))
        relation = RELATIONS[link.relation]
        yield Shown(text(link.expr), latex(link.expr), link.relation, relation, how.mark, reason, below(decision, how))


def judged(sides: tuple[Any, ...], decision: Decision, place: int) -> Judged:
    """How a link was decided: what the first witness says of it, unless a counterexample breaks it."""
    example = decision.counterexample
    if example and sides and {text(s) for s in sides} == set(example.sides):
        return Judged(FAILS, "refuted by the counterexample")
    told = next((e.links for e in decision.evidence if len(e.links) > place), None)
    return told[place] if told else Judged(mark_of(decision), methods(decision))


DEPTH = 1
"""How many steps below a link are told; `lae show` tells more."""


def below(decision: Decision, how: Judged) -> tuple[tuple[int, ProofStep], ...]:
    """The steps that a link follows from."""
    proof = next((e.proof for e in decision.evidence if e.proof), ())
    return tuple(tree(proof, how.place, DEPTH))[1:] if how.place >= 0 else ()


def mark_of(decision: Decision) -> str:
    if decision.verdict == Verdict.REFUTED:
        return FAILS
    return HOLDS if decision.verdict in (Verdict.PROVED, Verdict.CERTIFIED) else UNDECIDED


def methods(decision: Decision) -> str:
    """The witnesses that decided."""
    return ", ".join(dict.fromkeys(e.method for e in decision.evidence))
