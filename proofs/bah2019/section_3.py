"""Bah et al. 2019, Section 3: the operator A_W, the manifold of matrices of rank r and its metric.

W = U T^N Vᵀ with orthonormal columns U, V and a positive diagonal T of size r: every W of rank r is so. What holds of a
term of A_W holds for every N; sums of terms are written out for N = 2 and 3.

Main results
    tangent            T_W is {Z: (I − UUᵀ)Z(I − VVᵀ) = 0}, of dimension r(d_x + d_y − r)
    image              A_W maps onto T_W: the inverse, entry by entry, divides by Σ_l t_i^{2(N−l)} t_j^{2(l−1)}
    kernel             and its kernel is the orthogonal complement
    metric             g is symmetric and positive, and A_W(∇f) is its gradient
    backward           Corollary 8 for all t ∈ ℝ fails: N = 2 blows up in finite time before 0
    tangency           a tangent field may leave M_r: Lemma 6 alone does not show that the flow stays
    integral           (32): the integrand solves the flow of −A_W and tends to 0 on T_W
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bah2019.notation import (
    ONE,
    ORTHONORMAL,
    SINGULAR,
    U_W,
    V_W,
    WIDTHS,
    T,
    a,
    cols,
    d_x,
    d_y,
    e,
    i,
    j,
    l,
    left_root,
    of_depth,
    operator,
    r,
    right_root,
    rows,
    τ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Diff,
    Entry,
    Expr,
    Eye,
    Family,
    Inner,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    add,
    exp,
)
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.decay import Decays
from proofs.methods.flow import Clock, Falls, Flow, Solves
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Open

U, V = U_W, V_W
Z, Z_1, Z_2 = (Letter(name, rows, cols) for name in ("Z", "Z_1", "Z_2"))
ABOVE, BELOW = Eye(rows) - U @ U.T, Eye(cols) - V @ V.T
DEPTHS = (2, 3)
FRAMES = "W = UT^NVᵀ with orthonormal columns and a positive diagonal T, the N-th root of the singular values"
SMALL_DEPTHS = f"N = 2 and 3; {FRAMES}"
TANGENT = fact(ABOVE @ Z @ BELOW, "=", 0)
"""That Z is in T_W."""

# Tangent vectors ----------------------------------------------------------------------------------
A, B = Letter("A", cols, cols), Letter("B", rows, rows)
τ_ = Sym("τ")


@claim(
    "bah2019/eq27",
    where="Section 3, (27)",
    tag="27",
    given=[SINGULAR],
    convention="W = UTVᵀ with orthonormal columns and a positive diagonal T of size r",
    note="The velocities of curves (I + τB)W(I + τA), which have rank r near τ = 0, are WA + BW; those of products "
    "with r inner columns are tangent. T_W is then what (I − UUᵀ)Z(I − VVᵀ) = 0 leaves of d_y d_x dimensions.",
)
def tangent() -> All:
    """The velocities WA + BW are the Z with (I − UUᵀ)Z(I − VVᵀ) = 0, a space of dimension r(d_x + d_y − r)."""
    w = U @ T @ V.T
    moved = (Eye(rows) + τ_ * B) @ w @ (Eye(cols) + τ_ * A)
    left, right = Letter("L", rows, r), Letter("R", r, cols)
    inverse = T**-1
    return both(
        eq(Diff(moved, τ_, 1, True), w @ A + B @ w),
        eq(ABOVE @ (w @ A + B @ w) @ BELOW, Zero(rows, cols)),
        eq(ABOVE @ (left @ T @ V.T + U @ T @ right) @ BELOW, Zero(rows, cols)),
        Implication(
            (TANGENT,),
            (Rel(Z, "=", w @ (V @ inverse @ U.T @ Z) + (ABOVE @ Z @ V @ inverse @ U.T) @ w),),
            (Z,),
            (Step(lambda gap: gap),),
        ),
        eq(rows * cols - (rows - r) * (cols - r), r * (cols + rows - r)),
    )


# Lemma 6 ------------------------------------------------------------------------------------------
M = Letter("M", r, r)
PLACES = Hypothesis(
    "1 ≤ i, j ≤ r",
    r"1 \le i, j \le r",
    (Rel(ONE, "≤", i), Rel(i, "≤", r), Rel(ONE, "≤", j), Rel(j, "≤", r)),
    lambda rng, at: {"i": rng.randint(1, at["r"]), "j": rng.randint(1, at["r"])},
)
LEFT, RIGHT = Letter("L", d_y, d_y, frozenset({"psd"})), Letter("R", d_x, d_x, frozenset({"psd"}))
X_1, X_2 = Letter("Z_1", d_y, d_x), Letter("Z_2", d_y, d_x)
ANY_TERM = "L = (WWᵀ)^{(N−j)/N} and R = (WᵀW)^{(j−1)/N}, any semi-definite matrices: any term, for every N and j"


@claim("bah2019/lem6-selfadj", where="Section 3, Lemma 6, step 1", given=[WIDTHS], convention=ANY_TERM)
def self_adjoint() -> Chain:
    """Every term of A_W is self-adjoint."""
    return chain(
        Inner(LEFT @ X_1 @ RIGHT, X_2),
        "=",
        Tr(LEFT @ X_1 @ RIGHT @ X_2.T),
        "=",
        Tr(X_1 @ RIGHT @ X_2.T @ LEFT),
        "=",
        Inner(X_1, LEFT @ X_2 @ RIGHT),
    )


def scale(depth: int) -> Named:
    """κ_ij = Σ_l t_i^{2(N−l)} t_j^{2(l−1)}, by which A_W multiplies the entry (i, j) in the singular bases."""
    powers = (τ[i] ** (2 * (depth - p)) * τ[j] ** (2 * (p - 1)) for p in range(1, depth + 1))
    return Named("κ_ij", add(*powers), r"\kappa_{ij}")


@claim(
    "bah2019/lem6-image-kernel",
    where="Section 3, Lemma 6",
    given=[SINGULAR, PLACES],
    convention=SMALL_DEPTHS,
    note="T_W is {Z: (I − UUᵀ)Z(I − VVᵀ) = 0} by bah2019/eq27, and its complement {Z: UᵀZ = 0, ZV = 0}. A Z in T_W is "
    "UMVᵀ + UUᵀZ(I − VVᵀ) + (I − UUᵀ)ZVVᵀ: A_W reaches the first part from the entries M_ij/κ_ij.",
)
def image_and_kernel() -> All:
    """A_W maps into T_W and onto it; its kernel is the orthogonal complement of T_W."""
    w = U @ T @ V.T
    complement = (fact(U.T @ Z, "=", 0), fact(Z @ V, "=", 0))
    members: list[Any] = [
        Implication(complement, (Rel(Inner(Z, w @ A + B @ w), "=", ZERO),), (Z,), (Step(to_tangent),))
    ]
    for depth in DEPTHS:
        inside, root = operator(U @ M @ V.T, depth), T ** (2 - 2 * depth)
        members += [
            eq(ABOVE @ operator(Z, depth) @ BELOW, Zero(rows, cols)),
            eq(inside, U @ U.T @ inside @ V @ V.T),
            chain(scale(depth), ">", ZERO),
            eq(Entry(U.T @ inside @ V, i, j), scale(depth) * Entry(M, i, j)),
            eq(operator(U @ root @ U.T @ Z @ BELOW, depth), U @ U.T @ Z @ BELOW),
            eq(operator(ABOVE @ Z @ V @ root @ V.T, depth), ABOVE @ Z @ V @ V.T),
            kernel(depth),
            Implication(complement, (fact(operator(Z, depth), "=", 0),), (Z,), (Step(by_terms(depth)),)),
        ]
    return both(*members)


def to_tangent(low: Expr, high: Expr) -> Expr:
    """⟨Z, WA + BW⟩ from UᵀZ = 0 and ZV = 0."""
    return Tr(low @ (T @ V.T @ A).T) + Tr(high.T @ B @ U @ T)


def by_terms(depth: int) -> Callable[..., Expr]:
    """A_W(Z) from UᵀZ = 0 and ZV = 0."""

    def combination(low: Expr, high: Expr) -> Expr:
        inner = (U @ T ** (2 * (depth - p)) @ low @ right_root(depth, p) for p in range(1, depth))
        return add(*inner, high @ T ** (2 * (depth - 1)) @ V.T)

    return combination


def parts(z: Expr, depth: int) -> list[Expr]:
    """What ⟨A_W(Z), Z⟩ is the sum of the squares of."""
    inner = [T ** (depth - p) @ U.T @ z @ V @ T ** (p - 1) for p in range(2, depth)]
    return [T ** (depth - 1) @ U.T @ z, *inner, z @ V @ T ** (depth - 1)]


def kernel(depth: int) -> Implication:
    """A_W(Z) = 0 ⇒ UᵀZ = 0, ZV = 0."""
    first, *inner, last = parts(Z, depth)
    root = T ** (1 - depth)

    def squares(other: Expr) -> Callable[[Expr], Expr]:
        return lambda gap: add(SqNorm(gap), *map(SqNorm, (*inner, other)))

    steps = (
        Step(lambda g: Tr(g @ Z.T), fact(first, "=", 0), squares=squares(last)),
        Step(lambda g, _: Tr(g @ Z.T), fact(last, "=", 0), squares=squares(first)),
        Step(lambda g, low, high: root @ low),
        Step(lambda g, low, high, _: high @ root),
    )
    return Implication((fact(operator(Z, depth), "=", 0),), (fact(U.T @ Z, "=", 0), fact(Z @ V, "=", 0)), (Z,), steps)


@claim(
    "bah2019/lem6-pd",
    where="Section 3, Lemma 6, step 3, (28)",
    given=[SINGULAR, WIDTHS],
    convention=SMALL_DEPTHS,
    note="(28) for every N and j: L and R are any semi-definite matrices. Where the sum is 0, Z is in the kernel, by "
    "the proof of bah2019/lem6-image-kernel; and a Z that is in T_W too is 0.",
)
def positive() -> All:
    """Every term of ⟨A_W(Z), Z⟩ is at least 0, and a Z in T_W at which the sum is 0 is 0."""
    sums = (chain(Inner(operator(Z, n), Z), "=", add(*map(SqNorm, parts(Z, n))), "≥", ZERO) for n in DEPTHS)
    complement = (fact(U.T @ Z, "=", 0), fact(Z @ V, "=", 0))
    return both(
        chain(Tr(LEFT @ X_1 @ RIGHT @ X_1.T), "≥", ZERO),
        *sums,
        Implication(
            (TANGENT, *complement),
            (fact(Z, "=", 0),),
            (Z,),
            (Step(lambda t, low, high: t + U @ low + high @ V.T - U @ low @ V @ V.T),),
        ),
    )


R_, y = Letter("R", d_y, d_x), Family("y")
S_y = Diag(y, d_y, "S_y")


def diagonals(rng: Random, at: Instance) -> Instance:
    """Singular values, some of them 0."""
    return {"y": [rational(rng, 3, True) * rng.choice((0, 1, 1)) for _ in range(int(at["d_y"]))]}


ROOTS = Hypothesis("S_y ≥ 0", r"S_y \ge 0", (Every(l, ONE, d_y, Rel(y[l], "≥", ZERO)),), diagonals)


@claim(
    "bah2019/lem6-proof-S2",
    where="Section 3, proof of Lemma 6, step 3",
    given=[WIDTHS, ROOTS],
    convention="N = 2, j = 1: p = ½, q = 0; (SSᵀ)^p is S_y^{2p} = S_y",
)
def printed_power() -> Chain:
    """Tr((SSᵀ)^p R (SᵀS)^q Rᵀ) = Tr(S_y² R S_x^{2q} Rᵀ)."""
    return eq(Tr(S_y @ R_ @ R_.T), Tr(S_y**2 @ R_ @ R_.T))


ty, tx = (Diag(Family(name), side, name) for name, side in (("a", d_y), ("b", d_x)))


@claim(
    "bah2019/lem6-proof-S2+",
    where="Section 3, proof of Lemma 6, step 3",
    given=[WIDTHS],
    convention="S_y^p = diag(a), S_x^q = diag(b): any p and q",
)
def power() -> Chain:
    """It is Tr(S_y^{2p} R S_x^{2q} Rᵀ), a square."""
    return chain(
        Tr(ty**2 @ R_ @ tx**2 @ R_.T), "=", Tr((ty @ R_ @ tx) @ (ty @ R_ @ tx).T), "=", SqNorm(ty @ R_ @ tx), "≥", ZERO
    )


# The metric ---------------------------------------------------------------------------------------
G = Letter("∇", rows, cols, tex=r"\nabla f")


@claim(
    "bah2019/def7/eq29-30",
    where="Section 3, Definition 7, (29), (30)",
    tag="29–30",
    given=[SINGULAR],
    convention=SMALL_DEPTHS,
    note="g(A_W(Y), Z) = ⟨Y, Z⟩ for Y and Z in T_W: symmetric, as A_W is, and g(A_W(Y), A_W(Y)) = ⟨Y, A_W(Y)⟩ is "
    "positive by bah2019/lem6-pd. G is the gradient of any f; its part Y in T_W has A_W(Y) = A_W(G), and ⟨Y, Z⟩ = ⟨G, "
    "Z⟩.",
)
def metric() -> All:
    """A_W(∇f) is the gradient of f for g: g(A_W(∇f), Z) = ⟨∇f, Z⟩ for Z in T_W."""
    inside = G - ABOVE @ G @ BELOW
    members: list[Any] = [eq(ABOVE @ inside @ BELOW, Zero(rows, cols))]
    for depth in DEPTHS:
        w = of_depth(depth)
        direction = w @ A + B @ w
        members += [
            eq(operator(inside, depth), operator(G, depth)),
            eq(Inner(inside, direction), Inner(G, direction)),
            eq(Inner(operator(Z_1, depth), Z_2), Inner(Z_1, operator(Z_2, depth))),
        ]
    return both(*members)


@claim(
    "bah2019/cor8-eq",
    where="Section 3, Corollary 8, (31)",
    tag="31",
    given=[SINGULAR],
    convention=f"N = 2, 3, 4; {FRAMES}",
    note="Of layers V_jTV_{j−1}ᵀ, with U = V_N and V = V_0: the term of (6) for layer j is that of A_W. So W moves by "
    "−A_W(∇L¹), which is −∇^g L¹ by bah2019/def7/eq29-30. Balanced layers of rank r are of this form.",
)
def riemannian() -> All:
    """The product of balanced layers moves by the Riemannian gradient: term by term (6) is (25)."""
    high, low = Letter("V_j", e, r, ORTHONORMAL), Letter("V_j−1", a, r, ORTHONORMAL, tex="V_{j-1}")
    members = []
    for depth in (2, 3, 4):
        for p in range(1, depth + 1):
            above = Eye(rows) if p == depth else U @ T ** (depth - p) @ high.T
            below = Eye(cols) if p == 1 else low @ T ** (p - 1) @ V.T
            found = above @ above.T @ G @ below.T @ below
            members.append(eq(found, left_root(depth, p) @ G @ right_root(depth, p)))
    return both(*members)


# Backwards in time --------------------------------------------------------------------------------
λ, start, clock = Sym("λ"), Sym("u_0"), Sym("e^(2λt)", r"e^{2\lambda t}")
SCALAR = "N = 2, all widths 1, Y = X, XXᵀ = λ: W(t) = w² with w = w_1 = w_2, so Ẇ = 2λW(1 − W)"


def any_time(rng: Random, at: Instance) -> Instance:
    """Starts on both sides of 1, times on both sides of 0."""
    return {
        "λ": rational(rng, at["height"] + 1, True),
        "u_0": rational(rng, at["height"] + 1, True),
        clock.name: rational(rng, at["height"] + 1, True),
    }


def later(rng: Random, at: Instance) -> Instance:
    """Times from 0 on."""
    found = any_time(rng, at)
    return {**found, clock.name: 1 + abs(rational(rng, at["height"] + 1)) * rng.choice((0, 1, 1))}


ALWAYS = Hypothesis(
    "W(0) > 0, t ∈ ℝ",
    r"W(0) > 0,\ t \in \mathbb{R}",
    (Rel(start, ">", ZERO), Rel(clock, ">", ZERO), Rel(λ, ">", ZERO)),
    any_time,
)
ONWARD = Hypothesis(
    "W(0) > 0, t ≥ 0",
    r"W(0) > 0,\ t \ge 0",
    (Rel(start, ">", ZERO), Rel(clock, "≥", ONE), Rel(λ, ">", ZERO)),
    later,
    lambda rng, at: {"λ": fmpq(1), "u_0": fmpq(2), clock.name: fmpq(1, 2)},
)
BELOW_IT = Named("D", 1 + start * (clock - 1))
SOLUTION = start * clock / BELOW_IT.body


def solved() -> Solves:
    """The solution of Ẇ = 2λW(1 − W)."""
    w = Letter("W", 1, 1)
    away = (1 - start) ** 2
    return Solves(
        letters=(w,),
        system=(2 * λ * (w - w @ w),),
        solution=(SOLUTION * Eye(1),),
        initial=(start * Eye(1),),
        limit=(Eye(1),),
        clock=Clock(clock, 2 * λ),
        falls=(Falls(away / BELOW_IT.body**2, away * (1 + 1 / start)),),
    )


@claim(
    "bah2019/cor8-forallR",
    where="Section 3, Corollary 8",
    given=[ALWAYS],
    convention=SCALAR,
    note="W(t) = W(0)e^{2λt}/D solves it, by bah2019/cor8-forallR+. It exists as long as D > 0 from t = 0 on: from "
    "W(0) > 1 it grows without bound as e^{2λt} falls to 1 − 1/W(0), at a time t < 0.",
)
def backward() -> Chain:
    """W(t) exists for all t ∈ ℝ: its denominator stays positive."""
    return chain(BELOW_IT, ">", ZERO)


@claim("bah2019/cor8-forallR+", where="Section 3, Corollary 8", given=[ONWARD], convention=SCALAR)
def forward() -> All:
    """It does for all t ≥ 0, stays positive, and tends to 1."""
    return both(chain(BELOW_IT, ">", ZERO), chain(SOLUTION, ">", ZERO), solved())


time = Sym("t")


@claim(
    "bah2019/cor8-proof",
    where="Section 3, proof of Corollary 8",
    given=[
        Hypothesis(
            "t ≥ 0",
            r"t \ge 0",
            (Rel(time, "≥", ZERO),),
            lambda rng, at: {"t": abs(rational(rng, at["height"]))},
        )
    ],
    convention="M_1 ⊂ ℝ^{1×1}, the numbers that are not 0, where every field is tangent; the field −1, from W(0) = 1",
    note="Lemma 6 says that the field is tangent to M_r. M_r is not closed: a tangent field can leave it in finite "
    "time.",
)
def tangency() -> Chain:
    """A flow along a field that is tangent to M_r stays in M_r."""
    return chain(1 - time, "≠", ZERO)


W_1, O, SLOPE = Letter("W_1", a, d_x), Letter("O", d_y, d_x), Letter("G", d_y, d_x)


@claim(
    "bah2019/cor8-proof+",
    where="Section 3, proof of Corollary 8",
    given=[WIDTHS],
    convention="N = 2, G = ∇L¹; balanced layers are W_2 = OW_1ᵀ with a partial isometry O",
    note="So ±d/dt W_1W_1ᵀ ⪯ 2‖G‖W_1W_1ᵀ: over bounded times no eigenvalue of W_1W_1ᵀ that is positive reaches 0, "
    "and none that is 0 leaves it, by Gronwall's lemma, which is no fact of the kernel. The rank stays.",
)
def multiplicative() -> Chain:
    """The Gram matrix of a balanced layer moves by a multiple of itself from both sides."""
    w2 = O @ W_1.T
    flow = Flow(((W_1, -(w2.T @ SLOPE)),))
    return eq(flow.rate(W_1 @ W_1.T), -(W_1 @ (O.T @ SLOPE + SLOPE.T @ O) @ W_1.T))


# Proposition 9 and Remark 10 ----------------------------------------------------------------------
entry, first, second = Sym("y"), Sym("σ_i"), Sym("σ_j")


def singular_pair(rng: Random, at: Instance) -> Instance:
    """One positive, the other often 0."""
    names = rng.sample(("σ_i", "σ_j"), 2)
    scale = fmpq(1, rng.choice((1, 10)))
    return {names[0]: scale * rational(rng, at["height"] + 1, True), names[1]: scale * rng.randint(0, 2)}


ONE_POSITIVE = Hypothesis(
    "σ_i, σ_j ≥ 0, σ_i + σ_j > 0",
    r"\sigma_i, \sigma_j \ge 0,\ \sigma_i + \sigma_j > 0",
    (Rel(first, "≥", ZERO), Rel(second, "≥", ZERO), Rel(first + second, ">", ZERO)),
    singular_pair,
    lambda rng, at: {"σ_i": fmpq(0), "σ_j": fmpq(0)},
)


@claim(
    "bah2019/prop9/eq32",
    where="Section 3, Proposition 9, (32)",
    tag="32",
    given=[ONE_POSITIVE],
    convention="N = 2, in the singular bases of W: an entry y of Y with σ_i and σ_j, one of them positive on T_W",
    note="The integrand is y e^{−(σ_i+σ_j)t}, and A_W multiplies the entry by σ_i + σ_j. So A_W of the integral is "
    "y − lim = y. Off T_W both are 0 and the integral diverges.",
)
def integral() -> All:
    """The integrand has the derivative −A_W of itself, and tends to 0 on T_W."""
    rate = first + second
    integrand = entry / exp(rate * time)
    return both(eq(Diff(integrand, time), -rate * integrand), Decays(entry, rate, time))


@claim(
    "bah2019/eq33",
    where="Section 3, (33)",
    tag="33",
    given=[SINGULAR],
    convention="N = 2; W = UT²Vᵀ, σ_i = t_i²",
    note="The integral of e^{−(σ_i+σ_j)t} is 1/(σ_i + σ_j), by bah2019/prop9/eq32; σ_j = 0 for directions outside of "
    "W.",
)
def inner_product() -> Chain:
    """The metric in the singular bases: products of entries are divided by σ_i + σ_j."""
    one, two = U.T @ Z_1 @ V, U.T @ Z_2 @ V
    divided = Entry(one, i, j) / (τ[i] ** 2 + τ[j] ** 2)
    inner = Sum(i, ONE, r, Sum(j, ONE, r, divided * (U @ Basis(i, r)) @ (V @ Basis(j, r)).T))
    outer = U @ T**-2 @ U.T @ Z_1 @ BELOW + ABOVE @ Z_1 @ V @ T**-2 @ V.T
    block = Sum(i, ONE, r, Sum(j, ONE, r, divided * Entry(two, i, j)))
    right = Inner(T**-2 @ U.T @ Z_1 @ BELOW, U.T @ Z_2)
    return eq(Inner(inner + outer, Z_2), block + right + Inner(ABOVE @ Z_1 @ V @ T**-2, Z_2 @ V))


x_, y_ = Sym("x"), Sym("y")


@claim(
    "bah2019/rem10",
    where="Section 3, Remark 10",
    convention="N = 2, …, 5; x = σ_i^{2/N}, y = σ_j^{2/N}",
    note="A_W divides x^N − y^N = σ_i² − σ_j² by σ_i^{2/N} − σ_j^{2/N}; N times this is log σ_i² − log σ_j² in the "
    "limit, so that A_W/N tends to the logarithmic mean, as in the Bogoliubov inner product, which has no 1/N. What "
    "the limit has of g itself is bah2019/rem10/limit.",
)
def divided_differences() -> All:
    """In the singular bases A_W divides differences of squares by differences of roots."""
    return both(
        *(
            eq((x_ - y_) * add(*(x_ ** (n - p) * y_ ** (p - 1) for p in range(1, n + 1))), x_**n - y_**n)
            for n in range(2, 6)
        )
    )


@claim("bah2019/rem10/limit", where="Section 3, Remark 10")
def limit() -> Open:
    """In the limit N → ∞ the metric is similar to the Bogoliubov inner product."""
    return Open(
        "Our Riemannian metric g is (in the limit N → ∞) similar to the Bogoliubov inner product",
        "'similar' has no one meaning. At σ_i = σ_j = σ the entry of A_W is Nσ^{2−2/N}: g itself tends to 0, and N g "
        "to the inverse of the logarithmic mean. Tried: the limit in N, of exponents 2/N, for which the kernel has no "
        "rule",
    )
