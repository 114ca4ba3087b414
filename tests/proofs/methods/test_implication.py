"""Implications: a proof must be an identity that vanishes with the premises, a counterexample must be exact."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import fmpq

from proofs.claim import Context, Outcome
from proofs.declared import declared
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel.expressions import Entry, Expr, Letter, Num, ShapeError, SqNorm, Sum, Sym, Tr, integer, lift
from proofs.kernel.propositions import Rel
from proofs.methods.chain import eq
from proofs.methods.implication import Follows, Implication, Step, by_proof, by_solutions, fact, situations

k, m = integer("k"), integer("m")
i, j = integer("i"), integer("j")
λ = Sym("λ")
A = Letter("A", k, m)
ZERO = Num(fmpq(0))
POSITIVE = Hypothesis("λ > 0", "", (Rel(λ, ">", ZERO),), lambda rng, at: {"λ": fmpq(rng.randint(1, 3))})
ANY_SIGN = Hypothesis("λ", "", (), lambda rng, at: {"λ": fmpq(rng.choice([-1, 1]))})


def ridge(*steps: Step) -> Implication:
    """AAᵀ + λAAᵀ = 0 ⇒ A = 0."""
    return Implication((fact(A @ A.T + λ * (A @ A.T), "=", 0),), (fact(A, "=", 0),), (A,), steps)


def squares(gap: Expr) -> Expr:
    return SqNorm(gap) + λ * SqNorm(gap)


def test_sum_of_squares_proves() -> None:
    assert (
        by_proof(ridge(Step(Tr, squares=squares)), Context((POSITIVE,), supposed=POSITIVE.relations)).outcome
        == Outcome.PROVED
    )


def test_weight_needs_a_hypothesis() -> None:
    assert by_proof(ridge(Step(Tr, squares=squares)), Context((ANY_SIGN,))).outcome == Outcome.UNDECIDED


@pytest.mark.parametrize(
    "step",
    [
        Step(lambda p: 2 * Tr(p), squares=squares),
        Step(Tr, squares=lambda gap: SqNorm(gap) - λ * SqNorm(gap)),
        Step(lambda p: Tr(p) + SqNorm(A) - SqNorm(A), squares=lambda gap: SqNorm(gap)),
    ],
    ids=["wrong factor", "negative weight", "missing term"],
)
def test_false_identity_proves_nothing(step: Step) -> None:
    assert by_proof(ridge(step), Context((POSITIVE,), supposed=POSITIVE.relations)).outcome == Outcome.UNDECIDED


def test_combination_must_vanish_with_the_premises() -> None:
    step = Step(lambda p: SqNorm(A), squares=SqNorm)
    evidence = by_proof(ridge(step), Context((POSITIVE,), supposed=POSITIVE.relations))
    assert evidence.outcome == Outcome.UNDECIDED
    assert "normal forms differ" in evidence.detail


def test_squares_must_hold_the_goal() -> None:
    other = Letter("B", k, m)
    step = Step(lambda p: Tr(p) - Tr(p), squares=lambda gap: SqNorm(other) * 0)
    assert by_proof(ridge(step), Context((POSITIVE,), supposed=POSITIVE.relations)).outcome == Outcome.UNDECIDED


def test_every_conclusion_needs_a_step() -> None:
    both = replace(ridge(Step(Tr, squares=squares)), conclusions=(fact(A, "=", 0), fact(λ, "=", 0)))
    assert by_proof(both, Context((POSITIVE,), supposed=POSITIVE.relations)).outcome == Outcome.UNDECIDED


def test_search_finds_an_exact_counterexample() -> None:
    false = Implication((fact(A @ A.T - A @ A.T, "=", 0),), (fact(A, "=", 0),), (A,))
    evidence = by_solutions(false, Context())
    assert evidence.outcome == Outcome.FAILS
    assert evidence.counterexample is not None
    assert evidence.counterexample.instance["A"] == "[[1]]"


def test_search_supports_what_is_true_and_sees_vacuity() -> None:
    assert by_solutions(ridge(), Context((POSITIVE,), supposed=POSITIVE.relations)).outcome == Outcome.SUPPORTED
    impossible = Implication((fact(SqNorm(A) + 1, "=", 0),), (fact(A, "=", 0),), (A,))
    assert by_solutions(impossible, Context()).outcome == Outcome.UNDECIDED


def test_semidefinite_is_not_definite() -> None:
    weak, strict = (Implication((fact(A - A, "=", 0),), (fact(A @ A.T, op, 0),), (A,)) for op in ("⪰", "≻"))
    assert by_solutions(weak, Context()).outcome == Outcome.SUPPORTED
    assert by_solutions(strict, Context()).outcome == Outcome.FAILS


def test_facts_that_do_not_conform_cannot_be_built() -> None:
    with pytest.raises(ShapeError):
        Rel(A, "=", A.T)


def test_entries_with_free_indices_are_one_goal() -> None:
    C = Letter("C", m, m)
    statement = Implication(
        (fact(C - C.T, "=", 0),),
        (fact(Entry(C, i, j) - Entry(C, j, i), "=", 0),),
        (C,),
        (Step(lambda gap: Entry(gap, i, j)),),
    )
    ranges = [Rel(lift(1), "≤", x) for x in (i, j)] + [Rel(x, "≤", m) for x in (i, j)]
    assert by_proof(statement, Context(supposed=tuple(ranges))).outcome == Outcome.PROVED
    assert by_proof(statement, Context()).outcome == Outcome.UNDECIDED, "an entry outside the matrix"


def test_a_factor_that_may_vanish_is_not_divided_by() -> None:
    """cA = 0 forces A = 0 only where c ≠ 0 is given."""
    statement = Implication(
        (fact(λ * A, "=", 0),), (fact(A, "=", 0),), (A,), (Step(lambda p: p, squares=lambda gap: λ * gap),)
    )
    assert by_proof(statement, Context()).outcome == Outcome.UNDECIDED
    assert by_proof(statement, Context(supposed=(Rel(λ, "≠", ZERO),))).outcome == Outcome.PROVED


def test_a_step_that_divides_by_the_factor_proves_nothing() -> None:
    statement = Implication((fact(λ * A, "=", 0),), (fact(A, "=", 0),), (A,), (Step(lambda p: p / λ),))
    assert by_proof(statement, Context()).outcome == Outcome.UNDECIDED


def test_facts_off_the_diagonal_are_not_summed_over_it() -> None:
    """C_ij = 0 for i ≠ j does not give Σ_j C_ij = 0."""
    C = Letter("C", m, m)
    r, s = (integer(name, "", 1, m) for name in "rs")
    apart = (Rel(r, "≠", s), *declared(Entry(C, r, s)))
    off = fact(Entry(C, r, s), "=", 0)
    premise = (fact(C @ C - C @ C + C - C, "=", 0), off)
    total = fact(Sum(s, lift(1), m, Entry(C, r, s)), "=", 0)
    rest = fact(Sum(s, lift(1), m, Entry(C, r, s), (r,)), "=", 0)
    for goal in (total, rest):
        step = Step(lambda _, o, goal=goal: Sum(s, lift(1), m, o, goal.left.without))  # type: ignore[misc]
        statement = Implication(premise, (goal,), (C,), (step,))
        assert by_proof(statement, Context(supposed=apart)).outcome == Outcome.UNDECIDED


def test_semidefinite_premises_are_no_equations() -> None:
    C = Letter("C", m, m)
    statement = Implication((fact(C, "⪰", 0),), (fact(C, "=", 0),), (C,), (Step(lambda *known: C),))
    assert by_proof(statement, Context()).outcome == Outcome.UNDECIDED


def off_diagonal(total: Expr, generic: tuple[Sym, ...]) -> Outcome:
    """What C − D = 0, so C_rs = 0 for r ≠ s as D is diagonal, is found to say of a sum, with r and s used at any."""
    C, D = Letter("C", m, m), Letter("D", m, m, frozenset({"diagonal"}))
    entry = fact(Entry(C, R, Q), "=", 0)
    steps = (Step(lambda gap: Entry(gap, R, Q)), Step(lambda *_: total))
    apart = (Rel(R, "≠", Q), *declared(entry))
    statement = Implication((Rel(C, "=", D),), (entry, fact(total, "=", 0)), (C,), steps, generic=generic)
    return by_proof(statement, Context(supposed=apart)).outcome


R, Q = (integer(name, "", 1, m) for name in "rs")


def test_a_fact_of_any_two_indices_is_used_at_others() -> None:
    C, c = Letter("C", m, m), integer("c")
    others = Sum(c, lift(1), m, Entry(C, c, Q), (Q,))
    assert off_diagonal(others, (R, Q)) == Outcome.PROVED
    assert off_diagonal(others, ()) == Outcome.UNDECIDED
    assert off_diagonal(Sum(c, lift(1), m, Entry(C, c, Q)), (R, Q)) == Outcome.UNDECIDED
    assert off_diagonal(Sum(c, lift(1), m, Entry(C, c, Q), (R,)), (R, Q)) == Outcome.UNDECIDED


def test_an_equation_that_is_given_is_a_reason() -> None:
    x, y = Sym("x"), Sym("y")
    squares = Rel((x - y) ** 2, "=", lift(0))
    reason = Follows(Step(lambda *known: (x - y) ** 2, squares=lambda gap: gap**2))
    proves = eq(x, y, reason).witnesses[0]
    assert proves(eq(x, y, reason), Context(supposed=(squares,))).outcome == Outcome.PROVED
    assert proves(eq(x, y, reason), Context()).outcome != Outcome.PROVED
    assert proves(eq(x, 2 * y, reason), Context(supposed=(squares,))).outcome != Outcome.PROVED


@pytest.mark.parametrize("beyond", [False, True])
def test_indices_are_drawn_from_the_range_that_this_statement_declares(beyond: bool) -> None:
    """Another statement may have declared the name otherwise: of a family that falls no index is taken for another."""
    low, high = (k + 1, m) if beyond else (lift(1), k)
    u = integer("u", "", low, high)
    statement = Implication((fact(A @ A.T, "=", 0),), (Rel(Entry(A, k, u), "=", ZERO),), (A,))
    found = list(situations(statement, Context(seed=1)))
    assert found
    assert all((at["k"] < at["u"] <= at["m"]) if beyond else (1 <= at["u"] <= at["k"]) for at in found)


def test_sizes_that_the_declarations_leave_out_are_not_drawn() -> None:
    wide = Letter("A", k, integer("m", "", k))
    statement = Implication((fact(wide @ wide.T, "=", 0),), (fact(wide, "=", 0),), (wide,))
    plan = Plan(tuple({"k": 2, "m": columns, "n": 1, "p": 2} for columns in (1, 2)), per_size=1)
    assert {at["m"] for at in situations(replace(statement, plan=plan), Context(seed=1))} == {2}


def test_premises_without_what_is_solved_for_hold_at_what_is_drawn() -> None:
    """λ = λ ⇒ AAᵀ = AAᵀ, and not A = 0."""
    same, nothing = (fact(λ * A, "=", λ * A),), (fact(A, "=", 0),)
    free = Implication(same, (fact(A @ A.T, "=", A @ A.T),), ())
    assert by_solutions(free, Context((ANY_SIGN,), seed=1)).outcome == Outcome.SUPPORTED
    assert by_solutions(replace(free, conclusions=nothing), Context((ANY_SIGN,), seed=1)).outcome == Outcome.FAILS
