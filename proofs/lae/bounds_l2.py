"""Bounds on the condition number of the non-uniform L2 loss at its global minimum that are nearly exact.

The Hessian falls into blocks of one latent, with eigenvalues 2(σ_i² − λ_i) and 2λ_i; of two latents i < j, with
λ_i + λ_j and the three roots of x³ − e_1x² + e_2x − e_3; and of a latent i and an unlearned component j, with the two
roots of x² − tx + d. Their coefficients are short, and enclose the extreme roots.

Main results
    smallest_below, smallest_above    s_min within a factor 2, from both sides
    largest_below, largest_above      s_max likewise
    above, below                      the condition number
"""

from __future__ import annotations

from collections.abc import Callable

from proofs.bao2020.appendix_b_conditioning import COND, MINIMUM, S_MAX, H
from proofs.bao2020.curvature import blocks, outward, pair
from proofs.bao2020.notation import ONE, SCALE_HALF, i, j, k, m, λ, σ
from proofs.claim import claim
from proofs.hypotheses import SIZES, Plan
from proofs.kernel import roots
from proofs.kernel.expressions import Expr, Extremum, Named, Pick
from proofs.kernel.roots import Factor
from proofs.methods.block_types import ITSELF, OUTWARD, PAIR
from proofs.methods.blockwise import Bracket, Origin, Over
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import s_min

WHERE = "the global minimum of the non-uniform L2 loss"
S_MIN = s_min(H)
PLAN = Plan(tuple(s for s in SIZES if s["k"] * s["m"] <= 6), per_size=4)


ROOTS = blocks(ONE)
COEFFICIENTS = (*pair(i, j), *outward(i, j))
"""As the bounds below print them."""


def over_blocks(kind: str, bound: Callable[[Factor], Expr], first: Expr, last: Expr) -> Pick:
    """The bounds of single latents, and of the blocks of two indices."""
    pairs = Extremum(kind, i, ONE, k - 1, Extremum(kind, j, i + 1, k, bound(pair(i, j))))
    others = Extremum(kind, j, k + 1, m, Extremum(kind, i, ONE, k, bound(outward(i, j))))
    return Pick(kind, (first, last, pairs, others))


LEAST = (
    Origin(ITSELF, 0, (ONE,), covers=((PAIR, 0),)),
    Origin(ITSELF, 1, (k,)),
    Origin(PAIR, 1),
    Origin(OUTWARD),
)
GREATEST = (Origin(ITSELF, 1, (ONE,)), Origin(ITSELF, 0, (k,), covers=((PAIR, 0),)), Origin(PAIR, 1), Origin(OUTWARD))
SLOW, FAST = Bracket(ROOTS, LEAST), Bracket(ROOTS, GREATEST)

SMALLEST = (2 * λ[1], 2 * (σ[k] ** 2 - λ[k]))
LARGEST = (2 * (σ[1] ** 2 - λ[1]), 2 * λ[k])
SMALLEST_BELOW = over_blocks("min", roots.smallest_below, *SMALLEST)
SMALLEST_ABOVE = over_blocks("min", roots.smallest_above, *SMALLEST)
LARGEST_BELOW = over_blocks("max", roots.largest_below, *LARGEST)
LARGEST_ABOVE = over_blocks("max", roots.largest_above, *LARGEST)


# The bounds -----------------------------------------------------------------------------------------
def bounded(left: Expr, relation: str, bound: Expr, why: Bracket) -> All:
    """A bound, after the coefficients that it is made of."""
    return both(*(eq(e, e.body) for e in COEFFICIENTS), chain(left, relation, (bound, why), plan=PLAN))


@claim("lae/bounds/l2/smin-below", where=WHERE, given=MINIMUM, convention=SCALE_HALF)
def smallest_below() -> All:
    """The smallest curvature is at least the least of these bounds."""
    return bounded(S_MIN, "≥", SMALLEST_BELOW, SLOW)


@claim("lae/bounds/l2/smin-above", where=WHERE, given=MINIMUM, convention=SCALE_HALF)
def smallest_above() -> All:
    """The smallest curvature is at most each of these bounds."""
    return bounded(S_MIN, "≤", SMALLEST_ABOVE, SLOW)


@claim("lae/bounds/l2/smax-below", where=WHERE, given=MINIMUM, convention=SCALE_HALF)
def largest_below() -> All:
    """The largest curvature is at least each of these bounds."""
    return bounded(S_MAX, "≥", LARGEST_BELOW, FAST)


@claim("lae/bounds/l2/smax-above", where=WHERE, given=MINIMUM, convention=SCALE_HALF)
def largest_above() -> All:
    """The largest curvature is at most the greatest of these bounds."""
    return bounded(S_MAX, "≤", LARGEST_ABOVE, FAST)


MIN_BELOW = Named("s_min⁻", SMALLEST_BELOW, r"s_{\min}^{-}")
MIN_ABOVE = Named("s_min⁺", SMALLEST_ABOVE, r"s_{\min}^{+}")
MAX_BELOW = Named("s_max⁻", LARGEST_BELOW, r"s_{\max}^{-}")
MAX_ABOVE = Named("s_max⁺", LARGEST_ABOVE, r"s_{\max}^{+}")
RATIO_NOTE = (
    "The bounds on s_min and s_max are those of lae/bounds/l2/smin-… and smax-…; free of the scale of the loss."
)


@claim("lae/bounds/l2/cond-below", where=WHERE, given=MINIMUM, note=RATIO_NOTE)
def below() -> Chain:
    """The condition number is at least the lower bound on s_max over the upper bound on s_min."""
    return chain(COND, "≥", (MAX_BELOW / MIN_ABOVE, Over(FAST, SLOW, ROOTS)), plan=PLAN)


@claim("lae/bounds/l2/cond-above", where=WHERE, given=MINIMUM, note=RATIO_NOTE)
def above() -> Chain:
    """The condition number is at most the upper bound on s_max over the lower bound on s_min."""
    return chain(COND, "≤", (MAX_ABOVE / MIN_BELOW, Over(FAST, SLOW, ROOTS)), plan=PLAN)
