"""The extreme eigenvalues of a Hessian, exactly: which of its blocks hold them, for all sizes.

The eigenvalues of a Hessian are those of its blocks. Of the block of one latent they are known in closed form. The
block of a latent and an unlearned component u is affine in a weight w_u; its least eigenvalue is concave, so that one
of the ends holds the least of all, and its greatest one grows.

Main results
    ByBlocks    s_min and s_max as the least and the greatest over few blocks
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proofs.algebra import normal
from proofs.algebra.printing import text
from proofs.algebra.small import det
from proofs.claim import Outcome
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Entry, Expr, Extremum, Eye, Pick, Sym, integer, lift, mul
from proofs.kernel.propositions import Rel
from proofs.methods.blocks import ITSELF, OUTWARD, PAIR, a, d
from proofs.methods.hessian_blocks import Near
from proofs.methods.inequality import Verdict, no, prove, proves
from proofs.methods.order import Arena, opened
from proofs.methods.spectrum import Extreme, stationary

i, j, x = integer("i"), integer("j"), Sym("x")


@dataclass(frozen=True)
class ByBlocks:
    """s_min (s_max) of the Hessian where all latents are learned, as a minimum (maximum) over blocks.

    Attributes
    ----------
    near
        The loss and the point.
    singles
        The eigenvalues of the block of one latent, but zeros.
    places
        For ``min`` and ``max``: at which latent each of them is extreme; None where the block of the latent and the
        first unlearned component goes beyond it, by its first entry.
    weight
        w_u, in which the block of a latent and an unlearned component u is affine; it falls with u.
    slope
        (det(xI − H_u) − det(xI − H_k+1))/(w_k+1 − w_u) of latent i, where x exceeds the block's last entry by a third.
    """

    near: Near
    singles: tuple[Callable[[Expr], Expr], ...]
    places: Mapping[str, tuple[Expr | None, ...]]
    weight: Callable[[Expr], Expr]
    slope: Callable[[Expr, Expr, Expr], Expr]

    def over(self, kind: str) -> Pick:
        """The terms: of single latents, of all pairs, and of the ends of the unlearned components."""
        _, k, _ = self.near.splitting.sizes
        one, named = lift(1), f"s_{kind}"
        closed = [single(place) for single, place in zip(self.singles, self.places[kind], strict=True) if place]
        pair = Extreme(named, self.near.block(PAIR, i, j))
        pairs = Extremum(kind, i, one, k - 1, Extremum(kind, j, i + 1, k, pair))
        blocks = (self.near.block(OUTWARD, i, end) for end in self.ends(kind))
        return Pick(kind, (*closed, pairs, *(Extremum(kind, i, one, k, Extreme(named, h)) for h in blocks)))

    def ends(self, kind: str) -> tuple[Expr, ...]:
        """The unlearned components that may hold the extreme."""
        _, k, m = self.near.splitting.sizes
        return (k + 1, m) if kind == "min" else (k + 1,)

    def prove(self, left: Expr, relation: str, right: Expr, arena: Arena) -> Verdict:
        side, (_, k, _) = opened(left), self.near.splitting.sizes
        if not isinstance(side, Extreme) or side.singular or opened(side.matrix) != self.near.hessian:
            return no("not an extreme eigenvalue of this Hessian")
        kind = side.kind.removeprefix("s_")
        if relation != "=" or kind not in self.places or right != self.over(kind):
            return no("not the extreme over these blocks")
        if not self.applies(side, arena):
            return no("not a stationary point where all latents are learned and have these eigenvalues")
        for single, place in zip(self.singles, self.places[kind], strict=True):
            index, inside = arena.generic(i, lift(1), k)
            bound = single(place) if place else self.entry(index)
            found = prove(single(index), "≥" if kind == "min" else "≤", bound, "", inside)
            if not proves(found):
                return no(f"{text(single(index))} against {text(bound)}: {found[1]}")
        return self.between(arena) if kind == "min" else self.rising(arena)

    def entry(self, index: Expr) -> Expr:
        """The first entry of the block of a latent and the first unlearned component: between its eigenvalues."""
        _, k, _ = self.near.splitting.sizes
        halves = self.near.splitting.entries(self.near.loss, self.near.points)[OUTWARD]
        return 2 * substitute(halves[0][0], {a: index, d: k + 1})

    def applies(self, side: Extreme, arena: Arena) -> bool:
        """Whether the point is stationary, all latents are learned, and the eigenvalues of each alone are known."""
        ell, k, _ = self.near.splitting.sizes
        return Rel(ell, "=", k) in arena.relations and stationary(self.near.hessian) and self.closed(side.null)

    def closed(self, null: Any) -> bool:
        """Whether det(xI − H) of one latent is the product of x − its eigenvalues, and of x for null directions."""
        h = self.near.block(ITSELF, i)
        zeros = h.shape[0] - len(self.singles)
        product = mul(x**zeros, *(x - single(i) for single in self.singles))
        counted = normal.equal(lift(null), zeros * self.near.splitting.sizes[1])
        return counted and normal.equal(det(x * Eye(h.shape[0]) - h), product)

    def between(self, arena: Arena) -> Verdict:
        """(w_k+1 − w_m) H_u = (w_u − w_m) H_k+1 + (w_k+1 − w_u) H_m, with weights that are not negative."""
        _, k, m = self.near.splitting.sizes
        u, inside = arena.generic(integer("u"), k + 1, m)
        h, first, last = (self.near.block(OUTWARD, i, end) for end in (u, k + 1, m))
        w, high, low = (self.weight(end) for end in (u, k + 1, m))
        if not normal.equal((high - low) * h, (w - low) * first + (high - w) * last):
            return no("the block of an unlearned component is not affine in its weight")
        for larger, smaller in ((high, w), (w, low)):
            found = prove(larger, "≥", smaller, "", inside)
            if not proves(found):
                return no(f"{text(larger)} ≥ {text(smaller)}: {found[1]}")
        return Outcome.PROVED, "the eigenvalues are those of the blocks; concave in the unlearned one"

    def rising(self, arena: Arena) -> Verdict:
        """From x = h on, the lower diagonal entry, det(xI − H_u) falls as w_u grows; at x = h it is not positive."""
        _, k, m = self.near.splitting.sizes
        u, inside = arena.generic(integer("u"), k + 1, m)
        h, first = (self.near.block(OUTWARD, i, end) for end in (u, k + 1))
        corner, over = Entry(h, lift(2), lift(2)), Sym("x·")
        if not normal.equal(det(corner * Eye(2) - h), -(Entry(h, lift(1), lift(2)) ** 2)):
            return no("the corner of a block is not below its largest eigenvalue")
        shifted = (corner + over) * Eye(2)
        drop = det(shifted - h) - det(shifted - first)
        wanted = (self.weight(k + 1) - self.weight(u)) * self.slope(i, u, over)
        _, inside = inside.generic(i, lift(1), k)
        steps = (
            (drop, "=", wanted),
            (self.slope(i, u, over), "≥", lift(0)),
            (self.weight(k + 1), "≥", self.weight(u)),
        )
        for one, op, other in steps:
            found = prove(one, op, other, "", inside.knowing(Rel(over, "≥", lift(0))))
            if not proves(found):
                return no(f"{text(one)} {op} {text(other)}: {found[1]}")
        return Outcome.PROVED, "the eigenvalues are those of the blocks; the largest grows with the unlearned one"
