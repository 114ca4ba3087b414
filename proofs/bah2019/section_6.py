"""Bah et al. 2019, Section 6: strict saddles, the critical points of L¹ on M_r, and Theorem 31.

Main results
    into_manifold       the Riemannian Hessian is no map into M: its values are tangent vectors
    differential        (45), Dh = exp(−T Hess), holds at critical points; not for all x
    critical_points     (46): W is a projection that commutes with XXᵀ
    least_loss          L¹ = ½(tr C − Σλ_j), least at the r largest eigenvalues
    curve               γ is a projection, and L¹ along it has the second derivative λ_i − λ_0
    rank_of_limit       the limit of W(t) may leave M_r
    global_minimizer    Theorem 31 fails for r = d: from every W(0) < 0 the flow of d = 1 tends to 0
    sign_of_start       there it tends to the minimizer exactly from W(0) > 0
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bah2019.notation import HALF, ONE, l
from proofs.bah2019.section_5 import (
    BETTER,
    ORDERED,
    POSITIVE,
    ROTATED,
    SIZES,
    TOP,
    TURNED,
    Λ,
    I_d,
    above,
    below,
    d,
    lowered,
    r,
    θ,
    λ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Diff,
    Expr,
    Eye,
    Family,
    Inner,
    Letter,
    Named,
    Rank,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    exp,
    integer,
    sqrt,
)
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.decay import Decays
from proofs.methods.flow import Clock, Falls, Solves
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Open

t, T = Sym("t"), Sym("T")
W = Letter("W", d, d)
A, B = Letter("A", d, d), Letter("B", d, d)
SLOPE = Named("∇L¹", W @ Λ - Λ, r"\nabla L^1")

# 6.1: definitions ---------------------------------------------------------------------------------


@claim(
    "bah2019/def24-25",
    where="Section 6.1, Definitions 24, 25",
    given=[SIZES],
    convention="M = M_r, at ξ = 0, where a linear map has the value 0",
    note="Hess f(x) is printed as a linear map from T_xM to M. The print also leaves out '= 0' after ∇^g f(x), and "
    "writes x for x_0 in Definition 25.",
)
def into_manifold() -> Chain:
    """The Riemannian Hessian has its values in M: 0 is a matrix of rank r."""
    return eq(Rank(Zero(d, d)), r)


@claim(
    "bah2019/def24-25+",
    where="Section 6.1, Definitions 24, 25",
    given=[SIZES],
    convention="M = M_r; the form ξ ↦ g(ξ, Hess ξ) at a critical point W, along curves B(t)C(t) of rank r through W = "
    "BC",
    note="At a critical point ∇L¹ is orthogonal to B''C and BC'', so the second derivative depends on the velocities "
    "alone, whatever the metric: Hess maps T_xM to T_xM.",
)
def on_tangent_space() -> Implication:
    """At a critical point the second derivative along a curve does not depend on its acceleration."""
    left, right = Letter("B", d, r), Letter("C", r, d)
    dot_l, dot_r = Letter("B'", d, r), Letter("C'", r, d)
    ddot_l, ddot_r = Letter("B''", d, r), Letter("C''", r, d)
    slope = left @ right @ Λ - Λ
    critical = (fact(left.T @ slope, "=", 0), fact(slope @ right.T, "=", 0))
    curve = (left + t * dot_l + t**2 * ddot_l) @ (right + t * dot_r + t**2 * ddot_r)
    straight = (left + t * dot_l) @ (right + t * dot_r)
    curvature = Coeff(lowered(curve), t, 2)
    return Implication(
        critical,
        (Rel(curvature, "=", Coeff(lowered(straight), t, 2)),),
        (left, right),
        (Step(lambda f, g: Tr(g.T @ ddot_l) + Tr(f.T @ ddot_r)),),
    )


@claim(
    "bah2019/eq42",
    where="Section 6.1, (42)",
    tag="42",
    given=[SIZES],
    convention="f = L¹ on ℝ^{d×d} with the Euclidean metric, γ(t) = W + tA + t²B",
    note="For other metrics it is cited. D/dt γ' is 2B, Hess A is AXXᵀ.",
)
def chain_rule() -> Chain:
    """The second derivative along a curve, by Hessian and acceleration."""
    along = lowered(W + t * A + t**2 * B)
    return eq(2 * Coeff(along, t, 2), Inner(A, A @ Λ) + Inner(2 * B, SLOPE))


# 6.2: flows avoid strict saddles ------------------------------------------------------------------
x, y, s = Sym("x"), Sym("y"), Sym("e^T", "e^T")


def flow_point(rng: Random, at: Instance) -> Instance:
    """x and a time T > 0."""
    return {"x": fmpq(rng.randint(0, 4), 4), "e^T": 1 + rational(rng, at["height"], True)}


CURVATURES = Hypothesis(
    "d_1 > 0 > d_2",
    r"d_1 > 0 > d_2",
    (Rel(x, ">", ZERO), Rel(y, "<", ZERO), Rel(t, "≥", ZERO)),
    lambda rng, at: {
        "x": rational(rng, at["height"], True),
        "y": -rational(rng, at["height"], True),
        "t": abs(rational(rng, at["height"])),
    },
)


@claim(
    "bah2019/thm26",
    where="Section 6.2, Theorem 26",
)
def avoids_saddles() -> Open:
    """The set of starts from which the gradient flow tends to strict saddles has measure zero."""
    return Open(
        "If L has the strict saddle point property, then the set W_L of initial points such that the corresponding "
        "flow converges to (strict) saddles has measure zero",
        "it rests on the center-stable manifold theorem and on countable covers, of which the kernel has no fact. "
        "Tried: quadratic L, where it is exact (bah2019/thm26/quadratic). Its proof takes h = φ_T on all of M, which "
        "need not be defined (bah2019/thm26/time), and (45) at all x (bah2019/eq45); where the flow is complete "
        "neither is needed",
    )


@claim(
    "bah2019/thm26/quadratic",
    where="Section 6.2, Theorem 26",
    given=[CURVATURES],
    convention="L = ½Σ d_ix_i²: x_i(t) = x_i(0)e^{−d_it}; d_1 > 0 > d_2",
    note="So the flow tends to the saddle 0 exactly from x_2(0) = 0, a subspace of less dimension.",
)
def quadratic() -> All:
    """Coordinates of positive curvature decay, those of negative curvature do not."""
    start = Sym("x_0")
    return both(Decays(start, x, Sym("τ")), chain(exp(-y * t), "≥", ONE))


@claim(
    "bah2019/thm26/time",
    where="Section 6.2, proof of Theorem 26",
    given=[
        Hypothesis(
            "T > 0",
            "T > 0",
            (Rel(T, ">", ZERO),),
            lambda rng, at: {"T": rational(rng, at["height"], True), "x": rational(rng, at["height"])},
        )
    ],
    convention="L = −x⁴/4 on ℝ, whose one critical point 0 is a maximum: x(T)² = x²/(1 − 2x²T)",
    note="The solution exists up to T as long as the denominator is positive.",
)
def complete() -> Chain:
    """The map h = φ_T is defined on all of M."""
    return chain(1 - 2 * x**2 * T, ">", ZERO)


@claim(
    "bah2019/thm27",
    where="Section 6.2, Theorem 27",
)
def iteration() -> Open:
    """Iterations of a local diffeomorphism avoid unstable fixed points from almost every start."""
    return Open(
        "the set of starts whose sequence converges to an unstable fixed point has measure zero",
        "cited from Lee et al. (2019), Theorem 2; it rests on the center-stable manifold theorem, of which the kernel "
        "has no fact. Tried: linear h, whose exceptional set is the sum of the generalised eigenspaces with |λ_j| ≤ "
        "1, as in bah2019/thm26/quadratic",
    )


LOGISTIC = Named("φ_T(x)", x * s / (1 - x + x * s), r"\varphi_T(x)")
MOVING = Hypothesis(
    "0 ≤ x ≤ 1, T > 0",
    r"0 \le x \le 1,\ T > 0",
    (Rel(x, "≥", ZERO), Rel(x, "≤", ONE), Rel(s, ">", ONE)),
    flow_point,
)
LOGISTIC_LOSS = "L = x³/3 − x²/2 on ℝ, x' = x(1 − x), Hess L = 2x − 1, h = φ_T"


@claim(
    "bah2019/eq45",
    where="Section 6.2, (45)",
    tag="45",
    given=[MOVING],
    convention=f"{LOGISTIC_LOSS}; −T Hess L stands in the exponent, where the print leaves T out",
)
def differential() -> Chain:
    """Dh(x) = exp(−Hess L(x)) for all x."""
    return eq(Diff(LOGISTIC, x), s ** (1 - 2 * x))


@claim(
    "bah2019/eq45+",
    where="Section 6.2, (45)",
    tag="45",
    given=[MOVING],
    convention=LOGISTIC_LOSS,
    note="With T in the exponent, at critical points, here 0 and 1. Elsewhere Dh solves the linearised flow along the "
    "solution, and is invertible all the same.",
)
def differential_corrected() -> All:
    """It holds at critical points, with T in the exponent; Dh is not 0 anywhere."""
    slope = s / (1 - x + x * s) ** 2
    return both(
        eq(Diff(LOGISTIC, x), slope),
        eq(s / (1 - 0 + 0 * s) ** 2, s),
        eq(s / (1 - 1 + 1 * s) ** 2, s**-1),
        chain(slope, ">", ZERO),
    )


ν = Sym("ν")
CURVED = Hypothesis(
    "ν > 0",
    r"\nu > 0",
    (Rel(ν, ">", ZERO),),
    lambda rng, at: {"ν": rational(rng, at["height"], True)},
    lambda rng, at: {"ν": fmpq(0)},
)


@claim(
    "bah2019/rem28",
    where="Section 6.2, Remark 28",
    given=[CURVED],
    convention="ν = T|μ|, μ an eigenvalue of the Hessian at a saddle: that of Dh is e^ν or e^{−ν}",
    note="For μ = 0 it is 1. At saddles with equal eigenvalues of XXᵀ the Hessian of L¹ on M_r has eigenvalues 0.",
)
def unit_eigenvalues() -> All:
    """Where the Hessian has no eigenvalue 0, no eigenvalue of Dh is 1 in absolute value."""
    return both(chain(exp(ν), "≥", 1 + ν, ">", ONE), chain(exp(ν) * exp(-ν), "=", ONE), eq(exp(ZERO * ν), ONE))


# 6.3: critical points on M_r ----------------------------------------------------------------------
CRITICAL = (fact(W.T @ SLOPE, "=", 0), fact(SLOPE @ W.T, "=", 0))
AXES = Letter("U", d, r)
VALUES = Diag(Family("μ"), r, "M")
EIGEN = (Rel(Λ @ AXES, "=", AXES @ VALUES), Rel(AXES.T @ AXES, "=", Eye(r)))


@claim(
    "bah2019/prop29-1",
    where="Section 6.3, Proposition 29 (1), (46)",
    tag="46",
    given=[POSITIVE],
    convention=ROTATED,
    note="Criticality on M_r is ⟨∇L¹, WA + BW⟩ = 0 for all A, B, which at A = Wᵀ∇L¹ and B = ∇L¹Wᵀ says (46). A "
    "symmetric projection of rank r that commutes with C is Σ u_ju_jᵀ with r orthonormal eigenvectors.",
)
def critical_points() -> All:
    """(46) says that W is a symmetric projection that commutes with C; such points, UUᵀ, satisfy it."""
    point = AXES @ AXES.T
    slope = point @ Λ - Λ
    return both(
        eq(Inner(SLOPE, W @ A + B @ W), Inner(W.T @ SLOPE, A) + Inner(SLOPE @ W.T, B)),
        Implication(
            CRITICAL,
            (Rel(W, "=", W.T), Rel(W @ W, "=", W), Rel(Λ @ W, "=", W @ Λ)),
            (W,),
            (
                Step(lambda f, g: f @ Λ**-1, fact(W.T @ W - W.T, "=", 0)),
                Step(lambda *k: k[2] - k[2].T),
                Step(lambda *k: k[2].T + k[3] @ W),
                Step(lambda *k: k[1] + (W - I_d) @ Λ @ k[3], fact(W @ Λ @ W - Λ @ W, "=", 0)),
                Step(lambda *k: k[5].T - k[5] - k[3].T @ Λ @ W.T - W @ Λ @ k[3].T + k[3].T @ Λ),
            ),
        ),
        Implication(
            EIGEN,
            (fact(point.T @ slope, "=", 0), fact(slope @ point.T, "=", 0)),
            (AXES,),
            (
                Step(lambda e, g: AXES @ g @ AXES.T @ Λ),
                Step(lambda e, g, _: (point - I_d) @ e @ AXES.T + AXES @ g @ VALUES @ AXES.T),
            ),
        ),
    )


z = Family("z")
c = integer("c")


def mixture(rng: Random, at: Instance) -> Instance:
    """Weights of r indices in all; often a choice."""
    side, rank = at["d"], at["r"]
    chosen = set(rng.sample(range(side), rank))
    weights = [fmpq(int(a in chosen)) for a in range(side)]
    if side > rank and rng.random() < 0.5:
        one, other = rng.choice(sorted(chosen)), rng.choice([a for a in range(side) if a not in chosen])
        weights[one], weights[other] = fmpq(1, 3), fmpq(2, 3)
    return {"z": weights}


WEIGHTS = Hypothesis(
    "0 ≤ z_c ≤ 1, Σ z_c = r",
    r"0 \le z_c \le 1,\ \textstyle\sum_c z_c = r",
    (
        Every(l, ONE, d, Rel(z[l], "≥", ZERO)),
        Every(l, ONE, d, Rel(z[l], "≤", ONE)),
        Rel(Sum(c, ONE, d, z[c]), "=", r),
    ),
    mixture,
)


@claim(
    "bah2019/prop29-2",
    where="Section 6.3, Proposition 29 (2)",
    given=[ORDERED, WEIGHTS],
    convention="XXᵀ = diag(λ); z_c = 1 for the chosen eigenvectors, else 0",
    note="Over all of M_r the least loss is that of the first r eigenvectors, by bah2019/thm16 for WX = VH. The gap "
    "is 0 exactly where every λ_c that is left out or chosen otherwise equals λ_r.",
)
def least_loss() -> All:
    """At UUᵀ the loss is ½(tr C − Σ λ_j); it is least at the r largest eigenvalues."""
    point = AXES @ AXES.T
    missing = Sum(c, ONE, r, λ[c]) - Sum(c, ONE, d, λ[c] * z[c])
    top = Sum(c, ONE, r, (λ[c] - λ[r]) * (1 - z[c]))
    rest = Sum(c, r + 1, d, (λ[r] - λ[c]) * z[c])
    return both(
        Implication(
            EIGEN,
            (Rel(lowered(point), "=", HALF * (Tr(Λ) - Tr(VALUES))),),
            (AXES,),
            (Step(lambda e, g: -HALF * Tr(AXES.T @ e) - HALF * Tr(g @ VALUES) + HALF * Tr(g @ AXES.T @ Λ @ AXES)),),
        ),
        chain(missing, "=", top + rest, "≥", ZERO),
    )


# Proposition 30 -----------------------------------------------------------------------------------
INSIDE = Hypothesis(
    "−1 < t < 1",
    "-1 < t < 1",
    (Rel(t, ">", -ONE), Rel(t, "<", ONE), Rel(1 - t**2, ">", ZERO)),
    lambda rng, at: {"t": rng.choice((fmpq(0), fmpq(3, 5), fmpq(-4, 5), fmpq(5, 13), fmpq(-15, 17)))},
    lambda rng, at: {"t": fmpq(2)},
)
TURN = t * Basis(below, d) + (sqrt(1 - t**2) - 1) * Basis(above, d)
FRAME = TOP + TURN @ Basis(above, r).T
CURVE = Named("γ(t)", FRAME @ FRAME.T, r"\gamma(t)")
AXIS_ORDER = "XXᵀ = diag(λ) in any order, u_1 = e_1, …, u_r = e_r, u_0 = e_j with λ_j > λ_i"


@claim(
    "bah2019/prop30-curve",
    where="Section 6.3, proof of Proposition 30",
    given=[BETTER, INSIDE],
    convention=AXIS_ORDER,
)
def curve() -> All:
    """γ is a symmetric projection of rank r, and the loss along it falls by ½(λ_0 − λ_i)t²."""
    gap = lowered(TOP @ TOP.T) - lowered(CURVE)
    return both(
        eq(FRAME.T @ FRAME, Eye(r)),
        eq(CURVE.T, CURVE),
        eq(CURVE.T @ CURVE, CURVE),
        eq(gap, HALF * t**2 * (λ[below] - λ[above])),
    )


@claim(
    "bah2019/prop30",
    where="Section 6.3, Proposition 30",
    given=[BETTER],
    convention=AXIS_ORDER,
    note="t = sin θ. A critical point that is no global minimizer lacks a better eigenvector. The velocity of γ at 0 "
    "is u_0u_iᵀ + u_iu_0ᵀ, not 0, so by (42) the Hessian has a negative eigenvalue for every metric.",
)
def strict_saddles() -> All:
    """At every critical point but the global minimizers L¹ on M_r has a direction of negative curvature."""
    turned = TURNED @ TURNED.T
    crossed = Basis(below, d) @ Basis(above, d).T + Basis(above, d) @ Basis(below, d).T
    return both(
        eq(Diff(turned, θ, 1, True), crossed),
        chain(Diff(lowered(turned), θ, 2, True), "=", λ[above] - λ[below], "<", ZERO),
        eq(SqNorm(crossed), 2),
    )


# Theorem 31 ---------------------------------------------------------------------------------------
@claim(
    "bah2019/thm31-proof-limit",
    where="Section 6.3, proof of Theorem 31",
    given=[SIZES],
    convention="N = 2, r = 1, W(0) = −u_1u_1ᵀ, u_1 = e_1; the limit is 0 by bah2019/rem33",
    note="W(t) converges, and its limit is critical for L^N; its rank may have fallen, as M_r is not closed.",
)
def rank_of_limit() -> Chain:
    """The limit of W(t) is a critical point of L¹ on M_r: it has the rank of W(0)."""
    return eq(Rank(Zero(d, d)), Rank(-(Basis(ONE, d) @ Basis(ONE, d).T)))


start, λ_1, clock = Sym("w_0"), Sym("λ"), Sym("e^(2λt)", r"e^{2\lambda t}")


def negative_start(rng: Random, at: Instance) -> Instance:
    return {
        "w_0": rational(rng, at["height"] + 1, True),
        "λ": rational(rng, at["height"] + 1, True),
        clock.name: 1 + abs(rational(rng, at["height"])),
    }


NEGATIVE = Hypothesis(
    "W(0) = −w_0 < 0, λ > 0, t ≥ 0",
    r"W(0) = -w_0 < 0,\ \lambda > 0,\ t \ge 0",
    (Rel(start, ">", ZERO), Rel(λ_1, ">", ZERO), Rel(clock, "≥", ONE)),
    negative_start,
)
NUMBERS = "d = r = 1, N = 2, XXᵀ = λ: A_W(G) = 2|W|G, W' = −2λ|W|(W − 1); M_1 = ℝ∖{0}, its global minimizer is 1"
NUMBER = Letter("W", 1, 1)


def from_wrong_side(target: int, limit: Expr) -> Solves:
    """For Y = ±X the minimizer is ±1: the solution from W(0) = ∓w_0, W' = 2λW(±W − 1) as long as ±W < 0."""
    below_it = start * (clock - 1) + clock
    return Solves(
        letters=(NUMBER,),
        system=(2 * λ_1 * (target * NUMBER @ NUMBER - NUMBER),),
        solution=(-target * start / below_it * Eye(1),),
        initial=(-target * start * Eye(1),),
        limit=(limit,),
        clock=Clock(clock, 2 * λ_1),
        falls=(Falls(start**2 / below_it**2, start**2),),
    )


