"""Eckart–Young: the fact in numbers, and the hypotheses without which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.approximation import eckart_young
from proofs.kernel.expressions import Diag, Family, Letter, Proj, SqNorm, Sum, integer, lift
from proofs.kernel.propositions import Every, Rel
from proofs.kernel.theorem import Refused

m, n, k, r, b, i = (integer(name) for name in "mnkrbi")
ONE, ZERO = lift(1), lift(0)
f = Family("f")
X, A, B = Letter("X", m, n), Letter("A", m, k), Letter("B", k, n)
P, Q = (Letter(name, rows, r, frozenset({"orthonormal"})) for name, rows in (("P", m), ("Q", n)))
D = Diag(f, r)
given = rules.hypothesis
SVD = given(Rel(X, "=", P @ D @ Q.T))
FALLING = given(Every(i, ONE, r - 1, Rel(f[i], "≥", f[i + 1])))
SIGNS = given(Every(i, ONE, r, Rel(f[i], "≥", ZERO)))
COUNT = given(Rel(ZERO, "≤", b))


def test_it_says() -> None:
    t = eckart_young(SVD, FALLING, SIGNS, A, B, b, COUNT)
    assert rules.same(t.says, Rel(SqNorm(X - A @ Proj(b, k) @ B), "≥", Sum(i, b + 1, r, f[i] ** 2)))
    assert t.rests_on == {"Eckart–Young"}


@pytest.mark.parametrize("seed", range(20))
def test_in_numbers(seed: int) -> None:
    """Random and nearly best matrices of every rank, tied and vanishing singular values among them."""
    rng = np.random.default_rng(seed)
    rows, columns, rank = (int(rng.integers(1, 6)) for _ in range(3))
    size = min(rows, columns)
    p, q = (np.linalg.qr(rng.normal(size=(side, size)))[0] for side in (rows, columns))
    values = np.sort(rng.choice([0.0, 1.0, 1.0, 2.5, 7.0], size))[::-1]
    x = p @ np.diag(values) @ q.T
    best = p[:, :rank] @ np.diag(values[:rank]) @ q[:, :rank].T
    left = np.sum(values[rank:] ** 2)
    assert np.isclose(np.sum((x - best) ** 2), left)
    for size_of_step in (0.0, 1e-3, 1.0):
        a = p[:, :rank] + size_of_step * rng.normal(size=p[:, :rank].shape)
        c = np.linalg.lstsq(a, x, rcond=None)[0] if size_of_step else a.T @ x
        assert np.sum((x - a @ c) ** 2) >= left - 1e-9


PLAIN = Letter("P", m, r)


@pytest.mark.parametrize(
    "made",
    [
        lambda: eckart_young(given(Rel(X, "=", PLAIN @ D @ Q.T)), FALLING, SIGNS, A, B, b, COUNT),
        lambda: eckart_young(given(Rel(X, "=", P @ Letter("D", r, r) @ Q.T)), FALLING, SIGNS, A, B, b, COUNT),
        lambda: eckart_young(given(Rel(X, "=", P @ D @ Letter("R", r, n))), FALLING, SIGNS, A, B, b, COUNT),
        lambda: eckart_young(SVD, SIGNS, SIGNS, A, B, b, COUNT),
        lambda: eckart_young(SVD, given(Every(i, ONE, r - 2, Rel(f[i], "≥", f[i + 1]))), SIGNS, A, B, b, COUNT),
        lambda: eckart_young(SVD, given(Every(i, ONE, r - 1, Rel(f[i], "≤", f[i + 1]))), SIGNS, A, B, b, COUNT),
        lambda: eckart_young(SVD, FALLING, given(Every(i, lift(2), r, Rel(f[i], "≥", ZERO))), A, B, b, COUNT),
        lambda: eckart_young(SVD, FALLING, given(Rel(f[r], "≥", lift(-1))), A, B, b, COUNT),
        lambda: eckart_young(SVD, FALLING, SIGNS, A, B, b, given(Rel(lift(-1), "≤", b))),
        lambda: eckart_young(SVD, FALLING, SIGNS, A, B, b, given(Rel(ZERO, "≤", k))),
        lambda: eckart_young(SVD, FALLING, SIGNS, A, A.T, b, COUNT),
    ],
)
def test_it_refuses(made: Callable[[], Any]) -> None:
    with pytest.raises((Refused, E.ShapeError)):
        made()
