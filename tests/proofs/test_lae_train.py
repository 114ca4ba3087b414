"""`lae train` and `lae plot`: from the command line to files, interruption, and one line for every bad input."""

import json
import os
import signal
from contextlib import nullcontext

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics.training import campaign, job
from proofs.commands import plot, train

SMALL = ("--synthetic", "eigenvalues:1:9", "--m", 6, "--k", 2, "--epochs", 50)


def run(*arguments, app=train.app):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_run_from_a_file_to_a_figure(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(40, 5)) * [5, 4, 3, 2, 1])
    folder = tmp_path / "run"
    result = run("--data", tmp_path / "x.npy", "--k", 2, "--model", "l2", "--epochs", 3000, "--out", folder)
    assert result.exit_code == 0, result.output
    assert "eigenvectors: nesterov commutes with rotations" in result.output
    ((_, ending, history),) = campaign.results(folder)
    assert ending.status == "completed"
    assert history["ordered_alignment"][-1] < 1e-6
    picture = run(folder, "--what", "alignment,subspace,loss", "--out", tmp_path / "run.svg", app=plot.app)
    assert picture.exit_code == 0, picture.output
    assert "<svg" in (tmp_path / "run.svg").read_text()


def test_a_sweep_in_json_has_every_run_its_basis_and_its_hypotheses(tmp_path):
    options = (
        "--init",
        "balanced",
        "--model",
        "l2,rag",
        "--optimizer",
        "nesterov,adam",
        "--seeds",
        "0:2",
        "--json",
        "--dtype",
        "float32",
    )
    answer = json.loads(run(*SMALL, *options, "--out", tmp_path / "s").stdout)
    assert len(answer["runs"]) == answer["asked"] == 8
    assert {(r["optimizer"], r["basis"]) for r in answer["runs"]} == {
        ("nesterov", "eigenvectors"),
        ("adam", "features"),
    }
    assert all(h["holds"] for r in answer["runs"] for h in r["hypotheses"])


def test_a_violated_hypothesis_is_said_and_a_diverged_run_is_kept(tmp_path):
    result = run(*SMALL, "--model", "l2", "--lambda", "1,50", "--out", tmp_path / "a")
    assert "warning: l2, k = 2: the theorem assumes λ_i < σ_i²" in result.output
    assert "λ_2 = 50 ≥ σ_2² = 7.4: latent 2 collapses" in result.output
    result = run(*SMALL, "--lr", "5", "--out", tmp_path / "b")
    assert result.exit_code == 1
    assert "diverged at" in result.output
    assert result.stderr.splitlines()[-1] == "lae train: rag-nesterov-k2-lr5-seed0 diverged; want a smaller --lr"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data", "digits"), "out: want --out, or --resume"),
        (("--out", "x"), "data: want --data or --synthetic"),
        (("--out", "x", "--data", "absent.npy"), "data: cannot read absent.npy"),
        (("--out", "x", "--data", "digits", "--m", 3), "m: --m belongs to --synthetic"),
        (("--out", "x", "--data", "digits", "--divide", 0), "divide: got 0"),
        (("--out", "x", "--data", "digits", "--k", 65), "k: got 65; want 1 ≤ k ≤ m = 64"),
        (("--out", "x", "--data", "digits", "--k", "two"), "k: got 'two'"),
        (("--out", "x", "--synthetic", "even"), "--synthetic wants --m"),
        (("--out", "x", "--synthetic", "odd", "--m", 3), "family: got 'odd'"),
        (("--out", "x", "--synthetic", "even", "--m", 3, "--batch-size", 2), "batch-size: only a spectrum is known"),
        (("--out", "x", *SMALL, "--model", "pca"), "model: got 'pca'"),
        (("--out", "x", *SMALL, "--optimizer", "sgd"), "optimizer: got 'sgd'"),
        (("--out", "x", *SMALL, "--lr", "0"), "lr: got '0'"),
        (("--out", "x", *SMALL, "--seeds", "3:3"), "seeds: got '3:3'"),
        (("--out", "x", *SMALL, "--until", "beauty:1"), "until: got 'beauty'"),
        (("--out", "x", *SMALL, "--dtype", "float16"), "dtype: got 'float16'"),
        (("--out", "x", *SMALL, "--model", "l2", "--device", "tpu"), "device: got 'tpu'; want cpu or gpu"),
        (("--out", "x", *SMALL, "--model", "l2", "--scheduler", "nowhere"), "scheduler: cannot reach nowhere"),
        (("--out", "x", *SMALL, "--epochs", 0), "epochs: got 0"),
        (("--out", "x", *SMALL, "--jobs", 0), "jobs: got 0"),
        (("--out", "x", *SMALL, "--lambda", "1,2,3", "--model", "l2"), "lambda: got 3 values; want k = 2"),
        (("--out", "x", *SMALL, "--model", "deep,rag", "--widths", "3,0"), "widths: got 0; want at least 1"),
        (
            ("--out", "x", "--data", "digits", "--model", "deep", "--widths", "9999999,9999999", "--json"),
            "for widths 9999999,9999999, as ",
        ),
        (("--out", "x", *SMALL, "--model", "deep,rag", "--widths", "3;3"), "widths: got '3;3'"),
        (("--out", "x", *SMALL, "--widths", "3,3"), "widths: only deep and riemannian have them; want --k for rag"),
        (("--out", "x", *SMALL, "--model", "deep", "--optimizer", "alternating"), "alternating minimises l2"),
        (("--out", "x", *SMALL, "--model", "brockett"), "optimizer: brockett flows on a manifold; want flow, or gd"),
        (("--out", "x", *SMALL, "--optimizer", "flow", "--dtype", "float32"), "dtype: got float32, too coarse"),
        (
            ("--out", "x", *SMALL, "--optimizer", "flow", "--model", "nested-dropout-batch"),
            "draws, and a flow is of all",
        ),
        (("--out", "x", *SMALL, "--model", "nested-dropout", "--prior", "geometric:2"), "prior geometric: got 2"),
        (("--resume", "x", "--out", "y"), "got both --out and --resume"),
        (("--resume", "x"), "folder: x holds no run"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_bad_plots_are_refused(tmp_path):
    run(*SMALL, "--out", tmp_path / "s")
    for arguments, message in (
        ((tmp_path / "s", "--out", tmp_path / "a.jpg"), "want a name that ends in"),
        ((tmp_path / "s", "--out", tmp_path / "a.svg", "--what", "beauty"), "what: got 'beauty'"),
        ((tmp_path / "s", "--out", tmp_path / "a.svg", "--over", "space"), "over: got 'space'; want epoch or time"),
        ((tmp_path / "s", "--out", tmp_path / "a.svg", "--over", "time"), "over: nesterov has no time; want epoch"),
        ((tmp_path, "--out", tmp_path / "a.svg"), "holds no run"),
    ):
        result = run(*arguments, app=plot.app)
        assert result.exit_code == 2
        assert message in result.stderr
        assert not (tmp_path / "a.svg").exists()


def test_resuming_needs_the_same_data(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(40, 5)))
    run("--data", tmp_path / "x.npy", "--epochs", 10, "--out", tmp_path / "r")
    assert run("--resume", tmp_path / "r").exit_code == 0
    np.save(tmp_path / "x.npy", np.random.default_rng(1).normal(size=(40, 5)))
    result = run("--resume", tmp_path / "r")
    assert result.exit_code == 2
    assert "the data have changed" in result.stderr


