"""Losses: each value against the definition it abbreviates, each gradient against the value."""

import numpy as np
import pytest

from numerics.losses import (
    Loss,
    nested_dropout,
    non_uniform_l2,
    product,
    summed,
    uniform_sum,
    unregularised,
)

K, M, N = 3, 4, 7
PRIOR = (0.5, 0.3, 0.2)
LAM = (0.3, 0.7, 1.1)


def squared(matrix):
    return np.sum(matrix**2)


def error(w1, w2, x, b=K):
    """‖X − W2 Π_b W1 X‖²/n, by masking rows."""
    latent = w1 @ x
    latent[b:] = 0
    return squared(x - w2 @ latent) / x.shape[1]


def by_definition(w1, w2, x):
    lam = np.sqrt(np.array(LAM))
    plain = error(w1, w2, x)
    return {
        "unregularised": (unregularised(K), plain),
        "uniform sum": (uniform_sum(K, 0.4), plain + 0.4 * (squared(w1) + squared(w2))),
        "product": (product(K, 0.4), plain + 0.4 * squared(w2 @ w1)),
        "non-uniform L2": (non_uniform_l2(LAM), plain + squared(lam[:, None] * w1) + squared(w2 * lam)),
        "nested dropout": (
            nested_dropout(PRIOR),
            sum(p * error(w1, w2, x, b + 1) for b, p in enumerate(PRIOR)),
        ),
        "summed": (summed(K), sum(error(w1, w2, x, b + 1) for b in range(K))),
    }


NAMES = ["unregularised", "uniform sum", "product", "non-uniform L2", "nested dropout", "summed"]


@pytest.fixture
def point():
    rng = np.random.default_rng(0)
    return rng.normal(size=(K, M)), rng.normal(size=(M, K)), rng.normal(size=(M, N))


@pytest.mark.parametrize("name", NAMES)
def test_value_in_covariance_form_is_the_definition_on_data(name, point):
    w1, w2, x = point
    loss, value = by_definition(w1, w2, x)[name]
    assert loss.value(w1, w2, x @ x.T / N) == pytest.approx(value, rel=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_half_scale_halves_every_term(name, point):
    w1, w2, x = point
    loss, value = by_definition(w1, w2, x)[name]
    assert loss.half().value(w1, w2, x @ x.T / N) == pytest.approx(value / 2, rel=1e-13)


def slope(loss: Loss, point, direction, step):
    w1, w2, x = point
    v1, v2 = direction
    values = [loss.value(w1 + t * v1, w2 + t * v2, x @ x.T / N) for t in (step, -step)]
    return (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_is_the_slope_of_the_value(name, point):
    """Central differences of a quartic err by h² f'''/6 and nothing else: four times as much at 2h."""
    loss, _ = by_definition(*point)[name]
    rng = np.random.default_rng(1)
    direction = rng.normal(size=(K, M)), rng.normal(size=(M, K))
    g1, g2 = loss.gradient(point[0], point[1], point[2] @ point[2].T / N)
    exact = np.sum(g1 * direction[0]) + np.sum(g2 * direction[1])
    near, far = (slope(loss, point, direction, h) - exact for h in (0.5, 1.0))
    assert abs(near) > 1e-3
    assert far == pytest.approx(4 * near, rel=1e-10)


def test_summed_loss_is_k_times_nested_dropout_with_uniform_prior(point):
    w1, w2, x = point
    covariance = x @ x.T / N
    uniform = nested_dropout((1 / K,) * K)
    assert summed(K).value(w1, w2, covariance) == pytest.approx(K * uniform.value(w1, w2, covariance))


@pytest.mark.parametrize("name", ["w1", "w2", "covariance"])
def test_wrong_shapes_are_named(name, point):
    arrays = {"w1": point[0], "w2": point[1], "covariance": np.eye(M)}
    arrays[name] = np.ones((K, K + 7))
    with pytest.raises(ValueError, match=r"w1|w2|covariance"):
        unregularised(K).value(**arrays)


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_torch_autodiff_finds_the_same_gradient_and_hessian(name, point):
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    from numerics.hessians import dense_hessian

    w1, w2, x = point
    covariance = x @ x.T / N
    loss, _ = by_definition(w1, w2, x)[name]
    masks, ridge = torch.tensor(loss.masks, dtype=torch.float64), torch.tensor(loss.ridge, dtype=torch.float64)
    data = torch.tensor(x)

    def value(weights):
        a, b = weights[: K * M].reshape(K, M), weights[K * M :].reshape(M, K)
        total = sum(masks[i] * ((data - b[:, : i + 1] @ a[: i + 1] @ data) ** 2).sum() / N for i in range(K))
        penalty = (ridge[:, None] * a**2).sum() + (ridge * b**2).sum()
        return total + penalty + loss.product * ((b @ a) ** 2).sum()

    weights = torch.tensor(np.concatenate([w1.ravel(), w2.ravel()]), requires_grad=True)
    (gradient,) = torch.autograd.grad(value(weights), weights)
    ours = np.concatenate([g.ravel() for g in loss.gradient(w1, w2, covariance)])
    np.testing.assert_allclose(ours, gradient.numpy(), rtol=1e-11, atol=1e-11)
    hessian = torch.func.hessian(value)(weights.detach()).numpy()
    mine = dense_hessian(lambda a, b: loss.gradient(a, b, covariance), w1, w2)
    np.testing.assert_allclose(mine, hessian, rtol=1e-10, atol=1e-10)
