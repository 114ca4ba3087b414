"""Ranks compared by what is mapped to 0: true steps, wrong ones, lemmas about letters."""

from __future__ import annotations

from fractions import Fraction

import pytest

from proofs.kernel.expressions import Expr, Inner, Letter, Num, Rank, SqNorm, size
from proofs.kernel.propositions import Rel
from proofs.methods.implication import Known, Step
from proofs.methods.null_spaces import Factor, NullSpace
from proofs.tactics.prove import Ground, NotFound, prove
from proofs.tactics.relations import OfLetters

k, m = size("k"), size("m")
W, x = Letter("W", m, k), Letter("x", k, 1)
A, B = Letter("A", k, k), Letter("B", k, k)
GROUND = Ground(())
TWO = Num(Fraction(2))


def of_gram(steps: tuple[Step, ...], larger: Expr = W.T @ W, smaller: Expr = W) -> bool:
    try:
        prove(GROUND, Rel(Rank(larger), "≥", Rank(smaller)), NullSpace(x, steps))
    except NotFound:
        return False
    return True


def test_the_gram_matrix_maps_no_more_to_nothing() -> None:
    square = Step(lambda gone: Inner(x, gone), None, SqNorm)
    assert of_gram((square,))
    assert not of_gram((Step(lambda gone: -1 * Inner(x, gone), None, SqNorm),))  # a wrong sign
    assert not of_gram((Step(lambda gone: gone, None, SqNorm),))
    assert not of_gram(())
    assert not of_gram((square,), A @ A, A)  # A may map to what it maps to nothing


def test_multiples_and_products_of_which_nothing_is_known() -> None:
    assert of_gram((Step(lambda gone: TWO**-1 * gone),), 2 * W, W)
    assert not of_gram((Step(lambda gone: A @ gone),), B, A)
    assert of_gram((Step(lambda gone: A @ gone),), B, A @ B)
    assert not of_gram((Step(lambda gone: A @ gone),), B, B @ A)


@pytest.mark.parametrize(
    ("goal", "second", "found"),
    [
        (Rel(Rank(A @ B), "≤", Rank(A)), False, True),
        (Rel(Rank(A), "≥", Rank(A @ B)), False, True),
        (Rel(Rank(A @ B), "≤", Rank(B)), True, True),
        (Rel(Rank(A @ B), "≤", Rank(B)), False, False),
        (Rel(Rank(A @ B), "=", Rank(A)), False, False),
        (Rel(Rank(A @ B), "≥", Rank(A)), False, False),
    ],
)
def test_a_product_has_at_most_the_rank_of_a_factor(goal: Rel, second: bool, found: bool) -> None:
    try:
        prove(GROUND, goal, Factor(A, B, second))
    except NotFound:
        assert not found
    else:
        assert found


def test_an_instance_has_what_is_supposed_of_the_letters() -> None:
    """A letter that stands for a Gram matrix is one of such."""
    lemma, gram = Rel(Rank(A), "≥", Rank(W)), Rel(A, "=", W.T @ W)
    square = NullSpace(x, (Known(gram), Step(lambda gone, gap: Inner(x, gone) - Inner(x, gap @ x), None, SqNorm)))
    prove(GROUND, Rel(Rank(W.T @ W), "≥", Rank(W)), OfLetters(lemma, ((A, W.T @ W),), square, (gram,)))
    with pytest.raises(NotFound):
        prove(GROUND, Rel(Rank(B), "≥", Rank(W)), OfLetters(lemma, ((A, B),), square, (gram,)))
    with pytest.raises(NotFound):
        prove(GROUND, Rel(Rank(W.T @ W), "≥", Rank(W)), OfLetters(lemma, ((A, W.T @ W),), square))
