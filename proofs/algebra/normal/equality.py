"""Whether two expressions are equal for all sizes: the zero test of a form.

Terms that differ only in scalars are brought to a common denominator and expanded; before that, a value modulo a prime
that is not zero shows that they do not vanish.

Main results
    equal(a, b)    whether a − b vanishes, also under equations and what is known of indices
    vanishes       the zero test
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zlib import crc32

from proofs.algebra.normal.expressions import normal_form
from proofs.algebra.normal.forms import Form, times
from proofs.algebra.normal.indices import DUMMY, Index, Number, mentions, named, rename, shifted, stable
from proofs.algebra.normal.monomials import Atom, Mono, Poly, collect, combine, expand
from proofs.algebra.normal.words import Word
from proofs.kernel import expressions as E


def equal(
    a: E.Expr,
    b: E.Expr,
    given: Iterable[tuple[E.Expr, E.Expr]] = (),
    at_most: Callable[[Index, Index], bool] | None = None,
) -> bool:
    """Whether a − b is zero for all sizes; denominators are cleared.

    Parameters
    ----------
    given
        Equations between scalars that hold by hypothesis; the left side is replaced where it is a factor.
    at_most
        Whether i ≤ j for two indices by hypothesis.

    Raises
    ------
    Undecided
        When either side has no normal form.

    Examples
    --------
    >>> x, y = E.Sym("x"), E.Sym("y")
    >>> equal(1 / (x - y) + 1 / (y - x), E.lift(0)), equal(x * y, x + y)
    (True, False)
    """
    if a.shape != b.shape:
        raise E.ShapeError(f"{E.shape_text(a.shape)} = {E.shape_text(b.shape)} does not conform: {a} = {b}")
    difference = Form(a.shape).include(normal_form(a)).include(normal_form(b), -1)
    for left, right in given:
        difference = rewrite(difference, left, right)
    if at_most is not None:
        difference = ordered(difference, at_most)
    return vanishes(difference)


# -- hypotheses ------------------------------------------------------------------------------------


def ordered(form: Form, at_most: Callable[[Index, Index], bool]) -> Form:
    """Decide the indicators [i ≤ j] of what is known of the indices."""
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        indicators = {atom for atom, _ in mono if atom[0] == "b"}
        if not any(at_most(shifted(j, 1), i) for _, i, j in indicators):
            true = {(atom, 1) for atom in indicators if at_most(*atom[1:])}
            out.put((binders, mono - true, word), c)
    return out


def rewrite(form: Form, left: E.Expr, right: E.Expr) -> Form:
    """Replace a scalar of a single term, wherever it is a factor, by what it equals."""
    if len(normal_form(left).terms) != 1:
        return form
    ((bound, factor, _), c0) = next(iter(normal_form(left).terms.items()))
    out = Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        rest = mono - factor
        if binders == bound and factor <= mono and not any(mentions((rest, word), b[0]) for b in bound):
            out.include(times(normal_form(right), Form(form.shape, {((), rest, word): Fraction(c) / c0})))
        else:
            out.put((binders, mono, word), c)
    return out


# -- zero ------------------------------------------------------------------------------------------


def vanishes(form: Form) -> bool:
    """Zero test: terms that differ only in scalars are brought to a common denominator."""
    groups: dict[Any, list[tuple[Mono, Number]]] = {}
    for (binders, mono, word), c in form.terms.items():
        skeleton, scalars = open_slots(mono, word)
        groups.setdefault((binders, skeleton), []).append((scalars, c))
    return all(clear(collect(group)) for group in groups.values())


def open_slots(mono: Mono, word: Word) -> tuple[Any, Mono]:
    """Move the diagonal tokens of words and traces into the monomial, one dummy index per slot."""
    scalars: Mono = frozenset(x for x in mono if x[0][0] != "t")
    traces = sorted((x for x in mono if x[0][0] == "t"), key=stable)
    slots = 0
    skeleton = []
    for w in [word, *(a[1] for a, _ in traces)]:
        plain = []
        for token in w:
            if token[0] == "D":
                scalars = combine(scalars, rename(token[1], DUMMY, named(f"•{slots}")))
                token = ("D", slots, token[2])
                slots += 1
            plain.append(token)
        skeleton.append(tuple(plain))
    return (tuple(skeleton), tuple(e for _, e in traces)), scalars


def clear(terms: Poly) -> bool:
    """Whether a sum of monomials with denominators vanishes."""
    if nonzero_somewhere(terms):
        return False
    while True:
        lowest: dict[Atom, Number] = {}
        for mono in terms:
            for atom, e in mono:
                if atom[0] == "p" and e < 0:
                    lowest[atom] = min(lowest.get(atom, 0), e)
        if not lowest:
            return not terms
        factor: Mono = frozenset((a, -e) for a, e in lowest.items())
        terms = collect((m2, c * c2) for m, c in terms.items() for m2, c2 in expand(combine(m, factor)).items())


# -- values modulo a prime -------------------------------------------------------------------------

MODULUS = 2**61 - 1


class Unsure(Exception):
    """A monomial that has no value modulo the prime."""


def nonzero_somewhere(terms: Mapping[Mono, Number]) -> bool:
    """Whether a sum of monomials is non-zero at a point modulo a prime: then it does not vanish, without expansion."""
    try:
        return residue(terms.items()) != 0
    except Unsure:
        return False


def residue(terms: Iterable[tuple[Mono, Number]]) -> int:
    """The value of a sum of monomials at the point."""
    total = 0
    for mono, c in terms:
        product = c.numerator * pow(c.denominator, -1, MODULUS)
        for atom, e in mono:
            product = product * atom_residue(atom, e) % MODULUS
        total += product
    return total % MODULUS


@lru_cache(maxsize=100_000)
def atom_residue(atom: Atom, e: Number) -> int:
    """A power of an atom at the point, where symbols are squares, sin² + cos² = 1 and [i ≤ b]² = [i ≤ b]."""
    if atom[0] in "bd":
        return 1
    if e.denominator == 2 and atom[0] not in ("p", "sin", "cos"):
        return pow(point(stable(atom)), 2 * e.numerator // e.denominator, MODULUS)
    if e.denominator != 1:
        raise Unsure
    if atom[0] == "p":
        base = residue(atom[1])
    elif atom[0] in ("sin", "cos"):
        t = point(atom[1])
        base = (2 * t if atom[0] == "sin" else 1 - t * t) * pow(1 + t * t, -1, MODULUS)
    else:
        base = point(stable(atom)) ** 2
    if base % MODULUS == 0:
        raise Unsure
    return pow(base, e.numerator, MODULUS)


def point(name: str) -> int:
    """A coordinate of the point, the same in every run."""
    return crc32(name.encode()) * 2_654_435_761 % MODULUS + 2
