"""The value of an expression by plain loops over a prime field: total, so that an illegal law of division shows.

1/0 is 7, and √x is a root where there is one. Letters vanish outside their sides, families have a value at every
integer. Derivatives are taken by truncated series. Nothing of the kernel is used but the nodes themselves.

Main results
    Instance            values of names
    value(e, at)        a number modulo PRIME; of a matrix, a dictionary of entries
    polynomial_value    of the kernel's polynomials, their bound indices looped over
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations, product
from math import factorial
from random import Random
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr
from proofs.kernel.meaning import _INTERNED, letter_symbol
from proofs.kernel.propositions import diagonal_entry
from proofs.kernel.tensor import INVERSE
from tests.proofs.kernel.random_expressions import LETTERS

PRIME = 1_000_003
REACH = range(-7, 12)
"""Where bound indices of polynomials are looped over: beyond every range that is drawn."""
Series = list[int]


def inverse(x: int) -> int:
    return pow(x, PRIME - 2, PRIME) if x % PRIME else 7


def root(x: int) -> int:
    """A root modulo the prime, which is 3 modulo 4; of what has none, the root of its negative plus one."""
    found = pow(x, (PRIME + 1) // 4, PRIME)
    return found if found * found % PRIME == x % PRIME else found + 1


@dataclass
class Instance:
    """Values of names: integers, reals (angles as half-angle tangents), families as functions, letters as entries."""

    integers: dict[str, int]
    seed: int = 0
    bound: dict[Any, Any] = field(default_factory=dict)
    letters: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)

    def number(self, *key: Any) -> int:
        return Random(f"{self.seed}/{key}").randrange(2, PRIME)

    def with_(self, name: Any, value: Any) -> Instance:
        return Instance(self.integers, self.seed, {**self.bound, name: value}, self.letters)

    def letter(self, e: E.Letter) -> dict[tuple[int, int], int]:
        rows, cols = (whole(E.lift(s), self) for s in e.shape)
        key = f"{e.name}{sorted(e.traits)}{rows}×{cols}"
        if key not in self.letters:
            self.letters[key] = drawn(e, rows, cols, Random(f"{self.seed}/{key}"))
        return self.letters[key]


def drawn(e: E.Letter, rows: int, cols: int, rng: Random) -> dict[tuple[int, int], int]:
    """A random matrix with the letter's traits."""
    places = list(product(range(1, rows + 1), range(1, cols + 1)))
    a = {p: rng.randrange(PRIME) for p in places}
    if "orthonormal" in e.traits:
        a = {(i, j): int(i == j) for i, j in places}
        for _ in range(2):  # reflections I − 2vvᵀ/vᵀv
            v = [rng.randrange(PRIME) for _ in range(rows)]
            scale = 2 * inverse(sum(x * x for x in v)) % PRIME
            dots = {j: sum(v[i - 1] * a[i, j] for i in range(1, rows + 1)) for j in range(1, cols + 1)}
            a = {(i, j): (x - scale * v[i - 1] * dots[j]) % PRIME for (i, j), x in a.items()}
    if "diagonal" in e.traits:
        a = {(i, j): x if i == j else 0 for (i, j), x in a.items()}
    if e.traits & {"symmetric", "psd", "pd"}:
        a = {(i, j): a[min(i, j), max(i, j)] for i, j in places}
    if "skew" in e.traits:
        a = {(i, j): a[i, j] if i < j else -a[j, i] if i > j else 0 for i, j in places}
    return a


# -- numbers are truncated series in nested variables: a number, or a list of numbers --------------


def add(x: Any, y: Any) -> Any:
    if isinstance(x, list) or isinstance(y, list):
        x, y = padded(x, y)
        return [add(a, b) for a, b in zip(x, y, strict=True)]
    return (x + y) % PRIME


def mul(x: Any, y: Any) -> Any:
    if isinstance(x, list) and isinstance(y, list):
        out: list[Any] = [0] * len(x)
        for i, a in enumerate(x):
            for j, b in enumerate(y[: len(x) - i]):
                out[i + j] = add(out[i + j], mul(a, b))
        return out
    if isinstance(x, list):
        return [mul(a, y) for a in x]
    return [mul(x, b) for b in y] if isinstance(y, list) else x * y % PRIME


