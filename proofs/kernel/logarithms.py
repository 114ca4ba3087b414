"""The laws of exponentials and logarithms, facts of the literature.

Main results
    exponential_sign    exp x > 0
    exponents           exp(x + y) = exp x exp y
    logarithm           exp(log x) = x for x > 0, log(exp x) = x
"""

from __future__ import annotations

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.rules import Said, same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem

laws = fact(
    "exponential and logarithm",
    "exp is positive and turns sums into products; log is its inverse.",
    "W. Rudin, Principles of Mathematical Analysis, 3rd edition, 1976, Theorem 8.6 and (39)–(42)",
)


@laws
def exponential_sign(x: Expr) -> Said:
    """exp x > 0.

    Proof. exp x exp(−x) = exp 0 = 1, so that exp x ≠ 0; and exp x = exp(x/2)² ≥ 0.
    """
    want(x.is_scalar, "a scalar")
    return [], Rel(E.exp(x), ">", ZERO)


@laws
def exponents(x: Expr, y: Expr) -> Said:
    """exp(x + y) = exp x · exp y.

    Proof. exp(t + y) exp(−t) has the derivative 0 by t, so that it is exp y for every t; for y = 0 it says exp t
    exp(−t) = 1. Multiplied by exp t, exp(t + y) = exp t exp y.
    """
    want(x.is_scalar and y.is_scalar, "scalars")
    return [], Rel(E.exp(x + y), "=", E.exp(x) * E.exp(y))


@laws
def logarithm(x: Expr, t: Theorem | None = None) -> Said:
    """From x > 0: exp(log x) = x; log(exp x) = x.

    Proof. exp increases strictly from 0 to ∞ and so takes every positive value once. log x is where it takes x.
    """
    want(x.is_scalar, "a scalar")
    if t is None:
        return [], Rel(E.log(E.exp(x)), "=", x)
    want(same(t.says, Rel(x, ">", ZERO)), f"{x} may not be positive")
    return [], Rel(E.exp(E.log(x)), "=", x)
