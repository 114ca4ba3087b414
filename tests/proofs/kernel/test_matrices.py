"""Determinants, inverses and products of definite matrices: facts against exact instances, uses, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from flint import fmpq

import proofs.quantified  # noqa: F401 - the values of quantifiers
from proofs.algebra.evaluate import NoValue, evaluate, truth
from proofs.kernel import expressions as E
from proofs.kernel import matrices, rules
from proofs.kernel.expressions import Eye, Grad, Letter, Rank, Tr, det, size
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import ForAll, Implies, Rel, needs, rel, zero
from proofs.kernel.theorem import Refused, Theorem, recheck
from proofs.quantities import letter_value
from proofs.tactics.prove import Ground, valued

k, m = size("k"), size("m")
A, B, C = (Letter(name, k, k) for name in "ABC")
P, R = Letter("P", k, k, frozenset({"pd"})), Letter("R", k, k, frozenset({"psd"}))
S, Q = Letter("S", k, k, frozenset({"symmetric"})), Letter("Q", k, k, frozenset({"orthonormal"}))
W = Letter("W", k, m)
v = Letter("v", k, 1)
given = rules.hypothesis
APART = given(rel(det(A), "≠", 0))
ABOVE = given(Rel(A, "≻", zero(A)))


def above(e: E.Expr, op: str) -> Theorem:
    return given(Rel(e, op, zero(e)))


def vanish(a: E.Expr, b: E.Expr, x: Letter = v) -> ForAll:
    """∀ x: ax = 0 ⇒ bx = 0."""
    gone, none = (Rel(e @ x, "=", zero(e @ x)) for e in (a, b))
    return ForAll(x, Implies(gone, none))


@pytest.mark.parametrize(
    "made",
    [
        lambda: matrices.invertible(APART),
        lambda: matrices.one_sided(B, A, given(Rel(B @ A, "=", Eye(k)))),
        lambda: matrices.of_definite(ABOVE),
        lambda: matrices.multiplicative(A, B),
        lambda: matrices.transposed(A),
        lambda: matrices.unit(Eye(k)),
        lambda: matrices.singular(given(rel(det(A), "=", 0)), v),
        lambda: matrices.congruent(ABOVE, given(rel(det(B), "≠", 0))),
        lambda: matrices.paired(above(A, "⪰"), above(B, "≻")),
        lambda: matrices.unpaired(above(A, "⪰"), above(B, "≻"), given(rel(Tr(A @ B), "=", 0))),
        lambda: matrices.rank_of_product(A, B),
        lambda: matrices.rank_of_product(A, B, True),
        lambda: matrices.rank_of_sum(A, B),
        lambda: matrices.rank_within(A),
        lambda: matrices.rank_within(A, given(rel(0, "≤", k))),
        lambda: matrices.rank_turned(A),
        lambda: matrices.rank_turned(A, True),
        lambda: matrices.rank_full(A, given(rel(Rank(A), "=", k)), given(rel(0, "≤", k))),
        lambda: matrices.rank_full(A, given(Rel(B @ A, "=", Eye(k))), given(rel(0, "≤", k)), B),
        lambda: matrices.rank_none(zero(A)),
        lambda: matrices.rank_none(A, given(rel(Rank(A), "=", 0))),
    ],
)
def test_a_fact_holds_at_every_exact_instance_and_remembers_its_name(made: Callable[[], Theorem]) -> None:
    t = made()
    recheck(t)
    assert t.rests_on
    rng, seen = Random(3), 0
    for attempt in range(60):
        at = {"k": 1 + attempt % 3}
        traits = frozenset({("pd", "psd", "symmetric")[attempt % 3]}) if attempt % 2 else frozenset()
        for name in "AB":
            at[name] = letter_value(Letter(name, k, k, traits), rng, at, 2)
        if all(truth(p, at) for p in t.given):
            assert truth(t.says, at), at
            seen += 1
    if t.rule not in (
        "one_sided",
        "singular",
        "unpaired",
        "rank_full",
        "rank_none",
    ):  # their premises are met by chance alone
        assert seen > 5


@pytest.mark.parametrize(
    "made",
    [
        lambda: matrices.invertible(given(rel(det(A), "=", 0))),
        lambda: matrices.invertible(given(rel(det(A), "≠", 1))),
        lambda: matrices.one_sided(A, B, given(Rel(B @ A, "=", Eye(k)))),
        lambda: matrices.one_sided(W.T, W, given(Rel(W.T @ W, "=", Eye(m)))),
        lambda: matrices.of_definite(above(A, "⪰")),
        lambda: matrices.of_definite(given(Rel(A, "≻", B))),
        lambda: matrices.multiplicative(W, W.T),
        lambda: matrices.transposed(W),
        lambda: matrices.unit(A),
        lambda: matrices.singular(APART, v),
        lambda: matrices.singular(given(rel(det(v @ v.T), "=", 0)), v),
        lambda: matrices.congruent(above(A, "⪰"), given(rel(det(B), "≠", 0))),
        lambda: matrices.congruent(ABOVE, given(rel(det(B), "=", 0))),
        lambda: matrices.paired(above(A, "⪰"), above(Letter("N", m, m), "⪰")),
        lambda: matrices.unpaired(above(A, "⪰"), above(B, "⪰"), given(rel(Tr(A @ B), "=", 0))),
        lambda: matrices.unpaired(above(A, "⪰"), above(B, "≻"), given(rel(Tr(B @ B), "=", 0))),
        lambda: matrices.rank_within(A, given(rel(1, "≤", k))),
        lambda: matrices.rank_full(W, given(rel(Rank(W), "=", m)), given(rel(0, "≤", m))),
        lambda: matrices.rank_full(A, given(rel(Rank(A), "=", k)), given(rel(0, "≤", m))),
        lambda: matrices.rank_full(A, given(Rel(A @ B, "=", Eye(k))), given(rel(0, "≤", k)), B),
        lambda: matrices.rank_none(A),
        lambda: matrices.rank_none(A, given(rel(Rank(A), "=", 1))),
        lambda: matrices.rank_factors(A, given(rel(Rank(A), "≤", m)), Letter("F", k, k), Letter("G", k, k)),
        lambda: matrices.rank_factors(A, given(rel(Rank(A), "≤", k)), A, B),
        lambda: matrices.rank_factors(A, given(rel(Rank(A), "≤", k)), B, B),
        lambda: matrices.rank_nullity(A, B, given(vanish(A, B).body)),
        lambda: matrices.rank_nullity(B, A, given(vanish(A, B))),
        lambda: matrices.rank_nullity(A, W, given(vanish(A, B))),
        lambda: matrices.rank_nullity(A, B, given(vanish(B, B))),
        lambda: matrices.rank_nullity(
            A, B, given(ForAll(v, Implies(Rel(A @ v, "≠", zero(v)), Rel(B @ v, "=", zero(v)))))
        ),
        lambda: matrices.rank_nullity(v @ v.T, B, given(vanish(v @ v.T, B))),
        lambda: matrices.rank_nullity(A, B, given(vanish(A, B, Letter("v", k, 1, frozenset({"orthonormal"}))))),
        lambda: matrices.rank_nullity(A, B, given(vanish(A, B, Letter("v", k, k)))),
    ],
)
def test_a_fact_refuses_what_it_does_not_say(made: Callable[[], Theorem]) -> None:
    with pytest.raises((Refused, E.ShapeError)):
        made()


def test_a_matrix_that_maps_more_to_nothing_has_no_larger_rank() -> None:
    """The fact, and against matrices: of B = ZA it is no larger; of others, which map some x of A's to more, it may."""
    t = matrices.rank_nullity(A, B, given(vanish(A, B)))
    recheck(t)
    assert t.rests_on == {"rank"}
    assert equal(t.says.left, Rank(B))  # type: ignore[attr-defined]
    rng, larger = np.random.default_rng(0), 0
    for _ in range(200):
        rows, columns = rng.integers(0, 5, 2)
        a = rng.integers(-1, 2, (rows, columns))
        below, other = rng.integers(-1, 2, (3, rows)) @ a, rng.integers(-1, 2, (3, columns))
        rank_a, rank_below, rank_other = (np.linalg.matrix_rank(x) if x.size else 0 for x in (a, below, other))
        assert rank_below <= rank_a
        larger += rank_other > rank_a
    assert larger > 20


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (A**-1 @ A, Eye(k), True),
        (A @ A**-1 @ B, B, True),
        ((A**-1).T @ A.T, Eye(k), True),
        (A**-2 @ A, A**-1, True),
        (P**-1, (P**-1).T, True),
        (S**-1 @ S.T, Eye(k), True),
        (Tr(B @ A**-1 @ A), Tr(B), True),
        ((A @ B) ** -1, (A @ B) ** -1, True),
        (A**-1, (A**-1).T, False),
        (A**-1 @ A.T, Eye(k), False),
        (A @ A, Eye(k), False),
        (B**-1 @ A, Eye(k), False),
        (A**-1 @ B @ A, B, False),
        (Q**-1, Q.T, False),  # true, and not seen
        (Grad(Tr(A**-1), A), -(A**-2).T, True),
        (Grad(Tr(B @ A**-1 @ C), A), -(A**-1 @ C @ B @ A**-1).T, True),
        (Grad(Tr(B @ A**-1), B), (A**-1).T, True),
        (Grad(Tr(A**-1), A), zero(A), False),
    ],
)
def test_products_and_derivatives_with_inverses(left: E.Expr, right: E.Expr, same: bool) -> None:
    assert equal(left, right) == same
    rng = Random(5)
    if same:
        for count in (1, 2, 3):
            at: dict[str, object] = {"k": count}
            for w in (A, B, C, P, S):
                at[w.name] = letter_value(w, rng, at, 3)
            values = [truth(rel(det(w), "≠", 0), at) for w in (A, B, S)]
            if all(values):
                assert np.all(evaluate(left, at) == evaluate(right, at))


