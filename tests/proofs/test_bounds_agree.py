"""`lae bounds` evaluates the bounds that the claims state: the same numbers from both sides."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from numerics import sharper, uniform
from numerics.bounds import l2_bounds, nested_dropout_bounds
from proofs.algebra.evaluate import evaluate
from proofs.claim import registry

SIGMA = [Fraction(5), Fraction(4), Fraction(7, 2), Fraction(2), Fraction(1)]
LAMBDA = [Fraction(1, 2), Fraction(3, 2), Fraction(3)]
PRIOR = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]


def exact(values: list[Fraction]) -> list[fmpq]:
    return [fmpq(v.numerator, v.denominator) for v in values]


AT = {
    "k": 3,
    "m": 5,
    "n": 5,
    "σ": exact(SIGMA),
    "λ": exact(LAMBDA),
    "p_B": exact(PRIOR),
}
SQUARES = np.array([float(s * s) for s in SIGMA])


@pytest.mark.parametrize("name", ["bao2020/B/smax-bound", "bao2020/B/final"])
def test_bounds_of_the_l2_loss_are_the_right_sides_of_their_claims(name: str) -> None:
    values = {b.id: b.value for b in l2_bounds(SQUARES, np.array([float(v) for v in LAMBDA]), scale="half")}
    stated = evaluate(registry()[name].statement.parts[-1], AT)
    assert values[name] == pytest.approx(float(Fraction(int(stated.p), int(stated.q))), rel=1e-13)


@pytest.mark.parametrize("name", ["bao2020/D/smax", "bao2020/D/final"])
def test_bounds_of_nested_dropout_are_the_right_sides_of_their_claims(name: str) -> None:
    values = {b.id: b.value for b in nested_dropout_bounds(SQUARES, np.array([float(v) for v in PRIOR]), scale="half")}
    stated = evaluate(registry()[name].statement.parts[-1], AT)
    assert values[name] == pytest.approx(float(Fraction(int(stated.p), int(stated.q))), rel=1e-13)


ENDS = ("smin-below", "smin-above", "smax-below", "smax-above", "cond-below", "cond-above")


@pytest.mark.parametrize("name", [f"lae/bounds/l2/{end}" for end in ENDS])
def test_sharper_bounds_of_the_l2_loss_are_the_right_sides_of_their_claims(name: str) -> None:
    values = {b.id: b.value for b in sharper.l2_bounds(SQUARES, np.array([float(v) for v in LAMBDA]), scale="half")}
    stated = evaluate(registry()[name].statement.parts[-1], AT)
    assert values[name] == pytest.approx(float(Fraction(int(stated.p), int(stated.q))), rel=1e-13)


@pytest.mark.parametrize("end", ["smax", "smin-below", "smin-above", "cond-below", "cond-above"])
def test_sharper_bounds_of_nested_dropout_are_the_right_sides_of_their_claims(end: str) -> None:
    prior = np.array([float(v) for v in PRIOR])
    name = f"lae/bounds/nested-dropout/{end}"
    values = {b.id: b.value for b in sharper.nested_dropout_bounds(SQUARES, prior, scale="half")}
    stated = evaluate(registry()[name].statement.parts[-1], AT)
    assert values[name] == pytest.approx(float(Fraction(int(stated.p), int(stated.q))), rel=1e-13)


@pytest.mark.parametrize(
    "end", ["l2/uniform", "l2/uniform-sum", "nested-dropout/uniform", "nested-dropout/uniform-beyond"]
)
def test_uniform_bounds_are_the_right_sides_of_their_claims(end: str) -> None:
    found = uniform.l2_bounds(SQUARES, 3) + uniform.nested_dropout_bounds(SQUARES, 3)
    values = {b.id: b.value for b in found}
    parts = registry()[f"lae/bounds/{end}"].statement.parts
    stated = max(float(Fraction(int(x.p), int(x.q))) for u in (4, 5) for x in [evaluate(parts[-1], AT | {"u": u})])
    assert values[f"lae/bounds/{end}"] == pytest.approx(stated, rel=1e-13)
