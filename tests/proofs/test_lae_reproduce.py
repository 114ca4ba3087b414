"""`lae reproduce`: from the command line to files, interruption, and one line for every bad input."""

import json
import signal
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from proofs.commands.reproduce import app

FILES = ("data.csv", "figure.svg", "findings.json")


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("figure", ["fig2", "fig4"])
def test_a_figure_is_written_with_its_data_and_findings_and_again_with_the_same_bytes(tmp_path, figure):
    asked = (f"bao2020/{figure}", "--epochs", 20)
    result = run(*asked, "--out", tmp_path / "a")
    assert result.exit_code == 0, result.output
    assert "the paper says" in result.output
    assert all((tmp_path / "a" / name).stat().st_size for name in FILES)
    ET.parse(tmp_path / "a" / "figure.svg")
    findings = json.loads((tmp_path / "a" / "findings.json").read_text())
    assert {statement["seen"] for statement in findings["statements"]} <= {True, False, None}
    assert findings["epochs"] == 20
    assert json.loads(run(*asked, "--json", "--out", tmp_path / "b").stdout) == findings
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_images_are_read_from_a_file_with_several_arrays(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, size=(60, 5, 5)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", train=images, labels=np.zeros(60))
    asked = ("bao2020/fig2", "--mnist", tmp_path / "images.npz", "--epochs", 20, "--out", tmp_path / "a", "--json")
    findings = json.loads(run(*asked).stdout)
    assert findings["source"] == {
        "experiment": "bao2020/fig2",
        "setting": "paper",
        "images": "images.npz",
        "divisor": 255.0,
        "samples": 60,
    }
    assert findings["data"]["trace"] == pytest.approx((images / 255).reshape(60, 25).var(axis=0).sum())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bao2020/fig1",), "experiment: got 'bao2020/fig1'"),
        (("bao2020/fig2", "--setting", "large"), "setting: got 'large'"),
        (("bao2020/fig2", "--setting", "paper"), "wants --mnist"),
        (("bao2020/fig2", "--mnist", "absent.npz"), "mnist: cannot read absent.npz"),
        (("bao2020/fig4", "--mnist", "absent.npz"), "want no --mnist"),
        (("bao2020/fig2", "--epochs", 0), "epochs: got 0"),
        (("bao2020/fig2", "--without", "pca"), "without: got 'pca'"),
        (("bao2020/fig2", "--jobs", 0), "jobs: got 0"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, "--out", "x")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_of_another_configuration_is_refused(tmp_path):
    assert run("bao2020/fig4", "--epochs", 10, "--out", tmp_path / "a").exit_code == 0
    result = run("bao2020/fig4", "--epochs", 20, "--out", tmp_path / "a")
    assert result.exit_code == 2
    assert "another configuration" in result.stderr


def test_an_interrupted_command_says_130_writes_no_figure_and_continues_to_the_same_bytes(tmp_path, signalled):
    asked = ("bao2020/fig4", "--epochs", 60)
    with signalled(signal.SIGINT):
        cut = run(*asked, "--out", tmp_path / "cut")
    assert cut.exit_code == 130, cut.output
    assert cut.stderr == "lae reproduce: interrupted; the same command continues\n"
    assert list(tmp_path.glob("cut/training/jobs/*.npz"))
    assert not any((tmp_path / "cut" / name).exists() for name in FILES)
    for folder in ("cut", "whole"):
        assert run(*asked, "--out", tmp_path / folder).exit_code == 0
    for name in FILES:
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
