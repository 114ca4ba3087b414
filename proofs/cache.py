"""Decisions, and the fates of mutants, kept on disk, one small file per claim.

An entry holds the fingerprint of what it depended on; it counts only while that is unchanged, and only if it bears the
seal of this user's installation. Entries are written whole, so that a run can be killed at any moment. A cache that
cannot be read or written costs time, never a verdict: one warning, and the run goes on without it.

Main results
    Cache       load and save decisions, read and write other findings
    folder      where they are: $LAE_CACHE, else $XDG_CACHE_HOME/lae, else ~/.cache/lae
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from numerics.storing import read_trusted, replace
from proofs import seal
from proofs.claim import Claim, Counterexample, Decision, Evidence, Outcome, Verdict
from proofs.places import place
from proofs.proof import Judged, ProofStep
from proofs.sources import fingerprint

FORMAT = 1
LARGEST = 2**26
"""Bytes of an entry; more is not ours."""


def folder() -> Path | None:
    """The user's cache directory for lae; None for a user without a home."""
    if chosen := os.environ.get("LAE_CACHE"):
        return Path(chosen)
    return place("XDG_CACHE_HOME", ".cache")


class Cache:
    """Decisions by claim; ``warn`` is told, once each, of what cannot be read or written."""

    def __init__(self, where: Path | None, warn: Callable[[str], None] = lambda message: None):
        self.where = where
        self._tell = warn
        self._told: set[str] = set()

    def warn(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._tell(message)

    @cached_property
    def key(self) -> bytes | None:
        """What seals the entries; None where nothing can be kept."""
        if self.where is None:
            self.warn("there is no home folder, so that verdicts are not kept; want HOME or LAE_CACHE")
            return None
        try:
            return seal.key()
        except OSError as problem:
            self.warn(f"the cache {self.where} is not used: there is no key to seal it with ({problem.strerror})")
            return None

    def path(self, claim: Claim, shelf: str = "decision") -> Path:
        assert self.where is not None
        return self.where / f"{quote(claim.id, safe='')}{'' if shelf == 'decision' else f'.{shelf}'}.json"

    def load(self, claim: Claim) -> Decision | None:
        """The claim's decision, if nothing that it depends on has changed."""
        return self.read(claim, "decision", fingerprint(claim), decision_from)

    def read(self, claim: Claim, shelf: str, key: str, rebuild: Callable[[Any], Any] = lambda stored: stored) -> Any:
        """What is kept of a claim under a name, if its key is still this one."""
        entry = self._entry(claim, shelf)
        try:
            return rebuild(entry[shelf]) if entry.get("key") == key else None
        except (ValueError, KeyError, TypeError, AttributeError):
            self._warn_of_entries()
            return None

    def seconds(self, claim: Claim) -> float:
        """How long the claim took when it was last decided, stale or not; infinite if that is not known."""
        try:
            return float(self._entry(claim, "decision")["decision"]["seconds"])
        except (KeyError, TypeError):
            return float("inf")

    def save(self, claim: Claim, decision: Decision) -> None:
        """Keep a decision."""
        self.write(claim, "decision", fingerprint(claim), asdict(decision))

    def write(self, claim: Claim, shelf: str, key: str, value: Any) -> None:
        """Keep something of a claim under a name; whole or not at all."""
        if not self.writable:
            return
        assert self.key is not None
        path, entry = self.path(claim, shelf), {"format": FORMAT, "key": key, shelf: value}
        try:
            replace(path, seal.sealed(self.key, path.name, entry), 0o600)
        except OSError as problem:
            self.refuse(problem)

    @cached_property
    def writable(self) -> bool:
        if self.where is None or self.key is None:
            return False
        try:
            self.where.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            self.refuse(problem)
            return False
        return True

    def refuse(self, problem: OSError) -> None:
        self.warn(f"the cache {self.where} cannot be written ({problem.strerror}); verdicts are not kept")

    def _entry(self, claim: Claim, shelf: str) -> dict[str, Any]:
        """What a file holds, if we wrote it; nothing else is looked at."""
        if self.key is None:
            return {}
        path = self.path(claim, shelf)
        try:
            return seal.opened(self.key, path.name, read_trusted(path, LARGEST))
        except FileNotFoundError:
            pass
        except OSError as problem:
            self.warn(f"the cache {self.where} cannot be read ({problem.strerror}); deciding without it")
        except ValueError:
            self._warn_of_entries()
        return {}

    def _warn_of_entries(self) -> None:
        self.warn(f"the cache {self.where} has entries that are damaged or not of this installation; they are rebuilt")


def decision_from(stored: dict[str, Any]) -> Decision:
    """The decision that ``dataclasses.asdict`` made into a dictionary."""
    evidence = tuple(
        Evidence(**(e | {"outcome": Outcome(e["outcome"]), "theorem": None, **told(e), **counterexample(e)}))
        for e in stored["evidence"]
    )
    rest = {
        "verdict": Verdict(stored["verdict"]),
        "evidence": evidence,
        "hypotheses": tuple(stored["hypotheses"]),
    }
    return Decision(**(stored | rest | counterexample(stored)))


def told(e: dict[str, Any]) -> dict[str, Any]:
    """The steps and the proof of a witness, as tuples again."""
    steps = (ProofStep(**(s | {"follows_from": tuple(s["follows_from"])})) for s in e["proof"])
    links = (Judged(**link) for link in e["links"])
    kept = {part: tuple(e[part]) for part in ("steps", "rests_on", "used")}
    return {**kept, "proof": tuple(steps), "links": tuple(links)}


def counterexample(stored: dict[str, Any]) -> dict[str, Any]:
    found = stored["counterexample"]
    return {"counterexample": Counterexample(**found) if found else None}
