"""What `lae trust` prints.

Main results
    page    the kernel, the facts, the claims that rest on others, those that are argued
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from proofs.trust import Trust


def page(found: Trust) -> Group:
    """The kernel first, then what it takes from outside."""
    total = sum(found.kernel.values())
    proved = found.verdicts.get("proved", 0)
    body: list[RenderableType] = [
        Text.assemble(
            (f"{proved} claims are proved", "bold"), ": a rule of the kernel made a theorem that says just them."
        ),
        Text(f"The kernel: {len(found.kernel)} files, {total} lines. Nothing else can make a theorem."),
        lines(found.kernel),
        Text(),
        Text("Facts of the literature that it takes", "bold"),
        users([(f"{f.name}: {f.says}", f.source, ids) for f, ids in found.facts]),
        Text(),
        Text("No solver is taken on its word."),
    ]
    if found.uses:
        body += [Text(), Text("Claims that rest on claims", "bold")]
        body += [Text(f"  {claim} on {other}") for claim, other in found.uses]
    if found.argued:
        body += [Text(), Text("Claims that are argued, on our word for a step: none of it counts as a proof", "bold")]
        body += [Text(f"  {claim}: {argument}") for claim, argument in found.argued]
    return Group(*body)


def lines(kernel: dict[str, int]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, count in kernel.items():
        table.add_row(name, Text(str(count), justify="right"))
    return table


def users(rows: Sequence[tuple[str, str, tuple[str, ...]]]) -> RenderableType:
    """What is taken, from where, and the claims that rest on it."""
    if not rows:
        return Text("  none")
    table = Table(box=None, show_header=False, padding=(0, 2), expand=False)
    for name, source, ids in rows:
        table.add_row(
            Text(name), Text(source, "dim"), Text(f"{len(ids)} claims" + (f": {', '.join(ids)}" if ids else ""))
        )
    return table
