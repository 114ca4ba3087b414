"""Bao et al. 2020, Appendix E.3: which stationary points of the non-uniform L2 loss are minima.

Main results
    descends              an empty latent i and a free direction j lower the loss to second order
    full_rank             a point of the form (4), (5) with a zero row and a zero column in P is no minimum
    diagonal_only         a full P at which the loss is stationary is diagonal
    rotation_fails        the rotation does not descend at every permuted stationary point
    pair_descends         another direction does
    same_loss             the loss is the same for all signs
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from proofs.algebra.evaluate import Instance
from proofs.bao2020.appendix_e import A_COS_B, w_i, w_j
from proofs.bao2020.notation import (
    DATA,
    HALF,
    ORDERED,
    PENALTIES,
    SCALE_MAIN,
    SHRINK,
    SPECTRUM,
    TWO_INDICES,
    TWO_LATENTS,
    W1,
    W2,
    ZERO,
    Λ,
    I_k,
    S,
    U,
    i,
    j,
    k,
    l2_loss,
    n,
    θ,
    λ,
    σ,
)
from proofs.bao2020.rag import ASCENDING_PAIR
from proofs.bao2020.section_4 import (
    DIAGONAL,
    FEW,
    MINIMUM,
    ORDER,
    P_DIAGONAL,
    SPECTRAL_LOSS,
    R,
    descents,
    matched,
    signed_matchings,
    ε,
)
from proofs.claim import claim
from proofs.kernel.expressions import Basis, Diff, Entry, Expr, Inner, Letter, Named, SqNorm, Sym, Tr, add
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import SMALL, Implication, Step, fact
from proofs.tactics.relations import Tight

ROOT = SHRINK**HALF
h, t = Sym("h"), Sym("t")

# Lemma 7 ------------------------------------------------------------------------------------------
ANY = Letter("P", k, k)
e_i, e_j = Basis(i, k), Basis(j, k)
EMPTY = Named("P", (I_k - e_i @ e_i.T) @ ANY @ (I_k - e_j @ e_j.T))
EMPTIED = "P has a zero row i and a zero column j, and is any matrix otherwise; i and j may be equal or not."


def at(p: Expr, *more: Expr) -> Expr:
    """The loss at W1 = p(I − ΛS⁻²)^½Uᵀ + more and W2 = W1ᵀ."""
    w = add(p @ ROOT @ U.T, *more)
    return l2_loss(w, w.T, DATA)


def along_with(direction: Sym) -> All:
    """The loss along δP = h e_i e_jᵀ, with the direction whose eigenvalue and penalty stand in it left open."""
    curve = at(EMPTY + h * (e_i @ e_j.T))
    shrunk = 1 - λ[direction] * σ[direction] ** -2
    gain = -2 * (σ[direction] ** 2 - λ[i]) * shrunk
    return both(
        chain(
            curve - at(EMPTY),
            "=",
            ((1 - shrunk * h**2) ** 2 - 1) * σ[direction] ** 2 + 2 * λ[i] * shrunk * h**2,
            "=",
            gain * h**2 + shrunk**2 * σ[direction] ** 2 * h**4,
        ),
        eq(Diff(curve, h, 1, True), ZERO),
        chain(Diff(curve, h, 2, True), "=", 2 * gain, "<", ZERO),
    )


@claim(
    "bao2020/E.3/lemma7-derivs",
    where="Appendix E.3, Lemma 7, proof",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note=f"{EMPTIED} 2λ_i(1 − λ_iσ_i)⁻²) of the print, with a bracket too many, is read as in the line after it.",
)
def descends_by_one_index() -> All:
    """Along δP_ij = h the loss changes by the printed terms, which have the index i alone."""
    return along_with(i)


@claim(
    "bao2020/E.3/lemma7-derivs+",
    where="Appendix E.3, Lemma 7, proof",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note=EMPTIED,
)
def descends() -> All:
    """Along δP_ij = h the loss has the penalty λ_i of the row and the eigenvalue σ_j² of the column."""
    return along_with(j)


@claim(
    "bao2020/E.3/lemma7",
    where="Appendix E.3, Lemma 7",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note=f"{EMPTIED} A P with at most one ±1 in each row and column and of rank less than k is such a matrix.",
)
def full_rank() -> Chain:
    """With a zero row and a zero column in P the loss is not minimal: the empty latent may learn the free direction."""
    learned = (1 - λ[i] * σ[j] ** -2) ** HALF * (e_i @ (U @ e_j).T)
    return chain(at(EMPTY, learned), "=", at(EMPTY) - (σ[j] ** 2 - λ[i]) ** 2 * σ[j] ** -2, "<", at(EMPTY))


SQUARE_COUNTS = replace(SMALL, sizes=tuple({**sizes, "n": 4} for sizes in SMALL.sizes))
"""√n is rational."""


# Lemma 8 ------------------------------------------------------------------------------------------
FULL = (Rel(ANY.T @ ANY, "=", I_k),)


@claim(
    "bao2020/E.3/lemma8",
    where="Appendix E.3, Lemma 8",
    given=[SPECTRUM, PENALTIES, TWO_INDICES],
    convention=SCALE_MAIN,
    note="A P of full rank with one ±1 in each row and column is orthogonal. A minimum has no slope, here in the "
    "direction of the encoder's row i towards the j-th principal direction; no more of it is used.",
)
def diagonal_only() -> Implication:
    """With a P of full rank (4), (5) is a global minimum only if P is diagonal."""
    w1, w2 = ANY @ ROOT @ U.T, U @ ROOT @ ANY.T
    slope = Diff(l2_loss(w1 + t * (e_i @ e_j.T @ ROOT @ U.T), w2, DATA), t, 1, True)

    def combination(gap: Expr, change: Expr) -> Expr:
        return change / 2 - Entry(ANY @ SHRINK @ gap @ SHRINK @ S**2, i, j)

    def squares(gap: Expr) -> Expr:
        return (λ[i] - λ[j]) * (1 - λ[j] * σ[j] ** -2) * gap

    step = Step(combination, squares=squares)
    return Implication((*FULL, fact(slope, "=", 0)), (fact(Entry(ANY, i, j), "=", 0),), (ANY,), (step,), SQUARE_COUNTS)


@claim(
    "bao2020/E.3/lemma8-cond",
    where="Appendix E.3, Lemma 8, proof",
    given=[ORDERED, ASCENDING_PAIR],
    note="A cos B is a negative multiple of w_iᵀw_i − w_jᵀw_j: the one is < 0 exactly if the other is > 0.",
)
def orders_by_norm() -> All:
    """A cos B < 0 exactly if w_iᵀw_i > w_jᵀw_j, for i < j."""
    factor = HALF * (λ[j] - λ[i])
    return both(eq(A_COS_B, -factor * (SqNorm(w_i) - SqNorm(w_j))), chain(factor, ">", ZERO))


def exchanged() -> Expr:
    """The encoder that has learned the i-th and the j-th direction by each other's component."""
    first = (1 - λ[i] * σ[j] ** -2) ** HALF * (e_i @ (U @ e_j).T)
    second = (1 - λ[j] * σ[i] ** -2) ** HALF * (e_j @ (U @ e_i).T)
    return first + second


