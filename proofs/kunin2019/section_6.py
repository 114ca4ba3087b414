"""Kunin et al. 2019, Section 6: principal components from the decoder, Algorithm 1 and alternating minimisation.

Main results
    principal_corrected     directions with σ_i² > λ are eigenvectors of W2W2ᵀ, as far as there are latents: i ≤ k
    update                  the printed update of Algorithm 1 keeps α times the gradient and drops the weights
    returned_corrected      λ(1 − s²)⁻¹ is σ_i² where σ_i² > λ
    convex                  the sum loss is convex in each of its weights
    rows_corrected          the encoder solves k equations for every direction, not m for every latent
    oja                     Oja's rule is no multiple of the tied gradient
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Expr,
    Grad,
    Letter,
    Named,
    Pick,
    SqNorm,
    Sym,
    Tr,
    Zero,
    integer,
)
from proofs.kernel.propositions import ZERO, Rel
from proofs.kunin2019.appendix_a import UNIT, oja, tied, w
from proofs.kunin2019.minima import LEARNED, SPECTRUM, SUMMED, Ū, σ
from proofs.kunin2019.notation import PENALTY, SCALE, W1, W2, I_k, I_m, X, i, j, k, m, n, summed, λ
from proofs.kunin2019.section_5 import START, A, B, stays, t
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.words import Open
from proofs.tactics.inverses import Inverted

M = X @ X.T
SUM = summed(W1, W2)
HALVES = (Grad(SUM, W1) / 2, Grad(SUM, W2) / 2)
SLOPES = (W2.T @ (W2 @ W1 - I_m) @ M + λ * W1, (W2 @ W1 - I_m) @ M @ W1.T + λ * W2)
"""Half the gradients, as Algorithm 1 prints them."""

# 6.1, the decoder ---------------------------------------------------------------------------------
ABOVE = Hypothesis("σ_j² > λ", r"\sigma_j^2 > \lambda", (Rel(σ[j] ** 2, ">", λ),), None, lambda rng, at: {})


def latent(rng: Random, at: Instance) -> Instance:
    return {"j": rng.randint(1, at["k"])}


def no_latent(rng: Random, at: Instance) -> Instance:
    if at["m"] <= at["k"]:
        raise Undefined("every direction has a latent")
    return {"j": rng.randint(at["k"] + 1, at["m"])}


WITH_LATENT = Hypothesis("j ≤ k", r"j \le k", (Rel(j, "≤", k),), latent, no_latent)


def eigenvector() -> Chain:
    """W2W2ᵀu_j = (1 − λ/σ_j²)u_j at the minima of the sum loss."""
    decoder, u = SUMMED[1], Ū @ Basis(j, m)
    return eq(decoder @ decoder.T @ u, (1 - λ / σ[j] ** 2) * u)


@claim("kunin2019/s6.1/left-sv", where="Section 6.1", given=[SPECTRUM, LEARNED, ABOVE], convention=SCALE)
def principal() -> Chain:
    """Those principal directions with eigenvalues greater than λ are left singular vectors of the trained decoder."""
    return eigenvector()


@claim("kunin2019/s6.1/left-sv+", where="Section 6.1", given=[SPECTRUM, LEARNED, WITH_LATENT], convention=SCALE)
def principal_corrected() -> Chain:
    """The k leading ones of them are, with singular values that fall with σ_j."""
    return eigenvector()


# Algorithm 1 --------------------------------------------------------------------------------------
α = Sym("α")


def descent(*updates: Expr) -> All:
    """The updates are steps against the gradient, up to the factor 2 in α."""
    return both(*(eq(u, w - α * half) for u, w, half in zip(updates, (W1, W2), HALVES, strict=True)))


@claim("kunin2019/alg1/update", where="Algorithm 1", convention=SCALE, note="α/2 is the rate of descent.")
def update() -> All:
    """Algorithm 1 is full-batch gradient descent."""
    return descent(*(α * slope for slope in SLOPES))


@claim("kunin2019/alg1/update+", where="Algorithm 1", convention=SCALE, note="Both gradients at the weights before.")
def update_corrected() -> All:
    """With W − α(…) in the place of α(…), Algorithm 1 is full-batch gradient descent."""
    return descent(*(w - α * slope for w, slope in zip((W1, W2), SLOPES, strict=True)))


l = integer("l", "", 1, k)
s2 = Named("s_l²", Pick("max", (ZERO, 1 - λ / σ[l] ** 2)), "s_l^2")


def returned(singular: Expr) -> Chain:
    """λ(1 − s²)⁻¹ = σ_l²."""
    return eq(λ / (1 - singular), σ[l] ** 2)


MINIMUM = "s_l² are the squared singular values of the decoder at the minimum"


@claim("kunin2019/alg1/eigenvalues", where="Algorithm 1", given=[SPECTRUM, PENALTY], convention=MINIMUM)
def eigenvalues() -> Chain:
    """λ(I − Σ²)⁻¹ holds the k leading eigenvalues of XXᵀ."""
    return returned(s2)


@claim("kunin2019/alg1/eigenvalues+", where="Algorithm 1", given=[SPECTRUM, LEARNED], convention=MINIMUM)
def returned_corrected() -> Chain:
    """Where σ_k² > λ it does; a latent that has collapsed gives λ."""
    return returned(1 - λ / σ[l] ** 2)


@claim("kunin2019/alg1/converges", where="Section 6.1", given=[PENALTY], convention=SCALE, note=START)
def converges() -> All:
    """Algorithm 1 is guaranteed to converge to a global minimum for small learning rates."""
    return stays(summed)


# Alternating minimisation -------------------------------------------------------------------------
@claim("kunin2019/s6.1/convex", where="Section 6.1", given=[PENALTY], convention=SCALE)
def convex() -> All:
    """The sum loss is convex in each of its weights, the other fixed: its second variation is not negative."""
    return both(
        chain(Coeff(summed(W1 + t * A, W2), t, 2), "=", SqNorm(W2 @ A @ X) + λ * SqNorm(A), "≥", ZERO),
        chain(Coeff(summed(W1, W2 + t * B), t, 2), "=", SqNorm(B @ W1 @ X) + λ * SqNorm(B), "≥", ZERO),
    )


ROWS = "Row by row: the encoder's row of a latent has m entries, the decoder's row of a feature has k."


@claim("kunin2019/s6.1/linear-systems", where="Section 6.1", convention=SCALE, note=ROWS)
def rows() -> All:
    """The encoder solves m linear equations for each of its rows, the decoder k for each of its own."""
    latent, feature = Basis(i, k), Basis(j, m)
    own = SqNorm(W2 @ latent) * M + λ * I_m
    return both(
        eq(feature.T @ HALVES[1], feature.T @ W2 @ (W1 @ M @ W1.T + λ * I_k) - feature.T @ M @ W1.T),
        eq(latent.T @ HALVES[0], latent.T @ W1 @ own - latent.T @ W2.T @ M),
    )


V̄ = Letter("V̄", n, m, frozenset({"orthonormal"}), "V")


@claim(
    "kunin2019/s6.1/linear-systems+",
    where="Section 6.1",
    given=[PENALTY],
    convention="X = UΣVᵀ",
    note="The rows of the encoder are coupled by W2ᵀW2: the equations part by principal directions, not by latents.",
)
def rows_corrected() -> All:
    """The encoder solves k linear equations for each principal direction, the decoder k for each row; both can be."""
    u = Ū @ Basis(j, m)
    encoder = σ[j] ** 2 * (W2.T @ W2) + λ * I_k
    decoder = W1 @ M @ W1.T + λ * I_k
    slope = substitute(HALVES[0], {X: Ū @ Diag(σ, m, "Σ") @ V̄.T})
    wanted, target = σ[j] ** 2 * (W2.T @ u), M @ W1.T
    column, best = encoder**-1 @ wanted, target @ decoder**-1
    by_column = Inverted(encoder, lambda one: one @ wanted)
    by_row = Inverted(decoder, lambda one: target @ one - target, after=True)
    return both(
        eq(slope @ u, encoder @ (W1 @ u) - wanted),
        eq(HALVES[1], W2 @ decoder - target),
        eq(σ[j] ** 2 * (W2.T @ W2 @ column) + λ * column, wanted, by_column),
        eq(substitute(SLOPES[1], {W2: best}), Zero(m, k), by_row),
    )


# Oja's rule ---------------------------------------------------------------------------------------
TIED = Grad(tied(w, X), w)


@claim(
    "kunin2019/s6.1/oja",
    where="Section 6.1",
    convention="up to any factor: the outer product of the two is symmetric",
)
def oja_rule() -> Chain:
    """For λ = 0 and k = 1 the gradient update with tied weights is equivalent to Oja's rule."""
    return eq(TIED @ oja(w, M).T, oja(w, M) @ TIED.T)


