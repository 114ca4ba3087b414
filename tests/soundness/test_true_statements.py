"""What is true beside the false statements is still proved, and never refuted."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.claim import Claim, Verdict
from proofs.hypotheses import Hypothesis
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import recheck
from proofs.methods.chain import Chain, Link
from proofs.tactics.prove import Ground
from tests.soundness.judge import true
from tests.soundness.true_statements import TRUE

WITH_A_REASON = {"max ≥ member", "AᵀA ⪰ 0", "P ⪰ 0"}
"""What is proved only where a claim says how."""


def test_there_are_enough_of_them() -> None:
    assert len(TRUE) >= 60


@pytest.mark.parametrize("name", TRUE)
def test_holds_at_its_instance(name: str) -> None:
    s = TRUE[name]
    assert all(true(p, s.at) for p in s.given)
    assert true(s.goal, s.at)


@pytest.mark.parametrize("name", [n for n in TRUE if n not in WITH_A_REASON])
def test_is_proved(name: str) -> None:
    s = TRUE[name]
    t = Ground.of(s.given).prove(s.goal)
    assert t.given <= set(s.given)
    assert recheck(t) >= 1


@pytest.mark.parametrize("name", list(TRUE)[::8])
def test_is_not_refuted_as_a_claim(name: str) -> None:
    s = TRUE[name]
    goal: Any = s.goal
    if isinstance(goal, Rel):
        given = (Hypothesis("given", "", s.given),)
        claim = Claim("tests/true", "", "", lambda: Chain(goal.left, (Link(goal.op, goal.right),)), given)
        assert claim.decide(4).verdict != Verdict.REFUTED
