"""Statements in words: what a run shows, and what no witness of ours decides.

A paper says of its experiments what was seen. Such a statement is `supported` where the findings that the repository
keeps of its figure say that it was seen, all of it, and `open` where they do not, or where no run is kept. It is never
more: another run may show something else. A statement about other papers, about what is reasonable, or whose words have
no one meaning is `open`, and says why.

Main results
    Observed    what a figure shows, by the statements that its findings judge
    Open        what is not decided, with the reason
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numerics.experiments as experiments
from proofs.claim import Context, Evidence, Outcome, Witness
from proofs.kernel.expressions import Expr
from proofs.render.unicode import prose

FINDINGS = Path(experiments.__file__).parent / "findings"
SETTINGS = ("paper", "small")
"""Of which findings count, the first that are kept."""


PIECES = re.compile(r"(?<!\\)\$.*?(?<!\\)\$|\s+|(?:\\\$|[^$\s])+")
"""Formulas, spaces and words of a text in LaTeX."""


def in_formula(piece: str) -> str:
    """A piece of a text as a part of a display."""
    if piece.isspace():
        return r"\ "
    return piece[1:-1] if piece.startswith("$") else rf"\text{{{piece}}}"


class Words:
    """A statement without formulas, which no mutant changes."""

    says: str

    @property
    def parts(self) -> tuple[Expr, ...]:
        return ()

    def with_parts(self, parts: Sequence[Expr]) -> Self:
        return self

    def text(self) -> str:
        return f"“{self.says}”"

    def latex(self) -> str:
        return "".join(map(in_formula, PIECES.findall(f"``{prose(self.says)}''")))


@dataclass(frozen=True)
class Open(Words):
    """What is not decided.

    Attributes
    ----------
    says
        The statement, as printed.
    why
        Why no witness decides it.
    """

    says: str
    why: str

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_nobody,)


def by_nobody(statement: Open, context: Context) -> Evidence:
    """The reason."""
    return Evidence("words", Outcome.UNDECIDED, detail=statement.why)


@dataclass(frozen=True)
class Observed(Words):
    """What a figure shows.

    Attributes
    ----------
    says
        The statement, as printed.
    figure
        Its name, as `lae reproduce` takes it.
    judged
        The ids of the figure's statements that together say it; none for all of them.
    reading
        Of the print, where the figure was made under several: the one that counts; empty for every one.
    """

    says: str
    figure: str
    judged: tuple[str, ...] = ()
    reading: str = ""

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_findings,)


def by_findings(statement: Observed, context: Context) -> Evidence:
    """What the findings that are kept say of each."""
    method, figure = "a recorded run", statement.figure
    kept = findings(figure)
    if kept is None:
        return Evidence(method, Outcome.UNDECIDED, detail=f"only a run can show it, and none of {figure} is recorded")
    judged = told(statement, kept["statements"])
    steps = tuple(f"{MARKS[found]} {name}" for name, found in judged.items())
    scope = f"a run of {figure}, setting {kept['setting']}"
    missing = [name for name, found in judged.items() if found is not True]
    if missing or not judged:
        detail = f"{scope}, did not show: {', '.join(missing) or 'anything'}"
        return Evidence(method, Outcome.UNDECIDED, detail=detail, steps=steps)
    return Evidence(method, Outcome.SUPPORTED, scope, steps=steps)


def told(statement: Observed, kept: Sequence[dict[str, Any]]) -> dict[str, bool | None]:
    """Whether each of its statements was seen, under each reading that counts; None for one that nobody judged."""
    found: dict[str, bool | None] = {}
    for name in statement.judged or dict.fromkeys(s["id"] for s in kept):
        judged = [s for s in kept if s["id"] == name and statement.reading in ("", s.get("reading"))]
        found |= {f"{name} ({s['reading']})" if s.get("reading") else name: s["seen"] for s in judged} or {name: None}
    return found


MARKS = {True: "✓", False: "✗", None: "?"}


def findings(figure: str) -> dict[str, Any] | None:
    """What is kept of a figure: of the paper's setting if it was made whole, else of the small one."""
    for setting in SETTINGS:
        path = FINDINGS / f"{figure}.{setting}.json"
        if path.is_file():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if not found.get("left_out"):
                return found
    return None
