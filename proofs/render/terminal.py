"""What a terminal shows: the verdict table, one claim in full, the errata.

Main results
    verdict_table   a row per claim
    claim_page      one claim with all that is known of it
    errata_page     one erratum
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofs.check import Checked, correction
from proofs.claim import Claim, Counterexample, Evidence, Outcome, Verdict
from proofs.proof import ProofStep, tree, words
from proofs.render.breaking import text_lines
from proofs.render.particulars import Particular, particulars

if TYPE_CHECKING:
    from rich.console import RenderableType

    from proofs.derive import Derivation, Passage, Shown
    from proofs.export.accepted import Mark

STYLES = {
    Verdict.PROVED: "green",
    Verdict.CERTIFIED: "green",
    Verdict.SUPPORTED: "cyan",
    Verdict.REFUTED: "red",
    Verdict.OPEN: "yellow",
}
MARKS = {
    Outcome.PROVED: "✓",
    Outcome.ARGUED: "≈",
    Outcome.CERTIFIED: "✓",
    Outcome.SUPPORTED: "~",
    Outcome.FAILS: "✗",
    Outcome.UNDECIDED: "?",
}
MARK_STYLES = {"✓": "green", "✗": "red", "?": "yellow"}
LONG = 60  # characters of a value that are shown in a table
ROW = 120  # characters that a row tells of where a claim fails


def verdict(found: Verdict) -> Text:
    return Text(found.value, STYLES[found])


def formula(text: str, width: int) -> Text:
    """A formula, broken where a reader would break it."""
    return Text("\n".join(text_lines(text, width)), no_wrap=True, overflow="fold")


# -- the table of a run ----------------------------------------------------------------------------


def verdict_table(checked: Sequence[Checked], every: dict[str, Checked]) -> Table:
    """A row per claim: its id, its verdict, and for what or by what counterexample.

    Parameters
    ----------
    every
        What is known of other claims, for the corrections of refuted ones.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("claim", overflow="fold", min_width=24)
    table.add_column("verdict", no_wrap=True)
    table.add_column("for what, or where it fails", overflow="fold", ratio=1)
    for c in checked:
        shown = verdict(c.decision.verdict).append(" ✓ Coq" if c.coq and c.coq.accepted else "", "bold")
        table.add_row(c.claim.id, shown, found(c, every), style="red" if c.raises else None)
    return table


def found(c: Checked, every: dict[str, Checked]) -> Text:
    """The scope of a verdict; of a refutation the counterexample and the correction."""
    if c.decision.verdict != Verdict.REFUTED:
        return Text(c.decision.scope)
    text = Text(shortened(c.decision.counterexample) if c.decision.counterexample else c.decision.scope)
    if better := correction(c.claim, every):
        text.append("\ncorrected: ", "dim").append(verdict(better.decision.verdict))
    return text


def shortened(example: Counterexample) -> str:
    """The sizes and the two values, if they are short."""
    sizes = ", ".join(f"{name} = {value}" for name, value in example.instance.items() if len(value) <= 4)
    values = list(example.sides.values())
    if len(values) == 2 and values[0] != values[1] and all(len(v) <= LONG for v in values):
        return f"{sizes}: {values[0]} against {values[1]}"
    told = ": ".join(filter(None, (sizes, example.remark)))
    return told if len(told) <= ROW else told[: ROW - 1] + "…"


def totals(checked: Sequence[Checked], seconds: float) -> Text:
    """How many of each verdict, and the time."""
    count = Counter(c.decision.verdict for c in checked)
    cached = sum(c.cached for c in checked)
    text = Text(f"{len(checked)} claim{'s' * (len(checked) != 1)}: ")
    parts = [Text(f"{count[v]} {v}", STYLES[v]) for v in Verdict if count[v]]
    text.append(Text(", ").join(parts))
    errata = sum(c.claim.correction_of is None and c.decision.verdict == Verdict.REFUTED for c in checked)
    if errata:
        text.append(f"  ·  {errata} errata, see lae errata")
    if any(c.coq for c in checked):
        text.append(f"  ·  {sum(bool(c.coq and c.coq.accepted) for c in checked)} accepted by Coq", "bold")
    return text.append(f"  ·  {seconds:.1f} s" + (f", {cached} from the cache" if cached else ""), "dim")