@claim(
    "kunin2019/s6.1/oja+",
    where="Section 6.1",
    note="The second is for a w = u with ‖u‖ = 1, which no step of either keeps.",
)
def oja_corrected() -> All:
    """The gradient has one term more, which is 0 on the unit sphere alone."""
    more = (1 - SqNorm(w)) * (M @ w)
    return both(eq(-TIED / 2, oja(w, M) + more), eq(substitute(more, {w: UNIT}), Zero(m, 1)))


# 6.2 ----------------------------------------------------------------------------------------------
@claim(
    "kunin2019/s6.2/lemA1-reading",
    where="Section 6.2",
    note="What pulls the weights together is decay, −A, and what amplifies the other's direction, Bᵀ.",
)
def balance() -> All:
    """The gradient of ‖A − Bᵀ‖² is that of weight decay, ‖A‖² + ‖B‖², less that of the self-amplification 2tr(AB)."""
    apart, decay, amplified = SqNorm(B - A.T), SqNorm(B) + SqNorm(A), 2 * Tr(B @ A)
    return both(
        *(
            chain(-Grad(apart, w) / 2, "=", Grad(amplified, w) / 2 - Grad(decay, w) / 2, "=", other.T - w)
            for w, other in ((A, B), (B, A))
        )
    )


@claim("kunin2019/s6.2/lemA1-reading/competitive", where="Section 6.2")
def competitive() -> Open:
    """Information and symmetric alignment compete with backpropagation."""
    return Open(
        "We have verified that both information and symmetric alignment indeed align weights and are competitive with "
        "backprop when trained on MNIST and CIFAR10.",
        "the paper shows no run of it, and defines neither algorithm",
    )
