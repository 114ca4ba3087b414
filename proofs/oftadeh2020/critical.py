"""Oftadeh et al. 2020: what the equations of a critical point of L say, latent by latent.

With z = BΣxxBᵀe_j and y = ΣyxBᵀe_j the residuals r_b = A I_b z − y of the sizes b ≥ j have Σ_b ‖r_b‖² = 0: the equation
of the decoder says Σ_b r_b = 0, that of the encoder Σ_b ⟨r_b − r_j, r_b⟩ = 0. So all of them vanish, the last being the
mean square error's, and their differences are the columns a_b z_b for b > j. Likewise with the other side, for the rows
a_jᵀ(QX − A I_b BX), Q = ΣyxΣxx⁻¹. Nothing is supposed of A: zero columns and every rank are allowed.

Main results
    CRITICAL, CRITICAL_MSE    the equations
    RESIDUALS                 A I_b BΣxxBᵀe_j = ΣyxBᵀe_j for b ≥ j, with steps that prove it
    ROWS                      a_jᵀ A I_b BX = a_jᵀ QX for b ≥ j
    one_axis                  a latent whose column is not 0 has codes along one axis
    Exchanged                 a double sum over a triangle, in the other order
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs.kernel import matrices, rules
from proofs.kernel.expressions import (
    Basis,
    Entry,
    Expr,
    Eye,
    Inner,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Tr,
    det,
    integer,
)
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Argument, Known, Step, fact
from proofs.oftadeh2020.notation import ONE, Λ, A, B, I_p, T_p, U, X, Y, Σxx, Σxy, Σyx, i, j, masked, n, p, λ
from proofs.tactics.vanishing import Zeros, by_ring, discharged

ENCODER = Rel(masked(A.T @ A) @ B @ Σxx, "=", T_p @ A.T @ Σyx)
DECODER = Rel(A @ masked(B @ Σxx @ B.T), "=", Σyx @ B.T @ T_p)
CRITICAL = (ENCODER, DECODER)
"""The partial derivatives of L vanish."""
ENCODER_MSE = Rel(A.T @ A @ B @ Σxx, "=", A.T @ Σyx)
DECODER_MSE = Rel(A @ B @ Σxx @ B.T, "=", Σyx @ B.T)
CRITICAL_MSE = (ENCODER_MSE, DECODER_MSE)

c = integer("c", "", j, p)
"""A size, or a latent, from j on."""
b, q, h = integer("b"), integer("q"), integer("h")
e_j = Basis(j, p)
CODES = Named("M", B @ Σxx @ B.T)
GRAM = Named("N", A.T @ A)
TAILS = Named("T", masked(I_p))
"""T_p as S_p ∘ I: every latent once for each size that keeps it."""
Q = Named("Q", Σyx @ Σxx**-1)


def lacking(size: Expr, latent: Expr = j) -> Expr:
    """A I_b BΣxxBᵀe_j − ΣyxBᵀe_j."""
    axis = Basis(latent, p)
    return Named("r", A @ Proj(size, p) @ (CODES @ axis) - Σyx @ B.T @ axis)


def missing(size: Expr, latent: Expr = j) -> Expr:
    """a_jᵀ(QX − A I_b BX)."""
    return Named("g", Basis(latent, p).T @ A.T @ (Q @ X - A @ Proj(size, p) @ B @ X))


@dataclass(frozen=True)
class Exchanged:
    """Σ_{b=j}^p Σ_{q=j+1}^b f(q, b) = 0, as in the other order, q before b, it is an expression that vanishes."""

    triangle: Sum
    other: Expr

    @property
    def goal(self) -> Rel:
        return Rel(self.triangle, "=", ZERO)

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        ground, within = zeros.ground, self.triangle.body
        assert isinstance(within, Sum)
        b, j, p = self.triangle.var, self.triangle.lo, self.triangle.hi
        q, entry = within.var, within.body
        table = Letter("°f", p, p)
        every = Sum(q, ONE, p, Sum(b, ONE, p, entry * (Basis(q, p) @ Basis(b, p).T)))
        one = Sum(b, j, p, Sum(q, j + 1, b, Entry(table, q, b)))
        other = Sum(q, j + 1, p, Sum(b, q, p, Entry(table, q, b)))
        swap = by_ring(ground, one, other)
        moved = discharged(rules.rename(swap, ((table, every),)), len(swap.given), ground)
        return rules.chain(
            (
                by_ring(ground, self.triangle, moved.says.left),  # type: ignore[attr-defined]
                moved,
                by_ring(ground, moved.says.right, self.other),  # type: ignore[attr-defined]
                zeros.of(self.other),
            )
        )


@dataclass(frozen=True)
class Inverse:
    """A⁻¹A = I, or AA⁻¹ = I, as det A ≠ 0."""

    matrix: Expr
    after: bool = False

    @property
    def goal(self) -> Rel:
        inverse = self.matrix**-1
        product = self.matrix @ inverse if self.after else inverse @ self.matrix
        return Rel(product, "=", Eye(self.matrix.shape[0]))

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        apart = zeros.ground.prove(Rel(det(self.matrix), "≠", ZERO))
        return rules.part(matrices.invertible(apart), int(self.after))


def undone(matrix: Expr, after: bool = False) -> Named:
    """A⁻¹A − I."""
    goal = Inverse(matrix, after).goal
    return Named("A⁻¹A − I", goal.left - goal.right)


UNIT = Named("δ", T_p - TAILS)
GAP_ENCODER = Named("∂B", ENCODER.left - ENCODER.right)
GAP_DECODER = Named("∂A", DECODER.left - DECODER.right)
REGRESSED = Named("ρ", Q @ Σxx - Σyx)
BY_ENCODER = Named("∂B", masked(A.T @ A) @ B @ Σxx - TAILS @ A.T @ Σyx)
BY_DECODER = Named("∂A", A @ masked(B @ Σxx @ B.T) - Σyx @ B.T @ TAILS)
BY_ENCODER_TOO = Named("∂B", masked(A.T @ A) @ B @ Σxx - TAILS @ A.T @ Q @ Σxx)
BY_DECODER_TOO = Named("∂A", A @ masked(B @ Σxx @ B.T) - Q @ Σxx @ B.T @ TAILS)
"""The equations, with every latent counted once for each size that keeps it, and with QΣxx for Σyx."""
PAIRS = Exchanged(
    Sum(b, j, p, Sum(q, j + 1, b, Entry(CODES, q, j) * Inner(A @ Basis(q, p), lacking(b)))),
    Sum(q, j + 1, p, Entry(CODES, j, q) * Entry(BY_ENCODER @ B.T, q, j)),
)
PAIRS_TOO = Exchanged(
    Sum(b, j, p, Sum(q, j + 1, b, Entry(GRAM, j, q) * Inner(Basis(q, p).T @ B @ X, missing(b)))),
    -1 * Sum(q, j + 1, p, Entry(GRAM, j, q) * Entry(A.T @ BY_DECODER_TOO, j, q)),
)


def among(of: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """Σ_{b=j}^p ‖of(b)‖², the c-th apart."""
    return lambda gap: SqNorm(gap) + Sum(b, j, p, SqNorm(of(b)), (c,))


def combined(goal: Expr, by: Expr, squares: Callable[[Expr], Expr] | None = None) -> Step:
    """goal = 0, as it, or its squares, are a combination of what vanishes."""
    return Step(lambda *_: by, fact(goal, "=", 0), squares)


RESIDUALS = (
    combined(BY_ENCODER.body, GAP_ENCODER + UNIT @ A.T @ Σyx),
    combined(BY_DECODER.body, GAP_DECODER + Σyx @ B.T @ UNIT),
    PAIRS,
    combined(lacking(c), PAIRS.triangle + Inner(lacking(j), BY_DECODER @ e_j), among(lacking)),
)
"""From CRITICAL: lacking(c) = 0 for every size c from j on."""
ROWS = (
    *RESIDUALS,
    Inverse(Σxx),
    combined(REGRESSED.body, Σyx @ undone(Σxx)),
    combined(BY_ENCODER_TOO.body, BY_ENCODER - TAILS @ A.T @ REGRESSED),
    combined(BY_DECODER_TOO.body, BY_DECODER - REGRESSED @ B.T @ TAILS),
    PAIRS_TOO,
    combined(
        missing(c),
        -1 * PAIRS_TOO.triangle - Inner(e_j.T @ BY_ENCODER_TOO, e_j.T @ A.T @ (Q - A @ Proj(j, p) @ B)),
        among(missing),
    ),
)
"""From CRITICAL and Σxx ≻ 0: missing(c) = 0 too."""


# The mean square error ----------------------------------------------------------------------------
OUTPUT = Named("G", (A @ CODES - Σyx @ B.T).T)
INPUT = Named("Z", A.T @ (Q @ X - A @ B @ X))
AXIS = Basis(i, p).T
OF_MSE = (
    combined(OUTPUT, SqNorm(lacking(p, i)), lambda gap: SqNorm(AXIS @ gap)),
    combined(INPUT, SqNorm(missing(p, i)), lambda gap: SqNorm(AXIS @ gap)),
    combined(ENCODER_MSE.left - ENCODER_MSE.right, A.T @ REGRESSED - INPUT @ X.T),
    combined(DECODER_MSE.left - DECODER_MSE.right, OUTPUT.T),
)
"""From ROWS: the equations of the mean square error."""


# Latent by latent ---------------------------------------------------------------------------------
d = integer("d", "", j + 1, p)
"""A latent after j."""
CORRELATED = Entry(CODES, d, j) * (A @ Basis(d, p))
OVERLAPPING = Named("Xᵀb_d", X.T @ B.T @ Basis(d, p), r"X^\top b_d") @ (Basis(d, p).T @ GRAM @ Basis(j, p))
UNCORRELATED = combined(CORRELATED, lacking(d) + -1 * lacking(d - 1))
"""a_d (BΣxxBᵀ)_dj = 0 for d > j: codes are uncorrelated unless a column is zero."""
APART = combined(OVERLAPPING, (missing(d - 1) + -1 * missing(d)).T)
"""a_jᵀa_d b_dᵀX = 0 for d > j."""


# The global map -----------------------------------------------------------------------------------
MAP = Named("K", A @ B @ Σxy)
SPECTRAL = Named("K", U.T @ A @ B @ Σxy @ U)
CHOSEN = Named("Z", U.T @ A @ B @ Σxy @ U @ Λ**-1)
"""U_I U_Iᵀ in the axes of Σ: diagonal, with entries 0 and 1."""
EIGEN = Rel(Σyx @ Σxx**-1 @ Σxy, "=", U @ Λ @ U.T)
AXES_GAP = Named("ε", EIGEN.left - EIGEN.right)
EVEN, SQUARED = Named("K − Kᵀ", MAP - MAP.T), Named("K² − KΛ", SPECTRAL.T @ SPECTRAL - SPECTRAL.T @ Λ)
EVEN_TOO = Named("K − Kᵀ", SPECTRAL - SPECTRAL.T)
ONTO = Named("AᵀK − AᵀΣ", A.T @ MAP - A.T @ EIGEN.left)
COMMUTED = Named("ΛK − KΛ", Λ @ SPECTRAL - SPECTRAL @ Λ)
r, s, a = integer("r", "", 1, n), integer("s", "", 1, n), integer("a")
PROJECTED = Named("GX − U_I U_Iᵀ QX", A @ B @ X - U @ CHOSEN @ U.T @ Q @ X)


def deviation() -> Expr:
    """‖GX − U_I U_Iᵀ QX‖², as it vanishes with the equations."""
    w = U @ CHOSEN @ U.T
    return (
        Tr(OUTPUT.T @ A.T)
        - 2 * Tr(w @ REGRESSED @ B.T @ A.T)
        + Tr(w @ REGRESSED @ Q.T @ w.T)
        + Tr(w @ AXES_GAP.T @ w.T)
        - Tr(SQUARED @ Λ**-1)
    )


OF_MAP = (
    *OF_MSE[:2],
    Known(EIGEN),
    combined(EVEN.body, OUTPUT.T @ A.T - A @ OUTPUT),
    combined(ONTO.body, -1 * INPUT @ Y.T),
    combined(EVEN_TOO.body, U.T @ EVEN @ U),
    combined(SQUARED.body, U.T @ Σyx @ B.T @ ONTO @ U + SPECTRAL.T @ U.T @ AXES_GAP @ U),
    combined(COMMUTED.body, SQUARED - SQUARED.T - EVEN_TOO @ Λ),
)
INSIDE = U @ Λ**-1
WITHIN = Step(
    lambda *_: -1 * INSIDE @ (COMMUTED @ Λ**-1 + EVEN_TOO) @ U.T @ A - INSIDE @ U.T @ (ONTO.T + AXES_GAP.T @ A)
)
"""A = U_I U_Iᵀ A."""
OFF = Step(lambda *_: Entry(COMMUTED, r, s), fact(Entry(SPECTRAL, r, s), "=", 0), lambda gap: (λ[r] - λ[s]) * gap)
LEVEL = combined(
    Entry(SPECTRAL, r, r) * (Entry(SPECTRAL, r, r) - λ[r]),
    Entry(SQUARED, r, r) - Sum(a, ONE, n, Entry(SPECTRAL, a, r) ** 2, (r,)),
)


# One axis for each latent -------------------------------------------------------------------------
AXIS_CODES = Named("BΣxyU", B @ Σxy @ U)
before = integer("h", "", 1, i - 1)
"""A latent before i."""
e_i = Basis(i, p)
OWN_CODE, OWN_LENGTH = Entry(CODES, i, i), Entry(GRAM, i, i)
ALONE = Named("a_iM_ii − Σyxb_i", A @ e_i * OWN_CODE - Σyx @ B.T @ e_i)


def with_overlap(latent: Expr) -> Named:
    """Xᵀb_i a_iᵀa_h."""
    return Named("w", X.T @ B.T @ e_i * Entry(GRAM, i, latent))


def regressed(axis: Expr) -> Named:
    """K_ir(‖a_i‖² b_iᵀX − a_iᵀQX) for K = BΣxyU."""
    return Named("f", Entry(AXIS_CODES, i, axis) * (OWN_LENGTH * (e_i.T @ B @ X) - e_i.T @ A.T @ Q @ X))


def by_axis(axis: Expr) -> Step:
    """regressed = 0, as K_ir holds Xᵀb_i."""
    others = Basis(axis, n).T @ U.T @ Y @ with_overlap(q) @ (Basis(q, p).T @ B @ X)
    return combined(regressed(axis).body, -1 * Entry(AXIS_CODES, i, axis) * missing(i, i) - Sum(q, ONE, i - 1, others))


def one_axis(left: Letter) -> tuple[Argument, ...]:
    """From CRITICAL, and (GA)_ii = 1 so that a_i ≠ 0: K_ir K_is (λ_r − λ_s) = 0.

    With μ = M_ii the decoder says μ u_r = K_ir of u = Uᵀa_i, the encoder K_ir(‖a_i‖² K_is − λ_s u_s) = 0.
    """
    correlated = Named("x", Entry(CODES, i, before) * (A @ e_i))
    not_zero = Named("y", Entry(left @ A, i, i) - ONE)

    def level(row: Expr, column: Expr) -> Expr:
        """μ K_ir(‖a_i‖² K_is − λ_s u_s) + λ_s K_ir(μ u_s − K_is)."""
        code, axis = Entry(AXIS_CODES, i, row), Basis(column, n)
        encoder = regressed(row) @ Y.T @ U @ axis + code * (e_i.T @ A.T @ AXES_GAP @ U @ axis)
        return OWN_CODE * encoder + code * λ[column] * (axis.T @ U.T @ ALONE)

    return (
        *ROWS,
        Known(EIGEN),
        combined(correlated.body, lacking(i, before) + -1 * lacking(i - 1, before)),
        combined(Entry(CODES, i, before), Entry(left @ correlated, i, ONE) - Entry(CODES, i, before) * not_zero),
        combined(with_overlap(before).body, (missing(i - 1, before) + -1 * missing(i, before)).T),
        combined(ALONE.body, lacking(i, i) - Sum(q, ONE, i - 1, Entry(CODES, i, q) * (A @ Basis(q, p)))),
        by_axis(r),
        by_axis(s),
        Step(lambda *_: Entry(level(r, s) - level(s, r), ONE, ONE)),
    )
