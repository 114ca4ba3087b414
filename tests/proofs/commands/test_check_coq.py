"""`lae check --coq`: marks beside verdicts, a hint without Coq, and an alarm when the two checkers do not agree."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs import lock
from proofs.cache import Cache
from proofs.claim import registry
from proofs.cli import app
from proofs.export import accepted
from proofs.export.accepted import HINT

PROVED, UNSTATED = "kunin2019/lemA.1/proof+", "bah2019/lem13"
TRIVIAL = "Theorem t : True.\nProof. by []. Qed.\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """A cache and a record of the test's own."""
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(lock, "file_of", lambda paper: tmp_path / "verdicts.json")


@pytest.fixture
def coq(monkeypatch, tmp_path):
    """`coq(answer)`: what is called coqc, and says of each theorem that it is asked about what it rests on."""

    def install(answer: str) -> Path:
        place = tmp_path / "bin"
        place.mkdir(exist_ok=True)
        script = f"""#!/bin/sh
case "$*" in *print-version*) echo "8.16.1 4.13.1"; exit;; esac
for last; do :; done
echo "$last" >>{tmp_path}/asked
case "$last" in Tensor.v|Normal.v|Matrix.v|Order.v) exit;; esac
grep -c '^Print Assumptions' "$last" | while read n; do for i in $(seq $n); do echo '{answer}'; done; done
"""
        (place / "coqc").write_text(script)
        (place / "coqc").chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
        return tmp_path / "asked"

    return install


def lae(*arguments: str):
    return CliRunner().invoke(app, [*arguments])


def test_without_coq_one_line_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = lae("check", PROVED, "--coq")
    assert found.exit_code == 2
    assert found.stderr == f"lae check: --coq: {HINT}\n"
    assert found.stdout == ""


def test_without_mathcomp_too(monkeypatch, tmp_path):
    (tmp_path / "coqc").write_text('#!/bin/sh\n[ "$1" = --print-version ] && echo 8.16.1\n')
    (tmp_path / "coqc").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = lae("check", PROVED, "--coq", "--jobs", "1")
    assert found.exit_code == 2
    assert HINT in found.stderr


def test_a_mark_stands_beside_what_coq_accepts_and_is_remembered(coq):
    asked = coq("Closed under the global context")
    first = lae("check", PROVED, UNSTATED, "--coq", "--jobs", "1")
    assert first.exit_code == 0
    assert first.stdout.count("proved ✓ Coq") == 1
    assert "1 accepted by Coq" in first.stdout
    times = asked.read_text().count("\n")
    again = lae("check", PROVED, UNSTATED, "--coq", "--jobs", "1")
    assert again.stdout.count("proved ✓ Coq") == 1
    assert asked.read_text().count("\n") == times
    (told,) = json.loads(lae("check", PROVED, "--coq", "--json").stdout)["claims"]
    assert told["coq"]["accepted"] is True
    assert all(t.startswith("Theorem ") and "Proof" not in t for t in told["coq"]["theorems"])
    assert told["coq"]["trusts"]
    assert "✓ accepted" in lae("show", PROVED).stdout


def test_what_rests_on_an_axiom_is_not_accepted(coq):
    coq("Axioms: it_holds : False")
    assert "✓ Coq" not in lae("check", PROVED, "--coq", "--jobs", "1").stdout


def test_that_coq_accepts_what_is_refuted_is_an_alarm(coq, monkeypatch):
    coq("Closed under the global context")
    monkeypatch.setattr(accepted, "documents", lambda claim: iter([TRIVIAL]))
    found = lae("check", "bah2019/conj32", "--coq", "--jobs", "1")
    assert found.exit_code == 1
    assert "bah2019/conj32 is refuted, and Coq accepts it: one of the two checkers is wrong" in found.stderr


def test_show_says_what_a_claim_lacks_in_coq(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = lae("show", UNSTATED).stdout
    assert "not stated there: no counterpart of" in " ".join(found.split())


def theorem(name: str, says: str) -> str:
    return f"Theorem {name} : {says}.\nProof. by []. Qed.\n"


def told(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """A Coq that rejects False, has no time for Loop, and takes Axiom for an axiom; it stops at the first two."""
    said, worst = "", "True"
    for says in re.findall(
        r"^(?:Theorem \w+ : (?=\w)|(?=Print Assumptions))(\w+)", (folder / name).read_text(), re.MULTILINE
    ):
        if says in ("False", "Loop"):
            return subprocess.CompletedProcess([], 1 if says == "False" else -24, said)
        if says == "Print":
            said += "Axioms:\nit_holds : False\n" if worst == "Axiom" else "Closed under the global context\n"
        worst = says
    return subprocess.CompletedProcess([], 0, said)


def test_a_claim_that_is_not_accepted_takes_none_of_its_section_with_it(monkeypatch, tmp_path):
    monkeypatch.setattr(accepted, "compiled", told)
    texts = {says + str(n): theorem(f"t{n}", says) for n, says in enumerate(("True", "False", "Loop", "Axiom", "True"))}
    texts["both"] = theorem("t5", "True") + theorem("t6", "False")
    assert accepted.asked(tmp_path, "part", texts) == {id: id.startswith("True") for id in texts}


def test_a_claim_that_no_computation_decides_is_put_to_coq_by_its_steps(coq, monkeypatch):
    coq("Closed under the global context")
    ways = [theorem("t", "False"), theorem("t", "True")]
    monkeypatch.setattr(accepted, "documents", lambda claim: iter(ways))
    monkeypatch.setattr(accepted, "library", lambda folder: None)
    monkeypatch.setattr(accepted, "compiled", told)
    (claim,) = [claim for id, claim in registry().items() if id == PROVED]
    assert dict(accepted.marks([claim], Cache(None), "8.16.1", 1))[PROVED].theorems == ("Theorem t : True.",)
