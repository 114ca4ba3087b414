"""Brute-force Hessians: exact on every quartic, whatever the length of the direction."""

import numpy as np

from numerics.hessians import dense_hessian, hessian_product
from numerics.losses import product


def problem():
    rng = np.random.default_rng(0)
    w1, w2, covariance = rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), np.diag([3.0, 2.0, 1.0])
    loss = product(2, 0.3)
    return w1, w2, lambda a, b: loss.gradient(a, b, covariance)


def test_product_with_the_hessian_is_linear_in_the_direction():
    """A difference formula that is not exact would leave a cubic remainder."""
    w1, w2, gradient = problem()
    rng = np.random.default_rng(1)
    v1, v2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    one = hessian_product(gradient, w1, w2, v1, v2)
    ten = hessian_product(gradient, w1, w2, 10 * v1, 10 * v2)
    for a, b in zip(one, ten, strict=True):
        np.testing.assert_allclose(10 * a, b, rtol=1e-9)


def test_dense_hessian_is_made_of_products():
    w1, w2, gradient = problem()
    rng = np.random.default_rng(1)
    v1, v2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    h1, h2 = hessian_product(gradient, w1, w2, v1, v2)
    dense = dense_hessian(gradient, w1, w2) @ np.concatenate([v1.ravel(), v2.ravel()])
    np.testing.assert_allclose(dense, np.concatenate([h1.ravel(), h2.ravel()]), rtol=1e-11)
