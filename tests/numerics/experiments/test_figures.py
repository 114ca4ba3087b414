"""Every figure at its smoke setting, and what all of them have in common."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from numerics.experiments import FIGURES, find
from numerics.experiments.figure import Asked, Compared, Measured, Sentence
from numerics.experiments.record import LARGEST, keep, kept, picture_of, place
from numerics.experiments.remake import FILES, judge, left_out, made, plain, reproduce

FAST = (
    "kunin2019/fig2",
    "kunin2019/fig7",
    "kunin2019/appendix-e",
    "oftadeh2020/fig1",
    "oftadeh2020/fig3",
    "bah2019/fig4",
)
"""What takes less than a second; at least one of each kind: trained, in batches, and not at all."""


def make(name, folder):
    figure = find(name)
    asked = figure.asked("smoke")
    return reproduce(figure, asked, folder, figure.planned(asked)), figure, asked


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * (n not in FAST)) for n in FIGURES])
def test_a_figure_is_made_at_its_smoke_setting(tmp_path, name):
    findings, figure, asked = make(name, tmp_path)
    assert all((tmp_path / file).stat().st_size for file in FILES)
    ET.parse(tmp_path / "figure.svg")
    assert len((tmp_path / "data.csv").read_text().splitlines()) > 1
    assert json.loads((tmp_path / "findings.json").read_text()) == findings
    readings = {one["reading"] for one in findings["statements"]}
    assert len(findings["statements"]) == len(figure.statements) * len(readings)
    assert all(one["numbers"] for one in findings["statements"]), "an answer without numbers says nothing"
    assert made(figure, asked, tmp_path) == findings
    assert made(figure, figure.asked("small"), tmp_path) is None


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_is(name):
    figure = find(name)
    assert figure.id == name
    assert list(figure.settings) == ["smoke", "small", "paper"]
    assert figure.settings["small"].seconds < 120
    assert len({statement.id for statement in figure.statements}) == len(figure.statements) > 0
    for statement in figure.statements:
        assert all((statement.where, statement.text, statement.rule))
    for setting in ("small", "paper")[: 1 + ("table" not in name)]:
        seeds = figure.settings[setting].given.get("seeds", 3)
        assert seeds >= 3, "behaviour is claimed"


def test_there_are_twenty_seven():
    assert len(set(FIGURES)) == 27


@pytest.mark.parametrize("option", [{"mnist": "x.npz"}, {"epochs": 3}, {"seeds": 3}, {"k": 3}, {"without": ("l2",)}])
def test_an_option_that_a_figure_has_no_use_for_is_refused(option):
    with pytest.raises(ValueError, match=f"{next(iter(option))}: kunin2019/appendix-e has no use for it"):
        find("kunin2019/appendix-e").asked(**option)


def test_statements_are_judged_by_their_rule_under_every_reading():
    statements = [Sentence("less", "Section 1", "x is small", "x ≤ 1", lambda x: (x <= 1, {"x": x}))]
    judged = judge(statements, {"a": Measured(0.5, []), "b": Measured(2.0, [])})
    assert [(one["reading"], one["seen"], one["numbers"]) for one in judged] == [
        ("a", True, {"x": 0.5}),
        ("b", False, {"x": 2.0}),
    ]


def test_deviations_are_relative_to_the_largest_prediction_or_absolute_beside_zero():
    assert Compared("", [2.0, 0.0], [2.0, 0.1]).deviation == 0.05
    assert Compared("", 0.0, 0.1).deviation == 0.1
    assert plain(Compared("", [1.0], [float("nan")]).deviation) is None


def test_findings_of_another_question_are_not_taken_for_these(tmp_path):
    findings, figure, asked = make("kunin2019/appendix-e", tmp_path)
    assert made(figure, asked, tmp_path)
    assert made(figure, Asked("smoke", {**asked.given, "spectra": 4}), tmp_path) is None
    (tmp_path / "findings.json").write_text(json.dumps(findings | {"code": "older"}))
    assert made(figure, asked, tmp_path) is None


def test_findings_are_kept_with_date_machine_and_versions_and_the_paper_s_setting_comes_first(tmp_path, monkeypatch):
    from numerics.experiments import record

    monkeypatch.setattr(record, "FOLDER", tmp_path)
    picture = tmp_path / "drawn.svg"
    for setting in ("paper", "small"):
        picture.write_text(setting)
        keep({"figure": "a/fig1", "setting": setting, "statements": [], "runs": [1]}, 2.0, picture)
    found = kept("a/fig1")
    assert record.pictured("a/fig1") == ("paper", "paper")
    assert found["setting"] == "paper"
    assert set(found["made"]) == {"date", "machine", "versions", "seconds"}
    assert "runs" not in found


def test_a_part_of_the_papers_setting_is_kept_beside_the_small_one_and_is_not_the_finding(tmp_path, monkeypatch):
    from numerics.experiments import record

    monkeypatch.setattr(record, "FOLDER", tmp_path)
    (picture := tmp_path / "drawn.svg").write_text("")
    part = {"figure": "a/fig1", "setting": "paper", "statements": [], "left_out": ["epochs: 1, not 5"]}
    keep(part, 2.0, picture)
    assert kept("a/fig1")["setting"] == record.in_part("a/fig1")["setting"] == "paper"
    keep(part | {"setting": "small", "left_out": []}, 2.0, picture)
    assert kept("a/fig1")["setting"] == "small"
    keep(part | {"left_out": []}, 2.0, picture)
    assert kept("a/fig1")["setting"] == "paper"
    assert record.in_part("a/fig1") is None


def test_a_picture_too_large_to_keep_is_refused(tmp_path, monkeypatch):
    from numerics.experiments import record

    monkeypatch.setattr(record, "FOLDER", tmp_path)
    (picture := tmp_path / "drawn.svg").write_text("x" * (record.LARGEST + 1))
    with pytest.raises(ValueError, match=r"drawn\.svg has more than 200000 bytes"):
        keep({"figure": "a/fig1", "setting": "paper", "statements": []}, 2.0, picture)
    assert kept("a/fig1") is None


def test_what_is_left_out_of_a_setting_is_said():
    figure = find("bao2020/fig4")
    assert left_out(figure, figure.asked("paper")) == []
    asked = figure.asked("paper", epochs=10, without=["vae"])
    assert left_out(figure, asked) == ["epochs: 10, not 50000", "without vae"]
    assert left_out(figure, figure.asked("paper", scale="half")) == ["scale: half, not main"]
    some = figure.asked("small", k=5, seeds=1)
    assert left_out(figure, some) == ["ks: (2, 5), not (2, 5, 10, 20)", "seeds: 1, not 3"]


@pytest.mark.parametrize("name", FIGURES)
def test_what_the_repository_keeps_is_small_and_about_the_statements_there_are(name):
    ids = {statement.id for statement in find(name).statements}
    for setting in ("small", "paper"):
        if place(name, setting).exists():
            text = place(name, setting).read_text()
            assert len(text) < 100_000
            assert {one["id"] for one in json.loads(text)["statements"]} == ids
        if (picture := picture_of(name, setting)).exists():
            assert place(name, setting).exists()
            assert picture.stat().st_size <= LARGEST
            ET.parse(picture)
    assert kept(name), "every figure has been made once"


def test_no_figure_imports_what_it_may_not_need():
    wanted = "import sys; from numerics.experiments import FIGURES, find; [find(n) for n in FIGURES]"
    code = f"{wanted}; print([m for m in ('sympy', 'matplotlib', 'sklearn', 'proofs') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
