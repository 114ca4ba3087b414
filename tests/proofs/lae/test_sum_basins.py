"""Basins of the sum loss: the flow is followed from starts of both signs, and planted signs are seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from proofs.claim import Claim, Context, Outcome, seed_of
from proofs.kernel.expressions import mul
from proofs.lae import sum_basins
from proofs.methods.flow import Descends

SPECTRUM, PENALTY = np.array([3.0, 2.0, 1.0]), 0.5


def followed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The decoder at a late time, in the principal axes, with one latent."""

    def velocity(_: float, w: np.ndarray) -> np.ndarray:
        a, b = w[:3], w[3:]
        s = SPECTRUM**2
        return 2 * np.concatenate((s * b - b @ b * s * a - PENALTY * a, s * a - (s * a) @ a * b - PENALTY * b))

    return np.asarray(solve_ivp(velocity, (0, 30), np.concatenate((a, b)), rtol=1e-8, atol=1e-10).y[3:, -1])


@pytest.mark.parametrize("sign", [1, -1])
def test_starts_with_both_first_coordinates_of_one_sign_reach_that_minimum(sign: int) -> None:
    rng = np.random.default_rng(7)
    for _ in range(4):
        a, b = rng.normal(0, 2, (2, 3))
        a[0], b[0] = sign * abs(rng.normal(0, 0.05, 2))
        expected = sign * np.array([np.sqrt(1 - PENALTY / 9), 0, 0])
        assert np.allclose(followed(a, b), expected, atol=1e-4)


def test_start_without_the_first_direction_never_finds_it() -> None:
    rng = np.random.default_rng(8)
    a, b = np.abs(rng.normal(0, 1, (2, 3)))
    a[0] = b[0] = 0
    assert np.allclose(followed(a, b), [0, np.sqrt(1 - PENALTY / 4), 0], atol=1e-4)


@pytest.mark.parametrize("found", [sum_basins.on_axis, sum_basins.to_origin], ids=lambda c: c.id)
def test_flow_that_climbs_is_refuted(found: Claim) -> None:
    assert isinstance(found.statement, Descends)
    statement = replace(found.statement, speed=mul(-1, found.statement.speed))
    context = Context(found.given, seed_of(found.id), shrink=False, supposed=found.supposed(found.statement))
    outcomes = [w(statement, context).outcome for w in statement.witnesses]
    assert outcomes == [Outcome.UNDECIDED, Outcome.FAILS]
