"""A proof for some sizes says which; what else it supposes beyond what is given makes it an argument."""

from __future__ import annotations

from types import SimpleNamespace

from proofs.claim import Context, Evidence, Outcome, checked
from proofs.kernel.expressions import Expr, Sym, lift, size
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, by_theorems, chain
from proofs.methods.conjunction import both
from proofs.tactics.relations import Within

a, k = Sym("a"), size("k")
GIVEN = (Rel(a, ">", lift(0)), Rel(lift(1), "≤", k))


def decided(statement: Chain, given: tuple[Expr, ...] = GIVEN) -> Evidence:
    return checked(by_theorems(statement, Context(supposed=given, drawn={})), statement, given)


def limited(limit: Rel) -> Chain:
    return chain(3 * a, "≥", (k * a, Within(limit, "")))


def test_the_scope_names_the_limit() -> None:
    found = decided(limited(Rel(k, "≤", lift(3))))
    assert (found.outcome, found.scope) == (Outcome.PROVED, "all sizes with k ≤ 3")


def test_a_limit_that_is_given_is_none() -> None:
    found = decided(limited(Rel(k, "≤", lift(3))), (*GIVEN, Rel(k, "≤", lift(3))))
    assert (found.outcome, found.scope) == (Outcome.PROVED, "all sizes")


def test_nothing_but_a_size_is_limited() -> None:
    for limit in (Rel(a, "≤", lift(0)), Rel(k, "≤", a), Rel(3 * a, "≥", k * a), Rel(k, "=", lift(2))):
        assert decided(limited(limit)).outcome != Outcome.PROVED


def test_a_limit_is_the_statements_own() -> None:
    supposing, other = limited(Rel(k, "≤", lift(3))), chain(3 * a, "≥", k * a)
    found = by_theorems(supposing, Context(supposed=GIVEN, drawn={}))
    assert checked(found, other, GIVEN).outcome == Outcome.ARGUED
    assert both(supposing, other).limits == (Rel(k, "≤", lift(3)),)


def test_what_looks_like_a_theorem_is_none() -> None:
    false = chain(a, "<", 0 * a)
    alike = SimpleNamespace(says=false.proposition, rule="with_values", given=frozenset(), rests_on=frozenset())
    found = Evidence("kernel", Outcome.PROVED, "all sizes", theorem=alike)  # type: ignore[arg-type]
    assert checked(found, false, GIVEN, told=False).outcome == Outcome.ARGUED
