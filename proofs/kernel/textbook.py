"""Facts from outside: theorems of the literature that are taken, not proved, each under a name, with its source.

A fact is a rule like the others, but its theorems remember its name: whatever rests on it says so. It takes theorems
for all its hypotheses, exactly those of the source.

Main results
    Fact        a name, what it says in words, where it is proved
    FACTS       the facts by name
    fact        makes a function a rule that rests on a fact
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs.kernel.theorem import Said, Theorem, rule


@dataclass(frozen=True)
class Fact:
    """A theorem of the literature."""

    name: str
    says: str
    source: str


FACTS: dict[str, Fact] = {}


def fact(name: str, says: str, source: str) -> Callable[[Callable[..., Said]], Callable[..., Theorem]]:
    """Make a rule that rests on a fact of the literature."""
    FACTS[name] = Fact(name, says, source)
    return rule(rests_on=name)
