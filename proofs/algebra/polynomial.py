"""Expressions at fixed sizes as polynomials in the entries of chosen letters, exact and compiled to floats.

The letters' entries become the generators of a polynomial ring; :mod:`proofs.algebra.evaluate` does the arithmetic.
Derivatives are then those of the ring, which neither the normal form nor power series use.

Main results
    Unknowns       the generators, and instances that hold given values in their place
    polynomials    the entries of expressions as polynomials
    Compiled       many polynomials at many float points at once
    rational_root  a nearby root in small rationals
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from numerics.root_search import solve
from proofs.algebra.evaluate import Instance, evaluate, zeros
from proofs.kernel import expressions as E

SIMPLE = ((0.0,), (1.0, -1.0), (0.5, -0.5, 2.0, -2.0))
"""What a coordinate of a counterexample is tried at, simplest first."""


class Unknowns:
    """The entries of letters, and the members of families, as unknowns at an instance.

    A symmetric letter contributes its lower triangle, a diagonal one its diagonal.
    """

    def __init__(self, chosen: Sequence[E.Letter | E.Family], at: Instance):
        self.chosen, self.at = tuple(chosen), at
        self.places = [place for c in self.chosen for place in places(c, at)]
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(len(self.places))], Ordering.lex)

    def __len__(self) -> int:
        return len(self.places)

    def instance(self, values: Sequence[Any]) -> Instance:
        """The instance with these values in the unknowns' places."""
        out = dict(self.at)
        for c in self.chosen:
            old = out[c.name]
            out[c.name] = zeros(*old.shape) if isinstance(old, np.ndarray) else list(old)
        for (name, index, mirrored), value in zip(self.places, values, strict=True):
            out[name][index] = value
            if mirrored:
                out[name][index[::-1]] = value
        return out

    @cached_property
    def generic(self) -> Instance:
        return self.instance(self.ring.gens())


def places(c: E.Letter | E.Family, at: Instance) -> list[tuple[str, Any, bool]]:
    if isinstance(c, E.Family):
        return [(c.name, i, False) for i in range(len(at[c.name]))]
    keep: Callable[[int, int], bool] = lambda i, j: True  # noqa: E731
    if "symmetric" in c.traits:
        keep = lambda i, j: i >= j  # noqa: E731
    elif "diagonal" in c.traits:
        keep = lambda i, j: i == j  # noqa: E731
    return [(c.name, ij, "symmetric" in c.traits) for ij in np.ndindex(at[c.name].shape) if keep(*ij)]


def polynomials(exprs: Sequence[E.Expr], unknowns: Unknowns, at: Instance | None = None) -> list[fmpq_mpoly]:
    """Every entry of the expressions, in order; ``at`` is the generic instance with further names."""
    one = unknowns.ring.constant(1)
    out: list[fmpq_mpoly] = []
    for e in exprs:
        value = evaluate(e, at or unknowns.generic)
        out.extend(one * x for x in (value.flat if isinstance(value, np.ndarray) else [value]))
    return out


class Compiled:
    """Polynomials as arrays: ``Compiled(polys, n)(points)`` for a batch of float points."""

    def __init__(self, polys: Sequence[fmpq_mpoly], unknowns: int):
        self.polys, self.unknowns = list(polys), unknowns
        columns: dict[tuple, int] = {}
        entries: list[tuple[int, int, float]] = []
        for row, p in enumerate(self.polys):
            for exponents, c in p.terms():
                column = columns.setdefault(tuple(int(x) for x in exponents), len(columns))
                entries.append((row, column, float(Fraction(int(c.p), int(c.q)))))
        degree = max((sum(x) for x in columns), default=0)
        self.index = np.full((len(columns), max(degree, 1)), unknowns)
        for exponents, column in columns.items():
            factors = [v for v, e in enumerate(exponents) for _ in range(e)]
            self.index[column, : len(factors)] = factors
        self.coefficients = np.zeros((len(self.polys), len(columns)))
        for row, column, value in entries:
            self.coefficients[row, column] = value

    def __call__(self, points: np.ndarray) -> np.ndarray:
        padded = np.concatenate([points, np.ones((len(points), 1))], axis=1)
        first, *rest = self.index.T
        monomials = padded[:, first]
        for factor in rest:
            monomials = monomials * padded[:, factor]
        return monomials @ self.coefficients.T

    @cached_property
    def jacobian(self) -> Callable[[np.ndarray], np.ndarray]:
        """Batches of derivatives, from the derivatives in the ring."""
        n = self.unknowns
        rows = Compiled([p.derivative(i) for p in self.polys for i in range(n)], n)
        return lambda points: rows(points).reshape(len(points), len(self.polys), n)

    def roots(self, starts: np.ndarray, tolerance: float = 1e-10) -> np.ndarray:
        """The roots that the starts lead to."""
        points, sizes = solve(self, self.jacobian, starts)
        return points[sizes < tolerance]


def rational_root(system: Compiled, root: np.ndarray, wanted: Callable[[np.ndarray], bool]) -> list[fmpq] | None:
    """An exact root near a float one that keeps the wanted property, in small rationals where possible.

    One coordinate after the other is set to a simple number and the others are solved again; a
    coordinate that no simple number suits stays free. The result is checked in the ring.
    """
    x = np.array(root, dtype=float)
    free = np.ones(len(x), dtype=bool)
    for place in range(len(x)):
        tries = [v for group in SIMPLE for v in sorted(group, key=lambda v: abs(v - x[place]))]
        starts = np.tile(x, (len(tries), 1))
        starts[:, place] = tries
        free[place] = False
        found, sizes = solve(system, system.jacobian, starts, 40, free)
        good = next((y for y, size in zip(found, sizes, strict=True) if size < 1e-10 and wanted(y)), None)
        if good is None:
            free[place] = True
        else:
            x = good
    for height in (60, 10_000):
        fractions = [Fraction(float(v)).limit_denominator(height) for v in x]
        exact = [fmpq(f.numerator, f.denominator) for f in fractions]
        if all(p(*exact) == 0 for p in system.polys):
            return exact
    return None