@claim(
    "bao2020/E.3/lemma8-argument",
    where="Appendix E.3, Lemma 8, proof",
    given=[SPECTRUM, PENALTIES, ASCENDING_PAIR],
    convention=SCALE_MAIN,
    note="At the stationary point at which the components i < j have learned each other's direction "
    "(bao2020/4.1/thm2+), the other components being empty: the loss along the rotation of these two.",
)
def rotation_fails() -> Chain:
    """The rotation of two components that have exchanged their directions descends, which rules the point out."""
    w = exchanged()
    return chain(
        Diff(l2_loss(R @ w, w.T @ R.T, DATA), θ, 2, True),
        "=",
        4 * (λ[j] - λ[i]) * (λ[j] * σ[i] ** -2 - λ[i] * σ[j] ** -2),
        "<",
        ZERO,
    )


@claim(
    "bao2020/E.3/lemma8-argument+",
    where="Appendix E.3, Lemma 8, proof",
    given=[TWO_LATENTS, SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note="The second variation aα² + bαβ + cβ² for the components 1 and 2, each turned towards its own direction by α "
    "and β: it takes negative values as its discriminant b² − 4ac is positive.",
)
def pair_descends() -> Chain:
    """At the point at which two components have exchanged their directions, turning each to its own descends."""
    return descents()[2]


# Lemma 9 and Theorem 3 ----------------------------------------------------------------------------
AT_SIGNS = l2_loss(P_DIAGONAL @ ROOT @ U.T, U @ ROOT @ P_DIAGONAL, DATA)


@claim(
    "bao2020/E.3/lemma9/eq42",
    where="Appendix E.3, Lemma 9, proof, (42)",
    tag="42",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note="P = diag(ε) is the Ī of the print; Ī² = I.",
)
def same_loss() -> All:
    """At (40), (41) the loss does not depend on the signs."""
    rest = DATA - U @ SHRINK @ U.T @ DATA
    value = 1 / n * SqNorm(rest) + 2 * Tr(Λ @ SHRINK)

    def combination(gap: Expr) -> Expr:
        moved = U @ ROOT @ gap @ ROOT @ U.T @ DATA
        return 1 / n * SqNorm(moved) - 2 / n * Inner(rest, moved) + 2 * Tr(Λ @ SHRINK @ gap)

    squared = Rel(P_DIAGONAL @ P_DIAGONAL, "=", I_k)
    return both(
        Implication((squared,), (Rel(AT_SIGNS, "=", value),), (ε,), (Step(combination),), SQUARE_COUNTS),
        eq(value, MINIMUM),
    )


@claim(
    "bao2020/E.3/lemma9",
    where="Appendix E.3, Lemma 9",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note="MINIMUM is the loss at (40), (41) by bao2020/E.3/lemma9/eq42. No theorem: that a continuous loss which grows "
    "without bound has a minimum is not in the kernel's language, and no certificate of the bound was found.",
)
def least_loss() -> Chain:
    """No weights have a smaller loss than (40), (41)."""
    return chain(l2_loss(W1, W2, DATA), "≥", (MINIMUM, Tight((W1, ROOT @ U.T), (W2, U @ ROOT))))


def of_full_rank(data: Instance) -> Iterator[Instance]:
    """The listed points at which every latent component has learned a direction."""
    return (choice for choice in signed_matchings(data) if choice["ℓ"] == data["k"])


@claim(
    "bao2020/E.3/thm3-full-rank",
    where="Appendix E.3, Theorem 3, proof",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note="Tried at the points of bao2020/4.1/thm2+ of full rank: each is of the form (40), (41) or has a descending "
    "direction.",
)
def full_rank_points() -> Minima:
    """The stationary points with ℓ = k are global minima or saddle points."""
    listed = replace(matched(), choices=of_full_rank)
    return Minima(SPECTRAL_LOSS, DIAGONAL, listed, MINIMUM, descents(), ORDER, "local", FEW)
