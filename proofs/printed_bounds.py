"""What the numbers of `lae bounds` are said to be: each has the id of a claim, and the claim says the formula.

`numerics` has the values, and knows nothing of claims but their ids. All claims take longer to import than a spectrum
to be measured, so that their formulas in print are kept in `bounds.json`; a test holds the file against the claims,
and every number against the exact value of its claim. `python -m proofs.printed_bounds` writes the file anew.

Main results
    stated      what a claim says a quantity is at least, or at most, as one expression
    formulas    that expression in print, by the id
    reproach    whose fault it is that a bound lies on the wrong side of the exact value
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.kernel.expressions import Expr

FILE = Path(__file__).with_name("bounds.json")
L2 = ("smin-below", "smin-above", "smax-below", "smax-above", "cond-below", "cond-above", "uniform", "uniform-sum")
NESTED = ("smax", "smin-below", "smin-above", "cond-below", "cond-above", "uniform", "uniform-beyond")
IDS = (
    "bao2020/B/smax-bound",
    "lae/bounds/l2/rotation",
    "bao2020/B/eq16",
    "bao2020/B/final+",
    "bao2020/B/final",
    *(f"lae/bounds/l2/{end}" for end in L2),
    *(f"bao2020/D/{end}" for end in ("smax", "smin", "ratio+", "final+")),
    *(f"lae/bounds/nested-dropout/{end}" for end in NESTED),
)
"""The claims that bound a curvature or the condition number, in the order in which they are printed."""


def stated(name: str) -> tuple[Expr, str, Expr]:
    """The bounded quantity, the relation, and the bound: the tightest one, where the claim leaves indices free.

    Examples
    --------
    >>> from proofs.algebra.printing import text
    >>> quantity, relation, bound = stated("bao2020/D/smin")
    >>> text(quantity), relation, text(bound)
    ('s_min(H)', '≤', 'min_{i=2..k} min_{j=1..i − 1} (σ_i² − σ_j²)(p_i − p_j)/4')
    """
    from proofs.bao2020.notation import DESCENDING_PAIR, ONE, TWO, i, j, k, m
    from proofs.claim import registry
    from proofs.kernel.expressions import Extremum
    from proofs.lae.bounds_every_prior import BEYOND
    from proofs.lae.numbering import u

    claim = registry()[name]
    statement: Any = claim.statement
    chain = getattr(statement, "members", (statement,))[-1]
    relation, bound = next(r for r in chain.relations if r != "=" or len(chain.relations) == 1), chain.parts[-1]
    kind = "min" if relation == "≤" else "max"
    if DESCENDING_PAIR in claim.given:
        bound = Extremum(kind, i, TWO, k, Extremum(kind, j, ONE, i - 1, bound))
    if BEYOND in claim.given:
        bound = Extremum(kind, u, k + 1, m, bound)
    return chain.parts[0], relation, bound


@cache
def formulas() -> dict[str, str]:
    """The bounds in print, by the ids of their claims, as recorded."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def printed() -> dict[str, str]:
    """The bounds in print, from the claims."""
    from proofs.algebra.printing import text

    return {name: text(stated(name)[2]) for name in IDS}


@cache
def reproach(name: str) -> tuple[bool, str]:
    """Whether a bound that looks violated may be so, and in words: where it is proved for all sizes, a number is wrong.

    Examples
    --------
    >>> reproach("bao2020/B/smax-bound")[0], reproach("bao2020/B/final")[0]
    (False, True)
    """
    from proofs.check import settle
    from proofs.claim import Verdict, registry

    claim = registry().get(name)
    if claim is None:
        return True, f"{name} is violated; it is no claim that is known"
    decision = settle(claim)
    if decision.verdict == Verdict.PROVED and decision.scope == "all sizes":
        return False, (
            f"{name} is proved for all sizes, and yet its number lies on the wrong side of the exact value: "
            "one of the two numbers is wrong, not the theorem; please report this input"
        )
    return True, f"{name} is violated; it is {decision.verdict} for {decision.scope}"


if __name__ == "__main__":
    FILE.write_text(json.dumps(printed(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
