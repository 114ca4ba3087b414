"""A judge of its own: exact values of propositions at an instance, by rational arithmetic and loops of its own.

It shares nothing with the project but the nodes of the expressions.

Main results
    true(p, at)    whether a proposition holds at an instance; Undefined where something in it has no value
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import factorial, isqrt
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel import propositions as P
from proofs.kernel.expressions import Expr

At = dict[str, Any]
"""Integers and reals by name, families as lists from index 1 on, letters as lists of rows; angles as (cos, sin)."""


class Undefined(ArithmeticError):
    """No value here."""


class Dual:
    """A polynomial in one variable, truncated: c[0] + c[1] t + …."""

    def __init__(self, c: list[Any]):
        self.c = c


def plus(x: Any, y: Any) -> Any:
    if isinstance(x, Dual) or isinstance(y, Dual):
        a, b = same_length(x, y)
        return Dual([p + q for p, q in zip(a, b, strict=True)])
    return x + y


def times(x: Any, y: Any) -> Any:
    if isinstance(x, Dual) or isinstance(y, Dual):
        a, b = same_length(x, y)
        return Dual([sum(a[i] * b[r - i] for i in range(r + 1)) for r in range(len(a))])
    return x * y


def same_length(x: Any, y: Any) -> tuple[list[Any], list[Any]]:
    size = len(x.c) if isinstance(x, Dual) else len(y.c)
    return tuple(v.c if isinstance(v, Dual) else [v, *[0] * (size - 1)] for v in (x, y))  # type: ignore[return-value]


def over(x: Any) -> Any:
    if isinstance(x, Dual):
        out = [over(x.c[0])]
        for r in range(1, len(x.c)):
            out.append(-out[0] * sum(x.c[i] * out[r - i] for i in range(1, r + 1)))
        return Dual(out)
    if x == 0:
        raise Undefined("1/0")
    return 1 / Fraction(x)


def root(x: Any) -> Any:
    x = Fraction(x)
    p, q = isqrt(max(0, x.numerator)), isqrt(x.denominator)
    if p * p != x.numerator or q * q != x.denominator:
        raise Undefined(f"√{x} is not rational")
    return Fraction(p, q)


def power(x: Any, p: Fraction) -> Any:
    if p.denominator == 2:
        x, p = root(x), 2 * p
    if p < 0:
        x, p = over(x), -p
    out: Any = Fraction(1)
    for _ in range(int(p)):
        out = times(out, x)
    return out


def whole(e: Any, at: At) -> int:
    v = value(E.lift(e), at)
    if v != int(v):
        raise Undefined(f"the index {v}")
    return int(v)


def span(e: Any, at: At) -> list[At]:
    out = {whole(w, at) for w in getattr(e, "without", ())}
    return [{**at, e.var.name: i} for i in range(whole(e.lo, at), whole(e.hi, at) + 1) if i not in out]


def sides(e: Expr, at: At) -> tuple[int, int]:
    return whole(e.shape[0], at), whole(e.shape[1], at)


def build(e: Expr, at: At, entry: Any) -> list[list[Any]]:
    m, n = sides(e, at)
    return [[entry(i, j) for j in range(1, n + 1)] for i in range(1, m + 1)]


def matmul(a: Any, b: Any, n: int) -> Any:
    out = []
    for row in a:
        line = []
        for j in range(n):
            x: Any = Fraction(0)
            for place, y in enumerate(row):
                x = plus(x, times(y, b[place][j]))
            line.append(x)
        out.append(line)
    return out


def value(e: Expr, at: At) -> Any:
    """A number, or a list of rows."""
    return RULES[type(e)](e, at)


def _item(e: Any, at: At) -> Any:
    f = e.family
    if f.define is not None:
        return value(f.define(e.index), at)
    i = whole(e.index, at)
    if f.tail is not None:
        b = E.integer("b of the judge")
        return value(E.Sum(b, e.index, E.lift(f.length), f.tail(b)), at)
    if not 1 <= i <= len(at[f.name]):
        raise Undefined(f"{f.name}_{i}")
    return at[f.name][i - 1]


def _mul(e: Any, at: At) -> Any:
    scalar, matrix = Fraction(1), None
    for f in e.factors:
        v = value(f, at)
        if f.is_scalar:
            scalar = times(scalar, v)
        else:
            matrix = v if matrix is None else matmul(matrix, v, whole(f.shape[1], at))
    return scalar if matrix is None else [[times(scalar, x) for x in row] for row in matrix]


def _pow(e: Any, at: At) -> Any:
    p = value(e.exponent, at)
    if e.base.is_scalar:
        return power(value(e.base, at), Fraction(p))
    a, n = value(e.base, at), whole(e.base.shape[0], at)
    if any(a[i][j] != 0 for i, j in product(range(n), repeat=2) if i != j):
        if p.denominator != 1:
            raise Undefined("a root of a matrix that is not diagonal")
        out, step = value(E.Eye(e.base.shape[0]), at), a if p >= 0 else adjugate(a)
        for _ in range(abs(int(p))):
            out = matmul(out, step, n)
        return out
    return [[power(a[i][i], Fraction(p)) if i == j else Fraction(0) for j in range(n)] for i in range(n)]


def _sum(e: Any, at: At) -> Any:
    return added(e, [value(e.body, here) for here in span(e, at)], at)


def added(e: Expr, values: list[Any], at: At) -> Any:
    if e.is_scalar:
        out: Any = Fraction(0)
        for v in values:
            out = plus(out, v)
        return out
    total = build(e, at, lambda i, j: Fraction(0))
    for v in values:
        total = [[plus(x, y) for x, y in zip(a, b, strict=True)] for a, b in zip(total, v, strict=True)]
    return total


def _extremum(e: Any, at: At) -> Any:
    values = [value(e.body, here) for here in span(e, at)]
    if not values:
        raise Undefined(f"a {e.kind} over nothing")
    return max(values) if e.kind == "max" else min(values)


def _entry(e: Any, at: At) -> Any:
    a, i, j = value(e.arg, at), whole(e.i, at), whole(e.j, at)
    m, n = sides(e.arg, at)
    if not (1 <= i <= m and 1 <= j <= n):
        raise Undefined(f"the entry ({i}, {j})")
    return a[i - 1][j - 1]


def _basis(e: Any, at: At) -> Any:
    i, n = whole(e.i, at), whole(e.size, at)
    if not 1 <= i <= n:
        raise Undefined(f"e_{i} in dimension {n}")
    return [[Fraction(int(row == i))] for row in range(1, n + 1)]


def turned(x: Dual) -> tuple[Any, Any]:
    """cos and sin of an angle plus t, to first order."""
    c, s = x.c[0]
    return Dual([c, -s]), Dual([s, c])


def _fn(e: Any, at: At) -> Any:
    def pair(a: Expr) -> tuple[Any, Any]:
        if isinstance(a, E.Sym):
            found = at[a.name]
            return found if isinstance(found, tuple) else turned(found)
        if isinstance(a, E.Add):
            c, s = Fraction(1), Fraction(0)
            for x, y in map(pair, a.terms):
                c, s = c * x - s * y, s * x + c * y
            return c, s
        if isinstance(a, E.Mul) and isinstance(a.factors[0], E.Num) and len(a.factors) == 2:
            n = int(a.factors[0].value)
            c, s = Fraction(1), Fraction(0)
            x, y = pair(a.factors[1])
            for _ in range(abs(n)):
                c, s = c * x - s * y, s * x + c * y
            return (c, s) if n >= 0 else (c, -s)
        raise Undefined(f"the angle {a}")

    if e.name in ("exp", "log"):
        return transcendental(e.name, value(e.arg, at))
    return pair(e.arg)[e.name == "sin"]


def transcendental(name: str, x: Any) -> Any:
    """exp or log, to first order, where they are rational."""
    start = x.c[0] if isinstance(x, Dual) else x
    if start != (0 if name == "exp" else 1):
        raise Undefined(f"{name} {start} is not rational")
    here = Fraction(name == "exp")
    return Dual([here, *x.c[1:2]]) if isinstance(x, Dual) else here


def magnitude(x: Any) -> Any:
    if not isinstance(x, Dual):
        return abs(x)
    if x.c[0] == 0:
        raise Undefined("the slope of |x| at 0")
    return x if x.c[0] > 0 else times(-1, x)


def _taylor(e: Any, at: At) -> Any:
    at_zero = isinstance(e, E.Coeff) or e.at_zero
    start = Fraction(0) if at_zero else value(e.var, at)
    moved = Dual([start, Fraction(1), *[Fraction(0)] * e.order][: e.order + 1])
    if isinstance(e.var, E.Item):
        f, i = e.var.family.name, whole(e.var.index, at)
        here = {**at, f: [moved if place == i else v for place, v in enumerate(at[f], 1)]}
    else:
        here = {**at, e.var.name: moved}
    v, scale = value(e.body, here), 1 if isinstance(e, E.Coeff) else factorial(e.order)

    def take(x: Any) -> Any:
        return scale * (x.c[e.order] if isinstance(x, Dual) else 0)

    return take(v) if e.body.is_scalar else [[take(x) for x in row] for row in v]


def _grad(e: Any, at: At) -> Any:
    base = at[e.letter.name]

    def slope(i: int, j: int) -> Any:
        moved = [list(row) for row in base]
        moved[i - 1][j - 1] = Dual([base[i - 1][j - 1], Fraction(1)])
        v = value(e.body, {**at, e.letter.name: moved})
        return v.c[1] if isinstance(v, Dual) else Fraction(0)

    return build(e, at, slope)


def _expect(e: Any, at: At) -> Any:
    if isinstance(e.over, E.Letter):
        m, n = sides(e.over, at)
        step = root(value(E.lift(e.over.noise), at))
        values = []
        for signs in product((-step, step), repeat=m * n):
            rows = [list(signs[r * n : (r + 1) * n]) for r in range(m)]
            values.append(value(e.body, {**at, e.over.name: rows}))
        weight = Fraction(1, 2 ** (m * n))
        return weight * sum(values) if e.body.is_scalar else None
    w, k = at[e.over.random.name], whole(e.over.length, at)
    total = Fraction(0)
    for draws in product(range(1, k + 1), repeat=2):
        weight = Fraction(1)
        for b in draws:
            weight *= w[b - 1]
        total += weight * value(e.body, {**at, e.over.name: draws})
    return total


def _letter(e: Any, at: At) -> Any:
    a, (m, n) = at[e.name], sides(e, at)
    assert [len(row) for row in a] == [n] * m, f"{e.name} is {m}×{n}"
    return a


RULES: dict[type, Any] = {
    E.Num: lambda e, at: e.value,
    E.Sym: lambda e, at: at[e.name],
    E.Item: _item,
    E.Fn: _fn,
    E.Add: lambda e, at: added(e, [value(t, at) for t in e.terms], at),
    E.Mul: _mul,
    E.Pow: _pow,
    E.Named: lambda e, at: value(e.body, at),
    E.Letter: _letter,
    E.Eye: lambda e, at: build(e, at, lambda i, j: Fraction(int(i == j))),
    E.Zero: lambda e, at: build(e, at, lambda i, j: Fraction(0)),
    E.First: lambda e, at: build(e, at, lambda i, j: Fraction(int(i == j))),
    E.Diag: lambda e, at: build(e, at, lambda i, j: _item(e.family[i], at) if i == j else Fraction(0)),
    E.Proj: lambda e, at: build(e, at, lambda i, j: Fraction(int(i == j and i <= whole(e.b, at)))),
    E.Basis: _basis,
    E.T: lambda e, at: build(e, at, lambda i, j: value(e.arg, at)[j - 1][i - 1]),
    E.MaxMask: lambda e, at: build(
        e, at, lambda i, j: times(value(e.arg, at)[i - 1][j - 1], _item(e.family[max(i, j)], at))
    ),
    E.LowerMask: lambda e, at: build(
        e, at, lambda i, j: value(e.arg, at)[i - 1][j - 1] if j < i or (i == j and not e.strict) else Fraction(0)
    ),
    E.Tr: lambda e, at: added(e, [value(e.arg, at)[i][i] for i in range(sides(e.arg, at)[0])], at),
    E.SqNorm: lambda e, at: added(e, [times(x, x) for row in value(e.arg, at) for x in row], at),
    E.Inner: lambda e, at: added(
        e,
        [
            times(x, y)
            for a, b in zip(value(e.left, at), value(e.right, at), strict=True)
            for x, y in zip(a, b, strict=True)
        ],
        at,
    ),
    E.Entry: _entry,
    E.Abs: lambda e, at: magnitude(value(e.arg, at)),
    E.Rank: lambda e, at: rank(value(e.arg, at)),
    E.Det: lambda e, at: determinant(value(e.arg, at)),
    E.Sum: _sum,
    E.Extremum: _extremum,
    E.Pick: lambda e, at: (max if e.kind == "max" else min)(value(t, at) for t in e.terms),
    E.Coeff: _taylor,
    E.Diff: _taylor,
    E.Grad: _grad,
    E.Expect: _expect,
}


def determinant(a: list[list[Any]]) -> Any:
    if not a:
        return Fraction(1)
    return sum(
        (-1) ** j * a[0][j] * determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j in range(len(a)) if a[0][j]
    )


def rank(a: list[list[Any]]) -> Fraction:
    """The largest minor that is not 0."""
    m, n = len(a), len(a[0]) if a else 0
    for r in range(min(m, n), 0, -1):
        for i, j in product(combinations(range(m), r), combinations(range(n), r)):
            if determinant([[a[x][y] for y in j] for x in i]) != 0:
                return Fraction(r)
    return Fraction(0)


def adjugate(a: list[list[Any]]) -> list[list[Any]]:
    """The inverse, by minors."""
    n, d = len(a), determinant(a)
    if d == 0:
        raise Undefined("a singular matrix")
    rest = [[[a[r][c] for c in range(n) if c != i] for r in range(n) if r != j] for i in range(n) for j in range(n)]
    return [[(-1) ** (i + j) * determinant(rest[i * n + j]) / d for j in range(n)] for i in range(n)]


def semidefinite(a: list[list[Any]], strictly: bool) -> bool:
    """Symmetric, and all (leading) principal minors of the right sign."""
    n = len(a)
    if any(a[i][j] != a[j][i] for i, j in product(range(n), repeat=2)):
        return False
    if strictly:
        return all(determinant([row[:s] for row in a[:s]]) > 0 for s in range(1, n + 1))
    chosen = ([i for i in range(n) if mask >> i & 1] for mask in range(1, 2**n))
    return all(determinant([[a[i][j] for j in c] for i in c]) >= 0 for c in chosen)


def true(p: Expr, at: At) -> bool:
    """Whether a proposition holds."""
    if isinstance(p, P.And):
        return all(true(t, at) for t in p.terms)
    if isinstance(p, P.Or):
        return any(true(t, at) for t in p.terms)
    if isinstance(p, P.Implies):
        return not true(p.premise, at) or true(p.conclusion, at)
    if isinstance(p, P.Iff):
        return true(p.left, at) == true(p.right, at)
    if isinstance(p, P.Every):
        return all(true(p.body, here) for here in span(p, at))
    assert isinstance(p, P.Rel)
    a, b = value(p.left, at), value(p.right, at)
    if p.op in "⪰≻":
        gap = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]
        return semidefinite(gap, p.op == "≻")
    return {
        "=": a == b,
        "≠": a != b,
        "≤": p.op == "≤" and a <= b,
        "<": p.op == "<" and a < b,
        "≥": p.op == "≥" and a >= b,
        ">": p.op == ">" and a > b,
    }[p.op]
