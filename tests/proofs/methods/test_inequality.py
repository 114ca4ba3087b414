"""Inequalities for all sizes: what follows is proved, what does not is not, and a changed last member is noticed."""

from __future__ import annotations

import pytest

from proofs.claim import Context, Outcome
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr, Extremum, Family, Sum, Sym, integer, lift
from proofs.kernel.propositions import Every, Rel
from proofs.methods.inequality import Arithmetic, Fact, decide, implies
from proofs.methods.lemmas import (
    CauchySchwarz,
    Each,
    Factorwise,
    Fractions,
    Member,
    ProductOne,
    Reindexed,
    Termwise,
    Tight,
    WeightedMean,
    Within,
    lagrange,
    via,
)
from proofs.methods.order import Indices

a, b, c, k = Sym("a"), Sym("b"), Sym("c"), integer("k")
i, j, r = integer("i"), integer("j"), integer("r")
f, g = Family("f"), Family("g")
ONE, TWO, ZERO = lift(1), lift(2), lift(0)


def given(*relations: Rel | Every) -> Context:
    return Context((Hypothesis("given", "", relations),))


POSITIVE = given(Rel(a, ">", ZERO), Rel(b, ">", a), Rel(c, ">", ZERO))
FALLING = given(Every(r, ONE, k - 1, Rel(f[r], ">", f[r + 1])), Rel(f[k], ">", ZERO), Rel(k, "≥", TWO))


def holds(left: Expr, relation: str, right: Expr, why: object = "", context: Context = FALLING) -> bool:
    return decide(left, relation, lift(right), why, context)[0] == Outcome.PROVED


# Real arithmetic ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "relation", "right", "expected"),
    [
        (a / (a + c), "<", b / (b + c), True),
        (a / (a + c), ">", b / (b + c), False),
        (a**2 + c**2, "≥", 2 * a * c, True),
        (a**2 + c**2, ">", 2 * a * c, False),
        (a, "<", c, False),
        (a / b, "<", 1 + ZERO, True),
    ],
)
def test_real_arithmetic_proves_exactly_what_follows(left: Expr, relation: str, right: Expr, expected: bool) -> None:
    assert holds(left, relation, right, context=POSITIVE) is expected


def test_an_unknown_sign_is_not_taken_for_positive() -> None:
    d = Sym("d")
    assert not holds(d * a, "<", d * b, context=POSITIVE)
    assert holds(d**2 * a, "≤", d**2 * b, context=POSITIVE)


def test_the_order_of_a_family_follows_that_of_its_indices() -> None:
    ordered = Context((*FALLING.given, Hypothesis("i > j", "", (Rel(i, ">", j),))))
    assert holds(f[i], "<", f[j], context=ordered)
    assert not holds(f[i], "<", f[j])
    assert holds(f[k], "≤", f[i])
    assert not holds(f[k], "<", f[i])  # i may be k


def test_indices_combine_their_bounds() -> None:
    known = Indices().learn(("i", 0), ">", ("j", 0)).learn(("j", 0), "≥", ("", 2))
    assert known.least(("i", 1), ("", 0)) == 4
    assert known.least(("j", 0), ("i", 0)) is None
    assert known.consistent()
    assert not known.learn(("j", 0), ">", ("i", 5)).consistent()


def test_a_false_fact_is_not_used() -> None:
    assert not holds(a, ">", c, Arithmetic(Fact(a, ">", c)), POSITIVE)
    assert not holds(a, ">", c, Arithmetic(Fact(a, "≥", 2 * c), Fact(b, ">", a)), POSITIVE)


def test_a_strict_relation_needs_a_strict_step() -> None:
    assert implies(["≥", ">", "="], ">")
    assert not implies(["≥", "="], ">")
    assert implies(["="], "≥")
    assert not implies(["<", ">"], "<")


# Lemmas -------------------------------------------------------------------------------------------
LARGEST = Extremum("max", j, ONE, k - 1, f[j] / (f[j] - f[j + 1]))


def test_the_largest_is_at_least_the_weighted_mean() -> None:
    mean = Sum(j, ONE, k - 1, f[j]) / (f[1] - f[k])
    weights = WeightedMean(lambda x: f[x] - f[x + 1], f[1] - f[k])
    assert holds(LARGEST, "≥", mean, weights)
    assert not holds(LARGEST, "≥", 2 * mean, weights)
    assert not holds(LARGEST, "≥", mean / 2, weights)
    assert not holds(LARGEST, "≥", mean, WeightedMean(lambda x: f[x + 1] - f[x], f[k] - f[1]))


