"""Bah et al. 2019, Section 5: one hidden layer, the symmetric flow on orthonormal V and the balanced one.

XXᵀ = diag(λ), in the basis of its eigenvectors: a rotation of the data rotates both flows.

Main results
    gradient           ∇E(V) = −(I − VVᵀ)CV − C(I − VVᵀ)V
    tied               the flow (5) does not keep W_2 = W_1ᵀ: (35) is another flow
    orthonormal        (36) keeps VᵀV = I, and E falls along it
    equilibria         the orthonormal equilibria of (36) are (v_1 … v_r)Q; without VᵀV = I there are others
    angles             the tangents of the angles to the top r eigenvectors decay like e^{−(λ_i − λ_j)t}
    riccati            (39) is (38)
    balanced_points    balanced equilibria: W_2 = W_1ᵀ, and W_1ᵀW_1 is a projection that commutes with XXᵀ
    in_given_basis     they are not Σ u_ju_jᵀ for the given eigenvectors where eigenvalues are equal
    threshold          Corollary 22 (3): every other equilibrium has at least the threshold's loss
    any_step           L¹(W + εuuᵀ) < L¹(W) for 0 < ε < 2, not for any ε > 0
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Angle, Instance, Undefined
from proofs.bah2019.notation import HALF, ONE, ORTHONORMAL, l
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
    Grad,
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
    size,
)
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.decay import Decays
from proofs.methods.flow import Flow, descent
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Open

r, m = size("r"), size("m")
d = size("d", least=r)
X, V = Letter("X", d, m), Letter("V", d, r)
C = Named("C", X @ X.T)
λ = Family("λ")
Λ = Diag(λ, d, "C")
I_d, I_r = Eye(d), Eye(r)
ROTATED = "XXᵀ = C = diag(λ)"


def sides(rng: Random, at: Instance) -> Instance:
    """r ≤ d, any eigenvalues that are positive, some of them equal."""
    rank = int(at["k"])
    side = rank + rng.randint(0, 2)
    scale = fmpq(1, rng.choice((1, 1, 20)))
    values = [scale * rational(rng, at["height"] + 2, True) for _ in range(side)]
    if rng.random() < 0.3:
        values[-1] = values[0]
    return {"r": rank, "d": side, "m": rng.randint(1, side + 1), "λ": values}


POSITIVE = Hypothesis(
    "λ_i > 0", r"\lambda_i > 0", (Every(l, ONE, d, Rel(λ[l], ">", ZERO)),), sides, lambda rng, at: {"λ": [fmpq(0)] * 9}
)
SIZES = Hypothesis("r ≤ d", r"r \le d", (Rel(r, "≤", d),), sides)


# 5.1: the symmetric case --------------------------------------------------------------------------
def energy(v: Expr) -> Expr:
    """E(V) = ½‖X − VVᵀX‖²."""
    return HALF * SqNorm(X - v @ v.T @ X)


def slope(v: Expr, c: Expr) -> Expr:
    """−(I − VVᵀ)CV − C(I − VVᵀ)V."""
    return -((I_d - v @ v.T) @ c @ v) - c @ (I_d - v @ v.T) @ v


@claim("bah2019/sec5.1-gradE", where="Section 5.1, before (36)", given=[SIZES])
def gradient() -> Chain:
    """The gradient of E."""
    return eq(Grad(energy(V), V), slope(V, C))


W_1, W_2 = Letter("W_1", r, d), Letter("W_2", d, r)
LOSS = HALF * SqNorm(X - W_2 @ W_1 @ X)
FLOW = dict(descent(LOSS, W_1, W_2).velocities)


@claim(
    "bah2019/sec5.1-relation",
    where="Section 5.1, (35)",
    tag="35",
    given=[SIZES],
    note="Read as: the problem (1) with this constraint has the flow (5), which stays in it. V_0 is orthonormal.",
)
def tied() -> Implication:
    """From W_2 = W_1ᵀ with orthonormal columns the flow (5) moves both layers alike."""
    premises = (Rel(W_2, "=", W_1.T), Rel(W_1 @ W_1.T, "=", I_r))
    return Implication(premises, (Rel(FLOW[W_2], "=", FLOW[W_1].T),), (W_1, W_2))


@claim("bah2019/sec5.1-relation+", where="Section 5.1, (35)", tag="35", given=[SIZES])
def sum_of_gradients() -> Chain:
    """(35) moves V by the sum of what (5) moves the two layers by."""
    gap = V @ V.T @ C - C
    return chain(Grad(energy(V), V), "=", gap @ V + (V.T @ gap).T)


VELOCITY = -slope(V, Λ)
OJA = (I_d - V @ V.T) @ Λ @ V
UNIT = Rel(V.T @ V, "=", I_r)
TIED_LOSS = HALF * Tr((I_d - V @ V.T) @ Λ @ (I_d - V @ V.T))


@claim("bah2019/thm14-1-4", where="Section 5.1, Theorem 14 (1)–(4)")
def exponential() -> Open:
    """(36) has a unique solution for t ≥ 0, which stays orthonormal and tends to an equilibrium exponentially."""
    return Open(
        "a unique solution on [0, ∞) with VᵀV = I, whose limit exists and is an equilibrium, approached exponentially",
        "(2) and the fall of E are bah2019/thm14-1-4/orthonormal; where XXᵀ has full rank (1) and (3) are "
        "bah2019/thm14-1-4/limit, given the theorem of Łojasiewicz; (4) is cited from Yan, Helmke and Moore. Tried: "
        "(4) by the linear equation of VA⁻¹ (bah2019/thm17/angles), which gives the rate to an optimum, not to other "
        "limits",
    )


@claim(
    "bah2019/thm14-1-4/orthonormal",
    where="Section 5.1, Theorem 14 (2)",
    given=[SIZES],
    convention=ROTATED,
    note="VᵀV − I moves by multiples of itself, so it stays 0; there (36) is Oja's flow.",
)
def orthonormal() -> All:
    """On orthonormal V the flow is Oja's, stays orthonormal, and E falls."""
    flow = Flow(((V, VELOCITY),))
    gap = Named("E", V.T @ V - I_r)
    drift = V.T @ Λ @ V
    return both(
        eq(flow.rate(V.T @ V), -2 * (gap @ drift) - 2 * (drift @ gap)),
        Implication((UNIT,), (Rel(VELOCITY, "=", OJA),), (V,), (Step(lambda g: -(Λ @ V @ g)),)),
        chain(flow.rate(TIED_LOSS), "=", -SqNorm(VELOCITY), "≤", ZERO),
    )


