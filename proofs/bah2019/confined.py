"""Bah et al. 2019: balanced layers whose product is bounded are bounded, so that their gradient flow converges.

With S = W_1W_1ᵀ balance says tr W_jW_jᵀ = tr S for every layer, and ‖W_N ⋯ W_1‖² = tr S^N. As x^N − Nx + N − 1 is
(x − 1)² times a polynomial that is positive for x ≥ 0, N tr S ≤ tr S^N + (N − 1) d_1. Here for N = 2 and 3.

Main results
    unbalanced    W_{j+1}ᵀW_{j+1} − W_jW_jᵀ
    Confined      a flow of balanced layers whose product the loss bounds: by the theorem of Łojasiewicz it converges
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from proofs.kernel import flows, rules
from proofs.kernel.expressions import Expr, Eye, Letter, Named, SqNorm, Tr, Zero, add, lift
from proofs.kernel.propositions import Rel, zero
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Argument, Known, Step, follow, supposed
from proofs.tactics.definite import nonnegative
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import Zeros

Layers = tuple[Letter, ...]


def unbalanced(ws: Layers) -> tuple[Expr, ...]:
    """W_{j+1}ᵀW_{j+1} − W_jW_jᵀ."""
    return tuple(after.T @ after - before @ before.T for before, after in pairwise(ws))


@dataclass(frozen=True)
class Confined:
    """The gradient flow of ``loss`` from balanced layers, whose product is bounded where the loss is not larger.

    Attributes
    ----------
    letters, start, loss
        W_1, …, W_N, where they begin, and the loss.
    room, rest
        ‖W_N ⋯ W_1‖² ≤ ``room`` as ``room`` − ‖W_N ⋯ W_1‖² = ``rest`` ≥ 0; the room does not move.
    given, gap
        The hypotheses by which this equation holds, and what its sides differ by, of their residuals.
    """

    letters: Layers
    start: Layers
    loss: Expr
    room: Expr
    rest: Expr
    given: tuple[Rel, ...] = ()
    gap: Callable[..., Expr] | None = None

    @property
    def gram(self) -> Named:
        """S = W_1W_1ᵀ."""
        first = self.letters[0]
        return Named("S", first @ first.T)

    @property
    def spare(self) -> Expr:
        """tr S^N − N tr S + (N − 1) d_1, as squares."""
        one = Eye(self.gram.shape[0])
        away = SqNorm(self.gram - one)
        return away if len(self.letters) == 2 else SqNorm(self.letters[0].T @ (self.gram - one)) + 2 * away

    @property
    def size(self) -> Expr:
        """‖W_1‖² + … + ‖W_N‖²."""
        return add(*map(SqNorm, self.letters))

    @property
    def bound(self) -> Expr:
        """(N − 1) d_1 and the room."""
        return (len(self.letters) - 1) * lift(self.letters[0].shape[0]) + self.room

    def differs(self, *known: Expr) -> Expr:
        """What ``bound`` − ``size`` and the squares differ by: of the gaps of balance, there and at the start."""
        count, first = len(self.letters) - 1, self.letters[0]
        gaps = [there + begin for there, begin in zip(known[:count], known[count : 2 * count], strict=True)]
        b, s = gaps[0], self.gram
        if count == 1:
            found = Tr(first.T @ b @ first) - Tr(b)
        else:
            inner = self.letters[1] @ first
            cube = Tr(inner.T @ gaps[1] @ inner) + Tr(first.T @ (b @ s + s @ b + b @ b) @ first)
            found = cube - 2 * Tr(b) - Tr(gaps[1])
        return found if self.gap is None else found + self.gap(*known[2 * count :])

    def bounded(self, ground: Ground) -> Theorem:
        """The layers are bounded where they are balanced and the loss is no larger than at the start."""
        there = flows.confined(self.loss, self.letters, self.start, unbalanced(self.letters))
        known = supposed(there, Zeros(ground.supposing(there)))
        squares = self.spare + self.rest
        given = (*(Rel(q, "=", zero(q)) for q in unbalanced(self.start)), *self.given)
        steps: tuple[Argument, ...] = (*map(Known, given), Step(self.differs))
        (equal,), _ = follow(steps, (Rel(self.bound - self.size, "=", squares),), known)
        above = rules.chain((equal, nonnegative(known.ground, squares)))
        return rules.discharge(known.ground.knowing(above).prove(Rel(self.size, "≤", self.bound)), there)

    def settled(self, ground: Ground, limit: Layers) -> Theorem:
        """∃ limit: the flow tends to it, and it is critical; and what else is known of it."""
        kept = unbalanced(self.letters)
        rates = (flows.rate(q, self.loss, self.letters) for q in kept)
        rests = tuple(ground.prove(Rel(x, "=", Zero(*x.shape))) for x in rates)
        return flows.settles(self.loss, self.letters, self.start, limit, kept, rests, self.bounded(ground))
