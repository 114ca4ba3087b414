"""Kunin et al. 2019, Appendix A: three lemmas on matrices, Oja's rule and biases.

Main results
    norm_split     ‖A‖² + ‖B‖² = ‖A − Bᵀ‖² + 2 tr(AB)
    commuting      what commutes with a diagonal matrix of distinct entries is diagonal
    idempotent     a diagonal idempotent matrix has entries 0 and 1
    oja_gradient   Oja's rule is not the tied gradient, up to any factor, but on the unit sphere (…_corrected)
    best_bias      the best biases centre the data
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Family,
    Grad,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    integer,
)
from proofs.kernel.propositions import ONE, Rel
from proofs.kunin2019.notation import W1, W2, I_m, X, k, m, n, unregularized
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact

A, B = Letter("A", m, k), Letter("B", k, m)
b = Family("b")
i, j = integer("i", "", 1, m), integer("j", "", 1, m)


def places(rng: Random, at: Instance) -> Instance:
    """Two different indices of 1, …, m."""
    if at["m"] < 2:
        raise Undefined("m = 1 has no two indices")
    row, column = rng.sample(range(1, at["m"] + 1), 2)
    return {"i": row, "j": column}


def entries(rng: Random, at: Instance) -> Instance:
    return {"b": [rational(rng, at["height"]) for _ in range(at["m"])]}


def repeated(rng: Random, at: Instance) -> Instance:
    return {"b": [rational(rng, at["height"])] * at["m"]}


OFF_DIAGONAL = Hypothesis("i ≠ j", r"i \neq j", (Rel(i, "≠", j),), places)
DISTINCT_ENTRIES = Hypothesis("b_i ≠ b_j for i ≠ j", r"b_i \neq b_j", (Rel(b[i], "≠", b[j]),), entries, repeated)


@claim("kunin2019/lemA.1", where="Lemma A.1")
def norm_split() -> Chain:
    """The sum of two squared norms is the squared norm of A − Bᵀ plus twice the trace of AB."""
    return eq(SqNorm(A) + SqNorm(B), SqNorm(A - B.T) + 2 * Tr(A @ B))


def norm_expansion(last: Expr) -> Chain:
    """The printed proof of Lemma A.1, with the last term of the trace left open."""
    return chain(
        SqNorm(A - B.T),
        "=",
        Tr((A - B.T).T @ (A - B.T)),
        "=",
        Tr(A.T @ A - A.T @ B.T - B @ A + last),
        "=",
        SqNorm(A) + SqNorm(B) - 2 * Tr(A @ B),
    )


@claim("kunin2019/lemA.1/proof", where="Lemma A.1, proof", note="The shapes conform only if k = m.")
def norm_split_proof() -> Chain:
    """‖A − Bᵀ‖² expanded as a trace whose last term is BᵀB."""
    return norm_expansion(B.T @ B)


@claim("kunin2019/lemA.1/proof+", where="Lemma A.1, proof")
def norm_split_proof_corrected() -> Chain:
    """‖A − Bᵀ‖² expanded as a trace whose last term is BBᵀ."""
    return norm_expansion(B @ B.T)


@claim("kunin2019/lemA.2", where="Lemma A.2", given=[OFF_DIAGONAL, DISTINCT_ENTRIES])
def commuting() -> Implication:
    """A matrix that commutes with a diagonal matrix of distinct entries is diagonal."""
    A, B = Letter("A", m, m), Diag(b, m, "B")
    return Implication(
        (Rel(A @ B, "=", B @ A),),
        (fact(Entry(A, i, j), "=", 0),),
        (A,),
        (Step(lambda commutator: Entry(commutator, i, j), squares=lambda gap: (b[j] - b[i]) * gap),),
    )


@claim("kunin2019/lemA.3", where="Lemma A.3", note="a_ii ∈ {0, 1} is stated as a_ii(a_ii − 1) = 0.")
def idempotent() -> Implication:
    """The diagonal entries of a diagonal idempotent matrix are 0 or 1."""
    a = Family("a")
    A = Diag(a, m, "A")
    return Implication(
        (Rel(A @ A, "=", A),),
        (fact(a[i] * (a[i] - 1), "=", 0),),
        (a,),
        (Step(lambda gap: Entry(gap, i, i)),),
    )


# Oja's rule ---------------------------------------------------------------------------------------
w, x, α = Letter("w", m, 1), Letter("x", m, 1), Sym("α")
UNIT = Letter("u", m, 1, frozenset({"orthonormal"}))
y = Named("y", Tr(x.T @ w), "y")


def oja(w: Expr, M: Expr) -> Expr:
    """(1 − wwᵀ)Mw, the direction of Oja's rule."""
    return (I_m - w @ w.T) @ M @ w


