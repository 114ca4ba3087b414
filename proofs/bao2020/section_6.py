"""Bao et al. 2020, Sections 6, 6.1 and 6.2: the rotation augmented gradient, the generalized Hebbian algorithm, and
what the rotation conserves.

Main results
    rotates             I + αA/n is a rotation up to α², as are the partial sums of the exponential up to their order
    decoder             the printed update of RAG is that of the decoder, for half of loss (1)
    unbalanced          a balanced start does not stay balanced
    commuting           it does for one step exactly if WᵀW and XXᵀ commute
    commutes            which the flow conserves
    separates           the rotation changes neither W2W1 nor the loss, in continuous time
    second_order        a step of the algorithm changes W2W1 by W2A²W1 α²/n²
"""

from __future__ import annotations

from math import factorial

from proofs.bao2020.notation import FEWER, W1, W2, I_k, X, i, k, l, n, α
from proofs.bao2020.rag import (
    GRAD_1,
    GRAD_2,
    LOSS,
    SCALE_RAG,
    STEP_1,
    STEP_2,
    A,
    Y,
    diagonal,
    gradients,
    lower,
    reconstruction,
    rotation,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diff,
    Entry,
    Expr,
    Letter,
    Named,
    SqNorm,
    Sum,
    Tr,
    Zero,
    add,
    integer,
)
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Flow
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Open

STEP_SIZE = Hypothesis(
    "α > 0",
    r"\alpha > 0",
    (Rel(α, ">", ZERO),),
    lambda rng, at: {"α": rational(rng, at["height"] + 2, True)},
    lambda rng, at: {"α": -rational(rng, at["height"], True)},
)

# 6 ------------------------------------------------------------------------------------------------
SKEW = Letter("A", k, k, frozenset({"skew"}))
ORDER = 3


def exponential(terms: int) -> Expr:
    """The first terms of exp(αA/n) after I."""
    powers = ((α / n) ** p / factorial(p) * SKEW**p for p in range(1, terms + 1))
    return add(I_k, *powers)


@claim(
    "bao2020/6/skew-exp",
    where="Section 6",
    note="exp(αA/n) is read through its partial sums: of any order r ≤ 3 they are orthogonal up to α^r.",
)
def rotates() -> All:
    """A is skew-symmetric, so exp(αA/n) is a rotation; I + αA/n is its expansion to the first order."""
    gram = {terms: exponential(terms).T @ exponential(terms) for terms in range(1, ORDER + 1)}
    return both(
        eq(A.T, -A),
        eq(Coeff(exponential(ORDER), α, 0), I_k),
        eq(Coeff(exponential(ORDER), α, 1), 1 / n * SKEW),
        *(eq(Coeff(gram[r], α, r), Zero(k, k)) for r in gram),
    )


# 6.1 ----------------------------------------------------------------------------------------------
t = integer("t", "", 1, n)
W = Letter("W", k, W1.cols)


def hebbian(w: Expr, y: Expr) -> Expr:
    """What the generalized Hebbian algorithm adds to W, by α/n."""
    return y @ X.T - lower(y @ y.T) @ w


def augmented(w: Expr, y: Expr) -> Expr:
    """What RAG adds to W by the print, by α/n."""
    return hebbian(w, y) - (y @ y.T - diagonal(y @ y.T)) @ w / 2


@claim(
    "bao2020/6.1/gha",
    where="Section 6.1",
    note="Held against Sanger's rule for one sample, Δw_i ∝ y_i(x − Σ_{l ≤ i} y_l w_l), added over the samples.",
)
def hebbian_by_samples() -> Chain:
    """The update of the generalized Hebbian algorithm, row by row and sample by sample."""
    codes = Named("Y", W @ X)
    explained = Sum(l, ONE, i, Entry(codes, l, t) * (Basis(l, k).T @ W))
    return eq(
        Basis(i, k).T @ hebbian(W, codes),
        Sum(t, ONE, n, Entry(codes, i, t) * ((X @ Basis(t, n)).T - explained)),
    )


BALANCED = Rel(W1, "=", W2.T)


