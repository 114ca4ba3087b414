"""Where the rotation of RAG ends, from every start: it is the QR flow, so that its path is known.

On the orthogonal subspace W1 = W2ᵀ = OUᵀ the rotation is Ȯ = A(OS²Oᵀ)O. The orthogonal factor of exp(S²t/2)O(0)ᵀ moves
so (``solution``). Let J pick b of the axes such that the first b rows of O(0) are the graph of a K_0 over these axes:
what they have off them is K_0 times what they have on them. Then they go on to be one, of K = EK_0E⁻¹ with
E = exp(S²t/2) (``graph``), and the projection N_b on their span is as near to J as K is to 0 (``near``, ``bounded``).
For the pivots, the first axes on which the b rows are independent, K_0 has no entry from a smaller σ_j² to a larger
one, and K falls at the rate of the least gap (``falls``). So for every b the span of the first b rows tends to that of
the b pivots: O tends to a signed permutation from every start, and to the order of σ where the pivots are the first b
axes for every b, which is where no leading minor of O(0) is 0. Near I that is everywhere, and K_0 is as small as N_b is
near to Π_b: the ordered solutions are asymptotically stable. That is Theorem 4 of Bao et al., without LaSalle.

What is in words: that a matrix of independent rows has such pivots, that exp(S²t/2)O(0)ᵀ has a factor that is smooth in
t, that a polynomial field has one solution from a start, and that rows whose projections converge do so, as their signs
cannot change any more.

Main results
    solution    the orthogonal factor of exp(S²t/2)O(0)ᵀ moves by RAG
    graph       the first b rows stay a graph over J, of EK_0E⁻¹
    near        ‖N_b − J‖² = 2‖(I − J)OᵀΠ_b‖² ≤ 2‖K‖²
    bounded     (1 − δ)‖K‖² ≤ δ for δ = ‖(I − J)OᵀΠ_b‖²
    falls       K falls to 0, at the rate of its gaps
"""

from __future__ import annotations

from proofs.bao2020.appendix_e_lasalle import ORTHOGONAL, O
from proofs.bao2020.notation import HALF, ONE, ZERO, I_k, S, b, j, k, l, σ
from proofs.bao2020.rag import SCALE_RAG, diagonal, rotation
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Diag,
    Diff,
    Entry,
    Expr,
    Family,
    Letter,
    LowerMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    exp,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.lae.numbering import sizes
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.decay import Decays
from proofs.methods.flow import Flow
from proofs.methods.implication import Implication, Step, fact

FEW = sizes((1, 1), (2, 2), (3, 3), per_size=1)
WHERE = "the rotation of RAG, on the orthogonal subspace"

# The solution -------------------------------------------------------------------------------------
V, R, R_UNDO, Γ = (
    Letter("Ȯ", k, k, tex=r"\dot O"),
    Letter("R", k, k),
    Letter("R⁻¹", k, k, tex="R^{-1}"),
    Letter("Γ", k, k),
)
GRAM = Named("G", O @ S**2 @ O.T)


def below(matrix: Expr) -> Expr:
    """What is below the diagonal."""
    return LowerMask(matrix, strict=True)


@claim(
    "lae/rag/solution",
    where=WHERE,
    convention=SCALE_RAG,
    note="Z = exp(S²t/2)O(0)ᵀ moves by Ż = S²Z/2. Let Z = OᵀR with an orthogonal O, of which ȮOᵀ is skew, and a "
    "triangular R, of which Ṙ = ΓR with Γ = ṘR⁻¹ triangular, too: Ż = ȮᵀR + OᵀṘ is the third premise.",
)
def solution() -> Implication:
    """The orthogonal factor of exp(S²t/2)O(0)ᵀ moves by RAG: this is the QR flow."""
    factors = Rel(HALF * (S**2 @ O.T @ R), "=", V.T @ R + O.T @ Γ @ R)
    premises = (
        *ORTHOGONAL,
        fact(V @ O.T + O @ V.T, "=", 0),
        factors,
        fact(below(Γ), "=", 0),
        Rel(R @ R_UNDO, "=", I_k),
    )
    turn = O @ V.T

    def cancelled(rows: Expr, columns: Expr, skew: Expr, product: Expr, below_: Expr, inverse: Expr) -> Expr:
        """G/2 − OȮᵀ − Γ."""
        return O @ product @ R_UNDO - (HALF * GRAM - turn - O @ O.T @ Γ) @ inverse + rows @ Γ

    def turned(rows: Expr, columns: Expr, skew: Expr, product: Expr, below_: Expr, inverse: Expr, left: Expr) -> Expr:
        """Ȯ − AO, as OȮᵀ is skew and is G/2 below the diagonal."""
        half = below(left) + below_
        return (skew - half.T + half - below(skew).T - diagonal(skew) / 2) @ O - V @ columns

    steps = (Step(cancelled, fact(HALF * GRAM - turn - Γ, "=", 0)), Step(turned))
    return Implication(premises, (Rel(V, "=", rotation(GRAM) @ O),), (O, V, R, R_UNDO, Γ), steps, FEW)


