"""The estimator: scikit-learn's own checks, and its PCA on digits."""

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

from numerics.training import LinearAutoencoder  # noqa: E402


@parametrize_with_checks([LinearAutoencoder(), LinearAutoencoder(n_components=1, model="l2", optimizer="gd")])
def test_scikit_learn_accepts_it(estimator, check):
    check(estimator)


@pytest.mark.parametrize(("model", "optimizer"), [("rag", "gd"), ("l2", "nesterov"), ("nested-dropout", "nesterov")])
def test_components_on_digits_are_those_of_pca_in_order(model, optimizer):
    samples = load_digits().data
    auto = LinearAutoencoder(3, model=model, optimizer=optimizer, max_iter=20_000, tol=1e-5, random_state=0).fit(
        samples
    )
    principal = PCA(3).fit(samples)
    assert auto.status_ == "reached"
    np.testing.assert_allclose(np.abs(np.sum(auto.components_ * principal.components_, axis=1)), 1, atol=3e-5)
    np.testing.assert_allclose(auto.mean_, principal.mean_, rtol=1e-12, atol=1e-12)
    if model == "rag":
        error = np.mean((samples - auto.inverse_transform(auto.transform(samples))) ** 2)
        best = np.mean((samples - principal.inverse_transform(principal.transform(samples))) ** 2)
        assert error == pytest.approx(best, rel=1e-4)
        assert auto.loss_ == pytest.approx(best * samples.shape[1], rel=1e-4)


def test_a_learning_rate_that_diverges_and_bad_parameters_are_refused():
    samples = np.random.default_rng(0).normal(size=(20, 4))
    with pytest.raises(ValueError, match="learning_rate: 10 diverged at step"):
        LinearAutoencoder(2, learning_rate=10.0).fit(samples)
    with pytest.raises(ValueError, match="optimizer: got 'lbfgs'"):
        LinearAutoencoder(2, optimizer="lbfgs").fit(samples)
    with pytest.raises(ValueError, match="k: got 5"):
        LinearAutoencoder(5).fit(samples)
    with pytest.raises(ValueError, match="model: got 'pca'"):
        LinearAutoencoder(2, model="pca").fit(samples)