@claim("bao2020/6.1/rag-formula", where="Section 6.1", given=[FEWER, STEP_SIZE], convention=SCALE_RAG)
def printed_update() -> Implication:
    """From W1 = W2ᵀ = W Algorithm 1 makes the printed step, in encoder and decoder alike."""
    printed = W1 + α / n * augmented(W1, Y)
    return Implication((BALANCED,), (Rel(STEP_1, "=", printed), Rel(STEP_2.T, "=", printed)), (W1, W2))


@claim(
    "bao2020/6.1/rag-formula/half",
    where="Section 6.1",
    given=[FEWER, STEP_SIZE],
    convention="half of loss (1): 1/2n on the reconstruction",
    note="Read with half of the loss, the scale at which the term YXᵀ has the printed factor.",
)
def printed_update_of_half() -> Implication:
    """For half of loss (1) Algorithm 1 makes the printed step from W1 = W2ᵀ = W, in the encoder."""
    printed = W1 + α / n * augmented(W1, Y)
    return Implication((BALANCED,), (Rel(STEP_1 + α / 2 * GRAD_1, "=", printed),), (W1, W2))


@claim(
    "bao2020/6.1/rag-formula+",
    where="Section 6.1",
    convention="half of loss (1): 1/2n on the reconstruction",
    note="Wherever W1 is, balanced or not; the encoder's step has W W ᵀY X ᵀ in the place of YYᵀW.",
)
def decoder() -> Chain:
    """For half of loss (1) the printed formula is the decoder's step, W standing for W2ᵀ and Y for W1X."""
    return eq((STEP_2 + α / 2 * GRAD_2).T, W2.T + α / n * augmented(W2.T, Y))


@claim("bao2020/6.1/balanced", where="Section 6.1, footnote 3", given=[FEWER, STEP_SIZE], convention=SCALE_RAG)
def unbalanced() -> Implication:
    """RAG stays balanced, W1 = W2ᵀ, if initialized so."""
    return Implication((BALANCED,), (Rel(STEP_1, "=", STEP_2.T),), (W1, W2))


S, M = Named("S", W.T @ W), Named("M", X @ X.T)
COMMUTE = Rel(S @ M, "=", M @ S)
TIED_1, TIED_2 = gradients(W, W.T)


@claim(
    "bao2020/6.1/balanced+",
    where="Section 6.1, footnote 3",
    convention=SCALE_RAG,
    note="The steps differ by the gradients alone, as A is skew. So for every α ≠ 0 a step from W1 = W2ᵀ = W ends "
    "balanced exactly if WᵀW and XXᵀ commute: the rows of W span a space of principal directions, on which WᵀW acts "
    "along them.",
)
def commuting() -> All:
    """From W1 = W2ᵀ = W the gradients agree, and the next weights are balanced, exactly if WᵀW and XXᵀ commute."""
    closed_1, closed_2 = gradients(W1, W2)
    agree = Rel(TIED_1, "=", TIED_2.T)

    def square(gap: Expr) -> Expr:
        return n / 2 * Tr((W.T @ gap).T @ M + W.T @ gap @ M)

    return both(
        eq(GRAD_1, closed_1),
        eq(GRAD_2, closed_2),
        eq((W2 @ (I_k - α / n * A)).T, (I_k + α / n * A) @ W2.T),
        Implication((agree,), (COMMUTE,), (W,), (Step(square, squares=SqNorm),)),
        Implication((COMMUTE,), (agree,), (W,), (Step(lambda gap: 2 / n * (W @ gap)),)),
    )


@claim(
    "bao2020/6.1/balanced/flow",
    where="Section 6.1, footnote 3",
    convention=SCALE_RAG,
    note="So the balanced W at which WᵀW and XXᵀ commute are carried into each other by the flow of RAG, on which it "
    "stays balanced; a step of finite size leaves them, in general.",
)
def commutes() -> Implication:
    """In continuous time WᵀW and XXᵀ go on to commute."""
    velocity = 1 / n * (rotation(W @ X @ (W @ X).T) @ W) - TIED_2.T
    rate = Flow(((W, velocity),)).rate(S @ M - M @ S)

    def combination(gap: Expr) -> Expr:
        return 2 / n * (gap @ M + M @ gap - 2 * (S @ M @ gap) - 2 * (gap @ M @ S))

    return Implication((COMMUTE,), (fact(rate, "=", 0),), (W,), (Step(combination),))


