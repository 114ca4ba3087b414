"""Distances from the nearest global minimum: against minimisers found by hand, by search and by training."""

import array_api_strict
import numpy as np
import pytest
from scipy.optimize import minimize

from numerics.training.catalogue import MODELS, make
from numerics.training.data import Data, synthetic
from numerics.training.distances import NAMES, Distances
from numerics.training.program import Program, Run, automatic_rate

SIGMA2 = np.array([5.0, 3.0, 2.0, 1.0, 0.0])
M, K = len(SIGMA2), 3
TWO_LAYERS = [name for name in MODELS if name != "deep"]
LAM = {"l2": [0.5, 2.5, 1.0], "uniform-l2": [1.0] * 3, "uniform-l2-tied": [1.0] * 3}


def model(name, k=K, sigma2=SIGMA2):
    return make(name, k, sigma2, lam=LAM.get(name, [0.7] * 3)[:k])


def weights(seed, k=K, scale=1.0):
    return scale * np.random.default_rng(seed).normal(size=(2, 1, k, M))


def measured(found, name):
    return float(found[name][0])


@pytest.mark.parametrize("name", TWO_LAYERS)
def test_the_product_of_a_minimum_that_descent_found_is_at_no_distance(name):
    """Quasi-Newton from a random start knows no closed form; the component without variance is left out."""
    chosen, live = model(name), SIGMA2 > 0
    if not chosen.has_scale:
        program = Program([Run(chosen, "gd", 0.3 * automatic_rate(chosen, "gd", SIGMA2), 1, "normal:0.5")], DIAGONAL)
        program.advance(60000 if name == "vae" else 4000)
        w1, w2 = program.weights[0]
    else:

        def value(flat):
            first, second = flat.reshape(2, K, M)
            second = first if chosen.tied else second
            g1, g2 = chosen.loss.gradient(first, second.T, np.diag(SIGMA2))
            gradient = np.stack([g1 + g2.T, 0 * g1] if chosen.tied else [g1, g2.T])
            return chosen.loss.value(first, second.T, np.diag(SIGMA2)), gradient.ravel()

        found = minimize(value, weights(0).ravel(), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
        w1, w2 = found.x.reshape(2, K, M)
        w2 = w1 if chosen.tied else w2
    np.testing.assert_allclose(
        (w2.T @ w1)[:, live], np.diag(np.append(chosen.kept(SIGMA2), [0, 0]))[:, live], atol=1e-4
    )
    found = Distances([chosen], SIGMA2, w1.dtype, np).measure(w1[None], w2[None])
    assert measured(found, "distance") == pytest.approx(0, abs=1e-4)
    if chosen.regularises_both_layers:
        assert measured(found, "weight_distance") == pytest.approx(0, abs=1e-4)
    else:
        assert np.isnan(measured(found, "weight_distance"))


DIAGONAL = Data(SIGMA2, np.eye(M))


@pytest.mark.parametrize("name", TWO_LAYERS)
@pytest.mark.parametrize("k", [1, 3, 4, 5])
def test_the_distance_of_products_is_the_norm_of_their_difference(name, k):
    chosen = make(name, k, SIGMA2)
    w1, w2 = weights(k, k)
    goal = np.zeros((M, M))
    goal[range(k), range(k)] = chosen.kept(SIGMA2)
    expected = np.linalg.norm((w2[0].T @ w1[0] - goal)[:, SIGMA2 > 0])
    found = measured(Distances([chosen], SIGMA2, w1.dtype, np).measure(w1, w2), "distance")
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert np.isnan(found) == (name == "vae" and k >= 4)


def nearest(chosen, w1, w2, rng):
    """The least distance to W1 = W2ᵀ = O diag(√a) over O, by search in each group of equal λ."""
    lam, kept = np.array(chosen.loss.ridge), chosen.kept(SIGMA2)
    w, order, square = (w1 + w2)[0], np.argsort(lam, kind="stable"), 0.0
    for value in set(lam):
        latents, columns = np.flatnonzero(lam == value), np.flatnonzero(lam[order] == value)
        size = len(latents)
        best = np.inf
        for sign in (1.0, -1.0):
            reflected = np.diag([sign] + [1.0] * (size - 1))

            def gap(x, size=size, reflected=reflected, latents=latents, columns=columns):
                skew = np.zeros((size, size))
                skew[np.triu_indices(size, 1)] = x
                turn = np.linalg.solve(np.eye(size) + skew - skew.T, np.eye(size) - skew + skew.T) @ reflected
                goal = np.zeros((size, M))
                goal[:, columns] = turn * np.sqrt(kept[columns])
                return np.sum((w1[0, latents] - goal) ** 2) + np.sum((w2[0, latents] - goal) ** 2)

            count = size * (size - 1) // 2
            tries = [gap([])] if not count else [minimize(gap, rng.normal(size=count)).fun for _ in range(8)]
            best = min(best, *tries)
        square += best
    assert w.shape == (chosen.k, M)
    return np.sqrt(square)


@pytest.mark.parametrize(("name", "lam"), [("l2", [0.5, 2.5, 1.0]), ("uniform-l2", [1.0] * 3), ("l2", [1.0, 0.5, 1.0])])
def test_the_distance_of_weights_is_the_least_over_all_minima(name, lam):
    chosen, rng = make(name, K, SIGMA2, lam=lam), np.random.default_rng(0)
    for seed in range(4):
        w1, w2 = weights(seed)
        found = measured(Distances([chosen], SIGMA2, w1.dtype, np).measure(w1, w2), "weight_distance")
        assert found == pytest.approx(nearest(chosen, w1, w2, rng), rel=1e-6)


def test_small_distances_keep_their_digits():
    chosen = model("uniform-l2")
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(K, K)))[0]
    w = np.zeros((1, K, M))
    w[0, :, :K] = turn * np.sqrt(chosen.kept(SIGMA2))
    moved = w.copy()
    moved[0, 0, 3] += 1e-12
    found = Distances([chosen], SIGMA2, w.dtype, np).measure(moved, w)
    assert measured(found, "weight_distance") == pytest.approx(1e-12, rel=1e-2)
    assert measured(found, "distance") == pytest.approx(1e-12 * np.linalg.norm(w[0, 0]), rel=1e-2)


