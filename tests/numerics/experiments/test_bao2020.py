"""The figures of Bao et al. 2020: what is asked, and that each statement follows what was measured."""

import numpy as np
import pytest

from numerics.experiments.bao2020 import fig1, fig2, fig3, fig4, fig6, searches, table3, table4
from numerics.experiments.bao2020.common import Curves
from numerics.experiments.figure import Asked, Measured
from numerics.experiments.remake import judge
from numerics.training.data import Data
from numerics.training.job import Ending

MNIST = [5.12, 3.74, 3.25, 2.84, 2.57, 2.27, 1.73, 1.52, 1.46, 1.24]
MNIST += [1.11, 1.07, 0.905, 0.892, 0.832, 0.782, 0.698, 0.673, 0.626, 0.608, 0.562]
"""The first eigenvalues of the covariance of MNIST's training images, pixels in [0, 1]."""
AGREES = {
    "uniform-l2, nesterov": [1.0, 0.7, 0.7, 0.7],
    "uniform-l2, adam": [1.0, 0.7, 0.7, 0.7],
    "l2, nesterov": [1.0, 0.8, 0.7, 0.6],
    "l2, adam": [1.0, 0.8, 0.7, 0.2],
    "rag, nesterov": [1.0, 0.35, 0.1, 0.0],
    "nested-dropout-sample, nesterov": [1.0, 0.7, 0.4, 0.2],
    "nested-dropout-sample, adam": [1.0, 0.4, 0.2, 0.0],
    "nested-dropout, nesterov": [1.0, 0.7, 0.4, 0.2],
    "nested-dropout, adam": [1.0, 0.4, 0.2, 0.0],
    "vae, nesterov": [1.0, 0.7, 0.4, 0.2],
    "vae, adam": [1.0, 0.4, 0.2, 0.0],
}
"""Curves of d_align that agree with all that the paper says of Figure 2."""
END = Ending("completed", 30.0, np.zeros(0), np.zeros(0))


def seen(figure, values):
    """What is said of every statement, by id."""
    return {one["id"]: one["seen"] for one in judge(figure.statements, {"": Measured(values, [])})}


def spectrum(values):
    m = len(values)
    return Data(np.array(values), np.eye(m), samples=np.zeros((1, m)))


@pytest.fixture
def images(monkeypatch):
    """Figure 2 on a spectrum instead of images."""

    def put(data):
        monkeypatch.setattr(fig2.images, "read", lambda path, layout: (data, {}))

    put(spectrum(np.linspace(40.0, 1.0, 30)))
    return put


def asked2(setting="small", **given):
    asked = fig2.FIGURE.asked(setting)
    return Asked(setting, {**asked.given, **given}, mnist="x")


def curves2(curves, *, seeds=1, subspace=(1.0, 0.2, 0.0, 0.0), ordered=0.0, vae_ordered=0.5, setting="small"):
    """Figure 2's curves, the same for each seed."""
    (trial,) = fig2.trials(asked2(setting, seeds=seeds))
    shown = {}
    for name, curve in curves.items():
        model, optimizer = name.split(", ")
        runs = [run for run in trial.runs if (run.model.name, run.optimizer) == (model, optimizer)]
        n = len(curve)
        history = {"epoch": 10.0 * np.arange(n), "alignment": np.array(curve), "subspace": np.array(subspace[:n])}
        history["ordered_alignment"] = history["alignment"] + (vae_ordered if model == "vae" else ordered)
        shown[name] = [(run, END, history) for run in runs if run.rate == runs[0].rate]
    return Curves(shown, trial.data)


