"""The pages of a report as files of a folder that is ours to write into.

Main results
    write           all pages, each whole; those of claims that are gone are taken away
    check_folder    refuse a folder that holds something else
"""

from __future__ import annotations

from pathlib import Path

from numerics.storing import write_whole
from proofs.render.decided import Site
from proofs.render.site import pages

MARKER = ".lae-report"
"""A file of the folders that are ours to write into: the addresses of the pages."""


def write(site: Site, folder: Path) -> int:
    """Write the pages, each whole; the number of them.

    Raises
    ------
    OSError
        If that is not possible.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    before = set(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else set()
    written: set[str] = set()
    write_whole(marker, "".join(f"{address}\n" for address in sorted(before)))
    for address, content in pages(site):
        file = folder / address
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
        written.add(address)
    remove(folder, before - written)
    write_whole(marker, "".join(f"{address}\n" for address in sorted(written)))
    return len(written)


def remove(folder: Path, addresses: set[str]) -> None:
    """Take away pages of an earlier report that this one does not have: of claims that are gone."""
    for file in (folder / address for address in addresses):
        if file.suffix == ".html" and file.is_file() and file.resolve().is_relative_to(folder.resolve()):
            file.unlink()


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds what is not ours.

    Raises
    ------
    FileExistsError
        If there is a file, or a folder with something else in it.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARKER).is_file())):
        raise FileExistsError(17, "it holds something else; want a new folder")
