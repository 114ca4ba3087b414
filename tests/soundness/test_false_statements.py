"""No false statement becomes a theorem."""

from __future__ import annotations

import pytest

from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.prove import Ground, NotFound
from tests.soundness.false_statements import FALSE, False_
from tests.soundness.judge import Undefined, true


def holds(s: False_) -> bool:
    """Whether the statement holds at its instance, as the judge says; what has no value does not hold."""
    try:
        return true(s.goal, s.at)
    except Undefined:
        return False


def test_there_are_enough_of_them() -> None:
    assert len(FALSE) >= 250


@pytest.mark.parametrize("name", FALSE)
def test_the_instance_satisfies_what_is_given_and_breaks_the_statement(name: str) -> None:
    s = FALSE[name]
    assert all(true(p, s.at) for p in s.given)
    assert not holds(s)


@pytest.mark.parametrize("name", FALSE)
def test_is_not_proved(name: str) -> None:
    s = FALSE[name]
    with pytest.raises(NotFound):
        Ground.of(s.given).prove(s.goal)


def test_a_theorem_cannot_be_made_by_hand() -> None:
    with pytest.raises(Refused):
        Theorem(frozenset(), FALSE["x ≥ 0"].goal, "hypothesis", ())
