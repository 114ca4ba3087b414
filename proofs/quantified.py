"""Values of "for some" and "for every": exactly where a range or an affine equation decides, else by trying values.

A value that satisfies shows that some does, one that does not that not every does. Where none of those that were tried
settles it, the answer is that it is not settled, and for which side the values speak.

Main results
    exists, for_all    the truth of ∃ and ∀ at an instance
    tried              the values of a name that are tried, and whether there are no others
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.affine import Space, affine, solutions
from proofs.algebra.evaluate import (
    RULES,
    Answer,
    Instance,
    NoValue,
    Undefined,
    Unsettled,
    answer,
    definite,
    diagonal,
    evaluate,
    number,
    opposite,
    told,
)
from proofs.kernel import expressions as E
from proofs.kernel import propositions as P
from proofs.kernel.binding import free
from proofs.quantities import angle, index_value, letter_value, members, rational

TRIED = 24
"""Values that are drawn, beside those that the formula names."""


def exists(e: P.Exists, at: Instance) -> bool:
    """A value at which the body has no value does not satisfy it."""
    return told(some(e.var, e.body, at, False))


def for_all(e: P.ForAll, at: Instance) -> bool:
    """Raises :class:`NoValue` where the body has none at a value that was tried."""
    return told(opposite(some(e.var, e.body, at, True)))


def some(var: Any, body: E.Expr, at: Instance, fails: bool) -> Answer:
    """Whether the body holds, or fails, at some value of a name."""
    likely = False
    values, complete = tried(var, body, at, fails)
    for x in values:
        try:
            found = answer(body, {**at, var.name: x})
        except NoValue:
            if fails:
                raise
            continue
        found = opposite(found) if fails else found
        if found is True:
            return True
        likely = likely or (isinstance(found, Unsettled) and found.likely)
        complete = complete and found is False
    return False if complete else Unsettled(f"no such {var.name} was found", likely)


def tried(var: Any, body: E.Expr, at: Instance, fails: bool) -> tuple[Iterator[Any], bool]:
    """The values of a name that are tried; and whether there are no others that matter."""
    needed = parts(body.premise if fails and isinstance(body, P.Implies) else E.lift(0) if fails else body)
    if isinstance(var, E.Sym) and var.sort == E.Sort.INTEGER:
        low, high = (ends(var, needed, at, op) for op in "≥≤")
        if low and high:
            return iter(range(max(low), min(high) + 1)), True
    rng = Random(f"{var.name}")
    own = [r for r in needed if r.op == "=" and var in free(r) and affine(r.left, var) and affine(r.right, var)]
    if own:
        try:
            found = solutions(own, var, at)
        except Undefined:
            found = Space(None)
        if found is None:
            return iter(()), True
        if found.origin is not None:
            unique = not found.directions
            values = (found.origin, *(found.some(rng) for _ in range(0 if unique else TRIED)))
            return (x for x in values if allowed(var, x)), unique
    return drawn(var, body, at, rng), False


def parts(p: E.Expr) -> tuple[P.Rel, ...]:
    """The relations that must hold for a proposition to."""
    if isinstance(p, P.And):
        return tuple(r for t in p.terms for r in parts(t))
    return (p,) if isinstance(p, P.Rel) else ()


def ends(var: E.Sym, relations: Sequence[P.Rel], at: Instance, op: str) -> list[int]:
    """The numbers that relations say an integer to be at least, or at most."""
    pairs = [(r.left, r.op, r.right) for r in relations] + [(r.right, P.MIRROR.get(r.op), r.left) for r in relations]
    return [number(bound, at) for left, relation, bound in pairs if left == var and relation == op]


def allowed(var: Any, x: Any) -> bool:
    """Whether a value has the traits of a letter."""
    return not isinstance(var, E.Letter) or has_traits(var.traits, x)


def has_traits(traits: frozenset[str], x: np.ndarray) -> bool:
    """Whether a matrix has them all."""
    if "orthonormal" in traits and not np.all(x.T @ x == diagonal([fmpq(1)] * x.shape[1])):
        return False
    if "diagonal" in traits and any(x[p] != 0 for p in np.ndindex(x.shape) if p[0] != p[1]):
        return False
    if traits & {"symmetric", "skew"} and not np.all((x if "symmetric" in traits else -x) == x.T):
        return False
    op = "≻" if "pd" in traits else "⪰" if "psd" in traits else ""
    return not op or definite(x, op)


def drawn(var: Any, body: E.Expr, at: Instance, rng: Random) -> Iterator[Any]:
    """What the formula names, and random values."""
    for e in named(var, body):
        try:
            x = evaluate(e, at)
        except (Undefined, KeyError):
            continue
        if allowed(var, x):
            yield x
    for attempt in range(TRIED):
        try:
            yield random_value(var, body, at, rng, 1 + attempt % 4)
        except Undefined:
            return


def named(var: Any, body: E.Expr) -> Iterator[E.Expr]:
    """Expressions of the shape of a name that do not speak of it, nor of what is bound inside."""
    if isinstance(var, E.Family):
        return
    bound = {var, *(x.var for x in body.walk() if isinstance(x, E.Binder))}
    found = (x for x in body.walk() if x.shape == var.shape and not bound & free(x))
    if not var.is_scalar:
        same = var.rows == var.cols
        found = (*((E.Eye(var.rows),) if same else ()), *found)  # type: ignore[assignment]
    yield from islice(dict.fromkeys(found), TRIED)


def random_value(var: Any, body: E.Expr, at: Instance, rng: Random, height: int) -> Any:
    if isinstance(var, E.Letter):
        return letter_value(var, rng, at, height)
    if isinstance(var, E.Family):
        return [rational(rng, height) for _ in range(members(var, at))]
    if var.sort == E.Sort.INTEGER:
        return index_value(var, rng, at)
    turned = any(isinstance(x, E.Fn) and x.name in ("cos", "sin") and var in free(x.arg) for x in body.walk())
    return angle(rng, height) if turned else rational(rng, height)


RULES.update({P.Exists: exists, P.ForAll: for_all})
