"""What attacks on the kernel share: a few names, and that an attack is refused.

Main results
    refused(attempt)    passes where the kernel makes no theorem
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import Captured
from proofs.kernel.expressions import Expr, Family, Sym, integer, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Every, Rel, rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem

k, m, n, i, j, l, b = (integer(s) for s in "kmnijlb")  # noqa: E741 - the papers' index
x, y, z, h = (Sym(s) for s in "xyzh")
α = Sym("α")
f, g, w, v = (Family(s) for s in "fgwv")
ONE, ZERO, TWO = lift(1), lift(0), lift(2)
given = rules.hypothesis
CONSTANT = (((), fmpq(1)),)
Attempt = Callable[[], Any]


def eq(left: Any, right: Any) -> Rel:
    return rel(left, "=", right)


def total(body: Any, var: Sym = l, lo: Any = ONE, hi: Any = k) -> E.Sum:
    return E.Sum(var, lift(lo), lift(hi), lift(body))


def each(body: Expr, var: Sym = l, lo: Any = ONE, hi: Any = k) -> Every:
    return Every(var, lift(lo), lift(hi), body)


def ring(left: Any, right: Any, *known: Theorem) -> Theorem:
    return rules.ring(eq(left, right), known)


def number(goal: Rel, gap: fmpq) -> Theorem:
    """A comparison of two numbers."""
    return rules.positive(goal, (), Positive((((), abs(gap)),), CONSTANT, 1 if gap > 0 or goal.op != "≠" else -1))


def refused(attempt: Attempt) -> None:
    """An attack fails: it is refused, or what it needs cannot even be built."""
    with pytest.raises((Refused, Undecided, Captured, ValueError)):
        attempt()
