"""The mutation score: the mutants of many claims, examined in parallel, kept for claims that have not changed.

Main results
    tasks    which mutants of which claims, in portions
    score    what became of them
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby
from random import Random
from typing import Any

from proofs.cache import Cache
from proofs.claim import Claim, Ill, registry
from proofs.kernel import expressions as E
from proofs.mutation.examine import Examiner, Finding
from proofs.mutation.proofs import examine_proof
from proofs.mutation.statements import mutants
from proofs.papers import Paper, admit, papers, told
from proofs.sources import closure, digest, digest_of, fingerprint

FATES = ("killed", "weaker", "equivalent", "survivor")
DRAWN = 10  # mutants of a proof that are drawn for a sample
PORTION = 150  # mutants of a task: each process that takes one prepares the claim anew
SHELF = "mutants"


@dataclass(frozen=True)
class Score:
    """The findings of a run."""

    findings: tuple[Finding, ...]
    seconds: float = 0.0

    def of(self, fate: str) -> list[Finding]:
        return [f for f in self.findings if f.fate == fate]

    @property
    def unnoticed(self) -> list[Finding]:
        """Mutants that no witness noticed and that are not known to be weaker."""
        return [f for f in self.of("survivor") if not f.caught_by]

    @property
    def only(self) -> dict[str, int]:
        """How many mutants were caught by some witnesses and missed by others, by the names of the former."""
        return dict(Counter(", ".join(f.caught_by) for f in self.findings if f.missed and f.caught_by))

    @property
    def by_claim(self) -> dict[str, dict[str, int]]:
        """Counts per claim and fate."""
        table: dict[str, dict[str, int]] = {}
        for f in self.findings:
            table.setdefault(f.id, dict.fromkeys(FATES, 0))[f.fate] += 1
        return table

    def count(self, of: str) -> dict[str, int]:
        """How many mutants of statements or of proofs there are, and of each fate."""
        fates = [f.fate for f in self.findings if f.of == of]
        return {"mutants": len(fates), **{fate: fates.count(fate) for fate in FATES}}

    def record(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "statements": self.count("statement"),
            "proofs": self.count("proof"),
            "mutants": len(self.findings),
            "killed": len(self.of("killed")),
            "equivalent": len(self.of("equivalent")),
            "survivors": [asdict(f) for f in self.of("survivor")],
            "unnoticed": len(self.unnoticed),
            "weaker": [asdict(f) for f in self.of("weaker")],
            "caught_by_one_only": self.only,
            "claims": self.by_claim,
            "seconds": round(self.seconds, 1),
        }


Progress = Callable[[Iterator[Any], int], Iterator[Any]]


@dataclass(frozen=True)
class Task:
    """Some mutants of a claim: those of its statement by number, or ``drawn`` ones of its proof, all for None."""

    id: str
    paper: Paper
    numbers: tuple[int, ...] = ()
    of_proof: bool = False
    drawn: int | None = None
    seed: int = 0


def tasks(claims: Sequence[Claim], sample: int | None = None, seed: int = 0) -> list[Task]:
    """The mutants of the claims in portions; of ``sample`` of them, drawn with a seed, if that is given.

    What there is to change in a proof is known when it has been made: of a sample, a tenth are mutants of proofs, up to
    ten of each claim that is drawn.
    """
    places = []
    for claim in claims:
        try:
            places += [(claim.id, number) for number, _ in enumerate(mutants(claim.statement))]
        except (E.ShapeError, Ill):
            continue
        except Exception:
            places.append((claim.id, 0))  # the one who takes it says what is wrong
    proofs, drawn = list(claims), None
    if sample is not None:
        rng = Random(seed)
        places = sorted(rng.sample(places, min(sample, len(places))))
        drawn = -(-sample // 10)
        proofs = rng.sample(proofs, min(-(-drawn // DRAWN), len(proofs)))
        drawn = min(drawn, DRAWN)
    home = {c.id: papers()[c.paper] for c in claims}
    found = [Task(c.id, home[c.id], of_proof=True, drawn=drawn, seed=seed) for c in proofs]
    for id, group in groupby(places, key=lambda place: place[0]):
        numbers = tuple(number for _, number in group)
        count = -(-len(numbers) // PORTION)
        found += [Task(id, home[id], numbers[first::count]) for first in range(count)]
    return found


def score(
    claims: Sequence[Claim],
    cache: Cache | None = None,
    jobs: int = -1,
    sample: int | None = None,
    seed: int = 0,
    fresh: bool = False,
    progress: Progress = lambda results, total: results,
) -> Score:
    """Examine the mutants of claims in parallel.

    Parameters
    ----------
    cache
        Where the findings of a claim, all its mutants examined, are kept until something that they depend on changes.
    sample, seed
        How many mutants to draw, with a seed; all of them by default.
    fresh
        Examine again what the cache holds.
    progress
        Wraps the results as they come; it is told their number.
    """
    start = time.monotonic()
    shelf = cache if sample is None else None
    kept = {} if shelf is None or fresh else {c.id: shelf.read(c, SHELF, key_of(c), findings_from) for c in claims}
    found = {id: findings for id, findings in kept.items() if findings is not None}
    work = tasks([c for c in claims if c.id not in found], sample, seed)
    waiting = Counter(task.id for task in work)
    parts: dict[Task, list[Finding]] = {}
    for task, findings in progress(in_processes(work, jobs), len(work)):
        parts[task] = findings
        waiting[task.id] -= 1
        if not waiting[task.id]:
            own = sorted((t for t in work if t.id == task.id), key=lambda t: t.of_proof)
            found[task.id] = [f for portion in own for f in parts[portion]]
            if shelf is not None:
                claim = next(c for c in claims if c.id == task.id)
                shelf.write(claim, SHELF, key_of(claim), [asdict(f) for f in found[claim.id]])
    return Score(tuple(f for c in claims for f in found.get(c.id, ())), time.monotonic() - start)


def in_processes(work: Sequence[Task], jobs: int) -> Iterator[tuple[Task, list[Finding]]]:
    """The findings of tasks as they come; what a process left undone when it died is taken up again, at last alone."""
    from joblib import delayed

    from numerics.processes import ProcessDied, pool

    left = dict.fromkeys(work)
    while left:
        before = len(left)
        try:
            for task, findings in pool(jobs)(delayed(examine_some)(task) for task in list(left)):
                del left[task]
                yield task, findings
        except ProcessDied:
            if len(left) == before:
                yield from map(alone, left)
                return


def alone(task: Task) -> tuple[Task, list[Finding]]:
    """A task in a process of its own, which may die of it."""
    from joblib import delayed

    from numerics.processes import ProcessDied, pool

    try:
        ((_, findings),) = pool(2)([delayed(examine_some)(task)])
    except ProcessDied:
        findings = [broken(task, "its process was killed, perhaps for memory")]
    return task, findings


def findings_from(stored: list[dict[str, Any]]) -> list[Finding]:
    return [Finding(**f | {"caught_by": tuple(f["caught_by"]), "missed": tuple(f["missed"])}) for f in stored]


def key_of(claim: Claim) -> str:
    """What the findings of a claim depend on."""
    return digest([fingerprint(claim), *map(digest_of, sorted(closure("proofs.mutation.proofs")))])


def examine_some(task: Task) -> tuple[Task, list[Finding]]:
    """What a worker process runs: claims do not travel, their ids do. A claim that raises is a finding of its own."""
    try:
        if task.of_proof:
            return task, examine_proof(claim_of(task.id, task.paper), task.drawn, task.seed)
        examiner = examiner_of(task.id, task.paper)
        if not examiner.holds:
            return task, []
        return task, [examiner.judge(m) for m in examiner.chosen(task.numbers)]
    except MemoryError:
        raise
    except Exception as problem:
        return task, [broken(task, told(problem))]


def broken(task: Task, why: str) -> Finding:
    """That nothing could be examined is no success."""
    return Finding(task.id, "nothing was changed", why, "survivor", of="proof" if task.of_proof else "statement")


def claim_of(id: str, paper: Paper) -> Claim:
    admit(paper)
    return registry((paper.name,))[id]


@lru_cache(maxsize=4)
def examiner_of(id: str, paper: Paper) -> Examiner:
    """The examiner of a claim, kept while its portions come one after the other."""
    return Examiner(claim_of(id, paper))
