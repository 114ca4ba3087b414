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
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import product
from math import isqrt
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import (
    BEYOND,
    ENCLOSED,
    Angle,
    Beyond,
    Drawn,
    Instance,
    Irrational,
    NoValue,
    Undefined,
    answer,
    evaluate,
    value,
)
from proofs.claim import Context
from proofs.declared import declared, spoken
from proofs.effort import ATOMS, degree, effort, order
from proofs.kernel import expressions as E
from proofs.kernel.propositions import Every, Rel
from proofs.premises import met
from proofs.quantified import has_traits
from proofs.quantities import FURTHER, REACH, angle, index_value, letter_value, members, rational

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
    """The free symbols, letters, families and random families; and which symbols are angles."""

    symbols: frozenset[E.Sym]
    letters: frozenset[E.Letter]
    families: frozenset[E.Family]
    random: frozenset[E.Family]
    angles: frozenset[str] = frozenset()


def free_names(parts: Sequence[E.Expr]) -> Names:
    """What the expressions speak of, definitions opened and bound indices left out.

    An angle is what stands under cos or sin and nowhere else.

    Examples
    --------
    >>> x, y = E.Sym("x"), E.Sym("y")
    >>> free_names([E.cos(2 * x) + E.sin(y) * y]).angles
    frozenset({'x'})
    """
    found: frozenset[E.Expr | E.Family] = frozenset().union(*map(spoken_of, parts))
    families = {f.name: f for f in found if isinstance(f, E.Family) and f.random is None}
    turned: frozenset[tuple[str, bool]] = frozenset().union(*map(places_of, parts))
    return Names(
        frozenset(x for x in found if isinstance(x, E.Sym)),
        frozenset(x for x in found if isinstance(x, E.Letter)),
        frozenset(families.values()),
        frozenset(f for f in found if isinstance(f, E.Family) and f.random is not None),
        frozenset(name for name, under in turned if under and (name, False) not in turned),
    )


@lru_cache(maxsize=100_000)
def places_of(e: E.Expr) -> frozenset[tuple[str, bool]]:
    """The names of symbols, each with whether it stands under cos or sin."""
    if isinstance(e, E.Sym):
        return frozenset({(e.name, False)})
    found: frozenset[tuple[str, bool]] = frozenset().union(*map(places_of, e.children()))
    turned = isinstance(e, E.Fn) and e.name in ("cos", "sin")
    return frozenset((name, True) for name, _ in found) if turned else found


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
    if at_zero or (isinstance(e, E.Binder) and not isinstance(e, Every)):  # whose index is drawn, and not used
        own = e.var  # type: ignore[attr-defined]
        outside = spoken_of(e.lo) | spoken_of(e.hi) if isinstance(e, E.Sum | E.Extremum) else frozenset()
        found = frozenset(x for x in found if type(x) is not type(own) or x.name != own.name) | outside  # type: ignore[union-attr]
    return found


def forget() -> None:
    """Forget what expressions speak of: they are equal whatever their symbols' ranges, which are a claim's own."""
    places_of.cache_clear()
    spoken_of.cache_clear()


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


# -- instances -------------------------------------------------------------------------------------


SIZES: tuple[dict[str, int], ...] = tuple(
    {"k": k, "m": m, "n": n, "p": p}
    for k, m, n, p in (
        (1, 1, 1, 1),
        (1, 1, 4, 1),
        (1, 2, 1, 1),
        (2, 1, 1, 2),
        (1, 2, 4, 2),
        (2, 2, 4, 2),
        (3, 2, 1, 1),
        (1, 4, 9, 3),
        (2, 3, 4, 2),
        (3, 1, 2, 1),
        (3, 3, 4, 2),
        (2, 4, 9, 3),
        (3, 4, 4, 3),
        (4, 5, 9, 4),
    )
)
"""In every order, 1 among them; what a claim declares of its sizes leaves some of them out. n is often a square."""


MATRICES = frozenset(ATOMS.__args__)


def larger(parts: Sequence[E.Expr]) -> tuple[dict[str, int], ...]:
    """Sizes beyond those, where they are cheap.

    As many as the degree of the expressions in their sizes: what is a polynomial in a size is then seen to fail, even
    if it vanishes at all the small ones. And one above the number of matrices in a product, at which nothing holds by
    an accident of small matrices.
    """
    return *beyond(parts), *above(parts)


