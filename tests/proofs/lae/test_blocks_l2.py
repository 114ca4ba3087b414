"""Blocks of the non-uniform L2 loss: the numeric ones are those of the claims, and planted errors are noticed."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from numerics.blocks import WEIGHTS, Blocks
from numerics.minima import L2Minimum
from proofs.algebra.evaluate import Instance, Undefined, diagonal, evaluate
from proofs.algebra.inertia import Inertia, inertia
from proofs.claim import registry
from proofs.lae import blocks_l2
from proofs.methods.block_types import OUTWARD
from proofs.mutation.examine import examine

SQUARES, PENALTIES = [fmpq(25), fmpq(16), fmpq(9), fmpq(4), fmpq(1)], [fmpq(9, 4), fmpq(4), fmpq(81, 16)]
AT: Instance = {"σ": [fmpq(5), fmpq(4), fmpq(3), fmpq(2), fmpq(1)], "λ": PENALTIES, "k": 3, "m": 5, "ℓ": 3}
ORDER = ("A_ij", "B_ji", "A_ji", "B_ij")  # of the coordinates in the claims


def printed(name: str, member: int, at: Instance) -> np.ndarray:
    """The printed right side of an equation of a claim; roots are floats here."""
    part = registry()[f"lae/blocks/l2/{name}"].statement.members[member].parts[-1]  # type: ignore[attr-defined]
    return np.array([[float(x) for x in row] for row in evaluate(part, {**AT, **at, "enclosed": True})])


def embedded(block: Blocks, index: int) -> np.ndarray:
    """A numeric block in the coordinates of the claims."""
    entry = lambda x: float(x[index]) if np.ndim(x) else float(x)  # noqa: E731
    axes = np.array([[entry(x) for x in axis] for axis in block.axes])[:, [WEIGHTS.index(name) for name in ORDER]]
    matrix = np.array([[entry(x) for x in row] for row in block.matrix])
    return axes.T @ matrix @ axes


@pytest.fixture(scope="module")
def minimum() -> L2Minimum:
    return L2Minimum(np.array([float(x) for x in SQUARES]), np.array([float(x) for x in PENALTIES]))


def test_numeric_block_of_a_latent_is_the_claims(minimum: L2Minimum) -> None:
    for i in range(3):
        found = sum(embedded(block, i) for block in minimum.latents())
        here = np.array(found)[np.ix_([0, 3], [0, 3])]  # B_ii is B_ij with j = i
        np.testing.assert_allclose(here, printed("itself", 0, {"i": i + 1}), rtol=1e-13)


def test_numeric_block_of_a_pair_is_the_claims(minimum: L2Minimum) -> None:
    pairs = list(combinations(range(3), 2))
    blocks = minimum.pairs(*map(np.array, zip(*pairs, strict=True)))
    for place, (i, j) in enumerate(pairs):
        found = np.array(sum(embedded(block, place) for block in blocks))
        expected = printed("pair", 0, {"i": i + 1, "j": j + 1})
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * float(SQUARES[0]))


def test_numeric_block_of_an_unlearned_component_is_the_claims(minimum: L2Minimum) -> None:
    for i in range(3):
        for u in (3, 4):
            (block,) = minimum.unlearned(np.array([i]), np.array([u]))
            here = embedded(block, 0)[:2, :2]
            np.testing.assert_allclose(here, printed("unlearned", 0, {"i": i + 1, "u": u + 1}), rtol=1e-13)


def test_numeric_weights_of_the_squares_are_the_claims(minimum: L2Minimum) -> None:
    """T is D_1(a − sb)² + D_2(b − tc)² + D_3c²: `floor` is D_1, and D_2 and D_3 are in the inverse."""
    _, block = minimum.pairs(np.array([0]), np.array([2]))
    names = registry()["lae/blocks/l2/pair/squares"].statement.members[:3]  # type: ignore[attr-defined]
    d_1, d_2, d_3 = (float(evaluate(name.parts[0], {**AT, "i": 1, "j": 3, "enclosed": True})) for name in names)
    assert block.floor[0] == pytest.approx(d_1, rel=1e-13)
    determinant = np.linalg.det(np.array([[float(np.ravel(x)[0]) for x in row] for row in block.matrix]))
    assert determinant == pytest.approx(d_1 * d_2 * d_3, rel=1e-12)


def at_point(λ: list[Any], σ: list[Any], **indices: int) -> Instance:
    """All of two latents learned, in principal axes."""
    identity = diagonal([fmpq(1)] * 4)
    return {"k": 2, "m": 2, "n": 4, "ℓ": 2, "λ": λ, "σ": σ, "Ū": identity[:2, :2], "V̄": identity[:, :2], **indices}


@pytest.mark.parametrize(
    ("λ", "σ", "expected"),
    [
        ([fmpq(100, 169), fmpq(16, 25)], [fmpq(2), fmpq(1)], Inertia(0, 0, 4)),
        ([fmpq(16, 25), fmpq(9, 25)], [fmpq(1), fmpq(1)], Inertia(0, 1, 3)),
        ([fmpq(36, 25), fmpq(9, 25)], [fmpq(2), fmpq(1)], Inertia(1, 0, 3)),
    ],
)
def test_inertia_of_a_pair_is_the_sign_of_its_determinant(λ: list[Any], σ: list[Any], expected: Inertia) -> None:
    """det = (σ_1² − σ_2²)(λ_2 − λ_1)(λ_1 + λ_2)²: in order, tied, in the wrong order."""
    assert inertia(evaluate(blocks_l2.H_PAIR, at_point(λ, σ, i=1, j=2))) == expected


def test_block_has_no_value_where_its_directions_are_no_block() -> None:
    """A learned component in the place of an unlearned one is half of a pair."""
    h = blocks_l2.NEAR.block(OUTWARD, blocks_l2.i, blocks_l2.u)
    with pytest.raises(Undefined, match="span"):
        evaluate(h, at_point([fmpq(100, 169), fmpq(16, 25)], [fmpq(2), fmpq(1)], i=1, u=2))


@pytest.mark.parametrize("name", ["itself", *(pytest.param(x, marks=pytest.mark.slow) for x in ("unlearned", "empty"))])
def test_every_change_of_an_entry_is_noticed_by_both_witnesses(name: str) -> None:
    found = examine(registry()[f"lae/blocks/l2/{name}"])
    assert [f for f in found if f.fate not in ("killed", "equivalent")] == []
    assert len([f for f in found if f.fate == "killed"]) > 50
