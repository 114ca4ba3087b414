"""What the proofs rest on is told whole: an argument without a theorem is named, and counts for nothing."""

from __future__ import annotations

from proofs.check import Checked, settle
from proofs.claim import Verdict, registry
from proofs.trust import trusted

ARGUED, PROVED = "bao2020/2/kunin-optimum+", "bao2020/B/eq17"


def test_an_argument_is_named_with_the_step_that_is_our_word_and_is_no_proof():
    known = registry(("bao2020",))
    found = trusted([Checked(known[id], settle(known[id])) for id in (ARGUED, PROVED)])
    assert [claim for claim, _ in found.argued] == [ARGUED]
    assert "is not shown" in found.argued[0][1]
    assert found.verdicts == {Verdict.CERTIFIED: 1, Verdict.PROVED: 1}