Q, MU = Letter("Q", r, r, ORTHONORMAL), Family("μ")
M = Diag(MU, r, "M")
REST = fact(VELOCITY, "=", 0)
FRAME = Letter("F", d, r)


@claim(
    "bah2019/thm14-5",
    where="Section 5.1, Theorem 14 (5)",
    given=[SIZES],
    convention=ROTATED,
    note="VᵀCV = QᵀMQ with an orthogonal Q and a diagonal M is the spectral theorem. The columns of F = VQᵀ are the "
    "eigenvectors. (36) holds that V_0ᵀV_0 = I; for its equilibria without this see bah2019/thm14-5/any.",
)
def equilibria() -> All:
    """Orthonormal equilibria are F Q with orthonormal eigenvectors F, and these are equilibria."""
    turned = V @ Q.T
    spectral = Rel(V.T @ Λ @ V, "=", Q.T @ M @ Q)
    found = Implication(
        (UNIT, REST, spectral),
        (Rel(Λ @ turned, "=", turned @ M), Rel(turned.T @ turned, "=", I_r)),
        (V,),
        (
            Step(lambda g, f, k: f @ Q.T + Λ @ V @ g @ Q.T + V @ k @ Q.T),
            Step(lambda g, f, k, _: Q @ g @ Q.T),
        ),
    )
    listed = (Rel(Λ @ FRAME, "=", FRAME @ M), Rel(FRAME.T @ FRAME, "=", I_r))
    at_frame = FRAME @ Q
    velocity = (I_d - at_frame @ at_frame.T) @ Λ @ at_frame + Λ @ (I_d - at_frame @ at_frame.T) @ at_frame
    back = Implication(
        listed,
        (fact(velocity, "=", 0),),
        (FRAME,),
        (Step(lambda e, g: (I_d - FRAME @ FRAME.T) @ e @ Q - FRAME @ g @ M @ Q - Λ @ FRAME @ g @ Q),),
    )
    return both(found, back)


@claim("bah2019/thm14-5/any", where="Section 5.1, Theorem 14 (5)", given=[POSITIVE], convention=ROTATED)
def any_equilibrium() -> Implication:
    """The equilibria of the differential equation in (36) are orthonormal."""
    return Implication((REST,), (UNIT,), (V,))


# PCA ----------------------------------------------------------------------------------------------
def falling_values(rng: Random, at: Instance) -> Instance:
    """λ_1 ≥ … ≥ λ_d ≥ 0, some equal, some or all 0."""
    found = sides(rng, at)
    if rng.random() < 0.3:
        found["λ"][0] = fmpq(0)
    if rng.random() < 0.1:
        found["λ"] = [fmpq(0)] * found["d"]
    return {**found, "λ": sorted(found["λ"], reverse=True)}


def with_more(rng: Random, at: Instance) -> Instance:
    """An eigenvalue after the r-th."""
    found = falling_values(rng, at)
    if found["d"] == found["r"]:
        raise Undefined("no eigenvalue after the r-th")
    return found


