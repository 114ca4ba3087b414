"""Chain complexes of free abelian groups: homology from the Smith normal forms of integer matrices.

Main results
    Complex     groups ℤ^{c_0}, ℤ^{c_1}, … with boundary maps whose squares are 0
    homology    ranks and torsion of H_0, H_1, …
    betti       dimensions of the homology over a field of p elements
    tensor      the complex of a product
    text        ℤ² ⊕ ℤ/2
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from flint import fmpz_mat, nmod_mat

Group = tuple[int, tuple[int, ...]]
"""Rank, and the orders of the cyclic summands, each a divisor of the next."""


@dataclass(frozen=True)
class Complex:
    """ℤ^{c_0} ← ℤ^{c_1} ← …; ``boundaries[d − 1]`` is the c_{d−1} × c_d matrix of ∂_d.

    Raises
    ------
    ValueError
        Where a shape does not fit, or ∂∂ ≠ 0.
    """

    ranks: tuple[int, ...]
    boundaries: tuple[fmpz_mat, ...]

    def __post_init__(self) -> None:
        shapes = tuple((a.nrows(), a.ncols()) for a in self.boundaries)
        if shapes != tuple(pairwise(self.ranks)):
            raise ValueError(f"boundaries of shapes {shapes} between groups of ranks {self.ranks}")
        for d, (a, b) in enumerate(pairwise(self.boundaries), 1):
            if a * b != fmpz_mat(a.nrows(), b.ncols()):
                raise ValueError(f"∂_{d} ∂_{d + 1} is not 0")

    def boundary(self, d: int) -> fmpz_mat:
        """∂_d, out of dimension d; to or from nothing at the ends."""
        if 1 <= d <= len(self.boundaries):
            return self.boundaries[d - 1]
        return fmpz_mat(0, self.ranks[0]) if d == 0 else fmpz_mat(self.ranks[-1], 0)

    @property
    def characteristic(self) -> int:
        """Σ (−1)^d c_d."""
        return sum((-1) ** d * c for d, c in enumerate(self.ranks))


def divisors(a: fmpz_mat) -> tuple[int, ...]:
    """The entries ≠ 0 of the Smith normal form.

    Examples
    --------
    >>> divisors(fmpz_mat([[2, 4], [6, 8]]))
    (2, 4)
    """
    if 0 in (a.nrows(), a.ncols()):
        return ()
    form = a.snf()
    found = (abs(int(form[i, i])) for i in range(min(a.nrows(), a.ncols())))
    return tuple(x for x in found if x)


def homology(c: Complex) -> tuple[Group, ...]:
    """H_d = ker ∂_d / im ∂_{d+1} for every d.

    Examples
    --------
    >>> homology(Complex((1, 1, 1), (fmpz_mat([[0]]), fmpz_mat([[2]]))))  # the projective plane
    ((1, ()), (0, (2,)), (0, ()))
    """
    forms = [divisors(c.boundary(d)) for d in range(len(c.ranks) + 1)]
    around = zip(c.ranks, pairwise(forms), strict=True)
    return tuple((rank - len(out) - len(into), tuple(x for x in into if x > 1)) for rank, (out, into) in around)


def betti(c: Complex, p: int) -> tuple[int, ...]:
    """The dimensions of H_d over the field of p elements.

    Examples
    --------
    >>> betti(Complex((1, 1, 1), (fmpz_mat([[0]]), fmpz_mat([[2]]))), 2)
    (1, 1, 1)
    """
    counts = [rank_modulo(c.boundary(d), p) for d in range(len(c.ranks) + 1)]
    return tuple(rank - out - into for rank, (out, into) in zip(c.ranks, pairwise(counts), strict=True))


def rank_modulo(a: fmpz_mat, p: int) -> int:
    return 0 if 0 in (a.nrows(), a.ncols()) else int(nmod_mat(a, p).rank())


def text(group: Group) -> str:
    """A group in writing.

    Examples
    --------
    >>> text((2, (2, 4))), text((0, ()))
    ('ℤ² ⊕ ℤ/2 ⊕ ℤ/4', '0')
    """
    rank, torsion = group
    exponent = str(rank).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")) if rank > 1 else ""
    free = ["ℤ" + exponent] if rank else []
    return " ⊕ ".join([*free, *(f"ℤ/{x}" for x in torsion)]) or "0"


def tensor(left: Complex, right: Complex) -> Complex:
    """The complex of a product: ∂(x ⊗ y) = ∂x ⊗ y + (−1)^{deg x} x ⊗ ∂y."""
    first, second = ([(d, x) for d, count in enumerate(c.ranks) for x in range(count)] for c in (left, right))
    cells = [(*one, *other) for one in first for other in second]
    top = len(left.ranks) + len(right.ranks) - 1
    levels = [[cell for cell in cells if cell[0] + cell[2] == n] for n in range(top)]
    boundaries = []
    for below, above in pairwise(levels):
        row = {cell: place for place, cell in enumerate(below)}
        boundary = fmpz_mat(len(below), len(above))
        for column, (d, x, e, y) in enumerate(above):
            for z in range(left.ranks[d - 1] if d else 0):
                boundary[row[d - 1, z, e, y], column] += left.boundary(d)[z, x]
            for z in range(right.ranks[e - 1] if e else 0):
                boundary[row[d, x, e - 1, z], column] += (-1) ** d * right.boundary(e)[z, y]
        boundaries.append(boundary)
    return Complex(tuple(map(len, levels)), tuple(boundaries))


def power(c: Complex, count: int) -> Complex:
    """The complex of a product with itself."""
    return reduce(tensor, [c] * count)
