"""A folder of Coq files that `make` checks: the library, and a file for each claim that can be stated.

What cannot be stated is counted by what it lacks. Whether a claim holds is for Coq to find out.

Main results
    write       fill the folder
    LIBRARY     the files of the library, in the order in which they use one another
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from numerics.storing import write_whole
from proofs.claim import Claim
from proofs.export.coq import HEAD, Lacking, identifier, theorems
from proofs.kernel.expressions import ShapeError

LIBRARY = ("Tensor", "Normal", "Matrix")
SOURCES = Path(__file__).parent.parent / "coq"
SECONDS = 60

MAKEFILE = """# Coq 8.16 with MathComp: apt-get install coq libcoq-mathcomp-algebra
# `make -k` goes on after a failure.
CLAIMS := $(patsubst %.v,%.vo,$(wildcard claims/*.v))
all: $(CLAIMS)
Tensor.vo: Tensor.v
Normal.vo: Tensor.vo
Matrix.vo: Normal.vo
$(CLAIMS): Matrix.vo
%.vo: %.v
\ttimeout {seconds} coqc -w -all -R . LAE $<
.PHONY: all
"""


def write(folder: Path, claims: Iterable[Claim]) -> tuple[int, Counter[str]]:
    """Fill the folder; how many claims are stated there, and what the others lack.

    Raises
    ------
    FileExistsError
        If there is a file, or a folder with something else in it.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "Tensor.v").is_file())):
        raise FileExistsError(17, "it holds something else; want a new folder")
    (folder / "claims").mkdir(parents=True, exist_ok=True)
    for name in LIBRARY:
        write_whole(folder / f"{name}.v", (SOURCES / f"{name}.v").read_bytes())
    write_whole(folder / "Makefile", MAKEFILE.replace("{seconds}", str(SECONDS)))
    written, lacking = 0, Counter[str]()
    for claim in claims:
        try:
            text = HEAD + "\n" + "\n".join(theorems(claim))
        except Lacking as what:
            lacking[str(what)] += 1
        except ShapeError:
            lacking["shapes that conform"] += 1
        else:
            write_whole(folder / "claims" / f"{identifier(claim.id)}.v", text)
            written += 1
    return written, lacking
