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

HOLDS, FAILS, UNDECIDED = "✓", "✗", "?"


@dataclass(frozen=True)
class Link:
    """``relation member``, why, and whether it holds; the first member of a display has no relation and no mark."""

    text: str
    latex: str
    relation: str = ""
    relation_latex: str = ""
    mark: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """A claim in a derivation, with its correction if it is refuted."""

    checked: Checked
    displays: tuple[tuple[Link, ...], ...]
    correction: Step | None = None


@dataclass(frozen=True)
class Chapter:
    """The steps of one module; its title is the module's first line."""

    title: str
    steps: tuple[Step, ...]


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


def step(c: Checked, every: dict[str, Checked]) -> Step:
    better = every.get(c.claim.id + "+")
    return Step(c, tuple(displays(c)), Step(better, tuple(displays(better))) if better else None)


def displays(c: Checked) -> Iterator[tuple[Link, ...]]:
    """The formulas of a claim; a conjunction has several."""
    statement = c.claim.printed
    for member in getattr(statement, "members", (statement,)):
        yield tuple(links(member, c.decision))


def links(statement: Any, decision: Decision) -> Iterator[Link]:
    """The links of a chain; another statement is one link."""
    if not hasattr(statement, "links"):
        yield Link(statement.text(), statement.latex(), mark=mark_of(decision), reason=methods(decision))
        return
    members = statement.parts
    yield Link(text(members[0]), latex(members[0]))
    for left, link in zip(members, statement.links, strict=False):
        mark, how = judged(f"{text(left)} {link.relation} {text(link.expr)}", (left, link.expr), decision)
        why = link.why if isinstance(link.why, str) else ""
        reason = "; ".join(filter(None, (why, how)))
        yield Link(text(link.expr), latex(link.expr), link.relation, RELATIONS[link.relation], mark, reason)


def judged(printed: str, sides: tuple[Any, Any], decision: Decision) -> tuple[str, str]:
    """The mark of a link, and how it was decided: what a witness's steps say, unless a counterexample breaks it."""
    example = decision.counterexample
    if example and {text(s) for s in sides} == set(example.sides):
        return FAILS, "refuted by the counterexample"
    for line in (line for e in decision.evidence for line in e.steps):
        if line[2:].startswith(f"{printed} — "):
            return line[0], line[2:].removeprefix(f"{printed} — ")
    return mark_of(decision), methods(decision)


def mark_of(decision: Decision) -> str:
    if decision.verdict == Verdict.REFUTED:
        return FAILS
    return HOLDS if decision.verdict in (Verdict.PROVED, Verdict.CERTIFIED) else UNDECIDED


def methods(decision: Decision) -> str:
    """The witnesses that decided."""
    return ", ".join(dict.fromkeys(e.method for e in decision.evidence))
