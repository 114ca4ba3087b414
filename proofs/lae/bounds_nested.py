"""Bounds on the condition number of deterministic nested dropout at W1 = Uᵀ, W2 = U that are nearly exact.

The Hessian falls into blocks of one latent, with eigenvalues 2p_iσ_i² and 0, along which the minimum slides; of two
latents i < j, with the four roots of x⁴ − e_1x³ + e_2x² − e_3x + e_4; and of a latent i and an unlearned component j,
with the two roots of x² − tx + d. The largest curvature is 2p_1σ_1², exactly.

Main results
    largest                           s_max = 2p_1σ_1²
    smallest_below, smallest_above    s_min from both sides
    above, below                      the condition number
"""

from __future__ import annotations

from collections.abc import Callable

from proofs.bao2020.appendix_d_conditioning import COMPLEMENT, LETTERS
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    ONE,
    POSITIVE_PRIOR,
    SCALE_ND,
    TWO,
    Ū,
    U,
    i,
    j,
    k,
    l,
    m,
    nested_dropout,
    p,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import SIZES, Plan
from proofs.kernel import roots
from proofs.kernel.expressions import Basis, Expr, Extremum, Named, Pick, Symmetric, symmetric
from proofs.kernel.roots import Factor
from proofs.kernel.spectrum import Null
from proofs.methods.block_types import ITSELF, OUTWARD, PAIR
from proofs.methods.blockwise import Bracket, Origin, Over, Roots, Slide
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import HessianAt, cond, s_max, s_min

WHERE = "nested dropout at W1 = Uᵀ, W2 = U"
H = Named("H", HessianAt(nested_dropout(*LETTERS), LETTERS, (U.T, U, DATA), 2 * k * m))
S_MIN, S_MAX, COND = s_min(H, k), s_max(H, k), cond(H, k)
GIVEN = [FULL_RANK, POSITIVE_PRIOR]
PLAN = Plan(tuple(s for s in SIZES if s["k"] * s["m"] <= 6), per_size=4)


# The characteristic polynomials ---------------------------------------------------------------------
def pair(a: Expr, b: Expr) -> tuple[Named, Named, Named, Named]:
    """e_1, …, e_4 of the latents a < b."""
    x, y, drop, gap, total = σ[a] ** 2, σ[b] ** 2, p[a] - p[b], σ[a] ** 2 - σ[b] ** 2, σ[a] ** 2 + σ[b] ** 2
    e_2 = drop**2 * y * gap + drop * p[b] * (total**2 + 2 * x * y) + 4 * p[b] ** 2 * x * y
    return (
        Named("e_1", (p[a] + p[b]) * total),
        Named("e_2", e_2),
        Named("e_3", drop * p[b] * y * total * (drop * gap + 2 * p[b] * x)),
        Named("e_4", drop**2 * p[b] ** 2 * x * y**2 * gap),
    )


def outward(a: Expr, b: Expr) -> tuple[Named, Named]:
    """t and d of the latent a and the component b > k."""
    x, y = σ[a] ** 2, σ[b] ** 2
    return Named("t", p[a] * (x + y)), Named("d", p[a] ** 2 * y * (x - y))


def one(a: Expr) -> Symmetric:
    return symmetric((p[a] * σ[a] ** 2, p[a] * σ[a] ** 2), (p[a] * σ[a] ** 2,))


def two(a: Expr, b: Expr) -> Symmetric:
    x, y = σ[a] ** 2, σ[b] ** 2
    return symmetric((p[a] * y, -(p[a] - p[b]) * y, 0, p[b] * y), (p[a] * x, p[b] * x, 0), (p[b] * x, 0), (p[b] * y,))


def beyond(a: Expr, b: Expr) -> Symmetric:
    return symmetric((p[a] * σ[b] ** 2, -p[a] * σ[b] ** 2), (p[a] * σ[a] ** 2,))


