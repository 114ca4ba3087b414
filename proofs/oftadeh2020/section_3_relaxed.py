"""Oftadeh et al. 2020, Section 3, Lemma 1 to Remark 9: the closed form of the loss, its cost, relaxed assumptions.

Main results
    closed_form      Lemma 1: L without a sum over the latents
    any_sizes        nothing in the closed form needs n = n′ or an order of the sizes
    nested           L is 2mp times nested dropout with a uniform prior
"""

from __future__ import annotations

from dataclasses import replace

from proofs.bao2020 import notation as bao
from proofs.claim import claim
from proofs.kernel.expressions import (
    Diag,
    Family,
    Grad,
    Letter,
    MaxMask,
    Named,
    Rank,
    SqNorm,
    Tr,
    Zero,
    integer,
    lift,
    size,
)
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.oftadeh2020.critical import (
    APART,
    COMMUTED,
    CRITICAL,
    EVEN_TOO,
    OF_MAP,
    OVERLAPPING,
    ROWS,
    SPECTRAL,
    SQUARED,
    c,
)
from proofs.oftadeh2020.notation import (
    AXES,
    DEFINITE,
    LOSS,
    SITUATIONS,
    UNSCALED,
    Λ,
    A,
    B,
    T_p,
    X,
    Y,
    Σxx,
    Σxy,
    Σyx,
    Σyy,
    j,
    loss,
    m,
    masked,
    n,
    p,
    scaled,
)
from proofs.oftadeh2020.section_2 import BY_SAMPLES, products


# Lemma 1 ------------------------------------------------------------------------------------------
@claim("oftadeh2020/lem1", where="Section 3, Lemma 1, (21)", tag="21", convention=UNSCALED)
def closed_form() -> Chain:
    """The loss without a sum over the latents."""
    return eq(LOSS, p * Tr(Σyy) - 2 * Tr(A @ T_p @ B @ Σxy) + Tr(B.T @ masked(A.T @ A) @ B @ Σxx))


@claim(
    "oftadeh2020/rem8",
    where="Section 3, Remark 8",
    convention=UNSCALED,
    note="Products of matrices, of sizes that grow with p: the count is that of oftadeh2020/rem2-7, 4, in which p "
    "does not occur; (1) evaluated term by term has 2 for each of its p terms. Of numbers there are more as p grows.",
)
def constant_count() -> All:
    """The number of matrix operations is independent of p."""
    return both(eq(LOSS, BY_SAMPLES), eq(lift(products(BY_SAMPLES)), lift(4)))


# Remark 9 -----------------------------------------------------------------------------------------
LAYER, LAYER_TOO = integer("h", "", 1), integer("g", "", 1)
A_OUT, A_IN = Letter("A_2", n, LAYER), Letter("A_1", LAYER, p)


@claim(
    "oftadeh2020/rem9-multilayer",
    where="Section 3, Remark 9",
    convention=UNSCALED,
    note="A decoder of two layers, of any width between them; the encoder likewise. L of A = A_2A_1 is the loss, and "
    "its gradients by the layers follow from that by A by the chain rule. That no layer is narrower than p is needed "
    "to reach every A: the rank of A_2A_1 is at most the width.",
)
def many_layers() -> All:
    """Layers multiply to one, and the gradient by each follows from that by their product."""
    deep = Named("L(A_2A_1, B)", loss(A_OUT @ A_IN, B, X, Y))
    inner = masked(B @ Σxx @ B.T)
    by_product = 2 * (A_OUT @ A_IN @ inner - Σyx @ B.T @ T_p)
    return both(
        eq(Grad(deep, A_OUT), by_product @ A_IN.T),
        eq(Grad(deep, A_IN), A_OUT.T @ by_product),
        chain(Rank(A_OUT @ A_IN), "≤", Rank(A_IN), "≤", lift(LAYER)),
    )


out, back = size("n", ""), size("n'", "n'")
wide, many = size("q"), size("m")
INPUTS, TARGETS = Letter("X", back, many), Letter("Y", out, many)
DECODING, ENCODING = Letter("A", out, wide), Letter("B", wide, back)


@claim(
    "oftadeh2020/rem9-rectangular",
    where="Section 3, Remark 9",
    convention=UNSCALED,
    note="Y is n × m, X is n′ × m, A is n × q, B is q × n′, in no order of the sizes. Σ = ΣyxΣxx⁻¹Σxy is n × n; for n "
    "> n′ its rank is at most n′ (oftadeh2020/rem9-overdet), for n < n′ it may be n.",
)
def any_sizes() -> All:
    """With n ≠ n′ the loss and its gradients have the same form."""
    xx, xy, yx = INPUTS @ INPUTS.T, INPUTS @ TARGETS.T, TARGETS @ INPUTS.T
    wider = Named("L(A, B)", loss(DECODING, ENCODING, INPUTS, TARGETS))
    gram, scale = masked(DECODING.T @ DECODING), scaled(wide)
    codes = masked(ENCODING @ xx @ ENCODING.T)
    closed = wide * SqNorm(TARGETS) - 2 * Tr(DECODING @ scale @ ENCODING @ xy) + Tr(ENCODING.T @ gram @ ENCODING @ xx)
    return both(
        eq(wider, closed),
        eq(Grad(wider, ENCODING) / 2, gram @ ENCODING @ xx - scale @ DECODING.T @ yx),
        eq(Grad(wider, DECODING) / 2, DECODING @ codes - yx @ ENCODING.T @ scale),
    )