def with_gap(rng: Random, at: Instance) -> Instance:
    """λ_r > λ_{r+1}, by little or much; equal eigenvalues on either side, of any sign."""
    found = with_more(rng, at)
    step = found["λ"][found["r"]] + rational(rng, at["height"], True) / rng.choice((1, 20))
    shift = rng.choice((fmpq(0), rational(rng, at["height"], True) + found["λ"][0] + step))
    raised = [x + step for x in found["λ"][: found["r"]]] + found["λ"][found["r"] :]
    return {**found, "λ": [x - shift for x in raised]}


ORDERED = Hypothesis(
    "λ_1 ≥ … ≥ λ_d ≥ 0",
    r"\lambda_1 \ge \dots \ge \lambda_d \ge 0",
    (Every(l, ONE, d - 1, Rel(λ[l], "≥", λ[l + 1])), Rel(λ[d], "≥", ZERO)),
    falling_values,
)
GAP = Hypothesis(
    "r < d, λ_1 ≥ … ≥ λ_r > λ_{r+1} ≥ … ≥ λ_d",
    r"r < d,\ \lambda_1 \ge \dots \ge \lambda_r > \lambda_{r+1} \ge \dots \ge \lambda_d",
    (Rel(r, "<", d), Every(l, ONE, d - 1, Rel(λ[l], "≥", λ[l + 1])), Rel(λ[r], ">", λ[r + 1])),
    with_gap,
    falling_values,
)
F = Letter("V", d, r, ORTHONORMAL)
H = Letter("H", r, m)
place = integer("c")


def kept(at: Expr) -> Expr:
    """‖Vᵀe_c‖²."""
    return SqNorm(F.T @ Basis(at, d))


def left(at: Expr) -> Expr:
    """1 − ‖Vᵀe_c‖², as I − VVᵀ is a projection."""
    return SqNorm((I_d - F @ F.T) @ Basis(at, d))


def beyond_top() -> Expr:
    """Σ_{c ≤ r} (λ_c − λ_r)(1 − ‖Vᵀe_c‖²) + Σ_{c > r} (λ_r − λ_c)‖Vᵀe_c‖²."""
    top = Sum(place, ONE, r, (λ[place] - λ[r]) * left(place))
    return top + Sum(place, r + 1, d, (λ[r] - λ[place]) * kept(place))


@claim(
    "bah2019/thm16",
    where="Section 5.1, Theorem 16, (37)",
    tag="37",
    given=[ORDERED],
    convention="XXᵀ = diag(λ); V has orthonormal columns",
    note="So h_i = Vᵀx_i is the best for any V, and no V has less than the first r eigenvectors. Where λ_r > λ_{r+1} "
    "the last sum is 0 only if V is in their span, V = (v_1 … v_r)Q; else the eigenvectors may be chosen.",
)
def pca() -> All:
    """The loss is least at H = VᵀX, and there at the first r eigenvectors."""
    least = HALF * 2 * Sum(place, r + 1, d, λ[place])
    return both(
        chain(SqNorm(X - F @ H) - SqNorm(X - F @ F.T @ X), "=", SqNorm(H - F.T @ X), "≥", ZERO),
        chain(Tr((I_d - F @ F.T) @ Λ) - least, "=", beyond_top(), "≥", ZERO),
        eq(Tr((I_d - First(d, r) @ First(d, r).T) @ Λ), least),
    )


# Where the symmetric flow goes --------------------------------------------------------------------
L = Letter("A⁻¹", r, r, tex="A^{-1}")
TOP = First(d, r)
A = Named("A", TOP.T @ V)
above, below = integer("i", "", 1, r), integer("j", "", r + 1, d)
t = Sym("t")
tangent = Sym("x")


def pair(rng: Random, at: Instance) -> Instance:
    return {"i": rng.randint(1, at["r"]), "j": rng.randint(at["r"] + 1, at["d"])}


PAIR = Hypothesis(
    "i ≤ r < j ≤ d",
    r"i \le r < j \le d",
    (Rel(ONE, "≤", above), Rel(above, "≤", r), Rel(r, "<", below), Rel(below, "≤", d)),
    pair,
)


@claim("bah2019/thm17", where="Section 5.1, Theorem 17")
def optimal_limit() -> Open:
    """The limit of V(t) is (v_1 … v_r)Q for some orthogonal Q exactly if V_0ᵀ(v_1 … v_r) has rank r."""
    return Open(
        "lim V(t) = (v_1 … v_r)Q for some orthogonal Q if and only if V_0ᵀ(v_1 … v_r) has rank r",
        "the limit exists (bah2019/thm14-1-4/limit, where XXᵀ has full rank), and given it both directions are "
        "bah2019/thm17/angles with the solution of a linear equation: that it is the solution is our word",
    )


