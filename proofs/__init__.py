"""A referee for mathematics: claims of papers as code, their verdicts computed.

What is meant for other people's code is here; each is imported when it is asked for.

Main results
    claim             register a function that returns a statement
    paper             the claims of a folder, or of an installed paper, by id
    decide            a statement or a claim → verdict, scope, evidence, counterexample
    prove             a relation or a proposition → a theorem of the kernel
    assert_computes   that a function of a program computes what a claim says
"""

from __future__ import annotations

TYPE_CHECKING = False  # nothing is imported before the path is safe
if TYPE_CHECKING:
    from typing import Any

    from proofs.api import assert_computes, decide, paper, prove
    from proofs.claim import claim

__all__ = ["assert_computes", "claim", "decide", "paper", "prove"]


def __getattr__(name: str) -> Any:
    """What is asked for, imported now: `lae --help` does not wait for libraries."""
    if name not in __all__:
        raise AttributeError(f"module 'proofs' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("proofs.claim" if name == "claim" else "proofs.api"), name)
