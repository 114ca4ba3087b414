"""Alternating minimisation: each half step is a minimum, the loss never rises, the end is the global minimum."""

import numpy as np
import pytest

from numerics.training.alternating import check
from numerics.training.catalogue import make
from numerics.training.data import synthetic
from numerics.training.plan import plan
from numerics.training.program import Program, Run

SIGMA2 = np.array([5.0, 3.0, 2.0, 1.0, 0.0])
DATA = synthetic(SIGMA2, n=None, rng=np.random.default_rng(0))


def test_after_a_step_each_layer_is_the_minimum_at_the_other():
    model, covariance = make("l2", 3, SIGMA2, lam=[0.2, 0.5, 0.9]), np.diag(SIGMA2)
    program = Program([Run(model, "alternating", 1.0, start="normal:0.5")], DATA)
    before = program.weights[0, 0].copy()
    program.advance(1)
    w1, w2 = program.weights[0]
    np.testing.assert_allclose(model.loss.gradient(before, w2.T, covariance)[1], 0, atol=1e-12)
    np.testing.assert_allclose(model.loss.gradient(w1, w2.T, covariance)[0], 0, atol=1e-12)


@pytest.mark.parametrize("name", ["uniform-l2", "l2"])
@pytest.mark.parametrize("k", [1, 3, 5])
def test_losses_fall_to_the_global_minimum(name, k):
    sigma2 = SIGMA2 + 0.5
    model = make(name, k, sigma2)
    data = synthetic(sigma2, n=None, rng=np.random.default_rng(0))
    program = Program([Run(model, "alternating", 1.0, seed) for seed in range(3)], data)
    losses = [program.losses()]
    for _ in range(60):
        program.advance(10)
        losses.append(program.losses())
    assert np.all(np.diff(losses, axis=0) < 1e-12)
    assert np.all(program.measure()["excess"] < (1e-10 if name == "uniform-l2" else 0.05))


def test_models_without_a_closed_half_step_are_refused():
    for name in ("rag", "product", "nested-dropout", "vae", "unregularised", "gha"):
        with pytest.raises(ValueError, match=f"alternating minimises l2 and uniform-l2 with λ > 0; got {name}"):
            check(make(name, 2, SIGMA2))
        with pytest.raises(ValueError, match="alternating"):
            plan(DATA, ks=[2], models=[name], optimizers=["alternating"])
    with pytest.raises(ValueError, match="alternating takes all samples"):
        check(make("l2", 2, SIGMA2), batch=5)
