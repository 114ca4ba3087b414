"""Planes by rows that span them: where they flow, and how many lie between two critical planes.

The flow of −∇L_X turns a plane towards directions of smaller index. Backwards in time it tends to the plane of the
columns in which the echelon form from the right has its pivots, forwards to that from the left.

Main results
    above, below      the critical planes from which and to which a plane flows, by ranks
    by_minors         the same by the largest of the minors that are not 0, for some eigenvalues
    followed          the same by following the flow for a long time, exactly
    between           the planes between two critical ones whose entries in echelon form are few numbers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from flint import fmpq, fmpq_mat, fmpz_mat, nmod_mat

from proofs.topology.grassmannian import Indices, columns, coordinates, echelon

LONG = fmpq(10) ** 6
"""By how much each direction grows against the next while the flow is followed."""


def leading(ranks: Sequence[int]) -> Indices:
    """The places at which a list of ranks, of the first columns, grows."""
    return tuple(j for j, (a, b) in enumerate(zip((0, *ranks), ranks, strict=False), 1) if b > a)


def below(rows: fmpq_mat) -> Indices:
    """To which critical plane it flows: the columns that are independent of those before."""
    size = range(rows.nrows())
    return leading([fmpq_mat([[rows[r, j] for j in range(count)] for r in size]).rank() for count in counts(rows)])


def above(rows: fmpq_mat) -> Indices:
    """From which it flows: the columns that are independent of those after, the Schubert symbol of the plane."""
    m = rows.ncols()
    turned = fmpq_mat([[rows[r, m - 1 - j] for j in range(m)] for r in range(rows.nrows())])
    return tuple(sorted(m + 1 - j for j in below(turned)))


def counts(rows: fmpq_mat) -> range:
    return range(1, rows.ncols() + 1)


def by_minors(rows: fmpq_mat, eigenvalues: Sequence[int]) -> Indices:
    """From which it flows: the sum of eigenvalues is least among the minors that are not 0."""
    sets = combinations(range(1, rows.ncols() + 1), rows.nrows())
    held = [chosen for chosen in sets if columns(rows, chosen).det() != 0]
    return min(held, key=lambda chosen: sum(eigenvalues[i - 1] for i in chosen))


def followed(rows: fmpq_mat) -> Indices:
    """From which it flows: direction j grows by LONG^j backwards in time; where the projection is nearly 1."""
    m = rows.ncols()
    grown = fmpq_mat([[rows[r, j] * LONG**j for j in range(m)] for r in range(rows.nrows())])
    projection = grown.transpose() * (grown * grown.transpose()).inv() * grown
    return tuple(j + 1 for j in range(m) if projection[j, j] > fmpq(1, 2))


def planes(k: int, m: int, entries: Sequence[int] = (-1, 0, 1)) -> Iterator[fmpq_mat]:
    """Planes of every cell with such entries in echelon form."""
    for chosen in combinations(range(1, m + 1), k):
        places = coordinates(chosen)
        for values in product(entries, repeat=len(places)):
            yield echelon(chosen, m, dict(zip(places, map(fmpq, values), strict=True)))


def between(high: Indices, low: Indices, m: int, entries: Sequence[int] = (-1, 0, 1)) -> int:
    """How many planes with such entries in echelon form flow from one critical plane to another."""
    places = coordinates(high)
    found = (
        echelon(high, m, dict(zip(places, map(fmpq, values), strict=True)))
        for values in product(entries, repeat=len(places))
    )
    return sum(below(rows) == low for rows in found)


def between_modulo(high: Indices, low: Indices, m: int, p: int = 3) -> int:
    """How many planes over the field of p elements have both symbols."""
    places, count = coordinates(high), 0
    for values in product(range(p), repeat=len(places)):
        rows = echelon(high, m, dict(zip(places, map(fmpq, values), strict=True)))
        whole = fmpz_mat(*rows.numer_denom()[:1])
        ranks = [
            nmod_mat(fmpz_mat([[whole[r, j] for j in range(c)] for r in range(whole.nrows())]), p).rank()
            for c in counts(rows)
        ]
        count += leading(ranks) == low
    return count
