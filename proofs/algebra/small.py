"""Normal forms of matrices written out entry by entry, of sizes such as 2 and 4."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from proofs.algebra import normal
from proofs.kernel import expressions as E
from proofs.kernel.small import Column, Det, Symmetric, column, det, signed_permutations, symmetric

__all__ = ["Column", "Det", "Symmetric", "column", "det", "symmetric", "written_out"]

# -- normal forms ----------------------------------------------------------------------------------


def written_out(rows: Sequence[Sequence[E.Expr]]) -> E.Expr:
    """Σ_ij a_ij e_i e_jᵀ."""

    def unit(i: int, j: int) -> E.Expr:
        e_i, e_j = E.Basis(E.lift(i + 1), len(rows)), E.Basis(E.lift(j + 1), len(rows[0]))
        return e_i @ e_j.T

    return E.add(*(x * unit(i, j) for i, row in enumerate(rows) for j, x in enumerate(row)))


@lru_cache(maxsize=256)
def _entries(arg: E.Expr, size: int) -> list[list[normal.Form]]:
    index = [E.Num(Fraction(i + 1)) for i in range(size)]
    return [[normal.normal_form(E.Entry(arg, i, j)) for j in index] for i in index]


def _expanded(e: Det) -> normal.Form:
    if not isinstance(e.size, int):
        raise normal.Undecided("a determinant of symbolic size")
    rows, out = _entries(e.arg, e.size), normal.Form(())
    for sign, order in signed_permutations(e.size):
        term = normal.scalar(sign)
        for row, col in enumerate(order):
            term = normal.times(term, rows[row][col])
        out.include(term)
    return out


normal.RULES[Symmetric] = lambda e: normal.normal_form(written_out(e.rows()))
normal.RULES[Column] = lambda e: normal.normal_form(written_out([[x] for x in e.entries]))
normal.RULES[Det] = _expanded
