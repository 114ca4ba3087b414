"""`lae trust`: what must be right for `proved` to be true.

Main results
    trust    the command
"""

from __future__ import annotations

from typing import Annotated

import typer


def trust(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What the proofs rest on: the kernel's files and lines, facts of the literature, other claims."""
    from proofs.commands.check import asked, run
    from proofs.screen import console, print_json
    from proofs.trust import trusted

    found = trusted(run("trust", *asked("trust", [])))
    if json:
        facts = [{"name": f.name, "source": f.source, "claims": list(ids)} for f, ids in found.facts]
        kernel = {"files": list(found.kernel), "lines": sum(found.kernel.values())}
        uses = [list(pair) for pair in found.uses]
        argued = [{"claim": claim, "argument": argument} for claim, argument in found.argued]
        print_json(
            {
                "kernel": kernel,
                "textbook": facts,
                "oracles": [],
                "uses": uses,
                "argued": argued,
                "claims": found.verdicts,
            }
        )
        return
    from proofs.render.trusted import page

    console().print(page(found))
