"""The canonical point of a list, and frames as images of the canonical one."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Undefined, diagonal, evaluate, inverse
from proofs.bao2020 import section_4 as landscape
from proofs.kunin2019 import section_4 as kunin
from proofs.methods.block_types import INWARD, ITSELF, OUTWARD, PAIR, SLOT, canonical


def test_every_frame_is_the_image_of_the_canonical_one() -> None:
    """g = (G, N), with N a basis of the kernel of L, has g (e_1 … e_ℓ) = G and (e_1 … e_ℓ)ᵀ g⁻¹ = L."""
    rng = Random(0)
    for _ in range(5):
        drawn = kunin.frame(rng, {"k": 3, "ℓ": 2})
        G, L = drawn["G"], drawn["L"]
        rest = diagonal([fmpq(1)] * 3) - G @ L
        column = next(j for j in range(3) if np.any(rest[:, j] != 0))
        g = np.concatenate([G, rest[:, [column]]], axis=1)
        assert np.all(inverse(g)[:2] == L)


def test_latent_a_of_the_canonical_point_holds_component_a() -> None:
    """By hand: w = (1 − λ/σ²)^½ is 4/5 for λ = 9, σ = 5."""
    at = {"k": 3, "m": 2, "ℓ": 1, "λ": [fmpq(9)] * 3, "σ": [fmpq(5), fmpq(1)], "Ū": diagonal([fmpq(1)] * 2)}
    first, second = (evaluate(e, at) for e in canonical(landscape.matched()))
    expected = np.array([[fmpq(4, 5), fmpq(0)], [fmpq(0), fmpq(0)], [fmpq(0), fmpq(0)]])
    assert np.all(first == expected)
    assert np.all(second == expected.T)


def test_a_list_without_canonical_coordinates_has_no_canonical_point() -> None:
    points = landscape.matched()
    object.__setattr__(points, "canonical", None)
    with pytest.raises(Undefined):
        canonical(points)


def test_block_types_hold_every_entry_of_both_weights() -> None:
    """ℓ = 2, k = 3, m = 5: 2 itself, 1 pair, 6 outward, 2 inward, 3 slots."""
    numbers = {ITSELF: 2, PAIR: 1, OUTWARD: 6, INWARD: 2, SLOT: 3}
    assert sum(count * len(kind.coordinates) for kind, count in numbers.items()) == 2 * 3 * 5
