"""How fast the rotation augmented gradient makes the codes uncorrelated, near the optimum and far from it.

With the subspace recovered G = YYᵀ moves by Ġ = AG + GAᵀ over n, which keeps its spectrum. So what the squares off the
diagonal lose goes to those on it, and the products of three entries cancel: the rate is exact, no term is dropped, and
no smallness is asked for. Theorem 5 of Bao et al. is of the sum of moduli, where they do not cancel; it holds to first
order alone, and with half of the printed rate (bao2020/6.4/thm5+). At the optimum g is the smallest gap between the k
largest eigenvalues (bao2020/6.4/g-gap+).

Main results
    spectrum_stays    the sum of all the squares does not move
    squares_fall      the squares above the diagonal fall at the rate g at least, for every G
    attained          at no higher rate: where one pair alone is correlated, its gap is the rate
    orders            the first b diagonal entries together never fall, for every b
"""

from __future__ import annotations

from proofs.bao2020.appendix_e_rag import GRAM_NOTE, G, over_pairs, velocity, y
from proofs.bao2020.notation import ONE, TWO_LATENTS, ZERO, b, i, j, k, n
from proofs.bao2020.rag import ASCENDING_PAIR, SCALE_RAG, D, d
from proofs.claim import claim
from proofs.kernel.expressions import Basis, Entry, Expr, Extremum, Named, SqNorm, Sum, Sym
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.flow import Flow
from proofs.tactics.extrema import Member
from proofs.tactics.relations import Lemma, Scaled
from proofs.tactics.sums import Termwise

WHERE = "the rotation of RAG, with zero reconstruction gradients"
MOVES = f"Ġ = (AG + GAᵀ)/n, by bao2020/E.4/dYY. {GRAM_NOTE}"
FLOW = Flow(((G, velocity(G)),))
SQUARES = Named("F", over_pairs(y(i, j) ** 2))
x = Sym("x")


def gap(a: Expr, c: Expr) -> Expr:
    """(y_aa − y_cc)/n."""
    return (y(a, a) - y(c, c)) / n


@claim("lae/rag/spectrum", where=WHERE, convention=SCALE_RAG, note=MOVES)
def spectrum_stays() -> Chain:
    """The sum of the squares of all entries stays."""
    return eq(FLOW.rate(SqNorm(G)), ZERO)


@claim("lae/rag/rate", where=WHERE, given=[TWO_LATENTS], convention=SCALE_RAG, note=MOVES)
def squares_fall() -> Chain:
    """The squares above the diagonal fall at the rate g at least, so their root at g/2: g is the least gap of G's."""
    least = Named("g", Extremum("min", i, ONE, k - 1, Extremum("min", j, i + 1, k, gap(i, j))))
    smallest = Lemma(least, "≤", gap(i, j), Member(i, Member(j)))
    reason = Termwise(Termwise(Scaled(smallest, y(i, j) ** 2)))
    return chain(
        FLOW.rate(SQUARES),
        "=",
        over_pairs(-gap(i, j) * y(i, j) ** 2),
        "≤",
        (over_pairs(-least * y(i, j) ** 2), reason),
        "=",
        -least * SQUARES,
    )


@claim(
    "lae/rag/rate/attained",
    where=WHERE,
    given=[ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=f"{MOVES} Here G = diag(d) + x(e_ie_jᵀ + e_je_iᵀ), of which y_ij² = x² is all there is above the diagonal.",
)
def attained() -> Chain:
    """Where one pair alone is correlated its square falls at the rate (d_i − d_j)/n: with the closest pair at g."""
    e_i, e_j = Basis(i, k), Basis(j, k)
    gram = D + x * (e_i @ e_j.T + e_j @ e_i.T)
    return eq(2 * x * Entry(velocity(gram), i, j), -(d[i] - d[j]) / n * x**2)


@claim("lae/rag/orders", where=WHERE, convention=SCALE_RAG, note=MOVES)
def orders() -> Chain:
    """The first b codes together gain what they share with the others, for every b: the variance moves to the front."""
    shared = Sum(i, ONE, b, Sum(j, b + 1, k, y(i, j) ** 2))
    return chain(FLOW.rate(Sum(i, ONE, b, y(i, i))), "=", 1 / n * shared, "≥", ZERO)
