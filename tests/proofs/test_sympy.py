"""A computer algebra system takes the derivatives and expectations of the claims too, and finds the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from proofs import lock
from proofs.claim import Claim, registry
from proofs.kernel.expressions import ShapeError
from proofs.methods.chain import Chain
from proofs.mutate import simple_statements
from tests.proofs.sympy_values import compared, needs_calculus

HOLD = {"proved", "certified", "supported"}


def equalities(claim: Claim) -> list[Any]:
    """The chains of equalities of a claim in which something is derived or averaged."""
    try:
        members = simple_statements(claim.statement)
    except ShapeError:
        return []
    return [s for s in members if isinstance(s, Chain) and "=" in s.relations and needs_calculus(s.parts)]


DERIVED = [c.id for c in registry().values() if lock.recorded().get(c.id) in HOLD and equalities(c)]


@pytest.mark.slow
@pytest.mark.parametrize("name", DERIVED)
def test_sympy_finds_the_same_at_explicit_sizes(name: str) -> None:
    claim = registry()[name]
    for statement in equalities(claim):
        try:
            found = compared(statement, claim.given)
        except (NotImplementedError, IndexError):
            continue  # no rule for a node, or an index outside at these sizes
        assert all(found.values()), found


@pytest.mark.parametrize("name", ["bao2020/B/alpha2-terms", "bah2019/gradL1", "oftadeh2020/eq8"])
def test_a_doubled_side_is_noticed(name: str) -> None:
    claim = registry()[name]
    statement = equalities(claim)[0]
    wrong = replace(statement, first=2 * statement.first)
    assert all(compared(statement, claim.given).values())
    assert not all(compared(wrong, claim.given).values())
