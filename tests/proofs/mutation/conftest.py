"""What shares of all mutants have in common: the survivors on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from proofs.claim import registry
from proofs.mutation import kept
from proofs.mutation.examine import Finding


@pytest.fixture(scope="session")
def unknown_survivors() -> Callable[[Sequence[Finding]], list[Finding]]:
    """The survivors among findings that no record holds."""
    claims = registry().values()
    known = {(id, s) for file in kept.files(claims) for id, t in kept.recorded(file).items() for s in t.survivors}

    def new(findings: Sequence[Finding]) -> list[Finding]:
        return [f for f in findings if f.fate == "survivor" and (f.id, f.mutation) not in known]

    return new
