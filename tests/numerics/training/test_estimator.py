"""The estimator: scikit-learn's own checks, its PCA on several data sets, and warnings wherever the two differ."""

import pickle
import warnings

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")
from sklearn.base import clone  # noqa: E402
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

from numerics.training import LinearAutoencoder  # noqa: E402
from numerics.training.catalogue import MODELS  # noqa: E402

WINE = StandardScaler().fit_transform(load_wine().data)
ORDERED = ("rag", "rag-printed", "l2", "nested-dropout", "nested-dropout-batch", "summed", "gha", "brockett", "vae")
"""Those whose components are PCA's."""
SPACES = ("unregularised", "product", "uniform-l2", "uniform-l2-tied", "denoising", "contractive", "oja", "deep")
"""Those that find what PCA's components span."""


def fitted(samples, k=None, **options):
    """An estimator, and the categories and texts of what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        auto = LinearAutoencoder(k, **{"random_state": 0} | options).fit(samples)
    return auto, [(w.category, str(w.message)) for w in caught]


@parametrize_with_checks([LinearAutoencoder(), LinearAutoencoder(n_components=1, model="l2", optimizer="gd")])
def test_scikit_learn_accepts_it(estimator, check):
    check(estimator)


@pytest.mark.parametrize(("model", "optimizer"), [("rag", "gd"), ("l2", "nesterov"), ("nested-dropout", "nesterov")])
def test_components_on_digits_are_those_of_pca_in_order_and_sign(model, optimizer):
    samples = load_digits().data
    auto, warned = fitted(samples, 3, model=model, optimizer=optimizer)
    principal = PCA(3).fit(samples)
    assert (auto.status_, warned) == ("reached", [])
    assert auto.n_iter_ < auto.max_iter
    np.testing.assert_allclose(auto.components_, principal.components_, atol=3e-3)
    np.testing.assert_allclose(auto.mean_, principal.mean_, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(auto.explained_variance_, principal.explained_variance_, rtol=1e-5)
    np.testing.assert_allclose(auto.explained_variance_ratio_, principal.explained_variance_ratio_, rtol=1e-5)
    if model == "rag":
        error = np.mean((samples - auto.inverse_transform(auto.transform(samples))) ** 2)
        best = np.mean((samples - principal.inverse_transform(principal.transform(samples))) ** 2)
        assert error == pytest.approx(best, rel=1e-4)
        assert auto.loss_ == pytest.approx(best * samples.shape[1], rel=1e-4)
        assert auto.score(samples) == pytest.approx(principal.explained_variance_ratio_.sum(), rel=1e-4)
        constant = np.var(samples, axis=0) == 0
        assert np.all(auto.encoder_[:, constant] == 0)
        assert np.all(auto.decoder_[constant] == 0)


@pytest.mark.parametrize("samples", [load_wine().data, load_iris().data, load_breast_cancer().data])
def test_data_that_pca_answers_are_answered_by_default(samples):
    """Variances of wine differ by a factor of 575 among the first two, and by 10⁷ in all."""
    auto, warned = fitted(samples, 2)
    assert (auto.status_, warned) == ("reached", [])
    np.testing.assert_allclose(np.sum(auto.components_ * PCA(2).fit(samples).components_, axis=1), 1, atol=2e-5)


def test_signs_do_not_follow_what_is_left_of_an_error():
    """The fourth component of digits has two entries of largest size, ±0.31, closer than what is learned."""
    principal = PCA(5).fit(load_digits().data)
    for seed in range(4):
        auto, _ = fitted(load_digits().data, 5, random_state=seed)
        np.testing.assert_allclose(auto.components_, principal.components_, atol=1e-2)


def test_where_default_steps_do_not_suffice_the_warning_says_why():
    auto, warned = fitted(load_wine().data, max_iter=3000)
    assert auto.status_ == "completed"
    ((category, text),) = warned
    assert category is ConvergenceWarning
    assert "not converged after 3000 steps" in text
    assert "σ_1²/σ_k² = 1.21e+07" in text
    assert "StandardScaler" in text


@pytest.mark.parametrize("model", ORDERED)
def test_models_that_determine_components_give_those_of_pca_whatever_the_seed(model):
    principal = PCA(3).fit(WINE)
    for seed in range(3):
        auto, warned = fitted(WINE, 3, model=model, random_state=seed)
        assert (auto.status_, warned) == ("reached", [])
        np.testing.assert_allclose(auto.components_, principal.components_, atol=5e-3)
        np.testing.assert_allclose(auto.explained_variance_, principal.explained_variance_, rtol=1e-4)


@pytest.mark.parametrize("model", SPACES)
def test_models_that_determine_a_space_say_so_and_span_that_of_pca(model):
    principal = PCA(3).fit(WINE)
    auto, ((category, text),) = fitted(WINE, 3, model=model)
    assert auto.status_ == "reached"
    assert category is UserWarning
    assert "determines the space that the components span" in text
    outside = auto.components_ - auto.components_ @ principal.components_.T @ principal.components_
    np.testing.assert_allclose(outside, 0, atol=1e-2)
    np.testing.assert_allclose(np.linalg.norm(auto.components_, axis=1), 1)
    assert np.all(np.diff(auto.explained_variance_) <= 0)


@pytest.mark.parametrize("model", [name for name in MODELS if name != "nested-dropout-sample"])
def test_components_have_the_signs_of_the_nearest_principal_directions_and_all_attributes_are_there(model):
    auto, _ = fitted(WINE, 2, model=model, max_iter=300)
    cosines = auto.components_ @ PCA().fit(WINE).components_.T
    assert np.all(cosines[range(2), np.abs(cosines).argmax(axis=1)] >= 0)
    assert np.all(np.einsum("ij,ji->i", auto.components_, auto.decoder_) >= 0)
    assert auto.components_.shape == auto.encoder_.shape == auto.decoder_.T.shape == (2, 13)
    assert auto.explained_variance_.shape == auto.explained_variance_ratio_.shape == (2,)
    assert (auto.n_components_, auto.n_samples_, auto.n_features_in_) == (2, 178, 13)
    assert 0 < auto.n_iter_ <= 300
    assert auto.score(WINE) <= 1
    assert auto.transform(WINE).shape == (178, 2)


def test_permuted_components_are_not_called_reached():
    """Near a saddle, where latents are aligned in the wrong order, d_align alone is below the tolerance."""
    samples = np.vstack([np.diag([3.0, 2.99, 1.0]), -np.diag([3.0, 2.99, 1.0])])
    tried = [fitted(samples, 2, model="l2", optimizer="gd", tol=0.02, max_iter=100, random_state=s) for s in range(9)]
    for auto, warned in tried:
        history = {name: float(column[-1]) for name, column in auto.history_.items()}
        assert (auto.status_ == "reached") == (history["ordered_alignment"] <= 0.02) == (not warned)
    assert any(auto.history_["alignment"][-1] <= 0.02 < auto.history_["ordered_alignment"][-1] for auto, _ in tried)


def test_where_momentum_helps_it_is_named():
    _, ((_, text),) = fitted(WINE, 3, model="l2", max_iter=100)
    assert 'Want optimizer="nesterov", more steps' in text


def test_a_rotation_that_cannot_align_further_asks_for_a_smaller_rate():
    _, ((category, text),) = fitted(WINE, 3, optimizer="nesterov", max_iter=3000)
    assert category is ConvergenceWarning
    assert "Want a smaller learning_rate" in text


def test_beyond_the_rank_components_are_zero_with_a_warning():
    rng = np.random.default_rng(0)
    samples = rng.normal(size=(30, 2)) @ rng.normal(size=(2, 5)) + 7
    for model in ("rag", "l2", "nested-dropout", "unregularised"):
        auto, warned = fitted(samples, 4, model=model)
        assert any(
            "only 2 of 4 latents have something to learn (the samples have rank 2)" in text for _, text in warned
        )
        assert any("σ_4² > 0; only 2 eigenvalues are positive" in text for _, text in warned)
        assert not any(category is ConvergenceWarning for category, _ in warned)
        for idle in (auto.components_[2:], auto.encoder_[2:], auto.decoder_[:, 2:], auto.explained_variance_[2:]):
            assert np.all(idle == 0)
        np.testing.assert_allclose(np.linalg.norm(auto.components_[:2], axis=1), 1)
    assert fitted(samples[:2], 2)[0].components_[1].any() == np.False_


def test_latents_that_collapse_are_zero_with_a_warning():
    auto, warned = fitted(WINE, 3, model="l2", optimizer="nesterov", regularisers=[0.5, 1.0, 2.0])
    assert any("λ_3 = 2 ≥ σ_3² = 1.44607: latent 3 collapses" in text for _, text in warned)
    assert auto.status_ == "reached"
    assert np.all(auto.components_[2] == 0)
    np.testing.assert_allclose(auto.components_[:2], PCA(2).fit(WINE).components_, atol=5e-3)


def test_latents_that_have_learned_nothing_yet_are_no_components():
    auto, warned = fitted(load_wine().data, 5, max_iter=100)
    assert ConvergenceWarning in {category for category, _ in warned}
    np.testing.assert_allclose(np.linalg.norm(auto.components_, axis=1), [1, 0, 0, 0, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"model": "l2", "regularisers": [0.2, 0.1]}, "regularisers: they were sorted"),
        ({"model": "l2", "regularisers": [0.2, 0.2]}, "assumes λ_1 < … < λ_k; λ_1 = 0.2, λ_2 = 0.2"),
        ({"model": "l2", "regularisers": [0.0, 0.2]}, "assumes 0 < λ_1; λ_1 = 0"),
        ({"model": "nested-dropout", "prior": [0.0, 1.0]}, "assumes p_B(b) > 0 for every b; p_B(1) = 0"),
        ({"model": "nested-dropout", "prior": [1.0, 0.0]}, "only 1 of 2 latents have something to learn"),
        ({"optimizer": "nesterov", "max_iter": 2000}, "not converged"),
    ],
)
def test_it_warns_where_the_order_or_the_minimum_is_not_what_the_theorem_says(options, text):
    assert any(text in found for _, found in fitted(WINE, 2, **options)[1])


def test_without_a_tolerance_all_steps_are_taken_in_silence():
    auto, warned = fitted(WINE, 2, tol=None, max_iter=50)
    assert (auto.n_iter_, auto.status_, warned) == (50, "completed", [])
    auto, warned = fitted(WINE, 2, tol=0, max_iter=50)
    assert (auto.n_iter_, auto.status_) == (50, "completed")
    assert [category for category, _ in warned] == [ConvergenceWarning]


def test_a_number_of_any_kind_of_integer_is_one():
    for k in (np.int64(2), np.uint8(2), 2):
        assert fitted(WINE, k, max_iter=5)[0].n_components_ == 2


@pytest.mark.parametrize("offset", [np.int64(2**60 + 1), 2.0**40])
def test_samples_far_from_zero_are_those_near_it(offset):
    """PCA's mean is rounded there; ours is not: integers are not even made doubles before it is subtracted."""
    samples = np.random.default_rng(0).integers(-50, 50, size=(60, 3)) * [4, 2, 1]
    near, _ = fitted(samples, 2)
    far, warned = fitted(samples + offset, 2)
    assert warned == []
    for name in ("components_", "encoder_", "explained_variance_"):
        np.testing.assert_array_equal(getattr(near, name), getattr(far, name))
    np.testing.assert_array_equal(near.transform(samples), far.transform(samples + offset))
    assert near.score(samples) == far.score(samples + offset)


