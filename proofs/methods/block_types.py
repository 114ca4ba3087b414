"""The block types of a Hessian at a point where latent axis a ≤ ℓ holds component a and nothing else is learned.

With Z1 and Z2 the change of W1 and W2 in principal axes, the second variation falls into forms of 2 and 4 coordinates,
one for every pair of

    a, b    components that are learned, with their latent axes
    s       spare latent axes
    d       components that are not learned.

Main results
    Kind         a block type: its indices and its coordinates
    Splitting    the principal axes of the data, and the sizes
    canonical    the listed point whose latent axis a holds component a
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proofs.algebra.evaluate import Undefined
from proofs.kernel.expressions import Expr, Letter, Sym, integer
from proofs.methods.stationarity import Points, relabel

a, b, s, d = (integer(name) for name in "absd")

Coordinate = tuple[int, Sym, Sym]
"""An entry of Z1 (0) or Z2 (1): which, its row, its column."""


@dataclass(frozen=True)
class Kind:
    """A block type: the indices of a block, in order, and its coordinates."""

    indices: tuple[Sym, ...]
    coordinates: tuple[Coordinate, ...]


ITSELF = Kind((a,), ((0, a, a), (1, a, a)))
PAIR = Kind((a, b), ((0, a, b), (1, b, a), (0, b, a), (1, a, b)))
OUTWARD = Kind((a, d), ((0, a, d), (1, d, a)))
INWARD = Kind((s, a), ((0, s, a), (1, a, s)))
SLOT = Kind((s, d), ((0, s, d), (1, d, s)))


@dataclass(frozen=True)
class Splitting:
    """Where the Hessian falls into blocks.

    Attributes
    ----------
    data
        The data in principal axes: X ↦ U Σ Vᵀ.
    axes
        U.
    sizes
        ℓ, k and m: how many components are learned, the latent axes, the components.
    """

    data: Mapping[Expr, Expr]
    axes: Letter
    sizes: tuple[Sym, Sym, Sym]


def canonical(points: Points) -> tuple[Expr, ...]:
    """The listed point whose latent axis a holds component a."""
    if points.canonical is None:
        raise Undefined("no canonical coordinates")
    return tuple(relabel(f, points.canonical) for f in points.form)