def above(parts: Sequence[E.Expr]) -> Iterator[dict[str, int]]:
    k = max(map(degree, parts), default=0) + 1
    sizes = {"k": k, "m": k + 1, "n": (isqrt(k) + 1) ** 2, "p": k, REACH: FURTHER}
    matrices = any(not p.is_scalar or p.kinds & MATRICES for p in parts)
    if matrices and k <= LARGE and effort(parts, sizes) <= 5 * CHEAP:
        yield sizes


def beyond(parts: Sequence[E.Expr]) -> tuple[dict[str, int], ...]:
    if any(p.kinds & SLOW or any(x.costly for x in p.kinds) for p in parts):
        return ()
    others = {s.name for p in parts for s in spoken(p) if s.sort == E.Sort.INTEGER and s.name not in SIZES[0]}
    found = []
    for place in range(min(MOST, max(map(order, parts), default=0))):
        low = 5 + 2 * place
        k, m = (low, low + 1) if place % 2 == 0 else (low + 1, low)
        found.append({"k": k, "m": m, "n": (place + 4) ** 2, "p": low + 1, REACH: 2 * low})
    return tuple(s for s in found if effort(parts, {**dict.fromkeys(others, s[REACH]), **s}) <= CHEAP)


FREELY = 2
"""Of so many draws one is without the samplers of hypotheses."""
CHANCES = 8
"""So often is drawn without them until what is given holds."""
OFTEN = 0.8
"""How often the weights of an expectation are drawn as some."""
BARREN = 16
"""After so many draws without an instance, a size is given up."""
DRAW = 2e3
"""What drawing an instance takes, in the operations that budgets are counted in."""


SLOW = frozenset({E.Expect, E.Grad, E.Diff, E.Coeff})
LONG = 3e5
"""Operations that an instance may take whose expectation is over many outcomes."""
MOST, LARGE, CHEAP = 4, 12, 2e4
"""Of the sizes beyond the small ones: how many, how large, and the operations that an instance of them may take."""
SITUATION = 2e5
"""What a search from many starts takes at one instance."""


def draw_instance(
    names: Names,
    given: Sequence[Hypothesis],
    rng: Random,
    sizes: dict[str, int],
    ranges: Sequence[Rel],
    height: int = 4,
    without: Hypothesis | None = None,
    freely: bool = False,
) -> Drawn | None:
    """One instance in the declared ranges that satisfies the hypotheses (all but ``without``, which it violates).

    ``freely`` leaves out samplers of hypotheses that have relations, for a narrow one is not believed: all, or one, as
    what all of them say seldom holds by chance.

    Raises
    ------
    TypeError
        If a sampler draws what is not as it was declared.
    """
    at: Instance = dict(sizes)
    at["height"] = height
    at[BEYOND] = Beyond(hash(rng.getstate()[1]))
    related = [h for h in given if h.relations]
    unbelieved = (related if rng.random() < 0.5 else [rng.choice(related)]) if freely and related else []
    try:
        for h in given:
            rule = h.broken if h is without else h.draw
            if any(h is x for x in unbelieved):
                at.update(doubted(h, names, rng, at))
            elif rule is not None:
                at.update(rule(rng, at))
        for w in names.letters:
            if w.name in at:
                as_declared(w, at)
        complete(names, rng, at, height, freely)
        if without is None:
            at = solved(given, rng, at)
        if all(evaluate(r, at) for r in ranges) and all(h.holds(at) != (h is without) for h in given):
            return Drawn(at, freely)
    except (Undefined, KeyError, IndexError, ZeroDivisionError):
        return None
    except (ArithmeticError, TypeError, ValueError):
        if not freely:  # a sampler may lean on what another one draws
            raise
    return None


def doubted(h: Hypothesis, names: Names, rng: Random, at: Instance) -> Instance:
    """What a sampler draws with one quantity disturbed, or anything in the place of what the hypothesis speaks of."""
    own = among(names, h.relations)
    if h.draw is not None and rng.random() < 0.5:
        return nearly(h.draw(rng, at), own, rng, at)
    other = dict(at)
    complete(own, rng, other, at["height"], True)
    return other


