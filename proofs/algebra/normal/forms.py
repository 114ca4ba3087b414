"""Forms: sums of terms ``coefficient · Σ … Σ monomial · word``, and their arithmetic.

A term is put into a form by the weakest of three ways that does: :func:`put_bound` when its word and monomial are
reduced, :func:`emit` when its word was made of reduced ones, :func:`emit_renamed` when indices inside it were renamed,
so that its traces reduce again.

Main results
    Form               terms by their keys, all of one shape
    times, power_of    products and powers
    trace              the trace, up to rotation and transposition
    summed             the sum over an index
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs.algebra.normal.indices import (
    DUMMY,
    FIRST,
    Binders,
    Index,
    Number,
    Undecided,
    fresh,
    named,
    rename,
    size_index,
)
from proofs.algebra.normal.monomials import (
    ONE,
    Mono,
    Poly,
    at_most,
    combine,
    expand,
    index_value,
    power,
    raised,
    split_dummy,
    whole,
)
from proofs.algebra.normal.sums import (
    Bound,
    Key,
    Rewritten,
    after,
    aside,
    canonical,
    contract_delta,
    count_free,
    drop_implied,
    fold_scalar,
    fold_trace,
    fold_word,
    resolve_identity,
)
from proofs.algebra.normal.words import (
    Token,
    Word,
    diagonal_word,
    is_row,
    join,
    oriented,
    reduce_word,
    transpose_word,
    width,
)
from proofs.kernel import expressions as E


class Form:
    """A sum of terms, all of one shape."""

    __slots__ = ("shape", "terms")

    def __init__(self, shape: tuple, terms: dict[Key, Number] | None = None):
        self.shape = shape
        self.terms: dict[Key, Number] = {} if terms is None else terms

    def put(self, key: Key, c: Number) -> None:
        total = self.terms.get(key, 0) + c
        if total:
            self.terms[key] = total
        else:
            self.terms.pop(key, None)

    def include(self, other: Form, factor: Number = 1) -> Form:
        for key, c in other.terms.items():
            self.put(key, c * factor)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.terms == other.terms

    def __repr__(self) -> str:
        return f"Form({self.shape}, {self.terms})"


# -- scalars and single words ----------------------------------------------------------------------


def polynomial(p: Poly) -> Form:
    """A polynomial as a form."""
    return Form((), {((), mono, ()): c for mono, c in p.items()})


def scalar(c: Number = 1, mono: Mono = ONE) -> Form:
    return polynomial({mono: whole(c)} if c else {})


def atom_form(*atom: Any) -> Form:
    """An atom as a form."""
    return scalar(1, power(atom))


def settle(mono: Mono) -> Form:
    """A monomial as a form: expanded, its indicators decided."""
    return polynomial(expand(mono))


def indicator(i: Index, j: Index) -> Form:
    """[i ≤ j]."""
    return settle(at_most(i, j))


def identity(shape: tuple) -> Form:
    return Form(shape, {((), ONE, ()): 1})


def word_form(shape: tuple, *tokens: Token) -> Form:
    """A word as a form."""
    out = Form(shape)
    emit(out, (), ONE, tokens, 1)
    return out


# -- terms into a form -----------------------------------------------------------------------------


def put_bound(out: Form, binders: Binders, mono: Mono, word: Word, c: Number) -> None:
    """Add a reduced term: sum over its bound indices where a rule fits, name the rest canonically."""
    key = (binders, mono, word)
    for pos in range(len(binders)):
        bound = Bound.of(pos, key)
        for rule, put in SUM_RULES:
            found = rule(bound)
            if found is not None:
                for summand, c2 in found:
                    put(out, *summand, c * c2)
                return
    sign, key = canonical(key)
    out.put(key, c * sign)


def emit(out: Form, binders: Binders, mono: Mono, word: Word, c: Number) -> None:
    """Add a term after reducing its word and monomial."""
    for m, w, cw in reduce_word(word):
        for m2, c2 in expand(combine(mono, m)).items():
            put_bound(out, binders, m2, w, c * cw * c2)


def emit_renamed(out: Form, binders: Binders, mono: Mono, word: Word, c: Number) -> None:
    """Add a term whose indices were renamed: its traces are reduced again."""
    binders, mono, word = aside((binders, mono, word))
    traces = [x for x in mono if x[0][0] == "t"]
    product = scalar(c, mono.difference(traces))
    for atom, e in traces:
        product = times(product, power_of(trace_of(atom[1], width(atom[1][0])), e))
    for (b2, m2, _), c2 in product.terms.items():
        emit(out, (*binders, *b2), m2, word, c2)


SUM_RULES: tuple[tuple[Callable[[Bound], Rewritten], Callable[..., None]], ...] = (
    (contract_delta, emit_renamed),
    (drop_implied, put_bound),
    (count_free, put_bound),
    (fold_scalar, put_bound),
    (fold_word, emit),
    (fold_trace, emit_renamed),
    (resolve_identity, emit_renamed),
)
"""How one bound index is summed over, and how the terms that this gives are put into a form."""


# -- arithmetic ------------------------------------------------------------------------------------


def times(a: Form, b: Form) -> Form:
    """The product; matrix words are joined and reduced."""
    out = Form(b.shape if a.shape == () else a.shape if b.shape == () else (a.shape[0], b.shape[1]))
    for (binders, ma, wa), ca in a.terms.items():
        for key, cb in b.terms.items():
            others, mb, wb = after(key, len(binders)) if binders and key[0] else key
            emit(out, binders + others, combine(ma, mb), wa + wb, ca * cb)
    return out


def transpose(form: Form) -> Form:
    out = Form(form.shape[::-1])
    for (binders, mono, word), c in form.terms.items():
        sign, turned = transpose_word(word)
        emit(out, binders, mono, turned, c * sign)
    return out


def power_of(base: Form, p: Number) -> Form:
    """A rational power of a scalar or of a diagonal matrix, a whole one of another matrix.

    Raises
    ------
    Undecided
        For a negative or fractional power of 0, of a sum over an index or of a matrix that is not diagonal.
    """
    if p.denominator != 1 or p < 0:
        return diagonal_power(base, p) if base.shape else polynomial(raised(scalars(base), p))
    out = identity(base.shape)
    for _ in range(int(p)):
        out = times(out, base)
    return out


def diagonal_power(base: Form, p: Number) -> Form:
    """A power of a diagonal matrix, entry by entry."""
    entry = Form(())
    for (binders, mono, word), c in base.terms.items():
        if binders or any(token[0] != "D" for token in word):
            raise Undecided("a negative or fractional power of a matrix that is not diagonal")
        entry.put(((), combine(mono, word[0][1]) if word else mono, ()), c)
    out = Form(base.shape)
    for mono, c in raised(scalars(entry), p).items():
        outside, inside = split_dummy(mono)
        emit(out, (), outside, diagonal_word(inside, base.shape[0]), c)
    return out


def scalars(form: Form) -> Poly:
    """A scalar form as a polynomial."""
    if any(binders or word for binders, _, word in form.terms):
        raise Undecided("a power of a sum over an index")
    return {mono: c for (_, mono, _), c in form.terms.items()}


def summed(body: Form, var: E.Sym, lo: Index, hi: Index) -> Form:
    """Σ_{var=lo}^{hi} of a form."""
    out = Form(body.shape)
    for (binders, mono, word), c in body.terms.items():
        name = f"#{len(binders)}"
        mono, word, binders = rename((mono, word, binders), named(var.name), named(name))
        emit(out, (*binders, (name, lo, hi)), mono, word, c)
    return out


# -- traces ----------------------------------------------------------------------------------------


def trace(form: Form) -> Form:
    """The trace of a square matrix."""
    out = Form(())
    for (binders, mono, word), c in form.terms.items():
        trace_word(out, binders, mono, word, c, form.shape[0])
    return out


def trace_of(word: Word, size: Any) -> Form:
    """The trace of a word that need not be reduced, of a matrix with ``size`` rows."""
    out = Form(())
    for mono, reduced, c in reduce_word(word):
        trace_word(out, (), mono, reduced, c, size)
    return out


def trace_word(out: Form, binders: Binders, mono: Mono, word: Word, c: Number, size: Any) -> None:
    """Add the trace of a reduced word, of a matrix with ``size`` rows."""
    if not word:
        for m, c2 in index_value(size_index(size)).items():
            emit(out, binders, combine(mono, m), (), c * c2)
    elif len(word) == 1 and word[0][0] == "D":
        _, entries, size = word[0]
        name = fresh(binders)
        inside = rename(entries, DUMMY, named(name))
        emit(out, (*binders, (name, FIRST, size_index(size))), combine(mono, inside), (), c)
    elif (turned := turn(word)) is not None:
        for m, w, c2 in reduce_word(turned):
            trace_word(out, binders, combine(mono, m), w, c * c2, width(turned[0]))
    else:
        sign, least = oriented(word)
        if sign:
            emit(out, binders, combine(mono, power(("t", least))), (), c * sign)


def turn(word: Word) -> Word | None:
    """A trace word turned: its last and first token meet if they join; else, if it has a row e_iᵀ, it ends in one."""
    if len(word) < 2:
        return None
    if join(word[-1], word[0]) is not None:
        return word[-1:] + word[:-1]
    rows = [pos for pos, token in enumerate(word) if is_row(token)]
    if rows and not is_row(word[-1]):
        return word[rows[-1] + 1 :] + word[: rows[-1] + 1]
    return None
