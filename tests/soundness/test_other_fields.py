"""Claims of other fields: what is false is not proved, certified or supported, and what is true is not refuted."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.claim import Claim, Verdict
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Prop
from proofs.methods.proposition import says
from tests.soundness.other_fields import FALSE, TRUE

WEAK = {
    "∃x∀y": "reals are tried, none is seen to be too small",
    "tri ineq reverse": "it fails by less than a thousandth, near an edge of what is given",
    "(x²-2)²+(y²-3)²>0": "it fails at irrational numbers alone",
    "tr PRH≥0 three psd": "three psd matrices are seldom so",
    "A²=I ⇒ A=±I": "no square root of I was drawn but for k = 1",
}
"""False statements that are supported: weaknesses, each with its reason."""


def verdict(statement: Any, given: tuple[Expr, ...]) -> Verdict:
    hypotheses = tuple(Hypothesis(f"given {place}", "", (r,)) for place, r in enumerate(given))  # type: ignore[arg-type]
    made = says(statement) if isinstance(statement, Prop) else statement
    return Claim("tests/other", "", "", lambda: made, hypotheses).decide(6).verdict


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_said_to_hold(name: str) -> None:
    held = (
        (Verdict.PROVED, Verdict.CERTIFIED) if name in WEAK else (Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED)
    )
    assert verdict(*FALSE[name]) not in held


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_not_refuted(name: str) -> None:
    assert verdict(*TRUE[name]) != Verdict.REFUTED
