"""Inequalities for all sizes: what follows is proved by a theorem, what does not is not."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.kernel.expressions import Expr, Extremum, Family, Pick, Sum, Sym, integer, lift, size, sqrt
from proofs.kernel.propositions import Every, Rel
from proofs.kernel.theorem import recheck
from proofs.tactics.extrema import Each, EachTerm, Member, WeightedMean
from proofs.tactics.prove import Ground, NotFound, prove
from proofs.tactics.relations import Arithmetic, BothWays, Lemma, Scaled, Tight, Within, via
from proofs.tactics.sums import CauchySchwarz, Mediant, Pooled, ProductOne, Termwise

a, b, c, d = map(Sym, "abcd")
k = size("k")
i, j, r = map(integer, "ijr")
f, g = Family("f"), Family("g")
w = Family("w", length=k)
tail = Family("t", tail=lambda x: w[x], length=k)
ONE, TWO, ZERO = lift(1), lift(2), lift(0)

POSITIVE = (Rel(a, ">", ZERO), Rel(b, ">", a), Rel(c, ">", ZERO))
MANY = (Rel(k, "≥", TWO),)
FALLS = (Every(r, ONE, k - 1, Rel(f[r], ">", f[r + 1])), Rel(f[k], ">", ZERO), Rel(k, "≥", ONE))
FALLING = (*FALLS, *MANY)
WEIGHTS = (Every(r, ONE, k, Rel(w[r], ">", ZERO)), Rel(k, "≥", ONE))


def holds(left: Any, op: str, right: Any, why: object = "", given: tuple[Expr, ...] = FALLING) -> bool:
    goal = Rel(lift(left), op, lift(right))
    try:
        t = prove(Ground.of(given), goal, why)
    except NotFound:
        return False
    assert t.says == goal or recheck(t)
    assert t.given <= {*given} or isinstance(why, Within)
    return recheck(t) > 0


# Real arithmetic ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "op", "right", "expected"),
    [
        (a / (a + c), "<", b / (b + c), True),
        (a / (a + c), ">", b / (b + c), False),
        (a**2 + c**2, "≥", 2 * a * c, True),
        (a**2 + c**2, ">", 2 * a * c, False),
        (a, "<", c, False),
        (a / b, "<", ONE, True),
        (a / b, "≤", 1 - c, False),
        (a**2 + b**2, ">", 2 * a * b, True),
        (a**3, "<", b**3, True),
        (sqrt(a) * c, ">", ZERO, True),
        (d**2 * a, "≤", d**2 * b, True),
        (d * a, "<", d * b, False),
        (d**2, ">", ZERO, False),
        ((d - a) ** 2 / b, "≥", ZERO, True),
        ((d - a) ** 3 / b, "≥", ZERO, False),
        (a - b, "≠", ZERO, True),
        (a - c, "≠", ZERO, False),
    ],
)
def test_real_arithmetic_proves_what_follows(left: Expr, op: str, right: Expr, expected: bool) -> None:
    assert holds(left, op, right, given=POSITIVE) is expected


def test_comparisons_of_expressions_are_combined() -> None:
    low, high, step, rate = map(Sym, ("low", "high", "step", "rate"))
    given = (Rel(low, ">", ZERO), Rel(high, "≥", low), Rel(rate, "≥", 1 - step * low), Rel(rate, "≥", step * high - 1))
    assert holds(rate, "≥", (high - low) / (high + low), given=given)
    assert not holds(rate, "≥", (high - low) / (high + low), given=given[:3])
    assert not holds(rate, ">", (high - low) / (high + low), given=given)
    assert holds(
        a, ">", 2 * c**2, given=(Rel(a * b, "≥", c**2), Rel(b, "<", lift(1) / 2), Rel(b, ">", ZERO), Rel(c, ">", ZERO))
    )


def test_a_second_bound_from_above_counts() -> None:
    assert holds((1 - d) * a, "≥", ZERO, given=(*POSITIVE, Rel(d, "≤", ONE)))
    assert not holds((1 - d) * a, "≥", ZERO, given=(*POSITIVE, Rel(d, "≥", ZERO)))


def test_the_order_of_a_family_follows_that_of_its_indices() -> None:
    inside = tuple(Rel(x, op, y) for x in (i, j) for op, y in (("≥", ONE), ("≤", k)))
    assert holds(f[i], "<", f[j], given=(*FALLING, *inside, Rel(i, ">", j)))
    assert not holds(f[i], "<", f[j], given=(*FALLING, Rel(i, ">", j)))  # they may lie outside
    assert not holds(f[i], "<", f[j], given=(*FALLING, *inside))
    assert holds(f[k], "≤", f[i], given=(*FALLING, *inside))
    assert not holds(f[k], "<", f[i], given=(*FALLING, *inside))  # i may be k


def test_what_is_positive_above_what_is_not_negative_is_positive() -> None:
    given = (Every(r, ONE, k - 1, Rel(f[r], "≥", f[r + 1])), Rel(f[k], "≥", ZERO), Rel(f[1], ">", ZERO), *MANY)
    assert holds(f[1], "≠", ZERO, given=given)
    assert holds(f[k] / f[1], "≤", ONE, given=given)
    assert not holds(f[1] / f[k], "≥", ONE, given=given)


def test_tails_of_positive_weights_fall() -> None:
    assert holds(tail[1], "≥", tail[k], given=WEIGHTS)
    assert holds(tail[k], ">", ZERO, given=WEIGHTS)
    assert not holds(tail[1], ">", tail[k], given=WEIGHTS)  # k may be 1
    assert holds(tail[1], ">", tail[k], given=(*WEIGHTS, *MANY))
    assert not holds(tail[k], ">", ZERO, given=MANY)


# Equations ----------------------------------------------------------------------------------------


def test_equations_follow_from_equations() -> None:
    given = (Rel(c * (b - a), "=", d), Rel(c, ">", ZERO), Rel(b, ">", a))
    assert holds(b - a, "=", d / c, given=given)
    assert holds(c, "=", d / (b - a), given=given)
    assert not holds(c, "=", d / (b - a), given=given[:2])  # b may be a
    assert not holds(b - a, "=", d / c, given=(given[0], given[2]))
    assert not holds(b, "=", d / c, given=given)


def test_equations_of_every_index_hold_where_it_lies() -> None:
    given = (Every(r, ONE, k - 1, Rel(a * f[r], "=", f[r + 1])), Rel(a, ">", ZERO), Rel(k, "≥", TWO))
    assert holds(Sum(j, ONE, k - 1, f[j]), "=", Sum(j, ONE, k - 1, f[j + 1] / a), given=given)
    assert not holds(Sum(j, ONE, k, f[j]), "=", Sum(j, ONE, k, f[j + 1] / a), given=given)


def test_sums_telescope() -> None:
    assert holds(Sum(j, ONE, k - 1, f[j] - f[j + 1]), "=", f[1] - f[k])
    assert not holds(Sum(j, ONE, k - 1, f[j] - f[j + 1]), "=", f[1] - f[k - 1])
    assert holds(Sum(j, ONE, k - 1, f[j + 1]), "=", Sum(i, TWO, k, f[i]))
    assert not holds(Sum(j, ONE, k - 1, f[j] - f[j + 1]), "=", f[1] - f[k], given=())  # k may be −3


# Facts and derivations ----------------------------------------------------------------------------


def test_a_false_fact_is_not_used() -> None:
    assert holds(a, "<", 2 * b, Arithmetic(Lemma(2 * b, ">", 2 * a)), POSITIVE)
    assert not holds(a, ">", c, Arithmetic(Lemma(a, ">", c)), POSITIVE)
    assert not holds(a, ">", c, Arithmetic(Lemma(a, "≥", 2 * c), Lemma(b, ">", a)), POSITIVE)


def test_a_derivation_ends_in_the_printed_side() -> None:
    steps = via("≥", 2 * a * c, "=", (2 * c * a, ""))
    assert holds(a**2 + c**2, "≥", 2 * a * c, steps, POSITIVE)
    assert not holds(a**2 + c**2, "≥", a * c, steps, POSITIVE)
    assert not holds(a**2 + c**2, ">", 2 * a * c, steps, POSITIVE)


def test_a_derivation_does_not_turn_round() -> None:
    assert holds(a, "<", b + c, via("<", b, "<", b + c), POSITIVE)
    assert holds(a, "≤", b + c, via("<", b, "<", b + c), POSITIVE)
    assert not holds(a, "<", c, via("<", b, ">", a, "=", c), POSITIVE)


def test_tightness_is_not_part_of_the_statement() -> None:
    assert holds(a + b, ">", 2 * a, Tight((b, a)), POSITIVE)
    assert holds(a + b, ">", a, Tight((b, a)), POSITIVE)
    assert not holds(a + b, ">", 2 * b, Tight((b, a)), POSITIVE)


def test_a_limited_proof_supposes_its_limit() -> None:
    limit, given = Rel(k, "≤", lift(3)), (Rel(a, ">", ZERO), Rel(k, "≥", TWO))
    t = prove(Ground.of(given), Rel(3 * a, "≥", k * a), Within(limit, ""))
    assert limit in t.given
    assert not holds(3 * a, "≥", k * a, "", given)


# Maxima -------------------------------------------------------------------------------------------
LARGEST = Extremum("max", j, ONE, k - 1, f[j] / (f[j] - f[j + 1]))
MEAN = Sum(j, ONE, k - 1, f[j]) / (f[1] - f[k])


def test_the_largest_is_at_least_the_weighted_mean() -> None:
    weights = WeightedMean(lambda x: f[x] - f[x + 1], f[1] - f[k])
    assert holds(LARGEST, "≥", MEAN, weights)
    assert holds(MEAN, "≤", LARGEST, weights)
    assert not holds(LARGEST, "≥", 2 * MEAN, weights)
    assert not holds(LARGEST, ">", MEAN, weights)
    assert not holds(LARGEST, "≥", MEAN, WeightedMean(lambda x: f[x + 1] - f[x], f[k] - f[1]))
    assert not holds(LARGEST, "≥", MEAN, weights, FALLS)  # over no index


def test_members_lie_in_their_range() -> None:
    largest = Extremum("max", j, ONE, k, f[j])
    assert holds(largest, "≥", f[1], Member(ONE))
    assert holds(largest, ">", f[2], Member(ONE))
    assert not holds(largest, "≥", f[k + 1], Member(k + 1))
    assert not holds(largest, "=", f[1], Member(ONE))
    assert not holds(largest, "<", f[1] + 1, Member(ONE))
    assert holds(Extremum("min", j, ONE, k, f[j]), "≤", f[k], Member(k))


def test_every_member_is_bounded() -> None:
    largest = Extremum("max", j, ONE, k, f[j])
    assert holds(largest, "≤", f[1], Each())
    assert holds(f[1] + 1, ">", largest)
    assert not holds(largest, "≤", f[2], Each())
    assert not holds(largest, "≥", f[k], Each())
    assert not holds(Extremum("max", j, TWO, k, f[j]), "≤", f[1], Each(), FALLS)  # over no index


def test_each_term_has_its_reason() -> None:
    least = Pick("min", (f[1], Extremum("min", j, ONE, k, f[j])))
    assert holds(f[k], "≤", least, EachTerm("", (ONE, k, lambda x: "")))
    assert not holds(f[1], "≤", least, EachTerm("", (ONE, k, lambda x: "")))
    assert not holds(f[k], "≤", least, EachTerm(""))


# Sums ---------------------------------------------------------------------------------------------


def test_sums_compare_term_by_term_over_one_range() -> None:
    assert holds(Sum(j, ONE, k - 1, f[j]), ">", Sum(i, ONE, k - 1, f[i + 1]), Termwise())
    assert holds(Sum(j, ONE, k - 1, f[j]), ">", Sum(i, ONE, k - 1, f[i + 1]))
    assert not holds(Sum(j, ONE, k - 1, f[j]), ">", Sum(i, ONE, k, f[i]), Termwise())
    assert not holds(Sum(j, TWO, k - 1, f[j]), ">", Sum(i, TWO, k - 1, f[i + 1]), Termwise())  # no term at k = 2


def test_cauchy_schwarz_keeps_its_square() -> None:
    sums = Sum(j, ONE, k, f[j] / (1 + f[j])), Sum(j, ONE, k, f[j] * (1 + f[j])), Sum(j, ONE, k, f[j])
    why = CauchySchwarz(lambda x: f[x], lambda x: 1 + f[x])
    assert holds(sums[0] * sums[1], "≥", sums[2] ** 2, why)
    assert not holds(sums[0] * sums[1], "≥", sums[2], why)
    assert not holds(sums[0] * sums[1], ">", sums[2] ** 2, why)
    assert not holds(sums[0] * sums[1], "≥", sums[2] ** 2, why, FALLING[:1])


def test_the_geometric_mean_needs_the_product() -> None:
    given = (*FALLING, Rel(a, ">", ZERO), Rel(b, ">", ZERO))
    product = Rel(f[k] * b ** (k - 1), "=", a ** (k - 1) * f[1])
    total = Sum(j, ONE, k - 1, b / a * f[j + 1] / f[j])
    assert holds(total, "≥", k - 1, ProductOne(f, a, b), (*given, product))
    assert not holds(total, "≥", k - 1, ProductOne(f, a, b), given)
    assert not holds(total, "≥", k, ProductOne(f, a, b), (*given, product))


def test_fractions_are_pooled_where_denominators_are_positive() -> None:
    given = (*WEIGHTS, Every(r, ONE, k, Rel(a, "≤", g[r] / w[r])))
    over, under = Sum(j, ONE, k, g[j]), Sum(j, ONE, k, w[j])
    why = Pooled(lambda x: g[x], over, under, lambda x: "")
    assert holds(a, "≤", over / under, why, given)
    assert not holds(a, "≤", over / under, why, given[1:])
    assert not holds(a, "≤", over / under / 2, why, given)


def test_mediants_lie_between() -> None:
    given = (*POSITIVE, Rel(d, "≥", a / c), Rel(d, "≥", 1 / b))
    assert holds(d, "≥", (a + 1) / (c + b), Mediant((a, c, ""), (1, b, "")), given)
    assert not holds(d, "≥", (a + 2) / (c + b), Mediant((a, c, ""), (1, b, "")), given)
    assert not holds(d, "≤", (a + 1) / (c + b), Mediant((a, c, ""), (1, b, "")), given)
    assert not holds(d, "≥", (a + 1) / (c + b), Mediant((a, c, ""), (1, b, "")), given[2:])


def test_a_positive_quantity_above_one_of_any_sign_divides() -> None:
    x, y = Sym("x"), Sym("y")
    assert holds(1 - x / y, ">", ZERO, given=(Rel(x, "<", y), Rel(y, ">", ZERO)))
    assert not holds(1 - x / y, ">", ZERO, given=(Rel(x, "<", y), Rel(y, "<", ONE)))


def test_a_relation_is_scaled_by_what_is_not_negative() -> None:
    smaller = Lemma(a, "<", b)
    assert holds(c * a**2 * a, "≤", c * a**2 * b, Scaled(Lemma(a, "≤", b), c * a**2), POSITIVE)
    assert not holds(c * a, "<", c * b, Scaled(smaller, c), POSITIVE[:2])
    assert not holds(-c * a, "≤", -c * b, Scaled(Lemma(a, "≤", b), -c), POSITIVE)
    assert not holds(c * b, "≤", c * a, Scaled(Lemma(a, "≤", b), c), POSITIVE)


def test_both_ways_make_an_equality() -> None:
    largest = Extremum("max", r, ONE, k, f[r] / f[1])
    assert holds(largest, "=", ONE, BothWays(Each(Arithmetic()), Member(ONE)))
    assert not holds(largest, "=", TWO, BothWays(Each(Arithmetic()), Member(ONE)))
    assert not holds(largest, "≤", ONE, BothWays(Each(Arithmetic()), Member(ONE)))
    least = Extremum("min", i, ONE, k, f[i])
    ways = BothWays(Member(k), Each())
    assert holds(least, "=", f[k], ways)
    assert not holds(least, "=", f[1], ways)
    assert not holds(least, "=", f[k], BothWays(Member(k), Member(k)))


def test_sums_that_leave_an_index_out_have_the_sign_of_their_terms() -> None:
    others = Sum(j, ONE, k, (f[j] - a) * (f[j] - f[i]) ** 2, (i,))
    low = (*FALLING, Rel(ONE, "≤", i), Rel(i, "≤", k))
    assert holds(others, "≥", ZERO, given=(*low, Rel(a, "≤", f[k])))
    assert not holds(others, "≥", ZERO, given=(*low, Rel(a, "≤", f[1])))
    assert not holds(Sum(j, ONE, k, f[j] - a, (i,)), "≥", ZERO, given=(*low, Rel(a, "<", f[1])))


def test_roots_of_what_is_not_negative_are_not_negative() -> None:
    assert holds(sqrt(a**2), "≥", ZERO)
    assert not holds(sqrt(a**2), ">", ZERO)
    assert not holds(sqrt(a), "≥", ZERO)
