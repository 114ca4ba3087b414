"""Kunin et al. 2019, Appendix B: the order of semi-definite matrices.

Main results
    strict              xᵀAx > 0 for all x holds of no matrix, as x = 0 is a vector too
    strict_corrected    for x ≠ 0 it says that A ≻ 0
    cancelled           A ⪰ 0 and ABᵀ ⪰ BABᵀ imply A ⪰ BA
    kernel              B ≻ 0 and AᵀBA = 0 imply A = 0
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr, Letter, Named, Tr, Zero, add
from proofs.kernel.propositions import ZERO, Implies, Rel, zero
from proofs.kunin2019.notation import PENALTY, I_m, k, m, λ
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import Proposition, says
from proofs.tactics.relations import Arithmetic, Lemma

A, B = Letter("A", m, m, frozenset({"psd"})), Letter("B", m, m, frozenset({"psd"}))
A_PD = Letter("A", m, m, frozenset({"pd"}))
x = Letter("x", m, 1)
ANY, SQUARE = Letter("B", k, m), Letter("B", m, m)


@claim("kunin2019/defB.1", where="Definition B.1", note="A is drawn positive definite in the usual sense.")
def strict() -> Chain:
    """A is positive definite if xᵀAx > 0 for all vectors x."""
    return chain(Tr(x.T @ A_PD @ x), ">", 0)


@claim("kunin2019/defB.1+", where="Definition B.1")
def strict_corrected() -> Proposition:
    """A is positive definite if xᵀAx > 0 for all vectors x ≠ 0."""
    return says(Implies(Rel(x, "≠", zero(x)), Rel(Tr(x.T @ A_PD @ x), ">", ZERO)))


@claim("kunin2019/lemB.1/1", where="Lemma B.1, 1", given=[PENALTY])
def multiple_of_identity() -> Chain:
    """If λ > 0 then λI ⪰ 0."""
    return chain(λ * I_m, "⪰", Zero(m, m))


y, z = Letter("y", m, 1), Letter("z", k, 1)


def form(matrix: Expr, vector: Expr) -> Expr:
    """xᵀAx."""
    return Tr(vector.T @ matrix @ vector)


@claim("kunin2019/lemB.1/2", where="Lemma B.1, 2")
def congruent() -> All:
    """If A ⪰ 0 then BABᵀ ⪰ 0 for all B: it is symmetric, and its form at z is that of A at Bᵀz."""
    whole = ANY @ A @ ANY.T
    return both(eq(whole.T, whole), chain(form(whole, z), "=", form(A, ANY.T @ z), "≥", ZERO))


def nonzero(rng: Random, at: Instance) -> Instance:
    value = zeros(at["m"], 1)
    value[rng.randrange(at["m"]), 0] = fmpq(rng.choice((-1, 1, 2)))
    return {"x": value}


def nothing(rng: Random, at: Instance) -> Instance:
    return {"x": zeros(at["m"], 1)}


NONZERO = Hypothesis("x ≠ 0", r"x \neq 0", (Rel(x, "≠", zero(x)),), nonzero, nothing)


@claim("kunin2019/lemB.1/3-4", where="Lemma B.1, 3 and 4", given=[NONZERO], note="The A ≻ 0 of the second is P.")
def sums() -> All:
    """If A ⪰ 0 and B ⪰ 0 then A + B ⪰ 0; if A ≻ 0 and B ⪰ 0 then A + B ≻ 0."""
    above = Letter("P", m, m, frozenset({"pd"}))
    positive, not_negative = Lemma(form(above, x), ">", ZERO), Lemma(form(B, x), "≥", ZERO)
    return both(
        eq((A + B).T, A + B),
        chain(form(A + B, y), "=", form(A, y) + form(B, y), "≥", ZERO),
        chain(form(above + B, x), "=", form(above, x) + form(B, x), ">", (ZERO, Arithmetic(positive, not_negative))),
    )


def compressed() -> tuple[Expr, Expr]:
    """The two terms of which A − BA is the sum."""
    rest = SQUARE - I_m
    return rest @ A @ rest.T, Named("ABᵀ − BABᵀ", A @ SQUARE.T - SQUARE @ A @ SQUARE.T, r"(AB^\top - BAB^\top)")


@claim("kunin2019/lemB.1/5", where="Lemma B.1, 5")
def cancelled() -> Implication:
    """If A ⪰ 0 and ABᵀ ⪰ BABᵀ then A ⪰ BA."""
    return Implication(
        (Rel(A @ SQUARE.T, "⪰", SQUARE @ A @ SQUARE.T),),
        (Rel(A, "⪰", SQUARE @ A),),
        (SQUARE,),
        (Step(lambda: 0 * A, squares=lambda gap: add(*compressed())),),
    )


@claim(
    "kunin2019/lemB.1/5-proof",
    where="Lemma B.1, proof",
    note="It holds. Property 5 follows from it by 2 and 3, the sum of two such matrices, not by 1 and 2 as printed.",
)
def cancelling() -> Chain:
    """The identity from which property 5 follows."""
    return eq(A - SQUARE @ A, add(*compressed()))


@claim("kunin2019/lemB.1/6", where="Lemma B.1, 6")
def null() -> Implication:
    """If B ≻ 0 and AᵀBA = 0 then A = 0."""
    A, B = Letter("A", m, k), Letter("B", m, m, frozenset({"pd"}))
    return Implication(
        (fact(A.T @ B @ A, "=", 0),),
        (fact(A, "=", 0),),
        (A,),
        (Step(Tr, squares=lambda gap: Tr(gap.T @ B @ gap)),),
    )
