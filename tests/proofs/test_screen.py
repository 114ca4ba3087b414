"""Progress of long runs: a line for what is told, where there is no terminal."""

from __future__ import annotations

import pytest

from proofs.screen import progress


def run(capsys: pytest.CaptureFixture[str], quiet: float = 0) -> list[str]:
    """The lines of a run over four things, of which the second is told nothing of."""
    found = list(progress(iter("abcd"), 4, str.upper, lambda x: None if x == "b" else f"is {x}", quiet))
    assert found == list("abcd")
    return capsys.readouterr().err.splitlines()


def test_every_thing_told_has_its_line_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == ["[1/4] A  is a", "[3/4] C  is c", "[4/4] D  is d"]


def test_a_quiet_run_tells_its_first_and_its_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, 1e6) == ["[1/4] A  is a", "[4/4] D  is d"]


def test_nothing_is_written_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    list(progress(iter("ab"), 2, str, lambda _: ""))
    assert capsys.readouterr().out == ""