@claim(
    "bah2019/thm17/angles",
    where="Section 5.1, Theorem 17",
    given=[GAP, PAIR],
    convention="XXᵀ = diag(λ), V orthonormal, so that (36) is V̇ = CV − VK with K = VᵀCV; A = (v_1 … v_r)ᵀV",
    note="If: the entries of VA⁻¹ beyond the r-th row solve ẋ = −(λ_i − λ_j)x and decay; ‖VVᵀ − Σ v_iv_iᵀ‖² is at most "
    "twice the sum of their squares, so VVᵀ tends to the projection on v_1, …, v_r. Only if: A moves by "
    "multiples of itself, so its rank stays, and at (v_1 … v_r)Q it is r.",
)
def angles() -> All:
    """Where A is invertible, the tangents VA⁻¹ of the angles to the top eigenvectors decay like e^{−(λ_i − λ_j)t}."""
    drift = V.T @ Λ @ V
    velocity = Λ @ V - V @ drift
    flow = Flow(((V, velocity), (L, -(L @ (TOP.T @ velocity) @ L))))
    entry = Basis(below, d).T @ V @ L @ Basis(above, r)
    whole = V @ L
    inverse = (Rel(A @ L, "=", I_r), Rel(L @ A, "=", I_r))
    return both(
        Implication(
            inverse,
            (Rel(flow.rate(whole), "=", Λ @ whole - whole @ (TOP.T @ Λ @ TOP)),),
            (V, L),
            (Step(lambda right, left_: V @ left_ @ drift @ L - whole @ (TOP.T @ Λ @ TOP) @ right),),
        ),
        eq(
            Tr(Basis(below, d).T @ (Λ @ whole - whole @ (TOP.T @ Λ @ TOP)) @ Basis(above, r)),
            -(λ[above] - λ[below]) * Tr(entry),
        ),
        Decays(tangent, λ[above] - λ[below], t),
        eq(Flow(((V, velocity),)).rate(TOP.T @ V), (TOP.T @ Λ @ TOP) @ (TOP.T @ V) - TOP.T @ V @ drift),
    )


@claim(
    "bah2019/cor18",
    where="Section 5.1, Corollary 18",
    given=[SIZES],
    note="The starts of (36) are orthonormal: rd − r(r + 1)/2 dimensions of the rd of ℝ^{d×r}, so the Lebesgue "
    "measure of ℝ^{d×r} sees none of them. Read as: the admissible starts have full dimension.",
)
def lebesgue() -> Chain:
    """Almost all initial conditions with respect to the Lebesgue measure are starts of the flow."""
    return eq(r * d - r * (r + 1) / 2, r * d)


@claim(
    "bah2019/cor18+",
    where="Section 5.1, Corollary 18",
    note="With respect to the measure of the Stiefel manifold, of dimension rd − r(r + 1)/2, less than rd. By "
    "bah2019/thm17/angles the other starts are the zeros of det((v_1 … v_r)ᵀV), a polynomial that is 1 at "
    "(v_1 … v_r) and −1 after a change of sign, and so not 0 on either component for r = d; zeros of polynomials "
    "that are not 0 have measure 0, which is no fact of the kernel.",
)
def almost_all() -> Chain:
    """The starts that do not converge to an optimum are the zeros of a polynomial that is not 0."""
    return eq(TOP.T @ TOP, I_r)


# Theorem 19 ---------------------------------------------------------------------------------------
θ = Sym("θ", r"\theta")
ε = sin(θ)


def small_step(rng: Random, at: Instance) -> Instance:
    """0 < sin θ, and a right angle now and then."""
    return {"θ": Angle.rational(rng.choice((fmpq(1), rational(rng, at["height"] + 1, True))))}


STEP = Hypothesis(
    "ε = sin θ > 0",
    r"\varepsilon = \sin\theta > 0",
    (Rel(sin(θ), ">", ZERO),),
    small_step,
    lambda rng, at: {"θ": Angle.rational(fmpq(0))},
)


def better(rng: Random, at: Instance) -> Instance:
    """Any eigenvalues in any order, of which one of the others exceeds one of the first r."""
    found = sides(rng, at)
    if found["d"] == found["r"]:
        raise Undefined("no eigenvector is left")
    place_, other = rng.randint(1, found["r"]), rng.randint(found["r"] + 1, found["d"])
    values = list(found["λ"])
    values[other - 1] = values[place_ - 1] + rational(rng, at["height"], True) / rng.choice((1, 20))
    shift = rng.choice((0, max(values) + 1))
    return {**found, "λ": [x - shift for x in values], "i": place_, "j": other}


BETTER = Hypothesis(
    "i ≤ r < j ≤ d, λ_j > λ_i",
    r"i \le r < j \le d,\ \lambda_j > \lambda_i",
    (
        Rel(ONE, "≤", above),
        Rel(above, "≤", r),
        Rel(r, "<", below),
        Rel(below, "≤", d),
        Rel(λ[below], ">", λ[above]),
    ),
    better,
    pair,
)
TURNED = TOP + (ε * Basis(below, d) + (cos(θ) - 1) * Basis(above, d)) @ Basis(above, r).T


