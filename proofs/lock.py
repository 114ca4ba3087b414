"""The verdicts that the last recorded run found, so that a change is noticed; no run reads them to decide.

Beside them stand the statements that they are of, so that a reader is told what changed in a formula.

Main results
    said        what a claim states, as it is recorded
    stated      what a record says that the claims stated
    changes     what differs from the record
    record      make the verdicts of a run the record
    files       the records of claims: each package of papers has its own
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from numerics.storing import write_whole
from proofs.check import Checked
from proofs.claim import Claim
from proofs.papers import PaperError, papers

FILE = Path(__file__).with_name("verdicts.json")
"""The record of the papers that are part of this package."""


STATEMENTS = "statements.json"
"""What stands beside a record of verdicts."""


class Change(NamedTuple):
    """A claim whose verdict is not as recorded; ``before`` or ``now`` is empty where there is none."""

    id: str
    before: str
    now: str


def recorded(file: Path = FILE) -> dict[str, str]:
    """What a record holds.

    Raises
    ------
    PaperError
        If it is none.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(verdict, str) for verdict in found.values()):
        raise PaperError(f"{file} is no record of verdicts; want one that `lae check --record` writes")
    return found


def changes(checked: Sequence[Checked], known: Collection[str], file: Path = FILE) -> list[Change]:
    """Verdicts that differ from the record, and recorded claims of the known papers that are no longer among the known.

    A claim without a record is new, which is no change.
    """
    names = papers_of(known)
    before = {name: verdict for name, verdict in recorded(file).items() if paper_of(name) in names}
    differ = [
        Change(c.claim.id, before[c.claim.id], c.decision.verdict)
        for c in checked
        if before.get(c.claim.id, c.decision.verdict) != c.decision.verdict
    ]
    return differ + [Change(name, verdict, "") for name, verdict in before.items() if name not in known]


def said(claim: Claim) -> str:
    """The formula of a claim, and what is given, in a line each."""
    given = "; ".join(h.name for h in claim.given)
    return claim.printed.text() + (f"\ngiven {given}" if given else "")


def stated(file: Path = FILE) -> dict[str, str]:
    """The statements that stand beside a record of verdicts."""
    return recorded(file.with_name(STATEMENTS))


def record(checked: Sequence[Checked], known: Sequence[str], file: Path = FILE) -> None:
    """Write verdicts and statements.

    Claims that were not checked keep theirs, those of known papers that are gone lose it.
    """
    keep({c.claim.id: str(c.decision.verdict) for c in checked}, known, file)
    keep({c.claim.id: said(c.claim) for c in checked}, known, file.with_name(STATEMENTS))


def keep(now: Mapping[str, str], known: Sequence[str], file: Path) -> None:
    before, names = recorded(file), papers_of(known)
    whole = {**before, **now}
    others = {name: value for name, value in before.items() if paper_of(name) not in names}
    kept = others | {name: whole[name] for name in known if name in whole}
    write_whole(file, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def files(known: Mapping[str, Claim], checked: Sequence[Checked]) -> Iterator[tuple[Path, list[str], list[Checked]]]:
    """The records of known claims, each with the ids and the decisions that belong to it."""
    where = {name: file_of(name) for name in papers_of(known)}
    for file in dict.fromkeys(where.values()):
        ids = [id for id in known if where[paper_of(id)] == file]
        yield file, ids, [c for c in checked if where[c.claim.paper] == file]


def file_of(paper: str) -> Path:
    return papers()[paper].record


def papers_of(ids: Collection[str]) -> list[str]:
    return list(dict.fromkeys(map(paper_of, ids)))


def paper_of(id: str) -> str:
    return id.split("/")[0]
