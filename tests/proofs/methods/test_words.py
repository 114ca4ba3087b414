"""What only a run can show is supported by findings that say so, and by nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proofs.bao2020.section_7 import adam_of_rag
from proofs.claim import Context, Evidence, Outcome, Verdict, weigh
from proofs.methods import words
from proofs.methods.words import Observed, Open

SAID = Observed("RAG is faster.", "paper/fig1", ("faster", "fastest"))


def found(statement: Observed) -> Evidence:
    return words.by_findings(statement, Context())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where findings are read; a file of the small setting of paper/fig1."""
    monkeypatch.setattr(words, "FINDINGS", tmp_path)
    (tmp_path / "paper").mkdir()
    return tmp_path / "paper" / "fig1.small.json"


def write(path: Path, **seen: bool | None) -> None:
    judged = [{"id": name, "seen": value} for name, value in seen.items()]
    path.write_text(json.dumps({"setting": path.suffixes[0][1:], "statements": judged}))


def test_without_a_run_nothing_is_decided(kept: Path) -> None:
    assert found(SAID).outcome == Outcome.UNDECIDED
    assert "none of paper/fig1 is recorded" in found(SAID).detail


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ({"faster": True, "fastest": True, "else": False}, Outcome.SUPPORTED),
        ({"faster": True, "fastest": False}, Outcome.UNDECIDED),
        ({"faster": True, "fastest": None}, Outcome.UNDECIDED),
        ({"faster": True}, Outcome.UNDECIDED),
        ({}, Outcome.UNDECIDED),
    ],
)
def test_all_of_it_must_have_been_seen(kept: Path, seen: dict[str, bool | None], outcome: Outcome) -> None:
    write(kept, **seen)
    assert found(SAID).outcome == outcome


def test_without_ids_every_statement_of_the_figure_counts_and_there_must_be_one(kept: Path) -> None:
    whole = Observed("All of it.", "paper/fig1")
    for seen, outcome in (({"a": True}, Outcome.SUPPORTED), ({"a": False}, Outcome.UNDECIDED), ({}, Outcome.UNDECIDED)):
        write(kept, **seen)
        assert found(whole).outcome == outcome


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [("", Outcome.UNDECIDED), ("code", Outcome.SUPPORTED), ("print", Outcome.UNDECIDED), ("none", Outcome.UNDECIDED)],
)
def test_what_only_one_reading_shows_is_not_seen_under_every_one(kept: Path, reading: str, outcome: Outcome) -> None:
    judged = [{"id": "a", "reading": name, "seen": name == "code"} for name in ("print", "code")]
    for statements in (judged, judged[::-1]):
        kept.write_text(json.dumps({"setting": "small", "statements": statements}))
        assert found(Observed("It is.", "paper/fig1", ("a",), reading)).outcome == outcome


def test_the_setting_of_the_paper_comes_first_and_a_smoke_test_never(kept: Path) -> None:
    write(kept.with_name("fig1.smoke.json"), faster=True, fastest=True)
    assert found(SAID).outcome == Outcome.UNDECIDED
    write(kept, faster=True, fastest=True)
    write(kept.with_name("fig1.paper.json"), faster=False, fastest=True)
    assert found(SAID).outcome == Outcome.UNDECIDED
    assert "setting paper" in found(SAID).detail


def test_a_run_of_the_papers_setting_but_for_a_part_is_no_evidence(kept: Path) -> None:
    part = kept.with_name("fig1.paper.json")
    judged = [{"id": name, "seen": True} for name in ("faster", "fastest")]
    part.write_text(json.dumps({"setting": "paper", "left_out": ["epochs: 10, not 50"], "statements": judged}))
    assert found(SAID).outcome == Outcome.UNDECIDED
    write(kept, faster=True, fastest=True)
    assert found(SAID).outcome == Outcome.SUPPORTED
    assert "setting small" in found(SAID).scope


def test_a_run_never_proves_or_refutes(kept: Path) -> None:
    write(kept, faster=True, fastest=True)
    assert weigh([found(SAID)])[0] == Verdict.SUPPORTED
    write(kept, faster=False, fastest=False)
    assert weigh([found(SAID)])[0] == Verdict.OPEN


def test_what_is_open_says_why() -> None:
    decision = adam_of_rag.decide()
    statement = adam_of_rag.statement
    assert isinstance(statement, Open)
    assert (decision.verdict, decision.scope) == (Verdict.OPEN, statement.why)


def test_findings_belong_to_the_fingerprint(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs import sources

    monkeypatch.setitem(sources.READS, "proofs.methods.words", str(kept.parent))
    before = sources.data_of("proofs.methods.words")
    write(kept, faster=True)
    assert sources.data_of("proofs.methods.words") != before


@pytest.mark.parametrize(
    ("says", "latex"),
    [
        ("50% of W_1", r"\text{``50\%}\ \text{of}\ W_{1}\text{''}"),
        ("V̇(W) tends to 0", r"\text{``}\dot{V}(W)\ \text{tends}\ \text{to}\ \text{0''}"),
        (r"\input{x}", r"\text{``\textbackslash{}input\{x\}''}"),
    ],
)
def test_words_with_signs_that_latex_reads_as_commands_stay_words(says: str, latex: str) -> None:
    assert Open(says, "").latex() == latex
