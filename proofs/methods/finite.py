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
    return compared(statement, *statement.ways)


def by_second(statement: Finite, context: Context) -> Evidence:
    """The second way, at every object."""
    return compared(statement, *reversed(statement.ways))


def compared(statement: Finite, way: Way, other: Way) -> Evidence:
    """The print against one way, at every object; where they differ, the other way is asked too."""
    name, find = way
    if not statement.objects:
        return Evidence(name, Outcome.UNDECIDED, detail="no object is listed")
    if len({code(f) for f in (find, other[1], statement.printed)}) < 3:
        return Evidence(name, Outcome.UNDECIDED, detail="the print and the ways to find it are not three")
    if any(isinstance(f(**statement.objects[0]), float | complex) for f in (find, other[1])):
        return Evidence(name, Outcome.UNDECIDED, detail="a float is not exact")
    for at in statement.objects:
        wanted, found = statement.expected(at), find(**at)
        if wanted == found:
            continue
        again = other[1](**at)
        if again != found:
            return Evidence(name, Outcome.UNDECIDED, detail=f"{name}: {found}, but {other[0]}: {again} at {shown(at)}")
        example = Counterexample(shown(at), {"printed": str(wanted), name: str(found)})
        return Evidence(name, Outcome.FAILS, "an instance", counterexample=example)
    return Evidence(name, Outcome.CERTIFIED, scope(statement))


def code(way: Any) -> Any:
    """What a function runs, whatever it is called and wherever it stands."""
    compiled = getattr(way, "__code__", None)
    bound = tuple(id(cell.cell_contents) for cell in way.__closure__ or ()) if compiled else ()
    return (compiled.co_code, compiled.co_consts, compiled.co_names, bound) if compiled else id(way)


def shown(at: Object) -> dict[str, str]:
    return {name: str(value) for name, value in at.items()}


def scope(statement: Finite) -> str:
    """How many objects there are, and the last."""
    count = len(statement.objects)
    last = ", ".join(f"{name} = {value}" for name, value in shown(statement.objects[-1]).items())
    return f"{count} instances, up to {last}" if count > 1 else f"1 instance{last and f', {last}'}"
