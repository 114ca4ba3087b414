"""Positive definite for every size: a triangular factor, and exact pivots at sizes 1, 2, ….

Main results
    Definite    A ≻ 0, with the factor L of A = Lᵀ L that shows it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from proofs.algebra import normal
from proofs.algebra.evaluate import evaluate
from proofs.algebra.inertia import inertia
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import value_text
from proofs.kernel.expressions import Entry, Expr, LowerMask, Num, integer

SIZES = range(1, 9)


@dataclass(frozen=True)
class Definite:
    """``matrix ≻ 0``. The factor is a triangle: it is invertible when no entry of its diagonal is zero."""

    matrix: Expr
    factor: LowerMask
    relation: str = "≻"

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.matrix,)

    def with_parts(self, parts: Sequence[Expr]) -> Definite:
        return replace(self, matrix=parts[0])

    @property
    def relations(self) -> tuple[str, ...]:
        return (self.relation,)

    def with_relations(self, relations: Sequence[str]) -> Definite:
        return replace(self, relation=relations[0])

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """As a relation: a positive multiple is as definite."""
        return [(self.relation, self.matrix, 0 * self.matrix)]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_factor, by_pivots)

    def latex(self) -> str:
        return f"{latex(self.matrix)} {chr(92)}succ 0"

    def text(self) -> str:
        return f"{text(self.matrix)} ≻ 0"


def by_factor(statement: Definite, context: Context) -> Evidence:
    """A = LᵀL with L triangular and a diagonal of ones, by normal form: xᵀAx = ‖Lx‖² vanishes only at x = 0."""
    i = integer("i")
    factor = statement.factor
    unit = normal.equal(Entry(factor, i, i), Num(Fraction(1)))
    product = normal.equal(statement.matrix, factor.T @ factor)
    if unit and product and statement.relation == "≻":
        step = f"✓ {text(statement.matrix)} = LᵀL, L = {text(factor)} with L_ii = 1"
        return Evidence("triangular factor", Outcome.PROVED, "all sizes", steps=(step,))
    return Evidence("triangular factor", Outcome.UNDECIDED, detail="the factor does not give the matrix")


def by_pivots(statement: Definite, context: Context) -> Evidence:
    """The pivots of LDLᵀ, exactly, at sizes 1, …, 8."""
    for size in SIZES:
        value = evaluate(statement.matrix, {"p": size})
        found = inertia(value)
        right = found.positive if statement.relation == "≻" else found.negative
        if right < size:
            example = Counterexample({"p": str(size)}, {text(statement.matrix): value_text(value)}, f"has {found}")
            return Evidence("exact pivots", Outcome.FAILS, f"size {size}", counterexample=example)
    return Evidence("exact pivots", Outcome.CERTIFIED, f"sizes 1, …, {SIZES[-1]}")
