"""Theorems: what follows from what, and by which rule. Only a rule makes one.

A theorem says that its proposition holds at every instance — all sizes, all values of its free letters — at which the
propositions ``given`` hold. It remembers its rule with the arguments, so that anybody can run the rules again without
the search that found them.

Main results
    Theorem     given ⊢ says, with its rule, its premises and what it rests on outside
    rule        makes a function of (arguments, theorems) → (given, says) a rule of the kernel
    recheck     runs every rule of a proof again
    RULES       the rules by name
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from proofs.kernel.binding import plain
from proofs.kernel.expressions import Expr

_KEY = object()
Said = tuple[Iterable["Theorem"], Expr]


class Refused(Exception):
    """A rule does not apply: what it wants and was given."""


@dataclass(frozen=True, eq=False)
class Theorem:
    """``given ⊢ says``.

    Attributes
    ----------
    given
        The propositions that it supposes.
    says
        The proposition.
    rule, arguments
        How it was made.
    rests_on
        Names of textbook facts and oracles, and ids of claims, that it takes from outside.
    """

    given: frozenset[Expr]
    says: Expr
    rule: str
    arguments: tuple[Any, ...]
    rests_on: frozenset[str] = frozenset()
    key: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise Refused("only a rule of the kernel makes a theorem")

    @property
    def premises(self) -> tuple[Theorem, ...]:
        """The theorems that the rule was given."""
        return tuple(theorems(self.arguments))

    def steps(self) -> Iterator[Theorem]:
        """Every theorem of the proof once, premises first."""
        seen: set[int] = set()
        stack: list[tuple[Theorem, bool]] = [(self, False)]
        while stack:
            t, ready = stack.pop()
            if ready:
                yield t
            elif id(t) not in seen:
                seen.add(id(t))
                stack.append((t, True))
                stack.extend((p, False) for p in t.premises)


def theorems(arguments: Iterable[Any]) -> Iterator[Theorem]:
    for a in arguments:
        if isinstance(a, Theorem):
            yield a
        elif isinstance(a, tuple | list):
            yield from theorems(a)


RULES: dict[str, Callable[..., Theorem]] = {}


def rule(rests_on: str = "") -> Callable[[Callable[..., tuple[Iterable[Expr], Expr]]], Callable[..., Theorem]]:
    """Make a rule of a function that returns what is newly supposed and what is said.

    The theorem supposes what its premises suppose; a function returns ``(minus, plus), says`` through
    :class:`Supposing` where it takes suppositions away.
    """

    def decorate(f: Callable[..., tuple[Iterable[Expr], Expr]]) -> Callable[..., Theorem]:
        @wraps(f)
        def make(*arguments: Any) -> Theorem:
            change, says = f(*arguments)
            known = tuple(theorems(arguments))
            given = frozenset().union(*(t.given for t in known))
            if isinstance(change, Without):
                dropped = {plain(p) for p in change.props}
                given = frozenset(p for p in given if plain(p) not in dropped)
            else:
                given |= frozenset(change)
            outside = frozenset().union(*(t.rests_on for t in known), {rests_on} - {""})
            return Theorem(given, says, f.__name__, arguments, outside, _KEY)

        RULES[f.__name__] = make
        return make

    return decorate


@dataclass(frozen=True)
class Without:
    """Suppositions that a rule takes away."""

    props: tuple[Expr, ...]

    def __iter__(self) -> Iterator[Expr]:
        return iter(self.props)


def recheck(t: Theorem) -> int:
    """Run every rule of a proof again; how many there are.

    Raises
    ------
    Refused
        When a rule does not give what the theorem says.
    """
    count = 0
    for step in t.steps():
        again = RULES[step.rule](*step.arguments)
        if again.says != step.says or again.given != step.given or again.rests_on != step.rests_on:
            raise Refused(f"{step.rule} does not give {step.says}")
        count += 1
    return count
