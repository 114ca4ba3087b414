"""Rules of limits: what an exponential exceeds, and what is squeezed to 0.

Main results
    exponential    exp x ≥ 1 + x
    squeezed       from ‖a(t)‖² t ≤ c for every t ≥ b: a(t) tends to 0
"""

from __future__ import annotations

from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ONE, Fades, ForAll, Implies, Rel
from proofs.kernel.rules import Said, same, want
from proofs.kernel.theorem import Theorem, rule


@rule()
def exponential(x: Expr) -> Said:
    """exp x ≥ 1 + x.

    Proof. The derivative exp x − 1 of exp x − 1 − x has the sign of x. So that function is least at x = 0, where it is
    0.
    """
    want(x.is_scalar, "a scalar")
    return [], Rel(E.exp(x), "≥", ONE + x)


@rule()
def squeezed(goal: Fades, t: Theorem) -> Said:
    """From ∀ t: b ≤ t ⇒ ‖a(t)‖² t ≤ c: a(t) tends to 0 as t grows; b and c do not depend on t.

    Proof. For t ≥ b and t > 0, ‖a(t)‖² ≤ c/t, which tends to 0. Every entry is at most ‖a(t)‖ in magnitude.
    """
    want(isinstance(goal, Fades), "no limit")
    says: Any = t.says
    want(isinstance(says, ForAll) and says.var == goal.var, f"nothing is said of every {goal.var}")
    want(isinstance(says.body, Implies) and isinstance(says.body.conclusion, Rel), "no bound")
    premise, bound = says.body.premise, says.body.conclusion
    want(goal.var not in free(bound.right) | free(goal.lo), f"a bound that depends on {goal.var}")
    want(same(premise, Rel(goal.lo, "≤", goal.var)), f"{premise} is not {goal.lo} ≤ {goal.var}")
    want(same(bound, Rel(E.SqNorm(goal.body) * goal.var, "≤", bound.right)), f"{bound} bounds something else")
    return [], goal
