"""Bounds for all regularisers do not accept a longer range, another power or a missing reason."""

from __future__ import annotations

import pytest

from proofs.bao2020.appendix_b_conditioning import MINIMUM
from proofs.bao2020.notation import ONE, TWO_LATENTS, i, k, σ
from proofs.declared import declared
from proofs.kernel.expressions import Extremum, Pick
from proofs.kernel.propositions import Rel
from proofs.lae import bounds_every_penalty as B
from proofs.tactics.prove import Ground, NotFound, prove

GIVEN = [r for h in (*MINIMUM, TWO_LATENTS) for r in h.relations]
GROUND = Ground.of([*GIVEN, *declared(*GIVEN, B.S_MIN)])


def proved(*terms) -> bool:
    try:
        return bool(prove(GROUND, Rel(B.S_MIN, "≤", Pick("min", terms)), B.SLOWEST))
    except NotFound:
        return False


def test_the_slowest_directions_bound_the_smallest_curvature() -> None:
    assert proved(σ[k] ** 2, B.NEIGHBOURS, B.OTHERS)


@pytest.mark.parametrize(("lo", "hi"), [(ONE - 1, k - 1), (ONE, k), (ONE, k + 1)])
def test_neighbours_are_taken_inside_their_range(lo, hi) -> None:
    assert not proved(σ[k] ** 2, Extremum("min", i, lo, hi, B.NEIGHBOURS.body), B.OTHERS)


def test_smaller_bounds_are_refused() -> None:
    assert not proved(σ[k] ** 2 / 2, B.NEIGHBOURS, B.OTHERS)
    assert not proved(σ[k] ** 2, Extremum("min", i, ONE, k - 1, B.NEIGHBOURS.body / 8), B.OTHERS)
    assert not proved(σ[k] ** 2, B.NEIGHBOURS)
