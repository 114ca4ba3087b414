"""Every number of `lae bounds` is the exact value of the claim whose id it has, and its formula is that claim's."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flint import fmpq

from numerics import sharper
from numerics.bounds import Bound
from proofs import printed_bounds
from proofs.algebra.evaluate import evaluate
from proofs.algebra.printing import text

SIDES = {"s_max(H)": "s_max", "s_min(H)": "s_min", "cond(H)": "condition_number"}
SIZES = [(2, 2), (2, 3), (2, 5), (3, 3), (3, 5), (4, 6), (5, 5)]


def falling(rng: Random, count: int, gap: Fraction) -> list[Fraction]:
    """Positive fractions, some of them a gap apart."""
    values = [Fraction(rng.randint(1, 9), 7)]
    while len(values) < count:
        step = rng.choice((gap, Fraction(rng.randint(1, 20), 11)))
        values.append(values[-1] + step)
    return values[::-1]


def instance(loss: str, k: int, m: int, seed: int) -> dict:
    """σ, and λ or p_B, some of them 10⁻⁹ apart."""
    rng = Random(f"{loss} {k} {m} {seed}")
    sigma = falling(rng, m, Fraction(1, 10**9))
    parts = [Fraction(rng.choice((1, 10**9)), 10**9) for _ in range(k + 1)]
    lam = [sigma[k - 1] ** 2 * sum(parts[: i + 1]) / sum(parts) for i in range(k)]
    prior = [part / sum(parts[:k]) for part in parts[:k]]
    exact = {"σ": sigma, "λ": lam, "p_B": prior, "q": [Fraction(1)] * k}
    return {"k": k, "m": m, "n": m} | {n: [fmpq(x.numerator, x.denominator) for x in v] for n, v in exact.items()}


def measured(loss: str, at: dict) -> dict[str, Bound]:
    """The numbers of `numerics`, by its own lines on exact rationals."""
    sigma2 = np.array([x * x for x in at["σ"]], dtype=object)
    weights = np.array(at["λ" if loss == "l2" else "p_B"], dtype=object)
    return {b.id: b for b in sharper.every_bound(loss, sigma2, weights, scale="half")}


def loss_of(name: str) -> str:
    return "nested-dropout" if "/D/" in name or "nested" in name else "l2"


@pytest.mark.parametrize("name", printed_bounds.IDS)
def test_every_number_is_exactly_what_its_claim_says(name: str) -> None:
    quantity, relation, bound = printed_bounds.stated(name)
    compared = 0
    for k, m in SIZES:
        at = instance(loss_of(name), k, m, 1)
        if number := measured(loss_of(name), at).get(name):  # some want k ≥ 3, some k < m
            assert number.value == evaluate(bound, at)
            assert number.bounds == SIDES[text(quantity)]
            assert number.above == (relation in ("≤", "="))
            compared += 1
    assert compared >= 4


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_no_number_is_without_a_claim(loss: str) -> None:
    for k, m in SIZES:
        assert set(measured(loss, instance(loss, k, m, 0))) <= set(printed_bounds.IDS)


def test_recorded_formulas_are_those_of_the_claims() -> None:
    """After a change, `python -m proofs.printed_bounds` records them anew."""
    assert printed_bounds.formulas() == printed_bounds.printed()