@claim(
    "bah2019/thm19",
    where="Section 5.1, Theorem 19",
    given=[BETTER, STEP],
    convention="XXᵀ = diag(λ) in any order, V = (e_1 … e_r), v = e_j; E(VQ) = E(V)",
    note="An eigenvector v that is orthogonal to these, with an eigenvalue that exceeds λ_i, exists if they do not "
    "belong to the r largest. ‖V(ε) − V‖ tends to 0 with ε.",
)
def lower_energy() -> All:
    """Turning an eigenvector towards a better one lowers E, for every 0 < ε ≤ 1."""
    energy_ = HALF * Tr((I_d - TURNED @ TURNED.T) @ Λ @ (I_d - TURNED @ TURNED.T))
    before = HALF * Tr((I_d - TOP @ TOP.T) @ Λ @ (I_d - TOP @ TOP.T))
    return both(
        eq(TURNED.T @ TURNED, I_r),
        chain(before - energy_, "=", HALF * ε * ε * (λ[below] - λ[above]), ">", ZERO),
        eq(SqNorm(TURNED - TOP), ε**2 + (1 - cos(θ)) ** 2),
    )


# 5.2: the flow of two layers ----------------------------------------------------------------------
@claim(
    "bah2019/eq38-41",
    where="Section 5.2, (38), (40), (41)",
    tag="38–41",
    given=[POSITIVE],
    convention="(38) for any X; (40) and (41) with XXᵀ = diag(λ)",
    note="With W_2 = 0 the second equation of (40) is XXᵀW_1ᵀ = 0. (41) is the second equation at W_2 = W_1ᵀ.",
)
def two_layers() -> All:
    """(38) is the gradient flow; (40) with W_2 = 0 says W_1 = 0; with W_2 = W_1ᵀ it says (41)."""
    none = fact(Λ @ W_1.T, "=", 0)
    tied_ = (fact(second_equation(Λ), "=", 0), Rel(W_2, "=", W_1.T))
    return both(
        eq(FLOW[W_1], -(W_2.T @ W_2 @ W_1 @ C) + W_2.T @ C),
        eq(FLOW[W_2], -(W_2 @ W_1 @ C @ W_1.T) + C @ W_1.T),
        Implication((none,), (fact(W_1, "=", 0),), (W_1,), (Step(lambda g: (Λ**-1 @ g).T),)),
        Implication(
            tied_,
            (fact((I_d - W_2 @ W_2.T) @ Λ @ W_2, "=", 0),),
            (W_1, W_2),
            (Step(lambda f, g: f + Λ @ g - W_2 @ W_2.T @ Λ @ g + W_2 @ (-g.T) @ Λ @ W_1.T),),
        ),
    )


def first_equation(c: Expr) -> Expr:
    return -(W_2.T @ W_2 @ W_1 @ c) + W_2.T @ c


def second_equation(c: Expr) -> Expr:
    return -(W_2 @ W_1 @ c @ W_1.T) + c @ W_1.T


@claim(
    "bah2019/eq39",
    where="Section 5.2, Remark 20, (39)",
    tag="39",
    given=[POSITIVE],
    convention="XXᵀ = diag(λ); the two block rows of (39), V = (W_1ᵀ; W_2), its bracket before (0 C; C 0) V",
    note="The bracket that opens before I_{2d} is not closed in the text at hand; it is read as closing before (0 C; "
    "C 0).",
)
def riccati() -> All:
    """The block rows of (39) are (38)."""
    upper = Λ @ W_2 + (-Λ) @ (W_1.T @ W_2.T) @ Λ**-1 @ (Λ @ W_2)
    lower = Λ @ W_1.T + (-I_d) @ (W_2 @ W_1) @ (Λ @ W_1.T)
    return both(eq(upper.T, first_equation(Λ)), eq(lower, second_equation(Λ)))


S = Named("S", W_1 @ W_1.T)
N = W_1.T @ W_1
BALANCED = Rel(W_2.T @ W_2, "=", W_1 @ W_1.T)
EQUILIBRIUM = (fact(first_equation(Λ), "=", 0), fact(second_equation(Λ), "=", 0), BALANCED)
OUTER, INNER, COUNT = Letter("U", d, integer("k")), Letter("V", r, integer("k"), ORTHONORMAL), integer("k")


