"""The Hessian of the non-uniform L2 loss at its global minimum: definite blocks, and where its extremes are.

The blocks are those of :mod:`proofs.lae.blocks_l2` with ℓ = k, λ increasing and σ decreasing; half of objective (3).

Main results
    positive_pair           D_1, D_2, D_3 > 0: a pair is positive definite
    positive_unlearned      so is a latent with an unlearned component
    affine                  which lies between those of the first and of the last unlearned component
    rising                  its larger eigenvalue grows with σ_u²
    smallest, largest       the extreme curvatures, exactly: which blocks may hold them
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import FULL_RANK, ONE, PENALTIES, SCALE_HALF, ZERO, i, j, k, m, near_square, λ, ν, σ
from proofs.bao2020.section_4 import ell
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Eye, Named, det
from proofs.kernel.propositions import Rel
from proofs.lae.blocks_l2 import D_1, D_2, D_3, NEAR
from proofs.lae.numbering import PLAN, characteristic, member, sizes, two_learned, u, x
from proofs.methods.block_types import OUTWARD
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import Extreme
from proofs.methods.extremes import Extremes
from proofs.tactics.relations import Tight

WHERE = "the global minimum of the non-uniform L2 loss"


def two_swapped(rng: Random, at: Instance) -> Instance:
    found = two_learned(rng, at)
    return {"i": found["j"], "j": found["i"]}


ALL_LEARNED = Hypothesis("ℓ = k", r"\ell = k", (Rel(ell, "=", k),), lambda rng, at: {"ℓ": at["k"]})
PAIR = Hypothesis("i < j", "i < j", (Rel(i, "<", j),), two_learned, two_swapped)
BEYOND = Hypothesis(
    "k < u ≤ m",
    r"k < u \le m",
    (Rel(u, ">", k), Rel(u, "≤", m)),
    lambda rng, at: {"u": member(rng, at["k"] + 1, at["m"])},
)
NOT_LAST = Hypothesis("u < m", "u < m", (Rel(u, "<", m),))
MINIMUM = [FULL_RANK, PENALTIES, ALL_LEARNED]
H = NEAR.block(OUTWARD, i, u)
WIDE = sizes((1, 2), (1, 3), (2, 3), (1, 4), per_size=3)


@claim("lae/blocks/l2/minimum/pair", where=WHERE, given=[*MINIMUM, PAIR], convention=SCALE_HALF)
def positive_pair() -> All:
    """All weights of the squares of a pair are positive, so that its block is positive definite."""
    return both(
        chain(D_1, ">", (ZERO, Tight((λ[j], λ[i]))), plan=PLAN),
        chain(D_2, ">", (ZERO, Tight((σ[j], σ[i]))), plan=PLAN),
        chain(D_3, ">", (2 * σ[j] ** 2, Tight((σ[i], σ[j]), (ν[i], 1 - λ[i] * σ[j] ** -2))), plan=PLAN),
    )


@claim("lae/blocks/l2/minimum/unlearned", where=WHERE, given=[*MINIMUM, BEYOND], convention=SCALE_HALF)
def positive_unlearned() -> Chain:
    """The block of a latent and an unlearned component has a positive determinant, beside its entry σ_i² > 0."""
    factored = (σ[i] ** 2 - σ[u] ** 2) * (σ[u] ** 2 + λ[i])
    return chain(det(H), "=", factored, ">", (ZERO, Tight((σ[u], σ[i]))), plan=PLAN)


@claim("lae/blocks/l2/minimum/affine", where=WHERE, given=[*MINIMUM, BEYOND], convention=SCALE_HALF)
def affine() -> All:
    """That block is a mean of those of the first and of the last unlearned component."""
    first, last = (NEAR.block(OUTWARD, i, place) for place in (k + 1, m))
    weighted = (σ[u] ** 2 - σ[m] ** 2) * first + (σ[k + 1] ** 2 - σ[u] ** 2) * last
    return both(
        eq((σ[k + 1] ** 2 - σ[m] ** 2) * H, weighted, plan=WIDE),
        chain(σ[u] ** 2, "≥", (σ[m] ** 2, Tight((u, m)))),
        chain(σ[k + 1] ** 2, "≥", (σ[u] ** 2, Tight((u, k + 1)))),
    )


@claim("lae/blocks/l2/minimum/rising", where=WHERE, given=[*MINIMUM, BEYOND, NOT_LAST], convention=SCALE_HALF)
def rising() -> All:
    """The larger eigenvalue of that block is more than σ_i², and it grows with σ_u²: the first u has the largest.

    The characteristic polynomial is negative at x = σ_i². From there on that of u + 1 lies above that of u.
    """
    below, growth = NEAR.block(OUTWARD, i, u + 1), σ[u] ** 2 - σ[u + 1] ** 2
    slope = ν[i] * (x - σ[i] ** 2) + σ[u] ** 2 + σ[u + 1] ** 2
    return both(
        eq(det(σ[i] ** 2 * Eye(2) - H), -(σ[u] ** 4), plan=WIDE),
        eq(characteristic(below) - characteristic(H), growth * slope, plan=WIDE),
    )


# The extremes -------------------------------------------------------------------------------------
HESSIAN = Named("H", NEAR.hessian)
BLOCKS = Extremes(NEAR, (lambda a: 2 * (σ[a] ** 2 - λ[a]), lambda a: 2 * λ[a]), {"min": (k, ONE), "max": (ONE, k)})


TELLING_SHAPES = (((2,), (1, 40)), ((40,), (1, 2)), ((21, 20), (1, 2)), ((21, 20), (9, 10)), ((2,), (9, 10)))
"""The ratio of neighbouring σ, and λ_1/σ_k²."""


def every_kind(rng: Random, at: Instance) -> Instance:
    """Spectra and penalties at which each type of block is the one that holds an extreme."""
    size, latents = at["m"], at["k"]
    ratio, part = (fmpq(*x) for x in rng.choice(TELLING_SHAPES))
    values = [ratio ** (size - 1 - a) for a in range(size)]
    scale = rng.choice((1, 1, 3, fmpq(1, 8)))
    values = [scale * x for x in values]
    below = [values[latents - 1] ** 2 * part * (1 + fmpq(a, 40)) for a in range(latents)]
    return {"σ": values, "λ": [near_square(x, v, 400) for x, v in zip(below, values, strict=False)]}


TELLING = [replace(FULL_RANK, draw=every_kind), replace(PENALTIES, draw=None), ALL_LEARNED]
FEWER = Hypothesis("k < m", "k < m", (Rel(k, "<", m),))
ENDS = "For k = m there is no unlearned component, and no term for it."
SPECTRAL = replace(sizes((1, 2), (1, 3), (1, 3), (2, 3), per_size=5), tries=12)


@claim("lae/blocks/l2/minimum/smallest", where=WHERE, given=[*TELLING, FEWER], convention=SCALE_HALF, note=ENDS)
def smallest() -> Chain:
    """The smallest curvature is that of a latent, of a pair, or of the first or the last unlearned component."""
    return chain(Extreme("s_min", HESSIAN), "=", BLOCKS.over("min"), plan=SPECTRAL)


@claim("lae/blocks/l2/minimum/largest", where=WHERE, given=[*TELLING, FEWER], convention=SCALE_HALF, note=ENDS)
def largest() -> Chain:
    """The largest curvature is that of a latent, of a pair, or of the first unlearned component."""
    return chain(Extreme("s_max", HESSIAN), "=", BLOCKS.over("max"), plan=SPECTRAL)
