"""Eckart–Young with equality: of rank b nothing but the first b components is nearest, as the argument of a claim.

That ‖X − ABX‖² ≥ Σ_{j > b} σ_j² for X = UΣVᵀ is a fact of the literature. Where it is an equality ABX is stationary
(:mod:`proofs.tactics.best`), so that P = UᵀABU is a projection, and the distance is Σ_j σ_j² ‖(I − P)e_j‖². Of I the
distance of P is at least m − b, by the same fact. Weighed with σ_j² − σ_b² for j ≤ b and σ_b² − σ_j² for j > b nothing
is left of P but Π_b. Used are σ_1 > … > σ_m > 0.

Main results
    BestRank         the distance, its least value, and the steps from one to P = Π_b
    EachOfTheMean    a mean of distances that is least has least distances
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs.kernel import rules
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    add,
    integer,
    lift,
)
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Argument, Step, fact
from proofs.tactics.best import Best
from proofs.tactics.ground import Ground
from proofs.tactics.nearest import Nearest
from proofs.tactics.vanishing import Zeros, by_ring, from_residual, least

j = integer("j")
UNIT = Family("1", define=lambda a: ONE)


@dataclass(frozen=True)
class Exceeds:
    """That a distance exceeds the best of its rank is known from then on."""

    nearest: Nearest
    distance: Expr
    value: Expr

    @property
    def slack(self) -> Named:
        return Named("s", self.distance - self.value)

    @property
    def goal(self) -> Rel:
        return Rel(self.slack, "≥", ZERO)

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        found = self.nearest.theorem(zeros.ground, Rel(self.distance, "≥", self.value))
        t = rules.differ(found)
        zeros.ground = zeros.ground.knowing(t)
        return t


@dataclass(frozen=True)
class BestRank:
    """The distance of ABX from X = UΣVᵀ, where A has b columns.

    Attributes
    ----------
    axes, values, samples
        U, σ and V.
    decoder, encoder, map
        A, B and AB, which may be written otherwise.
    """

    axes: Letter
    values: Family
    samples: Letter
    decoder: Expr
    encoder: Expr
    map: Expr

    @property
    def size(self) -> Expr:
        return lift(self.axes.cols)

    @property
    def rank(self) -> Expr:
        return lift(self.decoder.shape[1])

    @property
    def spectrum(self) -> Diag:
        return Diag(self.values, self.axes.cols, "Σ")

    @property
    def data(self) -> Expr:
        return self.axes @ self.spectrum @ self.samples.T

    @property
    def distance(self) -> Expr:
        return SqNorm(self.data - self.map @ self.data)

    @property
    def value(self) -> Sum:
        """Σ_{j > b} σ_j²."""
        return Sum(j, self.rank + 1, self.size, self.values[j] ** 2)

    @property
    def nearest(self) -> Nearest:
        return Nearest(self.data, self.values, self.decoder, self.encoder @ self.data)

    @property
    def turned(self) -> Named:
        return Named("P", self.axes.T @ self.map @ self.axes)

    def steps(self, indices: tuple[Sym, Sym]) -> tuple[Argument, ...]:
        """From distance = value to P = Π_b; ``indices`` are a generic one up to b, and one beyond."""
        i, c = indices
        σ, b, m, P = self.values, self.rank, self.size, self.turned
        unit = Eye(self.axes.cols)
        best = Best(self.data, σ, self.decoder, self.encoder @ self.data, self.value, after=True)
        idempotent = Named("η", P.T - P.T @ P)
        whole = Exceeds(
            Nearest(self.axes @ Diag(UNIT, m) @ self.axes.T, UNIT, self.decoder, self.encoder),
            SqNorm(unit - P),
            Sum(j, b + 1, m, ONE),
        )
        distance = Named("δ", self.distance - self.value)

        def lost(weight: Expr, without: tuple[Sym, ...] = ()) -> Expr:
            return Sum(j, ONE, b, weight * SqNorm((unit - P) @ Basis(j, m)), without)

        def extra(weight: Expr, without: tuple[Sym, ...] = ()) -> Expr:
            return Sum(j, b + 1, m, weight * SqNorm(P @ Basis(j, m)), without)

        def rest(weight: Expr) -> Expr:
            return 2 * Sum(j, b + 1, m, weight * Entry(idempotent, j, j))

        def beyond(gap: Expr) -> Expr:
            others = lost(σ[j] ** 2 - σ[b] ** 2) + extra(σ[b] ** 2 - σ[j] ** 2, (c,))
            return (σ[b] ** 2 - σ[c] ** 2) * SqNorm(gap) + others + σ[b] ** 2 * whole.slack

        def within(gap: Expr) -> Expr:
            return σ[i] ** 2 * SqNorm(gap) + lost(σ[j] ** 2, (i,))

        return (
            Step(lambda *f: distance, Rel(SqNorm(best.rest), "=", self.value)),
            best,
            Step(
                lambda *f: self.axes.T @ self.encoder.T @ f[-1] @ self.samples @ self.spectrum**-1,
                fact(idempotent.body, "=", 0),
            ),
            whole,
            Step(lambda *f: distance + rest(σ[j] ** 2 - σ[b] ** 2), fact(P @ Basis(c, m), "=", 0), beyond),
            Step(
                lambda *f: distance + extra(σ[j] ** 2) + rest(σ[j] ** 2), fact((unit - P) @ Basis(i, m), "=", 0), within
            ),
            Step(lambda *f: lost(ONE) + extra(ONE), Rel(P, "=", Proj(b, m)), SqNorm),
        )


@dataclass(frozen=True)
class EachOfTheMean:
    """distance(b) = value(b) where Σ_c w_c (distance(c) − value(c)) = 0, w_c ≥ 0 and w_b > 0.

    Attributes
    ----------
    of
        The distance of each rank c.
    weights, last, rank
        w, the number of ranks, and b.
    by
        What the sum is a combination of: of the residuals of what is known.
    """

    of: Callable[[Expr], BestRank]
    weights: Family
    last: Expr
    rank: Sym
    by: Callable[..., Expr]

    @property
    def goal(self) -> Rel:
        best = self.of(self.rank)
        return Rel(best.distance, "=", best.value)

    def slack(self, rank: Expr) -> Expr:
        best = self.of(rank)
        return best.distance - best.value

    def theorem(self, goal: Rel, zeros: Zeros) -> Theorem:
        ground, c, b, w = zeros.ground, integer("c"), self.rank, self.weights
        any_, inside = ground.generic(c, ONE, self.last)
        each = rules.generalise(self.above(any_, inside), any_, ONE, self.last)
        others = Sum(c, ONE, self.last, w[c] * self.slack(c), (b,))
        terms = (others, w[b] * self.slack(b))
        combination = self.by(*zeros.residuals)
        total = rules.chain((by_ring(ground, add(*terms), combination), zeros.of(combination)))
        below = least(terms, 1, (w[b],), self.slack(b), total, ground.knowing(each))
        same = rules.antisymmetry(below, self.above(b, ground))
        return from_residual(same, goal, ground)

    def above(self, rank: Expr, ground: Ground) -> Theorem:
        best = self.of(rank)
        return rules.differ(best.nearest.theorem(ground, Rel(best.distance, "≥", best.value)))
