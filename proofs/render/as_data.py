"""Decisions as data: what ``lae check --json`` prints.

Main results
    record(checked)    one claim
    report(...)        a run
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from proofs.algebra.printing import latex, text
from proofs.check import Checked
from proofs.claim import Claim, Counterexample, Evidence
from proofs.kernel.expressions import Expr
from proofs.render.particulars import vocabulary
from proofs.sources import versions


def record(checked: Checked) -> dict[str, Any]:
    """A claim with its decision; formulas as LaTeX, rationals as strings p/q."""
    claim, decision = checked.claim, checked.decision
    return {
        "id": claim.id,
        "paper": claim.paper,
        "where": claim.where,
        "tag": claim.tag or None,
        "sentence": claim.sentence,
        "statement": claim.printed.latex(),
        "convention": claim.convention,
        "note": claim.note,
        "verdict": str(decision.verdict),
        "scope": decision.scope,
        "correction_of": claim.correction_of,
        "given": [{"text": text(p), "latex": latex(p)} for p in supposed(claim)],
        "letters": [asdict(word) for word in vocabulary(claim)],
        "rests_on": sorted({name for e in decision.evidence for name in e.rests_on}),
        "proof": [asdict(step) for e in decision.evidence for step in e.proof],
        "hypotheses": list(decision.hypotheses) or [{"name": h.name, "latex": h.tex} for h in claim.given],
        "sample": decision.sample or None,
        "evidence": [evidence(e) for e in decision.evidence],
        "counterexample": counterexample(decision.counterexample),
        "seconds": decision.seconds,
        **({"coq": {x: getattr(checked.coq, x) for x in COQ}} if checked.coq else {}),
    }


COQ = ("theorems", "lacking", "accepted", "trusts")


def supposed(claim: Claim) -> tuple[Expr, ...]:
    """Everything that is given, the ranges of integers too; nothing of a statement that does not conform."""
    try:
        return tuple(dict.fromkeys(claim.supposed(claim.statement)))
    except Exception:  # it cannot be built, which its verdict says
        return ()


def evidence(e: Evidence) -> dict[str, Any]:
    return {
        "method": e.method,
        "outcome": str(e.outcome),
        "scope": e.scope,
        "detail": e.detail,
        "steps": list(e.steps),
    }


def counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def report(checked: Sequence[Checked], seconds: float) -> dict[str, Any]:
    """A run: its claims, its time, and the versions that decided them."""
    return {"claims": [record(c) for c in checked], "seconds": round(seconds, 3), "versions": versions()}
