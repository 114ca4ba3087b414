"""Bao et al. 2020, Section 2: which symmetries the objectives have, and what the assumptions identify.

Main results
    invariant               (1) does not change under (AW1, W2A⁻¹)
    identifiable_corrected  eigenvectors for σ_1², …, σ_k² are u_1, …, u_k up to sign if σ_{k+1} < σ_k, which Section 2
                            leaves out
    orthogonal_symmetry_corrected    then the minima of (2) are one orbit of (OW1, W2Oᵀ)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, zeros
from proofs.bao2020.notation import (
    DATA,
    HALF,
    ONE,
    SCALE_MAIN,
    SPECTRUM,
    S̄,
    TWO,
    TWO_INDICES,
    W1,
    W2,
    ZERO,
    Ū,
    I_k,
    S,
    U,
    X,
    i,
    j,
    k,
    l,
    m,
    n,
    spectrum_of_latents,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    Inner,
    Letter,
    SqNorm,
    Sum,
    Sym,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.stationarity import SMALL, Points

A, A_INV = Letter("A", k, k), Letter("A⁻¹", k, k, tex="A^{-1}")


def loss(w1: Expr, w2: Expr) -> Expr:
    """(1): ‖X − W2W1X‖²/n."""
    return 1 / n * SqNorm(X - w2 @ w1 @ X)


@claim("bao2020/2/invariance", where="Section 2", tag="1")
def invariant() -> Implication:
    """Any invertible matrix and its inverse can be inserted between encoder and decoder."""
    moved = Rel(loss(A @ W1, W2 @ A_INV), "=", loss(W1, W2))

    def change(inverse: Expr) -> Expr:
        gap = W2 @ inverse @ W1 @ X
        return 1 / n * SqNorm(gap) - 2 / n * Inner(X - W2 @ W1 @ X, gap)

    return Implication((Rel(A_INV @ A, "=", I_k),), (moved,), (A, A_INV), (Step(change),))


# Identifiability ----------------------------------------------------------------------------------
w = Letter("w", m, 1)
beyond, other = integer("u", "", k + 1, m), integer("j")
rank = integer("ℓ", r"\ell")


def eigenvector(a: Expr, *proof: Step) -> Implication:
    """In the coordinates w = Ūᵀv: an eigenvector of XXᵀ/n for σ_i² has no part along u_a."""
    return Implication((fact(S̄**2 @ w - σ[i] ** 2 * w, "=", 0),), (fact(Entry(w, a, ONE), "=", 0),), (w,), proof)


def component(a: Expr) -> Step:
    """(σ_a² − σ_i²) w_a = 0."""
    return Step(lambda f: Entry(f, a, ONE), squares=lambda gap: (σ[a] ** 2 - σ[i] ** 2) * gap)


def spectrum_with_gap(rng: Random, at: Instance) -> Instance:
    """σ_{k+1} below σ_k; equal eigenvalues and zeros after it."""
    values = spectrum_of_latents(rng, at)["σ"]
    kept = values[: at["k"]]
    return {"σ": [*kept, *(min(x, kept[-1] * fmpq(rng.choice((1, 99)), 100)) for x in values[at["k"] :])]}


GAP = Hypothesis(
    "k < m, σ_1 > … > σ_k > σ_u ≥ 0 for u > k",
    r"k < m,\ \sigma_1 > \dots > \sigma_k > \sigma_u \ge 0,\ u > k",
    (
        Rel(k, "<", m),
        Every(l, ONE, k - 1, Rel(σ[l], ">", σ[l + 1])),
        Rel(σ[k], ">", ZERO),
        Every(l, k + 1, m, Rel(σ[k], ">", σ[l])),
        Every(l, k + 1, m, Rel(σ[l], "≥", ZERO)),
    ),
    spectrum_with_gap,
    spectrum_of_latents,
)


@claim(
    "bao2020/2/identifiability",
    where="Section 2",
    given=[SPECTRUM, TWO_INDICES],
    note="Read as: an eigenvector of the covariance for σ_i² with i ≤ k is a multiple of u_i; u is any index above k.",
)
def identifiable() -> All:
    """That σ_1², …, σ_k² are positive and distinct identifies the principal components."""
    return both(eigenvector(j), eigenvector(beyond))


@claim("bao2020/2/identifiability+", where="Section 2", given=[GAP, TWO_INDICES])
def identifiable_corrected() -> All:
    """It does if σ_k exceeds the eigenvalues beyond the k-th as well."""
    return both(eigenvector(j, component(j)), eigenvector(beyond, component(beyond)))


# The minima of (2) --------------------------------------------------------------------------------
WEIGHTS = (W1, W2)
λ = Sym("λ")
UNIFORM = 1 / n * SqNorm(DATA - W2 @ W1 @ DATA) + λ * SqNorm(W1) + λ * SqNorm(W2)
O = Letter("O", k, k)
ROOT = (I_k - λ * S**-2) ** HALF


def turns(at: Instance) -> Iterator[Instance]:
    """O = I, and a reflection of the last latent axis with a rotation of the first two."""
    yield {**at, "O": diagonal([fmpq(1)] * at["k"])}
    turned = diagonal([fmpq(1)] * (at["k"] - 1) + [fmpq(-1)])
    if at["k"] > 1:
        turned[:2, :2] = [[fmpq(3, 5), fmpq(-4, 5)], [fmpq(4, 5), fmpq(3, 5)]]
    yield {**at, "O": turned}


PRINCIPAL = Points(
    WEIGHTS,
    (O @ ROOT @ U.T, U @ ROOT @ O.T),
    turns,
    frozenset({"O"}),
    recover=((O, W1 @ U @ ROOT**-1),),
    where=(Rel(O.T @ O, "=", I_k),),
    canonical={O: Letter("O", k, k, frozenset({"orthonormal"}))},
)
E, F, σ_J = Letter("E", k, rank), Letter("F", m, rank), Family("σ_J", r"\sigma_{\mathcal J}")
SHRUNK = (Eye(rank) - λ * Diag(σ_J, rank) ** -2) ** HALF


def learned(at: Instance) -> Iterator[Instance]:
    """Any ℓ ≤ k principal directions with σ_j² > λ, on the first ℓ latent axes; O_k turns these."""
    above = [a for a in range(at["m"]) if at["σ"][a] ** 2 > at["λ"]]
    for count in range(at["k"] + 1):
        for chosen in combinations(above, count):
            axes, directions = zeros(at["k"], count), zeros(at["m"], count)
            for place, a in enumerate(chosen):
                axes[place, place], directions[a, place] = fmpq(1), fmpq(1)
            yield {**at, "ℓ": count, "E": axes, "F": directions, "σ_J": [at["σ"][a] for a in chosen]}


LEARNED = Points(WEIGHTS, (E @ SHRUNK @ (Ū @ F).T, Ū @ F @ SHRUNK @ E.T), learned, frozenset({"E", "F", "ℓ", "σ_J"}))


def small_penalty(rng: Random, at: Instance) -> Instance:
    """λ below σ_k², such that (1 − λ/σ_k²)^½ is rational."""
    return {"λ": (at["σ"][at["k"] - 1] * fmpq(*rng.choice(((3, 5), (4, 5), (5, 13), (12, 13))))) ** 2}


PENALTY = Hypothesis(
    "0 < λ < σ_k²",
    r"0 < \lambda < \sigma_k^2",
    (Rel(λ, ">", ZERO), Rel(λ, "<", σ[k] ** 2)),
    small_penalty,
    lambda rng, at: {"λ": at["σ"][at["k"] - 1] ** 2 * 2},
)
LEAST = Sum(other, ONE, m, σ[other] ** 2) - Sum(i, ONE, k, (σ[i] ** 2 - λ) ** 2 * σ[i] ** -2)
ORDER = (
    Rel(m, "≥", TWO),
    Rel(λ, ">", ZERO),
    Rel(σ[1], ">", ZERO),
    Rel(σ[2], ">", ZERO),
    Rel(σ[1] ** 2, ">", σ[2] ** 2),
    Rel(σ[1] ** 2, ">", λ),
    Rel(σ[2] ** 2, ">", λ),
)


def descents() -> tuple[Chain, ...]:
    """A latent axis that learns nothing, or a direction while a better one is free, descends towards that one."""
    α, axis = Sym("α"), Basis(ONE, k)
    better, worse = Ū @ Basis(ONE, m), Ū @ Basis(TWO, m)

    def tied(w: Expr) -> Expr:
        return substitute(UNIFORM, {W1: w, W2: w.T})

    empty = tied(α * axis @ better.T)
    second = tied((1 - λ * σ[2] ** -2) ** HALF * axis @ worse.T + α * axis @ better.T)
    return (
        chain(-Coeff(empty, α, 2), "=", 2 * (σ[1] ** 2 - λ), ">", ZERO),
        chain(-Coeff(second, α, 2), "=", (σ[1] ** 2 - σ[2] ** 2) * (1 + λ * σ[2] ** -2), ">", ZERO),
    )


def unique_minima() -> Minima:
    return Minima(UNIFORM, PRINCIPAL, LEARNED, LEAST, descents(), ORDER, "global", replace(SMALL, per_size=2))


KUNIN = "For λ < σ_k²; the stationary points tried are those of Kunin et al., Theorem 4.2, up to an orthogonal O."


@claim(
    "bao2020/2/kunin-optimum",
    where="Section 2, (2)",
    tag="2",
    given=[SPECTRUM, PENALTY],
    convention=SCALE_MAIN,
    note=KUNIN,
)
def orthogonal_symmetry() -> Minima:
    """The global minima of (2) are one orbit: (OW1, W2Oᵀ) for orthogonal O."""
    return unique_minima()


@claim(
    "bao2020/2/kunin-optimum+", where="Section 2, (2)", tag="2", given=[GAP, PENALTY], convention=SCALE_MAIN, note=KUNIN
)
def orthogonal_symmetry_corrected() -> Minima:
    """They are if σ_k exceeds the eigenvalues beyond the k-th."""
    return unique_minima()
