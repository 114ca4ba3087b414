"""`lae new`: a paper of one's own, to begin with.

Main results
    new     the command
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    folder: Annotated[Path, typer.Argument(help="The folder of the paper, which is made: its name begins the ids.")],
    title: Annotated[str, typer.Option(help="Authors, year and title.")] = "Authors (year): title",
) -> None:
    """A paper of your own: notation, a section with a claim that is proved and one that is refuted, tests, README."""
    from importlib.resources import files

    from numerics.storing import write_whole
    from proofs import papers
    from proofs.render.templates import filled
    from proofs.screen import refuse

    try:
        name = papers.free_name(folder)
        if not title.isprintable() or '"' in title or "\\" in title:
            raise ValueError('title: want printable letters without " and \\')
        folder.mkdir(parents=True)
        for template in sorted(files("proofs").joinpath("templates/paper").iterdir(), key=lambda t: t.name):
            file = template.name.removesuffix(".jinja").replace("test_paper", f"test_{name}")
            write_whole(folder / file, filled(f"paper/{template.name}", name=name, title=title.rstrip(".")))
    except ValueError as problem:
        refuse("new", str(problem))
    except OSError as problem:
        refuse("new", f"{folder} cannot be made: {problem.strerror}")
    print(f"{folder} is a paper; decide its claims: lae check {folder}/")
