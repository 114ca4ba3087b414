"""Kunin et al. 2019, Sections 4.2 and 4.3: critical manifolds, their dimensions, and what the theorems suppose.

Main results
    frames                 F_I is open, V_I closed and bounded
    regular                {(G, L): LG = I} and {O: OᵀO = I} are level sets at which the map has full rank
    every_point            the points of the printed table are critical
    full_rank_manifolds    𝓛_σ has rank-k critical points over u_i only where σ_i² > λ
    repeated, singular     for repeated or zero σ there are critical points that are not listed
    morse_bott             the flat directions are as many as the critical manifold has dimensions
    no_other_minima        every critical point that is no global minimum has a descending direction
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Coeff, Diff, Entry, Expr, Eye, Letter, Named, SqNorm, Sum, Sym, Tr, integer
from proofs.kernel.propositions import Rel
from proofs.kunin2019 import section_1, section_4_sum
from proofs.kunin2019.notation import SCALE, W1, W2, j, k, m, product, summed, unregularized, λ
from proofs.kunin2019.section_4 import (
    APART,
    DATA,
    EVERY_SET,
    LOSS,
    NONE,
    OF_SUM,
    ONE,
    PAIRS,
    PENALIZED,
    PLAN,
    PRINTED,
    PRINTED_PRODUCT,
    PRODUCT,
    SPECTRUM,
    at_both,
    at_sum,
    ell,
    frame,
    σ,
)
from proofs.kunin2019.section_4_1 import BETTER, axis, i
from proofs.kunin2019.section_4_proofs import SMALL_PENALTY
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Known, Step, fact
from proofs.methods.stationarity import Stationary

τ = Sym("τ")
rank = integer("ℓ", r"\ell", 1, k)
G, L, O = Letter("G", k, rank), Letter("L", rank, k), Letter("O", k, rank)
Y, Z = Letter("Y", k, rank), Letter("Z", rank, rank)
EVEN = Letter("S", rank, rank, frozenset({"symmetric"}))


# The manifolds ------------------------------------------------------------------------------------
H, x = Letter("H", k, rank), Letter("x", rank, 1)
UNIT = Rel(L @ G, "=", Eye(rank))
MOVED = Named("N", L @ (H - G))


def nearby(rng: Random, at: Instance) -> Instance:
    """G with a left inverse, and H within the ball, up to its boundary."""
    size = at.get("ℓ", rng.randint(1, at["k"]))
    found = frame(rng, {"k": at["k"], "ℓ": size})
    change = zeros(at["k"], size)
    for place in range(change.size):
        change.flat[place] = rational(rng, 2)
    norm = sum((z * z for z in (found["L"] @ change).flat), fmpq(0))
    share = rng.choice((fmpq(1, 9), fmpq(99, 100))) / max(norm, fmpq(1))
    return {**found, "ℓ": size, "H": found["G"] + share * change}


def far(rng: Random, at: Instance) -> Instance:
    found = nearby(rng, at)
    return {**found, "H": 0 * found["H"]}


NEAR = Hypothesis(
    "LG = I, ‖L(H − G)‖ < 1",
    r"LG = I,\ \Vert L(H - G)\Vert < 1",
    (UNIT, Rel(SqNorm(MOVED), "<", ONE)),
    nearby,
    far,
)


def independent() -> Implication:
    """Hx = 0 gives x = −Nx for N = L(H − G), and ‖Nx‖ ≤ ‖N‖ ‖x‖ by Lagrange's identity."""
    row, a, b = integer("a"), integer("b"), integer("c")

    def squares(gap: Expr) -> Expr:
        minor = Entry(MOVED, row, a) * Entry(gap, b, ONE) - Entry(MOVED, row, b) * Entry(gap, a, ONE)
        minors = Sum(row, ONE, rank, Sum(a, ONE, rank, Sum(b, ONE, rank, SqNorm(minor))))
        return 2 * (1 - SqNorm(MOVED)) * SqNorm(gap) + minors

    def apart(null: Expr, unit: Expr) -> Expr:
        return 2 * Tr((x - MOVED @ x).T @ (L @ null - unit @ x))

    return Implication((fact(H @ x, "=", 0),), (fact(x, "=", 0),), (x,), (Known(UNIT), Step(apart, squares=squares)))


