"""Lower bounds on the condition number of nested dropout at W1 = Uᵀ that hold for every prior p_B.

A rotation of the latents i and i + 1 in which the weaker component moves less, by σ_{i+1}²/σ_i², is slower than the
printed one when the spectrum falls steeply. Its curvature asks for a share p_i − p_{i+1} of the prior, and so do the
last latent and its rotation towards an unlearned component; the shares add up to p_1.

Main results
    scaled_rotation    s_min ≤ (p_i − p_j)σ_i²σ_j²(σ_i² − σ_j²)/(2(σ_i⁴ + σ_j⁴))
    every_prior        cond(H) ≥ 2σ_1²(Σ_i 2(σ_i⁴ + σ_{i+1}⁴)/(σ_i²σ_{i+1}²(σ_i² − σ_{i+1}²)) + 1/(2σ_k²))
    beyond             the same with the rotation of the last latent towards an unlearned component
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.bao2020.appendix_d_conditioning import COMPLEMENT
from proofs.bao2020.notation import DESCENDING_PAIR, ONE, SCALE_ND, TWO_LATENTS, Ū, I_k, U, i, j, k, m, p, α, σ
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Expr, Extremum, Sum
from proofs.kernel.propositions import Rel
from proofs.lae.bounds_nested import COND, FAST, GIVEN, PLAN, ROOTS, S_MIN, SLOW, WHERE
from proofs.lae.numbering import u
from proofs.methods.blockwise import Bracket
from proofs.methods.chain import Chain, chain
from proofs.methods.eigenvalues import Quotient, Rayleigh
from proofs.tactics.extrema import Each, WeightedMean
from proofs.tactics.relations import Via
from proofs.tactics.sums import Mediant

SLIDING = ROOTS.slide.null  # type: ignore[union-attr]
TOP = 2 * p[1] * σ[1] ** 2


# Directions -----------------------------------------------------------------------------------------
def rotation(a: Expr, b: Expr) -> Rayleigh:
    """The latents a < b rotate, and the component of b by σ_b²/σ_a² less."""
    turn = Basis(a, k) @ Basis(b, k).T - σ[b] ** 2 * σ[a] ** -2 * (Basis(b, k) @ Basis(a, k).T)
    return Rayleigh(((I_k + α * turn) @ U.T, U @ (I_k - α * turn)), α, SLIDING)


def towards(b: Expr) -> Rayleigh:
    """The last latent rotates towards the unlearned component b."""
    axis, latent = Ū @ Basis(b, m), Basis(k, k)
    return Rayleigh((U.T + α * (latent @ axis.T), U + α * σ[b] ** 2 * σ[k] ** -2 * (axis @ latent.T)), α, SLIDING)


def share(a: Expr, b: Expr) -> Expr:
    """How much of the prior a unit of curvature takes: 1 over the slowness of the pair."""
    return 2 * (σ[a] ** 4 + σ[b] ** 4) / (σ[a] ** 2 * σ[b] ** 2 * (σ[a] ** 2 - σ[b] ** 2))


def slow(a: Expr, b: Expr) -> Expr:
    return (p[a] - p[b]) * σ[a] ** 2 * σ[b] ** 2 * (σ[a] ** 2 - σ[b] ** 2) / (2 * (σ[a] ** 4 + σ[b] ** 4))


@claim(
    "lae/bounds/nested-dropout/rotation",
    where=WHERE,
    given=[*GIVEN, DESCENDING_PAIR],
    convention=f"{SCALE_ND}; {COMPLEMENT}",
)
def scaled_rotation() -> Chain:
    """The curvature of the rotation of two latents in which the weaker component moves less."""
    return chain(S_MIN, "≤", (slow(j, i), rotation(j, i)), plan=PLAN)


# For every prior ------------------------------------------------------------------------------------
SHARES = Sum(i, ONE, k - 1, share(i, i + 1))


def over(term: Callable[[Expr, Expr], Expr]) -> Extremum:
    return Extremum("max", i, ONE, k - 1, term(i, i + 1))


def conditioned(a: Expr, b: Expr) -> Quotient:
    return Quotient(TOP, FAST, slow(a, b), rotation(a, b), ROOTS)


PAIRS = Via(
    (
        ("≥", over(lambda a, b: TOP * share(a, b) / (p[a] - p[b])), Each(lambda a: conditioned(a, a + 1))),
        ("≥", TOP * SHARES / (p[1] - p[k]), WeightedMean(lambda a: p[a] - p[a + 1], p[1] - p[k])),
    )
)


def shared(last: Expr, slowest: Expr, why: Rayleigh | Bracket) -> Mediant:
    """The sum of the shares of all pairs and of the last latent is at most p_1."""
    return Mediant((TOP * SHARES, p[1] - p[k], PAIRS), (TOP * last, p[k], Quotient(TOP, FAST, slowest, why, ROOTS)))


LAST = Bracket(SLOW.roots, SLOW.sources[:1])


@claim("lae/bounds/nested-dropout/uniform", where=WHERE, given=[*GIVEN, TWO_LATENTS], convention=COMPLEMENT)
def every_prior() -> Chain:
    """For every prior, a lower bound on the condition number by the spectrum alone."""
    bound = 2 * σ[1] ** 2 * (SHARES + 1 / (2 * σ[k] ** 2))
    return chain(COND, "≥", (bound, shared(1 / (2 * σ[k] ** 2), 2 * p[k] * σ[k] ** 2, LAST)), plan=PLAN)


def some_unlearned(rng: Random, at: Instance) -> Instance:
    if at["k"] == at["m"]:
        raise Undefined("no unlearned component")
    return {"u": rng.randint(at["k"] + 1, at["m"])}


BEYOND = Hypothesis("k < u ≤ m", r"k < u \le m", (Rel(u, ">", k), Rel(u, "≤", m)), some_unlearned)


@claim(
    "lae/bounds/nested-dropout/uniform-beyond",
    where=WHERE,
    given=[*GIVEN, TWO_LATENTS, BEYOND],
    convention=COMPLEMENT,
)
def beyond() -> Chain:
    """The same, with any unlearned component in the last term."""
    last = (σ[k] ** 4 + σ[u] ** 4) / (σ[k] ** 2 * σ[u] ** 2 * (σ[k] ** 2 - σ[u] ** 2))
    slowest = p[k] * σ[k] ** 2 * σ[u] ** 2 * (σ[k] ** 2 - σ[u] ** 2) / (σ[k] ** 4 + σ[u] ** 4)
    return chain(COND, "≥", (2 * σ[1] ** 2 * (SHARES + last), shared(last, slowest, towards(u))), plan=PLAN)