def test_curves_that_agree_with_the_paper_are_seen(images):
    assert all(answer is True for answer in seen(fig2.FIGURE, curves2(AGREES, seeds=3)).values())


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        ({"uniform-l2, nesterov": [1.0, 0.7, 0.3, 0.3]}, {"uniform-l2-does-not-align-nesterov"}),
        ({"uniform-l2, adam": [1.0, 0.7, 0.3, 0.3]}, {"uniform-l2-does-not-align-adam"}),
        (
            {"l2, nesterov": [1.0, 0.2, 0.1, 0.0], "rag, nesterov": [1.0, 0.4, 0.1, 0.0]},
            {"rag-faster-than-l2", "rag-fastest", "l2-slowest", "adam-accelerates"},
        ),
        ({"l2, adam": [1.0, 0.8, 0.7, 0.5], "l2, nesterov": [1.0, 0.7, 0.4, 0.3]}, {"adam-accelerates"}),
        ({"rag, nesterov": [0.2, 0.2, 0.1, 0.0]}, {"subspace-first"}),
    ],
)
def test_a_statement_fails_with_the_measurement_that_it_is_about(images, change, fails):
    found = seen(fig2.FIGURE, curves2(AGREES | change))
    assert {name for name, answer in found.items() if answer is False} == fails


def test_one_seed_that_disagrees_is_enough(images):
    curves = curves2(AGREES, seeds=3)
    slow = {**curves.runs["rag, nesterov"][1][2], "alignment": np.array([1.0, 0.9, 0.9, 0.9])}
    curves.runs["rag, nesterov"][1] = (*curves.runs["rag, nesterov"][1][:2], slow)
    assert seen(fig2.FIGURE, curves)["rag-fastest"] is False


@pytest.mark.parametrize("missing", ["rag", "l2", "vae"])
def test_what_is_left_out_decides_nothing(images, missing):
    found = seen(fig2.FIGURE, curves2({n: c for n, c in AGREES.items() if not n.startswith(missing + ",")}))
    about = {"rag": "rag-fastest", "l2": "l2-slowest", "vae": "vae-not-ordered"}
    assert found[about[missing]] is None
    assert False not in found.values()


def test_a_wrong_order_is_noticed(images):
    assert [n for n, answer in seen(fig2.FIGURE, curves2(AGREES, ordered=0.2)).items() if not answer] == ["ordered"]
    found = seen(fig2.FIGURE, curves2(AGREES, vae_ordered=0.0))
    assert [name for name, answer in found.items() if not answer] == ["vae-not-ordered"]


def test_a_model_without_its_subspace_decides_nothing_about_alignment(images):
    found = seen(fig2.FIGURE, curves2(AGREES, subspace=(1.0, 0.9, 0.9, 0.9)))
    assert found["uniform-l2-does-not-align-nesterov"] is None


def test_the_paper_s_regularisers_collapse_two_latents_on_mnist(images):
    images(spectrum(MNIST))
    answer, numbers = curves2({"l2, nesterov": [1.0]}, setting="paper").alive()
    assert answer is False
    assert numbers["latents that collapse"] == [19, 20]
    assert numbers["least d_align and d_sub at the minimum"] == 0.1


def test_the_paper_s_setting_of_figure_2_is_table_2(images):
    images(spectrum(MNIST))
    (trial,) = fig2.trials(asked2("paper"))
    asked = {(run.model.name, run.optimizer, run.rate) for run in trial.runs}
    assert ("rag", "nesterov", 3e-3) in asked
    assert ("nested-dropout", "nesterov", 3e-2) in asked, "the scale is that of the code, 1/n"
    assert ("nested-dropout", "adam", 1e-2) in asked
    assert not any(model == "rag" and optimizer == "adam" for model, optimizer, _ in asked)
    ridge = next(run.model.loss.ridge for run in trial.runs if run.model.name == "l2")
    assert np.allclose(np.sqrt(ridge)[[0, -1]], [0.1, 0.9])
    uniform = next(run.model.loss.ridge for run in trial.runs if run.model.name == "uniform-l2")
    assert np.allclose(np.sqrt(uniform), 0.5)


def test_the_small_setting_of_figure_2_satisfies_the_theorem_s_hypothesis():
    (trial,) = fig2.trials(fig2.FIGURE.asked("small"))
    run = next(run for run in trial.runs if run.model.name == "l2")
    assert all(checked.holds for checked in run.hypotheses(trial.data))


