"""The least sum loss with few latents: a larger bound is refuted, and a decoder may have other directions above it."""

from __future__ import annotations

from dataclasses import replace

from proofs.claim import Context, Outcome, seed_of
from proofs.kernel.expressions import mul
from proofs.kernel.propositions import Rel
from proofs.lae import sum_fewer
from proofs.methods.chain import Chain
from proofs.methods.conjunction import All
from proofs.methods.implication import Implication


def context() -> Context:
    found = sum_fewer.bounded
    return Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(found.statement))


def test_weights_that_learn_a_worse_direction_lose_more_than_the_gap() -> None:
    """Without the gaps σ_k² − σ_j² the squares are no longer what the loss exceeds its value by."""
    statement = sum_fewer.bounded.statement
    assert isinstance(statement, All)
    identity = statement.members[0]
    assert isinstance(identity, Chain)
    loss, shown = identity.parts
    planted = identity.with_parts((loss, shown + mul(-1, sum_fewer.VALUE)))
    assert [w(planted, context()).outcome for w in planted.witnesses[:2]] == [Outcome.UNDECIDED, Outcome.FAILS]


def test_the_least_weights_do_not_project() -> None:
    """W2W1 is shrunk: λ for −λ is seen where the loss is least."""
    statement = sum_fewer.only.statement
    assert isinstance(statement, Implication)
    (conclusion,) = statement.conclusions
    planted = replace(statement, conclusions=(Rel(conclusion.left, "=", 2 * conclusion.right),))
    outcomes = [w(planted, context()).outcome for w in planted.witnesses]
    assert outcomes[0] == Outcome.UNDECIDED
    assert outcomes[1] != Outcome.SUPPORTED