# -- one claim -------------------------------------------------------------------------------------


def claim_page(c: Checked, every: dict[str, Checked], width: int) -> Group:
    """All that is known of a claim."""
    claim, decision = c.claim, c.decision
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for p in particulars(c, every):
        facts.add_row(p.name, point(p))
    head = Text.assemble((claim.id, "bold"), "  ", verdict(decision.verdict), (f"  {decision.scope}", "dim"))
    body: list[RenderableType] = [
        head,
        Text(claim.sentence),
        Text(),
        Padding(formula(claim.printed.text(), width - 4), (0, 0, 0, 2)),
        Text(),
        facts,
    ]
    for e in decision.evidence:
        body += [Text(), *witness(e, width)]
    if c.coq:
        body += [Text(), *in_coq(c.coq)]
    if decision.counterexample:
        body += [
            Text(),
            Text("Counterexample", "bold"),
            Padding(counterexample(decision.counterexample), (0, 0, 0, 2)),
        ]
    return Group(*body)


def mutants(told: str) -> Group:
    """What became of the mutants of a claim."""
    return Group(Text(), Text.assemble(("Mutants", "bold"), f"  {told}"))


def point(p: Particular) -> Text:
    """What is told of a claim beside its statement."""
    if p.values:
        return Text(instance(p.values))
    if p.verdict:
        return Text.assemble(f"{p.told}, ", verdict(p.verdict), f", {p.aside}")
    return Text.assemble(p.told, (f"  {p.aside}" if p.aside else "", "dim"))


def instance(at: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in at.items())


def witness(e: Evidence, width: int) -> Iterator[RenderableType]:
    """What a witness found, step by step."""
    yield Text.assemble((f"{MARKS[e.outcome]} ", "bold"), (e.method, "bold"), f"  {e.outcome}", (f"  {e.scope}", "dim"))
    lines = e.steps or ((e.detail,) if e.detail else ())
    for line in lines:
        yield Padding(formula(line, width - 6), (0, 0, 0, 2))
    below = [(level, step) for level, step in tree(e.proof) if level]
    if below:
        yield Padding(Text("proof", "dim"), (0, 0, 0, 2))
    for level, step in below:
        yield Padding(formula(f"{step.says} — {words(step.rule)}", width - 6 - 2 * level), (0, 0, 0, 2 + 2 * level))


def in_coq(mark: Mark) -> Iterator[RenderableType]:
    """What a claim says in Coq, Coq's answer, and what is trusted where that is yes."""
    if mark.lacking:
        yield Text.assemble(("Coq", "bold"), (f"  not stated there: no counterpart of {mark.lacking}", "dim"))
        return
    answer = {True: "✓ accepted", False: "? not accepted", None: "not asked: lae check --coq"}[mark.accepted]
    yield Text.assemble(("Coq", "bold"), f"  {answer}")
    for theorem in mark.theorems:
        yield Padding(Text(theorem), (0, 0, 0, 2))
    yield Padding(Text(f"trusted there: {'; '.join(mark.trusts)}", "dim"), (0, 0, 0, 2))


