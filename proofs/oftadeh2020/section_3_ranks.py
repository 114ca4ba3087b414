"""Oftadeh et al. 2020, Section 3: the ranks of Δ and of the codes BΣxxBᵀ, where A has no zero column.

Main results
    delta_rank       Δ has the rank of A
    rank_of_codes    Corollary 1.1: BΣxxBᵀ has the rank of A
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.kernel.expressions import Expr, Inner, Letter, Named, Proj, Rank, SqNorm, Sum, det, integer
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, chain
from proofs.methods.implication import Known, Step, fact
from proofs.methods.null_spaces import Factor, NullSpace
from proofs.oftadeh2020.critical import AXES_GAP, EIGEN, Inverse, undone
from proofs.oftadeh2020.notation import (
    ASSUMPTION,
    NO_ZERO_COLUMN,
    SITUATIONS,
    UNSCALED,
    ZERO,
    Λ,
    A,
    T_p,
    U,
    X,
    Σxx,
    Σxy,
    Σyx,
    masked,
    n,
    p,
)
from proofs.oftadeh2020.section_3 import INVERTIBLE
from proofs.tactics.relations import BothWays, OfLetters, via

MASKED = masked(A.T @ A)
OF_ENCODER = MASKED**-1 @ T_p @ A.T
BEST = OF_ENCODER @ Σyx @ Σxx**-1
CODES = BEST @ Σxx @ BEST.T
x, v = Letter("x", n, 1), Letter("v", p, 1)
M, K = Letter("M", p, p), Letter("K", p, n)
b, h = integer("b"), integer("h", "", 0, p)
y = Named("y", OF_ENCODER @ x)


def kept(size: Expr) -> Named:
    """AI_b y."""
    return Named("AΠy", A @ Proj(size, p) @ y)


UNCODED = undone(MASKED, True) @ T_p @ A.T @ x
NO_CODE = (
    Inverse(MASKED, True),
    Step(
        lambda gone, *_: Inner(x, gone) + Inner(y, UNCODED),
        fact(kept(h), "=", 0),
        lambda gap: SqNorm(gap) + Sum(b, ZERO, p, SqNorm(kept(b)), (h,)),
    ),
    Step(lambda *_: T_p**-1 @ (Sum(b, ZERO, p, Proj(b, p) @ A.T @ kept(b)) - UNCODED)),
)
"""From Δx = 0 in the axes of the data: Σ_b ‖AI_b y‖² = xᵀΔx = 0, so that T_pAᵀx = (S_p ∘ AᵀA)y = 0."""


@claim(
    "oftadeh2020/delta-diag/rank",
    where="Section 3, after (16)",
    given=[NO_ZERO_COLUMN, INVERTIBLE],
    note="Δx = 0 gives yᵀ(S_p ∘ AᵀA)y = 0 for y = (S_p ∘ AᵀA)⁻¹T_pAᵀx, so that AI_by = 0 for every b, and Aᵀx = 0.",
)
def delta_rank() -> Chain:
    """Δ has the rank of A."""
    above = via("≥", (Rank(A.T), NullSpace(x, NO_CODE, (h,))), "=", Rank(A))
    return chain(Rank(A @ T_p @ OF_ENCODER), "=", (Rank(A), BothWays("", above)), plan=SITUATIONS)


SILENT = (
    Inverse(Σxx),
    Step(lambda gone, *_: Inner(v, gone), fact(X.T @ K.T @ v, "=", 0), SqNorm),
    Step(lambda _, unit, silent: Σxx**-1 @ X @ silent - unit @ K.T @ v),
)
"""From KΣxxKᵀv = 0: XᵀKᵀv = 0, and so Kᵀv = Σxx⁻¹XXᵀKᵀv = 0."""
ONTO = Σxy @ U @ Λ**-1 @ U.T
REACHED = (Known(EIGEN), Step(lambda gone, _: gone - K @ AXES_GAP @ U @ Λ**-1 @ U.T @ x))
"""ΣyxΣxx⁻¹Σxy UΛ⁻¹Uᵀ = I."""
UNDONE = (Inverse(M, True), Step(lambda gone, unit: T_p**-1 @ (M @ gone - unit @ T_p @ A.T @ x)))
"""From M⁻¹T_pAᵀx = 0: Aᵀx = 0."""


@claim(
    "oftadeh2020/cor1-1/rank",
    where="Section 3, Corollary 1.1",
    given=[*ASSUMPTION, NO_ZERO_COLUMN, INVERTIBLE],
    convention=UNSCALED,
    note="B = B̂(A). Bᵀ has the rank of BΣxxBᵀ, as Σxx ≻ 0; BΣxyUΛ⁻¹Uᵀ = (S_p ∘ AᵀA)⁻¹T_pAᵀ has that of A.",
)
def rank_of_codes() -> Chain:
    """BΣxxBᵀ has the rank of A."""
    decoded, reached = K @ Σyx @ Σxx**-1 @ ONTO, M**-1 @ T_p @ A.T
    silent = OfLetters(Rel(Rank(K @ Σxx @ K.T), "≥", Rank(K.T)), ((K, BEST),), NullSpace(v, SILENT))
    onto = OfLetters(Rel(Rank(decoded), "≥", Rank(K)), ((K, OF_ENCODER),), NullSpace(x, REACHED))
    apart = (Rel(det(M), "≠", ZERO),)
    undone_ = OfLetters(Rel(Rank(reached), "≥", Rank(A.T)), ((M, MASKED),), NullSpace(x, UNDONE), apart)
    above = via(
        "≥",
        (Rank(BEST.T), silent),
        "=",
        Rank(BEST),
        "≥",
        (Rank(BEST @ ONTO), Factor(BEST, ONTO)),
        "≥",
        (Rank(OF_ENCODER), onto),
        "≥",
        (Rank(A.T), undone_),
        "=",
        Rank(A),
    )
    return chain(Rank(CODES), "=", (Rank(A), BothWays("", above)), plan=SITUATIONS)