def projection_steps() -> tuple[Step, ...]:
    """W_2ᵀ = SW_1 and S = S³, so that ‖S − S²‖² + ‖W_1 − SW_1‖² = Tr((I − S)(S − S³)) = 0."""
    gram = W_1 @ W_1.T

    def cube(f: Expr, g: Expr, b: Expr, w: Expr) -> Expr:
        return -b + w @ W_2 + gram @ W_1 @ w.T

    def squares(gap: Expr) -> Expr:
        return SqNorm(gram - gram @ gram) + SqNorm(gap)

    return (
        Step(lambda f, g, b: f @ Λ**-1 + b @ W_1, fact(W_2.T - gram @ W_1, "=", 0)),
        Step(cube, fact(gram - gram @ gram @ gram, "=", 0)),
        Step(lambda *k: Tr((I_r - gram) @ k[4]), fact(W_1 - gram @ W_1, "=", 0), squares=squares),
        Step(lambda *k: k[3].T - k[5].T),
        Step(lambda *k: W_1.T @ k[5]),
        Step(lambda *k: k[1] @ W_1 + k[6] @ W_1 @ Λ @ N, fact(Λ @ N - N @ Λ @ N, "=", 0)),
        Step(lambda *k: k[8] - k[8].T),
    )


@claim(
    "bah2019/lem21",
    where="Section 5.2, Lemma 21",
    given=[POSITIVE],
    convention=ROTATED,
    note="A symmetric projection N = W_1ᵀW_1 = W that commutes with C is UUᵀ with orthonormal eigenvectors U of C; "
    "W_1 = VUᵀ is its singular value decomposition. Conversely these are balanced and at rest. W_2 ≠ 0 says k ≥ 1.",
)
def balanced_points() -> All:
    """Balanced equilibria have W_2 = W_1ᵀ, and W_1ᵀW_1 is a projection that commutes with C; and back."""
    N_projects = Rel(N, "=", N @ N)
    k = COUNT
    values = Diag(Family("μ"), k, "M")
    eigen = (Rel(Λ @ OUTER, "=", OUTER @ values), Rel(OUTER.T @ OUTER, "=", Eye(k)))
    one, two = INNER @ OUTER.T, OUTER @ INNER.T
    return both(
        Implication(
            EQUILIBRIUM,
            (Rel(W_2, "=", W_1.T), N_projects, Rel(Λ @ N, "=", N @ Λ)),
            (W_1, W_2),
            projection_steps(),
        ),
        Implication(
            eigen,
            (
                fact(-(two.T @ two @ one @ Λ) + two.T @ Λ, "=", 0),
                fact(-(two @ one @ Λ @ one.T) + Λ @ one.T, "=", 0),
                Rel(two.T @ two, "=", one @ one.T),
            ),
            (OUTER,),
            (
                Step(lambda e, g: -(INNER @ g @ OUTER.T @ Λ)),
                Step(lambda e, g, _: e @ INNER.T - OUTER @ OUTER.T @ e @ INNER.T - OUTER @ g @ values @ INNER.T),
                Step(lambda e, g, *_: 0 * (INNER @ g @ INNER.T)),
            ),
        ),
    )


# Corollary 22 -------------------------------------------------------------------------------------
p = integer("p", "", 1, d)
q = integer("q", "", 1, d)
PLACES = Hypothesis(
    "p ≠ q",
    r"p \neq q",
    (Rel(p, "≠", q), Rel(ONE, "≤", p), Rel(p, "≤", d), Rel(ONE, "≤", q), Rel(q, "≤", d)),
    lambda rng, at: dict(zip("pq", rng.sample(range(1, at["d"] + 1), 2), strict=True)) if at["d"] > 1 else {"p": 1},
)
APART = Hypothesis(
    "λ_p ≠ λ_q",
    r"\lambda_p \neq \lambda_q",
    (Rel(λ[p], "≠", λ[q]),),
    None,
    lambda rng, at: {"λ": [fmpq(1)] * 9},
)
OFF = fact(Entry(W_2 @ W_1, p, q), "=", 0)
LIMITS = "What the flow tends to is a balanced equilibrium, by Theorem 12 of the paper and bah2019/lem2-3."


@claim(
    "bah2019/cor22-1-2",
    where="Section 5.2, Corollary 22 (1), (2)",
    given=[POSITIVE, PLACES],
    convention="XXᵀ = diag(λ), so that u_j = e_j: W = Σ_{j ∈ J} u_ju_jᵀ has no entries off the diagonal",
    note=LIMITS,
)
def in_given_basis() -> Implication:
    """Balanced equilibria are sums of u_ju_jᵀ over the given eigenvectors."""
    return Implication(EQUILIBRIUM, (OFF,), (W_1, W_2))


@claim(
    "bah2019/cor22-1-2+",
    where="Section 5.2, Corollary 22 (1), (2)",
    given=[POSITIVE, PLACES, APART],
    convention="XXᵀ = diag(λ), so that u_j = e_j",
    note=f"{LIMITS} With equal eigenvalues W is Σ u_ju_jᵀ for some orthonormal eigenvectors, by bah2019/lem21.",
)
def in_given_basis_corrected() -> Implication:
    """They are where the eigenvalues are distinct, and W_1 = W_2ᵀ."""
    factor = λ[p] - λ[q]
    return Implication(
        EQUILIBRIUM,
        (Rel(W_2, "=", W_1.T), Rel(N, "=", N @ N), Rel(Λ @ N, "=", N @ Λ), OFF),
        (W_1, W_2),
        (
            *projection_steps(),
            Step(lambda *k: Entry(k[9], p, q), fact(Entry(N, p, q), "=", 0), squares=lambda gap: factor * gap),
            Step(lambda *k: Entry(k[6] @ W_1, p, q) + k[10]),
        ),
    )


