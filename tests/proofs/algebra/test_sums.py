"""Sums over parts of a range: expressions with the same normal form have the same value, for every way to end a sum.

The forms of thousands of sums are grouped; within a group every member must have one exact value at every instance.
A rule that forgets where a sum starts or ends puts two different sums into one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import evaluate, matrix
from proofs.algebra.normal import Undecided, equal, normal_form, stable
from proofs.kernel import expressions as E
from proofs.methods.order import Indices

k, m, i, h, a, b = map(E.integer, ("k", "m", "i", "h", "a", "b"))
ZERO, ONE, TWO, THREE = (E.lift(x) for x in (0, 1, 2, 3))
σ, μ, w = E.Family("σ"), E.Family("μ", length=m), E.Family("w")
t = E.Family("t", tail=lambda x: w[x], length=m)
C = E.Letter("C", m, m, frozenset({"symmetric"}))
D = E.Letter("D", m, m)
J, S = E.First(m, k), E.Diag(μ, m, "M")

ENDS = [
    *[(ONE, k), (TWO, k), (THREE, k), (ONE, k - 1), (ONE, m), (TWO, m), (ONE, m - 1)],
    *[(k, m), (k + 1, m), (i, k), (i, m), (i + 1, k), (i + 1, m), (ONE, i), (TWO, i), (ONE, i - 1)],
    *[(ZERO, k), (ZERO, m), (ZERO, i), (E.lift(-1), m)],
]
INNER_ENDS = [*ENDS, (a, m), (a + 1, m), (ONE, a), (ONE, a - 1), (TWO, a)]


def e(x: E.Expr) -> E.Expr:
    return E.Basis(x, m)


def Π(x: E.Expr) -> E.Expr:
    return E.Proj(x, m)


BODIES = [
    *[ONE, a, a * a, σ[a], μ[a], t[a], σ[a] * E.Tr(Π(a)), E.Tr(Π(a)), E.Tr(Π(i) @ Π(a)), E.Tr(e(a) @ e(a).T @ Π(i))],
    *[E.Entry(x, i, i) for x in (Π(a), E.Eye(m) - Π(a), Π(a) @ S, Π(a) @ C @ Π(a), E.MaxMask(C, t) @ Π(a))],
    *[E.Entry(x, a, a) for x in (Π(i), Π(h) @ C, E.LowerMask(C), E.LowerMask(C, True), S @ Π(h), J @ J.T)],
    *[
        E.Entry(C, a, i),
        E.Entry(E.LowerMask(C), a, i),
        E.Entry(E.LowerMask(S), a, i),
        e(i).T @ e(a),
        e(i).T @ Π(a) @ e(h),
    ],
    *[
        E.Entry(Π(i), a, a) * E.Entry(Π(a), i, i),
        E.Entry(Π(a), TWO, TWO),
        E.Tr(J.T @ e(a) @ e(a).T @ J),
        E.SqNorm(J.T @ e(a)),
        E.SqNorm(C @ Π(a)),
        E.Tr(Π(a - 1)),
        1 / E.Entry(C, a, a),
    ],
]
NESTED = [
    *[ONE, b, a * b, E.Entry(Π(b), a, a), E.Entry(Π(a), b, b), E.Tr(Π(b) @ Π(a)), e(a).T @ e(b), E.Entry(C, a, b)],
    *[(e(a).T @ e(b)) * (e(b).T @ e(i)), E.Entry(Π(b), a, a) * E.Entry(Π(a), i, i), σ[a] * E.Entry(Π(b), a, a)],
    *[μ[b] * E.Entry(Π(b), a, a), σ[b] * (e(a).T @ e(b)), E.Entry(Π(b), a, a) * E.Entry(Π(a), b, b)],
    *[E.Entry(E.LowerMask(C), a, b), E.Entry(E.MaxMask(C, t), a, b), e(a).T @ Π(b) @ C @ e(b), e(a).T @ J @ J.T @ e(b)],
]


def sums() -> Iterator[E.Expr]:
    yield from (E.Sum(a, *ends, body) for ends, body in product(ENDS, BODIES))
    yield from (E.Sum(a, ONE, hi, body, (i,)) for hi, body in product((k, m), BODIES))
    for outer, inner, body in product(ENDS, INNER_ENDS, NESTED):
        yield E.Sum(a, *outer, E.Sum(b, *inner, body))


def instance(rng: Random, k: int, m: int, i: int, h: int) -> dict:
    number = lambda: fmpq(rng.randint(-20, 20), rng.randint(1, 5))  # noqa: E731
    families = {name: [number() for _ in range(m)] for name in "σμw"}
    half = [[number() for _ in range(m)] for _ in range(m)]
    square = matrix([[half[min(r, c)][max(r, c)] for c in range(m)] for r in range(m)])
    return {"k": k, "m": m, "i": i, "h": h, **families, "C": square}


INSTANCES = [instance(Random(s), *sizes) for s, sizes in enumerate([(3, 5, 2, 4), (4, 6, 1, 3), (3, 4, 3, 1)])]


def scalar(x: E.Expr, at: dict) -> object:
    value = evaluate(x, at)
    return value if x.is_scalar else value[0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_sums_with_one_normal_form_have_one_value(seed: int) -> None:
    found = defaultdict(list)
    for x in Random(seed).sample(list(sums()), 900):
        with suppress(Undecided):  # it asks for σ_0 or e_0
            found[stable(frozenset(normal_form(x).terms.items()))].append(x)
    shared = [group for group in found.values() if len(group) > 1]
    assert len(shared) > 20, "hardly any two sums had one form: the test would pass by vacuity"
    for group in shared:
        for at in INSTANCES:
            values = {str(scalar(x, at)): x for x in group}
            assert len(values) == 1, f"{at}: {values}"


DIFFERENT = {
    "a sum from 2 of projections": (E.Sum(a, TWO, k, E.Proj(a, k)), E.Sum(a, ONE, k, E.Proj(a, k))),
    "a sum of fewer unit vectors": (E.Sum(a, ONE, k, e(a) @ e(a).T @ e(i)), e(i)),
    "two indices that are about to be summed over": (E.Sum(a, ONE, m, E.Sum(b, ONE, m, e(a).T @ e(b))), E.Zero(1, 1)),
    "the range of an inner sum": (E.Sum(a, ONE, m - 1, E.Sum(b, a, m, b)), E.Sum(a, TWO, m, E.Sum(b, a, m, b))),
    "the lower triangle of a diagonal": (E.LowerMask(S), E.Zero(m, m)),
    "a sum from before Π_0": (E.Sum(a, E.lift(-1), m, E.Tr(Π(a))), E.Sum(a, E.lift(-1), m, a)),
    "a sum of projections that starts at Π_{−1}": (E.Sum(a, ZERO, m, E.Tr(Π(a - 1))), E.Sum(a, ZERO, m, a - 1)),
    "a sum of quotients": (E.Sum(a, ONE, m, E.Entry(C, a, a) / E.Entry(D, a, a)), E.Tr(C)),
    "weights in the denominator": (E.Sum(a, ONE, m, 1 / E.Entry(C, a, a) * (e(a) @ e(a).T)), E.Eye(m)),
    "weights under a root": (E.Sum(a, ONE, m, E.sqrt(E.Entry(C, a, a)) * (e(a) @ e(a).T)), E.Eye(m)),
    "an index left out of quotients": (
        E.Sum(a, ONE, m, 1 / E.Entry(C, a, a), (i,)) + 1,
        E.Sum(a, ONE, m, 1 / E.Entry(C, a, a)),
    ),
    "a unit vector beyond the first columns": (E.Sum(a, ONE, m, E.SqNorm(J.T @ e(a))), E.Tr(E.Eye(m))),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_was_once_taken_for_equal_differs(name: str) -> None:
    left, right = DIFFERENT[name]
    assert not equal(left, right)


FROM_ZERO = {
    "projections": Π(a),
    "their traces": E.Tr(Π(a)),
    "products with projections": D @ Π(a) @ D @ Π(a),
    "a factor": a * E.SqNorm(D @ Π(i)),
    "a diagonal entry": E.Entry(Π(a), i, i),
}


@pytest.mark.parametrize("name", FROM_ZERO)
@pytest.mark.parametrize("hi", [k, m, i, m - 1])
def test_a_sum_may_start_at_the_projection_on_nothing(name: str, hi: E.Expr) -> None:
    body = FROM_ZERO[name]
    left, right = E.Sum(a, ZERO, hi, body), E.Sum(a, ONE, hi, body)
    assert equal(left, right)
    assert not equal(left, E.Sum(a, TWO, hi, body))
    for at in INSTANCES:
        square = {**at, "D": matrix([[r - 2 * c + 1 for c in range(at["m"])] for r in range(at["m"])])}
        assert np.all(evaluate(left, square) == evaluate(right, square))


@pytest.mark.parametrize("body", [σ[a] * Π(a), μ[a], e(a) @ e(a).T, E.Entry(C, a, a), μ[a + 1] * μ[a]])
def test_a_sum_that_starts_before_the_first_has_no_normal_form(body: E.Expr) -> None:
    with pytest.raises(Undecided, match="nothing has the index 0"):
        normal_form(E.Sum(a, ZERO, m, body))


def test_the_projection_on_nothing_vanishes() -> None:
    assert equal(Π(ZERO), E.Zero(m, m))
    assert not equal(Π(ONE), E.Zero(m, m))


def test_what_is_known_of_the_indices_decides_where_a_derivative_falls() -> None:
    slope = E.Diff(E.Sum(a, ONE, k - 1, μ[a]), μ[i])
    assert not equal(slope, ONE)
    known = Indices().learn(("i", 0), "<", ("k", 0)).learn(("i", 0), "≥", ("", 1))
    assert equal(slope, ONE, at_most=known.at_most)
