"""The two checkers agree: what Coq accepts is proved here, what is refuted or false is rejected there."""

from __future__ import annotations

import shutil

import pytest

from proofs.cache import Cache
from proofs.claim import Verdict, registry
from proofs.export.accepted import asked, library, marks, version
from proofs.export.coq import HEAD, Lacking, equations
from proofs.export.folder import names
from proofs.kernel.expressions import ShapeError
from proofs.kernel.propositions import declared
from proofs.lock import recorded
from tests.soundness.false_statements import FALSE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is missing: apt-get install coq"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    cache = Cache(tmp_path_factory.mktemp("answers"))
    return dict(marks(list(registry().values()), cache, version()))


def test_what_coq_accepts_is_proved(answers):
    accepted = {id for id, mark in answers.items() if mark.accepted}
    assert accepted
    assert not {id: recorded().get(id) for id in accepted if recorded().get(id) != Verdict.PROVED}


def test_refuted_claims_are_stated_and_rejected(answers):
    refuted = [id for id, mark in answers.items() if recorded().get(id) == Verdict.REFUTED and mark.theorems]
    assert refuted
    assert not [id for id in refuted if answers[id].accepted]


def test_false_statements_are_stated_and_rejected(tmp_path):
    library(tmp_path)
    stated = {}
    for name, s in FALSE.items():
        try:
            stated[name] = equations("t", (*s.given, *declared(s.goal, *s.given)), s.goal)
        except (Lacking, ShapeError):
            continue
    assert stated
    texts = {f"f{n}": HEAD + "\n".join(theorems) for n, theorems in enumerate(stated.values())}
    for name, (id, text) in zip(stated, texts.items(), strict=True):
        text += "".join(f"Print Assumptions {theorem}.\n" for theorem in names(text))
        assert asked(tmp_path, id, text) == (id, False), name
