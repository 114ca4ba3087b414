"""Rules of sums that leave indices out.

Main results
    others    term by term, of all indices but some
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, Sym
from proofs.kernel.propositions import Every, Implies, Rel
from proofs.kernel.rules import same, want
from proofs.kernel.theorem import Theorem, rule


@rule()
def others(t: Theorem, without: tuple[Sym, ...]) -> tuple[Iterable[Expr], Expr]:
    """From ∀ lo ≤ i ≤ hi: i ≠ j ⇒ a(i) = b(i): Σ_{i ≠ j} a = Σ_{i ≠ j} b; likewise ≤ and ≥, and with more left out.

    Proof. Both sums are over the same indices, and at each of them a(i) = b(i) or a(i) ≤ b(i) is known. So the
    difference of the sums is a sum of numbers that are 0, or not negative; over no index it is 0.
    """
    says: Any = t.says
    want(isinstance(says, Every), "nothing is said of every index")
    body = says.body
    for w in without:
        want(w != says.var, f"{w} is the index of the sum")
        want(isinstance(body, Implies) and same(body.premise, Rel(says.var, "≠", w)), f"{w} is not left out")
        body = body.conclusion
    want(isinstance(body, Rel) and body.op in "=≤≥", "no relation of terms")
    left, right = (E.Sum(says.var, says.lo, says.hi, side, without) for side in (body.left, body.right))
    return [], Rel(left, body.op, right)
