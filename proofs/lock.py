"""The verdicts that the last recorded run found, so that a change is noticed; no run reads them to decide.

Main results
    changes     what differs from the record
    record      make the verdicts of a run the record
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from numerics.storing import write_whole
from proofs.check import Checked

FILE = Path(__file__).with_name("verdicts.json")


class Change(NamedTuple):
    """A claim whose verdict is not as recorded; ``before`` or ``now`` is empty where there is none."""

    id: str
    before: str
    now: str


def recorded(file: Path = FILE) -> dict[str, str]:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def changes(checked: Sequence[Checked], known: Collection[str], file: Path = FILE) -> list[Change]:
    """Verdicts that differ from the record, and recorded claims that are no longer among the known ids.

    A claim without a record is new, which is no change.
    """
    before = recorded(file)
    differ = [
        Change(c.claim.id, before[c.claim.id], c.decision.verdict)
        for c in checked
        if before.get(c.claim.id, c.decision.verdict) != c.decision.verdict
    ]
    return differ + [Change(name, verdict, "") for name, verdict in before.items() if name not in known]


def record(checked: Sequence[Checked], known: Sequence[str], file: Path = FILE) -> None:
    """Write the verdicts; claims that were not checked keep theirs, claims that are gone lose theirs."""
    verdicts = recorded(file) | {c.claim.id: str(c.decision.verdict) for c in checked}
    kept = {name: verdicts[name] for name in known if name in verdicts}
    write_whole(file, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
