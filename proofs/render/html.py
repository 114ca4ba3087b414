"""Claims and decisions in a notebook: the cards of the report, with their style.

Main results
    claim_html        sentence, formula, hypotheses
    decision_html     verdict, counterexample, witnesses with their proofs
"""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from proofs.check import Checked
from proofs.claim import Claim, Decision, Verdict
from proofs.render.decided import shown
from proofs.render.folded import Folded
from proofs.render.site import alone, style

UNDECIDED = Decision(Verdict.OPEN, "", (), None, 0.0)


def claim_html(claim: Claim) -> str:
    """A claim as a notebook shows it: nothing is decided for that."""
    displays = [[replace(link, mark="") for link in links] for links in shown(Checked(claim, UNDECIDED))]
    return card(claim=claim, displays=displays, decision=None)


def decision_html(decision: Decision) -> str:
    """A verdict with what each witness found."""
    return card(claim=None, decision=decision, proofs=Folded().all(decision.evidence))


def card(**values: object) -> str:
    """A card whose style ends with it: the rules are nested in its class."""
    within = str(style()).replace(":root {", "& {").replace("body {", "& {")
    return alone("card", **values, style=Markup(within))
