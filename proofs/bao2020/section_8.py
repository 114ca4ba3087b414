"""Bao et al. 2020, Section 8: what the conclusion says of the rotation augmented gradient.

Main results
    guarantee    RAG rests at every signed permutation of the principal directions, ordered or not
"""

from __future__ import annotations

from proofs.bao2020.appendix_e_lasalle import AXES, ORTHOGONAL, TURNED, O
from proofs.bao2020.notation import SPECTRUM, TWO_INDICES, i, j
from proofs.bao2020.rag import SCALE_RAG, rotation
from proofs.claim import claim
from proofs.kernel.expressions import Entry
from proofs.methods.implication import Implication, Step, fact

AT_REST = fact(rotation(TURNED) @ O, "=", 0)
REST = "On the orthogonal subspace W1 = W2ᵀ = OUᵀ, where the gradients vanish (bao2020/E.5/zero-grad) and "


@claim(
    "bao2020/8/rag-guarantee",
    where="Section 8",
    given=[SPECTRUM, TWO_INDICES],
    convention=SCALE_RAG,
    note=f"{REST}RAG moves O by the rotation alone. A guarantee would leave it no place to rest but the optimum.",
)
def guarantee() -> Implication:
    """RAG comes to rest at the optimal, ordered representation only."""
    return Implication((*ORTHOGONAL, AT_REST), (fact(Entry(O, i, j), "=", 0),), (O,))


@claim(
    "bao2020/8/rag-guarantee+",
    where="Section 8",
    convention=SCALE_RAG,
    note=f"{REST}WXXᵀWᵀ/n = OS²Oᵀ. It is diagonal at every signed permutation O, in any order: from there RAG does "
    "not move. From a start without a vanishing leading minor it ends ordered, by the path of lae/rag/graph.",
)
def rests() -> Implication:
    """RAG rests wherever the codes are uncorrelated."""
    return Implication((AXES,), (AT_REST,), (O,), (Step(lambda gap: (gap.T - gap) @ O / 2),))
