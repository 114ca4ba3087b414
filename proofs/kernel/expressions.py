"""Expressions: the one tree from which a statement is printed, decided, sampled and mutated.

A node is a scalar (``shape == ()``) or a matrix whose shape is a pair of sizes, each a symbol such as ``k`` or an
integer. Shapes are checked when a node is built, so a printed formula that does not conform is caught at once
(:class:`ShapeError`). Nothing is simplified: what the paper prints is what the tree holds.

Main results
    Sym, Family, Letter     scalars ``α``, indexed scalars ``σ[i]``, matrices of symbolic shape ``W1``
    ``+ - * @ / **``, ``.T``  sums, scalar multiples, matrix products, quotients, powers, transposes
    Tr, SqNorm, Inner, norm  traces and Frobenius norms
    Abs                     |x|
    Det, Rank               determinants and ranks
    Diag, Proj, Basis, First  diag(f), Π_b, e_i and the first k columns of the identity
    MaxMask, LowerMask      A ∘ P_L with entries f(max(i, j)), and the lower triangle
    Sum, Max, Min, Expect   over an index, over the masks of nested dropout
    Coeff, Diff, Grad       Taylor coefficients, derivatives, gradients, as nodes that the methods resolve
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any, Generic, TypeVar, Union

from flint import fmpq

Shape = tuple[Any, ...]
Scalar = Union["Expr", int, Fraction]
Found = TypeVar("Found")


class lazy(Generic[Found]):
    """An attribute that is found once: a `cached_property` without the lock that this has before Python 3.12."""

    def __init__(self, find: Callable[[Any], Found]):
        self.find = find

    def __get__(self, node: Any, kind: type) -> Found:
        found = node.__dict__[self.find.__name__] = self.find(node)
        return found


class ShapeError(ValueError):
    """A formula whose shapes do not conform."""


_AS_PRINTED: ContextVar[bool] = ContextVar("as_printed", default=False)


@contextmanager
def as_printed() -> Iterator[None]:
    """In this block a formula is built even if its shapes do not conform: it can be printed, nothing else."""
    token = _AS_PRINTED.set(True)
    try:
        yield
    finally:
        _AS_PRINTED.reset(token)


@contextmanager
def as_meant() -> Iterator[None]:
    """In this block shapes are checked, whatever is built around it to be printed."""
    token = _AS_PRINTED.set(False)
    try:
        yield
    finally:
        _AS_PRINTED.reset(token)


def misfit(message: str) -> None:
    """Refuse a formula whose shapes do not conform."""
    if not _AS_PRINTED.get():
        raise ShapeError(message)


@dataclass(frozen=True, eq=False)
class Expr:
    """A node. Equality and hashing are structural."""

    def __init_subclass__(cls) -> None:
        if {"__eq__", "__hash__", "_key", "_hash"} & vars(cls).keys():
            raise ShapeError(f"what {cls.__name__} equals is no choice of its own")

    @lazy
    def _key(self) -> tuple:
        kind: Any = type(self)
        parts = [getattr(self, name) for name in compared(kind)]
        for x in parts:
            if type(x) not in PARTS and not isinstance(x, Expr):
                raise ShapeError(f"no part of an expression is a {type(x).__name__}, whatever it may equal")
        return (kind, *parts)

    @lazy
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Expr) or self._hash != other._hash or self._key != other._key:
            return False
        self.__dict__["_key"] = other._key  # from now on they share their parts, and compare at once
        return True

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: in another process strings have other hashes."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def shape(self) -> Shape:
        return ()

    @property
    def is_scalar(self) -> bool:
        return self.shape == ()

    def children(self) -> tuple[Expr, ...]:
        """The subexpressions, in printed order."""
        return self._children

    @lazy
    def _children(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        kind: Any = type(self)
        for name in branches(kind):
            value = getattr(self, name)
            if isinstance(value, Expr):
                found.append(value)
            elif isinstance(value, tuple):
                found.extend(v for v in value if isinstance(v, Expr))
        return tuple(found)

    def rebuild(self, children: Sequence[Expr]) -> Expr:
        """The same node over other subexpressions; shapes are checked again."""
        rest = iter(children)
        changes: dict[str, Any] = {}
        kind: Any = type(self)
        for name in branches(kind):
            value = getattr(self, name)
            if isinstance(value, Expr):
                changes[name] = next(rest)
            elif isinstance(value, tuple):
                changes[name] = tuple(next(rest) if isinstance(v, Expr) else v for v in value)
        return replace(self, **changes) if changes else self

    def walk(self) -> Iterator[Expr]:
        """This node and everything below it, parents first."""
        yield self
        for child in self.children():
            yield from child.walk()

    @property
    def stands_for(self) -> tuple[Expr, ...]:
        """Expressions without which it has no value either, beside those below it."""
        return ()

    smooth = True
    """Whether it has derivatives wherever the parts of it have them, and it has a value near by."""

    costly = False
    """Whether a value takes a Hessian, so that only small sizes are sampled."""

    @lazy
    def nodes(self) -> int:
        """The number of nodes."""
        return 1 + sum(child.nodes for child in self.children())

    @lazy
    def kinds(self) -> frozenset[type[Expr]]:
        """The types of the nodes."""
        return frozenset({type(self)}).union(*(child.kinds for child in self.children()))

    # -- arithmetic --------------------------------------------------------------------------------
    def __add__(self, other: Scalar) -> Expr:
        return add(self, other)

    def __radd__(self, other: Scalar) -> Expr:
        return add(other, self)

    def __sub__(self, other: Scalar) -> Expr:
        return add(self, neg(other))

    def __rsub__(self, other: Scalar) -> Expr:
        return add(other, neg(self))

    def __neg__(self) -> Expr:
        return neg(self)

    def __mul__(self, other: Scalar) -> Expr:
        return mul(self, other)

    def __rmul__(self, other: Scalar) -> Expr:
        return mul(other, self)

    def __matmul__(self, other: Expr) -> Expr:
        return mul(self, other)

    def __truediv__(self, other: Scalar) -> Expr:
        return mul(self, Pow(lift(other), Num(Fraction(-1))))

    def __rtruediv__(self, other: Scalar) -> Expr:
        return mul(other, Pow(self, Num(Fraction(-1))))

    def __pow__(self, exponent: Scalar) -> Expr:
        return Pow(self, lift(exponent))

    @property
    def T(self) -> Expr:
        return T(self)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {PRINTERS['latex'](self)}$"

    def __str__(self) -> str:
        return PRINTERS["text"](self)


@cache
def compared(node: Any) -> tuple[str, ...]:
    """The fields of a kind of node that equality looks at."""
    return tuple(f.name for f in fields(node) if f.compare)


@cache
def branches(node: Any) -> tuple[str, ...]:
    """The fields of a kind of node that hold subexpressions."""
    return tuple(f.name for f in fields(node) if not f.metadata.get("leaf"))


PRINTERS: dict[str, Callable[[Expr], str]] = {"text": repr, "latex": repr}
"""How an expression is printed: filled by what prints, of which nothing here knows."""


def lift(value: Scalar) -> Expr:
    """Numbers become nodes."""
    return value if isinstance(value, Expr) else Num(Fraction(value))


LEAF = {"leaf": True}
"""Marks a field that is no subexpression: a shape, a bound index, what an expectation is over."""


# -- scalars ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Num(Expr):
    """A rational number."""

    value: Fraction


class Sort(StrEnum):
    """What a symbol stands for."""

    REAL = "real"
    INTEGER = "integer"


@dataclass(frozen=True, eq=False)
class Sym(Expr):
    """A scalar symbol: a real ``λ`` of any sign, or an integer such as a size ``k`` or an index ``i``."""

    name: str
    tex: str = field(default="", compare=False)
    sort: Sort = Sort.REAL
    span: tuple[Any, Any] = field(default=(None, None), compare=False, metadata={"leaf": True})
    """The range that an integer is declared with: a claim that speaks of it supposes that, and says so."""


def integer(name: str, tex: str = "", least: Any = None, greatest: Any = None) -> Sym:
    """A size or an index, with the range that it is declared with."""
    return Sym(name, tex, Sort.INTEGER, (least, greatest))


def size(name: str, tex: str = "", least: Any = 1) -> Sym:
    """A dimension: at least 1."""
    return integer(name, tex, least)


ANY, OTHER = integer("•"), integer("••")
"""Two indices, to look at a rule that takes an index: what differs is the index, whatever else the rule speaks of."""


@dataclass(frozen=True, eq=False)
class Family:
    """Indexed scalars ``f[1], …, f[length]``.

    ``define`` gives ``f[i]`` in terms of other families (``ν_i = 1 − λ_i σ_i⁻²``); ``tail`` the weights ``w`` with
    ``f[i] = Σ_{b ≥ i} w[b]``, which is what makes ``diag(f)`` and the mask ``f[max(i, j)]`` sums of projections.
    ``random`` names the family of weights with which each member is drawn, independently of the others.
    Families are equal when they agree in name, length and in what their rules say of any index.
    """

    name: str
    tex: str = ""
    define: Callable[[Expr], Expr] | None = None
    tail: Callable[[Expr], Expr] | None = None
    length: Sym | None = None
    random: Family | None = None

    @lazy
    def rules(self) -> tuple[tuple[Expr, Expr] | None, ...]:
        """What ``define`` and ``tail`` say of two indices, asked once: what answers otherwise later is not heard."""
        return tuple(rule and (rule(ANY), rule(OTHER)) for rule in (self.define, self.tail))

    def __init_subclass__(cls) -> None:
        raise ShapeError(f"what {cls.__name__} equals is no choice of its own")

    @lazy
    def _key(self) -> tuple:
        if type(self.name) is not str:
            raise ShapeError(f"no name is a {type(self.name).__name__}")
        return (self.name, self.length, self.random, *self.rules)

    @lazy
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Family) and self._hash == other._hash and self._key == other._key)

    def __getitem__(self, index: Scalar) -> Item:
        return Item(self, lift(index))


@dataclass(frozen=True, eq=False)
class Item(Expr):
    """``f[index]``."""

    family: Family
    index: Expr


@dataclass(frozen=True, eq=False)
class Fn(Expr):
    """``cos`` or ``sin`` of an angle, ``exp`` of a number, ``log`` of a positive one."""

    name: str
    arg: Expr

    def __post_init__(self) -> None:
        if self.name not in ("cos", "sin", "exp", "log") or not self.arg.is_scalar:
            misfit(f"no function {self.name} of {self.arg}")


def cos(arg: Expr) -> Fn:
    return Fn("cos", arg)


def sin(arg: Expr) -> Fn:
    return Fn("sin", arg)


def exp(arg: Expr) -> Fn:
    return Fn("exp", arg)


def log(arg: Scalar) -> Fn:
    return Fn("log", lift(arg))


@dataclass(frozen=True, eq=False)
class Abs(Expr):
    """|x|."""

    smooth = False
    arg: Expr

    def __post_init__(self) -> None:
        if not self.arg.is_scalar:
            misfit(f"the absolute value of {self.arg} [{shape_text(self.arg.shape)}]")


PI = Sym("π", r"\pi")


def sqrt(arg: Scalar) -> Expr:
    return Pow(lift(arg), Num(Fraction(1, 2)))


# -- sums, products, powers ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Add(Expr):
    terms: tuple[Expr, ...]

    def __post_init__(self) -> None:
        shapes = {t.shape for t in self.terms}
        if len(shapes) > 1:
            parts = " + ".join(f"{t} [{shape_text(t.shape)}]" for t in self.terms)
            misfit(f"the terms of a sum differ in shape: {parts}")

    @property
    def shape(self) -> Shape:
        return self.terms[0].shape


@dataclass(frozen=True, eq=False)
class Mul(Expr):
    """A product; scalars may stand anywhere, the matrices multiply in order."""

    factors: tuple[Expr, ...]

    def __post_init__(self) -> None:
        vars(self)["_shape"] = self._conforming()

    @lazy
    def _shape(self) -> Shape:
        return self._conforming()

    def _conforming(self) -> Shape:
        """The shape, looked at again whenever it is asked for: the product may have been built to be printed."""
        shape: Shape = ()
        for f in self.factors:
            if f.shape == ():
                continue
            if shape == ():
                shape = f.shape
            else:
                if shape[1] != f.shape[0]:
                    misfit(
                        f"{shape_text(shape)} times {f} [{shape_text(f.shape)}] does not conform in "
                        + " · ".join(str(x) for x in self.factors)
                    )
                shape = (shape[0], f.shape[1])
        return shape

    @property
    def shape(self) -> Shape:
        return self._shape


@dataclass(frozen=True, eq=False)
class Pow(Expr):
    """A power; fractional or symbolic of scalars and diagonal matrices alone."""

    base: Expr
    exponent: Expr

    def __post_init__(self) -> None:
        if self.base.shape and self.base.shape[0] != self.base.shape[1]:
            misfit(f"a power of {self.base} [{shape_text(self.base.shape)}], which is not square")
        if not self.exponent.is_scalar:
            misfit(f"{self.exponent} [{shape_text(self.exponent.shape)}] as an exponent")

    @property
    def shape(self) -> Shape:
        return self.base.shape


def add(*terms: Scalar) -> Expr:
    flat: list[Expr] = []
    for t in map(lift, terms):
        flat.extend(t.terms if isinstance(t, Add) else (t,))
    return Add(tuple(flat))


def mul(*factors: Scalar) -> Expr:
    flat: list[Expr] = []
    for f in map(lift, factors):
        flat.extend(f.factors if isinstance(f, Mul) else (f,))
    return Mul(tuple(flat))


def neg(value: Scalar) -> Expr:
    value = lift(value)
    if isinstance(value, Num):
        return Num(-value.value)
    if isinstance(value, Mul) and isinstance(value.factors[0], Num):
        head = Num(-value.factors[0].value)
        rest = value.factors[1:]
        return Mul((head, *rest)) if head.value != 1 or len(rest) == 0 else mul(*rest)
    return mul(-1, value)


# -- matrices --------------------------------------------------------------------------------------

TRAITS = ("symmetric", "orthonormal", "diagonal", "skew", "psd", "pd")
SQUARE = frozenset({"symmetric", "skew", "psd", "pd"})
"""Traits of square matrices: with other sides there is none, and of what does not exist, everything would hold."""
OPPOSED = (frozenset({"skew", "pd"}), frozenset({"skew", "orthonormal"}))
"""Traits that no matrix has together at every size: of what does not exist, everything would hold."""


@dataclass(frozen=True, eq=False)
class Letter(Expr):
    """A matrix of symbolic shape.

    Parameters
    ----------
    traits
        Any of ``symmetric``, ``orthonormal`` (columns: LᵀL = I), ``diagonal``, ``skew``, ``psd``, ``pd``.
    noise
        For a random matrix with independent entries of mean zero: the variance of an entry.
    """

    name: str
    rows: Any = field(metadata=LEAF)
    cols: Any = field(metadata=LEAF)
    traits: frozenset[str] = frozenset()
    tex: str = field(default="", compare=False)
    noise: Any = field(metadata=LEAF, default=None)

    def __post_init__(self) -> None:
        for side in (self.rows, self.cols):
            if isinstance(side, Sym) and side.sort != Sort.INTEGER:
                raise ValueError(f"the letter {self.name}: its side {side.name} is a real; want size({side.name!r})")
        unknown = sorted(self.traits - set(TRAITS))
        if unknown:
            raise ValueError(f"the letter {self.name}: no trait {unknown[0]!r}; traits are {', '.join(TRAITS)}")
        if self.rows != self.cols and self.traits & SQUARE:
            misfit(f"the letter {self.name}: {shape_text(self.shape)} is not square, as its traits want")
        if any(pair <= self.traits for pair in OPPOSED):
            raise ValueError(f"the letter {self.name}: no matrix of every size is {' and '.join(sorted(self.traits))}")
        if self.noise is not None and (self.traits or not lift(self.noise).is_scalar):
            raise ValueError(f"the letter {self.name}: independent entries of one variance leave no room for traits")

    @property
    def shape(self) -> Shape:
        return (self.rows, self.cols)


@dataclass(frozen=True, eq=False)
class Named(Expr):
    """A definition: printed by its name, decided by its body."""

    name: str
    body: Expr
    tex: str = field(default="", compare=False)

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, eq=False)
class Eye(Expr):
    size: Any = field(metadata=LEAF)

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)


@dataclass(frozen=True, eq=False)
class Zero(Expr):
    rows: Any = field(metadata=LEAF)
    cols: Any = field(metadata=LEAF)

    @property
    def shape(self) -> Shape:
        return (self.rows, self.cols)


@dataclass(frozen=True, eq=False)
class Diag(Expr):
    """diag(f[1], …, f[size])."""

    family: Family
    size: Any = field(metadata=LEAF)
    name: str = field(default="", compare=False)

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)


@dataclass(frozen=True, eq=False)
class Proj(Expr):
    """Π_b: keeps the first b coordinates."""

    b: Expr
    size: Any = field(metadata=LEAF)

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)


@dataclass(frozen=True, eq=False)
class Basis(Expr):
    """The i-th column of the identity."""

    i: Expr
    size: Any = field(metadata=LEAF)

    @property
    def shape(self) -> Shape:
        return (self.size, 1)


@dataclass(frozen=True, eq=False)
class First(Expr):
    """The first ``cols`` columns of the identity of size ``rows``; cols ≤ rows."""

    rows: Any = field(metadata=LEAF)
    cols: Any = field(metadata=LEAF)

    @property
    def shape(self) -> Shape:
        return (self.rows, self.cols)


@dataclass(frozen=True, eq=False)
class T(Expr):
    """The transpose."""

    arg: Expr

    def __post_init__(self) -> None:
        if self.arg.is_scalar:
            misfit(f"the transpose of a scalar {self.arg}")

    @property
    def shape(self) -> Shape:
        return self.arg.shape[::-1]


@dataclass(frozen=True, eq=False)
class MaxMask(Expr):
    """A ∘ P with P_ij = f[max(i, j)], for a family f with tail weights (P_L of bao2020, S_p of oftadeh2020)."""

    arg: Expr
    family: Family
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.arg.is_scalar or self.arg.shape[0] != self.arg.shape[1]:
            misfit(f"{self.arg} [{shape_text(self.arg.shape)}] ∘ a square mask")

    @property
    def shape(self) -> Shape:
        return self.arg.shape


@dataclass(frozen=True, eq=False)
class LowerMask(Expr):
    """The lower triangle of a square matrix; ``strict`` leaves the diagonal out."""

    arg: Expr
    strict: bool = False

    def __post_init__(self) -> None:
        if self.arg.is_scalar or self.arg.shape[0] != self.arg.shape[1]:
            misfit(f"the triangle of {self.arg} [{shape_text(self.arg.shape)}], which is not square")

    @property
    def shape(self) -> Shape:
        return self.arg.shape


@dataclass(frozen=True, eq=False)
class DropMask(Expr):
    """M ∘ A with the nested-dropout mask M_ji = 1 if j ≤ b_i: column i keeps its first b_i entries."""

    arg: Expr
    b: Family

    @property
    def shape(self) -> Shape:
        return self.arg.shape


# -- scalars of matrices ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Tr(Expr):
    arg: Expr

    def __post_init__(self) -> None:
        if self.arg.is_scalar or self.arg.shape[0] != self.arg.shape[1]:
            misfit(f"the trace of {self.arg} [{shape_text(self.arg.shape)}]")


@dataclass(frozen=True, eq=False)
class SqNorm(Expr):
    """‖A‖_F²."""

    arg: Expr


def norm(arg: Expr) -> Expr:
    """‖A‖_F."""
    return sqrt(SqNorm(arg))


@dataclass(frozen=True, eq=False)
class Inner(Expr):
    """⟨A, B⟩ = Tr(AᵀB)."""

    left: Expr
    right: Expr

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            misfit(f"⟨{self.left} [{shape_text(self.left.shape)}], {self.right} [{shape_text(self.right.shape)}]⟩")


@dataclass(frozen=True, eq=False)
class Entry(Expr):
    """A_ij."""

    arg: Expr
    i: Expr
    j: Expr

    def __post_init__(self) -> None:
        if len(self.arg.shape) != 2:
            misfit(f"an entry of {self.arg}, which is no matrix")


@dataclass(frozen=True, eq=False)
class Rank(Expr):
    """The rank of a matrix."""

    smooth = False
    arg: Expr

    def __post_init__(self) -> None:
        if self.arg.is_scalar:
            misfit(f"the rank of a scalar {self.arg}")


# -- matrices written out --------------------------------------------------------------------------


def numbers_only(entries: Sequence[Expr]) -> None:
    """Refuse entries that are matrices."""
    for x in entries:
        if not x.is_scalar:
            misfit(f"the entry {x} [{shape_text(x.shape)}]")


@dataclass(frozen=True, eq=False)
class Symmetric(Expr):
    """A symmetric matrix, by its upper triangle row by row."""

    entries: tuple[Expr, ...]

    def __post_init__(self) -> None:
        numbers_only(self.entries)
        if len(self.entries) != self.size * (self.size + 1) // 2:
            misfit(f"{len(self.entries)} entries make no triangle")

    @property
    def size(self) -> int:
        return (isqrt(8 * len(self.entries) + 1) - 1) // 2

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)

    def at(self, row: int, col: int) -> Expr:
        """An entry, from 0."""
        low, high = sorted((row, col))
        return self.entries[low * self.size - low * (low + 1) // 2 + high]

    def rows(self) -> list[list[Expr]]:
        return [[self.at(row, col) for col in range(self.size)] for row in range(self.size)]


@dataclass(frozen=True, eq=False)
class Column(Expr):
    """A column, by its entries."""

    entries: tuple[Expr, ...]

    def __post_init__(self) -> None:
        numbers_only(self.entries)

    @property
    def shape(self) -> Shape:
        return (len(self.entries), 1)


@dataclass(frozen=True, eq=False)
class Det(Expr):
    """The determinant of a square matrix."""

    arg: Expr
    size: Any = field(metadata=LEAF)

    def __post_init__(self) -> None:
        if self.arg.shape != (self.size, self.size):
            misfit(f"the determinant of {self.arg} [{shape_text(self.arg.shape)}], not of size {self.size}")


def symmetric(*rows: Sequence[Scalar]) -> Symmetric:
    """``symmetric((a, b), (c,))`` is [[a, b], [b, c]]: each row from its diagonal on.

    Examples
    --------
    >>> symmetric((1, 2), (3,)).at(1, 0) == lift(2)
    True
    """
    if [len(row) for row in rows] != list(range(len(rows), 0, -1)):
        raise ShapeError("the rows of an upper triangle fall in length by one")
    return Symmetric(tuple(lift(x) for row in rows for x in row))


def column(*entries: Scalar) -> Column:
    return Column(tuple(map(lift, entries)))


def det(arg: Expr) -> Det:
    return Det(arg, arg.shape[0])


# -- binders ---------------------------------------------------------------------------------------


class Binder:
    """Marks a node whose ``var`` is bound in its ``body``; ``numbered`` where its name does not matter to a reader."""

    numbered = True
    var: Any
    body: Any

    def __post_init__(self) -> None:
        if self.numbered and self.var.sort != Sort.INTEGER:
            misfit(f"{self.var} is no integer, which a range needs")
        if any(isinstance(s, Expr) and self.var in s.walk() for s in self.body.shape):
            misfit(f"the size of {self.body} [{shape_text(self.body.shape)}] depends on the index {self.var}")


@dataclass(frozen=True, eq=False)
class Sum(Binder, Expr):
    """Σ_{var=lo}^{hi} body, leaving out the indices in ``without``."""

    var: Sym = field(metadata=LEAF)
    lo: Expr = field()
    hi: Expr = field()
    body: Expr = field()
    without: tuple[Sym, ...] = field(metadata=LEAF, default=())

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, eq=False)
class Extremum(Binder, Expr):
    """max or min of body over var = lo, …, hi."""

    smooth = False
    kind: str
    var: Sym = field(metadata=LEAF)
    lo: Expr = field()
    hi: Expr = field()
    body: Expr = field()

    def __post_init__(self) -> None:
        super().__post_init__()
        greatest_or_least(self.kind, (self.body,))


def greatest_or_least(kind: str, terms: Sequence[Expr]) -> None:
    """Refuse what is neither, and what is not of numbers."""
    if kind not in ("max", "min"):
        misfit(f"neither max nor min: {kind}")
    numbers_only(terms)


@dataclass(frozen=True, eq=False)
class Pick(Expr):
    """max or min of the terms; a term that is an extremum over no index is left out."""

    smooth = False
    kind: str
    terms: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        greatest_or_least(self.kind, self.terms)


@dataclass(frozen=True, eq=False)
class Expect(Expr):
    """The expectation over a random family (nested-dropout masks) or a noise letter."""

    over: Any = field(metadata=LEAF)
    body: Expr = field()

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, eq=False)
class Coeff(Expr):
    """The coefficient of var^order in the Taylor expansion of body at var = 0."""

    body: Expr
    var: Sym = field(metadata=LEAF)
    order: int = 2

    def __post_init__(self) -> None:
        variable(self.var, self.order)

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, eq=False)
class Diff(Expr):
    """The derivative of body by var (a symbol or f[i]), ``order`` times; at var = 0 if ``at_zero``."""

    body: Expr
    var: Any = field(metadata=LEAF)
    order: int = 1
    at_zero: bool = False

    def __post_init__(self) -> None:
        variable(self.var, self.order)

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, eq=False)
class Grad(Expr):
    """The gradient of a scalar by a letter: ⟨Grad, Z⟩ is the directional derivative along Z."""

    body: Expr
    letter: Letter = field(metadata=LEAF)

    def __post_init__(self) -> None:
        if not self.body.is_scalar:
            misfit(f"the gradient of {self.body} [{shape_text(self.body.shape)}], which is no number")

    @property
    def shape(self) -> Shape:
        return self.letter.shape


def variable(var: Any, order: int) -> None:
    """Refuse what does not vary, and an order that is no natural number."""
    if var == PI:
        misfit("π is a number, by which there is no derivative")
    if order < 0:
        misfit(f"a derivative of the order {order}")


PLAIN = (str, int, bool, Fraction, fmpq, Sort, type(None))
PARTS = frozenset({*PLAIN, tuple, frozenset, Family})
"""What the fields of a node hold beside expressions: of these types exactly."""


def known(kind: type) -> bool:
    """Whether a type is one that a module of the kernel defines."""
    return (
        kind.__module__.startswith("proofs.kernel.") and vars(sys.modules[kind.__module__]).get(kind.__name__) is kind
    )


def genuine(x: Any) -> None:
    """Refuse what is not exactly of a type that is known: what says that it equals another may not be it.

    Where shapes are checked (:func:`as_meant`), what was built only to be printed is refused, too.
    """
    if type(x) in (tuple, frozenset):
        for part in x:
            genuine(part)
    elif isinstance(x, Expr | Family):
        _conforms(x)
    elif type(x) not in PLAIN:
        raise ShapeError(f"the kernel knows no {type(x).__name__}, and not what it depends on")
    elif type(x) is Fraction and not type(x.numerator) is type(x.denominator) is int:
        raise ShapeError(f"a fraction of {type(x.numerator).__name__}, which may count in another way")


def _conforms(e: Expr | Family) -> None:
    """Every field, every child, and what the rule of a family says: it is of numbers. Once for each object."""
    if "_conform" in vars(e):
        return
    if not known(type(e)):
        raise ShapeError(f"the kernel knows no {type(e).__name__}, and not what it depends on")
    for f in fields(e):
        if not (isinstance(e, Family) and f.name in ("define", "tail")):
            genuine(getattr(e, f.name))
    if isinstance(e, Family):
        if e.random and (e.define or e.tail):
            misfit(f"{e.name} is drawn and has a rule")
        said = [x for rule in e.rules if rule is not None for x in rule]
        genuine(tuple(said))
        numbers_only(said)
        whole = e.length is None or getattr(e.length, "sort", None) == Sort.INTEGER
        if not whole and not (isinstance(e.length, Num) and e.length.value.denominator == 1):
            misfit(f"the length {e.length} of {e.name} is no integer")
    check = getattr(e, "__post_init__", None)
    if check is not None:
        check()
    if isinstance(e, Expr):
        in_place(e)
    vars(e)["_conform"] = True


INDICES = ("lo", "hi", "index", "i", "j", "b")
"""The fields of nodes that hold indices, and ends of ranges."""


def in_place(e: Expr) -> None:
    """Refuse an index that is no number, a side that is no integer, and a proposition in the place of a number."""
    for place in INDICES:
        x = getattr(e, place, None)
        if isinstance(x, Expr) and not x.is_scalar:
            misfit(f"the index {x} [{shape_text(x.shape)}]")
    sides = e.shape if len(e.shape) == 2 else ()
    if any(isinstance(x, Fraction | fmpq) or (isinstance(x, Sym | Num) and not whole(x)) for x in sides):
        misfit(f"{e} [{shape_text(e.shape)}] has a side that is no integer")
    proposes = len(e.shape) == 1 and (isinstance(e, Named) or type(e).__module__ != __name__)
    if not proposes and any(len(x.shape) == 1 for x in e.children()):
        misfit(f"a proposition in {e}")


def whole(e: Any) -> bool:
    """Whether an expression is an integer by its form."""
    if isinstance(e, Add | Mul | Named):
        return all(map(whole, e.children()))
    if isinstance(e, Item):
        return e.family.random is not None
    return e.value.denominator == 1 if isinstance(e, Num) else isinstance(e, Sym) and e.sort == Sort.INTEGER


def shape_text(shape: Shape) -> str:
    return "scalar" if shape == () else "×".join(str(s) for s in shape)


def givens(i: Expr, j: Expr, θ: Expr, size: Any) -> Expr:
    """The rotation R(θ) of the latent components i and j: R_ii = R_jj = cos θ, R_ij = −sin θ, R_ji = sin θ."""
    eᵢ, eⱼ = Basis(i, size), Basis(j, size)
    return Named(
        "R(θ)",
        Eye(size)
        + (cos(θ) - 1) * (eᵢ @ eᵢ.T)
        + (cos(θ) - 1) * (eⱼ @ eⱼ.T)
        - sin(θ) * (eᵢ @ eⱼ.T)
        + sin(θ) * (eⱼ @ eᵢ.T),
        r"R(\theta)",
    )
