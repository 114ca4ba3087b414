"""Decisions, and the fates of mutants, kept on disk, one small file per claim.

An entry holds the fingerprint of what it depended on; it counts only while that is unchanged. Entries are
written to a temporary file and moved into place, so that a run can be killed at any moment. A cache that cannot be
read or written costs time, never a verdict: one warning, and the run goes on without it.

Main results
    Cache       load and save decisions, read and write other findings
    folder      where they are: $LAE_CACHE, else $XDG_CACHE_HOME/lae, else ~/.cache/lae
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from proofs.claim import Claim, Counterexample, Decision, Evidence, Outcome, Verdict
from proofs.sources import fingerprint

FORMAT = 1


def folder() -> Path:
    """The user's cache directory for lae."""
    if chosen := os.environ.get("LAE_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lae"


class Cache:
    """Decisions by claim; ``warn`` is told, once each, of what cannot be read or written."""

    def __init__(self, where: Path, warn: Callable[[str], None] = lambda message: None):
        self.where = where
        self._tell = warn
        self._told: set[str] = set()

    def warn(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._tell(message)

    def path(self, claim: Claim, shelf: str = "decision") -> Path:
        return self.where / f"{quote(claim.id, safe='')}{'' if shelf == 'decision' else f'.{shelf}'}.json"

    def load(self, claim: Claim) -> Decision | None:
        """The claim's decision, if nothing that it depends on has changed."""
        return self.read(claim, "decision", fingerprint(claim), decision_from)

    def read(self, claim: Claim, shelf: str, key: str, rebuild: Callable[[Any], Any] = lambda stored: stored) -> Any:
        """What is kept of a claim under a name, if its key is still this one."""
        try:
            entry = json.loads(self.path(claim, shelf).read_text(encoding="utf-8"))
            if entry["format"] != FORMAT:
                raise ValueError(f"format {entry['format']}")
            return rebuild(entry[shelf]) if entry["key"] == key else None
        except FileNotFoundError:
            return None
        except OSError as problem:
            self.warn(f"the cache {self.where} cannot be read ({problem.strerror}); deciding without it")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.warn(f"the cache {self.where} has damaged entries or entries of another version; they are rebuilt")
        return None

    def seconds(self, claim: Claim) -> float:
        """How long the claim took when it was last decided, stale or not; infinite if that is not known."""
        try:
            return float(json.loads(self.path(claim).read_text(encoding="utf-8"))["decision"]["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            return float("inf")

    def save(self, claim: Claim, decision: Decision) -> None:
        """Keep a decision."""
        self.write(claim, "decision", fingerprint(claim), asdict(decision))

    def write(self, claim: Claim, shelf: str, key: str, value: Any) -> None:
        """Keep something of a claim under a name; whole or not at all."""
        if not self.writable:
            return
        entry = {"format": FORMAT, "key": key, shelf: value}
        try:
            write_atomically(self.path(claim, shelf), json.dumps(entry, ensure_ascii=False))
        except OSError as problem:
            self.refuse(problem)

    @cached_property
    def writable(self) -> bool:
        try:
            self.where.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            self.refuse(problem)
            return False
        return True

    def refuse(self, problem: OSError) -> None:
        self.warn(f"the cache {self.where} cannot be written ({problem.strerror}); verdicts are not kept")


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def decision_from(stored: dict[str, Any]) -> Decision:
    """The decision that ``dataclasses.asdict`` made into a dictionary."""
    evidence = tuple(
        Evidence(**(e | {"outcome": Outcome(e["outcome"]), "steps": tuple(e["steps"]), **counterexample(e)}))
        for e in stored["evidence"]
    )
    rest = {
        "verdict": Verdict(stored["verdict"]),
        "evidence": evidence,
        "hypotheses": tuple(stored["hypotheses"]),
    }
    return Decision(**(stored | rest | counterexample(stored)))


def counterexample(stored: dict[str, Any]) -> dict[str, Any]:
    found = stored["counterexample"]
    return {"counterexample": Counterexample(**found) if found else None}
