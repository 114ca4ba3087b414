"""Ranks: what they are at most by the form of a matrix, and of matrices with an inverse on the left.

Main results
    by_rank    rank A ≤ x, rank A ≥ 0, rank A = n, rank Aᵀ = rank A
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from proofs.kernel import expressions as E
from proofs.kernel import matrices as M
from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import MIRROR, ZERO, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import product
from proofs.tactics.equality import by_normal_form
from proofs.tactics.ground import Ground, NotFound, tactic


@tactic
def by_rank(ground: Ground, goal: Rel) -> Theorem:
    """A rank compared with what it is by its form, and on from there."""
    if goal.op not in "≤≥=" or not goal.left.is_scalar:
        raise NotFound("")
    if not isinstance(goal.left, E.Rank) and isinstance(goal.right, E.Rank):
        return rules.mirror(by_rank(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
    if not isinstance(goal.left, E.Rank):
        raise NotFound("")
    for t in steps(ground, goal.left.arg):
        r: Rel = t.says  # type: ignore[assignment]
        if r.op not in ("=", goal.op):
            continue
        if rules.same(r.right, goal.right):
            return t if r.op == goal.op else rules.weaken(t, goal.op)
        try:
            return rules.chain((t, ground.prove(Rel(r.right, goal.op, goal.right))))
        except (NotFound, Refused, Undecided):
            continue
    raise NotFound(f"nothing is known of {goal.left}")


def steps(ground: Ground, a: Expr) -> Iterator[Theorem]:
    """rank A = …, rank A ≤ … and rank A ≥ 0, of smaller matrices."""
    while isinstance(a, E.Named):
        a = a.body
    if isinstance(a, E.Zero):
        yield M.rank_none(a)
    if isinstance(a, E.T):
        yield M.rank_turned(a.arg)
    with suppress(NotFound, Refused, Undecided):
        yield full(ground, a)
    factors = list(a.factors) if isinstance(a, E.Mul) and not any(f.is_scalar for f in a.factors) else []
    for cut in range(1, len(factors)):
        left, right = product(factors[:cut]), product(factors[cut:])
        if rules.same(left, right.T):
            yield M.rank_turned(right, True)
        yield M.rank_of_product(left, right)
        yield M.rank_of_product(left, right, True)
    if isinstance(a, E.Add):
        yield M.rank_of_sum(a.terms[0], E.add(*a.terms[1:]) if len(a.terms) > 2 else a.terms[1])
    for columns in (False, True):
        side = E.lift(a.shape[int(columns)])
        if ground.orders(ZERO, "≤", side):
            yield M.rank_within(a, ground.order(ZERO, "≤", side), columns)
    yield M.rank_within(a)


def full(ground: Ground, a: Expr) -> Theorem:
    """rank A = n for orthonormal columns, and where det A ≠ 0."""
    n = E.lift(a.shape[1])
    counted = ground.order(ZERO, "≤", n)
    if isinstance(a, E.Letter) and "orthonormal" in a.traits:
        return M.rank_full(a, by_normal_form(ground, Rel(a.T @ a, "=", E.Eye(a.shape[1]))), counted, a.T)
    if a.shape[0] != a.shape[1]:
        raise NotFound("")
    apart = ground.prove(Rel(E.det(a), "≠", ZERO))
    return M.rank_full(a, rules.part(M.invertible(apart), 0), counted, a**-1)
