"""Inequalities whose denominator is itself a positive quantity: 1 − x/y ≥ 0 where x < y and y > 0, of any sign x.

Main results
    by_denominator    a ≥ b and a > b
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from proofs.kernel import rules
from proofs.kernel.gaps import Positive, reduced
from proofs.kernel.propositions import MIRROR, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.arithmetic import Gaps, picked
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound, tactic


@tactic
def by_denominator(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "≤<≥>" or not goal.left.is_scalar:
        raise NotFound("")
    if goal.op in "≤<":
        return rules.mirror(by_denominator(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
    gaps = Gaps(ground, (goal.left, goal.right))
    (a, b), (c, d) = gaps.ratio(goal.left), gaps.ratio(goal.right)
    num, den = reduced(a * d - c * b, b * d)
    sign = gaps.sign(num)
    if sign is None or den.is_constant():
        raise NotFound(f"{goal}: the signs are mixed in the gaps")
    used = sorted({n for e in num.monoms() for n, k in enumerate(e) if k})
    edges = [gaps.parents[n] for n in used]
    for x, value in gaps.value.items():
        scale = multiple(den, value)
        known = gaps.order.above.get((x, ZERO))
        if scale is None or known is None or not known[0] or None in edges or sign * scale < 0:
            continue
        facts = (*(gaps.order.theorem(*e) for e in edges if e is not None), gaps.order.theorem(x, ZERO))
        over = tuple(((*e, 0), k * (1 if scale > 0 else -1)) for e, k in picked(num, used))
        under = ((((0,) * len(used) + (1,)), fmpq(abs(scale))),)
        extra = [t for e in (goal, *(f.says for f in facts)) for t in needed(ground, e)]
        return rules.positive(goal, facts, Positive(over, under), (*dict.fromkeys(extra), *ground.indices))
    raise NotFound(f"{goal}: the sign of the denominator is not known")


def multiple(p: Any, q: Any) -> Any:
    """c with p = c q, or None."""
    c = p.leading_coefficient() / q.leading_coefficient() if q != 0 else None
    return c if c is not None and p == c * q else None