# The span of the first rows -----------------------------------------------------------------------
J, K = Letter("J", k, k, frozenset({"diagonal"})), Letter("K", k, k)
ω = Family("ω", r"\omega")
E, E_UNDO = Diag(ω, k, "E"), Diag(Family("1/ω", define=lambda a: 1 / ω[a]), k, "E⁻¹")
O_0, K_0 = Letter("O_0", k, k), Letter("K_0", k, k)
KEPT = Proj(b, k)
ANY_J = "J is any diagonal matrix here, and b any."


def off(graph: Expr, turn: Expr) -> Expr:
    """(I − J − K)OᵀΠ_b: 0 if what the first b rows of O have off the axes of J is K times what they have on them."""
    return (I_k - J - graph) @ turn.T @ KEPT


NOT_ZERO = Hypothesis(
    "ω_l ≠ 0",
    r"\omega_l \ne 0",
    (Every(l, ONE, k, Rel(ω[l], "≠", ZERO)),),
)


@claim(
    "lae/rag/graph",
    where=WHERE,
    given=[NOT_ZERO],
    note="EO(0)ᵀ = OᵀR with a triangular R is the path of lae/rag/solution for E = exp(S²t/2); the last premise holds "
    f"of a triangular R⁻¹ for every b. {ANY_J}",
)
def graph() -> Implication:
    """If the first b rows of O(0) are a graph of K_0 over the axes of J, those of O are one of EK_0E⁻¹."""
    path = Rel(E @ O_0.T, "=", O.T @ R)
    premises = (
        fact(off(K_0, O_0), "=", 0),
        path,
        Rel(R @ R_UNDO, "=", I_k),
        fact((I_k - KEPT) @ R_UNDO @ KEPT, "=", 0),
    )
    moved = E @ K_0 @ E_UNDO

    def transported(start: Expr, path_: Expr, inverse: Expr, triangle: Expr) -> Expr:
        there = I_k - J - moved
        unit = there @ O.T @ (inverse @ KEPT - R @ triangle)
        return E @ start @ R_UNDO @ KEPT - there @ path_ @ KEPT @ R_UNDO @ KEPT - unit

    return Implication(premises, (fact(off(moved, O), "=", 0),), (O_0, O, R, R_UNDO, K_0), (Step(transported),), FEW)


# How near it is -----------------------------------------------------------------------------------
PICKS = (Rel(J @ J, "=", J), Rel(Tr(J), "=", Tr(KEPT)))
"""J is the projection on b of the axes."""
SPAN = Named("N_b", O.T @ KEPT @ O)
LEFT, SHARE = (I_k - J) @ O.T @ KEPT, O.T @ (I_k - KEPT) @ O


