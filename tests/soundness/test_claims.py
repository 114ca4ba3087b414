"""False statements put as claims: no verdict says more of them than there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from proofs.claim import Claim, Context, Decision, Evidence, Outcome, Statement, Verdict, checked
from proofs.declared import declared
from proofs.hypotheses import Hypothesis
from proofs.kernel import rules
from proofs.kernel.expressions import Expr, integer
from proofs.kernel.propositions import Rel, rel
from proofs.kernel.theorem import Theorem
from proofs.methods.chain import Chain, Link, chain, eq
from proofs.methods.conjunction import both
from tests.soundness.attacks import ONE, each, f, i, j, k, l, total, x, y
from tests.soundness.false_statements import FALSE

MISSED = {
    "below the least size": ["Σ_{1..k} 1 = k", "Σ l = k(k+1)/2", "telescoping"],
    "at the size 0": ["Σ_{1..k−1} f = Σ f − f_k", "Σ_{2..k} f = Σ f − f_1"],
    "of a hypothesis that hardly an instance satisfies": ["A² = 0 ⇒ A = 0", "E f_b f_c = E f²"],
}
"""Where exact instances see no counterexample: sizes are drawn from 1 on, hypotheses without samplers by chance."""
SAMPLE = [name for name in list(FALSE)[::9] if isinstance(FALSE[name].goal, Rel)]


def decided(statement: Statement, *given: Expr) -> Decision:
    hypotheses = (Hypothesis("given", "", given),) if given else ()
    return Claim("tests/false", "", "", lambda: statement, hypotheses).decide(4)


def stated(name: str) -> Decision:
    goal: Any = FALSE[name].goal
    return decided(Chain(goal.left, (Link(goal.op, goal.right),)), *FALSE[name].given)


@pytest.mark.parametrize("name", [n for n in SAMPLE if not any(n in ns for ns in MISSED.values())])
def test_is_neither_proved_nor_certified(name: str) -> None:
    assert stated(name).verdict not in (Verdict.PROVED, Verdict.CERTIFIED)


@pytest.mark.parametrize("name", [n for names in MISSED.values() for n in names])
def test_what_instances_miss_is_not_proved(name: str) -> None:
    assert stated(name).verdict != Verdict.PROVED


@pytest.mark.parametrize("name", ["√(x²) = x", "x/x = 1", "x ≥ 0", "AB = BA", "A ⪰ 0", "Σ_j f_i g_j = Σ_j f_j g_j"])
def test_one_false_member_breaks_a_conjunction_and_a_chain(name: str) -> None:
    goal: Any = FALSE[name].goal
    link = Chain(goal.left, (Link(goal.op, goal.right),))
    joined = decided(both(eq(x, x), link, chain(x**2, "≥", 0)))
    assert joined.verdict not in (Verdict.PROVED, Verdict.CERTIFIED)
    if goal.op == "=":
        longer = chain(goal.left, "=", goal.left, "=", goal.right, "=", goal.right)
        assert decided(longer).verdict not in (Verdict.PROVED, Verdict.CERTIFIED)


# -- what counts as a proof ------------------------------------------------------------------------

STATEMENT = chain(x, "≥", 0)
GOAL = rel(x, "≥", 0)


def outcome(t: Theorem | None, *supposed: Expr, statement: Any = STATEMENT) -> Outcome:
    return checked(Evidence("kernel", Outcome.PROVED, theorem=t), statement, supposed).outcome


def valued(t: Theorem) -> Theorem:
    return rules.with_values(t, ())


OTHERS = {
    "none": None,
    "of a square": valued(rules.square(x)),
    "mirrored": valued(rules.mirror(rules.hypothesis(GOAL))),
    "of another symbol": valued(rules.hypothesis(rel(y, "≥", 0))),
    "of an integer of the name": valued(rules.hypothesis(rel(integer("x"), "≥", 0))),
    "of itself alone": valued(rules.hypothesis(GOAL)),
    "of more": valued(rules.weaken(rules.hypothesis(rel(x, ">", 0)), "≥")),
    "an implication": valued(rules.discharge(rules.hypothesis(GOAL), GOAL)),
    "every": valued(rules.generalise(rules.hypothesis(GOAL), i, ONE, k)),
    "a conjunction": valued(rules.conjunction((rules.hypothesis(GOAL),))),
    "without values": rules.weaken(rules.hypothesis(rel(x, ">", 0)), "≥"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_theorem_of_something_else_is_an_argument(name: str) -> None:
    assert outcome(OTHERS[name], rel(y, ">", 0)) == Outcome.ARGUED


def test_a_theorem_that_supposes_what_is_given_is_a_proof() -> None:
    assert outcome(OTHERS["of more"], rel(x, ">", 0)) == Outcome.PROVED
    assert outcome(OTHERS["without values"], rel(x, ">", 0)) == Outcome.ARGUED
    assert outcome(OTHERS["of more"], rel(0, "<", x)) == Outcome.ARGUED


def test_a_statement_without_a_proposition_is_not_proved() -> None:
    assert outcome(OTHERS["of more"], rel(x, ">", 0), statement=object()) == Outcome.ARGUED


class Lying:
    """A statement whose witnesses say that it is proved."""

    parts: Sequence[Expr] = (x,)
    proposition = GOAL

    def __init__(self, t: Theorem | None):
        self.witnesses = (self.proves, self.proves, self.certifies)
        self.t = t

    def proves(self, statement: Any, context: Context) -> Evidence:
        return replace(Evidence("kernel", Outcome.PROVED, "all sizes"), theorem=self.t)

    def certifies(self, statement: Any, context: Context) -> Evidence:
        return Evidence("instances", Outcome.SUPPORTED, "0 instances")


@pytest.mark.parametrize("name", OTHERS)
def test_no_verdict_on_the_word_of_a_witness(name: str) -> None:
    assert decided(Lying(OTHERS[name])).verdict == Verdict.SUPPORTED  # type: ignore[arg-type]


# -- declared ranges -------------------------------------------------------------------------------


def test_the_range_of_a_bound_index_is_not_that_of_a_free_one_of_its_name() -> None:
    """Σ_l over a declared l says nothing of an l that is free elsewhere."""
    ranged = integer("l", "", 1, k)
    inside = total(f[ranged], ranged)
    assert declared(f[l] + inside) == ()
    assert declared(inside + f[l]) == ()
    assert {p.left == ranged for p in declared(f[ranged])} == {True, False}
    found = decided(chain(f[l] + 0 * inside, ">", 0), each(rel(f[j], ">", 0), j))
    assert found.verdict not in (Verdict.PROVED, Verdict.CERTIFIED)


def test_a_declared_range_is_supposed_of_its_own_symbol_alone() -> None:
    m = integer("m", "", 2)
    assert decided(chain(k, "≥", 2)).verdict != Verdict.PROVED
    assert decided(chain(k * m, "≥", k)).verdict != Verdict.PROVED
    assert decided(chain(m, "≥", 3)).verdict == Verdict.REFUTED
    assert decided(chain(m, "≥", 2)).verdict == Verdict.PROVED
