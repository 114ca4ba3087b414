"""Several statements printed under one number: each is decided on its own, all of them must hold.

Main results
    both    join statements
    All     the statement
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from proofs.claim import Context, Evidence, Outcome, Statement, Witness
from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import And
from proofs.kernel.theorem import Theorem

RANK = (Outcome.FAILS, Outcome.UNDECIDED, Outcome.SUPPORTED, Outcome.ARGUED, Outcome.CERTIFIED, Outcome.PROVED)


@dataclass(frozen=True)
class All:
    """A conjunction. Its witnesses are those of its members, in step."""

    members: tuple[Any, ...]

    @property
    def proposition(self) -> Expr | None:
        members = [getattr(s, "proposition", None) for s in self.members]
        return None if None in members else And(tuple(members))  # type: ignore[arg-type]

    @property
    def parts(self) -> tuple[Expr, ...]:
        return tuple(p for s in self.members for p in s.parts)

    def with_parts(self, parts: Sequence[Expr]) -> All:
        rest = list(parts)
        members = []
        for s in self.members:
            count = len(s.parts)
            members.append(s.with_parts(rest[:count]))
            rest = rest[count:]
        return replace(self, members=tuple(members))

    @property
    def relations(self) -> tuple[str, ...]:
        return tuple(r for s in self.members for r in getattr(s, "relations", ()))

    def with_relations(self, relations: Sequence[str]) -> All:
        rest = list(relations)
        members = []
        for s in self.members:
            count = len(getattr(s, "relations", ()))
            members.append(s.with_relations(rest[:count]) if count else s)
            rest = rest[count:]
        return replace(self, members=tuple(members))

    @property
    def limits(self) -> tuple[Expr, ...]:
        return tuple(p for s in self.members for p in getattr(s, "limits", ()))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        count = max(len(s.witnesses) for s in self.members)
        return tuple(in_step(place) for place in range(count))

    def latex(self) -> str:
        return r" \qquad ".join(s.latex() for s in self.members)

    def text(self) -> str:
        return "; ".join(s.text() for s in self.members)


def both(*members: Statement) -> All:
    """``members[0]`` and ``members[1]`` and …"""
    return All(members)


def together(theorems: Sequence[Theorem]) -> Theorem:
    """The conjunction, each member with what it needs to have a value."""
    known = tuple(k for t in theorems if t.rule == "with_values" for k in t.arguments[1])
    return rules.with_values(rules.conjunction(tuple(theorems)), known)


def in_step(place: int) -> Callable[[All, Context], Evidence]:
    """The ``place``-th witness of every member that has one; it stops at the first failure.

    Where only the outcome is asked for, the first member without a proof decides that there is none.
    """

    def witness(statement: All, context: Context) -> Evidence:
        able = [s for s in statement.members if place < len(s.witnesses)]
        found: list[Evidence] = []
        for s in able:
            found.append(s.witnesses[place](s, context))
            unproved = place == 0 and not context.shrink and found[-1].outcome == Outcome.UNDECIDED
            if found[-1].outcome == Outcome.FAILS or unproved:
                break
        worst = min(found, key=lambda e: RANK.index(e.outcome))
        if len(able) < len(statement.members) and worst.outcome != Outcome.FAILS:
            detail = f"{len(able)} of {len(statement.members)} parts: {worst.outcome}, {worst.scope or worst.detail}"
            worst = replace(worst, outcome=Outcome.UNDECIDED, scope="", detail=detail)
        theorems = [e.theorem for e in found if e.theorem is not None]
        whole = together(theorems) if len(theorems) == len(statement.members) else None
        steps, links = (tuple(x for e in found for x in getattr(e, part)) for part in ("steps", "links"))
        return replace(worst, steps=steps, links=links, theorem=whole)

    return witness
