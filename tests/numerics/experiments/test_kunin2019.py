"""The figures of Kunin et al. 2019: each statement follows what was measured; predictions against plain computation."""

import numpy as np
import pytest

from numerics.experiments.figure import Measured
from numerics.experiments.kunin2019 import appendix_e, common, fig1, fig2, fig3, fig4, fig5, fig6, fig7, fig8
from numerics.experiments.remake import judge

LOSSES = common.LOSSES


def seen(figure, values):
    return {one["id"]: one["seen"] for one in judge(figure.statements, {"": Measured(values, [])})}


def fails(figure, values):
    return {name for name, answer in seen(figure, values).items() if answer is False}


@pytest.mark.parametrize("loss", LOSSES)
def test_predicted_singular_values_are_those_of_a_minimum_found_by_descent(loss):
    sigma2, lam = np.array([4.0, 2.0]), 0.5
    for s, predicted in zip(sigma2, common.shrunk(loss, sigma2, lam), strict=True):
        w = np.array([0.9, 1.1])
        for _ in range(20_000):
            a, b = w
            slope = -2 * s * (1 - a * b) * np.array([b, a])
            slope += {"unregularised": 0 * w, "product": 2 * lam * a * b * np.array([b, a]), "uniform-l2": 2 * lam * w}[
                loss
            ]
            w = w - 0.01 * slope
        assert w.prod() == pytest.approx(predicted, abs=1e-6)


def test_only_a_distance_that_vanishes_is_pulled():
    def ends(sum_, other):
        curves = {loss: [{"distance": np.array([1.0, other])}] for loss in LOSSES}
        return curves | {"uniform-l2": [{"distance": np.array([1.0, sum_])}]}

    assert fails(fig3.FIGURE, ends(1e-9, 0.5)) == set()
    assert fails(fig3.FIGURE, ends(1e-3, 0.5)) == {"sum-pulls"}
    assert fails(fig3.FIGURE, ends(1e-9, 1e-4)) == {"only-the-sum-pulls"}


def test_singular_vectors_are_compared_up_to_the_signs_that_the_text_allows():
    one, turned = np.ones(2), np.array([0.7, 0.7])
    good = [{"uu": -one, "uv": -one, "vu": one}]
    lost = [{"uu": turned, "uv": turned, "vu": one}]
    values = {"product": good, "uniform-l2": good, "unregularised": lost}
    assert fails(fig4.FIGURE, values) == set()
    assert fails(fig4.FIGURE, values | {"unregularised": good}) == {"unregularised-does-not"}
    assert fails(fig4.FIGURE, values | {"product": lost}) == {"regularised-find-U"}
    assert fails(fig4.FIGURE, values | {"product": [good[0] | {"vu": -one}]}) == {"lower-right"}


def test_a_point_beside_its_curve_is_seen():
    sigma2 = np.array([4.0, 2.0])
    values = {"sigma2": sigma2} | {loss: {1.0: [common.shrunk(loss, sigma2, 1.0)]} for loss in LOSSES}
    assert fails(fig5.FIGURE, values) == set()
    values["product"][1.0].append(values["product"][1.0][0] + [0, 0.02])
    assert fails(fig5.FIGURE, values) == {"visually-perfect"}


def test_maps_are_compared_with_orthogonal_ones():
    def maps(product, off):
        return [{"product": product, "A orthogonal": off, "B orthogonal": 0.0}]

    values = {"unregularised": maps(0.0, 1.0), "product": maps(0.0, 1.0), "uniform-l2": maps(0.0, 0.0)}
    assert fails(fig6.FIGURE, values) == set()
    assert fails(fig6.FIGURE, values | {"product": maps(0.5, 1.0)}) == {"inverse"}
    assert fails(fig6.FIGURE, values | {"uniform-l2": maps(0.0, 0.5)}) == {"orthogonal"}
    assert fails(fig6.FIGURE, values | {"unregularised": maps(0.0, 0.0)}) == {"deformed"}


def test_images_match_only_if_all_of_them_do():
    good, bad = [{"cosines": np.ones(9)}], [{"cosines": np.array([1.0] * 8 + [0.5])}]
    values = {"unregularised": bad, "product": bad, "uniform-l2": good}
    assert fails(fig7.FIGURE, values) == set()
    assert fails(fig7.FIGURE, values | {"uniform-l2": bad}) == {"sum-matches"}
    assert fails(fig7.FIGURE, values | {"product": good}) == {"only-the-sum"}


def test_a_turned_and_compressed_embedding_leaves_nothing_and_another_does():
    rng = np.random.default_rng(0)
    basis, turn = (np.linalg.qr(rng.normal(size=(n, n)))[0] for n in (5, 2))
    sigma2, compression = np.array([3.0, 1.0]), np.array([0.9, 0.5])
    encoder = turn * compression @ basis[:, :2].T
    found = fig8._turned(encoder, basis[:, :2], sigma2, compression)
    assert found["left"] < 1e-12
    assert found["outside"] < 1e-12
    assert found["compression"] == pytest.approx(compression)
    assert seen(fig8.FIGURE, {"seeds": [found]}) == {"compressed-components": True}
    other = fig8._turned(encoder + 0.2 * basis[:, 2:4].T, basis[:, :2], sigma2, compression)
    assert seen(fig8.FIGURE, {"seeds": [found, other]}) == {"compressed-components": False}


def test_stationary_points_off_the_printed_sets_are_noticed():
    def points(at, kinds, bends=1.0):
        at = np.array(at, float)
        return {"points": at, "kinds": np.array(kinds), "bends": np.full((len(at), 2), bends), "paths": []}

    half = 0.5**0.5
    values = {
        "unregularised": points([[0, 0], [2, 0.5]], ["saddle", "minimum"]),
        "product, λ = 2": points([[0, 0], [1, 2 / 3]], ["saddle", "minimum"]),
        "sum, λ = 2": points([[0, 0], [half, half], [-half, -half]], ["saddle", "minimum", "minimum"]),
        "sum, λ = 6": points([[0, 0]], ["minimum"]),
    }
    values["sum, λ = 2"]["paths"] = [np.array([[half, half]]), np.array([[-half, -half]])]
    assert fails(fig1.FIGURE, values) == set()
    assert fails(fig1.FIGURE, values | {"sum, λ = 6": points([[0, 0]], ["saddle"])}) == {"origin"}
    moved = points([[0, 0], [1, 0.7]], ["saddle", "minimum"])
    assert fails(fig1.FIGURE, values | {"product, λ = 2": moved}) == {"hyperbolas"}
    more = points([[0, 0], [0.1, 0.1]], ["minimum", "minimum"])
    assert fails(fig1.FIGURE, values | {"sum, λ = 6": more}) == {"collapse"}


def test_the_flow_goes_down_whatever_the_text_says():
    asked = fig2.FIGURE.asked("smoke")
    values = fig2.measure(asked, {})[""].values
    assert fails(fig2.FIGURE, values) == {"descends-as-printed"}
    values["3"]["kinds"] = ["minimum", "maximum", "saddle"]
    assert fails(fig2.FIGURE, values) == {"descends-as-printed", "extrema-space"}


def test_a_wrong_index_in_the_table_is_noticed(monkeypatch):
    values = appendix_e.measure(appendix_e.FIGURE.asked("smoke"), {})[""].values
    assert fails(appendix_e.FIGURE, values) == set()
    monkeypatch.setitem(appendix_e.PRINTED, (2, 3), 1)
    assert fails(appendix_e.FIGURE, values) == {"table"}
    assert fails(appendix_e.FIGURE, values | {(2, 3): [1, 1, 1]}) == {"formula-4", "duality"}
