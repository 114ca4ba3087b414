"""Statements about finite objects: what both ways find decides, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.claim import Claim, Context, Outcome, Verdict
from proofs.kernel.expressions import Expr, Family, Sum, integer, size
from proofs.kernel.propositions import ONE
from proofs.methods.finite import Finite

k = size("k")
j = integer("j", "", 1, k)
SETS = ({"k": 1, "i": (2,)}, {"k": 2, "i": (1, 3)}, {"k": 2, "i": (2, 5)})
WAYS = ("sum", lambda k, i: sum(i)), ("one by one", lambda k, i: len([x for a in i for x in range(a)]))


def statement(printed: Any, ways: Any = WAYS, objects: Any = SETS) -> Finite:
    return Finite("The sum.", printed, ways, objects)


def verdict(s: Finite) -> Verdict:
    return Claim("paper/1", "", "", lambda: s).decide().verdict


FORMULA = Sum(j, ONE, k, Family("i")[j])


@pytest.mark.parametrize("printed", [lambda k, i: sum(i), FORMULA])
def test_what_both_ways_find_is_certified_at_the_objects(printed: Any) -> None:
    decision = Claim("paper/1", "", "", lambda: statement(printed)).decide()
    assert (decision.verdict, decision.scope) == (Verdict.CERTIFIED, "3 instances, up to k = 2, i = (2, 5)")


@pytest.mark.parametrize("printed", [lambda k, i: max(i) * len(i), FORMULA + k - 1])
def test_the_first_object_that_breaks_it_refutes_it(printed: Any) -> None:
    decision = Claim("paper/1", "", "", lambda: statement(printed)).decide()
    assert decision.verdict == Verdict.REFUTED
    assert decision.counterexample is not None
    assert decision.counterexample.instance == {"k": "2", "i": "(1, 3)"}


def test_ways_that_differ_decide_nothing_against_the_print() -> None:
    wrong = ("wrong", lambda k, i: sum(i) + (k == 2))
    for ways in ((WAYS[0], wrong), (wrong, WAYS[0])):
        found = [w(statement(lambda k, i: sum(i), ways), Context()) for w in statement(0, ways).witnesses]
        assert [e.outcome for e in found] == [Outcome.UNDECIDED] * 2


def test_nothing_is_certified_of_no_object() -> None:
    assert verdict(statement(FORMULA, objects=())) == Verdict.OPEN


def test_a_formula_is_what_mutants_change_and_a_rule_is_not() -> None:
    assert statement(FORMULA).parts == (FORMULA,)
    changed: Expr = FORMULA + 1
    assert verdict(statement(FORMULA).with_parts((changed,))) == Verdict.REFUTED
    assert statement(lambda k, i: 0).parts == ()
