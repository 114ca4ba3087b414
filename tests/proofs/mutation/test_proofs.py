"""Mutants of proofs: every part is reached, an idle one survives, what the proof needs is missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import pytest

from proofs.claim import HOW, Claim, registry
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr, Extremum, Family, Letter, Sym, Tr, integer, lift, size
from proofs.kernel.propositions import Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.chain import chain, eq
from proofs.methods.implication import Implication, Step, fact
from proofs.mutation.examine import Finding
from proofs.mutation.proofs import Proof, at, examine_proof, held
from proofs.tactics.extrema import Member
from proofs.tactics.ground import Ground
from proofs.tactics.relations import Arithmetic, Lemma, Tight, via

a, b, c = (Sym(name) for name in "abc")
i, k, λ = integer("i"), size("k"), Family("λ")
A = Letter("A", k, size("m"))
POSITIVE = Hypothesis("a, b > 0", "", (Rel(a, ">", lift(0)), Rel(b, ">", lift(0))))
LARGE = Hypothesis("a > 1", "", (Rel(a, ">", lift(1)),))


def findings(statement: Any, *given: Hypothesis) -> list[Finding]:
    return examine_proof(Claim("test/claim", "", "", lambda: statement, given))


def fates(statement: Any, *given: Hypothesis) -> dict[str, str]:
    return {f.mutation: f.fate for f in findings(statement, *given)}


def test_a_reason_that_the_proof_needs_is_missed() -> None:
    largest = Extremum("max", i, lift(1), k, λ[i])
    found = fates(chain(largest, "≥", (λ[1], Member(lift(1)))))
    assert found == {"no Member": "killed", "index of 1": "killed"}


def test_an_idle_reason_and_an_idle_fact_survive() -> None:
    found = fates(chain(a + b, ">", (a, Arithmetic(Lemma(b, ">", lift(0))))), POSITIVE)
    assert found["no Arithmetic"] == found["no Lemma 1"] == "survivor"


def test_an_idle_step_of_a_derivation_survives_and_a_needed_one_does_not() -> None:
    telescope = Proof(registry(("bao2020",))["bao2020/B/eq17"])
    needed = next(m for m in telescope.mutations if m.name.startswith("no step"))
    assert telescope.judge(needed).fate == "killed"
    idle = via("=", b + a**2, "≥", b)
    assert fates(chain(a**2 + b, "≥", (b, idle)))["no step b + a²"] == "survivor"


def test_where_an_inequality_is_tight_is_test_data() -> None:
    found = findings(chain(a + b, ">", (a, Tight((b, 0)))), POSITIVE)
    assert not [f for f in found if "proof: links" in f.statement]


@dataclass(frozen=True)
class Careless:
    """A reason with an expression and a function that it does not use, and a function that it does."""

    spare: Expr
    unused: Callable[[Expr], Expr]
    middle: Callable[[Expr], Expr]

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        return via("≥", (self.middle(goal.right), Member(lift(1)))).theorem(ground, goal)


def test_what_a_reason_does_not_use_survives_and_what_a_function_gives_is_changed() -> None:
    found = findings(chain(Extremum("max", i, lift(1), k, λ[i]), "≥", (λ[1], Careless(c, lambda x: x, lambda x: x))))
    by_place = {f.statement.split("why")[1]: f.fate for f in found if ".why." in f.statement}
    assert by_place == {".spare": "survivor", ".unused": "survivor", ".middle.()": "killed"}


def test_steps_are_owed_when_they_are_left_out() -> None:
    zero, double = fact(A, "=", 0), fact(2 * A, "=", 0)
    proof = (
        Step(lambda g: g / 2, zero),
        Step(lambda g, h: 3 * h, fact(3 * A, "=", 0)),
        Step(lambda *f: Tr(f[1] @ A.T)),
    )
    statement = Implication((double,), (fact(Tr(A @ A.T), "=", 0),), (A,), proof)
    left_out = [f.fate for f in findings(statement) if f.mutation == "no such step"]
    assert left_out == ["killed", "survivor", "killed"]


def test_a_hypothesis_that_the_proof_can_do_without_makes_the_claim_weaker() -> None:
    found = fates(chain(a, ">", 0), POSITIVE, LARGE)
    assert list(found.values()) == ["weaker"]
    assert fates(chain(a, ">", 0), LARGE) == {"without a > 1": "killed"}


def test_nothing_is_said_of_what_has_no_theorem() -> None:
    assert findings(chain(a, ">", 0)) == []
    assert examine_proof(Claim("test/ill", "", "", lambda: eq(a, A))) == []


def test_a_seeded_sample_is_the_same_again() -> None:
    claim = registry(("kunin2019",))["kunin2019/thm2.1/rearrange"]
    some = examine_proof(claim, 3, 1)
    assert some == examine_proof(claim, 3, 1) != examine_proof(claim, 3, 2)
    assert "survivor" not in {f.fate for f in some}


@pytest.mark.parametrize("id", ["kunin2019/thm2.1/rearrange", "bao2020/E.2/lemma4+", "kunin2019/thm2.1/C-psd"])
def test_no_part_of_these_proofs_is_idle(id: str) -> None:
    claim = registry((id.split("/")[0],))[id]
    found = examine_proof(claim)
    assert len(found) > 2
    assert "survivor" not in {f.fate for f in found}


@pytest.mark.slow
def test_no_part_of_a_share_of_all_proofs_is_idle(
    unknown_survivors: Callable[[Sequence[Finding]], list[Finding]],
) -> None:
    """``lae mutate`` examines all of them."""
    claims = [c for c in registry().values() if reasons_of(c)]
    found = [f for c in Random(11).sample(claims, 16) for f in examine_proof(c, 8, 11)]
    print(f"{len(found)} mutants of proofs")
    assert len(found) > 40
    assert not unknown_survivors(found)


def reasons_of(claim: Claim) -> list[Any]:
    """What the statement of a claim holds for its proof."""
    statement = Proof(claim).statement
    places = list(held(statement)) if statement is not None else []
    return [x for x in (at(statement, path) for path in places) if not isinstance(x, str) and x]


def test_every_reason_in_the_registry_is_where_proofs_are_held() -> None:
    """A kind of statement that keeps a reason elsewhere would have no mutants of it."""

    def outside(x: Any) -> bool:
        if isinstance(x, tuple):
            return any(map(outside, x))
        if hasattr(x, "theorem"):
            return True
        kept = getattr(type(x), "__dataclass_fields__", {}) if not isinstance(x, Expr) else {}
        return any(outside(getattr(x, f.name)) for f in kept.values() if f.metadata != HOW)

    for claim in registry().values():
        statement = Proof(claim).statement
        assert statement is None or not outside(statement), claim.id
        assert statement is None or all(fields(statement) for _ in held(statement))