z = Family("z")
x = integer("x")


def selection(rng: Random, at: Instance) -> Instance:
    """At most r indices of d, one of the first r left out."""
    rank, side = at["r"], at["d"]
    missing = rng.randint(1, rank)
    others = [c for c in range(1, side + 1) if c != missing]
    chosen = set(rng.sample(others, rng.randint(0, min(rank, len(others)))))
    return {"i": missing, "z": [fmpq(int(c in chosen)) for c in range(1, side + 1)]}


CHOSEN = Hypothesis(
    "0 ≤ z_c ≤ 1, Σ z_c ≤ r, z_i = 0, i ≤ r",
    r"0 \le z_c \le 1,\ \textstyle\sum_c z_c \le r,\ z_i = 0,\ i \le r",
    (
        Every(l, ONE, d, Rel(z[l], "≥", ZERO)),
        Every(l, ONE, d, Rel(z[l], "≤", ONE)),
        Rel(Sum(l, ONE, d, z[l]), "≤", r),
        Rel(ONE, "≤", above),
        Rel(above, "≤", r),
        Rel(z[above], "=", ZERO),
    ),
    selection,
)
WITH_MORE = Hypothesis(
    "r < d, λ_1 ≥ … ≥ λ_d ≥ 0",
    r"r < d,\ \lambda_1 \ge \dots \ge \lambda_d \ge 0",
    (Rel(r, "<", d), Every(l, ONE, d - 1, Rel(λ[l], "≥", λ[l + 1])), Rel(λ[d], "≥", ZERO)),
    with_more,
)
THRESHOLD = HALF * (λ[r] + Sum(x, r + 2, d, λ[x]))


@claim(
    "bah2019/cor22-3",
    where="Section 5.2, Corollary 22 (3)",
    given=[WITH_MORE, CHOSEN],
    convention="z_c = 1 for c ∈ J, else 0; at W = Σ_{c ∈ J} u_cu_cᵀ the loss is ½Σ λ_c(1 − z_c). r < d",
    note="i ≤ r is not in J. L¹ does not grow along the flow, by the last part, so a start below the threshold has its "
    "limit there; such starts exist only where λ_r > λ_{r+1}, and then the limit has one form. For r = d the "
    "threshold is ½λ_d, the least eigenvalue that J may lack.",
)
def threshold() -> All:
    """Every J ≠ {1, …, r} has at least the threshold's loss, and the loss falls along the flow."""
    gap = HALF * Sum(x, ONE, d, λ[x] * (1 - z[x])) - THRESHOLD
    top = Sum(x, ONE, r, (λ[x] - λ[r + 1]) * (1 - z[x]), (above,))
    rest = Sum(x, r + 1, d, (λ[r + 1] - λ[x]) * z[x])
    count = λ[r + 1] * (r - Sum(x, ONE, d, z[x]))
    flow = descent(LOSS, W_1, W_2)
    return both(
        chain(gap, "=", HALF * top + HALF * rest + HALF * count + HALF * (λ[above] - λ[r]), "≥", ZERO),
        chain(flow.rate(LOSS), "=", -SqNorm(FLOW[W_1]) - SqNorm(FLOW[W_2]), "≤", ZERO),
    )


@claim(
    "bah2019/cor22-4",
    where="Section 5.2, Corollary 22 (4)",
    given=[GAP],
    note="The threshold of bah2019/cor22-3 exceeds the least loss ½Σ_{c > r} λ_c: where L¹ lies between is an open "
    "neighbourhood of the optimum.",
)
def neighbourhood() -> Chain:
    """The threshold exceeds the least loss by ½(λ_r − λ_{r+1})."""
    least = HALF * Sum(x, r + 1, d, λ[x])
    return chain(THRESHOLD - least, "=", HALF * (λ[r] - λ[r + 1]), ">", ZERO)


# Theorem 23 ---------------------------------------------------------------------------------------
step = Sym("ε", r"\varepsilon")


def lowered(w: Expr) -> Expr:
    """L¹(W) = ½‖(I − W)X‖²."""
    return HALF * Tr((I_d - w) @ Λ @ (I_d - w).T)


