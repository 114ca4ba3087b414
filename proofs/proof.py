"""A proof as it is shown: the steps of a theorem, each with what it says, its rule, and the steps that it follows from.

Main results
    ProofStep    one theorem of a proof, as text and LaTeX
    outline      the steps of a theorem, premises first; what only turns a relation round is left out
    tree         the steps as indented lines, from the theorem down
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proofs.algebra.printing import latex, text
from proofs.kernel.theorem import Theorem

QUIET = ("mirror", "weaken", "with_values", "cut")
"""Rules that a reader sees through."""
GIVEN = ("hypothesis",)
LONGEST = 400
"""Steps of a proof that are kept; what is longer is told from the top."""


WORDS = {
    "ring": "equal normal forms",
    "positive": "written in positive gaps, all coefficients are of one sign",
    "order": "comparisons of indices",
    "hypothesis": "given",
    "cases": "by cases",
    "antisymmetry": "from above and from below",
    "terms": "term by term",
    "instance": "at this index",
    "generalise": "for any index",
    "monotone": "neighbours are in this order",
    "square": "a square",
    "replace": "equals for equals",
    "solver": "z3 finds no exception",
}


def words(rule: str) -> str:
    """A rule for the reader."""
    return WORDS.get(rule, rule.replace("_", " "))


@dataclass(frozen=True)
class ProofStep:
    """What a step says, by which rule, from which steps (their places in the outline)."""

    says: str
    latex: str
    rule: str
    follows_from: tuple[int, ...] = ()


def through(t: Theorem) -> Theorem:
    """The theorem that says the same more plainly."""
    while t.rule in QUIET and t.premises:
        t = t.premises[0]
    return t


def outline(t: Theorem) -> tuple[ProofStep, ...]:
    """The steps of a proof, each once, premises first; comparisons of indices and what is given are leaves unsaid."""
    place: dict[int, int] = {}
    steps: list[ProofStep] = []

    def visit(t: Theorem) -> int | None:
        t = through(t)
        if t.rule in ("order", *GIVEN) or len(steps) > LONGEST:
            return None
        if id(t) not in place:
            below = tuple(dict.fromkeys(p for p in map(visit, t.premises) if p is not None))
            steps.append(ProofStep(text(t.says), latex(t.says), t.rule, below))
            place[id(t)] = len(steps) - 1
        return place[id(t)]

    visit(t)
    return tuple(steps)


def tree(steps: Sequence[ProofStep], depth: int = 3) -> Iterator[tuple[int, ProofStep]]:
    """The steps from the last down, with how deep each lies; a step that was told before is not told again."""
    told: set[int] = set()

    def below(place: int, level: int) -> Iterator[tuple[int, ProofStep]]:
        if place in told or level > depth:
            return
        told.add(place)
        yield level, steps[place]
        for p in steps[place].follows_from:
            yield from below(p, level + 1)

    if steps:
        yield from below(len(steps) - 1, 0)