def test_what_equal_eigenvalues_leave_open_is_not_measured():
    tied = np.array([3.0, 2.0, 2.0, 1.0])
    assert np.isnan(make("rag", 2, tied).kept(tied)).all()
    assert np.isnan(make("l2", 3, tied, lam=[0.1, 0.2, 0.3]).kept(tied)).all()
    np.testing.assert_allclose(make("uniform-l2", 3, tied, lam=[1.0] * 3).kept(tied), [2 / 3, 1 / 2, 1 / 2])
    np.testing.assert_allclose(make("uniform-l2", 2, tied, lam=[2.5] * 2).kept(tied), [1 / 6, 0])
    assert np.isnan(make("nested-dropout", 2, tied, prior=[1.0, 0.0]).kept(tied)).all()
    assert np.isnan(make("vae", 4, tied).kept(tied)).all()


@pytest.mark.parametrize("rule", ["gd", "adam"])
def test_distances_are_recorded_alike_in_both_bases_and_on_another_array_type(rule):
    data = synthetic(SIGMA2[:4], n=None, rng=np.random.default_rng(1))
    runs = [Run(make(name, 2, data.sigma2), rule, 0.01, 3) for name in ("l2", "uniform-l2", "rag")]
    here, there = (Program(runs, data, xp=xp).measure() for xp in (np, array_api_strict))
    w1, w2 = Program(runs, data).decoders()
    turned = w1 @ data.basis, w2.swapaxes(1, 2) @ data.basis
    expected = Distances([run.model for run in runs], data.sigma2, np.float64, np).measure(*turned)
    for name in NAMES:
        np.testing.assert_allclose(here[name], expected[name], rtol=1e-10)
        np.testing.assert_allclose(there[name], expected[name], rtol=1e-10)
