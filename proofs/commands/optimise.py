"""`lae optimise`: the regularisers, or the prior, of the smallest exact condition number, and what (16) would pick.

Main results
    optimise     the command: read the spectrum, optimise, measure the other choices, print, draw
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from numerics import scales
from proofs.commands.layout import reads_files
from proofs.commands.options import Scale
from proofs.commands.plots import check_plot, write_plot
from proofs.screen import refuse, say

if TYPE_CHECKING:
    from numerics.choices import Choice, Comparison

QUIET = 5.0
"""Seconds between two lines of progress."""
OBJECTIVE = {"l2": "(16)", "nested-dropout": "App. D"}


@dataclass(frozen=True)
class Question:
    """What was asked: a spectrum and its origin in words, the number of latents, loss and scale."""

    loss: str
    scale: str
    k: int
    sigma2: Any
    given: str
    warnings: list[str]


@reads_files
def optimise(
    k: Annotated[int, typer.Option("--k", help="Number of latents.")],
    sigma: Annotated[str | None, typer.Option(help="σ_i: 5,4,3 or low:high or a file, as for lae bounds.")] = None,
    sigma2: Annotated[str | None, typer.Option(help="The eigenvalues σ_i², likewise.")] = None,
    data: Annotated[str | None, typer.Option(help="Samples as rows: a file, or digits, wine, breast-cancer.")] = None,
    family: Annotated[str | None, typer.Option(help="NAME or NAME:PARAMETER, as for lae bounds; with --m.")] = None,
    m: Annotated[int | None, typer.Option("--m", help="Number of components, for --family or a range.")] = None,
    loss: Annotated[str, typer.Option(help="l2 (non-uniform) or nested-dropout.")] = "l2",
    scale: Scale = scales.DEFAULT,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the choices, as the paper's Figure 5, into an SVG file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    layout: Any = None,
) -> None:
    """The λ (or p) of the smallest exact condition number, beside what the paper's optimisation picks."""
    import numpy as np

    try:
        check_plot(plot)
        asked = _read(k, sigma, sigma2, data, family, m, loss, scale, layout)
        for warning in asked.warnings:
            say(f"lae optimise: warning: {warning}")
        with np.errstate(all="ignore"):
            from numerics.choices import compare

            found = compare(loss, asked.sigma2, k, scale=scale, watch=_told())
        if plot is not None:
            from numerics import figures

            write_plot(figures.choices(loss, asked.sigma2, found), plot)
    except (ValueError, ArithmeticError, MemoryError) as error:
        refuse("optimise", str(error) or "not enough memory for this size")
    except KeyboardInterrupt:
        say("lae optimise: interrupted")
        raise typer.Exit(130) from None
    (_print_answer if json else _print_tables)(asked, found)


def _read(
    k: int,
    sigma: str | None,
    sigma2: str | None,
    data: str | None,
    family: str | None,
    m: int | None,
    loss: str,
    scale: str,
    layout: Any,
) -> Question:
    """The spectrum and the loss; ValueError names the option that is wrong."""
    from numerics.conditioning import check_hypotheses
    from numerics.problem import check_names, read_spectrum
    from numerics.resources import want_latents

    check_names(loss, scale)
    warnings: list[str] = []
    spectrum = read_spectrum(sigma, sigma2, data, family, m, warnings, layout)
    check_hypotheses(spectrum.values, k)
    want_latents(k, "optimised")
    return Question(loss, scale, k, spectrum.values, spectrum.words, warnings)


def _told() -> Callable[[int, float], None]:
    """A line on standard error every few seconds."""
    last = time.monotonic()

    def tell(program: int, kappa: float) -> None:
        nonlocal last
        if time.monotonic() - last > QUIET:
            last = time.monotonic()
            say(f"lae optimise: linear program {program}, κ = {kappa:.8g}")

    return tell


def _print_answer(asked: Question, found: Comparison) -> None:
    from proofs.screen import print_json

    best = found.optimum
    answer = {
        "loss": asked.loss,
        "scale": asked.scale,
        "k": asked.k,
        "m": len(asked.sigma2),
        "given": asked.given,
        "sigma2": asked.sigma2.tolist(),
        "choices": [_record(asked, choice) for choice in found.choices],
        "objective": OBJECTIVE[asked.loss],
        "objective_attained": False if found.approach else None,
        "approach": [{"epsilon": epsilon} | _record(asked, choice) for epsilon, choice in found.approach],
        "certificate": {
            "lower_bound": best.lower_bound,
            "starts_agree_within": best.agreement if isfinite(best.agreement) else None,
            "first_order_gain": best.promise,
            "radius": best.radius,
            "linear_programs": best.steps,
        },
        "warnings": asked.warnings,
    }
    print_json(answer)


