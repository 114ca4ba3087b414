"""Words: products of matrices, with the rules of their traits applied.

A word is a tuple of tokens, adjacent ones multiplied:

    ("L", letter, transposed)             a letter A or Aᵀ
    ("D", mono, size)                     a diagonal matrix; its i-th entry is the monomial at • = i
    ("J", rows, cols, transposed)         the first columns of the identity
    ("E", index, size, transposed)        a unit vector e_i or e_iᵀ

The empty word is the identity. A word inside a trace is taken up to rotation and transposition.

Main results
    reduce_word      LᵀL = I, diag(f) diag(g) = diag(fg), e_iᵀ e_j = δ_ij, diag(f) e_i = f_i e_i, …, until none fits
    transpose_word   the transpose of a word and its sign
    oriented         the canonical rotation of a trace word and its sign
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from proofs.algebra.normal.indices import DUMMY, Index, Number, rename, same_index, size_index, stable
from proofs.algebra.normal.monomials import (
    NOWHERE,
    ONE,
    Atom,
    Mono,
    at_most,
    combine,
    delta,
    depends,
    expand,
    pinned,
    power,
    split_dummy,
)
from proofs.kernel import expressions as E

Token = tuple
Word = tuple  # of tokens


# -- tokens ----------------------------------------------------------------------------------------


def unit(i: Index, size: Any, transposed: bool = False) -> Token:
    """e_i, or e_iᵀ."""
    return ("E", i, size, transposed)


def diagonal_word(mono: Mono, size: Any) -> Word:
    """diag of a monomial in •, as a word."""
    return (("D", mono, size),) if mono else ()


def width(token: Token) -> Any:
    """The number of rows of a token."""
    kind = token[0]
    if kind == "L":
        return token[1].cols if token[2] else token[1].rows
    if kind == "D":
        return token[2]
    if kind == "J":
        return token[2] if token[3] else token[1]
    return 1 if token[3] else token[2]


def is_row(token: Token) -> bool:
    """Whether a token has one row."""
    return width(token) == 1


def holds(obj: Any, letter: E.Letter) -> bool:
    """Whether a letter is somewhere in a term."""
    if isinstance(obj, tuple | frozenset):
        return any(holds(part, letter) for part in obj)
    return isinstance(obj, E.Letter) and obj == letter


def places(word: Word, letter: E.Letter) -> list[int]:
    """Where a letter stands in a word."""
    return [pos for pos, token in enumerate(word) if token[:2] == ("L", letter)]


def holds_inside(word: Word, letter: E.Letter) -> bool:
    """Whether a letter is in the entries of a diagonal matrix."""
    return any(token[0] == "D" and holds(token[1], letter) for token in word)


def depends_inside(word: Word, variable: Atom) -> bool:
    """Whether the entries of a diagonal matrix depend on a variable."""
    return any(token[0] == "D" and depends(token[1], variable) for token in word)


def flip(token: Token) -> tuple[int, Token]:
    """The transpose of a token and its sign."""
    if token[0] == "L":
        letter, t = token[1], token[2]
        if "symmetric" in letter.traits:
            return 1, token
        return (-1 if "skew" in letter.traits else 1), ("L", letter, t if "skew" in letter.traits else not t)
    if token[0] == "D":
        return 1, token
    return 1, (*token[:-1], not token[-1])


def transpose_word(word: Word) -> tuple[int, Word]:
    """The transpose of a word and its sign: each skew letter changes it."""
    sign, out = 1, []
    for token in reversed(word):
        s, t = flip(token)
        sign *= s
        out.append(t)
    return sign, tuple(out)


# -- two adjacent tokens ---------------------------------------------------------------------------

Joined = tuple[Mono, Word] | None


def join(a: Token, b: Token) -> Joined:
    """Rewrite two adjacent tokens; None when no rule fits."""
    rule = JOINS.get(a[0] + b[0])
    return rule(a, b) if rule else None


def _diagonals(a: Token, b: Token) -> Joined:
    """diag(f) diag(g) = diag(fg)."""
    return ONE, (("D", combine(a[1], b[1]), a[2]),)


def _letters(a: Token, b: Token) -> Joined:
    """LᵀL = I for orthonormal columns; L Lᵀ = I if L is square too."""
    if a[1] != b[1] or a[2] == b[2] or "orthonormal" not in a[1].traits:
        return None
    return (ONE, ()) if a[2] or a[1].rows == a[1].cols else None


def _firsts(a: Token, b: Token) -> Joined:
    """JᵀJ = I."""
    return (ONE, ()) if a[3] and not b[3] and a[1:3] == b[1:3] else None


def _diagonal_first(a: Token, b: Token) -> Joined:
    """diag(f) J = J diag(f)."""
    return None if b[3] else (ONE, (b, ("D", a[1], b[2])))


def _first_diagonal(a: Token, b: Token) -> Joined:
    """Jᵀ diag(f) = diag(f) Jᵀ."""
    return (ONE, (("D", b[1], a[2]), a)) if a[3] else None


def _first_unit(a: Token, b: Token) -> Joined:
    """J e_i = e_i, and Jᵀ e_i = [i ≤ cols] e_i."""
    if b[3]:
        return None
    return (at_most(b[1], size_index(a[2])), (unit(b[1], a[2]),)) if a[3] else (ONE, (unit(b[1], a[1]),))


def _unit_first(a: Token, b: Token) -> Joined:
    """The transpose of the rule for J and e_i."""
    if not a[3]:
        return None
    return (ONE, (unit(a[1], b[1], True),)) if b[3] else (at_most(a[1], size_index(b[2])), (unit(a[1], b[2], True),))


def _units(a: Token, b: Token) -> Joined:
    """e_iᵀ e_j = δ_ij."""
    if not a[3] or b[3]:
        return None
    same = same_index(a[1], b[1])
    return (delta(a[1], b[1], size_index(a[2])) if same is None else ONE if same else NOWHERE), ()


def _diagonal_unit(a: Token, b: Token) -> Joined:
    """diag(f) e_i = f_i e_i."""
    return None if b[3] else (rename(a[1], DUMMY, b[1]), (b,))


def _unit_diagonal(a: Token, b: Token) -> Joined:
    """e_iᵀ diag(f) = f_i e_iᵀ."""
    return (rename(b[1], DUMMY, a[1]), (a,)) if a[3] else None


JOINS: dict[str, Callable[[Token, Token], Joined]] = {
    "DD": _diagonals,
    "LL": _letters,
    "JJ": _firsts,
    "DJ": _diagonal_first,
    "JD": _first_diagonal,
    "JE": _first_unit,
    "EJ": _unit_first,
    "EE": _units,
    "DE": _diagonal_unit,
    "ED": _unit_diagonal,
}


# -- a whole word ----------------------------------------------------------------------------------


def reduce_word(word: Word) -> Iterator[tuple[Mono, Word, Number]]:
    """Apply the letters' rules until none fits; yields monomial, word, coefficient."""
    sign, mono, word = extract_scalars(*join_neighbours(word))
    if sign == 0:
        return
    for pos, token in enumerate(word):
        opened = open_diagonal(token) if token[0] == "D" else None
        if opened is not None:
            for outside, middle, c in opened:
                for m, w, c2 in reduce_word((*word[:pos], *middle, *word[pos + 1 :])):
                    yield combine(combine(mono, outside), m), w, c * c2 * sign
            return
    yield mono, word, sign


