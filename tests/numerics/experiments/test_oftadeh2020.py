"""The figures of Oftadeh et al. 2020: each statement follows what was measured."""

import numpy as np

from numerics.experiments.figure import Measured
from numerics.experiments.oftadeh2020 import fig1, fig2, fig3
from numerics.experiments.remake import judge


def seen(figure, values):
    return {one["id"]: one["seen"] for one in judge(figure.statements, {"": Measured(values, [])})}


def fails(figure, values):
    return {name for name, answer in seen(figure, values).items() if answer is False}


def test_eigenvectors_are_told_from_a_basis_of_their_plane():
    exact, turned = {"cosines": np.eye(2), "subspace": 0.0}, {"cosines": np.full((2, 2), 0.7), "subspace": 0.0}
    values = {"summed": [exact], "unregularised": [turned]}
    assert fails(fig1.FIGURE, values) == set()
    assert fails(fig1.FIGURE, values | {"summed": [exact, turned]}) == {"L-exact"}
    assert fails(fig1.FIGURE, values | {"unregularised": [exact]}) == {"mse-fails"}
    assert fails(fig1.FIGURE, values | {"unregularised": [turned | {"subspace": 0.5}]}) == {"mse-projects"}


def curve(ratio, tp, fp):
    epoch = 10.0 * np.arange(len(ratio))
    tp, fp = np.array(tp), np.array(fp)
    found = epoch[tp >= 1]
    most = epoch[tp >= 0.9]
    return {
        "epoch": epoch,
        "ratio": np.array(ratio),
        "tp": tp,
        "fp": fp,
        "total": tp + fp,
        "all": float(found[0]) if found.size else None,
        "most": float(most[0]) if most.size else None,
    }


AGREES = {
    "gaps": np.ones(3),
    "summed": [curve([3, 2, 1.1, 1.01, 1], [0, 0.9, 0.9, 0.9, 1], [0, 0.1, 0, 0, 0])],
    "unregularised": [curve([3, 1, 1, 1, 1], [0] * 5, [0] * 5)],
}


def test_every_statement_of_figure_2_can_be_seen_and_missed():
    assert set(seen(fig2.FIGURE, AGREES).values()) == {True}

    def change(**columns):
        new = dict(
            zip(("ratio", "tp", "fp"), ([3, 2, 1.1, 1.01, 1], [0, 0.9, 0.9, 0.9, 1], [0, 0.1, 0, 0, 0]), strict=True)
        )
        return fails(fig2.FIGURE, AGREES | {"summed": [curve(**(new | columns))]})

    assert change(ratio=[3, 2, 1.1, 1.01, 1.01]) == {"both-converge"}
    assert change(ratio=[3, 1.1, 1.2, 1.01, 1]) == {"decreases"}
    assert change(tp=[0, 0.9, 0.9, 0.9, 0.9]) == {"L-finds-all"}
    assert change(fp=[0, 0, 0, 0, 0]) == change(fp=[0, 0.1, 0, 0, 0.1]) == {"false-positives-vanish"}
    assert change(tp=[0, 0, 0, 0.9, 1]) == {"last-are-slow"}
    assert change(ratio=[1, 1, 1, 1, 1]) == {"L-needs-more"}
    found = AGREES | {"unregularised": [curve([3, 1, 1, 1, 1], [0] * 5, [0, 0.1, 0, 0, 0])]}
    assert fails(fig2.FIGURE, found) == {"mse-finds-none"}


def test_first_columns_are_compared_by_the_variance_that_they_explain():
    good = {"first": 2.0, "whole": 1.0, "cosines": np.ones(2)}
    bad = {"first": 9.0, "whole": 1.0, "cosines": np.zeros(2)}
    values = {"summed": [good], "unregularised": [bad], "total": 10.0, "least": {"first": 2.0, "whole": 1.0}}
    assert fails(fig3.FIGURE, values) == set()
    assert fails(fig3.FIGURE, values | {"unregularised": [bad | {"first": 5.0}]}) == {"far-superior"}
    assert fails(fig3.FIGURE, values | {"summed": [good | {"first": 2.5}]}) == {"most-significant"}
    assert fails(fig3.FIGURE, values | {"unregularised": [bad | {"cosines": np.ones(2)}]}) == {"eigenvectors"}
    assert fails(fig3.FIGURE, values | {"unregularised": [bad | {"whole": 2.0}]}) == {"both-rebuild"}
