"""Hypotheses that generate their own samples.

A hypothesis is a list of relations (checked exactly at every instance) and a rule that draws quantities that satisfy
them; ``broken`` draws quantities that violate it, which is how a claim is tested without it.

Main results
    Hypothesis            relations with their sampler
    instances             exact instances of a claim, small ones first
    free_names            the symbols, letters and families that a statement speaks of
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import (
    ENCLOSED,
    Angle,
    Drawn,
    Instance,
    Irrational,
    Undefined,
    diagonal,
    evaluate,
    matrix,
    value,
    zeros,
)
from proofs.claim import Context
from proofs.kernel import expressions as E
from proofs.kernel.propositions import Every, Rel

Draw = Callable[[Random, Instance], Instance]


@dataclass(frozen=True)
class Hypothesis:
    """Relations with a sampler of what satisfies them and one of what violates them.

    Attributes
    ----------
    tex
        As printed.
    relations
        Checked exactly at every instance.
    draw
        Adds quantities to an instance; it may miss the relations, the check decides.
    broken
        Draws instances that violate the relations, or None when nothing can (a convention).
    """

    name: str
    tex: str
    relations: tuple[Rel | Every, ...] = ()
    draw: Draw | None = None
    broken: Draw | None = None

    def holds(self, at: Instance) -> bool:
        return all(evaluate(r, at) for r in self.relations)


DUMMY = E.Sym("•")


# -- names -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    symbols: frozenset[E.Sym]
    letters: frozenset[E.Letter]
    families: frozenset[E.Family]
    random: frozenset[E.Family]


def free_names(parts: Sequence[E.Expr]) -> Names:
    """What the expressions speak of, definitions opened and bound indices left out."""
    found: frozenset[E.Expr | E.Family] = frozenset().union(*map(spoken_of, parts))
    families = {f.name: f for f in found if isinstance(f, E.Family) and f.random is None}
    return Names(
        frozenset(x for x in found if isinstance(x, E.Sym)),
        frozenset(x for x in found if isinstance(x, E.Letter)),
        frozenset(families.values()),
        frozenset(f for f in found if isinstance(f, E.Family) and f.random is not None),
    )


@lru_cache(maxsize=100_000)
def spoken_of(e: E.Expr) -> frozenset[E.Expr | E.Family]:
    """The free symbols, letters and families of an expression."""
    if isinstance(e, E.Sym):
        return frozenset({e} - {E.PI})
    found: frozenset[E.Expr | E.Family] = frozenset().union(*map(spoken_of, (*e.children(), *sizes_of(e))))
    if isinstance(e, E.Letter):
        found |= {e} if e.noise is None else {e} | spoken_of(e.noise)
    if isinstance(e, E.Item | E.Diag | E.MaxMask):
        found |= opened_family(e.family)
    if isinstance(e, E.DropMask):
        found |= opened_family(e.b)
    if isinstance(e, E.Diff) and isinstance(e.var, E.Item):
        found |= spoken_of(e.var)
    at_zero = isinstance(e, E.Coeff) or (isinstance(e, E.Diff) and isinstance(e.var, E.Sym) and e.at_zero)
    if at_zero or isinstance(e, E.Sum | E.Extremum):
        found = frozenset(x for x in found if not (isinstance(x, E.Sym) and x.name == e.var.name))  # type: ignore[attr-defined]
    return found


def opened_family(f: E.Family) -> frozenset[E.Expr | E.Family]:
    """A family of free or random numbers, or what its rule speaks of."""
    length = spoken_of(f.length) if f.length is not None else frozenset()
    if f.random is not None:
        return length | {f} | opened_family(f.random)
    rule = f.define or f.tail
    return length | ({f} if rule is None else spoken_of(rule(DUMMY)) - {DUMMY})


def sizes_of(e: E.Expr) -> Iterator[E.Expr]:
    for attribute in ("rows", "cols", "size"):
        value = getattr(e, attribute, None)
        if isinstance(value, E.Expr):
            yield value


# -- exact random quantities -----------------------------------------------------------------------


def rational(rng: Random, height: int = 4, positive: bool = False) -> fmpq:
    """A small rational; the height bounds numerator and denominator."""
    low = 1 if positive else -height
    return fmpq(rng.randint(low, height), rng.randint(1, max(1, height // 2)))


def orthogonal(rng: Random, n: int, height: int = 2) -> np.ndarray:
    """A rational orthogonal matrix: a product of reflections, or a signed permutation."""
    out = diagonal([fmpq(1)] * n)
    if height <= 1 or n == 1:
        order = list(range(n))
        if height > 1:
            rng.shuffle(order)
        return out[order]
    for _ in range(2):
        v = matrix([[rng.randint(-height, height)] for _ in range(n)])
        norm = (v.T @ v)[0, 0]
        if norm != 0:
            out = out - (v @ (v.T @ out)) * (fmpq(2) / norm)
    return out


def letter_value(letter: E.Letter, rng: Random, at: Instance, height: int) -> np.ndarray:
    """A random exact matrix with the letter's traits."""
    rows, cols = (int(evaluate(s, at)) if isinstance(s, E.Expr) else s for s in letter.shape)
    if "orthonormal" in letter.traits:
        if cols > rows:
            raise Undefined(f"{letter.name} cannot have {cols} orthonormal columns of length {rows}")
        return orthogonal(rng, rows, height)[:, :cols]
    if "diagonal" in letter.traits:
        return diagonal([rational(rng, height) for _ in range(rows)])
    a = zeros(rows, cols)
    for index in np.ndindex(a.shape):
        a[index] = rational(rng, height)
    if "pd" in letter.traits:
        return a @ a.T + diagonal([fmpq(1)] * rows)
    if "psd" in letter.traits:
        return a[:, : max(1, cols - 1)] @ a[:, : max(1, cols - 1)].T
    if "symmetric" in letter.traits:
        return a + a.T
    if "skew" in letter.traits:
        return a - a.T
    return a


