"""The extreme eigenvalues of a Hessian, exactly, as the least and the greatest over few of its blocks.

The eigenvalues of a Hessian are those of its blocks. Of the block of one latent they are known in closed form. The
block of a latent and an unlearned component u is affine in a weight w_u; its least eigenvalue is concave, so that one
of the ends holds the least of all, and its greatest one grows.

That no other block goes beyond is not shown for all sizes: the claims are certified at instances.

Main results
    Extremes    s_min and s_max as the least and the greatest over few blocks
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from proofs.kernel.expressions import Expr, Extremum, Pick, integer, lift
from proofs.kernel.spectrum import Extreme
from proofs.methods.block_types import OUTWARD, PAIR
from proofs.methods.hessian_blocks import Near

i, j = integer("i"), integer("j")


@dataclass(frozen=True)
class Extremes:
    """s_min (s_max) of the Hessian where all latents are learned, as a minimum (maximum) over blocks.

    Attributes
    ----------
    near
        The loss and the point.
    singles
        The eigenvalues of the block of one latent, but zeros.
    places
        For ``min`` and ``max``: at which latent each of them is extreme; None where other blocks go beyond it.
    """

    near: Near
    singles: tuple[Callable[[Expr], Expr], ...]
    places: Mapping[str, tuple[Expr | None, ...]]

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
