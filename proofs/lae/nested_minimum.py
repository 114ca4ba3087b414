"""The global minima of nested dropout, for any prior: every width that has a weight keeps the first components.

The loss is the mean of the losses of the widths, each of which is least at the projection on the first b components,
and there alone (:mod:`proofs.methods.best_rank`). So it is least exactly where W2Π_bW1 is that for every b of weight.
If no weight is 0 latent b has component b, W2e_be_bᵀW1 = u_bu_bᵀ: the ordered, axis-aligned weights and no others. This
asks for no list of stationary points, and not whether there is a minimum.

Main results
    least      no weights have a loss below Σ_b p_B(b) Σ_{j > b} σ_j²/2, which W1 = Uᵀ, W2 = U has
    minimum    where that is attained W2Π_bW1 is the projection on the first b components, if p_B(b) > 0
"""

from __future__ import annotations

from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    ONE,
    PRIOR,
    SCALE_ND,
    V̄,
    W1,
    W2,
    Ū,
    U,
    b,
    k,
    m,
    n,
    nested_dropout,
    p_B,
    σ,
)
from proofs.claim import claim
from proofs.kernel.expressions import Expr, First, Proj, SqNorm, Sum, integer
from proofs.kernel.propositions import Rel
from proofs.lae.nested_widths import FEW, HAS_WEIGHT, WHERE
from proofs.methods.best_rank import BestRank, EachOfTheMean
from proofs.methods.chain import chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step
from proofs.tactics.relations import Lemma, Scaled, Tight
from proofs.tactics.sums import Termwise

a, c, i = integer("a", "", 1, k), integer("c", "", b + 1, m), integer("i", "", 1, b)


def best(width: Expr) -> BestRank:
    """The first b latents alone, of the data over √n."""
    keep = First(k, width)
    return BestRank(Ū, σ, V̄, W2 @ keep, keep.T @ W1, W2 @ Proj(width, k) @ W1)


def mean(of: Expr) -> Sum:
    return Sum(b, ONE, k, p_B[b] * (HALF * of))


LEAST = mean(best(b).value)


def width(place: Expr, w1: Expr, w2: Expr) -> Expr:
    """Twice the loss of the first latents."""
    return 1 / n * SqNorm(DATA - w2 @ Proj(place, k) @ w1 @ DATA)


MEAN = mean(width(b, W1, W2))


@claim(
    "lae/nested/least",
    where=WHERE,
    given=[FULL_RANK, PRIOR],
    convention=SCALE_ND,
    note="The last equation says that W1 = Uᵀ, W2 = U has this loss, of every width.",
)
def least() -> All:
    """No weights have a smaller loss than W1 = Uᵀ, W2 = U."""
    nearest = Lemma(best(b).distance, "≥", best(b).value, best(b).nearest)
    reason = Tight((W1, U.T), (W2, U), why=Termwise(Scaled(nearest, p_B[b] / 2)))
    bound = chain(nested_dropout(W1, W2, DATA), "=", MEAN, "≥", (LEAST, reason), plan=FEW)
    return both(bound, eq(width(a, U.T, U), best(a).value, plan=FEW))


@claim(
    "lae/nested/minimum",
    where=WHERE,
    given=[FULL_RANK, PRIOR, HAS_WEIGHT],
    convention=SCALE_ND,
    note="The premise: the loss is the least (lae/nested/least), that of all such weights. If p_B > 0, the differences "
    "of the projections say that latent b has component b.",
)
def minimum() -> Implication:
    """Where the loss is least, every width that has a weight projects on the first components, in order."""
    first = EachOfTheMean(best, p_B, k, b, lambda residual: 2 * residual)
    back = Step(lambda *known: Ū @ known[-1] @ Ū.T)
    projects = Rel(W2 @ Proj(b, k) @ W1, "=", Ū @ Proj(b, m) @ Ū.T)
    steps = (first, *best(b).steps((i, c)), back)
    return Implication((Rel(MEAN, "=", LEAST),), (projects,), (W1, W2), steps, FEW, (i, c))
