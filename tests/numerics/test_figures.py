"""Pictures: the same bytes every time, complete, for ordinary and for degenerate minima."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from numerics import figures, survey
from numerics.choices import compare
from numerics.conditioning import l2_conditioning, nested_dropout_conditioning
from numerics.sharper import every_bound

SIGMA2 = np.array([4.0, 3.0, 1.0, 0.5, 0.0])


def words(text):
    return " ".join(
        "".join(element.itertext()) for element in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")
    )


def portrait(loss, sigma2, weights):
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    found = measure(sigma2, weights, scale="half")
    return figures.svg(figures.portrait(loss, sigma2, weights, found, every_bound(loss, sigma2, weights, scale="half")))


def test_a_portrait_names_weights_blocks_and_bounds():
    text = words(portrait("l2", SIGMA2, np.array([0.2, 0.5])))
    for word in (
        "λᵢ",
        "1 of them zero",
        "rotation towards unlearned",
        "asymmetric scaling (2)",
        "bao2020/B/eq16",
        "of s_min",
    ):
        assert word in text
    text = words(portrait("nested-dropout", SIGMA2, np.array([0.5, 0.5])))
    assert "pᵢσᵢ²" in text
    assert "bao2020/D/final+" in text


def test_all_eigenvalues_are_in_the_picture():
    """k = 2, m = 5: 2km = 20 weights, 2 + 2 from latents, 1 + 3 from the pair, 2·2·3 towards unlearned components."""
    text = words(portrait("l2", SIGMA2, np.array([0.2, 0.5])))
    for label in ("scaling (2)", "asymmetric scaling (2)", "asymmetric rotation (1)", "rotation (3)", "unlearned (12)"):
        assert label in text


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
@pytest.mark.parametrize(("k", "m"), [(1, 1), (1, 3), (2, 2), (3, 700)])
def test_small_and_large_sizes_are_drawn(loss, k, m):
    sigma2 = 1.0 / np.arange(1, m + 1)
    weights = sigma2[k - 1] * np.arange(1, k + 1) / (k + 1) if loss == "l2" else np.full(k, 1 / k)
    text = portrait(loss, sigma2, weights)
    assert f"k = {k} of m = {m}" in words(text)
    assert len(text) < 200_000


def test_pictures_are_the_same_every_time():
    draw = lambda: portrait("l2", SIGMA2, np.array([0.2, 0.5]))  # noqa: E731
    first = draw()
    assert first == draw()
    assert "<dc:date>" not in first


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_choices_show_the_exact_optimum_and_the_printed_one(loss):
    for k in (1, 3):
        text = words(figures.svg(figures.choices(loss, SIGMA2, compare(loss, SIGMA2, k, scale="half"))))
        assert "least exact" in text
        assert ("not attained" in text) == (k > 1)


def test_a_sweep_has_a_panel_per_family_and_a_line_per_bound():
    rows = [survey.measure(case) for case in survey.cases("l2", "even", ["even", "power:1.2"], [1, 2, 3], None, 2, 0)]
    text = words(figures.svg(figures.ratios(rows, survey.bound_columns("l2"))))
    for word in ("even", "power:1.2", *survey.bound_columns("l2")):
        assert word in text
    assert figures.svg(figures.ratios([], survey.bound_columns("l2")))
