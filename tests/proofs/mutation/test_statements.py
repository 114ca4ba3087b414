"""Mutation: which mutants there are, what counts as the same statement, and that the witnesses notice the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from typer.testing import CliRunner

from proofs.cache import Cache
from proofs.claim import _REGISTRY, Claim, Context, registry
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Add,
    Basis,
    Diag,
    Extremum,
    Eye,
    Family,
    First,
    Grad,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    cos,
    exp,
    integer,
    lift,
    size,
    sqrt,
)
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.methods.chain import Chain, by_theorems, chain, eq
from proofs.methods.conjunction import both
from proofs.methods.implication import Implication, Step, fact
from proofs.mutation import examine
from proofs.mutation import statements as mutate
from proofs.mutation.score import score, tasks

k, m, i, j, b = size("k"), size("m"), integer("i"), integer("j"), integer("b")
a, α, θ = (Sym(name) for name in ("a", "α", "θ"))
σ, λ = Family("σ"), Family("λ")
A, B, C = Letter("A", k, m), Letter("B", m, k), Letter("C", k, m)
S = Diag(σ, k, "S")
TWO_PLACES = Hypothesis("i ≠ j", r"i \neq j", (Rel(i, "≠", j),))


def texts(statement: Any) -> set[str]:
    """The mutants as printed."""
    return {m.statement.text() for m in mutate.mutants(statement) if m.statement}


def made(statement: Chain, *given: Hypothesis) -> Claim:
    """A claim that is in no registry."""
    return Claim("test/claim", "", "", lambda: statement, given)


def fates(statement: Chain, *given: Hypothesis) -> dict[str, str]:
    return {f.statement: f.fate for f in examine.examine(made(statement, *given))}


@pytest.mark.parametrize(
    ("statement", "mutant"),
    [
        (eq(α - λ[1], λ[2]), "−α − λ_1 = λ_2"),
        (eq(α - λ[1], λ[2]), "α + λ_1 = λ_2"),
        (eq(α - λ[1], λ[2]), "α = λ_2"),
        (eq(α - λ[1], λ[2]), "α − λ_1 = 2λ_2"),
        (eq(α - λ[1], λ[2]), "α − λ_1 = 1/2 λ_2"),
        (eq(α * σ[1] ** 2, λ[1]), "α σ_1 = λ_1"),
        (eq(α * σ[1] ** 2, λ[1]), "α σ_1³ = λ_1"),
        (eq(α * σ[1] ** 2, λ[1]), "α σ_1² = √λ_1"),
        (eq(α * sqrt(λ[1]), λ[2]), "α λ_1 = λ_2"),
        (eq(λ[i] * σ[j], α), "λ_j σ_j = α"),
        (eq(λ[i] * σ[j], α), "λ_i σ_i = α"),
        (eq(λ[i] * σ[j], α), "σ_j = α"),
        (eq(λ[k], k), "λ_{k − 1} = k"),
        (eq(λ[k], k), "λ_k = k + 1"),
        (eq(Sum(b, a, k, λ[b]), α), "Σ_{b=a..k − 1} λ_b = α"),
        (eq(Sum(b, a, k, λ[b]), α), "Σ_{b=a..k} λ_a = α"),
        (eq(1 / (2 * k) * α, λ[1]), "1/(2·2 k)·α = λ_1"),
        (eq(3 * α, λ[1]), "4α = λ_1"),
        (eq(cos(θ), α), "cos(2θ) = α"),
        (eq(Tr(A @ C.T), α), "Tr(C Cᵀ) = α"),
        (eq(A.T @ S @ C, α * Eye(m)), "Aᵀ S A = α I"),
        (eq(A.T @ S @ C, α * Eye(m)), "Aᵀ C = α I"),
        (eq(S @ Proj(a, k), S), "Π_a S = S"),
        (chain(α, "≤", λ[1], "<", λ[2]), "α ≥ λ_1 < λ_2"),
        (chain(α, "≤", λ[1], "<", λ[2]), "α ≤ λ_1 > λ_2"),
    ],
)
def test_every_operator_reaches_its_place(statement: Chain, mutant: str) -> None:
    assert mutant in texts(statement)


def test_definitions_are_left_alone_and_nothing_is_listed_twice() -> None:
    named = Named("N", A @ B)
    statement = eq(Tr(named), Tr(B @ A))
    found = [m.statement.text() for m in mutate.mutants(statement) if m.statement]
    assert not any("A" in t.split("=")[0] for t in found)
    assert len(found) == len(set(found))


def test_the_terms_of_a_named_loss_are_changed_in_its_gradient() -> None:
    loss = Named("L", Tr(A.T @ A) + α * Tr(A.T @ C))
    found = [m for m in mutate.mutants(eq(Grad(loss, A), 2 * A + α * C)) if m.statement]
    changed = {m.statement.parts[0].body.body for m in found if m.mutation.startswith("sign of α Tr")}
    assert changed == {Tr(A.T @ A) - α * Tr(A.T @ C)}
    findings = examine.examine(made(eq(Grad(loss, A), 2 * A + α * C)))
    assert {f.fate for f in findings if " in ∇" in f.mutation} == {"killed"}


def test_the_index_set_of_a_maximum_is_changed() -> None:
    found = texts(chain(Extremum("max", i, j, k, λ[i]), "≥", λ[j]))
    assert {"max_{i=j + 1..k} λ_i ≥ λ_j", "max_{i=j..k − 1} λ_i ≥ λ_j"} <= found


def test_the_premises_of_an_implication_are_changed() -> None:
    statement = Implication((fact(A - C, "=", 0),), (fact(2 * A - 2 * C, "=", 0),), (A, C))
    assert {"A + C = 0 ⇒ 2A − 2C = 0", "2(A − C) = 0 ⇒ 2A − 2C = 0"} <= texts(statement)


def test_a_mutant_that_does_not_conform_counts_as_noticed_by_all() -> None:
    findings = examine.examine(made(eq(Tr(S @ A @ B), Tr(A @ B @ S))))
    ill = [f for f in findings if "does not conform" in f.statement]
    assert ill
    assert all(f.fate == "killed" and len(f.caught_by) == 2 for f in ill)


def test_equal_normal_forms_are_equivalent_and_others_are_killed() -> None:
    other = Diag(λ, k, "T")
    found = fates(eq(S @ other, other @ S))
    assert found["T S = T S"] == found["S T = S T"] == "equivalent"
    assert found["T = T S"] == found["−S T = T S"] == "killed"
    assert set(found.values()) <= {"killed", "equivalent"}


def test_a_hypothesis_that_fixes_a_size_does_not_end_the_examination() -> None:
    one = Hypothesis("k = 1", "k = 1", (Rel(k, "=", lift(1)),))
    assert fates(eq(Tr(A @ B), Tr(B @ A)), one)["−Tr(A B) = Tr(B A)"] == "killed"


def test_an_equation_times_a_number_is_the_same_equation() -> None:
    context = Context()
    plain, scaled = (("=", factor * (A - C), 0 * A) for factor in (1, -2))
    assert examine.same_relation(plain, scaled, context)
    assert not examine.same_relation(plain, ("=", A + C, 0 * A), context)
    assert not examine.same_relation(("≤", *plain[1:]), ("≤", *scaled[1:]), context)


def test_a_number_is_0_where_its_square_is() -> None:
    α_squared = [(op, α**2, ZERO) for op in "=≠≥"]
    said = [(op, α, ZERO) for op in "=≠≥"]
    assert [examine.same_relation(a, b, Context()) for a, b in zip(said, α_squared, strict=True)] == [True, True, False]
    assert not examine.same_relation(("=", S, 0 * S), ("=", S @ S, 0 * S), Context())


def test_what_is_given_of_every_member_is_known_in_sums_but_not_beyond_its_range() -> None:
    """λ_l is 0 or 1 for l ≤ k: then so is any power of it."""
    indicator = Hypothesis(
        "λ_l² = λ_l", "", (Every(j, lift(1), k, Rel(λ[j] ** 2, "=", λ[j])),), lambda rng, at: {"λ": [fmpq(1)] * at["k"]}
    )
    context = made(eq(α, α), indicator)
    context = Context((indicator,), drawn={}, supposed=context.supposed(context.statement))
    plain, *others = (Sum(i, lift(1), k, i * λ[i] ** p) for p in (1, 2, 3, Fraction(1, 2)))
    assert all(examine.same(plain, other, context) for other in others)
    assert not examine.same(Sum(i, lift(1), k + 1, λ[i]), Sum(i, lift(1), k + 1, λ[i] ** 2), context)


def test_irrational_mutants_are_refuted_in_balls() -> None:
    found = fates(eq(S @ S, S**2))
    assert found["S^½ S = S²"] == "killed"
    assert "survivor" not in found.values()


def test_a_looser_inequality_is_noticed_where_the_true_one_is_tight_and_a_false_one_is_killed() -> None:
    found = fates(chain(2 * λ[i] * λ[j], "≤", λ[i] ** 2 + λ[j] ** 2), TWO_PLACES)
    assert found["2λ_i λ_j ≥ λ_i² + λ_j²"] == "killed"
    assert found["3λ_i λ_j ≤ λ_i² + λ_j²"] == "killed"
    assert found["2λ_i λ_j ≤ 2(λ_i² + λ_j²)"] == "killed"  # the true one is tight where λ_i = λ_j


@cache
def examiner_of(id: str) -> examine.Examiner:
    """It asks once what the witnesses say of the true statement."""
    return examine.Examiner(registry((id.split("/")[0],))[id])


def judged(id: str, mutation: str) -> examine.Finding:
    """What becomes of one mutant of a claim."""
    examiner = examiner_of(id)
    return examiner.judge(next(m for m in examiner.mutants if m.mutation == mutation))


def test_a_neighbour_of_an_inequality_that_is_a_theorem_is_another_one() -> None:
    """exp(2x) ≥ 1 as exp(x) ≥ 1, for x ≥ 0, and no link says by how much."""
    upward = Hypothesis("α ≥ 0", "", (Rel(α, "≥", ZERO),), lambda rng, at: {"α": fmpq(rng.randrange(3))})
    found = fates(chain(exp(α), "≥", lift(1)), upward)
    assert found["exp(2α) ≥ 1"] == "weaker"
    assert "survivor" not in found.values()


def test_an_implication_whose_premise_yields_the_printed_one_follows_from_it() -> None:
    """2QD²Q = 2D²Q² is, with its transpose, 2QD²Q = Q²D² + D²Q²."""
    assert judged("bao2020/E.2/lemma4+", "swapped Q² and D², member 2").fate == "weaker"


def test_a_positive_multiple_of_a_condition_says_the_same_and_one_of_a_limit_does_not() -> None:
    assert judged("bah2019/conj32+", "factor 2 of Tr(u_iᵀ W u_i), member 1").fate == "equivalent"
    assert judged("bah2019/conj32+", "sign of Tr(u_iᵀ W u_i), member 1").fate == "killed"
    assert judged("bah2019/conj32+", "factor 2 of Σ_{i=1..r} u_i u_iᵀ, member 2").fate == "killed"


def test_a_premise_may_be_another_that_does_as_well_but_not_any() -> None:
    """A Cᵀ is symmetric for A = 2C as for A = C; what holds of every A needs no premise."""
    symmetric = fact(A @ C.T, "=", C @ A.T)
    needed = Implication((fact(A, "=", C),), (symmetric,), (A, C), (Step(lambda gap: gap @ C.T - C @ gap.T),))
    idle = replace(needed, conclusions=(fact(A @ A.T, "=", (A @ A.T).T),), proof=(Step(lambda gap: gap @ (0 * A).T),))
    assert fates(needed)["A = 2C ⇒ A Cᵀ = C Aᵀ"] in ("weaker", "equivalent")
    assert fates(needed)["° = C ⇒ A Cᵀ = C Aᵀ"] == "killed"
    assert {fate for shown, fate in fates(idle).items() if shown.startswith("° = C")} == {"survivor"}


def test_a_conclusion_that_needs_no_premise_follows() -> None:
    said = Implication((fact(A, "=", C),), (fact((α - λ[1]) * A, "=", (α - λ[1]) * C),), (A,))
    idle = replace(said, conclusions=(fact((α - α) * A, "=", 0),))
    assert examine.by_themselves(said, idle, Context())
    assert not examine.by_themselves(said, replace(said, conclusions=(fact(2 * A, "=", C),)), Context())
    assert not examine.by_themselves(said, replace(idle, premises=(fact(A, "=", 2 * C),)), Context())


def test_premises_of_a_member_are_premises_too() -> None:
    """A neighbour of an implication may be true, and so may one of a conjunction that holds it."""
    alone = Implication((fact(A, "=", C),), (fact(A @ A.T, "=", C @ A.T),), (A,), (Step(lambda gap: gap @ A.T),))
    plain = eq(A, A)
    assert examine.more_than_equalities(alone)
    assert examine.more_than_equalities(both(plain, alone))
    assert not examine.more_than_equalities(both(plain, plain))


def test_a_premise_that_says_nothing_is_met_by_what_stands_in_it() -> None:
    """A = C ⇒ A = C is false for ° = C; a ° that is drawn and not solved for would not be C."""
    said = Implication((fact(A, "=", C),), (fact(A, "=", C),), (A,), (Step(lambda gap: gap),))
    (found,) = [f for f in examine.examine(made(said)) if f.mutation == "anything for premise 1"]
    assert (found.statement, found.fate, found.caught_by) == ("° = C ⇒ A = C", "killed", ("by solutions",))


def test_a_multiple_of_what_vanishes_at_small_numbers_says_the_same() -> None:
    """α³ − α is 0 at −1, 0 and 1."""
    said, twice = (("=", c * (α**3 - α), ZERO) for c in (1, 2))
    assert examine.same_relation(said, twice, Context())


def test_what_is_said_of_every_matrix_is_said_of_one_of_them() -> None:
    """‖A − C‖² ≥ 0 with 2A for A says the same, with 0 or C for A less; of a matrix that is given neither is so."""
    said = chain(SqNorm(A - C), "≥", lift(0))
    given = Context((), supposed=(Rel(A, "=", C @ Letter("D", m, m)),))
    for other in (SqNorm(2 * A - C), SqNorm(-A - C)):
        assert examine.equivalent(said, chain(other, "≥", lift(0)), Context())
        assert not examine.equivalent(said, chain(other, "≥", lift(0)), given)
    for other in (SqNorm(0 * A - C), SqNorm(C - C)):
        assert examine.by_case(said, chain(other, "≥", lift(0)), Context())
        assert not examine.by_case(said, chain(other, "≥", lift(1)), Context())


def test_an_inverse_from_the_left_is_one_from_the_right_if_it_is_square() -> None:
    one, other = Letter("G", k, k), Letter("L", k, k)
    ground = Context((), supposed=(Rel(other @ one, "=", Eye(k)), Rel(A @ B, "=", Eye(k)))).ground()
    for before, after in ((C.T @ one @ other @ C, C.T @ C), (one @ other, Eye(k)), (A @ B, A @ B), (B @ A, B @ A)):
        assert examine.equal(examine.replaced(before, ground), after, ground)
        assert not examine.equal(before, 2 * after, ground)


def test_a_sum_of_one_term_is_not_left_without_any() -> None:
    assert "2α = λ_1" in texts(eq(Add((α,)), λ[1]))


def test_powers_of_one_matrix_have_no_other_order() -> None:
    assert not [m for m in mutate.mutants(eq(S @ S**2, S**3)) if m.mutation.startswith("swapped")]


def test_a_goal_that_would_rest_on_itself_is_not_proved() -> None:
    """√w > 0 was looked for by way of w > 0, and that by way of √w, until Python gave up."""
    root = "exponent 1 → 1/2 of w_1, member 1 of statement 2 and 3"
    assert judged("kunin2019/s2.1/min-Lpi", root).caught_by == ("by solutions", "by proof")


def test_an_inequality_that_statements_share_is_examined() -> None:
    """The number 1 stands in both: a mutant of it is one of two chains at once."""
    one = lift(1)
    statement = both(chain(a**2 + one, "≥", one), chain(a**4 + one, "≥", one))
    found = examine.examine(made(statement))
    fates_of_one = [f.fate for f in found if f.mutation.endswith("member 2 of statement 1 and 2")]
    assert fates_of_one == ["weaker", "killed", "weaker", "weaker"]  # −1, 2, 1/2, 0


def test_what_is_false_is_put_to_the_prover_in_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover that proves everything is found out."""
    statement = eq(S @ S**2, S**3)
    examiner = examine.Examiner(made(statement))
    false = next(m for m in examiner.mutants if m.statement.text() == "S² = S³")
    asked = examine.observe
    monkeypatch.setattr(examine, "PUT_TO_PROVER", 1)
    assert examiner.judge(false).fate == "killed"

    def credulous(witness: Any, *told: Any) -> tuple[str, str]:
        return ("proved", "all sizes") if witness is by_theorems else asked(witness, *told)

    monkeypatch.setattr(examine, "observe", credulous)
    assert examiner.judge(false).fate == "survivor"


