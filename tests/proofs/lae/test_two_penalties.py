"""The list of stationary points for two penalties, with the scale on the wrong factor, or on none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.api import decide
from proofs.claim import registry
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ONE
from proofs.kunin2019.section_4_sum import LISTED
from proofs.lae.two_penalties import LOSS, POINTS, back, c
from proofs.methods.stationarity import Stationary


@pytest.mark.parametrize(("encoder", "decoder"), [(1 / c, c), (ONE, ONE), (-c, 1 / c)])
def test_another_scale_is_not_stationary(encoder: Expr, decoder: Expr) -> None:
    form = (encoder * LISTED.form[0], decoder * LISTED.form[1])
    wrong = Stationary(LOSS, replace(POINTS, form=form), proof=back())
    claim = registry()["lae/penalties/list"]
    assert decide(replace(claim, id="test/claim", build=lambda: wrong)).verdict == "refuted"
