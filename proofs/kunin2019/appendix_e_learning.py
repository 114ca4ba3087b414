"""Kunin et al. 2019, Appendix E.1: critical points that cancel, for functions on a line and wells side by side.

Main results
    wiggle             minima and maxima of a polynomial alternate; cancelled in pairs they leave one minimum
    minima_of_wells    all minima of Σ (x_i² − 1)² are linked through saddles of index 1
    minima_paths       of any generic loss it is open here
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from flint import fmpq, fmpz_mat

from proofs.claim import claim
from proofs.methods.conjunction import All, both
from proofs.methods.finite import Finite, Object
from proofs.methods.words import Open
from proofs.topology.chain_complexes import Complex, betti, homology, power, text

Indices = tuple[int, ...]
WIGGLES: tuple[Object, ...] = (
    {"at": (0,)},
    {"at": (-1, 0, 1)},
    {"at": (-3, -1, 2)},
    {"at": (-4, -2, 0, 1, 5)},
    {"at": (-5, -4, -1, 2, 3, 7, 8)},
)


def derivative(at: Indices, x: fmpq) -> fmpq:
    """∏ (x − a): of a polynomial with these critical points."""
    out = fmpq(1)
    for place in at:
        out *= x - place
    return out


def by_bending(at: Indices) -> str:
    """By the sign of f″(a), a product over the other critical points."""
    return "".join("∪" if derivative(tuple(c for c in at if c != x), fmpq(x)) > 0 else "∩" for x in at)


def by_slopes(at: Indices) -> str:
    """By the sign of f′ between the critical points."""
    between = [fmpq(at[0] - 1), *(fmpq(x + y, 2) for x, y in pairwise(at)), fmpq(at[-1] + 1)]
    slopes = [derivative(at, x) for x in between]
    return "".join("∪" if x < 0 < y else "∩" if x > 0 > y else "?" for x, y in pairwise(slopes))


def groups(c: Complex) -> list[str]:
    return list(map(text, homology(c)))


def by_fields(c: Complex) -> list[str]:
    """Where the dimensions over both fields agree there is no torsion of order 2 or 3."""
    return [text((x, ())) if x == y else "?" for x, y in zip(betti(c, 2), betti(c, 3), strict=True)]


def of_a_point(says: str, made: Callable[..., Complex], objects: tuple[Object, ...]) -> Finite:
    """The homology of complexes is that of a point: ℤ, 0, …, 0."""
    ways = (
        ("Smith normal forms", lambda **at: groups(made(**at))),
        ("ranks modulo 2 and 3", lambda **at: by_fields(made(**at))),
    )
    return Finite(says, lambda **at: ["ℤ", *["0"] * (len(made(**at).ranks) - 1)], ways, objects)


def line(at: Indices) -> Complex:
    """Minima and maxima of a function on the line, with a trajectory from each maximum to either side."""
    tops = len(at) // 2
    boundary = fmpz_mat(tops + 1, tops)
    for top in range(tops):
        boundary[top, top], boundary[top + 1, top] = -1, 1
    return Complex((tops + 1, tops), (boundary,))


@claim(
    "kunin2019/E/1d-wiggle",
    where="Appendix E.1",
    note="For polynomials with the critical points that are listed; ∪ is a minimum, ∩ a maximum.",
)
def wiggle() -> All:
    """Minima and maxima alternate; cancelled in pairs along trajectories, they leave one minimum."""
    kinds = ("the sign of f″", by_bending), ("the sign of f′ between them", by_slopes)
    return both(
        Finite("Its critical points, in order.", lambda at: ("∪∩" * len(at))[: len(at)], kinds, WIGGLES),
        of_a_point("H_0 and H_1 of its Morse complex.", line, WIGGLES),
    )


@claim("kunin2019/E/minima-paths", where="Appendix E.1")
def minima_paths() -> Open:
    """Each pair of minima of a generic loss is linked through saddles of index 1."""
    return Open(
        "For a generic smooth loss function over the connected parameter space ℝ^p, diverging strictly to infinity "
        "outside a compact subset, each pair of minima is linked by a path of gradient trajectories between minima and "
        "index-1 saddles. Since ℝ^p is contractible, we can flow upward from one minimum to all minima through index-1 "
        "saddles, and so on until the resulting chain complex is contractible.",
        "it follows from H_0 = ℤ for the Morse complex, whose homology is that of ℝ^p by a theorem that nothing here "
        "states; wells side by side are E/minima-paths/wells, the scalar sum loss is fn16-19",
    )


def wells(p: int) -> Complex:
    """Σ (x_i² − 1)²: products of p intervals with two minima and one maximum each."""
    return power(Complex((2, 1), (fmpz_mat([[-1], [1]]),)), p)


def linked(p: int) -> bool:
    """Whether every minimum is reached from the first along saddles of index 1."""
    boundary = wells(p).boundary(1)
    reached, todo = {0}, [0]
    while todo:
        here = todo.pop()
        for saddle in range(boundary.ncols()):
            ends = {row for row in range(boundary.nrows()) if boundary[row, saddle] != 0}
            if here in ends:
                todo += ends - reached
                reached |= ends
    return len(reached) == 2**p


@claim("kunin2019/E/minima-paths/wells", where="Appendix E.1", note="Of Σ (x_i² − 1)², with 2^p minima.")
def minima_of_wells() -> All:
    """All minima are linked through saddles of index 1, and the Morse complex has the homology of a point."""
    ways = ("paths through saddles", linked), ("H_0 = ℤ", lambda p: homology(wells(p))[0] == (1, ()))
    dimensions = tuple({"p": p} for p in range(1, 6))
    return both(
        Finite("Each pair of minima is linked.", lambda p: True, ways, dimensions),
        of_a_point("H_0, …, H_p of its Morse complex.", wells, dimensions),
    )
