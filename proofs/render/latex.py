"""LaTeX documents: derivations and errata, for pdflatex with amsmath and amssymb.

Main results
    derivation_document     a derivation, each link marked in the margin with its reason
    errata_document         what is printed, why it fails, what holds instead
    claims_document         claims in full: what is given, what every witness found, the proof
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from proofs.algebra.printing import latex, text
from proofs.check import Checked
from proofs.claim import Counterexample, Evidence, Verdict
from proofs.derive import Derivation, Passage, Shown, displays
from proofs.proof import ProofStep, tree, words
from proofs.render.breaking import implications, latex_lines, latex_width
from proofs.render.particulars import Particular, particulars
from proofs.render.unicode import JUDGED, PHRASE, math, plain, prose, safe, value

LINE = 60.0  # letters that fit into a line of the page, beside a mark
SHORT = 24.0  # a first member up to this width has the first relation on its line
NOTE = 34  # characters of a reason that fit into the margin
MARKS = {"✓": r"\holds", "✗": r"\fails", "?": r"\undecided", "≈": r"$\approx$", "": ""}

PREAMBLE = r"""\documentclass[10pt,fleqn]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\setlength{\textwidth}{6.5in} \setlength{\oddsidemargin}{0in}
\setlength{\textheight}{9.2in} \setlength{\topmargin}{-0.5in}
\setlength{\parindent}{0pt} \setlength{\parskip}{4pt plus 2pt}
\setlength{\emergencystretch}{3em} \setcounter{MaxMatrixCols}{30} \allowdisplaybreaks
\newcommand{\holds}{\ensuremath{\checkmark}}
\newcommand{\fails}{\ensuremath{\boldsymbol{\times}}}
\newcommand{\undecided}{\textbf{?}}
\setlength{\mathindent}{1.6em}
\newcommand{\heading}[3]{\makebox[1.6em][l]{#1}{\small #2\hfill\textit{#3}}\par\nopagebreak}
\newcommand{\step}[3]{\par\addvspace{14pt plus 4pt}\heading{#1}{\texttt{#2}}{#3}}
\newcommand{\instead}[3]{\par\addvspace{6pt plus 2pt}\heading{#1}{\textit{instead}\enspace\texttt{#2}}{#3}}
\newcommand{\margin}[2]{{\footnotesize\textrm{#1}\enspace #2}}
\newcommand{\point}[2]{\makebox[6.5em][l]{\textbf{#1}}\parbox[t]{\dimexpr\linewidth-6.5em}{\raggedright #2\strut}}
\newenvironment{aside}
  {\begin{list}{}{\setlength{\leftmargin}{1.6em}\setlength{\topsep}{2pt}\setlength{\parsep}{2pt}}\item[]}
  {\end{list}}
\begin{document}
"""
END = "\n\\end{document}\n"


# -- documents -------------------------------------------------------------------------------------


def derivation_document(found: Derivation) -> str:
    """A whole document; every link of every step has its mark and its reason in the margin."""
    body = [
        rf"\begin{{center}}\Large Derivation of \texttt{{{plain(found.prefix)}}}\end{{center}}",
        legend(found.checked),
    ]
    for chapter in found.chapters:
        body.append(rf"\section*{{{prose(chapter.title)}}}")
        body.extend(piece for s in chapter.steps for piece in step(s))
    return PREAMBLE + "\n".join(body) + END


def errata_document(pairs: Sequence[tuple[Checked, Checked | None]]) -> str:
    """A whole document; an erratum is a step that fails, its counterexample, and what holds instead."""
    body = [r"\begin{center}\Large Errata\end{center}"]
    for wrong, right in pairs:
        better = Passage(right, tuple(displays(right))) if right else None
        body.extend(step(Passage(wrong, tuple(displays(wrong)), better)))
    return PREAMBLE + "\n".join(body) + END


def claims_document(checked: Sequence[Checked]) -> str:
    """A whole document with all that is known of some claims."""
    every = {c.claim.id: c for c in checked}
    return PREAMBLE + "\n".join(piece for c in checked for piece in claim_in_full(c, every)) + END


def legend(checked: Sequence[Checked]) -> str:
    count = {v: sum(c.decision.verdict == v for c in checked) for v in Verdict}
    found = ", ".join(f"{number} {v}" for v, number in count.items() if number)
    return (
        rf"Every link below was decided as it was printed: \holds\ holds, \fails\ fails, \undecided\ is not decided. "
        rf"{len(checked)} claims: {found}."
    )


# -- steps -----------------------------------------------------------------------------------------


def step(s: Passage, command: str = "step") -> Iterator[str]:
    """A step; what fails is followed by the counterexample and by what holds instead."""
    claim, decision = s.checked.claim, s.checked.decision
    scope = "" if decision.verdict == Verdict.REFUTED else f", {decision.scope}"
    yield rf"\{command}{{{mark(s)}}}{{{plain(claim.id)}}}{{{prose(f'{decision.verdict}{clip(scope)}')}}}"
    yield prose(claim.sentence)
    if claim.given:
        yield rf"{{\small Given ${'$; $'.join(safe(h.tex) for h in claim.given)}$.}}"
    if claim.convention:
        yield rf"{{\small Convention: {prose(claim.convention)}.}}"
    yield from formulas(s.displays, claim.tag)
    if decision.counterexample:
        yield failure(s.checked, decision.counterexample)
    if claim.note:
        yield rf"{{\small {prose(claim.note)}}}"
    if s.correction:
        yield from step(s.correction, "instead")


def mark(s: Passage) -> str:
    verdict = s.checked.decision.verdict
    if verdict == Verdict.REFUTED:
        return r"\fails"
    return r"\holds" if verdict in (Verdict.PROVED, Verdict.CERTIFIED) else r"\undecided"


def clip(scope: str, length: int = 44) -> str:
    return scope if len(scope) <= length else scope[: scope.rfind(" ", 0, length)].rstrip(";, ") + " …"


def formulas(displays: Sequence[Sequence[Shown]], tag: str) -> Iterator[str]:
    """The displays of a step, aligned at their relations, one relation per line, reasons and marks in the margin."""
    notes: list[str] = []
    displays = [opened(display) for display in displays]
    short = all(len(display) > 1 and latex_width(display[0].latex) <= SHORT for display in displays)
    blocks = [
        " \\\\\n".join(alignment(display, short, tag if number == 0 else "", notes))
        for number, display in enumerate(displays)
    ]
    yield "\\begin{align*}\n" + " \\\\[4pt]\n".join(blocks) + "\n\\end{align*}"
    for number, note in enumerate(notes):
        yield rf"{{\footnotesize ({chr(97 + number)})\enspace {prose(note)}\par}}"
    yield from because([known for display in displays for link in display for known in link.proof])


def because(proof: Sequence[tuple[int, ProofStep]]) -> Iterator[str]:
    """The steps that the links follow from, each once, deeper ones further in."""
    told = dict.fromkeys(proof)
    if told:
        yield r"\begin{aside}\footnotesize "
        for level, known in told:
            first, *rest = latex_lines(known.latex, 1.5 * LINE, 4)
            lines = [
                rf"$\displaystyle {first}$",
                *(rf"\newline\hspace*{{{level + 1}em}}$\displaystyle {{}}{x}$" for x in rest),
            ]
            yield rf"\par\hspace*{{{level}em}}{' '.join(lines)}\enspace\textrm{{{prose(words(known.rule))}}}"
        yield r"\end{aside}"


def alignment(display: Sequence[Shown], short: bool, tag: str, notes: list[str]) -> Iterator[str]:
    """The rows of the display; reasons too long for the margin go to the notes."""
    first, *rest = display
    if not short:
        lines = list(rows("&", first.latex, LINE))
        yield from lines[:-1]
        yield lines[-1] + ("" if rest else margin(first, tag, notes))
    limit = LINE - (latex_width(first.latex) if short else 2)
    lead, hang = ("&", r"&\qquad ") if short else (r"&\quad ", r"&\qquad\quad ")
    for number, link in enumerate(rest):
        # \relax: a bracket at the beginning of a row would be taken for an argument of the line break
        start = rf"\relax {first.latex}" if short and number == 0 else ""
        lines = list(rows(f"{start} {lead}{link.relation_latex} ", link.latex, limit, hang))
        yield from lines[:-1]
        yield lines[-1] + margin(link, tag if link is rest[-1] else "", notes)


def opened(display: Sequence[Shown]) -> list[Shown]:
    """A statement that is no chain is cut at its implications; its mark stays at the end."""
    if len(display) > 1:
        return list(display)
    links = [Shown(side, side, sign, sign) for sign, side in implications(display[0].latex)]
    return [*links[:-1], replace(links[-1], mark=display[0].mark, reason=display[0].reason)]


def rows(head: str, body: str, limit: float, hang: str = r"&\quad ") -> Iterator[str]:
    first, *rest = latex_lines(body, limit, 4)
    yield head + first
    yield from (f"{hang}{{}}{line}" for line in rest)


def margin(link: Shown, tag: str, notes: list[str]) -> str:
    """The mark of a link with its reason and the printed number, at the right margin."""
    reason = link.reason
    if len(reason) > NOTE:
        if reason not in notes:
            notes.append(reason)
        reason = f"({chr(97 + notes.index(reason))})"
    number = rf"\enspace({plain(tag)})" if tag else ""
    return rf" \tag*{{\margin{{{prose(reason)}}}{{{MARKS[link.mark]}}}{number}}}"


def failure(checked: Checked, example: Counterexample) -> str:
    """Where it fails, and both sides there."""
    at = instance(example.instance)
    names = side_names(checked, list(example.sides))
    sides = [rf"\par {name} ${value(v)}$" for name, v in zip(names, example.sides.values(), strict=True)]
    remark = prose(example.remark)
    lines = [rf"\textbf{{Fails}}{' at ' + at if at else ''}{'' if sides else ': ' + remark}", *sides]
    if sides and remark:
        lines.append(rf"\quad({remark})")
    return "\\begin{aside}\n" + "\n".join(lines) + "\n\\end{aside}"


def instance(at: dict[str, str]) -> str:
    """Exact values by their names."""
    return ", ".join(f"${math(name)} = {value(v)}$" for name, v in at.items())


def side_names(checked: Checked, names: Sequence[str]) -> list[str]:
    """The sides by their formulas, or as left and right where these are long."""
    printed = {text(p): latex(p) for p in checked.claim.printed.parts}
    formulas = [printed.get(name, "") for name in names]
    if all(f and latex_width(f) <= LINE / 2 for f in formulas):
        return [f"${f} =$" if latex_width(f) > 1 else "right side:" for f in formulas]
    if len(names) == 2 and all(formulas):
        return ["left side:", "right side:"]
    return [prose(name) + ":" for name in names]


# -- a claim in full -------------------------------------------------------------------------------


def claim_in_full(c: Checked, every: dict[str, Checked]) -> Iterator[str]:
    """The statement, its points, what each witness found step by step, and where it fails."""
    claim, decision = c.claim, c.decision
    s = Passage(c, tuple(displays(c)))
    yield rf"\step{{{mark(s)}}}{{{plain(claim.id)}}}{{{prose(', '.join((decision.verdict, decision.scope)))}}}"
    yield prose(claim.sentence)
    yield from formulas(s.displays, claim.tag)
    yield r"\begin{aside}\small"
    yield from map(point, particulars(c, every))
    yield r"\end{aside}"
    for e in decision.evidence:
        yield from witness(e)
    if decision.counterexample:
        yield failure(c, decision.counterexample)


def point(p: Particular) -> str:
    """What is told of a claim beside its statement."""
    told = instance(p.values) if p.values else rf"${safe(p.tex)}$" if p.tex else prose(p.told)
    added = prose(", ".join(filter(None, (p.verdict, p.aside))))
    return rf"\par\point{{{plain(p.name)}}}{{{told}\enspace {added}}}"


def witness(e: Evidence) -> Iterator[str]:
    """What a witness found, step by step, and the proof that it gives."""
    scope = f": {prose(e.scope)}" if e.scope else ""
    yield r"\begin{aside}\small"
    yield rf"\textbf{{{prose(e.method)}}}, {e.outcome}{scope}"
    yield from map(told, e.steps or ((e.detail,) if e.detail else ()))
    yield r"\end{aside}"
    yield from because([(level, known) for level, known in tree(e.proof) if level])


def told(line: str) -> str:
    """A line of a witness: a formula with its mark before it and a reason after it, or words."""
    found = JUDGED.fullmatch(line)
    if not found or PHRASE.search(found["formula"]):
        return rf"\par {prose(line)}"
    first, *rest = latex_lines(math(found["formula"]), 1.3 * LINE, 2)
    lines = [rf"$\displaystyle {first}$", *(rf"\newline\hspace*{{2em}}$\displaystyle {{}}{x}$" for x in rest)]
    reason = rf"\enspace\textrm{{{prose(found['reason'])}}}" if found["reason"] else ""
    return rf"\par\makebox[1.6em][l]{{{MARKS.get(found['mark'], plain(found['mark']))}}}{' '.join(lines)}{reason}"
