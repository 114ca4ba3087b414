"""Bao et al. 2020, Section 3: what is said there of nested dropout and of RAG.

Main results
    uniform_prior_corrected   the loss of Oftadeh et al. is 2nk times nested dropout with a uniform prior
    local_minima_corrected    the minima of nested dropout are ordered and axis-aligned if no p_B(b) is 0
    no_gradient               RAG has no potential for k ≥ 2: a second derivative of it would depend on the order
    one_latent                for k = 1 it does: its skew-symmetric matrix is 0
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, zeros
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    ONE,
    POSITIVE_PRIOR,
    PRIOR,
    SCALE_ND,
    SPECTRUM,
    TWO_LATENTS,
    W1,
    W2,
    ZERO,
    Ū,
    I_k,
    U,
    X,
    i,
    j,
    k,
    m,
    n,
    nested_dropout,
    p,
    α,
    σ,
)
from proofs.bao2020.rag import rotation
from proofs.bao2020.section_4 import matchings, rank
from proofs.claim import claim
from proofs.kernel.expressions import Basis, Coeff, Expr, Family, Inner, Letter, LowerMask, Named, Sum
from proofs.kernel.propositions import Rel
from proofs.lae.numbering import sizes
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import fact
from proofs.methods.stationarity import Points
from proofs.oftadeh2020 import notation as oftadeh

# A uniform prior ----------------------------------------------------------------------------------
UNIFORM = Family("u", define=lambda a: (k - a + 1) / k, tail=lambda b: 1 / k, length=k)
SUMMED = oftadeh.loss(W2, W1, X, X)
SCALES = "the loss of Oftadeh et al. is not divided by n; L_ND has 1/2n, as printed; Y = X"


@claim("bao2020/3/uniform-prior", where="Section 3", convention=SCALES)
def uniform_prior() -> Chain:
    """The loss of Oftadeh et al. is deterministic nested dropout with a uniform prior."""
    return eq(SUMMED, nested_dropout(W1, W2, X, UNIFORM))


@claim("bao2020/3/uniform-prior+", where="Section 3", convention=SCALES)
def uniform_prior_corrected() -> Chain:
    """It is 2nk times that."""
    return eq(SUMMED, 2 * n * k * nested_dropout(W1, W2, X, UNIFORM))


# Local minima of nested dropout -------------------------------------------------------------------
WEIGHTS = (W1, W2)
G, L = Letter("G", k, k), Letter("L", k, k)
LOSS = nested_dropout(W1, W2, DATA)


def ordered(at: Instance) -> Iterator[Instance]:
    """G = I, and other scales, of both signs."""
    for scales in ([fmpq(1)] * at["k"], [fmpq(-2) / (a + 1) for a in range(at["k"])]):
        yield {**at, "G": diagonal(scales), "L": diagonal([1 / x for x in scales])}


ALIGNED = Points(
    WEIGHTS,
    (G @ U.T, U @ L),
    ordered,
    frozenset({"G", "L"}),
    recover=((G, W1 @ U), (L, U.T @ W2)),
    where=(Rel(L @ G, "=", I_k), *(fact(LowerMask(x, True), "=", 0) for x in (G, G.T))),
    canonical={G: I_k, L: I_k},
)
E, F = Letter("E", k, rank), Letter("F", m, rank)


def learned(at: Instance) -> Iterator[Instance]:
    """Every partial matching of latents to components, of every rank."""
    for matching in matchings(at["k"], at["m"]):
        if all(sign == 1 for *_, sign in matching):
            axes, directions = zeros(at["k"], len(matching)), zeros(at["m"], len(matching))
            for place, (row, column, _) in enumerate(matching):
                axes[row, place], directions[column, place] = fmpq(1), fmpq(1)
            yield {**at, "ℓ": len(matching), "E": axes, "F": directions}


LEARNED = Points(WEIGHTS, (E @ (Ū @ F).T, Ū @ F @ E.T), learned, frozenset({"E", "F", "ℓ"}))
LEAST = HALF * Sum(i, ONE, m, σ[i] ** 2) - HALF * Sum(j, ONE, k, p[j] * σ[j] ** 2)
MATCHED = (
    "Decided at the points that learn components by latents one to one, of every rank, up to the scale of the latents: "
    "there are no others but with spare decoders (lae/nested/common). Their curvatures are lae/blocks/nested."
)


def minima() -> All:
    """The global minima are of the form, and at other stationary points the loss descends."""

    def of(kind: str, *plan: tuple[int, int], per_size: int) -> Minima:
        return Minima(LOSS, ALIGNED, LEARNED, LEAST, (), (), kind, replace(sizes(*plan), per_size=per_size))

    return both(
        of("global", (1, 1), (1, 2), (2, 2), (2, 2), (2, 3), per_size=3),
        of("local", (1, 1), (1, 2), (2, 2), per_size=1),
    )


@claim("bao2020/3/nd-local-minima", where="Section 3", given=[SPECTRUM, PRIOR], convention=SCALE_ND, note=MATCHED)
def local_minima() -> All:
    """The local minima of nested dropout are ordered and axis-aligned, for a general prior."""
    return minima()


@claim(
    "bao2020/3/nd-local-minima/prior",
    where="Section 3",
    given=[FULL_RANK, PRIOR],
    convention=SCALE_ND,
    note=f"With positive eigenvalues that differ, as Appendix B assumes. {MATCHED}",
)
def local_minima_of_any_prior() -> All:
    """With different eigenvalues the local minima are ordered and axis-aligned, for a general prior."""
    return minima()


@claim(
    "bao2020/3/nd-local-minima+",
    where="Section 3",
    given=[FULL_RANK, POSITIVE_PRIOR],
    convention=SCALE_ND,
    note=MATCHED,
)
def local_minima_corrected() -> All:
    """They are if every p_B(b) is positive and the eigenvalues are positive and differ."""
    return minima()


# RAG is no gradient -------------------------------------------------------------------------------
def turning(w1: Expr) -> Expr:
    """The A of Algorithm 1, of YYᵀ with Y = W1X."""
    return rotation(w1 @ DATA @ DATA.T @ w1.T)


def by_encoder(w1: Expr, w2: Expr) -> Expr:
    """What RAG adds to W1 besides the gradient of (1)."""
    return 1 / n * (turning(w1) @ w1)


def by_decoder(w1: Expr, w2: Expr) -> Expr:
    return -1 / n * (w2 @ turning(w1))


u = Ū @ Basis(ONE, m)
E_1, E_K = Basis(ONE, k), Basis(k, k)
AT1, AT2, ALONG1, ALONG2 = E_1 @ u.T, u @ E_K.T, E_K @ u.T, u @ E_1.T
TURNED = Named(
    "⟨∂Ẇ2/∂W1 Z1, Z2⟩ − ⟨∂Ẇ1/∂W2 Z2, Z1⟩",
    Coeff(Inner(by_decoder(AT1 + α * ALONG1, AT2), ALONG2), α, 1)
    - Coeff(Inner(by_encoder(AT1, AT2 + α * ALONG2), ALONG1), α, 1),
    r"\langle\partial\dot W_2/\partial W_1\,Z_1, Z_2\rangle - \langle\partial\dot W_1/\partial W_2\,Z_2, Z_1\rangle",
)
READ = (
    "A field is a gradient only if its derivative is symmetric, and that of the gradient of (1) is, so that the "
    "rotation decides. W1 = e_1 u_1ᵀ, W2 = u_1 e_kᵀ, Z1 = e_k u_1ᵀ, Z2 = u_1 e_1ᵀ. A step of any size has this field."
)


@claim(
    "bao2020/3/rag-not-gradient",
    where="Section 3",
    given=[SPECTRUM],
    note=f"{READ} For k = 1 there are no others: bao2020/3/rag-not-gradient/one-latent.",
)
def no_gradient() -> Chain:
    """RAG is not the gradient of any loss."""
    return chain(TURNED, "≠", ZERO)


@claim("bao2020/3/rag-not-gradient+", where="Section 3", given=[SPECTRUM, TWO_LATENTS], note=READ)
def no_gradient_of_more() -> Chain:
    """With two latents or more it is not: the derivative is off symmetry by σ_1²/2, which is not 0."""
    return eq(TURNED, HALF * σ[1] ** 2)


@claim("bao2020/3/rag-not-gradient/one-latent", where="Section 3")
def one_latent() -> Chain:
    """A is skew-symmetric: with one latent it is 0 everywhere, and RAG is the gradient of (1)."""
    return eq(turning(W1).T, -turning(W1))
