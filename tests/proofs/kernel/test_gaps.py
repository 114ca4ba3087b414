"""Certificates of signs in quantities that are quotients: the denominators must be known not to be 0."""

from __future__ import annotations

import pytest
from flint import fmpq

from proofs.kernel import rules
from proofs.kernel.expressions import Sym, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Refused, recheck

x, y, z = Sym("x"), Sym("y"), Sym("z")
ZERO = lift(0)
given = rules.hypothesis
ONE = (((0, 0), fmpq(1)),)
PRODUCT = Positive((((1, 1), fmpq(1)),), ONE)
APART = given(Rel(y, "≠", ZERO))


def test_product_of_quotients() -> None:
    facts = (given(Rel(x / y, "≥", ZERO)), given(Rel(z / y, "≥", ZERO)))
    recheck(rules.positive(Rel(x * z / y**2, "≥", ZERO), facts, PRODUCT, (APART, *squared())))


def squared() -> tuple:
    return (given(Rel(y**2, "≠", ZERO)),)


@pytest.mark.parametrize(
    ("goal", "shape", "known"),
    [
        (Rel(x * z / y**2, "≥", ZERO), PRODUCT, squared()),  # y ≠ 0 is not known
        (Rel(x * z / y, "≥", ZERO), PRODUCT, (APART,)),
        (Rel(x * z, "≥", ZERO), PRODUCT, (APART,)),
        (Rel(x * z / y**2, ">", ZERO), PRODUCT, (APART, *squared())),
        (Rel(x * z / y**2, "≤", ZERO), PRODUCT, (APART, *squared())),
        (Rel(-1 * x * z / y**2, "≥", ZERO), Positive((((1, 1), fmpq(-1)),), ONE), (APART, *squared())),
        (Rel(y**2 / (x * z), "≥", ZERO), Positive(ONE, (((1, 1), fmpq(1)),)), (APART, given(Rel(x * z, "≠", ZERO)))),
    ],
)
def test_other_quotients_are_refused(goal: Rel, shape: Positive, known: tuple) -> None:
    facts = (given(Rel(x / y, "≥", ZERO)), given(Rel(z / y, "≥", ZERO)))
    with pytest.raises(Refused):
        rules.positive(goal, facts, shape, known)