def limits_of_frames() -> Implication:
    """GᵀG − I is small where G is near to a matrix with orthonormal columns, whose norm is √ℓ."""
    Δ = G - O
    unit = Rel(O.T @ O, "=", Eye(rank))
    conclusions = Rel(G.T @ G - Eye(rank), "=", O.T @ Δ + Δ.T @ O + Δ.T @ Δ), Rel(SqNorm(O), "=", rank)
    return Implication((unit,), conclusions, (O,), (Step(lambda f: f), Step(lambda f, _: Tr(f))))


@claim(
    "kunin2019/s4.2/F-V",
    where="Section 4.2",
    given=[NEAR],
    note="Independent columns: Hx = 0 for x = 0 alone. F_I holds the ball ‖H − G‖ < 1/‖L‖ around each G, so is open. A "
    "limit G of points of V_I has GᵀG = I, so V_I is closed, and bounded. Submanifolds: thm4.2/submanifold.",
)
def frames() -> All:
    """F_I is open: what is near to independent columns is so, too; V_I is closed: ‖GᵀG − I‖ is small near it."""
    return both(independent(), limits_of_frames())


DIMENSIONS = (
    "LG has rank ℓ² as a map at every (G, L) with LG = I, OᵀO has rank ℓ(ℓ + 1)/2: regular level sets, of dimension "
    "2kℓ − ℓ² and kℓ − ℓ(ℓ + 1)/2. W_2W_1 takes one value for every I, so that the parts are apart."
)


@claim("kunin2019/thm4.2/submanifold", where="Theorem 4.2", note=DIMENSIONS)
def regular() -> All:
    """The critical points form a smooth submanifold: in any direction Z the maps LG and OᵀO can be moved."""
    moved, turned = (L + τ * Z @ L) @ G, (O + τ / 2 * O @ EVEN).T @ (O + τ / 2 * O @ EVEN)
    return both(
        Implication(
            (Rel(L @ G, "=", Eye(rank)),), (Rel(Coeff(moved, τ, 1), "=", Z),), (G, L), (Step(lambda f: Z @ f),)
        ),
        Implication(
            (Rel(O.T @ O, "=", Eye(rank)),),
            (Rel(Coeff(turned, τ, 1), "=", EVEN),),
            (O,),
            (Step(lambda f: (f @ EVEN + EVEN @ f) / 2),),
        ),
    )


@claim("kunin2019/s4.2/bullet2", where="Section 4.2", convention=SCALE, note="Along any directions.")
def origin() -> All:
    """(0, 0) is critical for all three losses."""
    return both(*(eq(Diff(loss(τ * W1, τ * W2), τ, 1, True), NONE) for loss in (unregularized, product, summed)))


@claim(
    "kunin2019/thm4.2/image-critical",
    where="Theorem 4.2",
    given=[SPECTRUM, PENALIZED],
    convention=SCALE,
    note="Of the sum loss with σ_i² > λ for i ∈ I.",
)
def every_point() -> All:
    """Every point of the printed table is critical."""
    return both(
        Stationary(LOSS, PRINTED, PLAN),
        Stationary(PRODUCT, PRINTED_PRODUCT, PLAN),
        Stationary(section_4_sum.SUM, section_4_sum.LISTED, PLAN, section_4_sum.converse()),
    )


@claim(
    "kunin2019/s4.2/bullet1",
    where="Section 4.2",
    given=[SPECTRUM, PENALIZED, APART],
    convention=SCALE,
    note="For the plane of the principal directions I the sum loss has O_k only if the squared singular values of W_2, "
    "1 − λσ_i⁻² for i ∈ I, are positive.",
)
def full_rank_manifolds() -> Chain:
    """To each critical point on Gr_k there is a manifold of rank-k critical points of the sum loss."""
    return chain(1 - λ * σ[section_4_sum.i] ** -2, ">", NONE)