# -- Figure 4 --------------------------------------------------------------------------------------

SCALES = {
    ("l2", "nesterov"): (100, None),
    ("l2", "adam"): (300, None),
    ("rag", "nesterov"): (1000, 2000),
    ("nested-dropout", "nesterov"): (100, 1000),
    ("nested-dropout", "adam"): (300, 900),
    ("vae", "nesterov"): (None, None),
    ("vae", "adam"): (1000, None),
}


@pytest.fixture(scope="module")
def trial4():
    asked = fig4.FIGURE.asked("small")
    return fig4.trials(Asked("small", {**asked.given, "ks": (2, 20), "m": 40, "n": 200}))[0]


def values4(trial, rows):
    """Epochs to alignment at the smallest k and the largest, the same for every seed."""
    finished = []
    for run in trial.runs:
        if (run.model.name, run.optimizer) in rows:
            epochs = rows[run.model.name, run.optimizer][(2, 20).index(run.model.k)]
            end = epochs or trial.schedule.epochs
            history = {"epoch": np.array([0.0, end]), "alignment": np.array([1.0, 0.2 if epochs else 0.5])}
            finished.append((run, Ending("reached" if epochs else "completed", end, np.zeros(0), np.zeros(0)), history))
    trial = trial.trained(finished)
    return {"times": fig4._times(trial), "trial": trial, "cut": False}


def test_scaling_is_compared_with_rag_by_growth_and_failing_is_growth_without_bound(trial4):
    found = seen(fig4.FIGURE, values4(trial4, SCALES))
    assert found["rag-reaches"] is True
    assert found["nesterov-scales-poorly"] is True
    assert found["adam-scales-poorly"] is True
    assert found["adam-fails"] is False
    change = {("nested-dropout", "nesterov"): (100, 150)}
    assert seen(fig4.FIGURE, values4(trial4, SCALES | change))["nesterov-scales-poorly"] is False
    assert seen(fig4.FIGURE, values4(trial4, SCALES | {("nested-dropout", "adam"): (300, None)}))["adam-fails"] is True
    assert seen(fig4.FIGURE, values4(trial4, SCALES | {("rag", "nesterov"): (1000, None)}))["rag-reaches"] is False


def test_what_did_not_arrive_in_fewer_epochs_than_the_setting_has_decides_nothing(trial4):
    late = {("rag", "nesterov"): (1000, None), ("nested-dropout", "adam"): (300, None), ("l2", "adam"): (300, None)}
    whole = values4(trial4, SCALES | late)
    names = ("rag-reaches", "nesterov-scales-poorly", "adam-fails")
    assert [seen(fig4.FIGURE, whole)[name] for name in names] == [False, False, True]
    assert [seen(fig4.FIGURE, whole | {"cut": True})[name] for name in names] == [None] * 3
    assert seen(fig4.FIGURE, values4(trial4, SCALES) | {"cut": True})["adam-fails"] is False


def test_scaling_without_rag_is_undecided(trial4):
    found = seen(fig4.FIGURE, values4(trial4, {name: row for name, row in SCALES.items() if name[0] != "rag"}))
    assert found["rag-reaches"] is found["nesterov-scales-poorly"] is None


def test_adam_is_judged_at_the_largest_k_that_is_reached(trial4):
    found = seen(fig4.FIGURE, values4(trial4, SCALES))
    assert found["adam-accelerates"] is False, "non-uniform L2 at k = 2: 300 epochs against 100"
    assert seen(fig4.FIGURE, values4(trial4, SCALES | {("l2", "adam"): (300, 5000)}))["adam-accelerates"] is True


# -- the others ------------------------------------------------------------------------------------