def _record(asked: Question, choice: Choice) -> dict[str, Any]:
    """One choice; what is infinite or does not exist is null."""
    found = choice.found
    return {
        "id": choice.id,
        "name": choice.name,
        ("lambda" if asked.loss == "l2" else "prior"): choice.weights.tolist(),
        "admissible": found is not None,
        "reason": choice.reason or None,
        "condition_number": found.condition_number if found else None,
        "s_max": found.s_max if found else None,
        "s_min": found.s_min if found else None,
        "slow_direction": str(found.slowest) if found else None,
        "steps_to_halve": found.steps_to_halve if found else None,
        "objective": choice.objective if isfinite(choice.objective) else None,
    }


def _print_tables(asked: Question, found: Comparison) -> None:
    from rich.table import Table

    from numerics.spectra import short
    from proofs.render.portrait import LOSS_FORMULAS
    from proofs.screen import console

    best, objective = found.optimum, OBJECTIVE[asked.loss]
    out = console()
    facts = Table(show_header=False, box=None, pad_edge=False)
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column()
    letter = "λ" if asked.loss == "l2" else "p_B"
    facts.add_row("loss", f"{asked.loss}, scale {asked.scale}: {LOSS_FORMULAS[asked.loss, asked.scale]}")
    facts.add_row("spectrum", f"{asked.given}; m = {len(asked.sigma2)}, σ² = {short(asked.sigma2)}")
    facts.add_row(f"best {letter}", f"k = {asked.k}: {short(best.weights)}")
    facts.add_row("certificate", _certificate(found))
    out.print(facts)
    table = Table()
    for name, side in (
        ("choice", "left"),
        ("exact κ", "right"),
        ("× best", "right"),
        ("s_max", "right"),
        ("s_min", "right"),
        ("slow direction", "left"),
        (objective, "right"),
    ):
        table.add_column(name, justify=side, no_wrap=name != "slow direction")  # type: ignore[arg-type]
    for choice in found.choices:
        table.add_row(*_row(choice, best.condition_number))
    out.print(table)
    if not found.approach:
        out.print(f"k = 1: there is no pair of latents, so {objective} is an empty maximum.")
        return
    out.print(
        f"The minimum of {objective} is not attained: it is approached as ε → 0 "
        + ("within ε σₖ² ≤ λᵢ ≤ (1 − ε) σₖ²," if asked.loss == "l2" else "at pₖ = ε,")
        + f"\nand there the exact condition number grows without bound, while {objective} settles:"
    )
    table = Table()
    for name in ("ε", objective, "exact κ", "× best"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("slow direction")
    for epsilon, choice in found.approach:
        _, kappa, excess, _, _, slow, value = _row(choice, best.condition_number)
        table.add_row(f"{epsilon:g}", value, kappa, excess, slow)
    out.print(table)


def _row(choice: Choice, best: float) -> tuple[str, ...]:
    found = choice.found
    objective = f"{choice.objective:.6g}" if isfinite(choice.objective) else ""
    if found is None:
        return choice.name, "∞" if choice.id == "printed" else "–", "", "", "", choice.reason, objective
    kappa = found.condition_number
    numbers = (f"{kappa:.8g}", f"{kappa / best:.4g}", f"{found.s_max:.6g}", f"{found.s_min:.6g}")
    return choice.name, *numbers, str(found.slowest), objective


def _certificate(found: Comparison) -> str:
    """What vouches for the best choice, in one sentence."""
    best = found.optimum
    above = best.condition_number / best.lower_bound
    gap = f"×{above:.4g} below it" if above > 1.001 else f"within {max(above - 1, 0):.1e} of it"
    agree = f"two starts agree within {best.agreement:.0e}" if isfinite(best.agreement) else "one start of two arrived"
    return f"attained; no choice is below κ = {best.lower_bound:.6g} ({gap}); {agree}"