# -- instances -------------------------------------------------------------------------------------


SIZES: tuple[dict[str, int], ...] = tuple(
    {"k": k, "m": m, "n": n, "p": k}
    for k, m, n in (
        (1, 1, 1),
        (1, 1, 4),
        (1, 2, 4),
        (2, 2, 4),
        (1, 3, 9),
        (2, 3, 4),
        (3, 3, 4),
        (2, 3, 9),
        (3, 4, 4),
        (4, 5, 9),
    )
)


def draw_instance(
    names: Names,
    given: Sequence[Hypothesis],
    rng: Random,
    sizes: dict[str, int],
    height: int = 4,
    without: Hypothesis | None = None,
) -> Instance | None:
    """One instance that satisfies the hypotheses (all but ``without``, which it violates), or None."""
    at: Instance = dict(sizes)
    at["height"] = height
    try:
        for h in given:
            rule = h.broken if h is without else h.draw
            if rule is not None:
                at.update(rule(rng, at))
        complete(names, rng, at, height)
        if all(h.holds(at) != (h is without) for h in given):
            return Drawn(at)
    except (Undefined, KeyError, IndexError, ZeroDivisionError):
        return None
    return None


def complete(names: Names, rng: Random, at: Instance, height: int) -> None:
    """Draw whatever no hypothesis drew."""
    for f in sorted(names.families, key=lambda f: f.name):
        if f.name not in at:
            at[f.name] = [rational(rng, height, positive=True) for _ in range(max(at["m"], at["k"]))]
    for s in sorted(names.symbols, key=lambda s: s.name):
        if s.name not in at:
            at[s.name] = symbol_value(s, rng, at, height)
    for w in sorted(names.letters, key=lambda w: w.name):
        if w.name not in at:
            at[w.name] = letter_value(w, rng, at, height)


def symbol_value(s: E.Sym, rng: Random, at: Instance, height: int) -> Any:
    """Indices are distinct members of 1, …, k; angles have rational sines; others are positive, not always 1."""
    if s.sort == E.Sort.INTEGER and None not in s.span:
        lo, hi = (int(evaluate(E.lift(end), at)) for end in s.span)
        if lo > hi:
            raise Undefined(f"no {s.name} from {lo} to {hi}")
        return rng.randint(lo, hi)
    if s.name in ("i", "j", "l"):
        taken = {int(at[x]) for x in ("i", "j", "l") if x in at}
        rest = [x for x in range(1, at["k"] + 1) if x not in taken]
        if not rest:
            raise Undefined("not enough indices")
        return rng.choice(rest)
    if s.name in ("θ", "φ", "B"):
        return Angle.rational(rational(rng, height))
    return rational(rng, max(height, 2), positive=True)


