"""The eigenvalues of a small symmetric matrix from the coefficients of its characteristic polynomial.

Its roots are real. Where it is a product of factors xʳ − e_1 xʳ⁻¹ + e_2 xʳ⁻² − … with e_1, …, e_r > 0, none of them is
0 or less, as such a factor has the sign of (−1)ʳ there; and then

    (e_1² − 2e_2)/e_1 ≤ the largest ≤ (e_1² − e_2)/e_1,

as Σx² ≤ max x · Σx ≤ (Σx)² − Σ_{a<b} x_a x_b for positive x; the same for their inverses encloses the smallest.

Main results
    characteristic    the product of factors
    some_root         s_min ≤ and s_max ≥ the bound of a factor from inside
    definite          s_min > 0
    every_root        s_min ≥ c and s_max ≤ c from a bound of every factor from outside
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from proofs.kernel import expressions as E
from proofs.kernel.binding import free
from proofs.kernel.expressions import Det, Expr, Sym, lift
from proofs.kernel.propositions import MIRROR, ZERO, Rel
from proofs.kernel.rules import Said, among, same, want
from proofs.kernel.spectrum import extreme, spectral, symmetric
from proofs.kernel.theorem import Theorem

Factor = tuple[Expr, ...]
"""e_1, …, e_r."""


def at(e: Factor, r: int) -> Expr:
    return lift(1) if r == 0 else e[r - 1] if r > 0 else lift(0)


def largest_above(e: Factor) -> Expr:
    """The largest root is at most (e_1² − e_2)/e_1."""
    return e[0] if len(e) == 1 else (e[0] ** 2 - e[1]) / e[0]


def largest_below(e: Factor) -> Expr:
    """The largest root is at least (e_1² − 2e_2)/e_1."""
    return e[0] if len(e) == 1 else (e[0] ** 2 - 2 * e[1]) / e[0]


def smallest_below(e: Factor) -> Expr:
    """The smallest root is at least e_{r−1}e_r/(e_{r−1}² − e_{r−2}e_r)."""
    r = len(e)
    return e[0] if r == 1 else at(e, r - 1) * e[-1] / (at(e, r - 1) ** 2 - at(e, r - 2) * e[-1])


def smallest_above(e: Factor) -> Expr:
    """The smallest root is at most e_{r−1}e_r/(e_{r−1}² − 2e_{r−2}e_r)."""
    r = len(e)
    return e[0] if r == 1 else at(e, r - 1) * e[-1] / (at(e, r - 1) ** 2 - 2 * at(e, r - 2) * e[-1])


INSIDE = {"s_min": smallest_above, "s_max": largest_below}
OUTSIDE = {"s_min": smallest_below, "s_max": largest_above}


def characteristic(factors: Sequence[Factor], x: Expr) -> Expr:
    """Π (xʳ − e_1 xʳ⁻¹ + e_2 xʳ⁻² − …)."""
    polynomials = [E.add(*((-1) ** q * at(e, q) * x ** (len(e) - q) for q in range(len(e) + 1))) for e in factors]
    return polynomials[0] if len(polynomials) == 1 else E.mul(*polynomials)


def taylor(e: Factor, c: Expr, order: int, kind: str) -> Expr:
    """The coefficient of yᵒ of f(c + y), or of (−1)ʳ f(c − y) for s_min."""
    r = len(e)
    terms = [(-1) ** q * comb(r - q, order) * at(e, q) * c ** (r - q - order) for q in range(r - order + 1)]
    return E.add(*terms) if kind == "s_max" else (-1) ** (r - order) * E.add(*terms)


def factored(e: Expr, t: Theorem, x: Sym, factors: Sequence[Factor], even: Theorem | None) -> str:
    """s_min or s_max of a symmetric matrix, det(xI − M) being known to be the product of the factors for every x."""
    own = extreme(e, ("s_min", "s_max"))
    want(same(lift(own.null), ZERO), "eigenvalues are left out")
    matrix, size = own.matrix, own.matrix.shape[0]
    symmetric(matrix, even)
    want(isinstance(size, int) and size > 0 and isinstance(x, Sym) and x.sort == E.Sort.REAL, "no matrix of known size")
    says = Rel(Det(x * E.Eye(size) - matrix, size), "=", characteristic(factors, x))
    want(same(t.says, says), f"{t.says} is not {says}")
    speaks = (matrix, *(e for f in factors for e in f), *t.given)
    want(not any(x in free(p) for p in speaks), f"{x} is not any number")
    want(all(factors), "a factor without coefficients")
    return own.kind


def positive(e: Factor, signs: Sequence[Theorem]) -> None:
    for c in e:
        want(among(Rel(c, ">", ZERO), signs), f"{c} may not be positive")


@spectral
def some_root(
    e: Expr,
    t: Theorem,
    x: Sym,
    factors: tuple[Factor, ...],
    place: int,
    signs: tuple[Theorem, ...],
    even: Theorem | None = None,
) -> Said:
    """s_min ≤ e_{r−1}e_r/(e_{r−1}² − 2e_{r−2}e_r) and s_max ≥ (e_1² − 2e_2)/e_1, of a factor with positive roots.

    Proof. The roots x_1, …, x_r of a factor are eigenvalues of M, so real, and positive as the signs alternate. Their
    elementary symmetric polynomials are e_1, e_2, …, so that e_1² − 2e_2 = Σ x² ≤ max x · e_1, and s_max ≥ max x. The
    inverses of the roots have e_{r−1}/e_r and e_{r−2}/e_r in place of e_1 and e_2, and the largest of them belongs to
    the smallest root.
    """
    kind = factored(e, t, x, factors, even)
    positive(factors[place], signs)
    return [], Rel(e, "≤" if kind == "s_min" else "≥", INSIDE[kind](factors[place]))


@spectral
def every_root(
    e: Expr,
    c: Expr,
    t: Theorem,
    x: Sym,
    factors: tuple[Factor, ...],
    bounds: tuple[tuple[Theorem, ...], ...],
    signs: tuple[Theorem, ...] = (),
    even: Theorem | None = None,
) -> Said:
    """c ≤ s_min where c ≤ every root: c ≤ e_{r−1}e_r/(e_{r−1}² − e_{r−2}e_r), or no Taylor coefficient at c is below 0.

    Likewise c ≥ s_max. A factor of one root needs no signs.

    Proof. Every eigenvalue is a root of a factor. Where the signs of one alternate, its roots are positive, and e_1² −
    e_2 = Σ x² + Σ_{a<b} x_a x_b ≥ max x · Σ x = max x · e_1; the same for their inverses gives the bound of the
    smallest. If f(c + y) has no negative coefficient, it is at least yʳ > 0 for y > 0, so that no root exceeds c;
    likewise (−1)ʳ f(c − y) for s_min.
    """
    kind = factored(e, t, x, factors, even)
    want(x not in free(c) and len(bounds) == len(factors), "a bound of every factor")
    op = "≤" if kind == "s_min" else "≥"
    for f, known in zip(factors, bounds, strict=True):
        if among(Rel(c, op, OUTSIDE[kind](f)), known):
            positive(f if len(f) > 1 else (), signs)
        else:
            for order in range(len(f)):
                want(among(Rel(taylor(f, c, order, kind), "≥", ZERO), known), f"{f} may have a root beyond {c}")
    return [], Rel(e, MIRROR[op], c)


@spectral
def definite(
    e: Expr, t: Theorem, x: Sym, factors: tuple[Factor, ...], signs: tuple[Theorem, ...], even: Theorem | None = None
) -> Said:
    """s_min > 0 where e_1, …, e_r > 0 for every factor.

    Proof. For x ≤ 0, (−1)ʳ f(x) = |x|ʳ + e_1 |x|ʳ⁻¹ + … + e_r > 0 for every factor f. So no root is 0 or less, and
    s_min is one of the roots.
    """
    want(factored(e, t, x, factors, even) == "s_min", "the least eigenvalue")
    for f in factors:
        positive(f, signs)
    return [], Rel(e, ">", ZERO)
