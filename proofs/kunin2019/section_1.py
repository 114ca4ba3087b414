"""Kunin et al. 2019, Section 1: what the unregularised loss learns, its symmetry, and what the penalty leaves of that.

Main results
    projection        no weights have a smaller loss than the projection on the top k principal directions
    optimal           and none have the same loss
    invariant         (1): the loss does not see (GW_1, W_2G⁻¹)
    minima            it is least at (GUᵀ, UG⁻¹) for every invertible G, and G is read off these points
    remaining         𝓛_σ does not see (AW_1, W_2A⁻¹) for every W_1 and W_2 exactly if AᵀA = I
    left_singular     at its critical points the learned principal directions are left singular vectors of the decoder
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Entry,
    Expr,
    First,
    Inner,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    det,
    integer,
    lift,
)
from proofs.kernel.propositions import Rel
from proofs.kunin2019 import section_4
from proofs.kunin2019.notation import AT_MOST, PENALTY, SCALE, W1, W2, I_k, X, i, k, m, summed, unregularized, λ
from proofs.kunin2019.section_4 import (
    DATA,
    EVERY_SET,
    FRAMES,
    LOSS,
    NONE,
    ONE,
    SPECTRUM,
    SVD,
    V̄,
    Ū,
    Σ,
    F,
    L,
    canonical_frame,
    index_sets,
    l,
    small,
    σ,
)
from proofs.methods.best_rank import BestRank
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Step
from proofs.tactics.nearest import Nearest
from proofs.tactics.relations import Tight

U = Named("U", Ū @ First(m, k), "U_k")
LEFT_OUT = Sum(l, k + 1, m, σ[l] ** 2)
G = Letter("G", k, k)
TWO = lift(2)


def least(w1: Expr, w2: Expr) -> Chain:
    """The loss of any weights, compared with that at these."""
    nearest = Tight((W1, w1), (W2, w2), why=Nearest(Ū @ Σ @ V̄.T, σ, W2, W1 @ DATA))
    return chain(LOSS, "≥", (LEFT_OUT, nearest), "=", unregularized(w1, w2, DATA))


@claim(
    "kunin2019/s1/eckart-young",
    where="Section 1",
    given=[SPECTRUM, AT_MOST],
    convention=SCALE,
    note="U_kU_kᵀ is the projection. That no other W is optimal: eckart-young/unique.",
)
def projection() -> Chain:
    """The optimal W = W_2W_1 orthogonally projects X on the span of its top k principal directions."""
    return least(U.T, U)


# The symmetry -------------------------------------------------------------------------------------
INVERTIBLE = Hypothesis(
    "det G ≠ 0",
    r"\det G \neq 0",
    (Rel(det(G), "≠", NONE),),
    None,
    lambda rng, at: {"G": zeros(at["k"], at["k"])},
)


@claim("kunin2019/s1/eq1", where="Section 1, (1)", tag="1", given=[INVERTIBLE])
def invariant() -> Chain:
    """Any invertible matrix and its inverse can be inserted between encoder and decoder."""
    return eq(X - (W2 @ G**-1) @ (G @ W1) @ X, X - W2 @ W1 @ X)


@claim(
    "kunin2019/s1/min-GLk",
    where="Section 1",
    given=[SPECTRUM, AT_MOST, INVERTIBLE],
    convention=SCALE,
    note="G ↦ (GU_kᵀ, U_kG⁻¹) is smooth with the smooth left inverse (W_1, W_2) ↦ W_1U_k: an embedding of GL_k. That "
    "these are all the minima is min-GLk/all.",
)
def minima() -> All:
    """The loss has its least value on a smooth submanifold that is diffeomorphic to GL_k."""
    return both(least(G @ U.T, U @ G**-1), eq((G @ U.T) @ U, G))


def on_axes(at: Instance) -> Iterator[Instance]:
    """Every I, learned by the first latent axes."""
    return ({**choice, **canonical_frame(Random(0), choice)} for choice in index_sets(at))


def leading(at: Instance) -> Iterator[Instance]:
    """I = {1, …, k}."""
    return (choice for choice in on_axes(at) if choice["i"] == list(range(1, at["k"] + 1)))


BEST = replace(FRAMES, choices=leading, canonical={F: First(m, k), section_4.G: I_k, L: I_k})
OTHERS = "Tried at the critical points of kunin2019/thm4.2/L+; G is k × k there, and L its inverse."


def better() -> tuple[Chain, ...]:
    """An empty latent axis, or one that learned a worse direction, descends towards a better one."""
    α, axis = Sym("α"), Basis(ONE, k)
    first, second = Ū @ Basis(ONE, m), Ū @ Basis(TWO, m)
    empty = unregularized(α * axis @ first.T, α * first @ axis.T, DATA)
    turned = second + α * first
    worse = unregularized(axis @ turned.T, turned @ axis.T - α**2 * (second @ axis.T), DATA)
    return (
        chain(-Coeff(empty, α, 2), "=", 2 * σ[1] ** 2, ">", NONE),
        chain(-Coeff(worse, α, 2), "=", σ[1] ** 2 - σ[2] ** 2, ">", NONE),
    )


ORDER = (Rel(m, "≥", TWO), Rel(σ[2], ">", NONE), Rel(σ[1], ">", NONE), Rel(σ[1] ** 2, ">", σ[2] ** 2))


def only_these() -> Minima:
    least_value = Sum(l, k + 1, m, σ[l] ** 2)
    return Minima(LOSS, BEST, replace(FRAMES, choices=on_axes), least_value, better(), ORDER, "global", EVERY_SET)


@claim(
    "kunin2019/s1/eckart-young/unique",
    where="Section 1",
    given=[SPECTRUM, AT_MOST],
    convention=SCALE,
    note="That the right side of the premise is the least value is kunin2019/s1/eckart-young.",
)
def optimal() -> Implication:
    """Where the loss is least W is that of eckart-young, and no other."""
    best = BestRank(Ū, σ, V̄, W2, W1, W2 @ W1)
    first, beyond = integer("i", "", 1, k), integer("c", "", k + 1, m)
    steps = (Step(lambda loss: loss, Rel(best.distance, "=", best.value)), *best.steps((first, beyond)))
    back = Step(lambda *known: Ū @ known[-1] @ Ū.T)
    conclusion = Rel(W2 @ W1, "=", U @ U.T)
    return Implication((Rel(LOSS, "=", LEFT_OUT),), (conclusion,), (W1, W2), (*steps, back), generic=(first, beyond))


@claim(
    "kunin2019/s1/min-GLk/dimension",
    where="Section 1",
    given=[SPECTRUM, AT_MOST, SVD],
    convention=SCALE,
    note="All directions that are flat to second order are tangent to the image of GL_k, whose dimension is k².",
)
def dimension() -> Directions:
    """At the minima the loss has k² flat directions, as many as GL_k has dimensions."""
    return Directions("flat", k**2, unregularized(W1, W2), BEST, EVERY_SET)


# What the penalty leaves --------------------------------------------------------------------------
A, B = Letter("A", k, k), Letter("A⁻¹", k, k, tex="A^{-1}")
s, t = Sym("s"), Sym("t")
j = integer("j", "", 1, k)


@claim(
    "kunin2019/s1/symmetry-reduction",
    where="Sections 1 and 2.2",
    given=[PENALTY],
    convention=SCALE,
    note="If 𝓛_σ(AW_1, W_2A⁻¹) − 𝓛_σ(W_1, W_2) is 0 for every W_1 and W_2, so is its mixed derivative at 0 along "
    "e_ie_1ᵀ and e_je_1ᵀ, which is 2λ(AᵀA − I)_ij, so A is orthogonal.",
)
def remaining() -> All:
    """The penalty reduces the symmetries of the loss from GL_k to O_k."""
    inverse = (Rel(B @ A, "=", I_k), Rel(A @ B, "=", I_k), Rel(A.T @ A, "=", I_k))
    unchanged = Rel(summed(A @ W1, W2 @ B), "=", summed(W1, W2))
    z = (s * Basis(i, k) + t * Basis(j, k)) @ Basis(ONE, m).T
    none = Zero(m, k)
    mixed = Coeff(Coeff(summed(A @ z, none) - summed(z, none), s, 1), t, 1) / (2 * λ)

    def change(f: Expr, h: Expr, unit: Expr, turned: Expr) -> Expr:
        gap = W2 @ f @ W1 @ X
        data = SqNorm(gap) - 2 * Inner(X - W2 @ W1 @ X, gap)
        return data + λ * Tr(W1.T @ unit @ W1) + λ * Tr(W2 @ (f + B @ turned.T) @ W2.T)

    steps = (Step(lambda f, h, unit: A.T @ h - unit @ B, Rel(B, "=", A.T)), Step(change))
    return both(
        eq(mixed, Entry(A.T @ A - I_k, i, j)),
        Implication(inverse, (unchanged,), (A, B), steps, small((1, 1), (1, 2), (2, 2))),
    )
