"""Proofs as pages fold them: steps within steps, down to the kernel's rules, each told once in a whole report.

A step that a page tells again is called by its number. One whose proof another claim's page has told already is told
with a link to that place; only what follows from few steps is told on every page.

Main results
    Folded    folds the proofs of a page
    homes     which claim's page tells a step that several claims have in common
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.claim import Evidence
from proofs.proof import ProofStep, words

LONG = 30
"""Letters of LaTeX of a step that is called by its number where it is told again."""
AGAIN, DEEP = ", as above", ", continued below"
DEPTH = 24
"""How deep a proof is nested before it goes on from the top."""
FEW = 8
"""A step that follows from fewer is told on every page that has it."""


@dataclass
class Folded:
    """What a page has told of proofs.

    Attributes
    ----------
    homes
        Steps with the claim whose page tells them.
    claim
        The claim of this page.
    steps
        What was told, each with its address if it has one.
    """

    homes: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""
    steps: dict[str, str] = field(default_factory=dict)

    def all(self, evidence: Iterable[Evidence]) -> list[tuple[Evidence, list[dict[str, Any]]]]:
        """What each witness found, with its proof."""
        return [(e, self.proof(e.proof)) for e in evidence]

    def proof(self, steps: Sequence[ProofStep]) -> list[dict[str, Any]]:
        """The steps below the last one, nested; one that lies deep begins anew at the top."""
        names = named(steps)
        places = {name: place for place, name in enumerate(names)}
        uses = Counter(p for step in steps for p in step.follows_from)
        later: list[str] = []

        def below(name: str, depth: int, begun: bool = False) -> dict[str, Any]:
            place = places[name]
            step, home = steps[place], self.homes.get(name, self.claim)
            again = name in self.steps and not begun
            away = home != self.claim and not again
            deep = depth == DEPTH and bool(step.follows_from) and not again and not away
            if deep:
                later.append(name)
            called = (name in self.homes and not away) or (len(step.latex) > LONG and (uses[place] > 1 or deep))
            self.steps.setdefault(name, name if called else "")
            return {
                "tex": step.latex,
                "number": place + 1,
                "id": self.steps[name],
                "name": name,
                "again": again or deep,
                "home": home if away else "",
                "rule": words(step.rule) + ("" if not step.follows_from else AGAIN * again + DEEP * deep),
                "parts": [] if again or deep or away else [below(names[p], depth + 1) for p in step.follows_from],
            }

        tops = [below(name, 0) for name in names[-1:]]
        for name in later:
            tops.append(below(name, 0, True))
        return tops


def named(steps: Sequence[ProofStep]) -> list[str]:
    """A name for each step, by what it says, its rule, and the names of those that it follows from."""
    names: list[str] = []
    for step in steps:
        parts = (step.latex, step.rule, *(names[p] for p in step.follows_from))
        names.append(hashlib.sha256(repr(parts).encode()).hexdigest()[:12])
    return names


def homes(proofs: Iterable[tuple[str, Sequence[ProofStep]]]) -> dict[str, str]:
    """Steps that several claims have in common, with the first of these claims, whose page tells them."""
    first: dict[str, str] = {}
    common: set[str] = set()
    for claim, steps in proofs:
        for place, name in enumerate(named(steps)):
            if first.setdefault(name, claim) != claim and many(steps, place):
                common.add(name)
    return {name: first[name] for name in common}


def many(steps: Sequence[ProofStep], top: int) -> bool:
    """Whether a step follows from more than a few."""
    seen, todo = {top}, [top]
    while todo and len(seen) <= FEW:
        new = [p for p in steps[todo.pop()].follows_from if p not in seen]
        seen.update(new)
        todo += new
    return len(seen) > FEW
