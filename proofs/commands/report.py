"""`lae report`: everything that was decided, as pages to look at.

Main results
    report      the command
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from proofs.commands.check import Fresh, Ids, Jobs, Timeout

HOST = "127.0.0.1"


def report(
    ids: Ids = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; new, or one of an earlier report.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Serve them on localhost until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve them at; 0 for any.")] = 8000,
    jobs: Jobs = -1,
    fresh: Fresh = False,
    timeout: Timeout = 60,
) -> None:
    """The claims as static pages: what was decided, papers in their order, claims with their proofs, errata, figures.

    The pages need no network and no script to be read, and open from the folder.
    """
    from tempfile import TemporaryDirectory

    from proofs.cache import Cache, folder
    from proofs.commands.check import asked, run
    from proofs.mutation.kept import latest
    from proofs.render import folders
    from proofs.render.decided import Site
    from proofs.screen import refuse, warn

    if out is None and not serve:
        refuse("report", "want --out FOLDER, or --serve")
    try:
        if out is not None:
            folders.check_folder(out)
    except OSError as problem:
        refuse("report", f"out: {out} cannot be written: {problem.strerror}")
    ids, known = asked("report", ids or [])
    checked = run("report", ids, known, corrections=True, jobs=jobs, fresh=fresh, timeout=timeout)
    found = Site(checked, latest([c.claim for c in checked], Cache(folder(), warn)))
    with TemporaryDirectory() as nowhere:
        where = out or Path(nowhere)
        try:
            number = folders.write(found, where)
        except OSError as problem:
            refuse("report", f"out: {problem.filename or where} cannot be written: {problem.strerror}")
        if out is not None:
            print(f"{number} files; open {out / 'index.html'}")
        if serve:
            serve_folder(where, port)


def serve_folder(folder: Path, port: int) -> None:
    """Serve a folder on localhost."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from proofs.screen import refuse

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    try:
        server = ThreadingHTTPServer((HOST, port), partial(Quiet, directory=str(folder)))
    except OSError as problem:
        refuse("report", f"port: cannot serve at {port}: {problem.strerror}")
    with server:
        print(f"http://{HOST}:{server.server_port}/   (Ctrl-C ends it)", flush=True)
        server.serve_forever()
