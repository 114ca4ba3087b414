"""Claims and decisions in a notebook.

Main results
    claim_html        sentence, formula, hypotheses
    decision_html     verdict, witnesses, counterexample
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from proofs.claim import Claim, Counterexample, Decision, Verdict
from proofs.render.unicode import math, safe, value

COLOURS = {
    Verdict.PROVED: "#1a7f37",
    Verdict.CERTIFIED: "#1a7f37",
    Verdict.SUPPORTED: "#0969da",
    Verdict.REFUTED: "#cf222e",
    Verdict.OPEN: "#9a6700",
}


def claim_html(claim: Claim) -> str:
    """A claim as a notebook shows it; formulas are set by the notebook's MathJax."""
    given = "; ".join(f"${escape(safe(h.tex))}$" for h in claim.given)
    lines = [
        f"<b>{escape(claim.id)}</b> <small>{escape(claim.where)}</small>",
        escape(claim.sentence),
        f"$$\\displaystyle {escape(claim.printed.latex())}$$",
        f"<small>given {given}</small>" if given else "",
        f"<small>{escape(claim.convention)}</small>" if claim.convention else "",
        f"<small>{escape(claim.note)}</small>" if claim.note else "",
    ]
    return paragraphs(lines)


def decision_html(decision: Decision) -> str:
    """A verdict with what each witness found."""
    badge = f'<b style="color:{COLOURS[decision.verdict]}">{decision.verdict}</b> {escape(decision.scope)}'
    rows = "".join(
        f"<tr><td style='text-align:left'>{escape(e.method)}</td><td style='text-align:left'>{e.outcome}</td>"
        f"<td style='text-align:left'>{'<br>'.join(map(escape, e.steps or (e.scope or e.detail,)))}</td></tr>"
        for e in decision.evidence
    )
    failure = counterexample_html(decision.counterexample) if decision.counterexample else ""
    return paragraphs([badge, f"<table>{rows}</table>", failure])


def counterexample_html(example: Counterexample) -> str:
    at = ", ".join(f"${escape(math(name))} = {escape(value(v))}$" for name, v in example.instance.items())
    sides = "<br>".join(f"{escape(name)} = ${escape(value(v))}$" for name, v in example.sides.items())
    return "<br>".join(filter(None, [f"<b>fails</b> {'at ' + at if at else ''}", sides, escape(example.remark)]))


def paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<div>{line}</div>" for line in lines if line)
