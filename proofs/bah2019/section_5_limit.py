"""Bah et al. 2019, Section 5: Theorem 14 (1) and (3) from every start, orthonormal or not.

(36) is the gradient flow of E(V) = ½‖X − VVᵀX‖², which bounds V: 2‖V‖² ≤ ‖VVᵀ − I‖² + 3d, and λ_d ‖VVᵀ − I‖² ≤ 2E.

Main results
    limit_exists    with XXᵀ of full rank the flow exists for all times and converges to an equilibrium
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from proofs.bah2019.notation import ONE
from proofs.bah2019.section_5 import ORDERED, ROTATED, TIED_LOSS, VELOCITY, I_d, V, d, r, λ
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel import flows, rules
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Basis, Expr, Letter, SqNorm, Sum, Zero, integer
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Step, follow, supposed
from proofs.methods.tends import Tends, at_end
from proofs.tactics.definite import nonnegative
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import Zeros

c = integer("c")
START, LIMIT = Letter("V_0", d, r), Letter("V_∞", d, r, tex=r"V_\infty")
BEGIN = substitute(TIED_LOSS, {V: START})
AWAY, DOUBLE = I_d - V @ V.T, 2 * I_d - V @ V.T
FALL = Sum(c, ONE, d, (λ[c] - λ[d]) * SqNorm(AWAY @ Basis(c, d)))
BOUND = 3 * d + 2 * BEGIN / λ[d]
SPARE = SqNorm(DOUBLE) + 1 / λ[d] * (FALL + 2 * (BEGIN - TIED_LOSS))
"""BOUND − 2‖V‖²."""


@dataclass(frozen=True)
class Converges:
    """E bounds V, so that the limit exists and is critical."""

    def theorem(self, ground: Ground, goal: Expr) -> Theorem:
        there = flows.confined(TIED_LOSS, (V,), (START,), ())
        known = supposed(there, Zeros(ground.supposing(there)))
        twice = Rel(BOUND - 2 * SqNorm(V), "=", SPARE)
        above = rules.chain((known.ground.prove(twice), nonnegative(known.ground, SPARE)))
        within = known.ground.knowing(above).prove(Rel(SqNorm(V), "≤", BOUND / 2))
        bounded = rules.discharge(within, there)
        found = flows.settles(TIED_LOSS, (V,), (START,), (LIMIT,), (), (), bounded)
        return at_end(found, (LIMIT,), partial(rests, ground))


def rests(ground: Ground, said: tuple[Theorem, ...]) -> Theorem:
    """The velocity vanishes at the limit."""
    flow, _, slope = said
    zeros = Zeros(ground)
    zeros.add(slope)
    velocity = substitute(VELOCITY, {V: LIMIT})
    (found,), _ = follow((Step(lambda g: -1 * g),), (Rel(velocity, "=", Zero(d, r)),), zeros)
    return rules.conjunction((flow, found))


FULL_RANK = Hypothesis("λ_d > 0", r"\lambda_d > 0", (Rel(λ[d], ">", ZERO),))


@claim(
    "bah2019/thm14-1-4/limit",
    where="Section 5.1, Theorem 14 (1), (3)",
    given=[ORDERED, FULL_RANK],
    convention=ROTATED,
    note="From any V_0: that V_0ᵀV_0 = I is not used; from there V stays orthonormal (bah2019/thm14-1-4/orthonormal). "
    "Equilibria are bah2019/thm14-5.",
)
def limit_exists() -> Tends:
    """The flow (36) exists for all times and converges to an equilibrium."""
    equilibrium = Rel(VELOCITY, "=", Zero(d, r))
    plan = Plan(({"k": 1}, {"k": 2}), per_size=2, tries=60)
    return Tends(TIED_LOSS, (V,), (START,), (LIMIT,), (equilibrium,), Converges(), plan)
