"""Random expressions of the kernel's language: empty ranges, coinciding indices, sizes in any order, every binder.

Main results
    Writer    draws scalars and matrices
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, integer

k, m = integer("k"), integer("m")
i, j = integer("i"), integer("j")
α, x, y = E.Sym("α"), E.Sym("x"), E.Sym("y")
θ = E.Sym("θ")
f, g = E.Family("f"), E.Family("g")
weights = E.Family("w")
draws = E.Family("b", random=weights, length=k)
tails = E.Family("t", tail=lambda b: g[b], length=k)
summed = E.Family("h", define=lambda a: E.Sum(j, E.lift(1), k, f[a] * g[j]))
"""Of a rule that binds an index of a name that others have."""
LETTERS = {
    (k, m): [E.Letter("A", k, m), E.Letter("B", k, m)],
    (m, k): [E.Letter("C", m, k), E.Letter("U", m, k)],
    (k, k): [
        E.Letter("S", k, k, frozenset({"symmetric"})),
        E.Letter("K", k, k, frozenset({"skew"})),
        E.Letter("O", k, k, frozenset({"orthonormal"})),
        E.Letter("D", k, k, frozenset({"diagonal"})),
        E.Letter("M", k, k),
    ],
    (m, m): [E.Letter("N", m, m), E.Letter("P", m, m, frozenset({"orthonormal"}))],
    (k, 1): [E.Letter("v", k, 1), E.Letter("u", k, 1)],
    (1, k): [E.Letter("r", 1, k)],
}
SHAPES = list(LETTERS)


class Writer:
    """Draws expressions; ``free`` are the integers that may be used as indices."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.free: list[Expr] = [i, j, k, m]
        self.count = 0
        self.inside = False  # of a derivative: the loops take one at a time

    def index(self) -> Expr:
        e = self.rng.choice([*self.free, E.lift(1), E.lift(2)])
        by = self.rng.choice((0, 0, 0, 0, 0, 0, 1, 1, -1, -1, 7, -7))
        return e + by if by else e

    def number(self) -> Expr:
        return E.Num(Fraction(self.rng.choice((1, 1, 2, -1, 3)), self.rng.choice((1, 1, 2))))

    def scalar(self, depth: int) -> Expr:
        if depth <= 0:
            return self.rng.choice(
                [self.number, lambda: f[self.index()], lambda: g[self.index()], lambda: x, lambda: y, lambda: E.cos(θ),
                 lambda: E.sin(θ), lambda: m, lambda: self.rng.choice(self.free), lambda: tails[self.index()],
                 lambda: summed[self.index()]]
            )()  # fmt: skip
        kinds = [self.add, self.mul, self.trace, self.norm, self.entry, self.sum, self.power, self.expect, self.inner]
        later = [] if self.inside else [self.taylor, self.extremum, self.symbolic, self.determinant, self.magnitude]
        kinds += [self.exponential, *later]
        return self.rng.choice(kinds)(depth - 1)

    def add(self, depth: int) -> Expr:
        return self.scalar(depth) + self.rng.choice((1, -1)) * self.scalar(depth - 1)

    def mul(self, depth: int) -> Expr:
        return self.scalar(depth) * self.scalar(depth - 1)

    def magnitude(self, depth: int) -> Expr:
        return E.Abs(self.scalar(min(depth, 1)))

    def power(self, depth: int) -> Expr:
        exponent = self.rng.choice((Fraction(2), Fraction(-1), Fraction(-1), Fraction(1, 2)))
        return E.Pow(self.scalar(min(depth, 1)), E.Num(exponent))

    def exponential(self, depth: int) -> Expr:
        return E.Fn(self.rng.choice(("exp", "log")), self.scalar(min(depth, 1)))

    def shape(self) -> Any:
        return self.rng.choice(SHAPES)

    def trace(self, depth: int) -> Expr:
        s = self.shape()
        return E.Tr(self.matrix((s[0], s[1]), depth) @ self.matrix((s[1], s[0]), depth))

    def determinant(self, depth: int) -> Expr:
        rows = self.rng.choice((k, m, 2))
        return E.det(self.matrix((rows, rows), min(depth, 1)))

    def norm(self, depth: int) -> Expr:
        return E.SqNorm(self.matrix(self.shape(), depth - 1))

    def inner(self, depth: int) -> Expr:
        s = self.shape()
        return E.Inner(self.matrix(s, depth), self.matrix(s, depth - 1))

    def entry(self, depth: int) -> Expr:
        return E.Entry(self.matrix(self.shape(), depth), self.index(), self.index())

    def sum(self, depth: int, shape: Any = None) -> Expr:
        self.count += 1
        var = integer(self.rng.choice(("i", "j", f"l{self.count}")))
        lo, hi = self.index() if self.rng.random() < 0.4 else E.lift(1), self.index() if self.rng.random() < 0.4 else k
        without = tuple(x for x in [self.rng.choice(self.free)] if self.rng.random() < 0.2)
        before, self.free = self.free, [*self.free, var, var]
        body = self.scalar(depth) if shape is None else self.matrix(shape, depth)
        self.free = before
        return E.Sum(var, lo, hi, body, without)

    def extremum(self, depth: int) -> Expr:
        found = self.sum(min(depth, 1))
        assert isinstance(found, E.Sum)
        return E.Extremum(self.rng.choice(("max", "min")), found.var, found.lo, found.hi, found.body)

    def symbolic(self, depth: int) -> Expr:
        return E.Pow(self.scalar(min(depth, 1)), self.rng.choice(self.free) + self.rng.choice((0, 0, 1, -1)))

    def expect(self, depth: int) -> Expr:
        factors = [f[draws[a]] for a in self.rng.choices((1, 2, 3), k=self.rng.choice((1, 2)))]
        return E.Expect(draws, E.mul(*factors, self.scalar(0)))

    def taylor(self, depth: int) -> Expr:
        self.inside = True
        body = (self.scalar(depth - 1) + α * self.scalar(0)) * (self.scalar(0) + α * self.scalar(depth - 1))
        self.inside = False
        kind = self.rng.randrange(3)
        if kind == 0:
            return E.Coeff(body, α, self.rng.choice((1, 2)))
        return E.Diff(body + x * body, self.rng.choice((α, x)), 1, kind == 1)

    def matrix(self, shape: Any, depth: int) -> Expr:
        rows, cols = shape
        options: list[Any] = []
        if shape in LETTERS:
            options += [lambda: self.rng.choice(LETTERS[shape])] * 2
        if rows == cols:
            options += [
                lambda: E.Eye(rows),
                lambda: E.Diag(self.rng.choice((f, g)), rows),
                lambda: E.Proj(self.index(), rows),
            ]
        if cols == 1:
            options.append(lambda: E.Basis(self.index(), rows))
        if (rows, cols) == (m, k):
            options.append(lambda: E.First(m, k))
        if (cols, rows) in LETTERS:
            options.append(lambda: self.rng.choice(LETTERS[cols, rows]).T)
        if depth > 0:
            middle = self.rng.choice((k, m))
            options += [
                lambda: self.matrix((rows, middle), depth - 1) @ self.matrix((middle, cols), depth - 1),
                lambda: self.matrix(shape, depth - 1) + self.matrix(shape, depth - 1),
                lambda: self.scalar(0) * self.matrix(shape, depth - 1),
                lambda: self.matrix((cols, rows), depth - 1).T,
                lambda: self.sum(depth - 1, shape),
            ]
            if rows == cols:
                if not self.inside:
                    options.append(lambda: E.Pow(self.inverted(shape), E.lift(-1)))
                options += [
                    lambda: E.LowerMask(self.matrix(shape, depth - 1), self.rng.random() < 0.5),
                    lambda: E.MaxMask(self.matrix(shape, depth - 1), f),
                ]
            if (rows, cols) == (k, k):
                options.append(lambda: E.MaxMask(self.matrix(shape, depth - 1), tails))
            if not self.inside and any(not e.traits for e in LETTERS.get(shape, ())):
                options.append(lambda: self.gradient(shape, depth - 1))
        options = options or [lambda: E.Zero(rows, cols)]
        return self.rng.choice(options)()

    def inverted(self, shape: Any) -> Expr:
        """A letter, so that its inverse may meet it, or a matrix in two factors."""
        letters = [e for e in LETTERS.get(shape, ()) if "diagonal" not in e.traits]
        return (
            self.rng.choice(letters) if letters and self.rng.random() < 0.7 else self.matrix(shape, 0) @ E.Eye(shape[0])
        )

    def gradient(self, shape: Any, depth: int) -> Expr:
        letter = self.rng.choice([e for e in LETTERS[shape] if not e.traits])
        self.inside = True
        body = self.scalar(depth) + E.Inner(letter, self.matrix(shape, 0)) * self.scalar(0)
        self.inside = False
        return E.Grad(body, letter)
