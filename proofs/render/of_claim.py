"""What a claim's page tells beside its statement: what it is given, its proofs, what holds instead, its mutants.

Main results
    particulars    all of it by name, for the template
"""

from __future__ import annotations

import inspect
from importlib import metadata
from typing import Any

from proofs.check import Checked, correction
from proofs.claim import Claim, Verdict
from proofs.render.addresses import address_of
from proofs.render.decided import Site, shown
from proofs.render.folded import Folded
from proofs.render.marked import difference
from proofs.render.particulars import ranges, vocabulary, without
from proofs.render.terminal import setting_beside


def particulars(site: Site, c: Checked) -> dict[str, Any]:
    """What a claim's page tells beside its statement."""
    claim, decision = c.claim, c.decision
    necessity = {h["name"]: h for h in decision.hypotheses}
    better = correction(claim, site.every) if decision.verdict == Verdict.REFUTED else None
    return {
        "given": [(h, without(necessity.get(h.name))) for h in claim.given],
        "ranges": ranges(claim),
        "letters": vocabulary(claim),
        "uses": site.used.get(claim.id, []),
        "used_by": site.used_by.get(claim.id, []),
        "better": better,
        "instead": shown(better) if better else (),
        "changes": difference(claim.printed.text(), better.claim.printed.text()) if better else (),
        "changed": setting_beside(better.claim, claim) if better else "",
        "dropped": setting_beside(claim, better.claim) if better else "",
        "proofs": Folded(site.homes, claim.id).all(decision.evidence),
        "mutants": mutants_of(claim),
        "fates": fates(site, claim),
        "source": source(claim),
        "code": code(claim),
        "permanent": address_of(claim.id),
        "version": version(),
    }


def fates(site: Site, claim: Claim) -> str:
    """What became of the mutants of a claim, if they were examined."""
    from proofs.mutation.kept import short

    return site.mutants[claim.id].text(short(claim)) if claim.id in site.mutants else ""


def mutants_of(claim: Claim) -> int:
    """How many formulas, each with one change, the claim is told from."""
    from proofs.mutation.statements import mutants

    try:
        return sum(1 for _ in mutants(claim.statement))
    except Exception:  # it cannot be built, which its verdict says
        return 0


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
