"""`lae errata`: what is printed, why it fails, what holds instead.

Main results
    errata      the command
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.commands.check import Fresh, Ids, Jobs, Timeout
from proofs.commands.derive import Format, Out
from proofs.screen import print_json, refuse

if TYPE_CHECKING:
    from proofs.check import Checked


def errata(
    ids: Ids = None,
    format: Annotated[Format, typer.Option(help="Text, or a LaTeX document.")] = Format.TEXT,
    out: Out = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    jobs: Jobs = -1,
    fresh: Fresh = False,
    timeout: Timeout = 60,
) -> None:
    """The refuted claims: what is printed, the counterexample, and the statement that holds instead."""
    from proofs.check import correction
    from proofs.claim import Verdict
    from proofs.commands.check import asked, run
    from proofs.commands.derive import check_out, emit
    from proofs.render import latex, terminal

    if json and (out is not None or format is not Format.TEXT):
        refuse("errata", f"--json goes to standard output: want no {'--out' if out else '--format'} beside it")
    check_out("errata", out)
    ids, known = asked("errata", ids or [])
    checked = run("errata", ids, known, corrections=True, jobs=jobs, fresh=fresh, timeout=timeout)
    every = {c.claim.id: c for c in checked}
    pairs = [(c, correction(c.claim, every)) for c in checked if c.decision.verdict == Verdict.REFUTED]
    if json:
        print_errata(pairs)
    elif format is Format.LATEX:
        emit("errata", latex.errata_document(pairs), out)
    else:
        emit("errata", lambda console: terminal.errata_page(pairs, console.width), out)


def print_errata(pairs: Sequence[tuple[Checked, Checked | None]]) -> None:
    from proofs.render.as_data import record

    found: list[dict[str, Any]] = [{**record(w), "correction": record(r) if r else None} for w, r in pairs]
    print_json({"errata": found})