def nearly(found: Instance, spoken: Names, rng: Random, at: Instance) -> Instance:
    """What was drawn, one quantity disturbed that is no size, where letters stay as they are declared."""
    name = rng.choice(sorted({*found} - {*SIZES[0]}) or [""])
    other = {**found, name: disturbed(found[name], rng)} if name else found
    try:
        for w in only(other, spoken).letters:
            as_declared(w, {**at, **other})
    except TypeError:
        return found
    return other


def only(found: Instance, spoken: Names) -> Names:
    """Of what a hypothesis speaks, that which was drawn."""
    return replace(
        spoken,
        symbols=frozenset(x for x in spoken.symbols if x.name in found),
        letters=frozenset(x for x in spoken.letters if x.name in found),
        families=frozenset(x for x in spoken.families if x.name in found),
    )


def disturbed(value: Any, rng: Random) -> Any:
    """A quantity of another sign or size, or 0; a list with one such member, or two that are equal or swapped."""
    if isinstance(value, list) and value:
        a, b = rng.randrange(len(value)), rng.randrange(len(value))
        out = list(value)
        if rng.random() < 0.5:
            out[a], out[b] = (out[b], out[a]) if rng.random() < 0.5 else (out[b], out[b])
        else:
            out[a] = disturbed(out[a], rng)
        return out
    if isinstance(value, int):
        return value + rng.choice((-1, 1))
    if isinstance(value, fmpq):
        return rng.choice((-value, 0 * value, 10 * value, value / 10))
    return 0 * value if isinstance(value, np.ndarray) and rng.random() < 0.5 else value


def among(names: Names, relations: tuple[E.Expr, ...]) -> Names:
    """Those of the names that relations speak of; symbols with the ranges that they have here."""
    own = spoken_in(relations)
    return replace(
        names,
        symbols=frozenset(s for s in names.symbols if s in own.symbols),
        letters=frozenset(w for w in names.letters if w in own.letters),
        families=frozenset(f for f in names.families if f in own.families),
    )


@lru_cache(maxsize=10_000)
def spoken_in(relations: tuple[E.Expr, ...]) -> Names:
    return free_names(relations)


CHANCE = (IndexError, ValueError, ZeroDivisionError)
"""What a sampler may raise at some sizes or numbers, but not always."""


def faulty(given: Sequence[Hypothesis]) -> tuple[Hypothesis, Exception] | None:
    """A hypothesis whose sampler is wrong, with what it raises: at any draw, or, where chance may have it, at each."""
    drew: set[str] = set()
    failed: dict[str, tuple[Hypothesis, Exception]] = {}
    for sizes, seed in product(SIZES, range(2)):
        rng, at = Random(seed), {**sizes, "height": 4, BEYOND: Beyond(seed)}
        for h in given:
            try:
                at.update(h.draw(rng, at) if h.draw else {})
            except Undefined:
                break
            except CHANCE as problem:
                failed[h.name] = h, problem
                break
            except Exception as problem:
                return h, problem
            drew.add(h.name)
    return next((found for name, found in failed.items() if name not in drew), None)


def solved(given: Sequence[Hypothesis], rng: Random, at: Instance) -> Instance:
    """The instance where equations hold that are given, and that no sampler draws: chance does not meet them."""
    undrawn = [r for h in given if h.draw is None for r in h.relations]
    if all(not isinstance(r, Rel) or r.op != "=" or answer(r, at) is True for r in undrawn):
        return at
    return met([r for h in given for r in h.relations], at, rng) or at


def as_declared(w: E.Letter, at: Instance) -> None:
    """Refuse a matrix of a sampler that has not the shape or the traits of its letter."""
    value, shape = at[w.name], tuple(int(evaluate(E.lift(s), at)) for s in w.shape)
    if value.shape != shape or not has_traits(w.traits, value):
        traits = "".join(f", {t}" for t in sorted(w.traits))
        raise TypeError(f"a sampler draws {w.name} = {value_text(value)}; want it {shape[0]}×{shape[1]}{traits}")


