"""The best approximation of given rank, a fact of the literature.

Main results
    eckart_young    ‖X − A Π_b B‖² ≥ Σ_{i > b} s_i² for X = P diag(s) Qᵀ with s_1 ≥ … ≥ s_m ≥ 0
"""

from __future__ import annotations

from collections.abc import Iterable

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, renewed
from proofs.kernel.expressions import Expr, Letter, integer, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import ONE, ZERO, Every, Rel, diagonal_entry
from proofs.kernel.rules import relation, same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem


@fact(
    "Eckart–Young",
    "Of all matrices of rank at most b, the first b terms of the singular value decomposition are nearest in ‖·‖_F.",
    "C. Eckart, G. Young, The approximation of one matrix by another of lower rank, Psychometrika 1 (1936) 211–218",
)
def eckart_young(
    svd: Theorem, falling: Theorem, signs: Theorem, a: Expr, b: Expr, rank: Expr, counted: Theorem
) -> tuple[Iterable[Expr], Expr]:
    """From X = P D Qᵀ with orthonormal P and Q and a diagonal D, ∀ 1 ≤ i ≤ m − 1: D_ii ≥ D_{i+1,i+1}, ∀ 1 ≤ i ≤ m:
    D_ii ≥ 0, and 0 ≤ b: ‖X − A Π_b B‖² ≥ Σ_{i=b+1}^m D_ii².

    Proof. A Π_b B has at most the rank b. By Weyl's inequality s_i(X − C) ≥ s_{i+b}(X) for every C of such a rank, and
    ‖X − C‖² is the sum of the squares of the s_i(X − C). The D_ii, falling and not negative, are the singular values of
    X.
    """
    r = relation(svd, "=")
    want(isinstance(r.right, E.Mul) and len(r.right.factors) == 3, "no product of three")
    p, d, q = r.right.factors  # type: ignore[attr-defined]
    want(isinstance(q, E.T), "the last factor is transposed")
    for letter in (p, q.arg):
        want(isinstance(letter, Letter) and "orthonormal" in letter.traits, f"{letter} is not declared orthonormal")
    i = renewed(integer("•e"), free(r.right) | free(rank))
    entry, after = diagonal_entry(d, i), diagonal_entry(d, i + 1)
    want(entry is not None and after is not None, f"{d} is not diagonal by its form")
    m = lift(d.shape[0])
    want(same(falling.says, Every(i, ONE, m - 1, Rel(entry, "≥", after))), "they are not known to fall")  # type: ignore[arg-type]
    want(same(signs.says, Every(i, ONE, m, Rel(entry, "≥", ZERO))), "one may be negative")  # type: ignore[arg-type]
    want(same(counted.says, Rel(ZERO, "≤", rank)), "the rank may be negative")
    index_of(rank)
    distance = E.SqNorm(r.left - a @ E.Proj(rank, a.shape[1]) @ b)
    return [], Rel(distance, "≥", E.Sum(i, rank + 1, m, entry**2))  # type: ignore[operator]
