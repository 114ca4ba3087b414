"""Bao et al. 2020, Section 5: what the text says of nested dropout and its deterministic variant.

Main results
    optimum      no weights have a smaller loss than the ordered, axis-aligned ones
    noise        with one mask for all data points, as (6) draws it, every sampled gradient vanishes at the minima
    bound        the condition number is at least 8σ_1²(k − 1)²/(σ_1² − σ_k²), which is more than 8(k − 1)²
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.appendix_d import MINIMA, W1_MIN, W2_MIN
from proofs.bao2020.appendix_d_conditioning import (
    COMPLEMENT,
    COND,
    LATENTS,
    SINGULAR,
    SPECTRAL,
    H,
    bounded,
    printed_bound,
)
from proofs.bao2020.notation import (
    DATA,
    ONE,
    PRIOR,
    SCALE_ND,
    SPECTRUM,
    TWO_LATENTS,
    V̄,
    W1,
    W2,
    Z1,
    Z2,
    ZERO,
    Ū,
    I_m,
    Q,
    U,
    i,
    k,
    l,
    n,
    nested_dropout,
    p_B,
    α,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Coeff, DropMask, Expr, Family, Named, Proj, SqNorm, Sum, Tr
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.eigenvalues import cond
from proofs.methods.rank import EckartYoung
from proofs.tactics.relations import Tight

# The optimum --------------------------------------------------------------------------------------


@claim(
    "bao2020/5/rippel-optimum",
    where="Section 5, after Rippel et al.",
    given=[SPECTRUM, PRIOR],
    convention=SCALE_ND,
    note="That there are no other optima than W1 = QUᵀ, W2 = UQ⁻¹ is bao2020/D/minima.",
)
def optimum() -> Chain:
    """No weights have a smaller expected loss than the ordered, axis-aligned representation."""
    best = EckartYoung(p_B, 1 / (2 * n), DATA, W2, W1, U, Ū, σ, V̄, n)
    return chain(nested_dropout(W1, W2, DATA), "≥", (nested_dropout(U.T, U, DATA), best))


# The noise of stochastic nested dropout -----------------------------------------------------------


def sampled(w1: Expr, w2: Expr) -> Expr:
    """The loss (6) for one draw b = l."""
    return 1 / (2 * n) * SqNorm(DATA - w2 @ Proj(l, k) @ (w1 @ DATA))


SLOPE = Coeff(Named("ℓ_b(W* + αZ)", sampled(W1_MIN + α * Z1, W2_MIN + α * Z2), r"\ell_b(W^*+\alpha Z)"), α, 1)
NOISE_NOTE = (
    "The reason given: the sampled gradients do not vanish at the minima. ℓ_b is the loss (6) for one draw of b, here "
    "called l, and Z any direction."
)


@claim(
    "bao2020/5/stochastic-nd",
    where="Section 5",
    given=[*MINIMA, TWO_LATENTS],
    convention=SCALE_ND,
    note=NOISE_NOTE,
)
def noise() -> Chain:
    """The stochastic gradient has variance at the minima, which keeps nested dropout from converging to them."""
    return chain(SLOPE, "≠", ZERO)


@claim("bao2020/5/stochastic-nd+", where="Section 5", given=MINIMA, convention=SCALE_ND, note=NOISE_NOTE)
def noise_corrected() -> Chain:
    """With one b for all data points, as (6) draws it, every sampled gradient vanishes at the minima."""
    return eq(SLOPE, ZERO)


M = Family("M", length=k, random=p_B)


def mask(rng: Random, at: Instance) -> Instance:
    """A number of kept latents for each data point."""
    return {"M": [fmpq(rng.randint(1, at["k"])) for _ in range(at["n"])]}


MASK = Hypothesis("M drops nested sets, one for each data point", r"M \in \{0,1\}^{k\times n}", (), mask)


MASKED_SLOPE = Named(
    "[α] ℓ_M(W* + αZ)",
    Coeff(
        1 / (2 * n) * SqNorm(DATA - (W2_MIN + α * Z2) @ DropMask((W1_MIN + α * Z1) @ DATA, M)),
        α,
        1,
    ),
    r"[\alpha]\,\ell_M(W^*+\alpha Z)",
)


@claim(
    "bao2020/5/stochastic-nd/mask-per-point",
    where="Section 5 with the mask M of Appendix C",
    given=[*MINIMA, TWO_LATENTS, MASK],
    convention=SCALE_ND,
    note="Not printed: the same for the mask M of Appendix C, whose columns are drawn independently. There the noise "
    "does not vanish.",
)
def noise_per_point() -> Chain:
    """With a mask of its own for each data point, too, every sampled gradient vanishes at the minima."""
    return eq(MASKED_SLOPE, ZERO)


@claim(
    "bao2020/5/stochastic-nd/mask-per-point+",
    where="Section 5 with the mask M of Appendix C",
    given=[*MINIMA, TWO_LATENTS, MASK],
    convention=SCALE_ND,
)
def noise_per_point_left() -> Chain:
    """What remains: each data point pulls the decoder towards the components that its own mask dropped."""
    point, kept = DATA @ Basis(i, n), Proj(M[i], k)
    pull = Tr(point.T @ (I_m - U @ kept @ U.T) @ Z2 @ kept @ Q @ U.T @ point)
    return eq(MASKED_SLOPE, -1 / n * Sum(i, ONE, n, pull))


# Conditioning -------------------------------------------------------------------------------------
CONVENTION = f"{SCALE_ND}; {COMPLEMENT}"


@claim("bao2020/5/bound", where="Section 5", given=[*MINIMA, TWO_LATENTS], convention=SCALE_ND, note=SINGULAR)
def bound() -> Chain:
    """The condition number is at least (k − 1)² over the relative range of the spectrum, eightfold."""
    return chain(cond(H), "≥", printed_bound(), plan=SPECTRAL)


@claim("bao2020/5/bound+", where="Section 5", given=LATENTS, convention=CONVENTION)
def bound_corrected() -> Chain:
    """Across the minima it is at least (k − 1)² over the relative range of the spectrum, eightfold."""
    return chain(COND, "≥", (printed_bound(), bounded()), plan=SPECTRAL)


@claim("bao2020/5/quadratic", where="Section 5", given=[*MINIMA, TWO_LATENTS], convention=SCALE_ND, note=SINGULAR)
def quadratic() -> Chain:
    """The condition number grows at least quadratically in k."""
    return chain(cond(H), ">", 8 * (k - 1) ** 2, plan=SPECTRAL)


@claim("bao2020/5/quadratic+", where="Section 5", given=LATENTS, convention=CONVENTION)
def quadratic_corrected() -> Chain:
    """Across the minima the condition number grows at least quadratically in k, for every spectrum."""
    return chain(COND, ">", (printed_bound(), bounded()), ">", (8 * (k - 1) ** 2, Tight((σ[k], 0))), plan=SPECTRAL)