def padded(x: Any, y: Any) -> tuple[list[Any], list[Any]]:
    size = len(x) if isinstance(x, list) else len(y)
    return tuple(v if isinstance(v, list) else [v] + [0] * (size - 1) for v in (x, y))  # type: ignore[return-value]


def reciprocal(x: Any) -> Any:
    if not isinstance(x, list):
        return inverse(x)
    out = [reciprocal(x[0])]
    for r in range(1, len(x)):
        total: Any = 0
        for i in range(1, r + 1):
            total = add(total, mul(x[i], out[r - i]))
        out.append(mul(mul(PRIME - 1, out[0]), total))
    return out


def square_root(x: Any) -> Any:
    if not isinstance(x, list):
        return root(x)
    out = [square_root(x[0])]
    half = reciprocal(mul(2, out[0]))
    for r in range(1, len(x)):
        total: Any = 0
        for i in range(1, r):
            total = add(total, mul(out[i], out[r - i]))
        out.append(mul(half, add(x[r], mul(PRIME - 1, total))))
    return out


def whole(e: Expr, at: Instance) -> int:
    """An index or a size."""
    if isinstance(e, E.Sym):
        return at.bound[e] if e in at.bound else at.integers[e.name]
    if isinstance(e, E.Num):
        return int(e.value)
    if isinstance(e, E.Item) and e.family.random is not None:
        return at.bound[e.family][whole(e.index, at)]
    assert isinstance(e, E.Add), e
    return sum(whole(x, at) for x in e.terms)


def span(e: Any, at: Instance) -> Iterator[Instance]:
    left_out = {whole(w, at) for w in getattr(e, "without", ())}
    for i in range(whole(e.lo, at), whole(e.hi, at) + 1):
        if i not in left_out:
            yield at.with_(e.var, i)


Matrix = dict[tuple[int, int], Any]


def value(e: Expr, at: Instance) -> Any:
    """A number, or the entries of a matrix."""
    found = VALUES[type(e)](e, at)
    return found


def places(e: Expr, at: Instance) -> Iterator[tuple[int, int]]:
    m, n = (whole(E.lift(s), at) for s in e.shape)
    return product(range(1, m + 1), range(1, n + 1))


def by_entry(f: Any) -> Any:
    return lambda e, at: {(i, j): f(e, at, i, j) for i, j in places(e, at)}


def total(values: Any, like: Expr, at: Instance) -> Any:
    """The sum of numbers or matrices."""
    if like.is_scalar:
        out: Any = 0
        for v in values:
            out = add(out, v)
        return out
    sum_: Matrix = dict.fromkeys(places(like, at), 0)
    for v in values:
        sum_ = {p: add(x, v[p]) for p, x in sum_.items()}
    return sum_


def item(e: E.Item, at: Instance) -> Any:
    f, i = e.family, whole(e.index, at)
    if f.define is not None:
        return value(f.define(E.lift(i)), at)
    if f.tail is not None:
        b = E.integer("b'")
        return value(E.Sum(b, E.lift(max(1, i)), E.lift(f.length), f.tail(b)), at)
    if f.random is not None:
        return whole(e, at) % PRIME
    moved = at.bound.get(("item", f.name, i))
    return member(f.name, str(f.length), i, at) if moved is None else moved


def member(name: str, length: str, i: int, at: Instance) -> int:
    """A member of a family; those of w add up to 1."""
    if name == "w" and i == at.integers["k"]:
        return 1 - sum(member(name, length, b, at) for b in range(1, i))
    return at.number("f", name, length, i)


def symbol(e: E.Sym, at: Instance) -> Any:
    if e.sort == E.Sort.INTEGER:
        return whole(e, at) % PRIME
    return at.bound[e] if e in at.bound else at.number("x", e.name)


def product_of(e: E.Mul, at: Instance) -> Any:
    scalar, matrix, shape = 1, None, None
    for f in e.factors:
        v = value(f, at)
        if f.is_scalar:
            scalar = mul(scalar, v)
        elif matrix is None:
            matrix, shape = v, f.shape
        else:
            matrix, shape = matmul(matrix, shape, v, f.shape, at), (shape[0], f.shape[1])  # type: ignore[index]
    return scalar if matrix is None else {p: mul(scalar, x) for p, x in matrix.items()}