@claim(
    "bah2019/thm23",
    where="Section 5.2, Theorem 23",
    given=[BETTER, STEP],
    convention="XXᵀ = diag(λ) in any order, u_c = e_c, k = r; for k < r see bah2019/thm23-proof+",
    note="W(ε) has rank r and tends to W with ε. r ≤ d is needed: for k = d < r, W = I has no better one. "
    "'Non-stable': for k < r see bah2019/thm23/leaves; for k = r points of lower loss are arbitrarily near.",
)
def lower_loss() -> Chain:
    """Turning an eigenvector towards a better one lowers L¹, for every 0 < ε ≤ 1."""
    before, after = lowered(TOP @ TOP.T), lowered(TURNED @ TURNED.T)
    return chain(before - after, "=", HALF * ε * ε * (λ[below] - λ[above]), ">", ZERO)


kk = integer("k", "", 0, d)
jj = integer("j", "", kk + 1, d)
PROJECTION = Named("W", First(d, kk) @ First(d, kk).T)
MOVED = PROJECTION + step * Basis(jj, d) @ Basis(jj, d).T


def another(rng: Random, at: Instance) -> Instance:
    """k < d eigenvectors and one more; steps of any length."""
    found = sides(rng, at)
    count = rng.randint(0, found["d"] - 1)
    return {**found, "k": count, "j": rng.randint(count + 1, found["d"]), "ε": rational(rng, at["height"] + 1, True)}


ANOTHER = Hypothesis(
    "k < j ≤ d, ε > 0, λ_c > 0",
    r"k < j \le d,\ \varepsilon > 0,\ \lambda_c > 0",
    (
        Rel(ZERO, "≤", kk),
        Rel(kk, "<", jj),
        Rel(jj, "≤", d),
        Rel(step, ">", ZERO),
        Every(l, ONE, d, Rel(λ[l], ">", ZERO)),
    ),
    another,
)
SHORT = Hypothesis("ε < 2", r"\varepsilon < 2", (Rel(step, "<", lift(2)),), None, lambda rng, at: {"ε": fmpq(2)})
ONE_MORE = "XXᵀ = diag(λ) in any order, u_j = e_j; k < r ≤ d: W = Σ_{c ≤ k} u_cu_cᵀ, W̃ = W + εu_ju_jᵀ"


@claim("bah2019/thm23-proof", where="Section 5.2, proof of Theorem 23", given=[ANOTHER], convention=ONE_MORE)
def any_step() -> Chain:
    """For any ε > 0 the matrix W + εuuᵀ has a lower loss."""
    return chain(lowered(MOVED), "<", lowered(PROJECTION))


@claim("bah2019/thm23-proof+", where="Section 5.2, proof of Theorem 23", given=[ANOTHER, SHORT], convention=ONE_MORE)
def short_step() -> Chain:
    """It has for 0 < ε < 2."""
    gap = lowered(PROJECTION) - lowered(MOVED)
    return chain(gap, "=", HALF * step * (2 - step) * λ[jj], ">", ZERO)


a = Sym("a")
unit = integer("q", "", kk + 1, r)


def room(rng: Random, at: Instance) -> Instance:
    """k < r, a hidden unit q that is free, a direction j that is not learned."""
    found = sides(rng, at)
    count = rng.randint(0, found["r"] - 1)
    places = {"k": count, "q": rng.randint(count + 1, found["r"]), "j": rng.randint(count + 1, found["d"])}
    return {**found, **places, "a": rational(rng, at["height"], True) / (at["height"] + 1)}


ROOM = Hypothesis(
    "k < q ≤ r, k < j ≤ d, 0 < a < 1, λ_c > 0",
    r"k < q \le r,\ k < j \le d,\ 0 < a < 1,\ \lambda_c > 0",
    (
        Rel(ZERO, "≤", kk),
        Rel(kk, "<", unit),
        Rel(unit, "≤", r),
        Rel(kk, "<", jj),
        Rel(jj, "≤", d),
        Rel(a, ">", ZERO),
        Rel(a, "<", ONE),
        Every(l, ONE, d, Rel(λ[l], ">", ZERO)),
    ),
    room,
)


@claim(
    "bah2019/thm23/leaves",
    where="Section 5.2, Theorem 23",
    given=[ROOM],
    convention="XXᵀ = diag(λ) in any order, u_j = e_j; k < r: W_1 = Σ_{c ≤ k} e_ce_cᵀ + a e_qe_jᵀ = W_2ᵀ, balanced",
    note="So from W + a²u_ju_jᵀ, however small a is, the flow goes on to W + u_ju_jᵀ: W is not stable.",
)
def leaves() -> All:
    """The flow stays on the curve W + a²u_ju_jᵀ, and a grows."""
    point = First(r, kk) @ First(d, kk).T + a * Basis(unit, r) @ Basis(jj, d).T
    speed = λ[jj] * a * (1 - a**2)
    here: dict[Expr, Expr] = {W_1: point, W_2: point.T}
    along = speed * Basis(unit, r) @ Basis(jj, d).T
    return both(
        eq(substitute(first_equation(Λ), here), along),
        eq(substitute(second_equation(Λ), here), along.T),
        chain(speed, "=", λ[jj] * a * (1 - a) * (1 + a), ">", ZERO),
    )
