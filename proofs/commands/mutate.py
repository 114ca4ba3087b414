"""`lae mutate`: change every formula on purpose and see who notices.

Main results
    mutate    the command
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.commands.check import Fresh, Ids, Jobs

if TYPE_CHECKING:
    from proofs.claim import Claim
    from proofs.mutation.examine import Finding
    from proofs.mutation.score import Score


def mutate(
    ids: Ids = None,
    sample: Annotated[int, typer.Option(help="How many mutants to draw; 0 for every one.", min=0)] = 0,
    jobs: Jobs = -1,
    fresh: Fresh = False,
    record: Annotated[bool, typer.Option("--record", help="Keep how many met which fate, for pages.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Change every formula in every place, and ask each witness on its own whether it notices; leave out every part of
    every proof, or alter it, and ask the prover.

    The exit status is 0 if every mutant that states something else is noticed by every witness and no part of a proof
    is idle, 1 if one survives, 2 for bad input.
    """
    from numerics.resources import want_processes
    from proofs.cache import Cache, folder
    from proofs.check import find
    from proofs.commands.check import asked
    from proofs.mutation.score import score
    from proofs.screen import print_json, progress, refuse, say, warn

    if record and sample:
        refuse("mutate", "--record keeps the fates of all mutants of a claim: want no --sample beside it")
    try:
        jobs = want_processes(jobs)
        ids, known = asked("mutate", ids or [])
        claims = find(ids, known)
    except ValueError as problem:
        refuse("mutate", str(problem))
    try:
        bar = partial(progress, name=lambda result: result[0].id)
        found = score(claims, Cache(folder(), warn), jobs, sample or None, fresh=fresh, progress=bar)
    except MemoryError as problem:
        refuse("mutate", str(problem) or "not enough memory")
    except KeyboardInterrupt:
        say("lae mutate: interrupted")
        raise typer.Exit(130) from None
    if record:
        keep(found, claims, known)
    if json:
        print_json(found.record())
    else:
        show(found)
    raise typer.Exit(1 if found.of("survivor") else 0)


def keep(found: Score, claims: Sequence[Claim], known: Mapping[str, Claim]) -> None:
    """Make these fates the recorded ones."""
    from proofs.mutation import kept
    from proofs.papers import PaperError
    from proofs.screen import refuse

    try:
        tallies = {c.id: kept.tally(c, [f for f in found.findings if f.id == c.id]) for c in claims}
        kept.record(tallies, known)
    except (PaperError, OSError) as problem:
        refuse("mutate", f"the record cannot be written: {problem}")


def show(found: Score) -> None:
    """A row per claim, the survivors one by one, the totals."""
    from rich import box
    from rich.table import Table

    from proofs.mutation.score import FATES
    from proofs.screen import console

    out = console()
    if found.findings:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("claim")
        for heading in ("mutants", *FATES):
            table.add_column(heading, justify="right")
        for id, counts in found.by_claim.items():
            style = "red" if counts["survivor"] else None
            table.add_row(id, str(sum(counts.values())), *(str(counts[fate] or "") for fate in FATES), style=style)
        out.print(table)
    for survivor in found.of("survivor"):
        out.print(description(survivor))
    for names, count in found.only.items():
        out.print(f"{count} noticed only {names}")
    for of in ("statement", "proof"):
        tally = found.count(of)
        totals = ", ".join(f"{tally[fate]} {fate}" for fate in FATES)
        out.print(f"{tally['mutants']} mutants of {of}s: {totals}")
    out.print(f"in {found.seconds:.1f} s")


def description(survivor: Finding) -> str:
    """A survivor: what was changed, what it states now, what the witnesses say."""
    caught = f"noticed only {', '.join(survivor.caught_by)}" if survivor.caught_by else "noticed by nobody"
    return f"{survivor.id}: {survivor.mutation}\n    {survivor.statement}\n    {caught}; {'; '.join(survivor.missed)}"
