"""Simplicial complexes, by their facets.

Main results
    simplicial          the chain complex
    PROJECTIVE_PLANE    the triangulation of ℝP² with six vertices
    sphere              the boundary of a simplex
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from flint import fmpz_mat

from proofs.topology.chain_complexes import Complex

Simplex = tuple[int, ...]
PROJECTIVE_PLANE: tuple[Simplex, ...] = (
    (1, 2, 5),
    (1, 2, 6),
    (1, 3, 4),
    (1, 3, 6),
    (1, 4, 5),
    (2, 3, 4),
    (2, 3, 5),
    (2, 4, 6),
    (3, 5, 6),
    (4, 5, 6),
)


def sphere(dimension: int) -> tuple[Simplex, ...]:
    """The facets of the boundary of a simplex."""
    return tuple(combinations(range(dimension + 2), dimension + 1))


def simplicial(facets: Sequence[Simplex]) -> Complex:
    """Faces by dimension, each oriented by the order of its vertices: ∂ leaves out one, with alternating signs."""
    faces = {face for f in facets for size in range(1, len(f) + 1) for face in combinations(sorted(f), size)}
    levels = [sorted(f for f in faces if len(f) == size) for size in range(1, max(map(len, facets)) + 1)]
    boundaries = []
    for below, above in pairwise(levels):
        row = {face: place for place, face in enumerate(below)}
        boundary = fmpz_mat(len(below), len(above))
        for column, face in enumerate(above):
            for place in range(len(face)):
                boundary[row[face[:place] + face[place + 1 :]], column] = (-1) ** place
        boundaries.append(boundary)
    return Complex(tuple(map(len, levels)), tuple(boundaries))
