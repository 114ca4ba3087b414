"""Oftadeh et al. 2020, Section 3, Theorem 2 for a decoder of full rank: (14) and (15).

A = UFD, B = D⁻¹FᵀUᵀΣyxΣxx⁻¹, where the columns of F are p axes in any order, so that F holds the permutation. Such
points are critical. Back: by oftadeh2020/thm2/one-entry the codes of a latent have one axis, and so has its column
where the latent is in use; with a left inverse of A every latent is, as A = ABΣxyUΛ⁻¹UᵀA.

Main results
    full_rank    of full rank, the critical points are these and no others
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Diag, Entry, Expr, Family, Letter, Named, SqNorm
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Argument, Implication, Known, Step, fact
from proofs.oftadeh2020.critical import (
    ALONE,
    AXES_GAP,
    AXIS_CODES,
    CHOSEN,
    CRITICAL,
    EIGEN,
    INSIDE,
    OF_MAP,
    OWN_CODE,
    REGRESSED,
    WITHIN,
    Inverse,
    Q,
    before,
    c,
    combined,
    e_i,
    one_axis,
    r,
    s,
    undone,
)
from proofs.oftadeh2020.notation import (
    ASSUMPTION,
    ONE,
    SITUATIONS,
    UNSCALED,
    Λ,
    A,
    B,
    I_p,
    T_p,
    U,
    X,
    Y,
    Σxx,
    Σxy,
    Σyx,
    i,
    j,
    l,
    masked,
    n,
    p,
    λ,
)
from proofs.quantities import rational

# If -----------------------------------------------------------------------------------------------
FRAME = Letter("F", n, p, frozenset({"orthonormal"}))
chosen, lengths = Family("λ_I", r"\lambda_I"), Family("δ")
LEVELS, D = Diag(chosen, p, "Λ_I"), Diag(lengths, p, "D")
IN_AXES = Rel(Λ @ FRAME, "=", FRAME @ LEVELS)


def in_any_order(rng: Random, at: Instance) -> Instance:
    """p axes in any order, of either sign, and lengths of either sign."""
    found = rng.sample(range(at["n"]), at["p"])
    axes = zeros(at["n"], at["p"])
    for column, row in enumerate(found):
        axes[row, column] = fmpq(rng.choice((1, -1)))
    sizes = [rational(rng, 3, True) * rng.choice((1, -1)) for _ in found]
    return {"F": axes, "λ_I": [at["λ"][row] for row in found], "δ": sizes}


ORDERED = Hypothesis(
    "ΛF = FΛ_I, δ_l ≠ 0",
    r"\Lambda F = F\Lambda_I,\ \delta_l \neq 0",
    (IN_AXES, Every(l, ONE, p, Rel(lengths[l], "≠", ZERO))),
    in_any_order,
)
AXES = U @ FRAME
AT = (Rel(A, "=", AXES @ D), Rel(B, "=", D**-1 @ AXES.T @ Q))
MOVED_A, MOVED_B = (Named(name, at.left - at.right) for at, name in zip(AT, ("A − UFD", "B − D⁻¹FᵀUᵀQ"), strict=True))
SORTED = Named("ΛF − FΛ_I", IN_AXES.left - IN_AXES.right)


def by_encoder() -> Expr:
    """The equation of the encoder, by what vanishes."""
    square = MOVED_A.T @ A + (AXES @ D).T @ MOVED_A
    rest = masked(D**2) @ (D**-1 @ AXES.T @ REGRESSED + MOVED_B @ Σxx)
    return masked(square) @ B @ Σxx + rest - T_p @ MOVED_A.T @ Σyx


def by_decoder() -> Expr:
    """The equation of the decoder, by what vanishes."""
    back = D**-1
    here = AXES_GAP.T @ AXES @ back + Σyx @ MOVED_B.T + REGRESSED @ B.T
    codes = back @ AXES.T @ here + MOVED_B @ Σxx @ B.T + back @ FRAME.T @ SORTED @ back
    gone = (U @ SORTED + AXES_GAP.T @ AXES) @ back @ T_p
    return A @ masked(codes) + MOVED_A @ back @ LEVELS @ back @ T_p - gone - Σyx @ MOVED_B.T @ T_p


IF: tuple[Argument, ...] = (
    Known(EIGEN),
    Known(IN_AXES),
    Inverse(Σxx),
    combined(REGRESSED.body, Σyx @ undone(Σxx)),
    Step(lambda *_: by_encoder()),
    Step(lambda *_: by_decoder()),
)


# Only if ------------------------------------------------------------------------------------------
LEFT = Letter("G", p, n)
INVERSE = Rel(LEFT @ A, "=", I_p)
UNIT = Named("GA − I", LEFT @ A - I_p)
ALL = U @ CHOSEN @ U.T @ A
OUTSIDE = Named("A − U_IU_IᵀA", A - ALL)
FIRST, SECOND = (Entry(U.T @ A, axis, i) for axis in (r, s))
PARTS = FIRST * SECOND * (λ[r] - λ[s])
"""Parts of a column along two axes."""
ONE_CODE = Entry(AXIS_CODES, i, r) * Entry(AXIS_CODES, i, s) * (λ[r] - λ[s])
USED, UNUSED = Named("M²x", OWN_CODE**2 * PARTS), Named("Mx", OWN_CODE * PARTS)
SILENT = Named("x b_iᵀX", PARTS * (e_i.T @ B @ X))


def by_codes() -> Expr:
    """M_ii²x, as M_ii (Uᵀa_i)_r is K_ir."""
    along = [Entry(Basis(axis, n).T @ U.T @ ALONE, ONE, ONE) for axis in (r, s)]
    moved = OWN_CODE * FIRST * along[1] + Entry(AXIS_CODES, i, s) * along[0]
    return (λ[r] - λ[s]) * moved + Named("K_irK_is", ONE_CODE)


def by_use() -> Expr:
    """x, as e_iᵀGA e_i is 1 and GA = BΣxyUΛ⁻¹UᵀA."""
    back = INSIDE @ U.T @ A
    inside = Entry(LEFT @ OUTSIDE, i, i) + Entry(UNIT @ B @ Σxy @ back, i, i) - Entry(UNIT, i, i)
    return PARTS * inside + Entry(SILENT @ Y.T @ back @ e_i, ONE, ONE)


*CODES_ALONE, LAST = one_axis(LEFT)
ONLY_IF: tuple[Argument, ...] = (
    combined(Entry(LEFT @ A, i, i) - ONE, Entry(UNIT, i, i)),
    *CODES_ALONE,
    combined(ONE_CODE, LAST.by()),  # type: ignore[attr-defined]
    combined(USED.body, by_codes()),
    Step(lambda *_: USED * PARTS, fact(UNUSED.body, "=", 0), lambda gap: gap**2),
    Step(lambda *_: UNUSED * PARTS, fact(SILENT.body, "=", 0), SqNorm),
    *OF_MAP,
    combined(OUTSIDE.body, WITHIN.by()),
    Step(lambda *_: by_use()),
)
"""With x of the two parts: M_ii²x = 0, so M_ii x = 0, so b_iᵀX x = 0, so x = 0."""


@claim(
    "oftadeh2020/thm2-fullrank",
    where="Section 3, Theorem 2, (14), (15)",
    tag="14",
    given=[*ASSUMPTION, ORDERED],
    convention=UNSCALED,
    note="If: any p axes in any order, UF = U_IΠ. Only if: where A has a left inverse, no column of it has parts along "
    "two axes; that different columns have different axes says the inverse.",
)
def full_rank() -> All:
    """Of full rank, A is U_I Π D with a permutation Π."""
    return both(
        Implication(AT, CRITICAL, (A, B), IF, SITUATIONS),
        Implication((*CRITICAL, INVERSE), (fact(PARTS, "=", 0),), (A, B, LEFT), ONLY_IF, SITUATIONS, (j, c, before)),
    )