def test_the_mean_needs_a_member() -> None:
    unlimited = given(Every(r, ONE, k - 1, Rel(f[r], ">", f[r + 1])), Rel(f[k], ">", ZERO))
    mean = Sum(j, ONE, k - 1, f[j]) / (f[1] - f[k])
    assert not holds(LARGEST, "≥", mean, WeightedMean(lambda x: f[x] - f[x + 1], f[1] - f[k]), unlimited)


def test_members_lie_in_their_range() -> None:
    assert holds(Extremum("max", j, ONE, k, f[j]), "≥", f[1], Member(ONE))
    assert not holds(Extremum("max", j, ONE, k, f[j]), "≥", f[k + 1], Member(k + 1))
    assert holds(Extremum("max", j, ONE, k, f[j]), "≤", f[1], Each())
    assert not holds(Extremum("max", j, ONE, k, f[j]), "≤", f[2], Each())


def test_sums_compare_term_by_term_over_one_range() -> None:
    assert holds(Sum(j, ONE, k - 1, f[j]), ">", Sum(i, ONE, k - 1, f[i + 1]), Termwise())
    assert not holds(Sum(j, ONE, k - 1, f[j]), ">", Sum(i, ONE, k, f[i]), Termwise())
    assert not holds(Sum(j, TWO, k - 1, f[j]), ">", Sum(i, TWO, k - 1, f[i + 1]), Termwise())  # no term at k = 2


def test_sums_telescope() -> None:
    assert holds(Sum(j, ONE, k - 1, f[j] - f[j + 1]), "=", f[1] - f[k], Reindexed())
    assert not holds(Sum(j, ONE, k - 1, f[j] - f[j + 1]), "=", f[1] - f[k - 1], Reindexed())
    assert holds(Sum(j, ONE, k - 1, f[j + 1]), "=", Sum(i, TWO, k, f[i]), Reindexed())


def test_cauchy_schwarz_keeps_its_square() -> None:
    assert lagrange()
    sums = Sum(j, ONE, k, f[j] / (1 + f[j])), Sum(j, ONE, k, f[j] * (1 + f[j])), Sum(j, ONE, k, f[j])
    why = CauchySchwarz(lambda x: f[x], lambda x: 1 + f[x])
    assert holds(sums[0] * sums[1], "≥", sums[2] ** 2, why)
    assert not holds(sums[0] * sums[1], "≥", sums[2], why)
    assert not holds(sums[0] * sums[1], ">", sums[2] ** 2, why)


def test_the_geometric_mean_needs_the_product() -> None:
    product = Rel(f[k] * b ** (k - 1), "=", a ** (k - 1) * f[1])
    context = given(*FALLING.given[0].relations, Rel(a, ">", ZERO), Rel(b, ">", ZERO), product)
    total = Sum(j, ONE, k - 1, b / a * f[j + 1] / f[j])
    assert holds(total, "≥", k - 1, ProductOne(f, a, b), context)
    assert not holds(total, "≥", k - 1, ProductOne(f, a, b))
    assert not holds(total, "≥", k + ZERO, ProductOne(f, a, b), context)


def test_products_fall_with_their_factors() -> None:
    assert holds(a / b, "<", b / a, Factorwise(), POSITIVE)
    assert not holds(a / a, "<", b / b, Factorwise(), POSITIVE)
    assert not holds(b / a, "<", a / b, Factorwise(), POSITIVE)


def test_fractions_are_equal_by_parts() -> None:
    assert holds((a + b) ** 2 / (a * c), "=", (a**2 + 2 * a * b + b**2) / (c * a), Fractions(), POSITIVE)
    assert not holds((a + b) / c, "=", (a + b) / a, Fractions(), POSITIVE)


def test_a_derivation_ends_in_the_printed_side() -> None:
    steps = via("≥", 2 * a * c, "=", (2 * c * a, ""))
    assert holds(a**2 + c**2, "≥", 2 * a * c, steps, POSITIVE)
    assert not holds(a**2 + c**2, "≥", a * c, steps, POSITIVE)


def test_a_weaker_side_is_not_tight() -> None:
    assert holds(a + b, ">", 2 * a, Tight((b, a)), POSITIVE)
    assert not holds(a + b, ">", a, Tight((b, a)), POSITIVE)


def test_a_limited_proof_says_its_sizes() -> None:
    why = Within(Rel(k, "≤", lift(3)), Arithmetic(), "2 ≤ k ≤ 3")
    assert holds(3 * a, "≥", k * a, why, given(Rel(a, ">", ZERO), Rel(k, "≥", TWO)))
    assert not holds(3 * a, "≥", k * a, "", given(Rel(a, ">", ZERO), Rel(k, "≥", TWO)))
    assert why.scope == "2 ≤ k ≤ 3"
