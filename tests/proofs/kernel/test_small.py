"""Matrices written out: what they mean, and that a block of a Hessian has a value only where the loss has one."""

from __future__ import annotations

import pytest

from proofs.kernel import rules
from proofs.kernel.expressions import (
    Basis,
    Entry,
    Eye,
    Letter,
    SqNorm,
    Sym,
    Tr,
    Zero,
    column,
    det,
    lift,
    size,
    symmetric,
)
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kernel.spectrum import Block, HessianAt
from proofs.kernel.theorem import Refused

a, b, c, d, x = (Sym(name) for name in "abcdx")
k, n = size("k"), size("n")
W1, W2 = Letter("W1", k, 1), Letter("W2", k, 1)
SQUARE = symmetric((a, b), (c,))


def proved(left, right, *known) -> bool:
    try:
        return bool(rules.ring(Rel(left, "=", lift(right)), known))
    except Refused:
        return False


def test_determinants():
    assert proved(det(SQUARE), a * c - b**2)
    assert not proved(det(SQUARE), a * c + b**2)
    assert proved(det(x * Eye(2) - SQUARE), x**2 - (a + c) * x + a * c - b**2)
    three = symmetric((a, b, 0), (c, d), (a,))
    assert proved(det(three), a * (c * a - d**2) - b**2 * a)
    assert proved(det(Zero(2, 2)), 0)


def test_entries_are_where_they_are_written():
    assert proved(Entry(SQUARE, lift(1), lift(2)), b)
    assert proved(Entry(SQUARE, lift(2), lift(1)), b)
    assert not proved(Entry(SQUARE, lift(1), lift(1)), b)
    assert proved(Entry(SQUARE, lift(3), lift(1)), 0)
    assert proved(SQUARE @ column(1, 0), column(a, b))
    assert proved(SQUARE, SQUARE.T)
    assert proved(Tr(column(a, b).T @ SQUARE @ column(a, b)), a**3 + 2 * a * b**2 + c * b**2)
    assert not proved(column(a, b), column(b, a))


LOSS = a * SqNorm(W1) + b * Tr(W1.T @ W2) * SqNorm(W2)
POINT = HessianAt(LOSS, (W1, W2), (Basis(ONE, k), Basis(ONE, k)), 2 * k, 2)
ALONG = (Basis(ONE, k), Zero(k, 1), Zero(k, 1), Basis(ONE, k))
SOME = rules.hypothesis(Rel(ONE, "≤", k))


def test_a_block_is_of_second_derivatives():
    """a w² + b w v³ at w = v = 1: 2a, 3b, 6b."""
    assert proved(Block(POINT, ALONG), symmetric((2 * a, 3 * b), (6 * b,)), SOME)
    assert not proved(Block(POINT, ALONG), symmetric((2 * a, 3 * b), (3 * b,)), SOME)
    assert not proved(Block(POINT, ALONG), symmetric((2 * a, 3 * b), (6 * b,)))  # no first axis where k = 0


def test_a_block_has_a_value_only_where_the_loss_has_one():
    """n/n is 1 only where n ≠ 0, in a loss too."""
    ratio = HessianAt(n / n * SqNorm(W1), (W1,), (Basis(ONE, k),), k, 1)
    block = Block(ratio, (Basis(ONE, k),))
    assert not proved(Entry(block, ONE, ONE), 2, SOME)
    assert proved(Entry(block, ONE, ONE), 2, SOME, rules.hypothesis(Rel(n, "≠", ZERO)))


def test_a_determinant_of_symbolic_size_is_some_number_and_one_of_a_rectangle_is_refused():
    m_by_m = Letter("A", k, k)
    assert proved(det(m_by_m), det(m_by_m))
    assert not proved(det(m_by_m), det(m_by_m.T))  # true, by a fact
    with pytest.raises(ValueError, match="determinant"):
        det(Letter("A", k, k + 1))
