"""Expectations of forms: over the masks of nested dropout, and over matrices of noise.

Main results
    over_masks    each random index b_i drawn on its own from weights that add up to 1; up to two in one term
    over_noise    independent entries of mean 0 and variance s²: terms of degree 0, 1 and 2
"""

from __future__ import annotations

from proofs.algebra.normal.forms import Form, emit, emit_renamed, times, trace_of
from proofs.algebra.normal.indices import DUMMY, FIRST, Index, Number, Undecided, fresh, named, random_indices, rename
from proofs.algebra.normal.monomials import combine, delta, is_count
from proofs.algebra.normal.sums import Key
from proofs.algebra.normal.words import Word, holds, holds_inside, places, transpose_word, width
from proofs.kernel import expressions as E

# -- masks -----------------------------------------------------------------------------------------


def over_masks(form: Form, family: str, weight: Form, size: Index) -> Form:
    """The expectation over a random family, whose members are drawn independently from 1, …, size.

    Parameters
    ----------
    weight
        The probability of •, a single term.

    Raises
    ------
    Undecided
        For three random indices in one term, or weights that are sums.
    """
    if [binders for binders, _, _ in weight.terms] != [()]:
        raise Undecided(f"weights of {family} that are no single term")
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        drawn = sorted(set(random_indices((mono, word), family)), key=str)
        if len(drawn) > 2:
            raise Undecided("more than two random indices in one term")
        draw(out, drawn, (binders, mono, word), c, weight, size)
        if len(drawn) == 2:  # b_i and b_j are one when i = j
            same = combine(mono, delta(drawn[0][2], drawn[1][2], size))
            draw(out, drawn, (binders, same, word), -c, weight, size)
            draw(out, drawn[:1], (binders, *rename((same, word), drawn[1], drawn[0])), c, weight, size)
    return out


def draw(out: Form, drawn: list[Index], key: Key, c: Number, weight: Form, size: Index) -> None:
    """Replace random indices, drawn independently, by bound indices with their weights."""
    binders, mono, word = key
    ((_, probability, _), factor) = next(iter(weight.terms.items()))
    for r in drawn:
        name = fresh(binders)
        mono, word = rename((mono, word), r, named(name))
        mono = combine(mono, rename(probability, DUMMY, named(name)))
        binders, c = (*binders, (name, FIRST, size)), c * factor
    emit_renamed(out, binders, mono, word, c)


# -- noise -----------------------------------------------------------------------------------------


def over_noise(form: Form, letter: E.Letter, variance: Form) -> Form:
    """The expectation over a matrix with independent entries of mean 0.

    Raises
    ------
    Undecided
        For a moment other than E Tr(A ε B ε) and E Tr(A ε B εᵀ).
    """
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        noisy = [(atom, e) for atom, e in mono if holds(atom, letter)]
        degree = len(places(word, letter)) + sum(e * len(places(atom[1], letter)) for atom, e in noisy)
        if not noisy and not holds(word, letter):
            emit(out, binders, mono, word, c)
        elif any(atom[0] != "t" or not is_count(e) or holds_inside(atom[1], letter) for atom, e in noisy):
            raise Undecided(f"a root or a quotient of {letter.name}")
        elif degree % 2 == 0:
            if [e for _, e in noisy] != [1] or degree != 2 or holds(word, letter):
                raise Undecided(f"a moment of {letter.name} other than E Tr(A ε B ε)")
            ((atom, _),) = noisy
            rest = mono - {(atom, 1)}
            moment = times(second_moment(atom[1], *places(atom[1], letter)), variance)
            for (bs, m, _), c2 in moment.terms.items():
                emit(out, binders + bs, combine(rest, m), (), c * c2)
    return out


def second_moment(word: Word, p: int, q: int) -> Form:
    """E Tr(ε A εᵀ B) = s² Tr A Tr B and E Tr(ε A ε B) = s² Tr(Aᵀ B), for noise at p and q; without the s²."""
    a, b = word[p + 1 : q], word[q + 1 :] + word[:p]
    if word[p][2] != word[q][2]:
        return times(trace_of(a, width(word[q])), trace_of(b, width(word[p])))
    sign, back = transpose_word(a)
    return Form(()).include(trace_of(back + b, width(word[q])), sign)
