"""A proof as it is shown: the steps of a theorem, each with what it says, its rule, and the steps that it follows from.

Main results
    ProofStep    one theorem of a proof, as text and LaTeX
    Judged       how a link was decided
    outline      the steps of a theorem, premises first; what only turns a relation round is left out
    tree         the steps as indented lines, from a theorem down
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proofs.algebra.printing import latex, text
from proofs.kernel.theorem import Theorem

QUIET = ("mirror", "weaken", "with_values", "cut")
"""Rules that a reader sees through."""
ONE_STEP = {"apply": ("apply", "rename"), "discharge": ("discharge",)}
"""Rules with those that are one step with it: suppositions are made and shown to hold one by one, in other letters."""
UNSAID = ("order", "hypothesis")
"""Rules of leaves that are left unsaid."""

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
    "vanishing": "a square that is 0",
    "entries": "entry by entry",
    "gram": "AᵀA",
    "congruence": "BᵀAB",
    "triangular": "a triangle without zeros on its diagonal",
    "discharge": "supposing the premise",
    "apply": "an instance whose suppositions hold",
    "obtain": "with what exists",
    "witness": "there is one",
    "whatever": "for any one",
    "selection": "the columns where the diagonal is not 0",
    "root": "a root",
    "exponential": "exp x ≥ 1 + x",
    "squeezed": "its square times the time stays bounded",
    "rolls_down": "a flow of one variable falls to where it rests",
    "eckart_young": "Eckart–Young",
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


@dataclass(frozen=True)
class Judged:
    """A link of a statement: ✓, ✗ or ?, how it was decided, and its place in the proof, if it has one."""

    mark: str
    how: str
    place: int = -1


def through(t: Theorem) -> Theorem:
    """The theorem that says the same more plainly."""
    while t.rule in QUIET and t.premises:
        t = t.premises[0]
    return t


def outline(t: Theorem) -> tuple[tuple[ProofStep, ...], tuple[int, ...]]:
    """The steps of a proof, equal ones once, premises first, and the places of the parts of what it says.

    Comparisons of indices and what is given are leaves unsaid.
    """
    top = through(t)
    steps: dict[ProofStep, int] = {}
    place: dict[int, int] = {}
    todo = [top]
    while todo:
        t = todo[-1]
        premises = [p for p in followed(t) if p.rule not in UNSAID]
        if waiting := [p for p in premises if id(p) not in place]:
            todo += reversed(waiting)
            continue
        step = ProofStep(text(t.says), latex(t.says), t.rule, tuple(dict.fromkeys(place[id(p)] for p in premises)))
        place[id(t)] = steps.setdefault(step, len(steps))
        todo.pop()
    return tuple(steps), tuple(place.get(id(through(part)), -1) for part in parts(top))


def followed(t: Theorem) -> list[Theorem]:
    """What a step follows from."""
    premises = list(map(through, t.premises))
    if premises and premises[0].rule in ONE_STEP.get(t.rule, ()):
        return followed(premises[0]) + premises[1:]
    return premises


def parts(t: Theorem) -> Iterator[Theorem]:
    """The theorems of a conjunction, one for each part."""
    t = through(t)
    if t.rule == "conjunction":
        for p in t.premises:
            yield from parts(p)
    else:
        yield t


def tree(steps: Sequence[ProofStep], top: int = -1, depth: int = 3) -> Iterator[tuple[int, ProofStep]]:
    """The steps from one down (the last), with how deep each lies; one that was told is not told again."""
    told: set[int] = set()

    def below(place: int, level: int) -> Iterator[tuple[int, ProofStep]]:
        if place in told or level > depth:
            return
        told.add(place)
        yield level, steps[place]
        for p in steps[place].follows_from:
            yield from below(p, level + 1)

    if steps:
        yield from below(top % len(steps), 0)
