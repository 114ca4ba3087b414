"""False claims that fail only at few places: at large sizes, at single points, at one orientation, where ranks fall.

Random instances miss what is thin. Each statement has an instance at which the judge, which shares nothing with the
project's evaluator, finds it false or without a value; as a claim it must be refuted. What is true beside it is not.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from proofs.claim import Claim, Decision, Verdict
from proofs.hypotheses import Hypothesis
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, integer, size
from proofs.kernel.propositions import Exists, Iff, Implies, Or, Rel, rel
from proofs.methods.chain import Chain, Link
from proofs.methods.proposition import says
from tests.soundness.judge import Undefined, true

F = Fraction
k, m, n, p, d = (size(s) for s in "kmnpd")
i = integer("i", "", 1, k)
x, y, v, θ = (E.Sym(s) for s in ("x", "y", "v", "θ"))
f = E.Family("f", length=k)


def letter(name: str, *traits: str) -> E.Letter:
    return E.Letter(name, k, k, frozenset(traits))


A, B, Q, S = letter("A"), letter("B"), letter("Q", "orthonormal"), letter("S", "symmetric")
O_k, I_k = E.Zero(k, k), E.Eye(k)
N = E.Letter("N", 1, 1, noise=v)
FOURTH = E.Expect(N, E.Tr(N @ N @ N @ N))


def rows(*values: Any) -> list[list[Fraction]]:
    return [[F(x) for x in row] for row in values]


def vanishing(s: E.Expr, *at: int) -> E.Expr:
    """A polynomial with these roots."""
    return E.mul(*(s - a for a in at))


FALSE: dict[str, tuple[Rel, dict[str, Any]]] = {
    "a size is one of the first": (rel(vanishing(k, 1, 2, 3, 4), "=", 0), {"k": 5}),
    "another size is one of the first": (rel(vanishing(m, 1, 2, 3, 4, 5), "=", 0), {"m": 6}),
    "a size is one of those drawn": (rel(vanishing(n, 1, 2, 4, 9), "=", 0), {"n": 3}),
    "a size of any name is one of the first": (rel(vanishing(d, 1, 2, 3, 4), "=", 0), {"d": 5}),
    "an index is one of the first": (rel(vanishing(i, 1, 2, 3, 4), "=", 0), {"k": 5, "i": 5}),
    "two sizes are one": (rel(p, "=", k), {"k": 1, "p": 2}),
    "Σ i⁴ by a wrong polynomial": (
        rel(E.Sum(i, E.lift(1), k, i), "=", k * (k + 1) / 2 + vanishing(k, 1, 2, 3, 4)),
        {"k": 5},
    ),
    "no rank is above 4": (
        rel(E.Rank(A), "≤", 4),
        {"k": 5, "A": rows(*([int(a == b) for b in range(5)] for a in range(5)))},
    ),
    "det Q = 1": (rel(E.det(Q), "=", 1), {"k": 1, "Q": rows((-1,))}),
    "rank AB = rank BA": (
        rel(E.Rank(A @ B), "=", E.Rank(B @ A)),
        {"k": 2, "A": rows((0, 1), (0, 0)), "B": rows((1, 0), (0, 0))},
    ),
    "the fourth power of a strict triangle is 0": (
        Rel(E.LowerMask(A, True) ** 4, "=", O_k),
        {"k": 5, "A": rows(*([1] * 5 for _ in range(5)))},
    ),
    "cos θ > −1": (rel(E.cos(θ), ">", -1), {"θ": (F(-1), F(0))}),
    "tan(θ/2) everywhere": (rel((1 - E.cos(θ) ** 2) / (1 + E.cos(θ)), "=", 1 - E.cos(θ)), {"θ": (F(-1), F(0))}),
    "1/(5x − 1) everywhere": (rel((5 * x - 1) / (5 * x - 1), "=", 1), {"x": F(1, 5)}),
    "(7x − 3)² > 0": (rel((7 * x - 3) ** 2, ">", 0), {"x": F(3, 7)}),
    "11x ≠ 7y + 2": (rel(11 * x, "≠", 7 * y + 2), {"x": F(2, 11), "y": F(0)}),
    "(x² − 2)² ≥ 1/1000": (rel((x**2 - 2) ** 2, "≥", F(1, 1000)), {"x": F(141, 100)}),
    "f_1² − f_1 ≥ −6/25": (rel(f[1] ** 2 - f[1], "≥", F(-6, 25)), {"k": 1, "f": [F(1, 2)]}),
    "x + cos x ≥ x": (rel(E.cos(x) + x, "≥", x), {}),
    "1/(√2√2 − 2)": (rel((E.sqrt(2) * E.sqrt(2) - 2) / (E.sqrt(2) * E.sqrt(2) - 2), "=", 1), {}),
    "1/(x² − 2) everywhere": (rel((x**2 - 2) / (x**2 - 2), "=", 1), {}),
    "x² ≠ 2": (rel(x**2, "≠", 2), {}),
    "E N⁴ = v²": (rel(FOURTH, "=", v**2), {}),
    "E N⁴ = 3v²": (rel(FOURTH, "=", 3 * v**2), {}),
}
"""With no instance: at an irrational number, or for some distribution, which the judge does not take."""
NOT_REFUTED = {"1/(√2√2 − 2)"}
"""Without a value at every instance, and none in which it is seen."""


def decided(statement: Any, *given: Expr) -> Decision:
    hypotheses = (Hypothesis("given", "", given),) if given else ()
    return Claim("tests/thin", "", "", lambda: statement, hypotheses).decide(6)


@pytest.mark.parametrize("name", [name for name, (_, at) in FALSE.items() if at])
def test_the_judge_finds_it_false_or_without_a_value(name: str) -> None:
    goal, at = FALSE[name]
    with suppress(Undefined):
        assert not true(goal, at)


@pytest.mark.parametrize("name", FALSE)
def test_a_claim_that_fails_in_few_places_is_refuted(name: str) -> None:
    goal, _ = FALSE[name]
    for statement in (Chain(goal.left, (Link(goal.op, goal.right),)), says(goal)):
        verdict = decided(statement).verdict
        assert verdict == (Verdict.OPEN if name in NOT_REFUTED else Verdict.REFUTED)


TRUE: dict[str, Any] = {
    "det Q² = 1": rel(E.det(Q) ** 2, "=", 1),
    "a ball times AᵀA ⪰ 0": Rel(E.sqrt(x**2 + 1) * (A.T @ A), "⪰", O_k),
    "rank AAᵀ = rank A": rel(E.Rank(A @ A.T), "=", E.Rank(A)),
    "(x² − 2)² ≥ 0": rel((x**2 - 2) ** 2, "≥", 0),
    "|x| < 1 + x²": rel(E.Abs(x), "<", 1 + x**2),
    "1/(x² + 2)": rel((x**2 + 2) / (x**2 + 2), "=", 1),
    "E N² = v": rel(E.Expect(N, E.Tr(N @ N)), "=", v),
    "cos² + sin² = 1": rel(E.cos(θ) ** 2 + E.sin(θ) ** 2, "=", 1),
    "S = A ⇒ A = Aᵀ": Implies(Rel(S, "=", A), Rel(A, "=", A.T)),
    "x² = x iff x is 0 or 1": Iff(rel(x**2, "=", x), Or((rel(x, "=", 0), rel(x, "=", 1)))),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_holds_everywhere_is_not_refuted(name: str) -> None:
    supposed = [rel(v, "≥", 0)] if name.startswith("E N²") else []
    assert decided(says(TRUE[name]), *supposed).verdict not in (Verdict.REFUTED, Verdict.OPEN)


def test_a_ball_refutes_a_semidefinite_relation_only_where_it_is_sure() -> None:
    root = E.sqrt(x**2 + 2)
    assert decided(Chain(root * I_k, (Link("⪰", O_k),))).verdict == Verdict.PROVED
    assert decided(Chain(root * I_k, (Link("⪰", 2 * I_k),))).verdict == Verdict.REFUTED


@pytest.mark.parametrize(
    "p",
    [
        Iff(rel(x**2, "=", 2), rel(x**2, "=", 3)),
        Iff(rel(x**2, "=", -1), rel(x, "=", x + 1)),
        Implies(rel(x**2, "=", 2), rel(x, ">", 0)),
    ],
)
def test_an_equivalence_of_which_no_side_is_met_is_not_decided_by_instances(p: Expr) -> None:
    assert decided(says(p)).verdict == Verdict.OPEN


@pytest.mark.parametrize(
    "p",
    [
        Iff(Rel(A @ B, "=", O_k), Rel(B @ A, "=", O_k)),
        Iff(Rel(A @ A, "=", A), Or((Rel(A, "=", O_k), Rel(A, "=", I_k)))),
        Iff(rel(E.det(A), "=", 0), Rel(A, "=", O_k)),
        Iff(rel(x**2, "=", 4), rel(x, "=", 2)),
        Exists(S, Rel(S, "=", A)),
    ],
)
def test_a_side_of_an_equivalence_is_met(p: Expr) -> None:
    assert decided(says(p)).verdict == Verdict.REFUTED


def test_equal_extreme_eigenvalues_are_found_equal() -> None:
    from proofs.methods.eigenvalues import s_max, s_min

    assert decided(Chain(s_max(S), (Link("=", -s_min(-S)),))).verdict == Verdict.CERTIFIED
    assert decided(Chain(s_max(S), (Link("=", s_min(S)),))).verdict == Verdict.REFUTED
    assert str(s_max(S @ S)) == "s_max(S S)"


def test_instances_that_do_not_tell_support_nothing() -> None:
    same = E.sqrt(2) * E.sqrt(2)
    for op in ("≠", "<", "≤"):
        assert decided(Chain(same * x, (Link(op, 2 * x),)), rel(x, ">", 0)).verdict == Verdict.OPEN
    assert decided(Chain(E.Diff(E.Abs(x), x), (Link("=", x / E.Abs(x)),))).verdict != Verdict.CERTIFIED


# -- samplers are not believed ---------------------------------------------------------------------

ANY = (rel(k, "≥", 1), rel(x, "≥", 0))
ZEROS = np.array([[fmpq(0)]], dtype=object)


@pytest.mark.parametrize(
    ("statement", "drawn"),
    [
        (Chain(E.Tr(A), (Link("=", E.det(A)),)), {"k": 1}),
        (Chain(x, (Link("=", 0 * x),)), {"x": fmpq(0)}),
        (Chain(x, (Link("≤", E.lift(3)),)), {"x": fmpq(1)}),
        (Chain(E.Sum(i, E.lift(1), k, f[i]), (Link("=", f[1]),)), {"k": 1, "f": [fmpq(2)]}),
    ],
)
def test_what_only_a_narrow_sampler_would_let_through_is_refuted(statement: Chain, drawn: dict[str, Any]) -> None:
    narrow = Hypothesis("narrow", "", ANY, lambda rng, at: drawn)
    assert Claim("tests/narrow", "", "", lambda: statement, (narrow,)).decide(6).verdict == Verdict.REFUTED


@pytest.mark.parametrize("w", [A, S, letter("P", "psd")])
def test_a_sampler_that_draws_no_such_matrix_decides_nothing(w: E.Letter) -> None:
    value = ZEROS if w is A else np.array([[fmpq(0), fmpq(1)], [fmpq(2), fmpq(-1)]], dtype=object)
    wrong = Hypothesis("wrong", "", ANY, lambda rng, at: {"k": 2, w.name: value})
    claim = Claim("tests/wrong", "", "", lambda: Chain(E.Tr(w), (Link("≥", -E.Tr(w)),)), (wrong,))
    found = claim.decide(6)
    assert found.verdict == Verdict.OPEN
    assert f"a sampler draws {w.name} = " in found.scope


def test_what_a_convention_ties_together_is_not_moved_alone() -> None:
    tied = Hypothesis("y is x", "", (), lambda rng, at: (lambda z: {"x": z, "y": z})(fmpq(rng.randint(-9, 9), 2)))
    claim = Claim("tests/tied", "", "", lambda: Chain((x - y) ** 2 + 1, (Link("<", E.lift(2)),)), (tied,))
    assert claim.decide(6).verdict == Verdict.SUPPORTED