def join_neighbours(word: Word) -> tuple[Mono, Word]:
    """Join adjacent tokens as long as a rule fits."""
    done: list[Token] = []
    mono: Mono = ONE
    queue = list(reversed(word))
    while queue:
        token = queue.pop()
        joined = join(done[-1], token) if done else None
        if joined is None:
            done.append(token)
            continue
        done.pop()
        mono = combine(mono, joined[0])
        queue.extend(reversed(joined[1]))
    return mono, tuple(done)


def extract_scalars(mono: Mono, word: Word) -> tuple[int, Mono, Word]:
    """A factor of shape 1 × 1, such as e_iᵀ … e_j, is a scalar: the trace of … e_j e_iᵀ; with its sign."""
    start = None
    for pos, token in enumerate(word):
        if is_row(token):
            start = pos
        if start is not None and is_row(flip(token)[1]):
            turn, inner = oriented((*word[start + 1 : pos + 1], word[start]))
            sign, m, w = extract_scalars(combine(mono, power(("t", inner))), word[:start] + word[pos + 1 :])
            return turn * sign, m, w
    return 1, mono, word


def open_diagonal(token: Token) -> list[tuple[Mono, Word, Number]] | None:
    """A diagonal matrix as a sum of scalar · word; None when it stands as it is.

    With both [• ≤ i] and [i ≤ •] it is f_i e_i e_iᵀ; scalars leave it, and its entries are expanded.
    """
    _, mono, size = token
    i = pinned(mono)
    if i is not None:
        rest = frozenset(x for x in mono if x[0][0] != "b" or i not in x[0][1:])
        return [(rename(rest, DUMMY, i), (unit(i, size), unit(i, size, True)), 1)]
    entries = expand(mono)
    if mono and list(entries) == [mono] and not split_dummy(mono)[0]:
        return None
    split = ((*split_dummy(m), c) for m, c in entries.items())
    return [(outside, diagonal_word(inside, size), c) for outside, inside, c in split]


# -- traces ----------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def token_key(token: Token) -> str:
    return stable(token)


@lru_cache(maxsize=100_000)
def rotate(word: Word) -> Word:
    """The least rotation of a trace word or, with an even number of skew letters, of its transpose."""
    sign, back = transpose_word(word)
    candidates = []
    for w in (word, back) if sign == 1 else (word,):
        keys = tuple(map(token_key, w))
        candidates += [(keys[r:] + keys[:r], w[r:] + w[:r]) for r in range(len(w))]
    return min(candidates, key=lambda c: c[0])[1]


def oriented(word: Word) -> tuple[int, Word]:
    """The canonical trace word with its sign: with an odd number of skew letters Tr w = −Tr wᵀ, so it may vanish."""
    sign, back = transpose_word(word)
    here = rotate(word)
    if sign == 1:
        return 1, here
    there = rotate(back)
    if here == there:
        return 0, here
    return (1, here) if stable(here) < stable(there) else (-1, there)