def matmul(a: Matrix, s: Any, b: Matrix, t: Any, at: Instance) -> Matrix:
    m, k, n = (whole(E.lift(x), at) for x in (s[0], s[1], t[1]))
    out: Matrix = {}
    for i, j in product(range(1, m + 1), range(1, n + 1)):
        entry: Any = 0
        for c in range(1, k + 1):
            entry = add(entry, mul(a[i, c], b[c, j]))
        out[i, j] = entry
    return out


def power(x: Any, e: Any) -> Any:
    if e.denominator == 2:
        x, e = square_root(x), 2 * e
    if e < 0:
        x, e = reciprocal(x), -e
    out: Any = 1
    for _ in range(int(e)):
        out = mul(out, x)
    return out


def pow_(e: E.Pow, at: Instance) -> Any:
    if not isinstance(e.exponent, E.Num):
        return power(value(e.base, at), Fraction(whole(e.exponent, at)))
    base, p = value(e.base, at), e.exponent.value
    if e.base.is_scalar:
        return power(base, p)
    if p.denominator == 1 and p >= 0:
        out = value(E.Eye(e.shape[0]), at)
        for _ in range(int(p)):
            out = matmul(out, e.shape, base, e.shape, at)
        return out
    if p.denominator == 1 and diagonal_entry(e.base, E.integer("•")) is None:
        step = inverted(base, whole(E.lift(e.shape[0]), at))
        out = value(E.Eye(e.shape[0]), at)
        for _ in range(int(-p)):
            out = matmul(out, e.shape, step, e.shape, at)
        return out
    return {(i, j): power(x, p) if i == j else 0 for (i, j), x in base.items()}


def determinant(a: Matrix, n: int) -> int:
    """By permutations."""
    out = 0
    for order in permutations(range(1, n + 1)):
        term = (-1) ** sum(order[i] > order[j] for j in range(n) for i in range(j))
        for i, j in enumerate(order, 1):
            term = term * a[i, j] % PRIME
        out += term
    return out % PRIME


def inverted(a: Matrix, n: int) -> Matrix:
    """By minors; of a singular matrix some matrix."""
    over = inverse(determinant(a, n))

    def minor(i: int, j: int) -> int:
        rows, cols = ([x for x in range(1, n + 1) if x != y] for y in (i, j))
        return determinant({(r, c): a[x, y] for r, x in enumerate(rows, 1) for c, y in enumerate(cols, 1)}, n - 1)

    return {(i, j): (-1) ** (i + j) * minor(j, i) * over % PRIME for i, j in a}


def expectation(e: E.Expect, at: Instance) -> Any:
    """Over as many draws as any index in reach asks for: only those in 1, …, 3 are drawn."""
    weights, length = e.over.random, whole(e.over.length, at)
    values = []
    for draws in product(range(1, length + 1), repeat=3):
        weight: Any = 1
        for b in draws:
            weight = mul(weight, value(weights[b], at))
        v = value(e.body, at.with_(e.over, dict(enumerate(draws, 1))))
        values.append(mul(weight, v) if e.body.is_scalar else {p: mul(weight, x) for p, x in v.items()})
    return total(values, e.body, at)


def derivative(e: Any, at: Instance, order: int, factor: int, at_zero: bool) -> Any:
    if isinstance(e.var, E.Sym):
        start: Any = 0 if at_zero else symbol(e.var, at)
        here = at.with_(e.var, [start, 1, *[0] * (order - 1)][: order + 1])
    else:
        key = ("item", e.var.family.name, whole(e.var.index, at))
        here = at.with_(key, [item(e.var, at), 1, *[0] * (order - 1)][: order + 1])
    v = value(e.body, here)

    def take(x: Any) -> Any:
        return mul(factor, x[order] if isinstance(x, list) else x if order == 0 else 0)

    return take(v) if e.body.is_scalar else {p: take(x) for p, x in v.items()}