@claim(
    "oftadeh2020/rem9-overdet",
    where="Section 3, Remark 9",
    note="Read as it is printed: systems with n < n′, more inputs than outputs, under-constrained, those with n′ > n "
    "over-determined: the two are the same. That Λ_I has zeros if p > min(n, n′), from rank Σ ≤ min(n, n′): with n < p "
    "there are not even p eigenvalues. Of the rank of Σ, with any matrix in the place of Σxx⁻¹.",
)
def over_determined() -> All:
    """The rank of Σ is at most n and at most n′."""
    middle = Letter("M", back, back)
    covariance = Named("Σ", TARGETS @ INPUTS.T @ middle @ INPUTS @ TARGETS.T, r"\Sigma")
    return both(
        chain(Rank(covariance), "≤", Rank(TARGETS @ INPUTS.T), "≤", lift(out)),
        chain(Rank(TARGETS @ INPUTS.T), "≤", lift(back)),
    )


@claim(
    "oftadeh2020/rem9-kernel",
    where="Section 3, Remark 9",
    given=[DEFINITE],
    convention=UNSCALED,
    note="Read of global minima with Y = 0, where Σ = 0 has the rank r = 0: a latent that learns nothing has B-row 0, "
    "and its column of A may be anything. Nor need it lie in ker Σ where Σ ≠ 0: with b_d = 0 the loss does not see "
    "a_d.",
)
def kernel_columns() -> Implication:
    """Where Σ has the rank r, the decoder has the rank r."""
    silent = Rel(Y, "=", Zero(n, m))
    return Implication((silent, fact(LOSS, "=", 0)), (fact(A, "=", 0),), (A, B, Y), (), SITUATIONS)


@claim(
    "oftadeh2020/rem9-thm2",
    where="Section 3, Remark 9",
    given=[DEFINITE],
    convention=UNSCALED,
    note="At any rank of Σ and A: what Theorem 2 says of C, with Corollary 1.3 (oftadeh2020/cor1-3), whose proofs use "
    "of Σ nothing. The form itself needs the eigenvalues to be distinct (oftadeh2020/rem9-repeated).",
)
def any_rank() -> Implication:
    """Theorem 2 holds for decoders of any rank, also where Σ is singular."""
    steps = (*ROWS, APART, Step(lambda *_: Named("x", OVERLAPPING)))
    return Implication(CRITICAL, (fact(OVERLAPPING, "=", 0),), (A, B), steps, SITUATIONS, (j, c))


@claim(
    "oftadeh2020/rem9-repeated",
    where="Section 3, Remark 9",
    given=[replace(DEFINITE, draw=None, broken=None), AXES],
    convention=UNSCALED,
    note="K = UᵀABΣxyU commutes with Λ: it has blocks where eigenvalues are equal, and K² = KΛ. Δ does likewise. "
    "Nothing is supposed of the eigenvalues. That columns span the eigenspace: within what of it is in I.",
)
def repeated_eigenvalues() -> Implication:
    """With repeated eigenvalues the global map is block diagonal in the axes of Σ."""
    steps = (*ROWS, *OF_MAP, Step(lambda *_: COMMUTED), Step(lambda *_: SQUARED + EVEN_TOO @ (SPECTRAL - Λ)))
    return Implication(
        CRITICAL,
        (fact(COMMUTED.body, "=", 0), Rel(SPECTRAL @ SPECTRAL, "=", SPECTRAL @ Λ)),
        (A, B),
        steps,
        SITUATIONS,
        (j, c),
    )


# Bao et al. on this loss --------------------------------------------------------------------------
uniform = Family("p", tail=lambda b: 1 / bao.k, length=bao.k)


@claim(
    "oftadeh2020/bao-relation",
    where="Bao et al. 2020, Section 3",
    convention="L is not divided by the number of samples n, L_ND has 1/2n; k latents, as in Bao et al.",
)
def nested() -> All:
    """With a uniform prior nested dropout has the matrices T_p/p and S_p/p, and the summed loss is a multiple of it."""
    W1, W2, data, k, samples = bao.W1, bao.W2, bao.X, bao.k, bao.n
    square = W2.T @ W2
    return both(
        eq(Diag(uniform, k, "P_D"), scaled(k) / k),
        eq(MaxMask(square, uniform, "P_L"), masked(square) / k),
        eq(loss(W2, W1, data, data), 2 * samples * k * bao.nested_dropout(W1, W2, data, uniform)),
    )
