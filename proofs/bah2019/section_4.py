"""Bah et al. 2019, Section 4: the flow stays bounded, and what its convergence rests on.

W = U T^N Vᵀ as in Section 3; XXᵀ of full rank is K + κI with K ⪰ 0 and κ > 0. That a bounded gradient flow of an
analytic function converges is Łojasiewicz's theorem, a fact that is taken from the literature; Theorem 12 for few
layers, given it, is in :mod:`proofs.bah2019.section_4_limit`.

Main results
    trace        ⟨A_W(W), WXXᵀ⟩ = N tr((SᵀS)^{(2N−1)/N} VᵀXXᵀV) > 0
    scaling      A_{αW}(αW) = α^{3−2/N} A_W(W)
    first_scale  the α ≥ 1 of ξ are those with α ≥ b/a
    paired       Lemma 13
    bounded      W stays bounded for every depth, balanced or not, as the loss does not grow; and so do two layers
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bah2019.notation import (
    HALF,
    ONE,
    SINGULAR,
    U_W,
    V_W,
    WIDTHS,
    T,
    W,
    X,
    Y,
    a,
    b,
    cols,
    d_x,
    d_y,
    half_loss,
    l,
    m,
    r,
    rows,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Diag,
    Eye,
    Family,
    Inner,
    Letter,
    SqNorm,
    Sym,
    Tr,
    Zero,
    integer,
    size,
)
from proofs.kernel.propositions import ZERO, Every, Iff, Rel, rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import descent
from proofs.methods.proposition import Proposition, says
from proofs.methods.words import Open
from proofs.tactics.pairing import Pairing
from proofs.tactics.relations import Arithmetic, Lemma

K, κ = Letter("K", cols, cols, frozenset({"psd"})), Sym("κ")
GRAM = K + κ * Eye(cols)
FULL = Hypothesis(
    "κ > 0",
    r"\kappa > 0",
    (Rel(κ, ">", ZERO),),
    lambda rng, at: {"κ": rational(rng, at["height"], True)},
    lambda rng, at: {"κ": fmpq(0)},
)


@claim("bah2019/thm11", where="Section 4, Theorem 11")
def lojasiewicz() -> Open:
    """A bounded solution of the gradient flow of an analytic function converges to a critical point."""
    return Open(
        "If f is analytic and x(t) is bounded and a solution of the gradient flow, then x(t) converges to a critical "
        "point",
        "cited from Łojasiewicz, and taken as a fact of the literature where a bound of the flow is a theorem "
        "(bah2019/thm12/two, thm12/three): it is not proved by being taken. Tried: flows whose solution is known, such "
        "as bah2019/rem33 and bah2019/thm31/sign, where it is seen",
    )


over, under = Family("a"), Family("b")
HIGH, LOW = Diag(over, r, "A"), Diag(under, r, "B")
EVERY_DEPTH = (
    "every N: W = UT^NVᵀ with orthonormal columns and a positive diagonal T, the N-th root of S; for the term j of A_W "
    "a_i = t_i^{N−j} and b_i = t_i^{j−1}, so that T^N = ABT"
)
ROOTS = Hypothesis(
    "a_i, b_i > 0",
    "a_i, b_i > 0",
    tuple(Every(l, ONE, r, Rel(f[l], ">", ZERO)) for f in (over, under)),
    lambda rng, at: {f.name: [rational(rng, at["height"], True) for _ in range(at["r"])] for f in (over, under)},
)
HERE = U_W @ HIGH @ LOW @ T @ V_W.T
TERM = (U_W @ HIGH**2 @ U_W.T) @ HERE @ (V_W @ LOW**2 @ V_W.T)
"""(WWᵀ)^((N−j)/N) W (WᵀW)^((j−1)/N): for j = N and j = 1, where a power is the identity, UUᵀ or VVᵀ is it on W."""


@claim(
    "bah2019/thm12-trace",
    where="Section 4, proof of Theorem 12, step 1",
    given=[SINGULAR, ROOTS, FULL],
    convention=f"{EVERY_DEPTH}; XXᵀ = K + κI",
    note="The N terms of the printed sum are equal, so that it is N times the trace. (SᵀS)^{(2N−1)/N} is T^{2(2N−1)}, "
    "and T^{2N−1} = A²B²T.",
)
def trace() -> All:
    """⟨A_W(W), WXXᵀ⟩ is N times a trace, and positive for W ≠ 0: each term of the sum is that trace."""
    half = HIGH**2 @ LOW**2 @ T
    inner, rest = Tr((V_W @ half).T @ K @ (V_W @ half)), Tr(half**2)
    sign = Arithmetic(Lemma(inner, "≥", ZERO), Lemma(rest, ">", ZERO))
    whole = Tr(half**2 @ V_W.T @ GRAM @ V_W)
    return both(
        chain(Inner(TERM, HERE @ GRAM), "=", whole, "=", inner + κ * rest, ">", (ZERO, sign)),
        eq(U_W @ U_W.T @ HERE, HERE),
        eq(HERE @ V_W @ V_W.T, HERE),
    )


β, x, y = Sym("β"), Sym("x"), Sym("y")
TARGET = Letter("G", rows, cols)


@claim(
    "bah2019/thm12-scaling",
    where="Section 4, proof of Theorem 12, step 2",
    given=[SINGULAR],
    convention=f"{EVERY_DEPTH}; α = β^N, x = β^{{N−j}}, y = β^{{j−1}}, so that α = xyβ and αW = U(xA)(yB)(βT)Vᵀ",
    note="Each term of A_W. α^{3−2/N} is β^{3N−2} = x³y³β, α^{4−2/N} is β^{4N−2} = x⁴y⁴β².",
)
def scaling() -> All:
    """A_W(W) scales with the power 3 − 2/N, its products with WXXᵀ and YXᵀ with 4 − 2/N and 3 − 2/N."""
    there = U_W @ (x * HIGH) @ (y * LOW) @ (β * T) @ V_W.T
    term = (U_W @ (x * HIGH) ** 2 @ U_W.T) @ there @ (V_W @ (y * LOW) ** 2 @ V_W.T)
    scale = x**3 * y**3 * β
    return both(
        eq(there, x * y * β * HERE),
        eq(term, scale * TERM),
        eq(Inner(term, there @ GRAM), x**4 * y**4 * β**2 * Inner(TERM, HERE @ GRAM)),
        eq(Inner(term, TARGET), scale * Inner(TERM, TARGET)),
    )


square, overlap, α = Sym("a"), Sym("b"), Sym("α")


def scales(rng: Random, at: Instance) -> Instance:
    return {
        "a": rational(rng, at["height"], True),
        "b": rational(rng, at["height"]),
        "α": 1 + abs(rational(rng, at["height"])),
    }


SCALES = Hypothesis(
    "a > 0, α ≥ 1",
    r"a > 0,\ \alpha \ge 1",
    (Rel(square, ">", ZERO), Rel(α, "≥", ONE)),
    scales,
    lambda rng, at: {"a": fmpq(-1), "b": fmpq(1), "α": fmpq(1)},
)


@claim(
    "bah2019/thm12-xi",
    where="Section 4, proof of Theorem 12, step 2",
    given=[SCALES],
    convention="a = ⟨A_W(W), WXXᵀ⟩ > 0, b = ⟨A_W(W), YXᵀ⟩, at ‖W‖ = 1; the condition of ξ is α^{3−2/N}(αa − b) ≥ 0",
    note="So ξ(W) = max{1, b/a} is attained and continuous, as a and b are continuous and a > 0; the sphere is "
    "compact.",
)
def first_scale() -> Proposition:
    """The α ≥ 1 over which ξ takes the minimum are those from b/a on."""
    return says(Iff(rel(α * square - overlap, "≥", ZERO), rel(α, "≥", overlap / square)))


N = integer("N", "", 2)


@claim("bah2019/thm12-nonbalanced", where="Section 4, proof of Theorem 12, step 3")
def exponents() -> All:
    """The powers of ‖W‖ with the remainder, 4 − 2/N − 2/N² and 1, are below that of the leading term."""
    leading = 4 - 2 / N
    return both(
        chain(leading - (4 - 2 / N - 2 / N**2), "=", 2 / N / N, ">", ZERO),
        chain(leading - 1, "=", 1 + 2 * (N - 1) / N, ">", ZERO),
        eq((3 - 2 / N - 2 / N**2) + 1, 4 - 2 / N - 2 / N**2),
    )


# Theorem 12 ---------------------------------------------------------------------------------------
@claim("bah2019/thm12", where="Section 4, Theorem 12")
def converges() -> Open:
    """With XXᵀ of full rank the flow exists for all t ≥ 0 and its layers converge to a critical point of L^N."""
    return Open(
        "the flows W_j(t) and W(t) are defined for all t ≥ 0 and (W_1, …, W_N) converges to a critical point of L^N",
        "given Theorem 11 it needs bounded layers: W is bounded for every N (bah2019/thm12/bounded). From balanced "
        "starts so are two and three layers, and the theorem holds (bah2019/thm12/two, thm12/three); else for N > 2 "
        "that is (9), which is not decided there (bah2019/lem2-6/eq9)",
    )


P, LAYER, CODES = Letter("P", d_y, b), Letter("W_j", b, a), Letter("R", a, m)
K_X = Letter("K", d_x, d_x, frozenset({"psd"}))


@claim(
    "bah2019/thm12/bounded",
    where="Section 4, proof of Theorem 12",
    given=[WIDTHS, FULL],
    convention="any layer of any depth: P and R are the products of those above and below; XXᵀ = K + κI in the last "
    "part",
    note="A shorter way than A_W and ξ, for balanced and other starts alike: κ‖W‖² ≤ ‖WX‖² ≤ 4L^N(0) + 2‖Y‖². The "
    "layers of N = 2 are bounded by bah2019/lem2-6/eq9.",
)
def bounded() -> All:
    """The loss does not grow, ‖WX‖ is bounded by it, and ‖W‖ by ‖WX‖ where XXᵀ has full rank."""
    loss = HALF * SqNorm(Y - P @ LAYER @ CODES)
    flow = descent(loss, LAYER)
    velocity = dict(flow.velocities)[LAYER]
    return both(
        chain(flow.rate(loss), "=", -SqNorm(velocity), "≤", ZERO),
        chain(4 * half_loss(W) + 2 * SqNorm(Y) - SqNorm(W @ X), "=", SqNorm(2 * Y - W @ X), "≥", ZERO),
        chain(Tr(W @ (K_X + κ * Eye(d_x)) @ W.T) - κ * SqNorm(W), "=", Tr(W @ K_X @ W.T), "≥", ZERO),
    )


# Lemma 13 -----------------------------------------------------------------------------------------
n = size("n")
A, B = Letter("A", n, n, frozenset({"psd"})), Letter("B", n, n, frozenset({"pd"}))
NOT_ZERO = Hypothesis("A ≠ 0", r"A \neq 0", (Rel(A, "≠", Zero(n, n)),))


@claim("bah2019/lem13", where="Section 4, Lemma 13", given=[NOT_ZERO], convention="A ⪰ 0, B ≻ 0")
def paired() -> Chain:
    """The trace of the product of a semi-definite matrix that is not 0 and a definite one is positive."""
    return chain(Tr(A @ B), ">", (ZERO, Pairing(A, B)))
