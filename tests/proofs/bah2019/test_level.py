"""The level below which only the best projection is critical: what is wrong in it is refuted or not proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.bah2019 import section_6_level as level
from proofs.bah2019.notation import HALF, ONE
from proofs.bah2019.section_5 import GAP, d, lowered, r, λ
from proofs.bah2019.section_6 import CRITICAL, W
from proofs.claim import Outcome
from proofs.kernel.expressions import Expr, Proj, Sum, integer
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.theorem import Refused
from proofs.tactics.prove import Ground, NotFound, prove

c = integer("c")
REST = Sum(c, r + 1, d, λ[c])


def supposed(*relations: Rel) -> Ground:
    sizes = (Rel(ONE, "≤", r), Rel(r, "≤", d))
    return Ground.of((*sizes, *GAP.relations, Rel(λ[d], ">", ZERO), *relations))


def below(level_: Expr, op: str = "<") -> tuple[Rel, ...]:
    return (*CRITICAL, Rel(W, "=", level.B @ level.H), Rel(lowered(W), op, level_))


@pytest.mark.parametrize(
    ("relations", "goal", "found"),
    [
        (below(level.LEVEL), Proj(r, d), True),
        (below(HALF * REST, "≤"), Proj(r, d), True),
        (below(level.LEVEL, "≤"), Proj(r, d), False),
        (below(HALF * (REST + λ[r] + λ[r + 1])), Proj(r, d), False),
        (below(level.LEVEL), Proj(r - 1, d), False),
        (below(level.LEVEL)[1:], Proj(r, d), False),
        ((CRITICAL[0], *below(level.LEVEL)[2:]), Proj(r, d), False),
        ((*CRITICAL, *below(level.LEVEL)[3:]), Proj(r, d), False),
        (below(level.LEVEL)[:3], Proj(r, d), False),
    ],
)
def test_the_reason_needs_every_hypothesis(relations: tuple[Rel, ...], goal: Expr, found: bool) -> None:
    try:
        prove(supposed(*relations), Rel(W, "=", goal), level.OnlyTop())
    except (NotFound, IndexError, TypeError):
        assert not found
    else:
        assert found


@pytest.mark.parametrize("wrong", [HALF * (REST + λ[r]), HALF * (REST + λ[r] + λ[r + 1]), REST + λ[r] - λ[r + 1]])
def test_a_level_that_is_too_high_is_refuted(wrong: Expr) -> None:
    low = replace(level.LOW, relations=below(wrong))
    claim = replace(level.only_top, given=(*level.only_top.given[:2], low))
    assert claim.decide().evidence[-1].outcome == Outcome.FAILS


def test_no_certificate_leaves_a_term_out() -> None:
    x, by, *terms = level.MORE
    assert level.below_one(x, by, *terms).says == Rel(x, "<", ONE)
    for place in range(len(terms)):
        with pytest.raises(Refused):
            level.below_one(x, by, *terms[:place], *terms[place + 1 :])
