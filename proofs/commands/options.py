"""Options that have no effect beside others are refused, not ignored.

Main results
    Scale       the option --scale, the same in every command
    given       the options on the command line, by the names of their parameters
    belong      refuse options without the one that they belong to
    check_workers   refuse processes beside a cluster
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from numerics import scales

Scale = Annotated[str, typer.Option(help=scales.HELP)]


def given(context: typer.Context) -> dict[str, str]:
    """What was given on the command line: names of parameters ↦ options as they are documented."""
    found = {str(parameter.name): parameter.opts[0] for parameter in context.command.params}
    sources = {name: context.get_parameter_source(name) for name in found}
    return {name: option for name, option in found.items() if (at := sources[name]) and at.name == "COMMANDLINE"}


def belong(options: Mapping[str, str], names: Iterable[str], owner: str) -> None:
    """Refuse those of `names` among options if the one that they belong to is not there.

    Raises
    ------
    ValueError
        Naming the first.

    Examples
    --------
    >>> belong({"m": "--m", "data": "--data"}, ["m", "n"], "synthetic")
    Traceback (most recent call last):
        ...
    ValueError: m: --m belongs to --synthetic
    """
    for name in names:
        if name in options and owner not in options:
            raise ValueError(f"{options[name].lstrip('-')}: {options[name]} belongs to --{owner}")


def check_workers(options: Mapping[str, str]) -> None:
    """Refuse a number of processes beside a cluster, all of whose workers are used.

    Raises
    ------
    ValueError
        If both are there.
    """
    if {"jobs", "scheduler"} <= options.keys():
        raise ValueError("jobs: --scheduler uses all its workers; want no --jobs beside it")
