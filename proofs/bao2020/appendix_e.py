"""Bao et al. 2020, Appendix E.1 and E.2: the proofs of the transpose theorem and of the landscape theorem.

Main results
    semidefinite_at_stationary_points   C = (I − W2W1)XXᵀ ⪰ 0
    gradient_difference_corrected       what the difference of the gradients factors into
    commutes_with_square_corrected      2QD²Q = Q²D² + D²Q² with D² distinct forces Q to be diagonal
    rotated_penalty_corrected           the penalty along a rotation of two latent components
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.bao2020.notation import (
    DATA,
    FEWER,
    HALF,
    ONE,
    ORDERED,
    SCALE_MAIN,
    S̄,
    TWO_INDICES,
    W1,
    W2,
    Ū,
    Λ,
    I_k,
    I_m,
    X,
    cos,
    givens,
    i,
    j,
    k,
    l,
    l2_loss,
    m,
    n,
    sin,
    θ,
    λ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Diff,
    Entry,
    Expr,
    Family,
    Grad,
    Inner,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact

LOSS = Named("L_σ′", l2_loss(W1, W2, X), r"\mathcal L_{\sigma'}")
GRAD_1, GRAD_2 = Grad(LOSS, W1), Grad(LOSS, W2)
WEIGHTS = (W1, W2)
P = W2 @ W1


# E.1 ----------------------------------------------------------------------------------------------
def difference_of_weights() -> Expr:
    return W1 - W2.T


def skew_part(g2: Expr) -> Expr:
    """C − Cᵀ for C = (I − W2W1)XXᵀ/n, as a combination of the gradient by W2."""
    return (W2 @ g2.T - g2 @ W2.T) / 2


@claim("bao2020/E.1/grad-scale", where="Appendix E.1, Lemma 2, proof", convention=SCALE_MAIN, given=[ORDERED, FEWER])
def lemma_2_gradient() -> Chain:
    """The gradient by W2 in the proof of Lemma 2."""
    return eq(GRAD_2, 2 * ((P - I_m) @ X @ X.T @ W1.T) + 2 * (W2 @ Λ))


@claim("bao2020/E.1/grad-scale+", where="Appendix E.1, Lemma 2, proof", convention=SCALE_MAIN, given=[ORDERED])
def lemma_2_gradient_corrected() -> Chain:
    """The gradient by W2 has the factor 1/n of objective (3)."""
    return eq(GRAD_2, 2 / n * ((P - I_m) @ X @ X.T @ W1.T) + 2 * (W2 @ Λ))


SUM_OF_TERMS, DATA_TERM, WEIGHT_TERM = X @ X.T @ P.T / n, P @ X @ X.T @ P.T / n, W2 @ Λ @ W2.T


@claim(
    "bao2020/E.1/lemma2-both-terms",
    where="Appendix E.1, Lemma 2, proof",
    given=[ORDERED, FEWER],
    convention=SCALE_MAIN,
    note="The print leaves 1/n out (grad-scale); with it the terms are those of the equation before.",
)
def both_terms_definite() -> Implication:
    """Both terms on the right are positive definite, so XXᵀ(W2W1)ᵀ exceeds the first of them strictly."""
    facts = (fact(DATA_TERM, "≻", 0), fact(WEIGHT_TERM, "≻", 0), Rel(SUM_OF_TERMS, "≻", DATA_TERM))
    return Implication((fact(GRAD_2, "=", 0),), facts, WEIGHTS)


@claim(
    "bao2020/E.1/lemma2-both-terms+",
    where="Appendix E.1, Lemma 2, proof",
    given=[ORDERED],
    convention=SCALE_MAIN,
    note="The left is the sum of both terms, so that each is what the other leaves of it.",
)
def both_terms_semidefinite() -> Implication:
    """What either term leaves of XXᵀ(W2W1)ᵀ/n, which is the other, is positive semi-definite."""
    return Implication(
        (fact(GRAD_2, "=", 0),),
        (Rel(SUM_OF_TERMS, "⪰", WEIGHT_TERM), Rel(SUM_OF_TERMS, "⪰", DATA_TERM)),
        WEIGHTS,
        (
            Step(lambda g2: -(g2 @ W2.T) / 2, squares=lambda _: DATA_TERM),
            Step(lambda g2: -(g2 @ W2.T) / 2, squares=lambda _: WEIGHT_TERM),
        ),
    )


@claim("bao2020/E.1/lemma2", where="Appendix E.1, Lemma 2", given=[ORDERED], convention=SCALE_MAIN)
def semidefinite_at_stationary_points() -> Implication:
    """C = (I − W2W1)XXᵀ is positive semi-definite at stationary points."""
    B = I_m - P
    gram = B @ X @ X.T @ B.T + n * (W2 @ Λ @ W2.T)
    step = Step(lambda g2: -n / 2 * (g2 @ W2.T), squares=lambda _: gram)
    return Implication((fact(GRAD_2, "=", 0),), (fact(B @ X @ X.T, "⪰", 0),), WEIGHTS, (step,))


def factored(inner: Expr) -> Expr:
    """2/n (W1 − W2ᵀ) inner XXᵀ + 2Λ(W1 − W2ᵀ)."""
    A = difference_of_weights()
    return 2 / n * (A @ inner @ X @ X.T) + 2 * (Λ @ A)


@claim(
    "bao2020/E.1/gradient-difference",
    where="Appendix E.1, Theorem 1, proof",
    given=[ORDERED],
    convention=SCALE_MAIN,
    note="I − W1W2 is k × k and XXᵀ is m × m: the shapes conform only if k = m.",
)
def gradient_difference() -> All:
    """As C is symmetric, the difference of the gradients, zero, factors through W1 − W2ᵀ and I − W1W2."""
    return by_symmetry(factored(I_k - W1 @ W2))


def by_symmetry(product: Expr) -> All:
    """At stationary points C = (I − W2W1)XXᵀ/n is symmetric, the difference 0; by that symmetry it is the product."""
    C = (I_m - P) @ X @ X.T / n
    symmetric, difference = Rel(C, "=", C.T), GRAD_1 - GRAD_2.T
    steps = (Step(lambda g1, g2: skew_part(g2)), Step(lambda g1, g2, _: g1 - g2.T))
    rearranged = Step(lambda skew: 2 * (W1 @ skew.T))
    stationary = fact(GRAD_1, "=", 0), fact(GRAD_2, "=", 0)
    return both(
        Implication(stationary, (symmetric, fact(difference, "=", 0)), WEIGHTS, steps),
        Implication((symmetric,), (Rel(difference, "=", product),), WEIGHTS, (rearranged,)),
    )


@claim("bao2020/E.1/gradient-difference+", where="Appendix E.1, Theorem 1, proof", given=[ORDERED])
def gradient_difference_corrected() -> All:
    """As C is symmetric, the difference of the gradients, zero, factors through W1 − W2ᵀ and I − W2W1."""
    return by_symmetry(factored(I_m - P))


@claim("bao2020/E.1/finish", where="Appendix E.1, Theorem 1, proof", given=[ORDERED])
def finish() -> Implication:
    """If C is positive semi-definite, the quadratic form ACAᵀ + ΛAAᵀ vanishes at every e_i only if A = 0."""
    A, C = Letter("A", k, m), Letter("C", m, m, frozenset({"psd"}))
    row = Basis(i, k).T @ A
    return Implication(
        (fact(Tr(row @ C @ row.T) + λ[i] * SqNorm(row), "=", 0),),
        (fact(row, "=", 0),),
        (A,),
        (Step(lambda form: form, squares=lambda gap: Tr(gap @ C @ gap.T) + λ[i] * SqNorm(gap)),),
    )


# E.2, Lemma 4 -------------------------------------------------------------------------------------
d, s, t = Family("d"), Family("s"), Family("t")
δ = Sym("d")
row, column = integer("i", "", 1, m), integer("j", "", 1, m)


def places(rng: Random, at: Instance) -> Instance:
    """Two different indices of 1, …, m."""
    if at["m"] < 2:
        raise Undefined("m = 1 has no two indices")
    first, second = rng.sample(range(1, at["m"] + 1), 2)
    return {"i": first, "j": second}


def entries(rng: Random, at: Instance) -> Instance:
    return {"d": [rational(rng, at["height"]) for _ in range(at["m"])]}


def repeated(rng: Random, at: Instance) -> Instance:
    return {"d": [rational(rng, at["height"])] * at["m"]}


def opposite(rng: Random, at: Instance) -> Instance:
    return {"d": [rational(rng, at["height"]) * (-1) ** a for a in range(at["m"])]}


def corner(rng: Random, at: Instance) -> Instance:
    return {"s": [rational(rng, at["height"]) for _ in range(at["m"])], "d": rational(rng, at["height"])}


OFF_DIAGONAL = Hypothesis("i ≠ j", r"i \neq j", (Rel(row, "≠", column),), places)
ANY_ROW = Hypothesis("1 ≤ i ≤ m", r"1 \le i \le m", (), lambda rng, at: {"i": rng.randint(1, at["m"])})
DISTINCT = Hypothesis("d_i ≠ d_j for i ≠ j", r"d_i \neq d_j", (Rel(d[row], "≠", d[column]),), entries, repeated)
DISTINCT_SQUARES = Hypothesis(
    "d_i² ≠ d_j² for i ≠ j", r"d_i^2 \neq d_j^2", (Rel(d[row] ** 2, "≠", d[column] ** 2),), entries, opposite
)
NEW_ENTRY = Hypothesis("s_i ≠ d", r"s_i \neq d", (Every(l, ONE, m, Rel(s[l], "≠", δ)),), corner)
NEW_SQUARE = Hypothesis("s_i² ≠ d²", r"s_i^2 \neq d^2", (Rel(s[row] ** 2, "≠", δ**2),), corner)


def commutes_with_square(proof: tuple[Step, ...] = ()) -> Implication:
    Q, D = Letter("Q", m, m, frozenset({"symmetric"})), Diag(d, m, "D")
    equation = Rel(2 * (Q @ D**2 @ Q), "=", Q**2 @ D**2 + D**2 @ Q**2)
    return Implication((equation,), (fact(Entry(Q, row, column), "=", 0),), (Q,), proof)


@claim("bao2020/E.2/lemma4", where="Appendix E.2, Lemma 4", given=[OFF_DIAGONAL, DISTINCT], tag="26")
def lemma_4() -> Implication:
    """A symmetric Q with 2QD²Q = Q²D² + D²Q² is diagonal if D has distinct entries."""
    return commutes_with_square()


@claim("bao2020/E.2/lemma4+", where="Appendix E.2, Lemma 4", given=[OFF_DIAGONAL, DISTINCT_SQUARES])
def lemma_4_corrected() -> Implication:
    """A symmetric Q with 2QD²Q = Q²D² + D²Q² is diagonal if D² has distinct entries."""
    Q, D = Letter("Q", m, m, frozenset({"symmetric"})), Diag(d, m, "D")
    commutator = fact(Q @ D**2 - D**2 @ Q, "=", 0)
    return commutes_with_square(
        (
            Step(lambda gap: -Tr(D**2 @ gap), commutator, SqNorm),
            Step(lambda _, c: Entry(c, row, column), squares=lambda gap: (d[column] ** 2 - d[row] ** 2) * gap),
        )
    )


def induction_step(proof: tuple[Step, ...] = ()) -> Implication:
    """The top left block of (26) for (Q a; aᵀ q) and diag(D, d), with Q diagonal: the block that the proof uses."""
    Q, D, a = Diag(t, m, "Q_l"), Diag(s, m, "D_l"), Letter("a", m, 1)
    assumption = Rel(2 * (Q @ D**2 @ Q), "=", Q**2 @ D**2 + D**2 @ Q**2)
    top = Rel(2 * (Q @ D**2 @ Q + δ**2 * (a @ a.T)), "=", Q**2 @ D**2 + D**2 @ Q**2 + a @ a.T @ D**2 + D**2 @ a @ a.T)
    a_i = Named("a_i", Basis(row, m).T @ a)
    facts = (fact(2 * SqNorm(a_i) * (s[row] ** 2 - δ**2), "=", 0), fact(a_i, "=", 0))
    return Implication((assumption, top), facts, (a,), proof)


@claim(
    "bao2020/E.2/lemma4-induction",
    where="Appendix E.2, Lemma 4, proof",
    given=[ANY_ROW, NEW_ENTRY],
    tag="27–29",
    note="Read with (27) as printed. That the leading block of a solution satisfies (27) is assumed, not shown.",
)
def lemma_4_induction() -> Implication:
    """In the induction step, distinct entries of D make s_i² − d² ≠ 0, so that a = 0."""
    return induction_step()


@claim("bao2020/E.2/lemma4-induction+", where="Appendix E.2, Lemma 4, proof", given=[ANY_ROW, NEW_SQUARE])
def lemma_4_induction_corrected() -> Implication:
    """In the induction step, distinct entries of D² make a = 0."""
    square = fact(SqNorm(Named("a_i", Basis(row, m).T @ Letter("a", m, 1))), "=", 0)
    return induction_step(
        (
            Step(lambda assumed, top: Entry(assumed - top, row, row)),
            Step(lambda *known: known[-1], square, lambda gap: 2 * (s[row] ** 2 - δ**2) * gap),
            Step(lambda *known: known[-1], squares=SqNorm),
        )
    )


# E.2, the rotated loss ----------------------------------------------------------------------------
Q1, Q2 = Letter("Q1", k, m), Letter("Q2", m, k)
ROTATED = Named("L_σ′", l2_loss(Q1 @ Ū.T, Ū @ Q2, DATA), r"\mathcal L_{\sigma'}")


def rotated_loss_with(cross: Expr) -> Chain:
    """(31) with the trace split by shape, and a cross term."""
    data = Tr(Q2 @ Q1 @ S̄**2 @ Q1.T @ Q2.T - 2 * cross + S̄**2)
    return eq(ROTATED, data + Tr(2 * (Q1 @ Q2 @ Λ)) + SqNorm(Λ**HALF @ (Q1 - Q2.T)))


@claim(
    "bao2020/E.2/eq31",
    given=[ORDERED],
    where="Appendix E.2, Lemma 3, proof",
    tag="31",
    convention=SCALE_MAIN,
    note="One trace holds m × m terms and the k × k term Q1Q2Λ; eq31/split reads it as a sum of traces.",
)
def rotated_loss() -> Chain:
    """The loss in the coordinates Q1 = W1U, Q2 = UᵀW2."""
    inside = Q2 @ Q1 @ S̄**2 @ Q1.T @ Q2.T - 2 * (Q2 @ Q1 @ S̄) + 2 * (Q1 @ Q2 @ Λ) + S̄**2
    return eq(ROTATED, Tr(inside) + SqNorm(Λ**HALF @ (Q1 - Q2.T)))


@claim(
    "bao2020/E.2/eq31/split",
    where="Appendix E.2, Lemma 3, proof",
    tag="31",
    convention=SCALE_MAIN,
    given=[ORDERED, FEWER],
)
def rotated_loss_split() -> Chain:
    """(31) with the terms of different shape in different traces."""
    return rotated_loss_with(Q2 @ Q1 @ S̄)


@claim("bao2020/E.2/eq31+", where="Appendix E.2, Lemma 3, proof", tag="31", convention=SCALE_MAIN, given=[ORDERED])
def rotated_loss_corrected() -> Chain:
    """The cross term of the loss in the coordinates Q1, Q2 has S², and the penalty has a trace of its own."""
    return rotated_loss_with(Q2 @ Q1 @ S̄**2)


# E.2, the rotation of two latent components -------------------------------------------------------
R = givens(i, j, θ, k)
PENALTY = Named("ψ", SqNorm(Λ**HALF @ R @ W2.T) + SqNorm(W2 @ R.T @ Λ**HALF), r"\psi(\tilde W_1, \tilde W_2)")
w_i, w_j, w_l = (Named(f"w_{a}", W2 @ Basis(a, k)) for a in (i, j, l))


def penalty_along(factor: int) -> Chain:
    """ψ along the rotation, with the factor of its cross term left open."""
    rest = Sum(l, ONE, k, λ[l] * SqNorm(w_l), (i, j))
    cross = factor * (λ[j] - λ[i]) * Inner(w_i, w_j) * sin(θ) * cos(θ)
    return chain(
        PENALTY,
        "=",
        2 * (λ[i] * SqNorm(w_i * cos(θ) - w_j * sin(θ)) + λ[j] * SqNorm(w_i * sin(θ) + w_j * cos(θ)) + rest),
        "=",
        2
        * (
            (λ[i] * SqNorm(w_i) + λ[j] * SqNorm(w_j)) * cos(θ) ** 2
            + (λ[j] * SqNorm(w_i) + λ[i] * SqNorm(w_j)) * sin(θ) ** 2
            + cross
            + rest
        ),
    )


@claim("bao2020/E.2/psi-expansion", where="Appendix E.2, Theorem 2, proof", given=[ORDERED, TWO_INDICES, FEWER])
def rotated_penalty() -> Chain:
    """The penalty along a rotation of the latent components i and j, at tied weights."""
    return penalty_along(4)


@claim("bao2020/E.2/psi-expansion+", where="Appendix E.2, Theorem 2, proof", given=[ORDERED, TWO_INDICES])
def rotated_penalty_corrected() -> Chain:
    """The cross term of the penalty along the rotation has the factor 2."""
    return penalty_along(2)


A_COS_B = Named("A cos B", Diff(PENALTY, θ, 2, True) / -8, r"A\cos B")
A_SIN_B = Named("A sin B", Diff(PENALTY, θ, 1, True) / -4, r"A\sin B")
COSINE = "ψ = 2[A cos(2θ + B) + …], so ψ′(0) = −4A sin B and ψ″(0) = −8A cos B"


@claim("bao2020/E.2/eq34", where="Appendix E.2, Theorem 2, proof", tag="34", given=[ORDERED, TWO_INDICES], note=COSINE)
def amplitude_cosine() -> Chain:
    """A cos B of the penalty along the rotation."""
    return eq(A_COS_B, HALF * (λ[j] - λ[i]) * (SqNorm(w_j) - SqNorm(w_i)))


@claim(
    "bao2020/E.2/eq35",
    where="Appendix E.2, Theorem 2, proof",
    tag="35",
    given=[ORDERED, TWO_INDICES, FEWER],
    note=COSINE,
)
def amplitude_sine() -> Chain:
    """A sin B of the penalty along the rotation."""
    return eq(A_SIN_B, -2 * (λ[j] - λ[i]) * Inner(w_i, w_j))


@claim("bao2020/E.2/eq35+", where="Appendix E.2, Theorem 2, proof", tag="35", given=[ORDERED, TWO_INDICES], note=COSINE)
def amplitude_sine_corrected() -> Chain:
    """A sin B of the penalty along the rotation has the factor 1."""
    return eq(A_SIN_B, -((λ[j] - λ[i]) * Inner(w_i, w_j)))
