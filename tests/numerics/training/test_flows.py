"""Flows: against each other, finite differences, conserved quantities, limits, and the order of Euler's method."""

import numpy as np
import pytest

from numerics.flows import product
from numerics.training.flows import BrockettFlow, DeepFlow, RiemannianFlow, euler, follow
from numerics.training.starts import balanced_layers

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 9))
Y = RNG.normal(size=(3, 9)) + np.arange(3)[:, None] * X[:3]
XX, YX = X @ X.T / 9, Y @ X.T / 9
OTHER = DeepFlow(XX, YX, np.sum(Y**2) / 9)
SELF = DeepFlow(XX, XX, np.trace(XX))
TIMES = np.linspace(0, 2, 11)


def start(rows, cols, rank, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, rank)) @ rng.normal(size=(rank, cols)) / 2


@pytest.mark.parametrize("flow", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_a_deep_flow_descends_its_loss_and_conserves_unbalanced_starts(flow):
    layers = [RNG.normal(size=s) / 2 for s in ((2, 4), (3, 2), (len(flow.yx), 3))]
    path = follow(flow, layers, TIMES)
    assert np.all(np.diff(path.losses) < 0)
    assert path.drift[-1] < 1e-7
    assert np.max(np.abs(flow.invariants(layers)[0])) > 0.1
    speed = sum(np.sum(v**2) for v in flow.velocity(layers))
    moved = flow.loss([w + 1e-6 * v for w, v in zip(layers, flow.velocity(layers), strict=True)])
    assert (flow.loss(layers) - moved) / 1e-6 == pytest.approx(speed, rel=1e-4)


@pytest.mark.parametrize("widths", [[2], [2, 3], [4, 2, 5]])
@pytest.mark.parametrize("flow", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_the_product_of_balanced_layers_follows_the_riemannian_flow(flow, widths):
    """Bah et al. (2019), Corollary 8."""
    w = start(len(flow.yx), 4, 2)
    layers = balanced_layers(w, widths, np.random.default_rng(1))
    assert max(np.max(np.abs(b)) for b in flow.invariants(layers)) < 1e-12
    deep = follow(flow, layers, TIMES)
    riemannian = follow(RiemannianFlow(flow.xx, flow.yx, flow.yy, len(widths) + 1, 2), [w], TIMES)
    np.testing.assert_allclose(product(deep.state), riemannian.state[0], atol=1e-6)
    np.testing.assert_allclose(deep.losses, riemannian.losses, atol=1e-6)
    assert riemannian.drift[-1] < 1e-6


def test_two_layers_converge_to_the_projection_on_the_principal_directions():
    values, vectors = np.linalg.eigh(XX)
    layers = [w / 2 for w in balanced_layers(start(4, 4, 2), [2], np.random.default_rng(1))]
    path = follow(SELF, layers, [0, 400.0])
    top = vectors[:, -2:]
    np.testing.assert_allclose(product(path.state), top @ top.T, atol=1e-5)
    assert path.losses[-1] == pytest.approx(values[:2].sum() / 2, abs=1e-8)


def test_an_unequal_target_converges_to_the_best_map_of_its_rank():
    layers = balanced_layers(start(3, 4, 2), [2], np.random.default_rng(2))
    path = follow(OTHER, layers, [0, 400.0])
    root = np.linalg.cholesky(XX)
    sizes = np.linalg.svd(YX @ np.linalg.inv(root).T, compute_uv=False)
    assert path.losses[-1] == pytest.approx((OTHER.yy - np.sum(sizes[:2] ** 2)) / 2, abs=1e-7)


def test_the_brockett_flow_stays_orthonormal_and_orders_the_eigenvectors():
    flow = BrockettFlow(XX, np.array([3.0, 2.0, 1.0]))
    w = np.linalg.qr(RNG.normal(size=(4, 3)))[0]
    (velocity,) = flow.velocity([w])
    np.testing.assert_allclose(w.T @ velocity + velocity.T @ w, 0, atol=1e-12)
    path = follow(flow, [w], [0, 200.0])
    assert path.drift[-1] < 1e-6
    top = np.linalg.eigh(XX)[1][:, ::-1][:, :3]
    np.testing.assert_allclose(np.abs(np.sum(path.state[0] * top, axis=0)), 1, atol=1e-6)


def test_the_brockett_velocity_is_minus_the_gradient_on_the_manifold():
    """For any tangent Z the loss changes by minus the inner product of Z and the velocity (the Euclidean one)."""
    flow = BrockettFlow(XX, np.array([2.0, 1.0]))
    w = np.linalg.qr(RNG.normal(size=(4, 2)))[0]
    (velocity,) = flow.velocity([w])
    free = RNG.normal(size=(4, 2))
    tangent = free - w @ (w.T @ free + free.T @ w) / 2
    change = (flow.loss([w + 1e-6 * tangent]) - flow.loss([w - 1e-6 * tangent])) / 2e-6
    inside, outside = w.T @ velocity, velocity - w @ (w.T @ velocity)
    metric = np.sum(outside * tangent) + np.sum(inside * (w.T @ tangent))
    assert change == pytest.approx(-metric, rel=1e-6)


def test_euler_steps_err_in_proportion_to_their_length():
    layers = balanced_layers(start(4, 4, 2), [2, 3], np.random.default_rng(1))
    exact = product(follow(SELF, layers, [0, 1.0], rtol=1e-11).state)
    errors = [np.max(np.abs(product(euler(SELF, layers, 1 / n, n).state) - exact)) for n in (2000, 4000)]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)
    path = euler(SELF, layers, 0.01, 105, every=10)
    assert len(path.times) == 12
    assert 0 < path.drift[-1] < 0.1


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="want numbers that increase from 0"):
        follow(SELF, [np.eye(4)], [0.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="step: got 0"):
        euler(SELF, [np.eye(4)], 0.0, 1)
    with pytest.raises(ArithmeticError, match="want a smaller step"):
        euler(SELF, [np.eye(4), 9 * np.eye(4)], 10.0, 20)
    with pytest.raises(ValueError, match="want at least the rank"):
        balanced_layers(np.eye(3), [2], RNG)
