"""Matrices written out, by their entries, and determinants of them by their first rows.

The second derivatives along few directions are values of one bilinear form at a point W, half the derivative along Z'
of the second derivative along Z: what makes it that is shown once, for all W, Z and Z'.

Main results
    by_entries      Σ x_ab e_a e_bᵀ
    entries         of a symmetric matrix, a column, VᵀHV, and sums and multiples of them
    bilinear        ZᵀHZ', and the derivatives that it is made of
    determinant     Σ_b (−1)^(1+b) x_1b det(without row 1 and column b)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from proofs.export.derivatives import STEP, derived, put_all, total, zero
from proofs.export.lacking import Lacking
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Basis, Expr, Letter, Num, lift
from proofs.kernel.spectrum import Block, HessianAt, Vector, form

Rows = Sequence[Sequence[Expr]]
LARGEST = 4
"""The size up to which determinants are written out."""


def by_entries(rows: Rows) -> Expr:
    """Σ x_ab e_a e_bᵀ."""
    m, n = len(rows), len(rows[0])
    return E.add(*(x * unit(a, m) @ unit(b, n).T for a, row in enumerate(rows) for b, x in enumerate(row)))


def unit(place: int, size: int) -> Expr:
    return Basis(lift(place + 1), size)


# -- entries ---------------------------------------------------------------------------------------


def entries(e: Any) -> Rows:
    """The entries of a matrix of known size."""
    if isinstance(e, E.Named):
        return entries(e.body)
    if isinstance(e, Block):
        return second_derivatives(e)
    if isinstance(e, E.Column):
        return [[x] for x in e.entries]
    if isinstance(e, E.Symmetric):
        return e.rows()
    m, n = e.shape
    if not isinstance(m, int) or not isinstance(n, int):
        raise Lacking("the entries of a matrix of any size")
    places = [[(a, b) for b in range(n)] for a in range(m)]
    if isinstance(e, E.Eye):
        return [[lift(int(a == b)) for a, b in row] for row in places]
    if isinstance(e, E.Add):
        parts = [entries(t) for t in e.terms]
        return [[cleared(E.add(*(p[a][b] for p in parts))) for a, b in row] for row in places]
    if isinstance(e, E.Mul) and len(matrices := [f for f in e.factors if not f.is_scalar]) == 1:
        part, by = entries(matrices[0]), [f for f in e.factors if f.is_scalar]
        return [[cleared(E.mul(*by, part[a][b])) for a, b in row] for row in places]
    return [[E.Entry(e, lift(a + 1), lift(b + 1)) for a, b in row] for row in places]


def second_derivatives(e: Block) -> Rows:
    h, size = e.hessian, range(len(e.directions))
    point: dict[Expr, Expr] = dict(zip(h.letters, h.values, strict=True))
    value, one, other, _ = bilinear(h)

    def entry(v: Vector, w: Vector) -> Expr:
        along: dict[Expr, Expr] = dict(zip((*one, *other), (*v, *w), strict=True))
        return cleared(put_all(value, {**point, **along}))

    upper = {(a, b): entry(e.directions[a], e.directions[b]) for a in size for b in size[a:]}
    return [[upper[min(a, b), max(a, b)] for b in size] for a in size]


def bilinear(h: HessianAt) -> tuple[Expr, Vector, Vector, tuple[Expr, ...]]:
    """ZᵀHZ' at any point, with Z, Z', and the derivatives in it."""
    one, other = (tuple(Letter(f"{w.name}{mark}", w.rows, w.cols) for w in h.letters[: h.weights]) for mark in "′″")
    square = form(replace(h, values=h.letters), one)
    moved: dict[Expr, Expr] = {z: z + STEP * w for z, w in zip(one, other, strict=True)}
    slope = E.Coeff(put_all(derived(square), moved), STEP, 1)
    return E.mul(Num(Fraction(1, 2)), derived(slope)), one, other, (square, slope)


def cleared(e: Any) -> Expr:
    """Without terms and factors that are 0 by their form."""
    children = [cleared(c) for c in e.children()]
    if any(a is not b for a, b in zip(children, e.children(), strict=True)):
        e = e.rebuild(children)
    if isinstance(e, E.Add):
        return total([t for t in e.terms if not vanishes(t)], e)
    return zero(e) if isinstance(e, LINEAR) and any(map(vanishes, e.children())) else e


LINEAR = (E.Mul, E.T, E.Tr, E.Inner, E.SqNorm, E.MaxMask, E.LowerMask, E.Entry)


def vanishes(e: Expr) -> bool:
    return isinstance(e, E.Zero) or e == lift(0)


# -- determinants ----------------------------------------------------------------------------------


def determinant(e: E.Det) -> Expr:
    """By the first row, its minors likewise."""
    if not isinstance(e.size, int) or not 0 < e.size <= LARGEST:
        raise Lacking("the determinant of a matrix of any size")
    return of_rows(entries(e.arg))


def of_rows(rows: Rows) -> Expr:
    if len(rows) == 1:
        return rows[0][0]
    terms = [
        (x if b % 2 == 0 else -x) * of_rows([[*row[:b], *row[b + 1 :]] for row in rows[1:]])
        for b, x in enumerate(rows[0])
        if not vanishes(x)
    ]
    return total(terms, lift(0))