@claim(
    "bah2019/thm31",
    where="Section 6.3, Theorem 31",
    given=[NEGATIVE],
    convention=NUMBERS,
    note="The negative numbers are half of M_1, no set of measure zero. For every d: the sign of det W(t) is that of "
    "det W(0) where r = d (bah2019/conj32/orientation), and the global minimizer on M_d is I.",
)
def global_minimizer() -> Solves:
    """From almost every W(0) in M_r the flow converges to a global minimizer of L¹ on M_r."""
    return from_wrong_side(1, Eye(1))


@claim("bah2019/thm31/sign", where="Section 6.3, on Theorem 31", given=[NEGATIVE], convention=NUMBERS)
def sign_of_start() -> All:
    """From W(0) < 0 it tends to 0, from W(0) > 0 to the global minimizer 1."""
    positive = start * clock / (1 + start * (clock - 1))
    away = (1 - start) ** 2
    upward = Solves(
        letters=(NUMBER,),
        system=(2 * λ_1 * (NUMBER - NUMBER @ NUMBER),),
        solution=(positive * Eye(1),),
        initial=(start * Eye(1),),
        limit=(Eye(1),),
        clock=Clock(clock, 2 * λ_1),
        falls=(Falls(away / (1 + start * (clock - 1)) ** 2, away * (1 + 1 / start)),),
    )
    return both(from_wrong_side(1, Zero(1, 1)), upward)


