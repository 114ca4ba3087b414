"""Exact inertia: two routes that share nothing, against each other and against floats."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import matrix, zeros
from proofs.algebra.inertia import Inertia, inertia, root_signs


def symmetric(rng: Random, size: int, rank: int) -> np.ndarray:
    """A sum of ±vvᵀ, singular where rank < size, often with a zero diagonal."""
    out = zeros(size, size)
    for _ in range(rank):
        v, w = (matrix([[rng.randint(-2, 2)] for _ in range(size)]) for _ in range(2))
        out = out + v @ w.T + w @ v.T
    return out


@pytest.mark.parametrize("seed", range(40))
def test_elimination_agrees_with_the_characteristic_polynomial_and_with_floats(seed: int) -> None:
    rng = Random(seed)
    a = symmetric(rng, rng.randint(1, 6), rng.randint(0, 3))
    values = np.linalg.eigvalsh(a.astype(float))
    floats = Inertia(int(np.sum(values < -1e-9)), int(np.sum(np.abs(values) <= 1e-9)), int(np.sum(values > 1e-9)))
    assert inertia(a) == root_signs(a) == floats


def test_zero_diagonal_needs_a_pivot_of_two() -> None:
    assert inertia(matrix([[0, 3], [3, 0]])) == Inertia(1, 0, 1)


def test_tiny_eigenvalues_are_not_zero() -> None:
    tiny = fmpq(1, 10**40)
    assert inertia(matrix([[tiny, 0], [0, -tiny]])) == Inertia(1, 0, 1)


def test_empty_matrix() -> None:
    assert inertia(zeros(0, 0)) == root_signs(zeros(0, 0)) == Inertia(0, 0, 0)
