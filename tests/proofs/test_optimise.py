"""The commands `lae optimise` and `lae bounds --plot`: answers, JSON, pictures, and one clear line for bad input."""

import json
import re

import pytest
from typer.testing import CliRunner

from proofs.cli import app

SPECTRUM = ["--sigma", "5,4,3,2,1", "--k", "3"]


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def answer(*arguments):
    result = run("optimise", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def measured(command, *arguments):
    return json.loads(run(command, *SPECTRUM, *arguments, "--json").stdout)


def test_the_choices_are_those_that_lae_bounds_measures():
    found = answer(*SPECTRUM)
    assert [choice["id"] for choice in found["choices"]] == [
        "best",
        "printed",
        "experiment",
        "experiment-scaled",
        "even",
    ]
    for choice in found["choices"]:
        if choice["admissible"]:
            exact = measured("bounds", "--lambda", ",".join(map(repr, choice["lambda"])))
            for key in ("condition_number", "s_max", "s_min", "slow_direction", "steps_to_halve"):
                assert choice[key] == exact[key]
            ratio = next(bound["value"] for bound in exact["bounds"] if bound["id"] == "bao2020/B/eq16")
            assert choice["objective"] == pytest.approx(ratio)


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_the_best_is_least_and_the_printed_minimum_is_not_attained(loss):
    found = answer(*SPECTRUM, "--loss", loss)
    best, printed, *others = found["choices"]
    assert found["objective_attained"] is False
    assert printed["condition_number"] is None
    assert "not attained" in printed["reason"]
    assert all(best["condition_number"] < other["condition_number"] for other in others if other["admissible"])
    assert found["certificate"]["lower_bound"] <= best["condition_number"]
    kappas = [step["condition_number"] for step in found["approach"]]
    assert kappas[-1] > 1e6 * best["condition_number"]
    assert printed["objective"] == pytest.approx(found["approach"][-1]["objective"], rel=1e-3)


def test_the_table_says_so_in_words():
    output = run("optimise", *SPECTRUM).stdout
    for text in ("not attained", "∞", "scaling of latent 3", "no choice is below"):
        assert text in output
    assert "empty maximum" in run("optimise", "--sigma", "2,1", "--k", "1").stdout


def test_regularisers_of_the_experiment_that_collapse_components_are_said_to():
    """√λ up to 0.9 wants σ_k² > 0.81."""
    choice = answer("--sigma2", "3,2,0.7", "--k", "3")["choices"][2]
    assert not choice["admissible"]
    assert "component(s) 3" in choice["reason"]


def test_pictures_are_written_and_nothing_is_left_beside_them(tmp_path):
    for number, command in enumerate(
        (["optimise", *SPECTRUM], ["bounds", *SPECTRUM], ["bounds", "--sigma", "3", "--k", "1"])
    ):
        plot = tmp_path / f"{number}.svg"
        assert run(*command, "--plot", plot).exit_code == 0
        assert plot.read_text().endswith("</svg>\n")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--k", 2], "spectrum: got none"),
        (["--sigma", "3,3,1", "--k", 2], "not isolated"),
        (["--sigma", "3,2", "--k", 3], "k: got 3"),
        ([*SPECTRUM, "--loss", "l1"], "loss: got 'l1'"),
        ([*SPECTRUM, "--scale", "1/n"], "scale: got '1/n'"),
        ([*SPECTRUM, "--plot", "picture.png"], "ends in .svg"),
        ([*SPECTRUM, "--plot", "absent/picture.svg"], "no folder absent"),
        (["--data", "absent.npy", "--k", 2], "cannot read absent.npy"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_status_2(arguments, complaint):
    result = run("optimise", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("lae optimise: ")
    assert result.stderr.count("\n") == 1
    assert re.search(complaint, result.stderr)


def test_a_picture_that_cannot_be_written_is_bad_input(tmp_path):
    for command in ("bounds", "optimise"):
        result = run(command, *SPECTRUM, "--plot", tmp_path / "a" / "b.svg")
        assert result.exit_code == 2
        assert "no folder" in result.stderr
    (tmp_path / "c.svg").mkdir()
    result = run("bounds", *SPECTRUM, "--plot", tmp_path / "c.svg")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["c.svg"]
