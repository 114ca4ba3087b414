"""`lae show`: all that is known of one claim.

Main results
    show    the command
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.commands.derive import Format, emit

if TYPE_CHECKING:
    from proofs.claim import Claim
    from proofs.export.accepted import Mark


def show(
    ids: Annotated[list[str], typer.Argument(help="Ids or prefixes of ids.")],
    format: Annotated[Format, typer.Option(help="Text, or a LaTeX document.")] = Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """A claim in full: statement, hypotheses and which it needs, verdict, evidence, counterexample; also in Coq."""
    from proofs.cache import Cache, folder
    from proofs.commands.check import asked, print_report, run
    from proofs.mutation.kept import latest, short
    from proofs.render import latex, terminal
    from proofs.screen import console, refuse

    if json and format is not Format.TEXT:
        refuse("show", "--json holds the statement as LaTeX: want no --format beside it")
    ids, known = asked("show", ids)
    checked = [c if c.raises else replace(c, coq=kept(c.claim)) for c in run("show", ids, known, corrections=True)]
    if json:
        print_report(checked, checked, sum(c.decision.seconds for c in checked))
        return
    if format is Format.LATEX:
        emit("show", latex.claims_document(checked), None)
        return
    every = {c.claim.id: c for c in checked}
    mutants = latest([c.claim for c in checked], Cache(folder()))
    out = console()
    for number, c in enumerate(checked):
        if number:
            out.rule(style="dim")
        out.print(terminal.claim_page(c, every, out.width))
        if c.claim.id in mutants:
            out.print(terminal.mutants(mutants[c.claim.id].text(short(c.claim))))


def kept(claim: Claim) -> Mark:
    """The claim in Coq, with Coq's answer if it is known."""
    from proofs.cache import Cache, folder
    from proofs.export import accepted

    try:
        version = accepted.version()
    except accepted.NoCoq:
        version = ""
    return accepted.kept(claim, Cache(folder()), version)
