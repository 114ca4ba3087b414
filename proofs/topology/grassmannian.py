"""The Morse complex of L_X on Gr_k(ℝ^m), over the integers.

Its critical points are the index sets I of k principal directions. The flow of −∇L_X turns directions towards those of
smaller index, which have larger eigenvalues: the planes that flow down from I have one basis in echelon form, row i ∈ I
with 1 in column i and numbers in the columns j < i, j ∉ I. These are coordinates of a cell, whose orientation is their
order. Two trajectories join I and J = I ∖ {i} ∪ {i − 1}, one to either side; the sign of each compares the orientation
of the cell of I with that of the direction of the flow before the cell of J, by the Jacobian of the change of
coordinates.

Main results
    critical, index     the critical points, and how many directions descend
    neighbours          the J below I, each with the direction i that turns
    signs               of the two trajectories from I to J
    morse_complex       the complex; its incidence numbers are sums of signs
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise

from flint import fmpq, fmpq_mat, fmpz_mat

from proofs.topology.chain_complexes import Complex

Indices = tuple[int, ...]


def critical(k: int, m: int) -> list[Indices]:
    """The sets of k of the directions 1, …, m, each ascending."""
    return list(combinations(range(1, m + 1), k))


def coordinates(chosen: Indices) -> list[tuple[int, int]]:
    """The free places (i, j) of the echelon form, in the order that orients its cell.

    Examples
    --------
    >>> coordinates((2, 4))
    [(2, 1), (4, 1), (4, 3)]
    """
    return [(i, j) for i in chosen for j in range(1, i) if j not in chosen]


def index(chosen: Indices) -> int:
    """The number of directions that descend: the dimension of the cell."""
    return len(coordinates(chosen))


def neighbours(chosen: Indices) -> Iterator[tuple[int, Indices]]:
    """Where i ∈ I may be turned to i − 1 ∉ I."""
    for i in chosen:
        if i > 1 and i - 1 not in chosen:
            yield i, tuple(sorted({*chosen, i - 1} - {i}))


def echelon(chosen: Indices, m: int, at: dict[tuple[int, int], fmpq]) -> fmpq_mat:
    """The rows of a plane of the cell of I."""
    rows = fmpq_mat(len(chosen), m)
    for row, i in enumerate(chosen):
        rows[row, i - 1] = fmpq(1)
        for j in range(1, i):
            rows[row, j - 1] = at.get((i, j), fmpq(0))
    return rows


def columns(rows: fmpq_mat, chosen: Indices) -> fmpq_mat:
    return fmpq_mat([[rows[r, i - 1] for i in chosen] for r in range(rows.nrows())])


def sign(from_: Indices, turned: int, m: int, side: int) -> int:
    """Of the trajectory that leaves I for I ∖ {i} ∪ {i − 1} to one side, ±1.

    The rows W of a plane have the coordinates A⁻¹W in the chart of J, A being the columns J of W. Along a change E of W
    they change by A⁻¹(E − E_J A⁻¹W), E_J being the columns J of E.
    """
    to = tuple(sorted({*from_, turned - 1} - {turned}))
    here = echelon(from_, m, {(turned, turned - 1): fmpq(side)})
    inverse = columns(here, to).inv()
    before, after = coordinates(from_), coordinates(to)
    changes = fmpz_mat(len(before), len(before))
    for place, (i, j) in enumerate(before):
        move = fmpq_mat(here.nrows(), m)
        move[from_.index(i), j - 1] = fmpq(1)
        moved = inverse * (move - columns(move, to) * (inverse * here))
        changes[0, place] = side * int((i, j) == (turned, turned - 1))
        for line, (a, b) in enumerate(after, 1):
            changes[line, place] = int(moved[to.index(a), b - 1])
    return 1 if changes.det() > 0 else -1


def signs(from_: Indices, turned: int, m: int) -> tuple[int, int]:
    """Of the two trajectories, to either side."""
    return sign(from_, turned, m, 1), sign(from_, turned, m, -1)


@lru_cache
def morse_complex(k: int, m: int) -> Complex:
    """Generated in dimension d by the critical points with d descending directions."""
    levels: list[list[Indices]] = [[] for _ in range(k * (m - k) + 1)]
    for chosen in critical(k, m):
        levels[index(chosen)].append(chosen)
    boundaries = []
    for below, above in pairwise(levels):
        boundary = fmpz_mat(len(below), len(above))
        for column, chosen in enumerate(above):
            for turned, to in neighbours(chosen):
                boundary[below.index(to), column] = sum(signs(chosen, turned, m))
        boundaries.append(boundary)
    return Complex(tuple(map(len, levels)), tuple(boundaries))
