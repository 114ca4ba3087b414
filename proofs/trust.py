"""What `proved` rests on: the kernel, facts of the literature, other claims; and what is argued without it.

Main results
    Trust      the count of it all
    trusted    of decided claims
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import proofs.kernel
from proofs.check import Checked
from proofs.claim import Outcome, Verdict
from proofs.kernel.textbook import FACTS, Fact


@dataclass(frozen=True)
class Trust:
    """What the proofs rest on.

    Attributes
    ----------
    kernel
        The files of the kernel with their lines: only a rule in one of them makes a theorem.
    facts
        Facts of the literature, with the claims that rest on them.
    uses
        (claim, claim that it rests on).
    argued
        Claims that are not proved and whose prover argues, a step of it resting on our word, with that step: no verdict
        rests on it.
    verdicts
        How many claims have each.
    """

    kernel: dict[str, int]
    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    uses: tuple[tuple[str, str], ...]
    argued: tuple[tuple[str, str], ...]
    verdicts: dict[str, int]


def trusted(checked: Sequence[Checked]) -> Trust:
    """What the proofs of decided claims rest on."""
    for module in pkgutil.iter_modules(proofs.kernel.__path__):
        importlib.import_module(f"proofs.kernel.{module.name}")  # each registers its facts
    rests = {c.claim.id: rests_on(c) for c in checked if c.decision.verdict == Verdict.PROVED}
    ids = {c.claim.id for c in checked}

    def users(name: str) -> tuple[str, ...]:
        return tuple(id for id, names in rests.items() if name in names)

    return Trust(
        kernel_lines(),
        tuple((fact, users(name)) for name, fact in sorted(FACTS.items())),
        tuple((id, name) for id, names in rests.items() for name in sorted(names & ids)),
        tuple((c.claim.id, argument) for c in checked if (argument := argued(c))),
        dict(Counter(str(c.decision.verdict) for c in checked)),
    )


def rests_on(c: Checked) -> set[str]:
    return {name for e in c.decision.evidence for name in e.rests_on}


def argued(c: Checked) -> str:
    """What the first witness of an unproved claim argues, and for what."""
    first = next(iter(c.decision.evidence), None)
    if first is None or first.outcome != Outcome.ARGUED or c.decision.verdict == Verdict.PROVED:
        return ""
    return "; ".join(filter(None, (first.method, first.scope, first.detail)))


def kernel_lines() -> dict[str, int]:
    """The kernel's files, with the number of their lines."""
    sources = sorted((f for f in files(proofs.kernel).iterdir() if f.name.endswith(".py")), key=lambda f: f.name)
    return {f.name: len(f.read_text(encoding="utf-8").splitlines()) for f in sources}
