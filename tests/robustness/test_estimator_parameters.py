"""The estimator refuses parameters and samples that make no sense, by name and in one line."""

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.exceptions import NotFittedError

from numerics.training import LinearAutoencoder

SAMPLES = np.random.default_rng(0).normal(size=(20, 4))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_components": "mle"}, "n_components: got 'mle'; want a whole number from 1 to min"),
        ({"n_components": 2.0}, r"n_components: got 2.0; want"),
        ({"n_components": 0.9}, r"n_components: got 0.9; want"),
        ({"n_components": 0}, "n_components: got 0; want"),
        ({"n_components": -1}, "n_components: got -1; want"),
        ({"n_components": 5}, r"n_components: got 5; want a whole number from 1 to min\(n, m\) = 4"),
        ({"n_components": True}, "n_components: got True; want"),
        ({"n_components": [2]}, r"n_components: got \[2\]; want"),
        ({"random_state": 2**40}, "random_state: got 1099511627776; want"),
        ({"model": "pca"}, "model: got 'pca'; want one of"),
        ({"model": None}, "model: got None; want one of"),
        ({"model": ["rag"]}, r"model: got \['rag'\]; want one of"),
        ({"optimizer": "lbfgs"}, "optimizer: got 'lbfgs'; want one of"),
        ({"optimizer": 1}, "optimizer: got 1; want one of"),
        ({"optimizer": "alternating"}, "optimizer: alternating minimises l2"),
        ({"model": "l2", "optimizer": "alternating", "learning_rate": 0.1}, "learning_rate: alternating takes whole"),
        ({"model": "brockett", "optimizer": "adam"}, "optimizer: brockett flows on a manifold"),
        ({"learning_rate": 0}, 'learning_rate: got 0; want a positive number or "auto"'),
        ({"learning_rate": -1.0}, "learning_rate: got -1.0; want"),
        ({"learning_rate": float("nan")}, "learning_rate: got nan; want"),
        ({"learning_rate": float("inf")}, "learning_rate: got inf; want"),
        ({"learning_rate": "grid"}, "learning_rate: got 'grid'; want"),
        ({"learning_rate": None}, "learning_rate: got None; want"),
        ({"learning_rate": True}, "learning_rate: got True; want"),
        ({"learning_rate": [0.1]}, "learning_rate: got .0.1.; want"),
        ({"learning_rate": 10.0}, "learning_rate: 10 diverged at step"),
        ({"model": "vae", "n_components": 4}, "learning_rate: vae has no minimum at k = 4"),
        ({"max_iter": 0}, "max_iter: got 0; want a whole number from 1 on"),
        ({"max_iter": 1.5}, "max_iter: got 1.5; want"),
        ({"max_iter": None}, "max_iter: got None; want"),
        ({"max_iter": "many"}, "max_iter: got 'many'; want"),
        ({"max_iter": True}, "max_iter: got True; want"),
        ({"tol": -1}, "tol: got -1; want a finite number that is not negative, or None"),
        ({"tol": float("nan")}, "tol: got nan; want"),
        ({"tol": float("inf")}, "tol: got inf; want"),
        ({"tol": "small"}, "tol: got 'small'; want"),
        ({"tol": [1e-3]}, r"tol: got .0.001.; want"),
        ({"random_state": "seed"}, "random_state: got 'seed'; want"),
        ({"random_state": -1}, "random_state: got -1; want a whole number from 0"),
        ({"regularisers": [1.0, 2.0]}, "regularisers: rag has none; only product, uniform-l2"),
        ({"prior": [0.5, 0.5]}, "prior: rag has none; only nested-dropout"),
        ({"model": "l2", "prior": [0.5, 0.5]}, "prior: l2 has none"),
        ({"model": "l2", "regularisers": [1.0]}, r"regularisers: got float64 of shape \(1,\); want 2 numbers"),
        ({"model": "l2", "regularisers": 1.0}, r"regularisers: got float64 of shape \(\); want 2 numbers"),
        ({"model": "l2", "regularisers": "auto"}, "regularisers: got <U4"),
        ({"model": "l2", "regularisers": [1.0, -1.0]}, "regularisers: got 1, -1; want finite numbers, none negative"),
        ({"model": "l2", "regularisers": [1.0, float("nan")]}, "regularisers: got 1, nan; want finite"),
        ({"model": "l2", "regularisers": [1.0, float("inf")]}, "regularisers: got 1, inf; want finite"),
        ({"model": "nested-dropout", "prior": [0.5, 0.6]}, "prior: want probabilities that sum to one"),
        ({"model": "nested-dropout", "prior": [1.5, -0.5]}, "prior: got 1.5, -0.5; want finite numbers, none negative"),
        ({"model": "nested-dropout", "prior": [1.0]}, "prior: got float64 of shape"),
    ],
)
def test_bad_parameters_are_refused_by_name_in_one_line(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        LinearAutoencoder(**{"n_components": 2} | options).fit(SAMPLES)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.full((20, 4), 14.62), "all samples are equal"),
        (np.where(SAMPLES > 1, np.nan, SAMPLES), "NaN"),
        (np.where(SAMPLES > 1, np.inf, SAMPLES), "infinity"),
        (SAMPLES[:1], "minimum of 2 is required"),
        (SAMPLES[:0], "minimum of 2 is required"),
        (SAMPLES[0], "Expected 2D array"),
        (SAMPLES[None], "dim 3"),
        (SAMPLES + 1j, "Complex data not supported"),
        (np.array([["x"], ["y"]]), "not compatible with arrays of bytes/strings"),
        (np.array([["x"], ["y"]], dtype=object), "could not convert string"),
        (SAMPLES * 1e200, "want other units"),
        (SAMPLES * 1e-200, "want other units"),
    ],
)
def test_samples_that_are_no_table_of_numbers_that_vary_are_refused(samples, message):
    with pytest.raises(ValueError, match=message):
        LinearAutoencoder(1).fit(samples)


@pytest.mark.parametrize("method", ["transform", "inverse_transform", "score"])
def test_what_is_not_fitted_answers_nothing(method):
    with pytest.raises(NotFittedError):
        getattr(LinearAutoencoder(), method)(SAMPLES)


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        ("transform", SAMPLES[:, :3]),
        ("score", SAMPLES[:, :3]),
        ("inverse_transform", SAMPLES[:, :3]),
        ("transform", SAMPLES * np.nan),
        ("inverse_transform", SAMPLES[:, :2] * np.nan),
    ],
)
def test_what_is_fitted_refuses_tables_of_another_shape_or_without_numbers(method, rows):
    auto = LinearAutoencoder(2, random_state=0).fit(SAMPLES)
    with pytest.raises(ValueError, match=r"features|NaN|shapes|mismatch"):
        getattr(auto, method)(rows)
