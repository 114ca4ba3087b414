"""Expectations over masks and over noise: the rules for all sizes against enumeration of every outcome."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import evaluate, matrix
from proofs.kernel import expressions as E
from proofs.kernel import meaning
from proofs.kernel.meaning import Meaning, index_of
from proofs.kernel.tensor import Facts, Undecided, constant

k, m, n, i, j = map(E.integer, ("k", "m", "n", "i", "j"))
FACTS = Facts(
    frozenset(
        {(constant(2), index_of(x)) for x in (k, m, n)} | {(constant(1), index_of(i)), (index_of(i), index_of(k))}
    ),
    frozenset({(index_of(i), index_of(j))}),
)
equal = partial(meaning.equal, facts=FACTS)
w = E.Family("w", length=k)
b = E.Family("b", length=k, random=w)
A, B, C = E.Letter("A", m, k), E.Letter("B", k, n), E.Letter("C", k, k)
tail = E.Family("t", tail=lambda a: w[a], length=k)
MASKED = A @ E.DropMask(B, b)
AT = {
    "k": 2,
    "m": 1,
    "n": 2,
    "w": [fmpq(1, 3), fmpq(2, 3)],
    "A": matrix([[1, 2]]),
    "B": matrix([[3, 1], [-1, 2]]),
    "C": matrix([[1, 5], [2, -3]]),
}


def mean(body: E.Expr) -> E.Expr:
    return E.Expect(b, body)


MOMENTS = {
    "mean": (mean(MASKED), A @ E.Diag(tail, k) @ B),
    "norm": (mean(E.SqNorm(MASKED)), E.Tr(B.T @ E.MaxMask(A.T @ A, tail) @ B)),
    "trace of the Gram matrix": (E.Tr(mean(MASKED.T @ MASKED)), mean(E.SqNorm(MASKED))),
    "one mask for all columns": (mean(E.SqNorm(A @ E.Proj(b[1], k) @ B)), mean(E.SqNorm(MASKED))),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_expectations_over_masks_hold_for_all_sizes_and_by_enumeration(name: str) -> None:
    left, right = MOMENTS[name]
    assert np.all(evaluate(left, AT) == evaluate(right, AT))
    assert equal(left, right)


def test_the_square_of_the_mean_is_not_the_second_moment() -> None:
    left, right = mean(MASKED).T @ mean(MASKED), mean(MASKED.T @ MASKED)
    assert not equal(left, right)
    assert not np.all(evaluate(left, AT) == evaluate(right, AT))


def test_entries_of_different_columns_are_independent_and_those_of_one_are_not() -> None:
    gram = mean(MASKED.T @ MASKED)
    product = mean(MASKED).T @ mean(MASKED)
    assert equal(E.Entry(gram, i, j), E.Entry(product, i, j))
    assert not equal(E.Entry(gram, i, i), E.Entry(product, i, i))


s = E.Sym("s")
ε = E.Letter("ε", k, n, noise=s**2)
NOISE_AT = {**AT, "s": fmpq(3)}
NOISE = {
    "linear terms vanish": (E.Expect(ε, E.SqNorm(B + ε)), E.SqNorm(B) + s**2 * k * n),
    "a linear map": (E.Expect(ε, E.SqNorm(A @ ε)), s**2 * n * E.SqNorm(A)),
    "a square of noise": (E.Expect(ε, E.Tr(ε.T @ C @ ε)), s**2 * n * E.Tr(C)),
}


@pytest.mark.parametrize("name", NOISE)
def test_expectations_over_noise_hold_for_all_sizes_and_by_enumeration_of_signs(name: str) -> None:
    left, right = NOISE[name]
    assert evaluate(left, NOISE_AT) == evaluate(right, NOISE_AT)
    assert equal(left, right)


def test_fourth_moments_of_noise_are_refused_not_guessed() -> None:
    with pytest.raises(Undecided):
        Meaning(Facts()).value(E.Expect(ε, E.SqNorm(ε) ** 2))


ERRATIC = {
    "a quotient": 1 / E.Tr(C @ ε @ B.T),
    "a quotient of a sum": 1 / (1 + E.SqNorm(ε)),
    "a root": E.sqrt(E.Tr(C @ ε @ B.T)),
}


@pytest.mark.parametrize("name", ERRATIC)
def test_noise_in_a_quotient_or_a_root_is_refused_not_dropped(name: str) -> None:
    with pytest.raises(Undecided):
        Meaning(Facts()).value(E.Expect(ε, ERRATIC[name]))


def test_weights_that_are_sums_are_refused_not_cut_short() -> None:
    skewed = E.Family("b", length=k, random=E.Family("v", define=lambda a: w[a] / 2 + w[1] / 2))
    with pytest.raises(Undecided, match="weights"):
        Meaning(Facts()).value(E.Expect(skewed, E.Tr(E.Proj(skewed[1], k) @ C)))


def test_partial_sums_of_weights_are_told_apart() -> None:
    below = E.Sum(j, E.lift(1), i - 1, w[j])
    above = E.Sum(j, i, k, w[j])
    total = E.Sum(j, E.lift(1), k, w[j])
    assert equal(below + above, total)
    assert not equal(below, above)
    assert equal(above, 1 - below, equations=[(total, E.lift(1))])
    assert not equal(above, 1 - below)


def test_sums_of_unit_vectors_resolve_the_identity() -> None:
    e = E.Basis(j, k)
    assert equal(E.Sum(j, E.lift(1), k, e @ e.T @ C), C)
    assert equal(E.Sum(j, E.lift(1), k, w[j] * (e @ e.T)), E.Diag(w, k))
    assert equal(E.Sum(j, E.lift(1), k, E.Entry(C, i, j) * E.Entry(C, i, j)), E.Entry(C @ C.T, i, i))
    assert not equal(E.Sum(j, E.lift(1), k - 1, e @ e.T @ C), C)
