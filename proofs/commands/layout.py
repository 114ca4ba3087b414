"""The options that say how a file is laid out: stated once, for every command that reads samples or a spectrum.

Main results
    reads_files    give a command the options, as one argument `layout`
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from proofs.screen import refuse

OPTIONS: dict[str, tuple[Any, Any]] = {
    "columns": (Annotated[str | None, typer.Option(help="Columns of the file to read: 1,3:5, or their names.")], None),
    "skip_rows": (Annotated[int, typer.Option(help="Lines at the beginning of the file to leave out.")], 0),
    "decimal": (Annotated[str | None, typer.Option(help="The file's decimal mark, . or , (found out).")], None),
    "header": (
        Annotated[
            bool | None,
            typer.Option("--header/--no-header", help="Whether the file's first row names the columns (found out)."),
        ],
        None,
    ),
    "index_column": (
        Annotated[
            str | None,
            typer.Option(help="The file's column that counts or names the rows, left out: a number, a name, or none."),
        ],
        None,
    ),
}


def reads_files(command: Callable[..., None]) -> Callable[..., None]:
    """The command with options for its files; it gets them as `layout`, a `numerics.layouts.Layout`.

    Examples
    --------
    >>> @reads_files
    ... def show(layout: Any = None) -> None:
    ...     print(layout.columns)
    >>> show(columns="1,2")
    1,2
    """

    @wraps(command)
    def with_options(**arguments: Any) -> None:
        from numerics.layouts import Layout

        said = {name: arguments.pop(name, default) for name, (_, default) in OPTIONS.items()}
        try:
            layout = Layout(**said)
        except ValueError as error:
            refuse(command.__name__, str(error))
        command(**arguments, layout=layout)

    own = signature(command, eval_str=True)
    kept = [parameter for name, parameter in own.parameters.items() if name != "layout"]
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in OPTIONS.items()
    ]
    with_options.__signature__ = own.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
    return with_options
