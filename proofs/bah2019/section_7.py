"""Bah et al. 2019, Section 7: the recipes of the experiments, and what their curves must tend to.

Main results
    recipe          the recipe for N > 2 is balanced for equal ranks of neighbouring layers, not for general widths
    condition       neither recipe makes sure of (47)
    tail            at U_rU_rᵀ the error is (Σ_{i > r} σ_i²)^{1/2}; and L¹ is half of its square, not its root
    unbalanced      W_2 − W_1ᵀ cannot tend to 0 from starts that are not balanced
    pathological    from W_1 = V_rᵀ, W_2 = −V_r, which is balanced, W tends to 0
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bah2019.notation import HALF, ONE, ORTHONORMAL
from proofs.bah2019.section_5 import (
    EQUILIBRIUM,
    LOSS,
    ORDERED,
    POSITIVE,
    ROTATED,
    SIZES,
    TOP,
    W_1,
    W_2,
    Λ,
    d,
    first_equation,
    lowered,
    projection_steps,
    r,
    second_equation,
    λ,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Expr,
    Eye,
    Family,
    First,
    Letter,
    Proj,
    Sum,
    Sym,
    Tr,
    Zero,
    integer,
    size,
    sqrt,
)
from proofs.kernel.propositions import ZERO, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Clock, Falls, Solves, constant, descent
from proofs.methods.implication import Implication
from proofs.methods.words import Observed

x = integer("x")
N = integer("N", "", 2)

# Words --------------------------------------------------------------------------------------------
COUNTED = Sum(x, ONE, N - 1, ONE)


@claim("bah2019/sec7-layers", where="Section 7", note="The hidden layers have the widths d_1, …, d_{N−1}.")
def hidden_layers() -> Chain:
    """N is the number of hidden layers."""
    return eq(COUNTED, N)


@claim("bah2019/sec7-layers+", where="Section 7", note="The hidden layers have the widths d_1, …, d_{N−1}.")
def hidden_layers_corrected() -> Chain:
    """It is N − 1; N is the number of weight matrices."""
    return eq(COUNTED, N - 1)


FRAME = Letter("V", d, r, ORTHONORMAL, "V_r")
SPECIAL = "W_1(0) = V_rᵀ, W_2(0) = −V_r, of case c)"


@claim("bah2019/sec7-special", where="Section 7", given=[SIZES], convention=SPECIAL)
def not_balanced() -> Chain:
    """The special balanced starts do not satisfy the balanced conditions."""
    return chain((-FRAME).T @ (-FRAME), "≠", FRAME.T @ FRAME)


@claim("bah2019/sec7-special+", where="Section 7", given=[SIZES], convention=SPECIAL)
def special() -> Chain:
    """They do; what they do not satisfy is (47)."""
    return eq((-FRAME).T @ (-FRAME), FRAME.T @ FRAME)


# a) General balanced starts -----------------------------------------------------------------------
TURN = Letter("O", d, d, ORTHONORMAL, r"\tilde V")
top = integer("i", "", 1, r)
PLACE = Hypothesis(
    "i ≤ r", r"i \le r", (Rel(ONE, "≤", top), Rel(top, "≤", r)), lambda rng, at: {"i": rng.randint(1, at["r"])}
)


@claim(
    "bah2019/sec7-a-condition",
    where="Section 7 a)",
    given=[SIZES, PLACE],
    convention="N = 2: W(0) = ṼV_rV_rᵀ; u_i = e_i",
    note="Ṽ is any orthogonal matrix. For N > 2 W(0) has Gaussian entries, and −W(0) is as likely.",
)
def condition() -> Chain:
    """The starts satisfy (47), u_iᵀW(0)u_i > 0."""
    return chain(Tr(Basis(top, d).T @ TURN @ FRAME @ FRAME.T @ Basis(top, d)), ">", ZERO)


@claim(
    "bah2019/sec7-a-condition+",
    where="Section 7 a)",
    given=[SIZES, PLACE],
    convention="N = 2, Ṽ = I: W(0) = V_rV_rᵀ",
    note="It is 0 where u_i is orthogonal to V_r.",
)
def condition_corrected() -> Chain:
    """Without Ṽ the left side of (47) is not negative."""
    return chain(Tr(Basis(top, d).T @ FRAME @ FRAME.T @ Basis(top, d)), "≥", ZERO)


@claim("bah2019/sec7-a-condition/figure", where="Section 7 a), Figure 1")
def limits() -> Observed:
    """From the balanced starts W(t) tends to U_rU_rᵀ."""
    return Observed(
        "For all the values of N and the different ranks of W considered, the limiting value of W(t) is U_rU_rᵀ",
        "bah2019/fig1",
        ("limit",),
    )


@claim(
    "bah2019/sec7-a-N2",
    where="Section 7 a), case N = 2",
    given=[SIZES],
    note="W_1 = V_rᵀ is r × d, so V_rᵀV_r is r × r.",
)
def orthonormal_rows() -> Chain:
    """V_rᵀV_r = I_d."""
    return eq(FRAME.T @ FRAME, Eye(d))


@claim(
    "bah2019/sec7-a-N2+",
    where="Section 7 a), case N = 2",
    given=[SIZES],
    convention="W_1(0) = V_rᵀ, W_2(0) = ṼV_r",
)
def orthonormal_rows_corrected() -> All:
    """V_rᵀV_r = I_r, and the start is balanced."""
    return both(eq(FRAME.T @ FRAME, Eye(r)), eq((TURN @ FRAME).T @ (TURN @ FRAME), FRAME.T @ FRAME))


side = size("d")
low, mid, high = (size(f"d_{place}") for place in range(1, 4))
t = Family("t")
ROOT = Diag(t, side, "Σ^(1/N)")
V_LOW, V_MID, V_HIGH = (Letter(f"V_{place}", s, s, ORTHONORMAL) for place, s in enumerate((low, mid, high), 1))


def widths(rng: Random, at: Instance) -> Instance:
    """Widths up to d, of which d_1 is the least."""
    whole = int(at["k"]) + 1
    least, *others = sorted(rng.randint(1, whole) for _ in range(3))
    rng.shuffle(others)
    values = [rational(rng, at["height"] + 1, True) for _ in range(whole)]
    return {"d_1": least, "d_2": others[0], "d_3": others[1], "d": whole, "t": values}


NARROW = Hypothesis(
    "d_1 ≤ d_2, d_3 ≤ d",
    r"d_1 \le d_2, d_3 \le d",
    (Rel(low, "≤", mid), Rel(low, "≤", high), *(Rel(s, "≤", side) for s in (low, mid, high))),
    widths,
)
RECIPE = "N > 2, the layers 2 and 3; d_1 = r is the rank; Σ_{ab} is the first a rows and b columns of Σ"


def corner(rows: Expr, root: Expr, cols: Expr) -> Expr:
    """The first rows and columns of a root of Σ."""
    return First(side, rows).T @ root @ First(side, cols)


def recipe(root: Expr) -> tuple[Expr, Expr]:
    """W_2 and W_3."""
    return V_MID @ corner(mid, root, low) @ V_LOW.T, V_HIGH @ corner(high, root, mid) @ V_MID.T


@claim(
    "bah2019/sec7-a-balanced",
    where="Section 7 a), case N > 2",
    given=[NARROW],
    convention=RECIPE,
    note="The Gram matrices have min(d_2, d_3) and d_1 entries that are not 0.",
)
def general_widths() -> Chain:
    """The recipe is balanced."""
    first, second = recipe(ROOT)
    return eq(second.T @ second, first @ first.T)


@claim(
    "bah2019/sec7-a-balanced+",
    where="Section 7 a), case N > 2",
    given=[NARROW],
    convention=f"{RECIPE}; its singular values after the r-th set to 0",
    note="So it is for d_1 = … = d_{N−1} = r, without setting any to 0.",
)
def general_widths_corrected() -> Chain:
    """It is where Σ has no more than r singular values that are not 0."""
    first, second = recipe(ROOT @ Proj(low, side))
    return eq(second.T @ second, first @ first.T)


@claim(
    "bah2019/sec7-transpose",
    where="Section 7 a)",
    given=[SIZES],
    convention="at the start, W_1(0) = V_rᵀ and W_2(0) = ṼV_r",
    note="Read of W_1 and W_2 themselves; Section 5.2 shows it of the limits.",
)
def transposes() -> Chain:
    """For N = 2, W_2 = W_1ᵀ."""
    return eq(TURN @ FRAME, FRAME.T.T)


@claim("bah2019/sec7-transpose+", where="Section 7 a)", given=[POSITIVE], convention=ROTATED)
def transposes_at_rest() -> Implication:
    """At balanced equilibria W_2 = W_1ᵀ."""
    return Implication(EQUILIBRIUM, (Rel(W_2, "=", W_1.T),), (W_1, W_2), projection_steps()[:4])


@claim("bah2019/sec7-transpose/figure", where="Section 7 a), Figure 2")
def seen_transposes() -> Observed:
    """The difference of W_2(t) and W_1(t)ᵀ tends to 0."""
    return Observed("when N = 2 we showed that W_2 = W_1ᵀ; this is confirmed", "bah2019/fig2", ("transpose",))


OPTIMUM = TOP @ TOP.T
TAIL = Sum(x, r + 1, d, λ[x])


@claim(
    "bah2019/sec7-tail",
    where="Section 7 a)",
    given=[ORDERED],
    convention="XXᵀ = diag(λ), λ_i = σ_i², at the limit U_rU_rᵀ",
)
def tail() -> Chain:
    """‖X − WX‖ is the root of the sum of the σ_i² with i > r."""
    rest = Eye(d) - OPTIMUM
    return eq(sqrt(Tr(rest @ Λ @ rest.T)), sqrt(TAIL))


@claim("bah2019/sec7-tail/figure", where="Section 7 a), Figure 2")
def seen_tail() -> Observed:
    """‖X − W(t)X‖ tends to that root."""
    return Observed("this is tested and confirmed for N = 3, 4", "bah2019/fig2", ("least-error",))


@claim("bah2019/sec7-L1", where="Section 7 a)", given=[ORDERED], convention="XXᵀ = diag(λ), at the limit U_rU_rᵀ")
def optimal_error() -> Chain:
    """L¹ is the square-root of the sum of the tail eigenvalues of XXᵀ."""
    return eq(lowered(OPTIMUM), sqrt(TAIL))


@claim("bah2019/sec7-L1+", where="Section 7 a)", given=[ORDERED], convention="XXᵀ = diag(λ), at the limit U_rU_rᵀ")
def optimal_error_corrected() -> Chain:
    """It is half of the sum."""
    return eq(lowered(OPTIMUM), HALF * TAIL)


# b) Starts that are not balanced ------------------------------------------------------------------
@claim(
    "bah2019/sec7-b",
    where="Section 7 b), Figure 3",
    given=[POSITIVE],
    convention="XXᵀ = diag(λ); the limit is an equilibrium, and at an equilibrium the flow stays",
)
def unbalanced() -> Implication:
    """Also from starts that are not balanced W_2(t) tends to W_1(t)ᵀ."""
    return Implication(EQUILIBRIUM[:2], (Rel(W_2, "=", W_1.T),), (W_1, W_2))


@claim(
    "bah2019/sec7-b+",
    where="Section 7 b), Figure 3",
    given=[SIZES],
    note="So ‖W_2 − W_1ᵀ‖(‖W_1‖ + ‖W_2‖) is at least the norm of the constant D, and W_2 − W_1ᵀ tends to 0 only if D "
    "= 0, that is, from balanced starts.",
)
def imbalance_stays() -> All:
    """D = W_2ᵀW_2 − W_1W_1ᵀ is constant, and a combination of W_2 − W_1ᵀ."""
    gap, imbalance = W_2 - W_1.T, W_2.T @ W_2 - W_1 @ W_1.T
    return both(constant(descent(LOSS, W_1, W_2), imbalance), eq(imbalance, gap.T @ W_2 + W_1 @ gap))


@claim("bah2019/sec7-b/figure", where="Section 7 b), Figure 3")
def seen_unbalanced() -> Observed:
    """The left panel shows that W_2(t) tends to W_1(t)ᵀ."""
    return Observed(
        "W_2(t) converges to W_1ᵀ(t) even with non-balanced initial conditions", "bah2019/fig3", ("transpose",)
    )


@claim("bah2019/sec7-b/projection", where="Section 7 b), Figure 3")
def seen_projection() -> Observed:
    """From starts that are not balanced W(t) still tends to U_rU_rᵀ."""
    return Observed(
        "the solutions of the flow with non-balanced initial conditions still converge to U_rU_rᵀ",
        "bah2019/fig3",
        ("projection",),
    )


# c) Special balanced starts -----------------------------------------------------------------------
values = Family("a")
a, clock, rate = Letter("a", 1, 1), Sym("e^(2λt)", r"e^{2\lambda t}"), Sym("λ_i", r"\lambda_i")
SHRINK = Diag(values, r, "a")
LATER = Hypothesis(
    "t ≥ 0, λ_i > 0",
    r"t \ge 0,\ \lambda_i > 0",
    (Rel(clock, "≥", ONE), Rel(rate, ">", ZERO)),
    lambda rng, at: {
        clock.name: ((1 + abs(rational(rng, at["height"] + 1))) ** 2 + 1) / 2,
        rate.name: rational(rng, at["height"], True),
    },
    lambda rng, at: {clock.name: fmpq(1), rate.name: fmpq(0)},
)


@claim(
    "bah2019/sec7-c",
    where="Section 7 c), Figure 4",
    given=[POSITIVE, LATER],
    convention="XXᵀ = diag(λ), V_r = (e_1 … e_r): W_1 = diag(a)V_rᵀ, W_2 = −V_r diag(a), a_i(0) = 1",
    note="a_i(t) = (2e^{2λ_it} − 1)^{−1/2} solves a_i' = −λ_ia_i(1 + a_i²). For every r, where Remark 33 has r = 1.",
)
def pathological() -> All:
    """From W_1 = V_rᵀ, W_2 = −V_r the flow stays of this form, and W tends to 0."""
    here: dict[Expr, Expr] = {W_1: SHRINK @ TOP.T, W_2: -(TOP @ SHRINK)}
    speed = -(TOP.T @ Λ @ TOP) @ SHRINK @ (Eye(r) + SHRINK**2)
    curve = 1 / sqrt(2 * clock - 1) * Eye(1)
    falls = Solves(
        letters=(a,),
        system=(-rate * (a + a @ a @ a),),
        solution=(curve,),
        initial=(Eye(1),),
        limit=(Zero(1, 1),),
        clock=Clock(clock, 2 * rate),
        falls=(Falls(1 / (2 * clock - 1), ONE),),
    )
    return both(
        eq(substitute(first_equation(Λ), here), speed @ TOP.T),
        eq(substitute(second_equation(Λ), here), -(TOP @ speed)),
        falls,
    )


@claim("bah2019/sec7-c/figure", where="Section 7 c), Figure 4")
def seen_dip() -> Observed:
    """The norm of W(t) dips."""
    return Observed(
        "The dip in the left panel shows that W(t) was approaching zero", "bah2019/fig4", ("approaches-zero",)
    )


@claim("bah2019/sec7-c/escape", where="Section 7 c), Figure 4")
def seen_escape() -> Observed:
    """By numerical errors the flow leaves 0 and tends to U_rU_rᵀ."""
    return Observed(
        "due to numerical errors the flow escapes the equilibrium point at zero", "bah2019/fig4", ("escapes",)
    )