@dataclass(frozen=True)
class Plan:
    """How many instances at which sizes."""

    sizes: tuple[dict[str, int], ...] = SIZES
    per_size: int = 3
    tries: int = 40


def instances(
    parts: Sequence[E.Expr],
    context: Context,
    plan: Plan | None = None,
    without: Hypothesis | None = None,
    enclosed: bool = False,
) -> Iterator[Instance]:
    """Exact instances of the hypotheses at which the expressions are defined, few dimensions first.

    ``enclosed`` adds instances whose irrational roots are enclosed in balls. A size at which many draws in a row
    are undefined for another reason is given up.
    """
    plan = plan or Plan()
    names = free_names(parts)
    shortest_first = sorted(parts, key=lambda p: p.nodes)
    for number, sizes in enumerate(plan.sizes):
        found = undefined = 0
        irrational: list[Instance] = []
        for at in drawn(names, context, plan, number, sizes, without):
            if context.expired:
                return
            try:
                for p in shortest_first:
                    value(p, at)
            except Irrational:
                irrational.append({**at, ENCLOSED: True})
                continue
            except Undefined:
                undefined += 1
            else:
                found += 1
                yield at
            if found == plan.per_size or undefined > plan.tries // 4 + 4 * found:
                break
        if enclosed:
            yield from (at for at in irrational[: plan.per_size] if defined(parts, at))


def drawn(
    names: Names, context: Context, plan: Plan, number: int, sizes: dict[str, int], without: Hypothesis | None
) -> Iterator[Instance]:
    """The instances of one size; drawn once for all statements that share a context and speak of the same names."""
    purpose = f"{number}/{without.name if without else ''}"
    key = (names, plan.tries, purpose, *sizes.values())
    start: tuple[Random, list[Instance | None]] = context.rng(purpose), []
    rng, pool = context.once(key, lambda: start)
    for attempt in range(plan.tries):
        if attempt == len(pool):
            height = (1, 2, 4, 7)[min(3, attempt % 8)]
            pool.append(draw_instance(names, context.given, rng, sizes, height, without))
        at = pool[attempt]
        if at is not None:
            yield at


def defined(parts: Sequence[E.Expr], at: Instance) -> bool:
    """Whether every expression has an exact value at the instance."""
    try:
        for p in parts:
            value(p, at)
    except Undefined:
        return False
    return True


def simplest(
    parts: Sequence[E.Expr], context: Context, wanted: Callable[[Instance], bool], plan: Plan | None = None
) -> Instance | None:
    """The instance with the wanted property that is shortest to write, at the fewest dimensions found."""
    plan = plan or Plan()
    names = free_names(parts)
    for number, sizes in enumerate(plan.sizes):
        rng = context.rng(f"simplest/{number}")
        found: list[tuple[int, Instance]] = []
        for attempt in range(60):
            at = draw_instance(names, context.given, rng, sizes, 1 + attempt % 3)
            if at is not None and defined(parts, at) and wanted(at):
                found.append((sum(map(len, show(at, names).values())), at))
        if found:
            return min(found, key=lambda f: f[0])[1]
    return None


def show(at: Instance, names: Names) -> dict[str, str]:
    """The part of an instance that a statement speaks of, as text; rationals as p/q."""
    wanted = [s.name for s in names.symbols] + [f.name for f in names.families | names.random]
    wanted += [w.name for w in names.letters]
    order = {name: place for place, name in enumerate(("k", "p", "m", "n", "i", "j"))}
    return {
        name: value_text(at[name]) for name in sorted(set(wanted), key=lambda x: (order.get(x, 9), x)) if name in at
    }


def value_text(value: Any) -> str:
    """Exact text of a number, list, matrix or angle."""
    if isinstance(value, np.ndarray):
        return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in value) + "]"
    if isinstance(value, list | tuple):
        return "(" + ", ".join(map(value_text, value)) + ")"
    if isinstance(value, Angle):
        return f"cos {value.cos}, sin {value.sin}"
    return str(value)