def test_the_valley_s_radius_is_where_the_loss_is_least_and_a_wrong_one_is_noticed():
    lam = fig1.READINGS["strong λ"]
    for theta in (0.0, 0.7, np.pi / 2):
        alpha = float(fig1.valley(np.array([theta]), lam)[0])
        here, near = (fig1.loss(a * np.cos(theta), a * np.sin(theta), lam) for a in (alpha, alpha * 1.01))
        assert here < near
    values = {"lam": lam, "radii": np.array([1.0, 0.99]), "arrivals": [{"radius": 5.0, "angle": 60.0}], "κ": 1.0}
    values["curvatures"] = (20.0, 1.0)
    assert seen(fig1.FIGURE, values) == {"ring": True, "two-stages": True, "narrow-valley": True}
    wrong = {"radii": np.array([1.0, 0.9]), "arrivals": [{"radius": 5.0, "angle": 40.0}], "curvatures": (9.0, 1.0)}
    assert set(seen(fig1.FIGURE, values | wrong).values()) == {False}


def test_the_diagonal_is_compared_with_one_and_directions_are_without_length():
    turn = np.eye(2)[:, ::-1]
    values = {"models": {"rag": [{"ordered": 0.0, "maps": [0.5 * np.eye(2)], "decoder": 0.5 * np.eye(2)}]}}
    values["models"]["vae"] = [{"ordered": 1.0, "alignment": 0.0, "maps": [turn], "decoder": turn}]
    values["models"]["uniform-l2"] = [{"ordered": 0.6, "alignment": 0.5, "subspace": 0.0}]
    expected = {"diagonal-of-ones": False, "diagonal-of-directions": True, "vae-permutation": True}
    assert seen(fig3.FIGURE, values) == expected | {"uniform-l2-fails": True}
    values["models"]["vae"][0]["ordered"] = 0.0
    assert seen(fig3.FIGURE, values)["vae-permutation"] is False


def test_regularisers_are_compared_each_at_its_best_rate():
    def rates(**means):
        history = {
            rate: {
                "alignment": np.full(2, mean),
                "subspace": np.array([1.0, 0.0]),
                "epoch": np.array([0.0, 100 * mean]),
            }
            for rate, mean in means.items()
        }
        return {float(rate[1:]): [(None, END, history[rate])] for rate in means}

    values = {"H": rates(_1=0.5, _2=0.4), "16": rates(_1=0.45, _2=0.6), "κ": rates(_1=0.3)}
    assert seen(fig6.FIGURE, values) == {
        "slow-phase": True,
        "slow-at-every-rate": False,
        "slow-to-the-subspace": False,
        "slow-with-the-least-κ": False,
    }


def entry(times, mean, *, diverged=0, limit=None):
    return {"times": times, "mean": mean, "diverged": diverged, "limit": limit}


def test_a_search_that_ends_at_its_edge_is_noticed_unless_theory_forbids_more():
    edge = {"vae, nesterov, k = 20": {1e-4: entry([None], [0.9]), 3e-4: entry([50.0], [0.5])}}
    assert searches.optimum_inside(edge)[0] is False
    for column in edge.values():
        for one in column.values():
            one["limit"] = 5e-4
    assert searches.optimum_inside(edge)[0] is True


def test_the_rates_used_are_looked_for_among_those_tried():
    column = {1e-4: entry([80.0], [0.9]), 3e-4: entry([50.0], [0.5]), 1e-3: entry([5.0], [0.1], diverged=1)}
    values = {"vae, nesterov, k = 20": column}
    assert searches.best(column) == 3e-4, "a rate that diverges is not the best"
    assert searches.as_used(values, table3.used(20))[0] is True
    column[1e-4]["times"] = [10.0]
    assert searches.as_used(values, table3.used(20))[0] is False
    assert searches.stable(values)[0] is False


def test_a_rate_above_its_limit_is_noticed():
    values = {"l2, nesterov, k = 2": {1e-3: entry([10.0], [0.1], limit=2e-3)}}
    assert seen(table4.FIGURE, values) == {"stable": True, "below-the-limit": True}
    values["l2, nesterov, k = 2"][1e-3]["limit"] = 5e-4
    assert seen(table4.FIGURE, values)["below-the-limit"] is False