@claim("kunin2019/s4.2/bullet1+", where="Section 4.2", given=[SPECTRUM, SMALL_PENALTY], convention=SCALE)
def full_rank_manifolds_of_small_penalty() -> Chain:
    """They are if λ < σ_m²."""
    return chain(1 - λ * σ[section_4_sum.i] ** -2, ">", NONE)


# What is supposed ---------------------------------------------------------------------------------
def equal_pair(rng: Random, at: Instance) -> Instance:
    values = [rational(rng, at["height"]) for _ in range(at["m"])]
    values[at["j"] - 1] = values[at["i"] - 1]
    return {"σ": values}


def zero_at_j(rng: Random, at: Instance) -> Instance:
    values = [rational(rng, at["height"]) for _ in range(at["m"])]
    values[at["j"] - 1] = fmpq(0)
    return {"σ": values}


REPEATED = Hypothesis("σ_i = σ_j", r"\sigma_i = \sigma_j", (Rel(σ[i], "=", σ[j]),), equal_pair)
SINGULAR = Hypothesis("σ_j = 0", r"\sigma_j = 0", (Rel(σ[j], "=", NONE),), zero_at_j)
c = Sym("c")
ROW, COLUMN = Letter("Y", 1, m), Letter("Z", m, 1)


def first_variation(w1: Expr, w2: Expr) -> Expr:
    """Along any direction, of one latent component."""
    return Coeff(unregularized(w1 + τ * ROW, w2 + τ * COLUMN, DATA), τ, 1)


@claim(
    "kunin2019/thm4.2/distinct-sigma",
    where="Theorem 4.2",
    given=[BETTER, REPEATED],
    convention=SCALE,
    note="k = 1: with σ_i = σ_j, W_2W_1 = ½vvᵀ for v = u_i + u_j is critical, and no projection on axes.",
)
def repeated() -> Chain:
    """Distinct singular values are needed: with σ_i = σ_j there are critical points that are not listed."""
    v = axis(i) + axis(j)
    return eq(first_variation(v.T, v / 2), NONE)


@claim(
    "kunin2019/thm4.2/sigma-m-positive",
    where="Theorem 4.2",
    given=[BETTER, SINGULAR],
    convention=SCALE,
    note="k = 1: with σ_j = 0, W_2W_1 = u_i(u_i + cu_j)ᵀ is critical for every c, and no projection for c ≠ 0.",
)
def singular() -> Chain:
    """σ_m > 0 is needed: with σ_j = 0 there are critical points that are not listed."""
    return eq(first_variation((axis(i) + c * axis(j)).T, axis(i)), NONE)


# Curvature ----------------------------------------------------------------------------------------
@claim(
    "kunin2019/s4.3/morse-bott",
    where="Section 4.3",
    given=OF_SUM,
    convention=SCALE,
    note="The critical manifolds have the dimensions of thm4.2/submanifold, 2kℓ − ℓ² and kℓ − ℓ(ℓ + 1)/2: with as many "
    "flat directions the Hessian is non-degenerate across them.",
)
def morse_bott() -> All:
    """The Hessian is non-degenerate in the normal directions: the flat directions are those of the manifolds."""
    return both(at_both("flat", 2 * k * ell - ell**2), at_sum("flat", k * ell - PAIRS))


@claim(
    "kunin2019/s4.3/strict-saddle",
    where="Section 4.3",
    given=[SPECTRUM, section_1.AT_MOST],
    convention=SCALE,
    note=f"Of 𝓛. {section_1.OTHERS}",
)
def no_other_minima() -> Minima:
    """Every critical point that is no global minimum has a descending direction."""
    return replace(section_1.only_these(), kind="local", plan=EVERY_SET)
