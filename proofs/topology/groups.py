"""Finite groups of 2 × 2 matrices over a field of p elements.

Main results
    special_linear    SL_2(𝔽_p); for p = 5 the fundamental group of the Poincaré sphere
    commutators       the subgroup that commutators generate
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

Matrix = tuple[int, int, int, int]


def special_linear(p: int) -> frozenset[Matrix]:
    """Matrices of determinant 1.

    >>> len(special_linear(5))
    120
    """
    entries = product(range(p), range(p), range(p), range(p))
    return frozenset((a, b, c, d) for a, b, c, d in entries if (a * d - b * c) % p == 1)


def times(x: Matrix, y: Matrix, p: int) -> Matrix:
    (a, b, c, d), (e, f, g, h) = x, y
    return (a * e + b * g) % p, (a * f + b * h) % p, (c * e + d * g) % p, (c * f + d * h) % p


def inverse(x: Matrix, p: int) -> Matrix:
    """Of a matrix of determinant 1."""
    a, b, c, d = x
    return d, -b % p, -c % p, a


def commutators(group: Iterable[Matrix], p: int) -> frozenset[Matrix]:
    """The subgroup that all xyx⁻¹y⁻¹ generate.

    >>> len(commutators(special_linear(3), 3))  # of 24: the quaternions
    8
    """
    members = tuple(group)
    turned = {times(times(x, y, p), times(inverse(x, p), inverse(y, p), p), p) for x in members for y in members}
    found, todo = {(1, 0, 0, 1)}, [(1, 0, 0, 1)]
    while todo:
        x = todo.pop()
        new = {times(x, y, p) for y in turned} - found
        found |= new
        todo += new
    return frozenset(found)
