"""The kernel's normal form has the value of the expression, by loops that share nothing with it, at small sizes."""

from __future__ import annotations

import os
from itertools import product
from random import Random

import pytest

import proofs.algebra.printing  # noqa: F401 - so that failures are readable
from proofs.kernel import expressions as E
from proofs.kernel.meaning import Meaning, equal, index_of
from proofs.kernel.propositions import Every, Rel, needs
from proofs.kernel.tensor import COLUMN, ROW, Facts, Undecided
from tests.proofs.kernel.loops import PRIME, Instance, polynomial_value, value, whole
from tests.proofs.kernel.random_expressions import SHAPES, Writer, i, j, k, m

SIZES = [
    {"k": a, "m": b, "i": p, "j": q}
    for a, b in ((1, 1), (2, 1), (1, 2), (2, 3), (3, 2))
    for p, q in ((1, 1), (2, 1), (3, 4))
]


def defined(e: E.Expr, at: Instance) -> bool:
    """Whether the denominators are not 0 and the radicands have roots, for the laws that the normal form uses."""
    return all(satisfied(p, at) for p in needs(e, False))


def satisfied(p: E.Expr, at: Instance) -> bool:
    if isinstance(p, Every):
        return all(satisfied(p.body, at.with_(p.var, v)) for v in range(whole(p.lo, at), whole(p.hi, at) + 1))
    assert isinstance(p, Rel)
    if p.op == "=":
        return True
    v = value(p.left, at)
    head = v[0] if isinstance(v, list) else v
    if p.op == "≠":
        return head % PRIME != 0
    return pow(head, (PRIME - 1) // 2, PRIME) == 1  # a square that is not 0


def differs(e: E.Expr, sizes: dict[str, int], seed: int) -> bool | None:
    """Whether the normal form has another value; None where the expression has none."""
    at = Instance(sizes, seed)
    if not defined(e, at):
        return None
    p = Meaning(Facts()).value(e)
    if e.is_scalar:
        return polynomial_value(p, at) != value(e, at) % PRIME
    entries = value(e, at)
    return any(polynomial_value(p, at, {ROW[0]: a, COLUMN[0]: b}) != v % PRIME for (a, b), v in entries.items())


@pytest.mark.parametrize("seed", range(int(os.environ.get("LAE_FUZZ", 12))))
def test_normal_form_of_random_expressions_has_their_value(seed: int) -> None:
    rng = Random(seed)
    seen = 0
    for _ in range(60):
        writer = Writer(rng)
        depth = rng.choice((1, 2, 2, 3))
        e = writer.scalar(depth) if rng.random() < 0.7 else writer.matrix(rng.choice(SHAPES), depth)
        for sizes in rng.sample(SIZES, 2):
            try:
                found = differs(e, sizes, seed)
            except Undecided:
                continue
            assert found is not True, (str(e), sizes, seed)
            seen += found is False
    assert seen > 20


def test_every_free_index_and_size_is_told_from_the_others() -> None:
    for a, b in product((i, j, k, m), repeat=2):
        p = Meaning(Facts()).value(E.Family("f")[a] - E.Family("f")[b])
        assert (not p) == (a == b)


def test_an_entry_vanishes_where_the_facts_place_it_outside_its_matrix_and_only_there() -> None:
    entry, nothing = E.Entry(E.Letter("A", k, k), E.lift(1), m), E.lift(0)
    after, before = ((index_of(k + 1), index_of(m)), (index_of(m), index_of(E.lift(0))))
    for order in (after, before):
        assert equal(entry, nothing, Facts(frozenset({order})))
    for order in ((index_of(k), index_of(m)), (index_of(m), index_of(E.lift(1))), (index_of(m + 1), index_of(k))):
        assert not equal(entry, nothing, Facts(frozenset({order})))
    assert not equal(entry, nothing)


def test_indices_that_are_known_to_be_equal() -> None:
    k, i = E.integer("k"), E.integer("i")
    f = E.Family("f")
    last = E.Sum(i, E.lift(1), k, f[i] * E.Entry(E.Eye(k), i, E.lift(2)))
    two = (((0,), 2), ((1, "k"), 0))
    assert equal(last, f[2], Facts(frozenset({two, two[::-1]})))
    assert equal(last, f[2], Facts(frozenset({two})))
    assert not equal(last, f[2], Facts(frozenset({two[::-1]})))  # k may be 1
    assert not equal(E.Entry(E.Eye(k), k, E.lift(2)), E.lift(1), Facts(frozenset({two})))
    assert equal(E.Entry(E.Eye(k), k, E.lift(2)), E.lift(1), Facts(frozenset({two, two[::-1]})))


def test_a_sum_up_to_a_known_size_is_written_out() -> None:
    k, i = E.integer("k"), E.integer("i")
    f = E.Family("f")
    two = (((0,), 2), ((1, "k"), 0))
    total = E.Sum(i, E.lift(1), k, f[i])
    assert equal(total, f[1] + f[2], Facts(frozenset({two, two[::-1]})))
    assert not equal(total, f[1] + f[2], Facts(frozenset({two})))
    assert not equal(total, f[1] + f[2], Facts(frozenset({two[::-1]})))
    assert not equal(total, f[1] + f[2] + f[3], Facts(frozenset({two, two[::-1]})))
