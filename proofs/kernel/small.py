"""Matrices written out entry by entry, and the determinant of a matrix of known size.

Main results
    Symmetric, symmetric    a symmetric matrix from its upper triangle
    Column, column          a column from its entries
    Det, det                a determinant, by permutations where its size is known
    Block                   VᵀHV for a Hessian H and few directions, the columns of V
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Column, Det, Expr, Symmetric, column, det, symmetric
from proofs.kernel.meaning import RULES, Meaning
from proofs.kernel.spectrum import HessianAt, Vector, unused
from proofs.kernel.tensor import COLUMN, EQUAL, ROW, Polynomial, atom, constant, number, plus, replaced, times


@dataclass(frozen=True, eq=False)
class Block(Expr):
    """VᵀHV: the second derivatives of a loss along few directions, each a change of every weight."""

    hessian: HessianAt
    changes: tuple[Expr, ...] = ()
    costly = True

    def __post_init__(self) -> None:
        shapes = [w.shape for w in self.hessian.letters[: self.hessian.weights]]
        if any([x.shape for x in v] != shapes for v in self.directions):
            E.misfit("directions of other shapes than the weights")

    @property
    def stands_for(self) -> tuple[Expr, ...]:
        """Its entries."""
        size = range(len(self.directions))
        return tuple(self.entry(a, b) for a in size for b in size[a:])

    @property
    def directions(self) -> tuple[Vector, ...]:
        """The columns of V."""
        count = self.hessian.weights
        return tuple(self.changes[at : at + count] for at in range(0, len(self.changes), count))

    @property
    def shape(self) -> E.Shape:
        return (len(self.directions),) * 2

    def entry(self, a: int, b: int) -> Expr:
        """An entry, from 0."""
        v, w = self.directions[a], self.directions[b]
        speaks = (*v, *w, *self.hessian.values, self.hessian.loss)
        s, t = unused("s", *speaks), unused("t", *speaks)
        return E.Coeff(E.Coeff(self.hessian.moved((s, v), (t, w)), s, 1), t, 1)


def signed_permutations(size: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every permutation with its sign.

    Examples
    --------
    >>> list(signed_permutations(2))
    [(1, (0, 1)), (-1, (1, 0))]
    """
    for order in permutations(range(size)):
        inversions = sum(order[a] > order[b] for b in range(size) for a in range(b))
        yield (-1) ** inversions, order


__all__ = ["Block", "Column", "Det", "Symmetric", "column", "det", "signed_permutations", "symmetric"]


# -- what they mean --------------------------------------------------------------------------------


def written(m: Meaning, rows: Sequence[Sequence[Expr]]) -> Polynomial:
    """Σ_ij a_ij [row = i] [column = j]."""

    def unit(i: int, j: int) -> Polynomial:
        return times(atom(EQUAL, ROW, constant(i + 1)), atom(EQUAL, COLUMN, constant(j + 1)))

    return plus(*(times(m.value(x), unit(i, j)) for i, row in enumerate(rows) for j, x in enumerate(row)))


def block(m: Meaning, e: Block) -> Polynomial:
    """Second derivatives do not depend on their order."""
    size = len(e.directions)
    upper = {(a, b): e.entry(a, b) for a in range(size) for b in range(a, size)}
    return written(m, [[upper[min(a, b), max(a, b)] for b in range(size)] for a in range(size)])


def determinant(m: Meaning, e: Det) -> Polynomial:
    """Of a known size: Σ over permutations, row by row."""
    if not isinstance(e.size, int):
        return m.unknown(e)
    p, size = m.value(e.arg), range(e.size)
    entry = [
        [m.normal(replaced(p, (ROW[0], constant(i + 1)), (COLUMN[0], constant(j + 1)))) for j in size] for i in size
    ]
    out: Polynomial = {}
    for sign, order in signed_permutations(e.size):
        term = number(sign)
        for row, col in enumerate(order):
            term = m.normal(times(term, entry[row][col]))
        out = plus(out, term)
    return out


RULES[Symmetric] = lambda m, e: written(m, e.rows())
RULES[Column] = lambda m, e: written(m, [[x] for x in e.entries])
RULES[Block] = block
RULES[Det] = determinant
