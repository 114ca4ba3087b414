"""Of each kind of statement a false one that instances would let through, and a true one that they must not refute."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq

from proofs.claim import Claim, Decision, Verdict
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Expr,
    Extremum,
    Eye,
    Family,
    Letter,
    LowerMask,
    Num,
    Sym,
    Tr,
    Zero,
    exp,
    integer,
    lift,
    size,
)
from proofs.kernel.propositions import rel
from proofs.methods.attained import Attained, Nonempty
from proofs.methods.chain import chain
from proofs.methods.counts import Directions
from proofs.methods.decay import Decays
from proofs.methods.definiteness import Definite
from proofs.methods.finite import Finite
from proofs.methods.flow import Clock, Descends, Solves
from proofs.methods.global_minima import Minima
from proofs.methods.stationarity import SMALL, Complete, Points, Stationary
from proofs.tactics.relations import Within

k, m = size("k"), size("m")
l = integer("l")  # noqa: E741
ONE = lift(1)
a, c, s, t, ε, λ = (Sym(name) for name in ("a", "c", "s", "t", "ε", "λ"))
f = Family("f", length=k)
q = Letter("q", 1, 1)
v, v0 = Letter("v", k, 1), Letter("v_0", k, 1)
WELLS = (Tr(q @ q) - 1) ** 2
"""Least at ±1, where it is 0; its third stationary point is 0."""


def verdict(statement: Any, *given: Expr) -> Verdict:
    return decided(statement, *given).verdict


def decided(statement: Any, *given: Expr) -> Decision:
    hypotheses = (Hypothesis("given", "", given),) if given else ()
    return Claim("tests/kind", "", "", lambda: statement, hypotheses).decide(6)


def only(point: Expr) -> Points:
    """A list of one point."""
    return Points((q,), (point,), lambda at: iter([dict(at)]), frozenset())


@pytest.mark.parametrize("kind", ["global", "local"])
def test_minima_are_not_certified_where_the_list_of_stationary_points_lacks_them(kind: str) -> None:
    zero = only(Zero(1, 1))
    found = decided(Minima(WELLS, zero, zero, ONE, (), (), kind))
    assert found.verdict == (Verdict.OPEN if kind == "global" else Verdict.REFUTED)
    one = only(Eye(1))
    assert verdict(Minima(WELLS, one, one, lift(0), (), (), "local")) != Verdict.REFUTED


def roots(where: tuple[Expr, ...], *values: int) -> Points:
    """The points c with what is said of c, drawn among values."""
    choices = lambda at: ({**at, "c": fmpq(x)} for x in values)  # noqa: E731
    return Points((q,), (c * Eye(1),), choices, frozenset({"c"}), where=where, names=(c,))  # type: ignore[arg-type]


def test_a_list_is_what_is_printed_of_its_letters_not_what_was_drawn() -> None:
    assert verdict(Stationary(WELLS, roots((rel(c**2, "=", 1),), 1, -1))) == Verdict.CERTIFIED
    assert verdict(Stationary(WELLS, roots((rel(c**2, "≤", 1),), 1, -1))) == Verdict.REFUTED
    assert verdict(Stationary(WELLS, roots((), 1, -1))) == Verdict.REFUTED
    found = decided(Stationary(WELLS, roots((rel(c**2, "=", 1),), 2)))
    assert found.verdict == Verdict.OPEN
    assert "a choice is not of the list: c² = 1" in found.scope


def test_directions_at_a_point_that_is_not_critical_are_not_certified() -> None:
    assert verdict(Directions("ascending", ONE, WELLS, only(2 * Eye(1)), SMALL)) == Verdict.OPEN
    assert verdict(Directions("descending", ONE, WELLS, only(Zero(1, 1)), SMALL)) == Verdict.CERTIFIED


def test_a_curve_on_which_the_flow_rests_does_not_descend() -> None:
    """w' = −w(2w − 1)² rests at 1/2."""
    loss = Tr(q @ q @ q @ q) - Fraction(4, 3) * Tr(q @ q @ q) + Fraction(1, 2) * Tr(q @ q)
    assert verdict(Descends(loss, (q,), (a * Eye(1),), a, -a * (2 * a - 1) ** 2)) == Verdict.REFUTED
    assert verdict(Descends(Tr(q @ q) / 2, (q,), (a * Eye(1),), a, -a)) == Verdict.CERTIFIED


def solves(velocity: Expr, path: Expr, growth: Expr) -> Solves:
    return Solves((v,), (velocity,), (path,), (v0,), (Zero(k, 1),), Clock(s, growth))