def complete(names: Names, rng: Random, at: Instance, height: int, freely: bool = False) -> None:
    """Draw whatever no hypothesis drew, integers first; ``freely`` in some order, as many hypotheses want one."""
    integers = [s for s in names.symbols if s.sort == E.Sort.INTEGER and s.name not in at]
    for s in sorted(integers, key=lambda s: (depth(s), s.name)):
        at[s.name] = index_value(s, rng, at)
    for f in sorted(names.families, key=lambda f: f.name):
        if not isinstance(at.get(f.name), list):
            count = members(f, at)
            at[f.name] = ordered(rng, count, height) if freely else [rational(rng, height) for _ in range(count)]
            if any(f == b.random for b in names.random) and rng.random() < OFTEN:
                at[f.name] = distribution(at[f.name])
    for s in sorted(names.symbols, key=lambda s: s.name):
        if s.name not in at or (s.sort == E.Sort.REAL and s.name in SIZES[0]):
            at[s.name] = angle(rng, height) if s.name in names.angles else rational(rng, max(height, 2))
    for w in sorted(names.letters, key=lambda w: w.name):
        if w.name not in at:
            at[w.name] = letter_value(w, rng, at, height)


def ordered(rng: Random, count: int, height: int) -> list[fmpq]:
    """Numbers of either sign, or positive ones that fall or rise; much smaller or larger than others, too."""
    order = rng.choice((None, True, False))
    scale = rng.choice((fmpq(1), fmpq(1), fmpq(1, 16), fmpq(16)))
    values = [scale * rational(rng, max(height, 2 * count), order is not None) for _ in range(count)]
    return values if order is None else sorted(values, reverse=order)


def distribution(values: list[Any]) -> list[Any]:
    """Weights in the proportions of some numbers: an expectation has a value for such alone."""
    sizes = [abs(x) for x in values]
    total = sum(sizes, fmpq(0))
    return [x / total for x in sizes] if total else [fmpq(1, len(sizes)) for _ in sizes]


def depth(s: E.Sym) -> int:
    """How many ranges of other integers the range of an integer is made of."""
    ends = [x for end in s.span if isinstance(end, E.Expr) for x in spoken_of(end) if isinstance(x, E.Sym)]
    return 1 + max(map(depth, ends), default=0)


@dataclass(frozen=True)
class Plan:
    """How many instances at which sizes."""

    sizes: tuple[dict[str, int], ...] = SIZES
    per_size: int = 3
    tries: int = 40


@dataclass
class Tally:
    """What became of the instances that satisfy the hypotheses, where the expressions have no value.

    Attributes
    ----------
    without_value
        Instances at which something has no real value, with what it is.
    unclear
        How many there are of which this is not known: a value that is not computed exactly.
    """

    without_value: list[tuple[Instance, str]] = field(default_factory=list)
    unclear: int = 0

    def add(self, at: Instance, problem: Undefined) -> None:
        if isinstance(problem, NoValue):
            self.without_value.append((at, str(problem)))
        else:
            self.unclear += 1


def instances(
    parts: Sequence[E.Expr],
    context: Context,
    plan: Plan | None = None,
    without: Hypothesis | None = None,
    enclosed: bool = False,
    tally: Tally | None = None,
) -> Iterator[Instance]:
    """Exact instances of the hypotheses at which the expressions are defined, few dimensions first.

    ``enclosed`` adds instances whose irrational roots are enclosed in balls; ``tally`` is told of those at which
    something has no value. A size at which many draws in a row are undefined for another reason is given up.
    """
    plan, tally = plan or Plan(), tally or Tally()
    shortest_first = sorted(parts, key=lambda p: p.nodes)
    for number, sizes in enumerate(plan.sizes):
        if too_long(parts, sizes):
            continue
        found = undefined = 0
        irrational: list[Instance] = []
        for at in drawn(parts, context, plan, number, sizes, without):
            context.spend(effort(parts, sizes))
            try:
                for p in shortest_first:
                    value(p, at)
            except Irrational:
                irrational.append({**at, ENCLOSED: True})
                continue
            except Undefined as problem:
                tally.add(at, problem)
                undefined += 1
            else:
                found += not at.freely
                yield at
            if found == plan.per_size or undefined > plan.tries // 4 + 4 * found:
                break
        for here in irrational[: plan.per_size] if enclosed else ():
            try:
                for p in parts:
                    value(p, here)
            except Undefined as problem:
                tally.add(here, problem)
            else:
                yield here


def too_long(parts: Sequence[E.Expr], sizes: dict[str, int]) -> bool:
    """Whether there are too many outcomes to average over."""
    return any(E.Expect in p.kinds for p in parts) and effort(parts, sizes) > LONG


