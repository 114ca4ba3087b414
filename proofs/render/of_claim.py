"""What a claim's page tells beside its statement: what it is given, its proofs, what holds instead, its mutants.

Main results
    particulars    all of it by name, for the template
    proof          the steps of a proof, nested
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from proofs.check import Checked, correction
from proofs.claim import Claim, Verdict
from proofs.proof import ProofStep, words
from proofs.render.addresses import address_of
from proofs.render.decided import Site, shown
from proofs.render.marked import difference
from proofs.render.particulars import ranges, without
from proofs.render.terminal import setting_beside

DEPTH = 24
"""How deep a proof is nested before it goes on from the top."""


def particulars(site: Site, c: Checked) -> dict[str, Any]:
    """What a claim's page tells beside its statement."""
    claim, decision = c.claim, c.decision
    necessity = {h["name"]: h for h in decision.hypotheses}
    better = correction(claim, site.every) if decision.verdict == Verdict.REFUTED else None
    return {
        "given": [(h, without(necessity.get(h.name))) for h in claim.given],
        "ranges": ranges(claim),
        "uses": site.used.get(claim.id, []),
        "used_by": site.used_by.get(claim.id, []),
        "better": better,
        "instead": shown(better) if better else (),
        "changes": difference(claim.printed.text(), better.claim.printed.text()) if better else (),
        "changed": setting_beside(better.claim, claim) if better else "",
        "dropped": setting_beside(claim, better.claim) if better else "",
        "proofs": [(e, proof(e.proof)) for e in decision.evidence],
        "mutants": mutants_of(claim),
        "fates": site.mutants.get(claim.id, {}),
        "source": source(claim),
        "code": code(claim),
        "permanent": address_of(claim.id),
        "version": version(),
    }


def mutants_of(claim: Claim) -> int:
    """How many formulas, each with one change, the claim is told from."""
    from proofs.mutation.statements import mutants

    try:
        return sum(1 for _ in mutants(claim.statement))
    except Exception:  # it cannot be built, which its verdict says
        return 0


def proof(steps: Sequence[ProofStep]) -> list[dict[str, Any]]:
    """The steps below the last one, nested; one that was told is not told again, one that lies deep begins anew."""
    told: set[int] = set()
    tops = [len(steps) - 1] if steps else []

    def below(place: int, depth: int) -> dict[str, Any]:
        leads = steps[place].follows_from
        again, deep = place in told, depth == DEPTH
        if deep and leads and place not in (*told, *tops):
            tops.append(place)
        elif not deep:
            told.add(place)
        remark = ", as above" if again and leads else ", continued below" if deep and leads else ""
        parts = [] if again or deep else [below(p, depth + 1) for p in leads]
        return {"tex": steps[place].latex, "rule": words(steps[place].rule) + remark, "parts": parts}

    return [below(top, 0) for top in tops]


def source(claim: Claim) -> str:
    """Module and line of a claim's function."""
    try:
        return f"{claim.module}, line {inspect.getsourcelines(claim.build)[1]}"
    except (OSError, TypeError):
        return claim.module


def code(claim: Claim) -> str:
    """A claim's function, as it is written."""
    try:
        return inspect.getsource(claim.build)
    except (OSError, TypeError):
        return ""


def version() -> str:
    """The version of this package."""
    try:
        return metadata.version("lae")
    except metadata.PackageNotFoundError:
        return "from sources"
