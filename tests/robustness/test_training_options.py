"""`lae train` and `lae reproduce`: an option that would have no effect is refused, a diverged run is no success."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from proofs import cli
from proofs.commands import reproduce, train

SMALL = ("--synthetic", "eigenvalues:1:9", "--m", 6, "--k", 2, "--epochs", 20)
DATA = ("--data", "wine", "--epochs", 5)
OUT = ("--out", "x")
OF_SIZE = ("--m", 3, "--k", 1, "--epochs", 3, "--synthetic")


def run(*arguments, app=train.app):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def refused(result, message, folder):
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert not list(folder.iterdir())


RESUMED = {
    "out": "y",
    "data": "wine",
    "targets": "y.npy",
    "divide": 1,
    "synthetic": "even",
    "m": 6,
    "n": 6,
    "data-seed": 0,
    "k": 2,
    "widths": "3,3",
    "model": "rag",
    "optimizer": "nesterov",
    "lr": "auto",
    "epochs": 1000,
    "every": 1,
    "until": "alignment:0.1",
    "seeds": "0",
    "init": "normal",
    "batch-size": 2,
    "lambda": "1,2",
    "sqrt-lambda": "1,2",
    "prior": "uniform",
    "scale": "main",
    "dtype": "float64",
    "device": "cpu",
    "columns": "1",
    "skip-rows": 1,
    "decimal": ".",
    "index-column": "1",
}


@pytest.mark.parametrize("option", RESUMED)
def test_a_folder_that_is_resumed_is_not_asked_anew(tmp_path, monkeypatch, option):
    """Even with the values that the folder has, or with defaults: what is given is not ignored."""
    monkeypatch.chdir(tmp_path)
    assert run(*SMALL, *OUT).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = run("--resume", "x", f"--{option}", RESUMED[option])
    assert result.exit_code == 2
    assert "--out" in result.stderr if option == "out" else f"resume: got --{option} beside it" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_how_it_is_resumed_is_still_free(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*SMALL, *OUT).exit_code == 0
    assert json.loads(run("--resume", "x", "--jobs", 1, "--json").stdout)["asked"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*DATA, "--m", 13), "m: --m belongs to --synthetic"),
        ((*DATA, "--n", 13), "n: --n belongs to --synthetic"),
        ((*DATA, "--data-seed", 0), "data-seed: --data-seed belongs to --synthetic"),
        ((*SMALL, "--targets", "y.npy"), "targets: --targets belongs to --data"),
        ((*SMALL, "--divide", 1), "divide: --divide belongs to --data"),
        ((*SMALL, "--divide", 2), "divide: --divide belongs to --data"),
        ((*SMALL, "--columns", "1,2"), "columns: means nothing for synthetic data"),
        ((*SMALL, "--skip-rows", 1), "skip-rows: means nothing for synthetic data"),
        ((*SMALL, "--data", "wine"), "data: got both --data and --synthetic"),
        ((*SMALL, "--lambda", "1,2"), "lambda: rag has none; only product, uniform-l2"),
        ((*SMALL, "--sqrt-lambda", "1,2"), "sqrt-lambda: rag has none; only product"),
        ((*SMALL, "--prior", "uniform"), "prior: rag has none; only nested-dropout"),
        ((*SMALL, "--model", "rag,summed", "--lambda", "1,2"), "lambda: rag, summed have none"),
        ((*SMALL, "--model", "l2", "--prior", "uniform"), "prior: l2 has none"),
        ((*SMALL, "--model", "nested-dropout", "--lambda", "1,2"), "lambda: nested-dropout has none"),
        ((*SMALL, "--model", "deep", "--widths", "3,3"), "k: --widths are those of deep; want no --k"),
        ((*SMALL, "--model", "deep,riemannian", "--optimizer", "gd", "--widths", "3,3"), "k: --widths are those of"),
        ((*SMALL, "--widths", "3,3"), "widths: only deep and riemannian have them"),
        ((*SMALL, "--model", "l2", "--optimizer", "alternating", "--lr", "0.1"), "lr: alternating takes whole steps"),
        ((*SMALL, "--model", "l2", "--optimizer", "alternating", "--lr", "grid"), "lr: alternating takes whole steps"),
        ((*SMALL, "--model", "l2", "--optimizer", "alternating", "--batch-size", 2), "batch-size: alternating takes"),
        ((*SMALL, "--jobs", 2, "--scheduler", "tcp://127.0.0.1:1"), "jobs: --scheduler uses all its workers"),
        ((*SMALL, "--every", 0), "every: got 0; want at least 1"),
        ((*SMALL, "--every", -1), "every: got -1; want at least 1"),
        ((*SMALL, "--epochs", 0), "epochs: got 0; want at least 1"),
        ((*SMALL, "--epochs", -5), "epochs: got -5; want at least 1"),
        ((*SMALL, "--jobs", 0), "jobs: got 0; want -1 or at least 1"),
        ((*SMALL, "--batch-size", 0), "batch-size: only a spectrum is known"),
        ((*DATA, "--batch-size", 0), "batch-size: got 0; want between 1 and n = 178"),
        ((*DATA, "--batch-size", 179), "batch-size: got 179; want between 1 and n = 178"),
        ((*SMALL, "--data-seed", -1), "data-seed: got -1; want a number that is not negative"),
        (("--synthetic", "even", "--m", 0), "m: got 0; want at least 1"),
        (("--synthetic", "even", "--m", -3), "m: got -3; want at least 1"),
        (("--synthetic", "even", "--m", 3, "--n", 0), "n: got 0; want at least 1"),
        (("--synthetic", "even"), "m: --synthetic wants --m"),
        ((*SMALL, "--until", "alignment:nan"), "until: got 'alignment:nan'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment:inf"), "until: got 'alignment:inf'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment:-inf"), "until: got 'alignment:-inf'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment"), "until: got 'alignment'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment:"), "until: got 'alignment:'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment:0.1:0.2"), "until: got 'alignment:0.1:0.2'; want METRIC:VALUE"),
        ((*SMALL, "--until", "alignment:1_0"), "until: got 'alignment:1_0'; want METRIC:VALUE"),
        ((*SMALL, "--until", ""), "until: got ''; want one of loss"),
        ((*SMALL, "--until", "epoch:3"), "until: got 'epoch'; want one of loss"),
        ((*SMALL, "--lr", "nan"), "lr: got 'nan'; want a positive number"),
        ((*SMALL, "--lr", "inf"), "lr: got 'inf'; want a positive number"),
        ((*SMALL, "--lr", "-1"), "lr: got '-1'; want a positive number"),
        ((*SMALL, "--lr", ""), "lr: got ''; want a positive number"),
        ((*SMALL, "--k", ""), "k: got ''; want a whole number"),
        ((*SMALL, "--k", "2,,3"), "k: got ''; want a whole number"),
        ((*SMALL, "--k", "0"), "k: got 0; want 1 ≤ k ≤ m = 6"),
        ((*SMALL, "--k", "2.0"), "k: got '2.0'; want a whole number"),
        ((*SMALL, "--seeds", ""), "seeds: got ''; want a whole number"),
        ((*SMALL, "--seeds", "-1"), "seeds: got '-1'; want numbers from 0 on"),
        ((*SMALL, "--seeds", "3:1"), "seeds: got '3:1'; want numbers from 0 on"),
        ((*SMALL, "--seeds", "0:"), "seeds: got ''; want a whole number"),
        ((*SMALL, "--model", ""), "model: got ''; want one of"),
        ((*SMALL, "--model", "all,rag"), "model: got 'all'; want one of"),
        ((*SMALL, "--optimizer", ""), "optimizer: got ''; want one of"),
        ((*SMALL, "--init", ""), "init: got ''"),
        ((*SMALL, "--init", "balanced:nan"), "init balanced: got 'nan'; want a positive number"),
        ((*SMALL, "--init", "balanced:"), "init balanced: got ''; want a positive number"),
        ((*SMALL, "--init", "normal:1e308"), "init normal: got '1e308'; want a positive number, at most 1e+50"),
        ((*SMALL, "--device", ""), "device: got ''; want cpu or gpu"),
        ((*SMALL, "--device", "tpu"), "device: got 'tpu'; want cpu or gpu"),
        (("--synthetic", "eigenvalues:", "--m", 3), "synthetic: got ''; want numbers like 3,2,1"),
        (("--data", ""), "data: got ''; want a file, or one of digits"),
        (("--data", "wine", "--targets", ""), "targets: got ''; want a file, or one of digits"),
        ((*SMALL, "--model", "l2", "--lambda", ""), "lambda: got ''; want numbers like 3,2,1"),
        ((*SMALL, "--model", "nested-dropout", "--prior", ""), "prior: got ''; want numbers like 3,2,1"),
        ((*SMALL, "--model", "l2", "--lambda", "1,nan"), "lambda: entry 2 is nan"),
        ((*SMALL, "--model", "l2", "--lambda", "1,inf"), "lambda: entry 2 is inf"),
        ((*SMALL, "--model", "l2", "--lambda", "-1,1"), "lambda: got -1, 1; want finite numbers, none negative"),
        ((*SMALL, "--model", "l2", "--sqrt-lambda", "-1,1"), "sqrt-lambda: got -1; want no negative value"),
        ((*SMALL, "--model", "l2", "--lambda", "1,2", "--sqrt-lambda", "1,2"), "got --lambda and --sqrt-lambda"),
        ((*SMALL, "--model", "nested-dropout", "--prior", "geometric:x"), "prior: got 'geometric:x'; want"),
        ((*SMALL, "--model", "nested-dropout", "--prior", "geometric:nan"), "prior geometric: got nan"),
        ((*SMALL, "--model", "nested-dropout", "--prior", "0.5,0.6"), "prior: want probabilities that sum to one"),
        ((*OF_SIZE, "eigenvalues:1e308:1e308"), "dtype: σ_1² = 1e+308 cannot be squared in float64"),
        ((*OF_SIZE, "eigenvalues:1e-320:1e-310"), "dtype: σ_1² = 1e-310 cannot be squared in float64"),
        ((*OF_SIZE, "eigenvalues:1:1e30", "--dtype", "float32"), "dtype: σ_1² = 1e+30 cannot be squared in float32"),
        ((*SMALL, "--dtype", "double"), "dtype: got 'double'; want float32 or float64"),
        (("--data", "wine", "--divide", "nan"), "divide: got nan; want a positive number"),
        (("--data", "wine", "--divide", "inf"), "divide: got inf; want a positive number"),
        (("--data", "wine", "--divide", "-1"), "divide: got -1; want a positive number"),
        (("--data", "wine", "--divide", "1e-200"), "divide: got 1e-200, which takes the variances"),
    ],
)
def test_what_would_be_ignored_or_makes_no_sense_is_one_line_and_writes_nothing(
    tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    refused(run(*OUT, *arguments), message, tmp_path)


@pytest.mark.parametrize("model", ["l2", "rag", "nested-dropout", "vae"])
def test_a_run_that_diverges_is_no_success_and_stays_in_its_folder(tmp_path, model):
    result = run(*SMALL, "--model", model, "--optimizer", "gd", "--lr", 50, "--out", tmp_path / "x")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].endswith("diverged; want a smaller --lr")
    answer = run("--resume", tmp_path / "x", "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["runs"][0]["status"] == "diverged"


def test_a_start_beyond_all_bounds_diverges_without_a_word_of_numpys(tmp_path):
    result = run(*SMALL, "--init", "balanced:1e50", "--out", tmp_path / "x")
    assert result.exit_code == 1
    assert result.stderr == "lae train: rag-nesterov-k2-lr0.00277778-seed0 diverged; want a smaller --lr\n"


def test_some_runs_that_diverge_beside_others_are_counted(tmp_path):
    result = run(*SMALL, "--lr", "auto,50,60", "--out", tmp_path / "x")
    assert result.exit_code == 1
    assert "and 1 more diverged" in result.stderr
    assert "completed" in result.stdout


def test_regularisers_beside_models_that_have_none_belong_to_those_that_have(tmp_path):
    result = run(*SMALL, "--model", "l2,rag", "--lambda", "1,2", "--out", tmp_path / "x")
    assert result.exit_code == 0, result.output


def test_what_bounds_says_of_samples_training_says_too(tmp_path):
    table = np.random.default_rng(0).normal(size=(9, 4))
    table[:, 1], table[:, 3] = 1.6e9 + 0.1, table[:, 0]
    np.save(tmp_path / "x.npy", table)
    result = run("--data", tmp_path / "x.npy", "--k", 1, "--epochs", 5, "--out", tmp_path / "x")
    assert "warning: constant-features: feature(s) 2 of the data are constant" in result.stderr
    assert "warning: zero-components: component(s) 3…4 of the data are numerically zero (rank 2 of 4)" in result.stderr


def test_data_that_do_not_vary_are_refused_though_their_mean_is_rounded(tmp_path, monkeypatch):
    """The table that trained, and reported variance, before."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.full((1000, 1), 14.62))
    result = run("--data", "x.npy", "--k", 1, "--out", "x")
    assert result.exit_code == 2
    assert "data: all samples are equal; want some variance" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bao2020/fig2", "--jobs", 2, "--scheduler", "tcp://127.0.0.1:1"), "jobs: --scheduler uses all its workers"),
        (("bao2020/fig2", "--jobs", 0), "jobs: got 0"),
        (("bao2020/fig2", "--epochs", 0), "epochs: got 0"),
        (("bao2020/fig4", "--mnist", "x.npy"), "mnist: bao2020/fig4 has no use for it"),
        (("bao2020/fig2", "--without", "l2,"), "without: got ''; want some of"),
        (("bao2020/fig2", "--without", ","), "without: got ''; want some of"),
        (("bao2020/fig2", "--setting", ""), "setting: got ''; want one of smoke, small, paper"),
        (("bao2020/fig2", "--mnist", ""), "mnist: "),
    ],
)
def test_reproduce_refuses_likewise(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    refused(run(*arguments, *OUT, app=reproduce.app), message, tmp_path)


def test_a_sweep_of_bounds_refuses_processes_beside_a_cluster(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("sweep", "--out", "x.csv", "--jobs", 2, "--scheduler", "tcp://127.0.0.1:1", app=cli.app)
    refused(result, "jobs: --scheduler uses all its workers", tmp_path)


def test_a_figure_that_shows_a_run_that_diverged_is_no_success(tmp_path, monkeypatch):
    from numerics.experiments.bao2020 import fig4

    monkeypatch.setitem(fig4.RATES, "l2", {"nesterov": {1: 1e3}, "adam": {1: 3e-3}})
    small = {**fig4.FIGURE.settings["smoke"].given, "ks": (2,), "m": 8, "n": 30, "seeds": 1}
    monkeypatch.setitem(fig4.FIGURE.settings, "smoke", fig4.setting(1, **small))
    options = ("bao2020/fig4", "--setting", "smoke", "--without", "rag,nested-dropout,vae", "--epochs", 50)
    result = run(*options, "--out", tmp_path / "x", app=reproduce.app)
    assert result.exit_code == 1, result.output
    assert "l2-nesterov-k2-lr1000-seed0" in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].endswith("diverged")
