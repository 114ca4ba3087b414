"""Normal forms of matrix expressions of symbolic size: identities for all k, m, n at once.

An expression becomes a sum of terms ``coefficient · monomial · word``. A monomial is a product of atoms (symbols,
items ``σ_i``, traces of words, indicators ``[i ≤ b]``, radicals and denominators) with rational exponents; a word is
a product of letters with the rules of their traits applied (LᵀL = I, diagonal matrices merge and commute past
``First``, e_iᵀe_j = δ_ij); bound indices are renamed canonically; traces are taken up to rotation and transposition.

Main results
    normal_form(e)     the terms of an expression
    equal(a, b)        True when a − b vanishes for every size; False when it does not; denominators are cleared
    gradient, derivative, coefficient and expectation are taken on terms

Conventions: index symbols with different names stand for different indices; fractional powers are of positive
quantities. ``False`` means "the normal forms differ", which a second witness confirms by an instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, partial
from itertools import permutations
from typing import Any
from zlib import crc32

from proofs.algebra import expr as E

Index = tuple  # ("x", name, offset); ("r", family, index) for a random index
Atom = tuple
Mono = frozenset  # of (atom, exponent)
Word = tuple  # of tokens
Key = tuple[tuple, Mono, Word]
Number = int | Fraction
"""Coefficients and exponents; whole ones are int, which is equal to the fraction and much faster."""
ONE: Mono = frozenset()
DUMMY = ("x", "•", 0)
FIRST = ("x", "", 1)


class Undecided(Exception):
    """The normal form does not cover this expression; says why."""


# -- indices ---------------------------------------------------------------------------------------


def index_of(e: E.Expr) -> Index:
    """An affine index ``name + offset``, an integer, or a random index ``b[i]``."""
    if isinstance(e, E.Num):
        return ("x", "", int(e.value))
    if isinstance(e, E.Sym):
        return ("x", e.name, 0)
    if isinstance(e, E.Item):
        return ("r", e.family.name, index_of(e.index))
    if isinstance(e, E.Add):
        name, offset = "", 0
        for t in e.terms:
            kind, part, step = index_of(t)
            if kind != "x" or (name and part):
                raise Undecided(f"index {e}")
            name, offset = name or part, offset + step
        return ("x", name, offset)
    raise Undecided(f"index {e}")


def compare(i: Index, j: Index) -> int | None:
    """Sign of i − j where the names decide it."""
    if i[0] == j[0] == "x" and i[1] == j[1]:
        return (i[2] > j[2]) - (i[2] < j[2])
    return 0 if i == j else None


def same_index(i: Index, j: Index) -> bool | None:
    """Different free names are different indices; an integer and a name are undecided."""
    c = compare(i, j)
    if c is not None:
        return c == 0
    free = all(x[0] == "x" and x[1] and x[1] != "•" and not is_bound(x) for x in (i, j))
    return False if free and i[2] == j[2] == 0 else None


def is_bound(i: Index) -> bool:
    """Whether an index is summed over (#0, #1, …) or about to be (i°)."""
    return i[0] == "x" and (i[1].startswith("#") or i[1].endswith("°"))


def rename(obj: Any, old: Index, new: Index) -> Any:
    """Replace the index ``old`` (with offsets carried over) everywhere inside a term."""
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            if old[0] == "x" and obj[1] == old[1] and old[1]:
                if new[0] != "x":
                    return new
                return ("x", new[1], new[2] + obj[2] - old[2])
            return obj
        if obj == old:
            return new
        return tuple(rename(o, old, new) for o in obj)
    return gather((rename(o, old, new), e) for o, e in obj) if isinstance(obj, frozenset) else obj


def gather(items: Iterable[tuple[Any, Number]]) -> frozenset:
    """A monomial (exponents of atoms) or a polynomial (coefficients of monomials) from items that may coincide."""
    total: dict[Any, Number] = {}
    for what, number in items:
        if isinstance(what, tuple) and what[0] in ("b", "d"):
            total[what] = 1  # indicators are idempotent
        else:
            total[what] = total.get(what, 0) + number
    return frozenset((what, number) for what, number in total.items() if number)


def mentions(obj: Any, name: str) -> bool:
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            return obj[1] == name
        return any(mentions(o, name) for o in obj)
    return isinstance(obj, frozenset) and any(mentions(o, name) for o in obj)


# -- terms -----------------------------------------------------------------------------------------


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


def whole(c: Number) -> Number:
    return c.numerator if c.denominator == 1 else c


def scalar(c: Number = 1, mono: Mono = ONE) -> Form:
    return Form((), {((), mono, ()): whole(c)} if c else {})


def symbol(name: str) -> Form:
    return scalar(1, frozenset({(("s", name), 1)}))


def combine(a: Mono, b: Mono) -> Mono:
    if not a:
        return b
    if not b:
        return a
    return gather((*a, *b))


def settle(mono: Mono) -> Form:
    """Rewrite sin² = 1 − cos², expand polynomials with exponent ≥ 1 and decide indicators."""
    for atom, e in mono:
        rest = mono - {(atom, e)}
        if atom[0] == "sin" and e >= 2:
            lower = combine(rest, frozenset({(atom, e - 2)} if e > 2 else ()))
            square = combine(lower, frozenset({(("cos", atom[1]), 2)}))
            return Form(()).include(settle(lower)).include(settle(square), -1)
        if atom[0] == "p" and e >= 1:
            lower = combine(rest, frozenset({(atom, e - 1)} if e > 1 else ()))
            out = Form(())
            for m, c in atom[1]:
                out.include(settle(combine(lower, m)), c)
            return out
        if atom[0] == "b":
            c = compare(atom[1], atom[2])
            if c is not None:
                return settle(rest) if c <= 0 else Form(())
        if atom[0] == "d":
            same = same_index(atom[1], atom[2])
            if same is not None:
                return settle(rest) if same else Form(())
    return scalar(1, mono)


def times(a: Form, b: Form) -> Form:
    """The product; matrix words are joined and reduced."""
    shape = b.shape if a.shape == () else a.shape if b.shape == () else (a.shape[0], b.shape[1])
    out = Form(shape)
    for (ba, ma, wa), ca in a.terms.items():
        for (bb, mb, wb), cb in b.terms.items():
            (bb2, mb2, wb2), n = (bb, mb, wb), len(ba)
            if ba and bb:
                for r in reversed(range(len(bb))):
                    bb2, mb2, wb2 = rename_binder((bb2, mb2, wb2), f"#{r}", f"#{r + n}")
            emit(out, ba + bb2, combine(ma, mb2), wa + wb2, ca * cb)
    return out


def emit(out: Form, binders: tuple, mono: Mono, word: Word, c: Number) -> None:
    """Add a term after reducing its word and monomial."""
    for m, w, cw in reduce_word(word):
        for (_, m2, _), c2 in settle(combine(mono, m)).terms.items():
            put_bound(out, binders, m2, w, c * cw * c2)


def emit_renamed(out: Form, binders: tuple, mono: Mono, word: Word, c: Number) -> None:
    """Emit a term whose indices were renamed: its traces are reduced again."""
    for name, _, _ in binders:  # keep clear of the names that the traces bind
        if not name.startswith("#o"):
            binders, mono, word = rename_binder((binders, mono, word), name, fresh(binders, "#o"))
    product = scalar(c, frozenset(x for x in mono if x[0][0] != "t"))
    for atom, e in mono:
        if atom[0] == "t":
            again = Form(())
            for m2, w2, c2 in reduce_word(atom[1]):
                trace_word(again, (), m2, w2, c2, width(atom[1][0]))
            for _ in range(int(e)):
                product = times(product, again)
    for (b2, m2, _), c2 in product.terms.items():
        emit(out, (*binders, *b2), m2, word, c2)


def put_bound(out: Form, binders: tuple, mono: Mono, word: Word, c: Number) -> None:
    """Add a term with bound indices: contract δ, count free sums, name the rest canonically."""
    for pos, (name, lo, hi) in enumerate(binders):
        rest = binders[:pos] + binders[pos + 1 :]
        here = ("x", name, 0)
        for atom, e in mono:
            if atom[0] == "d" and (mentions(atom[1], name) or mentions(atom[2], name)):
                a, b = (atom[1], atom[2]) if mentions(atom[1], name) else (atom[2], atom[1])
                target = ("x", b[1], b[2] - a[2]) if b[0] == "x" else b
                m2, w2, r2 = rename((mono - {(atom, e)}, word, rest), here, target)
                reach = atom[3] if a[2] == 0 else None
                for (_, m3, _), c3 in clipped(target, lo, hi, reach, rest).terms.items():
                    emit_renamed(out, r2, combine(m2, m3), w2, c * c3)
                return
            if atom[0] == "b" and ((atom[2] == here and atom[1] == lo) or (atom[1] == here and below(hi, atom[2]))):
                put_bound(out, binders, mono - {(atom, e)}, word, c)  # [lo ≤ b] and [b ≤ hi] hold throughout
                return
        if count_mentions(rest, name):
            continue  # the range of another sum depends on it
        uses = count_mentions(mono, name) + count_mentions(word, name)
        if uses == 0:
            size = counted(lo, hi)
            for (_, m2, _), c2 in size.terms.items():
                put_bound(out, rest, combine(mono, m2), word, c * c2)
            return
        if uses == 1 and fold_count(out, rest, mono, word, c, here, (lo, hi)):
            return
        if compare(lo, FIRST) == 0 and resolve_identity(out, rest, mono, word, c, here, hi):
            return
    sign, key = canonical(binders, mono, word)
    out.put(key, c * sign)


def clipped(i: Index, lo: Index, hi: Index, reach: Index | None, binders: tuple) -> Form:
    """[lo ≤ i ≤ hi], for an index that is known to be at most ``reach``."""
    above = scalar(1) if lo == FIRST else settle(frozenset({(("b", lo, i), 1)}))
    if reach == hi or bounded(i, hi, binders):
        return above
    beyond = settle(frozenset({(("b", shifted(hi, 1), i), 1)}))
    return times(above, scalar(1).include(beyond, -1))


def bounded(i: Index, hi: Index, binders: tuple) -> bool:
    """Whether i ≤ hi is known from the range that i is summed over."""
    return any(i[1] == name and below(shifted(top, i[2]), hi) for name, _, top in binders)


def below(i: Index, j: Index) -> bool:
    """Whether the names decide i ≤ j."""
    c = compare(i, j)
    return c is not None and c <= 0


def shifted(i: Index, by: int) -> Index:
    return ("x", i[1], i[2] + by)


def count_mentions(obj: Any, name: str) -> int:
    if isinstance(obj, tuple):
        if len(obj) == 3 and obj[0] == "x":
            return int(obj[1] == name)
        return sum(count_mentions(o, name) for o in obj)
    return sum(count_mentions(o, name) for o in obj) if isinstance(obj, frozenset) else 0


def counted(lo: Index, hi: Index) -> Form:
    """hi − lo + 1, as a scalar."""
    return index_value(hi).include(index_value(lo), -1).include(scalar(1))


def index_value(i: Index) -> Form:
    """An index as a number."""
    out = scalar(i[2]) if i[2] else Form(())
    if i[1]:
        kind = "i" if i[1][0] in "#•" else "s"
        atom = (kind, ("x", i[1], 0)) if kind == "i" else (kind, i[1])
        out.put(((), frozenset({(atom, 1)}), ()), 1)
    return out


def fold_count(out: Form, rest: tuple, mono: Mono, word: Word, c: Number, b: Index, span: tuple[Index, Index]) -> bool:
    """Σ_b [i ≤ b] = hi − i + 1, also inside one diagonal token, and Σ_b [b ≤ i] = i, for b = 1, …, hi and i ≤ hi."""
    lo, hi = span
    if lo != FIRST:
        return False
    for atom, e in mono:
        if atom[0] == "b" and b in atom[1:]:
            ends = (atom[1], hi) if atom[2] == b else (lo, atom[2])
            if not countable(atom, b, hi, rest):
                return False
            for (_, m2, _), c2 in counted(*ends).terms.items():
                put_bound(out, rest, combine(mono - {(atom, e)}, m2), word, c * c2)
            return True
    folded = fold_diagonal(word, b, hi)
    for new, c2 in folded:
        emit(out, rest, mono, new, c * c2)
    if folded:
        return True
    for atom, e in mono:
        folded = fold_diagonal(atom[1], b, hi) if atom[0] == "t" and e == 1 else []
        for new, c2 in folded:
            inner = combine(mono - {(atom, e)}, frozenset({(("t", new), 1)}))
            emit_renamed(out, rest, inner, word, c * c2)
        if folded:
            return True
    return False


def countable(atom: Atom, b: Index, hi: Index, binders: tuple) -> bool:
    """Whether [i ≤ b] or [b ≤ i] is in step with the range of b, up to hi."""
    if atom[2] == b:
        return bounded(atom[1], shifted(hi, 1), binders) or not atom[1][1]
    return bounded(atom[2], hi, binders)


def fold_diagonal(word: Word, b: Index, hi: Index) -> list[tuple[Word, Number]]:
    """The words that Σ_b [• ≤ b] = hi − • + 1 makes of a word with one such diagonal token."""
    found = []
    for pos, token in enumerate(word):
        for atom, e in token[1] if token[0] == "D" else ():
            if atom[0] == "b" and atom[2] == b and (atom[1] != DUMMY or size_index(token[2]) == hi):
                for (_, m2, _), c2 in counted(atom[1], hi).terms.items():
                    inside = combine(token[1] - {(atom, e)}, m2)
                    found.append(((*word[:pos], ("D", inside, token[2]), *word[pos + 1 :]), c2))
    return found


def resolve_identity(out: Form, rest: tuple, mono: Mono, word: Word, c: Number, i: Index, hi: Index) -> bool:
    """Σ_i f_i e_i e_iᵀ = diag(f) over the full range: inside the word or a trace, or between two of them."""
    traces = [a[1] for a, e in mono if a[0] == "t" and mentions(a, i[1]) for _ in range(int(e))]
    weights = frozenset(x for x in mono if x[0][0] in ("f", "p", "b") and mentions(x[0], i[1]))
    others = frozenset(x for x in mono - weights if not (x[0][0] == "t" and mentions(x[0], i[1])))
    held = [w for w in (word, *traces) if mentions(w, i[1])]
    places = [t for w in held for t in w if t[0] == "E" and t[1] == i and size_index(t[2]) == hi]
    if any(is_bound(x) for atom, _ in weights if atom[0] == "b" for x in atom[1:] if x[1] != i[1]):
        return False  # a triangle stays a double sum, or its two foldings would differ
    if len(places) != 2 or mentions(others, i[1]) or count_mentions(tuple(held), i[1]) != 2:
        return False
    middle = (("D", rename(weights, i, DUMMY), places[0][2]),) if weights else ()
    merged = contract(held[0], i, middle) if len(held) == 1 else insert(held[0], held[1], i, middle)
    if merged is None:
        return False
    if held[0] is word:
        emit_renamed(out, rest, others, merged, c)
    else:
        emit_renamed(out, rest, combine(others, frozenset({(("t", merged), 1)})), word, c)
    return True


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


def canonical(binders: tuple, mono: Mono, word: Word) -> tuple[int, Key]:
    """Name bound indices #0, #1, … in the order that gives the least representation; its sign, 0 when it vanishes."""
    if not binders:
        return 1, ((), mono, word)
    found: dict[str, tuple[int, Key]] = {}
    for order in permutations(range(len(binders))):
        obj: Any = (tuple(binders[p] for p in order), mono, word)
        for new, p in enumerate(order):
            obj = rename_binder(obj, binders[p][0], f"@{new}")
        for new in range(len(order)):
            obj = rename_binder(obj, f"@{new}", f"#{new}")
        sign, traced = retrace(obj[1])
        key = (obj[0], traced, obj[2])
        if sign == 0 or len(binders) == 1:
            return sign, key
        text = stable(key)
        if found.setdefault(text, (sign, key))[0] != sign:
            return 0, key
    return found[min(found)]


def rename_binder(obj: Any, old: str, new: str) -> Any:
    binders, mono, word = obj
    named = tuple((new if b[0] == old else b[0], *b[1:]) for b in binders)
    return rename((named, mono, word), ("x", old, 0), ("x", new, 0))


def retrace(mono: Mono) -> tuple[int, Mono]:
    """Traces again in canonical rotation, after their indices were renamed."""
    sign, items = 1, []
    for atom, e in mono:
        if atom[0] == "t":
            turn, word = oriented(atom[1])
            sign *= turn ** int(e)
            atom = ("t", word)
        items.append((atom, e))
    return sign, gather(items)


def stable(obj: Any) -> str:
    """A representation that does not depend on the order of a set."""
    if isinstance(obj, tuple):
        return "(" + ",".join(stable(o) for o in obj) + ")"
    if isinstance(obj, frozenset):
        return "{" + ",".join(sorted(stable(o) for o in obj)) + "}"
    if isinstance(obj, E.Letter | E.Sym):
        return obj.name
    return str(obj) if isinstance(obj, Fraction) else repr(obj)


def delta(i: Index, j: Index, size: Index | None = None) -> Mono:
    """δ_ij of two indices that run to ``size``."""
    return frozenset({(("d", *sorted((i, j), key=str), size), 1)})


# -- words -----------------------------------------------------------------------------------------


def flip(token: tuple) -> tuple[int, tuple]:
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
    sign, out = 1, []
    for token in reversed(word):
        s, t = flip(token)
        sign *= s
        out.append(t)
    return sign, tuple(out)


def reduce_word(word: Word) -> Iterator[tuple[Mono, Word, Number]]:
    """Apply the letters' rules until none fits; yields monomial, word, coefficient."""
    stack: list[tuple] = []
    mono: Mono = ONE
    queue = list(reversed(word))
    while queue:
        token = queue.pop()
        if not stack:
            stack.append(token)
            continue
        last = stack[-1]
        joined = join(last, token)
        if joined is None:
            stack.append(token)
            continue
        m, tokens = joined
        mono = combine(mono, m)
        stack.pop()
        queue.extend(reversed(tokens))
    sign, mono, tokens2 = extract_scalars(mono, tuple(stack))
    if sign == 0:
        return
    for pos, token in enumerate(tokens2):
        if token[0] == "D":
            at = pinned(token[1])
            if at is not None:
                new = (*tokens2[:pos], ("E", at, token[2], False), ("E", at, token[2], True), *tokens2[pos + 1 :])
                rest = frozenset(x for x in token[1] if x[0][0] != "b" or at not in x[0][1:])
                for m2, w2, c2 in reduce_word(new):
                    yield combine(combine(mono, rename(rest, DUMMY, at)), m2), w2, c2 * sign
                return
            inner, (scalars, entries) = settle(token[1]), split_dummy(token[1])
            if scalars or not entries or list(inner.terms) != [((), entries, ())]:
                for (_, m, _), c in inner.terms.items():
                    outside, inside = split_dummy(m)
                    middle = (("D", inside, token[2]),) if inside else ()
                    new = (*tokens2[:pos], *middle, *tokens2[pos + 1 :])
                    for m2, w2, c2 in reduce_word(new):
                        yield combine(combine(mono, outside), m2), w2, c * c2 * sign
                return
    yield mono, tokens2, sign


def pinned(mono: Mono) -> Index | None:
    """The index i of a diagonal with both [• ≤ i] and [i ≤ •]: only its i-th entry is left."""
    return next((a[1] for a, _ in mono if a[0] == "b" and a[2] == DUMMY and (("b", DUMMY, a[1]), 1) in mono), None)


def split_dummy(mono: Mono) -> tuple[Mono, Mono]:
    inside = frozenset(x for x in mono if mentions(x[0], "•"))
    return mono - inside, inside


def join(a: tuple, b: tuple) -> tuple[Mono, tuple] | None:
    """Rewrite two adjacent tokens; None when no rule fits."""
    ka, kb = a[0], b[0]
    if ka == "D" and kb == "D":
        return ONE, (("D", combine(a[1], b[1]), a[2]),)
    if ka == "L" and kb == "L" and a[1] == b[1] and a[2] != b[2] and "orthonormal" in a[1].traits:
        if a[2] or a[1].rows == a[1].cols:
            return ONE, ()
        return None
    if ka == "J" and kb == "J" and a[3] and not b[3] and a[1:3] == b[1:3]:
        return ONE, ()
    if ka == "D" and kb == "J" and not b[3]:
        return ONE, (b, ("D", a[1], b[2]))
    if ka == "J" and kb == "D" and a[3]:
        return ONE, (("D", b[1], a[2]), a)
    if ka == "J" and kb == "E" and not b[3]:
        return moved(b[1], a[2]) if a[3] else ONE, (("E", b[1], a[2] if a[3] else a[1], False),)
    if ka == "E" and kb == "J" and a[3]:
        return ONE if b[3] else moved(a[1], b[2]), (("E", a[1], b[1] if b[3] else b[2], True),)
    if ka == "E" and kb == "E" and a[3] and not b[3]:
        same = same_index(a[1], b[1])
        if same is None:
            return delta(a[1], b[1], size_index(a[2])), ()
        return (ONE, ()) if same else (frozenset({(("b", ("x", "", 1), ("x", "", 0)), 1)}), ())
    if ka == "D" and kb == "E" and not b[3]:
        return rename(a[1], DUMMY, b[1]), (b,)
    if ka == "E" and kb == "D" and a[3]:
        return rename(b[1], DUMMY, a[1]), (a,)
    return None


def moved(i: Index, cols: Any) -> Mono:
    """[i ≤ cols]: what is left of e_i by the transpose of a letter that holds the first columns of the identity."""
    return frozenset({(("b", i, size_index(cols)), 1)})


def extract_scalars(mono: Mono, word: Word) -> tuple[int, Mono, Word]:
    """A factor of shape 1 × 1, such as e_iᵀ … e_j, is a scalar: the trace of … e_j e_iᵀ; with its sign."""
    start = None
    for pos, token in enumerate(word):
        if is_row(token):
            start = pos
        if start is not None and is_row(flip(token)[1]):
            turn, inner = oriented((*word[start + 1 : pos + 1], word[start]))
            with_trace = combine(mono, frozenset({(("t", inner), 1)}))
            sign, m, w = extract_scalars(with_trace, word[:start] + word[pos + 1 :])
            return turn * sign, m, w
    return 1, mono, word


@lru_cache(maxsize=100_000)
def token_key(token: tuple) -> str:
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


def trace(form: Form) -> Form:
    size = form.shape[0]
    out = Form(())
    for (binders, mono, word), c in form.terms.items():
        trace_word(out, binders, mono, word, c, size)
    return out


def trace_word(out: Form, binders: tuple, mono: Mono, word: Word, c: Number, size: Any) -> None:
    if not word:
        for (_, m2, _), c2 in index_value(size_index(size)).terms.items():
            emit(out, binders, combine(mono, m2), (), c * c2)
        return
    if len(word) == 1 and word[0][0] == "D":
        name = fresh(binders)
        inside = rename(word[0][1], DUMMY, ("x", name, 0))
        binder = (name, ("x", "", 1), size_index(word[0][2]))
        emit(out, (*binders, binder), combine(mono, inside), (), c)
        return
    if len(word) > 1:
        joined = join(word[-1], word[0])
        if joined is not None:
            m, tokens = joined
            inner = tokens + word[1:-1]
            left = width(word[-1])
            for m2, w2, c2 in reduce_word(inner):
                trace_word(out, binders, combine(combine(mono, m), m2), w2, c * c2, left if not w2 else None)
            return
        starts = [p for p, t in enumerate(word) if is_row(t)]
        if starts and not is_row(word[-1]):
            turned = word[starts[-1] + 1 :] + word[: starts[-1] + 1]
            for m2, w2, c2 in reduce_word(turned):
                trace_word(out, binders, combine(mono, m2), w2, c * c2, size)
            return
    sign, turned = oriented(word)
    if sign:
        emit(out, binders, combine(mono, frozenset({(("t", turned), 1)})), (), c * sign)


def is_row(token: tuple) -> bool:
    """Whether a token has one row."""
    return width(token) == 1


def width(token: tuple) -> Any:
    """The number of rows of a token."""
    kind = token[0]
    if kind == "L":
        return token[1].cols if token[2] else token[1].rows
    if kind == "D":
        return token[2]
    if kind == "J":
        return token[2] if token[3] else token[1]
    return 1 if token[3] else token[2]


def size_index(size: Any) -> Index:
    return index_of(size if isinstance(size, E.Expr) else E.Num(Fraction(size)))


# -- expressions to forms --------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def normal_form(e: E.Expr) -> Form:
    """The normal form of an expression.

    Raises
    ------
    Undecided
        When the expression holds a node (a maximum, an eigenvalue) that has none.

    Examples
    --------
    >>> from proofs.algebra.expr import Letter, Sym, Tr
    >>> k, m = Sym("k"), Sym("m")
    >>> A, B = Letter("A", m, k), Letter("B", k, m)
    >>> normal_form(Tr(A @ B)) == normal_form(Tr(B @ A))
    True
    """
    rule = RULES.get(type(e))
    if rule is None:
        raise Undecided(f"{type(e).__name__} has no normal form")
    return rule(e)


def _add(e: E.Add) -> Form:
    out = Form(e.shape)
    for t in e.terms:
        out.include(normal_form(t))
    return out


def _mul(e: E.Mul) -> Form:
    out = normal_form(e.factors[0])
    for f in e.factors[1:]:
        out = times(out, normal_form(f))
    return out


def _token(e: E.Expr, token: tuple) -> Form:
    out = Form(e.shape)
    emit(out, (), ONE, (token,), 1)
    return out


def _letter(e: E.Letter) -> Form:
    return _token(e, ("L", e, False))


def _transpose(e: E.T) -> Form:
    out = Form(e.shape)
    for (b, m, w), c in normal_form(e.arg).terms.items():
        sign, w2 = transpose_word(w)
        emit(out, b, m, w2, c * sign)
    return out


def _diag(e: E.Diag) -> Form:
    return diagonal(e.family, e.size, e.shape)


def diagonal(family: E.Family, size: Any, shape: tuple) -> Form:
    if family.tail is not None:
        b = E.Sym("b°")
        return normal_form(E.Sum(b, E.Num(Fraction(1)), lift_size(size), family.tail(b) * E.Proj(b, size)))
    out = Form(shape)
    for (binders, mono, _), c in normal_form(family[E.Sym("•")]).terms.items():
        outside, inside = split_dummy(mono)
        emit(out, binders, outside, (("D", inside, size),) if inside else (), c)
    return out


def lift_size(size: Any) -> E.Expr:
    return size if isinstance(size, E.Expr) else E.Num(Fraction(size))


def _proj(e: E.Proj) -> Form:
    inside = frozenset({(("b", DUMMY, index_of(e.b)), 1)})
    if index_of(e.b) == size_index(e.size):
        return Form(e.shape, {((), ONE, ()): 1})
    return _token(e, ("D", inside, e.size))


def _basis(e: E.Basis) -> Form:
    if size_index(e.size) == FIRST:
        return Form(e.shape, {((), ONE, ()): 1})
    return _token(e, ("E", index_of(e.i), e.size, False))


def _first(e: E.First) -> Form:
    if e.rows == e.cols:
        return Form(e.shape, {((), ONE, ()): 1})
    return _token(e, ("J", e.rows, e.cols, False))


def _item(e: E.Item) -> Form:
    if e.family.define is not None:
        return normal_form(e.family.define(e.index))
    if e.family.tail is not None:
        b = E.Sym("b°")
        if e.family.length is None:
            raise Undecided(f"{e.family.name} has no length")
        body = normal_form(e.family.tail(b))
        return bind(times(body, indicator(e.index, b)), b, E.Num(Fraction(1)), e.family.length)
    return scalar(1, frozenset({(("f", e.family.name, index_of(e.index)), 1)}))


def _pow(e: E.Pow) -> Form:
    if not isinstance(e.exponent, E.Num):
        raise Undecided(f"exponent {e.exponent}")
    base, p = normal_form(e.base), whole(e.exponent.value)
    return matrix_power(base, p) if base.shape else scalar_power(base, p)


def scalar_power(base: Form, p: Number) -> Form:
    if p.denominator == 1 and p >= 0:
        out = scalar(1)
        for _ in range(int(p)):
            out = times(out, base)
        return out
    if not base.terms:
        raise Undecided("a negative or fractional power of 0")
    if any(b or w for (b, _, w) in base.terms):
        raise Undecided("a power of a sum over an index")
    if len(base.terms) == 1:
        ((_, mono, _), c) = next(iter(base.terms.items()))
        powered = root(c, p)
        if powered is not None:
            return settle_scaled(powered, frozenset((a, x * p) for a, x in mono))
    content = min(base.terms.items(), key=lambda t: stable(t[0]))[1] if p.denominator == 1 else 1
    poly = frozenset((m, Fraction(c) / content) for (_, m, _), c in base.terms.items())
    return scalar(Fraction(content) ** int(p) if p.denominator == 1 else 1, frozenset({(("p", poly), p)}))


def settle_scaled(c: Number, mono: Mono) -> Form:
    return Form(()).include(settle(mono), c)


def root(c: Number, p: Number) -> Number | None:
    """c^p when it is rational."""
    if p.denominator == 1:
        return whole(Fraction(c) ** int(p))
    if p.denominator == 2 and c > 0:
        from math import isqrt

        a, b = isqrt(c.numerator), isqrt(c.denominator)
        if a * a == c.numerator and b * b == c.denominator:
            return Fraction(a, b) ** p.numerator
    return None


def matrix_power(base: Form, p: Number) -> Form:
    """Powers of diagonal matrices entrywise; of others by repeated multiplication."""
    size = base.shape[0]
    if p.denominator == 1 and p >= 0:
        out = Form(base.shape, {((), ONE, ()): 1})
        for _ in range(int(p)):
            out = times(out, base)
        return out
    entry = Form(())
    for (b, m, w), c in base.terms.items():
        if b or any(t[0] != "D" for t in w):
            raise Undecided("a negative or fractional power of a matrix that is not diagonal")
        entry.put(((), combine(m, w[0][1]) if w else m, ()), c)
    out = Form(base.shape)
    for (_, m, _), c in scalar_power(entry, p).terms.items():
        outside, inside = split_dummy(m)
        emit(out, (), outside, (("D", inside, size),) if inside else (), c)
    return out


def fresh(binders: tuple, prefix: str = "#") -> str:
    """A name that no binder has."""
    taken = {b[0] for b in binders}
    return next(name for r in range(len(binders) + 1) if (name := f"{prefix}{r}") not in taken)


def bind(body: Form, var: E.Sym, lo: E.Expr, hi: E.Expr) -> Form:
    """Σ_{var=lo}^{hi} of a form."""
    out = Form(body.shape)
    for (binders, mono, word), c in body.terms.items():
        name = f"#{len(binders)}"
        m2, w2, b2 = rename((mono, word, binders), ("x", var.name, 0), ("x", name, 0))
        m2 = gather((("i", ("x", name, 0)) if a == ("s", var.name) else a, e) for a, e in m2)
        emit(out, (*b2, (name, index_of(lo), index_of(hi))), m2, w2, c)
    return out


def range_of(e: E.Expr, i: E.Sym) -> E.Expr | None:
    """The length of a family of free scalars, for its i-th item."""
    if not isinstance(e, E.Item) or e.index != i:
        return None
    return e.family.length if e.family.tail is e.family.define is e.family.random is None else None


def indicator(i: E.Expr, j: E.Expr) -> Form:
    """[i ≤ j]."""
    return settle(frozenset({(("b", index_of(i), index_of(j)), 1)}))


def _sum(e: E.Sum) -> Form:
    """A sum; the indices left out are subtracted from the full range.

    A sum over a part of a family's range is one over all of it with indicators, for lo ≤ hi + 1.
    """
    if isinstance(e.lo, E.Num) and isinstance(e.hi, E.Num) and not e.without:
        spelled = Form(e.shape)
        for value in range(int(e.lo.value), int(e.hi.value) + 1):
            spelled.include(normal_form(E.substitute(e.body, {e.var: E.Num(Fraction(value))})))
        return spelled
    var = E.Sym(f"{e.var.name}°")
    body = normal_form(E.substitute(e.body, {e.var: var}))
    length = next((x for x in map(partial(range_of, i=e.var), e.body.walk()) if x is not None), None)
    if length is not None and not e.without and (e.lo, e.hi) != (E.Num(Fraction(1)), length):
        after = times(indicator(e.lo, var), body)
        if e.hi != length:
            after.include(times(indicator(e.hi + 1, var), body), -1)
        return bind(after, var, E.Num(Fraction(1)), length)
    out = bind(body, var, e.lo, e.hi)
    for skipped in e.without:
        for (binders, mono, word), c in body.terms.items():
            m2, w2, b2 = rename((mono, word, binders), ("x", var.name, 0), index_of(skipped))
            emit_renamed(out, b2, m2, w2, -c)
    return out


def _max_mask(e: E.MaxMask) -> Form:
    if e.family.tail is None:
        raise Undecided(f"the mask {e.family.name}[max(i, j)] needs tail weights")
    b, size = E.Sym("b°"), e.shape[0]
    masked = E.Proj(b, size) @ e.arg @ E.Proj(b, size)
    return normal_form(E.Sum(b, E.Num(Fraction(1)), lift_size(size), e.family.tail(b) * masked))


def _lower_mask(e: E.LowerMask) -> Form:
    """Σ_ij [j ≤ i] A_ij e_i e_jᵀ; strictly, Σ_ij (1 − [i ≤ j]) A_ij e_i e_jᵀ."""
    i, j, size = E.Sym("i°"), E.Sym("j°"), e.shape[0]
    body = normal_form(E.Entry(e.arg, i, j) * (E.Basis(i, size) @ E.Basis(j, size).T))
    ends = (index_of(i), index_of(j)) if e.strict else (index_of(j), index_of(i))
    inside = scalar(1, frozenset({(("b", *ends), 1)}))
    chosen = scalar(1).include(inside, -1) if e.strict else inside
    one, last = E.Num(Fraction(1)), lift_size(size)
    return bind(bind(times(chosen, body), j, one, last), i, one, last)


def _drop_mask(e: E.DropMask) -> Form:
    i, (rows, cols) = E.Sym("i°"), e.shape
    eᵢ = E.Basis(i, cols)
    return normal_form(E.Sum(i, E.Num(Fraction(1)), lift_size(cols), E.Proj(e.b[i], rows) @ e.arg @ eᵢ @ eᵢ.T))


def _sq_norm(e: E.SqNorm) -> Form:
    a = normal_form(e.arg)
    return times(a, a) if a.shape == () else trace(times(normal_form(E.T(e.arg)), a))


def _entry(e: E.Entry) -> Form:
    rows, cols = e.arg.shape
    outer = E.Basis(e.j, cols) @ E.Basis(e.i, rows).T
    return trace(times(normal_form(e.arg), normal_form(outer)))


def _fn(e: E.Fn) -> Form:
    c, s = trigonometric(e.arg)
    return c if e.name == "cos" else s


def trigonometric(arg: E.Expr) -> tuple[Form, Form]:
    """cos and sin of an integer combination of angles and multiples of π/2, by the addition theorems."""
    if isinstance(arg, E.Num) and arg.value == 0:
        return scalar(1), Form(())
    if isinstance(arg, E.Sym) and arg != E.PI:
        return (
            scalar(1, frozenset({(("cos", arg.name), 1)})),
            scalar(1, frozenset({(("sin", arg.name), 1)})),
        )
    if isinstance(arg, E.Add):
        c, s = trigonometric(arg.terms[0])
        for t in arg.terms[1:]:
            c2, s2 = trigonometric(t)
            c, s = (
                times(c, c2).include(times(s, s2), -1),
                times(s, c2).include(times(c, s2)),
            )
        return c, s
    if arg == E.PI:
        return scalar(-1), Form(())
    if isinstance(arg, E.Mul) and len(arg.factors) == 2:
        a, b = arg.factors
        if isinstance(b, E.Num | E.Pow):
            a, b = b, a
        value = a.value if isinstance(a, E.Num) else None
        if isinstance(a, E.Pow) and isinstance(a.base, E.Num):
            value = a.base.value ** int(a.exponent.value)  # type: ignore[attr-defined]
        if value is not None and b == E.PI and (2 * value).denominator == 1:
            quarter = int(2 * value) % 4
            return (
                (scalar(1), scalar(0), scalar(-1), scalar(0))[quarter],
                (scalar(0), scalar(1), scalar(0), scalar(-1))[quarter],
            )
        if value is not None and value.denominator == 1 and value < 0:
            c, s = trigonometric(E.mul(-value, b))
            return c, Form(()).include(s, -1)
        if value is not None and value.denominator == 1:
            return trigonometric(E.Add((b,) * int(value)) if value > 1 else b)
    raise Undecided(f"the angle {arg}")


def _coeff(e: E.Coeff) -> Form:
    out = Form(e.shape)
    target = ("s", e.var.name)
    for (b, m, w), c in normal_form(e.body).terms.items():
        exps = dict(m)
        if any(atom[0] == "p" and occurs(e.var.name, atom[1]) for atom in exps):
            raise Undecided(f"a coefficient of {e.var} with a denominator")
        if exps.get(target, 0) == e.order:
            exps.pop(target, None)
            emit(out, b, frozenset(exps.items()), w, c)
    return out


def _diff(e: E.Diff) -> Form:
    form = normal_form(e.body)
    variable = ("s", e.var.name) if isinstance(e.var, E.Sym) else ("f", e.var.family.name, index_of(e.var.index))
    for _ in range(e.order):
        form = differentiate(form, variable)
    return at_zero(form, e.var.name) if e.at_zero else form


def differentiate(form: Form, variable: Atom) -> Form:
    """The derivative of every term by an atom; angles through cos and sin, denominators by the chain rule."""
    out = Form(form.shape)
    for (b, m, w), c in form.terms.items():
        for atom, e in m:
            inner = atom_derivative(atom, variable)
            if not inner.terms:
                continue
            rest = combine(m - {(atom, e)}, frozenset({(atom, e - 1)} if e != 1 else ()))
            for (_, m2, _), c2 in inner.terms.items():
                emit(out, b, combine(rest, m2), w, c * e * c2)
    return out


def atom_derivative(atom: Atom, variable: Atom) -> Form:
    if atom == variable:
        return scalar(1)
    if atom[0] == variable[0] == "f" and atom[1] == variable[1] and same_index(atom[2], variable[2]) is None:
        return scalar(1, delta(atom[2], variable[2]))
    if variable[0] == "s" and atom[0] in ("cos", "sin") and atom[1] == variable[1]:
        other = ("sin" if atom[0] == "cos" else "cos", atom[1])
        return scalar(-1 if atom[0] == "cos" else 1, frozenset({(other, 1)}))
    if atom[0] == "p":
        return differentiate(Form((), {((), m, ()): c for m, c in atom[1]}), variable)
    return Form(())


def at_zero(form: Form, name: str) -> Form:
    out = Form(form.shape)
    for (b, m, w), c in form.terms.items():
        exps = dict(m)
        if any(atom[0] == "p" and occurs(name, atom[1]) for atom in exps):
            raise Undecided(f"a denominator at {name} = 0")
        exps.pop(("cos", name), None)
        if ("sin", name) in exps or ("s", name) in exps:
            continue
        emit(out, b, frozenset(exps.items()), w, c)
    return out


def occurs(name: str, poly: Iterable) -> bool:
    """Whether a variable or its angle is in a polynomial."""
    atoms = [atom for mono, _ in poly for atom, _ in mono]
    return any(atom[1] == name or (atom[0] == "p" and occurs(name, atom[1])) for atom in atoms)


def _grad(e: E.Grad) -> Form:
    out = Form(e.shape)
    for (b, m, _), c in normal_form(e.body).terms.items():
        for atom, x in m:
            if atom[0] != "t" or not any(t[0] == "L" and t[1] == e.letter for t in atom[1]):
                continue
            rest = combine(m - {(atom, x)}, frozenset({(atom, x - 1)} if x != 1 else ()))
            word = atom[1]
            for pos, token in enumerate(word):
                if token[0] != "L" or token[1] != e.letter:
                    continue
                around = word[pos + 1 :] + word[:pos]
                sign, grad = (1, around) if token[2] else transpose_word(around)
                emit(out, b, rest, grad, c * x * sign)
    return out


def _expect(e: E.Expect) -> Form:
    return expect_noise(e) if isinstance(e.over, E.Letter) else expect_mask(e)


def expect_mask(e: E.Expect) -> Form:
    """Each random index b_i is drawn on its own; the weights add up to 1."""
    family: E.Family = e.over
    if family.random is None or family.length is None:
        raise Undecided(f"{family.name} has no distribution")
    out = Form(e.shape)
    for (binders, m, w), c in normal_form(e.body).terms.items():
        drawn = sorted(set(random_indices((m, w), family.name)), key=str)
        if len(drawn) > 2:
            raise Undecided("more than two random indices in one term")
        apart(out, family, drawn, (binders, m, w), c)
        if len(drawn) == 2:  # b_i and b_j are one when i = j
            i, j = (r[2] for r in drawn)
            same = combine(m, delta(i, j, index_of(family.length)))
            apart(out, family, drawn, (binders, same, w), -c)
            apart(out, family, drawn[:1], (binders, *rename((same, w), drawn[1], drawn[0])), c)
    return out


def apart(out: Form, family: E.Family, drawn: list[Index], key: Key, c: Number) -> None:
    """Replace random indices, drawn independently, by bound indices with their weights."""
    binders, m, w = key
    for r in drawn:
        name = fresh(binders)
        m, w = rename((m, w), r, ("x", name, 0))
        ((_, mw, _), cw) = next(iter(normal_form(family.random[E.Sym(name)]).terms.items()))  # type: ignore[index]
        binders, m, c = (*binders, (name, FIRST, index_of(family.length))), combine(m, mw), c * cw  # type: ignore[arg-type]
    emit_renamed(out, binders, m, w, c)


def random_indices(obj: Any, family: str) -> Iterable[Index]:
    if isinstance(obj, tuple) and len(obj) == 3 and obj[0] == "r" and obj[1] == family:
        yield obj
    elif isinstance(obj, tuple | frozenset):
        for o in obj:
            yield from random_indices(o, family)


def expect_noise(e: E.Expect) -> Form:
    """E over a matrix with independent entries of mean 0 and variance s²: terms of degree 0, 1 and 2."""
    letter: E.Letter = e.over
    variance = normal_form(letter.noise)
    out = Form(e.shape)
    for (binders, m, w), c in normal_form(e.body).terms.items():
        places = [(a, pos) for a, x in m if a[0] == "t" for pos, t in enumerate(a[1]) if t[:2] == ("L", letter)]
        in_word = [pos for pos, t in enumerate(w) if t[:2] == ("L", letter)]
        powers = [x for a, x in m if a[0] == "t" and any(t[:2] == ("L", letter) for t in a[1])]
        degree = len(in_word) + sum(int(x) * sum(t[:2] == ("L", letter) for t in a[1]) for a, x in m if a[0] == "t")
        if degree == 0:
            emit(out, binders, m, w, c)
        elif degree == 2 and not in_word and len(places) == 2 and powers == [1]:
            contract_trace(out, binders, m, places, c, variance)
        elif degree % 2 == 0:
            raise Undecided(f"a moment of {letter.name} other than E Tr(A ε B ε)")
    return out


def contract_trace(out: Form, binders: tuple, m: Mono, places: list, c: Number, variance: Form) -> None:
    """E Tr(ε A εᵀ B) = s² Tr A Tr B and E Tr(ε A ε B) = s² Tr(Aᵀ B)."""
    atom = places[0][0]
    word = atom[1]
    p, q = sorted(pos for _, pos in places)
    first, a, b = word[p], word[p + 1 : q], word[q + 1 :] + word[:p]
    rest = m - {(atom, 1)}
    if first[2] != word[q][2]:
        size_a = width(word[q])  # rows of the second factor close the inner trace
        size_b = width(first)
        inner, outer = Form(()), Form(())
        trace_word(inner, (), ONE, a, 1, size_a)
        trace_word(outer, (), ONE, b, 1, size_b)
        value = times(inner, outer)
    else:
        sign, back = transpose_word(a)
        value = Form(())
        for m2, w2, c2 in reduce_word(back + b):
            trace_word(value, (), m2, w2, c2 * sign, width(word[q]))
    for (bs, m2, _), c2 in times(value, variance).terms.items():
        emit(out, binders + bs, combine(rest, m2), (), c * c2)


RULES: dict[type, Callable[[Any], Form]] = {
    E.Num: lambda e: scalar(e.value),
    E.Sym: lambda e: index_value(("x", e.name, 0)) if e.name in ("•",) else symbol(e.name),
    E.Item: _item,
    E.Fn: _fn,
    E.Add: _add,
    E.Mul: _mul,
    E.Pow: _pow,
    E.Letter: _letter,
    E.Named: lambda e: normal_form(e.body),
    E.Eye: lambda e: Form(e.shape, {((), ONE, ()): 1}),
    E.Zero: lambda e: Form(e.shape),
    E.Diag: _diag,
    E.Proj: _proj,
    E.Basis: _basis,
    E.First: _first,
    E.T: _transpose,
    E.MaxMask: _max_mask,
    E.LowerMask: _lower_mask,
    E.DropMask: _drop_mask,
    E.Tr: lambda e: trace(normal_form(e.arg)),
    E.SqNorm: _sq_norm,
    E.Inner: lambda e: trace(times(normal_form(E.T(e.left)), normal_form(e.right))),
    E.Entry: _entry,
    E.Sum: _sum,
    E.Coeff: _coeff,
    E.Diff: _diff,
    E.Grad: _grad,
    E.Expect: _expect,
}


# -- equality --------------------------------------------------------------------------------------


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
    """
    if a.shape != b.shape:
        raise E.ShapeError(f"{E.shape_text(a.shape)} = {E.shape_text(b.shape)} does not conform: {a} = {b}")
    difference = Form(a.shape).include(normal_form(a)).include(normal_form(b), -1)
    for left, right in given:
        difference = rewrite(difference, left, right)
    if at_most is not None:
        difference = ordered(difference, at_most)
    return vanishes(difference)


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
    ((bound, mono, _), c0) = next(iter(normal_form(left).terms.items()))
    out = Form(form.shape)
    for (binders, m, w), c in form.terms.items():
        rest = m - mono
        if binders == bound and mono <= m and not any(mentions((rest, w), b[0]) for b in bound):
            out.include(times(normal_form(right), Form(form.shape, {((), rest, w): Fraction(c) / c0})))
        else:
            out.put((binders, m, w), c)
    return out


def vanishes(form: Form) -> bool:
    """Zero test: terms that differ only in scalars are brought to a common denominator."""
    groups: dict[Any, dict[Mono, Number]] = {}
    for (binders, mono, word), c in form.terms.items():
        skeleton, scalars = open_slots(mono, word)
        group = groups.setdefault((binders, skeleton), {})
        group[scalars] = group.get(scalars, 0) + c
    return all(clear(g) for g in groups.values())


def open_slots(mono: Mono, word: Word) -> tuple[Any, Mono]:
    """Move the diagonal tokens of words and traces into the monomial, one dummy index per slot."""
    scalars: Mono = frozenset(x for x in mono if x[0][0] != "t")
    traces = sorted((x for x in mono if x[0][0] == "t"), key=lambda x: stable(x))
    slots = 0
    skeleton = []
    for w in [word, *(a[1] for a, _ in traces)]:
        plain = []
        for token in w:
            if token[0] == "D":
                scalars = combine(scalars, rename(token[1], DUMMY, ("x", f"•{slots}", 0)))
                plain.append(("D", slots, token[2]))
                slots += 1
            else:
                plain.append(token)
        skeleton.append(tuple(plain))
    return (tuple(skeleton), tuple(e for _, e in traces)), scalars


def clear(group: dict[Mono, Number]) -> bool:
    """Whether a sum of monomials with denominators vanishes."""
    if nonzero_somewhere(group):
        return False
    while True:
        lowest: dict[Atom, Number] = {}
        for mono in group:
            for atom, e in mono:
                if atom[0] == "p" and e < 0:
                    lowest[atom] = min(lowest.get(atom, 0), e)
        if not lowest:
            return not any(group.values())
        factor: Mono = frozenset((a, -e) for a, e in lowest.items())
        cleared: dict[Mono, Number] = {}
        for mono, c in group.items():
            for (_, m2, _), c2 in settle(combine(mono, factor)).terms.items():
                cleared[m2] = cleared.get(m2, 0) + c * c2
        group = {m: c for m, c in cleared.items() if c}


MODULUS = 2**61 - 1


class Unsure(Exception):
    """A monomial that has no value modulo the prime."""


def nonzero_somewhere(group: Mapping[Mono, Number]) -> bool:
    """Whether a sum of monomials is non-zero at a point modulo a prime: then it does not vanish, without expansion."""
    try:
        return residue(group.items()) != 0
    except Unsure:
        return False


def residue(terms: Iterable[tuple[Mono, Number]]) -> int:
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