LATENT = Basis(l, k) @ Basis(l, k).T
SLIDING = Slide(
    Null(l, (LATENT @ U.T, -1 * (U @ LATENT)), TWO),
    lambda a: 2 * p[a] * σ[a] ** 2,
    lambda a: (ONE, -ONE),
    lambda a: HALF,
    lambda at, v: v[0] + v[1],
    lambda a: (Basis(a, k) @ Basis(a, k).T @ U.T, U @ Basis(a, k) @ Basis(a, k).T),
)
ROOTS = Roots(
    Ū,
    {ITSELF: one, PAIR: two, OUTWARD: beyond},
    {
        ITSELF: lambda a: ((2 * p[a] * σ[a] ** 2,),),
        PAIR: lambda a, b: (pair(a, b),),
        OUTWARD: lambda a, b: (outward(a, b),),
    },
    SLIDING,
)
COEFFICIENTS = (*pair(i, j), *outward(i, j))
SLOW = Bracket(ROOTS, (Origin(ITSELF, 0, (k,)), Origin(PAIR), Origin(OUTWARD)))
FAST = Bracket(ROOTS, (Origin(ITSELF, 0, (ONE,), covers=((PAIR, 0), (OUTWARD, 0))),))


def least(bound: Callable[[Factor], Expr]) -> Pick:
    """The bounds of the last latent, and of the blocks of two indices."""
    pairs = Extremum("min", i, ONE, k - 1, Extremum("min", j, i + 1, k, bound(pair(i, j))))
    others = Extremum("min", j, k + 1, m, Extremum("min", i, ONE, k, bound(outward(i, j))))
    return Pick("min", (2 * p[k] * σ[k] ** 2, pairs, others))


LARGEST = 2 * p[1] * σ[1] ** 2
SMALLEST_BELOW, SMALLEST_ABOVE = least(roots.smallest_below), least(roots.smallest_above)
MIN_BELOW = Named("s_min⁻", SMALLEST_BELOW, r"s_{\min}^{-}")
MIN_ABOVE = Named("s_min⁺", SMALLEST_ABOVE, r"s_{\min}^{+}")


# The bounds -----------------------------------------------------------------------------------------
def bounded(relation: str, bound: Expr) -> All:
    """A bound on s_min, after the coefficients that it is made of."""
    return both(*(eq(e, e.body) for e in COEFFICIENTS), chain(S_MIN, relation, (bound, SLOW), plan=PLAN))


@claim("lae/bounds/nested-dropout/smax", where=WHERE, given=GIVEN, convention=SCALE_ND)
def largest() -> Chain:
    """The largest curvature is that of the scaling of the first latent."""
    return eq(S_MAX, 2 * p[1] * σ[1] ** 2, FAST, plan=PLAN)


@claim("lae/bounds/nested-dropout/smin-below", where=WHERE, given=GIVEN, convention=f"{SCALE_ND}; {COMPLEMENT}")
def smallest_below() -> All:
    """The smallest curvature is at least the least of these bounds."""
    return bounded("≥", SMALLEST_BELOW)


@claim("lae/bounds/nested-dropout/smin-above", where=WHERE, given=GIVEN, convention=f"{SCALE_ND}; {COMPLEMENT}")
def smallest_above() -> All:
    """The smallest curvature is at most each of these bounds."""
    return bounded("≤", SMALLEST_ABOVE)


RATIO_NOTE = "The bounds on s_min are those of lae/bounds/nested-dropout/smin-…; free of the scale of the loss."


@claim("lae/bounds/nested-dropout/cond-below", where=WHERE, given=GIVEN, note=RATIO_NOTE, convention=COMPLEMENT)
def below() -> Chain:
    """The condition number is at least the largest curvature over the upper bound on the smallest."""
    return chain(COND, "≥", (LARGEST / MIN_ABOVE, Over(FAST, SLOW, ROOTS)), plan=PLAN)


@claim("lae/bounds/nested-dropout/cond-above", where=WHERE, given=GIVEN, note=RATIO_NOTE, convention=COMPLEMENT)
def above() -> Chain:
    """The condition number is at most the largest curvature over the lower bound on the smallest."""
    return chain(COND, "≤", (LARGEST / MIN_BELOW, Over(FAST, SLOW, ROOTS)), plan=PLAN)
