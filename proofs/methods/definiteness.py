"""Positive definite for every size: a triangular factor, and exact pivots at sizes 1, 2, ….

Main results
    Definite    A ≻ 0, with the factor L of A = Lᵀ L that shows it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from proofs.algebra.evaluate import definite, evaluate
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import free_names, instances, show, value_text
from proofs.kernel import rules, semidefinite
from proofs.kernel.expressions import Entry, Expr, LowerMask, integer, lift
from proofs.kernel.propositions import Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused
from proofs.tactics.prove import NotFound, valued
from proofs.tactics.vanishing import by_ring

SIZES = range(1, 9)


@dataclass(frozen=True)
class Definite:
    """``matrix ≻ 0``. The factor is a triangle: it is invertible when no entry of its diagonal is zero."""

    matrix: Expr
    factor: LowerMask = field(metadata=HOW)

    @property
    def proposition(self) -> Expr:
        return Rel(self.matrix, "≻", zero(self.matrix))

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.matrix,)

    def with_parts(self, parts: Sequence[Expr]) -> Definite:
        return replace(self, matrix=parts[0])

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """As a relation: a positive multiple is as definite."""
        return [("≻", self.matrix, 0 * self.matrix)]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_factor, by_pivots)

    def latex(self) -> str:
        return f"{latex(self.matrix)} {chr(92)}succ 0"

    def text(self) -> str:
        return f"{text(self.matrix)} ≻ 0"


def by_factor(statement: Definite, context: Context) -> Evidence:
    """A = LᵀL with L triangular and a diagonal of ones: xᵀAx = ‖Lx‖² vanishes only at x = 0."""
    method, factor, ground = "triangular factor", statement.factor, context.ground()
    last = lift(factor.shape[0])
    i = integer("i", "", 1, last)
    entry, one = Entry(factor, i, i), lift(1)
    try:
        unit = rules.chain((by_ring(ground, entry, one), rules.order(Rel(one, "≠", lift(0)), ())))
        above = semidefinite.triangular(factor, rules.generalise(unit, i, one, last))
        whole = rules.chain((by_ring(ground, statement.matrix, factor.T @ factor), above))
        theorem = valued(ground, whole)
    except (Refused, Undecided, NotFound) as why:
        return Evidence(method, Outcome.UNDECIDED, detail=f"the factor does not give the matrix: {why}")
    step = f"✓ {text(statement.matrix)} = LᵀL, L = {text(factor)} with L_ii = 1"
    return Evidence(method, Outcome.PROVED, "all sizes", steps=(step,), theorem=theorem)


def by_pivots(statement: Definite, context: Context) -> Evidence:
    """The pivots of LDLᵀ, exactly, at instances; of a matrix that nothing but its size fixes at sizes 1, …, 8."""
    names, side = free_names(statement.parts), statement.matrix.shape[0]
    fixed = names.symbols == {side} and not (names.letters or names.families or context.given)
    at_sizes = ({side.name: size} for size in SIZES) if fixed else ()
    count = 0
    for at in at_sizes if fixed else instances(statement.parts, context):
        value, count = evaluate(statement.matrix, at), count + 1
        if not definite(value, "≻"):
            example = Counterexample(show(at, names), {text(statement.matrix): value_text(value)}, "is not ≻ 0")
            return Evidence("exact pivots", Outcome.FAILS, "an exact instance", counterexample=example)
    if not count:
        return Evidence("exact pivots", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    scope = f"sizes 1, …, {SIZES[-1]}" if fixed else f"{count} exact instances"
    return Evidence("exact pivots", Outcome.CERTIFIED, scope)