def test_a_constant_column_far_away_is_no_component():
    samples = np.column_stack([np.full(178, 1.6e9 + 0.1), WINE[:, :3] * 3e-3])
    auto, warned = fitted(samples, 2)
    assert (auto.status_, warned) == ("reached", [])
    assert np.all(auto.components_[:, 0] == 0)
    with pytest.raises(ValueError, match="all samples are equal"):
        LinearAutoencoder(1).fit(np.full((1000, 1), 14.62))


def test_single_precision_stays_and_it_can_be_cloned_pickled_and_searched():
    single = WINE.astype(np.float32)
    auto, _ = fitted(single, 2, tol=1e-3)
    assert {getattr(auto, name).dtype for name in ("components_", "encoder_", "mean_")} == {np.dtype(np.float32)}
    assert auto.transform(single).dtype == auto.inverse_transform(auto.transform(single)).dtype == np.float32
    again = pickle.loads(pickle.dumps(auto))
    np.testing.assert_array_equal(again.transform(WINE), auto.transform(WINE))
    assert clone(auto).get_params() == auto.get_params()
    assert list(auto.get_feature_names_out()) == ["linearautoencoder0", "linearautoencoder1"]
    pipeline = make_pipeline(StandardScaler(), LinearAutoencoder(random_state=0))
    search = GridSearchCV(pipeline, {"linearautoencoder__n_components": [1, 3]}, cv=3).fit(load_wine().data)
    assert search.best_params_ == {"linearautoencoder__n_components": 3}


def test_latents_that_are_no_numbers_are_refused():
    auto, _ = fitted(WINE, 2)
    with pytest.raises(ValueError, match="NaN"):
        auto.inverse_transform([[np.nan, 1.0]])
    assert auto.score(np.tile(auto.mean_, (3, 1))) == 1.0