def test_a_clock_runs_from_1_and_the_way_it_grows() -> None:
    assert verdict(solves(-v, (1 / s) * v0, ONE)) == Verdict.CERTIFIED
    assert verdict(solves(-v, s * v0, lift(-1))) == Verdict.CERTIFIED
    assert verdict(solves(v, s * v0, ONE)) == Verdict.REFUTED
    assert verdict(solves(v, (1 / s) * v0, lift(-1))) == Verdict.REFUTED
    assert verdict(solves(-λ * v, (1 / s) * v0, λ)) == Verdict.REFUTED


def test_what_decays_is_a_constant_over_an_exponential() -> None:
    with pytest.raises(ValueError, match="without t"):
        Decays(exp(2 * t), ONE, t)


def test_that_a_better_list_was_found_says_nothing_of_the_best() -> None:
    third = (f[l] - Fraction(1, 3)) ** 2
    statement = Attained(Extremum("max", l, ONE, k, third), f, lambda b: -ε * (f[b] - Fraction(1, 3)), ε)
    assert verdict(statement) == Verdict.OPEN


def test_index_sets_are_those_of_what_is_given() -> None:
    assert verdict(Nonempty(Extremum("max", l, ONE, k - 1, f[l]))) == Verdict.REFUTED
    assert verdict(Nonempty(Extremum("max", l, ONE, k - 1, f[l])), rel(k, "≥", 2)) == Verdict.PROVED
    assert verdict(Nonempty(Extremum("max", l, ONE, m - 1, f[l])), rel(m, "≥", 2)) == Verdict.PROVED


def test_a_matrix_of_any_size_and_letters_is_definite() -> None:
    assert verdict(Definite(Eye(k), LowerMask(Eye(k)))) == Verdict.PROVED
    square = Letter("C", k, k)
    assert verdict(Definite(square.T @ square, LowerMask(Eye(k)))) == Verdict.REFUTED


# -- kinds that believed their author --------------------------------------------------------------


def test_what_is_not_divided_by_an_exponential_does_not_decay() -> None:
    for power in (0, -1):
        with pytest.raises(ValueError, match="want at least 1"):
            Decays(ONE, ONE, t, power)


def complete(*where: Expr) -> Complete:
    """The stationary points of the wells with what is said of them; ±1 and 0 are drawn."""
    choices = lambda at: ({**at, "c": fmpq(x)} for x in (1, -1, 0))  # noqa: E731
    points = Points((q,), (c * Eye(1),), choices, frozenset({"c"}), where=where, names=(c,))  # type: ignore[arg-type]
    return Complete(WELLS, points)


def test_a_list_with_an_inequality_lacks_what_fails_it() -> None:
    cubic = rel(c * (c**2 - 1), "=", 0)
    assert verdict(complete(cubic)) == Verdict.SUPPORTED
    assert verdict(complete(cubic, rel(c, "≥", 0))) == Verdict.REFUTED


def finite(first: Any, second: Any) -> Finite:
    return Finite("n² + n + 41", lambda n: n * n + n + 41, (("first", first), ("second", second)), ({"n": 1}, {"n": 2}))


def test_two_ways_that_are_one_certify_nothing() -> None:
    by_sum = lambda n: 41 + sum(range(2, 2 * n + 1, 2))  # noqa: E731
    by_product = lambda n: n * (n + 1) + 41  # noqa: E731
    assert verdict(finite(by_sum, by_product)) == Verdict.CERTIFIED
    assert verdict(finite(by_sum, by_sum)) == Verdict.OPEN
    assert verdict(finite(lambda n: n * n + n + 41, lambda n: 43)) == Verdict.OPEN
    assert verdict(finite(lambda n: n**2.0 + n + 41, by_sum)) != Verdict.CERTIFIED


def test_a_limit_is_not_what_is_near_to_it() -> None:
    """v' = −(v − δ v_0) tends to δ v_0."""
    δ = Num(Fraction(1, 10**7))
    path = ((1 - δ) / s + δ) * v0

    def tends(limit: Expr) -> Solves:
        return Solves((v,), (-(v - δ * v0),), (path,), (v0,), (limit,), Clock(s, ONE))

    assert verdict(tends(δ * v0)) == Verdict.CERTIFIED
    assert verdict(tends(Zero(k, 1))) != Verdict.CERTIFIED


def test_a_proof_for_sizes_that_there_are_not_is_none() -> None:
    def within(greatest: int, *given: Expr) -> Decision:
        return decided(chain(k**2, "≥", (k, Within(rel(k, "≤", greatest), ""))), *given)  # type: ignore[arg-type]

    assert within(1).scope == "all sizes with k ≤ 1"
    assert within(0).verdict == Verdict.SUPPORTED
    assert within(2, rel(k, "≥", 3)).verdict == Verdict.SUPPORTED
