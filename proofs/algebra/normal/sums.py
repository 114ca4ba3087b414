"""Sums over indices inside a term: what can be summed is, the rest gets canonical names.

A term is Σ … Σ monomial · word, its bound indices with their ranges in its binders. Each rule looks at one of them, a
:class:`Bound`, and gives the terms that the sum over it becomes, or None when it does not fit.

Main results
    contract_delta      Σ_a δ_ai f_a = [lo ≤ i ≤ hi] f_i
    count_free          Σ_a 1 = hi − lo + 1
    fold_scalar …       Σ_b [i ≤ b] = hi − i + 1 and Σ_b [b ≤ i] = i, also inside a diagonal matrix of a word or trace
    resolve_identity    Σ_i f_i e_i e_iᵀ = diag(f), inside a word or a trace, or between two of them
    canonical           bound indices named #0, #1, … in the order that gives the least representation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

from proofs.algebra.normal.indices import (
    DUMMY,
    FIRST,
    Binders,
    Index,
    Number,
    Undecided,
    below,
    bounded,
    compare,
    count_mentions,
    gather,
    is_bound,
    least,
    mentions,
    name_all,
    named,
    rename,
    shifted,
    size_index,
    stable,
)
from proofs.algebra.normal.monomials import Atom, Mono, clipped, combine, counted, is_count, power
from proofs.algebra.normal.words import Word, diagonal_word, oriented, transpose_word

Key = tuple[Binders, Mono, Word]
Rewritten = list[tuple[Key, Number]] | None


@dataclass(frozen=True)
class Bound:
    """One bound index of a term: Σ_{index=lo}^{hi} mono · word, inside the sums of ``rest``."""

    index: Index
    lo: Index
    hi: Index
    rest: Binders
    mono: Mono
    word: Word

    @staticmethod
    def of(pos: int, key: Key) -> Bound:
        """The bound index at a place among the binders."""
        binders, mono, word = key
        name, lo, hi = binders[pos]
        return Bound(named(name), lo, hi, binders[:pos] + binders[pos + 1 :], mono, word)

    @cached_property
    def uses(self) -> int | None:
        """How often the index is used; None when the range of another sum depends on it."""
        name = self.index[1]
        if mentions(self.rest, name):
            return None
        return count_mentions(self.mono, name) + count_mentions(self.word, name)


# -- rules for one bound index ---------------------------------------------------------------------


def contract_delta(s: Bound) -> Rewritten:
    """Σ_a δ_ai f_a = [lo ≤ i ≤ hi] f_i."""
    name = s.index[1]
    for atom, e in s.mono:
        if atom[0] == "d" and mentions(atom[1:3], name):
            a, i = (atom[1], atom[2]) if mentions(atom[1], name) else (atom[2], atom[1])
            target = shifted(i, -a[2]) if i[0] == "x" else i
            mono, word, rest = rename((s.mono - {(atom, e)}, s.word, s.rest), s.index, target)
            inside = clipped(target, s.lo, s.hi, atom[3] if a[2] == 0 else None, s.rest)
            return [((rest, combine(mono, m), word), c) for m, c in inside.items()]
    return None


def drop_implied(s: Bound) -> Rewritten:
    """[lo ≤ b] and [b ≤ hi] hold throughout the sum."""
    for atom, e in s.mono:
        if atom[0] == "b" and (atom[1:] == (s.lo, s.index) or (atom[1] == s.index and below(s.hi, atom[2]))):
            return [(((*s.rest, (s.index[1], s.lo, s.hi)), s.mono - {(atom, e)}, s.word), 1)]
    return None


def count_free(s: Bound) -> Rewritten:
    """Σ_b f = (hi − lo + 1) f."""
    if s.uses != 0:
        return None
    return [((s.rest, combine(s.mono, m), s.word), c) for m, c in counted(s.lo, s.hi).items()]


def fold_scalar(s: Bound) -> Rewritten:
    """Σ_{b=1}^{hi} [i ≤ b] = hi − i + 1 and Σ_{b=1}^{hi} [b ≤ i] = i, for i ≤ hi."""
    if s.uses != 1 or s.lo != FIRST:
        return None
    for atom, e in s.mono:
        if atom[0] == "b" and s.index in atom[1:]:
            if not countable(atom, s):
                return None
            ends = (atom[1], s.hi) if atom[2] == s.index else (s.lo, atom[2])
            rest = s.mono - {(atom, e)}
            return [((s.rest, combine(rest, m), s.word), c) for m, c in counted(*ends).items()]
    return None


def fold_word(s: Bound) -> Rewritten:
    """Σ_b A Π_b B = A diag(hi − • + 1) B."""
    if s.uses != 1 or s.lo != FIRST:
        return None
    return [((s.rest, s.mono, word), c) for word, c in fold_diagonal(s.word, s.index, s.hi)] or None


def fold_trace(s: Bound) -> Rewritten:
    """Σ_b Tr(A Π_b B) = Tr(A diag(hi − • + 1) B)."""
    if s.uses != 1 or s.lo != FIRST:
        return None
    for atom, e in s.mono:
        folded = fold_diagonal(atom[1], s.index, s.hi) if atom[0] == "t" and e == 1 else []
        if folded:
            rest = s.mono - {(atom, e)}
            return [((s.rest, combine(rest, power(("t", word))), s.word), c) for word, c in folded]
    return None


def resolve_identity(s: Bound) -> Rewritten:
    """Σ_i f_i e_i e_iᵀ = diag(f) over the full range: inside the word or a trace, or between two of them."""
    if s.uses is None or compare(s.lo, FIRST) != 0:
        return None
    i = s.index
    about = frozenset(x for x in s.mono if mentions(x[0], i[1]))
    traces = [a[1] for a, e in about if a[0] == "t" for _ in range(int(e))]
    weights = frozenset(x for x in about if x[0][0] in ("f", "p", "b"))
    held = [w for w in (s.word, *traces) if mentions(w, i[1])]
    sizes = [t[2] for w in held for t in w if t[0] == "E" and t[1] == i and size_index(t[2]) == s.hi]
    if any(is_bound(x) for atom, _ in weights if atom[0] == "b" for x in atom[1:] if x[1] != i[1]):
        return None  # a triangle stays a double sum, or its two foldings would differ
    if any(a[0] not in ("t", "f", "p", "b") or (a[0] == "t" and not is_count(e)) for a, e in about):
        return None
    if len(sizes) != 2 or count_mentions(tuple(held), i[1]) != 2:
        return None
    middle = diagonal_word(rename(weights, i, DUMMY), sizes[0])
    merged = contract(held[0], i, middle) if len(held) == 1 else insert(held[0], held[1], i, middle)
    if merged is None:
        return None
    mono, word = s.mono - about, s.word
    mono, word = (mono, merged) if held[0] is word else (combine(mono, power(("t", merged))), word)
    return [((s.rest, mono, word), 1)]


# -- their parts -----------------------------------------------------------------------------------


def countable(atom: Atom, s: Bound) -> bool:
    """Whether 1 ≤ i ≤ hi + 1 for [i ≤ b], or 0 ≤ i ≤ hi for [b ≤ i]."""
    start, i = (1, atom[1]) if atom[2] == s.index else (0, atom[2])
    if i[0] != "x" or least(i, s.rest) < start:
        return False
    return bounded(i, shifted(s.hi, start), s.rest) or (not i[1] and i[2] <= least(s.hi, s.rest) + start)


def fold_diagonal(word: Word, b: Index, hi: Index) -> list[tuple[Word, Number]]:
    """The words that Σ_b [• ≤ b] = hi − • + 1 makes of a word with one such diagonal token."""
    found = []
    for pos, token in enumerate(word):
        for atom, e in token[1] if token[0] == "D" else ():
            if atom[0] == "b" and atom[2] == b and (atom[1] != DUMMY or size_index(token[2]) == hi):
                rest = token[1] - {(atom, e)}
                for m, c in counted(atom[1], hi).items():
                    found.append(((*word[:pos], ("D", combine(rest, m), token[2]), *word[pos + 1 :]), c))
    return found


def contract(word: Word, i: Index, middle: Word) -> Word | None:
    """Replace e_i e_iᵀ in a word; in a trace the pair may stand at its ends."""
    for pos in range(len(word) - 1):
        if word[pos][:2] == word[pos + 1][:2] == ("E", i) and word[pos + 1][3] and not word[pos][3]:
            return word[:pos] + middle + word[pos + 2 :]
    if word[0][:2] == word[-1][:2] == ("E", i) and word[0][3] and not word[-1][3]:
        return word[1:-1] + middle
    return None


def insert(word: Word, trace: Word, i: Index, middle: Word) -> Word | None:
    """… e_i … times the trace e_iᵀ v is … v …"""
    here, there = (next(p for p, t in enumerate(w) if t[:2] == ("E", i)) for w in (word, trace))
    around = trace[there + 1 :] + trace[:there]
    if trace[there][3] == word[here][3]:
        sign, around = transpose_word(around)
        if sign != 1:
            return None
    around = around + middle if word[here][3] else middle + around
    return word[:here] + around + word[here + 1 :]


# -- names -----------------------------------------------------------------------------------------


def canonical(key: Key) -> tuple[int, Key]:
    """Name bound indices #0, #1, … in the order that gives the least representation; its sign, 0 when it vanishes."""
    binders, mono, word = key
    if not binders:
        return 1, key
    found: dict[str, tuple[int, Key]] = {}
    for order in permutations(binders):
        names = {name: f"#{new}" for new, (name, _, _) in enumerate(order)}
        ranges, renamed, labelled = relabel((order, mono, word), names)
        sign, traced = retrace(renamed)
        candidate: Key = (ranges, traced, labelled)
        if sign == 0 or len(binders) == 1:
            return sign, candidate
        text = stable(candidate)
        if found.setdefault(text, (sign, candidate))[0] != sign:
            return 0, candidate
    return found[min(found)]


