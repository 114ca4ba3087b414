"""A block of the Hessian at a stationary point, as a matrix of a statement.

With ū_q the principal directions, the coordinates of a block are directions such as W1 ↦ e_p ū_qᵀ and W2 ↦ ū_p e_qᵀ.
They are orthonormal, and span a space that the Hessian H maps into itself: HV = VM for the matrix V of the
directions, and M is the block.

For all sizes its entries are second derivatives of the loss along pairs of directions. At an instance it is measured:
the dense Hessian by power series is applied to every direction, and M exists only if the images lie in the span. So a
printed block, its determinant or its characteristic polynomial is the member of a chain like any other, with two
witnesses that share no formula.

Main results
    Near          a loss near its listed points
    Near.block    a block of the Hessian there, as an expression
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.printing import latex, text
from proofs.kernel import expressions as E
from proofs.kernel.spectrum import Block, HessianAt, Vector
from proofs.methods.block_types import Coordinate, Kind, Splitting, canonical
from proofs.methods.stationarity import Points


@dataclass(frozen=True)
class Near:
    """A loss near its listed points, which fall into blocks in the principal axes of ``splitting``."""

    loss: E.Expr
    points: Points
    splitting: Splitting

    @property
    def hessian(self) -> HessianAt:
        """The Hessian at the canonical point, for data in principal axes."""
        (w1, w2), data = self.points.letters, self.splitting.data
        letters: tuple[Any, ...] = (w1, w2, *data)
        return HessianAt(self.loss, letters, (*canonical(self.points), *data.values()), 2 * w1.rows * w1.cols)

    def block(self, kind: Kind, *indices: E.Expr) -> E.Named:
        """The block of a type at indices, printed as H with these indices."""
        shown = indices * 2 if len(indices) == 1 else indices
        subscripts = [" ".join(map(latex, shown)), "".join(map(text, shown))]
        place = dict(zip(kind.indices, indices, strict=True))
        changes = (change for c in kind.coordinates for change in self.direction(c, place))
        return E.Named(f"H_{{{subscripts[1]}}}", Block(self.hessian, tuple(changes)), f"H_{{{subscripts[0]}}}")

    def direction(self, coordinate: Coordinate, place: Mapping[E.Sym, E.Expr]) -> Vector:
        """W1 ↦ e_p ū_qᵀ, or W2 ↦ ū_p e_qᵀ."""
        (w1, w2), axes = self.points.letters, self.splitting.axes
        weight, row, col = coordinate[0], place[coordinate[1]], place[coordinate[2]]
        if weight == 0:
            return E.Basis(row, w1.rows) @ (axes @ E.Basis(col, w1.cols)).T, E.Zero(*w2.shape)
        return E.Zero(*w1.shape), axes @ E.Basis(row, w2.rows) @ E.Basis(col, w2.cols).T


def _measured(e: Block, at: Instance) -> np.ndarray:
    """M with HV = VM."""
    hessian = evaluate(e.hessian, at)
    v = np.array([np.concatenate([evaluate(x, at).ravel() for x in d]) for d in e.directions], dtype=object).T
    image = hessian @ v
    found = v.T @ image
    if not all(isinstance(x, fmpq) for x in image.flat) or np.any(image != v @ found):
        raise Undefined("the Hessian does not map the span of the directions into itself")
    return found


V.RULES[Block] = _measured
