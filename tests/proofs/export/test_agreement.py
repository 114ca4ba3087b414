"""The two checkers agree: what Coq accepts is proved here, what is refuted or false is rejected there."""

from __future__ import annotations

import shutil

import pytest

from proofs.cache import Cache
from proofs.claim import Verdict, registry
from proofs.declared import declared
from proofs.export.accepted import asked, library, marks, version
from proofs.export.coq import Lacking, equations
from proofs.kernel.expressions import ShapeError
from proofs.lock import recorded
from tests.soundness.false_statements import FALSE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is missing: apt-get install coq"),
]


def test_no_claim_that_is_not_proved_here_is_accepted(tmp_path):
    """What is proved here is put to Coq by `lae check --coq`, which CI runs."""
    others = [claim for id, claim in registry().items() if recorded().get(id) != Verdict.PROVED]
    answers = dict(marks(others, Cache(tmp_path), version()))
    assert any(mark.theorems for mark in answers.values())
    assert not {id: recorded().get(id) for id, mark in answers.items() if mark.accepted}


def test_false_statements_are_stated_and_rejected(tmp_path):
    library(tmp_path)
    stated = {}
    for name, s in FALSE.items():
        try:
            stated[name] = equations(f"t{len(stated)}", (*s.given, *declared(s.goal, *s.given)), s.goal)
        except (Lacking, ShapeError):
            continue
    assert stated
    texts = {name: "\n".join(theorems) for name, theorems in stated.items()}
    assert asked(tmp_path, "false", texts) == dict.fromkeys(texts, False)