# 6.2 ----------------------------------------------------------------------------------------------
@claim("bao2020/6.2/dot-w", where="Section 6.2", convention=SCALE_RAG)
def instantaneous() -> All:
    """The instantaneous update of RAG is that of gradient descent and a rotation."""
    descent_1, descent_2 = Diff(W1 - α * GRAD_1, α, 1, True), Diff(W2 - α * GRAD_2, α, 1, True)
    return both(
        eq(Diff(STEP_1, α, 1, True), descent_1 + 1 / n * (A @ W1)),
        eq(Diff(STEP_2, α, 1, True), descent_2 - 1 / n * (W2 @ A)),
    )


V1, V2 = Letter("V1", k, W1.cols, tex=r"\dot W_1^{GD}"), Letter("V2", W2.rows, k, tex=r"\dot W_2^{GD}")
TURN = Letter("A", k, k)
GD = Flow(((W1, V1), (W2, V2)))
RAG = Flow(((W1, V1 + 1 / n * (TURN @ W1)), (W2, V2 - 1 / n * (W2 @ TURN))))
TURNED_1, TURNED_2 = (I_k + α / n * TURN) @ W1, W2 @ (I_k - α / n * TURN)
ANY_TURN = "A may be any square matrix."


@claim(
    "bao2020/6.2/conserves-loss",
    where="Section 6.2",
    convention=SCALE_RAG,
    note=f"V1 and V2 stand for the velocities of gradient descent; they may be any. {ANY_TURN}",
)
def separates() -> All:
    """The rotation changes neither the product of the weights nor the loss, instantaneously."""
    velocity_1, velocity_2 = (v for _, v in RAG.velocities)
    return both(
        chain(
            RAG.rate(W2 @ W1),
            "=",
            velocity_2 @ W1 + W2 @ velocity_1,
            "=",
            V2 @ W1 + W2 @ V1,
            "=",
            GD.rate(W2 @ W1),
        ),
        eq(RAG.rate(LOSS), GD.rate(LOSS)),
    )


@claim(
    "bao2020/6.2/conserves-loss-algorithm1",
    where="Section 6.2, of Algorithm 1",
    given=[FEWER, STEP_SIZE],
    convention=SCALE_RAG,
    note="The rotation term of Algorithm 1 alone, without the gradients.",
)
def conserves_in_steps() -> Implication:
    """The rotation of a step of Algorithm 1 conserves the reconstruction loss."""
    conserved = Rel(reconstruction(TURNED_1, TURNED_2), "=", reconstruction(W1, W2))
    return Implication((Rel(TURN, "=", A),), (conserved,), (TURN,))


@claim(
    "bao2020/6.2/conserves-loss-algorithm1+",
    where="Section 6.2, of Algorithm 1",
    convention=SCALE_RAG,
    note=ANY_TURN,
)
def second_order() -> All:
    """The rotation of a step changes the product of the weights by the second order alone, and so the loss."""
    return both(
        eq(TURNED_2 @ TURNED_1, W2 @ (I_k - (α / n) ** 2 * TURN**2) @ W1),
        eq(Coeff(reconstruction(TURNED_1, TURNED_2), α, 1), ZERO),
    )


# The orthogonal subspace --------------------------------------------------------------------------
@claim("bao2020/6.3/thm4-informal", where="Section 6.3, Theorem 4")
def informal_theorem_4() -> Open:
    """On the orthogonal subspace RAG goes to the axis-aligned solutions, and the ordered ones are stable."""
    return Open(
        "Initialized on the orthogonal subspace W1 = W2ᵀ = OUᵀ, the instantaneous limit of RAG globally converges to "
        "the set of axis-aligned solutions, and the set of ordered, axis-aligned solutions is asymptotically stable.",
        "the theorem of Appendix E.5, with what is proved of it: bao2020/E.5/thm4",
    )
