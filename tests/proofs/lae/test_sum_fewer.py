"""The least sum loss with few latents: another value, and another product of the weights, are no theorems."""

from __future__ import annotations

from dataclasses import replace

from proofs.claim import Context, Outcome, seed_of
from proofs.kernel.expressions import mul
from proofs.kernel.propositions import Rel
from proofs.lae import sum_fewer
from proofs.methods.chain import Chain
from proofs.methods.implication import Implication


def context() -> Context:
    found = sum_fewer.bounded
    return Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(found.statement))


def test_squares_alone_are_not_the_loss() -> None:
    """They are what it exceeds its least value by."""
    statement = sum_fewer.bounded.statement
    assert isinstance(statement, Chain)
    loss, shown, value = statement.parts
    planted = statement.with_parts((loss, shown + mul(-1, value), value))
    assert [w(planted, context()).outcome for w in planted.witnesses[:2]] == [Outcome.UNDECIDED, Outcome.FAILS]


def test_twice_the_product_of_the_least_weights_is_seen() -> None:
    statement = sum_fewer.only.statement
    assert isinstance(statement, Implication)
    (conclusion,) = statement.conclusions
    planted = replace(statement, conclusions=(Rel(conclusion.left, "=", 2 * conclusion.right),))
    outcomes = [w(planted, context()).outcome for w in planted.witnesses]
    assert outcomes[0] == Outcome.UNDECIDED
    assert outcomes[1] != Outcome.SUPPORTED