def gradient(e: E.Grad, at: Instance) -> Matrix:
    base, out = at.letter(e.letter), {}
    for p in places(e, at):
        here = Instance(at.integers, at.seed, at.bound, dict(at.letters))
        key = next(k for k, v in here.letters.items() if v is base)
        here.letters[key] = {**base, p: [base[p], 1]}  # type: ignore[dict-item]
        x = value(e.body, here)
        out[p] = x[1] if isinstance(x, list) else 0
    return out


def exponential(x: Any, at: Instance) -> Any:
    """1 at 0, elsewhere some number; of a series that which y′ = x′ y says."""
    if not isinstance(x, list):
        return 1 if x % PRIME == 0 else at.number("exp", x)
    out = [exponential(x[0], at)]
    for r in range(1, len(x)):
        total: Any = 0
        for i in range(1, r + 1):
            total = add(total, mul(i, mul(x[i], out[r - i])))
        out.append(mul(inverse(r), total))
    return out


def logarithm(x: Any, at: Instance) -> Any:
    """0 at 1, elsewhere some number; of a series that which x y′ = x′ says."""
    if not isinstance(x, list):
        return 0 if x % PRIME == 1 else at.number("log", x)
    over, out = reciprocal(x), [logarithm(x[0], at)]
    slope = mul(over, [*[mul(r, c) for r, c in enumerate(x)][1:], 0])
    return out + [mul(inverse(r), slope[r - 1]) for r in range(1, len(x))]


def fn(e: E.Fn, at: Instance) -> Any:
    if e.name == "log":
        return logarithm(value(e.arg, at), at)
    if e.name == "exp":
        return exponential(value(e.arg, at), at)
    t = at.number("t", e.arg.name)  # type: ignore[attr-defined]
    den = inverse(1 + t * t)
    return (1 - t * t) * den % PRIME if e.name == "cos" else 2 * t * den % PRIME


def extremum(e: E.Extremum, at: Instance) -> int:
    """Of a field without an order: some number that depends on the members alone."""
    return at.number(e.kind, sorted(value(e.body, here) for here in span(e, at)))


def masked(e: E.MaxMask, at: Instance) -> Matrix:
    return {(i, j): mul(x, item(e.family[max(i, j)], at)) for (i, j), x in value(e.arg, at).items()}  # type: ignore[arg-type]


VALUES: dict[type, Any] = {
    E.Num: lambda e, at: e.value.numerator * inverse(e.value.denominator) % PRIME,
    E.Sym: symbol,
    E.Item: item,
    E.Fn: fn,
    E.Abs: lambda e, at: square_root(mul(value(e.arg, at), value(e.arg, at))),
    E.Add: lambda e, at: total((value(t, at) for t in e.terms), e, at),
    E.Mul: product_of,
    E.Pow: pow_,
    E.Named: lambda e, at: value(e.body, at),
    E.Letter: lambda e, at: at.letter(e),
    E.Eye: by_entry(lambda e, at, i, j: int(i == j)),
    E.Zero: by_entry(lambda e, at, i, j: 0),
    E.First: by_entry(lambda e, at, i, j: int(i == j)),
    E.Diag: by_entry(lambda e, at, i, j: item(e.family[i], at) if i == j else 0),
    E.Proj: by_entry(lambda e, at, i, j: int(i == j and i <= whole(e.b, at))),
    E.Basis: by_entry(lambda e, at, i, j: int(i == whole(e.i, at))),
    E.T: lambda e, at: {(j, i): x for (i, j), x in value(e.arg, at).items()},
    E.MaxMask: masked,
    E.LowerMask: lambda e, at: {
        (i, j): x if j < i or (j == i and not e.strict) else 0 for (i, j), x in value(e.arg, at).items()
    },
    E.DropMask: lambda e, at: {(j, i): x if j <= at.bound[e.b][i] else 0 for (j, i), x in value(e.arg, at).items()},
    E.Tr: lambda e, at: total((x for (i, j), x in value(e.arg, at).items() if i == j), e, at),
    E.SqNorm: lambda e, at: total((mul(x, x) for x in value(e.arg, at).values()), e, at),
    E.Inner: lambda e, at: total((mul(x, value(e.right, at)[p]) for p, x in value(e.left, at).items()), e, at),
    E.Det: lambda e, at: determinant(value(e.arg, at), whole(E.lift(e.size), at)),
    E.Entry: lambda e, at: value(e.arg, at).get((whole(e.i, at), whole(e.j, at)), 0),
    E.Extremum: extremum,
    E.Sum: lambda e, at: total((value(e.body, here) for here in span(e, at)), e, at),
    E.Expect: expectation,
    E.Coeff: lambda e, at: derivative(e, at, e.order, 1, True),
    E.Diff: lambda e, at: derivative(e, at, e.order, factorial(e.order), e.at_zero),
    E.Grad: gradient,
}