@claim("bah2019/thm31+", where="Section 6.3, Theorem 31")
def below_full_rank() -> Open:
    """For r < d it may hold; for r = d from W(0) with a positive determinant."""
    return Open(
        "For r < d, almost every W(0) in M_r: W(t) converges to a global minimizer of L¹ on M_r",
        "Theorem 26 rules saddles on M_r out, not limits of lower rank, which are not on M_r. Tried: r = 1, where "
        "α_1β_1 grows near 0 (bah2019/conj32/growth), so that u_1ᵀW(0)u_1 > 0 suffices given Theorem 12 "
        "(bah2019/conj32+); k < r, where a free hidden unit grows along a curve (bah2019/thm23/leaves), which does "
        "not exclude other starts for N > 2, as the Hessian of L^N vanishes there",
    )


@claim(
    "bah2019/intro-thm31",
    where="Abstract; Section 1",
    given=[NEGATIVE],
    convention=NUMBERS,
    note="The abstract leaves out that the start is balanced; Section 1 says so. Read with balanced layers. In the "
    "space of all layers balanced starts are themselves of measure zero: without balance see bah2019/sec6-extraconj.",
)
def abstract() -> Solves:
    """In the case of an autoencoder the flow converges to a global minimum for almost all initializations."""
    return from_wrong_side(1, Eye(1))
