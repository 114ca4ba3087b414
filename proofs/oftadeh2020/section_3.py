"""Oftadeh et al. 2020, Section 3: constant matrices, gradients, Propositions 1 and 2 and the best encoder B̂(A).

Main results
    constants        (6) T_p = Σ_i I_{i;p} = diag(p, …, 1)
    positive         S_p ≻ 0
    derivative       (8) the directional derivative by the encoder
    convex           Proposition 1: L is convex in B, and least where (9) holds
    nonsingular      S_p ∘ AᵀA is injective where A has no zero column: AI_bx = 0 for every b gives x = 0
    unique           then (10) is the only minimiser
    convex_in_A      Proposition 2; a solution of (11) is critical for fixed B, not for the pair
    critical         the equations of critical points, for L and for the mean square error
    best_encoder     (A, B) is critical exactly if B = B̂(A) and (11) holds
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel import existence, matrices, rules, semidefinite
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Det,
    Diag,
    Diff,
    Entry,
    Expr,
    Family,
    Grad,
    Inner,
    Letter,
    LowerMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Tr,
    Zero,
    det,
    integer,
    lift,
    sqrt,
)
from proofs.kernel.propositions import Every, Implies, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.definiteness import Definite
from proofs.methods.implication import Follows, Implication, Step, fact, follow, supposed
from proofs.methods.proposition import Proposition, says
from proofs.oftadeh2020.critical import DECODER, ENCODER, ENCODER_MSE, Inverse, undone
from proofs.oftadeh2020.notation import (
    DEFINITE,
    LOSS,
    MSE,
    NO_ZERO_COLUMN,
    ONE,
    SITUATIONS,
    UNSCALED,
    ZERO,
    A,
    B,
    S_p,
    T_p,
    W,
    X,
    Y,
    Σxx,
    Σyx,
    i,
    l,
    loss,
    masked,
    n,
    ones,
    p,
    α,
)
from proofs.tactics.ground import Ground
from proofs.tactics.relations import Arithmetic, Lemma, Supposing, via
from proofs.tactics.vanishing import Zeros, by_ring


# Section 3: constant matrices ---------------------------------------------------------------------
@claim("oftadeh2020/eq6", where="Section 3, (6)", tag="6", note="Σ_i I_{i;p} is where T_p comes from in the loss.")
def constants() -> Chain:
    """T_p = diag(p, p − 1, …, 1) adds up the projections I_{i;p}."""
    printed = Family("t", define=lambda a: p - a + 1)
    return eq(Diag(printed, p), Sum(i, ONE, p, Proj(i, p)))


@claim("oftadeh2020/eq7", where="Section 3, (7)", tag="7")
def mask() -> Chain:
    """The mask (S_p)_ij = p − max(i, j) + 1 for p = 3."""
    three = lift(3)
    example = ((3, 2, 1), (2, 2, 1), (1, 1, 1))
    printed = sum(
        (
            value * (Basis(lift(r + 1), three) @ Basis(lift(c + 1), three).T)
            for r, row in enumerate(example)
            for c, value in enumerate(row)
        ),
        start=0 * (Basis(ONE, three) @ Basis(ONE, three).T),
    )
    return eq(masked(ones(three) @ ones(three).T), Named("S_3", printed))


@claim(
    "oftadeh2020/Sp-pd",
    where="Section 3, after (7)",
    note="S_p = Lᵀ L for the lower triangle L of the matrix of ones: xᵀ S_p x = Σ_i (x_1 + … + x_i)².",
)
def positive() -> Definite:
    """S_p is positive definite."""
    return Definite(S_p, LowerMask(ones(p) @ ones(p).T))


TRIANGLE = LowerMask(ones(p) @ ones(p).T)
Ŝ_p = Named("Ŝ_p", T_p**-1 @ S_p @ T_p**-1, r"\hat S_p")


@dataclass(frozen=True)
class Congruent:
    """T⁻¹ST⁻¹ ≻ 0, as S = LᵀL ≻ 0 and T is invertible."""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        unit = rules.chain((by_ring(ground, Entry(TRIANGLE, i, i), ONE), rules.order(Rel(ONE, "≠", ZERO), ())))
        above = semidefinite.triangular(TRIANGLE, rules.generalise(unit, i, ONE, p))
        inverse = ground.prove(Rel(det(T_p**-1), "≠", ZERO))
        found = matrices.congruent(rules.chain((by_ring(ground, S_p, TRIANGLE.T @ TRIANGLE), above)), inverse)
        return rules.chain((by_ring(ground, goal.left, found.says.left), found))  # type: ignore[attr-defined]


@claim("oftadeh2020/Shat-pd", where="Section 3, after (7)")
def scaled_positive() -> Proposition:
    """Ŝ_p = T_p⁻¹S_pT_p⁻¹ is positive definite."""
    return says(Rel(Ŝ_p, "≻", Zero(p, p)), Congruent())


# Section 3: gradients -----------------------------------------------------------------------------
def along(step: Expr) -> Expr:
    """L(A, B + step)."""
    return Named("L(A, B + αW)", loss(A, B + step, X, Y), r"L(A, B + \alpha W)")


SLOPE = -2 * Inner(T_p @ A.T @ Σyx - masked(A.T @ A) @ B @ Σxx, W)


@claim(
    "oftadeh2020/eq8", where="Section 3, (8)", tag="8", convention=UNSCALED, note="d_B L(A, B)W = d/dα L(A, B + αW)."
)
def derivative() -> Chain:
    """The derivative of the loss by the encoder, along a direction W."""
    return eq(Diff(along(α * W), α, 1, True), SLOPE)


@claim(
    "oftadeh2020/dirder-def",
    where="Section 3, before (8)",
    convention=UNSCALED,
    note="The limit along αW, α → 0+, of the printed difference quotient; (8) gives the left side of it.",
)
def quotient() -> Chain:
    """The derivative is the limit of the difference of the losses over the norm of the step."""
    rise = along(α * W) - LOSS
    return eq(SLOPE, Coeff(rise, α, 1) / sqrt(SqNorm(W)))


@claim("oftadeh2020/dirder-def+", where="Section 3, before (8)", convention=UNSCALED)
def quotient_corrected() -> All:
    """Along αW the difference of the losses over α tends to the derivative."""
    rise = along(α * W) - LOSS
    return both(eq(Coeff(rise, α, 0), 0), eq(SLOPE, Coeff(rise, α, 1)))


# Section 3: Proposition 1 -------------------------------------------------------------------------
OTHER = Letter("B'", p, n)
WAY = OTHER - B
c, d, w = integer("c", "", 1, p), integer("d", "", 0, p), integer("w")
BETWEEN = Hypothesis(
    "0 ≤ α ≤ 1",
    r"0 \le \alpha \le 1",
    (Rel(α, "≥", ZERO), Rel(α, "≤", ONE)),
    lambda rng, at: {"α": fmpq(rng.randint(0, 4), 4)},
    lambda rng, at: {"α": fmpq(rng.choice((-1, 2)))},
)


def passed(decoder: Expr, encoder: Expr) -> Sum:
    """Σ_i ‖A I_{i;p} B X‖²."""
    return Sum(i, ONE, p, SqNorm(decoder @ Proj(i, p) @ encoder @ X))


def convexity(between: Expr, end: Expr, bend: Expr) -> Chain:
    """On the way from one point to another L is at most what lies between its values there."""
    below = (1 - α) * LOSS + α * end
    return chain(between, "=", below - α * (1 - α) * bend, "≤", (below, Arithmetic(Lemma(bend, "≥", ZERO))))


def least(equation: Rel, elsewhere: Expr, bend: Expr, way: Expr) -> All:
    """Where the equation holds L rises by the bend, and so is least."""
    rise = Step(lambda gap: 2 * Inner(gap, way))
    whole = via("=", (LOSS + bend, Follows(rise)), "≥", (LOSS, Arithmetic(Lemma(bend, "≥", ZERO))))
    return both(
        Implication((equation,), (Rel(elsewhere, "=", LOSS + bend),), (A, B), (rise,), SITUATIONS),
        says(Implies(equation, Rel(elsewhere, "≥", LOSS)), Supposing(whole), SITUATIONS),
    )


def solved_by(encoder: Expr) -> Rel:
    """(9) for an encoder."""
    return Rel(masked(A.T @ A) @ encoder @ Σxx, "=", T_p @ A.T @ Σyx)


def at_size(size: Expr) -> Expr:
    return A @ Proj(size, p) @ WAY @ X


@claim(
    "oftadeh2020/prop1-convex",
    where="Section 3, Proposition 1, (9)",
    tag="9",
    given=[BETWEEN],
    convention=UNSCALED,
    note="Between any B and B′ the loss is convex; where (9) holds it rises by Σ_i ‖A I_{i;p}(B′ − B)X‖², so that "
    "it is least; a B′ of equal loss solves (9) too.",
)
def convex() -> All:
    """For fixed A the loss is convex in B, and its minimisers are the solutions of (9)."""
    elsewhere, bend = loss(A, OTHER, X, Y), passed(A, WAY)
    way_between = loss(A, (1 - α) * B + α * OTHER, X, Y)
    lost = Step(
        lambda _, same: same,
        fact(at_size(c), "=", 0),
        lambda gap: SqNorm(gap) + Sum(w, ONE, p, SqNorm(at_size(w)), (c,)),
    )
    back = Step(lambda gap, *_: gap + Sum(w, ONE, p, Proj(w, p) @ A.T @ Named("r", at_size(w)) @ X.T))
    return both(
        convexity(way_between, elsewhere, bend),
        *least(ENCODER, elsewhere, bend, WAY).members,
        Implication((ENCODER, Rel(bend, "=", ZERO)), (solved_by(OTHER),), (B, OTHER), (lost, back), SITUATIONS, (c,)),
    )


# S_p ∘ AᵀA ----------------------------------------------------------------------------------------
x = Letter("x", p, 1)


def partial(size: Expr) -> Expr:
    return Named("AΠx", A @ Proj(size, p) @ x)


COLUMN = A @ Basis(i, p)
KERNEL = (
    Step(
        lambda gap: Inner(x, gap),
        fact(partial(d), "=", 0),
        lambda gap: SqNorm(gap) + Sum(w, ZERO, p, SqNorm(partial(w)), (d,)),
    ),
    Step(lambda *_: partial(i) + -1 * partial(i - 1), fact(Entry(x, i, ONE) * COLUMN, "=", 0)),
    Step(
        lambda *f: Inner(COLUMN, f[-1]),
        fact(Entry(x, i, ONE), "=", 0),
        lambda gap: SqNorm(COLUMN) * gap,
    ),
    Step(lambda *f: f[-1] ** 2, None, lambda gap: SqNorm(Basis(i, p).T @ gap)),
)
"""From (S_p ∘ AᵀA)x = 0: xᵀ(S_p ∘ AᵀA)x = Σ_b ‖AI_bx‖², so that x_i a_i = AI_ix − AI_{i−1}x = 0."""
INJECTIVE = Implication((fact(masked(A.T @ A) @ x, "=", 0),), (fact(x, "=", 0),), (x,), KERNEL, SITUATIONS, (d, i))
BY_SIZES = Sum(w, ONE, p, SqNorm(A @ Proj(w, p) @ x))


@dataclass(frozen=True)
class Nonsingular:
    """Without zero columns det(S_p ∘ AᵀA) ≠ 0: else some x ≠ 0 were mapped to 0."""

    def theorem(self, ground: Ground, goal: Any) -> Theorem:
        inside = ground.supposing(goal.premise, *INJECTIVE.premises)
        wanted = goal.conclusion
        singular = rules.hypothesis(Rel(wanted.left, "=", ZERO))
        some = matrices.singular(singular, x)
        both_parts = rules.hypothesis(some.says.body)  # type: ignore[attr-defined]
        zeros = supposed(INJECTIVE.premises[0], Zeros(inside, frozenset(INJECTIVE.generic)))
        (none,), _ = follow(KERNEL, INJECTIVE.conclusions, zeros)
        none = rules.cut(none, rules.part(both_parts, 1))
        contrary = existence.obtain(some, rules.absurd(none, rules.part(both_parts, 0), wanted))
        both_ways = rules.discharge(contrary, singular.says), rules.discharge(rules.hypothesis(wanted), wanted)
        t = rules.cases(rules.total(wanted.left, ZERO, "="), both_ways)
        return rules.discharge(t, goal.premise)


@claim(
    "oftadeh2020/rem3",
    where="Section 3, Remark 3",
    note="Proved without the inequality of Oppenheim: xᵀ(S_p ∘ AᵀA)x = Σ_b ‖AI_bx‖², and AI_bx = 0 for every b says "
    "x_b a_b = 0. A zero column a_i makes e_i a zero of S_p ∘ AᵀA.",
)
def nonsingular() -> Proposition:
    """As long as A has no zero column, S_p ∘ AᵀA is nonsingular."""
    premise = Every(l, ONE, p, Rel(SqNorm(A @ Basis(l, p)), ">", ZERO))
    return says(Implies(premise, Rel(det(masked(A.T @ A)), "≠", ZERO)), Nonsingular(), SITUATIONS)


@claim(
    "oftadeh2020/schur-oppenheim",
    where="Section 3, before Theorem 2",
    note="Π_i (AᵀA)_ii is the determinant of a diagonal matrix. No theorem: the inequality of Oppenheim (Horn and "
    "Johnson, Theorem 7.8.16) is not among the kernel's facts; what it is used for is oftadeh2020/rem3, proved in "
    "another way, and S_p ∘ AᵀA ⪰ 0 is the second part.",
)
def oppenheim() -> All:
    """det(S_p) Π_i (AᵀA)_ii ≤ det(S_p ∘ AᵀA), and S_p ∘ AᵀA is positive semidefinite for any A."""
    norms = Diag(Family("g", define=lambda a: Entry(A.T @ A, a, a)), p)
    return both(
        chain(det(S_p) * Det(norms, p), "≤", det(masked(A.T @ A))),
        chain(Tr(x.T @ masked(A.T @ A) @ x), "=", BY_SIZES, "≥", ZERO),
    )


INVERTIBLE = Hypothesis(
    "det(S_p ∘ AᵀA) ≠ 0", r"\det(S_p \circ A^\top A) \neq 0", (Rel(det(masked(A.T @ A)), "≠", ZERO),)
)
"""As without zero columns: oftadeh2020/rem3."""
MASKED = masked(A.T @ A)
REGRESSED = Σyx @ Σxx**-1
BEST = Named("B̂(A)", MASKED**-1 @ T_p @ A.T @ Σyx @ Σxx**-1, r"\hat B(A)")
SOLVED = Rel(B, "=", BEST)
SOLVES = (
    Inverse(MASKED, True),
    Inverse(Σxx),
    Step(
        lambda gap, *_: (
            MASKED @ gap @ Σxx + undone(MASKED, True) @ T_p @ A.T @ REGRESSED @ Σxx + T_p @ A.T @ Σyx @ undone(Σxx)
        )
    ),
)
"""From B = B̂(A): (9)."""
IS_BEST = (
    Inverse(MASKED),
    Inverse(Σxx, True),
    Step(lambda gap, *_: MASKED**-1 @ gap @ Σxx**-1 - undone(MASKED) @ B - MASKED**-1 @ MASKED @ B @ undone(Σxx, True)),
)
"""From (9): B = B̂(A)."""


def at_least(size: Expr) -> Expr:
    return Named("AΠ(B' − B)X", A @ Proj(size, p) @ WAY @ X)


STRICT = (
    Step(
        lambda same: same,
        fact(at_least(d), "=", 0),
        lambda gap: SqNorm(gap) + Sum(w, ZERO, p, SqNorm(at_least(w)), (d,)),
    ),
    Step(lambda *_: at_least(i) + -1 * at_least(i - 1), fact(COLUMN @ (Basis(i, p).T @ WAY @ X), "=", 0)),
    Step(
        lambda *f: COLUMN.T @ f[-1],
        fact(Basis(i, p).T @ WAY @ X, "=", 0),
        lambda gap: SqNorm(COLUMN) * gap,
    ),
    Step(lambda *f: SqNorm(f[-1]), fact(WAY @ X, "=", 0), lambda gap: SqNorm(Basis(i, p).T @ Named("w", gap))),
    Inverse(Σxx, True),
    Step(lambda *f: f[-2] @ X.T @ Σxx**-1 - WAY @ undone(Σxx, True)),
)


@claim(
    "oftadeh2020/prop1-strict",
    where="Section 3, Proposition 1, (10), (10′)",
    tag="10",
    given=[DEFINITE, NO_ZERO_COLUMN, INVERTIBLE],
    convention=UNSCALED,
    note="Strictly: if L does not bend between two encoders they are equal. (9) holds exactly at (10), which for Y = X "
    "is (10′). That S_p ∘ AᵀA is nonsingular without zero columns is oftadeh2020/rem3.",
)
def unique() -> All:
    """Without zero columns L is strictly convex in B, with the unique minimum (10)."""
    return both(
        Implication((Rel(passed(A, WAY), "=", ZERO),), (Rel(OTHER, "=", B),), (OTHER,), STRICT, SITUATIONS, (d, i)),
        Implication((ENCODER,), (SOLVED,), (B,), IS_BEST, SITUATIONS),
        Implication((SOLVED,), (ENCODER,), (B,), SOLVES, SITUATIONS),
        Implication(
            (Rel(Y, "=", X),),
            (Rel(BEST, "=", MASKED**-1 @ T_p @ A.T),),
            (Y,),
            (
                Inverse(Σxx, True),
                Step(lambda gap, *_: MASKED**-1 @ T_p @ A.T @ (gap @ X.T @ Σxx**-1 + undone(Σxx, True))),
            ),
            SITUATIONS,
        ),
    )


# Section 3: Proposition 2 -------------------------------------------------------------------------
DECODING = Letter("A'", n, p)
TURN = DECODING - A


@claim(
    "oftadeh2020/prop2",
    where="Section 3, Proposition 2, (11)",
    tag="11",
    given=[BETWEEN],
    convention=UNSCALED,
    note="Read for fixed B: (11) says that the gradient by A vanishes, and L is least in A. Of the pair: "
    "oftadeh2020/prop2/pair.",
)
def convex_in_A() -> All:
    """For fixed B the loss is convex in A, and critical in A where (11) holds."""
    elsewhere, bend = loss(DECODING, B, X, Y), passed(TURN, B)
    between = loss((1 - α) * A + α * DECODING, B, X, Y)
    critical_in_A = Implication(
        (DECODER,), (fact(Grad(LOSS, A), "=", 0),), (A, B), (Step(lambda gap: 2 * gap),), SITUATIONS
    )
    return both(convexity(between, elsewhere, bend), critical_in_A, *least(DECODER, elsewhere, bend, TURN).members)


@claim(
    "oftadeh2020/prop2/pair",
    where="Section 3, Proposition 2, (11)",
    tag="11",
    convention=UNSCALED,
    note="Read as it is printed, of the function L(A, B) of both.",
)
def critical_of_both() -> Implication:
    """The matrix A that satisfies (11) is a critical point of L(A, B)."""
    return Implication((DECODER,), (fact(Grad(LOSS, B), "=", 0),), (A, B), (), SITUATIONS)


# Section 3: critical points -----------------------------------------------------------------------
@claim(
    "oftadeh2020/crit-eqs",
    where="Section 3, critical points",
    convention=UNSCALED,
    note="Each equation is half a gradient set to zero: its left side minus its right side is that half.",
)
def critical() -> All:
    """The equations of the critical points, for the mean square error and for L."""
    return both(
        eq(Grad(MSE, B) / 2, A.T @ A @ B @ Σxx - A.T @ Σyx),
        eq(Grad(MSE, A) / 2, A @ B @ Σxx @ B.T - Σyx @ B.T),
        eq(Grad(LOSS, B) / 2, masked(A.T @ A) @ B @ Σxx - T_p @ A.T @ Σyx),
        eq(Grad(LOSS, A) / 2, A @ masked(B @ Σxx @ B.T) - Σyx @ B.T @ T_p),
    )


@claim(
    "oftadeh2020/rem4",
    where="Section 3, Remark 4",
    convention=UNSCALED,
    note="The gradients themselves are oftadeh2020/crit-eqs. Multiplications of numbers, beside those of the mean "
    "square error: p² for the mask and pn for T_p in each gradient, against 2p²n + 2pn² in the products: "
    "1/(2n) of these. That this is negligible is a word; for n = 1 000 it is 0.05 %.",
)
def extra_cost() -> All:
    """The mask S_p and T_p are the only difference, and cost the share 1/(2n) of the products."""
    return both(
        eq(Grad(LOSS, B) / 2, masked(A.T @ A) @ B @ Σxx - T_p @ (A.T @ Σyx)),
        eq(Grad(LOSS, A) / 2, A @ masked(B @ Σxx @ B.T) - Σyx @ B.T @ T_p),
        eq((p**2 + p * n) / (2 * p**2 * n + 2 * p * n**2), 1 / (2 * n)),
    )


FULL_RANK = Hypothesis("det AᵀA ≠ 0", r"\det A^\top A \neq 0", (Rel(det(A.T @ A), "≠", ZERO),))
SQUARE = A.T @ A
BEST_MSE = SQUARE**-1 @ A.T @ Σyx @ Σxx**-1


@claim(
    "oftadeh2020/Bhat-equiv",
    where="Section 3, before Theorem 2",
    given=[DEFINITE, INVERTIBLE, FULL_RANK],
    convention=UNSCALED,
    note="The second equation, (11), is the same on both sides, so that what is left to show is that the first is "
    "B = B̂(A). For L det(S_p ∘ AᵀA) ≠ 0 is enough, which no zero column gives; for L̃ it is full rank.",
)
def best_encoder() -> All:
    """(A, B) is critical exactly if B = B̂(A) and the equation by A holds; likewise for the mean square error."""
    solved = Rel(B, "=", BEST_MSE)
    there = (
        Inverse(SQUARE),
        Inverse(Σxx, True),
        Step(
            lambda gap, *_: (
                SQUARE**-1 @ gap @ Σxx**-1 - undone(SQUARE) @ B - SQUARE**-1 @ SQUARE @ B @ undone(Σxx, True)
            )
        ),
    )
    back = (
        Inverse(SQUARE, True),
        Inverse(Σxx),
        Step(
            lambda gap, *_: SQUARE @ gap @ Σxx + undone(SQUARE, True) @ A.T @ REGRESSED @ Σxx + A.T @ Σyx @ undone(Σxx)
        ),
    )
    return both(
        Implication((ENCODER,), (SOLVED,), (B,), IS_BEST, SITUATIONS),
        Implication((SOLVED,), (ENCODER,), (B,), SOLVES, SITUATIONS),
        Implication((ENCODER_MSE,), (solved,), (B,), there, SITUATIONS),
        Implication((solved,), (ENCODER_MSE,), (B,), back, SITUATIONS),
    )