def counterexample(example: Counterexample) -> Group:
    """The instance, and both sides there."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(overflow="fold", max_width=48)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in example.sides.items():
        table.add_row(name, "=", value)
    body: list[RenderableType] = [Text(instance(example.instance))] if example.instance else []
    body += [table] if example.sides else []
    return Group(*body, *([Text(example.remark, "dim")] if example.remark else []))


# -- derivations -----------------------------------------------------------------------------------


def derivation_page(found: Derivation, width: int) -> Group:
    """Every step with its links; marks stand at the left, reasons below what they are reasons for."""
    body: list[RenderableType] = []
    for chapter in found.chapters:
        body += [Text(chapter.title, "bold"), Text("═" * min(len(chapter.title), width)), Text()]
        for s in chapter.steps:
            body += [*step(s, width), Text()]
    return Group(*body)


def step(s: Passage, width: int, indent: int = 0) -> Iterator[RenderableType]:
    claim, decision = s.checked.claim, s.checked.decision
    head = Text.assemble(("instead  " if indent else ""), (claim.id, "bold"), "  ", verdict(decision.verdict))
    if decision.verdict != Verdict.REFUTED:
        head.append(f", {decision.scope}", "dim")
    lines: list[RenderableType] = [head, Text(claim.sentence)]
    if claim.given:
        lines.append(Text("given " + "; ".join(h.name for h in claim.given), "dim"))
    for number, display in enumerate(s.displays):
        lines += [Text(), display_lines(display, claim.tag if number == 0 else "", width - indent)]
    if decision.counterexample:
        lines += [
            Text(),
            Text("fails at", "red"),
            Padding(counterexample(decision.counterexample), (0, 0, 0, 2)),
        ]
    yield from (Padding(line, (0, 0, 0, indent)) for line in lines)
    if s.correction:
        yield Text()
        yield from step(s.correction, width, indent + 4)


def display_lines(display: Sequence[Shown], tag: str, width: int) -> Text:
    """A display: a line per link, more where it is long; reasons and the printed number at the right."""
    out = Text(no_wrap=True)
    for number, link in enumerate(display):
        lead = f"  {link.relation} " if link.relation else ""
        first, *rest = text_lines(link.text, width - 4 - len(lead) - len(tag), 2)
        out.append(f"{link.mark or ' ':3}", MARK_STYLES.get(link.mark, ""))
        lines = [lead + first, *(" " * len(lead) + line for line in rest)]
        if tag and number == 0:
            lines[0] += f"({tag})".rjust(width - 4 - len(lines[0]))
        out.append("\n   ".join(lines))
        out.append(margin(link.reason, len(lines[-1]) + 3, width), "dim")
        out.append("\n")
        for level, known in link.proof:
            out.append(because(level, known, width), "dim")
    out.rstrip()
    return out


def because(level: int, known: ProofStep, width: int) -> str:
    """A step that a link follows from, below it."""
    lead = " " * (5 + 2 * level) + ("as " if level == 1 else "")
    first, *rest = text_lines(known.says, width - len(lead) - 3, 2)
    lines = [lead + first, *(" " * len(lead) + line for line in rest)]
    return "\n".join(lines) + margin(words(known.rule), len(lines[-1]), width) + "\n"


def margin(reason: str, used: int, width: int) -> str:
    """A reason at the right of its line if there is room, else below it."""
    if not reason:
        return ""
    if used + len(reason) + 4 <= width:
        return reason.rjust(width - 1 - used)
    return "".join(f"\n{'':7}{line}" for line in wrap(reason, width - 10))


# -- errata ----------------------------------------------------------------------------------------


def errata_page(pairs: Iterable[tuple[Checked, Checked | None]], width: int) -> Group:
    """What is printed, why it fails, what holds instead."""
    body: list[RenderableType] = []
    for number, (wrong, right) in enumerate(pairs, 1):
        body += [*erratum(number, wrong, right, width), Text()]
    return Group(*body)


def erratum(number: int, wrong: Checked, right: Checked | None, width: int) -> Iterator[RenderableType]:
    claim = wrong.claim
    yield Text.assemble((f"{number}. {claim.id}", "bold"), (f"  {claim.where}", "dim"))
    yield Padding(Text(claim.sentence), (0, 0, 0, 3))
    yield labelled("printed", formula(claim.printed.text(), width - 16))
    if right and (given := setting_beside(claim, right.claim)):
        yield labelled("given", Text(given))
    if example := wrong.decision.counterexample:
        yield labelled("fails", counterexample(example) if example.instance or example.sides else Text(example.remark))
    if right is None:
        yield labelled("instead", Text("no correction is registered", "dim"))
        return
    yield labelled("instead", formula(right.claim.printed.text(), width - 16))
    if given := setting_beside(right.claim, claim):
        yield labelled("given", Text(given))
    yield labelled(
        "", Text.assemble(f"{right.claim.id}: ", verdict(right.decision.verdict), f", {right.decision.scope}")
    )
    if right.claim.note:
        yield labelled("", Text(right.claim.note, "dim"))


def setting_beside(claim: Claim, other: Claim) -> str:
    """What a claim supposes that another one does not: the formula may be the same, and only this corrected."""
    theirs = {h.name for h in other.given}
    names = [h.name for h in claim.given if h.name not in theirs]
    if claim.convention and claim.convention != other.convention:
        names.append(claim.convention)
    return "; ".join(names)


def labelled(name: str, content: RenderableType) -> Table:
    row = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    row.add_column(width=11, no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(Text(f"   {name}", "bold"), content)
    return row
