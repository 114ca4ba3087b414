"""Instances are drawn as declared, and a form without a value refutes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra.evaluate import definite
from proofs.claim import Context, Outcome
from proofs.hypotheses import Hypothesis, Tally, free_names, instances
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Diag, Entry, Eye, Family, Letter, Sum, Sym, integer, lift, size
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import by_instances, chain, eq
from proofs.quantities import letter_value

k, m = size("k"), size("m")
i, j = integer("i", "", 1, k), integer("j", "", 1, k)
x, y = Sym("x"), Sym("y")
f, g = Family("f"), Family("g", length=k)
l = integer("l")  # noqa: E741 - the papers' index


def sampled(statement, given=()):
    return by_instances(statement, Context(tuple(given), drawn={}))


NARROW = {
    "a real is positive": chain(x, ">", 0),
    "a real is not negative": chain(x, "≥", 0),
    "a real is not 0": chain(x, "≠", 0),
    "a member is positive": chain(f[1], ">", 0),
    "members differ": chain(f[1], "≠", f[2]),
    "members fall": chain(f[1], "≥", f[2]),
    "indices differ": chain(i, "≠", j),
    "an index is below another": chain(i, "≤", j),
    "a size is at least another": chain(m, "≥", k),
    "a size is at most another": chain(k, "≥", m),
    "a size is not 1": chain(k, "≥", 2),
    "an integer is an index": chain(integer("q"), "≥", 1),
    "e_iᵀe_j = 0": eq(E.Tr(E.Basis(i, k).T @ E.Basis(j, k)), 0),
    "a symbol is no angle by its name": chain(Sym("θ"), "≤", 1000),
    "p is no size by its name": chain(Sym("p"), ">", 0),
    "k is no size by its name": chain(Sym("k"), ">", 0),
    "a sum is over something": chain(Sum(l, lift(2), k, lift(1)), ">", 0),
    "psd is definite": chain(E.SqNorm(Letter("P", k, k, frozenset({"psd"}))), ">", 0),
}


@pytest.mark.parametrize("name", NARROW)
def test_what_holds_for_a_narrow_sampler_alone_is_refuted(name: str) -> None:
    statement = NARROW[name]
    if name == "a symbol is no angle by its name":
        assert not free_names(statement.parts).angles
        return
    assert sampled(statement).outcome == Outcome.FAILS


WITHOUT_VALUE = {
    "a quotient": eq(x / x, 1),
    "a root": eq(E.sqrt(x) ** 2, x),
    "an index beyond the length": eq(g[i + 1] - g[i + 1], 0),
    "a maximum over nothing": eq(E.Extremum("max", l, lift(2), k, f[l]) * 0, 0),
    "an entry outside": eq(Entry(Letter("A", k, m), i, i) * 0, 0),
    "a basis vector outside": eq(E.SqNorm(E.Basis(i, m)), 1),
    "an inverse": eq(Letter("A", k, k) ** -1 @ Letter("A", k, k), Eye(k)),
    "an inverse of a diagonal": eq(Diag(f, k) ** -1 @ Diag(f, k), Eye(k)),
    "more columns than rows": eq(E.First(m, k).T @ E.First(m, k), Eye(k)),
    "the derivative of a root": eq(E.Diff(E.sqrt(x), x), 1 / (2 * E.sqrt(x))),
}


@pytest.mark.parametrize("name", WITHOUT_VALUE)
def test_a_form_without_a_value_at_an_allowed_instance_is_refuted(name: str) -> None:
    found = sampled(WITHOUT_VALUE[name])
    assert found.outcome == Outcome.FAILS
    assert found.counterexample is not None
    assert "no value" in found.counterexample.remark


def test_where_the_hypotheses_leave_a_value_it_is_not_refuted() -> None:
    positive = Hypothesis("x > 0", "x > 0", (Rel(x, ">", lift(0)),))
    for statement in (eq(x / x, 1), eq(E.sqrt(x) ** 2, x)):
        assert sampled(statement, [positive]).outcome in (Outcome.CERTIFIED, Outcome.SUPPORTED)


def test_an_irrational_root_is_no_missing_value() -> None:
    tally = Tally()
    two = Hypothesis("x = 2", "x = 2", (Rel(x, "=", lift(2)),), lambda rng, at: {"x": 2})
    assert [*instances((E.sqrt(x),), Context((two,)), enclosed=True, tally=tally)]
    assert not tally.without_value


TRAITS = [
    traits
    for n in (1, 2, 3)
    for traits in map(frozenset, combinations(E.TRAITS, n))
    if not any(pair <= traits for pair in E.OPPOSED)
]
HAS = {
    "symmetric": lambda a: np.all(a == a.T),
    "skew": lambda a: np.all(a == -a.T),
    "diagonal": lambda a: all(a[r, s] == 0 for r, s in np.ndindex(a.shape) if r != s),
    "orthonormal": lambda a: np.all(a.T @ a == np.array([[int(r == s) for s in range(len(a))] for r in range(len(a))])),
    "psd": lambda a: definite(a, "⪰"),
    "pd": lambda a: definite(a, "≻"),
}


@pytest.mark.parametrize("traits", TRAITS, ids=lambda t: "+".join(sorted(t)))
def test_a_letter_has_all_of_its_traits(traits: frozenset[str]) -> None:
    for seed in range(6):
        rng = Context(seed=seed).rng()
        for n in (1, 2, 3):
            a = letter_value(Letter("A", k, k, traits), rng, {"k": n}, 3)
            assert all(HAS[t](a) for t in traits)


def test_an_identity_of_small_matrices_alone_is_refuted() -> None:
    """The standard polynomial of four matrices vanishes at size 2; a scope of sizes up to the degree tells."""
    from itertools import permutations

    letters = [Letter(name, k, k) for name in "ABCD"]
    terms = []
    for order in permutations(range(4)):
        sign = (-1) ** sum(order[a] > order[b] for a, b in combinations(range(4), 2))
        a, b, c, d = (letters[place] for place in order)
        terms.append(sign * (a @ b @ c @ d))
    plan_free = eq(E.add(*terms), E.Zero(k, k))
    assert sampled(plan_free).outcome == Outcome.FAILS


def test_instances_are_larger_than_the_degree_where_that_is_cheap() -> None:
    a = Letter("A", k, k)
    scope = sampled(eq(E.Tr(a @ a @ a @ a @ a @ a), E.Tr((a @ a @ a) @ (a @ a @ a)))).scope
    assert "(7, 8, 9)" in scope


def test_it_is_said_where_no_instance_is_large_in_every_respect() -> None:
    square = Hypothesis("k = m", "k = m", (Rel(k, "=", m),))
    a = Letter("A", k, m)
    assert "m > k" in sampled(eq(E.SqNorm(a), E.Tr(a.T @ a)), [square]).detail
    assert not sampled(eq(E.SqNorm(a), E.Tr(a.T @ a))).detail


def test_what_stands_under_an_exponential_alone_is_a_real() -> None:
    assert free_names([E.exp(Sym("t"))]).angles == frozenset()
    assert free_names([E.cos(Sym("t")) * E.exp(Sym("u"))]).angles == {"t"}


@pytest.mark.parametrize(("least", "greatest"), [(1, 3), (5, 9)])
def test_an_integer_is_drawn_from_the_range_that_this_claim_declares(least: int, greatest: int) -> None:
    """Another claim may have declared the name otherwise, and is remembered."""
    a = integer("a", "", least, greatest)
    drawn = [at["a"] for at in instances((a + 0,), Context(drawn={}))]
    assert drawn
    assert all(least <= value <= greatest for value in drawn)
    rising = Hypothesis(
        "rising", "", (Every(a, lift(1), k, Rel(f[a], ">", lift(0))),), lambda rng, at: {"f": [1] * at["k"]}
    )
    bound = [at["a"] for at in instances((f[1] + 0,), Context((rising,), drawn={}))]
    assert bound
    assert all(least <= value <= greatest for value in bound)


def test_a_member_beyond_those_that_a_hypothesis_draws_is_any_number_and_is_shown() -> None:
    few = Hypothesis("few", "", (Rel(f[1], "=", lift(1)),), lambda rng, at: {"f": [fmpq(1)] * at["k"]})
    for wrong in (eq(f[k + 1], 1), chain(f[k + 1], ">", 0), chain(f[k + 1], "<", 0)):
        found = sampled(wrong, (few,))
        assert found.outcome == Outcome.FAILS
        assert found.counterexample is not None
        assert any(name.startswith("f_") for name in found.counterexample.instance)
