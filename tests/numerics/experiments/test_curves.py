"""How fast a run was: first arrivals, ties, runs that never arrive, and the choice of a learning rate."""

import numpy as np
import pytest

from numerics.experiments import look
from numerics.experiments.bao2020.common import MODELS
from numerics.experiments.curves import epochs_to, fastest, median, sooner
from numerics.training.catalogue import make
from numerics.training.job import Ending
from numerics.training.program import Run

SIGMA2 = np.array([3.0, 2.0, 1.0])


def finished(alignment, *, model="rag", rate=0.1, status="completed"):
    history = {"epoch": 10.0 * np.arange(len(alignment)), "alignment": np.array(alignment)}
    run = Run(make(model, 2, SIGMA2), "nesterov", rate)
    return run, Ending(status, history["epoch"][-1], np.zeros((2, 3)), np.zeros((3, 2))), history


def test_the_first_record_at_the_goal_counts_even_if_the_run_leaves_it_again():
    assert epochs_to(finished([1.0, 0.5, 0.3, 0.4]), "alignment", 0.3) == 20
    assert epochs_to(finished([1.0, 0.5, 0.31]), "alignment", 0.3) is None
    assert epochs_to(finished([1.0, np.nan]), "alignment", 0.3) is None


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [(1.0, 2.0, True), (2.0, 1.0, False), (None, 1.0, False), (1.0, None, True), (1.0, 1.0, None), (None, None, None)],
)
def test_never_is_later_than_any_time_and_a_tie_is_not_an_answer(first, second, answer):
    assert sooner(first, second) is answer


def test_the_fastest_rate_is_chosen_and_a_diverged_run_only_if_there_is_no_other():
    slow, fast = finished([1.0, 0.9, 0.0], rate=0.1), finished([1.0, 0.2, 0.1], rate=0.2)
    diverged = finished([0.1], rate=0.3, status="diverged")
    (chosen,) = fastest([slow, diverged, fast]).values()
    assert [run.rate for run, *_ in chosen] == [0.2]
    (chosen,) = fastest([diverged]).values()
    assert [run.rate for run, *_ in chosen] == [0.3]


def test_a_rate_is_chosen_for_all_seeds_together():
    lucky = [finished([1.0, 0.0], rate=0.1), finished([1.0, 1.0], rate=0.1)]
    steady = [finished([1.0, 0.3], rate=0.2), finished([1.0, 0.3], rate=0.2)]
    (chosen,) = fastest(lucky + steady).values()
    assert [run.rate for run, *_ in chosen] == [0.2, 0.2]


def test_models_are_not_mixed_when_rates_are_chosen():
    assert len(fastest([finished([1.0]), finished([0.0], model="l2")])) == 2


def test_the_median_of_arrivals_counts_never_as_last():
    assert median([None, 5.0, 7.0]) == 7.0
    assert median([None, None, 7.0]) is None


def test_every_model_has_a_colour_and_a_marker_of_its_own():
    looks = [look.MODELS[model] for model in MODELS]
    assert all(len(set(column)) == len(looks) for column in zip(*looks, strict=True))
