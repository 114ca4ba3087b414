"""Blocks of nested dropout: the numeric ones are those of the claims, the whole Hessian, and what Q does to it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from numerics.blocks import WEIGHTS, Blocks
from numerics.minima import NestedDropoutMinimum
from proofs.algebra.evaluate import Instance, dense_hessian, diagonal, evaluate
from proofs.algebra.inertia import inertia
from proofs.bao2020.notation import DATA, W1, W2, Q, X, k, nested_dropout
from proofs.claim import registry
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Letter
from proofs.kernel.meaning import equal
from proofs.lae import blocks_nested as nested

SQUARES, WEIGHT, SCALES = [25, 16, 9, 4, 1], [fmpq(1, 2), fmpq(1, 3), fmpq(1, 6)], [fmpq(2), fmpq(-1), fmpq(3, 2)]
AT: Instance = {
    "σ": [fmpq(5), fmpq(4), fmpq(3), fmpq(2), fmpq(1)], "p_B": WEIGHT, "q": SCALES, "k": 3, "m": 5, "ℓ": 3,
}  # fmt: skip
ORDER = [WEIGHTS.index(name) for name in ("A_ij", "B_ji", "A_ji", "B_ij")]  # of the coordinates in the claims


def printed(name: str, at: Instance) -> np.ndarray:
    """The printed block of a claim."""
    part = registry()[f"lae/blocks/nested/{name}"].statement.members[0].parts[-1]  # type: ignore[attr-defined]
    return np.array([[float(x) for x in row] for row in evaluate(part, {**AT, **at})])


def embedded(block: Blocks, index: int) -> np.ndarray:
    """A numeric block in the coordinates of the claims."""
    entry = lambda x: float(x[index]) if np.ndim(x) else float(x)  # noqa: E731
    axes = np.array([[entry(x) for x in axis] for axis in block.axes])[:, ORDER]
    matrix = np.array([[entry(x) for x in row] for row in block.matrix])
    return axes.T @ matrix @ axes


@pytest.fixture(scope="module")
def minimum() -> NestedDropoutMinimum:
    lists = ([float(x) for x in values] for values in (SQUARES, WEIGHT, SCALES))
    return NestedDropoutMinimum(*map(np.array, lists))


def test_numeric_block_of_a_latent_is_the_claims(minimum: NestedDropoutMinimum) -> None:
    (block,) = minimum.latents()
    for i in range(3):
        here = embedded(block, i)[np.ix_([0, 3], [0, 3])]  # B_ii is B_ij with j = i
        np.testing.assert_allclose(here, printed("itself", {"i": i + 1}), rtol=1e-13)


def test_numeric_block_of_a_pair_is_the_claims(minimum: NestedDropoutMinimum) -> None:
    pairs = list(combinations(range(3), 2))
    (block,) = minimum.pairs(*map(np.array, zip(*pairs, strict=True)))
    for place, (i, j) in enumerate(pairs):
        np.testing.assert_allclose(embedded(block, place), printed("pair", {"i": i + 1, "j": j + 1}), atol=1e-12)


def test_numeric_block_of_an_unlearned_component_is_the_claims(minimum: NestedDropoutMinimum) -> None:
    for i in range(3):
        for u in (3, 4):
            (block,) = minimum.unlearned(np.array([i]), np.array([u]))
            found = embedded(block, 0)[:2, :2]
            np.testing.assert_allclose(found, printed("unlearned", {"i": i + 1, "u": u + 1}), rtol=1e-13)


@pytest.mark.parametrize(
    ("learned", "σ"), [(2, [3, 2, 1]), (2, [1, 3, 2]), (1, [1, 2, 2]), (0, [3, 2, 1]), (2, [2, 2, 1])]
)
def test_directions_of_the_dense_hessian_are_counted(learned: int, σ: list[int]) -> None:
    identity = diagonal([fmpq(1)] * 4)
    data: Instance = {"k": 2, "m": 3, "n": 4, "ℓ": learned, "σ": list(map(fmpq, σ)), "p_B": WEIGHT[:2], "q": SCALES[:2]}
    here = nested.POINTS.at(nested.counted({**data, "Ū": identity[:3, :3], "V̄": identity[:, :3]}))
    found = inertia(dense_hessian(substitute(nested_dropout(W1, W2, X), {X: DATA}), (W1, W2), here))
    counts: list[Any] = [registry()[f"lae/blocks/nested/{name}"].statement for name in ("descending", "flat")]
    assert [evaluate(c.count, here) for c in counts] == [found.negative, found.zero]


def test_loss_is_invariant_under_rescaling_of_the_latents_and_not_under_a_rotation() -> None:
    """A mask does not commute with a rotation."""
    loss = substitute(nested_dropout(W1, W2, X), {X: DATA})
    assert equal(substitute(loss, {W1: Q @ W1, W2: W2 @ Q**-1}), loss)
    turn = Letter("O", k, k, frozenset({"orthonormal"}))
    assert not equal(substitute(loss, {W1: turn @ W1, W2: W2 @ turn.T}), loss)
