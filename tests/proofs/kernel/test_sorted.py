"""Sums over parts of a range are one sum; comparisons of indices that agree in value agree in form, others do not."""

from __future__ import annotations

import pytest

from proofs.kernel.expressions import Entry, Family, Letter, Sum, integer, lift, size
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import ONE, Rel
from proofs.kernel.rules import facts_of, hypothesis

k, m, n = size("k"), size("m"), size("n")
a, b, d = (integer(x) for x in "abd")
w, f = Family("w"), Family("f")
Z = Letter("Z", k, m)
ORDERED = facts_of([hypothesis(Rel(k, "≤", m)), hypothesis(Rel(ONE, "≤", k))])
NOTHING = facts_of([])


def total(x, lo, hi, body):
    return Sum(x, lift(lo), lift(hi), body)


def square(x, y):
    return Entry(Z, x, y) ** 2


PARTS = (
    total(a, 1, k, square(a, a))
    + total(a, 1, k - 1, total(b, a + 1, k, square(a, b) + square(b, a)))
    + total(a, 1, k, total(d, k + 1, m, square(a, d)))
)
WHOLE = total(a, 1, k, total(b, 1, m, square(a, b)))


def test_a_sum_is_that_over_its_parts():
    assert equal(PARTS, WHOLE, ORDERED)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_no_part_is_left_out(missing):
    parts = PARTS.terms  # type: ignore[attr-defined]
    assert not equal(parts[missing - 1] + parts[missing - 2], WHOLE, ORDERED)


def test_parts_that_may_overlap_are_no_sum():
    """Where m < k, Σ over 1…k and over k+1…m is not Σ over 1…m."""
    halves = total(a, 1, k, f[a]) + total(a, k + 1, m, f[a])
    assert equal(halves, total(a, 1, m, f[a]), ORDERED)
    assert not equal(halves, total(a, 1, m, f[a]), NOTHING)


def test_comparisons_of_three_indices():
    """Σ over a ≤ b ≤ d and its five rearrangements, less the diagonals, is the whole cube; without one it is not."""
    cube = total(a, 1, n, total(b, 1, n, total(d, 1, n, w[a] * f[b] * f[d])))
    below = total(d, 1, n, total(b, 1, d, total(a, 1, b, w[a] * f[b] * f[d])))
    between = total(d, 1, n, total(a, 1, d, total(b, 1, a - 1, w[a] * f[b] * f[d])))
    above = total(a, 1, n, total(d, 1, a - 1, total(b, 1, d, w[a] * f[b] * f[d])))
    diagonal = total(b, 1, n, f[b] ** 2 * total(a, 1, n, w[a]))
    assert equal(cube, 2 * (below + between + above) - diagonal)
    assert not equal(cube, 2 * (below + between + above))
    assert not equal(cube, 2 * (below + between) - diagonal)
