"""What is kept of mutants: one claim's tally, records that keep others', a change that is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs.cache import Cache
from proofs.claim import registry
from proofs.cli import app
from proofs.mutation import kept
from proofs.mutation.examine import Finding
from proofs.papers import PaperError

CLAIM = "kunin2019/lemA.1"
OTHER = "kunin2019/lemA.2"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / kept.FILE
    monkeypatch.setattr(kept, "file_of", lambda claim: file)
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    return file


def test_a_record_keeps_the_tallies_of_claims_that_were_not_examined_and_of_no_others(record: Path) -> None:
    known = registry(("kunin2019",))
    found = [Finding(CLAIM, "sign of a", "", fate) for fate in ("killed", "killed", "survivor")]
    first = kept.tally(known[CLAIM], found, 0.25)
    kept.record({CLAIM: first}, known)
    kept.record({OTHER: replace(first, share=1)}, known)
    assert kept.recorded(record) == {CLAIM: first, OTHER: replace(first, share=1)}
    kept.record({}, {OTHER: known[OTHER]})
    assert set(kept.recorded(record)) == {OTHER}
    assert (first.killed, first.survivors) == (2, ("sign of a",))


def test_a_reader_is_told_that_what_fates_depend_on_has_changed(record: Path) -> None:
    claim = registry(("kunin2019",))[CLAIM]
    now = kept.tally(claim, [])
    kept.record({CLAIM: now}, {CLAIM: claim})
    assert "since" not in kept.latest([claim], Cache(None))[CLAIM].text(kept.short(claim))
    assert "since" in kept.latest([claim], Cache(None))[CLAIM].text("another")


def test_the_command_records_and_show_tells(record: Path) -> None:
    assert CliRunner().invoke(app, ["mutate", CLAIM, "--jobs", "1", "--record"]).exit_code == 0
    counts = kept.recorded(record)[CLAIM]
    assert counts.killed > 20
    assert not counts.survivors
    assert f"Mutants  all examined: {counts.killed} killed" in CliRunner().invoke(app, ["show", CLAIM]).stdout
    refused = CliRunner().invoke(app, ["mutate", CLAIM, "--sample", "3", "--record"])
    assert refused.exit_code == 2


def test_a_file_that_is_no_record_is_refused(record: Path) -> None:
    record.write_text('{"a": 1}')
    with pytest.raises(PaperError, match="no record of mutants"):
        kept.recorded(record)


def test_what_is_on_record_is_of_claims_that_there_are_and_small() -> None:
    claims = registry()
    for file in kept.files(claims.values()):
        assert set(kept.recorded(file)) <= set(claims)
        assert not file.exists() or file.stat().st_size < 200_000
