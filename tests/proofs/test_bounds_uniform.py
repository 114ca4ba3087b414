"""Bounds for all regularisers do not accept a shorter range, another power or a missing reason."""

from __future__ import annotations

import pytest

from proofs.bao2020.appendix_b_conditioning import MINIMUM
from proofs.bao2020.notation import ONE, TWO_LATENTS, i, k, σ
from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Extremum, Pick
from proofs.lae import bounds_every_penalty as B
from proofs.methods.inequality import decide

CONTEXT = Context((*MINIMUM, TWO_LATENTS))


def proved(*terms) -> bool:
    return decide(B.S_MIN, "≤", Pick("min", terms), B.SLOWEST, CONTEXT)[0] == Outcome.PROVED


def test_the_slowest_directions_bound_the_smallest_curvature() -> None:
    assert proved(σ[k] ** 2, B.NEIGHBOURS, B.OTHERS)


@pytest.mark.parametrize(("lo", "hi"), [(ONE + 1, k - 1), (ONE, k - 2), (ONE, k)])
def test_neighbours_are_taken_over_their_whole_range(lo, hi) -> None:
    assert not proved(σ[k] ** 2, Extremum("min", i, lo, hi, B.NEIGHBOURS.body), B.OTHERS)


def test_smaller_bounds_are_refused() -> None:
    assert not proved(σ[k] ** 2 / 2, B.NEIGHBOURS, B.OTHERS)
    assert not proved(σ[k] ** 2, Extremum("min", i, ONE, k - 1, B.NEIGHBOURS.body / 8), B.OTHERS)
    assert not proved(σ[k] ** 2, B.NEIGHBOURS)
