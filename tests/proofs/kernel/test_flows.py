"""Flows along curves: the fact is taken with all its hypotheses, and holds numerically."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from proofs.kernel import flows, rules
from proofs.kernel.binding import Captured, substitute
from proofs.kernel.expressions import Eye, Letter, Num, ShapeError, SqNorm, Sym, exp, lift, size
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
