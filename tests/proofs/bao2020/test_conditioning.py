"""The conditioning bounds of Appendices B and D: an error planted in each printed formula reaches the proof."""

from __future__ import annotations

import json

import pytest

from proofs import lock
from proofs.bao2020 import appendix_b_conditioning as B
from proofs.bao2020 import appendix_d_conditioning as D
from proofs.bao2020 import section_4_3 as main
from proofs.bao2020 import section_5 as nested
from proofs.claim import Claim, Context, Outcome, checked

BOUNDS: list[Claim] = [
    B.eq16, B.equalize_corrected, B.sum_claim_corrected, B.cond_from_c1, B.final_corrected, B.final,
    D.curvature_ratio, D.equalize_corrected, D.final,
    main.main_bound, main.grows, main.optimal_corrected, nested.bound, nested.optimum,
]  # fmt: skip


PROVED = json.loads(lock.FILE.read_text())
"""The record of the last run: a bound that has no theorem yet is supported by its instances."""


LONG = (B.final, main.main_bound)  # every bound of them is searched for in vain
HELD = [
    pytest.param(c, id=c.id, marks=pytest.mark.slow if c in LONG else ())
    for c in BOUNDS
    if PROVED.get(c.id) == "proved"
]


@pytest.mark.parametrize("claim", HELD)
def test_no_other_factor_is_proved(claim: Claim) -> None:
    """The last link yields the printed right side, not its double or its negative; the links before it are shared."""
    prove = claim.statement.witnesses[0]
    context = Context(claim.given, drawn={}, supposed=claim.supposed(claim.statement))
    assert prove(claim.statement, context).outcome == Outcome.PROVED
    *before, last = claim.statement.parts
    for factor in (2, -1):
        changed = claim.statement.with_parts((*before, factor * last))
        assert prove(changed, context).outcome != Outcome.PROVED


def test_the_bound_is_proved_for_the_sizes_it_names() -> None:
    statement, supposed = B.final.statement, B.final.supposed(B.final.statement)
    found = statement.witnesses[0](statement, Context(B.final.given, supposed=supposed))
    assert checked(found, statement, supposed).scope == "all sizes with k ≤ 17"


def test_equal_terms_are_equal() -> None:
    """The sampler of equal terms satisfies its own hypotheses from k = 2 to k = 4."""
    from proofs.hypotheses import instances

    context = Context(tuple(B.EQUALIZED), seed=3)
    assert {at["k"] for at in instances((B.c1, B.F), context)} >= {2, 3}
