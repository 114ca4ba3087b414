"""Positive definite for every size: a triangular factor, and exact pivots at sizes 1, 2, ….

Main results
    Definite    A ≻ 0, with the factor L of A = Lᵀ L that shows it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from proofs.algebra.evaluate import evaluate
from proofs.algebra.inertia import inertia
from proofs.algebra.printing import latex, text
from proofs.claim import HOW, Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import value_text
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
    relation: str = "≻"

    @property
    def proposition(self) -> Expr:
        return Rel(self.matrix, self.relation, zero(self.matrix))

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
    """The pivots of LDLᵀ, exactly, at sizes 1, …, 8."""
    for size in SIZES:
        value = evaluate(statement.matrix, {"p": size})
        found = inertia(value)
        right = found.positive if statement.relation == "≻" else found.negative
        if right < size:
            example = Counterexample({"p": str(size)}, {text(statement.matrix): value_text(value)}, f"has {found}")
            return Evidence("exact pivots", Outcome.FAILS, f"size {size}", counterexample=example)
    return Evidence("exact pivots", Outcome.CERTIFIED, f"sizes 1, …, {SIZES[-1]}")
