"""Best approximation of given rank: no W2 Π_b W1 X is closer to X than the projection on its first b components.

Main results
    EckartYoung    Σ_b w_b ‖X − A Π_b B X‖² ≥ Σ_b w_b ‖X − U Π_b Uᵀ X‖², U the leading eigenvectors of XXᵀ
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq

from proofs.kernel import approximation, rules
from proofs.kernel import expressions as E
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.tactics.equality import needed
from proofs.tactics.prove import Ground, NotFound
from proofs.tactics.vanishing import by_ring, discharged


@dataclass(frozen=True)
class EckartYoung:
    """A mean over b of squared distances to A Π_b B X is least at the principal components.

    Attributes
    ----------
    weights, scale
        w, whose members are not negative and add up to 1, and a factor of every distance.
    data, decoder, encoder
        X, A and B of the left side.
    axes, spectrum, others
        P, s and Q of X = √n P diag(s) Qᵀ.
    basis
        U, the first columns of P.
    """

    weights: E.Family
    scale: E.Expr
    data: E.Expr
    decoder: E.Expr
    encoder: E.Expr
    basis: E.Expr
    axes: E.Expr
    spectrum: E.Family
    others: E.Expr
    samples: E.Expr

    @property
    def tight_at(self) -> tuple[tuple[E.Expr, E.Expr], ...]:
        """Where the bound is attained."""
        return (self.decoder, self.basis), (self.encoder, self.basis.T)

    @property
    def values(self) -> E.Family:
        """The singular values."""
        return E.Family("s", define=lambda a: E.sqrt(self.samples) * self.spectrum[a])

    def distance(self, decoder: E.Expr, encoder: E.Expr, b: E.Sym) -> E.Expr:
        """‖X − A Π_b B X‖²."""
        return E.SqNorm(self.data - decoder @ E.Proj(b, decoder.shape[1]) @ (encoder @ self.data))

    def mean(self, distance: E.Expr, b: E.Sym) -> E.Expr:
        """Σ_b w_b · scale · distance."""
        return E.Sum(b, ONE, self.decoder.shape[1], self.weights[b] * self.scale * distance)

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        if goal.op != "≥":
            raise NotFound("a lower bound of the loss")
        b, inside = ground.generic(E.integer("b"), ONE, E.lift(self.decoder.shape[1]))
        left, right = (self.distance(a, e, b) for a, e in ((self.decoder, self.encoder), (self.basis, self.basis.T)))
        bound = self.nearest(inside, b)
        nearest = rules.chain((bound, by_ring(inside, bound.says.right, right)))  # type: ignore[attr-defined]
        weighted = self.weighted(inside, nearest, b)
        whole = rules.terms(rules.generalise(weighted, b, ONE, E.lift(self.decoder.shape[1])))
        as_mean = ground.prove(Rel(goal.left, "=", self.mean(left, b)))
        there = rules.rename(as_mean, self.tight_at)
        back = rules.mirror(discharged(there, len(as_mean.given), ground))
        return rules.chain((as_mean, whole, back))

    def nearest(self, ground: Ground, b: E.Sym) -> Theorem:
        """‖X − A Π_b B X‖² ≥ Σ_{i > b} s_i²."""
        d = E.Diag(self.values, self.axes.shape[1])
        svd = by_ring(ground, self.data, self.axes @ d @ self.others.T)
        i, last = E.integer("i", "", 1), E.lift(self.axes.shape[1])
        root = rules.root(ground.prove(Rel(self.samples, "≥", ZERO)))

        def scaled(bound: E.Expr, after: Callable[[E.Family, E.Expr], E.Expr]) -> Theorem:
            var, inside = ground.generic(i, ONE, bound)
            fact = inside.prove(Rel(self.spectrum[var], "≥", after(self.spectrum, var)))
            goal = Rel(self.values[var], "≥", after(self.values, var))
            shape = Positive((((1, 1), fmpq(1)),), (((0, 0), fmpq(1)),))
            found = rules.positive(goal, (fact, root), shape, (*needed(inside, goal), *inside.indices))
            return rules.generalise(found, var, ONE, bound)

        falling, signs = scaled(last - 1, lambda f, a: f[a + 1]), scaled(last, lambda f, a: ZERO)
        counted = ground.order(ZERO, "≤", b)
        return approximation.eckart_young(svd, falling, signs, self.decoder, self.encoder @ self.data, b, counted)

    def weighted(self, ground: Ground, nearest: Theorem, b: E.Sym) -> Theorem:
        """w_b · scale · distance ≥ w_b · scale · its bound."""
        r = nearest.says
        factors = ground.prove(Rel(self.weights[b], "≥", ZERO)), ground.prove(Rel(self.scale, "≥", ZERO))
        weight = self.weights[b] * self.scale
        goal = Rel(weight * r.left, "≥", weight * r.right)  # type: ignore[attr-defined]
        known = tuple(dict.fromkeys(n for p in (goal, *(f.says for f in factors), r) for n in needed(ground, p)))
        shape = Positive((((1, 1, 1), fmpq(1)),), (((0, 0, 0), fmpq(1)),))
        return rules.positive(goal, (*factors, nearest), shape, (*known, *ground.indices))
