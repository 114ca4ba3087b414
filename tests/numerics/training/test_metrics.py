"""Metrics at weights whose value is known."""

import numpy as np
import pytest

from numerics.training import metrics

RNG = np.random.default_rng(0)


def test_alignment_is_its_definition_and_ignores_order_sign_and_scale():
    w2 = RNG.normal(size=(3, 5))
    cosines = [[(w[i] / np.linalg.norm(w)) ** 2 for w in w2] for i in range(3)]
    assert metrics.alignment(w2) == pytest.approx(1 - np.mean([max(row) for row in cosines]))
    shuffled = np.diag([-2.0, 3.0, 0.5]) @ np.eye(3, 5)[[2, 0, 1]]
    assert metrics.alignment(shuffled) == 0
    assert metrics.ordered_alignment(shuffled) == 1
    assert metrics.ordered_alignment(np.diag([-2.0, 3.0, 0.5]) @ np.eye(3, 5)) == 0


def test_alignment_takes_the_best_column_even_if_one_column_is_best_twice():
    """Definition 7.1 takes a maximum for each u_i: here w_1 serves both, so that half of each cosine counts."""
    assert metrics.alignment(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])) == pytest.approx(0.5)


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1.0, 1e200])
def test_metrics_see_directions_whatever_the_scale(scale):
    w2 = RNG.normal(size=(2, 4))
    for metric in (metrics.alignment, metrics.ordered_alignment, metrics.subspace):
        assert metric(scale * w2) == pytest.approx(metric(w2), rel=1e-9)


def test_zero_columns_count_as_not_found():
    w = np.zeros((1, 2, 2, 3))
    w[0, :, 0, 0] = 1.0
    found = {name: float(value[0]) for name, value in metrics.measure(w).items()}
    assert found["alignment"] == found["ordered_alignment"] == found["subspace"] == 0.5
    assert (found["ratio_tp"], found["ratio_fp"], found["ratio_total"]) == (0.5, 0.0, 0.5)
    assert found["effective_rank"] == pytest.approx(1)
    assert {float(v[0]) for name, v in metrics.measure(0 * w).items() if name in ("alignment", "subspace")} == {1.0}


def test_subspace_distance_is_its_definition_and_keeps_small_angles():
    w2 = RNG.normal(size=(3, 6))
    basis = np.linalg.qr(w2.T)[0]
    assert metrics.subspace(w2) == pytest.approx(1 - np.trace(basis[:3] @ basis[:3].T) / 3)
    assert metrics.subspace(np.eye(2) @ np.array([[1.0, 0, 1e-9], [0, 1.0, 0]])) == pytest.approx(0.5e-18)


def test_ratios_separate_right_and_wrong_places():
    inside, outside, total = metrics.ratios(np.eye(4)[[0, 1, 3, 2]])
    assert (float(inside), float(outside), float(total)) == (0.5, 0.5, 1.0)
    almost = np.array([[np.cos(0.13), np.sin(0.13)], [0.0, 1.0]]), np.array([[np.cos(0.15), np.sin(0.15)], [0.0, 1.0]])
    assert [float(metrics.ratios(w)[0]) for w in almost] == [1.0, 0.5]  # cos 0.13 > 0.99 > cos 0.15


def test_transpose_balance_and_effective_rank():
    w1, w2 = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
    found = metrics.measure(np.stack([w1, w2])[None])
    assert found["transpose"][0] == pytest.approx(np.linalg.norm(w1 - w2))
    assert found["balance"][0] == pytest.approx(np.linalg.norm(w1 @ w1.T - w2 @ w2.T))
    sizes = np.linalg.svd(w2.T @ w1, compute_uv=False)[:2]
    p = sizes / sizes.sum()
    assert found["effective_rank"][0] == pytest.approx(np.exp(-(p * np.log(p)).sum()))


def test_names_are_those_that_are_measured():
    assert tuple(metrics.measure(np.ones((1, 2, 2, 3)))) == metrics.NAMES


def blind_to(name, w, rng):
    """Weights that `UNSEEN` says the metric cannot tell from w, (1, 2, k, m)."""
    other = w.copy()
    if name in ("alignment", "ordered_alignment", "subspace", "ratio_tp", "ratio_fp", "ratio_total"):
        other[:, 0] = rng.normal(size=other[:, 0].shape)
        other[:, 1] *= np.array([2.0, -3.0, 0.5])[:, None]
    if name in ("alignment", "ratio_total"):
        other[:, 1] = other[:, 1, ::-1]
    if name == "subspace":
        other[:, 1] = rng.normal(size=(3, 3)) @ other[:, 1]
    if name == "transpose":
        other += rng.normal(size=other[:, :1].shape)
    if name == "balance":
        other = other @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
    if name == "effective_rank":
        other = 3 * other @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
    return other


@pytest.mark.parametrize("name", metrics.NAMES)
def test_a_metric_does_not_see_what_it_says_it_does_not_see(name):
    rng = np.random.default_rng(0)
    w = rng.normal(size=(1, 2, 3, 5)) + 2 * np.eye(3, 5)
    other = blind_to(name, w, rng)
    assert not np.allclose(w, other)
    assert metrics.measure(other)[name] == pytest.approx(metrics.measure(w)[name], rel=1e-9, abs=1e-12)
    assert metrics.UNSEEN[name]


def test_every_metric_that_training_reports_says_what_it_cannot_see():
    from numerics.training.distances import NAMES

    assert set(metrics.UNSEEN) == {*metrics.NAMES, *NAMES, "excess", "drift"}
