"""Facts about means.

Main results
    arithmetic_geometric    Σ g(j+1)/g(j) over a closed round is at least the number of its terms
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.kernel.rules import relation, same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem


@fact(
    "AM–GM",
    "The arithmetic mean of positive numbers is at least their geometric mean; so numbers with product 1 add up to at "
    "least their number.",
    "Hardy, Littlewood, Pólya, Inequalities (1934), Theorem 9",
)
def arithmetic_geometric(positive: Theorem, closes: Theorem) -> tuple[Iterable[Expr], Expr]:
    """From ∀ lo ≤ j ≤ hi: g(j) > 0 and g(hi) = g(lo): Σ_{j=lo}^{hi−1} g(j+1)/g(j) ≥ hi − lo, the product being 1.

    Proof. For hi > lo the hi − lo ratios are positive, and their product telescopes to g(hi)/g(lo) = 1. By AM–GM their
    mean is at least the root of this, 1. For hi ≤ lo the sum is empty, and 0 ≥ hi − lo.
    """
    says: Any = positive.says
    want(isinstance(says, Every) and isinstance(says.body, Rel), "nothing is said of every index")
    j, g = says.var, says.body.left
    index_of(says.lo), index_of(says.hi)
    want(says.body.op == ">" and same(says.body.right, ZERO) and g.is_scalar, "not positive numbers")
    ends = (substitute(g, {j: end}) for end in (says.hi, says.lo))
    r = relation(closes, "=")
    want(same(r.left, next(ends)) and same(r.right, next(ends)), "the last is not the first")
    return [], Rel(E.Sum(j, says.lo, says.hi - 1, substitute(g, {j: j + 1}) / g), "≥", says.hi - says.lo)
