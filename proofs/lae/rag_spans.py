"""Where the rotation of RAG goes: the span of the first b rows moves by itself, for every b, and its path is known.

On the orthogonal subspace W1 = W2ᵀ = OUᵀ the rotation is Ȯ = A(OS²Oᵀ)O. N_b = OᵀΠ_bO projects on the span of the
first b rows of O. It moves by a law in which no other row occurs, Oja's flow: exp(S²t/2) carries the span along.
Where it tends from every start is in :mod:`proofs.lae.rag_limits`.

Main results
    spans      N_b moves by S²N/2 + NS²/2 − NS²N, for every b
    carried    so does the projection on the span of the columns of Z where Ż = S²Z/2
"""

from __future__ import annotations

from dataclasses import replace

from proofs.bao2020.appendix_e_lasalle import O
from proofs.bao2020.notation import HALF, I_k, S, b, k, m
from proofs.bao2020.rag import SCALE_RAG, rotation
from proofs.claim import claim
from proofs.kernel.expressions import Expr, Letter, Named, Proj
from proofs.kernel.propositions import Rel
from proofs.lae.numbering import sizes
from proofs.methods.chain import Chain, eq
from proofs.methods.flow import Flow
from proofs.methods.implication import Implication, Step

FEW = sizes((1, 1), (2, 2), per_size=4)
WHERE = "the rotation of RAG, on the orthogonal subspace"


def law(n: Expr) -> Expr:
    """Oja's flow, of a projection."""
    return HALF * (S**2 @ n + n @ S**2) - n @ S**2 @ n


@claim(
    "lae/rag/spans",
    where=WHERE,
    convention=SCALE_RAG,
    note="N_b = OᵀΠ_bO, S² = diag(σ²). Where it tends: lae/rag/graph.",
)
def spans() -> Implication:
    """The span of the first b rows moves by a law of its own, for every b."""
    gram, kept = O @ S**2 @ O.T, Proj(b, k)
    span = Named("N_b", O.T @ kept @ O)
    moving = Flow(((O, rotation(gram) @ O),)).rate(span)

    def combination(columns: Expr) -> Expr:
        """What OᵀO − I is multiplied by: Oᵀ(Π_bG + GΠ_b)O/2 holds OᵀO where the law has I."""
        held = O.T @ kept @ O @ S**2
        return HALF * (held @ columns + columns @ held.T)

    return Implication(
        (Rel(O.T @ O, "=", I_k),), (Rel(moving, "=", law(span)),), (O,), (Step(combination),), replace(FEW, per_size=1)
    )


Z, Q = Letter("Z", k, m), Letter("Q", m, m, frozenset({"symmetric"}))


@claim(
    "lae/rag/spans/carried",
    where=WHERE,
    note="Q = (ZᵀZ)⁻¹, whose derivative is −Q(ZᵀZ)′Q. So ZQZᵀ projects on the span of Z(t) = exp(S²t/2)Z(0), and moves "
    "by the law of lae/rag/spans; at t = 0 it may be any N_b.",
)
def carried() -> Chain:
    """The projection on a span that exp(S²t/2) carries along moves by the same law."""
    moving = Flow(((Z, HALF * (S**2 @ Z)), (Q, -Q @ Z.T @ S**2 @ Z @ Q)))
    return eq(moving.rate(Z @ Q @ Z.T), law(Z @ Q @ Z.T), plan=FEW)
