"""Samplers reach the boundary of their hypotheses: what only a narrow sampler would let through is refuted.

For every list of hypotheses in the repository, claims are made of its relations that go a little further: an
inequality that is strict, or has a margin, or a bound; a sign. Each is refuted by instances, unless it follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from proofs.claim import Claim, Context, Outcome, registry
from proofs.declared import declared
from proofs.hypotheses import Hypothesis, free_names
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Num, Sort
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, by_instances, chain
from proofs.tactics.ground import of_integers
from proofs.tactics.prove import Ground, NotFound

HALF, ZERO, ONE = Num(Fraction(1, 2)), Num(Fraction(0)), Num(Fraction(1))


def situations() -> dict[str, tuple[Hypothesis, ...]]:
    """Every list of hypotheses once, by the first claim that has it."""
    found: dict[Any, Claim] = {}
    for c in registry().values():
        if any(h.relations for h in c.given):
            found.setdefault(c.given, c)
    return {c.id: given for given, c in found.items()}


def scalar_relations(given: tuple[Hypothesis, ...]) -> Iterator[Rel]:
    """The relations, those of a range at its ends."""
    for h in given:
        for r in h.relations:
            ends = [substitute(r.body, {r.var: end}) for end in (r.lo, r.hi)] if isinstance(r, Every) else [r]
            yield from (e for e in ends if isinstance(e, Rel) and e.left.is_scalar)


def further(r: Rel) -> Iterator[Chain]:
    """What does not follow from a relation."""
    gap = r.left - r.right if r.op in "≥>" else r.right - r.left
    if r.op == "≠":
        yield from (chain(gap, ">", 0), chain(gap, "<", 0))
    elif r.op in "≥≤":
        yield from (chain(gap, ">", 0), chain(gap, "≤", ZERO if of_integers(r) else HALF))
    elif r.op in "><":
        yield from (
            (chain(gap, ">", ONE), chain(gap, "≤", ONE))
            if of_integers(r)
            else [
                chain(gap, "≥", HALF),
                chain(gap, "≤", HALF),
            ]
        )


def signs(given: tuple[Hypothesis, ...]) -> Iterator[Chain]:
    """That what the hypotheses speak of has a sign."""
    names = free_names([r for h in given for r in h.relations])
    reals: list[Expr] = [s for s in names.symbols if s.sort == Sort.REAL and s.name not in names.angles]
    reals += [f[1] for f in names.families if f.length is None]
    for x in sorted(reals, key=str):
        yield chain(x, ">", 0)
        yield chain(x, "<", 0)
        yield chain(x, "≤", ONE)


def follows(statement: Chain, given: tuple[Hypothesis, ...]) -> bool:
    relations = [r for h in given for r in h.relations]
    goal = statement.proposition
    try:
        Ground.of([*relations, *declared(goal, *relations)]).prove(goal)
    except NotFound:
        return False
    return True


SITUATIONS = situations()
EXCUSED = {
    "oftadeh2020/prop1-strict": "a positive semidefinite matrix has no negative determinant",
    "oftadeh2020/Bhat-equiv": "a positive semidefinite matrix has no negative determinant",
    "oftadeh2020/delta-diag/rank": "a positive semidefinite matrix has no negative determinant",
    "oftadeh2020/cor1-1/rank": "a positive semidefinite matrix has no negative determinant",
    "oftadeh2020/thm2/sufficient": "members of λ_I are members of λ",
    "oftadeh2020/thm2-fullrank": "members of λ_I are members of λ",
    "bao2020/B/eq17": "its σ are irrational: instances compare their squares alone",
    "bao2020/B/cond-from-c1": "k > 2 at equal terms has irrational weights, at which no Hessian is valued",
    "bao2020/D/sum-ineq": "p_1 > p_2 and c ≥ 8 follow, which the kernel is not asked for",
    "bao2020/D/sum-ineq+": "c ≥ 8 follows",
    "bao2020/E.5/unique-local": "x and e are 0, 1 or −1 and equal, which the kernel is not asked for",
    "bao2020/H.1/pmf": "0 < r_1 = ρ < 1 follows",
    "bao2020/H.1/memoryless": "0 < r_1 = ρ < 1 follows",
    "kunin2019/thm4.1/pair-count": "e ≤ 1 follows from e² = e, which the kernel is not asked for",
    "kunin2019/thm4.1/index": "e ≤ 1 follows from e² = e, which the kernel is not asked for",
    "kunin2019/s4.1/fn11": "ε ≤ 1 follows from ε² = 1, which the kernel is not asked for",
    "kunin2019/fn16-19": "w ≤ 1 follows from w² < 1 − λ/x², which the kernel is not asked for",
}


@pytest.mark.parametrize("id", SITUATIONS)
def test_what_only_a_narrow_sampler_would_let_through_is_refuted(id: str) -> None:
    given = SITUATIONS[id]
    context = Context(given, shrink=False, drawn={})
    held = []
    for statement in dict.fromkeys((*(s for r in scalar_relations(given) for s in further(r)), *signs(given))):
        if by_instances(statement, context).outcome != Outcome.FAILS and not follows(statement, given):
            held.append(statement.text())
    assert bool(held) == (id in EXCUSED), held
