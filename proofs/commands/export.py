"""`lae export`: claims for other checkers.

Main results
    export      the command
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Target(StrEnum):
    """What the claims are exported for."""

    COQ = "coq"


def export(
    target: Annotated[Target, typer.Argument(help="The checker.")],
    out: Annotated[Path, typer.Option(help="A folder; it is made if it is not there.")],
) -> None:
    """Claims that are recorded as proved, as Coq theorems: the library, a file per claim, and a Makefile.

    No Python is needed to check them. Coq is asked first where it is installed: what it does not accept lies apart.
    """
    from proofs.cache import Cache
    from proofs.cache import folder as kept
    from proofs.claim import Verdict, registry
    from proofs.export.accepted import NoCoq, marks, version
    from proofs.export.folder import write
    from proofs.lock import recorded
    from proofs.screen import refuse, say, warn

    proved = [claim for id, claim in registry().items() if recorded().get(id) == Verdict.PROVED]
    try:
        write(out, ())
        answers = dict(marks(proved, Cache(kept(), warn), version()))
    except NoCoq as problem:
        answers = {}
        say(f"lae export: not asked whether Coq accepts them: {problem}")
    except OSError as problem:
        refuse("export", f"the folder {out} cannot be written: {problem.strerror}")
    unaccepted = {id for id, mark in answers.items() if mark.accepted is False}
    try:
        written, lacking = write(out, proved, unaccepted)
    except OSError as problem:
        refuse("export", f"the folder {out} cannot be written: {problem.strerror}")
    say(
        f"lae export: {written} claims in {out}, Coq does not accept {len(unaccepted)} of them, "
        f"{sum(lacking.values())} have no counterpart; `make` there checks them"
    )
    for what, count in lacking.most_common():
        say(f"  {count:4} lack {what}")
