"""Blocks on the critical manifolds: against eigenvalues of the dense Hessian, and the number of null directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, dense_hessian, diagonal, evaluate
from proofs.claim import registry
from proofs.kunin2019.notation import W1, W2, summed, unregularized
from proofs.kunin2019.notation import product as regularized
from proofs.lae.blocks_manifolds import NEAR_PRODUCT, NEAR_SUM
from proofs.methods.block_types import canonical


def spans(at: Instance) -> dict[str, list[dict[str, int]]]:
    """The indices of every block of each type."""
    inner, outer = range(1, at["ℓ"] + 1), range(at["ℓ"] + 1, at["m"] + 1)
    free = range(at["ℓ"] + 1, at["k"] + 1)
    return {
        "itself": [{"i": i} for i in inner],
        "pair": [{"i": i, "j": j} for j in inner for i in range(1, j)],
        "unlearned": [{"i": i, "u": u} for i in inner for u in outer],
        "spare": [{"s": s, "i": i} for s in free for i in inner],
        "empty": [{"s": s, "u": u} for s in free for u in outer],
    }


def printed_spectrum(family: str, at: Instance) -> np.ndarray:
    """The eigenvalues of all printed blocks."""
    found: list[float] = []
    for kind, places in spans(at).items():
        statement: Any = registry()[f"lae/blocks/{family}/{kind}"].statement
        part = (statement.members[0] if hasattr(statement, "members") else statement).parts[-1]
        for place in places:
            block = evaluate(part, {**at, **place, "enclosed": True})
            found += list(np.linalg.eigvalsh(np.array([[float(x) for x in row] for row in block])))
    return np.sort(np.array(found))


@pytest.mark.parametrize(("k", "m", "learned"), [(1, 1, 1), (2, 2, 2), (3, 3, 2), (2, 4, 1), (3, 4, 3), (2, 3, 0)])
@pytest.mark.parametrize("family", ["product", "unregularised", "sum"])
def test_printed_blocks_are_the_whole_spectrum(family: str, k: int, m: int, learned: int) -> None:
    σ = [fmpq(5, 3), fmpq(5, 4), fmpq(13, 5), fmpq(1, 2)][:m]
    identity = diagonal([fmpq(1)] * m)
    at: Instance = {"k": k, "m": m, "n": m, "ℓ": learned, "σ": σ, "λ": fmpq(family != "unregularised")}
    at |= {"t": [fmpq(2), fmpq(-1, 2), fmpq(3)][:k], "Ū": identity, "V̄": identity, "X": diagonal(σ)}
    near, loss = (NEAR_SUM, summed) if family == "sum" else (NEAR_PRODUCT, regularized)
    values = (evaluate(e, at) for e in canonical(near.points))
    here = {**at, **dict(zip(("W1", "W2"), values, strict=True))}
    chosen = unregularized(W1, W2) if family == "unregularised" else loss(W1, W2)
    dense = dense_hessian(chosen, (W1, W2), here)
    found = np.linalg.eigvalsh(np.array([[float(x) for x in row] for row in dense]))
    printed = printed_spectrum("sum" if family == "sum" else "product", at)
    np.testing.assert_allclose(printed, found, atol=1e-10)
    null = k * learned - learned * (learned + 1) // 2 if family == "sum" else learned * (2 * k - learned)
    assert np.sum(np.abs(found) < 1e-10) == null
