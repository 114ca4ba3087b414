"""Best approximation of given rank: no W2 Π_b W1 X is closer to X than the projection on its first b components.

Main results
    EckartYoung    Σ_b w_b ‖X − A Π_b B X‖² ≥ Σ_b w_b ‖X − U Π_b Uᵀ X‖², U the leading eigenvectors of XXᵀ
"""

from __future__ import annotations

from dataclasses import dataclass

from proofs.algebra import normal
from proofs.claim import Outcome
from proofs.kernel import expressions as E
from proofs.kernel.propositions import Every
from proofs.methods.inequality import Verdict, no, prove, proves
from proofs.methods.order import Arena, monotone


@dataclass(frozen=True)
class EckartYoung:
    """A mean over b of squared distances to A Π_b B X is least at the principal components.

    With P an orthonormal basis of the columns of A Π_b, A Π_b B X = P C and ‖X − PC‖² = ‖X − PPᵀX‖² + ‖PᵀX − C‖².
    Then ‖X − PPᵀX‖² = ‖X‖² − n Σ σ_i² h_i with h_i = ‖Pᵀu_i‖² ∈ [0, 1] and Σ h_i ≤ b, and the sum is largest when
    h_i = 1 for the b largest σ_i²: Σ_{i≤b} σ_i²(1 − h_i) − Σ_{i>b} σ_i² h_i ≥ σ_b² (b − Σ h_i) ≥ 0.

    Attributes
    ----------
    data, decoder, encoder
        X, A and B of the left side.
    basis
        U, the eigenvectors of XXᵀ for the k largest eigenvalues, in descending order of the spectrum's family.
    """

    weights: E.Family
    scale: E.Expr
    data: E.Expr
    decoder: E.Expr
    encoder: E.Expr
    basis: E.Expr
    spectrum: E.Family

    @property
    def tight_at(self) -> tuple[tuple[E.Expr, E.Expr], ...]:
        """Where the bound is attained."""
        return (self.decoder, self.basis), (self.encoder, self.basis.T)

    def mean(self, decoder: E.Expr, encoder: E.Expr) -> E.Expr:
        """Σ_b w_b · scale · ‖X − A Π_b B X‖²."""
        b, k = E.integer("b"), decoder.shape[1]
        distance = E.SqNorm(self.data - decoder @ E.Proj(b, k) @ encoder @ self.data)
        return E.Sum(b, E.lift(1), k, self.weights[b] * self.scale * distance)

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        if relation != "≥":
            return no("a lower bound of the loss")
        sides = ((left, self.mean(self.decoder, self.encoder)), (right, self.mean(self.basis, self.basis.T)))
        total = E.Sum(E.integer("b"), E.lift(1), self.decoder.shape[1], self.weights[E.integer("b")])
        if not proves(prove(total, "=", E.lift(1), "", arena)):
            return no("the weights are not known to add up to 1")
        for side, mean in sides:
            found = prove(side, "=", mean + (1 - total) * self.scale * E.SqNorm(self.data), "", arena)
            if not proves(found):
                return no(f"not a mean of squared distances: {found[1]}")
        falling = any(isinstance(r, Every) and monotone(r) == (self.spectrum.name, ">") for r in arena.relations)
        if not falling or not self.principal() or not pythagoras():
            return no("the basis is not known to be principal")
        b, inside = arena.generic(E.integer("b"), E.lift(1), self.decoder.shape[1])
        if not proves(prove(self.weights[b] * self.scale, "≥", E.lift(0), "", inside)):
            return no("a weight may be negative")
        return Outcome.PROVED, "term by term: the best approximation of rank b is the projection on b components"

    def principal(self) -> bool:
        """Whether XXᵀU = U diag(c σ²) with c > 0 a number times sizes, and UᵀU = I."""
        k, n = self.basis.shape[1], self.data.shape[1]
        squares = E.Diag(self.spectrum, k) ** 2
        lined = normal.equal(self.data @ self.data.T @ self.basis, n * (self.basis @ squares))
        return lined and normal.equal(self.basis.T @ self.basis, E.Eye(k))


def pythagoras() -> bool:
    """‖X − PC‖² = ‖X − PPᵀX‖² + ‖PᵀX − C‖² for orthonormal columns P, of every shape."""
    m, n, r = E.integer("m"), E.integer("n"), E.integer("r")
    x, c = E.Letter("X", m, n), E.Letter("C", r, n)
    p = E.Letter("P", m, r, frozenset({"orthonormal"}))
    return normal.equal(E.SqNorm(x - p @ c), E.SqNorm(x - p @ p.T @ x) + E.SqNorm(p.T @ x - c))
