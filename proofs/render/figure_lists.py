"""What is said of figures on a terminal: the list of all, and the findings of one.

Main results
    listed      a row for each figure: what it shows, what it costs, what was seen last
    show_list   these as a table
    show        the findings of a figure: theory, hypotheses, statements
    count       how many statements were seen, in words
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from numerics import scales
from proofs.screen import console

SEEN = {True: "seen", False: "not seen", None: "undecided"}
Row = dict[str, Any]


def count(statements: Sequence[Row]) -> str:
    """How many statements were seen, in words.

    >>> count([{"seen": True}, {"seen": False}, {"seen": None}])
    '1 of 3 seen, 1 not seen, 1 undecided'
    """
    seen = [statement["seen"] for statement in statements]
    others = [f", {seen.count(value)} {SEEN[value]}" for value in (False, None) if value in seen]
    return f"{seen.count(True)} of {len(seen)} seen{''.join(others)}"


def listed() -> list[Row]:
    """A row for each figure."""
    from numerics import experiments
    from numerics.experiments.record import in_part, kept

    rows = []
    for name in experiments.FIGURES:
        figure, last, part = experiments.find(name), kept(name), in_part(name)
        judged = last["statements"] if last else []
        statements = [
            {
                "id": statement.id,
                "text": statement.text,
                "seen": {one["reading"]: one["seen"] for one in judged if one["id"] == statement.id},
            }
            for statement in figure.statements
        ]
        rows.append(
            {
                "id": name,
                "paper": name.partition("/")[0],
                "title": figure.title,
                "settings": {which: one.seconds for which, one in figure.settings.items()},
                "last": _told(last),
                "in_part": _told(part),
                "statements": statements,
            }
        )
    return rows


def show_list(rows: Sequence[Row]) -> None:
    """A table of all figures."""
    table = Table(show_edge=False)
    for head in ("figure", "what it shows", "small", "paper", "last finding"):
        table.add_column(head)
    for row in rows:
        last = row["last"]
        told = "; ".join(f"{one['found']} ({_when(one)})" for one in _both(last, row["in_part"])) or "not recorded"
        table.add_row(row["id"], row["title"], *(duration(row["settings"][x]) for x in ("small", "paper")), told)
    console().print(table)


def _told(kept: Row | None) -> Row | None:
    """Findings in short: how many statements were seen, what was left out of the setting, where and when."""
    if kept is None:
        return None
    how = {"setting": kept["setting"], "left_out": kept.get("left_out", [])}
    return {**how, "found": count(kept["statements"]), **kept["made"]}


def _both(last: Row | None, part: Row | None) -> list[Row]:
    """The last findings, and those of a part of the paper's setting where they are others."""
    return [one for one in (last, part if part != last else None) if one]


def _when(last: Row) -> str:
    """Setting and date."""
    return f"{last['setting']}{', in part' if last['left_out'] else ''}, {last['date']}"


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> duration(20), duration(600), duration(7200)
    ('20 s', '10 min', '2 h')
    """
    if seconds < 120:
        return f"{seconds:g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def show(findings: Row, out: Path) -> None:
    """Theory beside the run, hypotheses that it violates, and every statement."""
    screen = console()
    screen.print(f"{findings['figure']}  {findings['title']}")
    screen.print(scales.said("a loss is (1/n)‖X − W₂W₁X‖² + …", findings["scale"]))
    for left_out in findings["left_out"]:
        screen.print(f"left out     {left_out}")
    if findings["theory"]:
        theory = Table(show_edge=False)
        for name in ("exact theory", "predicted", "measured", "deviation"):
            theory.add_column(name, justify="left" if name == "exact theory" else "right")
        for one in findings["theory"]:
            told = [shortly(one[name]) for name in ("predicted", "measured")]
            deviation = "–" if one["deviation"] is None else f"{one['deviation']:.2g}"
            theory.add_row(_read_as(one["what"], one["reading"]), *told, deviation)
        screen.print(theory)
    for violated in findings["violated"]:
        said = f"{violated['of']}: {violated['assumes']}; {violated['but']}"
        screen.print(f"hypothesis   {_read_as(said, violated['reading'])}")
    statements = Table(show_edge=False)
    for name in ("the paper says", "", "judged by"):
        statements.add_column(name)
    for one in findings["statements"]:
        text = f"{_read_as(one['text'], one['reading'])}  ({one['where']})"
        statements.add_row(text, SEEN[one["seen"]], one["judged"])
    screen.print(statements)
    screen.print(f"written      {out}/data.csv, figure.svg, findings.json")


def _read_as(text: str, reading: str) -> str:
    return f"[{reading}] {text}" if reading else text


def shortly(value: Any) -> str:
    """A number, or the first few of several."""
    if not isinstance(value, list):
        return "–" if value is None else f"{value:.4g}"
    few = ", ".join(shortly(one) for one in value[:3])
    return f"{few}, …" if len(value) > 3 else few
