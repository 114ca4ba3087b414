"""Attacks by huge integers, by names that look like the kernel's own, by what does not exist and by what is at work.

Each would prove a statement that is false at the instance beside it, as the judge confirms; true ones of the same kind
stay proved.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofs.kernel import expressions as E
from proofs.kernel import matrices, rules
from proofs.kernel.existence import obtain, selection, witness
from proofs.kernel.expressions import Expr, Eye, Family, Letter, Tr, integer, lift
from proofs.kernel.propositions import Every, Exists, Implies, Rel, rel
from proofs.kernel.spectrum import Block, Extreme, HessianAt, rayleigh
from proofs.kernel.theorem import Theorem, exists
from tests.soundness.attacks import ONE, ZERO, Attempt, each, eq, f, g, given, i, j, k, m, n, refused, ring, total, x
from tests.soundness.judge import true

FAR = 2 * 10**9
Q = Letter("Q", m, k, frozenset({"orthonormal"}))
GRAM = ring(Q.T @ Q, Eye(k))
NARROW = exists(Q)
"""That k ≤ m, where k ≥ 1."""
A, C, W = (Letter(name, 1, 1) for name in "ACW")
WIDER = Letter("v", 2, 3)
PLACED = HessianAt(E.SqNorm(W), (W,), (A,), 1, 1)
REGULAR = given(rel(E.det(A), ">", 0))
UNITS = Family("d", define=lambda a: E.SqNorm(E.Basis(a, n)))
COUNT = given(rel(0, "≤", n))


def ordered(left: Any, op: str, right: Any) -> Theorem:
    return rules.order(rel(left, op, right), ())


def larger(a: Expr, b: Expr) -> Expr:
    return E.Pick("max", (f[a], g[b]))


def holes(prime: str) -> tuple[Expr, Expr]:
    """Σ_j max(f_j, g_u) and Σ_j max(f_v, g_j), for the names that the kernel gives to the places of j."""
    u, v = integer("•hole0"), integer(f"•hole0{prime}")
    return total(larger(j, u), j), total(larger(v, j), j)


def curvature(a: Expr) -> Expr:
    """s_max of the Hessian of ‖W‖² at f_a: 2."""
    return Extreme("s_max", HessianAt(E.SqNorm(W), (W,), (f[a] * Eye(1),), 1, 1))


def curved(s: Callable[[Expr], Any], inner: Expr) -> Expr:
    return total(s(i) * total(f[inner] * g[j], j), i)


def fixed() -> Theorem:
    """∇ tr(CA) by the matrix C that is to be held fixed."""
    return matrices.jacobi(ring(E.Grad(Tr(C @ A), C), A.T), A, C, (REGULAR,))


def selected(name: str) -> Theorem:
    """From f_i ≥ c for every i: g_l ≥ c, where c has the name of the index l."""
    q, count, c = Letter("q", m, m), integer("ℓ"), integer(name)
    off = Every(i, ONE, m, Every(j, ONE, m, Implies(rel(i, "≠", j), eq(E.Entry(q, i, j), 0))))
    names = count, Letter("F", m, count, frozenset({"orthonormal"})), Family("d"), Family("q")
    t = selection(q, given(off), f, names, (given(each(rel(f[i], "≥", c), i, hi=m)),))
    bound: Any = t.says
    while not isinstance(bound, Every):
        bound = bound.body if isinstance(bound, Exists) else bound.terms[-1]
    assert c not in E.lift(bound.var).walk()
    return t


def supposed_away() -> Theorem:
    """That some Q exists supposes k ≤ m; it does not show it."""
    there_is = witness(Exists(Q, GRAM.says), Q, GRAM)
    return obtain(there_is, given(NARROW))


def out_of_nothing() -> Theorem:
    """From 1 = 1: there is a Q, of which 1 = 1."""
    return obtain(witness(Exists(Q, eq(1, 1)), Q, ring(1, 1)), given(NARROW))


def misfit() -> Theorem:
    """A product built to be printed."""
    with E.as_printed():
        product = E.Mul((Letter("A", 1, 2), Letter("B", 3, 1)))
    return ring(product, product)


LONG = {"i": FAR + 1, "j": 0}
WIDE = {"k": 2, "m": 1}
HALVES = {"k": 2, "f": [1, 0], "g": [1, 0]}

ATTACKS: dict[str, tuple[Attempt, Expr, dict[str, Any]]] = {
    "no integer is so far": (lambda: ordered(i, "≤", j + FAR), rel(i, "≤", j + FAR), LONG),
    "no integer is so far, ≥": (lambda: ordered(j + FAR, "≥", i), rel(j + FAR, "≥", i), LONG),
    "no integer is so far, ≠": (lambda: ordered(i - 1, "≠", j + FAR), rel(i - 1, "≠", j + FAR), LONG),
    "a range that ends so far": (
        lambda: ring(E.Entry(E.Proj(j + FAR, k), i, i), E.Entry(Eye(k), i, i)),
        eq(E.Entry(E.Proj(j + FAR, k), i, i), E.Entry(Eye(k), i, i)),
        {"i": 2, "j": 1 - FAR, "k": 2},
    ),
    "places of one name": (
        lambda: ring(*holes("′")),
        eq(*holes("′")),
        {"k": 2, "f": [1, 2], "g": [5, 7], "•hole0": 1, "•hole0′": 2},
    ),
    "columns in a diagonal": (
        lambda: ring(Tr(E.Diag(UNITS, n)), n * n, COUNT),
        eq(Tr(E.Diag(UNITS, n)), n * n),
        {"n": 2},
    ),
    "columns in a mask": (
        lambda: ring(Tr(E.MaxMask(Eye(n), UNITS)), n * n, COUNT),
        eq(Tr(E.MaxMask(Eye(n), UNITS)), n * n),
        {"n": 2},
    ),
    "a Hessian that is looked at meanwhile": (
        lambda: ring(curved(curvature, i), curved(curvature, j)),
        eq(curved(lambda a: 2, i), curved(lambda a: 2, j)),
        HALVES,
    ),
    "a gradient by what is held fixed": (
        lambda: rules.chain((ring(0 * C, E.Grad(E.log(E.det(A)), C), REGULAR), fixed())),
        Rel(0 * C, "=", A.T),
        {"A": [[1]], "C": [[1]]},
    ),
    "a supposed existence, used": (supposed_away, NARROW, WIDE),
    "an existence out of nothing": (out_of_nothing, NARROW, WIDE),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused(name: str) -> None:
    attempt, says, at = ATTACKS[name]
    assert not true(says, at)
    refused(attempt)


def test_a_bound_does_not_take_the_name_of_an_index() -> None:
    """f = 0 ≥ c = 0 does not make g_2 ≥ 2."""
    for name in ("•l", "•i", "c"):
        t = selected(name)
        assert integer(name) in rules.free(t.says)


def test_what_was_built_to_be_printed_is_looked_at_again() -> None:
    refused(misfit)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: ring(E.Entry(Block(PLACED, (WIDER,)), ONE, ONE), 2 * E.Entry(WIDER, ONE, ONE) ** 2),
        lambda: rayleigh(Extreme("s_max", HessianAt(E.SqNorm(W), (W,), (WIDER,), 1, 1)), (W,)),
        lambda: matrices.rank_of_sum(A, Letter("B", 1, 2)),
        lambda: rules.replace(A @ Letter("B", 2, 1), ()),
    ],
)
def test_what_is_built_to_be_printed_makes_no_theorem(attempt: Attempt) -> None:
    """Nor do rules that are run where shapes are not looked at."""
    with E.as_printed():
        refused(attempt)


@pytest.mark.parametrize("trait", ["symmetric", "skew", "psd", "pd"])
def test_no_such_matrix_is_declared(trait: str) -> None:
    """S₁₂ = S₂₁ of a 1×2 matrix, of which everything would hold."""
    with pytest.raises(ValueError, match="not square"):
        Letter("S", m, n, frozenset({trait}))


def test_a_derivative_off_the_simplex_has_no_value() -> None:
    """E 1 = 1 where the weights add up to 1, and nothing where they do not: there is no ∂/∂w_1."""
    w = Family("w")
    b = Family("b", random=w, length=k)
    weights = given(eq(total(w[i], i), 1)), given(each(rel(w[i], "≥", 0), i))
    refused(lambda: rules.with_values(ring(E.Diff(E.Expect(b, lift(1)), w[1]), 0, *weights), weights))


@pytest.mark.parametrize(
    "made",
    [
        lambda: ordered(i, "≤", i + FAR),
        lambda: rules.order(rel(i, "≤", j + FAR), (given(rel(i, "≤", j)),)),
        lambda: ring(holes("")[0], total(larger(i, integer("•hole0")), i)),
        lambda: ring(Tr(E.Diag(UNITS, n)), n, COUNT),
        lambda: ring(Tr(E.MaxMask(Eye(n), UNITS)), n, COUNT),
        lambda: ring(curved(curvature, i), total(f[i] * curvature(i), i) * total(g[j], j)),
        lambda: obtain(given(Exists(Q, GRAM.says)), ring(ZERO, ZERO)),
        lambda: witness(Exists(Q, GRAM.says), Q, GRAM),
    ],
)
def test_true_ones_are_proved(made: Callable[[], Theorem]) -> None:
    assert made().rule


def test_what_a_witness_supposes_stays() -> None:
    for t in (GRAM, ring(1, 1)):
        assert witness(Exists(Q, t.says), Q, t).given == {NARROW}


ORDERED = rel(x, "≤", 0)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: ring(f[x], f[x]),
        lambda: ring(f[k / 2], f[k / 2]),
        lambda: rules.replace(total(f[i], i, hi=x), ()),
        lambda: rules.replace(E.Entry(W, ONE, f[1]), ()),
        lambda: rules.replace(E.Proj(x, k), ()),
        lambda: rules.replace(E.Extremum("max", i, ONE, k / 2, f[i]), ()),
        lambda: matrices.unit(Eye(Fraction(1, 2))),
        lambda: matrices.unit(Eye(lift(Fraction(1, 2)))),
        lambda: matrices.unit(Eye(x)),
        lambda: rules.square(Letter("A", Fraction(5, 2), k)),
        lambda: ring(Tr(E.Grad(W, W)), 1),
        lambda: rules.square(ORDERED),
        lambda: rules.replace(Extreme("s_min", Letter("A", m, n)), ()),
        lambda: rules.replace(Extreme("s_max", x), ()),
        lambda: rules.replace(Extreme("s_mid", W), ()),
        lambda: given(E.T(ORDERED)),
        lambda: given(E.Add((ORDERED, ORDERED))),
        lambda: given(total(ORDERED)),
        lambda: rules.replace(E.Entry(W, W, ONE), ()),
    ],
)
def test_what_has_no_meaning_has_no_value(attempt: Attempt) -> None:
    """A member between two others, half a row, a proposition among numbers."""
    refused(lambda: rules.with_values(attempt(), ()))