def test_an_inverse_needs_a_determinant_and_a_diagonal_one_its_entries() -> None:
    assert needs(A**-1) == (rel(det(A), "≠", 0),)
    assert "•" in str(needs(E.Diag(E.Family("f"), k) ** -1)[0])
    with pytest.raises(E.ShapeError):
        needs(A ** E.Num(E.Fraction(1, 2)))
    with pytest.raises(NoValue):
        evaluate(A**-1, {"k": 1, "A": np.array([[fmpq(0)]], dtype=object)})


TRUE = [
    Rel(P**-1, "≻", zero(P)),
    Rel(W.T @ P**-1 @ W, "⪰", zero(W.T @ W)),
    Rel((R + Eye(k)) ** -1, "≻", zero(P)),
    rel(Tr(R @ A @ P @ A.T) + E.SqNorm(A), "≥", 0),
    rel(det(P @ A @ P**-1), "=", det(A)),
    rel(det(Q @ A @ Q.T), "=", det(A)),
    rel(det(Q) ** 2, "=", 1),
    rel(det(P), ">", 0),
    rel(Rank(W @ W.T @ A), "≤", Rank(W)),
    rel(Rank(W @ W.T), "≤", m),
    rel(Rank(Q), "=", k),
    rel(Rank(P), "=", k),
    rel(Rank(A.T @ A), "=", Rank(A)),
    rel(Rank(A + W @ W.T), "≤", Rank(A) + Rank(W @ W.T)),
    rel(0, "≤", Rank(W)),
]
SIZES = (rel(1, "≤", k), rel(1, "≤", m))


@pytest.mark.parametrize("goal", TRUE, ids=str)
def test_the_default_tactics_find(goal: Rel) -> None:
    ground = Ground.of(SIZES)
    t = valued(ground, ground.prove(goal))
    assert t.given <= set(SIZES)
    recheck(t)
