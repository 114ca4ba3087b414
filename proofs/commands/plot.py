"""`lae plot`: what `lae train` recorded, as a figure.

Main results
    plot        the command: one panel per metric, one line per run
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.screen import refuse

if TYPE_CHECKING:
    from numerics.training.campaign import Finished

LOGARITHMIC = ("excess", "subspace", "transpose", "balance", "distance", "weight_distance", "drift")


def plot(
    folder: Annotated[Path, typer.Argument(help="A folder of `lae train`.")],
    out: Annotated[Path, typer.Option(help="The figure: .svg, .pdf or .png.")],
    what: Annotated[str, typer.Option(help="Metrics, comma-separated.")] = "alignment,subspace,loss",
    over: Annotated[
        str | None, typer.Option(help="epoch, or time (epochs times learning rate: of gd and flow, where it is usual).")
    ] = None,
) -> None:
    """Draw metrics of finished runs over epochs, or those of flows over time."""
    from numerics.drawing import FORMATS, picture, styled
    from numerics.storing import check_writable, write_whole
    from numerics.training import campaign

    try:
        if out.suffix[1:] not in FORMATS:
            raise ValueError(f"out: got {out}; want a name that ends in .{', .'.join(FORMATS)}")
        check_writable(out)
        runs = campaign.results(folder)
        if not runs:
            raise ValueError(f"folder: {folder} holds no finished run; want lae train --resume {folder} first")
        names, axis = _metrics(what, runs), _axis(over, runs)
        with styled((4.2 * len(names), 3.4)) as figure:
            _draw(runs, names, axis, figure)
        write_whole(out, picture(figure, out.suffix[1:]))
    except ValueError as error:
        refuse("plot", str(error))
    except OSError as error:
        refuse("plot", f"out: {out} cannot be written: {error.strerror}")


def _metrics(what: str, runs: list[Finished]) -> list[str]:
    known = list(dict.fromkeys(name for *_, history in runs for name in history if name != "epoch"))
    for name in (names := what.split(",")):
        if name not in known:
            raise ValueError(f"what: got {name!r}; want one of {', '.join(known)}")
    return names


def _axis(over: str | None, runs: list[Finished]) -> str:
    """Time where it means something for all runs and one of them has no other."""
    from numerics.training.update_rules import FLOWS

    rules = {run.optimizer for run, *_ in runs}
    if over is None:
        return "time" if "flow" in rules and rules <= set(FLOWS) else "epoch"
    if over not in ("epoch", "time"):
        raise ValueError(f"over: got {over!r}; want epoch or time")
    if over == "time" and not rules <= set(FLOWS):
        raise ValueError(f"over: {', '.join(sorted(rules - set(FLOWS)))} has no time; want epoch")
    return over


def _draw(runs: list[Finished], names: list[str], axis: str, figure: Any) -> None:
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for panel, name in zip(panels, names, strict=True):
        drawn = [(run, history) for run, _, history in runs if name in history]
        for run, history in drawn:
            place = history["epoch"] * (run.rate if axis == "time" else 1)
            panel.plot(place, history[name], label=run.name, linestyle="--" if run.optimizer == "adam" else "-")
        panel.set_xlabel(axis)
        panel.set_title(name.replace("_", " "))
        if name in LOGARITHMIC and any((history[name] > 0).any() for _, history in drawn):
            panel.set_yscale("log")
    if len(runs) <= 12:
        max(panels, key=lambda panel: len(panel.lines)).legend(fontsize="x-small")


app = typer.Typer(add_completion=False)
app.command()(plot)
