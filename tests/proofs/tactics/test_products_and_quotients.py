"""Quotients over positive quantities, products of positive factors, and order alone."""

from __future__ import annotations

import pytest

from proofs.kernel.expressions import Family, Sym, integer, lift
from proofs.kernel.propositions import Every, Rel
from proofs.tactics.prove import Ground, NotFound

x, y, z = Sym("x"), Sym("y"), Sym("z")
f, i, k, m = Family("f"), integer("i"), integer("k"), integer("m")
ZERO, ONE = lift(0), lift(1)
FALLING = Every(i, ONE, m - 1, Rel(f[i], "≥", f[i + 1]))
SIZES = (Rel(ONE, "≤", k), Rel(k, "≤", m))


@pytest.mark.parametrize(
    ("given", "goal"),
    [
        ((Rel(x, "<", y), Rel(y, ">", ZERO)), Rel(1 - x / y, ">", ZERO)),
        ((Rel(x, "≤", y**2), Rel(y, ">", ZERO)), Rel(1 - x * y**-2, "≥", ZERO)),
        ((Rel(x, ">", y), Rel(z, ">", ZERO)), Rel(2 * (x - y) * z, ">", ZERO)),
        ((FALLING, *SIZES, Rel(f[k], ">", ZERO), Rel(f[m], "≥", ZERO)), Rel(f[1], "≠", ZERO)),
    ],
)
def test_proved(given: tuple, goal: Rel) -> None:
    assert Ground.of(given).prove(goal).says == goal


@pytest.mark.parametrize(
    ("given", "goal"),
    [
        ((Rel(x, "<", y),), Rel(1 - x / y, ">", ZERO)),
        ((Rel(x, "≤", y), Rel(y, ">", ZERO)), Rel(1 - x / y, ">", ZERO)),
        ((Rel(x, "<", y), Rel(y, "<", ZERO)), Rel(1 - x / y, ">", ZERO)),
        ((Rel(x, ">", y),), Rel((x - y) * z, ">", ZERO)),
        ((Rel(x, ">", y), Rel(z, ">", ZERO)), Rel(-2 * (x - y) * z, ">", ZERO)),
        ((FALLING, *SIZES, Rel(f[k], ">", ZERO)), Rel(f[m], "≠", ZERO)),
    ],
)
def test_not_proved(given: tuple, goal: Rel) -> None:
    with pytest.raises(NotFound):
        Ground.of(given).prove(goal)
