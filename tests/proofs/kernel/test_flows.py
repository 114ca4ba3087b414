"""Flows along curves: the fact is taken with all its hypotheses, and holds numerically."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from scipy.integrate import solve_ivp

from proofs.kernel import flows, rules
from proofs.kernel.binding import Captured, substitute
from proofs.kernel.expressions import Eye, Letter, Num, ShapeError, SqNorm, Sym, Zero, exp, lift, size
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Refused, Theorem, recheck

ZERO, ONE = lift(0), lift(1)
m = size("m")
W, A = Letter("W", m, m), Letter("A", m, m)
a, λ = Sym("a"), Sym("λ")
HALF = Num(Fraction(1, 2))
LOSS = HALF * SqNorm(W)


def argued(loss: Any = LOSS, point: Any = a * A, speed: Any = -a, begin: Any = ONE, **changes: Any) -> Theorem:
    """The flow of a loss along a ray, every hypothesis as a supposition."""
    start, limit = (substitute(point, {a: x}) for x in (begin, ZERO))
    goal = flows.Reaches(loss, (W,), (start,), (limit,))
    if "slopes" not in changes:
        changes["slopes"] = (rules.ring(flows.descent(loss, (W,), (point,), speed, a, 0)),)
    steps: dict[str, Any] = {
        "goal": goal,
        "points": (point,),
        "speed": speed,
        "parameter": a,
        "begin": begin,
        "slopes": (),
        "falls": rules.hypothesis(flows.falling(speed, a, begin)),
        "rests": rules.ring(Rel(substitute(speed, {a: ZERO}), "=", ZERO)),
        "starts": rules.hypothesis(Rel(begin, ">", ZERO)),
        **changes,
    }
    return flows.rolls_down(*steps.values())


def test_a_ray_that_the_flow_follows_leads_to_its_end() -> None:
    found = argued()
    assert found.rests_on == {"flows of one variable"}
    recheck(found)
    recheck(argued(begin=Sym("b")))


@pytest.mark.parametrize(
    "changes",
    [
        {"falls": rules.hypothesis(flows.falling(-a, a, HALF))},  # from half the way only
        {"falls": rules.hypothesis(flows.falling(-(a**3), a, ONE))},  # of another speed
        {"rests": rules.hypothesis(Rel(-a, "=", ZERO))},  # not at 0
        {"starts": rules.hypothesis(Rel(HALF, ">", ZERO))},  # of another beginning
        {"starts": rules.hypothesis(Rel(ONE, "≥", ZERO))},
        {"slopes": ()},
        {"slopes": (rules.hypothesis(Rel(a, "=", a)),)},
        {"slopes": (rules.hypothesis(flows.descent(LOSS, (W,), (a * A,), -a, a, 0)),)},  # supposed of one point
        {"goal": flows.Reaches(LOSS, (W,), (A,), (ONE * A,))},  # a limit that is not where the curve ends
        {"goal": flows.Reaches(LOSS, (W,), (2 * A,), (ZERO * A,))},  # from elsewhere
        {"goal": flows.Reaches(3 * LOSS, (W,), (ONE * A,), (ZERO * A,))},  # of another loss
        {"begin": a},  # a beginning that moves
        {"parameter": λ},
        {"points": (a * W,)},  # a point that moves
    ],
)
def test_a_missing_hypothesis_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        argued(**changes)


def test_what_is_no_polynomial_is_refused() -> None:
    for loss in (exp(LOSS), LOSS / λ, SqNorm(W) ** λ):
        assert not flows.polynomial(loss)
    assert flows.polynomial(LOSS)
    slopes = (rules.hypothesis(flows.descent(LOSS, (W,), (exp(a) * A,), -a, a, 0)),)
    with pytest.raises(Refused, match="polynomial"):
        argued(point=exp(a) * A, slopes=slopes)


def test_what_a_flow_is_of_cannot_be_replaced_in_it() -> None:
    goal = flows.Reaches(LOSS + λ * SqNorm(W), (W,), (A,), (A,))
    for old, new in ((W, A), (λ, ONE), (m, lift(2))):
        with pytest.raises(Captured):
            substitute(goal, {old: new})
    assert substitute(goal, {A: Eye(m)}) == replace(goal, start=(Eye(m),), limit=(Eye(m),))
    with pytest.raises(ShapeError):
        flows.Reaches(LOSS, (W,), (Letter("B", m, 1),), (W,))


@pytest.mark.parametrize("seed", range(6))
def test_flows_of_one_variable_fall_to_the_first_zero_below(seed: int) -> None:
    """f = −∏ (x − z): from above the greatest zero to it, from between two zeros of the right sign to the lower."""
    rng = np.random.default_rng(seed)
    zeros = np.sort(rng.uniform(-1, 1, size=3))
    start = zeros[2] + rng.uniform(0.1, 1)
    f = np.poly1d(-np.poly(zeros))
    assert f(start) < 0
    end = solve_ivp(lambda _, x: f(x), (0, 400), [start], rtol=1e-9, atol=1e-12).y[0, -1]
    assert zeros[2] - 1e-6 < end < zeros[2] + 0.2


# -- flows that stay bounded -----------------------------------------------------------------------
X, Y, U, V = (Letter(name, m, m) for name in "XYUV")
AT_X, AT_Y = Letter("A", m, m), Letter("B", m, m)
KEPT = X.T @ X


def settled(**changes: Any) -> Theorem:
    """The flow of a loss that bounds its letters, every hypothesis as a supposition or by the ring."""
    steps: dict[str, Any] = {
        "loss": HALF * SqNorm(X) + HALF * SqNorm(Y),
        "letters": (X, Y),
        "start": (AT_X, AT_Y),
        "limit": (U, V),
        "kept": (),
        "rests": (),
        **changes,
    }
    loss, letters, start, _, kept, *_ = steps.values()
    if "bounded" not in steps:
        there = flows.confined(loss, letters, start, kept)
        size = SqNorm(X) + SqNorm(Y)
        bound = SqNorm(AT_X) + SqNorm(AT_Y)
        whole = rules.chain((rules.ring(Rel(size, "=", 2 * loss)), doubled(rules.hypothesis(there), bound)))
        steps["bounded"] = rules.discharge(whole, there)
    return flows.settles(*steps.values())


def doubled(t: Theorem, bound: Any) -> Theorem:
    """2L ≤ the bound from L ≤ L(0)."""
    says: Any = t.says
    shape = Positive((((1,), fmpq(2)),), (((0,), fmpq(1)),))
    return rules.positive(Rel(2 * says.left, "≤", bound), (t,), shape)


def test_a_bounded_flow_tends_to_a_critical_point() -> None:
    found = settled()
    assert found.rests_on == {"Łojasiewicz"}
    recheck(found)
    body: Any = found.says
    for x in (U, V):
        assert body.var == x
        body = body.body
    assert [type(p).__name__ for p in body.terms] == ["Reaches", "Rel", "Rel", "Rel"]


@pytest.mark.parametrize(
    "changes",
    [
        {"limit": (U, U)},
        {"limit": (U,)},
        {"limit": (X, V)},  # a name that moves
        {"limit": (AT_X, V)},  # a name of the start
        {"limit": (U, Letter("V", m, m, frozenset({"symmetric"})))},
        {"start": (X, AT_Y)},  # a start that moves
        {"letters": (X, X)},
        {"kept": (KEPT,), "rests": (), "bounded": rules.hypothesis(Rel(a, "=", a))},
        {"kept": (KEPT,), "rests": (rules.hypothesis(Rel(a, "=", a)),), "bounded": rules.hypothesis(Rel(a, "=", a))},
        {"bounded": rules.hypothesis(Rel(SqNorm(X) + SqNorm(Y), "≤", ONE))},
    ],
)
def test_what_is_not_known_of_the_flow_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((Refused, ShapeError)):
        settled(**changes)


@pytest.mark.parametrize(
    "bound",
    [
        Rel(SqNorm(X) + SqNorm(Y), "≤", ONE),  # supposed of one point
        Rel(SqNorm(X) + SqNorm(Y), "≤", SqNorm(X) + SqNorm(Y)),  # a bound that moves
        Rel(SqNorm(AT_X), "≤", SqNorm(AT_X)),  # of nothing that moves
    ],
)
def test_a_bound_is_one_of_every_point_by_what_does_not_move(bound: Rel) -> None:
    there = flows.confined(HALF * SqNorm(X) + HALF * SqNorm(Y), (X, Y), (AT_X, AT_Y), ())
    known = rules.hypothesis(bound) if bound.right == ONE else rules.weaken(rules.ring(replace(bound, op="=")), "≤")
    with pytest.raises(Refused):
        settled(bounded=rules.discharge(known, there))


def test_what_is_kept_is_known_to_be_kept_at_every_point() -> None:
    """A rate that is supposed to be 0, and one that is that of another loss."""
    loss = HALF * SqNorm(X @ Y - AT_X)
    balance = X.T @ X - Y @ Y.T
    nothing = flows.rate(balance, loss, (X, Y))
    assert rules.ring(Rel(nothing, "=", Zero(m, m)))
    for t in (rules.hypothesis(Rel(nothing, "=", Zero(m, m))), rules.ring(Rel(Zero(m, m), "=", Zero(m, m)))):
        there = flows.confined(loss, (X, Y), (AT_X, AT_Y), (balance,))
        bounded = rules.discharge(rules.hypothesis(Rel(SqNorm(AT_X), "≤", ONE)), there)
        with pytest.raises(Refused, match=r"kept|every point|bound"):
            flows.settles(loss, (X, Y), (AT_X, AT_Y), (U, V), (balance,), (t,), bounded)


def test_bounded_flows_end_at_critical_points_in_numbers() -> None:
    """½(xy − 1)² + ε(x² + y²)/2 bounds its numbers: from every start the flow ends where the gradient is 0."""
    rng = np.random.default_rng(1)
    for _ in range(5):
        ε = rng.uniform(0.05, 2)

        def slope(w: np.ndarray, ε: float = ε) -> np.ndarray:
            x, y = w
            return np.array([(x * y - 1) * y + ε * x, (x * y - 1) * x + ε * y])

        end = solve_ivp(lambda _, w: -slope(w), (0, 400), rng.normal(0, 2, 2), rtol=1e-9, atol=1e-12).y[:, -1]
        assert np.max(np.abs(slope(end))) < 1e-6
