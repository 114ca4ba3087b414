"""One word, one meaning: what `lae bounds` prints of a scale, a rate or a prior holds in `lae train`."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics.training import campaign
from proofs import cli

SPECTRUM, K = "1:4", 2
LAM = "0.6,1.2"
SCALES = [[], ["--scale", "main"], ["--scale", "half"]]


def run(*arguments):
    found = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    assert found.exit_code == 0, found.output
    return found.stdout


def bounds(*options):
    return json.loads(run("bounds", "--sigma2", SPECTRUM, "--m", 4, "--k", K, "--json", *options))


def trained(folder, rate, *options, epochs, every=1):
    """The excess of the loss, every so many epochs; `lae train` draws the same eigenvalues."""
    data = ("--synthetic", f"eigenvalues:{SPECTRUM}", "--m", 4, "--k", K, "--init", "balanced:0.5")
    how = ("--optimizer", "gd", "--lr", rate, "--epochs", epochs, "--every", every, "--json")
    run("train", "--out", folder, *data, *how, *options)
    ((_, ending, history),) = campaign.results(folder)
    assert ending.status == "completed"
    return history["excess"]


def halving(excess, floor=1e-9):
    """Steps in which an error, the root of the excess, is halved at the end."""
    late = np.flatnonzero(excess > floor)[-1]
    window = slice(2 * late // 3, late + 1)
    slope = np.polyfit(np.arange(late + 1)[window], np.log(excess[window]), 1)[0]
    return -2 * np.log(2) / slope


@pytest.mark.parametrize("scale", SCALES, ids=" ".join)
def test_the_best_rate_that_bounds_prints_takes_the_predicted_steps_in_training(tmp_path, scale):
    """In whatever scale both are asked, or neither."""
    said = bounds("--lambda", LAM, *scale)
    excess = trained(tmp_path / "x", said["learning_rate"], "--model", "l2", "--lambda", LAM, *scale, epochs=2000)
    assert halving(excess) == pytest.approx(said["steps_to_halve"], rel=0.02)


@pytest.mark.parametrize("scale", SCALES, ids=" ".join)
def test_the_largest_rate_that_bounds_prints_is_where_training_diverges(tmp_path, scale):
    limit = bounds("--lambda", LAM, *scale)["max_learning_rate"]
    options = ("--model", "l2", "--lambda", LAM, *scale)
    assert trained(tmp_path / "below", 0.97 * limit, *options, epochs=2000, every=500)[-1] < 1e-9
    above = trained(tmp_path / "above", 1.03 * limit, *options, epochs=2000, every=500)
    assert above[-1] > 1e-3, "it does not settle at the minimum"


@pytest.mark.parametrize("scale", SCALES, ids=" ".join)
def test_the_best_rate_of_nested_dropout_takes_the_predicted_steps(tmp_path, scale):
    """Its minima are a manifold; a balanced start ends where W1 = W2ᵀ nearly, for which bounds speaks."""
    prior = ("--prior", "geometric:0.6")
    said = bounds("--loss", "nested-dropout", *prior, *scale)
    rate = said["learning_rate"] / 4
    slow = np.log(2) / -np.log1p(-rate * said["s_min"])
    excess = trained(tmp_path / "x", rate, "--model", "nested-dropout", *prior, *scale, epochs=1500)
    assert halving(excess) == pytest.approx(slow, rel=0.05)


@pytest.mark.parametrize(
    "prior", [[], ["--prior", "uniform"], ["--prior", "geometric:0.9"], ["--prior", "0.2,0.3,0.5"]]
)
def test_a_prior_is_the_same_in_bounds_and_in_training(tmp_path, prior):
    options = ("--k", 3, *prior)
    said = json.loads(run("bounds", "--sigma2", "1:5", "--m", 5, "--loss", "nested-dropout", "--json", *options))
    source = ("--synthetic", "eigenvalues:1:5", "--m", 5, "--model", "nested-dropout", "--epochs", 1)
    printed = run("train", "--out", tmp_path / "x", *source, *options)
    (asked,) = campaign.read_config(tmp_path / "x").runs
    assert asked.model.loss.masks == pytest.approx(said["prior"], rel=1e-14)
    assert "p_B = " + ", ".join(f"{p:.6g}" for p in said["prior"]) in printed


def test_the_geometric_prior_is_that_of_the_paper():
    """p_B(b) = ρ^b(1 − ρ) for b < k, the rest at k (Appendix H.1)."""
    options = ("--loss", "nested-dropout", "--prior", "geometric:0.9")
    said = json.loads(run("bounds", "--sigma2", "3,2,1", "--k", 3, "--json", *options))
    assert said["prior"] == pytest.approx([0.09, 0.081, 0.829])


@pytest.mark.parametrize("scale", SCALES, ids=" ".join)
def test_every_command_prints_the_scale_and_has_the_same_default(tmp_path, scale):
    name = f"scale {scale[-1] if scale else 'main'}"
    spectrum = ("--sigma2", "3,2,1", "--k", 2, *scale)
    small = ("--synthetic", "even", "--m", 4, "--epochs", 1)
    assert f"l2, {name}: " in run("bounds", *spectrum)
    assert f"l2, {name}: " in run("optimise", *spectrum)
    assert f"l2, {name}: " in run("train", "--out", tmp_path / "t", *small, "--model", "l2", *scale)
    assert f"l2, {name}" in run(
        "sweep", "--out", tmp_path / "s.csv", "--families", "even", "--k", 2, "--jobs", 1, *scale
    )
    assert f"{name}: " in run("reproduce", "oftadeh2020/fig1", "--setting", "smoke", "--out", tmp_path / "r", *scale)


def test_what_has_no_scale_refuses_one(tmp_path):
    for command, message in (
        (["train", "--synthetic", "even", "--m", "4", "--model", "vae,gha"], "scale: vae, gha have none; only"),
        (["reproduce", "kunin2019/fig1", "--setting", "smoke"], "scale: kunin2019/fig1 trains no loss that has one"),
    ):
        found = CliRunner().invoke(cli.app, [*command, "--out", str(tmp_path / "x"), "--scale", "half"])
        assert found.exit_code == 2
        assert message in found.stderr
        assert not (tmp_path / "x").exists()
