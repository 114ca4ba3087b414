"""Kunin et al. 2019, Theorem 2.1: regularised linear autoencoders are symmetric at every critical point.

Main results
    transpose_theorem    W1 = W2ᵀ at every critical point of the sum loss
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.kernel.expressions import (
    Expr,
    Grad,
    Letter,
    Named,
    SqNorm,
    Tr,
)
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import PENALTY, SCALE, W1, W2, I_m, X, k, m, summed, λ
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact

LOSS = Named("L_σ", summed(W1, W2), r"\mathcal L_\sigma")
GRAD_1, GRAD_2 = Grad(LOSS, W1), Grad(LOSS, W2)
CRITICAL = (fact(GRAD_1, "=", 0), fact(GRAD_2, "=", 0))
WEIGHTS = (W1, W2)
C = (I_m - W2 @ W1) @ X @ X.T
A = W1 - W2.T


def semidefinite_part() -> Expr:
    """What C equals wherever the gradient by W2 vanishes."""
    B = I_m - W2 @ W1
    return B @ X @ X.T @ B.T + λ * (W2 @ W2.T)


def skew_part(g2: Expr) -> Expr:
    """Cᵀ − C, as a combination of the gradient by W2."""
    return (g2 @ W2.T - W2 @ g2.T) / 2


def balance(g1: Expr, g2: Expr) -> Expr:
    """A(C + λI), as a combination of both gradients."""
    return (g1 - g2.T) / 2 - W1 @ skew_part(g2)


@claim("kunin2019/thm2.1", where="Theorem 2.1", given=[PENALTY], convention=SCALE)
def transpose_theorem() -> Implication:
    """At every critical point of the sum loss the encoder is the transpose of the decoder."""
    B = I_m - W2 @ W1

    def squares(gap: Expr) -> Expr:
        return SqNorm(gap @ B @ X) + λ * SqNorm(gap @ W2) + λ * SqNorm(gap)

    def combination(g1: Expr, g2: Expr) -> Expr:
        return Tr((balance(g1, g2) + A @ g2 @ W2.T / 2) @ A.T)

    return Implication(CRITICAL, (fact(W1, "=", W2.T),), WEIGHTS, (Step(combination, squares=squares),))


@claim("kunin2019/thm2.1/gradients", where="Theorem 2.1, proof", convention=SCALE)
def gradients() -> All:
    """The gradients of the sum loss."""
    return both(
        eq(GRAD_1, 2 * (W2.T @ (W2 @ W1 - I_m) @ X @ X.T) + 2 * λ * W1),
        eq(GRAD_2, 2 * ((W2 @ W1 - I_m) @ X @ X.T @ W1.T) + 2 * λ * W2),
    )


@claim("kunin2019/thm2.1/rearrange", where="Theorem 2.1, proof", given=[PENALTY], convention=SCALE)
def rearrange() -> Implication:
    """The gradient by W2 times W2ᵀ, rearranged, is an equation whose right side has two semi-definite terms."""
    P = W2 @ W1
    data, weights = P @ X @ X.T @ P.T, λ * (W2 @ W2.T)
    return Implication(
        (fact(GRAD_2, "=", 0),),
        (Rel(X @ X.T @ P.T, "=", data + weights), fact(data, "⪰", 0), fact(weights, "⪰", 0)),
        WEIGHTS,
        (
            Step(lambda g2: -(g2 @ W2.T) / 2),
            Step(lambda g2, _: 0 * data, squares=lambda gap: gap),
            Step(lambda g2, _: 0 * weights, squares=lambda gap: gap),
        ),
    )


@claim("kunin2019/thm2.1/C-psd", where="Theorem 2.1, proof", given=[PENALTY], convention=SCALE)
def positive_semidefinite() -> Implication:
    """C = (I − W2W1)XXᵀ is positive semi-definite at critical points."""
    step = Step(lambda g2: -(g2 @ W2.T) / 2, squares=lambda _: semidefinite_part())
    return Implication((fact(GRAD_2, "=", 0),), (fact(C, "⪰", 0),), WEIGHTS, (step,))


@claim(
    "kunin2019/thm2.1/C-symmetry",
    where="Theorem 2.1, proof",
    given=[PENALTY],
    convention=SCALE,
    note="That C is symmetric follows where ∇_{W2} vanishes alone: C-symmetry/decoder.",
)
def symmetry() -> All:
    """At critical points C is symmetric and the difference of the gradients is 0; by that symmetry it is 2A(C + λI)."""
    symmetric, difference = Rel(C, "=", C.T), GRAD_1 - GRAD_2.T
    steps = (Step(lambda g1, g2: -skew_part(g2)), Step(lambda g1, g2, _: g1 - g2.T))
    rearranged = Step(lambda skew: 2 * (W1 @ skew.T))
    return both(
        Implication(CRITICAL, (symmetric, fact(difference, "=", 0)), WEIGHTS, steps),
        Implication((symmetric,), (Rel(difference, "=", 2 * (A @ (C + λ * I_m))),), WEIGHTS, (rearranged,)),
    )


@claim("kunin2019/thm2.1/C-symmetry/decoder", where="Theorem 2.1, proof", given=[PENALTY], convention=SCALE)
def symmetry_by_decoder() -> Implication:
    """C is symmetric wherever the gradient by W2 vanishes."""
    return Implication((fact(GRAD_2, "=", 0),), (Rel(C, "=", C.T),), WEIGHTS, (Step(lambda g2: -skew_part(g2)),))


@claim("kunin2019/thm2.1/conclude", where="Theorem 2.1, proof", given=[PENALTY])
def conclude() -> Implication:
    """If C is positive semi-definite and λ > 0, A(C + λI)Aᵀ = 0 forces A = 0."""
    A, C = Letter("A", k, m), Letter("C", m, m, frozenset({"psd"}))
    return Implication(
        (fact(A @ (C + λ * I_m) @ A.T, "=", 0),),
        (fact(A, "=", 0),),
        (A,),
        (Step(Tr, squares=lambda gap: Tr(gap @ C @ gap.T) + λ * SqNorm(gap)),),
    )
