"""Nested dropout with drawn masks: each direction against its definition, its mean against the expectation."""

import numpy as np
import pytest

from numerics.training import sampled
from numerics.training.catalogue import make
from numerics.training.data import synthetic
from numerics.training.masks import Masks
from numerics.training.program import Program, Run

K, M, N = 3, 5, 40
PRIOR = [0.5, 0.2, 0.3]
DATA = synthetic([5.0, 4.0, 3.0, 2.0, 1.0], n=N, rng=np.random.default_rng(0))
BATCH, SAMPLE, EXPECTED = (
    make(name, K, DATA.sigma2, prior=PRIOR)
    for name in ("nested-dropout-batch", "nested-dropout-sample", "nested-dropout")
)


def moved(model, optimizer="gd", steps=1, seed=4):
    """The weights before and after some steps of rate 0.1, in the basis of the features."""
    program = Program([Run(model, optimizer, 0.1, seed, "normal:0.5")], DATA)
    before = [x[0] for x in program.decoders()]
    program.advance(steps)
    return before, [x[0] for x in program.decoders()]


def gradient(w1, w2, x, b):
    """Of ‖x − W2Π_bW1x‖² for one sample."""
    keep = np.diag((np.arange(K) <= b).astype(float))
    residual = w2 @ keep @ w1 @ x - x
    return 2 * np.outer(keep @ w2.T @ residual, x), 2 * np.outer(residual, keep @ w1 @ x)


@pytest.mark.parametrize("piece", [7, 20, 512])
def test_a_mask_for_each_sample_is_the_mean_of_the_masked_gradients(monkeypatch, piece):
    monkeypatch.setattr(sampled, "PIECE", piece)
    (w1, w2), (after1, after2) = moved(SAMPLE)
    last = Masks(SAMPLE, 4).of_samples(0, N)
    assert len(set(last.tolist())) == K
    parts = [gradient(w1, w2, x, b) for x, b in zip(DATA.centred(), last, strict=True)]
    np.testing.assert_allclose(after1, w1 - 0.1 * sum(g for g, _ in parts) / N, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(after2, w2 - 0.1 * sum(g for _, g in parts) / N, rtol=1e-11, atol=1e-13)


def test_a_mask_for_the_batch_is_the_gradient_with_that_mask():
    (w1, w2), (after1, after2) = moved(BATCH)
    b = np.count_nonzero(Masks(BATCH, 4).of_batch(0)) - 1
    parts = [gradient(w1, w2, x, b) for x in DATA.centred()]
    np.testing.assert_allclose(after1, w1 - 0.1 * sum(g for g, _ in parts) / N, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(after2, w2 - 0.1 * sum(g for _, g in parts) / N, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("model", [BATCH, SAMPLE], ids=["batch", "sample"])
def test_masks_are_drawn_from_the_prior_and_depend_on_seed_and_step_alone(model):
    drawing, again = Masks(model, 1), Masks(model, 1)
    if model is BATCH:
        drawn = np.array([np.count_nonzero(drawing.of_batch(step)) - 1 for step in range(3000)])
        assert [np.count_nonzero(again.of_batch(step)) - 1 for step in (2999, 5)] == [drawn[2999], drawn[5]]
    else:
        drawn = drawing.of_samples(3, 3000)
        assert np.array_equal(again.of_samples(3, 3000), drawn)
        assert not np.array_equal(again.of_samples(4, 3000), drawn)
    np.testing.assert_allclose(np.bincount(drawn) / 3000, PRIOR, atol=0.03)


def test_small_steps_with_drawn_masks_follow_the_expectation():
    runs = [Run(model, "gd", 1e-3, 0, "normal:0.3") for model in (BATCH, EXPECTED)]
    program = Program(runs, DATA)
    program.advance(2000)
    drawn, expected = program.weights
    assert 0 < np.max(np.abs(drawn - expected)) < 0.1 * np.max(np.abs(expected))


def test_losses_are_those_of_the_expectation():
    losses = [Program([Run(m, "gd", 0.1, 0, "normal:0.5")], DATA).losses()[0] for m in (BATCH, SAMPLE, EXPECTED)]
    assert losses[0] == pytest.approx(losses[2], rel=1e-14)
    assert losses[1] == pytest.approx(losses[2], rel=1e-14)


def test_mini_batches_draw_a_mask_for_each_of_their_samples():
    program = Program([Run(SAMPLE, "adam", 0.01, 0, "normal:0.5", batch=8)], DATA)
    program.advance(12)
    assert program.steps_per_epoch == 5
    assert np.isfinite(program.losses()).all()