@pytest.mark.parametrize(
    ("x", "y", "alike"),
    [(2, 6, True), (2, 0, False), (0, 0, True), (0, 1, False), ([[1, 2]], [[2, 4]], True), ([[1, 2]], [[2, 3]], False)],
)
def test_multiples_are_told_from_their_values(x: Any, y: Any, alike: bool) -> None:
    assert examine.proportional(x, y) == alike


def test_links_that_were_decided_before_change_no_outcome() -> None:
    claim = registry(("bao2020",))["bao2020/B/c2-chain"]
    examiner = examine.Examiner(claim)
    for mutant in examiner.mutants[::23]:
        if mutant.statement is not None:
            apart = Context(claim.given, shrink=False, supposed=examiner.context.supposed)
            assert by_theorems(mutant.statement, examiner.context) == by_theorems(mutant.statement, apart)


def test_a_formula_that_statements_share_is_changed_in_all_of_them() -> None:
    shared = Tr(A @ B)
    statement = both(eq(shared, Tr(B @ A)), eq(shared, Tr(A.T @ B.T)))
    first = next(mutate.mutants(statement))
    assert first.statement.text() == "−Tr(A B) = Tr(B A); −Tr(A B) = Tr(Aᵀ Bᵀ)"


def test_a_witness_that_gives_up_or_breaks_down_has_not_noticed() -> None:
    def slow(statement: object, context: Context) -> None:
        raise RuntimeError("nonsense")

    assert examine.observe(slow, eq(α, α), Context(), 1)[0] == examine.UNKNOWN  # type: ignore[arg-type]
    assert not examine.notices("certified", examine.UNKNOWN)
    assert not examine.notices("undecided", "undecided")
    assert examine.notices("supported", "fails")