@claim("lae/rag/near", where=WHERE, note="N_b = OᵀΠ_bO projects on the span of the first b rows of O.")
def near() -> Implication:
    """‖N_b − J‖² = 2‖(I − J)OᵀΠ_b‖², which is at most 2‖K‖² by (I − J)N_b(I − J) ⪯ KKᵀ."""
    premises = (*ORTHOGONAL, *PICKS, Rel(LEFT, "=", K @ O.T @ KEPT))

    def same(rows: Expr, columns: Expr, idempotent: Expr, trace: Expr, *_: Expr) -> Expr:
        return Tr(KEPT @ rows @ KEPT @ rows) + trace + Tr(idempotent) - 2 * Tr(idempotent @ SPAN)

    def rest(rows: Expr, columns: Expr, idempotent: Expr, trace: Expr, left: Expr, *_: Expr) -> Expr:
        return -1 * K @ columns @ K.T - left @ LEFT.T - K @ O.T @ KEPT @ left.T

    def squares(gap: Expr) -> Expr:
        later = K @ O.T @ (I_k - KEPT)
        return later @ later.T

    distance = Rel(SqNorm(SPAN - J), "=", 2 * SqNorm(LEFT))
    bound = Rel(K @ K.T, "⪰", (I_k - J) @ SPAN @ (I_k - J))
    return Implication(premises, (distance, bound), (O, J, K), (Step(same), Step(rest, squares=squares)), FEW)


@claim(
    "lae/rag/bounded",
    where=WHERE,
    note="δ = ‖(I − J)OᵀΠ_b‖² is half of ‖N_b − J‖² (lae/rag/near). So (1 − δ)‖K‖² ≤ δ by ‖AB‖ ≤ ‖A‖ ‖B‖: K is small "
    "where N_b is near to J, and if it falls N_b stays near to J.",
)
def bounded() -> Implication:
    """δ = ‖K‖² − ‖K JOᵀ(I − Π_b)‖², with ‖JOᵀ(I − Π_b)‖² = δ."""
    premises = (*ORTHOGONAL, *PICKS, Rel(LEFT, "=", K @ O.T @ KEPT), Rel(K, "=", K @ J))
    later = J @ O.T @ (I_k - KEPT)

    def spent(rows: Expr, columns: Expr, idempotent: Expr, trace: Expr, left: Expr, over: Expr) -> Expr:
        off_axes = Tr(left @ LEFT.T + K @ O.T @ KEPT @ left.T) + Tr(K @ columns @ K.T)
        return off_axes - Tr((over @ SHARE) @ K.T + K @ J @ SHARE @ over.T)

    def same(rows: Expr, columns: Expr, idempotent: Expr, trace: Expr, *_: Expr) -> Expr:
        return trace + Tr(idempotent) + Tr(J @ columns @ J) - 2 * Tr(idempotent @ SPAN) - Tr(KEPT @ rows)

    conclusions = Rel(SqNorm(LEFT), "=", SqNorm(K) - SqNorm(K @ later)), Rel(SqNorm(later), "=", SqNorm(LEFT))
    return Implication(premises, conclusions, (O, J, K), (Step(spent), Step(same)), FEW)


# How fast it falls --------------------------------------------------------------------------------
t, c = Sym("t"), integer("c", "", 1, k)


def gap(row: Expr, column: Expr) -> Expr:
    return σ[column] ** 2 - σ[row] ** 2


LARGER = Hypothesis("σ_j² > σ_c²", r"\sigma_j^2 > \sigma_c^2", (Rel(gap(c, j), ">", ZERO),))


@claim(
    "lae/rag/falls",
    where=WHERE,
    given=[LARGER],
    note="K = EK_0E⁻¹ with E = exp(S²t/2) moves by K̇ = (S²K − KS²)/2. With entries over gaps σ_j² − σ_c² ≥ g alone, "
    "‖K‖² falls at the rate g, and K tends to 0.",
)
def falls() -> All:
    """The rate at which ‖K‖² falls is the mean gap, and an entry of K from a larger σ_j² to a smaller falls to 0."""
    row, column = integer("a"), integer("d")
    moving = Flow(((K, HALF * (S**2 @ K - K @ S**2)),))
    weighed = Sum(row, ONE, k, Sum(column, ONE, k, gap(row, column) * Entry(K, row, column) ** 2))
    rate, start = HALF * gap(c, j), Entry(K_0, c, j)
    path = start / exp(rate * t)
    return both(
        eq(moving.rate(SqNorm(K)), -weighed),
        eq(Entry(HALF * (S**2 @ K - K @ S**2), c, j), -rate * Entry(K, c, j)),
        eq(Diff(path, t), -rate * path),
        Decays(start, rate, t),
    )
