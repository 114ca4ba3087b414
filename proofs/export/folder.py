"""A folder of Coq files that `make` checks: the library, and a file for each section.

A claim that Coq has not been asked about has a file of its own, so that it stops no other if it fails. What Coq does
not accept lies in `open`, which `make` leaves.

Main results
    write       fill the folder
    documents   the ways to put a claim to Coq
    file        theorems, and the question what they rest on
    LIBRARY     the files of the library, in the order in which they use one another
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from numerics.storing import write_whole
from proofs.claim import Claim
from proofs.export.coq import HEAD, Lacking, identifier, theorems
from proofs.export.steps import of_claim
from proofs.kernel.expressions import ShapeError

LIBRARY = ("Tensor", "Normal", "Matrix", "Order")
SOURCES = Path(__file__).parent.parent / "coq"
OPTIONS = ("-w", "-all", "-R", ".", "LAE")
SECONDS = 20
"""Processor seconds for a claim."""
LONGEST = 600_000
"""Characters of a text that Coq is asked about: of longer ones it has read little when that time is over."""

MAKEFILE = """# Coq 8.16 with MathComp: apt-get install coq libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics
# `make -k` goes on after a failure; each theorem is to be "Closed under the global context".
CLAIMS := $(patsubst %.v,%.vo,$(wildcard claims/*.v))
all: $(CLAIMS)
{uses}
$(CLAIMS): {last}.vo
%.vo: %.v
\tulimit -t {seconds}; coqc {options} $<
.PHONY: all
"""


def write(folder: Path, stated: Iterable[tuple[Claim, str, bool | None]]) -> None:
    """Fill the folder with claims as texts, each with Coq's answer, None where it was not asked; others are gone.

    Raises
    ------
    FileExistsError
        If there is a file, or a folder with something else in it.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "Tensor.v").is_file())):
        raise FileExistsError(17, "it holds something else; want a new folder")
    for part in ("claims", "open"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name in LIBRARY:
        write_whole(folder / f"{name}.v", (SOURCES / f"{name}.v").read_bytes())
    write_whole(folder / "Makefile", makefile())
    files: dict[Path, list[str]] = {}
    for claim, text, accepted in stated:
        place = folder / ("open" if accepted is False else "claims")
        files.setdefault(place / f"{identifier(claim.section if accepted else claim.id)}.v", []).append(text)
    for gone in {*folder.glob("claims/*.v"), *folder.glob("open/*.v")} - set(files):
        gone.unlink()
    for place, texts in files.items():
        write_whole(place, f"{HEAD}\n{file(place.stem, texts)}")


def makefile() -> str:
    """The rules of `make`; there is more processor time for a section than Coq had for a claim when it was asked."""
    uses = "\n".join(f"{b}.vo: {a}.vo" for a, b in pairwise(LIBRARY))
    parts = {"uses": uses, "last": LIBRARY[-1], "seconds": str(30 * SECONDS), "options": " ".join(OPTIONS)}
    return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], MAKEFILE)


def documents(claim: Claim) -> Iterator[str]:
    """The ways to put a claim to Coq, as texts: one computation for each of its equations; the steps of its proof.

    Raises
    ------
    Lacking
        If it has no counterpart in Coq.
    """
    lacking, stated = None, False
    for way in (by_computation, of_claim):
        try:
            text = not_too_long(way(claim))
        except (Lacking, ShapeError) as what:
            lacking = what if isinstance(what, Lacking) else Lacking("shapes that conform")
        else:
            stated = True
            yield text
    if lacking and not stated:
        raise lacking


def not_too_long(text: str) -> str:
    """A text, unless Coq would be asked in vain."""
    if len(text) > LONGEST:
        raise Lacking(f"what takes more than {LONGEST:,} characters")
    return text


def by_computation(claim: Claim) -> str:
    """The equations that a claim is."""
    return "\n".join(theorems(claim))


def file(name: str, texts: Iterable[str]) -> str:
    """Theorems, and one question: what do they rest on?"""
    text = "\n".join(texts)
    named = "".join(f"let _ := @{theorem} in " for theorem in re.findall(r"^Theorem (\w+)", text, re.MULTILINE))
    return f"{text}\nDefinition all_{name} : True := {named}I.\nPrint Assumptions all_{name}.\n"
