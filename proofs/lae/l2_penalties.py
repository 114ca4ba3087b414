"""The landscape of the non-uniform L2 loss for penalties of any size: what Theorems 2 and 3 of Bao et al. become.

They suppose 0 < λ_1 < … < λ_k < σ_k². The list of stationary points (bao2020/4.1/thm2+) needs λ_i > 0 alone: a latent
learns a component with σ_j² > λ_i, or none. At the minimum the first ℓ latents learn theirs, where ℓ is the number of i
with λ_i < σ_i², and the others are empty. The printed form of the minimum has a value exactly if λ_k ≤ σ_k²; there, the
boundary included, Theorem 3 holds, and beyond it ℓ of its latents are left.

Main results
    stationary      the list of stationary points for every λ > 0
    has_value       the printed form has a value exactly if λ_k ≤ σ_k²
    global_minima   the minima for every 0 < λ_1 < … < λ_k
    local_minima    there are no other local ones
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    ONE,
    ORDERED,
    SCALE_MAIN,
    TWO,
    W1,
    W2,
    ZERO,
    Ū,
    i,
    j,
    k,
    l,
    l2_loss,
    m,
    λ,
    σ,
)
from proofs.bao2020.section_4 import (
    FEW,
    ORDER,
    P_DIAGONAL,
    SPECTRAL_LOSS,
    completeness,
    converse,
    descents,
    ell,
    matched,
    signs_only,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Coeff, Diag, Eye, First, Sum, Sym
from proofs.kernel.propositions import Every, Iff, Rel
from proofs.methods.chain import Chain, chain
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.proposition import Proposition, says
from proofs.methods.stationarity import Complete, Points, Stationary

WHERE = "the non-uniform L2 loss, for penalties of any size"


# Stationary points --------------------------------------------------------------------------------
def around(rng: Random, at: Instance) -> list[fmpq]:
    """Different penalties below, at and above eigenvalues, in any order."""
    found: list[fmpq] = []
    for _ in range(40):
        value = rng.choice(at["σ"]) ** 2 * fmpq(rng.choice((9, 16, 25, 50)), 25)
        if value not in found:
            found.append(value)
        if len(found) == at["k"]:
            return found
    raise Undefined("too few penalties")


DIFFERENT = Hypothesis(
    "λ_i > 0, λ_i ≠ λ_j for i ≠ j",
    r"\lambda_i > 0,\ \lambda_i \ne \lambda_j \text{ for } i \ne j",
    (Every(l, ONE, k, Rel(λ[l], ">", ZERO)), Every(i, TWO, k, Every(j, ONE, i - 1, Rel(λ[i], "≠", λ[j])))),
    lambda rng, at: {"λ": around(rng, at)},
)


@claim(
    "lae/l2/stationary",
    where=WHERE,
    given=[FULL_RANK, DIFFERENT],
    convention=SCALE_MAIN,
    note="Penalties in any order, above any eigenvalues. With equal ones the latents that share one may turn.",
)
def stationary() -> All:
    """The stationary points are the partial matchings in which a latent learns a component with σ_j² > λ_i."""
    listed = Complete(SPECTRAL_LOSS, matched(), completeness(), FEW)
    return both(listed, Stationary(SPECTRAL_LOSS, matched(), FEW, converse()))


# The minimum --------------------------------------------------------------------------------------
def rising(rng: Random, at: Instance) -> Instance:
    """In order, and how many are below their eigenvalues."""
    values = sorted(around(rng, at))
    return {"λ": values, "ℓ": sum(x < s * s for x, s in zip(values, at["σ"], strict=False))}


LEARNED = Hypothesis(
    "λ_i < σ_i² for i ≤ ℓ, λ_i ≥ σ_i² for i > ℓ",
    r"\lambda_i < \sigma_i^2 \text{ for } i \le \ell,\ \lambda_i \ge \sigma_i^2 \text{ for } i > \ell",
    (
        Every(i, ONE, ell, Rel(λ[i], "<", σ[i] ** 2)),
        Every(i, ell + 1, k, Rel(λ[i], "≥", σ[i] ** 2)),
    ),
    rising,
)
"""It says what ℓ is: there is such an ℓ for every 0 < λ_1 < … < λ_k."""
GIVEN = [FULL_RANK, replace(ORDERED, draw=None), LEARNED]


@claim("lae/l2/has-value", where=WHERE, given=[FULL_RANK, replace(ORDERED, draw=rising)])
def has_value() -> Proposition:
    """The printed minimum's root (I − ΛS⁻²)^½ is real exactly if λ_k ≤ σ_k²."""
    return says(Iff(Every(i, ONE, k, Rel(1 - λ[i] * σ[i] ** -2, "≥", ZERO)), Rel(λ[k], "≤", σ[k] ** 2)))


SHRINK = (Eye(ell) - Diag(λ, ell, "Λ_ℓ") @ Diag(σ, ell, "S_ℓ") ** -2) ** HALF
FIRST = P_DIAGONAL @ First(k, ell) @ SHRINK @ (Ū @ First(m, ell)).T
POINTS = Points((W1, W2), (FIRST, FIRST.T), signs_only, frozenset({"ε"}), canonical={P_DIAGONAL: Eye(k)})
LEAST = Sum(j, ONE, m, σ[j] ** 2) - Sum(i, ONE, ell, (σ[i] ** 2 - λ[i]) ** 2 * σ[i] ** -2)


def idle() -> Chain:
    """A latent with the smaller penalty is empty while another has learned a direction: it takes part."""
    α = Sym("α")
    e_1, e_2, u_1 = Basis(ONE, k), Basis(TWO, k), Ū @ Basis(ONE, m)
    w = (1 - λ[2] * σ[1] ** -2) ** HALF * e_2 @ u_1.T + α * e_1 @ u_1.T
    return chain(-Coeff(l2_loss(w, w.T, DATA), α, 2), "=", 2 * (λ[2] - λ[1]), ">", ZERO)


def minima(kind: str) -> Minima:
    return Minima(SPECTRAL_LOSS, POINTS, matched(), LEAST, (*descents(), idle()), ORDER, kind, FEW)


@claim("lae/l2/global", where=WHERE, given=GIVEN, convention=SCALE_MAIN)
def global_minima() -> Minima:
    """The minimum is achieved exactly where the first ℓ latents have learned the first ℓ components, in order."""
    return minima("global")


@claim("lae/l2/local", where=WHERE, given=GIVEN, convention=SCALE_MAIN)
def local_minima() -> Minima:
    """There are no other local minima."""
    return minima("local")
