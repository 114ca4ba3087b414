"""RAG, followed by numbers alone: half the printed rates, no balance, and what the theorems say of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from proofs.claim import registry

CLAIMS = registry(("bao2020",))


def turn(gram: np.ndarray) -> np.ndarray:
    """½(upper − lower)."""
    return (np.triu(gram) - np.tril(gram)) / 2


def step(w1: np.ndarray, w2: np.ndarray, x: np.ndarray, α: float) -> tuple[np.ndarray, np.ndarray]:
    """Algorithm 1, from its text."""
    n = x.shape[1]
    a, rest = turn(w1 @ x @ (w1 @ x).T), (w2 @ w1 @ x - x) @ x.T
    return w1 + α / n * a @ w1 - α * 2 / n * w2.T @ rest, w2 - α / n * w2 @ a - α * 2 / n * rest @ w1.T


def rotated(gram: np.ndarray, time: float, steps: int = 4000) -> np.ndarray:
    """Ġ = AG + GAᵀ (n = 1) by Runge and Kutta."""

    def rate(g: np.ndarray) -> np.ndarray:
        return turn(g) @ g + g @ turn(g).T

    h = time / steps
    for _ in range(steps):
        k1 = rate(gram)
        k2 = rate(gram + h / 2 * k1)
        k3 = rate(gram + h / 2 * k2)
        gram = gram + h / 6 * (k1 + 2 * k2 + 2 * k3 + rate(gram + h * k3))
    return gram


def non_diagonality(gram: np.ndarray) -> float:
    return float(np.sum(np.abs(gram - np.diag(np.diag(gram)))))


@pytest.mark.parametrize("spectrum", [(3.0, 1.0), (5.0, 3.5, 1.0), (6.0, 4.0, 3.0, 1.0)])
def test_the_non_diagonality_falls_at_half_the_smallest_gap(spectrum: tuple[float, ...]) -> None:
    rng = np.random.default_rng(0)
    size, gap = len(spectrum), min(a - b for a, b in pairwise(spectrum))
    skew = rng.normal(0, 1e-3, (size, size))
    turned = np.linalg.qr(np.eye(size) + skew - skew.T)[0]
    late = rotated(turned @ np.diag(spectrum) @ turned.T, 14.0)
    later = rotated(late, 1.0)
    rate = -np.log(non_diagonality(later) / non_diagonality(late))
    assert rate == pytest.approx(gap / 2, rel=0.02)


def test_off_diagonal_terms_that_are_dropped_may_outweigh_the_rest() -> None:
    """An instance of Assumptions 1 to 3 at which the non-diagonality grows."""
    gram = np.array([[2.02, 0.05, 0.4], [0.05, 2.01, 0.5], [0.4, 0.5, 2.0]])
    assert all(np.sum(np.abs(row)) - row[i] < 0.9 * row[i] for i, row in enumerate(gram))
    assert non_diagonality(rotated(gram, 0.01, 10)) > non_diagonality(gram)


def test_a_balanced_start_loses_its_balance_unless_gram_and_data_commute() -> None:
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(4, 9)), rng.normal(size=(2, 4)) / 3
    w1, w2 = step(w, w.T, x, 1e-3)
    assert np.max(np.abs(w1 - w2.T)) > 1e-5
    axes = np.linalg.eigh(x @ x.T)[1][:, :2]
    aligned = np.linalg.qr(rng.normal(size=(2, 2)))[0] @ np.diag([0.7, 1.3]) @ axes.T
    w1, w2 = step(aligned, aligned.T, x, 1e-3)
    assert np.max(np.abs(w1 - w2.T)) < 1e-14


@pytest.mark.parametrize(
    "id", ["bao2020/6.4/thm5+", "bao2020/E.4/eq43+", "bao2020/E.5/eq49/axes", "bao2020/6.1/balanced/flow"]
)
def test_what_the_numbers_show_is_a_theorem(id: str) -> None:
    assert CLAIMS[id].decide().verdict == "proved"


@pytest.mark.parametrize("id", ["bao2020/6.4/thm5", "bao2020/6.4/thm5/half", "bao2020/6.1/balanced", "bao2020/G/eq52"])
def test_what_the_numbers_contradict_is_refuted(id: str) -> None:
    assert CLAIMS[id].decide().verdict == "refuted"
