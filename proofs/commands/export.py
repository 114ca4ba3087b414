"""`lae export`: claims for other checkers.

Main results
    export      the command
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from proofs.commands.check import Ids, asked


class Target(StrEnum):
    """What the claims are exported for."""

    COQ = "coq"


def export(
    target: Annotated[Target, typer.Argument(help="The checker.")],
    ids: Ids = None,
    *,
    out: Annotated[Path, typer.Option(help="A folder; it is made if it is not there.")],
) -> None:
    """Claims that are recorded as proved, as Coq theorems: the library, a file per section, and a Makefile.

    No Python is needed to check them. Coq is asked by `lae check --coq`, not here: what it did not accept lies apart,
    and what it was not asked about has a file of its own.
    """
    from proofs.cache import Cache
    from proofs.cache import folder as kept
    from proofs.check import find
    from proofs.claim import Verdict
    from proofs.export.accepted import NoCoq, version
    from proofs.export.accepted import kept as mark_of
    from proofs.export.folder import write
    from proofs.lock import file_of, paper_of, recorded
    from proofs.screen import refuse, say, warn

    ids, known = asked("export", ids or [])
    try:
        chosen = find(ids, known)
    except ValueError as problem:
        refuse("export", str(problem))
    said = {paper: recorded(file_of(paper)) for paper in {paper_of(claim.id) for claim in chosen}}
    proved = [claim for claim in chosen if said[paper_of(claim.id)].get(claim.id) == Verdict.PROVED]
    try:
        coq = version()
    except NoCoq:
        coq = ""
    try:
        write(out, ())
        answers = Cache(kept(), warn)
        marks = [(claim, mark_of(claim, answers, coq)) for claim in proved]
        write(out, [(claim, mark.text, mark.accepted) for claim, mark in marks if mark.text])
    except OSError as problem:
        refuse("export", f"the folder {out} cannot be written: {problem.strerror}")
    lacking = Counter(mark.lacking for _, mark in marks if mark.lacking)
    found = Counter(mark.accepted for _, mark in marks if mark.text)
    say(
        f"lae export: in {out} by `make`: {found[True]} that Coq accepts, {found[None]} that it was not asked about; "
        f"apart: {found[False]} that it does not accept; not there: {lacking.total()} without a counterpart"
    )
    if found[None]:
        say("  `lae check --coq` asks Coq")
    for what, count in lacking.most_common():
        say(f"  {count:4} lack {what}")
