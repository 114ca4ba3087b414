"""What Coq says of the theorems of claims: accepted or not, kept by their text, the library and the version of Coq.

Accepted is a claim when Coq compiles all of its theorems within some processor seconds, and each rests on no axiom.
Claims of a section are compiled together; behind one that is not accepted the rest is compiled in a file of its own.
The library is compiled anew whenever something has to be asked: what lies compiled in a folder is nobody's word.

Main results
    Mark        what is known of a claim: its theorems, and Coq's answer
    version     Coq's, or a hint how to install it
    marks       asks Coq about claims
    kept        what a claim says in Coq, and the answer if it is known
"""

from __future__ import annotations

import re
import resource
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from proofs.cache import Cache
from proofs.claim import Claim
from proofs.export.coq import HEAD, Lacking
from proofs.export.folder import LIBRARY, OPTIONS, SECONDS, SOURCES, documents, file, write
from proofs.sources import digest

SHELF = "coq"
CLOSED = "Closed under the global context"
AT_ONCE = 12
"""Claims in a file."""
HINT = "want Coq 8.16 with MathComp: apt-get install coq libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics"
TRUSTED = ("Coq's kernel", "that its theorem says what the claim says: `proofs/export` prints it, and you can read it")


class NoCoq(Exception):
    """Coq or its library of mathematics is not there."""


@dataclass(frozen=True)
class Mark:
    """What a claim is in Coq, or what it lacks there; Coq's answer, None where it was not asked."""

    text: str = ""
    lacking: str = ""
    accepted: bool | None = None
    shelf: str = SHELF

    @property
    def theorems(self) -> tuple[str, ...]:
        """What the theorems say, without their proofs."""
        return tuple(re.findall(r"^Theorem .*?(?=\nProof\.)", self.text, re.MULTILINE | re.DOTALL))

    @property
    def trusts(self) -> tuple[str, ...]:
        """What remains to be trusted where Coq accepts the theorems."""
        return TRUSTED if self.text else ()


def version() -> str:
    """The version of Coq.

    Raises
    ------
    NoCoq
        With a hint how to install it.
    """
    try:
        said = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoCoq(HINT) from problem
    return said.split()[0]


def key(text: str, coq: str) -> str:
    """What an answer depends on."""
    library = [(SOURCES / f"{name}.v").read_text(encoding="utf-8") for name in LIBRARY]
    return digest([coq, str(SECONDS), *library, text])


def kept(claim: Claim, cache: Cache, coq: str, rejected: Collection[str] = ()) -> Mark:
    """What is known of a claim: the first text that this version of Coq does not reject, or the last."""
    mark = Mark()
    try:
        for n, text in enumerate(documents(claim)):
            shelf = f"{SHELF}{n or ''}"
            known = cache.read(claim, shelf, key(text, coq)) if coq else None
            mark = Mark(text, "", False if text in rejected else known, shelf)
            if mark.accepted is not False:
                break
    except Lacking as what:
        return Mark(lacking=str(what))
    return mark


def marks(claims: Sequence[Claim], cache: Cache, coq: str, jobs: int = -1) -> Iterator[tuple[str, Mark]]:
    """Ids with Coq's answers; what is known comes first, each new one is kept at once.

    Raises
    ------
    NoCoq
        If the library does not compile: MathComp is missing.
    """
    waiting, rejected = {}, set[str]()
    for claim in claims:
        mark = kept(claim, cache, coq)
        if mark.text and mark.accepted is None:
            waiting[claim.id] = claim, mark
        else:
            yield claim.id, mark
    if not waiting:
        return
    from joblib import delayed

    from numerics.processes import pool

    with TemporaryDirectory(prefix="lae-coq-") as place:
        folder = Path(place)
        library(folder)
        while waiting:
            parts = together({id: (claim.section, mark.text) for id, (claim, mark) in waiting.items()})
            for answers in pool(jobs)(delayed(asked)(folder, f"part_{n}", part) for n, part in enumerate(parts)):
                for id, accepted in answers.items():
                    claim, mark = waiting.pop(id)
                    cache.write(claim, mark.shelf, key(mark.text, coq), accepted)
                    mark = replace(mark, accepted=accepted)
                    if not accepted:
                        rejected.add(mark.text)
                        mark = kept(claim, cache, coq, rejected)
                    if mark.accepted is None:
                        waiting[id] = claim, mark
                    else:
                        yield id, mark


def together(texts: Mapping[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Ids with texts, by their sections, and not too many at once."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for id, (section, text) in texts.items():
        sections.setdefault(section, []).append((id, text))
    for claims in sections.values():
        for n in range(0, len(claims), AT_ONCE):
            yield dict(claims[n : n + AT_ONCE])


def library(folder: Path) -> None:
    """Compile the library in a folder."""
    write(folder, ())
    for name in LIBRARY:
        if compiled(folder, f"{name}.v").returncode:
            raise NoCoq(f"the library does not compile: {HINT}")


def asked(folder: Path, name: str, texts: Mapping[str, str]) -> dict[str, bool]:
    """Of which texts Coq accepts every theorem, and says that what they rest on is nothing."""
    found: dict[str, bool] = {}
    while waiting := [id for id in texts if id not in found]:
        parts = [file(f"{n}", [texts[id]]) for n, id in enumerate(waiting)]
        (folder / f"{name}.v").write_text("\n".join([HEAD, *parts]), encoding="utf-8")
        ran = compiled(folder, f"{name}.v")
        answers = re.findall(f"^(?:{CLOSED}|Axioms:)", ran.stdout, re.MULTILINE)
        found |= {id: answer == CLOSED for id, answer in zip(waiting, answers, strict=False)}
        if len(answers) < len(waiting) and (ran.returncode >= 0 or not answers):
            found[waiting[len(answers)]] = False  # an error; where time was up it begins anew, and has more
    return found


def compiled(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Coq's answer as it compiles a file."""
    command = ["coqc", *OPTIONS, name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, preexec_fn=bounded)


def bounded() -> None:
    """No more than some processor seconds."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
