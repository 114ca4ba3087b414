"""`lae reproduce`: from the command line to files, interruption, and one line for every bad input."""

import json
import signal
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import experiments
from proofs.commands.reproduce import app

FILES = ("data.csv", "figure.svg", "findings.json")
QUICK = ("kunin2019/appendix-e", "kunin2019/fig2")
TRAINS = ("bah2019/fig3", "--setting", "smoke", "--epochs", 200)


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("asked", [TRAINS, (QUICK[0], "--setting", "smoke")], ids=["trained", "computed"])
def test_a_figure_is_written_with_its_data_and_findings_and_again_with_the_same_bytes(tmp_path, asked):
    result = run(*asked, "--out", tmp_path / "a")
    assert result.exit_code == 0, result.output
    assert "the paper says" in result.output
    assert "exact theory" in result.output
    assert all((tmp_path / "a" / name).stat().st_size for name in FILES)
    ET.parse(tmp_path / "a" / "figure.svg")
    findings = json.loads((tmp_path / "a" / "findings.json").read_text())
    assert {statement["seen"] for statement in findings["statements"]} <= {True, False, None}
    assert json.loads(run(*asked, "--json", "--out", tmp_path / "b").stdout) == findings
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_images_are_read_from_a_file_with_several_arrays(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, size=(60, 5, 5)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", train=images, labels=np.zeros(60))
    asked = ("oftadeh2020/fig3", "--mnist", tmp_path / "images.npz", "--setting", "smoke", "--epochs", 20)
    findings = json.loads(run(*asked, "--out", tmp_path / "a", "--json").stdout)
    (about,) = findings["data"]
    assert about["source"] == {"images": "images.npz", "divisor": 255.0, "samples": 60}
    assert about["trace"] == pytest.approx((images / 255).reshape(60, 25).var(axis=0).sum(), rel=1e-4)


def test_the_list_has_what_each_figure_shows_costs_and_said_last():
    rows = json.loads(run("--list", "--json").stdout)["figures"]
    assert [row["id"] for row in rows] == list(experiments.FIGURES)
    for row in rows:
        assert row["title"]
        assert set(row["settings"]) == {"smoke", "small", "paper"}
        assert all(set(one["seen"].values()) <= {True, False, None} for one in row["statements"])
        assert row["last"]["setting"] in ("small", "paper")
    table = run("--list").stdout
    assert all(name in table for name in experiments.FIGURES)


def test_all_figures_are_made_one_after_the_other_and_what_is_there_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "FIGURES", QUICK)
    asked = ("all", "--setting", "smoke", "--out", tmp_path)
    first = run(*asked)
    assert first.exit_code == 0, first.output
    assert [line.partition(", ")[0] for line in first.stderr.splitlines()] == [
        f"lae reproduce: {i} of 2: {name}" for i, name in enumerate(QUICK, start=1)
    ]
    stamps = [(tmp_path / name / "findings.json").stat().st_mtime_ns for name in QUICK]
    (tmp_path / QUICK[1] / "data.csv").unlink()
    assert run(*asked).exit_code == 0
    again = [(tmp_path / name / "findings.json").stat().st_mtime_ns for name in QUICK]
    assert again[0] == stamps[0], "it is whole, and of the same code"
    assert again[1] > stamps[1], "a file was missing"


def test_what_cannot_be_made_is_left_out_of_all_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "FIGURES", ("bao2020/fig5", QUICK[0]))
    result = run("all", "--setting", "paper", "--out", tmp_path)
    first, second = result.stderr.splitlines()
    assert "1 of 2: bao2020/fig5 is left out: mnist: the paper's setting wants --mnist FILE" in first
    assert second.startswith(f"lae reproduce: 2 of 2: {QUICK[0]}, 4 of 4 seen")
    assert result.exit_code == 2
    assert not (tmp_path / "bao2020").exists()


def test_findings_of_a_folder_that_was_continued_are_recorded_without_their_time(tmp_path, monkeypatch):
    from numerics.experiments import record

    monkeypatch.setattr(record, "FOLDER", tmp_path / "kept")
    asked = (QUICK[0], "--setting", "smoke", "--record", "--out", tmp_path / "a")
    assert run(*asked).exit_code == 0
    assert record.kept(QUICK[0])["made"]["seconds"] >= 0
    assert run(*asked).exit_code == 0
    assert record.kept(QUICK[0])["made"]["seconds"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bao2020/fig9",), "figure: got 'bao2020/fig9'"),
        (("bao2020/fig2", "--setting", "large"), "setting: got 'large'"),
        (("bao2020/fig2", "--setting", "paper"), "wants --mnist"),
        (("bao2020/fig2", "--mnist", "absent.npz"), "mnist: cannot read absent.npz"),
        (("bao2020/fig4", "--mnist", "absent.npz"), "mnist: bao2020/fig4 has no use for it"),
        (("bao2020/fig2", "--epochs", 0), "epochs: got 0"),
        (("bao2020/fig2", "--seeds", 0), "seeds: got 0"),
        (("bao2020/fig4", "--k", 1), "k: got 1, below all of bao2020/fig4"),
        (("bao2020/fig2", "--without", "pca"), "without: got 'pca'"),
        (("bao2020/fig2", "--jobs", 0), "jobs: got 0"),
        (("kunin2019/fig2", "--epochs", 3), "epochs: kunin2019/fig2 has no use for it"),
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
    assert run(*TRAINS, "--out", tmp_path / "a").exit_code == 0
    result = run(*TRAINS[:-1], 20, "--out", tmp_path / "a")
    assert result.exit_code == 2
    assert "another configuration" in result.stderr


def test_an_interrupted_command_says_130_writes_no_figure_and_continues_to_the_same_bytes(tmp_path, signalled):
    asked = TRAINS
    with signalled(signal.SIGINT):
        cut = run(*asked, "--out", tmp_path / "cut")
    assert cut.exit_code == 130, cut.output
    assert cut.stderr == "lae reproduce: interrupted; the same command continues\n"
    assert list(tmp_path.glob("cut/training/*/jobs/*.npz"))
    assert not any((tmp_path / "cut" / name).exists() for name in FILES)
    for folder in ("cut", "whole"):
        assert run(*asked, "--out", tmp_path / folder).exit_code == 0
    for name in FILES:
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