def tied(w: Expr, data: Expr) -> Expr:
    """The unregularised loss with W1 = wᵀ and W2 = w."""
    return unregularized(w.T, w, data)


@claim("kunin2019/appA/oja-algebra", where="Appendix A, Oja's rule")
def oja_algebra() -> Chain:
    """Oja's rule with y = xᵀw, factored."""
    return eq(α * (y * x - y**2 * w), α * oja(w, x @ x.T))


TIED = Grad(tied(w, x), w)


@claim(
    "kunin2019/appA/oja-gradient",
    where="Appendix A, Oja's rule",
    convention="up to any factor: the outer product of the two is symmetric",
)
def oja_gradient() -> Chain:
    """The direction of Oja's rule is the negative gradient of an unregularised autoencoder with tied weights, k = 1."""
    return eq(-TIED @ oja(w, x @ x.T).T, oja(w, x @ x.T) @ -TIED.T)


@claim("kunin2019/appA/oja-gradient+", where="Appendix A, Oja's rule", note="The second is for a w = u with ‖u‖ = 1.")
def oja_gradient_corrected() -> All:
    """Half the negative gradient has one term more, (1 − ‖w‖²)xxᵀw, which is 0 on the unit sphere alone."""
    return both(
        eq(-TIED / 2, oja(w, x @ x.T) + (1 - SqNorm(w)) * (x @ x.T @ w)),
        eq(substitute((1 - SqNorm(w)) * (x @ x.T @ w), {w: UNIT}), Zero(m, 1)),
    )


# Biases -------------------------------------------------------------------------------------------
b1, b2, β = Letter("b1", k, 1, tex="b_1"), Letter("b2", m, 1, tex="b_2"), Letter("b", m, 1)
t = integer("t", "", 1, n)
e = Named("e", Sum(t, ONE, n, Basis(t, n)), "e_n")
PRODUCT = W2 @ W1 @ X
MEAN = 1 / n * (X @ e)
CENTRED = Named("X̄", X - 1 / n * (X @ e @ e.T), r"\bar X")
BIASED = SqNorm(X - PRODUCT - β @ e.T)
RESIDUAL = X - PRODUCT - β @ e.T


def with_biases(encoder: Expr, decoder: Expr) -> Expr:
    """‖X − W2(W1X + encoder eᵀ) + decoder eᵀ‖²."""
    return SqNorm(X - W2 @ (W1 @ X + encoder @ e.T) + decoder @ e.T)


def joined(decoder: Expr) -> Chain:
    """With b = W2b1 + b2 the loss is (8)."""
    return eq(with_biases(b1, decoder), substitute(BIASED, {β: W2 @ b1 + b2}))


@claim("kunin2019/appA/bias-sub", where="Appendix A, (8)", tag="8")
def biases() -> Chain:
    """The two biases enter the loss through b = W2b1 + b2."""
    return joined(b2)


@claim("kunin2019/appA/bias-sub+", where="Appendix A, (8)", tag="8")
def biases_corrected() -> Chain:
    """With the bias of the decoder subtracted, the two enter the loss through b = W2b1 + b2."""
    return joined(-b2)


@claim("kunin2019/appA/bias-grad", where="Appendix A, after (8)")
def bias_gradient() -> Chain:
    """The gradient by the bias."""
    return eq(Grad(BIASED, β), 2 * RESIDUAL @ e)


@claim("kunin2019/appA/bias-grad+", where="Appendix A, after (8)")
def bias_gradient_corrected() -> Chain:
    """The gradient by the bias, with its sign."""
    return eq(Grad(BIASED, β), -2 * RESIDUAL @ e)


BEST = MEAN - W2 @ W1 @ MEAN


@claim("kunin2019/appA/bias-opt", where="Appendix A, after (8)")
def best_bias() -> All:
    """Where the gradient by the bias vanishes the bias is that of the means, and the loss that of centred data."""
    gradient = Rel(RESIDUAL @ e, "=", Zero(m, 1))
    return both(
        Implication((gradient,), (Rel(β, "=", BEST),), (β,), (Step(lambda f: f / -n),)),
        eq(substitute(BIASED, {β: BEST}), unregularized(W1, W2, CENTRED)),
    )
