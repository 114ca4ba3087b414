"""`lae sweep`: every bound against the exact condition number, over families of spectra and numbers of latents.

Main results
    sweep     the command: measure what the file does not hold yet, append, summarise, draw
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from numerics import scales
from proofs.commands.check import Jobs
from proofs.commands.options import Scale, check_workers, given
from proofs.commands.plots import check_plot, write_plot
from proofs.printed_bounds import reproach
from proofs.screen import console, print_json, progress, refuse, say

if TYPE_CHECKING:
    from numerics.journal import Journal

QUIET = 5.0
"""Seconds between two lines of progress where there is no terminal."""


def sweep(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The CSV file; what it holds already is not measured again.")],
    families: Annotated[
        str, typer.Option(help="all, or a list: even, geometric, power:1.2, clustered, nearly-equal, extreme:1e-3.")
    ] = "all",
    k: Annotated[
        str, typer.Option("--k", help="Numbers of latents: a list, or low:high[:count], evenly spaced by ratio.")
    ] = "2:200",
    m: Annotated[int | None, typer.Option("--m", help="Number of components; 2k by default.")] = None,
    loss: Annotated[str, typer.Option(help="l2 (non-uniform) or nested-dropout.")] = "l2",
    scale: Scale = scales.DEFAULT,
    weights: Annotated[
        str, typer.Option(help="even (λ evenly spaced, p_B uniform), or best: those of lae optimise.")
    ] = "even",
    samples: Annotated[int, typer.Option(help="Spectra per family and k: the family itself, then random gaps.")] = 3,
    seed: Annotated[int, typer.Option(help="Of the random gaps.")] = 0,
    plot: Annotated[
        Path | None, typer.Option(help="Draw bound / exact of the condition number against k into an SVG file.")
    ] = None,
    jobs: Jobs = -1,
    scheduler: Annotated[str | None, typer.Option(help="A dask scheduler, tcp://host:port; wants lae[dask].")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every bound divided by the exact value it bounds, over sampled spectra: a table that grows row by row.

    A run that was stopped, even killed, goes on where it was. The exit status is 1 if a bound is violated.
    """
    from numerics import survey
    from numerics.journal import Journal
    from numerics.resources import want_processes

    try:
        check_workers(given(context))
        jobs = want_processes(jobs)
        check_plot(plot)
        if samples == 1 and seed:
            raise ValueError(f"seed: got {seed}, but one sample is the family itself; want --samples 2 or more")
        names = _families(families)
        cases = survey.cases(loss, weights, names, survey.sizes(k), m, samples, seed, scale=scale)
        columns, bounds = survey.columns(loss), survey.bound_columns(loss)
        keys = columns.index("scale") + 1
        wanted = {tuple(str(getattr(case, name)) for name in columns[:keys]): case for case in cases}
        with Journal(out, columns, keys) as journal:
            todo = [case for name, case in wanted.items() if name not in journal.rows]
            _measure(survey.run(todo, jobs=jobs, scheduler=scheduler), journal, len(todo), len(cases))
            rows = [journal.rows[name] for name in wanted]
        summary = _summary(rows, bounds)
        if plot is not None:
            from numerics import figures

            write_plot(figures.ratios(rows, survey.bound_columns(loss, of=["condition_number"])), plot)
    except (ValueError, MemoryError) as problem:
        refuse("sweep", str(problem) or "not enough memory for this size")
    (_print_answer if json else _print_table)({"loss": loss, "scale": scale} | summary, out, len(cases) - len(todo))
    violated = [bound["id"] for bound in summary["bounds"] if bound["violated"]]
    for name in violated:
        say(f"lae sweep: {reproach(name)[1]}")
    raise typer.Exit(1 if violated else 0)


def _families(text: str) -> list[str]:
    from numerics import spectra

    return list(spectra.FAMILIES) if text == "all" else list(dict.fromkeys(text.split(",")))


def _measure(rows: Iterator[Mapping[str, Any]], journal: Journal, todo: int, total: int) -> None:
    """Append the rows as they come, with progress; an interrupt keeps what there is."""
    if todo < total:
        say(f"{total - todo} of {total} cases were measured before")
    try:
        for row in progress(rows, todo, lambda row: f"{row['family']}, k = {row['k']}", lambda _: "", QUIET):
            journal.append(row)
    except KeyboardInterrupt:
        kept = f"{len(journal.rows)} rows are kept in {journal.path}"
        say(f"lae sweep: interrupted; {kept}, the same command goes on from there")
        raise typer.Exit(130) from None


def _summary(rows: list[dict[str, str]], bounds: list[str]) -> dict[str, Any]:
    """Per bound: how many ratios, their least, median and largest, and how often it is violated."""
    import numpy as np

    answer = []
    for name in bounds:
        ratios = [_ratio(row, name) for row in rows if row[name]]
        telling = [ratio for ratio in ratios if ratio > 0]
        low, middle, high = (float(np.quantile(telling, q)) if telling else None for q in (0.0, 0.5, 1.0))
        violated = sum(name in row["violated"].split() for row in rows)
        answer.append(
            {
                "id": name,
                "cases": len(ratios),
                "vacuous": len(ratios) - len(telling),
                "violated": violated,
                "least_ratio": low,
                "median_ratio": middle,
                "largest_ratio": high,
            }
        )
    unmeasured = [
        {name: row[name] for name in ("family", "k", "m", "sample", "reason")} for row in rows if row["reason"]
    ]
    return {"cases": len(rows), "unmeasured": unmeasured, "bounds": answer}


def _ratio(row: Mapping[str, str], name: str) -> float:
    try:
        return float(row[name])
    except ValueError:
        where = f"{row['family']}, k = {row['k']}, sample {row['sample']}"
        raise ValueError(f"out: {name} of {where} is {row[name]!r}, which is no number; want a new file") from None


def _print_answer(summary: dict[str, Any], out: Path, before: int) -> None:
    print_json({"out": str(out), "measured_before": before} | summary)


def _print_table(summary: dict[str, Any], out: Path, before: int) -> None:
    from rich.table import Table

    title = f"bound / exact: {summary['loss']}, scale {summary['scale']}"
    table = Table(title=title, title_justify="left")
    table.add_column("bound", no_wrap=True)
    for name in ("cases", "vacuous", "violated", "least", "median", "largest"):
        table.add_column(name, justify="right", no_wrap=True)
    for bound in summary["bounds"]:
        numbers = (bound[f"{name}_ratio"] for name in ("least", "median", "largest"))
        counts = (str(bound[name]) for name in ("cases", "vacuous", "violated"))
        table.add_row(bound["id"], *counts, *("" if x is None else f"{x:.4g}" for x in numbers))
    screen = console()
    screen.print(table)
    screen.print(f"{summary['cases']} cases, {before} of them measured before; rows in {out}")
    if summary["unmeasured"]:
        first = summary["unmeasured"][0]
        where = f"{first['family']}, k = {first['k']}, sample {first['sample']}"
        screen.print(f"{len(summary['unmeasured'])} cases have no answer; the first, {where}: {first['reason']}")
