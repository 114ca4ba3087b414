"""`lae export`: claims for other checkers.

Main results
    export      the command
"""

from __future__ import annotations

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

    No Python is needed to check them. Coq is asked first where it is installed: what it does not accept lies apart.
    """
    from proofs.cache import Cache
    from proofs.cache import folder as kept
    from proofs.check import find
    from proofs.claim import Verdict
    from proofs.export.accepted import NoCoq, marks, version
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
        write(out, ())
        found = marks(proved, Cache(kept(), warn), version())
        answers = {id: (mark.text, mark.accepted) for id, mark in found if mark.text}
    except NoCoq as problem:
        answers = {}
        say(f"lae export: not asked whether Coq accepts them: {problem}")
    except OSError as problem:
        refuse("export", f"the folder {out} cannot be written: {problem.strerror}")
    try:
        written, lacking = write(out, proved, answers)
    except OSError as problem:
        refuse("export", f"the folder {out} cannot be written: {problem.strerror}")
    rejected = sum(accepted is False for _, accepted in answers.values())
    say(
        f"lae export: {written} claims in {out}, Coq does not accept {rejected} of them, "
        f"{sum(lacking.values())} have no counterpart; `make` there checks them"
    )
    for what, count in lacking.most_common():
        say(f"  {count:4} lack {what}")
