"""Exponentials and limits: what is bounded at every late time tends to 0, and nothing else is said to."""

from __future__ import annotations

import pytest

import proofs.tactics.prove  # noqa: F401 - the tactics
from proofs.algebra.evaluate import Irrational, evaluate
from proofs.declared import declared
from proofs.kernel import existence, limits, rules
from proofs.kernel.expressions import Basis, Diff, Expr, Fn, ShapeError, SqNorm, Sym, exp, integer, lift, size, sqrt
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import Every, Fades, ForAll, Implies, Rel, needs
from proofs.kernel.theorem import Refused, recheck
from proofs.tactics.ground import Ground, NotFound
from proofs.tactics.limits import faded
from proofs.tactics.prove import valued

t, x, y, g, c = (Sym(name) for name in ("t", "x", "y", "g", "c"))
ZERO, ONE = lift(0), lift(1)
SINCE = Rel(ZERO, "≤", t)


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        (exp(ZERO * x), ONE, True),
        (exp(x + y), exp(y + x), True),
        (Diff(exp(g * t), t), g * exp(g * t), True),
        (Diff(exp(g * t), t, 2), g**2 * exp(g * t), True),
        (Diff(exp(g * t**2), t), 2 * g * t * exp(g * t**2), True),
        (Diff(exp(g), t), ZERO, True),
        (exp(x), exp(y), False),
        (exp(x), x + 1, False),
        (exp(2 * x), 2 * exp(x), False),
        (Diff(exp(g * t), t), exp(g * t), False),
        (Diff(exp(g * t), t), ZERO, False),
        (exp(x), Fn("cos", x), False),
    ],
)
def test_exponentials_are_equal_only_where_they_are(left: Expr, right: Expr, wanted: bool) -> None:
    assert equal(left, right) is wanted


def test_there_is_no_other_function_and_exp_has_no_rational_value_but_at_0() -> None:
    with pytest.raises(ShapeError):
        Fn("tan", x)
    assert evaluate(exp(x), {"x": 0}) == 1
    with pytest.raises(Irrational):
        evaluate(exp(x), {"x": 1})


def bounded(left: Expr, right: Expr, premise: Expr = SINCE) -> rules.Theorem:
    return rules.hypothesis(ForAll(t, Implies(premise, Rel(left, "≤", right))))


def test_what_stays_bounded_times_the_time_tends_to_zero() -> None:
    found = limits.squeezed(Fades(t, ZERO, x * exp(-t)), bounded(SqNorm(x * exp(-t)) * t, c))
    recheck(found)
    assert str(found.says) == "x exp(−t) → 0 as t → ∞"


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Fades(t, ZERO, x), bounded(SqNorm(x), c)),  # no factor t
        (Fades(t, ZERO, ONE), bounded(SqNorm(ONE) * t, t)),  # a bound that grows
        (Fades(t, ZERO, x), bounded(x * t, c)),  # no square
        (Fades(t, ZERO, x), bounded(SqNorm(y) * t, c)),  # of something else
        (Fades(t, ZERO, x), bounded(SqNorm(x) * t, c, Rel(t, "≤", ZERO))),  # of early times
        (Fades(t, ZERO, x), bounded(SqNorm(x) * t, c, Rel(t, "=", ONE))),  # of one time
        (Fades(t, t, x), bounded(SqNorm(x) * t, c, Rel(t, "≤", t))),  # a range that speaks of the time
        (Fades(y, ZERO, x), bounded(SqNorm(x) * t, c)),  # as something else grows
        (Fades(t, ZERO, x), rules.hypothesis(Implies(SINCE, Rel(SqNorm(x) * t, "≤", c)))),  # of the present time
        (Fades(t, ZERO, x), rules.hypothesis(ForAll(t, Rel(SqNorm(x) * t, "≥", c)))),
    ],
)
def test_other_bounds_are_refused(goal: Fades, said: rules.Theorem) -> None:
    with pytest.raises(Refused):
        limits.squeezed(goal, said)


def test_an_exponential_exceeds_its_tangent_and_the_integers_have_no_limit_of_this_kind() -> None:
    assert rules.same(limits.exponential(x).says, Rel(exp(x), "≥", ONE + x))
    with pytest.raises(Refused):
        limits.exponential(Basis(ONE, integer("d")))
    with pytest.raises(ShapeError):
        Fades(integer("i"), ZERO, x)


def test_the_limit_of_a_root_that_is_outgrown_has_values_at_every_time() -> None:
    d = size("d")
    goal = Fades(t, ZERO, 1 / sqrt(2 * exp(g * t) - 1) * Basis(ONE, d))
    ground = Ground.of((Rel(g, ">", ZERO), *declared(goal)))
    found = faded(ground, goal, g, 1 / (2 * exp(g * t) - 1), ONE)
    recheck(valued(ground, found))
    assert sum(isinstance(p, ForAll) for p in needs(goal)) >= 2
    for growth in (Rel(g, "<", ZERO), Rel(g, "≥", ZERO), Rel(g, "≠", ZERO)):
        with pytest.raises(NotFound):
            faded(Ground.of((growth, *declared(goal))), goal, g, 1 / (2 * exp(g * t) - 1), ONE)


@pytest.mark.parametrize(
    "goal",
    [
        Rel(exp(x), ">", ONE),
        Rel(exp(x), "≥", ONE + 2 * x),
        Rel(2 * exp(g * t) - 3, ">", ZERO),
        Rel(sqrt(exp(x) - 1), ">", ZERO),
        ForAll(t, Rel(exp(g * t), "≥", ONE)),
    ],
)
def test_what_does_not_follow_of_exponentials_is_not_found(goal: Expr) -> None:
    with pytest.raises(NotFound):
        Ground.of((Rel(g, ">", ZERO), Rel(t, "≥", ZERO))).prove(goal)


def test_what_holds_at_a_supposed_time_does_not_hold_at_every_time() -> None:
    ground = Ground.of((Rel(g, ">", ZERO), Rel(t, "≥", ZERO)))
    assert ground.prove(Rel(2 * exp(g * t) - 1, ">", ZERO))
    with pytest.raises((NotFound, Refused)):
        existence.whatever(ground.prove(Rel(2 * exp(g * t) - 1, ">", ZERO)), t)
    assert not isinstance(needs(Fades(t, ZERO, 1 / x))[0], Every)
