"""Kunin et al. 2019, Appendix A: three lemmas on matrices.

Main results
    norm_split     ‖A‖² + ‖B‖² = ‖A − Bᵀ‖² + 2 tr(AB)
    commuting      what commutes with a diagonal matrix of distinct entries is diagonal
    idempotent     a diagonal idempotent matrix has entries 0 and 1
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Entry, Expr, Family, Letter, SqNorm, Tr, integer
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import k, m
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.implication import Implication, Step, fact

A, B = Letter("A", m, k), Letter("B", k, m)
b = Family("b")
i, j = integer("i", "", 1, m), integer("j", "", 1, m)


def places(rng: Random, at: Instance) -> Instance:
    """Two different indices of 1, …, m."""
    if at["m"] < 2:
        raise Undefined("m = 1 has no two indices")
    row, column = rng.sample(range(1, at["m"] + 1), 2)
    return {"i": row, "j": column}


def entries(rng: Random, at: Instance) -> Instance:
    return {"b": [rational(rng, at["height"]) for _ in range(at["m"])]}


def repeated(rng: Random, at: Instance) -> Instance:
    return {"b": [rational(rng, at["height"])] * at["m"]}


OFF_DIAGONAL = Hypothesis("i ≠ j", r"i \neq j", (Rel(i, "≠", j),), places)
DISTINCT_ENTRIES = Hypothesis("b_i ≠ b_j for i ≠ j", r"b_i \neq b_j", (Rel(b[i], "≠", b[j]),), entries, repeated)


@claim("kunin2019/lemA.1", where="Lemma A.1")
def norm_split() -> Chain:
    """The sum of two squared norms is the squared norm of A − Bᵀ plus twice the trace of AB."""
    return eq(SqNorm(A) + SqNorm(B), SqNorm(A - B.T) + 2 * Tr(A @ B))


def norm_expansion(last: Expr) -> Chain:
    """The printed proof of Lemma A.1, with the last term of the trace left open."""
    return chain(
        SqNorm(A - B.T),
        "=",
        Tr((A - B.T).T @ (A - B.T)),
        "=",
        Tr(A.T @ A - A.T @ B.T - B @ A + last),
        "=",
        SqNorm(A) + SqNorm(B) - 2 * Tr(A @ B),
    )


@claim("kunin2019/lemA.1/proof", where="Lemma A.1, proof", note="The shapes conform only if k = m.")
def norm_split_proof() -> Chain:
    """‖A − Bᵀ‖² expanded as a trace whose last term is BᵀB."""
    return norm_expansion(B.T @ B)


@claim("kunin2019/lemA.1/proof+", where="Lemma A.1, proof")
def norm_split_proof_corrected() -> Chain:
    """‖A − Bᵀ‖² expanded as a trace whose last term is BBᵀ."""
    return norm_expansion(B @ B.T)


@claim("kunin2019/lemA.2", where="Lemma A.2", given=[OFF_DIAGONAL, DISTINCT_ENTRIES])
def commuting() -> Implication:
    """A matrix that commutes with a diagonal matrix of distinct entries is diagonal."""
    A, B = Letter("A", m, m), Diag(b, m, "B")
    return Implication(
        (Rel(A @ B, "=", B @ A),),
        (fact(Entry(A, i, j), "=", 0),),
        (A,),
        (Step(lambda commutator: Entry(commutator, i, j), squares=lambda gap: (b[j] - b[i]) * gap),),
    )


@claim("kunin2019/lemA.3", where="Lemma A.3", note="a_ii ∈ {0, 1} is stated as a_ii(a_ii − 1) = 0.")
def idempotent() -> Implication:
    """The diagonal entries of a diagonal idempotent matrix are 0 or 1."""
    a = Family("a")
    A = Diag(a, m, "A")
    return Implication(
        (Rel(A @ A, "=", A),),
        (fact(a[i] * (a[i] - 1), "=", 0),),
        (a,),
        (Step(lambda gap: Entry(gap, i, i)),),
    )
