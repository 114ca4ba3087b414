"""Kunin et al. 2019, Section 4.1: the loss on the Grassmannian, as a function 𝓛_X(P) = tr((I − P)XXᵀ) of projections.

Main results
    facts              projections of trace k have norm √k, and I − P has trace m − k
    least_and_most     of unit vectors u_1 has the least loss and u_m the greatest
    printed_descent    nothing descends from u_1 to u_2: the loss rises; from u_2 to u_1 it falls all the way
    principal          projections P that commute with XXᵀ, the critical ones, are diagonal in the principal axes
    rotation           rotating u_i to u_j has the second variation 2(σ_i² − σ_j²): it descends for σ_j > σ_i
    pairs              (4) counts the pairs j < i with i ∈ I and j ∉ I; the print has i < j
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diff,
    Entry,
    Expr,
    Family,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    cos,
    integer,
    lift,
    sin,
)
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, I_m, j, k, m
from proofs.kunin2019.section_4 import NONE, ONE, SPECTRUM, Ū, Σ, l, s, σ
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import says

P = Letter("P", m, m)
COVARIANCE = Named("XXᵀ", Ū @ Σ**2 @ Ū.T, "XX^\\top")
IDEMPOTENT = Rel(P @ P, "=", P)
PROJECTION = (Rel(P, "=", P.T), IDEMPOTENT)
TWO = lift(2)
θ = Sym("θ", r"\theta")
i = integer("i", "", 1, m)


def on_projection(p: Expr) -> Expr:
    """𝓛_X."""
    return Tr((I_m - p) @ COVARIANCE)


def on_line(v: Expr) -> Expr:
    """𝓛_X of the line through a unit vector."""
    return on_projection(v @ v.T)


def axis(place: Expr) -> Expr:
    return Ū @ Basis(place, m)


@claim(
    "kunin2019/s4.1/grassmann-facts",
    where="Section 4.1",
    note="Planes as projections P. With ‖P‖² = k they are a closed and bounded set: compact. P ↦ I − P takes "
    "Gr_k(R^m) to Gr_{m−k}(R^m). Its dimension k(m − k) is not stated here.",
)
def facts() -> All:
    """Projections of trace k are bounded, and their complements are projections of trace m − k."""
    other = I_m - P
    rank = Rel(Tr(P), "=", k)
    return both(
        Implication((*PROJECTION, rank), (Rel(SqNorm(P), "=", k),), (P,), (Step(bounded),)),
        Implication(
            (*PROJECTION, rank),
            (Rel(other, "=", other.T), Rel(other @ other, "=", other), Rel(Tr(other), "=", m - k)),
            (P,),
            (
                Step(lambda even, twice, trace: -even),
                Step(lambda even, twice, trace, _: twice),
                Step(lambda even, twice, trace, *_: -trace),
            ),
        ),
    )


def bounded(even: Expr, twice: Expr, trace: Expr) -> Expr:
    """‖P‖² − k = tr(PᵀP − PP) + tr(PP − P) + tr P − k."""
    return Tr(twice) + trace - Tr(even @ P)


# Lines --------------------------------------------------------------------------------------------
def two_places(rng: Random, at: Instance) -> Instance:
    if at["m"] < 2:
        raise Undefined("m = 1 has no two directions")
    return dict(zip("ij", sorted(rng.sample(range(1, at["m"] + 1), 2)), strict=True))


BETTER = Hypothesis("i < j", "i < j", (Rel(i, "<", j),), two_places)
TURNING = cos(θ) * axis(i) + sin(θ) * axis(j)
RETURNING = cos(θ) * axis(j) + sin(θ) * axis(i)


@claim("kunin2019/s4.1/fig2-extrema", where="Section 4.1, Figure 2", given=[SPECTRUM, BETTER], convention=SCALE)
def least_and_most() -> All:
    """u_1, u_2, … have rising loss, and every rotation of one to another is between them."""
    gap = σ[i] ** 2 - σ[j] ** 2
    between = on_line(TURNING)
    return both(
        chain(on_line(axis(j)) - on_line(axis(i)), "=", gap, ">", NONE),
        chain(between - on_line(axis(i)), "=", gap * sin(θ) ** 2, "≥", NONE),
        chain(on_line(axis(j)) - between, "=", gap * cos(θ) ** 2, "≥", NONE),
    )


@claim(
    "kunin2019/s4.1/fig2-descent",
    where="Section 4.1, Figure 2",
    given=[SPECTRUM, BETTER],
    convention=SCALE,
    note="'(a) u_1 may descend to u_2; (b) u_1 may descend to u_2 or u_3, u_2 may descend to u_3' along −∇𝓛_X: from "
    "u_i to u_j with i < j the loss has to fall.",
)
def printed_descent() -> Chain:
    """From u_i one may descend to u_j."""
    return chain(on_line(axis(i)), ">", on_line(axis(j)))


@claim("kunin2019/s4.1/fig2-descent+", where="Section 4.1, Figure 2", given=[SPECTRUM, BETTER], convention=SCALE)
def descent() -> All:
    """From u_j, j > i, one may descend to u_i, rotating either way: the slope has the sign of −sin 2θ all the way."""
    return both(
        chain(on_line(axis(j)), ">", on_line(axis(i))),
        eq(Diff(on_line(RETURNING), θ), -2 * (σ[i] ** 2 - σ[j] ** 2) * sin(θ) * cos(θ)),
    )


@claim(
    "kunin2019/s4.1/fn11",
    where="Section 4.1, footnote 11",
    given=[SPECTRUM, BETTER],
    convention=SCALE,
    note="Of the lines at angle θ, modulo π, in the plane of u_i and u_j: θ = 0 and π/2 are the only critical ones, "
    "which leaves two arcs, and on each the slope has one sign: two trajectories, from u_j to u_i.",
)
def two_arcs() -> All:
    """The slope is a multiple of sin θ cos θ, which is positive on one arc and negative on the other."""
    slope = Diff(on_line(TURNING), θ)
    return both(
        eq(slope, 2 * (σ[i] ** 2 - σ[j] ** 2) * sin(θ) * cos(θ)),
        chain(2 * (σ[i] ** 2 - σ[j] ** 2), ">", NONE),
    )


# Theorem 4.1 --------------------------------------------------------------------------------------
@claim("kunin2019/thm4.1/rotation", where="Theorem 4.1", given=[SPECTRUM, BETTER], convention=SCALE)
def rotation() -> Chain:
    """Rotating u_j to u_i of higher eigenvalue descends, to second order, as the loss has no first order there."""
    return chain(Diff(on_line(RETURNING), θ, 2, True), "=", -2 * (σ[i] ** 2 - σ[j] ** 2), "<", NONE)


def off_diagonal(rng: Random, at: Instance) -> Instance:
    if at["m"] < 2:
        raise Undefined("m = 1 has no two directions")
    return dict(zip("sj", rng.sample(range(1, at["m"] + 1), 2), strict=True))


APART = Hypothesis("s ≠ j", r"s \neq j", (Rel(s, "≠", j),), off_diagonal)
COMMUTES = fact(P @ COVARIANCE - COVARIANCE @ P, "=", 0)
TURNED = Named("UᵀPU", Ū.T @ P @ Ū)
A, τ = Letter("A", m, m, frozenset({"skew"})), Sym("τ")


@claim(
    "kunin2019/thm4.1/count",
    where="Theorem 4.1",
    given=[SPECTRUM, APART],
    convention=SCALE,
    note="Tangent to the projections at P are the [A, P] with skew A; the loss does not change to first order along "
    "any of them where P commutes with XXᵀ. UᵀPU is then diagonal, with entries 0 and 1 and trace k: the k places "
    "of the 1s are one of binom(m, k) sets.",
)
def principal() -> All:
    """The critical points are the principal k-subspaces: P that commutes with XXᵀ is diagonal in the principal axes."""

    def levels(gap: Expr) -> Expr:
        return (σ[s] ** 2 - σ[j] ** 2) * gap

    first = Coeff(on_projection(P + τ * (A @ P - P @ A)), τ, 1)
    off = fact(Entry(TURNED, s, j), "=", 0)
    return both(
        eq(first, Tr(A @ (COVARIANCE @ P - P @ COVARIANCE))),
        Implication(
            (IDEMPOTENT, COMMUTES),
            (off, fact(TURNED @ TURNED - TURNED, "=", 0)),
            (P,),
            (
                Step(lambda twice, c: -Entry(Ū.T @ c @ Ū, s, j), squares=levels),
                Step(lambda twice, c, _: Ū.T @ twice @ Ū),
            ),
        ),
    )


# The index ----------------------------------------------------------------------------------------
e = Family("e")
a, b = integer("a"), integer("b")


def indicator(rng: Random, at: Instance) -> Instance:
    return {"e": [fmpq(rng.choice((0, 1))) for _ in range(at["m"])]}


MEMBERS = Hypothesis(
    "e_i ∈ {0, 1}",
    r"e_i \in \{0, 1\}",
    (Every(l, ONE, m, Rel(e[l] ** 2, "=", e[l])),),
    indicator,
    lambda rng, at: {"e": [fmpq(2)] * at["m"]},
)
SIZE = Sum(a, ONE, m, e[a])
INDEX = Sum(a, ONE, m, a * e[a]) - SIZE * (SIZE + 1) / 2
INDICATOR = "e_i is 1 for i ∈ I and else 0, so that (4) is Σ_i i e_i − ℓ(ℓ + 1)/2, ℓ = Σ_i e_i."


@claim("kunin2019/thm4.1/pair-count", where="Theorem 4.1, (4)", tag="4", given=[MEMBERS], note=INDICATOR)
def pairs() -> Chain:
    """(4) counts the pairs i < j with i ∈ I and j ∉ I."""
    return eq(INDEX, Sum(a, ONE, m, Sum(b, a + 1, m, e[a] * (1 - e[b]))))


@claim("kunin2019/thm4.1/pair-count+", where="Theorem 4.1, (4)", tag="4", given=[MEMBERS], note=INDICATOR)
def pairs_below() -> Chain:
    """(4) counts the pairs j < i with i ∈ I and j ∉ I, whose eigenvalues are higher."""
    return eq(INDEX, Sum(a, ONE, m, Sum(b, ONE, a - 1, e[a] * (1 - e[b]))))


# The index at the critical points -----------------------------------------------------------------
@claim(
    "kunin2019/thm4.1/index",
    where="Theorem 4.1, (4)",
    tag="4",
    given=[SPECTRUM, APART],
    convention=SCALE,
    note="The k(m − k) rotations of u_s, s ∈ I, to u_j, j ∉ I, are coordinates of Gr_k near the critical point. For "
    "two of them in different directions the mixed derivative vanishes: not stated "
    "here. Descending are those with σ_j > σ_s, counted by pair-count+.",
)
def index_of_rotations() -> All:
    """Along the rotation of u_s to u_j the loss is σ_s² sin²θ − σ_j² sin²θ up to a constant, with no zero curvature."""
    v = cos(θ) * axis(s) + sin(θ) * axis(j)
    curvature = 2 * (σ[s] ** 2 - σ[j] ** 2)
    return both(
        eq(Diff(on_line(v), θ, 1, True), NONE),
        eq(Diff(on_line(v), θ, 2, True), curvature),
        says(Rel(curvature, "≠", NONE)),
    )


@claim(
    "kunin2019/thm4.1/unique-min",
    where="Section 4 and Theorem 4.1",
    given=[SPECTRUM, APART],
    convention=SCALE,
    note="With thm4.1/count: a principal subspace that lacks u_s and has u_j, σ_s > σ_j, loses by the exchange. Only "
    "I = {1, …, k} has no such pair.",
)
def exchange() -> Chain:
    """Exchanging u_j for u_s changes the loss by σ_j² − σ_s²."""
    return eq(on_line(axis(s)) - on_line(axis(j)), σ[j] ** 2 - σ[s] ** 2)
