"""Certificates of signs: a quantity as a quotient of polynomials with nonnegative coefficients in nonnegative ones.

Main results
    Positive     N/D, polynomials in quantities f_1, f_2, … whose signs are known
    Fractions    scalars as quotients of polynomials in the unknown numbers that they are made of
    compare      whether the first scalar is N(f)/D(f) in the others
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import Ordering, fmpq_mpoly_ctx

from proofs.kernel.expressions import Expr
from proofs.kernel.meaning import under_facts
from proofs.kernel.tensor import Facts, Monomial, Polynomial, Undecided, components, thawed


@dataclass(frozen=True)
class Positive:
    """N/D, as ((exponents, coefficient), …); ``sign`` is −1 where the quotient is negated, which ≠ allows."""

    numerator: tuple[tuple[tuple[int, ...], Any], ...]
    denominator: tuple[tuple[tuple[int, ...], Any], ...]
    sign: int = 1

    def certain(self, strict: Sequence[bool], above: bool) -> bool:
        """Whether the quotient is not negative, and positive if ``above``, for the quantities' signs."""
        terms = (*self.numerator, *self.denominator)
        if any(len(dict(poly)) != len(poly) for poly in (self.numerator, self.denominator)):
            return False  # a monomial that is listed twice would count once
        if any(c < 0 or len(e) != len(strict) or min(e, default=0) < 0 for e, c in terms):
            return False

        def sure(poly: Sequence[tuple[tuple[int, ...], Any]]) -> bool:
            return any(c > 0 and all(s or not e for s, e in zip(strict, powers, strict=True)) for powers, c in poly)

        return sure(self.denominator) and (sure(self.numerator) or not above)


class Fractions:
    """Scalars as quotients of polynomials: ``values`` holds numerators and denominators.

    A term is a product of its connected parts; 1/P outside sums is a denominator, every other part a variable.
    """

    def __init__(self, scalars: Sequence[Expr], facts: Facts):
        meaning = under_facts(facts)
        forms = [meaning.value(e) for e in scalars]
        self.names: dict[Any, int] = {}
        for form in forms:
            self.gather(form)
        self.context = fmpq_mpoly_ctx.get([f"x{n}" for n in range(max(1, len(self.names)))], Ordering.degrevlex)
        self.variables = self.context.gens()
        self.values = [self.fraction(form) for form in forms]

    def gather(self, p: Polynomial) -> None:
        """Name the unknown numbers."""
        for m in p:
            for key, inverse in parts(m):
                if inverse is None:
                    self.names.setdefault(key, len(self.names))
                else:
                    self.gather(inverse)

    def fraction(self, p: Polynomial) -> tuple[Any, Any]:
        num, den = self.context.constant(0), self.context.constant(1)
        for m, c in p.items():
            over, under = self.context.constant(c), self.context.constant(1)
            for key, inverse in parts(m):
                if inverse is None:
                    over *= self.variables[self.names[key]]
                else:
                    a, b = self.fraction(inverse)
                    over, under = over * b, under * a
            num, den = (num + over * den, den) if under == 1 else reduced(num * under + over * den, den * under)
        return num, den


def parts(m: Monomial) -> list[tuple[Any, Polynomial | None]]:
    """The factors of a term: each atom outside sums, each sum; of 1/P, P."""
    n, atoms = m
    found: list[tuple[Any, Polynomial | None]] = []
    for bound, own in components(n, atoms):
        if bound:
            found.append(((len(bound), own), None))
        else:
            found += [(a, thawed(a[0][1], a[1]) if a[0][0] == "1/" else None) for a in own]
    return found


def reduced(num: Any, den: Any) -> tuple[Any, Any]:
    """A quotient in lowest terms."""
    if den == 0:
        raise Undecided("a division by 0")
    common = num.gcd(den)
    return (num, den) if common == 1 or common == 0 else (divmod(num, common)[0], divmod(den, common)[0])


def compare(fractions: Fractions, shape: Positive) -> bool:
    """Whether the first scalar is ± N(f)/D(f) in the others."""
    (num, den), *rest = fractions.values
    (a, b), (c, d) = (at_quotients(fractions.context, poly, rest) for poly in (shape.numerator, shape.denominator))
    return bool(num * b * c == shape.sign * den * a * d)


def at_quotients(
    context: Any, poly: Sequence[tuple[tuple[int, ...], Any]], quantities: Sequence[tuple[Any, Any]]
) -> tuple[Any, Any]:
    """A polynomial at quotients, as a quotient."""
    if all(d.is_constant() for _, d in quantities):
        values = [f if d == 1 else f / d.leading_coefficient() for f, d in quantities]
        return composed(context, poly, values), context.constant(1)
    num, den = context.constant(0), context.constant(1)
    for powers, c in poly:
        over, under = context.constant(c), context.constant(1)
        for (f, d), e in zip(quantities, powers, strict=True):
            over, under = over * f**e, under * d**e
        num, den = reduced(num * under + over * den, den * under)
    return num, den


def composed(context: Any, poly: Sequence[tuple[tuple[int, ...], Any]], quantities: Sequence[Any]) -> Any:
    """A polynomial at quantities."""
    if not quantities:
        return context.constant(sum(c for _, c in poly))
    own = fmpq_mpoly_ctx.get([f"f{n}" for n in range(len(quantities))], Ordering.degrevlex)
    return own.from_dict({tuple(e): c for e, c in poly}).compose(*quantities, ctx=context)
