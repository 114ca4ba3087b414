"""The normal form against exact evaluation: equal forms if and only if equal values, for random expressions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.algebra.evaluate import evaluate
from proofs.algebra.normal import Undecided, equal, normal_form
from proofs.claim import Context
from proofs.hypotheses import Plan, instances
from proofs.kernel import expressions as E

k, m, n, i, j, b, a = map(E.integer, ("k", "m", "n", "i", "j", "b", "a"))
α, θ = E.Sym("α"), E.Sym("θ")
A, B = E.Letter("A", k, m), E.Letter("B", m, k)
C = E.Letter("C", k, k, frozenset({"symmetric"}))
U = E.Letter("U", k, k, frozenset({"orthonormal"}))
K = E.Letter("K", k, k, frozenset({"skew"}))
σ, w = E.Family("σ"), E.Family("w")
S = E.Diag(σ, k, "S")
tail = E.Family("t", tail=lambda a: w[a], length=k)

SUMMED = E.Sum(a, E.Num(E.Fraction(1)), k, σ[a] * (E.Proj(a, k) @ C @ E.Basis(a, k) @ E.Basis(a, k).T))
SQUARE = [
    SUMMED,
    A @ B,
    C,
    U,
    U.T,
    S,
    S**2,
    K,
    E.Proj(i, k),
    E.Eye(k),
    (A @ B).T,
    E.MaxMask(C, tail),
    E.LowerMask(A @ B),
]


def agree_at_instances(left: E.Expr, right: E.Expr, seed: int = 0) -> bool:
    """Whether both sides have the same exact value at every drawn instance."""
    context = Context(seed=seed)
    pairs = [(evaluate(left, at), evaluate(right, at)) for at in instances((left, right), context, Plan(per_size=2))]
    assert pairs, "no instance was drawn: the test would pass by vacuity"
    return all(np.all(x == y) for x, y in pairs)


def random_square(rng: Random, depth: int) -> E.Expr:
    if depth == 0:
        return rng.choice(SQUARE)
    x, y = random_square(rng, depth - 1), random_square(rng, depth - 1)
    return rng.choice([x @ y, x + y, x - y, x.T @ y, 2 * x + y.T])


@given(st.integers(0, 10**6))
@settings(max_examples=120, deadline=None)
def test_traces_of_random_products_are_equal_exactly_when_their_values_are(seed: int) -> None:
    rng = Random(seed)
    x, y = random_square(rng, 1), random_square(rng, 1)
    pairs = [(E.Tr(x @ y), E.Tr(y @ x)), (E.Tr(x @ y), E.Tr(y.T @ x.T)), (E.Tr(x @ y), E.Tr(x.T @ y))]
    left, right = rng.choice(pairs)
    assert equal(left, right) == agree_at_instances(left, right, seed)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_distributed_products_are_equal_and_a_changed_sign_is_not(seed: int) -> None:
    rng = Random(seed)
    x, y, z = (random_square(rng, 1) for _ in range(3))
    assert equal((x + y) @ z, x @ z + y @ z)
    changed = x @ z - y @ z
    assert equal((x + y) @ z, changed) == agree_at_instances((x + y) @ z, changed, seed)


TRUE = {
    "trace is cyclic": (E.Tr(A @ B), E.Tr(B @ A)),
    "orthogonal matrices cancel": (U.T @ C @ U @ U.T, U.T @ C),
    "a skew matrix has no trace with a symmetric one": (E.Tr(K @ C), E.Num(E.Fraction(0))),
    "tails are sums of projections": (E.Tr(E.Diag(tail, k)), E.Sum(b, E.Num(E.Fraction(1)), k, b * w[b])),
    "the mask is linear": (E.MaxMask(C + S, tail), E.MaxMask(C, tail) + E.MaxMask(S, tail)),
    "a triangle and its transpose": (E.LowerMask(C) + E.LowerMask(C, True).T, C),
    "entries are traces": (E.Entry(A @ B, i, j), E.Entry(B.T @ A.T, j, i)),
    "a Givens rotation is orthogonal": (E.givens(i, j, θ, k) @ E.givens(i, j, θ, k).T, E.Eye(k)),
    "sums over an index leave indices out": (
        E.Sum(a, E.Num(E.Fraction(1)), k, σ[a], (i,)),
        E.Tr(S) - σ[i],
    ),
    "radicals square": ((E.Eye(k) + S**2) ** E.Fraction(1, 2) @ (E.Eye(k) + S**2) ** E.Fraction(1, 2), E.Eye(k) + S**2),
    "denominators clear": (1 / (σ[i] - σ[j]) + 1 / (σ[j] - σ[i]), E.Num(E.Fraction(0))),
    "gradient of a quartic": (
        E.Grad(E.SqNorm(A @ B), A),
        2 * (A @ B @ B.T),
    ),
    "derivative of an angle": (E.Diff(E.cos(θ) ** 2, θ), -E.sin(2 * θ)),
}


@pytest.mark.parametrize("name", TRUE)
def test_known_identities_hold_for_all_sizes(name: str) -> None:
    left, right = TRUE[name]
    assert equal(left, right)


@pytest.mark.parametrize("name", TRUE)
def test_known_identities_break_when_a_side_is_doubled(name: str) -> None:
    left, right = TRUE[name]
    if isinstance(right, E.Num):
        right = right + 1
    assert not equal(left, 2 * right)


λ, μ = E.Sym("λ"), E.Family("μ", length=k)
M = E.Diag(μ, k, "M")
DAMPED = E.Tr(C @ (M**2 + λ * E.Eye(k)) ** -1)
HIDDEN = {
    "a derivative by what is inside a diagonal matrix": E.Diff(DAMPED, λ),
    "a derivative by an entry of a diagonal matrix": E.Diff(E.Tr(C @ M), μ[i]),
    "a coefficient of what is inside a diagonal matrix": E.Coeff(DAMPED, λ, 1),
    "a value at zero of what is inside a diagonal matrix": E.Diff(DAMPED, λ, 0, True),
    "a coefficient of an angle": E.Coeff(E.cos(θ), θ, 2),
    "a coefficient of a quotient": E.Coeff(1 / α + α, α, 1),
    "the value of a quotient at zero": E.Diff(1 / α, α, 1, True),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_the_rules_cannot_expand_is_refused_not_dropped(name: str) -> None:
    with pytest.raises(Undecided):
        normal_form(HIDDEN[name])


def test_the_gradient_of_a_quotient_follows_the_chain_rule() -> None:
    slope = E.Grad(1 / (1 + E.SqNorm(A)), A)
    assert equal(slope, -2 / (1 + E.SqNorm(A)) ** 2 * A)
    assert not equal(slope, E.Zero(k, m))


def test_no_multiple_of_an_angle_is_no_angle() -> None:
    assert equal(E.cos(0 * θ), E.lift(1))
    assert equal(E.sin(0 * θ), E.lift(0))


def test_indices_with_different_names_are_different() -> None:
    assert equal(E.Basis(i, k).T @ E.Basis(j, k), E.Zero(1, 1))


def test_products_that_do_not_conform_are_refused_when_built() -> None:
    with pytest.raises(E.ShapeError, match="does not conform"):
        A @ A
    with pytest.raises(E.ShapeError, match="differ in shape"):
        A + B


def test_a_maximum_has_no_normal_form() -> None:
    with pytest.raises(Undecided):
        normal_form(E.Extremum("max", i, E.Num(E.Fraction(1)), k, σ[i]))
