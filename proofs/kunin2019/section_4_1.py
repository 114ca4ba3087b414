"""Kunin et al. 2019, Section 4.1: the loss on the Grassmannian, as a function 𝓛_X(P) = tr((I − P)XXᵀ) of projections.

Main results
    facts              projections of trace k have norm √k, and I − P has trace m − k
    least_and_most     of unit vectors u_1 has the least loss and u_m the greatest
    printed_descent    nothing descends from u_1 to u_2: the loss rises; from u_2 to u_1 it falls all the way
    two_trajectories   the solutions of the gradient flow between u_i and u_j, from −∞ to ∞
    rotation           rotating u_i to u_j has the second variation 2(σ_i² − σ_j²): it descends for σ_j > σ_i
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
    Expr,
    Inner,
    Letter,
    Named,
    SqNorm,
    Sym,
    Tr,
    cos,
    integer,
    lift,
    sin,
)
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import SCALE, I_m, j, k, m
from proofs.kunin2019.section_4 import NONE, ONE, SPECTRUM, Ū, Σ, σ
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Clock, Falls, Solves
from proofs.methods.implication import Implication, Step, fact

P = Letter("P", m, m)
COVARIANCE = Named("XXᵀ", Ū @ Σ**2 @ Ū.T, "XX^\\top")
PROJECTION = (Rel(P, "=", P.T), Rel(P @ P, "=", P))
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


# Trajectories -------------------------------------------------------------------------------------
ε, elapsed = Sym("ε", r"\varepsilon"), Sym("s")
SIGN = Hypothesis(
    "ε = ±1",
    r"\varepsilon = \pm 1",
    (Rel(ε**2, "=", ONE),),
    lambda rng, at: {"ε": fmpq(rng.choice((1, -1)))},
    lambda rng, at: {"ε": fmpq(2)},
)
Z, τ = Letter("Z", m, m), Sym("τ")
VELOCITY = COVARIANCE @ P + P @ COVARIANCE - 2 * (P @ COVARIANCE @ P)


def gradient() -> Implication:
    """VELOCITY is tangent at P, a symmetric V with PV + VP = V, and −d𝓛_X(Z) = ⟨V, Z⟩ for every tangent Z."""
    M = COVARIANCE

    def inner(even: Expr, twice: Expr, tangent: Expr, *_: Expr) -> Expr:
        return -(P @ tangent @ P + twice @ Z @ P + P @ Z @ twice)

    def slope(even: Expr, twice: Expr, tangent: Expr, along: Expr, symmetric: Expr, gone: Expr) -> Expr:
        return Tr(M @ tangent) + 2 * Tr(M @ gone) + Tr(symmetric @ Z)

    steps = (
        Step(lambda even, twice, *_: 2 * (twice @ M @ P + P @ M @ twice) - twice @ M - M @ twice),
        Step(lambda even, *_: M @ even + even @ M - 2 * (even @ M @ P + P.T @ M @ even)),
        Step(inner, fact(P @ Z @ P, "=", 0)),
        Step(slope),
    )
    conclusions = (
        Rel(VELOCITY, "=", P @ VELOCITY + VELOCITY @ P),
        Rel(VELOCITY, "=", VELOCITY.T),
        Rel(-Coeff(on_projection(P + τ * Z), τ, 1), "=", Inner(VELOCITY, Z)),
    )
    return Implication((*PROJECTION, Rel(Z, "=", P @ Z + Z @ P)), conclusions, (P, Z), steps)


def line(of_i: Expr, of_j: Expr) -> Expr:
    """The projection on the line of a u_i + b u_j."""
    v = of_i * axis(i) + of_j * axis(j)
    return 1 / (of_i**2 + of_j**2) * (v @ v.T)


def trajectory(direction: int, path: Expr, end: Expr) -> Solves:
    """From halfway between the axes; ‖P − uuᵀ‖² = 2/(1 + s²) falls with s = exp((σ_i² − σ_j²)t)."""
    clock = Clock(elapsed, σ[i] ** 2 - σ[j] ** 2)
    falls = Falls(2 / (1 + elapsed**2), ONE)
    return Solves((P,), (direction * VELOCITY,), (path,), (line(ONE, ε),), (end @ end.T,), clock, (falls,))


@claim(
    "kunin2019/s4.1/fn11",
    where="Section 4.1, footnote 11",
    given=[SPECTRUM, BETTER, SIGN],
    convention=SCALE,
    note="The line of q u_i + u_j, q ≠ 0, is on the trajectory of the sign ε of q, at the time at which s = |q|: every "
    "line of the plane but u_i and u_j is on one of the two. Through each point there is one solution. The last member "
    "is the flow in reversed time. The flow is that of the gradient by ⟨·, ·⟩, at tangent Z with PZ + ZP = Z.",
)
def two_trajectories() -> All:
    """Modulo time translation two gradient trajectories converge to u_i in one time direction, to u_j in the other."""
    forth, back = trajectory(1, line(elapsed, ε), axis(i)), trajectory(-1, line(ONE, ε * elapsed), axis(j))
    return both(gradient(), forth, back)


# Theorem 4.1 --------------------------------------------------------------------------------------
@claim("kunin2019/thm4.1/rotation", where="Theorem 4.1", given=[SPECTRUM, BETTER], convention=SCALE)
def rotation() -> Chain:
    """Rotating u_j to u_i of higher eigenvalue descends, to second order, as the loss has no first order there."""
    return chain(Diff(on_line(RETURNING), θ, 2, True), "=", -2 * (σ[i] ** 2 - σ[j] ** 2), "<", NONE)