def relabel(key: Key, names: Mapping[str, str]) -> Key:
    """Other names for bound indices, all at once."""
    binders, mono, word = key
    ranges = tuple((names.get(name, name), name_all(lo, names), name_all(hi, names)) for name, lo, hi in binders)
    return ranges, name_all(mono, names), name_all(word, names)


def after(key: Key, count: int) -> Key:
    """The names #0, #1, … moved to #count, …"""
    return relabel(key, {f"#{r}": f"#{r + count}" for r in range(len(key[0]))})


def aside(key: Key) -> Key:
    """The names #o0, #o1, …, clear of those that traces bind."""
    if all(name.startswith("#o") for name, _, _ in key[0]):
        return key
    return relabel(key, {name: f"#o{r}" for r, (name, _, _) in enumerate(key[0])})


def retrace(mono: Mono) -> tuple[int, Mono]:
    """Traces again in canonical rotation, after their indices were renamed; with their sign."""
    sign = 1
    items: list[tuple[Any, Number]] = []
    for atom, e in mono:
        if atom[0] == "t":
            turn, word = oriented(atom[1])
            if turn != 1 and not is_count(e):
                raise Undecided("a root or a quotient of a trace that may be negative or vanish")
            sign, atom = sign * turn ** abs(int(e)), ("t", word)
        items.append((atom, e))
    return sign, gather(items)
