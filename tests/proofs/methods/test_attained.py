"""A minimum that every shift improves does not exist; one that a shift does not improve is left undecided."""

from __future__ import annotations

from dataclasses import replace

from proofs.bao2020.appendix_b_conditioning import ORDERED, equalize
from proofs.bao2020.notation import ONE, TWO, i, j, k, λ
from proofs.claim import Context, Outcome
from proofs.kernel.expressions import Extremum
from proofs.methods.attained import Attained, Nonempty

CONTEXT = Context(tuple(ORDERED), supposed=equalize.supposed(equalize.statement))


def outcomes(statement: Attained | Nonempty) -> list[Outcome]:
    return [w(statement, CONTEXT).outcome for w in statement.witnesses]


def test_widening_the_gaps_improves_every_list() -> None:
    assert outcomes(equalize.statement) == [Outcome.FAILS, Outcome.FAILS]  # type: ignore[arg-type]


def test_the_same_shift_does_not_improve_the_opposite_objective() -> None:
    statement: Attained = equalize.statement  # type: ignore[assignment]
    opposite = replace(statement, objective=Extremum("max", j, ONE, k - 1, λ[j + 1] - λ[j]))
    assert outcomes(opposite) == [Outcome.UNDECIDED, Outcome.UNDECIDED]


def test_an_empty_index_set_is_found_by_counting() -> None:
    empty = Extremum("max", i, ONE, k, Extremum("max", j, i + 1, i - 1, λ[i] - λ[j]))
    assert outcomes(Nonempty(empty)) == [Outcome.UNDECIDED, Outcome.FAILS]
    below = Extremum("max", i, TWO, k, Extremum("max", j, ONE, i - 1, λ[i] - λ[j]))
    assert outcomes(Nonempty(below)) == [Outcome.PROVED, Outcome.CERTIFIED]
