"""Bah et al. 2019, Section 6: Conjecture 32 with three layers, for every r, from below the level to the limit.

Balance and the loss confine the flow, so that it tends to a critical point with no larger loss; and of these there is
one product below the level (bah2019/conj32/level).

Main results
    three_layers    every balanced start below the level leads to Σ_{i ≤ r} u_iu_iᵀ
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, inverse
from proofs.bah2019.confined import Confined, Layers, unbalanced
from proofs.bah2019.notation import ONE, product
from proofs.bah2019.section_5 import GAP, Λ, I_d, d, lowered, r, λ
from proofs.bah2019.section_6 import CRITICAL, W
from proofs.bah2019.section_6_level import CONVENTION, FULL_RANK, LEVEL, LOW, B, H, OnlyTop, positive_values
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel import rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Basis, Expr, Letter, Proj, SqNorm, Sum, Tr, Zero, integer
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Step, fact, follow, parts_of
from proofs.methods.tends import Tends, at_end
from proofs.quantities import orthogonal
from proofs.tactics.generic import specialised
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import Zeros, by_ring


def layers(name: str) -> Layers:
    """Three layers, of r rows or columns inside."""
    return Letter(f"{name}_1", r, d), Letter(f"{name}_2", r, r), Letter(f"{name}_3", d, r)


MOVING, START, LIMIT = layers("W"), layers("A"), layers("V")
LOSS, BEGIN = lowered(product(MOVING)), lowered(product(START))


# Below the level ----------------------------------------------------------------------------------
def turned(rng: Random, side: int) -> Any:
    """(I − K)(I + K)⁻¹ for a skew K that is not large."""
    scale = rng.choice((fmpq(0), fmpq(1, 20), fmpq(1, 4)))
    k = diagonal([fmpq(0)] * side)
    for row in range(side):
        for column in range(row):
            k[row, column] = scale * rng.randint(-2, 2)
    k = k - k.T
    one = diagonal([fmpq(1)] * side)
    return (one - k) @ inverse(one + k)


def near_best(rng: Random, at: Instance, sign: int = 1) -> Instance:
    """Balanced layers Q_jSQ_{j−1}ᵀ, whose product is not far from Σ_{i ≤ r} u_iu_iᵀ, or from its opposite."""
    found = positive_values(rng, at)
    rank, side = found["r"], found["d"]
    values = diagonal([rng.choice((fmpq(1), fmpq(9, 10), fmpq(1, 2), fmpq(11, 10))) for _ in range(rank)])
    first, last = (turned(rng, side)[:, :rank] for _ in range(2))
    q, p = (orthogonal(rng, rank) for _ in range(2))
    return {**found, "A_1": q @ values @ first.T, "A_2": p @ values @ q.T, "A_3": sign * last @ values @ p.T}


def opposite(rng: Random, at: Instance) -> Instance:
    return near_best(rng, at, -1)


BALANCED_LOW = Hypothesis(
    "W_{j+1}ᵀW_{j+1} = W_jW_jᵀ at the start, L(0) < ½(Σ_{c > r} λ_c + λ_r − λ_{r+1})",
    r"W_{j+1}^\top W_{j+1} = W_j W_j^\top \text{ at the start},\ "
    r"L(0) < \tfrac12 (\textstyle\sum_{c > r} \lambda_c + \lambda_r - \lambda_{r+1})",
    (*(Rel(q, "=", Zero(r, r)) for q in unbalanced(START)), Rel(BEGIN, "<", LEVEL)),
    near_best,
    opposite,
)


# The limit ----------------------------------------------------------------------------------------
c = integer("c")
WHOLE, V = product(MOVING), product(LIMIT)
DOUBLE = 2 * I_d - WHOLE
EIGENVALUES = Sum(c, ONE, d, (λ[c] - λ[d]) * SqNorm(WHOLE @ Basis(c, d)))
FLOW = Confined(
    MOVING,
    START,
    LOSS,
    (2 * Tr(Λ) + 4 * BEGIN) / λ[d],
    1 / λ[d] * (EIGENVALUES + Tr(DOUBLE @ Λ @ DOUBLE.T) + 4 * (BEGIN - LOSS)),
)
"""λ_d‖W‖² ≤ tr(WΛWᵀ) = 2 tr Λ + 4L − tr((2I − W)Λ(2I − W)ᵀ)."""
CRITICAL_LIMIT = tuple(fact(substitute(p.left, {W: V}), "=", 0) for p in CRITICAL)


@cache
def only() -> Theorem:
    """bah2019/conj32/level."""
    sizes = (Rel(ONE, "≤", r), Rel(r, "≤", d))
    ground = Ground.of((*sizes, *(p for h in (GAP, FULL_RANK, LOW) for p in h.relations)))
    return OnlyTop().theorem(ground, Rel(W, "=", Proj(r, d)))


@dataclass(frozen=True)
class Arrives:
    """The limit of a confined flow is critical, and of the critical points one is below the level."""

    def theorem(self, ground: Ground, goal: Expr) -> Theorem:
        return at_end(FLOW.settled(ground, LIMIT), LIMIT, partial(at_limit, ground))


def at_limit(ground: Ground, said: Sequence[Theorem]) -> Theorem:
    """The flow tends to the limit, and the product there is Σ_{i ≤ r} u_iu_iᵀ."""
    flow, there, *slopes = said
    zeros = Zeros(ground)
    for t in slopes:
        zeros.add(t)
    steps = (Step(lambda *g: LIMIT[0].T @ g[0]), Step(lambda *g: g[2] @ LIMIT[2].T))
    critical, _ = follow(steps, CRITICAL_LIMIT, zeros)
    level = rules.chain((parts_of(there)[-1], ground.prove(Rel(BEGIN, "<", LEVEL))))
    table: dict[Expr, Expr] = {W: V, B: LIMIT[2] @ LIMIT[1], H: LIMIT[0]}
    factors = by_ring(ground, V, table[B] @ table[H])
    return rules.conjunction((flow, specialised(only(), table, *critical, factors, level, *ground.known)))


FEW = Plan(({"k": 1}, {"k": 1}, {"k": 2}), per_size=2, tries=200)


@claim(
    "bah2019/conj32/level/flow",
    where="Section 6, on Conjecture 32",
    given=[GAP, FULL_RANK, BALANCED_LOW],
    convention=f"{CONVENTION}; N = 3, W_1 ∈ ℝ^{{r×d}}, W_2 ∈ ℝ^{{r×r}}, W_3 ∈ ℝ^{{d×r}}",
    note="Every r. For other N the level is the same (bah2019/conj32/level); N = 3 stands in the bound of the layers "
    "alone.",
)
def three_layers() -> Tends:
    """From every balanced start below the level the product of three layers tends to Σ_{i ≤ r} u_iu_iᵀ."""
    return Tends(LOSS, MOVING, START, LIMIT, (Rel(WHOLE, "=", Proj(r, d)),), Arrives(), FEW)