def tables(folder, rows=40):
    """Samples of five features, and targets of three that they explain in part."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 5)) * [5, 4, 3, 2, 1]
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", (x @ rng.normal(size=(5, 3)) + rng.normal(size=(40, 3)))[:rows])
    return "--data", folder / "x.npy", "--targets", folder / "y.npy"


def test_targets_are_predicted_in_order_and_a_resumed_folder_knows_them(tmp_path):
    asked = (*tables(tmp_path), "--k", 2, "--optimizer", "gd,adam", "--epochs", 12000)
    result = run(*asked, "--model", "summed", "--out", tmp_path / "r")
    assert result.exit_code == 0, result.output
    assert "targets      3 features, 0.9" in result.output
    for _, ending, history in campaign.results(tmp_path / "r"):
        assert ending.decoder.shape == (3, 2)
        assert abs(history["excess"][-1]) < 0.01
        assert history["ordered_alignment"][-1] < 1e-4
    assert run("--resume", tmp_path / "r").exit_code == 0
    np.save(tmp_path / "y.npy", np.load(tmp_path / "y.npy")[::-1])
    assert "the data have changed" in run("--resume", tmp_path / "r").stderr
    answer = json.loads(run(*asked, "--model", "all", "--epochs", 5, "--json", "--out", tmp_path / "s").stdout)
    assert {r["model"] for r in answer["runs"]} >= {"summed", "unregularised", "nested-dropout"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--model", "rag"), "model: got rag with targets; want one of unregularised, nested-dropout, summed"),
        (("--model", "summed", "--k", 4), "k: got 4; want 1 ≤ k ≤ 3, the features of the targets"),
        (("--model", "summed", "--batch-size", 41), "batch-size: got 41; want between 1 and n = 40"),
        (("--model", "summed", "--optimizer", "alternating"), "alternating"),
        (("--model", "summed", "--init", "subspace"), "init: got 'subspace'; for networks and targets want"),
        (("--model", "summed", "--until", "transpose:1"), "until: got 'transpose'"),
        (("--targets", "absent.npy", "--model", "summed"), "targets: cannot read absent.npy"),
    ],
)
def test_what_targets_do_not_go_with_is_one_line(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = run(*tables(tmp_path), *arguments, "--out", tmp_path / "r")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "r").exists()


def test_deep_networks_of_several_widths_and_kinds_in_one_folder(tmp_path):
    options = ("--model", "deep,l2", "--widths", "3,3", "--widths", "4,2,4", "--init", "balanced", "--json")
    answer = json.loads(run(*SMALL, *options, "--out", tmp_path / "r").stdout)
    assert [(r["model"], r["widths"]) for r in answer["runs"]] == [("l2", [2]), ("deep", [3, 3]), ("deep", [4, 2, 4])]
    assert all(r["metrics"]["distance"] > 0 for r in answer["runs"] if r["model"] == "deep")
    picture = run(tmp_path / "r", "--what", "balance,loss", "--out", tmp_path / "run.svg", app=plot.app)
    assert picture.exit_code == 0, picture.output
    result = run(*SMALL, "--model", "deep", "--out", tmp_path / "s")
    assert "deep, 2x2: the theorem assumes W_{j+1}ᵀW_{j+1} = W_jW_jᵀ at the start" in result.output


def test_flows_and_eulers_method_in_one_folder_over_time(tmp_path):
    asked = (*SMALL, "--model", "deep,riemannian,brockett", "--init", "orthogonal", "--optimizer", "gd,flow")
    answer = json.loads(run(*asked, "--json", "--out", tmp_path / "r").stdout)
    drift = {(r["model"], r["optimizer"]): r["metrics"]["drift"] for r in answer["runs"]}
    assert len(drift) == 6
    assert all(drift[name, "flow"] < 1e-9 for name in ("deep", "riemannian", "brockett"))
    assert all(r["time"] == pytest.approx(50 * r["rate"]) for r in answer["runs"])
    for over in ((), ("--over", "epoch"), ("--over", "time")):
        what = ("--what", "drift,loss,balance", "--out", tmp_path / "run.svg")
        picture = run(tmp_path / "r", *what, *over, app=plot.app)
        assert picture.exit_code == 0, picture.output


def test_a_flow_that_was_interrupted_resumes_to_the_same_files(tmp_path, monkeypatch):
    asked = (*SMALL, "--model", "deep,brockett", "--optimizer", "flow", "--init", "orthogonal", "--every", 5)
    assert run(*asked, "--out", tmp_path / "whole").exit_code == 0
    monkeypatch.setattr(job, "CHECK", 7)
    answers = iter((False, False, True))
    with monkeypatch.context() as patched:
        patched.setattr(campaign, "interruptible", lambda noticed: nullcontext(lambda: next(answers)))
        assert run(*asked, "--out", tmp_path / "cut").exit_code == 130
    assert list((tmp_path / "cut" / "jobs").iterdir())
    assert run("--resume", tmp_path / "cut").exit_code == 0
    for path in (tmp_path / "whole" / "runs").iterdir():
        assert path.read_bytes() == (tmp_path / "cut" / "runs" / path.name).read_bytes()


def test_targets_need_a_row_for_each_sample_of_given_data(tmp_path):
    result = run(*tables(tmp_path, rows=39), "--model", "summed", "--out", tmp_path / "r")
    assert (result.exit_code, "targets: got 39 rows; want 40" in result.stderr) == (2, True)
    result = run(*SMALL, "--targets", tmp_path / "y.npy", "--out", tmp_path / "r")
    assert (result.exit_code, "--targets belongs to --data" in result.stderr) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_command_leaves_a_checkpoint_says_130_and_resumes_identically(
    tmp_path, monkeypatch, signalled, number, jobs
):
    """The interrupted run is resumed and compared with one that was never interrupted, bit by bit."""
    monkeypatch.setattr(job, "CHECK", 7)
    asked = (*SMALL, "--model", "l2,rag", "--jobs", jobs)
    with signalled(number):
        cut = run(*asked, "--out", tmp_path / "cut")
    assert cut.exit_code == 130, cut.output
    assert "--resume" in cut.stderr
    assert {path.name for path in (tmp_path / "cut").iterdir()} == {"config.json", "jobs"}
    for arguments in (("--resume", tmp_path / "cut"), (*asked, "--out", tmp_path / "whole")):
        assert run(*arguments).exit_code == 0
    for path in (tmp_path / "whole" / "runs").iterdir():
        assert path.read_bytes() == (tmp_path / "cut" / "runs" / path.name).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_signal_at_once_also_while_processes_start_is_status_130_and_one_line(tmp_path, stopped, number, jobs):
    """Ctrl-C on a terminal reaches every process of the command, and so do the others here."""
    asked = ("train", *SMALL[:-1], 10**9, "--model", "l2", "--jobs", jobs, "--out", tmp_path / "cut")
    status, error = stopped(asked, lambda pid: os.killpg(pid, number), (tmp_path / "cut" / "config.json").exists)
    assert (status, error) == (130, f"lae train: interrupted; continue with: lae train --resume {tmp_path / 'cut'}\n")


def test_what_metrics_cannot_see_is_printed_and_what_is_rounding_is_no_number(tmp_path):
    options = ("--synthetic", "eigenvalues:1:9", "--m", 6, "--k", 2, "--model", "l2", "--epochs", 4000)
    result = run(*options, "--out", tmp_path / "x")
    assert "subspace does not see which columns span the subspace" in result.stdout
    assert "alignment does not see the order of the columns" in result.stdout
    assert "< 4.9e-32" in result.stdout
    answer = json.loads(run("--resume", tmp_path / "x", "--json").stdout)
    assert answer["runs"][0]["metrics"]["subspace"] < answer["runs"][0]["resolution"]["subspace"]
    assert answer["unseen"]["subspace"]
