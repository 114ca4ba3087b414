"""A block of the Hessian at a stationary point, as a matrix of a statement.

With ū_q the principal directions, the coordinates of a block are directions such as W1 ↦ e_p ū_qᵀ and W2 ↦ ū_p e_qᵀ.
They are orthonormal, and span a space that the Hessian H maps into itself: HV = VM for the matrix V of the
directions, and M is the block.

For all sizes M is read off the terms of the second variation (:mod:`proofs.methods.blocks`). At an instance it is
measured: the dense Hessian by power series is applied to every direction, and M exists only if the images lie in the
span. So a printed block, its determinant or its characteristic polynomial is the member of a chain like any other,
with two witnesses that share no formula.

Main results
    Near          a loss near its listed points
    Near.block    a block of the Hessian there, as an expression
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, Undefined, evaluate, number, zeros
from proofs.algebra.printing import latex, text
from proofs.algebra.small import written_out
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.methods.blocks import Kind, Splitting, canonical
from proofs.methods.spectrum import HessianAt
from proofs.methods.stationarity import Points


@dataclass(frozen=True, eq=False)
class BlockOf(E.Expr):
    """The block of a type at given indices; ``near`` says where."""

    hessian: HessianAt
    indices: tuple[E.Expr, ...]
    kind: Kind = field(metadata=E.LEAF)
    near: Any = field(metadata=E.LEAF, compare=False)

    @property
    def shape(self) -> E.Shape:
        return (len(self.kind.coordinates),) * 2


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
        return E.Named(f"H_{{{subscripts[1]}}}", BlockOf(self.hessian, indices, kind, self), f"H_{{{subscripts[0]}}}")


def directions(e: BlockOf, at: Instance) -> np.ndarray:
    """The directions of the coordinates as columns, entries of W1 row by row before those of W2."""
    place = {s: number(i, at) for s, i in zip(e.kind.indices, e.indices, strict=True)}
    axes = evaluate(e.near.splitting.axes, at)
    latents, components = (V.size(s, at) for s in e.hessian.letters[0].shape)
    out = zeros(2 * latents * components, len(e.kind.coordinates))
    for column, (weight, row, col) in enumerate(e.kind.coordinates):
        latent, component = (place[row], place[col]) if weight == 0 else (place[col], place[row])
        if not (1 <= latent <= latents and 1 <= component <= components):
            raise Undefined(f"no latent {latent} or no component {component}")
        change = zeros(latents, components)
        change[latent - 1, :] = axes[:, component - 1]
        half = latents * components
        out[weight * half : (weight + 1) * half, column] = (change if weight == 0 else change.T).ravel()
    return out


def _measured(e: BlockOf, at: Instance) -> np.ndarray:
    """M with HV = VM."""
    hessian, v = evaluate(e.hessian, at), directions(e, at)
    image = hessian @ v
    found = v.T @ image
    if not all(isinstance(x, fmpq) for x in image.flat) or np.any(image != v @ found):
        raise Undefined("the Hessian does not map the span of the directions into itself")
    return found


def _derived(e: BlockOf) -> normal.Form:
    """Twice the second-order term of the loss, in the coordinates of the block."""
    matrix = e.near.splitting.entries(e.near.loss, e.near.points)[e.kind]
    named: dict[E.Expr, E.Expr] = dict(zip(e.kind.indices, e.indices, strict=True))
    rows = [[2 * substitute(x, named) for x in row] for row in matrix]
    return normal.normal_form(written_out(rows))


V.RULES[BlockOf] = _measured
normal.RULES[BlockOf] = _derived
