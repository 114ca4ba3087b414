"""The Hessian of the non-uniform L2 loss at its global minimum: definite blocks, and where its extremes are.

The blocks are those of :mod:`proofs.lae.blocks_l2` with ℓ = k, λ increasing and σ decreasing; half of objective (3).

Main results
    positive_pair           D_1, D_2, D_3 > 0: a pair is positive definite
    positive_unlearned      so is a latent with an unlearned component
    affine                  which lies between those of the first and of the last unlearned component
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance
from proofs.algebra.small import det
from proofs.bao2020.notation import PENALTIES, SCALE_HALF, SPECTRUM, ZERO, i, j, k, m, λ, ν, σ
from proofs.bao2020.section_4 import ell
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Rel
from proofs.lae.blocks_l2 import D_1, D_2, D_3, NEAR
from proofs.lae.numbering import PLAN, member, sizes, two_learned, u
from proofs.methods.blocks import OUTWARD
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.lemmas import Tight

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
MINIMUM = [SPECTRUM, PENALTIES, ALL_LEARNED]
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
