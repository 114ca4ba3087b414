"""Statements about finite objects, decided at each of those that are listed, in two ways that share no formula.

What holds at all of them is `certified` for them; what fails at one is refuted by it, if both ways say so.

Main results
    Finite    what is printed of each object is what both ways find
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import evaluate
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.kernel.expressions import Expr
from proofs.methods.words import Words

Object = dict[str, Any]
Way = tuple[str, Callable[..., Any]]


@dataclass(frozen=True)
class Finite(Words):
    """``printed`` is found at every object.

    Attributes
    ----------
    says
        The statement, as printed.
    printed
        What it says of an object: a formula in its numbers, or a rule.
    ways
        Two ways to find it, each with its name.
    objects
        The smallest first; tuples are families of numbers in a formula.
    """

    says: str
    printed: Expr | Callable[..., Any]
    ways: tuple[Way, Way]
    objects: tuple[Object, ...]

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.printed,) if isinstance(self.printed, Expr) else ()

    def with_parts(self, parts: Sequence[Expr]) -> Finite:
        return replace(self, printed=parts[0]) if parts else self

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return by_first, by_second

    def text(self) -> str:
        return " = ".join([super().text(), *map(text, self.parts)])

    def latex(self) -> str:
        return " = ".join([super().latex(), *map(latex, self.parts)])

    def expected(self, at: Object) -> Any:
        """What is printed of an object."""
        if not isinstance(self.printed, Expr):
            return self.printed(**at)
        lists = {name: [fmpq(x) for x in value] for name, value in at.items() if isinstance(value, tuple)}
        return evaluate(self.printed, {**at, **lists})


def by_first(statement: Finite, context: Context) -> Evidence:
    """The first way, at every object."""
    return compared(statement, context, *statement.ways)


def by_second(statement: Finite, context: Context) -> Evidence:
    """The second way, at every object."""
    return compared(statement, context, *reversed(statement.ways))


def compared(statement: Finite, context: Context, way: Way, other: Way) -> Evidence:
    """The print against one way, at every object; where the ways differ, nothing is decided."""
    name, find = way
    if not statement.objects:
        return Evidence(name, Outcome.UNDECIDED, detail="no object is listed")
    if code(find) == code(other[1]):
        return Evidence(name, Outcome.UNDECIDED, detail="the two ways are one")
    for at, found, again in zip(
        statement.objects, *(values(statement, f, context) for f in (find, other[1])), strict=True
    ):
        if isinstance(found, float | complex) or isinstance(again, float | complex):
            return Evidence(name, Outcome.UNDECIDED, detail=f"a float is not exact: {found}, {again}")
        if again != found:
            return Evidence(name, Outcome.UNDECIDED, detail=f"{name}: {found}, but {other[0]}: {again} at {shown(at)}")
        wanted = statement.expected(at)
        if wanted != found:
            example = Counterexample(shown(at), {"printed": str(wanted), name: str(found)})
            return Evidence(name, Outcome.FAILS, "an instance", counterexample=example)
    return Evidence(name, Outcome.CERTIFIED, scope(statement))


def values(statement: Finite, find: Callable[..., Any], context: Context) -> list[Any]:
    """What a way finds at every object, once for both witnesses."""
    return context.once(("found", id(find), id(statement.objects)), lambda: [find(**at) for at in statement.objects])


def code(way: Any) -> Any:
    """What a function runs, whatever it is called and wherever it stands."""
    compiled = getattr(way, "__code__", None)
    held = (*(c.cell_contents for c in way.__closure__ or ()), *(way.__defaults__ or ())) if compiled else ()
    bound = (*map(id, held), *map(id, (way.__kwdefaults__ or {}).values())) if compiled else ()
    return (compiled.co_code, compiled.co_consts, compiled.co_names, bound) if compiled else id(way)


def shown(at: Object) -> dict[str, str]:
    return {name: str(value) for name, value in at.items()}


def scope(statement: Finite) -> str:
    """How many objects there are, and the last."""
    count = len(statement.objects)
    last = ", ".join(f"{name} = {value}" for name, value in shown(statement.objects[-1]).items())
    return f"{count} instances, up to {last}" if count > 1 else f"1 instance{last and f', {last}'}"
