"""The sum loss of Kunin et al. for every data matrix and every λ > 0: repeated or zero σ_i, and λ equal to some σ_i².

The paper supposes σ_1 > … > σ_m > 0 and, for this loss, λ ≠ σ_i². Neither is needed for what a critical point is:
W_1 = W_2ᵀ and one cubic equation. It says that W_2 takes the eigenvectors of W_2ᵀW_2 to eigenvectors of XXᵀ, so the
list (2) holds with any orthonormal eigenvectors for U_I. The curvature changes. Let the eigenvalues μ_1 > … > μ_q of
XXᵀ have the multiplicities g_a, of which n_a directions are learned: within an eigenspace learned directions turn
freely, and at λ = μ_a each spare latent is flat along it, though no curve of critical points leaves there.

Main results
    critical       critical points are the W_1 = W_2ᵀ with XXᵀW_2(I − W_2ᵀW_2) = λW_2, for every X
    eigenvectors   with W_2ᵀW_2r = γr the vector W_2r is an eigenvector of XXᵀ, of the eigenvalue λ/(1 − γ), or 0
    descending     Σ_{b<a} n_a(g_b − n_b) + (k − ℓ)(m₀ − ℓ) directions descend
    flat           kℓ − ℓ(ℓ + 1)/2 + Σ_a n_a(g_a − n_a) + (k − ℓ)h are flat, h being the multiplicity of λ
    quartic        along a spare latent in such a direction the loss grows with the fourth power
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Expr, Eye, Family, Letter, Named, SqNorm, Sum, Sym, Tr, integer
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import PENALTY, SCALE, W1, W2, I_k, I_m, X, ell, k, m, summed, λ
from proofs.kunin2019.section_2 import CRITICAL, WEIGHTS, balance
from proofs.kunin2019.section_4 import (
    CHOSEN,
    EVERY_SET,
    NONE,
    ONE,
    PAIRS,
    PENALIZED,
    SINES,
    STIEFEL,
    SVD,
    decomposed,
    index_sets_above,
    l,
    m_0,
    σ,
)
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.implication import Implication, Step, fact

WHERE = "the sum loss, for any spectrum"
M, G = Named("XXᵀ", X @ X.T, "XX^\\top"), W2.T @ W2
TIED = Rel(W1, "=", W2.T)
CUBIC = Rel(M @ W2 @ (I_k - G), "=", λ * W2)
GAP = W1 - W2.T


# Critical points ----------------------------------------------------------------------------------
PATTERNS = ("rra", "abs", "aab", "abb", "ar0", "abr", "aaa")
"""Levels a > b > r > s > 0, r being √λ, some of them several times."""


def levels(rng: Random, at: Instance, patterns: Sequence[str] = PATTERNS) -> Instance:
    """Singular values below, at and above √λ, and 0."""
    root = rational(rng, at["height"], positive=True)
    low, high = sorted(rng.sample(SINES, 2))
    of = {"a": root / low, "b": root / high, "r": root, "s": root * high, "0": fmpq(0)}
    names = rng.sample(rng.choice(patterns), 3) + rng.choices("abrs0", k=at["m"])
    return {"σ": sorted((of[x] for x in names[: at["m"]]), reverse=True), "λ": root**2}


def rooted(rng: Random, at: Instance) -> Instance:
    """With data of which the critical points are isolated, up to turns, and rational."""
    found = levels(rng, at, ("abs", "abr", "ar0"))
    return {"λ": found["λ"], "X": decomposed(rng, {**at, **found})["X"]}


PENALTY_AT = replace(PENALTY, draw=rooted)


def listed() -> Implication:
    """Theorem 2.1, and the gradient by W_1 at W_1 = W_2ᵀ."""

    def balanced(g1: Expr, g2: Expr) -> Expr:
        return Tr((balance(g1, g2) + GAP @ g2 @ W2.T / 2) @ GAP.T)

    def squares(gap: Expr) -> Expr:
        return SqNorm(gap @ (I_m - W2 @ W1) @ X) + λ * SqNorm(gap @ W2) + λ * SqNorm(gap)

    def cubic(g1: Expr, g2: Expr, gap: Expr) -> Expr:
        return M @ gap.T @ G + λ * gap.T - g1.T / 2

    return Implication(CRITICAL, (TIED, CUBIC), WEIGHTS, (Step(balanced, squares=squares), Step(cubic)))


def converse() -> Implication:
    """The cubic equation makes W_2H = XXᵀW_2G for H = W_2ᵀXXᵀW_2: (I − G)(H + λI) = λI."""
    H = W2.T @ M @ W2
    turned = W2 @ H - M @ W2 @ G

    def commutes(gap: Expr, cubic: Expr) -> Expr:
        return ((W2 @ W2.T @ cubic - cubic @ G) @ (H + λ * I_k) - turned @ cubic.T @ W2) / λ

    def by_encoder(gap: Expr, cubic: Expr, _: Expr) -> Expr:
        return 2 * (G @ gap @ M + λ * gap - cubic.T)

    def by_decoder(gap: Expr, cubic: Expr, turn: Expr, _: Expr) -> Expr:
        return 2 * (turn - cubic + W2 @ gap @ M @ W2 + (W2 @ W1 - I_m) @ M @ gap.T)

    steps = Step(commutes, fact(turned, "=", 0)), Step(by_encoder), Step(by_decoder)
    return Implication((TIED, CUBIC), CRITICAL, WEIGHTS, steps)


@claim("lae/sum/critical", where=WHERE, given=[PENALTY_AT], convention=SCALE)
def critical() -> All:
    """The critical points are the W_1 = W_2ᵀ with XXᵀW_2(I − W_2ᵀW_2) = λW_2, for all data."""
    return both(listed(), converse())


r, γs = Letter("r", k, 1), Family("γ", r"\gamma")
γ = γs[1]


@claim(
    "lae/sum/eigenvectors",
    where=WHERE,
    given=[PENALTY_AT],
    convention=SCALE,
    note="k orthonormal r_l, one for each eigenvalue γ_l of W_2ᵀW_2, give W_2 = Σ_l (W_2r_l)r_lᵀ; where W_2r_l ≠ 0 its "
    "eigenvalue is μ = λ/(1 − γ_l) > λ, so γ_l = 1 − λ/μ: the list (2) with any orthonormal eigenvectors for U_I.",
)
def eigenvectors() -> Implication:
    """W_2 takes an eigenvector r of W_2ᵀW_2 to one of XXᵀ, of squared length γ‖r‖²."""
    image = W2 @ r
    premises = CUBIC, Rel(G @ r, "=", γ * r)
    conclusions = Rel((1 - γ) * (M @ image), "=", λ * image), Rel(SqNorm(image), "=", γ * SqNorm(r))
    steps = (
        Step(lambda cubic, own: cubic @ r + M @ W2 @ own),
        Step(lambda cubic, own, _: Tr(r.T @ own)),
    )
    return Implication(premises, conclusions, (W2, r, γs), steps)


# Curvature ----------------------------------------------------------------------------------------
a, b, q, h = integer("a"), integer("b"), integer("q"), integer("h")
g, taken = Family("g"), Family("n")


ANY = Hypothesis(
    "σ_1 ≥ … ≥ σ_m ≥ 0",
    r"\sigma_1 \ge \dots \ge \sigma_m \ge 0",
    (Every(l, ONE, m - 1, Rel(σ[l], "≥", σ[l + 1])), Rel(σ[m], "≥", NONE)),
    levels,
)


def grouped(at: Instance) -> Iterator[Instance]:
    """Every I whose σ_i² exceed λ; of each level of σ how many there are, and how many I takes."""
    of = sorted(set(at["σ"]), reverse=True)
    known = {"q": len(of), "g": [fmpq(at["σ"].count(x)) for x in of], "h": sum(x * x == at["λ"] for x in at["σ"])}
    for choice in index_sets_above(at):
        yield {**choice, **known, "n": [fmpq(choice["σ_I"].count(x)) for x in of]}


POINTS = replace(STIEFEL, choices=grouped, chosen=CHOSEN | {"q", "g", "h", "n"})
GIVEN = [ANY, PENALIZED, SVD]
GROUPS = (
    "g_1, …, g_q are the multiplicities of the different eigenvalues, from the largest on; n_a is how many of the "
    "a-th are learned, m_0 how many exceed λ, h how many are λ."
)


def directions(kind: str, count: Expr) -> Directions:
    return Directions(kind, count, summed(W1, W2), POINTS, replace(EVERY_SET, per_size=8, tries=40))


@claim("lae/sum/descending", where=WHERE, given=GIVEN, convention=SCALE, note=GROUPS)
def descending() -> Directions:
    """A learned direction descends towards what is free in a larger eigenvalue, a spare latent to what exceeds λ."""
    larger = Sum(a, ONE, q, Sum(b, ONE, a - 1, taken[a] * (g[b] - taken[b])))
    return directions("descending", larger + (k - ell) * (m_0 - ell))


@claim("lae/sum/flat", where=WHERE, given=GIVEN, convention=SCALE, note=GROUPS)
def flat() -> Directions:
    """Latents turn, learned directions turn within their eigenspaces, and spare latents are flat along those of λ."""
    within = Sum(a, ONE, q, taken[a] * (g[a] - taken[a]))
    return directions("flat", k * ell - PAIRS + within + (k - ell) * h)


α, u, e = Sym("α"), Letter("u", m, 1), Letter("e", k, 1)


@claim(
    "lae/sum/quartic",
    where=WHERE,
    given=[PENALTY_AT],
    convention=SCALE,
    note="u is a direction of the eigenvalue λ that is not learned, e a spare latent. So these flat directions are no "
    "tangents of the critical set, and the Hessian is degenerate across it: with λ = σ_i² the loss is not Morse–Bott.",
)
def quartic() -> Implication:
    """From W_1 = W_2ᵀ along a spare latent and a direction of the eigenvalue λ the loss grows by λα⁴."""
    moved = W2 + α * (u @ e.T)
    units = Rel(u.T @ u, "=", Eye(1)), Rel(e.T @ e, "=", Eye(1))
    premises = (*units, Rel(M @ u, "=", λ * u), fact(u.T @ W2, "=", 0), fact(W2 @ e, "=", 0))
    grown = summed(moved.T, moved) - summed(W2.T, W2)

    def apart(unit: Expr, spare: Expr, eigen: Expr, free: Expr, empty: Expr) -> Expr:
        return α * (empty @ u.T + u @ empty.T) + α**2 * (u @ spare @ u.T)

    def rest(unit: Expr, spare: Expr, eigen: Expr, free: Expr, empty: Expr, gram: Expr) -> Expr:
        along, long = Tr(u.T @ eigen), Tr(unit)
        turned = Tr(gram @ M @ gram) - 2 * Tr(gram @ M @ (I_m - kept)) + 2 * λ * Tr(gram)
        second = 2 * α**2 * (Tr(u.T @ M @ W2 @ free.T) - along)
        return turned + second + α**4 * (SqNorm(u) * along + λ * (2 * long + long**2))

    kept = W2 @ W2.T + α**2 * (u @ u.T)
    steps = Step(apart, fact(moved @ moved.T - kept, "=", 0)), Step(rest)
    return Implication(premises, (Rel(grown, "=", λ * α**4),), (W2, u, e), steps)
