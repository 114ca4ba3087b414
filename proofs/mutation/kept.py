"""What became of the mutants of each claim when they were last examined: kept beside the recorded verdicts.

It is for readers, and for a share that is drawn in CI: a survivor that is on record is a known one. Nothing reads it to
decide. Each entry has a digest of all that it depends on; where that is another now, a reader is told.

Main results
    Fates     what is kept of one claim
    latest    the tallies of claims: of this user's runs, else as recorded
    record    make tallies the recorded ones
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from numerics.storing import write_whole
from proofs.cache import Cache
from proofs.claim import Claim
from proofs.mutation.examine import Finding
from proofs.mutation.score import FATES, SHELF, findings_from, key_of
from proofs.papers import PaperError, papers

FILE = "mutants.json"
"""What stands beside a record of verdicts."""


@dataclass(frozen=True)
class Fates:
    """How many mutants of a claim and of its proof met which fate.

    Attributes
    ----------
    key
        The beginning of a digest of what the fates depend on.
    share
        How much of the list of its mutants was gone through.
    survivors
        What was changed in those that survive.
    """

    key: str
    share: float
    killed: int
    weaker: int
    equivalent: int
    survivors: tuple[str, ...] = ()

    def text(self, now: str) -> str:
        """For a reader, who is told if the key is another now.

        Examples
        --------
        >>> Fates("a", 0.5, 3, 0, 1, ("sign of a",)).text("b")
        '50 % examined: 3 killed, 1 equivalent, 1 survivor (sign of a); what they depend on has changed since'
        """
        counts = (self.killed, self.weaker, self.equivalent, len(self.survivors))
        met = ", ".join(f"{n} {fate}" for fate, n in zip(FATES, counts, strict=True) if n) or "none"
        names = f" ({'; '.join(self.survivors)})" if self.survivors else ""
        since = "" if self.key == now else "; what they depend on has changed since"
        return f"{'all' if self.share == 1 else f'{self.share:.0%}'.replace('%', ' %')} examined: {met}{names}{since}"


def short(claim: Claim) -> str:
    """The key of a claim as it is now."""
    return key_of(claim)[:16]


def tally(claim: Claim, findings: Iterable[Finding], share: float = 1) -> Fates:
    """What is kept of the findings of a claim."""
    fates: dict[str, list[str]] = {fate: [] for fate in FATES}
    for f in findings:
        fates[f.fate].append(f.mutation)
    killed, weaker, equivalent, survivors = fates.values()
    return Fates(short(claim), round(share, 3), len(killed), len(weaker), len(equivalent), tuple(survivors))


def latest(claims: Sequence[Claim], cache: Cache) -> dict[str, Fates]:
    """The tallies of claims: where they were examined here and have not changed since, of that; else as recorded."""
    on_record = {name: found for file in files(claims) for name, found in recorded(file).items()}
    here = {c.id: cache.read(c, SHELF, key_of(c), findings_from) for c in claims}
    tallies = {c.id: tally(c, found) if (found := here[c.id]) else on_record.get(c.id) for c in claims}
    return {name: found for name, found in tallies.items() if found is not None}


def recorded(file: Path) -> dict[str, Fates]:
    """What a record holds.

    Raises
    ------
    PaperError
        If it is none.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return {name: Fates(**{**entry, "survivors": tuple(entry["survivors"])}) for name, entry in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise PaperError(f"{file} is no record of mutants; want one that `lae mutate --record` writes") from None


def record(now: Mapping[str, Fates], known: Mapping[str, Claim]) -> None:
    """Write tallies; those of claims that were not examined stay, but of claims that are gone from a paper read."""
    read = {c.paper for c in known.values()}
    for file in files(known.values()):
        ours = {id: fates for id, fates in now.items() if file_of(known[id]) == file}
        whole = {**recorded(file), **ours}
        lines = (
            f"{json.dumps(id)}: {json.dumps(asdict(fates), ensure_ascii=False)}"
            for id, fates in whole.items()
            if id in known or id.partition("/")[0] not in read
        )
        write_whole(file, "{\n" + ",\n".join(lines) + "\n}\n")


def files(claims: Iterable[Claim]) -> list[Path]:
    return list(dict.fromkeys(map(file_of, claims)))


def file_of(claim: Claim) -> Path:
    return papers()[claim.paper].record.with_name(FILE)
