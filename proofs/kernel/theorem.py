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

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import InitVar, dataclass, fields, is_dataclass
from functools import lru_cache, wraps
from typing import Any, NoReturn

from proofs.kernel.binding import free, plain
from proofs.kernel.expressions import Expr, Family, Letter, ShapeError, as_meant, genuine, known, lazy, lift
from proofs.kernel.propositions import ONE, PROPOSITION, Implies, Rel

_KEY = object()
Said = tuple[Iterable[Expr], Expr]
"""What a rule newly supposes, or takes away, and what it says."""


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
        Names of textbook facts, and ids of claims, that it takes from outside.
    """

    given: frozenset[Expr]
    says: Expr
    rule: str
    arguments: tuple[Any, ...]
    rests_on: frozenset[str] = frozenset()
    key: InitVar[Any] = None

    def __post_init__(self, key: Any) -> None:
        if key is not _KEY:
            raise Refused("only a rule of the kernel makes a theorem")

    def __init_subclass__(cls) -> NoReturn:
        raise Refused("only a rule of the kernel makes a theorem")

    def __reduce__(self) -> NoReturn:
        raise Refused("a theorem does not travel: run its rules again")

    def __copy__(self) -> Theorem:
        return self

    def __deepcopy__(self, memo: Any) -> Theorem:
        return self

    @lazy
    def orthonormal(self) -> frozenset[Letter]:
        """The letters of orthonormal columns that need not be square, of which it speaks."""
        return frozenset().union(*map(orthonormal, (self.says, *self.given)))

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
        elif isinstance(a, tuple):
            yield from theorems(a)


def settled(a: Any) -> Any:
    """An argument of a rule, tuples for lists; nothing else may hold theorems, whose suppositions would be lost."""
    if type(a) in (tuple, list):
        return tuple(map(settled, a))
    if isinstance(a, Theorem):
        return a
    if is_dataclass(a) and known(type(a)) and not isinstance(a, Expr | Family):
        parts = [settled(getattr(a, f.name)) for f in fields(a)]
        if not any(theorems(parts)):
            return a
    try:
        genuine(a)
    except ShapeError as why:
        raise Refused(f"a rule takes theorems, expressions and tuples of them: {why}") from why
    return a


RULES: dict[str, Callable[..., Theorem]] = {}


def rule(rests_on: str = "") -> Callable[[Callable[..., Said]], Callable[..., Theorem]]:
    """Make a rule of a function that returns what is newly supposed and what is said.

    The theorem supposes what its premises suppose; a function that takes suppositions away returns :class:`Without`.
    """

    def decorate(f: Callable[..., Said]) -> Callable[..., Theorem]:
        @wraps(f)
        @as_meant()
        def make(*arguments: Any) -> Theorem:
            arguments = settled(arguments)
            change, says = f(*arguments)
            known = tuple(theorems(arguments))
            given = frozenset().union(*(t.given for t in known))
            new = dropped = frozenset[Expr]()
            if isinstance(change, Without):
                dropped = frozenset(map(plain, change.props))
                given = frozenset(p for p in given if plain(p) not in dropped)
            else:
                new = frozenset(change)
            new |= forgotten(known, given | new, says) - dropped
            try:
                genuine((*new, says))
            except ShapeError as why:
                raise Refused(str(why)) from why
            if any(p.shape != PROPOSITION for p in (*new, says)):
                raise Refused(f"{says} is said of no proposition")
            outside = frozenset().union(*(t.rests_on for t in known), {rests_on} - {""})
            return Theorem(given | new, says, f.__name__, arguments, outside, _KEY)

        home: Any = sys.modules.get(f.__module__)
        if not f.__module__.startswith("proofs.kernel.") or f.__globals__ is not vars(home):
            raise ValueError(f"{f.__name__} of {f.__module__} is no rule of the kernel")
        if RULES.setdefault(f.__name__, make) is not make:
            raise ValueError(f"two rules have the name {f.__name__}")
        return make

    return decorate


def forgotten(known: Iterable[Theorem], given: Iterable[Expr], says: Expr) -> frozenset[Expr]:
    """What is supposed of letters of which premises spoke, and the conclusion does not: that there is such a matrix.

    Orthonormal columns are at most as many as rows. A theorem that speaks of the letter need not say so.
    """
    before = frozenset().union(*(t.orthonormal for t in known))
    return frozenset(map(exists, before - frozenset().union(*map(orthonormal, (says, *given)))))


@lru_cache(maxsize=200_000)
def orthonormal(p: Expr) -> frozenset[Letter]:
    """The letters of orthonormal columns that need not be square."""
    return frozenset(x for x in free(p) if isinstance(x, Letter) and "orthonormal" in x.traits and x.rows != x.cols)


def exists(e: Letter) -> Expr:
    """That there is a matrix with the traits of the letter."""
    cols, rows = lift(e.cols), lift(e.rows)
    return Implies(Rel(ONE, "≤", cols), Rel(cols, "≤", rows))


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
