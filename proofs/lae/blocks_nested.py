"""The Hessian of deterministic nested dropout at W1 = QUᵀ, W2 = UQ⁻¹, for every invertible diagonal Q.

Latent a ≤ ℓ learns component a; the last k − ℓ latents are spare and the other components unlearned, and σ is in no
particular order. The global minima are ℓ = k with σ decreasing. The scale is that of (6), 1/2n; p_i = Σ_{b ≥ i} p_B(b).

Main results
    which_scales    only scaled permutations may stand in the place of Q
    itself          eigenvalues 0, along the rescaling of a latent, and p_iσ_i²(q_i² + q_i⁻²)
    pair            determinant p_j²(p_i − p_j)²σ_i²σ_j⁴(σ_i² − σ_j²)
    pair_squares    a sum of four squares
    unlearned       determinant p_i²σ_u²(σ_i² − σ_u²)
    spare, empty    zero, and eigenvalues ± p_sσ_u²
    descending, flat    the number of descending and of flat directions at every one of these points
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.appendix_d import SCALES
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    ONE,
    P_D,
    POSITIVE_PRIOR,
    SCALE_ND,
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
    nested_dropout,
    p,
    p_B,
    q,
    some_pair,
    spectrum,
    σ,
)
from proofs.bao2020.section_4 import ell
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Diag,
    Entry,
    Expr,
    Eye,
    First,
    Letter,
    MaxMask,
    Named,
    Sym,
    Tr,
    Zero,
    column,
    det,
    symmetric,
)
from proofs.kernel.propositions import Every, Rel
from proofs.lae import gradients
from proofs.lae.numbering import (
    DOWN,
    LEARNED,
    NAMES,
    SPARE,
    TIED,
    TWO_LEARNED,
    UNLEARNED,
    characteristic,
    s,
    sizes,
    states,
    tally,
    u,
    where_is,
    x,
)
from proofs.methods.block_types import INWARD, ITSELF, OUTWARD, PAIR, SLOT, Splitting
from proofs.methods.chain import Chain
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.hessian_blocks import Near
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.stationarity import Points

WHERE = "nested dropout at W1 = QUᵀ, W2 = UQ⁻¹"
SCALED = (
    "By lae/blocks/nested/gradient. G⁻ᵀG⁻¹ diagonal says that G = DV with D diagonal and V orthogonal, G S²Gᵀ diagonal "
    "that V S²Vᵀ is, which for different σ makes V a signed permutation."
)


# The points ---------------------------------------------------------------------------------------
def numbered(rng: Random, at: Instance) -> Instance:
    """Any spectrum in any order, and any number of learned latents."""
    values = spectrum(rng, at)["σ"]
    rng.shuffle(values)
    return {"σ": values, "ℓ": rng.randint(0, at["k"])}


NUMBERED = Hypothesis("σ > 0", r"\sigma > 0", (Every(l, ONE, m, Rel(σ[l], ">", ZERO)),), numbered)


def squares(rng: Random, at: Instance) -> Instance:
    """Weights whose sums p are squares other than 1, so that p is told from p² and √p."""
    roots = sorted((fmpq(a, 6) for a in rng.sample((1, 2, 3, 4, 5, 7, 8), at["k"])), reverse=True)
    return {"p_B": [a * a - b * b for a, b in pairwise([*roots, fmpq(0)])]}


WEIGHTS = Hypothesis("p_B > 0", "p_B > 0", (Every(l, ONE, k, Rel(p_B[l], ">", ZERO)),), squares)
GIVEN = [NUMBERED, WEIGHTS, SCALES]
LEARNED_SCALES = Diag(q, ell, "Q")
U_ELL = Ū @ First(m, ell)


def arranged(at: Instance) -> Iterator[Instance]:
    """The point of an instance; for every ℓ (ℓ ≥ 2 if k = 3), where all is the wrong way round, or tied."""
    yield counted(at)
    for learned in range(0 if at["k"] < 3 else 2, at["k"] + 1):
        for values in ([fmpq(a + 1) for a in range(at["m"])], [fmpq(2)] * at["m"]):
            yield counted({**at, "σ": values, "ℓ": learned})


def counted(at: Instance) -> Instance:
    """With how many blocks of each type descend, and how many are tied."""
    values, inner, outer = at["σ"], range(at["ℓ"]), range(at["ℓ"], at["m"])
    pairs = [values[a] - values[b] for b in inner for a in range(b)]
    return {**at, **tally({PAIR: pairs, OUTWARD: [values[a] - values[d] for a in inner for d in outer]})}


POINTS = Points(
    (W1, W2),
    (First(k, ell) @ LEARNED_SCALES @ U_ELL.T, U_ELL @ LEARNED_SCALES**-1 @ First(k, ell).T),
    arranged,
    NAMES,
    canonical={},
)
SPLIT = Splitting({X: DATA}, Ū, (ell, k, m))
NEAR = Near(nested_dropout(W1, W2, X), POINTS, SPLIT)


# Which matrices may stand in the place of Q -------------------------------------------------------------
G, L = Letter("G", k, k), Letter("L", k, k)
M, N = Named("M", G @ S**2 @ G.T), Named("N", L.T @ L)
GRADIENT_1 = Named("g_1", MaxMask(N, p, "P_L") @ G @ S**2 - P_D @ L.T @ S**2)
GRADIENT_2 = Named("g_2", L @ MaxMask(M, p, "P_L") - S**2 @ G.T @ P_D)


DIFFERENT = Hypothesis(
    "i ≠ j, p_i ≠ p_j", r"i \neq j,\ p_i \neq p_j", (Rel(i, "≠", j), Rel(p[i], "≠", p[j])), some_pair
)


@claim("lae/blocks/nested/gradient", where=WHERE, given=[FULL_RANK, POSITIVE_PRIOR], convention=SCALE_ND)
def gradient() -> All:
    """At W1 = GUᵀ, W2 = UL, for any matrices G and L, the gradients are g_1Uᵀ and Ug_2; M = G S²Gᵀ, N = LᵀL."""
    point: dict[Expr, Expr] = {W1: G @ U.T, W2: U @ L, X: DATA}
    at_point = [substitute(member.parts[1], point) for member in gradients.nested_dropout.statement.members]  # type: ignore[attr-defined]
    return both(
        *where_is(GRADIENT_1, GRADIENT_2), states(at_point[0], GRADIENT_1 @ U.T), states(at_point[1], U @ GRADIENT_2)
    )


@claim(
    "lae/blocks/nested/scales",
    where=WHERE,
    given=[FULL_RANK, POSITIVE_PRIOR, DIFFERENT],
    convention=SCALE_ND,
    note=SCALED,
)
def which_scales() -> Implication:
    """Where W1 = GUᵀ, W2 = UG⁻¹ is stationary, G S²Gᵀ and G⁻ᵀG⁻¹ are diagonal: G is a scaled permutation."""
    first, second = fact(M @ P_D - P_D @ M, "=", 0), fact(N @ P_D - P_D @ N, "=", 0)

    def commute_m(g1: Expr, g2: Expr, gl: Expr) -> Expr:
        masked = G @ g2 - gl @ MaxMask(M, p, "P_L")
        return masked.T - masked

    def commute_n(g1: Expr, g2: Expr, gl: Expr, *_: Expr) -> Expr:
        masked = g1 @ S**-2 @ L - MaxMask(N, p, "P_L") @ gl
        return masked - masked.T

    def apart(gap: Expr) -> Expr:
        return (p[j] - p[i]) * gap

    steps = (
        Step(commute_m, first),
        Step(commute_n, second),
        Step(lambda g1, g2, gl, m, n: Entry(m, i, j), squares=apart),
        Step(lambda g1, g2, gl, m, n, _: Entry(n, i, j), squares=apart),
    )
    premises = (fact(GRADIENT_1, "=", 0), fact(GRADIENT_2, "=", 0), Rel(G @ L, "=", I_k))
    conclusions = (fact(Entry(M, i, j), "=", 0), fact(Entry(N, i, j), "=", 0))
    return Implication(premises, conclusions, (G, L), steps, sizes((2, 2), per_size=2))


# Blocks -------------------------------------------------------------------------------------------
@claim("lae/blocks/nested/itself", where=WHERE, given=[*GIVEN, LEARNED], convention=SCALE_ND)
def itself() -> All:
    """A learned latent, in (W1)_ii and (W2)_ii: its rescaling is a null direction."""
    h = NEAR.block(ITSELF, i)
    return both(
        states(h, symmetric((p[i] * σ[i] ** 2 * q[i] ** -2, p[i] * σ[i] ** 2), (p[i] * σ[i] ** 2 * q[i] ** 2,))),
        states(h @ column(q[i], -(q[i] ** -1)), Zero(2, 1)),
        states(characteristic(h), x * (x - p[i] * σ[i] ** 2 * (q[i] ** 2 + q[i] ** -2))),
    )


@claim("lae/blocks/nested/unlearned", where=WHERE, given=[*GIVEN, LEARNED, UNLEARNED], convention=SCALE_ND)
def unlearned() -> All:
    """A learned latent i and an unlearned component u, in (W1)_iu and (W2)_ui: the block and its determinant."""
    h = NEAR.block(OUTWARD, i, u)
    entries = symmetric((p[i] * σ[u] ** 2 * q[i] ** -2, -p[i] * σ[u] ** 2), (p[i] * σ[i] ** 2 * q[i] ** 2,))
    return both(states(h, entries), states(det(h), p[i] ** 2 * σ[u] ** 2 * (σ[i] ** 2 - σ[u] ** 2)))


@claim("lae/blocks/nested/spare", where=WHERE, given=[*GIVEN, LEARNED, SPARE], convention=SCALE_ND)
def spare() -> Chain:
    """A spare latent s and a learned component i, in (W1)_si and (W2)_is: both directions are null."""
    return states(NEAR.block(INWARD, s, i), Zero(2, 2))


@claim("lae/blocks/nested/empty", where=WHERE, given=[*GIVEN, SPARE, UNLEARNED], convention=SCALE_ND)
def empty() -> All:
    """An empty slot, in (W1)_su and (W2)_us for spare s and unlearned u: the eigenvalues are ± p_sσ_u²."""
    h = NEAR.block(SLOT, s, u)
    return both(
        states(h, symmetric((0, -p[s] * σ[u] ** 2), (0,))),
        states(characteristic(h), (x - p[s] * σ[u] ** 2) * (x + p[s] * σ[u] ** 2)),
    )


H_PAIR = NEAR.block(PAIR, i, j)


@claim("lae/blocks/nested/pair", where=WHERE, given=[*GIVEN, TWO_LEARNED], convention=SCALE_ND)
def pair() -> All:
    """Two learned latents i < j, in (W1)_ij, (W2)_ji, (W1)_ji and (W2)_ij: the block and its determinant."""
    s_i, s_j = σ[i] ** 2, σ[j] ** 2
    entries = symmetric(
        (p[i] * s_j * q[i] ** -2, -(p[i] - p[j]) * s_j, 0, p[j] * s_j * (q[j] / q[i])),
        (p[i] * s_i * q[i] ** 2, p[j] * s_i * (q[i] / q[j]), 0),
        (p[j] * s_i * q[j] ** -2, 0),
        (p[j] * s_j * q[j] ** 2,),
    )
    factored = p[j] ** 2 * (p[i] - p[j]) ** 2 * s_i * σ[j] ** 4 * (s_i - s_j)
    return both(states(H_PAIR, entries), states(det(H_PAIR), factored))


@claim("lae/blocks/nested/pair/squares", where=WHERE, given=[*GIVEN, TWO_LEARNED], convention=SCALE_ND)
def pair_squares() -> All:
    """A pair is a sum of four squares: positive definite where σ_i > σ_j; one is negative where σ_i < σ_j."""
    a, b, c, d = (Sym(name) for name in "abcd")
    v = Named("v", column(q[i] * a, c / q[i], q[j] * d, b / q[j]))
    s_i, s_j = σ[i] ** 2, σ[j] ** 2
    rotated = (p[i] - p[j]) * (s_j * (a - c) ** 2 + (s_i - s_j) * c**2)
    squares = p[j] * s_j * (a + b) ** 2 + p[j] * s_i * (c + d) ** 2 + rotated
    return both(*where_is(v), states(Tr(v.T @ H_PAIR @ v), squares))


# The index: the loss is invariant under rescaling of the latents, so that Q = I is enough ------------------
RESCALED = replace(POINTS, canonical={LEARNED_SCALES: Eye(ell)})
COUNT_PLAN = sizes((1, 1), (2, 3), (3, 3), per_size=1)
COUNTING = (
    "N_pair counts the learned latents i < j with σ_i < σ_j, N_out the learned i and unlearned u with σ_i < σ_u; "
    "Z_pair and Z_out count the ties. Any σ, repeated or not."
)


def directions(kind: str, count: Expr) -> Directions:
    loss = substitute(nested_dropout(W1, W2, X), {X: DATA})
    return Directions(kind, count, loss, RESCALED, COUNT_PLAN, per_manifold=1)


@claim("lae/blocks/nested/descending", where=WHERE, given=GIVEN, convention=SCALE_ND, note=COUNTING)
def descending() -> Directions:
    """The index counts the pairs in the wrong order, and the empty slots."""
    return directions("descending", DOWN[PAIR] + DOWN[OUTWARD] + (k - ell) * (m - ell))


@claim("lae/blocks/nested/flat", where=WHERE, given=GIVEN, convention=SCALE_ND, note=COUNTING)
def flat() -> Directions:
    """Without ties and spare latents there are k flat directions: the scales of the latents."""
    return directions("flat", ell + 2 * (k - ell) * ell + TIED[PAIR] + TIED[OUTWARD])