def test_a_statement_that_does_not_hold_has_no_mutants_to_notice() -> None:
    assert examine.examine(made(eq(Tr(A @ B), 2 * Tr(B @ A)))) == []
    assert examine.examine(Claim("test/ill", "", "", lambda: eq(A @ Eye(k), A))) == []


def test_a_seeded_sample_is_the_same_again() -> None:
    claims = list(registry(("kunin2019",)).values())[::3]
    drawn = tasks(claims, 20, 1)
    assert drawn == tasks(claims, 20, 1) != tasks(claims, 20, 2)
    assert sum(len(task.numbers) for task in drawn) == 20
    assert [task.drawn for task in drawn if task.of_proof] == [2]


def raising() -> Chain:
    raise RuntimeError("cannot be built")


@pytest.fixture
def with_a_broken_claim(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of a claim that is sound and of one that raises."""
    sound = registry(("kunin2019",))["kunin2019/lemA.1"]
    broken = replace(sound, id="kunin2019/lemA.raises", build=raising)
    monkeypatch.setitem(_REGISTRY, broken.id, broken)
    return [sound.id, broken.id]


def test_a_claim_that_raises_is_a_row_and_the_others_are_examined(with_a_broken_claim: list[str]) -> None:
    from proofs.cli import app

    run = CliRunner().invoke(app, ["mutate", *with_a_broken_claim, "--jobs", "1", "--json"])
    record = json.loads(run.stdout)
    assert run.exit_code == 1
    assert record["claims"]["kunin2019/lemA.1"]["killed"] > 20
    assert [s["id"] for s in record["survivors"]] == ["kunin2019/lemA.raises"] * 2
    assert {s["statement"] for s in record["survivors"]} == {"RuntimeError: cannot be built"}


def test_a_claim_whose_process_is_killed_is_a_row_and_the_others_are_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    from numerics.processes import ProcessDied

    def dies(jobs: int) -> object:
        def run(work: Iterable[object]) -> Iterator[object]:
            for task, arguments, _ in work:  # type: ignore[misc]
                if arguments[0].id == "kunin2019/lemA.2":
                    raise ProcessDied
                yield task(*arguments)

        return run

    monkeypatch.setattr("numerics.processes.pool", dies)
    claims = [registry(("kunin2019",))[f"kunin2019/lemA.{n}"] for n in (2, 1)]
    found = score(claims, jobs=2)
    assert {f.fate for f in found.findings if f.id == "kunin2019/lemA.1"} <= {"killed", "equivalent"}
    assert {f.statement for f in found.of("survivor")} == {"its process was killed, perhaps for memory"}


def test_findings_are_kept_until_the_claim_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, claims = Cache(tmp_path), [registry(("kunin2019",))["kunin2019/lemA.1"]]
    first = score(claims, cache, jobs=1)
    monkeypatch.setattr("proofs.mutation.score.examine_some", None)
    assert score(claims, cache, jobs=1).findings == first.findings != ()
    monkeypatch.setattr("proofs.mutation.score.key_of", lambda claim: "changed")
    with pytest.raises(TypeError):
        score(claims, cache, jobs=1)


def test_the_command_prints_json_and_refuses_an_unknown_id() -> None:
    from proofs.cli import app

    run = CliRunner().invoke(app, ["mutate", "kunin2019/lemA.1", "--jobs", "1", "--json"])
    record = json.loads(run.stdout)
    assert run.exit_code == 0
    assert record["mutants"] == record["killed"] + record["equivalent"] > 20
    assert record["statements"]["mutants"] > 20
    assert record["proofs"] == {"mutants": 0, "killed": 0, "weaker": 0, "equivalent": 0, "survivor": 0}
    assert record["survivors"] == []
    assert CliRunner().invoke(app, ["mutate", "kunin2019/lemA.9"]).exit_code == 2


Unknown = Callable[[Sequence[examine.Finding]], list[examine.Finding]]


def told(found: Sequence[examine.Finding]) -> list[str]:
    """Survivors, for a reader."""
    return [f"{f.id}: {f.mutation} (caught by {f.caught_by}, missed: {f.missed})" for f in found]


@pytest.mark.parametrize(("every", "sample"), [(9, 10), pytest.param(1, 60, marks=pytest.mark.slow)])
def test_a_sample_of_mutants_is_noticed_by_every_witness(every: int, sample: int, unknown_survivors: Unknown) -> None:
    found = score(list(registry().values())[::every], jobs=1 if every > 1 else 2, sample=sample, seed=7)
    assert not unknown_survivors(found.findings), told(unknown_survivors(found.findings))


@pytest.mark.slow
@pytest.mark.parametrize("ours", [False, True], ids=["papers", "lae"])
def test_a_share_of_all_mutants_is_noticed_by_every_witness(ours: bool, unknown_survivors: Unknown) -> None:
    """``lae mutate`` examines all of them."""
    claims = [c for c in registry().values() if c.id.startswith("lae/") == ours]
    found = score(claims, jobs=2, sample=200, seed=3)
    new = unknown_survivors(found.findings)
    print(f"{len(found.findings)} mutants, {found.seconds:.0f} s", *told(new), sep="\n")
    assert not new, told(new)


ABOVE = Context((), supposed=(Rel(α, ">", lift(0)),))


@pytest.mark.parametrize(
    ("mutant", "follows"),
    [
        ((a, ">", -1), True),
        ((a, ">", 1), False),
        ((a, "<", -1), False),
        ((2 * a, ">", 0), True),  # it says the same
        ((a + 1, ">", 0), True),
        ((a + α, ">", 0), True),
        ((a, ">", α), False),
        ((a + θ, ">", 0), False),
    ],
)
def test_an_inequality_that_says_the_same_or_has_a_larger_gap_by_a_theorem_is_no_stronger(
    mutant: tuple[Any, str, Any], follows: bool
) -> None:
    assert examine.by_gaps(chain(a, ">", 0), chain(*mutant), ABOVE) == follows


def test_a_chain_is_weaker_where_one_link_is_and_the_other_says_the_same() -> None:
    half, twice = chain(a, ">", α / 2, ">", 0), chain(a, ">", 2 * α, ">", 0)
    assert examine.by_gaps(chain(a, ">", α, ">", 0), half, ABOVE)
    assert not examine.by_gaps(chain(a, ">", α, ">", 0), twice, ABOVE)


@pytest.mark.parametrize(("norm", "equals"), [(1, True), (2, False)])
def test_greatest_terms_are_the_same_where_the_terms_are(norm: int, equals: bool) -> None:
    """The range of an index tells that U has a column of its number, which has norm 1: not seen under a maximum."""
    square = Letter("Ū", m, m, frozenset({"orthonormal"}))
    length = SqNorm(square @ First(m, k) @ Basis(j, k))
    before, after = (Extremum("max", j, lift(1), k, σ[j] / x) for x in (length, lift(norm)))
    assert examine.equal(before, after, Context((), supposed=(Rel(k, "≤", m),)).ground()) == equals


def test_a_premise_that_says_less_makes_no_weaker_statement() -> None:
    def implied(least: int) -> Implication:
        return Implication((Rel(a, ">", lift(least)),), (Rel(a**3, ">", lift(0)),), ())

    assert not examine.by_gaps(implied(0), implied(-1), ABOVE)
