"""Powers of forms: rational ones of scalars and of diagonal matrices, whole ones of others.

A sum that is not expanded, under a root or in a denominator, becomes an atom ("p", polynomial) of its own. Roots are of
positive quantities.

Main results
    power_of    a form to a rational power
"""

from __future__ import annotations

from fractions import Fraction

from proofs.algebra.normal.forms import Form, emit, identity, polynomial, repeated
from proofs.algebra.normal.indices import Number, Undecided, stable
from proofs.algebra.normal.monomials import Poly, combine, expand, power, rational_power, split_dummy, whole
from proofs.algebra.normal.words import diagonal_word


def power_of(base: Form, p: Number) -> Form:
    """A form to a rational power.

    Raises
    ------
    Undecided
        For a negative or fractional power of 0, of a sum over an index or of a matrix that is not diagonal.
    """
    if p.denominator == 1 and p >= 0:
        return repeated(base, identity(base.shape), int(p))
    return diagonal_power(base, p) if base.shape else polynomial(scalar_power(scalars(base), p))


def scalars(form: Form) -> Poly:
    """A scalar form as a polynomial."""
    if any(binders or word for binders, _, word in form.terms):
        raise Undecided("a power of a sum over an index")
    return {mono: c for (_, mono, _), c in form.terms.items()}


def scalar_power(base: Poly, p: Number) -> Poly:
    """A negative or fractional power: of a monomial, factor by factor; of a sum, an atom with its content taken out."""
    if not base:
        raise Undecided("a negative or fractional power of 0")
    if len(base) == 1:
        ((mono, c),) = base.items()
        powered = rational_power(c, p)
        if powered is not None:
            return {m: c2 * powered for m, c2 in expand(frozenset((a, x * p) for a, x in mono)).items()}
    content = base[min(base, key=stable)] if p.denominator == 1 else 1
    primitive = frozenset((m, Fraction(c) / content) for m, c in base.items())
    return {power(("p", primitive), p): whole(Fraction(content) ** int(p)) if p.denominator == 1 else 1}


def diagonal_power(base: Form, p: Number) -> Form:
    """A power of a diagonal matrix, entry by entry."""
    entry = Form(())
    for (binders, mono, word), c in base.terms.items():
        if binders or any(token[0] != "D" for token in word):
            raise Undecided("a negative or fractional power of a matrix that is not diagonal")
        entry.put(((), combine(mono, word[0][1]) if word else mono, ()), c)
    out = Form(base.shape)
    for mono, c in scalar_power(scalars(entry), p).items():
        outside, inside = split_dummy(mono)
        emit(out, (), outside, diagonal_word(inside, base.shape[0]), c)
    return out
