"""Bah et al. 2019, Section 6: where the flow of an autoencoder goes, Remark 33, Conjecture 32 and its neighbours.

Main results
    remark        (49) solves (48) and tends to 0
    depth         the example of Remark 33 has N = 2, the conjecture is about N > 2
    deeper        an example with N = 3
    conjecture    Conjecture 32: refuted by a start whose orientation is not that of the limit
    rank_one      it holds for r = 1; for every r below a level of the loss: proofs.bah2019.section_6_level
    unbalanced    two layers of one number each that are not balanced: only w_1 + w_2 = 0 may lead to 0
    targets       for Y ≠ X the convergence for almost all balanced starts fails as it does for Y = X
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from proofs.algebra.evaluate import Instance
from proofs.bah2019.notation import HALF, ONE, i
from proofs.bah2019.section_6 import NEGATIVE, from_wrong_side
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    First,
    Letter,
    Named,
    Num,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    integer,
    lift,
    size,
    sqrt,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.convergence import Converges, Growth, Orientation
from proofs.methods.flow import Clock, Descends, Falls, Solves, constant, descent
from proofs.methods.words import Open

r = size("r")
d, l = size("d", least=r), integer("l")
j = integer("j", least=1, greatest=d)
λ = Family("λ")
Λ = Diag(λ, d, "XXᵀ")


def eigenvalues(rng: Random, at: Instance) -> Instance:
    """d ≤ 4 eigenvalues, decreasing."""
    size = min(4, int(at["m"]))
    return {"d": size, "λ": sorted((rational(rng, at["height"] + 2, True) for _ in range(size)), reverse=True)}


EIGENVALUES = Hypothesis(
    "λ_1 ≥ … ≥ λ_d > 0",
    r"\lambda_1 \ge \dots \ge \lambda_d > 0",
    (Every(l, ONE, d - 1, Rel(λ[l], "≥", λ[l + 1])), Rel(λ[d], ">", lift(0))),
    eigenvalues,
)


def top_ranks(rng: Random, at: Instance) -> Instance:
    """r < d."""
    rank = int(at["k"])
    size = rank + rng.choice((1, 1, 2))
    return {"r": rank, "d": size, "λ": [rational(rng, at["height"] + 2, True) for _ in range(size)]}


BELOW = Hypothesis("r < d", "r < d", (Rel(r, "<", d),), top_ranks)

# Remark 33 ----------------------------------------------------------------------------------------
α, β = Letter("α", d, 1), Letter("β", d, 1)
s = Sym("e^(2λ₁t)", r"e^{2\lambda_1 t}")


def moment(rng: Random, at: Instance) -> Instance:
    """A time at which √(2e^{2λ₁t} − 1) is rational; a convenience of the sampler."""
    return {s.name: ((1 + abs(rational(rng, at["height"] + 1))) ** 2 + 1) / 2}


TIME = Hypothesis("t ≥ 0", r"t \ge 0", (Rel(s, "≥", ONE),), moment)
"""e^{2λ₁t} ≥ 1, as λ₁ > 0."""


def component(x: Expr, place: Expr) -> Expr:
    """x_place of a column."""
    return Entry(x, place, ONE)


SYSTEM = (
    Sum(
        j,
        ONE,
        d,
        (-λ[j] * component(α, j) * Sum(i, ONE, d, component(β, i) ** 2) + λ[j] * component(β, j)) * Basis(j, d),
    ),
    Sum(
        j,
        ONE,
        d,
        (-component(β, j) * Sum(i, ONE, d, λ[i] * component(α, i) ** 2) + λ[j] * component(α, j)) * Basis(j, d),
    ),
)


@claim(
    "bah2019/rem33",
    where="Section 6, Remark 33, (48)–(49)",
    tag="48–49",
    given=[EIGENVALUES, TIME],
    convention="N = 2, r = 1, XXᵀ = diag(λ), W_1 = αᵀ, W_2 = β",
    note="That this contradicts the conjecture without (47) is the claim bah2019/rem33/depth.",
)
def remark() -> Solves:
    """The functions (49) solve (48) with their initial values; both layers and their product tend to 0."""
    return Solves(
        letters=(α, β),
        system=SYSTEM,
        solution=(1 / sqrt(2 * s - 1) * Basis(ONE, d), -1 / sqrt(2 * s - 1) * Basis(ONE, d)),
        initial=(Basis(ONE, d), -Basis(ONE, d)),
        limit=(Zero(d, 1), Zero(d, 1), Zero(d, d)),
        clock=Clock(s, 2 * λ[1]),
        falls=(Falls(1 / (2 * s - 1), ONE), Falls(1 / (2 * s - 1), ONE), Falls((2 * s - 1) ** -2, ONE)),
        products=(β @ α.T,),
    )


@claim("bah2019/rem33/system", where="Section 6, (48)", tag="48", given=[EIGENVALUES], convention="XXᵀ = diag(λ)")
def system() -> All:
    """(48) is the gradient flow of the two layers W_1 = αᵀ and W_2 = β."""
    flow = dict(descent(distance(β @ α.T), α, β).velocities)
    return both(*(eq(flow[x], v) for x, v in zip((α, β), SYSTEM, strict=True)))


def distance(w: Expr) -> Expr:
    """½‖X − WX‖² for XXᵀ = diag(λ)."""
    rest = Eye(d) - w
    return HALF * Tr(rest @ Λ @ rest.T)


SHALLOW = (Basis(ONE, d).T, -Basis(ONE, d))


@claim(
    "bah2019/rem33/depth",
    where="Section 6, Remark 33",
    note="Layers of the example, against the N > 2 of Conjecture 32: the example is no start of the conjecture.",
)
def depth() -> Chain:
    """The example of the remark has the depth N > 2 that the conjecture is about."""
    return chain(lift(len(SHALLOW)), ">", lift(2))


v1, v2, v3 = Letter("W1", 1, d), Letter("W2", 1, 1), Letter("W3", d, 1)
a = Sym("a")


@claim(
    "bah2019/rem33/depth+",
    where="Section 6, Remark 33",
    given=[EIGENVALUES],
    convention="N = 3, r = 1, XXᵀ = diag(λ)",
    note="The curve starts at a = 1 with u_1ᵀ W(0) u_1 = −1.",
)
def deeper() -> Descends:
    """With three layers W_1 = u_1ᵀ, W_2 = 1, W_3 = −u_1 the flow stays on a curve and tends to 0."""
    return Descends(
        loss=distance(v3 @ v2 @ v1),
        letters=(v1, v2, v3),
        points=(a * Basis(ONE, d).T, a * Eye(1), -a * Basis(ONE, d)),
        parameter=a,
        speed=-λ[1] * a**2 * (1 + a**3),
    )


# Conjecture 32 ------------------------------------------------------------------------------------
W = Letter("W", d, d)
U = Letter("U", d, d, frozenset({"orthonormal"}))


def u(place: Expr) -> Named:
    """The eigenvector of the place-th eigenvalue."""
    name = f"u_{place}"
    return Named(name, U @ Basis(place, d))


def condition(place: Expr) -> Expr:
    """(47): u_iᵀ W(0) u_i."""
    return Tr(u(place).T @ W @ u(place))


A, C, B = Letter("A", r, r), Letter("C", r, r), Letter("B", r, r)
G = Letter("G", r, r)
Q = tuple(Letter(f"Q_{place}", r, r, frozenset({"orthonormal"})) for place in range(4))
values = Family("s")
S = Diag(values, r, "S")


def layer_values(rng: Random, at: Instance) -> Instance:
    """As many positive numbers as there are indices."""
    return {"s": [rational(rng, at["height"] + 2, True) for _ in range(int(at["m"]))]}


FULL = Hypothesis("s_i > 0", "s_i > 0", (Every(l, ONE, r, Rel(values[l], ">", lift(0))),), layer_values)


@claim(
    "bah2019/conj32/orientation",
    where="Section 6, on Conjecture 32",
    given=[BELOW, FULL],
    note="W_N = U_r A and W_1 = B U_rᵀ keep this form; Q_j S Q_{j−1}ᵀ is a balanced layer with inverse Q_{j−1}S⁻¹Q_jᵀ. "
    "d/dt log|det W_j| = −Tr(W_j⁻¹ ∇_j) stays finite, since no S⁻¹ is left in the trace: no determinant reaches 0.",
)
def orientation() -> All:
    """Three balanced square layers inside the top eigenspace stay inside and keep the signs of their determinants."""
    U_r = U @ First(d, r)
    XX = U @ Λ @ U.T
    product = U_r @ A @ C @ B @ U_r.T
    slope = product @ XX - XX
    outside = Eye(d) - U_r @ U_r.T
    layers = [Q[p + 1] @ S @ Q[p].T for p in range(3)]
    inverses = [Q[p] @ S**-1 @ Q[p + 1].T for p in range(3)]
    gradients = [
        (layers[2] @ layers[1]).T @ G,
        layers[2].T @ G @ layers[0].T,
        G @ (layers[1] @ layers[0]).T,
    ]
    bounded = Tr(S @ Q[3].T @ G @ Q[0])
    return both(
        eq(outside @ slope @ (C @ B @ U_r.T).T, Zero(d, r)),
        eq((U_r @ A @ C).T @ slope @ outside, Zero(r, d)),
        *(eq(after.T @ after, before @ before.T) for before, after in pairwise(layers)),
        *(eq(inverse @ layer, Eye(r)) for inverse, layer in zip(inverses, layers, strict=True)),
        *(eq(Tr(inverse @ gradient), bounded) for inverse, gradient in zip(inverses, gradients, strict=True)),
    )


START = "Y = X, N > 2, balanced start, W(0)U_r of rank r, λ_r > λ_{r+1} > 0"


@claim("bah2019/conj32", where="Section 6, Conjecture 32, (47)", tag="47", convention=START)
def conjecture() -> Converges:
    """With u_iᵀW(0)u_i > 0 for i ≤ r the product of the layers tends to the projection on the top r eigenvectors."""
    return Converges(condition(i), Sum(i, ONE, r, u(i) @ u(i).T), d, i, r, (1, 2), Orientation(orientation))


c = Sym("c")


@claim(
    "bah2019/conj32/growth",
    where="Section 6, on Conjecture 32",
    given=[EIGENVALUES],
    convention="r = 1: W = c βαᵀ, W_1 = αᵀ, W_N = β, c > 0 the product of the layers between, XXᵀ = diag(λ)",
    note="The rate of α_1β_1 is at least c(2λ_1 − c(αᵀΛα + λ_1|β|²))α_1β_1, so it stays positive; the bracket is 2λ_1 "
    "at W = 0 and λ_1 − λ_j at W = u_j u_jᵀ. Any limit but u_1 u_1ᵀ needs α_1β_1 → 0, and there it grows. For every r "
    "a bound of the loss excludes the other limits: bah2019/conj32/level.",
)
def growth() -> All:
    """For rank 1, α_1β_1 grows near every critical point but those of the top eigenvalue."""
    top, bottom = component(α, ONE), component(β, ONE)
    flow = descent(distance(c * β @ α.T), α, β)
    bracket = 2 * λ[1] - c * (Tr(α.T @ Λ @ α) + λ[1] * SqNorm(β))
    eigenvector = {α: Basis(j, d), β: Basis(j, d), c: ONE}
    return both(
        eq(flow.rate(top * bottom), c * bracket * top * bottom + c * λ[1] * (top - bottom) ** 2),
        eq(substitute(bracket, {c: Num(ONE.value * 0)}), 2 * λ[1]),
        eq(substitute(bracket, eigenvector), λ[1] - λ[j]),
    )


@claim(
    "bah2019/conj32+",
    where="Section 6, Conjecture 32",
    convention=START,
    note="No theorem: the convergence of the flow to a critical point, Theorem 12 of the paper, is taken from there. "
    "What the argument adds are the equations of bah2019/conj32/growth, which are theorems.",
)
def rank_one() -> Converges:
    """With r = 1 and u_1ᵀW(0)u_1 > 0 the product of the layers tends to u_1u_1ᵀ."""
    limit = u(ONE) @ u(ONE).T
    argument = Growth(growth, condition(ONE), limit)
    return Converges(condition(i), Sum(i, ONE, r, u(i) @ u(i).T), d, i, r, (1,), argument)


# The further conjectures --------------------------------------------------------------------------
number_1, number_2, scale = Letter("w_1", 1, 1), Letter("w_2", 1, 1), Sym("λ")


@claim(
    "bah2019/sec6-extraconj",
    where="Section 6, after Remark 33",
)
def further() -> Open:
    """Convergence to global minimizers for almost all starts that need not be balanced, and for Y ≠ X."""
    return Open(
        "convergence of the flow to global minimizers holds also for almost all starting points that are not necessary "
        "balanced; these claims hold true for the non-autoencoder case Y ≠ X",
        "a conjecture. For N > 2 the Hessian of L^N vanishes at 0, so that its saddles are not strict and no theorem "
        "on stable manifolds excludes them. Tried: N = 2 with one number per layer, where it is decided "
        "(bah2019/sec6-extraconj/numbers); for balanced starts the claim for Y ≠ X fails "
        "(bah2019/sec6-extraconj/targets)",
    )


@claim(
    "bah2019/sec6-extraconj/numbers",
    where="Section 6, after Remark 33",
    convention="N = 2, d = r = 1, XXᵀ = λ, Y = X",
    note="So w_1 + w_2 keeps its sign, w_2w_1 is monotone on either side of 1, and w_2² − w_1² is constant: w_2w_1 "
    "tends to 1 unless w_1² + w_2² tends to 0, which takes w_2² = w_1² and w_1 + w_2 = 0 at the start, a set of "
    "measure zero.",
)
def unbalanced() -> All:
    """Without balance the sum of the layers keeps its sign, and their product moves towards 1."""
    gap = Eye(1) - number_2 @ number_1
    flow = descent(HALF * scale * SqNorm(gap), number_1, number_2)
    return both(
        eq(flow.rate(number_1 + number_2), scale * gap @ (number_1 + number_2)),
        eq(flow.rate(number_2 @ number_1), scale * (SqNorm(number_1) + SqNorm(number_2)) * gap),
        constant(flow, SqNorm(number_2) - SqNorm(number_1)),
    )


@claim(
    "bah2019/sec6-extraconj/targets",
    where="Section 6, after Remark 33",
    given=[NEGATIVE],
    convention="d = r = 1, N = 2, Y = −X, XXᵀ = λ, W(0) = w_0 > 0, balanced: W' = −2λ|W|(W + 1); the minimizer is −1",
    note="From every W(0) > 0, half of M_1. With Y = 0 L¹ has no minimizer on M_1 at all.",
)
def targets() -> Solves:
    """For Y ≠ X the flow converges to a global minimizer of L¹ on M_r from almost every balanced start."""
    return from_wrong_side(-1, -Eye(1))
