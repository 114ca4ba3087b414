"""A letter is one matrix in all of a claim: values are drawn by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proofs.claim import Claim, registry
from proofs.kernel.expressions import Expr, Letter, ShapeError, Sym
from proofs.papers import papers


def nodes(e: Expr, seen: set[int]) -> Iterator[Expr]:
    if id(e) not in seen:
        seen.add(id(e))
        yield e
        for child in e.children():
            yield from nodes(child, seen)


def shapes(claim: Claim) -> dict[str, set[tuple[Expr, ...]]]:
    """Those under each name."""
    found: dict[str, set[tuple[Expr, ...]]] = {}
    seen: set[int] = set()
    for part in claim.statement.parts:
        for e in nodes(part, seen):
            if isinstance(e, Letter | Sym):
                found.setdefault(e.name, set()).add(e.shape)
    return found


@pytest.mark.parametrize("paper", papers())
def test_no_name_stands_for_two_shapes_in_one_claim(paper: str) -> None:
    for claim in registry((paper,)).values():
        try:
            twice = {name for name, found in shapes(claim).items() if len(found) > 1}
        except ShapeError:
            continue  # what does not conform is refuted as such
        assert not twice, (claim.id, twice)
