"""Bao et al. 2020, Appendix G: the rotation augmented gradient and the Brockett cost on the Stiefel manifold.

W2 has orthonormal columns. A gradient on the manifold is the tangent vector that has the slope of the cost for its
inner product with every tangent Z = W2K + (I − W2W2ᵀ)B, with K skew-symmetric and B any matrix.

Main results
    reversed_corrected      only for square W2 does a reversal of N undo the change of sign
    stiefel_gradient        the gradient of the Brockett cost for the metric of the surrounding space
    rag_flow_corrected      (52) with a factor 1 before the rotation
    leaves_balance          the velocities of encoder and decoder differ by 2(I − W2W2ᵀ)ΣW2
    masks                   the Brockett update rotates with the weights d_i − d_j > 0 where RAG has 1
"""

from __future__ import annotations

from proofs.bao2020.notation import (
    FEWER,
    HALF,
    ONE,
    SPECTRUM,
    S̄,
    TWO,
    ZERO,
    Ū,
    I_m,
    U,
    X,
    i,
    j,
    k,
    l,
    m,
    n,
)
from proofs.bao2020.rag import (
    ASCENDING_PAIR,
    D_FALLS,
    SCALE_RAG,
    D,
    d,
    increasing,
    lower,
    reconstruction,
    rotation,
    upper,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Diag,
    Diff,
    Entry,
    Expr,
    Eye,
    Family,
    Inner,
    Letter,
    LowerMask,
    Named,
    Sym,
    Tr,
    Zero,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.tactics.relations import Tight

τ, c = Sym("τ"), Sym("c")
μ = Family("μ")
W = Letter("W2", m, k, frozenset({"orthonormal"}), tex="W_2")
Σ = Named("Σ", 1 / n * (X @ X.T), r"\Sigma")
G = W.T @ Σ @ W
P = I_m - W @ W.T
K, B, Z = Letter("K", k, k, frozenset({"skew"})), Letter("B", m, k), Letter("Z", m, k)
TANGENT = Named("Z", W @ K + P @ B)
METRIC = "gradients for the metric ⟨A, B⟩ = tr AᵀB of the surrounding space"


N_POSITIVE = Hypothesis(
    "0 < μ_1 < … < μ_k",
    r"0 < \mu_1 < \dots < \mu_k",
    (Rel(μ[1], ">", ZERO), Every(l, ONE, k - 1, Rel(μ[l], "<", μ[l + 1]))),
    increasing("μ"),  # type: ignore[arg-type]
)


def skew(a: Expr) -> Expr:
    """½(A − Aᵀ)."""
    return (a - a.T) / 2


def brockett(w: Expr, weights: Expr, covariance: Expr = Σ) -> Expr:
    """tr(WᵀΣW weights)."""
    return Tr(w.T @ covariance @ w @ weights)


# The cost -----------------------------------------------------------------------------------------
COVARIANCE = Named("Σ", Ū @ S̄**2 @ Ū.T, r"\Sigma")


@claim(
    "bao2020/G/reverse-N",
    where="Appendix G",
    given=[SPECTRUM, N_POSITIVE],
    note="U minimises the cost with the other sign and D, N in reverse order (bao2020/E.5/brockett-min+); if the "
    "problems are the same it minimises the cost before.",
)
def reversed_order() -> Chain:
    """Changing the sign of the cost and reversing the order of N does not change the optimisation problem."""
    N = Diag(μ, k, "N")
    return chain(brockett(U, N, COVARIANCE), "≤", brockett(W, N, COVARIANCE))


@claim(
    "bao2020/G/reverse-N+",
    where="Appendix G",
    note="Only for k = m, which Section 2 excludes, and with the diagonal c − μ_i instead of the list in reverse.",
)
def reversed_corrected() -> Chain:
    """For square W2 the cost with N and that with −(cI − N) differ by a constant."""
    N, square = Diag(μ, m, "N"), Letter("W2", m, m, frozenset({"orthonormal"}), tex="W_2")
    return eq(brockett(square, N), c * Tr(Σ) - brockett(square, c * Eye(m) - N))


def cost(w: Expr) -> Expr:
    """L_B: the Brockett cost as the paper defines it."""
    return -brockett(w, D)


SLOPE = Diff(cost(W + τ * TANGENT), τ, 1, True)
GRADIENT = -2 * (P @ Σ @ W @ D) - W @ skew(2 * (W.T @ Σ @ W @ D))
BROCKETT_FLOW = 2 * (P @ Σ @ W @ D) + 2 * (W @ skew(W.T @ Σ @ W @ D))


@claim("bao2020/G/stiefel-gradient", where="Appendix G", convention=METRIC)
def stiefel_gradient() -> All:
    """The printed gradient is tangent, and its inner product with every tangent is the slope of the cost."""
    return both(
        eq(W.T @ GRADIENT + GRADIENT.T @ W, Zero(k, k)),
        eq(Inner(GRADIENT, TANGENT), SLOPE),
    )


@claim("bao2020/G/eq51", where="Appendix G, (51)", tag="51", convention=METRIC)
def brockett_flow() -> All:
    """Gradient descent of the Brockett cost in continuous time."""
    return both(
        eq(W.T @ BROCKETT_FLOW + BROCKETT_FLOW.T @ W, Zero(k, k)),
        eq(Inner(BROCKETT_FLOW, TANGENT), -SLOPE),
    )


# RAG ----------------------------------------------------------------------------------------------
A = rotation(W.T @ X @ (W.T @ X).T)
DECODER = Named(
    "⟨Ẇ2, Z⟩",
    -Diff(reconstruction(W.T, W + τ * Z), τ, 1, True) - Inner(1 / n * (W @ A), Z),
    r"\langle\dot W_2, Z\rangle",
)
ENCODER = Named(
    "⟨Ẇ1ᵀ, Z⟩",
    -Diff(reconstruction(W.T + τ * Z.T, W), τ, 1, True) + Inner(1 / n * (A @ W.T), Z.T),
    r"\langle\dot W_1^\top, Z\rangle",
)
ALGORITHM = "The velocity of Algorithm 1 at W1ᵀ = W2, by its inner product with any Z."


def rag_with(factor: Expr, mask: Expr) -> Chain:
    """⟨Ẇ2, Z⟩, with the factor before the rotation and its masked matrix left open."""
    return eq(DECODER, Inner(2 * (P @ Σ @ W) - factor * (W @ skew(mask)), Z))


@claim("bao2020/G/eq52", where="Appendix G, (52)", tag="52", given=[FEWER], convention=SCALE_RAG, note=ALGORITHM)
def rag_flow() -> Chain:
    """The flow of RAG in the form of the Brockett flow."""
    return rag_with(TWO, upper(G))


@claim("bao2020/G/eq52+", where="Appendix G, (52)", tag="52", convention=SCALE_RAG, note=ALGORITHM)
def rag_flow_corrected() -> Chain:
    """The flow of RAG has the factor 1 before its rotation, as A is half of a difference."""
    return rag_with(ONE, upper(G))


@claim(
    "bao2020/G/balanced-flow", where="Appendix G, (52)", tag="52", given=[FEWER], convention=SCALE_RAG, note=ALGORITHM
)
def keeps_balance() -> Chain:
    """On the Stiefel manifold RAG moves encoder and decoder alike, so that W1ᵀ = W2 lasts."""
    return eq(ENCODER, DECODER)


@claim(
    "bao2020/G/balanced-flow+",
    where="Appendix G, (52)",
    tag="52",
    convention=SCALE_RAG,
    note=f"{ALGORITHM} They agree exactly where W2 spans a space of principal directions.",
)
def leaves_balance() -> Chain:
    """The encoder only turns; the decoder moves by 2(I − W2W2ᵀ)ΣW2 as well."""
    return eq(DECODER - ENCODER, Inner(2 * (P @ Σ @ W), Z))


# The masks ----------------------------------------------------------------------------------------
@claim("bao2020/G/skew-identities", where="Appendix G")
def skew_identities() -> Chain:
    """The skew part of W2ᵀΣW2D by masks."""
    full = G @ D
    return chain(
        skew(full),
        "=",
        skew(upper(full) + lower(full)),
        "=",
        skew(upper(full) - lower(full).T),
        "=",
        skew(upper(G) @ D - (lower(G) @ D).T),
        "=",
        skew(upper(G) @ D - D @ lower(G).T),
        "=",
        skew(upper(G) @ D - D @ upper(G)),
    )


@claim(
    "bao2020/G/mask-matrix",
    where="Appendix G",
    given=[D_FALLS, ASCENDING_PAIR],
    note="Entry by entry: 0 below the diagonal and on it, d_j − d_i above; with the other sign, d_i − d_j > 0.",
)
def masks() -> All:
    """The masked matrices have the entries d_j − d_i; the Brockett update has positive weights where RAG has 1."""
    masked = upper(G) @ D - D @ upper(G)
    return both(
        eq(Entry(masked, i, j), (d[j] - d[i]) * Entry(G, i, j)),
        eq(masked, LowerMask((G @ D - D @ G).T, strict=True).T),
        eq(Entry(skew(G @ D), i, j), -HALF * ((d[i] - d[j]) * Entry(G, i, j))),
        eq(Entry(skew(upper(G)), i, j), HALF * Entry(G, i, j)),
        chain(d[i], ">", (d[j], Tight((d[i], d[j])))),
    )


@claim("bao2020/G/rag-final", where="Appendix G", given=[FEWER], convention=SCALE_RAG, note=ALGORITHM)
def rag_final() -> Chain:
    """The update of RAG with the mask written out: 1 above the diagonal, 0 elsewhere."""
    return rag_with(TWO, LowerMask(G.T, strict=True).T)


@claim("bao2020/G/rag-final+", where="Appendix G", convention=SCALE_RAG, note=ALGORITHM)
def rag_final_corrected() -> Chain:
    """The update of RAG with the mask written out has the factor 1."""
    return rag_with(ONE, LowerMask(G.T, strict=True).T)
