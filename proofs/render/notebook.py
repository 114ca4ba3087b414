"""A derivation as a notebook: a cell of text for each step, and a cell of code that decides it again.

Main results
    derivation_notebook     a derivation → the notebook as JSON
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from proofs.claim import Counterexample
from proofs.derive import Derivation, Passage, Shown
from proofs.render.unicode import math, safe, value

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|$~&-])")


def derivation_notebook(found: Derivation, paper: str) -> str:
    """The notebook.

    Parameters
    ----------
    paper
        What :func:`proofs.paper` is asked for: a name, or a folder.
    """
    cells = [text(f"# Derivation of {plain(found.prefix)}")]
    cells.append(code(f"from proofs import decide, paper\n\nclaims = paper({paper!r})"))
    for chapter in found.chapters:
        cells.append(text(f"## {plain(chapter.title)}"))
        for s in chapter.steps:
            cells += step(s)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def step(s: Passage) -> Iterator[dict[str, Any]]:
    """A step, and what holds instead."""
    claim, decision = s.checked.claim, s.checked.decision
    lines = [f"### {plain(claim.id)}: {decision.verdict}", plain(claim.sentence)]
    if claim.given:
        lines.append("Given " + "; ".join(f"${safe(h.tex)}$" for h in claim.given) + ".")
    lines += [formula(display) for display in s.displays]
    if decision.counterexample:
        lines.append(failure(decision.counterexample))
    yield text("\n\n".join(lines))
    yield code(f"decide(claims[{claim.id!r}])")
    if s.correction:
        yield text("Instead:")
        yield from step(s.correction)


def formula(display: Sequence[Shown]) -> str:
    """A display with its marks, aligned at its relations."""
    rows = [f"{x.relation_latex} & {x.latex} & \\text{{{x.mark}}}" for x in display]
    return "$$\\begin{aligned}" + " \\\\ ".join(f"& {row}" for row in rows) + "\\end{aligned}$$"


def failure(example: Counterexample) -> str:
    at = ", ".join(f"${math(name)} = {value(v)}$" for name, v in example.instance.items())
    sides = "; ".join(f"{plain(name)}: ${value(v)}$" for name, v in example.sides.items())
    return "**Fails**" + (f" at {at}" if at else "") + (f". {sides}" if sides else "") + f". {plain(example.remark)}"


def plain(s: str) -> str:
    """Text in which nothing is Markdown or HTML."""
    return MARKDOWN.sub(r"\\\1", s)


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
