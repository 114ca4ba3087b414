"""Blocks of a second variation: that they are the whole Hessian, their inertia, and the group that moves the point."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, dense_hessian, diagonal, evaluate, inverse, zeros
from proofs.algebra.inertia import Inertia, inertia
from proofs.algebra.normal import Undecided
from proofs.bao2020 import notation as bao
from proofs.bao2020 import section_4 as landscape
from proofs.claim import Context
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import First, Sym, lift, sqrt
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019 import section_4 as kunin
from proofs.kunin2019.notation import W1, W2, ell, k, product, summed, unregularized
from proofs.methods.blocks import INWARD, ITSELF, OUTWARD, PAIR, SLOT, a, b, d, invariant, s, signature
from proofs.methods.order import Arena

LOSSES: list[Any] = [
    (unregularized(W1, W2), kunin.FRAMES, kunin.SPLIT),
    (product(W1, W2), kunin.FRAMES_PRODUCT, kunin.SPLIT),
    (summed(W1, W2), kunin.STIEFEL, kunin.SPLIT_SUM),
]
NAMES = ["unregularised", "product", "sum"]
x, y, z = Sym("x"), Sym("y"), Sym("z")
ORDERED = Hypothesis("x > y > z > 0", "", (Rel(x, ">", y), Rel(y, ">", z), Rel(z, ">", lift(0))))


def at_canonical_point(latent: int, components: int, rank: int, scale: int) -> Instance:
    """σ = 4/5, 3/5, … of ``scale`` in principal axes; w_a = (1 − λ/σ_a²)^½ is rational for λ = (scale · 12/25)²."""
    values = [scale * fmpq(*v) for v in ((3, 5), (4, 5), (1, 5), (2, 5))[:components]]
    identity = diagonal([fmpq(1)] * components)
    at: Instance = {"k": latent, "m": components, "n": components, "ℓ": rank, "λ": (scale * fmpq(12, 25)) ** 2}
    axes = diagonal([fmpq(1)] * latent)[:, :rank]
    frames = {"F": identity[:, :rank], "G": axes, "L": axes.T, "O": axes, "σ_I": values[:rank]}
    return {**at, **frames, "σ": values, "Ū": identity, "X": diagonal(values)}


def assembled(blocks: list[Any], at: Instance) -> np.ndarray:
    """The Hessian that the blocks say, entries of W1 row by row before those of W2."""
    latent, components, rank = at["k"], at["m"], at["ℓ"]
    out = zeros(2 * latent * components, 2 * latent * components)
    spans = {a: range(rank), b: range(rank), s: range(rank, latent), d: range(rank, components)}
    for block in blocks:
        first, last = block.kind.indices[0], block.kind.indices[-1]
        for p in spans[first]:
            for q in spans[last]:
                if (block.kind == PAIR and p >= q) or (block.kind == ITSELF and p != q):
                    continue
                here = {first: p, last: q}
                shapes = ((latent, components), (components, latent))
                places = [
                    w * latent * components + int(np.ravel_multi_index((here[i], here[j]), shapes[w]))
                    for w, i, j in block.kind.coordinates
                ]
                for row, entries in zip(places, block.matrix, strict=True):
                    for column, entry in zip(places, entries, strict=True):
                        out[row, column] += 2 * evaluate(entry, {**at, first.name: p + 1, last.name: q + 1})
    return out


@pytest.mark.parametrize(("loss", "points", "splitting"), LOSSES, ids=NAMES)
@pytest.mark.parametrize("sizes", [(1, 1, 0), (1, 2, 1), (2, 2, 2), (3, 3, 2), (2, 4, 1), (3, 2, 2)])
def test_blocks_are_the_whole_hessian(loss: Any, points: Any, splitting: Any, sizes: tuple[int, int, int]) -> None:
    here = points.at(at_canonical_point(*sizes, scale=5))
    expected = dense_hessian(loss, (W1, W2), here)
    assert np.all(assembled(list(splitting.blocks(loss, points)), here) == expected)


@pytest.mark.parametrize(("loss", "points", "splitting"), LOSSES, ids=NAMES)
def test_inertia_of_every_index_set_at_sizes_not_in_the_claims(loss: Any, points: Any, splitting: Any) -> None:
    """k = 3, m = 4: the totals for all sizes against the measured inertia at a random point of each manifold."""
    rng = Random(1)
    at = {"k": 3, "m": 4, "n": 4, "height": 2, **kunin.data(rng, {"m": 4, "height": 2})}
    at.update(kunin.decomposed(rng, at))
    totals = splitting.total(loss, points, Context(tuple(kunin.OF_SUM)))
    chosen = list(points.choices(at))
    for choice in rng.sample(chosen, min(2, len(chosen))):
        here = points.at({**choice, **points.draw(rng, choice)})
        assert Inertia(*(int(evaluate(t, here)) for t in totals)) == inertia(dense_hessian(loss, (W1, W2), here))


@pytest.mark.parametrize("kind", [OUTWARD, SLOT])
def test_cases_are_every_pair_once(kind: Any) -> None:
    """k = 3, m = 5, I = {2, 3} of m₀ = 4: each component outside I falls into one case, as many as counted."""
    at: Instance = {"k": 3, "m": 5, "ℓ": 2, "m_0": 4, "i": [fmpq(2), fmpq(3)]}
    pairs = [(p, q) for p in ((2, 3) if kind == OUTWARD else ()) for q in (1, 4, 5)] or [(0, q) for q in (1, 4, 5)]
    for case in kunin.SPLIT_SUM.cases[kind]:
        found = [(p, q) for p, q in pairs if all(evaluate(r, {**at, "a": p, "d": q}) for r in case.facts)]
        assert evaluate(case.count, at) == len(found)
        pairs = [pair for pair in pairs if pair not in found]
    assert pairs == []


def test_number_of_directions_needs_the_order_of_the_spectrum() -> None:
    loss, points, splitting = LOSSES[0]
    with pytest.raises(Undecided):
        splitting.total(loss, points, Context((kunin.SVD,)))


def test_cases_that_are_not_all_decide_nothing() -> None:
    loss, points, splitting = LOSSES[0]
    fewer = {**splitting.cases, OUTWARD: splitting.cases[OUTWARD][:1]}
    with pytest.raises(Undecided, match="not all"):
        replace(splitting, cases=fewer).total(loss, points, Context(tuple(kunin.OF_SUM)))


def test_sum_loss_is_not_invariant_under_the_general_linear_group() -> None:
    loss, points, splitting = LOSSES[2]
    frames = {kunin.O: kunin.GENERAL[0] @ First(k, ell)}
    general = replace(kunin.LINEAR, frames=frames)
    assert invariant(splitting, loss, points)
    assert not invariant(replace(splitting, symmetry=general), loss, points)


def test_pseudoinverse_is_not_preserved_by_the_group() -> None:
    """The printed list, with G⁺ for L, is no orbit: g takes the canonical point out of it."""
    assert not invariant(kunin.SPLIT, unregularized(W1, W2), kunin.PRINTED)


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


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[x, y], [y, x]], Inertia(0, 0, 2)),
        ([[y, x], [x, y]], Inertia(1, 0, 1)),
        ([[x, x], [x, x]], Inertia(0, 1, 1)),
        ([[lift(0), z - x], [z - x, lift(0)]], Inertia(1, 0, 1)),
        ([[lift(0), lift(0)], [lift(0), lift(0)]], Inertia(0, 2, 0)),
        ([[x, sqrt(x * y)], [sqrt(x * y), y]], Inertia(0, 1, 1)),
        ([[x, sqrt(x * y)], [sqrt(x * y), z]], Inertia(1, 0, 1)),
        ([[lift(0), x, lift(0)], [x, lift(0), lift(0)], [lift(0), lift(0), -x]], Inertia(2, 0, 1)),
    ],
)
def test_signature_of_matrices_of_letters(matrix: Any, expected: Inertia) -> None:
    assert signature(matrix, Arena.of(Context((ORDERED,)))) == expected


def test_blocks_of_the_non_uniform_loss_at_every_stationary_point() -> None:
    """By hand: λ_s(x² + y²) − 2λ_a xy for a spare axis; at the global minimum every block is positive definite."""
    splitting = replace(kunin.SPLIT, data={}, axes=bao.Ū, sizes=(landscape.ell, bao.k, bao.m))
    blocks = {block.kind: block.matrix for block in splitting.blocks(landscape.SPECTRAL_LOSS, landscape.matched())}
    at = {"λ": [fmpq(2), fmpq(5)], "a": 1, "s": 2}
    assert [[evaluate(e, at) for e in row] for row in blocks[INWARD]] == [[5, -2], [-2, 5]]
    minimum = Arena.of(Context((bao.SPECTRUM, bao.PENALTIES)))
    for left, op, right in ((a, "≥", lift(1)), (b, "≥", a + 1), (b, "≤", bao.k), (d, "≥", bao.k + 1), (d, "≤", bao.m)):
        minimum = minimum.comparing(left, op, right)
    found = [signature(blocks[kind], minimum) for kind in (ITSELF, PAIR, OUTWARD)]
    assert found == [Inertia(0, 0, 2), Inertia(0, 0, 4), Inertia(0, 0, 2)]


def test_signature_is_not_guessed() -> None:
    with pytest.raises(Undecided):
        signature([[x - 2 * y]], Arena.of(Context((ORDERED,))))


def test_threshold_is_what_the_relations_say() -> None:
    at = {"m": 3, "σ": [fmpq(3), fmpq(2), fmpq(1)], "λ": fmpq(2), "k": 2}
    thresholds = {choice["m_0"] for choice in kunin.index_sets(at)}
    assert thresholds == {2}
    assert all(isinstance(r, Every) and evaluate(r, {**at, "m_0": 2}) for r in kunin.ABOVE)
    assert not all(evaluate(r, {**at, "m_0": n}) for n in (1, 3) for r in kunin.ABOVE if isinstance(r, Every))


def test_spare_axis_and_component_of_the_sum_loss() -> None:
    """By hand: λ(x² + y²) − 2σ_d²xy."""
    loss, points, splitting = LOSSES[2]
    block = next(block for block in splitting.blocks(loss, points) if block.kind == SLOT)
    at = {"λ": fmpq(2), "σ": [fmpq(3)], "d": 1}
    assert [[evaluate(e, at) for e in row] for row in block.matrix] == [[2, -9], [-9, 2]]


def test_blocks_hold_every_entry_of_both_weights() -> None:
    at = {"ℓ": 2, "k": 3, "m": 5}
    numbers = kunin.SPLIT.numbers()
    assert sum(evaluate(n, at) * len(kind.coordinates) for kind, n in numbers.items()) == 2 * 3 * 5
