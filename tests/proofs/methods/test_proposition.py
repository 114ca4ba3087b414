"""Propositions as statements: decided, refuted by the shortest instance, mutated."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.claim import Claim, Decision
from proofs.hypotheses import Hypothesis
from proofs.kernel import expressions as E
from proofs.kernel.propositions import And, Exists, ForAll, Iff, Implies, Or, Rel, rel, zero
from proofs.methods.proposition import says
from proofs.mutation.examine import examine
from proofs.mutation.statements import mutants
from proofs.tactics.relations import Choose

k, m = E.size("k"), E.size("m")
B, Q, A = E.Letter("B", m, m), E.Letter("Q", m, m), E.Letter("A", m, m)
D, U = E.Letter("D", k, m), E.Letter("U", m, k, frozenset({"orthonormal"}))
S = E.Letter("S", m, m, frozenset({"symmetric"}))
v = E.Letter("v", m, 1)
x, y = E.Sym("x"), E.Sym("y")
ZERO = zero(S)


def decided(p: E.Expr, why: Any = "") -> Decision:
    return Claim("test/p", "", "", lambda: says(p, why)).decide()


@pytest.mark.parametrize(
    ("p", "why"),
    [
        (Implies(And((rel(x, ">", 0), rel(x, "<", y))), rel(x**2, "<", y**2)), ""),
        (Exists(Q, Rel(B @ Q, "=", B)), ""),
        (ForAll(v, Exists(Q, Rel(Q @ v, "=", S @ v))), Choose((Q, S))),
        (Iff(And((rel(x, "≥", 0), rel(y, "≥", 0))), And((rel(y, "≥", 0), rel(x, "≥", 0)))), ""),
        (Implies(Exists(y, And((rel(y, ">", x), rel(y, "<", 0)))), rel(x, "<", 0)), ""),
    ],
)
def test_is_proved(p: E.Expr, why: Any) -> None:
    found = decided(p, why)
    assert found.verdict.value == "proved", found


@pytest.mark.parametrize(
    ("p", "instance"),
    [
        (Implies(Rel(S, "⪰", ZERO), Rel(S, "=", ZERO)), None),
        (Exists(Q, Rel(B @ Q, "=", E.Eye(m))), {"m": "1", "B": "[[0]]"}),
        (Iff(rel(x, "=", y), rel(x**2, "=", y**2)), None),
        (Implies(Rel(A @ B, "=", zero(A)), Or((Rel(A, "=", zero(A)), Rel(B, "=", zero(B))))), None),
        (ForAll(v, rel(E.Tr(v.T @ S @ v), "≥", 0)), None),
        (Implies(Rel(B, "≠", zero(B)), Rel(B @ B, "≠", zero(B))), None),
        (Implies(Rel(A, "≻", zero(A)), Rel(A - E.Eye(m), "⪰", zero(A))), None),
    ],
)
def test_is_refuted(p: E.Expr, instance: dict[str, str] | None) -> None:
    found = decided(p)
    assert found.verdict.value == "refuted"
    assert found.counterexample is not None
    assert instance is None or found.counterexample.instance == instance


def test_premises_are_met_by_solving_them_and_a_premise_that_nothing_meets_says_nothing() -> None:
    trace = Implies(And((Rel(S, "≻", ZERO), rel(E.Tr(S), "=", x))), rel(x, ">", 0))
    assert decided(trace).verdict.value == "supported"
    assert decided(Implies(rel(x**2, "<", 0), rel(x, "=", 0))).verdict.value in ("open", "proved")
    assert "no instance" in decided(Implies(rel(x**2, "<", 0), rel(y, "=", 0))).evidence[1].detail


def test_ranks_and_orthonormal_columns_are_supposed_of_any_letter() -> None:
    r = E.size("r", "", 0)
    unit = Implies(Rel(Q.T @ Q, "=", E.Eye(m)), Rel(Q @ Q.T, "=", E.Eye(m)))
    assert decided(unit).verdict.value in ("supported", "proved")
    assert decided(Implies(rel(E.Rank(B), "=", 1), rel(E.Tr(B), "≠", 0))).verdict.value == "refuted"
    assert decided(Implies(rel(E.Rank(B), "=", r), rel(E.Rank(B @ Q), "≤", r))).verdict.value == "proved"
    assert decided(Iff(rel(E.Rank(B), "=", m), rel(E.det(B), "≠", 0))).verdict.value == "proved"


def test_what_is_not_settled_is_open() -> None:
    assert decided(Exists(x, And((rel(x**2, "=", 2), rel(x, ">", 0))))).verdict.value == "open"


def test_something_without_a_value_refutes() -> None:
    found = decided(ForAll(x, rel(1 / x, "≠", 0)))
    assert found.verdict.value == "refuted"
    assert "value" in str(found.counterexample)


def test_is_printed_with_brackets_where_it_reaches_on() -> None:
    form = Exists(D, Rel(B, "=", U @ D))
    assert says(Iff(form, Rel(U @ U.T @ B, "=", B))).text() == "(∃ D: B = U D) ⇔ U Uᵀ B = B"
    assert says(Implies(And((rel(x, ">", 0), form)), rel(y, ">", 0))).text() == "x > 0 ∧ ∃ D: B = U D ⇒ y > 0"


def test_every_connective_and_quantifier_is_mutated_and_noticed() -> None:
    p = Implies(And((rel(x, ">", 0), rel(x, "<", y))), rel(x**2, "<", y**2))
    claim = Claim("test/p", "", "", lambda: says(p))
    found = {f.mutation: f.fate for f in examine(claim)}
    assert "survivor" not in found.values()
    for mutation in ("∧ → ∨", "dropped premise", "dropped premise x > 0", "< → >, relation 3"):
        assert found[mutation] == "killed"
    names = {mutant.mutation for mutant in mutants(says(Exists(Q, Or((Rel(Q, "≠", B), Rel(Q, "≻", B))))))}
    assert {"∃ → ∀", "≠ → =", "≻ turned round", "∨ → ∧", "dropped case Q ≠ B"} <= names


def test_a_multiple_of_what_exists_is_the_same() -> None:
    claim = Claim("test/p", "", "", lambda: says(Exists(Q, Rel(B @ Q, "=", B))))
    found = {f.mutation.split(",")[0]: f.fate for f in examine(claim)}
    assert found["sign of B Q"] == found["factor 2 of B Q"] == "equivalent"
    assert found["∃ → ∀"] == "killed"
    assert "survivor" not in found.values()


def test_instance_with_zeros_put_in_still_satisfies_what_is_given() -> None:
    """Thinned matrices that break a hypothesis are no counterexamples: det B ≠ 0 is given."""
    regular = Hypothesis("det B ≠ 0", "", (Rel(E.det(B), "≠", E.lift(0)),))
    found = Claim("test/given", "", "", lambda: says(Rel(E.det(B), "≠", E.lift(0))), (regular,)).decide()
    assert found.verdict.value == "proved", found
