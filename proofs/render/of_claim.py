"""What a claim's page tells beside its statement: what it is given, its proofs, what holds instead, its mutants.

Main results
    particulars    all of it by name, for the template
    proof          the steps of a proof, nested
"""

from __future__ import annotations

import hashlib
import inspect
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from proofs.check import Checked, correction
from proofs.claim import Claim, Verdict
from proofs.proof import ProofStep, words
from proofs.render.addresses import address_of
from proofs.render.decided import Site, shown
from proofs.render.marked import difference
from proofs.render.particulars import ranges, vocabulary, without
from proofs.render.terminal import setting_beside

LONG = 30
"""Letters of LaTeX of a step that is called by its number where it is told again."""
AGAIN, DEEP = ", as above", ", continued below"
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
        "letters": vocabulary(claim),
        "uses": site.used.get(claim.id, []),
        "used_by": site.used_by.get(claim.id, []),
        "better": better,
        "instead": shown(better) if better else (),
        "changes": difference(claim.printed.text(), better.claim.printed.text()) if better else (),
        "changed": setting_beside(better.claim, claim) if better else "",
        "dropped": setting_beside(claim, better.claim) if better else "",
        "proofs": [(e, proof(e.proof)) for e in decision.evidence],
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


def proof(steps: Sequence[ProofStep]) -> list[dict[str, Any]]:
    """The steps below the last one, nested; one that was told is not told again, one that lies deep begins anew.

    A step that others go back to has a number, by which they call it where it is long.
    """
    last = len(steps) - 1
    told: set[int] = set()
    tops = [last] if steps else []
    uses = Counter(p for step in steps for p in step.follows_from)
    key = hashlib.sha256(repr(steps).encode()).hexdigest()[:8]

    def below(place: int, depth: int) -> dict[str, Any]:
        step = steps[place]
        again = depth > 0 and place in told
        deep = not again and depth == DEPTH and bool(step.follows_from)
        told.add(place)
        if deep:
            tops.append(place)
        called = uses[place] > 1 or deep or (depth == 0 and place != last)
        return {
            "tex": step.latex,
            "number": place + 1,
            "id": f"{key}-{place + 1}" if called and len(step.latex) > LONG else "",
            "elsewhere": again or deep,
            "rule": words(step.rule) + ("" if not step.follows_from else AGAIN * again + DEEP * deep),
            "parts": [] if again or deep else [below(p, depth + 1) for p in step.follows_from],
        }

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
