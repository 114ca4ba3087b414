"""Bounds on extreme eigenvalues: Rayleigh quotients, and what follows from them by arithmetic of any numbers.

Main results
    bounded_by     s_max ≥ r, s_min ≤ r from a direction whose quotient is r
    mean           s_min ≤ r from several, by a mean with positive weights
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel import spectrum as S
from proofs.kernel.binding import free, plain
from proofs.kernel.expressions import Expr, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import MIRROR, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.generic import specialised
from proofs.tactics.ground import Ground, NotFound


@cache
def divided(op: str) -> Theorem:
    """From x z ≥ y z and z > 0: x ≥ y."""
    x, y, z = Sym("x"), Sym("y"), Sym("z")
    facts = rules.hypothesis(Rel(x * z, op, y * z)), rules.hypothesis(Rel(z, ">", ZERO))
    return rules.positive(Rel(x, op, y), facts, Positive((((1, 0), fmpq(1)),), (((0, 1), fmpq(1)),)))


@cache
def times(op: str) -> Theorem:
    """From x ≥ y and z > 0: x z ≥ y z."""
    x, y, z = Sym("x"), Sym("y"), Sym("z")
    facts = rules.hypothesis(Rel(x, op, y)), rules.hypothesis(Rel(z, ">", ZERO))
    return rules.positive(Rel(x * z, op, y * z), facts, Positive((((1, 1), fmpq(1)),), (((0, 0), fmpq(1)),)))


@cache
def added(op: str) -> Theorem:
    """From x ≥ y and z ≥ w: x + z ≥ y + w."""
    x, y, z, w = (Sym(name) for name in "xyzw")
    facts = rules.hypothesis(Rel(x, op, y)), rules.hypothesis(Rel(z, op, w))
    shape = Positive((((1, 0), fmpq(1)), ((0, 1), fmpq(1))), (((0, 0), fmpq(1)),))
    return rules.positive(Rel(x + z, op, y + w), facts, shape)


def quotient(left: Expr, op: str, right: Expr, weighed: Theorem, positive: Theorem) -> Theorem:
    """left ≥ right from left · z ≥ right · z and z > 0."""
    x, y, z = Sym("x"), Sym("y"), Sym("z")
    return specialised(divided(op), {x: left, y: right, z: positive.says.left}, weighed, positive)  # type: ignore[attr-defined]


def known_null(ground: Ground, e: Expr, null: S.Null | None) -> tuple[tuple[Theorem, ...], S.Vector]:
    """Theorems that say that directions are null, and the letters that stand for any other direction."""
    if null is None:
        return (), ()
    z = tuple(E.Letter(f"D{place}", *v.shape) for place, v in enumerate(null.at, 1))
    j = E.integer("j") if null.i != E.integer("j") else E.integer("i")
    return tuple(shared(ground, p) for p in S.null_directions(e, null, z, j)), z


def shared(ground: Ground, p: Expr) -> Theorem:
    """Proved from what is known of the names in it alone, once for every claim that asks and knows the same."""
    own = about(ground, p)
    key = plain(p), frozenset(t.says for t in own.known if t.rule == "hypothesis")
    if key not in SHARED:
        try:
            SHARED[key] = own.prove(p)
        except NotFound:
            return ground.prove(p)
    return SHARED[key]


SHARED: dict[Any, Theorem] = {}
"""What was shown, from which hypotheses."""


def about(ground: Ground, e: Expr) -> Ground:
    """What is known of the names in an expression, and of no others."""
    return Ground(tuple(t for t in ground.known if not isinstance(t.says, Rel) or free(t.says) <= free(e)))


def bounded_by(ground: Ground, goal: Rel, v: S.Vector, null: S.Null | None = None) -> Theorem:
    """s_max ≥ r or s_min ≤ r, r being the quotient along v."""
    e: S.Extreme = S.opened(goal.left)  # type: ignore[assignment]
    kinds = {"s_max": "≥", "s_min": "≤"}
    if not isinstance(e, S.Extreme) or kinds.get(e.kind) != goal.op:
        raise NotFound(f"{goal} is no bound by a Rayleigh quotient")
    whole = null is not None and e.kind == "s_max"
    long = shared(ground, Rel(S.length(goal.left, v, None if whole else null), ">", ZERO))
    curvature, size = S.form(e.matrix, v), long.says.left  # type: ignore[attr-defined]
    value = shared(ground, Rel(curvature, "=", goal.right * size))
    rising = rules.chain((value, product(ground, goal.right, long))) if whole else None
    known, z = known_null(ground, goal.left, null)
    found = S.rayleigh(goal.left, v, known, evenness(ground, e.matrix), null, z, rising)
    return quotient(goal.left, goal.op, goal.right, rules.chain((found, value)), long)


def product(ground: Ground, x: Expr, positive: Theorem) -> Theorem:
    """x z > 0 from z > 0, and x > 0, which is proved."""
    z = positive.says.left  # type: ignore[attr-defined]
    a, b = Sym("x"), Sym("z")
    facts = rules.hypothesis(Rel(a, ">", ZERO)), rules.hypothesis(Rel(b, ">", ZERO))
    t = rules.positive(Rel(a * b, ">", ZERO), facts, Positive((((1, 1), fmpq(1)),), (((0, 0), fmpq(1)),)))
    return specialised(t, {a: x, b: z}, ground.prove(Rel(x, ">", ZERO)), positive)


@cache
def fractions(op: str) -> Theorem:
    """x/y ≥ z/w from x ≥ z > 0 and 0 < y ≤ w; x/y ≤ z/w from x ≤ z, z > 0 and y ≥ w > 0."""
    x, y, z, w = (Sym(name) for name in "xyzw")
    low = y if op == "≥" else w
    order = rules.hypothesis(Rel(x, op, z)), rules.hypothesis(Rel(y, MIRROR[op], w))
    above, below = rules.hypothesis(Rel(z, ">", ZERO)), rules.hypothesis(Rel(low, ">", ZERO))
    other = w if op == "≥" else y
    sum_ = Positive((((1, 0), fmpq(1)), ((0, 1), fmpq(1))), (((0, 0), fmpq(1)),))
    larger = rules.positive(Rel(other, ">", ZERO), (below, order[1]), sum_)
    known = rules.weaken(below, "≠"), rules.weaken(larger, "≠")
    more = [((1, 1, 0, 0), fmpq(1))] if op == "≥" else []
    shape = Positive(
        (((1, 0, 0, 1), fmpq(1)), ((0, 1, 1, 0), fmpq(1)), *more), (((0, 0, 0, 2), fmpq(1)), ((0, 1, 0, 1), fmpq(1)))
    )
    return rules.positive(Rel(x / y, op, z / w), (*order, above, below), shape, known)


def conditioned(goal: Rel, top: Theorem, bottom: Theorem, definite: Theorem, *positive: Theorem) -> Theorem:
    """cond ≥ a/b from s_max ≥ a > 0, s_min ≤ b and s_min > 0; cond ≤ a/b from s_max ≤ a, s_min ≥ b and a, b > 0."""
    ratio = S.conditioned(goal.left, definite)
    x, y, z, w = (Sym(name) for name in "xyzw")
    over, under = top.says, bottom.says
    mapping: dict[Expr, Expr] = {x: over.left, y: under.left, z: over.right, w: under.right}  # type: ignore[attr-defined]
    fraction = specialised(fractions(goal.op), mapping, top, bottom, definite, *positive)
    return rules.chain((ratio, fraction))


def evenness(ground: Ground, matrix: Expr) -> Theorem | None:
    """M = Mᵀ, of a matrix that is no Hessian."""
    if isinstance(S.opened(matrix), S.HessianAt):
        return None
    return ground.prove(Rel(matrix, "=", matrix.T))


def mean(ground: Ground, goal: Rel, paths: Sequence[tuple[Expr, S.Vector]]) -> Theorem:
    """s_min Σ w ‖v‖² ≤ Σ w vᵀHv for positive weights w."""
    x, y, z, w = (Sym(name) for name in "xyzw")
    sums: list[Theorem] = []
    lengths: list[Expr] = []
    for weight, v in paths:
        found = S.rayleigh(goal.left, v)
        positive = ground.prove(Rel(weight, ">", ZERO))
        r: Rel = found.says  # type: ignore[assignment]
        each = specialised(times(r.op), {x: r.left, y: r.right, z: weight}, found, positive)
        lengths.append(S.square(v) * weight)
        if sums:
            a, b = sums[-1].says, each.says
            mapping: dict[Expr, Expr] = {x: a.left, y: a.right, z: b.left, w: b.right}  # type: ignore[attr-defined]
            each = specialised(added(r.op), mapping, sums[-1], each)
        sums.append(each)
    whole: Rel = sums[-1].says  # type: ignore[assignment]
    long = ground.prove(Rel(E.add(*lengths), ">", ZERO))
    before = ground.prove(Rel(goal.left * long.says.left, "=", whole.left))  # type: ignore[attr-defined]
    after = ground.prove(Rel(whole.right, "=", goal.right * long.says.left))  # type: ignore[attr-defined]
    return quotient(goal.left, goal.op, goal.right, rules.chain((before, sums[-1], after)), long)


__all__ = ["bounded_by", "evenness", "known_null", "mean", "quotient", "shared"]
