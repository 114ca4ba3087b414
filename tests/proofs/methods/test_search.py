"""The search finds what random instances miss, and reports only what holds exactly."""

from __future__ import annotations

from proofs.bao2020.appendix_b_conditioning import GAPS, ORDERED, F, sum_claim
from proofs.bao2020.notation import k, σ
from proofs.claim import Context, Outcome
from proofs.methods.chain import by_instances, chain
from proofs.methods.search import by_search, searched

CONTEXT = Context(tuple(ORDERED), seed=1)


def test_a_rare_counterexample_is_found_and_short() -> None:
    found = by_search(sum_claim.statement, CONTEXT)  # type: ignore[arg-type]
    assert found.outcome == Outcome.FAILS
    assert found.counterexample is not None
    assert found.counterexample.instance["k"] == "3"
    assert len(found.counterexample.instance["λ"]) < 40


def test_random_instances_miss_it() -> None:
    assert by_instances(sum_claim.statement, CONTEXT).outcome == Outcome.SUPPORTED  # type: ignore[arg-type]


def test_a_true_inequality_survives() -> None:
    true = searched(chain(F, ">", 2 * (1 / σ[1] ** 2 * GAPS) ** 2 - k))
    assert by_search(true, CONTEXT).outcome == Outcome.SUPPORTED
