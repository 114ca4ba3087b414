"""Instances that satisfy premises: each is met by solving it for a name in which it is affine.

``left op right`` becomes ``left − right = s`` with s of the cone that op says: 0, a positive number, a semi-definite
matrix. So that signs are kept, an equation is met by a multiple of what was drawn where that does it; a sign that is
asked of all members of a family is turned. What is affine in no name is left to chance, and checked.

Main results
    met    an instance moved to where premises hold, or None
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.affine import affine, solutions
from proofs.algebra.evaluate import Drawn, Instance, Undefined, answer, evaluate, size, zeros
from proofs.kernel import expressions as E
from proofs.kernel.binding import free
from proofs.kernel.expressions import Expr, Family, Sort, Sym
from proofs.kernel.propositions import Every, Rel
from proofs.quantified import allowed
from proofs.quantities import letter_value, rational

SLACK = "slack of a premise"
ATTEMPTS = 3
"""First in the order in which they are printed, on the boundary of their cones; then in others."""


def met(premises: Sequence[Expr], at: Instance, rng: Random) -> Instance | None:
    """The instance where the premises hold, or one near by in some of its quantities; None where none was found."""
    try:
        for attempt in range(ATTEMPTS):
            here, order = at, list(premises)
            if attempt:
                rng.shuffle(order)
            for place, p in enumerate(order):
                if not holds(p, here):
                    here = next(moved(order[: place + 1], here, rng, attempt), here)
            if all(holds(p, here) for p in premises):
                return Drawn(here)
    except KeyError:
        return None
    return None


def holds(p: Expr, at: Instance) -> bool:
    try:
        return answer(p, at) is True
    except Undefined:
        return False


def moved(premises: Sequence[Expr], at: Instance, rng: Random, attempt: int) -> Iterator[Instance]:
    """The instance with another value of one name, so that the last premise holds, and those before still do."""
    p = premises[-1]
    names: list[Any] = [x for x in sorted(free(p), key=str) if not (isinstance(x, Sym) and x.sort == Sort.INTEGER)]
    if isinstance(p, Every):
        lists = (x for x in names if isinstance(x, Family) and rational_list(x, at))
        yield from ({**at, f.name: [abs(x) for x in at[f.name]]} for f in lists)
    if not isinstance(p, Rel):
        return
    try:
        special = list(shaped(p, at, rng))
    except Undefined:
        special = []
    for name, value in special:
        changed = {**at, name: value}
        if all(holds(q, changed) for q in premises):
            yield changed
    rng.shuffle(names)
    slack = slack_of(p)
    equal = Rel(p.left, "=", p.right + slack)
    for x in names:
        if x.name not in at or not (affine(p.left, x) and affine(p.right, x)):
            continue
        here = {**at, SLACK: cone(p, at, rng, attempt)}
        try:
            found = solutions((equal,), x, here)
        except Undefined:
            continue
        if found is None:
            continue
        value = found.some(rng) if found.directions else found.origin
        for met_by in (*stretched(equal, x, here), value):
            changed = {**at, x.name: met_by}
            if allowed(x, met_by) and all(holds(q, changed) for q in premises):
                yield changed


def stretched(p: Rel, x: Any, at: Instance) -> Iterator[Any]:
    """The multiple of a value that satisfies an equation, which is affine in it."""
    value = at[x.name]
    if not isinstance(value, fmpq | np.ndarray) and not rational_list(x, at):
        return

    def times(c: fmpq) -> Any:
        return [c * y for y in value] if isinstance(value, list) else value * c

    gaps = [
        evaluate(p.left, here) - evaluate(p.right, here) for c in (0, 1) for here in [{**at, x.name: times(fmpq(c))}]
    ]
    if all(isinstance(gap, fmpq) for gap in gaps) and gaps[0] != gaps[1]:
        yield times(gaps[0] / (gaps[0] - gaps[1]))


def rational_list(x: Any, at: Instance) -> bool:
    """Whether a family was drawn as rational numbers."""
    value = at.get(x.name)
    return isinstance(value, list) and all(isinstance(y, fmpq) for y in value)


def shaped(p: Rel, at: Instance, rng: Random) -> Iterator[tuple[str, Any]]:
    """A letter of the rank that is supposed, or with the orthonormal columns."""
    x = p.left.arg if isinstance(p.left, E.Rank) else p.right.arg if isinstance(p.right, E.Rank) else None
    if isinstance(x, E.Letter) and not x.traits:
        rank = int(evaluate(p.right if isinstance(p.left, E.Rank) else p.left, at))
        rows, cols = (size(s, at) for s in x.shape)
        parts = (E.Letter("", rows, max(0, rank)), E.Letter("", max(0, rank), cols))
        left, right = (letter_value(part, rng, at, 2) for part in parts)
        yield x.name, left @ right if rank > 0 else zeros(rows, cols)
    for y in p.left.walk():
        if isinstance(y, E.Letter) and not y.traits and p == Rel(y.T @ y, "=", E.Eye(y.cols)):
            yield y.name, letter_value(replace(y, traits=frozenset({"orthonormal"})), rng, at, 2)


def slack_of(p: Rel) -> Expr:
    """What stands for left − right."""
    return Sym(SLACK) if p.left.is_scalar else E.Letter(SLACK, *p.left.shape)


def cone(p: Rel, at: Instance, rng: Random, attempt: int) -> Any:
    """A value of left − right for which the relation holds; the boundary first."""
    if not p.left.is_scalar:
        rows, cols = (size(s, at) for s in p.left.shape)
        traits = {"⪰": "psd", "≻": "pd"}.get(p.op)
        like = E.Letter(SLACK, rows, cols, frozenset({traits} if traits else ()))
        return letter_value(like, rng, at, 3) if p.op != "=" else zeros(rows, cols)
    if p.op == "=" or (p.op in "≤≥" and attempt == 0):
        return fmpq(0)
    some = rational(rng, 4, positive=True)
    return -some if p.op in "<≤" or (p.op == "≠" and rng.random() < 0.5) else some
