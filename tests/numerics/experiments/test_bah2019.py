"""The figures of Bah et al. 2019: each statement follows what was measured; predictions against the flow itself."""

import numpy as np
import pytest

from numerics.deep_flow import integrate, product
from numerics.experiments.bah2019 import common, fig1, fig2, fig3, fig4
from numerics.experiments.figure import Measured
from numerics.experiments.remake import judge

XX = np.diag([3.0, 2.0, 1.0, 0.5])


def fails(figure, values):
    return {one["id"] for one in judge(figure.statements, {"": Measured(values, [])}) if one["seen"] is False}


def flowed(layers, times):
    """‖W − U_rU_rᵀ‖ along the flow."""
    r = layers[0].shape[0]
    goal = np.diag([1.0] * r + [0.0] * (4 - r))
    return np.array([np.linalg.norm(product(integrate(layers, XX, XX, t).layers) - goal) for t in times])


@pytest.mark.parametrize("depth", [2, 3])
def test_the_predicted_rate_is_that_of_the_flow_for_any_depth(depth):
    from numerics.training.starts import balanced_layers

    rng = np.random.default_rng(0)
    w = np.diag([1.0, 1.0, 0, 0]) + 0.1 * rng.normal(size=(4, 4))
    u, s, vt = np.linalg.svd(w)
    layers = balanced_layers((u[:, :2] * s[:2]) @ vt[:2], [2] * (depth - 1), rng)
    times = np.linspace(14, 22, 9)
    slope = -np.polyfit(times, np.log(flowed(layers, times)), 1)[0]
    assert slope == pytest.approx(common.slowest(np.diag(XX), 2), rel=0.02)


def test_the_predicted_limit_is_that_of_the_flow_from_an_unbalanced_start():
    rng = np.random.default_rng(1)
    layers = [0.6 * rng.normal(size=(2, 4)), 0.6 * rng.normal(size=(4, 2))]
    first, second = integrate(layers, XX, XX, 60.0).layers
    assert np.linalg.norm(second - first.T) == pytest.approx(fig3.limit(*layers), rel=1e-4)


def test_a_run_that_misses_the_projection_and_a_start_that_violates_the_condition_are_told():
    def run(end, satisfied):
        return {"N": 2, "d": 4, "r": 1, "seed": 0, "distance": np.array([1.0, end]), "(47)": satisfied}

    rest = [run(0.0, True) | {"N": n} for n in (3, 4)]
    assert fails(fig1.FIGURE, [run(0.0, True), *rest]) == set()
    assert fails(fig1.FIGURE, [run(0.5, True), *rest]) == {"limit"}
    assert fails(fig1.FIGURE, [run(0.0, False), *rest]) == {"condition-47"}


def test_a_run_of_an_error_above_the_least_is_told():
    def run(n, transpose=0.0, error=2.0):
        return {"N": n, "transpose": np.array([1.0, transpose]), "error": np.array([5.0, error]), "least": 2.0}

    assert fails(fig2.FIGURE, [run(2), run(3)]) == set()
    assert fails(fig2.FIGURE, [run(2, transpose=0.5), run(3)]) == {"transpose"}
    assert fails(fig2.FIGURE, [run(2), run(3, error=2.1)]) == {"least-error"}


def test_what_unbalanced_layers_keep_apart_is_told():
    def run(transpose, distance):
        return {"transpose": np.array([1.0, transpose]), "distance": np.array([1.0, distance]), "limit": 0.0}

    assert fails(fig3.FIGURE, [run(0.0, 0.0)]) == set()
    assert fails(fig3.FIGURE, [run(0.0, 0.0), run(0.1, 0.0)]) == {"transpose"}
    assert fails(fig3.FIGURE, [run(0.0, 0.5)]) == {"projection"}


def test_the_special_start_falls_as_remark_33_says_and_rounding_decides_where_it_ends():
    asked = fig4.FIGURE.asked("smoke")
    trials = {trial.name: trial for trial in fig4.trials(asked)}
    readings = fig4.measure(asked, trials)
    early = readings["eigenbasis"].values[0]
    times = early["t"] <= 0.5
    assert early["norm"][times] == pytest.approx(early["predicted"][times], rel=0.2)
    found = {name: fails(fig4.FIGURE, measured.values) for name, measured in readings.items()}
    assert found["features' basis"] == {"converges-to-zero", "not-balanced"}
    assert found["eigenbasis"] == {"escapes", "not-balanced"}
