"""Exact random quantities: numbers, indices and matrices as they were declared, and nothing that was not.

A real takes both signs and 0; an integer lies in the range that it was declared with; a matrix has the traits that were
declared, in every combination, or there is none.

Main results
    rational, angle         numbers and angles of a given height
    orthogonal              matrices
    letter_value            a matrix with traits
    members                 how many members of a family are drawn
    index_value             an integer of a range
"""

from __future__ import annotations

from random import Random

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import Angle, Instance, Undefined, diagonal, evaluate, matrix, zeros
from proofs.kernel import expressions as E

FURTHER = 3
"""How far an integer without a greatest, or least, value is drawn from its other end, if an instance has no REACH."""
REACH, DENSE = "reach", 9
"""Marks large instances, whose matrices are full: what vanishes there vanishes for all."""
THIN, HALF = 3, 0.5
"""One matrix in so many has zeros, as a share of its entries: products of what is not 0 vanish, and ranks fall."""
STRAIGHT = 6
"""One angle in so many is π, which the tangent of no half angle reaches."""


def rational(rng: Random, height: int = 4, positive: bool = False) -> fmpq:
    """A small rational; the height bounds numerator and denominator."""
    low = 1 if positive else -height
    return fmpq(rng.randint(low, height), rng.randint(1, max(1, height // 2)))


def angle(rng: Random, height: int = 4) -> Angle:
    """An angle of rational cosine and sine; all the way round."""
    return Angle(fmpq(-1), fmpq(0)) if rng.randrange(STRAIGHT) == 0 else Angle.rational(rational(rng, height))


def orthogonal(rng: Random, n: int, height: int = 2) -> np.ndarray:
    """A rational orthogonal matrix, of either determinant: a product of reflections; the first is of a coordinate."""
    out = diagonal([fmpq(rng.choice((1, -1))), *[fmpq(1)] * (n - 1)][:n])
    for _ in range(2 if height > 1 and n > 1 else 0):
        v = matrix([[rng.randint(-height, height)] for _ in range(n)])
        norm = (v.T @ v)[0, 0]
        if norm != 0:
            out = out - (v @ (v.T @ out)) * (fmpq(2) / norm)
    return out


# -- letters ---------------------------------------------------------------------------------------

SQUARE = {"symmetric", "skew", "psd", "pd"}


def letter_value(letter: E.Letter, rng: Random, at: Instance, height: int) -> np.ndarray:
    """A random exact matrix with all of the letter's traits.

    Raises
    ------
    Undefined
        When no matrix of these sizes has them.
    """
    rows, cols = (int(evaluate(s, at)) if isinstance(s, E.Expr) else s for s in letter.shape)
    traits = set(letter.traits)
    if rows < 0 or cols < 0 or (rows != cols and traits & SQUARE):
        raise Undefined(f"{letter.name} is {rows}×{cols}")
    if "skew" in traits and traits & {"symmetric", "diagonal", "psd"}:
        return zeros(rows, cols)
    if "orthonormal" in traits:
        return frame(letter, traits, rng, rows, cols, height)
    if "diagonal" in traits:
        return on_diagonal(traits, rng, rows, cols, height)
    a = zeros(rows, cols)
    thin = height == 1 or rng.randrange(THIN) == 0
    height, share = (DENSE, 1) if REACH in at else (height, HALF if thin else 1)
    for index in np.ndindex(a.shape):
        a[index] = rational(rng, height) if rng.random() < share else fmpq(0)
    if "pd" in traits:
        return a @ a.T + diagonal([fmpq(1, rng.choice((1, 1, 50)))] * rows)
    if "psd" in traits:
        rank = rng.randint(0, cols)
        return a[:, :rank] @ a[:, :rank].T if rank else zeros(rows, cols)
    if "symmetric" in traits:
        return a + a.T
    return a - a.T if "skew" in traits else a


def frame(letter: E.Letter, traits: set[str], rng: Random, rows: int, cols: int, height: int) -> np.ndarray:
    """Orthonormal columns, with the other traits."""
    if cols > rows:
        raise Undefined(f"{letter.name} cannot have {cols} orthonormal columns of length {rows}")
    signs = diagonal([fmpq(rng.choice((1, -1))) for _ in range(rows)])
    if traits & {"psd", "pd"}:
        return diagonal([fmpq(1)] * rows)
    if "diagonal" in traits:
        return signs[:, :cols]
    if "symmetric" in traits:
        turn = orthogonal(rng, rows, height)
        return turn @ signs @ turn.T
    return orthogonal(rng, rows, height)[:, :cols]


def on_diagonal(traits: set[str], rng: Random, rows: int, cols: int, height: int) -> np.ndarray:
    a = zeros(rows, cols)
    for place in range(min(rows, cols)):
        x = rational(rng, height, positive="pd" in traits)
        a[place, place] = abs(x) if "psd" in traits else x
    return a


def members(f: E.Family, at: Instance) -> int:
    """As many as its length; of a family of any length, enough for an index one beyond every size."""
    if f.length is not None:
        return int(evaluate(f.length, at))
    return 1 + largest(at)


def largest(at: Instance) -> int:
    """The largest of the integers that were drawn."""
    return max(x for name, x in at.items() if isinstance(x, int) and name not in ("height", REACH))


# -- integers --------------------------------------------------------------------------------------


def index_value(s: E.Sym, rng: Random, at: Instance) -> int:
    """An integer of the range that it was declared with; without one, of either sign, and at times beyond all sizes.

    Raises
    ------
    Undefined
        When the range is empty.
    """
    least, greatest = (None if end is None else int(evaluate(E.lift(end), at)) for end in s.span)
    if least is None and greatest is None:
        least = -1
        greatest = largest(at) + 2 if REACH not in at and rng.random() < HALF else None
    low = least if least is not None else greatest - FURTHER  # type: ignore[operator]
    high = greatest if greatest is not None else low + at.get(REACH, FURTHER)
    if low > high:
        raise Undefined(f"no {s.name} from {low} to {high}")
    return rng.randint(low, high)
