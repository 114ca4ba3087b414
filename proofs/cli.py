"""`lae`: the referee's command line.

A command is a module of :mod:`proofs.commands` with a function of the same name; it is imported when it is called,
so that ``lae --help`` does not wait for libraries.

Main results
    app     the commands; :mod:`proofs.start` runs them
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from proofs.start import main

COMMANDS = (
    "check",
    "show",
    "derive",
    "errata",
    "bounds",
    "optimise",
    "sweep",
    "train",
    "plot",
    "reproduce",
    "mutate",
    "trust",
    "new",
    "report",
    "export",
)
SUMMARY = "A referee for the mathematics of linear autoencoders: the claims of papers as code, their verdicts computed."
HELP = {"help_option_names": ["-h", "--help"]}


class Commands(TyperGroup):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        app = typer.Typer(add_completion=False, context_settings=HELP)
        app.command(cmd_name)(getattr(import_module(f"proofs.commands.{cmd_name}"), cmd_name))
        return typer.main.get_command(app)


app = typer.Typer(
    cls=Commands,
    help=SUMMARY,
    context_settings=HELP,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"lae {version('lae')}")
        except PackageNotFoundError:
            print("lae, from a folder of sources")
        raise typer.Exit


@app.callback()
def lae(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The options before a command."""
    from numerics.resources import want_room
    from proofs.screen import say

    try:
        want_room()
    except ValueError as problem:
        say(f"lae: {problem}")
        raise typer.Exit(2) from None


if __name__ == "__main__":
    main()
