"""Calculus on forms: angles, Taylor coefficients, derivatives, gradients; term by term, for all sizes.

Main results
    cos_sin          cos and sin of integer combinations of angles and multiples of π/2
    coefficient      of α^r in the Taylor expansion
    differentiate    the derivative by an atom: a symbol, an angle, an item
    at_zero          the value where a symbol or an angle is 0
    gradient         by a letter, from the traces that it is in
"""

from __future__ import annotations

from collections.abc import Iterable

from proofs.algebra import expr as E
from proofs.algebra.normal.forms import Form, atom_form, emit, polynomial, scalar, times
from proofs.algebra.normal.indices import Number, Undecided, same_index
from proofs.algebra.normal.monomials import Atom, Mono, combine, delta, occurs, power
from proofs.algebra.normal.words import transpose_word

# -- angles ----------------------------------------------------------------------------------------

QUARTERS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""cos and sin of the multiples of π/2."""


def cos_sin(arg: E.Expr) -> tuple[Form, Form]:
    """cos and sin of an integer combination of angles and multiples of π/2, by the addition theorems.

    Examples
    --------
    >>> θ = E.Sym("θ")
    >>> cos_sin(E.PI - θ)[1] == cos_sin(θ)[1]
    True
    """
    if isinstance(arg, E.Num) and arg.value == 0:
        return scalar(1), Form(())
    if isinstance(arg, E.Sym) and arg != E.PI:
        return atom_form("cos", arg.name), atom_form("sin", arg.name)
    if isinstance(arg, E.Add):
        return added(arg.terms)
    count, angle = multiple(arg)
    if angle == E.PI and (2 * count).denominator == 1:
        c, s = QUARTERS[int(2 * count) % 4]
        return scalar(c), scalar(s)
    if angle is arg or count.denominator != 1:
        raise Undecided(f"the angle {arg}")
    cos, sin = added((angle,) * abs(int(count)))
    return cos, Form(()).include(sin, 1 if count > 0 else -1)


def added(angles: Iterable[E.Expr]) -> tuple[Form, Form]:
    """cos and sin of a sum: cos(a + b) = cos a cos b − sin a sin b, sin(a + b) = sin a cos b + cos a sin b."""
    cos, sin = scalar(1), Form(())
    for angle in angles:
        c, s = cos_sin(angle)
        cos, sin = times(cos, c).include(times(sin, s), -1), times(sin, c).include(times(cos, s))
    return cos, sin


def multiple(arg: E.Expr) -> tuple[Number, E.Expr]:
    """A rational number times an angle."""
    if isinstance(arg, E.Mul) and len(arg.factors) == 2:
        a, b = arg.factors
        if isinstance(b, E.Num | E.Pow):
            a, b = b, a
        if isinstance(a, E.Num):
            return a.value, b
        if isinstance(a, E.Pow) and isinstance(a.base, E.Num) and isinstance(a.exponent, E.Num):
            return a.base.value ** int(a.exponent.value), b
    return 1, arg


# -- one variable ----------------------------------------------------------------------------------


def coefficient(form: Form, var: E.Sym, order: int) -> Form:
    """The coefficient of var^order."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        exponents = dict(mono)
        if any(atom[0] == "p" and occurs(var.name, atom[1]) for atom in exponents):
            raise Undecided(f"a coefficient of {var} with a denominator")
        if exponents.pop(("s", var.name), 0) == order:
            emit(out, binders, frozenset(exponents.items()), word, c)
    return out


def at_zero(form: Form, name: str) -> Form:
    """The value where a symbol or an angle is 0."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        exponents = dict(mono)
        if any(atom[0] == "p" and occurs(name, atom[1]) for atom in exponents):
            raise Undecided(f"a denominator at {name} = 0")
        exponents.pop(("cos", name), None)
        if ("sin", name) not in exponents and ("s", name) not in exponents:
            emit(out, binders, frozenset(exponents.items()), word, c)
    return out


def differentiate(form: Form, variable: Atom) -> Form:
    """The derivative of every term by an atom; angles through cos and sin, denominators by the chain rule."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        for atom, e in mono:
            for (_, inner, _), c2 in atom_derivative(atom, variable).terms.items():
                emit(out, binders, combine(lowered(mono, atom, e), inner), word, c * e * c2)
    return out


def lowered(mono: Mono, atom: Atom, e: Number) -> Mono:
    """f/x for an atom x of a monomial f: ∂f = Σ e (f/x) ∂x."""
    return combine(mono - {(atom, e)}, power(atom, e - 1))


def atom_derivative(atom: Atom, variable: Atom) -> Form:
    """The derivative of one atom by another."""
    if atom == variable:
        return scalar(1)
    if atom[0] == variable[0] == "f" and atom[1] == variable[1] and same_index(atom[2], variable[2]) is None:
        return scalar(1, delta(atom[2], variable[2]))
    if variable[0] == "s" and atom[0] in ("cos", "sin") and atom[1] == variable[1]:
        return scalar(-1, power(("sin", atom[1]))) if atom[0] == "cos" else atom_form("cos", atom[1])
    if atom[0] == "p":
        return differentiate(polynomial(dict(atom[1])), variable)
    return Form(())


# -- letters ---------------------------------------------------------------------------------------


def gradient(form: Form, letter: E.Letter) -> Form:
    """The gradient of a scalar by a letter: ∇ Tr(A L B) = Aᵀ Bᵀ, for every place in every trace."""
    out = Form(letter.shape)
    for (binders, mono, _), c in form.terms.items():
        for atom, e in mono:
            for pos, token in enumerate(atom[1]) if atom[0] == "t" else ():
                if token[:2] == ("L", letter):
                    around = atom[1][pos + 1 :] + atom[1][:pos]
                    sign, slope = (1, around) if token[2] else transpose_word(around)
                    emit(out, binders, lowered(mono, atom, e), slope, c * e * sign)
    return out
