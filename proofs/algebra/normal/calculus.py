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

from proofs.algebra.normal.forms import Form, atom_form, emit, polynomial, scalar, times
from proofs.algebra.normal.indices import Number, Undecided, same_index
from proofs.algebra.normal.monomials import ONE, Atom, Mono, combine, delta, depends, power
from proofs.algebra.normal.words import Word, depends_inside, holds_inside, places, transpose_word
from proofs.kernel import expressions as E

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
    out, variable = Form(form.shape), ("s", var.name)
    for (binders, mono, word), c in form.terms.items():
        rest, e = without(variable, mono, word)
        if rest.keys() & {("cos", var.name), ("sin", var.name)}:
            raise Undecided(f"a coefficient of the angle {var}")
        if e == order:
            emit(out, binders, frozenset(rest.items()), word, c)
    return out


def at_zero(form: Form, name: str) -> Form:
    """The value where a symbol or an angle is 0."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        rest, e = without(("s", name), mono, word)
        rest.pop(("cos", name), None)
        if e == 0 == rest.get(("sin", name), 0):
            emit(out, binders, frozenset(rest.items()), word, c)
    return out


def without(variable: Atom, mono: Mono, word: Word) -> tuple[dict[Atom, Number], Number]:
    """A term without a variable, and the exponent of the variable in it.

    Raises
    ------
    Undecided
        When the variable, or its sine, is in a denominator, or under a root or inside a matrix.
    """
    rest = dict(mono)
    e = rest.pop(variable, 0)
    inside = [word, *(atom[1] for atom in rest if atom[0] == "t")]
    hidden = any(depends_inside(w, variable) for w in inside) or any(a[0] == "p" and depends(a, variable) for a in rest)
    if hidden or min(e, rest.get(("sin", variable[1]), 0)) < 0 or e.denominator != 1:
        raise Undecided(f"an expansion in {variable[1]} with a denominator, a root or a diagonal matrix of it")
    return rest, e


def differentiate(form: Form, variable: Atom) -> Form:
    """The derivative of every term by an atom; angles through cos and sin, denominators by the chain rule."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        if depends_inside(word, variable):
            raise inside_matrix(variable)
        for atom, e in mono:
            for (_, inner, _), c2 in atom_derivative(atom, variable).terms.items():
                emit(out, binders, combine(lowered(mono, atom, e), inner), word, c * e * c2)
    return out


def inside_matrix(variable: Atom) -> Undecided:
    return Undecided(f"a derivative by {variable[1]} of a diagonal matrix")


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
    if atom[0] == "t" and depends_inside(atom[1], variable):
        raise inside_matrix(variable)
    return Form(())


# -- letters ---------------------------------------------------------------------------------------


def gradient(form: Form, letter: E.Letter) -> Form:
    """The gradient of a scalar by a letter; denominators by the chain rule."""
    out = Form(letter.shape)
    for (binders, mono, _), c in form.terms.items():
        for atom, e in mono:
            for (_, inner, slope), c2 in atom_gradient(atom, letter).terms.items():
                emit(out, binders, combine(lowered(mono, atom, e), inner), slope, c * e * c2)
    return out


def atom_gradient(atom: Atom, letter: E.Letter) -> Form:
    """∇ Tr(A L B) = Aᵀ Bᵀ, for every place of the letter in a trace."""
    if atom[0] == "p":
        return gradient(polynomial(dict(atom[1])), letter)
    out = Form(letter.shape)
    word = atom[1] if atom[0] == "t" else ()
    if holds_inside(word, letter):
        raise Undecided(f"a gradient by {letter.name} of a diagonal matrix")
    for pos in places(word, letter):
        around = word[pos + 1 :] + word[:pos]
        sign, slope = (1, around) if word[pos][2] else transpose_word(around)
        emit(out, (), ONE, slope, sign)
    return out
