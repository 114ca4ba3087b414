"""From an expression to its normal form: one rule per node.

Main results
    normal_form(e)    the terms of an expression
    RULES             the rule of each type of node; other modules add those of their own nodes
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial, reduce
from typing import Any

from proofs.algebra.normal.calculus import at_zero, coefficient, cos_sin, differentiate, gradient
from proofs.algebra.normal.expectation import over_masks, over_noise
from proofs.algebra.normal.forms import (
    Form,
    atom_form,
    emit,
    emit_renamed,
    identity,
    indicator,
    polynomial,
    power_of,
    scalar,
    summed,
    times,
    trace,
    transpose,
    word_form,
)
from proofs.algebra.normal.indices import (
    DUMMY,
    FIRST,
    Undecided,
    index_of,
    least,
    named,
    rename,
    size_index,
)
from proofs.algebra.normal.monomials import at_most, index_value, split_dummy, whole
from proofs.algebra.normal.words import diagonal_word, unit
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute


@lru_cache(maxsize=20_000)
def normal_form(e: E.Expr) -> Form:
    """The normal form of an expression.

    Raises
    ------
    Undecided
        When the expression holds a node (a maximum, an eigenvalue) that has none.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, Tr, size
    >>> k, m = size("k"), size("m")
    >>> A, B = Letter("A", m, k), Letter("B", k, m)
    >>> normal_form(Tr(A @ B)) == normal_form(Tr(B @ A))
    True
    """
    rule = RULES.get(type(e))
    if rule is None:
        raise Undecided(f"{type(e).__name__} has no normal form")
    return rule(e)


# -- scalars ---------------------------------------------------------------------------------------


def _sym(e: E.Sym) -> Form:
    return polynomial(index_value(named(e.name)))


def _item(e: E.Item) -> Form:
    family = e.family
    if family.define is not None:
        return normal_form(family.define(e.index))
    if family.tail is None:
        return atom_form("f", family.name, index_of(e.index))
    if family.length is None:
        raise Undecided(f"{family.name} has no length")
    b = E.integer("b°")
    after = indicator(index_of(e.index), named(b.name))
    return summed(times(normal_form(family.tail(b)), after), b, FIRST, index_of(family.length))


def _fn(e: E.Fn) -> Form:
    if e.name == "exp":
        raise Undecided("an exponential")
    return cos_sin(e.arg)[e.name == "sin"]


# -- arithmetic ------------------------------------------------------------------------------------


def _add(e: E.Add) -> Form:
    out = Form(e.shape)
    for t in e.terms:
        out.include(normal_form(t))
    return out


def _mul(e: E.Mul) -> Form:
    return reduce(times, map(normal_form, e.factors))


def _pow(e: E.Pow) -> Form:
    if not isinstance(e.exponent, E.Num):
        raise Undecided(f"exponent {e.exponent}")
    return power_of(normal_form(e.base), whole(e.exponent.value))


# -- matrices --------------------------------------------------------------------------------------


def _diag(e: E.Diag) -> Form:
    if e.family.tail is not None:
        return projections(lambda b: e.family.tail(b) * E.Proj(b, e.size), e.size)  # type: ignore[misc]
    out = Form(e.shape)
    for (binders, mono, _), c in normal_form(e.family[E.Sym(DUMMY[1])]).terms.items():
        outside, inside = split_dummy(mono)
        emit(out, binders, outside, diagonal_word(inside, e.size), c)
    return out


def _proj(e: E.Proj) -> Form:
    b = index_of(e.b)
    return identity(e.shape) if b == size_index(e.size) else word_form(e.shape, ("D", at_most(DUMMY, b), e.size))


def _basis(e: E.Basis) -> Form:
    return identity(e.shape) if size_index(e.size) == FIRST else word_form(e.shape, unit(index_of(e.i), e.size))


def _first(e: E.First) -> Form:
    return identity(e.shape) if e.rows == e.cols else word_form(e.shape, ("J", e.rows, e.cols, False))


# -- masks -----------------------------------------------------------------------------------------


def projections(summand: Callable[[E.Sym], E.Expr], size: Any) -> Form:
    """Σ_{b=1}^{size} of a summand in Π_b or e_b."""
    b = E.integer("b°")
    return normal_form(E.Sum(b, E.lift(1), E.lift(size), summand(b)))


def _max_mask(e: E.MaxMask) -> Form:
    """A ∘ P = Σ_b w_b Π_b A Π_b."""
    tail, size = e.family.tail, e.shape[0]
    if tail is None:
        raise Undecided(f"the mask {e.family.name}[max(i, j)] needs tail weights")
    return projections(lambda b: tail(b) * (E.Proj(b, size) @ e.arg @ E.Proj(b, size)), size)


def _lower_mask(e: E.LowerMask) -> Form:
    """Σ_ij [j ≤ i] A_ij e_i e_jᵀ; strictly, Σ_ij (1 − [i ≤ j]) A_ij e_i e_jᵀ."""
    i, j, size = E.Sym("i°"), E.Sym("j°"), e.shape[0]
    body = normal_form(E.Entry(e.arg, i, j) * (E.Basis(i, size) @ E.Basis(j, size).T))
    row, col, last = named(i.name), named(j.name), size_index(size)
    chosen = scalar(1).include(indicator(row, col), -1) if e.strict else indicator(col, row)
    return summed(summed(times(chosen, body), j, FIRST, last), i, FIRST, last)


def _drop_mask(e: E.DropMask) -> Form:
    """M ∘ A = Σ_i Π_{b_i} A e_i e_iᵀ."""
    rows, cols = e.shape
    return projections(lambda i: E.Proj(e.b[i], rows) @ e.arg @ E.Basis(i, cols) @ E.Basis(i, cols).T, cols)


# -- scalars of matrices ---------------------------------------------------------------------------


def _inner(a: E.Expr, b: E.Expr) -> Form:
    """⟨A, B⟩ = Tr(Aᵀ B)."""
    return trace(times(normal_form(a.T), normal_form(b))) if a.shape else times(normal_form(a), normal_form(b))


def _entry(e: E.Entry) -> Form:
    """A_ij = Tr(A e_j e_iᵀ)."""
    rows, cols = e.arg.shape
    outer = E.Basis(e.j, cols) @ E.Basis(e.i, rows).T
    return trace(times(normal_form(e.arg), normal_form(outer)))


# -- binders ---------------------------------------------------------------------------------------


def _sum(e: E.Sum) -> Form:
    """A sum; the indices left out are subtracted from the full range, terms before the first are written out.

    Σ_{b=0}^{hi} Π_b = Π_0 + Σ_{b=1}^{hi} Π_b, and Π_0 = diag([• ≤ 0]) = 0; of σ_0 and e_0 nothing is known.
    A sum over a part of a family's range is one over all of it with indicators, for lo ≤ hi + 1.
    """
    lo, hi = index_of(e.lo), index_of(e.hi)
    if not lo[1] and not e.without:
        if not hi[1]:
            return spelled(e, lo[2], hi[2])
        if lo[2] < 1 and early(e, lo[2]):
            raise Undecided(f"{e}: nothing has the index {lo[2]}")
        if lo[2] < 1 and least(hi, ()) >= 0:
            return spelled(e, lo[2], 0).include(normal_form(replace(e, lo=E.lift(1))))
    var = E.Sym(f"{e.var.name}°")
    here = named(var.name)
    body = normal_form(substitute(e.body, {e.var: var}))
    length = next((x for x in map(partial(range_of, i=e.var), e.body.walk()) if x is not None), None)
    if length is not None and not e.without and (lo, hi) != (FIRST, index_of(length)):
        part = times(indicator(lo, here), body)
        if hi != index_of(length):
            part.include(times(indicator(index_of(e.hi + 1), here), body), -1)
        return summed(part, var, FIRST, index_of(length))
    out = summed(body, var, lo, hi)
    for skipped in map(index_of, e.without):
        for (binders, mono, word), c in body.terms.items():
            mono, word, binders = rename((mono, word, binders), here, skipped)
            emit_renamed(out, binders, mono, word, -c)
    return out


def spelled(e: E.Sum, lo: int, hi: int) -> Form:
    """A sum over a range of known length, term by term."""
    out = Form(e.shape)
    for value in range(lo, hi + 1):
        out.include(normal_form(substitute(e.body, {e.var: E.lift(value)})))
    return out


INDEXED = {E.Item: ("index",), E.Basis: ("i",), E.Entry: ("i", "j")}


def early(e: E.Sum, lo: int) -> bool:
    """Whether a sum that starts before 1 asks for items, unit vectors or entries there: for σ_0 or e_0."""
    asked = (index_of(getattr(x, name)) for x in e.body.walk() for name in INDEXED.get(type(x), ()))
    return any(i[:2] == named(e.var.name)[:2] and lo + i[2] < 1 for i in asked)


def range_of(e: E.Expr, i: E.Sym) -> E.Expr | None:
    """The length of a family of free scalars, for its i-th item."""
    if not isinstance(e, E.Item) or e.index != i:
        return None
    return e.family.length if e.family.tail is e.family.define is e.family.random is None else None


def _diff(e: E.Diff) -> Form:
    form = normal_form(e.body)
    variable = ("s", e.var.name) if isinstance(e.var, E.Sym) else ("f", e.var.family.name, index_of(e.var.index))
    for _ in range(e.order):
        form = differentiate(form, variable)
    return at_zero(form, e.var.name) if e.at_zero else form


def _expect(e: E.Expect) -> Form:
    if isinstance(e.over, E.Letter):
        return over_noise(normal_form(e.body), e.over, normal_form(e.over.noise))
    family: E.Family = e.over
    if family.random is None or family.length is None:
        raise Undecided(f"{family.name} has no distribution")
    weight = normal_form(family.random[E.Sym(DUMMY[1])])
    return over_masks(normal_form(e.body), family.name, weight, index_of(family.length))


RULES: dict[type, Callable[[Any], Form]] = {
    E.Num: lambda e: scalar(e.value),
    E.Sym: _sym,
    E.Item: _item,
    E.Fn: _fn,
    E.Add: _add,
    E.Mul: _mul,
    E.Pow: _pow,
    E.Letter: lambda e: word_form(e.shape, ("L", e, False)),
    E.Named: lambda e: normal_form(e.body),
    E.Eye: lambda e: identity(e.shape),
    E.Zero: lambda e: Form(e.shape),
    E.Diag: _diag,
    E.Proj: _proj,
    E.Basis: _basis,
    E.First: _first,
    E.T: lambda e: transpose(normal_form(e.arg)),
    E.MaxMask: _max_mask,
    E.LowerMask: _lower_mask,
    E.DropMask: _drop_mask,
    E.Tr: lambda e: trace(normal_form(e.arg)),
    E.SqNorm: lambda e: _inner(e.arg, e.arg),
    E.Inner: lambda e: _inner(e.left, e.right),
    E.Entry: _entry,
    E.Sum: _sum,
    E.Coeff: lambda e: coefficient(normal_form(e.body), e.var, e.order),
    E.Diff: _diff,
    E.Grad: lambda e: gradient(normal_form(e.body), e.letter),
    E.Expect: _expect,
}