def drawn(
    parts: Sequence[E.Expr],
    context: Context,
    plan: Plan,
    number: int,
    sizes: dict[str, int],
    without: Hypothesis | None,
) -> Iterator[Drawn]:
    """The instances of one size; drawn once for all statements that share a context and speak of the same names."""
    parts = tuple(parts)
    names, ranges = context.once(("asked", parts), lambda: asked_of(parts, context.given))
    if not all(evaluate(r, sizes) for r in ranges if spoken_of(r) <= {s for s in names.symbols if s.name in sizes}):
        return
    purpose = f"{number}/{without.name if without else ''}"
    key = (names, plan.tries, purpose, *sizes.values())
    start: tuple[Random, list[Drawn | None]] = context.rng(purpose), []
    rng, pool = context.once(key, lambda: start)
    for attempt in range(plan.tries):
        if context.expired or (attempt == BARREN and not any(pool)):
            return
        if attempt == len(pool):
            context.spend(DRAW)
            freely, turn = attempt % FREELY == 1, attempt - (attempt + FREELY - 2) // FREELY
            height = (1, 2, 4, 7)[min(3, turn % 8)]
            own = Random(f"{context.seed}/{purpose}/{attempt}") if freely else rng
            one = partial(draw_instance, names, context.given, own, sizes, ranges, height, without, freely)
            pool.append(next(filter(None, (one() for _ in range(CHANCES if freely else 1))), None))
        at = pool[attempt]
        if at is not None:
            yield at


def asked_of(parts: tuple[E.Expr, ...], given: tuple[Hypothesis, ...]) -> tuple[Names, tuple[Rel, ...]]:
    """What a statement and its hypotheses speak of, and the ranges that their integers are declared with.

    Symbols are equal whatever their ranges; those of another claim, which is remembered, may have others.
    """
    relations = [r for h in given for r in h.relations]
    ranges = declared(*parts, *relations)
    told = (*parts, *relations, *ranges)
    ours = {x.var: x.var for p in told if Every in p.kinds for x in p.walk() if isinstance(x, Every)}
    ours |= {s: s for p in told for s in spoken(p)}
    names = free_names(told)
    return replace(names, symbols=frozenset(ours.get(s, s) for s in names.symbols)), ranges


def simplest(
    parts: Sequence[E.Expr], context: Context, wanted: Callable[[Instance], bool], plan: Plan | None = None
) -> Instance | None:
    """The instance with the wanted property that is shortest to write, at the fewest dimensions found."""
    plan = plan or Plan()
    names, ranges = asked_of(tuple(parts), context.given)
    for number, sizes in enumerate(plan.sizes):
        rng = context.rng(f"simplest/{number}")
        found: list[tuple[int, Instance]] = []
        for attempt in range(60):
            at = draw_instance(names, context.given, rng, sizes, ranges, 1 + attempt % 3)
            with suppress(Undefined):
                if at is not None and wanted(at):
                    found.append((sum(map(len, show(at, names).values())), at))
        if found:
            return min(found, key=lambda f: f[0])[1]
    return None


def without_value(parts: Sequence[E.Expr], at: Instance) -> str:
    """What in the expressions has no real value at an instance; empty if all have one."""
    for p in parts:
        try:
            value(p, at)
        except NoValue as problem:
            return str(problem)
        except Undefined:
            continue
    return ""


def show(at: Instance, names: Names) -> dict[str, str]:
    """The part of an instance that a statement speaks of, as text; rationals as p/q."""
    wanted = [s.name for s in names.symbols] + [f.name for f in names.families | names.random]
    wanted += [w.name for w in names.letters]
    order = {name: place for place, name in enumerate(("k", "p", "m", "n", "i", "j"))}
    found = {
        name: value_text(at[name]) for name in sorted(set(wanted), key=lambda x: (order.get(x, 9), x)) if name in at
    }
    return found | {name: value_text(x) for name, x in sorted(at.get(BEYOND, {}).items())}


def value_text(value: Any) -> str:
    """Exact text of a number, list, matrix or angle."""
    if isinstance(value, np.ndarray):
        return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in value) + "]"
    if isinstance(value, list | tuple):
        return "(" + ", ".join(map(value_text, value)) + ")"
    if isinstance(value, Angle):
        return f"cos {value.cos}, sin {value.sin}"
    return str(value)
