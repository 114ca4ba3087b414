"""RAG's rates, balanced starts and spans, and the widths of nested dropout, against steps and minima of plain NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from numpy.random import Generator, default_rng

from proofs.api import decide
from proofs.bao2020.notation import PRIOR
from proofs.claim import Claim
from proofs.lae.blocks_nested import NUMBERED
from proofs.lae.nested_widths import common, matched
from proofs.lae.numbering import sizes


@pytest.fixture
def rng() -> Generator:
    return default_rng(3)


def rotation(gram: np.ndarray) -> np.ndarray:
    """Half of the upper minus the lower triangle."""
    return (np.triu(gram) - np.tril(gram)) / 2


def squares(gram: np.ndarray) -> float:
    return float(np.sum(np.triu(gram, 1) ** 2))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_squares_off_the_diagonal_fall_at_the_rates_of_their_gaps(rng: Generator, size: int) -> None:
    codes, step = rng.normal(size=(size, 7)), 1e-6
    gram = codes @ codes.T
    later = (np.eye(size) + step * rotation(gram)) @ codes
    earlier = (np.eye(size) - step * rotation(gram)) @ codes
    rate = (squares(later @ later.T) - squares(earlier @ earlier.T)) / (2 * step)
    gaps = np.subtract.outer(np.diag(gram), np.diag(gram))
    assert np.isclose(rate, -np.sum(np.triu(gaps * gram**2, 1)), rtol=1e-6)


def balanced_steps(w: np.ndarray, covariance: np.ndarray, step: float, count: int) -> float:
    """How far W1 and W2ᵀ come apart when RAG starts from W1 = W2ᵀ = w."""
    w1, w2, apart = w, w.T, 0.0
    for _ in range(count):
        turn, rest = rotation(w1 @ covariance @ w1.T), (w2 @ w1 - np.eye(len(covariance))) @ covariance
        w1, w2 = w1 + step * (turn @ w1 - 2 * w2.T @ rest), w2 - step * (w2 @ turn + 2 * rest @ w1.T)
        apart = max(apart, float(np.abs(w1 - w2.T).max()))
    return apart


def test_rows_that_are_eigenvectors_stay_balanced_and_commuting_ones_leave_after_a_few_steps(rng: Generator) -> None:
    covariance = np.diag([4.0, 4.0, 2.0, 1.0])
    rows = np.array([[0.7, -0.4, 0, 0], [0.3, 0.9, 0, 0], [0, 0, 0.8, 0]])
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    commuting = turn @ np.diag([0.6, 1.1, 0.8]) @ np.eye(3, 4)
    assert balanced_steps(rows, covariance, 0.01, 50) < 1e-14
    assert balanced_steps(commuting, np.diag([4.0, 3.0, 2.0, 1.0]), 0.01, 1) < 1e-14
    assert balanced_steps(commuting, np.diag([4.0, 3.0, 2.0, 1.0]), 0.01, 2) > 1e-7


def test_the_first_rows_span_what_the_exponential_carries_along(rng: Generator) -> None:
    values, step, count = np.array([3.0, 2.0, 1.0]), 1e-3, 2000
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    carried = np.diag(np.exp(values * step * count / 2)) @ turn[:2].T
    for _ in range(count):  # the midpoint rule
        middle = turn + step / 2 * rotation(turn @ np.diag(values) @ turn.T) @ turn
        turn = turn + step * rotation(middle @ np.diag(values) @ middle.T) @ middle
    frame, _ = np.linalg.qr(carried)
    assert np.allclose(turn[:2].T @ turn[:2], frame @ frame.T, atol=1e-5)


def test_every_start_ends_at_its_pivots(rng: Generator) -> None:
    """Also where a leading minor of it is 0: of lae/rag/graph."""
    values = np.array([3.0, 2.0, 1.0])
    for order in ([0, 1, 2], [1, 0, 2], [2, 0, 1], [1, 2, 0]):
        lower = np.tril(rng.normal(size=(3, 3)), -1) + np.eye(3)
        start = np.linalg.qr(lower @ np.eye(3)[:, order])[0].T
        carried = np.exp(values * 10)[:, None] * start.T
        end = np.linalg.qr(carried)[0].T
        assert np.allclose(np.abs(end), np.eye(3)[order], atol=1e-3)


def test_stationary_points_need_not_be_so_for_a_width_without_weight() -> None:
    """Without p_B(b) > 0 lae/nested/common fails."""
    tried = replace(common.statement, proof=(), plan=sizes((2, 2), per_size=12))
    assert decide(Claim("test/claim", "", "", lambda: tried, (NUMBERED, PRIOR))).verdict == "refuted"


def test_matched_points_hold_every_rank_and_no_latent_without_weight() -> None:
    at = {"k": 2, "m": 2, "σ": [fmpq(2), fmpq(1)], "p_B": [fmpq(1), fmpq(0)]}
    ranks = [here["ℓ"] for here in matched(at)]
    assert ranks == [0, 1, 1, *[0, 1, 1, 1, 1, 2, 2] * 2]  # and with equal weights, with the spectrum and a tied one
    assert all(not any(here["E"][1]) for here in matched(at) if not here["p_B"][1])
