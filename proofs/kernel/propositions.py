"""Propositions: expressions like the others, so that one printer, one evaluator and one substitution serve them.

Main results
    Rel                    a = b, ≠, ≤, <, ≥, > between scalars; =, ≠, ⪰, ≻ between matrices
    And, Or, Implies, Iff  of propositions
    Every                  for every integer var with lo ≤ var ≤ hi
    Exists, ForAll         for some, for every value of a symbol, letter or family
    Fades                  tends to 0 as a real grows without bound
    needs(p)               what must hold for every expression in a proposition to have a value
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, member, opened, renewed, rules_of, said, substitute
from proofs.kernel.expressions import LEAF, Expr, Num, Shape, Sym, integer, lift, misfit, shape_text

PROPOSITION = ("proposition",)
SCALAR = ("=", "≠", "≤", "<", "≥", ">")
MATRIX = ("=", "≠", "⪰", "≻")
MIRROR = {"=": "=", "≠": "≠", "≤": "≥", "<": ">", "≥": "≤", ">": "<"}
NEGATED = {"=": "≠", "≠": "=", "≤": ">", "<": "≥", "≥": "<", ">": "≤"}


class Prop(Expr):
    """A proposition."""

    @property
    def shape(self) -> Shape:
        return PROPOSITION


@dataclass(frozen=True, eq=False)
class Rel(Prop):
    """``left op right``, between expressions of one shape."""

    left: Expr
    op: str = field(metadata=LEAF)
    right: Expr = field()

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            shapes = f"[{shape_text(self.left.shape)}] {self.op} [{shape_text(self.right.shape)}]"
            misfit(f"{self.left} {self.op} {self.right} does not conform: {shapes}")
        if self.op not in (SCALAR if self.left.is_scalar else MATRIX):
            misfit(f"{self.left} {self.op} {self.right}: no relation {self.op!r} between {shape_text(self.left.shape)}")


@dataclass(frozen=True, eq=False)
class And(Prop):
    terms: tuple[Expr, ...] = ()


@dataclass(frozen=True, eq=False)
class Or(Prop):
    terms: tuple[Expr, ...] = ()


@dataclass(frozen=True, eq=False)
class Implies(Prop):
    premise: Expr
    conclusion: Expr


@dataclass(frozen=True, eq=False)
class Iff(Prop):
    left: Expr
    right: Expr


@dataclass(frozen=True, eq=False)
class Every(E.Binder, Prop):
    """body for every integer lo ≤ var ≤ hi."""

    var: Sym = field(metadata=LEAF)
    lo: Expr = field()
    hi: Expr = field()
    body: Any = field()


class Quantifier(E.Binder, Prop):
    """Binds a name of which nothing is known but its sort, its sides and its traits."""

    numbered = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not plain_name(self.var):
            misfit(f"{self.var} is no plain name")


def plain_name(x: Any) -> bool:
    """Whether it is a symbol, a letter or a family with no rule, noise or weights, and not π."""
    rules = isinstance(x, E.Family) and (x.define or x.tail or x.random)
    return isinstance(x, Sym | E.Letter | E.Family) and not rules and getattr(x, "noise", None) is None and x != E.PI


@dataclass(frozen=True, eq=False)
class Exists(Quantifier):
    """body for some value of a symbol, of a letter that has its traits, or of a family."""

    var: Any = field(metadata=LEAF)
    body: Any = field()


@dataclass(frozen=True, eq=False)
class ForAll(Quantifier):
    """body for every value of a symbol, of a letter that has its traits, or of a family."""

    var: Any = field(metadata=LEAF)
    body: Any = field()


@dataclass(frozen=True, eq=False)
class Fades(E.Binder, Prop):
    """body, of every real var ≥ lo, tends to 0 as var grows without bound."""

    var: Sym = field(metadata=LEAF)
    lo: Expr = field()
    body: Any = field()

    def __post_init__(self) -> None:
        if self.var.sort != E.Sort.REAL or self.var == E.PI:
            misfit(f"{self.var} is no real variable, which a limit needs")


def rel(left: E.Scalar, op: str, right: E.Scalar) -> Rel:
    return Rel(lift(left), op, lift(right))


def both(*props: Expr) -> Expr:
    """The conjunction; a single one is itself."""
    return props[0] if len(props) == 1 else And(tuple(props))


# -- definedness -----------------------------------------------------------------------------------

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


@lru_cache(maxsize=100_000)
def needs(e: Expr, ranges: bool = True) -> tuple[Expr, ...]:
    """What must hold for an expression to have a value, as propositions, each once.

    Denominators are not 0, what stands under a root is not negative (positive inside a derivative), logarithms are of
    positive numbers; with ``ranges``,
    indices are integers and lie in theirs, extrema are over some index, and the weights of an expectation add up to 1.

    Examples
    --------
    >>> x = Sym("x")
    >>> [(p.op, p.right) for p in needs(1 / x + E.sqrt(x))] == [("≠", ZERO), ("≥", ZERO)]
    True
    """
    return tuple(dict.fromkeys(_needs(e, ranges, frozenset())))


def _needs(e: Expr, ranges: bool, inside: frozenset[Any]) -> Iterator[Expr]:
    if isinstance(e, E.Named):
        yield from _needs(e.body, ranges, inside)
        return
    if ranges and not isinstance(e, Fades) and not all(E.whole(x) for x in indices(e)):
        yield Rel(ZERO, "≠", ZERO)
    if isinstance(e, E.Pow):
        yield from of_power(e, ranges, inside)
        return
    if isinstance(e, E.Fn) and e.name == "log":
        yield Rel(e.arg, ">", ZERO)
    if isinstance(e, E.Item) and e.family.define is not None:
        yield from _needs(member(e), ranges, inside)
        return
    if isinstance(e, E.Coeff | E.Diff | E.Grad):
        by: Any = e.letter if isinstance(e, E.Grad) else e.var
        if any(rough(x, by) for x in within_definitions(e.body)):
            yield Rel(ZERO, "≠", ZERO)
        if isinstance(by, E.Item):
            yield from _needs(by, ranges, inside)
        inner = _needs(e.body, ranges, inside | free(by))
        at_zero = isinstance(e, E.Coeff) or (isinstance(e, E.Diff) and e.at_zero)
        yield from (substitute(p, {by: ZERO}) for p in inner) if at_zero else inner
        return
    if isinstance(e, E.Sum | E.Extremum | Every):
        yield from _needs(e.lo, ranges, inside)
        yield from _needs(e.hi, ranges, inside)
        if isinstance(e, E.Extremum) and ranges:
            yield Rel(e.lo, "≤", e.hi)
        yield from (Every(e.var, e.lo, e.hi, p) for p in _needs(e.body, ranges, inside))
        return
    if isinstance(e, Exists | ForAll):
        inner = _needs(e.body, ranges, inside)
        yield from (ForAll(e.var, Implies(e.body, p) if isinstance(e, Exists) else p) for p in inner)
        return
    if isinstance(e, Fades):
        yield from _needs(e.lo, ranges, inside)
        yield from (ForAll(e.var, Implies(Rel(e.lo, "≤", e.var), p)) for p in _needs(e.body, ranges, inside))
        return
    if isinstance(e, E.Pick):
        yield from of_pick(e, ranges, inside)
        return
    if isinstance(e, Implies):
        yield from _needs(e.premise, ranges, inside)
        yield from (Implies(e.premise, p) for p in _needs(e.conclusion, ranges, inside))
        return
    if ranges:
        yield from places(e)
    family = getattr(e, "family", None)
    if family is not None and (family.tail or family.define):
        x = renewed(ENTRY, free(e) | opened(family))
        last = family.length if family.tail else e.shape[0]
        yield from (Every(x, ONE, lift(last), p) for p in _needs(said(family, x, bool(family.tail)), ranges, inside))
    if isinstance(e, E.Expect):
        yield from of_expectation(e, ranges, inside)
        return
    for child in (*e.children(), *e.stands_for):
        yield from _needs(child, ranges, inside)


def indices(e: Expr) -> Iterator[Expr]:
    """The indices that a node has, and the ends of its range."""
    yield from (x for x in (getattr(e, place, None) for place in E.INDICES) if isinstance(x, Expr))


def rough(x: Expr, by: Any) -> bool:
    """Whether a node may have no derivative: a maximum has none, nor what has an index that moves."""
    moved = {by.family if isinstance(by, E.Item) else by}
    return any(moved & free(i) for i in indices(x)) or (not x.smooth and bool(free(by) & free(x)))


def within_definitions(e: Expr) -> Iterator[Expr]:
    """An expression and all below it, and below what the rules of families say."""
    for x in e.walk():
        yield x
        for part in (*x.stands_for, *rules_of(x)):
            yield from within_definitions(part)


def of_pick(e: E.Pick, ranges: bool, inside: frozenset[Any]) -> Iterator[Expr]:
    """A term that is an extremum over no index is left out; not all are."""
    for term in e.terms:
        own = Rel(term.lo, "≤", term.hi) if isinstance(term, E.Extremum) else None
        yield from (p for p in _needs(term, ranges, inside) if p != own)
    if ranges and all(isinstance(term, E.Extremum) for term in e.terms):
        yield Or(tuple(Rel(term.lo, "≤", term.hi) for term in e.terms))  # type: ignore[attr-defined]


ENTRY = integer("•")


def of_expectation(e: E.Expect, ranges: bool, inside: frozenset[Any]) -> Iterator[Expr]:
    """The weights add up to 1; what is needed whatever is drawn is not said, so it is asked of no instance at all."""
    if isinstance(e.over, E.Letter):
        chances: tuple[Expr, ...] = (Rel(lift(e.over.noise), "≥", ZERO),)
    else:
        b, last = renewed(integer("b"), opened(e.over.random)), e.over.length
        whole = Rel(E.Sum(b, ONE, last, e.over.random[b]), "=", ONE)
        chances = (whole, Every(b, ONE, last, Rel(e.over.random[b], "≥", ZERO)))
    for chance in chances:  # of a derivative by them only at the boundary, or nowhere near by
        moved = any(getattr(x, "sort", None) != E.Sort.INTEGER for x in inside & free(chance))
        yield Rel(ZERO, "≠", ZERO) if moved else chance
    yield from (p for chance in chances for p in _needs(chance, False, inside))
    for p in _needs(e.body, ranges, inside):
        if e.over not in free(p):
            yield p
        elif not range_of_draws(p, e.over):
            yield Rel(ZERO, "≠", ZERO)


def range_of_draws(p: Expr, over: Any) -> bool:
    """1 ≤ b_i and b_i ≤ length."""
    if not isinstance(p, Rel) or p.op != "≤":
        return False
    low, high = p.left == ONE and p.right, p.right == lift(over.length) and p.left
    return any(isinstance(x, E.Item) and x.family == over for x in (low, high))


def of_power(e: E.Pow, ranges: bool, inside: frozenset[Any]) -> Iterator[Expr]:
    """Of a scalar power, of every entry of a diagonal one, of an inverse that there is one."""
    if not isinstance(e.exponent, Num):
        yield from _needs(e.exponent, ranges, inside)
        yield Rel(e.base, ">", ZERO) if e.base.is_scalar else Rel(e.base, "≻", zero(e.base))
    elif e.base.is_scalar:
        yield from (p for p in [power_needs(e.base, e.exponent.value, inside)] if p is not None)
        yield from _needs(e.base, ranges, inside)
    elif e.exponent.value.denominator != 1 or e.exponent.value < 0:
        x = renewed(ENTRY, free(e))
        entry = diagonal_entry(e.base, x)
        condition = None if entry is None else power_needs(entry, e.exponent.value, inside)
        if entry is None and e.exponent.value.denominator != 1:
            raise E.ShapeError(f"the power {e} of a matrix that is not diagonal")
        if entry is None:
            yield Rel(E.det(e.base), "≠", ZERO)
        elif condition is not None:
            yield Every(x, ONE, lift(e.base.shape[0]), condition)
        yield from _needs(e.base, ranges, inside)
    else:
        yield from _needs(e.base, ranges, inside)


def power_needs(base: Expr, p: Fraction, inside: frozenset[Any]) -> Expr | None:
    if isinstance(base, Num) and (base.value > 0 or (base.value == 0 and p > 0)):
        return None
    if p.denominator != 1:
        return Rel(base, ">" if p < 0 or inside & free(base) else "≥", ZERO)
    return Rel(base, "≠", ZERO) if p < 0 else None


def zero(like: Expr) -> Expr:
    """Zero, of the same shape."""
    return ZERO if like.is_scalar else E.Zero(*like.shape)


def places(e: Expr) -> Iterator[Expr]:
    """That indices lie in their ranges; of a random family any index does, as its length bounds what is drawn."""
    if isinstance(e, E.Item) and e.family.length is not None and e.family.random is None:
        yield from within(e.index, e.family.length)
    elif isinstance(e, E.Basis):
        yield from within(e.i, e.size)
    elif isinstance(e, E.Entry):
        for i, side in zip((e.i, e.j), e.arg.shape, strict=True):
            yield from within(i, side)
    elif isinstance(e, E.Diag | E.MaxMask):
        f, side = e.family, lift(e.shape[0])
        if f.define is None and f.length is not None and side != f.length:
            yield Rel(side, "≤", f.length)
    elif isinstance(e, E.First):
        yield Rel(lift(e.cols), "≤", lift(e.rows))


def within(i: Expr, length: Any) -> Iterator[Expr]:
    yield Rel(ONE, "≤", i)
    yield Rel(i, "≤", lift(length))


def diagonal_entry(e: Expr, x: Expr) -> Expr | None:
    """The entry (x, x) of a matrix that is diagonal by its form, or None."""
    if isinstance(e, E.Named):
        return diagonal_entry(e.body, x)
    if isinstance(e, E.Eye):
        return ONE
    if isinstance(e, E.Diag):
        return e.family[x]
    if isinstance(e, E.T):
        return diagonal_entry(e.arg, x)
    if isinstance(e, E.Letter) and "diagonal" in e.traits:
        return E.Entry(e, x, x)
    if isinstance(e, E.Pow):
        base = diagonal_entry(e.base, x)
        return None if base is None else E.Pow(base, e.exponent)
    if isinstance(e, E.Add | E.Mul):
        parts = [t if t.is_scalar else diagonal_entry(t, x) for t in e.children()]
        if any(p is None for p in parts):
            return None
        return E.add(*parts) if isinstance(e, E.Add) else E.mul(*parts)  # type: ignore[arg-type]
    return None
