"""The best approximation of given rank, as a reason: ‖X − A B‖² ≥ Σ_{i > b} σ_i² where A has b columns.

Main results
    Nearest    from X = P diag(σ) Qᵀ with σ_1 ≥ … ≥ σ_m ≥ 0
"""

from __future__ import annotations

from dataclasses import dataclass

from proofs.kernel import approximation, rules
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ONE, ZERO, Every, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import by_ring


@dataclass(frozen=True)
class Nearest:
    """No A B is nearer to X.

    Attributes
    ----------
    svd
        P diag(σ) Qᵀ, which is X.
    left, right
        A and B.
    """

    svd: Expr
    values: E.Family
    left: Expr
    right: Expr

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        i, rank = E.integer("i"), E.lift(self.left.shape[1])
        same = by_ring(ground, self.svd, self.svd)
        last = E.lift(self.svd.factors[1].shape[0])  # type: ignore[attr-defined]
        falling = ground.prove(Every(i, ONE, last - 1, Rel(self.values[i], "≥", self.values[i + 1])))
        signs = ground.prove(Every(i, ONE, last, Rel(self.values[i], "≥", ZERO)))
        counted = ground.order(ZERO, "≤", rank)
        bound = approximation.eckart_young(same, falling, signs, self.left, self.right, rank, counted)
        r: Rel = bound.says  # type: ignore[assignment]
        return rules.chain((by_ring(ground, goal.left, r.left), bound, by_ring(ground, r.right, goal.right)))