# -- the kernel's polynomials ----------------------------------------------------------------------


def polynomial_value(p: Any, at: Instance, slots: dict[Any, int] | None = None) -> int:
    """The value of a polynomial: every bound index is looped over, in an order that prunes early."""
    return sum(c_mod(c) * monomial_value(n, atoms, at, slots or {}) for (n, atoms), c in p.items()) % PRIME


def c_mod(c: Any) -> int:
    return int(c.p) * inverse(int(c.q)) % PRIME


def monomial_value(n: int, atoms: Any, at: Instance, slots: dict[Any, int]) -> int:
    def place(i: Any) -> int | None:
        base, offset = i
        if base[0] == 0:
            return offset
        found = at.integers[base[1]] if base[0] == 1 else slots.get(base)
        return None if found is None else found + offset

    known, waiting = 1, []
    for a in atoms:
        ix = [place(i) for i in a[1]]
        if None in ix:
            waiting.append(a)
        else:
            known = known * atom_value(a[0], ix, at) % PRIME  # type: ignore[arg-type]
            if known == 0:
                return 0
    p = next((q for q in range(n) if (2, q) not in slots), None)
    if p is None:
        assert not waiting, waiting
        return known
    return known * sum(monomial_value(n, waiting, at, {**slots, (2, p): v}) for v in REACH) % PRIME


def unknown(number: int, ix: list[int], at: Instance) -> tuple[Expr, Instance]:
    """The expression of an unknown number, its places filled."""
    e, *holes = next(e for e, known in _INTERNED.items() if known == number)
    for hole, i in zip(holes, ix if e.is_scalar else ix[2:], strict=True):
        at = at.with_(hole, i)
    return e, at


def atom_value(symbol: Any, ix: list[int], at: Instance) -> int:
    kind = symbol[0]
    if kind == "=":
        return int(ix[0] == ix[1])
    if kind == "≤":
        return int(ix[0] <= ix[1])
    if kind == "#":
        return ix[0] % PRIME
    if kind == "f":
        return member(symbol[1], symbol[2], ix[0], at)
    if kind == "x":
        return at.number("x", symbol[1])
    if kind == "?":
        e, here = unknown(symbol[1], ix, at)
        found = value(e, here)
        return found if e.is_scalar else found.get((ix[0], ix[1]), 0)
    if kind in ("cos", "sin"):
        return fn(E.Fn(kind, E.Sym(symbol[1])), at)
    if kind == "L":
        sides = [s[1] + (at.integers[s[0][1]] if s[0][0] == 1 else 0) for s in symbol[3:]]
        rows, cols = (E.lift(s) for s in sides)
        if symbol[1].endswith(INVERSE):
            of = next(e for same in LETTERS.values() for e in same if letter_symbol(e)[1] + INVERSE == symbol[1])
            return inverted(at.letter(of), sides[0]).get((ix[0], ix[1]), 0)
        key = f"{symbol[1]}{list(symbol[2])}{sides[0]}×{sides[1]}"
        if key not in at.letters:
            at.letters[key] = drawn(
                E.Letter(symbol[1], rows, cols, frozenset(symbol[2])), *sides, Random(f"{at.seed}/{key}")
            )
        return at.letters[key].get((ix[0], ix[1]), 0) % PRIME
    if kind in ("1/", "√", "exp", "log"):
        inner = polynomial_value(dict(symbol[1]), at, {(4, 10 + n): i for n, i in enumerate(ix)})
        rest = {"exp": exponential, "log": logarithm}
        return {"1/": inverse, "√": root}.get(kind, lambda y: rest[kind](y, at))(inner)
    raise AssertionError(f"the atom {symbol}")
