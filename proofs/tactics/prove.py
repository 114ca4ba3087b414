"""Proofs of a claim's links: with every tactic, or as a reason says.

A reason is an object with ``theorem(ground, goal)``, which makes the theorem or raises; anything else is a word for the
reader.

Main results
    prove        a theorem that says a relation
    valued       the theorem, everything in it having a value
    explained    how a theorem was made, in a few words
"""

from __future__ import annotations

from typing import Any

from proofs.kernel import rules
from proofs.kernel.propositions import Rel, needs
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.proof import words
from proofs.tactics import (  # noqa: F401 - each adds its tactics
    absolute,
    arithmetic,
    definite,
    determinants,
    equality,
    equations,
    extrema,
    inverses,
    limits,
    logarithms,
    ranks,
    rewriting,
    sums,
)
from proofs.tactics.ground import Ground, NotFound

__all__ = ["Ground", "NotFound", "explained", "prove", "valued"]


def prove(ground: Ground, goal: Rel, why: Any = "") -> Theorem:
    """A theorem that says the goal.

    Raises
    ------
    NotFound
        With what was tried.
    """
    if not hasattr(why, "theorem"):
        return ground.prove(goal)
    try:
        t = ground.reasoned(goal, why)
    except (Refused, Undecided) as reason:
        raise NotFound(str(reason)) from reason
    if not rules.same(t.says, goal):
        raise NotFound(f"{type(why).__name__} proves {t.says}")
    return t


def valued(ground: Ground, t: Theorem) -> Theorem:
    """The theorem, with what everything in it needs to have a value.

    Raises
    ------
    NotFound
        With what may have none.
    """
    known = []
    for p in needs(t.says):
        if not rules.granted(p):
            try:
                known.append(ground.prove(p))
            except NotFound as why:
                raise NotFound(f"it may have no value: no theorem for {p}: {why}") from why
    return rules.with_values(t, tuple(known))


def explained(t: Theorem) -> str:
    """How a theorem was made: its rule, through those that only turn it round."""
    while t.rule in ("mirror", "weaken", "generalise", "discharge", "chain") and t.premises:
        t = t.premises[0]
    return words(t.rule)
