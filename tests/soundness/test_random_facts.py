"""Normal forms under what is known of indices have the value of the expression wherever that is so; and what two random
expressions have in common is no accident: a normal form that is 0 has the value 0.
"""

from __future__ import annotations

import os
from itertools import product
from random import Random

import pytest

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr
from proofs.kernel.meaning import Meaning, equal, index_of
from proofs.kernel.tensor import COLUMN, ROW, Facts, Sorted, Undecided
from tests.proofs.kernel import loops
from tests.proofs.kernel.loops import PRIME, Instance, polynomial_value, value, whole
from tests.proofs.kernel.random_expressions import SHAPES, Writer, f, g, i, j, k, m
from tests.proofs.kernel.test_meaning import defined

l = E.integer("l")  # noqa: E741 - the papers' index
SIZES = [
    {"k": a, "m": b, "i": p, "j": q}
    for a, b in ((0, 1), (1, 1), (2, 1), (1, 3), (2, 3), (3, 2), (-1, 2))
    for p, q in ((1, 1), (2, 1), (0, 2), (3, 4), (-1, 1), (2, 2))
]


def known(rng: Random, at: Instance) -> Facts:
    """Some of what is so at an instance."""
    order, apart = set(), set()
    for _ in range(rng.choice((1, 2, 4))):
        a, b = (rng.choice((i, j, k, m, E.lift(0), E.lift(1), E.lift(3))) for _ in range(2))
        x, y = whole(a, at), whole(b, at)
        by = rng.choice((0, y - x, y - x, rng.randint(-3, y - x) if y - x >= -3 else y - x))
        if x + by <= y:
            order.add((index_of(a + by), index_of(b)))
        if x != y:
            apart.add((index_of(a), index_of(b)))
    return Facts(frozenset(order), frozenset(apart))


def has_value(e: Expr, at: Instance) -> bool:
    """There is something to draw, and the laws that the normal form uses hold."""
    return (at.integers["k"] > 0 or E.Expect not in e.kinds) and defined(e, at)


def entries(e: Expr, at: Instance) -> dict[tuple[int, int], int]:
    v = value(e, at)
    return {(0, 0): v} if e.is_scalar else v


@pytest.mark.parametrize("seed", range(int(os.environ.get("LAE_FUZZ", 8))))
def test_normal_forms_under_facts(seed: int) -> None:
    rng = Random(f"facts/{seed}")
    seen = 0
    for _ in range(60):
        writer = Writer(rng)
        e = writer.scalar(rng.choice((1, 2, 2, 3))) if rng.random() < 0.7 else writer.matrix(rng.choice(SHAPES), 2)
        at = Instance(rng.choice(SIZES), seed)
        facts = known(rng, at)
        try:
            if not has_value(e, at):
                continue
            p = Meaning(facts).value(e)
            forms = [p, *([Sorted(facts)(p)] if e.is_scalar and rng.random() < 0.5 else [])]
        except Undecided:
            continue
        for form in forms:
            for (a, b), v in entries(e, at).items():
                got = polynomial_value(form, at, {} if e.is_scalar else {ROW[0]: a, COLUMN[0]: b})
                assert got == v % PRIME, (str(e), at.integers, facts)
        seen += 1
    assert seen > 15


@pytest.mark.parametrize("seed", range(int(os.environ.get("LAE_FUZZ", 8))))
def test_what_is_equal_under_facts_has_one_value(seed: int) -> None:
    """Expressions and their neighbours: an index exchanged, a bound moved, a factor gone."""
    rng = Random(f"equal/{seed}")
    found = 0
    for _ in range(150):
        writer = Writer(rng)
        e = writer.scalar(rng.choice((1, 2)))
        other = neighbour(e, rng)
        at = Instance(rng.choice(SIZES), seed)
        try:
            if not (has_value(e, at) and has_value(other, at)):
                continue
            if equal(e, other, known(rng, at)):
                found += 1
                assert value(e, at) % PRIME == value(other, at) % PRIME, (str(e), str(other), at.integers)
        except Undecided:
            continue
    assert found > 5


def neighbour(e: Expr, rng: Random) -> Expr:
    """The expression with one node changed."""
    places = [
        x for x in e.walk() if isinstance(x, E.Sum | E.Add | E.Mul) or (isinstance(x, E.Item) and not x.family.random)
    ]
    if not places:
        return e
    place = rng.choice(places)

    def changed(x: Expr) -> Expr:
        if x is not place:
            children = [changed(c) for c in x.children()]
            return x if all(a is b for a, b in zip(children, x.children(), strict=True)) else x.rebuild(children)
        if isinstance(x, E.Sum):
            lo, hi = rng.choice(((x.lo, x.hi + 1), (x.lo - 1, x.hi), (x.lo, k), (E.lift(1), x.hi), (x.lo, m)))
            return E.Sum(x.var, lo, hi, x.body, x.without)
        if isinstance(x, E.Item):
            return x.family[rng.choice((i, j, k, E.lift(1)))]
        if isinstance(x, E.Add | E.Mul):
            return x.rebuild(list(x.children())[::-1]) if isinstance(x, E.Add) or x.is_scalar else x
        return x

    return changed(e)


FAR = [
    lambda by: E.Sum(l, i - by, k, f[l]),
    lambda by: E.Sum(l, i - by, k, E.Sum(j, E.lift(1), l, f[j] * g[l])),
    lambda by: E.Sum(l, E.lift(1), k, E.Sum(j, l - by, k, f[j] * g[l])),
    lambda by: E.Sum(l, E.lift(1), k, E.Sum(j, E.lift(1), l + by, f[j] * g[l])),
    lambda by: E.Tr(E.LowerMask(E.Letter("M", k, k)) @ E.Proj(i - by, k)),
]


@pytest.mark.parametrize("by", [7, 8, -7, -8])
def test_ranges_that_begin_far_off(by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where i ≥ 1 is known, i − 8 ≥ 1 is not."""
    monkeypatch.setattr(loops, "REACH", range(-12, 16))
    positive = Facts(frozenset({(index_of(E.lift(1)), index_of(i))}))
    for make, size, place in product(FAR, range(4), range(-1, 4)):
        at, e = Instance({"k": size, "m": 2, "i": place, "j": 1}, 1), make(by)
        for facts in [Facts(), positive][: 1 + (place >= 1)]:
            assert polynomial_value(Meaning(facts).value(e), at) == value(e, at) % PRIME, (str(e), size, place)
