"""Extreme eigenvalues in Coq: numbers that are what the quadratic form says of them.

Of s_max Coq is told that vᵀMv ≤ s_max ‖v‖² for every v, and = for some v with ‖v‖² > 0; of s_min likewise; of a
condition number that it is s_max/s_min where s_min > 0. Of a Hessian the form is the second derivative along a line.

Main results
    extremes    those of which an expression speaks
    meaning     what such a number is
    bound       the form at one direction against its multiple of the length
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proofs.export.derivatives import derived, put_all
from proofs.export.lacking import Lacking
from proofs.kernel.binding import free, plain
from proofs.kernel.expressions import Expr, Letter, lift
from proofs.kernel.propositions import ZERO, And, Exists, ForAll, Implies, Rel
from proofs.kernel.spectrum import Extreme, HessianAt, Vector, form, square

NAMES = {"s_max": "s_max", "s_min": "s_min", "cond": "kappa"}
"""How they are called; a condition number is spoken of after the other two."""


def canonical(e: Any) -> Extreme:
    """The same for all that say the same."""
    found: Any = plain(e)
    if found.singular or found.null not in (0, ZERO):
        raise Lacking("singular values, or eigenvalues but those of null directions")
    return found


def extremes(e: Expr) -> Iterator[Extreme]:
    """The extreme eigenvalues in an expression, and those that a condition number is made of."""
    for x in e.walk():
        if isinstance(x, Extreme):
            found = canonical(x)
            yield found
            if found.kind == "cond":
                yield from both_ends(found)


def both_ends(e: Extreme) -> tuple[Extreme, Extreme]:
    return Extreme("s_max", e.matrix), Extreme("s_min", e.matrix)


def directions(e: Extreme) -> Vector:
    """A direction, of letters that stand for nothing else."""
    h = e.matrix
    shapes = [w.shape for w in h.letters[: h.weights]] if isinstance(h, HessianAt) else [(h.shape[0], 1)]
    v = tuple(Letter(f"v°{n}", *shape) for n, shape in enumerate(shapes, 1))
    if free(h).intersection(v):
        raise Lacking("a letter for any direction")
    return v


def bound(e: Extreme, v: Vector) -> Rel:
    """s_min ‖v‖² ≤ vᵀMv, and s_max ‖v‖² ≥ vᵀMv."""
    h, z = e.matrix, directions(e)
    at: dict[Expr, Expr] = dict(zip(z, v, strict=True))
    curvature = form(h, z)
    if isinstance(h, HessianAt):
        curvature = derived(second(e))
        at |= dict(zip(h.letters, h.values, strict=True))
    return Rel(e * put_all(square(z), at), "≤" if e.kind == "s_min" else "≥", put_all(curvature, at))


def second(e: Extreme) -> Expr:
    """The second derivative along a line through any point."""
    h: Any = e.matrix
    return form(replace(h, values=h.letters), directions(e))


def meaning(e: Extreme) -> Expr:
    """What makes a number an extreme eigenvalue, or a condition number."""
    if e.kind == "cond":
        largest, least = both_ends(e)
        return Implies(Rel(least, ">", ZERO), Rel(e, "=", largest / least))
    v = directions(e)
    every: Any = bound(e, v)
    some: Expr = And((Rel(square(v), ">", lift(0)), Rel(every.left, "=", every.right)))
    for z in reversed(v):
        every, some = ForAll(z, every), Exists(z, some)
    return And((every, some))


def forms(e: Extreme) -> tuple[Expr, ...]:
    """The second derivative that the form of a Hessian is."""
    return (second(e),) if e.kind != "cond" and isinstance(e.matrix, HessianAt) else ()
