"""`lae bounds`: the exact condition number of a spectrum, beside every bound that the papers print.

Main results
    bounds     the command: have the problem read and measured (`numerics.problem`), print it
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from numerics import scales
from proofs.commands.layout import reads_files
from proofs.commands.options import Scale
from proofs.commands.plots import check_page, check_plot, write_plot
from proofs.printed_bounds import reproach
from proofs.screen import console, print_json, refuse, say

if TYPE_CHECKING:
    from numerics.bounds import Bound
    from numerics.conditioning import Conditioning
    from numerics.enclosures import Certificate
    from numerics.problem import Problem

LONG = 60.0
"""Seconds from which on the wait is announced."""


@reads_files
def bounds(
    k: Annotated[int, typer.Option("--k", help="Number of latents.")],
    sigma: Annotated[
        str | None, typer.Option(help="σ_i (σ_i² are the eigenvalues of XXᵀ/n): 5,4,3 or low:high or a file.")
    ] = None,
    sigma2: Annotated[str | None, typer.Option(help="The eigenvalues σ_i² themselves, likewise.")] = None,
    data: Annotated[
        str | None,
        typer.Option(help="Samples as rows (centred): a csv, npy, npz[:NAME] file, or digits, wine, breast-cancer."),
    ] = None,
    family: Annotated[
        str | None,
        typer.Option(help="even, geometric, power, clustered, nearly-equal, extreme; NAME:PARAMETER; with --m."),
    ] = None,
    m: Annotated[int | None, typer.Option("--m", help="Number of components, for --family or a range.")] = None,
    loss: Annotated[str, typer.Option(help="l2 (non-uniform) or nested-dropout.")] = "l2",
    lam: Annotated[
        str | None, typer.Option("--lambda", help="λ_i: a list, low:high (evenly spaced) or a file.")
    ] = None,
    sqrt_lambda: Annotated[str | None, typer.Option(help="√λ_i, likewise.")] = None,
    prior: Annotated[
        str | None,
        typer.Option(help="p_B of nested dropout: uniform (the default), geometric:RATIO, a list or a file."),
    ] = None,
    scale: Scale = scales.DEFAULT,
    certify: Annotated[bool, typer.Option("--certify", help="Decide all in exact rational arithmetic.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw spectrum, curvatures and bounds into an SVG file.")] = None,
    report: Annotated[Path | None, typer.Option(help="Tables and pictures as one page of HTML.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """Exact conditioning of a linear autoencoder at its global minimum, beside the printed bounds."""
    import numpy as np

    from numerics.problem import read
    from numerics.resources import seconds

    try:
        check_plot(plot)
        check_page(report)
        problem = read(
            k=k,
            loss=loss,
            scale=scale,
            sigma=sigma,
            sigma2=sigma2,
            data=data,
            family=family,
            m=m,
            lam=lam,
            sqrt_lambda=sqrt_lambda,
            prior=prior,
            layout=layout,
        )
        wait = seconds(k, "certified" if certify else "measured")
        if wait > LONG:
            say(f"lae bounds: k = {k} takes about {wait / 60:.0f} minutes")
        with np.errstate(all="ignore"):
            found, printed = problem.measure()
            doubtful = not all(bound.holds(found) for bound in printed)
            certificate = problem.certify() if certify or doubtful else None
            printed = certificate.bounds if certificate else printed
            if plot is not None:
                from numerics import figures

                write_plot(figures.portrait(problem.loss, problem.sigma2, problem.weights, found, printed), plot)
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("bounds", str(error) or "not enough memory for this size")
    if certificate:
        problem.warnings += certificate.doubts(found)
    if report is not None:
        _write_page(report, problem, found, printed, certificate)
    for warning in problem.warnings:
        say(f"lae bounds: warning: {warning}")
    if json:
        _print_answer(problem, found, printed, certificate)
    else:
        _print_tables(problem, found, printed, certificate)
    violated = certificate.violated if certificate else []
    for name in violated:
        say(f"lae bounds: {reproach(name)[1]}")
    raise typer.Exit(1 if violated else 0)


def _keep_probabilities(prior: Any) -> list[float]:
    return [float(x) for x in prior[::-1].cumsum()[::-1]]


def _print_answer(problem: Problem, found: Conditioning, printed: list[Bound], certificate: Certificate | None) -> None:
    exact = certificate.condition(found) if certificate else found
    weights = (
        {"lambda": problem.weights.tolist()}
        if problem.loss == "l2"
        else {"prior": problem.weights.tolist(), "p": _keep_probabilities(problem.weights)}
    )
    answer = {
        "loss": problem.loss,
        "scale": problem.scale,
        "k": problem.k,
        "m": found.m,
        "given": problem.given,
        "sigma2": problem.sigma2.tolist(),
        **weights,
        "s_max": found.s_max,
        "s_min": found.s_min,
        "condition_number": _number(found.condition_number),
        "null_directions": found.null_directions,
        "trained_latents": found.trained,
        "slow_direction": str(found.slowest),
        "fast_direction": str(found.fastest),
        "learning_rate": found.best_learning_rate,
        "max_learning_rate": found.max_learning_rate,
        "steps_to_halve": _number(found.steps_to_halve),
        "rag": _rag_json(problem),
        "bounds": [
            {
                "id": bound.id,
                "value": _number(bound.value),
                "bounds": bound.bounds,
                "from": "above" if bound.above else "below",
                "holds": bound.holds(exact),
                "vacuous": bound.is_vacuous,
                "ratio": _number(bound.ratio(exact)),
            }
            | ({"certified": certificate.verdicts[bound.id]} if certificate else {})
            for bound in printed
        ],
        "warnings": problem.warnings,
    }
    if certificate:
        answer["certified"] = problem.certified
        answer["enclosure"] = {name: list(ends) for name, ends in certificate.enclosures.items()}
    print_json(answer)


def _number(value: Any) -> float | None:
    """A JSON number; null for what is infinite."""
    from math import isfinite

    return float(value) if isfinite(value) else None


def _rag_json(problem: Problem) -> dict[str, Any] | None:
    from numerics.rag import slowest_rotation

    rag = problem.rag()
    if rag is None:
        return None
    return {
        "rate": rag.s_min,
        "slow_direction": str(rag.slowest),
        "rotation_rate": slowest_rotation(problem.sigma2, problem.k).curvature if problem.k > 1 else None,
        "learning_rate": rag.best_learning_rate,
        "max_learning_rate": rag.max_learning_rate,
        "steps_to_halve": _number(rag.steps_to_halve),
    }


def _write_page(
    report: Path, problem: Problem, found: Conditioning, printed: list[Bound], certificate: Certificate | None
) -> None:
    from numerics.storing import write_whole
    from proofs.render import portrait

    try:
        write_whole(report, portrait.page(problem, found, printed, certificate))
    except OSError as error:
        refuse("bounds", f"report: {report} cannot be written: {error.strerror}")


def _print_tables(problem: Problem, found: Conditioning, printed: list[Bound], certificate: Certificate | None) -> None:
    from rich.table import Table

    from proofs.render import portrait

    facts = Table(show_header=False, box=None, pad_edge=False)
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column()
    for row in portrait.facts(problem, found, certificate):
        facts.add_row(*row)
    table = Table(title=f"Bounds, at scale {problem.scale}", title_justify="left")
    table.add_column("claim", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("bound")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("loose by", justify="right", no_wrap=True)
    for one in portrait.bounds(problem, found, printed, certificate):
        table.add_row(one.id, one.side, one.formula, one.value, one.verdict, one.loose)
    out = console()
    out.print(facts)
    if printed:
        out.print(table)
    for remark in portrait.remarks(problem, found, bool(printed)):
        out.print(remark)


app = typer.Typer(add_completion=False)
app.command()(bounds)
