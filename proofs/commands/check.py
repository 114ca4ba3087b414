"""`lae check`: decide claims, show a table, say whether a verdict is not as last recorded.

Main results
    check       the command
    asked       what is meant by ids and folders as they are typed
    run         decide claims with progress on standard error: what the other commands start with
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.claim import Verdict

if TYPE_CHECKING:
    from proofs.check import Checked
    from proofs.claim import Claim
    from proofs.export.accepted import Mark

Ids = Annotated[
    list[str] | None, typer.Argument(help="Ids, prefixes of ids, folders of papers; all claims if there are none.")
]
Jobs = Annotated[int, typer.Option(min=-1, help="Processes; -1 for as many as processors.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Decide again what the cache holds.")]
Timeout = Annotated[float, typer.Option(min=0, help="Processor seconds per claim; one that takes longer is open.")]


def check(
    ids: Ids = None,
    verdict: Annotated[list[Verdict] | None, typer.Option(help="Show only claims with this verdict.")] = None,
    jobs: Jobs = -1,
    fresh: Fresh = False,
    timeout: Timeout = 60,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    record: Annotated[bool, typer.Option("--record", help="Make these verdicts the recorded ones.")] = False,
    coq: Annotated[bool, typer.Option("--coq", help="Ask Coq, too, about what can be stated there.")] = False,
) -> None:
    """Decide claims: proved, certified, supported, refuted or open, for what, and by what counterexample.

    The exit status is 0 if all verdicts are as last recorded, 1 if one changed, a claim raises, or Coq accepts what is
    not proved; 2 for bad input.
    """
    from proofs import lock
    from proofs.screen import say

    start = time.monotonic()
    ids, known = asked("check", ids or [])
    look_at_records("check", known)
    version = coq_version() if coq else ""
    checked = run("check", ids, known, jobs=jobs, fresh=fresh, timeout=timeout)
    if coq:
        checked = asked_of_coq(checked, version, jobs)
    if record:
        keep(checked, known)
    shown = [c for c in checked if not verdict or c.decision.verdict in verdict]
    (print_report if json else print_table)(shown, checked, time.monotonic() - start)
    changed = [c for file, names, found in lock.files(known, checked) for c in lock.changes(found, names, file)]
    for c in changed:
        say(f"lae check: {c.id} was {c.before}, is {c.now or 'gone'}")
    broken = [c for c in checked if c.raises]
    for wrong in broken:
        say(f"lae check: {wrong.claim.id} raises: {wrong.decision.scope}")
    against = [c for c in checked if c.coq and c.coq.accepted and c.decision.verdict != Verdict.PROVED]
    for x in against:
        say(f"lae check: {x.claim.id} is {x.decision.verdict}, and Coq accepts it: one of the two checkers is wrong")
    raise typer.Exit(1 if changed or broken or against else 0)


def coq_version() -> str:
    """The version of Coq; refuse where it is missing, before anything is decided."""
    from proofs.export.accepted import NoCoq, version
    from proofs.screen import refuse

    try:
        return version()
    except NoCoq as problem:
        refuse("check", f"--coq: {problem}")


def asked_of_coq(checked: Sequence[Checked], version: str, jobs: int) -> list[Checked]:
    """What was decided, with what Coq says of it."""
    from dataclasses import replace

    from numerics.resources import want_processes
    from proofs.cache import Cache, folder
    from proofs.export.accepted import NoCoq, marks
    from proofs.screen import progress, refuse, say, warn

    found = {}
    try:
        sound = [c.claim for c in checked if not c.raises]
        answers = marks(sound, Cache(folder(), warn), version, want_processes(jobs))
        for id, mark in progress(answers, len(sound), lambda found: found[0], answered):
            found[id] = mark
    except NoCoq as problem:
        refuse("check", f"--coq: {problem}")
    except KeyboardInterrupt:
        say(f"lae check: interrupted; {len(found)} of {len(checked)} answers of Coq are kept")
        raise typer.Exit(130) from None
    return [replace(c, coq=found.get(c.claim.id)) for c in checked]


def look_at_records(command: str, known: dict[str, Claim]) -> None:
    """Refuse, before anything is decided, a record that could not be read after it."""
    from proofs import lock
    from proofs.papers import PaperError
    from proofs.screen import refuse

    try:
        for file, _, _ in lock.files(known, []):
            lock.recorded(file)
            lock.stated(file)
    except (PaperError, OSError) as problem:
        refuse(command, str(problem))


def keep(checked: Sequence[Checked], known: dict[str, Claim]) -> None:
    """Make the verdicts the recorded ones."""
    from proofs import lock
    from proofs.screen import refuse

    for file, names, found in lock.files(known, checked):
        try:
            lock.record(found, names, file)
        except OSError as problem:
            refuse("check", f"the record {file} cannot be written: {problem.strerror}")


def print_report(shown: Sequence[Checked], checked: Sequence[Checked], seconds: float) -> None:
    from proofs.render.as_data import report
    from proofs.screen import print_json

    print_json(report(shown, seconds))


def print_table(shown: Sequence[Checked], checked: Sequence[Checked], seconds: float) -> None:
    from proofs.render import terminal
    from proofs.screen import console

    out = console()
    if shown:
        out.print(terminal.verdict_table(shown, {c.claim.id: c for c in checked}))
    out.print(terminal.totals(shown, seconds))


def asked(command: str, ids: Sequence[str]) -> tuple[list[str], dict[str, Claim]]:
    """Ids as they are typed, folders of papers among them → ids, and the claims among which they are looked for."""
    from proofs import papers
    from proofs.screen import refuse

    try:
        return papers.asked(ids)
    except papers.PaperError as problem:
        refuse(command, str(problem))


def run(
    command: str,
    ids: Sequence[str],
    known: dict[str, Claim],
    *,
    corrections: bool = False,
    jobs: int = -1,
    fresh: bool = False,
    timeout: float = 60,
) -> list[Checked]:
    """Decide the claims with these ids, in the papers' order, with progress on standard error.

    ``corrections`` asks for what is registered as the correction of one of them, too.
    """
    from numerics.resources import want_processes
    from proofs import check as runner
    from proofs.cache import Cache, folder
    from proofs.screen import progress, refuse, say, warn

    if not timeout > 0:
        refuse(command, "want --timeout > 0")
    try:
        jobs = want_processes(jobs)
        claims = runner.find(ids, known)
    except ValueError as problem:
        refuse(command, str(problem))
    if corrections:
        wanted = {c.id for c in claims}
        claims = [c for c in known.values() if c.id in wanted or c.correction_of in wanted]
    cache = Cache(folder(), warn)
    found = {}
    try:
        for c in progress(runner.check(claims, cache, jobs, fresh, timeout), len(claims), lambda c: c.claim.id, said):
            found[c.claim.id] = c
    except KeyboardInterrupt:
        say(f"lae {command}: interrupted; {len(found)} of {len(claims)} decisions are kept")
        raise typer.Exit(130) from None
    return [found[c.id] for c in claims]


def said(c: Checked) -> str | None:
    """What was decided; nothing is said if the cache held it."""
    return None if c.cached else f"{c.decision.verdict}  {c.decision.seconds:.2f} s"


def answered(found: tuple[str, Mark]) -> str | None:
    """What Coq answered, if it was asked."""
    accepted = found[1].accepted
    return None if accepted is None else "accepted by Coq" if accepted else "not accepted by Coq"
